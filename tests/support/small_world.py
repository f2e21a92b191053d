"""A literal world of a few rows, for cases whose answers are worked out by hand."""

import csv
from datetime import date, datetime

from evaluator import evaluate
from worlds.landing import Tables

SEEDS = {
    "tiers": [{"tier": "Starter", "tier_rank": 1}, {"tier": "Business", "tier_rank": 2}],
    "segments": [
        {"segment": "SMB", "min_employees": 0, "max_employees": 99},
        {"segment": "mid-market", "min_employees": 100, "max_employees": 999},
        {"segment": "enterprise", "min_employees": 1000},
    ],
    "plans": [
        {"product": "prod_starter", "tier": "Starter", "is_seat_priced": "true", "included_usage_30d": 0},
        {"product": "prod_business", "tier": "Business", "is_seat_priced": "true", "included_usage_30d": 100},
        {"product": "prod_extra", "is_seat_priced": "false"},
    ],
    "exchange_rates": [
        {"currency": "usd", "valid_from": "2020-01-01", "rate": 1},
        {"currency": "eur", "valid_from": "2020-01-01", "rate": "1.1"},
        {"currency": "eur", "valid_from": "2025-03-05", "rate": "1.2"},
        {"currency": "jpy", "valid_from": "2020-01-01", "rate": "0.005"},
    ],
    "health_weights": [{"component": "invoice_days_past_due", "weight": 1, "value_at_0": 30, "value_at_100": 0}],
    "internal_domains": [{"domain": "teamflow.example"}],
    "free_email_domains": [{"domain": "gmail.com"}],
    "shared_hosts": [{"host": "facebook.com"}, {"host": "pages.example"}],
    "placeholder_values": [{"value": word} for word in ("null", "undefined", "none", "n/a", "-", "unknown")],
    "legal_suffixes": [{"suffix": "Inc."}, {"suffix": "G.m.b.H."}, {"suffix": "Co"}],
    "opportunity_types": [{"type": "Expansion", "is_expansion": "true"}, {"type": "New", "is_expansion": "false"}],
    "decline_dispositions": [{"call_disposition": "No"}],
    "limit_tags": [{"tag": "limit"}],
    "executive_titles": [{"title": "CEO"}, {"title": "VP"}],
    "features": [{"feature": "gantt", "is_advanced": "true"}],
    "tracking_plan": [
        {"source_table": "tracks", "match_type": "event", "pattern": "blocked", "action": "invite_blocked"},
        {"source_table": "pages", "match_type": "path_prefix", "pattern": "/price", "action": "pricing_page_viewed"},
        {
            "source_table": "pages",
            "match_type": "path_prefix",
            "pattern": "/price/api",
            "action": "integration_page_viewed",
        },
    ],
    "routing_rules": [{"rule_id": "all", "priority": 1, "owner_role": "CSM", "motion": "call", "sla_minutes": 240}],
    "roles": [
        {"role": "AE", "person_field": "owner"},
        {
            "role": "CSM",
            "person_field": "success_manager",
            "fallback_role": "AE",
            "queue_email": "csm@teamflow.example",
        },
    ],
    "business_holidays": [{"country_code": "US", "holiday_on": "2025-03-10"}],
}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def on(text: str) -> date:
    return date.fromisoformat(text)


