"""Every exception the assistant raises on purpose.

AssistantError
├── SettingsError            a setting is unknown, missing or out of range
├── InputError               what the user sent cannot be processed; the message may be shown to them
├── CorpusError              a corpus file is wrong: path, line and reason
├── QuantityError
│   ├── UnknownUnit          no such unit in the table
│   └── UnitMismatch         two units that cannot be compared or converted
├── RetrievalError           the index cannot be built, read or searched
│   ├── StaleIndex           the index was built from another corpus
│   └── IndexMissing         there is no index yet
└── ModelError               the chat model did not give a usable draft
    ├── ModelTimeout
    └── ModelRefused

Each carries its parts as fields and says, in its message, what to do next.
"""

from __future__ import annotations


class AssistantError(Exception):
    """Base of all errors below; catching it never hides a programming mistake."""


class SettingsError(AssistantError):
    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.reason = reason


class InputError(AssistantError):
    """The user's input is refused; ``code`` is stable (``empty``, ``too_long``, ...), the message is for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class CorpusError(AssistantError):
    """``line`` counts from 1; 0 means the whole file."""

    def __init__(self, path: str, line: int, reason: str) -> None:
        super().__init__(f"{path}:{line}: {reason}" if line else f"{path}: {reason}")
        self.path = path
        self.line = line
        self.reason = reason


class QuantityError(AssistantError):
    pass


class UnknownUnit(QuantityError):
    def __init__(self, unit: str) -> None:
        super().__init__(f"unknown unit {unit!r}; add it to the unit table or use a UCUM code")
        self.unit = unit


class UnitMismatch(QuantityError):
    def __init__(self, from_unit: str, to_unit: str, reason: str = "different dimensions") -> None:
        super().__init__(f"cannot convert {from_unit!r} to {to_unit!r}: {reason}")
        self.from_unit = from_unit
        self.to_unit = to_unit


class RetrievalError(AssistantError):
    pass


class StaleIndex(RetrievalError):
    def __init__(self, index_digest: str, corpus_digest: str) -> None:
        super().__init__(
            f"the index was built from corpus {index_digest[:19]}, the corpus is now {corpus_digest[:19]}; "
            "run `assistant index`"
        )
        self.index_digest = index_digest
        self.corpus_digest = corpus_digest


class IndexMissing(RetrievalError):
    def __init__(self, path: str) -> None:
        super().__init__(f"no index in {path}; run `assistant index`")
        self.path = path


class ModelError(AssistantError):
    pass


class ModelTimeout(ModelError):
    pass


class ModelRefused(ModelError):
    pass
