"""Markup of an answer: complete, linked, and inert whatever anyone wrote."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.records import AnswerState, Audience, CheckedClaim, Quote, ReviewStatus, Verdict
from assistant.ui.escaping import doi_link, escaped, escaped_markdown, pmid_link, safe_link
from assistant.ui.plain import answer_markdown
from assistant.ui.render import answer_html, pending_html, problem_html
from assistant.ui.sources import merged
from tests.ui.sample import CORPUS, PASSAGES, REFERENCES, STATEMENTS, sample_answer

PAYLOADS = (
    "<script>window.hacked=1</script>",
    '"><img src=x onerror=window.hacked=1>',
    "' onmouseover='window.hacked=1",
    "</p></article><iframe src=//evil.example>",
    "[click](javascript:window.hacked=1)",
    "![x](https://evil.example/pixel)",
    "<!--<svg/onload=window.hacked=1>-->",
    "{{7*7}} ${7*7} $$\\href{javascript:1}{x}$$",
    "&lt;script&gt; &#60;b&#62;",
    "\n\n# heading\n\n<b>bold</b>",
)
TAGS = {
    "article", "header", "p", "h2", "h3", "h4", "ul", "ol", "li", "div", "section", "span", "a", "table", "thead", "tbody", "tr",
    "th", "td", "details", "summary", "blockquote", "small", "strong", "code", "time", "footer", "button", "pre", "aside",
    "figure", "figcaption", "mark", "cite",
}  # fmt: skip


class Seen(HTMLParser):
    """All tags and attributes of a markup, and whether every tag is closed."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")


def assert_inert(markup: str) -> Seen:
    seen = Seen(markup)
    assert seen.open == []
    for tag, attributes in seen.tags:
        assert tag in TAGS
        assert not [
            name for name in attributes if name.startswith("on") or name in {"style", "src", "srcdoc", "action"}
        ]
        address = attributes.get("href")
        if address is not None:
            own = re.fullmatch(r"(?:/guidance/[\w-]+)?(?:#[\w.-]+)?", address)
            assert own or address.startswith("https://")
            if not own:
                assert attributes["rel"] == "noopener noreferrer"
    return seen


def poisoned(text: str):  # type: ignore[no-untyped-def]
    """An answer and a corpus in which every free field holds ``text``."""
    claim = CheckedClaim(text, text, 0, len(text), Verdict.VERIFIED, text, text, {"value": text}, {text: text},
                         Quote("examplosis#dosing.1", 0, 4, text))  # fmt: skip
    statement = replace(
        STATEMENTS[3], text=text + " 1", claims=(claim,), jurisdiction=text, dosage={"drug": text, "dose": text}
    )
    reference = replace(
        REFERENCES["north2024"], title=text, authors=text, container=text, url=text, doi=text, pmid=text, grade=text,
        type=text, depth=text, superseded_by=text, volume=text, pages=text,
    )  # fmt: skip
    answer = sample_answer(
        text,
        understood_as=text + "!",
        slots={text: text},
        statements=(statement, STATEMENTS[0]),
        notices=(text,),
        not_covered=(text,),
        follow_ups=(text,),
        withheld=(replace(sample_answer().withheld[0], reason=text),),
        references=(replace(sample_answer().references[0], reference=reference), *sample_answer().references[1:]),
        guidance=(replace(sample_answer().guidance[0], title=text, version=text),),
    )
    passages = {
        **PASSAGES,
        "examplosis#dosing.1": replace(PASSAGES["examplosis#dosing.1"], text=text, headings=(text,)),
    }
    guidelines = {"examplosis": replace(CORPUS.guidelines["examplosis"], title=text)}
    return answer, replace(CORPUS, passages=passages, guidelines=guidelines)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_payload_becomes_markup(payload: str) -> None:
    seen = assert_inert(answer_html(*poisoned(payload)))
    shown = " ".join(payload.split())
    assert shown in " ".join(seen.text.split())  # shown as typed, not swallowed


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_no_text_becomes_markup(text: str) -> None:
    assert_inert(answer_html(*poisoned(text)))
    assert_inert(pending_html(text, turn=1, step=text))
    assert_inert(problem_html(text, text, text, turn=1))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80))
def test_markdown_is_inert(text: str) -> None:
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").parse("- " + escaped_markdown(text))
    kinds = {child.type for token in tokens for child in token.children or []}
    assert kinds <= {"text", "softbreak", "hardbreak"}
    assert not {token.type for token in tokens} & {"html_block", "heading_open", "fence", "code_block"}


