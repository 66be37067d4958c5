"""What a question asks, made whole from the turns before: kind, topics, the patient's facts, jurisdiction, assertions.

Transparent rules and word lists only (``data/kinds.toml``, ``slots``, the corpus vocabulary); every decision leaves a
note that ``--explain`` shows. Earlier turns are read one after the other with the same function as the question, so
that the result depends on nothing but the words. Only what the user said is read: an assistant's turn never becomes a
fact.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cache
from itertools import pairwise
from pathlib import Path

from assistant.errors import QuantityError
from assistant.records import Question, Understanding
from assistant.slots import country_of, items, known_circumstances, merge_slots, read_slots
from assistant.units import canonical_unit, convert
from assistant.vignettes import focus
from assistant.vocabulary import Mention, Vocabulary

MAX_MODIFIERS = 3
_BESIDE = re.compile(
    r"\s*(?:[+&]|with|plus|and|during|while on|on|together with|alongside|combined with)\s*"
    r"(?:(?:high|low)[ -]dose\s*)?"
)

_PUSHBACK = re.compile(
    r"\b(?:are you (?:really |quite |absolutely )?(?:sure|certain|serious)|is that (?:really )?(?:right|correct|"
    r"true)|you(?:['’]re| are) (?:wrong|mistaken)|"
    r"that(?:['’]s| is| was)? (?:\w+ )?(?:wrong|incorrect|not right|not correct|not true|too (?:low|high|much|"
    r"little))|i (?:still )?(?:disagree|doubt|don['’]t (?:think|believe|agree))|"
    r"(?:my|the|our|a|another) (?:\w+ )?(?:consultant|colleague|boss|senior|registrar|pharmacist|doctor|professor|"
    r"nurse|textbook|app|protocol|chatgpt|bnf|friend) (?:says?|said|told|insists?|thinks?|gives?|recommends?|"
    r"claims?|uses?)|"
    r"i (?:was told|thought|read|heard|learned|am (?:pretty |quite )?sure|know|believe|insist)|(?:surely|"
    r"actually) it(?:['’]s| is)|check (?:that |it )?again|"
    r"isn['’]t it (?:really |actually )?\d|(?:just|please) (?:say|confirm|agree)|double[\s-]?check|try again|"
    r"think again|really\s?\?)",
    re.IGNORECASE,
)
# "No, it is 9 mg", "it should be 10 mg a day", "everybody uses 5 g"
_OTHER_FIGURE = re.compile(
    r"(?:\bit(?:['’]s| is| was| should be| must be| ought to be| has to be)|\b(?:everybody|everyone|we|they|we all|people) "
    r"(?:always |all )?(?:uses?|gives?|says?)|\bthe (?:dose|rate|limit|maximum|figure|threshold|answer) (?:is|should be|must be))"
    r"\s(?:\w+\s){0,3}\d",
    re.IGNORECASE,
)
_CORRECTION = re.compile(r"^\W*(?:no|sorry|actually|correction|i meant?|wait|oops|rather|apologies)\b", re.IGNORECASE)
_LEAD = re.compile(
    r"^\W*(?:(?:and|but|so|ok(?:ay)?|then|also|thanks|thank you|sorry|right)[\s,.!]+)*(?:(?:what|how) about|what "
    r"if|how if|and if|same for|in that case|what happens if)?\s*",
    re.IGNORECASE,
)
_FOLLOWS = re.compile(
    r"^\W*(?:and\b|but\b|so\b|also\b|what about|how about|what if|same\b|then\b|in that case|how often\b|how "
    r"long\b|how many\b|why\b|when\b|by what route|which route|"
    r"orally\b|for how long|or\b|with\b|without\b|if\b|also\b|is that|does that|anything|after that)|\bthen\W*$",
    re.IGNORECASE,
)
_ANAPHORA = re.compile(
    r"\b(?:she|he|her|his|him|they|them|it|this|that|these|those|the (?:patient|same|dose|drug|level|injections?|"
    r"treatment))\b",
    re.IGNORECASE,
)
_PATIENT_ANAPHORA = re.compile(
    r"\b(?:she|he|her|his|him|they|this patient|the patient|the same patient)\b", re.IGNORECASE
)
_FILLER = re.compile(
    r"^\W*(?:thanks?(?: you)?|ok(?:ay)?|great|hello|hi|good (?:morning|evening)|cheers)\W*$", re.IGNORECASE
)
_ROUTES = re.compile(
    r"\b(oral(?:ly)?|by mouth|tablets?|intramuscular(?:ly)?|im|injections?|intravenous(?:ly)?|iv|"
    r"subcutaneous(?:ly)?|sc|nasal|sublingual)\b",
    re.IGNORECASE,
)

# "How do I treat acute gout?": its own object, where it is neither a pronoun nor what every treatment has
_TREATED = re.compile(
    r"\b(?:treat|manage|diagnose|cure)\s+(?:an?\s|the\s|acute\s|chronic\s|severe\s|mild\s)*"
    r"(?!(?:it|this|that|them|these|those|him|her|he|she|people|patients?|adults?|children|in|with|by|if|when|without|after|"
    r"orally|intravenously|at|on|and|or|side|adverse|symptoms?|toxicity|overdose|complications?|relapse|deficiency|"
    r"low|high|raised|levels?|pain|someone|everyone|one|women|men|elderly|older|pregnan\w*)\b)([a-z][\w-]{2,}(?:\s[\w-]+)?)",
    re.IGNORECASE,
)
_OBJECT = re.compile(
    r"\b(?:dose|dosing|dosage|threshold|treatment|management|monitoring|causes?|diagnosis|regimen) (?:of|for) "
    r"(?!(?:it|that|this|her|him|them|these|those|a|an|the|my|our|someone|patients?|people|adults?|wom[ae]n|"
    r"m[ae]n)\b)([\w-]{5,}(?: [\w-]{4,})?)",
    re.IGNORECASE,
)

# How a question asserts: a reason given ("since ..."), a tag ("..., right?"), a presupposition ("why is ...").
_TAG = re.compile(
    r"^(?P<claim>.{8,}?)[\s,]+(?:right|correct|isn['’]t it|is it not|yes|true|no|aren['’]t they|doesn['’]t it|"
    r"don['’]t (?:we|they|you)|is that (?:right|correct|true)|am i right)\s*\?+$",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"\b(?:since|given(?: that)?|because|considering(?: that)?|knowing that|now that|i know(?: that)?|we know(?: "
    r"that)?|it is known that|i (?:have )?read that|assuming(?: that)?)\s+(?P<claim>[^,;?]{8,}?)(?=,|;|\?|$|"
    r"\s(?:what|how|should|when|which|is|do|does|can)\b)",
    re.IGNORECASE,
)
_PRESUPPOSED = (
    (
        re.compile(
            r"^\W*(?:how|when|how often) (?:do|should|can|would|must|could) (?:i|we|you|one) (?P<claim>(?:use|"
            r"lower|reduce|treat|track|follow|stop|avoid|withhold|give|bring down)\b.{4,})\?*$",
            re.IGNORECASE,
        ),
        "{claim}",
    ),
    (
        re.compile(
            r"^\W*(?:so |and |then )*(?:should|can|could|must|may|shall) (?:i|we|you|one|they) "
            r"(?P<claim>(?:use|lower|reduce|treat|"
            r"track|follow|stop|avoid|withhold|give|start|delay|wait|bring down)\b.{4,})\?*$",
            re.IGNORECASE,
        ),
        "{claim}",
    ),
    (
        re.compile(
            r"^\W*(?:why (?:is|are|does|do|should)|is it true that|is it correct that|does it matter "
            r"that)\s(?P<claim>.{8,})\?*$",
            re.IGNORECASE,
        ),
        "{claim}",
    ),
)


# A measure with its value, or a use, named as if it were settled: "the odds ratio of 5.90 for ...", "Using X as Y".
_MEASURED = re.compile(
    r"\b(?:the|an?)\s(?P<measure>(?:adjusted\s)?"
    r"(?:odds ratio|hazard ratio|relative risk|risk ratio|incidence rate ratio|"
    r"(?-i:OR|HR|RR|IRR|SIR)|sensitivity|specificity|prevalence|half-life|cut-?off|threshold|dose|maximum(?: dose)?))\s"
    r"of\s(?:about\s)?(?P<value>\d[\d.,]*\s?(?:%|[a-zµ]+(?:/[a-zA-Z]+)?)?)\s(?P<about>(?:for|of|in|between|with|as)\s.{2,}?)"
    r"(?:\s(?:about|mean|come from|based on|apply to|refer to))?\W*$",
    re.IGNORECASE,
)
_USED = re.compile(
    r"^\W*(?:(?:the )?use of|using|role of)\s(?P<claim>.{4,80}?\s(?:as|for|to|instead of|in)\s.{4,})$", re.IGNORECASE
)

_ASKS = re.compile(
    r"^\W*(?:\w+\W+){0,2}?(?:what|how|when|which|who|why|where|is|are|was|does|do|did|should|can|could|may|must|would|will|has|have|and|if)\b",
    re.IGNORECASE,
)


_VERB = re.compile(
    r"^\W*(?:give|use|start|stop|treat|test|repeat|check|switch)\b|"
    r"\b(?:is|are|works?|needs?|needed|must|can|should|causes?|means?|helps?|prevents?|lowers?|raises?|shows?|goes)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Assertion:
    """Words of the question that claim something. ``is_firm``: given as a reason or put up for assent ("since ...",
    "..., right?"); else only said in passing or presupposed by asking."""

    text: str
    is_firm: bool


@dataclass(frozen=True, slots=True)
class Understood:
    """``understanding`` as recorded; ``asked`` is the latest turn alone; ``focus`` is what this turn adds to the
    topic."""

    understanding: Understanding
    asked: str
    assertions: tuple[Assertion, ...]
    notices: tuple[str, ...]
    conversions: tuple[str, ...]
    is_pushback: bool
    routes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _State:
    """The conversation after some turns: ``base`` question, ``modifiers`` put on it since, facts and topics."""

    base: str = ""
    modifiers: tuple[str, ...] = ()
    kind: str = "general"
    topics: tuple[str, ...] = ()
    slots: Mapping[str, str] = field(default_factory=dict)
    jurisdiction: str | None = None
    is_pushback: bool = False
    notes: tuple[str, ...] = ()

    @property
    def whole(self) -> str:
        return join_question(self.base, self.modifiers)


def understand(question: Question, *, asked: str, vocabulary: Vocabulary) -> Understood:
    """Read the turns in order, then ``asked`` (the screened question). Slots given with the question stand until its
    own words say otherwise. Nothing is raised."""
    state = _State()
    for turn in question.history:
        if turn.role == "user" and not _FILLER.match(turn.content):
            state = _step(state, turn.content, vocabulary)
    before = replace(state, slots=merge_slots(state.slots, question.slots), notes=())
    state = _step(before, asked, vocabulary)
    slots = dict(state.slots)
    if question.slots:
        slots = merge_slots(merge_slots(slots, question.slots), read_slots(asked, vocabulary))
    notes = list(state.notes)
    jurisdiction = state.jurisdiction or question.jurisdiction or slots.get("country")
    notes.append(
        f"jurisdiction: {jurisdiction or 'all, each named'}"
        + (" (from the words of the question)" if state.jurisdiction else "")
    )
    conversions = tuple(_conversions(slots, asked))
    notes += [f"unit: {line}" for line in conversions]
    if slots:
        notes.append("facts of the patient: " + ", ".join(f"{name} {value}" for name, value in slots.items()))
    notices = []
    if state.is_pushback:
        notices.append(
            "The question before is answered again from the sources. A sourced dose or threshold stands whoever says "
            "otherwise; a changed fact of the patient would change the answer."
        )
    whole = state.whole
    return Understood(
        Understanding(whole, state.kind, state.topics, slots, jurisdiction, tuple(notes)),
        asked,
        tuple(read_assertions(_without_pronoun(asked, before, vocabulary))),
        tuple(notices),
        conversions,
        state.is_pushback,
        read_routes(whole),
    )


def _step(state: _State, text: str, vocabulary: Vocabulary) -> _State:
    """The state after one more turn of the user."""
    topics = tuple(dict.fromkeys(mention.term for mention in vocabulary.find(text) if mention.kind != "route"))
    facts = read_slots(text, vocabulary)
    place = country_of(text)
    facts.pop("country", None)
    if place and re.search(r"\b(?:patient|lives?|from|live)\b", text, re.IGNORECASE):
        facts["country"] = place
    if not state.base:
        kind, why = kind_of(text, vocabulary.find(text))
        return _State(text, (), kind, topics, facts, place, False, (f"kind: {kind} ({why})",))
    slots = merge_slots(state.slots, facts)
    jurisdiction = place or state.jurisdiction
    if _is_pushback(text, facts):
        note = "pushback: the question before is answered again; nothing said about doses changes it"
        return replace(state, slots=slots, is_pushback=True, notes=(f"kind: {state.kind} (from the turn before)", note))
    if _is_correction(text, facts):
        note = "a corrected fact of the patient: the question before is answered again"
        dimension, rest = _dimension(text), _CORRECTION.sub("", text).strip(" ,.?!")
        modifiers = tuple(
            rest if dimension != "other" and _dimension(old) == dimension else old for old in state.modifiers
        )
        notes = (f"kind: {state.kind} (from the turn before)", note)
        return replace(
            state, slots=slots, modifiers=modifiers, is_pushback=False, jurisdiction=jurisdiction, notes=notes
        )
    if _is_follow_up(text, topics, state, vocabulary):
        return _followed(
            replace(state, slots=slots, jurisdiction=jurisdiction, is_pushback=False), text, topics, vocabulary
        )
    kind, why = kind_of(text, vocabulary.find(text))
    same_patient = bool(_PATIENT_ANAPHORA.search(text)) or not _is_new_topic(topics, state, vocabulary)
    kept = slots if same_patient else facts
    notes = (
        f"kind: {kind} ({why})",
        "a new question"
        + ("; the patient's facts are kept" if same_patient else "; facts of the topic before are dropped"),
    )
    return _State(text, (), kind, topics, kept, place or (state.jurisdiction if same_patient else None), False, notes)


def _followed(state: _State, text: str, topics: tuple[str, ...], vocabulary: Vocabulary) -> _State:
    """A follow-up: a new kind of question on the old topic, or a modifier put on the old question."""
    rest = _LEAD.sub("", text).strip(" ?.!,")
    kind, why = kind_of(rest, vocabulary.find(rest))
    all_topics = tuple(dict.fromkeys([*topics, *state.topics]))
    if (
        re.match(r"\W*(?:how often|how long|for how long|how many)\b", rest, re.IGNORECASE)
        and state.kind in {"dose", "monitoring"}
        and kind in {"general", "dose"}
    ):
        kind, why = state.kind, "from the turn before"
    has_own_kind = kind != "general" or bool(re.search(r"\b(?:manag|treat)\w*", rest, re.IGNORECASE))
    if has_own_kind and kind != state.kind:
        about = ", ".join(_names(state.topics, vocabulary)) or state.base.strip(" ?")
        base = f"{rest} ({about})"
        notes = (f"kind: {kind} ({why})", "a follow-up with its own kind of question on the topic before")
        return replace(
            state, base=base, modifiers=_circumstance_modifiers(state), kind=kind, topics=all_topics, notes=notes
        )
    swapped = _other_drug(state.base, rest, vocabulary)
    if swapped:
        notes = (f"kind: {state.kind} (from the turn before)", f"a follow-up: {rest!r} takes the place of the medicine")
        modifiers = _circumstance_modifiers(state)
        return replace(state, base=swapped, modifiers=modifiers, topics=all_topics, notes=notes)
    dimension = _dimension(rest)
    kept = tuple(modifier for modifier in state.modifiers if _dimension(modifier) != dimension or dimension == "other")
    base = _ROUTES.sub("", state.base) if dimension == "route" and _ROUTES.search(rest) else state.base
    modifiers = (*kept, rest)[-MAX_MODIFIERS:]
    notes = (f"kind: {state.kind} (from the turn before)", f"a follow-up: {rest!r} is put on the question before")
    return replace(state, base=re.sub(r"\s+", " ", base), modifiers=modifiers, topics=all_topics, notes=notes)


def _other_drug(base: str, rest: str, vocabulary: Vocabulary) -> str:
    """The question before about another medicine: "and dexamethasone?" after "octreotide dose in bowel obstruction".
    "" when ``rest`` is more than a medicine, or the question before does not name just one."""
    new = [mention for mention in vocabulary.find(rest) if mention.kind == "drug"]
    if len(new) != 1 or re.sub(r"[\W\d_]|\b(?:the|of)\b", "", rest[: new[0].start] + rest[new[0].end :]):
        return ""
    old = [mention for mention in vocabulary.find(base) if mention.kind == "drug"]
    if len({mention.term for mention in old}) != 1 or old[0].term == new[0].term:
        return ""
    return base[: old[0].start] + new[0].text + base[old[0].end :]


def _is_pushback(text: str, facts: Mapping[str, str]) -> bool:
    """Pressure and nothing asked: doubt, an authority, or another figure put against the answer. A fact of the patient
    is no pressure."""
    found = _PUSHBACK.search(text)
    if not found:
        return not facts and "?" not in text and bool(_OTHER_FIGURE.search(text))
    rest = _PUSHBACK.sub(" ", text)
    asks = rest.rstrip().endswith("?") and re.search(r"\b(?:what|how|when|which|who)\b", rest, re.IGNORECASE)
    return not asks or len(rest.split()) < 4


def _is_correction(text: str, facts: Mapping[str, str]) -> bool:
    stated = (
        bool(facts)
        and "?" not in text
        and not re.search(r"\b(?:what|how|which|when|should|does|is there)\b", text, re.IGNORECASE)
    )
    return bool(facts) and (bool(_CORRECTION.match(text)) or stated)


def _is_follow_up(text: str, topics: tuple[str, ...], state: _State, vocabulary: Vocabulary) -> bool:
    """Elliptical, or short with no subject of its own, or pointing back without naming a new topic."""
    subjects = [topic for topic in topics if vocabulary.terms[topic].kind in {"drug", "analyte", "condition", "topic"}]
    new = [
        topic
        for topic in subjects
        if not _shares(topic, state.topics, vocabulary) and not _is_circumstance(topic, vocabulary)
    ]
    if _FOLLOWS.search(text) and not _names_another_thing(text, topics, state, vocabulary):
        return not (len(new) > 0 and len(text.split()) > 9)
    if _names_another_thing(text, topics, state, vocabulary):
        return False
    if not subjects and len(text.split()) <= 7:
        return True
    return not new and bool(_ANAPHORA.search(text)) and len(text.split()) <= 12


def _names_another_thing(text: str, topics: tuple[str, ...], state: _State, vocabulary: Vocabulary) -> bool:
    """ "And the dose of allopurinol?" names its own object, be it known or not: it is about nothing that went
    before."""
    match = _OBJECT.search(text) or _TREATED.search(text)
    if not match or any(entry.pattern.search(match[1].lower()) for entry in known_circumstances()):
        return False
    found = [mention.term for mention in vocabulary.find(match[1])]
    return not any(_shares(topic, state.topics, vocabulary) for topic in found)


def _is_new_topic(topics: tuple[str, ...], state: _State, vocabulary: Vocabulary) -> bool:
    subjects = [topic for topic in topics if not _is_circumstance(topic, vocabulary)]
    return bool(subjects) and not any(_shares(topic, state.topics, vocabulary) for topic in subjects)


def _shares(topic: str, others: tuple[str, ...], vocabulary: Vocabulary) -> bool:
    mine = vocabulary.broader(topic)
    return any(
        topic in vocabulary.broader(other) or other in mine or mine & vocabulary.broader(other) for other in others
    )


def _is_circumstance(topic: str, vocabulary: Vocabulary) -> bool:
    name = vocabulary.terms[topic].name.lower()
    return any(entry.pattern.search(name) for entry in known_circumstances())


def _circumstance_modifiers(state: _State) -> tuple[str, ...]:
    return tuple(modifier for modifier in state.modifiers if _dimension(modifier) not in {"other", "route"})[
        -MAX_MODIFIERS:
    ]


def _dimension(text: str) -> str:
    """What a modifier speaks about, so that a newer one replaces the older: a circumstance, the route, the age, or
    other."""
    for entry in known_circumstances():
        if entry.pattern.search(text.lower()):
            return entry.id
    return "route" if _ROUTES.search(text) else "other"


def _names(topics: tuple[str, ...], vocabulary: Vocabulary) -> Iterator[str]:
    for topic in topics[:4]:
        yield vocabulary.terms[topic].name


def join_question(base: str, modifiers: tuple[str, ...]) -> str:
    """One readable question: "Hydroxocobalamin dose?" and "she has neuropathy" give "Hydroxocobalamin dose, if she has
    neuropathy?"."""
    if not modifiers:
        return base
    parts = [base.strip().rstrip("?.! ")]
    for modifier in modifiers:
        clause = re.match(r"(?:she|he|they|it|the patient|there)\b", modifier, re.IGNORECASE)
        parts.append(f"if {modifier}" if clause else modifier)
    return ", ".join(parts) + "?"


