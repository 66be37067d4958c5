"""Owns parts of the day, meals, clock times and weekdays among the words of a schedule."""

from __future__ import annotations

from assistant.records import Timing
from assistant.schedule_words import ALONE, DAYS, MEALS, PART_OF_DAY, Part, Tokens, text_at
from assistant.tokens import NUMBER

_ARTICLES = frozenset({"the", "your", "a", "each", "every", "main", "largest", "first", "any", "all", "her", "his",
                       "their", "every-day", "daily", "three", "of"})  # fmt: skip


def preposition_part(tokens: Tokens, i: int) -> Part | None:
    word = tokens[i].text
    if word == "prior":
        return when_led(tokens, i + 1, "before") if text_at(tokens, i + 1) == "to" else None
    if word in ("at", "in", "@") or (word == "around" and True):
        clock = clock_times(tokens, i + 1)
        if clock is not None and (word != "in" or text_at(tokens, i + 1) in PART_OF_DAY):
            return clock
    if word == "in":
        return when_led(tokens, i, "in") if _in_part_of_day(tokens, i) else None
    return when_led(tokens, i, word)


def _in_part_of_day(tokens: Tokens, i: int) -> bool:
    j = i + 1
    while text_at(tokens, j) in _ARTICLES:
        j += 1
    j += text_at(tokens, j) in ("early", "late") and text_at(tokens, j + 1) in ("morning", "afternoon", "evening")
    return text_at(tokens, j) in PART_OF_DAY and text_at(tokens, j) not in ("waking", "rising", "awakening")


def when_led(tokens: Tokens, i: int, preposition: str) -> Part | None:
    """A list of events from the preposition at ``i``: "before meals and at bedtime", "with or after food"."""
    kinds = [preposition]
    j = i + 1
    while text_at(tokens, j) in ("or", "and", "/") and text_at(tokens, j + 1) in ("before", "after", "with", "during"):
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
        while text_at(tokens, j) in (",", "and", "&", "/", "+"):
            j += 1
        if j == end and text_at(tokens, j) not in ("before", "after", "with", "at", "in"):
            break
        if text_at(tokens, j) in ("before", "after", "with", "at", "in", "on", "during"):
            kinds = [tokens[j].text]
            j += 1
        elif j == end:
            break
    if not codes:
        return None
    return Part(Timing(when=tuple(codes)), end, plural_meals=plural)


def _event(tokens: Tokens, j: int, kinds: list[str]) -> tuple[list[str], bool, int] | None:
    start = j
    if text_at(tokens, j) == "first" and text_at(tokens, j + 1) == "thing":
        j += 2
        if text_at(tokens, j) == "in":
            j += 1
    each = False
    while text_at(tokens, j) in _ARTICLES:
        each = each or tokens[j].text in ("each", "every", "three", "all")
        j += 1
    word = text_at(tokens, j)
    if word in ("early", "late") and text_at(tokens, j + 1) in ("morning", "afternoon", "evening"):
        return [f"{PART_OF_DAY[tokens[j + 1].text]}.{word}"], False, j + 2
    if word in ("evening", "morning", "midday", "midmorning", "lunchtime", "noon", "night") and text_at(
        tokens, j + 1
    ) in ("meal", "meals"):
        letter = {"evening": "V", "night": "V", "morning": "M"}.get(word, "D")
        return [code for code in (_meal_code(kind, letter) for kind in kinds) if code], False, j + 2
    if word in MEALS:
        found = [code for code in (_meal_code(kind, MEALS[word]) for kind in kinds) if code]
        if word in ("snack", "snacks") or not found:
            return None
        if text_at(tokens, j + 1) == "(" and start == j:
            pass
        return found, MEALS[word] == "" and (each or word in ("meals", "mealtimes")), j + 1
    if word in ("bed", "sleep", "retiring", "sleeping") and kinds[0] in ("before", "at"):
        return ["HS"], False, j + 1
    if word == "going" and text_at(tokens, j + 1) == "to" and text_at(tokens, j + 2) in ("bed", "sleep"):
        return ["HS"], False, j + 3
    if word == "getting" and text_at(tokens, j + 1) == "up":
        return ["WAKE"], False, j + 2
    if word in PART_OF_DAY and kinds[0] not in ("after", "with", "during"):
        if word == "midday" and kinds[0] == "at":
            return ["NOON"], False, j + 1
        if kinds[0] == "before" and word != "bedtime":
            return None
        if word in ("am", "pm") and kinds[0] != "in":
            return None
        return [PART_OF_DAY[word]], False, j + 1
    return None


def _meal_code(kind: str, letter: str) -> str | None:
    if kind == "before":
        return "AC" + letter
    if kind == "after" or kind == "following":
        return "PC" + letter
    if kind in ("with", "during", "at"):
        return "C" + letter
    return None


def alone(tokens: Tokens, i: int) -> Part | None:
    """ "morning, noon and night", "one puff morning and night", "lunch": events without a preposition."""
    codes: list[str] = []
    j = i
    end = i
    while text_at(tokens, j) in ALONE or (codes and text_at(tokens, j) in ("bed", "tea")):
        word = tokens[j].text
        codes.append(PART_OF_DAY.get(word) or ("HS" if word == "bed" else "C" + MEALS[word]))
        j = end = j + 1
        while text_at(tokens, j) in (",", "and", "&", "/", "+", "-", "at"):
            j += 1
        if j == end:
            break
    if not codes:
        return None
    if (
        len(codes) == 1
        and tokens[i].text in ("breakfast", "dinner", "supper", "lunch")
        and text_at(tokens, end) == "time"
    ):
        end += 1
    return Part(Timing(when=tuple(dict.fromkeys(codes))), end, needs_place=len(codes) == 1)


def clock_times(tokens: Tokens, i: int) -> Part | None:
    """ "8 am and 6 pm", "08:00", "11:00am", "midday", "midnight": times of day."""
    times: list[str] = []
    j = end = i
    while True:
        found = _clock(tokens, j)
        if found is None:
            break
        times.append(found[0])
        j = end = found[1]
        while text_at(tokens, j) in (",", "and", "&", "at", "/", "+"):
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
    if token.text == "12" and text_at(tokens, j + 1) in ("noon", "midday", "midnight"):
        return ("00:00:00" if tokens[j + 1].text == "midnight" else "12:00:00"), j + 2
    half = text_at(tokens, j + 1)
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


def weekdays(tokens: Tokens, i: int) -> Part | None:
    days: list[str] = []
    j = end = i
    while text_at(tokens, j) in DAYS:
        day = DAYS[tokens[j].text]
        if day not in days:
            days.append(day)
        j = end = j + 1
        if text_at(tokens, j) in ("to", "-", "through") and text_at(tokens, j + 1) in DAYS:
            order = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
            low, high = order.index(day), order.index(DAYS[tokens[j + 1].text])
            if low < high:
                days.extend(name for name in order[low + 1 : high + 1] if name not in days)
                j = end = j + 2
        while text_at(tokens, j) in (",", "and", "&", "/", "+", "on"):
            j += 1
    if not days:
        return None
    if len(days) == 1 and tokens[i].text in ("mon", "sat", "sun", "wed") and tokens[i].raw.islower():
        return None  # too short to be sure of
    return Part(Timing(day_of_week=tuple(days)), end)
