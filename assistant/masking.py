"""Identifiers of a patient, taken out of a text before anything else reads, stores or sends it.

Errs on the side of masking. A masked span becomes a word in square brackets (``[name removed]``), so that a reader sees
what happened; clinical numbers must survive ("B12 1500 ng/L" looks like a British postcode to a careless pattern).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NAME = r"[A-Z][a-zà-öø-ÿ]+(?:['’-][A-Z]?[a-zà-öø-ÿ]+)?"
# Words that follow "patient" with a capital letter in headlines and hurried notes, and are no names.
_NO_NAMES = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "aged",
        "been",
        "being",
        "but",
        "by",
        "can",
        "could",
        "did",
        "do",
        "does",
        "for",
        "from",
        "given",
        "had",
        "has",
        "have",
        "he",
        "her",
        "his",
        "how",
        "if",
        "in",
        "is",
        "it",
        "known",
        "may",
        "must",
        "needs",
        "no",
        "not",
        "of",
        "on",
        "or",
        "over",
        "presented",
        "presents",
        "receiving",
        "she",
        "should",
        "taking",
        "the",
        "then",
        "they",
        "to",
        "under",
        "was",
        "were",
        "what",
        "when",
        "where",
        "which",
        "who",
        "why",
        "will",
        "with",
        "without",
        "would",
        "younger",
        "older",
        "after",
        "before",
        "during",
        "female",
        "male",
    ]
)
_POST_AREAS = _words(
    "AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX "
    "FK FY G GL GU HA HD HG HP HR HS HU HX IG IP IV KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN "
    "NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR "
    "TS TW UB W WA WC WD WF WN WR WS WV YO ZE"
)
_STREETS = r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Close|Drive|Crescent|Terrace|Gardens|Court|Boulevard|Blvd)"

_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("e-mail address", re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")),
    ("social security number", re.compile(r"(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])")),
    (
        "record number",
        re.compile(
            r"\b(?:MRN|CHI|NHS|hospital|patient|record|unit|case|insurance|medicare|medicaid)\s?"
            r"(?:(?:no|num|number|id|identifier)\b\.?|#)?\s?(?:is\s|[:#=-]\s?)?((?=[A-Z0-9/-]*\d{4})[A-Z0-9][A-Z0-9/-]{4,19})\b",
            re.IGNORECASE,
        ),
    ),
    (
        "date of birth",
        re.compile(
            r"\b(?:d\.?\s?o\.?\s?b\.?|date of birth|born(?: on)?|birthday)\s?(?:is\s|[:=-]\s?)?"
            r"(\d{1,4}[/.\s-](?:\d{1,2}|[A-Za-z]{3,9})[/.\s-]\d{1,4}|[A-Za-z]{3,9}\s\d{1,2}(?:st|nd|rd|th)?,?\s\d{4}|"
            r"\d{1,2}(?:st|nd|rd|th)?\s(?:of\s)?[A-Za-z]{3,9},?\s\d{2,4})",
            re.IGNORECASE,
        ),
    ),
    # A full date in the last century stands in a note for one thing only.
    ("date of birth", re.compile(r"(?<!\d)(?:\d{1,2}[/.-]\d{1,2}[/.-]19\d{2}|19\d{2}-\d{1,2}-\d{1,2})(?!\d)")),
    ("address", re.compile(rf"\b\d{{1,4}}[A-Za-z]?,?\s(?:{_NAME}\s){{1,3}}{_STREETS}\b\.?")),
    (
        "postcode",
        re.compile(r"\b(" + "|".join(sorted(_POST_AREAS)) + r")(\d[A-Z\d]?)\s?\d[ABD-HJLNP-UW-Z]{2}\b(?!\s?[/%])"),
    ),
    (
        "phone number",
        re.compile(r"(?<![\d.])(?:\+\d{1,3}[\s.-]?(?:\(0\))?|\(?0)\d{2,5}\)?[\s.-]?\d{3,4}[\s.-]?\d{3,4}(?![\d.])"),
    ),
    ("phone number", re.compile(r"(?<![\d.])(?:\(\d{3}\)\s?|\d{3}[.-])\d{3}[.-]\d{4}(?![\d.])")),
    ("name", re.compile(rf"\b(?:[Mm]r|[Mm]rs|[Mm]s|[Mm]iss|[Mm]aster|MR|MRS|MS)\b\.?\s({_NAME}(?:\s{_NAME}){{0,2}})")),
    (
        "name",
        re.compile(
            rf"\b(?:[Nn]ame(?:\sis|\s?:)|[Cc]alled|[Nn]amed|[Ii]\sam|[Ii]['’]m|[Pp]t\.?\s?:|[Pp]atient\s?:)\s({_NAME}(?:\s{_NAME}){{0,2}})"
        ),
    ),
    ("name", re.compile(rf"\b(?:[Pp]atient|[Pp]t)\s({_NAME}\s{_NAME}(?:\s{_NAME})?)")),
)
_TEN_DIGITS = re.compile(r"(?<![\d.])\d{3}[\s-]?\d{3}[\s-]?\d{4}(?![\d.])")


@dataclass(frozen=True, slots=True)
class Masked:
    """``found`` names the kinds of identifier that were taken out, each once, in order of first appearance."""

    text: str
    found: tuple[str, ...]


def mask_identifiers(text: str) -> Masked:
    """``text`` without names, dates of birth, record and NHS numbers, contacts and addresses of a patient."""
    spans: list[tuple[int, int, str]] = []
    for start, end, kind in sorted(_identifiers(text), key=lambda span: (span[0], -span[1])):
        if not spans or start >= spans[-1][1]:
            spans.append((start, end, kind))
    parts, position = [], 0
    for start, end, kind in spans:
        parts += [text[position:start], f"[{kind} removed]"]
        position = end
    return Masked("".join([*parts, text[position:]]), tuple(dict.fromkeys(kind for _, _, kind in spans)))


def _identifiers(text: str) -> Iterator[tuple[int, int, str]]:
    for match in _TEN_DIGITS.finditer(text):
        if is_nhs_number(match.group()):
            yield match.start(), match.end(), "NHS number"
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            group = 1 if match.re.groups == 1 else 0
            if kind == "name" and _is_no_name(match.group(group)):
                continue
            if kind == "postcode" and match.group(1) == "B" and not _near_address(text, match.start()):
                continue  # "VITAMIN B12 5NG": B12 is a vitamin before it is a part of Birmingham
            yield match.start(group), match.end(group), kind


def _is_no_name(words: str) -> bool:
    return any(word.lower() in _NO_NAMES for word in words.split())


def _near_address(text: str, position: int) -> bool:
    return (
        re.search(r"\b(?:postcode|address|lives?\s(?:at|in))\b[^.]{0,60}$", text[:position], re.IGNORECASE) is not None
    )


def is_nhs_number(text: str) -> bool:
    """Ten digits whose last is the modulus 11 check digit of the first nine (NHS Data Dictionary, NHS NUMBER)."""
    digits = [int(character) for character in text if character.isdigit()]
    if len(digits) != 10:
        return False
    remainder = sum(digit * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
    return (11 - remainder) % 11 == digits[9]