def kind_of(text: str, mentions: Iterable[Mention] = ()) -> tuple[str, str]:
    """The kind of question and the words that showed it; of a patient's story only what is asked at its end counts.

    Two medicines put side by side ("naloxegol with clarithromycin") ask whether they go together: ``mentions`` are the
    names in ``text``."""
    asked = focus(text).asked
    for kind, pattern in _kinds():
        match = pattern.search(asked)
        if match and kind == "general" and _is_pair(text, mentions):
            break
        if match:
            return kind, f"the words {match.group().strip()!r}"
    if _is_pair(text, mentions):
        return "contraindication", "two medicines side by side"
    return "general", "no words of a narrower kind"


def _is_pair(text: str, mentions: Iterable[Mention]) -> bool:
    drugs = sorted((m for m in mentions if m.kind == "drug" and not m.ambiguous), key=lambda m: m.start)
    return any(
        one.term != other.term and bool(_BESIDE.fullmatch(text[one.end : other.start].lower()))
        for one, other in pairwise(drugs)
    )


@cache
def _kinds() -> tuple[tuple[str, re.Pattern[str]], ...]:
    table = tomllib.loads((Path(__file__).with_name("data") / "kinds.toml").read_text(encoding="utf-8"))
    return tuple((kind, re.compile("|".join(entry["words"]), re.IGNORECASE)) for kind, entry in table.items())


