"""Fixtures that many tests share. Every drug, dose and study in ``tiny_corpus`` is invented."""

import shutil
from pathlib import Path

import pytest

TINY = Path(__file__).parent / "tiny_corpus"


@pytest.fixture
def tiny_corpus(tmp_path: Path) -> Path:
    """A folder with three small guidelines, their references, rules and words; a copy, so that a test may break it.

    ``pain`` is approved and current, ``fever`` is submitted and past its review date, ``rash`` is under review and has
    a hidden instruction in one passage. ``pain`` and ``fever`` disagree on the dose of examplamol.
    """
    folder = tmp_path / "corpus"
    shutil.copytree(TINY, folder)
    return folder
