"""Prices, legacy plans and what the plans seed says of products."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from .clock import add_months
from .loading import Landing, Seeds, boolean, ident, label, number, proper, word

ZERO_DECIMAL = set(
    ["bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "ugx", "vnd", "vuv", "xaf", "xof", "xpf"]
)
PER_MONTH = {
    "day": Fraction(365, 12),
    "week": Fraction(52, 12),
    "month": Fraction(1),
    "year": Fraction(1, 12),
}


@dataclass
class Price:
    id: str
    product_id: str | None
    currency: str
    unit_amount: Fraction | None
    interval: str
    interval_count: int
    is_metered: bool
    is_tiered: bool
    divide_by: Fraction | None = None
    tax_behavior: str | None = None

    def is_exact(self, currency: str) -> bool:
        """Whether the catalogue alone says what a quantity costs in a currency."""
        is_plain = not self.is_tiered and self.unit_amount is not None and self.divide_by in (None, 1)
        return is_plain and self.currency == currency and self.tax_behavior != "inclusive"

    @property
    def length(self) -> Fraction:
        """The mean length of the interval in seconds."""
        in_days = {"day": 1, "week": 7, "month": Fraction(365, 12), "year": 365}[self.interval]
        return Fraction(in_days) * 86_400 * self.interval_count

    @property
    def months(self) -> int:
        """The term in whole months; 0 where it is counted in days or weeks."""
        return {"month": 1, "year": 12}.get(self.interval, 0) * self.interval_count

    def monthly(self, amount: Fraction, currency: str) -> Fraction:
        """An amount of one interval in minor units, as units a month."""
        units = amount if currency in ZERO_DECIMAL else amount / 100
        return units * PER_MONTH[self.interval] / self.interval_count

    def one_interval_after(self, moment: datetime, steps: int = 1) -> datetime:
        count = self.interval_count * steps
        if self.interval == "day":
            return moment + timedelta(days=count)
        if self.interval == "week":
            return moment + timedelta(weeks=count)
        return add_months(moment, count * (12 if self.interval == "year" else 1))

    def one_interval_before(self, moment: datetime) -> datetime:
        return self.one_interval_after(moment, -1)


@dataclass
class Plan:
    """What the plans seed says of a product."""

    tier: str | None = None
    is_seat_priced: bool = False
    included_usage_30d: Fraction | None = None
    included_storage_gb: Fraction | None = None


def load_prices(landing: Landing) -> dict[str, Price]:
    """Prices by id; where a price and a legacy plan share an id the price speaks."""
    prices = {}
    for row in landing.rows(
        "stripe",
        "plan",
        {
            "id": ident,
            "product_id": ident,
            "currency": word,
            "amount": number,
            "interval": word,
            "interval_count": number,
            "usage_type": word,
            "billing_scheme": word,
            "transform_usage_divide_by": number,
        },
        required=("id", "currency"),
    ):
        prices[row["id"]] = Price(
            row["id"],
            row["product_id"],
            row["currency"].lower(),
            row["amount"],
            row["interval"],
            int(row["interval_count"] or 1),
            row["usage_type"] == "metered",
            row["billing_scheme"] == "tiered",
            row["transform_usage_divide_by"],
        )
    for row in landing.rows(
        "stripe",
        "price",
        {
            "id": ident,
            "product_id": ident,
            "currency": word,
            "unit_amount": number,
            "unit_amount_decimal": number,
            "recurring_interval": word,
            "recurring_interval_count": number,
            "recurring_usage_type": word,
            "billing_scheme": word,
            "transform_quantity_divide_by": number,
            "tax_behavior": word,
        },
        required=("id", "currency"),
    ):
        legacy = prices.get(row["id"])
        amounts = (row["unit_amount_decimal"], row["unit_amount"], legacy.unit_amount if legacy else None)
        prices[row["id"]] = Price(
            row["id"],
            row["product_id"],
            row["currency"].lower(),
            next((amount for amount in amounts if amount is not None), None),
            row["recurring_interval"],
            int(row["recurring_interval_count"] or 1),
            row["recurring_usage_type"] == "metered",
            row["billing_scheme"] == "tiered",
            row["transform_quantity_divide_by"],
            row["tax_behavior"],
        )
    return prices


def load_plans(landing: Landing, seeds: Seeds, prices: dict[str, Price]) -> dict[str, Plan]:
    """The plans seed by product id: its row names the product by id or by name."""
    rows = {
        row["product"].lower(): Plan(
            row["tier"],
            bool(row["is_seat_priced"]),
            row["included_usage_30d"] or None,
            row["included_storage_gb"] or None,
        )
        for row in seeds.rows(
            "plans",
            {
                "product": label,
                "tier": label,
                "is_seat_priced": boolean,
                "included_usage_30d": number,
                "included_storage_gb": number,
            },
        )
    }
    products = landing.rows("stripe", "product", {"id": ident, "name": proper}, required=("id",))
    by_name = {row["id"]: rows.get((row["name"] or "").lower()) for row in products}
    return {
        key: rows.get(key.lower()) or by_name.get(key) or Plan()
        for key in by_name.keys() | {price.product_id for price in prices.values() if price.product_id}
    }
