
"""Owns the words and signs that say on which side of a number a value lies: ``at least``, ``≤``, ``or more``."""

from __future__ import annotations

import re

from assistant.patterns import Pattern
from assistant.records import Comparator

_BEFORE: tuple[tuple[Comparator, str], ...] = (
    (Comparator.AT_LEAST, r"≥|>=|=>|⩾|(?:at|on|equal to) or (?:above|over|(?:greater|more|higher|older) than)|not before|greater than or equal(?:s)? to|more than or equal(?:s)? to|higher than or equal to"  # noqa: E501
     r"|(?:greater|higher|more|larger|bigger) or equal (?:than|to)|equal(?:s)? to or (?:greater|more|higher|above) than"
     r"|equal to or above|at least|at a minimum|at minimum|(?:a )?minimum(?: [a-z]{3,15})?(?: of)?|min\.? of|no sooner than|no earlier than|starting from"  # noqa: E501
     r"|or more than or equal to|not? (?:less|fewer|lower|smaller|younger|shorter) than|not (?:be )?(?:below|under)|never below"),
    (Comparator.AT_MOST, r"≤|<=|=<|⩽|(?:at|on|equal to) or (?:below|under|(?:less|lower|fewer|younger) than)|inside"
     r"|less than or equal(?:s)? to|(?:lower|smaller|less|fewer) or equal (?:than|to)"
     r"|equal(?:s)? to or (?:less|lower|below|fewer|smaller) than|equal to or below|up to(?: and including)?|upto|at (?:the )?most|no later than"  # noqa: E501
     r"|(?:to )?(?:a |the )?(?:total |usual |absolute |recommended |licensed )?(?:daily )?maxim[ui]m(?: (?:recommended |total |single |daily |adult |oral |intravenous |initial )*(?:dose|daily dose))?(?: (?:is|of))?(?: of)?|\(?max\.?(?: dose)?(?: of)?:?|maximum:"  # noqa: E501
     r"|(?:not?|never|nor) (?:to )?(?:be )?(?:more|greater|higher|larger|longer|older|later|heavier|faster|quicker|stronger) than|(?:not|never) (?:to )?(?:normally |usually |generally |routinely |ordinarily )?(?:be )?(?:above|over|exceed(?:ing)?|beyond|go above|go over|surpass)"  # noqa: E501
     r"|cannot exceed|without exceeding|capp?(?:ed|ing|s)?[^.;:0-9]{0,45} at|cap of|limit(?:ed|ing|s)?[^.;:0-9]{0,45} to|limit of|ceiling of|within(?: the)?(?: first| next| last)?|no more"),  # noqa: E501
    (Comparator.LESS, r"<|less than|fewer than|lower than|smaller than|younger than|shorter than|lighter than|earlier than"
     r"|below|under|beneath|falls? below|drops? below|short of"),
    (Comparator.MORE, r">|more than|greater than|higher than|larger than|bigger than|older than|longer than|heavier than|later than"
     r"|above|over|exceed(?:s|ed|ing)?|in excess of|beyond|upwards? of|surpass(?:es|ed|ing)?"),
    (Comparator.ABOUT, r"~|≈|≃|about|around|approximately|approx\.?|roughly|circa|ca\.|nearly|almost|close to|an estimated"
     r"|estimated at|in the region of|some"),
)  # fmt: skip
# what may stand between the comparator and the number: "below glucose 14 mmol/L", "above systolic 220 mmHg"
_MEASURED = (
    r"glucose|creatinine clearance|CrCl|eGFR|systolic(?: pressure)?|diastolic(?: pressure)?|ha?emoglobin|ferritin"
    r"|potassium|sodium|calcium|platelets?|neutrophils?|creatinine|BMI|INR|temperature|grade|score|stage"
)
_FIND_BEFORE = Pattern(
    r"(?:" + "|".join(rf"(?P<c{i}>(?:{words}))" for i, (_, words) in enumerate(_BEFORE)) + r")"
    rf"[ \n]{{0,2}}(?:(?:the|a|an|about|of|to|by|only|dose of|is|are|than|{_MEASURED})[ ]{{1,2}}){{0,2}}$",
    re.IGNORECASE,
)
_NEGATED = Pattern(
    r"(?:\bnot|\bnever|n't|\bcannot|\bno)[ ](?:be[ ]|to[ ]|go[ ]|rise[ ]|fall[ ]|drop[ ]|usually[ ])?$", re.I
)
_AFTER: tuple[tuple[Comparator, str], ...] = (
    (Comparator.AT_LEAST, r"(?:or|and)[ ](?:more|above|over|higher|greater|older|longer|upwards?|up|later|larger|heavier|beyond|at least)\b(?![ ]than)"  # noqa: E501
     r"|\+(?!\+|[0-9]|/)|(?:or|and)[ ](?:more|greater|higher)\b|minimum\b|at least\b(?=[.,;)]|$)|plus\b(?=[ ](?:years?))"),
    (Comparator.AT_MOST, r"(?:or|and)[ ](?:less|below|under|lower|fewer|younger|shorter|smaller|earlier|sooner)\b(?![ ]than)"
     r"|(?:at (?:the )?most|max(?:imum)?)\b(?=[.,;)]|$)"),
)  # fmt: skip
_FIND_AFTER = Pattern(
    r"(?:[ ](?:an?|per|each)[ ](?:day|week|month|hour|minute)\b|[ ](?:times )?(?:the )?(?:baseline|ULN|normal|upper limit of normal)\b)?[ \n]{0,2}(?:"  # noqa: E501
    + "|".join(rf"(?P<c{i}>{words})" for i, (_, words) in enumerate(_AFTER))
    + ")",
    re.IGNORECASE,
)
_OPPOSITE = {
    Comparator.MORE: Comparator.AT_MOST,
    Comparator.AT_LEAST: Comparator.LESS,
    Comparator.LESS: Comparator.AT_LEAST,
    Comparator.AT_MOST: Comparator.MORE,
}
_LOOK_BACK = 60
_OVER = Pattern(r"over[ \n]{0,2}(?:(?:the|a|an|about|at least)[ ]){0,2}$", re.I)


