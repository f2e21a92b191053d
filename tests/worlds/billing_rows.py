"""Stripe's tables: subscriptions run cycle by cycle, and every change leaves the lines that Stripe leaves."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction

from . import catalogue
from .price_forms import drawn_form, net_of_one, period_lines, price_columns
from .span import MICROSECOND, months_later

DAY = timedelta(days=1)
GRACE = timedelta(days=3)


@dataclass
class Item:
    """One item of a subscription with the price and quantity it has now."""

    id: str
    product: str
    price_id: str
    amount: Fraction
    quantity: int
    changed_at: datetime
    is_removed: bool = False
    unbilled_since: datetime | None = None


@dataclass
class Subscription:
    id: str
    customer_id: str
    currency: str
    interval: tuple[str, int]
    start: datetime
    items: list[Item] = field(default_factory=list)
    livemode: bool | None = True
    ended_at: datetime | None = None
    created: datetime | None = None
    was_incomplete: bool = False
    status: str = "active"
    period: tuple = (None, None)
    waiting: list[dict] = field(default_factory=list)
    is_in_draft: bool = False


def add_catalogue(world) -> None:
    rng = world.rng
    for key, (name, *_) in catalogue.PRODUCTS.items():
        world.add(
            "stripe",
            "product",
            id=key,
            name=name,
            active=True,
            livemode=True,
            is_deleted=world.has("soft_deletes") and rng.random() < 0.3,
        )


def price(
    world, product: str, interval: tuple[str, int], currency: str, raised: bool = False, may_have_form: bool = False
) -> tuple[str, Fraction]:
    """The id and the unit amount in minor units of a price, written when first asked for."""
    rng = world.rng
    unit, count = interval
    form = "tiered" if may_have_form and world.has("tiered_prices", 0.2) else None
    if may_have_form and not form and not world.has_legacy_plans():
        form = drawn_form(world)
    price_id = f"{product.replace('prod', 'price')}_{unit}{count}_{currency}" + ("_raised" if raised else "")
    if form:
        price_id = world.next(f"{price_id}_{form}_")
    if price_id in world.prices:
        return price_id, world.prices[price_id][1]
    months = {"day": 12 / 365, "week": 12 / 52, "month": 1, "year": 10}[unit] * count
    amount = max(1, round(catalogue.PRODUCTS[product][5] * months * (1.2 if raised else 1)))
    if not catalogue.PRODUCTS[product][5]:
        amount = 0
    if currency == "jpy":
        amount = amount + 7
    if form == "gross":
        amount = -(-amount // 5) * 5
    is_deleted = world.has("soft_deletes") and rng.random() < 0.2
    shared = {"id": price_id, "product_id": product, "active": True, "currency": currency, "is_deleted": is_deleted}
    shared |= {"livemode": True, "billing_scheme": "tiered" if form == "tiered" else "per_unit"}
    usage = "metered" if product == "prod_api" else "licensed"
    told = Fraction(amount)
    if world.has_legacy_plans():
        terms = {"interval": unit, "interval_count": count, "usage_type": usage}
        world.add("stripe", "plan", amount=None if form else amount, **terms, **shared)
    else:
        as_decimal = world.decimal_amounts and rng.random() < 0.5 and not form
        speaks = True
        if world.has("plans_beside_prices", 0.5) and not form:
            speaks = rng.random() < 0.5
            as_decimal = as_decimal and speaks
            beside = {"interval": unit, "interval_count": count, "usage_type": usage}
            world.add("stripe", "plan", amount=amount + (111 if speaks else 0), **beside, **shared)
        if as_decimal:
            told += Fraction(1, 2)
        row = shared | {
            "unit_amount": None if as_decimal or not speaks else amount,
            "unit_amount_decimal": f"{amount}.5" if as_decimal else None,
            "recurring_interval": unit,
            "recurring_interval_count": count,
            "recurring_usage_type": usage,
            "type": "recurring",
        }
        world.add("stripe", "price", **(row | price_columns(form, amount, currency)))
    world.prices[price_id] = (form, told)
    return price_id, told


def next_period_end(start: datetime, interval: tuple[str, int], cycles: int) -> datetime:
    unit, count = interval
    steps = count * cycles
    if unit in ("day", "week"):
        return start + timedelta(days=steps * (7 if unit == "week" else 1))
    return months_later(start, steps * (12 if unit == "year" else 1))


def add_billing(world, company) -> None:
    """One or two stretches as a customer, or none at all."""
    rng, span = world.rng, world.span
    if rng.random() < 0.08:
        return
    if world.mixes(0.12):
        free_plan(world, company.customer_ids[0])
        return
    if company.former_ids and rng.random() < 0.6:
        other = f"cus_{company.former_ids[0]}"
        metadata = json.dumps({"salesforce_account_id": company.former_ids[0]})
        world.add("stripe", "customer", id=other, metadata=metadata, livemode=True, created=span.start_at)
        company.customer_ids.append(other)
    currencies = ["usd", "usd"]
    if world.has("currencies"):
        currencies += ["eur", "gbp"]
    if world.has("zero_decimal"):
        currencies += ["jpy"]
    currency = rng.choice(currencies)
    start = world.moment(span.start_at - 90 * DAY, span.start_at + 25 * DAY)
    if rng.random() < 0.08:
        start -= 330 * DAY
    intervals = [("month", 1)] * 3
    if world.has("intervals"):
        intervals += [("year", 1), ("week", 1), ("month", 3), ("day", 10), ("week", 2), ("year", 1)]
    if world.is_mixed:
        intervals += [("month", 12)]
    interval = rng.choice(intervals)
    products = catalogue.SEATLESS_PRODUCTS if world.mixes(0.25) else catalogue.SEAT_PRODUCTS
    customer_id = rng.choice(company.customer_ids)
    product = rng.choice(products)
    quantity = rng.choice([1, 2, 3, 4, 5, 8, 10])

    while start < span.end_at:
        until = span.end_at + DAY
        leaves = world.has("churn_and_return", 0.3) or world.has("swapped_items", 0.35)
        changes_currency = world.has("changed_currency", 0.35)
        leaves = leaves or changes_currency
        if leaves:
            until = world.moment(start + 20 * DAY, max(start + 21 * DAY, span.end_at))
        run(world, customer_id, currency, interval, start, until, product, quantity)
        if not leaves or until >= span.end_at:
            break
        gaps = []
        if "swapped_items" in world.dirt:
            gaps += [-GRACE, -GRACE - MICROSECOND, -DAY, timedelta(), timedelta(hours=2), GRACE, GRACE + MICROSECOND]
        if "churn_and_return" in world.dirt:
            gaps += [5 * DAY, 40 * DAY]
        if changes_currency:
            gaps = [-DAY, timedelta(), timedelta(hours=2), GRACE]
            currency = rng.choice([other for other in ("usd", "eur", "gbp", "jpy") if other != currency])
        start = until + rng.choice(gaps)
        product = rng.choice([product, rng.choice(products)])
        quantity = rng.choice([quantity, quantity + 1, max(1, quantity - 1)])
        customer_id = rng.choice(company.customer_ids)
        interval = rng.choice([interval, rng.choice(intervals)])
    if rng.random() < 0.25:
        other = rng.choice(currencies)
        start = world.moment(span.start_at, span.middle)
        product = "prod_starter" if products is catalogue.SEAT_PRODUCTS else rng.choice([*products, "prod_starter"])
        run(world, customer_id, other, ("month", 1), start, span.end_at + DAY, product, rng.randint(1, 4))
    if world.has("trials", 0.15):
        trial_only(world, customer_id)


def add_stray_customers(world) -> None:
    """Customers that must not count: of the test mode, deleted, of nobody."""
    rng, span = world.rng, world.span
    target = rng.choice(world.companies)
    named = json.dumps({"salesforce_account_id": target.account_id})
    if world.has("test_mode"):
        world.add("stripe", "customer", id="cus_test", metadata=named, livemode=False, created=span.start_at)
        run(world, "cus_test", "usd", ("month", 1), span.start_at, span.end_at, "prod_enterprise", 9, livemode=False)
        own = rng.choice(target.customer_ids)
        run(world, own, "usd", ("month", 1), span.start_at, span.end_at, "prod_enterprise", 7, livemode=False)
    if world.has("soft_deletes"):
        world.add("stripe", "customer", id="cus_gone", metadata=named, livemode=True, is_deleted=True)
        run(world, "cus_gone", "usd", ("month", 1), span.start_at, span.end_at, "prod_enterprise", 5)
    if world.has("orphaned_organizations"):
        world.add("stripe", "customer", id="cus_orphan", email="x@nobody.example", name="Nobody", livemode=True)
        run(world, "cus_orphan", "usd", ("month", 1), span.start_at, span.end_at, "prod_business", 5)
    if world.has("ambiguous_organizations"):
        first, second = world.companies[:2]
        metadata = json.dumps({"salesforce_account_id": first.account_id})
        world.add("stripe", "customer", id="cus_claimed", metadata=metadata, livemode=True)
        if not second.row.get("stripe_customer_id_c"):
            second.row["stripe_customer_id_c"] = "cus_claimed"
        run(world, "cus_claimed", "usd", ("month", 1), span.start_at, span.end_at, "prod_business", 3)


def free_plan(world, customer_id: str) -> None:
    """A plan for nothing, month by month: lines at zero, and no day paid."""
    start = world.moment(world.span.start_at - 60 * DAY, world.span.middle)
    price_id, amount = price(world, "prod_free", ("month", 1), "usd")
    item = Item(world.next("si_"), "prod_free", price_id, amount, 1, start)
    plan = Subscription(world.next("sub_"), customer_id, "usd", ("month", 1), start, [item])
    cycles = 0
    while next_period_end(start, plan.interval, cycles) < world.span.end_at:
        plan.period = tuple(next_period_end(start, plan.interval, cycles + step) for step in (0, 1))
        bill_trial(world, plan, *plan.period)
        cycles += 1
    land_subscription(world, plan)
    land_item(world, plan, item)


def trial_only(world, customer_id: str) -> None:
    """A trial that has not ended: an item without a line counts for nothing."""
    start = world.moment(world.span.middle, world.span.end_at)
    price_id, amount = price(world, "prod_business", ("month", 1), "usd")
    item = Item(world.next("si_"), "prod_business", price_id, amount, 4, start)
    trial = Subscription(world.next("sub_"), customer_id, "usd", ("month", 1), start, [item], status="trialing")
    trial.period = (start, start + 30 * DAY)
    land_subscription(world, trial)
    land_item(world, trial, item)


def run(world, customer_id, currency, interval, start, until, product, quantity, livemode: bool | None = True) -> None:
    """Run one subscription from its start until it is cancelled or the landing ends."""
    rng, end_at = world.rng, world.span.end_at
    subscription = Subscription(world.next("sub_"), customer_id, currency, interval, start, livemode=livemode)
    price_id, amount = price(world, product, interval, currency, may_have_form=True)
    subscription.items.append(Item(world.next("si_"), product, price_id, amount, quantity, start))
    if world.has("metered", 0.3):
        metered_id, _ = price(world, "prod_api", interval, currency)
        subscription.items.append(Item(world.next("si_"), "prod_api", metered_id, 0, 0, start))
    if rng.random() < 0.15:
        addon_id, addon_amount = price(world, "prod_support", interval, currency)
        subscription.items.append(Item(world.next("si_"), "prod_support", addon_id, addon_amount, 1, start))
    anchor, cycles = start, 0
    if world.has("trials", 0.2) and not world.prices[price_id][0]:
        anchor = start + rng.choice([7, 14, 30]) * DAY
        bill_trial(world, subscription, start, anchor)
    skips = world.has("draft_and_void_invoices", 0.15)
    if world.has("backdated_subscriptions", 0.2):
        subscription.created = start + rng.choice([timedelta(hours=30), 12 * DAY, 45 * DAY])
    subscription.was_incomplete = world.has("incomplete_subscriptions", 0.3)
    if until > end_at and interval in (("month", 1), ("month", 3)) and world.has("draft_renewals", 0.4):
        subscription.is_in_draft, skips = True, False
    while True:
        period_start = next_period_end(anchor, interval, cycles)
        period_end = next_period_end(anchor, interval, cycles + 1)
        if period_start >= min(until, end_at):
            break
        if rng.random() < 0.25:
            change_at_renewal(world, subscription, period_start)
        if not (skips and cycles and rng.random() < 0.3):
            is_draft = subscription.is_in_draft and cycles > 0 and period_end > end_at
            bill_cycle(world, subscription, period_start, period_end, "draft" if is_draft else None)
        subscription.period = (period_start, period_end)
        for _ in range(rng.choice([0, 0, 1, 1, 2])):
            change_in_period(world, subscription, period_start, period_end, min(until, end_at))
        cycles += 1
        if cycles > 400:
            break
    if anchor > end_at:
        subscription.status = "trialing"
    if until <= end_at:
        subscription.ended_at = until
        subscription.status = "canceled"
    elif anchor <= end_at and world.has("unpaid_subscriptions", 0.2):
        subscription.status = rng.choice(["past_due", "unpaid"])
    if world.has("uninvoiced_changes", 0.35) and until > end_at and not subscription.is_in_draft:
        for item in subscription.items:
            if item.product in catalogue.SEAT_PRODUCTS and not item.is_removed:
                item.changed_at = max(item.changed_at, end_at - timedelta(days=rng.randrange(1, 12)))
                item.quantity += rng.choice([1, 2, -1]) if item.quantity > 1 else 1
    land_subscription(world, subscription)
    for item in subscription.items:
        if not item.is_removed or rng.random() < 0.5:
            land_item(world, subscription, item)
    if world.has("incomplete_subscriptions", 0.3):
        never_paid(world, subscription)


def never_paid(world, beside: Subscription) -> None:
    """A subscription whose first invoice was never paid, beside one that was."""
    rng = world.rng
    start = world.moment(beside.start, max(beside.start, world.span.end_at - 2 * DAY))
    price_id, amount = price(world, "prod_business", ("month", 1), beside.currency)
    item = Item(world.next("si_"), "prod_business", price_id, amount, 3, start)
    status = rng.choice(["incomplete", "incomplete_expired"])
    tried = Subscription(world.next("sub_"), beside.customer_id, beside.currency, ("month", 1), start, [item])
    tried.status, tried.livemode = status, beside.livemode
    tried.period = (start, next_period_end(start, ("month", 1), 1))
    invoice(world, tried, start, full_lines(world, tried, item, *tried.period), status="open")
    land_subscription(world, tried)
    land_item(world, tried, item)


# ---------------------------------------------------------------- changes


def change_at_renewal(world, subscription: Subscription, at: datetime) -> None:
    rng = world.rng
    item = subscription.items[0]
    if item.is_removed:
        return
    if rng.random() < 0.6:
        item.quantity = max(1, item.quantity + rng.choice([-2, -1, 1, 2, 5]))
    else:
        swap_price(world, subscription, item)
    item.changed_at = at


def swap_price(world, subscription: Subscription, item: Item) -> None:
    """Another tier, or a raise on the same product."""
    rng = world.rng
    raised = rng.random() < 0.4
    if not raised and item.product in catalogue.SEAT_PRODUCTS:
        item.product = rng.choice(catalogue.SEAT_PRODUCTS)
    item.price_id, item.amount = price(world, item.product, subscription.interval, subscription.currency, raised)


def change_in_period(world, subscription: Subscription, first: datetime, last: datetime, until: datetime) -> None:
    """A change in the middle of a period, with the prorations that Stripe makes of it."""
    rng = world.rng
    item = subscription.items[0]
    latest = min(last, until) - MICROSECOND
    if "prorations" not in world.dirt or item.is_removed or first + MICROSECOND >= latest:
        return
    at = world.moment(first + MICROSECOND, latest)
    if rng.random() < 0.2:
        at = at.replace(hour=0, minute=0, second=0, microsecond=0)
    # Two changes at one instant would leave the credits of both on one invoice.
    if not first < at <= latest or at <= item.changed_at:
        return
    left = (last - at) / (last - first)
    before = (item.price_id, item.amount, item.quantity)
    credits = prorated(world, subscription, item, at, last, left, sign=-1)
    if world.has("item_removal", 0.12):
        item.is_removed = True
        item.changed_at = at
        post(world, subscription, credits, at, last)
        replacement(world, subscription, item, at)
        return
    if rng.random() < 0.7:
        item.quantity = max(1, item.quantity + rng.choice([-3, -1, 1, 2, 4]))
    else:
        swap_price(world, subscription, item)
    if before == (item.price_id, item.amount, item.quantity):
        return
    item.changed_at = at
    lines = credits + prorated(world, subscription, item, at, last, left)
    if world.has("proration_credits", 0.3):
        third = max(1, round(item.amount / 3))
        lines.append(line(subscription, item, -third, at, last))
        lines.append(line(subscription, item, -50, at + DAY, last, proration=False))
    post(world, subscription, lines, at, last)
    if rng.random() < 0.15:
        item.quantity += 1
        again = prorated(world, subscription, item, at, last, left)
        invoice(world, subscription, at + rng.choice([-DAY, timedelta(hours=1), DAY]), again)


def prorated(world, subscription, item: Item, first, last, share: float, sign: int = 1) -> list[dict]:
    """What is left of a period at the item's price and quantity, as Stripe's prorations spell it."""
    form, _ = world.prices[item.price_id]
    net = net_of_one(form, item.amount, share)
    return [
        line(subscription, item, sign * (max(1, round(amount * share)) if amount else 0), first, last, quantity=units)
        | {"net": net}
        for units, amount in period_lines(form, item.amount, item.quantity)
    ]


def replacement(world, subscription: Subscription, removed: Item, at: datetime) -> None:
    """Sometimes the removed item comes back as a new one, at once or days later."""
    rng = world.rng
    if rng.random() < 0.5:
        return
    back_at = at + rng.choice([timedelta(), timedelta(minutes=5), GRACE, GRACE + MICROSECOND])
    if back_at >= world.span.end_at:
        return
    product = rng.choice([removed.product, rng.choice(catalogue.SEAT_PRODUCTS)])
    price_id, amount = price(world, product, subscription.interval, subscription.currency)
    item = Item(world.next("si_"), product, price_id, amount, removed.quantity, back_at)
    subscription.items.insert(0, item)
    end = max(back_at + DAY, next_period_end(back_at, subscription.interval, 1))
    post(world, subscription, [line(subscription, item, max(1, round(amount)), back_at, end)], back_at, back_at)


def post(world, subscription: Subscription, lines: list[dict], at: datetime, next_cycle_at: datetime) -> None:
    """Invoice prorations now or, more often, with the next cycle."""
    if world.rng.random() < 0.35:
        invoice(world, subscription, at, lines)
    else:
        subscription.waiting += [entry | {"not_before": next_cycle_at} for entry in lines]


# ---------------------------------------------------------------- invoices


def line(subscription: Subscription, item: Item, amount, first, last, proration=True, quantity=None) -> dict:
    return {
        "item": item.id,
        "price_id": item.price_id,
        "amount": amount,
        "quantity": item.quantity if quantity is None else quantity,
        "period_start": first,
        "period_end": last,
        "type": "invoiceitem",
        "proration": proration,
    }


def full_lines(world, subscription: Subscription, item: Item, first: datetime, last: datetime) -> list[dict]:
    """The lines of a whole period: one, or one a tier and fee."""
    form, _ = world.prices[item.price_id]
    whole = {"type": "subscription", "proration": False, "net": net_of_one(form, item.amount, 1)}
    return [
        line(subscription, item, amount, first, last, quantity=units) | whole
        for units, amount in period_lines(form, item.amount, item.quantity)
    ]


def bill_trial(world, subscription: Subscription, first: datetime, last: datetime) -> None:
    items = [full_lines(world, subscription, item, first, last)[0] for item in subscription.items]
    invoice(world, subscription, first, [entry | {"amount": 0} for entry in items])


def bill_cycle(world, subscription: Subscription, first: datetime, last: datetime, status: str | None = None) -> None:
    """The renewal: full lines of what is there, waiting prorations, and the use of the period before."""
    rng = world.rng
    lines = []
    for item in subscription.items:
        if item.product == "prod_api":
            opened, closed = subscription.period
            opened = item.unbilled_since or opened
            item.unbilled_since = None
            if closed and rng.random() < 0.15:
                item.unbilled_since = rng.choice([opened, None])
            elif closed and closed <= world.span.end_at:
                used = rng.choice([0, 500, 1_000, 1_000, rng.randrange(20_000)])
                lines.append(
                    line(subscription, item, used, opened, closed, quantity=max(used, 1))
                    | {"type": "subscription", "proration": False}
                )
        elif not item.is_removed:
            lines += full_lines(world, subscription, item, first, last)
    due = [entry for entry in subscription.waiting if entry["not_before"] <= first]
    subscription.waiting = [entry for entry in subscription.waiting if entry["not_before"] > first]
    created = first + rng.choice([timedelta(), timedelta(hours=1), timedelta(minutes=7)])
    if lines or due:
        invoice(world, subscription, created, lines + due, status=status)
    false_lines = [entry | {"quantity": 77, "amount": 7_700, "period_start": first + DAY} for entry in lines]
    if world.has("draft_and_void_invoices", 0.12):
        invoice(world, subscription, created, false_lines, status=rng.choice(["draft", "void"]))
    if world.has("soft_deletes", 0.05):
        invoice(world, subscription, created, false_lines, status="paid", is_deleted=True)


def invoice(
    world, subscription: Subscription, created: datetime, lines: list[dict], status=None, is_deleted=False
) -> None:
    """Land an invoice with its lines, unless it is created after the landing ended."""
    rng, end_at = world.rng, world.span.end_at
    if created > end_at:
        return
    status = status or rng.choices(["paid", "open", "uncollectible"], [0.95, 0.035, 0.015])[0]
    finalized = created + rng.choice([timedelta(), timedelta(hours=1), timedelta(hours=3)])
    if finalized > end_at:
        finalized, status = None, "draft" if status == "draft" else "open"
    settled = created + timedelta(hours=2) + rng.choice([timedelta(), timedelta(), 5 * DAY, 20 * DAY])
    if rng.random() < 0.2:
        settled = settled.replace(hour=0, minute=0, second=0, microsecond=0) + DAY
    if settled > end_at and status in ("paid", "uncollectible", "void"):
        status = "draft" if status == "void" else "open"
    has_time = status != "uncollectible" or rng.random() < 0.5
    invoice_id = world.next("in_")
    world.add(
        "stripe",
        "invoice",
        id=invoice_id,
        customer_id=subscription.customer_id,
        subscription_id=subscription.id,
        status=status,
        created=created,
        amount_due=sum(entry["amount"] for entry in lines),
        currency=subscription.currency,
        paid=status == "paid",
        due_date=rng.choice(
            [None, created + 14 * DAY, created.replace(hour=0, minute=0, second=0, microsecond=0) + DAY]
        ),
        status_transitions_finalized_at=None if status == "draft" else finalized,
        status_transitions_paid_at=settled if status == "paid" else None,
        status_transitions_voided_at=settled if status == "void" else None,
        status_transitions_marked_uncollectible_at=settled if status == "uncollectible" and has_time else None,
        livemode=subscription.livemode,
        is_deleted=is_deleted,
    )
    for entry in lines:
        land_line(world, subscription, invoice_id, entry, f"sli_{rng.randrange(16**8):08x}{world.next('_')}")
        if world.has("temporary_lines", 0.08):
            land_line(world, subscription, invoice_id, entry | {"quantity": 55}, world.next("sub_1"))


def land_line(world, subscription: Subscription, invoice_id: str, entry: dict, line_id: str) -> None:
    by_plan = world.has_legacy_plans() or world.rng.random() < 0.2
    quantity = entry["quantity"]
    world.add(
        "stripe",
        "invoice_line_item",
        id=line_id,
        invoice_id=invoice_id,
        subscription_id=subscription.id,
        subscription_item_id=entry["item"],
        plan_id=entry["price_id"] if by_plan else None,
        price_id=None if by_plan else entry["price_id"],
        type=entry["type"],
        proration=entry["proration"],
        amount=entry["amount"],
        unit_amount_excluding_tax=entry.get("net"),
        quantity=None if quantity == 1 and world.rng.random() < 0.2 else quantity,
        currency=subscription.currency,
        period_start=entry["period_start"],
        period_end=entry["period_end"],
        livemode=subscription.livemode,
    )


def land_subscription(world, subscription: Subscription) -> None:
    rng = world.rng
    first, last = subscription.period
    row = {
        "id": subscription.id,
        "customer_id": subscription.customer_id,
        "status": subscription.status,
        "created": subscription.created or subscription.start,
        "start_date": subscription.start,
        "current_period_start": first,
        "current_period_end": last,
        "canceled_at": subscription.ended_at,
        "ended_at": subscription.ended_at,
        "livemode": subscription.livemode,
        "_fivetran_synced": world.span.end_at,
    }
    if "subscription_history" not in world.dirt:
        world.add("stripe", "subscription", **row)
        return
    early = row | {"status": "active", "ended_at": subscription.start + DAY, "_fivetran_synced": subscription.start}
    if world.has("incomplete_subscriptions"):
        active_at = subscription.start + rng.choice([timedelta(minutes=3), timedelta(hours=23), 2 * DAY])
        begun = "incomplete" if subscription.was_incomplete or "incomplete" in row["status"] else "active"
        bounds = {"_fivetran_start": subscription.start, "_fivetran_end": active_at - timedelta(milliseconds=1)}
        early |= {"status": begun, "ended_at": None} | bounds
        row |= {"_fivetran_start": active_at}
    world.add("stripe", "subscription_history", **early, _fivetran_active=False)
    flag = rng.choice([True, None])
    if flag is None:
        older = row | {
            "_fivetran_start": None,
            "ended_at": subscription.start + DAY,
            "_fivetran_synced": subscription.start + DAY,
        }
        world.add("stripe", "subscription_history", **older, _fivetran_active=None)
    world.add("stripe", "subscription_history", **row, _fivetran_active=flag)


def land_item(world, subscription: Subscription, item: Item) -> None:
    first, last = subscription.period
    on_item = world.rng.random() < 0.5 or subscription.is_in_draft
    if world.rng.random() < 0.05 and world.tables.rows["stripe", "subscription"]:
        world.tables.rows["stripe", "subscription"][-1]["current_period_end"] = None
    is_metered = item.product == "prod_api"
    world.add(
        "stripe",
        "subscription_item",
        id=item.id,
        subscription_id=subscription.id,
        plan_id=item.price_id,
        quantity=None if is_metered else item.quantity,
        created=subscription.start,
        current_period_start=first if on_item else None,
        current_period_end=last if on_item else None,
        _fivetran_synced=item.changed_at,
    )
