"""Joins pipeline and adapters: alone reads ``Settings`` and constructs what touches disk, network or a model.

``Assistant`` is the face for Python, the commands, the pages and the evals. What a call does not need is not loaded:
``check`` and ``parse`` open neither index nor encoder.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from assistant.adapters.corpus import read_corpus
from assistant.errors import AssistantError, IndexMissing, InputError, RetrievalError, SettingsError, StaleIndex
from assistant.records import (
    Answer,
    Audience,
    CheckedStatement,
    Corpus,
    Hit,
    Passage,
    Question,
    Reading,
    ReviewStatus,
    Turn,
)
from assistant.review.face import View
from assistant.settings import Settings
from assistant.version import VERSION

if TYPE_CHECKING:
    from assistant.adapters.board.board import Board
    from assistant.adapters.embedder import Embedder
    from assistant.adapters.index import Index
    from assistant.checker import Checker
    from assistant.events import Event
    from assistant.extractive import ExtractiveWriter
    from assistant.replaying import Record
    from assistant.writing import Writer

log = logging.getLogger(__name__)
Progress = Callable[[int, int], None]  # (done, total) texts encoded
# an answer has 20 seconds (ui.limits.Gate); when the model takes too long, the offline answer must still fit in
MODEL_TOTAL_S = 17.0


def say_progress(done: int, total: int) -> None:
    """A progress bar on standard error, for commands that had to build the index first."""
    global _bar
    if _bar is None:
        from tqdm import tqdm

        _bar = tqdm(total=total, unit="texts", desc="indexing", file=sys.stderr)
    _bar.total = total
    _bar.update(done - _bar.n)
    if done >= total:
        _bar.close()
        _bar = None


_bar = None


@dataclass(frozen=True, slots=True)
class OpenedIndex:
    """An index ready to search, and whether it had to be built for that."""

    index: Index
    was_built: bool


def open_or_build(
    settings: Settings, corpus: Corpus, *, build: bool, force: bool = False, progress: Progress | None = None
) -> OpenedIndex:
    """The index of ``corpus``. With ``build`` a missing, stale or damaged one is built first; ``force`` always builds.

    Without ``build``: IndexMissing, StaleIndex or RetrievalError. An index of another corpus is never searched.
    """
    from assistant.adapters.embedder import CachedEmbedder, load_embedder
    from assistant.adapters.index import build_index, open_index

    embedder: Embedder = load_embedder(settings.data / "encoder", export=build)
    if not force:
        try:
            return OpenedIndex(
                open_index(settings.index, corpus_digest=corpus.digest, embedder=embedder), was_built=False
            )
        except RetrievalError as error:
            if not build:
                raise
            if not isinstance(error, IndexMissing | StaleIndex):
                log.warning("the index is damaged and is built anew: %s", error)
    build_index(
        corpus, settings.index, embedder=CachedEmbedder(embedder, settings.data / "vectors.sqlite"), progress=progress
    )
    return OpenedIndex(open_index(settings.index, corpus_digest=corpus.digest, embedder=embedder), was_built=True)


def open_board(settings: Settings, corpus: Corpus) -> Board:
    """The review board over ``corpus``; its database is made when there is none. SettingsError when that fails."""
    try:
        from assistant.adapters.board.board import Board
    except ImportError as error:
        raise SettingsError(
            "ASSISTANT_REVIEW_DATABASE", "the review needs SQLAlchemy: pip install 'guideline-assistant[review]'"
        ) from error
    return Board.open(settings.review_url, corpus)


class Assistant:
    """Ask, check, search, parse. Safe to share between threads; same corpus and settings, same answers."""

    def __init__(
        self,
        settings: Settings,
        corpus: Corpus,
        *,
        build: bool,
        progress: Progress | None,
        today: Callable[[], date] = date.today,
    ) -> None:
        self.settings = settings
        self._files = corpus
        self._shown: tuple[View | None, Corpus] = (None, corpus)
        self._viewed: tuple[object, View | None] = (None, None)
        self._build = build
        self._progress = progress
        self._today = today
        self._lock = threading.Lock()
        self._index: Index | None = None

    @classmethod
    def open(
        cls, settings: Settings | None = None, *, build: bool = False, progress: Progress | None = None
    ) -> Assistant:
        """Read and check the corpus. ``build``: make the index when it is missing or stale, instead of refusing.

        Raises SettingsError or CorpusError; with a chat model also ModelError when its package or key is missing. The
        index is opened by the first question (IndexMissing, StaleIndex), or by ``warm``.
        """
        settings = settings or Settings.from_env(os.environ)
        assistant = cls(settings, read_corpus(settings.corpus), build=build, progress=progress)
        if settings.model:
            assistant.writer  # noqa: B018 - a model that cannot be used is said now, not at the first question
        return assistant

    @property
    def corpus(self) -> Corpus:
        """The corpus as readers see it: with the review board's statuses where there is a board, else the files' own."""
        view = self.board_view
        if view is None:
            return self._files
        if self._shown[0] != view:
            shelf = {
                key: replace(guideline, status=view.statuses.get(key, ReviewStatus.SUBMITTED))
                for key, guideline in self._files.guidelines.items()
            }
            self._shown = (view, replace(self._files, guidelines=shelf))
        return self._shown[1]

    @cached_property
    def board(self) -> Board:
        """The review board, its database made when there is none. SettingsError when that cannot be done."""
        return open_board(self.settings, self._files)

    @property
    def board_view(self) -> View | None:
        """What the board says of each guideline now; None while there is no board. Read anew when the log has grown or
        the day has changed. A log that cannot be read or believed approves nothing."""
        if not self.settings.has_review:
            return None
        try:
            now = (self.board.head(), self.board.today())
            if self._viewed[0] != now:
                self._viewed = (now, self.board.view())
        except AssistantError as error:
            self._viewed = (None, self._distrusted(str(error)))
        except Exception as error:  # the database driver's own errors: locked, gone, full
            self._viewed = (None, self._distrusted(type(error).__name__))
        return self._viewed[1]

    def _distrusted(self, trouble: str) -> View:
        last = self._viewed[1]
        if last is None or last.trouble != trouble:
            log.error("the review database is not believed, so nothing counts as approved: %s", trouble)
        return View(withdrawn=last.withdrawn if last else frozenset(), trouble=trouble)

    def warm(self) -> None:
        """Open the index and answer once offline, so that the first user does not wait; a chat model is not asked."""
        title = next(iter(self._files.guidelines.values())).title
        self._answer(Question(text=title), writer=None)

    def prepare(self) -> int:
        """Read every statement of the corpus once, so that no first question on a topic waits for it; the number read.

        Takes seconds for a large corpus: for a thread of its own at the start of a server.
        """
        from assistant.pipeline import prepare

        return prepare(self._files, self.checker)

    def ask(
        self,
        question: str,
        *,
        history: Iterable[Turn | Mapping[str, str]] = (),
        audience: Audience | str = Audience.CLINICIAN,
        jurisdiction: str | None = None,
        slots: Mapping[str, str] | None = None,
    ) -> Answer:
        """The answer to a question in its conversation; what is wrong with the question is said in the answer's state.

        InputError for an audience that does not exist; RetrievalError when the index cannot be used.
        """
        return self._answer(self._question(question, history, audience, jurisdiction, slots), writer=self.writer)

    def ask_stream(
        self,
        question: str,
        *,
        history: Iterable[Turn | Mapping[str, str]] = (),
        audience: Audience | str = Audience.CLINICIAN,
        jurisdiction: str | None = None,
        slots: Mapping[str, str] | None = None,
    ) -> Iterator[Event]:
        """As ``ask``, told while it is made (``assistant.events``): each statement once it was checked, ``Done`` last."""
        from assistant.pipeline import answer_stream

        asked = self._question(question, history, audience, jurisdiction, slots)
        return answer_stream(asked, writer=self.writer, today=self._today(), **self._collaborators())

    def record(
        self,
        question: str,
        *,
        history: Iterable[Turn | Mapping[str, str]] = (),
        audience: Audience | str = Audience.CLINICIAN,
        jurisdiction: str | None = None,
        slots: Mapping[str, str] | None = None,
    ) -> tuple[Answer, dict[str, Any]]:
        """The answer as from ``ask``, and its record, from which ``replay`` makes it again."""
        from assistant.replaying import record_to_json

        asked = self._question(question, history, audience, jurisdiction, slots)
        today = self._today()
        given = self._answer(asked, writer=self.writer, today=today)
        return given, record_to_json(
            asked,
            given,
            today=today,
            approved_only=self.settings.approved_only,
            asked_model=self.writer is not None,
        )

    def replay(self, record: Record) -> Answer:
        """The answer of a record made anew with this corpus, these rules and the recorded draft; no model is asked."""
        from assistant.replaying import RecordedWriter

        writer = RecordedWriter(record.draft) if record.asked_model else None
        return self._answer(record.question, writer=writer, today=record.today, approved_only=record.approved_only)

    def _question(
        self,
        text: str,
        history: Iterable[Turn | Mapping[str, str]],
        audience: Audience | str,
        jurisdiction: str | None,
        slots: Mapping[str, str] | None,
    ) -> Question:
        return Question(
            text=text,
            history=tuple(
                turn if isinstance(turn, Turn) else Turn(str(turn["role"]), str(turn["content"])) for turn in history
            ),
            audience=_audience(audience),
            jurisdiction=jurisdiction or self.settings.jurisdiction,
            slots=dict(slots or {}),
        )

    def _answer(
        self,
        question: Question,
        *,
        writer: Writer | None,
        today: date | None = None,
        approved_only: bool | None = None,
    ) -> Answer:
        from assistant.pipeline import answer

        made_with = self._collaborators()
        if approved_only is not None:
            made_with["approved_only"] = approved_only
        return answer(question, writer=writer, today=today or self._today(), **made_with)

    def _collaborators(self) -> dict[str, Any]:
        """What every answer is made with but its writer and its day."""
        return {
            "corpus": self._files,
            "retriever": self._retriever(),
            "fallback": self._offline,
            "checker": self.checker,
            "version": VERSION,
            "approved_only": self.settings.approved_only,
            "board": self.board_view,
        }

    def check(self, text: str, source: str | None = None) -> tuple[CheckedStatement, ...]:
        """Audit any text against the corpus, or against one ``source`` text."""
        return self.checker.audit(text, source)

    def findings(self, guideline_id: str) -> tuple[tuple[Passage, CheckedStatement], ...]:
        """What the checker says of each statement of a guideline, against its own passage."""
        passages = self._files.guidelines[guideline_id].passages
        return tuple((p, self.checker.check_statement(p.text, passage_ids=(p.id,))) for p in passages)

    def search(self, text: str, limit: int = 10) -> tuple[Hit, ...]:
        return self._retriever().search(text, limit)

    def parse(self, text: str, locale: str | None = None) -> Reading:
        from assistant.parsing import read

        return read(text, locale)

    @cached_property
    def checker(self) -> Checker:
        from assistant.checker import Checker

        return Checker(self._files)

    @cached_property
    def _offline(self) -> ExtractiveWriter:
        from assistant.extractive import ExtractiveWriter

        return ExtractiveWriter(self._files)

    @cached_property
    def writer(self) -> Writer | None:
        """The chat model's writer, or None when none is configured."""
        if self.settings.model is None:
            return None
        from assistant.adapters.llm import Limits, open_chat_writer
        from assistant.masking import mask_identifiers

        return open_chat_writer(
            model=self.settings.model,
            environ=os.environ,
            provider=self.settings.provider,
            base_url=self.settings.base_url,
            api_key=self.settings.api_key,
            allow_tracing=self.settings.allow_tracing,
            limits=Limits(total_s=MODEL_TOTAL_S),
            mask=lambda text: mask_identifiers(text).text,
        )

    def _retriever(self) -> Index:
        with self._lock:
            if self._index is None:
                self._index = open_or_build(
                    self.settings, self._files, build=self._build, progress=self._progress
                ).index
            return self._index


def _audience(name: Audience | str) -> Audience:
    try:
        return Audience(name)
    except ValueError as error:
        known = ", ".join(audience.value for audience in Audience)
        raise InputError("bad_audience", f"no audience {name!r}; one of {known}") from error
