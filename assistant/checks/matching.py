"""For every number of a claim: the frame of the source that is nearest to it, and whether the words around both agree.

Owns the pairing; what a difference means is said by ``values``, ``binding`` and ``steps``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.checks.finding import Asked, Compared, Match, Mismatch
from assistant.checks.slots import differences
from assistant.evidence import Evidence
from assistant.frames import Frame
from assistant.records import QuantityKind
from assistant.vocabulary import Vocabulary
from assistant.wording import Word, stem_of
from assistant.wording_lists import COVERED_BY

_PHASES = {stem_of("maintenance"): "maintenance", stem_of("loading"): "loading"}
# the country of a passage may be named though its text does not; a publisher may not
_COUNTRIES = {
    "UK": "uk", "Britain": "uk", "British": "uk", "US": "us", "USA": "us", "American": "us", "EU": "eu", "European": "eu",
}  # fmt: skip
_GIVEN = frozenset({"dose", "amount", "maximum", "rate"})


def compare(asked: Asked, evidence: Evidence, vocabulary: Vocabulary) -> Compared:
    matches = tuple(_match(index, frame, evidence, vocabulary) for index, frame in enumerate(asked.read.frames))
    return Compared(matches, missing_words(asked, evidence, vocabulary, _phases(matches, evidence)))


def _phases(matches: tuple[Match, ...], evidence: Evidence) -> frozenset[str]:
    """The phases of the source steps that the claim's doses agree with: a claim may name a phase the source implies."""
    found = [evidence.read.frames[m.source].dosage for m in matches if m.agrees and m.source is not None]
    return frozenset(dosage.phase or "" for dosage in found if dosage is not None)


def _match(index: int, frame: Frame, evidence: Evidence, vocabulary: Vocabulary) -> Match:
    """The nearest frame: fewest slots apart, then most words in common, then first in the source."""
    pairs: list[tuple[tuple[int, int, int, int], Match]] = []
    agreeing: set[int] = set()
    analytes = tuple(sorted(frame.analytes | frame.drugs))
    for j, source in enumerate(evidence.read.frames):
        if source.distrust:
            continue
        found = differences(frame, source, analytes)
        if found is None:
            continue
        mismatches, note = found
        mismatches += _drug_difference(frame, source, evidence, vocabulary)
        shared = len(frame.local & source.local)
        if not mismatches:
            agreeing.add(j)
        other_drug = int(any(m.slot == "drug" for m in mismatches))
        match = Match(index, j, mismatches, note, shared=shared)
        pairs.append(((other_drug, len(mismatches), -shared, j), match))
    if not pairs:
        return Match(index, None)
    pairs.sort(key=lambda pair: pair[0])
    best = pairs[0][1]
    if best.mismatches:
        return best
    for _, match in pairs:
        if match.mismatches:
            break
        assert match.source is not None
        rival = _rival(frame, match.source, agreeing, evidence)
        if rival is None:
            return replace(match, agreeing=tuple(sorted(agreeing)))
        best = Match(index, match.source, (), match.note, rival, match.shared)
    return best


def _drug_difference(frame: Frame, source: Frame, evidence: Evidence, vocabulary: Vocabulary) -> tuple[Mismatch, ...]:
    """The drug of an amount must be the source's; a broader name counts where the source uses that name too."""
    if frame.family not in _GIVEN or not frame.drugs:
        return ()
    here = evidence.read.wording.terms
    if source.drugs:
        if frame.drugs & source.drugs and (len(frame.drugs) == 1 or frame.drugs <= source.drugs or _is_one(frame)):
            return ()
        broader = {term for drug in source.drugs for term in vocabulary.broader(drug)}
        if frame.drugs & broader & here and len(frame.drugs) == 1:
            return ()
        return (Mismatch("drug", ", ".join(sorted(source.drugs)), ", ".join(sorted(frame.drugs))),)
    if all(vocabulary.terms[drug].kind == "class" for drug in frame.drugs if drug in vocabulary.terms):
        return ()  # a class is named in many ways; its words are looked for among the others
    return () if frame.drugs & here else (Mismatch("drug", None, ", ".join(sorted(frame.drugs))),)


def _is_one(frame: Frame) -> bool:
    """Whether its drugs are two readings of one name rather than a list."""
    return not re.search(r",|/|\+|\b(?:and|plus)\b", frame.text[: max(frame.text.find(c) for c in "0123456789")])


