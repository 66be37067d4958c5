"""Binding: every quantity, dosage and effect of a text becomes a Frame with the words that belong to it.

Owns which words, drug and neighbours a number belongs to: by clause, list item, lead-in and order, not by the nearest
token. In "OR 4.21 for metastatic disease vs OR 1.96 for localised cancer" the first frame is bound to metastasis and the
second to its absence; in "X 1 mg daily for 2 weeks, then every 2 months" the second step inherits drug, dose and route.
Whether two frames agree is left to ``checks``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property, lru_cache

from assistant.circumstances import circumstances
from assistant.dosages import read_dosages
from assistant.effects import read_effects
from assistant.equivalence import in_unit
from assistant.normalise import normalise
from assistant.quantities import read_quantities
from assistant.records import Comparator, Dosage, Effect, Quantity, QuantityKind, Reading, Timing
from assistant.regions import Anchor, frame_anchors
from assistant.relations import Relation, relations
from assistant.vocabulary import Mention, Vocabulary
from assistant.wording import Word, Wording, read_wording, stem_of
from assistant.wording_lists import NEUTRAL

Item = tuple[str, bool]  # a stem and whether it is negated

# what a dosage has already said about time is not said again as a quantity of its own
_TIMES = frozenset({QuantityKind.FREQUENCY, QuantityKind.INTERVAL, QuantityKind.DURATION})
# kinds that readers of different sentences may call differently though the number is the same
FAMILIES = {
    QuantityKind.DOSE: "amount", QuantityKind.STRENGTH: "amount", QuantityKind.SUPPLY: "amount",
    QuantityKind.VOLUME: "amount", QuantityKind.MAXIMUM: "maximum", QuantityKind.RATE: "rate",
    QuantityKind.CONCENTRATION: "threshold", QuantityKind.PERCENTAGE: "percentage", QuantityKind.DURATION: "time",
    QuantityKind.INTERVAL: "interval", QuantityKind.AGE: "age", QuantityKind.GESTATION: "gestation",
    QuantityKind.FREQUENCY: "frequency", QuantityKind.COUNT: "number", QuantityKind.NUMBER: "number",
    QuantityKind.SCORE: "number", QuantityKind.RATIO: "number", QuantityKind.STAGE: "number",
    QuantityKind.PROPORTION: "proportion",
}  # fmt: skip
DOSING_GRAMMAR = frozenset(
    stem_of(word)
    for word in """mg mcg microgram micrograms g gram grams kg milligram milligrams milligrammes microgrammes ug ng ml millilitre
    millilitres milliliter l litre litres unit units iu tablet tablets capsule capsules puff puffs drop drops dose
    doses every each other alternate alternating second third day days daily week weeks weekly month months
    monthly hour hours hourly minute minutes year years yearly annually annual night nights nightly morning
    evening noon bedtime times time once twice thrice one two three four five six seven eight nine ten twelve half
    quarter divided per max maximum up im iv sc po od bd tds qds qid tid bid intramuscular intramuscularly
    intravenous intravenously subcutaneous subcutaneously oral orally mouth injection injections inject injected
    muscle vein skin sublingual sublingually topical topically nasal rectal rectally inhaled fortnight fortnightly
    single into deep then followed by until needed required prn stat route first total amount mane nocte om on µg
    μg i m v s c p o b t q d x square body weight metre m2 course""".split()
)
_GIVING = frozenset(
    stem_of(word) for word in ("dose", "doses", "course", "need", "needed", "required", "first", "total", "amount")
)
_BINDS_RIGHT = re.compile(
    r"\s*(?:\)|\]|,)?\s*(?:for|in|among|with|of|when|if|at|to|below|above|between|patients|people)\b", re.IGNORECASE
)
_SEPARATOR = re.compile(
    r"[,;:()]|\b(?:and|or(?!\s+(?:more|less|above|below|over|under|higher|lower|greater|fewer))|but|vs|versus|against|then|compared|followed|whereas|while)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Frame:
    """One checkable number with what it is about; offsets count in the text it was read from.

    ``family`` says what may be compared: dose, amount, threshold, time, percentage, effect ... ``local`` are the words
    bound to this frame and not to a neighbour; ``drugs`` the vocabulary ids of the drug or drugs that govern it. ``order``
    counts the steps of one instruction from 1. ``distrust`` is not empty when the number was not understood.
    """

    family: str
    kind: str
    text: str
    start: int
    end: int
    quantity: Quantity | None = None
    dosage: Dosage | None = None
    effect: Effect | None = None
    local: frozenset[Item] = frozenset()
    drugs: frozenset[str] = frozenset()
    analytes: frozenset[str] = frozenset()
    order: int = 1
    negated: bool = False
    distrust: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReadText:
    """One sentence, item or passage, read completely: frames in order of start, and the wording outside them."""

    text: str
    frames: tuple[Frame, ...]
    wording: Wording
    words: tuple[Word, ...]  # those outside the frames
    reading: Reading
    taken: tuple[tuple[int, int], ...] = field(default=())
    mentions: tuple[Mention, ...] = ()

    @cached_property
    def anchors(self) -> dict[str, dict[int, Anchor]]:
        """Where each frame stands among those it competes with, by group and index."""
        return frame_anchors(self.text, self.frames)

    @cached_property
    def relations(self) -> tuple[Relation, ...]:
        """What stands on either side of "rather than", "before", "from ... to"."""
        return relations(self.text, self.wording.tokens)

    @cached_property
    def circumstances(self) -> dict[int, bool]:
        """Start of every word in a circumstance of a forbidding sentence, and whether that circumstance denies it."""
        return circumstances(self.text, self.wording.words)

    @cached_property
    def meaning(self) -> tuple[tuple[int, tuple[str, ...]], ...]:
        """Start of every word that means something, with its stem and sign ("!" in front of a denied one)."""
        return tuple(
            (w.start, tuple(signed([w]))) for w in self.words if not w.neutral and w.stem not in NEUTRAL
        )

    @cached_property
    def topics(self) -> frozenset[str]:
        """Stems of drugs and tests and of the words inside their names, with either sign."""
        spans = [(m.start, m.end) for m in self.mentions if m.kind in _TOPICS and not m.ambiguous]
        stems = {w.stem for w in self.words if w.part and any(a <= w.start and w.end <= b for a, b in spans)}
        stems |= {f"term:{m.term}" for m in self.mentions if m.kind in _TOPICS and not m.ambiguous}
        return frozenset(stems | {f"!{stem}" for stem in stems})


_TOPICS = frozenset({"drug", "class", "analyte", "topic"})


def signed(words: Sequence[Word]) -> frozenset[str]:
    """The stems of words, "!" in front where denied; with both signs where one is the subject of a denial."""
    return frozenset(f"!{stem}" if negated else stem for w in words for stem, negated in w.items)


def read_text(text: str, vocabulary: Vocabulary, *, lead: str = "") -> ReadText:
    """Read ``text`` (markup blanked). ``lead`` is the heading or lead-in that may name the drug the text leaves out."""
    normal = normalise(text)
    found = vocabulary.find(normal.text)
    mentions = tuple(_in_original(mention, normal) for mention in found)
    reading = _read(_without_names(text, mentions))
    wording = read_wording(text, vocabulary, normal, found)
    bare, unbound = _bare_frames(reading, wording)
    taken = tuple(_span_taken(frame, text) for frame in bare)
    compared = _comparators(reading, text)
    kept = _kept_words(wording.words, bare, taken, unbound, vocabulary, text)
    words = tuple(w for w in kept if not any(start <= w.start and w.end <= end for start, end in compared))
    taken += compared
    lead_mentions = vocabulary.find(lead) if lead else ()
    frames = _bind(text, bare, words, mentions, lead_mentions)
    return ReadText(text, frames, wording, words, reading, taken, mentions)


# without one of these a text holds no quantity, and reading it is saved
_HINT = re.compile(
    r"\d|[^\x00-\x7f]|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|twenty|thirty|forty|"
    r"fifty|sixty|hundred|thousand|half|quarter|third|once|twice|thrice|double|triple|dozen|daily|nightly|hourly|weekly|"
    r"fortnight\w*|monthly|yearly|annual\w*|alternate|every|each|od|bd|tds|qds|qid|tid|bid|prn|stat|mane|nocte|on)\b",
    re.IGNORECASE,
)


def _read(text: str) -> Reading:
    """Quantities, dosages and effects; polarity is read by ``wording``, on both sides of a comparison alike."""
    if not _HINT.search(text):
        return Reading(text)
    normal = normalise(text)
    quantities = _joined(tuple(_with_tail(quantity, text) for quantity in read_quantities(normal)), text)
    dosages = read_dosages(normal, quantities)
    if any(dosage.distrust for dosage in dosages) and _ASIDE.search(text):
        plain = normalise(_ASIDE.sub(lambda m: " " * len(m[0]), text))
        again = read_dosages(plain, tuple(q for q in quantities if plain.original[q.start : q.end] == q.text))
        if again and sum(bool(d.distrust) for d in again) < sum(bool(d.distrust) for d in dosages):
            dosages = again
    held = {quantity.start: quantity for quantity in quantities}
    dosages = tuple(_with_held(dosage, held) for dosage in dosages)
    return Reading(text, quantities, dosages, (), read_effects(normal, quantities))


def _with_held(dosage: Dosage, held: Mapping[int, Quantity]) -> Dosage:
    """The dosage with the comparators and joined ranges that ``_with_tail`` and ``_joined`` have read."""

    def better(old: Quantity | None) -> Quantity | None:
        new = held.get(old.start) if old is not None else None
        if old is None or new is None or new.unit is None or (new.value, new.low) == (old.value, old.low):
            bound = new is not None and old is not None and old.comparator is Comparator.EQUAL
            return replace(old, comparator=new.comparator) if bound and old is not None and new is not None else old
        return new if new.is_range and not old.is_range else old

    timing = dosage.timing
    if timing.bounds is not None:
        timing = replace(timing, bounds=better(timing.bounds))
    return replace(dosage, dose=better(dosage.dose), timing=timing)


# what is said beside an instruction: its numbers are read, but they are no step of it
_ASIDE = re.compile(r"\((?!\s*(?:max|up to))[^()]{3,80}\)|\b(?:instead of|rather than)\b[^.,;:()]{3,60}", re.IGNORECASE)
_TAIL = re.compile(
    r"\s*(?:\([^()]{1,40}\)|\))\s+or (more|above|over|higher|greater|less|below|under|lower|fewer)\b", re.IGNORECASE
)
_HEAD = re.compile(
    r"\b(?:(?P<least>(?:no|not) (?:less|fewer) than|a minimum of|at the least)|as (?:many|much|long) as|a maximum of|(?:no|not) more than)\s*$",
    re.IGNORECASE,
)
_STRICT = {Comparator.MORE: Comparator.AT_LEAST, Comparator.LESS: Comparator.AT_MOST}
_UPWARD = frozenset({"more", "above", "over", "higher", "greater"})


def _with_tail(quantity: Quantity, text: str) -> Quantity:
    """ "1000 ng/L (738 pmol/L) or more": the comparator behind the other unit belongs to both."""
    if quantity.comparator in _STRICT and re.search(
        r"\bat or (?:above|below|over|under)\s*$", text[max(0, quantity.start - 16) : quantity.start]
    ):
        return replace(quantity, comparator=_STRICT[quantity.comparator])
    if quantity.is_range or quantity.comparator not in {Comparator.EQUAL, Comparator.ABOUT}:
        return quantity
    head = _HEAD.search(text, max(0, quantity.start - 24), quantity.start)
    if head is not None:
        return replace(quantity, comparator=Comparator.AT_LEAST if head["least"] else Comparator.AT_MOST)
    tail = _TAIL.match(text, quantity.end)
    if tail is None:
        return quantity
    return replace(quantity, comparator=Comparator.AT_LEAST if tail[1].lower() in _UPWARD else Comparator.AT_MOST)


_BETWEEN_ENDS = re.compile(r"\s*(?:to|-|\u2013)\s*")


def _joined(quantities: tuple[Quantity, ...], text: str) -> tuple[Quantity, ...]:
    """ "250 micrograms to 1 mg" is one range in two units: the first end is put in the unit of the second."""
    found: list[Quantity] = []
    for quantity in quantities:
        before = found[-1] if found else None
        if before is not None and _BETWEEN_ENDS.fullmatch(text, before.end, quantity.start):
            low = in_unit(before.value, before.unit, quantity.unit, None) if before.value is not None else None
            plain = before.comparator is quantity.comparator is Comparator.EQUAL
            if low is not None and plain and quantity.value is not None and low < quantity.value:
                if before.unit != quantity.unit and not before.distrust and not quantity.distrust:
                    whole = text[before.start : quantity.end]
                    found[-1] = replace(quantity, text=whole, start=before.start, value=None, low=low, high=quantity.value)
                    continue
        found.append(quantity)
    return tuple(found)


# NG239, COVID-19, CHA2DS2: capitals and digits grown together are a name; OR2.1 and CI95 are not
_NAME = re.compile(r"\b(?!(?:OR|HR|RR|IRR|SIR|MRR|CI|SD|MD|Q|X)-?\d)[A-Z]{2,}[A-Za-z]*-?\d+[A-Za-z]*\d*\b(?![.,]\d)")


def _without_names(text: str, mentions: Sequence[Mention]) -> str:
    """The text with the digits of names (B12, NG239) made letters, of the same length, so that no reader counts them."""
    spans = [(m.start, m.end) for m in mentions if any(char.isdigit() for char in m.text)]
    spans += [match.span() for match in _NAME.finditer(text)]
    if not spans and "\u2014" not in text:
        return text
    chars = [";" if char == "\u2014" else char for char in text]  # "hepatitis—OR 4.3": two words, not one
    for start, end in spans:
        chars[start:end] = ["x" if char.isdigit() else char for char in chars[start:end]]
    return "".join(chars)


_COMPARING = re.compile(
    r"(?:at or )?(?:below|above|over|under|(?:less|more|greater|higher|lower|fewer|older|younger|not more|no more|not less|no less) than|at least"
    r"|at most|up to|as (?:many|much|long) as|exceed(?:s|ing)?|in excess of|a (?:minimum|maximum) of|from|between|about|approximately|roughly|around)\s*$",
    re.IGNORECASE,
)
_COMPARING_BEHIND = re.compile(
    r"\s*(?:\([^()]{1,40}\)\s*)?(?:or|and) (?:more|less|above|below|over|under|higher|lower|greater|fewer|older|younger)\b"
    r"|\s+(?:a|per|each|every) (?:day|week|month|year)\b|\s+(?:once )?(?:daily|weekly|monthly)\b",
    re.IGNORECASE,
)


def _comparators(reading: Reading, text: str) -> tuple[tuple[int, int], ...]:
    """Spans of the words before a number that were read as its comparator: "a minimum of", "at least"."""
    found = []
    for quantity in reading.quantities:
        if quantity.comparator is not Comparator.EQUAL:
            words = _COMPARING.search(text, max(0, quantity.start - 24), quantity.start)
            if words is not None:
                found.append(words.span())
    return tuple(found)


def _span_taken(frame: Frame, text: str) -> tuple[int, int]:
    """The frame's span with the words of its comparator and of its rate: they were read into its slots."""
    if frame.quantity is None:
        return frame.start, frame.end
    start, end = frame.start, frame.end
    if frame.quantity.comparator is not Comparator.EQUAL:
        before = _COMPARING.search(text, max(0, start - 24), start)
        start = before.start() if before else start
    behind = _COMPARING_BEHIND.match(text, end)
    if behind and (frame.quantity.comparator is not Comparator.EQUAL or "/" in (frame.quantity.unit or "")):
        if "(" not in behind[0]:
            end = behind.end()
    return start, end


