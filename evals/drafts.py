"""Wrong drafts through the whole pipeline: a scripted chat model writes them, and none may reach the screen.

The checker alone is measured by ``fault_suite``; here verdict, repair, withholding and fallback work together.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from evals.fault_suite import Checked
from evals.faults import Variant
from evals.matching import fold
from evals.metrics import Rate, rate

PER_KIND = 8


@dataclass(frozen=True, slots=True)
class Scripted:
    """A writer that always drafts the same statement, citing the passage it was made from (or for)."""

    variant: Variant
    name: str = "scripted/1"

    def write(self, request: Any) -> Any:
        from assistant.records import Draft, DraftStatement, Section

        statement = DraftStatement(Section.STEPS, self.variant.text, (self.variant.passage,))
        return Draft((statement,), writer=self.name, model="scripted")


def sample(variants: Sequence[Variant], *, per_kind: int = PER_KIND) -> list[Variant]:
    """Evenly spread over each kind, in order; the hand-labelled ones, which cite several passages, are left out."""
    kinds: dict[str, list[Variant]] = {}
    for variant in variants:
        if "|" not in variant.passage and not variant.kind.startswith("by-hand"):
            kinds.setdefault(variant.kind, []).append(variant)
    return [v for group in kinds.values() for v in group[:: max(1, len(group) // per_kind)][:per_kind]]


def run_drafts(
    variants: Sequence[Variant], assistant: Any, *, progress: Callable[[Iterable[Variant]], Iterable[Variant]] = iter
) -> list[Checked]:
    """Asks with each variant as the model's draft; the question is the true statement, so that its passage is found.

    The verdict is "verified" when the draft's sentence is shown as it was written, else the answer's state. What else
    the answer holds (a repaired sentence, the offline writer's) is the ``answers`` suite's business.
    """
    drafted = []
    before = assistant.writer
    try:
        for variant in progress(variants):
            assistant.writer = Scripted(variant)
            start = time.perf_counter()
            try:
                answer = assistant.ask(variant.original[:400])
                verdict = "verified" if _is_shown(variant, answer) else str(answer.state.value)
                reason = "; ".join(withheld.reason for withheld in answer.withheld)
            except Exception as error:
                verdict, reason = f"error: {type(error).__name__}", str(error)
            drafted.append(Checked(variant, verdict, reason, (time.perf_counter() - start) * 1000))
    finally:
        assistant.writer = before
    return drafted


def rates(drafted: Sequence[Checked]) -> dict[str, Rate]:
    wrong = [d for d in drafted if d.variant.wrong]
    same = [d for d in drafted if d.variant.kind == "same"]
    found = {
        "wrong draft not shown": rate(sum(d.is_right for d in wrong), len(wrong)),
        "true draft shown": rate(sum(d.is_right for d in same), len(same)),
    }
    for kind in dict.fromkeys(d.variant.kind for d in wrong):
        group = [d for d in wrong if d.variant.kind == kind]
        found[f"wrong draft not shown: {kind}"] = rate(sum(d.is_right for d in group), len(group))
    return found


def _is_shown(variant: Variant, answer: Any) -> bool:
    # a true sentence under a foreign citation may well be shown, under the passage that holds it
    return any(
        fold(statement.text) == fold(variant.text)
        and (variant.kind != "foreign-citation" or statement.passage == variant.passage)
        for statement in answer.statements
    )
