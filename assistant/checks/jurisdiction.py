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
    named = _other_country(asked, evidence)
    if named is not None:
        yield named
        return
    yield from foreign_practice(asked.text, asked.read.frames, evidence, asked.jurisdiction)


_SAME = 7  # of ten words of the claim in one sentence of the source


def _other_country(asked: Asked, evidence: Evidence) -> Finding | None:
    """Another country than the one that the source names in the sentence which says the same."""
    countries = asked.read.wording.jurisdictions
    words = {w.stem for w in asked.read.words if not w.neutral and w.stem not in _SPECIFIC}
    if not countries or not words:
        return None
    near = [(len(words & {stem for stem, _ in items}), -start, end) for start, end, items in evidence.sentences]
    shared, start, end = max(near, default=(0, 0, 0))
    theirs = countries_in(evidence.read.text[-start:end])
    others = [n for n in near if n[0] == shared]
    if shared * 10 < len(words) * _SAME or len(others) > 1 or not theirs or countries & theirs:
        return None
    return Finding(
        "jurisdiction",
        Severity.CONFLICT,
        f"the source says this of {', '.join(sorted(theirs)).upper()}",
        0,
        len(asked.text),
        expected={"jurisdiction": ", ".join(sorted(theirs))},
        observed={"jurisdiction": ", ".join(sorted(countries))},
        source=(-start, end),
    )


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
