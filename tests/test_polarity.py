
"""Negation, condition and firmness."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.normalise import normalise
from assistant.polarity import Firmness, modality, polarity_at, read_polarity
from assistant.records import Polarity


@pytest.mark.parametrize(
    ("text", "concept", "value"),
    [
        ("She denies numbness.", "numbness", "negated"),
        ("No ataxia, tremor or weakness.", "weakness", "negated"),
        ("No ataxia, there is tremor.", "tremor", "affirmed"),
        ("No ataxia but tremor is present.", "tremor", "affirmed"),
        ("Tremor without ataxia.", "Tremor", "affirmed"),
        ("Tremor without ataxia.", "ataxia", "negated"),
        ("Myelopathy has been ruled out.", "Myelopathy", "negated"),
        ("Myelopathy cannot be excluded.", "Myelopathy", "affirmed"),
        ("The count showed no increase in platelets.", "platelets", "affirmed"),
        ("Found not only in leukaemia but also in hepatitis.", "leukaemia", "affirmed"),
        ("Examplamol should be avoided in pregnancy.", "Examplamol", "negated"),
        ("Do not use examplamol as a marker.", "marker", "negated"),
        ("Treatment must not be delayed.", "Treatment", "affirmed"),
        ("Give examplamol if the level falls.", "level", "conditional"),
        ("Give examplamol unless the level is high.", "level", "conditional"),
        ("Give examplamol if needed.", "examplamol", "affirmed"),
        ("There is no evidence that examplamol helps. It is given daily.", "given daily", "affirmed"),
    ],
)
def test_scopes(text: str, concept: str, value: str) -> None:
    start = text.index(concept)
    found = polarity_at(read_polarity(normalise(text)), start, start + len(concept))
    assert found is Polarity(value)


@pytest.mark.parametrize(
    ("text", "value", "cue"),
    [
        ("Offer examplamol.", Firmness.SHOULD, "Offer"),
        ("Consider examplamol.", Firmness.MAY, "Consider"),
        ("Examplamol should be considered.", Firmness.MAY, "considered"),  # the weaker word governs
        ("Examplamol must be stopped.", Firmness.MUST, "must"),
        ("Examplamol must not be given.", Firmness.DO_NOT, "must not"),
        ("Do not offer examplamol.", Firmness.DO_NOT, "Do not"),
        ("There is insufficient evidence for examplamol.", Firmness.INSUFFICIENT_EVIDENCE, "insufficient evidence"),
        ("Updated in May 2024.", Firmness.NONE, ""),
        ("Give 1 mg.", Firmness.NONE, ""),
    ],
)
def test_modality(text: str, value: Firmness, cue: str) -> None:
    found = modality(text)
    assert (found.value, found.cue) == (value, cue)
    assert text[found.start : found.end] == cue


@given(
    st.lists(
        st.sampled_from(
            "no not without but if unless is excluded not recommended , . ; ( ) fever rash do never ½".split()
        ),
        max_size=30,
    )
)
def test_spans_stay_in_bounds(words: list[str]) -> None:
    text = " ".join(words)
    for span in read_polarity(normalise(text)):
        assert 0 <= span.start < span.end <= len(text)
        assert span.cue


@given(st.text(max_size=120))
def test_never_raises(text: str) -> None:
    read_polarity(normalise(text))
    modality(text)
