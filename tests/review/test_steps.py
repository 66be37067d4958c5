"""The state machine by a random walk: whatever people try, no forbidden state is reached and every refusal has a reason.

ASSISTANT_TEST_WALK=10000 walks that many steps; the suite walks a few hundred.
"""

from __future__ import annotations

import os
from collections import Counter
from datetime import date, timedelta
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from assistant.errors import InputError
from assistant.records import ReviewStatus
from assistant.review.steps import (
    MAY,
    SHOWN,
    TABLE,
    Act,
    Person,
    ReviewRefusal,
    Role,
    Standing,
    State,
    Wish,
    refusal,
    roles_of,
    take,
)

STEPS = int(os.environ.get("ASSISTANT_TEST_WALK", "400"))
PEOPLE = [
    Person("ann", frozenset({Role.AUTHOR})),
    Person("amy", frozenset({Role.AUTHOR, Role.REVIEWER})),
    Person("bob", frozenset({Role.REVIEWER})),
    Person("bea", frozenset({Role.REVIEWER, Role.ADMINISTRATOR})),
    Person("root", frozenset({Role.ADMINISTRATOR})),
    Person("all", frozenset(Role)),
    Person("none", frozenset()),
]
BY_NAME = {person.name: person for person in PEOPLE}
TODAY = date(2026, 1, 1)


