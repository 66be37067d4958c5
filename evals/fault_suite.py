"""Runs the checker over generated and hand-labelled sentences: what it lets through, and what it stops without reason.

The dangerous cell is a wrong statement that comes back ``verified``; a false alarm is a correct one that does not.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

from evals.cases import CASES, CaseError, read_rows
from evals.faults import Variant, truths_of, wrong_variants
from evals.metrics import Rate, rate
from evals.paraphrases import correct_variants

MANUAL = CASES / "faults_manual.jsonl"
WORDED = CASES / "faults_worded.jsonl"
DANGEROUS = CASES / "faults_dangerous.jsonl"
PER_KIND = 300  # every passage makes some thirty sentences; the whole of them would take the better part of an hour


class Checks(Protocol):
    def check_statement(self, text: str, *, passage_ids: tuple[str, ...]) -> Any: ...


@dataclass(frozen=True, slots=True)
class Checked:
    """A variant with the checker's verdict, or ``error:`` and the exception's name."""

    variant: Variant
    verdict: str
    reason: str
    milliseconds: float

    @property
    def is_right(self) -> bool:
        return (self.verdict == "verified") != self.variant.wrong

    def as_json(self) -> dict[str, Any]:
        return {
            **asdict(self.variant),
            "verdict": self.verdict,
            "reason": self.reason,
            "milliseconds": round(self.milliseconds, 2),
        }


def variants_of(corpus: Any, *, seed: int = 0, split: str = "all") -> list[Variant]:
    """Wrong, correct and hand-labelled variants. A passage belongs to "dev" or "test" as a case does, by its id."""
    from evals.cases import split_of

    truths = [t for t in truths_of(corpus) if split in ("all", split_of(t.passage))]
    manual = [v for v in manual_variants(corpus) if split in ("all", split_of(v.original))]
    worded = [v for v in worded_variants(corpus) if split in ("all", split_of(v.passage))]
    dangerous = [v for v in dangerous_variants(corpus) if split in ("all", split_of(v.original))]
    return [*wrong_variants(truths, seed=seed), *correct_variants(truths), *manual, *worded, *dangerous]


def sample(variants: Sequence[Variant], *, per_kind: int = PER_KIND, seed: int = 0) -> list[Variant]:
    """At most ``per_kind`` of each kind, chosen by ``seed`` alone, in their order; the hand-labelled ones all stay."""
    kinds: dict[str, list[int]] = {}
    for i, variant in enumerate(variants):
        kinds.setdefault(variant.kind, []).append(i)
    kept: set[int] = set()
    for kind, group in kinds.items():
        # a chooser for each kind: what is kept of one does not depend on how many another has
        chooser = random.Random(f"{seed} {kind}")
        by_hand = kind.startswith(("by-hand", "worded-", "dangerous"))
        kept |= set(group if by_hand or len(group) <= per_kind else chooser.sample(group, per_kind))
    return [v for i, v in enumerate(variants) if i in kept]


def manual_variants(corpus: Any, path: Path = MANUAL) -> list[Variant]:
    """Hand-labelled sentences, checked against every passage that cites one of the row's references.

    A row whose references no passage cites is an error: its label could not be believed.
    """
    variants = []
    for line, row in read_rows(path):
        unknown = set(row) - {"id", "text", "label", "cites", "why", "source"}
        if unknown or row.get("label") not in ("correct", "wrong"):
            raise CaseError(path.name, line, f"unknown keys {sorted(unknown)} or label {row.get('label')!r}")
        passages = [p.id for p in corpus.passages.values() if set(p.citations) & set(row["cites"])]
        if not passages:
            raise CaseError(path.name, line, f"no passage cites {' or '.join(row['cites'])}")
        wrong = row["label"] == "wrong"
        kind = "by-hand" if wrong else "by-hand-correct"
        variants.append(Variant(kind, wrong, row["text"], "|".join(passages), row["id"], row.get("why", "")))
    return variants


def worded_variants(corpus: Any, path: Path = WORDED) -> list[Variant]:
    """Statements drawn from the corpus by a seed and worded anew by hand, as notes of a ward or as prose; all correct."""
    variants = []
    for line, row in read_rows(path):
        if set(row) != {"id", "passage", "kind", "text"} or row["passage"] not in corpus.passages:
            raise CaseError(path.name, line, f"needs id, text, kind and the id of a passage, has {row}")
        variants.append(Variant(f"worded-{row['kind']}", False, row["text"], row["passage"], row["id"], "own words"))
    return variants


def dangerous_variants(corpus: Any, path: Path = DANGEROUS) -> list[Variant]:
    """The dangerous reading of each fact that a clinical reviewer called dangerous, and each known misprint; all wrong.

    Each cites the passages that state its fact. A fact that no passage states is an error: the danger would be unguarded.
    """
    variants = []
    for line, row in read_rows(path):
        if set(row) != {"id", "fact", "text"}:
            raise CaseError(path.name, line, f"needs id, fact and text, has {sorted(row)}")
        passages = [p.id for p in corpus.passages.values() if row["fact"] in p.facts]
        if not passages:
            raise CaseError(path.name, line, f"no passage states {row['fact']}")
        variants.append(Variant("dangerous", True, row["text"], "|".join(passages), row["id"], row["fact"]))
    return variants


def check_all(
    variants: Sequence[Variant], checker: Checks, *, progress: Callable[[Iterable[Variant]], Iterable[Variant]] = iter
) -> list[Checked]:
    """A verdict for each variant, in order. An exception of the checker is a finding here, not an end of the run."""
    return [check_one(checker, variant) for variant in progress(variants)]


def check_one(checker: Checks, variant: Variant) -> Checked:
    """The checker's verdict on one variant, with its reasons and its time."""
    start = time.perf_counter()
    try:
        result = checker.check_statement(variant.text, passage_ids=tuple(variant.passage.split("|")))
        verdict = str(result.verdict.value)
        reason = "; ".join(c.reason for c in result.claims if c.verdict == result.verdict)
    except Exception as error:
        verdict, reason = f"error: {type(error).__name__}", str(error)
    return Checked(variant, verdict, reason, (time.perf_counter() - start) * 1000)


