"""Was every number understood? One that was not is never verified, whatever the source says."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.checks.finding import Asked, Compared, Finding, Severity
from assistant.evidence import Evidence
from assistant.vocabulary import Vocabulary

# a unit of dose with nothing before it that was read as a number: "l mg", "O mg"
_UNIT = re.compile(r"(?<![/\w])(?:mg|mcg|ug|µg|μg|mL|ml|IU|micrograms?|milligrams?)\b(?!\s*/)")
# letters that stand for figures: "l g", "every O hours", "l0 tablets"
_LOOK_ALIKE = re.compile(
    r"(?<![\w.'’-])(?=[\dlIO|]*[lIO|])[\dlIO|]{1,6}\s?(?:g|kg|L|units?|tablets?|capsules?|doses|times|minutes|hours?|days?|weeks?|months?)\b"
)
# a sign behind a number that is none of the usual ones: "0.9 ‰" is no "0.9 %"
_SIGN = re.compile(r"\d\s?([^\w\s.,;:()\[\]{}%/+\u2010-\u2015\u2212*<>=≤≥≈~×·°'\"’”′″&|!?#→•…-])")


def check_understood(asked: Asked, evidence: Evidence, compared: Compared, vocabulary: Vocabulary) -> Iterator[Finding]:
    for index, frame in enumerate(asked.read.frames):
        if frame.distrust:
            reason = f"{frame.text.strip()!r} was not understood: {', '.join(frame.distrust)}"
            yield Finding("understood", Severity.UNREAD, reason, frame.start, frame.end, index)
    for unit in _UNIT.finditer(asked.text):
        if not any(q.start < unit.start() < q.end for q in asked.read.reading.quantities):
            reason = f"a unit without a number that could be read: {unit[0]!r}"
            yield Finding("understood", Severity.UNREAD, reason, unit.start(), unit.end())
    for letters in _LOOK_ALIKE.finditer(asked.text):
        reason = f"{letters[0]!r} may be a number written with letters"
        yield Finding("understood", Severity.UNREAD, reason, letters.start(), letters.end())
    for sign in _SIGN.finditer(asked.text):
        if sign[1] not in evidence.read.text:
            reason = f"the sign {sign[1]!r} behind a number was not understood"
            yield Finding("understood", Severity.UNREAD, reason, sign.start(1), sign.end(1))
