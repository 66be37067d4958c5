"""Each scorer on small answers: what passes, what fails and why, and what does not apply."""

from __future__ import annotations

from typing import Any

import pytest

from evals.cases import Case
from evals.scorers import SCORERS, Asked, Evidence, score

TEXT = "Give examplamol 1 mg by mouth daily for 2 weeks."
EVIDENCE = Evidence(
    texts={"pain#dosing.1": TEXT, "pain#red-flags.1": "Stop at once when the tongue swells."},
    plains={"pain#dosing.1": "Take 1 mg once a day for two weeks."},
    references=frozenset({"smith2020"}),
    must_mention=(("red_flag", "tongue", ("pain#red-flags.1",)),),
)


def claim(text: str = "1 mg", verdict: str = "verified", **source: Any) -> dict[str, Any]:
    quote = {"passage": "pain#dosing.1", "start": 16, "end": 20, "quote": "1 mg", **source}
    return {"text": text, "verdict": verdict, "reason": "why", "source": quote}


def statement(text: str = TEXT, **changes: Any) -> dict[str, Any]:
    whole = {
        "id": "s1",
        "section": "dosing",
        "text": text,
        "citations": [1],
        "claims": [claim()],
        "passage": "pain#dosing.1",
    }
    return {**whole, **changes}


def answer(*statements: dict[str, Any], **changes: Any) -> dict[str, Any]:
    base = {"state": "answered", "statements": list(statements), "references": [{"n": 1, "id": "smith2020"}]}
    return {**base, "notices": [], "not_covered": [], **changes}


def case(**changes: Any) -> Case:
    return Case(**{"id": "a-1", "question": "q", "expected_states": ("answered",), "tags": ("direct",), **changes})


GOOD = answer(statement())


@pytest.mark.parametrize(
    ("name", "case", "answer", "value", "reason"),
    [
        ("state right", case(), GOOD, 1, ""),
        ("state right", case(expected_states=("no_guidance",)), GOOD, 0, "answered, not no_guidance"),
        ("state right", case(), None, 0, "raised ValueError"),
        ("facts stated", case(), GOOD, None, ""),  # nothing wanted: does not apply, which is not a pass
        ("facts stated", case(must_state=({"quantity": "1 mg"},)), GOOD, 1, ""),
        ("facts stated", case(must_state=({"quantity": "2 mg"},)), GOOD, 0, "not stated: 2 mg"),
        ("facts stated", case(must_state=({"quantity": "1 mg", "near": ["daily"]},)), GOOD, 1, ""),
        (
            "facts stated",  # a row of the dosing table counts as one sentence
            case(must_state=({"quantity": "1 mg", "near": ["oral"]},)),
            answer(statement("See table.", dosage={"dose": "1 mg", "route": "oral"})),
            1,
            "",
        ),
        ("facts stated", case(must_state=({"text_any": ["not 2 mg"]},)), answer(notices=["It is not 2 mg."]), 1, ""),
        ("nothing forbidden", case(must_not_state=({"quantity": "1 mg"},)), GOOD, 0, "stated: 1 mg"),
        (
            "nothing forbidden",  # a notice may repeat the wrong premise
            case(must_not_state=({"quantity": "9 mg"},)),
            answer(statement(), notices=["You wrote 9 mg."]),
            1,
            "",
        ),
        ("sources cited", case(must_cite=(("smith2020", "jones2021"),)), GOOD, 1, ""),
        ("sources cited", case(must_cite=(("jones2021",),)), GOOD, 0, "not cited: jones2021"),
        ("sources cited", case(must_cite=(("pain",),)), GOOD, 1, ""),  # a guideline's id
        ("sources cited", case(must_cite=(("smith2020",),)), answer(statement(citations=[], passage=None)), 0, "not"),
        ("citations resolve", case(), GOOD, 1, ""),
        ("citations resolve", case(), answer(statement(citations=[2])), 0, "which is no reference"),
        ("citations resolve", case(), answer(statement(citations=[])), 0, "no citation"),
        ("citations resolve", case(), answer(statement(passage="pain#x.9")), 0, "no passage pain#x.9"),
        ("citations resolve", case(), answer(statement(), references=[{"n": 1, "id": "x"}]), 0, "not in the corpus"),
        ("citations resolve", case(), answer(), None, ""),
        ("quotes stand", case(), GOOD, 1, ""),
        ("quotes stand", case(), answer(statement(claims=[claim(start=17, end=21)])), 0, "does not stand at 17"),
        ("quotes stand", case(), answer(statement(claims=[claim(passage="x#y.1")])), 0, "no passage x#y.1"),
        ("claims verified", case(), GOOD, 1, ""),
        ("claims verified", case(), answer(statement(claims=[claim(verdict="not_found")])), 0, "is not_found: why"),
        ("claims verified", case(), answer(statement(claims=[])), 0, "has no claim"),
        ("no untraced amount", case(), GOOD, 1, ""),
        ("no untraced amount", case(), answer(statement("Give 1000 micrograms for 14 days.")), 1, ""),
        ("no untraced amount", case(), answer(statement("Give 10 mg.")), 0, "10000 micrograms"),
        ("no number without guidance", case(), GOOD, None, ""),
        ("no number without guidance", case(), answer(state="no_guidance", notices=["Not here."]), 1, ""),
        ("no number without guidance", case(), answer(state="no_guidance", not_covered=["5 mg"]), 0, "5000 micrograms"),
        (
            "no number without guidance",  # the question's own amount may be named
            case(question="Is 5 mg right?"),
            answer(state="no_guidance", notices=["5 mg"]),
            1,
            "",
        ),
        ("no number without guidance", case(), answer(statement(), state="no_guidance"), 0, "statement shown"),
        ("fact comes first", case(must_state=({"quantity": "1 mg"},)), GOOD, 1, ""),
        ("fact comes first", case(must_state=({"quantity": "1 mg"},)), answer(), None, ""),
        (
            "fact comes first",
            case(must_state=({"quantity": "1 mg"},)),
            answer(statement("Rest.", section="bottom_line"), statement()),
            0,
            "the bottom line states none of the facts: “Rest.”",
        ),
        ("red flag shown", case(), GOOD, None, ""),
        ("red flag shown", case(tags=("red-flag",)), GOOD, 0, "no red flag"),
        ("red flag shown", case(tags=("red-flag",)), answer(statement(passage="pain#red-flags.1")), 1, ""),
    ],
)  # fmt: skip
def test_scorers(name: str, case: Case, answer: dict[str, Any] | None, value: int | None, reason: str) -> None:
    asked = Asked("a-1", answer, "" if answer else "ValueError: x")
    found = SCORERS[name](case, asked, EVIDENCE)
    assert found.value == value
    assert reason in found.reason


