"""The widget on other sites: strict policies, several on one page, height, a prefix behind a real nginx."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.ui.sample import SampleAssistant
from tests.ui.served import CHROMIUM, Served, free_port, intranet

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: install one, or name it in ASSISTANT_TEST_CHROMIUM"),
    pytest.mark.filterwarnings("ignore"),
]
ROOT = Path(__file__).resolve().parents[2]
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


@pytest.fixture(scope="module")
def assistant() -> SampleAssistant:
    return SampleAssistant()


@pytest.fixture(scope="module")
def sites(assistant: SampleAssistant, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The assistant below /guides, directly and through nginx with the shipped example; a site that may embed it."""
    from assistant.ui.api import build_app

    with Served(intranet) as known, Served(intranet) as foreign:
        app = build_app(assistant, origins=(known.url,), base_path="/guides", behind_proxy=True, rate_per_minute=6000)
        with Served(app) as ours:
            urls = {"known": known.url, "foreign": foreign.url, "direct": f"{ours.url}/guides"}
            folder = tmp_path_factory.mktemp("nginx")
            proxy = _nginx(folder, ours.port) if NGINX else None
            urls["proxied"] = f"http://127.0.0.1:{proxy[1]}/guides" if proxy else ""
            yield urls
            if proxy:
                proxy[0].terminate()
                proxy[0].wait(10)


def _nginx(folder: Path, port: int) -> tuple[subprocess.Popen[bytes], int]:
    """A real nginx with docs/embedding/nginx.conf; only the port that it passes on to is another."""
    example = (ROOT / "docs/embedding/nginx.conf").read_text()
    assert example.count("127.0.0.1:7860") == 1
    listen = free_port()
    temporary = "".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log; worker_processes 1; events {{}}\n"
        f"http {{ access_log off; {temporary}\nserver {{ listen 127.0.0.1:{listen};\n"
        f"{example.replace('127.0.0.1:7860', f'127.0.0.1:{port}')}\n}} }}"
    )
    process = subprocess.Popen(
        [str(NGINX), "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "e")]
    )
    for _ in range(100):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{listen}/guides/api/v1/health", timeout=5).close()
            break
        except OSError:
            time.sleep(0.1)
    return process, listen


def test_two_widgets_on_a_page_with_a_strict_policy(
    page: Any, sites: dict[str, str], assistant: SampleAssistant
) -> None:
    """The policy also asks for trusted types: the widget puts no text where it could become markup."""
    page.goto(f"{sites['known']}/strict?{sites['direct']}/widget.js")
    first = page.get_by_role("button", name="Ask about examplin")
    second = page.get_by_role("button", name="Ask the guideline assistant")
    first.wait_for()
    boxes = [button.bounding_box() for button in (first, second)]
    assert abs(boxes[0]["y"] - boxes[1]["y"]) >= boxes[0]["height"]  # one above the other
    second.click()
    page.frame_locator("iframe").get_by_label("Question", exact=True).wait_for()
    page.keyboard.press("Escape")
    first.click()
    frame = page.frame_locator('iframe[title="Ask about examplin"]')
    frame.get_by_role("link", name="Examplin deficiency in adults").wait_for()
    panel = page.get_by_role("dialog", name="Ask about examplin")
    page.wait_for_timeout(300)
    low = panel.bounding_box()["height"]
    frame.get_by_role("button", name="What are the doses?").click()
    frame.locator("#turn-1 .answer").wait_for()
    assert assistant.asked[-1]["question"] == "Examplin deficiency in adults: What are the doses?"
    page.wait_for_function("h => document.querySelectorAll('[role=dialog]')[0].offsetHeight > h || "
                           "document.querySelectorAll('[role=dialog]')[1].offsetHeight > h", arg=low)  # fmt: skip
    page.evaluate("window.postMessage({type: 'assistant:height', height: 10}, '*')")  # not from the frame: not believed
    page.wait_for_timeout(200)
    assert panel.bounding_box()["height"] > low
    frame.locator("#turn-1 a.num").first.click()
    frame.get_by_role("dialog").wait_for()
    page.keyboard.press("Escape")  # closes the card, not the frame
    assert panel.is_visible()
    page.keyboard.press("Escape")
    panel.wait_for(state="hidden")
    assert first.evaluate("e => e === document.activeElement")


def test_other_sites_get_no_frame(page: Any, sites: dict[str, str]) -> None:
    page.goto(f"{sites['foreign']}/frame?{sites['direct']}/embed?topic=examplosis")
    page.wait_for_timeout(600)
    assert page.frame_locator("#f").get_by_label("Question", exact=True).count() == 0


def test_the_widget_is_small(sites: dict[str, str]) -> None:
    with urllib.request.urlopen(f"{sites['direct']}/widget.js", timeout=10) as reply:
        assert len(reply.read()) <= 10_000


@pytest.mark.skipif(NGINX is None, reason="no nginx here")
def test_everything_works_below_a_prefix_behind_nginx(page: Any, sites: dict[str, str]) -> None:
    at = sites["proxied"]
    with urllib.request.urlopen(at, timeout=10) as reply:  # without its slash it leads to the page
        assert reply.url == f"{at}/"
    page.goto(f"{at}/")
    box = page.get_by_label("Question", exact=True)
    box.wait_for(timeout=20_000)
    box.fill("Dose?")
    box.press("Enter")
    page.locator("#turn-1 .answer").wait_for(timeout=15_000)
    with page.expect_download() as download:
        page.locator("#turn-1").get_by_role("link", name="PDF").click()
    assert download.value.path().read_bytes().startswith(b"%PDF-")
    page.goto(f"{at}/guidance/examplosis")
    page.get_by_label("Ask a follow-up").fill("What are the doses?")
    page.get_by_role("button", name="Ask").click()
    page.locator("#turn-1 .answer").wait_for(timeout=20_000)
    assert re.search("Examplin deficiency in adults: What are the doses", page.locator("#turn-1 h2").inner_text())
    page.goto(f"{at}/calculators/cockcroft_gault")
    page.locator("#i-age").fill("51")
    page.get_by_role("button", name="Calculate").click()
    page.get_by_text("Not calculated.").wait_for()
    page.goto(f"{sites['known']}/widget?{at}/widget.js")
    page.get_by_role("button", name="Ask the guideline assistant").click()
    frame = page.frame_locator("iframe")
    frame.get_by_label("Question", exact=True).fill("Dose?")
    frame.get_by_role("button", name="Ask", exact=True).click()
    frame.locator("#turn-1 .answer").wait_for()


def test_the_demo_page_names_what_exists() -> None:
    demo = (ROOT / "docs/embedding/intranet.html").read_text()
    topics = re.findall(r'(?:data-topic="|topic=)([\w-]+)', demo)
    assert len(topics) == 2
    assert all((ROOT / "corpus/guidelines" / f"{topic}.md").is_file() for topic in topics)
    readme = (ROOT / "docs/embedding/README.md").read_text()
    widget = (ROOT / "assistant/ui/static/widget.js").read_text()
    for name in re.findall(r"`data-(\w+)`", readme):
        assert f'"{name}"' in widget or f"dataset.{name}" in widget
