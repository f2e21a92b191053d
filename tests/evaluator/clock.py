"""The one clock, days and calendar steps. Every timestamp is a naive UTC datetime."""

import calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

ONE_DAY = timedelta(days=1)


def midnight(on: date) -> datetime:
    return datetime(on.year, on.month, on.day)


def close_of(on: date) -> datetime:
    """The instant at which a day is over."""
    return midnight(on) + ONE_DAY


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=step) for step in range((last - first).days + 1)]


@cache
def window(on: date, length: int) -> tuple[date, ...]:
    """The trailing window of `length` days that ends with the day."""
    return tuple(days(on - timedelta(days=length - 1), on))


def add_months(moment: datetime, months: int) -> datetime:
    """Calendar months later; the 31st becomes the last day of a shorter month."""
    index = moment.year * 12 + moment.month - 1 + months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last))


def in_force(start: datetime, end: datetime | None, instant: datetime) -> bool:
    """Whether a state is in force at an instant, seen just before it (the close of a day)."""
    return start < instant and (end is None or end >= instant)


ONE_MILLISECOND = timedelta(milliseconds=1)


def in_order_of_start(versions: list[dict]) -> list[dict]:
    """The versions of one record, each until the next one starts, unless its written end leaves a longer gap.

    A version in force has `_fivetran_end` >= the instant; connectors write it a millisecond early, or leave two open.
    """
    ordered = [dict(row) for row in sorted(versions, key=lambda row: row["_fivetran_start"])]
    for row, following in zip(ordered, ordered[1:], strict=False):
        end = row["_fivetran_end"]
        if end is None or following["_fivetran_start"] - end <= ONE_MILLISECOND:
            row["_fivetran_end"] = following["_fivetran_start"]
    return ordered


@dataclass(frozen=True)
class Clock:
    as_of: datetime
    late_arrival_days: int = 3

    @property
    def last_closed_on(self) -> date:
        return self.as_of.date() - ONE_DAY

    @property
    def last_final_on(self) -> date:
        return self.as_of.date() - timedelta(days=1 + self.late_arrival_days)

    def arrived_in_time(self, event_at: datetime, received_at: datetime) -> bool:
        limit = close_of(event_at.date()) + timedelta(days=self.late_arrival_days)
        return received_at <= limit and received_at <= self.as_of

    def seen(self, moment: datetime | None) -> bool:
        """Whether a fact of that moment exists for this clock."""
        return moment is not None and moment <= self.as_of
