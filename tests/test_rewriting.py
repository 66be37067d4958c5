"""One form for phrases that mean the same, offsets kept; and sentences that restate their source."""

import pytest

from assistant.restating import key_of, keys_of, squeeze, without_lead_in
from assistant.rewriting import compose, lead_ins, rewrite

SAME = [
    ("Repeat ferritin once a month.", "Repeat ferritin once monthly."),
    ("Repeat ferritin every month.", "Repeat ferritin once monthly."),
    ("Repeat ferritin monthly.", "Repeat ferritin once monthly."),
    ("examplamol 20 mg oral a day", "examplamol 20 mg oral daily"),
    ("examplamol 20 mg per day", "examplamol 20 mg daily"),
    ("examplamol 20 mg 2 times a day", "examplamol 20 mg twice daily"),
    ("examplamol 20 mg PO OD", "examplamol 20 mg orally once daily"),
    ("examplamol 20 mg tds", "examplamol 20 mg three times daily"),
    ("examplamol 2 mg i.m. every other day", "examplamol 2 mg intramuscularly on alternate days"),
    ("by intramuscular injection", "intramuscularly"),
    ("fluids 12-hourly", "fluids every 12 hours"),
    ("fluids q12h", "fluids every 12 hours"),
    ("over half an hour", "over 30 minutes"),
    ("over 10 min", "over 10 minutes"),
    ("within 6 hrs", "within 6 hours"),
    ("after at least a week", "after at least 1 week"),
    ("if CrCl <40 mL/min", "if creatinine clearance below 40 mL/min"),
    ("if it is more than 7 mmol/L", "if it is above 7 mmol/L"),
    ("a dose of no less than 4 mg", "a dose of at least 4 mg"),
    ("it must not exceed 8 mg", "it no more than 8 mg"),
    ("not more than 8 mg", "no more than 8 mg"),
    ("at most 8 mg", "no more than 8 mg"),
    ("three or fewer", "3 or less"),
    ("65 or above", "65 or more"),
    ("for five to seven days", "for 5 to 7 days"),
    ("grade two", "grade 2"),
    ("used solely in adults", "used only in adults"),
    ("Don't stop it", "Do not stop it"),
    ("K+ 3.1", "potassium 3.1"),
    ("12 per cent", "12 %"),
]  # fmt: skip
UNTOUCHED = [
    "a day later", "within a day", "a day or two", "one of them", "over 6 minutes", "under the skin is rewritten elsewhere"[:5],
    "B12 daily", "of three kinds", "once daily", "no more than 5 mg", "three times weekly", "the on-call team", "10 weekly doses"[:2],
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), SAME)
def test_phrases_that_mean_the_same_get_one_form(text: str, wanted: str) -> None:
    assert rewrite(text).text == wanted
    assert rewrite(wanted).text == wanted


@pytest.mark.parametrize("text", UNTOUCHED)
def test_what_is_in_no_phrase_stays(text: str) -> None:
    assert rewrite(text) == (text, None)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("20 mg three times a week", "20 mg three times a day"),
        ("20 mg once a week", "20 mg once a day"),
        ("above 5 mg", "below 5 mg"),
        ("no more than 5 mg", "no less than 5 mg"),
        ("every 2 hours", "every 2 days"),
        ("20 mg daily", "20 mg twice daily"),
        ("5 mg IM", "5 mg IV"),
        ("10 mg for a week", "10 mg a week"),
        ("every 3 weekly", "three times weekly"),
        ("over 6 hours", "above 6 hours"),
    ],
)
def test_phrases_that_differ_keep_differing(one: str, other: str) -> None:
    assert rewrite(one).text != rewrite(other).text
    assert key_of(rewrite(one).text) != key_of(rewrite(other).text)


def test_offsets_lead_back_to_what_was_written() -> None:
    text = "Give 5 mg once every 6 hrs, no less than 2 doses."
    rewritten = rewrite(text)
    assert rewritten.places is not None and len(rewritten.places) == len(rewritten.text)
    for part, written in (("every 6 hours", "every 6 hrs"), ("at least 2", "no less than 2"), ("5 mg", "5 mg")):
        start = rewritten.text.index(part)
        low, high = rewritten.places[start], rewritten.places[start + len(part) - 1] + 1
        assert written in text[low:high]
    assert list(rewritten.places) == sorted(rewritten.places)
    assert compose((0, 2), (5, 6, 7)) == (5, 7)
    assert compose(None, (5,)) == (5,) and compose((1,), None) == (1,)


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("Give 5 mcg for 2 wks", "Give 5 micrograms for 2 weeks."),
        ("Give 1,000 mg to the patient", "Give 1000 mg to the patient"),
        ("5 to 7 mmol/L is raised", "5\u20137 mmol/L is raised"),
        ("Give it in a tumor", "Give it in a tumour"),
        ("use 10^9/L", "use 10^9/L"),
    ],
)
def test_the_same_words_have_one_key(claim: str, source: str) -> None:
    mine, theirs = key_of(rewrite(claim).text), key_of(rewrite(source).text)
    assert mine is not None and theirs is not None and mine.words == theirs.words
    assert len(mine.spans) == len(mine.words.split())


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("Give 5 mg", "Give 5 g"),
        ("Give 5 mg", "Give 5 Mg"),
        ("Give 15 mg", "Give 1.5 mg"),
        ("It is safe", "It is unsafe"),
        ("Give A not B", "Give B not A"),
        ("Give 5 mg", "Give 5\u200b mg"),
        ("Give \uff15 mg", "Give 5 mg"),
    ],
)
def test_other_words_or_hidden_signs_have_another_key_or_none(claim: str, source: str) -> None:
    mine, theirs = key_of(claim), key_of(source)
    assert mine is None or theirs is None or mine.words != theirs.words


def test_a_source_is_restated_without_its_bracket_and_with_its_condition_behind() -> None:
    text = "In tremor, give examplamol 5 mg daily (US label)."
    words = {key.words for key in keys_of(text, 0, len(text))}
    for claim in ("In tremor give examplamol 5 mg daily.", "Give examplamol 5 mg daily, in tremor."):
        key = key_of(claim)
        assert key is not None and key.words in words


@pytest.mark.parametrize(
    "bracket", ["(not in pregnancy)", "(5 mg if frail)", "(max 8 mg)", "(unless bleeding)", "(in adults)"]
)
def test_a_bracket_that_limits_is_never_left_out(bracket: str) -> None:
    text = f"Give examplamol 5 mg daily {bracket}."
    without = key_of("Give examplamol 5 mg daily.")
    assert without is not None and without.words not in {key.words for key in keys_of(text, 0, len(text))}


def test_words_that_say_nothing_may_stand_in_front() -> None:
    assert without_lead_in("In short: give it") == len("In short: ")
    assert without_lead_in("- Remember: give it") == len("- Remember: ")
    assert without_lead_in("In pregnancy: give it") == 0
    assert without_lead_in("Not for children: give it") == 0
    assert all(word == word.lower() for word in lead_ins())


def test_squeeze_keeps_every_sign_that_counts() -> None:
    assert squeeze(" Give\u00a05\u20137 mg. ") == "give 5-7 mg"
    assert squeeze("give 5 Mg") != squeeze("give 5 mg")
