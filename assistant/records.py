"""The nouns of the assistant: frozen records that every other module passes on.

Imports nothing of ours. Offsets count Unicode code points of the text a record names; every span is half-open
(``start`` included, ``end`` not). Numbers are ``Fraction`` (exact), units are UCUM codes. The order of the records is
the order in which they flow: corpus, question, retrieval, draft, claims, findings, answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction

# --------------------------------------------------------------------------- what is read out of a text


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open range of code points."""

    start: int
    end: int


class Comparator(StrEnum):
    EQUAL = "="
    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="
    ABOUT = "~"


class QuantityKind(StrEnum):
    """What a number is about, as far as its own words tell; the checker binds it to a drug or analyte."""

    DOSE = "dose"  # an amount of something given: mg, units, tablets, mL, also per kg or m2
    RATE = "rate"  # an amount over time: mg/h, mL/h, micrograms/kg/min
    STRENGTH = "strength"  # amount in a unit of a product: 5 mg/mL, 240 mg tablet, 10 %
    SUPPLY = "supply"  # how much is dispensed
    MAXIMUM = "maximum"  # a ceiling: "max 4 g in 24 hours"
    CONCENTRATION = "concentration"  # ng/L, mmol/L, 10*9/L: a laboratory value or threshold
    DURATION = "duration"
    FREQUENCY = "frequency"  # times per period
    INTERVAL = "interval"  # every n units of time
    AGE = "age"
    WEIGHT = "weight"
    LENGTH = "length"
    AREA = "area"
    VOLUME = "volume"
    TEMPERATURE = "temperature"
    PRESSURE = "pressure"
    GESTATION = "gestation"
    PERCENTAGE = "percentage"
    PROPORTION = "proportion"  # "1 in 1000", "3 of 44 patients"
    RATIO = "ratio"  # a bare ratio: "2.3 times the upper limit"
    EFFECT = "effect"  # OR, HR, RR, MD, sensitivity ...: see Effect
    COUNT = "count"  # a number of people or things
    SCORE = "score"
    STAGE = "stage"
    DATE = "date"
    NUMBER = "number"  # read, but no unit and no role


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number or range with its unit, as it stands in a text.

    A single value has ``value``; a range has ``low`` and ``high`` (either may be None for an open end) with the two
    ``*_included`` flags; never both. "up to 10 mg" is ``value=10, comparator=AT_MOST``. ``unit`` is a UCUM code, ``"1"``
    for a pure number with nothing behind it, None when a unit is there that the table does not know (then
    ``distrust`` says so). ``distrust`` names the reasons why the number must not be trusted (ambiguous separator,
    look-alike letter, hidden character ...); empty means it was read exactly.
    """

    text: str
    start: int
    end: int
    value: Fraction | None = None
    low: Fraction | None = None
    high: Fraction | None = None
    low_included: bool = True
    high_included: bool = True
    comparator: Comparator = Comparator.EQUAL
    unit: str | None = "1"
    kind: QuantityKind = QuantityKind.NUMBER
    distrust: tuple[str, ...] = ()

    @property
    def is_range(self) -> bool:
        return self.value is None


@dataclass(frozen=True, slots=True)
class Effect:
    """An effect measure with its interval: ``OR 4.21 (95 % CI 2.67 to 6.64)``.

    ``measure`` is the field's abbreviation (OR, HR, RR, IRR, SIR, RD, NNT, MD, SMD, sensitivity, specificity, PPV ...),
    with ``a`` in front when the text says adjusted (aOR). ``ci_level`` is a fraction (19/20 for 95 %).
    """

    measure: str
    value: Fraction | None
    ci_low: Fraction | None
    ci_high: Fraction | None
    ci_level: Fraction | None
    p_value: Fraction | None
    p_comparator: Comparator | None
    text: str
    start: int
    end: int
    unit: str | None = "1"


class Polarity(StrEnum):
    AFFIRMED = "affirmed"
    NEGATED = "negated"
    CONDITIONAL = "conditional"


@dataclass(frozen=True, slots=True)
class PolaritySpan:
    """``start``/``end`` is the scope (what is affirmed, negated or made conditional); ``cue`` the words that do it."""

    start: int
    end: int
    value: Polarity
    cue: str


@dataclass(frozen=True, slots=True)
class Flag:
    """Risky notation, or a number that must not be trusted; ``safe_form`` is the same thing written safely, or None."""

    start: int
    end: int
    kind: str
    why: str
    safe_form: str | None = None


@dataclass(frozen=True, slots=True)
class Timing:
    """FHIR R4 ``Timing.repeat``: ``frequency`` to ``frequency_max`` times per ``period`` to ``period_max`` ``period_unit``.

    ``period_unit`` is one of s, min, h, d, wk, mo, a. ``bounds`` is the duration of the whole schedule. ``when`` holds
    FHIR EventTiming codes (AC, PC, HS, MORN ...), ``offset_minutes`` belongs to them.
    """

    frequency: Fraction | None = None
    frequency_max: Fraction | None = None
    period: Fraction | None = None
    period_max: Fraction | None = None
    period_unit: str | None = None
    bounds: Quantity | None = None
    count: int | None = None
    count_max: int | None = None
    duration: Quantity | None = None  # how long one administration lasts: "over 15 minutes"
    when: tuple[str, ...] = ()
    offset_minutes: int | None = None
    day_of_week: tuple[str, ...] = ()
    time_of_day: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MaxDose:
    """A ceiling: ``amount`` in ``period`` (value and unit of time), or per administration, course or lifetime."""

    amount: Quantity
    per: str  # "period", "administration", "course", "lifetime"
    period: Fraction | None = None
    period_unit: str | None = None


@dataclass(frozen=True, slots=True)
class Dosage:
    """One step of a dosing instruction; several steps of one instruction have rising ``sequence`` (from 1)."""

    text: str
    start: int
    end: int
    sequence: int = 1
    dose: Quantity | None = None
    rate: Quantity | None = None
    route: str | None = None  # a name of the route table: "oral", "intramuscular", ...
    site: str | None = None
    timing: Timing = field(default_factory=Timing)
    as_needed: bool = False
    as_needed_for: str | None = None
    maxima: tuple[MaxDose, ...] = ()
    phase: str | None = None  # "loading" or "maintenance" where the words or the sequence say so
    until: str | None = None  # "until no further improvement"
    instruction: str | None = None  # "with food", "as directed"
    negated: bool = False
    distrust: tuple[str, ...] = ()
    strength: Quantity | None = None  # of one unit of the product: "2 x 240 mg tablets", "2 capsules of X 500 mg"
    total: Quantity | None = None  # the same dose in another unit: "two capsules (4 mg)"


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was read out of one text; every tuple is in order of ``start``."""

    text: str
    quantities: tuple[Quantity, ...] = ()
    dosages: tuple[Dosage, ...] = ()
    polarity: tuple[PolaritySpan, ...] = ()
    effects: tuple[Effect, ...] = ()
    flags: tuple[Flag, ...] = ()