# the numbers of "on days 1 to 5", "in cycle 2": no slot of a dosage holds them, so they are compared as words
_NUMBERED = re.compile(r"\b(?:days?|weeks?|cycles?|hours?|months?)\s+(\d+(?:\s*(?:to|and|or|,|-|\u2013)\s*\d+)*)", re.IGNORECASE)


def _kept_words(
    words: Sequence[Word],
    frames: Sequence[Frame],
    taken: Sequence[tuple[int, int]],
    unbound: Sequence[tuple[int, int]],
    vocabulary: Vocabulary,
    text: str,
) -> list[Word]:
    """Words that no frame has read: all outside the frames, and inside a dosage those that are not dosing grammar.

    Where a dosage could not be read as a whole (``unbound``) its words of time and route must stand in the source.
    """
    kept: list[Word] = []
    numbered = [match.span(1) for match in _NUMBERED.finditer(text)]
    for word in words:
        owners = [f for f, (start, end) in zip(frames, taken, strict=True) if start <= word.start and word.end <= end]
        if not owners:
            loose = word.stem in DOSING_GRAMMAR and any(start <= word.start < end for start, end in unbound)
            kept.append(replace(word, critical=True, neutral=False) if loose and word.stem not in _GIVING else word)
        elif all(frame.dosage is not None for frame in owners) and not _is_dosing_grammar(word, owners[0], vocabulary):
            kept.append(word)
        elif any(start <= word.start < end for start, end in numbered):
            kept.append(replace(word, critical=True, neutral=False))
    return kept


