"""Billing day by day: what an account pays, and every movement of it with its causes."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from fractions import Fraction

from .arithmetic import money
from .clock import Clock, close_of, days, in_force
from .identity import Identity
from .invoices import Invoice, load_invoices
from .item_states import State, continued, date_causes, item_states, moved_by_quantity
from .loading import Landing, Seeds, day, label, number

EXPANSIONS = ("seat_growth", "tier_upgrade", "add_on", "consumption", "renewal_uplift")


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
        due = [invoice.due_on for invoice in self.invoices.get(account_id, []) if invoice.is_open(before)]
        return max(0, (on - min(due)).days) if due else 0

    def first_paid_on(self, account_id: str) -> date | None:
        return min(self.daily.get(account_id, {}), default=None)


def load_billing(landing: Landing, seeds: Seeds, identity: Identity, clock: Clock, grace_days: int) -> Billing:
    states = defaultdict(list)
    for state in item_states(landing, seeds, identity, clock, timedelta(days=grace_days)):
        states[state.account_id].append(state)
    billing = Billing(
        states={account_id: continued(own) for account_id, own in states.items()},
        invoices=load_invoices(landing, identity),
        rates=load_rates(seeds),
        tier_rank={
            row["tier"]: int(row["tier_rank"]) for row in seeds.rows("tiers", {"tier": label, "tier_rank": number})
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


def follow_account(billing: Billing, account_id: str, states: list[State]) -> None:
    """Fill in the account's paid days, movements and expansions, closed day by closed day."""
    last = billing.clock.last_closed_on
    before: list[State] = []
    has_paid = False
    for on in days(states[0].start.date(), last) if states else []:
        now = [state for state in states if in_force(state.start, state.end, close_of(on))]
        usd_before, usd_now = (
            sum((state.mrr * billing.rate(state.currency, on) for state in held), Fraction(0)) for held in (before, now)
        )
        for kind, currency, delta, moved_at in movements(billing, before, now, usd_before, usd_now, has_paid, on):
            billing.movements.append(
                {
                    "account_id": account_id,
                    "currency": currency,
                    "movement_on": on,
                    "moved_at": moved_at,
                    "movement_type": kind,
                    "mrr_delta_native": delta,
                    "mrr_delta": delta * billing.rate(currency, on),
                    "mrr_before": usd_before,
                    "mrr_after": usd_now,
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
    # Without a seat-priced item any priced one speaks.
    tiers = [state.plan.tier for state in seats or now if state.plan.tier]
    yearly = [state for state in now if state.price.months >= 12 and state.period_end]
    newest = max(yearly, key=speaks_of_renewal, default=None)

    def included(name: str) -> Fraction | None:
        return max((value for state in now if (value := getattr(state.plan, name))), default=None)

    return {
        "account_id": account_id,
        "signal_on": on,
        "first_paid_on": first_paid_on,
        "tenure_days": (on - first_paid_on).days,
        "mrr": usd,
        "contract_value": money(12 * usd),
        "seats_licensed": sum(state.quantity for state in seats) if seats else None,
        "tier": max(tiers, key=lambda tier: billing.tier_rank.get(tier, 0), default=None),
        "days_to_renewal": (newest.period_end.date() - on).days if newest else None,
        "included_usage_30d": included("included_usage_30d"),
        "included_storage_gb": included("included_storage_gb"),
    }


def speaks_of_renewal(state: State) -> tuple:
    """Seat-priced items first, of the others the longest term, and of these the newest line."""
    is_seat = state.plan.is_seat_priced
    return is_seat, 0 if is_seat else state.price.months, state.start, state.period_end


def movements(billing: Billing, before, now, usd_before, usd_now, has_paid, on):
    """(type, currency, native change, moment) of one account between two closes."""
    before, now = in_one_currency(billing, before, now, on)
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


def in_one_currency(billing: Billing, before: list[State], now: list[State], on: date):
    """Both sides, those items in dollars that changed their currency."""
    was, is_ = ({state.lineage: state.currency for state in held} for held in (before, now))
    crossed = {lineage for lineage in was.keys() & is_.keys() if was[lineage] != is_[lineage]}

    def converted(state: State) -> State:
        if state.lineage not in crossed:
            return state
        return replace(state, currency="usd", mrr=state.mrr * billing.rate(state.currency, on))

    return [converted(state) for state in before], [converted(state) for state in now]


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
        elif moved_by_quantity(was, is_):
            yield from cause("seat_growth", is_.currency, is_.mrr - was.mrr, is_.quantity_since)
        else:
            rank_was, rank_is = (billing.tier_rank.get(state.plan.tier, 0) for state in (was, is_))
            changed = was.price.product_id != is_.price.product_id
            kind = "tier_upgrade" if changed and rank_is > rank_was else "renewal_uplift"
            by_price = (is_.unit_mrr - was.unit_mrr) * was.units
            by_seats = (is_.units - was.units) * is_.unit_mrr
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
                "mrr_before": money(row["mrr_before"]),
                "mrr_after": money(row["mrr_after"]),
                "mrr_delta": Fraction(0),
            },
        )
        expansion["mrr_delta"] += row["mrr_delta"]
        expansion["expanded_at"] = max(expansion["expanded_at"], row["moved_at"])
    for expansion in grouped.values():
        expansion["mrr_delta"] = money(expansion["mrr_delta"])
        billing.expansions.append(expansion)
