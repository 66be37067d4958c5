"""A statement against its passage: what agrees is verified, and no single changed slot ever is."""

import pytest

from assistant.checker import Checker, check_rules
from assistant.records import Verdict
from tests.tiny_checker_corpus import RULES, tiny_corpus

CHECKER = Checker(tiny_corpus())


def verdict(text: str, *names: str) -> Verdict:
    return CHECKER.check_statement(text, passage_ids=tuple(f"tiny#{name}.1" for name in names)).verdict


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("With tremor, give examplamol 5 mg intramuscularly on alternate days until no further improvement, "
         "then 5 mg every 2 months.", "with"),
        ("With tremor: examplamol 5 mg IM every other day until no further improvement.", "with"),
        ("In people with tremor, give examplamol 5000 micrograms IM every 2 days.", "with"),
        ("Give examplamol 5,000 mcg intramuscularly every 2 days in tremor.", "with"),
        ("With tremor the maintenance dose of examplamol is 5 mg every 2 months.", "with"),
        ("Without tremor, examplamol 5 mg IM three times weekly for two weeks.", "without"),
        ("Without tremor, examplamol 5 mg IM 3 times a week for 14 days, then 5 mg every 2 to 3 months.", "without"),
        ("Fictose above 300 mg/dL was associated with migraine (OR 2.9, 95 % CI 1.5 to 5.9).", "effect"),
        ("Fictose above 300 mg/dL was associated with gout (OR 6.2).", "effect"),
        ("A fictose below 180 mg/dL confirms deficiency.", "threshold"),
        ("Never give samplamycin alone in undiagnosed tremor.", "negative"),
        ("Samplamycin must not be given alone in undiagnosed tremor.", "negative"),
        ("Consider repeating the fictose test after 3 months.", "consider"),
        ("Samplamycin 250 mg orally every 8 hours for 7 days.", "twice"),  # by convention, noted
        ("Samplamycin 250 mg three times daily for one week.", "twice"),
        ("US label: examplamol 30 mcg subcutaneously daily for 10 days.", "us"),
    ],
)  # fmt: skip
def test_right_statements_are_verified(text: str, name: str) -> None:
    checked = CHECKER.check_statement(text, passage_ids=(f"tiny#{name}.1",))
    assert checked.verdict is Verdict.VERIFIED, [claim.reason for claim in checked.claims]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("With tremor, examplamol 50 mg IM every other day.", "with"),  # tenfold
        ("With tremor, examplamol 0.5 mg IM every other day.", "with"),
        ("With tremor, examplamol 5 micrograms IM every other day.", "with"),  # unit
        ("With tremor, examplamol fifty mg IM every other day.", "with"),  # in words
        ("With tremor, examplamol 5 mg IV every other day.", "with"),  # route
        ("With tremor, examplamol 5 mg orally every other day.", "with"),
        ("With tremor, examplamol 5 mg IM every day.", "with"),  # frequency
        ("With tremor, examplamol 5 mg IM three times a week.", "with"),  # the other regimen
        ("Without tremor, examplamol 5 mg IM on alternate days.", "with"),  # population
        ("With tremor, samplamycin 5 mg IM every other day.", "with"),  # drug
        ("With tremor, examplamol 5 mg every 2 months, then 5 mg IM on alternate days.", "with"),  # steps turned
        ("With tremor the maintenance dose of examplamol is 5 mg on alternate days.", "with"),  # phase
        ("With tremor, examplamol 5 mg every 3 months.", "with"),
        ("Without tremor, examplamol 5 mg IM three times weekly for 3 weeks.", "without"),  # duration
        ("Without tremor, examplamol 5 mg every 2 to 4 months.", "without"),  # end of a range
        ("With tremor, do not give examplamol 5 mg IM on alternate days.", "with"),  # denial added
        ("Give samplamycin alone in undiagnosed tremor.", "negative"),  # denial dropped
        ("Fictose above 300 mg/dL was associated with gout (HR 6.2).", "effect"),  # measure
        ("Fictose above 300 mg/dL was associated with migraine (OR 6.2).", "effect"),  # bound to another outcome
        ("Fictose above 300 mg/dL was associated with gout (OR 2.9) and with migraine (OR 6.2).", "effect"),
        ("Fictose above 300 mg/dL was associated with gout (OR 6.2, 95 % CI 2.7–15.5).", "effect"),
        ("Fictose below 300 mg/dL was associated with gout (OR 6.2).", "effect"),  # comparator
        ("A fictose above 180 mg/dL confirms deficiency.", "threshold"),
        ("Offer a repeat fictose test after 3 months.", "consider"),  # strength
        ("A repeat fictose test after 3 months is required.", "consider"),
        ("UK label: examplamol 30 micrograms subcutaneously once daily for 10 days.", "us"),  # country
        ("Samplamycin 250 mg by mouth three times a day, at most 4 g in 24 hours.", "twice"),  # maximum
        ("With tremor, examplamol 5 mg IM every other day.", "without"),  # foreign citation
        ("With tremor, examplamol 5 mg IM every other day.", "effect"),
        ("With tremor and migraine, examplamol 5 mg IM every other day.", "with"),  # condition added
        ("With tremor, examplamol l mg IM every other day.", "with"),  # letter for a digit
        ("With tremor, examplamol 5\u200b0 mg IM every other day.", "with"),  # hidden character
        ("With tremor, examplamol ５ mg IM every other day.", "with"),  # digit of another width
        ("With tremor, examplamol 5 flurbs IM every other day.", "with"),  # unknown unit
    ],
)
def test_one_changed_slot_is_never_verified(text: str, name: str) -> None:
    assert verdict(text, name) is not Verdict.VERIFIED


