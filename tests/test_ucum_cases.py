
"""UCUM in the manner of its functional tests: forms that are valid and forms that are not, and conversions, by hand.

The values follow from the definitions of the code system (exact by definition, or the factor it states).
"""

from __future__ import annotations

from fractions import Fraction

import pytest

from assistant import ucum
from assistant.errors import UnitMismatch, UnknownUnit

VALID = """
m km cm mm um nm pm fm am zm ym Mm Gm Tm Pm Em Zm Ym hm dam dm
g kg mg ug ng pg fg Mg t L l mL ml dL cL hL uL nL pL fL m3 cm3 dm3 mm3 m2 cm2 mm2 km2
s ms us ns ps min h d wk mo a a_j a_t a_g mo_s mo_j mo_g
K Cel [degF] [degRe] rad sr deg gon ' '' C A V W N J Pa Hz S Wb F Ohm H T lm lx Bq Gy Sv kat
kPa MPa hPa kJ kcal cal cal_th eV erg dyn bar mbar atm att
mol mmol umol nmol pmol fmol eq meq ueq osm mosm
U mU kU uU [iU] m[iU] k[iU] u[iU] [IU] [arb'U] [USP'U] [GPL'U] [MPL'U] [APL'U] [beth'U] [anti'Xa'U] [todd'U] [dye'U]
[knk'U] [mclg'U] [tb'U] [AU] [BAU] [Amb'a'1'U] [FFU] [PFU] [CFU] [Lf] [pt_us] [qt_us] [gal_us] [foz_us] [cup_us]
[tbs_us] [tsp_us] [gil_us] [fdr_us] [min_us] [gal_br] [pt_br] [foz_br] [in_i] [ft_i] [yd_i] [mi_i] [nmi_i] [kn_i] [hd_i]
[in_us] [ft_us] [mi_us] [lb_av] [oz_av] [gr] [dr_av] [stone_av] [ston_av] [lton_av] [lb_tr] [oz_tr] [lb_ap] [oz_ap] [sc_ap]
[car_m] [psi] mm[Hg] m[Hg] cm[H2O] m[H2O] [in_i'Hg] [in_i'H2O] [drp] [diop] [Ch] [hnsf'U] [p'diop] [mesh_i]
% [ppth] [ppm] [ppb] [pptr] [pH] [pi] 10* 10^ 10*3 10^9 10*-6 [e] [c] [h] [k] [m_e] [G] [g] [ly] gf [lbf_av]
B Np B[SPL] B[V] B[W] bit By kBy MBy GiBy Kibit bit_s Bd
mg/dL mmol/L umol/L ng/mL ug/L g/L 10*9/L 10*12/L 10*3/uL /uL /mm3 /[HPF] /[LPF] mL/min mL/min/1.73.m2 mL/min/{1.73_m2}
ug/kg/min mg/kg/d mg/(kg.d) mg/m2 g/m2 kg/m2 mg.h/L U/L [iU]/L m[iU]/mL k[iU]/L umol/min/L mmol/mol mg/mmol mg/g ug/mg
mm/h L/min L/h mL/kg/h cal/(kg.d) J/K W/m2 N.s N.m kg.m/s2 m/s m/s2 dyn.s/cm5 dyn.s/(cm5.m2) mm[Hg].min/L l/min/m2 Pa.s
/m /s /min /h m-1 s-1 m+2 m-2 1/m 10.m 100 2.mg 4.[pi].10*-7.N/A2 /100{WBC} {cells}/uL {tablet} mg{creat} g{Hb}/dL
{score} 1 1{tablet} (m) ((m)) (mg/kg)/d /(m.s) mol/kg/s meq/L mosm/kg [iU]/kg/h kU/h MU ng/dL/h {titer} [arb'U]/mL
""".split()

INVALID = """
mcg KG Mg/dl/ mg//dL mg/ mg. .mg mg..L (mg mg) mg{ mg} {mg {{a}} {}mg} m{a}{ kmin kh k% k[in_i] dd kd mmin mwk
IU iu units unit tab mcL cc lb lbs oz in sec hr hrs yr 2mg mg2+ m^2 m**2 m² µg μg °C ℃ ‰ [foo] [iu] [degC] degF
10*x 10^^3 *10 m- m+ /  mg-kg- kkg mmm[x 0 -5 +3 m2- [pH foo bars Celsius mmHg cmH2O mg\\L mg:L
""".split()  # fmt: skip

