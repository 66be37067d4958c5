"""An invented corpus and the answers given from it: realistic in shape, no real drug, no real dose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from assistant.records import (
    Answer,
    AnswerState,
    Audience,
    CheckedClaim,
    Conflict,
    Corpus,
    GuidanceUsed,
    Guideline,
    Hit,
    NumberedReference,
    Passage,
    Provenance,
    Quote,
    Reference,
    ReviewStatus,
    Section,
    Statement,
    Turn,
    Verdict,
    Withheld,
)

LOADING = (
    "Give examplamol 1 mg by intramuscular injection on alternate days until there is no further improvement, then 1 mg "
    "every 2 months, to adults with invented nerve symptoms."
)
PASSAGES = {
    passage.id: passage
    for passage in (
        Passage(
            "examplosis#bottom-line.1",
            "examplosis",
            Section.BOTTOM_LINE,
            ("Bottom line",),
            "Low examplin with nerve symptoms is treated at once, without waiting for further tests; treatment is with "
            "examplamol by injection.",
            ("north2024",),
            10,
        ),
        Passage(
            "examplosis#steps.1",
            "examplosis",
            Section.STEPS,
            ("Steps", "First visit"),
            "Measure examplin before the first dose; a value below 150 ng/L confirms the deficiency.",
            ("north2024",),
            14,
        ),
        Passage(
            "examplosis#steps.2",
            "examplosis",
            Section.STEPS,
            ("Steps", "First visit"),
            "Ask about numbness, unsteady gait and memory, and write down what is found.",
            ("north2024",),
            16,
        ),
        Passage(
            "examplosis#dosing.1",
            "examplosis",
            Section.DOSING,
            ("Dosing", "With nerve symptoms"),
            LOADING,
            ("formulary", "north2024"),
            22,
            jurisdiction="uk",
            population="adults with invented nerve symptoms",
        ),
        Passage(
            "examplosis#dosing.2",
            "examplosis",
            Section.DOSING,
            ("Dosing", "United States"),
            "Give examplamol 100 micrograms by intramuscular injection daily for 7 days.",
            ("label",),
            24,
            jurisdiction="us",
            evidence="secondary",
        ),
        Passage(
            "examplosis#pitfalls.1",
            "examplosis",
            Section.PITFALLS,
            ("Pitfalls",),
            "Do not give folate alone: in 12 of 44 patients the nerve symptoms became worse.",
            ("south2021",),
            30,
        ),
        Passage(
            "examplosis#monitoring.1",
            "examplosis",
            Section.MONITORING,
            ("Monitoring",),
            "Repeat the blood count after 8 weeks.",
            ("north2024",),
            36,
        ),
    )
}
REFERENCES = {
    reference.id: reference
    for reference in (
        Reference(
            "north2024",
            "Guideline on invented deficiency in adults",
            "Northern Society of Examples",
            2024,
            "Journal of Invented Medicine",
            "guideline",
            "full_text",
            "CC-BY-4.0",
            jurisdiction="uk",
            doi="10.1234/example.5678",
            pmid="12345678",
            url="https://example.org/guideline",
            volume="12",
            pages="34-56",
            grade="1B",
        ),
        Reference(
            "formulary",
            "Examplamol",
            "Invented National Formulary",
            2026,
            "Invented National Formulary",
            "formulary",
            "full_text",
            "quotation",
            jurisdiction="uk",
            url="https://example.org/formulary/examplamol",
        ),
        Reference(
            "label",
            "Examplamol injection, prescribing information",
            "",
            2019,
            "Label",
            "label",
            "secondary",
            "quotation",
            jurisdiction="us",
        ),
        Reference(
            "south2021",
            "Folate and the nerves: a cohort",
            "South A, West B, East C",
            2021,
            "Example Letters",
            "cohort",
            "abstract",
            "quotation",
            doi="10.4321/south",
        ),
    )
}
GUIDELINE = Guideline(
    "examplosis",
    "Examplin deficiency in adults",
    "Board of Examples",
    "uk",
    "1.2.0",
    date(2026, 1, 5),
    date(2026, 11, 2),
    date(2027, 11, 2),
    ReviewStatus.SUBMITTED,
    "CC-BY-4.0",
    ("examplosis",),
    tuple(PASSAGES.values()),
    "guidelines/examplosis.md",
    "sha256:" + "1" * 64,
)
CORPUS = Corpus({"examplosis": GUIDELINE}, PASSAGES, REFERENCES, {}, (), (), "sha256:" + "a" * 64, "sha256:" + "b" * 64)
PROVENANCE = Provenance(CORPUS.digest, CORPUS.rules_digest, "extractive/1", "answer/1", "0.1.0")


def claim(text: str, part: str, *, passage: str, verdict: Verdict = Verdict.VERIFIED, **rest: Any) -> CheckedClaim:
    """The claim that ``part`` of ``text`` makes, proven by the same words of the passage where they stand in it."""
    start = text.index(part)
    found = PASSAGES[passage].text.find(part)
    source = Quote(passage, found, found + len(part), part) if found >= 0 else None
    return CheckedClaim(
        rest.pop("kind", "dose"), part, start, start + len(part), verdict, rest.pop("reason", ""), source=source, **rest
    )


def said(id: str, passage_id: str, citations: Sequence[int], parts: Sequence[str] = (), **rest: Any) -> Statement:
    """A statement that repeats its passage word for word."""
    passage = PASSAGES[passage_id]
    claims = tuple(
        claim(
            passage.text, part, passage=passage_id, rule=f"rule-{id}", observed={"value": part.split()[0], "unit": "mg"}
        )
        for part in parts
    )
    return Statement(
        id,
        passage.section,
        passage.text,
        tuple(citations),
        claims,
        passage=passage_id,
        jurisdiction=passage.jurisdiction,
        evidence=passage.evidence,
        **rest,
    )


STATEMENTS = (
    said("s1", "examplosis#bottom-line.1", [1]),
    said("s2", "examplosis#steps.1", [1], ["below 150 ng/L"]),
    said("s3", "examplosis#steps.2", [1]),
    said(
        "s4",
        "examplosis#dosing.1",
        [2, 1],
        ["1 mg", "every 2 months"],
        dosage={
            "drug": "examplamol",
            "dose": "1 mg, then 1 mg",
            "route": "intramuscular",
            "frequency": "alternate days, then every 2 months",
            "duration": "until no further improvement",
            "population": "adults with invented nerve symptoms",
        },
    ),
    said(
        "s5",
        "examplosis#dosing.2",
        [3],
        ["100 micrograms", "7 days"],
        dosage={
            "drug": "examplamol",
            "dose": "100 micrograms",
            "route": "intramuscular",
            "frequency": "daily",
            "duration": "7 days",
        },
    ),
    said("s6", "examplosis#pitfalls.1", [4], ["12 of 44 patients"]),
    said("s7", "examplosis#monitoring.1", [1], ["8 weeks"]),
)


def sample_answer(question: str = "Dose of examplamol with nerve symptoms?", **changes: Any) -> Answer:
    """A partial answer with every part filled: table, conflict, withheld statement, notice, suggestions."""
    whole = Answer(
        state=AnswerState.PARTIAL,
        question=question,
        understood_as="Dose of examplamol in examplin deficiency with nerve symptoms",
        audience=Audience.CLINICIAN,
        jurisdiction=None,
        slots={"weight_kg": "70"},
        statements=STATEMENTS,
        withheld=(
            Withheld(
                "A dose for children was drafted, but no passage covers children.",
                (CheckedClaim("dose", "5 mg", 0, 4, Verdict.NOT_FOUND, "no rule"),),
                ("examplosis#dosing.1",),
            ),
        ),
        references=tuple(
            NumberedReference(n, REFERENCES[id])
            for n, id in enumerate(("north2024", "formulary", "label", "south2021"), 1)
        ),
        guidance=(
            GuidanceUsed(
                "examplosis",
                GUIDELINE.title,
                GUIDELINE.version,
                GUIDELINE.status,
                GUIDELINE.updated,
                GUIDELINE.review_by,
            ),
        ),
        conflicts=(Conflict("Dose of examplamol at the start", ("s4", "s5")),),
        notices=("This guidance is pending human review.",),
        not_covered=("Doses for children",),
        follow_ups=("And in renal failure?", "How is it monitored?"),
        provenance=PROVENANCE,
        timings_ms={"total": 41.5},
        hits=(Hit("examplosis#dosing.1", 0.9, 1),),
    )
    return replace(whole, **changes)


@dataclass
class SampleAssistant:
    """Answers every question from the sample and remembers what it was asked; words in the question pick the state."""

    corpus: Corpus = CORPUS
    asked: list[dict[str, Any]] = field(default_factory=list)

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        audience: Audience = Audience.CLINICIAN,
        jurisdiction: str | None = None,
        slots: Mapping[str, str] | None = None,
    ) -> Answer:
        self.asked.append(
            {
                "question": question,
                "history": tuple(history),
                "audience": audience,
                "jurisdiction": jurisdiction,
                "slots": dict(slots or {}),
            }
        )
        changes: dict[str, Any] = {"audience": audience, "jurisdiction": jurisdiction, "slots": dict(slots or {})}
        if "weather" in question:
            changes |= {
                "state": AnswerState.NO_GUIDANCE,
                "statements": (),
                "withheld": (),
                "references": (),
                "conflicts": (),
                "guidance": (),
                "not_covered": (),
                "notices": (),
            }
        if "break" in question:
            raise RuntimeError("the index fell over at /secret/place")
        return sample_answer(question, understood_as=question, **changes)

    def warm(self) -> None:
        """Nothing to load."""
