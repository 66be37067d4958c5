"""The dated list of retracted works that ships with a corpus, and how to make it anew from a public register.

Pure. ``corpus/retractions.toml`` says on which day, with which register and for how many works the comparison was made,
so that an empty list is never taken for a clean bill. The register is Retraction Watch's table (published by Crossref
as CSV; columns ``OriginalPaperDOI``, ``OriginalPaperPubMedID``, ``RetractionNature``, ``RetractionDate``,
``RetractionDOI``).
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from assistant.errors import CorpusError
from assistant.passages import toml_error_line
from assistant.records import Reference

NATURES = frozenset({"retraction", "expression of concern"})
COLUMNS = ("OriginalPaperDOI", "OriginalPaperPubMedID", "RetractionNature", "RetractionDate", "RetractionDOI")
_KEYS = frozenset({"as_of", "register", "compared", "work"})
_WORK_KEYS = frozenset({"id", "nature", "date", "notice"})
_NOT_AN_ID = frozenset({"", "0", "unavailable"})  # what the register writes where a paper has no such identifier


@dataclass(frozen=True, slots=True)
class RetractedWork:
    """A cited work with a notice against it; ``date`` is the day of the notice where the register has it."""

    id: str
    nature: str  # retraction, expression of concern
    notice: str  # DOI or address of the notice
    date: date | None = None


@dataclass(frozen=True, slots=True)
class RetractionList:
    """``compared`` works with a DOI or PMID were looked for in ``register`` on the day ``as_of``."""

    as_of: date
    register: str
    compared: int
    works: tuple[RetractedWork, ...] = ()

    def marked(self, references: Mapping[str, Reference]) -> dict[str, Reference]:
        """The references with ``retracted`` set where this list has a retraction; a mark of their own stays."""
        withdrawn = {work.id for work in self.works if work.nature == "retraction"}
        return {key: replace(work, retracted=work.retracted or key in withdrawn) for key, work in references.items()}


def read_retractions(text: str, *, path: str) -> tuple[RetractionList | None, list[CorpusError]]:
    """The list, or every problem in the file (then None)."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return None, [CorpusError(path, toml_error_line(error), f"not valid TOML: {error}")]
    lines = [number for number, line in enumerate(text.splitlines(), start=1) if line.strip() == "[[work]]"]
    problems = [CorpusError(path, 1, reason) for reason in _problems(table)]
    for line, work in zip(lines, table.get("work", []), strict=False):
        problems.extend(CorpusError(path, line, reason) for reason in _work_problems(work))
    if problems:
        return None, problems
    works = tuple(RetractedWork(w["id"], w["nature"], w["notice"], w.get("date")) for w in table.get("work", []))
    return RetractionList(table["as_of"], table["register"], table["compared"], works), []


def _problems(table: Mapping[str, Any]) -> Iterator[str]:
    for key in table:
        if key not in _KEYS:
            yield f"unknown key {key!r}; known are {', '.join(sorted(_KEYS))}"
    if type(table.get("as_of")) is not date:
        yield "as_of must be a date without quotes: the day the register was compared"
    if not isinstance(table.get("register"), str) or not table["register"].strip():
        yield "register is missing: name what was compared, or say that nothing was"
    if type(table.get("compared")) is not int or table["compared"] < 0:
        yield "compared must be the number of works that were looked for"


def _work_problems(work: Mapping[str, Any]) -> Iterator[str]:
    for key in work:
        if key not in _WORK_KEYS:
            yield f"unknown key {key!r}; known are {', '.join(sorted(_WORK_KEYS))}"
    for key in ("id", "notice"):
        if not isinstance(work.get(key), str) or not work[key].strip():
            yield f"{key} is missing"
    if work.get("nature") not in NATURES:
        yield f"nature {work.get('nature')!r} is not one of {', '.join(sorted(NATURES))}"
    if "date" in work and type(work["date"]) is not date:
        yield "date must be a date without quotes"


# --------------------------------------------------------------------------- from the register


def compare(references: Iterable[Reference], register: Iterable[str], *, name: str, as_of: date) -> RetractionList:
    """The list for ``references`` from the lines of the register's CSV.

    A work is found by DOI (without regard to case) or PMID, never by title. A later reinstatement is left to a reader:
    the work stays listed. Raises ValueError when the table lacks one of ``COLUMNS``.
    """
    rows = csv.DictReader(register)
    missing = [column for column in COLUMNS if column not in (rows.fieldnames or ())]
    if missing:
        raise ValueError(f"the register has no column {', '.join(missing)}; expected a Retraction Watch table")
    known = list(references)
    by_key = {key: work.id for work in known for key in _keys(work.doi, work.pmid)}
    found: dict[tuple[str, str], RetractedWork] = {}
    for row in rows:
        nature = row["RetractionNature"].strip().casefold()
        if nature not in NATURES:
            continue
        for key in _keys(row["OriginalPaperDOI"], row["OriginalPaperPubMedID"]):
            if key in by_key:
                work = RetractedWork(by_key[key], nature, _notice(row), _day(row["RetractionDate"]))
                found.setdefault((work.id, nature), work)
    compared = sum(1 for work in known if work.doi or work.pmid)
    return RetractionList(as_of, name, compared, tuple(found[key] for key in sorted(found)))


def _keys(doi: str | None, pmid: str | None) -> list[str]:
    keys = [("doi:", (doi or "").strip().casefold()), ("pmid:", str(pmid or "").strip())]
    return [prefix + value for prefix, value in keys if value not in _NOT_AN_ID]


def _notice(row: Mapping[str, str]) -> str:
    doi = row["RetractionDOI"].strip()
    return doi if doi.casefold() not in _NOT_AN_ID else "named in the register without an identifier"


def _day(text: str) -> date | None:
    """``3/1/2024 0:00`` (month first) or ``2024-03-01``; anything else is not guessed."""
    if found := re.match(r"(\d{4})-(\d{2})-(\d{2})", text.strip()):
        year, month, day = map(int, found.groups())
    elif found := re.match(r"(\d{1,2})/(\d{1,2})/(\d{4})", text.strip()):
        month, day, year = map(int, found.groups())
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def written(retractions: RetractionList) -> str:
    """The list as ``corpus/retractions.toml``."""
    lines = [
        "# Works cited here against which a notice stands. Made by `assistant corpus retractions`; read its date.",
        f"as_of = {retractions.as_of.isoformat()}",
        f"register = {_quoted(retractions.register)}",
        f"compared = {retractions.compared}",
    ]
    for work in retractions.works:
        lines += ["", "[[work]]", f"id = {_quoted(work.id)}", f"nature = {_quoted(work.nature)}"]
        lines += [f"date = {work.date.isoformat()}"] if work.date else []
        lines += [f"notice = {_quoted(work.notice)}"]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
