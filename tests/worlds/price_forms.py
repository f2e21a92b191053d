"""How a price asks for a quantity: at a flat unit amount, in tiers, in packages, in another currency, with tax."""

from decimal import Decimal
from fractions import Fraction

#: Of these a price takes one where its dirty fact is on.
FORMS = {
    "graduated_prices": ("graduated", "free_tier"),
    "volume_prices": ("volume",),
    "package_prices": ("package",),
    "two_currencies": ("abroad",),
    "tax_inclusive_prices": ("gross",),
}
PACKAGE = 5


def drawn_form(world) -> str | None:
    kinds = [name for name in FORMS if name in world.dirt]
    if not kinds or world.rng.random() < 0.4:
        return None
    return world.rng.choice(FORMS[world.rng.choice(kinds)])


def price_columns(form: str | None, unit: int, currency: str) -> dict:
    """The columns of a price that make its form; amounts in minor units."""
    if form in ("tiered", "graduated", "free_tier", "volume"):
        mode = {"volume": "volume"}.get(form, "graduated")
        return {"unit_amount": None, "billing_scheme": "tiered", "tiers_mode": mode}
    if form == "package":
        packages = {"transform_quantity_divide_by": PACKAGE, "transform_quantity_round": "up"}
        return {"unit_amount": 4 * unit} | packages
    if form == "abroad":
        return {"currency": "eur" if currency == "usd" else "usd"}
    if form == "gross":
        return {"unit_amount": gross(unit), "tax_behavior": "inclusive"}
    return {}


def gross(unit: int) -> int:
    return unit + unit // 5


def period_lines(form: str | None, unit: Fraction, quantity: int) -> list[tuple[int, int]]:
    """(quantity, amount) of each line that a whole period leaves."""
    if form == "tiered":
        return [(quantity, max(1, round(unit * quantity) - 3 * quantity**2 - 1))]
    if form == "graduated":
        low, high = min(quantity, 2), max(0, quantity - 2)
        return [(low, round(low * unit)), *([(high, high * round(unit * 4 / 5))] if high else [])]
    if form == "free_tier":
        charged = [(quantity - 1, round((quantity - 1) * unit))] if quantity > 1 else []
        return [(1, 0), (0, round(unit)), *charged, (0, 0)]
    if form == "volume":
        rate = round(unit if quantity < 5 else unit * 9 / 10)
        return [(quantity, quantity * rate), (0, round(unit / 2))]
    if form == "package":
        return [(quantity, -(-quantity // PACKAGE) * round(4 * unit))]
    if form == "abroad":
        return [(quantity, quantity * max(1, round(unit * 9 / 10)))]
    if form == "gross":
        return [(quantity, quantity * gross(round(unit)))]
    return [(quantity, round(unit * quantity))]


def net_of_one(form: str | None, unit: Fraction, share: float) -> str | None:
    """`unit_amount_excluding_tax` of a line over a share of the period."""
    return str(round(Decimal(float(unit) * share), 6)) if form == "gross" else None
