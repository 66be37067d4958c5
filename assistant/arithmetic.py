"""Sums that a sentence does by itself: a dose per kilogram times a weight, a daily total of several doses. Pure, exact.

A result that no source holds is recomputed from the numbers it was made of. What is left of the sentence without the
sum is then checked like any other, so that a right sum of a wrong dose is still a wrong dose. Rounding counts as right
only where the sentence says "about".

    15 mg/kg for 70 kg = 1050 mg          15 mg/kg (1050 mg at 70 kg)          1050 mg (15 mg/kg x 70 kg)
    1 g three times a day (total 3 g)     3 g a day in three doses of 1 g          1000 pmol/L (about 1355 ng/L)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from assistant.analytes import find_analyte
from assistant.equivalence import compare_quantities, in_unit
from assistant.normalise import normalise
from assistant.parsing import read
from assistant.records import Comparator, Quantity, QuantityKind, Timing
from assistant.units import decimal_text


@dataclass(frozen=True, slots=True)
class Sum:
    """A stated result (``start``/``end`` in the sentence) and what it should be; ``operand`` is where its dose stands.

    ``size`` is the weight or surface that a dose was multiplied with.
    """

    start: int
    end: int
    stated: Quantity
    exact: Quantity
    operand: int
    size: Quantity | None = None

    @property
    def is_right(self) -> bool:
        return compare_quantities(self.stated, self.exact).same

    def slots(self, quantity: Quantity) -> dict[str, str]:
        ends = [_shown(v) for v in (quantity.value, quantity.low, quantity.high) if v is not None]
        return {"value": "-".join(ends), "unit": quantity.unit or ""}


def _shown(value: Fraction) -> str:
    """The exact decimal; where there is none (1000 pmol/L of B12 in ng/L) four decimals, marked as rounded."""
    text = decimal_text(value)
    return f"~ {decimal_text(round(value, 4))}" if "/" in text else text


@dataclass(frozen=True, slots=True)
class Worked:
    """A sentence without its sum, of the same length (blanks stand where the sum stood), and the sum."""

    clean: str
    sum: Sum


def worked_out(text: str, analytes: Sequence[str] = ()) -> tuple[Worked, ...]:
    """Every way to take one sum out of ``text``, likeliest first; empty when it does none that is understood.

    ``analytes`` are the ids of those it names, for conversions between mass and moles.
    """
    if len(text) > _MOST_CHARACTERS or not (_MAY_SUM.search(text) or _MAY_CONVERT.search(text)):
        return ()
    copy = normalise(text)
    if len(copy.text) != len(text):
        return ()  # offsets of the copy would not be those of the sentence
    quantities = [q for q in read(copy.text).quantities if not q.distrust and q.unit is not None]
    if len(quantities) > _MOST_QUANTITIES:
        return ()
    return (
        *_by_weight(copy.text, quantities),
        *_in_doses(copy.text, quantities),
        *_totals(copy.text, quantities),
        *_conversions(copy.text, quantities, analytes),
    )


_MOST_CHARACTERS = 600
_MOST_QUANTITIES = 12  # three of them are tried together
_MAY_SUM = re.compile(
    r"(?:/|per )\s?(?:kg|m2|m²|kilogram)|\btotal|\bin all\b|\baltogether\b|\bdoses? of\b", re.IGNORECASE
)

_MAY_CONVERT = re.compile(r"\d[^()]{1,30}\([^()]{0,14}\d[\d.,]*\s?[^\s()]+\)")

# ------------------------------------------------------------------ per kilogram, per square metre

_LINK = (
    r"(?:for|at|in|of|with|a|an|the|x|×|\*|=|≈|is|are|gives?|equals?|makes?|means|that|this|i\.e\.|ie|so|thus|"
    r"weighing|weighs?|body|weight|surface|area|bsa|patient|person|adult|man|woman|someone|"
    r"about|approximately|approx\.?|roughly|dose|[(:,;~→-])"
)
_LINKS = re.compile(rf"(?:\s|{_LINK}(?![A-Za-z0-9]))*", re.IGNORECASE)
_LINKED_BEFORE = re.compile(rf"(?:(?<![A-Za-z0-9]){_LINK}\s*)+$|\s+$", re.IGNORECASE)
_BEHIND = re.compile(r"\s*(?:(?:patient|person|adult|man|woman|body weight|bsa|in total)\b)?\s*\)?", re.IGNORECASE)
_A_DAY = re.compile(r"\s*(?:(?:a|per|each|every)\s+day|/\s?d(?:ay)?|daily)\b", re.IGNORECASE)
_NOT_OVER = re.compile(r"[.!?;]\s|\b(?:not|never|no|avoid|without|unless|except)\b|n't", re.IGNORECASE)
_NO_RESULT = frozenset({QuantityKind.WEIGHT, QuantityKind.AREA, QuantityKind.MAXIMUM})
_SAID = frozenset({Comparator.EQUAL, Comparator.ABOUT})
_BRACKET_BEFORE = re.compile(r"\((?=\s*$)")
_BRACKET_BEHIND = re.compile(r"(?<=\s)\)")
_SIZES = {"kg": QuantityKind.WEIGHT, "m2": QuantityKind.AREA}


def _by_weight(text: str, quantities: Sequence[Quantity]) -> Iterator[Worked]:
    """Dose per kilogram, weight and result, joined by nothing but words of calculation."""
    for dose in quantities:
        for size in quantities:
            per = f"/{size.unit}"
            if size.unit not in _SIZES or size.kind is not _SIZES[size.unit] or per not in (dose.unit or ""):
                continue
            if size.comparator is not Comparator.EQUAL:  # "below 30 kg" is whom the dose is for
                continue
            plain = (dose.unit or "").replace(per, "", 1)
            for result in (q for q in quantities if q.kind not in _NO_RESULT and q.comparator in _SAID):
                found = _product(
                    text, dose, size, result, plain, alone=sum(per in (q.unit or "") for q in quantities) == 1
                )
                if found is not None:
                    yield found


def _product(text: str, dose: Quantity, size: Quantity, result: Quantity, plain: str, *, alone: bool) -> Worked | None:
    amount = plain.removesuffix("/d")
    if size.value is None or result in (dose, size) or in_unit(Fraction(1), amount, result.unit, None) is None:
        if size.value is None or in_unit(Fraction(1), plain, result.unit, None) is None:
            return None
    elif plain != amount and not _A_DAY.match(text, result.end):
        return None  # a dose a day gives a result a day
    if not _belong(text, dose, size, result, alone=alone):
        return None
    unit = result.unit if plain == amount or (result.unit or "").endswith("/d") else amount
    source_unit = plain if (result.unit or "").endswith("/d") else amount
    exact = _times(dose, size.value, source_unit, result)
    if exact is None or unit is None:
        return None
    clean = _without(text, (size, result), keep=dose)
    return None if clean is None else Worked(clean, Sum(result.start, result.end, result, exact, dose.start, size))


def _belong(text: str, dose: Quantity, size: Quantity, result: Quantity, *, alone: bool) -> bool:
    """Whether the three stand in one sum: only links between them, or between any two when the dose is ``alone``.

    "0.2 mg/kg intravenously once daily: for a 70 kg patient that is 14 mg" can speak of one dose only.
    """
    parts = sorted((dose, size, result), key=lambda q: q.start)
    gaps = [(a.end, b.start) for a, b in pairwise(parts)]
    linked = [_LINKS.fullmatch(text, start, end) is not None for start, end in gaps]
    if all(linked):
        return True
    start, end = gaps[linked.index(False)]
    return alone and any(linked) and not _NOT_OVER.search(text, start, end)


def _times(dose: Quantity, factor: Fraction, unit: str, result: Quantity) -> Quantity | None:
    """``dose`` times ``factor`` in the result's unit; None when the two are not of one kind."""

    def product(value: Fraction | None) -> Fraction | None:
        return None if value is None else in_unit(value * factor, unit, result.unit, None)

    value, low, high = product(dose.value), product(dose.low), product(dose.high)
    if (value, low, high) == (None, None, None):
        return None
    return replace(
        result, value=value, low=low, high=high, comparator=Comparator.EQUAL, low_included=True, high_included=True
    )


