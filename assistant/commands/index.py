"""``assistant index``: build the index of the corpus where it is missing or stale, with a progress bar."""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

from assistant.commands.common import environment_settings

LINE = "build or refresh the index of the corpus"


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "index", help=LINE, description=f"{LINE}; an index that is sound and of this corpus is left as it is"
    )
    parser.add_argument("--corpus", type=Path, help="another corpus folder than the configured one")
    parser.add_argument("--force", action="store_true", help="build even when the index is sound")
    parser.add_argument("--verify", action="store_true", help="read every vector back out of the store and compare")
    parser.add_argument("--json", action="store_true", help="machine-readable output")


def run(args: argparse.Namespace) -> int:
    from assistant.adapters.corpus import read_corpus
    from assistant.wiring import open_or_build, say_progress

    started = time.perf_counter()
    settings = environment_settings()
    corpus = read_corpus(args.corpus or settings.corpus)
    opened = open_or_build(settings, corpus, build=True, force=args.force, progress=None if args.json else say_progress)
    index = opened.index
    verified = index.verify_store() if args.verify else None
    manifest = index.manifest
    seconds = time.perf_counter() - started
    if args.json:
        row = {
            "built": opened.was_built,
            "passages": manifest.passages,
            "headings": manifest.headings,
            "references": manifest.references,
            "vectors": manifest.vectors,
            "verified": verified,
            "corpus": manifest.corpus,
            "model": manifest.model,
            "seconds": round(seconds, 2),
        }
        print(json.dumps(row))
        return 0
    state = "built" if opened.was_built else "up to date"
    print(
        f"index {state}: {manifest.passages} statements, {manifest.headings} headings, "
        f"{manifest.references} cited works ({seconds:.1f} s)"
    )
    if verified is not None:
        print(f"{verified} vectors read back out of the store, all equal")
    return 0
