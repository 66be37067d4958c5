"""The one door of the server, as ASGI middleware: the rules of ``security``, body limits, headers."""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from assistant.ui.security import LIMITED, Policy, Refusal, Scope, below, headers_for, refuse

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGI = Callable[[Scope, Receive, Send], Awaitable[None]]

log = logging.getLogger(__name__)

BODY_BYTES = 64 * 1024
BODY_SECONDS = 10  # for a whole body to arrive: a client that drips bytes must not hold a place


class Guard:
    """ASGI middleware: refuses, or passes on with the whole body read, and adds the headers to whatever comes back.

    ``dress`` receives the chat page's HTML and the nonce, and returns what is sent instead.
    """

    def __init__(self, app: ASGI, *, policy: Policy, dress: Callable[[str, str], str]) -> None:
        self.app = app
        self.policy = policy
        self.dress = dress

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)
        else:  # no route of ours is a websocket
            await send({"type": "websocket.close", "code": 1008})

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        started, nonce = time.monotonic(), secrets.token_urlsafe(16)
        path = below(scope["path"], self.policy.base_path)
        answer = _Answer(send, headers_for(self.policy, path or "", nonce))
        refusal = refuse(scope, path, self.policy)
        body = b""
        if refusal is None and scope["method"] == "POST":
            body, refusal = await _whole_body(scope, receive)
        if refusal is not None:
            await answer.refuse(refusal)
        else:
            rewrite = (lambda page: self.dress(page, nonce)) if path == "/" and scope["method"] == "GET" else None
            try:
                await self.app(scope, _replay(body, receive), answer.rewriting(rewrite) if rewrite else answer.send)
            except Exception as error:
                # Only kind and place: the message of an error may repeat the question.
                log.error("%s at %s", type(error).__name__, _place(error))
                await answer.refuse(Refusal(500, "internal", "something went wrong here; it has been noted"))
        if path is not None and LIMITED.fullmatch(path):
            log.info("%s %s %d %.0f ms", scope["method"], path, answer.status, (time.monotonic() - started) * 1000)


class _Answer:
    """The way out: adds our headers to the response's start, and knows whether one has gone out."""

    def __init__(self, send: Send, headers: list[tuple[bytes, bytes]]) -> None:
        self._send = send
        self._headers = headers
        self.status = 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            ours = {name for name, _ in self._headers}
            kept = [(n, v) for n, v in message.get("headers", []) if n.lower() not in ours | {b"server"}]
            message = {**message, "headers": kept + self._headers}
        await self._send(message)

    async def refuse(self, refusal: Refusal) -> None:
        if self.status:
            return  # half a response is out: nothing can be added to it
        body = json.dumps({"error": {"code": refusal.code, "message": refusal.message}}).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        if refusal.retry_after_s is not None:
            headers.append((b"retry-after", str(refusal.retry_after_s).encode()))
        await self.send({"type": "http.response.start", "status": refusal.status, "headers": headers})
        await self.send({"type": "http.response.body", "body": body})

    def rewriting(self, rewrite: Callable[[str], str]) -> Send:
        """A ``send`` that holds an HTML response back until it is whole and sends ``rewrite`` of it."""
        start: Message = {}
        parts: list[bytes] = []

        async def send(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
                return
            if message["type"] != "http.response.body":  # extensions of the server: none of them carries the page
                await self._send(message)
                return
            parts.append(message.get("body", b""))
            if message.get("more_body"):
                return
            body, headers = b"".join(parts), list(start["headers"])
            kind = next((value for name, value in headers if name.lower() == b"content-type"), b"")
            if kind.startswith(b"text/html"):
                body = rewrite(body.decode("utf-8")).encode("utf-8")
            headers = [(n, v) for n, v in headers if n.lower() != b"content-length"]
            headers.append((b"content-length", str(len(body)).encode()))
            await self.send({**start, "headers": headers})
            await self.send({"type": "http.response.body", "body": body})

        return send


async def _whole_body(scope: Scope, receive: Receive) -> tuple[bytes, Refusal | None]:
    """The body, or a refusal once it is clear that it is too large (before it is read, when it says so) or too slow."""
    too_large = Refusal(413, "too_large", f"a request may have {BODY_BYTES // 1024} KiB; nothing was read")
    declared = next((value for name, value in scope["headers"] if name.lower() == b"content-length"), b"0")
    if not declared.isdigit():
        return b"", Refusal(400, "bad_length", "Content-Length is not a number")
    if int(declared) > BODY_BYTES:
        return b"", too_large
    parts, size = [], 0
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while True:
                message = await receive()
                if message["type"] != "http.request":
                    return b"", Refusal(400, "cut_off", "the request ended early")
                parts.append(message.get("body", b""))
                size += len(parts[-1])
                if size > BODY_BYTES:
                    return b"", too_large
                if not message.get("more_body"):
                    return b"".join(parts), None
    except TimeoutError:
        return b"", Refusal(408, "too_slow", f"the request did not arrive within {BODY_SECONDS} s")


def _replay(body: bytes, receive: Receive) -> Receive:
    """A ``receive`` that hands out the body already read, then whatever else the server has to say (disconnects)."""
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def replayed() -> Message:
        return waiting.pop() if waiting else await receive()

    return replayed


def _place(error: BaseException) -> str:
    """``file:line`` where the error was raised."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}" if trace else "unknown"
