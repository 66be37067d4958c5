"""Rule tables (``corpus/rules/*.toml``) to Rule records, and the words a ``must_not_state`` rule forbids.

Pure. It owns which slots each kind of rule has (docs/corpus-format.md); comparing a claim with a rule is left to
``checks/``, resolving ids and quotes to ``adapters/corpus.py``. Problems are collected, never raised.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from assistant.errors import CorpusError
from assistant.passages import JURISDICTIONS, toml_error_line
from assistant.records import Rule, Span


@dataclass(frozen=True, slots=True)
class Slots:
    """Slots of one kind of rule: all of ``required``, at least one of each group in ``one_of``, any of ``optional``."""

    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    one_of: tuple[frozenset[str], ...] = ()

    @property
    def known(self) -> frozenset[str]:
        return self.required | self.optional | frozenset().union(*self.one_of)


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SUBJECT = (_names("drug analyte about"),)

KINDS: Mapping[str, Slots] = {
    "dose": Slots(_names("drug dose"), _names("route site frequency duration phase until maximum indication")),
    "maximum": Slots(_names("drug value"), _names("route per indication")),
    "threshold": Slots(_names("analyte value meaning"), _names("method setting")),
    "interval": Slots(_names("about value"), _names("drug analyte phase")),
    "duration": Slots(_names("about value"), _names("drug analyte phase")),
    "percentage": Slots(_names("about value"), _names("drug analyte denominator timepoint")),
    "count": Slots(_names("about value"), _names("drug analyte denominator")),
    "effect": Slots(_names("measure value outcome"), _names("ci ci_level exposure comparison timepoint"), _SUBJECT),
    "equivalence": Slots(_names("left right"), _names("analyte")),
    "contraindication": Slots(_names("drug pattern instead"), _names("unless")),
    "must_not_state": Slots(_names("pattern instead"), _names("unless erratum")),
    "never_event": Slots(_names("pattern instead"), _names("unless")),
}
BLOCKING = _names("contraindication must_not_state never_event")
COMMON = _names("kind passage quote jurisdiction population accept reject references")
_TABLE = re.compile(r"^\[([A-Za-z0-9_-]+)\]", re.MULTILINE)
_ID = re.compile(r"[a-z0-9][a-z0-9-]*")
_NEGATION = re.compile(r"\b(?:not|no|never|without|cannot)\b", re.IGNORECASE)


def read_rules(text: str, *, path: str) -> tuple[list[Rule], list[CorpusError]]:
    """Rules in the order of the file, and every problem in it; a rule with a problem is left out."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return [], [CorpusError(path, toml_error_line(error), f"not valid TOML: {error}")]
    lines = {found[1]: text.count("\n", 0, found.start()) + 1 for found in _TABLE.finditer(text)}
    rules: list[Rule] = []
    problems: list[CorpusError] = []
    for rule_id, table in tables.items():
        line = lines.get(rule_id, 0)
        reasons = list(_rule_problems(rule_id, table))
        problems.extend(CorpusError(path, line, f"[{rule_id}] {reason}") for reason in reasons)
        if not reasons:
            rules.append(_to_rule(rule_id, table, path=path, line=line))
    return rules, problems


def _to_rule(rule_id: str, table: Mapping[str, Any], *, path: str, line: int) -> Rule:
    return Rule(
        id=rule_id,
        kind=table["kind"],
        slots={key: value for key, value in table.items() if key not in COMMON},
        passage=table["passage"],
        quote=table["quote"],
        jurisdiction=table.get("jurisdiction"),
        population=table.get("population"),
        accept=tuple(table["accept"]),
        reject=tuple(table["reject"]),
        path=path,
        line=line,
        references=tuple(table.get("references", ())),
    )


def _rule_problems(rule_id: str, table: Any) -> Iterator[str]:
    if not isinstance(table, dict):
        yield "must be a table"
        return
    if not _ID.fullmatch(rule_id):
        yield "id must be lower-case letters, digits and hyphens"
    slots = KINDS.get(table.get("kind", ""))
    if slots is None:
        yield f"kind {table.get('kind')!r} is not one of {', '.join(sorted(KINDS))}"
        return
    for key in table:
        if key not in COMMON | slots.known:
            yield f"unknown key {key!r} for kind {table['kind']}; known are {', '.join(sorted(slots.known))}"
    for key in sorted({"passage", "quote"} | slots.required):
        if not table.get(key):
            yield f"{key} is missing"
    for group in slots.one_of:
        if not any(table.get(key) for key in group):
            yield f"one of {', '.join(sorted(group))} is missing"
    yield from _value_problems(table, slots)


