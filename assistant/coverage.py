"""Whether the corpus speaks about what was asked: the floor below which nothing is answered, and what is not covered.

A similarity score alone cannot tell "first-line treatment of gout" from a question on B12: the score of the nearest
passage is never zero. So the words decide with it: the share of the question's own subject that the nearest guidance
has. Unknown names are named, never replaced by something near; only a slip of the keyboard in a long word is read as
the word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.knowledge import Knowledge, plain_words, stem
from assistant.records import Hit, Passage, Section
from assistant.slots import circumstances, known_circumstances


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Endings of non-proprietary drug names (WHO stems) that no everyday word has; a word with one is taken for a drug.
_DRUG = re.compile(
    r"(?:mab|nib|ciclib|parib|rafenib|degib|zomib|platin|rubicin|taxel|trexed|trexate|tecan|fungin|cillin|cycline|floxacin|mycin|micin|conazole|"
    r"nidazole|prazole|setron|statin|fibrate|sartan|dipine|olol|gliptin|gliflozin|glitazone|glutide|natide|parin|xaban|gatran|grel|teplase|plase|"
    r"dronate|dronic|cobalamin|calcet|vaptan|oxetine|azepam|azolam|barbital|caine|curium|curonium|profen|oxicam|coxib|triptan|vir|vudine|"
    r"asone|solone|sonide|phylline|terol|tropium|lukast|stim|poetin|cept|kinra|limus|thiazide|semide|lactone|steride|trozole|oxifene|lutamide|relin|"
    r"mustine|bendazole|quine|afil|zosin|pressin|tocin)$"
)
_NOT_DRUGS = _words(
    "creatine machine routine discipline fever clever never deliver concept accept except cabin hobby crib "
    "exam dam gram"
)
_DISEASE = re.compile(
    r"(?:itis|osis|oses|emia|aemia|oma|omas|opathy|ectomy|algia|uria|plegia|plasty|scopy|phobia|rrhoea|rrhea|sclerosis|trophy|penia|cytosis|lysis|iasis)$"
)
_NAMED = re.compile(
    r"\b([A-Z][A-Za-z]*(?:-[A-Z0-9]+)?[A-Z0-9-]*|[A-Z][\w-]+(?: [A-Z][\w-]+)?) (?:trial|study|score|criteria|"
    r"guideline|protocol|test|index|classification|syndrome)\b"
)
_TOKEN = re.compile(r"[A-Za-z][A-Za-z0-9-]*")


@dataclass(frozen=True, slots=True)
class Spelling:
    """``text`` with slips of the keyboard mended; ``changes`` are (as typed, as read)."""

    text: str
    changes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """``is_covered``: something may be answered. ``unknown_drugs`` and ``missing`` name what the corpus does not have;
    ``notes`` say why, for ``--explain``."""

    is_covered: bool
    unknown_drugs: tuple[str, ...]
    missing: tuple[str, ...]
    notes: tuple[str, ...]


def judge(
    text: str, kind: str, hits: Sequence[Hit], known: Knowledge, *, floor: float, latest: str | None = None
) -> Coverage:
    """Decide whether the hits may answer ``text``. ``floor`` is the least fused score (0 to 1) of the best hit;
    ``latest`` is the last turn alone, whose drug is the one that is asked about."""
    unknown = tuple(unknown_drugs(text, known))
    if not hits or hits[0].score < floor:
        return Coverage(
            False,
            unknown,
            (),
            (f"best score {hits[0].score:.3f} is below the floor {floor}" if hits else "nothing was found",),
        )
    known_drugs = (
        known.drugs(latest or text) if any(name in (latest or text) for name in unknown) else known.drugs(text)
    )
    subjects = known.units_of(text, subject_only=True)
    shares = [known.coverage(subjects, hit.passage_id) for hit in hits[:8]] if subjects else [0.0]
    share, cosine = max(shares), max((hit.parts.get("cosine", hit.score) for hit in hits[:8]), default=0.0)
    notes: tuple[str, ...] = (
        f"best score {hits[0].score:.3f}, likeness {cosine:.2f}, {share:.0%} of the question's subject words in "
        f"one passage",
    )
    if unknown and not known_drugs and kind in {"dose", "contraindication", "comparison", "monitoring", "general"}:
        if not _has_other_subject(text, unknown, known):
            return Coverage(False, unknown, (), (*notes, "the drug asked about is unknown here"))
        if kind in {"dose", "contraindication"}:
            return Coverage(False, unknown, (), (*notes, "a dose or safety question about a drug that is unknown here"))
    anchored = any(
        known.anchors(text) & known.anchors_of(known.corpus.passages[hit.passage_id].guideline) for hit in hits[:8]
    )
    # the last case: rare words that stand together in one passage ("NICE cut-offs at the Bath laboratory")
    covered = (
        anchored
        or (share >= 0.55 and cosine >= 0.4)
        or (share >= 0.4 and cosine >= 0.62)
        or (share >= 0.8 and cosine >= 0.3 and len(subjects) >= 2)
    )
    notes += (
        "it names the topic of guidance that was found" if anchored else "it names no topic of the guidance found",
    )
    missing = tuple(_missing(text, hits, known, unknown)) if covered else ()
    return Coverage(covered, unknown, missing, notes)


def unknown_drugs(text: str, known: Knowledge) -> Iterator[str]:
    """Words that look like a drug's name and stand nowhere in corpus or vocabulary."""
    seen: set[str] = set()
    for match in _TOKEN.finditer(text):
        word = match.group().lower()
        if (
            len(word) >= 6
            and word not in seen
            and _DRUG.search(word)
            and word not in _NOT_DRUGS
            and not _is_known(word, known)
        ):
            seen.add(word)
            yield match.group()