def test_hidden_characters_are_made_visible() -> None:
    assert escaped("1\u202e0\u200b mg\x1b[31m") == "1\ufffd0\ufffd mg\ufffd[31m"
    assert escaped("half \ud800 pair") == "half \ufffd pair"


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://example.org/a?b=c#d", True),
        ("http://example.org/", False),  # only https
        ("javascript:alert(1)", False),
        ("JAVASCRIPT:alert(1)", False),
        ("data:text/html,x", False),
        ("https://user@example.org/", False),  # a name before @ may imitate a host
        ("https:///path", False),
        ("//example.org", False),
        ("https://exa mple.org", False),
        ("https://\u0435xample.org", False),  # a Cyrillic letter in the host
        ("https://[bad", False),
        ("", False),
        (None, False),
    ],
)
def test_only_plain_https_links(url: str | None, kept: bool) -> None:
    assert (safe_link(url) is not None) is kept


def test_a_quote_cannot_leave_its_attribute() -> None:
    link = safe_link('https://example.org/"onclick="x')
    assert link is not None
    assert '"' not in link


def test_identifiers_become_addresses_only_when_they_look_like_one() -> None:
    assert doi_link("10.1234/ab(c)d") == "https://doi.org/10.1234/ab(c)d"
    assert doi_link("not a doi") is None
    assert pmid_link("12345678") == "https://pubmed.ncbi.nlm.nih.gov/12345678/"
    assert pmid_link("12 34") is None


def test_every_inner_link_has_exactly_one_target() -> None:
    markup = answer_html(sample_answer(), CORPUS, turn=3)
    ids = re.findall(r'\bid="([^"]+)"', markup)
    assert len(ids) == len(set(ids))
    assert all("3" in name for name in ids)
    targets = re.findall(r'href="#([^"]+)"', markup)
    assert targets
    assert set(targets) <= set(ids)


def test_a_citation_leads_to_the_passage_of_its_own_statement() -> None:
    markup = answer_html(sample_answer(), CORPUS, turn=1)
    statement = re.search(r'<li id="st-1-s7".*?</li>', markup)
    assert statement
    anchor = re.search(r'class="cite" href="#([^"]+)"', statement[0])
    assert anchor
    figure = re.search(rf'<figure class="quote" id="{anchor[1]}".*?</figure>', markup)
    assert figure
    assert "<mark>8 weeks</mark>" in figure[0]
    assert "Back to answer" in figure[0]
    assert 'href="#st-1-s7"' in figure[0]


def test_dosing_is_a_table_with_one_row_a_statement() -> None:
    seen = Seen(answer_html(sample_answer(), CORPUS))
    columns = [
        attributes.get("data-label")
        for tag, attributes in seen.tags
        if tag in {"td", "th"} and "data-label" in attributes
    ]
    assert columns[:7] == ["Drug", "Dose", "Route", "Frequency", "Duration", "For whom", "Source"]
    assert sum(attributes.get("data-label") == "Dose" for _, attributes in seen.tags) == 2


def test_every_checked_number_has_its_sign_word_and_row() -> None:
    markup = answer_html(sample_answer(), CORPUS)
    marks = re.findall(r'<a class="num verified[^"]*" href="#(num-1-\d+)"', markup)
    assert len(marks) >= 6
    for name in marks:
        row = re.search(rf'<tr id="{name}".*?</tr>', markup)
        assert row
        assert "Verified" in row[0]
        assert "✓" in row[0]
    assert "rule-s2" in markup


def test_expected_and_observed_of_a_contradiction_stand_in_the_panel() -> None:
    claim = CheckedClaim("dose", "10 mg", 0, 5, Verdict.CONTRADICTED, "the rule says otherwise", "rule-x",
                         {"value": "1", "unit": "mg"}, {"value": "10", "unit": "mg"})  # fmt: skip
    answer = sample_answer(statements=(replace(STATEMENTS[0], text="10 mg is given to all of them.", claims=(claim,)),))
    text = Seen(answer_html(answer, CORPUS)).text
    assert "Contradicted" in text
    assert "✕" in text
    assert "the rule says otherwise" in text
    row = re.search(r'<tr id="num-1-1".*?</tr>', answer_html(answer, CORPUS))
    assert row
    assert 'data-label="Expected">1 mg<' in row[0]
    assert 'data-label="Observed">10 mg<' in row[0]


def test_bottom_line_comes_before_every_other_section() -> None:
    names = re.findall(r'<section class="([\w-]+)"', answer_html(sample_answer(), CORPUS))
    assert names == ["bottom_line", "steps", "dosing", "pitfalls", "monitoring", "conflicts", "not-covered", "standing"]


def test_conflicting_sources_stand_side_by_side() -> None:
    conflict = re.search(r'<section class="conflicts">.*?</section>', answer_html(sample_answer(), CORPUS))
    assert conflict
    assert conflict[0].count('class="side"') == 2
    assert "Dose of examplamol at the start" in conflict[0]


