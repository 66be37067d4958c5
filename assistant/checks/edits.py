"""Is the claim its source with a few words changed? Then each changed word is looked at by itself.

A sentence that repeats its source but for one word is where the other checks see least: "had returned" for "had not
returned", "US" for "UK", "must" for "can". Sentences that are worded freely are left to the other checks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from difflib import SequenceMatcher

from assistant.checks.finding import Asked, Compared, Finding, Severity
from assistant.evidence import Evidence, unread_tokens
from assistant.frames import ReadText
from assistant.vocabulary import Mention, Vocabulary
from assistant.wording import CRITICAL_STEMS, OPPOSITE_STEMS, stem_of
from assistant.wording_lists import (
    COVERED_BY,
    FIRM,
    JURISDICTION_WORDS,
    NEGATES_CLAUSE,
    NEGATES_PHRASE,
    NEGATIVE_WORDS,
    NEUTRAL,
    PRESCRIPTIVE,
    STOP,
    WEAK,
)

_SHARE = 0.75  # of the claim's words that stand in the source sentence in the same order
_SHORT = 3  # a longer piece left out is an omission, not a change
_COUNTRIES = {word.casefold(): country for word, country in JURISDICTION_WORDS.items()}
_ADDED = "a denial was added"
_WEIGHTY = "another word of weight"
_LIMITING = frozenset({"only", "unless", "except", "if"})

Token = tuple[str, int, int]


def check_edits(asked: Asked, evidence: Evidence, compared: Compared, vocabulary: Vocabulary) -> Iterator[Finding]:
    """At most one finding, for the first change that turns the meaning in the most similar sentence of the source."""
    swapped = _exchanged(asked, evidence, vocabulary)
    if swapped is not None:
        instead = f"the source has another drug in the place of {swapped.text!r}"
        yield Finding(
            "edits", Severity.CONFLICT, instead, swapped.start, swapped.end, observed={"drug": swapped.term}
        )
        return
    mine = unread_tokens(asked.read)
    if len(mine) < 4:
        return
    nearest = _nearest(mine, evidence)
    if nearest is None:
        return
    theirs, matcher = nearest
    lacking = {asked.read.words[index].start for index in compared.missing}
    for tag, a0, a1, b0, b1 in matcher.get_opcodes():
        if tag == "insert" and b1 - b0 > _SHORT and theirs[b0][0] in {"not", "never"}:
            b1 = b0 + 1  # "corticosteroids are not (ASH 2019, US)": the denial ends what stands before it
        if tag == "equal" or (tag == "insert" and b1 - b0 > _SHORT):
            continue
        reason = _turned(mine[a0:a1], theirs[b0:b1])
        severity = Severity.CONFLICT
        if reason is None and _is_foreign(mine[a0:a1], theirs[b0:b1], lacking):
            reason, severity = "another word", Severity.ABSENT
        if reason == _WEIGHTY and _is_moved(mine[a0:a1], mine, theirs):
            continue
        if reason == _ADDED and _denials([t for t, _, _ in mine]) <= _denials([t for t, _, _ in theirs]):
            continue  # the source has the denial too, in another place
        if reason is not None:
            a0 = min(a0, len(mine) - 1)
            start, end = (
                (mine[a0][1], mine[a1 - 1][2])
                if a1 > a0
                else (mine[max(a0 - 1, 0)][1], mine[min(a0, len(mine) - 1)][2])
            )
            said, source = _words(mine[a0:a1]), _words(theirs[b0:b1])
            yield Finding(
                "edits",
                severity,
                f"{reason}: the source says {source or 'nothing'!r} where the statement says {said or 'nothing'!r}",
                start,
                end,
                expected={"words": source},
                observed={"words": said},
                source=(theirs[b0][1], theirs[b1 - 1][2]) if b1 > b0 else None,
            )
            return


_RELATIONS = frozenset("after before than from to over without despite following".split())


def _exchanged(asked: Asked, evidence: Evidence, vocabulary: Vocabulary) -> Mention | None:
    """A drug behind a word of relation where the source has another drug of the statement: "after A responded to B" for
    "after B responded to A".
    """
    mine, theirs = _related(asked.read), _related(evidence.read)
    named = {mention.term for mention in asked.read.mentions if mention.kind in {"drug", "class"}}
    for relation, drugs in mine.items():
        others = {mention.term for mention in theirs.get(relation, ())}
        for drug in drugs:
            alike = vocabulary.broader(drug.term) | {t for t in others if drug.term in vocabulary.broader(t)}
            if not alike & others and others & named:
                return drug
    return None


def _related(read: ReadText) -> dict[str, list[Mention]]:
    """The drugs that stand directly behind each word of relation, an article between them left out."""
    before: dict[int, str] = {}
    last = ""
    for token, start, _ in read.wording.tokens:
        before[start] = last
        last = last if token in {"a", "an", "the"} else token
    found: dict[str, list[Mention]] = {}
    for mention in read.mentions:
        if mention.kind in {"drug", "class"} and before.get(mention.start) in _RELATIONS:
            found.setdefault(before[mention.start], []).append(mention)
    return found


def _nearest(mine: Sequence[Token], evidence: Evidence) -> tuple[list[Token], SequenceMatcher[str]] | None:
    """The tokens of the source sentence with most words in the same order, if it has ``_SHARE`` of the claim's."""
    words = [stem_of(token) for token, _, _ in mine]
    have = set(words)
    best: tuple[int, list[Token], SequenceMatcher[str]] | None = None
    for start, end, _ in evidence.sentences:
        if start in evidence.open_sentences:
            continue
        theirs = [t for t in evidence.outside if start <= t[1] < end]
        stems = [stem_of(token) for token, _, _ in theirs]
        if len(have & set(stems)) < _SHARE * len(have):
            continue
        matcher = SequenceMatcher(None, words, stems, autojunk=False)
        same = sum(block.size for block in matcher.get_matching_blocks())
        if same >= _SHARE * len(words) and (best is None or same > best[0]):
            best = (same, theirs, matcher)
    return None if best is None else (best[1], best[2])


