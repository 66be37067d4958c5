"""The registry: names are unique and documented, every calculator has a source, importing it is light."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.calculators.model import Calculator, Choice, Quantity
from assistant.calculators.reading import key, names_of, unit_code
from assistant.calculators.registry import calculate, calculators, describe, find, result_to_json
from assistant.units import comparable

ROOT = Path(__file__).resolve().parent.parent.parent
ALL = pytest.mark.parametrize("calculator", calculators(), ids=lambda c: c.name)


@ALL
def test_every_calculator_names_a_source_that_can_be_found(calculator: Calculator) -> None:
    assert calculator.sources
    assert any(source.url or source.doi or source.note or "J Med" in source.title for source in calculator.sources)
    assert not any("staging" in source.url for source in calculator.sources)
    assert calculator.formula and calculator.title


@ALL
def test_names_are_snake_case_and_lead_to_the_calculator(calculator: Calculator) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9_]*", calculator.name)
    for name in (calculator.name, calculator.title, calculator.name.upper().replace("_", " "), *calculator.aliases):
        assert find(name) is calculator


@ALL
def test_no_two_inputs_share_a_name(calculator: Calculator) -> None:
    assert len({item.name for item in calculator.inputs}) == len(calculator.inputs)
    for item in calculator.inputs:
        others = {key(other.name) for other in calculator.inputs if other is not item}
        assert not others & set(names_of(item)), f"{item.name} would hide another input"


@ALL
def test_units_and_bounds_of_inputs_are_sound(calculator: Calculator) -> None:
    for item in calculator.inputs:
        if not isinstance(item, Quantity):
            continue
        assert float(item.low) < float(item.high)
        if item.units[0] == "1":
            continue
        codes = [unit_code(unit) for unit in item.units]
        assert None not in codes, f"{item.name}: {item.units}"
        assert all(comparable(str(code), str(codes[0]), item.analyte or None) for code in codes)


@ALL
def test_choices_do_not_overlap(calculator: Calculator) -> None:
    for item in calculator.inputs:
        if isinstance(item, Choice):
            spellings = [word for option, words in item.options.items() for word in {key(w) for w in (option, *words)}]
            assert len(spellings) == len(set(spellings)), f"{calculator.name}.{item.name}"
            assert not item.default or item.default in item.options


@ALL
def test_the_description_is_complete_json(calculator: Calculator) -> None:
    row = json.loads(json.dumps(describe(calculator)))
    assert {"name", "title", "aliases", "formula", "unit", "inputs", "sources"} <= row.keys()
    for item in row["inputs"]:
        assert {"name", "label", "aliases", "type", "required"} <= item.keys()
        if item["type"] == "quantity":
            assert {"units", "low", "high", "bounds_unit", "unit_required"} <= item.keys()


@ALL
def test_the_document_lists_it(calculator: Calculator) -> None:
    assert f"| `{calculator.name}` |" in (ROOT / "docs" / "calculators.md").read_text(encoding="utf-8")


def test_the_document_lists_nothing_else() -> None:
    text = (ROOT / "docs" / "calculators.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([a-z0-9_]+)` \|", text, re.M)) == {c.name for c in calculators()}


def test_a_result_shows_operands_arithmetic_and_source() -> None:
    result = result_to_json(
        calculate("cockcroft_gault", {"age": "60", "sex": "F", "weight": "72kg", "creatinine": "88.4umol/L"})
    )
    assert (result["value"], result["exact"], result["unit"], result["text"]) == ("68", "68", "mL/min", "68 mL/min")
    assert result["operands"] == {
        "age": "60 years", "sex": "female", "weight": "72 kg", "creatinine": "1 mg/dL (from 88.4umol/L)"
    }  # fmt: skip
    assert result["steps"] == ["(140 - 60) x 72.00 kg / (72 x 1 mg/dL) x 0.85"]
    assert result["sources"][0]["title"].startswith("NCCN")


def test_the_same_inputs_give_the_same_bytes() -> None:
    inputs = {"age": "50", "sex": "male", "creatinine": "1.3mg/dL"}
    assert result_to_json(calculate("ckd_epi_2021", inputs)) == result_to_json(calculate("ckd_epi_2021", inputs))


def test_importing_the_registry_imports_no_family_and_no_unit_table() -> None:
    code = (
        "import sys, assistant.calculators.registry as r; print(*(m for m in sys.modules if m.startswith('assistant')))"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout.split()
    assert set(loaded) == {"assistant", "assistant.calculators", "assistant.calculators.registry"}
