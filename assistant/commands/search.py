"""``assistant search``: passages of the corpus, or the same retriever over any documents as a TREC run."""

from __future__ import annotations

import argparse
import gzip
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from assistant.commands.common import environment_settings, read_rows
from assistant.errors import InputError

if TYPE_CHECKING:
    from assistant.adapters.embedder import Embedder, Vectors
    from assistant.adapters.ranking import HybridSearch

LINE = "find passages, or run the retriever over any documents"
BLOCK = 1024  # documents encoded at a time: what is held in memory, beside the vectors' file
PIECES = 2  # of a document that are encoded; more bring next to nothing (benchmarks/README.md) and cost their time


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "search",
        help=LINE,
        description=f"{LINE}. With a QUESTION: the passages of the corpus. With --docs, --queries and --run: documents "
        "{id, title, text} and queries {id, text} as JSON lines (plain or .gz) to a TREC run.",
    )
    parser.add_argument("question", nargs="?", help="what to look for in the corpus")
    parser.add_argument("--limit", type=int, default=10, help="passages shown (default %(default)s)")
    parser.add_argument("--json", action="store_true", help="machine-readable output")
    parser.add_argument("--docs", type=Path, help="documents to search instead of the corpus")
    parser.add_argument("--queries", type=Path, help="queries to run over --docs")
    parser.add_argument("--run", type=Path, help="where to write the TREC run: qid Q0 docid rank score tag")
    parser.add_argument("--top", type=int, default=100, help="documents a query in the run (default %(default)s)")
    parser.add_argument("--tag", default="assistant", help="last column of the run (default %(default)s)")
    parser.add_argument("--cache", type=Path, help="folder that keeps vectors, so that a second run is short")
    parser.add_argument("--pieces", type=int, default=PIECES, help="pieces encoded a document (default %(default)s)")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1, help="for encoding (default: all cores)")


def run(args: argparse.Namespace) -> int:
    given = [name for name in ("docs", "queries", "run") if getattr(args, name)]
    if given and len(given) < 3:
        raise InputError("incomplete", "--docs, --queries and --run belong together")
    if given:
        return _search_documents(args)
    if not args.question:
        raise InputError("empty", 'give a question, as in: assistant search "hydroxocobalamin dose"')
    return _search_corpus(args.question, limit=args.limit, as_json=args.json)


def _search_corpus(question: str, *, limit: int, as_json: bool) -> int:
    from assistant.adapters.corpus import read_corpus
    from assistant.adapters.embedder import load_embedder
    from assistant.adapters.index import open_index

    settings = environment_settings()
    corpus = read_corpus(settings.corpus)
    embedder = load_embedder(settings.data / "encoder")
    hits = open_index(settings.index, corpus_digest=corpus.digest, embedder=embedder).search(question, limit)
    if as_json:
        rows = [
            {
                "rank": hit.rank,
                "passage": hit.passage_id,
                "score": hit.score,
                "parts": dict(hit.parts),
                "headings": list(corpus.passages[hit.passage_id].headings),
                "text": corpus.passages[hit.passage_id].text,
            }
            for hit in hits
        ]
        print(json.dumps({"question": question, "hits": rows}, ensure_ascii=False))
        return 0
    for hit in hits:
        print(f"{hit.rank:3}  {hit.score:.3f}  {hit.passage_id}\n     {corpus.passages[hit.passage_id].text}")
    return 0


# --------------------------------------------------------------------------- any documents


def _search_documents(args: argparse.Namespace) -> int:
    from tqdm import tqdm

    from assistant.adapters.embedder import CachedEmbedder, load_embedder

    if args.top < 1 or args.pieces < 1 or args.threads < 1:
        raise InputError("range", "--top, --pieces and --threads are at least 1")
    rows = document_rows(args.queries)
    queries = [(_field(row, "id", args.queries), _field(row, "text", args.queries)) for row in rows]
    started = time.perf_counter()
    embedder: Embedder = load_embedder(environment_settings().data / "encoder", threads=args.threads, export=True)
    with ExitStack() as stack:
        if args.cache:
            cached = CachedEmbedder(embedder, args.cache / "vectors.sqlite")
            stack.callback(cached.close)
            embedder = cached
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="assistant-search-")))
        ids, search = index_documents(args.docs, folder, embedder=embedder, pieces=args.pieces)
        stack.callback(search.keywords.close)
        vectors = embedder.encode([text for _, text in queries])
        part = args.run.with_name(args.run.name + ".part")
        with part.open("w", encoding="utf-8") as out:
            bar = tqdm(zip(queries, vectors, strict=True), total=len(queries), unit="queries", file=sys.stderr)
            for (query, text), vector in bar:
                for line in run_lines(query, text, vector, ids=ids, search=search, top=args.top, tag=args.tag):
                    out.write(line)
        os.replace(part, args.run)  # a run that stopped half-way is not taken for a whole one
    seconds = time.perf_counter() - started
    print(f"{len(ids)} documents, {len(queries)} queries, {seconds:.0f} s: {args.run}", file=sys.stderr)
    return 0


