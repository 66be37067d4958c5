"""Bedside observation: National Early Warning Score 2 and Glasgow Coma Scale."""

from __future__ import annotations

from fractions import Fraction

from assistant.calculators.arithmetic import plain
from assistant.calculators.bedside import (
    HEART_RATE,
    RESPIRATORY_RATE,
    SPO2,
    SYSTOLIC,
    TEMPERATURE,
    Tally,
    band,
)
from assistant.calculators.model import Calculator, Choice, Flag, Given, Outcome, Source


def _news2(given: Given) -> Outcome:
    tally = Tally(given)
    points: list[int] = []

    def score(value: int, why: str) -> None:
        points.append(value)
        tally.add(value, why)

    breaths, saturation = given.number("respiratory_rate"), given.number("spo2")
    score(band(breaths, (25, 3), (21, 2), (12, 0), (9, 1), above=3), f"respiration {plain(breaths, 4)} /min")
    oxygen = given.flag("oxygen")
    if given.choice("spo2_scale") == "scale_1":
        score(band(saturation, (96, 0), (94, 1), (92, 2), above=3), f"SpO2 {plain(saturation, 4)} % on scale 1")
    else:
        high = band(saturation, (97, 3), (95, 2), (93, 1), above=0) if oxygen else 0
        low = band(saturation, (88, 0), (86, 1), (84, 2), above=3)
        score(max(high, low), f"SpO2 {plain(saturation, 4)} % on scale 2")
    score(2 if oxygen else 0, "supplemental oxygen" if oxygen else "air")
    systolic, pulse, heat = given.number("systolic"), given.number("heart_rate"), given.number("temperature")
    score(
        band(systolic, (220, 3), (111, 0), (101, 1), (91, 2), above=3), f"systolic pressure {plain(systolic, 4)} mmHg"
    )
    score(band(pulse, (131, 3), (111, 2), (91, 1), (51, 0), (41, 1), above=3), f"pulse {plain(pulse, 4)} /min")
    alert = given.choice("consciousness") == "alert"
    score(0 if alert else 3, f"consciousness: {given.choice('consciousness').replace('_', ' ')}")
    ends = ((Fraction("39.1"), 2), (Fraction("38.1"), 1), (Fraction("36.1"), 0), (Fraction("35.1"), 1))
    score(band(heat, *ends, above=3), f"temperature {plain(heat, 4)} C")
    if tally.total >= 7:
        reading = "7 or more: high clinical risk, emergency assessment"
    elif tally.total >= 5:
        reading = "5-6: medium clinical risk, urgent assessment"
    else:
        reading = "a single parameter of 3: urgent ward-based assessment" if 3 in points else "0-4: low clinical risk"
    return tally.outcome(reading)


def _gcs(given: Given) -> Outcome:
    tally = Tally(given)
    for name in ("eye", "verbal", "motor"):
        word = given.choice(name)
        tally.add(int(word.split("_")[0]), f"{name}: {word.split('_', 1)[1].replace('_', ' ')}")
    return tally.outcome()


_GCS_INPUTS = (
    Choice(
        "eye",
        "best eye response",
        {
            "4_spontaneous": (
                "4",
                "spontaneous",
                "spontaneously",
                "eyes open spontaneously",
                "eye opening spontaneous",
            ),
            "3_to_speech": ("3", "to speech", "to voice", "to command", "verbal", "eye opening to verbal command"),
            "2_to_pain": ("2", "to pain", "pain", "eye opening to pain"),
            "1_none": ("1", "none", "no eye opening", "no response"),
        },
        ("best eye response", "eye opening"),
    ),
    Choice(
        "verbal",
        "best verbal response",
        {
            "5_oriented": ("5", "oriented", "orientated"),
            "4_confused": ("4", "confused", "disoriented"),
            "3_inappropriate_words": ("3", "inappropriate words"),
            "2_incomprehensible_sounds": ("2", "incomprehensible sounds", "incomprehensible"),
            "1_none": ("1", "none", "no verbal response", "no response"),
        },
        ("best verbal response",),
    ),
    Choice(
        "motor",
        "best motor response",
        {
            "6_obeys_commands": ("6", "obeys commands", "obeys"),
            "5_localises_pain": ("5", "localizes pain", "localises pain"),
            "4_withdraws": ("4", "withdrawal from pain", "withdraws from pain", "withdraws"),
            "3_abnormal_flexion": ("3", "flexion to pain", "abnormal flexion", "decorticate"),
            "2_extension": ("2", "extension to pain", "extension", "decerebrate"),
            "1_none": ("1", "none", "no motor response", "no response"),
        },
        ("best motor response",),
    ),
)

CALCULATORS = (
    Calculator(
        "news2",
        "National Early Warning Score 2",
        "warning",
        "seven parameters, 0 to 3 points each",
        "{score}",
        (
            RESPIRATORY_RATE,
            SPO2,
            SYSTOLIC,
            HEART_RATE,
            TEMPERATURE,
            Choice(
                "consciousness",
                "consciousness",
                {
                    "alert": ("a",),
                    "cvpu": ("new confusion", "confusion", "voice", "pain", "unresponsive", "c", "v", "p", "u"),
                },
                ("avpu", "acvpu"),
            ),
            Flag("oxygen", "supplemental oxygen", ("on oxygen", "supplemental oxygen"), True),
            Choice(
                "spo2_scale",
                "SpO2 scale (2 only for a target of 88-92 %)",
                {"scale_1": ("1",), "scale_2": ("2",)},
                ("scale",),
                "scale_1",
            ),
        ),
        (
            Source(
                "National Early Warning Score (NEWS) 2, Royal College of Physicians 2017 (copy of chart 1)",
                "https://scribd.com/document/584338409/NEWS2-Chart-1-The-NEWS-scoring-system-0-0",
            ),
            Source("NEWS2 calculator", "https://medcalc3000.com/NEWS.htm"),
        ),
        _news2,
        ("news", "national early warning score"),
        0,
        "adults",
    ),
    Calculator(
        "glasgow_coma_scale",
        "Glasgow Coma Scale",
        "warning",
        "eye (1-4) + verbal (1-5) + motor (1-6)",
        "{score}",
        _GCS_INPUTS,
        (
            Source("Glasgow Coma Score", "http://www.sfar.org/scores2/glasgow2.php"),
            Source("Glasgow Coma Scale", "https://clinicalexam.com/n_ref_glasgow.htm"),
        ),
        _gcs,
        ("gcs", "glasgow coma score", "glasgow coma score gcs"),
        0,
        "a component that cannot be tested gives no total",
    ),
)
