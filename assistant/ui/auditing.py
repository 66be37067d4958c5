"""Any text, audited: every claim marked where it stands, and the same as a report in Markdown, HTML or JSON.

The text is the user's and is shown as typed, escaped; it is checked and forgotten. Offsets of claims count in their
statement, those of statements in the text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import parse_qsl

from assistant.audits import audit_to_json
from assistant.errors import InputError
from assistant.records import CheckedClaim, CheckedStatement, Section, Statement, Verdict
from assistant.ui.escaping import escaped, escaped_markdown
from assistant.ui.marks import NumberRow, marked_text, numbers_markup, rows_of, slots_text
from assistant.ui.requests import sound
from assistant.ui.templating import fragment, page, safe
from assistant.ui.words import PRODUCT, VERDICTS, long_date

MOST_CHARACTERS = 20_000  # of a text that is pasted; the API takes more
FORMATS = {"md": "text/markdown; charset=utf-8", "html": "text/html; charset=utf-8", "json": "application/json"}


def read_form(body: bytes) -> dict[str, str]:
    """The fields of a form sent as ``application/x-www-form-urlencoded``, each name once. InputError otherwise."""
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=120, errors="strict")
    except (ValueError, UnicodeDecodeError) as error:
        raise InputError("bad_encoding", "the form could not be read") from error
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise InputError("duplicate_input", "a field was sent twice")
    return {name: sound(value) for name, value in fields.items()}


def read_text(fields: Mapping[str, str]) -> tuple[str, str]:
    """The text and the source of an audit form; a source of "" is the corpus. InputError with a stable code."""
    text, source = (fields.get(name, "").replace("\r\n", "\n") for name in ("text", "source"))
    if not text.strip():
        raise InputError("empty", "paste the text that is to be checked")
    for name, value in (("text", text), ("source", source)):
        if len(value) > MOST_CHARACTERS:
            raise InputError(
                "too_long", f"the {name} may have {MOST_CHARACTERS:,} characters, this one has {len(value):,}"
            )
    return text, source.strip()


def audit_page(
    *,
    base_path: str,
    text: str = "",
    source: str = "",
    statements: Sequence[CheckedStatement] | None = None,
    problem: str = "",
) -> str:
    """The form and, with ``statements``, the marked text below it."""
    return page(
        "audit.html.jinja", title="Audit a text", current="audit", base_path=base_path, text=text, source=source,
        most=MOST_CHARACTERS, problem=problem, result=safe(marked_markup(text, statements, base_path)) if statements else "",
        counts=_counts(statements or ()), nothing=statements is not None and not statements,
    )  # fmt: skip


def marked_markup(text: str, statements: Sequence[CheckedStatement], base_path: str = "") -> str:
    """The whole text with every claim marked in place, then the table of claims."""
    shown = [_statement(k, checked) for k, checked in enumerate(statements, 1)]
    rows = rows_of(shown, turn=1)
    parts, position = [], 0
    for checked, statement in zip(statements, shown, strict=True):
        parts.append(escaped(text[position : checked.start]))
        parts.append(_marked(checked, statement, rows))
        position = checked.end
    parts.append(escaped(text[position:]))
    table = numbers_markup(rows, {}, turn=1, articles=f"{base_path}/guidance/", opened=True)
    return f'<div class="audited" role="region" aria-label="Your text, marked">{"".join(parts)}</div>{table}'


def _statement(k: int, checked: CheckedStatement) -> Statement:
    return Statement(f"s{k}", Section.MEANING, checked.text, (), checked.claims)


def _marked(checked: CheckedStatement, statement: Statement, rows: Sequence[NumberRow]) -> str:
    """One statement: its claims as links with sign and word, and its own verdict behind it."""
    mark = VERDICTS[checked.verdict]
    mine = [row for row in rows if row.statement is statement and row.claim.verdict is checked.verdict]
    words = f'<span class="sign" aria-hidden="true">{mark.sign}</span> {mark.word.lower()}'
    marked = marked_text(statement, rows, together=False)
    verdict = (
        f' <a class="num verdict {checked.verdict.value}" href="#{mine[0].anchor}">{words}</a>' if mine else f" {words}"
    )
    if any(f'href="#{row.anchor}"' in marked for row in mine):
        verdict = ""  # said already, at the words it is about
    return f'<span class="stmt {checked.verdict.value}" id="st-1-{statement.id}" tabindex="-1">{marked}</span>{verdict}'


def _counts(statements: Sequence[CheckedStatement]) -> list[tuple[Verdict, Any, int]]:
    """Verdict, mark and how many statements have it, worst first; those that nothing has are left out."""
    found = [(v, VERDICTS[v], sum(s.verdict is v for s in statements)) for v in Verdict]
    return [row for row in found if row[2]]


def report(
    kind: str, text: str, source: str, statements: Sequence[CheckedStatement], *, today: date, corpus: str
) -> bytes:
    """The audit as a file of a kind in ``FORMATS``."""
    if kind == "json":
        return (json.dumps(audit_to_json(statements), ensure_ascii=False, indent=2) + "\n").encode()
    against = "the source given with it" if source else f"the corpus {corpus.removeprefix('sha256:')[:10]}"
    if kind == "html":
        rows = [(s, VERDICTS[s.verdict], [(c, VERDICTS[c.verdict], slots_text(c.expected), slots_text(c.observed)) for c in s.claims])
                for s in statements]  # fmt: skip
        values = {"rows": rows, "counts": _counts(statements), "product": PRODUCT, "today": long_date(today)}
        return fragment("report.html.jinja", against=against, **values).encode()
    return _markdown(statements, against, today).encode()


def _markdown(statements: Sequence[CheckedStatement], against: str, today: date) -> str:
    counts = ", ".join(f"{n} {mark.word.lower()}" for _, mark, n in _counts(statements))
    lines = ["# Audit of a text", "", f"{PRODUCT}, {long_date(today)}, checked against {against}.", ""]
    lines += [f"{len(statements)} statements: {counts}.", ""]
    for k, statement in enumerate(statements, 1):
        mark = VERDICTS[statement.verdict]
        lines += [f"## {k}. {mark.sign} {mark.word}", "", f"> {escaped_markdown(statement.text)}", ""]
        lines += [_claim_line(claim) for claim in statement.claims] + [""]
    return "\n".join(lines)


def _claim_line(claim: CheckedClaim) -> str:
    mark = VERDICTS[claim.verdict]
    parts = [f"- {mark.sign} {mark.word}: {escaped_markdown(claim.text)}"]
    for name, value in (
        ("why", claim.reason),
        ("expected", slots_text(claim.expected)),
        ("observed", slots_text(claim.observed)),
    ):
        if value:
            parts.append(f"{name}: {escaped_markdown(value)}")
    if claim.source:
        parts.append(f"source: {escaped_markdown(claim.source.passage)}, “{escaped_markdown(claim.source.quote)}”")
    return "; ".join(parts)
