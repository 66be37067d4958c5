"""What may be shown: each drafted statement is checked, repaired once from its source, and shown or withheld.

The only door to the screen. Verdicts are the checker's; this module keeps the accounts: which statements passed,
which were repaired, which were withheld and why.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol
from weakref import WeakKeyDictionary

from assistant.notation import guard, written_safely
from assistant.records import CheckedStatement, Corpus, DraftStatement, Section, Verdict, Withheld


class StatementChecker(Protocol):
    def check_statement(
        self, text: str, *, passage_ids: Sequence[str] = (), jurisdiction: str | None = None
    ) -> CheckedStatement: ...

    def repair(self, checked: CheckedStatement, *, passage_ids: Sequence[str] = ()) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Passed:
    """A statement whose every claim was verified; ``was_repaired``: the text is the source's and not the draft's."""

    section: Section
    text: str
    passage_ids: tuple[str, ...]
    checked: CheckedStatement
    was_repaired: bool = False


# What was judged of statements that repeat their passage word for word, for each checker: the offline writer shows the
# same statements again and again, and the same words against the same passage have one verdict.
_JUDGED: WeakKeyDictionary[StatementChecker, dict[tuple[object, ...], Passed | Withheld]] = WeakKeyDictionary()


def pass_statement(
    drafted: DraftStatement, checker: StatementChecker, corpus: Corpus, *, jurisdiction: str | None
) -> Passed | Withheld:
    """One statement through the gate. A citation that does not resolve is never shown, whatever the text says."""
    passage = corpus.passages.get(drafted.passage_ids[0]) if len(drafted.passage_ids) == 1 else None
    if passage is None or drafted.text not in (passage.text, passage.plain):
        return _judge(drafted, checker, corpus, jurisdiction=jurisdiction)
    judged = _JUDGED.setdefault(checker, {})
    key = (drafted.text, drafted.passage_ids, jurisdiction, corpus.digest)
    if key not in judged:
        judged[key] = _judge(drafted, checker, corpus, jurisdiction=jurisdiction)
    result = judged[key]
    return replace(result, section=drafted.section) if isinstance(result, Passed) else result


def _judge(
    drafted: DraftStatement, checker: StatementChecker, corpus: Corpus, *, jurisdiction: str | None
) -> Passed | Withheld:
    known = tuple(key for key in drafted.passage_ids if key in corpus.passages)
    if not known or len(known) != len(drafted.passage_ids):
        checked = checker.check_statement(drafted.text, passage_ids=drafted.passage_ids, jurisdiction=jurisdiction)
        return Withheld("A statement named no source that exists, so it is not shown.", checked.claims, known)
    checked = checker.check_statement(drafted.text, passage_ids=known, jurisdiction=jurisdiction)
    if is_verified(checked):
        return _written_safely(
            Passed(drafted.section, drafted.text, known, checked), checker, jurisdiction=jurisdiction
        )
    repaired = checker.repair(checked, passage_ids=known)
    if repaired and repaired != drafted.text:
        again = checker.check_statement(repaired, passage_ids=known, jurisdiction=jurisdiction)
        if is_verified(again):
            passed = Passed(drafted.section, repaired, known, again, was_repaired=True)
            return _written_safely(passed, checker, jurisdiction=jurisdiction)
    return Withheld(_reason(checked), checked.claims, known)


def _written_safely(passed: Passed, checker: StatementChecker, *, jurisdiction: str | None) -> Passed | Withheld:
    """A verified statement in notation that has not been misread: "4 units daily" for "4 U QD", checked once more."""
    risky = guard(passed.text)
    if not risky:
        return passed
    safe = written_safely(passed.text)
    if safe is not None:
        checked = checker.check_statement(safe, passage_ids=passed.passage_ids, jurisdiction=jurisdiction)
        if is_verified(checked):
            return replace(passed, text=safe, checked=checked, was_repaired=True)
    reason = f"A statement was written in a way that has been misread: {risky[0].why}."
    return Withheld(reason, passed.checked.claims, passed.passage_ids)


def is_verified(checked: CheckedStatement) -> bool:
    return checked.verdict is Verdict.VERIFIED and all(claim.verdict is Verdict.VERIFIED for claim in checked.claims)


def split_passed(results: Iterable[Passed | Withheld]) -> tuple[list[Passed], list[Withheld]]:
    passed: list[Passed] = []
    withheld: list[Withheld] = []
    for result in results:
        if isinstance(result, Passed):
            if all(result.text != other.text for other in passed):
                passed.append(result)
        else:
            withheld.append(result)
    return passed, withheld


def _reason(checked: CheckedStatement) -> str:
    words = {
        Verdict.CONTRADICTED: "A statement contradicted its source",
        Verdict.NOT_FOUND: "A statement was not found in its source",
        Verdict.NOT_CHECKABLE: "A statement could not be checked",
        Verdict.VERIFIED: "A statement held a claim that was not verified",
    }
    why = next((claim.reason for claim in checked.claims if claim.verdict is checked.verdict and claim.reason), "")
    return f"{words[checked.verdict]}: {why}" if why else f"{words[checked.verdict]}."
