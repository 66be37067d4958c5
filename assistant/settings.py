"""The environment, read once into one frozen record; nothing else here looks at ``os.environ`` for settings.

Every setting is an ``ASSISTANT_*`` variable; an unknown one is refused: a typing error must not pass as a default.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from assistant.errors import SettingsError

PREFIX = "ASSISTANT_"
PACKAGE = Path(__file__).resolve().parent


def default_corpus() -> Path:
    """The checkout's ``corpus/`` when there is one, else the copy inside the installed package."""
    checkout = PACKAGE.parent / "corpus"
    return checkout if (checkout / "guidelines").is_dir() else PACKAGE / "_corpus"


def default_data() -> Path:
    """``var/`` beside a checkout; for an installed package the user's data folder (XDG)."""
    if (PACKAGE.parent / "pyproject.toml").is_file():
        return PACKAGE.parent / "var"
    return Path.home() / ".local" / "share" / "guideline-assistant"


@dataclass(frozen=True, slots=True)
class Settings:
    """Defaults need no key and no network. ``api_key`` never appears in ``repr``."""

    corpus: Path = field(default_factory=default_corpus)
    data: Path = field(default_factory=default_data)  # index and caches, made anew when gone; and review/, which is not
    host: str = "127.0.0.1"
    port: int = 7860
    base_path: str = ""
    origins: tuple[str, ...] = ()  # sites that may frame /embed and call the API
    hosts: tuple[str, ...] = ()  # host names the server answers to, beside loopback
    behind_proxy: bool = False  # a TLS proxy with sign-in stands in front: allows another host than loopback
    model: str | None = None  # a LangChain chat model; None: the offline writer
    provider: str | None = None
    base_url: str | None = None
    api_key: str | None = field(default=None, repr=False)
    allow_tracing: bool = False
    approved_only: bool = False
    jurisdiction: str | None = None
    rate_per_minute: int = 60
    review_database: str | None = None  # a SQLAlchemy URL; None: the file review_file, if made
    review_header: str | None = None  # the header in which a trusted proxy names who signed in; None: passwords
    review_proxies: tuple[str, ...] = ()  # addresses from which that header is believed
    feedback: Path | None = None  # a folder for readers' notes on answers, as eval cases; None: nothing is kept

    @property
    def index(self) -> Path:
        return self.data / "index"

    @property
    def review_file(self) -> Path:
        """Where the review database lies unless another is set. Unlike the index it cannot be made again: back it up."""
        return self.data / "review" / "board.sqlite"

    @property
    def review_url(self) -> str:
        return self.review_database or f"sqlite:///{self.review_file}"

    @property
    def has_review(self) -> bool:
        """Whether there is a review database: one was set, or the default one has been made."""
        return self.review_database is not None or self.review_file.is_file()

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Settings:
        """Read all ``ASSISTANT_*`` variables. Raises SettingsError for an unknown name or an unreadable value."""
        known = {entry.name: entry for entry in fields(cls)}
        values: dict[str, object] = {}
        for variable, text in sorted(environ.items()):
            if not variable.startswith(PREFIX) or variable.startswith(PREFIX + "TEST_"):
                continue
            name = variable.removeprefix(PREFIX).lower()
            if name not in known:
                near = difflib.get_close_matches(name, known, n=1)
                hint = f"; did you mean {PREFIX}{near[0].upper()}?" if near else ""
                raise SettingsError(variable, f"no such setting{hint}")
            values[name] = _read(variable, text, str(known[name].type))
        return cls(**values)  # type: ignore[arg-type]


def _read(variable: str, text: str, kind: str) -> object:
    if kind.startswith("tuple"):
        return tuple(part for part in text.replace(",", " ").split() if part)
    if kind.startswith("Path"):
        return Path(text).expanduser()
    if kind.startswith("bool"):
        if text.lower() in {"1", "true", "yes", "on"}:
            return True
        if text.lower() in {"0", "false", "no", "off", ""}:
            return False
        raise SettingsError(variable, f"{text!r} is neither true nor false")
    if kind.startswith("int"):
        try:
            return int(text)
        except ValueError as error:
            raise SettingsError(variable, f"{text!r} is not a whole number") from error
    return text or None
