"""A long question cut to what it asks: the asking sentences, and of the story only the names that may matter.

A patient's story names many things (other medicines, old operations, normal results) that would drown the one thing
asked. The short form is what is searched and weighed beside the whole text; the facts of the patient are still read
from the whole. Names come from the vocabulary alone, so that a new topic needs no code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.vocabulary import Mention

LONG = 22  # words; a shorter question is its own short form
MOST_NAMES = 8

_SENTENCE = re.compile(r"(?<=[.?!])\s+(?=[A-Z0-9“\"'])|\n+")
_ABBREVIATION = re.compile(r"\b(?:e\.g|i\.e|vs|approx|no|dr|mr|mrs|ms|st|vit|hb|wt)\.$", re.IGNORECASE)
_ASKS = re.compile(
    r"^\W*(?:(?:so|and|but|now|then|please|ok)\W+)*(?:what|how|when|which|who|why|where|is|are|was|does|do|did|should|can|"
    r"could|may|must|would|will|shall|give|advise|suggest|tell|explain|advice|next step|any)\b",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"[,;:]\s+((?:and |so |but )?"
    r"(?:what|how|when|which|should|can|could|is|are|do|does|would|must|may)\b[^,;]*\??)\s*$",
    re.IGNORECASE,
)
_VALUE = re.compile(r"\s*(?:level|of|is|was|=|:)?\s*[<>]?\d[\d.,]*(?:\s?(?:[a-zA-Zµμ]+/[a-zA-Z]+|%))?")
# A medicine that the patient already takes is background; one that is about to be started is what is asked about.
_TAKES = re.compile(
    r"\b(?:on|takes?|taking|taken|receiv(?:es|ing)|uses|using|current medications?|medications?|medication list|meds|"
    r"dh|drug history|established on|includes?)\b\W*(?:(?:long-?term|regular|daily|oral|a|an|the|high-?dose|low-?dose|"
    r"some|her|his|usual|is|are|only|include)\W+)*$",
    re.IGNORECASE,
)
_STARTS = re.compile(
    r"\b(?:start(?:s|ed|ing)?(?:\s+on)?|(?:about|going|due|planned|wants?) to\s+\w+(?:\s+on)?|commenc\w+(?:\s+on)?|"
    r"consider\w*|prescrib\w+|plan\w*|switch\w*\s+to|needs?|for)\W+(?:(?:a|an|the|some|first|oral|intravenous|iv)\W+)*$",
    re.IGNORECASE,
)
_LISTING = re.compile(
    r"^[\s,]*(?:(?:and|plus|with|,|&)\s*)?(?:\d[\w.\s/]{0,14})?(?:(?:od|bd|tds|once|twice|daily)\W*)?"
    r"(?:and\s*|,\s*|plus\s*)?$",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:previous(?:ly)?|history of|past|years? ago|in (?:19|20)\d\d|father|mother)\b[^.;]{0,25}$", re.IGNORECASE
)
_DENIED = re.compile(r"\b(?:no|not|never|without|denies|denied|negative for|nor|normal)\b[^.;,]{0,25}$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Focus:
    """``asked``: the sentences that ask; ``story``: the rest, "" for a short question."""

    asked: str
    story: str

    @property
    def is_vignette(self) -> bool:
        return bool(self.story)


def focus(text: str) -> Focus:
    """Part a question from its story. A text without a story is all question."""
    sentences = list(_sentences(text))
    is_short = len(text.split()) < LONG and len(sentences) < 3
    if is_short and (len(sentences) < 2 or not _ASKS.match(sentences[-1]) or len(sentences[-1].split()) > 9):
        return Focus(text, "")
    asking = [sentence for sentence in sentences if sentence.endswith("?") and _ASKS.match(sentence)]
    asking = asking or [sentence for sentence in sentences if sentence.endswith("?") or _ASKS.match(sentence)]
    if not asking:
        return Focus(text, "")
    asked = " ".join(asking[-2:])
    story = " ".join(sentence for sentence in sentences if sentence not in asking[-2:])
    tail = _TAIL.search(asked)
    if not story and tail and len(asked) - len(tail[1]) > 60:
        return Focus(tail[1], asked[: tail.start()])
    return Focus(asked, story)


def _sentences(text: str) -> Iterator[str]:
    held = ""
    for part in _SENTENCE.split(text.strip()):
        held = f"{held} {part}".strip()
        if not _ABBREVIATION.search(held):
            yield held
            held = ""
    if held:
        yield held


def short_form(
    parted: Focus, mentions: Sequence[Mention], *, subjects: frozenset[str], states: Sequence[str] = ()
) -> str:
    """The asking sentences with the story's names behind them: those in ``subjects`` (terms that guidelines are about)
    first, then other conditions and findings, and the ``states`` of the patient that decide which statement applies.
    ``mentions`` are those of the story."""
    if not parted.is_vignette:
        return parted.asked
    named = list(dict.fromkeys(_names(parted.story, mentions, subjects)))
    first = [text for is_subject, text in named if is_subject]
    ordered = dict.fromkeys([*first, *states, *(text for _, text in named)])
    kept = [text for text in ordered if text.lower() not in parted.asked.lower()][:MOST_NAMES]
    asked = parted.asked.rstrip(" ?.!")
    return f"{asked} ({', '.join(kept)})?" if kept else parted.asked


def _names(story: str, mentions: Sequence[Mention], subjects: frozenset[str]) -> Iterator[tuple[bool, str]]:
    last_taken = -1
    for mention in mentions:
        before = story[max(0, mention.start - 80) : mention.start]
        if mention.kind in {"drug", "class"}:
            follows = last_taken >= 0 and _LISTING.match(story[last_taken : mention.start])
            if follows or (_TAKES.search(before) and not _STARTS.search(before)):
                last_taken = mention.end
                continue
        if mention.ambiguous or mention.kind in {"route", "population"}:
            continue
        if _DENIED.search(before) or _PAST.search(before):
            continue
        yield mention.term in subjects, story[mention.start : mention.end] + _value_behind(story, mention.end)


def _value_behind(story: str, end: int) -> str:
    """A laboratory value right behind a name (" 6.8 mmol/L"), which tells high from low."""
    match = _VALUE.match(story[end : end + 30])
    return match.group().rstrip(" ,.") if match else ""
