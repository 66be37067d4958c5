"""The offline writer ``extractive/1``: an answer composed from statements of the guidance, word for word.

It answers the asked thing first, adds what must be mentioned, and leaves out what does not apply to the patient, what
repeats, and what goes beyond the limits in ``data/writer.toml``. It writes no words of its own, so that every
statement is a passage; whether it may be shown is still the checker's decision. Deterministic: equal scores keep the
order of ids.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from assistant.knowledge import Features, Knowledge, Unit, know, writer_table
from assistant.limits import fits, meets_weight
from assistant.prompts import WriteRequest
from assistant.records import Audience, Corpus, Draft, DraftStatement, MustMention, Passage, Section
from assistant.slots import circumstances, patient_circumstances
from assistant.understanding import kind_of, read_routes
from assistant.vignettes import focus

PLAIN_AUDIENCES = (Audience.PATIENT, Audience.STUDENT)
ORDER = tuple(section for section in Section if section is not Section.NOT_COVERED)
# Groups of people that a statement is only for: without a word about them in the question it is no answer to it.
_SPECIAL = frozenset(
    [
        "pregnancy",
        "breastfeeding",
        "children",
        "dialysis",
        "nitrous-oxide",
        "bariatric-surgery",
        "gastrectomy",
        "ileal-resection",
        "g6pd",
        "allergy",
        "dietary",
    ]
)
_PLAN = re.compile(
    r"\b(?:manag|prevent|approach|next step|is (?:that|this|it) (?:bad|dangerous|serious)|"
    r"what does (?:it|this|that) mean|worried|"
    r"what (?:to do|now|next|should (?:i|we) do)|deal with)\w*",
    re.IGNORECASE,
)
_NUMBERS = re.compile(r"\d+(?:[.,]\d+)*")
_AMOUNTS = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?= ?(?:mg|mcg|micrograms?|units|g\b))|(?<![\w.])\d+\.\d+")
SUBJECT_KINDS = frozenset({"analyte", "condition", "topic", "finding", "procedure", "test", "class"})
_MEASURE = re.compile(r"\d\s?%|\b(?:OR|HR|RR|SIR|IRR)\b|\b\d+ (?:of|in) (?:\d|the )")
_CHILD = re.compile(
    r"\b(?:child|children|infants?|neonates?|under \d+ (?:months|years)|"
    r"\d+ (?:months|years)? ?(?:to|-|–) ?\d+ (?:months|years))\b"
)
_DOSE_WANTED = re.compile(r"\b(?:treat|replac|manag|giv|start)\w*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Scored:
    """A passage with its relevance: higher is nearer to the question; not comparable between questions."""

    passage: Passage
    score: float
    rank: int = 1000  # among the hits, from 0


@dataclass(frozen=True, slots=True)
class Asked:
    """The question as the writer looks at it: ``text`` is its short form, ``aspects`` the patterns of statements that
    tell what it wants to know, ``conditions`` the terms it is about besides drugs."""

    kind: str
    text: str
    words: frozenset[str]
    units: tuple[Unit, ...]
    people: Mapping[str, bool]
    routes: tuple[str, ...]
    drugs: frozenset[str]
    drug_classes: frozenset[str]
    drug_words: tuple[frozenset[str], ...]
    conditions: frozenset[str]
    subjects: frozenset[str]
    anchors: frozenset[str]
    aspects: tuple[re.Pattern[str], ...]
    amounts: frozenset[str]
    is_story: bool
    request: WriteRequest


class ExtractiveWriter:
    """A ``Writer`` over one corpus; needs no model and no network."""

    name = "extractive/1"

    def __init__(self, corpus: Corpus) -> None:
        self._known = know(corpus)

    def write(self, request: WriteRequest) -> Draft:
        """A draft whose statements are passages; empty when nothing found applies. Raises nothing."""
        return Draft(tuple(compose(request, self._known)), self.name)


def compose(request: WriteRequest, known: Knowledge) -> list[DraftStatement]:
    """Statements in the order of the sections of an answer, within a section as in the guideline."""
    if not request.passages:
        return []
    asked = read_asked(request, known)
    scored = score_passages(asked, known)
    if asked.kind == "dose" and _is_for_others_only(scored, asked, known):
        return []
    chosen: dict[str, tuple[Section, Passage]] = {}
    for entry in choose_bottom_line(scored, asked, known, limit=writer_table()[asked.kind]["limits"]["bottom_line"]):
        chosen[entry.passage.id] = (Section.BOTTOM_LINE, entry.passage)
    for passage in missing_mentions(chosen, scored, asked, known):
        if not _repeats(passage, [p for _, p in chosen.values()], known, least=0.8):
            chosen[passage.id] = (passage.section, passage)
    for entry in _fill(chosen, scored, asked, known):
        chosen[entry.passage.id] = (entry.passage.section, entry.passage)
    ordered = sorted(chosen.values(), key=lambda pair: (ORDER.index(pair[0]), _place(pair, list(chosen), known)))
    return [DraftStatement(section, wording(passage, request.audience), (passage.id,)) for section, passage in ordered]


def _is_for_others_only(scored: list[Scored], asked: Asked, known: Knowledge) -> bool:
    """Doses of what is asked for there are, but all for other people than this patient (or for another country)."""
    if any(_gives_dose(entry, known) for entry in scored):
        return False
    kept = {entry.passage.id for entry in scored}
    return any(
        known.features[passage.id].is_regimen and passage.id not in kept and not applies(passage, asked, known)
        for passage in asked.request.passages
    )


def _gives_dose(entry: Scored, known: Knowledge) -> bool:
    return known.features[entry.passage.id].is_regimen and "contraindication" not in entry.passage.tags


def _fill(
    chosen: Mapping[str, tuple[Section, Passage]], scored: list[Scored], asked: Asked, known: Knowledge
) -> list[Scored]:
    """What else is worth saying, up to the length of the kind: the best of each section first, then by score."""
    table = writer_table()[asked.kind]
    limits: Mapping[str, int] = table["limits"]
    taken = [passage for _, passage in chosen.values()]
    queues: list[tuple[int, float, Scored]] = []
    for section in ORDER[1:]:
        already = sum(1 for place, _ in chosen.values() if place is section)
        entries = [entry for entry in _of_section(scored, section, asked, known) if entry.passage.id not in chosen]
        for place, entry in enumerate(entries[: max(0, limits[section.value] - already) + 4]):
            queues.append((0 if place + already == 0 else 1, -entry.score, entry))
    filled: list[Scored] = []
    used = {place: sum(1 for other, _ in chosen.values() if other is place) for place in Section}
    for _, _, entry in sorted(queues, key=lambda item: (item[0], item[1], item[2].passage.id)):
        own = entry.passage.section
        if len(chosen) + len(filled) >= (table["most"] if asked.kind != "general" or _asks_for_plan(asked) else 9):
            break
        if used[own] < limits[own.value] and not _repeats(entry.passage, taken, known):
            filled.append(entry)
            taken.append(entry.passage)
            used[own] += 1
    return filled


def wording(passage: Passage, audience: Audience) -> str:
    """The passage's plain variant for patients and students where there is one; the numbers are the same."""
    return passage.plain if passage.plain and audience in PLAIN_AUDIENCES else passage.text


