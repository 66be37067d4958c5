"""A small invented corpus, a word-counting retriever and a word-for-word checker, for tests of the answering
modules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from assistant.knowledge import stem
from assistant.records import (
    CheckedClaim,
    CheckedStatement,
    Corpus,
    Guideline,
    Hit,
    MustMention,
    Passage,
    Quote,
    Reference,
    ReviewStatus,
    Rule,
    Section,
    Term,
    Verdict,
)

TODAY = date(2026, 11, 22)


def reference(key: str, type: str = "guideline", **more: object) -> Reference:
    return Reference(key, f"Title of {key}", "Author A", 2024, "Journal", type, "full_text", "CC-BY-4.0", **more)  # type: ignore[arg-type]


def passage(
    anchor: str, section: Section, text: str, *cites: str, guideline: str = "wobble", **more: object
) -> Passage:
    line = int(anchor.rsplit(".", 1)[1]) + 10 * list(Section).index(section)
    headings = (section.value,)
    return Passage(f"{guideline}#{anchor}", guideline, section, headings, text, cites, line, **more)  # type: ignore[arg-type]


WOBBLE = (
    passage(
        "bottom-line.1",
        Section.BOTTOM_LINE,
        "Wobble disease is treated with examplamol once the cause is known.",
        "body",
        tags=("general",),
    ),
    passage(
        "red-flags.1",
        Section.RED_FLAGS,
        "New numbness in wobble disease is urgent: treat at once.",
        "body",
        population="with neurological signs",
        tags=("safety",),
    ),
    passage(
        "meaning.1",
        Section.MEANING,
        "Wobble disease goes with falls (OR 2.10, 95 % CI 1.20 to 3.50).",
        "cohort",
        tags=("effect",),
    ),
    passage(
        "steps.1",
        Section.STEPS,
        "Measure the wobble index first in wobble disease.",
        "body",
        tags=("workup", "general"),
    ),
    passage(
        "dosing.1",
        Section.DOSING,
        "With neurological involvement, give examplamol 4 mg daily, then 2 mg every week.",
        "body",
        jurisdiction="uk",
        population="adults with neurological involvement",
        tags=("dose",),
        plain="When the nerves are affected: examplamol 4 mg daily, then 2 mg every week.",
    ),
    passage(
        "dosing.2",
        Section.DOSING,
        "Without neurological involvement, give examplamol 4 mg three times a week.",
        "body",
        jurisdiction="uk",
        population="adults without neurological involvement",
        tags=("dose",),
    ),
    passage(
        "dosing.3",
        Section.DOSING,
        "US label: examplamol 30 micrograms daily.",
        "label",
        jurisdiction="us",
        population="adults",
        tags=("dose",),
    ),
    passage(
        "pitfalls.1",
        Section.PITFALLS,
        "Do not use the wobble index as a tumour marker.",
        "cohort",
        tags=("monitoring",),
    ),
    passage(
        "monitoring.1",
        Section.MONITORING,
        "Repeat the wobble index after 3 months of examplamol.",
        "body",
        tags=("monitoring",),
    ),
    passage("not-covered.1", Section.NOT_COVERED, "No dose of examplamol for children was read."),
)
OTHER = (
    passage(
        "bottom-line.1",
        Section.BOTTOM_LINE,
        "Murmur fever settles by itself.",
        "old",
        guideline="murmur",
        tags=("general",),
    ),
    passage(
        "dosing.1",
        Section.DOSING,
        "For murmur fever give novadrine 10 mg daily.",
        "old",
        guideline="murmur",
        tags=("dose",),
    ),
)


def guideline(
    key: str, title: str, passages: tuple[Passage, ...], topics: tuple[str, ...], **more: object
) -> Guideline:
    values: dict[str, object] = {
        "publisher": "Open corpus",
        "jurisdiction": "international",
        "version": "1.0.0",
        "published": date(2026, 1, 1),
        "updated": date(2026, 1, 1),
        "review_by": date(2027, 1, 1),
        "status": ReviewStatus.SUBMITTED,
        "licence": "CC-BY-4.0",
        **more,
    }
    return Guideline(
        id=key, title=title, topics=topics, passages=passages, path=f"{key}.md", digest="sha256:x", **values
    )  # type: ignore[arg-type]


RULES = {
    "wobble-loading": Rule(
        "wobble-loading",
        "dose",
        {"drug": "examplamol", "dose": "4 mg", "frequency": "daily", "phase": "loading", "route": "oral"},
        "wobble#dosing.1",
        "give examplamol 4 mg daily",
        "uk",
        "with neurological involvement",
        (),
        (),
        "r.toml",
        1,
    ),
    "wobble-maintenance": Rule(
        "wobble-maintenance",
        "dose",
        {"drug": "examplamol", "dose": "2 mg", "frequency": "every week", "phase": "maintenance", "route": "oral"},
        "wobble#dosing.1",
        "then 2 mg every week",
        "uk",
        "with neurological involvement",
        (),
        (),
        "r.toml",
        9,
    ),
    "no-marker": Rule(
        "no-marker",
        "must_not_state",
        {"pattern": "x"},
        "wobble#pitfalls.1",
        "Do not use",
        None,
        None,
        (),
        (),
        "r.toml",
        20,
    ),
}


def small_corpus(**murmur: object) -> Corpus:
    wobble = guideline("wobble", "Wobble disease", WOBBLE, ("wobble-disease",))
    other = guideline("murmur", "Murmur fever", OTHER, ("murmur-fever",), **murmur)
    passages = {entry.id: entry for entry in (*WOBBLE, *OTHER)}
    return Corpus(
        guidelines={"wobble": wobble, "murmur": other},
        passages=passages,
        references={
            "body": reference("body"),
            "cohort": reference("cohort", "cohort"),
            "label": reference("label", "label"),
            "old": reference("old", superseded_by="body"),
        },
        rules=RULES,
        terms=(
            Term("wobble-disease", "topic", "wobble disease", synonyms=("wobbles",)),
            Term("murmur-fever", "topic", "murmur fever"),
            Term("examplamol", "drug", "examplamol", brands=("Steadex",)),
            Term("novadrine", "drug", "novadrine"),
            Term("wobble-index", "analyte", "wobble index"),
        ),
        must_mention=(MustMention("wobble-disease", "Numbness is urgent", "red_flag", ("wobble#red-flags.1",)),),
        digest="sha256:small" + "".join(sorted(map(str, murmur.values()))),
        rules_digest="sha256:rules",
    )


class WordRetriever:
    """Passages by the share of the question's words that they have; ``asked`` counts the searches."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self.asked = 0

    def search(self, text: str, limit: int) -> tuple[Hit, ...]:
        self.asked += 1
        words = {stem(word) for word in text.lower().replace("?", " ").replace(",", " ").split()}
        scores = []
        for key, entry in self.corpus.passages.items():
            title = self.corpus.guidelines[entry.guideline].title
            own = {
                stem(word.strip(".,:;()")) for word in f"{title} {entry.text} {' '.join(entry.tags)}".lower().split()
            }
            share = len(words & own) / max(1, len(words))
            if share:
                scores.append((-share, key))
        return tuple(
            Hit(key, round(-score, 6), rank, {"cosine": -score})
            for rank, (score, key) in enumerate(sorted(scores)[:limit], 1)
        )


