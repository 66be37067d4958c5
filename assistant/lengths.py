"""Owns how long a schedule runs and how often it is repeated: bounds, counts, the length of one administration."""

from __future__ import annotations

from fractions import Fraction

from assistant.records import Comparator, Quantity, QuantityKind, Timing
from assistant.schedule_words import (
    ADVERBS,
    LATIN,
    LATIN_OTHER,
    LENGTH_WORDS,
    UNIT_OF,
    Part,
    Tokens,
    is_number,
    number_range,
    text_at,
)
from assistant.tokens import END

_COUNTED = frozenset({"dose", "doses", "injection", "injections", "cycle", "cycles", "infusion", "infusions",
                      "application", "applications", "administration", "administrations", "treatment", "treatments",
                      "occasion", "occasions", "time", "times"})  # fmt: skip
# "3/7", "2/52", "6/12" on British charts: days, weeks, months
_CHART = {7: "d", 52: "wk", 12: "mo"}


def span_led(tokens: Tokens, i: int) -> Part | None:
    """ "for 7 days", "x 5 days", "for up to a year", "for 3 doses", "over 15 minutes", "during 2 weeks"."""
    lead, j = tokens[i].text, i + 1
    comparator = Comparator.EQUAL
    while text_at(tokens, j) in _SPAN_FILL:
        j += 1
    word = text_at(tokens, j)
    if word == "up" and text_at(tokens, j + 1) == "to":
        comparator, j = Comparator.AT_MOST, j + 2
        if text_at(tokens, j) == "a" and text_at(tokens, j + 1) in ("maximum", "max"):
            j += 3 if text_at(tokens, j + 2) == "of" else 2
    elif word in ("maximum", "max"):
        comparator, j = Comparator.AT_MOST, j + 1 + (text_at(tokens, j + 1) == "of")
    elif word in ("no", "not") and text_at(tokens, j + 1) in ("more", "longer") and text_at(tokens, j + 2) == "than":
        comparator, j = Comparator.AT_MOST, j + 3
    elif word == "at" and text_at(tokens, j + 1) == "least":
        comparator, j = Comparator.AT_LEAST, j + 2
    elif word in ("less", "more") and text_at(tokens, j + 1) == "than":
        comparator, j = Comparator.LESS if word == "less" else Comparator.MORE, j + 2
    elif word in ("minimum", "min") and not is_number(tokens, j - 1):
        comparator, j = Comparator.AT_LEAST, j + 1 + (text_at(tokens, j + 1) == "of")
    elif word in ("about", "approximately", "approx", "around", "~"):
        comparator, j = Comparator.ABOUT, j + 1
    while text_at(tokens, j) in _SPAN_FILL:
        j += 1
    return _length(tokens, i, j, lead, comparator)


_SPAN_FILL = frozenset({"the", "next", "first", "another", "further", "additional", "initial", "total", "period", "of",
                        "course", "following", "last", "remaining"})  # fmt: skip


def _length(tokens: Tokens, i: int, j: int, lead: str, comparator: Comparator) -> Part | None:
    word = text_at(tokens, j)
    if is_number(tokens, j) and "/" in tokens[j].text and " " not in tokens[j].text and lead in ("for", "x", "bare"):
        top, bottom = (int(piece) for piece in tokens[j].text.split("/"))
        if bottom in _CHART and text_at(tokens, j + 1) not in UNIT_OF:
            return _bounded(tokens, i, j + 1, Fraction(top), None, _CHART[bottom], comparator, lead)
    if word in ("a", "an", "one") and UNIT_OF.get(text_at(tokens, j + 1)) and text_at(tokens, j + 1) in LENGTH_WORDS:
        return _bounded(tokens, i, j + 2, Fraction(1), None, UNIT_OF[tokens[j + 1].text], comparator, lead)
    if word in ("a", "one") and text_at(tokens, j + 1) == "fortnight":
        return _bounded(tokens, i, j + 2, Fraction(2), None, "wk", comparator, lead)
    if word in ("life", "lifelong"):
        return None
    found = number_range(tokens, j)
    if found is None:
        if UNIT_OF.get(word) and word in ("day", "week", "month", "year", "hour") and comparator is Comparator.AT_MOST:
            return _bounded(tokens, i, j + 1, Fraction(1), None, UNIT_OF[word], comparator, lead)
        return None
    low, high, k = found
    if text_at(tokens, k) in ("or", "and") and text_at(tokens, k + 1) == "more":
        comparator, k = Comparator.AT_LEAST, k + 2
    if text_at(tokens, k) in ("consecutive", "further", "more", "successive", "additional", "whole", "full"):
        k += 1
    if text_at(tokens, k) == "-":
        k += 1
    unit_word = text_at(tokens, k)
    if unit_word in _COUNTED and low.denominator == 1 and (high is None or high.denominator == 1):
        if lead in ("over", "during", "within") or (unit_word in ("time", "times") and lead != "for"):
            return None
        if comparator is Comparator.AT_MOST:
            return Part(Timing(count_max=int(high or low)), k + 1)
        return Part(Timing(count=int(low), count_max=None if high is None else int(high)), k + 1)
    if unit_word == "night" and lead == "bare":
        return None  # "2 morning 1 night"
    if unit_word in ("night", "nights", "fortnight", "fortnights"):
        factor = 2 if unit_word.startswith("fortnight") else 1
        unit = "wk" if factor == 2 else "d"
        return _bounded(tokens, i, k + 1, low * factor, high and high * factor, unit, comparator, lead)
    if unit_word not in LENGTH_WORDS and not (unit_word == "d" and lead in ("x", "for")):
        if lead in ("x", "×") and low.denominator == 1 and unit_word != "/" and high is None:
            return Part(Timing(count=int(low)), k) if _bare_count(tokens, i, k) else None
        return None
    if text_at(tokens, k + 1) in ("before", "after", "prior", "old", "of") and text_at(tokens, k + 2) != "treatment":
        return None  # "for 30 minutes before", "over 65 years of age"
    return _bounded(tokens, i, k + 1, low, high, UNIT_OF[unit_word], comparator, lead)


