"""The evaluator on literal worlds whose answers were worked out by hand, step by step in the comments."""

import csv
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from evaluator import evaluate
from worlds import DIRT, write_seeds, write_world
from worlds.landing import Tables

MICROSECOND = timedelta(microseconds=1)
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

    def line(self, item, first, last, quantity, price="starter_month", amount=None, invoice=None, **more):
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


# ---------------------------------------------------------------- billing


def test_a_proration_changes_the_quantity_at_list_price_from_its_own_start(tmp_path):
    world = Small(tmp_path, as_of="2025-03-20")
    world.subscription()
    world.line("si", "2025-02-01", "2025-03-01", 5)
    # 7 seats from 11 February 15:00; the lines come with the invoice of 1 March and carry part of the price only.
    later = {"created": at("2025-03-01")}
    world.proration("si", "2025-02-11T15:00", "2025-03-01", 5, amount=-2_900, invoice=later)
    world.proration("si", "2025-02-11T15:00", "2025-03-01", 7, amount=4_060, invoice=later)
    world.line("si", "2025-03-01", "2025-04-01", 7)
    result = world.evaluate()
    value = by_day(result.account_daily, "contract_value")
    # 5 x $10 x 12 = 600; 7 x $10 x 12 = 840, at the close of the 11th already.
    assert value[on("2025-02-10")] == Decimal("600.00")
    assert value[on("2025-02-11")] == Decimal("840.00")
    assert moves(result) == [("2025-02-01", "new", 50), ("2025-02-11", "seat_growth", 20)]
    assert growth(result) == [("seat_growth", at("2025-02-11T15:00"), Decimal("20.00"))]


def test_a_change_at_midnight_belongs_to_the_day_that_begins(tmp_path):
    world = Small(tmp_path, as_of="2025-03-20")
    world.subscription()
    world.line("si", "2025-02-01", "2025-03-01", 5)
    world.proration("si", "2025-02-11", "2025-03-01", 6)
    seats = by_day(world.evaluate().account_daily, "seats_licensed")
    assert (seats[on("2025-02-10")], seats[on("2025-02-11")]) == (5, 6)


def test_at_one_instant_the_newest_invoice_then_the_greatest_line_wins(tmp_path):
    world = Small(tmp_path, as_of="2025-03-20")
    world.subscription()
    start, end = "2025-03-01", "2025-04-01"
    world.line("si", start, end, 5, invoice={"created": at("2025-03-02")}, id="sli_b")
    world.line("si", start, end, 6, invoice={"created": at("2025-03-02")}, id="sli_c")
    world.line("si", start, end, 9, invoice={"created": at("2025-03-01")}, id="sli_z")
    assert {row["quantity"] for row in world.evaluate().item_states} == {6}


def test_what_is_no_live_line_of_an_item_changes_nothing(tmp_path):
    world = Small(tmp_path, as_of="2025-03-20")
    world.subscription()
    world.line("si", "2025-03-01", "2025-04-01", 5)
    span = ("2025-03-05", "2025-04-01", 50)
    world.line("si", *span, invoice={"status": "void"})
    world.line("si", *span, invoice={"status": "draft"})
    world.line("si", *span, invoice={"is_deleted": True})
    world.line("si", *span, invoice={"livemode": False})
    world.line("si", *span, id="sub_123")
    world.line("si", *span, type="invoiceitem")
    world.line("si", *span, amount=0)
    world.line("si", *span, livemode=False)
    world.line(None, *span)
    assert {row["quantity"] for row in world.evaluate().item_states} == {5}


def test_a_state_lapses_three_days_after_its_period(tmp_path):
    world = Small(tmp_path, as_of="2025-03-20")
    world.subscription()
    world.line("si", "2025-02-01", "2025-03-01", 5)
    world.line("si", "2025-03-10T12:00", "2025-04-10T12:00", 5)
    result = world.evaluate()
    paid = set(by_day(result.account_daily, "mrr_usd"))
    # It ends on 4 March 00:00: in force at the close of the 3rd (end >= 4 March 00:00), not of the 4th.
    assert on("2025-03-03") in paid
    assert not {on("2025-03-04"), on("2025-03-09")} & paid
    assert [row[:2] for row in moves(result)] == [
        ("2025-02-01", "new"),
        ("2025-03-04", "churn"),
        ("2025-03-10", "reactivation"),
    ]
    assert result.expansions == []


@pytest.mark.parametrize("with_positive_line", [True, False])
def test_a_credit_alone_removes_the_item_and_beside_a_positive_line_it_does_not(tmp_path, with_positive_line):
    world = Small(tmp_path, as_of="2025-03-20")
    world.subscription()
    world.line("si", "2025-03-01", "2025-04-01", 5)
    world.proration("si", "2025-03-10T12:00", "2025-04-01", 5, amount=-3_000)
    if with_positive_line:
        world.proration("si", "2025-03-10T12:00", "2025-04-01", 5, amount=3_000)
    paid = set(by_day(world.evaluate().account_daily, "mrr_usd"))
    assert on("2025-03-09") in paid
    assert (on("2025-03-10") in paid) is with_positive_line


def test_an_items_own_row_is_a_change_when_it_differs_and_came_later(tmp_path):
    world = Small(tmp_path, as_of="2025-03-20")
    world.subscription(current_period_end=at("2025-04-01"))
    for item, quantity, synced in (
        ("si_more", 8, "2025-03-12"),
        ("si_same", 5, "2025-03-12"),
        ("si_older", 8, "2025-03-01"),
        ("si_future", 8, "2025-03-21"),
    ):
        world.line(item, "2025-03-01", "2025-04-01", 5)
        row = {"subscription_id": "sub_A", "plan_id": "starter_month"}
        world.add("stripe", "subscription_item", id=item, quantity=quantity, _fivetran_synced=at(synced), **row)
    result = world.evaluate()
    # Only si_more rises: 3 x $10. A row synced at the line's own start is not later than it.
    assert growth(result) == [("seat_growth", at("2025-03-12"), Decimal("30.00"))]
    assert [row["quantity"] for row in result.item_states if row["item_id"] == "si_more"] == [5, 8]


@pytest.mark.parametrize(("status", "counts"), [("active", True), ("past_due", True), ("trialing", False)])
def test_an_item_without_a_line_counts_where_the_subscription_is_in_force(tmp_path, status, counts):
    world = Small(tmp_path, as_of="2025-03-20")
    world.subscription(status=status)
    row = {"subscription_id": "sub_A", "plan_id": "starter_month", "quantity": None}
    world.add("stripe", "subscription_item", id="si", _fivetran_synced=at("2025-03-12T08:00"), **row)
    result = world.evaluate()
    assert [row["quantity"] for row in result.item_states] == ([1] if counts else [])