class Small:
    """A literal world: one account `A` known to all vendors by its id, and whatever the test adds."""

    def __init__(self, path, as_of: str, **account):
        self.path, self.tables, self.numbers = path, Tables(), 0
        self.seeds = {name: list(rows) for name, rows in SEEDS.items()}
        account = {"onboarding_completed_date_c": at("2024-01-01"), "number_of_employees": 100} | account
        self.add("salesforce", "account", id="A", name="Acme Inc.", **account)
        self.add("stripe", "customer", id="cus_A", metadata='{"salesforce_account_id": "A"}', livemode=True)
        self.add("zendesk", "organization", id=1, name="x", external_id="A")
        for name, amount in (("starter", 1_000), ("business", 3_000), ("extra", 500)):
            self.add("stripe", "product", id=f"prod_{name}", name=name)
            self.price(f"{name}_month", name, amount)
        self.track(as_of, user=None, group="elsewhere")

    def add(self, vendor, table, **values):
        self.tables.add(vendor, table, **values)

    def next(self, prefix: str) -> str:
        self.numbers += 1
        return f"{prefix}{self.numbers:03d}"

    def track(self, moment, user="u1", name="worked", received=None, group="A", event_id=None, table="tracks", **more):
        moment = at(moment) if isinstance(moment, str) else moment
        received = at(received) if isinstance(received, str) else received or moment
        event_id = event_id or self.next("e")
        if table == "tracks":
            more["event"] = name
        self.add(
            "segment",
            table,
            id=event_id,
            user_id=user,
            timestamp=moment,
            received_at=received,
            context_group_id=group,
            **more,
        )

    def price(self, price_id, product, amount, interval="month", count=1, currency="usd", **more):
        self.add(
            "stripe",
            "price",
            id=price_id,
            product_id=f"prod_{product}",
            unit_amount=amount,
            currency=currency,
            recurring_interval=interval,
            recurring_interval_count=count,
            **({"recurring_usage_type": "licensed", "billing_scheme": "per_unit"} | more),
        )

    def subscription(self, key="sub_A", **more):
        self.add("stripe", "subscription", id=key, customer_id="cus_A", **({"status": "active"} | more))

    def list_price(self, price, quantity) -> int:
        """What the catalogue asks for a quantity, in minor units."""
        rows = self.tables.rows["stripe", "price"] + self.tables.rows["stripe", "plan"]
        units = [row.get("unit_amount") or row.get("unit_amount_decimal") or row.get("amount") for row in rows]
        unit = next((unit for row, unit in zip(rows, units, strict=True) if row["id"] == price and unit), 100)
        return round(float(unit) * quantity)

    def line(self, item, first, last, quantity, price="starter_month", amount=None, invoice=None, **more) -> str:
        """A line on an invoice of its own, or on one that is there where `invoice` is its id."""
        amount = self.list_price(price, quantity) if amount is None else amount
        invoice_id = invoice if isinstance(invoice, str) else self.next("in_")
        if not isinstance(invoice, str):
            paid = {"status": "paid", "created": at(first), "status_transitions_paid_at": at(first)}
            self.add("stripe", "invoice", id=invoice_id, customer_id="cus_A", **(paid | (invoice or {})))
        values = {
            "id": self.next("sli_"),
            "subscription_id": "sub_A",
            "type": "subscription",
            "proration": False,
            "currency": "usd",
        }
        self.add(
            "stripe",
            "invoice_line_item",
            invoice_id=invoice_id,
            subscription_item_id=item,
            price_id=price,
            quantity=quantity,
            amount=amount,
            period_start=at(first),
            period_end=at(last),
            **(values | more),
        )
        return invoice_id

    def lines(self, item, first, last, *tiers, **more) -> str:
        """A line a tier on one invoice, each (quantity, amount)."""
        invoice = more.pop("invoice", None)
        for quantity, amount in tiers:
            invoice = self.line(item, first, last, quantity, amount=amount, invoice=invoice, **more)
        return invoice

    def proration(self, item, first, last, quantity, amount=33, **more):
        self.line(item, first, last, quantity, amount=amount, type="invoiceitem", proration=True, **more)

    def trigger(self, trigger_id="t", conditions=(), **more):
        defaults = {
            "trigger_id": trigger_id,
            "kind": "daily",
            "message_group": "g",
            "cooldown_days": 0,
            "priority": 1,
            "timing": "within_24h",
            "expansion_types": "seat_growth",
            "holdout_pct": 0,
            "status": "active",
            "active_from": "2020-01-01",
            "requires_stage": "false",
            "version": 1,
        }
        self.seeds.setdefault("trigger_library", []).append(defaults | more)
        for signal, comparator, threshold in conditions:
            row = {"trigger_id": trigger_id, "signal": signal, "comparator": comparator, "threshold": threshold}
            self.seeds.setdefault("trigger_conditions", []).append(row)

    def evaluate(self, **options):
        self.tables.write(self.path / "raw")
        folder = self.path / "seeds"
        folder.mkdir(exist_ok=True)
        for name, rows in self.seeds.items():
            with (folder / f"{name}.csv").open("w", newline="") as file:
                writer = csv.DictWriter(file, sorted({column for row in rows for column in row}))
                writer.writeheader()
                writer.writerows(rows)
        return evaluate(self.path / "raw", folder, **options)


def by_day(rows: list[dict], column: str, key: str = "signal_on") -> dict:
    return {row[key]: row[column] for row in rows}


def moves(result) -> list[tuple]:
    return [(str(row["movement_on"]), row["movement_type"], row["mrr_delta"]) for row in result.movements]


def growth(result) -> list[tuple]:
    return [(row["expansion_type"], row["expanded_at"], row["mrr_delta"]) for row in result.expansions]


def paying(tmp_path, as_of="2025-03-20", first="2025-01-01", seats=4, **account) -> Small:
    world = Small(tmp_path, as_of, **account)
    world.subscription()
    world.line("si", first, "2026-01-01", seats)
    return world


def identified(world: Small, user: str, email: str, moment: str = "2025-01-01") -> None:
    known = {"timestamp": at(moment), "received_at": at(moment)}
    world.add("segment", "identifies", id=world.next("id_"), user_id=user, email=email, **known)
