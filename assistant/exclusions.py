"""Owns what looks like a quantity and is none, and what is a quantity without being a number with a unit.

Names with digits, citation marks, list markers, section and phone numbers, clock times and schedule days are taken
out before numbers are read; dates, "a fortnight", "an hour" and ``1:1000`` are read here whole.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from assistant.normalise import Normal
from assistant.numbers import Number
from assistant.patterns import Pattern
from assistant.records import QuantityKind
from assistant.units import UnitMatch

Words = list[tuple[str, int]]  # every run of letters in small letters, and where it starts
Found = tuple[int, int, QuantityKind, Fraction, str]  # start, end, kind, value, unit

_UNIT_NEXT = r"(?![ ]?(?:mg|mcg|μg|ug|g|kg|mL|ml|micrograms?|milligrams?|units?|%)\b)"
_ADDRESSES = Pattern(
    r"https?://[^\s)>\]]{1,300}|\bdoi:?[ ]?10\.[0-9]{4,9}/[^\s]{1,200}|\b10\.[0-9]{4,9}/[^\s]{1,200}|\bPM(?:ID|CID):?[ ]?(?:PMC)?[0-9]{1,10}"  # noqa: E501
    r"|\bISBN[ :]?[0-9-]{10,17}|[A-Za-z0-9._-]{1,64}@[A-Za-z0-9.-]{1,64}"
)
# Every pattern that begins with a digit says so in its first item and looks back afterwards: the search then passes
# over text without digits at the speed of a character class.
_DIGIT_NAMES = Pattern(
    r"[0-9](?<!\w.)(?:[0-9]?(?:,[0-9]{1,2}){0,2}-?(?:HT[0-9]?[A-Z]?|FU|MP|OHP?|ASA|HIAA|TG|FC|hydroxy[a-z]{0,30}|dihydroxy[a-z]{0,30}|alpha|beta|α|β|aminosalicyl[a-z]{0,10}|fluorouracil|mercaptopurine|thioguanine|lead|methyl[a-z]{0,20}|oxo[a-z]{0,20}|deoxy[a-z]{0,20}|lipoxygenase)"
    r"|(?<=4)Ts?|(?<=2)5\(OH\)D[23]?|(?<=1),25\(OH\)2D3?|(?<=6)MWT|(?<=3)TC|(?<=5)FU|(?<=[234])D)\b"
    r"|[0-9](?<!\w.)[0-9]{0,3}(?:\.[0-9]{1,4}){2,6}\b(?![ ]?%)"  # section 1.2.3; 1.000.000 is rarer than this
)
_HYPHEN_NAMES = Pattern(
    rf"\b[A-Za-z][A-Za-z0-9]{{0,20}}-[0-9]{{1,3}}(?:-[0-9])?[A-Za-z]?\b{_UNIT_NEXT}(?!\.[0-9])"
    r"|\bCA-(?:19[-.]9|15[-.]3|125|72[-.]4|27[-.]29|242|50)\b"
)
_OTHER_NAMES = Pattern(r"\bCA[ ]?(?:19[-.]9|15[-.]3|125|72[-.]4|27[-.]29|242|50)\b|\bNCT[0-9]{8}\b")
_LABELS = frozenset(
    [
        "type",
        "types",
        "step",
        "steps",
        "fig",
        "fig.",
        "figs",
        "figure",
        "figures",
        "table",
        "tables",
        "chapter",
        "chapters",
        "section",
        "sections",
        "box",
        "appendix",
        "annex",
        "version",
        "v",
        "v.",
        "page",
        "pages",
        "p",
        "p.",
        "pp",
        "pp.",
        "no.",
        "number",
        "numbers",
        "item",
        "part",
        "ref",
        "refs",
        "ref.",
        "refs.",
        "reference",
        "references",
        "recommendation",
        "recommendations",
        "statement",
        "statements",
        "question",
        "questions",
        "option",
        "options",
        "rule",
        "factor",
        "phase",
        "cycle",
        "cycles",
        "visit",
        "visits",
        "arm",
        "arms",
        "group",
        "groups",
        "panel",
        "panels",
        "chromosome",
        "chromosomes",
        "exon",
        "exons",
        "codon",
        "codons",
        "bed",
        "ward",
        "room",
        "line",
        "cohort",
        "cohorts",
        "scenario",
        "scenarios",
        "tier",
        "tiers",
        "article",
        "paragraph",
        "criterion",
        "criteria",
        "algorithm",
        "slide",
        "note",
        "day",
        "days",
        "d",
        "week",
        "weeks",
        "month",
        "months",
        "year",
        "years",
        "pod",
        "omega",
        "protein",
        "hla",
        "rh",
        "category",
        "cat.",
        "zone",
        "lot",
        "batch",
        "site",
        "level",
    ]
)
_LABELLED = Pattern(
    r"(?P<label>[A-Za-z]{1,15}+\.?)[ ]?(?:no\.[ ]?|number[ ]|#[ ]?)?"
    r"(?P<n>[0-9]{1,3}(?:\.[0-9]{1,2})?[a-d]?(?:(?:[ ]?[-,&][ ]?|[ ](?:and|to|or)[ ]|, and )[0-9]{1,3}[a-d]?){0,8})\b(?!\.[0-9])(?!-[A-Za-z])(?![ ]?[%/])"  # noqa: E501
    r"(?![ ]?(?:mg|mcg|μg|g|mL|ml|mmol|micrograms?|units?|hours?|h|hrs?|minutes?|min|days?|weeks?|months?|years?|times|x)\b)",
    re.IGNORECASE,
)
_CITATION = Pattern(r"\[[0-9]{1,3}(?:[ ]?[,;-][ ]?[0-9]{1,3}){0,12}\]")
_CITATION_NOT = Pattern(r"(?:\bOR|\bHR|\bRR|\bCI|ratio|median|mean|IQR|interval|range)\b[^.;]{0,40}$", re.I)
_RAISED = Pattern(r"(?<!10)\^[+-]?[0-9]{1,4}(?:[ ]?[,-][ ]?\^?[0-9]{1,4}){0,8}")
_BARE_CITATION = Pattern(
    r"[0-9](?:(?<=[a-z)\]\"'%][.,;].)[0-9]{0,2}(?:[,-][0-9]{1,3}){0,8}(?=[\s]|$)|(?<=[a-z].)(?<!\b[a-z].)[0-9]{0,2}(?:[,-][0-9]{1,3}){0,8}(?=\.(?:\s|$))(?!\.[0-9]))"
)
_MARKER = Pattern(
    r"(?m)^[ \t]{0,8}(?:[-*•>][ ]{1,3})?(?:\([0-9]{1,2}\)|[0-9]{1,2}[.)])(?=[ \t])|\([0-9]\)(?=[ ])|(?<=[ ])[0-9][ ]?\)(?=[ ][a-z])"
)
_MARKER_NEAR = Pattern(r"[0-9](?:[.)][ \t]|[ ]\))")
_CLOCK = Pattern(
    r"[0-9](?<!\w.)[0-9]?(?:[:.][0-9]{2})?[ ]?(?:am|pm|a\.m\.|p\.m\.)(?![A-Za-z0-9/])"
    r"|[0-9](?<!\w.)(?:(?<=[0-2])[0-9]:[0-5][0-9](?::[0-5][0-9])?\b|:[0-5][0-9](?=[ ](?:h|hours|o'clock)\b))"
    r"|[0-9](?<!\w.)(?<=[0-2])[0-9][0-5][0-9][ ]hours\b(?=[ .,;]|$)|[0-9](?<!\w.)[0-9]?[ ]o'clock\b",
    re.IGNORECASE,
)
_MONTHS = {
    name: number
    for number, names in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
         "september sept sep", "october oct", "november nov", "december dec"), 1)
    for name in names.split()
}  # fmt: skip
_MONTH = r"(?P<{}>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"  # noqa: E501
_DATE = Pattern(
    r"\b(?P<iy>(?:19|20)[0-9]{2})-(?P<im>[01][0-9])-(?P<id>[0-3][0-9])(?:T[0-9:.+Z-]{2,20})?\b"
    r"|\b(?P<nd>[0-3]?[0-9])[/.](?P<nm>[0-3]?[0-9])[/.](?P<ny>(?:19|20)[0-9]{2})\b"
    rf"|\b(?P<d1>[0-3]?[0-9])(?:st|nd|rd|th)?[ ](?:of[ ])?{_MONTH.format('m1')}(?:,?[ ](?P<y1>(?:19|20)[0-9]{{2}}))?\b"
    rf"|\b{_MONTH.format('m2')}[ ](?P<d2>[0-3]?[0-9])(?:st|nd|rd|th)?(?:,?[ ](?P<y2>(?:19|20)[0-9]{{2}}))?\b(?![0-9]|[ ]?(?:mg|g|mL|%))"
    rf"|\b{_MONTH.format('m3')},?[ ](?P<y3>(?:19|20)[0-9]{{2}})\b",
    re.IGNORECASE,
)
_YEAR = Pattern(
    r"(?<![0-9A-Za-z.,-])(?P<a>(?:19|20)[0-9]{2})(?:(?:-|[ ](?:to|and)[ ])(?P<b>(?:19|20)[0-9]{2}))?(?=[ ]?[,.;:)\]]|$|[ ](?!(?:mg|g|mL|ml|mcg|units?|IU|kcal|patients|people|μg|micrograms?|ng|x|[0-9])\b))(?!-[0-9])(?!\.[0-9])"  # noqa: E501
)
_BEFORE_YEAR = ("in ", "In ", "since ", "during ", "until ", "by ", "(", "; ", " al ", "al. ", "al., ", "al, ", "guideline ", "guidelines ",
                "guidance ", "NICE ", "ESC ", "ASCO ", "ESMO ", "BSH ", "EHA ", "ASH ", "KDIGO ", "RCUK ", "WHO ", "updated ", "published ", "between ", "from ")  # fmt: skip  # noqa: E501
_ARTICLE = Pattern(
    r"\b(?P<art>an?|another)[ ]{1,2}(?:whole |full |further )?(?P<unit>second(?=[.,;)]|$)|minute|hour|day|week|fortnight|month|year|decade)\b(?P<half>[ ]and a half\b)?(?![ -](?:old|long term))",  # noqa: E501
    re.IGNORECASE,
)
_BEFORE_ARTICLE = (
    "for ",
    "over ",
    "after ",
    "within ",
    " in ",
    "least ",
    "than ",
    "about ",
    " to ",
    " of ",
    "only ",
    "lasting ",
    "during ",
    "once ",
    "every ",
    "up to ",
    "under ",
)
_ALONE = Pattern(
    r"\b(?:(?P<another>another)[ ](?P<unit>second|minute|hour|day|week|month|year)|(?P<all>all[ -]day)|(?P<first>(?:first|last|past|next|previous)[ ](?P<unit2>hour|day|week|month|year)))\b(?!ly)",  # noqa: E501
    re.I,
)
_FORTNIGHTS = Pattern(r"\b(?:(?:an?[ ])?fortnight|(?P<count>one|two|three|four|1|2|3|4)[ ]fortnights?)\b(?!ly)", re.I)
_CODES = {"second": "s", "minute": "min", "hour": "h", "day": "d", "week": "wk", "month": "mo", "year": "a"}
_RATIO = Pattern(r"(?P<a>[0-9](?<![0-9:.].)[0-9]{0,2}):(?P<b>[0-9]{1,3}(?:,?[0-9]{3})*)(?![0-9:])(?![ ]?[ap]m\b)")
_ROMAN = Pattern(
    r"\b(?:stage|grade|class|NYHA(?: class)?|WHO class|Killip(?: class)?|Rai stage|CCS class)[ ](?P<r>I{1,3}|IV|V|VI)(?P<s>[ABCabc])?\b(?:[ ]?(?:-|to|or|and)[ ]?(?P<r2>I{2,3}|IV|V|VI)\b)?"  # noqa: E501
)
_ROMANS = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6}

_SCORE_BEFORE = Pattern(
    r"(?:\bscores?|\bMASCC|VASc|HAS-BLED|\b4Ts|\bKhorana|\bWells|\bCURB-?65|\bGCS|\bNEWS2?|SOFA|\bAPACHE(?: II)?|\bECOG|\bKarnofsky|\bPHQ-9|\bGAD-7|\bMMSE|\bMoCA|\bApgar|\bMELD(?:-Na)?|Pugh|\bperformance status|\bGlasgow Coma Scale|\bBlatchford|\bRockall|\bFIB-4|\bAUDIT(?:-C)?|\bMUST|\bFRAX|\bQRISK[23]?|\bBraden|\bWaterlow|\bPESI|\bGRACE|\bTIMI|\bHEART|\bCIWA-?Ar?|\bCAM|\bPS|\bindex|\bT-score|\bZ-score|\b4AT|\bICE)"  # noqa: E501
    r"(?:[ ](?:risk|score|scores|index|scale|status|total|PS|points?)){0,3}[ ]?(?:\([^()]{0,20}\)[ ]?)?"
    r"(?:[ ](?:is|was|of|are|were|at|between|from|to|=|:|≥|≤|>|<|>=|<=|at least|above|below|over|under|less than|more than|greater than|or|and|a)){0,4}[ ]?[:=<>≥≤]{0,2}[ ]?$",  # noqa: E501
    re.IGNORECASE,
)
_NAME_WORDS = Pattern(r"[a-z0-9]+")
_STAGE_WORDS = frozenset(
    ["stage", "stages", "grade", "grades", "class", "ctcae", "nyha", "ckd", "gleason", "kdigo", "g", "evidence", "asa"]
)
_SCORE_WORDS = frozenset(
    [
        "score",
        "scores",
        "mascc",
        "vasc",
        "bled",
        "4ts",
        "khorana",
        "wells",
        "curb",
        "curb65",
        "gcs",
        "news",
        "news2",
        "sofa",
        "qsofa",
        "apache",
        "ecog",
        "karnofsky",
        "phq",
        "gad",
        "mmse",
        "moca",
        "apgar",
        "meld",
        "pugh",
        "performance",
        "scale",
        "blatchford",
        "rockall",
        "fib",
        "audit",
        "must",
        "frax",
        "qrisk",
        "qrisk2",
        "qrisk3",
        "braden",
        "waterlow",
        "pesi",
        "grace",
        "timi",
        "heart",
        "ciwa",
        "cam",
        "ps",
        "index",
        "t",
        "z",
        "4at",
        "ice",
    ]
)
_SCORE_AFTER = Pattern(r"[ ](?:or (?:more|above|higher|less|below) )?points?\b", re.I)
_STAGE_BEFORE = Pattern(
    r"\b(?:stages?|grades?|class|CTCAE(?: grade)?|NYHA(?: class)?|CKD|Gleason(?: score)?|KDIGO(?: stage)?|G|evidence level|ASA)[ ]?(?:of[ ])?(?:[<>≥≤]=?[ ]?|at least )?$",  # noqa: E501
    re.I,
)
_COUNT_AFTER = Pattern(
    r"[ ](?:[a-z-]{2,15}[ ]){0,2}(?:measurements|tests|samples|studies|trials|episodes|visits|reviews|results|occasions|times|criteria|factors|agents|drugs|lines|sites|lesions|nodes|symptoms|signs|features|events|deaths|days)\b"  # noqa: E501
)
_ONE_PRONOUN = Pattern(
    r"(?:\b(?:no|which|this|that|the|any|every|each|another|other|either|neither|some|only)[ ])$", re.I
)
_ONE_AFTER = Pattern(r"[ ](?:another|of|should|must|may|can|could|would|might|is|was|has|who|that|which)\b|'s\b", re.I)


@dataclass(frozen=True, slots=True)
class Exclusions:
    """``spans`` are sorted, merged and hold no number; ``quantities`` were read whole; offsets count in the copy."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    quantities: tuple[Found, ...]

    def covers(self, number: Number) -> bool:
        """Whether the number touches an excluded span, or is the pronoun ``one``."""
        at = bisect_right(self.starts, number.end - 1) - 1
        if at >= 0 and self.ends[at] > number.start:
            return True
        if number.form == "words" and number.value == 1 and number.end - number.start == 3:
            before = self.text[max(0, number.start - 10) : number.start]
            return bool(_ONE_PRONOUN.search(before)) or bool(_ONE_AFTER.match(self.text, number.end))
        return False

    def kind_at(self, number: Number) -> QuantityKind | None:
        """SCORE, STAGE or COUNT for a bare number whose words say so."""
        before = self.text[max(0, number.start - 70) : number.start]
        words = _NAME_WORDS.findall(before.lower())
        if not _STAGE_WORDS.isdisjoint(words) and _STAGE_BEFORE.search(before):
            return QuantityKind.STAGE
        scored = not _SCORE_WORDS.isdisjoint(words) and _SCORE_BEFORE.search(before)
        if scored or _SCORE_AFTER.match(self.text, number.end):
            return QuantityKind.SCORE
        if _COUNT_AFTER.match(self.text, number.end):
            return QuantityKind.COUNT
        return None

    def allows_unit(self, text: str, number: Number, place: int, match: UnitMatch) -> bool:
        """Whether the letters behind the number may be that unit: ``2 in 5`` is no length, ``60s`` no time."""
        return _allows(text, number, place, match)