def test_an_item_whose_first_line_is_yet_to_come_was_not_in_force(tmp_path):
    world = Small(tmp_path, as_of="2025-03-20")
    world.subscription()
    row = {"subscription_id": "sub_A", "plan_id": "starter_month", "quantity": 5}
    world.add("stripe", "subscription_item", id="si", _fivetran_synced=at("2025-03-01"), **row)
    world.line("si", "2025-03-01", "2025-03-15", 5, amount=0)  # a trial at zero
    world.line("si", "2025-03-15", "2025-04-15", 5)
    # Seen from within the trial its status of today must not make it a paying one.
    assert world.evaluate(as_of="2025-03-10").account_daily == []
    assert min(by_day(world.evaluate().account_daily, "tier")) == on("2025-03-15")


def test_price_speaks_before_plan_and_plan_where_price_is_silent(tmp_path):
    world = Small(tmp_path, as_of="2025-03-20")
    world.subscription()
    world.price("silent", "starter", None)
    for key in ("silent", "starter_month", "legacy"):
        row = {"product_id": "prod_starter", "currency": "usd", "interval": "month", "usage_type": "licensed"}
        world.add("stripe", "plan", id=key, amount=1_200, **row)
        world.line(key, "2025-03-01", "2025-04-01", 1, price=key)
    mrr = {row["item_id"]: row["mrr"] for row in world.evaluate().item_states}
    assert mrr == {"silent": 12, "starter_month": 10, "legacy": 12}


def test_prices_are_scaled_to_a_month(tmp_path):
    world = Small(tmp_path, as_of="2025-03-20")
    world.subscription()
    world.price("year", "starter", 12_000, "year")
    world.price("quarter", "starter", 3_000, "month", 3)
    world.price("week", "starter", 300, "week")
    world.price("days", "starter", 600, "day", 10)
    world.price("yen", "starter", 600, currency="jpy")
    world.price("decimal", "starter", None, unit_amount_decimal="1050.5")
    world.price("tiers", "starter", None, billing_scheme="tiered")
    for price in ("year", "quarter", "week", "days", "decimal"):
        world.line(price, "2025-03-01", "2025-04-01", 2, price=price)
    world.line("yen", "2025-03-01", "2025-04-01", 2, price="yen", currency="jpy")
    world.line("tiers", "2025-03-01", "2025-03-10", 3, price="tiers", amount=1_000)
    world.proration("tiers", "2025-03-05", "2025-03-10", 4, price="tiers", amount=7)
    mrr = {(row["item_id"], row["quantity"]): row["mrr"] for row in world.evaluate().item_states}
    assert mrr["year", 2] == 20  # 2 x $120 / 12
    assert mrr["quarter", 2] == 20  # 2 x $30 / 3
    assert mrr["week", 2] == 26  # 2 x $3 x 52 / 12
    assert mrr["days", 2] == Decimal("36.5")  # 2 x $6 x 365 / 12 / 10
    assert mrr["decimal", 2] == Decimal("21.01")  # 2 x 1050.5 cents
    assert mrr["yen", 2] == 1_200  # no minor units
    assert mrr["tiers", 3] == 10  # 1000 / 3 cents each, three of them
    assert mrr["tiers", 4] == Decimal("13.333333333")  # the full line's 1000 / 3, never the proration's 7 / 4


def test_a_metered_item_pays_its_last_closed_period_until_the_next_one_is_closed(tmp_path):
    world = Small(tmp_path, as_of="2025-05-20")
    world.subscription()
    world.price("calls", "extra", 1, recurring_usage_type="metered")
    world.line("si", "2025-01-01", "2025-06-01", 1)
    world.line("m", "2025-02-01", "2025-03-01", 900, price="calls", amount=900)
    world.line("m", "2025-03-01", "2025-04-01", 700, price="calls", amount=700)
    result = world.evaluate()
    states = [(row["start_at"], row["end_at"], row["mrr"]) for row in result.item_states if row["item_id"] == "m"]
    # February's $9 from 1 March until March is closed; March's $7 for one interval, as April never came.
    assert states == [
        (at("2025-03-01"), at("2025-04-01"), 9),
        (at("2025-04-01"), at("2025-05-01"), 7),
    ]
    assert moves(result)[1:] == [
        ("2025-03-01", "consumption", 9),
        ("2025-04-01", "contraction", -2),
        ("2025-05-01", "contraction", -7),
    ]


@pytest.mark.parametrize(
    ("gap", "continues"),
    [
        (timedelta(days=-3), True),
        (timedelta(0), True),
        (timedelta(days=3), True),
        (timedelta(days=3) + MICROSECOND, False),
        (timedelta(days=-3) - MICROSECOND, False),
    ],
)
def test_a_seat_item_continues_another_within_three_days(tmp_path, gap, continues):
    world = Small(tmp_path, as_of="2025-03-20")
    ended_at = at("2025-03-10T12:00")
    start = ended_at + gap
    world.subscription(ended_at=ended_at, status="canceled")
    world.subscription("sub_B")
    world.line("si_1", "2025-03-01", "2025-04-01", 5)
    world.line("si_2", start.isoformat(), "2025-04-10", 5, price="business_month", subscription_id="sub_B")
    result = world.evaluate()
    kinds = [row["movement_type"] for row in result.movements]
    if continues:
        # One and the same item: $50 becomes $150 by a higher tier, whenever the old subscription ended.
        assert kinds == ["new", "tier_upgrade"]
        assert growth(result) == [("tier_upgrade", start, Decimal("100.00"))]
    elif gap < timedelta(0):
        assert kinds == ["new", "add_on", "contraction"]
    else:
        assert kinds == ["new", "churn", "reactivation"]


def test_tier_is_valued_at_the_old_quantity_and_seats_at_the_new_price(tmp_path):
    world = Small(tmp_path, as_of="2025-03-20")
    world.subscription()
    world.line("si", "2025-02-01", "2025-03-01", 5)
    world.line("si", "2025-03-01", "2025-03-10", 7, price="business_month")
    world.price("business_raised", "business", 3_500)
    world.line("si", "2025-03-10", "2025-04-10", 7, price="business_raised")
    # 1 March: 5 x ($30 - $10) = 100 for the tier, 2 x $30 = 60 for the seats. 10 March: 7 x $5 = 35.
    assert growth(world.evaluate()) == [
        ("seat_growth", at("2025-03-01"), Decimal("60.00")),
        ("tier_upgrade", at("2025-03-01"), Decimal("100.00")),
        ("renewal_uplift", at("2025-03-10"), Decimal("35.00")),
    ]