def open_checker() -> Checks:
    """The checker of the configured corpus, for a process of its own."""
    import os

    from assistant.adapters.corpus import read_corpus
    from assistant.checker import Checker
    from assistant.settings import Settings

    return Checker(read_corpus(Settings.from_env(os.environ).corpus))


def rates(checked: Sequence[Checked]) -> dict[str, Rate]:
    """Overall rates, then one per kind: "wrong not verified: <kind>" and "correct verified: <kind>"."""
    wrong = [c for c in checked if c.variant.wrong]
    correct = [c for c in checked if not c.variant.wrong]
    worded = [c for c in correct if c.variant.kind.startswith("worded-")]
    as_given = ("same", "one-sentence", "rule-example")
    paraphrased = [c for c in correct if c.variant.kind not in as_given and not c.variant.kind.startswith("worded-")]
    exact = [c for c in correct if c.variant.kind == "same"]
    found = {
        "wrong not verified": _right(wrong),
        "wrong contradicted": rate(sum(c.verdict == "contradicted" for c in wrong), len(wrong)),
        "correct verified, word for word": _right(exact),
        "correct verified, reworded": _right(paraphrased),
        "correct verified, own words": _right(worded),
        "precision of alarms": rate(
            sum(c.is_right for c in wrong), sum(c.is_right for c in wrong) + sum(not c.is_right for c in correct)
        ),
    }
    for name, group in (("wrong not verified", wrong), ("correct verified", correct)):
        for kind in dict.fromkeys(c.variant.kind for c in group):
            found[f"{name}: {kind}"] = _right([c for c in group if c.variant.kind == kind])
    return found


def missed(checked: Sequence[Checked]) -> list[Checked]:
    """The dangerous cell first, then false alarms and errors; each in the order of the run."""
    faults = [c for c in checked if not c.is_right or c.verdict.startswith("error")]
    return sorted(faults, key=lambda c: not (c.variant.wrong and c.verdict == "verified"))


def write(path: Path, checked: Sequence[Checked], *, suite: str = "faults") -> None:
    with path.open("w", encoding="utf-8") as file:
        for row in checked:
            file.write(json.dumps({"suite": suite, **row.as_json()}, ensure_ascii=False) + "\n")


def read(rows: Iterable[Mapping[str, Any]]) -> list[Checked]:
    fields = ("kind", "wrong", "text", "passage", "original", "change")
    return [
        Checked(Variant(**{f: row[f] for f in fields}), row["verdict"], row["reason"], row["milliseconds"])
        for row in rows
    ]


def _right(group: Sequence[Checked]) -> Rate:
    return rate(sum(c.is_right for c in group), len(group))