def _is_known(word: str, known: Knowledge) -> bool:
    return (
        word in known.raw_words
        or stem(word) in known.words
        or word in plain_words()
        or stem(word) in plain_words()
        or bool(known.vocabulary.find(word))
    )


def _has_other_subject(text: str, unknown: tuple[str, ...], known: Knowledge) -> bool:
    rest = text
    for word in unknown:
        rest = rest.replace(word, " ")
    return bool(
        {mention.kind for mention in known.vocabulary.find(rest)} & {"drug", "analyte", "condition", "topic", "class"}
    )


def _missing(text: str, hits: Sequence[Hit], known: Knowledge, unknown: tuple[str, ...]) -> Iterator[str]:
    """What the question names and the guidance found does not: drugs, circumstances, names of trials, diseases."""
    guidelines = list(dict.fromkeys(known.corpus.passages[hit.passage_id].guideline for hit in hits[:10]))[:3]
    passages = [
        passage
        for key in guidelines
        for passage in known.by_guideline[key]
        if passage.section is not Section.NOT_COVERED
    ]
    words = frozenset().union(*(known.features[passage.id].words for passage in passages))
    for name in unknown:
        yield f"{name}: no drug of this name is in the corpus"
    named: set[str] = {name.lower() for name in unknown}
    for match in _NAMED.finditer(text):
        if not _all_known(match[1], known):
            named.add(match[1].lower())
            yield f"{match[0]}: not in the corpus"
    for mention in known.vocabulary.find(text):
        if (
            mention.ambiguous
            or mention.kind not in {"drug", "condition", "procedure", "test", "analyte"}
            or mention.text.lower() in named
        ):
            continue
        if f"={mention.term}" not in words and not any(
            f"={name}" in words for name in known.vocabulary.broader(mention.term)
        ):
            named.add(mention.text.lower())
            yield f"{mention.text}: not in the guidance found"
    for match in _TOKEN.finditer(text):
        word = match.group().lower()
        if (
            len(word) >= 5
            and _DISEASE.search(word)
            and word not in named
            and not _is_known(word, known)
            and not circumstances(word)
        ):
            named.add(word)
            yield f"{match.group()}: not in the corpus"
    yield from _missing_circumstances(text, passages, known)


def _missing_circumstances(text: str, passages: Sequence[Passage], known: Knowledge) -> Iterator[str]:
    names = {entry.id: entry for entry in known_circumstances()}
    for key, present in circumstances(text).items():
        if present and not any(
            names[key].pattern.search(f"{passage.text} {passage.population or ''}".lower()) for passage in passages
        ):
            yield f"{names[key].name}: the guidance found has no statement about it"


def _all_known(name: str, known: Knowledge) -> bool:
    return all(_is_known(word.lower(), known) for word in _TOKEN.findall(name))


# --------------------------------------------------------------------------- spelling


def mend_spelling(text: str, known: Knowledge) -> Spelling:
    """Read a slip of the keyboard in a long word as the one corpus word it can be; leave everything else alone.

    One slip in a word of seven letters or more, two from twelve: a letter left out, doubled or swapped with its
    neighbour,
    or one vowel for another. A consonant for another is never mended: vinblastine is not vincristine."""
    changes: list[tuple[str, str]] = []

    def mend(match: re.Match[str]) -> str:
        word = match.group().lower()
        if len(word) < 7 or "-" in word or _is_known(word, known):
            return match.group()
        allowed = 2 if len(word) >= 12 else 1
        near = [other for other in _candidates(word, known) if slips(word, other, most=allowed) <= allowed]
        if len(near) != 1:
            return match.group()
        changes.append((match.group(), near[0]))
        return near[0]

    return Spelling(_TOKEN.sub(mend, text), tuple(changes))


def _candidates(word: str, known: Knowledge) -> list[str]:
    return sorted(
        other
        for other in known.raw_words
        if other[0] == word[0] and abs(len(other) - len(word)) <= 2 and len(other) >= 7 and other.isalpha()
    )


def slips(typed: str, word: str, *, most: int) -> int:
    """The least number of slips from ``word`` to ``typed``; ``most + 1`` when it takes more or another kind of
    change."""
    if typed == word:
        return 0
    if most == 0:
        return 1
    i = next((n for n, (a, b) in enumerate(zip(typed, word, strict=False)) if a != b), min(len(typed), len(word)))
    options = []
    if i < len(word):
        options.append((typed[i:], word[i + 1 :]))  # a letter left out
    if i < len(typed) and i and (typed[i] == typed[i - 1] or typed[i] in "aeiouyh"):
        options.append((typed[i + 1 :], word[i:]))  # a letter doubled, or a vowel put in
    if i + 1 < len(typed) and i + 1 < len(word) and typed[i] == word[i + 1] and typed[i + 1] == word[i]:
        options.append((typed[i + 2 :], word[i + 2 :]))  # neighbours swapped
    if i < len(typed) and i < len(word) and typed[i] in "aeiouy" and word[i] in "aeiouy":
        options.append((typed[i + 1 :], word[i + 1 :]))
    return min((1 + slips(a, b, most=most - 1) for a, b in options), default=most + 1)
