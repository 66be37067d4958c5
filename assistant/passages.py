"""A guideline's file to its Passages, with every problem found on the way.

Pure: takes text, gives records. It owns the format of ``corpus/guidelines/*.md`` (docs/corpus-format.md); whether an id
resolves is left to ``adapters/corpus.py``. Problems are collected, never raised: the caller decides what they mean.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any

from assistant.errors import CorpusError
from assistant.records import Guideline, Passage, ReviewStatus, Section

JURISDICTIONS = frozenset({"uk", "us", "eu", "international", "other"})
EVIDENCE = frozenset({"primary", "summary", "secondary"})
LICENCES = frozenset({"CC-BY-4.0", "CC-BY-SA-4.0", "CC0-1.0", "OGL-UK-3.0"})
SECTIONS: Mapping[str, Section] = {section.value.replace("_", "-"): section for section in Section}

REQUIRED_TEXT = ("id", "title", "publisher", "jurisdiction", "version", "status", "licence")
REQUIRED_DATES = ("published", "updated", "review_by")
_OPTIONAL = ("source",)
_ATTRIBUTES = frozenset({"facts", "jurisdiction", "population", "evidence", "tags"})

_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*(?:\{#([^}]*)\})?\s*$")
_ANCHOR = re.compile(r"[a-z][a-z0-9-]*")
_ITEM = re.compile(r"(?:[-*+]|\d{1,3}[.)])\s+")
# What stands behind a sentence: citations, then attributes, so that a reader of the raw file sees the citations first.
_TAIL = re.compile(r"\s*(\[@[^\]]*\])?\s*(\{[^{}]*\})?\s*$")
_CITATION = re.compile(r"@([A-Za-z0-9][A-Za-z0-9_.:-]*)$")
_ATTRIBUTE = re.compile(r'\s*([a-z_]+)="([^"]*)"')
_LINK = re.compile(r"\[([^\]]*)\]\([^)\s]*\)")
_EMPHASIS = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1|(?<![\w*\\])([*_])(?=\S)(.+?)(?<=\S)\3(?![\w*])|`([^`]+)`")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]<>#+.!~-])")


@dataclass(slots=True)
class _Block:
    """One paragraph or list item of the file: its own lines joined, and those of its plain-language variant."""

    line: int
    is_item: bool
    words: list[str] = field(default_factory=list)
    plain: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join(self.words)


@dataclass(frozen=True, slots=True)
class _Heading:
    line: int
    level: int
    title: str
    anchor: str | None


def read_guideline(text: str, *, path: str) -> tuple[Guideline | None, list[CorpusError]]:
    """The guideline in ``text``, and every problem in order of line; the guideline is None when it cannot be made.

    ``path`` is used in messages and as ``Guideline.path``. Ids of references, topics and facts are not resolved here.
    """
    problems: list[CorpusError] = []
    split = _split_front_matter(text, path=path, problems=problems)
    if split is None:
        return None, problems
    front, body, first_line = split
    meta = _read_front_matter(front, path=path, problems=problems)
    if meta is None:
        return None, problems
    passages = tuple(_read_body(body, first_line, meta=meta, path=path, problems=problems))
    if not passages:
        problems.append(CorpusError(path, 0, "no statements: a guideline needs at least one passage"))
    guideline = Guideline(
        **meta, passages=passages, path=path, digest="sha256:" + sha256(text.encode("utf-8")).hexdigest()
    )
    return guideline, sorted(problems, key=lambda problem: problem.line)


def plain_text(markdown: str) -> str:
    """What a reader sees of one line of Markdown: emphasis, code marks, link targets and escapes removed."""
    text = _LINK.sub(r"\1", markdown)
    text = _EMPHASIS.sub(lambda found: found[2] or found[4] or found[5] or "", text)
    return " ".join(_ESCAPE.sub(r"\1", text).split())


# --------------------------------------------------------------------------- front matter


def _split_front_matter(text: str, *, path: str, problems: list[CorpusError]) -> tuple[str, list[str], int] | None:
    """Front matter, the lines of the body, and the number of the body's first line."""
    lines = text.splitlines()
    if not lines or lines[0].strip() != "+++":
        problems.append(CorpusError(path, 1, "front matter is missing: the first line must be +++"))
        return None
    for number, line in enumerate(lines[1:], start=2):
        if line.strip() == "+++":
            return "\n".join(lines[1 : number - 1]), lines[number:], number + 1
    problems.append(CorpusError(path, 1, "front matter is not closed: no second +++ line"))
    return None


