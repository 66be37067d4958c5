"""The number side of an answer: the mark behind each checked number and the panel that explains it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.records import Answer, CheckedClaim, Statement, Verdict
from assistant.ui.escaping import escaped, kept_together
from assistant.ui.sources import QuoteShown
from assistant.ui.words import VERDICTS

# Checked like any other number, but not what the eye looks for: years, and how many of something.
MINOR = frozenset({"date", "number", "count", "stage"})


@dataclass(frozen=True, slots=True)
class NumberRow:
    """One checked claim of the answer; ``anchor`` is the id of its row, ``k`` its number on the panel, from 1."""

    k: int
    anchor: str
    statement: Statement
    claim: CheckedClaim


def number_rows(answer: Answer, *, turn: int) -> tuple[NumberRow, ...]:
    """Every claim of the shown statements in reading order."""
    return rows_of(answer.statements, turn=turn)


def rows_of(statements: Sequence[Statement], *, turn: int) -> tuple[NumberRow, ...]:
    pairs = [
        (statement, claim)
        for statement in statements
        for claim in sorted(statement.claims, key=lambda claim: (claim.start, -claim.end))
    ]
    return tuple(NumberRow(k, f"num-{turn}-{k}", *pair) for k, pair in enumerate(pairs, start=1))


def marked_text(statement: Statement, rows: Sequence[NumberRow], *, together: bool = True) -> str:
    """The statement's text, escaped, each checked part a link to its row with the verdict's sign behind it.

    A claim without a number of its own, or about the whole sentence, gets no mark, and of claims that overlap
    the first (then the longer)
    wins, because links cannot be nested; all of them stand in the panel. ``together``: no line break within an amount.
    """
    text, parts, position = statement.text, [], 0
    part = shown if together else escaped
    for row in rows:
        claim = row.claim
        if row.statement is not statement or claim.start < position or not claim.start < claim.end <= len(text):
            continue
        if claim.kind == "statement" or claim.end - claim.start >= len(text.rstrip(". ")):
            continue
        mark = VERDICTS[claim.verdict]
        parts += [
            part(text[position : claim.start]),
            f'<a class="num {claim.verdict.value}{" minor" if claim.kind in MINOR else ""}" href="#{row.anchor}"'
            f' title="{mark.word}: {mark.meaning}">'
            f'{part(text[claim.start : claim.end])}<span class="sign" aria-hidden="true">{mark.sign}</span>'
            f'<span class="aside"> ({mark.word.lower()})</span></a>',
        ]
        position = claim.end
    parts.append(part(text[position:]))
    return "".join(parts)


def shown(text: str) -> str:
    """Part of a statement, escaped, no line break between a number and its unit."""
    return escaped(kept_together(text))


def numbers_markup(
    rows: Sequence[NumberRow],
    quotes: Mapping[tuple[int, str], QuoteShown],
    *,
    turn: int,
    articles: str = "",
    opened: bool = False,
) -> str:
    """The panel of checked numbers: verdict as sign and word, rule, expected, observed and the quoted span.

    ``articles`` is the address before a guideline's id, for quotes that do not stand on the page.
    """
    if not rows:
        return ""
    counts: dict[str, int] = {}
    for row in rows:
        word = VERDICTS[row.claim.verdict].word.lower()
        counts[word] = counts.get(word, 0) + 1
    signs = {mark.word.lower(): mark.sign for mark in VERDICTS.values()}
    summary = ", ".join(f"{signs[word]} {count} {word}" for word, count in counts.items())
    head = "".join(
        f'<th scope="col">{name}</th>' for name in ("Stated", "Verdict", "Rule", "Expected", "Observed", "Quoted")
    )
    body = "".join(_row(row, quotes, turn, articles) for row in rows)
    return (
        f'<details class="numbers" id="numbers-{turn}"{" open" if opened else ""}>'
        f"<summary>Checked statements and numbers: {summary}</summary>"
        f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div></details>'
    )


def _row(row: NumberRow, quotes: Mapping[tuple[int, str], QuoteShown], turn: int, articles: str) -> str:
    claim, mark = row.claim, VERDICTS[row.claim.verdict]
    quoted = "–"
    if claim.source is not None:
        anchor = next((q.anchor for (_, passage), q in quotes.items() if passage == claim.source.passage), None)
        words = f"“{escaped(claim.source.quote)}”"
        quoted = f'<a href="#{anchor}">{words}</a>' if anchor else words
        if articles and "#" in claim.source.passage:
            quoted = f'<a href="{escaped(articles + claim.source.passage)}" target="_blank" rel="noopener">{words}</a>'
    kind = claim.kind.replace("_", " ")
    rule = f"<code>{escaped(claim.rule)}</code>" if claim.rule else "–"
    reason = f"<small>{escaped(claim.reason)}</small>" if claim.reason else ""
    return (
        f'<tr id="{row.anchor}" tabindex="-1"><th scope="row" data-label="Stated">{escaped(claim.text)}'
        f"<small>{escaped(kind)}</small></th>"
        f'<td data-label="Verdict"><span class="verdict {claim.verdict.value}">'
        f'<span aria-hidden="true">{mark.sign}</span> '
        f"{mark.word}</span>{reason}</td>"
        f'<td data-label="Rule">{rule}</td>'
        f'<td data-label="Expected">{_slots(claim.expected) or ("as stated" if claim.verdict is Verdict.VERIFIED else "–")}</td>'
        f'<td data-label="Observed">{_slots(claim.observed) or "–"}</td>'
        f'<td data-label="Quoted">{quoted} '
        f'<a class="back" href="#st-{turn}-{escaped(row.statement.id)}">{"Back to the text" if articles else "Back to answer"}</a>'
        "</td></tr>"
    )


def _slots(slots: Mapping[str, str] | None) -> str:
    return escaped(slots_text(slots))


def slots_text(slots: Mapping[str, str] | None) -> str:
    """``{"value": "1", "unit": "mg"}`` to ``1 mg``; any other slots by name."""
    if not slots:
        return ""
    rest = [f"{name.replace('_', ' ')}: {value}" for name, value in slots.items() if name not in {"value", "unit"}]
    unit = slots.get("unit", "")
    plain = " ".join(part for part in (slots.get("value", ""), "" if unit == "1" else unit) if part)
    return "; ".join([*([plain] if plain else []), *rest])
