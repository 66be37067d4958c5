"""What a corpus holds, counted: for ``assistant corpus stats`` and the licence manifest.

Pure. Shares are given with their counts, so that nobody has to guess the denominator.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from assistant.records import Corpus, Passage, Reference, Rule, Section
from assistant.vocabulary import Vocabulary


def tally(corpus: Corpus) -> dict[str, Any]:
    """Counts by name, in the order they are printed; a dict value counts by kind."""
    passages = list(corpus.passages.values())
    guidance = [passage for passage in passages if passage.section is not Section.NOT_COVERED]
    references = list(corpus.references.values())
    return {
        "guidelines": len(corpus.guidelines),
        "status": _counts(guideline.status.value for guideline in corpus.guidelines.values()),
        "statements": len(passages),
        "statements_cited": sum(1 for passage in guidance if passage.citations),
        "statements_saying_what_is_missing": len(passages) - len(guidance),
        "statements_in_plain_language_too": sum(1 for passage in passages if passage.plain),
        "statements_by_evidence": _counts(passage.evidence for passage in guidance),
        "statements_by_jurisdiction": _counts(_jurisdiction(corpus, passage) for passage in passages),
        "rules": len(corpus.rules),
        "rules_by_kind": _counts(rule.kind for rule in corpus.rules.values()),
        "drugs_and_analytes_with_rules": len(subjects(corpus)),
        "must_mention": len(corpus.must_mention),
        "terms": len(corpus.terms),
        "references": len(references),
        "references_by_depth": _counts(reference.depth for reference in references),
        "references_by_type": _counts(reference.type for reference in references),
        "references_superseded": sum(1 for reference in references if reference.superseded_by),
        "references_retracted": sum(1 for reference in references if reference.retracted),
        "references_with_doi_or_pmid": sum(1 for reference in references if reference.doi or reference.pmid),
        "digest": corpus.digest,
    }


def _counts(values: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(values).items()))


def _jurisdiction(corpus: Corpus, passage: Passage) -> str:
    return passage.jurisdiction or corpus.guidelines[passage.guideline].jurisdiction


def subjects(corpus: Corpus) -> frozenset[str]:
    """Ids of the drugs, drug classes and analytes that at least one rule is about."""
    vocabulary = Vocabulary(corpus.terms)
    named = (mention for rule in corpus.rules.values() for mention in vocabulary.find(_subject_text(rule)))
    return frozenset(mention.term for mention in named if mention.kind in {"drug", "class", "analyte"})


def _subject_text(rule: Rule) -> str:
    slots = [rule.slots[name] for name in ("drug", "analyte") if name in rule.slots]
    return " ; ".join(slots) if slots else rule.slots.get("about", "")


def licence_manifest(corpus: Corpus) -> Iterator[str]:
    """Lines of a Markdown page: under which licence each guideline stands and how each cited work is used."""
    yield "# Licences of the corpus"
    yield ""
    yield "Made by `assistant corpus licences`. The guidance is our own wording; of a cited work only facts and figures"
    yield "are used, except where its row says otherwise."
    yield ""
    yield "| guideline | version | licence |"
    yield "|---|---|---|"
    for guideline in corpus.guidelines.values():
        yield f"| {_cell(guideline.title)} | {guideline.version} | {guideline.licence} |"
    yield ""
    yield "| work | how it is used | read as | identifier |"
    yield "|---|---|---|---|"
    for reference in corpus.references.values():
        yield (
            f"| {_cell(reference.title)} ({reference.year or 'no year'}) | {_cell(reference.licence)} "
            f"| {reference.depth.replace('_', ' ')} | {_identifier(reference)} |"
        )


def _identifier(reference: Reference) -> str:
    if reference.doi:
        return f"doi:{reference.doi}"
    return f"PMID {reference.pmid}" if reference.pmid else f"<{reference.url}>"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
