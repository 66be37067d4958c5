"""What a writer is asked, and the reading of what it replied: request to Prompt, reply to Draft. Pure.

The wording lies in ``templates/*.md``; the template's name and digest go into every answer's provenance. Nothing here
decides what is true: a citation that does not resolve is kept as ``?<n>``, so that the checker sees and refuses it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from assistant.records import Audience, Passage, Turn


@dataclass(frozen=True, slots=True)
class WriteRequest:
    """Everything a writer may know. ``passages`` are in rank order, best first; ``understood_as`` is the whole question."""

    question: str
    understood_as: str
    audience: Audience
    jurisdiction: str | None
    slots: Mapping[str, str] = field(default_factory=dict)
    passages: tuple[Passage, ...] = ()
    history: tuple[Turn, ...] = ()
