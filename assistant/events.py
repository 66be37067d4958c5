"""What a reader of a streamed answer is told, in order: steps, checked statements, what was withheld, the answer.

Every ``Released`` was verified before it was made; nothing of a draft that was not is in any event. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assistant.answers import answer_to_json, claim_to_json
from assistant.gate import Passed
from assistant.records import Answer, Withheld


@dataclass(frozen=True, slots=True)
class Progress:
    """A step begins: ``search``, ``write`` or ``finish``."""

    step: str


@dataclass(frozen=True, slots=True)
class Released:
    """A verified statement, in the order of writing; ``by`` is ``model``, ``offline`` or ``correction`` (of what the
    question assumed). Its number and its citations' numbers come with the answer."""

    passed: Passed
    by: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A statement that was not shown, and why."""

    withheld: Withheld


@dataclass(frozen=True, slots=True)
class Done:
    """The whole answer; the last event, once."""

    answer: Answer


Event = Progress | Released | Kept | Done


def event_to_json(event: Event) -> tuple[str, Mapping[str, Any]]:
    """(name, data) as on the wire: ``progress``, ``statement``, ``withheld``, ``answer``."""
    if isinstance(event, Progress):
        return "progress", {"step": event.step}
    if isinstance(event, Released):
        passed = event.passed
        return "statement", {
            "section": passed.section.value,
            "text": passed.text,
            "passages": list(passed.passage_ids),
            "by": event.by,
            "was_repaired": passed.was_repaired,
            "claims": [claim_to_json(claim) for claim in passed.checked.claims],
        }
    if isinstance(event, Kept):
        return "withheld", {"reason": event.withheld.reason, "passages": list(event.withheld.passages)}
    return "answer", answer_to_json(event.answer)
