"""What a claim may be checked against: passages, their plain variants, or a given text, read once and kept.

Owns reading the corpus' side of every comparison and finding the passages that may speak about a sentence. A passage is
read when it is first needed and then kept, so that opening a large corpus costs nothing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from assistant.claims import read_claims, split_sentences
from assistant.covering import Covers, covering_rule, read_covers
from assistant.frames import Frame, Item, ReadText, read_text
from assistant.normalise import normalise
from assistant.records import Corpus, Passage, Quote, Rule
from assistant.regions import units
from assistant.restating import Key, keys_of, squeeze
from assistant.rewriting import Places, rewrite
from assistant.vocabulary import Vocabulary
from assistant.wording import Word, read_wording, stem_of
from assistant.wording_lists import NEUTRAL, STOP

_WORD = re.compile(r"[^\W_]+")
_MOST_CHUNK = 1500  # characters of a given text that are compared as one piece


@dataclass(frozen=True)
class Evidence:
    """One piece of source, read. ``quote_text`` is what quotes point into; ``offset`` where the piece stands in it.

    ``read.text`` is the piece rewritten (see ``rewriting``), ``original`` as it was written, and ``origin`` where each
    character of the one stands in the other. ``offset`` is None for a plain-language variant: its quotes show the whole
    passage. ``extra`` are the words of its headings and population. ``rules`` are those bound to this passage.
    """

    id: str
    quote_text: str
    read: ReadText
    offset: int | None = 0
    extra: frozenset[Item] = frozenset()
    jurisdiction: str | None = None
    population: str | None = None
    rules: tuple[Rule, ...] = ()
    covers: tuple[Covers, ...] = ()
    original: str = ""
    origin: Places | None = None

    def written(self, start: int, end: int) -> tuple[int, int]:
        """Where ``start``..``end`` of ``read.text`` stands in the original."""
        if self.origin is None:
            return start, end
        if start >= end or end > len(self.origin):
            return (self.origin[start] if start < len(self.origin) else len(self.original),) * 2
        return self.origin[start], self.origin[end - 1] + 1

    @cached_property
    def signed(self) -> frozenset[Item]:
        """Every word with its polarity, those of headings and population included."""
        return frozenset(item for w in self.read.wording.words for item in w.items) | self.extra

    @cached_property
    def stems(self) -> frozenset[str]:
        return frozenset(stem for stem, _ in self.signed)

    @cached_property
    def sentences(self) -> tuple[tuple[int, int, frozenset[Item]], ...]:
        """(start, end, words) of each sentence of the text."""
        words = self.read.wording.words
        return tuple(
            (start, end, frozenset(item for w in words if start <= w.start < end for item in w.items))
            for start, end in split_sentences(self.read.text)
        )

    @cached_property
    def clause_items(self) -> tuple[frozenset[Item], ...]:
        """The words of each clause with their sign, in the order of ``read.wording.clauses``."""
        words = self.read.wording.words
        count = len(self.read.wording.clauses)
        return tuple(frozenset(item for w in words if w.clause == n for item in w.items) for n in range(count))

    @cached_property
    def outside(self) -> tuple[tuple[str, int, int], ...]:
        """Every word that no frame has read: (lower case, start, end)."""
        return unread_tokens(self.read)

    @cached_property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """Every two meaningful words that stand next to each other."""
        return neighbours(self.read.wording.words)

    @cached_property
    def open_sentences(self) -> frozenset[int]:
        """Starts of the sentences that only ask: questions, aims, hypotheses."""
        return frozenset(start for start, end, _ in self.sentences if is_question(self.read.text[start:end]))

    @cached_property
    def parts(self) -> tuple[tuple[int, int, frozenset[str]], ...]:
        """(start, end, stems) of each sentence, cut at semicolons too."""
        words = self.read.wording.words
        return tuple((a, b, frozenset(w.stem for w in words if a <= w.start < b)) for a, b in units(self.read.text))

    @cached_property
    def circumstances(self) -> Mapping[str, frozenset[bool]]:
        """Each word of a circumstance of a forbidding sentence, and whether it is denied there (both where it is both)."""
        found: dict[str, set[bool]] = defaultdict(set)
        places = self.read.circumstances
        for word in self.read.wording.words:
            if word.start in places:
                found[word.stem].add(places[word.start])
        return {stem: frozenset(signs) for stem, signs in found.items()}

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Each sentence with spaces and dashes folded, and its number: a claim found here repeats it word for word."""
        spans = [self.written(start, end) for start, end, _ in self.sentences]
        return {squeeze(self.original[start:end]): n for n, (start, end) in enumerate(spans)}

    @cached_property
    def keys(self) -> Mapping[str, tuple[int, Key]]:
        """The number of the sentence that each key restates, the first where two say the same."""
        found: dict[str, tuple[int, Key]] = {}
        for n, (start, end, _) in enumerate(self.sentences):
            for key in keys_of(self.read.text, start, end):
                if len(key.spans) > 2:
                    found.setdefault(key.words, (n, key))
        return found

    def quote(self, start: int, end: int) -> Quote:
        """The whole sentence (or sentences) around ``start``..``end`` of ``read.text``."""
        if self.offset is None:
            return Quote(self.id, 0, len(self.quote_text), self.quote_text)
        low = min((s for s, e, _ in self.sentences if s <= start < e or s >= start), default=0)
        low = max((s for s, _, _ in self.sentences if s <= start), default=low)
        high = min((e for _, e, _ in self.sentences if e >= end), default=len(self.read.text))
        low, high = (place + self.offset for place in self.written(low, high))
        return Quote(self.id, low, high, self.quote_text[low:high])

    def rule_for(self, frame: Frame) -> Rule | None:
        """The rule that covers this frame of ``read``; None when there is none."""
        start, end = self.written(frame.start, frame.end)
        return covering_rule(replace(frame, start=start, end=end), self.covers, offset=self.offset)

    def verbatim_rule(self, index: int, start: int, end: int) -> Rule | None:
        """The rule of the ``index``-th frame between ``start`` and ``end`` of ``read.text``, where a sentence stands."""
        inside = [frame for frame in self.read.frames if start <= frame.start < end]
        return self.rule_for(inside[index])

    def quoted_rule(self, start: int, end: int) -> Rule | None:
        """The first rule whose whole quote stands between ``start`` and ``end`` of ``read.text``, for a claim of words."""
        if self.offset is None:
            return None
        low, high = (place + self.offset for place in self.written(start, end))
        return next((cover.rule for cover in self.covers if low <= cover.start and cover.end <= high), None)


