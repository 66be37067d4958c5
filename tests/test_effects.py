"""Effect measures with interval, level and p, in the spellings of papers and guidelines."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.effects import read_effects
from assistant.normalise import normalise
from assistant.records import Effect
from assistant.units import decimal_text


def shown(effect: Effect) -> str:
    parts = [effect.measure]
    for value in (effect.value, effect.ci_low, effect.ci_high, effect.ci_level):
        parts.append("-" if value is None else decimal_text(value))
    if effect.p_value is not None and effect.p_comparator is not None:
        parts.append(f"p{effect.p_comparator.value}{decimal_text(effect.p_value)}")
    if effect.unit != "1":
        parts.append(str(effect.unit))
    return " ".join(parts)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("odds ratio 3.12 (95% CI 1.8–5.4; p<0.001)", ["OR 3.12 1.8 5.4 0.95 p<0.001"]),
        ("OR 3.12 [1.8, 5.4]", ["OR 3.12 1.8 5.4 -"]),
        ("aHR=1.7, 95 % confidence interval 1.1 to 2.6", ["aHR 1.7 1.1 2.6 0.95"]),
        ("OR 2.2-3.6", ["OR - 2.2 3.6 -"]),
        ("HR 6.10 (2.9-12.8)", ["HR 6.1 2.9 12.8 -"]),
        ("hazard ratio, 0.66; 95% CI, 0.5 to 0.87; P=0.003", ["HR 0.66 0.5 0.87 0.95 p=0.003"]),
        ("hazard ratio [HR], 0.8 [99% CI, 0.6-1.07]", ["HR 0.8 0.6 1.07 0.99"]),
        ("the adjusted odds ratio for relapse was 2.4 (95% CI 1.2-4.8)", ["aOR 2.4 1.2 4.8 0.95"]),
        ("multivariable-adjusted hazard ratio 1.3 (95% CI 1.1-1.6)", ["aHR 1.3 1.1 1.6 0.95"]),
        ("relative risk 0.71 (0.55–0.92), p = 0.01", ["RR 0.71 0.55 0.92 - p=0.01"]),
        ("standardised incidence ratio 2.8 (95% CI 2.5–3.1)", ["SIR 2.8 2.5 3.1 0.95"]),
        ("incidence rate ratio of 1.9", ["IRR 1.9 - - -"]),
        ("sensitivity 91% (95% CI 86% to 95%)", ["sensitivity 91 86 95 0.95 %"]),
        ("sensitivity of 80% and specificity of 74%", ["sensitivity 80 - - - %", "specificity 74 - - - %"]),
        ("PPV 22% and NPV 98%", ["PPV 22 - - - %", "NPV 98 - - - %"]),
        ("NNT 14 (95% CI 9 to 28)", ["NNT 14 9 28 0.95"]),
        ("mean difference -1.8 mmol/L (95% CI -2.4 to -1.2)", ["MD -1.8 -2.4 -1.2 0.95 mmol/L"]),
        ("SMD −0.4 (95% CI −0.7 to −0.1)", ["SMD -0.4 -0.7 -0.1 0.95"]),
        ("AUC 0.83", ["AUC 0.83 - - -"]),
        ("kappa = 0.7", ["kappa 0.7 - - -"]),
        (
            "OR 3.9 (95% CI 2.5-6.1) for advanced and 1.8 (95% CI 1.2-2.7) for localised disease",
            ["OR 3.9 2.5 6.1 0.95", "OR 1.8 1.2 2.7 0.95"],
        ),
        ("risk rose 1.6 (95% CI 1.2–2.1)", ["estimate 1.6 1.2 2.1 0.95"]),
        ("odds ratio 2·1 (95% CI 1·3–3·4)", ["OR 2.1 1.3 3.4 0.95"]),  # Lancet decimal points
        ("Give 5 mg OR 10 mg", []),
        ("HR 88 bpm, RR 18", []),  # heart and respiratory rate
        ("The odds ratio was not reported.", []),
        ("median 5.9 (2.7-12.4)", []),  # no measure, no confidence interval
    ],
)
def test_reading(text: str, expected: list[str]) -> None:
    assert [shown(effect) for effect in read_effects(normalise(text))] == expected


@settings(max_examples=200, deadline=None)
@given(st.text() | st.text(alphabet="OHR 0123456789.()[]-,;%CIp<=", max_size=60))
def test_any_text(text: str) -> None:
    for effect in read_effects(normalise(text)):
        assert text[effect.start : effect.end] == effect.text
