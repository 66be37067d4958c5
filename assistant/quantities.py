"""Owns quantities: numbers with unit, range, comparator and kind, read from a normalised copy in one pass.

Longest match wins, nothing overlaps, any text is read in linear time. Numbers come from ``numbers``, units from
``units``, words like "at least" from ``comparators``, the kind from ``kinds``; what is not a quantity at all (names,
citation marks, list markers, dates) is told by ``exclusions``.
"""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from assistant.comparators import comparator_after, comparator_before, is_over_time
from assistant.exclusions import AMBIGUOUS_DATE, Exclusions, find_exclusions, is_ambiguous_date
from assistant.kinds import is_age, kind_of, times_after
from assistant.normalise import Normal
from assistant.numbers import RUN_TOGETHER, Number, read_numbers
from assistant.patterns import Pattern
from assistant.records import Comparator, Quantity, QuantityKind
from assistant.units import canonical_unit, comparable, convert, unit_at

UNKNOWN_UNIT = "unit not in the table"
MIXED_UNITS = "the two ends of the range have different units"
NEGATIVE_RANGE = "range runs downwards"

_CONNECT = Pattern(r"[ ]?-[ ]?|[ ]{1,2}(?:to|through|till|until|up to)[ ]{1,2}|[ ]?~[ ]?|[ ]to[ ]|-?[ ]to[ ]")
_CONNECTS = ("to", "through", "till", "until", "up to", "~", "and", "-")
_SIGNED_CONNECT = Pattern(
    r"[ ]{0,2}(?:to|-|and)[ ]{1,2}(?:-|minus[ ])?(?:[<≤]=?|less than|below|under|up to|no more than|not more than)?[ ]{0,2}"
)
_BETWEEN = Pattern(
    r"\b(?:between|from|range(?: of)?|ranging from)[ ]{1,2}(?:(?:about|around|approximately|a|the)[ ]{1,2})?$", re.I
)
_AND = Pattern(r"[ ]{1,2}(?:and|to)[ ]{1,2}", re.I)
_PLUS_MINUS = Pattern(r"[ ]?(?:±|\+/-|\+-)[ ]?")
_GESTATION_DAYS = Pattern(r"\+([0-6])[ ]?(?:weeks?|wks?|w)\b", re.I)
_CELLS_PER = Pattern(r"[ ]?/[ ]?(?:mm(?:3|\^3)|cmm|u[lL]|μ[lL]|m[lL]|hpf|HPF|lpf|LPF)(?![A-Za-z0-9])")
_LIST = Pattern(
    r"[ ](?:or|and)[ ](?:above|below|over|under|(?:more|less|greater|lower|higher) than)[ ]|[ ](?:or|and)[ ][<>≤≥]=?[ ]?|[ ]{0,2}(?:,|,?[ ](?:or|and|then)|/|;|vs\.?|versus)[ ]{1,2}|[ ]?/[ ]?",  # noqa: E501
    re.I,
)
_SPACES = Pattern(r"[ \n]{1,3}")
_SIGN = Pattern(r"(?:(?<=^)|(?<=[ (\[=<>≤≥~:,/\n]))-[ ]?$")
_MINUS = Pattern(r"\bminus[ ]{1,2}$", re.I)
_GAP = Pattern(r"\+?[ ]?-?[ ]?(?:of[ ])?")
_LOOSE_GAP = Pattern(
    r"[ ](?:or (?:more|less|fewer)|consecutive|further|full|whole|additional|more|complete|calendar|successive|separate"
    r"|to the nearest|working|business)[ ](?=(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|doses|tablets|capsules|patients|people)\b)",  # noqa: E501
    re.I,
)  # "3 consecutive days", "4 or more years"
_PER_TIME = Pattern(
    r"[ ](?:or (?:more|less|fewer|above|below)[ ])?(?:per|a|/)[ ](?P<unit>minute|min|hour|day|week|month|year)\b", re.I
)
_PER_CODE = {"minute": "/min", "min": "/min", "hour": "/h", "day": "/d", "week": "/wk", "month": "/mo", "year": "/a"}
_PH = Pattern(
    r"\bpH[ ]{0,2}(?:of|is|was|below|above|at|under|over|less than|more than|greater than|at least|between|[<>≤≥=]){0,2}[ ]{0,2}[<>≤≥=]{0,2}[ ]?$"  # noqa: E501
)
_GLUED = Pattern(r"(?<![A-Za-z0-9])[A-Za-z]+$")
_TIMES = frozenset({"h", "d", "wk", "mo", "min"})
_AFTER_BRACKET = Pattern(r"\)[ ](?:or|and)[ ](?P<word>more|above|over|higher|greater|less|below|under|lower)\b", re.I)
_BOUNDS = {
    **dict.fromkeys(("more", "above", "over", "higher", "greater"), Comparator.AT_LEAST),
    **dict.fromkeys(("less", "below", "under", "lower"), Comparator.AT_MOST),
}
_PART_GAP = Pattern(r"[ ]?-?[ ]?(?:of[ ])?(?:(?:an?|one)[ ])?")  # half a tablet, half an hour
_UNKNOWN = Pattern(r"[ ]?[A-Za-zμ]{1,12}(?:/[A-Za-zμ]{1,12}){1,3}")
_RATIO_OF = Pattern(
    r"[ ]{1,2}(?:(?P<out>out of)|(?P<of>of(?: the)?)|(?P<in>in(?: every)?)|per)[ ]{1,2}$|[ ]?/[ ]?$", re.I
)
_PEOPLE = Pattern(
    r"[ ](?:[a-z-]+[ ]){0,2}(?:patients|people|persons|participants|women|men|children|adults|cases|subjects|individuals|infants|trials|studies)\b|[ ]?\([0-9.]+[ ]?%",  # noqa: E501
    re.I,
)
_PERCENT_OF = Pattern(r"(?<![0-9])(?<![0-9] )\bper[ ]?cent(?:age)? of $", re.I)
_PRESSURE = Pattern(r"\b(?:BP|blood pressure|pressure|hypertension|systolic|diastolic)\b[^.;]{0,40}$", re.I)


