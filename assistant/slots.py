"""Facts of the patient read out of the user's own words, by listed words and patterns only.

Values are exact text (``weight_kg`` "54", ``creatinine`` "1.9 mg/dL"), lists are joined with "; ". ``conditions`` and
``without`` hold what is said to be present and absent. Nothing is inferred but two things that follow from the words: a
person under 18 is a child, and lb, stone, feet and metres become kg and cm. Word lists: ``data/slots.toml`` and
``data/circumstances.toml``; the second also says which passages speak about whom (``circumstances``).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from assistant.vocabulary import Mention, Vocabulary

_NUMBER = r"(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
_AGE = (
    re.compile(rf"\b{_NUMBER}[\s-]?(?:years?|yrs?|y)[\s-]?(?:o(?:ld)?|/o)\b"),
    re.compile(r"\b(\d{1,3})\s?(?:y|yrs?|years?)\b(?=\s?[mf]\b|\s(?:woman|man|male|female|lady|gentleman)\b)"),
    re.compile(rf"\b(?:aged?|age is|age:)\s?{_NUMBER}\b(?!\s?(?:months?|weeks?|days?|or\s))"),
    re.compile(r"(?<![\d.])\b(\d{1,3})\s?[mf]\b(?![/-]|\s(?:tall|in height|high))"),
    re.compile(
        r"\b(?:woman|man|lady|gentleman|female|male|boy|girl|patient)(?:,\s?|\s(?:of|aged)\s|\s)(\d{1,3})\b"
        r"(?=[,;.]|\s(?:with|on|who|and)\b|$)(?!\s?(?:kg|cm|mg|%))"
    ),
    re.compile(
        rf"\b(?:she|he|they|patient)(?:['’]s|\sis|\sare)\s(?:a\s)?{_NUMBER}(?=\s(?:and|with|on|years?)\b|[,.;]|$)(?!\s?(?:kg|cm|mg))"
    ),
)
_AGE_MONTHS = re.compile(r"\b(\d{1,2})[\s-]?(?:months?|weeks?|days?)[\s-]old\b")
_WEIGHT = (
    (re.compile(rf"\b{_NUMBER}\s?(?:kgs?|kilos?|kilograms?)\b(?!\s?/)"), Fraction(1)),
    (re.compile(rf"\b{_NUMBER}\s?(?:lbs?|pounds?)\b"), Fraction(45359237, 100000000)),
    (re.compile(rf"\b{_NUMBER}\s?stone\b"), Fraction(635029318, 100000000)),
    (re.compile(rf"\bweigh(?:s|t)(?:\sis|\sof|:)?\s{_NUMBER}\b(?!\s?(?:lb|pound|stone|kg|%))"), Fraction(1)),
)
_HEIGHT = (
    (re.compile(rf"\b{_NUMBER}\s?cm\b(?=[^.?!]{{0,20}}\btall\b|[\s,;.]|$)"), Fraction(1)),
    (re.compile(rf"\b{_NUMBER}\s?(?:m|metres?|meters?)\s(?:tall|in height)\b"), Fraction(100)),
)
_FEET = re.compile(r"\b(\d)\s?(?:ft|feet|foot|['′])\s?(\d{1,2})?\s?(?:in(?:ches)?|[\"″])?(?=\s|,|$)")
_SEX = (
    (
        "female",
        re.compile(
            r"\b(?:woman|female|lady|girl|she|her|mother|wife|daughter|pregnant)\b|(?<![\d.])\b\d{1,3}\s?(?:(?:y/?o|y|yrs?|years?)\s?)?f\b(?![/-])"
        ),
    ),
    (
        "male",
        re.compile(
            r"\b(?:man|male|gentleman|boy|he|his|him|father|husband|son)\b|"
            r"(?<![\d.])\b\d{1,3}\s?(?:(?:y/?o|y|yrs?|years?)\s?)?m\b(?![/-]|\s(?:tall|in height))"
        ),
    ),
)
_COUNTRIES = (
    (
        "uk",
        re.compile(
            r"\b(?:UK|U\.K\.|NHS|NICE|BNF|Britain|British|England|English practice|Scotland|Scottish|Wales|MHRA)\b"
        ),
    ),
    ("us", re.compile(r"\b(?:USA?|U\.S\.(?:A\.)?|United States|American?|FDA|North American?)\b")),
    ("eu", re.compile(r"\b(?:EU|E\.U\.|European?(?: Union)?|EMA|ESMO|ESC|EHA)\b")),
)
_NOT_A_COUNTRY = re.compile(r"\bAmerica(?:n|s)? (?:College|Society|Association|Heart)\b")
_NEGATED = re.compile(
    r"(?:\bno\b|\bnot\b|n['’]t\b|\bwithout\b|\bdenies\b|\bdenied\b|\babsence of\b|\bfree of\b|\bnever\b|\bnor\b|"
    r"\bexcluding\b|\bnon-?)"
    r"(?:[\s-]+(?!but\b|with\b|however\b|and (?:has|with)\b)[\w/-]+,?){0,4}[\s-]*$"
)
_DENIES = re.compile(r"\bno[tr]?\b|n['’]t\b|\bwithout\b|\bden(?:ies|ied)\b|absence|free of|never|excluding|\bnon-?")
_ON_DRUG = re.compile(
    r"\b(?:on|takes?|taking|taken|receiv(?:es|ing)|treated with|using|uses|started(?: on)?|established on|"
    r"prescribed|given|anticoagulated with)\s"
    r"(?:(?:long-?term|regular|daily|oral|a|an|the|high-?dose|low-?dose|some)\s)*$"
)
_LISTING = re.compile(r"^[\s,]*(?:and|plus|,|&)?\s*(?:\d[\w.\s]{0,12})?$")
_ABOUT_PATIENT = re.compile(
    r"\b(?:patients?|pt|she|he|they|her|his|woman|man|lady|gentleman|person|people|someone|year[\s-]old|y/?o|"
    r"\d{1,3}[mf]|i have|known|"
    r"history of|diagnosed|with|in|has|have|after|post)\b"
)
# A guideline's topic is a fact only of a person: "a man with heart failure", not "dose in heart failure".
_HAS = re.compile(
    r"(?:\b(?:patient|pt|she|he|woman|man|lady|gentleman|boy|girl|person|male|female)\b|"
    r"year[\s-]old|\by/?o\b|\b\d{1,3}\s?[mf]\b)[^.;:?!]{0,30}\b(?:with|has|had|known|diagnosed with)\s(?:\w+\s){0,2}$"
)


@dataclass(frozen=True, slots=True)
class Circumstance:
    id: str
    name: str
    pattern: re.Pattern[str]


def read_slots(
    text: str, vocabulary: Vocabulary | None = None, *, mentions: tuple[Mention, ...] | None = None
) -> dict[str, str]:
    """Slots in a fixed order; empty when the text says nothing about a patient. ``text`` is one user turn."""
    lowered = text.lower()
    slots: dict[str, str] = {}
    for name, value in (
        ("age_years", _first(_AGE, lowered)),
        ("weight_kg", _scaled(_WEIGHT, lowered)),
        ("height_cm", _scaled(_HEIGHT, lowered) or _feet(lowered)),
        ("sex", _sex(lowered)),
    ):
        if value:
            slots[name] = value
    slots.update(_laboratory(text, lowered))
    slots.update(_states(lowered, age=slots.get("age_years"), is_infant=bool(_AGE_MONTHS.search(lowered))))
    found = (vocabulary.find(text) if vocabulary else ()) if mentions is None else mentions
    drugs, conditions, absent = _named(text, found)
    if drugs:
        slots["drugs"] = "; ".join(drugs)
    for key, values in (("conditions", conditions), ("without", absent)):
        merged = list(dict.fromkeys([*filter(None, slots.get(key, "").split("; ")), *values]))
        if merged:
            slots[key] = "; ".join(merged)
    country = country_of(text)
    if country:
        slots["country"] = country
    return slots


def merge_slots(earlier: Mapping[str, str], newer: Mapping[str, str]) -> dict[str, str]:
    """``newer`` over ``earlier``: single facts are replaced, lists grow; what is now absent leaves ``conditions`` and
    the other way round."""
    merged = {**earlier, **newer}
    for key, other in (("conditions", "without"), ("without", "conditions")):
        gone = set(items(newer, other))
        kept = [item for item in dict.fromkeys([*items(earlier, key), *items(newer, key)]) if item not in gone]
        merged.pop(key, None)
        if kept:
            merged[key] = "; ".join(kept)
    drugs = list(dict.fromkeys([*items(earlier, "drugs"), *items(newer, "drugs")]))
    if drugs:
        merged["drugs"] = "; ".join(drugs)
    return merged


def items(slots: Mapping[str, str], key: str) -> list[str]:
    """The items of a list slot; empty when it is not set."""
    return [item.strip() for item in slots.get(key, "").split(";") if item.strip()]


def circumstances(text: str) -> dict[str, bool]:
    """Circumstance ids named in ``text``: True present, False absent; the last mention counts.

    "without neurological involvement" gives ``{"neurological-involvement": False}``."""
    return dict(_circumstances(text.lower()))


@lru_cache(maxsize=5_000)
def _circumstances(lowered: str) -> tuple[tuple[str, bool], ...]:
    """Kept, because many statements share a heading or a population."""
    found = ((entry.id, _polarity(lowered, entry)) for entry in known_circumstances())
    return tuple((key, polarity[-1]) for key, polarity in found if polarity)


def both_sides(text: str) -> frozenset[str]:
    """Circumstances that ``text`` names both as present and as absent: it speaks about both groups."""
    lowered = text.lower()
    if not _DENIES.search(lowered):
        return frozenset()
    return frozenset(entry.id for entry in known_circumstances() if len(set(_polarity(lowered, entry))) == 2)


SEVERE_KIDNEY = 30  # mL/min: below it a statement for people without kidney disease is not for this patient


def patient_circumstances(slots: Mapping[str, str]) -> dict[str, bool]:
    """What the slots say about each circumstance; silence is not an answer. A man is not pregnant, an adult no
    child."""
    state: dict[str, bool] = {}
    by_name = {entry.name: entry.id for entry in known_circumstances()}
    for key, value in (("conditions", True), ("without", False)):
        for item in items(slots, key):
            found = [by_name[item]] if item in by_name else list(circumstances(item))
            state.update(dict.fromkeys(found, value))
    for key in ("pregnancy", "breastfeeding"):
        if slots.get(key) in {"yes", "no"}:
            state[key] = slots[key] == "yes"
    if slots.get("sex") == "male":
        state.setdefault("pregnancy", False)
        state.setdefault("breastfeeding", False)
    for key in ("crcl", "egfr"):
        number = re.match(r"\d+(?:\.\d+)?", slots.get(key, ""))
        if number and Fraction(number[0]) < SEVERE_KIDNEY:
            state.setdefault("renal-impairment", True)
    age = slots.get("age_years", "")
    if re.fullmatch(r"\d+(?:\.\d+)?", age):
        state["children"] = Fraction(age) < 18
    return state


def country_of(text: str) -> str | None:
    """``uk``, ``us`` or ``eu`` when the words name one practice and only one."""
    shown = _NOT_A_COUNTRY.sub(" ", text)
    found = [code for code, pattern in _COUNTRIES if pattern.search(shown)]
    return found[0] if len(found) == 1 else None


@cache
def known_circumstances() -> tuple[Circumstance, ...]:
    table = _table("circumstances.toml")
    return tuple(
        Circumstance(key, entry["name"], re.compile("(?<![a-z])(?:" + "|".join(entry["words"]) + ")"))
        for key, entry in table.items()
    )


def _polarity(lowered: str, entry: Circumstance) -> list[bool]:
    return [not _NEGATED.search(_clause(lowered, match.start())) for match in entry.pattern.finditer(lowered)]


def _clause(lowered: str, position: int) -> str:
    """The words before ``position`` in the same clause, at most sixty characters."""
    return re.split(r"[.;:?!()]|\bbut\b|\bwith\b(?!out)", lowered[max(0, position - 60) : position])[-1]


def _states(lowered: str, *, age: str | None, is_infant: bool) -> Iterator[tuple[str, str]]:
    present: list[str] = []
    absent: list[str] = []
    for entry in known_circumstances():
        polarity = _polarity(lowered, entry)
        if not polarity or _is_asked(lowered, entry):
            continue
        if entry.id in {"pregnancy", "breastfeeding"}:
            yield entry.id, "yes" if polarity[-1] else "no"
        else:
            (present if polarity[-1] else absent).append(entry.name)
    child = is_infant or (age is not None and Fraction(age) < 18)
    if child and "children" not in present:
        present.append("children")
    if present:
        yield "conditions", "; ".join(present)
    if absent:
        yield "without", "; ".join(absent)


def _is_asked(lowered: str, entry: Circumstance) -> bool:
    """The circumstance is what is asked about ("does B12 cause neuropathy?", "is dialysis needed?"), no fact of a
    patient."""
    words = entry.pattern.pattern.removeprefix("(?<![a-z])")
    return bool(
        re.search(
            rf"(?:\b|^)(?:causes?|caused?|prevent\w*|risk of|predicts?|lead(?:s|ing)? to|suggests?|needs?|start|"
            rf"diagnos\w+|^is)\s(?:\w+\s)?{words}",
            lowered,
        )
        and not re.search(rf"\b(?:has|have|with|in|during|known|if)\s(?:\w+\s){{0,3}}{words}", lowered)
    )


def _named(text: str, mentions: tuple[Mention, ...]) -> tuple[list[str], list[str], list[str]]:
    """Drugs the patient takes, conditions present and conditions absent, by name as found in the vocabulary."""
    drugs: list[str] = []
    conditions: list[str] = []
    absent: list[str] = []
    last_drug_end = -1
    for mention in mentions:
        before = text[: mention.start].lower()
        if mention.kind in {"drug", "class"}:
            follows = last_drug_end >= 0 and _LISTING.match(text[last_drug_end : mention.start].lower())
            if (_ON_DRUG.search(before) or follows) and not circumstances(mention.text):
                drugs.append(mention.text.lower() if not mention.text.isupper() else mention.text)
                last_drug_end = mention.end
        elif mention.kind in {"condition", "procedure", "finding", "population", "topic"} and not mention.ambiguous:
            pattern = _HAS if mention.kind == "topic" else _ABOUT_PATIENT
            if circumstances(mention.text) or not pattern.search(before[-60:]):
                continue
            (absent if _NEGATED.search(_clause(before, len(before))) else conditions).append(mention.text.lower())
    return list(dict.fromkeys(drugs)), list(dict.fromkeys(conditions)), list(dict.fromkeys(absent))


def _laboratory(text: str, lowered: str) -> Iterator[tuple[str, str]]:
    taken: list[tuple[int, int]] = []
    for name, pattern in _laboratory_patterns():
        for match in pattern.finditer(lowered):
            if any(start < match.end() and match.start() < end for start, end in taken):
                continue
            number, unit = match["value"].replace(",", ""), text[match.start("unit") : match.end("unit")].strip()
            sign = (match["sign"] or "").strip()
            taken.append(match.span())
            yield name, " ".join(part for part in (sign, number, unit) if part)
            break


@cache
def laboratory_names() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Slot and pattern of its names on lower-case text, for every laboratory value."""
    return tuple(
        (name, re.compile(rf"(?<![a-z])(?:{'|'.join(entry['names'])})")) for name, entry in _table("slots.toml").items()
    )


