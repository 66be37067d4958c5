"""What a question names and the corpus does not have: unknown drugs, drugs without a dose, conditions, trials, people.

Unknown names are named, never replaced by something near. Pure; ``coverage`` decides what follows from them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.knowledge import Knowledge, plain_words, stem
from assistant.records import Hit, Passage, Section
from assistant.slots import circumstances, known_circumstances
from assistant.vocabulary import Mention


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
_VALUE = re.compile(r"\s*(?:\w+\s){0,2}?[<>=≥≤]?\s?\d")  # behind a name: a fact of the patient, not what is asked
_GIVES = re.compile(
    r"\bdos(?:e|es|ing|age)\b|\bhow much\b|\bregimen\b|\bprescrib|\bhow many (?:mg|micrograms|units)\b", re.IGNORECASE
)
_BEHIND = re.compile(
    r"\b(?:for|in|to treat|against)\s+"
    r"((?:(?!(?:a|an|the|my|patients?|people|someone|adults?|with|who|on)\b)[\w-]+\s?){1,3})",
    re.IGNORECASE,
)
_OBJECT = re.compile(
    r"\b(?:treat(?:ment)?|manag(?:e|ing|ement)|therapy|diagnos(?:e|is)|cure|first[- ]line treatment)\s(?:of\s|for\s)?"
    r"(?:(?:a|an|the|acute|chronic|severe|mild|moderate|suspected|new|recurrent|uncomplicated)\s)*",
    re.IGNORECASE,
)


def outside(text: str, kind: str, known: Knowledge) -> Iterator[str]:
    """Why the thing asked about is outside the corpus, though its words may be in it: a drug that no statement names or
    doses, a drug in a condition that no guidance on it speaks of, a condition to be treated that nothing covers."""
    mentions = [mention for mention in known.find(text) if not mention.ambiguous]
    drugs = list(dict.fromkeys(m.term for m in mentions if m.kind == "drug"))
    named = {m.term: m.text for m in mentions}
    if drugs and kind in {"dose", "contraindication", "comparison", "monitoring"}:
        held = [drug for drug in drugs if holders(drug, known)]
        if not held and kind != "dose" and any(_class_holders(drug, known) for drug in drugs):
            return  # "ibuprofen" is answered by what is said of non-steroidal anti-inflammatory drugs
        if not held:
            yield from (f"{named[drug]}: no statement here names it" for drug in drugs)
            return
        if kind == "dose" and _GIVES.search(text) and not any(drug in known.dosed for drug in drugs):
            yield from (f"{named[drug]}: no dose of it is in the corpus" for drug in held)
            return
        yield from _unpaired(text, kind, held, mentions, known)
    yield from _objects(text, mentions, known)


def _class_holders(drug: str, known: Knowledge) -> frozenset[str]:
    """The guidelines with a statement about a class of drugs that ``drug`` belongs to."""
    return frozenset().union(*(holders(name, known) for name in known.classes_of([drug])))


def holders(term: str, known: Knowledge) -> frozenset[str]:
    return known.holders.get(term, frozenset())


def _unpaired(
    text: str, kind: str, drugs: Sequence[str], mentions: Sequence[Mention], known: Knowledge
) -> Iterator[str]:
    """The asked drug is known for other conditions only."""
    if kind != "dose":
        return
    conditions = [m for m in mentions if m.kind in {"condition", "topic", "procedure"} and not circumstances(m.text)]
    covered_in = frozenset().union(*(holders(drug, known) for drug in drugs))
    fits = [m for m in conditions if any(covered_in & holders(name, known) for name in known.broader(m.term))]
    strangers = [m.text for m in conditions if m not in fits] or list(_unknown_condition(text, known))
    if strangers and not fits:
        names = ", ".join(dict.fromkeys(known.vocabulary.terms[drug].name for drug in drugs))
        titles = "; ".join(sorted(known.corpus.guidelines[key].title for key in covered_in)[:3])
        yield f"{names} for {', '.join(dict.fromkeys(strangers))}: not covered; {names} is covered in: {titles}"


def _unknown_condition(text: str, known: Knowledge) -> Iterator[str]:
    """A word behind "for" or "in" that neither corpus nor vocabulary has: a condition nobody wrote about."""
    for match in _BEHIND.finditer(text):
        words = [word for word in _TOKEN.findall(match[1]) if len(word) >= 4]
        strange = [word for word in words if not is_known(word.lower(), known)]
        if strange and not known.find(match[1]) and _may_be_condition(strange, text, known):
            yield match[1].strip()


def _may_be_condition(strange: Sequence[str], text: str, known: Knowledge) -> bool:
    """Unknown words are taken for a condition when they end like one, or when the question names nothing else that
    guidance covers: "octogenarian" in a question on B12 deficiency is none."""
    if any(_DISEASE.search(word.lower()) for word in strange):
        return True
    kinds = {"analyte", "condition", "topic", "finding", "procedure", "population"}
    others = (mention for mention in known.find(text) if mention.kind in kinds and not mention.ambiguous)
    return not circumstances(text) and not any(holders(mention.term, known) for mention in others)


def _objects(text: str, mentions: Sequence[Mention], known: Knowledge) -> Iterator[str]:
    """What is to be treated, managed or diagnosed, when no guidance names it."""
    for match in _OBJECT.finditer(text):
        at = [m for m in mentions if m.start == match.end()]
        if at:
            if not any(holders(name, known) for m in at for name in known.broader(m.term)):
                yield f"{at[0].text}: known by name, but no guidance here covers it"
            continue
        word = _TOKEN.match(text, match.end())
        strange = (
            [word.group()] if word and len(word.group()) >= 4 and not is_known(word.group().lower(), known) else []
        )
        if word and strange and _may_be_condition(strange, text, known):
            yield f"{word.group()}: no guidance here covers it"


def known_elsewhere(text: str, known: Knowledge) -> Iterator[str]:
    """For a declined question: the drugs and conditions it names that guidance here does cover, and where."""
    for mention in known.find(text):
        if mention.ambiguous or mention.kind not in {"drug", "condition", "topic"}:
            continue
        keys = sorted(holders(mention.term, known))
        if keys and len(keys) <= 4:
            titles = "; ".join(known.corpus.guidelines[key].title for key in keys[:3])
            yield f"{mention.text}: covered only in: {titles}"


# what stands here is a drug whatever its ending: "dose of zzz", "zzz dose" at the start of a question
_DOSE_OF = re.compile(
    r"\b(?:dose|doses|dosage|dosing) of (?:oral |intravenous |iv |im |intramuscular |subcutaneous )?([a-z][\w-]{5,})",
    re.IGNORECASE,
)


def unknown_drugs(text: str, known: Knowledge) -> Iterator[str]:
    """Words that look like a drug's name, or stand where one must, and that neither corpus nor vocabulary has."""
    seen: set[str] = set()
    asked_for = {match[1].lower() for match in _DOSE_OF.finditer(text)}
    for match in _TOKEN.finditer(text):
        word = match.group().lower()
        if (
            len(word) >= 6
            and word not in seen
            and (_DRUG.search(word) or word in asked_for)
            and word not in _NOT_DRUGS
            and not is_known(word, known)
        ):
            seen.add(word)
            yield match.group()


