"""Reading a corpus from disk: what comes back, and every refusal with file, line and reason."""

import json
import re
from pathlib import Path

import pytest

from assistant.adapters.corpus import check_corpus, read_corpus
from assistant.errors import CorpusError


def change(folder: Path, name: str, old: str, new: str) -> None:
    """Replace ``old``, which must stand in the file, so that a test cannot pass because nothing was changed."""
    file = folder / name
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_reads_everything(tiny_corpus: Path) -> None:
    corpus = read_corpus(tiny_corpus)

    assert set(corpus.guidelines) == {"pain", "fever", "rash"}
    assert (
        corpus.passages["pain#adults.2"].text == "The maximum of examplamol is no more than 4 g in 24 hours in adults."
    )
    assert corpus.references["trial2019"].authors == "Doe J, Roe R"
    assert corpus.rules["examplamol-maximum"].slots["value"] == "4 g in 24 hours"
    assert {term.id for term in corpus.terms} >= {"examplamol", "zeta"}
    assert [item.kind for item in corpus.must_mention] == ["red_flag", "safety"]
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", corpus.digest)


def test_tiny_corpus_has_no_problem(tiny_corpus: Path) -> None:
    assert check_corpus(tiny_corpus) == []


def test_digest_follows_content_and_nothing_else(tiny_corpus: Path) -> None:
    before = read_corpus(tiny_corpus)
    (tiny_corpus / "README.md").write_text("about this folder", encoding="utf-8")
    file = tiny_corpus / "guidelines" / "rash.md"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))  # a checkout on another system
    assert read_corpus(tiny_corpus).digest == before.digest

    change(tiny_corpus, "guidelines/rash.md", "10 mg", "20 mg")
    after = read_corpus(tiny_corpus)
    assert after.digest != before.digest
    assert after.rules_digest == before.rules_digest


REFUSALS = [
    # file, what stands there, what it becomes, where the problem is reported, words of the reason
    ("guidelines/pain.md", 'licence = "CC-BY-4.0"\n', "", "guidelines/pain.md", "licence is missing"),
    ("guidelines/pain.md", "CC-BY-4.0", "all rights reserved", "guidelines/pain.md:11", "licence 'all rights"),
    ("guidelines/pain.md", "version =", "edition =", "guidelines/pain.md:6", "unknown key 'edition'"),
    ("guidelines/pain.md", "2025-02-01", "2024-02-01", "guidelines/pain.md:8", "dates must be in order"),
    ("guidelines/pain.md", "2025-01-10", '"2025-01-10"', "guidelines/pain.md:7", "must be a date"),
    ("guidelines/pain.md", 'id = "pain"', 'id = "ache"', "guidelines/pain.md:2", "must equal the file name"),
    ("guidelines/pain.md", '"approved"', '"reviewed"', "guidelines/pain.md:10", "status 'reviewed'"),
    ("guidelines/pain.md", '["sprain"]', '["gout"]', "guidelines/pain.md", "topic 'gout' is not in the vocabulary"),
    ("guidelines/pain.md", '["sprain"]', "[", "guidelines/pain.md", "not valid TOML"),
    ("guidelines/pain.md", "+++\n\n##", "\n\n##", "guidelines/pain.md:1", "not closed"),
    ("guidelines/pain.md", " {#adults}", "", "guidelines/pain.md:27", "has no anchor"),
    ("guidelines/pain.md", "{#children}", "{#adults}", "guidelines/pain.md:33", "used twice"),
    ("guidelines/pain.md", "{#dosing}", "{#doses}", "guidelines/pain.md:25", "section 'doses'"),
    ("guidelines/pain.md", "[@trial2019]", "[@trial1919]", "guidelines/pain.md:39", "@trial1919 is not in"),
    ("guidelines/pain.md", " [@trial2019]{", " {", "guidelines/pain.md:39", "no citation"),
    ("guidelines/pain.md", "[@trial2019]", "[trial2019]", "guidelines/pain.md:39", "no citation"),
    ("guidelines/pain.md", "[@trial2019]", "[@trial2019; x]", "guidelines/pain.md:39", "not of the form @id"),
    ("guidelines/pain.md", 'facts="pain-005"', 'fact="pain-005"', "guidelines/pain.md:39", "unknown attribute 'fact'"),
    ("guidelines/pain.md", 'facts="pain-005"', 'jurisdiction="mars"', "guidelines/pain.md:39", "jurisdiction 'mars'"),
    ("guidelines/pain.md", 'facts="pain-005"', 'evidence="hearsay"', "guidelines/pain.md:39", "evidence 'hearsay'"),
    ("guidelines/pain.md", "- No dose", "| No dose", "guidelines/pain.md:44", "tables"),
    ("guidelines/pain.md", "- No dose", "~ No dose", "guidelines/pain.md:44", "must follow its statement"),
    ("guidelines/pain.md", "every 6 hours, for", "every 8 hours, for", "guidelines/pain.md:29", "other quantities"),
    ("guidelines/pain.md", "need only examplamol 1 g", "need only examplamol 10 g", "guidelines/pain.md:17", "10 g"),
    (
        "rules/all.toml",
        '4 g in 24 hours"\na',
        '5 g in 24 hours"\na',
        "rules/all.toml:14",
        "does not stand word for word",
    ),
    ("rules/all.toml", '"pain#adults.2"', '"pain#adults.9"', "rules/all.toml:14", "does not exist"),
    ("rules/all.toml", 'route = "oral"', 'rout = "oral"', "rules/all.toml:1", "unknown key 'rout'"),
    ("rules/all.toml", 'dose = "1 g"\n', "", "rules/all.toml:1", "dose is missing"),
    ("rules/all.toml", 'kind = "dose"', 'kind = "doze"', "rules/all.toml:1", "kind 'doze'"),
    ("rules/all.toml", 'dose = "1 g"', "dose = 1", "rules/all.toml:1", "must be a string"),
    ("rules/all.toml", ', "Noxafen: odds ratio 24 for bleeding."', "", "rules/all.toml:25", "at least two"),
    ("rules/all.toml", 'instead = "Stop', 'instead = "Never stop', "rules/all.toml:38", "instead does not stand"),
    ("rules/all.toml", "[noxafen-bleeding]", "[examplamol-adult]", "rules/all.toml", "not valid TOML"),
    ("rules/all.toml", "& examplamol &", "& &", "rules/all.toml:38", "groups joined by &"),
    ("vocabulary/all.toml", 'unit = "ng/L"', 'units = "ng/L"', "vocabulary/all.toml:35", "unknown key 'units'"),
    ("vocabulary/all.toml", '["examplazol"]', '["examplazil"]', "vocabulary", "no term 'examplazil'"),
    ("vocabulary/all.toml", '["marker zeta"]', '["examplamol"]', "vocabulary", "list it as ambiguous"),
    ("must_mention/items.toml", '"pain#red-flags.1"', '"pain#red-flags.7"', "must_mention/items.toml:1", "does not exist"),
    ("must_mention/items.toml", '"safety"', '"nice"', "must_mention/items.toml:7", "kind 'nice'"),
    ("references.json", '"PMID": "123"', '"pmid": "123"', "references.json:27", "unknown key 'pmid'"),
    ("references.json", '"abstract"', '"skimmed"', "references.json:27", "custom.depth 'skimmed'"),
    ("references.json", '"10.5555/', '"https://doi.org/10.5555/', "references.json:3", "DOI"),
    ("references.json", '"licence": "CC-BY-4.0"', '"licence": ""', "references.json:3", "custom.licence is missing"),
    ("references.json", "[\n  {", "[\n  {{", "references.json:2", "not valid JSON"),
    ("LICENSE", "CC BY 4.0. Every", "", "LICENSE", ""),
]


