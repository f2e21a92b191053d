"""Prices, legacy plans and what the plans seed says of products."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from .clock import add_months
from .loading import Landing, Seeds, boolean, label, number, text

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

    @property
    def months(self) -> int:
        """The term in whole months; 0 where it is counted in days or weeks."""
        return {"month": 1, "year": 12}.get(self.interval, 0) * self.interval_count

    def monthly(self, amount: Fraction, currency: str) -> Fraction:
        """An amount of one interval in minor units, as units a month."""
        units = amount if currency in ZERO_DECIMAL else amount / 100
        return units * PER_MONTH[self.interval] / self.interval_count

    def one_interval_after(self, moment: datetime) -> datetime:
        if self.interval == "day":
            return moment + timedelta(days=self.interval_count)
        if self.interval == "week":
            return moment + timedelta(weeks=self.interval_count)
        return add_months(moment, self.interval_count * (12 if self.interval == "year" else 1))


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
            "id": text,
            "product_id": text,
            "currency": label,
            "amount": number,
            "interval": label,
            "interval_count": number,
            "usage_type": label,
            "billing_scheme": label,
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
        )
    for row in landing.rows(
        "stripe",
        "price",
        {
            "id": text,
            "product_id": text,
            "currency": label,
            "unit_amount": number,
            "unit_amount_decimal": number,
            "recurring_interval": label,
            "recurring_interval_count": number,
            "recurring_usage_type": label,
            "billing_scheme": label,
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
        )
    return prices


def load_plans(landing: Landing, seeds: Seeds) -> dict[str, Plan]:
    """The plans seed by product id: its row names the product by id or by name."""
    rows = {
        row["product"]: Plan(
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
    products = landing.rows("stripe", "product", {"id": text, "name": label}, required=("id",))
    return {row["id"]: rows.get(row["id"]) or rows.get(row["name"]) or Plan() for row in products} | rows
