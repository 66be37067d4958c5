"""Clinical guideline assistant: ``from assistant import Assistant``.

The class is loaded on first use, so that importing one pure module of the package stays a matter of milliseconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.wiring import Assistant

__all__ = ["Assistant"]


def __getattr__(name: str) -> Any:
    if name == "Assistant":
        from assistant.wiring import Assistant

        return Assistant
    raise AttributeError(f"module 'assistant' has no attribute {name!r}")
