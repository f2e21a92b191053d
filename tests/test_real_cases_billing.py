"""What billing vendors really deliver, case by case: each is an account of one landing with the value that is right for it.

Amounts are minor units as they land, and units where they are expected; a month's worth unless said.
"""

from __future__ import annotations

from datetime import datetime
from itertools import count

import pytest
from support.landing import at, land
from support.project import rows

AS_OF = "2026-06-01 00:00:00"
MARCH, APRIL, MAY, JUNE = (at(f"2026-0{month}-01") for month in (3, 4, 5, 6))
BORN = at("2026-01-01")
GROWN = at("2026-04-10T15:20")
RATES = """currency,valid_from,rate,comment
usd,2020-01-01,1,
eur,2020-01-01,1.17,
jpy,2020-01-01,0.01,
"""
VARIABLES = {"sources": {"crm": ["salesforce"], "billing": ["stripe"]}, "max_quarantined_share": 1}
SELECT = ["+int_account_billing_daily", "+int_mrr_movements"]


class Landing:
    """Rows of Salesforce and Stripe; each account has one customer, one subscription and one item, all of its name."""

    def __init__(self) -> None:
        self.tables: dict[str, list[dict]] = {}
        self.numbers = count(1)

    def add(self, table: str, **row) -> None:
        self.tables.setdefault(table, []).append(row)

    def price(
        self, id: str, amount: int | None, currency: str = "usd", product: str = "prod_starter", **columns
    ) -> None:
        row = {
            "id": id,
            "product_id": product,
            "currency": currency,
            "unit_amount": amount,
            "billing_scheme": "per_unit",
        }
        self.add("stripe/price", **row | {"recurring_interval": "month", "recurring_usage_type": "licensed"} | columns)

    def account(self, name: str, price: str, status: str = "active", **columns) -> None:
        """An account, its customer and the one version of its subscription, created with the year unless said."""
        self.add("salesforce/account", id=name, name=name)
        self.add("stripe/customer", id=f"cus_{name}", metadata=f'{{"salesforce_account_id": "{name}"}}', livemode=True)
        self.subscription(name, name, status, **columns)

    def subscription(
        self, name: str, account: str, status: str = "active", created: datetime = BORN, **columns
    ) -> None:
        row = {
            "id": f"sub_{name}",
            "customer_id": f"cus_{account}",
            "status": status,
            "created": created,
            "ended_at": None,
        }
        self.add(
            "stripe/subscription_history", **row | {"_fivetran_active": True, "_fivetran_start": created} | columns
        )

    def item(
        self, name: str, price: str, quantity: int | None, ends: datetime, synced: datetime, subscription: str = ""
    ) -> None:
        row = {
            "id": f"si_{name}",
            "subscription_id": f"sub_{subscription or name}",
            "plan_id": price,
            "quantity": quantity,
        }
        self.add("stripe/subscription_item", **row, current_period_end=ends, _fivetran_synced=synced)

    def invoice(self, name: str, price: str, start: datetime, end: datetime, *lines: tuple, **options) -> None:
        """Lines of (quantity, amount) or (quantity, amount, more columns) on one invoice, created at its period's start."""
        number = next(self.numbers)
        account = options.get("account", name)
        status = options.get("status", "paid")
        row = {"id": f"in_{number:03d}", "customer_id": f"cus_{account}", "status": status, "livemode": True}
        self.add("stripe/invoice", **row, created=options.get("created", start), subscription_id=f"sub_{name}")
        for quantity, amount, *more in lines:
            line = {"id": f"il_{next(self.numbers):05d}", "invoice_id": row["id"], "subscription_item_id": f"si_{name}"}
            line |= {"price_id": price, "currency": options.get("currency", "usd"), "type": "subscription"}
            line |= {"proration": False, "period_start": start, "period_end": end}
            self.add(
                "stripe/invoice_line_item",
                **line | {"quantity": quantity, "amount": amount} | (more[0] if more else {}),
            )

    def prorated(self, name: str, price: str, start: datetime, end: datetime, *lines: tuple, **options) -> None:
        """As an invoice of adjustments, which arrives with the next period."""
        flags = {"proration": True, "type": "invoiceitem"}
        marked = [(quantity, amount, flags | (more[0] if more else {})) for quantity, amount, *more in lines]
        self.invoice(name, price, start, end, *marked, **{"created": end} | options)

    def renewed(self, name: str, price: str, quantity: int, *lines: tuple, since: datetime = MARCH, **options) -> None:
        """One account billed alike from month to month up to May; the item's row is as old as the last invoice."""
        months = [month for month in (MARCH, APRIL, MAY) if month >= since]
        self.account(name, price)
        for start, end in zip(months, [*months[1:], JUNE], strict=True):
            self.invoice(name, price, start, end, *lines, **options)
        self.item(name, price, quantity, JUNE, MAY)


