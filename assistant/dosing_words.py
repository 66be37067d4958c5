
"""Owns the way from tokens to the pieces of a dosing instruction (verb, dose, schedule, route, ceiling, step ...).

One pass; a word that opens no phrase costs one look-up. What the pieces mean together is left to ``dosing_steps``.
Every reader looks at a bounded number of tokens, so that a text of any length is read in linear time.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import cache

from assistant.amounts import is_dose_unit, read_amount
from assistant.ceilings import MAX_BY_FIRST, read_maximum
from assistant.dosing_phrases import (
    ASIDES_BY,
    COMPARATOR_OF,
    COMPARATORS_BY,
    DELTAS,
    DENIALS_BY,
    FILLER,
    INSTRUCTIONS_BY,
    KEEP_BY,
    NEGATIONS_BY,
    PHASES,
    PRN_BY,
    SEPARATORS_BY,
    VERBS,
)
from assistant.dosing_scan import Item, Scan, starts_with
from assistant.lengths import bare_length, divided
from assistant.routes import Place, first_words_of_place, read_place
from assistant.schedule_words import OD_AMBIGUOUS, number_range
from assistant.schedules import first_words_of_time, per_part, read_part
from assistant.tokens import END, NUMBER, SIGN, WORD
from assistant.units import read_unit


def _match(scan: Scan, i: int, table: dict[str, list[list[str]]]) -> int:
    text = scan.text
    for words in table.get(text(i), ()):
        for n in range(1, len(words)):
            if text(i + n) != words[n]:
                break
        else:
            return i + len(words)
    return 0


def scan_items(scan: Scan, start: int, stop: int) -> list[Item]:
    """Every piece that begins in the tokens ``start``..``stop``, in order.

    Kinds and values: end, stop (clause), amount (Amount), part (Part), place (Place), prn, maximum (list of MaxDose),
    step, delta (text), divided (low, high), until (text), instruction (text), negation, phase (name), verb (word),
    comparator (Comparator), reason (text), join, sign, word.
    """
    items: list[Item] = []
    i, tokens, readers = start, scan.tokens, _readers()
    while i < stop:
        kind, text = tokens[i][:2]
        if kind == WORD and text not in readers:
            items.append(Item("word", i, i + 1, text))
            i += 1
            continue
        item = _item(scan, i, items, readers.get(text, _ALL))
        items.append(item)
        i = max(item.end, i + 1)
    return items


def may_instruct(scan: Scan, start: int, stop: int) -> bool:
    """Whether the sentence at ``start``..``stop`` can be an instruction; a quick look that refuses only plain prose.

    Without a number, a verb of giving or a step, only a sentence that begins with words of dosing, or has next to no
    other words, is one.
    """
    readers, plain = _readers(), 0
    if scan.tokens[start].kind != WORD or scan.tokens[start].text in readers:
        return True
    for token in scan.tokens[start:stop]:
        if token.kind != WORD:
            if token.kind != SIGN:
                return True
        elif token.text not in readers:
            plain += token.text not in FILLER
        elif token.text in VERBS or token.text in SEPARATORS_BY:
            return True
    return plain < 3


_PHRASE, _PART, _PLACE, _ALL = 1, 2, 4, 7


@cache
def _readers() -> dict[str, int]:
    """Which readers know a word as their first one; every word that is not here is only a word."""
    found: dict[str, int] = dict.fromkeys([*VERBS, *PHASES, "and", "or", "plus", "for", "to", "od"], 0)
    tables = (MAX_BY_FIRST, PRN_BY, SEPARATORS_BY, INSTRUCTIONS_BY, COMPARATORS_BY, KEEP_BY, ASIDES_BY,
              DENIALS_BY, NEGATIONS_BY, DELTAS, _TAPERS)  # fmt: skip
    phrase = [word for table in tables for word in table]
    phrase += """daily total each than in into divided as after until till til day days on starting from beginning
        commencing start no not div all other rest the""".split()
    parts = [*first_words_of_time(), "per", "a", "an", "each", "every", "in"]
    for reader, words in ((_PHRASE, phrase), (_PART, parts), (_PLACE, first_words_of_place())):
        for word in words:
            found[word] = found.get(word, 0) | reader
    return found


def _item(scan: Scan, i: int, items: list[Item], readers: int) -> Item:
    token = scan.tokens[i]
    if token.kind == END:
        return Item("end", i, i + 1)
    if token.kind == NUMBER:
        return _number_item(scan, i, items)
    if token.text == ";":
        return Item("stop", i, i + 1)
    found = _phrase_item(scan, i, items) if readers & _PHRASE else None
    if found is not None:
        return found
    if token.text == "od" and {scan.text(n) for n in range(max(0, i - 4), i)} & {"drop", "drops", "gtt", "gtts"}:
        return Item("place", i, i + 1, Place("ophthalmic", "right eye", i + 1, (OD_AMBIGUOUS,)))
    if readers & _PART and (token.kind == "clock" or token.kind == WORD or token.text in ("/", "@", "×")):
        part = read_part(scan.tokens, i)
        previous = items[-1] if items else None
        if previous is not None and previous.end == i and _may_have_period(items):
            per = per_part(scan.tokens, i)
            if per is not None and (part is None or per.end >= part.end):
                part = per
        if part is not None:
            return Item("part", i, part.end, part)
    if token.kind == WORD:
        place = read_place(scan.tokens, i) if readers & _PLACE else None
        if place is not None:
            return Item("place", i, place.end, place)
        return _word_item(scan, i)
    return Item("sign", i, i + 1, token.text)


def _may_have_period(items: list[Item]) -> bool:
    """ "5 mg a day", "1000 micrograms IM a month": right behind an amount, or its route."""
    if items[-1].kind == "place" and len(items) > 1:
        return items[-2].kind == "amount" and items[-2].end == items[-1].start
    return items[-1].kind == "amount"


_TAPERS = frozenset({"taper", "tapering", "tapered", "wean", "weaning", "weaned", "tail", "tailing", "withdraw"})
_BEFORE_THAN = frozenset({"", "more", "less", "rather", "other", "greater", "higher", "lower", "fewer", "longer"})


def _is_number(scan: Scan, i: int) -> bool:
    return i < len(scan.tokens) and scan.tokens[i].kind == NUMBER


def _phrase_item(scan: Scan, i: int, items: list[Item]) -> Item | None:
    word = scan.text(i)
    found = read_maximum(scan, i, items)
    if found is not None and not _is_frequency_ceiling(scan, i):
        return Item("maximum", i, found[1], found[0])
    if word in PRN_BY and (end := _match(scan, i, PRN_BY)):
        return Item("prn", i, end)
    if word in INSTRUCTIONS_BY and (end := _match(scan, i, INSTRUCTIONS_BY)):
        text = scan.words(i, end)
        if word == "with" and scan.text(i + 1) == "food" and scan.text(i + 2) != "or":
            part = read_part(scan.tokens, i)
            if part is not None:
                return Item("part", i, part.end, part)
        return Item("instruction", i, end, text)
    if word in SEPARATORS_BY and (end := _match(scan, i, SEPARATORS_BY)):
        return Item("step", i, end)
    if word == "than" and scan.text(i - 1) not in _BEFORE_THAN and _is_number(scan, i + 1):
        return Item("step", i, i + 1)  # "and than 1 tablet"
    if word in _TAPERS and items and items[-1].kind in ("step", "join"):
        end = _clause_end(scan, i)
        return Item("delta", i, end, scan.words(i, end))  # "then taper over 2 months": no dose of its own
    if word in DELTAS and (end := _delta(scan, i)):
        return Item("delta", i, end, scan.words(i, end))
    if word in ("in", "into", "divided", "as") and (parts := divided(scan.tokens, i)):
        return Item("divided", i, parts[2], (parts[0], parts[1]))
    if word in ("in", "divided", "div") and (end := starts_with(scan, i, *_DIVIDED)):
        part = read_part(scan.tokens, end) if end < len(scan.tokens) else None
        timed = part is not None and part.timing.period is not None
        if timed or "doses" in (scan.text(end - 1), scan.text(end - 2)):
            return Item("split", i, part.end if part is not None and timed else end, part if timed else None)
    if word in ("on", "all", "other", "the", "rest") and (end := starts_with(scan, i, *_OTHER_DAYS)):
        return Item("exception", i, end, scan.words(i, end))
    if word == "in" and scan.text(i + 1) in ("steps", "increments") and (end := _delta(scan, i + 1)):
        return Item("delta", i, end, scan.words(i, end))
    if word == "after" and (end := _later(scan, i + 1)):
        return Item("instruction", i, end, scan.words(i, end))
    if word in ("until", "till", "til"):
        end = _clause_end(scan, i + 1)
        return Item("until", i, end, scan.words(i + 1, end))
    if word in ("day", "days", "on") and (end := _cycle_days(scan, i)):
        return Item("instruction", i, end, scan.words(i, end))
    if word == "at" and (end := _time_points(scan, i)):
        return Item("instruction", i, end, scan.words(i, end))
    if word in ("on", "starting", "from", "beginning", "commencing", "start") and (end := _date(scan, i)):
        return Item("date" if word == "on" else "instruction", i, end, scan.words(i, end))
    if word == "after" and scan.text(i + 1) in ("each", "every") and read_part(scan.tokens, i) is None:
        end = min(_clause_end(scan, i + 2), i + 8)
        return Item("prn", i, i + 1) if end <= i + 2 else Item("event", i, end, scan.words(i, end))
    if word in COMPARATORS_BY and (end := _match(scan, i, COMPARATORS_BY)) and _opens_amount(scan, end):
        return Item("comparator", i, end, COMPARATOR_OF[" ".join(scan.text(n) for n in range(i, end))])
    if word in ("no", "not") and (part := read_part(scan.tokens, i)) is not None:
        return Item("part", i, part.end, part)
    if word == "not" and i + 1 < len(scan.tokens) and read_part(scan.tokens, i + 1) is not None:
        return Item("aside", i, i + 1)  # "once a week, not daily"
    if word in KEEP_BY and (end := _match(scan, i, KEEP_BY)):
        return Item("word", i, end, "")
    if word in ASIDES_BY and (end := _match(scan, i, ASIDES_BY)):
        return Item("aside", i, end)
    if word in DENIALS_BY and (end := _match(scan, i, DENIALS_BY)):
        return Item("denial", i, end)
    if word in NEGATIONS_BY and (end := _match(scan, i, NEGATIONS_BY)):
        return Item("negation", i, end)
    return None


_DIVIDED = ("in divided doses", "divided doses", "in equally divided doses", "divided", "div")
_OTHER_DAYS = ("on all other days", "all other days", "on the other days", "on other days", "on the remaining days",
               "rest of the week", "the rest of the week")  # fmt: skip


def _is_frequency_ceiling(scan: Scan, i: int) -> bool:
    """ "max 4 times a day" limits the frequency, "max 4 a day" the dose."""
    part = read_part(scan.tokens, i)
    return part is not None and part.timing.frequency_max is not None


def _opens_amount(scan: Scan, j: int) -> bool:
    amount = read_amount(scan, j)
    return amount is not None and amount[0].counted and is_dose_unit(amount[0].quantity.unit)


_DELTA_FILL = frozenset("the dose gradually slowly up down upwards downwards daily further if necessary then".split())


def _delta(scan: Scan, i: int) -> int:
    """ "reducing by 5 mg every week", "in increments of 25 mg": a change, not a dose."""
    j = i + 1
    while scan.text(j) in _DELTA_FILL and j < i + 6:
        j += 1
    if scan.text(j) == "in" and scan.text(j + 1) in ("steps", "increments"):
        j += 2
    if scan.text(j) not in ("by", "of"):
        return 0
    if scan.text(j + 1) in ("half", "a"):
        return j + 2
    amount = read_amount(scan, j + 1)
    if amount is None:
        return 0
    end = amount[1]
    part = read_part(scan.tokens, end) if end < len(scan.tokens) else None
    return part.end if part is not None else end


def _later(scan: Scan, i: int) -> int:
    """ "after 2 weeks": when a step begins; FHIR has no slot beside the bounds of the step before."""
    found = number_range(scan.tokens, i)
    if found is None:
        return 0
    return found[2] + 1 if scan.text(found[2]) in ("day", "days", "week", "weeks", "month", "months") else 0


def _cycle_days(scan: Scan, i: int) -> int:
    """ "days 1-14 of a 21-day cycle", "on day 1", "on days 1, 8 and 15 every 21 days": no FHIR slot, kept as text."""
    j = i
    if scan.text(j) == "on":
        j += 1
    if scan.text(j) == "the" and scan.text(j + 2) == "day":
        return j + 3 if scan.text(j + 1) in ("first", "second", "third") else 0
    if scan.text(j) not in ("day", "days"):
        return 0
    found = number_range(scan.tokens, j + 1)
    if found is None:
        return 0
    j = found[2]
    while scan.text(j) in (",", "and", "&") and (more := number_range(scan.tokens, j + 1)):
        if scan.text(more[2]) in ("mg", "tablet", "tablets", "g", "ml", "capsule", "capsules", "puffs"):
            break
        j = more[2]
    single = found[1] is None and j == found[2]
    if scan.text(j) in ("of", "every", "in") and j < len(scan.tokens) and not (single and scan.text(j) == "every"):
        k = j + 1
        if scan.text(k) in ("a", "each", "every", "the"):
            k += 1
        if scan.text(k) == "cycle":
            return k + 1
        length = number_range(scan.tokens, k)
        if length:
            k = length[2]
            while scan.text(k) in ("-", "day", "days", "week", "weeks", "cycle", "cycles"):
                k += 1
            return k
    return j


_POINT_UNITS = frozenset("h hr hrs hour hours day days week weeks month months".split())


def _time_points(scan: Scan, i: int) -> int:
    """ "at 0, 2 and 6 weeks", "at weeks 0, 2 and 6", "at 0 and 12 hours": points in time, kept as text."""
    j = i + 1
    named = scan.text(j) in ("week", "weeks", "month", "months", "day", "days", "hour", "hours")
    j += named
    count = 0
    while _is_number(scan, j) and count < 8:
        count, j = count + 1, j + 1
        if scan.text(j) in (",", "and", "&") and _is_number(scan, j + 1):
            j += 1
        elif scan.text(j) == "," and scan.text(j + 1) == "and" and _is_number(scan, j + 2):
            j += 2
        else:
            break
    if count < 2:
        return 0
    if named:
        return j
    return j + 1 if scan.text(j) in _POINT_UNITS else 0


_MONTHS = frozenset(
    """january february march april may june july august september october november december jan feb mar
    apr jun jul aug sep sept oct nov dec""".split()
)


def _date(scan: Scan, i: int) -> int:
    """ "on 1st November 2019", "starting January 16, 2015": the index after the date, or 0."""
    j = i + 1
    if scan.text(j) in ("on", "from"):
        j += 1
    if j >= len(scan.tokens):
        return 0
    if scan.text(j) in _MONTHS and j + 1 < len(scan.tokens) and scan.tokens[j + 1].kind == NUMBER:
        j += 2
        if scan.text(j) in ("st", "nd", "rd", "th"):
            j += 1
        if scan.text(j) == "," and j + 1 < len(scan.tokens) and scan.tokens[j + 1].kind == NUMBER:
            j += 1
        return j + 1 if j < len(scan.tokens) and scan.tokens[j].kind == NUMBER else j
    if scan.tokens[j].kind == NUMBER:
        j += 1
        if scan.text(j) in ("st", "nd", "rd", "th"):
            j += 1
        if scan.text(j) == "of":
            j += 1
        if scan.text(j) in _MONTHS:
            j += 1
            return j + 1 if j < len(scan.tokens) and scan.tokens[j].kind == NUMBER else j
    return 0


_CLAUSE_STOPS = frozenset({",", ";", "(", ")", "then", "followed", "thereafter", "and/or", "max", "maximum"})


def _clause_end(scan: Scan, i: int) -> int:
    """Where the words of a reason or an "until" stop: at a comma, a step, the sentence's end, or twelve words."""
    j = i
    while j < len(scan.tokens) and j < i + 14:
        if scan.tokens[j].kind == END or scan.text(j) in _CLAUSE_STOPS:
            break
        if scan.text(j) == "and" and scan.text(j + 1) in ("then", "thereafter"):
            break
        j += 1
    return j


