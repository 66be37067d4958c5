"""The pages that need no script: guidance, audit, calculators; what they say, what they refuse, that text stays text."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.adapters.snapshots import Snapshots
from assistant.checker import Checker
from assistant.history import revisions
from assistant.records import Audience, CheckedStatement, ReviewStatus
from assistant.ui.articles import article_page, json_ld
from tests.ui.sample import CORPUS, GUIDELINE, PASSAGES, REFERENCES, SampleAssistant

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning", "ignore::ResourceWarning")
PAYLOAD = "<img src=x onerror=window.hacked=1></textarea></script><script>window.hacked=1</script>"
ADDRESS = "http://127.0.0.1:7860"
FORM = {"content-type": "application/x-www-form-urlencoded"}


class AuditingAssistant(SampleAssistant):
    """The sample with the real checker behind ``check``."""

    def check(self, text: str, source: str | None = None) -> tuple[CheckedStatement, ...]:
        return Checker(self.corpus).audit(text, source)


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    from assistant.ui.api import build_app

    app = build_app(AuditingAssistant(), rate_per_minute=6000)
    with TestClient(app, base_url=ADDRESS, raise_server_exceptions=False) as client:
        yield client


def test_an_article_says_what_it_is_and_what_it_is_not(client: TestClient) -> None:
    page = client.get("/guidance/examplosis").text
    for words in (
        "Examplin deficiency in adults", "Bottom line", "Pending human review", "version 1.2.0", "5 January 2026",
        "2 November 2027", "on alternate days", "grade: 1B", "https://doi.org/10.1234/example.5678",
        'aria-current="step">Submitted', "Ask a follow-up", "Change history", "Editorial policy", "For healthcare professionals",
    ):  # fmt: skip
        assert words in page
    assert page.count('class="source" id="ref-') == 4  # every cited work, once, in full
    assert 'id="dosing.1"' in page  # the address of a statement is its passage's
    assert "<script>" not in page
    assert client.get("/guidance/unknown").status_code == 404


def test_structured_data_claims_no_review_that_was_not(client: TestClient) -> None:
    page = client.get("/guidance/examplosis").text
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert block
    data = json.loads(block[1])
    assert data["@type"] == "MedicalWebPage"
    assert data["creativeWorkStatus"] == "Submitted"
    assert len(data["citation"]) == 4
    assert not {"lastReviewed", "reviewedBy"} & set(data)
    evil = replace(GUIDELINE, title="</script><script>window.hacked=1</script>")
    assert "</script><script>" not in json_ld(evil, list(REFERENCES.values()), Audience.CLINICIAN)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", True), ("?q=examplin", True), ("?q=numbness+gait", True), ("?q=gout", False), ("?jurisdiction=us", True),
        ("?jurisdiction=eu", False), ("?status=approved", False), ("?status=nonsense&jurisdiction=moon", True),
        (f"?q={PAYLOAD}", False),
    ],
)  # fmt: skip
def test_the_index_is_searched_and_filtered(client: TestClient, query: str, found: bool) -> None:
    reply = client.get(f"/guidance{query}")
    assert reply.status_code == 200
    assert ("Examplin deficiency in adults" in reply.text) is found
    assert "<img" not in reply.text.replace('<img src="/site/mark.svg', "")
    assert "window.hacked=1</script>" not in reply.text


def test_plain_words_keep_the_numbers_and_old_text_is_marked() -> None:
    passages = tuple(
        replace(p, plain="An injection of 1 mg.") if p.id == "examplosis#dosing.1" else p for p in PASSAGES.values()
    )
    guideline = replace(GUIDELINE, passages=passages, status=ReviewStatus.APPROVED)
    page = article_page(guideline, CORPUS, audience=Audience.PATIENT, base_path="/guides", today=date(2028, 1, 1))
    assert "An injection of 1\N{NO-BREAK SPACE}mg." in page
    assert "general information and no advice" in page
    assert "review overdue" in page
    assert "Pending human review" not in page
    assert 'href="/guides/guidance"' in page


def test_every_change_of_a_text_is_held_and_shown(tmp_path: Path) -> None:
    held = Snapshots(tmp_path)
    texts = {"examplosis": "Give 1 mg.\nSame.\n"}
    assert held.record(CORPUS, texts, today=date(2026, 1, 1)) == 1
    assert held.record(CORPUS, texts, today=date(2026, 1, 2)) == 0  # the same text again
    newer = replace(GUIDELINE, version="1.3.0", digest="sha256:" + "2" * 64)
    changed = replace(CORPUS, guidelines={"examplosis": newer})
    assert held.record(changed, {"examplosis": "Give 2 mg <b>.\nSame.\n"}, today=date(2026, 2, 1)) == 1
    new, first = revisions(held.of("examplosis"))
    assert (first.version, first.is_first, first.changes) == ("1.2.0", True, ())
    assert (new.version, new.seen, new.changes) == (
        "1.3.0", date(2026, 2, 1), (("-", "Give 1 mg."), ("+", "Give 2 mg <b>.")),
    )  # fmt: skip
    page = article_page(
        newer, changed, audience=Audience.CLINICIAN, base_path="", today=date(2026, 3, 1), history=(new, first)
    )
    assert "<ins>Give 2 mg &lt;b&gt;.</ins>" in page
    assert "<del>Give 1 mg.</del>" in page


def test_a_text_is_marked_in_place_and_reported(client: TestClient) -> None:
    source = "Give examplamol 1 mg by intramuscular injection on alternate days."
    text = f"Give examplamol 10 mg by intramuscular injection on alternate days.\n\n{PAYLOAD}"
    page = client.post("/audit", data={"text": text, "source": source}).text
    marked = page[page.index('class="audited"') :]
    assert re.search(r'class="num (?:verdict )?contradicted".*?✕</span>[ (]+contradicted', marked)  # shape and word
    assert "&lt;img src=x" in marked
    assert "<img src=x" not in page
    report = client.post("/audit/report", data={"text": text, "source": source, "format": "json"})
    assert report.headers["content-disposition"].startswith("attachment")
    (first, *_) = report.json()["statements"]
    assert first["verdict"] == "contradicted"
    assert "1" in json.dumps(first["claims"][0]["expected"])
    for kind in ("md", "html"):
        body = client.post("/audit/report", data={"text": text, "source": source, "format": kind}).text
        assert "Contradicted" in body
        assert "<img src=x" not in body
        assert "<script" not in body


@pytest.mark.parametrize(
    ("data", "status", "words"),
    [
        ({"text": "  "}, 422, "Paste the text"),
        ({"text": "x" * 20_001}, 422, "20,000 characters"),
        ({"text": "x", "source": "y" * 20_001}, 422, "20,000 characters"),
    ],
)
def test_a_text_that_cannot_be_audited_is_refused_in_words(
    client: TestClient, data: dict[str, str], status: int, words: str
) -> None:
    reply = client.post("/audit", data=data)
    assert reply.status_code == status
    assert words in reply.text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ("age=51&sex=female&weight=70&unit.weight=kg&creatinine=1.9&unit.creatinine=mg/dL", "38.7 mL/min"),
        (
            "age=51&sex=female&weight=70+kg&unit.weight=lb&creatinine=168&unit.creatinine=umol/L",
            "38.7 mL/min",
        ),  # typed unit wins
        ("age=51", "Not calculated"),
        ("age=51&sex=female&weight=9999&unit.weight=kg&creatinine=1.9&unit.creatinine=mg/dL", "Not calculated"),
        (f"age=51&sex=female&weight={PAYLOAD.replace('=', '%3D')}&creatinine=1", "Not calculated"),
    ],
)
def test_a_calculator_says_how_or_why_not(client: TestClient, fields: str, words: str) -> None:
    page = client.post("/calculators/cockcroft_gault", content=fields, headers=FORM).text
    assert words in page
    assert "<img src=x" not in page
    assert "(140 - age)" in page
    assert "Source" in page
    assert 'value="51"' in page  # what was typed stays


def test_calculators_are_listed_and_found(client: TestClient) -> None:
    assert client.get("/calculators").text.count('href="/calculators/') > 60
    found = client.get("/calculators?q=cockcroft").text
    assert "Cockcroft-Gault" in found
    assert found.count('href="/calculators/') == 1
    assert client.get("/calculators/none").status_code == 404


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": ADDRESS}, 200),
        ({"origin": "null", "sec-fetch-site": "same-origin"}, 200),  # what a browser sends for a form under no-referrer
        ({"origin": "null", "sec-fetch-site": "cross-site"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "https://evil.example"}, 403),
    ],
)
def test_forms_of_other_sites_are_refused(client: TestClient, headers: dict[str, str], status: int) -> None:
    assert client.post("/audit", data={"text": "Give 1 mg."}, headers=headers).status_code == status


def test_answers_are_taken_along_by_their_key_alone(client: TestClient) -> None:
    markup = client.post("/embed/ask", json={"question": "Dose?"}).json()["html"]
    (address,) = set(re.findall(r'href="(/answers/[\w-]+)\.md"', markup))
    assert client.get(f"{address}.md").text.startswith("## Dose?")
    pdf = client.get(f"{address}.pdf")
    assert pdf.content.startswith(b"%PDF-")
    assert pdf.headers["cache-control"] == "no-store"
    assert client.get("/answers/AAAAAAAAAAAAAAAAAAAAAA.md").status_code == 404
    note: dict[str, Any] = {"judgement": "wrong", "reason": "no"}
    assert client.post(f"{address}/feedback", json=note).json()["kept"] is False  # no folder was named
    assert client.post(f"{address}/feedback", json={**note, "statement": "s99"}).status_code == 422
