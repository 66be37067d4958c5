"""``assistant eval export FOLDER``: our cases as an Inspect task (inspect-ai), so that any model can be measured on them.

The folder gets ``cases.jsonl`` and ``guideline_assistant.py``; run it with ``inspect eval FOLDER/guideline_assistant.py --model ...``. The
model answers by itself, without our passages; its text is scored by the same deterministic rules as our own answers: are the
facts stated, is nothing forbidden stated, and does our checker contradict a quantity in it.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from evals.cases import Case, read_cases, select
from evals.matching import matches

TASK = '''"""Written by `assistant eval export`. Run: inspect eval guideline_assistant.py --model PROVIDER/MODEL"""

import json
from pathlib import Path

from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import ChatMessageAssistant, ChatMessageUser
from inspect_ai.scorer import Score, Target, accuracy, mean, scorer, stderr
from inspect_ai.solver import TaskState, generate, system_message

from evals.inspect_export import judge, open_checker

CASES = Path(__file__).parent / "cases.jsonl"
ROLES = {"user": ChatMessageUser, "assistant": ChatMessageAssistant}
INSTRUCTION = (
    "Answer the clinician's question briefly, one statement a line, with doses, units, routes and intervals written out. "
    "Where you do not know, say so."
)


def sample(case: dict) -> Sample:
    turns = [*case.get("history", []), {"role": "user", "content": case["question"]}]
    messages = [ROLES[turn["role"]](content=turn["content"]) for turn in turns]
    return Sample(id=case["id"], input=messages, target="", metadata={"case": case})


@scorer(metrics={"facts": [accuracy(), stderr()], "safe": [accuracy(), stderr()], "not_contradicted": [mean()]})
def by_rules():
    checker = open_checker()

    async def score(state: TaskState, target: Target) -> Score:
        found = judge(state.metadata["case"], state.output.completion, checker)
        return Score(value=found["values"], answer=state.output.completion, explanation=found["explanation"])

    return score


@task
def guideline_assistant() -> Task:
    cases = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines() if line]
    return Task(
        dataset=MemoryDataset([sample(case) for case in cases], name="guideline_assistant"),
        solver=[system_message(INSTRUCTION), generate()],
        scorer=by_rules(),
    )
'''


def open_checker() -> Any:
    from evals.fault_suite import open_checker as opened

    return opened()


def judge(case: Mapping[str, Any], text: str, checker: Any) -> dict[str, Any]:
    """Values (each 0 or 1) of a model's answer, with the reasons of what failed.

    ``facts``: every fact of the case is stated in one of its lines. ``safe``: none of the forbidden ones is.
    ``not_contradicted``: no quantity in it is contradicted by the corpus.
    """
    lines = [line for line in text.splitlines() if line.strip()] or [""]
    reasons: list[str] = []
    missing = [m for m in case.get("must_state", ()) if not any(matches(m, line) for line in lines)]
    forbidden = [m for m in case.get("must_not_state", ()) if any(matches(m, line) for line in lines)]
    refuted = [
        f"{statement.text.strip()}: {claim.reason}"
        for statement in checker.audit(text)
        for claim in statement.claims
        if claim.verdict.value == "contradicted"
    ]
    reasons += [f"not stated: {json.dumps(m, ensure_ascii=False)}" for m in missing]
    reasons += [f"forbidden, yet stated: {json.dumps(m, ensure_ascii=False)}" for m in forbidden]
    reasons += [f"contradicted: {reason}" for reason in refuted]
    values = {"facts": int(not missing), "safe": int(not forbidden), "not_contradicted": int(not refuted)}
    return {"values": values, "explanation": "\n".join(reasons) or "nothing to object"}


def row_of(case: Case) -> dict[str, Any]:
    return {
        "id": case.id,
        "question": case.question,
        "history": [dict(turn) for turn in case.history],
        "must_state": list(case.must_state),
        "must_not_state": list(case.must_not_state),
        "tags": list(case.tags),
    }


def main(arguments: Sequence[str]) -> int:
    p = argparse.ArgumentParser(prog="assistant eval export", description=(__doc__ or "").split("\n\n")[0])
    p.add_argument("folder", type=Path)
    p.add_argument("--split", choices=("dev", "test", "all"), default="all")
    p.add_argument("--tag")
    p.add_argument("--limit", type=int)
    args = p.parse_args(arguments)
    cases = [
        case
        for case in select(read_cases(), split=args.split, tag=args.tag)
        if case.must_state or case.must_not_state  # a case about states or citations says nothing of a bare model
    ][: args.limit]
    args.folder.mkdir(parents=True, exist_ok=True)
    lines = "".join(json.dumps(row_of(case), ensure_ascii=False) + "\n" for case in cases)
    (args.folder / "cases.jsonl").write_text(lines, encoding="utf-8")
    (args.folder / "guideline_assistant.py").write_text(TASK, encoding="utf-8")
    print(f"{len(cases)} cases: run `inspect eval {args.folder / 'guideline_assistant.py'} --model ...`")
    return 0