def _number_item(scan: Scan, i: int, items: list[Item]) -> Item:
    if end := _delay(scan, i):
        return Item("delay", i, end, scan.words(i, end))
    pattern = _pattern(scan, i, items)
    if pattern is not None:
        return pattern
    part = read_part(scan.tokens, i)
    amount = read_amount(scan, i)
    if part is not None and (amount is None or not amount[0].counted or part.end >= amount[1]):
        # "2 x 240 mg" and "1 or 2 4 times a day" are amounts first
        return Item("part", i, part.end, part)
    length = bare_length(scan.tokens, i)
    if length is not None and items and items[-1].kind in ("part", "place", "prn", "reason", "instruction", "sign"):
        return Item("part", i, length.end, length)
    if length is not None:
        return Item("word", i, length.end)
    if amount is None:
        return Item("word", i, i + 1)
    if not amount[0].counted and scan.text(i - 1) in _FORM_FIRST and not _is_number(scan, i - 2):
        form = read_unit(scan.text(i - 1), 0)  # "tab 1 tds"
        if form is not None:
            quantity = replace(amount[0].quantity, unit=form.code)
            return Item("amount", i, amount[1], amount[0]._replace(quantity=quantity, counted=True))
    if not amount[0].counted and "auc" in (scan.text(i - 1), scan.text(i - 2)):  # carboplatin's target
        quantity = replace(amount[0].quantity, unit="{AUC}")
        return Item("amount", i, amount[1], amount[0]._replace(quantity=quantity, counted=True))
    return Item("amount", i, amount[1], amount[0])