def test_causes_that_fall_and_net_falls_are_contraction(tmp_path):
    world = Small(tmp_path, as_of="2025-03-20")
    world.subscription()
    world.line("si", "2025-02-01", "2025-03-01", 5)
    world.line("x", "2025-02-01", "2025-03-01", 10, price="extra_month")
    # 1 March: seats 5 -> 9 (+40), extras 10 -> 8 (-10): a net rise with both shown.
    world.line("si", "2025-03-01", "2025-03-10", 9)
    world.line("x", "2025-03-01", "2025-03-10", 8, price="extra_month")
    # 10 March: seats 9 -> 10 (+10), extras 8 -> 1 (-35): a net fall of 25 and nothing else.
    world.line("si", "2025-03-10", "2025-04-10", 10)
    world.line("x", "2025-03-10", "2025-04-10", 1, price="extra_month")
    assert moves(world.evaluate())[1:] == [
        ("2025-03-01", "contraction", -10),
        ("2025-03-01", "seat_growth", 40),
        ("2025-03-10", "contraction", -25),
    ]


def test_a_change_of_rate_moves_the_contract_value_and_is_no_movement(tmp_path):
    world = Small(tmp_path, as_of="2025-03-20")
    world.subscription()
    world.price("euro", "starter", 1_000, currency="eur")
    world.line("si", "2025-03-01", "2025-04-01", 5, price="euro", currency="eur")
    result = world.evaluate()
    value = by_day(result.account_daily, "contract_value")
    assert value[on("2025-03-04")] == Decimal("660.00")  # 50 x 1.1 x 12
    assert value[on("2025-03-05")] == Decimal("720.00")  # 50 x 1.2 x 12
    assert len(result.movements) == 1


def test_money_is_rounded_half_away_from_zero(tmp_path):
    world = Small(tmp_path, as_of="2025-03-20")
    world.subscription()
    world.price("odd", "starter", None, "year", unit_amount_decimal="100.5")
    world.line("si", "2025-03-01", "2025-04-01", 1, price="odd")
    # $1.005 a year: 1.01, where a binary float or the bankers' rule says 1.00.
    assert set(by_day(world.evaluate().account_daily, "contract_value").values()) == {Decimal("1.01")}


def test_invoices_are_past_due_between_their_due_day_and_their_settlement(tmp_path):
    world = Small(tmp_path, as_of="2025-03-20")
    world.subscription()
    invoice = {
        "status": "paid",
        "created": at("2025-03-01"),
        "due_date": at("2025-03-05T18:00"),
        "status_transitions_finalized_at": at("2025-03-01T01:00"),
        "status_transitions_paid_at": at("2025-03-09"),
    }
    world.line("si", "2025-03-01", "2025-04-01", 5, invoice=invoice)
    world.add("stripe", "invoice", id="odd", customer_id="cus_A", status="paid", created=at("2025-01-01"))
    late = by_day(world.evaluate().signals, "invoice_days_past_due")
    # Due on the 5th. Paid at 9 March 00:00, which the close of the 8th does not know yet.
    assert [late[on(f"2025-03-0{day}")] for day in range(4, 10)] == [0, 0, 1, 2, 3, 0]


@pytest.mark.parametrize(
    ("items", "seats", "tier"),
    [
        # Any priced item with a tier where no seat is sold; the highest of several.
        ({"usage_business": 7}, None, "Business"),
        ({"usage_starter": 1, "usage_business": 1}, None, "Business"),
        ({"extra_month": 1}, None, None),
        # Seat-priced items speak alone, be their tier the lower one.
        ({"starter_month": 3, "usage_business": 1}, 3, "Starter"),
        ({"starter_month": 3, "extra_month": 1}, 3, "Starter"),
    ],
)
def test_without_a_seat_priced_item_any_priced_one_gives_the_tier(tmp_path, items, seats, tier):
    world = Small(tmp_path, as_of="2025-02-01")
    for name in ("starter", "business"):
        world.seeds["plans"].append({"product": f"prod_usage_{name}", "tier": name.title(), "is_seat_priced": "false"})
        world.add("stripe", "product", id=f"prod_usage_{name}", name=f"usage {name}")
        world.price(f"usage_{name}", f"usage_{name}", 900)
    world.subscription()
    for price, quantity in items.items():
        world.line(f"si_{price}", "2025-01-10", "2025-02-10", quantity, price=price)
    world.track("2025-01-01T00:00", "u0")
    row = world.evaluate().signals[-1]
    # Seats that nobody sells are unknown, never zero, and so is their use.
    assert (row["seats_licensed"], row["tier"]) == (seats, tier)
    assert (row["seat_utilisation"] is None) == (seats is None)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        # 31 January to 10 January of the next year: 344 days. Twelve months are a year, six are not.
        ([("si", "starter", "year", 1, "2025-01-10", "2026-01-10")], 344),
        ([("si", "starter", "month", 12, "2025-01-10", "2026-01-10")], 344),
        ([("si", "starter", "month", 6, "2025-01-10", "2025-07-10")], None),
        ([("si", "starter", "month", 1, "2025-01-10", "2025-02-10")], None),
        # Without seats any item billed by the year; beside monthly seats as well.
        ([("si", "extra", "year", 1, "2025-01-10", "2026-01-10")], 344),
        (
            [
                ("si", "starter", "month", 1, "2025-01-10", "2025-02-10"),
                ("sj", "extra", "year", 1, "2025-01-10", "2026-01-10"),
            ],
            344,
        ),
        # The seats' year before another item's, be that newer; of two alike the newest.
        (
            [
                ("si", "starter", "year", 1, "2025-01-10", "2026-01-10"),
                ("sj", "extra", "year", 1, "2025-01-20", "2026-01-20"),
            ],
            344,
        ),
        (
            [
                ("si", "extra", "year", 1, "2025-01-10", "2026-01-10"),
                ("sj", "extra", "year", 1, "2025-01-20", "2026-01-20"),
            ],
            354,
        ),
    ],
)
def test_the_renewal_is_of_the_newest_line_billed_by_the_year_seats_first(tmp_path, lines, expected):
    world = Small(tmp_path, as_of="2025-02-01")
    world.subscription()
    for item, product, interval, count, first, last in lines:
        price = f"{product}_{interval}{count}"
        if not any(row["id"] == price for row in world.tables.rows["stripe", "price"]):
            world.price(price, product, 12_000, interval, count)
        world.line(item, first, last, 1, price=price)
    assert by_day(world.evaluate().signals, "days_to_renewal")[on("2025-01-31")] == expected


# ---------------------------------------------------------------- product


def paying(tmp_path, as_of="2025-03-20", first="2025-01-01", seats=4, **account) -> Small:
    world = Small(tmp_path, as_of, **account)
    world.subscription()
    world.line("si", first, "2026-01-01", seats)
    return world


