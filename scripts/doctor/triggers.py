"""Triggers that cannot fire, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from . import tracking
from .finding import Finding, Severity, listed, nearest
from .landing import Landing
from .needs import Needs

CONCERN = "triggers"


def check(landing: Landing) -> list[Finding]:
    if not landing.ask("select 1 from accounts limit 1"):
        return []
    return [*_unnamed_actions(landing), *_cannot_fire(landing)]


def _living(landing: Landing) -> list[dict[str, str]]:
    return [row for row in landing.settings.seed("trigger_library").rows if row.get("status") != "retired"]


def _unnamed_actions(landing: Landing) -> Iterator[Finding]:
    """A fault of the library that stops every build."""
    actions = set(landing.settings.seed("tracking_plan").values("action"))
    for row in landing.settings.seed("trigger_library").rows:
        action = row.get("event_action", "")
        if row.get("kind") == "event" and action not in actions:
            near = nearest(action, actions)
            yield Finding(
                Severity.STOPS, CONCERN,
                f"The trigger {row['trigger_id']} waits for the action {action or '(empty)'}, which no row of tracking_plan.csv has."
                + (f" The nearest name there is: {near}." if near else ""), rank=6,
            )  # fmt: skip


def _cannot_fire(landing: Landing) -> Iterator[Finding]:
    """One finding a reason, with all triggers that it silences."""
    needs = Needs(landing)
    conditions = defaultdict(list)
    for row in landing.settings.seed("trigger_conditions").rows:
        conditions[row["trigger_id"]].append(row["signal"])
    silenced: dict[str, list[dict[str, str]]] = defaultdict(list)
    for trigger in _living(landing):
        reason = _reason(landing, needs, trigger, conditions[trigger["trigger_id"]])
        if reason:
            silenced[reason].append(trigger)
    for reason, triggers in silenced.items():
        active = [trigger for trigger in triggers if trigger.get("status") == "active"]
        names = [trigger["trigger_id"] for trigger in (active or triggers)]
        rest = len(triggers) - len(names)
        where = "" if active else " (in shadow)"
        also = f", and {rest} in shadow" if rest else ""
        told = (
            f"The trigger {names[0]}{where} cannot fire{also}, since {reason}."
            if len(names) == 1
            else f"{len(names)} triggers{where} cannot fire, since {reason}: {listed(names, 8)}{also}."
        )
        yield Finding(Severity.SILENCES if active else Severity.KNOW, CONCERN, told, rank=3 + len(names) / 10)
    active = [trigger for trigger in _living(landing) if trigger.get("status") == "active"]
    if not active:
        yield Finding(
            Severity.SILENCES,
            CONCERN,
            "No trigger is active in trigger_library.csv: all of them run in shadow, and nothing is delivered.",
            rank=9,
        )


def _reason(landing: Landing, needs: Needs, trigger: dict[str, str], signals: list[str]) -> str | None:
    if trigger.get("kind") == "event":
        action = trigger.get("event_action", "")
        if action in landing.settings.seed("tracking_plan").values("action") and not tracking.counted_actions(
            landing
        ).get(action):
            return tracking.not_seen(landing, action)
    for signal in signals:
        if unmet := needs.lacking(signal):
            return f"{signal} is unknown: {unmet}"
    return _scope(landing, trigger)


def _scope(landing: Landing, trigger: dict[str, str]) -> str | None:
    """A tier that no billed plan gives, or a segment that is not defined."""
    tiers = [tier for tier in trigger.get("tiers", "").split("|") if tier]
    landed = {
        value for row in landing.ask("select product_id, name from products where lines + items > 0") for value in row
    }
    given = {row.get("tier") for row in landing.settings.seed("plans").rows if row.get("product") in landed}
    if tiers and not set(tiers) & given:
        return f"no plan that is billed gives the tier {' or '.join(tiers)}"
    segments = [segment for segment in trigger.get("segments", "").split("|") if segment]
    if segments and not set(segments) & set(landing.settings.seed("segments").values("segment")):
        return f"segments.csv has no {' or '.join(segments)}"
    return None
