"""The index of a corpus: built beside the old one, read back completely, then switched to; and searched.

One generation is one folder: ``chroma/`` (every vector with text and metadata: the store), ``keywords.sqlite``,
``vectors.npy`` and ``entries.json`` (the same vectors as read back out of Chroma, for exact search), and last of all
``MANIFEST.json``. The file ``current`` names the generation in use and is replaced in one step; the one before is kept.
Everything can be deleted at any time: ``assistant index`` builds it again from the corpus.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from functools import lru_cache
from importlib.metadata import version
from operator import ge, gt, le, lt
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.adapters.embedder import Embedder, Progress, file_sha256
from assistant.adapters.generations import current_generation, file_sizes, new_generation, sweep, switch_to, writer_lock
from assistant.adapters.keywords import KeywordIndex, Synonyms, build_keywords, query_words
from assistant.adapters.ranking import HybridSearch, Reranker, VectorField, Weights, rerank
from assistant.adapters.store import ADVICE, COLLECTION, EXACT_LIMIT, ChromaField, Entry, chroma_client, store_vectors
from assistant.errors import IndexMissing, RetrievalError, StaleIndex
from assistant.records import Corpus, Hit, Passage

if TYPE_CHECKING:
    pass

FORMAT = 2
FILES = ("keywords.sqlite", "vectors.npy", "entries.json")  # those whose digest the manifest holds
# Statements of guidelines: chosen between four settings on the tuning half of our own questions. A heading counts less
# than a document's title, since it is shared by neighbours and stands before the text that is encoded as well.
PASSAGE_WEIGHTS = Weights(
    text_words=1.0, heading_words=0.5, text_vector=2.0, heading_vector=1.0, notes_words=0.5, reference_vector=0.5
)
ORDERS = {"$gt": gt, "$gte": ge, "$lt": lt, "$lte": le}


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an index was made from and must look like; ``files`` maps a name to its sha256, ``chroma`` to its bytes."""

    format: int
    corpus: str
    model: str
    model_hash: str
    dims: int
    passages: int
    headings: int
    references: int
    vectors: int
    files: Mapping[str, str]
    chroma: Mapping[str, int]
    versions: Mapping[str, str]


# --------------------------------------------------------------------------- what goes in


def entries_of(corpus: Corpus, embedder: Embedder) -> tuple[list[Passage], list[Entry]]:
    """Passages in the order of their ids, and all that is to be encoded: texts, heading paths and cited works."""
    passages = [corpus.passages[key] for key in sorted(corpus.passages)]
    entries: list[Entry] = []
    headings: dict[str, list[int]] = {}
    citing: dict[str, list[int]] = {}
    for row, passage in enumerate(passages):
        path = heading_path(corpus, passage)
        headings.setdefault(path, []).append(row)
        last = passage.headings[-1] if passage.headings else ""
        for n, piece in enumerate(embedder.split(last, passage.text)):
            entries.append(Entry(f"t:{passage.id}:{n}", "text", f"{last}\n{piece}" if last else piece, (row,)))
        for key in passage.citations:
            citing.setdefault(key, []).append(row)
    for n, (path, rows) in enumerate(sorted(headings.items())):
        entries.append(Entry(f"h:{n}", "heading", path, tuple(rows)))
    for key, rows in sorted(citing.items()):
        reference = corpus.references.get(key)
        if reference is not None:
            text = "\n".join(part for part in (reference.title, reference.note) if part)
            entries.append(Entry(f"r:{key}", "reference", text, tuple(dict.fromkeys(rows))))
    return passages, entries


def heading_path(corpus: Corpus, passage: Passage) -> str:
    """Title of the guideline and headings, outermost first; a title that is its own first heading stands once."""
    guideline = corpus.guidelines.get(passage.guideline)
    parts = ([guideline.title] if guideline else []) + list(passage.headings)
    return " > ".join(dict.fromkeys(parts))


