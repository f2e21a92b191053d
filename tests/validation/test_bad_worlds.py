"""Worlds with too little in them give rows with nulls, notes and insufficient_data, never an error or an infinity."""

from __future__ import annotations

import numpy as np
import pytest
from simulation.world import Planted, World

MARTS = (
    "cohort_lift",
    "time_to_expansion",
    "trigger_overlap",
    "threshold_sweep",
    "holdout_lift",
    "trigger_scorecard",
    "expansion_forecast",
    "expansion_kpis_monthly",
    "revenue_retention_monthly",
)
USUAL = (Planted("usual", hazard_ratio=3, rate=1 / 60), Planted("operated", is_operated=True, rate=1 / 60))
WORLDS = {
    "no_expansions": World(1, USUAL, accounts=90, days=240, share_expanding=0.0, churn_hazard=0.0),
    "a_trigger_never_fires": World(1, (*USUAL, Planted("silent", rate=0.0)), accounts=40, days=200),
    "one_stratum": World(1, USUAL, accounts=40, days=200, strata=1),
    "all_windows_open": World(1, USUAL, accounts=40, days=25),
    "a_single_account": World(1, USUAL, accounts=1, days=900),
    "no_primary_window": World(1, (*USUAL, Planted("windowless", window_days=None)), accounts=40, days=200),
    "no_triggers": World(1, (), accounts=40, days=200),
}


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", WORLDS)
def test_builds_with_finite_figures(simulated, name):
    simulated.build(WORLDS[name])
    for mart in MARTS:
        rows = simulated.rows(f"select * from intermediate.{mart}")
        for column in rows.select_dtypes("number").columns:
            assert not np.isinf(rows[column].astype(float)).any(), (mart, column)
    scorecard = simulated.rows("select * from intermediate.trigger_scorecard where period = 'all'").set_index(
        "trigger_id"
    )
    assert len(scorecard) == len(WORLDS[name].triggers)
    assert scorecard["reason"].notna().all()
    lift = simulated.rows(
        "select * from intermediate.cohort_lift where basis = 'all' and cohort = 'all' and window_days = 60"
    )
    lift = lift.set_index("trigger_id")
    check = globals().get(f"check_{name}")
    if check:
        check(scorecard, lift, simulated)


def check_no_expansions(scorecard, lift, simulated):
    assert lift["risk_ratio"].isna().all() and (lift["risk_difference"] == 0).all()
    assert set(lift["note"]) == {"nobody had the outcome, on either side"}
    assert (lift["precision"] == 0).all() and lift["recall"].isna().all()
    assert (lift["n_matched"] > 30).all()
    assert set(scorecard["verdict"]) == {"insufficient_data"}
    assert scorecard["reason"].str.contains("nobody had the outcome on either side").all()


def check_a_trigger_never_fires(scorecard, lift, simulated):
    assert scorecard.loc["w00001-silent", "verdict"] == "insufficient_data"
    row = lift.loc["w00001-silent"]
    assert (row["n_index"], row["note"]) == (0, "no index event") and np.isnan(row["precision"])
    assert row[["risk_ratio", "risk_ratio_low", "p_value", "q_value"]].isna().all()
    assert row["recall"] == 0


def check_all_windows_open(scorecard, lift, simulated):
    assert set(scorecard["verdict"]) == {"insufficient_data"}
    assert (lift["n_index"] == 0).all() and (lift["n_open"] > 0).all()
    assert set(lift["note"]) == {"every window is still open"}
    assert lift[["precision", "risk_ratio", "risk_difference"]].isna().all(axis=None)
    curve = simulated.rows(
        "select sum(censored) as censored, max(at_risk) as at_risk from intermediate.time_to_expansion"
    )
    assert curve["censored"][0] > 0


def check_a_single_account(scorecard, lift, simulated):
    assert set(scorecard["verdict"]) == {"insufficient_data"}
    assert (lift["n_matched"] == 0).all() and lift["risk_ratio"].isna().all()
    assert (lift["n_unmatched"] == lift["n_index"]).all() and (lift["n_index"] > 0).any()
    assert set(lift["note"]) <= {"no index event has a control", "no index event"}


def check_no_primary_window(scorecard, lift, simulated):
    row = scorecard.loc["w00001-windowless"]
    assert (row["verdict"], row["reason"]) == ("insufficient_data", "no primary window: insufficient data")
    assert lift.loc["w00001-windowless", "n_index"] > 0
    assert row[["precision", "risk_ratio", "recall"]].isna().all()


def check_one_stratum(scorecard, lift, simulated):
    cohorts = simulated.rows("select distinct cohort_type, cohort from intermediate.cohort_lift")
    assert len(cohorts) == 3
    assert (lift["n_matched"] > 0).all() and lift["risk_ratio"].notna().all()
    by_cohort = simulated.rows(
        "select * from intermediate.cohort_lift where basis = 'all' and window_days = 60 order by trigger_id, cohort_type"
    )
    # One stratum: each tier and segment is everybody.
    assert (by_cohort.groupby("trigger_id")["risk_ratio"].nunique() == 1).all()
