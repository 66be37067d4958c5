"""Owns when a medicine is given: words of frequency, interval, time of day and duration to FHIR ``Timing.repeat``.

``read_part`` reads one expression at one place; ``merge`` joins the parts of one instruction; ``timing_text`` writes a
Timing in words that read back the same. What is said about doses and routes is left to ``dosages`` and ``routes``.

Meaning, where FHIR leaves a choice: "every 6 hours" is once per 6 hours, never four a day; "up to 4 times a day" has
``frequency_max`` alone; events of a day without a stated frequency count once each ("morning and night" is twice a
day); "with meals" in the plural counts as three.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from assistant.records import Comparator, Quantity, QuantityKind, Timing
from assistant.tokens import END, NUMBER, WORD, Token, tokenise

Tokens = Sequence[Token]

_UNITS = {
    "s": "s sec secs second seconds", "min": "min mins minute minutes", "h": "h hr hrs hour hours hourly hrly",
    "d": "d day days daily", "wk": "wk wks week weeks weekly", "mo": "mo mos mth mths month months monthly",
    "a": "y yr yrs year years yearly annum",
}  # fmt: skip
UNIT_OF = {word: unit for unit, words in _UNITS.items() for word in words.split()}
_LENGTH_WORDS = {word for word in UNIT_OF if not word.endswith(("ly", "annum"))} - {"d", "y", "s"}
_ADVERBS = {
    "hourly": (1, 1, "h"), "hrly": (1, 1, "h"), "daily": (1, 1, "d"), "weekly": (1, 1, "wk"), "monthly": (1, 1, "mo"),
    "yearly": (1, 1, "a"), "annually": (1, 1, "a"), "fortnightly": (1, 2, "wk"), "quarterly": (1, 3, "mo"),
    "everyday": (1, 1, "d"),
}  # fmt: skip
_LATIN = {
    "bd": 2, "bid": 2, "bds": 2, "tds": 3, "tid": 3, "tdd": 3, "qds": 4, "qid": 4, "qqh": None, "qd": 1, "od": 1,
}  # fmt: skip
_LATIN_OTHER = {
    "qod": (1, 2, "d"), "qad": (1, 2, "d"), "eod": (1, 2, "d"), "qqh": (1, 4, "h"), "qh": (1, 1, "h"),
    "qw": (1, 1, "wk"), "qwk": (1, 1, "wk"), "qweek": (1, 1, "wk"), "qow": (1, 2, "wk"), "qmo": (1, 1, "mo"),
    "qmonth": (1, 1, "mo"), "qday": (1, 1, "d"), "tiw": (3, 1, "wk"), "qhr": (1, 1, "h"), "qm": (1, 1, "mo"),
    "biw": (2, 1, "wk"), "qdaily": (1, 1, "d"),
}  # fmt: skip
_LATIN_WHEN = {
    "om": "MORN", "mane": "MORN", "qam": "MORN", "qpm": "EVE", "nocte": "NIGHT", "noct": "NIGHT", "qhs": "HS",
    "hs": "HS", "qn": "NIGHT", "qnight": "NIGHT", "nightly": "NIGHT", "qbedtime": "HS", "midi": "NOON",
}  # fmt: skip
_LATIN_MEALS = {"ac": "AC", "pc": "PC", "cc": "C", "acm": "ACM", "acd": "ACD", "acv": "ACV", "pcm": "PCM",
                "pcd": "PCD", "pcv": "PCV", "qac": "AC", "wm": "C"}  # fmt: skip
_PART_OF_DAY = {
    "morning": "MORN", "mornings": "MORN", "am": "MORN", "noon": "NOON", "noontime": "NOON", "afternoon": "AFT",
    "afternoons": "AFT", "evening": "EVE", "evenings": "EVE", "eve": "EVE", "night": "NIGHT", "nights": "NIGHT",
    "nighttime": "NIGHT", "pm": "EVE", "bedtime": "HS", "waking": "WAKE", "awakening": "WAKE", "rising": "WAKE",
    "teatime": "EVE", "midday": "NOON",
}  # fmt: skip
_MEALS = {
    "breakfast": "M", "breakfasts": "M", "lunch": "D", "lunchtime": "D", "luncheon": "D", "dinner": "V",
    "dinnertime": "V", "supper": "V", "suppertime": "V", "tea": "V", "meal": "", "meals": "", "food": "", "foods": "",
    "mealtime": "", "mealtimes": "", "eating": "", "snack": "", "snacks": "",
}  # fmt: skip
_ALONE = {"breakfast", "lunch", "lunchtime", "dinner", "supper", "morning", "mornings", "noon", "midday", "afternoon",
          "evening", "evenings", "night", "bedtime", "teatime", "mealtimes", "dinnertime", "suppertime"}  # fmt: skip
_DAYS = {}
for _code, _words in {
    "mon": "monday mondays mon", "tue": "tuesday tuesdays tue tues", "wed": "wednesday wednesdays wed weds",
    "thu": "thursday thursdays thu thur thurs", "fri": "friday fridays fri", "sat": "saturday saturdays",
    "sun": "sunday sundays",
}.items():  # fmt: skip
    for _word in _words.split():
        _DAYS[_word] = _code
_GROUP = {"MORN": "m", "WAKE": "m", "CM": "m", "ACM": "m", "PCM": "m", "NOON": "d", "CD": "d", "ACD": "d", "PCD": "d",
          "AFT": "a", "EVE": "v", "CV": "v", "ACV": "v", "PCV": "v", "NIGHT": "n", "HS": "n"}  # fmt: skip
MEAL_CODES = frozenset({"C", "AC", "PC"})
_OTHER = {"other", "second", "alternate", "2nd", "alternative"}
_ORDINALS = {"third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "tenth": 10, "3rd": 3, "4th": 4}
_ONCE = {"once": 1, "twice": 2, "thrice": 3}

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


def _text(tokens: Tokens, i: int) -> str:
    return tokens[i].text if 0 <= i < len(tokens) else ""


def _is_number(tokens: Tokens, i: int) -> bool:
    return 0 <= i < len(tokens) and tokens[i].kind == NUMBER


def number_range(tokens: Tokens, i: int) -> tuple[Fraction, Fraction | None, int] | None:
    """A number or a range from token ``i``: low, high or None, next index. "one to two", "4-6", "1 or 2", "1/2"."""
    if not 0 <= i < len(tokens) or tokens[i].kind != NUMBER:
        return None
    low, high, j = tokens[i].value or _ZERO, None, i + 1
    if _text(tokens, j) not in _JOINS:
        return low, None, j
    while True:
        k = j
        if _text(tokens, k) in ("to", "-", "or", "/", "and/or", "~") and _is_number(tokens, k + 1):
            k += 1
        elif _text(tokens, k) == "-" and _text(tokens, k + 1) == "to" and _is_number(tokens, k + 2):
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


def _timing(frequency: int | Fraction | None, period: int | Fraction, unit: str, **more: Fraction | None) -> Timing:
    return Timing(
        frequency=None if frequency is None else Fraction(frequency),
        period=Fraction(period),
        period_unit=unit,
        **more,  # type: ignore[arg-type]
    )


# --------------------------------------------------------------------------- the readers, by their first word


def read_part(tokens: Tokens, i: int) -> Part | None:
    """The longest expression of time that begins at token ``i``, or None."""
    token = tokens[i]
    if token.kind == NUMBER:
        return _number_led(tokens, i)
    if token.kind == "clock":
        return _clock_times(tokens, i)
    if token.kind != WORD and token.text not in ("/", "@"):
        return None
    reader = _READERS.get(token.text)
    return reader(tokens, i) if reader else None


def _latin(tokens: Tokens, i: int) -> Part | None:
    token, j = tokens[i], i + 1
    distrust: tuple[str, ...] = ()
    times = _LATIN[token.text]
    assert times is not None
    if token.text == "od":
        distrust = (OD_AMBIGUOUS,)
    high = None
    if _text(tokens, j) in ("to", "-", "or", "/") and _LATIN.get(_text(tokens, j + 1)):
        high = _LATIN[tokens[j + 1].text]
        j += 2
    if high is not None and high <= times:
        times, high = min(times, high), None
    timing = _timing(times, 1, "d", frequency_max=None if high is None else Fraction(high))
    return Part(timing, j, distrust)


def _latin_other(tokens: Tokens, i: int) -> Part | None:
    word = tokens[i].text
    if word == "qm" and not tokens[i].raw.islower():
        return None
    distrust = ("'biw' may mean twice a week or every two weeks",) if word == "biw" else ()
    return Part(_timing(*_LATIN_OTHER[word]), i + 1, distrust)


def _latin_when(tokens: Tokens, i: int) -> Part | None:
    code = _LATIN_WHEN[tokens[i].text]
    if tokens[i].text == "nightly":
        return Part(_timing(1, 1, "d", when=(code,)), i + 1)  # type: ignore[arg-type]
    codes, j = [code], i + 1
    while _text(tokens, j) in ("and", "&", "+", "/") and _text(tokens, j + 1) in _LATIN_WHEN:
        codes.append(_LATIN_WHEN[tokens[j + 1].text])
        j += 2
    return Part(Timing(when=tuple(codes)), j)


def _on(tokens: Tokens, i: int) -> Part | None:
    """ "ON" (omni nocte) only in capitals beside small letters, or as the last word of an instruction."""
    token, before = tokens[i], tokens[i - 1] if i else None
    following = tokens[i + 1] if i + 1 < len(tokens) else None
    if before is None or before.kind == END:
        return _days_led(tokens, i)
    last = following is None or following.kind == END or following.text in (";", ",", "prn", "for", "then", ")", "x")
    capitals = token.raw == "ON" and not before.raw.isupper()
    if last or (capitals and following is not None and not following.raw.isupper()):
        sure = token.raw == "ON" or last
        reason = () if sure else ("'on' may be the word or every night",)
        return Part(Timing(when=("NIGHT",)), i + 1, reason)
    return _days_led(tokens, i)


def _am_pm(tokens: Tokens, i: int) -> Part | None:
    """ "30 units am and 20 units pm": a part of the day, when no clock time stands before it."""
    if i == 0 or tokens[i - 1].kind != WORD:
        return None
    return Part(Timing(when=("MORN" if tokens[i].text == "am" else "EVE",)), i + 1)


def _no_more_than(tokens: Tokens, i: int) -> Part | None:
    """ "no more than 3 times a day", "not to be taken more than 4 times daily"."""
    j = i + 1
    if _text(tokens, j) == "to" and _text(tokens, j + 1) == "be":
        j += 3
    if _text(tokens, j) != "more" or _text(tokens, j + 1) != "than":
        return None
    return _frequency(tokens, j + 2, at_most=True)


def _latin_meal(tokens: Tokens, i: int) -> Part | None:
    word = tokens[i].text
    if word in ("ac", "pc", "cc", "wm") and i and tokens[i - 1].kind == NUMBER:
        return None  # "5 cc" is a volume
    if word == "ac" and _text(tokens, i + 1) in ("and", "&") and _text(tokens, i + 2) == "hs":
        return Part(Timing(when=("AC", "HS")), i + 3, plural_meals=True)
    return Part(Timing(when=(_LATIN_MEALS[word],)), i + 1, plural_meals=word in ("ac", "pc", "qac", "cc", "wm"))


def _adverb(tokens: Tokens, i: int) -> Part | None:
    word, j = tokens[i].text, i + 1
    frequency, period, unit = _ADVERBS[word]
    if _text(tokens, j) in ("to", "or", "-") and _text(tokens, j + 1) in ("twice", "thrice"):
        k = _per_unit(tokens, j + 2)
        if k is not None and k[0] == (Fraction(1), None, unit):
            timing = _timing(1, period, unit, frequency_max=Fraction(_ONCE[tokens[j + 1].text]))
            return Part(timing, k[1])
    return Part(_timing(frequency, period, unit), j)


def _ambiguous_adverb(tokens: Tokens, i: int) -> Part | None:
    word = tokens[i].text
    unit = "wk" if "week" in word else "mo" if "month" in word else "a"
    return Part(_timing(2, 1, unit), i + 1, (f"{word!r} may mean twice in one or once in two",))


def _bi_prefix(tokens: Tokens, i: int) -> Part | None:
    """ "bi-weekly", "semi-weekly" written with a hyphen."""
    if _text(tokens, i + 1) == "-" and _text(tokens, i + 2) in ("weekly", "monthly", "annually", "yearly"):
        unit = UNIT_OF.get(tokens[i + 2].text, "a")
        sure = tokens[i].text == "semi"
        return Part(_timing(2, 1, unit), i + 3, () if sure else ("'bi-' may mean twice in one or once in two",))
    return None


Period = tuple[Fraction, Fraction | None, str]


def _per_unit(tokens: Tokens, i: int) -> tuple[Period, int] | None:
    """ "a day", "per week", "/day", "each 24 hours", "daily", "every 2-3 months", "in 24 hours": what a count is
    per."""
    word = _text(tokens, i)
    if word in ("daily", "weekly", "monthly", "yearly", "annually", "hourly", "fortnightly", "everyday"):
        _, period, unit = _ADVERBS[word]
        return (Fraction(period), None, unit), i + 1
    if word in ("nightly",):
        return (Fraction(1), None, "d"), i + 1
    if word not in ("a", "an", "per", "/", "each", "every", "in", "the", "q", "during", "within", "over"):
        return None
    j = i + 1
    if word in ("in", "during", "within", "over") and _text(tokens, j) in ("a", "any", "each", "every", "one", "the"):
        j += 1
    elif word == "each" and _text(tokens, j) == "and" and _text(tokens, j + 1) == "every":
        j += 2
    return _period_words(tokens, j)


def _period_words(tokens: Tokens, j: int) -> tuple[Period, int] | None:
    """ "day", "2-3 months", "24 h", "24-hour period", "other day", "second week", "fortnight"."""
    word = _text(tokens, j)
    if word in _OTHER and UNIT_OF.get(_text(tokens, j + 1)):
        return (Fraction(2), None, UNIT_OF[tokens[j + 1].text]), j + 2
    if word in _OTHER and _text(tokens, j + 1) in ("night", "morning", "evening", "nights"):
        return (Fraction(2), None, "d"), j + 1  # the part of day is read after this
    if word in _ORDINALS and UNIT_OF.get(_text(tokens, j + 1)):
        return (Fraction(_ORDINALS[word]), None, UNIT_OF[tokens[j + 1].text]), j + 2
    if word == "fortnight":
        return (Fraction(2), None, "wk"), j + 1
    if word == "quarter" or (word == "calendar" and _text(tokens, j + 1) == "month"):
        return (Fraction(3 if word == "quarter" else 1), None, "mo"), j + (1 if word == "quarter" else 2)
    found = number_range(tokens, j)
    if found is not None:
        low, high, k = found
        if word == "quarter":
            return None
        if _text(tokens, k) == "-":
            k += 1
        unit = UNIT_OF.get(_text(tokens, k))
        if unit is None or low <= 0 or _text(tokens, k).endswith("ly"):
            return None
        k += 1
        if _text(tokens, k) in ("period", "interval"):
            k += 1
        return (low, high, unit), k
    unit = UNIT_OF.get(word)
    if unit is None or word.endswith("ly"):
        return None
    return (Fraction(1), None, unit), j + 1


def _with_period(low: Fraction | None, high: Fraction | None, period: Period) -> Timing:
    return Timing(frequency=low, frequency_max=high, period=period[0], period_max=period[1], period_unit=period[2])


def _times(tokens: Tokens, i: int) -> tuple[Fraction, Fraction | None, int] | None:
    """A count of occasions: "twice", "three times", "3x", "2 to 4 times", "once or twice", "3 or more times"."""
    word = _text(tokens, i)
    if word in _ONCE:
        low, j = Fraction(_ONCE[word]), i + 1
        if _text(tokens, j) in ("or", "to", "-", "/"):
            following = _text(tokens, j + 1)
            if following in _ONCE:
                return low, Fraction(_ONCE[following]), j + 2
            found = number_range(tokens, j + 1)
            if found and found[1] is None and _text(tokens, found[2]) in ("times", "x"):
                return low, found[0], found[2] + 1
            if following in ("maximum", "max"):
                return None
        return low, None, j
    found = number_range(tokens, i)
    if found is None:
        return None
    low, high, j = found
    if high is None and (end := _rising(tokens, i)):
        return low, tokens[end - 1].value, end + 1  # "3 4 5 times"
    if _text(tokens, j) in ("times", "time", "x", "×"):
        return low, high, j + 1
    if _text(tokens, j) == "or" and _text(tokens, j + 1) in ("more", "less"):
        return None
    return None


def _rising(tokens: Tokens, i: int) -> int:
    """The end of three or more numbers in a row that rise one by one up to "times"; two are a dose and a count."""
    j = i
    while j < i + 6 and _is_number(tokens, j + 1) and tokens[j + 1].value == (tokens[j].value or 0) + 1:
        j += 1
    return j + 1 if j - i >= 2 and _text(tokens, j + 1) in ("times", "x") else 0


def _frequency(tokens: Tokens, i: int, *, at_most: bool = False) -> Part | None:
    """ "three times a day", "once every 2 weeks", "twice daily", "3x/day"; ``at_most`` after "up to"."""
    counted = _times(tokens, i)
    if counted is None:
        return None
    low, high, j = counted
    per = _per_unit(tokens, j)
    if per is None and _text(tokens, j) == "-":
        per = _per_unit(tokens, j + 1)  # "once-daily"
    if per is None and _text(tokens, j) in ("in", "on") and _text(tokens, j + 1) == "each":
        per = _period_words(tokens, j + 2)
    if per is not None and _text(tokens, j) in ("in", "the", "over", "during", "within") and low == 1:
        per = None  # "once in the morning", "once the pain stops"
    if per is None:
        return _times_without_period(tokens, i, counted, at_most=at_most)
    period, j = per
    timing = _with_period(None if at_most else low, (high or low) if at_most else high, period)
    if _text(tokens, j) == "daily" and period[2] == "d":
        j += 1
    if timing.frequency is not None and timing.frequency <= 0:
        return None
    return Part(timing, j)


def _times_without_period(
    tokens: Tokens, i: int, counted: tuple[Fraction, Fraction | None, int], *, at_most: bool
) -> Part | None:
    low, high, j = counted
    if _text(tokens, j - 1) in ("x", "×") and not at_most:
        return None  # "2 x 240 mg" is a dose
    if _text(tokens, i) == "once" and high is None:
        # "once only", "orally once": a single dose, unless "once" is the conjunction or a frequency follows
        following = tokens[j] if j < len(tokens) else None
        if _text(tokens, j) == "only":
            return Part(Timing(count=1), j + 1)
        if i and (
            following is None or following.kind == END or following.text in (",", ".", ";", ")", "then", "please")
        ):
            return Part(Timing(count=1), j)
        return None
    if _text(tokens, i) in _ONCE or _text(tokens, j - 1) == "times":
        # "3 times" with the period left to other words ("3 times, in the morning ..."): not certain
        timing = Timing(frequency=None if at_most else low, frequency_max=high or (low if at_most else None))
        return Part(timing, j, ("a number of times without a period",))
    return None


def _number_led(tokens: Tokens, i: int) -> Part | None:
    found = _frequency(tokens, i)
    if found is not None:
        return found
    counted = number_range(tokens, i)
    if counted is None:
        return None
    low, high, j = counted
    k = j + 1 if _text(tokens, j) == "-" else j
    word = _text(tokens, k)
    if word in ("hourly", "hrly", "weekly", "monthly", "yearly", "daily", "minutely") and low > 0:
        if word in ("weekly", "monthly", "yearly", "daily") and k == j and low == 1:
            return None
        if word == "daily" and k == j:
            return None  # "2 daily" is two tablets daily; "2-daily" does not occur
        unit = UNIT_OF.get(word, "min")
        return Part(Timing(frequency=Fraction(1), period=low, period_max=high, period_unit=unit), k + 1)
    if word in _LENGTH_WORDS:
        return _offset(tokens, i, low, high, k)
    if word in ("am", "pm", "noon", "midnight", "oclock"):
        return _clock_times(tokens, i)
    return None


def _offset(tokens: Tokens, i: int, low: Fraction, high: Fraction | None, k: int) -> Part | None:
    """ "30 minutes before breakfast", "an hour after food": FHIR offset; other events have no code and stay text."""
    unit = UNIT_OF[tokens[k].text]
    minutes = {"min": 1, "h": 60}.get(unit)
    j = k + 1
    word = _text(tokens, j)
    if word == "prior" and _text(tokens, j + 1) == "to":
        j += 1
        word = "before"
    if word not in ("before", "after", "ac", "pc") or minutes is None:
        return None
    if word in ("ac", "pc"):
        event = Part(Timing(when=(word.upper(),)), j + 1)
    else:
        found = _when_led(tokens, j, word)
        if found is None:
            return None
        event = found
    exact = low * minutes
    if high is not None or exact.denominator != 1:
        return event._replace(distrust=("a range of offsets from a meal",))
    return event._replace(timing=replace(event.timing, offset_minutes=int(exact)))


def _an_offset(tokens: Tokens, i: int) -> Part | None:
    """ "an hour before food", "half an hour before": one of a unit."""
    if _text(tokens, i + 1) in ("hour", "minute"):
        return _offset(tokens, i, Fraction(1), None, i + 1)
    if _text(tokens, i + 1) in _DAYS or _text(tokens, i) != "a":
        return None
    return None


def _every(tokens: Tokens, i: int) -> Part | None:
    word, j = tokens[i].text, i + 1
    if word == "q" and _text(tokens, j) == ".":
        j += 1
    following = _text(tokens, j)
    if word == "each" and following == "and" and _text(tokens, j + 1) == "every":
        j += 2
        following = _text(tokens, j)
    if following == "single" and word == "every":
        j += 1
        following = _text(tokens, j)
    if word == "q" and following in (
        "am",
        "pm",
        "hs",
        "noon",
        "bedtime",
        "night",
        "evening",
        "morning",
        "ac",
        "pc",
        "od",
    ):
        if following == "od":
            return Part(_timing(1, 2, "d"), j + 1)
        if following in ("ac", "pc"):
            return Part(Timing(when=(following.upper(),)), j + 1, plural_meals=True)
        code = {"hs": "HS"}.get(following) or _PART_OF_DAY[following]
        return Part(_timing(1, 1, "d", when=(code,)), j + 1)  # type: ignore[arg-type]
    if following in _DAYS:
        return _weekdays(tokens, j)
    if following in ("few",):
        return None
    part = _every_part_of_day(tokens, j)
    if part is not None:
        return part
    if following == "4-6" or (found := _period_words(tokens, j)) is None:
        return None
    period, j = found
    if word == "each" and period != (Fraction(1), None, "d") and period[2] in ("s", "min", "h"):
        return None
    part_of_day = _text(tokens, j)
    when: tuple[str, ...] = ()
    if _text(tokens, j - 1) in _OTHER and part_of_day in _PART_OF_DAY:
        when, j = (_PART_OF_DAY[part_of_day],), j + 1
    distrust: tuple[str, ...] = ()
    if word == "q" and _text(tokens, j - 1) == "d" and _is_number(tokens, j - 2):
        distrust = ()
    timing = Timing(frequency=Fraction(1), period=period[0], period_max=period[1], period_unit=period[2], when=when)
    if _text(tokens, j) == "daily" and period[2] in ("h", "d"):
        j += 1  # "every 12 hours daily"
    return Part(timing, j, distrust)


def _every_part_of_day(tokens: Tokens, j: int) -> Part | None:
    """ "every morning", "every night at bedtime", "each morning and evening", "every meal" is left to its
    preposition."""
    codes: list[str] = []
    while True:
        word = _text(tokens, j)
        if word in ("morning", "afternoon", "evening", "night", "bedtime", "noon", "mornings", "nights"):
            codes.append(_PART_OF_DAY[word])
            j += 1
        else:
            break
        k = j
        if _text(tokens, k) in ("and", "&", ","):
            k += 1
            if _text(tokens, k) in ("every", "each", "at"):
                k += 1
        if k == j or _text(tokens, k) not in ("morning", "afternoon", "evening", "night", "bedtime", "noon"):
            break
        j = k
    if not codes:
        return None
    return Part(_timing(len(codes), 1, "d", when=tuple(codes)), j)  # type: ignore[arg-type]


def _up_to(tokens: Tokens, i: int) -> Part | None:
    """ "up to four times a day", "a maximum of 3 times daily"; other ceilings belong to ``dosages``."""
    j = i + 1
    if tokens[i].text == "up":
        if _text(tokens, j) != "to":
            return None
        j += 1
        if _text(tokens, j) == "a" and _text(tokens, j + 1) in ("maximum", "max"):
            j += 2
            if _text(tokens, j) == "of":
                j += 1
    else:
        if _text(tokens, j) == "of":
            j += 1
        if _text(tokens, j) not in _ONCE and not _is_number(tokens, j):
            return None
    if _text(tokens, j) in ("every",):
        part = _every(tokens, j)
        if part is None or part.timing.frequency is None:
            return None
        return part._replace(timing=replace(part.timing, frequency=None, frequency_max=part.timing.frequency))
    if _text(tokens, j) in _LATIN and _LATIN[_text(tokens, j)]:
        times = _LATIN[tokens[j].text]
        return Part(_timing(None, 1, "d", frequency_max=Fraction(times or 1)), j + 1)
    return _frequency(tokens, j, at_most=True)


def _alternate(tokens: Tokens, i: int) -> Part | None:
    """ "alternate days", "on alternate weeks", "alternating days"."""
    j = i + 1
    word = _text(tokens, j)
    if word in ("day", "days", "daily"):
        return Part(_timing(1, 2, "d"), j + 1)
    if word in ("week", "weeks"):
        return Part(_timing(1, 2, "wk"), j + 1)
    if word in ("night", "nights", "morning", "mornings", "evening", "evenings"):
        return Part(_timing(1, 2, "d", when=(_PART_OF_DAY[word],)), j + 1)  # type: ignore[arg-type]
    if word in ("month", "months"):
        return Part(_timing(1, 2, "mo"), j + 1)
    return None


def _every_other(tokens: Tokens, i: int) -> Part | None:
    """ "other day" with "every" left out does not count; "second daily" (Australian) does."""
    if _text(tokens, i + 1) == "daily":
        return Part(_timing(1, 2 if tokens[i].text == "second" else 3, "d"), i + 2)
    return None


# --------------------------------------------------------------------------- parts of the day, meals, clock, weekdays

_ARTICLES = frozenset({"the", "your", "a", "each", "every", "main", "largest", "first", "any", "all", "her", "his",
                       "their", "every-day", "daily", "three", "of"})  # fmt: skip


def _preposition(tokens: Tokens, i: int) -> Part | None:
    word = tokens[i].text
    if word == "prior":
        return _when_led(tokens, i + 1, "before") if _text(tokens, i + 1) == "to" else None
    if word in ("at", "in", "@") or (word == "around" and True):
        clock = _clock_times(tokens, i + 1)
        if clock is not None and (word != "in" or _text(tokens, i + 1) in _PART_OF_DAY):
            return clock
    if word == "in":
        return _when_led(tokens, i, "in") if _in_part_of_day(tokens, i) else None
    return _when_led(tokens, i, word)


def _in_part_of_day(tokens: Tokens, i: int) -> bool:
    j = i + 1
    while _text(tokens, j) in _ARTICLES:
        j += 1
    return _text(tokens, j) in _PART_OF_DAY and _text(tokens, j) not in ("waking", "rising", "awakening")


def _when_led(tokens: Tokens, i: int, preposition: str) -> Part | None:
    """A list of events from the preposition at ``i``: "before meals and at bedtime", "with or after food"."""
    kinds = [preposition]
    j = i + 1
    while _text(tokens, j) in ("or", "and", "/") and _text(tokens, j + 1) in ("before", "after", "with", "during"):
        kinds.append(tokens[j + 1].text)
        j += 2
    codes: list[str] = []
    plural = False
    end = i
    while True:
        event = _event(tokens, j, kinds)
        if event is None:
            break
        found, is_plural, end = event
        codes.extend(code for code in found if code not in codes)
        plural = plural or is_plural
        j = end
        while _text(tokens, j) in (",", "and", "&", "/", "+"):
            j += 1
        if j == end and _text(tokens, j) not in ("before", "after", "with", "at", "in"):
            break
        if _text(tokens, j) in ("before", "after", "with", "at", "in", "on", "during"):
            kinds = [tokens[j].text]
            j += 1
        elif j == end:
            break
    if not codes:
        return None
    return Part(Timing(when=tuple(codes)), end, plural_meals=plural)


def _event(tokens: Tokens, j: int, kinds: list[str]) -> tuple[list[str], bool, int] | None:
    start = j
    if _text(tokens, j) == "first" and _text(tokens, j + 1) == "thing":
        j += 2
        if _text(tokens, j) == "in":
            j += 1
    each = False
    while _text(tokens, j) in _ARTICLES:
        each = each or tokens[j].text in ("each", "every", "three", "all")
        j += 1
    word = _text(tokens, j)
    if word in ("evening", "morning", "midday", "midmorning", "lunchtime", "noon", "night") and _text(
        tokens, j + 1
    ) in ("meal", "meals"):
        letter = {"evening": "V", "night": "V", "morning": "M"}.get(word, "D")
        return [code for code in (_meal_code(kind, letter) for kind in kinds) if code], False, j + 2
    if word in _MEALS:
        found = [code for code in (_meal_code(kind, _MEALS[word]) for kind in kinds) if code]
        if word in ("snack", "snacks") or not found:
            return None
        if _text(tokens, j + 1) == "(" and start == j:
            pass
        return found, _MEALS[word] == "" and (each or word in ("meals", "mealtimes")), j + 1
    if word in ("bed", "sleep", "retiring", "sleeping") and kinds[0] in ("before", "at"):
        return ["HS"], False, j + 1
    if word == "going" and _text(tokens, j + 1) == "to" and _text(tokens, j + 2) in ("bed", "sleep"):
        return ["HS"], False, j + 3
    if word == "getting" and _text(tokens, j + 1) == "up":
        return ["WAKE"], False, j + 2
    if word in _PART_OF_DAY and kinds[0] not in ("after", "with", "during"):
        if word == "midday" and kinds[0] == "at":
            return ["NOON"], False, j + 1
        if kinds[0] == "before" and word != "bedtime":
            return None
        if word in ("am", "pm") and kinds[0] != "in":
            return None
        return [_PART_OF_DAY[word]], False, j + 1
    return None


def _meal_code(kind: str, letter: str) -> str | None:
    if kind == "before":
        return "AC" + letter
    if kind == "after" or kind == "following":
        return "PC" + letter
    if kind in ("with", "during", "at"):
        return "C" + letter
    return None


def _alone(tokens: Tokens, i: int) -> Part | None:
    """ "morning, noon and night", "one puff morning and night", "lunch": events without a preposition."""
    codes: list[str] = []
    j = i
    end = i
    while _text(tokens, j) in _ALONE or (codes and _text(tokens, j) in ("bed", "tea")):
        word = tokens[j].text
        codes.append(_PART_OF_DAY.get(word) or ("HS" if word == "bed" else "C" + _MEALS[word]))
        j = end = j + 1
        while _text(tokens, j) in (",", "and", "&", "/", "+", "-", "at"):
            j += 1
        if j == end:
            break
    if not codes:
        return None
    if (
        len(codes) == 1
        and tokens[i].text in ("breakfast", "dinner", "supper", "lunch")
        and _text(tokens, end) == "time"
    ):
        end += 1
    return Part(Timing(when=tuple(dict.fromkeys(codes))), end, needs_place=len(codes) == 1)


def _clock_times(tokens: Tokens, i: int) -> Part | None:
    """ "8 am and 6 pm", "08:00", "11:00am", "midday", "midnight": times of day."""
    times: list[str] = []
    j = end = i
    while True:
        found = _clock(tokens, j)
        if found is None:
            break
        times.append(found[0])
        j = end = found[1]
        while _text(tokens, j) in (",", "and", "&", "at", "/", "+"):
            j += 1
        if j == end:
            break
    if not times:
        return None
    return Part(Timing(time_of_day=tuple(times)), end, needs_place=True)


def _clock(tokens: Tokens, j: int) -> tuple[str, int] | None:
    if j >= len(tokens):
        return None
    token = tokens[j]
    if token.text in ("midday",):
        return "12:00:00", j + 1
    if token.text == "midnight":
        return "00:00:00", j + 1
    if token.text == "12" and _text(tokens, j + 1) in ("noon", "midday", "midnight"):
        return ("00:00:00" if tokens[j + 1].text == "midnight" else "12:00:00"), j + 2
    half = _text(tokens, j + 1)
    if token.kind == "clock":
        hour, minute = (int(piece) for piece in token.text.split(":"))
    elif token.kind == NUMBER and half in ("am", "pm") and token.value is not None and token.value.denominator == 1:
        hour, minute = int(token.value), 0
    else:
        return None
    j += 1
    if half in ("am", "pm"):
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
        j += 1
    elif half in ("h", "hrs", "hours", "hr"):
        j += 1
    if hour == 24 and minute == 0:
        hour = 0
    return (f"{hour:02d}:{minute:02d}:00", j) if hour < 24 else None


def _days_led(tokens: Tokens, i: int) -> Part | None:
    """ "on Mondays and Thursdays", "on alternate days", "on rising"."""
    j = i + 1
    following = _text(tokens, j)
    if following in ("alternate", "alternating"):
        return _alternate(tokens, j)
    if following in ("a", "the") and _text(tokens, j + 1) in _DAYS:
        j += 1
    if following == "every":
        return _every(tokens, j)
    if following in ("rising", "waking", "awakening"):
        return Part(Timing(when=("WAKE",)), j + 1)
    if following == "getting" and _text(tokens, j + 1) == "up":
        return Part(Timing(when=("WAKE",)), j + 2)
    return _weekdays(tokens, j)


def _weekdays(tokens: Tokens, i: int) -> Part | None:
    days: list[str] = []
    j = end = i
    while _text(tokens, j) in _DAYS:
        day = _DAYS[tokens[j].text]
        if day not in days:
            days.append(day)
        j = end = j + 1
        if _text(tokens, j) in ("to", "-", "through") and _text(tokens, j + 1) in _DAYS:
            order = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
            low, high = order.index(day), order.index(_DAYS[tokens[j + 1].text])
            if low < high:
                days.extend(name for name in order[low + 1 : high + 1] if name not in days)
                j = end = j + 2
        while _text(tokens, j) in (",", "and", "&", "/", "+", "on"):
            j += 1
    if not days:
        return None
    if len(days) == 1 and tokens[i].text in ("mon", "sat", "sun", "wed") and tokens[i].raw.islower():
        return None  # too short to be sure of
    return Part(Timing(day_of_week=tuple(days)), end)


# --------------------------------------------------------------------------- lengths: bounds, counts, administration

_COUNTED = frozenset({"dose", "doses", "injection", "injections", "cycle", "cycles", "infusion", "infusions",
                      "application", "applications", "administration", "administrations", "treatment", "treatments",
                      "occasion", "occasions", "time", "times"})  # fmt: skip
# "3/7", "2/52", "6/12" on British charts: days, weeks, months
_CHART = {7: "d", 52: "wk", 12: "mo"}


def _span_led(tokens: Tokens, i: int) -> Part | None:
    """ "for 7 days", "x 5 days", "for up to a year", "for 3 doses", "over 15 minutes", "during 2 weeks"."""
    lead, j = tokens[i].text, i + 1
    comparator = Comparator.EQUAL
    while _text(tokens, j) in _SPAN_FILL:
        j += 1
    word = _text(tokens, j)
    if word == "up" and _text(tokens, j + 1) == "to":
        comparator, j = Comparator.AT_MOST, j + 2
        if _text(tokens, j) == "a" and _text(tokens, j + 1) in ("maximum", "max"):
            j += 3 if _text(tokens, j + 2) == "of" else 2
    elif word in ("maximum", "max"):
        comparator, j = Comparator.AT_MOST, j + 1 + (_text(tokens, j + 1) == "of")
    elif word in ("no", "not") and _text(tokens, j + 1) in ("more", "longer") and _text(tokens, j + 2) == "than":
        comparator, j = Comparator.AT_MOST, j + 3
    elif word == "at" and _text(tokens, j + 1) == "least":
        comparator, j = Comparator.AT_LEAST, j + 2
    elif word in ("minimum", "min") and not _is_number(tokens, j - 1):
        comparator, j = Comparator.AT_LEAST, j + 1 + (_text(tokens, j + 1) == "of")
    elif word in ("about", "approximately", "approx", "around", "~"):
        comparator, j = Comparator.ABOUT, j + 1
    while _text(tokens, j) in _SPAN_FILL:
        j += 1
    return _length(tokens, i, j, lead, comparator)


_SPAN_FILL = frozenset({"the", "next", "first", "another", "further", "additional", "initial", "total", "period", "of",
                        "course", "following", "last", "remaining"})  # fmt: skip


def _length(tokens: Tokens, i: int, j: int, lead: str, comparator: Comparator) -> Part | None:
    word = _text(tokens, j)
    if _is_number(tokens, j) and "/" in tokens[j].text and " " not in tokens[j].text and lead in ("for", "x"):
        top, bottom = (int(piece) for piece in tokens[j].text.split("/"))
        if bottom in _CHART and _text(tokens, j + 1) not in UNIT_OF:
            return _bounded(tokens, i, j + 1, Fraction(top), None, _CHART[bottom], comparator, lead)
    if word in ("a", "an", "one") and UNIT_OF.get(_text(tokens, j + 1)) and _text(tokens, j + 1) in _LENGTH_WORDS:
        return _bounded(tokens, i, j + 2, Fraction(1), None, UNIT_OF[tokens[j + 1].text], comparator, lead)
    if word in ("a", "one") and _text(tokens, j + 1) == "fortnight":
        return _bounded(tokens, i, j + 2, Fraction(2), None, "wk", comparator, lead)
    if word in ("life", "lifelong"):
        return None
    found = number_range(tokens, j)
    if found is None:
        if UNIT_OF.get(word) and word in ("day", "week", "month", "year", "hour") and comparator is Comparator.AT_MOST:
            return _bounded(tokens, i, j + 1, Fraction(1), None, UNIT_OF[word], comparator, lead)
        return None
    low, high, k = found
    if _text(tokens, k) in ("or", "and") and _text(tokens, k + 1) == "more":
        comparator, k = Comparator.AT_LEAST, k + 2
    if _text(tokens, k) in ("consecutive", "further", "more", "successive", "additional", "whole", "full"):
        k += 1
    if _text(tokens, k) == "-":
        k += 1
    unit_word = _text(tokens, k)
    if unit_word in _COUNTED and low.denominator == 1 and (high is None or high.denominator == 1):
        if lead in ("over", "during", "within") or (unit_word in ("time", "times") and lead != "for"):
            return None
        if comparator is Comparator.AT_MOST:
            return Part(Timing(count_max=int(high or low)), k + 1)
        return Part(Timing(count=int(low), count_max=None if high is None else int(high)), k + 1)
    if unit_word in ("night", "nights", "fortnight", "fortnights"):
        factor = 2 if unit_word.startswith("fortnight") else 1
        unit = "wk" if factor == 2 else "d"
        return _bounded(tokens, i, k + 1, low * factor, high and high * factor, unit, comparator, lead)
    if unit_word not in _LENGTH_WORDS and not (unit_word == "d" and lead in ("x", "for")):
        if lead == "x" and low.denominator == 1 and unit_word != "/" and high is None:
            return Part(Timing(count=int(low)), k) if _bare_count(tokens, i, k) else None
        return None
    if _text(tokens, k + 1) in ("before", "after", "prior", "old", "of") and _text(tokens, k + 2) != "treatment":
        return None  # "for 30 minutes before", "over 65 years of age"
    return _bounded(tokens, i, k + 1, low, high, UNIT_OF[unit_word], comparator, lead)


def _bare_count(tokens: Tokens, i: int, k: int) -> bool:
    """ "weekly x4": a count only right after a schedule and with nothing countable behind it."""
    following = tokens[k] if k < len(tokens) else None
    before = _text(tokens, i - 1)
    scheduled = before in _ADVERBS or before in _LATIN or before in _LATIN_OTHER or before in ("week", "day", "month")
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


def bare_length(tokens: Tokens, i: int) -> Part | None:
    """ "90 days" with no "for", as at the end of American labels; the caller knows that it stands there."""
    if not _is_number(tokens, i):
        return None
    part = _length(tokens, i, i, "bare", Comparator.EQUAL)
    if part is None or part.timing.bounds is None or part.timing.bounds.unit not in ("d", "wk", "mo"):
        return None
    return part


def _single(tokens: Tokens, i: int) -> Part | None:
    """ "stat", "single dose", "as a single dose", "once only", "one-off", "immediately"."""
    word = tokens[i].text
    if word == "stat":
        return Part(Timing(count=1), i + 1)
    if word == "single" and _text(tokens, i + 1) in ("dose", "injection", "application"):
        return Part(Timing(count=1), i + 2)
    if word == "single" and _text(tokens, i + 1) in ("oral", "im", "iv", "intramuscular", "intravenous", "daily"):
        if _text(tokens, i + 1) == "daily":
            return Part(_timing(1, 1, "d"), i + 2 + (_text(tokens, i + 2) == "dose"))
        return None
    return None


def _per_led(tokens: Tokens, i: int) -> Part | None:
    """ "per day", "a week", "/24 hours" right behind a dose; the caller knows that it stands there."""
    found = _per_unit(tokens, i)
    if found is None or tokens[i].text not in ("per", "a", "an", "/", "each", "every", "in"):
        return None
    period, j = found
    return Part(_with_period(Fraction(1), None, period), j)


def loose_period(tokens: Tokens, i: int) -> Part | None:
    """ "within 24 hours", "in any 24 hours", "daily": the period of a ceiling, with looser words than a dose's."""
    found = _per_unit(tokens, i)
    return None if found is None else Part(_with_period(Fraction(1), None, found[0]), found[1])


