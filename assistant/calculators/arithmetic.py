"""Owns the arithmetic that fractions cannot do: logarithms, powers and roots, and the one rounding at the end.

Logarithms and powers are computed in ``Decimal`` with 40 significant digits and returned as ``Fraction``; results are
shown with at most 15, so the error never reaches a shown digit.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

DIGITS = 40
_CONTEXT = Context(prec=DIGITS, rounding=ROUND_HALF_EVEN)


def _decimal(value: Fraction) -> Decimal:
    return _CONTEXT.divide(Decimal(value.numerator), Decimal(value.denominator))


def ln(value: Fraction) -> Fraction:
    """Natural logarithm of a positive number."""
    return Fraction(_CONTEXT.ln(_decimal(value)))


def exp(value: Fraction) -> Fraction:
    return Fraction(_CONTEXT.exp(_decimal(value)))


def power(base: Fraction, exponent: Fraction) -> Fraction:
    """``base`` to any exponent; ``base`` is positive."""
    return Fraction(_CONTEXT.power(_decimal(base), _decimal(exponent)))


def root(value: Fraction, degree: int = 2) -> Fraction:
    """Square root (or cube root ...) of a number that is not negative."""
    if value == 0:
        return Fraction(0)
    return Fraction(_CONTEXT.sqrt(_decimal(value))) if degree == 2 else power(value, Fraction(1, degree))


def clamp(value: Fraction, low: Fraction | int, high: Fraction | int) -> Fraction:
    """``value`` held between two ends, both included."""
    return max(Fraction(low), min(Fraction(high), value))


def rounded(value: Fraction, places: int) -> Fraction:
    """Half away from zero: 2.5 becomes 3, -2.5 becomes -3."""
    scale = 10**places
    scaled = abs(value) * scale
    whole = scaled.numerator * 2 // scaled.denominator
    whole = (whole + 1) // 2
    return Fraction(-whole if value < 0 else whole, scale)


def fixed(value: Fraction, places: int) -> str:
    """``value`` rounded and written with exactly ``places`` decimals."""
    units = rounded(value, places) * 10**places
    digits = str(abs(units.numerator)).rjust(places + 1, "0")
    text = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return ("-" if units < 0 else "") + text


def plain(value: Fraction, digits: int = 15) -> str:
    """Decimal string without exponent or trailing zeros, at most ``digits`` significant digits."""
    number = Context(prec=digits).divide(Decimal(value.numerator), Decimal(value.denominator))
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
