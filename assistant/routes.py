
"""Owns how a medicine enters the body: words of route and site to a canonical name, and the name to FHIR.

The table is ``data/routes.toml``. A route is never guessed from a dose form; a verb that allows only one route
("inhale") is left to ``dosages``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from assistant.datafiles import DATA
from assistant.tokens import WORD, Token, tokenise

SNOMED_SYSTEM = "http://snomed.info/sct"


@dataclass(frozen=True, slots=True)
class Route:
    """``snomed`` and ``display`` are None where no code is certain."""

    name: str
    snomed: str | None
    display: str | None


class Place(NamedTuple):
    """A route or a site (or both) read from tokens; ``end`` is the index of the next token."""

    route: str | None
    site: str | None
    end: int
    distrust: tuple[str, ...] = ()


_Phrase = tuple[str, ...]


@lru_cache(maxsize=1)
def _tables() -> tuple[Mapping[str, Route], Mapping[str, list[tuple[_Phrase, str]]], Mapping[str, str]]:
    """Routes by name; phrases by their first word, longest first; capitals."""
    text = DATA.joinpath("routes.toml").read_text(encoding="utf-8")
    routes: dict[str, Route] = {}
    phrases: dict[str, list[tuple[_Phrase, str]]] = {}
    capitals: dict[str, str] = {}
    for name, row in tomllib.loads(text).items():
        routes[name] = Route(name, row.get("snomed"), row.get("display"))
        for words in row["words"]:
            phrase = tuple(token.text for token in tokenise(words))
            phrases.setdefault(phrase[0], []).append((phrase, name))
        for word in row.get("capitals", ()):
            capitals[word] = name
    for rows in phrases.values():
        rows.sort(key=lambda row: -len(row[0]))
    return routes, phrases, capitals


def route_named(name: str) -> Route | None:
    return _tables()[0].get(name)


def canonical_route(text: str) -> str | None:
    """The canonical name that the whole of ``text`` means ("i.m." -> "intramuscular"), or None."""
    tokens = tokenise(text)
    place = read_place(tokens, 0) if tokens else None
    return place.route if place is not None and place.end == len(tokens) else None


def route_to_fhir(name: str) -> dict[str, object]:
    """FHIR CodeableConcept of a canonical route name; a coding only where the code is certain."""
    route = route_named(name)
    concept: dict[str, object] = {"text": name}
    if route is not None and route.snomed is not None:
        concept["coding"] = [{"system": SNOMED_SYSTEM, "code": route.snomed, "display": route.display or name}]
    return concept


# --------------------------------------------------------------------------- reading

_ORGANS = {
    "eye": "ophthalmic", "eyes": "ophthalmic", "eyelid": "ophthalmic", "eyelids": "ophthalmic", "ear": "otic",
    "ears": "otic", "nostril": "intranasal", "nostrils": "intranasal",
}  # fmt: skip
_SINGULAR = {"eyes": "eye", "eyelids": "eyelid", "ears": "ear", "nostrils": "nostril"}
_SIDES = {"left", "right", "both", "each", "affected", "either", "surgical", "operated", "one", "infected", "l", "r",
          "lt", "rt", "lower", "upper", "every"}  # fmt: skip
_SIDE_NAMES = {"l": "left", "r": "right", "lt": "left", "rt": "right", "each": "both", "every": "both"}
_EYE_SHORT = {"os": "left eye", "ou": "both eyes", "le": "left eye", "re": "right eye"}
_EAR_SHORT = {"as": "left ear", "ad": "right ear", "au": "both ears"}
_SITE_LEADS = frozenset({"into", "in", "to", "on", "onto", "around", "by", "per", "via", "behind", "inside", "over"})
_ORGAN_OPENS = _SITE_LEADS | _SIDES | {"the", "your", "a", "an", "corner", "of"}
_SITES = frozenset(
    """shoulder thigh thighs arm arms abdomen buttock buttocks deltoid gluteal muscle leg legs hand hands
    foot feet face scalp neck back chest wall anterior abdominal outer upper skin knee elbow lesion lesions area areas
    nails nail vulva groin tongue mouth lips hip wrist ankle axilla trunk body vaginal rectum bladder gum gums toe toes
    finger fingers forearm forehead navel perineum penis lateral hands""".split()
)
_SITE_WORDS = frozenset(
    "the left right both each affected upper lower outer inner anterior abdominal dry clean "
    "surrounding and of hairless non - a an your muscle or skin surgical area lateral".split()
)


@lru_cache(maxsize=1)
def first_words_of_place() -> frozenset[str]:
    """The words with which an expression that ``read_place`` reads may begin."""
    _, phrases, capitals = _tables()
    return frozenset([*_ORGAN_OPENS, *phrases, *(word.lower() for word in capitals), *_EYE_SHORT, *_EAR_SHORT])


def read_place(tokens: Sequence[Token], i: int) -> Place | None:
    """The route or site that begins at token ``i``: "by mouth", "IM", "in the left eye", "into the shoulder"."""
    token = tokens[i]
    if token.kind != WORD:
        return None
    organ = _read_organ(tokens, i) if token.text in _ORGAN_OPENS else None
    if organ is not None:
        return organ
    _, phrases, capitals = _tables()
    for phrase, name in phrases.get(token.text, ()):
        end = i + len(phrase)
        if _stands(tokens, i, phrase):
            if token.text == "top" and not token.raw.isupper() and len(phrase) == 1:
                continue  # "top" is a word
            if token.text in _ADJECTIVES and len(phrase) == 1 and not _goes_with_dose(tokens, i + 1):
                continue  # "rectal bleeding", "nasal polyps"
            if phrase == ("nas",) and token.raw == "NAs":
                continue
            return Place(name, None, end + (_text(tokens, end) == "route"))
    if token.raw in capitals and _word_before_is_small(tokens, i):
        return Place(capitals[token.raw], None, i + 1)
    short = _read_short_organ(tokens, i)
    if short is not None:
        return short
    return _read_site(tokens, i)


_ADJECTIVES = frozenset("nasal vaginal rectal cutaneous aural auricular conjunctival urethral enteral topical oral "
                        "dental intranasal epidural parenteral sublingual buccal".split())  # fmt: skip
_NOT_DOSED = frozenset(
    """bleeding polyps polyp mucosa cancer cancers tumour tumor examination symptoms cavity congestion discharge
    discharges hygiene ulcer ulcers ulceration thrush candidiasis lesions involvement disease infection temperature
    feeding feeds
    nutrition contraceptive contraceptives contraception haematoma abscess swab swabs prolapse""".split()
)


def _stands(tokens: Sequence[Token], i: int, phrase: _Phrase) -> bool:
    """Whether the words of ``phrase`` stand at token ``i``, whose first word is known to."""
    if len(phrase) == 1:
        return True
    if i + len(phrase) > len(tokens) or tokens[i + 1].text != phrase[1]:
        return False
    return all(tokens[i + n].text == phrase[n] for n in range(2, len(phrase)))


def _goes_with_dose(tokens: Sequence[Token], j: int) -> bool:
    return _text(tokens, j) not in _NOT_DOSED


def _text(tokens: Sequence[Token], i: int) -> str:
    return tokens[i].text if 0 <= i < len(tokens) else ""


def _word_before_is_small(tokens: Sequence[Token], i: int) -> bool:
    """Capitals say nothing in a text that is all capitals."""
    words = [token for token in tokens[max(0, i - 3) : i + 4] if token.kind == WORD and len(token.raw) > 2]
    return any(not token.raw.isupper() for token in words) or (i > 0 and tokens[i - 1].text in ("mg", "ml", "g", "mcg"))


def _read_organ(tokens: Sequence[Token], i: int) -> Place | None:
    """ "in the left eye", "into both ears", "each nostril", "left eye", "by each nostril route", "both eyes"."""
    j = i
    if _text(tokens, j) in _SITE_LEADS:
        j += 1
    while j < i + 6 and _text(tokens, j) in ("the", "your", "a", "an", "corner", "of"):
        j += 1
    sides: list[str] = []
    while j < i + 12 and _text(tokens, j) in _SIDES:
        sides.append(_SIDE_NAMES.get(tokens[j].text, tokens[j].text))
        j += 1
        if _text(tokens, j) in ("or", "and", "/") and _text(tokens, j + 1) in _SIDES:
            j += 1
    if _text(tokens, j) == "of" and _text(tokens, j + 1) == "the":
        j += 2
    organ = _text(tokens, j)
    if organ not in _ORGANS:
        return None
    if j == i:
        return None  # "eye drops" is a form, not a site
    if _text(tokens, j + 1) in ("drop", "drops", "ointment", "gel", "cream"):
        return None
    plural = "both" in sides or (organ.endswith("s") and not sides)
    name = _SINGULAR.get(organ, organ)
    site = " ".join([*dict.fromkeys(sides), name + ("s" if plural else "")])
    if _text(tokens, j + 1) == "(" and _text(tokens, j + 2) == "s" and _text(tokens, j + 3) == ")":
        j += 3
    j += 1
    if _text(tokens, j) == "route":
        j += 1
    return Place(_ORGANS[organ], site, j)


def _read_short_organ(tokens: Sequence[Token], i: int) -> Place | None:
    """OS, OU, AS, AD, AU in capitals beside a drop: read, and flagged, since each has been taken for another word."""
    token = tokens[i]
    if token.text not in _EYE_SHORT and token.text not in _EAR_SHORT:
        return None
    near = {item.text for item in tokens[max(0, i - 8) : i + 4]}
    if token.raw.isupper() or ("." in token.raw):
        for table, route in ((_EYE_SHORT, "ophthalmic"), (_EAR_SHORT, "otic")):
            if token.text in table and near & {"drop", "drops", "gtt", "gtts", "eye", "ear", "instill", "instil"}:
                return Place(route, table[token.text], i + 1, (f"'{token.raw}' is easily misread",))
    return None


def _read_site(tokens: Sequence[Token], i: int) -> Place | None:
    """ "into the shoulder", "to the affected area of the arm": a site named without a route."""
    if tokens[i].text not in ("into", "to", "on", "onto", "in", "over", "around"):
        return None
    j = i + 1
    while _text(tokens, j) in _SITE_WORDS and j < i + 8:
        j += 1
    last = j
    while _text(tokens, last) in _SITES and last < i + 10:
        last += 1
    if last == j and _text(tokens, j - 1) in ("area", "skin", "muscle"):
        last = j
    elif last == j:
        return None
    words = [token.text for token in tokens[i + 1 : last]]
    while words and words[0] in ("the", "a", "an", "your"):
        words.pop(0)
    return Place(None, " ".join(words), last) if words else None
