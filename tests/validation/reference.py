"""The lift computed a second time in plain Python, from the specification and the drawn tables alone."""

from __future__ import annotations

import hashlib
import math
from collections import defaultdict
from datetime import date, datetime, timedelta

import pandas as pd

PRIME = 2**31 - 1
NEVER = datetime(2999, 12, 31)


def number(text: str, start: int) -> int:
    """Eight hex digits of the md5 of a text, counted from 1."""
    return int(hashlib.md5(text.encode()).hexdigest()[start - 1 : start + 7], 16)


def band(tenure: int) -> int:
    """First day of the tenure band."""
    return 365 if tenure >= 365 else 180 if tenure >= 180 else 60 if tenure >= 60 else 0


class World:
    """One world's tables as dictionaries; brute force over them."""

    def __init__(self, tables: dict[str, pd.DataFrame]) -> None:
        self.as_of = tables["clock"]["as_of"][0].to_pydatetime()
        self.days = {
            (row.account_id, row.signal_on.date()): row
            for row in tables["stage_daily"].itertuples()
            if row.stage_reason != "churned"
        }
        self.first_day = min(day for _, day in self.days)
        self.by_day = defaultdict(list)
        for (account, day), row in self.days.items():
            self.by_day[day].append((account, row))
        self.triggers = {row.trigger_id: row for row in tables["triggers"].itertuples()}
        self.episodes = defaultdict(list)
        for row in tables["episodes"].sort_values("triggered_at").itertuples():
            kind = self.triggers[row.trigger_id].kind
            start = row.triggered_at.to_pydatetime()
            if kind == "event":
                end = start
            else:
                end = (
                    NEVER
                    if pd.isna(row.ended_on)
                    else datetime.combine(row.ended_on.date(), datetime.min.time()) + timedelta(1)
                )
            self.episodes[row.trigger_id, row.account_id].append((start, end))
        self.outcomes = defaultdict(list)
        for row in tables["expansions"].itertuples():
            self.outcomes["expansion", row.account_id].append(row.expanded_at.to_pydatetime())
        for row in tables["movements"].itertuples():
            if row.movement_type in ("contraction", "churn"):
                self.outcomes["loss", row.account_id].append(row.moved_at.to_pydatetime())

    def eligible(self, trigger: object, account: str, day: date) -> object | None:
        """The account's day where it is in stage and scope at that close."""
        row = self.days.get((account, day))
        if row is None or (trigger.requires_stage and not row.is_in_stage):
            return None
        if trigger.tiers and row.tier not in trigger.tiers.split("|"):
            return None
        return row

    def exposed(
        self, trigger_id: str, account: str, moment: datetime, window: int, but: datetime | None = None
    ) -> bool:
        """Whether an episode was open or started in the window up to the moment."""
        since = moment - timedelta(window)
        return any(
            start <= moment and end > since and start != but for start, end in self.episodes[trigger_id, account]
        )

    def had_outcome(self, trigger: object, account: str, moment: datetime, window: int) -> bool:
        """Whether the trigger's outcome came within the window after the moment."""
        kind = "loss" if trigger.category == "risk" else "expansion"
        return any(moment < at <= moment + timedelta(window) for at in self.outcomes[kind, account])

    def index_events(self, trigger_id: str, window: int) -> list[dict]:
        """Complete index events."""
        trigger, events = self.triggers[trigger_id], []
        for (of, account), spans in self.episodes.items():
            if of != trigger_id:
                continue
            for start, _ in spans:
                day = start.date() - timedelta(1)
                row = self.eligible(trigger, account, day)
                seen = trigger.kind == "event" or day > self.first_day
                complete = start + timedelta(window) <= self.as_of
                if row is None or not seen or not complete or self.exposed(trigger_id, account, start, window, start):
                    continue
                events.append(
                    {
                        "account": account,
                        "moment": start,
                        "stratum": (row.tier, row.segment, band(row.tenure_days)),
                        "outcome": self.had_outcome(trigger, account, start, window),
                    }
                )
        return events

    def risk_sets(self, trigger_id: str, window: int) -> list[tuple[list[dict], list[tuple[str, bool]]]]:
        """Index events and controls of every set."""
        trigger, sets = self.triggers[trigger_id], defaultdict(list)
        for event in self.index_events(trigger_id, window):
            sets[event["moment"].date(), event["stratum"]].append(event)
        result = []
        for (day, stratum), events in sets.items():
            seed = f"{trigger_id}|{day.isoformat()}"
            mult, shift = 1 + number(seed, 1) % (PRIME - 1), number(seed, 9) % PRIME
            moment = datetime.combine(day, datetime.min.time())
            taken = {event["account"] for event in events}
            candidates = []
            for account, row in self.by_day[day - timedelta(1)]:
                if (row.tier, row.segment, band(row.tenure_days)) != stratum or account in taken:
                    continue
                if self.eligible(trigger, account, day - timedelta(1)) is None:
                    continue
                if not self.exposed(trigger_id, account, moment, window):
                    candidates.append(((mult * (number(account, 1) % PRIME) + shift) % PRIME, account))
            controls = [account for _, account in sorted(candidates)[: 4 * len(events)]]
            result.append(
                (events, [(account, self.had_outcome(trigger, account, moment, window)) for account in controls])
            )
        return result

    def lift(self, trigger_id: str, window: int) -> dict[str, float | None]:
        """The row of cohort all, basis all."""
        sets = [(events, controls) for events, controls in self.risk_sets(trigger_id, window)]
        matched = [(events, controls) for events, controls in sets if controls]
        r = s = term = 0.0
        seen = [0, 0]
        top, bottom = defaultdict(float), defaultdict(float)
        for events, controls in matched:
            n1, n0 = len(events), len(controls)
            a, c, n = sum(e["outcome"] for e in events), sum(y for _, y in controls), n1 + n0
            r, s = r + a * n0 / n, s + c * n1 / n
            seen = [seen[0] + a, seen[1] + c]
            term += ((a + c) * n1 * n0 - a * c * n) / n**2
            top[events[0]["stratum"]] += c * n1 / n
            bottom[events[0]["stratum"]] += n1 * n0 / n
        a_of, b_of = defaultdict(float), defaultdict(float)
        for events, controls in matched:
            n1, n0, stratum = len(events), len(controls), events[0]["stratum"]
            w, v, p = n0 / (n1 + n0), n1 / (n1 + n0), top[stratum] / bottom[stratum]
            for event in events:
                a_of[event["account"]] += w * event["outcome"]
                b_of[event["account"]] += w * p
            for account, y in controls:
                b_of[account] += v * (y - p)
        accounts = set(a_of) | set(b_of)
        row = {
            "n_index": sum(len(events) for events, _ in sets),
            "n_matched": sum(len(events) for events, _ in matched),
            "n_controls": sum(len(controls) for _, controls in matched),
            "n_control_accounts": len({account for _, controls in matched for account, _ in controls}),
            "risk_ratio": None,
            "risk_ratio_se": None,
            "risk_ratio_se_greenland_robins": None,
        }
        if r > 0 and s > 0:
            ratio, g = r / s, len(accounts)
            square = sum((a_of[x] - ratio * b_of[x]) ** 2 for x in accounts)
            clustered, independent = math.sqrt(g / (g - 1) * square) / r if g > 1 else None, math.sqrt(term / (r * s))
            row["risk_ratio"] = ratio
            if sum(seen) >= 3 and clustered is not None:
                row["risk_ratio_se"] = max(clustered, independent) if min(seen) < 10 else clustered
            row["risk_ratio_se_greenland_robins"] = independent
        return row

    def within(self, trigger_id: str, window: int) -> float | None:
        """The ratio of basis within, cohort all."""
        trigger, r, s = self.triggers[trigger_id], 0.0, 0.0
        events = defaultdict(list)
        for event in self.index_events(trigger_id, window):
            events[event["account"]].append(event["outcome"])
        for account, outcomes in events.items():
            controls = []
            for of, day in self.days:
                moment = datetime.combine(day, datetime.min.time()) + timedelta(1)
                if of != account or (day - date(2000, 1, 1)).days % 15 or moment + timedelta(window) > self.as_of:
                    continue
                if self.eligible(trigger, account, day) and not self.exposed(trigger_id, account, moment, window):
                    controls.append(self.had_outcome(trigger, account, moment, window))
            n1, n0 = len(outcomes), len(controls)
            if n0:
                r, s = r + sum(outcomes) * n0 / (n1 + n0), s + sum(controls) * n1 / (n1 + n0)
        return r / s if r > 0 and s > 0 else None
