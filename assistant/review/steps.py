"""The steps of a review as an explicit table: who may take which, from where, and why not. Pure.

    unsigned ──submit──▶ submitted ──start──▶ under review ──approve──▶ approved ──(review_by passes)──▶ expired
                             ▲                     └──request changes──▶ changes requested ──submit──▶ submitted
                             └──submit── withdrawn ◀──withdraw── any of them but unsigned and withdrawn

A step is about one guideline and one content hash. A text that was edited has another hash, so nothing was done with
it yet: it is unsigned, whatever its predecessor was. "Unsigned" is shown to readers as Submitted: the text lies here,
but nobody has put their name to it, and until somebody does nobody can review it (else four eyes would be two).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from assistant.errors import InputError
from assistant.records import ReviewStatus

MOST_COMMENT = 2_000  # characters


class Role(StrEnum):
    AUTHOR = "author"
    REVIEWER = "reviewer"
    ADMINISTRATOR = "administrator"


class State(StrEnum):
    UNSIGNED = "unsigned"
    SUBMITTED = "submitted"
    UNDER_REVIEW = "under_review"
    CHANGES_REQUESTED = "changes_requested"
    APPROVED = "approved"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class Act(StrEnum):
    SUBMIT = "submit"
    START = "start"
    REQUEST_CHANGES = "request_changes"
    APPROVE = "approve"
    WITHDRAW = "withdraw"


TABLE: Mapping[tuple[State, Act], State] = {
    (State.UNSIGNED, Act.SUBMIT): State.SUBMITTED,
    (State.CHANGES_REQUESTED, Act.SUBMIT): State.SUBMITTED,
    (State.WITHDRAWN, Act.SUBMIT): State.SUBMITTED,
    (State.SUBMITTED, Act.START): State.UNDER_REVIEW,
    (State.UNDER_REVIEW, Act.REQUEST_CHANGES): State.CHANGES_REQUESTED,
    (State.UNDER_REVIEW, Act.APPROVE): State.APPROVED,
    (State.SUBMITTED, Act.WITHDRAW): State.WITHDRAWN,
    (State.UNDER_REVIEW, Act.WITHDRAW): State.WITHDRAWN,
    (State.CHANGES_REQUESTED, Act.WITHDRAW): State.WITHDRAWN,
    (State.APPROVED, Act.WITHDRAW): State.WITHDRAWN,
    (State.EXPIRED, Act.WITHDRAW): State.WITHDRAWN,
}
MAY: Mapping[Act, frozenset[Role]] = {
    Act.SUBMIT: frozenset({Role.AUTHOR}),
    Act.START: frozenset({Role.REVIEWER}),
    Act.REQUEST_CHANGES: frozenset({Role.REVIEWER}),
    Act.APPROVE: frozenset({Role.REVIEWER}),
    Act.WITHDRAW: frozenset(Role),  # an author only what is their own, see below
}
BY_OTHERS = frozenset({Act.START, Act.REQUEST_CHANGES, Act.APPROVE})  # four eyes: never by an author or the submitter
WITH_COMMENT = frozenset({Act.REQUEST_CHANGES, Act.WITHDRAW})
# what readers see: three steps, and an approval that has run out or was taken back is none
SHOWN: Mapping[State, ReviewStatus] = {
    **dict.fromkeys(State, ReviewStatus.SUBMITTED),
    State.UNDER_REVIEW: ReviewStatus.UNDER_REVIEW,
    State.APPROVED: ReviewStatus.APPROVED,
}
NAMES: Mapping[State, str] = {
    State.UNSIGNED: "Waiting to be submitted",
    State.SUBMITTED: "Submitted",
    State.UNDER_REVIEW: "Under review",
    State.CHANGES_REQUESTED: "Changes requested",
    State.APPROVED: "Approved",
    State.EXPIRED: "Approval expired",
    State.WITHDRAWN: "Withdrawn",
}
ACT_NAMES: Mapping[Act, str] = {
    Act.SUBMIT: "Submit for review",
    Act.START: "Start the review",
    Act.REQUEST_CHANGES: "Request changes",
    Act.APPROVE: "Approve",
    Act.WITHDRAW: "Withdraw",
}


class ReviewRefusal(InputError):
    """A step that may not be taken; ``code`` is one of wrong_step, no_role, own_text, not_own_text, no_comment,
    long_comment, stale_text, past_review_by."""


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class Standing:
    """How far one content hash of one guideline has come. ``authors`` are all who ever signed it: the authors named at
    a submission and whoever submitted it. ``expires`` is the last day of an approval."""

    state: State = State.UNSIGNED
    authors: frozenset[str] = frozenset()
    expires: date | None = None
    by: str = ""
    at: str = ""  # the UTC time of the last step
    comment: str = ""

    def on(self, today: date) -> Standing:
        """The same on a given day: an approval whose last day has passed is expired."""
        if self.state is State.APPROVED and self.expires is not None and self.expires < today:
            return replace(self, state=State.EXPIRED)
        return self


@dataclass(frozen=True, slots=True)
class Wish:
    """A step that somebody wants to take. ``content`` is the hash they have looked at, ``current`` the one that lies in
    the corpus now; ``authors`` (of a submission) are those who wrote the text beside the person who submits it."""

    act: Act
    content: str
    current: str
    review_by: date
    comment: str = ""
    authors: frozenset[str] = frozenset()


def refusal(standing: Standing, wish: Wish, person: Person, *, today: date) -> ReviewRefusal | None:
    """Why ``person`` may not take the step, or None: text, order, role, four eyes, comment and date, in this sequence."""
    before = standing.on(today)
    what = ACT_NAMES[wish.act].lower()
    if wish.content != wish.current:
        return ReviewRefusal("stale_text", "the text was changed since you looked at it; read it again, then decide")
    if (before.state, wish.act) not in TABLE:
        possible = [NAMES[state].lower() for state, act in TABLE if act is wish.act]
        return ReviewRefusal(
            "wrong_step",
            f"“{what}” is not a step from “{NAMES[before.state].lower()}”; it needs: {', '.join(possible)}",
        )
    if not person.roles & MAY[wish.act]:
        needed = " or ".join(sorted(MAY[wish.act]))
        return ReviewRefusal("no_role", f"“{what}” needs the role {needed}; {person.name} does not have it")
    if wish.act in BY_OTHERS and person.name in before.authors:
        return ReviewRefusal("own_text", f"{person.name} wrote or submitted this text; somebody else has to review it")
    if wish.act is Act.WITHDRAW and person.roles <= {Role.AUTHOR} and not _may_take_back(before, person):
        return ReviewRefusal(
            "not_own_text", "an author may withdraw only their own text, and only before it is approved"
        )
    if wish.act in WITH_COMMENT and not wish.comment.strip():
        return ReviewRefusal("no_comment", f"“{what}” needs a comment that says why")
    if len(wish.comment) > MOST_COMMENT:
        return ReviewRefusal("long_comment", f"a comment may have {MOST_COMMENT:,} characters")
    if wish.act is Act.APPROVE and wish.review_by < today:
        return ReviewRefusal(
            "past_review_by", f"the text was to be reviewed by {wish.review_by}: an approval would have expired already"
        )
    return None


def _may_take_back(standing: Standing, person: Person) -> bool:
    return person.name in standing.authors and standing.state not in {State.APPROVED, State.EXPIRED}


def take(standing: Standing, wish: Wish, person: Person, *, today: date, at: str = "") -> Standing:
    """The standing after the step; raises ReviewRefusal when it may not be taken."""
    refused = refusal(standing, wish, person, today=today)
    if refused is not None:
        raise refused
    state = TABLE[standing.on(today).state, wish.act]
    signed = {person.name, *wish.authors} if wish.act is Act.SUBMIT else set()
    return Standing(
        state=state,
        authors=standing.authors | signed,
        expires=wish.review_by if state is State.APPROVED else None,
        by=person.name,
        at=at,
        comment=wish.comment,
    )


def open_acts(standing: Standing, wish_of: Mapping[Act, Wish], person: Person, *, today: date) -> tuple[Act, ...]:
    """The steps that ``person`` may take now, in the order of the table; one that only lacks its comment is open."""
    open_to = []
    for act, wish in wish_of.items():
        refused = refusal(standing, wish, person, today=today)
        if refused is None or refused.code == "no_comment":
            open_to.append(act)
    return tuple(open_to)


def roles_of(words: Iterable[str]) -> frozenset[Role]:
    """Roles by name; InputError for a name that is none, or for no role at all."""
    names = [word.strip() for word in words if word.strip()]
    unknown = [name for name in names if name not in set(Role)]
    if unknown or not names:
        raise InputError("bad_role", f"roles are {', '.join(Role)}; not {', '.join(unknown) or 'nothing'}")
    return frozenset(map(Role, names))
