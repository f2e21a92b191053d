"""The time span of a world and moments in it, with a taste for edges."""

import calendar
import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta

MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Span:
    first_on: date
    end_at: datetime

    @property
    def start_at(self) -> datetime:
        return datetime(self.first_on.year, self.first_on.month, self.first_on.day)

    @property
    def days(self) -> int:
        return (self.end_at.date() - self.first_on).days

    @property
    def middle(self) -> datetime:
        return self.start_at + timedelta(days=self.days // 2)


def span_of(seed: int) -> Span:
    """The span that a world and its seeds share."""
    rng = random.Random(f"span {seed}")
    first_on = date(2024, 1, 15) + timedelta(days=rng.randrange(480))
    end_on = first_on + timedelta(days=rng.randint(150, 260))
    end_at = datetime(end_on.year, end_on.month, end_on.day)
    if rng.random() < 0.8:
        end_at += timedelta(seconds=rng.randrange(86_400), microseconds=rng.randrange(1_000_000))
    return Span(first_on, end_at)


def months_later(moment: datetime, months: int) -> datetime:
    """The same day of a later month, or its last one."""
    index = moment.year * 12 + moment.month - 1 + months
    year, month = divmod(index, 12)
    return moment.replace(year=year, month=month + 1, day=min(moment.day, calendar.monthrange(year, month + 1)[1]))


def time_of_day(rng: random.Random) -> timedelta:
    """Often the first or last instant of a day, otherwise any."""
    draw = rng.random()
    if draw < 0.12:
        return timedelta()
    if draw < 0.16:
        return timedelta(days=1) - MICROSECOND
    if draw < 0.4:
        return timedelta(minutes=rng.randrange(1_440))
    return timedelta(seconds=rng.randrange(86_400), microseconds=rng.randrange(1_000_000))


def moment_between(rng: random.Random, first: datetime, last: datetime) -> datetime:
    """A moment in [first, last]; both ends included when the day leaves no room."""
    if last <= first:
        return first
    steps = (last.date() - first.date()).days
    on = first.date() + timedelta(days=rng.randint(0, max(steps, 0)))
    moment = datetime(on.year, on.month, on.day) + time_of_day(rng)
    return min(max(moment, first), last)
