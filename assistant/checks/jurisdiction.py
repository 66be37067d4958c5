"""Is the claim about the country the source is about? A UK dose is not a US dose."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.checks.finding import Asked, Compared, Finding, Severity
from assistant.evidence import Evidence
from assistant.vocabulary import Vocabulary

_SPECIFIC = frozenset({"uk", "us", "eu"})


def check_jurisdiction(
    asked: Asked, evidence: Evidence, compared: Compared, vocabulary: Vocabulary
) -> Iterator[Finding]:
    """A country named in the claim must be the passage's own or be named in it; a given text names its own."""
    here = set(evidence.read.wording.jurisdictions)
    if evidence.jurisdiction in _SPECIFIC:
        here.add(str(evidence.jurisdiction))
    foreign = sorted((asked.read.wording.jurisdictions or asked.jurisdictions) - here)
    if foreign and here:
        yield Finding(
            "jurisdiction",
            Severity.CONFLICT,
            f"the statement speaks of {', '.join(foreign).upper()}, the source of {', '.join(sorted(here)).upper()}",
            0,
            len(asked.text),
            expected={"jurisdiction": ", ".join(sorted(here))},
            observed={"jurisdiction": ", ".join(foreign)},
        )
