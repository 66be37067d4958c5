"""Screenshots of the running chat for the documentation: python benchmarks/screenshots.py [ADDRESS]

Start the server first (``make run``). Writes docs/screenshots/<page>-<width>-<theme>.png at 1200 and 390 px, light and dark.
The browser is ``ASSISTANT_TEST_CHROMIUM`` or the ``chromium`` on the path.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
QUESTION = "Hydroxocobalamin dose with neurological involvement?"
SIZES = ((1200, 900), (390, 844))


def shoot(browser: Any, address: str, *, width: int, height: int, theme: str) -> None:
    page = browser.new_page(viewport={"width": width, "height": height}, reduced_motion="reduce", color_scheme=theme)

    def keep(name: str) -> None:
        page.screenshot(path=FOLDER / f"{name}-{width}-{theme}.png")

    page.goto(f"{address}/?__theme={theme}")
    box = page.get_by_label("Question", exact=True)
    box.wait_for(timeout=20_000)
    keep("empty")
    box.fill(QUESTION)
    box.press("Enter")
    page.locator("#turn-1 .answer").wait_for(timeout=30_000)
    page.wait_for_timeout(500)
    keep("answer")
    page.locator("#turn-1 .cite").first.click()
    page.wait_for_timeout(500)
    keep("citation")
    page.locator("#turn-1 a.num").first.click()
    page.wait_for_timeout(500)
    keep("numbers")
    page.goto(f"{address}/policy")
    keep("policy")
    page.goto(f"{address}/embed?theme={theme}")
    page.get_by_label("Question", exact=True).fill(QUESTION)
    page.keyboard.press("Enter")
    page.locator("#turn-1 .answer").wait_for(timeout=30_000)
    page.wait_for_timeout(300)
    keep("embed")
    page.close()


def main() -> int:
    from playwright.sync_api import sync_playwright

    address = (sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:7860").rstrip("/")
    chromium = os.environ.get("ASSISTANT_TEST_CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        print("no Chromium found; name one in ASSISTANT_TEST_CHROMIUM", file=sys.stderr)
        return 2
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = play.chromium.launch(executable_path=chromium, args=flags)
        for width, height in SIZES:
            for theme in ("light", "dark"):
                shoot(browser, address, width=width, height=height, theme=theme)
        browser.close()
    print(f"wrote {len(list(FOLDER.glob('*.png')))} pictures to {FOLDER}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