def test_an_event_counts_up_to_three_days_after_its_day_closed(tmp_path):
    world = paying(tmp_path)
    world.track("2025-01-01T00:00", "u0")
    # 10 February closes on the 11th at 00:00; three days later is the 14th at 00:00, and not a microsecond more.
    world.track("2025-02-10T09:00", "u_last", received="2025-02-14T00:00:00")
    world.track("2025-02-10T09:00", "u_late", received="2025-02-14T00:00:00.000001")
    users = by_day(world.evaluate().signals, "active_users_28d")
    assert users[on("2025-02-09")] == 0
    assert users[on("2025-02-10")] == 1


def test_an_event_is_its_earliest_copy_and_never_later_than_its_receipt(tmp_path):
    world = paying(tmp_path)
    world.track("2025-01-01T00:00", "u0")
    world.track("2025-02-10T09:00", "u1", received="2025-02-10T10:00", event_id="twice")
    world.track("2025-02-01T09:00", "u1", received="2025-02-10T11:00", event_id="twice")
    # A clock nine days ahead: the event is placed on its receipt.
    world.track("2025-02-28T09:00", "u2", received="2025-02-19T08:00")
    users = by_day(world.evaluate().signals, "active_users_28d")
    assert [users[on(f"2025-02-{day:02d}")] for day in (9, 10, 18, 19)] == [0, 1, 1, 2]


def test_windows_that_leave_the_history_are_null_and_zero_is_measured(tmp_path):
    world = paying(tmp_path, as_of="2025-04-20", first="2025-01-01")
    world.add("salesforce", "account", id="B", name="Beta")
    world.track("2025-01-10T09:00", "u9", group="B")  # the domain starts with another account
    world.track("2025-01-20T09:00", "u1")
    signals = {row["signal_on"]: row for row in world.evaluate().signals}
    # 28 days reach back to 10 January from 6 February on; the account's own first event is older by then.
    assert signals[on("2025-02-05")]["active_users_28d"] is None
    assert signals[on("2025-02-06")]["active_users_28d"] == 1
    assert signals[on("2025-02-16")]["active_users_28d"] == 1
    assert signals[on("2025-02-17")]["active_users_28d"] == 0
    # 7 days are covered from 16 January on, but the account has no event before the 20th.
    assert signals[on("2025-01-19")]["usage_hours_7d"] is None
    assert signals[on("2025-01-20")]["usage_hours_7d"] == 0
    # No ticket, contact or history of headcounts was ever seen.
    for signal in ("tickets_60d", "executive_contacts_added_60d", "headcount_growth_90d"):
        assert signals[on("2025-04-01")][signal] is None
    assert signals[on("2025-04-01")]["open_urgent_tickets"] == 0


def test_growth_needs_five_users_and_a_covered_window_28_days_earlier(tmp_path):
    world = paying(tmp_path, as_of="2025-04-20")
    for user in range(5):
        world.track("2025-01-01T09:00", f"u{user}")
        world.track("2025-02-20T09:00", f"u{user}")
    world.track("2025-02-20T09:00", "u5")
    growth_of = by_day(world.evaluate().signals, "active_users_growth_28d")
    # 28 January is the first day with a value, 25 February the first with one 28 days earlier: (6 - 5) / 5.
    assert growth_of[on("2025-02-24")] is None
    assert growth_of[on("2025-02-25")] == Decimal("0.2")
    # On the 26th the earlier value is 0 (29 January): below five, null.
    assert growth_of[on("2025-02-26")] is None


def test_sessions_count_gaps_of_half_an_hour_on_the_later_events_day(tmp_path):
    world = paying(tmp_path)
    world.track("2025-01-01T00:00", "u0")
    for moment in ("2025-02-10T23:45", "2025-02-11T00:15", "2025-02-11T00:45:00.000001"):
        world.track(moment, "u1")
    world.track("2025-02-11T00:20", "u2")
    hours = by_day(world.evaluate().signals, "usage_hours_7d")
    # Thirty minutes over midnight belong to the 11th; the next gap is a microsecond too long.
    assert [hours[on(f"2025-02-{day}")] for day in (10, 11, 17, 18)] == [0, Decimal("0.5"), Decimal("0.5"), 0]


def test_more_than_twenty_hours_make_a_power_user(tmp_path):
    world = paying(tmp_path)
    world.track("2025-01-01T00:00", "u0")
    for user, gaps in (("u1", 40), ("u2", 41)):
        for step in range(gaps + 1):
            world.track(at("2025-02-10T00:00") + step * timedelta(minutes=30), user)
    row = next(row for row in world.evaluate().signals if row["signal_on"] == on("2025-02-11"))
    assert (row["power_users"], row["usage_hours_7d"]) == (1, Decimal("40.5"))


def test_events_without_a_group_follow_their_users_newest_group_call(tmp_path):
    world = paying(tmp_path)
    world.track("2025-01-01T00:00", "u0")
    call = {"user_id": "u1"}
    for call_id, group, moment in (("g1", "B", "2025-02-01"), ("g2", "A", "2025-02-01"), ("g3", "B", "2025-02-20")):
        moment = at(moment)
        world.add("segment", "groups", id=call_id, group_id=group, timestamp=moment, received_at=moment, **call)
    world.track("2025-01-31T23:59", "u1", group=None)  # before any call: of no account
    world.track("2025-02-01T00:00", "u1", group=None, name="blocked")  # at the tie: the greatest id
    world.track("2025-02-20T00:00", "u1", group=None, name="blocked")  # of B, which nobody knows
    world.trigger("e", kind="event", event_action="invite_blocked")
    assert [row["triggered_at"] for row in world.evaluate().firings] == [at("2025-02-01")]


def identified(world: Small, user: str, email: str, moment: str = "2025-01-01") -> None:
    known = {"timestamp": at(moment), "received_at": at(moment)}
    world.add("segment", "identifies", id=world.next("id_"), user_id=user, email=email, **known)


