"""Which passages an answer quotes, where each stands on the page, and its markup: the source side of an answer.

A reference ``n`` may carry several statements from several passages. Each (reference, passage) pair is one quote with
an id of its own: ``src-<turn>-<n>`` for the first of a reference, ``src-<turn>-<n>-<k>`` for its k-th.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assistant.records import Answer, Corpus, NumberedReference, Passage, Reference, Statement
from assistant.ui.escaping import doi_link, escaped, pmid_link, safe_link
from assistant.ui.words import DEPTHS, EVIDENCE, REVIEW, jurisdiction_name


@dataclass(frozen=True, slots=True)
class QuoteShown:
    """One passage under one reference; ``spans`` are the proven parts of the passage, merged and in order."""

    anchor: str
    n: int
    passage: Passage | None
    spans: tuple[tuple[int, int], ...]
    first_statement: str


def statement_passages(statement: Statement) -> tuple[str, ...]:
    """Ids of the passages a statement rests on: its own first, then those its claims were proven by."""
    proven = [claim.source.passage for claim in statement.claims if claim.source is not None]
    return tuple(dict.fromkeys(([statement.passage] if statement.passage else []) + proven))


def quotes_shown(answer: Answer, corpus: Corpus, *, turn: int) -> Mapping[tuple[int, str], QuoteShown]:
    """Every quote of the answer by (reference number, passage id), in the order of reference and first use."""
    spans: dict[tuple[int, str], list[tuple[int, int]]] = {}
    first: dict[tuple[int, str], str] = {}
    for statement in answer.statements:
        for n in statement.citations:
            for passage_id in statement_passages(statement):
                passage = corpus.passages.get(passage_id)
                reference = next((item.reference.id for item in answer.references if item.n == n), None)
                # A statement that was composed of two passages cites for each only the works that stand behind it.
                if passage is None or (reference not in passage.citations and passage_id != statement.passage):
                    continue
                key = (n, passage_id)
                first.setdefault(key, statement.id)
                found = spans.setdefault(key, [])
                found += [
                    (claim.source.start, claim.source.end)
                    for claim in statement.claims
                    if claim.source is not None and claim.source.passage == passage_id
                ]
    shown: dict[tuple[int, str], QuoteShown] = {}
    count: dict[int, int] = {}
    for n, passage_id in sorted(spans, key=lambda key: key[0]):
        count[n] = count.get(n, 0) + 1
        anchor = f"src-{turn}-{n}" + (f"-{count[n]}" if count[n] > 1 else "")
        passage = corpus.passages.get(passage_id)
        length = len(passage.text) if passage else 0
        shown[n, passage_id] = QuoteShown(
            anchor, n, passage, merged(spans[n, passage_id], length), first[n, passage_id]
        )
    return shown


def merged(spans: Iterable[tuple[int, int]], length: int) -> tuple[tuple[int, int], ...]:
    """The spans cut to ``0..length``, empty ones dropped, touching ones joined, in order."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted((max(0, a), min(length, b)) for a, b in spans):
        if start >= end:
            continue
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return tuple(joined)


def citation_links(statement: Statement, quotes: Mapping[tuple[int, str], QuoteShown], *, turn: int) -> str:
    """The marks ``[1][2]`` of a statement, each a link to its quote; the number reads "source 1" to a screen reader."""
    marks = []
    for n in statement.citations:
        anchor = next(
            (quotes[n, pid].anchor for pid in statement_passages(statement) if (n, pid) in quotes), f"src-{turn}-{n}"
        )
        passage = next((quotes[n, pid].passage for pid in statement_passages(statement) if (n, pid) in quotes), None)
        title = f' title="{escaped(shortened(passage.text))}"' if passage else ""
        marks.append(f'<a class="cite" href="#{anchor}" aria-label="source {n}"{title}>[{n}]</a>')
    return "".join(marks)


