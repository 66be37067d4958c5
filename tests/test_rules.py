"""Rule tables and the pattern language of forbidden statements."""

import pytest

from assistant.rules import KINDS, Pattern, read_rules

RULE = """
[examplamol-adult]
kind = "dose"
drug = "examplamol"
dose = "1 g"
route = "oral"
jurisdiction = "uk"
population = "adults"
passage = "pain#adults.1"
quote = "examplamol 1 g"
accept = ["Give 1 g.", "Give 1000 mg."]
reject = ["Give 10 g.", "Give 1 mg."]
references = ["label2021"]
"""


def test_reads_slots_apart_from_what_binds_them() -> None:
    (rule,), problems = read_rules(RULE, path="rules/pain.toml")
    assert problems == []
    assert dict(rule.slots) == {"drug": "examplamol", "dose": "1 g", "route": "oral"}
    assert (rule.kind, rule.passage, rule.jurisdiction, rule.population) == ("dose", "pain#adults.1", "uk", "adults")
    assert (rule.path, rule.line, rule.references) == ("rules/pain.toml", 2, ("label2021",))


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('dose = "1 g"\n', "", "dose is missing"),
        ('quote = "examplamol 1 g"\n', "", "quote is missing"),
        ('kind = "dose"', 'kind = "amount"', "kind 'amount' is not one of"),
        ('route = "oral"', 'road = "oral"', "unknown key 'road'"),
        ('route = "oral"', "route = 3", "must be a string"),
        ('route = "oral"', 'value = "1 g"', "unknown key 'value' for kind dose"),
        ('jurisdiction = "uk"', 'jurisdiction = "mars"', "jurisdiction 'mars'"),
        ('["Give 1 g.", "Give 1000 mg."]', '["Give 1 g.", "Give 1 g."]', "at least two different"),
        ('["Give 10 g.", "Give 1 mg."]', '"Give 10 g."', "list of sentences"),
        ('["label2021"]', '"label2021"', "references must be a list"),
        ("[examplamol-adult]", "[Examplamol]", "lower-case"),
    ],
)
def test_refuses(old: str, new: str, reason: str) -> None:
    assert old in RULE
    rules, problems = read_rules(RULE.replace(old, new), path="rules/pain.toml")
    assert rules == []
    assert any(reason in problem.reason for problem in problems), problems
    assert {problem.line for problem in problems} == {2}


def test_effect_needs_a_subject_and_a_readable_interval() -> None:
    effect = """
[e]
kind = "effect"
measure = "OR"
value = "2"
outcome = "bleeding"
ci = "1.3-4.5"
passage = "p"
quote = "q"
accept = ["a", "b"]
reject = ["c", "d"]
"""
    _, problems = read_rules(effect, path="rules/e.toml")
    assert [problem.reason for problem in problems] == [
        "[e] one of about, analyte, drug is missing",
        '[e] ci must be written "low to high"',
    ]


def test_every_kind_has_slots() -> None:
    assert all(slots.required for slots in KINDS.values())


MARKER = "b12|cobalamin & tumour marker|tumor marker & monitor*|follow"


@pytest.mark.parametrize(
    ("sentence", "is_found"),
    [
        ("Monitor B12 as a tumour marker.", True),
        ("A tumour-marker such as cobalamin needs monitoring.", True),  # any order, hyphen, any ending of the star
        ("Use B12 as a tumor  marker and follow it.", True),
        ("Monitor B12.", False),  # a group is missing
        ("Monitor B120 as a tumour marker.", False),  # whole words only
        ("Monitor B12 as tumour markers.", False),  # no star, no other ending
    ],
)
def test_pattern(sentence: str, is_found: bool) -> None:
    assert bool(Pattern.read(MARKER).find(sentence)) is is_found


@pytest.mark.parametrize(
    ("pattern", "sentence", "is_found"),
    [
        ("3.9 %|3.9%", "in 3.9 % of people", True),
        ("3.9 %|3.9%", "in about 3.9% of people", True),
        ("3.9 %|3.9%", "in 13.9% of people", False),  # another number
        ("5.90|5.9", "OR 5.90", True),
        ("5.90|5.9", "OR 5.9.", True),  # at the end of a sentence
        ("5.90|5.9", "OR 5.95", False),
        ("5.9", "OR 5.9.1", False),
        ("pet-ct", "order PET-CT now", True),
    ],
)
def test_pattern_with_numbers(pattern: str, sentence: str, is_found: bool) -> None:
    assert bool(Pattern.read(pattern).find(sentence)) is is_found


def test_spans_follow_the_groups() -> None:
    text = "A tumour marker: B12. Monitor it."
    spans = Pattern.read(MARKER).find(text)
    assert [text[span.start : span.end] for span in spans] == ["B12", "tumour marker", "Monitor"]


def test_negation_of_the_pattern_itself_is_no_denial_of_it() -> None:
    text = "Raised B12 does not cause harm."
    spans = Pattern.read("b12 & does not cause harm|no harm").find(text)
    assert [(span.start, span.end) for span in spans] == [(7, 7), (11, 11)]


@pytest.mark.parametrize("text", ["", "a &", "a & | b", "& a", "%"])
def test_pattern_that_says_nothing_is_refused(text: str) -> None:
    assert not Pattern.is_valid(text)
