# ruff: noqa: SIM905 - word lists read better as words
"""Owns the pieces of a dosing instruction: tokens to items (verb, dose, schedule, route, ceiling, step ...), in one
pass.

What the pieces mean together is left to ``dosages``. Every reader looks at a bounded number of tokens, so that a text
of
any length is read in linear time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache
from typing import NamedTuple

from assistant.normalise import Normal
from assistant.records import Comparator, MaxDose, Quantity, QuantityKind
from assistant.routes import Place, first_words_of_place, read_place
from assistant.schedules import (
    OD_AMBIGUOUS,
    bare_length,
    divided,
    first_words_of_time,
    loose_period,
    number_range,
    per_part,
    read_part,
)
from assistant.tokens import END, NUMBER, WORD, Token
from assistant.units import comparable, convert, read_unit, unit_at


class Item(NamedTuple):
    """``start``/``end`` are token indexes; ``value`` depends on ``kind`` (see ``scan``)."""

    kind: str
    start: int
    end: int
    value: object = None


class Amount(NamedTuple):
    """A dose as written: ``quantity`` what is given; ``strength`` of one unit of it; ``total`` the same dose in mass.

    ``counted`` is False for a bare number, whose unit is left to the other words. ``per`` is the period of "mg/day".
    """

    quantity: Quantity
    strength: Quantity | None = None
    total: Quantity | None = None
    counted: bool = True
    per: str | None = None
    product: bool = False  # "300 mg tablets," names what is dispensed, not what is given
    form: str | None = None  # the product's form, which a bare number then counts


VERBS = {
    "take": "oral", "takes": "oral", "taken": None, "taking": None, "swallow": "oral", "chew": "oral", "drink": "oral",
    "give": None, "given": None, "giving": None, "administer": None, "administered": None, "use": None, "used": None,
    "inject": None, "injected": None, "inhale": "inhaled", "inhaled": None, "apply": None, "applied": None,
    "insert": None, "inserted": None, "instil": None, "instill": None, "instilled": None, "infuse": None,
    "infused": None, "place": None, "placed": None, "put": None, "spray": None, "sprayed": None, "rub": None,
    "suck": "oral", "sucked": "oral", "dissolve": None, "dissolved": None, "start": None, "started": None,
    "commence": None, "prescribe": None, "prescribed": None, "receive": None, "receives": None, "received": None,
    "irrigate": None, "swish": None, "gargle": None, "spread": None, "wear": None, "rinse": None, "continue": None,
    "repeat": None, "repeated": None, "offer": None, "treat": None, "treated": None, "replace": None, "initiate": None,
    "load": None, "dose": None, "dosed": None, "supplement": None, "administering": None, "chewed": None,
    "swallowed": None, "nebulise": "nebulised", "nebulize": "nebulised", "massage": None, "injections": None,
    "tome": "oral", "maintain": None, "titrate": None, "add": None, "mix": None, "mixed": None, "dilute": None,
    "diluted": None,
    "reconstitute": None, "make": None, "change": None, "changed": None, "wash": None, "soak": None, "cover": None,
}  # fmt: skip
PREPARING = frozenset({"add", "mix", "mixed", "dilute", "diluted", "reconstitute", "make", "dissolve", "dissolved"})
# verbs whose bare use ("use bid as needed") already is an instruction to a patient
STRONG_VERBS = frozenset(
    """take give inject inhale apply insert instil instill infuse place put spray use swallow chew
    change administer irrigate swish gargle rub suck taken applied injected inhaled inserted instilled administered
    given
    infused used""".split()
)
_FORMS_MORE = {
    "click": "{click}", "clicks": "{click}", "caplet": "{tablet}", "caplets": "{tablet}", "spoonful": "{spoonful}",
    "spoonfuls": "{spoonful}", "spoon": "{spoonful}", "spoons": "{spoonful}", "teaspoon": "[tsp_us]",
    "teaspoons": "[tsp_us]", "teaspoonful": "[tsp_us]", "teaspoonfuls": "[tsp_us]", "tablespoon": "[tbs_us]",
    "tablespoons": "[tbs_us]", "tablespoonful": "[tbs_us]", "tablespoonfuls": "[tbs_us]", "gtt": "[drp]",
    "gtts": "[drp]", "inh": "{inhalation}", "sq": None, "blister": "{blister}", "blisters": "{blister}",
    "gummy": "{gummy}", "gummies": "{gummy}", "pipette": "{pipette}", "pipettes": "{pipette}", "shot": "{shot}",
    "measure": "{measure}", "bar": "{bar}", "bars": "{bar}", "dab": "{dab}", "pad": "{pad}", "pads": "{pad}",
    "swab": "{swab}", "lollies": "{lollipop}", "powder": "{powder}", "powders": "{powder}", "c": "{capsule}",
    "tube": "{tube}", "minim": None, "plaster": "{patch}", "plasters": "{patch}", "nebule": "{vial}",
    "injection": "{injection}", "injections": "{injection}", "sweet": None, "units": "U", "unit": "U",
}  # fmt: skip
_BASES = frozenset("kg g mg ug ng pg L mL uL dL U [iU] MU kU mU mol mmol umol eq meq mosm [drp] [tsp_us] [tbs_us] "
                   "[foz_us] [oz_av] [CFU] Bq MBq GBq mCi [tsp_m] [tbs_m] k[iU] M[iU] m[iU] 10*6.[iU] "
                   "10*3.[iU] cm mm [in_i]".split())  # fmt: skip
_GIVEN_PER = frozenset({"kg", "m2", "h", "min", "d", "wk", "{dose}", "s", "mo"})
_NOT_DOSE = frozenset({"{person}", "{cell}", "{copies}", "{pack-year}", "{ton}", "{drink}", "{unit_of_blood}",
"{cycle}",
                       "{course}", "{fraction}", "{session}", "{box}", "{bottle}", "{pack}"})  # fmt: skip
_SALT = frozenset("""tablet tablets capsule capsules dispersible soluble effervescent modified release mr sr xl cr er
    ec oral film coated gastro resistant prolonged chewable caplet caplets suppository suppositories tab tabs cap caps
    ampoule ampoules vial vials injection sachet sachets patch patches solution for pre filled syringe syringes pen pens
    implant eye ear nasal drops spray inhaler cream ointment gel liquid suspension elixir syrup lozenge lozenges pessary
    pessaries spray sprays depot dose powder granules orodispersible enteric coated gastro-resistant total compounded
    as a safesystem in""".split())  # fmt: skip
_FORM_NOUNS = frozenset("""tablet tablets capsule capsules caplet caplets suppository suppositories tab tabs cap caps
    ampoule ampoules vial vials sachet sachets patch patches lozenge lozenges pessary pessaries implant syringes syringe
    pen pens""".split())  # fmt: skip


_BEYOND = 64  # no reader looks further than this past the last token, or before the first


class Scan:
    """The text being read and what was found so far.

    ``text(i)`` is the text of token ``i``, empty outside the text (within ``_BEYOND`` of it); ``quantities`` the
    doubtful ones by the start of their number in the copy, ``doubtful`` the same in order, ``by_start`` every quantity
    by its offset in the original.
    """

    __slots__ = ("amounts", "by_start", "doubtful", "normal", "quantities", "text", "tokens")

    def __init__(
        self,
        normal: Normal,
        tokens: tuple[Token, ...],
        quantities: dict[int, list[Quantity]],
        doubtful: tuple[Quantity, ...],
        by_start: dict[int, Quantity],
    ) -> None:
        self.normal = normal
        self.tokens = tokens
        self.quantities = quantities
        self.doubtful = doubtful
        self.by_start = by_start
        self.amounts: dict[int, tuple[Amount, int] | None] = {}  # read once, asked for by several readers
        self.text: Callable[[int], str] = [*(token.text for token in tokens), *[""] * _BEYOND].__getitem__

    def words(self, start: int, end: int) -> str:
        """The original's words from token ``start`` up to ``end``."""
        if end <= start:
            return ""
        return self.normal.source(self.tokens[start].start, self.tokens[end - 1].end).strip(" ,.;-")