def _without(text: str, gone: Sequence[Quantity], *, keep: Quantity) -> str | None:
    """``text`` with the quantities of a sum and the words that join them blanked; None when a bracket is left over."""
    chars = list(text)
    for part in gone:
        before = _LINKED_BEFORE.search(text, keep.end if keep.end <= part.start else 0, part.start)
        day = _A_DAY.match(text, part.end) if part.unit not in _SIZES else None
        behind = _BEHIND.match(text, day.end() if day else part.end)
        start = before.start() if before else part.start
        end = behind.end() if behind else part.end
        for i in range(start, end):
            if not keep.start <= i < keep.end:
                chars[i] = " "
    clean = "".join(chars)
    if clean.count("(") != clean.count(")"):
        # the bracket around the sum: "(", of "14 mg (0.2 mg/kg x 70 kg)", stands right before what is kept
        clean = _BRACKET_BEFORE.sub(" ", clean[: keep.start]) + _BRACKET_BEHIND.sub(" ", clean[keep.start :], count=1)
        if clean.count("(") != clean.count(")"):
            return None
    return clean if any(c.isalpha() for c in clean.replace(keep.text, "")) else None


# ------------------------------------------------------------------ so many doses of so much

_WORDS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "eight": 8}
_DOSES = re.compile(
    r"(?:\s*(?:a day|daily|per day|/\s?d(?:ay)?|in 24 h(?:ours)?))?"
    r"(?P<route>\s+(?:orally|by mouth|intravenously|intramuscularly|subcutaneously|PO|IV|IM|SC))?,?\s*"
    r"(?:(?:given|divided|split|taken)\s+)?(?:in|as|into)\s+"
    rf"(?P<count>{'|'.join(_WORDS)}|[2-8])\s+(?:(?:divided|equal|separate|single)\s+)?doses\s+of\s+",
    re.IGNORECASE,
)
_OFTEN = {2: "bd", 3: "tds", 4: "qds"}
_IS_DAILY = re.compile(r"\b(?:day|daily|24 h)|/\s?d\b", re.IGNORECASE)