class _End(NamedTuple):
    """One number with what stands around it, before ranges are joined. Offsets count in the copy."""

    number: Number
    start: int
    end: int
    value: Fraction
    unit: str | None  # None: no unit was written
    distrust: tuple[str, ...]


_SAME = frozenset({" (", ", ", " = ", " or ", "/", " / ", "; "})


def _says_the_same(first: Quantity, second: Quantity) -> bool:
    """Whether two values in different units are one value, but for rounding: "above 4.6 kPa, 35 mmHg"."""
    if first.value is None or second.value is None or first.unit in (None, "1", second.unit) or second.unit is None:
        return False
    if second.comparator is not Comparator.EQUAL or not second.value or not comparable(first.unit, second.unit):
        return False
    return abs(convert(first.value, first.unit, second.unit) / second.value - 1) <= Fraction(1, 20)


def read_quantities(normal: Normal, locale: str | None = None) -> tuple[Quantity, ...]:
    """Every quantity in order of ``start``; offsets count in the original text, none overlap."""
    reader = _Reader(normal, locale)
    found: list[Quantity] = []
    for quantity in sorted(reader.read(), key=lambda q: (q.start, q.end)):
        if not found or quantity.start >= found[-1].end:  # one sign that stands for two numbers is read once
            found.append(quantity)
    return tuple(found)