def starts_with(scan: Scan, i: int, *phrases: str) -> int:
    """The index after the first of ``phrases`` that stands at ``i``, or 0."""
    first = scan.text(i)
    for phrase in phrases:
        if not phrase.startswith(first):
            continue
        words = phrase.split(" ")
        if all(scan.text(i + n) == word for n, word in enumerate(words)):
            return i + len(words)
    return 0


# --------------------------------------------------------------------------- amounts


def read_amount(scan: Scan, i: int) -> tuple[Amount, int] | None:
    """A dose at token ``i``: "5 mg", "1-2 tablets", "2 x 240 mg tablets", "one 150 mg tab", "4 mg to 8 mg", "1"."""
    if i >= len(scan.tokens) or scan.tokens[i].kind != NUMBER:
        return None
    if i not in scan.amounts:
        scan.amounts[i] = _read_amount(scan, i)
    return scan.amounts[i]


def _read_amount(scan: Scan, i: int) -> tuple[Amount, int] | None:
    found = number_range(scan.tokens, i)
    if found is None:
        return None
    low, high, j = found
    again = number_range(scan.tokens, j)
    if again and again[:2] == (low, high) and high is not None:
        j = again[2]  # "1/2 to 1 one-half to one"
    if scan.text(j) in ("x", "×") and _simple(scan, j + 1):
        inner = _simple(scan, j + 1)
        if inner is not None:
            return _counted_product(scan, i, low, high, inner)
    unit = _unit(scan, j)
    if unit is None:
        inner = _simple(scan, j)
        if (
            inner is not None
            and high is None
            and scan.text(inner[1]) in _FORM_NOUNS
            and low.denominator == 1
            and low < 10
        ):
            return _counted_product(scan, i, low, high, inner)  # "one 150 mg tab"
        if inner is not None and scan.text(inner[1]) in ("spoonful", "spoonfuls") and inner[0].value is not None:
            value = inner[0].value
            amount = replace(inner[0], value=low * value, start=scan.tokens[i].start)
            if high is not None:
                amount = replace(amount, value=None, low=low * value, high=high * value)
            return Amount(_finish(scan, amount, i, inner[1] + 1)), inner[1] + 1
        quantity = _finish(scan, _quantity(scan, i, j, low, high, "1"), i, j)
        return Amount(quantity, counted=False), j
    code, k, unit_doubt = unit
    if high is None:
        low, high, k = _second_end(scan, low, code, k)
    per: str | None = None
    if code.endswith(("/d", "/wk", "/mo", "/{dose}")):
        code, per = code.rsplit("/", 1)
    quantity = _finish(scan, _quantity(scan, i, k, low, high, code), i, k)
    if unit_doubt:
        quantity = replace(quantity, distrust=quantity.distrust + unit_doubt)
    return _with_total(scan, Amount(quantity, per=None if per == "{dose}" else per), i, k)


def _simple(scan: Scan, i: int) -> tuple[Quantity, int] | None:
    """A number or range with a unit, nothing more."""
    found = number_range(scan.tokens, i)
    if found is None:
        return None
    unit = _unit(scan, found[2])
    if unit is None:
        return None
    return _quantity(scan, i, unit[1], found[0], found[1], unit[0]), unit[1]


def _unit(scan: Scan, j: int) -> tuple[str, int, tuple[str, ...]] | None:
    """The unit at token ``j``: UCUM code, next token index, doubts."""
    if j >= len(scan.tokens):
        return None
    token = scan.tokens[j]
    if token.text == "-" and j + 1 < len(scan.tokens) and scan.tokens[j + 1].kind == WORD:
        j, token = j + 1, scan.tokens[j + 1]
    if token.kind != WORD and token.text not in ("%", "["):
        return None
    text, word = scan.normal.text, token.text
    if word in ("h", "d", "x", "s", "a", "b", "m", "times", "in", "at", "am", "pm", "day", "days", "of"):
        return None
    code: str | None = None
    after = token.end
    doubt: tuple[str, ...] = ()
    if word in _FORMS_MORE:
        code = _FORMS_MORE[word]
        if word == "c" and not (scan.text(j + 1) in ("po", "bid", "tid", "daily") or scan.text(j + 1) == ""):
            code = None
        if word in ("units", "unit"):
            match = unit_at(scan.normal, token.start)
            if match is not None:
                code, after, doubt = match.code, match.end, match.distrust
        if code is None:
            return None
    else:
        match = unit_at(scan.normal, token.start)
        if match is None and token.kind == WORD:  # misspelt, or run together with what follows
            match = read_unit(word, 0)
            if match is not None and match.end != len(word):
                match = None
            if match is not None:
                match = match._replace(end=token.end)
        if match is None:
            return None
        code, after, doubt = match.code, match.end, match.distrust
        if code.endswith("/s") and text[token.end : after].strip() == "/s":
            code = code[:-2]  # "caplet/s"
    if code in _NOT_DOSE:
        return None
    k = j + 1
    while k < len(scan.tokens) and scan.tokens[k].start < after:
        k += 1
    if scan.text(k) == "(" and scan.text(k + 1) in ("s", "es") and scan.text(k + 2) == ")":
        k += 3
    return code, k, doubt