def _bare_count(tokens: Tokens, i: int, k: int) -> bool:
    """ "weekly x4": a count only right after a schedule and with nothing countable behind it."""
    following = tokens[k] if k < len(tokens) else None
    before = text_at(tokens, i - 1)
    scheduled = before in ADVERBS or before in LATIN or before in LATIN_OTHER or before in ("week", "day", "month")
    return scheduled and (following is None or following.kind == END or following.kind == "sign" or following.text in
                          ("then", "followed", "and", "im", "iv", "sc", "po"))  # fmt: skip


def _bounded(
    tokens: Tokens, i: int, end: int, low: Fraction, high: Fraction | None, unit: str, comparator: Comparator, lead: str
) -> Part | None:
    if low < 0:
        return None
    if lead == "over" and unit == "a":
        return None  # "over 65 years" is an age
    length = Quantity(
        text="",
        start=tokens[i].start,
        end=tokens[end - 1].end,
        value=low if high is None else None,
        low=None if high is None else low,
        high=high,
        comparator=comparator,
        unit=unit,
        kind=QuantityKind.DURATION,
    )
    if (lead == "over" and unit == "h") or unit in ("s", "min"):
        return Part(Timing(duration=length), end)
    return Part(Timing(bounds=length), end)


def within(tokens: Tokens, i: int) -> Part | None:
    """ "within the first 3 hours", "within 24 hours of admission": by when; kept as words."""
    j = i + 1
    while text_at(tokens, j) in _SPAN_FILL:
        j += 1
    found = number_range(tokens, j)
    if found is None or text_at(tokens, found[2]) not in LENGTH_WORDS:
        return None
    end = found[2] + 1
    return Part(Timing(), end, instruction=" ".join(token.raw or token.text for token in tokens[i:end]))


def bare_length(tokens: Tokens, i: int) -> Part | None:
    """ "90 days" with no "for", as at the end of American labels; the caller knows that it stands there."""
    if not is_number(tokens, i):
        return None
    part = _length(tokens, i, i, "bare", Comparator.EQUAL)
    if part is None or part.timing.bounds is None or part.timing.bounds.unit not in ("d", "wk", "mo"):
        return None
    return part


def divided(tokens: Tokens, i: int) -> tuple[Fraction, Fraction | None, int] | None:
    """ "in 3 divided doses", "in two to four divided doses", "divided into 2 doses": how many, and the next index."""
    j = i
    if text_at(tokens, j) == "divided":
        j += 1
    if text_at(tokens, j) in ("in", "into", "as", "over"):
        j += 1
    found = number_range(tokens, j)
    if found is None:
        return None
    low, high, j = found
    if text_at(tokens, j) == "equally":
        j += 1
    if text_at(tokens, j) in ("divided", "equal", "separate", "split"):
        j += 1
        if text_at(tokens, j) in ("doses", "administrations"):
            return low, high, j + 1
        return None
    if text_at(tokens, i) == "divided" and text_at(tokens, j) == "doses":
        return low, high, j + 1
    return None
