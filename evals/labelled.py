"""``assistant eval labelled FILE``: verdicts of the checker beside labels that people gave.

FILE holds rows {id, text, label, source?} (``assistant eval import`` makes them). A text is audited against its source, or against
the corpus where it has none. The table counts verdicts by label: what of the entailed texts is verified, and whether anything
labelled contradicted, neutral or error is (the dangerous cell).
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from evals.cases import CaseError, read_rows
from evals.metrics import rate
from evals.report import row_of

VERDICTS = ("verified", "contradicted", "not_found", "not_checkable")
TRUE_LABELS = frozenset({"entailed", "entailment", "clean", "correct"})


def counted(rows: Sequence[tuple[int, Mapping[str, Any]]], checker: Any, *, path: Path) -> dict[str, Counter[str]]:
    """Verdicts by label; the verdict of a text is the worst of its claims. A text without a claim is not checkable."""
    found: dict[str, Counter[str]] = {}
    for line, row in rows:
        if not isinstance(row.get("text"), str) or not isinstance(row.get("label"), str):
            raise CaseError(path.name, line, "needs text and label")
        verdicts = {str(s.verdict.value) for s in checker.audit(row["text"], row.get("source"))}
        worst = next(
            (v for v in ("contradicted", "not_found", "not_checkable", "verified") if v in verdicts), "not_checkable"
        )
        found.setdefault(row["label"].casefold(), Counter())[worst] += 1
    return found


def main(arguments: Sequence[str]) -> int:
    from rich.console import Console
    from rich.table import Table

    from evals.fault_suite import open_checker

    p = argparse.ArgumentParser(prog="assistant eval labelled", description=(__doc__ or "").split("\n\n")[0])
    p.add_argument("file", type=Path)
    p.add_argument("--json", action="store_true")
    args = p.parse_args(arguments)
    found = counted(read_rows(args.file), open_checker(), path=args.file)
    if args.json:
        print(json.dumps({label: dict(counts) for label, counts in found.items()}))
        return 0
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in ("label", *VERDICTS, "verified", "95 % interval"):
        table.add_column(column, justify="left" if column == "label" else "right", no_wrap=True)
    for label, counts in sorted(found.items()):
        share = rate(counts["verified"], sum(counts.values()))
        style = "" if label in TRUE_LABELS or not counts["verified"] else "red"
        table.add_row(label, *(str(counts[v]) for v in VERDICTS), *row_of(share)[:2], style=style)
    Console().print(table)
    return 0