def _rival(frame: Frame, j: int, agreeing: set[int], evidence: Evidence) -> int | None:
    """Another frame of the source to which the claim's words belong, while this number belongs to other words.

    Only words that tell the frames of the source apart count: what two of them share says nothing about either.
    """
    frames = evidence.read.frames
    source = frames[j]
    rivals = [k for k, other in enumerate(frames) if k not in agreeing and other.family == source.family]
    turned = {(stem, not negated) for stem, negated in source.local - frame.local} & frame.local - source.local
    for k in rivals:
        if turned & frames[k].local:  # "with metastases" where this number is for those without
            return k
    own = source.local - frozenset().union(*(frames[k].local for k in rivals))
    if not rivals or not own or frame.local & own:
        return None
    topics = {(stem, sign) for stem in evidence.read.topics for sign in (False, True)}  # of one drug, its name says nothing
    foreign = {
        k: (frame.local & (frames[k].local - source.local)) - (topics if frames[k].drugs == source.drugs else set())
        for k in rivals
    }
    best = max(rivals, key=lambda k: (len(foreign[k]), -k))
    return best if foreign[best] else None


def missing_words(
    asked: Asked, evidence: Evidence, vocabulary: Vocabulary, phases: frozenset[str] = frozenset()
) -> tuple[int, ...]:
    """Indexes of the claim's words that stand nowhere in the evidence, its headings or its population."""
    here = evidence.stems
    broader = {f"term:{b}" for term in evidence.read.wording.terms for b in vocabulary.broader(term)}
    words = asked.read.words
    covered_spans: list[tuple[int, int]] = []
    for word in words:
        if word.stem.startswith("term:") and (word.stem in here or word.stem in broader):
            covered_spans.append((word.start, word.end))
    missing: list[int] = []
    outside, paces = {w.stem for w in evidence.read.words}, _paces(evidence.read.frames)
    for index, word in enumerate(words):
        if word.stem in _PACES and word.stem not in outside and _PACES[word.stem] not in paces:
            missing.append(index)  # "weekly" is not said by "three times weekly"
            continue
        if word.neutral or word.stem in here or COVERED_BY.get(word.stem, frozenset()) & here:
            continue
        if {_PHASES.get(word.stem)} == phases:
            continue
        if _COUNTRIES.get(asked.text[word.start : word.end]) == evidence.jurisdiction is not None:
            continue
        if word.stem.startswith("term:"):
            if word.stem in broader or _spelled_out(word, words, here, vocabulary):
                continue
        elif any(start <= word.start and word.end <= end for start, end in covered_spans):
            continue
        missing.append(index)
    return tuple(missing)


_PACES = {stem_of("daily"): "d", stem_of("weekly"): "wk", stem_of("monthly"): "mo", stem_of("yearly"): "a"}


def _paces(frames: Sequence[Frame]) -> frozenset[str]:
    """The units of time of which the frames name one as a pace: once a week, 1 mg a week."""
    found: set[str] = set()
    for frame in frames:
        if frame.dosage is not None:
            timing = frame.dosage.timing
            if timing.period_unit and timing.period == 1 and (timing.frequency or 1) == 1:
                found.add(timing.period_unit)
            found |= {m.period_unit for m in frame.dosage.maxima if m.period_unit}
        for amount in (frame.quantity, frame.dosage.dose if frame.dosage is not None else None):
            if amount is None:
                continue
            unit = (amount.unit or "").rpartition("/")[2]
            if unit in _PACES.values() and (amount.unit != f"/{unit}" or amount.value == 1):
                found.add(unit)
            elif amount.kind is QuantityKind.INTERVAL and amount.value == 1 and amount.unit in _PACES.values():
                found.add(str(amount.unit))
    return frozenset(found)


def _spelled_out(word: Word, words: tuple[Word, ...], here: frozenset[str], vocabulary: Vocabulary) -> bool:
    """A term that the source names by the same words but not as one term; never a drug, whose name is one word."""
    term = vocabulary.terms.get(word.stem[5:])
    if term is None or term.kind == "drug":
        return False
    parts = [w for w in words if w.part and word.start <= w.start and w.end <= word.end]
    return bool(parts) and all(part.stem in here for part in parts)
