"""Names of drugs, analytes, conditions ... found in a text: exact or listed synonym, never a guess.

A name that is nearly right is not found: "hydroxocobalmin" is found because the vocabulary lists that misspelling, and
a look-alike that nobody listed stays unknown. Words are compared without regard to case, except short forms (see
``_case_allows``); the last word may carry a plural or possessive s. Longest match wins, left to right.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from assistant.errors import CorpusError
from assistant.passages import key_line, toml_error_line
from assistant.records import Term

KINDS = frozenset(
    {"drug", "class", "analyte", "condition", "route", "population", "procedure", "test", "finding", "topic"}
)
KEYS = frozenset(
    {"kind", "name", "synonyms", "brands", "classes", "codes", "unit", "molar_mass", "ambiguous", "opposite"}
)
LISTS = ("synonyms", "brands", "classes", "ambiguous", "opposite")

_WORD = re.compile(r"[^\W_]+")
_HYPHENS = re.compile(r"[\s\-\u00ad\u2010-\u2015\u2212]+")
_TABLE = re.compile(r"^\[([A-Za-z0-9_-]+)\]", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Mention:
    """A term at ``text[start:end]``; when ``ambiguous``, the short form may mean something else and proves nothing."""

    term: str
    kind: str
    start: int
    end: int
    text: str
    ambiguous: bool = False


@dataclass(slots=True)
class _Node:
    """A word of a name; ``after`` is keyed by separator and next word, ``ends`` holds (term, surface form)."""

    after: dict[tuple[str, str], _Node] = field(default_factory=dict)
    ends: list[tuple[Term, str, bool]] = field(default_factory=list)


class Vocabulary:
    """All names of ``terms`` as one tree of words, so that a text is read once whatever the size of the vocabulary."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self.terms: Mapping[str, Term] = {term.id: term for term in terms}
        self._root = _Node()
        for term in self.terms.values():
            for form in (term.name, *term.synonyms, *term.brands):
                self._add(term, form, is_ambiguous=form in term.ambiguous)
            for form in term.ambiguous:
                if form not in term.synonyms:
                    self._add(term, form, is_ambiguous=True)

    def find(self, text: str) -> tuple[Mention, ...]:
        """Mentions in order of start, not overlapping; a form that two terms share gives one mention for each."""
        words = [(found.start(), found.end(), _fold(found[0])) for found in _WORD.finditer(text)]
        mentions: list[Mention] = []
        position = 0
        while position < len(words):
            last, ends = self._longest(text, words, position)
            if not ends:
                position += 1
                continue
            start, end = words[position][0], words[last][1]
            for term, _, is_ambiguous in ends:
                mentions.append(Mention(term.id, term.kind, start, end, text[start:end], is_ambiguous))
            position = last + 1
        return tuple(mentions)

    def broader(self, term_id: str) -> frozenset[str]:
        """The term itself and every class above it."""
        found: set[str] = set()
        waiting = [term_id]
        while waiting:
            current = waiting.pop()
            if current not in found:
                found.add(current)
                waiting.extend(self.terms[current].classes if current in self.terms else ())
        return frozenset(found)

    def _add(self, term: Term, form: str, *, is_ambiguous: bool) -> None:
        node = self._root
        for key in _steps(form):
            node = node.after.setdefault(key, _Node())
        node.ends.append((term, form, is_ambiguous))

    def _longest(
        self, text: str, words: list[tuple[int, int, str]], position: int
    ) -> tuple[int, list[tuple[Term, str, bool]]]:
        """Index of the last word of the longest name that starts at ``position``, and the terms it names."""
        best: tuple[int, list[tuple[Term, str, bool]]] = (position, [])
        node = self._root
        for index in range(position, len(words)):
            start, end, folded = words[index]
            gap = "" if index == position else _gap(text[words[index - 1][1] : start], folded)
            seen = text[words[position][0] : end]
            ends = [
                hit
                for word in _singulars(folded)
                if (gap, word) in node.after
                for hit in node.after[gap, word].ends
                if _case_allows(hit, seen, was_plural=word != folded)
            ]
            if ends:
                best = index, _unique(ends)
            if (gap, folded) not in node.after:
                break
            node = node.after[gap, folded]
        return best


def _unique(ends: list[tuple[Term, str, bool]]) -> list[tuple[Term, str, bool]]:
    return list({term.id: (term, form, flag) for term, form, flag in reversed(ends)}.values())[::-1]


def _fold(word: str) -> str:
    return unicodedata.normalize("NFKC", word).casefold()


