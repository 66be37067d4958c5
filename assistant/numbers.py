"""Owns numbers as they are written: digits, separators, fractions, powers of ten and words, as exact Fractions.

A number that can be read in two ways is read in the way of the document's language and carries the reason for
distrust. Names that contain digits (B12, HbA1c) are not numbers. What the number is about is ``quantities``' business.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from assistant.normalise import NARROW_SPACE, Normal
from assistant.patterns import Pattern

AMBIGUOUS_SEPARATOR = "ambiguous separator"
LOOK_ALIKE = "look-alike letter in a number"
RUN_TOGETHER = "number run together with a word"
NAKED_DECIMAL = "decimal point without a digit before it"
TOO_LONG = "too many digits"

# languages that write 1.000,5; the rest write 1,000.5
_COMMA_DECIMAL = frozenset(
    [
        "de",
        "nl",
        "es",
        "it",
        "pt",
        "da",
        "sv",
        "no",
        "nb",
        "nn",
        "fi",
        "pl",
        "cs",
        "sk",
        "sl",
        "hr",
        "sr",
        "ro",
        "hu",
        "bg",
        "ru",
        "uk",
        "tr",
        "el",
        "id",
        "fr",
        "et",
        "lv",
        "lt",
        "is",
    ]
)


class Number(NamedTuple):
    """``start``/``end`` count in the normalised copy; ``form`` is digits, fraction, words or article ("an hour")."""

    start: int
    end: int
    value: Fraction
    form: str = "digits"
    distrust: tuple[str, ...] = ()


_UNITS = {
    "zero": 0, "nought": 0, "naught": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15,
    "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "couple": 2,
}  # fmt: skip
_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
    "ninety": 90,
}  # fmt: skip
_SCALES = {
    "hundred": 100, "hundreds": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12,
    "lakh": 10**5, "crore": 10**7, "dozen": 12, "dz": 12, "doz": 12, "dozs": 12, "dzs": 12, "dozens": 12,
}  # fmt: skip
_PARTS = {
    "half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fourth": 4, "fourths": 4,
    "fifth": 5, "fifths": 5, "sixth": 6, "sixths": 6, "seventh": 7, "sevenths": 7, "eighth": 8, "eighths": 8,
    "ninth": 9, "ninths": 9, "tenth": 10, "tenths": 10, "twentieth": 20, "twentieths": 20, "thirtieth": 30,
    "hundredth": 100, "hundredths": 100, "thousandth": 1000, "thousandths": 1000, "millionths": 10**6,
    "trillionths": 10**12, "trillionth": 10**12, "millionth": 10**6,
}  # fmt: skip
_TIMES = {"once": 1, "twice": 2, "thrice": 3}

_SMALL = "|".join(sorted([*_UNITS, *_TENS], key=len, reverse=True))
_BIG = "|".join(sorted(_SCALES, key=len, reverse=True))
_PART = "|".join(sorted(_PARTS, key=len, reverse=True))

_GROUPED = (
    r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?(?![0-9])"  # 1,000.5
    r"|[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+(?![0-9])"  # 1.000,5
    r"|[0-9]{1,3}(?:\.[0-9]{3}){2,}(?![0-9])"  # 1.000.000
    r"|[0-9]{1,3}(?:'[0-9]{3})+(?:\.[0-9]+)?(?![0-9'])"  # 1'000
    r"|[0-9]{1,3}(?:[ ][0-9]{3}){1,}(?:[.,][0-9]+)?(?![0-9])"  # 1 000
)
_PLAIN = r"[0-9]+[.,][0-9]+(?:,[0-9]+)*(?![0-9])|[0-9]+|(?<![0-9A-Za-z.)\]])\.[0-9]+"
_TAIL = r"(?:[ ]?[x×*·][ ]?10[ ]?(?:\^|\*{1,2})[ ]?(?P<power>[+-]?[0-9]{1,2})(?![0-9])|[eE](?P<exp>[+-]?[0-9]{1,2})(?![0-9A-Za-z]))"
_WORD_NUMBER = (
    rf"(?:(?:half|quarter)[ ]+(?:of[ ]+)?(?:a|an|one)[ ]+)?(?:a[ ]+)?(?:{_SMALL}|hundred|thousand|million|billion|dozen|{_PART})"
    rf"(?:(?:[ ]{{0,2}}-[ ]{{0,2}}|,?[ ]{{1,3}}(?:(?:and|&)[ ]{{1,3}})?)(?:of[ ]{{1,2}})?(?:an?[ ]{{1,2}})?(?:{_SMALL}|{_BIG}|{_PART}|[0-9]{{1,3}}(?![0-9.,/%]))){{0,12}}"  # noqa: E501
    rf"(?:[ ]point(?:[ ](?:{_SMALL})){{1,6}})?"
)
_DIGIT_TOKEN = Pattern(
    rf"(?P<frac>(?:[0-9]{{1,3}}[ -]{{1,2}})?(?<![0-9./])[0-9]{{1,2}}/[0-9]{{1,2}}(?![0-9/]))"
    rf"|(?P<pow>(?<![0-9A-Za-z.])10[ ]?(?:\^|\*{{1,2}})[ ]?(?P<bare>[+-]?[0-9]{{1,2}})(?![0-9]))"
    rf"|(?P<digits>(?:{_GROUPED}|{_PLAIN})){_TAIL}?"
)
_DIGITS = Pattern(r"[0-9]+")
_DIGIT = Pattern(r"[.0-9]")
_LOOK = Pattern(
    r"(?<![A-Za-z0-9])(?P<look>[0-9]{1,9}[OoIl][0-9OoIl.]{0,9}|[OoIl]{1,3}[0-9.][0-9OoIl.]{0,9})"
    r"(?=[ ]?(?:mg|mcg|g|mL|ml|μg|units?|mmol|micrograms?)\b)"
)
_LOOK_NEAR = Pattern(r"[0-9][OoIl]|[OoIl][0-9.]")
_WORDS = Pattern(rf"\b{_WORD_NUMBER}\b", re.IGNORECASE)
_FIRST_WORDS = frozenset([*_UNITS, *_TENS, *_PARTS, "hundred", "thousand", "million", "billion", "dozen", *_TIMES])
_MULTIPLIER = Pattern(
    rf"(?:[ ]{{1,2}}(?P<word>{_BIG})|(?P<k>k)|(?P<b>(?<=[.][0-9])b))\b(?:[ ]and[ ](?:a|one)[ ](?P<part>half|quarter))?", re.I
)
_PER_NEXT = Pattern(r"[ ]?(?:/|per\b|cells)")
_ORDINAL = Pattern(r"(?:st|nd|rd|th)\b|[- ](?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)\b(?!s)", re.I)


@lru_cache(maxsize=4096)
def exact(written: str) -> Fraction:
    """The Fraction of plain decimal digits."""
    return Fraction(written)


def read_numbers(normal: Normal, locale: str | None = None) -> tuple[Number, ...]:
    """Every number of the copy in order of ``start``, none overlapping; ``locale`` as in "en-GB", None is English."""
    text = normal.text
    found: list[Number] = []
    words = _word_matches(normal)
    looks = list(_LOOK.finditer(text)) if _LOOK_NEAR.search(text) else []
    special = sorted([*words, *looks], key=lambda match: match.start())
    index = at = 0
    digits = _next_digits(text, 0)
    while True:
        while index < len(special) and special[index].start() < at:
            index += 1
        if digits is not None and digits.start() < at:
            digits = _next_digits(text, at)
        ahead = special[index] if index < len(special) else None
        if ahead is None and digits is None:
            return tuple(found)
        if ahead is not None and (digits is None or ahead.start() <= digits.start()):
            match = ahead
        else:
            assert digits is not None  # one of the two is there
            match = digits
        number = _number(normal, match, locale)
        at = max(match.end() if number is None else number.end, match.start() + 1)
        if number is not None:
            found.append(number)


def _next_digits(text: str, at: int) -> re.Match[str] | None:
    """``_DIGIT_TOKEN.search``, with the long pattern tried only where a digit stands."""
    near = _DIGIT.search(text, at)
    while near is not None:
        match = _DIGIT_TOKEN.match(text, near.start())
        if match is not None:
            return match
        near = _DIGIT.search(text, near.start() + 1)
    return None


def _word_matches(normal: Normal) -> list[re.Match[str]]:
    """Candidates for numbers in words: the words are looked up, so that a text without any costs little."""
    found, text = [], normal.text
    for word, start in normal.words():
        if word in _FIRST_WORDS:
            if text[start - 2 : start] in ("a ", "A ") and not text[start - 3 : start - 2].isalnum():
                start -= 2
            match = _TIMES_TOKEN.match(text, start) or _WORDS.match(text, start)
            if match:
                found.append(match)
    return found


_TIMES_TOKEN = Pattern(r"(?P<times>once|twice|thrice)\b", re.I)


def _number(normal: Normal, match: re.Match[str], locale: str | None) -> Number | None:
    text, start = normal.text, match.start()
    marks = normal.marks_in(start, match.end())
    if match.re is _WORDS.compiled:
        return _words(text, match, marks)
    if match.re is _TIMES_TOKEN.compiled:
        return Number(start, match.end(), Fraction(_TIMES[match.group().lower()]), "times", marks)
    if match.re is _LOOK.compiled:
        return _look_alike(match, marks)
    if match.group("frac"):
        return _fraction(normal, match, marks)
    if match.group("pow"):
        return Number(start, match.end(), Fraction(10) ** int(match.group("bare")), "digits", marks)
    return _digits(normal, match, locale, marks)


def _fraction(normal: Normal, match: re.Match[str], marks: tuple[str, ...]) -> Number | None:
    text = normal.text
    whole, _, rest = match.group().rpartition(" ") if " " in match.group() else match.group().rpartition("-")
    top, bottom = (int(part) for part in rest.split("/"))
    if bottom == 0:
        return Number(match.start(), match.end(), Fraction(0), "nothing")
    one_sign = len(normal.source(match.end() - len(rest), match.end())) == 1  # ⅐
    if top >= bottom or bottom > 10 or (bottom in (7, 9) and not one_sign):
        # 120/80, 3/44: two numbers, read one by one
        first = _DIGITS.match(text, match.start())
        assert first is not None  # the pattern begins with a digit
        return Number(match.start(), first.end(), Fraction(int(first.group())), "digits", marks)
    value = Fraction(top, bottom)
    whole = whole.strip(" -")
    if whole:
        if "-" in match.group().partition("/")[0]:  # 1-1/2: one and a half, or from 1 to 1/2
            marks = (*marks, AMBIGUOUS_SEPARATOR)
        value += int(whole)
    return Number(match.start(), match.end(), value, "fraction", marks)


def _look_alike(match: re.Match[str], marks: tuple[str, ...]) -> Number | None:
    plain = match.group().translate(str.maketrans("OoIl", "0011")).strip(".")
    if plain.count(".") > 1 or not plain or len(plain) > 15:
        return None
    return Number(match.start(), match.end(), Fraction(plain), "digits", (*marks, LOOK_ALIKE))


def _digits(normal: Normal, match: re.Match[str], locale: str | None, marks: tuple[str, ...]) -> Number | None:
    written = match.group("digits")
    start, end = match.start(), match.start("digits") + len(written)
    if len(written) > 40:
        return Number(start, end, Fraction(0), "digits", (TOO_LONG,))
    if " " in written:
        cut = _space_groups(normal, start, written)
        if cut is not None:
            written, end = written[:cut], start + cut
    value, doubts = _decimal(written, locale)
    if " " in written and written.count(" ") == 1 and written.index(" ") == 1 and not written.endswith("000"):
        doubts = (*doubts, AMBIGUOUS_SEPARATOR)  # "1 500 units": fifteen hundred, or one of 500
    power = match.group("power") or match.group("exp")
    # the power of 3 x 10^9/L belongs to the unit
    whole = match.group("exp") or not _PER_NEXT.match(normal.text, match.end())
    if power and end == match.end("digits") and whole:
        value, end = value * Fraction(10) ** int(power), match.end()
    more = _MULTIPLIER.match(normal.text, end) if normal.text[end : end + 1] in " kKb" else None
    if more and not power:
        scale = _SCALES[more.group("word").lower()] if more.group("word") else 1000 if more.group("k") else 10**9
        value, end = value * scale + _part_of(more.group("part"), scale), more.end()
        value, end = _further(normal.text, end, value, scale)
    return Number(start, end, value, "digits", (*marks, *doubts))


def _part_of(word: str | None, scale: int) -> Fraction:
    return Fraction(0) if word is None else Fraction(scale, 2 if word.lower() == "half" else 4)


_FURTHER = Pattern(
    r"[ ]{1,2}(?:and[ ])?(?P<n>[0-9]{1,3})(?:[ ](?P<scale>hundred|thousand))?(?![0-9.,/%A-Za-z])(?![ ](?!(?:and|is|was|are)\b)[a-z]{1,3}\b)",  # noqa: E501
    re.I,
)


def _further(text: str, end: int, value: Fraction, scale: int) -> tuple[Fraction, int]:
    """What follows in ``4 thousand 3 hundred and 21``; only ever smaller steps."""
    for _ in range(3):
        match = _FURTHER.match(text, end)
        step = _SCALES[match.group("scale").lower()] if match and match.group("scale") else 1
        if match is None or step >= scale or (step == 1 and " and " not in match.group().lower()):
            return value, end
        value, end, scale = value + int(match.group("n")) * step, match.end(), step
    return value, end


def _space_groups(normal: Normal, start: int, written: str) -> int | None:
    """Where to cut ``1 500``: None when it is one number, else the length of the first one."""
    groups = written.split(" ")
    at = start
    narrow = True
    for group in groups[:-1]:
        at += len(group)
        narrow = narrow and normal.marks.get(at) == NARROW_SPACE
        at += 1
    if narrow or len(groups) > 2 or groups[-1].startswith("000"):
        return None
    return None if are_thousands(normal.text, start, start + len(written)) else len(groups[0])


_COUNTS_WHAT_FOLLOWS = Pattern(
    r"(?:[A-Za-z0-9.,/-]|\b(?:days?|weeks?|months?|years?|cycles?|grades?|stages?|steps?|aged?|types?|class)[ ])$",
    re.I,
)
_AMOUNT_BEHIND = Pattern(
    r"[ ]?(?:units?|IU|iu|international units?)\b|[ ]?(?:mg|micrograms?|mcg|g|mL|ml)\b"
    r"(?![ -]?[a-z-]{0,20}[ ]?(?:tab|cap|vial|amp|supp|patch|sachet|lozenge|pessar|dose))",
    re.I,
)


def are_thousands(text: str, start: int, end: int) -> bool:
    """Whether ``12 500`` at ``start``..``end``, set with a plain space, is one number and not 12 of 500.

    Only before a unit: with one of mass or volume no form may follow ("12 500 mg tablets" are twelve tablets), and no
    word in front may count ("day 10 500 mg", "take 1 500 mg").
    """
    if text[start] == "0" or _COUNTS_WHAT_FOLLOWS.search(text[max(0, start - 8) : start]):
        return False
    return _AMOUNT_BEHIND.match(text, end) is not None


def _decimal(written: str, locale: str | None) -> tuple[Fraction, tuple[str, ...]]:
    """Value of digits with separators, and why it is in doubt."""
    comma_decimal = bool(locale) and str(locale).lower().replace("_", "-").split("-")[0] in _COMMA_DECIMAL
    plain = written.replace(" ", "").replace("'", "")
    if plain.startswith("."):
        return exact("0" + plain), (NAKED_DECIMAL,)
    dots, commas = plain.count("."), plain.count(",")
    if dots and commas:
        last = max(plain.rfind("."), plain.rfind(","))
        value = Fraction(re.sub("[.,]", "", plain[:last]) + "." + plain[last + 1 :])
        odd = (plain[last] == ",") != comma_decimal
        return value, (AMBIGUOUS_SEPARATOR,) if odd else ()
    if not dots and not commas:
        return exact(plain), ()
    sign = "." if dots else ","
    groups = plain.split(sign)
    thousands = all(len(group) == 3 for group in groups[1:]) and 1 <= len(groups[0]) <= 3
    decimal_sign = "," if comma_decimal else "."
    if len(groups) > 2:
        return exact("".join(groups)), () if thousands and sign != decimal_sign else (AMBIGUOUS_SEPARATOR,)
    if sign == decimal_sign:
        # 1.000 and 2.500 look like thousands to half of Europe; 0.125 and 1.234 do not
        doubt = thousands and groups[0] != "0" and groups[1].endswith("0")
        return exact(groups[0] + "." + groups[1]), (AMBIGUOUS_SEPARATOR,) if doubt else ()
    if thousands and groups[0] != "0":
        return exact("".join(groups)), ()
    return exact(groups[0] + "." + groups[1]), (AMBIGUOUS_SEPARATOR,)


_PIECE = Pattern(r"[a-z]+|[0-9]+|-|,|&")


def _words(text: str, match: re.Match[str], marks: tuple[str, ...]) -> Number | None:
    phrase = match.group().lower()
    if "couple" in phrase and not (phrase.startswith("a couple") and text.startswith(" of ", match.start() + 8)):
        return None  # "a couple of days" counts, "the couple" does not
    pieces = [piece.group() for piece in _PIECE.finditer(phrase) if piece.group() not in ("-", ",", "&")]
    while pieces:
        value = _word_value(pieces)
        if value is not None:
            break
        pieces.pop()
    else:
        return None
    end = _end_of(match, len(pieces))
    if (pieces[-1] in _TENS and _ORDINAL.match(text, end)) or _is_ordinal(text, pieces, end):
        return None
    return Number(match.start(), end, value, "words", marks)


def _end_of(match: re.Match[str], count: int) -> int:
    seen = 0
    for piece in _PIECE.finditer(match.group().lower()):
        if piece.group() in ("-", ",", "&"):
            continue
        seen += 1
        if seen == count:
            return match.start() + piece.end()
    return match.end()


_HALF_WORD = Pattern(r"[ -](?:li(?:fe|ves)|way|hourly|brother|sister|and[ -]half|mast|time\b)", re.I)
_AFTER_PART = Pattern(r"[ ]+of\b|[ ]*[.,;)]|[ ]*$|[ ]+(?:the|an?)\b")


def _is_ordinal(text: str, pieces: list[str], end: int) -> bool:
    """``half-life``, and ``third`` or ``a third dose``, which name a place in a row."""
    last = pieces[-1]
    if last not in _PARTS:
        return False
    if last in ("half", "quarter", "halves", "quarters"):
        return bool(_HALF_WORD.match(text, end)) or (len(pieces) == 1 and last in ("quarters", "halves"))
    if len(pieces) == 1:
        return True
    return pieces[:-1] == ["a"] and not _AFTER_PART.match(text, end)


def _word_value(pieces: list[str]) -> Fraction | None:
    """Value of the whole list of words, or None when they are no number as a whole."""
    if "point" in pieces:
        cut = pieces.index("point")
        before, after = _word_value(pieces[:cut]), pieces[cut + 1 :]
        if before is None or not after or any(word not in _UNITS and word not in _TENS for word in after):
            return None
        digits = "".join(str(_UNITS.get(word, _TENS.get(word, 0))) for word in after)
        return before + Fraction(int(digits), 10 ** len(digits))
    if pieces[-1] in ("and", "a", "an", "of"):
        return None
    if pieces[0] in ("half", "quarter") and len(pieces) >= 2:
        rest = pieces[1:]
        while rest and rest[0] in ("a", "an", "of"):
            rest = rest[1:]
        scale = _word_value(rest) if rest and rest[0] not in _PARTS else None
        if pieces[1] in ("a", "an", "of") or pieces[1] in _SCALES:
            return scale / (2 if pieces[0] == "half" else 4) if scale is not None else None
        return None
    return _sum(pieces)


def _sum(pieces: list[str]) -> Fraction | None:
    total = current = Fraction(0)
    seen = False
    last_small = 0  # 1: a unit stands last, 2: a ten, so that "five six" is no number
    index = 0
    while index < len(pieces):
        word = pieces[index]
        if word in ("and", "a", "an"):
            if word == "a" and index == 0 and len(pieces) == 1:
                return None
            if word in ("a", "an") and index + 1 < len(pieces) and pieces[index + 1] in _SCALES and not seen:
                current, seen = Fraction(1), True
            last_small = 0 if word == "and" and not last_small else last_small
            after = pieces[index + 1 : index + 3]
            if word == "and" and last_small == 1 and after and after[0] in _UNITS and after[-1] not in _PARTS:
                return None  # "two and three" are two numbers, "two and three quarters" is one
        elif word in _UNITS or word.isdigit() or word in _TENS:
            value = int(word) if word.isdigit() else _UNITS.get(word, _TENS.get(word, 0))
            part = _PARTS.get(pieces[index + 1]) if index + 1 < len(pieces) else None
            if part and seen and pieces[index - 1] == "and" and value < part:
                scale = _tail_scale(pieces[: index - 1])
                return total + current + Fraction(value, part) * scale if index + 2 == len(pieces) else None
            if last_small == 1 or (last_small == 2 and not 0 < value < 10):
                return None
            current += value
            seen, last_small = True, 2 if word in _TENS else 1
        elif word in _SCALES:
            scale = _SCALES[word]
            if scale >= 1000:
                total = _scaled(total, current, scale)
                current = Fraction(0)
            else:
                current = (current or Fraction(1)) * scale
            seen, last_small = True, 0
        elif word in _PARTS:
            return _with_part(pieces, index, total, current, seen)
        else:
            return None
        index += 1
    return total + current if seen else None


def _scaled(total: Fraction, current: Fraction, scale: int) -> Fraction:
    """``three lakh crore`` multiplies, ``two million five thousand`` adds."""
    if total and not current:
        return total * scale
    return total + (current or 1) * scale


def _with_part(pieces: list[str], index: int, total: Fraction, current: Fraction, seen: bool) -> Fraction | None:
    """``two thirds``, ``two and a half``, ``five and a half million``, ``a quarter``."""
    part = Fraction(1, _PARTS[pieces[index]])
    rest = pieces[index + 1 :]
    scale = Fraction(1)
    if rest:
        if len(rest) > 3 or rest[-1] not in _SCALES or any(w not in ("of", "a") for w in rest[:-1]):
            return None
        scale = Fraction(_SCALES[rest[-1]])
    if index and pieces[index - 1] in ("a", "an") and seen:
        if total and rest:  # one billion and a half million
            return total + current + part * scale
        return (total + current + part) * scale if rest else total + current + part * _tail_scale(pieces[:index])
    if seen:
        return (total + current) * part * scale
    return part * scale


def _tail_scale(pieces: list[str]) -> int:
    """``3 million and a half`` means half a million; ``two hundred and a half`` does not."""
    words = [word for word in pieces if word not in ("and", "a", "an")]
    return _SCALES[words[-1]] if words and words[-1] in ("million", "billion", "trillion") else 1