class _Reader:
    def __init__(self, normal: Normal, locale: str | None) -> None:
        self.normal = normal
        self.text = normal.text
        self.locale = locale
        self.excluded: Exclusions = find_exclusions(normal, locale)
        self.ends: dict[int, _End | None] = {}
        self.numbers = [n for n in read_numbers(normal, locale) if n.form != "nothing" and not self.excluded.covers(n)]

    def read(self) -> list[Quantity]:
        found: list[Quantity] = [self._plain(q) for q in self.excluded.quantities]
        index, floor = 0, 0
        pending: list[Quantity] = []
        while index < len(self.numbers):
            quantity, index, floor = self._next(index, floor)
            pending.extend(quantity)
        return found + self._share_comparators(self._fill_lists(pending))

    # ------------------------------------------------------------------ one quantity

    def _next(self, index: int, floor: int) -> tuple[list[Quantity], int, int]:
        """The quantities that begin with number ``index``, the next index, and where what was read ends."""
        if self.numbers[index].start < floor:  # the 10^9 of a unit, the 5 of 500 mg/5 mL
            return [], index + 1, floor
        end = self._end(self.numbers[index])
        if end is None:
            return [], index + 1, floor
        pair = self._pair(index, end)
        if pair is not None:
            return pair[0], pair[1], pair[2]
        upper = self._upper(index, end)
        if upper is not None:
            quantity, count, stop = self._range(end, upper, index, floor)
            return [quantity], count, stop
        days = _GESTATION_DAYS.match(self.text, end.end) if end.unit is None and end.value.denominator == 1 else None
        if days:  # "28+3 weeks": the +3 are days
            weeks = end.value + Fraction(int(days.group(1)), 7)
            quantity = self._quantity(
                end.start, days.end(), QuantityKind.GESTATION, "wk", end.distrust, value=weeks,
                comparator=self._before(end.start),
            )  # fmt: skip
            return [quantity], index + 1, days.end()
        quantity, stop = self._single(end, floor)
        joined = self._feet_and_inches(index, end)
        if joined is not None:
            quantity = replace(
                quantity, value=joined[0], text=self._slice(end.start, joined[1]), end=self._stop(joined[1])
            )
            return [quantity], index + 2, joined[1]
        return [quantity], index + 1, stop

    def _end(self, number: Number) -> _End | None:
        """The number with its sign and unit; None when the letters around it make it part of a name."""
        if number.start not in self.ends:
            self.ends[number.start] = self._read_end(number)
        return self.ends[number.start]

    def _read_end(self, number: Number) -> _End | None:
        text, start, end = self.text, number.start, number.end
        distrust = list(number.distrust)
        glued = text[start - 1 : start].isalpha() and number.form in ("digits", "fraction")
        value = number.value
        before = text[max(0, start - 8) : start]
        signed = "-" in before[-2:] and number.form in ("digits", "fraction")
        sign = _SIGN.search(before[-3:]) if signed and not before.rstrip(" ").endswith("+/-") else None
        minus = _MINUS.search(before) if before[-2:-1] in "sS " else None
        if sign:
            value, start = -value, start - len(sign.group())
        elif minus:
            value, start = -value, start - len(minus.group())
        unit = self._unit(number)
        if glued:
            word = _GLUED.search(text[max(0, start - 20) : start])
            timed = unit is not None and unit[0] in _TIMES and word is not None
            if timed and word is not None and (word.group().lower() == "q" or word.group()[-1] in "xX"):
                pass  # q8h, x5 days, dailyx5 days
            elif unit is None or word is None or len(word.group()) < 3:
                return None
            else:
                distrust.append(RUN_TOGETHER)
        if unit is None:
            if text[end : end + 1].isalpha() and number.form == "digits" and not self._stage_letter(number):
                return None
            return _End(number, start, end, value, None, tuple(distrust))
        code, stop, doubts = unit
        distrust.extend(doubts)
        distrust.extend(self.normal.marks_in(end, stop))
        return _End(number, start, stop, value, code, tuple(dict.fromkeys(distrust)))

    def _stage_letter(self, number: Number) -> bool:
        """Whether the letter behind belongs to a stage: ``CKD stage 3b``."""
        end = number.end
        letter = self.text[end : end + 1] in "abcdABCD" and not self.text[end + 1 : end + 2].isalnum()
        return letter and self.excluded.kind_at(number) is QuantityKind.STAGE

    def _unit(self, number: Number) -> tuple[str, int, tuple[str, ...]] | None:
        text, end = self.text, number.end
        if number.form == "times":
            return None
        gap = (_PART_GAP if number.form == "words" and number.value < 1 else _GAP).match(text, end)
        places = [end] if gap is None or gap.end() == end else [gap.end(), end]
        if text[end : end + 2] == "  " or text[end : end + 1] == "\n":
            loose = _SPACES.match(text, end)
            places = [loose.end()] if loose else places
        loose_gap = _LOOSE_GAP.match(text, end) if text[end : end + 1] == " " else None
        if loose_gap:
            places = [loose_gap.end(), *places]
        for place in places:
            match = unit_at(self.normal, place)
            if match is not None and match.code == "{person}" and number.value < 1:
                continue  # half of patients is a proportion
            if match is not None and self.excluded.allows_unit(text, number, place, match):
                return match.code, match.end, match.distrust
        return None

    def _single(self, end: _End, floor: int) -> tuple[Quantity, int]:
        text = self.text
        before = comparator_before(text, end.start, floor=floor)
        kind, unit, stop, distrust = self._kind(end)
        after = (
            comparator_after(text, end.number.end) or comparator_after(text, end.end) or comparator_after(text, stop)
        )
        comparator = Comparator.EQUAL
        if before:
            comparator = before[0]
            if kind is QuantityKind.DURATION and comparator is Comparator.MORE and is_over_time(text, end.start):
                if text[before[1] - 1 : before[1]] == "(" and unit == "a":
                    kind = QuantityKind.AGE  # "women (over 15 years)"
                else:
                    comparator = Comparator.EQUAL
        if after and comparator in (Comparator.EQUAL, Comparator.ABOUT):
            comparator = after[0]
        if kind is QuantityKind.MAXIMUM and comparator is Comparator.EQUAL:
            comparator = Comparator.AT_MOST  # "the maximum dose of X in Y is 2 mg": said in words that stand further off
        return self._quantity(end.start, stop, kind, unit, distrust, value=end.value, comparator=comparator), stop

    def _kind(self, end: _End) -> tuple[QuantityKind, str | None, int, tuple[str, ...]]:
        text = self.text
        if end.unit is not None:
            return kind_of(end.unit, text, end.start, end.end), end.unit, end.end, end.distrust
        times = times_after(text, end.end, end.number.form)
        if times:
            return times[0], times[1], times[2], end.distrust
        if _PH.search(text[max(0, end.start - 30) : end.start]):
            return QuantityKind.CONCENTRATION, "[pH]", end.end, end.distrust
        per = _PER_TIME.match(text, end.end)
        if per and end.number.form == "digits":
            after = comparator_after(text, end.end)
            stop = end.end if after else per.end()
            return QuantityKind.FREQUENCY, _PER_CODE[per.group("unit").lower()], stop, end.distrust
        if is_age(text, end.start, end.end):
            return QuantityKind.AGE, "a", end.end, end.distrust
        if end.number.form == "words" and end.value < 1 and text.startswith((" of ", " the "), end.end):
            return QuantityKind.PROPORTION, "1", end.end, end.distrust
        if _PERCENT_OF.search(text[max(0, end.start - 16) : end.start]):
            return QuantityKind.PERCENTAGE, "%", end.end, end.distrust
        cells = _CELLS_PER.match(text, end.end) if end.number.form == "digits" else None
        if cells:  # "150,000/mm3"
            bottom = canonical_unit(cells.group().strip(" /"))
            if bottom is not None:
                return QuantityKind.CONCENTRATION, "/" + bottom, cells.end(), end.distrust
        special = self.excluded.kind_at(end.number)
        if special is not None:
            return special, "1", end.end, end.distrust
        unknown = _UNKNOWN.match(text, end.end)
        if unknown and not unknown.group().strip().lower().startswith(("and/", "or/", "he/", "she/")):
            return QuantityKind.NUMBER, None, end.end, (*end.distrust, UNKNOWN_UNIT)
        kind = kind_of("1", text, end.start, end.end)
        return (kind if kind is QuantityKind.SUPPLY else QuantityKind.NUMBER), "1", end.end, end.distrust

    # ------------------------------------------------------------------ ranges

    def _upper(self, index: int, low: _End) -> _End | None:
        """The upper end when the next number continues this one as a range."""
        if index + 1 >= len(self.numbers) or low.number.form == "times":
            return None
        number = self.numbers[index + 1]
        between = self.text[low.end : number.start]
        if len(between) > 30 or not between.lstrip(" ").lower().startswith(_CONNECTS):
            return None
        connected = bool(_CONNECT.fullmatch(between)) or self._signed_connect(between)
        if not connected and _AND.fullmatch(between):
            connected = bool(_BETWEEN.search(self.text[max(0, low.start - 40) : low.start]))
        if not connected:
            return None
        high = self._end(number)
        if high is None:
            return None
        value = high.number.value if between.strip() == "-" else high.value  # the dash is no minus sign
        high = high._replace(value=value, start=number.start if value == number.value else high.start)
        if low.unit is not None and high.unit is not None and low.unit != high.unit:
            if not comparable(low.unit, high.unit) or convert(low.value, low.unit, high.unit) >= high.value:
                return None
        elif low.value >= high.value and not (high.value < low.value < 0 and low.unit == high.unit == "Cel"):
            return None  # "from -18 °C to -34 °C" is a range all the same
        return high

    def _signed_connect(self, between: str) -> bool:
        return bool(_SIGNED_CONNECT.fullmatch(between)) and between.strip() != "and"

    def _range(self, low: _End, high: _End, index: int, floor: int) -> tuple[Quantity, int, int]:
        text = self.text
        distrust = tuple(dict.fromkeys(low.distrust + high.distrust))
        unit = high.unit if high.unit is not None else low.unit
        low_value = low.value
        if low.unit is not None and high.unit is not None and low.unit != high.unit:
            low_value = convert(low.value, low.unit, high.unit)
        ends = sorted((low_value, high.value))
        joined = _End(high.number, low.start, high.end, high.value, unit, distrust)
        kind, code, stop, distrust = self._kind(joined)
        before = comparator_before(text, low.start, floor=floor)
        comparator = before[0] if before else Comparator.EQUAL
        inner = text[low.end : high.number.start]
        included = not re.search(r"<(?!=)|less than|below|under", inner)
        low_included = True
        if comparator is Comparator.MORE and not (kind is QuantityKind.DURATION and is_over_time(text, low.start)):
            low_included, comparator = False, Comparator.EQUAL
        elif comparator in (Comparator.AT_LEAST, Comparator.MORE):
            comparator = Comparator.EQUAL
        quantity = self._quantity(
            low.start, stop, kind, code, distrust, low=ends[0], high=ends[1], comparator=comparator,
            low_included=low_included, high_included=included,
        )  # fmt: skip
        return quantity, index + 2, stop

    # ------------------------------------------------------------------ two numbers that belong together

    def _pair(self, index: int, first: _End) -> tuple[list[Quantity], int, int] | None:
        """``120/80 mmHg`` as two pressures, ``3 of 44 patients`` and ``1 in 1000`` as one proportion."""
        if index + 1 >= len(self.numbers) or (first.unit is not None):
            return None
        number = self.numbers[index + 1]
        between = self.text[first.end : number.start]
        if len(between) > 16:
            return None
        second = self._end(number)
        if second is None:
            return None
        if between.strip() == "/":
            return self._blood_pressure(index, first, second)
        if between == " over " and first.number.form == second.number.form == "words" and second.unit is None:
            return self._words_ratio(index, first, second)
        if not _RATIO_OF.fullmatch(between) or second.value <= 0 or first.value > second.value or first.value < 0:
            return None
        word = between.strip().lower()
        people = _PEOPLE.match(self.text, number.end) or second.unit == "{person}"
        round_number = second.value in (10, 100, 1000, 10000, 100000, 1000000)
        if word == "per" and not round_number:
            return None
        if word.startswith("of") and not people:
            return None
        if word.startswith("in") and not (people or round_number or (first.value == 1 and second.value < 1900)):
            return None
        if second.unit not in (None, "{person}") and not people:
            return None
        distrust = tuple(dict.fromkeys(first.distrust + second.distrust))
        quantity = self._quantity(
            first.start, number.end, QuantityKind.PROPORTION, "1", distrust, value=first.value / second.value,
            comparator=self._before(first.start),
        )  # fmt: skip
        return [quantity], index + 2, number.end

    def _words_ratio(self, index: int, first: _End, second: _End) -> tuple[list[Quantity], int, int] | None:
        """``one over three``: a fraction read aloud."""
        if second.value <= 1 or not 0 < first.value < second.value:
            return None
        quantity = self._quantity(
            first.start, second.number.end, QuantityKind.PROPORTION, "1", first.distrust + second.distrust,
            value=first.value / second.value,
        )  # fmt: skip
        return [quantity], index + 2, second.number.end

    def _blood_pressure(self, index: int, first: _End, second: _End) -> tuple[list[Quantity], int, int] | None:
        if second.unit not in (None, "mm[Hg]", "kPa"):
            return None
        unit = second.unit
        if unit is None:
            if not (40 <= first.value <= 300 and 20 <= second.value <= 200 and first.value > second.value):
                return self._slash_proportion(index, first, second)
            if not _PRESSURE.search(self.text[max(0, first.start - 60) : first.start]):
                return None
            unit = "mm[Hg]"
        comparator = self._before(first.start)
        pair = [
            self._quantity(
                e.start, e.end, QuantityKind.PRESSURE, unit, e.distrust, value=e.value, comparator=comparator
            )
            for e in (first, second)
        ]
        return pair, index + 2, second.end

    def _slash_proportion(self, index: int, first: _End, second: _End) -> tuple[list[Quantity], int, int] | None:
        people = _PEOPLE.match(self.text, second.number.end)
        if not people or not 0 <= first.value <= second.value or second.value == 0:
            return None
        quantity = self._quantity(
            first.start, second.number.end, QuantityKind.PROPORTION, "1", first.distrust + second.distrust,
            value=first.value / second.value,
        )  # fmt: skip
        return [quantity], index + 2, second.number.end

    def _feet_and_inches(self, index: int, first: _End) -> tuple[Fraction, int] | None:
        if first.unit not in ("[ft_i]", "[stone_av]") or index + 1 >= len(self.numbers):
            return None
        number = self.numbers[index + 1]
        if self.text[first.end : number.start] not in ("", " ", " and ", ", "):
            return None
        second = self._end(number)
        small = {"[ft_i]": ("[in_i]", 12), "[stone_av]": ("[lb_av]", 14)}[first.unit]
        if second is None or second.unit != small[0] or not 0 <= second.value < small[1]:
            return None
        return first.value + second.value / small[1], second.end

    def _before(self, start: int) -> Comparator:
        before = comparator_before(self.text, start)
        return before[0] if before else Comparator.EQUAL

    # ------------------------------------------------------------------ records

    def _fill_lists(self, quantities: list[Quantity]) -> list[Quantity]:
        """``5, 10 or 20 mg``: the unit at the end of a list belongs to every number of it."""
        for at in range(len(quantities) - 2, -1, -1):
            here, after = quantities[at], quantities[at + 1]
            if here.unit != "1" or here.kind is not QuantityKind.NUMBER or after.unit in ("1", None):
                continue
            between = self.normal.original[here.end : after.start]
            listed = _LIST.fullmatch(between) and (here.text[-1:].isdigit() or after.unit.startswith("{"))
            if len(between) <= 20 and (listed or _PLUS_MINUS.fullmatch(between)):  # "8 ± 2 mg"
                quantities[at] = replace(here, unit=after.unit, kind=after.kind)
        return quantities

    def _share_comparators(self, quantities: list[Quantity]) -> list[Quantity]:
        """``below 180 ng/L (133 pmol/L)`` and ``2 mg/dL (177 umol/L) or more``: one bound in two units."""
        original = self.normal.original
        for at in range(len(quantities) - 1):
            first, second = quantities[at], quantities[at + 1]
            between = original[first.end : second.start]
            if first.comparator is not second.comparator and between in _SAME and _says_the_same(first, second):
                quantities[at + 1] = replace(second, comparator=first.comparator)
                continue
            beside = between == " (" and original[second.end : second.end + 1] == ")"
            if not beside or first.kind is not second.kind or first.unit in ("1", second.unit) or first.is_range:
                continue
            after = _AFTER_BRACKET.match(original, second.end)
            if after and first.comparator is Comparator.EQUAL:
                first = replace(first, comparator=_BOUNDS[after.group("word").lower()])
                quantities[at] = first
            if second.comparator is Comparator.EQUAL and not second.is_range:
                quantities[at + 1] = replace(second, comparator=first.comparator)
        return quantities

    def _plain(self, found: tuple[int, int, QuantityKind, Fraction, str]) -> Quantity:
        start, end, kind, value, unit = found
        comparator = self._before(start) if kind is not QuantityKind.DATE else Comparator.EQUAL
        if kind is QuantityKind.DURATION and comparator is Comparator.MORE and is_over_time(self.text, start):
            comparator = Comparator.EQUAL
        distrust = self.normal.marks_in(start, end)
        if kind is QuantityKind.DATE and is_ambiguous_date(self.text[start:end], self.locale):
            distrust = (*distrust, AMBIGUOUS_DATE)
        return self._quantity(start, end, kind, unit, distrust, value=value, comparator=comparator)

    def _quantity(
        self, start: int, end: int, kind: QuantityKind, unit: str | None, distrust: tuple[str, ...], *,
        value: Fraction | None = None, low: Fraction | None = None, high: Fraction | None = None,
        comparator: Comparator = Comparator.EQUAL, low_included: bool = True, high_included: bool = True,
    ) -> Quantity:  # fmt: skip
        span = self.normal.span(start, end)
        return Quantity(
            text=self.normal.original[span.start : span.end], start=span.start, end=span.end, value=value, low=low,
            high=high, low_included=low_included, high_included=high_included, comparator=comparator, unit=unit,
            kind=kind, distrust=distrust,
        )  # fmt: skip

    def _slice(self, start: int, end: int) -> str:
        return self.normal.source(start, end)

    def _stop(self, end: int) -> int:
        return self.normal.span(end - 1, end).end
