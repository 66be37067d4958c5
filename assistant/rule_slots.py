"""Can the slots of a rule be read, and does its quote hold what they say? Run by ``assistant corpus check``. Pure.

``rules`` refuses what is wrong in form; this finds what is wrong in substance: a dose nobody can read, a route that does not
exist, a value that the quoted span does not give.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from assistant.covering import covering_rule, read_covers
from assistant.frames import read_text
from assistant.parsing import read
from assistant.records import Rule
from assistant.rules import BLOCKING
from assistant.vocabulary import Vocabulary

_NUMBERS = ("dose", "value", "maximum", "duration", "left", "right")
_MAIN = ("dose", "value")
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")


def slot_problems(rule: Rule, passage: str, vocabulary: Vocabulary) -> Iterator[str]:
    """One sentence for each slot that cannot be believed; nothing for a rule that forbids, which states no value."""
    if rule.kind in BLOCKING:
        return
    for slot in _NUMBERS:
        if slot in rule.slots:
            yield from _number_problems(slot, rule.slots[slot])
    if "route" in rule.slots:
        for route in re.split(r",\s*|\s+or\s+", rule.slots["route"]):
            if not any(dosage.route for dosage in read(f"give 1 mg {route}").dosages):
                yield f"route {route!r} is not in the route table"
    if "frequency" in rule.slots and not _is_schedule(rule.slots["frequency"]):
        yield f"frequency {rule.slots['frequency']!r} cannot be read"
    if not _is_held(rule, passage, vocabulary):
        value = next(rule.slots[slot] for slot in _MAIN if slot in rule.slots)
        yield f"the quote does not hold {value!r}: {rule.quote!r}"


def _number_problems(slot: str, text: str) -> Iterator[str]:
    reading = read(text)
    for quantity in reading.quantities:
        if quantity.distrust:
            yield f"{slot} {text!r} must not be relied on: {', '.join(quantity.distrust)}"
    if slot in _MAIN and not (reading.quantities or reading.dosages or reading.effects):
        yield f"{slot} {text!r} states no number that can be read"


def _is_schedule(text: str) -> bool:
    timings = [dosage.timing for dosage in read(f"give 1 mg {text}").dosages]
    is_timed = any(t.frequency or t.period or t.when or t.bounds or t.duration or t.count for t in timings)
    return is_timed or text in ("in divided doses", "single dose", "at once")


def _is_held(rule: Rule, passage: str, vocabulary: Vocabulary) -> bool:
    """Whether the quoted span gives the rule's value, in any unit, or at least each of its figures."""
    values = [rule.slots[slot] for slot in _MAIN if slot in rule.slots]
    if not values:
        return True
    figures = {figure for value in values for figure in _FIGURE.findall(value)}
    if figures <= set(_FIGURE.findall(rule.quote)):
        return True
    main = replace(rule, slots={slot: rule.slots[slot] for slot in _MAIN if slot in rule.slots})
    covers = read_covers((main,), passage, vocabulary)
    return any(covering_rule(frame, covers, offset=0) is not None for frame in read_text(passage, vocabulary).frames)