def net(quantity: int) -> dict:
    """What a line of so many units of 20.00, 19 % tax in it, says of tax."""
    return {"amount_excluding_tax": round(quantity * 2000 / 1.19)}


def landing() -> Landing:
    world = Landing()
    world.add("salesforce/user", id="owner", email="owner@teamflow.example", is_active=True)
    world.price("tiers", None, billing_scheme="tiered")
    world.price("seats", 2000)
    world.price("packages", 1000, transform_quantity_divide_by=5, transform_quantity_round="up")
    world.price("calls", None, product="prod_api_calls", billing_scheme="tiered", recurring_usage_type="metered")
    world.price("business", 4000, product="prod_business")
    world.price("yen", 1500, currency="jpy")
    world.price("yen_tiers", None, currency="jpy", billing_scheme="tiered")
    world.price("gross", 11900, tax_behavior="inclusive")
    world.price("gross_untold", 11900)
    world.price("taxed", 2000, tax_behavior="inclusive")
    world.price("unrated", 9900, currency="xxx")
    twelve = ((10, 30000), (2, 5000))
    fifteen = ((10, 30000), (5, 12500))

    # The numbered cases.
    world.renewed("case_1", "tiers", 12, *twelve)
    world.renewed("case_2", "tiers", 12, *twelve)
    world.tables["stripe/subscription_item"][-1]["_fivetran_synced"] = at("2026-05-01T00:10")
    grown(world, "case_3", "tiers", twelve, fifteen)
    world.renewed("case_4", "tiers", 12, (10, 0), (0, 9900), (2, 1990), (0, 0))
    world.renewed("case_5", "calls", None, (1000, 0), (0, 900), (31, 112), (0, 0))
    world.renewed("case_6", "seats", 5, (5, 9000), currency="eur")
    world.renewed("case_7", "packages", 23, (23, 5000))
    world.account("case_8", "seats", created=at("2026-04-15"))
    world.invoice("case_8", "seats", at("2026-01-15"), at("2026-05-15"), (4, 32000), created=at("2026-04-15"))
    world.invoice("case_8", "seats", at("2026-05-15"), at("2026-06-15"), (4, 8000))
    drafted(world, "case_9")

    # Others of each kind: tiers.
    grown(world, "yen_tiers", "yen_tiers", ((10, 3000), (2, 500)), ((10, 3000), (5, 1250)), currency="jpy")
    grown(world, "free_tier", "tiers", ((10, 0), (2, 5000)), ((10, 0), (5, 12500)))
    grown(world, "volume", "tiers", ((9, 9000),), ((12, 9600),))
    grown(world, "cheaper_volume", "tiers", ((10, 10000),), ((11, 8800),))
    fees = ((10, 0), (0, 9900), (2, 1990), (0, 0))
    grown(world, "flat_fee", "tiers", fees, ((10, 0), (0, 9900), (5, 4975), (0, 0)))
    grown(world, "packages", "packages", ((23, 5000),), ((31, 7000),))
    # No invoice says yet what fifteen cost: the last rate does.
    world.renewed("own_row", "tiers", 15, *twelve)
    world.tables["stripe/subscription_item"][-1]["_fivetran_synced"] = at("2026-05-20")
    world.renewed("own_row_listed", "seats", 7, (5, 10000))
    world.tables["stripe/subscription_item"][-1]["_fivetran_synced"] = at("2026-05-20")

    # Amounts.
    world.renewed("two_invoices", "calls", None, (400, 600))
    world.invoice("two_invoices", "calls", APRIL, MAY, (200, 300), created=at("2026-04-20"))
    world.renewed("again", "seats", 5, (5, 10000))
    world.invoice("again", "seats", MAY, JUNE, (4, 4000), (3, 5000), created=at("2026-05-02"))
    world.renewed("with_tax", "gross", 2, (2, 23800, {"unit_amount_excluding_tax": "10000"}))
    world.renewed("tax_untold", "gross_untold", 2, (2, 23800, {"unit_amount_excluding_tax": "10000"}))
    world.renewed("tax_in_whole", "gross", 2, (2, 23800, {"amount_excluding_tax": 20000}))
    world.renewed("without_tax", "tiers", 12, *((q, a, {"unit_amount_excluding_tax": str(a / q)}) for q, a in twelve))
    world.renewed("cents_off", "seats", 5, (5, 10001))
    world.renewed("off_list", "seats", 5, (5, 9900))
    world.renewed("price_unrated", "unrated", 5, (5, 9000), currency="eur")
    grown(world, "euro_grown", "seats", ((5, 9000),), ((7, 12600),), currency="eur")
    grown(world, "tax_grown", "taxed", ((2, 4000, net(2)),), ((3, 6000, net(3)),))
    # From the 20th to the day on which all are billed: a part, though no proration to the vendor.
    world.account("first_part", "tiers", created=at("2026-03-20"))
    world.invoice("first_part", "tiers", at("2026-03-20"), APRIL, (10, 11613), (2, 1935))
    world.invoice("first_part", "tiers", APRIL, MAY, *twelve)
    world.invoice("first_part", "tiers", MAY, JUNE, *twelve)

    # Subscriptions.
    unpaid = {"created": MARCH, "_fivetran_active": False}
    for name, status in (("never_paid", "incomplete_expired"), ("not_yet_paid", "incomplete")):
        world.account(name, "seats", status=status, created=MARCH)
        world.invoice(name, "seats", MARCH, JUNE, (5, 10000), status="open")
    world.account("paid_late", "seats", "incomplete", **unpaid, _fivetran_synced=MARCH)
    late = {"created": MARCH, "_fivetran_start": at("2026-03-03T10:00"), "_fivetran_synced": at("2026-03-03")}
    world.subscription("paid_late", "paid_late", **late)
    for start, end in ((MARCH, APRIL), (APRIL, MAY), (MAY, JUNE)):
        world.invoice("paid_late", "seats", start, end, (5, 10000))
    drafted(world, "draft_of_trial", status="trialing")
    drafted(world, "draft_without_lines", lines=())
    drafted(world, "voided", draft="void")
    drafted(world, "draft_cancelled", status="canceled", ended_at=at("2026-05-20"))
    drafted(world, "draft_paused", status="paused")

    # The account's currency is changed: one subscription ends, another begins, in francs of its own.
    for name, plan, amount in (("forced", "seats", 11000), ("forced_seats", "seats", 13200)):
        world.account(name, plan, status="canceled", ended_at=at("2026-04-10T12:00"))
        world.invoice(name, plan, APRIL, MAY, (5, 9000), currency="eur")
        world.invoice(name, plan, MARCH, APRIL, (5, 9000), currency="eur")
        later = f"{name}_later"
        world.subscription(later, name, created=at("2026-04-12T09:00"))
        world.price(later, 2200)
        quantity = amount // 2200
        for start, end in (
            (at("2026-04-12T09:00"), at("2026-05-12T09:00")),
            (at("2026-05-12T09:00"), at("2026-06-12T09:00")),
        ):
            world.invoice(later, later, start, end, (quantity, amount), account=name)
    return world


