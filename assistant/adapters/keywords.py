"""Keyword search over texts with headings and notes: one SQLite FTS5 table a field, Porter stemming, BM25.

Each field has a table, and so document counts and lengths, of its own: a heading of three words is not drowned by a
text of three hundred. What a user types never reaches MATCH unquoted. Owns nothing of ranking: see ``ranking``.
"""

from __future__ import annotations

import re
import sqlite3
import threading
import unicodedata
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from assistant.errors import RetrievalError

FIELDS = ("text", "heading", "notes")
MAX_WORDS = 48  # of one question; a longer one keeps its first words that are not stop words
# Words that say how a question is put, not what it is about. Negations stay: "not" and "without" change what is sought.
_STOP_WORDS = (
    "a about also am an and any are as at be because been being but by can could did do does doing done for from "
    "get give given had has have having he her here hers him his how i if in into is it its just like may me might "
    "must my of on one or our ours shall she should so some such than that the their them then there these they "
    "this those through to up us very was we were what when where which while who whom whose why will with would "
    "you your yours"
)
STOP_WORDS = frozenset(_STOP_WORDS.split())
_WORD = re.compile(r"[^\W_]+")
# "B-12", "B 12", "CA 19": one letter or two, then digits; written apart in one text and together in the next
_SPLIT_NAME = re.compile(r"\b([A-Za-z]{1,2})[-\s]([0-9]{1,3})\b")


def query_words(text: str) -> list[str]:
    """Lower-case words of a question in order, once each, without stop words; joined forms of split names are added."""
    text = unicodedata.normalize("NFKC", text)
    joined = ["".join(match.groups()) for match in _SPLIT_NAME.finditer(text)]
    words = [word.lower() for word in (*_WORD.findall(text), *joined)]
    return list(dict.fromkeys(word for word in words if word not in STOP_WORDS))[:MAX_WORDS]


def match_expression(words: Sequence[str]) -> str:
    """An FTS5 expression that finds any of the words; each is quoted, so that none is read as an operator."""
    return " OR ".join('"{}"'.format(word.replace('"', '""')) for word in words)


def _indexed(text: str) -> str:
    """What is stored for search: the text, with split names also as one word."""
    text = unicodedata.normalize("NFKC", text)
    joined = {"".join(match.groups()) for match in _SPLIT_NAME.finditer(text)}
    return " ".join((text, *sorted(joined)))


