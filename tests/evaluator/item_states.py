"""What each subscription item was worth from when to when."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from .clock import Clock
from .identity import Identity
from .invoices import live_lines
from .line_facts import Fact, amount_of_a_period, line_facts
from .loading import Landing, Seeds, boolean, ident, number, timestamp, word
from .price_list import Plan, Price, load_plans, load_prices

CONTINUATION_GAP = timedelta(days=3)
NEVER_PAID = ("incomplete", "incomplete_expired")
IN_FORCE = ("active", "trialing", "past_due", "unpaid")


@dataclass
class State:
    """One item's quantity and price from `start` to `end`; `mrr` in units of its currency."""

    account_id: str
    subscription_id: str
    item_id: str
    price: Price
    plan: Plan
    currency: str
    quantity: int
    mrr: Fraction
    start: datetime
    end: datetime | None
    period_end: datetime | None
    lineage: str = ""
    since: datetime | None = None
    quantity_since: datetime | None = None
    price_since: datetime | None = None

    @property
    def units(self) -> int:
        """What its price is divided by: a fee without units is one."""
        return self.quantity or 1

    @property
    def unit_mrr(self) -> Fraction:
        return self.mrr / self.units


def item_states(landing: Landing, seeds: Seeds, identity: Identity, clock: Clock, grace: timedelta) -> list[State]:
    prices = load_prices(landing)
    plans = load_plans(landing, seeds, prices)
    subscriptions = load_subscriptions(landing)
    never_before = first_moments(landing, clock)
    columns = {
        "id": ident,
        "subscription_id": ident,
        "plan_id": ident,
        "quantity": number,
        "current_period_end": timestamp,
        "_fivetran_synced": timestamp,
    }
    items = {row["id"]: row for row in landing.rows("stripe", "subscription_item", columns, required=("id",))}
    lines, drafts = live_lines(landing)
    lines_of = defaultdict(list)
    for line in lines:
        lines_of[line["subscription_item_id"]].append(line)

    states = []
    for item_id in sorted(items.keys() | lines_of.keys()):
        item = items.get(item_id)
        facts = [fact for fact in line_facts(lines_of[item_id], prices) if clock.seen(fact.start)]
        changes = line_changes(facts)
        own = own_change(item, lines_of[item_id], changes, subscriptions, prices, clock)
        if own:
            changes.append(own)
        elif changes:
            continue_draft(changes[-1], item_id, item, subscriptions, drafts, clock)
        removals = removal_moments(facts)
        for change, following in zip(changes, [*changes[1:], None], strict=False):
            price = change["price"]
            subscription = subscriptions.get(change["subscription_id"])
            account_id = identity.customers.get(subscription["customer_id"]) if subscription else None
            if not account_id or subscription["status"] in NEVER_PAID:
                continue
            ended_at = subscription["ended_at"] if clock.seen(subscription["ended_at"]) else None
            ends = [ended_at, following["start"] if following else None, change["own_end"]]
            if not price.is_metered:
                ends += [moment for moment in removals if moment > change["start"]][:1]
                lapses_at = change["period_end"] + grace if change["period_end"] else None
                ends.append(max(lapses_at, change["goes_on_until"] or lapses_at) if lapses_at else None)
            end = min((moment for moment in ends if moment), default=None)
            known_from = [change["start"], subscription["created"], never_before.get(subscription["id"])]
            start = max(moment for moment in known_from if moment)
            if not clock.seen(start) or (end is not None and end <= start):
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
                    mrr=price.monthly(change["amount"], change["currency"]),
                    start=start,
                    end=end,
                    period_end=change["period_end"],
                    lineage=item_id,
                )
            )
    return states


SUBSCRIPTION = {
    "id": ident,
    "customer_id": ident,
    "status": word,
    "created": timestamp,
    "current_period_end": timestamp,
    "ended_at": timestamp,
    "livemode": boolean,
    "_fivetran_active": boolean,
    "_fivetran_synced": timestamp,
}


def load_subscriptions(landing: Landing) -> dict[str, dict]:
    rows = landing.rows("stripe", "subscription_history", SUBSCRIPTION, required=("id",))
    rows = rows or landing.rows("stripe", "subscription", SUBSCRIPTION, required=("id",))
    newest = {}
    for row in sorted(rows, key=lambda row: row["_fivetran_synced"] or datetime.min):
        if row["_fivetran_active"] is not False:
            newest[row["id"]] = row
    return {key: row for key, row in newest.items() if row["livemode"] is not False}


def first_moments(landing: Landing, clock: Clock) -> dict[str, datetime]:
    """When subscriptions that began incomplete were first anything else, as their history tells."""
    columns = {"id": ident, "status": word, "_fivetran_start": timestamp}
    versions = defaultdict(list)
    for row in landing.rows("stripe", "subscription_history", columns, required=("id", "_fivetran_start")):
        versions[row["id"]].append(row)
    moments = {}
    for key, rows in versions.items():
        rows.sort(key=lambda row: row["_fivetran_start"])
        others = [row["_fivetran_start"] for row in rows if row["status"] not in NEVER_PAID]
        if rows[0]["status"] in NEVER_PAID:
            moments[key] = min(others, default=datetime.max)
    return moments


