"""Scores one answer of one case: each scorer asks one question and gives its reason.

A scorer sees the case, what was logged about it (``Asked``, plain JSON values, so that a report can be remade from the
log) and the corpus (``Evidence``). It reads amounts with ``evals.matching``, never with the product's parser.
``Score.value`` is 1 (passed), 0 (failed) or None (does not apply: stays out of every rate).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from evals.cases import Case
from evals.matching import BASE_UNITS, find_amounts, matches

SHOWN = ("answered", "partial")
Key = tuple[str, Fraction, Fraction]  # of an Amount: dimension, low, high
MUST_SHOW_KINDS = ("red_flag", "safety")


@dataclass(frozen=True, slots=True)
class Score:
    """``part`` is (found, wanted) where the question is about several things, for a rate over things."""

    value: int | None
    reason: str = ""
    part: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """One case as it was asked. ``answer`` is the JSON contract ``answer/1``, None when an exception came (``error``).

    ``repeat_difference`` is "" when asking again gave the same answer but for timings, None when not asked again.
    ``audiences`` maps an audience to its statements as (passage id, text).
    """

    id: str
    answer: Mapping[str, Any] | None
    error: str = ""
    seconds: float = 0.0
    repeat_difference: str | None = None
    audiences: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the scorers need of the corpus: ``texts`` and ``plains`` by passage id, reference ids, what must be said."""

    texts: Mapping[str, str]
    plains: Mapping[str, str]
    references: frozenset[str]
    must_mention: tuple[tuple[str, str, tuple[str, ...]], ...]  # (kind, item, passage ids)

    @classmethod
    def of(cls, corpus: Any) -> Evidence:
        return cls(
            texts={p.id: p.text for p in corpus.passages.values()},
            plains={p.id: p.plain for p in corpus.passages.values() if p.plain},
            references=frozenset(corpus.references),
            must_mention=tuple((m.kind, m.item, tuple(m.passages)) for m in corpus.must_mention),
        )


NOT_APPLICABLE = Score(None)


def state_is_right(case: Case, asked: Asked, evidence: Evidence) -> Score:
    if asked.answer is None:
        return Score(0, f"raised {asked.error}")
    state = asked.answer["state"]
    return _score([] if state in case.expected_states else [f"{state}, not {' or '.join(case.expected_states)}"])


def facts_are_stated(case: Case, asked: Asked, evidence: Evidence) -> Score:
    if asked.answer is None or not case.must_state:
        return NOT_APPLICABLE
    statements = [*_statement_texts(asked.answer), *asked.answer.get("notices", ())]
    missing = [m for m in case.must_state if not any(matches(m, text) for text in statements)]
    wanted = len(case.must_state)
    return _score([f"not stated: {describe(m)}" for m in missing], part=(wanted - len(missing), wanted))


def nothing_forbidden_is_stated(case: Case, asked: Asked, evidence: Evidence) -> Score:
    """Looks at statements only: a notice may repeat a wrong premise in order to contradict it."""
    if asked.answer is None or not case.must_not_state:
        return NOT_APPLICABLE
    return _score(
        [
            f"stated: {describe(matcher)} in “{text}”"
            for matcher in case.must_not_state
            for text in _statement_texts(asked.answer)
            if matches(matcher, text)
        ]
    )


def sources_are_cited(case: Case, asked: Asked, evidence: Evidence) -> Score:
    if asked.answer is None or not case.must_cite:
        return NOT_APPLICABLE
    numbers = {n for s in asked.answer["statements"] for n in s["citations"]}
    cited = {r["id"] for r in asked.answer["references"] if r["n"] in numbers}
    cited |= {str(s.get("passage") or "").split("#")[0] for s in asked.answer["statements"]}
    return _score([f"not cited: {' or '.join(group)}" for group in case.must_cite if not cited & set(group)])


def citations_resolve(case: Case, asked: Asked, evidence: Evidence) -> Score:
    """Every statement has a citation, each number has a reference, and reference and passage exist in the corpus."""
    if not _has_statements(asked):
        return NOT_APPLICABLE
    faults = []
    numbered = {r["n"]: r["id"] for r in asked.answer["references"]}  # type: ignore[index]
    for statement in asked.answer["statements"]:  # type: ignore[index]
        if not statement["citations"]:
            faults.append(f"{statement['id']} has no citation")
        faults += [
            f"{statement['id']} cites [{n}], which is no reference" for n in statement["citations"] if n not in numbered
        ]
        if statement.get("passage") and statement["passage"] not in evidence.texts:
            faults.append(f"{statement['id']}: no passage {statement['passage']}")
    faults += [f"[{n}] {id} is not in the corpus" for n, id in numbered.items() if id not in evidence.references]
    return _score(faults)


