"""Are the steps of an instruction in the source's order? Loading before maintenance, not the other way round."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.checks.finding import Asked, Compared, Finding, Severity
from assistant.checks.slots import frame_slots
from assistant.evidence import Evidence
from assistant.vocabulary import Vocabulary


def check_steps(asked: Asked, evidence: Evidence, compared: Compared, vocabulary: Vocabulary) -> Iterator[Finding]:
    last: int | None = None
    for match in compared.matches:
        frame = asked.read.frames[match.claim]
        if frame.dosage is None or match.source is None or match.mismatches:
            continue
        if frame.order <= 1:
            last = None
        source = evidence.read.frames[match.source]
        if last is not None and source.start < last:
            yield Finding(
                "steps",
                Severity.CONFLICT,
                "the steps stand in the other order in the source",
                frame.start,
                frame.end,
                match.claim,
                expected=frame_slots(source),
                observed=frame_slots(frame),
                source=(source.start, source.end),
            )
        last = source.start
