"""Owns regular expressions that are compiled when a text first needs them, so that importing them costs little."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator


class Pattern:
    """Stands for ``re.compile(source, flags)``: the methods appear, as those of the compiled pattern, on first use."""

    match: Callable[..., re.Match[str] | None]
    search: Callable[..., re.Match[str] | None]
    fullmatch: Callable[..., re.Match[str] | None]
    finditer: Callable[..., Iterator[re.Match[str]]]
    findall: Callable[..., list[str]]
    sub: Callable[..., str]
    compiled: re.Pattern[str]

    def __init__(self, source: str, flags: int | re.RegexFlag = 0) -> None:
        self._source = source
        self._flags = flags

    def __getattr__(self, name: str) -> object:
        if name.startswith("_"):
            raise AttributeError(name)
        compiled = re.compile(self._source, self._flags)
        self.match, self.search, self.fullmatch = compiled.match, compiled.search, compiled.fullmatch
        self.finditer, self.findall, self.sub = compiled.finditer, compiled.findall, compiled.sub
        self.compiled = compiled
        return object.__getattribute__(self, name)