def _turned(mine: Sequence[Token], theirs: Sequence[Token]) -> str | None:
    """Why the change turns the meaning; None when it does not."""
    ours, others = [t for t, _, _ in mine], [t for t, _, _ in theirs]
    mine_denied, their_denied = _denials(ours, _content(others)), _denials(others, _content(ours))
    if mine_denied % 2 != their_denied % 2 and (
        _content(others) <= _content(ours) or _content(ours) <= _content(others)
    ):
        if others and not ours and _content(others):
            return None  # a whole phrase was left out
        return _ADDED if mine_denied > their_denied else "a denial was dropped"
    countries, known = (
        {_COUNTRIES[t] for t in ours if t in _COUNTRIES},
        {_COUNTRIES[t] for t in others if t in _COUNTRIES},
    )
    if countries and known and countries != known:
        return "another country"
    level, source = _level(ours), _level(others)
    if (level > source > 0 and not _denials(ours)) or (level == 3 and source == 0 and not others):
        return "the strength was raised"
    if set(others) & _LIMITING and not set(ours) & _LIMITING and len(others) <= _SHORT:
        return "a limit was dropped"
    stems, base = {stem_of(t) for t in ours}, {stem_of(t) for t in others}
    if any(OPPOSITE_STEMS.get(stem, frozenset()) & base for stem in stems):
        return "the opposite"
    stems -= {s for s in stems if COVERED_BY.get(s, frozenset()) & base}
    weighty = {s for s in stems - base if s in CRITICAL_STEMS and s not in NEUTRAL}
    replaced = {s for s in base - stems if s not in NEUTRAL and s not in STOP}
    return _WEIGHTY if weighty and replaced and len(others) <= _SHORT else None


def _is_foreign(mine: Sequence[Token], theirs: Sequence[Token], lacking: set[int]) -> bool:
    """Whether a word that the source lacks (``lacking``: their starts) was put in the place of a meaningful one."""
    return any(t[1] in lacking for t in mine) and bool(
        _content([t for t, _, _ in theirs]) - _content([t for t, _, _ in mine])
    )


def _content(words: Sequence[str]) -> set[str]:
    """The stems that mean something by themselves, without the sign a word like "unlikely" carries."""
    small = NEGATES_CLAUSE | NEGATES_PHRASE | STOP | NEUTRAL | FIRM | PRESCRIPTIVE | WEAK
    return {stem_of(word).lstrip("!") for word in words if word not in small}


def _denials(words: Sequence[str], other: Set[str] | None = None) -> int:
    """How many words deny; of those that deny a word by themselves ("unlikely") only where ``other`` has that word."""
    phrase = NEGATES_PHRASE - {"lack", "lacking", "free"}  # "a lack of B12" names the deficiency
    return sum(
        1
        for w in words
        if w in NEGATES_CLAUSE
        or w in phrase
        or w.endswith("n't")
        or (w in NEGATIVE_WORDS and (not other or stem_of(w).lstrip("!") in other))
    )


def _level(words: Sequence[str]) -> int:
    return max(
        (3 if w in FIRM else 2 if w in PRESCRIPTIVE else 1 for w in words if w in FIRM | PRESCRIPTIVE | WEAK), default=0
    )


def _is_moved(words: Sequence[Token], mine: Sequence[Token], theirs: Sequence[Token]) -> bool:
    """Whether the source has these words in another place, and as often as the claim."""
    here, there = _stems(mine).split(), _stems(theirs).split()
    return f" {_stems(words)} " in f" {' '.join(there)} " and all(
        here.count(stem) <= there.count(stem) for stem in _stems(words).split()
    )


def _stems(tokens: Sequence[Token]) -> str:
    return " ".join(stem_of(token) for token, _, _ in tokens)


def _words(tokens: Sequence[Token]) -> str:
    return " ".join(token for token, _, _ in tokens)
