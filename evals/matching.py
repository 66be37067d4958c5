"""Finds amounts and words in a shown text, for the scorers; on purpose it shares nothing with the product's parser.

It knows only the units that the cases and the corpus use, reads numbers in digits (and small ones in words), and
compares exactly. What it cannot read it does not find, so a wrong reading here can fail a case but never pass one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache

# unit words -> (dimension, factor to the dimension's base). Months and years are not turned into days: four weeks are
# not a month. pg/mL and ng/L are the same concentration; molar units stay apart because they need the analyte.
UNITS: Mapping[str, tuple[str, Fraction]] = {
    **dict.fromkeys(("g", "gram", "grams"), ("mass", Fraction(10**6))),
    **dict.fromkeys(("mg", "milligram", "milligrams"), ("mass", Fraction(1000))),
    **dict.fromkeys(("micrograms", "microgram", "mcg", "µg", "μg", "ug"), ("mass", Fraction(1))),
    **dict.fromkeys(("ng", "nanogram", "nanograms"), ("mass", Fraction(1, 1000))),
    **dict.fromkeys(("mg/kg", "mg per kg"), ("mass/kg", Fraction(1000))),
    **dict.fromkeys(("micrograms/kg", "mcg/kg"), ("mass/kg", Fraction(1))),
    **dict.fromkeys(("micrograms/kg/min", "mcg/kg/min"), ("mass/kg/min", Fraction(1))),
    **dict.fromkeys(("mg/kg/day",), ("mass/kg/day", Fraction(1000))),
    **dict.fromkeys(("micrograms/kg/day", "mcg/kg/day"), ("mass/kg/day", Fraction(1))),
    **dict.fromkeys(("mg/m2", "mg per m2"), ("mass/m2", Fraction(1000))),
    **dict.fromkeys(("micrograms/m2",), ("mass/m2", Fraction(1))),
    **dict.fromkeys(("g/m2",), ("mass/m2", Fraction(10**6))),
    **dict.fromkeys(("mg/hour", "mg/h", "mg per hour"), ("mass/hour", Fraction(1))),
    **dict.fromkeys(("ng/l", "pg/ml", "nanograms per litre", "picograms per millilitre"), ("mass/l", Fraction(1))),
    **dict.fromkeys(("ng/ml", "micrograms/l", "mcg/l", "µg/l", "μg/l", "ug/l"), ("mass/l", Fraction(1000))),
    **dict.fromkeys(("mg/l",), ("mass/l", Fraction(10**6))),
    **dict.fromkeys(("mg/dl",), ("mass/l", Fraction(10**7))),
    **dict.fromkeys(("g/l", "mg/ml"), ("mass/l", Fraction(10**9))),
    **dict.fromkeys(("g/dl",), ("mass/l", Fraction(10**10))),
    **dict.fromkeys(("pmol/l",), ("mol/l", Fraction(1))),
    **dict.fromkeys(("nmol/l",), ("mol/l", Fraction(1000))),
    **dict.fromkeys(("micromol/l", "µmol/l", "μmol/l", "umol/l"), ("mol/l", Fraction(10**6))),
    **dict.fromkeys(("mmol/l",), ("mol/l", Fraction(10**9))),
    **dict.fromkeys(("mmol", "millimoles"), ("mol", Fraction(1))),
    **dict.fromkeys(("mmol/hour", "mmol/h", "mmol per hour"), ("mol/hour", Fraction(1))),
    **dict.fromkeys(("ml", "millilitre", "millilitres"), ("volume", Fraction(1))),
    **dict.fromkeys(("l", "litre", "litres", "liter", "liters"), ("volume", Fraction(1000))),
    **dict.fromkeys(("ml/min",), ("volume/min", Fraction(1))),
    **dict.fromkeys(("ml/h", "ml/hour"), ("volume/hour", Fraction(1))),
    **dict.fromkeys(("x 10^9/l", "x10^9/l", "\u00d7 10^9/l", "\u00d710^9/l"), ("count/l", Fraction(1))),
    **dict.fromkeys(("minute", "minutes", "min", "mins"), ("days", Fraction(1, 1440))),
    **dict.fromkeys(("hour", "hours", "hrs", "h"), ("days", Fraction(1, 24))),
    **dict.fromkeys(("day", "days"), ("days", Fraction(1))),
    **dict.fromkeys(("week", "weeks", "wk", "wks"), ("days", Fraction(7))),
    **dict.fromkeys(("month", "months"), ("months", Fraction(1))),
    **dict.fromkeys(("year", "years"), ("months", Fraction(12))),
    **dict.fromkeys(("%", "percent", "per cent"), ("percent", Fraction(1))),
    **dict.fromkeys(("cm",), ("length", Fraction(1))),
    **dict.fromkeys(("unit", "units", "iu"), ("units", Fraction(1))),
    **dict.fromkeys(("units/kg", "iu/kg"), ("units/kg", Fraction(1))),
    **dict.fromkeys(("kg",), ("weight", Fraction(1))),
}
BASE_UNITS: Mapping[str, str] = {
    "mass": "micrograms",
    "mass/kg": "micrograms/kg",
    "mass/kg/min": "micrograms/kg/min",
    "mass/kg/day": "micrograms/kg/day",
    "mass/m2": "micrograms/m2",
    "mass/hour": "mg/hour",
    "mass/l": "ng/L",
    "mol/l": "pmol/L",
    "mol": "mmol",
    "mol/hour": "mmol/hour",
    "volume": "mL",
    "volume/min": "mL/min",
    "volume/hour": "mL/hour",
    "count/l": "x 10^9/L",
    "days": "days",
    "months": "months",
    "percent": "%",
    "length": "cm",
    "units": "units",
    "units/kg": "units/kg",
    "weight": "kg",
    "1": "",
}
_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_WORD_VALUES = {word: Fraction(i + 1) for i, word in enumerate(_WORDS)}

_NUMBER = r"(?:\d{1,3}(?:[, ]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?!\d)"
_WORD = r"\b(?:" + "|".join(_WORDS) + r")\b"
_UNIT = r"(?:" + "|".join(re.escape(u) for u in sorted(UNITS, key=len, reverse=True)) + r")(?![a-z0-9/])"
_QUANTITY = re.compile(
    rf"(?<![\w.])(?:(?P<low>{_NUMBER}|{_WORD}) ?(?P<low_unit>{_UNIT})? ?(?:-|to|and) ?)?"
    rf"(?P<high>{_NUMBER}|{_WORD})(?: ?-? ?(?P<unit>{_UNIT}))?(?!\w)"
)


@dataclass(frozen=True, slots=True)
class Amount:
    """A value (``low == high``) or range in the base unit of ``dimension`` ("1" for a bare number), ends included."""

    low: Fraction
    high: Fraction
    dimension: str
    start: int = 0
    end: int = 0

    @property
    def key(self) -> tuple[str, Fraction, Fraction]:
        return (self.dimension, self.low, self.high)


_DASHES_AND_QUOTES = str.maketrans({**dict.fromkeys("‐‑‒–—−", "-"), **dict.fromkeys("’‘", "'")})


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """``text`` for comparing: NFKC, lower case, plain dashes and quotes, single spaces, no invisible characters."""
    text = unicodedata.normalize("NFKC", text).casefold().translate(_DASHES_AND_QUOTES)
    if not text.isascii():
        text = "".join(c for c in text if unicodedata.category(c) != "Cf")
    return " ".join(text.split())


@lru_cache(maxsize=8192)
def find_amounts(text: str, *, folded: bool = False) -> tuple[Amount, ...]:
    """Every amount in ``text`` in order; a number behind a letter (B12, CA19) is a name and is not found.

    "180 to 350 ng/L" and "180 ng/L to 350 ng/L" are one range. "9 and 14 %" are two amounts: "and" makes a range only
    after "between".
    """
    text = text if folded else fold(text)
    found: list[Amount] = []
    position = 0
    while match := _QUANTITY.search(text, position):
        amounts = _amounts_of(match, text)
        found.extend(amounts)
        position = match.end()
    return tuple(found)


def find_effects(text: str, *, folded: bool = False) -> tuple[tuple[str, Fraction, int], ...]:
    """(measure, value, end) of every effect estimate: a measure's name with its number within a few words behind it."""
    text = text if folded else fold(text)
    found = []
    for name, measure in MEASURES.items():
        pattern = rf"\b{name}s?\b(?:(?! to \d)[^.;\d]|\.(?!\d)){{0,60}}?({_NUMBER})"
        found.extend((measure, _number(m.group(1)), m.end(1)) for m in re.finditer(pattern, text))
    return tuple(sorted(found, key=lambda f: f[2]))


