
"""What holds for any text: it is read without an exception, in linear time, and every span points where it says."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.normalise import normalise
from assistant.parsing import read, reading_to_json

PIECES = st.sampled_from(
    """5 1/2 10^9/L 1-0-1 ½ 0.5 .5 1,000 2-3 7/7 mg mL mg/kg/day units U % tablets puffs mmol/L weeks hours days a an every
    daily bd qds prn nocte q6h in for over up to max then and or , . ; : ( ) [ ] - – ± < ≥ > = not avoid never IV orally IM
    eye loading maintenance increase by reduce until except days on day Monday morning breakfast before after later OR HR
    95% CI to from at within divided doses 24 aged years under CrCl eGFR below stage grade 28+3 gestation no without""".split()
)


@given(st.lists(PIECES, max_size=25))
@settings(max_examples=120, deadline=None)
def test_any_words_of_dosing(words: list[str]) -> None:
    text = " ".join(words)
    reading = read(text)
    for quantity in reading.quantities:
        assert quantity.text == text[quantity.start : quantity.end] != ""
    for earlier, later in zip(reading.quantities, reading.quantities[1:], strict=False):
        assert earlier.end <= later.start
    for dosage in reading.dosages:
        assert 0 <= dosage.start < dosage.end <= len(text) and dosage.text == text[dosage.start : dosage.end]
    for part in (*reading.polarity, *reading.effects, *reading.flags):
        assert 0 <= part.start <= part.end <= len(text)
    assert reading_to_json(read(text)) == reading_to_json(reading)


@given(st.text(max_size=60), PIECES, st.text(max_size=20))
@settings(max_examples=80, deadline=None)
def test_any_characters_around_a_number(before: str, piece: str, after: str) -> None:
    text = before + piece + after
    copy = normalise(text)
    assert normalise(copy.text).text == copy.text
    for quantity in read(text).quantities:
        assert quantity.text == text[quantity.start : quantity.end]


@pytest.mark.parametrize(
    "unit",
    ["5 mg 3.2 mmol/L 10-20 % 7 days ", "1-", "((", "one and ", "max 4 g ", "at 0, 2 and ", "every ", "½"],
)
def test_twice_the_text_takes_about_twice_the_time(unit: str) -> None:
    """A quadratic reader takes four times as long; the better of two keeps the machine's other work out."""

    def seconds(length: int) -> float:
        text = (unit * (length // len(unit) + 1))[:length]
        best = 1e9
        for _ in range(2):
            start = time.process_time()
            read(text)
            best = min(best, time.process_time() - start)
        return best

    assert seconds(4_000) <= 3.2 * seconds(2_000) + 0.05