_SIZE_AFTER = Pattern(r"[ ]*(?:$|[.,;)x×]|long|wide|tall|more|gap|high|deep|diameter)")
_RANK_AFTER = Pattern(r"[ -](?:line|dose|opinion|primary|agent|course|generation)")
_SINGLE_LETTERS = frozenset("ABTVWJK")
_REFUSED = frozenset({"pm", "am", "pt", "val", "met", "mets", "stones", "as", "us", "fm", "film"})


def _allows(text: str, number: Number, place: int, match: UnitMatch) -> bool:
    written = text[place : match.end]
    glued = place == number.end
    if written in ("pm", "am") and number.value.denominator not in (1, 2, 4, 5, 10, 20, 25, 50, 100):
        return True  # 2.123 am is no time of day
    if written in _SINGLE_LETTERS or written.lower() in _REFUSED:
        return False
    if written in ("C", "F"):
        low, high = (-90, 130) if written == "C" else (-60, 130)
        return (
            (glued or 30 <= number.value <= 110)
            and low <= number.value <= high
            and text[match.end : match.end + 1] not in ("-", ".")
        )
    if written == "in":
        return bool(_SIZE_AFTER.match(text, match.end)) or bool(
            re.search(r"(?:ft|feet|foot|')[ ]?$", text[max(0, number.start - 6) : number.start])
        )
    if written in ("'", '"'):
        return glued and bool(
            re.search(r"[0-9]'[ ]?$", text[max(0, number.start - 3) : number.start])
            or (written == "'" and text[match.end : match.end + 2].strip()[:1].isdigit())
        )
    if written == "D" and not glued:
        return False
    if written in ("s", "S") and glued and number.value >= 10 and number.value % 10 == 0:
        return False  # the 1980s, in his 60s
    if written.lower() == "second" and _RANK_AFTER.match(text, match.end):
        return False
    if written.lower() in ("m", "h", "d", "y", "s") and not glued and text[match.end : match.end + 1] in ("'", "."):
        return text[match.end + 1 : match.end + 2] in ("", " ", "\n")
    if written in ("°",) and text[match.end : match.end + 1].isalpha():
        return False
    return not (
        number.form == "words"
        and len(written) <= 2
        and written.lower()
        not in (
            "mg",
            "ml",
            "kg",
            "cm",
            "mm",
            "hr",
            "wk",
            "mo",
            "yr",
            "km",
            "dl",
            "ug",
            "iu",
            "μg",
            "ft",
            "lb",
            "oz",
            "%",
            "h",
            "g",
            "l",
            "gy",
        )
    )


