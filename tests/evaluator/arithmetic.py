"""Exact numbers: fractions inside, decimals rounded half away from zero at the end."""

from decimal import Decimal
from fractions import Fraction


def exact(value) -> Fraction | None:
    """The value as a fraction. Floats are read by their shortest decimal spelling."""
    if value is None or value == "":
        return None
    if isinstance(value, float):
        return Fraction(repr(value))
    return Fraction(value)


def rounded(value: Fraction | int | None, places: int) -> Decimal | None:
    """Rounded to decimal places, halves away from zero."""
    if value is None:
        return None
    scaled = abs(Fraction(value)) * 10**places + Fraction(1, 2)
    digits = scaled.numerator // scaled.denominator
    return Decimal(-digits if value < 0 else digits).scaleb(-places)


def money(value) -> Decimal | None:
    return rounded(value, 2)


def ratio(numerator, denominator) -> Decimal | None:
    """A ratio to six decimals; unknown or without a base it is null."""
    if numerator is None or denominator is None or denominator == 0:
        return None
    return rounded(exact(numerator) / exact(denominator), 6)
