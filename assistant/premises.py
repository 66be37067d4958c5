"""What a question takes for granted and the corpus contradicts: named first, with the statement that corrects it.

The question's own assertion goes through the same checker as any draft. A firm assertion ("B12 carries an OR of 5.90,
right?") is judged by every rule, a mere presupposition ("how do I use B12 as a tumour marker?") only by rules about what
must not be stated: the numbers of a patient in a question contradict nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.gate import StatementChecker
from assistant.records import CheckedClaim, Corpus, Verdict
from assistant.understanding import Assertion

BLOCKING = frozenset({"must_not_state", "contraindication", "never_event"})
_NUMERIC = frozenset({"dose", "maximum", "threshold", "effect", "percentage", "equivalence", "interval", "duration"})


@dataclass(frozen=True, slots=True)
class Correction:
    """``passage`` says what holds instead of ``assertion``."""

    assertion: str
    passage: str
    rule: str

    @property
    def notice(self) -> str:
        return f"The question takes for granted: “{self.assertion}” The source says otherwise; see the first statement."


def find_corrections(
    assertions: Sequence[Assertion], checker: StatementChecker, corpus: Corpus, *, passage_ids: Sequence[str]
) -> tuple[Correction, ...]:
    """At most two corrections, in the order of the assertions; each names a passage of the corpus."""
    found: dict[str, Correction] = {}
    for assertion in assertions:
        for claim in _contradicted(assertion, checker, corpus, passage_ids=passage_ids):
            passage = corpus.rules[claim.rule].passage if claim.rule else ""
            if passage in corpus.passages:
                found.setdefault(passage, Correction(assertion.text, passage, claim.rule or ""))
                break
    return tuple(found.values())[:2]


def _contradicted(
    assertion: Assertion, checker: StatementChecker, corpus: Corpus, *, passage_ids: Sequence[str]
) -> list[CheckedClaim]:
    claims: list[CheckedClaim] = []
    for ids in ((), tuple(passage_ids)):  # a must-not-state rule holds whatever is cited; a figure needs its passage
        checked = checker.check_statement(assertion.text, passage_ids=ids)
        claims += [claim for claim in checked.claims if claim.verdict is Verdict.CONTRADICTED and claim.rule in corpus.rules]
        if not assertion.is_firm:
            break
    kinds = BLOCKING | _NUMERIC if assertion.is_firm else BLOCKING
    return sorted((claim for claim in claims if corpus.rules[claim.rule or ""].kind in kinds), key=lambda claim: corpus.rules[claim.rule or ""].kind not in BLOCKING)
