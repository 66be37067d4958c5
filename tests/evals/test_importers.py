"""Importers on small files made in each benchmark's format; what is not of the format is refused with place and reason."""

import csv
import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from evals import __main__ as command
from evals.cases import CaseError, read_cases
from evals.importers import RETRIEVAL, ROWS
from evals.labelled import counted

MEDQUAD = """<?xml version="1.0" encoding="UTF-8"?>
<Document id="1" source="X" url="http://example.org"><Focus>Gout</Focus><QAPairs>
<QAPair pid="1"><Question qid="1-1" qtype="treatment">How is gout treated?</Question><Answer>With rest
 and water.</Answer></QAPair>
<QAPair pid="2"><Question qid="1-2" qtype="outlook">What is the outlook?</Question><Answer/></QAPair>
</QAPairs></Document>"""
LIVEQA = """<LiveQA><NLM-QUESTION qid="TQ1"><Original-Question qfile="1"><SUBJECT>gout</SUBJECT>
<MESSAGE>What helps?</MESSAGE></Original-Question><ReferenceAnswers><ReferenceAnswer aid="a"><ANSWER>Water.</ANSWER>
</ReferenceAnswer><ReferenceAnswer aid="b"><ANSWER>Rest.</ANSWER></ReferenceAnswer></ReferenceAnswers></NLM-QUESTION></LiveQA>"""
HEALTHBENCH = {
    "prompt_id": "AB 1",
    "prompt": [
        {"role": "system", "content": "Be kind."},
        {"role": "user", "content": "Hello"},
        {"role": "assistant", "content": "Yes?"},
        {"role": "user", "content": "How much water a day?"},
    ],
    "rubrics": [{"criterion": "names an amount", "points": 5, "tags": []}],
    "example_tags": ["theme:hedging"],
}
KQA = {
    "Question": "How much waterol?",
    "Free_form_answer": "Take waterol 5 mg daily. It is safe.",
    "Must_have": ["Waterol is taken as 5 mg daily", "It is safe"],
    "Nice_to_have": ["It has no taste"],
}


