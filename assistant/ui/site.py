"""The routes of the pages that need no script: guidance, audit, calculators."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from assistant.errors import InputError
from assistant.history import Revision
from assistant.records import Audience
from assistant.ui.articles import article_page, index_page
from assistant.ui.asking import AssistantFace, refusal_for
from assistant.ui.auditing import FORMATS, audit_page, read_form, read_text, report
from assistant.ui.calculating import calculator_named, calculator_page, list_page
from assistant.ui.limits import Gate
from assistant.ui.pages import missing_page
from assistant.ui.replies import told

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.requests import Request
    from starlette.responses import Response

log = logging.getLogger(__name__)

History = Callable[[str], Sequence[Revision]]


def add_guidance(app: FastAPI, assistant: AssistantFace, base_path: str, history: History | None) -> None:
    from starlette.responses import HTMLResponse

    async def get_index(request: Request) -> Response:
        return HTMLResponse(index_page(assistant.corpus, dict(request.query_params), base_path=base_path))

    async def get_article(request: Request) -> Response:
        guideline = assistant.corpus.guidelines.get(request.path_params["id"])
        if guideline is None:
            return HTMLResponse(missing_page("guidance", base_path=base_path), status_code=404)
        patient = request.query_params.get("audience") == Audience.PATIENT.value
        audience = Audience.PATIENT if patient else Audience.CLINICIAN
        held = history(guideline.id) if history else ()
        page = article_page(
            guideline, assistant.corpus, audience=audience, base_path=base_path, today=date.today(), history=held
        )
        return HTMLResponse(page)

    app.add_route(f"{base_path}/guidance", told(get_index), methods=["GET"])
    app.add_route(f"{base_path}/guidance/{{id}}", told(get_article), methods=["GET"])


def add_audit(app: FastAPI, assistant: AssistantFace, gate: Gate, base_path: str) -> None:
    from starlette.responses import HTMLResponse, Response

    async def get_audit(request: Request) -> Response:
        return HTMLResponse(audit_page(base_path=base_path))

    async def post_audit(request: Request) -> Response:
        fields: dict[str, str] = {}
        try:
            fields = read_form(await request.body())
            text, source = read_text(fields)
            statements = await gate.run(lambda: assistant.check(text, source or None))
        except Exception as error:
            refusal = refusal_for(error)
            if refusal is None:
                raise
            text, source = fields.get("text", ""), fields.get("source", "")
            words = refusal.message[:1].upper() + refusal.message[1:] + "."
            return HTMLResponse(
                audit_page(base_path=base_path, text=text, source=source, problem=words), status_code=refusal.status
            )
        log.info("audit, %d statements", len(statements))
        return HTMLResponse(audit_page(base_path=base_path, text=text, source=source, statements=statements))

    async def post_report(request: Request) -> Response:
        fields = read_form(await request.body())
        kind = fields.get("format", "")
        if kind not in FORMATS:
            raise InputError("bad_format", f"a report is one of {', '.join(FORMATS)}")
        text, source = read_text(fields)
        statements = await gate.run(lambda: assistant.check(text, source or None))
        today = date.today()
        body = report(kind, text, source, statements, today=today, corpus=assistant.corpus.digest)
        headers = {"content-disposition": f'attachment; filename="audit-{today}.{kind}"', "content-type": FORMATS[kind]}
        return Response(body, headers=headers)

    app.add_route(f"{base_path}/audit", told(get_audit), methods=["GET"])
    app.add_route(f"{base_path}/audit", told(post_audit), methods=["POST"])
    app.add_route(f"{base_path}/audit/report", told(post_report), methods=["POST"])


def add_calculators(app: FastAPI, base_path: str) -> None:
    from starlette.responses import HTMLResponse

    async def get_list(request: Request) -> Response:
        return HTMLResponse(list_page(request.query_params.get("q", ""), base_path=base_path))

    async def one(request: Request) -> Response:
        calculator = calculator_named(request.path_params["name"])
        if calculator is None:
            return HTMLResponse(missing_page("calculators", base_path=base_path), status_code=404)
        fields = read_form(await request.body()) if request.method == "POST" else None
        return HTMLResponse(calculator_page(calculator, base_path=base_path, fields=fields))

    app.add_route(f"{base_path}/calculators", told(get_list), methods=["GET"])
    app.add_route(f"{base_path}/calculators/{{name}}", told(one), methods=["GET", "POST"])
