"""Was every number understood? One that was not is never verified, whatever the source says."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.checks.finding import Asked, Compared, Finding, Severity
from assistant.evidence import Evidence
from assistant.vocabulary import Vocabulary


def check_understood(asked: Asked, evidence: Evidence, compared: Compared, vocabulary: Vocabulary) -> Iterator[Finding]:
    for index, frame in enumerate(asked.read.frames):
        if frame.distrust:
            reason = f"{frame.text.strip()!r} was not understood: {', '.join(frame.distrust)}"
            yield Finding("understood", Severity.UNREAD, reason, frame.start, frame.end, index)
