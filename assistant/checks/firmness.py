"""Is the claim more firm than its source? "Consider" never becomes "offer", "may" never becomes "is"."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.checks.clauses import nearest_clause
from assistant.checks.finding import Asked, Compared, Finding, Severity
from assistant.evidence import Evidence
from assistant.vocabulary import Vocabulary
from assistant.wording_lists import HEDGES

_PLAIN = frozenset({"dose", "amount", "interval", "frequency", "threshold"})  # a table may leave the verb out
_NAMES = {None: "stated", 1: "may / consider", 2: "should / offer", 3: "must"}


def check_firmness(asked: Asked, evidence: Evidence, compared: Compared, vocabulary: Vocabulary) -> Iterator[Finding]:
    for index, clause in enumerate(asked.read.wording.clauses):
        nearest = nearest_clause(index, asked, evidence, compared)
        if nearest is None:
            continue
        if asked.text[clause.end : clause.end + 1] == ":" and not _words(asked, index) & {"is", "are", "was", "were"}:
            continue  # a label ("NICE:") says nothing firmly
        theirs = evidence.read.wording.clauses[nearest]
        if clause.negated and theirs.negated:
            continue  # "do not", "must not", "never" and "avoid" forbid alike
        level, source = clause.firmness, theirs.firmness
        has_dose = any(f.family in _PLAIN and clause.start <= f.start < clause.end for f in asked.read.frames)
        if level is None:
            raised = source == 1 and theirs.tentative and not has_dose and not HEDGES & _words(asked, index)
        else:
            raised = level > (source or 2) or (clause.firmest or 0) > (theirs.firmest or 2)
        if raised:
            yield Finding(
                "firmness",
                Severity.CONFLICT,
                f"the statement is firmer ({_NAMES[clause.firmest]}) than the source ({_NAMES[source]})",
                clause.start,
                clause.end,
                expected={"strength": _NAMES[source]},
                observed={"strength": _NAMES[clause.firmest]},
                source=(theirs.start, theirs.end),
            )
            return


def _words(asked: Asked, index: int) -> frozenset[str]:
    clause = asked.read.wording.clauses[index]
    return frozenset(token for token, start, _ in asked.read.wording.tokens if clause.start <= start < clause.end)
