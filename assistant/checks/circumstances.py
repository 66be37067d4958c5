"""Is what a denial is about itself denied? "Contraindicated in people who are not deficient" where the source says deficient.

A sentence that forbids speaks of circumstances ("in pregnancy", "if the eGFR is low"). Whether each is there or absent is
read by itself, apart from the denial of the sentence, and compared with the circumstances of the source's forbidding
sentences.
"""

from __future__ import annotations

from collections.abc import Iterator

from assistant.checks.finding import Asked, Compared, Finding, Severity
from assistant.circumstances import denied_nearby
from assistant.evidence import Evidence
from assistant.frames import DOSING_GRAMMAR
from assistant.vocabulary import Vocabulary
from assistant.wording import Word
from assistant.wording_lists import NEUTRAL


def check_circumstances(
    asked: Asked, evidence: Evidence, compared: Compared, vocabulary: Vocabulary
) -> Iterator[Finding]:
    """At most one finding: a word that is there in every forbidding sentence of the source, and here is said to be absent."""
    mine = asked.read.circumstances
    if not mine:
        return
    theirs = evidence.circumstances
    for word in asked.read.wording.words:
        if word.start not in mine or word.stem in NEUTRAL or word.stem in DOSING_GRAMMAR:
            continue
        if word.stem.startswith("term:") or word.stem[0].isdigit():
            continue
        signs = theirs.get(word.stem, frozenset())
        known = bool(signs) or word.stem in evidence.stems
        added = mine[word.start] and known and True not in signs and not denied_nearby(evidence.read.wording, word.stem)
        if added or (signs and mine[word.start] not in signs):
            said = asked.text[word.start : word.end]
            state = ("present", "absent")
            yield Finding(
                "circumstances",
                Severity.CONFLICT,
                f"the source speaks of {said!r} being {state[not mine[word.start]]}, the statement of its being {state[mine[word.start]]}",
                word.start,
                word.end,
                expected={"circumstance": state[not mine[word.start]]},
                observed={"circumstance": state[mine[word.start]]},
            )
            return


def is_same_circumstance(word: Word, mine: dict[int, bool], evidence: Evidence) -> bool:
    """Whether a word of a circumstance is there or absent just as in the source, whatever the sentence around it denies."""
    return word.start in mine and mine[word.start] in evidence.circumstances.get(word.stem, frozenset())
