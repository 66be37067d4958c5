"""The copy reads well, maps back to the original, and marks what could deceive."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.normalise import FOREIGN_DIGIT, FOREIGN_MARK, HIDDEN, NARROW_SPACE, normalise


@pytest.mark.parametrize(
    ("text", "copy"),
    [
        ("plain 5 mg", "plain 5 mg"),
        ("8 × 10⁹/L", "8 × 10^9/L"),  # never 109/L
        ("h⁻¹", "h^-1"),
        ("3½ tablets", "3 1/2 tablets"),  # never 31/2
        ("¾", "3/4"),
        ("4–6 — 7 − 8", "4-6 - 7 - 8"),
        ("７ mg", "7 mg"),
        ("٣ mg", "3 mg"),
        ("0·25", "0.25"),  # Lancet decimal point
        ("a · b", "a · b"),  # a dot between words is not a decimal point
        ("2\u202f000", "2 000"),
        ("4\u200b0", "40"),
        ("5 ㎍ at 39 ºC", "5 μg at 39 °C"),
        ("µg", "μg"),
        ("CHA₂DS₂", "CHA2DS2"),
        ("cafe\u0301", "café"),
        ("“yes” isn’t", '"yes" isn\'t'),
    ],
)
def test_copy(text: str, copy: str) -> None:
    assert normalise(text).text == copy


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("４", {0: FOREIGN_DIGIT}),
        ("4\u200b0", {1: HIDDEN}),
        ("4\u202e0", {1: HIDDEN}),
        ("4\u202f000", {1: NARROW_SPACE}),
        ("４．５", {0: FOREIGN_DIGIT, 1: FOREIGN_MARK, 2: FOREIGN_DIGIT}),
        ("4\u00ad0", {1: HIDDEN}),
    ],
)
def test_marks(text: str, marks: dict[int, str]) -> None:
    assert dict(normalise(text).marks) == marks


def test_span_covers_the_original_characters() -> None:
    normal = normalise("give 2½ tablets")
    start = normal.text.index("1/2")
    assert normal.source(start, start + 3) == "½"
    assert normal.source(normal.text.index("tablets"), len(normal.text)) == "tablets"


def test_narrow_spaces_are_no_reason_for_distrust() -> None:
    normal = normalise("4\u202f000")
    assert normal.marks_in(0, len(normal.text)) == ()


@given(st.text())
def test_any_text_is_copied_once_and_for_all(text: str) -> None:
    normal = normalise(text)
    assert normalise(normal.text).text == normal.text
    whole = normal.span(0, len(normal.text))
    assert 0 <= whole.start <= whole.end <= len(text)


@given(st.text(alphabet="½٣４⁹₂µ\u200b\u202e\u0301e5 -–−·.,", max_size=30))
def test_spans_rise_with_the_copy(text: str) -> None:
    normal = normalise(text)
    spans = [normal.span(i, i + 1) for i in range(len(normal.text))]
    assert all(a.start <= b.start and a.end <= b.end for a, b in pairwise(spans))
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