def comparator_before(text: str, start: int, *, floor: int = 0) -> tuple[Comparator, int] | None:
    """The comparator whose words end where the number begins, and where those words start; not before ``floor``.

    ``not`` directly in front turns it round: "not above 5" is at most 5.
    """
    low = max(floor, start - _LOOK_BACK)
    window = text[low:start]
    match = _last(window)
    if match is None:
        return None
    comparator = next(c for i, (c, _) in enumerate(_BEFORE) if match.group(f"c{i}"))
    if comparator in (Comparator.MORE, Comparator.LESS):
        negated = _NEGATED.search(window[: match.start()])
        if negated:
            return _OPPOSITE[comparator], low + negated.start()
    return comparator, low + match.start()


_LAST_WORDS = frozenset(
    [
        "than",
        "to",
        "least",
        "minimum",
        "min",
        "min.",
        "of",
        "most",
        "equal",
        "maximum",
        "maximim",
        "max",
        "max.",
        "max:",
        "maximum:",
        "dose",
        "dose:",
        "is",
        "exceed",
        "exceeding",
        "exceeds",
        "exceeded",
        "above",
        "below",
        "over",
        "under",
        "beneath",
        "beyond",
        "surpass",
        "surpasses",
        "surpassed",
        "surpassing",
        "within",
        "the",
        "first",
        "next",
        "last",
        "more",
        "less",
        "a",
        "an",
        "about",
        "only",
        "by",
        "are",
        "around",
        "approximately",
        "approx",
        "approx.",
        "roughly",
        "circa",
        "ca.",
        "nearly",
        "almost",
        "estimated",
        "at",
        "region",
        "some",
        "from",
        "including",
        "glucose",
        "clearance",
        "crcl",
        "egfr",
        "systolic",
        "diastolic",
        "pressure",
        "haemoglobin",
        "hemoglobin",
        "ferritin",
        "potassium",
        "sodium",
        "calcium",
        "platelet",
        "platelets",
        "neutrophil",
        "neutrophils",
        "creatinine",
        "bmi",
        "inr",
        "temperature",
        "grade",
        "score",
        "stage",
        "faster",
        "quicker",
        "stronger",
        "before",
        "inside",
    ]
)
_WORD_BEFORE = Pattern(r"([A-Za-z.:]{1,16}|[^\sA-Za-z0-9])[ \n]{0,2}$")
_STARTS = Pattern(r"(?<![A-Za-z])(?P<word>[A-Za-z]+)|[<>=≤≥⩾⩽~≈≃(]")
_FIRST_WORDS = frozenset(
    """greater more higher larger bigger equal equals at a minimum min no not starting or never less lower smaller fewer
    up upto to the total usual absolute recommended licensed daily maximum maximim max nor cannot without capped cap
    limited limit ceiling within younger shorter lighter earlier below under beneath falls fall drops drop short older
    longer heavier later above over exceed exceeds exceeded exceeding in beyond upward upwards surpass surpasses
    surpassed surpassing about around approximately approx roughly circa ca nearly almost close an estimated some
    caps capping limits limiting equal inside on""".split()
)


def _last(window: str) -> re.Match[str] | None:
    """The longest comparator phrase that reaches to the end of the window; cheap when there is none."""
    last = _WORD_BEFORE.search(window[-20:])
    if last is None or (last.group(1).lower() not in _LAST_WORDS and last.group(1) not in "<>=≤≥⩾⩽~≈≃"):
        return None
    for start in _STARTS.finditer(window):
        word = start["word"]
        if word is not None and word.lower() not in _FIRST_WORDS:
            continue
        match = _FIND_BEFORE.match(window, start.start())
        if match:
            return match
    return None


def comparator_after(text: str, end: int) -> tuple[Comparator, int] | None:
    """The comparator right behind a number or its unit ("or more", "65+"), and where it ends."""
    match = _FIND_AFTER.match(text, end) if text[end : end + 1] in " +\nam" else None
    if match is None:
        return None
    return next(c for i, (c, _) in enumerate(_AFTER) if match.group(f"c{i}")), match.end()


def is_over_time(text: str, start: int) -> bool:
    """Whether the word in front is ``over``, which before a time means how long, not how much more."""
    return bool(_OVER.search(text[max(0, start - 25) : start]))
