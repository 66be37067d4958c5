"""Our own readable pages: a small Markdown to HTML, and the editorial policy. They need no script."""

from __future__ import annotations

import re
from pathlib import Path

from assistant.records import Corpus, ReviewStatus
from assistant.ui.escaping import escaped, safe_link
from assistant.ui.shell import brand, own_page
from assistant.ui.words import PRODUCT, REVIEW, jurisdiction_name, long_date

PAGES = Path(__file__).resolve().parent / "pages"


def policy_page(corpus: Corpus, *, base_path: str) -> str:
    """The editorial policy, then every guideline of the corpus with the status it really has."""
    text = (PAGES / "editorial-policy.md").read_text(encoding="utf-8")
    body = f'{brand(base_path, current="policy")}<main class="article" id="main">{markdown_html(text)}{_shelf(corpus)}</main>'
    return own_page(f"Editorial policy – {PRODUCT}", body, base_path=base_path, kind="policy")


def missing_page(current: str, *, base_path: str) -> str:
    """What a reader gets whose address names nothing here."""
    body = (
        f'{brand(base_path, current=current)}<main class="article" id="main"><h1>There is no such page</h1>'
        f'<p>It may have been renamed. <a href="{base_path}/{current}">Show all of them</a>.</p></main>'
    )
    return own_page(f"Not found – {PRODUCT}", body, base_path=base_path, kind=current)


def _shelf(corpus: Corpus) -> str:
    rows = "".join(
        f'<tr><th scope="row" data-label="Guidance">{escaped(g.title)}<small>{escaped(g.publisher)}</small></th>'
        f'<td data-label="For">{escaped(jurisdiction_name(g.jurisdiction))}</td>'
        f'<td data-label="Version">{escaped(g.version)}</td><td data-label="Status">{REVIEW[g.status]}</td>'
        f'<td data-label="Last updated">{long_date(g.updated)}</td><td data-label="Review by">{long_date(g.review_by)}</td></tr>'
        for g in sorted(corpus.guidelines.values(), key=lambda g: g.title)
    )
    head = "".join(
        f'<th scope="col">{n}</th>' for n in ("Guidance", "For", "Version", "Status", "Last updated", "Review by")
    )
    approved = sum(g.status is ReviewStatus.APPROVED for g in corpus.guidelines.values())
    return (
        f"<h2>Guidance in this installation</h2><p>{len(corpus.guidelines)} in all, {approved} approved.</p>"
        f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
    )


def markdown_html(text: str) -> str:
    """Headings, paragraphs, flat lists, **bold**, `code` and [links](https://...); all else as typed."""
    parts = []
    for block in re.split(r"\n{2,}", text.strip()):
        lines = block.splitlines()
        heading = re.fullmatch(r"(#{1,4}) (.+)", lines[0])
        if heading and len(lines) == 1:
            level = len(heading[1])
            parts.append(f"<h{level}>{inline_html(heading[2])}</h{level}>")
        elif all(re.match(r"(?:[-*]|\d+\.) |  ", line) for line in lines):
            tag = "ol" if lines[0][0].isdigit() else "ul"
            items = re.split(r"\n(?:[-*]|\d+\.) ", "\n" + block)[1:]
            body = "".join(f"<li>{inline_html(' '.join(item.split()))}</li>" for item in items)
            parts.append(f"<{tag}>{body}</{tag}>")
        else:
            parts.append(f"<p>{inline_html(' '.join(lines))}</p>")
    return "".join(parts)


def inline_html(text: str) -> str:
    """One line: escaped first, so that what the patterns then add is the only markup in it."""
    safe = escaped(text)
    safe = re.sub(r"`([^`]+)`", r"<code>\1</code>", safe)
    safe = re.sub(r"\*\*([^*]+)\*\*", r"<strong>\1</strong>", safe)

    def link(match: re.Match[str]) -> str:
        url = safe_link(match[2])
        return f'<a href="{escaped(url)}" rel="noopener noreferrer">{match[1]}</a>' if url else match[0]

    return re.sub(r"\[([^\]]+)\]\(([^)\s]+)\)", link, safe)