def test_users_without_a_group_are_of_the_account_whose_domain_their_email_names(tmp_path):
    world = paying(tmp_path, website="https://www.Acme.example/en")
    world.seeds["shared_hosts"] = [{"host": "pages.example"}]
    for key, website in (("B", "twin.example"), ("C", "twin.example"), ("D", "gmail.com"), ("E", "pages.example")):
        world.add("salesforce", "account", id=key, name=f"Other {key}", website=website)
    world.track("2025-01-01T00:00", "u0")
    identified(world, "own", "ann@ACME.example")
    identified(world, "sub", "ann@mail.acme.example")  # a host is equal as a whole
    identified(world, "moved", "bob@elsewhere.example")
    identified(world, "moved", "bob@acme.example", "2025-03-01")  # identity is today's: of A all along
    for user, host in (("free", "gmail.com"), ("shared", "pages.example"), ("twin", "twin.example")):
        identified(world, user, f"{user}@{host}")
    identified(world, "staff", "x@teamflow.example")
    identified(world, "grouped", "eve@acme.example")
    call = {"timestamp": at("2025-02-05"), "received_at": at("2025-02-05")}
    world.add("segment", "groups", id="g1", group_id="nobodys", user_id="grouped", **call)
    users = ("own", "sub", "moved", "free", "shared", "twin", "staff", "unknown")
    for hour, user in enumerate(users):
        world.track(f"2025-02-10T{hour:02}:00", user, group=None, name="blocked")
    world.track("2025-02-10T12:00", "own", group="nobodys", name="blocked")  # the group on the event, matched or not
    world.track("2025-02-04T12:00", "grouped", group=None, name="blocked")  # before any call: by the domain
    world.track("2025-02-05T12:00", "grouped", group=None, name="blocked")  # by the call, whose group is nobody's
    world.trigger("e", kind="event", event_action="invite_blocked", burst_minutes=1)
    result = world.evaluate()
    assert {(row["account_id"], row["triggered_at"]) for row in result.firings} == {
        ("A", at("2025-02-04T12:00")),
        ("A", at("2025-02-10T00:00")),
        ("A", at("2025-02-10T02:00")),
    }
    # u0 of 1 January is out of the window of 28 days; own, moved and grouped are in it.
    assert by_day(result.signals, "active_users_28d")[on("2025-02-10")] == 3


def test_use_without_a_group_counts_by_the_users_domain_too(tmp_path):
    world = paying(tmp_path, website="acme.example")
    world.track("2025-01-01T00:00", "u0")
    identified(world, "own", "ann@acme.example")
    world.track("2025-02-10T09:00", "own", group=None, table="feature_used", feature="gantt", team_id="t1")
    world.track("2025-02-10T09:00", "nobody", group=None, table="feature_used", feature="gantt", team_id="t2")
    row = next(row for row in world.evaluate().signals if row["signal_on"] == on("2025-02-10"))
    assert (row["features_adopted_28d"], row["max_teams_per_feature_14d"]) == (1, 1)


def test_staff_count_nowhere_by_their_newest_email(tmp_path):
    world = paying(tmp_path)
    world.track("2025-01-01T00:00", "u0")
    for number, (user, email) in enumerate(
        [("s", "s@mail.example"), ("s", "s@TeamFlow.example"), ("c", "c@teamflow.example"), ("c", "c@x.example")]
    ):
        moment = at("2025-01-01") + timedelta(days=number)
        known = {"timestamp": moment, "received_at": moment}
        world.add("segment", "identifies", id=f"i{number}", user_id=user, email=email, **known)
    for user in ("s", "c", None):
        world.track("2025-02-10T09:00", user, name="blocked")
    world.trigger("e", kind="event", event_action="invite_blocked")
    result = world.evaluate()
    assert by_day(result.signals, "active_users_28d")[on("2025-02-10")] == 1
    assert len(result.firings) == 1


def test_pages_take_the_longest_prefix_and_need_no_user(tmp_path):
    world = paying(tmp_path)
    world.track("2025-01-01T00:00", "u0")
    for path in ("/price", "/price/eu", "/price/api/keys", "/home"):
        world.track("2025-02-10T09:00", None, table="pages", path=path)
    row = next(row for row in world.evaluate().signals if row["signal_on"] == on("2025-02-10"))
    assert (row["pricing_page_views_14d"], row["integration_page_views_30d"]) == (2, 1)


# ---------------------------------------------------------------- identity


def test_the_cascade_takes_the_first_rule_that_hits(tmp_path):
    world = Small(tmp_path, as_of="2025-03-20", website="https://www.acme.example:8443/en")
    world.add("salesforce", "account", id="B", name="Société Générale Co, Inc.", zendesk_organization_id_c="22")
    world.add("salesforce", "account", id="old", is_deleted=True, master_record_id="older")
    world.add("salesforce", "account", id="older", is_deleted=True, master_record_id="B")
    world.add("salesforce", "account", id="dead", is_deleted=True)
    for number, values in {
        20: {"external_id": "old"},
        21: {"external_id": "A"},
        22: {"external_id": "A"},
        23: {"external_id": "dead", "name": "Acme"},
        24: {"external_id": "unknown", "name": "  ACME!! "},
        25: {"domain_names": "x.example, Acme.example"},
        26: {"domain_names": "eu.acme.example"},
        27: {"name": "Societe generale, G.m.b.H."},
    }.items():
        world.add("zendesk", "organization", id=number, **values)
    found = {
        int(row["record_id"]): (row["account_id"], row["rule"] or row["reason"])
        if row["account_id"]
        else (None, row["reason"])
        for row in world.evaluate().matches
        if row["source"] == "support"
    }
    assert found[20] == ("B", "foreign_id")  # merged twice
    assert found[21] == ("A", "foreign_id")
    assert found[22] == (None, "ambiguous")  # it names A, B names it
    assert found[23] == (None, "deleted_account")
    assert found[24] == ("A", "name")
    assert found[25] == ("A", "domain")
    assert found[26] == (None, "no_match")  # hosts are equal as a whole
    assert found[27] == ("B", "name")


# ---------------------------------------------------------------- support


def test_tickets_are_seen_as_their_history_left_them(tmp_path):
    world = paying(tmp_path)
    world.add("zendesk", "user", id=7, organization_id=1)
    created = at("2025-02-01T10:00")
    world.add("zendesk", "ticket", id=1, requester_id=7, created_at=created, status="open", priority="urgent")
    for name, value, moment in (
        ("status", "new", "2025-02-01T10:00"),
        ("priority", "urgent", "2025-02-03T10:00"),
        ("status", "solved", "2025-02-05T00:00"),
        ("status", "open", "2025-02-07T12:00"),
        ("status", "deleted", "2025-02-09T12:00"),
        ("priority", None, "2025-02-11T12:00"),
        ("status", "open", "2025-02-11T12:00"),
    ):
        row = {"field_name": name, "value": value, "updated": at(moment)}
        world.add("zendesk", "ticket_field_history", ticket_id=1, **row)
    pressing = by_day(world.evaluate().signals, "open_urgent_tickets")
    days = [pressing[on(f"2025-02-{day:02d}")] for day in range(1, 12)]
    # No priority until the 3rd; solved at 5 February 00:00, which the close of the 4th does not know.
    assert days == [0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0]


# ---------------------------------------------------------------- stage