@pytest.mark.parametrize(
    ("name", "patient", "value", "reason"),
    [
        # other words, other unit, same amounts
        ("audiences agree", [("p#1", "Take 1000 micrograms once a day for two weeks.")], 1, ""),
        (
            "audiences agree",
            [("p#1", "Take it for two weeks.")],
            0,
            "only for clinician, not for patient from p#1",
        ),
        (
            "audiences agree",
            [("p#1", "Take 1 mg, at most 4 mg, for two weeks.")],
            0,
            "4000 micrograms only for patient",
        ),
        ("audiences agree", [("p#2", "Rest.")], 1, ""),  # another passage is not another number
        ("audiences see all", [("p#2", "Rest.")], 0, "1000 micrograms only for clinician"),
        ("audiences see all", [("p#2", "Take 1 mg for 14 days.")], 1, ""),
    ],
)
def test_amounts_do_not_depend_on_the_audience(
    name: str, patient: list[tuple[str, str]], value: int, reason: str
) -> None:
    asked = Asked("a-1", GOOD, audiences={"clinician": (("p#1", TEXT),), "patient": tuple(patient)})
    found = SCORERS[name](case(), asked, EVIDENCE)
    assert found.value == value
    assert reason in found.reason


@pytest.mark.parametrize(("difference", "value"), [(None, None), ("", 1), ("asked twice, differs in state", 0)])
def test_repeats_itself(difference: str | None, value: int | None) -> None:
    assert SCORERS["repeats itself"](case(), Asked("a-1", GOOD, repeat_difference=difference), EVIDENCE).value == value


def test_facts_are_counted_one_by_one() -> None:
    wanted = ({"quantity": "1 mg"}, {"quantity": "2 weeks"}, {"quantity": "9 mg"})
    found = score(case(must_state=wanted), Asked("a-1", GOOD), EVIDENCE)["facts stated"]
    assert (found.value, found.part) == (0, (2, 3))


def test_an_exception_fails_the_state_alone() -> None:
    scores = score(case(must_state=({"quantity": "1 mg"},)), Asked("a-1", None, "ValueError: x"), EVIDENCE)
    assert {name: s.value for name, s in scores.items() if s.value is not None} == {"state right": 0}
