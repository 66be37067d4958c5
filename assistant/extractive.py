"""The offline writer ``extractive/1``: an answer composed from statements of the guidance, word for word.

It answers the asked thing first, adds what must be mentioned, and leaves out what does not apply to the patient, what
repeats, and what goes beyond the limits in ``data/writer.toml``. It writes no words of its own, so that every
statement is a passage; whether it may be shown is still the checker's decision. Deterministic: equal scores keep the
order of ids.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from assistant.asked import (
    Asked,
    asks_for_plan,
    meets_circumstance,
    names_drug,
    read_asked,
    speaks_of_dose,
    tells,
)
from assistant.directness import choose_bottom_line
from assistant.knowledge import Knowledge, know, writer_table
from assistant.mentions import missing_mentions
from assistant.prompts import WriteRequest
from assistant.records import Audience, Corpus, Draft, DraftStatement, Passage, Section
from assistant.relevance import Scored, applies, gives_dose, score_passages

PLAIN_AUDIENCES = (Audience.PATIENT, Audience.STUDENT)
LEAST_OF_BEST = 0.45  # of the best statement's score: below it a statement is only worth showing when it must be
ORDER = tuple(section for section in Section if section is not Section.NOT_COVERED)
_NUMBERS = re.compile(r"\d+(?:[.,]\d+)*")


class ExtractiveWriter:
    """A ``Writer`` over one corpus; needs no model and no network."""

    name = "extractive/1"

    def __init__(self, corpus: Corpus) -> None:
        self._known = know(corpus)

    def write(self, request: WriteRequest) -> Draft:
        """A draft whose statements are passages; empty when nothing found applies. Raises nothing."""
        return Draft(tuple(compose(request, self._known)), self.name)


def compose(request: WriteRequest, known: Knowledge) -> list[DraftStatement]:
    """Statements in the order of the sections of an answer, within a section as in the guideline."""
    if not request.passages:
        return []
    asked = read_asked(request, known)
    scored = score_passages(asked, known)
    if asked.kind == "dose" and _is_for_others_only(scored, asked, known):
        return []
    chosen: dict[str, tuple[Section, Passage]] = {}
    for entry in choose_bottom_line(scored, asked, known, limit=writer_table()[asked.kind]["limits"]["bottom_line"]):
        chosen[entry.passage.id] = (Section.BOTTOM_LINE, entry.passage)
    for passage in missing_mentions(chosen, scored, asked, known):
        if not _repeats(passage, [p for _, p in chosen.values()], known, least=0.8):
            chosen[passage.id] = (passage.section, passage)
    for entry in _fill(chosen, scored, asked, known):
        chosen[entry.passage.id] = (entry.passage.section, entry.passage)
    ordered = sorted(chosen.values(), key=lambda pair: (ORDER.index(pair[0]), _place(pair, list(chosen), known)))
    return [DraftStatement(section, wording(passage, request.audience), (passage.id,)) for section, passage in ordered]


def _is_for_others_only(scored: list[Scored], asked: Asked, known: Knowledge) -> bool:
    """Doses of what is asked for there are, but all for other people than this patient (or for another country)."""
    if any(gives_dose(entry, known) for entry in scored):
        return False
    kept = {entry.passage.id for entry in scored}
    return any(
        known.features[passage.id].is_regimen and passage.id not in kept and not applies(passage, asked, known)
        for passage in asked.request.passages
    )


def _fill(
    chosen: Mapping[str, tuple[Section, Passage]], scored: list[Scored], asked: Asked, known: Knowledge
) -> list[Scored]:
    """What else is worth saying, up to the length of the kind: the best of each section first, then by score."""
    table = writer_table()[asked.kind]
    limits: Mapping[str, int] = table["limits"]
    taken = [passage for _, passage in chosen.values()]
    queues: list[tuple[int, float, Scored]] = []
    for section in ORDER[1:]:
        already = sum(1 for place, _ in chosen.values() if place is section)
        entries = [entry for entry in _of_section(scored, section, asked, known) if entry.passage.id not in chosen]
        for place, entry in enumerate(entries[: max(0, limits[section.value] - already) + 4]):
            told = 0.3 * tells(entry.passage, asked)
            queues.append((0 if place + already == 0 else 1, -entry.score - told, entry))
    filled: list[Scored] = []
    used = {place: sum(1 for other, _ in chosen.values() if other is place) for place in Section}
    for _, _, entry in sorted(queues, key=lambda item: (item[0], item[1], item[2].passage.id)):
        own = entry.passage.section
        if len(chosen) + len(filled) >= (table["most"] if asked.kind != "general" or asks_for_plan(asked) else 7):
            break
        if used[own] < limits[own.value] and not _repeats(entry.passage, taken, known):
            filled.append(entry)
            taken.append(entry.passage)
            used[own] += 1
    return filled


def wording(passage: Passage, audience: Audience) -> str:
    """The passage's plain variant for patients and students where there is one; the numbers are the same."""
    return passage.plain if passage.plain and audience in PLAIN_AUDIENCES else passage.text


def _of_section(scored: list[Scored], section: Section, asked: Asked, known: Knowledge) -> list[Scored]:
    """The section's statements worth showing: not far below the section's best, and near to the question."""
    entries = [entry for entry in scored if entry.passage.section is section]
    if section is Section.DOSING and asked.kind == "general" and not speaks_of_dose(asked):
        entries = [entry for entry in entries if entry.rank < 8 or _is_close(entry.passage, asked, known)]
    if not entries:
        return []
    best = max(entry.score for entry in scored)
    floor = max(0.5 * entries[0].score, 0.35 if asks_for_plan(asked) else LEAST_OF_BEST * best)
    near = [entry for entry in entries if entry.score >= floor or entry.rank < 5]
    if asks_for_plan(asked):
        return near
    if asked.drugs:  # another medicine is no part of the answer
        near = [entry for entry in near if not _is_of_another(entry, asked, known)]
    return [entry for entry in near if entry.rank < 12 or known.coverage(asked.units, entry.passage.id) >= 0.4]


def _is_of_another(entry: Scored, asked: Asked, known: Knowledge) -> bool:
    feature = known.features[entry.passage.id]
    return bool(feature.drugs) and not names_drug(feature, asked) and not asked.drug_classes & feature.terms


def _is_close(passage: Passage, asked: Asked, known: Knowledge) -> bool:
    return meets_circumstance(passage, asked, known) or known.coverage(asked.units, passage.id) >= 0.4


def _repeats(passage: Passage, chosen: list[Passage], known: Knowledge, *, least: float = 0.55) -> bool:
    """Says nothing new: no other figures, and at least this share of its words are those of one already chosen."""
    words, numbers = known.features[passage.id].content, set(_NUMBERS.findall(passage.text))
    for other in chosen:
        theirs = known.features[other.id].content
        overlap = len(words & theirs) / max(1, min(len(words), len(theirs)))
        if overlap >= least and numbers <= set(_NUMBERS.findall(other.text)):
            return True
    return False


def _place(pair: tuple[Section, Passage], order: list[str], known: Knowledge) -> tuple[int, int, str, int]:
    """The bottom line in order of relevance; elsewhere the order of the guideline, the leading guideline first."""
    section, passage = pair
    if section is Section.BOTTOM_LINE:
        return (0, order.index(passage.id), "", 0)
    lead = order[0].split("#")[0] if order else ""
    return (0 if passage.guideline == lead else 1, 0, passage.guideline, passage.line)
