"""Owns whether what one sentence says of doses is an instruction, a remark to the one before it, or neither."""

from __future__ import annotations

from bisect import bisect_left

from assistant.amounts import is_dose_unit
from assistant.dosing_phrases import STRONG_VERBS, VERBS
from assistant.dosing_scan import Item, Scan
from assistant.dosing_step import CHANGE_AS_TEXT, NUMBER_LEFT, PAUSE_AS_TEXT, Step, without_repeats
from assistant.dosing_steps import Reader
from assistant.records import QuantityKind, Timing
from assistant.timings import merge, with_derived_frequency


def read_steps(scan: Scan, items: list[Item], before: list[Step]) -> list[Step] | None:
    """The steps of one sentence; None when it only adds to ``before``, the instruction that stands in front of it."""
    said = Reader(scan, items, before)
    said.read()
    if _adds_to_before(said):
        _add_to_before(said)
        return None
    _keep_pauses(said)
    kept = [step for n, step in enumerate(said.steps) if _is_instruction(said, step, n)]
    kept = without_repeats(kept)
    if not kept:
        return []
    for step in kept:
        at = bisect_left(said.left, step.first, key=lambda item: item.end)  # in order: a look-up, not a search
        if at < len(said.left) and said.left[at].start < step.last:  # "12 500 units" too
            step.distrust.append(NUMBER_LEFT)
    if said.product is not None and kept[0].amount is None and not kept[0].maxima:
        kept[0].product = said.product
    return kept


def _keep_pauses(said: Reader) -> None:
    """ "then stop for 21 days": no dose, but the step before says so."""
    for step, later in zip(said.steps, said.steps[1:], strict=False):
        stopped = later.amount is None and later.first >= 0 and later.timing.bounds is not None
        words = said.scan.words(later.first, later.last) if stopped else ""
        if stopped and any(word in words.lower().split() for word in ("stop", "rest", "off", "without", "no")):
            step.instructions.append(words)
            step.distrust.append(PAUSE_AS_TEXT)
            later.timing, later.blocked = Timing(), True
        elif later.amount is None and CHANGE_AS_TEXT in later.distrust:  # "then reduce by 5 mg every 2 days"
            step.instructions.extend(later.instructions + ([f"until {later.until}"] if later.until else []))
            step.distrust.append(CHANGE_AS_TEXT)
            later.instructions, later.until = [], None


_CONDITIONS = frozenset({"if", "unless", "when", "where", "under", "over", "below", "above"})


def _adds_to_before(said: Reader) -> bool:
    """ "To be taken with or after food.", "Maximum 8 tablets in 24 hours." after an instruction."""
    if not said.before or len(said.steps) != 1 or said.step.stepped:
        return False
    step = said.step
    if step.amount is not None or step.negated:
        return False
    if step.maxima:  # "if under 50 kg, up to 2 g in 24 hours" is another patient's
        return said.unknown <= 3 and not any(item.value in _CONDITIONS for item in said.items if item.kind == "word")
    timing = step.timing
    says_how = bool(timing.when or timing.bounds or timing.duration or step.instructions or step.as_needed)
    return said.unknown == 0 and says_how and timing.period is None


def _add_to_before(said: Reader) -> None:
    step = said.step
    for earlier in said.before:
        earlier.maxima.extend(step.maxima)
        earlier.instructions.extend(step.instructions)
        earlier.as_needed = earlier.as_needed or step.as_needed
        earlier.reason = earlier.reason or step.reason
        earlier.distrust.extend(step.distrust)
        had = earlier.timing
        earlier.timing, doubts = merge(with_derived_frequency(had, plural_meals=earlier.plural_meals), step.timing)
        earlier.distrust.extend(doubts)
    if step.last > 0:
        said.before[-1].last = max(said.before[-1].last, step.last)


def _is_instruction(said: Reader, step: Step, n: int) -> bool:
    if not step.says_anything():
        return False
    later = said.steps[n + 1] if n + 1 < len(said.steps) else None
    if n == 0 and later is not None and _is_first_dose(step, later) and not said.blocked:
        return True
    whole = said.unknown == 0 and not said.blocked and not said.left
    timing = step.timing
    stepped = n > 0 and bool(step.is_timed() or timing.bounds or step.amount or step.as_needed)
    if said.blocked and step.route is None and step.verb is None:
        return False
    if step.amount is not None and step.amount.counted:
        volume = step.amount.quantity.kind is QuantityKind.RATE and (step.amount.quantity.unit or "").startswith(
            ("mL", "L/")
        )
        beside = bool(step.is_timed() or step.route or step.verb or step.as_needed or timing.bounds)
        beside = beside or bool(step.phase or step.instructions or step.until)
        if volume:
            return bool(whole or step.route or step.verb in ("infuse", "infused", "give", "given", "run"))
        return bool(whole or beside or timing.duration or step.maxima or stepped or step.divided)
    if step.amount is not None:
        return bool(whole or step.is_timed() or step.as_needed or step.maxima or step.verb or timing.bounds or stepped)
    if said.product is not None and step.is_timed() and step.unknown <= 3:
        return True  # "examplamol 5 micrograms/hour patch every 7 days"
    if whole or (stepped and said.steps[0].says_anything()):
        return True
    if step.maxima:
        return any(is_dose_unit(ceiling.amount.unit) for ceiling in step.maxima) or said.unknown <= 3
    return _is_without_dose(said, step)


def _is_first_dose(step: Step, later: Step) -> bool:
    """ "examplamol 4 mg, then 2 mg every 2 hours": a dose whose schedule is that it comes first."""
    if step.amount is None or not step.amount.counted or step.unknown > 2:
        return False
    return later.stepped and later.own_amount and bool(later.is_timed() or later.timing.bounds)


def _is_without_dose(said: Reader, step: Step) -> bool:
    """ "apply sparingly twice daily", "use bid as needed", "give hydroxocobalamin every 3 months"."""
    says = step.is_timed() or step.as_needed or step.instructions or step.frequency_alone()
    if not says and not (step.negated and step.route):  # "must never be given intrathecally"
        return False
    if said.speaks_of_other:
        return False
    first = said.items[0]
    if first.kind in ("part", "place", "instruction", "prn") and (step.route or step.verb or step.instructions):
        return step.unknown <= 4 or bool(step.verb in STRONG_VERBS)
    if step.verb is None or step.verb not in VERBS:
        return False
    at_head = first.kind == "verb" and str(first.value) in STRONG_VERBS
    return at_head or step.unknown <= 2
