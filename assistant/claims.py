"""Text to sentences, list items and table rows, each with its citation marks and the headings it stands under.

Owns how a text is cut and what in it is markup. Every ``Sentence.clean`` has exactly the length of its ``text``: markup and
citation marks are blanked, not removed, so that an offset into the one is an offset into the other, and a bare citation
number is never read as a dose. What the words mean is left to ``wording`` and ``frames``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from assistant.tables import missing_units


@dataclass(frozen=True, slots=True)
class Sentence:
    """One checkable piece of a text.

    ``start``/``end`` count in the whole text; ``clean`` is as long as ``text``. ``lead`` holds the cleaned headings,
    lead-ins ("With neurological involvement:") and table headers above it, outermost first. ``citations`` are the marks as
    written, without brackets. ``kind`` is sentence, item, row, heading or lead; the last two only give context.
    """

    text: str
    clean: str
    start: int
    end: int
    lead: tuple[str, ...] = ()
    citations: tuple[str, ...] = ()
    kind: str = "sentence"
    units: tuple[tuple[int, str], ...] = ()  # of a row: units of its table's header, and where in ``clean`` they belong

    @property
    def is_context(self) -> bool:
        return self.kind in {"heading", "lead"}


@dataclass(slots=True)
class _Block:
    """Consecutive lines that belong together; ``indent`` is that of the first line, ``-1`` for prose."""

    start: int
    end: int
    kind: str
    indent: int = -1
    level: int = 0


_ITEM = re.compile(r"(?P<indent>[ \t]*)(?P<mark>[-*+•◦▪‣·–]|\(?\d{1,2}[.)]|\(?[a-z]\))[ \t]+(?=\S)")
_HASHES = re.compile(r"[ \t]{0,3}(#{1,6})[ \t]+(?=\S)")
_TABLE_RULE = re.compile(r"[ \t]*\|?[ \t]*:?-{2,}:?[ \t]*(\|[ \t]*:?-{2,}:?[ \t]*)*\|?[ \t]*")
_RULE_LINE = re.compile(r"[ \t]*([-*_=][ \t]*){3,}")
_ENDS_SENTENCE = re.compile(r"[.!?:;](?:[\"'”’)\]*_\d,\s⁰¹²³⁴⁵⁶⁷⁸⁹]|</?sup>)*$")
# a line that says something is a statement, though it stands like a heading
_SAYS = re.compile(
    r"\b(?:is|are|was|were|must|should|shall|cannot|can|may|never|avoid|contraindicated|do(?:es)? not|don't)\b",
    re.IGNORECASE,
)
# a number that belongs to something: such a line is a statement, whatever it looks like
_MEASURED = re.compile(
    r"\d\s*(?:%|mg|mcg|µg|μg|ug|micrograms?|g\b|kg|ml|mL|ng|pg|pmol|nmol|mmol|units?|IU|days?|weeks?|months?|years?|hours?)"
    r"|\b(?:OR|HR|RR|IRR)\s*\d",
    re.IGNORECASE,
)

# ---- citation marks
_BRACKETED = re.compile(r"\[\s*(?P<ids>@[^\]\n]{1,300}|\^?\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*)\s*\](?!\()")
_SUP_TAG = re.compile(r"<sup>\s*(?P<ids>[\d,\s–-]{1,40})\s*</sup>", re.IGNORECASE)
_SUPERSCRIPT = re.compile(r"(?P<ids>[⁰¹²³⁴⁵⁶⁷⁸⁹]+(?:\s?[,˒·–-]\s?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)*)")
_SUPERSCRIPT_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_TAIL = 120  # a citation mark at the end of a sentence is looked for in its last characters only
_LIST_OF_NUMBERS = r"\d{1,3}(?:\s*[,–-]\s*\d{1,3})*"
_AFTER_STOP = re.compile(rf"(?<=[A-Za-z)\]\"”][.!?])\s?(?P<ids>{_LIST_OF_NUMBERS})(?=\s*$)")
_TRAILING = re.compile(rf"(?P<before>[^\s()\[\]]+|[)\]])(?P<gap>\s+)(?P<ids>{_LIST_OF_NUMBERS})(?=\s*[.;!?]?\s*$)")
_PAREN_END = re.compile(rf"\s\((?P<ids>{_LIST_OF_NUMBERS})\)(?=\s*[.;]?\s*$)")
# words that take a number after them: "type 2", "every 2", "a score of 2", "below 100"
_TAKES_A_NUMBER = frozenset(
    """type grade stage step phase class level score scores cycle line tier day week month year hour every each for to from and or is was are were be of by at about around than least most over under below above age
    aged between with within after before in on nyha ecog asa ctcae group category gcs plus minus times version number no
    only exactly equals equal approximately nearly up until per a an the potassium sodium calcium glucose magnesium
    phosphate haemoglobin hemoglobin creatinine urea lactate albumin bilirubin platelets neutrophils ferritin dose doses
    tablets tablet capsules units chapter table figure section reaches reached exceeds exceeded""".split()
)

# ---- markup
_LINK = re.compile(r"!?\[(?P<label>[^\]\n]*)\]\((?P<url>[^)\n]*)\)")
_TAG = re.compile(r"</?[A-Za-z][^<>\n]{0,200}>")
_EMPHASIS = re.compile(r"\*{1,3}|(?<![A-Za-z0-9])_{1,3}(?=\S)|(?<=\S)_{1,3}(?![A-Za-z0-9])|`+|~~")

# ---- sentences
_STOP = re.compile(r"[.!?]+[\"”’')\]]*(?=\s)|[.!?](?=\[)")
_NEXT = re.compile(r"\s*(?:\[[^\]]*\]\s*|[⁰¹²³⁴⁵⁶⁷⁸⁹,–-]+\s*|(?:\d{1,2}(?:\s*,\s*\d{1,2})*(?=\s+[A-Z]|\s*$)))*")
_ABBREVIATIONS = frozenset(
    """e.g i.e eg ie vs cf al etc approx ca dr mr mrs ms prof st fig figs no nos vol ed eds ref refs incl max min resp inc
    dept esp viz sp spp p pp op b.d t.d.s o.d q.d.s a.m p.m i.v i.m s.c p.o u.s u.k""".split()
)


def read_claims(text: str, *, bare_citations: bool = True) -> tuple[Sentence, ...]:
    """Cut ``text`` into its sentences, list items and table rows, in order; context lines are included, marked as such.

    ``bare_citations``: a number without brackets at the end of a sentence may be a citation mark ("... metastases 2").
    For a statement whose marks were already taken off it never is: there it is a number that must be checked.
    """
    bare = "never"
    if bare_citations:
        many = sum(1 for line in text.splitlines() if _trailing_mark(_blank_markup(line))) >= 2
        bare = "many" if many else "alone"
    sentences: list[Sentence] = []
    headings: list[tuple[int, str]] = []  # (level, text), outermost first
    leads: list[tuple[int, str]] = []  # (indent, text)
    header: str | None = None
    columns = ""  # the header with its bars
    blocks = list(_blocks(text))
    for number, block in enumerate(blocks):
        raw = text[block.start : block.end]
        following = blocks[number + 1] if number + 1 < len(blocks) else None
        if block.kind == "rule":
            continue
        if block.kind == "row":
            if following is not None and following.kind == "rule":
                header, columns = _squeeze(_clean(raw, bare)[0]), _blank_markup(raw)
                continue
            lead = _context(headings, leads, block, header)
            row = _sentence(text, block.start, block.end, "row", lead, bare)
            units = missing_units(_blank_markup(row.text), columns) if header else ()
            sentences.append(replace(row, units=units))
            continue
        header = None
        if block.kind != "item" and not (leads and leads[-1][0] >= 0 and block.indent > leads[-1][0]):
            leads = []
        leads = [entry for entry in leads if entry[0] < block.indent]
        if _is_heading(raw, block, following):
            level = block.level or 7
            headings = [entry for entry in headings if entry[0] < level]
            title = _clean(raw, bare)[0]
            headings.append((level, _squeeze(title)))
            sentences.append(_sentence(text, block.start, block.end, "heading", (), bare))
            continue
        pieces = list(_split(text, block.start, block.end))
        for index, (start, end) in enumerate(pieces):
            last = index == len(pieces) - 1
            opens = following is not None and following.kind in {"item", "row"}
            deeper = following is not None and following.indent > block.indent
            piece = text[start:end].rstrip("*_ \t")
            if last and opens and deeper and (piece.endswith(":") or _names_only(piece, block)):
                sentence = _sentence(text, start, end, "lead", _context(headings, leads, block, None), bare)
                sentences.append(sentence)
                leads.append((block.indent, _squeeze(sentence.clean).rstrip(": ")))
            elif end > start:
                kind = "item" if block.kind == "item" else "sentence"
                sentences.append(_sentence(text, start, end, kind, _context(headings, leads, block, None), bare))
    return tuple(sentence for sentence in sentences if any(char.isalnum() for char in sentence.clean))


def clean_statement(text: str) -> str:
    """``text`` with markup and citation marks blanked, of the same length: for a statement that is known to be one."""
    return _clean(text, "alone")[0]


def split_sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Half-open spans of the sentences of one paragraph."""
    return tuple(_split(text, 0, len(text)))


