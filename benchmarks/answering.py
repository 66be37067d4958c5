"""How long an offline answer takes: warm, each question asked once; and from a cold process to the first answer.

    python benchmarks/answering.py [--repeat-cold 3] [--json]

Questions are made from the corpus itself, so that every topic is asked about: for each guideline a few forms (dose,
red flags, monitoring, a vignette ...) filled with its topic's name, shuffled by digest, the first hundred taken. None
is asked twice. Corpus and data folder are those of the environment (``ASSISTANT_CORPUS``, ``ASSISTANT_DATA``); the
index must stand. Times are the process's CPU time and the wall clock, in milliseconds.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

FORMS = (
    "How should {topic} be managed?",
    "What is the dose in {topic}?",
    "What are the red flags in {topic}?",
    "Which tests does {topic} need?",
    "How is {topic} monitored?",
    "What should be avoided in {topic}?",
    "A 68-year-old woman on ramipril and metformin, 61 kg, creatinine 140 micromol/L, has {topic}. What do I do?",
    "Dose in {topic} with renal impairment?",
)
COLD = (
    "import time; start = time.perf_counter()\n"
    "from assistant import Assistant\n"
    "answer = Assistant.open().ask({question!r})\n"
    "print(answer.state, (time.perf_counter() - start) * 1000)"
)


def questions(assistant: object, limit: int) -> list[str]:
    """At most ``limit`` different questions over all guidelines, in an order that depends on their words alone."""
    made = set(_filled(assistant))
    return sorted(made, key=lambda text: hashlib.sha256(text.encode()).hexdigest())[:limit]


def _filled(assistant: object) -> Iterator[str]:
    from assistant.followups import topic_name
    from assistant.knowledge import know

    known = know(assistant.corpus)  # type: ignore[attr-defined]
    for key in known.corpus.guidelines:
        for form in FORMS:
            yield form.format(topic=topic_name(key, known))


def measure_warm(limit: int) -> dict[str, object]:
    """CPU and wall milliseconds of each question after the corpus was read once (``pipeline.prepare``)."""
    from assistant import Assistant
    from assistant.pipeline import prepare

    assistant = Assistant.open()
    assistant.warm()
    since = time.perf_counter()
    prepare(assistant.corpus, assistant.checker)
    prepared = time.perf_counter() - since
    cpu: list[float] = []
    wall: list[float] = []
    steps: dict[str, list[float]] = {}
    states: dict[str, int] = {}
    for text in questions(assistant, limit):
        at, began = time.process_time(), time.perf_counter()
        answer = assistant.ask(text)
        cpu.append((time.process_time() - at) * 1000)
        wall.append((time.perf_counter() - began) * 1000)
        states[str(answer.state)] = states.get(str(answer.state), 0) + 1
        for step, taken in answer.timings_ms.items():
            steps.setdefault(step, []).append(taken)
    return {
        "statements": len(assistant.corpus.passages),
        "questions": len(cpu),
        "states": states,
        "prepare_s": round(prepared, 1),
        "cpu_ms": _spread(cpu),
        "wall_ms": _spread(wall),
        "steps_ms": {step: _spread(taken) for step, taken in steps.items()},
    }


def _spread(taken: Sequence[float]) -> dict[str, float]:
    ordered = sorted(taken)
    return {
        "p50": round(statistics.median(ordered), 1),
        "p95": round(ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))], 1),
        "max": round(ordered[-1], 1),
    }


def measure_cold(times: int) -> list[float]:
    """Milliseconds from the start of a new process's own work to its first answer, imports included."""
    code = COLD.format(question="What are the red flags in vitamin B12 deficiency?")
    root = Path(__file__).resolve().parent.parent
    found = []
    for _ in range(times):
        done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
        found.append(round(float(done.stdout.split()[-1])))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--questions", type=int, default=100, help="how many questions (default 100)")
    parser.add_argument("--repeat-cold", type=int, default=3, help="how many cold processes (default 3)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    args = parser.parse_args()
    result = {**measure_warm(args.questions), "cold_ms": measure_cold(args.repeat_cold)}
    if args.json:
        print(json.dumps(result, indent=1))
        return
    print(f"{result['statements']} statements, {result['questions']} questions asked once: {result['states']}")
    print(f"every statement read and judged beforehand: {result['prepare_s']} s")
    print(f"answer, CPU ms   {result['cpu_ms']}")
    print(f"answer, wall ms  {result['wall_ms']}")
    for step, spread in result["steps_ms"].items():  # type: ignore[attr-defined]
        print(f"  {step:8} {spread}")
    print(f"cold process to first answer, ms: {result['cold_ms']}")


if __name__ == "__main__":
    main()
