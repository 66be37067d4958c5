"""One file per question asked of a claim. A check reports faults and never decides what they mean (see ``verdicts``)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from assistant.checks.asserted import check_asserted
from assistant.checks.binding import check_binding
from assistant.checks.bounds import check_bounds
from assistant.checks.broadening import check_broadening
from assistant.checks.circumstances import check_circumstances
from assistant.checks.conditions import check_conditions
from assistant.checks.consistency import check_consistency
from assistant.checks.crossing import check_crossing
from assistant.checks.edits import check_edits
from assistant.checks.finding import Asked, Compared, Finding
from assistant.checks.firmness import check_firmness
from assistant.checks.jurisdiction import check_jurisdiction
from assistant.checks.matching import compare
from assistant.checks.neighbours import check_neighbours
from assistant.checks.numerals import check_numerals
from assistant.checks.opposites import check_opposites
from assistant.checks.ordered import check_ordered
from assistant.checks.polarity import check_polarity
from assistant.checks.portions import check_portions
from assistant.checks.steps import check_steps
from assistant.checks.subject import on_subject
from assistant.checks.swallowed import check_swallowed
from assistant.checks.understood import check_understood
from assistant.checks.values import check_values
from assistant.checks.words import check_words
from assistant.evidence import Evidence
from assistant.vocabulary import Vocabulary

Check = Callable[[Asked, Evidence, Compared, Vocabulary], Iterator[Finding]]

ALL_CHECKS: tuple[Check, ...] = (
    check_understood,
    check_numerals,
    check_values,
    check_swallowed,
    check_bounds,
    check_binding,
    check_neighbours,
    check_crossing,
    check_conditions,
    check_broadening,
    check_portions,
    check_steps,
    check_consistency,
    check_edits,
    check_circumstances,
    check_polarity,
    check_opposites,
    check_ordered,
    check_firmness,
    check_jurisdiction,
    check_asserted,
    check_words,
)


def run_checks(asked: Asked, evidence: Evidence, vocabulary: Vocabulary) -> tuple[Compared, tuple[Finding, ...]]:
    """Every finding of every check, in the order of ``ALL_CHECKS``."""
    compared = compare(asked, evidence, vocabulary)
    found = (finding for check in ALL_CHECKS for finding in check(asked, evidence, compared, vocabulary))
    return compared, tuple(on_subject(found, asked, evidence))
