"""The expansion stage: which accounts may be offered more, and the first reason why not."""

from datetime import date, timedelta

from .billing import Billing
from .clock import Clock, close_of, days, midnight
from .crm import Crm

SHORTEST_TENURE = 60
GOOD_HEALTH = 60
DECLINE_COUNTS_FOR = 90


def stage_reason(crm: Crm, account_id: str, on: date, first_paid_on: date, signals: dict | None) -> str | None:
    """The first failing test, null when the account is in the stage at the close of the day."""
    if signals is None:
        return "churned"
    onboarded_on = crm.account(account_id)["onboarding_completed_date"]
    if onboarded_on is None or not midnight(onboarded_on) < close_of(on):
        return "not_onboarded"
    if (on - first_paid_on).days < SHORTEST_TENURE:
        return "tenure"
    if signals["health_score"] is None or signals["health_score"] < GOOD_HEALTH:
        return "health"
    if not signals["contract_value"] > 0:
        return "no_contract_value"
    oldest = on - timedelta(days=DECLINE_COUNTS_FOR - 1)
    if any(oldest <= moment.date() <= on for moment in crm.declines.get(account_id, [])):
        return "declined"
    return None


def all_stages(billing: Billing, crm: Crm, signals: dict, clock: Clock) -> dict[str, dict[date, dict]]:
    """Stage by account and closed day since the account's first paid day."""
    stages: dict[str, dict[date, dict]] = {}
    for account_id in billing.daily:
        first = billing.first_paid_on(account_id)
        for on in days(first, clock.last_closed_on):
            row = signals[account_id].get(on)
            reason = stage_reason(crm, account_id, on, first, row)
            stages.setdefault(account_id, {})[on] = {
                "account_id": account_id,
                "signal_on": on,
                "tenure_days": (on - first).days,
                "tier": row["tier"] if row else None,
                "segment": crm.segment(account_id, on),
                "contract_value": row["contract_value"] if row else None,
                "is_in_stage": reason is None,
                "stage_reason": reason,
            }
    return stages