MEASURES: Mapping[str, str] = {
    "a?or": "OR",
    "odds ratio": "OR",
    "a?hr": "HR",
    "hazard ratio": "HR",
    "irr": "IRR",
    "incidence rate ratio": "IRR",
    "sir": "SIR",
    "standardi[sz]ed incidence ratio": "SIR",
    "mrr": "MRR",
    "mortality rate ratio": "MRR",
    "rr": "RR",
    "relative risk": "RR",
    "risk ratio": "RR",
}


def matches(matcher: Mapping[str, object], statement: str) -> bool:
    """True if ``statement`` says what ``matcher`` (see ``cases.schema.json``) describes."""
    text = fold(statement)
    if "any_of" in matcher:
        return any(matches(m, statement) for m in matcher["any_of"])  # type: ignore[union-attr, attr-defined]
    if not all(has_words(words, text) for words in _words(matcher, "near")):
        return False
    if any(has_words(words, text) for words in _words(matcher, "not_near")):
        return False
    if "quantity" in matcher:
        return has_quantity(str(matcher["quantity"]), text)
    if "effect" in matcher:
        return has_effect(str(matcher["effect"]), text)
    return any(has_words(words, text) for words in _words(matcher, "text_any"))


def has_words(words: str, folded: str) -> bool:
    """One of the alternatives (``a|b*``) stands in the folded text as whole words; ``*`` stands for any ending."""
    return _word_pattern(words).search(folded) is not None


