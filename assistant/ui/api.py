"""The web application: the versioned API, our own pages and files, the chat page behind them, and the guard in front.

build_app(assistant) -> FastAPI          serve it with uvicorn (see commands/serve.py)
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.ui.afterword import Place
from assistant.ui.asking import AssistantFace, ask
from assistant.ui.embed import embed_page, turn_fragment
from assistant.ui.guard import Guard
from assistant.ui.kept import KeptAnswers
from assistant.ui.limits import Gate, TokenBuckets
from assistant.ui.pages import policy_page
from assistant.ui.replies import json_body, refused, told
from assistant.ui.requests import read_ask, read_check
from assistant.ui.reviewing import Desk, add_review
from assistant.ui.security import Policy, Refusal, checked_base_path, checked_origins
from assistant.ui.shell import FILES, dress, static_file
from assistant.ui.site import History, add_audit, add_calculators, add_guidance
from assistant.ui.taking import KeepCase, add_taking

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
    keep_case: KeepCase | None = None,
    history: History | None = None,
    review: Desk | None = None,
) -> FastAPI:
    """The application around an assistant.

    ``origins``: sites that may frame /embed and call the API. ``hosts``: names answered to beside loopback.
    ``base_path``: the public path, which a proxy must not strip. ``behind_proxy``: TLS ends before us and X-Forwarded-For can be
    believed. ``ready``: set once the index is open; health says "starting" until then.
    ``keep_case`` writes a reader's note on an answer; None: nothing that a reader writes is kept.
    ``history`` gives the versions of a guideline, newest first.
    ``review``: the review board; None: there are no pages of it.
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
    gate, kept = gate or Gate(), KeptAnswers()
    app = FastAPI(title="Guideline assistant", docs_url=None, redoc_url=None, openapi_url=None)
    _add_api(app, assistant, gate, base_path, ready)
    _add_pages(app, assistant, gate, policy, kept)
    add_guidance(app, assistant, base_path, history)
    add_audit(app, assistant, gate, base_path)
    add_calculators(app, base_path)
    if review is not None:
        add_review(app, review, policy)
    add_taking(app, kept, gate, base_path, keep_case)
    mount_page(app, assistant, gate=gate, base_path=base_path, keep=kept.keep)
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
        answer = await ask(assistant, gate, read_ask(json_body(request, await request.body())))
        return JSONResponse(answer_to_json(answer))

    async def post_check(request: Request) -> Response:
        wanted = read_check(json_body(request, await request.body()))
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

    app.add_route(f"{base_path}/api/v1/ask", told(post_ask), methods=["POST"])
    app.add_route(f"{base_path}/api/v1/check", told(post_check), methods=["POST"])
    app.add_route(f"{base_path}/api/v1/health", told(get_health), methods=["GET"])


def _add_pages(app: FastAPI, assistant: AssistantFace, gate: Gate, policy: Policy, kept: KeptAnswers) -> None:
    """The embedded chat, the editorial policy, the widget and our files."""
    from starlette.responses import HTMLResponse, JSONResponse, Response

    base_path = policy.base_path

    async def get_policy(request: Request) -> Response:
        return HTMLResponse(policy_page(assistant.corpus, base_path=base_path))

    async def get_embed(request: Request) -> Response:
        return HTMLResponse(
            embed_page(dict(request.query_params), assistant.corpus, origins=policy.origins, base_path=base_path)
        )

    async def post_turn(request: Request) -> Response:
        data = json_body(request, await request.body())
        turn = str(data.pop("turn", "1"))
        answer = await ask(assistant, gate, read_ask(data))
        place = Place(base_path, kept.keep(answer))
        number = int(turn) if turn.isdigit() and len(turn) < 5 else 1
        return JSONResponse(turn_fragment(answer, assistant.corpus, turn=number, place=place))

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

    app.add_route(f"{base_path}/policy", told(get_policy), methods=["GET"])
    app.add_route(f"{base_path}/embed", told(get_embed), methods=["GET"])
    app.add_route(f"{base_path}/embed/ask", told(post_turn), methods=["POST"])
    app.add_route(f"{base_path}/widget.js", told(get_widget), methods=["GET"])
    app.add_route(f"{base_path}/site/{{name:path}}", told(get_file), methods=["GET"])
    app.add_route(f"{base_path}/favicon.ico", told(get_icon), methods=["GET"])