def grown(world, name, price, before, after, **options) -> None:
    """On 10 April the quantity grows; the adjustments, each line rounded, are invoiced with the renewal."""
    world.account(name, price)
    world.invoice(name, price, MARCH, APRIL, *before, **options)
    world.invoice(name, price, APRIL, MAY, *before, **options)
    share = (MAY - GROWN) / (MAY - APRIL)

    def part(of: tuple, sign: int) -> list[tuple]:
        shares = [(quantity, sign * round(amount * share), *more) for quantity, amount, *more in of]
        return [
            (*line, {name: sign * round(value * share) for name, value in columns.items()})
            for *line, columns in (line if len(line) == 3 else (*line, {}) for line in shares)
        ]

    world.prorated(name, price, GROWN, MAY, *part(before, -1), *part(after, 1), **options)
    world.invoice(name, price, MAY, JUNE, *after, **options)
    world.item(name, price, sum(quantity for quantity, *_ in after), JUNE, MAY)


def drafted(world, name, status="active", draft="draft", lines=((5, 10000),), **columns) -> None:
    """Billed for April; the invoice of 1 May is not final."""
    world.account(name, "seats", status, **columns)
    world.invoice(name, "seats", MARCH, APRIL, (5, 10000))
    world.invoice(name, "seats", APRIL, MAY, (5, 10000))
    world.invoice(name, "seats", MAY, JUNE, *lines, status=draft)
    world.item(name, "seats", 5, JUNE, MAY)