class VerbatimChecker:
    """Verifies only what stands word for word in a cited passage; ``contradicts`` maps a text to the rule against
    it."""

    def __init__(
        self, corpus: Corpus, contradicts: dict[str, str] | None = None, repairs: dict[str, str] | None = None
    ) -> None:
        self.corpus, self.contradicts, self.repairs = corpus, contradicts or {}, repairs or {}

    def check_statement(
        self, text: str, *, passage_ids: Sequence[str] = (), jurisdiction: str | None = None
    ) -> CheckedStatement:
        source = None
        for key in passage_ids:
            entry = self.corpus.passages.get(key)
            if entry and text in (entry.text, entry.plain):
                source = Quote(key, 0, len(entry.text), entry.text)
        rule = self.contradicts.get(text)
        verdict = Verdict.CONTRADICTED if rule else Verdict.VERIFIED if source else Verdict.NOT_FOUND
        claim = CheckedClaim(
            "statement",
            text,
            0,
            len(text),
            verdict,
            "word for word" if source else "not there",
            rule=rule,
            source=source,
        )
        return CheckedStatement(text, verdict, (claim,), 0, len(text))

    def repair(self, checked: CheckedStatement, *, passage_ids: Sequence[str] = ()) -> str | None:
        return self.repairs.get(checked.text)
