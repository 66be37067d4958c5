"""Over the rules of the corpus: a frame with any slot changed disagrees with itself, and a sentence so changed is never verified."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cache

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from assistant.adapters.corpus import read_corpus
from assistant.checker import Checker
from assistant.checks.slots import differences
from assistant.frames import Frame, read_text
from assistant.records import Comparator, Corpus, Effect, Quantity, Rule, Timing, Verdict
from assistant.rules import BLOCKING
from assistant.settings import default_corpus
from assistant.units import decimal_text
from assistant.vocabulary import Vocabulary


@cache
def corpus() -> Corpus:
    return read_corpus(default_corpus())


@cache
def checker() -> Checker:
    return Checker(corpus())


@cache
def vocabulary() -> Vocabulary:
    return Vocabulary(corpus().terms)


@cache
def rules() -> tuple[Rule, ...]:
    return tuple(rule for rule in corpus().rules.values() if rule.kind not in BLOCKING)


@cache
def frames_of(passage: str) -> tuple[Frame, ...]:
    text = corpus().passages[passage].text
    return tuple(f for f in read_text(text, vocabulary()).frames if not f.distrust)


FACTORS = (Fraction(10), Fraction(1, 10), Fraction(2), Fraction(1000), Fraction(1, 1000), Fraction(11, 10))
COMPARATORS = tuple(Comparator)
UNITS = ("mg", "ug", "g", "mL", "[iU]", "mg/kg", "mmol/L", "umol/L", "d", "wk", "mo", "h", "%")
ROUTES = ("oral", "intravenous", "intramuscular", "subcutaneous", "intrathecal", "topical")


def changed_quantities(quantity: Quantity) -> Iterator[tuple[str, Quantity]]:
    for factor in FACTORS:
        ends = {name: getattr(quantity, name) for name in ("value", "low", "high")}
        new = {name: None if end is None else end * factor for name, end in ends.items()}
        if new != ends:
            yield f"value x {factor}", replace(quantity, **new)
    for unit in UNITS:
        if unit != quantity.unit:
            yield f"unit {unit}", replace(quantity, unit=unit)
    if not quantity.is_range:
        for comparator in COMPARATORS:
            if comparator is not quantity.comparator:
                yield f"comparator {comparator}", replace(quantity, comparator=comparator)
    elif quantity.low is not None and quantity.high is not None:
        yield "low end", replace(quantity, low=quantity.low / 2 if quantity.low else Fraction(1, 2))
        yield "high end", replace(quantity, high=quantity.high * 2)


def changed_timings(timing: Timing) -> Iterator[tuple[str, Timing]]:
    if timing.frequency is not None:
        yield "frequency", replace(timing, frequency=timing.frequency + 1, frequency_max=None)
    if timing.period is not None:
        yield "period", replace(timing, period=timing.period * 2, period_max=None)
        yield "period unit", replace(timing, period_unit={"d": "wk", "wk": "d"}.get(timing.period_unit or "", "d"))
    if timing.bounds is not None:
        for what, bounds in changed_quantities(timing.bounds):
            yield f"duration, {what}", replace(timing, bounds=bounds)
    else:
        yield "duration added", replace(timing, bounds=Quantity("9 d", 0, 3, value=Fraction(9), unit="d"))


def changed_effects(effect: Effect) -> Iterator[tuple[str, Effect]]:
    yield "measure", replace(effect, measure="OR" if "HR" in effect.measure else "HR")
    if effect.value is not None:
        yield "value", replace(effect, value=effect.value * 2)
    if effect.ci_low is not None:
        yield "interval, low", replace(effect, ci_low=effect.ci_low / 2)
    if effect.ci_high is not None:
        yield "interval, high", replace(effect, ci_high=effect.ci_high * 2)
    if effect.ci_level is not None:
        yield (
            "level",
            replace(effect, ci_level=Fraction(99, 100) if effect.ci_level != Fraction(99, 100) else Fraction(9, 10)),
        )


def changed(frame: Frame) -> Iterator[tuple[str, Frame]]:
    """The frame with one slot changed, with the name of the change."""
    if frame.quantity is not None:
        for what, quantity in changed_quantities(frame.quantity):
            yield what, replace(frame, quantity=quantity)
        yield "polarity", replace(frame, negated=not frame.negated)
    elif frame.effect is not None:
        for what, effect in changed_effects(frame.effect):
            yield what, replace(frame, effect=effect)
    elif frame.dosage is not None:
        dosage = frame.dosage
        for slot in ("dose", "rate"):
            amount = getattr(dosage, slot)
            for what, other in changed_quantities(amount) if amount is not None else ():
                yield f"{slot}, {what}", replace(frame, dosage=replace(dosage, **{slot: other}))
        for route in ROUTES if dosage.route else ():
            if route != dosage.route:
                yield f"route {route}", replace(frame, dosage=replace(dosage, route=route))
        for what, timing in changed_timings(dosage.timing):
            yield what, replace(frame, dosage=replace(dosage, timing=timing))
        for maximum in dosage.maxima[:1]:
            for what, other in changed_quantities(maximum.amount):
                yield (
                    f"maximum, {what}",
                    replace(frame, dosage=replace(dosage, maxima=(replace(maximum, amount=other),))),
                )
        yield "polarity", replace(frame, negated=not frame.negated)


def is_allowed(what: str, frame: Frame) -> bool:
    """Changes that leave the statement true by the stated policy."""
    held = frame.quantity or (frame.dosage and (frame.dosage.dose or frame.dosage.rate or frame.dosage.timing.bounds))
    return (
        (what.endswith("comparator =") and "~" in frame_comparators(frame))  # "10 %" of "about 10 %"
        or what.endswith("comparator ~")  # "about 10 %" of "10 %" is vaguer, not wrong
        or ("comparator" in what and "maximum" in (frame.family, frame.kind, what.split(",")[0]))  # "max 5", "up to 5"
        or (what.endswith("unit [iU]") and getattr(held, "unit", "") != "mg")  # a unit is an international unit
        or (
            what.startswith("unit") and isinstance(held, Quantity) and held.value == 0
        )  # nothing is nothing in any unit
    )


def frame_comparators(frame: Frame) -> set[str]:
    dosage = frame.dosage
    parts = [frame.quantity] if dosage is None else [dosage.dose, dosage.rate, dosage.timing.bounds]
    return {part.comparator.value for part in parts if part is not None}


def test_a_frame_with_a_changed_slot_disagrees_with_itself() -> None:
    agreeing = set()
    for passage in sorted({rule.passage for rule in rules()})[::3]:
        for frame in frames_of(passage):
            analytes = tuple(sorted(frame.analytes | frame.drugs))
            assert differences(frame, frame, analytes) in (((), ""), None) or frame.family == "effect"
            for what, other in changed(frame):
                found = differences(other, frame, analytes)
                if found is not None and not found[0] and not is_allowed(what, frame):
                    agreeing.add((what, frame.family, frame.text))
    assert not agreeing


NUMBER = re.compile(r"(?<![\w.,])\d+(?:[.]\d+)?(?![\w]|[.,]\d)")
SWAPS = (
    ("mg", "micrograms"), ("micrograms", "mg"), ("mg", "g"), ("g", "mg"), ("mmol", "mg"), ("hours", "days"),
    ("days", "weeks"), ("weeks", "months"), ("months", "weeks"), ("hours", "minutes"), ("once daily", "twice daily"),
    ("twice daily", "once daily"), ("daily", "weekly"), ("weekly", "daily"), ("orally", "intravenously"),
    ("intravenously", "orally"), ("subcutaneously", "intravenously"), ("intramuscularly", "intravenously"),
    ("at least", "at most"), ("at most", "at least"), ("below", "above"), ("above", "below"), ("or more", "or less"),
    ("or less", "or more"), ("or above", "or below"), ("OR", "HR"), ("HR", "OR"), ("mg/kg", "mg"), ("mg/m2", "mg/kg"),
    ("three times", "four times"), ("within", "after"), ("%", "‰"),
)  # fmt: skip


def rewritten(text: str) -> Iterator[tuple[str, str]]:
    """``text`` with one number or one word of a slot changed."""
    for number in NUMBER.finditer(text):
        for factor in (10, Fraction(1, 10), 2, 3):
            new = decimal_text(Fraction(number[0]) * factor)
            yield new, text[: number.start()] + new + text[number.end() :]
    for old, new in SWAPS:
        for place in re.finditer(rf"(?<![\w/]){re.escape(old)}(?![\w/])", text):
            yield new, text[: place.start()] + new + text[place.end() :]


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_a_sentence_with_a_changed_slot_is_never_verified(data: st.DataObject) -> None:
    rule = data.draw(st.sampled_from(rules()))
    text = data.draw(st.sampled_from(rule.accept))
    changes = list(rewritten(text))
    assume(changes)
    new, wrong = data.draw(st.sampled_from(changes))
    passage = corpus().passages[rule.passage]
    # what the passage also says somewhere may be true in the new place: that is for the tests of binding
    assume(
        not re.search(
            rf"(?<![\w.]){re.escape(new)}(?![\w])(?!\.\d)",
            f"{passage.text} {passage.plain or ''} {passage.population or ''}",
        )
    )
    assert checker().check_statement(wrong, passage_ids=(passage.id,)).verdict is not Verdict.VERIFIED, wrong


# each was once verified: the changed number or bound was read into a dosage and compared by nothing
FOUND = (
    ("Give noxafen 5 mg orally, repeatable after 8 hours.", "Give noxafen 5 mg orally, repeatable after 8 days."),
    ("Noxafen: start 5 mg twice daily, maximum 10 mg twice daily.", "Noxafen: start 5 mg twice daily, maximum 10 mg once daily."),
    ("Give noxafen 1 puff every 60 seconds up to 10 puffs.", "Give noxafen 1 puff every 60 seconds up to 1 puffs."),
    ("Give noxafen 5 mg orally at least once weekly.", "Give noxafen 5 mg orally at most once weekly."),
    ("Observe adults at least every 4 hours.", "Observe adults at most every 4 hours."),
    ("Treat pain after at least a week of noxafen.", "Treat pain after at most a week of noxafen."),
    ("Give glucose 10 % intravenously over 15 minutes.", "Give glucose 10 ‰ intravenously over 15 minutes."),
    ("Give noxafen 5 mg for about 2 days.", "Give noxafen 5 mg for at least 2 days."),
    ("Give noxafen 1 g by mouth every 6 hours.", "Give noxafen l g by mouth every 6 hours."),
)  # fmt: skip


@pytest.mark.parametrize(("source", "wrong"), FOUND)
def test_what_was_once_verified_is_no_longer(source: str, wrong: str) -> None:
    assert checker().audit(source, source)[0].verdict is Verdict.VERIFIED
    assert checker().audit(wrong, source)[0].verdict is not Verdict.VERIFIED
