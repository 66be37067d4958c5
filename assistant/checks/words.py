"""Does the source speak of everything the claim speaks of? No population, drug or condition may be added."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.checks.finding import Asked, Compared, Finding, Severity
from assistant.evidence import Evidence
from assistant.vocabulary import Vocabulary
from assistant.wording import Word

# share of the meaningful words that may be the writer's own, by what is at stake
_TOLERATED_WITH_DOSE = 0.08
_TOLERATED = 0.15
_TOLERATED_IN_A_GIVEN_TEXT = 0.25  # free prose against free prose, when every number of the claim was found there
_GIVEN = frozenset({"dose", "amount", "maximum", "rate"})


def check_words(asked: Asked, evidence: Evidence, compared: Compared, vocabulary: Vocabulary) -> Iterator[Finding]:
    words = asked.read.words
    missing = [words[index] for index in compared.missing]
    if not missing:
        return
    critical = [word for word in missing if word.critical]
    given = [frame for frame in asked.read.frames if frame.family in _GIVEN]
    meaningful = sum(1 for word in words if not word.neutral and not word.stem.startswith("term:"))
    anchored = bool(compared.matches) and all(match.agrees for match in compared.matches)
    free = _TOLERATED_IN_A_GIVEN_TEXT if anchored and evidence.id == "source" else _TOLERATED
    share = _TOLERATED_WITH_DOSE if given else free
    nameless = any(frame.family in _GIVEN and not frame.drugs for frame in given)
    replaced = [word for word in missing if _replaces(word, asked, evidence)]
    if not critical and not nameless and not replaced and len(missing) <= share * meaningful:
        return
    shown = critical or missing
    said = ", ".join(dict.fromkeys(asked.text[w.start : w.end] for w in shown[:4]))
    half = len(missing) * 2 <= meaningful
    severity = Severity.ABSENT if critical or given or asked.read.frames or not half else Severity.UNREAD
    reason = f"not in the source: {said}" if severity is Severity.ABSENT else f"the source words it otherwise: {said}"
    yield Finding("words", severity, reason, shown[0].start, shown[0].end, observed={"words": said})


def _replaces(word: Word, asked: Asked, evidence: Evidence) -> bool:
    """Whether it stands between two words that in the source have one other word between them: "watch magnesium for"."""
    stems = [w.stem for w in asked.read.wording.words if not w.stem.startswith("term:")]
    if word.stem not in stems:
        return False
    at = stems.index(word.stem)
    left = {b for a, b in evidence.pairs if at > 0 and a == stems[at - 1]}
    right = {a for a, b in evidence.pairs if at + 1 < len(stems) and b == stems[at + 1]}
    return bool(left & right)
