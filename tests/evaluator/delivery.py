"""When a firing goes out, by when it must be handled, who owns it and whom it addresses."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .crm import Crm
from .engine import Facts, firing_id, is_held_out, scope_reason
from .episodes import Candidate
from .loading import Seeds, day, items, label, number, whole

OPENING = {"next_business_day_10am": time(10), "next_business_day": time(9)}


class Delivery:
    """The seeds that route and time firings."""

    def __init__(self, seeds: Seeds):
        self.rules = sorted(
            seeds.rows(
                "routing_rules",
                {
                    "rule_id": label,
                    "priority": whole,
                    "trigger_ids": items,
                    "tiers": items,
                    "segments": items,
                    "min_contract_value": number,
                    "owner_role": label,
                    "motion": label,
                    "channels": label,
                    "sla_minutes": whole,
                },
            ),
            key=lambda rule: (rule["priority"], rule["rule_id"]),
        )
        self.queues = {
            row[role]: row["queue_email"]
            for seed, role in (("owner_queues", "owner_role"), ("roles", "role"))
            for row in seeds.rows(seed, {role: label, "queue_email": label})
            if row["queue_email"]
        }
        self.holidays = {
            (row["country_code"], row["holiday_on"])
            for row in seeds.rows("business_holidays", {"country_code": label, "holiday_on": day})
        }

    def route(self, trigger_id: str, row: dict) -> dict | None:
        for rule in self.rules:
            named = not rule["trigger_ids"] or trigger_id in rule["trigger_ids"]
            if named and scope_reason(rule, row) is None:
                return rule
        return None

    def deliver_at(self, timing: str, moment: datetime, zone: ZoneInfo, country: str | None) -> datetime:
        if timing in ("immediate", "within_24h"):
            return moment
        if timing == "after_48h":
            return moment + timedelta(hours=48)
        local_date = moment.replace(tzinfo=UTC).astimezone(zone).date()
        business_day = local_date + timedelta(days=1)
        while not self.is_business_day(business_day, country):
            business_day += timedelta(days=1)
        local = datetime.combine(business_day, OPENING[timing], tzinfo=zone)
        return local.astimezone(UTC).replace(tzinfo=None)

    def is_business_day(self, on: date, country: str | None) -> bool:
        return on.weekday() < 5 and (country, on) not in self.holidays

    def owner(self, rule: dict | None, account: dict, crm: Crm) -> tuple[str, str | None]:
        """Role and e-mail: the role's own person, then the other one, then the role's queue."""
        role = rule["owner_role"] if rule else None
        if role == "automation":
            return role, None
        order = {
            "AE": ("owner_id", "customer_success_manager_id"),
            "CSM": ("customer_success_manager_id", "owner_id"),
        }
        for column in order.get(role, ()):
            person = crm.people.get(account[column])
            if person and person["email"]:
                return role, person["email"]
        if role in self.queues:
            return role, self.queues[role]
        return "unassigned", None


def time_zone(name: str | None) -> tuple[ZoneInfo, bool]:
    """The zone, and whether it is known."""
    try:
        return (ZoneInfo(name), True) if name else (ZoneInfo("UTC"), False)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC"), False


def firing(candidate: Candidate, facts: Facts, delivery: Delivery) -> dict:
    """The full row of a candidate that fired."""
    trigger, account_id, moment = candidate.trigger, candidate.account_id, candidate.moment
    account, row = facts.crm.account(account_id), facts.row(candidate)
    zone, is_known = time_zone(account["time_zone"])
    rule = delivery.route(trigger["trigger_id"], row)
    timing = trigger["timing"]
    deliver_at = delivery.deliver_at(timing, moment, zone, account["country_code"])
    if timing == "immediate":
        sla_due_at = moment + timedelta(minutes=25)
    elif timing == "within_24h":
        sla_due_at = moment + timedelta(hours=24)
    else:
        sla_due_at = deliver_at + timedelta(minutes=rule["sla_minutes"]) if rule else None
    owner_role, owner_email = delivery.owner(rule, account, facts.crm)
    user_id = candidate.recipient_user_id
    return {
        "firing_id": firing_id(trigger["trigger_id"], account_id, moment),
        "trigger_id": trigger["trigger_id"],
        "trigger_version": trigger["version"],
        "account_id": account_id,
        "triggered_at": moment,
        "episode_at": candidate.episode_at,
        "deliver_at": deliver_at,
        "is_time_zone_known": is_known,
        "sla_due_at": sla_due_at,
        "expires_at": deliver_at + timedelta(days=1 if timing == "immediate" else 7),
        "message_group": trigger["message_group"],
        "is_shadow": candidate.is_shadow,
        "is_holdout": is_held_out(trigger, account_id),
        "motion": rule["motion"] if rule else None,
        "owner_role": owner_role,
        "owner_email": owner_email,
        "recipient_user_id": user_id,
        "recipient_contact_id": None if user_id else facts.crm.newest_contact(account_id, moment),
        "channels": rule["channels"] if rule else None,
        "play_id": trigger["play_id"],
    }
