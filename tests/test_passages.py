"""A guideline's text to passages: ids, sections, offsets, citations, plain-language variants."""

import pytest

from assistant.passages import plain_text, read_guideline
from assistant.records import Passage, ReviewStatus, Section

FRONT = """+++
id = "ache"
title = "Ache"
publisher = "Examplia Hospital"
jurisdiction = "uk"
version = "1.0.0"
published = 2025-01-01
updated = 2025-01-01
review_by = 2026-01-01
status = "submitted"
licence = "CC-BY-4.0"
topics = ["ache"]
+++
"""


def passages(body: str) -> dict[str, Passage]:
    guideline, problems = read_guideline(FRONT + body, path="guidelines/ache.md")
    assert problems == []
    assert guideline is not None
    return {passage.id: passage for passage in guideline.passages}


def reasons(body: str) -> list[str]:
    _, problems = read_guideline(FRONT + body, path="guidelines/ache.md")
    return [problem.reason for problem in problems]


def test_ids_count_inside_each_heading() -> None:
    found = passages(
        """
## Dosing {#dosing}

- First. [@a]
- Second. [@a]

### Children {#children}

- Third. [@a]

## Pitfalls {#pitfalls}

A paragraph over
two lines. [@a]

1. A numbered item. [@a]
"""
    )
    assert {key: passage.text for key, passage in found.items()} == {
        "ache#dosing.1": "First.",
        "ache#dosing.2": "Second.",
        "ache#children.1": "Third.",
        "ache#pitfalls.1": "A paragraph over two lines.",
        "ache#pitfalls.2": "A numbered item.",
    }
    assert found["ache#children.1"].headings == ("Dosing", "Children")
    assert found["ache#children.1"].section is Section.DOSING
    assert found["ache#pitfalls.2"].section is Section.PITFALLS


def test_attributes_and_defaults() -> None:
    found = passages(
        """
## What it means {#meaning}

- Plain. [@a]
- Full. [@a; @b-2]{facts="f-1 f-2" jurisdiction="us" population="adults" evidence="secondary" tags="dose, oral"}
"""
    )
    bare, full = found["ache#meaning.1"], found["ache#meaning.2"]
    assert (bare.jurisdiction, bare.evidence, bare.population, bare.tags) == ("uk", "primary", None, ())
    assert (full.jurisdiction, full.evidence, full.population) == ("us", "secondary", "adults")
    assert (full.citations, full.facts, full.tags) == (("a", "b-2"), ("f-1", "f-2"), ("dose", "oral"))


def test_plain_variant_follows_its_statement() -> None:
    found = passages(
        """
## Steps {#steps}

- Give examplamol 1 g
  every 6 hours. [@a]
  ~ Take examplamol 1 g
    every 6 hours.
- Next. [@a]
"""
    )
    assert found["ache#steps.1"].text == "Give examplamol 1 g every 6 hours."
    assert found["ache#steps.1"].plain == "Take examplamol 1 g every 6 hours."
    assert found["ache#steps.2"].plain is None


def test_line_is_that_of_the_file() -> None:
    found = passages("\n## Steps {#steps}\n\n- One. [@a]\n")
    assert found["ache#steps.1"].line == FRONT.count("\n") + 4


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("**never** give", "never give"),
        ("*never* give", "never give"),
        ("__never__ and _never_", "never and never"),
        ("see `ng/L`", "see ng/L"),
        ("see [the label](https://example.org/a)", "see the label"),
        ("a  lot   of space", "a lot of space"),
        ("10*9/L and 4 * 2", "10*9/L and 4 * 2"),  # multiplication is not emphasis
        ("b12_deficiency_cancer", "b12_deficiency_cancer"),  # nor is an underscore inside a word
        (r"\*kept\*", "*kept*"),
        ("95 % CI 1.18–3.25", "95 % CI 1.18–3.25"),
        ("< 180 ng/L and > 350 ng/L", "< 180 ng/L and > 350 ng/L"),
    ],
)
def test_inline_marks_are_removed(markdown: str, text: str) -> None:
    assert plain_text(markdown) == text


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("- Text. [@a]\n", "outside the sections"),
        ("### Deep {#deep}\n- Text. [@a]\n", "before any section"),
        ("# Title {#title}\n", "level-1"),
        ("## Steps {#steps}\n- [@a]\n", "no text"),
        ("## Steps {#steps}\n- A [@a] in the middle. [@b]\n", "must end the statement"),
        ("## Steps {#steps}\n- Twice. [@a; @a]\n", "stands twice"),
        ("## Steps {#steps}\n- Loose. [@a]{facts=f-1}\n", 'key="value"'),
        ('## Steps {#steps}\n- Twice. [@a]{tags="x" tags="y"}\n', "stands twice"),
        ("## Steps {#steps}\n- One. [@a]\n  ~ Plain.\n  ~ Again.\n", "must follow its statement"),
        ("## Steps {#steps}\n- One. [@a]\n\n  ~ Plain.\n", "must follow its statement"),
        ("## Steps {#steps}\n<b>bold</b>\n", "HTML"),
        ("## Steps {#steps}\n", "no statements"),
        ("## Not covered {#not-covered}\n- A gap.\n\n## Steps {#Steps}\n- x [@a]\n", "lower-case"),
    ],
)
def test_refuses(body: str, reason: str) -> None:
    assert any(reason in found for found in reasons("\n" + body)), reasons("\n" + body)


def test_gap_needs_no_citation() -> None:
    found = passages("\n## Not covered {#not-covered}\n\n- No dose for children was found.\n")
    assert found["ache#not-covered.1"].citations == ()


def test_front_matter_is_read() -> None:
    guideline, _ = read_guideline(FRONT + "\n## Steps {#steps}\n\n- One. [@a]\n", path="guidelines/ache.md")
    assert guideline is not None
    assert guideline.status is ReviewStatus.SUBMITTED
    assert (guideline.topics, guideline.path) == (("ache",), "guidelines/ache.md")
    assert guideline.review_by.year == 2026


def test_file_without_front_matter() -> None:
    guideline, problems = read_guideline("## Steps {#steps}\n", path="guidelines/ache.md")
    assert guideline is None
    assert problems[0].line == 1
