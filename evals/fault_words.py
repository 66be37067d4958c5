"""Wrong statements made by changing words: frequency, route, comparator, population, drug, negation, strength, country.

Each maker replaces one phrase by another that means something else; it yields nothing when the new phrase stands in the
cited passage anyway, since then nobody can say from outside that the statement became wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from evals.faults import NUMBER, Change, Maker, Truth, lacks, replace

# pattern of the true phrase -> phrases that mean something else, each with the words that must not stand in the passage
Swaps = Sequence[tuple[str, Sequence[tuple[str, str]]]]

FREQUENCIES: Swaps = (
    (r"\b(?:three|3) times (?:a|per) week\b", (("three times a day", "a day|daily"), ("once a week", "once a week"))),
    (r"\bthree times weekly\b", (("three times daily", "daily"),)),
    (r"\bon alternate days\b", (("twice a day", "twice a day"), ("once a week", "weekly|a week"))),
    (r"\bevery other day\b", (("every day", "every day|daily"), ("every other week", "week*"))),
    (r"\b(?:once )?daily\b", (("weekly", "week*"), ("three times daily", "three times"))),
    (r"\ba day\b", (("a week", "week*"), ("an hour", "hour*"))),
    (r"\bmonthly\b", (("weekly", "week*"), ("yearly", "year*"))),
    (r"\ba month\b", (("a week", "week*"),)),
    (r"\btwice a year\b", (("twice a month", "month*"), ("twice a week", "week*"))),
    (r"\btwice a week\b", (("twice a day", "twice a day"), ("twice a month", "month*"))),
)
ROUTES: Swaps = (
    (r"\bintramuscularly\b", (("intravenously", "intravenous*"), ("orally", "oral*|by mouth"))),
    (
        r"\bintramuscular\b",
        (("intravenous", "intravenous*"), ("oral", "oral*|by mouth"), ("intrathecal", "intrathecal")),
    ),
    (r"\bIM\b", (("IV", "iv|intravenous*"), ("by mouth", "oral*|by mouth"))),
    (r"\bby mouth\b", (("intravenously", "intravenous*"), ("intramuscularly", "intramuscular*"))),
    (r"\b[Oo]ral(?= )", (("intravenous", "intravenous*"), ("intramuscular", "intramuscular*"))),
    (r"\borally\b", (("intravenously", "intravenous*"),)),
    (r"\bsubcutaneous(?:ly)?\b", (("intravenously", "intravenous*"),)),
    (r"\bby injection\b", (("by mouth", "oral*|by mouth"),)),
)
COMPARATORS: Mapping[str, str] = {
    "below": "above", "above": "below", "less than": "more than", "more than": "less than", "at least": "at most",
    "under": "over", "≥": "≤", "≤": "≥", ">": "<", "<": ">",
}  # fmt: skip
POPULATIONS: Sequence[tuple[str, str]] = (
    ("with neurological involvement", "without neurological involvement"),
    ("without metastases", "with metastases"),
    ("non-metastatic", "metastatic"),
    ("adults", "children"),
    ("adult", "newborn"),
    ("aged 16 and over", "aged under 16"),
    ("total gastrectomy", "appendicectomy"),
    ("gastric bypass", "appendicectomy"),
    ("pregnancy", "childhood"),
    ("older people", "children"),
    ("pernicious anaemia", "iron-deficiency anaemia"),
    ("dietary deficiency", "deficiency due to malabsorption"),
    ("diet-related deficiency", "deficiency due to malabsorption"),
    ("due to malabsorption", "due to diet alone"),
    ("solid cancer", "blood cancer"),
    ("solid tumours", "leukaemias"),
    ("lymphoma", "melanoma"),
    ("hepatic metastases", "bone metastases"),
    ("liver metastases", "bone metastases"),
    ("hepatocellular carcinoma", "renal cell carcinoma"),
    ("people without a known cause", "people with a known cause"),
)
DRUGS: Swaps = (
    (r"\b[Hh]ydroxocobalamin\b", (("cyanocobalamin", "cyanocobalamin"), ("folic acid", "folic acid|folate"))),
    (r"\b[Cc]yanocobalamin\b", (("hydroxocobalamin", "hydroxocobalamin"), ("folic acid", "folic acid|folate"))),
    (r"\bactive B12\b", (("total B12", "total b12"),)),
    (r"\btotal B12\b", (("active B12", "active b12|holotranscobalamin"),)),
    (r"\bmethylmalonic acid\b", (("homocysteine", "homocysteine"),)),
    (r"\bhomocysteine\b", (("methylmalonic acid", "methylmalonic acid"),)),
    (r"\b[Mm]etformin\b", (("gliclazide", "gliclazide"),)),
    (r"\b[Nn]itrous oxide\b", (("carbon monoxide", "carbon monoxide"),)),
    (r"\b[Ff]olic acid\b", (("iron", "iron"),)),
)
MEASURES: Swaps = (
    (r"\bodds ratio\b(?= (?:of )?\d)", (("hazard ratio", "hazard ratio|hr"), ("risk ratio", "risk ratio|rr"))),
    (r"\bhazard ratio\b(?= (?:of )?\d)", (("odds ratio", "odds ratio|or"),)),
    (r"\bOR\b(?= ?\d)", (("HR", "hr|hazard ratio"), ("RR", "rr"))),
    (r"\bHR\b(?= ?\d)", (("OR", "odds ratio"), ("SIR", "sir"))),
    (r"\b(?:SIR|IRR|MRR)\b(?= ?\d)", (("OR", "odds ratio"), ("HR", "hr|hazard ratio"))),
    (r"\bstandardi[sz]ed incidence ratio\b(?= (?:of )?\d)", (("odds ratio", "odds ratio"),)),
    (r"\bincidence rate ratio\b(?= (?:of )?\d)", (("odds ratio", "odds ratio"),)),
    (r"\bmortality rate ratio\b(?= (?:of )?\d)", (("hazard ratio", "hazard ratio"),)),
    (r"\bsensitivity\b(?=[^.;]{0,12}\d)", (("positive predictive value", "predictive value"),)),
)
STRENGTHS: Swaps = (
    (r"\bConsider\b", (("Always offer", "offer*"), ("You must give", "must"))),
    (r"\bconsider\b", (("offer", "offer*"), ("insist on", "insist"))),
    (r"\bmay be (?=(?:used|given|considered|stopped))", (("must be ", "must"), ("is always to be ", "always"))),
    (r"\bcan be (?=(?:used|given|considered|stopped))", (("must be ", "must"),)),
    (r"\bis an option\b", (("is mandatory", "mandatory"), ("is the treatment of choice", "choice"))),
    (r"\bmay (?=(?:stop|move))", (("must ", "must"),)),
    (r"\bsuggest(?:s)?\b", (("prove", "prove*"),)),
    (r"\bshould be\b", (("must always be", "must"),)),
    (r"\bprefers\b", (("insists on", "insist*"), ("requires", "require*"))),
    (r"^Offer\b", (("You must always give", "must"),)),
    (r"\bare one option, not the rule\b", (("are the rule", "are the rule"),)),
    (r"\bwas advised only\b", (("was made mandatory", "mandatory"),)),
    (r"\bmay help\b", (("is essential", "essential"),)),
    (r"\baccepts\b", (("requires", "require*"),)),
)
JURISDICTIONS: Swaps = (
    (r"\bUK\b", (("US", "us|united states|american"),)),
    (r"\bUS\b", (("UK", "uk|british"),)),
    (r"\bNICE\b", (("FDA", "fda"),)),
    (r"\bScottish\b", (("American", "american|us"),)),
    (r"\bDanish\b", (("American", "american|us"),)),
    (r"\bBritish\b", (("American", "american|us"),)),
)
NEGATIONS: Sequence[tuple[str, str]] = (
    (r"\b(do|does|did|is|are|was|were|should|must|can|could|has|have|need|may) not\b", r"\1"),
    (r"\bcannot\b", "can"),
    (r"\b[Dd]o not (?=\w)", ""),
    (r"\b[Nn]ever\b", "always"),
    (r"\b[Nn]o evidence\b", "good evidence"),
    (r"\bno longer\b", "still"),
    (r"\b[Aa]void\b", "use"),
    (r"\bunnecessary\b", "necessary"),
    (r"\bunhelpful\b", "helpful"),
    (r"\binsufficient\b", "sufficient"),
    (r"\brather than\b", "and also"),
    (r"\b[Nn]ot (?=(?:a|an|the|for|because|by|on|with)\b)", ""),
)
IMPERATIVES = (
    "Give", "Use", "Offer", "Test", "Check", "Repeat", "Start", "Continue", "Treat", "Review", "Measure", "Prescribe",
    "Take", "Watch", "Look", "Ask", "Stop",
)  # fmt: skip
ADDED: Sequence[tuple[str, str]] = (
    (r"\b(is|are|was|were|should|must|can)\b(?! not| never| no| only)(?= [a-z])", r"\1 not"),
    *((rf"^{verb}\b", f"Do not {verb.lower()}") for verb in IMPERATIVES),
    (r", give (?=hydroxocobalamin|oral)", ", do not give "),
    (r"\b(predicted|carried|rises|deserves)\b", r"never \1"),
)


def _swapper(swaps: Swaps) -> Maker:
    def make(truth: Truth) -> Iterator[Change]:
        for pattern, others in swaps:
            for match in re.finditer(pattern, truth.text):
                for new, absent in others:
                    if lacks([absent], truth):
                        yield replace(truth.text, match, 0, _like(match[0], new))

    return make


def _comparators(truth: Truth) -> Iterator[Change]:
    words = sorted(COMPARATORS, key=len, reverse=True)
    pattern = "|".join(rf"(?<!\w){re.escape(w)}" if w.isascii() and w[0].isalpha() else re.escape(w) for w in words)
    for match in re.finditer(rf"({pattern})( ?{NUMBER})", truth.text, re.IGNORECASE):
        new = COMPARATORS[match[1].lower()]
        if f"{new}{match[2]}".lower() not in truth.passage_text.lower():
            yield replace(truth.text, match, 1, _like(match[1], new))
    for match in re.finditer(rf"({NUMBER}[^,.;()]{{0,16}}?) or (more|less|above|below|over)\b", truth.text):
        new = {"more": "less", "less": "more", "above": "below", "below": "above", "over": "younger"}[match[2]]
        yield replace(truth.text, match, 2, new)


def _populations(truth: Truth) -> Iterator[Change]:
    for left, right in POPULATIONS:
        for old, new in ((left, right), (right, left)):
            pattern = rf"(?<![\w-]){re.escape(old)}\b"
            # both stand in the passage: then both change places at once, or nothing can be said to be wrong
            if not re.search(pattern, truth.text, re.IGNORECASE):
                continue
            if not lacks([new], truth):
                if old == left and new.lower() in truth.text.lower():
                    yield _exchange(truth.text, left, right)
                continue
            if old in ("children", "appendicectomy", "bone metastases", "metastatic", "with metastases"):
                continue  # "metastatic" -> "non-metastatic" would also hit words around it; the other way is enough
            for match in re.finditer(pattern, truth.text, re.IGNORECASE):
                yield replace(truth.text, match, 0, _like(match[0], new))


def _phases(truth: Truth) -> Iterator[Change]:
    """The schedule before "then" and the one behind it change places, or the word for the phase is the other one."""
    length = rf"(?: for {NUMBER}(?: ?(?:[-–]| to ) ?{NUMBER})? (?:days|weeks))?"
    schedule = rf"(?:three times a week|on alternate days|every other day|daily){length}"
    interval = rf"(?:every {NUMBER}(?: ?(?:[-–]| to ) ?{NUMBER})? months|monthly)"
    for match in re.finditer(rf"({schedule})(.{{1,80}}?\bthen\b.{{0,60}}?)({interval})", truth.text):
        start, end = match.span()
        yield (
            truth.text[:start] + match[3] + match[2] + match[1] + truth.text[end:],
            f"{match[1]} <-> {match[3]}",
        )
    for old, new in (("maintenance", "loading"), ("loading", "maintenance")):
        for match in re.finditer(rf"\b{old}\b", truth.text, re.IGNORECASE):
            if lacks([new], truth):
                yield replace(truth.text, match, 0, _like(match[0], new))


def _dropped(truth: Truth) -> Iterator[Change]:
    yield from _substituted(truth, NEGATIONS)


def _added(truth: Truth) -> Iterator[Change]:
    yield from _substituted(truth, ADDED)


def _substituted(truth: Truth, table: Sequence[tuple[str, str]]) -> Iterator[Change]:
    for pattern, new in table:
        for match in re.finditer(pattern, truth.text):
            text, change = replace(truth.text, match, 0, _like(match[0], match.expand(new)))
            yield _tidy(text), change


def _exchange(text: str, left: str, right: str) -> Change:
    pattern = re.compile(rf"(?<![\w-])(?:{re.escape(left)}|{re.escape(right)})\b", re.IGNORECASE)
    return pattern.sub(lambda m: right if m[0].lower() == left else left, text), f"{left} <-> {right}"


def _like(old: str, new: str) -> str:
    """``new`` with a capital where ``old`` has one, as at the head of a sentence."""
    return new[:1].upper() + new[1:] if old[:1].isupper() and not old[:2].isupper() and new else new


def _tidy(text: str) -> str:
    text = re.sub(r" {2,}", " ", text).strip()
    return text[:1].upper() + text[1:]


WORD_KINDS: Mapping[str, Maker] = {
    "frequency": _swapper(FREQUENCIES),
    "route": _swapper(ROUTES),
    "comparator": _comparators,
    "phase-swapped": _phases,
    "population": _populations,
    "drug": _swapper(DRUGS),
    "effect-measure": _swapper(MEASURES),
    "negation-dropped": _dropped,
    "negation-added": _added,
    "strength-raised": _swapper(STRENGTHS),
    "jurisdiction": _swapper(JURISDICTIONS),
}
