"""Owns the words of time and what every reader of schedules shares: ``Part``, numbers and ranges among tokens."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from assistant.records import Timing
from assistant.tokens import NUMBER, Token

Tokens = Sequence[Token]

_UNITS = {
    "s": "s sec secs second seconds", "min": "min mins minute minutes", "h": "h hr hrs hour hours hourly hrly",
    "d": "d day days daily", "wk": "wk wks week weeks weekly", "mo": "mo mos mth mths month months monthly",
    "a": "y yr yrs year years yearly annum",
}  # fmt: skip
UNIT_OF = {word: unit for unit, words in _UNITS.items() for word in words.split()}
LENGTH_WORDS = {word for word in UNIT_OF if not word.endswith(("ly", "annum"))} - {"d", "y", "s"}
ADVERBS = {
    "hourly": (1, 1, "h"), "hrly": (1, 1, "h"), "daily": (1, 1, "d"), "weekly": (1, 1, "wk"), "monthly": (1, 1, "mo"),
    "yearly": (1, 1, "a"), "annually": (1, 1, "a"), "fortnightly": (1, 2, "wk"), "quarterly": (1, 3, "mo"),
    "everyday": (1, 1, "d"),
}  # fmt: skip
LATIN = {
    "bd": 2, "bid": 2, "bds": 2, "tds": 3, "tid": 3, "tdd": 3, "qds": 4, "qid": 4, "qqh": None, "qd": 1, "od": 1,
}  # fmt: skip
LATIN_OTHER = {
    "qod": (1, 2, "d"), "qad": (1, 2, "d"), "eod": (1, 2, "d"), "qqh": (1, 4, "h"), "qh": (1, 1, "h"),
    "qw": (1, 1, "wk"), "qwk": (1, 1, "wk"), "qweek": (1, 1, "wk"), "qow": (1, 2, "wk"), "qmo": (1, 1, "mo"),
    "qmonth": (1, 1, "mo"), "qday": (1, 1, "d"), "tiw": (3, 1, "wk"), "qhr": (1, 1, "h"), "qm": (1, 1, "mo"),
    "biw": (2, 1, "wk"), "qdaily": (1, 1, "d"),
}  # fmt: skip
LATIN_WHEN = {
    "om": "MORN", "mane": "MORN", "qam": "MORN", "qpm": "EVE", "nocte": "NIGHT", "noct": "NIGHT", "qhs": "HS",
    "hs": "HS", "qn": "NIGHT", "qnight": "NIGHT", "nightly": "NIGHT", "qbedtime": "HS", "midi": "NOON",
}  # fmt: skip
LATIN_MEALS = {"ac": "AC", "pc": "PC", "cc": "C", "acm": "ACM", "acd": "ACD", "acv": "ACV", "pcm": "PCM",
                "pcd": "PCD", "pcv": "PCV", "qac": "AC", "wm": "C"}  # fmt: skip
PART_OF_DAY = {
    "morning": "MORN", "mornings": "MORN", "am": "MORN", "noon": "NOON", "noontime": "NOON", "afternoon": "AFT",
    "afternoons": "AFT", "evening": "EVE", "evenings": "EVE", "eve": "EVE", "night": "NIGHT", "nights": "NIGHT",
    "nighttime": "NIGHT", "pm": "EVE", "bedtime": "HS", "waking": "WAKE", "awakening": "WAKE", "rising": "WAKE",
    "teatime": "EVE", "midday": "NOON",
}  # fmt: skip
MEALS = {
    "breakfast": "M", "breakfasts": "M", "lunch": "D", "lunchtime": "D", "luncheon": "D", "dinner": "V",
    "dinnertime": "V", "supper": "V", "suppertime": "V", "tea": "V", "meal": "", "meals": "", "food": "", "foods": "",
    "mealtime": "", "mealtimes": "", "eating": "", "snack": "", "snacks": "",
}  # fmt: skip
ALONE = {"breakfast", "lunch", "lunchtime", "dinner", "supper", "morning", "mornings", "noon", "midday", "afternoon",
          "evening", "evenings", "night", "bedtime", "teatime", "mealtimes", "dinnertime", "suppertime"}  # fmt: skip
DAYS = {}
for _code, _words in {
    "mon": "monday mondays mon", "tue": "tuesday tuesdays tue tues", "wed": "wednesday wednesdays wed weds",
    "thu": "thursday thursdays thu thur thurs", "fri": "friday fridays fri", "sat": "saturday saturdays",
    "sun": "sunday sundays",
}.items():  # fmt: skip
    for _word in _words.split():
        DAYS[_word] = _code
GROUP = {"MORN": "m", "WAKE": "m", "CM": "m", "ACM": "m", "PCM": "m", "NOON": "d", "CD": "d", "ACD": "d", "PCD": "d",
          "MORN.early": "m", "MORN.late": "m", "AFT.early": "a", "AFT.late": "a", "EVE.early": "v", "EVE.late": "v",
          "AFT": "a", "EVE": "v", "CV": "v", "ACV": "v", "PCV": "v", "NIGHT": "n", "HS": "n"}  # fmt: skip
MEAL_CODES = frozenset({"C", "AC", "PC"})
OTHER = {"other", "second", "alternate", "2nd", "alternative"}
ORDINALS = {"third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "tenth": 10, "3rd": 3, "4th": 4}
ONCE = {"once": 1, "twice": 2, "thrice": 3}

OD_AMBIGUOUS = "'od' may mean once daily or the right eye"
TWO_FREQUENCIES = "two frequencies that do not agree"


class Part(NamedTuple):
    """One expression read: what it says, where it ends (index of the next token), and what is doubtful about it.

    ``plural_meals`` says that a meal code stands for every meal. ``instruction`` holds words with no FHIR slot.
    """

    timing: Timing
    end: int
    distrust: tuple[str, ...] = ()
    plural_meals: bool = False
    instruction: str | None = None
    needs_place: bool = False  # "8 am", "morning" and such mean a time only beside other words of a dose


def text_at(tokens: Tokens, i: int) -> str:
    return tokens[i].text if 0 <= i < len(tokens) else ""


def is_number(tokens: Tokens, i: int) -> bool:
    return 0 <= i < len(tokens) and tokens[i].kind == NUMBER


def number_range(tokens: Tokens, i: int) -> tuple[Fraction, Fraction | None, int] | None:
    """A number or a range from token ``i``: low, high or None, next index. "one to two", "4-6", "1 or 2", "1/2"."""
    if not 0 <= i < len(tokens):
        return None
    token, j = tokens[i], i + 1
    if token.kind != NUMBER:
        return None
    low, high = token.value or _ZERO, None
    if j >= len(tokens) or tokens[j].text not in _JOINS:
        return low, None, j
    while True:
        k = j
        if text_at(tokens, k) in ("to", "-", "or", "/", "and/or", "~") and is_number(tokens, k + 1):
            k += 1
        elif text_at(tokens, k) == "-" and text_at(tokens, k + 1) == "to" and is_number(tokens, k + 2):
            k += 2
        else:
            break
        value = tokens[k].value or _ZERO
        if value < (high if high is not None else low):
            break
        low, high, j = low, value, k + 1
    return low, (None if high is None or high == low else high), j


_ZERO = Fraction(0)
_JOINS = frozenset({"to", "-", "or", "/", "and/or", "~"})


def timing_of(frequency: int | Fraction | None, period: int | Fraction, unit: str, **more: Fraction | None) -> Timing:
    return Timing(
        frequency=None if frequency is None else Fraction(frequency),
        period=Fraction(period),
        period_unit=unit,
        **more,  # type: ignore[arg-type]
    )
