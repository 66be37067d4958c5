"""JSON Schemas of the corpus files, for completion and red lines in an editor while a topic is written.

Pure. They are made from the tables the readers themselves use (``rules.KINDS``, ``vocabulary.KEYS`` ...), so that an
editor never accepts a key which ``assistant corpus check`` refuses. What a schema cannot say (ids that resolve, quotes
that stand in their passage) is left to the check. JSON Schema draft 2020-12; Taplo uses it for TOML files too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from assistant.must_mention import KEYS as MUST_MENTION_KEYS
from assistant.must_mention import KINDS as MUST_MENTION_KINDS
from assistant.passages import JURISDICTIONS, LICENCES, REQUIRED_DATES, REQUIRED_TEXT
from assistant.records import ReviewStatus
from assistant.references import DEPTHS, OURS, STANDARD
from assistant.rules import BLOCKING, COMMON, Slots
from assistant.rules import KINDS as RULE_KINDS
from assistant.vocabulary import KEYS as TERM_KEYS
from assistant.vocabulary import KINDS as TERM_KINDS
from assistant.vocabulary import LISTS as TERM_LISTS

DRAFT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]

_TEXT: Schema = {"type": "string", "minLength": 1}
_TEXTS: Schema = {"type": "array", "items": _TEXT, "uniqueItems": True}
_TABLE_ID = "^[A-Za-z0-9_-]+$"
_PATTERN_HELP = "groups joined by &, each of alternatives joined by |; a star at a word's end stands for any ending"


def corpus_schemas() -> Mapping[str, Schema]:
    """Each schema by its file name, in a fixed order."""
    return {
        "front-matter.schema.json": _front_matter(),
        "must-mention.schema.json": _must_mention(),
        "references.schema.json": _references(),
        "retractions.schema.json": _retractions(),
        "rules.schema.json": _rules(),
        "vocabulary.schema.json": _vocabulary(),
    }


def _choice(values: Iterable[str]) -> Schema:
    return {"enum": sorted(values)}


def _object(properties: Mapping[str, Schema], required: Iterable[str]) -> Schema:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": sorted(required),
        "additionalProperties": False,
    }


def _front_matter() -> Schema:
    properties: dict[str, Schema] = {name: _TEXT for name in REQUIRED_TEXT}
    properties |= {name: {"type": "string", "format": "date"} for name in REQUIRED_DATES}
    properties |= {
        "jurisdiction": _choice(JURISDICTIONS),
        "licence": _choice(LICENCES),
        "status": _choice(status.value for status in ReviewStatus),
        "source": _TEXT,
        "topics": {**_TEXTS, "minItems": 1, "description": "ids of the vocabulary"},
    }
    required = {*REQUIRED_TEXT, *REQUIRED_DATES, "topics"}
    return {"$schema": DRAFT, "title": "Front matter of a guideline", **_object(properties, required)}


def _must_mention() -> Schema:
    properties: dict[str, Schema] = {
        "topic": {**_TEXT, "description": "a term of kind topic"},
        "item": {**_TEXT, "description": "what the answer must say, in a few words"},
        "kind": _choice(MUST_MENTION_KINDS),
        "passages": {**_TEXTS, "minItems": 1},
        "question_kinds": _TEXTS,
    }
    assert set(properties) == MUST_MENTION_KEYS, "a key was added to the reader and not to the schema"
    item = _object(properties, MUST_MENTION_KEYS - {"question_kinds"})
    lists = {"item": {"type": "array", "items": item}}
    return {"$schema": DRAFT, "title": "What an answer may not leave out", **_object(lists, ())}


def _references() -> Schema:
    properties: dict[str, Schema] = {name: {} for name in STANDARD.split()}
    properties |= {
        "id": _TEXT,
        "type": _TEXT,
        "title": _TEXT,
        "DOI": {"type": "string", "pattern": r"^10\.\d{4,9}/\S+$"},
        "PMID": {"type": ["string", "integer"], "pattern": r"^\d+$"},
        "URL": {"type": "string", "format": "uri"},
    }
    ours: dict[str, Schema] = {name: _TEXT for name in OURS.split()}
    ours |= {
        "depth": {**_choice(DEPTHS), "description": "how the work was read"},
        "jurisdiction": _choice(JURISDICTIONS),
        "retracted": {"type": "boolean"},
        "ids_seen": {"type": "boolean"},
        "superseded_by": {**_TEXT, "description": "id of the newer work, or the newer edition in words"},
    }
    needed = ("study_type", "depth", "licence", "jurisdiction", "note")
    properties["custom"] = _object(ours, needed)
    item = _object(properties, ("id", "type", "title", "custom"))
    item["anyOf"] = [{"required": [name]} for name in ("DOI", "PMID", "URL")]
    return {"$schema": DRAFT, "title": "Cited works (CSL-JSON)", "type": "array", "items": item}


def _retractions() -> Schema:
    day: Schema = {"type": "string", "format": "date"}
    work = {"id": _TEXT, "nature": _TEXT, "date": day, "notice": _TEXT}
    properties: dict[str, Schema] = {
        "as_of": day,
        "register": _TEXT,
        "compared": {"type": "integer", "minimum": 0},
        "work": {"type": "array", "items": _object(work, ("id", "nature", "notice"))},
    }
    return {
        "$schema": DRAFT,
        "title": "Retracted works",
        **_object(properties, ("as_of", "register", "compared")),
    }


def _rules() -> Schema:
    kinds = [_rule_of_kind(kind, slots) for kind, slots in RULE_KINDS.items()]
    return {
        "$schema": DRAFT,
        "title": "Rules: doses, thresholds, effect sizes, statements that must not be made",
        "type": "object",
        "propertyNames": {"pattern": "^[a-z0-9][a-z0-9-]*$"},
        "additionalProperties": {
            "type": "object",
            "required": ["kind"],
            "properties": {"kind": {"enum": list(RULE_KINDS)}},
            "allOf": kinds,
        },
    }


def _rule_of_kind(kind: str, slots: Slots) -> Schema:
    """``if kind then slots``: an editor that knows the kind offers the slots of that kind only."""
    examples: Schema = {**_TEXTS, "minItems": 2}
    properties: dict[str, Schema] = {name: _TEXT for name in sorted(COMMON | slots.known)}
    properties |= {
        "kind": {"const": kind},
        "jurisdiction": _choice(JURISDICTIONS),
        "accept": {**examples, "description": "sentences the checker must verify"},
        "reject": {**examples, "description": "sentences the checker must not verify"},
        "references": _TEXTS,
    }
    if kind in BLOCKING:
        properties |= {name: {**_TEXT, "description": _PATTERN_HELP} for name in ("pattern", "unless")}
    rule = _object(properties, {"kind", "passage", "quote", "accept", "reject", *slots.required})
    if slots.one_of:
        rule["allOf"] = [{"anyOf": [{"required": [name]} for name in sorted(group)]} for group in slots.one_of]
    return {"if": {"properties": {"kind": {"const": kind}}}, "then": rule}


def _vocabulary() -> Schema:
    properties: dict[str, Schema] = {name: _TEXT for name in sorted(TERM_KEYS)}
    properties |= {name: _TEXTS for name in TERM_LISTS}
    properties |= {"kind": _choice(TERM_KINDS), "codes": {"type": "object", "additionalProperties": _TEXT}}
    return {
        "$schema": DRAFT,
        "title": "Vocabulary: names of drugs, analytes, conditions ...",
        "type": "object",
        "propertyNames": {"pattern": _TABLE_ID},
        "additionalProperties": _object(properties, ("kind", "name")),
    }
