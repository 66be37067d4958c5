# ruff: noqa: SIM905 - word lists read better as words
"""Owns one sentence of a dosing instruction: its pieces to steps, and whether it is an instruction at all."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction

from assistant.amounts import is_dose_unit
from assistant.dosing_phrases import FILLER, PREPARING, STRONG_VERBS, VERBS
from assistant.dosing_scan import Amount, Item, Scan
from assistant.dosing_words import reason_after_prn
from assistant.records import Comparator, MaxDose, QuantityKind, Timing
from assistant.routes import Place
from assistant.schedule_words import Part
from assistant.timings import merge, with_derived_frequency

CHANGE_AS_TEXT = "a stepwise change of dose is kept as text"
NUMBER_LEFT = "a number in the instruction was not understood"
TWO_ROUTES = "more than one route"
TWO_READINGS = "two readings of the number"
EVENTS_DIFFER = "the frequency and the times of day do not agree"
EITHER_TIME = "either of two times"
NUMBER_MISSING = "the number before the form is not readable"
PAUSE_AS_TEXT = "a pause between steps is kept as text"

# words near an amount that say it is not given to anyone: intake, loss, a finding
_NOT_GIVEN = frozenset(
    """intake requirement requirements excretion output urine serum plasma alcohol weight loss lost
    losing excreted bleeding blood egfr crcl clearance gfr creatinine proteinuria venesection level levels concentration
    content contains containing diet dietary absorbed absorbs stores filtrate drained drain smoked smoking cigarettes
    gain gained haemoglobin hemoglobin""".split()
)
_NOT_MEDICINE = frozenset(
    """blood sample samples history advice care note notes account test tests measurement place
    part steps action time look care measurements pulse temperature pressure information support consideration
    check checked monitor monitoring testing""".split()
)
_SUPPLY = frozenset(
    {"dispense", "supply", "qty", "quantity", "mitte", "send", "dispensed", "supplied", "refill", "refills"}
)
_FORM_WORDS = frozenset("tablet tablets capsule capsules puff puffs drop drops pill pills tab tabs cap caps".split())


@dataclass(slots=True)
class Step:
    """One step while it is being read; ``first``/``last`` are token indexes of what belongs to it."""

    sequence: int
    first: int = -1
    last: int = -1
    amount: Amount | None = None
    comparator: Comparator | None = None
    route: str | None = None
    site: str | None = None
    timing: Timing = field(default_factory=Timing)
    plural_meals: bool = False
    as_needed: bool = False
    reason: str | None = None
    maxima: list[MaxDose] = field(default_factory=list)
    phase: str | None = None
    until: str | None = None
    instructions: list[str] = field(default_factory=list)
    negated: bool = False
    verb: str | None = None
    divided: tuple[Fraction, Fraction | None] | None = None
    product: Amount | None = None
    distrust: list[str] = field(default_factory=list)
    blocked: bool = False
    timing_first: bool = False
    unknown: int = 0
    stepped: bool = False
    own_amount: bool = False
    joined: bool = False
    other_routes: list[str] = field(default_factory=list)  # "or intravenously": alternatives to ``route``

    def covers(self, item: Item) -> None:
        self.first = item.start if self.first < 0 else min(self.first, item.start)
        self.last = max(self.last, item.end)

    def is_timed(self) -> bool:
        t = self.timing
        return bool(t.period is not None or t.when or t.day_of_week or t.time_of_day or t.count or t.count_max)

    def says_anything(self) -> bool:
        t = self.timing
        return bool(self.amount or self.is_timed() or t.bounds or t.duration or self.route or self.maxima
                    or self.as_needed or self.instructions or self.frequency_alone())  # fmt: skip

    def frequency_alone(self) -> bool:
        return self.timing.frequency is not None or self.timing.frequency_max is not None


class Reader:
    """Reads the steps of one sentence; ``before`` is the instruction that the sentence may add to."""

    def __init__(self, scan: Scan, items: list[Item], before: list[Step]) -> None:
        self.scan = scan
        self.items = items
        self.before = before
        self.steps: list[Step] = [Step(1)]
        self.unknown = 0
        self.left: list[Item] = []
        self.blocked = False
        self.skip_to = -1
        self.product: Amount | None = None
        self.negated = False
        self.last_verb = ""
        self.speaks_of_other = False  # a sample, a test, an intake: nothing that is given
        self.remark = 0  # words since a bracket opened that belong to no dose; 0 outside brackets
        self.in_brackets = False
        self.since = 0  # unknown words since the last piece of the instruction

    @property
    def step(self) -> Step:
        return self.steps[-1]

    def read(self) -> list[Step] | None:
        for n, item in enumerate(self.items):
            if item.start < self.skip_to:
                continue
            if self._is_remark(item):
                continue
            handler = getattr(self, f"_on_{item.kind}", None)
            if handler is not None:
                handler(n, item)
            if item.kind not in ("word", "sign", "join"):
                self.since = 0
        return self._decide()

    def _is_remark(self, item: Item) -> bool:
        """Pieces in brackets behind free words ("some say every 3 months") speak about the dose, they do not set it."""
        if item.kind == "sign" and item.value in ("(", "["):
            self.in_brackets, self.remark = True, 0
        elif item.kind == "sign" and item.value in (")", "]"):
            self.in_brackets = False
        if not self.in_brackets:
            return False
        if item.kind == "word" and item.value not in FILLER:
            self.remark += 1
        return self.remark > 0 and item.kind in ("part", "amount", "place", "maximum") and self.step.amount is not None

    # each handler takes the item's place in the sentence and the item

    def _on_step(self, n: int, item: Item) -> None:
        if not self.step.says_anything() and not (n == 0 and self.before):
            return
        if n == 0:
            self.steps = [Step((self.before[-1].sequence if self.before else 0) + 1, stepped=bool(self.before))]
        else:
            self.steps.append(Step(self.step.sequence + 1, stepped=True))
        self.step.covers(item)
        self.negated = False

    def _on_word(self, n: int, item: Item) -> None:
        word = item.value if isinstance(item.value, str) else ""
        if word in _NOT_MEDICINE or word in _NOT_GIVEN:
            self.speaks_of_other = True
        if word in _NOT_GIVEN:
            self.blocked = self.step.blocked = True
        if word == "but":
            self.negated = False
        if word in _FORM_WORDS and self.scan.text(item.start - 1) == "on" and self.step.amount is None:
            self.step.distrust.append(NUMBER_MISSING)  # "take on tablet"
        if word not in FILLER and word:
            self.since += 1
            self.unknown += 1
            self.step.unknown += 1

    def _on_verb(self, n: int, item: Item) -> None:
        self.last_verb = str(item.value)
        self.step.verb = self.step.verb or str(item.value)
        if not self.step.says_anything() or self.step.amount is None:
            self.step.covers(item)
        previous = self.items[n - 1] if n else None
        if (
            previous is not None
            and (previous.value == "," or previous.kind == "join")
            and str(item.value) in STRONG_VERBS
        ):
            before = self.items[n - 2] if n > 1 else None
            if previous.value == "," or (before is not None and before.value == ","):
                self.negated = False  # "do not give X, give Y"
        if self.negated and self.step.amount is None and not self.step.is_timed():
            self.step.negated = True

    def _on_negation(self, n: int, item: Item) -> None:
        self.negated = True

    def _on_sign(self, n: int, item: Item) -> None:
        following = self.items[n + 1] if n + 1 < len(self.items) else None
        if item.value == "," and following is not None and following.kind in ("verb", "step", "phase"):
            self.negated = False

    def _on_denial(self, n: int, item: Item) -> None:
        """ "5 mg daily is not recommended": what stands before; "not recommended: 5 mg daily": what follows."""
        if self.step.amount is not None or self.step.is_timed():
            self.step.negated = True
        else:
            self.negated = True

    def _on_aside(self, n: int, item: Item) -> None:
        """ "every 3 months instead of every 2-3 months": what follows is not what is given."""
        for other in self.items[n + 1 : n + 30]:
            if other.kind in ("step", "verb", "until") or other.value == ",":
                break
            self.skip_to = other.end

    def _on_comparator(self, n: int, item: Item) -> None:
        following = self.items[n + 1] if n + 1 < len(self.items) else None
        if following is not None and following.kind == "amount" and isinstance(item.value, Comparator):
            self._before_amount(n + 1, following)
            self.step.comparator = item.value
            self.step.covers(item)

    def _on_amount(self, n: int, item: Item) -> None:
        amount = item.value
        assert isinstance(amount, Amount)
        if amount.product:
            self.product = amount
            if self.step.amount is not None and self.step.amount.strength is None:
                self.step.amount = self.step.amount._replace(strength=amount.quantity)
            return
        if not amount.counted and not self._is_bare_dose(n):
            self.left.append(item)
            return
        if amount.counted and not is_dose_unit(amount.quantity.unit):
            return
        if self._is_supply(n, item) or self._is_strength(n, amount) or self._is_aside(n):
            return
        self._before_amount(n, item)
        if self.product is not None and amount.strength is None:
            amount = amount._replace(strength=self.product.quantity)
            if not amount.counted and self.product.form is not None:
                amount = amount._replace(quantity=replace(amount.quantity, unit=self.product.form))
        self.step.amount = amount
        self.step.own_amount = True
        self.step.timing_first = self.step.is_timed()
        self.step.negated = self.step.negated or self.negated
        self.step.covers(item)
        if amount.per is not None:
            self._merge(Part(Timing(frequency=Fraction(1), period=Fraction(1), period_unit=amount.per), item.end))

    def _is_supply(self, n: int, item: Item) -> bool:
        """ "dispense 21 tabs", "a total of 4 tablets" after the dose, "64 oz of juice": not what is given at a time."""
        back = [self.scan.text(item.start - 1), self.scan.text(item.start - 2)]
        if back[0] in _SUPPLY or (back[0] in ("of", ":") and back[1] in _SUPPLY):
            return True
        if self.step.amount is not None and "total" in back:
            return True
        if self.last_verb in PREPARING and (self.step.amount is not None or len(self.items) > n + 1):
            # a few items ahead are enough, and keep the reading linear
            return self.step.amount is not None or all(other.kind != "part" for other in self.items[n + 1 : n + 30])
        return False

    def _is_strength(self, n: int, amount: Amount) -> bool:
        """ "2 capsules of amoxicillin 500 mg": the strength of what is counted."""
        counted = self.step.amount
        if counted is None or not (counted.quantity.unit or "").startswith("{") or not amount.counted:
            return False
        if (amount.quantity.unit or "{").startswith("{") or counted.total is not None or counted.strength is not None:
            return False
        words = 0
        for other in reversed(self.items[:n]):
            if other.kind == "amount":
                break
            if other.kind != "word":
                return False
            words += 1
        if not 1 <= words <= 4:
            return False
        self.step.amount = counted._replace(strength=amount.quantity)
        self.step.covers(self.items[n])
        return True

    def _is_aside(self, n: int) -> bool:
        """An amount in free words after a finished step ("... for 90 days replaces her 30 mg dose")."""
        if self.step.amount is None or self.step.timing.bounds is None:
            return False
        previous = self.items[n - 1]
        if previous.kind != "word" or previous.value in FILLER:
            return (
                previous.kind == "word" and n > 1 and self._is_aside(n - 1) and previous.value in ("her", "his", "the")
            )
        for other in reversed(self.items[:n]):
            if other.kind in ("sign", "join", "verb", "phase"):
                return False
            if other.kind != "word":
                return True
        return True

    def _before_amount(self, n: int, item: Item) -> None:
        """A second dose opens a new step: the next in time when the first has its length, else one beside it."""
        if self.step.amount is None:
            return
        between = [other for other in self.items[max(0, n - 3) : n] if other.start >= self.step.last - 1]
        joined = any(other.kind == "join" for other in between)
        ended = self.step.timing.bounds is not None and not joined
        same_day = self.step.sequence if not ended else self.step.sequence + 1
        self.steps.append(Step(same_day, stepped=ended))
        self.step.joined = joined
        self.step.verb = self.steps[-2].verb

    def _is_bare_dose(self, n: int) -> bool:
        """A bare number is a dose ("take 2 twice a day", "1 po qd") only between such words."""
        before = self.items[n - 1] if n else None
        after = self.items[n + 1] if n + 1 < len(self.items) else None
        item = self.items[n]
        amount = item.value
        assert isinstance(amount, Amount)
        value = amount.quantity.value if amount.quantity.value is not None else amount.quantity.high
        if value is None or value <= 0 or value > 20:
            return False
        word_after = str(after.value) if after is not None and after.kind in ("word", "reason") else ""
        to_be = [self.scan.text(item.end), self.scan.text(item.end + 1)] == ["to", "be"]
        opens = before is None or before.kind in ("verb", "step", "join", "part", "place", "comparator") or (
            before.kind == "sign" and before.value in (",", "(", ":", "-", "*", "•")
        )  # fmt: skip
        closes = after is None or after.kind in ("part", "place", "prn", "maximum", "until", "instruction") or to_be
        if before is not None and before.kind in ("part", "place", "join") and self.step.amount is None:
            return opens and closes and (before.kind != "place")
        if before is not None and before.kind in ("part", "place"):
            apart = self.step.timing.bounds is not None or _has_event(before)
            return (
                apart
                and after is not None
                and (after.kind == "place" or _has_event(after) or _is_latin(self.scan, after))
            )
        if after is not None and after.kind == "join" and before is not None and before.kind == "verb":
            return False
        if word_after in ("in", "at") and before is not None and before.kind == "verb":
            return True
        if before is not None and before.kind == "verb" and str(before.value) in STRONG_VERBS and closes:
            return True
        if before is None and after is None:
            return len(self.scan.tokens) == 1
        return bool(opens and closes)

    def _on_part(self, n: int, item: Item) -> None:
        part = item.value
        assert isinstance(part, Part)
        following = self.items[n + 1] if n + 1 < len(self.items) else None
        previous = self.items[n - 1] if n else None
        if (
            self.step.timing_first
            and self.step.amount is not None
            and following is not None
            and following.kind == "amount"
            and previous is not None
            and (previous.kind == "join" or previous.value == ",")
        ):  # "in the morning 2 tablets and at night 1 tablet"
            self.steps.append(Step(self.step.sequence))
        if (
            self.since >= 4
            and self.step.amount is not None
            and self.step.timing.period is not None
            and part.timing.period
        ):
            return  # a frequency in other words of the sentence
        if self.step.timing.period is not None and part.timing.period and self.scan.text(item.start - 1) in ("a", "an"):
            return  # "three times a day and a daily multivitamin"
        if previous is not None and previous.value == "or" and part.timing.when and self.step.timing.when:
            self.step.distrust.append(EITHER_TIME)
        self._merge(part)
        self.step.covers(item)

    def _on_date(self, n: int, item: Item) -> None:
        """A day named without a frequency is one occasion."""
        self.step.instructions.append(str(item.value))
        self.step.covers(item)
        if not self.step.is_timed() and self.step.timing.bounds is None:
            self._merge(Part(Timing(count=1), item.end))

    def _on_event(self, n: int, item: Item) -> None:
        """ "after each loose stool": given when that happens."""
        if self.step.amount is None and not self.step.verb:
            self.unknown += item.end - item.start
            return
        self.step.as_needed = True
        self.step.reason = self.step.reason or str(item.value)
        self.step.covers(item)

    def _merge(self, part: Part) -> None:
        step = self.step
        step.timing, doubts = merge(step.timing, part.timing)
        step.distrust.extend(part.distrust)
        step.distrust.extend(doubts)
        step.plural_meals = step.plural_meals or part.plural_meals
        if part.instruction:
            step.instructions.append(part.instruction)

    def _on_place(self, n: int, item: Item) -> None:
        place = item.value
        assert isinstance(place, Place)
        step = self.step
        if step.route is not None and step.amount is not None and self.since >= 2:
            return  # "... daily gave levels that did not differ from intramuscular": another treatment
        step.distrust.extend(place.distrust)
        if place.route is not None and step.route is not None and place.route != step.route:
            step = self._second_route(n, step.route, place.route)
        else:
            step.route = step.route or place.route
        step.site = step.site or place.site
        step.covers(item)

    def _second_route(self, n: int, first: str, second: str) -> Step:
        """The step that a further route belongs to: another dose, an alternative of this one, or the same way again."""
        step = self.step
        if self._opens_another(n):
            self.steps.append(Step(step.sequence, joined=True, verb=step.verb, route=second))
            return self.step
        if self._is_alternative(n) and not _same_way(first, second):
            step.other_routes.append(second)
        else:
            step.route = _one_route(first, second, step)
        return step

    def _is_alternative(self, n: int) -> bool:
        """ "orally or intravenously", "SC, IM or IV": the route continues a list that "or" or "/" joins."""
        chain = self.items[max(0, n - 4) : n + 4]
        before = self.items[n - 1] if n else None
        if before is not None and before.value == "or":
            return True
        joined = before is not None and (before.value in (",", "/") or before.kind == "place")
        either = any(item.value in ("or", "/") and item.kind in ("join", "sign") for item in chain)
        places = sum(item.kind == "place" for item in chain)
        return joined and either and places > 1

    def _opens_another(self, n: int) -> bool:
        """ "buccal X 10 mg or rectal Y 10 mg": a route that stands before another dose belongs to that."""
        if self.step.amount is None:
            return False
        for other in self.items[n + 1 : n + 5]:
            if other.kind == "amount" and isinstance(other.value, Amount) and other.value.counted:
                return other.start > self.items[n].end
            if other.kind != "word":
                return False
        return False

    def _on_prn(self, n: int, item: Item) -> None:
        step = self.step
        step.as_needed = True
        step.covers(item)
        following = self.items[n + 1] if n + 1 < len(self.items) else None
        if following is not None and following.kind == "reason":
            step.reason = step.reason or str(following.value)
            step.covers(following)
            return
        if following is not None and following.kind == "prn":
            return
        if following is not None and following.kind == "place":
            behind = reason_after_prn(self.scan, following.end)
            if behind:  # "prn po anxiety"
                step.reason = step.reason or self.scan.words(following.end, behind)
            return
        end = reason_after_prn(self.scan, item.end + (self.scan.text(item.end) == "-"))
        if end and following is not None and following.kind in ("word", "verb", "sign"):
            step.reason = step.reason or self.scan.words(item.end, end)
            step.covers(Item("reason", item.start, end))
            self.skip_to = end

    def _on_reason(self, n: int, item: Item) -> None:
        if self.step.as_needed:
            if self.step.reason is None:
                self.step.reason = str(item.value)
                self.step.covers(item)
            return
        words = [self.scan.text(i) for i in range(item.start + 1, item.end)]
        if any(word in _NOT_GIVEN for word in words) and self.step.amount is None:
            self.blocked = True
        self.step.unknown += 0 if self.step.amount is not None or self.step.is_timed() else len(words)
        self.unknown += 0 if self.step.amount is not None or self.step.is_timed() else len(words)

    def _on_maximum(self, n: int, item: Item) -> None:
        assert isinstance(item.value, list)
        for ceiling in item.value:
            self.step.distrust.extend(ceiling.amount.distrust)
            if (ceiling.per, ceiling.amount.value, ceiling.amount.unit, ceiling.period) not in {
                (own.per, own.amount.value, own.amount.unit, own.period) for own in self.step.maxima
            }:
                self.step.maxima.append(ceiling)
        self.step.covers(item)

    def _on_delta(self, n: int, item: Item) -> None:
        self.step.instructions.append(str(item.value))
        self.step.distrust.append(CHANGE_AS_TEXT)
        self.step.covers(item)

    def _on_divided(self, n: int, item: Item) -> None:
        assert isinstance(item.value, tuple)
        self.step.divided = item.value
        self.step.covers(item)

    def _on_until(self, n: int, item: Item) -> None:
        self.step.until = self.step.until or str(item.value)
        self.step.covers(item)

    def _on_instruction(self, n: int, item: Item) -> None:
        self.step.instructions.append(str(item.value))
        self.step.covers(item)

    def _on_phase(self, n: int, item: Item) -> None:
        self.step.phase = self.step.phase or str(item.value)
        if self.step.amount is None:
            self.step.covers(item)

    # ----------------------------------------------------------------- is it an instruction?

    def _decide(self) -> list[Step] | None:
        if self._adds_to_before():
            self._add_to_before()
            return None
        self._keep_pauses()
        kept = [step for n, step in enumerate(self.steps) if self._is_instruction(step, n)]
        kept = _without_repeats(kept)
        if not kept:
            return []
        for step in kept:
            if any(step.first <= item.end and item.start < step.last for item in self.left):  # "12 500 units" too
                step.distrust.append(NUMBER_LEFT)
        if self.product is not None and kept[0].amount is None and not kept[0].maxima:
            kept[0].product = self.product
        return kept

    def _keep_pauses(self) -> None:
        """ "then stop for 21 days": no dose, but the step before says so."""
        for step, later in zip(self.steps, self.steps[1:], strict=False):
            stopped = later.amount is None and later.first >= 0 and later.timing.bounds is not None
            words = self.scan.words(later.first, later.last) if stopped else ""
            if stopped and any(word in words.lower().split() for word in ("stop", "rest", "off", "without", "no")):
                step.instructions.append(words)
                step.distrust.append(PAUSE_AS_TEXT)
                later.timing, later.blocked = Timing(), True
            elif later.amount is None and CHANGE_AS_TEXT in later.distrust:  # "then reduce by 5 mg every 2 days"
                step.instructions.extend(later.instructions + ([f"until {later.until}"] if later.until else []))
                step.distrust.append(CHANGE_AS_TEXT)
                later.instructions, later.until = [], None

    def _adds_to_before(self) -> bool:
        """ "To be taken with or after food.", "Maximum 8 tablets in 24 hours." after an instruction."""
        if not self.before or len(self.steps) != 1 or self.step.stepped:
            return False
        step = self.step
        if step.amount is not None or step.negated:
            return False
        if step.maxima:
            return self.unknown <= 3
        timing = step.timing
        says_how = bool(timing.when or timing.bounds or timing.duration or step.instructions or step.as_needed)
        return self.unknown == 0 and says_how and timing.period is None

    def _add_to_before(self) -> None:
        step = self.step
        for earlier in self.before:
            earlier.maxima.extend(step.maxima)
            earlier.instructions.extend(step.instructions)
            earlier.as_needed = earlier.as_needed or step.as_needed
            earlier.reason = earlier.reason or step.reason
            earlier.distrust.extend(step.distrust)
            had = earlier.timing
            earlier.timing, doubts = merge(with_derived_frequency(had, plural_meals=earlier.plural_meals), step.timing)
            earlier.distrust.extend(doubts)
        if step.last > 0:
            self.before[-1].last = max(self.before[-1].last, step.last)

    def _is_instruction(self, step: Step, n: int) -> bool:
        if not step.says_anything():
            return False
        whole = self.unknown == 0 and not self.blocked and not self.left
        timing = step.timing
        stepped = n > 0 and bool(step.is_timed() or timing.bounds or step.amount or step.as_needed)
        if self.blocked and step.route is None and step.verb is None:
            return False
        if step.amount is not None and step.amount.counted:
            volume = step.amount.quantity.kind is QuantityKind.RATE and (step.amount.quantity.unit or "").startswith(
                "mL"
            )
            beside = bool(step.is_timed() or step.route or step.verb or step.as_needed or timing.bounds)
            beside = beside or bool(step.phase or step.instructions or step.until)
            if volume:
                return bool(whole or step.route or step.verb in ("infuse", "infused", "give", "given"))
            return bool(whole or beside or timing.duration or step.maxima or stepped or step.divided)
        if step.amount is not None:
            return bool(
                whole or step.is_timed() or step.as_needed or step.maxima or step.verb or timing.bounds or stepped
            )
        if whole or (stepped and self.steps[0].says_anything()):
            return True
        if step.maxima:
            return any(is_dose_unit(ceiling.amount.unit) for ceiling in step.maxima) or self.unknown <= 3
        return self._is_without_dose(step)

    def _is_without_dose(self, step: Step) -> bool:
        """ "apply sparingly twice daily", "use bid as needed", "give hydroxocobalamin every 3 months"."""
        says = step.is_timed() or step.as_needed or step.instructions or step.frequency_alone()
        if not says and not (step.negated and step.route):  # "must never be given intrathecally"
            return False
        if self.speaks_of_other:
            return False
        first = self.items[0]
        if first.kind in ("part", "place", "instruction", "prn") and (step.route or step.verb or step.instructions):
            return step.unknown <= 4 or bool(step.verb in STRONG_VERBS)
        if step.verb is None or step.verb not in VERBS:
            return False
        at_head = first.kind == "verb" and str(first.value) in STRONG_VERBS
        return at_head or step.unknown <= 2


def _has_event(item: Item) -> bool:
    return (
        item.kind == "part"
        and isinstance(item.value, Part)
        and bool(item.value.timing.when or item.value.timing.time_of_day)
    )


def _is_latin(scan: Scan, item: Item) -> bool:
    """Whether a schedule of a new step follows a bare number: "... x 3 days 1/2 bd", not "... 7 days 30 every ..."."""
    return item.kind == "part" and isinstance(item.value, Part) and item.value.timing.period is not None


def _without_repeats(steps: list[Step]) -> list[Step]:
    """ "15 mL twice a day, swish 15 mL for 30 seconds": the same dose said again adds only how it is given."""
    kept: list[Step] = []
    for step in steps:
        twin = kept[-1] if kept else None
        if twin is not None and twin.amount and step.amount and not (step.is_timed() or step.stepped or step.joined):
            one, two = twin.amount.quantity, step.amount.quantity
            if (one.value, one.low, one.high, one.unit) == (two.value, two.low, two.high, two.unit):
                twin.timing, _ = merge(twin.timing, step.timing)
                twin.last = max(twin.last, step.last)
                continue
        kept.append(step)
    return kept


_FINER = (("inhaled", "oral"), ("nebulised", "inhaled"), ("nebulised", "oral"),
          ("deep subcutaneous", "subcutaneous"), ("vaginal", "topical"), ("ophthalmic", "topical"),
          ("otic", "topical"), ("intranasal", "topical"), ("transdermal", "topical"),
          ("intranasal", "inhaled"), ("rectal", "topical"), ("intramuscular", "parenteral"),
          ("subcutaneous", "parenteral"), ("intravenous", "parenteral"), ("nasogastric", "enteral"),
          ("gastrostomy", "enteral"), ("buccal", "oral"), ("sublingual", "oral"))  # fmt: skip


def _same_way(one: str, two: str) -> bool:
    return (one, two) in _FINER or (two, one) in _FINER


def _one_route(one: str, two: str, step: Step) -> str:
    """Two routes of one step: "inhale ... by mouth" is inhaled; a finer word beats a coarser; else the first,
    doubted."""
    pair = {one, two}
    for fine, coarse in _FINER:
        if pair == {fine, coarse}:
            return fine
    step.distrust.append(TWO_ROUTES)
    return one