def _second_end(scan: Scan, low: Fraction, code: str, k: int) -> tuple[Fraction, Fraction | None, int]:
    """ "4 mg to 8 mg", "5 mg or 10 mg": the other end of a range, in the same unit."""
    if scan.text(k) not in ("to", "-", "or"):
        return low, None, k
    other = _simple(scan, k + 1)
    if other is None or other[0].value is None:
        return low, None, k
    if other[0].unit != code:
        return _other_unit(scan, low, code, k, other)
    if other[0].value <= low:
        return low, None, k
    following = scan.text(other[1])
    if scan.text(k) == "or" and following in ("once", "twice", "daily"):
        return low, other[0].value, other[1]
    return low, other[0].value, other[1]


def _other_unit(
    scan: Scan, low: Fraction, code: str, k: int, other: tuple[Quantity, int]
) -> tuple[Fraction, Fraction | None, int]:
    """ "500 mg-1 g", "500 mg to 1 g": the upper end in the unit of the lower."""
    high, unit = other[0].value, other[0].unit
    if high is None or unit is None or scan.text(k) == "or" or code.startswith("{") or not comparable(unit, code):
        return low, None, k
    upper = convert(high, unit, code)
    return (low, upper, other[1]) if low < upper <= low * 100 else (low, None, k)


def _counted_product(
    scan: Scan, i: int, low: Fraction, high: Fraction | None, inner: tuple[Quantity, int]
) -> tuple[Amount, int]:
    """ "2 x 240 mg tablets", "one 150 mg tab": so many units of that strength."""
    strength, j = inner
    unit = _unit(scan, j)
    code = unit[0] if unit is not None and unit[0].startswith("{") else "1"
    end = unit[1] if unit is not None and code != "1" else j
    quantity = _finish(scan, _quantity(scan, i, end, low, high, code), i, end)
    if code == "1":  # "2 x 240 mg": no form is named, the dose is the product
        if strength.value is None:
            return Amount(replace(quantity, distrust=(*quantity.distrust, "a range of strengths"))), end
        total = replace(quantity, unit=strength.unit)
        total = replace(
            total,
            value=None if low is None or high is not None else low * strength.value,
            low=None if high is None else low * strength.value,
            high=None if high is None else high * strength.value,
        )
        return Amount(total, strength=strength), end
    return Amount(quantity, strength=strength), end


def _with_total(scan: Scan, amount: Amount, i: int, k: int) -> tuple[Amount, int]:
    """ "two capsules (4 mg)", "1 tablet 20 mg total", "4 clicks 1 gram", "2 capsules of X 500 mg": the same dose
    again."""
    unit = amount.quantity.unit or ""
    j = k
    open_bracket = scan.text(j) == "("
    if open_bracket or scan.text(j) in ("=", "-"):
        j += 1
    other = _simple(scan, j)
    if other is None and unit.startswith("{") and scan.text(k) in ("of", "x", "@"):
        other = _simple(scan, k + 1)
    if other is not None and other[0].unit != unit and is_dose_unit(other[0].unit) and _comparable(unit, other[0].unit):
        end = other[1]
        total = replace(other[0], kind=QuantityKind.DOSE)
        each = open_bracket and scan.text(end) == "each"
        if open_bracket and scan.text(end) in ("total", "each"):
            end += 1
        if open_bracket and scan.text(end) == ")":
            end += 1
        elif open_bracket and scan.text(end) in ("/", ";", ","):
            return amount, k
        if scan.text(end) in ("total", "dose") and not open_bracket:
            end += 1 + (scan.text(end + 1) == "dose")
        if each:
            return amount._replace(strength=total), end
        if unit.startswith("{") or unit in ("[drp]",):
            return amount._replace(total=total), end
        if (other[0].unit or "").startswith("{"):
            return amount._replace(total=total), end  # "1 millilitre 4 clicks"
        return (amount._replace(total=total), end) if open_bracket else (amount, k)
    if not unit.startswith("{") and scan.text(k) in _SALT and scan.text(k) != "in":
        return _product(scan, amount, k)
    return amount, k


def _comparable(a: str, b: str | None) -> bool:
    return not (a.startswith("{") and (b or "").startswith("{")) or a == "{click}"


def _product(scan: Scan, amount: Amount, k: int) -> tuple[Amount, int]:
    """ "300 mg dispersible tablets": a strength; a plural not counted is what is dispensed."""
    j = k
    last = ""
    while j < k + 10:
        word = scan.text(j)
        joins = word in ("for", "in") and scan.text(j + 1) in ("injection", "infusion", "pre")
        if (
            not joins
            and (word not in _SALT or word in ("oral", "for", "as", "in", "total", "dose", "a"))
            and word != "-"
        ):
            break
        if word == "-" and scan.text(j + 1) not in _SALT:
            break
        if word in _FORM_NOUNS:
            last = word
        j += 1
    if j == k:
        return amount, k
    if scan.text(k) in ("injection", "injections", "depot", "tablet", "capsule", "patch", "suppository", "spray",
    "vial",
                        "ampoule", "pessary", "implant", "solution", "powder", "tab",
                        "cap") and not last.endswith("s"):  # fmt: skip
        return amount, j  # "1 mg injection every 3 months": given as one
    if not last:
        return amount, k
    form = read_unit(last, 0)
    return amount._replace(product=True, form=form.code if form is not None else None), j


