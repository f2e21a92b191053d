"""The whole way from raw tables and seeds to firings."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path

from .arithmetic import rounded
from .billing import load_billing
from .clock import Clock
from .crm import load_crm
from .delivery import Delivery, firing, hold_back
from .engine import Facts, decide, suppressions
from .episodes import all_candidates, load_triggers
from .identity import load_identity
from .loading import Landing, Seeds, timestamp
from .product import load_product, load_raw_product
from .signals import all_signals
from .stage import all_stages
from .support import load_support


@dataclass
class Result:
    """Every table as rows of plain Python values; `clock` is one row."""

    clock: dict
    matches: list[dict]
    item_states: list[dict]
    account_daily: list[dict]
    signals: list[dict]
    stage: list[dict]
    episodes: list[dict]
    candidates: list[dict]
    firings: list[dict]
    suppressions: list[dict]
    movements: list[dict]
    expansions: list[dict]


def evaluate(
    raw_dir: Path | str,
    seeds_dir: Path | str,
    as_of: datetime | str | None = None,
    variables: dict | None = None,
) -> Result:
    """What the models must give for this landing and these seeds.

    `variables` are the project's variables of the same names: late_arrival_days, billing_grace_days,
    dedup_days, crm_fields, sources, stage, account_family and as_of.
    """
    variables = variables or {}
    seeds = Seeds(Path(seeds_dir))
    landing = Landing(Path(raw_dir), seeds.placeholders())
    crm_vendor = ((variables.get("sources") or {}).get("crm") or ["salesforce"])[0]
    raw = load_raw_product(landing, seeds, timedelta(days=int(variables.get("dedup_days", 30))))
    now = timestamp(as_of or variables.get("as_of") or None) or raw.newest_receipt
    clock = Clock(now, int(variables.get("late_arrival_days", 3)))

    traits = [call for call in raw.groups if is_on_time(call, clock)]
    identity = load_identity(landing, seeds, traits, raw.group_ids, variables.get("crm_fields"), crm_vendor)
    product = load_product(landing, seeds, raw, identity, clock)
    billing = load_billing(landing, seeds, identity, clock, int(variables.get("billing_grace_days", 3)))
    support = load_support(landing, seeds, identity, clock)
    crm = load_crm(landing, seeds, identity, clock, crm_vendor, variables.get("account_family", "account"))

    signals = all_signals(seeds, billing, product, support, crm)
    stages = all_stages(billing, crm, signals, clock, variables.get("stage"))
    episodes, candidates = all_candidates(load_triggers(seeds), signals, product, clock)
    facts = Facts(signals, stages, billing, support, crm)
    delivery = Delivery(seeds)
    decided = decide(candidates, facts, lambda candidate: delivery.due_at(candidate, facts))

    return Result(
        clock={
            "as_of": clock.as_of,
            "last_closed_on": clock.last_closed_on,
            "last_final_on": clock.last_final_on,
        },
        matches=in_order(identity.matches, "source", "record_id"),
        item_states=in_order(
            [state_row(state) for own in billing.states.values() for state in own], "item_id", "start_at"
        ),
        account_daily=in_order(
            [row for own in billing.daily.values() for row in own.values()], "account_id", "signal_on"
        ),
        signals=in_order([row for own in signals.values() for row in own.values()], "account_id", "signal_on"),
        stage=in_order([row for own in stages.values() for row in own.values()], "account_id", "signal_on"),
        episodes=in_order(episodes, "trigger_id", "account_id", "triggered_at"),
        candidates=in_order([candidate_row(*pair) for pair in decided], "trigger_id", "account_id", "moment"),
        firings=in_order(
            hold_back([firing(candidate, facts, delivery) for candidate, stopped_by in decided if not stopped_by], crm),
            "triggered_at",
            "trigger_id",
            "account_id",
        ),
        suppressions=suppressions(decided),
        movements=in_order(billing.movements, "account_id", "movement_on", "currency", "movement_type"),
        expansions=in_order(billing.expansions, "account_id", "expanded_on", "expansion_type"),
    )


def is_on_time(call: dict, clock: Clock) -> bool:
    """On time by its own day; identity is today's knowledge, so the clock itself does not matter."""
    return Clock(call["received_at"], clock.late_arrival_days).arrived_in_time(call["event_at"], call["received_at"])


def in_order(rows: list[dict], *columns: str) -> list[dict]:
    """Sorted, and with what was never rounded as a decimal of nine places."""
    plain = [{column: comparable(value) for column, value in row.items()} for row in rows]
    return sorted(plain, key=lambda row: tuple(row[column] for column in columns))


def comparable(value):
    return rounded(value, 9) if isinstance(value, Fraction) else value


def state_row(state) -> dict:
    return {
        "account_id": state.account_id,
        "subscription_id": state.subscription_id,
        "item_id": state.item_id,
        "lineage": state.lineage,
        "price_id": state.price.id,
        "product_id": state.price.product_id,
        "tier": state.plan.tier,
        "is_seat_priced": state.plan.is_seat_priced,
        "is_metered": state.price.is_metered,
        "currency": state.currency,
        "quantity": state.quantity,
        "unit_mrr": state.unit_mrr,
        "mrr": state.mrr,
        "start_at": state.start,
        "end_at": state.end,
        "period_end": state.period_end,
    }


def candidate_row(candidate, stopped_by) -> dict:
    return {
        "trigger_id": candidate.trigger["trigger_id"],
        "account_id": candidate.account_id,
        "moment": candidate.moment,
        "signal_on": candidate.on,
        "triggered_at": candidate.episode_at,
        "is_shadow": candidate.is_shadow,
        "is_firing": stopped_by is None,
        "reason_type": stopped_by[0] if stopped_by else None,
        "reason": stopped_by[1] if stopped_by else None,
    }