class Numbers:
    """What the models make of a landing."""

    def __init__(self, warehouse) -> None:
        self.warehouse = warehouse

    def day(self, account: str, day: str = "2026-05-31") -> tuple | None:
        """(seats, MRR in USD) at the close of a day; None where nothing is paid."""
        query = "select seats_licensed, round(mrr, 2) from intermediate.int_account_billing_daily"
        found = self._ask(f"{query} where account_id = '{account}' and signal_on = '{day}'")
        return found[0] if found else None

    def first_paid(self, account: str) -> str | None:
        found = self._ask(
            f"select min(signal_on)::text from intermediate.int_account_billing_daily where account_id = '{account}'"
        )
        return found[0][0]

    def moves(self, account: str, since: str = "2026-04-01") -> list[tuple]:
        """(day, type, USD) of each movement after the first, summed over currencies."""
        query = "select movement_on::text, movement_type, round(sum(mrr_delta), 2) from intermediate.int_mrr_movements"
        return self._ask(
            f"{query} where account_id = '{account}' and movement_on >= '{since}' group by 1, 2 order by 1, 2"
        )

    def _ask(self, query: str) -> list[tuple]:
        return [tuple(row.values()) for row in rows(self.warehouse, query)]


@pytest.fixture(scope="module")
def seeds(tmp_path_factory):
    folder = tmp_path_factory.mktemp("rates")
    (folder / "exchange_rates.csv").write_text(RATES)
    return folder


def built(project, seeds, folder, tables, as_of=AS_OF) -> Numbers:
    project.use_seeds(seeds)
    land(folder / "raw", tables)
    warehouse = project.build(folder, VARIABLES | {"as_of": as_of}, SELECT)
    return Numbers(warehouse)


@pytest.fixture(scope="module")
def numbers(project, seeds, tmp_path_factory):
    return built(project, seeds, tmp_path_factory.mktemp("cases"), landing().tables)


def test_case_1_the_tiers_of_a_period_are_one_amount(numbers):
    assert numbers.day("case_1") == (12, 350)
    assert numbers.moves("case_1") == []


def test_case_2_an_item_that_is_what_its_tiers_say_moves_nothing(numbers):
    assert numbers.day("case_2") == (12, 350)
    assert numbers.moves("case_2") == []


def test_case_3_seats_over_tiers_are_what_they_cost_and_the_renewal_moves_nothing(numbers):
    assert numbers.day("case_3", "2026-04-09") == (12, 350)
    assert numbers.day("case_3", "2026-04-10") == numbers.day("case_3") == (15, 425)
    assert numbers.moves("case_3") == [("2026-04-10", "seat_growth", 75)]


def test_case_4_a_flat_fee_has_no_quantity(numbers):
    assert numbers.day("case_4") == (12, 118.90)
    assert numbers.moves("case_4") == []


def test_case_5_use_over_tiers_counts_from_its_period_s_end(numbers):
    assert numbers.first_paid("case_5") == "2026-04-01"
    assert numbers.day("case_5") == (None, 10.12)
    assert numbers.moves("case_5", "2026-04-02") == []


def test_case_6_the_bill_says_what_a_price_is_in_its_currency(numbers):
    assert numbers.day("case_6") == (5, 105.30)
    assert numbers.moves("case_6") == []


def test_case_7_packages_are_billed_whole(numbers):
    assert numbers.day("case_7") == (23, 50)


def test_case_8_a_backdated_subscription_is_known_from_its_creation(numbers):
    assert numbers.first_paid("case_8") == "2026-04-15"
    assert numbers.day("case_8", "2026-04-15") == (4, 80)
    assert numbers.moves("case_8", "2026-04-16") == []


def test_case_8_nobody_knew_of_it_before(project, seeds, tmp_path):
    """The same landing, seen from before the creation."""
    before = built(project, seeds, tmp_path, landing().tables, "2026-03-01 00:00:00")
    assert before.first_paid("case_8") is None
    assert before.first_paid("paid_late") is None
    assert before.first_paid("case_1") is None


def test_case_9_a_renewal_in_draft_goes_on(numbers):
    assert numbers.day("case_9") == (5, 100)
    assert numbers.moves("case_9") == []


@pytest.mark.parametrize(
    "name, seats, mrr, growth",
    [
        ("yen_tiers", 15, 42.5, 7.5),
        ("free_tier", 15, 125, 75),
        ("volume", 12, 96, 6),
        ("flat_fee", 15, 148.75, 29.85),
        ("packages", 31, 70, 20),
        ("euro_grown", 7, 147.42, 42.12),
        ("tax_grown", 3, 50.42, 16.81),
    ],
)
def test_seats_are_what_the_bills_say_and_renewals_move_nothing(numbers, name, seats, mrr, growth):
    assert numbers.moves(name) == [("2026-04-10", "seat_growth", growth)]
    assert numbers.day(name, "2026-04-10") == numbers.day(name) == (seats, mrr)


