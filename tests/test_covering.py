"""A verified claim names the rule that covers its number: in its quote the number stands, and its values it holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.adapters.corpus import read_corpus
from assistant.checker import Checker
from assistant.covering import covering_rule, read_covers
from assistant.frames import read_text
from assistant.records import Rule, Verdict
from assistant.rules import BLOCKING
from assistant.settings import default_corpus
from assistant.vocabulary import Vocabulary

PASSAGE = (
    "Examplamol 1 mg orally every 3 months, at most 4 mg a day; then 1 mg weekly for 6 weeks, and review after 2 g/kg. "
    "Noxafen goes with falls (OR 2.40)."
)


def rule(id: str, quote: str, **slots: str) -> Rule:
    return Rule(id, "dose", slots, "pain#dosing.1", quote, None, None, (), (), "rules.toml", 1)


RULES = (
    rule("first", "Examplamol 1 mg orally every 3 months", dose="1 mg", frequency="every 3 months"),
    rule("ceiling", "at most 4 mg a day", value="4 mg"),
    rule("later", "then 1 mg weekly for 6 weeks", dose="1 mg", frequency="weekly", duration="6 weeks"),
    rule("loose", "review after 2 g/kg", value="2 g/kg/day"),
    rule("effect", "OR 2.40", value="2.40"),
    rule("elsewhere", "a quote that the passage does not hold", dose="6 weeks"),
)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("1 mg orally every 3 months", "first"),
        ("4 mg", "ceiling"),
        ("1 mg weekly", "later"),  # the same amount as "first", but it stands in another quote
        ("2 g/kg", "loose"),  # "2 g/kg" is the rule's "2 g/kg/day" without its period
        ("OR 2.40", "effect"),
    ],
)
def test_the_rule_is_the_one_whose_quote_holds_the_number(number: str, expected: str) -> None:
    words = Vocabulary(())
    covers = read_covers(RULES, PASSAGE, words)
    at = PASSAGE.index(number)
    frame = next(f for f in read_text(PASSAGE, words).frames if f.start < at + len(number) and at < f.end)
    found = covering_rule(frame, covers, offset=0)
    assert found is not None
    assert found.id == expected


def test_no_rule_covers_another_number_or_a_number_outside_its_quote() -> None:
    words = Vocabulary(())
    covers = read_covers(RULES, PASSAGE, words)
    other = read_text("Examplamol 7 mg orally once a year", words).frames[0]
    assert covering_rule(other, covers, offset=0) is None
    ceiling = next(f for f in read_text(PASSAGE, words).frames if "4 mg" in f.text)
    assert covering_rule(ceiling, covers[:1], offset=0) is None, "4 mg is not in the quote of the first rule"


def test_in_a_plain_variant_the_values_alone_decide() -> None:
    """A quote does not stand word for word in the plain wording, so its place says nothing."""
    words = Vocabulary(())
    covers = read_covers(RULES, PASSAGE, words)
    frame = read_text("1 mg weekly for 6 weeks", words).frames[0]
    found = covering_rule(frame, covers, offset=None)
    assert found is not None
    assert found.id == "later"


def test_a_statement_repeated_word_for_word_names_its_rule(tiny_corpus: Path) -> None:
    corpus = read_corpus(tiny_corpus)
    checked = Checker(corpus).check_statement(corpus.passages["pain#adults.2"].text, passage_ids=("pain#adults.2",))
    assert checked.verdict is Verdict.VERIFIED
    assert {claim.reason for claim in checked.claims} == {"stands in the source (word for word)"}
    assert "examplamol-maximum" in {claim.rule for claim in checked.claims}


def test_a_warning_without_numbers_names_the_rule_that_it_is_quoted_by(tiny_corpus: Path) -> None:
    corpus = read_corpus(tiny_corpus)
    passage = corpus.passages["rash#bottom-line.1"]
    claims = Checker(corpus).check_statement(passage.text, passage_ids=(passage.id,)).claims
    assert "not-restarted" in {claim.rule for claim in claims}


def test_nearly_every_rule_of_the_corpus_is_named_by_its_own_examples() -> None:
    """Not all: an example may repeat only the words around the rule's value ("US label, reported second-hand")."""
    corpus = read_corpus(default_corpus())
    checker = Checker(corpus)
    examples = [
        (rule.id, rule.passage, rule.accept[0])
        for rule in list(corpus.rules.values())[::4]
        if rule.kind not in BLOCKING
    ]
    named = sum(
        id in {claim.rule for claim in checker.check_statement(text, passage_ids=(passage,)).claims}
        for id, passage, text in examples
    )
    assert named / len(examples) > 0.95, f"{named} of {len(examples)}"
