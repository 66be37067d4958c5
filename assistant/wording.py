"""The words of a statement that carry meaning, each with its polarity, and how firmly each clause speaks.

Owns the comparison of two statements beyond their quantities: which words one has that the other lacks, which are negated
in one and affirmed in the other, which are opposites, and whether "consider" became "offer". Both sides are always read by
the same functions, so a statement agrees with itself. The word lists stand in ``wording_lists``. No probability, no model.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.normalise import Normal, normalise
from assistant.vocabulary import Mention, Vocabulary
from assistant.wording_lists import (
    CANONICAL,
    CRITICAL,
    DRUG_ENDINGS,
    EVIDENCE_CUES,
    FIRM,
    IMPERATIVES,
    IRREGULAR,
    JURISDICTION_WORDS,
    MEDICAL_ENDINGS,
    NEGATES_CLAUSE,
    NEGATES_PHRASE,
    NEGATIVE_WORDS,
    NEUTRAL,
    OPPOSITES,
    PREFIXES,
    PRESCRIPTIVE,
    STOP,
    WEAK,
)

_WORD = re.compile(r"\b[Bb]-\d{1,2}\b|[^\W_]+(?:['’][^\W_]+)?")  # "B-12" is B12
# where a negation stops at the latest, and where one clause's firmness ends
_STRONG = re.compile(
    r"[;:!?\n]|\.(?=\s|$)|\u2014|(?<!\d)\s[\u2013-]\s(?!\d)|,?\s+(?:but|whereas|while|although|though|however|yet|vs\.?|versus|then)\b"
    r"|,\s+and\b(?=(?:\s+[\w-]+){0,4}\s+(?:is|are|was|were|may|can|should|must|will|has|have)\b)|,\s+and\b(?=\s+(?:is|are|was|were|may|can|should|must|do|not|has|have|give|use|offer|consider|start|stop|test|repeat|"
    r"review|monitor|continue|avoid|measure|check|refer)\b)",
    re.IGNORECASE,
)
_WEAK_BREAK = frozenset(
    """who which that if when where because since after before until unless though as so once whose despite""".split()
)
_PHRASE_STOP = frozenset(
    """for in on after with during until before is are was were be should must may can could will would has have had
    at by from to as then who which that if when give use offer inject where than because and/or need needs using
    take""".split()
)


@dataclass(frozen=True, slots=True)
class Word:
    """``stem`` is canonical (``term:<id>`` for a term of the vocabulary); offsets count in the original text."""

    stem: str
    start: int
    end: int
    negated: bool
    clause: int
    critical: bool
    neutral: bool
    part: bool = False  # one of the words inside a vocabulary term that is listed on its own too
    soft: bool = False  # the subject of a denied verb ("folate must not be given"): proves neither sign
    phrase: int = 0  # number of the part of the clause it stands in: "when", "which", "if" begin a new one

    @property
    def items(self) -> tuple[tuple[str, bool], ...]:
        """What this word says as a source: its stem with its sign, with both signs where it is soft."""
        return ((self.stem, False), (self.stem, True)) if self.soft else ((self.stem, self.negated),)


@dataclass(frozen=True, slots=True)
class Clause:
    """``firmness``: 1 may/consider, 2 should/offer/imperative, 3 must; None when the words say none of these."""

    start: int
    end: int
    firmness: int | None  # of its weakest cue
    negated: bool
    firmest: int | None = None
    tentative: bool = False  # "may", "consider": a recommendation or a possibility; "can" alone is an ability


@dataclass(frozen=True, slots=True)
class Wording:
    words: tuple[Word, ...]
    clauses: tuple[Clause, ...]
    terms: frozenset[str]  # ids of vocabulary terms, ambiguous short forms left out
    jurisdictions: frozenset[str]
    tokens: tuple[tuple[str, int, int], ...] = ()  # every word, small ones too: (lower case, start, end)

    def stems(self, *, negated: bool) -> frozenset[str]:
        return frozenset(word.stem for word in self.words if word.negated is negated)


def read_wording(
    text: str,
    vocabulary: Vocabulary | None = None,
    normal: Normal | None = None,
    mentions: Sequence[Mention] | None = None,
) -> Wording:
    """The wording of ``text`` (markup already blanked); offsets of the result count in ``text``.

    ``mentions`` are those of the vocabulary in ``normal.text`` where they have been looked up already.
    """
    normal = normal or normalise(text)
    copy = normal.text
    clauses = _clauses(copy, normal)
    tokens = [(m.start(), m.end(), m[0].casefold().replace("’", "'").replace("-", "")) for m in _WORD.finditer(copy)]
    negated, soft, phrases = _negated(copy, tokens, clauses)
    if mentions is None:
        mentions = vocabulary.find(copy) if vocabulary is not None else ()
    words: list[Word] = []
    terms: set[str] = set()
    inside: dict[int, int] = {}
    for mention in mentions:
        if not mention.ambiguous:
            terms.add(mention.term)
        for position in range(mention.start, mention.end):
            inside[position] = mention.end
    clause = 0
    spans = [normal.span(start, end) for start, end, _ in tokens]
    for index, (start, end, token) in enumerate(tokens):
        while clause < len(clauses) - 1 and start >= clauses[clause][1]:
            clause += 1
        stem = stem_of(token)
        if not stem or token in STOP:
            continue
        words.append(
            Word(
                stem.lstrip("!"),
                spans[index].start,
                spans[index].end,
                negated[index] ^ stem.startswith("!"),
                clause,
                _is_critical(token, stem.lstrip("!"), copy[start:end]),
                stem in NEUTRAL
                or token in NEUTRAL
                or (token == "after" and _ahead(tokens, index, 1) in (["that"], ["which"]))
                or (token == "longer" and index > 0 and tokens[index - 1][2] in {"no", "any"}),
                part=start in inside,
                soft=soft[index],
                phrase=phrases[index],
            )
        )
    starts = {token[0]: index for index, token in enumerate(tokens)}
    for mention in mentions:
        if mention.ambiguous or mention.start not in starts:
            continue
        first = starts[mention.start]
        span = normal.span(mention.start, mention.end)
        at = next((n for n, c in enumerate(clauses) if mention.start < c[1]), len(clauses) - 1)
        words.append(
            Word(
                f"term:{mention.term}",
                span.start,
                span.end,
                negated[first],
                at,
                True,
                False,
                False,
                soft[first],
                phrases[first],
            )
        )
    words.sort(key=lambda word: (word.start, word.end, word.stem))
    return Wording(
        tuple(words),
        tuple(_firmness(copy, c, tokens, negated, normal) for c in clauses),
        frozenset(terms),
        countries_in(copy),
        tuple((token, span.start, span.end) for (_, _, token), span in zip(tokens, spans, strict=True)),
    )


_CAPITAL = re.compile(r"\b[A-Z][A-Za-z./]+\b")


def countries_in(text: str) -> frozenset[str]:
    """The jurisdictions that a text names: "uk", "us", "eu"."""
    return frozenset(JURISDICTION_WORDS[m] for m in _CAPITAL.findall(text) if m in JURISDICTION_WORDS)


def _clauses(copy: str, normal: Normal) -> list[tuple[int, int]]:
    cuts = [m.start() for m in _STRONG.finditer(copy)]
    if normal.starts is not None:  # the copy has one dash for all; an em dash of the original divides clauses
        cuts += [i for i, c in enumerate(copy) if c == "-" and normal.original[normal.starts[i]] == "\u2014"]
    edges = [0, *sorted(set(cuts)), len(copy)]
    return [(a, b) for a, b in zip(edges, edges[1:], strict=False) if b > a] or [(0, len(copy))]


def _negated(
    copy: str, tokens: Sequence[tuple[int, int, str]], clauses: Sequence[tuple[int, int]]
) -> tuple[list[bool], list[bool], list[int]]:
    """For every token: whether it is negated, whether it is the subject of a denied verb, and its part of the clause.

    A verb's negation ("do not", "must not") covers what follows in its part of the clause, a noun's ("without", "no",
    "not with") the phrase behind it, and "no evidence that" the whole rest of the clause.
    """
    flags, soft, phrases = [False] * len(tokens), [False] * len(tokens), [0] * len(tokens)
    number = 0
    for start, end in clauses:
        parts: list[list[int]] = [[]]
        for i in (i for i, token in enumerate(tokens) if start <= token[0] < end):
            if tokens[i][2] == "as" and parts[-1] and _is_role(copy, tokens, i):
                parts[-1].append(i)  # "not used as a marker": no new beginning
                continue
            if tokens[i][2] == "that" and any(_denies(tokens[j][2]) for j in parts[-1]):
                parts[-1].append(i)  # "does not show that ...": what follows is denied too
                continue
            begun = parts[-1] and tokens[parts[-1][0]][2] in _WEAK_BREAK
            if parts[-1] and (tokens[i][2] in _WEAK_BREAK or (begun and "," in copy[tokens[i - 1][1] : tokens[i][0]])):
                parts.append([])
            parts[-1].append(i)
        to_end = False
        for part in parts:
            number += 1
            if to_end:
                _flip(flags, (j for j in part if tokens[j][2] != "insufficient"))
            for place, i in enumerate(part):
                phrases[i] = number
                token, rest = tokens[i][2], part[place + 1 :]
                following = tokens[rest[0]][2] if rest else ""
                if token in EVIDENCE_CUES or (
                    token in _FEW
                    and ("evidence" in _ahead(tokens, i, 4) or (token == "insufficient" and following == "to"))
                ):
                    if not to_end:  # "insufficient to conclude that ..., and equally insufficient to call it ...": one denial
                        _flip(flags, (j for j in rest if tokens[j][2] != "insufficient"))
                    to_end = True
                elif (token, following) in _INSTEAD:
                    _flip(flags, _phrase(copy, tokens, rest[1:]))
                elif token == "not" and following in _NOT_PHRASE:
                    _flip(flags, _phrase(copy, tokens, rest[1:]))
                elif _denies(token) or (token, following) == ("no", "longer"):
                    scope = _from_last_comma(copy, tokens, part, place, flags)
                    if not rest or re.match(r"\s*[.;,(]", copy[tokens[i][1] : tokens[i][1] + 3]):
                        scope = _behind_and(tokens, scope, i)
                    if not (
                        token == "not" and following in {"only", "just", "merely"} and not _number_ahead(tokens, rest)
                    ):
                        _flip(flags, rest)
                        is_said_of = token in {"not", "no"} and i > 0 and tokens[i - 1][2] in _COPULA
                        for j in (*(j for j in scope if j < i), *(_placed(tokens, rest) if is_said_of else ())):
                            soft[j] = True
                elif token in NEGATES_PHRASE:
                    _flip(flags, _phrase(copy, tokens, rest))
    for start, end in (*_attributions(copy), *_tails(copy, tokens, clauses)):
        for i, (at, _, _) in enumerate(tokens):
            if start <= at < end:
                flags[i] = soft[i] = False
    return flags, soft, phrases


# "(NICE NG185)", "(US label)", "(review, 2019)": whose statement it is; no denial reaches into it
_BRACKET = re.compile(r"\(([^()]{2,90})\)")
_WHOSE = re.compile(
    r"(?:(?:second-hand|reported|from|a|the|review|label|guideline|guidance|consensus|leaflet|table|summary|textbook|teaching|information"
    r"|product|care|bundle|pathway|systematic|educational|care|national|international|and|of|in|for|as|by|to|on|printed|page|older|newer"
    r"|edition|editions|exists?|[A-Z][\w'/-]*|(?:19|20)\d\d)[\s,;]*)+"
)


def _attributions(copy: str) -> Iterable[tuple[int, int]]:
    """Spans of the brackets that name a source, a country or a year and say nothing else."""
    if "(" not in copy:
        return
    for bracket in _BRACKET.finditer(copy):
        if re.search(r"[A-Z]{2}|[A-Z][a-z]+|(?:19|20)\d\d", bracket[1]) and _WHOSE.fullmatch(bracket[1]):
            yield bracket.span(1)


_TAIL = re.compile(r",\s+(in|for|after|during|on|among)\s+(?:[^\s,;:.()]+\s*){1,9}$", re.IGNORECASE)


def _tails(
    copy: str, tokens: Sequence[tuple[int, int, str]], clauses: Sequence[tuple[int, int]]
) -> Iterable[tuple[int, int]]:
    """Spans of a condition that was moved behind: "X is not given with Y, in cancer" speaks of cancer as "In cancer, ..." does.

    Only one phrase at the end of a clause, without a verb, and not the last of a list of such phrases.
    """
    for start, end in clauses:
        part = copy[start:end].rstrip(" .")
        found = _TAIL.search(part) if "," in part else None
        if found is None or re.search(rf"\b{found[1]}\b", part[: found.start()], re.IGNORECASE):
            continue
        words = {token for at, _, token in tokens if start + found.start() <= at < end}
        if not words & (NEGATES_CLAUSE | NEGATES_PHRASE | _VERBS):
            yield start + found.start(), end


_VERBS = frozenset("is are was were be has have should must may can could will would do does and or but".split())
_ROLE_VERBS = frozenset("use used using serve serves regard regarded treat treated interpret interpreted take taken given view viewed".split())
_COPULA = frozenset(["is", "are", "was", "were"])
_INSTEAD = frozenset([("rather", "than"), ("instead", "of")])
_PLACING = frozenset("in for during after before at among because".split())


def _is_role(copy: str, tokens: Sequence[tuple[int, int, str]], i: int) -> bool:
    """Whether this "as" says what for ("as a marker", "used as monotherapy") and does not begin a clause ("as it may harm")."""
    if "," in copy[tokens[i - 1][1] : tokens[i][0]]:
        return False
    following = tokens[i + 1][2] if i + 1 < len(tokens) else ""
    return following in {"a", "an", "the"} or any(token[2] in _ROLE_VERBS for token in tokens[max(0, i - 3) : i])


def _placed(tokens: Sequence[tuple[int, int, str]], rest: Sequence[int]) -> list[int]:
    """What a denied predicate is said about: "in breastfeeding" of "is not safe in breastfeeding" is not denied itself.

    Only behind a word that carries the denial; of "do not treat in pregnancy" everything is denied.
    """
    carried = False
    for place, i in enumerate(rest):
        token = tokens[i][2]
        if token in _PLACING:
            return list(rest[place + 1 :]) if carried else []
        stem = stem_of(token).lstrip("!")
        if token in NEUTRAL or stem in NEUTRAL:
            return []  # "is not recommended in pregnancy": the denial is about pregnancy
        carried = carried or token not in STOP
    return []


def _denies(token: str) -> bool:
    return token in NEGATES_CLAUSE or token.endswith("n't")


def _from_last_comma(
    copy: str, tokens: Sequence[tuple[int, int, str]], part: list[int], place: int, flags: list[bool]
) -> list[int]:
    """A second denial behind a comma begins anew: in "does not wait, and X is never given" the first ends at the comma."""
    before = part[:place]
    if not any(_denies(tokens[j][2]) for j in before):
        return part
    commas = [n for n in range(1, place + 1) if "," in copy[tokens[part[n - 1]][1] : tokens[part[n]][0]]]
    if not commas:
        return part
    for j in part[commas[-1] :]:
        flags[j] = False
    return part[commas[-1] :]


def _behind_and(tokens: Sequence[tuple[int, int, str]], scope: list[int], i: int) -> list[int]:
    """The subject of a denial that ends its clause: in "A is recommended and B is not" only B."""
    joints = [n for n, j in enumerate(scope) if j < i and tokens[j][2] in {"and", "but"}]
    return scope[joints[-1] :] if joints else scope


_FEW = frozenset({"no", "insufficient", "lack", "little"})
_NOT_PHRASE = frozenset(["with", "on", "in", "for", "by", "from", "due", "because"])


def _flip(flags: list[bool], indexes: Iterable[int]) -> None:
    for index in indexes:
        flags[index] = not flags[index]


def _number_ahead(tokens: Sequence[tuple[int, int, str]], rest: Sequence[int]) -> bool:
    return len(rest) > 1 and tokens[rest[1]][2][0].isdigit()


def _ahead(tokens: Sequence[tuple[int, int, str]], index: int, count: int) -> list[str]:
    return [token[2] for token in tokens[index + 1 : index + 1 + count]]


def _phrase(copy: str, tokens: Sequence[tuple[int, int, str]], part: Sequence[int]) -> list[int]:
    """The tokens of the noun phrase behind "without", "no" ...: up to a comma, a preposition, a verb, or five words."""
    found: list[int] = []
    for i in part:
        gap = copy[tokens[i - 1][1] : tokens[i][0]] if i else ""
        if "," in gap and not found:  # "those with and those without, being ...": nothing behind it is denied
            break
        if found and (re.search(r"[,()]", gap) or tokens[i][2] in _PHRASE_STOP or _ends_phrase(tokens[i][2])):
            break
        found.append(i)
        if len(found) == 5:
            break
    return found


def _ends_phrase(token: str) -> bool:
    """A number or a drug is not part of what "without" denies: "without neurological involvement hydroxocobalamin 1 mg"."""
    return token[0].isdigit() or (len(token) > 7 and token.endswith(DRUG_ENDINGS))


# a denied instruction, in whatever strength: "do not", "must not", "never", "avoid"; not "when it is not possible"
_FORBIDS = re.compile(
    r"\b(?:must|should|shall|may|can|could|do|does|did)\s+(?:\w+\s+)?not\b|\bcannot\b|n't\b|\bnever\b|\bavoid|\bcontraindicat"
    r"|\bnot\s+(?:be\s+)?recommended\b",
    re.IGNORECASE,
)


def _firmness(
    copy: str,
    clause: tuple[int, int],
    tokens: Sequence[tuple[int, int, str]],
    negated: Sequence[bool],
    normal: Normal,
) -> Clause:
    inside = [(i, t[2]) for i, t in enumerate(tokens) if clause[0] <= t[0] < clause[1]]
    words = [word for _, word in inside]
    levels = (
        [1 for word in words if word in WEAK]
        + [2 for w in words if w in PRESCRIPTIVE]
        + [3 for w in words if w in FIRM]
    )
    imperative = bool(words) and (
        words[0] in IMPERATIVES or (words[0] in {"and", "then", "but"} and words[1:2] and words[1] in IMPERATIVES)
    )
    firmness = min(levels) if levels else (2 if imperative else None)
    span = normal.span(*clause)
    cue = bool(_FORBIDS.search(copy, clause[0], clause[1]))
    tentative = any(word in WEAK and word not in {"can", "could"} for word in words)
    return Clause(span.start, span.end, firmness, cue, max(levels) if levels else firmness, tentative)


@lru_cache(maxsize=65536)
def stem_of(token: str) -> str:
    """The canonical form of one word; ``!`` in front when the word itself denies it ("asymptomatic" is ``!symptom``)."""
    token = token.removesuffix("'s")
    if token in NEGATIVE_WORDS:
        return "!" + stem_of(NEGATIVE_WORDS[token])
    if token in IRREGULAR:
        return IRREGULAR[token]
    if token in CANONICAL:
        return CANONICAL[token]
    for prefix, stem in PREFIXES:
        if token.startswith(prefix):
            return stem
    if any(char.isdigit() for char in token):
        return token
    stem = _strip(_fold_spelling(token))
    return CANONICAL.get(stem, stem)


def _fold_spelling(token: str) -> str:
    token = token.replace("aem", "em").replace("oed", "ed").replace("oes", "es").replace("isation", "ization")
    token = re.sub(r"our(?=s?$|ed$|ing$|al$)", "or", token) if len(token) > 5 else token
    return re.sub(r"is(e[sd]?|ing)$", r"iz\1", token) if len(token) > 6 else token


def _strip(token: str) -> str:
    """Plural, -ing and -ed endings off; crude on purpose, and the same on both sides of every comparison."""
    if len(token) <= 3:
        return token
    for ending, keep in (
        ("ies", "y"),
        ("sses", "ss"),
        ("ing", ""),
        ("edly", ""),
        ("ed", ""),
        ("es", ""),
        ("s", ""),
        ("ly", ""),
    ):
        if token.endswith(ending) and len(token) - len(ending) >= 3 and not token.endswith(("ss", "us", "is")):
            token = token[: len(token) - len(ending)] + keep
            break
    if len(token) > 4 and token[-1] == token[-2] and token[-1] not in "sle":
        token = token[:-1]
    return token.rstrip("e") if len(token) > 4 else token


CRITICAL_STEMS = CRITICAL | {stem_of(word) for word in CRITICAL}
OPPOSITE_STEMS: dict[str, frozenset[str]] = {}
for _word, _others in OPPOSITES.items():
    for _form in {_word, stem_of(_word)}:
        OPPOSITE_STEMS[_form] = OPPOSITE_STEMS.get(_form, frozenset()) | _others | {stem_of(other) for other in _others}


def _is_critical(token: str, stem: str, surface: str) -> bool:
    """Whether the word may never be added: populations, opposites, numbers, names of drugs, abbreviations."""
    if stem in CRITICAL_STEMS or token in CRITICAL:
        return True
    if any(char.isdigit() for char in token) or not token.isascii():
        return True
    if (len(token) > 5 and token.endswith(DRUG_ENDINGS)) or (len(token) > 6 and token.endswith(MEDICAL_ENDINGS)):
        return True
    return len(surface) > 1 and surface.isupper() and token not in NEUTRAL