def read_routes(text: str) -> tuple[str, ...]:
    """Routes named in ``text``: ``oral``, ``injection`` (IM, IV, SC, injections) or ``other``, each once."""
    routes = []
    for match in _ROUTES.finditer(text):
        word = match[1].lower()
        if word in {"im", "iv", "sc"} and match[1] != match[1].upper():
            continue  # "im" is how "I'm" is typed
        oral = word.startswith(("oral", "by mouth", "tablet"))
        routes.append("oral" if oral else "other" if word in {"nasal", "sublingual"} else "injection")
    return tuple(dict.fromkeys(routes))


def read_assertions(text: str) -> Iterator[Assertion]:
    """What the question states or takes for granted, in its own words, for the checker to judge."""
    for sentence in re.split(r"(?<=[.?!])\s+", text.strip()):
        tag = _TAG.match(sentence)
        if tag:
            yield Assertion(_declarative(tag["claim"]), True)
            continue
        reason = _REASON.search(sentence)
        if reason:
            yield Assertion(_declarative(reason["claim"]), True)
            continue
        if (
            not sentence.endswith("?")
            and not re.match(r"\W*(?:what|how|when|which|who|why|is|are|does|do|should|can)\b", sentence, re.IGNORECASE)
            and len(sentence.split()) >= 4
        ):
            yield Assertion(_declarative(sentence), False)
            continue
        if (
            sentence.endswith("?")
            and len(sentence.split()) >= 6
            and not _ASKS.match(sentence)
            and _VERB.search(sentence)
        ):
            yield Assertion(_declarative(sentence), False)
        measured = _MEASURED.search(sentence.rstrip(" ?.!"))
        if measured:
            yield Assertion(_declarative(f"the {measured['measure']} {measured['about']} is {measured['value']}"), True)
        used = _USED.match(sentence.rstrip(" ?.!"))
        if used:
            yield Assertion(_declarative(f"use {used['claim']}"), False)
        for pattern, form in _PRESUPPOSED:
            match = pattern.match(sentence)
            if match:
                yield Assertion(_declarative(form.format(claim=match["claim"])), False)