_FORM_FIRST = frozenset("tab tabs tablet tablets cap caps capsule capsules puff puffs".split())


_DELAYS = frozenset({"later", "afterwards", "thereafter"})


def _delay(scan: Scan, i: int) -> int:
    """ "12 hours later", "4 to 6 weeks afterwards": the index behind it, or 0."""
    if not _DELAYS & {scan.text(i + 2), scan.text(i + 4)}:
        return 0
    found = number_range(scan.tokens, i)
    if found is None or scan.text(found[2]) not in _POINT_UNITS | {"min", "mins", "minute", "minutes"}:
        return 0
    return found[2] + 2 if scan.text(found[2] + 1) in _DELAYS else 0


_EVENTS_OF_DAY = ("MORN", "NOON", "EVE", "HS")


def _pattern(scan: Scan, i: int, items: list[Item]) -> Item | None:
    """ "1-0-1", "2-1-1", "1-0-0-1": the European way to say how many in the morning, at noon, in the evening (and at
    bedtime). It stands alone or behind a product, and no unit follows."""
    if scan.text(i + 1) != "-" or scan.text(i + 3) != "-":
        return None
    if items and items[-1].kind not in ("amount", "word", "verb"):
        return None
    counts: list[Fraction] = []
    j = i
    while _is_number(scan, j) and len(counts) < 4:
        counts.append(scan.tokens[j].value or Fraction(0))
        if scan.text(j + 1) != "-" or not _is_number(scan, j + 2):
            break
        if scan.tokens[j + 1].start != scan.tokens[j].end or scan.tokens[j + 2].start != scan.tokens[j + 1].end:
            return None  # "1 - 2 - 3" is a list
        j += 2
    end = j + 1
    if len(counts) < 3 or max(counts) > 4 or not any(counts) or any((2 * n).denominator != 1 for n in counts):
        return None
    behind = scan.tokens[end] if end < len(scan.tokens) else None
    if behind is not None and behind.kind == WORD and behind.text not in (
        "for", "x", "daily", "before", "after", "with", "prn", "ac", "pc", "po",
    ):  # fmt: skip
        return None
    given = tuple((n, event) for n, event in zip(counts, _EVENTS_OF_DAY, strict=False) if n)
    return Item("pattern", i, end, given)


