"""The index: what goes in is found, what is damaged is refused, and an interrupted build changes nothing."""

from __future__ import annotations

import json
import multiprocessing
import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from assistant.adapters import index as index_module
from assistant.adapters.embedder import HashEmbedder, Progress
from assistant.adapters.index import Index, build_index, matches, open_index
from assistant.adapters.ranking import as_langchain_retriever
from assistant.errors import IndexMissing, RetrievalError, StaleIndex
from assistant.records import Corpus, Guideline, Passage, Reference, ReviewStatus, Section, Term

if TYPE_CHECKING:
    from assistant.adapters.embedder import Vectors

# invented drugs and findings: an index must work on any text
TEXTS = {
    "pain#dosing.1": ("Examplamol", "Give examplamol 1 g by mouth every six hours.", ("avery2020",)),
    "pain#dosing.2": ("Examplamol", "No more than 4 g of it in 24 hours.", ("avery2020",)),
    "pain#monitoring.1": ("Liver tests", "Check transaminases weekly while examplamol is given.", ()),
    "itch#steps.1": ("Emollients", "Use an emollient twice a day before anything else.", ("brown2019",)),
    "itch#dosing.1": ("Fictamine", "Fictamine 10 mg at night may help when itch disturbs sleep.", ("brown2019",)),
}


def make_corpus(digest: str = "sha256:one", texts: dict[str, tuple[str, str, tuple[str, ...]]] | None = None) -> Corpus:
    passages = {
        key: Passage(
            id=key,
            guideline=key.split("#")[0],
            section=Section.DOSING if "dosing" in key else Section.STEPS,
            headings=(heading,),
            text=text,
            citations=citations,
            line=1,
            jurisdiction="uk" if key.startswith("pain") else "us",
        )
        for key, (heading, text, citations) in (texts or TEXTS).items()
    }
    guidelines = {
        name: Guideline(
            id=name,
            title=title,
            publisher="Nobody",
            jurisdiction="uk",
            version="1",
            published=date(2024, 1, 1),
            updated=date(2025, 1, 1),
            review_by=date(2027, 1, 1),
            status=ReviewStatus.SUBMITTED,
            licence="CC0",
            topics=(),
            passages=tuple(p for p in passages.values() if p.guideline == name),
            path=f"{name}.md",
            digest="",
        )
        for name, title in (("pain", "Pain in adults"), ("itch", "Itch at night"))
    }
    references = {
        key: Reference(key, title, "A", 2020, "J", "trial", "abstract", "CC0", note=note)
        for key, title, note in (
            ("avery2020", "Ceiling effect of examplamol", "Doses above four grams harmed livers"),
            ("brown2019", "Sleep and pruritus", "Sedating compounds shortened wakefulness in dermatitis"),
        )
    }
    return Corpus(guidelines, passages, references, {}, (), (), digest, "sha256:rules")


def opened(folder: Path, digest: str = "sha256:one") -> Index:
    return open_index(folder, corpus_digest=digest, embedder=HashEmbedder())


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("index")
    build_index(make_corpus(), folder, embedder=HashEmbedder())
    return folder


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("examplamol daily maximum 4 g in 24 hours", "pain#dosing.2"),
        ("Fictamine", "itch#dosing.1"),
        ("transaminases", "pain#monitoring.1"),
        ("when should an emollient be used?", "itch#steps.1"),
        ('emollient" OR NEAR( *', "itch#steps.1"),  # search syntax is only words
    ],
)
def test_the_right_passage_comes_first(built: Path, question: str, first: str) -> None:
    hits = opened(built).search(question, 3)
    assert hits[0].passage_id == first
    assert [hit.rank for hit in hits] == [1, 2, 3]
    assert all(0.0 <= hit.score <= 1.0 for hit in hits)
    assert hits[0].parts["coverage"] > 0.0


def test_a_cited_work_leads_to_the_passages_that_cite_it(built: Path) -> None:
    hits = opened(built).search("sedating compounds wakefulness dermatitis", 2)
    assert {hit.passage_id for hit in hits} == {"itch#dosing.1", "itch#steps.1"}


@pytest.mark.parametrize("text", ["", "   ", "\x00", "???", '"'])
def test_a_question_without_words_is_no_error(built: Path, text: str) -> None:
    hits = opened(built).search(text, 5)
    assert all(hit.parts["coverage"] == 0.0 for hit in hits)