def first_words_of_time() -> Iterable[str]:
    """The words with which an expression that ``read_part`` reads may begin."""
    return _READERS


def per_part(tokens: Tokens, i: int) -> Part | None:
    return _per_led(tokens, i) if i < len(tokens) else None


def divided(tokens: Tokens, i: int) -> tuple[Fraction, Fraction | None, int] | None:
    """ "in 3 divided doses", "in two to four divided doses", "divided into 2 doses": how many, and the next index."""
    j = i
    if _text(tokens, j) == "divided":
        j += 1
    if _text(tokens, j) in ("in", "into", "as", "over"):
        j += 1
    found = number_range(tokens, j)
    if found is None:
        return None
    low, high, j = found
    if _text(tokens, j) == "equally":
        j += 1
    if _text(tokens, j) in ("divided", "equal", "separate", "split"):
        j += 1
        if _text(tokens, j) in ("doses", "administrations"):
            return low, high, j + 1
        return None
    if _text(tokens, i) == "divided" and _text(tokens, j) == "doses":
        return low, high, j + 1
    return None


def _build_readers() -> dict[str, object]:
    table: dict[str, object] = {}
    table.update(dict.fromkeys((word for word, times in _LATIN.items() if times), _latin))
    table.update(dict.fromkeys(_LATIN_OTHER, _latin_other))
    table.update(dict.fromkeys(_LATIN_WHEN, _latin_when))
    table.update(dict.fromkeys(_LATIN_MEALS, _latin_meal))
    table.update(dict.fromkeys(_ADVERBS, _adverb))
    for word in ("biweekly", "bimonthly", "biannually", "biannual", "semimonthly"):
        table[word] = _ambiguous_adverb
    table.update(dict.fromkeys(("bi", "semi"), _bi_prefix))
    table.update(dict.fromkeys(("every", "each", "q"), _every))
    table.update(dict.fromkeys(_ONCE, lambda tokens, i: _frequency(tokens, i)))
    table.update(dict.fromkeys(("up", "max", "maximum"), _up_to))
    table.update(dict.fromkeys(("alternate", "alternating"), _alternate))
    table.update(dict.fromkeys(("second", "third"), _every_other))
    table.update(dict.fromkeys(("at", "in", "before", "after", "with", "during", "prior", "@"), _preposition))
    table.update(dict.fromkeys(_ALONE, _alone))
    table["midnight"] = _clock_times
    table["on"] = _on
    table.update(dict.fromkeys(("am", "pm"), _am_pm))
    table.update(dict.fromkeys(("no", "not"), _no_more_than))
    table.update(dict.fromkeys(_DAYS, _weekdays))
    table.update(dict.fromkeys(("for", "x", "×", "times", "over"), _span_led))
    table.update(dict.fromkeys(("stat", "single"), _single))
    table.update(dict.fromkeys(("an", "a"), _an_offset))
    return table


