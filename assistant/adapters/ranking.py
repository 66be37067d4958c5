"""From the scores of several searches to one order: keyword and vector scores of text and heading, summed.

``HybridSearch`` knows rows (numbers), not passages or documents: ``index`` and the command ``search`` give rows their
names. Weights were chosen on development queries (benchmarks/README.md), never on what is reported.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

from assistant.adapters.keywords import KeywordIndex, query_words

if TYPE_CHECKING:
    from assistant.adapters.embedder import Vectors
    from assistant.adapters.index import Index

CANDIDATES = 1000  # rows taken from each search before fusion
BM25_MOST = 2.2  # k1 + 1 of FTS5's bm25: what one word at most gives, times its inverse document frequency


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each field's score counts; they need not sum to 1.

    The defaults are for documents with titles. The first four were chosen on the tuning half of the development
    queries. Notes and cited works have no such queries; they are held low, enough to lead from a study's words to the
    statements that cite it.
    """

    text_words: float = 1.0
    heading_words: float = 2.0
    text_vector: float = 2.0
    heading_vector: float = 3.0
    notes_words: float = 0.5
    reference_vector: float = 0.5

    def of(self, name: str) -> float:
        return float(getattr(self, name))


@dataclass(frozen=True, slots=True)
class Ranked:
    """``score`` is 0 to 1; ``parts`` are the field scores before weighting, with raw ``cosine`` and ``coverage``."""

    row: int
    score: float
    parts: Mapping[str, float] = field(default_factory=dict)


def fuse(fields: Mapping[str, Mapping[int, float]], weights: Weights) -> list[tuple[int, float]]:
    """(row, weighted mean) best first, ties by row. Each field maps a row to 0 to 1; a row it lacks counts 0 there.

    The mean runs over the weights of all fields given, so a field in which nothing was found still holds a score down.
    """
    total = sum(weights.of(name) for name in fields) or 1.0
    sums: dict[int, float] = {}
    for name, scores in fields.items():
        weight = weights.of(name) / total
        for row, score in scores.items():
            sums[row] = sums.get(row, 0.0) + weight * score
    return sorted(sums.items(), key=lambda entry: (-entry[1], entry[0]))


def reciprocal_rank_fusion(lists: Sequence[Sequence[int]], *, k: int = 60) -> list[tuple[int, float]]:
    """The usual fusion of orders, kept to be measured against: sum of 1 / (k + rank), best first, ties by row."""
    sums: dict[int, float] = {}
    for ranked in lists:
        for rank, row in enumerate(ranked, start=1):
            sums[row] = sums.get(row, 0.0) + 1 / (k + rank)
    return sorted(sums.items(), key=lambda entry: (-entry[1], entry[0]))


@dataclass(frozen=True, slots=True)
class VectorField:
    """Vectors of one field; ``rows[i]`` are the rows that vector ``i`` speaks for.

    A passage may have several pieces, a heading several passages. ``vectors`` is (n, dims) with rows of length 1, and
    may be a memory map.
    """

    vectors: Vectors
    rows: Sequence[Sequence[int]]

    def nearest(self, vector: Vectors, limit: int, allowed: Collection[int] | None = None) -> dict[int, float]:
        """Row to its best cosine (-1 to 1) for the ``limit`` nearest allowed rows, or a few more; exact."""
        import numpy as np

        count = len(self.vectors)
        if not count:
            return {}
        scores = self.vectors @ vector
        taken = count if allowed is not None else min(2 * limit, count)
        best = np.argpartition(-scores, taken - 1)[:taken]
        found: dict[int, float] = {}
        for i in best[np.argsort(-scores[best], kind="stable")]:
            for row in self.rows[i]:
                if row not in found and (allowed is None or row in allowed):
                    found[row] = float(scores[i])
            if len(found) >= limit:
                break
        return found


class Nearest(Protocol):
    """What a vector field must do: ``VectorField`` does it exactly."""

    def nearest(self, vector: Vectors, limit: int, allowed: Collection[int] | None = None) -> dict[int, float]: ...


