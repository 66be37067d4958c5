"""One way to say it: phrases that mean the same are read as one form, in a statement and in its source alike.

Owns ``data/rewriting.toml`` ("once a month" is "monthly", "no less than 5" is "at least 5", "CrCl" is "creatinine clearance")
and the key under which two sentences are the same words. Nothing here decides what is true: two texts may become equal
only through phrases that mean the same in every sentence. Offsets are kept, so that a finding points into what was written.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any, NamedTuple

from assistant.datafiles import DATA
from assistant.patterns import Pattern

Places = tuple[int, ...]


class Rewritten(NamedTuple):
    """``places`` holds for each character of ``text`` where it stands in the original; None when nothing was changed."""

    text: str
    places: Places | None = None


class _Tokens(NamedTuple):
    """Words of a text side by side: ``said`` in small letters, ``#`` for a number; ``surface`` as it is written out."""

    said: list[str]
    surface: list[str]
    starts: list[int]
    ends: list[int]
    changed: set[int]


@dataclass(frozen=True, slots=True)
class _Rule:
    words: tuple[str, ...]
    to: str
    table: Mapping[str, Any]
    exact: tuple[str, ...] = ()  # the words as written, for short forms


_TOKEN = Pattern(
    r"[0-9]+(?:[.,][0-9]+)*|(?:[A-Za-z]\.){2,}|[A-Za-z]+(?:['\u2019][A-Za-z]+)?(?:[+\u207a]|(?<=PO)[4\u2084]|(?<=SO)[4\u2084]|(?<=\bO)[2\u2082])?|[<>]=?|[\u2264\u2265%/]"
)
_GAP = Pattern(r"[ \t\n\u00a0\u2009\u202f]{0,3}-?")
_BRACES = re.compile(r"\{([^{}]+)\}")
_NUMBERS = {
    word: str(n)
    for n, word in enumerate("zero one two three four five six seven eight nine ten eleven twelve".split())
    if n
} | {"fourteen": "14", "fifteen": "15", "twenty": "20", "thirty": "30", "forty": "40", "sixty": "60", "ninety": "90"}
# behind a number word, what makes it a count: "three months", "two doses"; "one of them" stays a word
_COUNTED = frozenset(
    """day days week weeks month months year years hour hours minute minutes dose doses times time tablet tablets capsule
    capsules sachet sachets mg micrograms mcg g units unit ml litre litres point points injection injections course courses
    cycle cycles bolus boluses percent hourly h hr hrs min mins""".split()
)
_LABELS = frozenset("grade stage group class step".split())
_BOUNDED = frozenset({"more", "fewer", "less", "above", "below", "over", "under"})


def rewrite(text: str) -> Rewritten:
    """``text`` with every phrase of the table in its one form. Linear in the text; what is in no phrase stays as it is."""
    table = _table()
    found = [(m[0], m.start(), m.end()) for m in _TOKEN.finditer(text)]
    said = [word.lower() if word[0] > "9" or word[0] < "0" else "#" for word, _, _ in found]
    if table.keys().isdisjoint(said) and _NUMBERS.keys().isdisjoint(said):
        return Rewritten(text)
    tokens = _Tokens(said, [f[0] for f in found], [f[1] for f in found], [f[2] for f in found], set())
    if not _NUMBERS.keys().isdisjoint(said):
        _count(tokens)
    pieces: list[tuple[int, int, str]] = []
    at, last = 0, len(said)
    while at < last:
        seconds = table.get(said[at])
        rule = None
        if seconds is not None:
            following = said[at + 1] if at + 1 < last else ""
            rule = _rule_at(seconds.get(following, ()), tokens, at, text) if following else None
            rule = rule or _rule_at(seconds.get("", ()), tokens, at, text)
        if rule is None:
            if at in tokens.changed:
                pieces.append((tokens.starts[at], tokens.ends[at], tokens.surface[at]))
            at += 1
            continue
        past = at + len(rule.words)
        written = _written(rule, tokens, at)
        if written != text[tokens.starts[at] : tokens.ends[past - 1]]:
            pieces.append((tokens.starts[at], tokens.ends[past - 1], written))
        at = past
    return _joined(text, pieces)


def _count(tokens: _Tokens) -> None:
    """Number words that count something are read as ``#``, their figures to be written out: "three months", not "one of"."""
    said = tokens.said
    for n in range(len(said) - 1, -1, -1):
        if said[n] not in _NUMBERS or (said[n] == "one" and said[n + 1 : n + 2] == ["time"]):
            continue
        following = said[n + 1] if n + 1 < len(said) else ""
        second = said[n + 2] if n + 2 < len(said) else ""
        bounded = following == "or" and second in _BOUNDED
        ranged = following in {"to", "or"} and n + 2 in tokens.changed
        if following in _COUNTED or bounded or ranged or (n > 0 and said[n - 1] in _LABELS):
            tokens.surface[n] = _NUMBERS[said[n]]
            said[n] = "#"
            tokens.changed.add(n)


