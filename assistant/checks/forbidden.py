"""Does a rule forbid the statement? Statements that must not be made, contraindications and never-events."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.checks.finding import Asked, Finding, Severity
from assistant.records import Corpus, Quote, Rule, Span
from assistant.rules import Pattern
from assistant.wording import Word, stem_of

BLOCKING = frozenset({"must_not_state", "contraindication", "never_event"})


@dataclass(frozen=True, slots=True)
class Ban:
    """A blocking rule, its patterns compiled. ``first`` is the group that is tried before the others."""

    rule: Rule
    pattern: Pattern
    unless: Pattern | None


def read_bans(corpus: Corpus) -> tuple[Ban, ...]:
    bans = []
    for rule in corpus.rules.values():
        if rule.kind in BLOCKING and rule.slots.get("pattern"):
            unless = Pattern.read(rule.slots["unless"]) if rule.slots.get("unless") else None
            bans.append(Ban(rule, Pattern.read(rule.slots["pattern"]), unless))
    return tuple(bans)


class Bans:
    """The bans of a corpus, found by the beginning of a word without which each cannot be broken, so that few are tried."""

    def __init__(self, bans: Sequence[Ban]) -> None:
        self._bans = tuple((ban, tuple(map(_Group.read, ban.rule.slots["pattern"].split("&")))) for ban in bans)
        self._by_beginning: dict[str, list[int]] = {}
        self._always: list[int] = []
        for n, (_, groups) in enumerate(self._bans):
            fewest = min((g.keys for g in groups if g.keys is not None), key=len, default=None)
            if fewest is None:
                self._always.append(n)
            for key in fewest or ():
                self._by_beginning.setdefault(key, []).append(n)

    def near(self, asked: Asked) -> tuple[Ban, ...]:
        """Every ban that the sentence may break, and few others, in the order of the corpus."""
        folded = asked.text.casefold()
        if asked.written != asked.text:
            folded += " " + asked.written.casefold()
        words = frozenset(_FIRST.findall(folded))
        near = set(self._always)
        for key in {word[:_KEY] for word in words}:
            near.update(self._by_beginning.get(key, ()))
        tried = (self._bans[n] for n in sorted(near))
        return tuple(ban for ban, groups in tried if all(group.may_stand(words, folded) for group in groups))


_KEY = 4  # characters of a word's beginning that bans are looked up by


@dataclass(frozen=True, slots=True)
class _Group:
    """The first words of the alternatives of one group; ``beginnings`` are those that may end otherwise."""

    words: frozenset[str]
    beginnings: tuple[str, ...]

    @property
    def keys(self) -> frozenset[str] | None:
        """How a word that may stand for the group begins; None where a beginning is too short to say."""
        if any(len(beginning) < _KEY for beginning in self.beginnings):
            return None
        return frozenset(word[:_KEY] for word in (*self.words, *self.beginnings))

    @classmethod
    def read(cls, group: str) -> _Group:
        words: set[str] = set()
        beginnings: list[str] = []
        for alternative in (part.strip().casefold() for part in group.split("|")):
            first = _FIRST.match(alternative)
            if first is None or alternative[first.end() :].startswith("*"):
                beginnings.append(first[0] if first is not None else "")
            else:
                words.add(first[0])
        return cls(frozenset(words), tuple(beginnings))

    def may_stand(self, words: frozenset[str], folded: str) -> bool:
        return not words.isdisjoint(self.words) or any(beginning in folded for beginning in self.beginnings)


_FIRST = re.compile(r"\w+")


def check_forbidden(asked: Asked, bans: Sequence[Ban]) -> Iterator[Finding]:
    """One finding per rule whose words are all in the sentence and none of them negated.

    The sentence is searched as it was written and as it was rewritten: a rule is worded in either way.
    """
    for ban in bans:
        span = _broken(ban, asked)
        if span is None:
            continue
        start, end = span
        yield Finding(
            "forbidden",
            Severity.CONFLICT,
            f"a rule forbids this statement; the source says: {ban.rule.slots.get('instead', ban.rule.quote)}",
            start,
            end,
            expected={"instead": ban.rule.slots.get("instead", ban.rule.quote)},
            observed={"statement": re.sub(r"\s+", " ", asked.text[start:end]).strip()},
            rule=ban.rule.id,
        )


def _broken(ban: Ban, asked: Asked) -> tuple[int, int] | None:
    """Where the sentence breaks the rule, in ``asked.text``; None where it does not."""
    texts = (asked.text,) if asked.written == asked.text else (asked.written, asked.text)
    if ban.unless is not None and any(ban.unless.find(text) for text in texts):
        return None
    words = [w for w in asked.read.wording.words if w.negated != _denies_itself(w, asked.text) or w.soft]
    for text in texts:
        spans = ban.pattern.find(text)
        if not spans:
            continue
        if text is not asked.text:
            spans = tuple(Span(asked.found(span.start), asked.found(span.end)) for span in spans)
        if not any(span.start <= word.start < span.end for span in spans for word in words):
            return min(s.start for s in spans), max(s.end for s in spans)
    return None


def _denies_itself(word: Word, text: str) -> bool:
    """ "harmless" is denied by its own ending, not by the sentence around it."""
    return stem_of(text[word.start : word.end].casefold()).startswith("!")


def ban_quote(rule: Rule, corpus: Corpus) -> Quote | None:
    """Where the passage of the rule says what holds instead."""
    passage = corpus.passages.get(rule.passage)
    if passage is None:
        return None
    words = rule.slots.get("instead", rule.quote)
    for wanted in (words, rule.quote):
        at = passage.text.find(wanted)
        if at >= 0:
            return Quote(passage.id, at, at + len(wanted), wanted)
    return Quote(passage.id, 0, len(passage.text), passage.text)