# --------------------------------------------------------------------------- blocks


def _blocks(text: str) -> Iterator[_Block]:
    """Lines joined to paragraphs; items, rows, headings and rules stand alone. Wrapped lines of an item belong to it."""
    current: _Block | None = None
    position = 0
    for line in text.splitlines(keepends=True):
        start, position = position, position + len(line)
        bare = line.rstrip()
        end = start + len(bare)
        if not bare.strip():
            if current is not None:
                yield current
            current = None
            continue
        block = _line_block(bare, start, end)
        if current is not None and block.kind == "prose" and current.kind in {"prose", "item"}:
            if _continues(text[current.start : current.end], bare):
                current.end = end
                continue
        if current is not None:
            yield current
        current = block
        if block.kind not in {"prose", "item"}:
            yield block
            current = None
    if current is not None:
        yield current


def _line_block(line: str, start: int, end: int) -> _Block:
    hashes = _HASHES.match(line)
    if hashes:
        return _Block(start + hashes.end(), end, "heading", level=len(hashes[1]))
    if ("|" in line and _TABLE_RULE.fullmatch(line)) or _RULE_LINE.fullmatch(line):
        return _Block(start, end, "rule")
    if line.count("|") >= 2:
        return _Block(start, end, "row", indent=0)
    item = _ITEM.match(line)
    if item:
        return _Block(start + item.end(), end, "item", indent=len(item["indent"].expandtabs(4)))
    quote = len(line) - len(line.lstrip("> \t"))
    return _Block(start + quote, end, "prose")


