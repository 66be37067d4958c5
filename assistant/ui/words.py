"""The words and signs of the page for the values of our enums; wording only, no markup and no decisions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from assistant.records import AnswerState, Audience, ReviewStatus, Section, Verdict

PRODUCT = "Guideline Assistant"
EXAMPLES = (
    "How should I manage a B12 of 1500 ng/L in a patient with colon cancer?",
    "What is the hydroxocobalamin dose with neurological involvement?",
    "Rasburicase dose in tumour lysis syndrome?",
    "What is the maximum rate of intravenous potassium?",
)

SECTIONS: Mapping[Section, str] = {
    Section.BOTTOM_LINE: "Bottom line",
    Section.RED_FLAGS: "Red flags",
    Section.MEANING: "What it means",
    Section.STEPS: "Steps",
    Section.DOSING: "Dosing",
    Section.PITFALLS: "Pitfalls",
    Section.MONITORING: "Monitoring",
    Section.NOT_COVERED: "Not covered",
}

AUDIENCES: Mapping[Audience, str] = {
    Audience.CLINICIAN: "Clinician",
    Audience.PHARMACIST: "Pharmacist",
    Audience.NURSE: "Nurse",
    Audience.STUDENT: "Student",
    Audience.PATIENT: "Patient",
}

# "" stands for None: every jurisdiction, each named
JURISDICTIONS: Mapping[str, str] = {"": "All", "uk": "UK", "eu": "EU", "us": "US", "international": "International"}
OTHER_PLACES: Mapping[str, str] = {"other": "Other countries"}

# What can be asked of a topic for which a frame was opened, by the section that would answer it.
TOPIC_QUESTIONS: Mapping[Section, str] = {
    Section.DOSING: "What are the doses?",
    Section.RED_FLAGS: "What are the red flags?",
    Section.MONITORING: "How is it monitored?",
    Section.STEPS: "What are the steps?",
}


class Mark(NamedTuple):
    """A verdict as shape and word, so that colour is never needed to read it."""

    sign: str
    word: str
    meaning: str


VERDICTS: Mapping[Verdict, Mark] = {
    Verdict.VERIFIED: Mark("✓", "Verified", "the cited passage says exactly this"),
    Verdict.CONTRADICTED: Mark("✕", "Contradicted", "the source gives another value"),
    Verdict.NOT_FOUND: Mark("○", "Not found", "the cited source does not say this"),
    Verdict.NOT_CHECKABLE: Mark("?", "Not checkable", "part of it was not understood, or no rule covers it"),
}

# In the order in which guidance moves through review.
REVIEW: Mapping[ReviewStatus, str] = {
    ReviewStatus.SUBMITTED: "Submitted",
    ReviewStatus.UNDER_REVIEW: "Under review",
    ReviewStatus.APPROVED: "Approved",
}
REVIEW_NOTE: Mapping[ReviewStatus, str] = {
    ReviewStatus.SUBMITTED: "Pending human review: no medical board has approved this guidance yet.",
    ReviewStatus.UNDER_REVIEW: "A medical board is reviewing this guidance; it is not approved yet.",
    ReviewStatus.APPROVED: "Approved by the medical board.",
}

STATES: Mapping[AnswerState, tuple[str, str]] = {
    AnswerState.ANSWERED: ("Answered", "Every number shown was traced to its source."),
    AnswerState.PARTIAL: ("Partly answered", "Some of it could not be verified or is not covered; it is named below."),
    AnswerState.WITHHELD: (
        "Withheld",
        "An answer was drafted, but nothing in it could be verified, so it is not shown.",
    ),
    AnswerState.NO_GUIDANCE: ("Not in this corpus", "No guidance here covers this question, so nothing is stated."),
    AnswerState.SIGNPOST: ("Get help first", "This may be an emergency. Act on it before reading on."),
    AnswerState.INVALID: ("Not processed", "The question could not be processed."),
}

DEPTHS: Mapping[str, str] = {
    "full_text": "read in full text",
    "abstract": "read in abstract",
    "summary": "read in an official summary",
    "secondary": "reported second-hand",
}
EVIDENCE: Mapping[str, str] = {
    "secondary": "Reported by a secondary source; check the product label.",
}

DOSING_COLUMNS: tuple[tuple[str, str], ...] = (
    ("drug", "Drug"),
    ("dose", "Dose"),
    ("route", "Route"),
    ("frequency", "Frequency"),
    ("duration", "Duration"),
    ("population", "For whom"),
)


def jurisdiction_name(code: str | None) -> str:
    """``"uk"`` to ``"UK"``; a code without a name of its own is shown as it stands."""
    return JURISDICTIONS.get(code or "") or OTHER_PLACES.get(code or "", code or "All")


def slot_name(name: str) -> str:
    """``"weight_kg"`` to ``"weight (kg)"``, ``"creatinine"`` to itself."""
    words = name.replace("_", " ")
    for unit, shown in ((" kg", " (kg)"), (" years", " (years)"), (" ml min", " (mL/min)"), (" umol l", " (µmol/L)")):
        if words.endswith(unit):
            return words.removesuffix(unit) + shown
    return words


def short_digest(digest: str) -> str:
    return digest.removeprefix("sha256:")[:10]


def long_date(day: date) -> str:
    """``1 December 2026``: a day and month that cannot be swapped by the reader."""
    return f"{day.day} {day:%B %Y}"
