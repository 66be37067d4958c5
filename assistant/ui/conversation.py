"""One conversation on the chat page, turn by turn, without the page framework: what was asked, what is shown."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from assistant.errors import InputError
from assistant.records import Answer, Audience, Turn
from assistant.ui.afterword import Place
from assistant.ui.asking import AssistantFace, ask, history_of, refusal_for
from assistant.ui.limits import Gate
from assistant.ui.render import answer_html, pending_html, problem_html
from assistant.ui.requests import AskRequest, read_question, read_slots
from assistant.ui.words import JURISDICTIONS

log = logging.getLogger(__name__)

MOST_TURNS = 16  # on one page; a longer conversation starts anew, and says so
TELL_EVERY_S = 0.7
# Patient facts offered as fields (name, label, hint); the names are those that questions are read into.
FACTS: tuple[tuple[str, str, str], ...] = (
    ("age_years", "Age (years)", ""),
    ("sex", "Sex", "female or male"),
    ("weight_kg", "Weight (kg)", ""),
    ("creatinine", "Creatinine", "with its unit"),
    ("egfr", "eGFR", "with its unit"),
    ("pregnancy", "Pregnancy", "yes or no"),
    ("drugs", "Drugs", "separated by ;"),
    ("conditions", "Conditions", "separated by ;"),
    ("without", "Not present", "separated by ;"),
)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One answered turn of the page."""

    request: AskRequest
    answer: Answer
    key: str = ""  # under which it is held for downloads


@dataclass(frozen=True, slots=True)
class Change:
    """What the page must change: turn number ``turn`` (from 1) shows ``html``; None leaves a thing as it is."""

    turn: int | None = None
    html: str = ""
    state: list[Exchange] | None = None
    busy: bool = False
    clears_question: bool = False
    follow_ups: tuple[str, ...] = ()
    slots: Mapping[str, str] | None = None


async def converse(
    assistant: AssistantFace,
    gate: Gate,
    question: object,
    state: Sequence[Exchange],
    settings: Sequence[Any],
    *,
    keep: Callable[[Answer], str] | None = None,
    base_path: str = "",
) -> AsyncIterator[Change]:
    """The changes while one question is answered: the pending turn, then the answer or the reason why there is none.

    A question that got no answer takes no place in the conversation: the next one stands where it stood. ``settings`` are
    audience, jurisdiction and the patient facts as the fields hold them. ``keep`` holds the answer and returns its key.
    Never raises for what a user can send.
    """
    turn = len(state) + 1
    shown = question if isinstance(question, str) and len(question) <= 300 else ""
    if turn > MOST_TURNS:
        message = f"A conversation holds {MOST_TURNS} questions. Start a new one to go on."
        yield Change(turn, problem_html(shown, "This page is full.", message, turn=turn))
        return
    try:
        request = read_fields(question, settings, history=history_of([exchange.answer for exchange in state]))
        yield Change(
            turn,
            pending_html(request.question, turn=turn, step="Reading the guidance"),
            busy=True,
            clears_question=True,
        )
        work = asyncio.ensure_future(ask(assistant, gate, request))
        try:
            waited_s = 0.0
            while not (await asyncio.wait({work}, timeout=TELL_EVERY_S))[0]:
                waited_s += TELL_EVERY_S
                step = f"Writing, and checking every number: {waited_s:.0f} s"
                yield Change(turn, pending_html(request.question, turn=turn, step=step), busy=True)
            answer = work.result()
            exchange = Exchange(request, answer, keep(answer) if keep else "")
        finally:
            work.cancel()  # stopped by the user: a queued question must not run for nobody
        yield Change(
            turn,
            turn_html(assistant, exchange, turn, base_path),
            state=[*state, exchange],
            follow_ups=exchange.answer.follow_ups,
            slots=exchange.answer.slots,
        )
    except Exception as error:
        yield Change(turn, _problem(error, shown, turn))


def turn_html(assistant: AssistantFace, exchange: Exchange, turn: int, base_path: str = "") -> str:
    place = Place(base_path, exchange.key)
    return answer_html(exchange.answer, assistant.corpus, turn=turn, today=date.today(), place=place)


def read_fields(question: object, settings: Sequence[Any], *, history: tuple[Turn, ...] = ()) -> AskRequest:
    """What the fields say, read as strictly as a body of the API: the framework's queue takes any JSON from anyone."""
    audience, jurisdiction, *facts = settings
    if audience not in [known.value for known in Audience]:
        raise InputError("bad_audience", "choose an audience from the list")
    if not isinstance(jurisdiction, str | None) or (jurisdiction or "") not in JURISDICTIONS:
        raise InputError("bad_jurisdiction", "choose a jurisdiction from the list")
    slots = read_slots({name: value for (name, _, _), value in zip(FACTS, facts, strict=True) if value})
    return AskRequest(read_question(question), history, Audience(audience), jurisdiction or None, slots)


def _problem(error: Exception, question: str, turn: int) -> str:
    refusal = refusal_for(error)
    if refusal is None:
        log.error("%s while answering", type(error).__name__)  # the kind alone: a message may repeat the question
    title = "Please change the question." if isinstance(error, InputError) else "No answer this time."
    message = refusal.message if refusal else "something went wrong here; nothing was answered, please try again"
    return problem_html(question, title, f"{message[:1].upper()}{message[1:].rstrip('.')}.", turn=turn)