def is_known(word: str, known: Knowledge) -> bool:
    if "-" in word and word not in known.raw_words:
        return all(is_known(part, known) for part in word.split("-") if len(part) > 2)
    return (
        word in known.raw_words
        or stem(word) in known.words
        or word in plain_words()
        or stem(word) in plain_words()
        or bool(known.vocabulary.find(word))
    )


def has_other_subject(text: str, unknown: tuple[str, ...], known: Knowledge) -> bool:
    rest = text
    for word in unknown:
        rest = rest.replace(word, " ")
    return bool(
        {mention.kind for mention in known.vocabulary.find(rest)} & {"drug", "analyte", "condition", "topic", "class"}
    )


def left_out(text: str, hits: Sequence[Hit], known: Knowledge, unknown: tuple[str, ...]) -> Iterator[str]:
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
    for mention in known.find(text):
        if (
            mention.ambiguous
            or mention.kind not in {"drug", "condition", "procedure", "test", "analyte"}
            or mention.text.lower() in named
            or (mention.kind == "analyte" and _VALUE.match(text, mention.end))
        ):
            continue
        if f"={mention.term}" not in words and not any(f"={name}" in words for name in known.broader(mention.term)):
            named.add(mention.text.lower())
            yield f"{mention.text}: not in the guidance found"
    for match in _TOKEN.finditer(text):
        word = match.group().lower()
        if (
            len(word) >= 5
            and _DISEASE.search(word)
            and word not in named
            and not is_known(word, known)
            and not circumstances(word)
        ):
            named.add(word)
            yield f"{match.group()}: not in the corpus"
    yield from missing_circumstances(text, passages, known)


def missing_circumstances(text: str, passages: Sequence[Passage], known: Knowledge) -> Iterator[str]:
    names = {entry.id: entry for entry in known_circumstances()}
    for key, present in circumstances(text).items():
        if present and not any(
            names[key].pattern.search(f"{passage.text} {passage.population or ''}".lower()) for passage in passages
        ):
            yield f"{names[key].name}: the guidance found has no statement about it"


def _all_known(name: str, known: Knowledge) -> bool:
    return all(is_known(word.lower(), known) for word in _TOKEN.findall(name))
