"""The chat page: Gradio Blocks around the turns of one conversation, each turn an escaped article of ``render``.

A turn has a component of its own rather than a place in one big log: a new answer then touches nothing that is
already on the screen, so open panels stay open and a screen reader hears the new turn alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.notices import DISCLAIMER
from assistant.records import Answer, Audience
from assistant.ui.asking import AssistantFace
from assistant.ui.conversation import FACTS, MOST_TURNS, Change, Exchange, converse
from assistant.ui.escaping import escaped
from assistant.ui.limits import Gate
from assistant.ui.render import problem_html
from assistant.ui.shell import brand
from assistant.ui.words import AUDIENCES, EXAMPLES, JURISDICTIONS, PRODUCT

if TYPE_CHECKING:
    import gradio as gr
    from fastapi import FastAPI

SUGGESTIONS = 4
PLACES = MOST_TURNS + 1  # the last one says that the conversation is full
Keep = Callable[[Answer], str]
KEPT_S = 3600  # a conversation left alone is forgotten after an hour


@dataclass(frozen=True)
class Parts:
    """The components that events read and write."""

    state: gr.State
    question: gr.Textbox
    audience: gr.Radio
    jurisdiction: gr.Radio
    facts: list[gr.Textbox]
    intro: gr.Column
    turns: list[gr.Markdown]
    suggestions: list[gr.Button]
    examples: list[gr.Button]
    ask: gr.Button
    stop: gr.Button
    new: gr.Button
    apply: gr.Button

    @property
    def settings(self) -> list[Any]:
        return [self.audience, self.jurisdiction, *self.facts]

    @property
    def changed(self) -> list[Any]:
        """The outputs of every event, in the order of ``updates``."""
        single = [self.state, self.question, self.intro, self.ask, self.stop, self.new, self.apply]
        return [*single, *self.facts, *self.suggestions, *self.turns]


def mount_page(app: FastAPI, assistant: AssistantFace, *, gate: Gate, base_path: str, keep: Keep | None = None) -> None:
    """Mount the page at the base path with every open door of the framework shut that has a switch."""
    import gradio as gr

    def mount() -> None:
        page = build_page(assistant, gate=gate, base_path=base_path, keep=keep)
        theme = gr.themes.Base(
            font=["Source Sans 3", "system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"], text_size="lg"
        )
        gr.mount_gradio_app(
            app,
            page,
            path=base_path or "/",
            footer_links=[],
            run_history=False,
            show_error=False,
            ssr_mode=False,
            mcp_server=False,
            enable_monitoring=False,
            allowed_paths=[],
            max_file_size="1kb",  # nothing can be uploaded: the route is shut as well
            theme=theme,
        )

    _with_loop(mount)


def _with_loop(build: Callable[[], None]) -> None:
    """Call ``build`` while an event loop runs: without one Gradio makes loop after loop and closes none of them."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        loop = asyncio.new_event_loop()
        try:
            loop.run_until_complete(_called(build))
        finally:
            loop.close()
    else:
        build()


async def _called(build: Callable[[], None]) -> None:
    build()


def build_page(
    assistant: AssistantFace, *, gate: Gate | None = None, base_path: str = "", keep: Keep | None = None
) -> gr.Blocks:
    """The page as Blocks; ``gate`` limits how many answers are made at once."""
    import gradio as gr

    with gr.Blocks(title=PRODUCT, analytics_enabled=False, fill_width=True) as page:
        _wire(_lay_out(base_path), assistant, gate or Gate(), keep, base_path)
    page.queue(max_size=64, default_concurrency_limit=32, api_open=False)
    return page  # type: ignore[no-any-return]


def _lay_out(base_path: str) -> Parts:
    import gradio as gr

    state = gr.State([], time_to_live=KEPT_S)
    _markup(brand(base_path, current="chat"), elem_id="brand")
    with gr.Column(elem_id="page"):
        with gr.Row(elem_id="settings"):
            audience = gr.Radio(
                [(name, a.value) for a, name in AUDIENCES.items()],
                value=Audience.CLINICIAN.value, label="Words for", elem_id="audience",
            )  # fmt: skip
            jurisdiction = gr.Radio(
                [(name, code) for code, name in JURISDICTIONS.items()], value="", label="Guidance from",
                elem_id="jurisdiction",
            )  # fmt: skip
        facts, apply = _facts()
        with gr.Column(elem_id="intro") as intro:
            _markup(
                '<h1>Ask, and see the sentence each number comes from</h1><p class="lead">Answers come from the guidance '
                "installed here. A number that cannot be traced to its source is withheld.</p>"
            )
            with gr.Column(elem_classes="chips"):
                examples = [gr.Button(text, elem_classes="chip") for text in EXAMPLES]
        with gr.Column(elem_id="log"):
            turns = [_markup("", visible=False) for _ in range(PLACES)]
        with gr.Row(elem_id="follow-ups", elem_classes="chips"):
            suggestions = [gr.Button("", visible=False, elem_classes="chip") for _ in range(SUGGESTIONS)]
        with gr.Column(elem_id="composer"), gr.Row(elem_id="ask-row"):
            question = gr.Textbox(
                label="Question", placeholder="Ask, or ask a follow-up", lines=1, max_lines=6, autofocus=True,
                elem_id="question", scale=8,
            )  # fmt: skip
            send = gr.Button("Ask", variant="primary", elem_id="ask", scale=0, min_width=88)
            stop = gr.Button("Stop", visible=False, elem_id="stop", scale=0, min_width=88)
        new = gr.Button("New conversation", visible=False, elem_id="new", elem_classes="quiet", size="sm")
        _markup(f'<p class="small">{escaped(DISCLAIMER)} <a href="{base_path}/policy">Editorial policy</a></p>')
    return Parts(
        state, question, audience, jurisdiction, facts, intro, turns, suggestions, examples, send, stop, new, apply
    )


