"""How fast the whole corpus is indexed from nothing, beside the encoder's own rate on the same texts.

    python benchmarks/indexing.py [--rounds 3] [--json]

Each round builds an index in an empty folder without remembered vectors, then encodes the very same texts with nothing
around it: with the encoder the index uses, and with stock sentence-transformers (`SentenceTransformer.encode`, batches
of 32). Then one statement of the corpus is changed and the index is built again with its memory of vectors, to see that
only what changed is encoded. The model and its ONNX copy are made once before the clock runs. The best round counts:
other work on the machine only ever adds time.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


class Counted:
    """An encoder that counts what it is asked to encode and passes everything on."""

    def __init__(self, inner: Any) -> None:
        self.inner, self.encoded = inner, 0
        self.name, self.model_hash, self.dims = inner.name, inner.model_hash, inner.dims
        self.split = inner.split

    def encode(self, texts: Sequence[str], *, progress: Any = None) -> Any:
        self.encoded += len(texts)
        return self.inner.encode(texts, progress=progress)


def timed(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def measure(rounds: int) -> dict[str, Any]:
    """Seconds (best of ``rounds``) and texts of each way, and how many texts the second build encoded."""
    from assistant.adapters.corpus import read_corpus
    from assistant.adapters.embedder import CachedEmbedder, TorchEmbedder, load_embedder, model_folder
    from assistant.adapters.index import build_index, entries_of
    from assistant.commands.common import environment_settings

    settings = environment_settings()
    corpus = read_corpus(settings.corpus)
    encoder = load_embedder(settings.data / "encoder", export=True)
    stock = TorchEmbedder(model_folder(), model_hash=encoder.model_hash, threads=1)
    texts = [entry.text for entry in entries_of(corpus, encoder)[1]]
    best: dict[str, float] = {}
    changed = 0
    with tempfile.TemporaryDirectory() as parent:
        for number in range(rounds):
            folder = Path(parent) / str(number)
            memory = Counted(encoder)
            cached = CachedEmbedder(memory, folder / "vectors.sqlite")
            ways = {
                "whole index": lambda f=folder, c=cached: build_index(corpus, f / "index", embedder=c),
                "our encoder alone": lambda: encoder.encode(texts),
                "sentence-transformers alone": lambda: stock.encode(texts),
            }
            for name, work in ways.items():
                best[name] = min(best.get(name, float("inf")), timed(work))
            before = memory.encoded
            edited = _with_one_change(corpus)
            again = timed(lambda f=folder, c=cached, e=edited: build_index(e, f / "index", embedder=c))
            best["index after one change"] = min(best.get("index after one change", float("inf")), again)
            changed = memory.encoded - before
            cached.close()
    return {"texts": len(texts), "seconds": best, "encoded_after_one_change": changed}


def _with_one_change(corpus: Any) -> Any:
    key, passage = next(iter(corpus.passages.items()))
    passages = {**corpus.passages, key: replace(passage, text=passage.text + " Edited.")}
    return replace(corpus, passages=passages, digest=corpus.digest + "-edited")


def main() -> int:
    parser = argparse.ArgumentParser(description="Time the index of the whole corpus beside the encoder's own rate.")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    found = measure(args.rounds)
    if args.json:
        print(json.dumps(found))
        return 0
    texts, seconds = found["texts"], found["seconds"]
    print(f"{texts} texts, best of {args.rounds} rounds, one thread")
    for name, taken in seconds.items():
        print(f"  {name:30} {taken:7.1f} s  {texts / taken:7.0f} texts/s")
    print(f"  index / encoder alone: {seconds['our encoder alone'] / seconds['whole index']:.0%} of its rate")
    print(f"  texts encoded after one statement changed: {found['encoded_after_one_change']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
