"""Makes wrong statements out of true ones, by kind; correct rewordings are ``paraphrases``' business.

Written apart from the product: its patterns are its own, and a wrong statement is let through only when it is wrong
for the passage it cites: the changed amount, or the changed words, stand nowhere in that passage. No randomness but the
choice of a foreign passage, which the seed decides: same corpus and seed, same variants in the same order.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from evals.matching import find_amounts, fold, has_words


@dataclass(frozen=True, slots=True)
class Truth:
    """A true statement with the passage it stands in; ``passage_text`` is the whole passage."""

    text: str
    passage: str
    passage_text: str
    jurisdiction: str | None = None


@dataclass(frozen=True, slots=True)
class Variant:
    """A statement to check against ``passage``; ``change`` says what was replaced by what, for a report's reader."""

    kind: str
    wrong: bool
    text: str
    passage: str
    original: str
    change: str


# one made-up change: the new text, and "old -> new"
Change = tuple[str, str]
Maker = Callable[[Truth], Iterator[Change]]

NUMBER = r"(?<![\w.,/])(?<![A-Za-z]-)\d+(?:\.\d+)?(?![\w]|[.,]\d)"
_DOSE = re.compile(rf"({NUMBER})( ?)(mg|micrograms?|mcg|g)\b(?!/)")
_CONCENTRATION = re.compile(rf"({NUMBER})( ?)(ng/L|pg/mL|pmol/L|nmol/L|micromol/L|ng/mL)")
_RANGE = re.compile(
    rf"({NUMBER})( ?(?:[-–]| to ) ?)({NUMBER})( ?(?:%|mg|micrograms|ng/L|pg/mL|pmol/L|months?|weeks?|days?))"
)
_EVERY = re.compile(
    rf"\b([Ee]very )({NUMBER}|two|three|four)((?: ?(?:[-–]| to ) ?)({NUMBER}|three))?( (?:days|weeks|months))\b"
)
_FOR = re.compile(
    rf"\b((?:for|over|within|after|at) (?:about |a mean of )?)({NUMBER}|two|three|four)( (?:days|weeks|months|years))\b"
)
_ESTIMATE = re.compile(
    rf"({NUMBER})(,? \(?(?:95 ?% (?:CI|confidence interval):? ?)?)({NUMBER})( ?(?:[-–]| to ) ?)({NUMBER})(\)?)"
)

_CONVERSION = re.compile(rf"{NUMBER} (?:ng/L|pg/mL|pmol/L) (?:equals|is|is about) {NUMBER}")

OTHER_UNITS: Mapping[str, tuple[str, ...]] = {
    "ng/L": ("pmol/L", "ng/mL"),
    "pg/mL": ("pmol/L", "ng/mL"),
    "pmol/L": ("ng/L", "nmol/L"),
    "nmol/L": ("micromol/L", "pmol/L"),
    "micromol/L": ("mmol/L", "nmol/L"),
    "ng/mL": ("pg/mL",),
    "mg": ("g", "mL", "units"),
    "micrograms": ("g", "units"),
    "mcg": ("g", "units"),
}


def replace(text: str, match: re.Match[str], group: int | str, new: str) -> Change:
    """``text`` with one group of ``match`` replaced."""
    start, end = match.span(group)
    return text[:start] + new + text[end:], f"{text[start:end]} -> {new}"


def times(number: str, factor: str) -> str:
    """``number`` times ``factor`` as plain decimal text without trailing zeros."""
    value = (Decimal(number) * Decimal(factor)).normalize()
    return f"{value:f}"


def _scaled(factor: str) -> Maker:
    def make(truth: Truth) -> Iterator[Change]:
        for pattern in (_DOSE, _CONCENTRATION):
            for match in pattern.finditer(truth.text):
                yield replace(truth.text, match, 1, times(match[1], factor))

    return make


def _milligrams_for_micrograms(truth: Truth) -> Iterator[Change]:
    for match in _DOSE.finditer(truth.text):
        if match[3] != "g":
            yield replace(truth.text, match, 3, "micrograms" if match[3] == "mg" else "mg")


def _other_unit(truth: Truth) -> Iterator[Change]:
    for pattern in (_DOSE, _CONCENTRATION):
        for match in pattern.finditer(truth.text):
            for unit in OTHER_UNITS.get(match[3], ()):
                yield replace(truth.text, match, 3, unit)


