"""The scorers' own reader of amounts and words: exact, and independent of the product's parser."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import evals.faults
import evals.matching
import evals.paraphrases
from evals.matching import (
    BASE_UNITS,
    UNITS,
    find_amounts,
    find_effects,
    fold,
    has_effect,
    has_quantity,
    has_words,
    matches,
)


@pytest.mark.parametrize("module", [evals.matching, evals.faults, evals.paraphrases])
def test_shares_nothing_with_the_product(module: object) -> None:
    tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))  # type: ignore[attr-defined]
    imported = {n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    imported |= {alias.name for n in ast.walk(tree) if isinstance(n, ast.Import) for alias in n.names}
    assert not [name for name in imported if name.split(".")[0] == "assistant"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("hydroxocobalamin 1 mg", ["1000 mass"]),
        ("1,000 micrograms", ["1000 mass"]),  # the same amount
        ("1000 µg, 1000 μg", ["1000 mass", "1000 mass"]),  # micro sign and Greek mu
        ("0.5 mg", ["500 mass"]),
        ("180–350 ng/L", ["180..350 mass/l"]),
        ("180 ng/L to 350 ng/L", ["180..350 mass/l"]),
        ("between 180 and 350 pg/mL", ["180..350 mass/l"]),
        ("9 and 14 %", ["9 percent", "14 percent"]),  # "and" alone joins two amounts
        ("every two to three months", ["2..3 months"]),
        ("for two weeks", ["14 days"]),
        ("1 year", ["12 months"]),
        ("4 weeks", ["28 days"]),  # never a month
        ("vitamin B12 and CA19", []),  # names, not numbers
        ("one of them", []),  # a pronoun
        ("25 017 patients", ["25017 1"]),
        ("133 pmol/L", ["133 mol/l"]),  # molar stays apart from mass
        ("5\u200b0 mg", ["50000 mass"]),  # a hidden character does not hide a number
    ],
)
def test_find_amounts(text: str, wanted: list[str]) -> None:
    shown = [f"{a.low}{'' if a.low == a.high else f'..{a.high}'} {a.dimension}" for a in find_amounts(text)]
    assert shown == wanted


@pytest.mark.parametrize(
    ("effect", "text", "found"),
    [
        ("OR 4.21 (2.67 to 6.64)", "adjusted OR 4.21, 95 % CI 2.67–6.64", True),
        ("OR 4.21 (2.67 to 6.64)", "an odds ratio of 4.21 (95% CI 2.67 to 6.64)", True),
        ("OR 4.21 (2.67 to 6.64)", "hazard ratio 4.21 (2.67 to 6.64)", False),
        ("OR 4.21 (2.67 to 6.64)", "OR 4.21 (2.67 to 6.46)", False),
        ("HR 5.90 (2.79 to 12.45)", "(HR 5.9, 95 % CI 2.79–12.45; France)", True),  # 5.9 is 5.90
        ("HR 5.90", "the hazard ratio is 5.90 and no odds ratio", True),
        ("OR 5.90", "the hazard ratio is 5.90 and no odds ratio", False),
        ("OR 1.96 (1.18 to 3.25)", "OR 4.21 (2.67 to 6.64) and OR 1.96 (1.18 to 3.25)", True),
    ],
)
def test_has_effect(effect: str, text: str, found: bool) -> None:
    assert has_effect(effect, fold(text)) is found


def test_effects_are_listed_in_order() -> None:
    found = find_effects("SIR 3.44 (3.14 to 3.76) and SIR 6.27")
    assert [(name, float(value)) for name, value, _ in found] == [("SIR", 3.44), ("SIR", 6.27)]


@pytest.mark.parametrize(
    ("words", "text", "found"),
    [
        ("not", "this is a note", False),  # whole words
        ("neuro*", "Neurological involvement", True),
        ("alternate days|every other day", "Every other day", True),
        ("tumor marker|tumour marker", "a tumour  marker", True),
        ("us", "because", False),
    ],
)
def test_has_words(words: str, text: str, found: bool) -> None:
    assert has_words(words, fold(text)) is found


@pytest.mark.parametrize(
    ("matcher", "text", "found"),
    [
        ({"quantity": "1 mg", "near": ["alternate day*"]}, "1000 micrograms on alternate days", True),
        ({"quantity": "1 mg", "near": ["alternate day*"]}, "1 mg daily", False),
        ({"quantity": "1 mg"}, "10 mg", False),
        ({"quantity": "3 months", "not_near": ["2"]}, "every 2 to 3 months", False),  # a range is not its end
        ({"text_any": ["tumour marker"], "not_near": ["not"]}, "do not use it as a tumour marker", False),
        ({"any_of": [{"quantity": "2 mg"}, {"text_any": ["stop"]}]}, "stop it", True),
    ],
)
def test_matches(matcher: dict[str, object], text: str, found: bool) -> None:
    assert matches(matcher, text) is found


def test_every_dimension_has_a_base_unit_of_factor_one() -> None:
    for dimension, unit in BASE_UNITS.items():
        assert not unit or UNITS[unit.lower()] == (dimension, 1)


def test_an_unreadable_wanted_amount_is_an_error_not_a_miss() -> None:
    with pytest.raises(ValueError, match="must be one amount"):
        has_quantity("some", "some")
