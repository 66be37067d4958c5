"""The pages in a real browser: citations move to their quote, frames open for known sites only, nothing leaves the machine."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.ui.sample import CORPUS, PASSAGES, STATEMENTS, SampleAssistant, sample_answer
from tests.ui.served import CHROMIUM, Served, intranet

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: install one, or name it in ASSISTANT_TEST_CHROMIUM"),
    # the web framework and the browser driver warn about their own dependencies and leave sockets to the collector
    pytest.mark.filterwarnings("ignore"),
]
PAYLOAD = "<img src=x onerror='window.hacked=1'><script>window.hacked=1</script> dose?"


@pytest.fixture(scope="module")
def assistant() -> SampleAssistant:
    return SampleAssistant()


@pytest.fixture(scope="module")
def cases() -> list[Any]:
    """What readers said, as the server would write it to a folder."""
    return []


@pytest.fixture(scope="module")
def sites(assistant: SampleAssistant, cases: list[Any]) -> Iterator[dict[str, str]]:
    from assistant.ui.api import build_app

    with (
        Served(intranet) as known,
        Served(intranet) as foreign,
        Served(
            build_app(
                assistant, origins=(known.url,), rate_per_minute=6000, keep_case=lambda case: cases.append(case) is None
            )
        ) as ours,
    ):
        yield {"ours": ours.url, "known": known.url, "foreign": foreign.url}


def ask(page: Any, question: str, *, turn: int = 1) -> Any:
    box = page.get_by_label("Question", exact=True)
    box.fill(question)
    box.press("Enter")
    answer = page.locator(f"#turn-{turn} .answer")
    answer.wait_for(timeout=15_000)
    return answer


def open_chat(page: Any, sites: dict[str, str], query: str = "") -> None:
    page.goto(f"{sites['ours']}/{query}")
    page.get_by_label("Question", exact=True).wait_for(timeout=20_000)


def test_a_citation_moves_to_the_highlighted_quote(page: Any, sites: dict[str, str]) -> None:
    open_chat(page, sites)
    started = time.monotonic()
    ask(page, "Dose of examplamol with nerve symptoms?")
    assert time.monotonic() - started < 5
    page.locator("#st-1-s7").evaluate("e => e.scrollIntoView({block: 'center'})")
    before = page.evaluate("scrollY")
    page.locator("#st-1-s7 .cite").click()
    quote = page.locator("figure.quote:target")
    quote.wait_for()
    assert quote.locator("mark").inner_text() == "8 weeks"
    assert page.evaluate("document.activeElement === document.querySelector('figure.quote:target')")
    box = quote.bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 900
    assert abs(page.evaluate("scrollY") - before) < 2  # the sources stand beside the answer: the reader's place is kept
    plain = page.locator("figure.quote:not(:target) mark").first
    colour = "e => getComputedStyle(e).backgroundColor"
    assert quote.locator("mark").evaluate(colour) != plain.evaluate(colour)


def test_on_a_phone_the_quote_leads_back_to_the_answer(page: Any, sites: dict[str, str]) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    open_chat(page, sites)
    ask(page, "Dose?")
    page.locator("#st-1-s2 .cite").first.click()
    page.locator("figure.quote:target").wait_for()
    page.locator("figure.quote:target .back").click()
    page.wait_for_function("document.querySelector('#st-1-s2:target')")
    box = page.locator("#st-1-s2").bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 844
    assert page.evaluate("document.documentElement.scrollWidth") <= 390  # nothing sticks out


@pytest.mark.parametrize("width", [320, 390, 820, 1400])
def test_no_width_scrolls_sideways(page: Any, sites: dict[str, str], width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    open_chat(page, sites)
    ask(page, "Dose?")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_number_opens_its_check_and_from_there_its_row(page: Any, sites: dict[str, str]) -> None:
    open_chat(page, sites)
    ask(page, "Dose?")
    number = page.locator("#st-1-s2 a.num")
    assert number.locator(".sign").inner_text() == "✓"  # a shape and, for a screen reader, a word
    assert "verified" in number.inner_text().lower()
    number.click()
    card = page.get_by_role("dialog", name="How this was checked")
    words = card.inner_text()
    for part in ("Verified", "rule-s2", "Expected", "as stated", "Observed", "below mg", "“below 150 ng/L”"):
        assert part in words
    page.keyboard.press("Escape")
    assert card.count() == 0
    assert number.evaluate("e => e === document.activeElement")
    assert not page.locator("#num-1-1").is_visible()
    number.click()
    card.get_by_role("link", name="All checks of this answer").click()
    row = page.locator("#num-1-1")
    row.wait_for(state="visible")
    assert "rule-s2" in row.inner_text()


@pytest.mark.parametrize("how", ["pointer", "keyboard"])
def test_a_citation_shows_its_quote_before_it_is_followed(page: Any, sites: dict[str, str], how: str) -> None:
    open_chat(page, sites)
    ask(page, "Dose?")
    cite = page.locator("#st-1-s7 .cite")
    if how == "pointer":
        cite.hover()
    else:
        page.locator("#st-1-s6 .cite").focus()
        page.keyboard.press("Tab")  # on to the number of the next statement
        page.keyboard.press("Tab")
    card = page.get_by_role("tooltip")
    card.wait_for()
    words = card.inner_text()
    for part in (
        "Repeat the blood count after 8 weeks",
        "Monitoring",
        "version 1.2.0",
        "submitted",
        "read in full text",
        "1B",
    ):
        assert part in words
    assert card.locator("mark").inner_text() == "8 weeks"
    assert cite.get_attribute("aria-describedby") == "card"
    page.keyboard.press("Escape")
    assert card.count() == 0


def test_an_answer_can_be_taken_along(page: Any, sites: dict[str, str]) -> None:
    open_chat(page, sites)
    ask(page, "Dose?")
    for name, start in (("Markdown", b"## Dose"), ("PDF", b"%PDF-")):
        with page.expect_download() as download:
            page.locator("#turn-1").get_by_role("link", name=name).click()
        assert download.value.path().read_bytes().startswith(start)
    page.evaluate(
        "window.print = () => { window.printed = document.querySelectorAll('.turn.printed details:not([open])').length }"
    )
    page.get_by_role("button", name="Print").click()
    assert page.evaluate("window.printed") == 0  # every panel is open on paper


def test_a_reader_can_say_that_an_answer_is_unsafe(page: Any, sites: dict[str, str], cases: list[Any]) -> None:
    open_chat(page, sites)
    ask(page, "Dose?")
    form = page.locator("#turn-1 .feedback")
    form.get_by_role("button", name="Unsafe").click()
    form.get_by_role("button", name="Send").click()
    form.get_by_text("write in a few words").wait_for()  # a reason is asked for
    form.get_by_label("Which statement?").select_option("s4")
    form.get_by_label("What is wrong with it?").fill("Too high for a child")
    form.get_by_role("button", name="Send").click()
    form.get_by_text("Thank you. It was kept as case").wait_for()
    assert cases[-1]["tags"] == ["feedback", "unsafe"]
    assert cases[-1]["must_not_state"][0]["text_any"] == [STATEMENTS[3].text]
    form.get_by_role("button", name="Helpful").click()
    page.wait_for_function("() => true")
    form.get_by_text("Thank you.").wait_for()


def test_follow_ups_know_what_was_said(page: Any, sites: dict[str, str], assistant: SampleAssistant) -> None:
    open_chat(page, sites)
    ask(page, "First question?")
    page.get_by_role("button", name="And in renal failure?").click()
    page.locator("#turn-2 .answer").wait_for()
    asked = assistant.asked[-1]
    assert asked["question"] == "And in renal failure?"
    assert [turn.role for turn in asked["history"]] == ["user", "assistant"]
    assert asked["history"][0].content == "First question?"
    assert page.locator("#turn-1 .answer").is_visible()
    assert page.locator("[role=log] .turn").count() == 2


def test_audience_and_jurisdiction_answer_again_with_the_same_numbers(
    page: Any, sites: dict[str, str], assistant: SampleAssistant
) -> None:
    open_chat(page, sites)
    ask(page, "Dose?")
    numbers = page.locator("#turn-1 a.num").all_inner_texts()
    page.get_by_label("Patient", exact=True).check(force=True)
    page.locator("#turn-1 .context", has_text="Patient").wait_for()
    page.get_by_label("UK", exact=True).check(force=True)
    page.locator("#turn-1 .context", has_text="UK guidance").wait_for()
    assert (assistant.asked[-1]["audience"].value, assistant.asked[-1]["jurisdiction"]) == ("patient", "uk")
    assert page.locator("#turn-1 a.num").all_inner_texts() == numbers
    assert page.locator(".turn").count() == 1


def test_a_patient_fact_is_a_chip_that_can_be_changed(
    page: Any, sites: dict[str, str], assistant: SampleAssistant
) -> None:
    open_chat(page, sites)
    weight = page.get_by_label("Weight (kg)")
    assert not weight.is_visible()  # an empty fact takes no room
    page.get_by_role("button", name="Add facts").click()
    weight.fill("54")
    ask(page, "Dose?")
    assert assistant.asked[-1]["slots"] == {"weight_kg": "54"}
    page.get_by_role("button", name="Fewer facts").click()
    assert weight.is_visible()
    assert not page.get_by_label("Age (years)").is_visible()
    weight.fill("71")
    weight.press("Enter")
    page.locator("#turn-1 .context", has_text="71").wait_for()
    assert assistant.asked[-1]["slots"] == {"weight_kg": "71"}
    weight.fill("80")
    page.get_by_role("button", name="Answer again with these facts").click()
    page.locator("#turn-1 .context", has_text="80").wait_for()
    assert page.locator(".turn").count() == 1


@pytest.mark.parametrize(
    ("question", "words"),
    [("   ", "write a question"), ("x" * 2001, "2,000 characters"), ("please break", "Something went wrong")],
)
def test_what_cannot_be_answered_is_said_in_words(page: Any, sites: dict[str, str], question: str, words: str) -> None:
    open_chat(page, sites)
    page.get_by_label("Question", exact=True).fill(question)
    page.get_by_role("button", name="Ask", exact=True).click()
    notice = page.locator("#turn-1.problem")
    notice.wait_for()
    assert words.lower() in notice.inner_text().lower()
    assert "secret" not in page.content()
    ask(page, "Dose?")  # and the conversation goes on


@pytest.mark.parametrize(
    ("status", "words"),
    [(0, "Out of reach."), (429, "Too many questions, try again in 7 s.")],
)
def test_a_question_that_cannot_be_sent_is_kept_and_the_reason_said(
    page: Any, sites: dict[str, str], status: int, words: str
) -> None:
    body = '{"error": {"code": "too_many_requests", "message": "too many questions, try again in 7 s"}}'
    open_chat(page, sites)
    page.route(
        "**/queue/join*",
        lambda route: (
            route.fulfill(status=status, body=body, content_type="application/json") if status else route.abort()
        ),
    )
    box = page.get_by_label("Question", exact=True)
    box.fill("Dose?")
    box.press("Enter")
    page.get_by_role("alert").filter(has_text=words).wait_for()
    assert box.input_value() == "Dose?"
    page.unroute("**/queue/join*")
    ask(page, "Dose?")
    assert not page.locator("#trouble").is_visible()


def test_stop_and_new_conversation(
    page: Any, sites: dict[str, str], assistant: SampleAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = threading.Event()
    whole = SampleAssistant.ask

    def slow(self: SampleAssistant, question: str, **rest: Any) -> Any:
        release.wait(10)
        return whole(self, question, **rest)

    open_chat(page, sites)
    monkeypatch.setattr(SampleAssistant, "ask", slow)
    page.get_by_label("Question", exact=True).fill("Slow?")
    page.keyboard.press("Enter")
    page.locator("#turn-1.pending").wait_for()
    page.get_by_role("button", name="Stop", exact=True).click()
    page.get_by_text("Stopped.").wait_for()
    release.set()
    monkeypatch.setattr(SampleAssistant, "ask", whole)
    ask(page, "Again?")
    page.get_by_role("button", name="New conversation").click()
    page.get_by_role("heading", level=1).wait_for()
    assert page.locator(".turn").count() == 0


def test_keyboard_alone_reaches_the_question_and_a_quote(page: Any, sites: dict[str, str]) -> None:
    open_chat(page, sites)
    page.get_by_label("Question", exact=True).focus()
    page.keyboard.type("Dose?")
    page.keyboard.press("Enter")
    page.locator("#turn-1 .answer").wait_for()
    page.locator("#turn-1 .cite").first.focus()
    page.keyboard.press("Enter")
    page.locator("figure.quote:target").wait_for()
    assert page.evaluate("document.activeElement.matches('figure.quote')")


def test_payloads_are_words(page: Any, sites: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    evil = replace(STATEMENTS[0], text=PAYLOAD, claims=())
    answer = sample_answer(
        PAYLOAD, understood_as=PAYLOAD + "!", statements=(evil,), notices=(PAYLOAD,), not_covered=(PAYLOAD,), follow_ups=(PAYLOAD,),
        slots={"drugs": PAYLOAD[:60]},
    )  # fmt: skip
    corpus = replace(
        CORPUS,
        passages={**PASSAGES, evil.passage: replace(PASSAGES[str(evil.passage)], text=PAYLOAD, headings=(PAYLOAD,))},
    )
    monkeypatch.setattr(SampleAssistant, "ask", lambda self, question, **rest: answer)
    monkeypatch.setattr(SampleAssistant, "corpus", corpus)
    for address in ("/", "/embed"):
        page.goto(sites["ours"] + address)
        ask(page, PAYLOAD)
        page.wait_for_timeout(300)
        assert page.evaluate("window.hacked") is None
        assert page.locator("#turn-1 img, #turn-1 script").count() == 0
        assert "<script>window.hacked=1</script>" in page.locator("#turn-1").inner_text()


def test_even_injected_markup_does_not_run(page: Any, sites: dict[str, str]) -> None:
    """The second wall: were something to slip through the escaping, the page's policy would not let it run."""
    open_chat(page, sites)
    page.evaluate(
        "m => { const d = document.createElement('div'); d.innerHTML = m; document.body.append(d);"
        " const s = document.createElement('script'); s.textContent = 'window.hacked=1'; document.body.append(s) }",
        PAYLOAD,
    )
    page.wait_for_timeout(300)
    assert page.evaluate("window.hacked") is None