def _interval(truth: Truth) -> Iterator[Change]:
    for match in _EVERY.finditer(truth.text):
        low, high, unit = match[2], match[4], match[5].strip()
        if low.isdigit() and high and high.isdigit():
            low_new, high_new = times(low, "2"), times(high, "2")
            yield replace(truth.text, match, 0, f"{match[1]}{low_new} to {high_new} {unit}")
        elif low.isdigit() and not high:
            for new in (times(low, "2"), times(low, "3")):
                yield replace(truth.text, match, 2, new)
        yield replace(truth.text, match, 5, " weeks" if unit != "weeks" else " months")


def _duration(truth: Truth) -> Iterator[Change]:
    for match in _FOR.finditer(truth.text):
        if match[2].isdigit():
            yield replace(truth.text, match, 2, times(match[2], "3"))
            yield replace(truth.text, match, 2, str(int(match[2]) + 2))
        unit = match[3].strip()
        other = {"days": "weeks", "weeks": "months", "months": "years", "years": "months"}[unit]
        yield replace(truth.text, match, 3, f" {other}")


def _range_end(truth: Truth) -> Iterator[Change]:
    for match in _RANGE.finditer(truth.text):
        yield replace(truth.text, match, 3, times(match[3], "2"))
        lower = times(match[1], "0.5")
        yield replace(truth.text, match, 1, lower)


def _maximum(truth: Truth) -> Iterator[Change]:
    pattern = rf"\b(up to|at most|no more than|not more than|maximum(?: of)?|max) ({NUMBER})"
    for match in re.finditer(pattern, truth.text, re.IGNORECASE):
        yield replace(truth.text, match, 2, times(match[2], "2"))
        yield replace(truth.text, match, 2, times(match[2], "5"))


def _estimate_outside(truth: Truth) -> Iterator[Change]:
    """The interval no longer holds its estimate: the lower end moved above it, or the upper end below."""
    for match in _ESTIMATE.finditer(truth.text):
        value, low, high = (Decimal(match[i]) for i in (1, 3, 5))
        if low < value < high:
            yield replace(truth.text, match, 3, f"{(value + high) / 2:.2f}")
            yield replace(truth.text, match, 5, f"{(low + value) / 2:.2f}")


def _effects_swapped(truth: Truth) -> Iterator[Change]:
    """Two effect sizes of one statement change places; their conditions stay where they are."""
    found = [m for m in _ESTIMATE.finditer(truth.text) if Decimal(m[3]) <= Decimal(m[1]) <= Decimal(m[5])]
    for a, b in pairwise(found):
        if a[0] != b[0]:
            text = truth.text
            swapped = text[: a.start()] + b[0] + text[a.end() : b.start()] + a[0] + text[b.end() :]
            yield swapped, f"{a[0]} <-> {b[0]}"


WORDS = {"1": "one", "2": "two", "3": "three", "4": "four", "5": "five", "6": "six", "7": "seven", "8": "eight"}
_COUNTED = re.compile(rf"({NUMBER})( (?:mg|micrograms|weeks?|months?|days?|years?|doses))\b")


def _wrong_word(truth: Truth) -> Iterator[Change]:
    for match in _COUNTED.finditer(truth.text):
        if match[1] in WORDS:
            for other in (str(int(match[1]) + 1), str(int(match[1]) + 3)):
                if other in WORDS:
                    yield replace(truth.text, match, 1, WORDS[other])


def _disguised(truth: Truth) -> Iterator[Change]:
    """A wrong number in look-alike, full-width, foreign or split digits, for the first dose and concentration."""
    for pattern in (_DOSE, _CONCENTRATION):
        if match := pattern.search(truth.text):
            tenfold = times(match[1], "10")
            wide = tenfold.translate({ord("0") + i: 0xFF10 + i for i in range(10)})
            arabic = tenfold.translate({ord("0") + i: 0x0660 + i for i in range(10)})
            lookalike = re.sub("0$", "O", tenfold)
            hidden = match[1] + "\u200b0"
            reversed_ = "\u202e" + tenfold[::-1] + "\u202c"
            superscript = match[1] + "⁰"
            for new in (wide, arabic, lookalike, hidden, reversed_, superscript):
                yield replace(truth.text, match, 1, new)


NUMBER_KINDS: Mapping[str, Maker] = {
    "tenfold": _scaled("10"),
    "tenth": _scaled("0.1"),
    "mg-micrograms": _milligrams_for_micrograms,
    "other-unit": _other_unit,
    "interval": _interval,
    "duration": _duration,
    "range-end": _range_end,
    "maximum": _maximum,
    "estimate-outside-interval": _estimate_outside,
    "number-in-words": _wrong_word,
}
# what an amount guard cannot judge: the amounts stay the same, or are not amounts to the matcher on purpose
UNGUARDED_KINDS: Mapping[str, Maker] = {"effects-swapped": _effects_swapped, "disguised-digits": _disguised}


