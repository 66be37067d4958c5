"""How a handler replies: JSON bodies read strictly, every expected failure told in words."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from assistant.errors import InputError
from assistant.ui.asking import refusal_for
from assistant.ui.requests import read_json
from assistant.ui.security import Refusal

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response


def told(handler: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
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


def json_body(request: Request, body: bytes) -> dict[str, Any]:
    """The body's object. Another content type is refused: forms of other sites can send those without asking first."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise InputError("bad_json", "send JSON with Content-Type: application/json")
    return read_json(body)
