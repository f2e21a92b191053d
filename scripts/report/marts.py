"""Read what the report shows from the published marts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd

from .currency import symbol

NEEDED = (
    "trigger_scorecard",
    "cohort_lift",
    "time_to_expansion",
    "threshold_sweep",
    "holdout_lift",
    "expansion_kpis_monthly",
    "revenue_retention_monthly",
    "decision_outcomes",
    "account_readiness",
    "readiness_calibration",
    "expansion_forecast",
)


class MartsError(Exception):
    """The published file is absent or lacks a mart."""


@dataclass(frozen=True)
class Marts:
    """One frame a mart; triggers carry trigger_id, trigger_name, is_risk and status. Amounts are in the currency of the symbol."""

    triggers: pd.DataFrame
    scorecard: pd.DataFrame
    curves: pd.DataFrame
    sweep: pd.DataFrame
    holdout: pd.DataFrame
    kpis: pd.DataFrame
    retention: pd.DataFrame
    decisions: pd.DataFrame
    readiness: pd.DataFrame
    calibration: pd.DataFrame
    forecast: pd.DataFrame
    currency: str

    @property
    def months(self) -> list[str]:
        """Months of the scorecard, oldest first."""
        return sorted(period for period in self.scorecard["period"].unique() if period != "all")


def read(path: Path, schema: str = "main") -> Marts:
    """Read the marts of a file; MartsError says what is missing."""
    if not path.exists():
        raise MartsError(f"{path} does not exist: build and publish first")
    with duckdb.connect(str(path), read_only=True) as con:
        tables = {
            name
            for (name,) in con.execute(
                "select table_name from information_schema.tables where table_schema = ?", [schema]
            ).fetchall()
        }
        missing = [name for name in NEEDED if name not in tables]
        if missing:
            raise MartsError(f"{path} has no table {', '.join(missing)}")

        def frame(sql: str) -> pd.DataFrame:
            return con.execute(sql.format(schema=schema)).df()

        names = (
            "select trigger_id, trigger_name, category = 'risk' as is_risk, status from {schema}.dim_triggers"
            if "dim_triggers" in tables
            else "select distinct trigger_id, trigger_id as trigger_name, false as is_risk, null as status from {schema}.trigger_scorecard"
        )
        triggers = frame(names)
        scorecard = frame("select * from {schema}.trigger_scorecard order by period, rank nulls last, trigger_id")
        return Marts(
            triggers=triggers,
            scorecard=scorecard.merge(triggers, on="trigger_id", how="left"),
            curves=frame("select * from {schema}.time_to_expansion order by trigger_id, days_since_trigger").merge(
                triggers, on="trigger_id", how="left"
            ),
            sweep=frame("select * from {schema}.threshold_sweep").merge(triggers, on="trigger_id", how="left"),
            holdout=frame("select * from {schema}.holdout_lift order by message_group"),
            kpis=frame("select * from {schema}.expansion_kpis_monthly order by month"),
            retention=frame("select * from {schema}.revenue_retention_monthly order by month, segment"),
            decisions=frame(
                "select * from {schema}.decision_outcomes order by decided_on desc, trigger_id, decision"
            ).merge(triggers, on="trigger_id", how="left"),
            readiness=frame("select * from {schema}.account_readiness order by readiness_rank, account_id"),
            calibration=frame("select * from {schema}.readiness_calibration order by period, window_days, decile"),
            forecast=frame("select * from {schema}.expansion_forecast order by month, segment, tier"),
            currency=symbol(),
        )