def has_new_amount(truth: Truth, text: str) -> bool:
    """The changed text holds an amount that its passage does not hold in any unit."""
    known = {a.key for a in find_amounts(truth.passage_text)}
    return any(a.key not in known for a in find_amounts(text))


def wrong_variants(truths: Sequence[Truth], *, seed: int = 0) -> list[Variant]:
    """All wrong variants, each text once per kind and passage, ordered by kind, then as the truths stand."""
    from evals.fault_words import WORD_KINDS

    made: list[Variant] = []
    for kind, maker in NUMBER_KINDS.items():
        made += _vary(kind, maker, truths, has_new_amount)
    for kind, maker in UNGUARDED_KINDS.items():
        made += _vary(kind, maker, truths, lambda truth, text: True)
    for kind, maker in WORD_KINDS.items():
        made += _vary(kind, maker, truths, lambda truth, text: fold(text) not in fold(truth.passage_text))
    made += _borrowed_effects(truths)
    made += _foreign_citations(truths, seed=seed)
    return list({(v.kind, v.passage, v.text): v for v in made}.values())


def _vary(
    kind: str, maker: Maker, truths: Sequence[Truth], is_wrong: Callable[[Truth, str], bool]
) -> Iterator[Variant]:
    for truth in truths:
        for text, change in maker(truth):
            if text != truth.text and is_wrong(truth, text):
                yield Variant(kind, True, text, truth.passage, truth.text, change)


def _borrowed_effects(truths: Sequence[Truth]) -> Iterator[Variant]:
    """An effect size of another statement, with its interval, in the place of the first one of this statement."""
    effects = [
        (t, m) for t in truths if (m := _ESTIMATE.search(t.text)) and Decimal(m[3]) <= Decimal(m[1]) <= Decimal(m[5])
    ]
    for i, (truth, match) in enumerate(effects):
        known = {a.key for a in find_amounts(truth.passage_text)}
        others = (m for _, m in effects[i + 1 :] + effects[:i] if not {a.key for a in find_amounts(m[1])} & known)
        for other in list(others)[:2]:
            text, change = replace(
                truth.text, match, 0, f"{other[1]}{match[2]}{other[3]}{match[4]}{other[5]}{match[6]}"
            )
            yield Variant("effects-swapped", True, text, truth.passage, truth.text, change)


def _foreign_citations(truths: Sequence[Truth], *, seed: int) -> Iterator[Variant]:
    """A true statement with the citation of a passage that does not hold its amounts; three passages for each.

    A unit conversion is left out: it is true whatever is cited.
    """
    import random

    chooser = random.Random(seed)
    texts = sorted({t.passage: t.passage_text for t in truths}.items())
    passages = [(passage, {a.key for a in find_amounts(text)}) for passage, text in texts]
    for truth in truths:
        amounts = {a.key for a in find_amounts(truth.text) if a.dimension != "1"}
        if not amounts or _CONVERSION.search(truth.text):
            continue
        foreign = [passage for passage, others in passages if not amounts & others]
        for passage in chooser.sample(foreign, min(3, len(foreign))):
            yield Variant("foreign-citation", True, truth.text, passage, truth.text, f"{truth.passage} -> {passage}")


def truths_of(corpus: Any) -> list[Truth]:
    """The verified statements of a Corpus: every passage that cites something, then every rule's accepted examples.

    Rule quotes are left out: they are pieces of those passages, often without a verb, and nobody writes them alone. So are
    the examples of a rule that forbids: they show what it does not stop, and need not stand in its passage.
    """
    truths = [
        Truth(p.text, p.id, p.text, p.jurisdiction)
        for p in corpus.passages.values()
        if p.citations and p.section.value != "not_covered"
    ]
    for rule in corpus.rules.values():
        if "pattern" in rule.slots:
            continue
        passage = corpus.passages[rule.passage]
        truths += [Truth(text, passage.id, passage.text, rule.jurisdiction) for text in rule.accept]
    return list({(t.passage, t.text): t for t in truths}.values())


def lacks(words: Iterable[str], truth: Truth) -> bool:
    """None of ``words`` (as in ``matching.has_words``) stands in the truth's passage."""
    passage = fold(truth.passage_text)
    return not any(has_words(word, passage) for word in words)
