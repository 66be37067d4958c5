"""Does the claim say "high" where the source says "low", "before" where it says "after", "start" where it says "stop"?"""

from __future__ import annotations

from collections.abc import Iterator

from assistant.checks.clauses import best_clause, clause_items
from assistant.checks.finding import Asked, Compared, Finding, Severity
from assistant.evidence import Evidence
from assistant.vocabulary import Vocabulary
from assistant.wording_lists import OPPOSITES


def check_opposites(asked: Asked, evidence: Evidence, compared: Compared, vocabulary: Vocabulary) -> Iterator[Finding]:
    """At most one finding: a word whose opposite stands in the nearest clause of the source, and which itself does not."""
    for index in range(len(asked.read.wording.clauses)):
        words = [w for w in asked.read.words if w.clause == index]
        if not any(w.stem in OPPOSITES for w in words):
            continue
        nearest = best_clause({w.stem for w in words}, evidence)
        theirs = {stem for stem, _ in (clause_items(evidence)[nearest] if nearest is not None else frozenset())}
        for word in words:
            opposite = OPPOSITES.get(word.stem, frozenset())
            near = opposite & theirs and word.stem not in theirs
            anywhere = opposite & evidence.stems and word.stem not in evidence.stems
            mine = {w.stem for w in words}
            if (near or anywhere) and not (opposite & mine):
                found = sorted(opposite & (theirs if near else evidence.stems))[0]
                said = asked.text[word.start : word.end]
                yield Finding(
                    "opposites",
                    Severity.CONFLICT,
                    f"the statement says {said!r}, the source says the opposite",
                    word.start,
                    word.end,
                    expected={"word": found},
                    observed={"word": said},
                )
                return
