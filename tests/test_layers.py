"""Imports run one way (docs/architecture.md), and slow libraries stay where they belong."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "assistant"
GROUND = {"records", "errors"}
JOINTS = {"settings", "wiring", "__init__", "__main__", "commands"}
# where a library that takes seconds to import, or reaches the network, may be named at all
HOMES = {
    "chromadb": {"adapters"},
    "sentence_transformers": {"adapters"},
    "torch": {"adapters"},
    "onnxruntime": {"adapters"},
    "langchain": {"adapters"},
    "langchain_core": {"adapters"},
    "langchain_chroma": {"adapters"},
    "gradio": {"ui"},
    "fastapi": {"ui"},
    "starlette": {"ui"},
}


def layer(path: Path) -> str:
    """``adapters``, ``ui``, ``joints``, ``pipeline``, ``ground`` or ``pure`` for a file of the package."""
    first = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    if first in JOINTS:
        return "joints"
    if first in {"adapters", "ui"}:
        return first
    if first in GROUND:
        return "ground"
    return "pipeline" if first == "pipeline" else "pure"


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """Every imported module, and whether the import stands at module level."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    top = set(map(id, tree.body))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield name.name, id(node) in top
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            if node.module == "assistant":  # from assistant import units: the module meant is assistant.units
                for name in node.names:
                    is_module = (PACKAGE / name.name).is_dir() or (PACKAGE / f"{name.name}.py").is_file()
                    yield f"assistant.{name.name}" if is_module else "assistant", id(node) in top
            else:
                yield node.module, id(node) in top


FILES = sorted(PACKAGE.rglob("*.py"))
ALLOWED = {
    "ground": {"ground"},
    "pure": {"ground", "pure"},
    "adapters": {"ground", "pure", "adapters"},
    "ui": {"ground", "pure", "ui"},
    "pipeline": {"ground", "pure"},
    "joints": {"ground", "pure", "adapters", "ui", "pipeline", "joints"},
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_run_one_way(path: Path) -> None:
    mine = layer(path)
    for module, _ in imports(path):
        if not module.startswith("assistant"):
            assert module.split(".")[0] not in {"evals", "tests"}, f"{path.name} imports {module}"
            continue
        parts = module.split(".")[1:]
        if not parts:
            assert mine == "joints", f"{path.name} imports the package's own face"
            continue
        target = PACKAGE.joinpath(*parts)
        theirs = layer(target if target.is_dir() else target.with_suffix(".py"))
        assert theirs in ALLOWED[mine], f"{path.relative_to(ROOT)} ({mine}) imports {module} ({theirs})"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_slow_libraries_stay_at_home(path: Path) -> None:
    for module, at_top in imports(path):
        library = module.split(".")[0]
        if library in HOMES:
            assert layer(path) in HOMES[library], f"{path.relative_to(ROOT)} imports {module}"
            assert not at_top, f"{path.relative_to(ROOT)} imports {module} at module level; import it in the function"


def test_the_database_is_spoken_to_in_one_place() -> None:
    named = {path.parent for path in FILES if any(m.split(".")[0] == "sqlalchemy" for m, _ in imports(path))}
    assert named == {PACKAGE / "adapters" / "board"}


def test_the_command_line_starts_without_slow_libraries() -> None:
    code = "import sys; from assistant.__main__ import build_parser; build_parser(); print(' '.join(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout.split()
    assert not {
        "torch",
        "gradio",
        "chromadb",
        "sentence_transformers",
        "langchain_core",
        "fastapi",
        "numpy",
        "sqlalchemy",
    } & set(loaded)


def test_the_checker_needs_no_slow_library_and_no_network() -> None:
    code = "import sys; import assistant.checker; print(' '.join(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout.split()
    assert not {"torch", "gradio", "chromadb", "langchain_core", "fastapi", "numpy", "ssl", "socket"} & set(loaded)


@pytest.mark.parametrize("path", [p for p in FILES if layer(p) in {"ground", "pure"}], ids=lambda path: path.stem)
def test_pure_modules_know_no_clock_and_no_chance(path: Path) -> None:
    modules = {module.split(".")[0] for module, _ in imports(path)}
    assert not modules & {"random", "secrets", "uuid", "time", "socket", "urllib", "subprocess", "threading", "os"}