def read_asked(request: WriteRequest, known: Knowledge) -> Asked:
    kind = kind_of(request.understood_as)[0]
    short = known.asked_in(request.understood_as, request.slots)
    people = patient_circumstances(request.slots)
    mentioned = circumstances(request.understood_as)
    for key, value in mentioned.items():
        people.setdefault(key, value)
    extra = " ".join(value for name, value in request.slots.items() if name == "conditions")
    text = f"{short} {extra}"
    conditions = {
        mention.term
        for mention in known.find(short)
        if not mention.ambiguous and mention.kind in {"condition", "topic", "finding", "procedure", "test"}
    }
    return Asked(
        kind,
        short,
        known.words_of(text),
        known.units_of(text),
        people,
        read_routes(short),
        known.drugs(short),
        known.classes_of(known.drugs(short)),
        tuple(known.words_of(mention.text, ()) for mention in known.find(short) if mention.kind == "drug"),
        frozenset(conditions),
        frozenset(
            mention.term for mention in known.find(short) if not mention.ambiguous and mention.kind in SUBJECT_KINDS
        ),
        known.anchors(short),
        tuple(pattern for wanted, pattern in _aspects() if wanted.search(short)),
        frozenset(_AMOUNTS.findall(short)) - {value.split()[0] for value in request.slots.values() if value},
        focus(request.understood_as).is_vignette,
        request,
    )