def _quantity(scan: Scan, i: int, end: int, low: Fraction, high: Fraction | None, code: str) -> Quantity:
    kind = QuantityKind.RATE if code.endswith(("/h", "/min")) else QuantityKind.DOSE
    return Quantity(
        text="",
        start=scan.tokens[i].start,
        end=scan.tokens[end - 1].end,
        value=low if high is None else None,
        low=None if high is None else low,
        high=high,
        unit=code,
        kind=kind,
    )


def _finish(scan: Scan, quantity: Quantity, i: int, end: int) -> Quantity:
    """Doubts of the characters under the number, and of the number reader, go with it."""
    doubts = list(quantity.distrust) + list(scan.normal.marks_in(quantity.start, quantity.end))
    for token in scan.tokens[i:end]:
        if token.kind == NUMBER:
            for other in scan.quantities.get(token.start, ()):
                doubts.extend(other.distrust)
    return replace(quantity, distrust=tuple(dict.fromkeys(doubts))) if doubts else quantity


def is_dose_unit(code: str | None) -> bool:
    """Whether an amount in this unit can be given: 5 mg, 5 mg/kg, 5 mL/h, 2 tablets; not 5 mmol/L, 5 %, 5 years."""
    if code is None:
        return False
    head, *below = code.split("/")
    if any(part not in _GIVEN_PER for part in below):
        return False
    return (head in _BASES and head != "kg") or (head.startswith("{") and head not in _NOT_DOSE)


# --------------------------------------------------------------------------- ceilings

_MAX_LEADS = (
    "up to a maximum of", "up to a maximum dose of", "to a maximum of", "up to maximum of", "to a maximum dose of",
    "with a maximum of", "maximum daily dose is", "maximum daily dose of", "maximum daily dose", "max daily dose of",
    "max daily dose", "maximum daily amount", "max daily amount", "maximum dose per day", "maximum dose is",
    "maximum dose of", "maximum dose", "max dose of", "max dose", "maximum single dose of", "maximum single dose",
    "max single dose", "maximum total dose of", "maximum of", "max of", "maximum", "max", "mdd", "daily maximum",
    "daily maximum of", "daily max", "no more than", "not more than", "not to exceed", "do not exceed",
    "should not exceed", "must not exceed", "not exceeding", "without exceeding", "does not exceed", "never exceed",
    "do not take more than", "do not use more than", "do not give more than", "never take more than", "dont exceed",
    "should not take more than", "must not take more than", "don't take more than", "don't exceed", "cannot exceed",
    "to be no more than", "maximum cumulative dose of", "maximum lifetime dose of", "do not inhale more than",
    "maximum lifetime dose", "lifetime maximum of", "lifetime maximum", "lifetime maximum dose of", "limit to",
    "limited to", "up to a max of", "to a max of", "maximal daily dose of", "maximal daily dose", "maximal dose",
    "maximum recommended dose", "maximum recommended daily dose", "maximum recommended dose is", "maximum rate",
    "maximum amount", "limit of", "do not apply more than",
)  # fmt: skip
_MAX_BY_FIRST: dict[str, list[list[str]]] = {}
for _lead in sorted(_MAX_LEADS, key=len, reverse=True):
    _MAX_BY_FIRST.setdefault(_lead.split()[0], []).append(_lead.split())


NO_PERIOD = "the period of the maximum is not stated"


def read_maximum(scan: Scan, i: int, items: Sequence[Item] = ()) -> tuple[list[MaxDose], int] | None:
    """ "max 8 in 24 hours", "not to exceed 4 g/day", "maximum daily dose 3 mdd 3", "daily dose should not exceed 16
    mg"."""
    j, words = i, []  # type: int, list[str]
    if scan.text(i) == "daily" and scan.text(i + 1) == "dose":
        j, words = i + 2, ["daily"]
    elif scan.text(i) == "total" and scan.text(i + 1) == "daily" and scan.text(i + 2) == "dose":
        j, words = i + 3, ["daily"]
    elif scan.text(i) == "each" and scan.text(i + 1) == "dose":
        j, words = i + 2, ["single"]
    for lead in _MAX_BY_FIRST.get(scan.text(j), ()):
        if all(scan.text(j + n) == word for n, word in enumerate(lead)):
            words += lead
            j += len(lead)
            break
    else:
        return None
    while scan.text(j) in (":", "-", "=", "of", "is", "a", "total", "the", "("):
        j += 1
    if scan.text(j) == "per" and scan.text(j + 1) in (
        "administration",
        "dose",
        "day",
        "course",
        "lifetime",
        "injection",
    ):
        words.append({"day": "daily", "dose": "single", "injection": "single"}.get(scan.text(j + 1), scan.text(j + 1)))
        j += 2
        while scan.text(j) in (":", "of", "is", "-"):
            j += 1
    if scan.text(j) == "single" and scan.text(j + 1) == "dose":
        words.append("single")
        j += 2 + (scan.text(j + 2) == "of")
    amount = read_amount(scan, j)
    if amount is None and scan.text(j) in ("one", "a"):
        return None
    if amount is None:
        return None
    return _ceiling(scan, words, amount[0], amount[1], items)


