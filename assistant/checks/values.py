"""Is every number, unit, route, schedule, drug and measure what the source says?"""

from __future__ import annotations

from collections.abc import Iterator

from assistant.checks.finding import Asked, Compared, Finding, Severity
from assistant.checks.slots import frame_slots
from assistant.evidence import Evidence
from assistant.vocabulary import Vocabulary


def check_values(asked: Asked, evidence: Evidence, compared: Compared, vocabulary: Vocabulary) -> Iterator[Finding]:
    """One finding per frame that has no equal in the source; conflict when the source fills the slot otherwise."""
    for match in compared.matches:
        frame = asked.read.frames[match.claim]
        if frame.distrust:
            continue
        if match.source is None:
            reason = f"the source gives no such {frame.kind}"
            yield Finding(
                "values", Severity.ABSENT, reason, frame.start, frame.end, match.claim, observed=frame_slots(frame)
            )
            continue
        if not match.mismatches:
            continue
        source = evidence.read.frames[match.source]
        stated = [m for m in match.mismatches if m.expected is not None]
        severity = Severity.CONFLICT if stated else Severity.ABSENT
        words = "; ".join(
            f"{m.slot}: the source says {m.expected}, not {m.observed}"
            if m.expected is not None
            else f"{m.slot} {m.observed}: not in the source"
            for m in match.mismatches
        )
        rule = evidence.rule_for(source)
        expected = {m.slot: m.expected for m in stated if m.expected is not None}
        yield Finding(
            "values",
            severity,
            words,
            frame.start,
            frame.end,
            match.claim,
            expected={**frame_slots(source), **expected} if stated else None,
            observed={**frame_slots(frame), **{m.slot: m.observed for m in match.mismatches}},
            source=(source.start, source.end),
            rule=rule.id if rule else None,
        )
