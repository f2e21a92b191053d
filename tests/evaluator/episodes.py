"""From conditions to episodes and the candidates in them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from .arithmetic import exact
from .clock import ONE_DAY, Clock, close_of, days
from .loading import Seeds, boolean, items, label, number, timestamp, whole
from .product import Product


@dataclass
class Candidate:
    """A moment at which a trigger could fire, with the day whose signals are judged."""

    trigger: dict
    account_id: str
    moment: datetime
    on: date
    episode_at: datetime
    recipient_user_id: str | None = None

    @property
    def is_shadow(self) -> bool:
        active_from = self.trigger["active_from"]
        return self.trigger["status"] != "active" or (active_from is not None and self.moment < active_from)


def load_triggers(seeds: Seeds) -> list[dict]:
    """The library without retired triggers, each with its conditions."""
    triggers = seeds.rows(
        "trigger_library",
        {
            "trigger_id": label,
            "kind": label,
            "event_action": label,
            "min_events": whole,
            "for_days": whole,
            "rearm": label,
            "burst_minutes": whole,
            "tiers": items,
            "segments": items,
            "min_contract_value": number,
            "requires_stage": boolean,
            "recheck_conditions": boolean,
            "exclusions": items,
            "message_group": label,
            "cooldown_days": whole,
            "priority": whole,
            "timing": label,
            "expansion_types": items,
            "holdout_pct": number,
            "play_id": label,
            "status": label,
            "active_from": timestamp,
            "version": label,
        },
    )
    conditions = seeds.rows(
        "trigger_conditions",
        {"trigger_id": label, "signal": label, "comparator": label, "threshold": label, "threshold_high": label},
    )
    for trigger in triggers:
        defaults = {
            "min_events": 1,
            "for_days": 1,
            "rearm": "while_true",
            "burst_minutes": 25,
            "requires_stage": True,
            "recheck_conditions": True,
            "cooldown_days": 0,
            "holdout_pct": Fraction(0),
        }
        for column, default in defaults.items():
            trigger[column] = default if trigger[column] is None else trigger[column]
        trigger["conditions"] = [row for row in conditions if row["trigger_id"] == trigger["trigger_id"]]
    return [trigger for trigger in triggers if trigger["status"] != "retired"]


def holds(condition: dict, row: dict | None) -> bool:
    """One condition on one day's signals. Null meets none."""
    value = row.get(condition["signal"]) if row else None
    if value is None:
        return False
    comparator, threshold = condition["comparator"], condition["threshold"]
    if isinstance(value, str):
        return comparator == "=" and value == threshold
    value, threshold = exact(value), exact(threshold)
    if comparator == "between":
        return threshold <= value <= exact(condition["threshold_high"])
    return {
        ">": value > threshold,
        ">=": value >= threshold,
        "<": value < threshold,
        "<=": value <= threshold,
        "=": value == threshold,
    }[comparator]


def all_hold(trigger: dict, row: dict | None) -> bool:
    return all(holds(condition, row) for condition in trigger["conditions"])


def daily_episodes(trigger: dict, account_id: str, signals: dict[date, dict], last: date) -> list[dict]:
    """Unbroken runs of days on which everything holds, from the day they have lasted long enough."""
    episodes, run_start, on = [], None, min(signals)
    while on <= last + ONE_DAY:
        held = on <= last and on in signals and all_hold(trigger, signals[on])
        if held and run_start is None:
            run_start = on
        if not held and run_start is not None:
            started_on = run_start + timedelta(days=trigger["for_days"] - 1)
            if started_on < on:
                ended_on = on - ONE_DAY
                episodes.append(episode(trigger, account_id, started_on, None if ended_on == last else ended_on))
            run_start = None
        on += ONE_DAY
    return episodes


def episode(trigger: dict, account_id: str, started_on: date, ended_on: date | None, triggered_at=None) -> dict:
    return {
        "trigger_id": trigger["trigger_id"],
        "account_id": account_id,
        "started_on": started_on,
        "triggered_at": triggered_at or close_of(started_on),
        "ended_on": ended_on,
        "is_open": ended_on is None,
    }


def daily_candidates(trigger: dict, found: dict, last: date) -> list[Candidate]:
    until = (found["ended_on"] or last) if trigger["rearm"] == "while_true" else found["started_on"]
    return [
        Candidate(trigger, found["account_id"], close_of(on), on, found["triggered_at"])
        for on in days(found["started_on"], until)
    ]


def bursts(trigger: dict, account_id: str, events: list[dict], signals: dict[date, dict]) -> list[Candidate]:
    """Candidates of an event trigger: the first qualifying event of each burst."""
    matching = [event for event in events if event["action"] == trigger["event_action"]]
    length = timedelta(minutes=trigger["burst_minutes"])
    candidates: list[Candidate] = []
    for event in matching:
        moment = event["event_at"]
        recent = [other for other in matching if moment - length <= other["event_at"] <= moment]
        judged_on = moment.date() - ONE_DAY
        qualifies = len(recent) >= trigger["min_events"] and all_hold(trigger, signals.get(judged_on))
        if qualifies and (not candidates or moment - candidates[-1].moment > length):
            candidates.append(Candidate(trigger, account_id, moment, judged_on, moment, first_user(matching, moment)))
    return candidates


def first_user(events: list[dict], moment: datetime) -> str | None:
    """Of several users at one instant the first by name."""
    return min((event["user_id"] for event in events if event["event_at"] == moment and event["user_id"]), default=None)


def all_candidates(
    triggers: list[dict], signals: dict[str, dict[date, dict]], product: Product, clock: Clock
) -> tuple[list[dict], list[Candidate]]:
    episodes, candidates = [], []
    last = clock.last_closed_on
    for trigger in triggers:
        if trigger["kind"] == "event":
            for account_id, facts in product.by_account.items():
                for found in bursts(trigger, account_id, facts.events, signals.get(account_id, {})):
                    candidates.append(found)
                    on = found.moment.date()
                    episodes.append(episode(trigger, account_id, on, on, found.moment))
        else:
            for account_id, own in signals.items():
                for found in daily_episodes(trigger, account_id, own, last):
                    episodes.append(found)
                    candidates += daily_candidates(trigger, found, last)
    return episodes, candidates