@cache
def _aspects() -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    table = writer_table()["aspects"]
    return tuple((re.compile(asked, re.IGNORECASE), re.compile(told, re.IGNORECASE)) for asked, told in table.items())


# --------------------------------------------------------------------------- relevance


def score_passages(asked: Asked, known: Knowledge) -> list[Scored]:
    """Every passage of the guidelines in question that applies to the patient, best first. Where the asked country has
    no statement that answers, the other countries' stand in (each is named)."""
    scored = _score(asked, known, foreign=False)
    if asked.request.jurisdiction and not any(_answers(entry, asked, known) for entry in scored):
        return _score(asked, known, foreign=True)
    return scored


def _answers(entry: Scored, asked: Asked, known: Knowledge) -> bool:
    if asked.kind != "dose":
        return True
    drugs = known.features[entry.passage.id].drugs
    return _gives_dose(entry, known) and (not asked.drugs or bool(asked.drugs & drugs))


def _score(asked: Asked, known: Knowledge, *, foreign: bool) -> list[Scored]:
    weights = guideline_weights(asked, known)
    lead = leading(weights, asked, known)
    ranks = {passage.id: rank for rank, passage in enumerate(asked.request.passages)}
    scored = []
    for guideline in sorted(key for key, weight in weights.items() if weight >= 0.2 * max(weights.values())):
        for passage in known.by_guideline.get(guideline, ()):
            rank = ranks.get(passage.id)
            if (
                passage.section is Section.NOT_COVERED
                or not applies(passage, asked, known, foreign=foreign)
                or not (guideline in lead or _concerns(passage, asked, known, rank=rank))
            ):
                continue
            score = relevance(passage, asked, known, rank=rank) - (0.0 if guideline in lead else 0.2)
            scored.append(Scored(passage, score, 1000 if rank is None else rank))
    return sorted(scored, key=lambda entry: (-entry.score, entry.passage.id))


def leading(weights: Mapping[str, float], asked: Asked, known: Knowledge) -> frozenset[str]:
    """The guidelines that the question is about: those whose topic it names, else those with most of the hits."""
    named = {key for key in weights if anchor_strength(key, asked, known) == 2}
    top = max(weights.values())
    return frozenset(
        key for key, weight in weights.items() if weight >= (0.5 if key in named or not named else 0.9) * top
    )


def anchor_strength(guideline: str, asked: Asked, known: Knowledge) -> int:
    """2: the question names the guideline's topic or something narrower; 1: both belong to one wider class; else 0."""
    if set(known.corpus.guidelines[guideline].topics) & asked.anchors:
        return 2
    return 1 if known.anchors_of(guideline) & asked.anchors else 0


def _concerns(passage: Passage, asked: Asked, known: Knowledge, *, rank: int | None) -> bool:
    """A statement of another topic that still answers: it was found early, and names the asked drug and, if the
    question names conditions, one of them."""
    if rank is None or rank >= 12:
        return False
    words = known.features[passage.id].words
    drug = any(f"={term}" in words for term in asked.drugs)
    condition = any(f"={term}" in words for term in asked.conditions)
    if asked.drugs:
        return drug and (condition or not asked.conditions)
    return condition and known.coverage(asked.units, passage.id) >= 0.7


