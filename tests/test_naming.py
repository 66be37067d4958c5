"""What the names, short forms and values of a question mean together."""

import re
from pathlib import Path

import pytest

from assistant.naming import meant_by_values, read_mentions, spelled_out, together, value_limits
from assistant.records import Term
from assistant.vocabulary import Vocabulary

VOCABULARY = Vocabulary(
    [
        Term("cytokine-release-syndrome", "topic", "cytokine release syndrome", ambiguous=("CRS",)),
        Term("sickle-cell-disease", "condition", "sickle cell disease", ambiguous=("SCD",)),
        Term("cord-degeneration", "condition", "cord degeneration", ambiguous=("SCD",)),
        Term("methotrexate", "drug", "methotrexate", synonyms=("MTX",)),
        Term("cancer", "condition", "cancer"),
        Term("gastric-cancer", "condition", "gastric cancer", classes=("cancer",)),
        Term("venous-thromboembolism", "condition", "venous thromboembolism", synonyms=("DVT",)),
        Term("cancer-associated-thrombosis", "topic", "cancer-associated thrombosis"),
        Term("hypokalaemia", "condition", "hypokalaemia"),
        Term("hyperkalaemia", "condition", "hyperkalaemia"),
    ]
)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("CRS grade 3", {"cytokine-release-syndrome"}),
        ("crs grade 3", set()),  # only capitals make a short form
        ("SCD crisis", set()),  # two terms have it
        ("WHAT IS THE TREATMENT OF CRS", set()),  # all capitals tell nothing
        ("MTX level", {"methotrexate"}),
    ],
)
def test_a_short_form_is_read_where_only_one_term_has_it(text: str, read: set[str]) -> None:
    assert {mention.term for mention in read_mentions(text, VOCABULARY) if not mention.ambiguous} == read


def test_short_forms_are_spelled_out_once() -> None:
    text = "CRS after MTX, CRS again"
    assert list(spelled_out(text, read_mentions(text, VOCABULARY), VOCABULARY)) == [
        "cytokine release syndrome",
        "methotrexate",
    ]


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("DVT in gastric cancer", ["cancer-associated-thrombosis"]),  # a narrower name counts for the wider
        ("DVT in pregnancy", []),
        ("gastric cancer", []),
        ("cancer-associated thrombosis with DVT and cancer", []),  # named already
    ],
)
def test_names_together_make_a_topic(text: str, topics: list[str]) -> None:
    assert list(together(text, read_mentions(text, VOCABULARY), VOCABULARY)) == topics


@pytest.mark.parametrize(
    ("slots", "findings"),
    [
        ({"potassium": "2.1"}, ["hypokalaemia"]),
        ({"potassium": "6.8 mmol/L"}, ["hyperkalaemia"]),
        ({"potassium": "4.2 mmol/L"}, []),
        ({"potassium": "6.8 mg"}, []),  # no unit of a concentration
        ({"sodium": "118"}, []),  # the vocabulary has no name for it
    ],
)
def test_a_value_outside_its_limit_is_a_finding(slots: dict[str, str], findings: list[str]) -> None:
    assert list(meant_by_values(slots, VOCABULARY)) == findings


def test_every_limit_stands_in_the_passage_it_names() -> None:
    folder = Path(__file__).parents[1] / "corpus" / "guidelines"
    for term, entry in value_limits().items():
        number = (entry.get("below") or entry["above"]).split()[0]
        guideline, _, place = entry["passage"].partition("#")
        anchor, _, n = place.rpartition(".")
        section = (folder / f"{guideline}.md").read_text(encoding="utf-8").split(f"{{#{anchor}}}")[1].split("\n#")[0]
        text = [line for line in section.split("\n") if line.startswith("- ")][int(n) - 1]
        assert re.search(rf"(?<![\d.]){re.escape(number)}(?![\d])", text), f"{term}: {number} is not in {text!r}"
