"""An invented corpus for the tests of the checker: two passages of dosing, one of effects, one of a threshold, rules.

Examplamol, samplamycin and fictose exist nowhere; no figure here means anything.
"""

from __future__ import annotations

from datetime import date

from assistant.records import Corpus, Guideline, Passage, ReviewStatus, Rule, Section, Term

TERMS = (
    Term("examplamol", "drug", "examplamol", brands=("Exampla",)),
    Term("samplamycin", "drug", "samplamycin"),
    Term("fictose", "analyte", "fictose", unit="mg/dL"),
    Term("tremor", "condition", "tremor"),
    Term("gout", "condition", "gout"),
    Term("migraine", "condition", "migraine"),
)

_TEXTS = {
    "with": "With tremor, give examplamol 5 mg intramuscularly on alternate days until no further improvement, "
    "then 5 mg every 2 months.",
    "without": "Without tremor, give examplamol 5 mg intramuscularly three times a week for 2 weeks, "
    "then 5 mg every 2–3 months.",
    "effect": "A fictose above 300 mg/dL was associated with gout (OR 6.2, 95 % CI 2.7–14.5) and with "
    "migraine (OR 2.9, 95 % CI 1.5–5.9).",
    "threshold": "Fictose below 180 mg/dL confirms deficiency, and above 350 mg/dL deficiency is unlikely.",
    "negative": "Do not give samplamycin alone in undiagnosed tremor, because gout may follow.",
    "consider": "Consider a repeat fictose test after 3 months.",
    "us": "US label: examplamol 30 micrograms subcutaneously once daily for 10 days.",
    "marker": "Fictose is not a marker of gout: do not use it to follow treatment.",
    "twice": "Give samplamycin 250 mg by mouth three times a day for 7 days, at most 1 g in 24 hours.",
}
_JURISDICTIONS = {"us": "us", "with": "uk", "without": "uk"}


def _passage(n: int, name: str, text: str) -> Passage:
    jurisdiction = _JURISDICTIONS.get(name)
    return Passage(f"tiny#{name}.1", "tiny", Section.DOSING, ("Dosing",), text, ("ref",), n, jurisdiction)


def _rule(
    rule_id: str,
    kind: str,
    passage: str,
    quote: str,
    slots: dict[str, str],
    accept: tuple[str, ...],
    reject: tuple[str, ...],
) -> Rule:
    return Rule(rule_id, kind, slots, f"tiny#{passage}.1", quote, None, None, accept, reject, "rules/tiny.toml", 7)


RULES = (
    _rule(
        "loading-with-tremor",
        "dose",
        "with",
        "examplamol 5 mg intramuscularly on alternate days",
        {"drug": "examplamol", "dose": "5 mg", "route": "intramuscular", "frequency": "alternate days"},
        (
            "With tremor, examplamol 5 mg IM every other day.",
            "In tremor give examplamol 5000 micrograms IM every 2 days.",
        ),
        ("With tremor, examplamol 50 mg IM every other day.", "With tremor, examplamol 5 mg orally every other day."),
    ),
    _rule(
        "no-marker",
        "must_not_state",
        "marker",
        "Fictose is not a marker of gout",
        {"pattern": "fictose & marker & gout", "instead": "Fictose is not a marker of gout"},
        ("Fictose is not a marker of gout.", "Do not use fictose to follow treatment."),
        ("Fictose is a marker of gout.", "Use fictose as a marker in gout."),
    ),
)


def tiny_corpus(rules: tuple[Rule, ...] = RULES) -> Corpus:
    passages = {p.id: p for p in (_passage(n, name, text) for n, (name, text) in enumerate(_TEXTS.items(), start=1))}
    day = date(2026, 1, 1)
    guideline = Guideline(
        "tiny", "Tiny", "nobody", "international", "1", day, day, day, ReviewStatus.SUBMITTED, "CC-BY-4.0", (),
        tuple(passages.values()), "guidelines/tiny.md", "sha256:0",
    )  # fmt: skip
    return Corpus({"tiny": guideline}, passages, {}, {r.id: r for r in rules}, TERMS, (), "sha256:0", "sha256:0")
