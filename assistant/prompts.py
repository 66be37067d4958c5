"""What a writer is asked, and the reading of what it replied: request to Prompt, reply to Draft. Pure.

The wording lies in ``templates/*.md``; the template's name and digest go into every answer's provenance. Nothing here
decides what is true: a citation that does not resolve is kept as ``?<n>``, so that the checker sees and refuses it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from assistant.errors import ModelError, ModelRefused
from assistant.records import Audience, Draft, DraftStatement, Passage, Prompt, Section, Turn

TEMPLATES = Path(__file__).parent / "templates"
MAX_REPLY = 64_000  # characters of a reply that are read; an answer of the product's shape has a twentieth of it
MAX_STATEMENTS = 80


@dataclass(frozen=True, slots=True)
class WriteRequest:
    """Everything a writer may know; ``passages`` are best first, ``understood_as`` is the whole question."""

    question: str
    understood_as: str
    audience: Audience
    jurisdiction: str | None
    slots: Mapping[str, str] = field(default_factory=dict)
    passages: tuple[Passage, ...] = ()
    history: tuple[Turn, ...] = ()
    scores: Mapping[str, float] = field(default_factory=dict)  # fused score of each passage found, 0 to 1
    likeness: Mapping[str, float] = field(default_factory=dict)  # its likeness in meaning, -1 to 1


# --------------------------------------------------------------------------- request to prompt

# Brackets that could close a delimiter, look-alikes among them, and characters that are not seen
_BRACKET_RUN = re.compile(r"[\[\uff3b\u27e6\u301a]{2,}|[\]\uff3d\u27e7\u301b]{2,}|[\u27e6\u301a\u27e7\u301b]")
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]"
)
_PLACE = re.compile(r"\{(\w+)\}")


@cache
def _template(name: str) -> tuple[str, str, str]:
    """(system, user, "name@digest") of a template file; the two parts are parted by a line ``=== user ===``."""
    text = (TEMPLATES / f"{name}.md").read_text(encoding="utf-8")
    system, user = text.split("=== user ===", 1)
    digest = hashlib.sha256(text.replace("\r\n", "\n").encode()).hexdigest()[:12]
    return system.strip(), user.strip(), f"{name}@{digest}"


def template_id(name: str = "answer") -> str:
    """``name@digest``: changes with every change of the wording."""
    return _template(name)[2]


def quoted(text: str) -> str:
    """Foreign text made safe to stand between our ``[[...]]`` delimiters: it can neither open nor close one."""
    text = _UNSEEN.sub("", text)
    return _BRACKET_RUN.sub(lambda run: "[" if run.group()[0] in "[\uff3b\u27e6\u301a" else "]", text).strip()


def build_prompt(request: WriteRequest, *, template: str = "answer") -> Prompt:
    """The whole prompt; evidence is numbered from 1 in the order of the passages. Equal requests, equal bytes."""
    system, user, name = _template(template)
    evidence = "\n\n".join(_evidence(n, passage) for n, passage in enumerate(request.passages, start=1))
    facts = "\n".join(f"- {quoted(key)}: {quoted(value)}" for key, value in sorted(request.slots.items()))
    turns = "\n".join(f"{turn.role}: {_without_marks(quoted(turn.content))}" for turn in request.history[-8:])
    values = {
        "audience": request.audience.value,
        "jurisdiction": quoted(request.jurisdiction or "any; name the jurisdiction of each statement"),
        "facts": facts or "- none given",
        "history": turns or "none",
        "question": quoted(request.question),
        "understood_as": quoted(request.understood_as),
        "evidence": evidence,
        "sections": ", ".join(section.value for section in Section if section is not Section.NOT_COVERED),
    }
    # one pass over the template: what is put in is never itself searched for places
    filled = [_PLACE.sub(lambda place: values.get(place.group(1), place.group()), part) for part in (system, user)]
    return Prompt(filled[0], filled[1], tuple(passage.id for passage in request.passages), name)


def _evidence(n: int, passage: Passage) -> str:
    about = [" > ".join(passage.headings), passage.jurisdiction or "", passage.population or "", passage.evidence]
    head = quoted("; ".join(part for part in about if part)).replace("\n", " ")
    return f"[[evidence {n}]] ({head})\n{quoted(passage.text)}\n[[end {n}]]"


def _without_marks(text: str) -> str:
    return re.sub(r"\s*\[[\d,;\s\u2013-]+\]", "", text)  # numbers of an earlier answer mean other passages now


# --------------------------------------------------------------------------- reply to draft

_ALIASES = {
    Section.BOTTOM_LINE: ("bottom line", "summary", "answer", "short answer", "in brief", "conclusion"),
    Section.RED_FLAGS: ("red flags", "red flag", "urgent", "warning signs", "safety"),
    Section.MEANING: ("what it means", "meaning", "interpretation", "what this means", "background", "evidence"),
    Section.STEPS: (
        "steps",
        "stepped approach",
        "approach",
        "management",
        "work up",
        "workup",
        "next steps",
        "what to do",
    ),
    Section.DOSING: ("dosing", "dose", "doses", "treatment", "dosage", "dosing table"),
    Section.PITFALLS: ("pitfalls", "pitfall", "cautions", "caveats"),
    Section.MONITORING: ("monitoring", "follow up", "followup", "monitor"),
    Section.NOT_COVERED: ("not covered", "limits", "limitations", "gaps"),
}
_SECTIONS = {alias: section for section, aliases in _ALIASES.items() for alias in aliases}
_MARK = re.compile(r"\s*[\[\u3010]\^?(?:evidence\s*)?(\d{1,3}(?:\s*[,;\u2013-]\s*\d{1,3})*)[\]\u3011]", re.IGNORECASE)
# "95 % CI [12, 45]" is an interval, not two citations
_INTERVAL_BEFORE = re.compile(r"(?:\bCI|\bCrI|\bIQR|interval|range)\s*[:=,]?$", re.IGNORECASE)
THOUGHT = re.compile(r"<(think|thinking|reasoning)>.*?(?:</\1>|\Z)", re.DOTALL | re.IGNORECASE)
_REFUSAL = re.compile(
    r"^\W*(?:(?:I(?:['\u2019]m| am) )?(?:very )?sorry|I (?:can['\u2019]t|can ?not|am unable|won['\u2019]t))\b",
    re.IGNORECASE,
)
_ABBREVIATIONS = (
    "e.g.",
    "i.e.",
    "vs.",
    "approx.",
    "et al.",
    "no.",
    "fig.",
    "dr.",
    "prof.",
    "cf.",
    "resp.",
    "max.",
    "min.",
)
BOUNDARY = re.compile(r"(?<=[.!?])((?:\s*[\[\u3010]\^?[\d,;\s\u2013-]+[\]\u3011])*)\s+(?=[\"'(*\u201c]?[A-Z0-9])")


def parse_reply(
    text: str, *, evidence: Sequence[str], writer: str, model: str | None = None, cut: bool = False
) -> Draft:
    """Read a reply as JSON where it is, else as Markdown with ``[n]``; ``evidence[i]`` is what ``[i + 1]`` cites.

    A number that no evidence has becomes the passage id ``?<n>``. ``cut=True`` says that the reply stopped early: its
    last statement is dropped, since "give 1" may have been going to say "give 1000". ModelError when there is no
    statement to read; ModelRefused when the reply says that it will not answer, or that the evidence does not.
    """
    body = THOUGHT.sub("", text).strip()  # unseen characters stay: the checker refuses a number that holds one
    notices = []
    if len(body) > MAX_REPLY:
        body, cut = body[:MAX_REPLY], True
        notices.append(f"only the first {MAX_REPLY} characters of the model's reply were read")
    if not re.search(r"\w", body):
        raise ModelError("the model replied with nothing")
    rows = _json_rows(body)
    whole = rows is not None and rows[1]
    if rows is not None and whole and not rows[0]:
        raise ModelRefused("the model found no answer in the evidence")
    statements = list(from_rows(rows[0], evidence) if rows is not None else _from_markdown(body, evidence))
    if cut and not whole:
        # complete JSON objects are complete statements even in a reply that was cut
        statements = statements if rows is not None else statements[:-1]
        notices.append("the model's reply was cut off")
    if not any(statement.passage_ids for statement in statements) and _REFUSAL.match(body):
        raise ModelRefused("the model declined to answer")
    if not statements:
        raise ModelError("the model's reply held no statement")
    return Draft(tuple(statements[:MAX_STATEMENTS]), writer, model, tuple(notices))


def _json_rows(body: str) -> tuple[list[Mapping[str, Any]], bool] | None:
    """(rows, complete) when the reply is our JSON, perhaps fenced, framed by words or cut off; None when it is not."""
    if '"statements"' not in body and not re.match(r"(?:```\w*\s*)?[\[{]\s*[{\"]", body):
        return None
    decoder = json.JSONDecoder()
    for start in (match.start() for match in re.finditer(r"[\[{]", body[:2000])):
        try:
            value, _ = decoder.raw_decode(body, start)
        except ValueError:
            continue
        except RecursionError:
            return None
        rows = value.get("statements") if isinstance(value, dict) else value
        if isinstance(rows, list) and all(isinstance(row, dict) for row in rows) and (rows or isinstance(value, dict)):
            return rows, True
    rows = []
    for match in re.finditer(r"\{\s*\"", body):  # a cut reply: every object that is whole
        try:
            value, _ = decoder.raw_decode(body, match.start())
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict) and isinstance(value.get("text"), str):
            rows.append(value)
    return (rows, False) if rows else None


def from_rows(rows: Sequence[Mapping[str, Any]], evidence: Sequence[str]) -> Iterator[DraftStatement]:
    for row in rows:
        if not isinstance(row.get("text"), str):
            continue
        text, numbers = split_marks(row["text"])
        given = row.get("evidence", row.get("citations", []))
        for value in given if isinstance(given, list) else [given]:
            if isinstance(value, bool):
                continue
            found = re.findall(r"\d{1,6}", str(value)) if isinstance(value, int | str) else []
            numbers.extend(int(number) for number in found[:20])
        if text:
            section = _section(str(row.get("section", ""))) or Section.MEANING
            yield DraftStatement(section, text, cited_passages(numbers, evidence))


def _from_markdown(body: str, evidence: Sequence[str]) -> Iterator[DraftStatement]:
    section = Section.BOTTOM_LINE  # what comes before the first heading
    lines = re.sub(r"```\w*", "", body).splitlines()
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if line.lstrip().startswith("|") and re.fullmatch(r"\s*\|[-:|\s]*-[-:|\s]*", following):
            continue  # the head of a table names columns and states nothing
        heading, rest = read_heading(line)
        if heading is not None:
            section = heading
        for sentence in sentences(rest):
            text, numbers = split_marks(sentence)
            if re.search(r"\w", text):
                yield DraftStatement(section, text, cited_passages(numbers, evidence))


def read_heading(line: str) -> tuple[Section | None, str]:
    """(section that starts here or None, what is left of the line to read as text)."""
    line = line.strip()
    if re.fullmatch(r"[-=_*|:\s]*", line):
        return None, ""  # rules and the line under a table's head
    if line.startswith("|"):
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        return None, "; ".join(cell for cell in cells if cell)
    hashes = re.match(r"#{1,6}\s+(.*)", line)
    if hashes:
        return _section(hashes.group(1)) or Section.MEANING, ""
    line = re.sub(r"^(?:[-*\u2022]\s+|\d{1,2}[.)]\s+(?=\D))", "", line)  # bullets and list numbers
    lead = re.match(r"(?:\*\*|__)?([A-Za-z][A-Za-z \-]{2,24}?)(?::(?:\*\*|__)?|(?:\*\*|__):?)\s*(.*)$", line)
    if lead and (section := _section(lead.group(1))) is not None:
        return section, lead.group(2)
    if (section := _section(line.rstrip(":"))) is not None:
        return section, ""
    return None, line


def _section(name: str) -> Section | None:
    key = " ".join(re.findall(r"[a-z]+", name.lower()))
    return _SECTIONS.get(key)


def sentences(text: str) -> Iterator[str]:
    """Sentences with the citation marks that follow them; "e.g." and "1.5" end none."""
    start = 0
    for boundary in BOUNDARY.finditer(text):
        before = text[start : boundary.start()].rstrip()
        if before.lower().endswith(_ABBREVIATIONS) or re.search(r"\b[A-Z]\.$", before):
            continue
        yield text[start : boundary.end(1)]
        start = boundary.end()
    yield text[start:]


def split_marks(text: str) -> tuple[str, list[int]]:
    """(text without citation marks and emphasis, the cited numbers in order)."""
    numbers: list[int] = []

    def take(mark: re.Match[str]) -> str:
        if _INTERVAL_BEFORE.search(text[max(0, mark.start() - 20) : mark.start()]):  # a slice: linear in the text
            return mark.group()
        numbers.extend(_mark_numbers(mark.group(1)))
        return ""

    bare = _MARK.sub(take, text)
    bare = re.sub(r"\*\*(.+?)\*\*|__(.+?)__|`([^`]*)`", lambda m: m.group(1) or m.group(2) or m.group(3) or "", bare)
    return re.sub(r"\s+", " ", bare).strip(), numbers


def _mark_numbers(inside: str) -> Iterator[int]:
    for part in re.split(r"\s*[,;]\s*", inside):
        ends = [int(number) for number in re.split(r"\s*[\u2013-]\s*", part)]
        if len(ends) == 2 and 0 < ends[1] - ends[0] <= 20:
            yield from range(ends[0], ends[1] + 1)
        else:
            yield from ends


def cited_passages(numbers: Sequence[int], evidence: Sequence[str]) -> tuple[str, ...]:
    named = (evidence[n - 1] if 1 <= n <= len(evidence) else f"?{n}" for n in numbers)
    return tuple(dict.fromkeys(named))
