"""Guidance as pages to be read: the index with its search, and one article per guideline with references in full.

They need no script. An article repeats the corpus word for word; its references are numbered in the order of first use.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from assistant.history import Revision
from assistant.notices import disclaimer
from assistant.records import Audience, Corpus, Guideline, Passage, Reference, ReviewStatus, Section
from assistant.ui.afterword import review_steps
from assistant.ui.escaping import doi_link, pmid_link, safe_link
from assistant.ui.marks import shown
from assistant.ui.sources import reference_markup
from assistant.ui.templating import page, safe
from assistant.ui.words import (
    EVIDENCE,
    JURISDICTIONS,
    PRODUCT,
    REVIEW,
    REVIEW_NOTE,
    SECTIONS,
    jurisdiction_name,
    long_date,
)

MOST_WORDS = 8  # of a search; more narrow nothing


@dataclass(frozen=True, slots=True)
class Said:
    """One statement of an article as the template shows it; ``words`` and ``cites`` are markup."""

    anchor: str
    words: Any
    cites: Any
    where: str
    caution: str


def index_page(corpus: Corpus, query: Mapping[str, str], *, base_path: str) -> str:
    """The list of guidance, narrowed by ``q`` (words), ``jurisdiction`` and ``status``; unknown values narrow nothing."""
    words = query.get("q", "")[:200]
    place = query.get("jurisdiction", "")
    status = query.get("status", "")
    chosen = [
        guideline
        for guideline in sorted(corpus.guidelines.values(), key=lambda g: g.title)
        if (place not in JURISDICTIONS or not place or place in _places(guideline))
        and (status not in set(ReviewStatus) or guideline.status.value == status)
        and _has_words(guideline, words)
    ]
    rows = [
        {
            "id": guideline.id,
            "title": guideline.title,
            "lead": next((p.text for p in guideline.passages if p.section is Section.BOTTOM_LINE), ""),
            "places": ", ".join(jurisdiction_name(name) for name in _places(guideline)),
            "status": guideline.status.value,
            "status_name": REVIEW[guideline.status],
            "updated": long_date(guideline.updated),
        }
        for guideline in chosen
    ]
    return page(
        "guidance.html.jinja", title="Guidance", current="guidance", base_path=base_path, rows=rows, words=words, place=place,
        status=status, places=JURISDICTIONS, statuses={s.value: name for s, name in REVIEW.items()},
        total=len(corpus.guidelines), approved=sum(g.status is ReviewStatus.APPROVED for g in corpus.guidelines.values()),
    )  # fmt: skip


def _places(guideline: Guideline) -> list[str]:
    """The jurisdictions of a guideline: its own first, then those of single statements."""
    return list(
        dict.fromkeys([guideline.jurisdiction, *(p.jurisdiction for p in guideline.passages if p.jurisdiction)])
    )


def _has_words(guideline: Guideline, words: str) -> bool:
    wanted = re.findall(r"\w+", words.lower())[:MOST_WORDS]
    if not wanted:
        return True
    text = " ".join((guideline.title, *guideline.topics, *(p.text for p in guideline.passages))).lower()
    return all(word in text for word in wanted)


def article_page(
    guideline: Guideline,
    corpus: Corpus,
    *,
    audience: Audience,
    base_path: str,
    today: date,
    history: Sequence[Revision] = (),
) -> str:
    """The article. ``audience`` patient shows the plain wording of each statement, which has the same numbers."""
    numbers = _numbered(guideline)
    works = [(n, corpus.references[id]) for id, n in numbers.items()]
    rules = sum(rule.passage.split("#")[0] == guideline.id for rule in corpus.rules.values())
    return page(
        "article.html.jinja", title=guideline.title, current="article", base_path=base_path,
        head=json_ld(guideline, [work for _, work in works], audience), guideline=guideline,
        sections=_sections(guideline, numbers, audience), lead=_lead(guideline, numbers, audience),
        references=[(n, safe(reference_markup(work))) for n, work in works], steps=safe(review_steps(guideline.status)),
        note=REVIEW_NOTE[guideline.status], place=jurisdiction_name(guideline.jurisdiction), rules=rules,
        published=guideline.published, updated=guideline.updated, review_by=guideline.review_by, long_date=long_date,
        overdue=guideline.review_by < today, patient=audience is Audience.PATIENT, disclaimer=disclaimer(audience),
        status_name=REVIEW[guideline.status], history=history, digest=guideline.digest.removeprefix("sha256:")[:10],
    )  # fmt: skip


def _numbered(guideline: Guideline) -> dict[str, int]:
    ids = dict.fromkeys(id for passage in guideline.passages for id in passage.citations)
    return {id: n for n, id in enumerate(ids, 1)}


def _lead(guideline: Guideline, numbers: Mapping[str, int], audience: Audience) -> list[Said]:
    return [_said(p, numbers, guideline, audience) for p in guideline.passages if p.section is Section.BOTTOM_LINE]


def _sections(guideline: Guideline, numbers: Mapping[str, int], audience: Audience) -> list[dict[str, Any]]:
    """Every section but the bottom line, in the order of an answer; below it its headings in the order of the text."""
    found = []
    for section in Section:
        passages = [p for p in guideline.passages if p.section is section]
        if not passages or section is Section.BOTTOM_LINE:
            continue
        groups: dict[str, list[Said]] = {}
        for passage in passages:
            groups.setdefault(" › ".join(passage.headings[1:]), []).append(_said(passage, numbers, guideline, audience))
        found.append({"key": section.value, "title": SECTIONS[section], "groups": groups})
    return found


def _said(passage: Passage, numbers: Mapping[str, int], guideline: Guideline, audience: Audience) -> Said:
    text = passage.plain if audience is Audience.PATIENT and passage.plain else passage.text
    cites = "".join(
        f'<a class="cite" href="#ref-{numbers[id]}" aria-label="reference {numbers[id]}">[{numbers[id]}]</a>'
        for id in passage.citations
    )
    local = passage.jurisdiction not in {None, "international", guideline.jurisdiction}
    return Said(
        anchor=passage.id.partition("#")[2],
        words=safe(shown(text)),
        cites=safe(cites),
        where=jurisdiction_name(passage.jurisdiction) if local else "",
        caution=EVIDENCE.get(passage.evidence, ""),
    )


def json_ld(guideline: Guideline, works: Sequence[Reference], audience: Audience) -> str:
    """schema.org MedicalWebPage as a data block. ``lastReviewed`` stands only where a board has approved the text."""
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "MedicalWebPage",
        "name": guideline.title,
        "inLanguage": "en",
        "version": guideline.version,
        "datePublished": guideline.published.isoformat(),
        "dateModified": guideline.updated.isoformat(),
        "expires": guideline.review_by.isoformat(),
        "creativeWorkStatus": REVIEW[guideline.status],
        "license": guideline.licence,
        "publisher": {"@type": "Organization", "name": guideline.publisher},
        "isPartOf": {"@type": "WebSite", "name": PRODUCT},
        "audience": {
            "@type": "MedicalAudience",
            "audienceType": "Patient" if audience is Audience.PATIENT else "Clinician",
        },
        "about": [{"@type": "MedicalCondition", "name": topic.replace("-", " ")} for topic in guideline.topics],
        "citation": [_cited(work) for work in works],
    }
    # No person and no date of review: the corpus names none, and "submitted" must not look like more.
    text = json.dumps(data, ensure_ascii=False)
    for sign in "<>&\u2028\u2029":  # nothing in a data block may end it
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return f'<script type="application/ld+json">{text}</script>'


def _cited(work: Reference) -> dict[str, Any]:
    row: dict[str, Any] = {"@type": "ScholarlyArticle" if work.doi or work.pmid else "CreativeWork", "name": work.title}
    if work.authors:
        row["author"] = work.authors
    if work.year:
        row["datePublished"] = str(work.year)
    if work.container:
        row["isPartOf"] = work.container
    link = doi_link(work.doi) or pmid_link(work.pmid) or safe_link(work.url)
    if link:
        row["url"] = link
    if work.doi:
        row["identifier"] = f"doi:{work.doi}"
    return row