def test_more_units_may_cost_less(numbers):
    assert numbers.day("cheaper_volume") == (11, 88)
    assert numbers.moves("cheaper_volume") == [("2026-04-10", "contraction", -12)]


def test_the_items_own_row_is_worth_the_catalogue_or_the_last_rate(numbers):
    assert numbers.moves("own_row") == [("2026-05-20", "seat_growth", 87.5)]
    assert numbers.moves("own_row_listed") == [("2026-05-20", "seat_growth", 40)]


def test_use_on_two_invoices_adds_up_and_other_lines_are_replaced_whole(numbers):
    assert numbers.day("two_invoices", "2026-04-30") == (None, 6)
    assert numbers.day("two_invoices", "2026-05-01") == (None, 9)
    assert numbers.day("again") == (7, 90)


def test_tax_is_no_revenue(numbers):
    assert numbers.day("with_tax") == numbers.day("tax_untold") == numbers.day("tax_in_whole") == (2, 200)
    assert numbers.day("without_tax") == (12, 350)


def test_the_bill_speaks_but_for_rounding(numbers):
    assert numbers.day("cents_off") == (5, 100)
    assert numbers.day("off_list") == (5, 99)


def test_where_bill_and_catalogue_part_is_told(project, numbers):
    command = ["test", "--select", "whole_periods_agree_with_the_list"]
    result = project.invoke(command, numbers.warehouse.parent, VARIABLES | {"as_of": AS_OF})
    (told,) = (node for node in result.result if node.node.name == command[-1])
    # `off_list` bills 99 of 100 in each of three months, `again` 90 for seven seats; no other is off by more than a cent.
    assert (told.status, told.failures) == ("warn", 4)


def test_a_price_may_have_a_rate_in_one_currency_only(numbers):
    assert numbers.day("price_unrated") == (5, 105.30)


def test_a_first_period_may_be_a_part(numbers):
    assert numbers.day("first_part", "2026-03-20") == (12, 350)
    assert numbers.moves("first_part") == []


def test_a_subscription_that_was_never_paid_is_none(numbers):
    assert numbers.first_paid("never_paid") is None
    assert numbers.first_paid("not_yet_paid") is None
    assert numbers.first_paid("paid_late") == "2026-03-03"


def test_a_renewal_in_draft_goes_on_while_the_subscription_does(numbers):
    assert numbers.day("draft_of_trial") == numbers.day("draft_without_lines") == (5, 100)
    assert numbers.moves("draft_cancelled") == [("2026-05-20", "churn", -100)]
    for name in ("voided", "draft_paused"):
        assert numbers.moves(name) == [("2026-05-04", "churn", -100)]


def test_a_change_of_currency_is_the_net_in_dollars(numbers):
    assert numbers.day("forced", "2026-04-11") == (5, 105.30)
    assert numbers.moves("forced") == [("2026-04-12", "renewal_uplift", 4.70)]
    assert numbers.moves("forced_seats") == [("2026-04-12", "renewal_uplift", 4.70), ("2026-04-12", "seat_growth", 22)]


def test_the_older_generation_says_the_same(project, seeds, tmp_path):
    """Plans in the place of prices, subscriptions without versions, their periods not their items', other names of times."""
    tables = {name: [dict(row) for row in of] for name, of in landing().tables.items()}
    ends = {row["subscription_id"]: row.pop("current_period_end") for row in tables["stripe/subscription_item"]}
    tables["stripe/subscription"] = [
        {name: value for name, value in row.items() if not name.startswith("_fivetran")} | {"current_period_end": ends.get(row["id"])}
        for row in tables.pop("stripe/subscription_history")
        if row["_fivetran_active"]
    ]  # fmt: skip
    names = {
        "product_id": "product", "unit_amount": "amount", "recurring_interval": "interval", "recurring_usage_type": "usage_type",
        "transform_quantity_divide_by": "transform_usage_divide_by",
    }  # fmt: skip
    tables["stripe/plan"] = [
        {names.get(name, name): value for name, value in row.items() if name != "tax_behavior"}
        for row in tables.pop("stripe/price")
    ]
    for row in tables["stripe/invoice"]:
        row["date"] = row.pop("created")
    for row in tables["stripe/invoice_line_item"]:
        row["plan_id"] = row.pop("price_id")
    older = built(project, seeds, tmp_path, tables)
    assert older.moves("case_3") == [("2026-04-10", "seat_growth", 75)]
    assert older.day("case_7") == (23, 50)
    assert older.day("case_9") == (5, 100)
    assert older.day("with_tax") == (2, 200)
    assert older.first_paid("never_paid") is None