# --------------------------------------------------------------------------- the corpus


class ReviewStatus(StrEnum):
    SUBMITTED = "submitted"
    UNDER_REVIEW = "under_review"
    APPROVED = "approved"


class Section(StrEnum):
    """The sections of an answer, in the order in which they are shown."""

    BOTTOM_LINE = "bottom_line"
    RED_FLAGS = "red_flags"
    MEANING = "meaning"
    STEPS = "steps"
    DOSING = "dosing"
    PITFALLS = "pitfalls"
    MONITORING = "monitoring"
    NOT_COVERED = "not_covered"


@dataclass(frozen=True, slots=True)
class Reference:
    """A cited work. ``depth`` is how it was read: full_text, abstract, summary or secondary."""

    id: str
    title: str
    authors: str
    year: int | None
    container: str
    type: str  # guideline, consensus, randomised trial, cohort, label, formulary ...
    depth: str
    licence: str
    jurisdiction: str | None = None
    doi: str | None = None
    pmid: str | None = None
    url: str | None = None
    volume: str | None = None
    pages: str | None = None
    note: str = ""  # what the work found, in our own words; searched along with the guidance
    grade: str | None = None
    retracted: bool = False
    superseded_by: str | None = None
    accessed: str | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """One paragraph, list item or table row of a guideline.

    ``id`` is ``<guideline>#<anchor>.<n>`` with n counting from 1 inside its heading. ``text`` is what a reader sees
    (citation marks and attributes removed, inline Markdown removed); all offsets into a passage count in ``text``.
    """

    id: str
    guideline: str
    section: Section
    headings: tuple[str, ...]
    text: str
    citations: tuple[str, ...]
    line: int  # in the guideline's file, from 1
    jurisdiction: str | None = None
    population: str | None = None
    evidence: str = "primary"  # primary, summary or secondary: how the supporting facts were read
    facts: tuple[str, ...] = ()
    plain: str | None = None  # the same statement in plain language, with identical quantities
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Guideline:
    id: str
    title: str
    publisher: str
    jurisdiction: str
    version: str
    published: date
    updated: date
    review_by: date
    status: ReviewStatus
    licence: str
    topics: tuple[str, ...]
    passages: tuple[Passage, ...]
    path: str
    digest: str
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One checkable fact, bound to the passage and the quote it comes from.

    ``kind`` is one of dose, maximum, threshold, interval, duration, percentage, count, effect, equivalence,
    contraindication, must_not_state, never_event. ``slots`` holds the rest as strings, exactly as written in the rule
    file (``dose = "1 mg"``); they are read by the same parser as any text when the rule is loaded.
    """

    id: str
    kind: str
    slots: Mapping[str, str]
    passage: str
    quote: str
    jurisdiction: str | None
    population: str | None
    accept: tuple[str, ...]
    reject: tuple[str, ...]
    path: str
    line: int
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Term:
    """An entry of the vocabulary: ``kind`` is drug, analyte, condition, route, population, procedure or test."""

    id: str
    kind: str
    name: str
    synonyms: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()  # ids of broader terms
    codes: Mapping[str, str] = field(default_factory=dict)  # {"atc": "B03BA03"}
    unit: str | None = None
    molar_mass: str | None = None  # g/mol, exact decimal string
    ambiguous: tuple[str, ...] = ()  # short forms that may also mean something else
    opposite: tuple[str, ...] = ()  # ids of terms that must never be taken for this one


@dataclass(frozen=True, slots=True)
class MustMention:
    """What an answer may not leave out; ``kind`` is red_flag, safety or core; passages that say it."""

    topic: str
    item: str
    kind: str
    passages: tuple[str, ...]
    question_kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Corpus:
    """Everything read from ``corpus/``, checked: ids resolve, quotes stand in their passages."""

    guidelines: Mapping[str, Guideline]
    passages: Mapping[str, Passage]
    references: Mapping[str, Reference]
    rules: Mapping[str, Rule]
    terms: tuple[Term, ...]
    must_mention: tuple[MustMention, ...]
    digest: str  # "sha256:..." over all files
    rules_digest: str


# --------------------------------------------------------------------------- question and retrieval


class Audience(StrEnum):
    CLINICIAN = "clinician"
    PHARMACIST = "pharmacist"
    NURSE = "nurse"
    STUDENT = "student"
    PATIENT = "patient"


@dataclass(frozen=True, slots=True)
class Turn:
    role: str  # "user" or "assistant"
    content: str


@dataclass(frozen=True, slots=True)
class Question:
    text: str
    history: tuple[Turn, ...] = ()
    audience: Audience = Audience.CLINICIAN
    jurisdiction: str | None = None  # None: every jurisdiction, each named
    slots: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Understanding:
    """What the question was taken to mean; every decision is shown by ``assistant ask --explain``."""

    text: str  # the question made whole from the turns before
    kind: str  # dose, threshold, diagnosis, workup, monitoring, prognosis, contraindication, comparison, general
    topics: tuple[str, ...]  # ids of vocabulary terms
    slots: Mapping[str, str]
    jurisdiction: str | None
    notes: tuple[str, ...] = ()  # why, one short sentence each


@dataclass(frozen=True, slots=True)
class Hit:
    """``score`` is 0 to 1, higher is nearer; ``rank`` counts from 1; ``parts`` are the scores that were fused."""

    passage_id: str
    score: float
    rank: int
    parts: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Prompt:
    """``evidence[i]`` is the passage id that the model may cite as ``[i + 1]``."""

    system: str
    user: str
    evidence: tuple[str, ...]
    template: str


@dataclass(frozen=True, slots=True)
class DraftStatement:
    section: Section
    text: str
    passage_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """What a writer wrote: ``writer`` is its name and version, ``model`` the chat model's name or None."""

    statements: tuple[DraftStatement, ...]
    writer: str
    model: str | None = None
    notices: tuple[str, ...] = ()


