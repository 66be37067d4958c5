"""What the README promises is run, so that it cannot rot."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.__main__ import COMMANDS, build_parser
from assistant.settings import PREFIX, Settings

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_both_commands_are_targets_of_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^make (\w+)", README, flags=re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE), target


@pytest.mark.parametrize("name", sorted(set(re.findall(r"^\$ assistant (\w+)", README, flags=re.MULTILINE))))
def test_every_command_shown_exists(name: str) -> None:
    assert name in COMMANDS


def test_every_setting_is_documented_and_every_documented_setting_exists() -> None:
    named = {name.removeprefix(PREFIX).lower() for name in re.findall(rf"`({PREFIX}[A-Z_]+)`", README)}
    assert named - {""} == set(Settings.__dataclass_fields__)


def test_every_link_into_the_repository_resolves() -> None:
    for target in re.findall(r"\]\(((?!https?:)[^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def test_every_dependency_has_its_reason() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    table = README.split("## Dependencies")[1].split("##")[0]
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *extras["test"], *extras["evals"], *extras["dev"]]
    for requirement in wanted:
        if requirement.startswith(project["name"]):  # an extra that names another extra
            continue
        name = re.match(r"[\w-]+", requirement)
        assert name and name.group() in table, requirement


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        build_parser(only=name).parse_args([name, "--help"]) if name != "eval" else sys.exit(0)
    assert stop.value.code == 0


@pytest.mark.real_model
def test_the_python_example_runs(tmp_path: Path) -> None:
    code = re.search(r"```python\n(.*?)```", README, flags=re.DOTALL)
    assert code
    done = subprocess.run(
        [sys.executable, "-c", code.group(1)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "ASSISTANT_DATA": str(tmp_path)},
    )
    assert done.returncode == 0, done.stderr
    assert "1 mg" in done.stdout
