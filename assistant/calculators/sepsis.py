"""Sepsis and organ failure: SOFA, qSOFA and the SIRS criteria."""

from __future__ import annotations

from fractions import Fraction

from assistant.calculators.arithmetic import fixed, plain
from assistant.calculators.bedside import (
    BILIRUBIN,
    CREATININE,
    DIASTOLIC,
    FIO2,
    GCS,
    HEART_RATE,
    PAO2,
    PLATELETS,
    RESPIRATORY_RATE,
    SYSTOLIC,
    TEMPERATURE,
    WHITE_CELLS,
    Tally,
    band,
    mean_pressure,
    optional,
)
from assistant.calculators.model import Calculator, Flag, Given, Outcome, Quantity, Source
from assistant.errors import InputError

_DOSE = ("ug/kg/min",)


def _respiration(given: Given, tally: Tally) -> None:
    ratio = given.number("pao2") / (given.number("fio2") / 100)
    helped = given.flag("ventilated", "cpap")
    points = band(ratio, (400, 0), (300, 1), (200, 2), (100, 3), above=4)
    if points > 2 and not helped:
        points = 2  # 3 and 4 points need respiratory support
    tally.add(points, f"PaO2/FiO2 {fixed(ratio, 0)} mmHg, {'with' if helped else 'without'} respiratory support")


def _circulation(given: Given, tally: Tally) -> None:
    zero = Fraction(0)
    dopamine, dobutamine = given.numbers.get("dopamine", zero), given.numbers.get("dobutamine", zero)
    adrenaline = max(given.numbers.get("adrenaline", zero), given.numbers.get("noradrenaline", zero))
    if dopamine > 15 or adrenaline > Fraction("0.1"):
        tally.add(4, "dopamine above 15, or adrenaline or noradrenaline above 0.1 ug/kg/min")
    elif dopamine > 5 or adrenaline > 0:
        tally.add(3, "dopamine above 5, or adrenaline or noradrenaline up to 0.1 ug/kg/min")
    elif dopamine > 0 or dobutamine > 0:
        tally.add(2, "dopamine up to 5 ug/kg/min or any dobutamine")
    else:
        pressure = _pressure(given)
        low = given.flag("hypotension") or (pressure is not None and pressure < 70)
        shown = f"mean arterial pressure {fixed(pressure, 0)} mmHg" if pressure is not None else "hypotension as stated"
        tally.when(low, 1, f"{shown} (below 70), no vasopressor")


def _pressure(given: Given) -> Fraction | None:
    """Mean arterial pressure given or worked out; None when only the flag was given."""
    if given.has("mean_pressure"):
        return given.number("mean_pressure")
    if given.has("systolic") and given.has("diastolic"):
        return mean_pressure(given.number("systolic"), given.number("diastolic"))
    if given.has("hypotension"):
        return None
    raise InputError(
        "missing_input",
        "sofa needs mean_pressure (mmHg), or systolic and diastolic, or hypotension (yes or no), or a vasopressor",
    )


def _sofa(given: Given) -> Outcome:
    tally = Tally(given)
    _respiration(given, tally)
    platelets, bilirubin = given.number("platelets"), given.number("bilirubin")
    tally.add(
        band(platelets, (150, 0), (100, 1), (50, 2), (20, 3), above=4), f"platelets {plain(platelets, 4)} x10^9/L"
    )
    points = band(bilirubin, (12, 4), (6, 3), (2, 2), (Fraction("1.2"), 1), above=0)
    tally.add(points, f"bilirubin {plain(bilirubin, 4)} mg/dL")
    _circulation(given, tally)
    tally.add(
        band(given.number("gcs"), (15, 0), (13, 1), (10, 2), (6, 3), above=4),
        f"Glasgow Coma Scale {plain(given.number('gcs'))}",
    )
    creatinine = given.numbers.get("creatinine")
    urine = given.numbers.get("urine_output")
    if creatinine is None and urine is None:
        raise InputError("missing_input", "sofa needs creatinine (mg/dL or umol/L) or urine_output (mL/day)")
    kidney, why = 0, []
    if creatinine is not None:
        kidney = band(creatinine, (5, 4), (Fraction("3.5"), 3), (2, 2), (Fraction("1.2"), 1), above=0)
        why.append(f"creatinine {plain(creatinine, 4)} mg/dL")
    if urine is not None:
        kidney = max(kidney, 4 if urine < 200 else 3 if urine < 500 else 0)
        why.append(f"urine {plain(urine, 4)} mL/day")
    tally.add(kidney, ", ".join(why))
    notes = ["worst value of each; vasopressors for at least 1 hour"]
    if given.flag("renal_replacement"):
        notes.append("renal replacement is not in the source's table: only creatinine and urine were counted")
    return tally.outcome("", tuple(notes))


def _qsofa(given: Given) -> Outcome:
    tally = Tally(given)
    rate, systolic = given.number("respiratory_rate"), given.number("systolic")
    tally.when(rate >= 22, 1, f"respiratory rate {plain(rate, 4)} /min (22 or more)")
    altered = given.flag("altered_mentation") or (given.has("gcs") and given.number("gcs") < 15)
    tally.when(altered, 1, "altered mentation")
    tally.when(systolic <= 100, 1, f"systolic pressure {plain(systolic, 4)} mmHg (100 or less)")
    notes = ("not suitable alone as a screen for sepsis: SIRS, NEWS or MEWS are preferred (Surviving Sepsis Campaign)",)
    return tally.outcome("2 or more: higher risk of death with infection" if tally.total >= 2 else "", notes)