_READERS: dict = _build_readers()  # type: ignore[type-arg]


# --------------------------------------------------------------------------- joining and writing


def merge(first: Timing, second: Timing) -> tuple[Timing, tuple[str, ...]]:
    """Both said of one dose. Where they disagree the first stands and the reason for distrust is returned."""
    doubts: list[str] = []
    values: dict[str, object] = {}
    a = (first.frequency, first.frequency_max, first.period, first.period_max, first.period_unit)
    b = (second.frequency, second.frequency_max, second.period, second.period_max, second.period_unit)
    names = ("frequency", "frequency_max", "period", "period_max", "period_unit")
    if not any(value is not None for value in a):
        values.update(zip(names, b, strict=True))
    elif any(value is not None for value in b) and a != b:
        chosen, doubt = _one_frequency(first, second)
        values.update((name, getattr(chosen, name)) for name in names)
        doubts.extend(doubt)
    for name in ("bounds", "duration", "count", "count_max", "offset_minutes"):
        one, two = getattr(first, name), getattr(second, name)
        if one is None:
            values[name] = two
        elif two is not None and _differ(one, two):
            doubts.append(f"two readings of {name.removesuffix('_minutes')}")
    for name in ("when", "day_of_week", "time_of_day"):
        values[name] = tuple(dict.fromkeys(getattr(first, name) + getattr(second, name)))
    when = values["when"]
    assert isinstance(when, tuple)
    if "HS" in when and "NIGHT" in when:
        values["when"] = tuple(code for code in when if code != "NIGHT")  # "every night at bedtime"
    return replace(first, **values), tuple(doubts)  # type: ignore[arg-type]


