"""Does a rule forbid the statement? Statements that must not be made, contraindications and never-events."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.checks.finding import Asked, Finding, Severity
from assistant.records import Corpus, Quote, Rule
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


def check_forbidden(asked: Asked, bans: Sequence[Ban]) -> Iterator[Finding]:
    """One finding per rule whose words are all in the sentence and none of them negated."""
    for ban in bans:
        spans = ban.pattern.find(asked.text)
        if not spans or (ban.unless is not None and ban.unless.find(asked.text)):
            continue
        negated = {w.start for w in asked.read.wording.words if w.negated != _denies_itself(w, asked.text) or w.soft}
        if any(span.start <= start < span.end for span in spans for start in negated):
            continue
        start, end = min(s.start for s in spans), max(s.end for s in spans)
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