def metadata_of(corpus: Corpus, passage: Passage) -> dict[str, str | int]:
    """Scalars only, as Chroma wants them; dates as yyyymmdd, so that they can be compared; "" where there is none."""
    guideline = corpus.guidelines.get(passage.guideline)
    found: dict[str, str | int] = {
        "passage": passage.id,
        "guideline": passage.guideline,
        "section": passage.section.value,
        "jurisdiction": passage.jurisdiction or (guideline.jurisdiction if guideline else ""),
        "evidence": passage.evidence,
        "headings": " > ".join(passage.headings),
        "citations": " ".join(passage.citations),
    }
    if guideline:
        found |= {"title": guideline.title, "publisher": guideline.publisher, "status": guideline.status.value}
        for name in ("published", "updated", "review_by"):
            found[name] = int(getattr(guideline, name).strftime("%Y%m%d"))
    return found


def notes_of(corpus: Corpus, passage: Passage) -> str:
    """Titles and notes of the works a passage cites, and its plain wording: searched with it, weighted low."""
    works = [corpus.references[key] for key in passage.citations if key in corpus.references]
    parts = [passage.plain or "", *(f"{work.title} {work.note}" for work in works), *passage.tags]
    return " ".join(part for part in parts if part)


# --------------------------------------------------------------------------- building


def build_index(corpus: Corpus, folder: Path, *, embedder: Embedder, progress: Progress | None = None) -> Manifest:
    """Build a generation, verify it, make it the current one, and delete all but the one before.

    RetrievalError when another process is building, the disk refuses, or a vector does not read back.
    """
    if not corpus.passages:
        raise RetrievalError("the corpus has no passages; there is nothing to index")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with writer_lock(folder):
            previous = current_generation(folder)
            target = new_generation(folder)
            manifest = _write_generation(corpus, target, embedder, progress)
            switch_to(folder, target.name)
            sweep(folder, keep={target.name, previous})
            return manifest
    except OSError as error:
        raise RetrievalError(f"the index cannot be written to {folder}: {error.strerror or error}") from error


def _write_generation(corpus: Corpus, target: Path, embedder: Embedder, progress: Progress | None) -> Manifest:
    import numpy as np

    passages, entries = entries_of(corpus, embedder)
    vectors = embedder.encode([entry.text for entry in entries], progress=progress)
    metadata = [metadata_of(corpus, passage) for passage in passages]
    stored = store_vectors(target / "chroma", passages, entries, metadata, vectors)
    np.save(target / "vectors.npy", stored)
    paths = [heading_path(corpus, passage) for passage in passages]
    # the heading stands in the text's field as well: a question that names both is then answered by one passage
    rows = ((f"{path}\n{p.text}", path, notes_of(corpus, p)) for p, path in zip(passages, paths, strict=True))
    build_keywords(target / "keywords.sqlite", rows)
    description = {
        "passages": [{"id": p.id, "text": p.text, "metadata": m} for p, m in zip(passages, metadata, strict=True)],
        "terms": [[term.name, *term.synonyms, *term.brands] for term in corpus.terms],
        "entries": [{"id": e.id, "kind": e.kind, "rows": e.rows} for e in entries],
    }
    (target / "entries.json").write_text(json.dumps(description, ensure_ascii=False), encoding="utf-8")
    kinds = [entry.kind for entry in entries]
    manifest = Manifest(
        format=FORMAT,
        corpus=corpus.digest,
        model=embedder.name,
        model_hash=embedder.model_hash,
        dims=embedder.dims,
        passages=len(passages),
        headings=kinds.count("heading"),
        references=kinds.count("reference"),
        vectors=len(entries),
        files={name: file_sha256(target / name) for name in FILES},
        chroma=file_sizes(target / "chroma"),
        versions={name: version(name) for name in ("chromadb", "numpy")},
    )
    part = target / "MANIFEST.part"
    part.write_text(json.dumps(asdict(manifest), indent=1), encoding="utf-8")
    os.replace(part, target / "MANIFEST.json")
    return manifest


# --------------------------------------------------------------------------- opening and searching


