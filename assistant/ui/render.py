"""Answer to escaped HTML: pure, the same answer gives the same markup. Sources and marks lie in their own modules.

Every turn is one ``<article>``. Ids on it carry the turn's number (``st-<turn>-<statement>``, ``src-<turn>-<n>``,
``num-<turn>-<k>``), so that several answers can stand on one page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from assistant.notices import disclaimer
from assistant.records import Answer, AnswerState, Corpus, Section, Statement
from assistant.ui.afterword import NOWHERE, Place, standing_markup, tools_markup
from assistant.ui.escaping import escaped, kept_together
from assistant.ui.marks import NumberRow, marked_text, number_rows, numbers_markup
from assistant.ui.sources import QuoteShown, citation_links, quotes_shown, sources_markup
from assistant.ui.words import (
    AUDIENCES,
    DOSING_COLUMNS,
    EVIDENCE,
    SECTIONS,
    STATES,
    VERDICTS,
    jurisdiction_name,
    slot_name,
)

ORDERED = {Section.STEPS}
Quotes = Mapping[tuple[int, str], QuoteShown]


def answer_html(
    answer: Answer, corpus: Corpus, *, turn: int = 1, today: date | None = None, place: Place = NOWHERE
) -> str:
    """One turn: the question as asked, the answer, its sources. ``turn`` counts from 1 and must be unique on the page.

    ``today`` marks guidance whose review date has passed; None: no such mark. ``place`` with a key adds downloads and the
    question whether the answer was right.
    """
    quotes = quotes_shown(answer, corpus, turn=turn)
    numbers = number_rows(answer, turn=turn)
    main = "".join(
        (
            _state(answer),
            _notices(answer),
            _sections(answer, quotes, numbers, turn),
            _conflicts(answer, quotes, numbers, turn),
            _nearest(answer, corpus, place),
            _list_section("Not covered", "not-covered", answer.not_covered),
            _withheld(answer, corpus),
            numbers_markup(numbers, quotes, turn=turn),
            standing_markup(answer, today, place),
            tools_markup(answer, turn, place),
        )
    )
    sources = sources_markup(answer, corpus, quotes, turn=turn, base_path=place.base_path)
    return (
        f'<article class="turn" id="turn-{turn}" aria-labelledby="asked-{turn}">{_asked(answer, turn)}'
        f'<div class="reply{" with-sources" if sources else ""}"><div class="answer">{main}</div>'
        f"{sources}</div></article>"
    )


def pending_html(question: str, *, turn: int, step: str) -> str:
    """The turn while its answer is being made; ``step`` says what is being done."""
    return (
        f'<article class="turn pending" id="turn-{turn}" aria-busy="true"><header class="asked">'
        f'<p class="who">Question</p><h2>{escaped(question)}</h2></header>'
        f'<p class="progress"><span class="pulse" aria-hidden="true"></span>{escaped(step)}</p></article>'
    )


def problem_html(question: str, title: str, message: str, *, turn: int) -> str:
    """A turn that could not be answered: why, and what to do next."""
    asked = (
        f'<header class="asked"><p class="who">Question</p><h2>{escaped(question)}</h2></header>' if question else ""
    )
    return (
        f'<article class="turn problem" id="turn-{turn}">{asked}<div class="notice" role="alert">'
        f"<strong>{escaped(title)}</strong> {escaped(message)}</div></article>"
    )


def _asked(answer: Answer, turn: int) -> str:
    understood = ""
    if answer.understood_as and answer.understood_as.strip() != answer.question.strip():
        understood = f'<p class="understood">Understood as: {escaped(answer.understood_as)}</p>'
    context = [AUDIENCES[answer.audience], jurisdiction_name(answer.jurisdiction) + " guidance"]
    context += [f"{slot_name(name)}: {value}" for name, value in answer.slots.items()]
    chips = "".join(f"<li>{escaped(item)}</li>" for item in context)
    return (
        f'<header class="asked"><p class="who">Question</p><h2 id="asked-{turn}">{escaped(answer.question)}</h2>'
        f'{understood}<ul class="context" aria-label="Answered for">{chips}</ul></header>'
    )


def _state(answer: Answer) -> str:
    if answer.state is AnswerState.ANSWERED:
        return ""
    name, meaning = STATES[answer.state]
    role = ' role="alert"' if answer.state is AnswerState.SIGNPOST else ""
    return f'<p class="state state-{answer.state.value}"{role}><strong>{name}.</strong> {meaning}</p>'


def _notices(answer: Answer) -> str:
    """All notices in one block above the answer; the disclaimer stands under every answer and is not said twice."""
    lines = [notice for notice in answer.notices if notice != disclaimer(answer.audience)]
    if answer.state is AnswerState.NO_GUIDANCE:  # said by the state, and by the titles below
        lines = [line for line in lines if not line.startswith("Not in this corpus.")]
    if not lines:
        return ""
    # Where there is no answer the notices are all there is to read; beside an answer they must not outweigh it.
    kind = "notices" if answer.statements else "notices alone"
    return f'<ul class="{kind}" aria-label="Notices">{"".join(f"<li>{escaped(line)}</li>" for line in lines)}</ul>'


def _sections(answer: Answer, quotes: Quotes, numbers: Sequence[NumberRow], turn: int) -> str:
    parts = []
    for section in Section:
        statements = [statement for statement in answer.statements if statement.section is section]
        if not statements and not (section is Section.DOSING and any(s.dosage for s in answer.statements)):
            continue
        # A dose in the bottom line is said there in words and stands in the table as well.
        rows = [s for s in answer.statements if s.dosage] if section is Section.DOSING else []
        prose = [statement for statement in statements if statement not in rows]
        body = _dosing_table(rows, quotes, numbers, turn) if rows else ""
        if prose:
            body += _prose(section, prose, quotes, numbers, turn)
        parts.append(f'<section class="{section.value}"><h3>{SECTIONS[section]}</h3>{body}</section>')
    return "".join(parts)


def _prose(
    section: Section, statements: Sequence[Statement], quotes: Quotes, numbers: Sequence[NumberRow], turn: int
) -> str:
    items = [
        (f'id="st-{turn}-{escaped(s.id)}" tabindex="-1"', _statement(s, quotes, numbers, turn)) for s in statements
    ]
    if section is Section.BOTTOM_LINE:
        return "".join(f"<p {attributes}>{body}</p>" for attributes, body in items)
    tag = "ol" if section in ORDERED and len(items) > 1 else "ul"
    return f"<{tag}>" + "".join(f"<li {attributes}>{body}</li>" for attributes, body in items) + f"</{tag}>"


def _statement(statement: Statement, quotes: Quotes, numbers: Sequence[NumberRow], turn: int) -> str:
    cites = citation_links(statement, quotes, turn=turn)
    return _words(statement, numbers, cites=f' <span class="cites">{cites}</span>')


def _words(statement: Statement, numbers: Sequence[NumberRow], *, cites: str = "") -> str:
    """Jurisdiction, the marked text, its citations if any, and the caution that its kind of evidence asks for."""
    # "International" on every line would hide the few that hold for one country only.
    local = statement.jurisdiction not in {None, "international"}
    where = jurisdiction_name(statement.jurisdiction) if local else ""
    tag = f'<span class="tag">{escaped(where)}</span> ' if where else ""
    warning = EVIDENCE.get(statement.evidence or "")
    caution = f' <span class="caution">{escaped(warning)}</span>' if warning else ""
    return f"{tag}{marked_text(statement, numbers)}{cites}{caution}"


def _dosing_table(statements: Sequence[Statement], quotes: Quotes, numbers: Sequence[NumberRow], turn: int) -> str:
    """A real table; below each row the statement it was read from, so that nothing is lost between the cells."""
    head = "".join(f'<th scope="col">{name}</th>' for _, name in DOSING_COLUMNS) + '<th scope="col">Source</th>'
    rows = []
    for statement in statements:
        cells = {key: kept_together(value) for key, value in (statement.dosage or {}).items()}
        mine = statement.section is Section.DOSING  # else its words, and its id, stand in its own section
        drug = f'<th scope="row" data-label="Drug">{escaped(cells.get("drug", "")) or "–"}</th>'
        rest = "".join(
            f'<td data-label="{name}">{escaped(cells.get(key, "")) or "–"}</td>' for key, name in DOSING_COLUMNS[1:]
        )
        cites = citation_links(statement, quotes, turn=turn)
        own_id = f' id="st-{turn}-{escaped(statement.id)}" tabindex="-1"' if mine else ""
        words = f'<tr class="words"><td colspan="7">{_words(statement, numbers)}</td></tr>' if mine else ""
        rows.append(f'<tbody{own_id}><tr>{drug}{rest}<td data-label="Source">{cites}</td></tr>{words}</tbody>')
    return (
        f'<div class="scroll"><table class="dosing-table"><thead><tr>{head}</tr></thead>{"".join(rows)}</table></div>'
    )


def _conflicts(answer: Answer, quotes: Quotes, numbers: Sequence[NumberRow], turn: int) -> str:
    statements = {statement.id: statement for statement in answer.statements}
    parts = []
    for conflict in answer.conflicts:
        sides = [statements[side] for side in conflict.sides if side in statements]
        bodies = "".join(
            f'<li><p class="side">{escaped(_side_name(answer, side))}</p><p>{_statement(side, quotes, numbers, turn)}</p></li>'
            for side in sides
        )
        parts.append(f'<div class="conflict"><h4>{escaped(conflict.about)}</h4><ul>{bodies}</ul></div>')
    if not parts:
        return ""
    return f'<section class="conflicts"><h3>Sources disagree</h3>{"".join(parts)}</section>'


def _side_name(answer: Answer, statement: Statement) -> str:
    """Body, year and jurisdiction of one side of a conflict."""
    works = [item.reference for item in answer.references if item.n in statement.citations]
    names = [", ".join(str(part) for part in (work.container or work.authors, work.year) if part) for work in works[:1]]
    return " · ".join([*names, jurisdiction_name(statement.jurisdiction)] if statement.jurisdiction else names)


def _nearest(answer: Answer, corpus: Corpus, place: Place) -> str:
    """For a question outside the corpus: the titles that came nearest, and nothing that they say."""
    if answer.state is not AnswerState.NO_GUIDANCE:
        return ""
    ids = dict.fromkeys(
        corpus.passages[hit.passage_id].guideline for hit in answer.hits if hit.passage_id in corpus.passages
    )
    titles = {i: corpus.guidelines[i].title for i in ids if i in corpus.guidelines} or {
        u.id: u.title for u in answer.guidance
    }
    body = "".join(
        f'<li><a href="{place.base_path}/guidance/{escaped(id)}" target="_blank" rel="noopener">{escaped(title)}</a></li>'
        for id, title in list(titles.items())[:5]
    )
    return f'<section class="nearest"><h3>Nearest titles</h3><ul>{body}</ul></section>' if body else ""


def _list_section(title: str, name: str, items: Sequence[str]) -> str:
    if not items:
        return ""
    body = "".join(f"<li>{escaped(item)}</li>" for item in items)
    return f'<section class="{name}"><h3>{title}</h3><ul>{body}</ul></section>'


def _withheld(answer: Answer, corpus: Corpus) -> str:
    """What is not shown and why; the passages looked at, never the draft's own words."""
    if not answer.withheld:
        return ""
    items = []
    for withheld in answer.withheld:
        marks = [VERDICTS[claim.verdict] for claim in withheld.claims]
        verdicts = ", ".join(dict.fromkeys(f"{mark.sign} {mark.word.lower()}" for mark in marks))
        passages = "".join(
            f"<blockquote>{escaped(corpus.passages[i].text)}</blockquote>"
            for i in withheld.passages
            if i in corpus.passages
        )
        items.append(
            f"<li>{escaped(withheld.reason)}"
            + (f' <span class="verdicts">({verdicts})</span>' if verdicts else "")
            + passages
            + "</li>"
        )
    count = len(items)
    opened = " open" if answer.state is AnswerState.WITHHELD else ""
    return (
        f'<details class="withheld"{opened}><summary>{count} statement{"" if count == 1 else "s"} withheld</summary>'
        f"<ul>{''.join(items)}</ul></details>"
    )
