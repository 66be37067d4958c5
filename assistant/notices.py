"""The plain sentences that stand beside an answer: review status, age of the guidance, retracted works, disclaimers.

Written by the program after the checks, never by a model; the words follow the audience, the facts do not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from assistant.records import Audience, GuidanceUsed, NumberedReference, ReviewStatus

DISCLAIMER = (
    "For healthcare professionals, as support for decisions and not in place of them: check every dose against "
    "the source, "
    "the product label and local policy before it is prescribed or given."
)
PATIENT_DISCLAIMER = (
    "This is general information and no advice about your own care. Do not start, stop or change a medicine "
    "because of it; "
    "ask your doctor, nurse or pharmacist."
)


def disclaimer(audience: Audience) -> str:
    return PATIENT_DISCLAIMER if audience is Audience.PATIENT else DISCLAIMER


def guidance_notices(guidance: Iterable[GuidanceUsed], *, today: date) -> Iterator[str]:
    """One line for each review status that is not approved, one for each guidance past its review date."""
    used = tuple(guidance)
    for status, words in (
        (ReviewStatus.SUBMITTED, "Pending human review: no medical board has approved this guidance yet"),
        (ReviewStatus.UNDER_REVIEW, "Under review by a medical board, not approved yet"),
    ):
        titles = [entry.title for entry in used if entry.status is status]
        if titles:
            yield f"{words} ({'; '.join(titles)})."
    for entry in used:
        if entry.review_by < today:
            yield f"Out of date: {entry.title} was to be reviewed by {entry.review_by.isoformat()} and has not been."


def reference_notices(references: Iterable[NumberedReference]) -> Iterator[str]:
    for entry in references:
        if entry.reference.retracted:
            yield f"Reference {entry.n} ({entry.reference.title}) has been retracted: do not rely on it."
        if entry.reference.superseded_by:
            newer = entry.reference.superseded_by
            yield f"Reference {entry.n} ({entry.reference.title}) has been superseded by {newer}."


COUNTRIES = {"uk": "United Kingdom", "us": "United States", "eu": "European Union", "other": "other countries"}


def country_notices(wanted: str | None, *, shown: Iterable[str], left_out: Iterable[str]) -> Iterator[str]:
    """What the choice of one country's practice means for the answer: whose practice stands in where there is none of
    that country (``shown``: jurisdictions of practice statements), and whose was ``left_out``."""
    if wanted is None:
        return
    name = COUNTRIES.get(wanted, wanted)
    foreign = [COUNTRIES[key] for key in dict.fromkeys(shown) if key != wanted and key in COUNTRIES]
    if foreign:
        yield f"No statement for the {name} was found for part of this: practice of {', '.join(foreign)} is shown."
    others = [COUNTRIES[key] for key in dict.fromkeys(left_out) if key != wanted and key in COUNTRIES]
    if others:
        yield f"Only practice of the {name} is shown. Guidance differs or is stated apart for: {', '.join(others)}."


def nearest(titles: Iterable[str]) -> str:
    """The line that names what the corpus has instead; no numbers but those of a title."""
    listed = "; ".join(dict.fromkeys(titles))
    return f"Not in this corpus. Nearest guidance: {listed}." if listed else "Not in this corpus."
