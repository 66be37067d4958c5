"""The door: what a question must pass before anything clinical reads it.

Refuses what cannot be processed (InputError with a stable code), cleans hidden characters, masks identifiers, sees an
emergency, another language, a request to change the corpus, and instructions addressed to the assistant. Everything
else about the words is left to ``understanding``. Pure; a question is data and never changes how the assistant works.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from assistant.errors import InputError
from assistant.masking import mask_identifiers
from assistant.records import Question
from assistant.urgency import Signpost, find_urgency

MAX_CHARACTERS = 2000
MAX_TURNS = 16  # eight questions with their answers
MAX_TURN_CHARACTERS = 16000  # an earlier answer of ours may be long; a hostile history may not be endless
MAX_SLOTS = 40
ROLES = ("user", "assistant")
EXAMPLE = "for example: What is the hydroxocobalamin dose with neurological involvement?"

_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
# Zero-width, bidi and tag characters: invisible, and able to make a number read as another one.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]"
)
_MOJIBAKE = (("Â°", "°"), ("Âµ", "µ"), ("â‰¥", "≥"), ("â‰¤", "≤"), ("â€“", "–"), ("â€™", "’"), ("Î¼", "μ"), ("Â ", " "))

_STATUS = re.compile(
    r"^\W*(?:(?:please|kindly|now|can you|could you|would you|i (?:want|need|would like) you to|you (?:must|"
    r"should|have to)|go ahead and|ok(?:ay)?|hey|hi|hello)[\s,]+)*"
    r"(?:(?:approve|un-?approve|publish|retract|delete|remove|edit|overwrite|rewrite|withdraw|sign off)\b[^.?!]{0,60}"
    r"\b(?:guidelines?|guidance|articles?|corpus|sources?|references?|citations?|rules?|review|passages?|index|documents?)\b"
    r"|(?:set|change|switch|move|mark|update|reset|put|make|alter)\b[^.?!]{0,60}"
    r"\b(?:review\s?status|status\b|settings?|approved|under review|submitted|corpus|sources?|references?|rules?|"
    r"guidelines? (?:to|as)|system prompt|checker|temperature)\b"
    r"|(?:add|insert|upload|import|index)\b[^.?!]{0,60}\b(?:to (?:the|your) (?:corpus|sources?|references?|"
    r"guidelines?|index|rules?)|as a (?:source|reference|guideline))"
    r"|(?:turn|switch) off\b[^.?!]{0,40}\b(?:check(?:er|ing|s)?|verification|citations?|disclaimer)\b"
    r"|(?:disable|bypass|skip)\b[^.?!]{0,40}\b(?:check(?:er|ing|s)?|verification|disclaimer|banner)\b)",
    re.IGNORECASE,
)
_OBJECT = (
    r"(?:\s(?:all|any|every|the|your|our|my|these|those|previous|prior|earlier|above|of|system|safety))*"
    r"\s(?:instructions?|rules?|guidelines?|prompts?|sources?|guardrails|limits|restrictions|corpus|directions)"
)
_INSTRUCTIONS = (
    re.compile(
        rf"(?:please\s)?\b(?:ignore|disregard|forget|override|bypass|drop|violate)\b{_OBJECT}(?:\s(?:above|before|"
        rf"so far))?"
        r"(?:[\s,;:.]*(?:and|then|instead|just|now)?[\s,]*(?:just\s)?(?:say|answer|reply|print|output|write|tell "
        r"me|state|respond|repeat|reveal|show)\b[^.?!\n]*)?",
        re.IGNORECASE,
    ),
    re.compile(r"\b(?:you are|you're) (?:now|no longer)\b[^.?!\n]*", re.IGNORECASE),
    re.compile(r"\b(?:pretend|act as if|roleplay|role-play)\b(?: that| to be| you)?[^.?!\n]*", re.IGNORECASE),
    re.compile(
        r"\b(?:reveal|print|show|repeat|leak|output)\b[^.?!\n]{0,30}\b(?:system prompt|your (?:prompt|"
        r"instructions|rules))\b[^.?!\n]*",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:answer|reply|respond) (?:only )?(?:with|in) (?:just |exactly |only )?(?:the words? |[\"'“])[^.?!\n]*",
        re.IGNORECASE,
    ),
    re.compile(r"(?:^|\n)\s*(?:system|assistant|developer)\s*:[^\n]*", re.IGNORECASE),
    re.compile(
        r"</?(?:system|assistant|instructions?|evidence|user|prompt)\b[^>\n]{0,80}>|\[/?(?:INST|SYS)\]|<\|[^|\n]{0,40}\|>",
        re.IGNORECASE,
    ),
    re.compile(
        r"\bdo not (?:cite|check|verify)\b[^.?!\n]*|\bwithout (?:citing|checking|verification)\b", re.IGNORECASE
    ),
)


@dataclass(frozen=True, slots=True)
class Screened:
    """A question that may be processed. ``question.text`` is cleaned and masked; ``asked`` is the same with
    instructions to the assistant taken out: search and reading use ``asked``. ``signpost`` and ``refusal`` end the
    matter early;
    ``refusal`` is (code, message for people)."""

    question: Question
    asked: str
    notices: tuple[str, ...] = ()
    signpost: Signpost | None = None
    refusal: tuple[str, str] | None = None


def screen(question: Question) -> Screened:
    """Clean, mask and sort ``question``. Raises InputError: ``empty``, ``too_long``, ``history_too_long``,
    ``bad_role``,
    ``too_many_slots``; nothing of a refused question is processed."""
    _refuse_unprocessable(question)
    text = clean(question.text)
    if not re.search(r"\w", text):
        raise InputError("empty", f"The question is empty. Ask one in a sentence, {EXAMPLE}")
    masked = mask_identifiers(text)
    earlier = [mask_identifiers(clean(turn.content)) for turn in question.history]
    slots = {clean(name): mask_identifiers(clean(value)).text for name, value in question.slots.items()}
    safe = replace(
        question,
        text=masked.text,
        history=tuple(replace(turn, content=mask.text) for turn, mask in zip(question.history, earlier, strict=True)),
        slots=slots,
    )
    notices = []
    found = tuple(dict.fromkeys([*masked.found, *(kind for mask in earlier for kind in mask.found)]))
    if found:
        notices.append(
            "What looks like an identifier of a patient was removed before anything was searched "
            f"({', '.join(found)}). Please leave identifiers out."
        )
    signpost = find_urgency(masked.text, jurisdiction=question.jurisdiction)
    if signpost:
        return Screened(safe, masked.text, tuple(notices), signpost=signpost)
    refusal = _refusal(masked.text)
    if refusal:
        return Screened(safe, masked.text, tuple(notices), refusal=refusal)
    asked = without_instructions(masked.text)
    if asked != masked.text:
        notices.append(
            "Instructions to the assistant in the question were read as words only: they change no source, no "
            "rule and no number."
        )
    return Screened(safe, asked, tuple(notices))


def _refuse_unprocessable(question: Question) -> None:
    if len(question.text) > MAX_CHARACTERS:
        raise InputError(
            "too_long",
            f"The question has {len(question.text):,} characters; the limit is {MAX_CHARACTERS:,}. Nothing was "
            f"processed.",
        )
    if len(question.history) > MAX_TURNS:
        raise InputError(
            "history_too_long",
            f"The conversation has {len(question.history)} earlier turns; the limit is {MAX_TURNS}. Send the "
            f"latest ones.",
        )
    for turn in question.history:
        if turn.role not in ROLES:
            raise InputError("bad_role", f"A turn's role is user or assistant, not {clean(turn.role)[:20]!r}.")
        limit = MAX_CHARACTERS if turn.role == "user" else MAX_TURN_CHARACTERS
        if len(turn.content) > limit:
            raise InputError(
                "too_long", f"An earlier turn has {len(turn.content):,} characters; the limit is {limit:,}."
            )
    if len(question.slots) > MAX_SLOTS or any(len(name) + len(value) > 300 for name, value in question.slots.items()):
        raise InputError("too_many_slots", f"At most {MAX_SLOTS} facts of a patient, each shorter than 300 characters.")


def clean(text: str) -> str:
    """``text`` without terminal codes, control and invisible characters, lone surrogates and common broken encodings;
    white space folded to single spaces, line breaks kept."""
    text = _ESCAPES.sub("", text)
    for broken, right in _MOJIBAKE:
        text = text.replace(broken, right)
    text = _INVISIBLE.sub("", text)
    text = "".join(
        character if character in "\n\t" or unicodedata.category(character) not in {"Cc", "Cs", "Co", "Cn"} else " "
        for character in text.replace("\r\n", "\n").replace("\r", "\n")
    ).replace("\ufffd", " ")
    return re.sub(r"[^\S\n]+", " ", re.sub(r"\n\s*\n+", "\n", text)).strip()


def _refusal(text: str) -> tuple[str, str] | None:
    language = foreign_language(text)
    if language:
        return (
            "language",
            f"The corpus and this assistant are in English; the question looks {language}. Please ask in English.",
        )
    if _STATUS.search(text):
        return (
            "not_here",
            "The chat cannot change the review status, settings, rules or sources. A reviewer sets the status "
            "on the review pages (/review) or with `assistant review`; text, sources and rules are changed in the files under corpus/.",
        )
    return None


def without_instructions(text: str) -> str:
    """``text`` without sentences that tell the assistant how to behave; the text itself when nothing else is left."""
    left = text
    for pattern in _INSTRUCTIONS:
        left = pattern.sub(" ", left)
    left = re.sub(r"\s+", " ", left).strip(" ,;:.-")
    return left if re.search(r"[^\W\d_]{3,}", left) else text


def foreign_language(text: str) -> str | None:
    """``in another script``, ``like Spanish`` ..., or None for English and for bare terms ("apixaban CrCl 25")."""
    letters = [character for character in text if character.isalpha()]
    foreign = sum(1 for character in letters if not _is_latin_or_greek(character))
    if letters and foreign / len(letters) > 0.2:
        return "as if it were written in another script"
    words = set(re.findall(r"[^\W\d_]+", unicodedata.normalize("NFC", text).lower()))
    lists = _lists()
    english = len(words & frozenset(lists["english"]["words"]))
    counts = {name: len(words & frozenset(listed)) for name, listed in lists["languages"].items()}
    best = max(counts, key=lambda name: counts[name])
    return f"like {best}" if counts[best] >= 2 and counts[best] > english else None


def _is_latin_or_greek(character: str) -> bool:
    name = unicodedata.name(character, "")
    return name.startswith(
        ("LATIN", "GREEK", "MICRO", "FULLWIDTH LATIN", "FEMININE", "MASCULINE", "SUPERSCRIPT", "MODIFIER")
    )


@cache
def _lists() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).with_name("data") / "screening.toml").read_text(encoding="utf-8"))
