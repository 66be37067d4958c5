"""A reply read while it is being written: each statement is given the moment it is complete, in order.

JSON rows are complete with their closing brace, Markdown with the end of a line or with the start of the next sentence.
What is given is what ``prompts.parse_reply`` reads in the same words; the whole reply is read by that once more at its
end, and ``rest`` gives what was not yet given (a last line, a reply whose form was understood only then). Linear time.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from assistant.prompts import (
    BOUNDARY,
    MAX_REPLY,
    MAX_STATEMENTS,
    THOUGHT,
    cited_passages,
    from_rows,
    read_heading,
    sentences,
    split_marks,
)
from assistant.records import Draft, DraftStatement, Section

_JSON_START = re.compile(r"[\[{]\s*[{\"]")
_OPEN_THOUGHT = re.compile(r"<(?:think|thinking|reasoning)>", re.IGNORECASE)
_TAGS = ("<think>", "<thinking>", "<reasoning>")
_LOOK_BACK = 40  # characters before a new piece that may belong to the end of a sentence: marks and blanks


class ReplyReader:
    """``feed`` the pieces as they come; ``evidence[i]`` is what ``[i + 1]`` cites, as for ``parse_reply``."""

    def __init__(self, evidence: Sequence[str]) -> None:
        self.given: list[DraftStatement] = []
        self._evidence = tuple(evidence)
        self._unread = ""  # not yet known to be outside a thought
        self._seen = 0
        self._pending: str | None = ""  # text whose form is not known yet; None when it is
        self._held: list[DraftStatement] = []  # uncited Markdown before the form is known
        self._rows: _Rows | None = None
        self._lines = _Lines(self._evidence)

    def feed(self, piece: str) -> list[DraftStatement]:
        """The statements that are complete now."""
        piece = piece[: max(0, MAX_REPLY - self._seen)]
        self._seen += len(piece)
        found = list(self._read(self._spoken(piece)))
        found = found[: MAX_STATEMENTS - len(self.given)]
        self.given.extend(found)
        return found

    def rest(self, draft: Draft) -> list[DraftStatement]:
        """The statements of the whole reply that were not given while it came."""
        given = list(self.given)
        left = []
        for statement in draft.statements:
            if statement in given:
                given.remove(statement)
            else:
                left.append(statement)
        return left

    def _spoken(self, piece: str) -> str:
        """``piece`` and what was held back before it, without thoughts; what may become a thought is held back."""
        text = self._unread + piece
        kept = ""
        while opened := _OPEN_THOUGHT.search(text):
            kept += text[: opened.start()]
            closed = THOUGHT.match(text, opened.start())
            if closed is None or not closed.group().endswith(">") or closed.end() == opened.end():
                self._unread = text[opened.start() :]
                return kept
            text = text[closed.end() :]
        tail = text.rfind("<")
        is_tag = tail >= 0 and any(tag.startswith(text[tail:].lower()) for tag in _TAGS)
        self._unread = text[tail:] if is_tag else ""
        return kept + (text[:tail] if is_tag else text)

    def _read(self, text: str) -> Iterator[DraftStatement]:
        if self._rows is not None:
            yield from self._rows.feed(text)
            return
        if self._pending is None:
            yield from self._lines.feed(text)
            return
        before = len(self._pending)
        self._pending += text
        start = _JSON_START.search(self._pending, max(0, before - _LOOK_BACK))
        if start:
            self._rows, self._held = _Rows(self._evidence), []  # words around the JSON state nothing
            yield from self._rows.feed(self._pending[start.start() :])
            self._pending = None
            return
        self._held.extend(self._lines.feed(text))
        if any(statement.passage_ids for statement in self._held):
            self._pending = None
            yield from self._held


class _Rows:
    """Objects of a JSON reply, each as its brace closes: those in a list of the first or second depth, or by themselves."""

    def __init__(self, evidence: Sequence[str]) -> None:
        self._evidence = evidence
        self._open: list[tuple[str, int]] = []  # brackets not yet closed, with their place in ``_text``
        self._text: list[str] = []
        self._in_string = self._is_escaped = False

    def feed(self, piece: str) -> Iterator[DraftStatement]:
        for sign in piece:
            self._text.append(sign)
            if self._in_string:
                if self._is_escaped:
                    self._is_escaped = False
                elif sign == "\\":
                    self._is_escaped = True
                elif sign == '"':
                    self._in_string = False
            elif sign == '"':
                self._in_string = True
            elif sign in "{[":
                self._open.append((sign, len(self._text) - 1))
            elif sign in "}]" and self._open:
                opener, start = self._open.pop()
                if opener == "{" and len(self._open) < 3 and "".join(s for s, _ in self._open) in {"", "[", "{["}:
                    yield from self._row("".join(self._text[start:]))

    def _row(self, text: str) -> Iterator[DraftStatement]:
        try:
            row = json.loads(text)
        except (ValueError, RecursionError):
            return
        if isinstance(row, dict):
            yield from from_rows([row], self._evidence)


class _Lines:
    """Markdown, line by line; within a line a sentence is complete when the next one has begun."""

    def __init__(self, evidence: Sequence[str]) -> None:
        self._evidence = evidence
        self._section = Section.BOTTOM_LINE  # what comes before the first heading
        self._line = ""  # what is left of the line being written
        self._is_begun = False  # its heading or bullet was read, and a sentence given
        self._table: str | None = None  # a row whose next line tells whether it is the head

    def feed(self, piece: str) -> Iterator[DraftStatement]:
        *whole, last = piece.split("\n")
        for text in whole:
            self._line += text
            yield from self._end_line()
        before = len(self._line)
        self._line += last
        # fences and tables are read by whole lines only
        if "`" in self._line or "|" in self._line or not BOUNDARY.search(self._line, max(0, before - _LOOK_BACK)):
            return
        *done, rest = sentences(self._begin(self._line))
        if done:
            for sentence in done:
                yield from self._statement(sentence)
            blanks = self._line[len(self._line.rstrip()) :]  # the next piece may go on with a word or a digit
            self._line, self._is_begun = rest.rstrip() + blanks, True

    def _begin(self, line: str) -> str:
        """The line without bullet or heading, which are read where it begins."""
        if self._is_begun:
            return line
        section, rest = read_heading(line)
        if section is not None:
            self._section = section
        return rest

    def _end_line(self) -> Iterator[DraftStatement]:
        line = re.sub(r"```\w*", "", self._line.rstrip("\r"))
        is_begun, self._line = self._is_begun, ""
        held, self._table = self._table, None
        if held is not None and not re.fullmatch(r"\s*\|[-:|\s]*-[-:|\s]*", line):
            yield from self._sentences(held)
        if line.lstrip().startswith("|") and not is_begun:
            self._table = line
            self._is_begun = False
            return
        yield from self._sentences(line)
        self._is_begun = False

    def _sentences(self, line: str) -> Iterator[DraftStatement]:
        for sentence in sentences(self._begin(line)):
            yield from self._statement(sentence)

    def _statement(self, sentence: str) -> Iterator[DraftStatement]:
        text, numbers = split_marks(sentence)
        if re.search(r"\w", text):
            yield DraftStatement(self._section, text, cited_passages(numbers, self._evidence))
