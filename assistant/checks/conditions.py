"""Does the claim keep what limits a dose? "Only if the eGFR is above 30", "without neurological involvement", "unless pregnant".

A dose without its condition is another dose: the claim, or the heading it stands under, must name at least one thing of each
condition. A passage that gives two doses of one drug is no ground for either without saying which.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set

from assistant.checks.finding import Asked, Compared, Finding, Match, Severity
from assistant.evidence import Evidence
from assistant.frames import ReadText
from assistant.regions import Anchor, Span, exceptions_of, group_of, limits_of
from assistant.vocabulary import Vocabulary
from assistant.wording_lists import NEUTRAL

_LIMITED = frozenset({"dose", "amount", "maximum", "rate"})


def check_conditions(asked: Asked, evidence: Evidence, compared: Compared, vocabulary: Vocabulary) -> Iterator[Finding]:
    said = {w.stem for w in asked.read.wording.words} | asked.context | {stem for stem, _ in asked.lead}
    anchors, topics = evidence.read.anchors, evidence.read.topics
    for match in compared.matches:
        frame = asked.read.frames[match.claim]
        if frame.family not in _LIMITED or not match.agrees:
            continue
        named = said - asked.read.topics
        dropped = [_dropped(j, evidence, anchors, named, compared, topics, asked.context) for j in match.agreeing]
        if dropped and all(span is not None for span in dropped) and dropped[0] is not None:
            start, end = dropped[0]
            yield Finding(
                "conditions",
                Severity.ABSENT,
                f"the source limits this: {evidence.read.text[start:end].strip(' ,:')!r}",
                frame.start,
                frame.end,
                match.claim,
                source=(start, end),
            )
    yield from _widened(asked, evidence, compared)
    yield from _exceptions(asked, evidence, said)
    added = _ONLY.search(asked.text)
    if added is not None and not _LIMITS.search(evidence.read.text) and not _in_headings(asked, added.end(), evidence):
        reason = f"the source does not limit this: {added[0]!r}"
        yield Finding("conditions", Severity.ABSENT, reason, added.start(), added.end())


def _in_headings(asked: Asked, at: int, evidence: Evidence) -> bool:
    """Whether the headings or the population of the source name what an added limit names."""
    end = next((m.start() for m in re.finditer(r"[,;:.]", asked.text) if m.start() >= at), len(asked.text))
    return any(w.items[0] in evidence.extra for w in asked.read.wording.words if at <= w.start < end and not w.neutral)


_ONLY = re.compile(r"\bonly\s+(?:if|when|in|for|with|after|where|during)\b|\bunless\b|\bexcept\b", re.IGNORECASE)
_LIMITS = re.compile(
    r"\b(?:only|unless|except|provided|other\s+than|as\s+long\s+as|reserve[sd]?|restrict\w*|limited?|alone|without|sole\w*|exclu\w*|not|no|never)\b",
    re.IGNORECASE,
)


_GROUP_BOUND = re.compile(
    r"\b(?P<group>child(?:ren)?|adults?|infants?|adolescents?|boys|girls|women|men|people|patients|persons?)\s+"
    r"(?:(?:who (?:are|is)|aged|of|from|over|above|under|below|at least|older than|younger than)\s+)*$",
    re.IGNORECASE,
)
_BOUND_FAMILIES = frozenset({"age", "gestation"})


def _widened(asked: Asked, evidence: Evidence, compared: Compared) -> Iterator[Finding]:
    """A group named without the age that bounds it in the source: "every child" for "children over 12 years".

    Only where the same group is named in the claim: "adults" of "adults and children over 12 years" are all adults.
    """
    doses = [m for m in compared.matches if m.agrees and asked.read.frames[m.claim].family in _LIMITED]
    own = {f.family for f in asked.read.frames}
    for match in doses:
        for j in match.agreeing:
            dose = evidence.read.frames[j]
            band = _band(j, evidence) if len(match.agreeing) == 1 else None
            if band is not None and evidence.read.frames[band].family not in own:
                age, said_dose = evidence.read.frames[band], asked.read.frames[match.claim]
                reason = f"the source gives this dose by age: {age.text.strip()!r}"
                span = (age.start, age.end)
                yield Finding(
                    "conditions", Severity.ABSENT, reason, said_dose.start, said_dose.end, match.claim, source=span
                )
                return
            start, end = next(((s, e) for s, e, _ in evidence.sentences if s <= dose.start < e), (0, 0))
            for frame in evidence.read.frames:
                if frame.family not in _BOUND_FAMILIES - own or not start <= frame.start < end:
                    continue
                group = _GROUP_BOUND.search(evidence.read.text, max(start, frame.start - 30), frame.start)
                stem = group["group"].casefold().removesuffix("ren").rstrip("s") if group else ""
                said = re.search(rf"\b{stem}(?:ren|s)?\b", asked.text, re.IGNORECASE) if stem else None
                if group and said:
                    reason = f"the source says it of {evidence.read.text[group.start() : frame.end].strip()!r}"
                    yield Finding(
                        "conditions",
                        Severity.ABSENT,
                        reason,
                        said.start(),
                        said.end(),
                        source=(group.start(), frame.end),
                    )
                    return


def _band(j: int, evidence: Evidence) -> int | None:
    """The age that belongs to one dose of a list of doses by age: "300 micrograms at 6-12 years, 500 over 12 years"."""
    frames = evidence.read.frames
    anchors = evidence.read.anchors.get(group_of(frames[j]), {})
    anchor = anchors.get(j)
    if anchor is None or anchor.region is None or len(anchors) < 2:
        return None
    low, high = anchor.region
    return next((n for n, f in enumerate(frames) if f.family in _BOUND_FAMILIES and low <= f.start < high), None)


def _dropped(
    j: int,
    evidence: Evidence,
    anchors: Mapping[str, Mapping[int, Anchor]],
    said: Set[str],
    compared: Compared,
    topics: Set[str],
    above: Set[str],
) -> Span | None:
    """The first condition of a source frame of which the claim says nothing."""
    read = evidence.read
    frame = read.frames[j]
    anchor = anchors.get(group_of(frame), {}).get(j)
    for span in limits_of(read.text, frame, anchor.region if anchor is not None else None):
        if not _is_named(span, read, said, compared.matches, topics, above):
            return span
    return None


def _is_named(
    span: Span, read: ReadText, said: Set[str], matches: tuple[Match, ...], topics: Set[str], above: Set[str]
) -> bool:
    """Whether the claim names a number of the condition, or a word where it has no number; true where it has neither.

    ``above`` are the words of the headings and sentences before the claim.
    """
    inside = {
        w.stem for w in read.wording.words if span[0] <= w.start < span[1] and not w.neutral and w.stem not in NEUTRAL
    }
    inside -= topics
    numbers = {j for j, frame in enumerate(read.frames) if span[0] <= frame.start < span[1]}
    if not inside and not numbers:
        return True
    if numbers:  # "when the eGFR is known" is not "when the eGFR is above 30"
        digits = {w.stem for w in read.wording.words if span[0] <= w.start < span[1] and w.stem[0].isdigit()}
        return any(m.agrees and numbers & set(m.agreeing) for m in matches) or bool(digits and digits <= above)
    return bool(inside & said)


def _exceptions(asked: Asked, evidence: Evidence, said: Set[str]) -> Iterator[Finding]:
    """An exception of the nearest sentence: "everyone with gout except those with asthma"."""
    words = {w.stem for w in asked.read.words if not w.neutral}
    if not words:
        return
    near = [(len(words & {s for s, _ in items}), -start, end) for start, end, items in evidence.sentences]
    shared, start, end = max(near, default=(0, 0, 0))
    if shared * 10 < len(words) * 7:
        return
    for span in exceptions_of(evidence.read.text, -start, end):
        text = evidence.read.text
        clause = max(text.rfind(",", -start, span[0]), text.rfind(";", -start, span[0]), -start)
        before = {w.stem for w in evidence.read.words if clause <= w.start < span[0]} & words
        if len(before) * 2 >= len(words) and not _is_named(span, evidence.read, said, (), frozenset(), asked.context):
            yield Finding(
                "conditions",
                Severity.ABSENT,
                f"the source makes an exception: {evidence.read.text[span[0] : span[1]].strip()!r}",
                0,
                len(asked.text),
                source=span,
            )
            return