def test_the_name_that_the_texts_use_is_looked_for_too(tmp_path: Path) -> None:
    terms = (Term("d1", "drug", "examplamol", synonyms=("paraexample",), brands=("Exampal",)),)
    build_index(replace(make_corpus(), terms=terms), tmp_path, embedder=HashEmbedder())
    index = opened(tmp_path)
    assert index.further_words("Exampal in 24 hours") == ("examplamol",)
    assert index.further_words("examplamol in 24 hours") == ()  # the texts' own name needs no other
    assert index.further_words("transamynases") == ("transaminas",)
    assert index.search("transamynases", 1)[0].passage_id == "pain#monitoring.1"
    assert index.search("Exampal weekly", 1)[0].passage_id == "pain#monitoring.1"


def test_filters_leave_only_what_they_allow(built: Path) -> None:
    hits = opened(built).search("examplamol", 10, where={"jurisdiction": "us"})
    assert hits and all(hit.passage_id.startswith("itch") for hit in hits)


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({"year": 2020}, True),
        ({"year": {"$gte": 2020, "$lt": 2021}}, True),
        ({"year": {"$gt": 2020}}, False),
        ({"body": {"$in": ["nice", "who"]}}, True),
        ({"body": {"$nin": ["nice"]}}, False),
        ({"$or": [{"year": 1999}, {"body": {"$ne": "who"}}]}, True),
        ({"$and": [{"year": 2020}, {"body": "who"}]}, False),
        ({"absent": {"$lte": 1}}, False),  # a missing value satisfies no order
    ],
)
def test_where(where: dict[str, Any], expected: bool) -> None:
    assert matches({"year": 2020, "body": "nice"}, where) is expected


def test_an_unknown_filter_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"\$like"):
        matches({"a": "b"}, {"a": {"$like": "c"}})


def test_equal_corpora_give_equal_hits(built: Path, tmp_path: Path) -> None:
    build_index(make_corpus(), tmp_path, embedder=HashEmbedder())
    assert opened(tmp_path).search("examplamol dose at night", 5) == opened(built).search("examplamol dose at night", 5)


def test_the_store_holds_every_vector(built: Path) -> None:
    index = opened(built)
    assert index.verify_store() == index.manifest.vectors == 5 + index.manifest.headings + index.manifest.references


def test_a_large_index_asks_the_store_and_finds_the_same(built: Path) -> None:
    large = open_index(built, corpus_digest="sha256:one", embedder=HashEmbedder(), exact_limit=1)
    for question in ("examplamol", "itch at night", "weekly transaminases"):
        approximate, exact = large.search(question, 5), opened(built).search(question, 5)
        assert approximate[0].passage_id == exact[0].passage_id
        # by passage: those that have next to nothing of the question may change places within rounding
        assert {h.passage_id: h.score for h in approximate} == pytest.approx(
            {h.passage_id: h.score for h in exact}, abs=1e-4
        )
    assert large.search("itch", 5, where={"guideline": "pain"})[0].passage_id.startswith("pain")
    large.close()


def test_missing_and_stale(built: Path, tmp_path: Path) -> None:
    with pytest.raises(IndexMissing):
        opened(tmp_path / "none")
    with pytest.raises(StaleIndex):
        opened(built, "sha256:other")
    with pytest.raises(RetrievalError, match="another encoder"):
        open_index(built, corpus_digest="sha256:one", embedder=HashEmbedder(64))


def test_an_empty_corpus_is_refused(tmp_path: Path) -> None:
    empty = Corpus({}, {}, {}, {}, (), (), "sha256:none", "")
    with pytest.raises(RetrievalError, match="nothing to index"):
        build_index(empty, tmp_path, embedder=HashEmbedder())


def test_a_new_build_replaces_and_keeps_one_before(tmp_path: Path) -> None:
    for digest in ("sha256:one", "sha256:two", "sha256:three"):
        build_index(make_corpus(digest), tmp_path, embedder=HashEmbedder())
    assert opened(tmp_path, "sha256:three").search("emollient", 1)
    assert sorted(path.name for path in tmp_path.glob("g*")) == ["g000002", "g000003"]


