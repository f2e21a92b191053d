"""Billing: item states from invoice lines, daily figures, movements and expansions, open invoices."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cached_property

from .arithmetic import money
from .clock import Clock, add_months, close_of, days, in_force
from .identity import Identity
from .loading import DELETION, Landing, Seeds, boolean, day, is_live, label, number, text, timestamp

ZERO_DECIMAL = set("bif clp djf gnf jpy kmf krw mga pyg rwf ugx vnd vuv xaf xof xpf".split())
PER_MONTH = {
    "day": Fraction(365, 12),
    "week": Fraction(52, 12),
    "month": Fraction(1),
    "year": Fraction(1, 12),
}
CONTINUATION_GAP = timedelta(days=3)
EXPANSIONS = ("seat_growth", "tier_upgrade", "add_on", "consumption", "renewal_uplift")


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


@dataclass
class Invoice:
    opened_at: datetime
    settled_at: datetime | None
    due_on: date

    def is_open(self, before: datetime) -> bool:
        return self.opened_at < before and (self.settled_at is None or self.settled_at >= before)


@dataclass
class Billing:
    states: dict[str, list[State]]
    invoices: dict[str, list[Invoice]]
    rates: dict[str, list[tuple[date, Fraction]]]
    tier_rank: dict[str, int]
    clock: Clock
    daily: dict[str, dict[date, dict]] = field(default_factory=dict)
    movements: list[dict] = field(default_factory=list)
    expansions: list[dict] = field(default_factory=list)

    def rate(self, currency: str, on: date) -> Fraction:
        known = [row for row in self.rates.get(currency, []) if row[0] <= on]
        if not known:
            raise ValueError(f"no exchange rate for {currency} on {on}")
        return max(known)[1]

    def days_past_due(self, account_id: str, on: date, before: datetime) -> int:
        """Days since the oldest open invoice was due; 0 when none is open or due."""
        due = [
            invoice.due_on for invoice in self.invoices.get(account_id, []) if invoice.is_open(before)
        ]
        return max(0, (on - min(due)).days) if due else 0

    def first_paid_on(self, account_id: str) -> date | None:
        return min(self.daily.get(account_id, {}), default=None)


def load_billing(
    landing: Landing, seeds: Seeds, identity: Identity, clock: Clock, grace_days: int
) -> Billing:
    states = defaultdict(list)
    for state in item_states(landing, seeds, identity, clock, timedelta(days=grace_days)):
        states[state.account_id].append(state)
    billing = Billing(
        states={account_id: continued(own) for account_id, own in states.items()},
        invoices=load_invoices(landing, identity),
        rates=load_rates(seeds),
        tier_rank={
            row["tier"]: int(row["tier_rank"])
            for row in seeds.rows("tiers", {"tier": label, "tier_rank": number})
        },
        clock=clock,
    )
    for account_id, own in sorted(billing.states.items()):
        date_causes(own)
        follow_account(billing, account_id, own)
    return billing


def load_rates(seeds: Seeds) -> dict[str, list[tuple[date, Fraction]]]:
    rates = defaultdict(list)
    for row in seeds.rows("exchange_rates", {"currency": label, "valid_from": day, "rate": number}):
        rates[row["currency"].lower()].append((row["valid_from"], row["rate"]))
    rates.setdefault("usd", [(date.min, Fraction(1))])
    return dict(rates)


# ---------------------------------------------------------------- catalogue and subscriptions


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
    return {
        row["id"]: rows.get(row["id"]) or rows.get(row["name"]) or Plan() for row in products
    } | rows


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


# ---------------------------------------------------------------- invoices and lines


def load_invoices(landing: Landing, identity: Identity) -> dict[str, list[Invoice]]:
    """The invoices that were ever open, by account."""
    invoices = defaultdict(list)
    for row in invoice_rows(landing):
        account_id = identity.customers.get(row["customer_id"])
        own_time = {
            "paid": row["status_transitions_paid_at"],
            "void": row["status_transitions_voided_at"],
            "uncollectible": row["status_transitions_marked_uncollectible_at"],
        }
        never_open = row["status"] in own_time and own_time[row["status"]] is None
        opened_at = row["finalized_at"] or row["created"]
        if not account_id or row["status"] == "draft" or not is_live(row) or never_open or not opened_at:
            continue
        settled = [moment for moment in own_time.values() if moment]
        invoices[account_id].append(
            Invoice(opened_at, min(settled, default=None), (row["due_date"] or opened_at).date())
        )
    return dict(invoices)


def invoice_rows(landing: Landing) -> list[dict]:
    rows = landing.rows(
        "stripe",
        "invoice",
        {
            "id": text,
            "customer_id": text,
            "subscription_id": text,
            "status": label,
            "created": timestamp,
            "due_date": timestamp,
            "status_transitions_finalized_at": timestamp,
            "finalized_at": timestamp,
            "status_transitions_paid_at": timestamp,
            "status_transitions_voided_at": timestamp,
            "status_transitions_marked_uncollectible_at": timestamp,
            "livemode": boolean,
            **DELETION,
        },
        required=("id",),
    )
    for row in rows:
        row["finalized_at"] = row["status_transitions_finalized_at"] or row["finalized_at"]
    return [row for row in rows if row["livemode"] is not False]


def live_lines(landing: Landing) -> list[dict]:
    """Lines of items on invoices that stand, positive and negative."""
    invoices = {
        row["id"]: row
        for row in invoice_rows(landing)
        if row["status"] not in ("draft", "void") and is_live(row)
    }
    lines = []
    for row in landing.rows(
        "stripe",
        "invoice_line_item",
        {
            "id": text,
            "invoice_id": text,
            "subscription_id": text,
            "subscription_item_id": text,
            "plan_id": text,
            "price_id": text,
            "type": label,
            "proration": boolean,
            "amount": number,
            "quantity": number,
            "currency": label,
            "period_start": timestamp,
            "period_end": timestamp,
            "livemode": boolean,
            **DELETION,
        },
        required=("id", "invoice_id", "amount", "currency", "period_start"),
    ):
        invoice = invoices.get(row["invoice_id"])
        speaks_of_an_item = row["subscription_item_id"] and (row["type"] == "subscription" or row["proration"])
        is_temporary = row["id"].startswith("sub")
        if invoice and speaks_of_an_item and not is_temporary and is_live(row) and row["livemode"] is not False:
            row["invoice_created"] = invoice["created"] or datetime.min
            row["subscription_id"] = row["subscription_id"] or invoice["subscription_id"]
            row["quantity"] = 1 if row["quantity"] is None else int(row["quantity"])
            lines.append(row)
    lines.sort(key=lambda row: (row["period_start"], row["invoice_created"], row["id"]))
    return lines


# ---------------------------------------------------------------- item states


def item_states(
    landing: Landing, seeds: Seeds, identity: Identity, clock: Clock, grace: timedelta
) -> list[State]:
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
        subscription_id = next(
            (line["subscription_id"] for line in lines if line["subscription_id"]),
            item["subscription_id"] if item else None,
        )
        subscription = subscriptions.get(subscription_id)
        account_id = identity.customers.get(subscription["customer_id"]) if subscription else None
        if not account_id:
            continue
        changes = line_changes(lines, prices, clock)
        own = own_change(item, lines, changes, subscription, prices, clock)
        if own:
            changes.append(own)
        removals = removal_moments(lines, clock)
        ended_at = subscription["ended_at"] if clock.seen(subscription["ended_at"]) else None
        for change, following in zip(changes, [*changes[1:], None], strict=False):
            price = change["price"]
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
                    subscription_id=subscription_id,
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
    subscription: dict,
    prices: dict[str, Price],
    clock: Clock,
) -> dict | None:
    """What the item's own row says beyond its newest line: a change that no invoice documents yet."""
    price = prices.get(item["plan_id"]) if item else None
    if not price or price.is_metered or not clock.seen(item["_fivetran_synced"]):
        return None
    quantity = 1 if item["quantity"] is None else int(item["quantity"])
    if changes:
        newest = changes[-1]
        differs = quantity != newest["quantity"] or price.id != newest["price"].id
        if not differs or item["_fivetran_synced"] <= newest["start"]:
            return None
    elif subscription["status"] not in ("active", "past_due", "unpaid"):
        return None
    return {
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
    return sorted(
        (state for own in by_item.values() for state in own), key=lambda state: (state.start, state.item_id)
    )


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
                unbroken
                and previous.unit_mrr == state.unit_mrr
                and previous.price.product_id == state.price.product_id
            )
            state.quantity_since = previous.quantity_since if same_quantity else state.start
            state.price_since = previous.price_since if same_price else state.start
            state.since = previous.since if same_quantity and same_price else state.start
            previous = state


