"""Does each of several parallel numbers or words keep its own company? 350 is not for women where 350 is for men.

In one sentence of a source a word of a later part is never said of an earlier number, and a word of an earlier part is said
of a later one only where the later part leaves it out ("200 had returned and 144 had not"). So every number of the claim,
and every word that the source both affirms and denies, must stand among words of its own part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.checks.finding import Asked, Compared, Finding, Severity
from assistant.checks.slots import frame_slots
from assistant.evidence import Evidence
from assistant.frames import ReadText, signed
from assistant.regions import Anchor, Span, cut_between, group_of, lead_of, regions, unit_of
from assistant.vocabulary import Vocabulary
from assistant.wording import OPPOSITE_STEMS, Word
from assistant.wording_lists import NEUTRAL


def check_crossing(asked: Asked, evidence: Evidence, compared: Compared, vocabulary: Vocabulary) -> Iterator[Finding]:
    yield from _numbers(asked, evidence, compared, vocabulary)
    yield from _words(asked, evidence)


# --------------------------------------------------------------------------- numbers


def _numbers(asked: Asked, evidence: Evidence, compared: Compared, vocabulary: Vocabulary) -> Iterator[Finding]:
    theirs = evidence.read.anchors
    mine = asked.read.anchors
    for match in compared.matches:
        if not match.agrees or match.source is None:
            continue
        frame = asked.read.frames[match.claim]
        group = group_of(frame)
        chain = theirs.get(group_of(evidence.read.frames[match.source]), {})
        rivals = [j for j in chain if j not in match.agreeing]
        if not rivals:
            continue
        topics = asked.read.topics if group in {"given", "pace"} else frozenset[str]()
        said = _claimed(asked.read, mine.get(group, {}).get(match.claim), match.claim, compared) - topics
        faults: list[int] = []
        for j in match.agreeing:
            near = [r for r in rivals if _compete(evidence, j, r)]
            rival = _crossed(said, chain[j], [chain[r] for r in near], evidence.read) if j in chain else None
            if rival is None:
                break
            faults.append(near[rival])
        else:
            if not faults:
                continue
            other = evidence.read.frames[faults[0]]
            rule = evidence.rule_for(other)
            yield Finding(
                "crossing",
                Severity.CONFLICT,
                f"in the source {frame.text.strip()} belongs to something else; what is said here belongs to {other.text.strip()}",
                frame.start,
                frame.end,
                match.claim,
                expected=frame_slots(other),
                observed=frame_slots(frame),
                source=(other.start, other.end),
                rule=rule.id if rule else None,
            )


def _compete(evidence: Evidence, j: int, r: int) -> bool:
    """Two numbers of one sentence compete; of two sentences only where both are doses of one drug or limits of one test."""
    a, b = evidence.read.frames[j], evidence.read.frames[r]
    if any(s <= a.start < e and s <= b.start < e for s, e, _ in evidence.sentences):
        return True
    if group_of(a) in {"given", "pace"}:
        return bool(a.drugs & b.drugs)
    return False


def _claimed(read: ReadText, anchor: Anchor | None, index: int | None, compared: Compared) -> frozenset[str]:
    """What the claim says of one of its numbers: the stems of its region and of its lead phrase, and the other numbers."""
    if anchor is None or anchor.region is None:
        return frozenset()
    start, end = unit_of(read.text, anchor.start)
    lead = lead_of(read.text, start, end)
    spans = [anchor.region] + ([lead] if lead is not None else [])
    stems = _stems(read, spans)
    numbers = set()
    for match in compared.matches:
        frame = read.frames[match.claim]
        if match.claim != index and any(a <= frame.start < b for a, b in spans) and match.agrees:
            numbers.add("#" + " ".join(map(str, match.agreeing)))
    return stems | numbers


def _stems(read: ReadText, spans: Sequence[Span]) -> frozenset[str]:
    """Stems with their sign ("!" in front where denied), with both signs where the word is the subject of a denial."""
    return frozenset(
        key for start, keys in read.meaning if any(low <= start < high for low, high in spans) for key in keys
    )


def _crossed(said: frozenset[str], own: Anchor, rivals: Sequence[Anchor], read: ReadText) -> int | None:
    """Index of the rival whose words are said of this anchor; None when there is none."""
    if own.region is None:
        return None
    parted = [(n, r) for n, r in enumerate(rivals) if r.region is not None and r.region != own.region]
    if not parted:
        return None
    taken = [span for _, r in parted for span in _spans(r, own)]
    mine = _held(read, [own.region])
    elsewhere = frozenset(
        key for start, keys in read.meaning if not any(low <= start < high for low, high in taken) for key in keys
    )
    distinct = mine - frozenset().union(*(_held(read, [span]) for span in taken))
    tail = distinct & _held(read, [(own.end, own.region[1])])
    uses_own = bool(said & distinct) or any(item.startswith("#") for item in _in(said, read, own.region))
    for n, rival in parted:
        assert rival.region is not None
        spans = _spans(rival, own)
        if rival.start > own.region[1]:
            spans[0] = _narrow(read.text, rival)
        alien = frozenset().union(*(_in(said, read, span) for span in spans)) - mine - elsewhere
        alien = frozenset(a for a in alien if not (a.startswith("#") and _in(frozenset({a}), read, own.region)))
        if not alien or (uses_own and not _is_named(alien, read, spans, mine | elsewhere)):
            continue
        if rival.start > own.start:
            return n
        ahead = _in(said, read, (rival.region[0], rival.start))
        behind = (alien & _in(said, read, (rival.start, rival.region[1]))) - ahead
        if rival.order and own.order > rival.order and not behind:
            continue  # a later step of one instruction takes what stands before the first
        if (distinct and not uses_own) or (tail and behind and not said & tail):
            return n
    return None


def _is_named(alien: frozenset[str], read: ReadText, spans: Sequence[Span], common: frozenset[str]) -> bool:
    """Whether ``alien`` names something that a rival alone has: half of a phrase, its last word left aside.

    "Disease" does not name "interstitial kidney disease" where the claim names what its own number is about.
    """
    if any(item.startswith(("#", "term:")) for item in alien):
        return True
    phrases: list[list[Word]] = []
    for word in read.words:
        if word.stem.startswith("term:") or word.neutral or word.stem in NEUTRAL:
            continue
        if any(low <= word.start < high for low, high in spans):
            if not phrases or read.text[phrases[-1][-1].end : word.start].strip(" -"):
                phrases.append([])
            phrases[-1].append(word)
    for phrase in phrases:
        own = [keys for word in phrase if (keys := signed([word]) - common)]
        own = own[:-1] or own
        if own and sum(1 for keys in own if keys & alien) * 2 >= len(own):
            return True
    return False


def _spans(rival: Anchor, own: Anchor) -> list[Span]:
    """The region of a rival, and its lead phrase where that is not the lead of both."""
    assert rival.region is not None
    shared = rival.lead is None or rival.lead == own.lead
    return [rival.region] if shared or rival.lead is None else [rival.region, rival.lead]


def _narrow(text: str, anchor: Anchor) -> Span:
    """The part of its region that can only be meant for it: what stands before its last separator may go on with the
    sentence before ("; median survival was 1.8 months against 5.1 months with 211 to 911").
    """
    assert anchor.region is not None
    cut = cut_between(text, anchor.region[0], anchor.start)
    return (max(anchor.region[0], cut) if cut is not None else anchor.region[0]), anchor.region[1]


def _held(read: ReadText, spans: Sequence[Span]) -> frozenset[str]:
    return _stems(read, spans)


def _in(said: frozenset[str], read: ReadText, span: Span) -> frozenset[str]:
    """What of ``said`` stands in a span of the source: stems, and numbers by the frames they agree with."""
    stems = said & _stems(read, [span])
    numbers = set()
    for item in said:
        if item.startswith("#") and item[1:].replace(" ", "").isdigit():
            starts = [read.frames[int(j)].start for j in item[1:].split()]
            if starts and all(span[0] <= start < span[1] for start in starts):
                numbers.add(item)
    return stems | numbers


# --------------------------------------------------------------------------- words


def _words(asked: Asked, evidence: Evidence) -> Iterator[Finding]:
    """At most one finding: a word that one sentence of the source both affirms and denies, said of the wrong thing."""
    read = evidence.read
    for word in asked.read.words:
        if word.neutral or word.soft or word.part or word.stem.startswith("term:") or word.stem[0].isdigit():
            continue
        kin = OPPOSITE_STEMS.get(word.stem, frozenset())
        own = [w for w in read.words if w.stem == word.stem and w.negated == word.negated and not w.soft]
        rivals = [
            w
            for w in read.words
            if not w.soft and ((w.stem == word.stem and w.negated != word.negated) or w.stem in kin)
        ]
        rivals = [r for r in rivals if not any(_is_beside(r, w, read.text) for w in own)]
        if any(w.stem in kin and _is_beside(w, word, asked.text) for w in asked.read.words):
            continue
        if not own or not rivals:
            continue
        said = _said_of(word, asked.read, kin)
        if said and all(_is_crossed_word(w, own, rivals, said, evidence) for w in own):
            shown = asked.text[word.start : word.end]
            yield Finding(
                "crossing",
                Severity.CONFLICT,
                f"the source says {shown!r} of something else",
                word.start,
                word.end,
                observed={"word": shown},
                source=(rivals[0].start, rivals[0].end),
            )
            return


def _is_beside(one: Word, other: Word, text: str) -> bool:
    """ "Men and postmenopausal women", "high or low": named together, not apart."""
    between = text[min(one.end, other.end) : max(one.start, other.start)]
    return re.fullmatch(r"\s*(?:,|/|and|or|to)\s+(?:[\w-]+\s+)?", between) is not None


def _said_of(word: Word, read: ReadText, kin: frozenset[str]) -> frozenset[str]:
    chain = [w for w in read.words if w.stem == word.stem or w.stem in kin]
    spans = regions(read.text, [(w.start, w.end) for w in chain])
    region = next((s for w, s in zip(chain, spans, strict=True) if w is word), None)
    if region is None:
        return frozenset()
    lead = lead_of(read.text, *unit_of(read.text, word.start))
    return _stems(read, [region] + ([lead] if lead is not None else [])) | signed([word])


def _is_crossed_word(
    word: Word, own: Sequence[Word], rivals: Sequence[Word], said: frozenset[str], evidence: Evidence
) -> bool:
    sentence = next(((s, e) for s, e, _ in evidence.sentences if s <= word.start < e), None)
    if sentence is None:
        return False
    near = [w for w in rivals if sentence[0] <= w.start < sentence[1]]
    chain = sorted({w.start: w for w in [*near, *own] if sentence[0] <= w.start < sentence[1]}.values(), key=_start)
    spans = regions(evidence.read.text, [(w.start, w.end) for w in chain])
    anchors = {w.start: Anchor(w.start, w.end, s) for w, s in zip(chain, spans, strict=True)}
    return _crossed(said, anchors[word.start], [anchors[w.start] for w in near], evidence.read) is not None


def _start(word: Word) -> int:
    return word.start