def test_the_embedded_page_opens_in_a_known_site_only(page: Any, sites: dict[str, str]) -> None:
    page.goto(f"{sites['known']}/frame?{sites['ours']}/embed")
    page.frame_locator("#f").get_by_label("Question", exact=True).wait_for()
    page.goto(f"{sites['foreign']}/frame?{sites['ours']}/embed")
    page.wait_for_timeout(700)
    assert page.frame_locator("#f").get_by_label("Question", exact=True).count() == 0
    page.goto(f"{sites['known']}/frame?{sites['ours']}/")  # the whole chat is for no frame at all
    page.wait_for_timeout(700)
    assert page.frame_locator("#f").get_by_label("Question", exact=True).count() == 0


def test_the_widget_opens_answers_and_closes(page: Any, sites: dict[str, str]) -> None:
    page.goto(f"{sites['known']}/widget?{sites['ours']}/widget.js")
    button = page.get_by_role("button", name="Ask the guideline assistant")
    button.wait_for()
    assert page.locator("iframe").count() == 0  # nothing is loaded before it is wanted
    button.click()
    frame = page.frame_locator("iframe")
    frame.get_by_label("Question", exact=True).fill("Dose?")
    frame.get_by_role("button", name="Ask", exact=True).click()
    frame.locator("#turn-1 .answer").wait_for()
    frame.locator("#turn-1 .cite").first.click()
    frame.locator("figure.quote:target").wait_for()
    frame.get_by_label("Question", exact=True).press("Escape")
    page.locator("iframe").wait_for(state="hidden")
    assert button.evaluate("e => document.activeElement === e")
    page.evaluate(
        "o => window.postMessage({type: 'assistant:close'}, o)", sites["known"]
    )  # a stranger's message changes nothing
    button.click()
    page.locator("iframe").wait_for(state="visible")


