"""A recorded answer comes out the same again, drafts of a chat model included; what differs is named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assistant import Assistant
from assistant.__main__ import main
from assistant.answers import answer_to_json
from assistant.errors import InputError, ModelTimeout
from assistant.prompts import WriteRequest
from assistant.records import Draft, DraftStatement, Section
from assistant.replaying import differences, read_record
from assistant.settings import Settings

QUESTION = "dose of examplamol in adults"
RIGHT = DraftStatement(Section.DOSING, "Give adults examplamol 1 g by mouth every 6 hours.", ("pain#adults.1",))
WRONG = DraftStatement(Section.DOSING, "Give adults examplamol 9 g by mouth every 6 hours.", ("pain#adults.1",))


class Model:
    name = "chat/1"

    def __init__(self, *statements: DraftStatement) -> None:
        self.statements = statements

    def write(self, request: WriteRequest) -> Draft:
        if not self.statements:
            raise ModelTimeout("too slow")
        return Draft(self.statements, self.name, "scripted", ("a notice of the draft",))


@pytest.fixture
def settings(tiny_corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    from assistant.adapters import embedder

    monkeypatch.setattr(embedder, "load_embedder", lambda *_, **__: embedder.HashEmbedder())
    return Settings(corpus=tiny_corpus, data=tmp_path / "data")


def recorded(settings: Settings, writer: Any, **more: Any) -> dict[str, Any]:
    assistant = Assistant.open(settings, build=True)
    assistant.__dict__["writer"] = writer
    answer, record = assistant.record(QUESTION, **more)
    assert record["answer"] == answer_to_json(answer)
    return json.loads(json.dumps(record))  # type: ignore[no-any-return]


def replayed(settings: Settings, record: dict[str, Any]) -> list[str]:
    read = read_record(record)
    return differences(read.answer, answer_to_json(Assistant.open(settings, build=True).replay(read)))


@pytest.mark.parametrize(
    "writer", [None, Model(RIGHT), Model(RIGHT, WRONG), Model(WRONG), Model()],
    ids=["offline", "right", "partly wrong", "wrong", "failing"],
)  # fmt: skip
def test_a_record_gives_the_same_answer_and_verdicts(settings: Settings, writer: Any) -> None:
    record = recorded(settings, writer, slots={"weight": "70 kg"}, audience="nurse")
    assert record["answer"]["statements"]
    assert (record["draft"] is not None) == (writer is not None and bool(writer.statements))
    assert replayed(settings, record) == []


def test_another_corpus_is_named_with_what_it_changed(settings: Settings) -> None:
    record = recorded(settings, None)
    guideline = next(
        path for path in (settings.corpus / "guidelines").glob("*.md") if "version" in path.read_text(encoding="utf-8")
    )
    guideline.write_text(
        guideline.read_text(encoding="utf-8").replace('version = "', 'version = "9.'), encoding="utf-8"
    )
    found = replayed(settings, record)
    assert found[0].startswith("the corpus changed: recorded sha256:")


def test_a_record_that_was_changed_does_not_pass(settings: Settings) -> None:
    record = recorded(settings, Model(RIGHT))
    said = record["answer"]["statements"][0]["text"]
    record["answer"]["statements"][0]["text"] = "Give adults examplamol 9 g."
    found = replayed(settings, record)
    assert "no longer said: Give adults examplamol 9 g." in found and f"said now: {said}" in found
    record = recorded(settings, Model(RIGHT))
    record["answer"]["statements"][0]["claims"][0]["verdict"] = "contradicted"
    record["answer"]["provenance"]["writer"] = "chat/0"
    found = replayed(settings, record)
    assert found == ["the writer changed: recorded chat/0, now chat/1", f"other verdicts: {said}"]


@pytest.mark.parametrize("data", [[], {}, {"schema": "record/1"}, {"schema": "record/1", "answer": {"provenance": 1}}])
def test_what_is_no_record_is_refused(data: Any) -> None:
    with pytest.raises(InputError, match="record"):
        read_record(data)


def test_the_commands_write_replay_and_tell_by_their_status(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ASSISTANT_CORPUS", str(settings.corpus))
    monkeypatch.setenv("ASSISTANT_DATA", str(settings.data))
    file = tmp_path / "answer.json"
    assert main(["ask", QUESTION, "--record", str(file)]) == 0
    capsys.readouterr()
    assert main(["replay", str(file)]) == 0
    assert capsys.readouterr().out == "reproduced\n"
    record = json.loads(file.read_text(encoding="utf-8"))
    record["answer"]["provenance"]["rules"] = "sha256:other"
    file.write_text(json.dumps(record), encoding="utf-8")
    assert main(["replay", str(file), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["reproduced"] is False and told["differences"][0].startswith("the rules changed")
    file.write_text("{", encoding="utf-8")
    assert main(["replay", str(file)]) == 2
