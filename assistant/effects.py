"""Owns effect measures: OR, HR, RR, sensitivity and the like with interval, level and p, in every usual spelling.

The measure's name is looked for first; its value, interval and p are read right behind it. A second estimate with its
own interval in the same sentence inherits the measure ("OR 4.21 (...) for metastatic and 1.96 (...) for localised").
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from assistant.normalise import Normal
from assistant.patterns import Pattern
from assistant.records import Comparator, Effect, Quantity
from assistant.units import read_unit

UNNAMED = "estimate"  # an estimate with its interval whose measure is not named in the sentence

# words (any case) and abbreviations (as written) of each measure; the longest spelling wins
_WORDS: dict[str, tuple[str, ...]] = {
    "DOR": ("diagnostic odds ratio",),
    "OR": ("odds ratio", "odds-ratio", "odds ratios", "relative odds"),
    "SHR": ("subdistribution hazard ratio", "sub-hazard ratio", "subhazard ratio"),
    "HR": ("hazard ratio", "hazards ratio", "hazard-ratio", "hazard ratios", "hazard rate ratio"),
    "IRR": ("incidence rate ratio", "incident rate ratio", "incidence-rate ratio", "incidence rate ratios"),
    "SIR": ("standardised incidence ratio", "standardized incidence ratio", "standardised incidence ratios", "standardized incidence ratios"),  # noqa: E501
    "SMR": ("standardised mortality ratio", "standardized mortality ratio", "mortality rate ratio"),
    "RRR": ("relative risk reduction",),
    "ARR": ("absolute risk reduction",),
    "RD": ("risk difference", "absolute risk difference", "absolute difference in risk"),
    "RR": ("relative risk", "risk ratio", "relative risks", "risk ratios", "relative rate", "rate ratio", "pooled risk ratio"),
    "PR": ("prevalence ratio",),
    "NNT": ("number needed to treat", "numbers needed to treat"),
    "NNH": ("number needed to harm", "numbers needed to harm"),
    "NNS": ("number needed to screen",),
    "SMD": ("standardised mean difference", "standardized mean difference", "cohen's d", "hedges' g", "hedges g", "effect size"),
    "WMD": ("weighted mean difference",),
    "MD": ("mean difference", "difference in means", "between-group difference", "mean change difference"),
    "GMR": ("geometric mean ratio",),
    "sensitivity": ("sensitivity", "sensitivities", "true positive rate"),
    "specificity": ("specificity", "specificities", "true negative rate"),
    "PPV": ("positive predictive value",),
    "NPV": ("negative predictive value",),
    "LR+": ("positive likelihood ratio",),
    "LR-": ("negative likelihood ratio",),
    "accuracy": ("diagnostic accuracy", "overall accuracy"),
    "AUC": ("area under the curve", "area under the receiver operating characteristic curve", "area under the roc curve",
            "area under the receiver-operating characteristic curve", "c-statistic", "c statistic", "c-index", "concordance index"),
    "kappa": ("cohen's kappa", "kappa", "weighted kappa"),
    "ICC": ("intraclass correlation coefficient", "intra-class correlation coefficient"),
    "VE": ("vaccine efficacy", "vaccine effectiveness"),
    "r": ("correlation coefficient", "pearson's r", "pearson r", "spearman's rho", "spearman rho"),
}  # fmt: skip
_SHORT: dict[str, tuple[str, ...]] = {
    "OR": ("OR", "ORs", "POR", "pOR"),
    "HR": ("HR", "HRs"),
    "RR": ("RR", "RRs"),
    "IRR": ("IRR", "IRRs"),
    "SIR": ("SIR", "SIRs"),
    "SMR": ("SMR",),
    "SHR": ("SHR", "sHR", "sdHR"),
    "RD": ("RD", "ARD"),
    "ARR": ("ARR",),
    "RRR": ("RRR",),
    "PR": ("PR",),
    "NNT": ("NNT", "NNTB"),
    "NNH": ("NNH", "NNTH"),
    "NNS": ("NNS",),
    "MD": ("MD",),
    "SMD": ("SMD",),
    "WMD": ("WMD",),
    "GMR": ("GMR",),
    "PPV": ("PPV",),
    "NPV": ("NPV",),
    "LR+": ("LR+", "PLR", "+LR"),
    "LR-": ("LR-", "NLR", "-LR"),
    "DOR": ("DOR",),
    "AUC": ("AUC", "AUROC", "AUC-ROC", "AUCROC", "ROC-AUC"),
    "ICC": ("ICC",),
    "VE": ("VE",),
    "kappa": ("κ",),
    "sensitivity": ("Se", "Sn"),
    "specificity": ("Sp",),
}
_PERCENT_MEASURES = frozenset({"sensitivity", "specificity", "PPV", "NPV", "RD", "ARR", "RRR", "accuracy", "VE"})
_WITH_UNIT = frozenset({"MD", "WMD", "aMD", "SMD"})
_BY_SPELLING = {spelling.lower(): name for name, spellings in _WORDS.items() for spelling in spellings}
_BY_SHORT = {spelling: name for name, spellings in _SHORT.items() for spelling in spellings}


def _alternatives(spellings: dict[str, str]) -> str:
    return "|".join(re.escape(s) for s in sorted(spellings, key=len, reverse=True))


_ADJUSTED = r"(?:(?P<adj{0}>(?:fully |multivaria(?:ble|te)[- ]|multi-adjusted |age-? ?(?:and sex-? ?)?|covariate-)?adjusted|multivaria(?:ble|te))[ ]+)?"  # noqa: E501
_MENTION = Pattern(
    rf"(?i:\b{_ADJUSTED.format(1)}(?:(?:pooled|summary|crude|unadjusted|estimated|overall|median|mean)[ ]+)?(?P<words>{_alternatives(_BY_SPELLING)})\b)(?:[ ]?[(\[][A-Za-z]{{1,5}}[+-]?[)\],;:]{{1,2}})?"  # noqa: E501
    rf"|(?<![A-Za-z0-9-])(?:(?i:{_ADJUSTED.format(2)})(?P<a>a|adj(?:\.|usted)?[ ]?|m)?(?P<short>{_alternatives(_BY_SHORT)}))(?![A-Za-z0-9])"
)
_NUMBER = r"(?:[-+]?(?:[0-9]{1,6}(?:,[0-9]{3}){0,2}(?:\.[0-9]{1,8})?|\.[0-9]{1,8}))"
_VALUE = Pattern(rf"(?P<c>[<>≤≥~=]{{0,2}})[ ]?(?P<v>{_NUMBER})(?P<scale>[ ]?(?:%|percent\b|per cent\b))?(?![0-9])")
_LINK = Pattern(
    r"[ ]{0,2}(?:[:=,~(\[]|(?:of|was|is|were|are|ranged|ranging|from|to be|at|being|about|approximately|estimate|value|values)\b|[ ]){0,8}",
    re.I,
)
_FAR = Pattern(r"[^.;0-9\n]{0,90}?(?:[ ,:(=]|of |was )(?=[-+]?[0-9.])")
_RANGE = Pattern(rf"[ ]?(?:-|to|and)[ ]?(?P<high>{_NUMBER})(?P<scale>[ ]?%)?(?![0-9])")
_LEVEL = r"(?P<level>[0-9]{2}(?:\.[0-9]{1,2})?)[ ]?%"
_CI_NAME = r"(?:CI|C\.I\.|CIs|CrI|confidence intervals?|credible intervals?|confidence limits?|credibility intervals?)"
_INTERVAL = Pattern(
    rf"[ ]{{0,2}}[,;:]?[ ]{{0,2}}[\[(]?[ ]?(?:(?:with )?(?:an? )?(?:{_LEVEL}[ -]?)?(?P<name>{_CI_NAME})(?:[ ]?\((?:95%[ ]?)?CI\))?[ ]?[:=,;]?[ ]?(?:of|from|was|ranging from|between)?[ ]?)"  # noqa: E501
    rf"[\[({{]?[ ]?(?P<low>{_NUMBER})[ ]?%?[ ]?(?:-|to|,|;|and|until|,[ ]to)[ ]?(?P<high>{_NUMBER})[ ]?(?P<scale>%)?[ ]?[\])}}]?",
    re.IGNORECASE,
)
_BARE_INTERVAL = Pattern(
    rf"[ ]?[\[(][ ]?(?P<low>{_NUMBER})[ ]?%?[ ]?(?:-|to|,|;)[ ]?(?P<high>{_NUMBER})[ ]?%?[ ]?(?=[\]),;])"
)
_P = Pattern(
    r"\b[pP](?:[ -]?values?)?(?:[ ]?(?:for|of)[ ][a-z]{3,15})?[ ]?(?:of|was|is)?[ ]?(?P<c><=|>=|[<>=≤≥]|less than|=[ ]?)?[ ]?(?P<v>0?\.[0-9]{1,10}|[01](?:\.[0-9]+)?(?:[ ]?[x×][ ]?10\^?-[0-9]{1,3})?|[0-9](?:\.[0-9]{1,3})?[eE]-[0-9]{1,3})(?![0-9])"  # noqa: E501
)
_ORPHAN = Pattern(rf"(?<![0-9.,A-Za-z])(?P<v>{_NUMBER})[ ]?%?(?=[ ]?[\[(,])")
_SENTENCE = Pattern(r"[.!?](?=\s+[A-Z(])|\n")
_P_WINDOW = 60
_INTERVAL_NAMED = Pattern(r"CI|C\.I\.|Cr?I|[Cc]onfidence|[Cc]redib|CONFID|CREDIB|\bci\b|\bc\.i|\bcri\b")


@dataclass(frozen=True, slots=True)
class _Mention:
    start: int
    end: int
    measure: str
    short: bool


def read_effects(normal: Normal, quantities: tuple[Quantity, ...] = ()) -> tuple[Effect, ...]:
    """Every effect estimate in order of ``start``; offsets count in the original text."""
    text = normal.text
    mentions = list(_mentions(text))
    ends = [match.end() for match in _SENTENCE.finditer(text)] + [len(text)]
    found: list[Effect] = []
    taken = 0
    for index, mention in enumerate(mentions):
        limit = mentions[index + 1].start if index + 1 < len(mentions) else len(text)
        sentence = ends[min(bisect_right(ends, mention.end), len(ends) - 1)]
        effect, taken_to = _behind(normal, mention, min(limit, sentence))
        at = taken_to
        if effect is not None:
            found.append(effect)
        for orphan, stop in _orphans(normal, max(at, mention.end), min(limit, sentence), mention.measure):
            found.append(orphan)
            taken = stop
        taken = max(taken, at)
    found.extend(_unnamed(normal, mentions, ends))
    return tuple(sorted(found, key=lambda effect: effect.start))


_FIRST_WORDS = frozenset(
    [re.split(r"[ -]", spelling)[0].split("'")[0] for spelling in _BY_SPELLING]
    + ["fully", "multivariable", "multivariate", "multi", "age", "covariate", "adjusted", "pooled", "summary", "crude",
       "unadjusted", "estimated", "overall", "median", "mean"]
)  # fmt: skip
_SHORT_TAIL = Pattern(rf"(?:a|adj\.?|adjusted|m)?(?:{_alternatives(_BY_SHORT)})")
_TOKEN = Pattern(r"(?<![A-Za-z0-9-])[A-Za-zκ+-]{1,16}")


@lru_cache(maxsize=4096)
def _may_open(word: str) -> bool:
    return word.lower().split("-")[0] in _FIRST_WORDS or _SHORT_TAIL.match(word) is not None


def _matches(text: str) -> Iterator[re.Match[str]]:
    """Where a measure may be named: words are looked up before the long pattern is tried."""
    at = 0
    for token in _TOKEN.finditer(text):
        if token.start() < at:
            continue
        if _may_open(token.group()):
            match = _MENTION.match(text, token.start())
            if match:
                at = match.end()
                yield match


def _mentions(text: str) -> list[_Mention]:
    found = []
    for match in _matches(text):
        words, short = match.group("words"), match.group("short")
        name = _BY_SPELLING[words.lower()] if words else _BY_SHORT[short]
        adjusted = (
            match.group("adj1")
            or match.group("adj2")
            or match.group("a") in ("a", "adj", "adj.", "adjusted", "adjusted ", "adj. ", "adj ", "m")
        )
        if adjusted and name in ("OR", "HR", "RR", "IRR", "SHR", "PR", "RD", "MD"):
            name = "a" + name
        found.append(_Mention(match.start(), match.end(), name, short is not None))
    return found


def _behind(normal: Normal, mention: _Mention, limit: int) -> tuple[Effect | None, int]:
    """The effect read right behind its measure, and where it ends."""
    text = normal.text
    link = _LINK.match(text, mention.end, limit)
    at = link.end() if link else mention.end
    value = _VALUE.match(text, at, limit)
    direct_interval = _INTERVAL.match(text, mention.end, limit)
    if value is None or (
        direct_interval
        and direct_interval.start("low") > value.start()
        and "%" in (value.group("scale") or "")
        and direct_interval.start() <= at
    ):
        far = _FAR.match(text, mention.end, limit)
        value = _VALUE.match(text, far.end(), limit) if far else None
        if value is None or (
            _interval(text, value.end(), limit) is None
            and (mention.short or "%" not in (value.group("scale") or "") or mention.measure not in _PERCENT_MEASURES)
        ):
            return None, mention.end
    scale = "%" if value.group("scale") else "1"
    number = _fraction(value.group("v"))
    end = value.end()
    if mention.measure in _WITH_UNIT and scale == "1":
        unit = read_unit(text, end + 1 if text.startswith(" ", end) else end)
        if unit is not None and unit.end <= limit:
            scale, end = unit.code, unit.end
    interval = _interval(text, end, limit)
    low = high = level = None
    if interval is not None:
        low, high, level, end = interval
    else:
        span = _RANGE.match(text, end, limit)
        if span and number is not None and (upper := _fraction(span.group("high"))) is not None and upper > number:
            scale = "%" if span.group("scale") else scale
            low, high, number, end = number, upper, None, span.end()
            after = _interval(text, end, limit)
            if after is not None:
                end = after[3]
        elif mention.short and not _plain_context(text, mention, value):
            return None, mention.end
    p_value, p_comparator, end = _p(text, end, limit)
    return _effect(
        normal, mention.measure, number, low, high, level, p_value, p_comparator, mention.start, end, scale
    ), end


def _plain_context(text: str, mention: _Mention, value: re.Match[str]) -> bool:
    """Whether ``OR 5`` is an odds ratio: not in ``5 mg OR 10 mg``, and not a heart or respiratory rate."""
    after = text[value.end() : value.end() + 14]
    if re.match(
        r"[ ]?(?:mg|g\b|mcg|μg|mL|tablet|capsule|units?|bpm|/min|beats|breaths|per min|mm|weeks?|days?|hours?|months?|years?|kg|puff)",
        after,
    ):
        return False
    name = text[mention.start : mention.end]
    between = text[mention.end : value.start()]
    if name in ("OR", "HR", "RR", "PR", "MD", "RD", "SIR"):
        return ("." in value.group("v") and value.group("v")[-1].isdigit()) or "=" in between
    return True


def _interval(text: str, at: int, limit: int) -> tuple[Fraction | None, Fraction | None, Fraction | None, int] | None:
    named = _INTERVAL.match(text, at, limit)
    if named:
        level = named.group("level")
        end = _closed(text, named.end())
        return (
            _fraction(named.group("low")),
            _fraction(named.group("high")),
            Fraction(level) / 100 if level else None,
            end,
        )
    bare = _BARE_INTERVAL.match(text, at, limit)
    if bare:
        low, high = _fraction(bare.group("low")), _fraction(bare.group("high"))
        if low is not None and high is not None and low <= high:
            return low, high, None, _closed(text, bare.end())
    return None


def _closed(text: str, end: int) -> int:
    return end + 1 if text[end : end + 1] in (")", "]") else end


def _p(text: str, at: int, limit: int) -> tuple[Fraction | None, Comparator | None, int]:
    match = _P.search(text, at, min(limit, at + _P_WINDOW))
    between = text[at : match.start()] if match else ""
    if match is None or re.search(r"[0-9]{1,6}(?:\.[0-9]+)?[ ]?[\[(]", between):
        return None, None, at
    sign = (match.group("c") or "").strip()
    comparator = {"<": Comparator.LESS, "less than": Comparator.LESS, "<=": Comparator.AT_MOST, "≤": Comparator.AT_MOST,
                  ">": Comparator.MORE, ">=": Comparator.AT_LEAST, "≥": Comparator.AT_LEAST}.get(sign, Comparator.EQUAL)  # fmt: skip
    written = match.group("v").replace(" ", "").replace("×", "x").replace("^", "")
    try:
        value = Fraction(written.replace("x10", "e") if "x10" in written else written)
    except (ValueError, ZeroDivisionError):
        return None, None, at
    return value, comparator, _closed(text, match.end())


def _orphans(normal: Normal, at: int, limit: int, measure: str) -> list[tuple[Effect, int]]:
    """Later estimates of the same sentence that bring their own named interval."""
    found: list[tuple[Effect, int]] = []
    while True:
        match = _ORPHAN.search(normal.text, at, limit)
        if match is None:
            return found
        interval = _interval(normal.text, match.end(), limit)
        number = _fraction(match.group("v"))
        if (
            interval is None
            or number is None
            or interval[0] is None
            or interval[1] is None
            or not interval[0] <= number <= interval[1]
        ):
            at = match.end()
            continue
        p_value, p_comparator, end = _p(normal.text, interval[3], limit)
        scale = "%" if "%" in normal.text[match.start() : interval[3]].replace("95%", "").replace("95 %", "") else "1"
        found.append(
            (
                _effect(
                    normal,
                    measure,
                    number,
                    interval[0],
                    interval[1],
                    interval[2],
                    p_value,
                    p_comparator,
                    match.start(),
                    end,
                    scale,
                ),
                end,
            )
        )
        at = end


def _unnamed(normal: Normal, mentions: list[_Mention], ends: list[int]) -> list[Effect]:
    """Estimates with a named confidence interval in sentences that name no measure."""
    if not _INTERVAL_NAMED.search(normal.text):
        return []
    named = {bisect_right(ends, mention.start) for mention in mentions}
    found: list[Effect] = []
    start = 0
    for index, end in enumerate(ends):
        if index not in named and "C" in normal.text[start:end].upper():
            for effect, _ in _orphans(normal, start, end, UNNAMED):
                if effect.ci_level is not None or re.search(r"\bCI\b|confidence|credible", effect.text):
                    found.append(effect)
        start = end
    return found


def _fraction(written: str) -> Fraction | None:
    try:
        return Fraction(written.replace(",", ""))
    except (ValueError, ZeroDivisionError):
        return None


def _effect(
    normal: Normal, measure: str, value: Fraction | None, low: Fraction | None, high: Fraction | None, level: Fraction | None,
    p_value: Fraction | None, p_comparator: Comparator | None, start: int, end: int, scale: str,
) -> Effect:  # fmt: skip
    span = normal.span(start, end)
    return Effect(
        measure=measure, value=value, ci_low=low, ci_high=high, ci_level=level, p_value=p_value, p_comparator=p_comparator,
        text=normal.original[span.start : span.end], start=span.start, end=span.end, unit=scale,
    )  # fmt: skip