def _differ(one: object, two: object) -> bool:
    if isinstance(one, Quantity) and isinstance(two, Quantity):
        if one.value is not None and two.value is not None and one.unit in _HOURS and two.unit in _HOURS:
            return one.value * _HOURS[one.unit] != two.value * _HOURS[two.unit]  # "7 days 1 week"
        return (one.value, one.low, one.high, one.unit) != (two.value, two.low, two.high, two.unit)
    return one != two


_HOURS = {"h": Fraction(1), "d": Fraction(24), "wk": Fraction(168), "min": Fraction(1, 60)}


def _one_frequency(first: Timing, second: Timing) -> tuple[Timing, tuple[str, ...]]:
    """Two frequencies of one dose: "twice daily (every 12 hours)" is one said twice, "bd every 7 days" is a doubt."""
    if first.period is None and second.period is not None and second.frequency in (None, 1):
        # "3 times ... daily" with words between
        return replace(first, period=second.period, period_unit=second.period_unit), ()
    one, two = _rate(first), _rate(second)
    if one is not None and one == two:
        return first, ()
    daily = Timing(frequency=Fraction(1), period=Fraction(1), period_unit="d")
    for plain, other in ((first, second), (second, first)):
        bare = (plain.frequency, plain.frequency_max, plain.period, plain.period_unit)
        is_daily = bare == (daily.frequency, None, daily.period, "d")
        if is_daily and other.period_unit in ("h", "min") and other.period is not None and other.period <= 24:
            return other, ()  # "every 12 hours daily"
        if is_daily and other.period_unit == "d" and other.period == 1 and plain.when:
            return other, (TWO_FREQUENCIES,)
    return first, (TWO_FREQUENCIES,)