class KeywordIndex:
    """Read side of one keyword index file; safe to share between threads."""

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise RetrievalError(f"the keyword index {path.name} is missing; run `assistant index`")
        self._lock = threading.Lock()
        self._stems: tuple[str, ...] | None = None  # read when the first unknown word is met
        try:
            # immutable: no lock files beside it, and a reader can never change what the manifest vouches for
            self._db = sqlite3.connect(f"{path.resolve().as_uri()}?immutable=1", uri=True, check_same_thread=False)
            self.rows = int(self._db.execute("SELECT count(*) FROM text_docsize").fetchone()[0])
        except sqlite3.DatabaseError as error:
            raise _damaged(error) from error

    def search(
        self, text: str, limit: int, *, field: str = "text", more: Sequence[str] = ()
    ) -> list[tuple[int, float]]:
        """(row, BM25 score) of the best rows, best first, ties by row; scores are above 0. No word to look for: [].

        ``more`` are further words or phrases to look for beside those of ``text`` (synonyms, corrected spellings).
        """
        words = [*query_words(text), *more]
        if not words or limit < 1:
            return []
        sql = "SELECT rowid, -bm25({0}) AS score FROM {0} WHERE {0} MATCH ? ORDER BY score DESC, rowid LIMIT ?"
        found = self._fetch(sql, field, (match_expression(words), limit))
        return [(int(row), float(score)) for row, score in found]

    def holding(self, word: str, rows: Sequence[int], *, field: str = "text") -> frozenset[int]:
        """Those of ``rows`` that hold the word, in any inflection that has the same stem."""
        marks = ",".join("?" * len(rows))
        sql = "SELECT rowid FROM {0} WHERE {0} MATCH ? AND rowid IN (" + marks + ")"
        return frozenset(int(row) for (row,) in self._fetch(sql, field, (match_expression([word]), *rows)))

    def count(self, word: str, *, field: str = "text") -> int:
        """How many rows hold the word."""
        found = self._fetch("SELECT count(*) FROM {0} WHERE {0} MATCH ?", field, (match_expression([word]),))
        return int(found[0][0])

    def _fetch(self, sql: str, field: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
        if field not in FIELDS:
            raise ValueError(f"no field {field!r}; the fields are {', '.join(FIELDS)}")
        with self._lock:
            try:
                return self._db.execute(sql.format(field), values).fetchall()
            except sqlite3.DatabaseError as error:
                raise _damaged(error) from error

    def respelled(self, word: str) -> tuple[str, ...]:
        """Up to three indexed stems that an unknown word may be a misspelling of, nearest first; () for a known word.

        For finding passages only: what is found is checked against the question's own words and the vocabulary, which
        never guesses. Short words and words with digits are left alone: "B6" is no misspelling of "B12".
        """
        if len(word) < 5 or not word.isalpha() or any(self.count(word, field=field) for field in ("text", "heading")):
            return ()
        most = 1 if len(word) < 8 else 2
        near: list[tuple[int, str]] = []
        with self._lock:
            if self._stems is None:
                # a table of our own connection: what is in the file stays as it is
                self._db.execute("CREATE VIRTUAL TABLE temp.stems USING fts5vocab('main', 'text', 'row')")
                rows = self._db.execute("SELECT term FROM temp.stems WHERE length(term) > 3")
                self._stems = tuple(str(term) for (term,) in rows)
        for stem in self._stems:
            # a stem is the word without its ending, so it may be shorter, but hardly longer
            if stem[0] == word[0] and -4 <= len(stem) - len(word) <= most:
                cuts = range(min(len(stem) - 1, len(word)), len(word) + 1)
                distance = min(edits(word[:cut], stem, most) for cut in cuts)
                if distance <= most:
                    near.append((distance, stem))
        return tuple(stem for _, stem in sorted(near)[:3])

    def close(self) -> None:
        self._db.close()


def build_keywords(path: Path, rows: Iterable[tuple[str, str, str]]) -> int:
    """Write a new file ``path`` of (text, heading, notes) rows, numbered from 0 in their order; returns how many."""
    count = 0
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA journal_mode = OFF")  # a new file: a crash leaves a folder that is never pointed to
        for field in FIELDS:
            # contentless: the texts themselves are kept elsewhere, here is only what finds them
            db.execute(f"CREATE VIRTUAL TABLE {field} USING fts5(body, content='', tokenize='porter unicode61')")
        with db:
            for count, row in enumerate(rows, start=1):
                for field, text in zip(FIELDS, row, strict=True):
                    db.execute(f"INSERT INTO {field} (rowid, body) VALUES (?, ?)", (count - 1, _indexed(text)))
        for field in FIELDS:
            with db:
                db.execute(f"INSERT INTO {field} ({field}) VALUES ('optimize')")
    return count


def edits(one: str, two: str, most: int) -> int:
    """Insertions, deletions, substitutions and swaps of neighbours between two words; ``most + 1`` when it is more."""
    if abs(len(one) - len(two)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(two) + 1))
    for i, letter in enumerate(one, start=1):
        last, before, row = before, row, [i]
        for j, other in enumerate(two, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == two[j - 2] and one[i - 2] == other:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]


class Synonyms:
    """Other names of what a question names, from the vocabulary: exact words only, ambiguous short forms left out."""

    LONGEST = 5  # words in a name that is looked for

    def __init__(self, groups: Iterable[Sequence[str]]) -> None:
        self._groups: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
        for group in groups:
            names = {tuple(word.lower() for word in _WORD.findall(name)) for name in group} - {()}
            for name in names:
                self._groups.setdefault(name, set()).update(names - {name})

    def of(self, text: str) -> dict[str, tuple[str, ...]]:
        """Each name that the question uses to its other names, in the order in which they are met; lower case."""
        words = tuple(word.lower() for word in _WORD.findall(text))
        found: dict[str, tuple[str, ...]] = {}
        for start in range(len(words)):
            for end in range(start + 1, min(start + self.LONGEST, len(words)) + 1):
                others = self._groups.get(words[start:end])
                if others:
                    found[" ".join(words[start:end])] = tuple(sorted(" ".join(name) for name in others))
        return found


def _damaged(error: Exception) -> RetrievalError:
    return RetrievalError(f"the keyword index is damaged ({error}); run `assistant index` to build it again")