_ASK = r"(?:examin|explor|determin|evaluat|assess|investigat|test|clarif|stud)"
_QUESTION = re.compile(
    r"\?[\s\"”’)]*$"
    r"|\b(?:aims?|purpose|objectives?|question)\s+(?:of\s+(?:this|the|our)\b[^.;]{0,60}\b(?:to|is|was|whether)|was|were)\b"
    r"|\bwe\s+(?:aimed|sought|hypothesi[sz]ed|attempted|tried)\b|\bhypothesi[sz]ed\b"
    rf"|\b(?:{_ASK}\w*ed|studied|to\s+{_ASK}\w*)\s+(?:if|whether)\b"
    rf"|^\W*to\s+(?:{_ASK}\w*|compare|identify|demonstrate|establish)\b[^,]*$",
    re.IGNORECASE,
)


def is_question(sentence: str) -> bool:
    """Whether a sentence of a source only asks: a question, an aim, a hypothesis. An instruction to assess is none."""
    return _QUESTION.search(sentence) is not None


def unread_tokens(read: ReadText) -> tuple[tuple[str, int, int], ...]:
    """Words outside the frames, and those inside a dosage that are not its grammar."""
    kept = {word.start for word in read.words}
    return tuple(
        t for t in read.wording.tokens if t[1] in kept or not any(a <= t[1] and t[2] <= b for a, b in read.taken)
    )


def neighbours(words: Sequence[Word]) -> frozenset[tuple[str, str]]:
    """Pairs of stems that follow each other, the words inside a term counted and the term itself not."""
    stems = [w.stem for w in words if not w.stem.startswith("term:")]
    return frozenset(zip(stems, stems[1:], strict=False))


