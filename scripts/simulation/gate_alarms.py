"""How often the gate stops or warns on landings: its frames and limits on drawn days, without dbt and pandas suites.

A build of every day is judged at 02:00. The frames are the gate's own queries; of the expectations those kinds are
known here that its landing suites use.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import duckdb
import jinja2
import pandas as pd

from .healthy_landing import DAYS, FIRST_ON, Company

ROOT = Path(__file__).resolve().parents[2]
SUITES = ("landing_tables", "landing_volumes", "landing_events")
#: Days before a company's first build.
YOUNG = 30


def suites(names: tuple[str, ...] = SUITES) -> list[dict[str, Any]]:
    return [json.loads((ROOT / f"quality/suites/{name}.json").read_text()) for name in names]


def frame_query(name: str) -> str:
    """The frame's query on the simulation's clock."""
    text = (ROOT / f"quality/frames/{name}.sql").read_text()
    return jinja2.Environment(undefined=jinja2.StrictUndefined).from_string(text).render(ref=lambda relation: relation)


class Builds:
    """The builds of several companies, one a day; a table's name carries its company's number behind a `#`."""

    def __init__(self, companies: list[Company]):
        self.connection = duckdb.connect()
        self.connection.execute("set threads = 1")
        self.connection.execute("create table int_clock (as_of timestamp, last_closed_on date)")
        drawn = [company.days.assign(company=number) for number, company in enumerate(companies)]
        self.connection.register("drawn", pd.concat(drawn, ignore_index=True))
        self.connection.execute(
            "create table arrivals as select * exclude (company) replace (table_name || '#' || company as table_name)"
            " from drawn order by landed_on"
        )
        self.connection.execute(
            "create view _landing_days as select arrivals.* exclude (arrived_at) from arrivals, int_clock"
            " where arrived_at <= as_of and landed_on > last_closed_on - 240"
        )
        self.companies = set(range(len(companies)))
        self.suites = suites()
        self.queries = {suite["name"]: frame_query(suite["meta"]["frame"]) for suite in self.suites}

    def told(self, on: date) -> list[tuple[int, str, str]]:
        """(company, severity, suite and column) of what does not hold in the builds of a day."""
        as_of = datetime.combine(on, time(2))
        self.connection.execute("delete from int_clock")
        self.connection.execute("insert into int_clock values (?, ?)", [as_of, on - timedelta(days=1)])
        found = []
        for suite in self.suites:
            frame = self.connection.execute(self.queries[suite["name"]]).df()
            frame[["table_name", "company"]] = frame["table_name"].str.split("#", expand=True)
            frame["company"] = frame["company"].astype(int)
            for expectation in suite["expectations"]:
                severity = expectation.get("severity", "critical")
                what = f"{suite['name']}: {expectation['kwargs']['column']}"
                found += [(number, severity, what) for number in failing(expectation, frame, self.companies)]
        return found


def failing(expectation: dict[str, Any], frame: pd.DataFrame, companies: set[int]) -> set[int]:
    """The companies on whose rows an expectation does not hold; nulls are not judged."""
    kwargs = expectation["kwargs"]
    rows = frame.query(kwargs["row_condition"]) if kwargs.get("row_condition") else frame
    rows = rows[rows[kwargs["column"]].notna()]
    values = rows[kwargs["column"]]
    if expectation["type"] == "expect_column_distinct_values_to_contain_set":
        having = [set(rows.loc[values == value, "company"]) for value in kwargs["value_set"]]
        return companies - set.intersection(*having)
    if expectation["type"] != "expect_column_values_to_be_between":
        raise ValueError(f"the simulation does not know {expectation['type']}")
    is_outside = (values < kwargs.get("min_value", -math.inf)) | (values > kwargs.get("max_value", math.inf))
    return set(rows.loc[is_outside, "company"])


def alarms(companies: list[Company], step: int = 1) -> dict[str, Any]:
    """One row of the table: builds, those that were stopped and warned, and by what the stops were."""
    judged = Builds(companies)
    builds = stopped = warned = 0
    reasons: Counter[str] = Counter()
    for day in range(YOUNG, DAYS, step):
        told = judged.told(FIRST_ON + timedelta(days=day))
        stops = {number for number, severity, _ in told if severity == "critical"}
        builds += len(companies)
        stopped += len(stops)
        warned += len({number for number, _, _ in told} - stops)
        reasons.update(what for _, severity, what in told if severity == "critical")
    return {"builds": builds, "stopped": stopped, "warned": warned, "reasons": reasons}


def upper_bound(stopped: int, builds: int) -> float:
    """The exact one-sided 95 % upper bound of the share of stops (Clopper and Pearson 1934)."""
    low, high = 0.0, 1.0
    for _ in range(50):
        share = (low + high) / 2
        at_most = sum(
            math.comb(builds, count) * share**count * (1 - share) ** (builds - count) for count in range(stopped + 1)
        )
        low, high = (share, high) if at_most > 0.05 else (low, share)
    return high
