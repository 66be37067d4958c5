"""The same bytes under any hash seed and locale: statements of the corpus read and checked in processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

SCRIPT = """
import hashlib
from pathlib import Path
from assistant.adapters.corpus import read_corpus
from assistant.checker import Checker
from assistant.parsing import read
corpus = read_corpus(Path("corpus"))
checker, made = Checker(corpus), hashlib.sha256()
for passage in list(corpus.passages.values())[::50]:
    made.update(repr(read(passage.text)).encode())
    wrong = passage.text.replace("1", "3").replace(" or ", " and ").replace("mg", "g")
    for text in (passage.text, wrong):
        made.update(repr(checker.check_statement(text, passage_ids=(passage.id,))).encode())
        made.update(repr(checker.check_statement(text)).encode())
print(made.hexdigest())
"""


def test_statements_of_the_corpus_give_the_same_bytes_under_other_hash_seeds_and_locales() -> None:
    runs = []
    for seed, locale in (("0", "C"), ("1", "C.UTF-8"), ("4711", "tr_TR.UTF-8")):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": locale, "PYTHONUTF8": "1"}
        runs.append(
            subprocess.Popen(
                [sys.executable, "-c", SCRIPT], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
            )
        )
    digests = {run.communicate(timeout=300)[0].strip() for run in runs}
    assert len(digests) == 1
    assert len(digests.pop()) == 64