class HybridSearch:
    """Keyword and vector fields over the same rows, fused by a normalised weighted sum.

    ``words`` names the keyword fields that are filled; ``vectors`` the vector fields. A word score is divided by the
    most that the question's words could give, a cosine is taken as it is (below 0 counts 0): both are absolute, so that
    the fused score can be compared between questions and with a floor.
    """

    def __init__(
        self,
        keywords: KeywordIndex,
        vectors: Mapping[str, Nearest],
        *,
        words: Sequence[str] = ("text", "heading"),
        weights: Weights | None = None,
        candidates: int = CANDIDATES,
    ) -> None:
        self.keywords = keywords
        self.vectors = dict(vectors)
        self.words = tuple(words)
        self.weights = weights or Weights()
        self.candidates = candidates
        self._idf = lru_cache(maxsize=4096)(self._idf_uncached)

    def rank(
        self,
        text: str,
        vector: Vectors,
        limit: int,
        *,
        allowed: Collection[int] | None = None,
        more: Sequence[str] = (),
        with_coverage: bool = True,
    ) -> list[Ranked]:
        """The best rows, best first; ``allowed`` restricts them, ``more`` are further words to look for."""
        fields: dict[str, dict[int, float]] = {}
        for name in self.words:
            fields[f"{name}_words"] = self._words(text, name, allowed, more)
        for name, part in self.vectors.items():
            found = part.nearest(vector, self.candidates, allowed)
            fields[f"{name}_vector"] = {row: max(0.0, score) for row, score in found.items()}
        ordered = fuse(fields, self.weights)[:limit]
        coverage = self.coverage(text, [row for row, _ in ordered]) if with_coverage else {}
        return [
            Ranked(
                row,
                round(min(1.0, score), 6),
                {
                    **{name: round(scores.get(row, 0.0), 6) for name, scores in fields.items()},
                    "cosine": round(fields.get("text_vector", {}).get(row, 0.0), 6),
                    "coverage": round(coverage.get(row, 0.0), 6),
                },
            )
            for row, score in ordered
        ]

    def _words(self, text: str, name: str, allowed: Collection[int] | None, more: Sequence[str]) -> dict[int, float]:
        found = self.keywords.search(text, self.candidates, field=name, more=more)
        most = BM25_MOST * sum(self._idf(word, name) for word in query_words(text)) or 1.0
        return {row: min(1.0, score / most) for row, score in found if allowed is None or row in allowed}

    def coverage(self, text: str, rows: Sequence[int]) -> dict[int, float]:
        """Row to the share (0 to 1) of the question's words, weighted by rarity, that stand in any keyword field."""
        words = query_words(text)
        weight = {word: self._idf(word, "text") for word in words}
        total = sum(weight.values())
        sums = dict.fromkeys(rows, 0.0)
        for word in words if total else ():
            holders = {row for name in self.words for row in self.keywords.holding(word, rows, field=name)}
            for row in holders:
                sums[row] += weight[word] / total
        return sums

    def _idf_uncached(self, word: str, name: str) -> float:
        """As FTS5 has it, but with the 1 inside the logarithm, so that a word in every row still counts a little."""
        holding = self.keywords.count(word, field=name)
        return math.log(1 + (self.keywords.rows - holding + 0.5) / (holding + 0.5))


Reranker = Callable[[str, Sequence[str]], Sequence[float]]  # question, texts -> one score a text, higher is better


def rerank(
    question: str, ranked: Sequence[Ranked], texts: Mapping[int, str], reranker: Reranker, *, depth: int = 50
) -> list[Ranked]:
    """The first ``depth`` rows in the order of the reranker's scores, the rest behind them as they stood.

    A score keeps its fused value (the floor is calibrated on it), so scores need not fall along the list; the
    reranker's own score is in ``parts["reranker"]``.
    """
    head, tail = list(ranked[:depth]), list(ranked[depth:])
    scores = reranker(question, [texts[entry.row] for entry in head])
    if len(scores) != len(head):
        raise ValueError(f"the reranker gave {len(scores)} scores for {len(head)} texts")
    order = sorted(range(len(head)), key=lambda i: (-float(scores[i]), i))
    moved = [
        Ranked(head[i].row, head[i].score, {**head[i].parts, "reranker": round(float(scores[i]), 6)}) for i in order
    ]
    return [*moved, *tail]


def as_langchain_retriever(index: Index, *, limit: int = 10) -> Any:
    """A LangChain ``BaseRetriever`` over the index: documents with the passage's text, its metadata and scores."""
    from langchain_core.callbacks import CallbackManagerForRetrieverRun
    from langchain_core.documents import Document
    from langchain_core.retrievers import BaseRetriever

    class GuidelineRetriever(BaseRetriever):
        limit: int = 10

        def _get_relevant_documents(
            self, query: str, *, run_manager: CallbackManagerForRetrieverRun | None = None
        ) -> list[Document]:
            found = []
            for hit in index.search(query, self.limit):
                metadata = {**index.metadata(hit.passage_id), "score": hit.score, "rank": hit.rank, **hit.parts}
                found.append(Document(id=hit.passage_id, page_content=index.text(hit.passage_id), metadata=metadata))
            return found

    return GuidelineRetriever(limit=limit)
