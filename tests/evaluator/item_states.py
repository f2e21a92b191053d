"""What each subscription item was worth from when to when."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from functools import cached_property

from .clock import Clock
from .identity import Identity
from .invoices import live_lines
from .loading import Landing, Seeds, boolean, label, number, text, timestamp
from .price_list import Plan, Price, load_plans, load_prices

CONTINUATION_GAP = timedelta(days=3)


@dataclass
class State:
    """One item's quantity and price from `start` to `end`."""

    account_id: str
    subscription_id: str
    item_id: str
    price: Price
    plan: Plan
    currency: str
    quantity: int
    unit_mrr: Fraction
    start: datetime
    end: datetime | None
    period_end: datetime | None
    lineage: str = ""
    since: datetime | None = None
    quantity_since: datetime | None = None
    price_since: datetime | None = None

    @cached_property
    def mrr(self) -> Fraction:
        return self.quantity * self.unit_mrr


def item_states(landing: Landing, seeds: Seeds, identity: Identity, clock: Clock, grace: timedelta) -> list[State]:
    prices = load_prices(landing)
    plans = load_plans(landing, seeds)
    subscriptions = load_subscriptions(landing)
    items = {
        row["id"]: row
        for row in landing.rows(
            "stripe",
            "subscription_item",
            {
                "id": text,
                "subscription_id": text,
                "plan_id": text,
                "quantity": number,
                "current_period_end": timestamp,
                "_fivetran_synced": timestamp,
            },
            required=("id",),
        )
    }
    lines_of = defaultdict(list)
    for line in live_lines(landing):
        lines_of[line["subscription_item_id"]].append(line)

    states = []
    for item_id in sorted(items.keys() | lines_of.keys()):
        item, lines = items.get(item_id), lines_of[item_id]
        changes = line_changes(lines, prices, clock)
        own = own_change(item, lines, changes, subscriptions, prices, clock)
        if own:
            changes.append(own)
        removals = removal_moments(lines, clock)
        for change, following in zip(changes, [*changes[1:], None], strict=False):
            price = change["price"]
            subscription = subscriptions.get(change["subscription_id"])
            account_id = identity.customers.get(subscription["customer_id"]) if subscription else None
            if not account_id:
                continue
            ended_at = subscription["ended_at"] if clock.seen(subscription["ended_at"]) else None
            ends = [ended_at, following["start"] if following else None, change["own_end"]]
            if not price.is_metered:
                ends += [moment for moment in removals if moment > change["start"]][:1]
                ends.append(change["period_end"] + grace if change["period_end"] else None)
            end = min((moment for moment in ends if moment), default=None)
            unit = monthly_unit(change, price, lines)
            if unit is None or (end is not None and end <= change["start"]):
                continue
            states.append(
                State(
                    account_id=account_id,
                    subscription_id=subscription["id"],
                    item_id=item_id,
                    price=price,
                    plan=plans.get(price.product_id, Plan()),
                    currency=change["currency"],
                    quantity=change["quantity"],
                    unit_mrr=unit,
                    start=change["start"],
                    end=end,
                    period_end=change["period_end"],
                    lineage=item_id,
                )
            )
    return states


def load_subscriptions(landing: Landing) -> dict[str, dict]:
    columns = {
        "id": text,
        "customer_id": text,
        "status": label,
        "current_period_end": timestamp,
        "ended_at": timestamp,
        "livemode": boolean,
        "_fivetran_active": boolean,
        "_fivetran_synced": timestamp,
    }
    rows = landing.rows("stripe", "subscription_history", columns, required=("id",))
    rows = rows or landing.rows("stripe", "subscription", columns, required=("id",))
    newest = {}
    for row in sorted(rows, key=lambda row: row["_fivetran_synced"] or datetime.min):
        if row["_fivetran_active"] is not False:
            newest[row["id"]] = row
    return {key: row for key, row in newest.items() if row["livemode"] is not False}


def line_changes(lines: list[dict], prices: dict[str, Price], clock: Clock) -> list[dict]:
    """The changes that positive lines document, in order; at one instant the last line wins."""
    by_start = {}
    for line in lines:
        price = prices.get(line["price_id"]) or prices.get(line["plan_id"])
        if price and line["amount"] > 0 and clock.seen(line["period_start"]):
            by_start[line["period_start"]] = line | {"price": price}
    positive = list(by_start.values())
    changes = []
    for line, following in zip(positive, [*positive[1:], None], strict=False):
        price = line["price"]
        change = {
            "subscription_id": line["subscription_id"],
            "price": price,
            "currency": line["currency"].lower(),
            "quantity": line["quantity"],
            "amount": line["amount"],
            "start": line["period_start"],
            "period_end": line["period_end"],
            "own_end": None,
        }
        if price.is_metered:
            period_end = line["period_end"]
            contiguous = following and following["period_start"] == period_end
            change |= {
                "quantity": 1,
                "start": period_end,
                "own_end": following["period_end"] if contiguous else price.one_interval_after(period_end),
            }
        changes.append(change)
    return changes


