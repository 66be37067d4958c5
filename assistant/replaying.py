"""An answer's record: all that it was made of, and whether the same comes of it again. Pure.

``record/1`` is {schema, question, history, audience, jurisdiction, slots, today, approved_only, draft, answer}: ``draft``
is what a chat model wrote, unchecked (null: none was used, or it failed), ``answer`` the contract's ``answer/1``. A
record holds the question and the turns as they were typed; keep it as you keep those.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from assistant.answers import answer_to_json
from assistant.errors import InputError, ModelError
from assistant.prompts import WriteRequest
from assistant.records import Answer, Audience, Draft, DraftStatement, Question, Section, Turn

SCHEMA = "record/1"
MADE_OF = {  # key of ``provenance`` -> what it is called when it differs
    "corpus": "the corpus",
    "rules": "the rules",
    "writer": "the writer",
    "template": "the prompt template",
    "assistant": "the version of the assistant",
    "model": "the chat model",
}


@dataclass(frozen=True, slots=True)
class Record:
    """A record that was read; ``answer`` is JSON as it was then. ``asked_model``: a chat model wrote, or failed to."""

    question: Question
    today: date
    approved_only: bool
    asked_model: bool
    draft: Draft | None
    answer: Mapping[str, Any]


class RecordedWriter:
    """Drafts what the record holds; ModelError where the chat model gave nothing then."""

    def __init__(self, draft: Draft | None) -> None:
        self.name = draft.writer if draft else "chat/1"
        self._draft = draft

    def write(self, request: WriteRequest) -> Draft:
        if self._draft is None:
            raise ModelError("the chat model gave no draft when this answer was recorded")
        return self._draft


def record_to_json(
    question: Question, answer: Answer, *, today: date, approved_only: bool, asked_model: bool
) -> dict[str, Any]:
    draft = answer.draft
    return {
        "schema": SCHEMA,
        "question": question.text,
        "history": [{"role": turn.role, "content": turn.content} for turn in question.history],
        "audience": question.audience.value,
        "jurisdiction": question.jurisdiction,
        "slots": dict(question.slots),
        "today": today.isoformat(),
        "approved_only": approved_only,
        "asked_model": asked_model,
        "draft": {
            "writer": draft.writer,
            "model": draft.model,
            "notices": list(draft.notices),
            "statements": [
                {"section": entry.section.value, "text": entry.text, "passages": list(entry.passage_ids)}
                for entry in draft.statements
            ],
        }
        if draft
        else None,
        "answer": answer_to_json(answer),
    }


def read_record(data: Any) -> Record:
    """InputError, naming what is wrong, for JSON that is no record."""
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        raise InputError("bad_record", f"not a record: its schema is not {SCHEMA}")
    try:
        answer = data["answer"]
        if not isinstance(answer, dict) or not isinstance(answer["provenance"], dict):
            raise TypeError("answer is not an object")
        return Record(
            question=Question(
                text=str(data["question"]),
                history=tuple(Turn(str(turn["role"]), str(turn["content"])) for turn in data["history"]),
                audience=Audience(data["audience"]),
                jurisdiction=data["jurisdiction"],
                slots={str(key): str(value) for key, value in data["slots"].items()},
            ),
            today=date.fromisoformat(data["today"]),
            approved_only=bool(data["approved_only"]),
            asked_model=bool(data["asked_model"]),
            draft=_draft(data["draft"]),
            answer=answer,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError("bad_record", f"the record cannot be read: {type(error).__name__}: {error}") from error


def _draft(data: Any) -> Draft | None:
    if data is None:
        return None
    statements = tuple(
        DraftStatement(Section(row["section"]), str(row["text"]), tuple(map(str, row["passages"])))
        for row in data["statements"]
    )
    return Draft(statements, str(data["writer"]), data["model"], tuple(map(str, data["notices"])))


def differences(recorded: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """One line for each thing that differs: what the answer was made of first, then its parts; times do not count."""
    lines = []
    for key, name in MADE_OF.items():
        old, new = recorded["provenance"].get(key), now["provenance"].get(key)
        if old != new:
            lines.append(f"{name} changed: recorded {old or 'none'}, now {new or 'none'}")
    for key in now:
        if key in {"provenance", "timings_ms", "statements"} or recorded.get(key) == now[key]:
            continue
        lines.append(f"{key} differ{'' if key.endswith('s') else 's'}")
    return [*lines, *_statements(recorded.get("statements") or [], now["statements"])]


def _statements(recorded: list[Any], now: list[Any]) -> list[str]:
    old, new = ({row["text"]: row for row in rows} for rows in (recorded, now))
    lines = [f"no longer said: {text}" for text in old if text not in new]
    lines += [f"said now: {text}" for text in new if text not in old]
    both = [text for text in old if text in new]
    lines += [f"other verdicts: {text}" for text in both if _verdicts(old[text]) != _verdicts(new[text])]
    if not lines and recorded != now:
        lines.append("the statements are the same in another order, or with other citations")
    return lines


def _verdicts(row: Mapping[str, Any]) -> list[Any]:
    return [(claim.get("text"), claim.get("verdict"), claim.get("rule")) for claim in row["claims"]]
