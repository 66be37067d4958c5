"""The dated list of retracted works: reading it, refusing a wrong one, and making it from a register."""

from dataclasses import replace
from datetime import date

import pytest

from assistant.records import Reference
from assistant.retractions import COLUMNS, RetractedWork, RetractionList, compare, read_retractions, written

WORK = Reference(
    id="a2020", title="A", authors="A B", year=2020, container="J", type="cohort", depth="abstract", licence="x",
    doi="10.1000/ABC", pmid="123",
)  # fmt: skip
HEAD = 'as_of = 2026-11-22\nregister = "a register"\ncompared = 3\n'


def register(*rows: tuple[str, str, str, str, str]) -> list[str]:
    return [",".join(COLUMNS), *(",".join(row) for row in rows)]


@pytest.mark.parametrize(
    ("row", "day"),
    [
        (("10.1000/abc", "0", "Retraction", "3/1/2024 0:00", "10.1000/note"), date(2024, 3, 1)),
        (("unavailable", "123", "Retraction", "2024-03-01", "10.1000/note"), date(2024, 3, 1)),
        (("10.1000/abc", "", "Expression of concern", "soon", "10.1000/note"), None),
        (("10.1000/abc", "", "Retraction", "13/45/2024", "10.1000/note"), None),
    ],
)
def test_a_notice_is_found_by_identifier(row: tuple[str, str, str, str, str], day: date | None) -> None:
    found = compare([WORK], register(row), name="a register", as_of=date(2026, 11, 22))
    assert found.works == (RetractedWork("a2020", row[2].casefold(), "10.1000/note", day),)
    assert found.compared == 1


@pytest.mark.parametrize(
    "row",
    [
        ("10.1000/other", "0", "Retraction", "", ""),
        ("10.1000/abc", "0", "Correction", "", ""),
        ("unavailable", "0", "Retraction", "", ""),
    ],
)
def test_another_work_or_another_nature_is_not_taken(row: tuple[str, str, str, str, str]) -> None:
    nameless = replace(WORK, id="b", doi=None, pmid=None)
    found = compare([WORK, nameless], register(row), name="r", as_of=date(2026, 1, 1))
    assert (found.works, found.compared) == ((), 1)


def test_a_table_that_is_not_the_register_is_refused() -> None:
    with pytest.raises(ValueError, match="no column OriginalPaperDOI"):
        compare([WORK], ["a,b", "1,2"], name="r", as_of=date(2026, 1, 1))


def test_the_written_list_reads_back() -> None:
    row = ("10.1000/abc", "0", "Retraction", "2024-03-01", "unavailable")
    made = compare([WORK], register(row), name='the "register"', as_of=date(2026, 11, 22))
    assert read_retractions(written(made), path="retractions.toml") == (made, [])


def test_only_a_retraction_marks_the_work() -> None:
    concern = RetractionList(date(2026, 1, 1), "r", 1, (RetractedWork("a2020", "expression of concern", "n"),))
    gone = RetractionList(date(2026, 1, 1), "r", 1, (RetractedWork("a2020", "retraction", "n"),))
    assert not concern.marked({"a2020": WORK})["a2020"].retracted
    assert gone.marked({"a2020": WORK})["a2020"].retracted


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("as_of = ]\n", 1, "not valid TOML"),
        (HEAD.replace("2026-11-22", '"today"'), 1, "as_of must be a date"),
        (HEAD.replace('"a register"', '""'), 1, "register is missing"),
        (HEAD.replace("3", "-1"), 1, "compared must be"),
        (HEAD + "colour = 1\n", 1, "unknown key 'colour'"),
        (HEAD + '\n[[work]]\nnature = "retraction"\nnotice = "n"\n', 5, "id is missing"),
        (HEAD + '\n[[work]]\nid = "a"\nnature = "gossip"\nnotice = "n"\n', 5, "nature 'gossip'"),
        (HEAD + '\n[[work]]\nid = "a"\nnature = "retraction"\nnotice = "n"\ndate = "x"\n', 5, "date must be a date"),
        (HEAD + '\n[[work]]\nid = "a"\nnature = "retraction"\nnotice = "n"\nwhy = "x"\n', 5, "unknown key 'why'"),
    ],
)
def test_a_wrong_list_is_refused_with_its_line(text: str, line: int, reason: str) -> None:
    found, problems = read_retractions(text, path="retractions.toml")
    assert found is None
    assert problems[0].line == line
    assert reason in problems[0].reason