# ---------------------------------------------------------------- days and movements


def follow_account(billing: Billing, account_id: str, states: list[State]) -> None:
    """Fill in the account's paid days, movements and expansions, closed day by closed day."""
    last = billing.clock.last_closed_on
    before: list[State] = []
    has_paid = False
    for on in days(states[0].start.date(), last) if states else []:
        now = [state for state in states if in_force(state.start, state.end, close_of(on))]
        usd_before, usd_now = (
            sum((state.mrr * billing.rate(state.currency, on) for state in held), Fraction(0))
            for held in (before, now)
        )
        for kind, currency, delta, moved_at in movements(billing, before, now, usd_before, usd_now, has_paid):
            billing.movements.append(
                {
                    "account_id": account_id,
                    "currency": currency,
                    "movement_on": on,
                    "moved_at": moved_at,
                    "movement_type": kind,
                    "mrr_delta_native": delta,
                    "mrr_delta": delta * billing.rate(currency, on),
                    "mrr_before_usd": usd_before,
                    "mrr_after_usd": usd_now,
                }
            )
        if usd_now > 0:
            has_paid = True
            own = billing.daily.setdefault(account_id, {})
            first = min(own, default=on)
            own[on] = account_day(billing, account_id, on, now, usd_now, first)
        before = now
    record_expansions(billing, account_id)


