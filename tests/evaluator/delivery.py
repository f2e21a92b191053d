"""When a firing goes out, by when it must be handled, who owns it and whom it addresses."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .crm import Crm
from .engine import Facts, firing_id, is_held_out, scope_reason, second_look
from .episodes import Candidate
from .loading import Seeds, day, items, label, number, whole

OPENS, CLOSES = time(8), time(18)
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
        roles = seeds.rows(
            "roles", {"role": label, "person_field": label, "fallback_role": label, "queue_email": label}
        )
        self.queues = {row["role"]: row["queue_email"] for row in roles if row["queue_email"]}
        self.manned = {
            row["role"] for row in roles if row["person_field"] or row["fallback_role"] or row["queue_email"]
        }
        self.outward = {"email", "in_app"}
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

    def is_automatic(self, rule: dict | None) -> bool:
        """Whether the rule's role is nobody: no person, no stand-in, no queue."""
        return rule is not None and rule["owner_role"] not in self.manned

    def reaches_customer(self, rule: dict | None) -> bool:
        return rule is not None and bool(set((rule["channels"] or "").split("|")) & self.outward)

    def due_at(self, candidate: Candidate, facts: Facts) -> datetime:
        """When a candidate is delivered, moved to the send window where it goes to a customer by itself."""
        timing = candidate.trigger["timing"]
        account = facts.crm.account(candidate.account_id)
        zone, _ = time_zone(account["time_zone"])
        country = account["country_code"]
        due = self.deliver_at(timing, candidate.moment, zone, country)
        rule = self.route(candidate.trigger["trigger_id"], facts.row(candidate))
        if timing == "immediate" or not self.is_automatic(rule) or not self.reaches_customer(rule):
            return due
        local = due.replace(tzinfo=UTC).astimezone(zone)
        if self.is_business_day(local.date(), country) and OPENS <= local.time() <= CLOSES:
            return due
        on = local.date() if local.time() < OPENS else local.date() + timedelta(days=1)
        while not self.is_business_day(on, country):
            on += timedelta(days=1)
        return datetime.combine(on, OPENS, tzinfo=zone).astimezone(UTC).replace(tzinfo=None)

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
    _, is_known = time_zone(account["time_zone"])
    rule = delivery.route(trigger["trigger_id"], row)
    timing = trigger["timing"]
    deliver_at = delivery.due_at(candidate, facts)
    if timing == "immediate":
        sla_due_at = deliver_at + timedelta(minutes=25)
    elif timing == "within_24h":
        sla_due_at = deliver_at + timedelta(hours=24)
    else:
        sla_due_at = deliver_at + timedelta(minutes=rule["sla_minutes"]) if rule else None
    owner_role, owner_email = delivery.owner(rule, account, facts.crm)
    user_id = candidate.recipient_user_id
    expires_at = deliver_at + timedelta(days=1 if timing == "immediate" else 7)
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
        "expires_at": expires_at,
        "priority": trigger["priority"],
        "is_reachable": bool(user_id) or facts.crm.is_anybody_there(account_id),
        "is_limited": timing != "immediate" and delivery.is_automatic(rule),
        "is_outward": delivery.reaches_customer(rule),
        "cancelled_because": cancelled_because(candidate, facts, deliver_at, expires_at),
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


def cancelled_because(candidate: Candidate, facts: Facts, deliver_at: datetime, expires_at: datetime) -> str | None:
    """What stops an undelivered firing: on the look when it falls due, else on today's, the last one at its expiry."""
    as_of = facts.crm.clock.as_of
    looks = [deliver_at] if deliver_at <= as_of else []
    reasons = (second_look(candidate, facts, look_at) for look_at in [*looks, min(as_of, expires_at)])
    return next(filter(None, reasons), None)


def hold_back(firings: list[dict], crm: Crm) -> list[dict]:
    """Each firing with what holds its message back: nobody to write to, or a limit on contact."""
    told: dict[str, list[datetime]] = {}
    for row in firings:
        row["held_back_reason"] = None
    for row in sorted(
        firings, key=lambda row: (row["deliver_at"], row["priority"], row["trigger_id"], row["triggered_at"])
    ):
        silent = row["is_shadow"] or row["is_holdout"] or row["cancelled_because"]
        if silent or not row["is_outward"]:
            continue
        if not row["is_reachable"]:
            row["held_back_reason"] = "nobody_to_write_to"
            continue
        at, before = row["deliver_at"], told.setdefault(crm.family(row["account_id"]), [])
        if row["is_limited"]:
            if any(at - other < timedelta(days=2) for other in before):
                row["held_back_reason"] = "min_days_between_messages"
            elif sum(at - other < timedelta(days=30) for other in before) >= 4:
                row["held_back_reason"] = "max_messages_30d"
        if row["held_back_reason"] is None:
            before.append(at)
    return firings
