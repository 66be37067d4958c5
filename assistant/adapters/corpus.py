"""Reads ``corpus/`` from disk into a Corpus, or lists everything that is wrong with it.

It owns the walk over the files and what can only be seen across them: ids that resolve, quotes that stand in their
passages, names used twice. The formats belong to ``passages``, ``rules``, ``vocabulary`` and ``references``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from assistant.errors import CorpusError
from assistant.must_mention import read_must_mention
from assistant.passages import read_guideline
from assistant.records import Corpus, Guideline, MustMention, Passage, Quantity, Reference, Rule, Term
from assistant.references import read_references
from assistant.retractions import RetractionList, read_retractions
from assistant.rules import read_rules
from assistant.vocabulary import read_terms, shared_forms

RETRACTIONS = "retractions.toml"  # optional: a hospital's own corpus may have none yet


@dataclass(slots=True)
class _Parts:
    """What was read so far, with the problems met on the way."""

    guidelines: dict[str, Guideline] = field(default_factory=dict)
    passages: dict[str, Passage] = field(default_factory=dict)
    references: dict[str, Reference] = field(default_factory=dict)
    rules: dict[str, Rule] = field(default_factory=dict)
    terms: dict[str, Term] = field(default_factory=dict)
    must_mention: list[tuple[MustMention, str, int]] = field(default_factory=list)
    retractions: RetractionList | None = None
    problems: list[CorpusError] = field(default_factory=list)


def read_corpus(folder: Path) -> Corpus:
    """The corpus in ``folder``; raises the first CorpusError when any file is wrong."""
    texts, problems = _read_files(folder)
    parts = _read_parts(texts)
    problems = [*problems, *parts.problems, *_cross_problems(parts)]
    if problems:
        raise problems[0]
    return Corpus(
        guidelines=parts.guidelines,
        passages=parts.passages,
        references=parts.retractions.marked(parts.references) if parts.retractions else parts.references,
        rules=parts.rules,
        terms=tuple(parts.terms.values()),
        must_mention=tuple(item for item, _, _ in parts.must_mention),
        digest=_digest(texts),
        rules_digest=_digest({path: text for path, text in texts.items() if path.startswith("rules/")}),
    )


def read_retraction_list(folder: Path) -> RetractionList | None:
    """The list that ships with the corpus, or None when there is none; raises CorpusError when it is wrong."""
    text = _read_files(folder)[0].get(RETRACTIONS)
    if text is None:
        return None
    found, problems = read_retractions(text, path=RETRACTIONS)
    if problems:
        raise problems[0]
    return found


def check_corpus(folder: Path) -> list[CorpusError]:
    """Every problem, by file and line; with those that are too slow to look for at each start (plain language)."""
    texts, problems = _read_files(folder)
    parts = _read_parts(texts)
    found = [*problems, *parts.problems, *_cross_problems(parts), *_plain_problems(parts.passages.values())]
    return sorted(found, key=lambda problem: (problem.path, problem.line))


# --------------------------------------------------------------------------- files


def _read_files(folder: Path) -> tuple[dict[str, str], list[CorpusError]]:
    """Text of each file by its path inside the folder, in a fixed order; README and CHANGELOG are not guidance."""
    problems: list[CorpusError] = []
    texts: dict[str, str] = {}
    if not folder.is_dir():
        return {}, [CorpusError(str(folder), 0, "no such folder; set ASSISTANT_CORPUS to the corpus")]
    single = [folder / name for name in ("LICENSE", "references.json")]
    many = [*folder.glob("guidelines/*.md"), *folder.glob("rules/*.toml"), *folder.glob("vocabulary/*.toml")]
    many += [*folder.glob("must_mention/*.toml"), *folder.glob(RETRACTIONS)]
    for file in sorted([*single, *many]):
        name = file.relative_to(folder).as_posix()
        try:
            texts[name] = file.read_text(encoding="utf-8")
        except FileNotFoundError:
            problems.append(CorpusError(name, 0, "the file is missing"))
        except (OSError, UnicodeDecodeError) as error:
            problems.append(CorpusError(name, 0, f"cannot be read as UTF-8 text: {error}"))
    if not any(name.startswith("guidelines/") for name in texts):
        problems.append(CorpusError("guidelines", 0, "there is no guideline (*.md) in this folder"))
    return texts, problems


def _digest(texts: Mapping[str, str]) -> str:
    """sha256 over name and content of each file, sorted by name; how a checkout writes line ends does not count."""
    total = sha256()
    for name in sorted(texts):
        total.update(f"{name}\0".encode())
        total.update(sha256(texts[name].replace("\r\n", "\n").encode("utf-8")).digest())
    return "sha256:" + total.hexdigest()


def _read_parts(texts: Mapping[str, str]) -> _Parts:
    parts = _Parts()
    for path, text in texts.items():
        if path.startswith("guidelines/"):
            guideline, problems = read_guideline(text, path=path)
            if guideline is not None:
                _add(parts.guidelines, [guideline], parts.problems, path)
                parts.passages.update((passage.id, passage) for passage in guideline.passages)
        elif path.startswith("rules/"):
            rules, problems = read_rules(text, path=path)
            _add(parts.rules, rules, parts.problems, path)
        elif path.startswith("vocabulary/"):
            terms, problems = read_terms(text, path=path)
            _add(parts.terms, terms, parts.problems, path)
        elif path == "references.json":
            references, problems = read_references(text, path=path)
            _add(parts.references, references, parts.problems, path)
        elif path == RETRACTIONS:
            parts.retractions, problems = read_retractions(text, path=path)
        elif path.startswith("must_mention/"):
            items, problems = read_must_mention(text, path=path)
            parts.must_mention.extend(items)
        else:
            problems = [] if text.strip() else [CorpusError(path, 0, "the licence is empty")]
        parts.problems.extend(problems)
    return parts


def _add(known: dict[str, Any], new: Iterable[Any], problems: list[CorpusError], path: str) -> None:
    for record in new:
        if record.id in known:
            problems.append(CorpusError(path, getattr(record, "line", 0), f"id {record.id!r} is used twice"))
        known[record.id] = record


# --------------------------------------------------------------------------- across the files


def _cross_problems(parts: _Parts) -> Iterator[CorpusError]:
    for guideline in parts.guidelines.values():
        for topic in guideline.topics:
            if topic not in parts.terms:
                yield CorpusError(guideline.path, 0, f"topic {topic!r} is not in the vocabulary")
        for passage in guideline.passages:
            for citation in passage.citations:
                if citation not in parts.references:
                    yield CorpusError(guideline.path, passage.line, f"citation @{citation} is not in references.json")
    for rule in parts.rules.values():
        yield from (CorpusError(rule.path, rule.line, f"[{rule.id}] {why}") for why in _rule_reasons(rule, parts))
    for item, path, line in parts.must_mention:
        if item.topic not in parts.terms:
            yield CorpusError(path, line, f"topic {item.topic!r} is not in the vocabulary")
        for passage_id in item.passages:
            if passage_id not in parts.passages:
                yield CorpusError(path, line, f"passage {passage_id!r} does not exist")
    for work in parts.retractions.works if parts.retractions else ():
        if work.id not in parts.references:
            yield CorpusError(RETRACTIONS, 0, f"reference {work.id!r} is not in references.json")
    yield from _term_problems(parts.terms)
    yield from _reference_problems(parts.references)


def _rule_reasons(rule: Rule, parts: _Parts) -> Iterator[str]:
    passage = parts.passages.get(rule.passage)
    if passage is None:
        yield f"passage {rule.passage!r} does not exist"
    else:
        for key, quote in (("quote", rule.quote), ("instead", rule.slots.get("instead"))):
            if quote is not None and quote not in passage.text:
                yield f"{key} does not stand word for word in {rule.passage}: {quote!r}"
    for reference in rule.references:
        if reference not in parts.references:
            yield f"reference {reference!r} is not in references.json"


def _term_problems(terms: Mapping[str, Term]) -> Iterator[CorpusError]:
    for term in terms.values():
        for key, ids in (("classes", term.classes), ("opposite", term.opposite)):
            for other in ids:
                if other not in terms:
                    yield CorpusError("vocabulary", 0, f"[{term.id}] {key}: no term {other!r}")
    for form, ids in shared_forms(terms.values()):
        yield CorpusError("vocabulary", 0, f"{form!r} names {', '.join(ids)}: list it as ambiguous in each, or drop it")


def _reference_problems(references: Mapping[str, Reference]) -> Iterator[CorpusError]:
    for reference in references.values():
        newer = reference.superseded_by
        # an edition that nobody has read yet is named in words; a single word is an id and must resolve
        if newer is not None and " " not in newer and newer not in references:
            yield CorpusError("references.json", 0, f"{reference.id}: superseded_by {newer!r} does not exist")


def _plain_problems(passages: Iterable[Passage]) -> Iterator[CorpusError]:
    """A plain-language variant may change words, never a number: same values, units and comparators."""
    from assistant.parsing import read

    for passage in passages:
        if passage.plain is None:
            continue
        own, plain = (_amounts(read(text).quantities) for text in (passage.text, passage.plain))
        if own != plain:
            path = f"guidelines/{passage.guideline}.md"
            shown = f"statement has {_shown(own - plain)}, plain has {_shown(plain - own)}"
            yield CorpusError(path, passage.line, f"the plain-language variant has other quantities: {shown}")


def _amounts(quantities: Iterable[Quantity]) -> frozenset[tuple[Any, ...]]:
    """Value, unit and comparator of each quantity; "one" and "two" without a unit are words, not quantities."""
    return frozenset(
        (q.comparator.value, q.value, q.low, q.high, q.unit)
        for q in quantities
        if q.unit != "1" or any(character.isdigit() for character in q.text)
    )


def _shown(amounts: frozenset[tuple[Any, ...]]) -> str:
    """Amounts for a message: "= 1 mg, 2 to 3 mo", or "nothing else"."""
    words = [
        f"{comparator} {value} {unit}" if value is not None else f"{low} to {high} {unit}"
        for comparator, value, low, high, unit in amounts
    ]
    return ", ".join(sorted(words)) or "nothing else"