def test_a_contradiction_shows_expected_observed_rule_and_quote() -> None:
    checked = CHECKER.check_statement("With tremor, examplamol 50 mg IM every other day.", passage_ids=("tiny#with.1",))
    claim = next(c for c in checked.claims if c.verdict is Verdict.CONTRADICTED)
    assert claim.kind == "dose"
    assert claim.expected is not None and claim.expected["value"] == "5" and claim.expected["unit"] == "mg"
    assert claim.observed is not None and claim.observed["value"] == "50"
    assert claim.rule == "loading-with-tremor"
    assert claim.source is not None and claim.source.passage == "tiny#with.1"
    passage = tiny_corpus().passages["tiny#with.1"].text
    assert passage[claim.source.start : claim.source.end] == claim.source.quote


def test_a_convention_is_named_in_the_reason() -> None:
    checked = CHECKER.check_statement("Samplamycin 250 mg orally every 8 hours.", passage_ids=("tiny#twice.1",))
    assert "8 hours" in checked.claims[0].reason


def test_offsets_count_in_the_statement() -> None:
    text = "With tremor, give examplamol 50 mg IM on alternate days."
    for claim in CHECKER.check_statement(text, passage_ids=("tiny#with.1",)).claims:
        assert 0 <= claim.start < claim.end <= len(text)
        assert claim.text.strip() in text


@pytest.mark.parametrize("text", ["Fictose is a marker of gout.", "Use fictose as a marker in gout."])
def test_a_forbidden_statement_is_contradicted_with_what_holds_instead(text: str) -> None:
    claim = next(c for c in CHECKER.check_statement(text).claims if c.rule == "no-marker")
    assert claim.verdict is Verdict.CONTRADICTED
    assert claim.source is not None and claim.source.quote == "Fictose is not a marker of gout"


def test_audit_finds_the_passage_by_itself_and_inherits_the_heading() -> None:
    text = (
        "# Treatment\n\nWith tremor:\n\n- examplamol 5 mg IM on alternate days until no further improvement 1\n"
        "- examplamol 5 mg IM three times a week for 2 weeks 2\n"
    )
    first, second = CHECKER.audit(text)
    assert first.verdict is Verdict.VERIFIED
    assert second.verdict is not Verdict.VERIFIED
    assert text[first.start : first.end] == first.text


