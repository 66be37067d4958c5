"""Is a sum right that a sentence does by itself, and does its result keep below the source's greatest dose?"""

from __future__ import annotations

from collections.abc import Iterator

from assistant.arithmetic import Sum
from assistant.checks.finding import Finding, Severity
from assistant.equivalence import in_unit
from assistant.evidence import Evidence
from assistant.frames import Frame
from assistant.records import Comparator, Quantity, QuantityKind


def check_sum(sum: Sum, evidence: Evidence) -> Iterator[Finding]:
    """At most one finding; offsets count in the sentence. What the sum was made of is checked with its sentence."""
    observed = sum.slots(sum.stated)
    if not sum.is_right:
        expected = sum.slots(sum.exact)
        reason = f"recomputed: {expected['value']} {expected['unit']}, not {observed['value']} {observed['unit']}"
        yield Finding("consistency", Severity.CONFLICT, reason, sum.start, sum.end, None, expected, observed)
        return
    if sum.size is not None:
        for frame in evidence.read.frames:
            limit = frame.quantity
            if limit is not None and limit.kind is sum.size.kind and not _keeps(sum.size, limit):
                reason = f"the source speaks of {limit.text.strip()}"
                source = (frame.start, frame.end)
                yield Finding("conditions", Severity.ABSENT, reason, sum.start, sum.end, None, None, observed, source)
                return
    for frame in evidence.read.frames:
        for most in _maxima(frame):
            if _is_above(sum.stated, most):
                reason = f"the source allows at most {most.text.strip()}"
                source = (frame.start, frame.end)
                expected = sum.slots(most)
                yield Finding(
                    "consistency", Severity.CONFLICT, reason, sum.start, sum.end, None, expected, observed, source
                )
                return


def _keeps(size: Quantity, limit: Quantity) -> bool:
    """Whether a weight of 25 kg is one "below 30 kg"; a weight that is no limit keeps out nothing."""
    bound = None if limit.value is None else in_unit(limit.value, limit.unit, size.unit, None)
    if size.value is None or bound is None:
        return not limit.is_range
    return {
        Comparator.LESS: size.value < bound,
        Comparator.AT_MOST: size.value <= bound,
        Comparator.MORE: size.value > bound,
        Comparator.AT_LEAST: size.value >= bound,
    }.get(limit.comparator, True)


def _maxima(frame: Frame) -> Iterator[Quantity]:
    """The greatest doses a frame of the source states."""
    if frame.dosage is not None:
        yield from (maximum.amount for maximum in frame.dosage.maxima)
        dose = frame.dosage.dose
        if dose is not None and dose.comparator in (Comparator.AT_MOST, Comparator.LESS):
            yield dose
    elif frame.quantity is not None:
        quantity = frame.quantity
        is_most = quantity.kind is QuantityKind.MAXIMUM or quantity.comparator in (Comparator.AT_MOST, Comparator.LESS)
        if is_most and frame.family in ("amount", "maximum", "rate"):
            yield quantity


def _is_above(stated: Quantity, most: Quantity) -> bool:
    """Whether the stated amount is greater; a maximum per kilogram or per other time cannot be compared and says no."""
    limit = most.value if most.value is not None else most.high
    value = stated.value if stated.value is not None else stated.high
    if limit is None or value is None:
        return False
    for unit in (most.unit, (most.unit or "").removesuffix("/d")):
        converted = in_unit(limit, unit, stated.unit, None)
        if converted is not None:
            return value > converted
    return False
