"""Clause against clause: which clause of the source speaks about the same thing as a clause of the claim."""

from __future__ import annotations

from collections.abc import Iterable, Set

from assistant.checks.finding import Asked, Compared
from assistant.evidence import Evidence
from assistant.frames import Item
from assistant.wording_lists import NEUTRAL


def clause_items(evidence: Evidence) -> tuple[frozenset[Item], ...]:
    """The words of each clause of the evidence, with their sign."""
    return evidence.clause_items


def best_clause(stems: Iterable[str], evidence: Evidence, items: Set[Item] = frozenset()) -> int | None:
    """Index of the clause with most words in common; None when none shares a third of the words.

    Of equals the one that shares most of ``items`` with their sign, then the first.

    Words that carry meaning count double, so that "offer treatment" does not meet every other offer of treatment.
    """
    wanted = set(stems)
    if not wanted:
        return None
    best, best_score, best_signed = None, 0, -1
    for index, theirs in enumerate(evidence.clause_items):
        shared = wanted & {stem for stem, _ in theirs}
        score = sum(1 if stem in NEUTRAL else 2 for stem in shared)
        signed = len(items & theirs)
        if score and (score, signed) > (best_score, best_signed):
            best, best_score, best_signed = index, score, signed
    needed = sum(1 if stem in NEUTRAL else 2 for stem in wanted) / 3
    return best if best_score >= max(needed, 2) else None


def nearest_clause(index: int, asked: Asked, evidence: Evidence, compared: Compared) -> int | None:
    """The source's clause for a clause of the claim: the one that holds its numbers, else the one with most of its
    words.
    """
    clause = asked.read.wording.clauses[index]
    clauses = evidence.read.wording.clauses
    for match in compared.matches:
        frame = asked.read.frames[match.claim]
        if match.agrees and match.source is not None and clause.start <= frame.start < clause.end:
            at = evidence.read.frames[match.source].start
            found = next((n for n, c in enumerate(clauses) if c.start <= at < c.end), None)
            if found is not None:
                return found
    words = [w for w in asked.read.wording.words if w.clause == index]
    return best_clause({w.stem for w in words}, evidence, {item for w in words for item in w.items})