@cache
def _laboratory_patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    patterns = []
    for name, entry in sorted(_table("slots.toml").items(), key=lambda pair: pair[0] != "active_b12"):
        units = "|".join(entry["units"]) or "(?!)"
        patterns.append(
            (
                name,
                re.compile(
                    rf"(?<![a-z])(?:{'|'.join(entry['names'])})\s?(?:\(?(?:level|value|result|count|of|is|was|at|=|"
                    rf":|now|today|came back|currently|\s)\)?\s?){{0,5}}"
                    rf"(?P<sign>[<>≥≤]=?\s?)?(?P<value>{_NUMBER[1:-1]})\s?(?:(?P<unit>{units})|(?=[\s,.;?!)]|$)(?!\s?(?:mg|mcg|micrograms?|µg|ug|g|units?|iu|ml|tablets?|injections?|doses?|days?|weeks?|months?|hours?|%|times|or\s\d|to\s\d|[x×]\s?\d)))",
                ),
            )
        )
    return tuple(patterns)


def _first(patterns: tuple[re.Pattern[str], ...], lowered: str) -> str | None:
    for pattern in patterns:
        matches = [match for match in pattern.finditer(lowered) if Fraction(match[1].replace(",", "")) <= 120]
        if matches:
            return matches[-1][1]
    return None


def _scaled(patterns: tuple[tuple[re.Pattern[str], Fraction], ...], lowered: str) -> str | None:
    for pattern, factor in patterns:
        matches = list(pattern.finditer(lowered))
        if matches:
            number = matches[-1][1].replace(",", "")  # the last one corrects the earlier ones
            return number if factor == 1 else _one_decimal(Fraction(number) * factor)
    return None


def _feet(lowered: str) -> str | None:
    match = _FEET.search(lowered)
    return _one_decimal((Fraction(match[1]) * 12 + Fraction(match[2] or 0)) * Fraction(254, 100)) if match else None


def _one_decimal(value: Fraction) -> str:
    tenths = (value * 20 + 1) // 2  # half up, exact
    return f"{tenths // 10}.{tenths % 10}" if tenths % 10 else str(tenths // 10)


def _sex(lowered: str) -> str | None:
    found = [name for name, pattern in _SEX if pattern.search(lowered)]
    return found[0] if len(found) == 1 else None


@cache
def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((Path(__file__).with_name("data") / name).read_text(encoding="utf-8"))
