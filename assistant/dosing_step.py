"""Owns one step of a dosing instruction while it is being read, the reasons to doubt it, and its one route."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from assistant.dosing_scan import Amount, Item
from assistant.records import Comparator, MaxDose, Timing
from assistant.timings import merge

CHANGE_AS_TEXT = "a stepwise change of dose is kept as text"
NUMBER_LEFT = "a number in the instruction was not understood"
TWO_ROUTES = "more than one route"
TWO_READINGS = "two readings of the number"
EVENTS_DIFFER = "the frequency and the times of day do not agree"
EITHER_TIME = "either of two times"
NUMBER_MISSING = "the number before the form is not readable"
PAUSE_AS_TEXT = "a pause between steps is kept as text"
EXCEPTION_AS_TEXT = "an exception to the schedule is kept as text"


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
    split: bool = False  # the amount is a day's, given in parts at the times named
    diluted: bool = False  # the fluid was named: what follows it is not part of the step's own words
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
                    or self.as_needed or self.instructions or self.frequency_alone() or self.site)  # fmt: skip

    def frequency_alone(self) -> bool:
        return self.timing.frequency is not None or self.timing.frequency_max is not None


def without_repeats(steps: list[Step]) -> list[Step]:
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


def same_way(one: str, two: str) -> bool:
    return (one, two) in _FINER or (two, one) in _FINER


def one_route(one: str, two: str, step: Step) -> str:
    """Two routes of one step: "inhale ... by mouth" is inhaled; a finer word beats a coarser; else the first,
    doubted."""
    pair = {one, two}
    for fine, coarse in _FINER:
        if pair == {fine, coarse}:
            return fine
    step.distrust.append(TWO_ROUTES)
    return one
