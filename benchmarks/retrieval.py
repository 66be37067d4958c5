"""Measure our search against its rivals on the same documents, the same vectors and in the same run.

    python benchmarks/retrieval.py --data FOLDER [--cache FOLDER] [--ensemble] [--json]

FOLDER holds one folder a task: docs.jsonl[.gz] {id, title, text}, queries.jsonl {id, text}, qrels.tsv (query 0 document
grade). Queries are parted in two by the digest of their ids: weights may be chosen on the half "tune"; the half
"report" is what is said about them. A query left unanswered counts 0.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assistant.adapters.embedder import CachedEmbedder, Embedder, load_embedder
from assistant.adapters.ranking import HybridSearch, reciprocal_rank_fusion
from assistant.commands.search import document_rows, index_documents
from assistant.settings import default_data

Rank = Callable[[str, Any], list[int]]  # query text and vector -> rows, best first
METRICS = ("nDCG@10", "recall@10", "recall@100", "MRR")


@dataclass(frozen=True)
class Task:
    name: str
    documents: Path
    queries: list[tuple[str, str]]
    judged: Mapping[str, Mapping[str, int]]


def read_task(folder: Path) -> Task:
    documents = next(path for path in sorted(folder.iterdir()) if path.name.startswith("docs.jsonl"))
    queries = [(row["id"], row["text"]) for row in document_rows(folder / "queries.jsonl")]
    judged: dict[str, dict[str, int]] = {}
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines():
        query, _, document, grade = line.split()
        if int(grade) > 0:
            judged.setdefault(query, {})[document] = int(grade)
    return Task(folder.name, documents, queries, judged)


def half(query: str) -> str:
    return "tune" if hashlib.sha256(query.encode()).digest()[0] % 2 else "report"


def measures(found: Sequence[str], judged: Mapping[str, int]) -> tuple[float, float, float, float]:
    """nDCG@10, recall@10, recall@100 and reciprocal rank, as trec_eval has them (gain is the grade)."""
    gains = [judged.get(document, 0) for document in found[:100]]
    best = sorted(judged.values(), reverse=True)[:10]
    ideal = sum(gain / math.log2(rank + 2) for rank, gain in enumerate(best))
    ndcg = sum(gain / math.log2(rank + 2) for rank, gain in enumerate(gains[:10])) / ideal
    first = next((1 / rank for rank, gain in enumerate(gains, start=1) if gain), 0.0)
    hits = [gain > 0 for gain in gains]
    return ndcg, sum(hits[:10]) / len(judged), sum(hits) / len(judged), first


def ways(search: HybridSearch, embedder: Embedder) -> dict[str, Rank]:
    """Ours, its two halves, and the usual fusion of the two; all over the same index and vectors."""

    def keyword(text: str, vector: Any) -> list[int]:
        return [row for row, _ in search.keywords.search(text, 100)]

    def dense(text: str, vector: Any) -> list[int]:
        found = search.vectors["text"].nearest(vector, 100)
        return sorted(found, key=lambda row: (-found[row], row))

    def fused(text: str, vector: Any) -> list[int]:
        return [row for row, _ in reciprocal_rank_fusion([keyword(text, vector), dense(text, vector)])]

    def ours(text: str, vector: Any) -> list[int]:
        return [entry.row for entry in search.rank(text, vector, 100, with_coverage=False)]

    return {"BM25 (FTS5, porter)": keyword, "dense": dense, "RRF of the two": fused, "ours": ours}


def langchain_ensemble(task: Task, embedder: Embedder, folder: Path) -> Rank:
    """LangChain's stock hybrid: BM25Retriever and a Chroma retriever in an EnsembleRetriever, half and half."""
    from langchain_chroma import Chroma
    from langchain_classic.retrievers import EnsembleRetriever
    from langchain_community.retrievers import BM25Retriever
    from langchain_core.documents import Document
    from langchain_core.embeddings import Embeddings

    class Ours(Embeddings):  # the same vectors as every other way here
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return embedder.encode(texts).tolist()

        def embed_query(self, text: str) -> list[float]:
            return embedder.encode([text])[0].tolist()

    documents = []
    for row, item in enumerate(document_rows(task.documents)):
        title, text = item.get("title") or "", item["text"]
        piece = embedder.split(title, text)[0]  # stock use: one text a document
        content = f"{title}\n{piece}" if title else piece
        documents.append(Document(page_content=content, metadata={"row": row, "whole": f"{title}\n{text}"}))
    store = Chroma(
        "bench", Ours(), persist_directory=str(folder / "chroma"), collection_metadata={"hnsw:space": "cosine"}
    )
    for start in range(0, len(documents), 2000):
        store.add_documents(documents[start : start + 2000])
    whole = [Document(page_content=d.metadata["whole"], metadata={"row": d.metadata["row"]}) for d in documents]
    keyword = BM25Retriever.from_documents(whole, k=100)
    vector = store.as_retriever(search_kwargs={"k": 100})
    ensemble = EnsembleRetriever(retrievers=[keyword, vector], weights=[0.5, 0.5], id_key="row")
    return lambda text, _: [document.metadata["row"] for document in ensemble.invoke(text)]


def measure(task: Task, embedder: Embedder, *, pieces: int, with_ensemble: bool) -> list[dict[str, Any]]:
    rows = []
    with tempfile.TemporaryDirectory() as name:
        ids, search = index_documents(task.documents, Path(name), embedder=embedder, pieces=pieces)
        vectors = embedder.encode([text for _, text in task.queries])
        compared = ways(search, embedder)
        if with_ensemble:
            compared["LangChain EnsembleRetriever"] = langchain_ensemble(task, embedder, Path(name))
        for way, rank in compared.items():
            scores: dict[str, list[tuple[float, ...]]] = {"tune": [], "report": []}
            times = []
            for (query, text), vector in zip(task.queries, vectors, strict=True):
                started = time.perf_counter()
                found = rank(text, vector)
                times.append(time.perf_counter() - started)
                scores[half(query)].append(measures([ids[row] for row in found], task.judged[query]))
            for part, values in scores.items():
                means = np.mean(values, axis=0).round(4).tolist()
                row: dict[str, Any] = {"task": task.name, "half": part, "way": way, "queries": len(values)}
                row |= dict(zip(METRICS, means, strict=True))
                rows.append(row | {"ms": round(1e3 * float(np.median(times)), 1)})
        search.keywords.close()
    return rows


def main() -> int:
    parser = argparse.ArgumentParser(description="measure retrieval against its rivals")
    parser.add_argument("--data", type=Path, required=True, help="folder of task folders")
    parser.add_argument("--cache", type=Path, default=default_data() / "benchmark", help="keeps vectors between runs")
    parser.add_argument("--pieces", type=int, default=2, help="pieces encoded a document")
    parser.add_argument("--ensemble", action="store_true", help="also LangChain's (needs langchain-classic, rank-bm25)")
    parser.add_argument("--json", action="store_true", help="rows of JSON instead of a table")
    args = parser.parse_args()
    embedder = CachedEmbedder(load_embedder(args.cache / "encoder", export=True), args.cache / "vectors.sqlite")
    columns = ("task", "half", "way", "queries", *METRICS, "ms")
    if not args.json:
        print("| " + " | ".join(columns) + " |\n|" + "---|" * len(columns))
    for folder in sorted(path for path in args.data.iterdir() if (path / "qrels.tsv").is_file()):
        for row in measure(read_task(folder), embedder, pieces=args.pieces, with_ensemble=args.ensemble):
            line = json.dumps(row) if args.json else "| " + " | ".join(str(row[name]) for name in columns) + " |"
            print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
