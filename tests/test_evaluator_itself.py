"""The evaluator on literal worlds whose answers were worked out by hand, step by step in the comments."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from evaluator import evaluate, loading
from evaluator.identity import company_name
from evaluator.loading import Landing
from support.landing import land
from support.small_world import Small, at, by_day, growth, identified, moves, on, paying
from worlds import DIRT, write_seeds, write_world

MICROSECOND = timedelta(microseconds=1)


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
    paid = set(by_day(result.account_daily, "mrr"))
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
    paid = set(by_day(world.evaluate().account_daily, "mrr"))
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
    for price in ("year", "quarter", "week", "days", "decimal"):
        world.line(price, "2025-03-01", "2025-04-01", 2, price=price)
    world.line("yen", "2025-03-01", "2025-04-01", 2, price="yen", currency="jpy")
    mrr = {(row["item_id"], row["quantity"]): row["mrr"] for row in world.evaluate().item_states}
    assert mrr["year", 2] == 20  # 2 x $120 / 12
    assert mrr["quarter", 2] == 20  # 2 x $30 / 3
    assert mrr["week", 2] == 26  # 2 x $3 x 52 / 12
    assert mrr["days", 2] == Decimal("36.5")  # 2 x $6 x 365 / 12 / 10
    assert mrr["decimal", 2] == Decimal("21.01")  # 2 x 1050.5 cents
    assert mrr["yen", 2] == 1_200  # no minor units


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
    for signal in ("open_urgent_tickets", "tickets_60d", "executive_contacts_added_60d", "headcount_growth_90d"):
        assert signals[on("2025-04-01")][signal] is None


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


def test_users_without_a_group_are_of_the_account_whose_domain_their_email_names(tmp_path):
    world = paying(tmp_path, website="https://www.Acme.example/en")
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
    assert pressing[on("2025-01-31")] is None
    days = [pressing[on(f"2025-02-{day:02d}")] for day in range(1, 12)]
    # No priority until the 3rd; solved at 5 February 00:00, which the close of the 4th does not know.
    assert days == [0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0]


# ---------------------------------------------------------------- billing from what was billed


def graduated(tmp_path, as_of="2025-05-20") -> Small:
    """Twelve seats at $20 and whatever is above at $15, fifteen of them from 1 April on: 240 + 45 = $285."""
    world = Small(tmp_path, as_of)
    world.price("steps", "starter", None, billing_scheme="tiered", tiers_mode="graduated")
    world.subscription(created=at("2025-04-01"))
    world.lines("si", "2025-04-01", "2025-05-01", (12, 24_000), (3, 4_500), price="steps")
    return world


def test_lines_of_one_period_are_one_fact(tmp_path):
    world = graduated(tmp_path)
    row = {"subscription_id": "sub_A", "plan_id": "steps", "quantity": 15}
    # The item's row agrees with the sum of the tiers, so that it is no change.
    world.add("stripe", "subscription_item", id="si", _fivetran_synced=at("2025-04-01T00:10"), **row)
    result = world.evaluate()
    assert moves(result)[:1] == [("2025-04-01", "new", 285)]
    assert [(row["quantity"], row["mrr"]) for row in result.item_states] == [(15, 285)]
    assert set(by_day(result.account_daily, "seats_licensed").values()) == {15}


def test_a_proration_of_tiers_is_its_period_at_the_rate_of_the_renewal(tmp_path):
    world = graduated(tmp_path)
    # From 12 April 07:00 eighteen seats: 449 of 720 hours are left, credits and debits with the renewal's invoice.
    # 240.00 -> 149.67, 45.00 -> 28.06, 90.00 -> 56.13.
    later = {"created": at("2025-05-01")}
    first, last = "2025-04-12T07:00", "2025-05-01"
    shared = {"price": "steps", "type": "invoiceitem", "proration": True}
    invoice = world.lines("si", first, last, (12, -14_967), (3, -2_806), invoice=later, **shared)
    world.lines("si", first, last, (12, 14_967), (6, 5_613), invoice=invoice, **shared)
    before = world.evaluate(as_of="2025-04-20")
    world.lines("si", "2025-05-01", "2025-06-01", (12, 24_000), (6, 9_000), invoice=invoice, price="steps")
    result = world.evaluate()
    # 205.80 / (449 / 720) = 330.0134, and 18 at May's 330 / 18 is within the two cents that rounding may make of it.
    assert moves(result) == [("2025-04-01", "new", 285), ("2025-04-12", "seat_growth", 45)]
    assert growth(result) == [("seat_growth", at(first), Decimal("45.00"))]
    # Until then the amount itself is all that is known.
    assert by_day(before.account_daily, "contract_value")[on("2025-04-19")] == Decimal("3960.16")


def test_rates_that_do_not_agree_with_a_proration_leave_it_to_its_amount(tmp_path):
    world = graduated(tmp_path, as_of="2025-04-30")
    world.lines("si", "2025-04-16", "2025-05-01", (12, 12_000), (6, 4_500), price="steps", proration=True)
    # Half of the month is left: 165 / 0.5 = 330; fifteen seats' rate of 19 would make 342 of it.
    assert moves(world.evaluate())[1:] == [("2025-04-16", "seat_growth", 45)]


def test_flat_fees_are_amounts_without_seats(tmp_path):
    world = Small(tmp_path, as_of="2025-03-20")
    world.price("fees", "starter", None, billing_scheme="tiered", tiers_mode="graduated")
    world.subscription()
    world.lines("si", "2025-03-01", "2025-04-01", (10, 0), (0, 8_900), (4, 3_000), (0, 0), price="fees")
    (state,) = world.evaluate().item_states
    assert (state["quantity"], state["mrr"]) == (14, 119)


def test_a_free_tier_is_shared_out_between_credit_and_debit(tmp_path):
    world = Small(tmp_path, as_of="2025-04-20")
    world.price("fees", "starter", None, billing_scheme="tiered", tiers_mode="graduated")
    world.subscription()
    world.lines("si", "2025-04-01", "2025-05-01", (10, 0), (0, 8_900), (4, 3_000), price="fees")
    # Half way sixteen instead of fourteen: each side has its own free ten, its half of the fee, and its seats.
    shared = {"price": "fees", "type": "invoiceitem", "proration": True}
    invoice = world.lines("si", "2025-04-16", "2025-05-01", (10, 0), (0, -4_450), (4, -1_500), **shared)
    world.lines("si", "2025-04-16", "2025-05-01", (10, 0), (0, 4_450), (6, 2_250), invoice=invoice, **shared)
    result = world.evaluate()
    # One tier beside the free one is charged: one free line, that of the greatest id, is the debit's.
    assert [(row["quantity"], row["mrr"]) for row in result.item_states] == [(14, 119), (16, 134)]
    assert moves(result)[1:] == [("2025-04-16", "seat_growth", 15)]


def test_metered_tiers_and_fees_add_up_over_the_invoices_of_a_period(tmp_path):
    world = Small(tmp_path, as_of="2025-04-20")
    world.price("calls", "extra", None, recurring_usage_type="metered", billing_scheme="tiered")
    world.subscription()
    world.line("si", "2025-03-01", "2025-06-01", 1)
    world.lines("m", "2025-03-01", "2025-04-01", (1_000, 0), (0, 1_200), (40, 220), (0, 0), price="calls")
    world.line("m", "2025-03-01", "2025-04-01", 10, amount=55, price="calls", invoice={"created": at("2025-04-09")})
    # 12.00 + 2.20 + 0.55, from the period's end on.
    assert moves(world.evaluate())[1:] == [("2025-04-01", "consumption", Decimal("14.75"))]


def test_a_currency_of_its_own_on_a_price_is_what_the_line_says(tmp_path):
    world = Small(tmp_path, as_of="2025-03-20")
    world.subscription()
    world.price("two", "starter", 2_000)
    world.line("si", "2025-03-06", "2025-04-06", 5, price="two", currency="eur", amount=9_500)
    result = world.evaluate()
    # 95 EUR x 1.2 x 12, where five at $20 would be 100.
    assert {row["mrr"] for row in result.item_states} == {95}
    assert set(by_day(result.account_daily, "contract_value").values()) == {Decimal("1368.00")}


def test_packages_cost_what_the_line_says_and_the_items_row_the_last_rate(tmp_path):
    world = Small(tmp_path, as_of="2025-03-20")
    world.subscription(current_period_end=at("2025-04-01"))
    world.price("packs", "starter", 1_000, transform_quantity_divide_by=5, transform_quantity_round="up")
    world.line("si", "2025-03-01", "2025-04-01", 23, price="packs", amount=5_000)
    row = {"subscription_id": "sub_A", "plan_id": "packs", "quantity": 46}
    world.add("stripe", "subscription_item", id="si", _fivetran_synced=at("2025-03-10"), **row)
    # Five packages for 23; an estimate of twice as much for 46 until the invoice comes.
    assert [(row["quantity"], row["mrr"]) for row in world.evaluate().item_states] == [(23, 50), (46, 100)]


def test_tax_that_a_price_includes_is_no_revenue(tmp_path):
    world = Small(tmp_path, as_of="2025-04-20")
    world.subscription()
    world.price("gross", "starter", 1_200, tax_behavior="inclusive")
    world.price("net", "starter", 1_200, tax_behavior="exclusive")
    net = {"unit_amount_excluding_tax": "1000"}
    world.line("si", "2025-04-01", "2025-05-01", 5, price="gross", **net)
    world.proration("si", "2025-04-16", "2025-05-01", 6, price="gross", amount=3_600, unit_amount_excluding_tax="500")
    world.line("sj", "2025-04-01", "2025-05-01", 5, price="net", unit_amount_excluding_tax="1200")
    states = {(row["item_id"], row["quantity"]): row["mrr"] for row in world.evaluate().item_states}
    assert states == {("si", 5): 50, ("si", 6): 60, ("sj", 5): 60}


@pytest.mark.parametrize(
    ("last", "amount", "mrr"),
    [
        ("2025-05-01", 5_000, 50),
        ("2025-05-01", 4_999, 50),  # one cent from the list price is rounding
        ("2025-05-01", 4_998, Decimal("49.98")),
        ("2025-05-01", 4_000, 40),  # a whole period's own amount, whatever the list says
        ("2025-04-28", 4_000, 40),  # 27 of 30.42 days are within 12 %
        ("2025-04-27", 4_000, 50),  # 26 are not: a proration, for which an exact list price speaks
        ("2025-05-05", 4_000, 40),  # 34 are
        ("2025-05-06", 4_000, 50),  # 35 are not
    ],
)
def test_a_whole_period_speaks_for_itself_and_a_part_of_one_by_the_list_price(tmp_path, last, amount, mrr):
    world = Small(tmp_path, as_of="2025-04-20")
    world.subscription()
    world.line("si", "2025-04-01", last, 5, amount=amount)
    assert {row["mrr"] for row in world.evaluate().item_states} == {mrr}


def test_a_backdated_subscription_is_known_from_its_creation(tmp_path):
    world = Small(tmp_path, as_of="2025-06-01")
    world.subscription(created=at("2025-04-15"))
    created = {"created": at("2025-04-15")}
    for first, last in (("2025-01-20", "2025-02-20"), ("2025-02-20", "2025-03-20"), ("2025-03-20", "2025-04-20")):
        world.line("si", first, last, 5, invoice=created)
    world.line("si", "2025-04-20", "2025-05-20", 5)
    result = world.evaluate()
    assert min(by_day(result.account_daily, "tier")) == on("2025-04-15")
    assert moves(result)[0] == ("2025-04-15", "new", 50)
    assert world.evaluate(as_of="2025-03-01").account_daily == []


@pytest.mark.parametrize(
    ("status", "ended_at", "last_paid"),
    [
        ("active", None, "2025-05-30"),
        ("past_due", None, "2025-05-30"),
        ("unpaid", None, "2025-05-30"),
        ("canceled", "2025-05-12T10:00", "2025-05-11"),
        ("paused", None, "2025-05-03"),
    ],
)
def test_a_renewal_in_draft_goes_on_until_the_items_period_ends(tmp_path, status, ended_at, last_paid):
    world = Small(tmp_path, as_of="2025-06-10")
    world.subscription(status=status, ended_at=ended_at and at(ended_at))
    world.line("si", "2025-04-01", "2025-05-01", 5)
    world.line("si", "2025-05-01", "2025-05-31", 5, invoice={"status": "draft"})
    row = {"subscription_id": "sub_A", "plan_id": "starter_month", "quantity": 5}
    ends = {"current_period_end": at("2025-05-31"), "_fivetran_synced": at("2025-04-01")}
    world.add("stripe", "subscription_item", id="si", **row, **ends)
    result = world.evaluate()
    # The item's period ends at 31 May 00:00 without any grace; April's alone would lapse on 4 May 00:00.
    assert max(by_day(result.account_daily, "tier")) == on(last_paid)
    assert [kind for _, kind, _ in moves(result)] == ["new", "churn"]


def test_without_a_draft_a_renewal_that_never_came_is_churn(tmp_path):
    world = Small(tmp_path, as_of="2025-06-10")
    world.subscription()
    world.line("si", "2025-04-01", "2025-05-01", 5)
    row = {"subscription_id": "sub_A", "plan_id": "starter_month", "quantity": 5}
    ends = {"current_period_end": at("2025-05-31"), "_fivetran_synced": at("2025-04-01")}
    world.add("stripe", "subscription_item", id="si", **row, **ends)
    assert max(by_day(world.evaluate().account_daily, "tier")) == on("2025-05-03")


@pytest.mark.parametrize("status", ["incomplete", "incomplete_expired"])
def test_what_was_never_paid_has_no_state(tmp_path, status):
    world = Small(tmp_path, as_of="2025-04-20")
    world.subscription(status=status)
    world.line("si", "2025-04-01", "2025-05-01", 5, invoice={"status": "open"})
    assert world.evaluate().item_states == []


def test_an_incomplete_subscription_begins_when_its_history_says_that_it_was_active(tmp_path):
    world = Small(tmp_path, as_of="2025-04-20")
    for status, start in (("incomplete", "2025-04-01"), ("active", "2025-04-03T09:00")):
        version = {"status": status, "_fivetran_start": at(start), "_fivetran_synced": at(start)}
        is_last = status == "active"
        world.add(
            "stripe", "subscription_history", id="sub_A", customer_id="cus_A", _fivetran_active=is_last, **version
        )
    world.line("si", "2025-04-01", "2025-05-01", 5)
    assert moves(world.evaluate()) == [("2025-04-03", "new", 50)]


def test_a_change_of_currency_moves_by_its_net_in_dollars(tmp_path):
    world = Small(tmp_path, as_of="2025-04-01")
    world.price("euro", "starter", 1_000, currency="eur")
    world.price("dollar", "starter", 1_250)
    world.subscription(status="canceled", ended_at=at("2025-03-10"))
    world.subscription("sub_B")
    world.line("si", "2025-03-01", "2025-04-01", 5, price="euro", currency="eur")
    world.line("sj", "2025-03-10", "2025-04-10", 5, price="dollar", subscription_id="sub_B")
    result = world.evaluate()
    # 50 EUR are $60 on that day, and become $62.50 of the same product.
    assert moves(result)[1:] == [("2025-03-10", "renewal_uplift", Decimal("2.5"))]
    assert growth(result) == [("renewal_uplift", at("2025-03-10"), Decimal("2.50"))]


def test_the_same_currency_continues_before_another(tmp_path):
    world = Small(tmp_path, as_of="2025-04-01")
    world.price("euro", "starter", 1_000, currency="eur")
    world.subscription(status="canceled", ended_at=at("2025-03-10"))
    world.subscription("sub_B")
    world.line("si", "2025-03-01", "2025-04-01", 5)
    world.line("s1", "2025-03-10", "2025-04-10", 5, price="euro", currency="eur", subscription_id="sub_B")
    world.line("s2", "2025-03-10", "2025-04-10", 6, subscription_id="sub_B")
    lineages = {row["item_id"]: row["lineage"] for row in world.evaluate().item_states}
    assert lineages == {"si": "si", "s1": "s1", "s2": "si"}


# ---------------------------------------------------------------- histories

MILLISECOND = timedelta(milliseconds=1)
FOR_EVER = datetime(9999, 12, 31, 23, 59, 59)


def deal(world: Small, *versions: tuple, **row) -> None:
    """An expansion opportunity, and its versions as (start, end, closed, won)."""
    key = row.pop("id", "o")
    values = {"account_id": "A", "type": "Expansion", "created_date": at("2025-03-01"), "is_closed": False} | row
    world.add("salesforce", "opportunity", id=key, **values)
    for start, end, is_closed, is_won in versions:
        known = {"is_closed": is_closed, "is_won": is_won, "close_date": values.get("close_date")}
        interval = {"_fivetran_start": at(start), "_fivetran_end": end and at(end)}
        world.add("salesforce_history", "opportunity", id=key, **known, **interval)


def free_days(world: Small) -> set:
    """The days on whose close no expansion opportunity is open."""
    world.trigger("deal", [("seats_licensed", "=", 4)], exclusions="open_expansion_opportunity")
    return {row["triggered_at"] - timedelta(days=1) for row in world.evaluate().firings}


@pytest.mark.parametrize(
    ("end", "is_free"),
    [
        ("2025-03-09T23:59:59.999", False),  # a millisecond before the next start
        ("2025-03-10T00:00", False),
        ("2025-03-19T00:00", False),  # long after it: two versions are open
        (None, False),
        ("2025-03-09T23:59:59.998", True),  # a longer gap stays one
        ("2025-03-08T12:00", True),
    ],
)
def test_a_version_holds_until_the_next_one_starts(tmp_path, end, is_free):
    world = paying(tmp_path, as_of="2025-04-01")
    deal(world, ("2025-03-01", end, False, False), ("2025-03-10", FOR_EVER.isoformat(), False, False))
    # The close of the 9th is the 10th 00:00, at which the second version has not yet begun.
    assert (at("2025-03-09") in free_days(world)) is is_free


def test_employees_are_known_at_every_close(tmp_path):
    world = paying(tmp_path, as_of="2025-04-01", number_of_employees=2_000)
    for employees, start, end in (
        (90, "2025-01-01", "2025-02-09T23:59:59.999"),
        (150, "2025-02-10", "2025-02-19T23:59:59.999"),
        (1_200, "2025-02-20", FOR_EVER.isoformat()),
    ):
        interval = {"_fivetran_start": at(start), "_fivetran_end": at(end)}
        world.add("salesforce_history", "account", id="A", number_of_employees=employees, **interval)
    segments = by_day(world.evaluate().signals, "segment")
    assert [segments[on(f"2025-02-{day:02d}")] for day in (9, 10, 19, 20)] == [
        "SMB",
        "mid-market",
        "mid-market",
        "enterprise",
    ]
    assert None not in segments.values()


def test_before_a_late_history_an_account_is_as_its_first_version(tmp_path):
    world = paying(tmp_path, as_of="2025-04-01", number_of_employees=150, created_date=at("2025-01-20T12:00"))
    for employees, start, end in ((90, "2025-03-01", "2025-03-11"), (150, "2025-03-11", FOR_EVER.isoformat())):
        interval = {"_fivetran_start": at(start), "_fivetran_end": at(end)}
        world.add("salesforce_history", "account", id="A", number_of_employees=employees, **interval)
    segments = by_day(world.evaluate().signals, "segment")
    # Nobody had counted before the account was created on 20 January.
    assert [segments[on(day)] for day in ("2025-01-19", "2025-01-20", "2025-03-10", "2025-03-11")] == [
        None,
        "SMB",
        "SMB",
        "mid-market",
    ]


def test_without_a_history_a_deal_was_closed_when_its_stage_changed(tmp_path):
    world = paying(tmp_path, as_of="2025-08-01")
    closed = {"is_closed": True, "is_won": False, "close_date": at("2025-12-31")}
    deal(world, **closed, last_stage_change_date=at("2025-04-20T09:00"))
    free = free_days(world)
    assert at("2025-04-19") not in free and at("2025-04-20") in free
    declined = by_day(world.evaluate().stage, "stage_reason")
    assert [declined[on(day)] for day in ("2025-04-19", "2025-04-20", "2025-07-18", "2025-07-19")] == [
        None,
        "declined",
        "declined",
        None,
    ]


@pytest.mark.parametrize(
    ("row", "closed_on"),
    [
        # An expectation that lies ahead says nothing: then the last modification does.
        ({"close_date": "2025-12-31", "last_modified_date": "2025-03-20T10:00"}, "2025-03-20"),
        ({"close_date": "2025-03-12", "last_modified_date": "2025-03-20T10:00"}, "2025-03-12"),
        # Never before it was created: on the day itself, in the afternoon.
        ({"close_date": "2025-03-05", "created_date": "2025-03-05T14:00"}, "2025-03-05"),
    ],
)
def test_without_a_stage_change_the_close_date_or_the_last_modification_speaks(tmp_path, row, closed_on):
    world = paying(tmp_path, as_of="2025-06-01")
    deal(world, is_closed=True, is_won=False, **{name: at(value) for name, value in row.items()})
    reasons = by_day(world.evaluate().stage, "stage_reason")
    assert min(day for day, reason in reasons.items() if reason == "declined") == on(closed_on)


def test_a_won_deal_is_never_closed_before_it_was_created(tmp_path):
    world = paying(tmp_path, as_of="2025-06-01")
    created = at("2025-05-05T14:00")
    deal(world, created_date=created, is_closed=True, is_won=True, close_date=at("2025-05-05"))
    world.track("2025-05-05T14:00:00.000001", "a", name="blocked")
    world.trigger("e", kind="event", event_action="invite_blocked", exclusions="open_expansion_opportunity")
    result = world.evaluate()
    # It opened and closed at 14:00; a microsecond later nothing is open.
    assert [row["triggered_at"] for row in result.firings] == [at("2025-05-05T14:00:00.000001")]


@pytest.mark.parametrize(
    ("close_date", "declined_on"),
    [
        ("2025-01-20", "2025-01-20"),  # before the history, when it says it was closed
        ("2025-05-10", "2025-05-10"),
        ("2025-09-30", "2025-05-10"),  # an expectation: at the first version's start
    ],
)
def test_a_late_history_that_begins_closed_was_closed_before_it(tmp_path, close_date, declined_on):
    world = paying(tmp_path, as_of="2025-07-01", first="2024-06-01")
    lost = {"created_date": at("2025-01-03"), "is_closed": True, "is_won": False, "close_date": at(close_date)}
    deal(world, ("2025-05-10", FOR_EVER.isoformat(), True, False), **lost)
    reasons = by_day(world.evaluate().stage, "stage_reason")
    declined = sorted(day for day, reason in reasons.items() if reason == "declined")
    assert declined[0] == on(declined_on)
    assert declined[-1] == min(on(declined_on) + timedelta(days=89), on("2025-06-30"))


def test_a_deal_is_open_from_its_creation_until_its_late_history_closes_it(tmp_path):
    world = paying(tmp_path, as_of="2025-04-01")
    versions = ("2025-03-10", "2025-03-14", False, False), ("2025-03-14", FOR_EVER.isoformat(), True, True)
    deal(world, *versions, is_closed=True, is_won=True, close_date=at("2025-03-14"))
    free = free_days(world)
    assert [at(f"2025-03-{day:02d}") in free for day in (1, 5, 9, 10, 13, 14)] == [False] * 5 + [True]
    assert at("2025-02-28") in free


def test_a_type_is_known_in_any_letter_case_and_one_that_no_seed_names_counts_nowhere(tmp_path):
    world = paying(tmp_path, as_of="2025-04-01")
    deal(world, id="o1", type="eXPANSION ", created_date=at("2025-03-01"), is_closed=True, close_date=at("2025-03-05"))
    deal(world, id="o2", type="Existing business", created_date=at("2025-03-20"))
    free = free_days(world)
    assert [at(f"2025-03-{day:02d}") in free for day in (1, 4, 5, 20, 25)] == [False, False, True, True, True]


HUBSPOT = {"sources": {"crm": ["hubspot"]}}


@pytest.mark.parametrize(
    ("links", "deleted", "found"),
    [
        # The portal's own label may have the number of HubSpot's primary one.
        ([(10, 5, "USER_DEFINED"), (20, 5, "HUBSPOT_DEFINED")], None, "20"),
        ([(10, 341, "HUBSPOT_DEFINED"), (20, 5, "HUBSPOT_DEFINED")], None, "20"),
        ([(10, 341, "HUBSPOT_DEFINED"), (20, 5, "HUBSPOT_DEFINED")], 20, "10"),  # the primary company is gone
        ([(10, 341, "HUBSPOT_DEFINED")], None, "10"),
    ],
)
def test_a_deal_is_of_its_primary_company(tmp_path, links, deleted, found):
    created = at("2025-02-01")
    rows = [{"deal_id": 7, "company_id": key, "type_id": kind, "category": label} for key, kind, label in links]
    deal_row = {"deal_id": 7, "property_dealtype": "expansion", "property_createdate": created}
    stage = {"stage_id": "lost", "is_closed": True, "probability": 0.0}
    end = {"deal_pipeline_stage_id": "lost", "property_closedate": at("2025-02-20")}
    world = Small(tmp_path, as_of="2025-04-01")
    for key in (10, 20):
        world.add("stripe", "customer", id=f"cus_{key}", metadata=f'{{"hubspot_account_id": "{key}"}}')
        world.add("stripe", "subscription", id=f"sub_{key}", customer_id=f"cus_{key}", status="active")
        world.line(f"si_{key}", "2025-01-01", "2026-01-01", 1, subscription_id=f"sub_{key}")
    onboarded = {"property_onboarding_completed_date_c": at("2024-01-01")}
    land(
        tmp_path / "raw",
        {
            "hubspot/company": [{"id": key, "is_deleted": key == deleted, **onboarded} for key in (10, 20)],
            "hubspot/deal": [deal_row | end],
            "hubspot/deal_company": rows,
            "hubspot/deal_pipeline_stage": [stage],
        },
    )
    stage_rows = world.evaluate(variables=HUBSPOT | {"stage": {"tenure_days": 0}}).stage
    assert {row["account_id"] for row in stage_rows if row["stage_reason"] == "declined"} == {found}


# ---------------------------------------------------------------- ids, domains, names


def support_matches(world: Small) -> dict:
    """Account, or the reason for none, by organisation."""
    rows = world.evaluate().matches
    return {row["record_id"]: row["account_id"] or row["reason"] for row in rows if row["source"] == "support"}


def test_ids_lose_blanks_and_decimals_and_salesforces_have_two_lengths(tmp_path):
    long_id, uuid = "0015g00000XyZabAAB", "3F2504E0-4F89-41D3-9A0C-0305E82C3301"
    world = Small(tmp_path, as_of="2025-03-20")
    world.add("salesforce", "account", id=long_id, name="Long", zendesk_organization_id_c="360009876543.0")
    world.add("salesforce", "account", id="B", name="Beta", product_group_id_c=uuid.lower())
    for key, named in (("c1", long_id[:15]), ("c2", f"{long_id} "), ("c3", long_id.lower()[:15])):
        world.add("stripe", "customer", id=key, metadata=f'{{"salesforce_account_id": "{named}"}}')
    world.add("zendesk", "organization", id=360009876543, name="y")
    world.track("2025-03-01", group=f" {uuid}")
    found = {(row["source"], row["record_id"]): (row["account_id"], row["rule"]) for row in world.evaluate().matches}
    assert found["billing", "c1"] == found["billing", "c2"] == (long_id, "foreign_id")
    assert found["billing", "c3"] == (None, None)  # another letter case is another id
    assert found["support", "360009876543"] == (long_id, "foreign_id")
    assert found["product", uuid.lower()] == ("B", "foreign_id")


def test_children_name_a_salesforce_account_by_either_length(tmp_path):
    long_id = "0015g00000XyZabAAB"
    world = Small(tmp_path, as_of="2025-04-01")
    world.add("salesforce", "account", id=long_id, name="Long", onboarding_completed_date_c=at("2024-01-01"))
    metadata = f'{{"salesforce_account_id": "{long_id}"}}'
    world.add("stripe", "customer", id="cus_L", metadata=metadata)
    world.add("stripe", "subscription", id="sub_L", customer_id="cus_L", status="active")
    world.line("si", "2025-01-01", "2026-01-01", 4, subscription_id="sub_L")
    lost = {"is_closed": True, "is_won": False, "close_date": at("2025-03-10")}
    deal(world, account_id=long_id[:15], **lost)
    reasons = {row["stage_reason"] for row in world.evaluate().stage if row["account_id"] == long_id}
    assert "declined" in reasons


def test_placeholders_are_no_id_no_domain_and_no_name(tmp_path):
    world = Small(tmp_path, as_of="2025-03-20")
    world.add("salesforce", "account", id="B", name="Unknown", website="N/A", zendesk_organization_id_c="NULL")
    world.add("salesforce", "account", id="C", name=" - ", website="none")
    for number, values in enumerate(
        ({"name": "unknown"}, {"name": "-"}, {"domain_names": "n/a"}, {"external_id": "undefined", "name": "None"}), 20
    ):
        world.add("zendesk", "organization", id=number, **values)
    found = support_matches(world)
    assert {found[str(number)] for number in range(20, 24)} == {"no_match"}


def test_hosts_that_many_share_name_nobody(tmp_path):
    world = Small(tmp_path, as_of="2025-03-20", website="https://www.facebook.com/acmebakery")
    world.add("salesforce", "account", id="B", name="Beta", website="gmail.com")
    world.add("salesforce", "account", id="C", name="Gamma", website="localhost")
    for number, host in enumerate(("facebook.com/other", "www.facebook.com", "gmail.com", "localhost"), 20):
        world.add("zendesk", "organization", id=number, domain_names=host)
    found = support_matches(world)
    assert {found[str(number)] for number in range(20, 24)} == {"no_match"}


def test_a_field_with_two_addresses_names_both(tmp_path):
    world = Small(tmp_path, as_of="2025-03-20", website="acme.example; https://www.acme-labs.example/en")
    world.add("salesforce", "account", id="B", name="Beta", website="beta.example")
    for key, email in (
        ("c1", "Ann <ann@acme-labs.example>"),
        ("c2", "ann@acme.example, bo@acme-labs.example"),
        ("c3", "ann@acme.example; bo@beta.example"),
        ("c4", '"Meet@Beta.example" <ann@acme.example>'),
    ):
        world.add("stripe", "customer", id=key, email=email)
    found = {row["record_id"]: (row["account_id"], row["reason"]) for row in world.evaluate().matches}
    assert found["c1"] == found["c2"] == found["c4"] == ("A", None)
    assert found["c3"] == (None, "ambiguous")


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("華為 Cloud", "東方 Cloud", False),
        ("華為 Cloud", "華為  CLOUD, Inc.", True),
        ("Ωμέγα Λογισμικό", "ωμεγα-λογισμικο", True),
        ("Заря", "Нева", False),
        ("Café №1", "Cafe No1", True),  # what NFKD takes apart
        ("شركة النور", "شركة الأمل", False),
        ("Ｔｏｙｏ", "toyo", True),
        ("株式会社", "有限会社", False),
    ],
)
def test_names_keep_the_letters_of_every_script(one, other, is_same):
    names = [company_name(name, ["inc"]) for name in (one, other)]
    assert all(names) and (names[0] == names[1]) is is_same


def test_names_of_one_script_match_and_others_do_not(tmp_path):
    world = Small(tmp_path, as_of="2025-03-20")
    world.add("salesforce", "account", id="B", name="華為 Cloud")
    world.add("zendesk", "organization", id=20, name="東方 Cloud")
    world.add("zendesk", "organization", id=21, name="華為 cloud")
    assert support_matches(world) == {"1": "A", "20": "no_match", "21": "B"}


# ---------------------------------------------------------------- blank users, repeats, states by all their columns


def test_a_blank_group_is_none_and_a_blank_user_nobody(tmp_path):
    world = paying(tmp_path)
    world.track("2025-01-01T00:00", "u0")
    call = {"timestamp": at("2025-02-01"), "received_at": at("2025-02-01")}
    world.add("segment", "groups", id="g1", group_id="A", user_id="u1", **call)
    world.track("2025-02-10T09:00", "u1", group="")
    for user in ("", "undefined"):
        world.track("2025-02-10T10:00", user, table="pages", path="/price")
    row = next(row for row in world.evaluate().signals if row["signal_on"] == on("2025-02-10"))
    # u0 is out of the window of 28 days; the views count, and nobody with them.
    assert (row["active_users_28d"], row["pricing_page_views_14d"]) == (1, 2)


def test_a_repeat_long_after_the_copy_that_counted_is_one_more_event(tmp_path):
    world = paying(tmp_path)
    world.track("2025-01-01T00:00", "u0")
    first = at("2025-01-05T09:00")
    for days, extra in ((0, 0), (30, 0), (30, 1), (59, 0)):
        moment = first + timedelta(days=days, microseconds=extra)
        world.track(moment, "u1", event_id="again", name="blocked")
    world.trigger("e", kind="event", event_action="invite_blocked", burst_minutes=1)
    # Exactly 30 days later it is a copy, a microsecond more and it is an event, of which that of day 59 is a copy.
    assert [row["triggered_at"] for row in world.evaluate().firings] == [
        first,
        first + timedelta(days=30, microseconds=1),
    ]


def test_deleted_and_merged_tickets_are_out_of_every_number(tmp_path):
    world = paying(tmp_path)
    shared = {"organization_id": 1, "status": "open", "priority": "urgent"}
    world.add("zendesk", "ticket", id=1, created_at=at("2025-01-02"), organization_id=1, status="solved")
    for number, values in enumerate(
        (
            {"status": "Deleted"},
            {"_fivetran_deleted": True},
            {},
            {},
            {},
            {"merged_ticket_ids": "[5, 6]", "priority": "URGENT"},
        ),
        2,
    ):
        world.add("zendesk", "ticket", id=number, created_at=at("2025-03-10"), **(shared | values))
        world.add("zendesk", "ticket_tag", ticket_id=number, tag="limit")
    world.add("zendesk", "ticket_tag", ticket_id=4, tag="closed_by_merge")
    row = next(row for row in world.evaluate().signals if row["signal_on"] == on("2025-03-11"))
    # Of seven the solved one of January is out of the 60 days; 2 and 3 are deleted, 4 to 6 were merged; 7 is left.
    assert (row["open_urgent_tickets"], row["tickets_60d"], row["limit_tickets_30d"]) == (1, 1, 1)


def test_urgent_tickets_are_unknown_before_the_earliest_ticket_of_all(tmp_path):
    world = paying(tmp_path)
    world.add("zendesk", "ticket", id=1, created_at=at("2025-02-10T12:00"), status="solved")
    pressing = by_day(world.evaluate().signals, "open_urgent_tickets")
    assert (pressing[on("2025-02-09")], pressing[on("2025-02-10")]) == (None, 0)


def test_merged_contacts_are_out(tmp_path):
    world = paying(tmp_path, as_of="2025-04-01")
    created = {"account_id": "A", "title": "CEO"}
    world.add("salesforce", "contact", id="c0", account_id="A", created_date=at("2024-12-01"))
    world.add("salesforce", "contact", id="c1", created_date=at("2025-03-01"), **created)
    world.add("salesforce", "contact", id="c2", created_date=at("2025-03-02"), master_record_id="c1", **created)
    executives = by_day(world.evaluate().signals, "executive_contacts_added_60d")
    assert executives[on("2025-03-05")] == 1


# ---------------------------------------------------------------- a landing read as text


def test_text_is_read_with_its_offset_and_null_words(tmp_path):
    folder = tmp_path / "raw" / "vendor" / "things"
    folder.mkdir(parents=True)
    moments = {
        "2026-05-05 23:30:00-07": at("2026-05-06T06:30"),
        "2026-05-05T10:00:00+02:00": at("2026-05-05T08:00"),
        "2026-05-05T10:00:00.125Z": at("2026-05-05T10:00:00.125"),
        "2026-05-05 10:00:00 UTC": at("2026-05-05T10:00"),
        "2026-05-05 10:00:00 +0530": at("2026-05-05T04:30"),
        "2026-05-05": at("2026-05-05"),
        # A zone and forms that cannot be read are no moments.
        "2026-05-05 10:00:00 Nowhere/Land": None,
        "05/06/2026": None,
        "soon": None,
        "\\N": None,
        "NULL": None,
        "": None,
    }
    lines = [f"{number},{moment},12.0,TRUE" for number, moment in enumerate(moments)]
    (folder / "x.csv").write_text("\n".join(["id,moment,amount,flag", *lines]) + "\n")
    columns = {"id": str, "moment": loading.timestamp, "amount": loading.number, "flag": loading.boolean}
    rows = sorted(Landing(tmp_path / "raw").rows("vendor", "things", columns), key=lambda row: int(row["id"]))
    assert [row["moment"] for row in rows] == list(moments.values())
    assert {(row["amount"], row["flag"]) for row in rows} == {(12, True)}


def test_a_structure_is_read_like_json_text(tmp_path):
    world = Small(tmp_path, as_of="2025-03-20")
    world.evaluate()
    metadata = {"salesforce_account_id": "A", "plan": "x"}
    land(tmp_path / "raw", {"stripe/customer": [{"id": "cus_S", "metadata": metadata}]})
    (tmp_path / "raw" / "stripe" / "customer" / "x.parquet").unlink()
    (row,) = Landing(tmp_path / "raw").rows("stripe", "customer", {"id": str, "metadata": loading.structure})
    assert row["metadata"] == metadata
    found = evaluate(tmp_path / "raw", tmp_path / "seeds").matches
    assert [(row["record_id"], row["account_id"]) for row in found if row["source"] == "billing"] == [("cus_S", "A")]


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
        email = f"{contact_id}@customer.example"
        world.add(
            "salesforce", "contact", id=contact_id, account_id="A", title=title, email=email, created_date=at(created)
        )
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


@pytest.mark.parametrize("seed", [1, 2])
def test_a_world_holds_what_vendors_deliver(tmp_path, seed):
    write_world(tmp_path, seed, dirt="all")
    write_seeds(tmp_path, seed)
    result = evaluate(tmp_path / "raw", tmp_path / "seeds")
    assert result.signals
    assert result.expansions
    found = Landing(tmp_path / "raw")
    prices = found.rows("stripe", "price", {"id": str}) or found.rows("stripe", "plan", {"id": str})
    forms = {
        name for row in prices for name in ("graduated", "free_tier", "volume", "package", "gross") if name in row["id"]
    }
    assert forms or not (tmp_path / "raw/stripe/price").exists()
    drafts = {
        row["id"] for row in found.rows("stripe", "invoice", {"id": str, "status": str}) if row["status"] == "draft"
    }
    assert drafts
    accounts = found.rows("salesforce", "account", {"id": str, "name": str})
    assert {len(row["id"]) for row in accounts} >= {18}
    assert any(not row["name"].isascii() for row in accounts if row["name"])


def test_how_metadata_land_changes_nothing(tmp_path):
    for folder, dirt in (("with", "structs"), ("without", ())):
        write_world(tmp_path / folder, 4, dirt=dirt)
        write_seeds(tmp_path / folder, 4)
    with_it, without = (
        evaluate(tmp_path / folder / "raw", tmp_path / folder / "seeds") for folder in ("with", "without")
    )
    assert with_it == without


def test_an_unknown_dirty_fact_is_refused(tmp_path):
    with pytest.raises(ValueError, match="no such dirt: glitter"):
        write_world(tmp_path, 5, dirt="glitter")