def test_an_open_index_survives_a_rebuild(tmp_path: Path) -> None:
    build_index(make_corpus(), tmp_path, embedder=HashEmbedder())
    index = opened(tmp_path)
    before = index.search("emollient", 3)
    for digest in ("sha256:two", "sha256:three"):
        build_index(make_corpus(digest), tmp_path, embedder=HashEmbedder())
    assert index.search("emollient", 3) == before


FILES = ["MANIFEST.json", "keywords.sqlite", "vectors.npy", "entries.json", "chroma/chroma.sqlite3"]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("harm", ["cut", "gone"])
def test_damage_is_noticed_and_says_what_to_do(tmp_path: Path, name: str, harm: str) -> None:
    build_index(make_corpus(), tmp_path, embedder=HashEmbedder())
    target = tmp_path / "g000001" / name
    if harm == "cut":
        os.truncate(target, target.stat().st_size // 2)
    else:
        target.unlink()
    with pytest.raises(RetrievalError, match=r"assistant index|cannot read"):
        opened(tmp_path)


class DyingEmbedder(HashEmbedder):
    """Ends the process in the middle of a build, as a power cut would."""

    def encode(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        os._exit(9)


def _build_and_die(folder: str, moment: str) -> None:
    if moment == "before the vectors":
        build_index(make_corpus("sha256:two"), Path(folder), embedder=DyingEmbedder())
    index_module.switch_to = lambda *_: os._exit(9)  # type: ignore[assignment]
    build_index(make_corpus("sha256:two"), Path(folder), embedder=HashEmbedder())


@pytest.mark.parametrize("moment", ["before the vectors", "between folder and pointer"])
def test_a_killed_build_leaves_the_old_index(tmp_path: Path, moment: str) -> None:
    build_index(make_corpus(), tmp_path, embedder=HashEmbedder())
    before = opened(tmp_path).search("examplamol", 3)
    process = multiprocessing.get_context("spawn").Process(target=_build_and_die, args=(str(tmp_path), moment))
    process.start()
    process.join(60)
    assert process.exitcode == 9
    assert opened(tmp_path).search("examplamol", 3) == before
    build_index(make_corpus("sha256:three"), tmp_path, embedder=HashEmbedder())  # the lock went with the process
    assert opened(tmp_path, "sha256:three").search("examplamol", 3) == before


def test_two_builders_at_once_are_refused(tmp_path: Path) -> None:
    with index_module.writer_lock(tmp_path), pytest.raises(RetrievalError, match="another process"):
        build_index(make_corpus(), tmp_path, embedder=HashEmbedder())


def test_vectors_that_do_not_read_back_stop_the_build(tmp_path: Path) -> None:
    class Liar(HashEmbedder):
        def encode(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
            vectors = super().encode(texts)
            vectors[0] = float("nan")
            return vectors

    with pytest.raises(RetrievalError):
        build_index(make_corpus(), tmp_path, embedder=Liar())
    assert not (tmp_path / "current").exists()


def test_the_manifest_says_what_the_index_was_made_from(built: Path) -> None:
    manifest = json.loads((built / "g000001" / "MANIFEST.json").read_text())
    assert manifest["corpus"] == "sha256:one"
    assert manifest["model_hash"] == HashEmbedder().model_hash
    assert manifest["passages"] == 5
    assert set(manifest["files"]) == {"keywords.sqlite", "vectors.npy", "entries.json"}


def test_a_reranker_decides_the_order_and_keeps_the_scores(built: Path) -> None:
    def longest_first(question: str, texts: Sequence[str]) -> list[float]:
        return [float(len(text)) for text in texts]

    index = open_index(built, corpus_digest="sha256:one", embedder=HashEmbedder(), reranker=longest_first)
    hits = index.search("examplamol", 5)
    lengths = [len(index.text(hit.passage_id)) for hit in hits]
    assert lengths == sorted(lengths, reverse=True)
    fused = opened(built).search("examplamol", 5)
    assert {hit.passage_id: hit.score for hit in hits} == {hit.passage_id: hit.score for hit in fused}


def test_the_langchain_face(built: Path) -> None:
    retriever = as_langchain_retriever(opened(built), limit=2)
    documents = retriever.invoke("Fictamine at night")
    assert documents[0].id == "itch#dosing.1"
    assert documents[0].page_content == TEXTS["itch#dosing.1"][1]
    assert documents[0].metadata["guideline"] == "itch" and documents[0].metadata["rank"] == 1
    assert len(documents) == 2