def _is_dosing_grammar(word: Word, frame: Frame, vocabulary: Vocabulary) -> bool:
    if word.stem.startswith("term:"):
        term = vocabulary.terms.get(word.stem[5:])
        return term is not None and term.kind == "route" and frame.dosage is not None and frame.dosage.route is not None
    return word.stem in DOSING_GRAMMAR or any(char.isdigit() for char in word.stem)


def _in_original(mention: Mention, normal: object) -> Mention:
    span = normal.span(mention.start, mention.end)  # type: ignore[attr-defined]
    return replace(mention, start=span.start, end=span.end)


# --------------------------------------------------------------------------- frames without binding


def _bare_frames(reading: Reading, wording: Wording) -> tuple[list[Frame], list[tuple[int, int]]]:
    """Dosages first, then effects, then every quantity that neither has already used.

    A dosage whose structure was not clear though each of its numbers was ("more than one route" in a sentence that
    compares two) is given up, and its numbers stand alone; its span is returned beside the frames.
    """
    frames: list[Frame] = []
    used: set[int] = set()
    unbound: list[tuple[int, int]] = []
    for dosage in reading.dosages:
        if not _says_something(dosage):
            continue
        inside = [q for q in reading.quantities if dosage.start <= q.start < dosage.end]
        if not _is_given(dosage) or _is_clearance(dosage, reading.text):
            continue
        if dosage.distrust and inside and not any(q.distrust or q.unit is None for q in inside):
            unbound.append((dosage.start, dosage.end))
            continue
        at = dosage.dose.start if dosage.dose is not None else dosage.start
        if dosage.route is not None and _ELSEWISE.search(dosage.text):
            dosage = replace(dosage, route=None)  # "one tablet, another preparation or parenteral iron": not of the tablet
        frames.append(replace(_dose_frame(dosage), negated=_sign_at(at, dosage.end, wording)))
        used.update(_used_by(dosage, reading.quantities))
    for effect in reading.effects:
        reasons = tuple(
            sorted({r for q in reading.quantities if effect.start <= q.start < effect.end for r in q.distrust})
        )
        frames.append(Frame("effect", "effect", effect.text, effect.start, effect.end, effect=effect, distrust=reasons))
        used.update(q.start for q in reading.quantities if effect.start <= q.start < effect.end)
    for quantity in reading.quantities:
        paced = _with_rate(quantity, reading.text)
        if quantity.start not in used and paced is not quantity:
            used.update(q.start for q in reading.quantities if quantity.end <= q.start <= quantity.end + 9 and q.kind in _TIMES)
        if quantity.start not in used and not _is_year(quantity):
            frame = _quantity_frame(_with_rate(quantity, reading.text))
            if frame.family == "rate" and _is_kidney(quantity, reading.text):
                frame = replace(frame, family="threshold")
            frames.append(_signed(frame, reading.text, negated=_sign_at(frame.start, frame.end, wording)))
    return sorted(frames, key=lambda frame: (frame.start, -frame.end, frame.family)), unbound


