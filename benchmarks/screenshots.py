"""Screenshots of every page and state for the documentation: python benchmarks/screenshots.py [ADDRESS] [--only NAME]

Start the server first (``make run``). Writes docs/screenshots/<state>-<width>-<theme>.png at 390, 820 and 1400 px; light at
each width, dark at the outer two. The states that need a slow, full or dead server are made by holding back its replies in
the browser. The browser is ``ASSISTANT_TEST_CHROMIUM`` or the ``chromium`` on the path.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
QUESTION = "Hydroxocobalamin dose with neurological involvement?"
AUDITED = (
    "With neurological involvement: hydroxocobalamin 10 mg IM on alternate days until no further improvement, then 1 mg every "
    "2 months.\n\nStart hydroxocobalamin injections before results are back when neurological involvement is suspected.\n\n"
    "The moon is made of cheese."
)
SHOTS = ((390, 844, "light"), (390, 844, "dark"), (820, 1100, "light"), (1400, 900, "light"), (1400, 900, "dark"))


def ask(page: Any, question: str, turn: int = 1) -> None:
    box = page.get_by_label("Question", exact=True)
    box.fill(question)
    box.press("Enter")
    page.locator(f"#turn-{turn} .answer").wait_for(timeout=60_000)
    page.wait_for_timeout(500)


def open_chat(page: Any, address: str, theme: str) -> None:
    page.goto(f"{address}/?__theme={theme}")
    page.get_by_label("Question", exact=True).wait_for(timeout=20_000)
    page.wait_for_timeout(400)


def chat(page: Any, address: str, theme: str) -> Iterator[str]:
    open_chat(page, address, theme)
    yield "empty"
    ask(page, QUESTION)
    yield "answer"
    page.locator("#turn-1 .cite").first.hover()
    page.locator("#card").wait_for()
    yield "hover"
    page.mouse.move(0, 0)
    page.wait_for_timeout(300)
    page.locator("#turn-1 .cite").first.click()
    page.mouse.move(0, 0)
    page.wait_for_timeout(500)
    yield "citation"
    page.locator("#turn-1 a.num").first.click()
    yield "number"
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Add facts").click()
    page.evaluate("scrollTo(0, 0)")
    yield "facts"
    page.get_by_role("button", name="Fewer facts").click()
    page.locator("#turn-1").get_by_role("button", name="Unsafe").click()
    page.locator("#turn-1 .feedback").scroll_into_view_if_needed()
    yield "feedback"
    open_chat(page, address, theme)
    ask(page, "How do I treat acute gout?")
    yield "nothing"


def trouble(page: Any, address: str, theme: str) -> Iterator[str]:
    """Refused, waiting and out of reach."""
    open_chat(page, address, theme)
    page.get_by_label("Question", exact=True).fill("x" * 2001)
    page.get_by_role("button", name="Ask", exact=True).click()
    page.locator("#turn-1.problem").wait_for()
    page.wait_for_timeout(300)
    yield "error"
    page.route("**/queue/join*", lambda route: route.abort())
    page.get_by_label("Question", exact=True).fill(QUESTION)
    page.get_by_role("button", name="Ask", exact=True).click()
    page.locator("#trouble").wait_for()
    yield "offline"
    page.unroute("**/queue/join*")
    page.goto(f"{address}/embed?theme={theme}")
    held: list[Any] = []
    page.route("**/embed/ask", lambda route: held.append(route))  # not answered while the picture is taken
    page.get_by_label("Question", exact=True).fill(QUESTION)
    page.keyboard.press("Enter")
    page.locator(".pending").wait_for()
    yield "busy"
    for route in held:
        route.abort()
    page.unroute("**/embed/ask")


def pages(page: Any, address: str, theme: str) -> Iterator[str]:
    page.goto(f"{address}/embed?theme={theme}&topic=b12-deficiency-cancer")
    yield "embed"
    ask(page, "What are the doses?")
    yield "embed-answer"
    for name, path in (
        ("guidance", "/guidance"),
        ("article", "/guidance/b12-deficiency-cancer"),
        ("policy", "/policy"),
    ):
        page.goto(address + path)
        yield name
    page.goto(f"{address}/audit")
    page.get_by_label("Text to check").fill(AUDITED)
    page.get_by_role("button", name="Check every claim").click()
    page.locator(".audited").wait_for()
    yield "audit"
    page.goto(f"{address}/calculators")
    yield "calculators"
    page.goto(f"{address}/calculators/cockcroft_gault")
    page.locator("#i-age").fill("51")
    page.get_by_role("button", name="Calculate").click()
    yield "calculator-refused"
    page.locator("#i-sex").select_option("female")
    page.locator("#i-weight").fill("70")
    page.locator("#i-creatinine").fill("1.9")
    page.get_by_role("button", name="Calculate").click()
    yield "calculator"


def keep(picture: bytes, path: Path) -> None:
    """The picture in 256 colours: flat pages lose nothing, and the repository carries a third of the bytes."""
    from PIL import Image

    Image.open(BytesIO(picture)).convert("RGB").quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)


def main() -> int:
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description="Screenshots of every page and state.")
    parser.add_argument("address", nargs="?", default="http://127.0.0.1:7860")
    parser.add_argument("--only", choices=("chat", "trouble", "pages"))
    args = parser.parse_args()
    chromium = os.environ.get("ASSISTANT_TEST_CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        print("no Chromium found; name one in ASSISTANT_TEST_CHROMIUM", file=sys.stderr)
        return 2
    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = [scene for scene in (chat, trouble, pages) if args.only in {None, scene.__name__}]
    with sync_playwright() as play:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = play.chromium.launch(executable_path=chromium, args=flags)
        for width, height, theme in SHOTS:
            size = {"width": width, "height": height}
            for scene in wanted:
                page = browser.new_page(viewport=size, reduced_motion="reduce", color_scheme=theme)
                for name in scene(page, args.address.rstrip("/"), theme):
                    page.wait_for_timeout(150)
                    keep(page.screenshot(), FOLDER / f"{name}-{width}-{theme}.png")
                page.close()
        browser.close()
    print(f"wrote pictures to {FOLDER}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