def guideline_weights(asked: Asked, known: Knowledge) -> dict[str, float]:
    """How much of the first twelve hits belongs to each guideline, the first ones counting most; more for a guideline
    whose topic the question names, less for one whose topic is the opposite of what it names or whose limits the
    patient's values miss."""
    weights: dict[str, float] = {}
    for rank, passage in enumerate(asked.request.passages[:12]):
        drugs = known.features[passage.id].drugs
        share = 1.0 if not asked.drugs or not drugs else 1.5 if names_drug(known.features[passage.id], asked) else 0.4
        weights[passage.guideline] = weights.get(passage.guideline, 0.0) + share / (rank + 2)
    named = known.named(asked.text)
    against = {other for term in named for other in known.opposites.get(term, ())}
    for key in weights:
        topics = set(known.corpus.guidelines[key].topics)
        strength = anchor_strength(key, asked, known)
        if strength == 2:
            weights[key] *= 2.0
        elif topics & against:
            weights[key] *= 0.3
        elif strength == 1:
            weights[key] *= 1.4
        if not topics & named:
            weights[key] *= 0.3 + 0.7 * _share_met(key, asked, known)
    return weights


def _share_met(guideline: str, asked: Asked, known: Knowledge) -> float:
    """Of the guideline's limits on the patient's values, the share that they meet; 1 where there is none."""
    outcomes = [
        outcome
        for passage in known.by_guideline[guideline]
        for outcome in fits(known.features[passage.id].limits, asked.request.slots)
    ]
    return sum(outcomes) / len(outcomes) if len(outcomes) >= 3 else 1.0


def applies(passage: Passage, asked: Asked, known: Knowledge, *, foreign: bool = False) -> bool:
    """False when the statement is for other people than the patient, or for another country's practice (``foreign``
    lets that through)."""
    feature = known.features[passage.id]
    for key, value in feature.circumstances.items():
        if key not in feature.sides and asked.people.get(key, value) is not value:
            if key == "children" and meets_weight(passage.text, asked.request.slots.get("weight_kg", "")):
                continue  # "below 30 kg" is a dose for this child, whatever heading it stands under
            return False
    if asked.people.get("children") and feature.is_regimen and not _for_children(passage, feature, asked):
        return False  # a dose is for adults unless it says otherwise
    if asked.kind == "general" and feature.limits:
        outcomes = list(fits(feature.limits, asked.request.slots))
        if outcomes and not any(outcomes):
            return False
    wanted, own = asked.request.jurisdiction, known.jurisdiction(passage)
    return foreign or not (
        wanted
        and feature.is_practice
        and own not in {wanted, "international", None}
        and own in {"uk", "us", "eu", "other"}
    )


def _for_children(passage: Passage, feature: Features, asked: Asked) -> bool:
    """The statement names children, or doses by weight and gives a band that holds the patient's weight."""
    if feature.circumstances.get("children") or _CHILD.search(passage.text):
        return True
    return meets_weight(passage.text, asked.request.slots.get("weight_kg", "")) is True