_ELSEWISE = re.compile(r"(?:,|\bor)\s+another\b", re.IGNORECASE)
_NOT_GIVEN = re.compile(r"^(?:[kcm]?m|%|a|mo|wk|d|h|min|s|Cel|mm\[Hg\])$|/(?:L|dL|mL)$")


def _is_given(dosage: Dosage) -> bool:
    """Whether the amount can be an amount given: 20 cm, 5 % of patients and 200 ng/L are not."""
    return dosage.dose is None or dosage.dose.unit is None or not _NOT_GIVEN.search(dosage.dose.unit)


_CLEARANCE = re.compile(r"(?:gfr|crcl|clearance|(?:renal|kidney) function)\b[^.;]{0,40}$", re.IGNORECASE)


def _is_clearance(dosage: Dosage, text: str) -> bool:
    """30 mL/min of kidney function is a condition, not a rate of infusion."""
    amount = dosage.rate or dosage.dose
    return amount is not None and _is_kidney(amount, text)


def _is_kidney(amount: Quantity, text: str) -> bool:
    if not (amount.unit or "").startswith("mL/min"):
        return False
    return "m2" in (amount.unit or "") or _CLEARANCE.search(text, max(0, amount.start - 60), amount.start) is not None


def _is_year(quantity: Quantity) -> bool:
    """A bare 2013 is a name of something; as a word with digits it must stand in the source all the same."""
    value = quantity.value
    if value is None or quantity.unit != "1" or quantity.comparator is not Comparator.EQUAL or quantity.distrust:
        return False
    return value.denominator == 1 and 1900 <= value <= 2100 and quantity.text.strip().isdigit()