def find_exclusions(normal: Normal, locale: str | None = None) -> Exclusions:
    """All exclusions of a text; each pattern is tried only where its first word or sign stands."""
    text, words = normal.text, normal.words()
    quantities = list(_whole_quantities(text, words, locale))
    taken = [(start, end) for start, end, *_ in quantities]
    taken.extend(match.span() for pattern in _patterns_for(text) for match in pattern.finditer(text))
    taken.extend(_labelled(text, words))
    for match in _CITATION.finditer(text):
        several = not match.group()[1:-1].isdigit()
        if not (several and _CITATION_NOT.search(text[max(0, match.start() - 60) : match.start()])):
            taken.append(match.span())
    merged = _merge(taken)
    return Exclusions(text, tuple(s for s, _ in merged), tuple(e for _, e in merged), tuple(quantities))


def _patterns_for(text: str) -> Iterator[Pattern]:
    """The patterns that may find something in ``text``."""
    yield from (_DIGIT_NAMES, _CLOCK, _BARE_CITATION)
    if _DASH_DIGIT.search(text):
        yield _HYPHEN_NAMES
    if "CA" in text or "NCT" in text:
        yield _OTHER_NAMES
    if "^" in text:
        yield _RAISED
    if _MARKER_NEAR.search(text):
        yield _MARKER
    if any(sign in text for sign in ("://", "doi", "10.", "PMID", "PMCID", "ISBN", "@")):
        yield _ADDRESSES


