"""Readiness of the demo beside what came: the forecast of each of the last six months, and how well accounts are told apart."""

from __future__ import annotations

import duckdb
import lightgbm
import pandas as pd
import pytest
from operations.place import Place
from operations.relations import Relations
from readiness import inputs, terms
from sklearn.metrics import roc_auc_score
from support.built_world import project
from support.demo import built_demo

MONTHS = 6


@pytest.fixture(scope="module")
def built():
    """A connection to the demo's warehouse."""
    with duckdb.connect(str(built_demo() / "warehouse.duckdb"), read_only=True) as con:
        con.execute("set search_path = 'marts,intermediate'")
        yield con


def test_the_last_six_months_came_as_expected(built):
    months = built.execute(f"""
        select * from expansion_forecast
        where segment = 'all' and tier = 'all' and actual_arr is not null order by month desc limit {MONTHS}
    """).df()
    print(months.to_string())
    assert len(months) == MONTHS
    assert months["actual_arr"].between(months["expected_arr_low"], months["expected_arr_high"]).all()
    assert 0.75 <= float(months["actual_arr"].sum()) / float(months["expected_arr"].sum()) <= 1.33


def test_parts_of_a_month_add_up_to_it(built):
    sums = built.execute("""
        select month, sum(case when tier = 'all' then expected_arr else -expected_arr end) as difference,
            sum(case when tier = 'all' then accounts else -accounts end) as accounts, count(*) as rows
        from expansion_forecast where expected_arr is not null group by month
    """).df()
    assert (sums["difference"].abs() <= 0.01 * sums["rows"]).all() and (sums["accounts"] == 0).all()


def test_accounts_are_told_apart_nearly_as_well_as_by_boosted_trees(built):
    """Area under the curve of the same months, each judged by what was learnt before it, against LightGBM on the same inputs."""
    place = Place.find(built_demo(), project().folder)
    known = inputs.read(built, Relations.of(place))
    judged = built.execute("select * from int_readiness_judged where window_days = 30").df()
    months = sorted(judged["known_on"].unique())[-MONTHS:]
    ours, theirs, came = [], [], []
    for month in months:
        moment = month + pd.Timedelta(days=1)
        learnt = (known.states["known_at"] + pd.Timedelta(days=30) <= moment).to_numpy()
        _, matrix = terms.of(known, learnt)
        # The last Sunday up to the month's end stands for it: weeks are what both have.
        week = known.states[known.states["known_at"] <= moment]["known_on"].max()
        rows = (known.states["known_on"] == week).to_numpy()
        data = matrix.toarray()
        outcomes = known.states["has_expanded_30d"].astype("boolean").fillna(False).to_numpy(dtype=bool)
        trees = lightgbm.LGBMClassifier(
            n_estimators=120, learning_rate=0.04, num_leaves=15, min_child_samples=80, subsample=0.8, subsample_freq=1,
            colsample_bytree=0.6, reg_lambda=5, random_state=7, n_jobs=1, verbose=-1, deterministic=True,
        ).fit(data[learnt], outcomes[learnt])  # fmt: skip
        told = pd.Series(trees.predict_proba(data[rows])[:, 1], index=known.states["account_id"][rows])
        month_rows = judged[judged["known_on"] == month].set_index("account_id")
        both = month_rows.join(told.rename("trees"), how="inner")
        ours += both["probability"].tolist()
        theirs += both["trees"].tolist()
        came += both["outcome"].tolist()
    areas = roc_auc_score(came, ours), roc_auc_score(came, theirs)
    print(f"area under the curve: ours {areas[0]:.4f}, LightGBM {areas[1]:.4f}, ratio {areas[0] / areas[1]:.3f}")
    assert areas[0] >= 0.97 * areas[1]


def test_the_council_is_told_reasons(built):
    rows = built.execute("select * from account_readiness order by readiness_rank limit 20").df()
    assert rows["readiness_rank"].tolist() == list(range(1, 21)) and rows["probability_30d"].is_monotonic_decreasing
    drivers = rows[["driver_1", "driver_2", "driver_3"]]
    assert drivers.notna().all(axis=None) and drivers.apply(lambda column: column.str.contains(r": [+-]\d+$")).all(
        axis=None
    )
    assert not drivers.apply(lambda column: column.str.contains(r"[{}@]")).any(axis=None)
