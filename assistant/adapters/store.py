"""Chroma as the store of all vectors: written once a generation, every vector read back, closed again.

Up to ``EXACT_LIMIT`` vectors nobody asks Chroma at search time: looking at all of them is exact and as fast. Above it
``ChromaField`` asks its graph.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.adapters.ranking import VectorField
from assistant.errors import RetrievalError
from assistant.records import Passage

if TYPE_CHECKING:
    from assistant.adapters.embedder import Vectors

COLLECTION = "entries-v1"
EXACT_LIMIT = 100_000  # vectors; up to here a search looks at every one of them (17 ms)
ADVICE = "run `assistant index` to build it again"


@dataclass(frozen=True, slots=True)
class Entry:
    """One vector: ``kind`` is text, heading or reference; ``rows`` are the passages (by position) it speaks for."""

    id: str
    kind: str
    text: str
    rows: tuple[int, ...]


def store_vectors(
    folder: Path,
    passages: Sequence[Passage],
    entries: Sequence[Entry],
    metadata: Sequence[dict[str, str | int]],
    vectors: Vectors,
) -> Vectors:
    """Write all entries, read every vector back, and let a sample find itself; returns the vectors as read back."""
    import numpy as np

    with chroma_client(folder) as client:
        collection = client.create_collection(
            COLLECTION, embedding_function=None, configuration={"hnsw": {"space": "cosine", "ef_search": 200}}
        )
        step = min(2000, client.get_max_batch_size())
        for start in range(0, len(entries), step):
            block = entries[start : start + step]
            collection.add(
                ids=[entry.id for entry in block],
                embeddings=vectors[start : start + step],
                documents=[entry.text for entry in block],
                metadatas=[_chroma_metadata(entry, passages, metadata) for entry in block],
            )
        stored = np.zeros_like(vectors)
        place = {entry.id: i for i, entry in enumerate(entries)}
        seen = 0
        for start in range(0, len(entries), step):
            got = collection.get(ids=[entry.id for entry in entries[start : start + step]], include=["embeddings"])
            for key, vector in zip(got["ids"], got["embeddings"], strict=True):
                stored[place[key]] = vector
                seen += 1
        if seen != len(entries) or not np.allclose(stored, vectors, atol=1e-6):
            raise RetrievalError(f"{len(entries) - seen} of {len(entries)} vectors did not read back; {ADVICE}")
        for i in range(0, len(entries), max(1, len(entries) // 50)):  # a sample of about fifty
            _must_find_itself(collection, entries[i], stored[i])
    return stored


def _must_find_itself(collection: Any, entry: Entry, vector: Vectors) -> None:
    # equal texts have equal vectors, so it is the distance that must be 0, not the id that must be the same
    found = collection.query(query_embeddings=[vector], n_results=1, include=["distances"])
    if not found["ids"][0] or found["distances"][0][0] > 1e-3:
        raise RetrievalError(f"the vector of {entry.id} does not find itself; {ADVICE}")


def _chroma_metadata(
    entry: Entry, passages: Sequence[Passage], metadata: Sequence[dict[str, str | int]]
) -> dict[str, str | int]:
    if entry.kind == "text":
        return {"kind": entry.kind, "row": entry.rows[0], **metadata[entry.rows[0]]}
    return {"kind": entry.kind, "passages": " ".join(passages[row].id for row in entry.rows)}


@contextmanager
def chroma_client(folder: Path) -> Iterator[Any]:
    """A client of one folder, closed at the end; Chroma's own errors become ours."""
    import chromadb
    from chromadb.config import Settings
    from chromadb.errors import ChromaError

    try:
        settings = Settings(anonymized_telemetry=False, allow_reset=False)
        client: Any = chromadb.PersistentClient(str(folder), settings=settings)
        try:
            yield client
        finally:
            client.close()
    except ChromaError as error:
        raise RetrievalError(f"the vector store in {folder.name} failed ({error}); {ADVICE}") from error


class ChromaField:
    """A ``VectorField`` that asks Chroma's graph (approximate; a filtered search looks at every vector instead).

    ``rows`` maps the ids of the field's entries to the rows they speak for.
    """

    def __init__(self, collection: Any, rows: dict[str, Sequence[int]], exact: VectorField) -> None:
        self._collection, self._rows, self._exact = collection, rows, exact

    def nearest(self, vector: Vectors, limit: int, allowed: Collection[int] | None = None) -> dict[int, float]:
        """As ``VectorField.nearest``."""
        if allowed is not None:
            return self._exact.nearest(vector, limit, allowed)
        # entries of other fields share the graph; asking for twice as many leaves enough of this one
        count = min(2 * limit, self._collection.count())
        got = self._collection.query(query_embeddings=[vector], n_results=count, include=["distances"])
        found: dict[int, float] = {}
        for key, distance in zip(got["ids"][0], got["distances"][0], strict=True):  # nearest first
            for row in self._rows.get(key, ()):
                found.setdefault(row, 1.0 - float(distance))
        return found
