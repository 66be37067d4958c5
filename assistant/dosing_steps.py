
"""Owns one sentence of a dosing instruction: its pieces, in order, to the steps that they speak of."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from assistant.amounts import is_dose_unit
from assistant.dosing_phrases import FILLER, PREPARING, STRONG_VERBS
from assistant.dosing_scan import Amount, Item, Scan
from assistant.dosing_step import (
    CHANGE_AS_TEXT,
    EITHER_TIME,
    EXCEPTION_AS_TEXT,
    NUMBER_MISSING,
    Step,
    one_route,
    same_way,
)
from assistant.dosing_words import reason_after_prn
from assistant.records import Comparator, Quantity, QuantityKind, Timing
from assistant.routes import Place
from assistant.schedule_words import Part
from assistant.timings import merge

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


_EXCEPT = frozenset({"except", "excepting", "excluding"})
# words that a number belongs to, as it does not to a medicine's name
_NUMBERED = frozenset("""grade stage type day week month cycle step phase class level score group arm line visit table
    section figure chapter category version number part course age aged year""".split())  # fmt: skip
_BEFORE_BARE = frozenset({"verb", "step", "join", "part", "place", "comparator"})
_SIGNS_BEFORE_BARE = (",", "(", ":", "-", "*", "•")
# what a dose is adjusted to: behind "eGFR below 30:" a dose may follow
_KIDNEY = frozenset({"egfr", "crcl", "clearance", "creatinine", "gfr"})


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
        self.about_kidney = False  # only a condition on the kidney's work stood before
        self.skip_to = -1
        self.product: Amount | None = None
        self.negated = False
        self.last_verb = ""
        self.repeats_dose = False  # "repeat" was said of the dose of this step
        self.speaks_of_other = False  # a sample, a test, an intake: nothing that is given
        self.remark = 0  # words since a bracket opened that belong to no dose; 0 outside brackets
        self.in_brackets = False
        self.since = 0  # unknown words since the last piece of the instruction

    @property
    def step(self) -> Step:
        return self.steps[-1]

    def read(self) -> None:
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
            if self.about_kidney:
                self.blocked = self.step.blocked = False  # "if the eGFR is below 30, reduce to 500 mg daily"
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
            self.about_kidney = word in _KIDNEY and (self.about_kidney or not self.blocked)
            self.blocked = self.step.blocked = True
        if word == "but":
            self.negated = False
        if word in _EXCEPT and self.step.says_anything() and self._excepts(n):
            self.step.distrust.append(EXCEPTION_AS_TEXT)
        if word in _FORM_WORDS and self.scan.text(item.start - 1) == "on" and self.step.amount is None:
            self.step.distrust.append(NUMBER_MISSING)  # "take on tablet"
        if word not in FILLER and word:
            self.since += 1
            self.unknown += 1
            self.step.unknown += 1

    def _excepts(self, n: int) -> bool:
        """Whether days or a dose of their own follow: "except on Sundays", "except 2 tablets on Mondays"."""
        return any(
            other.kind == "amount"
            or (other.kind == "part" and isinstance(other.value, Part) and bool(other.value.timing.day_of_week))
            for other in self.items[n + 1 : n + 4]
        )

    def _on_verb(self, n: int, item: Item) -> None:
        self.last_verb = str(item.value)
        self.repeats_dose = self.last_verb in ("repeat", "repeated") and self.step.amount is not None
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
        if item.value in (",", ":") and self.step.amount is None and self.about_kidney:
            self.blocked = self.step.blocked = False  # "CrCl 15-29 mL/min: 30 mg once daily"

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
        if following is not None and isinstance(following.value, Amount) and self._is_cleared(following.value):
            return
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
        if self._is_cleared(amount):
            return
        if self._is_supply(n, item) or self._is_strength(n, amount) or self._is_aside(n):
            return
        if self._is_diluent(n, amount):
            self.step.instructions.append(self.scan.words(item.start - 1, item.end))
            self.step.diluted = True
            return
        self._before_amount(n, item)
        if self.product is not None and amount.strength is None:
            amount = amount._replace(strength=self.product.quantity)
            if not amount.counted and self.product.form is not None:
                amount = amount._replace(quantity=replace(amount.quantity, unit=self.product.form))
        self.step.amount = amount
        self.step.route = self.step.route or amount.route
        self.step.own_amount = True
        self.step.timing_first = self.step.is_timed()
        self.step.negated = self.step.negated or self.negated
        self.step.covers(item)
        if amount.per is not None:
            self._merge(Part(Timing(frequency=Fraction(1), period=Fraction(1), period_unit=amount.per), item.end))

    def _is_cleared(self, amount: Amount) -> bool:
        """ "CrCl 15-50 mL/min", "below 30 mL/min: 10 mg": what the kidney clears, not what is given."""
        if not (amount.quantity.unit or "").startswith("mL/min"):
            return False
        start = amount.quantity.start
        bound = any(item.kind == "comparator" and self.scan.tokens[item.end].start == start for item in self.items[:3])
        return (self.about_kidney and self.blocked) or (bound and self.step.verb is None and self.step.route is None)

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

    def _is_diluent(self, n: int, amount: Amount) -> bool:
        """ "20 mmol in 1 litre", "diluted to 100 mL", "made up with 50 mL": the fluid that carries the dose."""
        given = self.step.amount
        if given is None or amount.quantity.unit not in ("mL", "L") or given.quantity.unit in ("mL", "L"):
            return False
        start = self.items[n].start
        before = self.scan.text(start - 1)
        if before in ("in", "into"):
            return True
        back = {self.scan.text(start - 2), self.scan.text(start - 3)}
        return before in ("with", "to") and not back.isdisjoint(("diluted", "up", "dilute", "mixed", "dissolved"))

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
        after_product = before is not None and isinstance(before.value, Amount) and before.value.product
        opens = before is None or after_product or before.kind in _BEFORE_BARE or self._after_name(n)
        opens = opens or (before is not None and before.kind == "sign" and before.value in _SIGNS_BEFORE_BARE)
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

    def _after_name(self, n: int) -> bool:
        """ "Examplamol D3 1 bd": only a name of up to four words in front, and a schedule behind."""
        if n > 4 or n + 1 >= len(self.items) or self.items[n + 1].kind != "part":
            return False
        return all(
            item.kind == "word" and item.value not in _NUMBERED and item.value not in FILLER for item in self.items[:n]
        )

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
        if previous is not None and previous.value == "or" and self._is_other_schedule(part):
            beside = self.step  # "once daily or on alternate days": the same dose, one way or the other
            self.steps.append(Step(beside.sequence, amount=beside.amount, route=beside.route, joined=True))
            self.step.comparator, self.step.verb, self.step.own_amount = beside.comparator, beside.verb, True
            self.step.negated = beside.negated
        self._merge(part)
        if part.timing != Timing() and not self.step.diluted:  # words alone ("30 minutes before exercise") are left to other readers too
            self.step.covers(item)

    def _is_other_schedule(self, part: Part) -> bool:
        had, new = self.step.timing, part.timing
        if self.step.amount is None or had.period is None or new.period is None or had.bounds is not None:
            return False
        return bool(merge(had, new)[1])

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
        if n and self.items[n - 1].value == "," and n + 1 == len(self.items):
            for earlier in self.steps[:-1]:  # "80 mg, then 40 mg every 2 weeks, subcutaneous"
                earlier.route, earlier.site = earlier.route or place.route, earlier.site or place.site

    def _second_route(self, n: int, first: str, second: str) -> Step:
        """The step that a further route belongs to: another dose, an alternative of this one, or the same way again."""
        step = self.step
        if self._opens_another(n):
            self.steps.append(Step(step.sequence, joined=True, verb=step.verb, route=second))
            return self.step
        if self._is_alternative(n) and not same_way(first, second):
            step.other_routes.append(second)
        else:
            step.route = one_route(first, second, step)
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
        if self.last_verb in ("repeat", "repeated") and step.amount is not None and self.repeats_dose:
            step.covers(item)  # "500 micrograms IM, repeat after 5 minutes if needed": not needed for the first
            step.instructions.append(self.scan.words(item.start, item.end))
            return
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
            self.about_kidney = all(word in _KIDNEY for word in words if word in _NOT_GIVEN)
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
        behind = self.items[n + 1 : n + 4]
        reaches = len(behind) > 1 and self.scan.text(item.end) in ("to", "until", "up") and any(
            o.kind == "amount" and isinstance(o.value, Amount) and o.value.counted for o in behind)  # fmt: skip
        if reaches and self.step.amount is not None:  # "25 mg daily, increased by 25 mg every week to 100 mg"
            self.steps.append(Step(self.step.sequence + 1, stepped=True))
        self.step.instructions.append(str(item.value))
        self.step.distrust.append(CHANGE_AS_TEXT)
        self.step.covers(item)

    def _on_delay(self, n: int, item: Item) -> None:
        """ "12 hours later give 500 mg" opens a step; "give 500 mg 12 hours later" says when the step is given."""
        behind = self.items[n + 1 : n + 5]
        opens = any(o.kind == "amount" and isinstance(o.value, Amount) and o.value.counted for o in behind)
        previous = self.items[n - 1] if n else None
        apart = previous is None or previous.value == "," or previous.kind == "join"
        if opens and apart and (self.step.amount is not None or (n == 0 and self.before)):
            sequence = self.step.sequence if n else self.before[-1].sequence
            if n:
                self.steps.append(Step(sequence + 1, stepped=True))
            else:
                self.steps = [Step(sequence + 1, stepped=True)]
        self.step.instructions.append(str(item.value))
        if self.step.first < 0:
            self.step.covers(item)

    def _on_pattern(self, n: int, item: Item) -> None:
        """ "1-0-1", "2-1-1": how many in the morning, at noon, in the evening and at bedtime."""
        assert isinstance(item.value, tuple)
        given = self.step.amount
        strength = given.quantity if given is not None else self.product.quantity if self.product else None
        form = self.product.form if self.product is not None else None
        by_count: dict[Fraction, list[str]] = {}
        for count, event in item.value:
            by_count.setdefault(count, []).append(event)
        for count, events in by_count.items():
            if self.step.own_amount and self.step.timing.when:
                self.steps.append(Step(self.step.sequence))
            token = self.scan.tokens[item.start]
            quantity = Quantity("", token.start, token.end, value=count, unit=form or "1", kind=QuantityKind.DOSE)
            self.step.amount = Amount(quantity, strength=strength)
            self.step.own_amount = True
            self.step.covers(item)
            self._merge(Part(Timing(when=tuple(events)), item.end))

    def _on_divided(self, n: int, item: Item) -> None:
        assert isinstance(item.value, tuple)
        self.step.divided = item.value
        self.step.covers(item)

    def _on_split(self, n: int, item: Item) -> None:
        """ "90 mg/kg/day divided every 12 hours", "in divided doses": the amount is a day's."""
        step, part = self.step, item.value
        if step.amount is None:
            return
        t = step.timing
        if t.period is None or (t.frequency == 1 and t.frequency_max is None and t.period == 1 and t.period_unit == "d"):
            step.split = True
            step.timing = replace(t, frequency=None, frequency_max=None, period=None, period_unit=None)
        if isinstance(part, Part):
            self._merge(part)
        else:
            step.instructions.append(self.scan.words(item.start, item.end))
        step.covers(item)

    def _on_exception(self, n: int, item: Item) -> None:
        self.step.instructions.append(str(item.value))
        self.step.distrust.append(EXCEPTION_AS_TEXT)
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


def _has_event(item: Item) -> bool:
    return (
        item.kind == "part"
        and isinstance(item.value, Part)
        and bool(item.value.timing.when or item.value.timing.time_of_day)
    )


def _is_latin(scan: Scan, item: Item) -> bool:
    """Whether a schedule of a new step follows a bare number: "... x 3 days 1/2 bd", not "... 7 days 30 every ..."."""
    return item.kind == "part" and isinstance(item.value, Part) and item.value.timing.period is not None
