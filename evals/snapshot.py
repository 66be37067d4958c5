"""What the corpus of a run held, item by item, so that two runs can say what lies between them.

A snapshot is plain JSON beside the logs of a run. It keeps the words themselves, not only digests: a comparison then says
"synonym 'vit b12' dropped", not "file changed".
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NAME = "corpus.json"
Snapshot = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Change:
    """One item that differs: ``kind`` is passages, rules, terms, references or must_mention; ``what`` added, removed, changed."""

    kind: str
    id: str
    what: str
    detail: str = ""
    words: tuple[str, ...] = ()  # names that came or went: a question with one of them may be touched

    def __str__(self) -> str:
        return f"{self.kind[:-1] if self.kind.endswith('s') else self.kind} {self.id} {self.what}" + (
            f": {self.detail}" if self.detail else ""
        )


def snapshot(corpus: Any) -> dict[str, dict[str, Any]]:
    """Items by kind and id; every value is JSON."""
    return {
        "passages": {
            p.id: {"text": p.text, "plain": p.plain, "citations": list(p.citations), "tags": list(p.tags)}
            for p in corpus.passages.values()
        },
        "rules": {
            r.id: {"kind": r.kind, **r.slots, "passage": r.passage, "population": r.population}
            for r in corpus.rules.values()
        },
        "terms": {
            t.id: {
                "kind": t.kind,
                "classes": list(t.classes),
                "forms": sorted({t.name, *t.synonyms, *t.brands, *t.ambiguous}),
            }
            for t in corpus.terms
        },
        "references": {
            r.id: {"title": r.title, "retracted": r.retracted, "superseded_by": r.superseded_by}
            for r in corpus.references.values()
        },
        "must_mention": {
            f"{item.topic}: {item.item}": {"kind": item.kind, "passages": list(item.passages)}
            for item in corpus.must_mention
        },
    }


def write(folder: Path, corpus: Any) -> None:
    (folder / NAME).write_text(json.dumps(snapshot(corpus), ensure_ascii=False), encoding="utf-8")


def read(folder: Path) -> Snapshot:
    """Empty when the run is older than snapshots."""
    path = folder / NAME
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def changes(before: Snapshot, after: Snapshot) -> list[Change]:
    """What came, went or changed, by kind and id; nothing where one of the two runs has no snapshot."""
    if not before or not after:
        return []
    return [
        change
        for kind in before
        for id in sorted({*before[kind], *after.get(kind, {})})
        if (change := _change(kind, id, before[kind].get(id), after.get(kind, {}).get(id))) is not None
    ]


def _change(kind: str, id: str, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> Change | None:
    if old == new:
        return None
    words = tuple(sorted({*(old or {}).get("forms", ())} ^ {*(new or {}).get("forms", ())}))
    if old is None or new is None:
        return Change(kind, id, "added" if old is None else "removed", words=words)
    return Change(kind, id, "changed", "; ".join(_details(old, new)), words)


def _details(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for key in dict.fromkeys((*old, *new)):
        a, b = old.get(key), new.get(key)
        if a == b:
            continue
        if isinstance(a, list) and isinstance(b, list):
            gone, come = sorted({*a} - {*b}), sorted({*b} - {*a})
            yield ", ".join([*(f"{key} lost {x!r}" for x in gone), *(f"{key} gained {x!r}" for x in come)]) or key
        else:
            yield f"{key} {_short(a)} → {_short(b)}"


def _short(value: Any) -> str:
    text = "nothing" if value is None else repr(value)
    return text if len(text) <= 90 else text[:87] + "...'"