def has_quantity(quantity: str, folded: str) -> bool:
    wanted = find_amounts(quantity)
    if len(wanted) != 1:
        raise ValueError(f"matcher quantity {quantity!r} must be one amount, read {len(wanted)}")
    return any(amount.key == wanted[0].key for amount in find_amounts(folded, folded=True))


def has_effect(effect: str, folded: str) -> bool:
    """``OR 4.21 (2.67 to 6.64)``: the measure, its value, and the interval within the next words."""
    measure, value, *rest = effect.replace("(", " ").replace(")", " ").split()
    wanted = Fraction(value)
    ends = [end for name, found, end in find_effects(folded, folded=True) if (name, found) == (measure.upper(), wanted)]
    if not rest:
        return bool(ends)
    low, high = Fraction(rest[0]), Fraction(rest[2])
    return any(
        (amount.low, amount.high) == (low, high)
        for end in ends
        for amount in find_amounts(folded[end : end + 60], folded=True)
    )


def _words(matcher: Mapping[str, object], key: str) -> Sequence[str]:
    return matcher.get(key, ())  # type: ignore[return-value]


@cache
def _word_pattern(words: str) -> re.Pattern[str]:
    parts = []
    for alternative in words.split("|"):
        raw = fold(alternative.removesuffix("*"))
        left = r"(?<!\w)" if raw[:1].isalnum() else ""
        right = "" if alternative.endswith("*") or not raw[-1:].isalnum() else r"(?!\w)"
        parts.append(left + re.escape(raw) + right)
    return re.compile("|".join(parts))


def _number(text: str) -> Fraction:
    return _WORD_VALUES.get(text) or Fraction(re.sub(r"[, ]", "", text))


def _amounts_of(match: re.Match[str], text: str) -> list[Amount]:
    high, unit = _number(match["high"]), match["unit"]
    dimension, factor = UNITS[unit] if unit else ("1", Fraction(1))
    if match["low"] is None:
        return [] if _is_bare_word(match, unit) else [Amount(high * factor, high * factor, dimension, *match.span())]
    low, low_unit = _number(match["low"]), match["low_unit"]
    low_dimension, low_factor = UNITS[low_unit] if low_unit else (dimension, factor)
    joined_by_and = " and " in match.group() and "between" not in text[max(0, match.start() - 12) : match.start()]
    if low_dimension != dimension or joined_by_and or low * low_factor > high * factor:
        return [
            Amount(low * low_factor, low * low_factor, low_dimension, match.start("low"), match.end("low")),
            Amount(high * factor, high * factor, dimension, match.start("high"), match.end()),
        ]
    return [Amount(low * low_factor, high * factor, dimension, *match.span())]


def _is_bare_word(match: re.Match[str], unit: str | None) -> bool:
    # "one" without a unit is mostly a pronoun, and "two units" are not an amount of anything
    return unit in (None, "unit", "units") and match["high"] in _WORD_VALUES