def _read_front_matter(front: str, *, path: str, problems: list[CorpusError]) -> dict[str, Any] | None:
    try:
        meta = tomllib.loads(front)
    except tomllib.TOMLDecodeError as error:
        problems.append(CorpusError(path, toml_error_line(error) + 1, f"front matter is not valid TOML: {error}"))
        return None
    found = list(_front_matter_problems(meta, front, path=path))
    problems.extend(found)
    if found:
        return None
    meta["status"] = ReviewStatus(meta["status"])
    meta["topics"] = tuple(meta["topics"])
    meta.setdefault("source", None)
    return meta


def _front_matter_problems(meta: Mapping[str, Any], front: str, *, path: str) -> Iterator[CorpusError]:
    def problem(key: str, reason: str) -> CorpusError:
        return CorpusError(path, key_line(front, key) + 1, reason)

    known = {*REQUIRED_TEXT, *REQUIRED_DATES, *_OPTIONAL, "topics"}
    for key in meta:
        if key not in known:
            yield problem(key, f"unknown key {key!r}; known are {', '.join(sorted(known))}")
    for key in REQUIRED_TEXT:
        if not isinstance(meta.get(key), str) or not meta[key].strip():
            yield problem(key, f"{key} is missing; a guideline without it does not enter the corpus")
    for key in REQUIRED_DATES:
        if type(meta.get(key)) is not date:
            yield problem(key, f"{key} must be a date without quotes, such as 2026-11-22")
    topics = meta.get("topics")
    if not isinstance(topics, list) or not topics or not all(isinstance(topic, str) for topic in topics):
        yield problem("topics", "topics must be a list with at least one id of the vocabulary")
    yield from _value_problems(meta, problem, path)


def _value_problems(meta: Mapping[str, Any], problem: Any, path: str) -> Iterator[CorpusError]:
    stem = path.replace("\\", "/").rsplit("/", 1)[-1].removesuffix(".md")
    if isinstance(meta.get("id"), str) and meta["id"] and meta["id"] != stem:
        yield problem("id", f"id {meta['id']!r} must equal the file name {stem!r}")
    allowed: tuple[tuple[str, frozenset[str]], ...] = (
        ("jurisdiction", JURISDICTIONS),
        ("licence", LICENCES),
        ("status", frozenset(status.value for status in ReviewStatus)),
    )
    for key, values in allowed:
        if isinstance(meta.get(key), str) and meta[key].strip() and meta[key] not in values:
            yield problem(key, f"{key} {meta[key]!r} is not one of {', '.join(sorted(values))}")
    days = [meta.get(key) for key in REQUIRED_DATES]
    if all(type(day) is date for day in days) and not days[0] <= days[1] < days[2]:  # type: ignore[operator]
        yield problem("updated", "dates must be in order: published, then updated, then review_by after it")


def toml_error_line(error: tomllib.TOMLDecodeError) -> int:
    """Line (from 1) named in a TOML error's message, 0 when it names none (its fields came with Python 3.14)."""
    found = re.search(r"at line (\d+)", str(error))
    return int(found[1]) if found else 0


def key_line(toml: str, key: str) -> int:
    """Line (from 1) of the first ``key =`` in ``toml``, 0 when it is not there."""
    found = re.search(rf"^\s*{re.escape(key)}\s*=", toml, re.MULTILINE)
    return toml.count("\n", 0, found.end()) + 1 if found else 0


# --------------------------------------------------------------------------- body


def _read_body(
    lines: list[str], first_line: int, *, meta: Mapping[str, Any], path: str, problems: list[CorpusError]
) -> Iterator[Passage]:
    stack: list[_Heading] = []
    anchors: set[str] = set()
    count = 0
    for part in _blocks(lines, first_line, path=path, problems=problems):
        if isinstance(part, _Heading):
            stack = [heading for heading in stack if heading.level < part.level] + [part]
            count = 0
            for reason in _heading_problems(part, stack, anchors):
                problems.append(CorpusError(path, part.line, reason))
            anchors.add(part.anchor or "")
            continue
        section = SECTIONS.get(stack[0].anchor or "") if stack else None
        if section is None:
            problems.append(CorpusError(path, part.line, "a statement stands outside the sections of an answer"))
            continue
        count += 1
        passage_id = f"{meta['id']}#{stack[-1].anchor}.{count}"
        passage, reasons = _read_passage(part, passage_id, section=section, headings=stack, meta=meta)
        problems.extend(CorpusError(path, part.line, reason) for reason in reasons)
        yield passage


def _heading_problems(heading: _Heading, stack: list[_Heading], anchors: set[str]) -> Iterator[str]:
    if heading.anchor is None:
        yield f"heading {heading.title!r} has no anchor; write {{#short-name}} behind it"
    elif not _ANCHOR.fullmatch(heading.anchor):
        yield f"anchor {heading.anchor!r} must be lower-case letters, digits and hyphens"
    elif heading.anchor in anchors:
        yield f"anchor {heading.anchor!r} is used twice in this guideline"
    if heading.level == 1:
        yield "level-1 headings are not used: the title stands in the front matter"
    elif heading.level == 2 and heading.anchor is not None and heading.anchor not in SECTIONS:
        yield f"section {heading.anchor!r} is not one of {', '.join(SECTIONS)}"
    elif heading.level > 2 and len(stack) == 1:
        yield "a deeper heading stands before any section (level-2 heading)"


