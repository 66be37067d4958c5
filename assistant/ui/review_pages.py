"""The pages of the review board: sign-in, queue, one topic, the log. Server-rendered, no script."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assistant.records import CheckedStatement, Guideline, Passage, Rule, Verdict
from assistant.review.chain import Fault
from assistant.review.face import Event, Topic, queue, side_by_side
from assistant.review.steps import ACT_NAMES, NAMES, WITH_COMMENT, Act, State
from assistant.ui.afterword import review_steps
from assistant.ui.templating import page, safe
from assistant.ui.words import VERDICTS, long_date


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who looks at the page; ``csrf`` goes into each of its forms."""

    name: str
    roles: tuple[str, ...]
    csrf: str


def _page(template: str, title: str, base_path: str, visitor: Visitor | None, **values: Any) -> str:
    return page(
        template, title=f"{title}, review", current="review", base_path=base_path, visitor=visitor, long_date=long_date,
        names=NAMES, **values,
    )  # fmt: skip


def sign_in_page(*, base_path: str, csrf: str, problem: str = "", name: str = "", by_proxy: bool = False) -> str:
    return _page(
        "review_sign_in.html.jinja",
        "Sign in",
        base_path,
        None,
        csrf=csrf,
        problem=problem,
        typed=name,
        by_proxy=by_proxy,
    )


def trouble_page(problem: str, *, base_path: str, visitor: Visitor | None) -> str:
    return _page("review_trouble.html.jinja", "Not done", base_path, visitor, problem=problem)


def queue_page(topics: Sequence[Topic], *, base_path: str, visitor: Visitor, state: str = "") -> str:
    counts = Counter(topic.standing.state for topic in topics)
    shown = [topic for topic in queue(topics) if not state or topic.standing.state.value == state]
    rows = [
        {
            "id": t.guideline.id, "title": t.guideline.title, "version": t.guideline.version,
            "state": t.standing.state, "edited": t.edited, "was": bool(t.approved) and t.approved != t.content,
            "by": t.standing.by, "on": t.standing.at[:10], "review_by": long_date(t.guideline.review_by),
        }
        for t in shown
    ]  # fmt: skip
    tallies = [(s.value, NAMES[s], counts[s]) for s in State if counts[s]]
    return _page(
        "review_queue.html.jinja",
        "Queue",
        base_path,
        visitor,
        rows=rows,
        counts=tallies,
        state=state,
        total=len(topics),
    )


def topic_page(
    topic: Topic,
    *,
    base_path: str,
    visitor: Visitor,
    acts: Sequence[Act],
    copy: str,
    approved: str,
    rules: Sequence[Rule],
    findings: Sequence[tuple[Passage, CheckedStatement]],
    events: Sequence[Event],
    problem: str = "",
    comment: str = "",
) -> str:
    """One topic: what changed since it was approved, what its rules say, what the checker found, and what may be done.

    ``approved`` is the copy that was approved last ("" when none was), ``copy`` the present one.
    """
    found = [
        {
            "text": checked.text, "anchor": passage.id.partition("#")[2], "verdict": checked.verdict.value,
            "mark": VERDICTS[checked.verdict],
            "claims": [(claim, VERDICTS[claim.verdict]) for claim in checked.claims if claim.verdict is not Verdict.VERIFIED],
        }
        for passage, checked in findings
        if checked.verdict is not Verdict.VERIFIED
    ]  # fmt: skip
    verdicts = Counter(checked.verdict for _, checked in findings)
    return _page(
        "review_topic.html.jinja", topic.guideline.title, base_path, visitor, topic=topic, guideline=topic.guideline,
        standing=topic.standing, steps=safe(review_steps(topic.status)), content=topic.content.removeprefix("sha256:"),
        acts=[(act.value, ACT_NAMES[act], act in WITH_COMMENT) for act in acts], submits=Act.SUBMIT in acts,
        changes=side_by_side(approved, copy) if approved else [], approved=bool(approved), same=approved == copy,
        statements=_statements(topic.guideline), rules=rules, found=found,
        counts=[(VERDICTS[v], verdicts[v]) for v in Verdict if verdicts[v]], events=list(reversed(events)), problem=problem,
        comment=comment,
    )  # fmt: skip


def _statements(guideline: Guideline) -> list[tuple[str, str, str]]:
    """(section or heading, text, works cited) of each statement, for a text that has no approved version before it."""
    return [
        (" › ".join(passage.headings), passage.text, ", ".join(passage.citations)) for passage in guideline.passages
    ]


def log_page(
    events: Sequence[Event], faults: Sequence[Fault], head: tuple[int, str], *, base_path: str, visitor: Visitor
) -> str:
    return _page(
        "review_log.html.jinja", "Audit log", base_path, visitor, events=list(reversed(events)), faults=faults,
        seal=f"{head[0]}:{head[1]}", rows=head[0],
    )  # fmt: skip