# --------------------------------------------------------------------------- checking


class Verdict(StrEnum):
    """Worst first, as in the product's contract."""

    CONTRADICTED = "contradicted"
    NOT_FOUND = "not_found"
    NOT_CHECKABLE = "not_checkable"
    VERIFIED = "verified"


@dataclass(frozen=True, slots=True)
class Quote:
    """The span of a passage that proves or disproves a claim; ``passage`` is its id, or ``source`` for a given text."""

    passage: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class CheckedClaim:
    """One claim of a statement with its verdict; ``start``/``end`` count in the statement's text.

    ``expected`` and ``observed`` are small mappings of slot to exact string (``{"value": "1", "unit": "mg"}``);
    ``expected`` is None when the claim agrees with its source.
    """

    kind: str
    text: str
    start: int
    end: int
    verdict: Verdict
    reason: str
    rule: str | None = None
    expected: Mapping[str, str] | None = None
    observed: Mapping[str, str] | None = None
    source: Quote | None = None


@dataclass(frozen=True, slots=True)
class CheckedStatement:
    """``verdict`` is the worst of its claims; a statement without claims is judged as a whole sentence by one claim."""

    text: str
    verdict: Verdict
    claims: tuple[CheckedClaim, ...]
    start: int = 0  # where the statement stands in the audited text
    end: int = 0