def _ceiling(
    scan: Scan, words: list[str], amount: Amount, j: int, items: Sequence[Item]
) -> tuple[list[MaxDose], int] | None:
    unit = amount.quantity.unit or "1"
    if unit != "1" and not is_dose_unit(unit):
        return None
    if not amount.counted and scan.text(j) in (
        "days",
        "day",
        "weeks",
        "months",
        "years",
        "hours",
        "week",
        "month",
        "%",
    ):
        return None
    if scan.text(j) == "doses":
        j += 1
    per, period, period_unit = "", Fraction(1), "d"
    after = j
    joined = starts_with(scan, j, "in a", "in any", "in each", "during a", "within a", "over a", "in one")
    found = per_part(scan.tokens, j) if scan.text(j) in ("per", "a", "an", "/", "each", "every", "in") else None
    if found is None and (joined or scan.text(j) in ("within", "during", "over", "daily", "weekly", "monthly")):
        found = loose_period(scan.tokens, j)
    word = scan.text(j + 1 + (scan.text(j + 1) in ("a", "any", "one", "single")))
    if amount.per is not None:
        per, period_unit = "period", amount.per
    elif found is not None and found.timing.period is not None and found.timing.period_unit is not None:
        per, period, period_unit, after = "period", found.timing.period, found.timing.period_unit, found.end
    elif scan.text(j) in ("per", "as", "in", "each", "/", "for", "a", "at") and word in (
        "dose", "administration", "injection", "application", "time"
    ):  # fmt: skip
        per, after = "administration", j + 2 + (word != scan.text(j + 1))
    elif scan.text(j) in ("per", "in", "for") and word in ("course", "lifetime", "treatment", "life"):
        per, after = ("course" if word in ("course", "treatment") else "lifetime"), j + 2
    elif "daily" in words or "mdd" in words:
        per = "period"
    elif "single" in words or "administration" in words:
        per = "administration"
    elif "lifetime" in words or "cumulative" in words:
        per = "lifetime"
    elif "course" in words:
        per = "course"
    elif (times := read_part(scan.tokens, j) if j < len(scan.tokens) else None) and times.timing.frequency:
        per, after = "administration", times.end  # "to a maximum of 100 mg twice daily"
    if not per:
        if "rate" in words or (not amount.counted and words and words[0] not in ("max", "maximum", "up", "to")):
            return None
        if scan.text(j) in ("times", "x"):
            return None
        behind_amount = bool(items) and items[-1].kind == "sign" and items[-1].value in ("(", "[")
        per = "administration" if "dose" in words or behind_amount else "period"
        if per == "period":  # "max 4 g" with no period said: kept, and doubted
            amount = amount._replace(quantity=replace(amount.quantity, distrust=(*amount.quantity.distrust, NO_PERIOD)))
            period_unit = ""
    quantity = replace(amount.quantity, kind=QuantityKind.MAXIMUM, comparator=Comparator.AT_MOST)
    in_period = per == "period" and period_unit != ""
    maxima = [MaxDose(quantity, per, period if in_period else None, period_unit if in_period else None)]
    if amount.total is not None:
        total = replace(amount.total, kind=QuantityKind.MAXIMUM, comparator=Comparator.AT_MOST)
        maxima.append(replace(maxima[0], amount=total))
    return maxima, after


# --------------------------------------------------------------------------- the other words

_PRN = ("prn", "as needed", "as required", "when required", "when needed", "if needed", "if required", "if necessary",
        "when necessary", "as necessary", "on demand", "only if needed", "only when needed", "only if required",
        "only when required", "whenever needed", "whenever required", "if and when required", "only when necessary",
        "as and when required", "as and when needed", "as and when", "sos", "as req", "if req", "as req'd",
        "when req", "only if necessary", "where necessary", "where needed", "as requested")  # fmt: skip
_SEPARATORS = ("and then decrease to", "then decrease to", "then increase to", "then reduce to", "then reducing to",
               "and then", "and than", "then", "followed by", "thereafter", "after that", "subsequently", "afterwards",
               "reducing to", "reduced to", "reduce to", "decreasing to", "decrease to", "decreased to",
               "increasing to",
               "increased to", "increase to", "tapering to", "tapered to", "before reducing to", "changing to",
               "dropping to", "and thereafter", "switching to", "followed thereafter by", "before increasing to",
               "and afterwards", "stepping down to")  # fmt: skip
_DELTAS = frozenset(
    "reduce reducing reduced decrease decreasing decreased increase increasing increased taper tapering "
    "titrate titrated increments".split()
)
_INSTRUCTIONS = (
    "between meals",
    "as directed by your doctor", "as directed by the doctor", "as directed", "as instructed", "as advised", "uad",
    "as dir", "ud", "use as directed", "as before", "as per instructions", "on an empty stomach", "on empty stomach",
    "well diluted in water", "diluted in water", "with plenty of water", "with a full glass of water",
    "with a glass of water", "with water", "with milk", "or milk", "swallow whole", "do not crush or chew",
    "without crushing or chewing", "sparingly", "thinly", "shake well", "with food", "with or without food",
    "dissolved in water",
    "in water", "liberally", "generously", "a thin layer", "thin layer", "a small amount", "as per protocol",
    "continuous infusion", "by continuous infusion", "continuously", "as a bolus", "slowly", "as a single bolus",
    "with a snack", "follow package directions", "follow tablet pack instructions", "rinse mouth with water after use",
    "as per package instructions", "with fluids", "with juice", "lifelong", "for life", "indefinitely", "long term",
    "long-term", "do not chew", "do not crush", "do not swallow", "at the same time each day", "as discussed",
    "to be taken as directed", "use as directed by your doctor", "on dose pack", "regularly", "at first sign",
    "before exercise", "prior to exercise", "immediately", "with a drink", "with meals or snacks",
)  # fmt: skip
# "before" cues deny the giving that follows; "after" cues also the dose that stands before them
_NEGATIONS = ("do not", "don't", "dont", "never", "avoid", "shouldn't", "mustn't", "shall not", "stop", "discontinue",
              "withhold", "should not", "must not", "not to be", "stopped", "may not", "not give",
              "not use")  # fmt: skip
_DENIALS = ("should not be", "must not be", "contraindicated", "not recommended", "should be avoided",
"must be avoided",
            "be avoided", "cannot be recommended", "not be", "not advised", "not to be used", "not to be given",
            "not indicated", "not appropriate", "not licensed")  # fmt: skip
_ASIDES = (
    "as good as",
    "as effective as",
    "the alternative to",
    "alternative to",
    "alternatives to",
    "similar to",
    "much like",
    "equivalent to",
    "non-inferior to",
    "differ from",
    "than",
    "instead of",
    "rather than",
    "as opposed to",
    "compared with",
    "compared to",
    "versus",
    "vs",
    "replacing",
)
_KEEP_GIVING = ("do not stop", "do not delay", "do not discontinue", "do not withhold", "should not be stopped",
                "should not be delayed", "must not be stopped", "must not be delayed", "should not be withheld",
                "do not reduce", "do not miss", "do not skip", "never stop", "must not be missed")  # fmt: skip
