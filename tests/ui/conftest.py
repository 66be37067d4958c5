"""A browser for the tests of a file, and a page of it that proves that nothing left the machine.

Not for the whole session: its driver keeps an event loop running, in which other tests could not start theirs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.ui.served import CHROMIUM, FLAGS


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A page of 1200 px; at its end every request that was made must have stayed on loopback, and no script has failed."""
    context = browser.new_context(viewport={"width": 1200, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    requests: list[str] = []
    errors: list[str] = []
    context.on("request", lambda request: requests.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert requests
    assert not [url for url in requests if not url.startswith(("http://127.0.0.1:", "data:", "blob:", "about:"))]
    assert errors == []