_DASH_DIGIT = Pattern(r"-(?<=[A-Za-z0-9]-)[0-9]")
_LABEL_WORDS = frozenset(label.rstrip(".") for label in _LABELS)


def _labelled(text: str, words: Words) -> Iterator[tuple[int, int]]:
    """The numbers behind a label: ``step 2``, ``Table 1``, ``days 1, 8 and 15``."""
    at = 0
    for word, start in words:
        if start < at or word not in _LABEL_WORDS:
            continue
        match = _LABELLED.match(text, start)
        if match is not None and match.group("label").lower() in _LABELS:
            at = match.end()
            yield match.span("n")


def _merge(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _whole_quantities(text: str, words: Words, locale: str | None) -> Iterator[Found]:
    """Dates, years, ``a fortnight``, ``an hour``, ``1:1000`` and Roman stages; earlier patterns win."""
    taken: list[tuple[int, int]] = []
    years = _FOUR_DIGITS.search(text) is not None
    dated = _has_month(text, words) or (years and _DATE_NEAR.search(text) is not None)
    found = [*_articles(text, words), *(_ratios(text) if _COLON.search(text) else ())]
    if dated:
        found += _dates(text, locale)
    if years:
        found += _years(text)
    if any(word in _ROMAN_WORDS for word, _ in words):
        found += _romans(text)
    for item in sorted(found, key=lambda f: (f[0], -f[1])):
        if taken and item[0] < taken[-1][1]:
            continue
        taken.append((item[0], item[1]))
        yield item


_FOUR_DIGITS = Pattern(r"(?:19|20)[0-9]{2}")
_DATE_NEAR = Pattern(r"(?:19|20)(?:[0-9]{2}-[01]|(?<=[-/.]..)[0-9]{2})")
_COLON = Pattern(r":[0-9]")
_ROMAN_WORDS = frozenset(["stage", "grade", "class", "nyha", "who", "killip", "rai", "ccs"])


def _has_month(text: str, words: Words) -> bool:
    """Whether a month's name stands beside a digit; "may" alone is common."""
    for word, start in words:
        if word in _MONTHS:
            end = start + len(word)
            if _DIGIT.search(text, max(0, start - 6), start) or _DIGIT.search(text, end, end + 4):
                return True
    return False


_DIGIT = Pattern("[0-9]")


AMBIGUOUS_DATE = "day and month of the date may be the other way round"


def is_ambiguous_date(written: str, locale: str | None) -> bool:
    """Whether ``03/04/2024`` may be March or April: not when a country is named, or only one order is a date."""
    match = _DATE.fullmatch(written)
    if match is None or not match["ny"] or "." in written:
        return False
    first, second = int(match["nd"]), int(match["nm"])
    return first != second and max(first, second) <= 12 and not _month_first(locale) and not _country(locale)


def _country(locale: str | None) -> str:
    return str(locale or "").replace("_", "-").partition("-")[2].upper()


def _month_first(locale: str | None) -> bool:
    return _country(locale) == "US"


def _dates(text: str, locale: str | None) -> Iterator[Found]:
    for match in _DATE.finditer(text):
        part = match.groupdict()
        if part["iy"]:
            year, month, day = int(part["iy"]), int(part["im"]), int(part["id"])
        elif part["ny"]:
            year, month, day = int(part["ny"]), int(part["nm"]), int(part["nd"])
            if month > 12 or (_month_first(locale) and day <= 12):
                month, day = day, month
        else:
            name = part["m1"] or part["m2"] or part["m3"]
            day = int(part["d1"] or part["d2"] or 0)
            year = int(part["y1"] or part["y2"] or part["y3"] or 0)
            month = _MONTHS[name.lower()]
            if name.lower() in ("may", "mar", "march") and not year and (name.islower() or not part["d1"]):
                continue  # "may 5 mg" and "march 10" are more often verbs than dates
        yield match.start(), match.end(), QuantityKind.DATE, Fraction(year * 10000 + month * 100 + day), "1"


def _years(text: str) -> Iterator[Found]:
    for match in _YEAR.finditer(text):
        if not text[max(0, match.start() - 14) : match.start()].endswith(_BEFORE_YEAR):
            continue
        for name in ("a", "b"):
            if match.group(name):
                yield match.start(name), match.end(name), QuantityKind.DATE, Fraction(int(match.group(name))), "1"


_ALONE_WORDS = frozenset(["another", "all", "first", "last", "past", "next", "previous", "fortnight"])


def _articles(text: str, words: Words) -> Iterator[Found]:
    """``an hour``, ``another week``, ``a fortnight``, ``the first month``; "2 fortnights" begin before their word."""
    at = alone_at = 0
    for word, start in words:
        if word in _ARTICLES and start >= at:
            match = _ARTICLE.match(text, start)
            if match is not None:
                at = match.end()
                yield from _article(text, match)
        if word in ("fortnight", "fortnights"):
            ahead = _FORTNIGHTS.search(text, max(alone_at, start - 8), start + len(word) + 1)
            if ahead is not None:
                alone_at = ahead.end()
                yield from _alone(text, ahead)
        elif word in _ALONE_WORDS and start >= alone_at:
            match = _ALONE.match(text, start)
            if match is not None:
                alone_at = match.end()
                yield from _alone(text, match)


_ARTICLES = frozenset(["a", "an", "another"])


def _article(text: str, match: re.Match[str]) -> Iterator[Found]:
    if (
        match.start()
        and not match.group("half")
        and not (" " + text[max(0, match.start() - 9) : match.start()].lower()).endswith(_BEFORE_ARTICLE)
    ):
        return
    unit = match.group("unit").lower()
    value = Fraction(3, 2) if match.group("half") else Fraction(1)
    code = _CODES.get(unit)
    if unit == "fortnight":
        value, code = value * 2, "wk"
    elif unit == "decade":
        value, code = value * 10, "a"
    if code:
        yield match.start(), match.end(), _interval_or_length(text, match.start()), value, code


def _interval_or_length(text: str, start: int) -> QuantityKind:
    every = text[max(0, start - 6) : start].lower() == "every "
    return QuantityKind.INTERVAL if every else QuantityKind.DURATION


def _alone(text: str, match: re.Match[str]) -> Iterator[Found]:
    part = match.groupdict()
    start, end = match.span()
    if part.get("another"):
        yield start, end, QuantityKind.DURATION, Fraction(1), _CODES[part["unit"].lower()]
    elif part.get("first"):
        yield start, end, QuantityKind.DURATION, Fraction(1), _CODES[part["unit2"].lower()]
    elif part.get("all"):
        yield start, end, QuantityKind.DURATION, Fraction(1), "d"
    else:
        count = (part.get("count") or "1").lower()
        number = {"one": 1, "two": 2, "three": 3, "four": 4}.get(count) or int(count)
        yield start, end, _interval_or_length(text, start), Fraction(2 * number), "wk"


def _ratios(text: str) -> Iterator[Found]:
    for match in _RATIO.finditer(text):
        a, b = int(match.group("a")), int(match.group("b").replace(",", ""))
        clock = re.search(r"\b(?:at|from|until|by|@|to)[ ]$", text[max(0, match.start() - 7) : match.start()], re.I)
        if b and not (clock and a < 24 and b < 60 and len(match.group("b")) == 2):
            yield match.start(), match.end(), QuantityKind.PROPORTION, Fraction(a, b), "1"


def _romans(text: str) -> Iterator[Found]:
    for match in _ROMAN.finditer(text):
        for name in ("r", "r2"):
            if match.group(name):
                value = Fraction(_ROMANS[match.group(name)])
                yield match.start(name), match.end(name), QuantityKind.STAGE, value, "1"
