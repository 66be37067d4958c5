"""Is anything affirmed that the source negates, or negated that it affirms?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set

from assistant.checks.circumstances import is_same_circumstance
from assistant.checks.clauses import clause_items, nearest_clause
from assistant.checks.finding import Asked, Compared, Finding, Severity
from assistant.evidence import Evidence
from assistant.frames import Item
from assistant.vocabulary import Vocabulary
from assistant.wording import Word


def check_polarity(asked: Asked, evidence: Evidence, compared: Compared, vocabulary: Vocabulary) -> Iterator[Finding]:
    """One finding at most: a word with the other sign everywhere in the source, or a clause that is mostly turned
    round.
    """
    signed = evidence.signed
    mine = asked.read.circumstances
    more = _denies_more(asked, signed, vocabulary)
    turned = [
        word
        for word in asked.read.words
        if not (word.neutral or word.soft or _is_topic(word, vocabulary, denies_more=more))
        if not is_same_circumstance(word, mine, evidence)
        and (word.stem, word.negated) not in signed
        and (word.stem, not word.negated) in signed
    ]
    turned += [w for w in _denied_subjects(asked, evidence, vocabulary) if not is_same_circumstance(w, mine, evidence)]
    turned += _advised_topics(asked, evidence, vocabulary)
    turned += _left_out(asked, evidence)
    lead = denied_lead(asked, evidence)
    if turned:
        yield _finding(turned[0], asked)
        return
    if lead:
        yield Finding(
            "polarity",
            Severity.CONFLICT,
            f"the heading above speaks of the opposite ({lead[0][0]})",
            0,
            len(asked.text),
        )
        return
    clause_word = _turned_clause(asked, evidence, compared, mine)
    if clause_word is not None:
        yield _finding(clause_word, asked)


def _denied_subjects(asked: Asked, evidence: Evidence, vocabulary: Vocabulary) -> list[Word]:
    """Subjects that the claim denies by a word without weight ("observation is not recommended") and the source never."""
    signed = evidence.signed
    heavy = {w.phrase for w in asked.read.wording.words if w.negated and not (w.soft or w.neutral)}
    return [
        w
        for w in asked.read.words
        if w.soft and not w.neutral and w.phrase not in heavy and not _is_topic(w, vocabulary)
        if (w.stem, False) in signed and (w.stem, True) not in signed
    ]


_GIVING = frozenset(
    {"given", "used", "use", "give", "offered", "offer", "recommended", "prescribed", "start", "started"}
)


def _advised_topics(asked: Asked, evidence: Evidence, vocabulary: Vocabulary) -> list[Word]:
    """Drugs that the claim says are to be given, of which the source speaks in denials alone."""
    found: list[Word] = []
    if asked.read.frames:  # "for 6 weeks or less" may be how the denial of more is put
        return found
    for word in asked.read.wording.words:
        term = vocabulary.terms.get(word.stem[5:]) if word.stem.startswith("term:") else None
        if term is None or term.kind not in {"drug", "class"} or word.negated or word.soft:
            continue
        theirs = [w for w in evidence.read.wording.words if w.stem == word.stem]
        if not theirs or not all(w.negated and not w.soft for w in theirs):
            continue
        clause = asked.read.wording.clauses[word.clause]
        tokens = {t for t, start, _ in asked.read.wording.tokens if clause.start <= start < clause.end}
        if tokens & _GIVING and not clause.negated:
            found.append(word)
    return found


_WITHOUT = re.compile(
    r"\b(?:without|with no|omitting|leaving out|instead of|not with)\s+(?:[\w-]+\s+){0,2}$", re.IGNORECASE
)


def _left_out(asked: Asked, evidence: Evidence) -> list[Word]:
    """What the claim leaves out by name ("10 units of insulin without glucose") and the source only ever gives.

    Of a drug a denied clause here and an affirmed one there prove nothing (see ``_is_topic``); "without" right before its
    name does.
    """
    signed = evidence.signed
    return [
        word
        for word in asked.read.words
        if word.negated and (word.stem, False) in signed and (word.stem, True) not in signed
        if _WITHOUT.search(asked.text, max(0, word.start - 40), word.start)
    ]


def denied_lead(asked: Asked, evidence: Evidence) -> list[Item]:
    """Words of the lead-in that the source has with the other sign only; a word the claim says itself is its own."""
    own = {word.stem for word in asked.read.wording.words}
    signed = evidence.signed
    return [
        item
        for item in sorted(asked.lead)
        if item[0] not in own and item not in signed and (item[0], not item[1]) in signed
    ]


def _finding(word: Word, asked: Asked) -> Finding:
    said = asked.text[word.start : word.end]
    what = "denies" if word.negated else "affirms"
    other = "affirms" if word.negated else "denies"
    reason = f"the statement {what} {said!r}, which the source {other}"
    slots = {"polarity": "negated" if word.negated else "affirmed"}
    expected = {"polarity": "affirmed" if word.negated else "negated"}
    return Finding("polarity", Severity.CONFLICT, reason, word.start, word.end, expected=expected, observed=slots)


def _denies_more(asked: Asked, signed: Set[Item], vocabulary: Vocabulary) -> bool:
    """Whether the claim denies, as the source does, something besides conditions: "do not use edoxaban for ..."."""
    return any(
        word.negated and not (word.soft or word.part) and (word.stem, True) in signed
        for word in asked.read.words
        if not _is_topic(word, vocabulary)
    ) or any(word.negated and word.neutral and (word.stem, True) in signed for word in asked.read.words)


def _is_topic(word: Word, vocabulary: Vocabulary, *, denies_more: bool = True) -> bool:
    """Drugs and analytes are what a text is about: said in a denied clause here and an affirmed one there, they prove
    nothing. Nor does a condition that names a guideline, where something else is denied; but it does where it alone is
    denied ("were not iron deficient"), or affirmed where the source only denies it ("given in bowel obstruction").
    """
    if word.part:
        return True
    term = vocabulary.terms.get(word.stem[5:]) if word.stem.startswith("term:") else None
    if term is not None and term.kind == "topic":
        return word.negated and denies_more
    return term is not None and term.kind in {"drug", "class", "analyte"}


def _turned_clause(asked: Asked, evidence: Evidence, compared: Compared, circumstances: dict[int, bool]) -> Word | None:
    """The first shared word of a phrase of which more than half has the other sign than in the source's nearest
    clause.
    """
    words = asked.read.wording.words
    for index in range(len(asked.read.wording.clauses)):
        mine = [w for w in words if w.clause == index]
        nearest = nearest_clause(index, asked, evidence, compared)
        if nearest is None:
            continue
        theirs = clause_items(evidence)[nearest]
        for phrase in dict.fromkeys(w.phrase for w in mine):
            hard = [w for w in mine if w.phrase == phrase and not w.soft and not w.stem[0].isdigit()]
            hard = [w for w in hard if not is_same_circumstance(w, circumstances, evidence)]
            hard = [w for w in hard if not w.neutral] or hard
            shared = [w for w in hard if (w.stem, True) in theirs or (w.stem, False) in theirs]
            if shared and all(
                (w.stem, not w.negated) in theirs for w in shared
            ):  # the subjects of a denial prove nothing
                shared = [w for w in mine if w.phrase == phrase and w.neutral and not w.soft]
                shared = [w for w in shared if ((w.stem, True) in theirs) is not ((w.stem, False) in theirs)]
            turned = [w for w in shared if (w.stem, w.negated) not in theirs]
            if turned and len(turned) * 2 > len(shared):
                return turned[0]
    return None