_RATE = re.compile(
    r"\s+(?:(?:by mouth|orally|po|once)\s+)?(?:(?:a|per|each|every) (day|week|month)|(dai|week|month)ly)\b",
    re.IGNORECASE,
)
_PACED = frozenset({"mg", "ug", "g", "kg", "mL", "L", "[iU]", "U", "kcal", "mmol", "mmol/L", "umol/L", "mg/dL", "g/L", "g/dL", "%"})
_PER = {"day": "d", "dai": "d", "week": "wk", "month": "mo"}


def _with_rate(quantity: Quantity, text: str) -> Quantity:
    """ "2.4 micrograms a day", "daily", "per day": one rate, outside a dosage too."""
    found = _RATE.match(text, quantity.end)
    if found is None or quantity.unit not in _PACED:
        return quantity
    return replace(quantity, unit=f"{quantity.unit}/{_PER[(found[1] or found[2]).lower()]}")


_BAR = re.compile(r"\b(?:not|never|n't)\b[^.;]{0,60}?\b(?:exceed\w*|more than|above|over|greater than)\s+(?:[a-z]+\s){0,2}$", re.I)


def _signed(frame: Frame, text: str, *, negated: bool) -> Frame:
    """The frame with its sign. In "must not exceed 20 mg" and "do not give more than 20 mg" the denial belongs to the
    comparator: both affirm a bound of at most 20 mg.
    """
    quantity = frame.quantity
    if not negated or quantity is None or not _BAR.search(text, max(0, frame.start - 90), frame.start):
        return replace(frame, negated=negated)
    if quantity.comparator is Comparator.AT_MOST:
        return replace(frame, negated=False)
    if quantity.comparator is Comparator.MORE:
        return replace(frame, negated=False, quantity=replace(quantity, comparator=Comparator.AT_MOST))
    return replace(frame, negated=negated)


