"""Owns when a medicine is given: words of frequency, interval, time of day and duration to FHIR ``Timing.repeat``.

``read_part`` reads one expression at one place, with ``day_times`` (meals, clock, weekdays) and ``lengths`` (bounds,
counts). ``timings`` joins the parts of one instruction, ``timing_text`` writes a Timing in words that read back.
What is said about doses and routes is left to ``dosages`` and ``routes``.

Meaning, where FHIR leaves a choice: "every 6 hours" is once per 6 hours, never four a day; "up to 4 times a day" has
``frequency_max`` alone; events of a day without a stated frequency count once each ("morning and night" is twice a
day); "with meals" in the plural counts as three.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from assistant.day_times import alone, clock_times, preposition_part, weekdays, when_led
from assistant.lengths import span_led, within
from assistant.records import Timing
from assistant.schedule_words import (
    ADVERBS,
    ALONE,
    DAYS,
    LATIN,
    LATIN_MEALS,
    LATIN_OTHER,
    LATIN_WHEN,
    LENGTH_WORDS,
    OD_AMBIGUOUS,
    ONCE,
    ORDINALS,
    OTHER,
    PART_OF_DAY,
    UNIT_OF,
    Part,
    Tokens,
    is_number,
    number_range,
    text_at,
    timing_of,
)
from assistant.tokens import END, NUMBER, WORD


def read_part(tokens: Tokens, i: int) -> Part | None:
    """The longest expression of time that begins at token ``i``, or None."""
    token = tokens[i]
    if token.kind == NUMBER:
        return _number_led(tokens, i)
    if token.kind == "clock":
        return clock_times(tokens, i)
    if token.kind != WORD and token.text not in ("/", "@", "×"):
        return None
    reader = _READERS.get(token.text)
    return reader(tokens, i) if reader else None


def _latin(tokens: Tokens, i: int) -> Part | None:
    token, j = tokens[i], i + 1
    distrust: tuple[str, ...] = ()
    times = LATIN[token.text]
    assert times is not None
    if token.text == "od":
        distrust = (OD_AMBIGUOUS,)
    high = None
    if text_at(tokens, j) in ("to", "-", "or", "/") and LATIN.get(text_at(tokens, j + 1)):
        high = LATIN[tokens[j + 1].text]
        j += 2
    if high is not None and high <= times:
        times, high = min(times, high), None
    timing = timing_of(times, 1, "d", frequency_max=None if high is None else Fraction(high))
    return Part(timing, j, distrust)


def _latin_other(tokens: Tokens, i: int) -> Part | None:
    word = tokens[i].text
    if word == "qm" and not tokens[i].raw.islower():
        return None
    distrust = ("'biw' may mean twice a week or every two weeks",) if word == "biw" else ()
    return Part(timing_of(*LATIN_OTHER[word]), i + 1, distrust)


def _latin_when(tokens: Tokens, i: int) -> Part | None:
    code = LATIN_WHEN[tokens[i].text]
    if tokens[i].text == "nightly":
        return Part(timing_of(1, 1, "d", when=(code,)), i + 1)  # type: ignore[arg-type]
    codes, j = [code], i + 1
    while text_at(tokens, j) in ("and", "&", "+", "/") and text_at(tokens, j + 1) in LATIN_WHEN:
        codes.append(LATIN_WHEN[tokens[j + 1].text])
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
    if text_at(tokens, j) == "to" and text_at(tokens, j + 1) == "be":
        j += 3
    if text_at(tokens, j) != "more" or text_at(tokens, j + 1) != "than":
        return None
    return _frequency(tokens, j + 2, at_most=True)


def _latin_meal(tokens: Tokens, i: int) -> Part | None:
    word = tokens[i].text
    if word in ("ac", "pc", "cc", "wm") and i and tokens[i - 1].kind == NUMBER:
        return None  # "5 cc" is a volume
    if word == "ac" and text_at(tokens, i + 1) in ("and", "&") and text_at(tokens, i + 2) == "hs":
        return Part(Timing(when=("AC", "HS")), i + 3, plural_meals=True)
    return Part(Timing(when=(LATIN_MEALS[word],)), i + 1, plural_meals=word in ("ac", "pc", "qac", "cc", "wm"))


def _adverb(tokens: Tokens, i: int) -> Part | None:
    word, j = tokens[i].text, i + 1
    frequency, period, unit = ADVERBS[word]
    if text_at(tokens, j) in ("to", "or", "-") and text_at(tokens, j + 1) in ("twice", "thrice"):
        k = _per_unit(tokens, j + 2)
        if k is not None and k[0] == (Fraction(1), None, unit):
            timing = timing_of(1, period, unit, frequency_max=Fraction(ONCE[tokens[j + 1].text]))
            return Part(timing, k[1])
    return Part(timing_of(frequency, period, unit), j)


def _ambiguous_adverb(tokens: Tokens, i: int) -> Part | None:
    word = tokens[i].text
    unit = "wk" if "week" in word else "mo" if "month" in word else "a"
    return Part(timing_of(2, 1, unit), i + 1, (f"{word!r} may mean twice in one or once in two",))


def _bi_prefix(tokens: Tokens, i: int) -> Part | None:
    """ "bi-weekly", "semi-weekly" written with a hyphen."""
    if text_at(tokens, i + 1) == "-" and text_at(tokens, i + 2) in ("weekly", "monthly", "annually", "yearly"):
        unit = UNIT_OF.get(tokens[i + 2].text, "a")
        sure = tokens[i].text == "semi"
        return Part(timing_of(2, 1, unit), i + 3, () if sure else ("'bi-' may mean twice in one or once in two",))
    return None


Period = tuple[Fraction, Fraction | None, str]


def _per_unit(tokens: Tokens, i: int) -> tuple[Period, int] | None:
    """ "a day", "per week", "/day", "each 24 hours", "daily", "every 2-3 months", "in 24 hours": what a count is
    per."""
    word = text_at(tokens, i)
    if word in ("daily", "weekly", "monthly", "yearly", "annually", "hourly", "fortnightly", "everyday"):
        _, period, unit = ADVERBS[word]
        return (Fraction(period), None, unit), i + 1
    if word in ("nightly",):
        return (Fraction(1), None, "d"), i + 1
    if word not in ("a", "an", "per", "/", "each", "every", "in", "the", "q", "during", "within", "over"):
        return None
    j = i + 1
    if word in ("in", "during", "within", "over") and text_at(tokens, j) in ("a", "any", "each", "every", "one", "the"):
        j += 1
    elif word == "each" and text_at(tokens, j) == "and" and text_at(tokens, j + 1) == "every":
        j += 2
    return _period_words(tokens, j)


def _period_words(tokens: Tokens, j: int) -> tuple[Period, int] | None:
    """ "day", "2-3 months", "24 h", "24-hour period", "other day", "second week", "fortnight"."""
    word = text_at(tokens, j)
    if word in OTHER and UNIT_OF.get(text_at(tokens, j + 1)):
        return (Fraction(2), None, UNIT_OF[tokens[j + 1].text]), j + 2
    if word in OTHER and text_at(tokens, j + 1) in ("night", "morning", "evening", "nights"):
        return (Fraction(2), None, "d"), j + 1  # the part of day is read after this
    if word in ORDINALS and UNIT_OF.get(text_at(tokens, j + 1)):
        return (Fraction(ORDINALS[word]), None, UNIT_OF[tokens[j + 1].text]), j + 2
    if word == "fortnight":
        return (Fraction(2), None, "wk"), j + 1
    if word == "quarter" or (word == "calendar" and text_at(tokens, j + 1) == "month"):
        return (Fraction(3 if word == "quarter" else 1), None, "mo"), j + (1 if word == "quarter" else 2)
    found = number_range(tokens, j)
    if found is not None:
        low, high, k = found
        if word == "quarter":
            return None
        if text_at(tokens, k) == "-" or (high is None and text_at(tokens, k) in ("st", "nd", "rd", "th")):
            k += 1  # "every 2nd day"
        unit = UNIT_OF.get(text_at(tokens, k))
        if unit is None or low <= 0 or text_at(tokens, k).endswith("ly"):
            return None
        k += 1
        if text_at(tokens, k) in ("period", "interval"):
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
    word = text_at(tokens, i)
    if word in ONCE:
        low, j = Fraction(ONCE[word]), i + 1
        if text_at(tokens, j) in ("or", "to", "-", "/"):
            following = text_at(tokens, j + 1)
            if following in ONCE:
                return low, Fraction(ONCE[following]), j + 2
            found = number_range(tokens, j + 1)
            if found and found[1] is None and text_at(tokens, found[2]) in ("times", "x"):
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
    if text_at(tokens, j) in ("times", "time", "x", "×"):
        return low, high, j + 1
    if text_at(tokens, j) == "or" and text_at(tokens, j + 1) in ("more", "less"):
        return None
    return None


def _rising(tokens: Tokens, i: int) -> int:
    """The end of three or more numbers in a row that rise one by one up to "times"; two are a dose and a count."""
    j = i
    while j < i + 6 and is_number(tokens, j + 1) and tokens[j + 1].value == (tokens[j].value or 0) + 1:
        j += 1
    return j + 1 if j - i >= 2 and text_at(tokens, j + 1) in ("times", "x") else 0


def _frequency(tokens: Tokens, i: int, *, at_most: bool = False) -> Part | None:
    """ "three times a day", "once every 2 weeks", "twice daily", "3x/day"; ``at_most`` after "up to"."""
    counted = _times(tokens, i)
    if counted is None:
        return None
    low, high, j = counted
    per = _per_unit(tokens, j)
    if per is None and text_at(tokens, j) == "-":
        per = _per_unit(tokens, j + 1)  # "once-daily"
    if per is None and text_at(tokens, j) in ("in", "on") and text_at(tokens, j + 1) == "each":
        per = _period_words(tokens, j + 2)
    if (
        per is not None
        and text_at(tokens, j) in ("in", "the", "over", "during", "within")
        and low == 1
        and not (text_at(tokens, j) == "in" and is_number(tokens, j + 1))
    ):
        per = None  # "once in the morning", "once the pain stops"
    if per is None:
        return _times_without_period(tokens, i, counted, at_most=at_most)
    period, j = per
    timing = _with_period(None if at_most else low, (high or low) if at_most else high, period)
    if text_at(tokens, j) == "daily" and period[2] == "d":
        j += 1
    if timing.frequency is not None and timing.frequency <= 0:
        return None
    return Part(timing, j)


def _times_without_period(
    tokens: Tokens, i: int, counted: tuple[Fraction, Fraction | None, int], *, at_most: bool
) -> Part | None:
    low, high, j = counted
    if text_at(tokens, j - 1) in ("x", "×") and not at_most:
        return None  # "2 x 240 mg" is a dose
    if text_at(tokens, i) == "once" and high is None:
        # "once only", "orally once": a single dose, unless "once" is the conjunction or a frequency follows
        following = tokens[j] if j < len(tokens) else None
        if text_at(tokens, j) == "only":
            return Part(Timing(count=1), j + 1)
        if i and (
            following is None or following.kind == END or following.text in (",", ".", ";", ")", "then", "please")
        ):
            return Part(Timing(count=1), j)
        return None
    if text_at(tokens, i) in ONCE or text_at(tokens, j - 1) == "times":
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
    k = j + 1 if text_at(tokens, j) == "-" else j
    word = text_at(tokens, k)
    if word in ("hourly", "hrly", "weekly", "monthly", "yearly", "daily", "minutely") and low > 0:
        if word in ("weekly", "monthly", "yearly", "daily") and k == j and low == 1:
            return None
        if word == "daily" and k == j:
            return None  # "2 daily" is two tablets daily; "2-daily" does not occur
        unit = UNIT_OF.get(word, "min")
        return Part(Timing(frequency=Fraction(1), period=low, period_max=high, period_unit=unit), k + 1)
    if word in ("days", "nights") and text_at(tokens, k + 1) in ("a", "per", "each", "every", "/", "out"):
        per = _per_unit(tokens, k + 1) if text_at(tokens, k + 1) != "out" else None
        if per is not None and per[0][2] in ("wk", "mo") and low.denominator == 1:
            return Part(_with_period(low, high, per[0]), per[1])  # "5 days a week"
    if word in LENGTH_WORDS:
        return _offset(tokens, i, low, high, k)
    if word in ("am", "pm", "noon", "midnight", "oclock"):
        return clock_times(tokens, i)
    return None


def _offset(tokens: Tokens, i: int, low: Fraction, high: Fraction | None, k: int) -> Part | None:
    """ "30 minutes before breakfast", "an hour after food": FHIR offset; other events have no code and stay text."""
    unit = UNIT_OF[tokens[k].text]
    minutes = {"min": 1, "h": 60}.get(unit)
    j = k + 1
    word = text_at(tokens, j)
    if word == "prior" and text_at(tokens, j + 1) == "to":
        j += 1
        word = "before"
    if word not in ("before", "after", "ac", "pc") or minutes is None:
        return None
    if word in ("ac", "pc"):
        event = Part(Timing(when=(word.upper(),)), j + 1)
    else:
        found = when_led(tokens, j, word)
        if found is None:
            return _before_other(tokens, i, j, word)
        event = found
    exact = low * minutes
    if high is not None or exact.denominator != 1:
        return event._replace(distrust=("a range of offsets from a meal",))
    return event._replace(timing=replace(event.timing, offset_minutes=int(exact)))


_EVENT_ENDS = frozenset({",", ";", "(", ")", "then", "and", "or", "give", "take", "if", "as", "when", "prn"})


def _before_other(tokens: Tokens, i: int, j: int, word: str) -> Part | None:
    """ "30 minutes before exercise", "1 hour prior to each infusion": no code; kept as words, up to five of them."""
    if word != "before":
        return None
    k = j + 1
    while k < len(tokens) and k <= j + 5 and tokens[k].kind == WORD and tokens[k].text not in _EVENT_ENDS:
        k += 1
    if k == j + 1:
        return None
    return Part(Timing(), k, instruction=" ".join(token.raw or token.text for token in tokens[i:k]))


def _at_intervals(tokens: Tokens, i: int) -> Part | None:
    """ "at weekly intervals", "at intervals of 4 weeks", "at 4-weekly intervals", "at 2 week intervals"."""
    j = i + 1
    if text_at(tokens, j) in ("interval", "intervals") and text_at(tokens, j + 1) == "of":
        found = _period_words(tokens, j + 2)
        return None if found is None else Part(_with_period(Fraction(1), None, found[0]), found[1])
    if text_at(tokens, j) in ADVERBS and text_at(tokens, j + 1) in ("interval", "intervals"):
        return Part(timing_of(*ADVERBS[tokens[j].text]), j + 2)
    counted = number_range(tokens, j)
    if counted is None:
        return None
    low, high, k = counted
    k += text_at(tokens, k) == "-"
    unit = UNIT_OF.get(text_at(tokens, k))
    if unit is None or text_at(tokens, k + 1) not in ("interval", "intervals") or low <= 0:
        return None
    return Part(_with_period(Fraction(1), None, (low, high, unit)), k + 2)


def _at(tokens: Tokens, i: int) -> Part | None:
    return _at_intervals(tokens, i) or preposition_part(tokens, i)


def _an_offset(tokens: Tokens, i: int) -> Part | None:
    """ "an hour before food", "half an hour before": one of a unit."""
    if text_at(tokens, i + 1) in ("hour", "minute"):
        return _offset(tokens, i, Fraction(1), None, i + 1)
    if text_at(tokens, i + 1) in DAYS or text_at(tokens, i) != "a":
        return None
    return None


def _every(tokens: Tokens, i: int) -> Part | None:
    word, j = tokens[i].text, i + 1
    if word == "q" and text_at(tokens, j) == ".":
        j += 1
    following = text_at(tokens, j)
    if word == "each" and following == "and" and text_at(tokens, j + 1) == "every":
        j += 2
        following = text_at(tokens, j)
    if following == "single" and word == "every":
        j += 1
        following = text_at(tokens, j)
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
            return Part(timing_of(1, 2, "d"), j + 1)
        if following in ("ac", "pc"):
            return Part(Timing(when=(following.upper(),)), j + 1, plural_meals=True)
        code = {"hs": "HS"}.get(following) or PART_OF_DAY[following]
        return Part(timing_of(1, 1, "d", when=(code,)), j + 1)  # type: ignore[arg-type]
    if following in DAYS:
        return weekdays(tokens, j)
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
    part_of_day = text_at(tokens, j)
    when: tuple[str, ...] = ()
    if text_at(tokens, j - 1) in OTHER and part_of_day in PART_OF_DAY:
        when, j = (PART_OF_DAY[part_of_day],), j + 1
    distrust: tuple[str, ...] = ()
    if word == "q" and text_at(tokens, j - 1) == "d" and is_number(tokens, j - 2):
        distrust = ()
    timing = Timing(frequency=Fraction(1), period=period[0], period_max=period[1], period_unit=period[2], when=when)
    if text_at(tokens, j) == "daily" and period[2] in ("h", "d"):
        j += 1  # "every 12 hours daily"
    return Part(timing, j, distrust)


def _every_part_of_day(tokens: Tokens, j: int) -> Part | None:
    """ "every morning", "every night at bedtime", "each morning and evening", "every meal" is left to its
    preposition."""
    codes: list[str] = []
    while True:
        word = text_at(tokens, j)
        if word in ("morning", "afternoon", "evening", "night", "bedtime", "noon", "mornings", "nights"):
            codes.append(PART_OF_DAY[word])
            j += 1
        else:
            break
        k = j
        if text_at(tokens, k) in ("and", "&", ","):
            k += 1
            if text_at(tokens, k) in ("every", "each", "at"):
                k += 1
        if k == j or text_at(tokens, k) not in ("morning", "afternoon", "evening", "night", "bedtime", "noon"):
            break
        j = k
    if not codes:
        return None
    return Part(timing_of(len(codes), 1, "d", when=tuple(codes)), j)  # type: ignore[arg-type]


def _up_to(tokens: Tokens, i: int) -> Part | None:
    """ "up to four times a day", "a maximum of 3 times daily"; other ceilings belong to ``dosages``."""
    j = i + 1
    if tokens[i].text == "up":
        if text_at(tokens, j) != "to":
            return None
        j += 1
        if text_at(tokens, j) == "a" and text_at(tokens, j + 1) in ("maximum", "max"):
            j += 2
            if text_at(tokens, j) == "of":
                j += 1
    else:
        if text_at(tokens, j) == "of":
            j += 1
        if text_at(tokens, j) not in ONCE and not is_number(tokens, j):
            return None
    if text_at(tokens, j) in ("every",):
        part = _every(tokens, j)
        if part is None or part.timing.frequency is None:
            return None
        return part._replace(timing=replace(part.timing, frequency=None, frequency_max=part.timing.frequency))
    if text_at(tokens, j) in ADVERBS and tokens[i].text == "up":
        most, period, unit = ADVERBS[tokens[j].text]
        return Part(timing_of(None, period, unit, frequency_max=Fraction(most)), j + 1)
    if text_at(tokens, j) in LATIN and LATIN[text_at(tokens, j)]:
        times = LATIN[tokens[j].text]
        return Part(timing_of(None, 1, "d", frequency_max=Fraction(times or 1)), j + 1)
    return _frequency(tokens, j, at_most=True)


def _alternate(tokens: Tokens, i: int) -> Part | None:
    """ "alternate days", "on alternate weeks", "alternating days"."""
    j = i + 1
    word = text_at(tokens, j)
    if word in ("day", "days", "daily"):
        return Part(timing_of(1, 2, "d"), j + 1)
    if word in ("week", "weeks"):
        return Part(timing_of(1, 2, "wk"), j + 1)
    if word in ("night", "nights", "morning", "mornings", "evening", "evenings"):
        return Part(timing_of(1, 2, "d", when=(PART_OF_DAY[word],)), j + 1)  # type: ignore[arg-type]
    if word in ("month", "months"):
        return Part(timing_of(1, 2, "mo"), j + 1)
    return None


def _every_other(tokens: Tokens, i: int) -> Part | None:
    """ "other day" with "every" left out does not count; "second daily" (Australian) does."""
    if text_at(tokens, i + 1) == "daily":
        return Part(timing_of(1, 2 if tokens[i].text == "second" else 3, "d"), i + 2)
    return None


def _days_led(tokens: Tokens, i: int) -> Part | None:
    """ "on Mondays and Thursdays", "on alternate days", "on rising"."""
    j = i + 1
    following = text_at(tokens, j)
    if following in ("alternate", "alternating"):
        return _alternate(tokens, j)
    if following in ("a", "the") and text_at(tokens, j + 1) in DAYS:
        j += 1
    if following == "every":
        return _every(tokens, j)
    if following in ("rising", "waking", "awakening"):
        return Part(Timing(when=("WAKE",)), j + 1)
    if following == "getting" and text_at(tokens, j + 1) == "up":
        return Part(Timing(when=("WAKE",)), j + 2)
    return weekdays(tokens, j)


def _single(tokens: Tokens, i: int) -> Part | None:
    """ "stat", "single dose", "as a single dose", "once only", "one-off", "immediately"."""
    word = tokens[i].text
    if word == "stat":
        return Part(Timing(count=1), i + 1)
    if word == "single" and text_at(tokens, i + 1) in ("dose", "injection", "application"):
        return Part(Timing(count=1), i + 2)
    if word == "single" and text_at(tokens, i + 1) in ("oral", "im", "iv", "intramuscular", "intravenous", "daily"):
        if text_at(tokens, i + 1) == "daily":
            return Part(timing_of(1, 1, "d"), i + 2 + (text_at(tokens, i + 2) == "dose"))
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


def _build_readers() -> dict[str, object]:
    table: dict[str, object] = {}
    table.update(dict.fromkeys((word for word, times in LATIN.items() if times), _latin))
    table.update(dict.fromkeys(LATIN_OTHER, _latin_other))
    table.update(dict.fromkeys(LATIN_WHEN, _latin_when))
    table.update(dict.fromkeys(LATIN_MEALS, _latin_meal))
    table.update(dict.fromkeys(ADVERBS, _adverb))
    for word in ("biweekly", "bimonthly", "biannually", "biannual", "semimonthly"):
        table[word] = _ambiguous_adverb
    table.update(dict.fromkeys(("bi", "semi"), _bi_prefix))
    table.update(dict.fromkeys(("every", "each", "q"), _every))
    table.update(dict.fromkeys(ONCE, lambda tokens, i: _frequency(tokens, i)))
    table.update(dict.fromkeys(("up", "max", "maximum"), _up_to))
    table.update(dict.fromkeys(("alternate", "alternating"), _alternate))
    table.update(dict.fromkeys(("second", "third"), _every_other))
    table.update(dict.fromkeys(("at", "in", "before", "after", "with", "during", "prior", "@"), preposition_part))
    table.update(dict.fromkeys(ALONE, alone))
    table["midnight"] = clock_times
    table["at"] = _at
    table["on"] = _on
    table.update(dict.fromkeys(("am", "pm"), _am_pm))
    table.update(dict.fromkeys(("no", "not"), _no_more_than))
    table.update(dict.fromkeys(DAYS, weekdays))
    table.update(dict.fromkeys(("for", "x", "×", "times", "over"), span_led))
    table.update(dict.fromkeys(("stat", "single"), _single))
    table["within"] = within
    table.update(dict.fromkeys(("an", "a"), _an_offset))
    return table


_READERS: dict = _build_readers()  # type: ignore[type-arg]
