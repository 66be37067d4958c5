
"""Owns maximum doses: "max 8 in 24 hours", "not to exceed 4 g/day", per administration, course or lifetime."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from assistant.amounts import is_dose_unit, read_amount
from assistant.dosing_scan import Amount, Item, Scan, starts_with
from assistant.records import Comparator, MaxDose, QuantityKind
from assistant.schedules import loose_period, per_part, read_part

_MAX_LEADS = (
    "up to a maximum of", "up to a maximum dose of", "to a maximum of", "up to maximum of", "to a maximum dose of",
    "with a maximum of", "maximum daily dose is", "maximum daily dose of", "maximum daily dose", "max daily dose of",
    "max daily dose", "maximum daily amount", "max daily amount", "maximum dose per day", "maximum dose is",
    "maximum dose of", "maximum dose", "max dose of", "max dose", "maximum single dose of", "maximum single dose",
    "max single dose", "maximum total dose of", "maximum of", "max of", "maximum", "max", "mdd", "daily maximum",
    "daily maximum of", "daily max", "no more than", "not more than", "not to exceed", "do not exceed",
    "should not exceed", "must not exceed", "not exceeding", "without exceeding", "does not exceed", "never exceed",
    "do not take more than", "do not use more than", "do not give more than", "never take more than", "dont exceed",
    "should not take more than", "must not take more than", "don't take more than", "don't exceed", "cannot exceed",
    "to be no more than", "maximum cumulative dose of", "maximum lifetime dose of", "do not inhale more than",
    "maximum lifetime dose", "lifetime maximum of", "lifetime maximum", "lifetime maximum dose of", "limit to",
    "limited to", "up to a max of", "to a max of", "maximal daily dose of", "maximal daily dose", "maximal dose",
    "maximum recommended dose", "maximum recommended daily dose", "maximum recommended dose is", "maximum rate",
    "maximum amount", "limit of", "do not apply more than",
)  # fmt: skip
MAX_BY_FIRST: dict[str, list[list[str]]] = {}
for _lead in sorted(_MAX_LEADS, key=len, reverse=True):
    MAX_BY_FIRST.setdefault(_lead.split()[0], []).append(_lead.split())


NO_PERIOD = "the period of the maximum is not stated"


def read_maximum(scan: Scan, i: int, items: Sequence[Item] = ()) -> tuple[list[MaxDose], int] | None:
    """ "max 8 in 24 hours", "not to exceed 4 g/day", "maximum daily dose 3 mdd 3", "daily dose should not exceed 16
    mg"."""
    if scan.text(i) == "up":
        found = _up_to_in_a_day(scan, i)
        if found is not None:
            return found
    j, words = i, []  # type: int, list[str]
    if scan.text(i) == "daily" and scan.text(i + 1) == "dose":
        j, words = i + 2, ["daily"]
    elif scan.text(i) == "total" and scan.text(i + 1) == "daily" and scan.text(i + 2) == "dose":
        j, words = i + 3, ["daily"]
    elif scan.text(i) == "each" and scan.text(i + 1) == "dose":
        j, words = i + 2, ["single"]
    for lead in MAX_BY_FIRST.get(scan.text(j), ()):
        if all(scan.text(j + n) == word for n, word in enumerate(lead)):
            words += lead
            j += len(lead)
            break
    else:
        return None
    while scan.text(j) in _KINDS_OF_MAXIMUM:
        words.append(scan.text(j))
        j += 1
    while scan.text(j) in (":", "-", "=", "of", "is", "a", "total", "the", "("):
        j += 1
    if scan.text(j) == "per" and scan.text(j + 1) == "period":
        j += 2 + (scan.text(j + 2) in ("of", "is", ":"))
    if scan.text(j) == "per" and scan.text(j + 1) in (
        "administration",
        "dose",
        "day",
        "course",
        "lifetime",
        "injection",
    ):
        words.append({"day": "daily", "dose": "single", "injection": "single"}.get(scan.text(j + 1), scan.text(j + 1)))
        j += 2
        while scan.text(j) in (":", "of", "is", "-"):
            j += 1
    if scan.text(j) == "single" and scan.text(j + 1) == "dose":
        words.append("single")
        j += 2 + (scan.text(j + 2) == "of")
    amount = read_amount(scan, j) or ("single" not in words and _behind_is(scan, j)) or None
    if amount is None:
        return None
    return _ceiling(scan, words, amount[0], amount[1], items)