def _markup(markup: str, **rest: Any) -> gr.Markdown:
    """A component that shows our own, escaped markup as it is.

    Gradio's HTML component would evaluate its template as script, for which the page's policy would have to allow ``eval``.
    Its Markdown component passes one block of HTML through; its sanitizer is off, because it drops the ``aria-*``
    attributes that make the page usable, and every foreign word in the markup has passed ``escaping.escaped``.
    """
    import gradio as gr

    return gr.Markdown(one_block(markup), sanitize_html=False, latex_delimiters=[], **rest)


def one_block(markup: str) -> str:
    """The markup without a line feed, which would end an HTML block of Markdown and have the rest read as Markdown."""
    return markup.replace("\n", "&#10;")


def _facts() -> tuple[list[gr.Textbox], gr.Button]:
    """The patient's facts as chips that can be written into; an empty one shows only while facts are being added.

    Which are shown is decided by the style sheet (a field that shows its placeholder is empty), so that a fact read from a
    question appears, and one that is cleared goes, without a word from the server.
    """
    import gradio as gr

    with gr.Row(elem_id="facts"):
        _markup('<span class="who" id="facts-name">Patient facts</span>', elem_classes="facts-name")
        fields = [
            gr.Textbox(label=label, placeholder=hint or "not given", max_length=200, max_lines=1, elem_classes="fact")
            for _, label, hint in FACTS
        ]
        _markup(
            '<button type="button" class="quiet" id="more-facts" aria-expanded="false" aria-controls="facts">'
            "Add facts</button>",
            elem_classes="facts-name",
        )
        apply = gr.Button(
            "Answer again with these facts", elem_classes="quiet", elem_id="apply", size="sm", visible=False
        )
    return fields, apply


def _wire(parts: Parts, assistant: AssistantFace, gate: Gate, keep: Keep | None, base_path: str) -> None:
    """Every event. All are private: no public endpoint, no name in an API listing."""

    async def asked(question: str, state: list[Exchange], *settings: Any) -> AsyncIterator[list[Any]]:
        async for change in converse(assistant, gate, question, state or [], settings, keep=keep, base_path=base_path):
            yield updates(change)

    async def asked_again(state: list[Exchange], *settings: Any) -> AsyncIterator[list[Any]]:
        if not state:
            yield updates(Change())
            return
        # The question box may hold the next question by now: it is left alone.
        async for change in converse(
            assistant, gate, state[-1].request.question, state[:-1], settings, keep=keep, base_path=base_path
        ):
            yield updates(change, keeps_question=True)

    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    inputs = [parts.state, *parts.settings]
    running: list[Any] = [
        parts.question.submit(asked, [parts.question, *inputs], parts.changed, **quiet),
        parts.ask.click(asked, [parts.question, *inputs], parts.changed, **quiet),
        *(
            button.click(asked, [button, *inputs], parts.changed, **quiet)
            for button in (*parts.suggestions, *parts.examples)
        ),
        parts.audience.input(asked_again, inputs, parts.changed, **quiet),
        parts.jurisdiction.input(asked_again, inputs, parts.changed, **quiet),
        parts.apply.click(asked_again, inputs, parts.changed, **quiet),
        *(fact.submit(asked_again, inputs, parts.changed, **quiet) for fact in parts.facts),
    ]
    parts.stop.click(stopped, [parts.state], parts.changed, cancels=running, **quiet)
    parts.new.click(cleared, None, parts.changed, **quiet)


def updates(change: Change, *, keeps_question: bool = False) -> list[Any]:
    """The change as values for ``Parts.changed``."""
    import gradio as gr

    keep = gr.skip()
    if change.turn is None:
        return [keep] * (7 + len(FACTS) + SUGGESTIONS + PLACES)
    turns = [keep] * PLACES
    turns[change.turn - 1] = gr.update(value=one_block(change.html), visible=True)
    offered = [*change.follow_ups[:SUGGESTIONS], *[""] * SUGGESTIONS][:SUGGESTIONS]
    return [
        change.state if change.state is not None else keep,
        gr.update(value="") if change.clears_question and not keeps_question else keep,
        gr.update(visible=False),
        gr.update(visible=not change.busy),
        gr.update(visible=change.busy),
        gr.update(visible=True),
        gr.update(visible=not change.busy),
        *([keep] * len(FACTS) if change.slots is None else fact_values(change.slots)),
        *(gr.update(value=text, visible=bool(text) and not change.busy) for text in offered),
        *turns,
    ]


def fact_values(slots: Mapping[str, str]) -> list[Any]:
    import gradio as gr

    return [gr.update(value=slots.get(name, "")) for name, _, _ in FACTS]


def stopped(state: list[Exchange]) -> list[Any]:
    """After Stop: the pending turn says so; nothing of it is kept."""
    turn = len(state or []) + 1
    message = "Nothing was answered. Ask again, or change the question."
    return updates(Change(turn, problem_html("", "Stopped.", message, turn=turn)))


def cleared() -> list[Any]:
    """A new conversation: no turn, no fact, no suggestion left."""
    import gradio as gr

    return [
        [],
        gr.update(value=""),
        gr.update(visible=True),
        gr.update(visible=True),
        gr.update(visible=False),
        gr.update(visible=False),
        gr.update(visible=False),
        *fact_values({}),
        *(gr.update(value="", visible=False) for _ in range(SUGGESTIONS)),
        *(gr.update(value="", visible=False) for _ in range(PLACES)),
    ]
