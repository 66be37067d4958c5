"""The assistant as the pages see it, and how one question is put to it: gate, time limit, failure in plain words."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from typing import Protocol

from assistant.errors import AssistantError, InputError, RetrievalError
from assistant.records import Answer, AnswerState, Audience, CheckedStatement, Corpus, Section, Turn
from assistant.screening import MAX_TURNS
from assistant.ui.limits import Busy, Gate, TooSlow
from assistant.ui.requests import UNREADABLE, AskRequest
from assistant.ui.security import Refusal

log = logging.getLogger(__name__)


class AssistantFace(Protocol):
    """What the pages need of ``assistant.Assistant``."""

    @property
    def corpus(self) -> Corpus: ...

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Turn] = ...,
        audience: Audience = ...,
        jurisdiction: str | None = ...,
        slots: Mapping[str, str] | None = ...,
    ) -> Answer: ...

    def check(self, text: str, source: str | None = None) -> Sequence[CheckedStatement]: ...

    def warm(self) -> None: ...

    def prepare(self) -> int: ...


async def ask(assistant: AssistantFace, gate: Gate, request: AskRequest) -> Answer:
    """The answer, made on a thread of the gate. Raises what ``refusal_for`` knows, or a mistake of ours."""
    started = time.monotonic()
    answer = await gate.run(
        lambda: assistant.ask(
            request.question,
            history=request.history,
            audience=request.audience,
            jurisdiction=request.jurisdiction,
            slots=request.slots,
        )
    )
    log.info(
        "answer %s, %d statements, %d withheld, %.0f ms",
        answer.state.value, len(answer.statements), len(answer.withheld), (time.monotonic() - started) * 1000,
    )  # fmt: skip
    return answer


def refusal_for(error: Exception) -> Refusal | None:
    """The status, code and words for a failure that is part of normal life; None for a mistake of ours."""
    if isinstance(error, InputError):
        return Refusal(400 if error.code in UNREADABLE else 422, error.code, str(error))
    if isinstance(error, Busy):
        return Refusal(
            429,
            "busy",
            f"many people are asking at the moment, try again in {error.retry_after_s} s",
            error.retry_after_s,
        )
    if isinstance(error, TooSlow):
        return Refusal(
            503, "too_slow", "the answer took too long and was given up; try again or ask for less at once", 10
        )
    if isinstance(error, RetrievalError):
        return Refusal(503, "index", "the index is being rebuilt; try again in a minute", 60)
    if isinstance(error, AssistantError):
        return Refusal(503, "unavailable", "the assistant cannot answer at the moment; try again in a minute", 60)
    return None


def said(answer: Answer) -> str:
    """The answer as an earlier turn of the conversation: what stood in it, bottom line first."""
    first = [statement.text for statement in answer.statements if statement.section is Section.BOTTOM_LINE]
    rest = [statement.text for statement in answer.statements if statement.section is not Section.BOTTOM_LINE]
    return " ".join([*first, *rest]) or answer.state.value


def history_of(answers: Sequence[Answer]) -> tuple[Turn, ...]:
    """The last turns of a conversation, as many as a question may carry; those that were refused leave no trace."""
    turns = [
        turn
        for answer in answers
        if answer.state is not AnswerState.INVALID
        for turn in (Turn("user", answer.question), Turn("assistant", said(answer)))
    ]
    return tuple(turns[-MAX_TURNS:])
