"""Gold of dose strings in one line each, and the comparison of a reading's FHIR dosages with it, slot by slot.

A line is ``text | step // step``; a step is slots: ``d=`` dose, ``rate=``, ``r=`` route, ``f=`` times per period,
``for=`` bounds, ``n=`` count, ``over=`` length of one administration, ``w=`` events, ``off=`` minutes, ``day=``, ``at=``
clock times, ``prn`` or ``prn=word``, ``max=amount/period``, ``site=``, ``neg``. ``a|b`` are two right readings, ``*`` is
any. A slot that is not named must be absent from the reading, but for ``off``, ``site`` and ``n``. ``FLAG`` means that
the reading must say that it is not to be relied on (or read nothing).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
Row = dict[str, str]
_SHORT = {"oral", "sublingual"}


def lines(name: str) -> list[tuple[str, list[Row]]]:
    """The cases of ``name``: text and steps."""
    found = []
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            text, _, gold = line.rpartition(" | ")
            found.append((text, [_slots(step) for step in gold.split(" // ")]))
    return found


def _slots(step: str) -> Row:
    row: Row = {}
    for piece in step.split():
        name, _, value = piece.partition("=")
        row[name] = value or "yes"
    return row


def _number(value: float | int | None) -> str:
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _amount(quantity: dict[str, Any] | None) -> str:
    if quantity is None:
        return ""
    unit = quantity.get("code") or quantity.get("unit") or ""
    return f"{quantity.get('comparator', '')}{_number(quantity.get('value'))}{'' if unit == '1' else unit}"


def _range(span: dict[str, Any]) -> str:
    low, high = span.get("low"), span.get("high")
    if low is None:
        return "<=" + _amount(high)
    unit = low.get("code") or low.get("unit") or ""
    ends = f"{_number(low.get('value'))}-{_number(high.get('value')) if high else ''}"
    return ends + ("" if unit == "1" else unit)


def observed(dosage: dict[str, Any]) -> Row:
    """One FHIR dosage as slots of the same form as the gold."""
    row: Row = {}
    for given in dosage.get("doseAndRate", ()):
        if "doseQuantity" in given:
            row["d"] = _amount(given["doseQuantity"])
        if "doseRange" in given:
            row["d"] = _range(given["doseRange"])
        if "rateQuantity" in given:
            row["rate"] = _amount(given["rateQuantity"])
        if "rateRange" in given:
            row["rate"] = _range(given["rateRange"])
    if row.get("rate", "").endswith("/d") and "d" not in row:
        row["d"] = row.pop("rate")  # a daily amount to be divided stands as a rate in FHIR
    if "route" in dosage:
        row["r"] = dosage["route"]["text"].replace(" ", "_")
    if "site" in dosage:
        row["site"] = dosage["site"]["text"].replace(" ", "_")
    row.update(_timing(dosage.get("timing", {}).get("repeat", {})))
    if dosage.get("asNeededBoolean") or "asNeededCodeableConcept" in dosage:
        row["prn"] = dosage.get("asNeededCodeableConcept", {}).get("text", "yes")
    if "maxDosePerPeriod" in dosage:
        ceiling = dosage["maxDosePerPeriod"]
        row["max"] = f"{_amount(ceiling['numerator'])}/{_amount(ceiling['denominator'])}"
    elif "maxDosePerAdministration" in dosage:
        row["max"] = f"{_amount(dosage['maxDosePerAdministration'])}/administration"
    elif "maxDosePerLifetime" in dosage:
        row["max"] = f"{_amount(dosage['maxDosePerLifetime'])}/lifetime"
    if dosage.get("negated"):
        row["neg"] = "yes"
    if dosage.get("distrust"):
        row["FLAG"] = "; ".join(dosage["distrust"])
    return row


def _timing(repeat: dict[str, Any]) -> Row:
    row: Row = {}
    if any(name in repeat for name in ("frequency", "frequencyMax", "period")):
        times = _number(repeat["frequency"]) if "frequency" in repeat else "<="
        if "frequencyMax" in repeat:
            times += ("-" if "frequency" in repeat else "") + _number(repeat["frequencyMax"])
        period = _number(repeat.get("period"))
        if "periodMax" in repeat:
            period += "-" + _number(repeat["periodMax"])
        row["f"] = f"{times}/{period}{repeat.get('periodUnit', '')}"
    if "boundsDuration" in repeat:
        row["for"] = _amount(repeat["boundsDuration"])
    if "boundsRange" in repeat:
        row["for"] = _range(repeat["boundsRange"])
    if "count" in repeat:
        row["n"] = str(repeat["count"])
    if "duration" in repeat:
        upper = f"-{_number(repeat['durationMax'])}" if "durationMax" in repeat else ""
        row["over"] = f"{_number(repeat['duration'])}{upper}{repeat.get('durationUnit', '')}"
    if "when" in repeat:
        row["w"] = ",".join(repeat["when"])
    if "offset" in repeat:
        row["off"] = str(repeat["offset"])
    if "dayOfWeek" in repeat:
        row["day"] = ",".join(repeat["dayOfWeek"])
    if "timeOfDay" in repeat:
        row["at"] = ",".join(time[:5] for time in repeat["timeOfDay"])
    return row


_STRICT = ("d", "rate", "r", "f", "for", "over", "w", "day", "at", "prn", "max", "neg", "n")


def wrong_slots(gold: list[Row], dosages: list[dict[str, Any]]) -> list[str]:
    """The names of the slots that differ; ``steps`` when the number of dosages does; empty when all is right."""
    rows = [observed(dosage) for dosage in dosages]
    if "FLAG" in gold[0]:
        return [] if not rows or any("FLAG" in row for row in rows) else ["FLAG"]
    wrong = []
    if len(rows) != len(gold):
        wrong.append("steps")
    for expected, row in zip(gold, [*rows, *[{}] * len(gold)], strict=False):
        wrong.extend(name for name in _STRICT if not _agree(name, expected.get(name), row.get(name)))
        wrong.extend(name for name in ("off", "site") if name in expected and expected[name] != row.get(name))
    return wrong


def _agree(name: str, expected: str | None, seen: str | None) -> bool:
    if expected is None:
        return seen is None
    for choice in expected.split("|"):
        if choice == "*" or choice == seen:
            return True
        if name == "prn" and seen is not None and (choice == "yes" or choice in seen):
            return True
        if name == "d" and seen is not None and seen == f"{choice}/d":
            return True
        if name == "max" and seen is not None and seen.removeprefix("<=").replace("/24h", "/1d") in (
            choice.replace("/24h", "/1d"),
        ):
            return True
        if name == "over" and seen is not None and seen == choice.lstrip("<>="):
            return True
        if name in ("w", "day") and seen is not None and set(choice.split(",")) == set(seen.split(",")):
            return True
    return False
