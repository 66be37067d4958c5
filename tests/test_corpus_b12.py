"""The two B12 guidelines: what a reader must find in them, the known errors they block, and the words of the ward."""

import re
from pathlib import Path

import pytest

from assistant.adapters.corpus import read_corpus
from assistant.records import Corpus, Passage, Rule, Section
from assistant.rules import Pattern
from assistant.vocabulary import Vocabulary

FOLDER = Path(__file__).resolve().parent.parent / "corpus"
BLOCKING = {"must_not_state", "never_event", "contraindication"}
IN_PLAIN_TOO = {
    Section.BOTTOM_LINE,
    Section.RED_FLAGS,
    Section.STEPS,
    Section.DOSING,
    Section.PITFALLS,
    Section.MONITORING,
}


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return read_corpus(FOLDER)


def passages(corpus: Corpus) -> list[Passage]:
    return [passage for passage in corpus.passages.values() if passage.guideline.startswith("b12-")]


def is_blocked(rule: Rule, sentence: str) -> bool:
    unless = rule.slots.get("unless")
    return bool(Pattern.read(rule.slots["pattern"]).find(sentence)) and not (
        unless and Pattern.read(unless).find(sentence)
    )


def blocking(corpus: Corpus) -> list[Rule]:
    return [rule for rule in corpus.rules.values() if rule.kind in BLOCKING]


def test_statements_stand_alone(corpus: Corpus) -> None:
    """A statement may be shown without its neighbours: it names its subject and does not point back."""
    back = re.compile(
        r"\b(?:the same|above-mentioned|as above|see above|the former|the latter|this drug)\b|^(?:It|They|This|These)\b"
    )
    subject = re.compile(
        r"B12|cobalamin|folic acid|folinic acid|nitrous oxide|metformin|intrinsic-factor|NG239|European product label",
        re.IGNORECASE,
    )
    for passage in passages(corpus):
        text = passage.text
        assert not back.search(text), passage.id
        if passage.section is not Section.NOT_COVERED:
            assert subject.search(text), passage.id
        assert len(re.findall(r"[.!?](?:\s|$)", text)) <= 4, passage.id


def test_advice_is_there_in_plain_language(corpus: Corpus) -> None:
    assert [p.id for p in passages(corpus) if p.section in IN_PLAIN_TOO and not p.plain] == []


def test_doses_name_country_drug_and_route(corpus: Corpus) -> None:
    for rule in corpus.rules.values():
        if rule.kind == "dose" and rule.passage.startswith("b12-"):
            assert rule.slots["drug"], rule.id
            assert rule.population, rule.id
            assert rule.jurisdiction or "patients" in (rule.population or ""), rule.id
            assert rule.slots.get("route") or "injection" in rule.quote, rule.id


FIGURES = [
    # what a reader must find, word for word, and where
    ("b12-raised-cancer#new-cancer.1", "HR 5.90, 95 % CI 2.79–12.45"),
    ("b12-raised-cancer#new-cancer.1", "people with no known cause of a raised vitamin B12"),
    ("b12-raised-cancer#association.1", "OR 1.96, 95 % CI 1.18–3.25"),
    ("b12-raised-cancer#association.1", "OR 4.21, 95 % CI 2.67–6.64"),
    (
        "b12-deficiency-cancer#dosing-neuro.1",
        "1 mg intramuscularly on alternate days until no further improvement, then 1 mg every 2 months",
    ),
    ("b12-deficiency-cancer#dosing-standard.1", "three times a week for 2 weeks, then 1 mg every 2–3 months"),
    ("b12-deficiency-cancer#prevalence.1", "between 6 % and 48 %"),
]


@pytest.mark.parametrize(("passage", "words"), FIGURES)
def test_figures(corpus: Corpus, passage: str, words: str) -> None:
    assert words in corpus.passages[passage].text


def test_untraced_figures_are_nowhere_in_the_guidance(corpus: Corpus) -> None:
    for passage in passages(corpus):
        assert not re.search(r"(?<!\d)3\.9\s?%|20\s?cm\b", passage.text + (passage.plain or "")), passage.id