def run_lines(
    query: str, text: str, vector: Vectors, *, ids: list[str], search: HybridSearch, top: int, tag: str
) -> Iterator[str]:
    """The lines of one query, scores falling; a query that finds nothing gives none."""
    for rank, found in enumerate(search.rank(text, vector, top, with_coverage=False), start=1):
        yield f"{query} Q0 {ids[found.row]} {rank} {found.score:.6f} {tag}\n"


@dataclass(slots=True)
class _Collected:
    """What grows while documents stream past: everything but their texts, which go to disk."""

    ids: list[str] = field(default_factory=list)
    rows: list[tuple[int, ...]] = field(default_factory=list)  # of each text vector
    titles: dict[str, list[int]] = field(default_factory=dict)


def index_documents(docs: Path, folder: Path, *, embedder: Embedder, pieces: int) -> tuple[list[str], HybridSearch]:
    """(ids in order of rows, search over them); all files lie in ``folder``. Texts are held a block at a time."""
    import numpy as np
    from tqdm import tqdm

    from assistant.adapters.keywords import KeywordIndex, build_keywords
    from assistant.adapters.ranking import HybridSearch, VectorField

    collected = _Collected()
    with (folder / "text.f32").open("wb") as out, tqdm(unit="docs", desc="indexing", file=sys.stderr) as bar:

        def fields() -> Iterator[tuple[str, str, str]]:
            for block in _blocks(docs):
                _encode_block(block, collected, out, embedder, pieces=pieces)
                for _, title, text in block:
                    yield f"{title}\n{text}", title, ""
                bar.update(len(block))

        build_keywords(folder / "keywords.sqlite", fields())
    if not collected.ids:
        raise InputError("empty", f"{docs.name} has no documents")
    text = np.memmap(folder / "text.f32", dtype="<f4", mode="r").reshape(-1, embedder.dims)
    vectors = {"text": VectorField(text, collected.rows)}
    words = ["text"]
    if collected.titles:
        names = list(collected.titles)
        vectors["heading"] = VectorField(embedder.encode(names), [collected.titles[name] for name in names])
        words.append("heading")
    return collected.ids, HybridSearch(KeywordIndex(folder / "keywords.sqlite"), vectors, words=words)


def _encode_block(
    block: list[tuple[str, str, str]], collected: _Collected, out: BinaryIO, embedder: Embedder, *, pieces: int
) -> None:
    texts: list[str] = []
    for document, title, text in block:
        row = len(collected.ids)
        collected.ids.append(document)
        if title:
            collected.titles.setdefault(title, []).append(row)
        for piece in embedder.split(title, text)[:pieces]:
            texts.append(f"{title}\n{piece}" if title else piece)
            collected.rows.append((row,))
    out.write(embedder.encode(texts).astype("<f4").tobytes())


def _blocks(docs: Path) -> Iterator[list[tuple[str, str, str]]]:
    """(id, title, text) of the documents, up to BLOCK at a time."""
    block: list[tuple[str, str, str]] = []
    for row in document_rows(docs):
        title, text = (str(row.get(name) or "").strip() for name in ("title", "text"))
        block.append((_field(row, "id", docs), title, text))
        if len(block) == BLOCK:
            yield block
            block = []
    if block:
        yield block


def document_rows(path: Path) -> Iterator[dict[str, Any]]:
    """Rows of a JSON lines file, plain or gzip whatever its name is; InputError when it cannot be read."""
    try:
        with path.open("rb") as probe:
            is_gzip = probe.read(2) == b"\x1f\x8b"
        with gzip.open(path, "rt", encoding="utf-8") if is_gzip else path.open(encoding="utf-8") as stream:
            yield from read_rows(stream)
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise InputError("unreadable", f"cannot read {path}: {error}") from error


def _field(row: dict[str, Any], name: str, path: Path) -> str:
    value = row.get(name)
    if not isinstance(value, str | int) or (name == "id" and (not str(value) or any(c.isspace() for c in str(value)))):
        raise InputError("bad_row", f"{path.name}: a row has no usable {name!r}: {str(row)[:80]}")
    return str(value)