def test_the_stage_names_its_first_failing_test(tmp_path):
    world = Small(tmp_path, as_of="2025-08-01", onboarding_completed_date_c=at("2025-01-15"))
    world.subscription()
    world.line("si", "2025-01-01", "2025-05-29", 4)
    owed = {"status": "open", "created": at("2025-03-10"), "due_date": at("2025-03-10")}
    world.add("stripe", "invoice", id="i", customer_id="cus_A", **(owed | {"status": "paid"}), **{
        "status_transitions_paid_at": at("2025-03-25"),
    })  # fmt: skip
    world.add(
        "salesforce",
        "task",
        id="t",
        account_id="A",
        call_disposition="No",
        created_date=at("2025-03-01"),
        completed_date_time=at("2025-04-01T10:00"),
    )
    result = world.evaluate()
    reasons = by_day(result.stage, "stage_reason")
    expected = {
        "2025-01-14": "not_onboarded",
        "2025-01-15": "tenure",  # onboarded on the day itself
        "2025-03-01": "tenure",  # day 59
        "2025-03-02": None,  # day 60
        "2025-03-22": None,  # 12 days past due: 100 x 18 / 30 = 60 points, good
        "2025-03-23": "health",  # 13 days: 56.7
        "2025-03-25": None,  # settled
        "2025-03-31": None,
        "2025-04-01": "declined",
        "2025-05-31": "declined",  # the period's grace ends on 1 June 00:00
        "2025-06-01": "churned",
        "2025-07-31": "churned",
    }
    assert {day: reasons[on(day)] for day in expected} == expected


def test_a_decline_counts_for_ninety_days(tmp_path):
    world = paying(tmp_path, as_of="2025-08-01")
    closed = {"is_closed": True, "is_won": False, "close_date": at("2025-04-01")}
    world.add(
        "salesforce", "opportunity", id="o", account_id="A", type="Expansion", created_date=at("2025-03-20"), **closed
    )
    reasons = by_day(world.evaluate().stage, "stage_reason")
    assert reasons[on("2025-03-31")] is None
    # [d - 89, d] holds 1 April up to 29 June.
    assert (reasons[on("2025-06-29")], reasons[on("2025-06-30")]) == ("declined", None)


@pytest.mark.parametrize(
    ("onboarded", "asked", "expected"),
    [
        (None, "required", {"2025-01-20": "not_onboarded", "2025-03-20": "not_onboarded"}),
        (None, "when_known", {"2025-01-20": "tenure", "2025-03-20": None}),
        (None, "ignored", {"2025-01-20": "tenure", "2025-03-20": None}),
        # A date that lies ahead is known, and completed at its day's close.
        ("2025-02-10", "when_known", {"2025-02-09": "not_onboarded", "2025-02-10": "tenure"}),
        ("2025-02-10", "ignored", {"2025-02-09": "tenure", "2025-02-10": "tenure"}),
    ],
)
def test_onboarding_is_asked_as_the_stage_says(tmp_path, onboarded, asked, expected):
    world = paying(tmp_path, as_of="2025-04-01", onboarding_completed_date_c=onboarded and at(onboarded))
    reasons = by_day(world.evaluate(variables={"stage": {"onboarding": asked}}).stage, "stage_reason")
    assert {day: reasons[on(day)] for day in expected} == expected


def test_the_numbers_of_the_stage_are_settings(tmp_path):
    world = paying(tmp_path, as_of="2025-05-01")
    owed = {"status": "open", "created": at("2025-03-10"), "due_date": at("2025-03-10")}
    world.add("stripe", "invoice", id="i", customer_id="cus_A", **owed)
    done = {"call_disposition": "No", "created_date": at("2025-02-10"), "completed_date_time": at("2025-02-10T10:00")}
    world.add("salesforce", "task", id="t", account_id="A", **done)
    stage = {"tenure_days": 30, "decline_days": 10, "health_bands": ["excellent"]}
    reasons = by_day(world.evaluate(variables={"stage": stage}).stage, "stage_reason")
    expected = {
        "2025-01-30": "tenure",  # day 29
        "2025-01-31": None,
        "2025-02-10": "declined",
        "2025-02-19": "declined",  # [d - 9, d] holds 10 February up to the 19th
        "2025-02-20": None,
        "2025-03-16": None,  # 6 days past due: 100 x 24 / 30 = 80 points, excellent
        "2025-03-17": "health",  # 76.7 is good, which is not enough here
    }
    assert {day: reasons[on(day)] for day in expected} == expected


# ---------------------------------------------------------------- episodes, bursts, cooldown


def test_an_episode_starts_when_it_has_lasted_and_ends_with_its_run(tmp_path):
    world = paying(tmp_path, as_of="2025-03-10")
    world.track("2025-01-01T00:00", "u0")
    for day in ("2025-02-01", "2025-02-03"):
        world.track(f"{day}T09:00", None, table="pages", path="/price")
    world.trigger("t", [("pricing_page_views_14d", ">=", 2)], for_days=3, rearm="on_reset")
    world.trigger("open", [("seats_licensed", "=", 4)], for_days=2)
    result = world.evaluate()
    found = {row["trigger_id"]: row for row in result.episodes}
    # Two views in 14 days from 3 to 14 February; the third such day is the 5th, its moment the 6th 00:00.
    assert (found["t"]["started_on"], found["t"]["ended_on"]) == (on("2025-02-05"), on("2025-02-14"))
    assert found["t"]["triggered_at"] == at("2025-02-06")
    assert (found["open"]["started_on"], found["open"]["ended_on"]) == (on("2025-01-02"), None)
    assert [row["moment"] for row in result.candidates if row["trigger_id"] == "t"] == [at("2025-02-06")]
    # every day from 2 January to the last closed one, 9 March
    assert sum(row["trigger_id"] == "open" for row in result.candidates) == 67


def test_bursts_open_with_their_first_qualifying_event(tmp_path):
    world = paying(tmp_path)
    start = at("2025-02-10T12:00")
    for user, minutes in (("a", 0), ("b", 25), ("c", 26), ("d", 50), ("e", 51), ("f", 120)):
        world.track(start + timedelta(minutes=minutes), user, name="blocked")
    world.trigger("one", kind="event", event_action="invite_blocked")
    world.trigger("two", kind="event", event_action="invite_blocked", min_events=2)
    moments = {}
    for row in world.evaluate().firings:
        minutes = (row["triggered_at"] - start) // timedelta(minutes=1)
        moments.setdefault(row["trigger_id"], []).append((minutes, row["recipient_user_id"]))
    # One event suffices: 0 takes 25 with it (25 <= 25), 26 opens the next and takes 50 and 51, then 120.
    assert moments["one"] == [(0, "a"), (26, "c"), (120, "f")]
    # Two within 25 minutes: 25, 26, 50 and 51 qualify; 25 takes 26 and 50, 51 opens the next; 120 stands alone.
    assert moments["two"] == [(25, "b"), (51, "e")]


