"""A reader's word on an answer ("helpful", "wrong", "unsafe") as one case of the evals' format (evals/cases.schema.json).

``helpful`` asks that the answer stays what it was; ``wrong`` and ``unsafe`` ask that the statement pointed at is not said
again. The answer itself is looked up by its key, so no client can put words into an answer that was never given.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from assistant.errors import InputError
from assistant.masking import mask_identifiers
from assistant.records import Answer, Section, Statement
from assistant.ui.requests import sound

JUDGEMENTS = ("helpful", "wrong", "unsafe")
MAX_REASON = 1000
KEYS = {"judgement", "reason", "statement"}


@dataclass(frozen=True, slots=True)
class Feedback:
    """``statement`` is the id of the statement meant, or "" for the answer as a whole."""

    judgement: str
    reason: str = ""
    statement: str = ""


def read_feedback(data: Mapping[str, Any]) -> Feedback:
    """The body of a note on an answer. InputError with a stable code."""
    if set(data) - KEYS:
        raise InputError("unknown_key", f"known: {', '.join(sorted(KEYS))}")
    judgement, reason, statement = data.get("judgement"), data.get("reason", ""), data.get("statement", "")
    if judgement not in JUDGEMENTS:
        raise InputError("bad_judgement", f"judgement is one of {', '.join(JUDGEMENTS)}")
    if not isinstance(reason, str) or len(reason) > MAX_REASON:
        raise InputError("too_long", f"a reason may have {MAX_REASON:,} characters")
    if not isinstance(statement, str) or len(statement) > 40:
        raise InputError("bad_statement", "statement is the id of a statement of the answer")
    if judgement != "helpful" and not reason.strip():
        raise InputError("empty", "write in a few words what is wrong, so that someone can mend it")
    return Feedback(judgement, sound(reason.strip()), statement)


def feedback_case(feedback: Feedback, answer: Answer, *, today: date) -> dict[str, Any]:
    """One row of the evals' case format; the same note on the same answer on one day has the same id.

    ``note`` holds the reader's words, names and numbers of people masked. InputError for a statement that is not in it.
    """
    said = {statement.id: statement for statement in answer.statements}
    if feedback.statement and feedback.statement not in said:
        raise InputError("bad_statement", "that statement is not in this answer")
    meant = said.get(feedback.statement)
    note = mask_identifiers(feedback.reason).text
    parts = (feedback.judgement, feedback.statement, note, answer.question, answer.provenance.corpus, str(answer.slots))
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:10]
    row: dict[str, Any] = {
        "id": f"feedback-{today:%Y%m%d}-{digest}",
        "question": answer.question,
        "audience": answer.audience.value,
        "expected_states": [answer.state.value] if feedback.judgement == "helpful" else ["answered", "partial"],
        "tags": ["feedback", feedback.judgement],
    }
    if answer.jurisdiction:
        row["jurisdiction"] = answer.jurisdiction
    if answer.slots:
        row["slots"] = dict(answer.slots)
    if feedback.judgement == "helpful":
        row |= _keep(answer)
    elif meant is not None:
        row["must_not_state"] = [{"text_any": [meant.text]} | ({"why": note} if note else {})]
    if note:
        row["note"] = note
    return row


def _keep(answer: Answer) -> dict[str, Any]:
    """What a helpful answer must still say and cite: the numbers of its bottom line and doses, the works behind them."""
    works = {item.n: item.reference.id for item in answer.references}
    core = [s for s in answer.statements if s.section is Section.BOTTOM_LINE or s.dosage is not None]
    cited = [[works[n] for n in statement.citations if n in works] for statement in core]
    return {
        "must_state": [{"text_any": [text]} for text in dict.fromkeys(_numbers(core))],
        "must_cite": [alternatives for alternatives in cited if alternatives],
    }


def _numbers(statements: list[Statement]) -> list[str]:
    return [
        claim.text
        for statement in statements
        for claim in statement.claims
        if claim.kind != "statement" and any(character.isdigit() for character in claim.text)
    ]
