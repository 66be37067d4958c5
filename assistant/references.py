"""CSL-JSON items to Reference records: what reference managers read and write, with our own fields under ``custom``.

Pure. Identifiers that nobody has seen are left out of the file; they are never filled in here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from assistant.errors import CorpusError
from assistant.passages import JURISDICTIONS
from assistant.records import Reference

DEPTHS = frozenset({"full_text", "abstract", "summary", "secondary"})
STANDARD = """id type title author issued container-title publisher volume issue page DOI PMID PMCID URL accessed
language custom"""
OURS = "study_type depth licence jurisdiction note grade retracted superseded_by ids_seen"
_KEYS, _CUSTOM = frozenset(STANDARD.split()), frozenset(OURS.split())
_ID_LINE = re.compile(r'"id"\s*:\s*("(?:[^"\\]|\\.)*")')
_DOI = re.compile(r"10\.\d{4,9}/\S+")


def read_references(text: str, *, path: str) -> tuple[list[Reference], list[CorpusError]]:
    """References in the order of the file, and every problem in it; a faulty item is left out."""
    try:
        items = json.loads(text)
    except json.JSONDecodeError as error:
        return [], [CorpusError(path, error.lineno, f"not valid JSON: {error.msg}")]
    if not isinstance(items, list):
        return [], [CorpusError(path, 1, "must be a list of CSL-JSON items")]
    references: list[Reference] = []
    problems: list[CorpusError] = []
    lines = _lines_of(text)
    for item in items:
        reasons = list(_item_problems(item))
        name = item.get("id") if isinstance(item, dict) else None
        line = lines.get(str(name), 0)
        problems.extend(CorpusError(path, line, f"{name}: {reason}") for reason in reasons)
        if not reasons:
            references.append(_to_reference(item))
    return references, problems


def _lines_of(text: str) -> dict[str, int]:
    """The line (from 1) of each ``"id": "…"``, the first one where an id stands twice."""
    lines: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if found := _ID_LINE.search(line):
            lines.setdefault(json.loads(found[1]), number)
    return lines


def _item_problems(item: Any) -> Iterator[str]:
    if not isinstance(item, dict):
        yield "must be an object"
        return
    custom = item.get("custom", {})
    for key in item:
        if key not in _KEYS:
            yield f"unknown key {key!r}; our own fields stand in custom"
    for key in custom:
        if key not in _CUSTOM:
            yield f"unknown key custom.{key}"
    for key in ("id", "type", "title"):
        if not isinstance(item.get(key), str) or not item[key].strip():
            yield f"{key} is missing"
    for key in ("study_type", "licence", "note"):
        if not isinstance(custom.get(key), str) or not custom[key].strip():
            yield f"custom.{key} is missing"
    if custom.get("depth") not in DEPTHS:
        yield f"custom.depth {custom.get('depth')!r} is not one of {', '.join(sorted(DEPTHS))}"
    if custom.get("jurisdiction") not in JURISDICTIONS:
        yield f"custom.jurisdiction {custom.get('jurisdiction')!r} is not one of {', '.join(sorted(JURISDICTIONS))}"
    if not any(item.get(key) for key in ("DOI", "PMID", "URL")):
        yield "needs at least one of DOI, PMID, URL, so that a reader can find it"
    if "DOI" in item and not _DOI.fullmatch(str(item["DOI"])):
        yield f"DOI {item['DOI']!r} is not of the form 10.1000/name (no address in front)"
    if "PMID" in item and not str(item["PMID"]).isdigit():
        yield f"PMID {item['PMID']!r} is not a number"


def _to_reference(item: Mapping[str, Any]) -> Reference:
    custom = item["custom"]
    issued = item.get("issued", {}).get("date-parts", [[None]])[0]
    return Reference(
        id=item["id"],
        title=item["title"],
        authors=_authors(item.get("author", [])),
        year=issued[0] if issued else None,
        container=item.get("container-title") or item.get("publisher") or "",
        type=custom["study_type"],
        depth=custom["depth"],
        licence=custom["licence"],
        jurisdiction=custom["jurisdiction"],
        doi=item.get("DOI"),
        pmid=item.get("PMID"),
        url=item.get("URL"),
        volume=item.get("volume"),
        pages=item.get("page"),
        note=custom["note"],
        grade=custom.get("grade"),
        retracted=bool(custom.get("retracted", False)),
        superseded_by=custom.get("superseded_by"),
        accessed=_day(item.get("accessed")),
    )


def _authors(authors: list[Mapping[str, str]]) -> str:
    """Names as medical references print them: ``Lacombe V, Chabrun F``."""
    names = (author.get("literal") or f"{author.get('family', '')} {author.get('given', '')}" for author in authors)
    return ", ".join(name.strip() for name in names if name.strip())


def _day(accessed: Mapping[str, Any] | None) -> str | None:
    parts = accessed["date-parts"][0] if accessed and accessed.get("date-parts") else []
    return "-".join(f"{part:02d}" for part in parts) or None
