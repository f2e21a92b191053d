"""Scope, stage, exclusions and cooldown: which candidates fire and why the others do not."""

import hashlib
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from .billing import Billing
from .crm import Crm
from .episodes import Candidate, all_hold
from .support import Support


@dataclass
class Facts:
    """Everything that a candidate is judged by."""

    signals: dict[str, dict[date, dict]]
    stages: dict[str, dict[date, dict]]
    billing: Billing
    support: Support
    crm: Crm

    def row(self, candidate: Candidate) -> dict:
        return self.stages.get(candidate.account_id, {}).get(candidate.on) or {}


def scope_reason(trigger: dict, row: dict) -> str | None:
    """The first part of a scope that a day's tier, segment and contract value do not meet."""
    if trigger["tiers"] and row.get("tier") not in trigger["tiers"]:
        return "tier"
    if trigger["segments"] and row.get("segment") not in trigger["segments"]:
        return "segment"
    least = trigger["min_contract_value"]
    if least is not None and (row.get("contract_value") is None or row["contract_value"] < least):
        return "contract_value"
    return None


def stage_reason(candidate: Candidate, facts: Facts) -> str | None:
    stage = facts.stages.get(candidate.account_id, {}).get(candidate.on)
    # There is a stage from the first paid day on.
    return stage["stage_reason"] if stage else "never_paid"


def is_excluded(reason: str, candidate: Candidate, facts: Facts) -> bool:
    account_id, moment, on = candidate.account_id, candidate.moment, candidate.on
    if reason == "open_expansion_opportunity":
        return facts.crm.has_open_expansion(account_id, moment)
    if reason == "open_urgent_ticket":
        return any(ticket.is_pressing(moment, facts.crm.clock) for ticket in facts.support.tickets(account_id))
    if reason == "invoice_past_due":
        judged_on = moment.date() if candidate.trigger["kind"] == "event" else on
        return facts.billing.days_past_due(account_id, judged_on, moment) >= 1
    if reason == "opted_out":
        return facts.crm.has_opted_out(account_id, moment)
    return any(
        expansion["account_id"] == account_id
        and expansion["expansion_type"] in candidate.trigger["expansion_types"]
        and on - timedelta(days=13) <= expansion["expanded_on"] <= on
        for expansion in facts.billing.expansions
    )


EXCLUSIONS = (
    "open_expansion_opportunity",
    "open_urgent_ticket",
    "invoice_past_due",
    "opted_out",
    "recently_expanded",
)


def obstacle(candidate: Candidate, facts: Facts) -> tuple[str, str] | None:
    """The first thing before the cooldown that stops a candidate."""
    if reason := scope_reason(candidate.trigger, facts.row(candidate)):
        return "scope", reason
    if candidate.trigger["requires_stage"] and (reason := stage_reason(candidate, facts)):
        return "stage", reason
    for reason in EXCLUSIONS:
        if reason in candidate.trigger["exclusions"] and is_excluded(reason, candidate, facts):
            return "exclusion", reason
    return None


def firing_id(trigger_id: str, account_id: str, moment: datetime) -> str:
    spelled = moment.strftime("%Y-%m-%dT%H:%M:%S.%f") + "Z"
    return hashlib.md5(f"{trigger_id}|{account_id}|{spelled}".encode()).hexdigest()


def is_held_out(trigger: dict, account_id: str) -> bool:
    digest = hashlib.md5(f"{account_id}|{trigger['message_group']}".encode()).hexdigest()
    return int(digest[:8], 16) % 10_000 < trigger["holdout_pct"] * 100


def second_look(candidate: Candidate, facts: Facts, look_at: datetime) -> str | None:
    """The first thing that stops a message at a look before it is sent, by the rules that let it fire."""
    trigger, account_id, on = candidate.trigger, candidate.account_id, look_at.date() - timedelta(days=1)
    then = replace(candidate, moment=look_at, on=on)
    reason = stage_reason(then, facts)
    if reason == "churned" or (reason and trigger["requires_stage"]):
        return reason
    for exclusion in EXCLUSIONS:
        if exclusion in trigger["exclusions"] and is_excluded(exclusion, then, facts):
            return exclusion
    if any(
        expansion["account_id"] == account_id
        and expansion["expansion_type"] in trigger["expansion_types"]
        and candidate.moment <= expansion["expanded_at"] < look_at
        for expansion in facts.billing.expansions
    ):
        return "expanded"
    given = [answer for answer, at in facts.crm.answers.get(account_id, []) if candidate.moment <= at < look_at]
    if given and trigger["requires_stage"]:
        return min(given)
    asks = trigger["kind"] == "daily" and trigger["recheck_conditions"] and trigger["conditions"]
    if asks and not all_hold(trigger, facts.signals.get(account_id, {}).get(on)):
        return "conditions"
    return None


def decide(
    candidates: list[Candidate], facts: Facts, due_at: Callable[[Candidate], datetime]
) -> list[tuple[Candidate, tuple[str, str] | None]]:
    """Each candidate with what stopped it, null for a firing.

    One clock per account and message group runs over active firings; in shadow each trigger minds its own. What is
    cancelled on the look at `due_at` holds the clock until then.
    """
    fired: dict[tuple, list[tuple[datetime, datetime]]] = defaultdict(list)
    decided = []
    for candidate in sorted(
        candidates, key=lambda c: (c.moment, c.trigger["priority"], c.trigger["trigger_id"], c.account_id)
    ):
        trigger = candidate.trigger
        clock = trigger["trigger_id"] if candidate.is_shadow else trigger["message_group"]
        earlier = fired[candidate.account_id, candidate.is_shadow, clock]
        stopped_by = obstacle(candidate, facts)
        rests_since = candidate.moment - timedelta(days=trigger["cooldown_days"])
        if stopped_by is None and any(rests_since < moment <= candidate.moment < until for moment, until in earlier):
            stopped_by = ("cooldown", "cooldown")
        if stopped_by is None:
            due = due_at(candidate)
            is_released = due <= facts.crm.clock.as_of and second_look(candidate, facts, due) is not None
            earlier.append((candidate.moment, due if is_released else datetime.max))
        decided.append((candidate, stopped_by))
    return decided


def suppressions(decided) -> list[dict]:
    """Once per account, trigger, episode, shadow and reason, with how long and how often."""
    grouped: dict[tuple, list[datetime]] = defaultdict(list)
    for candidate, stopped_by in decided:
        if stopped_by:
            key = (candidate.account_id, candidate.trigger["trigger_id"], candidate.episode_at)
            grouped[(*key, candidate.is_shadow, *stopped_by)].append(candidate.moment)
    return [
        {
            "account_id": account_id,
            "trigger_id": trigger_id,
            "triggered_at": triggered_at,
            "is_shadow": is_shadow,
            "reason_type": reason_type,
            "reason": reason,
            "first_at": min(moments),
            "last_at": max(moments),
            "candidates": len(moments),
        }
        for (account_id, trigger_id, triggered_at, is_shadow, reason_type, reason), moments in sorted(grouped.items())
    ]