def is_charge(fact: Fact) -> bool:
    return fact.price is not None and fact.amount > 0 and not (fact.price.is_metered and fact.end is None)


def line_changes(facts: list[Fact]) -> list[dict]:
    """The changes that charges document, in order; at one instant the newest invoice speaks."""
    by_start = {fact.start: fact for fact in facts if is_charge(fact)}
    charges = list(by_start.values())
    changes = []
    for fact, following in zip(charges, [*charges[1:], None], strict=False):
        change = {
            "subscription_id": fact.subscription_id,
            "price": fact.price,
            "currency": fact.currency,
            "quantity": fact.quantity,
            "amount": amount_of_a_period(fact, facts),
            "start": fact.start,
            "line_start": fact.start,
            "period_end": fact.end,
            "own_end": None,
            "goes_on_until": None,
        }
        if fact.price.is_metered:
            contiguous = following and following.start == fact.end
            change |= {
                "quantity": 1,
                "start": fact.end,
                "own_end": following.end if contiguous else fact.price.one_interval_after(fact.end),
            }
        changes.append(change)
    return changes


def own_change(
    item: dict | None, lines: list[dict], changes: list[dict], subscriptions: dict, prices: dict, clock: Clock
) -> dict | None:
    """What the item's current row says and no invoice documents yet.

    An item whose first line is yet to come, seen from an earlier time, was not in force: its status is today's.
    """
    price = prices.get(item["plan_id"]) if item else None
    subscription = subscriptions.get(item["subscription_id"]) if item else None
    if not price or not subscription or price.is_metered or not clock.seen(item["_fivetran_synced"]):
        return None
    quantity = 1 if item["quantity"] is None else int(item["quantity"])
    currency = changes[-1]["currency"] if changes else price.currency
    if changes:
        newest = changes[-1]
        differs = quantity != newest["quantity"] or price.id != newest["price"].id
        if not differs or item["_fivetran_synced"] <= newest["line_start"]:
            return None
    elif subscription["status"] not in ("active", "past_due", "unpaid") or any(line["amount"] > 0 for line in lines):
        return None
    amount = price.unit_amount * quantity if price.is_exact(currency) else None
    if amount is None and changes:
        # The last rate, of this price where it was ever billed: as much a month, in the terms of the price.
        told = [change for change in changes if change["price"].id == price.id] or changes
        rate = told[-1]["amount"] / (told[-1]["quantity"] or 1)
        amount = (
            rate * quantity * told[-1]["price"].monthly(Fraction(1), currency) / price.monthly(Fraction(1), currency)
        )
    if amount is None:
        return None
    return {
        "subscription_id": subscription["id"],
        "price": price,
        "currency": currency,
        "quantity": quantity,
        "amount": amount,
        "start": item["_fivetran_synced"],
        "period_end": item["current_period_end"] or subscription["current_period_end"],
        "own_end": None,
        "goes_on_until": None,
    }


def continue_draft(
    change: dict, item_id: str, item: dict | None, subscriptions: dict, drafts: list[dict], clock: Clock
) -> None:
    """Let the last change go on into a renewal whose invoice is still a draft, until the item's period ends."""
    subscription = subscriptions.get(change["subscription_id"])
    if not item or not subscription or not change["period_end"] or change["price"].is_metered:
        return
    renewed = any(
        draft["subscription_item_id"] == item_id
        and draft["period_start"] >= change["period_end"]
        and clock.seen(draft["period_start"])
        for draft in drafts
    )
    is_in_force = subscription["status"] in IN_FORCE or subscription["ended_at"] is not None
    if renewed and is_in_force:
        change["goes_on_until"] = item["current_period_end"] or subscription["current_period_end"]


def removal_moments(facts: list[Fact]) -> list[datetime]:
    """Starts of negative prorations at which nothing positive starts: the item was removed."""
    positive = {fact.start for fact in facts if fact.amount > 0}
    return sorted({fact.start for fact in facts if fact.amount < 0 and fact.is_proration} - positive)


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
            gap = abs(first.start - last.end)
            if last.plan.is_seat_priced and first.plan.is_seat_priced and gap <= CONTINUATION_GAP:
                pairs.append((gap, last.currency != first.currency, first.start, earlier, later))
    continued_by, continues = {}, {}
    for _, _, start, earlier, later in sorted(pairs):
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
            # With another quantity of one price the price stands, whatever the tiers make of it.
            same_price = unbroken and (
                previous.price.product_id == state.price.product_id
                and previous.currency == state.currency
                and (previous.unit_mrr == state.unit_mrr or moved_by_quantity(previous, state))
            )
            state.quantity_since = previous.quantity_since if same_quantity else state.start
            state.price_since = previous.price_since if same_price else state.start
            state.since = previous.since if same_quantity and same_price else state.start
            previous = state


def moved_by_quantity(previous: State, state: State) -> bool:
    """Whether one and the same price was billed for another quantity."""
    return (
        previous.price.id == state.price.id
        and previous.currency == state.currency
        and previous.quantity != state.quantity
    )