def _rate(timing: Timing) -> tuple[Fraction, Fraction] | None:
    """Fewest and most occasions per hour, when both are stated in units of fixed length."""
    hours = _HOURS.get(timing.period_unit or "")
    if hours is None or timing.frequency is None or not timing.period:
        return None
    least = timing.frequency / ((timing.period_max or timing.period) * hours)
    return least, (timing.frequency_max or timing.frequency) / (timing.period * hours)


def with_derived_frequency(timing: Timing, *, plural_meals: bool = False) -> Timing:
    """Fill in the frequency that the named events imply, where none is stated; see the module's text for the rule."""
    if timing.frequency is not None or timing.frequency_max is not None or timing.period is not None:
        return timing
    if timing.count is not None or timing.count_max is not None:
        return timing
    events = len({_GROUP[code] for code in timing.when if code in _GROUP}) + len(timing.time_of_day)
    generic = any(code in MEAL_CODES for code in timing.when)
    if generic and plural_meals:
        events += 3
    elif generic and not events and not timing.day_of_week:
        return timing  # "with food" says how, not how often
    one = Fraction(1)
    if timing.day_of_week:
        if len(timing.day_of_week) == 1:
            return replace(timing, frequency=Fraction(events or 1), period=one, period_unit="wk")
        return replace(timing, frequency=Fraction(events or 1), period=one, period_unit="d")
    if not events:
        return timing
    if timing.offset_minutes is not None and events == 1 and not timing.time_of_day and timing.bounds is None:
        return replace(timing, frequency=one, period=one, period_unit="d")
    return replace(timing, frequency=Fraction(events), period=one, period_unit="d")


