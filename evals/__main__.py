"""``python -m evals``, the same as ``assistant eval``: runs the suites, shows the table, exits 1 on a missed gate."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from evals.cases import HERE, CaseError, read_cases, select
from evals.parallel import default_jobs, spread

SUITES = ("answers", "retrieval", "faults", "drafts")
CONVERSING = ("slots", "conversation", "consistency")  # evals/conversing: suites with data of their own
LOGS = (
    *(f"{suite}.jsonl" for suite in (*SUITES, "rewordings")),
    "run.json",
    "missed.jsonl",
    "report.html",
    "results.json",
    "scores.json",
    "corpus.json",
    "junit.xml",
)
COMMANDS = {
    "compare": "what changed between two runs, and where it shows",
    "trend": "one page with the rates of all frozen runs",
    "new": "write a new case from a question",
    "validate": "check case files, yours or ours, with line and reason",
    "import": "cases or retrieval sets from the files of public benchmarks",
    "labelled": "verdicts of the checker beside labels that people gave",
    "export": "our cases as an Inspect task",
}


def parser() -> argparse.ArgumentParser:
    further = "\n".join(f"  {name:10} {line}" for name, line in COMMANDS.items())
    p = argparse.ArgumentParser(
        prog="assistant eval",
        description="Measure the assistant on its cases.",
        epilog=f"further commands (each with --help):\n{further}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    p.add_argument("--suite", choices=(*SUITES, *CONVERSING, "all"), default="all")
    p.add_argument("--split", choices=("dev", "test", "all"), default="all", help="nobody tunes on test")
    p.add_argument("--tag", help="only cases with this tag (answers, retrieval)")
    p.add_argument("--limit", type=int, metavar="N", help="only the first N cases, and N sentences of each fault kind")
    p.add_argument("--seed", type=int, default=0, help="chooses foreign passages and the sample of each fault kind")
    p.add_argument(
        "--jobs", type=int, default=default_jobs(), metavar="N", help="processes; default: one for each core"
    )
    p.add_argument("--out", type=Path, metavar="FOLDER", help="default: evals/runs/<suite>-<split>")
    p.add_argument("--resume", action="store_true", help="go on with an interrupted run of the same cases and corpus")
    p.add_argument("--remake", action="store_true", help="make table and report again from the logs, ask nothing")
    p.add_argument("--freeze", action="store_true", help="make this run the baseline (evals/baseline.json)")
    p.add_argument("--json", action="store_true", help="results as JSON instead of the table")
    return p


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status: 0, or 1 when a gate was missed, or 2 when the cases or the run folder cannot be used."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        if given and given[0] in COMMANDS:
            return _command(given[0])(given[1:])
        return run(parser().parse_args(given))
    except CaseError as error:
        print(error, file=sys.stderr)
        return 2


def _command(name: str) -> Callable[[Sequence[str]], int]:
    """The ``main`` of a further command, loaded when it is called for."""
    from importlib import import_module

    module = {"new": "authoring", "validate": "authoring", "import": "importers", "export": "inspect_export"}.get(
        name, name
    )
    loaded = import_module(f"evals.{module}")
    chosen: Callable[[Sequence[str]], int] = loaded.validate if name == "validate" else loaded.main
    return chosen


def run(args: argparse.Namespace) -> int:
    if args.suite in CONVERSING:
        from evals.conversing import command

        folder = args.out or _runs() / f"{args.suite}-{args.split}"
        return command.run(
            args.suite, split=args.split, assistant=_open(args)[0], folder=folder, seed=args.seed, limit=args.limit
        )
    from evals import fault_suite, junit, report, results, snapshot

    cases = select(read_cases(), split=args.split, tag=args.tag, limit=args.limit)
    folder: Path = args.out or _runs() / f"{args.suite}-{args.split}"
    assistant, corpus, header = _open(args)
    _prepare(folder, header, keep=args.resume or args.remake)
    started = time.perf_counter()
    if not args.remake:
        _measure(args, cases, assistant, corpus, folder)
    logs = results.read_logs(folder)
    found = results.results_of(cases, logs, corpus)
    gates = results.gates_of(found, is_whole_run=args.tag is None and args.limit is None)
    fault_suite.write(
        folder / "missed.jsonl", fault_suite.missed([*logs.rewordings, *logs.faults, *logs.drafts]), suite="missed"
    )
    snapshot.write(folder, corpus)
    results.write_scores(folder, found)
    junit.write(folder / "junit.xml", cases, found, logs, gates)
    (folder / "results.json").write_text(json.dumps(found.as_json(), indent=1) + "\n", encoding="utf-8")
    baseline = results.read_baseline()
    report.write_html(folder / "report.html", found, gates, baseline, run=header, cases=cases, logs=logs, corpus=corpus)
    if args.freeze:
        _freeze(found.as_json(), header)
    if args.json:
        print(json.dumps(found.as_json()))
    else:
        report.print_table(found, gates, baseline)
        print(f"{time.perf_counter() - started:.0f} s · report: {folder / 'report.html'}")
    return int(any(gate.is_missed for gate in gates))


def _measure(args: argparse.Namespace, cases: Sequence[Any], assistant: Any, corpus: Any, folder: Path) -> None:
    """Runs the wanted suites, each into its log."""
    from evals import drafts, fault_suite, rewordings, runner

    wanted = SUITES if args.suite == "all" else (args.suite,)
    if "answers" in wanted:
        runner.run_answers(
            cases,
            folder / "answers.jsonl",
            open_asker=(lambda: runner.asker(assistant)) if args.jobs == 1 else runner.open_asker,
            jobs=args.jobs,
            progress=_progress("answers", len(cases)),
        )
    if "retrieval" in wanted:
        log = folder / "retrieval.jsonl"
        runner.run_retrieval(cases, assistant.search, corpus, log, progress=_progress("retrieval"))
    if not {"faults", "drafts"} & set(wanted):
        return  # a big corpus makes tens of thousands of sentences
    variants = fault_suite.variants_of(corpus, seed=args.seed, split=args.split)
    if "faults" in wanted:
        limited = fault_suite.sample(variants, per_kind=args.limit or fault_suite.PER_KIND, seed=args.seed)
        by_hand = rewordings.rewordings(corpus, split=args.split)
        sentences = [*limited, *by_hand]
        checked = list(
            spread(
                fault_suite.check_one,
                sentences,
                open_tool=fault_suite.open_checker,
                jobs=args.jobs,
                chunk=32,
                progress=_progress("faults", len(sentences)),
            )
        )
        fault_suite.write(folder / "faults.jsonl", checked[: len(limited)])
        fault_suite.write(folder / "rewordings.jsonl", checked[len(limited) :], suite="rewordings")
    if "drafts" in wanted:
        some = drafts.sample(variants, per_kind=args.limit or drafts.PER_KIND)
        drafted = drafts.run_drafts(some, assistant, progress=_progress("drafts"))
        fault_suite.write(folder / "drafts.jsonl", drafted, suite="drafts")


def _open(args: argparse.Namespace) -> tuple[Any, Any, dict[str, Any]]:
    """The assistant (None where only its corpus is needed), its corpus, and what identifies the run."""
    import os

    from assistant.adapters.corpus import read_corpus
    from assistant.settings import Settings

    settings = Settings.from_env(os.environ)
    corpus = read_corpus(settings.corpus)
    assistant = None
    if args.suite != "faults" and not args.remake:
        from assistant.wiring import Assistant

        assistant = Assistant.open(settings, build=True)
        assistant.warm()  # the first question would else be charged with the loading of index and encoder
    header = {
        "suite": args.suite,
        "split": args.split,
        "tag": args.tag,
        "limit": args.limit,
        "seed": args.seed,
        "corpus": corpus.digest,
        "rules": corpus.rules_digest,
    }
    return assistant, corpus, header


def _runs() -> Path:
    """``evals/runs`` of a checkout; for an installed package ``eval-runs`` where the command was given."""
    return HERE / "runs" if (HERE.parent / "pyproject.toml").is_file() else Path.cwd() / "eval-runs"


def _prepare(folder: Path, header: dict[str, Any], *, keep: bool) -> None:
    """An empty run folder, or the one of an earlier run with the same header."""
    folder.mkdir(parents=True, exist_ok=True)
    known = folder / "run.json"
    if keep:
        if not known.exists() or json.loads(known.read_text(encoding="utf-8")) != header:
            raise CaseError(str(known), 0, "no run of these cases on this corpus; start without --resume or --remake")
        return
    for name in LOGS:
        (folder / name).unlink(missing_ok=True)
    known.write_text(json.dumps(header, indent=1) + "\n", encoding="utf-8")


def _progress(what: str, total: int | None = None) -> Callable[[Iterable[Any]], Iterable[Any]]:
    from tqdm import tqdm

    # on stderr, and silent where nobody looks
    return lambda items: tqdm(items, desc=what, total=total, disable=not sys.stderr.isatty(), leave=False)


def _freeze(found: dict[str, Any], header: dict[str, Any]) -> None:
    """The baseline, and a copy under the day and the corpus for the page of trends."""
    from datetime import date

    from evals.results import BASELINE
    from evals.trend import FOLDER

    text = json.dumps({"run": header, "rates": found["rates"], "seconds": found["seconds"]}, indent=1) + "\n"
    FOLDER.mkdir(exist_ok=True)
    digest = header["corpus"].removeprefix("sha256:")[:8]
    for path in (BASELINE, FOLDER / f"{date.today().isoformat()}-{digest}.json"):
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
