
"""Owns the words and numbers of a dosing instruction: one text to tokens, in one pass.

Number words, fractions and frequent misspellings of the dosing vocabulary are folded here, from closed tables (never by
edit distance), so that the grammars of ``schedules`` and ``dosages`` see one form. Units and medicines are left as they
stand.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from assistant.numbers import are_thousands, exact
from assistant.patterns import Pattern

WORD, NUMBER, SIGN, END = "word", "number", "sign", "end"


class Token(NamedTuple):
    """``start``/``end`` count in the normalised copy; ``text`` is lower case with the dots of abbreviations removed."""

    kind: str
    text: str
    start: int
    end: int
    value: Fraction | None = None
    raw: str = ""
    distrust: tuple[str, ...] = ()


# closed tables: letters swapped, dropped or doubled in words that have no other reading in a dosing instruction;
# no unit symbol and no medicine is in them
_MISSPELT = {
    "tabet": "tablet", "tabets": "tablets", "tablett": "tablet", "tabletts": "tablets", "talbet": "tablet",
    "talbets": "tablets", "tabelt": "tablet", "tabelts": "tablets", "tablte": "tablet", "tabltes": "tablets",
    "tbalet": "tablet", "tbalets": "tablets", "tablest": "tablets", "tablelts": "tablets", "tabkets": "tablets",
    "tablat": "tablet", "tablats": "tablets", "teblet": "tablet", "teblets": "tablets", 
    "capsul": "capsule", "capsuls": "capsules", "capules": "capsules", "capule": "capsule", "casules": "capsules",
    "casule": "capsule", "capslue": "capsule", "capslues": "capsules", "capsle": "capsule", "capsles": "capsules",
    "pufs": "puffs", "puf": "puff", "drps": "drops", "dorp": "drop", "dorps": "drops", "spary": "spray",
    "tkae": "take", "taek": "take", "atke": "take", "tke": "take", "takr": "take", 
    "aply": "apply", "appply": "apply", "apllied": "applied", "aplly": "apply", "inhlae": "inhale", "injcet": "inject",
    "tiems": "times", "tmies": "times", "itmes": "times", "timse": "times", "tims": "times", "tiem": "time",
    "dya": "day", "dyas": "days", "dasy": "days", "dayly": "daily", "dialy": "daily", "daliy": "daily",
    "daiyl": "daily", "dailly": "daily", "daiy": "daily", "dail": "daily",
    "wekes": "weeks", "weeeks": "weeks", "weks": "weeks", "wek": "week", "weke": "week", "wekly": "weekly",
    "weekley": "weekly", "wkly": "weekly",
    "mnoth": "month", "monht": "month", "mnoths": "months", "monhts": "months", "motnh": "month", "monthes": "months",
    "huors": "hours", "horus": "hours", "huor": "hour", "hous": "hours", "horly": "hourly", "houlry": "hourly",
    "evrey": "every", "eveyr": "every", "evry": "every", "ervery": "every", "eevery": "every", "evey": "every",
    "twcie": "twice", "twic": "twice", "twise": "twice", "tiwce": "twice", 
    "ocne": "once", "onec": "once", "onces": "once",
    "mornig": "morning", "moring": "morning", "mornign": "morning", "moning": "morning", "mronings": "mornings",
    "nigth": "night", "nite": "night", "ngiht": "night", "nihgt": "night", "evning": "evening", "eveing": "evening",
    "bedtiem": "bedtime", "breakfest": "breakfast", "brekfast": "breakfast",
    "breakfats": "breakfast", "maximim": "maximum", "maxium": "maximum", "maxmium": "maximum", "maximun": "maximum",
    "maixmum": "maximum", "requried": "required", "requierd": "required", "requird": "required", "reqd": "required",
    "needeed": "needed", "neded": "needed", "nedded": "needed", "direted": "directed", "dircted": "directed",
    "directd": "directed", "alterante": "alternate", "altenate": "alternate", "alernate": "alternate",
    "untill": "until", "untli": "until", "befroe": "before", "befor": "before", "aftre": "after", "wtih": "with",
    "fro": "for", "foloowed": "followed", "folowed": "followed", "follwed": "followed", "therafter": "thereafter",
    "therefater": "thereafter", "subcutanously": "subcutaneously", "subcutaneosly": "subcutaneously",
    "intramusculary": "intramuscularly", "intravenosly": "intravenously", "orraly": "orally", "oraly": "orally",
    "fornight": "fortnight", "fortnigth": "fortnight",
}  # fmt: skip

_ONES = dict(zip(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen".split(), range(20), strict=True))  # fmt: skip
_TENS = dict(zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), range(20, 100, 10), strict=True))
_PARTS = {"half": Fraction(1, 2), "halves": Fraction(1, 2), "quarter": Fraction(1, 4), "quarters": Fraction(1, 4),
          "third": Fraction(1, 3), "thirds": Fraction(1, 3)}  # fmt: skip
# written at the end of an abbreviation, the full stop does not end a sentence
_SHORT = frozenset(
    "tab tabs cap caps inj approx max min hr hrs wk wks mo mos tsp tbsp vs mg ml mcg g kg no mins sec amp supp susp "
    "soln eg ie e.g i.e dr st oint neb nebs liq subcut inh".split()
)

# ``plain`` is what ``name``, ``dotted`` and ``word`` would read as a word, tried first as most words are so
_LEXER = Pattern(
    r"""[ ]?(?:(?P<plain>[A-Za-z]{2,}+(?!['\w]))
  | (?P<clock>(?<![\d.])(?:[01]?\d|2[0-4])[:.][0-5]\d(?=\s?(?:[ap]\.?m\b|h\b|hrs?\b|hours\b|o'clock))|
       (?<![\d.:/])(?:[01]?\d|2[0-3]):[0-5]\d(?![\d:]))
  | (?P<name>(?<![^\W_])[A-Za-z]{1,12}\d[^\W_]*)
  | (?P<fraction>\d+\s?/\s?\d+(?![\d/]))
  | (?P<number>\d{1,3}(?:[,']\d{3})+(?:\.\d+)?(?!\d)|\d+(?:[.,]\d+)*|\.\d+)
  | (?P<dotted>(?:[A-Za-z]\.){1,5}[A-Za-z](?![A-Za-z])\.?|(?<![A-Za-z])[A-Za-z](?:/[A-Za-z])\b)
  | (?P<word>[^\W\d_]+(?:'[^\W\d_]+)?)
  | (?P<end>\n\s*\n|\n|[.!?](?=[\s)\]"'*]|$))
  | (?P<sign>[^\s\w]))""",
    re.VERBOSE,
)
_HEADS = "bid|bd|tid|tds|qid|qds|qd|daily|hourly|hr|hrs|day|days|bedtime|nocte|mane|nights"
_TAILS = ("x", "int", "wm")
_GLUED = Pattern(rf"(?P<head>{_HEADS})(?P<tail>{'|'.join(_TAILS)})(?P<rest>[a-z]*)$")
_INNER = Pattern(r"prn|(?<=[a-z])instr")  # no word holds "prn", none but these holds "instr" inside


def tokenise(text: str) -> tuple[Token, ...]:
    """Tokens in order; a token of kind ``end`` stands where a sentence or line ends. Linear; never raises."""
    return tuple(_join_numbers(_with_roman_counts(_lex(text)), text))


_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iiii": 4, "iv": 4}
_COUNTED = frozenset(
    """tab tabs tablet tablets cap caps capsule capsules puff puffs drop drops gtt gtts sachet sachets spray sprays
    supp""".split()
)
_COUNTS = frozenset("od bd bid tds tid qds qid om on mane nocte stat prn hs".split())


def _with_roman_counts(found: list[Token]) -> list[Token]:
    """ "ii puffs bd", "i nocte", "tab ii tds": a count in small Roman numerals, as British charts have it."""
    for n, token in enumerate(found):
        value = _ROMAN.get(token.raw) if token.kind == WORD and len(token.raw) <= 4 else None
        if value is None:
            continue
        after = found[n + 1].text if n + 1 < len(found) else ""
        before = found[n - 1].text if n else ""
        if after in _COUNTED or (after in _COUNTS and token.raw != "iv") or (before in _COUNTED and value < 4):
            found[n] = token._replace(kind=NUMBER, text=str(value), value=Fraction(value), raw=str(value))
    return found


def _lex(text: str) -> list[Token]:
    found: list[Token] = []
    for match in _LEXER.finditer(text):
        kind = match.lastgroup
        if kind == "plain" or kind == "word":
            _lex_word(found, match[kind], match.start(kind))
            continue
        assert kind is not None  # every alternative is named
        raw, start, end = match[kind], match.start(kind), match.end()
        if kind == "name":
            _lex_name(found, raw, start, end)
        elif kind == "number":
            found.append(_digits(raw, start, end))
        elif kind == "fraction":
            top, bottom = raw.replace(" ", "").split("/") if len(raw) < 40 else ("0", "0")
            if int(bottom):
                found.append(Token(NUMBER, raw.replace(" ", ""), start, end, Fraction(int(top), int(bottom)), raw))
            else:
                found.append(Token(SIGN, raw, start, end, raw=raw))
        elif kind == "clock":
            found.append(Token("clock", raw.replace(".", ":"), start, end, raw=raw))
        elif kind == "dotted":
            found.append(Token(WORD, raw.lower().replace(".", "").replace("/", ""), start, end, raw=raw))
        elif kind == "end":
            if not _goes_on(found, text, raw, start, end):
                found.append(Token(END, raw[0], start, end, raw=raw))
        else:
            found.append(Token(SIGN, raw, start, end, raw=raw))
    return found


def _lex_name(found: list[Token], raw: str, start: int, end: int) -> None:
    if _is_name(raw):
        found.append(Token(WORD, raw.lower(), start, end, raw=raw))
        return
    for piece in re.finditer(r"\d+(?:\.\d+)?|[^\W\d_]+", raw):  # "q6h", "x5", "bidx9": run together
        if piece.group()[0].isdigit():
            found.append(_digits(piece.group(), start + piece.start(), start + piece.end()))
        else:
            _lex_word(found, piece.group(), start + piece.start())


_RUN_ON = frozenset(
    """q x dose tablet tablets tab tabs cap caps capsule capsules mdd max for take bid tid qid qd bd tds qds
    daily hr hrs day days prn po im iv sc every times puff puffs""".split()
)


def _is_name(raw: str) -> bool:
    """ "B12", "HbA1c", "NG239" name something; their digits are no number. "x5" and "bidx9" are run together."""
    letters = re.match(r"[A-Za-z]+", raw)
    head = letters.group().lower() if letters else ""
    if head in _RUN_ON or (head[-1:] == "x" and _GLUED.match(head)):
        return False
    return not any(_GLUED.match(piece) or piece in _RUN_ON for piece in _unglue(head)[1:])


def _goes_on(found: list[Token], text: str, raw: str, start: int, end: int) -> bool:
    """Whether a full stop or line break stands inside a sentence."""
    rest = text[end : end + 40].lstrip(" \t")
    if raw == ".":
        return bool(found) and found[-1].text in _SHORT and found[-1].end == start and not rest[:1].isupper()
    return raw == "\n" and bool(rest[:1].islower()) and bool(found) and found[-1].kind != END


def _lex_word(found: list[Token], raw: str, start: int) -> None:
    pieces = _word_pieces(raw)
    if len(pieces) == 1:
        kind, text, value, _, _ = pieces[0]
        found.append(Token(kind, text, start, start + len(raw), value, raw))
        return
    for kind, text, value, at, end in pieces:
        found.append(Token(kind, text, start + at, start + end, value, raw[at:end]))


_Piece = tuple[str, str, Fraction | None, int, int]  # kind, text, value, start and end inside the word


@lru_cache(maxsize=8192)
def _word_pieces(raw: str) -> tuple[_Piece, ...]:
    lower = raw.lower()
    if len(lower) != len(raw):
        lower = raw  # a letter that changes length in lower case belongs to no word of ours
    if lower in _KEEP or len(lower) < 3:
        return (_word(lower, 0),)
    found: list[_Piece] = []
    at = 0
    for piece in _unglue(lower):
        found.append(_word(piece, at))
        at += len(piece)
    return tuple(found)


_KEEP = frozenset({"daily", "days", "day", "prn", "hrs", "instructions", "instructed", "instruction", "instruments"})


def _unglue(lower: str) -> list[str]:
    """Words that an export of prescriptions has run together: "tidprnas" -> tid prn as, "bidx" -> bid x."""
    pieces: list[str] = []
    while "prn" in lower or "instr" in lower:
        inner = _INNER.search(lower)
        if inner is None or len(lower) > 60:
            break
        if inner.start():
            pieces.extend(_split_head(lower[: inner.start()]))
        length = 5 if inner.group() == "instr" else 3
        pieces.append(lower[inner.start() : inner.start() + length])
        lower = lower[inner.start() + length :]
    return pieces + _split_head(lower) if lower else pieces


def _split_head(word: str) -> list[str]:
    glued = _GLUED.match(word) if any(tail in word for tail in _TAILS) else None
    if glued is None:
        return [word]
    return [piece for piece in glued.groups() if piece]


def _word(lower: str, at: int) -> _Piece:
    end = at + len(lower)
    lower = _MISSPELT.get(lower, lower)
    if lower in _ONES:
        return NUMBER, lower, Fraction(_ONES[lower]), at, end
    if lower in _TENS:
        return NUMBER, lower, Fraction(_TENS[lower]), at, end
    if lower in ("half", "quarter"):
        return NUMBER, lower, _PARTS[lower], at, end
    return WORD, lower, None, at, end


def _digits(raw: str, start: int, end: int) -> Token:
    if len(raw) > 40:
        return Token(SIGN, raw[:40], start, end, raw=raw)  # no dose has so many digits
    if raw.isdigit():
        return Token(NUMBER, raw, start, end, exact(raw), raw)
    if re.fullmatch(r"\d{1,3}(?:[,']\d{3})+(?:\.\d+)?", raw):
        return Token(NUMBER, raw, start, end, exact(raw.replace(",", "").replace("'", "")), raw)
    if re.fullmatch(r"\d+,\d+", raw):
        return Token(NUMBER, raw, start, end, exact(raw.replace(",", ".")), raw)
    if raw.count(".") + raw.count(",") > 1:
        return Token(SIGN, raw, start, end, raw=raw)
    return Token(NUMBER, raw, start, end, exact(raw), raw)


def _join_numbers(tokens: list[Token], source: str) -> list[Token]:
    """ "twenty four", "one and a half", "1 1/2", "half a", "4 four" become one number each."""
    out: list[Token] = []
    i = 0
    while i < len(tokens):
        token = tokens[i]
        if token.kind != NUMBER:
            out.append(token)
            i += 1
            continue
        i, value, last = _number_phrase(tokens, i, source)
        text = token.text if last is token else f"{token.text} {last.text}"
        out.append(Token(NUMBER, text, token.start, last.end, value, token.raw))
    return out


def _text(tokens: list[Token], i: int) -> str:
    return tokens[i].text if i < len(tokens) else ""


def _thousands(tokens: list[Token], i: int, source: str) -> tuple[int, Fraction, Token] | None:
    """ "5 000", "12 050 000": groups that begin with a zero are thousands; "12 500 units" as ``numbers`` decides."""
    j, value = i + 1, tokens[i].value or Fraction(0)
    if not (tokens[i].raw.isdigit() and len(tokens[i].raw) <= 3 and tokens[i].raw[0] != "0"):
        return None
    while j < len(tokens) and len(tokens[j].raw) == 3 and tokens[j].raw.isdigit() and tokens[j].raw.isascii():
        if tokens[j].start - tokens[j - 1].end != 1:
            break
        sure = j > i + 1 or tokens[j].raw[0] == "0"
        if not sure and not are_thousands(source, tokens[i].start, tokens[j].end):
            break
        value, j = value * 1000 + int(tokens[j].raw), j + 1
    return (j, value, tokens[j - 1]) if j > i + 1 else None


def _number_phrase(tokens: list[Token], i: int, source: str) -> tuple[int, Fraction, Token]:
    token = tokens[i]
    grouped = _thousands(tokens, i, source)
    if grouped is not None:
        return grouped
    value = token.value or Fraction(0)
    j, last = i + 1, token
    in_words = token.raw[:1].isalpha()
    if in_words and token.text in _TENS:  # twenty-four
        k = j + 1 if _text(tokens, j) == "-" else j
        if _text(tokens, k) in _ONES and k < len(tokens) and 0 < (tokens[k].value or 0) < 10:
            value, last, j = value + (tokens[k].value or 0), tokens[k], k + 1
    if in_words and _text(tokens, j) in ("hundred", "thousand"):
        value, last, j = value * (100 if tokens[j].text == "hundred" else 1000), tokens[j], j + 1
        if value >= 1000 and _text(tokens, j) == "hundred":
            j += 1
    if value.denominator == 1 and "/" not in token.text:
        j, value, last = _with_part(tokens, j, value, last)
    elif token.text in ("half", "quarter"):
        k = j + 1 if _text(tokens, j) == "of" else j
        if _text(tokens, k) in ("a", "an", "one") and k + 1 < len(tokens) and tokens[k + 1].kind == WORD:
            last, j = tokens[k], k + 1  # half a tablet
    k = j + 1 if _text(tokens, j) == "(" else j
    twin = tokens[k] if k < len(tokens) else token
    if twin is not token and twin.kind == NUMBER and twin.value == value and twin.raw[:1].isalpha() != in_words:
        if k == j and not (_text(tokens, k + 1) == "-" and _text(tokens, k + 2) in ("half", "quarter")):
            return k + 1, value, twin  # "2 two", "1 one": the same number said twice
        if _text(tokens, k + 1) == ")":
            return k + 2, value, tokens[k + 1]
    return j, value, last


def _with_part(tokens: list[Token], j: int, value: Fraction, last: Token) -> tuple[int, Fraction, Token]:
    """A whole number followed by a fraction: ``1 1/2``, ``one and a half``, ``three quarters``, ``one half``."""
    following = tokens[j] if j < len(tokens) else None
    if following is None:
        return j, value, last
    if following.kind == NUMBER and "/" in following.text and (following.value or 2) < 1 and last.raw[:1].isdigit():
        return j + 1, value + (following.value or 0), following
    if following.text in ("quarters", "thirds", "third") and last.raw[:1].isalpha():
        return j + 1, value * _PARTS[following.text], following
    k = j + 1 if following.text == "-" else j
    if value == 1 and last.raw[:1].isalpha() and _text(tokens, k) in ("half", "quarter"):
        return k + 1, _PARTS[tokens[k].text], tokens[k]
    if following.text in ("and", "&"):
        k = j + 1
        while _text(tokens, k) in ("a", "one", "-"):
            k += 1
        if k < len(tokens) and tokens[k].kind == NUMBER and (tokens[k].value or 1) < 1 and k <= j + 3:
            return k + 1, value + (tokens[k].value or 0), tokens[k]
    return j, value, last