# --------------------------------------------------------------------------- the answer


class AnswerState(StrEnum):
    ANSWERED = "answered"
    PARTIAL = "partial"
    WITHHELD = "withheld"
    NO_GUIDANCE = "no_guidance"
    SIGNPOST = "signpost"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class Statement:
    """A verified statement as shown; ``citations`` are numbers of ``Answer.references``."""

    id: str
    section: Section
    text: str
    citations: tuple[int, ...]
    claims: tuple[CheckedClaim, ...]
    passage: str | None = None
    jurisdiction: str | None = None
    evidence: str | None = None
    dosage: Mapping[str, str] | None = None  # a row of the dosing table: drug, dose, route, frequency, duration, population


@dataclass(frozen=True, slots=True)
class Withheld:
    reason: str
    claims: tuple[CheckedClaim, ...] = ()
    passages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NumberedReference:
    n: int
    reference: Reference


@dataclass(frozen=True, slots=True)
class GuidanceUsed:
    id: str
    title: str
    version: str
    status: ReviewStatus
    updated: date
    review_by: date


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two sources that disagree, side by side; each side names a statement id."""

    about: str
    sides: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Provenance:
    corpus: str
    rules: str
    writer: str
    template: str
    assistant: str
    model: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The whole answer, as in the JSON contract ``answer/1``; ``timings_ms`` alone differs between two equal runs."""

    state: AnswerState
    question: str
    understood_as: str
    audience: Audience
    jurisdiction: str | None
    slots: Mapping[str, str]
    statements: tuple[Statement, ...]
    withheld: tuple[Withheld, ...]
    references: tuple[NumberedReference, ...]
    guidance: tuple[GuidanceUsed, ...]
    conflicts: tuple[Conflict, ...]
    notices: tuple[str, ...]
    not_covered: tuple[str, ...]
    follow_ups: tuple[str, ...]
    provenance: Provenance
    timings_ms: Mapping[str, float]
    understanding: Understanding | None = None
    hits: tuple[Hit, ...] = ()
    draft: Draft | None = None  # what a chat model wrote, unchecked: for a record that can be replayed, never shown
