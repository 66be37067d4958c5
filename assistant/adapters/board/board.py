"""The review board over one corpus and one database: the queue, the steps, the log, what readers are to be shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from assistant.adapters.board.accounts import COST, NAME, Accounts
from assistant.adapters.board.log import Clock, Held, append, head_of, keep_copy, read_log, sound_log, utc_now
from assistant.adapters.board.schema import open_database, writing
from assistant.errors import InputError
from assistant.records import Corpus
from assistant.review.chain import Fault, Standings, replay
from assistant.review.content import content_hash, review_copy
from assistant.review.face import Event, Topic, View
from assistant.review.steps import Act, Person, Standing, State, Wish, take

TRIES = 5  # of a step that another process got in before


class Board:
    """Safe to share between threads and processes; every step reads the log and adds to it in one transaction."""

    def __init__(
        self, engine: Engine, corpus: Corpus, *, clock: Clock = utc_now, cost: tuple[int, int, int] = COST
    ) -> None:
        self._engine, self._clock = engine, clock
        self.corpus = corpus
        self.accounts = Accounts(engine, clock=clock, cost=cost)
        self._copies: dict[str, str] = {}

    @classmethod
    def open(cls, url: str, corpus: Corpus, *, clock: Clock = utc_now, cost: tuple[int, int, int] = COST) -> Board:
        """SettingsError when the database cannot be opened or is of a newer version."""
        return cls(open_database(url), corpus, clock=clock, cost=cost)

    def close(self) -> None:
        self._engine.dispose()

    def today(self) -> date:
        return self._clock().astimezone(UTC).date()

    # ----------------------------------------------------------------------- reading

    def copy(self, guideline_id: str) -> str:
        """The readable copy of the text as it lies in the corpus; InputError for a guideline that is not there."""
        if guideline_id not in self._copies:
            guideline = self.corpus.guidelines.get(guideline_id)
            if guideline is None:
                raise InputError(
                    "no_guideline", f"there is no guideline {guideline_id!r}; `assistant review list` has them"
                )
            self._copies[guideline_id] = review_copy(guideline, self.corpus)
        return self._copies[guideline_id]

    def topics(self) -> list[Topic]:
        """Every guideline of the corpus. LogDamaged when the log does not prove itself: nothing is then shown as done."""
        with self._engine.connect() as connection:
            held = sound_log(connection)
        standings = replay(held.entries, held.comments)
        return [self._topic(key, standings, held) for key in self.corpus.guidelines]

    def topic(self, guideline_id: str) -> Topic:
        self.copy(guideline_id)
        with self._engine.connect() as connection:
            held = sound_log(connection)
        return self._topic(guideline_id, replay(held.entries, held.comments), held)

    def _topic(self, guideline_id: str, standings: Standings, held: Held) -> Topic:
        content = content_hash(self.copy(guideline_id))
        standing = standings.get((guideline_id, content), Standing()).on(self.today())
        approvals = [e.content for e in held.entries if e.guideline == guideline_id and e.action == Act.APPROVE]
        edited = standing.state is State.UNSIGNED and any(key[0] == guideline_id for key in standings)
        return Topic(
            self.corpus.guidelines[guideline_id], content, standing, approvals[-1] if approvals else "", edited
        )

    def held_copy(self, content: str) -> str:
        """A text that the log is about, as it was; "" when it was never held."""
        with self._engine.connect() as connection:
            return read_log(connection).copies.get(content, "")

    def history(self, guideline_id: str | None = None) -> list[Event]:
        """The log, oldest first, of one guideline or of everything."""
        with self._engine.connect() as connection:
            held = read_log(connection)
        return [
            Event(entry, held.comments.get(entry.number, ""))
            for entry in held.entries
            if guideline_id is None or entry.guideline == guideline_id
        ]

    def verify(self, head: tuple[int, str] | None = None) -> tuple[Fault, ...]:
        with self._engine.connect() as connection:
            return read_log(connection).faults(head)

    def head(self) -> tuple[int, str]:
        """Number and hash of the last row: note it where nobody who can write to the database can."""
        with self._engine.connect() as connection:
            return head_of(connection)

    def view(self) -> View:
        topics = self.topics()
        return View(
            {topic.guideline.id: topic.status for topic in topics},
            frozenset(topic.guideline.id for topic in topics if topic.standing.state is State.WITHDRAWN),
        )

    # ----------------------------------------------------------------------- steps

    def wishes(self, topic: Topic, *, comment: str = "") -> Mapping[Act, Wish]:
        """Every step with this very text, to be asked whether it is open."""
        by = topic.guideline.review_by
        return {act: Wish(act, topic.content, topic.content, by, comment) for act in Act}

    def act(
        self,
        person: Person,
        guideline_id: str,
        act: Act,
        *,
        content: str,
        comment: str = "",
        authors: frozenset[str] = frozenset(),
    ) -> Topic:
        """Take a step and write it down. ``content`` is the hash that the person has seen. ReviewRefusal when the rules
        refuse it, InputError for an unknown account or guideline, LogDamaged when the log is."""
        copy = self.copy(guideline_id)
        unknown = sorted(name for name in authors if not NAME.fullmatch(name))
        if unknown:
            raise InputError("bad_name", f"{unknown[0]!r} is no account's name")
        wish = Wish(
            act, content, content_hash(copy), self.corpus.guidelines[guideline_id].review_by, comment.strip(), authors
        )
        for attempt in range(TRIES):
            try:
                self._append(person, guideline_id, wish, copy)
                break
            except IntegrityError:  # another process was first: read again what is there now
                if attempt == TRIES - 1:
                    raise
        return self.topic(guideline_id)

    def _append(self, person: Person, guideline_id: str, wish: Wish, copy: str) -> None:
        now = self._clock().astimezone(UTC)
        account = self.accounts.get(person.name)
        if account is None or account.disabled:
            raise InputError("no_account", f"there is no account {person.name!r} that may act")
        actor = account.person  # the roles of now, not those of when the session began
        with writing(self._engine).begin() as connection:
            held = sound_log(connection)
            standing = replay(held.entries, held.comments).get((guideline_id, wish.content), Standing())
            after = take(standing, wish, actor, today=now.date())
            keep_copy(connection, wish.content, copy)
            append(
                connection, now=now, actor=actor.name, roles=",".join(sorted(actor.roles)), action=wish.act.value,
                guideline=guideline_id, content=wish.content,
                authors=",".join(sorted(wish.authors)) if wish.act is Act.SUBMIT else "",
                expires=after.expires.isoformat() if after.expires else "", comment=wish.comment,
            )  # fmt: skip
