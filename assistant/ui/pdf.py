"""Answer to PDF: the same parts in the same order as on the page, in fonts that are shipped, with nothing active in it.

fpdf2 writes text and lines and runs nothing; addresses become links only after ``escaping.safe_link``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.notices import disclaimer
from assistant.records import Answer, AnswerState, Section, Statement
from assistant.ui.escaping import doi_link, kept_together, pmid_link, safe_link, visible
from assistant.ui.plain import reference_text
from assistant.ui.words import (
    AUDIENCES,
    DEPTHS,
    DOSING_COLUMNS,
    EVIDENCE,
    PRODUCT,
    REVIEW,
    REVIEW_NOTE,
    SECTIONS,
    STATES,
    VERDICTS,
    jurisdiction_name,
    long_date,
    short_digest,
    slot_name,
)

if TYPE_CHECKING:
    from fpdf import FPDF

FONTS = Path(__file__).resolve().parent / "static" / "fonts"
INK, QUIET, ACCENT, LINE = (24, 33, 31), (74, 86, 83), (11, 92, 86), (185, 183, 171)
SIGNS = {"✕": "×"}  # signs that the shipped font lacks
COLUMNS_MM = (28, 26, 24, 30, 28, 26, 12)  # drug, dose, route, frequency, duration, for whom, source


def answer_pdf(answer: Answer, *, today: date) -> bytes:
    """A PDF of A4 pages; ``today`` is printed as the day on which the answer was taken from the screen."""
    page = _open(answer, today)
    _heading(page, answer)
    for section in Section:
        _section(page, answer, section)
    _conflicts(page, answer)
    _listed(page, "Not covered", answer.not_covered)
    _listed(page, "Withheld", [item.reason for item in answer.withheld])
    _checks(page, answer)
    _references(page, answer)
    _standing(page, answer)
    return bytes(page.output())


def _open(answer: Answer, today: date) -> FPDF:
    from fpdf import FPDF

    status = "; ".join(dict.fromkeys(REVIEW_NOTE[used.status] for used in answer.guidance))

    class Paper(FPDF):
        def footer(self) -> None:
            self.set_y(-16)
            self.set_font("sans", "", 8)
            self.set_text_color(*QUIET)
            self.multi_cell(
                0, 3.6, _clean(f"{PRODUCT} · {long_date(today)} · page {self.page_no()} of {{nb}}\n{status}")
            )

    page = Paper(format="A4", unit="mm")
    page.set_creation_date(datetime(today.year, today.month, today.day, tzinfo=UTC))
    page.set_title(_clean(answer.question) or PRODUCT)
    page.set_lang("en-GB")
    page.set_margins(18, 16, 18)
    page.set_auto_page_break(True, margin=22)
    page.add_font("sans", "", FONTS / "source-sans-3-regular.ttf")
    page.add_font("sans", "B", FONTS / "source-sans-3-semibold.ttf")
    page.add_page()
    return page


def _heading(page: FPDF, answer: Answer) -> None:
    _write(page, answer.question or "Question", size=17, bold=True, gap=1)
    context = [AUDIENCES[answer.audience], jurisdiction_name(answer.jurisdiction) + " guidance"]
    context += [f"{slot_name(name)}: {value}" for name, value in answer.slots.items()]
    _write(page, " · ".join(context), size=9, colour=QUIET, gap=3)
    if answer.state is not AnswerState.ANSWERED:
        name, meaning = STATES[answer.state]
        _write(page, f"{name}. {meaning}", bold=True, gap=2)
    for notice in answer.notices:
        if notice != disclaimer(answer.audience):
            _write(page, notice, size=9.5, colour=QUIET, gap=1)


def _section(page: FPDF, answer: Answer, section: Section) -> None:
    statements = [statement for statement in answer.statements if statement.section is section]
    rows = [statement for statement in answer.statements if statement.dosage] if section is Section.DOSING else []
    prose = [statement for statement in statements if statement not in rows]
    if not rows and not prose:
        return
    _title(page, SECTIONS[section])
    if rows:
        _dosing_table(page, rows)
    for number, statement in enumerate(prose, 1):
        lead = "" if section is Section.BOTTOM_LINE else f"{number}. " if section is Section.STEPS else "• "
        _write(page, lead + _said(statement), bold=section is Section.BOTTOM_LINE, gap=1.2)
    for statement in rows:
        if statement.section is section:
            _write(page, "• " + _said(statement), size=9.5, colour=QUIET, gap=1)


def _said(statement: Statement) -> str:
    local = statement.jurisdiction not in {None, "international"}
    where = f"{jurisdiction_name(statement.jurisdiction)}: " if local else ""
    cites = "".join(f"[{n}]" for n in statement.citations)
    caution = EVIDENCE.get(statement.evidence or "")
    return f"{where}{kept_together(statement.text)} {cites}".rstrip() + (f" ({caution})" if caution else "")


def _dosing_table(page: FPDF, rows: Sequence[Statement]) -> None:
    from fpdf.fonts import FontFace

    page.set_font("sans", "", 9)
    page.set_text_color(*INK)
    page.set_draw_color(*LINE)
    head = [*(name for _, name in DOSING_COLUMNS), "Source"]
    style = FontFace(emphasis="BOLD", color=QUIET)
    with page.table(
        col_widths=COLUMNS_MM, line_height=4.4, borders_layout="HORIZONTAL_LINES", headings_style=style, text_align="LEFT",
        padding=(1, 1.5, 1, 0),
    ) as table:  # fmt: skip
        table.row([_clean(cell) for cell in head])
        for statement in rows:
            cells = [kept_together((statement.dosage or {}).get(key, "")) or "–" for key, _ in DOSING_COLUMNS]
            table.row([_clean(cell) for cell in [*cells, "".join(f"[{n}]" for n in statement.citations)]])
    page.ln(2)


def _conflicts(page: FPDF, answer: Answer) -> None:
    statements = {statement.id: statement for statement in answer.statements}
    for conflict in answer.conflicts:
        _title(page, f"Sources disagree: {conflict.about}")
        for side in conflict.sides:
            if side in statements:
                _write(page, "• " + _said(statements[side]), gap=1)


def _listed(page: FPDF, title: str, items: Sequence[str]) -> None:
    if items:
        _title(page, title)
        for item in items:
            _write(page, f"• {item}", gap=1)


def _checks(page: FPDF, answer: Answer) -> None:
    """One line for each number: what was said, the verdict, and the words of the source."""
    claims = [claim for statement in answer.statements for claim in statement.claims if claim.kind != "statement"]
    if not claims:
        return
    _title(page, "Numbers checked")
    for claim in claims:
        mark = VERDICTS[claim.verdict]
        source = f" “{claim.source.quote}” ({claim.source.passage})" if claim.source else ""
        _write(page, f"{mark.sign} {mark.word}: {kept_together(claim.text)}.{source}", size=9, gap=0.6)


def _references(page: FPDF, answer: Answer) -> None:
    if not answer.references:
        return
    _title(page, "References")
    for item in answer.references:
        work = item.reference
        facts = [
            work.type,
            DEPTHS.get(work.depth, work.depth),
            jurisdiction_name(work.jurisdiction) if work.jurisdiction else "",
        ]
        facts += [f"grade: {work.grade}"] if work.grade else []
        _write(page, f"{item.n}. {reference_text(work)}", size=9.5, gap=0)
        _write(page, " · ".join(part for part in facts if part), size=8.5, colour=QUIET, gap=0)
        link = doi_link(work.doi) or pmid_link(work.pmid) or safe_link(work.url)
        if link:
            _write(page, link, size=8.5, colour=ACCENT, gap=1.5, link=link)


def _standing(page: FPDF, answer: Answer) -> None:
    if answer.guidance:
        _title(page, "Guidance used")
        for used in answer.guidance:
            facts = f"version {used.version}, {REVIEW[used.status].lower()}, last updated {long_date(used.updated)}"
            _write(page, f"• {used.title}: {facts}, review by {long_date(used.review_by)}", size=9.5, gap=1)
    made = answer.provenance
    writer = f"{made.writer} ({made.model})" if made.model else made.writer
    _write(page, disclaimer(answer.audience), size=9, colour=QUIET, gap=1)
    digests = f"corpus {short_digest(made.corpus)}, rules {short_digest(made.rules)}"
    _write(page, f"Writer {writer}, {digests}, assistant {made.assistant}", size=8.5, colour=QUIET)


def _title(page: FPDF, text: str) -> None:
    page.ln(2.5)
    _write(page, text, size=12, bold=True, colour=ACCENT, gap=1)


def _write(page: FPDF, text: str, *, size: float = 10.5, bold: bool = False, gap: float = 0, **rest: Any) -> None:
    page.set_font("sans", "B" if bold else "", size)
    page.set_text_color(*rest.get("colour", INK))
    page.multi_cell(0, size * 0.47, _clean(text), align="L", new_x="LMARGIN", new_y="NEXT", link=rest.get("link", ""))
    page.ln(gap)


def _clean(text: str) -> str:
    """The text in signs that the font has. One that it lacks shows as [?]: left out, it could change what is read."""
    known = _signs()
    return "".join(
        sign if sign == "\n" or ord(sign) in known else SIGNS.get(sign, "[?]")
        for sign in visible(text).replace("\t", " ")
    )


@cache
def _signs() -> frozenset[int]:
    from fontTools.ttLib import TTFont

    with TTFont(FONTS / "source-sans-3-regular.ttf", lazy=True) as font:
        return frozenset(font.getBestCmap())