def account_day(
    billing: Billing, account_id: str, on: date, now: list[State], usd: Fraction, first_paid_on: date
) -> dict:
    seats = [state for state in now if state.plan.is_seat_priced]
    tiers = [state.plan.tier for state in seats if state.plan.tier]
    yearly = [state for state in seats if state.price.interval == "year" and state.period_end]
    newest = max(yearly, key=lambda state: (state.start, state.period_end), default=None)

    def included(name: str) -> Fraction | None:
        return max((value for state in now if (value := getattr(state.plan, name))), default=None)

    return {
        "account_id": account_id,
        "signal_on": on,
        "first_paid_on": first_paid_on,
        "tenure_days": (on - first_paid_on).days,
        "mrr_usd": usd,
        "contract_value": money(12 * usd),
        "seats_licensed": sum(state.quantity for state in seats),
        "tier": max(tiers, key=lambda tier: billing.tier_rank.get(tier, 0), default=None),
        "days_to_renewal": (newest.period_end.date() - on).days if newest else None,
        "included_usage_30d": included("included_usage_30d"),
        "included_storage_gb": included("included_storage_gb"),
    }


def movements(billing: Billing, before, now, usd_before, usd_now, has_paid):
    """(type, currency, native change, moment) of one account between two closes."""
    net = defaultdict(Fraction)
    for state in now:
        net[state.currency] += state.mrr
    for state in before:
        net[state.currency] -= state.mrr
    starts = [state.start for state in now]
    whole = None
    if usd_before == 0 and usd_now > 0:
        whole, moved_at = ("reactivation" if has_paid else "new"), max(starts)
    elif usd_before > 0 and usd_now == 0:
        whole, moved_at = "churn", max(state.end for state in before if state.end)
    causes = list(rises_and_falls(billing, before, now))
    if whole is None and usd_now <= usd_before and causes:
        whole, moved_at = "contraction", max(cause[3] for cause in causes)
    if whole:
        return [(whole, currency, delta, moved_at) for currency, delta in sorted(net.items()) if delta]
    grouped = {}
    for kind, currency, delta, moved_at in causes:
        total, latest = grouped.get((kind, currency), (Fraction(0), moved_at))
        grouped[kind, currency] = (total + delta, max(latest, moved_at))
    return [(kind, currency, delta, moved_at) for (kind, currency), (delta, moved_at) in sorted(grouped.items())]


def rises_and_falls(billing: Billing, before: list[State], now: list[State]):
    """Every cause of a change: tier or price at the old quantity, seats at the new price."""
    old = {state.lineage: state for state in before}
    new = {state.lineage: state for state in now}
    assert len(old) == len(before) and len(new) == len(now), "an item has two states at one instant"
    for lineage in sorted(old.keys() | new.keys()):
        was, is_ = old.get(lineage), new.get(lineage)
        if is_ is None:
            yield from cause("contraction", was.currency, -was.mrr, was.end)
        elif is_.price.is_metered:
            delta = is_.mrr - (was.mrr if was else 0)
            yield from cause("consumption", is_.currency, delta, is_.since)
        elif was is None:
            yield from cause("add_on", is_.currency, is_.mrr, is_.since)
        else:
            rank_was, rank_is = (billing.tier_rank.get(state.plan.tier, 0) for state in (was, is_))
            changed = was.price.product_id != is_.price.product_id
            kind = "tier_upgrade" if changed and rank_is > rank_was else "renewal_uplift"
            by_price = (is_.unit_mrr - was.unit_mrr) * was.quantity
            by_seats = (is_.quantity - was.quantity) * is_.unit_mrr
            yield from cause(kind, is_.currency, by_price, is_.price_since)
            yield from cause("seat_growth", is_.currency, by_seats, is_.quantity_since)


def cause(kind: str, currency: str, delta: Fraction, moved_at: datetime):
    if delta > 0:
        yield kind, currency, delta, moved_at
    elif delta < 0:
        yield "contraction", currency, delta, moved_at


def record_expansions(billing: Billing, account_id: str) -> None:
    """One expansion per account, day and type, over the currencies."""
    grouped: dict[tuple, dict] = {}
    for row in billing.movements:
        if row["account_id"] != account_id or row["movement_type"] not in EXPANSIONS:
            continue
        key = (row["movement_on"], row["movement_type"])
        expansion = grouped.setdefault(
            key,
            {
                "account_id": account_id,
                "expanded_on": row["movement_on"],
                "expanded_at": row["moved_at"],
                "expansion_type": row["movement_type"],
                "mrr_before": money(row["mrr_before_usd"]),
                "mrr_after": money(row["mrr_after_usd"]),
                "mrr_delta": Fraction(0),
            },
        )
        expansion["mrr_delta"] += row["mrr_delta"]
        expansion["expanded_at"] = max(expansion["expanded_at"], row["moved_at"])
    for expansion in grouped.values():
        expansion["mrr_delta"] = money(expansion["mrr_delta"])
        billing.expansions.append(expansion)
