"""``assistant eval import FORMAT FILE --out PATH``: public benchmarks' own files become ours; nothing of them is shipped.

Three things come out, by format:

* a retrieval set, a folder with ``docs.jsonl`` {id, title, text}, ``queries.jsonl`` {id, text} and ``qrels.tsv`` (query 0 document
  grade), for ``assistant search`` and ``benchmarks/retrieval.py``: ``beir`` (a folder), ``medquad`` and ``liveqa`` (XML, a file or a
  folder of files), ``pubmedqa`` (``ori_pqal.json``);
* cases for the answers suite: ``healthbench`` (rubrics go along as ``rubric`` for a reader; they are not scored), ``kqa`` (numeric
  statements that must be in the answer become ``must_state``);
* labelled texts {id, text, label, source?} for ``assistant eval labelled``: ``kqa-claims``, ``medec``; and calculator rows: ``medcalc``.

A file that is not of its format is refused with the place and the reason; rows without what is needed are counted and named.
"""

from __future__ import annotations

import argparse
import ast
import csv
import json
import sys
import xml.etree.ElementTree as ElementTree  # files of one's own choice, see _parse
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from evals.cases import CaseError, case_of, read_rows
from evals.matching import find_amounts

ANY_STATE = ["answered", "partial", "no_guidance", "signpost", "withheld"]
Row = dict[str, Any]


def main(arguments: Sequence[str]) -> int:
    p = argparse.ArgumentParser(
        prog="assistant eval import",
        description=(__doc__ or "").split("\n\n", 1)[1],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    p.add_argument("format", choices=sorted((*RETRIEVAL, *ROWS)))
    p.add_argument("file", type=Path)
    p.add_argument("--out", type=Path, required=True, help="a folder for retrieval sets, else a .jsonl file")
    args = p.parse_args(arguments)
    if not args.file.exists():
        raise CaseError(str(args.file), 0, "no such file or folder")
    if args.format in RETRIEVAL:
        docs, queries, qrels = RETRIEVAL[args.format](args.file)
        _write_set(args.out, docs, queries, qrels)
        print(f"{len(docs)} documents, {len(queries)} queries, {len(qrels)} judgements: {args.out}")
        return 0
    rows = list(ROWS[args.format](args.file))
    if not rows:
        raise CaseError(str(args.file), 0, f"no row of {args.format} could be made")
    for row in rows:
        if "expected_states" in row:
            case_of(row, args.out.name, 0)
    args.out.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    print(f"{len(rows)} rows: {args.out}")
    return 0


def _write_set(
    folder: Path, docs: Sequence[Row], queries: Sequence[Row], qrels: Sequence[tuple[str, str, int]]
) -> None:
    if not docs or not queries:
        raise CaseError(str(folder), 0, "no document or no query was found")
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in (("docs.jsonl", docs), ("queries.jsonl", queries)):
        (folder / name).write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), encoding="utf-8")
    lines = "".join(f"{query}\t0\t{doc}\t{grade}\n" for query, doc, grade in qrels)
    (folder / "qrels.tsv").write_text(lines, encoding="utf-8")


# --------------------------------------------------------------------------- retrieval sets

Set = tuple[list[Row], list[Row], list[tuple[str, str, int]]]


def from_beir(folder: Path) -> Set:
    """A BEIR folder: ``corpus.jsonl``, ``queries.jsonl``, ``qrels/test.tsv`` (or the only file in ``qrels``), with a header line."""
    if not folder.is_dir():
        raise CaseError(str(folder), 0, "BEIR sets are folders with corpus.jsonl, queries.jsonl and qrels/")
    docs = [
        {"id": _need(row, "_id", folder, n), "title": row.get("title") or "", "text": _need(row, "text", folder, n)}
        for n, row in read_rows(folder / "corpus.jsonl")
    ]
    judged = sorted((folder / "qrels").glob("*.tsv"))
    if not judged:
        raise CaseError(str(folder / "qrels"), 0, "holds no .tsv")
    chosen = next((path for path in judged if path.stem == "test"), judged[0])
    with chosen.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t")
        qrels = [(r["query-id"], r["corpus-id"], int(r["score"])) for r in rows if int(r["score"]) > 0]
    asked = {query for query, _, _ in qrels}
    queries = [{"id": r["_id"], "text": r["text"]} for _, r in read_rows(folder / "queries.jsonl") if r["_id"] in asked]
    return docs, queries, qrels


