"""Binding: which words, drug and step a number belongs to."""

from assistant.frames import Frame, read_text
from assistant.vocabulary import Vocabulary
from tests.tiny_checker_corpus import TERMS

VOCABULARY = Vocabulary(TERMS)


def frames(text: str, lead: str = "") -> tuple[Frame, ...]:
    return read_text(text, VOCABULARY, lead=lead).frames


def words(frame: Frame) -> set[str]:
    return {stem for stem, negated in frame.local if not negated}


def test_each_effect_is_bound_to_its_own_outcome() -> None:
    left, right = frames("Fictose was associated with gout (OR 6.2, 95 % CI 2.7–14.5) and with migraine (OR 2.9).")
    assert "gout" in words(left) and "migraine" not in words(left)
    assert "migrain" in words(right) and "gout" not in words(right)


def test_effects_that_name_their_outcome_behind_them() -> None:
    left, right = frames("Fictose was higher (OR 4.2 for gout vs OR 1.9 for migraine).")
    assert "gout" in words(left) and "gout" not in words(right)
    assert "migrain" in words(right) and "migrain" not in words(left)


def test_a_later_step_inherits_drug_dose_and_route() -> None:
    first, second = frames("Give examplamol 5 mg intramuscularly daily for 2 weeks, then every 2 months.")
    assert first.drugs == second.drugs == {"examplamol"}
    assert first.dosage is not None and second.dosage is not None
    assert second.dosage.dose is not None and second.dosage.dose.value == 5
    assert second.dosage.route == first.dosage.route == "intramuscular"
    assert (first.order, second.order) == (1, 2)


def test_the_nearest_drug_before_governs_and_a_heading_stands_in() -> None:
    one, two = frames("Give examplamol 5 mg daily; give samplamycin 9 mg weekly.")
    assert (one.drugs, two.drugs) == ({"examplamol"}, {"samplamycin"})
    (bare,) = frames("Give 5 mg daily.", lead="Examplamol in adults")
    assert bare.drugs == {"examplamol"}


def test_a_brand_is_its_drug() -> None:
    assert frames("Give Exampla 5 mg daily.")[0].drugs == {"examplamol"}


def test_names_with_digits_are_no_quantities() -> None:
    assert frames("NICE NG239 and COVID-19 name no amount.") == ()


def test_a_denied_dose_is_marked() -> None:
    (denied,) = frames("Do not give examplamol 5 mg daily.")
    (given,) = frames("Give examplamol 5 mg daily.")
    assert denied.negated and not given.negated


def test_a_population_that_is_absent_is_not_one_that_is_present() -> None:
    text = read_text("Without tremor, give examplamol 5 mg daily.", VOCABULARY)
    signs = {word.stem: word.negated for word in text.words}
    assert signs["term:tremor"] is True
    assert signs["term:examplamol"] is False