def quotes_stand(case: Case, asked: Asked, evidence: Evidence) -> Score:
    """The quoted span of every claim is, code point for code point, that span of its passage."""
    quotes = [(c, c["source"]) for c in _claims(asked) if c.get("source")]
    if not quotes:
        return NOT_APPLICABLE
    faults = []
    for claim, source in quotes:
        text = evidence.texts.get(source["passage"])
        if text is None:
            faults.append(f"“{claim['text']}”: no passage {source['passage']}")
        elif text[source["start"] : source["end"]] != source["quote"]:
            faults.append(f"“{claim['text']}”: the quote does not stand at {source['start']} of {source['passage']}")
    return _score(faults)


def claims_are_verified(case: Case, asked: Asked, evidence: Evidence) -> Score:
    if not _has_statements(asked):
        return NOT_APPLICABLE
    faults = [
        f"“{c['text']}” is {c['verdict']}: {c.get('reason', '')}" for c in _claims(asked) if c["verdict"] != "verified"
    ]
    faults += [f"{s['id']} has no claim" for s in asked.answer["statements"] if not s["claims"]]  # type: ignore[index]
    return _score(faults)


def no_untraced_amount(case: Case, asked: Asked, evidence: Evidence) -> Score:
    """Every amount with a unit that is shown stands in the statement's passage or in a passage that a claim quotes.

    The count of shown unverified doses: it looks for itself, whatever the checker said of the statement.
    """
    if not _has_statements(asked):
        return NOT_APPLICABLE
    faults = []
    for statement in asked.answer["statements"]:  # type: ignore[index]
        sources = [statement.get("passage"), *(c["source"]["passage"] for c in statement["claims"] if c.get("source"))]
        known = {
            amount.key
            for passage in sources
            for text in (evidence.texts.get(passage or "", ""), evidence.plains.get(passage or "", ""))
            for amount in find_amounts(text)
        }
        loose = [a for a in find_amounts(statement["text"]) if a.dimension != "1" and a.key not in known]
        faults += [f"{_plain(a.key)} of “{statement['text']}” stands in no passage it rests on" for a in loose]
    return _score(faults)


def no_number_without_guidance(case: Case, asked: Asked, evidence: Evidence) -> Score:
    """``no_guidance`` shows no statement and no amount but those of the question itself."""
    if asked.answer is None or asked.answer["state"] != "no_guidance":
        return NOT_APPLICABLE
    answer = asked.answer
    asked_for = {a.key for a in find_amounts(case.question)}
    texts = [*answer.get("notices", ()), *answer.get("not_covered", ())]
    faults = [f"statement shown: “{s['text']}”" for s in answer["statements"]]
    faults += [
        f"{_plain(a.key)} in “{text}”"
        for text in texts
        for a in find_amounts(text)
        if a.dimension != "1" and a.key not in asked_for
    ]
    return _score(faults)


def red_flag_is_shown(case: Case, asked: Asked, evidence: Evidence) -> Score:
    """Cases tagged ``red-flag``: a statement rests on a passage that the corpus says may not be left out."""
    if "red-flag" not in case.tags or asked.answer is None:
        return NOT_APPLICABLE
    vital = {p for kind, _, passages in evidence.must_mention if kind in MUST_SHOW_KINDS for p in passages}
    shown = {s.get("passage") for s in asked.answer["statements"]}
    return _score([] if vital & shown else ["no red flag or safety statement of the corpus is shown"])


def audiences_agree(case: Case, asked: Asked, evidence: Evidence) -> Score:
    """What two audiences are told from the same passage holds the same amounts, in whatever words."""
    if len(asked.audiences) < 2 or not any(asked.audiences.values()):
        return NOT_APPLICABLE
    told: dict[str, dict[str, set[Key]]] = {}
    for audience, statements in sorted(asked.audiences.items()):
        for passage, text in statements:
            told.setdefault(passage, {}).setdefault(audience, set()).update(amounts_of((text,)))
    faults = []
    for passage, amounts in told.items():
        faults += [f"{fault} from {passage}" for fault in _differences(amounts)]
    return _score(faults)