def _value_problems(table: Mapping[str, Any], slots: Slots) -> Iterator[str]:
    for key in ("passage", "quote", "population", *sorted(slots.known)):
        if key in table and not isinstance(table[key], str):
            yield f"{key} must be a string, so that it stays exact"
    if table.get("jurisdiction", "uk") not in JURISDICTIONS:
        yield f"jurisdiction {table['jurisdiction']!r} is not one of {', '.join(sorted(JURISDICTIONS))}"
    for key in ("accept", "reject"):
        examples = table.get(key)
        if not isinstance(examples, list) or not all(isinstance(example, str) for example in examples):
            yield f"{key} must be a list of sentences"
        elif len(set(examples)) < 2:
            yield f"{key} needs at least two different example sentences"
    if not isinstance(table.get("references", []), list):
        yield "references must be a list of reference ids"
    for key in ("pattern", "unless") if table["kind"] in BLOCKING else ():
        if isinstance(table.get(key), str) and not Pattern.is_valid(table[key]):
            yield f"{key} must be groups joined by &, each of alternatives joined by |"
    if table["kind"] == "effect" and isinstance(table.get("ci"), str) and " to " not in table["ci"]:
        yield 'ci must be written "low to high"'


# --------------------------------------------------------------------------- patterns of forbidden statements


@dataclass(frozen=True, slots=True)
class Pattern:
    """Words that may not be affirmed together in one sentence: every group, in any order, one alternative of each.

    Written ``b12|cobalamin & tumour marker|tumor marker & monitor*``. An alternative is found as whole words without
    regard to case; a space stands for spaces or hyphens, a star at a word's end for any ending.
    """

    groups: tuple[re.Pattern[str], ...]
    # the first word of each alternative, casefolded: a sentence without any of them need not be searched. With a few
    # hundred patterns and one sentence this is what makes a look at all of them cheap
    words: tuple[tuple[str, ...], ...]

    @staticmethod
    def is_valid(text: str) -> bool:
        return all(part.strip() and re.search(r"\w", part) for group in text.split("&") for part in group.split("|"))

    @classmethod
    def read(cls, text: str) -> Pattern:
        groups = text.split("&")
        return cls(tuple(map(_compile, groups)), tuple(map(_first_words, groups)))

    def find(self, sentence: str) -> tuple[Span, ...]:
        """One span for each group, in the order of the groups; empty when a group is missing.

        A negation among the pattern's own words ("does not cause harm") belongs to the pattern. The spans then mark
        places only (they are empty), so that nobody takes the words inside for a denial of the pattern.
        """
        folded = _folded(sentence)
        if not all(any(word in folded for word in words) for words in self.words):
            return ()
        found = [group.search(sentence) for group in self.groups]
        matches = [match for match in found if match is not None]
        if len(matches) < len(self.groups):
            return ()
        has_own_denial = any(_NEGATION.search(match[0]) for match in matches)
        return tuple(Span(match.start(), match.start() if has_own_denial else match.end()) for match in matches)


@lru_cache(maxsize=16)
def _folded(sentence: str) -> str:
    """The sentence for a quick look; kept, because every rule looks at the same one."""
    return sentence.casefold()


def _first_words(group: str) -> tuple[str, ...]:
    return tuple(sorted({part.split()[0].rstrip("*").casefold() for part in group.split("|")}))


@cache
def _compile(group: str) -> re.Pattern[str]:
    alternatives = sorted((part.strip() for part in group.split("|")), key=len, reverse=True)
    return re.compile("|".join(map(_alternative, alternatives)), re.IGNORECASE)


def _alternative(words: str) -> str:
    parts = [re.escape(word.rstrip("*")) + (r"\w*" if word.endswith("*") else "") for word in words.split()]
    start = r"(?<![\w.])" if words[0].isalnum() else ""
    end = r"(?![\w])(?!\.\d)" if words[-1].isalnum() else ""
    return start + r"[\s\-\u2010-\u2015]+".join(parts) + end