def clashes_with_events(timing: Timing) -> bool:
    """Whether a stated daily frequency and the named events count differently ("twice daily in the evening")."""
    if timing.frequency is None or timing.period != 1 or timing.period_unit != "d" or timing.frequency_max is not None:
        return False
    if not timing.when or any(code in MEAL_CODES for code in timing.when) or timing.day_of_week:
        return False
    return timing.frequency != len({_GROUP[code] for code in timing.when if code in _GROUP})


def read_timing(text: str) -> Timing | None:
    """The Timing that ``text`` says, when the whole text is an expression of time; else None. Never raises."""
    tokens = tokenise(text)
    timing, i, plural = Timing(), 0, False
    while i < len(tokens):
        if tokens[i].text in (",", "and", "(", ")", ";") or tokens[i].kind == END:
            i += 1
            continue
        part = read_part(tokens, i) or _until_part(tokens, i)
        if part is None or part.distrust:
            return None
        timing, doubts = merge(timing, part.timing)
        if doubts:
            return None
        plural = plural or part.plural_meals
        i = part.end
    return with_derived_frequency(timing, plural_meals=plural) if timing != Timing() else None


def _until_part(tokens: Tokens, i: int) -> Part | None:
    return None if tokens[i].text == "in" else per_part(tokens, i)


