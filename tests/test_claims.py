"""Any text into sentences, items and rows: citation marks are found and blanked, offsets hold, context is inherited."""

import pytest

from assistant.claims import clean_statement, read_claims


def test_every_sentence_stands_where_it_says() -> None:
    text = "# Dose\n\nFor adults:\n\n- Give **5 mg** daily [1].\n- Stop after 3 days [2, 3]. Then wait.\n\n| Drug | Dose |\n|---|---|\n| X | 5 mg |\n"
    for sentence in read_claims(text):
        assert text[sentence.start : sentence.end] == sentence.text
        assert len(sentence.clean) == len(sentence.text)


@pytest.mark.parametrize(
    ("text", "citations", "clean"),
    [
        ("Give 5 mg daily [1, 2].", ("1", "2"), "Give 5 mg daily"),
        ("Give 5 mg daily [@smith2020; @lee].", ("@smith2020", "@lee"), "Give 5 mg daily"),
        ("Give it to adults.³", ("3",), "Give it to adults."),
        ("Give it to adults.<sup>4,5</sup>", ("4", "5"), "Give it to adults."),
        ("See [the label](http://x.org/a_b) first.", (), "the label"),
        ("Low values were common in liver disease 3, 4", ("3", "4"), "Low values were common in liver disease"),
        ("Manage the cause, not the level. 1, 2", ("1", "2"), "Manage the cause, not the level."),
        ("Counts of 10⁹/L and areas in m² stay.", (), "Counts of 10⁹/L and areas in m² stay."),
    ],
)
def test_citation_marks_are_blanked(text: str, citations: tuple[str, ...], clean: str) -> None:
    (sentence,) = read_claims(text)
    assert sentence.citations == citations
    assert clean in sentence.clean
    assert not any(mark.isdigit() and f" {mark}" in sentence.clean for mark in citations)


@pytest.mark.parametrize(
    "text",
    [
        "Give it every 2",  # cut short, but no citation
        "This is type 2",
        "A score of 3",
        "Treat when the potassium 6",
        "The dose is 5",
        "Use stage 3",
        "Give 5 mg 2",  # a number behind an amount is not understood, so it stays
    ],
)
def test_numbers_that_belong_to_a_word_are_not_citations(text: str) -> None:
    assert read_claims(text)[0].clean == text


def test_bare_numbers_are_citations_when_other_lines_end_so_too() -> None:
    text = "- Recheck the low B12 2\n- Give it every 2 months 7\n- Look for a cause 1, 4\n"
    assert [s.citations for s in read_claims(text)] == [("2",), ("7",), ("1", "4")]
    assert clean_statement("Recheck the low B12 2") == "Recheck the low B12 2"  # alone it may be a value


def test_items_inherit_heading_and_lead_in() -> None:
    text = "## Dosing\n\nWith tremor:\n\n- first dose\n- second dose\n\nWithout tremor:\n\n- third dose\n"
    items = [s for s in read_claims(text) if s.kind == "item"]
    assert [s.lead for s in items] == [
        ("Dosing", "With tremor"),
        ("Dosing", "With tremor"),
        ("Dosing", "Without tremor"),
    ]


def test_a_table_row_inherits_its_header() -> None:
    (row,) = [s for s in read_claims("| Drug | Dose |\n|---|---|\n| examplamol | 5 mg |\n") if s.kind == "row"]
    assert row.lead == ("Drug , Dose",)
    assert "|" not in row.clean


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Give 0.5 mg daily. Then stop.", 2),
        ("Use e.g. examplamol daily.", 1),
        ("Fig. 3 shows it. See Dr. Smith.", 2),
        ("One line that is wrapped because it is much too long to stand on a single\nline of text.", 1),
        ("It rose (see below. Then it fell) again.", 1),
        ("Why? Because. Really!", 3),
    ],
)
def test_sentences_end_where_they_end(text: str, count: int) -> None:
    assert len(read_claims(text)) == count
