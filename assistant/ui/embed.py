"""The compact chat for frames on other sites: one light page of ours, without the page framework."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from assistant.notices import DISCLAIMER
from assistant.records import Answer, Audience, Corpus, Guideline
from assistant.screening import MAX_CHARACTERS
from assistant.ui.afterword import NOWHERE, Place
from assistant.ui.asking import said
from assistant.ui.escaping import escaped
from assistant.ui.render import answer_html
from assistant.ui.shell import own_page, static_address
from assistant.ui.words import AUDIENCES, EXAMPLES, JURISDICTIONS, PRODUCT, TOPIC_QUESTIONS

THEMES = ("light", "dark")


def embed_page(query: Mapping[str, str], corpus: Corpus, *, origins: Sequence[str], base_path: str) -> str:
    """The page. ``query`` may preset ``topic`` (a guideline's id), ``audience``, ``jurisdiction``, ``theme`` and
    ``question``; unknown ones are ignored.
    """
    theme = query.get("theme", "")
    topic = corpus.guidelines.get(query.get("topic", ""))
    audiences = _options(
        [(a.value, name) for a, name in AUDIENCES.items()], query.get("audience", Audience.CLINICIAN.value)
    )
    places = _options(list(JURISDICTIONS.items()), query.get("jurisdiction", ""))
    question = query.get("question", "")[:MAX_CHARACTERS]
    examples = "".join(
        f'<li><button type="button" class="chip" data-ask>{escaped(text)}</button></li>' for text in _examples(topic)
    )
    body = f"""
<header class="brand"><a class="name" href="{base_path}/" target="_blank" rel="noopener"><img
 src="{static_address("mark.svg", base_path)}" alt="" width="24" height="24"><span>{PRODUCT}</span></a>
<button type="button" class="quiet" id="close" hidden>Close</button></header>
<main id="embed" data-ask-url="{base_path}/embed/ask" data-origins="{escaped(" ".join(origins))}"
 data-topic="{escaped(topic.title if topic else "")}">
<h1 class="aside">Ask the guidance</h1><div id="intro"><p class="lead">{_lead(topic, base_path)}
 Every number is checked against the passage it cites.</p>
<ul class="chips" aria-label="Examples">{examples}</ul></div>
<div id="log" role="log" aria-live="polite" aria-label="Conversation"></div>
<ul class="chips" id="follow-ups" aria-label="Follow-up questions"></ul>
<form id="composer" method="post" action="{base_path}/embed/ask">
<div class="choices"><label>For <select id="audience">{audiences}</select></label>
<label>Guidance <select id="jurisdiction">{places}</select></label></div>
<label class="aside" for="question">Question</label>
<div class="row"><textarea id="question" rows="2" maxlength="{MAX_CHARACTERS}" required
 placeholder="Ask, or ask a follow-up">{escaped(question)}</textarea>
<button type="submit" class="primary" id="ask">Ask</button></div></form>
<noscript><p class="notice">The chat needs JavaScript.</p></noscript>
<p class="small">{DISCLAIMER} <a href="{base_path}/policy" target="_blank" rel="noopener">Editorial policy</a></p></main>"""
    return own_page(
        PRODUCT,
        body,
        base_path=base_path,
        kind="embedded",
        theme=theme if theme in THEMES else "",
        scripts=("answer.js", "embed.js"),
    )


def _examples(topic: Guideline | None) -> list[str]:
    """Questions to begin with: of the topic, those that one of its sections answers."""
    if topic is None:
        return list(EXAMPLES[:3])
    sections = {passage.section for passage in topic.passages}
    return [text for section, text in TOPIC_QUESTIONS.items() if section in sections][:3]


def _lead(topic: Guideline | None, base_path: str) -> str:
    if topic is None:
        return "Ask a clinical question."
    link = (
        f'<a href="{base_path}/guidance/{escaped(topic.id)}" target="_blank" rel="noopener">{escaped(topic.title)}</a>'
    )
    return f"Ask about {link}."


def _options(choices: Sequence[tuple[str, str]], chosen: str) -> str:
    return "".join(
        f'<option value="{escaped(value)}"{" selected" if value == chosen else ""}>{escaped(name)}</option>'
        for value, name in choices
    )


def turn_fragment(answer: Answer, corpus: Corpus, *, turn: int, place: Place = NOWHERE) -> dict[str, Any]:
    """One turn for the embedded page: escaped markup, what to send back as history, the suggestions."""
    return {
        "html": answer_html(answer, corpus, turn=turn, today=date.today(), place=place),
        "question": answer.question,
        "said": said(answer),
        "follow_ups": list(answer.follow_ups[:4]),
    }