def _steps(form: str) -> Iterator[tuple[str, str]]:
    end = 0
    for number, found in enumerate(_WORD.finditer(form)):
        folded = _fold(found[0])
        yield ("" if number == 0 else _gap(form[end : found.start()], folded), folded)
        end = found.end()


def _gap(between: str, following: str) -> str:
    """What separates two words: space and hyphen count as one, except before a digit ("hepatitis B 12 weeks ago").

    Any other sign is kept as it is, so that a comma or full stop between two words never joins them to one name.
    """
    if following[:1].isdigit() or not _HYPHENS.fullmatch(between):
        return "-" if between and _HYPHENS.fullmatch(between) and not between.isspace() else between
    return " "


def _singulars(folded: str) -> tuple[str, ...]:
    """The word itself, then without a plural s (from four letters up: "PPIs" but not "gas")."""
    return (folded, folded[:-1]) if len(folded) > 3 and folded.endswith("s") else (folded,)


def _case_allows(end: tuple[Term, str, bool], seen: str, *, was_plural: bool) -> bool:
    """Capitals count for two-letter forms ("IM", not "I'm") and for ambiguous ones ("ALL" the leukaemia, not "all")."""
    _, form, is_ambiguous = end
    is_case_bound = form.isalpha() and form.isupper() and (len(form) <= 2 or is_ambiguous)
    return not is_case_bound or (seen[:-1] if was_plural else seen) == form


# --------------------------------------------------------------------------- reading the files


def read_terms(text: str, *, path: str) -> tuple[list[Term], list[CorpusError]]:
    """Terms of one ``corpus/vocabulary/*.toml`` and every problem in it; ids are not resolved here."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return [], [CorpusError(path, toml_error_line(error), f"not valid TOML: {error}")]
    lines = {found[1]: text.count("\n", 0, found.start()) + 1 for found in _TABLE.finditer(text)}
    terms: list[Term] = []
    problems: list[CorpusError] = []
    for term_id, table in tables.items():
        line = lines.get(term_id) or key_line(text, term_id)
        reasons = list(_term_problems(table))
        problems.extend(CorpusError(path, line, f"[{term_id}] {reason}") for reason in reasons)
        if not reasons:
            terms.append(_to_term(term_id, table))
    return terms, problems


def _to_term(term_id: str, table: Mapping[str, Any]) -> Term:
    return Term(
        id=term_id,
        kind=table["kind"],
        name=table["name"],
        synonyms=tuple(table.get("synonyms", ())),
        brands=tuple(table.get("brands", ())),
        classes=tuple(table.get("classes", ())),
        codes=dict(table.get("codes", {})),
        unit=table.get("unit"),
        molar_mass=table.get("molar_mass"),
        ambiguous=tuple(table.get("ambiguous", ())),
        opposite=tuple(table.get("opposite", ())),
    )


def _term_problems(table: Any) -> Iterator[str]:
    if not isinstance(table, dict):
        yield "must be a table"
        return
    for key in table:
        if key not in KEYS:
            yield f"unknown key {key!r}; known are {', '.join(sorted(KEYS))}"
    if table.get("kind") not in KINDS:
        yield f"kind {table.get('kind')!r} is not one of {', '.join(sorted(KINDS))}"
    if not isinstance(table.get("name"), str) or not _WORD.search(table["name"]):
        yield "name is missing"
    for key in LISTS:
        values = table.get(key, [])
        if not isinstance(values, list) or not all(isinstance(v, str) and _WORD.search(v) for v in values):
            yield f"{key} must be a list of words"
        elif len({value for value in values}) != len(values):
            yield f"{key} holds the same word twice"
    for key in ("unit", "molar_mass"):
        if key in table and not isinstance(table[key], str):
            yield f"{key} must be a string, so that it stays exact"
    codes = table.get("codes", {})
    if not isinstance(codes, dict) or not all(isinstance(code, str) for code in codes.values()):
        yield "codes must be a table of strings"


def shared_forms(terms: Iterable[Term]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Forms that name more than one term and are not listed as ``ambiguous`` in each of them: (form, term ids)."""
    owners: dict[tuple[tuple[str, str], ...], list[tuple[Term, str]]] = {}
    for term in terms:
        for form in dict.fromkeys((term.name, *term.synonyms, *term.brands, *term.ambiguous)):
            owners.setdefault(tuple(_steps(form)), []).append((term, form))
    for found in owners.values():
        ids = tuple(dict.fromkeys(term.id for term, _ in found))
        if len(ids) > 1 and any(form not in term.ambiguous for term, form in found):
            yield found[0][1], ids
