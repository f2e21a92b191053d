"""When a firing leaves, against a walk through time that only asks a clock on the customer's wall.

The walk steps through UTC and looks at the local weekday and time of every step; it adds nothing to local times, so that
it cannot go wrong where a zone changes its clock.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import duckdb
import pandas as pd
import pytest
from support.rendering import TIME, model_sql

#: Zones with a country and two days of 2026 on which they change their clock: by an hour, by half of one, at midnight,
#: or never, beside a change elsewhere; one on a Friday, most on a Sunday.
ZONES = {
    "Europe/Berlin": ("DE", (date(2026, 3, 29), date(2026, 10, 25))),
    "America/New_York": ("US", (date(2026, 3, 8), date(2026, 11, 1))),
    "America/St_Johns": ("CA", (date(2026, 3, 8), date(2026, 11, 1))),
    "America/Santiago": ("CL", (date(2026, 4, 5), date(2026, 9, 6))),
    "Asia/Jerusalem": ("IL", (date(2026, 3, 27), date(2026, 10, 25))),
    "Asia/Kathmandu": ("NP", (date(2026, 3, 29), date(2026, 10, 25))),
    "Australia/Lord_Howe": ("AU", (date(2026, 4, 5), date(2026, 10, 4))),
    "Pacific/Kiritimati": ("KI", (date(2026, 3, 8), date(2026, 11, 1))),
    "Pacific/Pago_Pago": ("AS", (date(2026, 3, 29), date(2026, 10, 25))),
    "UTC": ("", (date(2026, 3, 29), date(2026, 10, 25))),
}
TIMINGS = ["immediate", "within_24h", "after_48h", "next_business_day", "next_business_day_10am"]
STEP, MICROSECOND = timedelta(minutes=15), timedelta(microseconds=1)
DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


@dataclass
class Wall:
    """A customer's clock and calendar, and a company's hours."""

    zone: ZoneInfo
    holidays: set[date]
    working: list[str]
    opens: time
    closes: time

    def shows(self, at: datetime) -> datetime:
        return at.replace(tzinfo=UTC).astimezone(self.zone).replace(tzinfo=None)

    def is_business_day(self, on: date) -> bool:
        return DAYS[on.weekday()] in self.working and on not in self.holidays

    def is_open(self, at: datetime) -> bool:
        local = self.shows(at)
        return self.is_business_day(local.date()) and self.opens <= local.time() <= self.closes


def first(at: datetime, holds) -> datetime:
    """The first moment from `at` on, itself or on a quarter of an hour, of which something holds."""
    if holds(at):
        return at
    at = at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0) + STEP
    while not holds(at):
        at += STEP
    return at


def planned(timing: str, moment: datetime, wall: Wall) -> datetime:
    if timing in ("immediate", "within_24h"):
        return moment
    if timing == "after_48h":
        return moment + timedelta(hours=48)
    hour, today = (10 if timing.endswith("10am") else 9), wall.shows(moment).date()

    def has_opened(at: datetime) -> bool:
        local = wall.shows(at)
        return local.date() > today and wall.is_business_day(local.date()) and local.hour >= hour

    return first(moment, has_opened)


def drawn_moment(rng: random.Random, wall: Wall, timing: str, changes: tuple[date, ...]) -> datetime:
    """Often such that the message would leave at an edge of the window, or a microsecond beside it."""
    on = rng.choice(changes) + timedelta(days=rng.choice([0, 0, 0, -3, -2, -1, 1, 2, 3]))
    edge = rng.choice([wall.opens, wall.closes, time(0), time(1), time(rng.randrange(24), rng.randrange(60))])
    local = datetime.combine(on, edge, tzinfo=wall.zone)
    moment = local.astimezone(UTC).replace(tzinfo=None) + rng.choice([-1, 0, 0, 1]) * MICROSECOND
    return moment - timedelta(hours=48) if timing == "after_48h" else moment


@pytest.mark.parametrize("seed", range(4))
def test_what_goes_to_a_customer_by_itself_leaves_when_the_wall_says_so(seed):
    rng = random.Random(f"quiet hours {seed}")
    opens, closes = rng.choice([("08:00", "18:00"), ("06:30", "09:15"), ("12:00", "23:45"), ("09:00", "09:15")])
    # Most zones change their clock on a Sunday.
    working = DAYS[:5] if seed % 2 else [*rng.sample(DAYS[:6], 3), "sunday"]
    holidays = {
        (country, day + timedelta(days=rng.choice([-3, -2, -1, 1, 2, 3])))
        for country, changes in ZONES.values()
        for day in changes
    }
    rows, expected = [], {}
    for number in range(240):
        name = rng.choice(list(ZONES))
        of_name, changes = ZONES[name]
        closed = {on for country, on in holidays if country == of_name}
        wall = Wall(ZoneInfo(name), closed, working, time.fromisoformat(opens), time.fromisoformat(closes))
        timing, waits = rng.choice(TIMINGS), rng.random() < 0.8
        row = {
            "firing_id": f"f{number:03}",
            "account_id": name,
            "timing": timing,
            "moment": drawn_moment(rng, wall, timing, changes),
            "sla_minutes": 60,
            "is_automatic": waits,
            "reaches_customer": waits,
        }
        rows.append(row)
        due = planned(timing, row["moment"], wall)
        expected[row["firing_id"]] = first(due, wall.is_open) if waits and timing != "immediate" else due

    found = delivered(rows, holidays, {"opens": opens, "closes": closes}, working)
    wrong = {
        key: (row["account_id"], row["timing"], row["moment"], found[key], expected[key])
        for row in rows
        if found[key := row["firing_id"]] != expected[key]
    }
    assert not wrong
    moved = sum(expected[row["firing_id"]] != row["moment"] for row in rows)
    assert 60 < moved < 220, "a world in which the window decides"


def delivered(rows, holidays, window, working) -> dict[str, datetime]:
    """What the models say of these firings."""
    frame = pd.DataFrame(rows).astype({"moment": "datetime64[us]"})
    zones = [
        {"account_id": name, "time_zone": name, "country_code": code, "is_time_zone_known": True}
        for name, (code, _) in ZONES.items()
    ]
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        connection.register("int_free_candidates", frame)
        connection.register("int_candidates", frame)
        connection.register("int_candidate_routes", frame)
        connection.register("int_account_time_zones", pd.DataFrame(zones))
        days = pd.DataFrame(sorted(holidays), columns=["country_code", "holiday_on"])
        connection.register("closed", days)
        connection.execute(
            "create view business_holidays as select country_code, holiday_on::date as holiday_on from closed"
        )
        for model in ("int_business_days", "int_candidate_planned_times", "int_candidate_times"):
            sql = model_sql(model, TIME, send_window=window, business_days=working)
            connection.execute(f"create table {model} as {sql}")
        return dict(connection.execute("select firing_id, deliver_at from int_candidate_times").fetchall())
