"""The face that everything else calls: what it loads, what it refuses, what it builds."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.errors import IndexMissing, InputError, ModelError, SettingsError, StaleIndex
from assistant.records import AnswerState, Audience
from assistant.settings import Settings

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def settings(tiny_corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The tiny corpus, and an encoder that needs no model."""
    from assistant.adapters import embedder

    monkeypatch.setattr(embedder, "load_embedder", lambda *_, **__: embedder.HashEmbedder())
    return Settings(corpus=tiny_corpus, data=tmp_path / "data")


def test_without_build_a_missing_index_is_refused(settings: Settings) -> None:
    with pytest.raises(IndexMissing, match="assistant index"):
        Assistant.open(settings).ask("examplamol dose")


def test_build_makes_the_index_and_says_how_far_it_is(settings: Settings) -> None:
    steps: list[tuple[int, int]] = []
    assistant = Assistant.open(settings, build=True, progress=lambda done, total: steps.append((done, total)))
    assert assistant.search("examplamol dose", limit=3)
    assert steps and steps[-1][0] == steps[-1][1]


def test_an_index_of_another_corpus_is_never_searched(settings: Settings) -> None:
    Assistant.open(settings, build=True).search("examplamol")
    guideline = next((settings.corpus / "guidelines").glob("*.md"))
    guideline.write_text(guideline.read_text(encoding="utf-8").replace('version = "', 'version = "9.'), encoding="utf-8")
    with pytest.raises(StaleIndex):
        Assistant.open(settings).search("examplamol")
    assert Assistant.open(settings, build=True).search("examplamol")  # with leave it is built anew


def test_checking_opens_no_index(settings: Settings) -> None:
    assistant = Assistant.open(settings)
    assert assistant.check("Give examplamol 40 g a day.")
    assert assistant.parse("40 g a day").quantities
    assert not settings.data.exists()


def test_an_audience_that_does_not_exist_is_named(settings: Settings) -> None:
    with pytest.raises(InputError, match="clinician, pharmacist, nurse, student, patient"):
        Assistant.open(settings, build=True).ask("dose?", audience="surgeon")


def test_history_may_come_as_plain_mappings(settings: Settings) -> None:
    turns = [{"role": "user", "content": "dose of examplamol"}, {"role": "assistant", "content": "..."}]
    answer = Assistant.open(settings, build=True).ask("and for children?", history=turns, audience=Audience.NURSE)
    assert "examplamol" in answer.understood_as


def test_warming_asks_no_chat_model(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    assistant = Assistant.open(settings, build=True)

    class Trap:
        name = "trap"

        def write(self, request: object) -> None:
            raise AssertionError("a chat model was asked")

    monkeypatch.setitem(assistant.__dict__, "writer", Trap())
    assistant.warm()


def test_a_model_that_cannot_be_used_is_said_at_once(settings: Settings) -> None:
    with pytest.raises((ModelError, SettingsError)):
        Assistant.open(replace(settings, model="no-such-model", provider="no-such-provider"))


def test_only_approved_guidance_when_the_site_says_so(settings: Settings) -> None:
    answer = Assistant.open(replace(settings, approved_only=True), build=True).ask("dose of examplamol in adults")
    statuses = {used.status.value for used in answer.guidance}
    assert answer.state is AnswerState.NO_GUIDANCE or statuses == {"approved"}


@pytest.mark.parametrize("name", ["ask", "check", "parse", "search", "serve", "index", "corpus", "calculate"])
def test_help_imports_no_slow_library(name: str) -> None:
    code = (
        "import sys, contextlib, io\n"
        "from assistant.__main__ import main\n"
        "with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):\n"
        f"    main(['{name}', '--help'])\n"
        "print(' '.join(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert not {"torch", "gradio", "chromadb", "langchain_core", "numpy", "fastapi"} & set(done.stdout.split())
