"""A draft, checked and released statement by statement: the chat model's as it is being written, or the offline one.

Each statement goes through ``gate`` the moment it is complete. What fails is repaired there once, else the offline
writer's statement of the same passage stands in for it, else it is withheld with its reason. What the draft leaves out
comes last. When the model fails, the offline answer completes what was released by then. Pure but for its writers.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Protocol, runtime_checkable

from assistant.asked import read_asked
from assistant.assembly import order_statements
from assistant.errors import ModelError
from assistant.events import Event, Kept, Released
from assistant.extractive import wording
from assistant.gate import Passed, StatementChecker, pass_statement, split_passed
from assistant.knowledge import Knowledge
from assistant.mentions import due_mentions
from assistant.premises import Correction
from assistant.prompts import WriteRequest, template_id
from assistant.records import Corpus, Draft, DraftStatement, Hit, ReviewStatus, Section, Withheld
from assistant.review.face import View

log = logging.getLogger(__name__)

FAILED = "The chat model could not be used, so this answer was composed offline from the guidance."
BROKE_OFF = "The chat model broke off; the rest of this answer was composed offline from the guidance."
NOTHING_HELD = (
    "Nothing the chat model drafted could be verified, so this answer was composed offline from the guidance."
)
REPAIRED = "A figure in the draft differed from its source and was put right from the source."


class Retriever(Protocol):
    def search(self, text: str, limit: int) -> tuple[Hit, ...]:
        """The best passages, best first; scores from 0 to 1."""
        ...


class Writer(Protocol):
    @property
    def name(self) -> str: ...

    def write(self, request: WriteRequest) -> Draft:
        """A draft, or ModelError when none can be had."""
        ...


class DraftStream(Protocol):
    """Statements as they are completed; iterating may raise ModelError. ``draft``: all of them once it has ended, or
    those that were given before it failed."""

    @property
    def draft(self) -> Draft | None: ...

    def __iter__(self) -> Iterator[DraftStatement]: ...

    def close(self) -> None: ...


@runtime_checkable
class StreamingWriter(Protocol):
    def stream(self, request: WriteRequest) -> DraftStream:
        """The model is asked at once; ModelError when it cannot be."""
        ...


@dataclass(frozen=True, slots=True)
class Parts:
    """The collaborators of one answer, so that the steps need not pass them one by one."""

    corpus: Corpus
    known: Knowledge
    retriever: Retriever
    checker: StatementChecker
    fallback: Writer
    floor: float
    today: date
    version: str
    approved_only: bool
    board: View | None = None

    def status(self, guideline_id: str) -> ReviewStatus:
        """The board's status where there is a board, else the file's."""
        own = self.corpus.guidelines[guideline_id].status
        return own if self.board is None else self.board.statuses.get(guideline_id, ReviewStatus.SUBMITTED)


class Clock:
    """Milliseconds of each step; steps of the same name add up."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now, self._start, self.ms = now, now(), {"search": 0.0, "write": 0.0, "check": 0.0}

    def add(self, name: str, since: float) -> None:
        self.ms[name] += (self._now() - since) * 1000

    def now(self) -> float:
        return self._now()

    def total(self) -> dict[str, float]:
        return {
            **{key: round(value, 2) for key, value in self.ms.items()},
            "total": round((self._now() - self._start) * 1000, 2),
        }


@dataclass(frozen=True, slots=True)
class Written:
    """What came through the gate, what did not, and which writer it was; ``model_draft`` is what the model wrote."""

    passed: tuple[Passed, ...]
    withheld: tuple[Withheld, ...]
    draft: Draft
    template: str = ""
    notices: tuple[str, ...] = ()
    model_draft: Draft | None = None


@dataclass(slots=True)
class _Gate:
    """What was released and withheld so far. The one place where an event of either sort is made."""

    request: WriteRequest
    parts: Parts
    timer: Clock
    passed: list[Passed] = field(default_factory=list)
    withheld: list[Withheld] = field(default_factory=list)
    own: list[Passed] = field(default_factory=list)  # the model's own statements among ``passed``

    def judge(self, statement: DraftStatement) -> Passed | Withheld:
        since = self.timer.now()
        try:
            return pass_statement(
                statement, self.parts.checker, self.parts.corpus, jurisdiction=self.request.jurisdiction
            )
        finally:
            self.timer.add("check", since)

    def release(self, entries: Iterable[Passed], *, by: str) -> Iterator[Event]:
        for entry in entries:
            if all((entry.section, entry.text) != (other.section, other.text) for other in self.passed):
                self.passed.append(entry)
                if by == "model":
                    self.own.append(entry)
                yield Released(entry, by)

    def keep(self, entry: Withheld) -> Iterator[Event]:
        self.withheld.append(entry)
        yield Kept(entry)


