"""The JSON Schemas for editors: they accept every file that ships and refuse what the readers refuse."""

import json
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from assistant.must_mention import read_must_mention
from assistant.references import read_references
from assistant.rules import KINDS, read_rules
from assistant.schemas import corpus_schemas
from assistant.vocabulary import read_terms

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT / "corpus"
SCHEMAS = corpus_schemas()


def plain(value: Any) -> Any:
    """A TOML table as JSON has it: dates as text."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def complaints(schema: str, value: Any) -> list[str]:
    return [error.message for error in Draft202012Validator(SCHEMAS[schema]).iter_errors(plain(value))]


def front_matter(path: Path) -> Any:
    return tomllib.loads(path.read_text(encoding="utf-8").split("+++")[1])


@pytest.mark.parametrize("name", SCHEMAS)
def test_each_schema_is_a_schema(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name])


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_shipped_copy_is_current(name: str) -> None:
    shipped = (ROOT / "docs" / "schemas" / name).read_text(encoding="utf-8")
    assert json.loads(shipped) == SCHEMAS[name], "run: assistant corpus schema --out docs/schemas"


@pytest.mark.parametrize(
    ("folder", "schema"), [("rules", "rules"), ("vocabulary", "vocabulary"), ("must_mention", "must-mention")]
)
def test_shipped_tables_pass(folder: str, schema: str) -> None:
    for path in sorted((CORPUS / folder).glob("*.toml")):
        found = complaints(f"{schema}.schema.json", tomllib.loads(path.read_text(encoding="utf-8")))
        assert found == [], path.name


def test_shipped_guidelines_references_and_retractions_pass() -> None:
    for path in sorted((CORPUS / "guidelines").glob("*.md")):
        assert complaints("front-matter.schema.json", front_matter(path)) == [], path.name
    references = json.loads((CORPUS / "references.json").read_text(encoding="utf-8"))
    assert complaints("references.schema.json", references) == []
    retractions = tomllib.loads((CORPUS / "retractions.toml").read_text(encoding="utf-8"))
    assert complaints("retractions.schema.json", retractions) == []


RULE = {
    "kind": "dose",
    "drug": "waterol",
    "dose": "1 mg",
    "passage": "a#b.1",
    "quote": "Give waterol 1 mg.",
    "accept": ["Waterol 1 mg.", "1 mg of waterol."],
    "reject": ["Waterol 2 mg.", "Waterol 1 g."],
}


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "dosage"},
        {"dose": None},
        {"drug": None},
        {"quote": None},
        {"accept": ["one"]},
        {"reject": None},
        {"colour": "red"},
        {"measure": "OR"},
        {"jurisdiction": "mars"},
        {"dose": 1},
    ],
)
def test_schema_and_reader_refuse_the_same_rules(change: dict[str, Any]) -> None:
    rule = {key: value for key, value in {**RULE, **change}.items() if value is not None}
    assert complaints("rules.schema.json", {"a-rule": rule}) != []
    assert read_rules(f"[a-rule]\n{as_toml(rule)}", path="rules/x.toml")[1] != []


def test_schema_and_reader_accept_the_same_rule() -> None:
    assert complaints("rules.schema.json", {"a-rule": RULE}) == []
    assert read_rules(f"[a-rule]\n{as_toml(RULE)}", path="rules/x.toml")[1] == []
    assert set(KINDS) == set(SCHEMAS["rules.schema.json"]["additionalProperties"]["properties"]["kind"]["enum"])


@pytest.mark.parametrize("change", [{"kind": "medicine"}, {"name": None}, {"nickname": "x"}, {"synonyms": "one"}])
def test_schema_and_reader_refuse_the_same_terms(change: dict[str, Any]) -> None:
    base = {"kind": "drug", "name": "waterol", "synonyms": ["aquol"]}
    term = {key: value for key, value in {**base, **change}.items() if value is not None}
    assert complaints("vocabulary.schema.json", {"waterol": term}) != []
    assert read_terms(f"[waterol]\n{as_toml(term)}", path="vocabulary/x.toml")[1] != []


@pytest.mark.parametrize("change", [{"kind": "nice"}, {"topic": None}, {"passages": []}, {"why": "x"}])
def test_schema_and_reader_refuse_the_same_items(change: dict[str, Any]) -> None:
    base = {"topic": "water", "item": "drink", "kind": "core", "passages": ["a#b.1"]}
    item = {key: value for key, value in {**base, **change}.items() if value is not None}
    assert complaints("must-mention.schema.json", {"item": [item]}) != []
    assert read_must_mention(f"[[item]]\n{as_toml(item)}", path="must_mention/x.toml")[1] != []


@pytest.mark.parametrize(
    "change", [{"DOI": "https://doi.org/10.1/x"}, {"DOI": None}, {"title": None}, {"colour": "red"}]
)
def test_schema_and_reader_refuse_the_same_references(change: dict[str, Any]) -> None:
    custom = {"study_type": "cohort", "depth": "abstract", "licence": "x", "jurisdiction": "uk", "note": "x"}
    base = {"id": "a2020", "type": "article-journal", "title": "A", "DOI": "10.1000/x", "custom": custom}
    work = {key: value for key, value in {**base, **change}.items() if value is not None}
    assert complaints("references.schema.json", [work]) != []
    assert read_references(json.dumps([work]), path="references.json")[1] != []


def as_toml(table: dict[str, Any]) -> str:
    return "\n".join(f"{key} = {json.dumps(value)}" for key, value in table.items())
