"""What stands below an answer: how far its guidance is reviewed, ways to take it along, and whether it was right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from assistant.notices import disclaimer
from assistant.records import Answer, GuidanceUsed, ReviewStatus
from assistant.ui.escaping import escaped
from assistant.ui.plain import answer_markdown
from assistant.ui.sources import shortened
from assistant.ui.words import REVIEW, REVIEW_NOTE, long_date, short_digest


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer stands: the site's public path, and the key under which it can be fetched again ("": it cannot)."""

    base_path: str = ""
    key: str = ""

    @property
    def address(self) -> str:
        return f"{self.base_path}/answers/{self.key}"


NOWHERE = Place()


def standing_markup(answer: Answer, today: date | None, place: Place) -> str:
    """Review steps and dates of the guidance used; the least reviewed text decides the step that is shown."""
    if not answer.guidance:
        return ""
    status = min((used.status for used in answer.guidance), key=list(ReviewStatus).index)
    rows = "".join(_guidance_row(used, today, place) for used in answer.guidance)
    return (
        f'<section class="standing"><h3>Review status</h3>{review_steps(status)}'
        f'<p>{REVIEW_NOTE[status]}</p><ul class="guidance">{rows}</ul></section>'
    )


def _guidance_row(used: GuidanceUsed, today: date | None, place: Place) -> str:
    overdue = ' <strong class="flag">review overdue</strong>' if today is not None and used.review_by < today else ""
    review_by = f'<time datetime="{used.review_by}">{long_date(used.review_by)}</time>'
    return (
        f'<li><a href="{place.base_path}/guidance/{escaped(used.id)}" target="_blank" rel="noopener">{escaped(used.title)}</a> <small>'
        f"version {escaped(used.version)} · "
        f"{REVIEW[used.status].lower()} · "
        f'last updated <time datetime="{used.updated}">{long_date(used.updated)}</time> · review by {review_by}'
        f"{overdue}</small></li>"
    )


def tools_markup(answer: Answer, turn: int, place: Place) -> str:
    made = answer.provenance
    writer = f"{made.writer} ({made.model})" if made.model else made.writer
    milliseconds = answer.timings_ms.get("total")
    timing = f" · {milliseconds:.0f} ms" if milliseconds else ""
    files = "".join(
        f'<a class="quiet" href="{place.address}.{kind}" download>{name}</a>'
        for kind, name in (("md", "Markdown"), ("pdf", "PDF"))
        if place.key
    )
    return (
        f'<footer class="made"><div class="tools" role="group" aria-label="Take this answer along">'
        f'<button type="button" class="quiet" data-copy="copy-{turn}">Copy with references</button>'
        f'<button type="button" class="quiet" data-print="turn-{turn}">Print</button>{files}'
        f'<span role="status" class="copied" id="copied-{turn}"></span></div>{_feedback(answer, turn, place)}'
        f'<p>{escaped(disclaimer(answer.audience))}</p><p class="provenance">'
        f"Writer {escaped(writer)} · corpus {escaped(short_digest(made.corpus))}"
        f" · rules {escaped(short_digest(made.rules))} · assistant {escaped(made.assistant)}{timing}</p>"
        f'<pre hidden id="copy-{turn}">{escaped(answer_markdown(answer))}</pre></footer>'
    )


def _feedback(answer: Answer, turn: int, place: Place) -> str:
    """The question whether the answer was right; "wrong" and "unsafe" ask which statement, and why."""
    if not place.key:
        return ""
    choices = "".join(
        f'<option value="{escaped(s.id)}">{escaped(shortened(s.text, 90))}</option>' for s in answer.statements
    )
    buttons = "".join(
        f'<button type="button" class="quiet" data-judge="{value}" aria-pressed="false">{name}</button>'
        for value, name in (("helpful", "Helpful"), ("wrong", "Wrong"), ("unsafe", "Unsafe"))
    )
    return (
        f'<form class="feedback" data-feedback="{place.address}/feedback"><div role="group" '
        f'aria-labelledby="judge-{turn}"><span id="judge-{turn}">Was this answer right?</span> {buttons}</div>'
        f'<div class="why" hidden><label for="which-{turn}">Which statement?</label><select id="which-{turn}" name="statement">'
        f'<option value="">The answer as a whole, or something missing</option>{choices}</select>'
        f'<label for="why-{turn}">What is wrong with it? No names or numbers of patients.</label>'
        f'<textarea id="why-{turn}" name="reason" rows="2" maxlength="1000"></textarea>'
        '<button type="submit" class="primary">Send</button></div><p role="status" class="said"></p></form>'
    )


def review_steps(status: ReviewStatus) -> str:
    """The three steps of review in their order, the one that is reached marked as current."""
    order = list(ReviewStatus)
    done = order.index(status)
    attributes = [' class="done"'] * done + [' aria-current="step"'] + [""] * (len(order) - done - 1)
    steps = "".join(f"<li{attribute}>{name}</li>" for attribute, name in zip(attributes, REVIEW.values(), strict=True))
    return f'<ol class="steps-of-review">{steps}</ol>'