def own_change(
    item: dict | None,
    lines: list[dict],
    changes: list[dict],
    subscriptions: dict[str, dict],
    prices: dict[str, Price],
    clock: Clock,
) -> dict | None:
    """What the item's own row says beyond its newest line: a change that no invoice documents yet.

    An item whose first line is yet to come, seen from an earlier time, was not in force: its status is today's.
    """
    price = prices.get(item["plan_id"]) if item else None
    subscription = subscriptions.get(item["subscription_id"]) if item else None
    if not price or not subscription or price.is_metered or not clock.seen(item["_fivetran_synced"]):
        return None
    quantity = 1 if item["quantity"] is None else int(item["quantity"])
    if changes:
        newest = changes[-1]
        differs = quantity != newest["quantity"] or price.id != newest["price"].id
        if not differs or item["_fivetran_synced"] <= newest["start"]:
            return None
    elif subscription["status"] not in ("active", "past_due", "unpaid") or any(line["amount"] > 0 for line in lines):
        return None
    return {
        "subscription_id": subscription["id"],
        "price": price,
        "currency": price.currency,
        "quantity": quantity,
        "amount": None,
        "start": item["_fivetran_synced"],
        "period_end": item["current_period_end"] or subscription["current_period_end"],
        "own_end": None,
    }


def removal_moments(lines: list[dict], clock: Clock) -> list[datetime]:
    """Starts of negative prorations at which no positive line starts: the item was removed."""
    positive = {line["period_start"] for line in lines if line["amount"] > 0}
    negative = {line["period_start"] for line in lines if line["amount"] < 0 and line["proration"]}
    return sorted(moment for moment in negative - positive if clock.seen(moment))


def monthly_unit(change: dict, price: Price, lines: list[dict]) -> Fraction | None:
    """The list price of one unit a month; of a metered item the amount of its period."""
    if price.is_metered:
        return price.monthly(change["amount"], change["currency"])
    if not price.is_tiered:
        return None if price.unit_amount is None else price.monthly(price.unit_amount, price.currency)
    full = [
        line
        for line in lines
        if price.id in (line["price_id"], line["plan_id"])
        and line["amount"] > 0
        and not line["proration"]
        and line["quantity"]
    ]
    earlier = [line for line in full if line["period_start"] <= change["start"]]
    line = earlier[-1] if earlier else next(iter(full), None)
    return None if line is None else price.monthly(line["amount"] / line["quantity"], price.currency)


def continued(states: list[State]) -> list[State]:
    """Let seat-priced items continue one another where one starts about when another ends."""
    by_item = defaultdict(list)
    for state in sorted(states, key=lambda state: state.start):
        by_item[state.item_id].append(state)
    pairs = []
    for earlier, own in by_item.items():
        for later, others in by_item.items():
            last, first = own[-1], others[0]
            if earlier == later or last.end is None or own[0].start >= first.start:
                continue
            alike = last.plan.is_seat_priced and first.plan.is_seat_priced and last.currency == first.currency
            gap = abs(first.start - last.end)
            if alike and gap <= CONTINUATION_GAP:
                pairs.append((gap, first.start, earlier, later))
    continued_by, continues = {}, {}
    for _, start, earlier, later in sorted(pairs):
        if earlier not in continued_by and later not in continues:
            continued_by[earlier], continues[later] = later, earlier
            kept = [state for state in by_item[earlier] if state.start < start]
            last = kept[-1]
            last.end = start if last is by_item[earlier][-1] else min(last.end, start)
            by_item[earlier] = kept
    for item_id, own in by_item.items():
        root = item_id
        while root in continues:
            root = continues[root]
        for state in own:
            state.lineage = root
    return sorted((state for own in by_item.values() for state in own), key=lambda state: (state.start, state.item_id))


def date_causes(states: list[State]) -> None:
    """For each state since when its quantity, its price and both together have stood unbroken."""
    by_lineage = defaultdict(list)
    for state in states:
        by_lineage[state.lineage].append(state)
    for own in by_lineage.values():
        previous = None
        for state in own:
            unbroken = previous is not None and previous.end == state.start
            same_quantity = unbroken and previous.quantity == state.quantity
            same_price = (
                unbroken and previous.unit_mrr == state.unit_mrr and previous.price.product_id == state.price.product_id
            )
            state.quantity_since = previous.quantity_since if same_quantity else state.start
            state.price_since = previous.price_since if same_price else state.start
            state.since = previous.since if same_quantity and same_price else state.start
            previous = state
