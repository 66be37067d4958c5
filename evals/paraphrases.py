"""Correct rewordings of true statements: the checker must verify them all (its false alarms are counted here).

Each maker changes only the form: an exactly equal amount in another unit, a synonym of a frequency, route, comparator
or measure, a number in words, a lead-in, the order of clauses, an abbreviation, typography. Nothing is added.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from evals.faults import NUMBER, WORDS, Change, Maker, Truth, Variant, replace, times
from evals.matching import find_amounts

LEAD_INS = ("Remember: ", "In short: ", "According to the cited source: ", "- ")

SYNONYMS: Mapping[str, Sequence[tuple[str, Sequence[str]]]] = {
    "frequency-synonym": (
        (r"\bthree times a week\b", ("three times weekly", "3 times a week", "thrice weekly")),
        (r"\bon alternate days\b", ("every other day", "on alternating days")),
        (r"\bevery (?=\d+ (?:months|weeks|days)\b)", ("once every ",)),
        (r"\b(?<=mg )daily\b|\b(?<=micrograms )daily\b", ("a day", "every day", "once daily", "per day")),
        (r"\ba day\b", ("daily", "per day")),
        (r"\btwice a week\b", ("twice weekly", "2 times a week")),
        (r"\btwice a year\b", ("two times a year", "twice yearly")),
        (r"\bmonthly\b", ("once a month", "every month")),
    ),
    "route-synonym": (
        (r"\bintramuscularly\b", ("IM", "by intramuscular injection", "i.m.")),
        (
            rf"\b[Oo]ral (vitamin B12|cyanocobalamin) ({NUMBER}(?:–{NUMBER})? (?:mg|micrograms)) ",
            (r"\1 \2 by mouth ", r"\1 \2 orally ", r"\1 \2 po "),
        ),
        (r"\b(?<!deep )subcutaneously\b", ("by subcutaneous injection",)),
    ),
    "comparator-synonym": (
        (rf"\bbelow (?={NUMBER})", ("less than ", "under ", "< ")),
        (rf"\babove (?={NUMBER})", ("more than ", "over ", "greater than ", "> ")),
        (rf"\bat least (?={NUMBER})", ("no less than ", "a minimum of ")),
        (rf"\bup to (?={NUMBER})", ("as many as ",)),
        (rf"({NUMBER} (?:ng/L|pg/mL|pmol/L)) or more\b", (r"\1 or above", r"\1 or higher")),
        (rf"\b(?:of )?({NUMBER} (?:ng/L|pg/mL|pmol/L)) or more\b", (r"at or above \1", r"≥ \1")),
    ),
    "measure-synonym": (
        (r"\bOR (?=\d)", ("odds ratio ", "odds ratio of ", "OR = ")),
        (r"\bHR (?=\d)", ("hazard ratio ", "hazard ratio of ", "HR: ")),
        (r"\bSIR (?=\d)", ("standardised incidence ratio ",)),
        (r"\bIRR (?=\d)", ("incidence rate ratio ",)),
        (r"\b95 % CI (?=\d)", ("95% confidence interval ", "95% CI: ", "CI ")),
    ),
    "name-synonym": (
        (r"\b[Vv]itamin B12\b", ("B12", "vitamin B₁₂", "vitamin B-12")),
        (r"\b[Hh]ydroxocobalamin\b", ("hydroxycobalamin",)),
        (r"\bactive vitamin B12 \(holotranscobalamin\)", ("holotranscobalamin (active B12)",)),
        (r"\bneurological involvement\b", ("nervous system involvement",)),
    ),
    "spelling": (
        (r"anaemia\b", ("anemia",)),
        (r"\btumour\b", ("tumor",)),
        (r"[Hh]aematological\b", ("hematological",)),
        (r"\brandomised\b", ("randomized",)),
    ),
}


def _synonyms(table: Sequence[tuple[str, Sequence[str]]]) -> Maker:
    def make(truth: Truth) -> Iterator[Change]:
        for pattern, others in table:
            for other in others:
                text = re.sub(pattern, lambda m, other=other: _like(m, other), truth.text)
                if text != truth.text:
                    yield text, f"{pattern} -> {other}"

    return make


def _units(truth: Truth) -> Iterator[Change]:
    """One amount at a time in an exactly equal unit; the other amounts stay."""
    for match in re.finditer(rf"({NUMBER}) (mg|micrograms)\b(?!/)", truth.text):
        number, unit = match[1], match[2]
        if _in_range(truth.text, match):
            continue
        if unit == "mg":
            thousand = times(number, "1000")
            yield replace(truth.text, match, 0, f"{thousand} micrograms")
            if len(thousand) == 4:
                yield replace(truth.text, match, 0, f"{thousand[0]},{thousand[1:]} micrograms")
        else:
            yield replace(truth.text, match, 2, "mcg")
            yield replace(truth.text, match, 2, "µg")
            if int(float(number)) >= 100:
                yield replace(truth.text, match, 0, f"{times(number, '0.001')} mg")
    for old, new in (("ng/L", "pg/mL"), ("pg/mL", "ng/L")):
        if old in truth.text and new not in truth.text:
            yield truth.text.replace(old, new), f"{old} -> {new}"
    for match in re.finditer(rf"\b(for|over) ({NUMBER}) weeks\b", truth.text):
        yield replace(truth.text, match, 0, f"{match[1]} {times(match[2], '7')} days")


def _number_words(truth: Truth) -> Iterator[Change]:
    for match in re.finditer(rf"({NUMBER})( (?:weeks|months|days|years|doses))\b", truth.text):
        if match[1] in WORDS and not _in_range(truth.text, match):
            yield replace(truth.text, match, 1, WORDS[match[1]])


def _ranges(truth: Truth) -> Iterator[Change]:
    for new in (" to ", "-", " – "):
        text = re.sub(rf"({NUMBER})–({NUMBER})", rf"\g<1>{new}\g<2>", truth.text)
        if text != truth.text:
            yield text, f"– -> {new}"


def _lead_in(truth: Truth) -> Iterator[Change]:
    for words in LEAD_INS if truth.text == truth.passage_text else ():
        yield words + truth.text, f"+ {words.strip()}"


def _one_sentence(truth: Truth) -> Iterator[Change]:
    """Each sentence of a longer statement by itself, word for word as the passage has it."""
    sentences = re.split(r"(?<=[a-z)][.!?]) (?=[A-Z])", truth.text)
    if len(sentences) > 1:
        yield from ((sentence, "one sentence of several") for sentence in sentences if len(sentence.split()) >= 5)


def _clause_order(truth: Truth) -> Iterator[Change]:
    """The condition in front of a single sentence goes behind: "In pregnancy, use X." -> "Use X, in pregnancy." """
    match = re.fullmatch(r"((?:After|In|With|Without|For|On) [^,;:.()]{4,60}), ([^;:]{10,})\.", truth.text)
    if match and not re.match(r"[A-Z]\w+ \(\d", match[2]) and len(re.findall(r"[.!?] [A-Z]", truth.text)) == 0:
        condition = match[1][0].lower() + match[1][1:]
        yield f"{match[2][0].upper()}{match[2][1:]}, {condition}.", "condition moved behind"


def _typography(truth: Truth) -> Iterator[Change]:
    space = re.sub(rf"({NUMBER}) (?=mg|micrograms|ng/L|pg/mL|pmol/L|%|weeks|months|days)", "\\1\u00a0", truth.text)
    thin = re.sub(rf"({NUMBER}) (?=mg|ng/L|pg/mL|pmol/L|%)", "\\1\u202f", truth.text)
    bold = re.sub(rf"((?:{NUMBER}[–-])?{NUMBER} (?:mg|micrograms|ng/L|pg/mL|pmol/L))\b", r"**\1**", truth.text)
    tight = re.sub(r"(\d) %", r"\1%", truth.text)
    for text, change in ((space, "no-break space"), (thin, "thin space"), (bold, "bold"), (tight, "no space before %")):
        if text != truth.text:
            yield text, change


def _same(truth: Truth) -> Iterator[Change]:
    if truth.text == truth.passage_text:
        yield truth.text, "word for word"


def _example(truth: Truth) -> Iterator[Change]:
    """What a rule says must pass, as its author wrote it."""
    if truth.text != truth.passage_text:
        yield truth.text, "accepted example of a rule"


CORRECT_KINDS: Mapping[str, Maker] = {
    "same": _same,
    "rule-example": _example,
    "one-sentence": _one_sentence,
    "lead-in": _lead_in,
    "unit-rewritten": _units,
    "number-word": _number_words,
    "range-written": _ranges,
    "clause-order": _clause_order,
    "typography": _typography,
    **{kind: _synonyms(table) for kind, table in SYNONYMS.items()},
}


def correct_variants(truths: Sequence[Truth]) -> list[Variant]:
    """All correct variants, each text once per kind and passage; those whose amounts would differ are left out.

    That last guard is the generator watching itself: a rewriting that changes an amount is a mistake here, not there.
    """
    made: list[Variant] = []
    for kind, maker in CORRECT_KINDS.items():
        for truth in truths:
            made += [
                Variant(kind, False, text, truth.passage, truth.text, change)
                for text, change in maker(truth)
                if (kind in ("same", "rule-example") or text != truth.text)
                and (kind == "one-sentence" or _same_amounts(truth.text, text))
            ]
    return list({(v.kind, v.passage, v.text): v for v in made}.values())


def _same_amounts(a: str, b: str) -> bool:
    with_units = [{x.key for x in find_amounts(text.replace("*", "")) if x.dimension != "1"} for text in (a, b)]
    return with_units[0] == with_units[1]


def _in_range(text: str, match: re.Match[str]) -> bool:
    before = text[: match.start()]
    return bool(re.search(r"\d ?(?:[-–]| to | and | or ) ?$", before))


def _like(match: re.Match[str], new: str) -> str:
    new = match.expand(new)
    return new[:1].upper() + new[1:] if match[0][:1].isupper() and match.start() == 0 else new
