"""Is the claim about the country the source is about? A UK dose is not a US dose."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.checks.finding import Asked, Compared, Finding, Severity
from assistant.evidence import Evidence
from assistant.frames import Frame
from assistant.vocabulary import Vocabulary
from assistant.wording import countries_in

_SPECIFIC = frozenset({"uk", "us", "eu"})
_PRACTICE = frozenset({"dose", "amount", "maximum", "rate"})


def check_jurisdiction(
    asked: Asked, evidence: Evidence, compared: Compared, vocabulary: Vocabulary
) -> Iterator[Finding]:
    """A country named in the claim must be the passage's own or be named in it; a given text names its own."""
    here = set(evidence.read.wording.jurisdictions)
    if evidence.jurisdiction in _SPECIFIC:
        here.add(str(evidence.jurisdiction))
    foreign = sorted(asked.read.wording.jurisdictions - here)
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
        return
    yield from foreign_practice(asked.text, asked.read.frames, evidence, asked.jurisdiction)


def foreign_practice(
    text: str, frames: Sequence[Frame], evidence: Evidence, shown_for: str | None
) -> Iterator[Finding]:
    """A dose of another country's practice, shown to somebody who asked for ``shown_for``, must say whose it is.

    Findings of studies are the same everywhere and are left alone, and so is guidance that belongs to no one country.
    """
    home = evidence.jurisdiction
    if shown_for not in _SPECIFIC or home not in _SPECIFIC or home == shown_for:
        return
    if home in countries_in(text) or not any(frame.family in _PRACTICE for frame in frames):
        return
    yield Finding(
        "jurisdiction",
        Severity.ABSENT,
        f"the source is about {str(home).upper()} practice, which the statement does not say",
        0,
        len(text),
        expected={"jurisdiction": str(home)},
        observed={"jurisdiction": shown_for},
    )
