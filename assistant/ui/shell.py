"""The frame of our pages: which files they load and how; our own pages whole, the framework's page put right."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from assistant.ui.escaping import escaped
from assistant.ui.words import PRODUCT

STATIC = Path(__file__).resolve().parent / "static"
# What may be served below /site/, with its type. A name that is not here does not exist.
FILES = {
    "page.css": "text/css; charset=utf-8",
    "answer.js": "text/javascript; charset=utf-8",
    "page.js": "text/javascript; charset=utf-8",
    "embed.js": "text/javascript; charset=utf-8",
    "mark.svg": "image/svg+xml",
    "fonts/source-sans-3-latin-wght-normal.woff2": "font/woff2",
    "fonts/source-serif-4-latin-wght-normal.woff2": "font/woff2",
}
REMARKS = re.compile(r'\s*<meta\s+(?:property="og:|name="twitter:)[^>]*>|\s*<base [^>]*>|\s*<link rel="manifest"[^>]*>')

# pages that stand below another one of the head's list
PARENTS = {"article": "guidance", "calculator": "calculators"}


@cache
def static_file(name: str) -> bytes:
    return (STATIC / name).read_bytes()


@cache
def static_address(name: str, base_path: str = "") -> str:
    """Address with the content's hash, so that a browser may keep the file for good."""
    return f"{base_path}/site/{name}?v={hashlib.sha256(static_file(name)).hexdigest()[:12]}"


def head_links(base_path: str, *, nonce: str = "", scripts: Sequence[str] = ("answer.js", "page.js")) -> str:
    nonced = f' nonce="{nonce}"' if nonce else ""
    return (
        f'<link rel="icon" type="image/svg+xml" href="{static_address("mark.svg", base_path)}">'
        f'<link rel="preload" as="font" type="font/woff2" crossorigin '
        f'href="{static_address("fonts/source-sans-3-latin-wght-normal.woff2", base_path)}">'
        f'<link rel="stylesheet" href="{static_address("page.css", base_path)}">'
        + "".join(f'<script src="{static_address(name, base_path)}" defer{nonced}></script>' for name in scripts)
    )


def dress(page: str, nonce: str, *, base_path: str) -> str:
    """The framework's page with our style and script, its own scripts carrying the nonce, and no foreign address.

    Only templates and configuration of ours are in it: nothing a user or a model wrote, so every ``<script`` is meant.
    """
    page = REMARKS.sub("", page)
    page = page.replace("<script", f'<script nonce="{nonce}"')
    page = page.replace("</head>", head_links(base_path, nonce=nonce) + "</head>", 1)
    unscripted = (
        '<noscript><p class="unscripted">The chat needs JavaScript. '
        f'These do not: <a href="{base_path}/guidance">the guidance</a>, <a href="{base_path}/audit">the audit</a>, '
        f'<a href="{base_path}/calculators">the calculators</a>, <a href="{base_path}/policy">the editorial policy</a>.</p>'
        "</noscript>"
    )
    return re.sub(r"(<body[^>]*>)", lambda match: match[1] + unscripted, page, count=1)


def own_page(
    title: str,
    body: str,
    *,
    base_path: str,
    kind: str,
    theme: str = "",
    scripts: Sequence[str] = ("answer.js",),
    head: str = "",
) -> str:
    """A whole page of ours around ``body`` (markup). ``theme`` is light, dark or "" for the reader's own choice."""
    forced = f' data-theme="{escaped(theme)}"' if theme else ""
    return (
        f'<!doctype html><html lang="en"{forced}><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        f"<title>{escaped(title)}</title>{head_links(base_path, scripts=scripts)}{head}</head>"
        f'<body class="own {escaped(kind)}">{body}</body></html>'
    )


def brand(base_path: str, *, current: str = "") -> str:
    """The head of every page: mark, name and the way to the other pages."""
    links = (
        ("chat", f"{base_path}/", "Ask"),
        ("guidance", f"{base_path}/guidance", "Guidance"),
        ("audit", f"{base_path}/audit", "Audit"),
        ("calculators", f"{base_path}/calculators", "Calculators"),
        ("policy", f"{base_path}/policy", "Editorial policy"),
    )
    items = "".join(
        f'<li><a href="{address}"{" aria-current=page" if key == PARENTS.get(current, current) else ""}>{name}</a></li>'
        for key, address, name in links
    )
    target, words = ("question", "Skip to the question box") if current == "chat" else ("main", "Skip to the text")
    skip = f'<a class="skip" href="#{target}">{words}</a>'
    return (
        f'<header class="brand">{skip}<a class="name" href="{base_path}/"><img src="{static_address("mark.svg", base_path)}"'
        f' alt="" width="28" height="28"><span>{PRODUCT}</span></a><nav aria-label="Pages"><ul>{items}</ul></nav></header>'
    )
