"""Keyword search: stemmed, quoted, and never tripped by what a user types."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.adapters.keywords import KeywordIndex, Synonyms, build_keywords, edits, match_expression, query_words
from assistant.errors import RetrievalError

ROWS = [
    ("Give examplamol tablets for pain.", "Examplamol doses", "Trial of analgesia"),
    ("Vitamin B-12 falls after surgery of the stomach.", "Deficiency", ""),
    ("Do not repeat the injection; patients without pain need none.", "Injections", "notes on müller's sign"),
    ("Pain pain pain pain.", "", ""),
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> KeywordIndex:
    path = tmp_path_factory.mktemp("keywords") / "k.sqlite"
    assert build_keywords(path, ROWS) == 4
    return KeywordIndex(path)


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("tablet", 0),  # stemmed
        ("B12", 1),  # written apart in the text
        ("vitamin b 12", 1),
        ("gastric surgeries", 1),
        ("repeating injections", 2),
        ("ＥＸＡＭＰＬＡＭＯＬ", 0),  # full-width letters
        ('surgery" OR "x', 1),
    ],
)
def test_the_best_row_comes_first(index: KeywordIndex, question: str, first: int) -> None:
    assert index.search(question, 5)[0][0] == first


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "the of and",
        "?!",
        '"',
        "***",
        "\x00",
        "AND OR NOT",
        "text:pain",
        "NEAR(pain, 2)",
        "pain*",
        "^pain",
        "-pain",
        "{a}",
        "'" * 99,
    ],
)
def test_no_input_is_a_syntax_error(index: KeywordIndex, text: str) -> None:
    assert all(score > 0 for _, score in index.search(text, 3))


def test_only_stop_words_find_nothing(index: KeywordIndex) -> None:
    assert index.search("what should I do about the", 3) == []
    assert index.search("pain", 0) == []


def test_negations_are_looked_for() -> None:
    assert query_words("Is it not given without pain?") == ["not", "without", "pain"]


def test_quotes_are_doubled_not_passed_on() -> None:
    assert match_expression(['a"b', "c"]) == '"a""b" OR "c"'


def test_fields_are_apart(index: KeywordIndex) -> None:
    assert [row for row, _ in index.search("injection", 5, field="heading")] == [2]
    assert [row for row, _ in index.search("analgesia", 5, field="notes")] == [0]
    assert index.search("analgesia", 5) == []
    assert [row for row, _ in index.search("muller", 5, field="notes")] == [2]  # without its umlaut
    with pytest.raises(ValueError, match="no field"):
        index.search("pain", 5, field="text; DROP TABLE text")


def test_further_words_are_looked_for_too(index: KeywordIndex) -> None:
    assert {row for row, _ in index.search("tablets", 5, more=["vitamin"])} == {0, 1}


def test_counts_and_holders(index: KeywordIndex) -> None:
    assert index.count("pains") == 3
    assert index.holding("pain", [1, 2, 3]) == {2, 3}
    assert index.rows == 4


def test_a_very_long_question_is_cut_not_refused(index: KeywordIndex) -> None:
    assert index.search("examplamol " + " ".join(f"word{n}" for n in range(5000)), 1)[0][0] == 0


def test_missing_and_damaged_files_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(RetrievalError, match="assistant index"):
        KeywordIndex(tmp_path / "none.sqlite")
    (tmp_path / "bad.sqlite").write_bytes(b"not a database" * 100)
    with pytest.raises(RetrievalError, match="assistant index"):
        KeywordIndex(tmp_path / "bad.sqlite")


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> KeywordIndex:
    path = tmp_path_factory.mktemp("names") / "k.sqlite"
    build_keywords(
        path, [("Hydroxyexamplin for neurological deficiency", "Malabsorption", ""), ("Injection sites", "", "")]
    )
    return KeywordIndex(path)


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("hidroxyexemplin", "hydroxyexamplin"),
        ("nerologic", "neurolog"),  # the stem of a word that was also cut short
        ("deficency", "defici"),
        ("injecton", "inject"),
    ],
)
def test_misspelled_words_are_recognised(names: KeywordIndex, word: str, found: str) -> None:
    assert found in names.respelled(word)
    assert names.search("zzz", 3, more=names.respelled(word))


@pytest.mark.parametrize(
    "word",
    [
        "injections",  # known, by its stem
        "site",  # short
        "b123456",  # digits are never guessed at
        "xylophone",
    ],
)
def test_other_words_are_left_alone(names: KeywordIndex, word: str) -> None:
    assert names.respelled(word) == ()


@pytest.mark.parametrize(
    ("one", "two", "distance"),
    [("", "", 0), ("abc", "abc", 0), ("abc", "acb", 1), ("abc", "abd", 1), ("abc", "ab", 1),
     ("abcd", "badc", 2), ("a", "xyz", 3)],
)  # fmt: skip
def test_edits(one: str, two: str, distance: int) -> None:
    assert edits(one, two, 2) == edits(two, one, 2) == distance


def test_synonyms_are_exact_and_need_whole_words() -> None:
    synonyms = Synonyms([("Vitamin X-12", "examplamin", "X12"), ("itch", "pruritus")])
    assert synonyms.of("Low examplamin and itch?") == {"examplamin": ("vitamin x 12", "x12"), "itch": ("pruritus",)}
    assert synonyms.of("vitamin X 12") == {"vitamin x 12": ("examplamin", "x12")}
    assert synonyms.of("examplamine, itching") == {}
    assert synonyms.of("") == {}
