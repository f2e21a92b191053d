"""What TeamFlow is, what is planted, and which dirty facts can be switched on."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
from pathlib import Path

import numpy as np

SEEDS = Path(__file__).resolve().parents[2] / "seeds" / "reference"
END = dt.date(2026, 7, 1)
ACTIVE_FROM = dt.date(2026, 1, 1)
EPOCH = dt.date(1970, 1, 1)
DAY = 86_400
LATE_ARRIVAL_DAYS = 3

TIERS = ["Starter", "Professional", "Business", "Enterprise"]
TIER_SHARE = [0.30, 0.28, 0.34, 0.08]
PRODUCTS = [
    ("prod_starter", "TeamFlow Starter", "seat"),
    ("prod_professional", "TeamFlow Professional", "seat"),
    ("prod_business", "TeamFlow Business", "seat"),
    ("prod_enterprise", "TeamFlow Enterprise", "seat"),
    ("prod_insights", "TeamFlow Insights", None),
    ("prod_api_calls", "TeamFlow API calls", "1,000 calls"),
]
INSIGHTS, API_CALLS = 4, 5
INCLUDED_USAGE = [10_000, 50_000, 250_000, 2_000_000]
INCLUDED_STORAGE = [10, 100, 500, 5_000]
# Minor units of US dollars a seat and month; the add-on is flat, API calls a block of 1,000.
MONTHLY_CENTS = [1_200, 3_200, 6_500, 9_500, 19_900, 150]
YEARLY_FACTOR = 10.2
CURRENCIES = ["usd", "eur", "gbp", "jpy"]
CURRENCY_SHARE = [0.62, 0.20, 0.12, 0.06]
# List price in the currency's minor units for one US cent.
PRICE_FACTOR = [1.0, 0.95, 0.82, 1.5]
UPLIFT = 1.06

COUNTRIES = {
    "usd": [
        ("US", "America/New_York"),
        ("US", "America/Los_Angeles"),
        ("US", "America/Chicago"),
        ("CA", "America/Toronto"),
        ("AU", "Australia/Sydney"),
    ],
    "eur": [("DE", "Europe/Berlin"), ("FR", "Europe/Paris"), ("NL", "Europe/Amsterdam")],
    "gbp": [("GB", "Europe/London")],
    "jpy": [("JP", "Asia/Tokyo")],
}

ADVANCED = [
    "gantt_charts",
    "custom_fields",
    "automations",
    "time_tracking",
    "workload_view",
    "portfolios",
    "goals",
    "approvals",
    "dashboards",
    "forms",
    "resource_planning",
    "advanced_permissions",
]
BASIC = ["boards", "lists", "calendar", "mentions", "attachments"]

TYPES = ["seat_growth", "tier_upgrade", "add_on", "consumption", "renewal_uplift"]


@dataclasses.dataclass(frozen=True)
class Effect:
    """One planted cause: what an onset does within its window.

    `rate` is the share of index onsets that should expand within `window` days, all causes
    together; `planted` is the chance drawn at the onset itself (base hazard makes up the rest), 0 where
    the onset only foretells: what other causes build up shows earlier in it;
    `play_lift` the share of the others that a delivered play turns.
    """

    rate: float
    planted: float
    window: int
    types: tuple[tuple[str, float], ...]
    group: str
    play_lift: float = 0.0
    holdout_pct: float = 10.0
    monthly: float = 0.0
    tiers: tuple[int, ...] = (0, 1, 2, 3)
    is_real: bool = True


SEAT = (("seat_growth", 0.85), ("tier_upgrade", 0.15))
EFFECTS: dict[str, Effect] = {
    "invite_blocked": Effect(0.72, 0.73, 30, SEAT, "seat_expansion", 0.08, 0.0, 0.050),
    "enterprise_ready": Effect(
        0.35, 0.345, 90, (("tier_upgrade", 0.6), ("seat_growth", 0.4)), "enterprise_upgrade", 0.08, 10, 0.26, (2,)
    ),
    "seat_utilisation_high": Effect(0.58, 0.575, 60, SEAT, "seat_expansion", 0.07, 10, 0.085),
    "integration_interest": Effect(0.34, 0.343, 60, (("tier_upgrade", 1.0),), "tier_upgrade", 0.06, 10, 0.085, (0, 1)),
    "power_users_emerging": Effect(0.28, 0.28, 90, (("tier_upgrade", 1.0),), "tier_upgrade", 0.06, 10, 0.075, (0, 1)),
    "company_growing": Effect(
        0.19,
        0.182,
        90,
        (("seat_growth", 0.6), ("tier_upgrade", 0.25), ("add_on", 0.15)),
        "proactive_expansion",
        0.05,
        10,
        0.050,
    ),
    "upgrade_clicked": Effect(
        0.30,
        0.27,
        30,
        (("tier_upgrade", 0.7), ("seat_growth", 0.2), ("add_on", 0.1)),
        "tier_upgrade",
        0.05,
        10,
        0.010,
        (0, 1, 2),
    ),
    "quota_nearly_used": Effect(0.35, 0.33, 30, (("consumption", 0.8), ("tier_upgrade", 0.2)), "quota", 0.05, 10, 0.09),
    "multi_team_rollout": Effect(
        0.20, 0.16, 60, (("seat_growth", 0.5), ("tier_upgrade", 0.3), ("add_on", 0.2)), "tier_upgrade", 0.04, 10, 0.024
    ),
    "pricing_page_interest": Effect(
        0.18, 0.14, 60, (("tier_upgrade", 0.8), ("add_on", 0.2)), "tier_upgrade", 0.04, 10, 0.016, (0, 1, 2)
    ),
    "active_users_surging": Effect(0.18, 0.14, 60, SEAT, "seat_expansion", 0.04, 10, 0.03),
    "executive_joined": Effect(
        0.14,
        0.10,
        90,
        (("seat_growth", 0.5), ("tier_upgrade", 0.3), ("add_on", 0.2)),
        "proactive_expansion",
        0.03,
        10,
        0.016,
    ),
    "weekend_activity": Effect(0.05, 0.0, 60, SEAT, "engagement", 0.05, 10, 0.014, is_real=False),
    # The way to full seats and to a used-up quota, in shadow: no play acts on them.
    "seats_running_out": Effect(0.28, 0.0, 60, SEAT, "seat_expansion"),
    "quota_running_out": Effect(0.27, 0.0, 60, (("consumption", 0.8), ("tier_upgrade", 0.2)), "quota"),
}
TEAMFLOW = list(EFFECTS)[:6]
# Last in EFFECTS, so that they shift no draw of the others.
FORETOLD = ("seats_running_out", "quota_running_out")

# name -> (default, what it does). A name that is off leaves no such row behind.
DIRT: dict[str, tuple[bool, str]] = {
    "repeated_events": (
        True,
        "1 % of the product events land a second time, under the same id, minutes to two days later",
    ),
    "late_events": (True, "0.5 % of the events arrive one to three days late and 0.2 % four to ten days late"),
    "clock_skew": (True, "0.5 % of the events carry a timestamp later than their received_at"),
    "events_without_group": (
        True,
        "3 % of the events carry no context_group_id and fall back on the user's newest groups call",
    ),
    "test_mode_rows": (True, "test-mode customers with subscriptions, items, prices and invoices beside the live ones"),
    "prorations": (
        True,
        "mid-cycle changes land as pairs of invoiceitem prorations, monthly ones only on the next cycle's invoice; off: changes are seen on the item row and the next cycle line alone",
    ),
    "yearly_plans": (True, "some accounts pay by the year; off: all pay by the month"),
    "deleted_and_merged_accounts": (
        True,
        "CRM accounts deleted outright, and duplicates merged into a survivor whose children they still own",
    ),
    "odd_organisations": (
        True,
        "Zendesk organisations that no account knows, and ones whose domain or name two accounts share",
    ),
    "free_email_domains": (True, "customers, users and organisations known by a free mail domain only"),
    "users_in_two_groups": (
        True,
        "consultants who switch between two customers' groups, with events that carry no group",
    ),
    "temporary_lines": (True, "temporary invoice lines with ids like sub... and other quantities"),
    "proration_credits": (
        True,
        "removed add-ons leave a negative proration with no positive line beside it, and an unrelated manual credit stands on some invoices",
    ),
    "several_currencies": (True, "customers billed in euro and pound at rates that change by the month"),
    "zero_decimal_currency": (True, "customers billed in yen, whose amounts have no minor unit"),
    "metered_items": (True, "API calls billed in arrears on metered items"),
    "swapped_items": (
        True,
        "tier upgrades of some accounts that end one subscription and start another a few hours or a day later",
    ),
    "soft_deleted_rows": (
        True,
        "rows flagged is_deleted or _fivetran_deleted: contacts, opportunities, tasks, customers, tickets, organisations' users",
    ),
    "null_priorities": (True, "most tickets have no priority"),
    "reopened_and_deleted_tickets": (
        True,
        "tickets that reopen after they were solved, and tickets of status deleted, some restored",
    ),
    "tickets_without_organisation": (True, "tickets with no organisation of their own; the requester's counts"),
    "camel_case_crm": (False, "Salesforce tables in the vendor's own spelling (AccountId); off: snake_case"),
    "subscription_history": (False, "a subscription_history table with many versions in place of subscription"),
    "legacy_plans": (False, "a plan table in place of price, and plan_id alone on the lines"),
    "returning_accounts": (True, "some accounts that churn come back two to four months later on a new subscription"),
    "draft_and_void_invoices": (True, "invoices with wrong quantities that stay drafts or are voided within a day"),
    "staff_users": (True, "TeamFlow's own people who visit customers' groups"),
    "unnamed_events": (True, "events and pages that the tracking plan does not name"),
}


@dataclasses.dataclass(frozen=True)
class Options:
    """Everything that decides the content of a world."""

    seed: int = 7
    accounts: int = 600
    months: int = 18
    events: int | None = None
    until: dt.datetime | None = None
    dirt: frozenset[str] = frozenset(name for name, (on, _) in DIRT.items() if on)
    crm: str = "salesforce"
    domains: frozenset[str] = frozenset()

    @property
    def start(self) -> dt.date:
        month = END.year * 12 + END.month - 1 - self.months
        return dt.date(month // 12, month % 12 + 1, 1)

    @property
    def days(self) -> int:
        return (END - self.start).days

    @property
    def active_day(self) -> int:
        return (ACTIVE_FROM - self.start).days

    def rng(self, *topic: int) -> np.random.Generator:
        """A stream of its own for each topic, so that one part's draws never shift another's."""
        return np.random.default_rng([self.seed, *topic])


DOMAINS = ("marketing", "success", "intent")


def parse_domains(text: str) -> frozenset[str]:
    """Names from `all`, `none` or a comma-separated list of the optional domains."""
    names = {"all": set(DOMAINS), "none": set()}.get(text, {name.strip() for name in text.split(",") if name.strip()})
    unknown = sorted(names - set(DOMAINS))
    if unknown:
        raise ValueError(f"unknown domain: {', '.join(unknown)} (known: {', '.join(DOMAINS)})")
    return frozenset(names)


def parse_dirt(text: str) -> frozenset[str]:
    """Names from `default`, `all`, `none` or a comma-separated list; ValueError names an unknown one."""
    if text == "default":
        return frozenset(name for name, (on, _) in DIRT.items() if on)
    if text == "all":
        return frozenset(DIRT)
    if text == "none":
        return frozenset()
    names = {name.strip() for name in text.split(",") if name.strip()}
    unknown = sorted(names - set(DIRT))
    if unknown:
        raise ValueError(f"unknown dirt: {', '.join(unknown)} (see --list-dirt)")
    return frozenset(names)


def daily_rates(start: dt.date, days: int) -> np.ndarray:
    """US dollars for one unit of each currency and day, from the seed: array [currency, day]."""
    known: dict[str, list[tuple[str, float]]] = {}
    with (SEEDS / "exchange_rates.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            known.setdefault(row["currency"].lower(), []).append((row["valid_from"], float(row["rate"])))
    rates = np.ones((len(CURRENCIES), days))
    for index, currency in enumerate(CURRENCIES):
        rows = sorted(known[currency])
        dates = np.array([dt.date.fromisoformat(day).toordinal() for day, _ in rows])
        values = np.array([rate for _, rate in rows])
        at = np.searchsorted(dates, start.toordinal() + np.arange(days), side="right") - 1
        rates[index] = values[np.maximum(at, 0)]
    return rates


def unit_cents(product: int, currency: int, yearly: bool, version: int) -> int:
    """List price of one unit and interval in minor units (yen: whole yen)."""
    amount = MONTHLY_CENTS[product] * PRICE_FACTOR[currency] * UPLIFT**version
    return int(round(amount * (YEARLY_FACTOR if yearly else 1)))


def price_table() -> np.ndarray:
    """[product, currency, yearly, version] of `unit_cents`."""
    table = np.zeros((len(PRODUCTS), len(CURRENCIES), 2, 4), dtype=np.int64)
    for index in np.ndindex(table.shape):
        table[index] = unit_cents(index[0], index[1], bool(index[2]), index[3])
    return table
