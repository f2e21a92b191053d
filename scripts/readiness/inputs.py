"""What weights are fitted on, as the warehouse has it: accounts in stage week by week, and what came after."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
import pandas as pd
from operations.built import built
from operations.place import Stop
from operations.relations import Relations

WINDOWS = (30, 60, 90)
STRATA = ("tier", "segment", "tenure_band")
# Columns of a state that are neither a signal nor a stratum.
OTHERS = (
    "account_id",
    "known_on",
    "known_at",
    "is_week",
    "is_month_end",
    "is_newest",
    "size_band",
    "days_since_expansion",
    "last_expansion",
)
NEEDED = (
    "int_readiness_moments",
    "int_readiness_states",
    "int_readiness_trigger_ages",
    "int_readiness_outcomes",
    "int_expansions",
)


@dataclass(frozen=True)
class Inputs:
    """Account-weeks in one order (account, week); the signals' names; triggers by account-week; expansions; month ends."""

    states: pd.DataFrame
    signals: list[str]
    triggers: pd.DataFrame
    expansions: pd.DataFrame
    month_ends: list[pd.Timestamp]


def read(connection: duckdb.DuckDBPyConnection, relations: Relations) -> Inputs:
    """Reads a warehouse that has been built; Stop where it has not. `row` of a trigger is the place of its account-week."""
    tables = {name: built(connection, relations, name) for name in NEEDED}
    if missing := [name for name, relation in tables.items() if relation is None]:
        raise Stop(f"The warehouse has no {', '.join(missing)}: build first (make build).")

    def frame(sql: str) -> pd.DataFrame:
        return connection.execute(sql.format(**tables)).df()

    states = frame(
        "select states.*, outcomes.* exclude (account_id, known_on) from {int_readiness_states} as states"
        " inner join {int_readiness_outcomes} as outcomes using (account_id, known_on)"
        " where states.is_week order by states.account_id, states.known_on"
    )
    triggers = frame(
        "select account_id, known_on, trigger_id, recency from {int_readiness_trigger_ages} order by 1, 2, 3"
    )
    expansions = frame("select account_id, expanded_at from {int_expansions} order by 1, 2")
    moments = frame(
        "select known_at, is_month_end from {int_readiness_moments} where is_month_end or is_newest order by 1"
    )
    places = pd.Series(np.arange(len(states)), index=pd.MultiIndex.from_frame(states[["account_id", "known_on"]]))
    found = places.reindex(pd.MultiIndex.from_frame(triggers[["account_id", "known_on"]])).to_numpy()
    triggers = triggers.assign(row=found).dropna(subset=["row"]).astype({"row": int})
    columns = connection.execute(f"describe {tables['int_readiness_states']}").fetchall()
    ends = moments[moments["is_month_end"]]
    return Inputs(
        states=states,
        signals=[name for name, *_ in columns if name not in OTHERS and name not in STRATA],
        triggers=triggers,
        expansions=expansions,
        # A history without a month's end has its newest moment.
        month_ends=list(ends["known_at"] if len(ends) else moments["known_at"]),
    )
