"""Clocks: until when each domain has landed, and where days are missing. Nothing here asks what time it is now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from .finding import Finding, Severity, counted, percent
from .landing import Landing

CONCERN = "clocks"
GAP_DAYS = 3
BEHIND_DAYS = 3
FAR_BEHIND_DAYS = 30
SHORT_HISTORY_DAYS = 90
# As quality/suites/landing_events.json has it.
STOPPING_SHARE = 0.2

NEWEST = {
    "billing": "select max(greatest(created, coalesce(status_transitions_paid_at, created))) from stripe__invoice",
    "CRM": (
        "select max(moment) from (select max(created_at) as moment from accounts union all select max(created_at) from deals"
        " union all select max(created_at) from titles union all select max(created_date) from salesforce__task"
        " union all select max(created_at) from hubspot__engagement)"
    ),
    "support": "select max(created_at) from zendesk__ticket",
}


def check(landing: Landing) -> list[Finding]:
    days = landing.ask("select day, events from event_days order by day")
    if not days:
        return []
    return [*_gaps(days), *_behind(landing, days[-1][0]), *_late(landing)]


def _gaps(days: list[tuple[date, int]]) -> Iterator[Finding]:
    total = sum(count for _, count in days)
    gaps = [
        (before[0], after[0])
        for before, after in zip(days, days[1:], strict=False)
        if _apart(before[0], after[0]) >= GAP_DAYS
    ]
    newest = days[-1][0]
    if gaps:
        start, end = gaps[-1]
        after = sum(count for day, count in days if day >= end)
        if after < total / 1000 and _apart(start, newest) > FAR_BEHIND_DAYS:
            yield Finding(
                Severity.SILENCES, CONCERN,
                f"{counted(after, 'product event')} of {end} and later {'was' if after == 1 else 'were'} received {counted(_apart(start, end), 'day')} after all"
                f" others, which end on {start}: everything is judged as of {newest}. Remove such rows, or build with --as-of.",
                rank=6,
            )  # fmt: skip
            gaps = gaps[:-1]
    if gaps:
        shown = [
            f"{start} to {end} ({_apart(start, end)} days)"
            for start, end in sorted(gaps, key=lambda gap: _apart(*gap))[-3:]
        ]
        yield Finding(
            Severity.KNOW, CONCERN,
            f"No product event was received from {', '.join(shown)}{' and in other gaps' if len(gaps) > 3 else ''}: windows over such days count too little.",
            rank=4,
        )  # fmt: skip
    if _apart(days[0][0], newest) < SHORT_HISTORY_DAYS:
        yield Finding(
            Severity.KNOW, CONCERN,
            f"Product events reach back {counted(_apart(days[0][0], newest), 'day')} only ({days[0][0]} to {newest}): signals of a longer window are unknown until"
            " then, and validation needs months.", rank=2,
        )  # fmt: skip


def _behind(landing: Landing, newest: date) -> Iterator[Finding]:
    for domain, query in NEWEST.items():
        ((moment,),) = landing.ask(query)
        if moment is None:
            continue
        behind = _apart(moment.date(), newest)
        if behind > FAR_BEHIND_DAYS:
            what = (
                "an account is paying only while its billing says so, so that accounts look churned on that day"
                if domain == "billing"
                else "what happened since is not seen"
            )
            yield Finding(
                Severity.SILENCES if domain == "billing" else Severity.KNOW, CONCERN,
                f"The newest row of {domain} is of {moment:%Y-%m-%d}, {behind} days before the newest product event ({newest}), which is"
                f" the clock: {what}. Land it anew, or build with --as-of {moment:%Y-%m-%d}.", rank=7,
            )  # fmt: skip
        elif behind > BEHIND_DAYS and domain == "billing":
            yield Finding(
                Severity.KNOW, CONCERN,
                f"The newest row of {domain} is of {moment:%Y-%m-%d}, {behind} days before the newest product event ({newest}).", rank=2,
            )  # fmt: skip
        elif -behind > BEHIND_DAYS:
            yield Finding(
                Severity.SILENCES if -behind > FAR_BEHIND_DAYS else Severity.KNOW, CONCERN,
                f"The newest row of {domain} is of {moment:%Y-%m-%d}, {-behind} days after the newest product event ({newest}), which is the clock: what"
                " came later is not seen. Land newer product events.", rank=6,
            )  # fmt: skip


def _late(landing: Landing) -> Iterator[Finding]:
    limit = int(landing.settings.variables.get("late_arrival_days", 3))
    ((events, late, early),) = landing.ask(
        "select count(*), count(*) filter (where received_at >= date_trunc('day', event_at) + to_days(? + 1)),"
        " count(*) filter (where event_at > received_at + interval 1 day) from events",
        [limit],
    )
    if late > events / 20:
        stops = late > events * STOPPING_SHARE
        yield Finding(
            Severity.STOPS if stops else Severity.KNOW, CONCERN,
            f"{percent(late, events)} of the product events were received more than {limit} days after they happened, and do not count"
            + (f"; above {percent(STOPPING_SHARE, 1)} the quality gate stops" if stops else "")
            + ". If they were loaded later from an archive, set received_at to the time of the event, or raise late_arrival_days.", rank=5,
        )  # fmt: skip
    if early > events * STOPPING_SHARE:
        yield Finding(
            Severity.STOPS, CONCERN,
            f"{percent(early, events)} of the product events claim a time more than a day after their receipt: timestamp and received_at may be exchanged,"
            " and the quality gate stops.", rank=5,
        )  # fmt: skip


def _apart(start: date, end: date) -> int:
    return (end - start).days
