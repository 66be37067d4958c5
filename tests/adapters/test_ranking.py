"""Fusion: weights count, ties are stable, scores stay between 0 and 1, and a filter never loses what it allows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.adapters.embedder import HashEmbedder
from assistant.adapters.keywords import KeywordIndex, build_keywords
from assistant.adapters.ranking import (
    HybridSearch,
    Ranked,
    VectorField,
    Weights,
    fuse,
    reciprocal_rank_fusion,
    rerank,
)

TEXTS = ["examplamol relieves pain", "fictamine relieves itch", "examplamol harms the liver", "nothing of the kind"]
HEADINGS = ["Pain", "Itch", "Pain", "Other"]


@pytest.fixture(scope="module")
def search(tmp_path_factory: pytest.TempPathFactory) -> HybridSearch:
    path = tmp_path_factory.mktemp("ranking") / "k.sqlite"
    build_keywords(path, ((text, heading, "") for text, heading in zip(TEXTS, HEADINGS, strict=True)))
    encode = HashEmbedder().encode
    vectors = {
        "text": VectorField(encode(TEXTS), [(0,), (1,), (2,), (3,)]),
        "heading": VectorField(encode(["Pain", "Itch", "Other"]), [(0, 2), (1,), (3,)]),
    }
    return HybridSearch(KeywordIndex(path), vectors)


def rows(search: HybridSearch, text: str, **options: object) -> list[int]:
    return [entry.row for entry in search.rank(text, HashEmbedder().encode([text])[0], 10, **options)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "best"), [("examplamol and liver", 2), ("itch", 1), ("examplamol for pain", 0), ("pain", 0)]
)
def test_the_best_row(search: HybridSearch, text: str, best: int) -> None:
    assert rows(search, text)[0] == best


def test_a_heading_alone_lifts_a_row(search: HybridSearch) -> None:
    assert set(rows(search, "pain")[:2]) == {0, 2}  # row 2 says "pain" only above itself


def test_a_filter_keeps_all_that_it_allows(search: HybridSearch) -> None:
    assert set(rows(search, "examplamol for pain", allowed={1, 3})) == {1, 3}


def test_further_words_count(search: HybridSearch) -> None:
    assert rows(search, "liver", more=["itch"])[1] == 1


def test_scores_and_parts(search: HybridSearch) -> None:
    text = "fictamine relieves itch"
    first, *others = search.rank(text, HashEmbedder().encode([text])[0], 4)
    assert first.row == 1
    assert 0.5 < first.score <= 1.0
    assert first.parts["cosine"] == pytest.approx(1.0, abs=1e-5)
    assert first.parts["coverage"] == pytest.approx(1.0)
    assert all(0.0 <= entry.score < first.score for entry in others)
    nonsense = "zyxw qqqq"
    best = search.rank(nonsense, HashEmbedder().encode([nonsense])[0], 1)[0]
    assert best.parts["coverage"] == 0.0 and best.score < 0.2


def test_fuse_weighs_and_breaks_ties_by_row() -> None:
    fields = {"text_words": {1: 1.0, 2: 0.5}, "text_vector": {2: 1.0, 3: 1.0}}
    even = Weights(text_words=1.0, text_vector=1.0)
    assert fuse(fields, even) == [(2, 0.75), (1, 0.5), (3, 0.5)]
    assert fuse(fields, Weights(text_words=3.0, text_vector=1.0))[0] == (1, 0.75)
    assert fuse({}, even) == []


SCORES = st.dictionaries(st.integers(0, 20), st.floats(0, 1), max_size=20)


@given(SCORES, SCORES, st.floats(0, 5), st.floats(0, 5))
def test_fused_scores_stay_between_0_and_1_and_fall(
    words: dict[int, float], vectors: dict[int, float], one: float, two: float
) -> None:
    fused = fuse({"text_words": words, "text_vector": vectors}, Weights(text_words=one, text_vector=two))
    scores = [score for _, score in fused]
    assert scores == sorted(scores, reverse=True)
    assert all(-1e-9 <= score <= 1 + 1e-9 for score in scores)
    assert {row for row, _ in fused} == set(words) | set(vectors)


def test_reciprocal_rank_fusion() -> None:
    fused = reciprocal_rank_fusion([[7, 8], [8, 9]])
    assert [row for row, _ in fused] == [8, 7, 9]
    assert fused[0][1] == pytest.approx(1 / 62 + 1 / 61)


@pytest.mark.parametrize("limit", [1, 3, 50])
def test_nearest_is_exact(limit: int) -> None:
    generator = np.random.default_rng(1)
    vectors = generator.normal(size=(60, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    owners = [(i // 2,) for i in range(60)]  # two pieces a passage
    query = vectors[17]
    found = VectorField(vectors, owners).nearest(query, limit)
    scores = vectors @ query
    expected = sorted(range(30), key=lambda row: -max(scores[2 * row], scores[2 * row + 1]))[:limit]
    assert set(expected) <= set(found)
    assert found[8] == pytest.approx(1.0, abs=1e-5)  # the better of two pieces counts


def test_no_vectors_find_nothing() -> None:
    assert VectorField(np.empty((0, 8), dtype=np.float32), []).nearest(np.ones(8, dtype=np.float32), 3) == {}


def test_rerank_moves_the_head_only() -> None:
    ranked = [Ranked(n, 1 - n / 10) for n in range(4)]
    moved = rerank("q", ranked, {n: str(n) for n in range(4)}, lambda _, texts: [float(t) for t in texts], depth=3)
    assert [entry.row for entry in moved] == [2, 1, 0, 3]
    assert moved[0].parts["reranker"] == 2.0 and moved[0].score == 0.8


def test_a_reranker_that_gives_too_few_scores_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="1 scores for 2"):
        rerank("q", [Ranked(0, 1.0), Ranked(1, 0.5)], {0: "a", 1: "b"}, lambda *_: [1.0])
