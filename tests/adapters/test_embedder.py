"""Encoders: rows of length 1, pieces that fit, a cache that spares work, and an export that must be equal."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from assistant.adapters import embedder as embedder_module
from assistant.adapters.embedder import CachedEmbedder, HashEmbedder, Progress, load_embedder, split_text
from assistant.errors import RetrievalError

if TYPE_CHECKING:
    from assistant.adapters.embedder import Vectors


class Counting(HashEmbedder):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def encode(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        self.seen.extend(texts)
        return super().encode(texts, progress=progress)


def test_hash_vectors_are_deterministic_and_of_length_one() -> None:
    texts = ["Give examplamol", "", "give examplamol!", "something else"]
    first, second = HashEmbedder().encode(texts), HashEmbedder().encode(texts)
    assert np.array_equal(first, second)
    assert np.allclose(np.linalg.norm(first, axis=1), 1.0)
    assert first[0] @ first[2] > 0.99 > first[0] @ first[3]


def test_the_cache_encodes_a_text_once(tmp_path: Path) -> None:
    inner = Counting()
    cache = CachedEmbedder(inner, tmp_path / "deep" / "vectors.sqlite")
    first = cache.encode(["a b", "c", "a b"])
    assert sorted(inner.seen) == ["a b", "c"]
    again = CachedEmbedder(inner, tmp_path / "deep" / "vectors.sqlite").encode(["c", "a b", "new"])
    assert inner.seen[2:] == ["new"]
    assert np.array_equal(again[:2], first[[1, 0]])
    assert np.array_equal(first[0], first[2])


def test_another_model_has_its_own_vectors(tmp_path: Path) -> None:
    one, two = Counting(), Counting()
    two.model_hash = "another"
    CachedEmbedder(one, tmp_path / "v.sqlite").encode(["a"])
    CachedEmbedder(two, tmp_path / "v.sqlite").encode(["a"])
    assert two.seen == ["a"]


def test_an_interrupted_run_keeps_what_it_has(tmp_path: Path) -> None:
    class Failing(Counting):
        def encode(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
            if len(self.seen) >= 512:
                raise KeyboardInterrupt
            return super().encode(texts, progress=progress)

    texts = [f"text {n:04}" for n in range(600)]
    with pytest.raises(KeyboardInterrupt):
        CachedEmbedder(Failing(), tmp_path / "v.sqlite").encode(texts)
    inner = Counting()
    CachedEmbedder(inner, tmp_path / "v.sqlite").encode(texts)
    assert len(inner.seen) == 88


def test_progress_runs_to_the_end(tmp_path: Path) -> None:
    calls: list[tuple[int, int]] = []
    cache = CachedEmbedder(HashEmbedder(), tmp_path / "v.sqlite")
    cache.encode(["a", "b"], progress=lambda done, total: calls.append((done, total)))
    assert calls[-1] == (2, 2)
    assert calls == sorted(calls)


def test_a_damaged_cache_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "v.sqlite").write_bytes(b"no database" * 200)
    with pytest.raises(RetrievalError, match="delete it"):
        CachedEmbedder(HashEmbedder(), tmp_path / "v.sqlite")


def words(parts: Sequence[str]) -> list[int]:
    return [len(part.split()) for part in parts]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("One two. Three four five.", ["One two. Three four five."]),
        ("One two three. Four five six.", ["One two three.", "Four five six."]),
        ("a b c d e f g h", ["a b c d", "e f g h"]),  # one sentence that is too long
    ],
)
def test_split(text: str, expected: list[str]) -> None:
    assert split_text(text, words, room=5) == expected


def test_split_loses_no_word_and_fits() -> None:
    text = " ".join(f"w{n}{'.' if n % 17 == 0 else ''}" for n in range(1000))
    pieces = split_text(text, words, room=40)
    assert " ".join(pieces).split() == text.split()
    assert max(words(pieces)) <= 40


def test_changed_weights_are_refused(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"other weights")
    with pytest.raises(RetrievalError, match="weights have changed"):
        load_embedder(tmp_path / "encoder", model=tmp_path)


@pytest.mark.real_model
def test_the_export_equals_the_original_and_is_used_without_torch(tmp_path: Path) -> None:
    pytest.importorskip("onnxscript", reason="the ONNX export needs the extra with onnx and onnxscript")
    made = load_embedder(tmp_path, export=True)
    assert isinstance(made, embedder_module.OnnxEmbedder)
    original = embedder_module.TorchEmbedder(embedder_module.model_folder(), model_hash=made.model_hash)
    texts = ["hydroxocobalamin 1 mg", "Vitamin B12 <148 pmol/L; ferritin", "x" * 3000, "long text " * 400]
    a, b = made.encode(texts), original.encode(texts)
    assert np.abs(a - b).max() < 1e-5
    assert np.allclose(np.linalg.norm(a, axis=1), 1.0, atol=1e-5)
    assert a[0] @ made.encode(["cobalamin injection dose"])[0] > a[0] @ made.encode(["hip fracture surgery"])[0]

    onnx = next(tmp_path.glob("*.onnx"))
    note = json.loads(onnx.with_suffix(".json").read_text())
    assert note["model"] == made.model_hash and note["difference"] < 1e-5
    with onnx.open("r+b") as stream:  # one byte of the copy changes: it is not used
        stream.seek(1_000_000)
        stream.write(b"\xff")
    assert isinstance(load_embedder(tmp_path), embedder_module.TorchEmbedder)