def relevance(passage: Passage, asked: Asked, known: Knowledge, *, rank: int | None) -> float:
    """Shared words, place among the hits, the kind of statement, the patient's circumstances, route and country."""
    feature = known.features[passage.id]
    table = writer_table()[asked.kind]
    score = known.coverage(asked.units, passage.id)
    if rank is not None:
        score += 0.6 / (1 + 0.15 * rank)
    if set(table["tags"]) & set(passage.tags):
        score += 0.35
    if passage.section.value in table["sections"]:
        score += 0.2
    if passage.section is Section.BOTTOM_LINE:
        score += 0.1
    is_finding = passage.section is Section.MEANING and {"effect", "prevalence", "threshold"} & set(passage.tags)
    if is_finding and asked.kind in {"general", "prognosis", "prevalence", "threshold"}:
        score += 0.2  # what a finding means is above all how strongly it goes with what
    for key, value in feature.circumstances.items():
        if asked.people.get(key) is value and (
            value or key in asked.request.slots.get("without", "").replace(" ", "-")
        ):
            score += 0.3
        elif value and key in _SPECIAL and key not in asked.people:
            score -= 0.45
    if asked.routes and feature.routes:
        shared = set(asked.routes) & set(feature.routes)
        score += 0.3 * len(shared) / len(asked.routes) if shared else -0.2
    if asked.drugs:
        if feature.drugs and not names_drug(feature, asked):
            score -= 0.5
        elif asked.drugs <= feature.drugs:
            score += 0.15
    if asked.request.jurisdiction and known.jurisdiction(passage) == asked.request.jurisdiction:
        score += 0.1
    if asked.request.audience is Audience.PATIENT and passage.plain is None:
        score -= 0.25
    outcomes = list(fits(feature.limits, asked.request.slots))
    if outcomes:
        score += 0.35 if any(outcomes) else -0.5
    if "superseded" in passage.tags:
        score -= 0.4  # history: below what replaced it
    return score - (0.05 if passage.evidence == "secondary" else 0.0)


# --------------------------------------------------------------------------- choosing


def choose_bottom_line(scored: list[Scored], asked: Asked, known: Knowledge, *, limit: int) -> list[Scored]:
    """One statement that answers what was asked; two when the answer depends on something the question leaves open, or
    when the question is how to manage and the guidance has its own summary."""
    if not scored:
        return []
    headline = [entry for entry in scored if entry.passage.section is Section.BOTTOM_LINE]
    if asked.kind == "general" and headline and _names_plan(asked):
        meeting = [entry for entry in headline if _meets_circumstance(entry.passage, asked, known)]
        return list(dict.fromkeys([*meeting, *headline]))[:limit]
    direct = sorted(
        _speaking(scored, asked, known), key=lambda entry: (-_directness(entry, asked, known), entry.passage.id)
    )
    best = direct[0]
    summary = [
        entry
        for entry in direct
        if entry.passage.section is Section.BOTTOM_LINE
        and (_tells(entry.passage, asked) or not _tells(best.passage, asked))
    ]
    if summary and _directness(summary[0], asked, known) >= _directness(best, asked, known) - (
        0.3 if asked.kind == "dose" else 0.1
    ):
        best = summary[0]
    other = _other_side(best, direct, asked, known)
    return [best, other][:limit] if other else [best]


def _asks_for_plan(asked: Asked) -> bool:
    return (asked.is_story and asked.kind == "general") or _names_plan(asked)


def _names_plan(asked: Asked) -> bool:
    """The words ask for the whole plan and not for one drug."""
    return not asked.drugs and (bool(_PLAN.search(asked.text)) or len(asked.units) <= 1)


def _directness(entry: Scored, asked: Asked, known: Knowledge) -> float:
    """Relevance with the question's own words counted once more: the first sentence must be about just that."""
    feature = known.features[entry.passage.id]
    score = entry.score + 0.8 * known.coverage(asked.units, entry.passage.id)
    is_figure = asked.kind in {"prevalence", "prognosis", "threshold", "comparison"}
    if "safety" in entry.passage.tags and not is_figure and _meets_circumstance(entry.passage, asked, known):
        score += 0.8  # what cannot wait in this patient comes before everything else
    if _tells(entry.passage, asked):
        score += 0.5
    if asked.kind in {"prevalence", "prognosis"} and _MEASURE.search(entry.passage.text):
        score += 0.3
    if asked.subjects and not asked.drugs:
        score += 0.35 * sum(f"={term}" in feature.words for term in asked.subjects) / len(asked.subjects)
    if asked.people.get("children") and _CHILD.search(entry.passage.text):
        score += 0.6
    if asked.amounts:
        score += 0.3 * len(asked.amounts & set(_AMOUNTS.findall(entry.passage.text))) / len(asked.amounts)
    if entry.passage.evidence == "secondary":
        score -= 0.2 if asked.kind == "dose" else 0.1  # second-hand does not come first where there is better
    if asked.drugs & feature.lead or (not asked.drugs & feature.drugs and names_drug(feature, asked)):
        score += 0.25
    elif any(known.broader(drug) & feature.terms for drug in asked.drugs):
        score += 0.12  # the drug by the name of its class
    if asked.kind == "dose":  # a whole regimen before a part of one, practice before a study's schedule
        score += 0.2 * (" then " in entry.passage.text) - 0.6 * (not feature.is_practice)
    return score


