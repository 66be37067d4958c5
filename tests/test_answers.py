"""The JSON contract ``answer/1``."""

import json

from assistant.answers import SCHEMA, answer_to_json
from assistant.extractive import ExtractiveWriter
from assistant.pipeline import answer
from assistant.records import Question
from tests.small_guidance import TODAY, VerbatimChecker, WordRetriever, small_corpus

CORPUS = small_corpus()
CONTRACT = (
    "schema state question understood_as audience jurisdiction slots statements withheld references guidance "
    "conflicts notices "
    "not_covered follow_ups provenance timings_ms"
)


def row(text: str, *, explain: bool = False) -> dict:  # type: ignore[type-arg]
    given = answer(
        Question(text),
        corpus=CORPUS,
        retriever=WordRetriever(CORPUS),
        fallback=ExtractiveWriter(CORPUS),
        checker=VerbatimChecker(CORPUS),
        today=TODAY,
    )
    return json.loads(json.dumps(answer_to_json(given, explain=explain)))


def test_every_state_has_the_same_keys_in_the_same_order() -> None:
    for text in ("Examplamol dose in wobble disease?", "capital of France", "", "He is not breathing"):
        assert list(row(text)) == CONTRACT.split()
    assert row("")["schema"] == SCHEMA


def test_statements_claims_and_references_hold_what_the_contract_names() -> None:
    given = row("Examplamol dose in wobble disease with neuropathy?")
    statement = given["statements"][0]
    assert {"id", "section", "text", "citations", "claims", "passage", "jurisdiction", "evidence", "dosage"} == set(
        statement
    )
    claim = statement["claims"][0]
    assert {"kind", "text", "start", "end", "verdict", "reason", "rule", "expected", "observed", "source"} == set(claim)
    quote = claim["source"]
    assert CORPUS.passages[quote["passage"]].text[quote["start"] : quote["end"]] == quote["quote"]
    assert {
        "n",
        "id",
        "title",
        "authors",
        "year",
        "container",
        "doi",
        "pmid",
        "url",
        "type",
        "depth",
        "jurisdiction",
        "grade",
    } <= set(given["references"][0])
    assert given["guidance"][0]["updated"] == "2026-01-01"
    assert given["provenance"]["writer"] == "extractive/1"


def test_understanding_only_when_asked_for() -> None:
    question = "Examplamol dose in wobble disease?"
    assert "understanding" not in row(question)
    explained = row(question, explain=True)
    assert explained["understanding"]["kind"] == "dose" and explained["understanding"]["notes"]
    assert explained["hits"][0]["rank"] == 1
