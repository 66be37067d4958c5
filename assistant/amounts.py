
"""Owns amounts that are given: a number or range with a unit that can be given, strengths and totals beside it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from assistant.dosing_scan import Amount, Scan
from assistant.records import Quantity, QuantityKind
from assistant.schedule_words import number_range
from assistant.tokens import NUMBER, WORD
from assistant.units import comparable, convert, read_unit, unit_at

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


# what may stand between a number and the form that it counts, and the route that such a word names
_OF_FORM: dict[str, str | None] = {
    **dict.fromkeys("""effervescent dispersible soluble chewable coated film gastro resistant modified release prolonged
        extended mr ec sr xl er xr full level heaped large small metered orodispersible white yellow pink blue extra
        standard single new whole tiny further additional more""".split()),
    "vaginal": "vaginal", "oral": "oral", "sublingual": "sublingual", "buccal": "buccal", "rectal": "rectal",
    "nasal": "intranasal",
}  # fmt: skip


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
    unit, route = _unit(scan, j), None
    if unit is None and scan.text(j) in _OF_FORM:
        unit, route = _described_form(scan, j)
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
    if code.endswith("/h") and scan.text(k) in _PATCHES:  # "25 micrograms/hour patches": what one patch releases
        return Amount(_quantity(scan, i, k, low, high, code), product=True, form="{patch}"), k + 1
    device = k + 2 if scan.text(k) in ("/", "per") and scan.text(k + 1) in _PUFFS else k
    if scan.text(device) in _DEVICES and (device > k or per == "{dose}"):  # "100 micrograms/dose inhaler"
        return Amount(_quantity(scan, i, k, low, high, code), product=True, form="{puff}"), device + 1
    quantity = _finish(scan, _quantity(scan, i, k, low, high, code), i, k)
    if unit_doubt:
        quantity = replace(quantity, distrust=quantity.distrust + unit_doubt)
    return _with_total(scan, Amount(quantity, per=None if per == "{dose}" else per, route=route), i, k)


_PATCHES = frozenset({"patch", "patches", "transdermal"})
_PUFFS = frozenset({"dose", "actuation", "puff", "inhalation", "spray", "metered"})
_DEVICES = frozenset("""inhaler inhalers accuhaler turbohaler evohaler autohaler easyhaler respimat handihaler ellipta
    diskus nasal spray aerosol pmdi mdi dpi breezhaler nexthaler""".split())  # fmt: skip


def _described_form(scan: Scan, j: int) -> tuple[tuple[str, int, tuple[str, ...]] | None, str | None]:
    """ "two effervescent tablets", "1 vaginal tablet": the form behind up to three words, and the route they name."""
    route = None
    for k in range(j, j + 4):
        word = scan.text(k)
        unit = _unit(scan, k) if k > j and word not in _OF_FORM else None
        if unit is not None:
            return (unit, route) if unit[0].startswith("{") else (None, None)
        if word != "-" and word not in _OF_FORM:
            break
        route = route or _OF_FORM.get(word)
    return None, None


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
        if k == j and unit in ("mg", "g", "ug") and (other[0].unit or "") in _COUNTED_FORMS:
            counted = _finish(scan, total, k, end)  # "Brandname 875 mg 1 tab": a strength, then the dose
            return amount._replace(quantity=counted, strength=amount.quantity), end
        if (other[0].unit or "").startswith("{"):
            return amount._replace(total=total), end  # "1 millilitre 4 clicks"
        return (amount._replace(total=total), end) if open_bracket else (amount, k)
    if not unit.startswith("{") and scan.text(k) in _SALT and scan.text(k) != "in":
        return _product(scan, amount, k)
    return amount, k


_COUNTED_FORMS = frozenset({"{tablet}", "{capsule}", "{sachet}", "{suppository}", "{patch}", "{lozenge}"})


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