def shortened(text: str, limit: int = 240) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def highlighted(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The passage, escaped, with the proven parts in ``<mark>``; the whole of it when no part is named."""
    parts, position = [], 0
    for start, end in spans:
        parts += [escaped(text[position:start]), f"<mark>{escaped(text[start:end])}</mark>"]
        position = end
    parts.append(escaped(text[position:]))
    return "".join(parts) if position else f"<mark>{escaped(text)}</mark>"


def sources_markup(
    answer: Answer, corpus: Corpus, quotes: Mapping[tuple[int, str], QuoteShown], *, turn: int, base_path: str = ""
) -> str:
    """The list of sources: every reference with its identifiers and, below it, the passages quoted under it."""
    if not answer.references:
        return ""
    cards = "".join(
        _card(item, corpus, [q for q in quotes.values() if q.n == item.n], turn, base_path)
        for item in answer.references
    )
    return (
        f'<aside class="sources" aria-label="Sources of answer {turn}"><h3 id="sources-{turn}">'
        "Sources, with the words quoted</h3>"
        f"<ol>{cards}</ol></aside>"
    )


def _card(item: NumberedReference, corpus: Corpus, quotes: list[QuoteShown], turn: int, base_path: str) -> str:
    # A reference no passage of which is quoted still is a target, or its mark would lead nowhere.
    own_id = "" if quotes else f' id="src-{turn}-{item.n}" tabindex="-1"'
    body = "".join(_quote(quote, corpus, turn, base_path) for quote in quotes)
    return (
        f'<li class="source"{own_id}><span class="n" aria-hidden="true">{item.n}</span>'
        f'<div class="work">{reference_markup(item.reference)}{body}</div></li>'
    )


def _quote(quote: QuoteShown, corpus: Corpus, turn: int, base_path: str) -> str:
    passage = quote.passage
    if passage is None:
        return ""
    guideline = corpus.guidelines.get(passage.guideline)
    where = " › ".join(passage.headings)
    facts = [f"passage {passage.id}"]
    if guideline is not None:
        facts = [f"{guideline.title}, version {guideline.version}", REVIEW[guideline.status].lower(), *facts]
    if passage.jurisdiction:
        facts.insert(0, jurisdiction_name(passage.jurisdiction))
    warning = EVIDENCE.get(passage.evidence)
    shelf, _, anchor = passage.id.partition("#")
    article = (
        f' <a class="read" href="{base_path}/guidance/{escaped(shelf)}#{escaped(anchor)}" target="_blank" rel="noopener">Read in'
        " the guidance</a>"
        if guideline is not None
        else ""
    )
    return (
        f'<figure class="quote" id="{quote.anchor}" tabindex="-1" aria-label="Quoted passage for source {quote.n}">'
        + (f'<p class="where">{escaped(where)}</p>' if where else "")
        + f"<blockquote>{highlighted(passage.text, quote.spans)}</blockquote>"
        + (f'<p class="caution">{escaped(warning)}</p>' if warning else "")
        + f"<figcaption>{escaped(' · '.join(facts))}{article}</figcaption>"
        f'<a class="back" href="#st-{turn}-{escaped(quote.first_statement)}">Back to answer</a></figure>'
    )


def reference_markup(reference: Reference) -> str:
    """A cited work in one paragraph: who, when, what, where, and links to DOI, PubMed and address."""
    parts = [f'<span class="authors">{escaped(reference.authors)}</span>'] if reference.authors else []
    parts.append(f"<cite>{escaped(reference.title)}</cite>")
    place = ":".join(part for part in (reference.volume, reference.pages) if part)
    published = ", ".join(str(part) for part in (reference.container, reference.year, place) if part)
    if published:
        parts.append(f'<span class="published">{escaped(published)}</span>')
    kind = [reference.type, DEPTHS.get(reference.depth, reference.depth)]
    if reference.jurisdiction:
        kind.append(jurisdiction_name(reference.jurisdiction))
    if reference.grade:
        kind.append(f"grade: {reference.grade}")
    flags = ""
    if reference.retracted:
        flags += '<strong class="flag">Retracted</strong> '
    if reference.superseded_by:
        flags += f'<strong class="flag">Superseded by {escaped(reference.superseded_by)}</strong> '
    return (
        f'<p class="reference">{flags}{". ".join(parts)}.</p>'
        f'<p class="kind">{escaped(" · ".join(part for part in kind if part))} {_links(reference)}</p>'
    )


def _links(reference: Reference) -> str:
    candidates = (
        ("DOI", doi_link(reference.doi)),
        ("PubMed", pmid_link(reference.pmid)),
        ("Source page", safe_link(reference.url)),
    )
    return " ".join(
        f'<a class="out" href="{escaped(url)}" rel="noopener noreferrer" target="_blank">{name}'
        '<span class="aside"> (opens another site)</span></a>'
        for name, url in candidates
        if url
    )
