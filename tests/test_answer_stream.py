"""The streamed answer, from a chat server over real HTTP to the events on the wire: nothing unchecked, and in time."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest

from assistant.adapters.corpus import read_corpus
from assistant.adapters.llm import ChatWriter, Limits, open_chat_writer
from assistant.checker import Checker
from assistant.events import Done, Event, Kept, Progress, Released, event_to_json
from assistant.extractive import ExtractiveWriter
from assistant.gate import is_verified
from assistant.knowledge import know
from assistant.pipeline import answer, answer_stream
from assistant.prompts import WriteRequest
from assistant.records import AnswerState, Audience, Draft, DraftStatement, Question, Section
from assistant.writing import Clock, Parts, write_checked
from evals.drafts import sample
from evals.faults import Variant, truths_of, wrong_variants
from tests.chat_server import Server, endless, event, fails, raw, says, silent, start
from tests.small_guidance import TODAY, VerbatimChecker, WordRetriever, small_corpus

ROOT = Path(__file__).resolve().parents[1]
CORPUS = small_corpus()
DOSE = "Examplamol dose in wobble disease with neurological involvement?"
FIRST = "With neurological involvement, give examplamol 4 mg daily, then 2 mg every week."
URGENT = "New numbness in wobble disease is urgent: treat at once."
INDEX = "Measure the wobble index first in wobble disease."


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


def chat(server: Server, **limits: Any) -> ChatWriter:
    given = Limits(**{"total_s": 6.0, "first_s": 4.0, "retries": 0, **limits})
    return open_chat_writer(model="m", base_url=server.url, environ={}, limits=given)


def events(server: Server, question: str = DOSE, **limits: Any) -> Iterator[Event]:
    return answer_stream(
        Question(question),
        corpus=CORPUS,
        retriever=WordRetriever(CORPUS),
        writer=chat(server, **limits),
        fallback=ExtractiveWriter(CORPUS),
        checker=VerbatimChecker(CORPUS),
        today=TODAY,
    )


def cites(text: str) -> str:
    """``text`` with the number that its passage has in the prompt for ``DOSE``."""
    passages = [hit.passage_id for hit in WordRetriever(CORPUS).search(DOSE, 30)]
    passages = [key for key in passages if CORPUS.passages[key].section is not Section.NOT_COVERED]
    number = next(n for n, key in enumerate(passages, 1) if CORPUS.passages[key].text == text)
    return f"{text} [{number}]"


def released(told: Sequence[Event]) -> list[tuple[str, str]]:
    return [(one.by, one.passed.text) for one in told if isinstance(one, Released)]


def done(told: Sequence[Event]) -> Any:
    assert isinstance(told[-1], Done) and sum(isinstance(one, Done) for one in told) == 1
    return told[-1].answer


def test_checked_statements_arrive_in_order_while_the_model_still_writes(server: Server) -> None:
    """The server writes its next sentence only when the reader has the one before."""
    steps = [threading.Event() for _ in range(2)]
    sentences = [cites(text) for text in (FIRST, URGENT, INDEX)]

    def reply(handler: BaseHTTPRequestHandler) -> None:
        start(handler)
        event(handler, f"{sentences[0]}\n")
        for step, sentence in zip(steps, sentences[1:], strict=True):
            assert step.wait(5.0)
            event(handler, f"{sentence}\n")
        event(handler, None, "stop")
        handler.wfile.write(b"data: [DONE]\n\n")

    server.script = [reply]
    told: list[Event] = []
    for one in events(server):
        told.append(one)
        seen = [text for by, text in released(told) if by == "model"]
        if seen and len(seen) <= len(steps):
            steps[len(seen) - 1].set()
    assert [text for by, text in released(told) if by == "model"] == [FIRST, URGENT, INDEX]
    assert [one.step for one in told if isinstance(one, Progress)] == ["search", "write", "finish"]
    given = done(told)
    assert given.provenance.model == "m" and given.draft and len(given.draft.statements) == 3
    assert {text for _, text in released(told)} == {statement.text for statement in given.statements}


def test_a_statement_that_fails_is_replaced_by_the_offline_one_or_withheld(server: Server) -> None:
    wrong = cites(FIRST).replace("4 mg", "40 mg")
    foreign = "Give zorbexamab 7 mg. [99]"
    server.script = [says(f"{wrong}\n{foreign}\n{cites(URGENT)}\n")]
    told = list(events(server))
    assert ("offline", FIRST) in released(told) and ("model", URGENT) in released(told)
    assert sum(isinstance(one, Kept) for one in told) == 2
    given = done(told)
    assert given.state is AnswerState.PARTIAL and len(given.withheld) == 2
    wire = json.dumps([event_to_json(one) for one in told if not isinstance(one, Done)])
    assert "40 mg" not in wire and "zorbexamab" not in wire


@pytest.mark.parametrize(
    ("reply", "limits"),
    [
        (fails(500), {}),
        (fails(429, Retry_After="60"), {}),
        (fails(401), {}),
        (raw(b"data: {not json}\n\n"), {}),
        (says(""), {}),
        (says("I'm sorry, but I can't help with that."), {}),
        (says('{"statements": []}'), {}),
        (says('{"statements": [{"text": "Give exam', finish=None, done=False), {}),
        (silent, {"first_s": 0.5, "total_s": 0.8}),
        (endless, {}),  # every statement of it is uncited or of a foreign passage
    ],
    ids=["500", "429", "401", "malformed", "empty", "refusal", "no answer", "cut", "silent", "endless"],
)
def test_whatever_fails_the_offline_answer_arrives_marked_as_such(server: Server, reply: Any, limits: Any) -> None:
    server.script = [reply]
    started = perf_counter()
    told = list(events(server, **limits))
    assert perf_counter() - started < 8.0
    given = done(told)
    offline = answer(
        Question(DOSE),
        corpus=CORPUS,
        retriever=WordRetriever(CORPUS),
        fallback=ExtractiveWriter(CORPUS),
        checker=VerbatimChecker(CORPUS),
        today=TODAY,
    )
    assert given.statements == offline.statements
    assert any("composed offline" in notice for notice in given.notices)
    assert {text for _, text in released(told)} == {statement.text for statement in given.statements}


@pytest.mark.parametrize("fault", [{"finish": None, "done": False}, {"pause_s": 0.25}], ids=["cut", "too slow"])
def test_what_was_released_before_the_model_broke_off_stays_and_the_rest_comes_from_the_guidance(
    server: Server, fault: dict[str, Any]
) -> None:
    server.script = [says(f"{cites(INDEX)}\n{FIRST.replace('4 mg', '40 mg')} and so on and on", **fault)]
    told = list(events(server, total_s=1.6))
    given = done(told)
    assert released(told)[0] == ("model", INDEX)
    shown = [statement.text for statement in given.statements]
    assert INDEX in shown and FIRST in shown and URGENT in shown and not any("40 mg" in text for text in shown)
    assert any("broke off" in notice for notice in given.notices)
    assert given.provenance.model == "m"


def test_without_a_model_the_stream_is_the_offline_answer() -> None:
    collaborators: dict[str, Any] = {
        "corpus": CORPUS,
        "retriever": WordRetriever(CORPUS),
        "fallback": ExtractiveWriter(CORPUS),
        "checker": VerbatimChecker(CORPUS),
        "today": TODAY,
    }
    told = list(answer_stream(Question(DOSE), **collaborators))
    assert done(told).statements == answer(Question(DOSE), **collaborators).statements
    assert [text for _, text in released(told)] == [statement.text for statement in done(told).statements]
    refused = list(answer_stream(Question("My patient is not breathing"), **collaborators))
    assert done(refused).state is AnswerState.SIGNPOST and not released(refused)


# ------------------------------------------------------------------- mutated drafts, the shipped corpus and checker


class Verbatim:
    """An offline writer that gives every second passage as it stands."""

    name = "verbatim/1"

    def write(self, request: WriteRequest) -> Draft:
        kept = request.passages[::2]
        return Draft(tuple(DraftStatement(entry.section, entry.text, (entry.id,)) for entry in kept), self.name)


def mutated_drafts(corpus: Any, *, begin: int, every: int, per_kind: int, size: int = 24) -> Iterator[list[Variant]]:
    chosen = sample(wrong_variants(truths_of(corpus)[begin::every]), per_kind=per_kind)
    return (chosen[at : at + size] for at in range(0, len(chosen), size))


def stream_draft(server: Server, drafted: Sequence[Variant], corpus: Any, checker: Checker, *, as_json: bool) -> Any:
    """(events of a reply that holds these statements and the true one of the first, what was asked)."""
    passages = tuple(corpus.passages[key] for key in dict.fromkeys(variant.passage for variant in drafted))
    number = {entry.id: n for n, entry in enumerate(passages, 1)}
    rows = [(passages[0].text, 1), *((variant.text, number[variant.passage]) for variant in drafted)]
    if as_json:
        reply = json.dumps({"statements": [{"section": "steps", "text": t, "evidence": [n]} for t, n in rows]})
    else:
        reply = "".join(f"- {text} [{n}]\n" for text, n in rows)
    server.script = [says(reply)]
    request = WriteRequest("?", "?", Audience.CLINICIAN, None, passages=passages)
    parts = Parts(corpus, know(corpus), None, checker, Verbatim(), 0.0, TODAY, "0", False)  # type: ignore[arg-type]
    return write_checked(request, (), parts, chat(server), Clock(perf_counter), streams=True)


def leaked(told: Sequence[Event], drafted: Sequence[Variant], checker: Checker) -> list[str]:
    """Statements on the wire that a fresh check does not verify, or that are a wrong draft of the passage they cite."""
    wrong = {(variant.text, variant.passage) for variant in drafted}
    return [
        one.passed.text
        for one in told
        if isinstance(one, Released)
        and (
            not is_verified(checker.check_statement(one.passed.text, passage_ids=one.passed.passage_ids))
            or any((one.passed.text, key) in wrong for key in one.passed.passage_ids)
        )
    ]


@pytest.fixture(scope="module")
def shipped() -> tuple[Any, Checker]:
    corpus = read_corpus(ROOT / "corpus")
    return corpus, Checker(corpus)


@pytest.mark.parametrize("as_json", [False, True], ids=["markdown", "json"])
def test_no_mutated_statement_is_on_the_wire_at_any_moment(
    server: Server, shipped: tuple[Any, Checker], as_json: bool
) -> None:
    corpus, checker = shipped
    count = 0
    for drafted in mutated_drafts(corpus, begin=int(as_json), every=40, per_kind=8):
        told = list(stream_draft(server, drafted, corpus, checker, as_json=as_json))
        assert leaked(told, drafted, checker) == []
        assert any(one.by == "model" for one in told if isinstance(one, Released))  # the true one came through
        count += len(drafted)
    assert count >= 100  # different ones in each form, so 200 together
