"""Answer to plain text for a terminal: wrapped, no markup, control characters gone. Pure.

The clipboard and files get Markdown instead (``plain.py``).
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from assistant.records import Answer, AnswerState, Reference, Section, Statement, Verdict
from assistant.ui.words import EVIDENCE, SECTIONS, STATES, jurisdiction_name


def answer_text(answer: Answer, *, width: int = 100) -> str:
    """The answer in lines of at most ``width`` characters, references and guidance below, ending with a line feed."""
    return "\n".join(_clean(line) for line in _lines(answer, width)) + "\n"


def _clean(line: str) -> str:
    """Without characters that a terminal would obey: a passage or a model must not move the cursor or set a title."""
    return "".join(character for character in line if character.isprintable())


def _lines(answer: Answer, width: int) -> Iterator[str]:
    yield from _wrapped(answer.understood_as or answer.question, width)
    yield ""
    if answer.state is not AnswerState.ANSWERED:
        name, meaning = STATES[answer.state]
        yield from _wrapped(f"{name}. {meaning}", width)
        yield ""
    for section in Section:
        statements = [statement for statement in answer.statements if statement.section is section]
        if statements:
            yield SECTIONS[section].upper()
            for statement in statements:
                yield from _wrapped(_statement(statement), width, bullet="  • ")
            yield ""
    yield from _block("NOT COVERED", answer.not_covered, width)
    yield from _block("WITHHELD", (item.reason for item in answer.withheld), width)
    yield from _block("SOURCES", (f"[{item.n}] {_reference(item.reference)}" for item in answer.references), width)
    yield from _block("ASK NEXT", answer.follow_ups, width)
    yield from _block("NOTE", answer.notices, width)
    verified = sum(claim.verdict is Verdict.VERIFIED for statement in answer.statements for claim in statement.claims)
    if answer.statements:
        used = "; ".join(f"{used.title} {used.version} ({used.status.value})" for used in answer.guidance)
        yield from _wrapped(f"{verified} claims verified against {used}.", width)


def _statement(statement: Statement) -> str:
    marks = "".join(f"[{number}]" for number in statement.citations)
    country = f" ({jurisdiction_name(statement.jurisdiction)})" if statement.jurisdiction else ""
    second_hand = f" {EVIDENCE[statement.evidence]}" if statement.evidence == "secondary" and statement.evidence in EVIDENCE else ""
    return f"{statement.text} {marks}{country}{second_hand}"


def _reference(reference: Reference) -> str:
    where = f"doi:{reference.doi}" if reference.doi else f"PMID {reference.pmid}" if reference.pmid else reference.url or ""
    year = f" {reference.year}" if reference.year else ""
    read = f"({reference.type}, read: {reference.depth.replace('_', ' ')})"
    return f"{reference.authors}. {reference.title}. {reference.container}{year}. {where} {read}"


def _block(title: str, entries: Iterable[str], width: int) -> Iterator[str]:
    rows = list(entries)
    if rows:
        yield title
        for row in rows:
            yield from _wrapped(row, width, bullet="  " if row.startswith("[") else "  • ")
        yield ""


def _wrapped(text: str, width: int, *, bullet: str = "") -> list[str]:
    return textwrap.wrap(
        text, width, initial_indent=bullet, subsequent_indent=" " * len(bullet), break_long_words=False, break_on_hyphens=False
    ) or [bullet]