def test_one_clock_for_a_message_group(tmp_path):
    world = paying(tmp_path, as_of="2025-03-01")
    holding = [("seats_licensed", "=", 4)]
    # b comes first by priority; both share a clock, c has none of its own and starts it for nobody else's group.
    world.trigger("a", holding, cooldown_days=10, priority=2)
    world.trigger("b", holding, cooldown_days=20, priority=1)
    world.trigger("other", holding, cooldown_days=30, priority=3, message_group="h")
    world.trigger("shadow", holding, cooldown_days=25, priority=0, status="shadow")
    fired = {}
    for row in world.evaluate().firings:
        fired.setdefault(row["trigger_id"], []).append(str(row["triggered_at"].date()))
    # b on the 2nd, then a as soon as exactly 10 days have passed. From then on b never rests long enough:
    # a fires every 10 days.
    assert fired["b"] == ["2025-01-02"]
    assert fired["a"] == ["2025-01-12", "2025-01-22", "2025-02-01", "2025-02-11", "2025-02-21"]
    assert fired["other"] == ["2025-01-02", "2025-02-01"]
    assert fired["shadow"] == ["2025-01-02", "2025-01-27", "2025-02-21"]


def test_before_active_from_a_trigger_runs_in_shadow_with_its_own_clock(tmp_path):
    world = paying(tmp_path, as_of="2025-02-01")
    world.trigger("a", [("seats_licensed", "=", 4)], cooldown_days=10, active_from="2025-01-15")
    fired = [(str(row["triggered_at"].date()), row["is_shadow"]) for row in world.evaluate().firings]
    # The moment of 14 January is the 15th 00:00 and active already; shadow firings do not block it.
    assert fired == [("2025-01-02", True), ("2025-01-12", True), ("2025-01-15", False), ("2025-01-25", False)]


def test_reasons_come_in_their_order_and_are_kept_once(tmp_path):
    world = paying(tmp_path, as_of="2025-03-11", expansion_opt_out_date_c=at("2025-03-05"))
    world.trigger(
        "t",
        [("seats_licensed", "=", 4)],
        requires_stage="true",
        exclusions="opted_out|invoice_past_due",
        min_contract_value=480,
        segments="mid-market",
    )
    owed = {"status": "open", "created": at("2025-03-06"), "due_date": at("2025-03-06")}
    world.add("stripe", "invoice", id="i", customer_id="cus_A", **owed)
    result = world.evaluate()
    kept = [
        (row["reason_type"], row["reason"], row["first_at"], row["last_at"], row["candidates"])
        for row in result.suppressions
    ]
    # Tenure reaches 60 on 2 March (moment the 3rd). Opted out from the 5th (moment the 6th). From 7 March the
    # invoice is one day past due, which is judged before the opt-out.
    assert kept == [
        ("exclusion", "invoice_past_due", at("2025-03-08"), at("2025-03-11"), 4),
        ("exclusion", "opted_out", at("2025-03-06"), at("2025-03-07"), 2),
        ("stage", "tenure", at("2025-01-02"), at("2025-03-02"), 60),
    ]
    assert [row["triggered_at"] for row in result.firings] == [at("2025-03-03"), at("2025-03-04"), at("2025-03-05")]


def test_an_event_is_judged_by_the_day_before_and_by_facts_before_its_moment(tmp_path):
    world = paying(tmp_path)
    deal = {"type": "Expansion", "is_closed": False, "close_date": at("2026-01-01")}
    world.add("salesforce", "opportunity", id="o", account_id="A", created_date=at("2025-02-10T12:00"), **deal)
    world.proration("si", "2025-02-03T08:00", "2026-01-01", 5)
    world.track("2025-02-03T08:05", "a", name="blocked")
    world.track("2025-02-04T00:00", "b", name="blocked")
    world.track("2025-02-10T12:00", "c", name="blocked")
    world.track("2025-02-10T13:00", "d", name="blocked")
    world.trigger("new", kind="event", event_action="invite_blocked", exclusions="recently_expanded")
    world.trigger("deal", kind="event", event_action="invite_blocked", exclusions="open_expansion_opportunity")
    result = world.evaluate()
    fired = {(row["trigger_id"], row["recipient_user_id"]) for row in result.firings}
    # The expansion of 3 February 08:00 is a fact of that day, which closes at 4 February 00:00: it excludes
    # everything from then on and not the event of 08:05. The deal excludes after 10 February 12:00 only.
    assert fired == {("new", "a"), ("deal", "a"), ("deal", "b"), ("deal", "c")}


def test_an_account_that_never_paid_is_in_no_stage_under_that_name(tmp_path):
    world = Small(tmp_path, as_of="2025-03-20")
    world.track("2025-02-03T08:05", "a", name="blocked")
    world.trigger("staged", kind="event", event_action="invite_blocked", requires_stage="true")
    world.trigger("scoped", kind="event", event_action="invite_blocked", tiers="Starter")
    world.trigger("free", kind="event", event_action="invite_blocked")
    result = world.evaluate()
    assert [(row["trigger_id"], row["reason"]) for row in result.suppressions] == [
        ("scoped", "tier"),
        ("staged", "never_paid"),
    ]
    assert [row["trigger_id"] for row in result.firings] == ["free"]


def test_never_paid_is_before_the_first_paid_day_and_churned_after_the_last(tmp_path):
    world = Small(tmp_path, as_of="2025-03-20")
    world.subscription()
    # Paid from 10 January until three days after 10 February.
    world.line("si", "2025-01-10", "2025-02-10", 1)
    for moment in ("2025-01-09T12:00", "2025-01-10T12:00", "2025-01-11T12:00", "2025-02-14T12:00"):
        world.track(moment, "a", name="blocked")
    world.trigger("staged", kind="event", event_action="invite_blocked", requires_stage="true")
    reasons = [(row["first_at"], row["reason"]) for row in world.evaluate().suppressions]
    # An event is judged by the day before: that of 10 January 12:00 by the 9th, which paid nothing.
    assert sorted(reasons) == [
        (at("2025-01-09T12:00"), "never_paid"),
        (at("2025-01-10T12:00"), "never_paid"),
        (at("2025-01-11T12:00"), "tenure"),
        (at("2025-02-14T12:00"), "churned"),
    ]


# ---------------------------------------------------------------- delivery


