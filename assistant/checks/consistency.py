"""Is the claim at odds with itself? An interval must hold its estimate, a range must rise, an equation must be true."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from assistant.checks.finding import Asked, Compared, Finding, Severity
from assistant.checks.slots import frame_slots
from assistant.equivalence import in_unit
from assistant.evidence import Evidence
from assistant.records import Quantity
from assistant.vocabulary import Vocabulary


def check_consistency(
    asked: Asked, evidence: Evidence, compared: Compared, vocabulary: Vocabulary
) -> Iterator[Finding]:
    for index, frame in enumerate(asked.read.frames):
        effect, quantity = frame.effect, frame.quantity
        if effect is not None and effect.value is not None and effect.ci_low is not None and effect.ci_high is not None:
            if not effect.ci_low <= effect.value <= effect.ci_high:
                yield Finding(
                    "consistency",
                    Severity.CONFLICT,
                    "the confidence interval does not hold its estimate",
                    frame.start,
                    frame.end,
                    index,
                    observed=frame_slots(frame),
                )
        elif (
            quantity is not None
            and quantity.low is not None
            and quantity.high is not None
            and quantity.low > quantity.high
        ):
            reason = "the range falls: its first end is above its second"
            yield Finding(
                "consistency", Severity.CONFLICT, reason, frame.start, frame.end, index, observed=frame_slots(frame)
            )
    yield from _equations(asked)


_EQUALS = re.compile(
    r"\s*(?:\(|=|≈|~|,?\s*(?:is|are|equals?|or|i\.e\.|that is|corresponds? to|equivalent to|about|approximately|roughly|is about|\s)+)\s*",
    re.IGNORECASE,
)
_MOST_ROUNDING = Fraction(1, 50)


def _equations(asked: Asked) -> Iterator[Finding]:
    """ "1000 ng/L (738 pmol/L)", "1 mg = 1000 micrograms": recomputed; the same amount may be rounded by 2 %."""
    frames = [
        f for f in asked.read.frames if f.quantity is not None and f.quantity.value is not None and not f.distrust
    ]
    for left, right in zip(frames, frames[1:], strict=False):
        between = asked.text[left.end : right.start]
        if left.family != right.family or left.family not in {"threshold", "amount"} or not between.strip():
            continue
        if not _EQUALS.fullmatch(between):
            continue
        assert left.quantity is not None and right.quantity is not None and left.quantity.value is not None
        found = _converted(left.quantity, right.quantity, tuple(sorted(left.analytes | right.analytes | left.drugs)))
        wanted = right.quantity.value
        if found is None or wanted is None or "or" in between.split():  # a choice; each is compared with the source
            continue
        if abs(found - wanted) > abs(found) * _MOST_ROUNDING:
            yield Finding(
                "consistency",
                Severity.CONFLICT,
                f"{left.text.strip()} is not {right.text.strip()}",
                right.start,
                right.end,
                asked.read.frames.index(right),
                observed=frame_slots(right),
            )


def _converted(left: Quantity, right: Quantity, analytes: tuple[str, ...]) -> Fraction | None:
    assert left.value is not None
    values = (in_unit(left.value, left.unit, right.unit, analyte) for analyte in (None, *analytes))
    return next((value for value in values if value is not None), None)
