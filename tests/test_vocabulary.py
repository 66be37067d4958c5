"""Names found in a text: exact or listed, longest first, never by nearness."""

import time

import pytest

from assistant.records import Term
from assistant.vocabulary import Vocabulary, read_terms, shared_forms

TERMS = (
    Term("examplamol", "drug", "examplamol", synonyms=("exampelmol",), brands=("Exampladol",), classes=("painkiller",)),
    Term("examplamol-sr", "drug", "examplamol slow release"),
    Term("painkiller", "class", "painkiller", synonyms=("pain-relieving medicine",), classes=("medicine",)),
    Term("medicine", "class", "medicine"),
    Term("b12", "analyte", "vitamin B12", synonyms=("B12", "B-12", "vitamin B 12"), unit="ng/L"),
    Term("intramuscular", "route", "intramuscular", synonyms=("IM", "into a muscle")),
    Term("lymphoblastic", "condition", "acute lymphoblastic leukaemia", ambiguous=("ALL",)),
    Term("stenosis", "condition", "pulmonary artery stenosis", ambiguous=("PA",)),
    Term("pernicious", "condition", "pernicious anaemia", ambiguous=("PA",)),
    Term("nitrous", "drug", "nitrous oxide", synonyms=("N2O", "laughing gas")),
    Term("metastasis", "condition", "liver metastasis", synonyms=("liver metastases",)),
)
VOCABULARY = Vocabulary(TERMS)


def found(text: str) -> list[tuple[str, str]]:
    return [(mention.term, mention.text) for mention in VOCABULARY.find(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Give examplamol.", [("examplamol", "examplamol")]),
        ("EXAMPLAMOL, Exampladol", [("examplamol", "EXAMPLAMOL"), ("examplamol", "Exampladol")]),
        ("exampelmol is a listed misspelling", [("examplamol", "exampelmol")]),
        ("examplamoll", []),  # one letter more is another word
        ("exemplamol", []),  # one letter changed: it may be another drug
        ("preexamplamol", []),  # no part of a word
        ("examplamol slow release", [("examplamol-sr", "examplamol slow release")]),  # longest wins
        ("examplamol slow-release", [("examplamol-sr", "examplamol slow-release")]),
        ("examplamol slow", [("examplamol", "examplamol")]),  # falls back to the shorter name
        ("examplamol. Slow release", [("examplamol", "examplamol")]),  # a full stop ends a name
        ("painkillers", [("painkiller", "painkillers")]),
        ("a painkiller's effect", [("painkiller", "painkiller")]),
        ("pain relieving medicines", [("painkiller", "pain relieving medicines")]),
        (
            "vitamin B12, vitamin-B12 and vitamin B 12",
            [("b12", "vitamin B12"), ("b12", "vitamin-B12"), ("b12", "vitamin B 12")],
        ),
        ("B-12 and b12", [("b12", "B-12"), ("b12", "b12")]),
        ("hepatitis B 12 weeks ago", []),  # the hyphen of B-12 counts
        ("vitamin B₁₂", [("b12", "vitamin B₁₂")]),  # subscript digits
        ("1 mg IM", [("intramuscular", "IM")]),
        ("I'm well, im fine", []),  # two capitals count with their case
        ("ALL in remission", [("lymphoblastic", "ALL")]),
        ("all in remission", []),
        ("N2O, n2o", [("nitrous", "N2O"), ("nitrous", "n2o")]),
        ("nitrous\noxide", [("nitrous", "nitrous\noxide")]),  # broken over two lines
        ("liver metastases", [("metastasis", "liver metastases")]),
        ("", []),
    ],
)
def test_find(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


def test_spans_count_in_the_text_as_given() -> None:
    text = "Ärztin: give Exampladol — now"
    (mention,) = VOCABULARY.find(text)
    assert text[mention.start : mention.end] == "Exampladol" == mention.text


def test_shared_short_form_names_both_terms_and_says_so() -> None:
    mentions = VOCABULARY.find("known PA")
    assert [(mention.term, mention.ambiguous) for mention in mentions] == [("stenosis", True), ("pernicious", True)]
    assert not VOCABULARY.find("examplamol")[0].ambiguous


def test_broader_terms_reach_to_the_top() -> None:
    assert VOCABULARY.broader("examplamol") == {"examplamol", "painkiller", "medicine"}


def test_long_text_is_read_in_linear_time() -> None:
    text = "vitamin examplamol slow nitrous " * 6000
    started = time.perf_counter()
    VOCABULARY.find(text)
    assert time.perf_counter() - started < 2


def test_forms_that_two_terms_share_unmarked() -> None:
    unmarked = (Term("a", "drug", "alphamol"), Term("b", "drug", "betamol", synonyms=("Alphamol",)))
    assert list(shared_forms(unmarked)) == [("alphamol", ("a", "b"))]
    assert list(shared_forms(TERMS)) == []  # PA is listed as ambiguous in both


@pytest.mark.parametrize(
    ("toml", "reason"),
    [
        ('[x]\nname = "x"\n', "kind None"),
        ('[x]\nkind = "drug"\n', "name is missing"),
        ('[x]\nkind = "drug"\nname = "x"\nsynonyms = "y"\n', "list of words"),
        ('[x]\nkind = "drug"\nname = "x"\nsynonyms = ["y", "y"]\n', "twice"),
        ('[x]\nkind = "drug"\nname = "x"\nmolar_mass = 1355.4\n', "string"),
        ('[x]\nkind = "drug"\nname = "x"\ncodes = { atc = 3 }\n', "codes"),
        ('[x]\nkind = "drug"\nname = "x"\nweight = "3"\n', "unknown key 'weight'"),
        ("x = 1\n", "must be a table"),
        ("[x\n", "not valid TOML"),
    ],
)
def test_file_problems(toml: str, reason: str) -> None:
    _, problems = read_terms(toml, path="vocabulary/x.toml")
    assert [reason in problem.reason for problem in problems] == [True]
    assert problems[0].line == 1