class Index:
    """An open generation; implements the pipeline's Retriever. Safe to share between threads."""

    def __init__(
        self,
        folder: Path,
        manifest: Manifest,
        embedder: Embedder,
        *,
        weights: Weights | None = None,
        reranker: Reranker | None = None,
        exact_limit: int = EXACT_LIMIT,
    ) -> None:
        import numpy as np

        self.manifest = manifest
        self._folder = folder
        self._embedder = embedder
        self._reranker = reranker
        self._open = ExitStack()
        described = json.loads((folder / "entries.json").read_text(encoding="utf-8"))
        self._ids: list[str] = [row["id"] for row in described["passages"]]
        self._texts: list[str] = [row["text"] for row in described["passages"]]
        self._metadata: list[dict[str, Any]] = [row["metadata"] for row in described["passages"]]
        self._uses = lru_cache(maxsize=4096)(lambda name: self._search.keywords.count(name))
        self._synonyms = Synonyms(described["terms"])
        self._row = {key: row for row, key in enumerate(self._ids)}
        vectors = np.load(folder / "vectors.npy", mmap_mode="r" if manifest.vectors > exact_limit else None)
        kinds = [entry["kind"] for entry in described["entries"]]
        parts: dict[str, VectorField | ChromaField] = {}
        for kind in ("text", "heading", "reference"):  # entries stand in this order, so that each is one slice
            first, count = (kinds.index(kind), kinds.count(kind)) if kind in kinds else (0, 0)
            rows = [entry["rows"] for entry in described["entries"][first : first + count]]
            exact = VectorField(vectors[first : first + count], rows)
            parts[kind] = exact
            if manifest.vectors > exact_limit and kind == "text":
                collection = self._open.enter_context(chroma_client(folder / "chroma")).get_collection(COLLECTION)
                named = described["entries"][first : first + count]
                parts[kind] = ChromaField(collection, {entry["id"]: entry["rows"] for entry in named}, exact)
        self._search = HybridSearch(
            KeywordIndex(folder / "keywords.sqlite"),
            parts,
            words=("text", "heading", "notes"),
            weights=weights or PASSAGE_WEIGHTS,
        )

    def search(
        self, text: str, limit: int, *, where: Mapping[str, Any] | None = None, more: Sequence[str] | None = None
    ) -> tuple[Hit, ...]:
        """The best passages, best first. ``where`` filters on metadata: see ``matches``.

        ``more`` are further words to look for; None takes other names and spellings from ``further_words``.
        ``Hit.score`` is 0 to 1 and comparable between questions; ``Hit.parts`` has ``cosine`` (of the text) and
        ``coverage`` (share of the question's words found, weighted by rarity). An empty text gives no hits.
        """
        if not text.strip() or limit < 1:
            return ()
        allowed = None
        if where:
            allowed = {row for row, metadata in enumerate(self._metadata) if matches(metadata, where)}
        vector = self._embedder.encode([text])[0]
        depth = max(limit, 50) if self._reranker else limit
        further = self.further_words(text) if more is None else more
        ranked = self._search.rank(text, vector, depth, allowed=allowed, more=further)
        if self._reranker:
            texts = {entry.row: self._texts[entry.row] for entry in ranked}
            ranked = rerank(text, ranked, texts, self._reranker)
        return tuple(
            Hit(self._ids[entry.row], entry.score, rank, entry.parts) for rank, entry in enumerate(ranked[:limit], 1)
        )

    def further_words(self, text: str) -> tuple[str, ...]:
        """What is looked for beside the question's own words: the names our texts prefer, and likely spellings.

        A name is added only when more passages use it than use the one asked with: who asks for "cobalamin" is led to
        "B12", and who asks for "B12" is not led astray by twenty rarer names for it.
        """
        found: dict[str, None] = {}
        for asked, others in self._synonyms.of(text).items():
            used = self._uses(asked)
            better = sorted((-count, name) for name in others if (count := self._uses(name)) > used)
            found |= dict.fromkeys(name for _, name in better[:3])
        for word in query_words(text):
            found |= dict.fromkeys(self._search.keywords.respelled(word))
        return tuple(found)

    def text(self, passage_id: str) -> str:
        return self._texts[self._row[passage_id]]

    def metadata(self, passage_id: str) -> dict[str, Any]:
        return dict(self._metadata[self._row[passage_id]])

    def verify_store(self) -> int:
        """Read every vector back out of Chroma and compare; returns how many. RetrievalError when one is missing."""
        import numpy as np

        with chroma_client(self._folder / "chroma") as client:
            got = client.get_collection(COLLECTION, embedding_function=None).get(include=["embeddings"])
            order = {key: i for i, key in enumerate(got["ids"])}
            ids = [e["id"] for e in json.loads((self._folder / "entries.json").read_text(encoding="utf-8"))["entries"]]
            missing = [key for key in ids if key not in order]
            if missing:
                raise RetrievalError(f"{len(missing)} of {len(ids)} vectors are missing in the store; {ADVICE}")
            stored = np.asarray(got["embeddings"], dtype=np.float32)[[order[key] for key in ids]]
        if not np.allclose(stored, np.load(self._folder / "vectors.npy"), atol=1e-6):
            raise RetrievalError(f"vectors in the store have changed; {ADVICE}")
        return len(ids)

    def close(self) -> None:
        self._search.keywords.close()
        self._open.close()