def _blocks(
    lines: list[str], first_line: int, *, path: str, problems: list[CorpusError]
) -> Iterator[_Heading | _Block]:
    block: _Block | None = None
    in_plain = False
    for number, line in enumerate(lines, start=first_line):
        stripped = line.strip()
        heading = _HEADING.match(stripped) if stripped.startswith("#") else None
        item = _ITEM.match(stripped)
        starts_block = heading or item or not stripped
        if starts_block and block is not None:
            yield block
            block = None
        if heading:
            yield _Heading(number, len(heading[1]), plain_text(heading[2]), heading[3])
        elif item:
            block, in_plain = _Block(number, True, [stripped[item.end() :]]), False
        elif stripped.startswith("~"):
            if block is None or block.plain:
                problems.append(CorpusError(path, number, "a plain-language line must follow its statement directly"))
                continue
            block.plain.append(stripped[1:].strip())
            in_plain = True
        elif stripped.startswith(("|", "```", "<")):
            problems.append(CorpusError(path, number, "tables, code and HTML are not read: write a statement"))
        elif stripped and block is None:
            block, in_plain = _Block(number, False, [stripped]), False
        elif stripped and block is not None:
            (block.plain if in_plain else block.words).append(stripped)
    if block is not None:
        yield block


def _read_passage(
    block: _Block, passage_id: str, *, section: Section, headings: list[_Heading], meta: Mapping[str, Any]
) -> tuple[Passage, list[str]]:
    reasons: list[str] = []
    raw = block.text
    tail = _TAIL.search(raw)
    assert tail is not None  # every part of the pattern is optional
    text = plain_text(raw[: tail.start()])
    citations = _read_citations(tail[1], reasons)
    attributes = _read_attributes(tail[2], reasons)
    if "[@" in text or "{" in text:
        reasons.append('citations and attributes must end the statement: text [@id; @id]{facts="..."}')
    if not text:
        reasons.append("the statement has no text")
    if not citations and section is not Section.NOT_COVERED:
        reasons.append("the statement has no citation; write [@id] at its end, or move it under not-covered")
    jurisdiction = attributes.get("jurisdiction", meta["jurisdiction"])
    if jurisdiction not in JURISDICTIONS:
        reasons.append(f"jurisdiction {jurisdiction!r} is not one of {', '.join(sorted(JURISDICTIONS))}")
    evidence = attributes.get("evidence", "primary")
    if evidence not in EVIDENCE:
        reasons.append(f"evidence {evidence!r} is not one of {', '.join(sorted(EVIDENCE))}")
    passage = Passage(
        id=passage_id,
        guideline=meta["id"],
        section=section,
        headings=tuple(heading.title for heading in headings),
        text=text,
        citations=citations,
        line=block.line,
        jurisdiction=jurisdiction,
        population=attributes.get("population"),
        evidence=evidence,
        facts=_words(attributes.get("facts", "")),
        plain=plain_text(" ".join(block.plain)) if block.plain else None,
        tags=_words(attributes.get("tags", "")),
    )
    return passage, reasons


def _read_citations(marks: str | None, reasons: list[str]) -> tuple[str, ...]:
    ids: list[str] = []
    for mark in marks[1:-1].split(";") if marks else ():
        found = _CITATION.match(mark.strip())
        if found is None:
            reasons.append(f"citation {mark.strip()!r} is not of the form @id")
        elif found[1] in ids:
            reasons.append(f"citation {found[1]!r} stands twice")
        else:
            ids.append(found[1])
    return tuple(ids)


def _read_attributes(braces: str | None, reasons: list[str]) -> dict[str, str]:
    attributes: dict[str, str] = {}
    rest = braces[1:-1] if braces else ""
    while rest.strip():
        found = _ATTRIBUTE.match(rest)
        if found is None:
            reasons.append(f'attributes must be written key="value", found {rest.strip()!r}')
            break
        key, value = found[1], found[2].strip()
        if key not in _ATTRIBUTES:
            reasons.append(f"unknown attribute {key!r}; known are {', '.join(sorted(_ATTRIBUTES))}")
        elif key in attributes:
            reasons.append(f"attribute {key!r} stands twice")
        attributes[key] = value
        rest = rest[found.end() :]
    return attributes


def _words(value: str) -> tuple[str, ...]:
    return tuple(value.replace(";", " ").replace(",", " ").split())