_REASON_STOPS = frozenset(
    {
        "prn",
        "mdd",
        "max",
        "maximum",
        "instr",
        "instrplease",
        "until",
        "then",
        "take",
        "do",
        "and/or",
        "once",
        "only",
        "int",
        "repeat",
        "dispense",
    }
)


def _word_item(scan: Scan, i: int) -> Item:
    word = scan.text(i)
    if word in ("for", "to") and (end := _reason_end(scan, i)):
        return Item("reason", i, end, scan.words(i + 1, end))
    if word in PHASES:
        return Item("phase", i, i + 1 + (scan.text(i + 1) in ("dose", "doses", "phase", "therapy")), PHASES[word])
    if word in VERBS:
        return Item("verb", i, i + 1, word)
    if word in ("and", "or", "plus"):
        return Item("join", i, i + 1, word)
    return Item("word", i, i + 1, word)


def _reason_end(scan: Scan, i: int) -> int:
    """ "for pain", "for shortness of breath or wheezing", "to reduce blood pressure": up to the next piece."""
    if scan.text(i) == "to" and scan.text(i + 1) not in ("reduce", "lower", "control", "help", "prevent", "treat",
                                                         "relieve", "protect", "improve"):  # fmt: skip
        return 0
    j = i + 1
    while j < len(scan.tokens) and j < i + 12:
        token = scan.tokens[j]
        if token.kind in (NUMBER, END, "clock") or token.text in _REASON_STOPS or token.text in _CLAUSE_STOPS:
            break
        if token.kind == "sign" and token.text not in ("/", "-", "'"):
            break
        if token.text in MAX_BY_FIRST and read_maximum(scan, j) is not None:
            break
        if j > i + 1 and ((token.text in PRN_BY and _match(scan, j, PRN_BY)) or read_part(scan.tokens, j) is not None):
            break
        j += 1
    while j > i + 1 and scan.text(j - 1) in ("a", "the", "of", "or", "and", "up", "with", "/", "-", "by"):
        j -= 1
    return j if j > i + 1 else 0


def reason_after_prn(scan: Scan, i: int) -> int:
    """The end of a reason written straight behind "prn" ("prn anxiety/sleep"); 0 when there is none."""
    j = i
    while j < len(scan.tokens) and j < i + 8:
        token = scan.tokens[j]
        if token.kind != WORD and token.text not in ("/", "-"):
            break
        if token.text in _REASON_STOPS or token.text in VERBS or read_part(scan.tokens, j) is not None:
            break
        if _match(scan, j, PRN_BY) or _match(scan, j, INSTRUCTIONS_BY) or read_place(scan.tokens, j) is not None:
            break
        if token.text in ("for", "and", "with", "or", "-") and j == i:
            return 0
        j += 1
    return j if j > i and scan.tokens[j - 1].kind == WORD else 0
