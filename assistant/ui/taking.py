"""Routes by which an answer that stands on a screen is taken along, or judged: /answers/<key>.md, .pdf, /feedback."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from assistant.ui.feedback import feedback_case, read_feedback
from assistant.ui.kept import KeptAnswers
from assistant.ui.limits import Gate
from assistant.ui.plain import answer_markdown
from assistant.ui.replies import json_body, refused, told
from assistant.ui.security import Refusal

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.requests import Request
    from starlette.responses import Response

log = logging.getLogger(__name__)

KeepCase = Callable[[Mapping[str, Any]], bool]  # writes one case; False when there is no room for it
FORGOTTEN = Refusal(404, "forgotten", "this answer is no longer held; ask again to take it along")


def add_taking(app: FastAPI, kept: KeptAnswers, gate: Gate, base_path: str, keep_case: KeepCase | None) -> None:
    """``keep_case``: None on a site that keeps no notes; the reader is then told so, and may take the case along."""
    from starlette.responses import JSONResponse, Response

    async def get_markdown(request: Request) -> Response:
        answer = kept.find(request.path_params["key"])
        if answer is None:
            return refused(FORGOTTEN)
        return _file(Response, answer_markdown(answer).encode(), "text/markdown; charset=utf-8", "md")

    async def get_pdf(request: Request) -> Response:
        from assistant.ui.pdf import answer_pdf

        answer = kept.find(request.path_params["key"])
        if answer is None:
            return refused(FORGOTTEN)
        body = await gate.run(lambda: answer_pdf(answer, today=date.today()))
        return _file(Response, body, "application/pdf", "pdf")

    async def post_feedback(request: Request) -> Response:
        feedback = read_feedback(json_body(request, await request.body()))
        answer = kept.find(request.path_params["key"])
        if answer is None:
            return refused(FORGOTTEN)
        case = feedback_case(feedback, answer, today=date.today())
        written = False
        if keep_case is not None:
            try:
                written = await asyncio.to_thread(keep_case, case)
            except OSError as error:
                log.error("%s while a note on an answer was written", type(error).__name__)
        # The judgement and what was used, never a word of the question or of the reason.
        log.info(
            "feedback %s, state %s, guidance %s, kept %s",
            feedback.judgement, answer.state.value, ",".join(used.id for used in answer.guidance), written,
        )  # fmt: skip
        return JSONResponse({"kept": written, "case": case})

    at = f"{base_path}/answers/{{key}}"
    app.add_route(f"{at}.md", told(get_markdown), methods=["GET"])
    app.add_route(f"{at}.pdf", told(get_pdf), methods=["GET"])
    app.add_route(f"{at}/feedback", told(post_feedback), methods=["POST"])


def _file(response: type[Response], body: bytes, kind: str, ending: str) -> Response:
    name = f"answer-{date.today():%Y-%m-%d}.{ending}"
    headers = {"content-type": kind, "content-disposition": f'attachment; filename="{name}"'}
    return response(body, headers=headers)
