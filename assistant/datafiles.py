"""Owns where the data tables of the package lie: a folder of TOML files beside the modules."""

from __future__ import annotations

from pathlib import Path

DATA = Path(__file__).resolve().parent / "data"