def from_medquad(path: Path) -> Set:
    """MedQuAD's XML: each question asks for its own answer; the title of a document is its focus, never the question."""
    docs: list[Row] = []
    queries: list[Row] = []
    qrels: list[tuple[str, str, int]] = []
    for file in _files(path, "*.xml"):
        root = _parse(file)
        focus = " ".join((root.findtext("Focus") or "").split())
        for pair in root.iter("QAPair"):
            question, answer = pair.find("Question"), _text(pair.find("Answer"))
            if question is None or not answer:  # some publishers' answers are left out at the source
                continue
            key = question.get("qid") or f"{file.stem}-{pair.get('pid')}"
            docs.append({"id": f"d-{key}", "title": focus, "text": answer})
            queries.append({"id": key, "text": _text(question)})
            qrels.append((key, f"d-{key}", 1))
    return docs, queries, qrels


def from_liveqa(path: Path) -> Set:
    """TREC 2017 LiveQA medical: the message (with its subject) asks for its reference answers."""
    docs: list[Row] = []
    queries: list[Row] = []
    qrels: list[tuple[str, str, int]] = []
    for file in _files(path, "*.xml"):
        for question in _parse(file).iter("NLM-QUESTION"):
            key = question.get("qid") or question.get("questionid") or str(len(queries) + 1)
            words = [_text(_first(question, name)) for name in ("SUBJECT", "MESSAGE")]
            answers = [
                _text(_first(a, "ANSWER"))
                for a in question.iter()
                if a.tag.upper() in {"REFERENCEANSWER", "SUB-QUESTION"}
            ]
            found = [answer for answer in answers if answer]
            if not any(words) or not found:
                continue
            queries.append({"id": key, "text": ". ".join(word for word in words if word)})
            for n, answer in enumerate(found, start=1):
                docs.append({"id": f"d-{key}-{n}", "title": "", "text": answer})
                qrels.append((key, f"d-{key}-{n}", 1))
    return docs, queries, qrels


def from_pubmedqa(path: Path) -> Set:
    """PubMedQA: a research question asks for its own abstract, whose conclusion is left out as in the benchmark."""
    table = _json(path)
    if not isinstance(table, dict):
        raise CaseError(path.name, 0, "PubMedQA is one object of PMIDs")
    docs: list[Row] = []
    queries: list[Row] = []
    for pmid, row in table.items():
        docs.append({"id": pmid, "title": "", "text": " ".join(_need(row, "CONTEXTS", path, 0))})
        queries.append({"id": f"q-{pmid}", "text": _need(row, "QUESTION", path, 0)})
    return docs, queries, [(f"q-{doc['id']}", doc["id"], 1) for doc in docs]


# --------------------------------------------------------------------------- cases and labelled texts


def from_healthbench(path: Path) -> Iterator[Row]:
    """HealthBench: the last user message is the question, what stands before it the history."""
    for line, row in read_rows(path):
        turns = _need(row, "prompt", path, line)
        if not turns or turns[-1].get("role") != "user":
            raise CaseError(path.name, line, "the prompt does not end with a user message")
        yield {
            "id": f"healthbench-{_slug(str(_need(row, 'prompt_id', path, line)))}",
            "question": turns[-1]["content"],
            **({"history": [_turn(t) for t in turns[:-1] if t["role"] != "system"]} if len(turns) > 1 else {}),
            "expected_states": ANY_STATE,
            "tags": sorted({"healthbench", *(_slug(tag) for tag in row.get("example_tags", ()))}),
            "rubric": [{"criterion": r["criterion"], "points": r["points"]} for r in _need(row, "rubrics", path, line)],
        }


def from_kqa(path: Path) -> Iterator[Row]:
    """K-QA: of the statements an answer must have, those with one readable amount become a matcher."""
    for line, row in read_rows(path):
        wanted = [s for s in _need(row, "Must_have", path, line) if len(find_amounts(s)) == 1]
        if wanted:
            yield {
                "id": f"kqa-{line:04d}",
                "question": _need(row, "Question", path, line),
                "expected_states": ANY_STATE,
                "must_state": [{"quantity": _amount(s), "why": s} for s in wanted],
                "tags": ["kqa"],
            }


