"""What a client may send: bodies to arguments, each limit named in the message; pure.

The pipeline screens the question itself again; here a request is refused before it costs anything.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from assistant.errors import InputError
from assistant.records import Audience, Turn
from assistant.screening import EXAMPLE, MAX_CHARACTERS, MAX_SLOTS, MAX_TURN_CHARACTERS, MAX_TURNS, ROLES
from assistant.ui.words import JURISDICTIONS

MAX_TEXT = 50_000  # characters of a text to be checked; the body limit is in bytes
MAX_SLOT_CHARACTERS = 200
ASK_KEYS = {"question", "history", "audience", "jurisdiction", "slots"}
CHECK_KEYS = {"text", "source"}
UNREADABLE = frozenset({"bad_json", "bad_encoding"})  # the codes answered with 400; every other one with 422


@dataclass(frozen=True, slots=True)
class AskRequest:
    question: str
    history: tuple[Turn, ...] = ()
    audience: Audience = Audience.CLINICIAN
    jurisdiction: str | None = None
    slots: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CheckRequest:
    text: str
    source: str | None = None


def read_json(body: bytes) -> dict[str, Any]:
    """The object in a body. Numbers come back as the text that was sent (0.10 stays "0.10"). Raises InputError."""
    try:
        data = json.loads(body.decode("utf-8"), parse_float=str, parse_int=str, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise InputError("bad_encoding", "the body is not UTF-8") from error
    except (ValueError, RecursionError) as error:  # RecursionError: thousands of opening brackets
        raise InputError("bad_json", "the body is not JSON") from error
    if not isinstance(data, dict):
        raise InputError("bad_json", "the body is not a JSON object")
    return data


def read_ask(data: Mapping[str, Any]) -> AskRequest:
    """Body of ``POST /api/v1/ask`` to arguments of ``Assistant.ask``. Raises InputError with a stable code."""
    _known(data, ASK_KEYS)
    jurisdiction = data.get("jurisdiction")
    if jurisdiction is not None and (not isinstance(jurisdiction, str) or jurisdiction not in JURISDICTIONS):
        raise InputError(
            "bad_jurisdiction", f"jurisdiction is one of {', '.join(filter(None, JURISDICTIONS))}, or null"
        )
    audience = data.get("audience") or Audience.CLINICIAN.value
    if audience not in [known.value for known in Audience]:
        raise InputError("bad_audience", f"audience is one of {', '.join(Audience)}")
    return AskRequest(
        read_question(data.get("question")),
        read_history(data.get("history")),
        Audience(audience),
        jurisdiction or None,
        read_slots(data.get("slots")),
    )


def read_question(question: object) -> str:
    if not isinstance(question, str) or not question.strip():
        raise InputError("empty", f"write a question, {EXAMPLE}")
    if len(question) > MAX_CHARACTERS:
        raise InputError(
            "too_long",
            f"a question may have {MAX_CHARACTERS:,} characters, this one has {len(question):,}; nothing was read",
        )
    return sound(question)


def read_history(history: object) -> tuple[Turn, ...]:
    """Earlier turns, oldest first; only the roles user and assistant, so that no client can speak as the system."""
    if history is None:
        return ()
    if not isinstance(history, list):
        raise InputError("bad_history", "history is a list of {role, content}")
    if len(history) > MAX_TURNS:
        raise InputError("history_too_long", f"history may have {MAX_TURNS} turns, this one has {len(history)}")
    return tuple(_turn(turn) for turn in history)


def _turn(turn: object) -> Turn:
    if not isinstance(turn, dict) or set(turn) != {"role", "content"} or not isinstance(turn["content"], str):
        raise InputError("bad_history", "each turn of the history is {role, content}, content a text")
    if turn["role"] not in ROLES:
        raise InputError("bad_role", f"the role of a turn is {' or '.join(ROLES)}")
    if len(turn["content"]) > MAX_TURN_CHARACTERS:
        raise InputError("history_too_long", f"a turn of the history may have {MAX_TURN_CHARACTERS:,} characters")
    return Turn(turn["role"], sound(turn["content"]))


def read_slots(slots: object) -> Mapping[str, str]:
    if slots is None:
        return {}
    if not isinstance(slots, dict):
        raise InputError("bad_slots", 'slots is an object of texts, such as {"weight_kg": "70"}')
    if len(slots) > MAX_SLOTS:
        raise InputError("too_many_slots", f"at most {MAX_SLOTS} slots")
    for name, value in slots.items():
        if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", name):
            raise InputError("bad_slots", "a slot's name has small letters, digits and underscores, at most 40")
        if not isinstance(value, str) or len(value) > MAX_SLOT_CHARACTERS:
            raise InputError(
                "bad_slots", f"the value of slot {name} is a text of at most {MAX_SLOT_CHARACTERS} characters"
            )
    return {name: sound(value.strip()) for name, value in slots.items() if value.strip()}


def read_check(data: Mapping[str, Any]) -> CheckRequest:
    """Body of ``POST /api/v1/check``. Raises InputError with a stable code."""
    _known(data, CHECK_KEYS)
    text, source = data.get("text"), data.get("source")
    if not isinstance(text, str) or not text.strip():
        raise InputError("empty", "write the text to check")
    if source is not None and not isinstance(source, str):
        raise InputError("bad_source", "source is a text")
    for name, value in (("text", text), ("source", source or "")):
        if len(value) > MAX_TEXT:
            raise InputError("too_long", f"{name} may have {MAX_TEXT:,} characters, this one has {len(value):,}")
    return CheckRequest(sound(text), sound(source) if source is not None else None)


def sound(text: str) -> str:
    """The text itself; InputError when it holds half a surrogate pair, which no encoding of the answer could carry."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise InputError("bad_encoding", "the text holds a broken character (half a surrogate pair)") from error
    return text


def _known(data: Mapping[str, Any], keys: set[str]) -> None:
    # Named back only when they are short: an error message is no place for a client's text.
    unknown = sorted(key for key in set(data) - keys if len(key) <= 40)
    if set(data) - keys:
        raise InputError(
            "unknown_key", f"unknown: {', '.join(map(repr, unknown[:5])) or 'a key'}; known: {', '.join(sorted(keys))}"
        )


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
