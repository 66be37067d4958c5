"""Is the claim at odds with itself? An interval must hold its estimate, a range must rise."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.checks.finding import Asked, Compared, Finding, Severity
from assistant.checks.slots import frame_slots
from assistant.evidence import Evidence
from assistant.vocabulary import Vocabulary


def check_consistency(asked: Asked, evidence: Evidence, compared: Compared, vocabulary: Vocabulary) -> Iterator[Finding]:
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
        elif quantity is not None and quantity.low is not None and quantity.high is not None and quantity.low > quantity.high:
            reason = "the range falls: its first end is above its second"
            yield Finding("consistency", Severity.CONFLICT, reason, frame.start, frame.end, index, observed=frame_slots(frame))