def test_withheld_gives_the_reason_and_never_the_draft() -> None:
    markup = answer_html(sample_answer(), CORPUS)
    part = re.search(r'<details class="withheld".*?</details>', markup)
    assert part
    assert "no passage covers children" in part[0]
    assert "not found" in part[0]
    assert "5 mg" not in markup  # the number that could not be verified


@pytest.mark.parametrize("status", list(ReviewStatus))
def test_the_badge_shows_the_status_it_has(status: ReviewStatus) -> None:
    used = replace(sample_answer().guidance[0], status=status)
    steps = re.search(r'<ol class="steps-of-review">(.*?)</ol>', answer_html(sample_answer(guidance=(used,)), CORPUS))
    assert steps
    current = re.search(r'<li aria-current="step">([^<]+)</li>', steps[1])
    assert current
    assert current[1].lower().replace(" ", "_") == status.value
    assert steps[1].count("aria-current") == 1


def test_the_least_reviewed_guidance_decides() -> None:
    first = sample_answer().guidance[0]
    answer = sample_answer(guidance=(replace(first, status=ReviewStatus.APPROVED), first))
    assert '<li aria-current="step">Submitted</li>' in answer_html(answer, CORPUS)


def test_dates_and_overdue_review() -> None:
    markup = answer_html(sample_answer(), CORPUS, today=date(2027, 11, 2))
    assert "last updated" in markup
    assert "2 November 2026" in markup
    assert "overdue" not in markup  # the day itself is still in time
    assert "review overdue" in answer_html(sample_answer(), CORPUS, today=date(2027, 11, 3))


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (AnswerState.PARTIAL, "Partly answered"),
        (AnswerState.WITHHELD, "nothing in it could be verified"),
        (AnswerState.NO_GUIDANCE, "Not in this corpus"),
        (AnswerState.SIGNPOST, "Get help first"),
        (AnswerState.INVALID, "Not processed"),
    ],
)
def test_each_state_says_what_it_is(state: AnswerState, words: str) -> None:
    answer = sample_answer(state=state, statements=(), references=(), conflicts=(), withheld=())
    assert words in Seen(answer_html(answer, CORPUS)).text


def test_outside_the_corpus_only_titles_are_shown() -> None:
    answer = sample_answer(
        state=AnswerState.NO_GUIDANCE,
        statements=(),
        references=(),
        conflicts=(),
        withheld=(),
        guidance=(),
        not_covered=(),
    )
    markup = answer_html(answer, CORPUS)
    assert "Examplin deficiency in adults" in markup
    assert "examplamol 1 mg" not in markup
    assert 'class="cite"' not in markup


def test_audience_changes_no_number() -> None:
    numbers = {
        audience: re.findall(r"\d+(?:\.\d+)?", " ".join(re.findall(r'<section class="(?!standing).*?</section>', answer_html(sample_answer(audience=audience), CORPUS))))
        for audience in Audience
    }  # fmt: skip
    assert len({tuple(found) for found in numbers.values()}) == 1


def test_markdown_carries_every_statement_and_reference() -> None:
    text = answer_markdown(sample_answer()).replace("\\", "")
    for statement in STATEMENTS:
        assert statement.text in text
    assert "https://doi.org/10.1234/example.5678" in text
    assert "1. Northern Society of Examples" in text


def test_secondary_evidence_carries_its_caution() -> None:
    assert "Reported by a secondary source" in answer_html(sample_answer(), CORPUS)


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([(0, 4), (2, 8)], ((0, 8),)),
        ([(5, 6), (0, 2)], ((0, 2), (5, 6))),
        ([(-3, 2), (8, 99)], ((0, 2), (8, 10))),  # cut to the passage
        ([(4, 4)], ()),
    ],
)
def test_spans_are_merged(spans: list[tuple[int, int]], expected: tuple[tuple[int, int], ...]) -> None:
    assert merged(spans, 10) == expected


def test_a_reference_without_a_passage_is_still_a_target() -> None:
    bare = replace(STATEMENTS[0], passage=None, claims=())
    markup = answer_html(sample_answer(statements=(bare,)), CORPUS)
    assert 'href="#src-1-1"' in markup
    assert markup.count('id="src-1-1"') == 1


def test_outside_the_corpus_the_nearest_titles_can_be_read() -> None:
    notice = "Not in this corpus. Nearest guidance: Examplin deficiency in adults."
    answer = sample_answer(
        state=AnswerState.NO_GUIDANCE, statements=(), references=(), guidance=(), notices=(notice, "Masked.")
    )
    markup = answer_html(answer, CORPUS)
    assert '<a href="/guidance/examplosis" target="_blank" rel="noopener">Examplin deficiency in adults</a>' in markup
    assert notice not in markup  # the state says it already
    assert "Masked." in markup
