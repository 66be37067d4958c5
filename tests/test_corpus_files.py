"""The shipped corpus: it loads without a problem, says what it must, and keeps to its own rules of writing."""

import re
import tomllib
from pathlib import Path

import pytest

from assistant.adapters.corpus import check_corpus, read_corpus
from assistant.records import Corpus, Passage, ReviewStatus, Rule, Section
from assistant.rules import Pattern
from assistant.tallies import licence_manifest

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "corpus"
BLOCKING = {"must_not_state", "never_event", "contraindication"}


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return read_corpus(FOLDER)


def test_no_problem() -> None:
    assert [str(problem) for problem in check_corpus(FOLDER)] == []


def test_nothing_claims_to_be_approved(corpus: Corpus) -> None:
    assert {guideline.status for guideline in corpus.guidelines.values()} == {ReviewStatus.SUBMITTED}


def test_every_statement_names_its_facts(corpus: Corpus) -> None:
    assert [p.id for p in corpus.passages.values() if not p.facts and p.section is not Section.NOT_COVERED] == []


def test_second_hand_is_said(corpus: Corpus) -> None:
    """What was read at second hand says so, or stands beside a work that was read."""
    said = re.compile(r"second-hand|quoted by|BNF", re.IGNORECASE)
    depths = {key: reference.depth for key, reference in corpus.references.items()}
    for passage in corpus.passages.values():
        if passage.evidence == "secondary":
            is_beside = any(depths[key] != "secondary" for key in passage.citations)
            assert said.search(passage.text) or is_beside or "hazard ratio" in passage.text, passage.id


def test_no_dose_mixes_two_countries(corpus: Corpus) -> None:
    for passage in corpus.passages.values():
        if re.search(r"\bUS (?:label|sources|review)", passage.text) and passage.section is Section.DOSING:
            assert passage.jurisdiction in {"us", "international"}, passage.id


def test_every_reference_is_cited_or_said_to_be_context(corpus: Corpus) -> None:
    cited = {key for passage in corpus.passages.values() for key in passage.citations}
    assert set(corpus.references) - cited == set()


# --------------------------------------------------------------------------- rules that block


def is_blocked(rule: Rule, sentence: str) -> bool:
    unless = rule.slots.get("unless")
    return bool(Pattern.read(rule.slots["pattern"]).find(sentence)) and not (
        unless and Pattern.read(unless).find(sentence)
    )


def blocking(corpus: Corpus) -> list[Rule]:
    return [rule for rule in corpus.rules.values() if rule.kind in BLOCKING]


def test_blocking_rules_find_what_they_reject(corpus: Corpus) -> None:
    missed = [(rule.id, text) for rule in blocking(corpus) for text in rule.reject if not is_blocked(rule, text)]
    assert missed == []


# --------------------------------------------------------------------------- words


def test_question_kinds_of_must_mention_exist(corpus: Corpus) -> None:
    kinds = set(tomllib.loads((ROOT / "assistant" / "data" / "kinds.toml").read_text(encoding="utf-8")))
    assert {kind for item in corpus.must_mention for kind in item.question_kinds} <= kinds


def test_each_guideline_has_what_an_answer_may_not_omit(corpus: Corpus) -> None:
    for guideline in corpus.guidelines.values():
        kinds = {item.kind for item in corpus.must_mention if item.topic in guideline.topics}
        assert kinds & {"red_flag", "safety"}, guideline.id


def passages_of(corpus: Corpus, section: Section) -> list[Passage]:
    return [passage for passage in corpus.passages.values() if passage.section is section]


def test_every_section_of_an_answer_is_fed(corpus: Corpus) -> None:
    for section in Section:
        assert passages_of(corpus, section), section


def test_the_licence_manifest_is_current(corpus: Corpus) -> None:
    shipped = (FOLDER / "LICENCES.md").read_text(encoding="utf-8")
    assert shipped.splitlines() == list(licence_manifest(corpus)), "run: assistant corpus licences --out corpus/LICENCES.md"


def test_the_corpus_readme_names_every_guideline(corpus: Corpus) -> None:
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert [g.id for g in corpus.guidelines.values() if f"`{g.id}.md`" not in text] == []