def _sign_at(start: int, end: int, wording: Wording) -> bool:
    """Whether the number is denied: "do not give 1 mg daily"."""
    return next((w.negated for w in wording.words if w.start >= start and w.end <= end), False)


def _says_something(dosage: Dosage) -> bool:
    timing = dosage.timing
    return bool(
        dosage.dose
        or dosage.rate
        or dosage.maxima
        or timing.period is not None
        or timing.frequency is not None
        or timing.bounds
        or timing.when
    )


def _dose_frame(dosage: Dosage) -> Frame:
    parts = [dosage.dose, dosage.rate, dosage.timing.bounds, dosage.timing.duration, *(m.amount for m in dosage.maxima)]
    reasons = {reason for part in parts if part is not None for reason in part.distrust} | set(dosage.distrust)
    reasons |= {"unknown unit" for part in parts if part is not None and part.unit is None}
    kind = "dose" if dosage.dose or dosage.rate else "maximum" if dosage.maxima else "interval"
    return Frame(
        "dose",
        kind,
        dosage.text,
        dosage.start,
        dosage.end,
        dosage=dosage,
        order=dosage.sequence,
        distrust=tuple(sorted(reasons)),
    )


def _used_by(dosage: Dosage, quantities: Sequence[Quantity]) -> set[int]:
    """Starts of the quantities inside the dosage's span whose value one of its slots already holds."""
    timing = dosage.timing
    held = [dosage.dose, dosage.rate, timing.bounds, timing.duration, *(m.amount for m in dosage.maxima)]
    values = {(q.value, q.low, q.high) for q in held if q is not None}
    numbers = {timing.frequency, timing.frequency_max, timing.period, timing.period_max}
    numbers |= {None if timing.count is None else Fraction(timing.count)}
    used: set[int] = set()
    for quantity in quantities:
        if not dosage.start <= quantity.start < dosage.end:
            continue
        ends = {quantity.value} if not quantity.is_range else {quantity.low, quantity.high}
        is_held = (quantity.value, quantity.low, quantity.high) in values
        is_time = (
            quantity.kind in _TIMES or quantity.unit in {"1", "d", "h", "wk", "mo", "a", "min"}
        ) and ends <= numbers
        if is_held or is_time or (quantity.kind in _TIMES and quantity.unit not in {"mg"} and _has_time(timing)):
            used.add(quantity.start)
    return used


def _has_time(timing: Timing) -> bool:
    return timing.period is not None or timing.frequency is not None or timing.bounds is not None


