"""The fault generator: wrong statements are wrong, correct ones keep their amounts, and a seed gives the same again."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from assistant.adapters.corpus import read_corpus
from assistant.settings import default_corpus
from evals.fault_words import WORD_KINDS
from evals.faults import NUMBER_KINDS, UNGUARDED_KINDS, Truth, has_new_amount, truths_of, wrong_variants
from evals.matching import find_amounts, fold
from evals.paraphrases import CORRECT_KINDS, correct_variants

CORPUS = read_corpus(default_corpus())
# 250 of the corpus's statements, always the same while the corpus is: all of them would take minutes
ALL_TRUTHS = truths_of(CORPUS)
TRUTHS = random.Random(7).sample(ALL_TRUTHS, 250)
WRONG = wrong_variants(TRUTHS, seed=1)
CORRECT = correct_variants(TRUTHS)
MAKERS = {**NUMBER_KINDS, **UNGUARDED_KINDS, **WORD_KINDS, **CORRECT_KINDS}


def truth(text: str, passage: str | None = None) -> Truth:
    return Truth(text, "pain#dosing.1", passage or text)


@pytest.mark.parametrize(
    ("kind", "text", "wanted"),
    [
        ("tenfold", "Give 1.5 mg.", ["Give 15 mg."]),
        ("tenth", "Give 1.5 mg.", ["Give 0.15 mg."]),
        ("mg-micrograms", "Give 5 micrograms.", ["Give 5 mg."]),
        ("other-unit", "Below 180 ng/L.", ["Below 180 pmol/L.", "Below 180 ng/mL."]),
        ("interval", "1 mg every 2–3 months.", ["1 mg every 4 to 6 months.", "1 mg every 2–3 weeks."]),
        ("duration", "Give it for 2 weeks.", ["Give it for 6 weeks.", "Give it for 4 weeks.", "Give it for 2 months."]),
        ("range-end", "5–10 days", ["5–20 days", "2.5–10 days"]),
        ("maximum", "Give up to 4 g.", ["Give up to 8 g.", "Give up to 20 g."]),
        ("estimate-outside-interval", "OR 2.0 (1.0 to 4.0)", ["OR 2.0 (3.00 to 4.0)", "OR 2.0 (1.0 to 1.50)"]),
        ("effects-swapped", "A 2 (1 to 3) and B 5 (4 to 6)", ["A 5 (4 to 6) and B 2 (1 to 3)"]),
        ("number-in-words", "2 weeks", ["three weeks", "five weeks"]),
        ("frequency", "1 mg three times a week", ["1 mg three times a day", "1 mg once a week"]),
        ("route", "1 mg IM", ["1 mg IV", "1 mg by mouth"]),
        ("comparator", "At least 1 mg", ["At most 1 mg"]),
        ("comparator", "1000 ng/L or more", ["1000 ng/L or less"]),
        ("population", "With neurological involvement", ["Without neurological involvement"]),
        ("drug", "Hydroxocobalamin 1 mg", ["Cyanocobalamin 1 mg", "Folic acid 1 mg"]),
        ("effect-measure", "OR 4.21", ["HR 4.21", "RR 4.21"]),
        ("negation-dropped", "Do not wait.", ["Wait."]),
        ("negation-added", "It should be given.", ["It should not be given."]),
        ("negation-added", "It should never be given.", []),  # two negations would make it true again
        ("strength-raised", "Consider an injection.", ["Always offer an injection.", "You must give an injection."]),
        ("jurisdiction", "In the UK", ["In the US"]),
        (
            "phase-swapped",
            "1 mg on alternate days, then 1 mg every 2 months.",
            ["1 mg every 2 months, then 1 mg on alternate days."],
        ),
        ("unit-rewritten", "1 mg", ["1000 micrograms", "1,000 micrograms"]),
        ("number-word", "for 2 weeks", ["for two weeks"]),
        ("range-written", "2–3 months", ["2 to 3 months", "2-3 months", "2 – 3 months"]),
        ("clause-order", "In pregnancy, use the active test.", ["Use the active test, in pregnancy."]),
        ("one-sentence", "Give it once every day. Stop now.", ["Give it once every day."]),  # too short to stand alone
    ],
)
def test_makers(kind: str, text: str, wanted: list[str]) -> None:
    made = list(dict.fromkeys(new for new, _ in MAKERS[kind](truth(text))))
    assert [new for new in made if new != text] == wanted


def test_a_phrase_of_the_same_passage_is_not_swapped_in() -> None:
    # "by mouth" stands in the passage: whether the sentence became wrong cannot be told from outside
    text = "1 mg IM"
    assert [new for new, _ in MAKERS["route"](truth(text, "1 mg IM or by mouth"))] == ["1 mg IV"]


def test_an_amount_of_the_same_passage_is_not_new() -> None:
    assert has_new_amount(truth("1 mg"), "10 mg")
    assert not has_new_amount(truth("1 mg", "1 mg, or 10 mg in crisis"), "10 mg")
    assert not has_new_amount(truth("1 mg"), "1000 micrograms")


def test_there_are_many_truths_and_variants() -> None:
    assert len(ALL_TRUTHS) >= 1000
    kinds = Counter(v.kind for v in WRONG)
    assert set(kinds) == {*NUMBER_KINDS, *UNGUARDED_KINDS, *WORD_KINDS, "foreign-citation"}
    assert set(CORRECT_KINDS) == {v.kind for v in CORRECT}
    assert sum(kinds.values()) >= 1000


def test_wrong_ones_differ_from_their_original_and_their_passage() -> None:
    for variant in WRONG:
        passage = CORPUS.passages[variant.passage].text
        if variant.kind == "foreign-citation":
            with_units = {a.key for a in find_amounts(variant.text) if a.dimension != "1"}
            assert not with_units & {a.key for a in find_amounts(passage)}, variant
        else:
            assert variant.text != variant.original
            # to the letter, since a disguise may fold into something that the passage has
            assert variant.text not in passage, variant


def test_correct_ones_keep_every_amount() -> None:
    for variant in CORRECT:
        now, before = (
            {a.key for a in find_amounts(t.replace("*", "")) if a.dimension != "1"}
            for t in (variant.text, variant.original)
        )
        assert now <= before, variant
        assert now == before or variant.kind == "one-sentence"


def test_no_correct_text_is_also_a_wrong_one() -> None:
    wrong = {(v.passage, fold(v.text)) for v in WRONG if v.kind != "disguised-digits"}
    assert not [v for v in CORRECT if (v.passage, fold(v.text)) in wrong]


def test_the_same_seed_gives_the_same_variants() -> None:
    some = TRUTHS[:30]
    first, again, other = (wrong_variants(some, seed=seed) for seed in (1, 1, 2))
    assert first == again
    assert correct_variants(some) == correct_variants(some)
    assert other != first
    assert [v for v in other if v.kind != "foreign-citation"] == [v for v in first if v.kind != "foreign-citation"]