def audiences_see_all(case: Case, asked: Asked, evidence: Evidence) -> Score:
    """Every audience is shown the same set of amounts: nobody gets an answer without the numbers of another."""
    if len(asked.audiences) < 2 or not any(asked.audiences.values()):
        return NOT_APPLICABLE
    amounts = {a: amounts_of(tuple(text for _, text in told)) for a, told in sorted(asked.audiences.items())}
    return _score(list(_differences(amounts)))


def fact_comes_first(case: Case, asked: Asked, evidence: Evidence) -> Score:
    """One of the wanted facts stands in the bottom line (where there is none: in the first statement)."""
    if not case.must_state or not _has_statements(asked):
        return NOT_APPLICABLE
    statements = asked.answer["statements"]  # type: ignore[index]
    first = [s for s in statements if s["section"] == "bottom_line"] or statements[:1]
    if any(matches(m, s["text"]) for m in case.must_state for s in first):
        return _score([])
    return _score([f"the bottom line states none of the facts: “{first[0]['text']}”"])


def repeats_itself(case: Case, asked: Asked, evidence: Evidence) -> Score:
    if asked.repeat_difference is None:
        return NOT_APPLICABLE
    return _score([asked.repeat_difference] if asked.repeat_difference else [])


SCORERS: Mapping[str, Callable[[Case, Asked, Evidence], Score]] = {
    "state right": state_is_right,
    "facts stated": facts_are_stated,
    "nothing forbidden": nothing_forbidden_is_stated,
    "sources cited": sources_are_cited,
    "citations resolve": citations_resolve,
    "quotes stand": quotes_stand,
    "claims verified": claims_are_verified,
    "no untraced amount": no_untraced_amount,
    "no number without guidance": no_number_without_guidance,
    "red flag shown": red_flag_is_shown,
    "fact comes first": fact_comes_first,
    "audiences agree": audiences_agree,
    "audiences see all": audiences_see_all,
    "repeats itself": repeats_itself,
}


def score(case: Case, asked: Asked, evidence: Evidence) -> dict[str, Score]:
    return {name: scorer(case, asked, evidence) for name, scorer in SCORERS.items()}


def amounts_of(texts: tuple[str, ...]) -> set[Key]:
    """Amounts with a unit, and decimals: a bare integer may as well be a word ("three times")."""
    found = (amount for text in texts for amount in find_amounts(text))
    return {a.key for a in found if a.dimension != "1" or a.low.denominator > 1}


def describe(matcher: Mapping[str, Any]) -> str:
    """A matcher in words, for reasons and reports."""
    if "any_of" in matcher:
        return " or ".join(describe(m) for m in matcher["any_of"])
    what = matcher.get("quantity") or matcher.get("effect") or " / ".join(matcher["text_any"])
    near = "".join(f" with “{words}”" for words in matcher.get("near", ()))
    return f"{what}{near}" + (f" ({matcher['why']})" if "why" in matcher else "")


def _score(faults: list[str], part: tuple[int, int] | None = None) -> Score:
    return Score(0 if faults else 1, "; ".join(faults), part)


def _has_statements(asked: Asked) -> bool:
    return asked.answer is not None and bool(asked.answer["statements"])


def _claims(asked: Asked) -> Iterator[Mapping[str, Any]]:
    for statement in (asked.answer or {}).get("statements", ()):
        yield from statement["claims"]


def _statement_texts(answer: Mapping[str, Any]) -> list[str]:
    """Each statement, and each row of the dosing table read as one sentence."""
    rows = [" ".join(s["dosage"].values()) for s in answer["statements"] if s.get("dosage")]
    return [*(s["text"] for s in answer["statements"]), *rows]


def _differences(amounts: Mapping[str, set[Key]]) -> Iterator[str]:
    first, *others = amounts
    for other in others:
        yield from (
            f"{_plain(key)} only for {first}, not for {other}" for key in sorted(amounts[first] - amounts[other])
        )
        yield from (
            f"{_plain(key)} only for {other}, not for {first}" for key in sorted(amounts[other] - amounts[first])
        )


def _plain(key: Key) -> str:
    """An amount for people: in the base unit of its dimension."""
    dimension, low, high = key
    value = f"{float(low):g}" if low == high else f"{float(low):g} to {float(high):g}"
    return f"{value} {BASE_UNITS[dimension]}".strip()
