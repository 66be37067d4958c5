"""What a reader waits for, measured in the browser: python benchmarks/browser.py [ADDRESS]

Start the server first (``make run``). Prints, each as median and worst of its runs: first contentful paint of the chat with
a warm cache, from Enter to the first checked sentence on the screen (offline writer), and the bytes of the widget before
it is opened. The questions are examples of the page and of its topics, each asked once in a new conversation.
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import urllib.request
from typing import Any

QUESTIONS = (
    "Hydroxocobalamin dose with neurological involvement?",
    "How should delirium be treated?",
    "What is the maximum rate of intravenous potassium?",
    "Rasburicase dose in tumour lysis syndrome?",
    "What are the red flags in metastatic spinal cord compression?",
    "How is hypercalcaemia of malignancy treated?",
    "Can I use B12 as a tumour marker?",
)
RUNS = 5
# Times the page by its own clock: a driver that polls would add its own delay.
WATCH = """() => {
  window.shown = new Promise((done) => {
    let from = 0;
    document.addEventListener('keydown', (event) => { if (event.key === 'Enter') from = performance.now(); }, true);
    new MutationObserver((_, watch) => {
      if (!document.querySelector('.turn .answer [id^="st-"]')) return;
      watch.disconnect();
      requestAnimationFrame(() => done(performance.now() - from));
    }).observe(document.body, { childList: true, subtree: true });
  });
}"""


def first_paint(browser: Any, address: str) -> list[float]:
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    times = []
    for _ in range(RUNS + 1):
        page = context.new_page()
        page.goto(address + "/")
        page.get_by_label("Question", exact=True).wait_for(timeout=30_000)
        paints = page.evaluate("performance.getEntriesByName('first-contentful-paint').map((e) => e.startTime)")
        times += paints
        page.close()
    context.close()
    return times[1:]  # the first fills the cache


def first_sentence(browser: Any, address: str) -> list[float]:
    times = []
    for question in QUESTIONS:
        page = browser.new_page(viewport={"width": 1200, "height": 900}, reduced_motion="reduce")
        page.goto(address + "/")
        box = page.get_by_label("Question", exact=True)
        box.wait_for(timeout=30_000)
        page.wait_for_timeout(500)
        page.evaluate(WATCH)
        box.fill(question)
        box.press("Enter")
        times.append(float(page.evaluate("window.shown")))
        page.close()
    return times


def main() -> int:
    from playwright.sync_api import sync_playwright

    address = (sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:7860").rstrip("/")
    chromium = os.environ.get("ASSISTANT_TEST_CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        print("no Chromium found; name one in ASSISTANT_TEST_CHROMIUM", file=sys.stderr)
        return 2
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for name, times in (
            ("first contentful paint, warm", first_paint(browser, address)),
            ("Enter to the first checked sentence", first_sentence(browser, address)),
        ):
            print(f"{name}: median {statistics.median(times):.0f} ms, worst {max(times):.0f} ms, {len(times)} runs")
        browser.close()
    with urllib.request.urlopen(address + "/widget.js", timeout=10) as reply:
        print(f"widget before it is opened: {len(reply.read())} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