def names_drug(feature: Features, asked: Asked) -> bool:
    """The statement names an asked drug, be it as part of a longer name ("insulin" in "insulin with glucose"), or,
    where no dose is asked for, the class that it belongs to."""
    if asked.drugs & feature.drugs or any(words <= feature.content for words in asked.drug_words):
        return True
    return asked.kind != "dose" and bool(asked.drug_classes & feature.terms)


def _tells(passage: Passage, asked: Asked) -> bool:
    """The passage tells what the question wants to know: how long, how often, which first ..."""
    return any(pattern.search(passage.text) for pattern in asked.aspects)


def _speaking(scored: list[Scored], asked: Asked, known: Knowledge) -> list[Scored]:
    """The statements that may come first: for a dose question those that give a dose or tell what is wanted, and where
    some of them name the asked drug, only those."""
    if asked.kind not in {"dose", "contraindication", "comparison", "monitoring"}:
        return scored
    speaking = scored
    if asked.kind == "dose":
        regimens = [entry for entry in scored if known.features[entry.passage.id].is_regimen]
        tagged = [entry for entry in regimens if "dose" in entry.passage.tags]
        telling = [entry for entry in scored if _tells(entry.passage, asked)]
        both = list(dict.fromkeys([*(tagged or regimens), *telling]))
        speaking = [entry for entry in both if "comparison" not in entry.passage.tags] or both or scored
    named = [entry for entry in speaking if names_drug(known.features[entry.passage.id], asked)]
    if named:  # what tells how long or how often without naming any drug holds for the asked one too
        drugless = [entry for entry in speaking if not known.features[entry.passage.id].drugs]
        named += [entry for entry in drugless if _tells(entry.passage, asked)]
    anywhere = [entry for entry in scored if names_drug(known.features[entry.passage.id], asked)]
    return named or anywhere or speaking


def _other_side(best: Scored, speaks: list[Scored], asked: Asked, known: Knowledge) -> Scored | None:
    """The statement for the opposite circumstance when the question does not say which holds."""
    mine = known.features[best.passage.id].circumstances
    open_keys = [key for key in mine if key not in asked.people and key not in _SPECIAL]
    for entry in speaks:
        theirs = known.features[entry.passage.id].circumstances
        if (
            entry is not best
            and entry.passage.section is best.passage.section
            and any(theirs.get(key, mine[key]) is not mine[key] for key in open_keys)
        ):
            return entry
    return None


def _of_section(scored: list[Scored], section: Section, asked: Asked, known: Knowledge) -> list[Scored]:
    """The section's statements worth showing: not far below the section's best, and near to the question."""
    entries = [entry for entry in scored if entry.passage.section is section]
    if section is Section.DOSING and asked.kind == "general" and not _speaks_of_dose(asked):
        entries = [entry for entry in entries if entry.rank < 8 or _is_close(entry.passage, asked, known)]
    if not entries:
        return []
    floor = max(0.5 * entries[0].score, 0.35)
    near = [entry for entry in entries if entry.score >= floor or entry.rank < 5]
    if _asks_for_plan(asked):
        return near
    return [entry for entry in near if entry.rank < 12 or known.coverage(asked.units, entry.passage.id) >= 0.4]


def _is_close(passage: Passage, asked: Asked, known: Knowledge) -> bool:
    return _meets_circumstance(passage, asked, known) or known.coverage(asked.units, passage.id) >= 0.4