def test_audit_against_a_given_text_uses_nothing_else() -> None:
    source = "The ward gives examplamol 7 mg by mouth twice a day for 3 days."
    assert CHECKER.audit("Examplamol 7 mg orally twice daily for 3 days.", source)[0].verdict is Verdict.VERIFIED
    assert CHECKER.audit("Examplamol 9 mg orally twice daily for 3 days.", source)[0].verdict is Verdict.CONTRADICTED
    own = "With tremor, give examplamol 5 mg intramuscularly on alternate days."  # in the corpus, not in the source
    assert CHECKER.audit(own, source)[0].verdict is not Verdict.VERIFIED


def test_repair_takes_the_number_from_the_source_or_gives_up() -> None:
    wrong = CHECKER.check_statement("A fictose below 190 mg/dL confirms deficiency.", passage_ids=("tiny#threshold.1",))
    assert CHECKER.repair(wrong, passage_ids=("tiny#threshold.1",)) == "A fictose below 180 mg/dL confirms deficiency."
    turned = CHECKER.check_statement("Give samplamycin alone in undiagnosed tremor.", passage_ids=("tiny#negative.1",))
    assert CHECKER.repair(turned, passage_ids=("tiny#negative.1",)) is None


def test_the_rules_of_the_corpus_hold() -> None:
    assert check_rules(tiny_corpus()) == []


def test_a_wrong_rule_is_named_with_file_and_line() -> None:
    from dataclasses import replace

    wrong = replace(
        RULES[0], accept=("With tremor, examplamol 6 mg IM every other day.",), reject=(RULES[0].accept[0],)
    )
    problems = check_rules(tiny_corpus((wrong,)))
    assert [(p.path, p.line) for p in problems] == [("rules/tiny.toml", 7)] * 2
    assert "accept" in problems[0].reason and "reject" in problems[1].reason


@pytest.mark.parametrize(
    "text",
    ["", " ", "\n\n", "?", "...", "1", "mg", "|", "||\n|-|", "\x00\x01", "\u202e5 mg", "#", "- ", "((((", "5" * 5000,
     "1 mg " * 400, "𝟙 mg", "ñ" * 300, "[1]", "a" * 10000, "\ud800"],
)  # fmt: skip
def test_no_text_raises(text: str) -> None:
    CHECKER.check_statement(text)
    CHECKER.audit(text)
    CHECKER.audit(text, text)


def test_the_same_text_gives_the_same_claims_again() -> None:
    text = "With tremor, examplamol 50 mg IM every other day. Fictose above 300 mg/dL: OR 2.9 for gout."
    assert Checker(tiny_corpus()).audit(text) == Checker(tiny_corpus()).audit(text) == CHECKER.audit(text)


DAYS = "Give examplamol 4 mg orally once daily on days 2–4 after surgery."


@pytest.mark.parametrize(
    ("statement", "is_verified"),
    [
        (DAYS, True),
        ("Examplamol 4 mg orally once daily on days 2–14 after surgery.", False),  # a schedule's end, no quantity
        ("After surgery, give examplamol 4 mg orally once daily on days 3–4.", False),
        ("After surgery give examplamol 4 mg orally once daily on days 2–40", False),  # looks like a bare citation
    ],
)
def test_figures_that_are_no_quantity_must_stand_in_the_source(statement: str, is_verified: bool) -> None:
    (checked,) = Checker(tiny_corpus()).audit(statement, source=DAYS)
    assert (checked.verdict is Verdict.VERIFIED) is is_verified


def test_a_number_at_the_end_of_a_cited_statement_is_no_citation_mark() -> None:
    """The writer's marks were taken off before: what is left is a number somebody states."""
    corpus = tiny_corpus()
    passage = next(iter(corpus.passages.values()))
    checked = Checker(corpus).check_statement(f"{passage.text.rstrip('.')} 17", passage_ids=(passage.id,))
    assert checked.verdict is not Verdict.VERIFIED
