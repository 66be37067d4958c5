
"""Owns dosing instructions: the steps that ``dosing_steps`` reads from each sentence to ``Dosage`` records.

A sentence is an instruction when an amount that can be given stands beside a schedule, a route or a verb of giving, or
when every word of it belongs to the language of dosing. Later steps ("then every 3 months") inherit what is left out.
What cannot be read exactly is left out and named in ``Dosage.distrust``; nothing is guessed and nothing is raised.

Alternatives ("orally or intravenously") are one Dosage for each route, of the same ``sequence``.
Doses of one moment of the day each ("2 in the morning and 1 at night") are separate Dosages of the same ``sequence``.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from assistant.ceilings import NO_PERIOD
from assistant.dosage_fhir import dosage_to_fhir
from assistant.dosing_judge import read_steps
from assistant.dosing_phrases import VERBS
from assistant.dosing_scan import Item, Scan
from assistant.dosing_step import EVENTS_DIFFER, TWO_READINGS, Step
from assistant.dosing_words import may_instruct, scan_items
from assistant.normalise import Normal
from assistant.records import Dosage, MaxDose, Quantity, QuantityKind, Timing
from assistant.timings import clashes_with_events, merge, with_derived_frequency
from assistant.tokens import END, Token, tokenise

__all__ = ["dosage_to_fhir", "read_dosages"]


def read_dosages(normal: Normal, quantities: tuple[Quantity, ...] = ()) -> tuple[Dosage, ...]:
    """Every dosing instruction of a text, in order; offsets count in the original text.

    ``quantities`` are those of the same text: their reasons for distrust pass to the doses read from the same numbers.
    """
    tokens = tokenise(normal.text)
    doubtful = tuple(quantity for quantity in quantities if quantity.distrust)
    by_start = {quantity.start: quantity for quantity in quantities}
    scan = Scan(normal, tokens, _by_token(normal, tokens, quantities), doubtful, by_start)
    found: list[Dosage] = []
    group: list[Step] = []
    for start, stop in _between_ends(tokens):
        if not may_instruct(scan, start, stop):
            found.extend(_finish_group(scan, group))
            group = []
            continue
        for sentence in _sentences(scan_items(scan, start, stop)):
            steps = read_steps(scan, sentence, group) if any(item.kind in _TELLING for item in sentence) else []
            if steps is None:
                continue  # the sentence added to the instruction before it
            if steps and steps[0].stepped and group:
                group.extend(steps)
                continue
            found.extend(_finish_group(scan, group))
            group = steps
    found.extend(_finish_group(scan, group))
    return tuple(sorted(found, key=lambda dosage: dosage.start))


# a sentence without any of these says nothing of a dose
_TELLING = frozenset("amount part place prn maximum instruction delta divided until date event delay pattern".split())


def _between_ends(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """The token ranges between the ends of sentences and lines, empty ones left out."""
    start = 0
    for i, token in enumerate(tokens):
        if token.kind == END:
            if i > start:
                yield start, i
            start = i + 1
    if start < len(tokens):
        yield start, len(tokens)


def _by_token(normal: Normal, tokens: Sequence[Token], quantities: tuple[Quantity, ...]) -> dict[int, list[Quantity]]:
    """Doubtful quantities by the start of their number in the copy."""
    doubtful = [quantity for quantity in quantities if quantity.distrust]
    if not doubtful:
        return {}
    by_start: dict[int, list[Quantity]] = {}
    starts = {normal.span(token.start, token.end).start: token.start for token in tokens}
    for quantity in doubtful:
        start = starts.get(quantity.start)
        if start is not None:
            by_start.setdefault(start, []).append(quantity)
    return by_start


def _sentences(items: list[Item]) -> list[list[Item]]:
    out: list[list[Item]] = [[]]
    for item in items:
        if item.kind in ("end", "stop"):
            out.append([])
        else:
            out[-1].append(item)
    return [sentence for sentence in out if sentence]


def _finish_group(scan: Scan, steps: list[Step]) -> list[Dosage]:
    for step in steps:
        step.timing = with_derived_frequency(step.timing, plural_meals=step.plural_meals)
    _inherit(steps)
    _name_phases(steps)
    base = min((step.sequence for step in steps), default=1)
    found = []
    for step in steps:
        dosage = _dosage(scan, step, step.sequence - base + 1)
        found.append(dosage)
        found.extend(replace(dosage, route=route) for route in dict.fromkeys(step.other_routes))
    return found


def _inherit(steps: list[Step]) -> None:
    """Later steps take what they leave out from the step before; doses side by side share a schedule said once."""
    for earlier, later in pairwise(steps):
        _share_unit(earlier, later)
        if later.amount is None and later.sequence > earlier.sequence:
            later.amount, later.comparator = earlier.amount, earlier.comparator
            later.product = earlier.product
        if later.route is None:
            later.route, later.other_routes = earlier.route, list(earlier.other_routes)
        later.site = later.site or earlier.site
        later.negated = later.negated or (earlier.negated and later.sequence == earlier.sequence)
        if later.own_amount and not later.is_timed() and later.sequence > earlier.sequence:
            later.timing, _ = merge(later.timing, _without_length(earlier.timing))
        if later.sequence > earlier.sequence and earlier.maxima and not later.maxima:
            later.maxima = list(earlier.maxima)
    for earlier, later in zip(reversed(steps[:-1]), reversed(steps), strict=False):
        if earlier.sequence == later.sequence and not earlier.is_timed() and later.is_timed():
            earlier.timing, _ = merge(earlier.timing, later.timing)
        if earlier.sequence == later.sequence:
            earlier.route = earlier.route or later.route


def _share_unit(earlier: Step, later: Step) -> None:
    """ "2 tablets in the morning and 1 at night", "20 mg in the morning and 10 at night": one unit for both."""
    one, two = earlier.amount, later.amount
    if one is not None and two is not None and one.counted and not two.counted and two.quantity.unit == "1":
        later.amount = two._replace(quantity=replace(two.quantity, unit=one.quantity.unit), strength=one.strength)


def _without_length(timing: Timing) -> Timing:
    return replace(timing, bounds=None, count=None, count_max=None, duration=None)


def _name_phases(steps: list[Step]) -> None:
    """An open-ended last step after bounded ones is maintenance; a first step at least as intense is loading."""
    if len(steps) < 2 or steps[-1].sequence == steps[0].sequence:
        return
    first, last = steps[0], steps[-1]
    bounded = first.timing.bounds or first.until or first.timing.count
    if bounded and not (last.timing.bounds or last.timing.count or last.until or last.as_needed):
        last.phase = last.phase or "maintenance"
        if len({step.sequence for step in steps}) == 2 and not _is_weaker(first, last):  # a taper has no loading phase
            first.phase = first.phase or "loading"


def _is_weaker(first: Step, last: Step) -> bool:
    """Whether the first step gives less per time than the last, where that can be told."""
    one, two = _per_hour(first), _per_hour(last)
    return one is not None and two is not None and one[1] == two[1] and one[0] < two[0]


_HOURS = {"h": 1, "d": 24, "wk": 168, "mo": 730, "a": 8766}  # calendar units by their mean, for an order of size only


def _per_hour(step: Step) -> tuple[Fraction, str | None] | None:
    t = step.timing
    if step.amount is None or t.period is None or t.frequency is None or t.period_unit not in _HOURS:
        return None
    value = step.amount.quantity.value
    if value is None:
        return None
    return value * t.frequency / (t.period * _HOURS[t.period_unit]), step.amount.quantity.unit


def _dosage(scan: Scan, step: Step, sequence: int) -> Dosage:
    span = scan.normal.span(scan.tokens[step.first].start, scan.tokens[step.last - 1].end)
    dose, rate, strength, total, doubts = _amounts(scan, step)
    timing = step.timing
    if step.divided is not None and timing.period_unit in (None, "d") and timing.frequency in (None, 1):
        low, high = step.divided
        rate, dose = _per_day(dose), None
        one = Fraction(1)
        timing = replace(timing, frequency=low, frequency_max=high, period=one, period_unit="d")
    elif step.split and dose is not None and timing.period_unit in (None, "h", "d"):
        rate, dose = _per_day(dose), None
    route = step.route
    implied = VERBS.get(step.verb or "")
    if implied in ("inhaled", "nebulised") and route in (None, "oral"):
        route = implied
    doubts.extend(_number_doubts(scan, dose or rate, span.start, span.end))
    if clashes_with_events(timing):
        doubts.append(EVENTS_DIFFER)
    if timing.when and timing.time_of_day:
        timing, doubts = _clock_or_event(timing, doubts)
    return Dosage(
        text=scan.normal.original[span.start : span.end],
        start=span.start,
        end=span.end,
        sequence=sequence,
        dose=dose,
        rate=rate,
        route=route,
        site=step.site,
        timing=_to_original(scan, timing),
        as_needed=step.as_needed,
        as_needed_for=step.reason,
        maxima=tuple(_with_unit(scan, step, ceiling, dose or rate) for ceiling in step.maxima),
        phase=step.phase,
        until=step.until,
        instruction="; ".join(dict.fromkeys(step.instructions)) or None,
        negated=step.negated,
        distrust=tuple(dict.fromkeys(_without_period_doubt(step, dose or rate, [*step.distrust, *doubts]))),
        strength=strength,
        total=total,
    )


def _number_doubts(scan: Scan, dose: Quantity | None, start: int, end: int) -> list[str]:
    """Doubts of every number inside the instruction, and whether the number reader reads the dose otherwise."""
    at = bisect_left(scan.doubtful, start, key=lambda quantity: quantity.start)
    doubts: list[str] = []
    while at < len(scan.doubtful) and scan.doubtful[at].start < end:
        doubts.extend(scan.doubtful[at].distrust)
        at += 1
    other = scan.by_start.get(dose.start) if dose is not None else None
    if dose is not None and other is not None and other.value is not None and dose.value is not None:
        same_unit = other.unit == dose.unit
        if same_unit and other.value != dose.value:
            doubts.append(TWO_READINGS)
    return doubts


def _clock_or_event(timing: Timing, doubts: list[str]) -> tuple[Timing, list[str]]:
    """FHIR allows times of day or events, not both: noon is both; otherwise the clock stands and the rest is
    doubted."""
    if timing.time_of_day == ("12:00:00",):
        return replace(timing, when=(*timing.when, "NOON"), time_of_day=()), doubts
    return timing, [*doubts, "times of day and events together"]


def _amounts(
    scan: Scan, step: Step
) -> tuple[Quantity | None, Quantity | None, Quantity | None, Quantity | None, list[str]]:
    """Dose, rate, strength and total of a step, with offsets of the original, and the doubts of its number."""
    amount = step.amount
    if amount is None:
        strength = step.product.quantity if step.product is not None else None
        return None, None, _placed(scan, strength), None, []
    quantity = amount.quantity
    doubts = list(quantity.distrust)
    if step.comparator is not None:
        quantity = replace(quantity, comparator=step.comparator)
    quantity = _placed(scan, quantity) or quantity
    strength, total = _placed(scan, amount.strength), _placed(scan, amount.total)
    if quantity.kind is QuantityKind.RATE:
        return None, quantity, strength, total, doubts
    return quantity, None, strength, total, doubts


def _per_day(dose: Quantity | None) -> Quantity | None:
    return None if dose is None else replace(dose, unit=f"{dose.unit}/d", kind=QuantityKind.RATE)


def _placed(scan: Scan, quantity: Quantity | None) -> Quantity | None:
    """The quantity with its text and offsets of the original (they counted in the copy)."""
    if quantity is None:
        return None
    span = scan.normal.span(quantity.start, quantity.end)
    return replace(quantity, start=span.start, end=span.end, text=scan.normal.original[span.start : span.end])


def _to_original(scan: Scan, timing: Timing) -> Timing:
    return replace(timing, bounds=_placed(scan, timing.bounds), duration=_placed(scan, timing.duration))


def _per_size(dose: Quantity | None) -> bool:
    """Whether the dose depends on the body: its ceiling without a period is that of the same dose."""
    unit = (dose.unit or "") if dose is not None else ""
    return ("/kg" in unit or "/m2" in unit) and not unit.endswith(("/h", "/min"))


def _without_period_doubt(step: Step, dose: Quantity | None, doubts: list[str]) -> list[str]:
    return [doubt for doubt in doubts if doubt != NO_PERIOD] if _per_size(dose) and step.maxima else doubts


def _with_unit(scan: Scan, step: Step, ceiling: MaxDose, dose: Quantity | None) -> MaxDose:
    """A ceiling without a unit ("max 8 in 24 hours") counts what the dose counts."""
    amount = _placed(scan, ceiling.amount) or ceiling.amount
    if ceiling.per == "period" and ceiling.period is None and _per_size(dose):
        amount = replace(amount, distrust=tuple(doubt for doubt in amount.distrust if doubt != NO_PERIOD))
        by_day = step.amount is not None and step.amount.per == "d"
        ceiling = replace(ceiling, period=Fraction(1), period_unit="d") if by_day else replace(
            ceiling, per="administration")  # fmt: skip
    if amount.unit == "1" and dose is not None and (dose.unit or "").startswith("{"):
        amount = replace(amount, unit=dose.unit)
    return replace(ceiling, amount=amount)
