"""Does the claim say "high" where the source says "low", "before" where it says "after", "start" where it says "stop"?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.checks.clauses import best_clause, clause_items
from assistant.checks.finding import Asked, Compared, Finding, Severity
from assistant.evidence import Evidence
from assistant.vocabulary import Vocabulary
from assistant.wording import OPPOSITE_STEMS, Word


def _beside(evidence: Evidence, asked: Asked) -> Iterator[tuple[Word, str]]:
    """Words that stand beside a neighbour where the source has their opposite: "start exposure" for "stop exposure"."""
    words = [w for w in asked.read.wording.words if not w.stem.startswith("term:")]
    pairs = evidence.pairs
    for before, word, after in zip([None, *words], words, [*words[1:], None], strict=False):
        for opposite in sorted(OPPOSITE_STEMS.get(word.stem, frozenset())):
            turned_left = (
                before is not None and (before.stem, opposite) in pairs and (before.stem, word.stem) not in pairs
            )
            turned_right = (
                after is not None and (opposite, after.stem) in pairs and (word.stem, after.stem) not in pairs
            )
            if turned_left or turned_right:
                yield word, opposite


def check_opposites(asked: Asked, evidence: Evidence, compared: Compared, vocabulary: Vocabulary) -> Iterator[Finding]:
    """At most one finding: a word whose opposite stands in the nearest clause of the source, and which itself does
    not.
    """
    for turned, other in _beside(evidence, asked):
        yield _finding(asked, turned, other)
        return
    ended = _ended(asked, evidence)
    if ended is not None:
        yield ended
        return
    for index in range(len(asked.read.wording.clauses)):
        words = [w for w in asked.read.words if w.clause == index]
        if not any(w.stem in OPPOSITE_STEMS for w in words):
            continue
        nearest = best_clause({w.stem for w in words}, evidence)
        theirs = {stem for stem, _ in (clause_items(evidence)[nearest] if nearest is not None else frozenset())}
        around = _sentence_stems(evidence, nearest)
        for word in words:
            opposite = OPPOSITE_STEMS.get(word.stem, frozenset())
            near = opposite & theirs and word.stem not in around
            anywhere = len(evidence.sentences) <= 2 and opposite & evidence.stems and word.stem not in evidence.stems
            mine = {w.stem for w in words}
            if (near or anywhere) and not (opposite & mine):
                found = sorted(opposite & (theirs if near else evidence.stems))[0]
                yield _finding(asked, word, found)
                return


_STILL = re.compile(r"\bstill\b", re.IGNORECASE)
_ENDED = re.compile(r"\b(?:no|not\s+any)\s+longer\b|\bnot\b[^.;:]{1,40}\bany\s*(?:more|longer)\b", re.IGNORECASE)


def _ended(asked: Asked, evidence: Evidence) -> Finding | None:
    """ "Still" where the source says "no longer", and the other way round, in the clause about what stands before it."""
    text = evidence.read.text
    for mine, theirs in ((_STILL, _ENDED), (_ENDED, _STILL)):
        said = mine.search(asked.text)
        if said is None or not theirs.search(text):
            continue
        stems = {w.stem for w in asked.read.words if not w.neutral}
        stems = {w.stem for w in asked.read.words if not w.neutral and w.end <= said.start()} or stems
        shares = [len(stems & {stem for stem, _ in items}) for items in evidence.clause_items]
        most = max(shares, default=0)
        near = [clause for clause, share in zip(evidence.read.wording.clauses, shares, strict=True) if share == most]
        if most * 2 < len(stems) or any(mine.search(text, clause.start, clause.end) for clause in near):
            continue
        found = next((m for clause in near if (m := theirs.search(text, clause.start, clause.end))), None)
        if found is not None:
            return Finding(
                "opposites",
                Severity.CONFLICT,
                f"the statement says {said[0]!r}, the source {found[0]!r}",
                said.start(),
                said.end(),
                expected={"word": found[0]},
                observed={"word": said[0]},
                source=found.span(),
            )
    return None


def _sentence_stems(evidence: Evidence, clause: int | None) -> frozenset[str]:
    """The words of the sentence in which a clause of the source stands."""
    if clause is None:
        return frozenset()
    at = evidence.read.wording.clauses[clause].start
    items = next((items for start, end, items in evidence.sentences if start <= at + 2 < end), frozenset())
    return frozenset(stem for stem, _ in items)


def _finding(asked: Asked, word: Word, opposite: str) -> Finding:
    said = asked.text[word.start : word.end]
    reason = f"the statement says {said!r}, the source says the opposite"
    return Finding(
        "opposites",
        Severity.CONFLICT,
        reason,
        word.start,
        word.end,
        expected={"word": opposite},
        observed={"word": said},
    )