# --------------------------------------------------------------------------- writing

_UNIT_NAMES = {"s": "second", "min": "minute", "h": "hour", "d": "day", "wk": "week", "mo": "month", "a": "year"}
_WHEN_NAMES = {
    "MORN": "in the morning", "NOON": "at noon", "AFT": "in the afternoon", "EVE": "in the evening",
    "NIGHT": "at night", "HS": "at bedtime", "WAKE": "on waking", "C": "with meals", "CM": "with breakfast",
    "CD": "with lunch", "CV": "with dinner", "AC": "before meals", "ACM": "before breakfast", "ACD": "before lunch",
    "ACV": "before dinner", "PC": "after meals", "PCM": "after breakfast", "PCD": "after lunch", "PCV": "after dinner",
}  # fmt: skip
_DAY_NAMES = {"mon": "Monday", "tue": "Tuesday", "wed": "Wednesday", "thu": "Thursday", "fri": "Friday",
              "sat": "Saturday", "sun": "Sunday"}  # fmt: skip


def _number_text(value: Fraction) -> str:
    if value.denominator == 1:
        return str(value.numerator)
    scaled, places = value, 0
    while scaled.denominator != 1 and places < 12:
        scaled, places = scaled * 10, places + 1
    if scaled.denominator != 1:
        return f"{value.numerator}/{value.denominator}"
    digits = str(scaled.numerator).rjust(places + 1, "0")
    return f"{digits[:-places]}.{digits[-places:]}"


