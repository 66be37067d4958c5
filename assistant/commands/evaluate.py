"""``assistant eval``: hands its arguments to the eval suite (``python -m evals``), which knows them all."""

from __future__ import annotations

import argparse
import runpy
import sys


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    # the suite has its own parser: --help and every option go through untouched
    parser = subparsers.add_parser("eval", help="run the eval suite", add_help=False, prefix_chars="\0")
    parser.add_argument("arguments", nargs="*")


def run(args: argparse.Namespace) -> int:
    """Exit status of the suite: 1 when a gate was missed. ``evals`` is run, not imported: it stands above us."""
    sys.argv = ["assistant eval", *args.arguments]
    try:
        runpy.run_module("evals", run_name="__main__", alter_sys=True)
    except SystemExit as stop:
        return int(stop.code or 0)
    return 0
