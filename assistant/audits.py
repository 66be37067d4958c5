"""An audit of a text as JSON (``audit/1``): every statement with its claims, and the worst verdict of all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assistant.answers import claim_to_json
from assistant.records import CheckedStatement
from assistant.verdicts import worst


def audit_to_json(statements: Sequence[CheckedStatement]) -> dict[str, Any]:
    return {
        "schema": "audit/1",
        "verdict": worst(s.verdict for s in statements).value if statements else "not_checkable",
        "statements": [
            {
                "text": statement.text,
                "start": statement.start,
                "end": statement.end,
                "verdict": statement.verdict.value,
                "claims": [claim_to_json(claim) for claim in statement.claims],
            }
            for statement in statements
        ],
    }