_PHASES = {
    "loading": "loading", "initially": "loading", "initial": "loading", "induction": "loading",
    "maintenance": "maintenance",
    "thereafter": "maintenance", "maintain": "maintenance",
}  # fmt: skip
_COMPARATORS = (
    ("up to", Comparator.AT_MOST), ("at least", Comparator.AT_LEAST), ("a minimum of", Comparator.AT_LEAST),
    ("minimum of", Comparator.AT_LEAST), ("not less than", Comparator.AT_LEAST), ("no less than", Comparator.AT_LEAST),
    ("more than", Comparator.MORE), ("greater than", Comparator.MORE), ("above", Comparator.MORE),
    ("exceeding", Comparator.MORE), ("less than", Comparator.LESS), ("below", Comparator.LESS), (">", Comparator.MORE),
    ("<", Comparator.LESS), ("≥", Comparator.AT_LEAST), ("≤", Comparator.AT_MOST), ("about", Comparator.ABOUT),
    ("approximately", Comparator.ABOUT), ("around", Comparator.ABOUT), ("over", Comparator.MORE),
    ("roughly", Comparator.ABOUT), ("~", Comparator.ABOUT), ("higher than", Comparator.MORE),
    ("lower than", Comparator.LESS), ("in excess of", Comparator.MORE),
)  # fmt: skip


def _by_first(phrases: tuple[str, ...]) -> dict[str, list[list[str]]]:
    table: dict[str, list[list[str]]] = {}
    for phrase in sorted(phrases, key=lambda words: -len(words.split(" "))):
        words = [piece for piece in phrase.replace("-", " - ").split(" ") if piece]
        table.setdefault(words[0], []).append(words)
    return table


_PRN_BY = _by_first(_PRN)
_SEPARATORS_BY = _by_first(_SEPARATORS)
_INSTRUCTIONS_BY = _by_first(_INSTRUCTIONS)
_NEGATIONS_BY = _by_first(_NEGATIONS)
_DENIALS_BY = _by_first(_DENIALS)
_ASIDES_BY = _by_first(_ASIDES)
_KEEP_BY = _by_first(_KEEP_GIVING)
_COMPARATORS_BY = _by_first(tuple(words for words, _ in _COMPARATORS))
_COMPARATOR_OF = dict(_COMPARATORS)


def _match(scan: Scan, i: int, table: dict[str, list[list[str]]]) -> int:
    text = scan.text
    for words in table.get(text(i), ()):
        for n in range(1, len(words)):
            if text(i + n) != words[n]:
                break
        else:
            return i + len(words)
    return 0


def scan_items(scan: Scan) -> list[Item]:
    """Every piece in order. Kinds and values: end, stop (clause), amount (Amount), part (Part), place (Place), prn,
    maximum (list of MaxDose), step, delta (text), divided (low, high), until (text), instruction (text), negation,
    phase (name), verb (word), comparator (Comparator), reason (text), join, sign, word.
    """
    items: list[Item] = []
    i, tokens, readers = 0, scan.tokens, _readers()
    while i < len(tokens):
        kind, text = tokens[i][:2]
        if kind == WORD and text not in readers:
            items.append(Item("word", i, i + 1, text))
            i += 1
            continue
        item = _item(scan, i, items, readers.get(text, _ALL))
        items.append(item)
        i = max(item.end, i + 1)
    return items


_PHRASE, _PART, _PLACE, _ALL = 1, 2, 4, 7


@cache
def _readers() -> dict[str, int]:
    """Which readers know a word as their first one; every word that is not here is only a word."""
    found: dict[str, int] = dict.fromkeys([*VERBS, *_PHASES, "and", "or", "plus", "for", "to", "od"], 0)
    tables = (_MAX_BY_FIRST, _PRN_BY, _SEPARATORS_BY, _INSTRUCTIONS_BY, _COMPARATORS_BY, _KEEP_BY, _ASIDES_BY,
              _DENIALS_BY, _NEGATIONS_BY, _DELTAS, _TAPERS)  # fmt: skip
    phrase = [word for table in tables for word in table]
    phrase += """daily total each than in into divided as after until till til day days on starting from beginning
        commencing start no not""".split()
    parts = [*first_words_of_time(), "per", "a", "an", "each", "every", "in"]
    for reader, words in ((_PHRASE, phrase), (_PART, parts), (_PLACE, first_words_of_place())):
        for word in words:
            found[word] = found.get(word, 0) | reader
    return found


def _item(scan: Scan, i: int, items: list[Item], readers: int) -> Item:
    token = scan.tokens[i]
    if token.kind == END:
        return Item("end", i, i + 1)
    if token.kind == NUMBER:
        return _number_item(scan, i, items)
    if token.text == ";":
        return Item("stop", i, i + 1)
    found = _phrase_item(scan, i, items) if readers & _PHRASE else None
    if found is not None:
        return found
    if token.text == "od" and {scan.text(n) for n in range(max(0, i - 4), i)} & {"drop", "drops", "gtt", "gtts"}:
        return Item("place", i, i + 1, Place("ophthalmic", "right eye", i + 1, (OD_AMBIGUOUS,)))
    if readers & _PART and (token.kind == "clock" or token.kind == WORD or token.text in ("/", "@", "×")):
        part = read_part(scan.tokens, i)
        previous = items[-1] if items else None
        if previous is not None and previous.kind == "amount" and previous.end == i:
            per = per_part(scan.tokens, i)
            if per is not None and (part is None or per.end >= part.end):
                part = per
        if part is not None:
            return Item("part", i, part.end, part)
    if token.kind == WORD:
        place = read_place(scan.tokens, i) if readers & _PLACE else None
        if place is not None:
            return Item("place", i, place.end, place)
        return _word_item(scan, i)
    return Item("sign", i, i + 1, token.text)


_TAPERS = frozenset({"taper", "tapering", "tapered", "wean", "weaning", "weaned", "tail", "tailing", "withdraw"})
_BEFORE_THAN = frozenset({"", "more", "less", "rather", "other", "greater", "higher", "lower", "fewer", "longer"})


def _is_number(scan: Scan, i: int) -> bool:
    return i < len(scan.tokens) and scan.tokens[i].kind == NUMBER