def _in_doses(text: str, quantities: Sequence[Quantity]) -> Iterator[Worked]:
    """ "3 g a day in three doses of 1 g": for a source that gives the total, and for one that gives the single dose."""
    for total in quantities:
        for single in quantities:
            between = _DOSES.fullmatch(text, total.end, single.start)
            total_unit = (total.unit or "").removesuffix("/d")
            if between is None or not _IS_DAILY.search(text, total.start, between.start("count")):
                continue
            count = _WORDS.get(between["count"].lower()) or int(between["count"])
            stated = replace(total, unit=total_unit)
            exact = _times(single, Fraction(count), single.unit or "", stated)
            if exact is None:
                continue
            cut = text.index("doses", between.start("count")) + len("doses")
            each = _times(stated, Fraction(1, count), total_unit, single)
            if each is not None:
                of_single = Sum(single.start, single.end, single, each, total.start)
                yield Worked(text[:cut] + " " * (single.end - cut) + text[single.end :], of_single)
            if count in _OFTEN:
                short = f"{text[single.start : single.end]} {_OFTEN[count]}{between['route'] or ''}"
                clean = text[: total.start] + short.ljust(single.end - total.start) + text[single.end :]
                # the stated end may reach over "a day", so the sum names the number alone
                yield Worked(clean, Sum(total.start, total.end, stated, exact, total.start))


# ------------------------------------------------------------------ a total beside the single dose

_BEFORE_TOTAL = re.compile(
    r"\s*[,;(=]?\s*(?:(?:i\.e\.|ie|that is|making|giving|for|so)\s+)?(?:(?:a|the)\s+)?"
    r"(?P<total>(?:daily\s+)?total(?:ling)?(?:\s+daily)?(?:\s+dose)?(?:\s*(?:of|is|:|=))?)?\s*(?:about\s+|approximately\s+)?$",
    re.IGNORECASE,
)
_AFTER_TOTAL = re.compile(
    r"\s*(?:(?:(?:a|per|each)\s+day|/\s?d(?:ay)?|daily|in 24 h(?:ours)?)\b)?"
    r"\s*(?P<total>in total|in all|altogether|total)?\s*\)?",
    re.IGNORECASE,
)


