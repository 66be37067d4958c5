"""The chat model's writer over real HTTP, with every fault (``tests.chat_server``)."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from assistant.adapters.llm import ChatWriter, CircuitBreaker, Limits, open_chat_writer
from assistant.errors import ModelError, ModelRefused, ModelTimeout, SettingsError
from assistant.prompts import WriteRequest
from assistant.records import Audience, Passage, Section
from tests.chat_server import Server, endless, event, fails, raw, says, silent, start

GOOD = '{"statements": [{"section": "dosing", "text": "Give examplamol 1 g.", "evidence": [1]}]}'
REQUEST = WriteRequest(
    question="How much examplamol for Ms Poe?",
    understood_as="How much examplamol?",
    audience=Audience.CLINICIAN,
    jurisdiction="uk",
    slots={"weight": "70 kg"},
    passages=(Passage("pain#dosing.1", "pain", Section.DOSING, ("Dosing",), "Give examplamol 1 g.", (), 1),),
)


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


def writer(server: Server, **limits: Any) -> ChatWriter:
    given = Limits(**{"total_s": 6.0, "first_s": 4.0, **limits})
    return open_chat_writer(model="m", base_url=server.url, environ={}, limits=given)


def test_a_good_reply_becomes_a_draft(server: Server) -> None:
    server.script = [says(GOOD)]
    draft = writer(server).write(REQUEST)
    assert [(s.section, s.text, s.passage_ids) for s in draft.statements] == [
        (Section.DOSING, "Give examplamol 1 g.", ("pain#dosing.1",))
    ]
    assert (draft.writer, draft.model) == ("chat/1", "m")
    sent = server.bodies[0]
    assert sent["stream"] is True and sent["temperature"] == 0
    assert "[[evidence 1]]" in sent["messages"][1]["content"]


def test_what_the_user_wrote_is_masked_before_it_leaves(server: Server) -> None:
    server.script = [says(GOOD)]
    chat = open_chat_writer(
        model="m", base_url=server.url, environ={}, mask=lambda text: text.replace("Ms Poe", "[name]"), limits=Limits()
    )
    chat.write(REQUEST)
    assert "Ms Poe" not in json.dumps(server.bodies) and "[name]" in json.dumps(server.bodies)


@pytest.mark.parametrize(
    "first",
    [
        fails(500),
        fails(503),
        fails(429, Retry_After="0"),
        says(GOOD[:60], finish=None, done=False),  # the connection closes in the middle
        says(GOOD[:60], finish=None),  # [DONE] without a finish reason: a proxy gave up
        raw(b"data: {not json}\n\n"),
        raw(b"HTTP nonsense"),
    ],
    ids=["500", "503", "429", "cut", "no finish", "malformed", "no events"],
)
def test_one_retry_helps_where_it_may(server: Server, first: Callable[..., None]) -> None:
    server.script = [first, says(GOOD)]
    assert len(writer(server).write(REQUEST).statements) == 1
    assert len(server.bodies) == 2


@pytest.mark.parametrize(
    ("reply", "error", "message", "asked"),
    [
        (fails(500), ModelError, "500", 2),
        (fails(429, Retry_After="60"), ModelError, "busy", 1),  # longer than the time that is left
        (fails(401), ModelError, "key", 1),
        (fails(404), ModelError, "no such chat model", 1),
        (fails(400), ModelError, "refused the request", 1),
        (says("", finish="stop"), ModelError, "nothing", 1),
        (says("...", finish="stop"), ModelError, "nothing", 1),
        (says(GOOD[:60], finish=None, done=False), ModelError, "broke off", 2),
        (says("I'm sorry, but I can't help with that."), ModelRefused, "declined", 1),
        (says("Give", finish="content_filter"), ModelRefused, "declined", 1),
        (says('{"statements": []}'), ModelRefused, "no answer", 1),
    ],
)
def test_faults_become_our_errors(
    server: Server, reply: Callable[..., None], error: type[Exception], message: str, asked: int
) -> None:
    server.script = [reply]
    with pytest.raises(error, match=message) as caught:
        writer(server).write(REQUEST)
    assert "sk-secret" not in str(caught.value)
    assert len(server.bodies) == asked


@pytest.mark.parametrize("reply", [silent, says(GOOD, pause_s=0.4)], ids=["not a word", "a word at a time"])
def test_the_time_limit_holds(server: Server, reply: Callable[..., None]) -> None:
    server.script = [reply]
    chat = writer(server, first_s=0.7, total_s=1.0)
    started = time.monotonic()
    with pytest.raises(ModelTimeout):
        chat.write(REQUEST)
    assert time.monotonic() - started < 1.4


def test_an_endless_reply_is_read_only_so_far(server: Server) -> None:
    server.script = [endless]
    draft = writer(server).write(REQUEST)
    assert 0 < len(draft.statements) <= 80
    assert any("characters" in notice or "cut" in notice for notice in draft.notices)


def test_a_reply_at_its_length_limit_loses_its_last_sentence(server: Server) -> None:
    server.script = [says("Give examplamol 1 g [1]. Then give 1", finish="length")]
    draft = writer(server).write(REQUEST)
    assert [s.text for s in draft.statements] == ["Give examplamol 1 g."]
    assert draft.notices == ("the model's reply was cut off",)


def test_nobody_there() -> None:
    chat = open_chat_writer(model="m", base_url="http://127.0.0.1:9/v1", environ={}, limits=Limits(total_s=3.0))
    with pytest.raises(ModelError, match="cannot be reached"):
        chat.write(REQUEST)


def test_the_breaker_leaves_a_failing_model_alone(server: Server) -> None:
    server.script = [fails(500)]
    chat = writer(server, failures=2, retries=0)
    for _ in range(2):
        with pytest.raises(ModelError, match="500"):
            chat.write(REQUEST)
    with pytest.raises(ModelError, match="in a row"):
        chat.write(REQUEST)
    assert len(server.bodies) == 2


def test_the_breaker_lets_one_call_try_after_its_rest() -> None:
    now = [0.0]
    breaker = CircuitBreaker(Limits(failures=1, rest_s=30.0), clock=lambda: now[0])
    breaker.note(is_success=False)
    with pytest.raises(ModelError, match="30 s"):
        breaker.check()
    now[0] = 30.0
    breaker.check()  # the one that tries
    with pytest.raises(ModelError):
        breaker.check()  # the next one waits for what comes of it
    breaker.note(is_success=True)
    breaker.check()


@pytest.mark.parametrize("name", ["LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2"])
def test_tracing_is_refused_unless_allowed(name: str) -> None:
    with pytest.raises(SettingsError, match=name):
        open_chat_writer(model="m", base_url="http://127.0.0.1:9/v1", environ={name: "true"})
    open_chat_writer(model="m", base_url="http://127.0.0.1:9/v1", environ={name: "false"})
    open_chat_writer(model="m", base_url="http://127.0.0.1:9/v1", environ={name: "true"}, allow_tracing=True)


@pytest.mark.parametrize(
    ("provider", "message"),
    [("anthropic", r"guideline-assistant\[anthropic\]"), ("ollama", r"guideline-assistant\[ollama\]")],
)
def test_a_missing_package_is_one_clear_line(provider: str, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, f"langchain_{provider}", None)  # as if it were not installed
    with pytest.raises(ModelError, match=message) as caught:
        open_chat_writer(model="m", provider=provider, environ={})
    assert "\n" not in str(caught.value)


def test_a_missing_key_is_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(ModelError, match="cannot be opened") as caught:
        open_chat_writer(model="m", provider="openai", environ={})
    assert "\n" not in str(caught.value)


def test_statements_of_a_stream_come_before_the_reply_has_ended(server: Server) -> None:
    """A server that waits, after its first sentence, until that sentence was taken."""
    taken = threading.Event()

    def reply(handler: BaseHTTPRequestHandler) -> None:
        start(handler)
        event(handler, "Give examplamol 1 g [1].\nThen")
        assert taken.wait(4.0)
        event(handler, " 2 g [1].")
        event(handler, None, "stop")
        handler.wfile.write(b"data: [DONE]\n\n")

    server.script = [reply]
    stream = writer(server).stream(REQUEST)
    statements = iter(stream)
    assert next(statements).text == "Give examplamol 1 g."
    assert stream.draft is None
    taken.set()
    assert [statement.text for statement in statements] == ["Then 2 g."]
    assert stream.draft and [s.text for s in stream.draft.statements] == ["Give examplamol 1 g.", "Then 2 g."]


def test_a_stream_that_breaks_off_before_a_statement_is_tried_again(server: Server) -> None:
    server.script = [says(GOOD[:60], finish=None, done=False), says(GOOD)]
    assert [s.text for s in writer(server).stream(REQUEST)] == ["Give examplamol 1 g."]
    assert len(server.bodies) == 2


def test_a_stream_that_breaks_off_later_keeps_what_it_gave_and_is_not_tried_again(server: Server) -> None:
    server.script = [says("Give examplamol 1 g [1].\nThen give 4", finish=None, done=False)]
    stream = writer(server).stream(REQUEST)
    given = []
    with pytest.raises(ModelError, match="broke off"):
        for statement in stream:
            given.append(statement.text)
    assert given == ["Give examplamol 1 g."]
    assert stream.draft and [s.text for s in stream.draft.statements] == given
    assert len(server.bodies) == 1


def test_a_reader_who_leaves_ends_the_call_and_blames_nobody(server: Server) -> None:
    server.script = [endless]
    chat = writer(server, failures=1)
    stream = chat.stream(REQUEST)
    assert next(iter(stream)).text == "Give examplamol 1 g."
    stream.close()
    server.script = [says(GOOD)]
    assert chat.write(REQUEST).statements
