"""Does every number inside a dosage stand in the source, also one that the dosage holds in no slot of its own?

"8 mg/kg, repeatable after 8 hours", "maximum 7.5 mg twice daily", "one puff every 60 seconds up to 10 puffs": the last number
of each is read into a dosage as its words, and no comparison of slots would notice that it was changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from assistant.checks.finding import Asked, Compared, Finding, Severity
from assistant.checks.slots import quantity_text
from assistant.equivalence import compare_quantities
from assistant.evidence import Evidence
from assistant.frames import Frame
from assistant.records import Dosage, Quantity
from assistant.vocabulary import Vocabulary


def check_swallowed(asked: Asked, evidence: Evidence, compared: Compared, vocabulary: Vocabulary) -> Iterator[Finding]:
    for index, frame in enumerate(asked.read.frames):
        if frame.dosage is None or frame.distrust:
            continue
        for quantity in _loose(frame, frame.dosage, asked.read.reading.quantities):
            if not _stands_in(quantity, evidence):
                reason = f"{quantity_text(quantity)} does not stand in the source"
                yield Finding("swallowed", Severity.ABSENT, reason, quantity.start, quantity.end, index)


def _loose(frame: Frame, dosage: Dosage, quantities: tuple[Quantity, ...]) -> Iterator[Quantity]:
    """Numbers between the dosage's first and last word that none of its slots holds."""
    timing = dosage.timing
    slots = (dosage.dose, dosage.rate, dosage.strength, dosage.total, timing.bounds, timing.duration)
    held = [*slots, *(maximum.amount for maximum in dosage.maxima)]
    spans = [(part.start, part.end) for part in held if part is not None]
    for quantity in quantities:
        inside = frame.start <= quantity.start < frame.end and quantity.unit != "1" and not quantity.distrust
        is_held = any(start <= quantity.start < end for start, end in spans) or _is_timing(quantity, dosage)
        if inside and not is_held:
            yield quantity


def _is_timing(quantity: Quantity, dosage: Dosage) -> bool:
    """Whether it is the schedule itself: "three times a day", "every 8 hours"."""
    timing = dosage.timing
    ends = (quantity.value, None) if not quantity.is_range else (quantity.low, quantity.high)
    often = (timing.frequency if timing.frequency is not None else Fraction(1), timing.frequency_max)
    if quantity.unit == f"/{timing.period_unit}":
        return ends == often
    return quantity.unit == timing.period_unit and ends == (timing.period, timing.period_max)


def _stands_in(quantity: Quantity, evidence: Evidence) -> bool:
    return any(compare_quantities(quantity, other).same for other in evidence.read.reading.quantities)