_MOST_NAMES = 9  # words of drug and circumstance between "maximum dose of" and "is"


def _behind_is(scan: Scan, j: int) -> tuple[Amount, int] | None:
    """The amount of "maximum dose of lorazepam in delirium is 2 mg", where ``j`` stands behind "maximum dose of"."""
    for k in range(j, j + _MOST_NAMES):
        word = scan.text(k)
        if word == "is":
            return read_amount(scan, k + 1)
        if not word.isalpha():
            return None
    return None


_KINDS_OF_MAXIMUM = frozenset("cumulative lifetime total single daily recommended adult usual individual dose".split())


def _up_to_in_a_day(scan: Scan, i: int) -> tuple[list[MaxDose], int] | None:
    """ "up to 4 g in 24 hours": a ceiling; "up to 4 g daily" stays a dose."""
    amount = read_amount(scan, i + 2) if scan.text(i + 1) == "to" else None
    if amount is None or not amount[0].counted or scan.text(amount[1]) not in ("in", "within"):
        return None
    found = _ceiling(scan, [], amount[0], amount[1], ())
    return found if found is not None and found[0][0].period == 24 else None


def _ceiling(
    scan: Scan, words: list[str], amount: Amount, j: int, items: Sequence[Item]
) -> tuple[list[MaxDose], int] | None:
    unit = amount.quantity.unit or "1"
    if unit != "1" and not is_dose_unit(unit):
        return None
    if not amount.counted and scan.text(j) in (
        "days",
        "day",
        "weeks",
        "months",
        "years",
        "hours",
        "week",
        "month",
        "%",
    ):
        return None
    if scan.text(j) == "doses":
        j += 1
    per, period, period_unit = "", Fraction(1), "d"
    after = j
    joined = starts_with(scan, j, "in a", "in any", "in each", "during a", "within a", "over a", "in one")
    found = per_part(scan.tokens, j) if scan.text(j) in ("per", "a", "an", "/", "each", "every", "in") else None
    if found is None and (joined or scan.text(j) in ("within", "during", "over", "daily", "weekly", "monthly")):
        found = loose_period(scan.tokens, j)
    word = scan.text(j + 1 + (scan.text(j + 1) in ("a", "any", "one", "single")))
    if amount.per is not None:
        per, period_unit = "period", amount.per
    elif found is not None and found.timing.period is not None and found.timing.period_unit is not None:
        per, period, period_unit, after = "period", found.timing.period, found.timing.period_unit, found.end
    elif scan.text(j) in ("per", "as", "in", "each", "/", "for", "a", "at") and word in (
        "dose", "administration", "injection", "application", "time"
    ):  # fmt: skip
        per, after = "administration", j + 2 + (word != scan.text(j + 1))
    elif scan.text(j) in ("per", "in", "for") and word in ("course", "lifetime", "treatment", "life"):
        per, after = ("course" if word in ("course", "treatment") else "lifetime"), j + 2
    elif "daily" in words or "mdd" in words:
        per = "period"
    elif "single" in words or "administration" in words:
        per = "administration"
    elif "lifetime" in words or "cumulative" in words:
        per = "lifetime"
    elif "course" in words:
        per = "course"
    elif (times := read_part(scan.tokens, j) if j < len(scan.tokens) else None) and times.timing.frequency:
        per, after = "administration", times.end  # "to a maximum of 100 mg twice daily"
    if not per:
        if "rate" in words or (not amount.counted and words and words[0] not in ("max", "maximum", "up", "to")):
            return None
        if scan.text(j) in ("times", "x"):
            return None
        behind_amount = bool(items) and items[-1].kind == "sign" and items[-1].value in ("(", "[")
        per = "administration" if "dose" in words or behind_amount else "period"
        if per == "period":  # "max 4 g" with no period said: kept, and doubted
            amount = amount._replace(quantity=replace(amount.quantity, distrust=(*amount.quantity.distrust, NO_PERIOD)))
            period_unit = ""
    quantity = replace(amount.quantity, kind=QuantityKind.MAXIMUM, comparator=Comparator.AT_MOST)
    in_period = per == "period" and period_unit != ""
    maxima = [MaxDose(quantity, per, period if in_period else None, period_unit if in_period else None)]
    if amount.total is not None:
        total = replace(amount.total, kind=QuantityKind.MAXIMUM, comparator=Comparator.AT_MOST)
        maxima.append(replace(maxima[0], amount=total))
    return maxima, after