def test_all_pages_but_the_chat_need_no_script(browser: Any, sites: dict[str, str]) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(sites["ours"] + "/")
    page.get_by_role("link", name="the editorial policy").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Editorial policy"
    page.get_by_role("link", name="Guidance", exact=True).click()
    page.get_by_label("Words").fill("numbness")
    page.get_by_role("button", name="Filter").click()
    page.get_by_role("link", name="Examplin deficiency in adults").click()
    assert page.get_by_text("Pending human review").first.is_visible()
    page.locator("#monitoring\\.1 .cite").click()
    assert page.locator("#ref-1:target").is_visible()
    page.get_by_role("link", name="Calculators").click()
    page.get_by_role("link", name="Cockcroft").click()
    page.locator("#i-age").fill("51")
    page.get_by_role("button", name="Calculate").click()  # a form of ours is let in, though its origin is not named
    assert page.get_by_text("Not calculated.").is_visible()
    context.close()


@pytest.mark.parametrize("media", [{"forced_colors": "active"}, {"contrast": "more"}])
def test_high_contrast_keeps_what_colour_says(browser: Any, sites: dict[str, str], media: dict[str, str]) -> None:
    context = browser.new_context(reduced_motion="reduce", **media)
    page = context.new_page()
    page.goto(sites["ours"] + "/embed")
    ask(page, "Dose?")
    number = page.locator("#st-1-s2 a.num")
    assert number.locator(".sign").inner_text() == "✓"
    assert "underline" in number.evaluate("e => getComputedStyle(e).textDecorationLine")
    page.locator("#st-1-s7 .cite").click()
    mark = page.locator("figure.quote:target mark")
    plain = page.locator("figure.quote:not(:target) blockquote").first
    paper = "e => getComputedStyle(e).backgroundColor"
    assert mark.evaluate(paper) != plain.evaluate(paper)
    context.close()
