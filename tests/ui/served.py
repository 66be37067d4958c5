"""A real server on loopback for the browser tests, and pages of other sites that embed it."""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from typing import Any

CHROMIUM = os.environ.get("ASSISTANT_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class Served:
    """A server on a free port of loopback, stopped at the end; ``url`` has no slash at its end."""

    def __init__(self, app: Any) -> None:
        import uvicorn

        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=self.port, log_level="error"))
        self.thread = threading.Thread(target=self.server.run, daemon=True)

    def __enter__(self) -> Served:
        self.thread.start()
        started = time.monotonic()
        while not self.server.started:
            assert time.monotonic() - started < 20, "the server did not start within 20 s"
            time.sleep(0.02)
        return self

    def __exit__(self, *error: object) -> None:
        self.server.should_exit = True
        self.server.force_exit = True
        self.thread.join(10)


async def intranet(scope: Any, receive: Any, send: Any) -> None:
    """Another site: a page that frames ours (``/frame?<address>``) or carries the widget (``/widget?<address>``).

    ``/strict?<address>`` carries it twice, with a topic on the first, under a policy that allows nothing but the assistant.
    """
    address = scope["query_string"].decode()
    script = f'<script src="{address}" defer></script>'
    inner = {
        "/frame": f'<iframe id="f" src="{address}"></iframe>',
        "/widget": script,
        "/strict": f'<script src="{address}" defer data-topic="examplosis" data-label="Ask about examplin"></script>{script}',
    }.get(scope["path"], "")
    headers = [(b"content-type", b"text/html")]
    if scope["path"] == "/strict":
        site = "/".join(address.split("/")[:3])
        policy = f"default-src 'none'; script-src {site}; frame-src {site}; require-trusted-types-for 'script'"
        headers.append((b"content-security-policy", policy.encode()))
    body = f"<!doctype html><html lang=en><title>Intranet</title><p>Ward page</p>{inner}".encode()
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
