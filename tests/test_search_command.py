"""``assistant search --docs``: a TREC run over any documents; and what is said when the files are not usable."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from assistant.__main__ import main
from assistant.adapters import embedder as embedder_module
from assistant.adapters.embedder import HashEmbedder

DOCUMENTS = [
    {"id": "d1", "title": "Examplamol", "text": "Relieves pain within the hour. " * 200},  # several pieces
    {"id": "d2", "title": "Fictamine", "text": "Helps when itch disturbs sleep."},
    {"id": "d3", "title": "", "text": "Emollients are used twice a day."},
    {"id": "d4", "title": "Empty", "text": ""},
    {"id": 5, "title": None, "text": "A row whose id is a number."},
]
QUERIES = [
    {"id": "q1", "text": "what helps against itch?"},
    {"id": "q2", "text": "???"},
    {"id": "q3", "text": "emollient"},
]


@pytest.fixture(autouse=True)
def without_model(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(embedder_module, "load_embedder", lambda *_, **__: HashEmbedder())
    monkeypatch.setenv("ASSISTANT_DATA", str(tmp_path / "data"))


def write(path: Path, rows: list[dict[str, object]]) -> Path:
    text = "".join(json.dumps(row) + "\n" for row in rows)
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


def search(folder: Path, *options: str, docs: str = "docs.jsonl") -> int:
    queries = write(folder / "queries.jsonl", [*QUERIES])
    run = folder / "out.run"
    return main(["search", "--docs", str(folder / docs), "--queries", str(queries), "--run", str(run), *options])


@pytest.mark.parametrize("name", ["docs.jsonl", "docs.jsonl.gz"])
@pytest.mark.parametrize("cache", [False, True])
def test_a_run_in_trec_form(tmp_path: Path, name: str, cache: bool) -> None:
    write(tmp_path / name, [*DOCUMENTS])
    assert search(tmp_path, "--top", "3", *(["--cache", str(tmp_path / "cache")] if cache else []), docs=name) == 0
    lines = [line.split(" ") for line in (tmp_path / "out.run").read_text().splitlines()]
    assert all(len(line) == 6 and line[1] == "Q0" and line[5] == "assistant" for line in lines)
    for query in {line[0] for line in lines}:
        mine = [line for line in lines if line[0] == query]
        assert [int(line[3]) for line in mine] == list(range(1, len(mine) + 1)) and len(mine) <= 3
        scores = [float(line[4]) for line in mine]
        assert scores == sorted(scores, reverse=True)
        assert len({line[2] for line in mine}) == len(mine)  # a document of several pieces stands once
    assert next(line[2] for line in lines if line[0] == "q1") == "d2"
    assert next(line[2] for line in lines if line[0] == "q3") == "d3"


def test_blocks_and_order_of_rows_do_not_change_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "docs.jsonl", [*DOCUMENTS])
    search(tmp_path)
    whole = (tmp_path / "out.run").read_text()
    monkeypatch.setattr("assistant.commands.search.BLOCK", 2)
    search(tmp_path)
    assert (tmp_path / "out.run").read_text() == whole


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "no documents"),
        (b'{"id": "a", "text"\n', "line 1 is not JSON"),
        (b'{"text": "no id"}\n', "no usable 'id'"),
        (b'{"id": "two words", "text": "x"}\n', "no usable 'id'"),  # would break the run's columns
        (b"\x1f\x8bnot gzip at all", "cannot read"),
        (b"\xff\xfe\x00", "cannot read"),
    ],
)
def test_unusable_documents(tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, message: str) -> None:
    (tmp_path / "docs.jsonl").write_bytes(content)
    assert search(tmp_path) == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / "out.run").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "give a question"),
        (["--docs", "x"], "belong together"),
        (["--docs", "x", "--queries", "y", "--run", "z", "--top", "0"], "at least 1"),
        (["--docs", "missing", "--queries", "missing", "--run", "z"], "cannot read"),
    ],
)
def test_unusable_calls(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", *arguments]) == 2
    assert message in capsys.readouterr().err