def _phrase_item(scan: Scan, i: int, items: list[Item]) -> Item | None:
    word = scan.text(i)
    found = read_maximum(scan, i, items)
    if found is not None and not _is_frequency_ceiling(scan, i):
        return Item("maximum", i, found[1], found[0])
    if word in _PRN_BY and (end := _match(scan, i, _PRN_BY)):
        return Item("prn", i, end)
    if word in _INSTRUCTIONS_BY and (end := _match(scan, i, _INSTRUCTIONS_BY)):
        text = scan.words(i, end)
        if word == "with" and scan.text(i + 1) == "food" and scan.text(i + 2) != "or":
            part = read_part(scan.tokens, i)
            if part is not None:
                return Item("part", i, part.end, part)
        return Item("instruction", i, end, text)
    if word in _SEPARATORS_BY and (end := _match(scan, i, _SEPARATORS_BY)):
        return Item("step", i, end)
    if word == "than" and scan.text(i - 1) not in _BEFORE_THAN and _is_number(scan, i + 1):
        return Item("step", i, i + 1)  # "and than 1 tablet"
    if word in _TAPERS and items and items[-1].kind in ("step", "join"):
        end = _clause_end(scan, i)
        return Item("delta", i, end, scan.words(i, end))  # "then taper over 2 months": no dose of its own
    if word in _DELTAS and (end := _delta(scan, i)):
        return Item("delta", i, end, scan.words(i, end))
    if word in ("in", "into", "divided", "as") and (parts := divided(scan.tokens, i)):
        return Item("divided", i, parts[2], (parts[0], parts[1]))
    if word in ("in", "divided") and (end := starts_with(scan, i, "in divided doses", "divided doses")):
        return Item("instruction", i, end, scan.words(i, end))
    if word == "in" and scan.text(i + 1) in ("steps", "increments") and (end := _delta(scan, i + 1)):
        return Item("delta", i, end, scan.words(i, end))
    if word == "after" and (end := _later(scan, i + 1)):
        return Item("instruction", i, end, scan.words(i, end))
    if word in ("until", "till", "til"):
        end = _clause_end(scan, i + 1)
        return Item("until", i, end, scan.words(i + 1, end))
    if word in ("day", "days", "on") and (end := _cycle_days(scan, i)):
        return Item("instruction", i, end, scan.words(i, end))
    if word in ("on", "starting", "from", "beginning", "commencing", "start") and (end := _date(scan, i)):
        return Item("date" if word == "on" else "instruction", i, end, scan.words(i, end))
    if word == "after" and scan.text(i + 1) in ("each", "every") and read_part(scan.tokens, i) is None:
        end = min(_clause_end(scan, i + 2), i + 8)
        return Item("prn", i, i + 1) if end <= i + 2 else Item("event", i, end, scan.words(i, end))
    if word in _COMPARATORS_BY and (end := _match(scan, i, _COMPARATORS_BY)) and _opens_amount(scan, end):
        return Item("comparator", i, end, _COMPARATOR_OF[" ".join(scan.text(n) for n in range(i, end))])
    if word in ("no", "not") and (part := read_part(scan.tokens, i)) is not None:
        return Item("part", i, part.end, part)
    if word == "not" and i + 1 < len(scan.tokens) and read_part(scan.tokens, i + 1) is not None:
        return Item("aside", i, i + 1)  # "once a week, not daily"
    if word in _KEEP_BY and (end := _match(scan, i, _KEEP_BY)):
        return Item("word", i, end, "")
    if word in _ASIDES_BY and (end := _match(scan, i, _ASIDES_BY)):
        return Item("aside", i, end)
    if word in _DENIALS_BY and (end := _match(scan, i, _DENIALS_BY)):
        return Item("denial", i, end)
    if word in _NEGATIONS_BY and (end := _match(scan, i, _NEGATIONS_BY)):
        return Item("negation", i, end)
    return None


def _is_frequency_ceiling(scan: Scan, i: int) -> bool:
    """ "max 4 times a day" limits the frequency, "max 4 a day" the dose."""
    part = read_part(scan.tokens, i)
    return part is not None and part.timing.frequency_max is not None


def _opens_amount(scan: Scan, j: int) -> bool:
    amount = read_amount(scan, j)
    return amount is not None and amount[0].counted and is_dose_unit(amount[0].quantity.unit)


def _delta(scan: Scan, i: int) -> int:
    """ "reducing by 5 mg every week", "in increments of 25 mg": a change, not a dose."""
    j = i + 1
    if scan.text(j) in ("the", "dose", "gradually", "slowly"):
        while scan.text(j) in ("the", "dose", "gradually", "slowly") and j < i + 5:
            j += 1
    if scan.text(j) == "in" and scan.text(j + 1) in ("steps", "increments"):
        j += 2
    if scan.text(j) not in ("by", "of"):
        return 0
    if scan.text(j + 1) in ("half", "a"):
        return j + 2
    amount = read_amount(scan, j + 1)
    if amount is None:
        return 0
    end = amount[1]
    part = read_part(scan.tokens, end) if end < len(scan.tokens) else None
    return part.end if part is not None else end


def _later(scan: Scan, i: int) -> int:
    """ "after 2 weeks": when a step begins; FHIR has no slot beside the bounds of the step before."""
    found = number_range(scan.tokens, i)
    if found is None:
        return 0
    return found[2] + 1 if scan.text(found[2]) in ("day", "days", "week", "weeks", "month", "months") else 0


def _cycle_days(scan: Scan, i: int) -> int:
    """ "days 1-14 of a 21-day cycle", "on day 1", "on days 1, 8 and 15 every 21 days": no FHIR slot, kept as text."""
    j = i
    if scan.text(j) == "on":
        j += 1
    if scan.text(j) == "the" and scan.text(j + 2) == "day":
        return j + 3 if scan.text(j + 1) in ("first", "second", "third") else 0
    if scan.text(j) not in ("day", "days"):
        return 0
    found = number_range(scan.tokens, j + 1)
    if found is None:
        return 0
    j = found[2]
    while scan.text(j) in (",", "and", "&") and (more := number_range(scan.tokens, j + 1)):
        if scan.text(more[2]) in ("mg", "tablet", "tablets", "g", "ml", "capsule", "capsules", "puffs"):
            break
        j = more[2]
    if scan.text(j) in ("of", "every", "in") and j < len(scan.tokens):
        k = j + 1
        if scan.text(k) in ("a", "each", "every", "the"):
            k += 1
        if scan.text(k) == "cycle":
            return k + 1
        length = number_range(scan.tokens, k)
        if length:
            k = length[2]
            while scan.text(k) in ("-", "day", "days", "week", "weeks", "cycle", "cycles"):
                k += 1
            return k
    return j


