"""Dates of pregnancy from the last menstrual period: due date, gestational age, conception."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from fractions import Fraction

from assistant.calculators.model import Calculator, Choice, Day, Given, Outcome, Quantity, Source
from assistant.errors import InputError

_LMP = Day(
    "last_menstrual_period", "first day of the last menstrual period", ("lmp", "last menstrual date", "last period")
)
_CYCLE = Quantity(
    "cycle_length",
    "length of the cycle (default 28)",
    ("days",),
    "20",
    "45",
    ("cycle", "menstrual cycle length"),
    bare=True,
    required=False,
)
_LONGEST_GESTATION = 320  # days; a later date belongs to another pregnancy


def naegele(start: date) -> date:
    """Three months back, seven days on, in the next year: counted over the calendar, so up to 3 days off 280.

    Where the month three back has no such day (31 May), its last day is taken before the week is added.
    """
    month, year = (start.month - 4) % 12 + 1, start.year + (start.month > 3)
    return date(year, month, min(start.day, monthrange(year, month)[1])) + timedelta(days=7)


def _shift(given: Given) -> int:
    """Days by which the cycle differs from 28; only whole days."""
    length = given.numbers.get("cycle_length", Fraction(28))
    if length.denominator != 1:
        raise InputError("out_of_range", "cycle_length is a whole number of days")
    return int(length) - 28


def _due(given: Given) -> Outcome:
    start, shift = given.days["last_menstrual_period"], _shift(given)
    dates = {"naegele": naegele(start), "days_280": start + timedelta(days=280)}
    chosen = given.choice("method")
    steps = [
        f"{start.isoformat()} {'- 3 months + 7 days' if chosen == 'naegele' else '+ 280 days'}"
        f" = {dates[chosen].isoformat()}"
    ]
    if shift:
        steps.append(f"cycle of {28 + shift} days: {shift:+d} days")
    other = "days_280" if chosen == "naegele" else "naegele"
    label = {"naegele": "by Naegele's rule", "days_280": "by 280 days"}[other]
    also = {label: (dates[other] + timedelta(days=shift)).isoformat()}
    return Outcome(
        dates[chosen] + timedelta(days=shift), tuple(steps), "", ("early ultrasound dates more exactly",), also
    )


def _conception(given: Given) -> Outcome:
    start, shift = given.days["last_menstrual_period"], _shift(given)
    days = 14 + shift
    step = f"{start.isoformat()} + ({28 + shift} - 14) days"
    return Outcome(start + timedelta(days=days), (step,), "", ("an estimate: ovulation varies",))


def _gestation(given: Given) -> Outcome:
    start, now = given.days["last_menstrual_period"], given.days["current_date"]
    days = (now - start).days
    if not 0 <= days <= _LONGEST_GESTATION:
        raise InputError(
            "out_of_range", f"current_date is {days} days after the last period; 0 to {_LONGEST_GESTATION} are read"
        )
    weeks, rest = divmod(days, 7)
    text = f"{weeks} week{'' if weeks == 1 else 's'} {rest} day{'' if rest == 1 else 's'}"
    return Outcome(Fraction(days), (f"{now.isoformat()} - {start.isoformat()} = {days} days",), text=text)


_RULE = Source("Naegele's rule", "https://www.thefreedictionary.com/Naegele%27s+rule")
_CYCLE_SOURCE = Source(
    "Due date adjusted for the length of the cycle", "https://agentcalc.com/pregnancy-due-date-calculator.html"
)
_CONCEPTION_SOURCE = Source(
    "Conception = LMP + (cycle - 14) days", "https://calculatorlib.com/pregnancy-conception-calculator"
)

CALCULATORS = (
    Calculator(
        "due_date",
        "Estimated due date",
        "pregnancy",
        "Naegele: last period - 3 months + 7 days (next year), + (cycle - 28) days; or + 280 days",
        "",
        (
            _LMP,
            _CYCLE,
            Choice(
                "method",
                "rule",
                {"naegele": ("calendar",), "days_280": ("280", "280 days", "40 weeks")},
                ("rule",),
                "naegele",
            ),
        ),
        (_RULE, _CYCLE_SOURCE),
        _due,
        ("estimated due date", "edd", "naegele", "expected date of delivery"),
    ),
    Calculator(
        "gestational_age",
        "Gestational age",
        "pregnancy",
        "days since the first day of the last period",
        "d",
        (_LMP, Day("current_date", "date for which the age is wanted", ("date", "today", "on", "current date"))),
        (
            Source(
                "Gestational age counts from the last period",
                "https://animal-calculator.com/Pregnancy-Calculator-Due-Date-Weeks.php",
            ),
        ),
        _gestation,
        ("estimated gestational age", "weeks of pregnancy"),
    ),
    Calculator(
        "conception_date",
        "Estimated date of conception",
        "pregnancy",
        "last period + (cycle - 14) days",
        "",
        (_LMP, _CYCLE),
        (_CONCEPTION_SOURCE,),
        _conception,
        ("estimated date of conception", "estimated of conception", "conception"),
    ),
)
