"""What the words of a question name: terms, short forms read in context, what names and values mean together.

The vocabulary marks short forms that may mean something else ("HIT", "CRS"). In guidance they prove nothing; in a
question, typed in capitals, they are read as the one term that has them. "DVT" beside "gastric cancer" names
thrombosis in cancer, and a potassium of 2.1 names hypokalaemia (``data/naming.toml``). For finding guidance only.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from assistant.limits import laboratory_values, value_in
from assistant.vocabulary import Mention, Vocabulary

_LETTER = re.compile(r"[^\W\d_]")


def read_mentions(text: str, vocabulary: Vocabulary) -> tuple[Mention, ...]:
    """The names in a question, an ambiguous short form in capitals being read as the only term that has it. Text that
    is all capitals tells nothing about a short form."""
    found = vocabulary.find(text)
    if not any(mention.ambiguous for mention in found) or _is_shouted(text):
        return found
    owners: dict[int, int] = {}
    for mention in found:
        owners[mention.start] = owners.get(mention.start, 0) + 1
    return tuple(
        replace(mention, ambiguous=False)
        if mention.ambiguous and owners[mention.start] == 1 and _is_short_form(mention.text)
        else mention
        for mention in found
    )


def _is_short_form(text: str) -> bool:
    letters = _LETTER.findall(text)
    return len(letters) >= 2 and sum(letter.isupper() for letter in letters) >= len(letters) - 1


def _is_shouted(text: str) -> bool:
    letters = _LETTER.findall(text)
    return len(letters) >= 12 and sum(letter.isupper() for letter in letters) > 0.7 * len(letters)


def spelled_out(text: str, mentions: Sequence[Mention], vocabulary: Vocabulary) -> Iterator[str]:
    """Full names of the short forms in ``text`` ("MTX", "CRS"), each once; laboratory names stay as they are."""
    if _is_shouted(text):
        return
    names = dict.fromkeys(
        vocabulary.terms[mention.term].name
        for mention in mentions
        if not mention.ambiguous and mention.kind not in {"analyte", "route"} and _is_short_form(mention.text)
    )
    yield from (name for name in names if name.lower() not in text.lower())


def together(text: str, mentions: Sequence[Mention], vocabulary: Vocabulary) -> Iterator[str]:
    """Ids of the topics that no single name of ``text`` names, but several do together."""
    named = frozenset(
        name for mention in mentions if not mention.ambiguous for name in vocabulary.broader(mention.term)
    )
    lowered = text.lower()
    for topic, groups in _table()["together"].items():
        is_open = topic in vocabulary.terms and topic not in named
        if is_open and any(all(_is_named(name, named, lowered, vocabulary) for name in group) for group in groups):
            yield topic


def _is_named(name: str, named: frozenset[str], lowered: str, vocabulary: Vocabulary) -> bool:
    return name in named or (name not in vocabulary.terms and bool(re.search(rf"(?<![a-z]){re.escape(name)}", lowered)))


def meant_by_values(slots: Mapping[str, str], vocabulary: Vocabulary) -> Iterator[str]:
    """Ids of the findings that the patient's laboratory values mean: "potassium 2.1" is hypokalaemia."""
    values = {name: (value, unit) for name, value, unit in laboratory_values(slots)}
    for term, entry in _table()["values"].items():
        if term in vocabulary.terms and entry["analyte"] in values:
            value, unit = values[entry["analyte"]]
            limit, _, limit_unit = (entry.get("below") or entry["above"]).partition(" ")
            mine = value_in(entry["analyte"], value, unit, limit_unit)
            if mine is not None and (mine < Fraction(limit) if "below" in entry else mine > Fraction(limit)):
                yield term


def value_limits() -> Mapping[str, Mapping[str, str]]:
    """The table of limits, for the test that reads each in its passage."""
    values: Mapping[str, Mapping[str, str]] = _table()["values"]
    return values


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).with_name("data") / "naming.toml").read_text(encoding="utf-8"))