CONVERSIONS = [
    # lengths, areas, volumes: exact by the international yard and the US and British gallon
    ("1", "[ft_i]", "cm", "30.48"), ("1", "[yd_i]", "m", "0.9144"), ("1", "[mi_i]", "m", "1609.344"),
    ("1", "[nmi_i]", "m", "1852"), ("1", "[in_i]", "mm", "25.4"), ("1", "km", "m", "1000"), ("1", "dam", "dm", "100"),
    ("1", "L", "cm3", "1000"), ("1", "L", "dm3", "1"), ("1", "dL", "mL", "100"), ("1", "mm3", "uL", "1"),
    ("1", "[gal_us]", "[in_i]3", "231"), ("1", "[gal_us]", "[qt_us]", "4"), ("1", "[qt_us]", "[pt_us]", "2"),
    ("1", "[pt_us]", "[cup_us]", "2"), ("1", "[cup_us]", "[tbs_us]", "16"), ("1", "[tbs_us]", "[tsp_us]", "3"),
    ("1", "[gal_br]", "L", "4.54609"), ("1", "[foz_us]", "[tbs_us]", "2"), ("1", "m2", "cm2", "10000"),
    ("1", "m3", "L", "1000"), ("20", "[drp]", "mL", "1"),
    # masses
    ("1", "[oz_av]", "g", "28.349523125"), ("16", "[oz_av]", "[lb_av]", "1"), ("1", "[stone_av]", "[lb_av]", "14"),
    ("1", "t", "kg", "1000"), ("1", "[gr]", "mg", "64.79891"), ("1", "g", "ug", "1000000"), ("1", "kg", "ng", "1000000000000"),
    # times
    ("1", "wk", "d", "7"), ("1", "d", "h", "24"), ("1", "h", "s", "3600"), ("1", "a", "d", "365.25"), ("12", "mo", "a", "1"),
    # pressure, energy, power, temperature
    ("1", "bar", "kPa", "100"), ("1", "atm", "Pa", "101325"), ("1", "kcal", "kJ", "4.184"), ("1", "W.s", "J", "1"),
    ("1", "N", "kg.m/s2", "1"), ("1", "J", "N.m", "1"), ("1", "kPa", "N/m2", "1000"), ("1", "cm[H2O]", "Pa", "98.0665"),
    ("100", "Cel", "[degF]", "212"), ("0", "Cel", "K", "273.15"), ("0", "[degF]", "K", "255.372222222222222222"),
    # amounts of substance, catalysis, radiation
    ("1", "mol", "mmol", "1000"), ("1", "kat", "mol/s", "1"), ("60", "U", "umol/s", "60/60"), ("1", "Gy", "J/kg", "1"),
    ("1", "Sv", "mSv", "1000"), ("1", "Ci", "Bq", "37000000000"), ("1", "MBq", "/us", "1"),
    # concentrations, counts, rates
    ("1", "mg/dL", "g/L", "0.01"), ("1", "ng/mL", "ug/L", "1"), ("1", "mmol/L", "umol/mL", "1"), ("1", "10*9/L", "/uL", "1000"),
    ("1", "10*6/mL", "10*9/L", "1"), ("4.5", "10*12/L", "10*6/uL", "4.5"), ("1", "mL/min", "L/h", "0.06"),
    ("1", "ug/kg/min", "mg/kg/h", "0.06"), ("1", "mg/(kg.d)", "mg/kg/d", "1"), ("1", "[ppm]", "%", "0.0001"),
    ("1", "[ppth]", "1", "0.001"), ("1", "meq/L", "eq/m3", "1"), ("36", "km/h", "m/s", "10"), ("1", "mg/m2", "g/m2", "0.001"),
    ("1", "m[iU]/mL", "[iU]/L", "1"), ("1", "k[iU]", "[iU]", "1000"), ("1", "deg", "'", "60"), ("1", "'", "''", "60"),
]  # fmt: skip

MISMATCHES = [
    ("mg", "mL"), ("mmol", "mg"), ("[iU]", "mg"), ("[iU]", "U"), ("[arb'U]", "[iU]"), ("[CFU]/mL", "[PFU]/mL"), ("m", "s"),
    ("Cel", "g"), ("mg/kg", "mg/m2"), ("{tablet}", "mg"), ("[pH]", "Cel"), ("meq", "mg"), ("/min", "/L"), ("J", "N"),
]  # fmt: skip


@pytest.mark.parametrize("code", VALID)
def test_valid(code: str) -> None:
    assert ucum.is_valid(code)


@pytest.mark.parametrize("code", INVALID)
def test_invalid(code: str) -> None:
    assert not ucum.is_valid(code)


@pytest.mark.parametrize(("value", "source", "target", "expected"), CONVERSIONS)
def test_converts_there_and_back(value: str, source: str, target: str, expected: str) -> None:
    there = ucum.convert(Fraction(value), source, target)
    assert abs(there - Fraction(expected)) <= abs(Fraction(expected)) * Fraction(1, 10**15)
    assert ucum.convert(there, target, source) == Fraction(value)


@pytest.mark.parametrize(("source", "target"), MISMATCHES)
def test_what_does_not_convert(source: str, target: str) -> None:
    with pytest.raises((UnitMismatch, UnknownUnit)):
        ucum.convert(Fraction(1), source, target)