class Walk(RuleBasedStateMachine):
    """Keeps, beside the machine, its own account of what happened to each text and judges the machine by it."""

    walked = 0
    reached: ClassVar[Counter[State]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.current = "text-0"
        self.edits = 0
        self.today = TODAY
        self.standings: dict[str, Standing] = {}
        self.done: dict[str, list[tuple[Act, str]]] = {}
        self.signed: dict[str, set[str]] = {}

    def standing(self) -> Standing:
        return self.standings.get(self.current, Standing()).on(self.today)

    @rule()
    def edit(self) -> None:
        self.edits += 1
        self.current = f"text-{self.edits}"
        assert self.standing().state is State.UNSIGNED
        assert SHOWN[self.standing().state] is ReviewStatus.SUBMITTED
        Walk.walked += 1

    @rule(back=st.integers(0, 3))
    def put_back(self, back: int) -> None:
        """An edit that restores an earlier text."""
        self.current = f"text-{max(0, self.edits - back)}"
        Walk.walked += 1

    @rule(days=st.integers(1, 200))
    def wait(self, days: int) -> None:
        self.today += timedelta(days=days)
        Walk.walked += 1

    @rule(
        act=st.sampled_from(list(Act)),
        person=st.sampled_from(PEOPLE),
        comment=st.sampled_from(["", " ", "a reason"]),
        other=st.sampled_from(["", "ann", "amy", "bob"]),
        seen=st.sampled_from(["current", "current", "current", "another"]),
        lasts=st.integers(-30, 400),
    )
    def attempt(self, act: Act, person: Person, comment: str, other: str, seen: str, lasts: int) -> None:
        Walk.walked += 1
        before = self.standing()
        content = self.current if seen == "current" else "text-unseen"
        authors = frozenset({other} if other else ())
        wish = Wish(act, content, self.current, self.today + timedelta(days=lasts), comment, authors)
        try:
            after = take(before, wish, person, today=self.today)
        except ReviewRefusal as refused:
            assert refused.code and len(str(refused)) > 20
            return
        assert content == self.current, "a stale text was acted on"
        assert (before.state, act) in TABLE and TABLE[before.state, act] is after.state
        assert person.roles & MAY[act]
        signed = self.signed.setdefault(self.current, set())
        if act in {Act.START, Act.APPROVE, Act.REQUEST_CHANGES}:
            assert person.name not in signed, "somebody reviewed their own text"
        if act is Act.APPROVE:
            assert lasts >= 0, "approved past its own date"
        if act in {Act.WITHDRAW, Act.REQUEST_CHANGES}:
            assert comment.strip()
        if act is Act.SUBMIT:
            signed |= {person.name, *authors}
        self.standings[self.current] = after
        self.done.setdefault(self.current, []).append((act, person.name))

    @rule(choice=st.integers(0, 99), person=st.sampled_from(PEOPLE[:4]), lasts=st.integers(0, 60))
    def likely(self, choice: int, person: Person, lasts: int) -> None:
        """A step that the table knows from here, by somebody who may often take it: or the walk would hardly leave home."""
        acts = [act for state, act in TABLE if state is self.standing().state]
        self.attempt(acts[choice % len(acts)], person, "a reason", "", "current", lasts)

    @rule(choice=st.integers(0, 99), lasts=st.integers(0, 60))
    def onward(self, choice: int, lasts: int) -> None:
        """The same without withdrawing, by somebody else than the authors where that is needed."""
        acts = [act for state, act in TABLE if state is self.standing().state and act is not Act.WITHDRAW]
        if acts:
            act = acts[choice % len(acts)]
            able = [
                p for p in PEOPLE if p.roles & MAY[act] and (act is Act.SUBMIT or p.name not in self.standing().authors)
            ]
            self.attempt(act, (able or PEOPLE)[choice % len(able or PEOPLE)], "a reason", "", "current", lasts)

    @invariant()
    def approval_has_a_history(self) -> None:
        """An approved text was submitted, started and approved in this order, by two people at least, and is in date."""
        for text, standing in self.standings.items():
            now = standing.on(self.today)
            if SHOWN[now.state] is not ReviewStatus.APPROVED:
                continue
            acts = self.done[text]
            assert [act for act, _ in acts[-3:]] == [Act.SUBMIT, Act.START, Act.APPROVE]
            assert acts[-1][1] not in self.signed[text]
            assert acts[-3][1] != acts[-1][1]
            assert now.expires is not None and now.expires >= self.today
            assert Role.REVIEWER in BY_NAME[acts[-1][1]].roles

    @invariant()
    def only_known_states(self) -> None:
        assert all(standing.state in set(State) for standing in self.standings.values())
        Walk.reached[self.standing().state] += 1


Walk.TestCase.settings = settings(
    max_examples=max(4, STEPS // 50),
    stateful_step_count=100,
    deadline=None,
    derandomize=STEPS <= 400,
    suppress_health_check=list(HealthCheck),
)
TestWalk = Walk.TestCase


def test_the_walk_was_long_enough() -> None:
    """As many steps as were asked for, and every state was stood in: a walk that never gets anywhere proves nothing."""
    print(f"{Walk.walked} steps walked, standing in {dict(Walk.reached)}")
    assert Walk.walked >= STEPS
    assert set(Walk.reached) == set(State)


def wish(act: Act, **other: object) -> Wish:
    values = {"act": act, "content": "a", "current": "a", "review_by": date(2027, 1, 1), "comment": "why"} | other
    return Wish(**values)  # type: ignore[arg-type]


ANN, AMY, BOB, ROOT = (BY_NAME[name] for name in ("ann", "amy", "bob", "root"))
SUBMITTED = take(Standing(), wish(Act.SUBMIT, authors=frozenset({"amy"})), ANN, today=TODAY)
STARTED = take(SUBMITTED, wish(Act.START), BOB, today=TODAY)
APPROVED = take(STARTED, wish(Act.APPROVE), BOB, today=TODAY)


@pytest.mark.parametrize(
    ("standing", "asked", "person", "code", "words"),
    [
        (Standing(), wish(Act.START), BOB, "wrong_step", "waiting to be submitted"),
        (Standing(), wish(Act.APPROVE), BOB, "wrong_step", "it needs: under review"),
        (SUBMITTED, wish(Act.APPROVE), BOB, "wrong_step", "submitted"),
        (APPROVED, wish(Act.APPROVE), BOB, "wrong_step", "approved"),
        (APPROVED, wish(Act.SUBMIT), ANN, "wrong_step", "approved"),
        (SUBMITTED, wish(Act.START), ANN, "no_role", "reviewer"),
        (STARTED, wish(Act.APPROVE), ROOT, "no_role", "root does not have it"),
        (SUBMITTED, wish(Act.START), AMY, "own_text", "somebody else"),
        (STARTED, wish(Act.APPROVE), AMY, "own_text", "wrote or submitted"),
        (STARTED, wish(Act.APPROVE, content="b"), BOB, "stale_text", "changed since"),
        (STARTED, wish(Act.REQUEST_CHANGES, comment=" "), BOB, "no_comment", "says why"),
        (STARTED, wish(Act.WITHDRAW, comment="x" * 2001), BOB, "long_comment", "2,000"),
        (STARTED, wish(Act.APPROVE, review_by=date(2025, 12, 31)), BOB, "past_review_by", "2025-12-31"),
        (APPROVED, wish(Act.WITHDRAW), ANN, "not_own_text", "before it is approved"),
        (SUBMITTED, wish(Act.WITHDRAW), Person("al", frozenset({Role.AUTHOR})), "not_own_text", "their own"),
    ],
)
def test_every_refusal_has_its_reason(standing: Standing, asked: Wish, person: Person, code: str, words: str) -> None:
    refused = refusal(standing, asked, person, today=TODAY)
    assert refused is not None
    assert refused.code == code
    assert words in str(refused)


def test_an_approval_ends_with_the_day_of_its_review_date() -> None:
    assert APPROVED.on(date(2027, 1, 1)).state is State.APPROVED
    assert APPROVED.on(date(2027, 1, 2)).state is State.EXPIRED
    assert SHOWN[APPROVED.on(date(2027, 1, 2)).state] is ReviewStatus.SUBMITTED


def test_roles_are_read_strictly() -> None:
    assert roles_of(["author", " reviewer"]) == {Role.AUTHOR, Role.REVIEWER}
    for wrong in ([], ["king"], ["author", "king"]):
        with pytest.raises(InputError, match="author, reviewer, administrator"):
            roles_of(wrong)
