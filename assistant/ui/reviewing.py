"""The routes below /review: who asks, may they, and what they get. Never framed, never reached with a widget's rights.

A session is a cookie that scripts cannot read and other sites' pages do not send; each form carries a token besides.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

from assistant.errors import AssistantError, InputError
from assistant.records import CheckedStatement, Corpus, Passage
from assistant.review.chain import Fault
from assistant.review.content import rules_of
from assistant.review.face import Event, Topic, act_named
from assistant.review.steps import Act, Person, Wish, open_acts
from assistant.ui.auditing import read_form
from assistant.ui.limits import Gate, TokenBuckets
from assistant.ui.replies import told
from assistant.ui.review_pages import Visitor, log_page, queue_page, sign_in_page, topic_page, trouble_page
from assistant.ui.security import Policy, client_address, same_site
from assistant.ui.sessions import Session, Sessions

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.requests import Request
    from starlette.responses import Response

log = logging.getLogger(__name__)

COOKIE = "review"
STATUS = {
    "no_role": 403,
    "own_text": 403,
    "not_own_text": 403,
    "wrong_step": 409,
    "stale_text": 409,
    "no_guideline": 404,
}


class AccountFace(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def disabled(self) -> bool: ...
    @property
    def changed(self) -> str: ...
    @property
    def person(self) -> Person: ...


class AccountsFace(Protocol):
    def sign_in(self, name: str, password: str) -> AccountFace: ...
    def get(self, name: str) -> AccountFace | None: ...


class BoardFace(Protocol):
    """What the pages need of the review board."""

    corpus: Corpus

    @property
    def accounts(self) -> AccountsFace: ...
    def today(self) -> date: ...
    def topics(self) -> list[Topic]: ...
    def topic(self, guideline_id: str) -> Topic: ...
    def copy(self, guideline_id: str) -> str: ...
    def held_copy(self, content: str) -> str: ...
    def history(self, guideline_id: str | None = None) -> list[Event]: ...
    def verify(self) -> tuple[Fault, ...]: ...
    def head(self) -> tuple[int, str]: ...
    def wishes(self, topic: Topic, *, comment: str = "") -> Mapping[Act, Wish]: ...
    def act(
        self,
        person: Person,
        guideline_id: str,
        act: Act,
        *,
        content: str,
        comment: str = ...,
        authors: frozenset[str] = ...,
    ) -> Topic: ...


@dataclass(frozen=True)
class Desk:
    """The board as the pages have it. ``findings``: the checker on each statement of a guideline. ``header``: where a proxy
    at one of ``proxies`` names who signed in; "" for passwords of our own."""

    board: BoardFace
    findings: Callable[[str], Sequence[tuple[Passage, CheckedStatement]]]
    header: str = ""
    proxies: tuple[str, ...] = ()
    sessions: Sessions = field(default_factory=Sessions)
    tries: TokenBuckets = field(default_factory=lambda: TokenBuckets(per_minute=10, burst=10))
    gate: Gate = field(default_factory=lambda: Gate(workers=2, waiting=16))


@dataclass(frozen=True, slots=True)
class _Signed:
    person: Person
    session: Session
    new_token: str = ""  # to be set as a cookie: a session that a proxy's header has just begun

    @property
    def visitor(self) -> Visitor:
        return Visitor(self.person.name, tuple(sorted(self.person.roles)), self.session.csrf)


Handler = Callable[["Request", _Signed, dict[str, str]], Awaitable["Response"]]


def add_review(app: FastAPI, desk: Desk, policy: Policy) -> None:
    """The routes, each with its methods; ``policy`` says where we stand and whether TLS ends before us."""
    pages = _Pages(desk, policy)
    for path, handler, methods in (
        ("/review", pages.signed(pages.get_queue), ["GET"]),
        ("/review/log", pages.signed(pages.get_log), ["GET"]),
        ("/review/sign-in", pages.sign_in, ["GET", "POST"]),
        ("/review/sign-out", pages.signed(pages.post_sign_out), ["POST"]),
        ("/review/topics/{id}", pages.signed(pages.topic), ["GET", "POST"]),
    ):
        app.add_route(policy.base_path + path, told(handler), methods=methods)


class _Pages:
    def __init__(self, desk: Desk, policy: Policy) -> None:
        self.desk, self.policy, self.base = desk, policy, policy.base_path

    # ------------------------------------------------------------------- who

    def signed(self, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        """The handler for those who have signed in; a form without the session's token is refused."""

        async def handle(request: Request) -> Response:
            from starlette.responses import RedirectResponse

            who = await self.desk.gate.run(lambda: self._who(request))
            if who is None:
                return RedirectResponse(f"{self.base}/review/sign-in", status_code=303)
            fields = await self._fields(request, who.session)
            if fields is None:
                return self._html(trouble_page(FOREIGN, base_path=self.base, visitor=who.visitor), 403)
            try:
                response = await handler(request, who, fields)
            except InputError as error:
                words = _sentence(str(error))
                page = trouble_page(words, base_path=self.base, visitor=who.visitor)
                response = self._html(page, STATUS.get(error.code, 422))
            except AssistantError as error:  # a log that does not prove itself, a database that is gone
                log.error("review: %s", type(error).__name__)
                response = self._html(
                    trouble_page(_sentence(str(error)), base_path=self.base, visitor=who.visitor), 503
                )
            if who.new_token:
                self._set_cookie(response, who.new_token)
            return response

        return handle

    def _who(self, request: Request) -> _Signed | None:
        """The account behind the request, as it is now: a disabled one, or one with a new password, is signed out."""
        session = self.desk.sessions.find(request.cookies.get(COOKIE, ""))
        named = self._named_by_proxy(request)
        if self.desk.header and (not named or (session is not None and session.name != named)):
            session = None
        name = named if self.desk.header else (session.name if session else "")
        account = self.desk.board.accounts.get(name) if name else None
        if account is None or account.disabled:
            return None
        if session is not None and session.name == name and session.changed == account.changed:
            return _Signed(account.person, session)
        if not self.desk.header:
            return None
        token, session = self.desk.sessions.begin(account.name, account.changed)
        return _Signed(account.person, session, token)

    def _named_by_proxy(self, request: Request) -> str:
        peer = request.client.host if request.client else ""
        values = request.headers.getlist(self.desk.header) if self.desk.header else []
        return values[0].strip().lower() if len(values) == 1 and peer in self.desk.proxies else ""

    async def _fields(self, request: Request, session: Session | None) -> dict[str, str] | None:
        """The form's fields; None when it does not carry the session's token or comes from another site."""
        if request.method != "POST":
            return {}
        headers = {name.lower(): value.decode("latin-1") for name, value in request.scope["headers"]}
        fields = read_form(await request.body())
        ours = same_site(
            headers, headers.get(b"host", ""), Policy()
        )  # the sites that may frame the widget are foreign here
        return fields if ours and session is not None and session.fits(fields.pop("csrf", "")) else None

    # ------------------------------------------------------------------- pages

    async def sign_in(self, request: Request) -> Response:
        if request.method == "POST" and not self.desk.header:
            return await self._try_password(request)
        return self._sign_in_form()

    async def _try_password(self, request: Request) -> Response:
        from starlette.responses import RedirectResponse

        session = self.desk.sessions.find(request.cookies.get(COOKIE, ""))
        fields = await self._fields(request, session)
        if fields is None:
            return self._sign_in_form("The form had expired or came from elsewhere. Please try again.", 403)
        headers = {name.lower(): value.decode("latin-1") for name, value in request.scope["headers"]}
        wait_s = self.desk.tries.take(client_address(request.scope, headers, self.policy))
        if wait_s:
            return self._sign_in_form(f"Too many tries from here. Try again in {wait_s} s.", 429)
        name, password = fields.get("name", "").strip().lower(), fields.get("password", "")
        try:
            account = await self.desk.gate.run(lambda: self.desk.board.accounts.sign_in(name, password))
        except InputError as error:
            log.info("review: a sign-in was refused (%s)", error.code)
            return self._sign_in_form(_sentence(str(error)), 401, name)
        self.desk.sessions.end(request.cookies.get(COOKIE, ""))
        token, _ = self.desk.sessions.begin(account.name, account.changed)
        response = RedirectResponse(f"{self.base}/review", status_code=303)
        self._set_cookie(response, token)
        return response

    def _sign_in_form(self, problem: str = "", status: int = 200, name: str = "") -> Response:
        token, session = self.desk.sessions.begin()
        page = sign_in_page(
            base_path=self.base, csrf=session.csrf, problem=problem, name=name[:64], by_proxy=bool(self.desk.header)
        )
        response = self._html(page, status)
        self._set_cookie(response, token)
        return response

    async def post_sign_out(self, request: Request, who: _Signed, fields: dict[str, str]) -> Response:
        from starlette.responses import RedirectResponse

        self.desk.sessions.end(request.cookies.get(COOKIE, ""))
        response = RedirectResponse(f"{self.base}/review/sign-in", status_code=303)
        response.delete_cookie(COOKIE, path=f"{self.base}/review")
        return response

    async def get_queue(self, request: Request, who: _Signed, fields: dict[str, str]) -> Response:
        topics = await self.desk.gate.run(self.desk.board.topics)
        state = request.query_params.get("state", "")
        return self._html(queue_page(topics, base_path=self.base, visitor=who.visitor, state=state))

    async def get_log(self, request: Request, who: _Signed, fields: dict[str, str]) -> Response:
        board = self.desk.board
        events, faults, head = await self.desk.gate.run(lambda: (board.history(), board.verify(), board.head()))
        return self._html(log_page(events, faults, head, base_path=self.base, visitor=who.visitor))

    async def topic(self, request: Request, who: _Signed, fields: dict[str, str]) -> Response:
        from starlette.responses import RedirectResponse

        guideline_id = request.path_params["id"]
        if request.method == "GET":
            return self._html(await self.desk.gate.run(lambda: self._topic_page(guideline_id, who)))
        act = act_named(fields.get("act", ""))
        if act is None:
            raise InputError("bad_step", "there is no such step")
        comment = fields.get("comment", "").replace("\r\n", "\n")
        authors = frozenset(fields.get("authors", "").replace(",", " ").lower().split())
        try:
            await self.desk.gate.run(
                lambda: self.desk.board.act(
                    who.person, guideline_id, act, content="sha256:" + fields.get("content", ""), comment=comment,
                    authors=authors if act is Act.SUBMIT else frozenset(),
                )
            )  # fmt: skip
        except InputError as error:
            problem, status = _sentence(str(error)), STATUS.get(error.code, 422)
            page = await self.desk.gate.run(lambda: self._topic_page(guideline_id, who, problem, comment))
            return self._html(page, status)
        log.info("review: %s", act.value)
        return RedirectResponse(f"{self.base}/review/topics/{guideline_id}", status_code=303)

    def _topic_page(self, guideline_id: str, who: _Signed, problem: str = "", comment: str = "") -> str:
        board = self.desk.board
        topic = board.topic(guideline_id)
        return topic_page(
            topic,
            base_path=self.base,
            visitor=who.visitor,
            acts=open_acts(topic.standing, board.wishes(topic), who.person, today=board.today()),
            copy=board.copy(guideline_id),
            approved=board.held_copy(topic.approved) if topic.approved else "",
            rules=rules_of(topic.guideline, board.corpus),
            findings=self.desk.findings(guideline_id),
            events=board.history(guideline_id),
            problem=problem,
            comment=comment,
        )

    # ------------------------------------------------------------------- answers

    def _html(self, page: str, status: int = 200) -> Response:
        from starlette.responses import HTMLResponse

        return HTMLResponse(page, status_code=status)

    def _set_cookie(self, response: Any, token: str) -> None:
        response.set_cookie(
            COOKIE, token, path=f"{self.base}/review", httponly=True, samesite="strict", secure=self.policy.behind_proxy
        )


FOREIGN = "The form had expired or came from elsewhere, so nothing was done. Open the page again and repeat the step."


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")
