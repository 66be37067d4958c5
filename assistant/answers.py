"""An Answer to the JSON contract ``answer/1`` (docs/contract.md).

Beside the fields of the contract, which never change their meaning, these are written: ``statements[].passage``,
``.jurisdiction``, ``.evidence`` (primary, summary or secondary: how the facts were read), ``.dosage`` (a row of the
dosing table: drug, dose, route, frequency, duration, population; null for other statements), ``claims[].reason``,
``withheld[].passages``, ``provenance.model`` and, with ``explain``, ``understanding`` and ``hits``. Pure; key order
is fixed, so that equal answers give equal bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistant.records import Answer, CheckedClaim, Hit, NumberedReference, Statement, Understanding, Withheld

SCHEMA = "answer/1"


def answer_to_json(answer: Answer, *, explain: bool = False) -> dict[str, Any]:
    """Only strings, numbers of counting, lists, objects and null; medical numbers are exact decimal strings."""
    row: dict[str, Any] = {
        "schema": SCHEMA,
        "state": answer.state.value,
        "question": answer.question,
        "understood_as": answer.understood_as,
        "audience": answer.audience.value,
        "jurisdiction": answer.jurisdiction,
        "slots": dict(answer.slots),
        "statements": [statement_to_json(statement) for statement in answer.statements],
        "withheld": [_withheld(entry) for entry in answer.withheld],
        "references": [_reference(entry) for entry in answer.references],
        "guidance": [
            {
                "id": used.id,
                "title": used.title,
                "version": used.version,
                "status": used.status.value,
                "updated": used.updated.isoformat(),
                "review_by": used.review_by.isoformat(),
            }
            for used in answer.guidance
        ],
        "conflicts": [{"about": conflict.about, "sides": list(conflict.sides)} for conflict in answer.conflicts],
        "notices": list(answer.notices),
        "not_covered": list(answer.not_covered),
        "follow_ups": list(answer.follow_ups),
        "provenance": {
            "corpus": answer.provenance.corpus,
            "rules": answer.provenance.rules,
            "writer": answer.provenance.writer,
            "template": answer.provenance.template,
            "assistant": answer.provenance.assistant,
            "model": answer.provenance.model,
        },
        "timings_ms": dict(answer.timings_ms),
    }
    if explain:
        row["understanding"] = _understanding(answer.understanding) if answer.understanding else None
        row["hits"] = [_hit(hit) for hit in answer.hits]
    return row


def statement_to_json(statement: Statement) -> dict[str, Any]:
    return {
        "id": statement.id,
        "section": statement.section.value,
        "text": statement.text,
        "citations": list(statement.citations),
        "claims": [claim_to_json(claim) for claim in statement.claims],
        "passage": statement.passage,
        "jurisdiction": statement.jurisdiction,
        "evidence": statement.evidence,
        "dosage": dict(statement.dosage) if statement.dosage else None,
    }


def claim_to_json(claim: CheckedClaim) -> dict[str, Any]:
    return {
        "kind": claim.kind,
        "text": claim.text,
        "start": claim.start,
        "end": claim.end,
        "verdict": claim.verdict.value,
        "reason": claim.reason,
        "rule": claim.rule,
        "expected": _slots(claim.expected),
        "observed": _slots(claim.observed),
        "source": {
            "passage": claim.source.passage,
            "start": claim.source.start,
            "end": claim.source.end,
            "quote": claim.source.quote,
        }
        if claim.source
        else None,
    }


def _slots(slots: Mapping[str, str] | None) -> dict[str, str] | None:
    return dict(slots) if slots is not None else None


def _withheld(entry: Withheld) -> dict[str, Any]:
    return {
        "reason": entry.reason,
        "claims": [claim_to_json(claim) for claim in entry.claims],
        "passages": list(entry.passages),
    }


def _reference(entry: NumberedReference) -> dict[str, Any]:
    work = entry.reference
    return {
        "n": entry.n,
        "id": work.id,
        "title": work.title,
        "authors": work.authors,
        "year": work.year,
        "container": work.container,
        "volume": work.volume,
        "pages": work.pages,
        "doi": work.doi,
        "pmid": work.pmid,
        "url": work.url,
        "type": work.type,
        "depth": work.depth,
        "jurisdiction": work.jurisdiction,
        "grade": work.grade,
        "retracted": work.retracted,
        "superseded_by": work.superseded_by,
    }


def _understanding(understanding: Understanding) -> dict[str, Any]:
    return {
        "text": understanding.text,
        "kind": understanding.kind,
        "topics": list(understanding.topics),
        "slots": dict(understanding.slots),
        "jurisdiction": understanding.jurisdiction,
        "notes": list(understanding.notes),
    }


def _hit(hit: Hit) -> dict[str, Any]:
    return {"passage": hit.passage_id, "score": hit.score, "rank": hit.rank, "parts": dict(hit.parts)}