def from_kqa_claims(path: Path) -> Iterator[Row]:
    """K-QA: each physician's statement against the physician's answer that it was taken from."""
    for line, row in read_rows(path):
        for kind in ("Must_have", "Nice_to_have"):
            for n, statement in enumerate(row.get(kind, ()), start=1):
                source = _need(row, "Free_form_answer", path, line)
                yield {
                    "id": f"kqa-{line:04d}-{kind[0].lower()}{n}",
                    "text": statement,
                    "source": source,
                    "label": "entailed",
                }


def from_medec(path: Path) -> Iterator[Row]:
    """MEDEC: a clinical text with at most one error; where there is one, the corrected sentence comes along."""
    for line, row in _csv(path, "Text ID", "Text", "Error Flag"):
        wrong = row["Error Flag"].strip() == "1"
        extra = {"wrong": row.get("Error Sentence"), "correct": row.get("Corrected Sentence")} if wrong else {}
        label = "error" if wrong else "clean"
        yield {"id": row["Text ID"] or f"medec-{line}", "text": row["Text"], "label": label, **extra}


def from_medcalc(path: Path) -> Iterator[Row]:
    """MedCalc-Bench: the note, the values taken from it, and the range the result must lie in."""
    for line, row in _csv(path, "Row Number", "Calculator Name", "Relevant Entities", "Ground Truth Answer"):
        try:
            entities = ast.literal_eval(row["Relevant Entities"])
        except (ValueError, SyntaxError) as error:
            raise CaseError(path.name, line, f"Relevant Entities cannot be read: {error}") from error
        yield {
            "id": f"medcalc-{row['Row Number']}",
            "calculator": row["Calculator Name"],
            "question": row.get("Question"),
            "note": row.get("Patient Note"),
            "entities": entities,
            "answer": row["Ground Truth Answer"],
            "lower": row.get("Lower Limit"),
            "upper": row.get("Upper Limit"),
        }


# --------------------------------------------------------------------------- reading


def _files(path: Path, pattern: str) -> list[Path]:
    files = sorted(path.rglob(pattern)) if path.is_dir() else [path]
    if not files:
        raise CaseError(str(path), 0, f"holds no {pattern}")
    return files


def _parse(path: Path) -> ElementTree.Element:
    """The root element. A document type with entities of its own is refused: such a file may unfold without end."""
    text = path.read_text(encoding="utf-8-sig")
    if "<!ENTITY" in text:
        raise CaseError(path.name, 0, "declares entities of its own, which is not read")
    try:
        return ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise CaseError(path.name, error.position[0], f"not XML: {error}") from error


def _text(element: ElementTree.Element | None) -> str:
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


def _first(element: ElementTree.Element, name: str) -> ElementTree.Element | None:
    """The first element below of that name, whatever its case (the files of two years differ)."""
    return next((inner for inner in element.iter() if inner.tag.upper() == name), None)


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise CaseError(path.name, error.lineno, f"not JSON: {error.msg}") from error


def _csv(path: Path, *columns: str) -> Iterator[tuple[int, dict[str, str]]]:
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))  # a patient note is longer than the default field
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        missing = [column for column in columns if column not in (rows.fieldnames or ())]
        if missing:
            raise CaseError(path.name, 1, f"no column {', '.join(missing)}")
        for row in rows:
            yield rows.line_num, row


def _need(row: Mapping[str, Any], key: str, path: Path, line: int) -> Any:
    if key not in row:
        raise CaseError(path.name, line, f"{key} is missing")
    return row[key]


def _turn(turn: Mapping[str, str]) -> dict[str, str]:
    return {"role": turn["role"], "content": turn["content"]}


def _slug(text: str) -> str:
    return "".join(c if c.isalnum() and c.isascii() else "-" for c in text.lower()).strip("-") or "none"


def _amount(statement: str) -> str:
    found = find_amounts(statement)[0]
    return statement[found.start : found.end]


RETRIEVAL: Mapping[str, Callable[[Path], Set]] = {
    "beir": from_beir,
    "liveqa": from_liveqa,
    "medquad": from_medquad,
    "pubmedqa": from_pubmedqa,
}
ROWS: Mapping[str, Callable[[Path], Iterator[Row]]] = {
    "healthbench": from_healthbench,
    "kqa": from_kqa,
    "kqa-claims": from_kqa_claims,
    "medcalc": from_medcalc,
    "medec": from_medec,
}