def lines(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def table(path: Path, *rows: dict[str, object]) -> Path:
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def beir(folder: Path) -> Path:
    (folder / "qrels").mkdir(parents=True)
    lines(folder / "corpus.jsonl", {"_id": "d1", "title": "T", "text": "water"}, {"_id": "d2", "text": "sand"})
    lines(folder / "queries.jsonl", {"_id": "q1", "text": "drink?"}, {"_id": "q2", "text": "unjudged"})
    (folder / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td2\t0\n")
    return folder


def test_beir(tmp_path: Path) -> None:
    docs, queries, qrels = RETRIEVAL["beir"](beir(tmp_path / "set"))
    assert docs == [{"id": "d1", "title": "T", "text": "water"}, {"id": "d2", "title": "", "text": "sand"}]
    assert (queries, qrels) == ([{"id": "q1", "text": "drink?"}], [("q1", "d1", 2)])


def test_medquad_leaves_out_questions_without_an_answer(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(MEDQUAD)
    docs, queries, qrels = RETRIEVAL["medquad"](tmp_path)
    assert docs == [{"id": "d-1-1", "title": "Gout", "text": "With rest and water."}]
    assert queries == [{"id": "1-1", "text": "How is gout treated?"}]
    assert qrels == [("1-1", "d-1-1", 1)]


@pytest.mark.parametrize("text", [LIVEQA, LIVEQA.replace("ANSWER>", "Answer>").replace("MESSAGE", "Message")])
def test_liveqa_of_either_year(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.xml").write_text(text)
    docs, queries, qrels = RETRIEVAL["liveqa"](tmp_path / "a.xml")
    assert queries == [{"id": "TQ1", "text": "gout. What helps?"}]
    assert [doc["text"] for doc in docs] == ["Water.", "Rest."]
    assert [doc for _, doc, _ in qrels] == ["d-TQ1-1", "d-TQ1-2"]


def test_pubmedqa(tmp_path: Path) -> None:
    path = tmp_path / "p.json"
    path.write_text(json.dumps({"7": {"QUESTION": "Does water help?", "CONTEXTS": ["We drank.", "It was wet."]}}))
    docs, queries, qrels = RETRIEVAL["pubmedqa"](path)
    assert docs == [{"id": "7", "title": "", "text": "We drank. It was wet."}]
    assert (queries[0]["text"], qrels) == ("Does water help?", [("q-7", "7", 1)])


def test_healthbench_becomes_a_case_that_the_suites_read(tmp_path: Path) -> None:
    out = tmp_path / "cases.jsonl"
    source = lines(tmp_path / "h.jsonl", HEALTHBENCH)
    assert command.main(["import", "healthbench", str(source), "--out", str(out)]) == 0
    case = read_cases([out])[0]
    assert case.question == "How much water a day?"
    assert [turn["content"] for turn in case.history] == ["Hello", "Yes?"]
    assert case.tags == ("healthbench", "theme-hedging")


def test_kqa_amounts_become_facts(tmp_path: Path) -> None:
    rows = list(ROWS["kqa"](lines(tmp_path / "k.jsonl", KQA)))
    assert rows[0]["must_state"] == [{"quantity": "5 mg", "why": "Waterol is taken as 5 mg daily"}]
    claims = list(ROWS["kqa-claims"](tmp_path / "k.jsonl"))
    assert [row["label"] for row in claims] == ["entailed"] * 3
    assert claims[0]["source"] == KQA["Free_form_answer"]


def test_medec_and_medcalc(tmp_path: Path) -> None:
    error = {"Text ID": "t1", "Text": "Gave sand.", "Error Flag": 1, "Error Sentence": "a", "Corrected Sentence": "b"}
    clean = {**error, "Text ID": "t2", "Error Flag": 0}
    rows = list(ROWS["medec"](table(tmp_path / "m.csv", error, clean)))
    assert rows[0] == {"id": "t1", "text": "Gave sand.", "label": "error", "wrong": "a", "correct": "b"}
    assert rows[1] == {"id": "t2", "text": "Gave sand.", "label": "clean"}
    entry = {
        "Row Number": 3,
        "Calculator Name": "Body Mass Index",
        "Relevant Entities": "{'weight': [70, 'kg']}",
        "Ground Truth Answer": "24",
    }
    assert next(ROWS["medcalc"](table(tmp_path / "c.csv", entry)))["entities"] == {"weight": [70, "kg"]}
    bad = table(tmp_path / "d.csv", {**entry, "Relevant Entities": "__import__('os')"})
    with pytest.raises(CaseError, match="cannot be read"):
        list(ROWS["medcalc"](bad))


@pytest.mark.parametrize(
    ("kind", "name", "text", "reason"),
    [
        ("medquad", "a.xml", "<Document>", "not XML"),
        ("medquad", "a.xml", '<!DOCTYPE d [<!ENTITY x "y">]><d>&x;</d>', "entities of its own"),
        ("medquad", "a.xml", "<Document></Document>", "no document or no query"),
        ("pubmedqa", "a.json", "[1,", "not JSON"),
        ("pubmedqa", "a.json", "[]", "one object of PMIDs"),
        ("beir", "a.jsonl", "", "folders with corpus.jsonl"),
        ("healthbench", "a.jsonl", '{"prompt": []}', "does not end with a user message"),
        ("healthbench", "a.jsonl", "{", "not JSON"),
        ("kqa", "a.jsonl", "{}", "Must_have is missing"),
        ("kqa", "a.jsonl", '{"Must_have": []}', "no row of kqa"),
        ("medec", "a.csv", "a,b\n1,2\n", "no column Text ID"),
    ],
)
def test_a_wrong_file_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str, name: str, text: str, reason: str
) -> None:
    (tmp_path / name).write_text(text)
    assert command.main(["import", kind, str(tmp_path / name), "--out", str(tmp_path / "out")]) == 2
    assert reason in capsys.readouterr().err


def test_a_retrieval_set_is_written_as_the_search_command_reads_it(tmp_path: Path) -> None:
    out = tmp_path / "set"
    assert command.main(["import", "beir", str(beir(tmp_path / "b")), "--out", str(out)]) == 0
    assert (out / "qrels.tsv").read_text() == "q1\t0\td1\t2\n"
    assert json.loads((out / "docs.jsonl").read_text().splitlines()[0])["id"] == "d1"


def test_labelled_texts_are_counted_by_the_worst_of_their_verdicts(tmp_path: Path) -> None:
    verdicts = {"good": ["verified"], "mixed": ["verified", "contradicted"], "none": []}
    checker = SimpleNamespace(
        audit=lambda text, source: [SimpleNamespace(verdict=SimpleNamespace(value=v)) for v in verdicts[text]]
    )
    rows = [(n, {"text": text, "label": "Entailed"}) for n, text in enumerate(verdicts, start=1)]
    found = counted(rows, checker, path=tmp_path)
    assert found == {"entailed": {"verified": 1, "contradicted": 1, "not_checkable": 1}}
    with pytest.raises(CaseError, match="needs text and label"):
        counted([(1, {"text": "x"})], checker, path=tmp_path)