class EvidenceBase:
    """The corpus as evidence, read lazily; finds the passages that may speak about a sentence by their rare words."""

    def __init__(self, corpus: Corpus, vocabulary: Vocabulary) -> None:
        self.corpus = corpus
        self.vocabulary = vocabulary
        self._read: dict[str, tuple[Evidence, ...]] = {}
        self._rules: dict[str, list[Rule]] = defaultdict(list)
        for rule in corpus.rules.values():
            self._rules[rule.passage].append(rule)

    def of_passage(self, passage_id: str) -> tuple[Evidence, ...]:
        """The passage and, behind it, its plain-language variant; empty for an id that is not in the corpus."""
        if passage_id not in self._read:
            passage = self.corpus.passages.get(passage_id)
            self._read[passage_id] = () if passage is None else tuple(self._of(passage))
        return self._read[passage_id]

    def _of(self, passage: Passage) -> Iterable[Evidence]:
        around = rewrite(" . ".join((*passage.headings, passage.population or ""))).text
        wording = read_wording(around, self.vocabulary)
        rules = tuple(self._rules.get(passage.id, ()))
        extra = {(w.stem, w.negated) for w in wording.words}
        guideline = self.corpus.guidelines.get(passage.guideline)
        jurisdiction = passage.jurisdiction or (guideline.jurisdiction if guideline else None)
        covers = read_covers(rules, passage.text, self.vocabulary)
        lead = rewrite(" ".join(passage.headings)).text
        text = rewrite(passage.text)
        main = Evidence(
            passage.id,
            passage.text,
            read_text(text.text, self.vocabulary, lead=lead),
            0,
            frozenset(extra),
            jurisdiction,
            passage.population,
            rules,
            covers,
            passage.text,
            text.places,
        )
        yield main
        if passage.plain:
            plain = rewrite(passage.plain)
            read = read_text(plain.text, self.vocabulary, lead=lead)
            yield replace(main, read=read, offset=None, original=passage.plain, origin=plain.places)

    @cached_property
    def _index(self) -> dict[str, list[str]]:
        index: dict[str, list[str]] = defaultdict(list)
        for passage in self.corpus.passages.values():
            around = " ".join((passage.text, *passage.headings[-1:], passage.plain or "", passage.population or ""))
            for stem in sorted(self._keys(around)):
                index[stem].append(passage.id)
        return index

    def _keys(self, text: str) -> set[str]:
        copy = normalise(rewrite(text).text).text
        keys = {stem_of(m[0].casefold()).lstrip("!") for m in _WORD.finditer(copy) if m[0].casefold() not in STOP}
        keys |= {f"term:{mention.term}" for mention in self.vocabulary.find(copy)}
        return keys - NEUTRAL - {""}

    def about(self, text: str, *, limit: int = 8) -> tuple[str, ...]:
        """Ids of the passages that share most rare words with ``text``, best first; ties by id."""
        total = max(len(self.corpus.passages), 1)
        scores: dict[str, float] = defaultdict(float)
        for key in sorted(self._keys(text)):
            holders = self._index.get(key, ())
            if holders:
                weight = round(1 + (total / len(holders)) ** 0.5, 6)
                for passage_id in holders:
                    scores[passage_id] += weight
        return tuple(sorted(scores, key=lambda passage_id: (-scores[passage_id], passage_id))[:limit])


def read_source(text: str, vocabulary: Vocabulary) -> tuple[Evidence, ...]:
    """A given text as evidence: its blocks joined to pieces of at most ``_MOST_CHUNK`` characters, in order."""
    sentences = [s for s in read_claims(text) if not s.is_context]
    chunks: list[list[tuple[int, int]]] = []
    for sentence in sentences:
        if chunks and sentence.end - chunks[-1][0][0] <= _MOST_CHUNK:
            chunks[-1].append((sentence.start, sentence.end))
        else:
            chunks.append([(sentence.start, sentence.end)])
    clean = _clean_source(text, sentences)
    found: list[Evidence] = []
    for chunk in chunks:
        start, end = chunk[0][0], chunk[-1][1]
        piece = rewrite(clean[start:end])
        read = read_text(piece.text, vocabulary)
        found.append(Evidence("source", text, read, start, original=clean[start:end], origin=piece.places))
    return tuple(found)


def _clean_source(text: str, sentences: Sequence[object]) -> str:
    """The text with markup and citation marks blanked, of the same length."""
    parts = list(text)
    for sentence in sentences:
        start = sentence.start  # type: ignore[attr-defined]
        clean = sentence.clean  # type: ignore[attr-defined]
        parts[start : start + len(clean)] = clean
    return "".join(parts)
