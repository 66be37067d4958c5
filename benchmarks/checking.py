"""How long checking takes: `python benchmarks/checking.py [--answers 50]`, on the shipped corpus, one process, one core.

An answer is 20 statements that cite 5 passages in all. Timed are: quoted word for word (what the offline writer composes); the
same with other units, frequencies, routes, comparators and lead-ins, as the paraphrase generator of ``evals`` writes them; worded
freely by hand, which needs the whole reading; with an opening that no source has; and that answer again (a repair, or the answer
built from a checked draft). Passages are read before the clock starts, as in a warm process.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.records import Corpus

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

Statements = list[tuple[str, str]]  # (text, id of the passage it cites)


def answers(passages: list[tuple[str, str]], count: int, reword: Callable[[str, int], str]) -> Iterator[Statements]:
    for number in range(count):
        five = [passages[(number * 5 + k) % len(passages)] for k in range(5)]
        yield [(reword(five[k % 5][1], number * 20 + k), five[k % 5][0]) for k in range(20)]


def reworded(text: str, number: int) -> str:
    """The same meaning in characters the checker has not seen: another opening and another way to write the unit."""
    return f"In case {number}, as guidance says: {text[:1].lower()}{text[1:]}".replace("micrograms", "mcg").replace(
        " %", "%"
    )


def grouped(statements: Statements, count: int) -> list[Statements]:
    """Answers of 20 statements each, in the order of the list, as many as there are."""
    return [statements[n : n + 20] for n in range(0, len(statements) - 19, 20)][:count]


def paraphrased(corpus: Corpus) -> Statements:
    """One paraphrase of each kind that a passage allows, in an order that mixes the kinds."""
    from evals.faults import truths_of
    from evals.paraphrases import correct_variants

    exact = ("same", "one-sentence", "rule-example")
    made = [v for v in correct_variants(truths_of(corpus)) if v.kind not in exact]
    random.Random(0).shuffle(made)
    return list({v.text: (v.text, v.passage) for v in made}.values())


def worded(corpus: Corpus) -> Statements:
    from evals.fault_suite import worded_variants

    return [(v.text, v.passage) for v in worded_variants(corpus)]


def timed(run: Callable[[str, str], object], statements: Statements) -> float:
    started = time.process_time()
    for text, passage in statements:
        run(text, passage)
    return (time.process_time() - started) * 1000


def line(name: str, times: list[float]) -> str:
    ordered = sorted(times)
    p95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    return f"{name:34} p50 {statistics.median(ordered):7.1f} ms   p95 {p95:7.1f} ms   per statement {statistics.mean(ordered) / 20:6.2f} ms"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answers", type=int, default=50)
    count = parser.parse_args().answers
    began = time.process_time()
    from assistant.adapters.corpus import read_corpus
    from assistant.checker import Checker

    print(f"import                             {(time.process_time() - began) * 1000:.0f} ms")
    corpus = read_corpus(ROOT / "corpus")
    checker = Checker(corpus)
    passages = [(p.id, p.text) for p in corpus.passages.values()]
    began = time.process_time()
    for passage_id, text in passages:
        checker.check_statement(text + " Read.", passage_ids=(passage_id,))
    print(f"reading {len(passages)} passages once         {(time.process_time() - began) * 1000:.0f} ms")

    def run(text: str, passage: str) -> object:
        return checker.check_statement(text, passage_ids=(passage,))

    verbatim = [timed(run, s) for s in answers(passages, count, lambda text, _: text)]
    new = list(answers(passages, count, reworded))
    print(line("20 statements word for word", verbatim))
    print(line("20 statements paraphrased, new", [timed(run, s) for s in grouped(paraphrased(corpus), count)]))
    print(line("20 statements in free words, new", [timed(run, s) for s in grouped(worded(corpus), count)]))
    print(line("20 with an unknown opening, new", [timed(run, s) for s in new]))
    print(line("the same again", [timed(run, s) for s in new[-10:]]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