def _quantity_frame(quantity: Quantity) -> Frame:
    reasons = quantity.distrust or (("unknown unit",) if quantity.unit is None else ())
    family = FAMILIES.get(quantity.kind, str(quantity.kind))
    return Frame(
        family,
        str(quantity.kind),
        quantity.text,
        quantity.start,
        quantity.end,
        quantity=quantity,
        distrust=tuple(reasons),
    )


# --------------------------------------------------------------------------- binding


def _bind(
    text: str, frames: list[Frame], words: Sequence[Word], mentions: Sequence[Mention], lead: Sequence[Mention]
) -> tuple[Frame, ...]:
    bound: list[Frame] = []
    rights = [bool(_BINDS_RIGHT.match(text, frame.end)) for frame in frames]
    for index, frame in enumerate(frames):
        peers = [other for other in frames if other.family == frame.family and other is not frame]
        before = max((p.end for p in peers if p.end <= frame.start), default=None)
        after = min((p.start for p in peers if p.start >= frame.end), default=None)
        right = rights[index] or (frame.family in _FORWARD and _words_follow(text, frame.end))
        local, low, high = _local(text, frame, before, after, words, right)
        local |= frozenset(
            (_number_item(o), False) for o in frames if o.family != frame.family and low <= o.start and o.end <= high
        )
        drugs = _drugs(text, frame, mentions, lead)
        analytes = frozenset(m.term for m in mentions if m.kind == "analyte" and not m.ambiguous)
        bound.append(replace(frame, local=local, drugs=drugs, analytes=analytes))
    return _inherit(text, tuple(bound))


def _local(
    text: str, frame: Frame, before: int | None, after: int | None, words: Sequence[Word], binds_right: bool
) -> tuple[frozenset[Item], int, int]:
    """Words between this frame and its neighbours of the same family that are bound to it, and the span they stand in.

    Left of it: from the neighbour before (past what binds to that one) up to the frame. Right of it: the phrase behind
    "for", "in", "with" ..., up to a separator. The first frame that binds to the right shares what stands before it.
    """
    left_from = (
        _sentence_start(text, frame.start) if before is None else max(before, _sentence_start(text, frame.start))
    )
    if before is not None and (
        _BINDS_RIGHT.match(text, before) or (frame.family in _FORWARD and _words_follow(text, before))
    ):
        cut = _SEPARATOR.search(text, before + 1, frame.start)
        left_from = cut.end() if cut else frame.start
    if before is None and after is not None and not binds_right:
        left_from = _last_phrase(text, left_from, frame.start, words)
    aside = _OTHER_UNIT.match(text, frame.end)
    right_from = right_to = aside.end() if aside else frame.end
    if after is not None and after < right_from:
        after = None
    if binds_right or (before is None and after is None):
        end = after if after is not None else _sentence_end(text, frame.end)
        cut = _SEPARATOR.search(text, right_from + 2, end) if after is not None or before is not None else None
        right_to = max(right_from, cut.start() if cut else end)
    if binds_right and before is None and after is not None and frame.family == "effect":
        left_from = frame.start
    found = frozenset(
        (w.stem, w.negated and not w.soft)
        for w in words
        if not w.neutral
        and ((left_from <= w.start and w.end <= frame.start) or (frame.end <= w.start and w.end <= right_to))
    )
    return found, left_from, right_to


_OTHER_UNIT = re.compile(r"\s*\([^()]{2,40}\)")
_PHRASE = re.compile(r"\b(?:with|for|of|in)\b", re.IGNORECASE)
_FORWARD = frozenset({"number", "percentage", "threshold", "proportion"})


def _last_phrase(text: str, start: int, end: int, words: Sequence[Word]) -> int:
    """Where the last phrase before ``end`` begins: "B12 was associated with | hepatic metastases (OR 6.2)".

    What stands before it is shared by all the numbers that follow.
    """
    for found in reversed(list(_PHRASE.finditer(text, start, end))):
        if any(not w.neutral and found.end() <= w.start and w.end <= end for w in words):
            return found.end()
    return start


def _number_item(frame: Frame) -> str:
    """A neighbouring number as a word, the same however it is written."""
    q = frame.quantity or (frame.dosage.dose if frame.dosage is not None else None)
    if q is not None:
        return f"#{q.value} {q.low} {q.high} {q.unit}"
    return f"#{frame.effect.value if frame.effect is not None else frame.text}"


