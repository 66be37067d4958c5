"""One text read completely, and its JSON row."""

import json
import subprocess
import sys

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.parsing import read, reading_to_json


def test_row() -> None:
    text = "Give examplamol 20-40 mg orally twice daily for 2 weeks; OR 2.0 (95% CI 1.5-2.7). Do not give 5.0 mg."
    row = reading_to_json(read(text))
    first = row["quantities"][0]
    assert (first["text"], first["low"], first["high"], first["unit"], first["kind"]) == (
        "20-40 mg",
        "20",
        "40",
        "mg",
        "dose",
    )
    assert row["effects"][0]["ci_level"] == "0.95"
    assert [flag["kind"] for flag in row["flags"]] == ["trailing_zero"]
    assert row["dosages"] and row["polarity"]
    assert json.loads(json.dumps(row)) == row


def test_numbers_of_an_effect_are_marked_as_such() -> None:
    reading = read("OR 2.4 (95% CI 1.5-2.7) with 20 mg")
    assert [quantity.kind.value for quantity in reading.quantities] == ["effect", "effect", "effect", "dose"]


def test_what_fhir_cannot_say_stands_beside_it() -> None:
    rows = reading_to_json(read("Do not give 5 mg daily. Take 2 mg daily."))["dosages"]
    assert [row["negated"] for row in rows] == [True, False]
    doubted = reading_to_json(read("5 mg bd every 7 days"))["dosages"][0]
    assert doubted["distrust"] and not doubted["negated"]
    steps = reading_to_json(read("10 mg daily for 2 weeks, then 5 mg weekly until the count recovers"))["dosages"]
    assert steps[1]["until"] == "the count recovers"


def test_empty() -> None:
    assert reading_to_json(read("")) == {"quantities": [], "dosages": [], "polarity": [], "effects": [], "flags": []}


@settings(max_examples=100, deadline=None)
@given(st.text())
def test_any_text(text: str) -> None:
    reading = read(text)
    assert all(text[q.start : q.end] == q.text for q in reading.quantities)
    assert reading_to_json(reading) == reading_to_json(read(text))


def test_import_is_light() -> None:
    code = "import sys, assistant.parsing; print([m for m in ('torch', 'gradio', 'chromadb', 'langchain') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"