def _amount_text(low: Fraction | None, high: Fraction | None, unit: str) -> str:
    if low is None:
        return f"up to {_amount_text(high, None, unit)}"
    name = _UNIT_NAMES.get(unit, unit)
    if high is None:
        return f"{_number_text(low)} {name}{'' if low == 1 else 's'}"
    return f"{_number_text(low)} to {_number_text(high)} {name}s"


def timing_text(timing: Timing) -> str:
    """The Timing in plain words, which ``read_timing`` reads back to the same Timing (offsets of quantities apart)."""
    words = [_frequency_text(timing)]
    if timing.offset_minutes is not None and timing.when:
        words.append(f"{timing.offset_minutes} minutes")
    words.append(" and ".join(_WHEN_NAMES.get(code, code) for code in timing.when))
    if timing.day_of_week:
        words.append("on " + " and ".join(_DAY_NAMES.get(day, day) for day in timing.day_of_week))
    if timing.time_of_day:
        words.append("at " + " and ".join(time[:5] for time in timing.time_of_day))
    if timing.duration is not None:
        words.append("over " + _quantity_text(timing.duration))
    if timing.bounds is not None:
        words.append("for " + _quantity_text(timing.bounds))
    if timing.count is not None or timing.count_max is not None:
        words.append(_count_text(timing))
    return " ".join(word for word in words if word)


def _count_text(timing: Timing) -> str:
    if timing.count is None:
        return f"for up to {timing.count_max} doses"
    if timing.count_max is not None:
        return f"for {timing.count} to {timing.count_max} doses"
    return f"for {timing.count} dose{'' if timing.count == 1 else 's'}"


def _quantity_text(quantity: Quantity) -> str:
    lead = {Comparator.AT_MOST: "up to ", Comparator.AT_LEAST: "at least ", Comparator.ABOUT: "about "}
    low = quantity.value if quantity.value is not None else quantity.low
    return lead.get(quantity.comparator, "") + _amount_text(low, quantity.high, quantity.unit or "")


def _frequency_text(timing: Timing) -> str:
    if timing.period is None or timing.period_unit is None:
        return ""
    every = f"every {_amount_text(timing.period, timing.period_max, timing.period_unit)}"
    if timing.period == 1 and timing.period_max is None:
        every = f"a {_UNIT_NAMES[timing.period_unit]}" if timing.period_unit != "h" else "an hour"
    elif timing.frequency == 1 and timing.frequency_max is None:
        return every
    low, high = timing.frequency, timing.frequency_max
    if low is None:
        return f"up to {_number_text(high)} times {every}" if high is not None else every
    if high is not None:
        return f"{_number_text(low)} to {_number_text(high)} times {every}"
    if low == 1:
        return f"once {every}"
    return f"twice {every}" if low == 2 else f"{_number_text(low)} times {every}"
