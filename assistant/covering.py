"""Which rule covers a number: the one whose quote it stands in and whose values it holds. Pure.

A rule is named beside a claim so that a reader can look up, and a hospital can change, what the claim was judged by.
What a rule forbids is ``checks/forbidden``'s business.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.equivalence import compare_quantities, compare_timing
from assistant.frames import Frame, read_text
from assistant.records import Comparator, Quantity, QuantityKind, Rule, Timing
from assistant.vocabulary import Vocabulary

_SLOTS = ("dose", "value", "maximum", "left", "right", "frequency", "duration")


@dataclass(frozen=True, slots=True)
class Covers:
    """A rule with the numbers that its slots hold, and where its quote stands in the passage (end excluded)."""

    rule: Rule
    start: int
    end: int
    quantities: tuple[Quantity, ...]
    timings: tuple[Timing, ...]


def read_covers(rules: Sequence[Rule], passage: str, vocabulary: Vocabulary) -> tuple[Covers, ...]:
    """The rules of one passage, in their order; a quote that does not stand in ``passage`` covers nothing."""
    found = []
    for rule in rules:
        start = passage.find(rule.quote)
        if start < 0:
            continue
        frames = [f for s in _SLOTS if s in rule.slots for f in read_text(rule.slots[s], vocabulary).frames]
        quantities = tuple(_unsigned(q) for frame in frames for q in _quantities(frame))
        timings = tuple(f.dosage.timing for f in frames if f.dosage is not None and _says_when(f.dosage.timing))
        found.append(Covers(rule, start, start + len(rule.quote), quantities, timings))
    return tuple(found)


def covering_rule(frame: Frame, covers: Sequence[Covers], *, offset: int | None) -> Rule | None:
    """The rule that holds most of the frame's numbers, the first of equals; None when none holds one.

    ``offset`` is where the frame's text begins in the passage; None for another wording of it, where no quote stands.
    """
    best, most = None, 0
    for cover in covers:
        if offset is None or (frame.start + offset < cover.end and cover.start < frame.end + offset):
            held = _held(frame, cover)
            if held > most:
                best, most = cover.rule, held
    return best


def _held(frame: Frame, cover: Covers) -> int:
    """How many of the rule's numbers the frame states, comparators aside: "maximum 5 mg" and "up to 5 mg" are one."""
    mine = [_unsigned(q) for q in _quantities(frame)]
    held = sum(any(_is_same(q, wanted) for q in mine) for wanted in cover.quantities)
    if frame.dosage is not None and _says_when(frame.dosage.timing):
        held += sum(compare_timing(frame.dosage.timing, wanted).same for wanted in cover.timings)
    return held


def _is_same(one: Quantity, other: Quantity) -> bool:
    """Equal, or the same number where one of the two leaves its unit to the words around it: "3 a week", "three"."""
    if compare_quantities(one, other).same:
        return True
    a, b = sorted((one.unit or "1", other.unit or "1"), key=len)
    is_loose = a == "1" or b.startswith(("{", f"{a}/"))
    return is_loose and (one.value, one.low, one.high) == (other.value, other.low, other.high)


def _quantities(frame: Frame) -> Iterator[Quantity]:
    """Every number that a frame states: of a dosage its amounts, maxima, lengths and interval."""
    if frame.dosage is not None:
        dosage, timing = frame.dosage, frame.dosage.timing
        parts = (dosage.dose, dosage.rate, timing.bounds, timing.duration, *(m.amount for m in dosage.maxima))
        yield from (part for part in parts if part is not None)
        if timing.period is not None and (timing.frequency or 1) == 1:
            yield _length(timing)
    elif frame.quantity is not None:
        yield frame.quantity
    elif frame.effect is not None and frame.effect.value is not None:
        yield Quantity(frame.text, frame.start, frame.end, value=frame.effect.value, unit=frame.effect.unit)


def _length(timing: Timing) -> Quantity:
    """ "every 2 to 3 months" as a length of time, so that it meets one that was read outside a dosage."""
    if timing.period_max is not None:
        return Quantity("", 0, 0, low=timing.period, high=timing.period_max, unit=timing.period_unit)
    return Quantity("", 0, 0, value=timing.period, unit=timing.period_unit)


def _unsigned(quantity: Quantity) -> Quantity:
    return replace(
        quantity, comparator=Comparator.EQUAL, kind=QuantityKind.NUMBER, low_included=True, high_included=True
    )


def _says_when(timing: Timing) -> bool:
    return timing.frequency is not None or timing.period is not None or bool(timing.when)
