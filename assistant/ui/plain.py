"""Answer to Markdown for the clipboard, the terminal and files: short, inert, with its references in full."""

from __future__ import annotations

from assistant.notices import disclaimer
from assistant.records import Answer, AnswerState, Reference, Section, Statement
from assistant.ui.escaping import doi_link, escaped_markdown, pmid_link, safe_link
from assistant.ui.words import EVIDENCE, REVIEW, REVIEW_NOTE, SECTIONS, STATES, jurisdiction_name


def answer_markdown(answer: Answer) -> str:
    """The answer as Markdown in which nothing said by a model, a passage or a user is active. Ends with a line feed."""
    lines = [f"## {escaped_markdown(answer.question)}", ""]
    if answer.state is not AnswerState.ANSWERED:
        name, meaning = STATES[answer.state]
        lines += [f"**{name}.** {meaning}", ""]
    for notice in (notice for notice in answer.notices if notice != disclaimer(answer.audience)):
        lines += [f"> {escaped_markdown(notice)}", ""]
    for section in Section:
        statements = [statement for statement in answer.statements if statement.section is section]
        if statements:
            lines += [f"### {SECTIONS[section]}", "", *(_statement(s, section) for s in statements), ""]
    lines += _conflicts(answer)
    lines += _listed("Not covered", answer.not_covered)
    lines += _listed("Withheld", tuple(item.reason for item in answer.withheld))
    if answer.references:
        lines += ["### References", ""]
        lines += [f"{item.n}. {_reference(item.reference)}" for item in answer.references] + [""]
    if answer.guidance:
        lines += ["### Guidance used", ""]
        lines += [
            f"- {escaped_markdown(used.title)}, version {escaped_markdown(used.version)}, {REVIEW[used.status].lower()}, "
            f"last updated {used.updated}, review by {used.review_by}"
            for used in answer.guidance
        ]
        lines += ["", *dict.fromkeys(REVIEW_NOTE[used.status] for used in answer.guidance), ""]
    return "\n".join([*lines, ""])


def _statement(statement: Statement, section: Section) -> str:
    """One list item (a paragraph for the bottom line) with its jurisdiction, citations and caution."""
    where = (
        f"{jurisdiction_name(statement.jurisdiction)}: "
        if statement.jurisdiction not in {None, "international"}
        else ""
    )
    cites = "".join(f"\\[{n}\\]" for n in statement.citations)
    caution = EVIDENCE.get(statement.evidence or "")
    text = f"{escaped_markdown(where + statement.text)} {cites}".rstrip() + (f" ({caution})" if caution else "")
    if section is Section.BOTTOM_LINE:
        return f"**{text}**"
    return f"- {text}"


def _conflicts(answer: Answer) -> list[str]:
    statements = {statement.id: statement for statement in answer.statements}
    lines = []
    for conflict in answer.conflicts:
        lines += [f"### Sources disagree: {escaped_markdown(conflict.about)}", ""]
        lines += [_statement(statements[side], Section.PITFALLS) for side in conflict.sides if side in statements] + [
            ""
        ]
    return lines


def _listed(title: str, items: tuple[str, ...]) -> list[str]:
    return [f"### {title}", "", *(f"- {escaped_markdown(item)}" for item in items), ""] if items else []


def reference_text(reference: Reference) -> str:
    """A cited work in one line: who, what, where and when; a retracted one says so first."""
    where = ", ".join(
        str(part) for part in (reference.container, reference.year, reference.volume, reference.pages) if part
    )
    text = ". ".join(part.rstrip(".") for part in (reference.authors, reference.title, where) if part)
    return ("RETRACTED. " if reference.retracted else "") + text + "."


def _reference(reference: Reference) -> str:
    link = doi_link(reference.doi) or pmid_link(reference.pmid) or safe_link(reference.url)
    return f"{escaped_markdown(reference_text(reference))} " + (f"<{link}>" if link else "").strip()
