"""Every page and state for everyone: axe-core finds nothing serious; hostile text in every place stays text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest

from assistant.checker import Checker
from assistant.records import CheckedStatement
from tests.ui.sample import CORPUS, GUIDELINE, PASSAGES, REFERENCES, STATEMENTS, SampleAssistant, sample_answer
from tests.ui.served import CHROMIUM, Served

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: install one, or name it in ASSISTANT_TEST_CHROMIUM"),
    pytest.mark.filterwarnings("ignore"),
]
PAYLOAD = "\"'><img src=x onerror='window.hacked=1'></textarea></title><script>window.hacked=1</script>"
WRONG = "Give examplamol 10 mg by intramuscular injection on alternate days.\nThe moon is made of cheese."
SOURCE = "Give examplamol 1 mg by intramuscular injection on alternate days."


class CheckingAssistant(SampleAssistant):
    def check(self, text: str, source: str | None = None) -> tuple[CheckedStatement, ...]:
        return Checker(self.corpus).audit(text, source)


class HostileAssistant(CheckingAssistant):
    """Everything that a corpus, a model or a reader can say is the payload."""

    def __init__(self) -> None:
        passages = {
            key: replace(p, text=PAYLOAD, headings=(PAYLOAD, PAYLOAD), population=PAYLOAD, plain=PAYLOAD)
            for key, p in PASSAGES.items()
        }
        works = {
            key: replace(
                w,
                title=PAYLOAD,
                authors=PAYLOAD,
                container=PAYLOAD,
                grade=PAYLOAD,
                type=PAYLOAD,
                url=f"javascript:{PAYLOAD}",
            )
            for key, w in REFERENCES.items()
        }
        guideline = replace(
            GUIDELINE, title=PAYLOAD, publisher=PAYLOAD, version=PAYLOAD, licence=PAYLOAD, topics=(PAYLOAD,),
            passages=tuple(passages.values()),
        )  # fmt: skip
        super().__init__(
            corpus=replace(CORPUS, guidelines={"examplosis": guideline}, passages=passages, references=works)
        )

    def ask(self, question: str, **rest: Any) -> Any:
        said = tuple(replace(s, text=PAYLOAD, claims=()) for s in STATEMENTS)
        numbered = tuple(
            replace(item, reference=self.corpus.references[item.reference.id]) for item in sample_answer().references
        )
        return sample_answer(
            question, understood_as=PAYLOAD, statements=said, notices=(PAYLOAD,), not_covered=(PAYLOAD,), follow_ups=(PAYLOAD,),
            slots={"drugs": PAYLOAD}, references=numbered,
        )  # fmt: skip


@pytest.fixture(scope="module")
def ours() -> Iterator[str]:
    from assistant.ui.api import build_app

    with Served(build_app(CheckingAssistant(), rate_per_minute=6000)) as served:
        yield served.url


def ask(page: Any, question: str, turn: int = 1) -> None:
    box = page.get_by_label("Question", exact=True)
    box.fill(question)
    box.press("Enter")
    page.locator(f"#turn-{turn} .answer").wait_for(timeout=15_000)


def states(page: Any, ours: str, theme: str) -> Iterator[str]:
    """Brings the page into one state after the other and names it."""
    page.goto(f"{ours}/?__theme={theme}")
    page.get_by_label("Question", exact=True).wait_for(timeout=20_000)
    page.wait_for_function("document.getElementById('log').getAttribute('role') === 'log'")
    yield "empty chat"
    ask(page, "Dose?")
    page.locator("#turn-1 details.numbers summary").click()
    page.locator("#turn-1 details.withheld summary").click()
    yield "answer, panels open"
    page.locator("#turn-1 .cite").first.hover()
    page.locator("#card").wait_for()
    yield "quote of a citation"
    page.mouse.move(0, 0)
    page.locator("#st-1-s2 a.num").click()
    yield "check of a number"
    page.keyboard.press("Escape")
    page.locator("#turn-1").get_by_role("button", name="Unsafe").click()
    page.get_by_role("button", name="Add facts").click()
    yield "note on an answer, facts open"
    page.get_by_label("Question", exact=True).fill("please break")
    page.keyboard.press("Enter")
    page.locator("#turn-2.problem").wait_for()
    yield "error"
    page.goto(f"{ours}/embed?theme={theme}&topic=examplosis")
    yield "frame, empty"
    ask(page, "Dose?")
    yield "frame, answered"
    for path in ("/guidance", "/guidance?q=nothing", "/guidance/examplosis", "/guidance/examplosis?audience=patient",
                 "/guidance/none", "/policy", "/audit", "/calculators"):  # fmt: skip
        page.goto(ours + path)
        yield path
    page.goto(f"{ours}/audit")
    page.get_by_label("Text to check").fill(WRONG)
    page.get_by_text("Check it against one source").click()
    page.get_by_label("Source text").fill(SOURCE)
    page.get_by_role("button", name="Check every claim").click()
    page.locator(".audited").wait_for()
    yield "audited"
    page.goto(f"{ours}/calculators/cockcroft_gault")
    page.locator("#i-age").fill("51")
    page.get_by_role("button", name="Calculate").click()
    yield "calculator, refused"
    page.locator("#i-sex").select_option("female")
    page.locator("#i-weight").fill("70")
    page.locator("#i-creatinine").fill("1.9")
    page.get_by_role("button", name="Calculate").click()
    page.get_by_text("38.7 mL/min").wait_for()
    yield "calculator, answered"


@pytest.mark.parametrize(("width", "theme"), [(390, "dark"), (1400, "light")])
def test_axe_finds_nothing_serious_on_any_page_or_state(page: Any, ours: str, width: int, theme: str) -> None:
    driver = pytest.importorskip("axe_playwright_python.sync_playwright")
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    axe, found, seen = driver.Axe(), [], 0
    for state in states(page, ours, theme):
        seen += 1
        for narrow in (320, 820, width):  # ends at the width that is looked at
            page.set_viewport_size({"width": narrow, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= narrow, (state, narrow)
        for fault in axe.run(page).response["violations"]:
            if fault["impact"] in {"serious", "critical"}:
                found.append((state, fault["id"], [node["target"] for node in fault["nodes"]][:3]))
    assert found == []
    assert seen == 19


def test_the_axe_check_sees_a_fault(page: Any, ours: str) -> None:
    """Otherwise the test above could pass for want of a working checker."""
    driver = pytest.importorskip("axe_playwright_python.sync_playwright")
    page.goto(f"{ours}/policy")
    page.evaluate("document.querySelector('main').append(document.createElement('button'))")
    faults = driver.Axe().run(page).response["violations"]
    assert "button-name" in [fault["id"] for fault in faults if fault["impact"] in {"serious", "critical"}]


def test_hostile_text_is_text_everywhere(page: Any) -> None:
    """In the question, facts, corpus, references, model's words, audited text, operands, notes and addresses."""
    from assistant.ui.api import build_app

    with Served(build_app(HostileAssistant(), rate_per_minute=6000)) as served:
        ours, hostile = served.url, quote(PAYLOAD)
        opened: list[str] = []
        page.on("dialog", lambda dialog: (opened.append(dialog.message), dialog.dismiss()))

        def unharmed(place: str) -> None:
            page.wait_for_timeout(120)
            assert page.evaluate("window.hacked") is None, place
            assert page.locator("img[src='x']").count() == 0, place

        def in_chat() -> None:
            ask(page, PAYLOAD)
            page.locator("#turn-1 .cite").first.hover()
            page.locator("#card").wait_for()

        def in_note() -> None:
            form = page.locator("#turn-1 .feedback")
            form.get_by_role("button", name="Wrong").click()
            form.get_by_label("What is wrong with it?").fill(PAYLOAD)
            form.get_by_role("button", name="Send").click()
            form.get_by_text("Thank you").wait_for()

        def in_facts() -> None:
            page.get_by_role("button", name="Add facts").click()
            page.get_by_label("Sex").fill(PAYLOAD)
            page.get_by_label("Sex").press("Enter")
            page.locator("#turn-1 .answer").wait_for()

        def in_audit() -> None:
            page.get_by_label("Text to check").fill(PAYLOAD + "\nGive 1 mg.")
            page.get_by_role("button", name="Check every claim").click()
            page.locator(".audited").wait_for()

        def in_operands() -> None:
            page.locator("#i-age").fill(PAYLOAD)
            page.get_by_role("button", name="Calculate").click()
            page.get_by_text("Not calculated.").wait_for()

        places: tuple[tuple[str, str, Callable[[], None] | None], ...] = (
            ("question, answer, quote", f"{ours}/", in_chat), ("note", "", in_note), ("facts", "", in_facts),
            ("frame", f"{ours}/embed?topic=examplosis&theme={hostile}&question={hostile}", in_chat),
            ("audited text", f"{ours}/audit", in_audit), ("operands", f"{ours}/calculators/cockcroft_gault", in_operands),
            ("article", f"{ours}/guidance/examplosis?audience={hostile}", None),
            ("index", f"{ours}/guidance?q={hostile}&jurisdiction={hostile}&status={hostile}", None),
            ("calculators", f"{ours}/calculators?q={hostile}", None), ("policy", f"{ours}/policy", None),
            ("question in the address", f"{ours}/?question={hostile}&topic={hostile}&ask=1", None),
        )  # fmt: skip
        for place, address, act in places:
            if address:
                page.goto(address)
            if place.startswith("question"):
                page.get_by_label("Question", exact=True).wait_for(timeout=20_000)
            if act:
                act()
            unharmed(place)
        page.locator("#turn-1 .answer").wait_for(timeout=15_000)  # the question in the address was asked
        unharmed("answer to it")
        assert opened == []
