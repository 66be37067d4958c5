"""Does an amount stand beside the name it has in the source? "A 5 mg with B 10 mg" is not "B 5 mg with A 10 mg".

Looks at the one word right before each amount, whatever the vocabulary knows of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.checks.finding import Asked, Compared, Finding, Severity
from assistant.checks.slots import frame_slots
from assistant.evidence import Evidence
from assistant.frames import DOSING_GRAMMAR, Frame, ReadText
from assistant.vocabulary import Vocabulary
from assistant.wording import stem_of
from assistant.wording_lists import NEUTRAL, STOP

_GIVEN = frozenset({"dose", "amount", "maximum", "rate"})
_BEFORE = re.compile(r"([A-Za-z][A-Za-z-]{3,})\s+$")


def check_neighbours(asked: Asked, evidence: Evidence, compared: Compared, vocabulary: Vocabulary) -> Iterator[Finding]:
    for match in compared.matches:
        frame = asked.read.frames[match.claim]
        name = _name(asked.read, frame) if match.agrees and frame.family in _GIVEN else None
        if name is None:
            continue
        names = {j: _name(evidence.read, f) for j, f in enumerate(evidence.read.frames) if f.family in _GIVEN}
        others = [j for j, theirs in names.items() if theirs == name and j not in match.agreeing]
        own = [names.get(j) for j in match.agreeing]
        if others and all(theirs is not None and theirs != name for theirs in own):
            other = evidence.read.frames[others[0]]
            yield Finding(
                "neighbours",
                Severity.CONFLICT,
                f"in the source {name} stands with {other.text.strip()}, not with {frame.text.strip()}",
                frame.start,
                frame.end,
                match.claim,
                expected=frame_slots(other),
                observed=frame_slots(frame),
                source=(other.start, other.end),
            )


def _name(read: ReadText, frame: Frame) -> str | None:
    """The stem of the word right before an amount; None where that is no name."""
    amount = (frame.dosage.dose or frame.dosage.rate) if frame.dosage is not None else frame.quantity
    at = amount.start if amount is not None and frame.start <= amount.start < frame.end else frame.start
    found = _BEFORE.search(read.text, max(0, at - 40), at)
    if found is None:
        return None
    token = found[1].casefold()
    stem = stem_of(token)
    return None if token in STOP or token in NEUTRAL or stem in NEUTRAL or stem in DOSING_GRAMMAR else stem
