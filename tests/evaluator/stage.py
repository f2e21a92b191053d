"""The expansion stage: which accounts may be offered more, and the first reason why not."""

from datetime import date, timedelta

from .billing import Billing
from .clock import Clock, close_of, days, midnight
from .crm import Crm

#: `vars: stage` where nothing else is said.
STAGE = {"tenure_days": 60, "decline_days": 90, "health_bands": ["excellent", "good"], "onboarding": "required"}
GOOD_HEALTH = 60
EXCELLENT_HEALTH = 80


def health_band(score) -> str:
    if score is None:
        return "unknown"
    return "excellent" if score >= EXCELLENT_HEALTH else "good" if score >= GOOD_HEALTH else "at_risk"


def is_onboarded(onboarded_on: date | None, on: date, asked: str) -> bool:
    """Onboarding completed by the close of the day, as far as it is asked for: `required`, `when_known`, `ignored`."""
    if asked == "ignored" or (asked == "when_known" and onboarded_on is None):
        return True
    return onboarded_on is not None and midnight(onboarded_on) < close_of(on)


def stage_reason(
    crm: Crm, account_id: str, on: date, first_paid_on: date, signals: dict | None, stage: dict
) -> str | None:
    """The first failing test, null when the account is in the stage at the close of the day."""
    if signals is None:
        return "churned"
    if not is_onboarded(crm.account(account_id)["onboarding_completed_date"], on, stage["onboarding"]):
        return "not_onboarded"
    if (on - first_paid_on).days < stage["tenure_days"]:
        return "tenure"
    if health_band(signals["health_score"]) not in stage["health_bands"]:
        return "health"
    if not signals["contract_value"] > 0:
        return "no_contract_value"
    oldest = on - timedelta(days=stage["decline_days"] - 1)
    if crm.has_declined(account_id, oldest, on):
        return "declined"
    return None


def all_stages(
    billing: Billing, crm: Crm, signals: dict, clock: Clock, stage: dict | None = None
) -> dict[str, dict[date, dict]]:
    """Stage by account and closed day since the account's first paid day; before it, it is `never_paid`."""
    settings = STAGE | (stage or {})
    stages: dict[str, dict[date, dict]] = {}
    for account_id in billing.daily:
        first = billing.first_paid_on(account_id)
        for on in days(first, clock.last_closed_on):
            row = signals[account_id].get(on)
            reason = stage_reason(crm, account_id, on, first, row, settings)
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
