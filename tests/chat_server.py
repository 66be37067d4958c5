"""A small OpenAI-compatible server of the tests' own, over real HTTP: replies that stream, stall, break off or fail."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Server:
    """Answers each request with the next of ``script`` (the last for ever); ``bodies`` holds what was sent."""

    def __init__(self) -> None:
        self.script: list[Callable[[BaseHTTPRequestHandler], None]] = []
        self.bodies: list[dict[str, Any]] = []
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                owner.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                turn = min(len(owner.bodies), len(owner.script)) - 1
                with contextlib.suppress(OSError):  # the client may leave: some tests want it
                    owner.script[turn](self)
                self.close_connection = True

            def log_message(self, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/v1"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def start(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/event-stream")
    handler.send_header("Connection", "close")
    handler.end_headers()


def event(handler: BaseHTTPRequestHandler, text: str | None, finish: str | None = None) -> None:
    delta = {} if text is None else {"role": "assistant", "content": text}
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    data = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
    handler.wfile.write(f"data: {json.dumps(data)}\n\n".encode())
    handler.wfile.flush()


def says(text: str, *, finish: str | None = "stop", pause_s: float = 0.0, done: bool = True) -> Callable[..., None]:
    """A streamed reply in pieces of twenty characters; without ``finish`` and ``done`` the stream is cut."""

    def reply(handler: BaseHTTPRequestHandler) -> None:
        start(handler)
        for at in range(0, len(text), 20):
            event(handler, text[at : at + 20])
            time.sleep(pause_s)
        if finish:
            event(handler, None, finish)
        if done:
            handler.wfile.write(b"data: [DONE]\n\n")

    return reply


def fails(status: int, **headers: str) -> Callable[..., None]:
    def reply(handler: BaseHTTPRequestHandler) -> None:
        body = b'{"error": {"message": "key sk-secret is over quota"}}'
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return reply


def raw(data: bytes) -> Callable[..., None]:
    def reply(handler: BaseHTTPRequestHandler) -> None:
        start(handler)
        handler.wfile.write(data)

    return reply


def silent(handler: BaseHTTPRequestHandler) -> None:
    start(handler)
    time.sleep(1.5)


def endless(handler: BaseHTTPRequestHandler) -> None:
    start(handler)
    for _ in range(10_000):
        event(handler, "Give examplamol 1 g [1]. " * 40)