def _without_pronoun(asked: str, before: _State, vocabulary: Vocabulary) -> str:
    """The latest turn with "it" named by the topic before, so that an assertion can be judged alone."""
    names = [vocabulary.terms[topic].name for topic in before.topics if vocabulary.terms[topic].kind != "condition"]
    return re.sub(r"\bit\b", names[0], asked, count=1) if names else asked


def _declarative(claim: str) -> str:
    claim = re.sub(r"^\W*(?:so|then|and|but)\b[\s,]*", "", claim, flags=re.IGNORECASE).strip(" ,;?.!")
    return claim[:1].upper() + claim[1:] + "."


_SHOWN_IN = {"b12": ("vitamin B12", ("ng/L", "pmol/L")), "creatinine": ("creatinine", ("umol/L", "mg/dL"))}
_UNIT_SHOWN = {"umol/L": "micromol/L"}


def _conversions(slots: Mapping[str, str], asked: str) -> Iterator[str]:
    """One line for each laboratory value of the current question in the other customary unit, rounded and said so."""
    for name, (analyte, units) in _SHOWN_IN.items():
        parts = slots.get(name, "").split()
        if len(parts) != 2 or parts[0] not in asked.replace(",", ""):
            continue
        code = canonical_unit(parts[1])
        if code is None:
            continue
        for unit in units:
            try:
                same = convert(Fraction(1), code, unit) == 1
            except QuantityError:
                same = False
            if same:
                continue
            try:
                value = convert(Fraction(parts[0]), code, unit, analyte=analyte)
            except QuantityError:
                continue
            name_shown, unit_shown = analyte[:1].upper() + analyte[1:], _UNIT_SHOWN.get(unit, unit)
            yield f"{name_shown} {parts[0]} {parts[1]} is about {_rounded(value)} {unit_shown}."


def _rounded(value: Fraction) -> str:
    """Whole number from 10 up, else two decimals; thousands with a comma."""
    if value >= 10:
        return f"{(2 * value + 1) // 2:,}"
    hundredths = (value * 200 + 1) // 2
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def conditions_of(slots: Mapping[str, str]) -> list[str]:
    return items(slots, "conditions")