_MONTHS = frozenset(
    """january february march april may june july august september october november december jan feb mar
    apr jun jul aug sep sept oct nov dec""".split()
)


def _date(scan: Scan, i: int) -> int:
    """ "on 1st November 2019", "starting January 16, 2015": the index after the date, or 0."""
    j = i + 1
    if scan.text(j) in ("on", "from"):
        j += 1
    if j >= len(scan.tokens):
        return 0
    if scan.text(j) in _MONTHS and j + 1 < len(scan.tokens) and scan.tokens[j + 1].kind == NUMBER:
        j += 2
        if scan.text(j) in ("st", "nd", "rd", "th"):
            j += 1
        if scan.text(j) == "," and j + 1 < len(scan.tokens) and scan.tokens[j + 1].kind == NUMBER:
            j += 1
        return j + 1 if j < len(scan.tokens) and scan.tokens[j].kind == NUMBER else j
    if scan.tokens[j].kind == NUMBER:
        j += 1
        if scan.text(j) in ("st", "nd", "rd", "th"):
            j += 1
        if scan.text(j) == "of":
            j += 1
        if scan.text(j) in _MONTHS:
            j += 1
            return j + 1 if j < len(scan.tokens) and scan.tokens[j].kind == NUMBER else j
    return 0


_CLAUSE_STOPS = frozenset({",", ";", "(", ")", "then", "followed", "thereafter", "and/or", "max", "maximum"})


def _clause_end(scan: Scan, i: int) -> int:
    """Where the words of a reason or an "until" stop: at a comma, a step, the sentence's end, or twelve words."""
    j = i
    while j < len(scan.tokens) and j < i + 14:
        if scan.tokens[j].kind == END or scan.text(j) in _CLAUSE_STOPS:
            break
        if scan.text(j) == "and" and scan.text(j + 1) in ("then", "thereafter"):
            break
        j += 1
    return j


def _number_item(scan: Scan, i: int, items: list[Item]) -> Item:
    part = read_part(scan.tokens, i)
    amount = read_amount(scan, i)
    if part is not None and (amount is None or not amount[0].counted or part.end >= amount[1]):
        # "2 x 240 mg" and "1 or 2 4 times a day" are amounts first
        return Item("part", i, part.end, part)
    length = bare_length(scan.tokens, i)
    if length is not None and items and items[-1].kind in ("part", "place", "prn", "reason", "instruction", "sign"):
        return Item("part", i, length.end, length)
    if length is not None:
        return Item("word", i, length.end)
    if amount is None:
        return Item("word", i, i + 1)
    return Item("amount", i, amount[1], amount[0])


_REASON_STOPS = frozenset(
    {
        "prn",
        "mdd",
        "max",
        "maximum",
        "instr",
        "instrplease",
        "until",
        "then",
        "take",
        "do",
        "and/or",
        "once",
        "only",
        "int",
        "repeat",
        "dispense",
    }
)


def _word_item(scan: Scan, i: int) -> Item:
    word = scan.text(i)
    if word in ("for", "to") and (end := _reason_end(scan, i)):
        return Item("reason", i, end, scan.words(i + 1, end))
    if word in _PHASES:
        return Item("phase", i, i + 1 + (scan.text(i + 1) in ("dose", "doses", "phase", "therapy")), _PHASES[word])
    if word in VERBS:
        return Item("verb", i, i + 1, word)
    if word in ("and", "or", "plus"):
        return Item("join", i, i + 1, word)
    return Item("word", i, i + 1, word)


def _reason_end(scan: Scan, i: int) -> int:
    """ "for pain", "for shortness of breath or wheezing", "to reduce blood pressure": up to the next piece."""
    if scan.text(i) == "to" and scan.text(i + 1) not in ("reduce", "lower", "control", "help", "prevent", "treat",
                                                         "relieve", "protect", "improve"):  # fmt: skip
        return 0
    j = i + 1
    while j < len(scan.tokens) and j < i + 12:
        token = scan.tokens[j]
        if token.kind in (NUMBER, END, "clock") or token.text in _REASON_STOPS or token.text in _CLAUSE_STOPS:
            break
        if token.kind == "sign" and token.text not in ("/", "-", "'"):
            break
        if token.text in _MAX_BY_FIRST and read_maximum(scan, j) is not None:
            break
        if j > i + 1 and (
            (token.text in _PRN_BY and _match(scan, j, _PRN_BY)) or read_part(scan.tokens, j) is not None
        ):
            break
        j += 1
    while j > i + 1 and scan.text(j - 1) in ("a", "the", "of", "or", "and", "up", "with", "/", "-", "by"):
        j -= 1
    return j if j > i + 1 else 0


def reason_after_prn(scan: Scan, i: int) -> int:
    """The end of a reason written straight behind "prn" ("prn anxiety/sleep"); 0 when there is none."""
    j = i
    while j < len(scan.tokens) and j < i + 8:
        token = scan.tokens[j]
        if token.kind != WORD and token.text not in ("/", "-"):
            break
        if token.text in _REASON_STOPS or token.text in VERBS or read_part(scan.tokens, j) is not None:
            break
        if _match(scan, j, _PRN_BY) or _match(scan, j, _INSTRUCTIONS_BY) or read_place(scan.tokens, j) is not None:
            break
        if token.text in ("for", "and", "with", "or", "-") and j == i:
            return 0
        j += 1
    return j if j > i and scan.tokens[j - 1].kind == WORD else 0


__all__ = ["Amount", "Item", "Place", "Scan", "is_dose_unit", "read_amount", "reason_after_prn", "scan_items"]
