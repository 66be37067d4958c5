"""Answers of other assistants as they are pasted: headings, nested bullets, tables, bold, superscript citations."""

from __future__ import annotations

import pytest

from assistant.checker import Checker
from assistant.commands.check import audit_table
from assistant.records import CheckedStatement
from tests.tiny_checker_corpus import tiny_corpus

SOURCE = """Noxafen 0.2 mg/kg intravenously once daily for up to 5 days in adults with gout.
Examplamol 500 mg by mouth twice daily for 7 days in adults with fever.
Noxafen is contraindicated in asthma.
"""

ANSWER = """# Gout

**Bottom line:** Noxafen is **contraindicated** in asthma.¹

## Doses

| Drug | Dose (mg/kg) | Route | Frequency | Duration (days) |
|:--|--:|---|---|---|
| Noxafen, adults with gout | 0.2 | IV | once daily | up to 5 |
| Noxafen, adults with gout | 2 | IV | once daily | up to 5 |
| Noxafen, adults with gout | 0.2 | IV | once daily | up to 50 |

- **Noxafen** (gout)
  - 0.2 mg/kg intravenously *once daily*²
  - 0.2 mg/kg **orally** once daily<sup>2</sup>
- Examplamol
  1. `500 mg` by mouth twice daily for 7 days 3, 4
  2. 5000 mg by mouth twice daily for 7 days [3]

Noxafen is safe in asthma
The dose is unknown
"""

EXPECTED = [
    ("contraindicated", "verified"),
    ("| 0.2 | IV | once daily | up to 5 |", "verified"),
    ("| 2 | IV", "contradicted"),
    ("up to 50", "contradicted"),
    ("intravenously *once", "verified"),
    ("**orally**", "not verified"),
    ("`500 mg`", "verified"),
    ("5000 mg", "contradicted"),
    ("safe in asthma", "not verified"),
]


@pytest.fixture(scope="module")
def audited() -> tuple[CheckedStatement, ...]:
    return Checker(tiny_corpus()).audit(ANSWER, SOURCE)


@pytest.mark.parametrize(("piece", "verdict"), EXPECTED)
def test_every_statement_of_a_pasted_answer_is_judged(
    piece: str, verdict: str, audited: tuple[CheckedStatement, ...]
) -> None:
    (found,) = [statement for statement in audited if piece in statement.text]
    if verdict == "not verified":
        assert found.verdict.value != "verified"
    else:
        assert found.verdict.value == verdict, [claim.reason for claim in found.claims]
    assert ANSWER[found.start : found.end] == found.text


def test_claims_point_into_the_cell_that_holds_the_number(audited: tuple[CheckedStatement, ...]) -> None:
    (row,) = [statement for statement in audited if "| 2 | IV" in statement.text]
    claim = next(c for c in row.claims if c.kind == "dose")
    assert claim.observed is not None
    assert (claim.observed["value"], claim.observed["unit"]) == ("2", "mg/kg")
    assert "2" in row.text[claim.start : claim.end]


def test_a_line_that_says_something_is_no_heading(audited: tuple[CheckedStatement, ...]) -> None:
    """Left unchecked it would look as if nothing were wrong with it."""
    texts = [statement.text for statement in audited]
    assert any("contraindicated" in text for text in texts)
    assert "Noxafen is safe in asthma" in "\n".join(texts)
    assert not any(text in ("Gout", "Doses", "**Noxafen** (gout)") for text in texts)


@pytest.mark.parametrize("width", [80, 120])
def test_the_table_fits_the_terminal_and_holds_no_markup(width: int, audited: tuple[CheckedStatement, ...]) -> None:
    table = audit_table(audited, width=width, show_all=True)
    assert max(map(len, table.splitlines())) <= width
    assert not any(mark in table for mark in ("**", "|", "<sup>", "`"))
    assert "Noxafen, adults with gout · 2 · IV · once daily · up to 5" in " ".join(table.split())
    assert "expected" in table and "0.2" in table