def _totals(text: str, quantities: Sequence[Quantity]) -> Iterator[Worked]:
    """ "1 g three times a day (3 g a day in total)": the total behind its dose is taken out and recomputed."""
    for total in quantities:
        before = _BEFORE_TOTAL.search(text, max(0, total.start - 60), total.start)
        after = _AFTER_TOTAL.match(text, total.end)
        if before is None or after is None or not (before["total"] or after["total"]):
            continue
        clean = text[: before.start()] + " " * (after.end() - before.start()) + text[after.end() :]
        if clean.count("(") != clean.count(")"):
            continue
        for dosage in read(clean).dosages:
            count = _times_a_day(dosage.timing)
            if dosage.dose is None or count is None or dosage.end > before.start() + 1 or dosage.dose.distrust:
                continue
            stated = replace(total, unit=(total.unit or "").removesuffix("/d"), kind=QuantityKind.DOSE)
            exact = _times(dosage.dose, count, dosage.dose.unit or "", stated)
            if exact is not None:
                yield Worked(clean, Sum(total.start, total.end, stated, exact, dosage.dose.start))


def _times_a_day(timing: Timing) -> Fraction | None:
    """How many doses a day a fixed schedule has: three times a day, every 8 hours; None for every other."""
    often = timing.frequency if timing.frequency is not None else Fraction(1)
    if timing.period is None or timing.period_max is not None or timing.frequency_max is not None:
        return None
    if timing.period_unit == "d":
        return often / timing.period
    return often * 24 / timing.period if timing.period_unit == "h" else None


# ------------------------------------------------------------------ another unit in brackets

_IN_BRACKETS = re.compile(
    r"(?:\s+or\s+(?:more|above|higher|greater|less|below|lower|fewer))?\s*\(\s*"
    r"(?:(?:=|i\.e\.|ie|equals?|that is|or|about|approximately|approx\.?|roughly|~)\s*)*",
    re.IGNORECASE,
)


def _conversions(text: str, quantities: Sequence[Quantity], analytes: Sequence[str]) -> Iterator[Worked]:
    """ "1000 pmol/L or more (about 1355 ng/L)": the bracket is the same amount in another unit."""
    for one, other in pairwise(quantities):
        between = _IN_BRACKETS.fullmatch(text, one.end, other.start)
        behind = re.match(r"\s*\)", text[other.end :])
        if between is None or behind is None or one.unit == other.unit:
            continue
        if other.comparator not in _SAID and other.comparator is not one.comparator:
            continue
        named = (None, *analytes, *_named_before(text, one.start))
        found = {e for a in named if (e := _converted(one, other, a)) is not None}
        if len(found) == 1:
            opened = text.index("(", one.end)
            end = other.end + behind.end()
            clean = text[:opened] + " " * (end - opened) + text[end:]
            is_about = "~" if other.comparator is Comparator.ABOUT else "="
            stated = replace(
                other, comparator=Comparator(is_about), kind=QuantityKind.NUMBER, low_included=True, high_included=True
            )
            yield Worked(clean, Sum(other.start, other.end, stated, found.pop(), one.start))


def _named_before(text: str, at: int) -> tuple[str, ...]:
    """The analyte of the conversion table that is named last in the few words before ``at``."""
    words = [*re.finditer(r"[\w+-]+", text[max(0, at - 60) : at])][-8:]
    for last in range(len(words), 0, -1):
        for first in range(max(0, last - 4), last):
            name = text[max(0, at - 60) :][words[first].start() : words[last - 1].end()]
            if len(name) > 1 and find_analyte(name) is not None:
                return (name,)
    return ()


def _converted(one: Quantity, other: Quantity, analyte: str | None) -> Quantity | None:
    """``one`` in the unit of ``other``; None where they are not of one kind."""

    def convert(value: Fraction | None) -> Fraction | None:
        return None if value is None else in_unit(value, one.unit, other.unit, analyte)

    value, low, high = convert(one.value), convert(one.low), convert(one.high)
    if (value is None) != (one.value is None) or (low is None) != (one.low is None):
        return None
    return replace(
        other,
        value=value,
        low=low,
        high=high,
        comparator=Comparator.EQUAL,
        kind=QuantityKind.NUMBER,
        low_included=True,
        high_included=True,
    )