@pytest.mark.parametrize(
    ("zone", "country", "moment", "timing", "deliver_at"),
    [
        # Saturday 8 March 00:00 UTC is still Friday in New York; Monday the 10th is a holiday there and summer
        # time has begun on the 9th: Tuesday 10:00 EDT is 14:00 UTC.
        ("America/New_York", "US", "2025-03-08", "next_business_day_10am", "2025-03-11T14:00"),
        # The same without the holiday: Monday 09:00 EDT.
        ("America/New_York", "GB", "2025-03-08", "next_business_day", "2025-03-10T13:00"),
        # A day earlier Friday is next, in winter time: 10:00 EST is 15:00 UTC.
        ("America/New_York", "US", "2025-03-07", "next_business_day_10am", "2025-03-07T15:00"),
        # Friday 00:00 UTC is Friday in Tokyo: Monday 09:00 there is 00:00 UTC.
        ("Asia/Tokyo", "JP", "2025-03-07", "next_business_day", "2025-03-10T00:00"),
        (None, "US", "2025-03-07", "next_business_day", "2025-03-11T09:00"),
        ("Mars/Base", None, "2025-03-07", "next_business_day", "2025-03-10T09:00"),
        ("Asia/Tokyo", "JP", "2025-03-07", "after_48h", "2025-03-09"),
        ("Asia/Tokyo", "JP", "2025-03-07", "within_24h", "2025-03-07"),
    ],
)
def test_delivery_waits_for_a_business_day_where_the_account_is(tmp_path, zone, country, moment, timing, deliver_at):
    started_on = at(moment) - timedelta(days=1)
    first = started_on.date().isoformat()
    world = paying(tmp_path, first=first, time_zone_c=zone, billing_country_code=country)
    world.trigger("t", [("seats_licensed", "=", 4)], rearm="on_reset", timing=timing)
    (row,) = world.evaluate().firings
    assert row["triggered_at"] == at(moment)
    assert row["deliver_at"] == at(deliver_at)
    assert row["expires_at"] == at(deliver_at) + timedelta(days=7)
    due = at(moment) + timedelta(hours=24) if timing == "within_24h" else at(deliver_at) + timedelta(hours=4)
    assert row["sla_due_at"] == due
    assert row["is_time_zone_known"] is (zone not in (None, "Mars/Base"))


def test_firings_are_named_held_out_and_owned(tmp_path):
    world = paying(tmp_path, owner_id="p1", customer_success_manager_id_c="p2")
    world.add("salesforce", "user", id="p1", email="ae@teamflow.example")
    world.add("salesforce", "user", id="p2", email="left@teamflow.example", is_active=False)
    world.track("2025-02-10T12:00:00.25", "u", name="blocked")
    world.trigger("t", kind="event", event_action="invite_blocked", timing="immediate", holdout_pct="51.65")
    world.trigger("z", kind="event", event_action="invite_blocked", timing="immediate", holdout_pct="51.64")
    first, second = world.evaluate().firings
    # md5 of "t|A|2025-02-10T12:00:00.250000Z"
    assert first["firing_id"] == "580c69852bfb6a5949d8013e4bc05f8f"
    # md5 of "A|g" begins with 2317d7ec = 588765164, whose last four digits are 5164: below 5165, not below 5164.
    assert [first["is_holdout"], second["is_holdout"]] == [True, False]
    assert (first["owner_role"], first["owner_email"]) == ("CSM", "ae@teamflow.example")
    assert first["sla_due_at"] == at("2025-02-10T12:25:00.25")
    assert first["expires_at"] == at("2025-02-11T12:00:00.25")


def test_a_firing_addresses_who_did_it_else_the_newest_executive_else_the_newest_contact(tmp_path):
    world = paying(tmp_path)
    for contact_id, title, created in (
        ("c1", "Interim CEO", "2025-02-01"),
        ("c2", "VP, Sales", "2025-02-05"),
        ("c3", "Engineer", "2025-02-06"),
        ("c4", "CEO", "2025-02-10T12:00"),
    ):
        world.add("salesforce", "contact", id=contact_id, account_id="A", title=title, created_date=at(created))
    world.track("2025-02-10T12:00", "u", name="blocked")
    world.track("2025-02-11T12:00", None, name="blocked")
    world.trigger("e", kind="event", event_action="invite_blocked")
    world.trigger("d", [("seats_licensed", "=", 4)], cooldown_days=38, message_group="h")
    addressed = [
        (row["trigger_id"], str(row["triggered_at"].date()), row["recipient_user_id"], row["recipient_contact_id"])
        for row in world.evaluate().firings
    ]
    # 2 January and exactly 38 days later, 9 February: the executive of the 5th, not the engineer of the 6th.
    # On the 11th at noon nobody is named; c4 came on the 10th.
    assert addressed == [
        ("d", "2025-01-02", None, None),
        ("d", "2025-02-09", None, "c2"),
        ("e", "2025-02-10", "u", None),
        ("e", "2025-02-11", None, "c4"),
        ("d", "2025-03-19", None, "c4"),
    ]


# ---------------------------------------------------------------- the clock and random worlds


def test_the_clock_is_the_newest_receipt_or_what_it_is_told(tmp_path):
    world = paying(tmp_path, as_of="2025-03-20T00:00")
    result = world.evaluate()
    assert result.clock["last_closed_on"] == on("2025-03-19")
    assert result.clock["last_final_on"] == on("2025-03-16")
    earlier = world.evaluate(as_of="2025-03-10T23:59:59")
    assert earlier.clock["last_closed_on"] == on("2025-03-09")
    assert max(row["signal_on"] for row in earlier.signals) == on("2025-03-09")


@pytest.mark.parametrize("seed", [1])
def test_final_days_were_the_same_seen_from_earlier(tmp_path, seed):
    """A full landing evaluated at an earlier time gives its final days as the full evaluation gives them."""
    write_world(tmp_path, seed)
    write_seeds(tmp_path, seed)
    full = evaluate(tmp_path / "raw", tmp_path / "seeds")
    as_of = full.clock["as_of"] - timedelta(days=40, hours=5)
    earlier = evaluate(tmp_path / "raw", tmp_path / "seeds", as_of=as_of)
    last = earlier.clock["last_final_on"]

    def final(rows, column):
        return [row for row in rows if row[column] <= last]

    assert final(earlier.account_daily, "signal_on") == final(full.account_daily, "signal_on")
    assert final(earlier.signals, "signal_on") == final(full.signals, "signal_on")
    assert final(earlier.stage, "signal_on") == final(full.stage, "signal_on")
    until = datetime(last.year, last.month, last.day) + timedelta(days=1)

    def decided(result):
        keys = ("trigger_id", "account_id", "triggered_at", "is_shadow")
        return [tuple(row[key] for key in keys) for row in result.firings if row["triggered_at"] <= until]

    assert decided(earlier) == decided(full)


@pytest.mark.parametrize("part", range(4))
def test_dirty_facts_can_be_switched_on_alone(tmp_path, part):
    """A few names at a time, and the first part with none at all."""
    names = sorted(DIRT)[part * 3 : part * 3 + 3] if part else ()
    write_world(tmp_path, 5, dirt=names)
    write_seeds(tmp_path, 5)
    result = evaluate(tmp_path / "raw", tmp_path / "seeds")
    assert result.signals
    assert result.candidates


def test_an_unknown_dirty_fact_is_refused(tmp_path):
    with pytest.raises(ValueError, match="no such dirt: glitter"):
        write_world(tmp_path, 5, dirt="glitter")