def _words_follow(text: str, end: int) -> bool:
    """ "144 stayed raised and 200 had returned": a bare number speaks of what follows it."""
    aside = _OTHER_UNIT.match(text, end)
    return re.match(r"\s+(?!and\b|or\b)[A-Za-z]", text[aside.end() if aside else end :][:12]) is not None


@lru_cache(maxsize=4096)
def _stops(text: str) -> tuple[int, ...]:
    return tuple(m.end() for m in re.finditer(r"[.!?](?=\s+[A-Z0-9])|;", text))


def _sentence_start(text: str, at: int) -> int:
    return max((stop for stop in _stops(text) if stop <= at), default=0)


def _sentence_end(text: str, at: int) -> int:
    return min((stop for stop in _stops(text) if stop > at), default=len(text))


def _drugs(text: str, frame: Frame, mentions: Sequence[Mention], lead: Sequence[Mention]) -> frozenset[str]:
    """The drug right behind "1 mg of", else the nearest before in the text, else one behind in the sentence, else the lead's."""
    drugs = [m for m in mentions if m.kind in {"drug", "class"} and not m.ambiguous]
    behind = [
        m
        for m in drugs
        if m.start >= frame.start
        and re.fullmatch(r"\s*(?:of\s+)?(?:the\s+)?", text[frame.end : m.start] if m.start >= frame.end else "x")
    ]
    inside = [m for m in drugs if frame.start <= m.start < frame.end]
    if any(m.end <= frame.start for m in drugs):
        inside = [m for m in inside if not _ANOTHER.search(text, _amount_end(frame), m.start)]
    if inside:
        dose = frame.dosage.dose if frame.dosage is not None else None
        before = [m for m in inside if dose is not None and m.end <= dose.start]
        nearest = before[-1] if before else inside[0]  # "dose methotrexate, give folic acid 5 mg": folic acid's
        return frozenset(m.term for m in inside if m.start == nearest.start or _is_listed(m, nearest, text))
    if behind:
        return frozenset(m.term for m in behind if m.start == behind[0].start)
    before = [m for m in drugs if m.end <= frame.start]
    if before:
        return frozenset(m.term for m in before if m.start == before[-1].start)
    end = _sentence_end(text, frame.end)
    later = [m for m in drugs if frame.end <= m.start < end]
    if later:
        return frozenset(m.term for m in later if m.start == later[0].start)
    named = [m for m in lead if m.kind == "drug" and not m.ambiguous]
    return frozenset(m.term for m in named if m.start == named[-1].start) if named else frozenset()


_ANOTHER = re.compile(r"[,;]|\b(?:or|and|with|after|before|instead of|rather than)\b", re.IGNORECASE)


def _amount_end(frame: Frame) -> int:
    dose = frame.dosage.dose if frame.dosage is not None else None
    return dose.end if dose is not None and frame.start <= dose.start < frame.end else frame.start


def _is_listed(one: Mention, other: Mention, text: str) -> bool:
    """ "Nordine and gabbroxil 500 mg": the dose is said of both."""
    between = text[min(one.end, other.end) : max(one.start, other.start)]
    return re.fullmatch(r"\s*(?:,|/|and|plus|\+)\s*", between) is not None


def _inherit(text: str, frames: tuple[Frame, ...]) -> tuple[Frame, ...]:
    """A later step of one instruction takes dose and route from the step before where it names none of its own."""
    done: list[Frame] = []
    for frame in frames:
        earlier = next((f for f in reversed(done) if f.dosage is not None), None)
        if frame.dosage is None or earlier is None or earlier.dosage is None:
            done.append(frame)
            continue
        if frame.dosage.sequence <= 1:
            near = not re.search(r"[.!?](?=\s)", text[earlier.end : frame.start]) and frame.drugs == earlier.drugs
            route = frame.dosage.route or (earlier.dosage.route if near else None)
            done.append(replace(frame, dosage=replace(frame.dosage, route=route)))
            continue
        mine, theirs = frame.dosage, earlier.dosage
        dose = mine.dose if mine.dose or mine.rate or mine.maxima else theirs.dose
        dosage = replace(mine, dose=dose, route=mine.route or theirs.route)
        done.append(
            replace(frame, dosage=dosage, drugs=frame.drugs or earlier.drugs, local=frame.local | earlier.local)
        )
    return tuple(done)


def is_number_like(frame: Frame) -> bool:
    """A count or plain number, which the words around it may also name ("two measurements")."""
    return frame.family == "number" and frame.quantity is not None and frame.quantity.comparator is Comparator.EQUAL
