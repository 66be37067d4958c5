"""The web application: the versioned API, our own pages and files, the chat page behind them, and the guard in front.

build_app(assistant) -> FastAPI          serve it with uvicorn (see commands/serve.py)
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any

from assistant.ui.asking import AssistantFace, ask, refusal_for
from assistant.ui.embed import embed_page, turn_fragment
from assistant.ui.guard import Guard
from assistant.ui.limits import Gate, TokenBuckets
from assistant.ui.pages import policy_page
from assistant.ui.requests import read_ask, read_check, read_json
from assistant.ui.security import Policy, Refusal, checked_base_path, checked_origins
from assistant.ui.shell import FILES, dress, static_file

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.requests import Request
    from starlette.responses import Response

log = logging.getLogger(__name__)


def build_app(
    assistant: AssistantFace,
    *,
    origins: Sequence[str] = (),
    hosts: Sequence[str] = (),
    base_path: str = "",
    behind_proxy: bool = False,
    rate_per_minute: int = 60,
    gate: Gate | None = None,
    ready: threading.Event | None = None,
) -> FastAPI:
    """The application around an assistant.

    ``origins``: sites that may frame /embed and call the API. ``hosts``: names answered to beside loopback.
    ``base_path``: the public path, which a proxy must not strip. ``behind_proxy``: TLS ends before us and X-Forwarded-For can be
    believed. ``ready``: set once the index is open; health says "starting" until then.
    Raises SettingsError for an origin or path that is none.
    """
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")  # read when gradio is imported; else it calls out
    from fastapi import FastAPI
    from fastapi.middleware.cors import CORSMiddleware

    from assistant.ui.chat import mount_page

    base_path = checked_base_path(base_path)
    policy = Policy(
        checked_origins(origins), tuple(hosts), base_path, behind_proxy, TokenBuckets(per_minute=rate_per_minute)
    )
    gate = gate or Gate()
    app = FastAPI(title="Guideline assistant", docs_url=None, redoc_url=None, openapi_url=None)
    _add_api(app, assistant, gate, base_path, ready)
    _add_pages(app, assistant, gate, policy)
    mount_page(app, assistant, gate=gate, base_path=base_path)
    # Always there, even without an origin: without it Gradio answers every foreign origin with credentials allowed.
    app.add_middleware(
        CORSMiddleware,
        allow_origins=list(policy.origins),
        allow_methods=["GET", "POST"],
        allow_headers=["content-type"],
    )
    app.add_middleware(Guard, policy=policy, dress=lambda page, nonce: dress(page, nonce, base_path=base_path))
    return app


def _add_api(app: FastAPI, assistant: AssistantFace, gate: Gate, base_path: str, ready: threading.Event | None) -> None:
    """``/api/v1``: ask, check, health. Bodies are read by ``requests``; failures become {"error": {code, message}}."""
    from starlette.responses import JSONResponse

    from assistant.answers import answer_to_json, claim_to_json
    from assistant.records import Verdict
    from assistant.verdicts import worst

    started = time.time()

    async def post_ask(request: Request) -> Response:
        answer = await ask(assistant, gate, read_ask(_json_body(request, await request.body())))
        return JSONResponse(answer_to_json(answer))

    async def post_check(request: Request) -> Response:
        wanted = read_check(_json_body(request, await request.body()))
        statements = await gate.run(lambda: assistant.check(wanted.text, wanted.source))
        claims = [claim_to_json(claim) for statement in statements for claim in statement.claims]
        verdict = worst(statement.verdict for statement in statements) if statements else Verdict.NOT_CHECKABLE
        log.info("check, %d statements, %d claims", len(statements), len(claims))
        return JSONResponse({"claims": claims, "verdict": verdict.value})

    async def get_health(request: Request) -> Response:
        return JSONResponse(
            {
                "status": "ok" if ready is None or ready.is_set() else "starting",
                "corpus": assistant.corpus.digest,
                "guidelines": len(assistant.corpus.guidelines),
                "busy": gate.inside,
                "up_s": round(time.time() - started),
            }
        )

    app.add_route(f"{base_path}/api/v1/ask", _told(post_ask), methods=["POST"])
    app.add_route(f"{base_path}/api/v1/check", _told(post_check), methods=["POST"])
    app.add_route(f"{base_path}/api/v1/health", _told(get_health), methods=["GET"])


def _add_pages(app: FastAPI, assistant: AssistantFace, gate: Gate, policy: Policy) -> None:
    """The embedded chat, the editorial policy, the widget and our files."""
    from starlette.responses import HTMLResponse, JSONResponse, Response

    base_path = policy.base_path

    async def get_policy(request: Request) -> Response:
        return HTMLResponse(policy_page(assistant.corpus, base_path=base_path))

    async def get_embed(request: Request) -> Response:
        return HTMLResponse(embed_page(dict(request.query_params), origins=policy.origins, base_path=base_path))

    async def post_turn(request: Request) -> Response:
        data = _json_body(request, await request.body())
        turn = str(data.pop("turn", "1"))
        answer = await ask(assistant, gate, read_ask(data))
        return JSONResponse(turn_fragment(answer, assistant.corpus, turn=int(turn) if turn.isdigit() else 1))

    async def get_widget(request: Request) -> Response:
        kept = {"cache-control": "public, max-age=3600"}
        return Response(static_file("widget.js"), media_type="text/javascript; charset=utf-8", headers=kept)

    async def get_file(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in FILES:
            return refused(Refusal(404, "not_found", "there is nothing here"))
        versioned = "v" in request.query_params
        kept = {"cache-control": "public, max-age=31536000, immutable" if versioned else "no-cache"}
        # by bytes, so that the charset is ours alone to name
        return Response(static_file(name), headers={"content-type": FILES[name], **kept})

    async def get_icon(request: Request) -> Response:
        return Response(
            static_file("mark.svg"), headers={"content-type": FILES["mark.svg"], "cache-control": "max-age=86400"}
        )

    app.add_route(f"{base_path}/policy", _told(get_policy), methods=["GET"])
    app.add_route(f"{base_path}/embed", _told(get_embed), methods=["GET"])
    app.add_route(f"{base_path}/embed/ask", _told(post_turn), methods=["POST"])
    app.add_route(f"{base_path}/widget.js", _told(get_widget), methods=["GET"])
    app.add_route(f"{base_path}/site/{{name:path}}", _told(get_file), methods=["GET"])
    app.add_route(f"{base_path}/favicon.ico", _told(get_icon), methods=["GET"])


def _told(handler: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    """The handler with every expected failure told in words; anything else goes up to the guard, which says 500."""

    async def handle(request: Request) -> Response:
        try:
            return await handler(request)
        except Exception as error:
            refusal = refusal_for(error)
            if refusal is None:
                raise
            return refused(refusal)

    return handle


def refused(refusal: Refusal) -> Response:
    from starlette.responses import JSONResponse

    headers = {"retry-after": str(refusal.retry_after_s)} if refusal.retry_after_s is not None else None
    error = {"error": {"code": refusal.code, "message": refusal.message}}
    return JSONResponse(error, status_code=refusal.status, headers=headers)


def _json_body(request: Request, body: bytes) -> dict[str, Any]:
    """The body's object. Another content type is refused: forms of other sites can send those without asking first."""
    from assistant.errors import InputError

    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise InputError("bad_json", "send JSON with Content-Type: application/json")
    return read_json(body)