def write_checked(
    request: WriteRequest,
    corrections: Sequence[Correction],
    parts: Parts,
    writer: Writer | None,
    timer: Clock,
    *,
    streams: bool,
) -> Generator[Event, None, Written]:
    """Events while it is written; returns the whole. ``streams``: a writer that can gives its statements one by one."""
    lead = [
        DraftStatement(
            Section.BOTTOM_LINE, wording(parts.corpus.passages[entry.passage], request.audience), (entry.passage,)
        )
        for entry in corrections
    ]
    gate = _Gate(request, parts, timer)
    if writer is None or writer is parts.fallback:
        return (yield from _offline_alone(_offline(lead, gate), gate))
    try:
        if streams and isinstance(writer, StreamingWriter):
            stream: DraftStream = writer.stream(request)  # the model is thinking while the offline answer is made
        else:
            stream = _Whole(writer, request, timer)
    except ModelError as error:
        return (yield from _without_model(error, _offline(lead, gate), gate))
    with closing(stream):
        offline = _offline(lead, gate)
        try:
            draft = yield from _drafted(stream, lead, offline, gate)
        except ModelError as error:
            return (yield from _without_model(error, offline, gate, begun=stream.draft))
    if not gate.own:
        withheld = (*gate.withheld, *offline.withheld)
        alone = yield from _offline_alone(offline, gate)
        return replace(alone, withheld=withheld, notices=(NOTHING_HELD,), model_draft=draft)
    yield from gate.release(list(_omitted(gate.passed, offline.passed, request, parts)), by="offline")
    notes = [*draft.notices]
    if any(entry.was_repaired for entry in gate.own):
        notes.append(REPAIRED)
    return Written(tuple(gate.passed), tuple(gate.withheld), draft, template_id(), tuple(notes), draft)


def _drafted(
    stream: DraftStream, lead: Sequence[DraftStatement], offline: Written, gate: _Gate
) -> Generator[Event, None, Draft]:
    led = {statement.passage_ids for statement in lead}
    texts = {statement.text for statement in lead}
    yield from gate.release([entry for entry in offline.passed if entry.text in texts], by="correction")
    for statement in stream:
        if statement.passage_ids in led and statement.section is not Section.DOSING:
            continue  # the correction has said it
        result = gate.judge(statement)
        if isinstance(result, Passed):
            is_new = all(result.text != other.text for other in gate.passed)
            yield from gate.release([result] if is_new else [], by="model")
            continue
        yield from gate.keep(result)
        instead = (entry for entry in offline.passed if set(entry.passage_ids) & set(statement.passage_ids))
        yield from gate.release(list(instead)[:1], by="offline")
    if stream.draft is None:
        raise ModelError("the chat model's draft did not end")
    return stream.draft


def _without_model(
    error: ModelError, offline: Written, gate: _Gate, *, begun: Draft | None = None
) -> Generator[Event, None, Written]:
    """The offline answer; what was released before the model failed stays, and is not said twice."""
    log.warning("the chat model gave no whole draft: %s", type(error).__name__)
    if not gate.own or begun is None:
        alone = yield from _offline_alone(offline, gate)
        return replace(alone, withheld=(*gate.withheld, *offline.withheld), notices=(FAILED,))
    said = {key for entry in gate.passed for key in entry.passage_ids}
    rest = [entry for entry in offline.passed if not set(entry.passage_ids) <= said]
    yield from gate.release(rest, by="offline")
    yield from (Kept(entry) for entry in offline.withheld)
    notes = (REPAIRED, BROKE_OFF) if any(entry.was_repaired for entry in gate.own) else (BROKE_OFF,)
    withheld = (*gate.withheld, *offline.withheld)
    return Written(tuple(gate.passed), withheld, begun, template_id(), notes, begun)


def _offline(lead: Sequence[DraftStatement], gate: _Gate) -> Written:
    """The offline writer's whole answer behind the gate; it releases nothing yet."""
    since = gate.timer.now()
    draft = gate.parts.fallback.write(gate.request)
    gate.timer.add("write", since)
    led = {statement.passage_ids for statement in lead}
    rest = [s for s in draft.statements if s.passage_ids not in led or s.section is Section.DOSING]
    passed, withheld = split_passed(gate.judge(statement) for statement in (*lead, *rest))
    return Written(tuple(passed), tuple(withheld), draft)


def _offline_alone(offline: Written, gate: _Gate) -> Generator[Event, None, Written]:
    """``offline`` as it is, its statements released in the order of reading but for those that already were."""
    yield from gate.release(order_statements(offline.passed), by="offline")
    yield from (Kept(entry) for entry in offline.withheld)
    return offline


class _Whole:
    """A writer that does not stream, as a stream: its draft is written when the first statement is wanted."""

    def __init__(self, writer: Writer, request: WriteRequest, timer: Clock) -> None:
        self._writer, self._request, self._timer = writer, request, timer
        self.draft: Draft | None = None

    def __iter__(self) -> Iterator[DraftStatement]:
        since = self._timer.now()
        try:
            self.draft = self._writer.write(self._request)
        finally:
            self._timer.add("write", since)
        yield from self.draft.statements

    def close(self) -> None:
        """Nothing is open."""


def _omitted(
    drafted: Sequence[Passed], offline: Sequence[Passed], request: WriteRequest, parts: Parts
) -> Iterable[Passed]:
    """Offline statements for must-mention items the draft left out, and the bottom line when it has none."""
    cited = {key for entry in drafted for key in entry.passage_ids}
    if not any(entry.section is Section.BOTTOM_LINE for entry in drafted):
        yield from (entry for entry in offline if entry.section is Section.BOTTOM_LINE)
    used = {parts.corpus.passages[key].guideline for key in cited if key in parts.corpus.passages}
    given: set[str] = set()
    for item in due_mentions(read_asked(request, parts.known), parts.known, guidelines=used):
        if cited & set(item.passages):
            continue
        for entry in offline:
            if set(entry.passage_ids) & set(item.passages) and entry.text not in given:
                given.add(entry.text)
                yield entry
                break
