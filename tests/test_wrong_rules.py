"""A hospital's rule that is wrong is refused with file, line and reason; never-events are contradicted in any wording."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assistant.adapters.corpus import check_corpus, read_corpus
from assistant.checker import Checker, check_rules
from assistant.records import Verdict
from assistant.settings import default_corpus

RULE = """
[ward-dose]
kind = "dose"
drug = "examplamol"
dose = "1 g"
route = "oral"
frequency = "every 6 hours"
population = "adults"
jurisdiction = "uk"
passage = "pain#adults.1"
quote = "examplamol 1 g by mouth every 6 hours for adults"
accept = ["Give adults examplamol 1 g by mouth every 6 hours.", "Examplamol 1000 mg orally every 6 hours in adults."]
reject = ["Give adults examplamol 10 g by mouth every 6 hours.", "Give adults examplamol 1 mg by mouth every 6 hours."]
"""

WRONG = [
    # form
    ('kind = "dose"', 'kind = "dosage"', "kind 'dosage' is not one of"),
    ('dose = "1 g"\n', "", "dose is missing"),
    ('dose = "1 g"', "dose = 1.0", "dose must be a string, so that it stays exact"),
    ('route = "oral"', 'root = "oral"', "unknown key 'root'"),
    ('jurisdiction = "uk"', 'jurisdiction = "gb"', "jurisdiction 'gb' is not one of"),
    ("[ward-dose]", "[Ward dose]", "not valid TOML"),
    ("[ward-dose]", "[Ward-Dose]", "id must be lower-case"),
    ('"Examplamol 1000 mg orally every 6 hours in adults."]', "]", "accept needs at least two"),
    ("reject = [", "refuse = [", "unknown key 'refuse'"),
    ('drug = "examplamol"', 'drug = "examplamol', "not valid TOML"),
    # what it points to
    ("pain#adults.1", "pain#adults.9", "passage 'pain#adults.9' does not exist"),
    ('quote = "examplamol 1 g by mouth', 'quote = "examplamol 1 g orally', "does not stand word for word"),
    ("[ward-dose]", "[examplamol-adult]", "used twice"),
    # substance
    ('dose = "1 g"', 'dose = "10 g"', "the quote does not hold '10 g'"),
    ('dose = "1 g"', 'dose = "1,5 g"', "must not be relied on"),
    ('dose = "1 g"', 'dose = "l g"', "states no number that can be read"),
    ('route = "oral"', 'route = "by owl"', "route 'by owl' is not in the route table"),
    ('frequency = "every 6 hours"', 'frequency = "now and again"', "frequency 'now and again' cannot be read"),
    ("orally every 6 hours in adults", "intravenously every 6 hours in adults", "accept is contradicted"),
    ("Give adults examplamol 10 g by", "Give adults examplamol 1 g by", "reject is verified"),
]


@pytest.mark.parametrize(("old", "new", "reason"), WRONG)
def test_a_wrong_rule_is_refused_with_file_line_and_reason(old: str, new: str, reason: str, tiny_corpus: Path) -> None:
    assert old in RULE
    changed = RULE.replace(old, new, 1) if old != "pain#adults.1" else RULE.replace(old, new)
    (tiny_corpus / "rules" / "ward.toml").write_text(changed, encoding="utf-8")
    problems = check_corpus(tiny_corpus) or check_rules(read_corpus(tiny_corpus))
    found = [problem for problem in problems if reason in problem.reason and "ward" in f"{problem}"]
    assert found, [problem.reason for problem in problems]
    assert {problem.path for problem in found} == {"rules/ward.toml"}
    assert all(1 <= problem.line <= 14 for problem in found)


def test_the_rule_itself_is_taken_without_touching_code(tiny_corpus: Path) -> None:
    (tiny_corpus / "rules" / "ward.toml").write_text(RULE, encoding="utf-8")
    assert check_corpus(tiny_corpus) == []
    corpus = read_corpus(tiny_corpus)
    assert not [problem for problem in check_rules(corpus) if problem.path == "rules/ward.toml"]
    assert corpus.rules["ward-dose"].line == 2


@pytest.fixture(scope="module")
def checker() -> Checker:
    return Checker(read_corpus(default_corpus()))


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Give low-dose methotrexate 10 mg daily.", "folate-methotrexate-never-daily"),
        ("Methotrexate 15 mg every day is used in psoriasis.", "folate-methotrexate-never-daily"),
        ("For arthritis, take methotrexate 2.5 mg once a day.", "folate-methotrexate-never-daily"),
        ("Give potassium chloride 20 mmol as an undiluted injection.", "potassium-bolus"),
        ("Give potassium chloride as an IV push.", "potassium-bolus"),
        ("In arrest, intravenous potassium may be given as a bolus.", "potassium-bolus"),
        ("Give leucovorin 15 mg intrathecally.", "mtx-leucovorin-intrathecal"),
        ("Folinic acid can be injected into the spinal fluid.", "mtx-leucovorin-intrathecal"),
        ("Apply ice after vincristine extravasation.", "extr-cold-for-vinca"),
    ],
)
def test_a_never_event_is_contradicted_by_its_rule(text: str, rule: str, checker: Checker) -> None:
    checked = checker.check_statement(text)
    assert checked.verdict is Verdict.CONTRADICTED
    assert rule in {claim.rule for claim in checked.claims if claim.verdict is Verdict.CONTRADICTED}


def test_no_tenfold_opioid_is_verified(checker: Checker) -> None:
    """Every number of every rule about an opioid, ten times as large, in each of its accepted sentences."""
    opioids = ("morphine", "oxycodone", "fentanyl", "codeine", "tramadol", "hydromorphone")
    rules = read_corpus(default_corpus()).rules.values()
    sentences = [
        (rule.passage, text) for rule in rules for text in rule.accept if any(o in text.lower() for o in opioids)
    ]
    assert len(sentences) > 20
    for passage, text in sentences:
        for dose in re.finditer(r"\b(\d+)(?= ?(?:mg|micrograms))", text):
            wrong = f"{text[: dose.end()]}0{text[dose.end() :]}"
            assert checker.check_statement(wrong, passage_ids=(passage,)).verdict is not Verdict.VERIFIED, wrong
