"""What a question takes for granted and the corpus does not bear out: named first, with the statement that says so.

The question's own assertion goes through the same checker as any draft. A firm assertion ("B12 carries an OR of 5.90,
right?") is judged by its figures too, a mere presupposition ("how do I use B12 as a tumour marker?") only by rules
about what must not be stated: the numbers of a patient in a question contradict nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.gate import StatementChecker
from assistant.records import CheckedClaim, CheckedStatement, Corpus, Verdict
from assistant.slots import read_slots
from assistant.understanding import Assertion

BLOCKING = frozenset({"must_not_state", "contraindication", "never_event"})
FIGURES = frozenset({"dose", "maximum", "threshold", "effect", "equivalence", "interval", "duration"})
_PATIENT = frozenset(
    {"age_years", "weight_kg", "sex", "b12", "creatinine", "egfr", "pregnancy", "haemoglobin", "platelets"}
)
MOST = 2
MOST_READ = 4


@dataclass(frozen=True, slots=True)
class Correction:
    """``passage`` says what holds instead of ``assertion``; ``is_contradicted``: it says the opposite or another
    figure."""

    assertion: str
    passage: str
    is_contradicted: bool
    is_firm: bool = True

    @property
    def notice(self) -> str:
        if not self.is_firm:
            return f"The sources speak against this: “{self.assertion}”"
        if self.is_contradicted:
            return f"The question takes for granted: “{self.assertion}” The source says otherwise."
        return f"The question takes for granted: “{self.assertion}” No source here confirms it."


def find_corrections(
    assertions: Sequence[Assertion], checker: StatementChecker, corpus: Corpus, *, passage_ids: Sequence[str]
) -> tuple[Correction, ...]:
    """At most two corrections, in the order of the assertions; each names a passage of the corpus."""
    found: dict[str, Correction] = {}
    for assertion in [one for one in assertions if one.is_firm or not _PATIENT & set(read_slots(one.text))][:MOST_READ]:
        correction = next(_corrections(assertion, checker, corpus, passage_ids=tuple(passage_ids)), None)
        if correction is not None:
            found.setdefault(correction.passage, correction)
    return tuple(found.values())[:MOST]


def _corrections(
    assertion: Assertion, checker: StatementChecker, corpus: Corpus, *, passage_ids: tuple[str, ...]
) -> Iterator[Correction]:
    """The best correction first: a rule against it, then another figure in a source, then mere silence of the
    sources."""
    checks = [checker.check_statement(assertion.text), checker.check_statement(assertion.text, passage_ids=passage_ids)]
    contradicted = [claim for checked in checks for claim in checked.claims if claim.verdict is Verdict.CONTRADICTED]
    for claim in contradicted:
        rule = corpus.rules.get(claim.rule or "")
        if rule is not None and rule.kind in BLOCKING and rule.passage in corpus.passages:
            yield Correction(assertion.text, rule.passage, True, assertion.is_firm)
    if not assertion.is_firm or _PATIENT & set(read_slots(assertion.text)):
        return
    for claim in contradicted:
        passage = _passage(claim, corpus)
        if claim.kind in FIGURES and passage:
            yield Correction(assertion.text, passage, True)
    yield from _unconfirmed(assertion, checks, corpus)


def _unconfirmed(assertion: Assertion, checks: Sequence[CheckedStatement], corpus: Corpus) -> Iterator[Correction]:
    if any(checked.verdict is Verdict.VERIFIED for checked in checks):
        return
    for checked in checks:
        for claim in checked.claims:
            passage = _passage(claim, corpus)
            if claim.verdict is not Verdict.VERIFIED and passage:
                yield Correction(assertion.text, passage, False)


def _passage(claim: CheckedClaim, corpus: Corpus) -> str:
    """The passage that the claim was judged by, "" when there is none in the corpus."""
    rule = corpus.rules.get(claim.rule or "")
    name = rule.passage if rule else claim.source.passage if claim.source else ""
    return name if name in corpus.passages else ""