def _sirs(given: Given) -> Outcome:
    tally = Tally(given)
    heat, rate, breaths = given.number("temperature"), given.number("heart_rate"), given.number("respiratory_rate")
    tally.when(heat > 38 or heat < 36, 1, f"temperature {plain(heat, 4)} C (above 38 or below 36)")
    tally.when(rate > 90, 1, f"heart rate {plain(rate, 4)} /min (above 90)")
    carbon = given.numbers.get("paco2")
    why = f"respiratory rate {plain(breaths, 4)} /min (above 20)" + (
        f" or PaCO2 {plain(carbon, 4)} mmHg (below 32)" if carbon else ""
    )
    tally.when(breaths > 20 or (carbon is not None and carbon < 32), 1, why)
    cells, bands = given.number("white_cells"), given.numbers.get("bands", Fraction(0))
    tally.when(
        cells > 12 or cells < 4 or bands > 10,
        1,
        f"white cells {plain(cells, 4)} x10^9/L (above 12 or below 4), or bands above 10 %",
    )
    return tally.outcome("2 or more: systemic inflammatory response syndrome" if tally.total >= 2 else "")


_SEPSIS_3 = Source(
    "SOFA score, table 1 of the Sepsis-3 definitions", "https://pmc.ncbi.nlm.nih.gov/articles/PMC4968574/table/T1"
)

CALCULATORS = (
    Calculator(
        "sofa",
        "SOFA score",
        "sepsis",
        "respiration, coagulation, liver, circulation, consciousness, kidney: 0 to 4 points each",
        "{score}",
        (
            PAO2,
            FIO2,
            PLATELETS,
            BILIRUBIN,
            GCS,
            optional(CREATININE),
            Quantity(
                "urine_output",
                "urine in 24 hours",
                ("mL/day",),
                "0",
                "20000",
                ("urine", "urine output per day"),
                required=False,
            ),
            Quantity(
                "mean_pressure",
                "mean arterial pressure",
                ("mmHg",),
                "10",
                "250",
                ("map", "mean arterial pressure"),
                bare=True,
                required=False,
            ),
            optional(SYSTOLIC),
            optional(DIASTOLIC),
            Flag("hypotension", "mean arterial pressure below 70 mmHg", ("map below 70",)),
            Flag("ventilated", "mechanical ventilation", ("on mechanical ventilation", "mechanical ventilation")),
            Flag(
                "cpap",
                "continuous positive airway pressure",
                ("continous positive airway pressure", "continuous positive airway pressure"),
            ),
            Flag(
                "renal_replacement",
                "renal replacement therapy (not counted)",
                ("dialysis", "cvvhd", "continuous veno-venous hemodialysis for ≥24 hours in the past week"),
            ),
            Quantity("dopamine", "dopamine", _DOSE, "0", "100", required=False),
            Quantity("dobutamine", "dobutamine", _DOSE, "0", "100", required=False),
            Quantity("adrenaline", "adrenaline", _DOSE, "0", "10", ("epinephrine",), required=False),
            Quantity("noradrenaline", "noradrenaline", _DOSE, "0", "10", ("norepinephrine",), required=False),
        ),
        (_SEPSIS_3,),
        _sofa,
        ("sequential organ failure assessment", "sequential organ failure assessment sofa score"),
    ),
    Calculator(
        "qsofa",
        "qSOFA",
        "sepsis",
        "respiratory rate >=22, altered mentation, systolic <=100: 1 point each",
        "{score}",
        (
            RESPIRATORY_RATE,
            SYSTOLIC,
            Flag("altered_mentation", "altered mentation", ("altered mental status", "confusion")),
            optional(GCS),
        ),
        (
            Source("Sepsis-3, bedside quick SOFA", "https://brundagegroup.com/tips/sepsis-3/"),
            Source("qSOFA score", "https://www.mdapp.co/sepsis-qsofa-score-calculator-297/"),
            Source(
                "Surviving Sepsis Campaign 2021",
                "https://pmc.ncbi.nlm.nih.gov/articles/PMC8486643/",
                note="corpus fact sep-007",
            ),
        ),
        _qsofa,
        ("quick sofa",),
    ),
    Calculator(
        "sirs",
        "SIRS criteria",
        "sepsis",
        "temperature >38 or <36; heart rate >90; respiratory rate >20 or PaCO2 <32 mmHg; white cells >12 or <4 or "
        "bands "
        ">10 %",
        "{score}",
        (
            TEMPERATURE,
            HEART_RATE,
            RESPIRATORY_RATE,
            WHITE_CELLS,
            Quantity(
                "paco2", "arterial carbon dioxide pressure", ("mmHg", "kPa"), "5", "200", ("pco2",), required=False
            ),
            Quantity("bands", "band neutrophils", ("%",), "0", "100", (), percent=True, required=False),
        ),
        (
            Source(
                "SIRS (ACCP/SCCM), BMC Infectious Diseases, table 2",
                "https://bmcinfectdis.biomedcentral.com/articles/10.1186/1471-2334-14-155/tables/2",
            ),
        ),
        _sirs,
        ("sirs criteria",),
    ),
)