def _continues(before: str, line: str) -> bool:
    """Whether ``line`` goes on with the sentence that ``before`` left open: wrapped prose, not a line of its own."""
    if _ENDS_SENTENCE.search(before.rstrip("*_ ")[-_TAIL:]):
        return False
    last = before.rsplit("\n", 1)[-1]
    return len(last) >= 60 or line.lstrip()[:1].islower()


def _is_heading(raw: str, block: _Block, following: _Block | None) -> bool:
    if block.kind == "heading":
        return True
    if block.kind != "prose" or following is None or _MEASURED.search(raw) or _SAYS.search(raw):
        return False
    bare = raw.strip().strip("*_ ")
    return len(bare.split()) <= 12 and not _ENDS_SENTENCE.search(bare[-_TAIL:]) and bare[:1].isupper()


def _names_only(piece: str, block: _Block) -> bool:
    """Whether an item over deeper ones is a title of theirs: "- **Rasburicase** (US label)"."""
    return block.kind == "item" and len(piece.split()) <= 8 and not (_MEASURED.search(piece) or _SAYS.search(piece))


def _context(
    headings: list[tuple[int, str]], leads: list[tuple[int, str]], block: _Block, header: str | None
) -> tuple[str, ...]:
    found = [title for _, title in headings] + [words for indent, words in leads if indent < max(block.indent, 0)]
    return tuple(found + ([header] if header else []))


# --------------------------------------------------------------------------- sentences and marks


