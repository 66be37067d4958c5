"""Whether the corpus speaks about what was asked: the floor below which nothing is answered, and what is not covered.

A similarity score alone cannot tell "first-line treatment of gout" from a question on B12: the score of the nearest
passage is never zero. So the words decide with it: whether the question names the topic of what was found, or a drug,
test or condition that the found statements name, and the share of its own subject that the nearest guidance has.
What it names and nothing here has is found by ``strangers``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.knowledge import Knowledge
from assistant.records import Hit
from assistant.slots import circumstances
from assistant.strangers import has_other_subject, holders, known_elsewhere, left_out, outside, unknown_drugs
from assistant.vocabulary import Mention

FIRST = 8  # hits that are looked at
MOST_UNSEEN = 0.25  # share of the question's subject words, by weight, that no statement here has
_TOPICAL = frozenset({"topic", "condition", "finding", "drug", "class", "analyte", "test"})
_SUBJECTS = frozenset({"drug", "class", "condition", "topic", "finding", "test", "procedure", "analyte"})


@dataclass(frozen=True, slots=True)
class Coverage:
    """``is_covered``: something may be answered. ``unknown_drugs`` and ``missing`` name what the corpus does not have;
    ``notes`` say why, for ``--explain``."""

    is_covered: bool
    unknown_drugs: tuple[str, ...]
    missing: tuple[str, ...]
    notes: tuple[str, ...]


def judge(
    text: str,
    kind: str,
    hits: Sequence[Hit],
    known: Knowledge,
    *,
    floor: float,
    latest: str | None = None,
    is_story: bool = False,
) -> Coverage:
    """Decide whether the hits may answer ``text`` (the short form of a long question). ``floor`` is the least fused
    score (0 to 1) of the best hit; ``latest`` is the last turn alone, whose drug is the one that is asked about.
    ``is_story``: the question came with a patient's story, most of whose words no guidance can have."""
    unknown = tuple(unknown_drugs(text, known))
    if not hits:
        return Coverage(False, unknown, (), ("nothing was found",))
    subjects = known.units_of(text, subject_only=True)
    share = max((known.coverage(subjects, hit.passage_id) for hit in hits[:FIRST]), default=0.0) if subjects else 0.0
    cosine = max(hit.parts.get("cosine", hit.score) for hit in hits[:FIRST])
    together = share >= 0.55 and cosine >= 0.3 and len(subjects) >= 2
    found = frozenset(known.corpus.passages[hit.passage_id].guideline for hit in hits[:FIRST])
    mentions = [mention for mention in known.find(text) if not mention.ambiguous]
    strangers = _strangers(mentions, found, known)
    unseen = known.unseen_share(subjects)
    is_narrow = not is_story and (bool(strangers) or unseen > MOST_UNSEEN)
    anchored = _names_topic(text, mentions, found, known, is_narrow=is_narrow)
    if hits[0].score < floor and not together and not anchored:
        why = f"best score {hits[0].score:.3f} is below the floor {floor}"
        return Coverage(False, unknown, tuple(known_elsewhere(text, known)), (why,))
    notes: tuple[str, ...] = (
        f"best score {hits[0].score:.3f}, likeness {cosine:.2f}, {share:.0%} of the question's subject words in "
        f"one passage",
    )
    refused = _refused_for_drug(text, kind, unknown, known, latest=latest)
    if refused:
        return Coverage(False, unknown, (), (*notes, refused))
    out = tuple(outside(text, kind, known))
    if out:
        return Coverage(False, unknown, out, (*notes, "what is asked about is not covered by any guidance here"))
    subject = "" if is_narrow else _found_subject(mentions, hits, known)
    reasons = {
        "it names the topic of guidance that was found": anchored,
        f"statements found name {subject!r}": bool(subject) and share >= 0.3 and cosine >= 0.3,
        "most of its words stand in one passage": (share >= 0.55 and cosine >= 0.4) or (share >= 0.8 and together),
        "its words and its meaning are near to a passage": share >= 0.4 and cosine >= 0.62,
        "rare words of it stand together in one passage": together and not strangers,
        "the story leads to one guideline": is_story and cosine >= 0.5 and _agree(hits, known),
    }
    why = next((reason for reason, holds in reasons.items() if holds), "")
    missing = tuple(left_out(text, hits, known, unknown)) if why else tuple(known_elsewhere(text, known))
    return Coverage(
        bool(why), unknown, missing, (*notes, why or "it names nothing that the guidance found speaks about")
    )


def _refused_for_drug(
    text: str, kind: str, unknown: Sequence[str], known: Knowledge, *, latest: str | None
) -> str | None:
    """Why a question about a drug that nobody here knows is not answered from what is near; None when it may be."""
    if not unknown or kind not in {"dose", "contraindication", "comparison", "monitoring", "general"}:
        return None
    last = latest or text
    if known.drugs(last if any(name in last for name in unknown) else text):
        return None
    if not has_other_subject(text, tuple(unknown), known):
        return "the drug asked about is unknown here"
    if kind in {"dose", "contraindication"}:
        return "a dose or safety question about a drug that is unknown here"
    return None


def _names_topic(
    text: str, mentions: Sequence[Mention], found: frozenset[str], known: Knowledge, *, is_narrow: bool
) -> bool:
    """The question names the topic of guidance that was found. A procedure or a group of people ("chemotherapy")
    is no topic where the question names something narrower that this guidance does not know."""
    topical = frozenset(
        name for mention in mentions if mention.kind in _TOPICAL for name in known.broader(mention.term)
    )
    if any(topical & known.anchors_of(key) for key in found):
        return True
    return not is_narrow and any(known.anchors(text) & known.anchors_of(key) for key in found)


def _strangers(mentions: Sequence[Mention], found: frozenset[str], known: Knowledge) -> list[str]:
    """Conditions named in the question that none of the guidelines found names, nor a wider name of them."""
    return [
        mention.text
        for mention in mentions
        if mention.kind in {"condition", "topic"}
        and not circumstances(mention.text)
        and not any(found & holders(name, known) for name in known.broader(mention.term))
    ]


def _found_subject(mentions: Sequence[Mention], hits: Sequence[Hit], known: Knowledge) -> str:
    """The first name of the question that one of the first statements found has itself, a drug also by its class."""
    for mention in mentions:
        if mention.kind not in _SUBJECTS or circumstances(mention.text):
            continue
        names = known.broader(mention.term) if mention.kind in {"drug", "class"} else {mention.term}
        if any(names & known.features[hit.passage_id].terms for hit in hits[:FIRST]):
            return mention.text
    return ""


def _agree(hits: Sequence[Hit], known: Knowledge) -> bool:
    """Half of the first eight hits are of one guideline, the first among them."""
    found = [known.corpus.passages[hit.passage_id].guideline for hit in hits[:FIRST]]
    return found.count(found[0]) >= 4
