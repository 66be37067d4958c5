"""Our pages from Jinja templates: everything is escaped unless it is markup that ``escaping`` has already made inert."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.ui.escaping import visible
from assistant.ui.shell import brand, own_page
from assistant.ui.words import PRODUCT

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).resolve().parent / "templates"


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    def shown(value: Any) -> Any:
        return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value

    return Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, finalize=shown,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip


def safe(markup: str) -> Any:
    """Markup of ours that goes into a template as it is; every foreign word in it has passed ``escaping.escaped``."""
    from markupsafe import Markup

    return Markup(markup)


def fragment(template: str, **values: Any) -> str:
    return _environment().get_template(template).render(**values)


def page(template: str, *, title: str, current: str, base_path: str, head: str = "", **values: Any) -> str:
    """A whole page: the head of every page, then the template as its main part. ``head``: more markup for the head."""
    body = brand(base_path, current=current) + fragment(template, base=base_path, **values)
    return own_page(f"{title} – {PRODUCT}", body, base_path=base_path, kind=f"at-{current}", head=head)