def _split(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Spans of sentences inside one block; a stop inside brackets, after an abbreviation or in a number does not end one."""
    begin = start
    for stop in _STOP.finditer(text, start, end):
        if stop.end() >= end or stop.start() < begin:
            continue
        word = re.search(r"[^\s(\[]*$", text[max(begin, stop.start() - 24) : stop.start()])
        token = word[0].lower() if word else ""
        if stop[0][0] == "." and (token in _ABBREVIATIONS or (re.fullmatch(r"[a-z]", token) and token not in {"a", "i"})):
            continue
        after = _NEXT.match(text, stop.end(), end)
        reached = after.end() if after else stop.end()
        while reached > stop.end() and text[reached - 1].isspace():
            reached -= 1
        rest = text[reached:end].lstrip()
        if not rest or rest[0].islower() or text.count("(", begin, stop.start()) > text.count(")", begin, stop.end()):
            continue
        yield _trim(text, begin, reached)
        begin = reached
    if text[begin:end].strip():
        yield _trim(text, begin, end)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _sentence(text: str, start: int, end: int, kind: str, lead: tuple[str, ...], bare: str) -> Sentence:
    start, end = _trim(text, start, end)
    raw = text[start:end]
    clean, citations = _clean(raw, bare)
    return Sentence(raw, clean, start, end, lead, citations, kind)


def _clean(raw: str, bare: str) -> tuple[str, tuple[str, ...]]:
    """Blank markup and citation marks; the marks found, in order."""
    found: list[tuple[int, str]] = []

    def take(match: re.Match[str]) -> str:
        found.append((match.start(), match["ids"]))
        return " " * len(match[0])

    text = _BRACKETED.sub(take, raw)
    text = _SUP_TAG.sub(take, text)
    text = _blank_markup(text)
    text = _blank_superscripts(text, found)
    for pattern in (_AFTER_STOP, _PAREN_END) if bare != "never" else ():
        match = pattern.search(text, max(0, len(text) - _TAIL))
        if match:
            take(match)
            text = text[: match.start("ids")].rstrip("(").ljust(match.end()) + text[match.end() :]
    mark = _trailing_mark(text, alone=bare == "alone") if bare != "never" else None
    if mark is not None:
        found.append((mark.start("ids"), mark["ids"]))
        text = text[: mark.start("ids")] + " " * len(mark["ids"]) + text[mark.end("ids") :]
    if raw.count("|") >= 2:
        text = re.sub(r"\A(\s*)\||\|(\s*)\Z", lambda m: m[0].replace("|", " "), text).replace("|", ",")
    marks = [part.strip(" ^") for _, ids in sorted(found) for part in re.split(r"[,;]", ids)]
    return text, tuple(part for part in marks if part)


def _blank_markup(text: str) -> str:
    """Links keep their label, tags and emphasis go; the length stays."""
    if not any(char in text for char in "[<*_`~"):
        return text
    text = _LINK.sub(lambda m: (" " * (m.start("label") - m.start()) + m["label"]).ljust(len(m[0])), text)
    text = _TAG.sub(lambda m: " " * len(m[0]), text)
    return _EMPHASIS.sub(lambda m: " " * len(m[0]), text)


def _blank_superscripts(text: str, found: list[tuple[int, str]]) -> str:
    """Superscript numbers after a word or a stop are citations; after a digit or a unit (10⁹, m²) they are exponents."""

    def one(match: re.Match[str]) -> str:
        before = text[: match.start()]
        word = re.search(r"[A-Za-z]*$", before[-24:])
        exponent = before[-1:].isdigit() or (word is not None and 0 < len(word[0]) <= 3)
        if exponent or not before.strip():
            return match[0]
        found.append((match.start(), match["ids"].translate(_SUPERSCRIPT_DIGITS)))
        return " " * len(match[0])

    return _SUPERSCRIPT.sub(one, text)


def _trailing_mark(text: str, *, alone: bool = False) -> re.Match[str] | None:
    """A bare citation number at the end of a sentence: "... hepatic metastases 2", "... disease 3, 4."

    With ``alone`` (no other line of the text ends so) a single number counts only behind an ordinary word, since "B12 2"
    may then be a value.
    """
    match = _TRAILING.search(text, max(0, len(text) - _TAIL))
    if match is None:
        return None
    before = match["before"].strip(".,;:*_\"”'").casefold()
    numbers = [int(part) for part in re.findall(r"\d+", match["ids"])]
    is_counted = re.search(r"\d\s+\S+$", text[: match.end("before")][-_TAIL:])  # "every 2 months 7": the 7 is a mark
    if before.removesuffix("s") in _TAKES_A_NUMBER and before not in _TAKES_A_NUMBER and not is_counted:
        return None
    if before in _TAKES_A_NUMBER or max(numbers) > 200 or not re.search(r"[a-z)\]%]|[a-z]\d+$", before or ")"):
        return None
    if re.search(r"\d(?:\s*[–-]\s*\d)?\s*$", text[: match.start("gap")].rstrip()[-24:]) and before != "b12":
        return None
    if re.fullmatch(r"[A-Z]{2,5}", match["before"]) or (before and before[0].isdigit()):
        return None
    if alone and re.search(r"\d\s*[–-]\s*\d", match["ids"]):  # "days 15-20": a range is rather a value
        return None
    if alone and len(numbers) == 1 and not (re.fullmatch(r"[a-z]{4,}|", before) or match["before"] in ")]"):
        return None
    return match


def _squeeze(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
