"""Does the number belong to what the claim says it belongs to? "OR 6.2 for lymphoma" when 6.2 is for liver metastases."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.checks.finding import Asked, Compared, Finding, Severity
from assistant.checks.slots import frame_slots
from assistant.evidence import Evidence
from assistant.vocabulary import Vocabulary


def check_binding(asked: Asked, evidence: Evidence, compared: Compared, vocabulary: Vocabulary) -> Iterator[Finding]:
    for match in compared.matches:
        if match.rival is None or match.mismatches:
            continue
        frame = asked.read.frames[match.claim]
        rival = evidence.read.frames[match.rival]
        rule = evidence.rule_for(rival)
        yield Finding(
            "binding",
            Severity.CONFLICT,
            f"in the source {frame.text.strip()} belongs to something else; here it says {rival.text.strip()}",
            frame.start,
            frame.end,
            match.claim,
            expected=frame_slots(rival),
            observed=frame_slots(frame),
            source=(rival.start, rival.end),
            rule=rule.id if rule else None,
        )
