"""Do the two sides of a relation stand in the source's order? "A rather than B", "A before B", "from A to B".

A relation is looked at only where both texts use the same one: "A before B" and "B after A" agree.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.checks.finding import Asked, Compared, Finding, Severity
from assistant.evidence import Evidence
from assistant.relations import INSTEAD, Relation
from assistant.vocabulary import Vocabulary
from assistant.wording import stem_of
from assistant.wording_lists import NEGATES_CLAUSE, NEGATES_PHRASE

_TIMES = frozenset(
    stem_of(word) for word in "minute minutes hour hours day days week weeks month months year years".split()
)


def check_ordered(asked: Asked, evidence: Evidence, compared: Compared, vocabulary: Vocabulary) -> Iterator[Finding]:
    """At most one finding: two sides changed over, or both taken where the source takes one in the other's place."""
    theirs = evidence.read.relations
    if not theirs:
        return
    for mine in asked.read.relations:
        same = [other for other in theirs if other.kind == mine.kind]
        turned = next((other for other in same if _is_turned(mine, other, same)), None)
        if turned is not None:
            yield _finding("the two sides stand the other way round in the source", mine.start, mine.end, turned)
            return
    tokens = {stem_of(token) for token, _, _ in asked.read.wording.tokens}
    words = {token for token, _, _ in asked.read.wording.tokens}
    if words & (NEGATES_CLAUSE | NEGATES_PHRASE | {"rather", "instead", "over", "than"}):
        return
    for other in theirs:
        if other.kind == INSTEAD and other.object and set(other.object) <= tokens and other.left & tokens:
            yield _finding("the source takes one in place of the other", 0, len(asked.text), other)
            return


def _finding(reason: str, start: int, end: int, source: Relation) -> Finding:
    return Finding("ordered", Severity.CONFLICT, reason, start, end, source=(source.start, source.end))


def _is_turned(mine: Relation, other: Relation, same: Sequence[Relation]) -> bool:
    """Whether a word from the left of ``other`` stands on the right here and one from its right on the left."""
    left = (mine.left - mine.right) & (other.right - other.left) - _TIMES
    right = (mine.right - mine.left) & (other.left - other.right) - _TIMES
    return bool(left and right) and not any(left & one.left and right & one.right for one in same)
