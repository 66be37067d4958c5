"""The review board's pages over HTTP: sign-in, four eyes, forged forms, what a widget's page may not do."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from assistant.adapters.board.board import Board
from assistant.adapters.corpus import read_corpus
from assistant.checker import Checker
from assistant.records import Corpus, Guideline
from assistant.ui.limits import TokenBuckets
from assistant.ui.reviewing import Desk
from tests.conftest import TINY
from tests.ui.sample import SampleAssistant
from tests.ui.served import CHROMIUM, Served

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning", "ignore::ResourceWarning")
ADDRESS = "http://127.0.0.1:7860"
INTRANET = "https://intranet.example"
PASSWORD = "seven green lanterns"
CHEAP = (4, 8, 1)
MakeClient = Callable[..., TestClient]


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return read_corpus(TINY)


@pytest.fixture
def board(corpus: Corpus, tmp_path: Path) -> Iterator[Board]:
    board = Board.open(
        f"sqlite:///{tmp_path}/board.sqlite", corpus, clock=lambda: datetime(2026, 5, 4, tzinfo=UTC), cost=CHEAP
    )
    root = board.accounts.add("root", ["administrator"], PASSWORD, by=None).person
    for name, role in (("ann", "author"), ("bob", "reviewer"), ("both", "author,reviewer")):
        board.accounts.add(name, role.split(","), PASSWORD, by=root)
    yield board
    board.close()


class Site:
    """One application; ``visitor`` opens browsers of its own on it."""

    def __init__(self, board: Board, corpus: Corpus, **settings: Any) -> None:
        from assistant.ui.api import build_app

        checker = Checker(corpus)

        def findings(key: str) -> list[Any]:
            return [(p, checker.check_statement(p.text, passage_ids=(p.id,))) for p in corpus.guidelines[key].passages]

        desk = {k: settings.pop(k) for k in ("header", "proxies", "tries") if k in settings}
        desk.setdefault("tries", TokenBuckets(per_minute=6000))
        self.app = build_app(
            SampleAssistant(corpus=corpus),
            rate_per_minute=6000,
            origins=[INTRANET],
            review=Desk(board, findings, **desk),
            **settings,
        )

    def visitor(self, address: str = ADDRESS, peer: str = "127.0.0.1") -> TestClient:
        return TestClient(
            self.app, base_url=address, client=(peer, 50000), raise_server_exceptions=False, follow_redirects=False
        )


def token(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found, page[:500]
    return found[1]


def sign_in(client: TestClient, name: str, password: str = PASSWORD) -> Any:
    csrf = token(client.get("/review/sign-in").text)
    return client.post("/review/sign-in", data={"csrf": csrf, "name": name, "password": password})


def step(client: TestClient, act: str, guideline: str = "pain", **fields: str) -> Any:
    page = client.get(f"/review/topics/{guideline}").text
    content = re.search(r'name="content" value="([0-9a-f]+)"', page)
    given = {"csrf": token(page), "content": content[1] if content else "", "act": act, "comment": ""}
    return client.post(f"/review/topics/{guideline}", data={**given, **fields})


def test_from_submit_to_approved_with_four_eyes(board: Board, corpus: Corpus) -> None:
    site = Site(board, corpus)
    both, bob = site.visitor(), site.visitor()
    assert sign_in(both, "both").status_code == 303
    assert sign_in(bob, "bob").status_code == 303
    assert step(both, "submit").status_code == 303
    page = both.get("/review/topics/pain").text
    assert 'value="start"' not in page and 'value="withdraw"' in page
    content = board.topic("pain").content.removeprefix("sha256:")
    refused = step(both, "start", content=content)
    assert refused.status_code == 403 and "somebody else has to review it" in refused.text
    assert step(bob, "start").status_code == 303
    assert step(both, "approve", content=content).status_code == 403
    assert step(bob, "request_changes", comment="  ").status_code == 422
    assert step(bob, "approve", comment="<script>alert(1)</script>").status_code == 303
    page = bob.get("/review/topics/pain").text
    assert "This is the text that was approved last" in page
    assert "&lt;script&gt;alert(1)" in page and "<script>alert" not in page
    assert 'class="badge approved">Approved' in bob.get("/review").text
    assert "none changed, removed" in bob.get("/review/log").text


def test_an_edit_shows_side_by_side_and_waits_for_its_author(board: Board, corpus: Corpus, tmp_path: Path) -> None:
    one = Site(board, corpus)
    ann, bob = one.visitor(), one.visitor()
    sign_in(ann, "ann"), sign_in(bob, "bob")
    step(ann, "submit"), step(bob, "start"), step(bob, "approve")
    stale = board.topic("pain").content.removeprefix("sha256:")
    edited = replace(corpus, guidelines={**corpus.guidelines, "pain": with_other_dose(corpus.guidelines["pain"])})
    later = Board.open(f"sqlite:///{tmp_path}/board.sqlite", edited, cost=CHEAP)
    client = Site(later, edited).visitor()
    sign_in(client, "bob")
    page = client.get("/review/topics/pain").text
    assert "Waiting to be submitted" in page and "edited after an earlier one" in page
    assert re.search(r"<del>text: Examplamol 1 g by mouth.*?</del>.*?<ins>text: Examplamol 9 g by mouth", page)
    assert "Not found" in page or "not found" in page or "contradicted" in page  # the checker on the changed figure
    assert "exampla2020" in page or "“" in page
    assert step(client, "approve", content=stale).status_code == 409
    later.close()


def with_other_dose(guideline: Guideline) -> Guideline:
    first = guideline.passages[0]
    return replace(guideline, passages=(replace(first, text=first.text.replace("1 g", "9 g")), *guideline.passages[1:]))


@pytest.mark.parametrize("path", ["/review", "/review/log", "/review/topics/pain"])
def test_nothing_is_shown_before_sign_in(board: Board, corpus: Corpus, path: str) -> None:
    answer = Site(board, corpus).visitor().get(path)
    assert answer.status_code == 303 and answer.headers["location"] == "/review/sign-in"


def test_the_cookie_is_strict_and_the_pages_are_never_framed(board: Board, corpus: Corpus) -> None:
    client = Site(board, corpus, behind_proxy=True).visitor()
    answer = client.get("/review/sign-in")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=strict" in cookie and "secure" in cookie and "path=/review" in cookie
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-frame-options"] == "DENY" and answer.headers["cache-control"] == "no-store"
    plain = Site(board, corpus).visitor()
    before = sign_in(plain, "ann").request.headers["cookie"]
    assert plain.cookies["review"] not in before  # a token from before sign-in is worth nothing after it


def test_forged_forms_are_refused(board: Board, corpus: Corpus) -> None:
    client = Site(board, corpus).visitor()
    sign_in(client, "ann")
    head = board.head()
    page = client.get("/review/topics/pain").text
    content = re.search(r'name="content" value="([0-9a-f]+)"', page)
    assert content
    form = {"csrf": token(page), "content": content[1], "act": "submit", "comment": ""}
    for change, headers in (
        ({"csrf": ""}, {}),
        ({"csrf": "x" * 43}, {}),
        ({}, {"origin": INTRANET}),  # may frame the widget, may not act here
        ({}, {"origin": "https://elsewhere.example"}),
        ({}, {"origin": "null"}),
    ):
        answer = client.post("/review/topics/pain", data={**form, **change}, headers=headers)
        assert answer.status_code == 403, (change, headers)
    assert client.post("/review/sign-out", data={"csrf": "wrong"}).status_code == 403
    assert board.head() == head
    other = Site(board, corpus).visitor()
    assert other.post("/review/sign-in", data={"name": "ann", "password": PASSWORD}).status_code == 403


def test_a_locked_account_and_a_flood_of_tries(board: Board, corpus: Corpus) -> None:
    client = Site(board, corpus).visitor()
    for _ in range(5):
        answer = sign_in(client, "bob", "not the password")
        assert answer.status_code == 401 and "do not fit" in answer.text
    assert "locked" in sign_in(client, "bob").text
    few = Site(board, corpus, tries=TokenBuckets(per_minute=2, burst=2)).visitor()
    assert [sign_in(few, "root", "not the password").status_code for _ in range(3)] == [401, 401, 429]


def test_a_disabled_account_and_a_new_password_end_the_session(board: Board, corpus: Corpus) -> None:
    site = Site(board, corpus)
    root = board.accounts.get("root")
    assert root is not None
    ann, bob = site.visitor(), site.visitor()
    sign_in(ann, "ann"), sign_in(bob, "bob")
    board.accounts.disable("ann", by=root.person)
    board.accounts.set_password("bob", "nine yellow lanterns", by=root.person)
    assert ann.get("/review").status_code == bob.get("/review").status_code == 303
    out = site.visitor()
    sign_in(out, "root")
    assert out.post("/review/sign-out", data={"csrf": token(out.get("/review").text)}).status_code == 303
    assert out.get("/review").status_code == 303


def test_a_proxy_names_who_signed_in_and_nobody_else_can(board: Board, corpus: Corpus) -> None:
    site = Site(board, corpus, header="X-Remote-User", proxies=("10.0.0.9",))
    trusted, direct = site.visitor(peer="10.0.0.9"), site.visitor(peer="10.0.0.8")
    assert trusted.get("/review", headers={"X-Remote-User": "ann"}).status_code == 200
    assert direct.get("/review", headers={"X-Remote-User": "ann"}).status_code == 303
    assert trusted.get("/review", headers={"X-Remote-User": "nobody"}).status_code == 303
    assert trusted.get("/review", headers=[("X-Remote-User", "ann"), ("X-Remote-User", "root")]).status_code == 303  # type: ignore[arg-type]
    assert trusted.get("/review").status_code == 303  # the cookie alone is not enough
    page = trusted.get("/review/topics/pain", headers={"X-Remote-User": "ann"}).text
    content = re.search(r'name="content" value="([0-9a-f]+)"', page)
    assert content
    form = {"csrf": token(page), "content": content[1], "act": "submit", "comment": ""}
    assert trusted.post("/review/topics/pain", data=form, headers={"X-Remote-User": "root"}).status_code == 403
    assert (
        trusted.post("/review/sign-in", data={"name": "root", "password": PASSWORD}).status_code == 200
    )  # just the note
    assert board.topic("pain").standing.state.value == "unsigned"


def test_without_a_board_there_are_no_pages(corpus: Corpus) -> None:
    from assistant.ui.api import build_app

    client = TestClient(build_app(SampleAssistant(corpus=corpus)), base_url=ADDRESS, follow_redirects=False)
    assert client.get("/review").status_code == 404
    assert client.post("/review/sign-in", data={}).status_code in {404, 405}


def test_a_damaged_log_is_said_and_nothing_is_done(board: Board, corpus: Corpus, tmp_path: Path) -> None:
    import sqlite3

    client = Site(board, corpus).visitor()
    sign_in(client, "ann")
    connection = sqlite3.connect(tmp_path / "board.sqlite")
    connection.execute("DROP TRIGGER audit_no_update")
    connection.execute("UPDATE audit SET actor = 'eve' WHERE number = 2")
    connection.commit()
    connection.close()
    assert client.get("/review").status_code == 503
    assert "row 2 (user_add) was changed" in client.get("/review/log").text


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: install one, or name it in ASSISTANT_TEST_CHROMIUM")
@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1400, "light")])
def test_the_pages_are_accessible_and_work_without_scripts(
    browser: Any, board: Board, corpus: Corpus, tmp_path: Path, width: int, scheme: str
) -> None:
    """axe finds nothing serious, nothing runs over the side, and the whole way is walked with JavaScript off."""
    from axe_playwright_python.sync_playwright import Axe

    with Served(Site(board, corpus).app) as served:
        scripted = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        plain = browser.new_context(java_script_enabled=False)
        page, bare = scripted.new_page(), plain.new_page()
        for visitor in (page, bare):
            visitor.goto(f"{served.url}/review")
            if visitor is page:
                assert_accessible(Axe(), page)
            visitor.get_by_label("Name").fill("both" if visitor is bare else "bob")
            visitor.get_by_label("Password").fill(PASSWORD)
            visitor.get_by_role("button", name="Sign in").click()
        bare.get_by_role("link", name="Pain after a sprain").click()
        bare.get_by_role("button", name="Submit for review").click()
        assert "Submitted" in bare.locator(".badge").inner_text()
        page.reload()
        for path in ("/review", "/review/topics/pain", "/review/log"):
            page.goto(served.url + path)
            assert_accessible(Axe(), page)
        scripted.close()
        plain.close()


def assert_accessible(axe: Any, page: Any) -> None:
    bad = [v for v in axe.run(page).response["violations"] if v["impact"] in {"serious", "critical"}]
    assert not bad, [(v["id"], v["nodes"][0]["html"][:200]) for v in bad]
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), page.url
