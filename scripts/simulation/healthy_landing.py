"""Landings of healthy companies, as days: how many rows each raw table brings, how late, over two years.

A company has its own rate, weekend and holidays. A product event table brings what its accounts do; the CRM brings a
deal a month, support two tickets a week, billing an invoice an account and month.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

FIRST_ON = date(2024, 1, 1)
DAYS = 730
#: Rows a week of each table that does not depend on the accounts' use.
RARE = {
    "salesforce.opportunity": 12 / 52,
    "salesforce_history.opportunity": 3 * 12 / 52,
    "salesforce.contact": 1.0,
    "salesforce.task": 3.0,
    "salesforce_history.account": 0.5,
    "zendesk.ticket": 2.0,
    "zendesk.ticket_field_history": 7.0,
}
#: Share of the product's events that each table has.
PRODUCT = {"segment.tracks": 1.0, "segment.pages": 0.6, "segment.feature_used": 0.2, "segment.groups": 0.02}


@dataclass(frozen=True)
class Company:
    """One company's landing: a row a table and day, with the moment at which the connector brought it."""

    accounts: int
    days: pd.DataFrame


def healthy_company(accounts: int, seed: int) -> Company:
    """Draws a company; nothing in it is broken."""
    rng = np.random.default_rng([accounts, seed])
    activity = day_factors(rng)
    use = np.zeros(DAYS)
    for rate in rng.lognormal(np.log(12), 0.9, accounts):
        use += rate * rng.gamma(2.0, 0.5, DAYS)
    counts = {name: rng.poisson(share * use * activity) for name, share in PRODUCT.items()}
    office = np.minimum(activity, 1.0) * 7 / 5
    counts |= {name: rng.poisson(a_week / 7 * office) for name, a_week in RARE.items()}
    counts["stripe.invoice"] = invoices(rng, accounts)
    return Company(accounts, pd.concat([landed(rng, name, rows) for name, rows in counts.items()], ignore_index=True))


def day_factors(rng: np.random.Generator) -> np.ndarray:
    """What each day is to a usual working day: weekends, twelve holidays and the turn of the year are quiet."""
    on = [FIRST_ON + timedelta(days=step) for step in range(DAYS)]
    weekend = rng.uniform(0.0, 0.5)
    factors = np.where([day.weekday() >= 5 for day in on], weekend, 1.0)
    holidays = rng.choice(DAYS, 24, replace=False)
    turn = [n for n, day in enumerate(on) if (day.month, day.day) >= (12, 24) or (day.month, day.day) <= (1, 1)]
    quiet = weekend * rng.uniform(0.2, 1.0)
    factors[holidays] = np.minimum(factors[holidays], quiet)
    factors[turn] = np.minimum(factors[turn], quiet)
    # Summer is slower, and growth is not even.
    season = 1 - 0.25 * np.array([day.month in (7, 8) for day in on])
    return factors * season * rng.lognormal(0, 0.25, DAYS)


def invoices(rng: np.random.Generator, accounts: int) -> np.ndarray:
    """An invoice an account and month: on the first for half of the companies, else on the day each account began."""
    all_at_once = rng.random() < 0.5
    billed_on = np.ones(accounts, dtype=int) if all_at_once else rng.integers(1, 29, accounts)
    days_of_month = np.array([(FIRST_ON + timedelta(days=step)).day for step in range(DAYS)])
    return (days_of_month[:, None] == billed_on[None, :]).sum(axis=1)


def landed(rng: np.random.Generator, name: str, rows: np.ndarray) -> pd.DataFrame:
    """The days on which a table has rows, in the columns of the gate's frame `_landing_days`."""
    days = np.flatnonzero(rows)
    start = pd.Timestamp(FIRST_ON) + pd.to_timedelta(days, unit="D")
    newest = start + pd.to_timedelta(rng.uniform(9, 18, len(days)), unit="h")
    # Product events stream in; the other connectors run some times a day, and now and then a day or two late.
    late = rng.random(len(days)) < 0.02
    hours = np.where(late, rng.uniform(24, 60, len(days)), rng.uniform(0, 6, len(days)))
    lag = np.zeros(len(days)) if name.startswith("segment") else hours
    return pd.DataFrame(
        {
            "table_name": name,
            "landed_on": start.date,
            "newest_at": newest,
            "landed_rows": rows[days],
            "rows_without_user": rng.binomial(rows[days], rng.uniform(0, 0.3)),
            "late_rows": rng.binomial(rows[days], 0.01),
            "rows_from_the_future": rng.binomial(rows[days], 0.005),
            "arrived_at": newest + pd.to_timedelta(lag, unit="h"),
        }
    )
