"""The audit log in the database: append under a lock, read, verify. Nothing here changes or removes a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy import Connection, insert, select, update

from assistant.adapters.board.schema import AUDIT, COMMENT, COPY, SEAL
from assistant.errors import AssistantError
from assistant.review.chain import FIELDS, GENESIS, Entry, Fault, comment_hash, faults

Clock = Callable[[], datetime]


class LogDamaged(AssistantError):
    """The audit log does not prove itself any more; nothing is added to it and no approval counts."""

    def __init__(self, found: tuple[Fault, ...]) -> None:
        super().__init__(f"the audit log is damaged: {found[0].reason}; run `assistant review verify`")
        self.found = found


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Held:
    """All that the log holds, in order; ``comments`` by row number, ``copies`` by content hash."""

    entries: tuple[Entry, ...]
    comments: Mapping[int, str]
    copies: Mapping[str, str]
    seal: tuple[int, str] | None

    def faults(self, head: tuple[int, str] | None = None) -> tuple[Fault, ...]:
        return faults(self.entries, seal=self.seal, comments=self.comments, copies=self.copies, head=head)


def read_log(connection: Connection) -> Held:
    rows = connection.execute(select(AUDIT).order_by(AUDIT.c.number)).mappings()
    entries = tuple(Entry(**{name: row[name] for name in FIELDS}) for row in rows)
    comments = {row.number: row.text for row in connection.execute(select(COMMENT))}
    copies = {row.content: row.text for row in connection.execute(select(COPY))}
    seal = connection.execute(select(SEAL.c.number, SEAL.c.own).where(SEAL.c.id == 1)).first()
    return Held(entries, comments, copies, (seal.number, seal.own) if seal else None)


def head_of(connection: Connection) -> tuple[int, str]:
    """Number and hash of the seal; cheap, for asking whether anything happened."""
    seal = connection.execute(select(SEAL.c.number, SEAL.c.own).where(SEAL.c.id == 1)).first()
    return (seal.number, seal.own) if seal else (0, GENESIS)


def sound_log(connection: Connection) -> Held:
    """The log, or LogDamaged."""
    held = read_log(connection)
    found = held.faults()
    if found:
        raise LogDamaged(found)
    return held


def append(
    connection: Connection,
    *,
    now: datetime,
    actor: str,
    roles: str,
    action: str,
    guideline: str = "",
    content: str = "",
    authors: str = "",
    expires: str = "",
    subject: str = "",
    comment: str = "",
) -> Entry:
    """One more row, its comment and the seal, in the caller's writing transaction. LogDamaged when the log is."""
    held = sound_log(connection)
    number, previous = (held.entries[-1].number, held.entries[-1].own) if held.entries else (0, GENESIS)
    entry = Entry(
        number=number + 1,
        time=now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        actor=actor,
        roles=roles,
        action=action,
        guideline=guideline,
        content=content,
        authors=authors,
        expires=expires,
        subject=subject,
        comment=comment_hash(comment),
        previous=previous,
    )
    entry = replace(entry, own=entry.sealed())
    connection.execute(insert(AUDIT).values({name: getattr(entry, name) for name in FIELDS}))
    if comment:
        connection.execute(insert(COMMENT).values(number=entry.number, text=comment))
    if held.seal is None:
        connection.execute(insert(SEAL).values(id=1, number=entry.number, own=entry.own))
    else:
        connection.execute(update(SEAL).where(SEAL.c.id == 1).values(number=entry.number, own=entry.own))
    return entry


def keep_copy(connection: Connection, content: str, copy: str) -> None:
    """Hold the text that a row is about, once."""
    if connection.execute(select(COPY.c.content).where(COPY.c.content == content)).first() is None:
        connection.execute(insert(COPY).values(content=content, text=copy))