def _rule_at(rules: Sequence[_Rule], tokens: _Tokens, at: int, text: str) -> _Rule | None:
    """The longest phrase that begins here and may be read so beside its neighbours."""
    for rule in rules:
        past = at + len(rule.words)
        if past > len(tokens.said):
            continue
        words = tokens.said[at:past]
        if any(w != s and w != tokens.surface[at + n] for n, (w, s) in enumerate(zip(rule.words, words, strict=True))):
            continue
        if rule.exact and tuple(tokens.surface[at:past]) != rule.exact:
            continue
        if all(_is_gap(text, tokens, n) for n in range(at, past - 1)) and _fits(rule, tokens, at, text):
            return rule
    return None


def _is_gap(text: str, tokens: _Tokens, n: int) -> bool:
    """Whether nothing but space or a hyphen stands behind token ``n``."""
    start, end = tokens.ends[n], tokens.starts[n + 1]
    return _GAP.compiled.fullmatch(text, start, end) is not None


def _fits(rule: _Rule, tokens: _Tokens, at: int, text: str) -> bool:
    table = rule.table
    if not table:
        return True
    past = at + len(rule.words)
    before = tokens.said[at - 1] if at else ""
    if before in table.get("not_after", ()):
        return False
    if past < len(tokens.said) and _is_gap(text, tokens, past - 1):
        if {tokens.said[past], tokens.surface[past]} & set(table.get("not_before", ())):
            return False
    if "only_after" in table and before not in table["only_after"]:
        return False
    if "only_numbers" in table:
        figures = [tokens.surface[n] for n in range(at, past) if tokens.said[n] == "#"]
        if not set(figures) <= set(table["only_numbers"]):
            return False
    if table.get("only_behind_number") or table.get("only_after_dose"):
        near = range(max(0, at - 8), at)
        return any(tokens.said[n] == "#" and ";" not in text[tokens.ends[n] : tokens.starts[at]] for n in near)
    return True


def _written(rule: _Rule, tokens: _Tokens, at: int) -> str:
    past = at + len(rule.words)
    number = next((tokens.surface[n] for n in range(at, past) if tokens.said[n] == "#"), "")
    written = rule.to.replace("#", number)
    first = tokens.surface[at]
    if first[:1].isupper() and not first.isupper() and not rule.exact:
        written = written[:1].upper() + written[1:]
    return written


def _joined(text: str, pieces: Sequence[tuple[int, int, str]]) -> Rewritten:
    if not pieces:
        return Rewritten(text)
    parts: list[str] = []
    places: list[int] = []
    done = 0
    for start, end, written in pieces:
        parts += (text[done:start], written)
        places.extend(range(done, start))
        places.extend([start] * (len(written) - 1))
        places.append(end - 1)
        done = end
    parts.append(text[done:])
    places.extend(range(done, len(text)))
    return Rewritten("".join(parts), tuple(places))


def compose(outer: Places | None, inner: Places | None) -> Places | None:
    """Where each character of a text rewritten twice stands in the first original: ``outer`` maps into ``inner``'s text."""
    if outer is None or inner is None:
        return inner if outer is None else outer
    return tuple(inner[place] for place in outer)


# --------------------------------------------------------------------------- the table


@lru_cache(maxsize=1)
def _data() -> Mapping[str, Any]:
    return tomllib.loads(DATA.joinpath("rewriting.toml").read_text(encoding="utf-8"))


def lead_ins() -> tuple[str, ...]:
    """Words before a statement that say nothing themselves."""
    return tuple(_data()["lead_ins"]["words"])


@lru_cache(maxsize=1)
def _table() -> Mapping[str, Mapping[str, tuple[_Rule, ...]]]:
    """Phrases by their first and second word (the second empty for a phrase of one), longest first."""
    raw = _data()
    word = re.compile("#|" + _TOKEN.compiled.pattern)
    table: dict[str, dict[str, list[_Rule]]] = {}
    for kind in ("phrase", "short"):
        for row in raw[kind]:
            limits = {key: value for key, value in row.items() if key not in {"to", "from"}}
            # the one form itself is taken whole, so that no shorter phrase is found inside it
            for phrase in (words for pattern in (*row["from"], row["to"]) for words in _expanded(pattern)):
                written = tuple(m[0] for m in word.finditer(phrase))
                rule = _Rule(tuple(w.lower() for w in written), row["to"], limits, written if kind == "short" else ())
                keys = ["#" if w[0].isdigit() else w for w in rule.words[:2]] + [""]
                table.setdefault(keys[0], {}).setdefault(keys[1], []).append(rule)
    return {
        first: {second: tuple(sorted(rules, key=lambda rule: -len(rule.words))) for second, rules in seconds.items()}
        for first, seconds in table.items()
    }


def _expanded(pattern: str) -> Iterator[str]:
    """``{a|b} c`` to "a c" and "b c"."""
    parts = _BRACES.split(pattern)
    choices = [part.split("|") if n % 2 else [part] for n, part in enumerate(parts)]
    return ("".join(chosen) for chosen in product(*choices))
