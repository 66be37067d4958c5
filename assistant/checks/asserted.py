"""Does the source say it, or does it only ask? "We examined whether A lowers B" is no ground for "A lowers B".

Aims, hypotheses and questions of a source prove nothing and deny nothing. What a claim shares with them alone is not found.
"""

from __future__ import annotations

from collections.abc import Iterator

from assistant.checks.finding import Asked, Compared, Finding, Severity
from assistant.evidence import Evidence, is_question
from assistant.vocabulary import Vocabulary
from assistant.wording_lists import COVERED_BY

_OWN = 3  # of ten words of the claim that may stand in nothing but questions: the subject of both


def check_asserted(asked: Asked, evidence: Evidence, compared: Compared, vocabulary: Vocabulary) -> Iterator[Finding]:
    asked_only = [(start, end) for start, end, _ in evidence.sentences if start in evidence.open_sentences]
    if not asked_only or is_question(asked.text):
        return
    said = {stem for start, end, items in evidence.sentences if (start, end) not in asked_only for stem, _ in items}
    said |= {stem for stem, _ in evidence.extra}
    missing = {asked.read.words[n].stem for n in compared.missing}
    words = {w.stem for w in asked.read.words if not w.neutral and not w.part} - missing
    only_asked = {stem for stem in words - said if not COVERED_BY.get(stem, frozenset()) & said}
    named = any(stem in evidence.read.topics and stem.startswith("term:") for stem in only_asked)
    if named or len(only_asked) * 10 > len(words) * _OWN:
        start, end = asked_only[0]
        reason = "the source asks this and does not say it"
        yield Finding("asserted", Severity.ABSENT, reason, 0, len(asked.text), source=(start, end))
