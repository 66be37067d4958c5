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
    yield from _said_twice(asked, evidence, compared)


def _said_twice(asked: Asked, evidence: Evidence, compared: Compared) -> Iterator[Finding]:
    """Two doses of a statement that are one dose of the source, while its other dose of that drug is not said:
    "one tablet a day, if not tolerated one tablet a day" for "... one tablet every other day".
    """
    frames = evidence.read.frames
    taken: dict[int, int] = {}
    said = {j for match in compared.matches for j in match.agreeing}
    for match in compared.matches:
        frame = asked.read.frames[match.claim]
        if frame.dosage is None or len(match.agreeing) != 1:
            continue
        j = match.agreeing[0]
        if j in taken and asked.read.frames[taken[j]].end <= frame.start:
            start, end = next(((a, b) for a, b, _ in evidence.sentences if a <= frames[j].start < b), (0, 0))
            for k, other in enumerate(frames):
                if (
                    k not in said
                    and other.dosage is not None
                    and other.drugs == frames[j].drugs
                    and start <= other.start < end
                ):
                    yield Finding(
                        "steps",
                        Severity.CONFLICT,
                        "the statement gives one dose twice where the source gives two",
                        frame.start,
                        frame.end,
                        match.claim,
                        expected=frame_slots(other),
                        observed=frame_slots(frame),
                        source=(other.start, other.end),
                    )
                    return
        taken.setdefault(j, match.claim)