def _meets_circumstance(passage: Passage, asked: Asked, known: Knowledge) -> bool:
    return any(value and asked.people.get(key) for key, value in known.features[passage.id].circumstances.items())


def _speaks_of_dose(asked: Asked) -> bool:
    return bool(_DOSE_WANTED.search(asked.text)) or _asks_for_plan(asked)


def _repeats(passage: Passage, chosen: list[Passage], known: Knowledge, *, least: float = 0.55) -> bool:
    """Says nothing new: no other figures, and at least this share of its words are those of one already chosen."""
    words, numbers = known.features[passage.id].content, set(_NUMBERS.findall(passage.text))
    for other in chosen:
        theirs = known.features[other.id].content
        overlap = len(words & theirs) / max(1, min(len(words), len(theirs)))
        if overlap >= least and numbers <= set(_NUMBERS.findall(other.text)):
            return True
    return False


def missing_mentions(
    chosen: Mapping[str, tuple[Section, Passage]], scored: list[Scored], asked: Asked, known: Knowledge
) -> list[Passage]:
    """Passages of must-mention items that no chosen statement covers: red flags and safety always, core points when the
    question is general or of the item's kind."""
    if not scored:
        return []
    scores = {entry.passage.id: entry for entry in scored}
    guidelines = {passage.guideline for _, passage in chosen.values()} or {scored[0].passage.guideline}
    added: list[Passage] = []
    for item in due_mentions(asked, known, guidelines=guidelines):
        if any(key in chosen for key in item.passages):
            continue
        candidates = [scores[key] for key in item.passages if key in scores]
        below = [entry for entry in candidates if entry.passage.section is not Section.BOTTOM_LINE] or candidates
        own = [
            entry for entry in below if item.kind == "red_flag" and entry.passage.section is Section.RED_FLAGS
        ] or below
        if own:
            # the passages of an item stand in the order of aptness; only a clearly nearer one goes before the first
            apt = {key: 0.15 * place for place, key in enumerate(item.passages)}
            added.append(max(own, key=lambda entry: entry.score - apt[entry.passage.id]).passage)
    return list(dict.fromkeys(added))


def due_mentions(asked: Asked, known: Knowledge, *, guidelines: Iterable[str]) -> list[MustMention]:
    """The must-mention items of these guidelines' topics that this kind of question calls for, in the corpus' order."""
    topics = {topic for key in guidelines for topic in known.corpus.guidelines[key].topics}
    return [item for item in known.corpus.must_mention if item.topic in topics and _is_due(item, asked, known)]


def _is_due(item: MustMention, asked: Asked, known: Knowledge) -> bool:
    """Red flags always; safety points unless they are all about other drugs than the asked one; core points when the
    question is general. An item that names kinds of question is due for those."""
    if item.question_kinds and asked.kind not in item.question_kinds:
        return False
    if item.kind == "safety" and asked.drugs and asked.kind != "general" and not item.question_kinds:
        about = [known.features[key].drugs for key in item.passages if key in known.features]
        if about and all(drugs and not drugs & asked.drugs for drugs in about):
            return False
    if item.question_kinds or item.kind == "red_flag" or asked.kind == "general":
        return True
    return item.kind == "safety" and _is_near(item, asked, known)


def _is_near(item: MustMention, asked: Asked, known: Knowledge) -> bool:
    """A statement of the item was found early, or is about the asked drug."""
    early = {passage.id for passage in asked.request.passages[:12]}
    return any(key in early or asked.drugs & known.features[key].lead for key in item.passages if key in known.features)


def _place(pair: tuple[Section, Passage], order: list[str], known: Knowledge) -> tuple[int, int, str, int]:
    """The bottom line in order of relevance; elsewhere the order of the guideline, the leading guideline first."""
    section, passage = pair
    if section is Section.BOTTOM_LINE:
        return (0, order.index(passage.id), "", 0)
    lead = order[0].split("#")[0] if order else ""
    return (0 if passage.guideline == lead else 1, 0, passage.guideline, passage.line)