WRONG = [
    # sentences of our own making that repeat a known error in other words than the rule's examples, and the rule
    (
        "Two readings of 1000 ng/L or more gave an odds ratio of 5.90 for malignancy.",
        "b12-hazard-ratio-called-odds-ratio",
    ),
    ("The HR of 5.90 shows how poor the survival of these patients is.", "b12-hazard-ratio-in-people-with-cancer"),
    ("In CKD the OR for a high B12 is 2.7.", "b12-kidney-failure-odds"),
    ("Cobalamin is a useful tumor marker in colon cancer.", "b12-as-tumour-marker"),
    ("If B12 rises, suspect relapse.", "b12-change-as-response"),
    ("A cobalamin this high means liver metastases.", "b12-single-value-proves-cancer"),
    ("Arrange MRI immediately when B12 exceeds 1000 ng/L.", "b12-straight-to-imaging"),
    ("We should bring the B12 down with phlebotomy.", "b12-lower-the-raised-level"),
    ("Excess B12 is harmless.", "b12-raised-is-harmless"),
    ("About 3.9% of oncology patients have a low B12.", "b12-prevalence-untraced"),
    ("Begin with folic acid and add B12 a week later.", "folic-acid-before-b12"),
    ("With tingling feet, defer B12 until the laboratory calls.", "b12-neuro-wait-for-results"),
    ("No stomach means a B12 injection every month for life.", "b12-monthly-after-gastrectomy-required"),
    ("B12 is lifelong for everyone who ever lacked it.", "b12-lifelong-for-everyone"),
    ("Check B12 before every injection.", "b12-recheck-on-replacement"),
    ("Yearly B12 testing is advised after ileal resection.", "b12-annual-monitoring"),
    ("Cyanocobalamin can go into a vein.", "cyanocobalamin-intravenous"),
    ("The NHS dose of hydroxocobalamin is 30 micrograms.", "b12-us-dose-in-uk"),
    ("Discontinue metformin if B12 falls.", "metformin-stopped-for-b12"),
]


@pytest.mark.parametrize(("sentence", "rule"), WRONG, ids=[row[1] for row in WRONG])
def test_known_errors_in_other_words(corpus: Corpus, sentence: str, rule: str) -> None:
    assert is_blocked(corpus.rules[rule], sentence)


RIGHT = [
    "Ask which vitamins the person takes before looking for another cause of a raised B12.",
    "Blood counts and liver tests come first when B12 is raised.",
    "Hydroxocobalamin 1 mg intramuscularly every 2 months is the maintenance with neurological involvement.",
    "Give B12 before folic acid.",
    "Median survival was shorter with a high B12.",
    "Methylmalonic acid helps when B12 is indeterminate.",
    "Oral B12 1 mg daily kept levels normal after total gastrectomy.",
    "Interstitial kidney disease had an OR of 2.7.",
    "Liver metastases are frequent when B12 is raised.",
    "The patient had a CT last week and a B12 of 1200 ng/L.",
]


@pytest.mark.parametrize("sentence", RIGHT)
def test_right_sentences_are_left_alone(corpus: Corpus, sentence: str) -> None:
    assert [rule.id for rule in blocking(corpus) if is_blocked(rule, sentence)] == []


MENTIONS = [
    ("hydroxycobalamin dose", {"hydroxocobalamin"}),
    ("vit b12 jab", {"cobalamins", "vitamin-b12"}),
    ("MMA and holoTC", {"methylmalonic-acid", "active-b12"}),
    ("numb feet after laughing gas", {"paraesthesia", "nitrous-oxide"}),
    ("bowel cancer with liver mets", {"colorectal-cancer", "liver-metastases"}),
    ("on a PPI and metformin", {"proton-pump-inhibitor", "metformin"}),
    ("post-gastrectomy", {"gastrectomy"}),
    ("elevated B12", {"vitamin-b12-raised"}),
    ("hydroxychloroquine", {"hydroxychloroquine"}),
]


@pytest.mark.parametrize(("text", "terms"), MENTIONS)
def test_words_of_the_ward(corpus: Corpus, text: str, terms: set[str]) -> None:
    found = {mention.term for mention in Vocabulary(corpus.terms).find(text)}
    assert found and found <= terms