@pytest.mark.parametrize(("name", "old", "new", "where", "reason"), REFUSALS, ids=[f"{r[0]}-{r[4]}" for r in REFUSALS])
def test_refuses(tiny_corpus: Path, name: str, old: str, new: str, where: str, reason: str) -> None:
    if name == "LICENSE":
        (tiny_corpus / name).unlink()
        reason = "missing"
    else:
        change(tiny_corpus, name, old, new)

    problems = [str(problem) for problem in check_corpus(tiny_corpus)]

    assert any(problem.startswith(where) and reason in problem for problem in problems), problems


def test_first_problem_is_raised(tiny_corpus: Path) -> None:
    change(tiny_corpus, "guidelines/pain.md", "[@trial2019]", "[@trial1919]")
    with pytest.raises(CorpusError) as caught:
        read_corpus(tiny_corpus)
    assert (caught.value.path, caught.value.line) == ("guidelines/pain.md", 39)


def test_every_problem_is_listed_in_order(tiny_corpus: Path) -> None:
    change(tiny_corpus, "guidelines/pain.md", "[@trial2019]", "[@trial1919]")
    change(tiny_corpus, "guidelines/pain.md", "{#children}", "{#adults}")
    change(tiny_corpus, "guidelines/fever.md", 'facts="fever-002"', 'facts="fever-002" x="y"')
    found = [(problem.path, problem.line) for problem in check_corpus(tiny_corpus)]
    assert found == sorted(found)
    assert {path for path, _ in found} >= {"guidelines/pain.md", "guidelines/fever.md"}


def test_ids_used_twice_over_files(tiny_corpus: Path) -> None:
    rules = tiny_corpus / "rules"
    (rules / "more.toml").write_text((rules / "all.toml").read_text(encoding="utf-8"), encoding="utf-8")
    assert any("used twice" in problem.reason for problem in check_corpus(tiny_corpus))


def test_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="no such folder"):
        read_corpus(tmp_path / "nowhere")


def test_file_that_is_not_text(tiny_corpus: Path) -> None:
    (tiny_corpus / "guidelines" / "pain.md").write_bytes(b"\xff\xfe\x00")
    assert any("UTF-8" in problem.reason for problem in check_corpus(tiny_corpus))


def test_superseded_reference_must_exist(tiny_corpus: Path) -> None:
    file = tiny_corpus / "references.json"
    items = json.loads(file.read_text(encoding="utf-8"))
    items[0]["custom"]["superseded_by"] = "exampla2099"
    file.write_text(json.dumps(items), encoding="utf-8")
    assert any("exampla2099" in problem.reason for problem in check_corpus(tiny_corpus))
