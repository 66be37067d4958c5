"""What a board approves: one guideline's text, its rules and the works it cites, as one readable copy and its hash.

The copy is made of the records, not of the file: the status line, spacing and line ends of the file do not count, every
word, figure, quote, citation and date does. ``sha256`` of the copy is the content hash, so a stored copy proves itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from assistant.records import Corpus, Guideline, Passage, Reference, Rule


def review_copy(guideline: Guideline, corpus: Corpus) -> str:
    """One line a value; a line break inside a value is written ``\\n``, so that no value can imitate two."""
    lines = [*_head(guideline), "", "TEXT"]
    for passage in guideline.passages:
        lines += ["", *_passage(passage)]
    lines += ["", "RULES"]
    for rule in rules_of(guideline, corpus):
        lines += ["", *_rule(rule)]
    lines += ["", "REFERENCES"]
    cited = {key for passage in guideline.passages for key in passage.citations}
    for key in sorted(cited & set(corpus.references)):
        lines += ["", *_reference(corpus.references[key])]
    return "\n".join(lines) + "\n"


def content_hash(copy: str) -> str:
    return "sha256:" + sha256(copy.encode("utf-8")).hexdigest()


def rules_of(guideline: Guideline, corpus: Corpus) -> list[Rule]:
    """The rules bound to the guideline's passages, by id."""
    found = [rule for rule in corpus.rules.values() if rule.passage.partition("#")[0] == guideline.id]
    return sorted(found, key=lambda rule: rule.id)


def _pairs(**values: object) -> Iterator[str]:
    """``name: value`` for every value that is there."""
    for name, value in values.items():
        if value is not None and value != "" and value != ():
            text = "; ".join(map(str, value)) if isinstance(value, tuple) else str(value)
            yield f"{name.replace('_', ' ')}: " + text.replace("\\", "\\\\").replace("\r", "\\r").replace("\n", "\\n")


def _head(guideline: Guideline) -> Iterator[str]:
    yield from _pairs(
        guideline=guideline.id, title=guideline.title, publisher=guideline.publisher, version=guideline.version,
        jurisdiction=guideline.jurisdiction, published=guideline.published, updated=guideline.updated,
        review_by=guideline.review_by, licence=guideline.licence, source=guideline.source, topics=guideline.topics,
    )  # fmt: skip


def _passage(passage: Passage) -> Iterator[str]:
    yield from _pairs(
        passage=passage.id, section=passage.section.value, under=passage.headings, text=passage.text,
        in_plain_words=passage.plain, cites=passage.citations, population=passage.population,
        jurisdiction=passage.jurisdiction, evidence=passage.evidence, facts=passage.facts, tags=passage.tags,
    )  # fmt: skip


def _rule(rule: Rule) -> Iterator[str]:
    slots = tuple(f"{name} = {value}" for name, value in sorted(rule.slots.items()))
    yield from _pairs(
        rule=rule.id, kind=rule.kind, passage=rule.passage, quote=rule.quote, slots=slots, population=rule.population,
        jurisdiction=rule.jurisdiction, accepts=rule.accept, rejects=rule.reject, references=rule.references,
    )  # fmt: skip


def _reference(work: Reference) -> Iterator[str]:
    yield from _pairs(
        reference=work.id, title=work.title, authors=work.authors, year=work.year, container=work.container,
        type=work.type, depth=work.depth, jurisdiction=work.jurisdiction, doi=work.doi, pmid=work.pmid, url=work.url,
        volume=work.volume, pages=work.pages, note=work.note, grade=work.grade, retracted=work.retracted or None,
        superseded_by=work.superseded_by, licence=work.licence, accessed=work.accessed,
    )  # fmt: skip