def open_index(
    folder: Path,
    *,
    corpus_digest: str,
    embedder: Embedder,
    weights: Weights | None = None,
    reranker: Reranker | None = None,
    exact_limit: int = EXACT_LIMIT,
) -> Index:
    """The current generation; above ``exact_limit`` vectors Chroma's graph is asked instead of every vector.

    IndexMissing, StaleIndex (another corpus), RetrievalError (another encoder, damaged).
    """
    name = current_generation(folder)
    if name is None:
        raise IndexMissing(str(folder))
    target = folder / name
    manifest = _read_manifest(target)
    if manifest.corpus != corpus_digest:
        raise StaleIndex(manifest.corpus, corpus_digest)
    if manifest.model_hash != embedder.model_hash:
        raise RetrievalError(f"the index was built with another encoder ({manifest.model}); {ADVICE}")
    for file, digest in manifest.files.items():
        if file_sha256(target / file) != digest:
            raise RetrievalError(f"the index is damaged: {file} is not what was written; {ADVICE}")
    sizes = file_sizes(target / "chroma")
    for file, size in manifest.chroma.items():
        if sizes.get(file, -1) < size:
            raise RetrievalError(f"the index is damaged: chroma/{file} is missing or cut; {ADVICE}")
    return Index(target, manifest, embedder, weights=weights, reranker=reranker, exact_limit=exact_limit)


def _read_manifest(target: Path) -> Manifest:
    try:
        manifest = Manifest(**json.loads((target / "MANIFEST.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise RetrievalError(f"the index is damaged: its manifest cannot be read; {ADVICE}") from error
    if manifest.format != FORMAT:
        raise RetrievalError(f"the index has format {manifest.format}, this version reads {FORMAT}; {ADVICE}")
    return manifest


def matches(metadata: Mapping[str, Any], where: Mapping[str, Any]) -> bool:
    """Chroma's filter language on one record: equality, $ne, $in, $nin, $gt, $gte, $lt, $lte, $and, $or."""
    for key, wanted in where.items():
        if key == "$and":
            good = all(matches(metadata, part) for part in wanted)
        elif key == "$or":
            good = any(matches(metadata, part) for part in wanted)
        elif isinstance(wanted, Mapping):
            good = all(_compare(metadata.get(key), operator, value) for operator, value in wanted.items())
        else:
            good = metadata.get(key) == wanted
        if not good:
            return False
    return True


def _compare(have: Any, operator: str, value: Any) -> bool:
    if operator in {"$in", "$nin"}:
        return (have in value) == (operator == "$in")
    if operator in {"$eq", "$ne"}:
        return bool(have == value) == (operator == "$eq")
    if operator not in ORDERS:
        raise ValueError(f"no filter {operator!r}")
    return have is not None and bool(ORDERS[operator](have, value))
