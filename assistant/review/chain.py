"""The audit log as a chain of hashes, and what it proves. Pure.

Each row's own hash covers all of its fields and the hash of the row before it, so no row can be changed, taken out, put
in or moved without breaking the chain at a row that can be named. Beyond the hashes, the log is replayed: a row that
the rules of ``steps`` would have refused is a fault even when its hashes are right. Rows cut off at the end are found
by the seal (number and hash of the last row, kept apart), or by a head that was noted elsewhere: whoever can rewrite
the whole database can forge a whole chain, and only a head kept out of their reach shows that.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from hashlib import sha256

from assistant.review.steps import Act, Person, ReviewRefusal, Role, Standing, Wish, take

GENESIS = "sha256:" + "0" * 64  # what the first row has before it
ACCOUNT_ACTS = frozenset({"user_add", "user_disable", "user_enable", "user_password", "user_roles"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One row. ``time`` is UTC, ISO 8601 with Z. ``roles`` are the actor's at that time, ``authors`` those named at a
    submission, both comma-separated in alphabetical order. ``expires`` is the last day of an approval. ``subject`` is
    the account that an account row is about. The comment itself lies elsewhere; here is its hash."""

    number: int
    time: str
    actor: str
    roles: str
    action: str
    guideline: str
    content: str
    authors: str
    expires: str
    subject: str
    comment: str
    previous: str
    own: str = ""

    def sealed(self) -> str:
        """The hash that ``own`` must have."""
        values = {name: value for name, value in asdict(self).items() if name != "own"}
        text = json.dumps(values, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
        return "sha256:" + sha256(text.encode("ascii")).hexdigest()


FIELDS = tuple(field.name for field in fields(Entry))


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a row; ``number`` is the row's place in the log, from 1."""

    number: int
    reason: str


def comment_hash(comment: str) -> str:
    return "sha256:" + sha256(comment.encode("utf-8")).hexdigest() if comment else ""


def faults(
    entries: Sequence[Entry],
    *,
    seal: tuple[int, str] | None,
    comments: Mapping[int, str],
    copies: Mapping[str, str] | None = None,
    head: tuple[int, str] | None = None,
) -> tuple[Fault, ...]:
    """Everything wrong with the log, in order. ``entries`` in the order of their numbers; ``comments`` by number;
    ``copies`` by content hash; ``head``: number and own hash of a row as it was noted elsewhere."""
    found: list[Fault] = []
    previous = GENESIS
    for place, entry in enumerate(entries, 1):
        if entry.number != place:
            kind = "is missing" if entry.number > place else "was put in or moved"
            found.append(Fault(place, f"row {place} {kind}: row {entry.number} stands in its place"))
            break  # every later row would only repeat it
        if entry.own != entry.sealed():
            found.append(Fault(place, f"row {place} ({entry.action}) was changed: its hash does not fit its fields"))
        elif entry.previous != previous:
            found.append(Fault(place, f"row {place} does not follow row {place - 1}: one was put in, removed or moved"))
        previous = entry.own
        said = comments.get(place, "")
        if entry.comment != comment_hash(said):
            what = "was changed" if said else "was removed"
            found.append(Fault(place, f"the comment of row {place} {what}"))
    found += _end_faults(entries, seal, head)
    found += _copy_faults(entries, copies)
    found += _replay(entries)[1]
    return tuple(sorted(set(found), key=lambda fault: (fault.number, fault.reason)))


def _end_faults(
    entries: Sequence[Entry], seal: tuple[int, str] | None, head: tuple[int, str] | None
) -> Iterable[Fault]:
    last = (entries[-1].number, entries[-1].own) if entries else (0, GENESIS)
    sealed = seal or (0, GENESIS)
    if sealed[0] > last[0]:
        yield Fault(last[0] + 1, f"rows {last[0] + 1} to {sealed[0]} were removed from the end")
    elif sealed != last:
        yield Fault(last[0], f"row {last[0]} is not the row that was sealed last (row {sealed[0]})")
    if head is not None:
        noted = next((entry for entry in entries if entry.number == head[0]), None)
        if noted is None or noted.own != head[1]:
            yield Fault(head[0], f"row {head[0]} is not the row whose hash was noted: the log was rewritten")


def _copy_faults(entries: Sequence[Entry], copies: Mapping[str, str] | None) -> Iterable[Fault]:
    """Stored copies of the texts must hash to the content they are kept for."""
    if copies is None:
        return
    for entry in entries:
        if entry.content and entry.content not in copies:
            yield Fault(entry.number, f"the text that row {entry.number} is about was removed")
        elif entry.content and "sha256:" + sha256(copies[entry.content].encode("utf-8")).hexdigest() != entry.content:
            yield Fault(entry.number, f"the text that row {entry.number} is about was changed")


Standings = dict[tuple[str, str], Standing]


def replay(entries: Sequence[Entry], comments: Mapping[int, str]) -> Standings:
    """The standing of every (guideline, content hash) that the log has ever named."""
    return _replay(entries, comments)[0]


def _replay(entries: Sequence[Entry], comments: Mapping[int, str] | None = None) -> tuple[Standings, list[Fault]]:
    standings: Standings = {}
    found: list[Fault] = []
    for entry in entries:
        if entry.action in ACCOUNT_ACTS:
            continue
        key = (entry.guideline, entry.content)
        said = (comments or {}).get(entry.number, "a comment" if entry.comment else "")
        try:
            day = date.fromisoformat(entry.time[:10])
            wish = Wish(
                act=Act(entry.action),
                content=entry.content,
                current=entry.content,
                review_by=date.fromisoformat(entry.expires) if entry.action == Act.APPROVE else day,
                comment=said,
                authors=frozenset(filter(None, entry.authors.split(","))),
            )
            person = Person(entry.actor, frozenset(Role(name) for name in entry.roles.split(",") if name))
            standings[key] = take(standings.get(key, Standing()), wish, person, today=day, at=entry.time)
        except ReviewRefusal as refused:
            found.append(Fault(entry.number, f"row {entry.number} is a step that the rules refuse: {refused}"))
        except ValueError:
            found.append(Fault(entry.number, f"row {entry.number} cannot be read"))
    return standings, found
