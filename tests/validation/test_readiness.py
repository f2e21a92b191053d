"""Readiness beside independent computations: weights and scores by hand, what is hidden from the past, worlds without effect."""

from __future__ import annotations

import shutil

import duckdb
import fit
import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from operations.place import Place
from readiness import inputs, landed, model, run, terms
from scipy import optimize, sparse
from scipy.special import expit
from simulation import foretold, load
from simulation.world import World, draw
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from threadpoolctl import threadpool_limits

SMALL = World(seed=3, triggers=foretold.PLANTED, accounts=250, days=400)
MONTHS = 3
# A month's end that is a Sunday: both learnt from and scored.
SUNDAY = pd.Timestamp("2025-12-01")
PAST = {
    "weights": f"select * from bare.weights where fitted_as_of <= '{SUNDAY}' order by all",
    "scores": f"select * from intermediate.int_readiness_scores where known_at <= '{SUNDAY}' order by known_on, account_id",
    "states": f"select * from intermediate.int_readiness_states where known_at <= '{SUNDAY}' order by known_on, account_id",
    "forecasts": f"select * exclude actual_arr from intermediate.int_readiness_forecast where month <= '{SUNDAY:%Y-%m-%d}' order by all",
}
SCORES = "select * from intermediate.int_readiness_scores order by known_on, account_id"


@pytest.fixture(scope="module")
def world(simulated):
    """One world, fitted at its last two month ends."""
    foretold.build(simulated.builder, SMALL, MONTHS)
    return simulated


def by_hand(world, fitted_as_of: pd.Timestamp, days: int = 30) -> tuple[pd.DataFrame, np.ndarray, pd.DataFrame]:
    """States with a moment's probabilities, from the drawn tables and scikit-learn alone; the coefficients; the columns.

    A bare world has one signal: contract value, strata, the last expansion and triggers are all there is.
    """
    states = world.rows("""
        select account_id, signal_on as known_on, cast(signal_on + 1 as timestamp) as known_at, tier, segment, tenure_days, contract_value
        from bare.stage_daily where is_in_stage and signal_on >= (select min(signal_on) from bare.stage_daily) + 28
        order by 1, 2
    """)
    expansions = world.rows("select account_id, expanded_at from bare.expansions order by expanded_at")
    episodes = world.rows("select account_id, trigger_id, triggered_at from bare.episodes order by triggered_at")
    states = states[(states["known_on"].dt.dayofweek == 6) | (states["known_at"].dt.day == 1)].reset_index(drop=True)
    learnt = (
        (states["known_on"].dt.dayofweek == 6) & (states["known_at"] + pd.Timedelta(days=days) <= fitted_as_of)
    ).to_numpy()
    columns = {}
    value = states["contract_value"].to_numpy(dtype=float)
    fifths = np.unique(np.quantile(value[learnt], (0.2, 0.4, 0.6, 0.8), method="inverted_cdf"))
    band = (value[:, None] > fifths[fifths < value[learnt].max()]).sum(axis=1)
    for level in np.unique(band):
        columns["contract_value", str(level)] = band == level
    for name in ("tier", "segment"):
        for level in states[name].unique():
            columns[name, level] = states[name] == level
    band = np.select(
        [states["tenure_days"] >= 365, states["tenure_days"] >= 180, states["tenure_days"] >= 60], [365, 180, 60], 0
    )
    for level in np.unique(band):
        columns["tenure", str(level)] = band == level
    ordered = states.sort_values("known_at")
    last = pd.merge_asof(ordered, expansions, left_on="known_at", right_on="expanded_at", by="account_id").set_index(
        ordered.index
    )
    ago = (last["known_at"] - last["expanded_at"]).dt.days.reindex(states.index)
    since = np.select([ago <= 14, ago <= 30, ago <= 60, ago <= 120, ago > 120], [14, 30, 60, 120, 999], -1)
    for level in np.unique(since):
        columns["since", str(level)] = since == level
    for trigger, own in episodes.groupby("trigger_id"):
        start = pd.merge_asof(
            ordered, own.drop(columns="trigger_id"), left_on="known_at", right_on="triggered_at", by="account_id"
        )
        age = (start["known_at"] - start["triggered_at"]).set_axis(ordered.index).reindex(states.index)
        lately = age <= pd.Timedelta(days=14)
        columns[trigger, "lately"], columns[trigger, "window"] = lately, ~lately & (age <= pd.Timedelta(days=60))
    after = pd.merge_asof(
        ordered,
        expansions,
        left_on="known_at",
        right_on="expanded_at",
        by="account_id",
        direction="forward",
        allow_exact_matches=False,
    )
    wait = (after["expanded_at"] - after["known_at"]).set_axis(ordered.index).reindex(states.index)
    came = (wait <= pd.Timedelta(days=days)).to_numpy()
    design = pd.DataFrame({key: np.asarray(rows, dtype=float) for key, rows in columns.items()})
    penalty = world.rows(
        f"select max(penalty) as c from bare.weights where fitted_as_of = '{fitted_as_of}' and window_days = {days}"
    )
    fitted = LogisticRegression(C=penalty["c"].iloc[0], tol=1e-12, max_iter=10_000).fit(
        design[learnt].to_numpy(), came[learnt]
    )
    # The intercept that the last 180 days ask for, found by bisection.
    lately = learnt & (states["known_at"] >= fitted_as_of - pd.Timedelta(days=180)).to_numpy()
    scores = design.to_numpy() @ fitted.coef_[0]
    intercept = optimize.brentq(lambda b: expit(scores[lately] + b).sum() - came[lately].sum(), -20, 20, xtol=1e-14)
    return states.assign(probability=expit(scores + intercept)), fitted.coef_[0], design[learnt]


def test_probabilities_are_those_of_an_independent_fit(world):
    """The same regression from the drawn tables: as near as the optimiser goes."""
    fitted_as_of = world.rows("select max(fitted_as_of) as t from bare.weights")["t"].iloc[0]
    states, _, _ = by_hand(world, fitted_as_of)
    seen = world.rows(SCORES)
    seen = seen[(seen["fitted_as_of"] == fitted_as_of) & seen["is_month_end"]]
    both = seen.merge(states, on=["account_id", "known_on"])
    assert len(both) == len(seen) > 100
    assert both["probability_30d"].std() > 0.01
    assert np.abs(both["probability_30d"] - both["probability"]).max() < 2e-4


def test_scores_in_sql_are_those_of_predict_proba(world):
    """scikit-learn's own predict_proba with the landed intercept, to 1e-9, at a month's end that is a Sunday as well."""
    with duckdb.connect(str(world.database), read_only=True) as con:
        known = inputs.read(con, foretold.RELATIONS)
    learnt, outcomes = model._learnt(known, SUNDAY, 30)
    found, matrix = terms.of(known, learnt)
    weights = world.rows(f"select * from bare.weights where fitted_as_of = '{SUNDAY}' and window_days = 30")
    coefficients = weights.set_index(["term_type", "term", "level"])["coefficient"]
    with threadpool_limits(1):
        regression = LogisticRegression(C=weights["penalty"].iloc[0], tol=1e-6, max_iter=2000)
        regression.fit(matrix[learnt], outcomes[learnt])
    assert len(found) == len(weights) - 1
    landed_ones = [coefficients[term.term_type, term.term, term.level] for term in found]
    assert np.abs(regression.coef_[0] - landed_ones).max() < 1e-9
    regression.intercept_[:] = weights[weights["term_type"] == "intercept"]["coefficient"].iloc[0]
    weeks = known.states.assign(p=regression.predict_proba(matrix)[:, 1])
    scored = world.rows(SCORES).merge(weeks[weeks["known_at"] == SUNDAY][["account_id", "known_on", "p"]])
    assert len(scored) == (weeks["known_at"] == SUNDAY).sum() > 100
    assert np.abs(scored["probability_30d"] - scored["p"]).max() < 1e-9


def test_the_intercept_makes_the_latest_windows_come_out(world):
    """What is expected of the last 180 days is what came, in every window."""
    with duckdb.connect(str(world.database), read_only=True) as con:
        known = inputs.read(con, foretold.RELATIONS)
    for days in inputs.WINDOWS:
        learnt, outcomes = model._learnt(known, SUNDAY, days)
        lately = learnt & (known.states["known_at"] >= SUNDAY - pd.Timedelta(days=180)).to_numpy()
        weights = world.rows(f"select * from bare.weights where fitted_as_of = '{SUNDAY}' and window_days = {days}")
        found, matrix = terms.of(known, model._learnt(known, SUNDAY, 30)[0])
        coefficients = weights.set_index(["term_type", "term", "level"])["coefficient"]
        scores = matrix[lately] @ [coefficients[term.term_type, term.term, term.level] for term in found]
        intercept = weights[weights["term_type"] == "intercept"]["coefficient"].iloc[0]
        assert expit(scores + intercept).sum() == pytest.approx(outcomes[lately].sum(), rel=1e-9)


def test_discrimination_is_that_of_scikit_learn_and_statsmodels(world):
    judged = world.rows("select * from intermediate.int_readiness_judged_periods")
    seen = world.rows("select * from intermediate.int_readiness_discrimination where auc is not null")
    assert len(seen) > 3
    for row in seen.to_dict("records"):
        rows = judged[(judged["period"] == row["period"]) & (judged["window_days"] == row["window_days"])]
        # Sums of the same weights in another order are equal probabilities.
        assert row["auc"] == pytest.approx(roc_auc_score(rows["outcome"], rows["probability"].round(9)), rel=1e-9)
        log_odds = np.log(rows["probability"] / (1 - rows["probability"]))
        line = sm.Logit(rows["outcome"], sm.add_constant(log_odds)).fit(disp=0, tol=1e-14).params
        ours = (row["calibration_intercept"], row["calibration_slope"])
        assert ours == pytest.approx(tuple(line), rel=1e-6, abs=1e-9)


def test_the_future_is_hidden_from_scores_and_weights_of_the_past(world):
    """Everything after a moment is another thing: what was learnt, scored, expected and judged by then stays as it was."""
    before = {name: world.rows(sql) for name, sql in PAST.items()}
    world.execute(f"""
        delete from bare.expansions where expanded_at > '{SUNDAY}' and hash(account_id) % 2 = 0;
        insert into bare.expansions
        select md5(account_id || 'new'), account_id, date '2025-12-09', timestamp '2025-12-09 10:00:00', 'seat_growth', 100, 900, 800
        from (select distinct account_id from bare.stage_daily where hash(account_id) % 5 = 0);
        delete from bare.episodes where triggered_at > '{SUNDAY}' and hash(account_id) % 3 = 0;
        update bare.stage_daily set is_in_stage = false, tier = 'elsewhere', contract_value = 1
            where signal_on >= '{SUNDAY}' and hash(account_id) % 4 = 0;
        update bare.signals_daily set seat_utilisation = 0.5 where signal_on >= '{SUNDAY}';
    """)
    world.builder.build(foretold.BEFORE)
    foretold.land_weights(world.database, MONTHS)
    world.builder.build(foretold.AFTER)
    for name, sql in PAST.items():
        pd.testing.assert_frame_equal(world.rows(sql), before[name], rtol=1e-9, atol=0, obj=name)
    changed = world.rows(
        f"select * from intermediate.int_readiness_outcomes where known_on >= date '{SUNDAY:%Y-%m-%d}' - 1"
    )
    assert changed["has_expanded_30d"].fillna(False).any()


def test_without_weights_all_is_null_with_a_note(world):
    world.execute("delete from bare.weights")
    world.builder.build(foretold.AFTER)
    scores = world.rows(SCORES)
    assert len(scores) and scores["probability_30d"].isna().all() and scores["readiness_rank"].isna().all()
    assert set(scores["note"]) == {"no weights from before: run make fit and build again"}
    assert world.rows("select * from intermediate.int_readiness_forecast")["expected_arr"].isna().all()
    assert world.rows("select * from intermediate.int_readiness_discrimination").empty


def test_weights_of_a_signal_that_is_gone_give_a_note(world):
    world.execute("""
        delete from bare.weights;
        insert into bare.weights (fitted_as_of, version, window_days, term_type, term, level, coefficient)
        select timestamp '2025-06-01', 1, 30, 'intercept', 'intercept', null, -2
        union all select timestamp '2025-06-01', 1, 30, 'signal', 'fax_pages_30d', 'bin_1', 1;
    """)
    world.builder.build(foretold.AFTER)
    scores = world.rows(f"{SCORES}").dropna(subset=["fitted_as_of"])
    assert len(scores) and scores["probability_30d"].isna().all()
    assert set(scores["note"]) == {"the weights ask for fax_pages_30d, which is no signal any more: fit them anew"}


@pytest.mark.parametrize(
    "what, change",
    [
        ("few expansions", "delete from bare.expansions where hash(expansion_id) % 12 > 0"),
        ("none at all", "delete from bare.expansions"),
        ("all accounts new", "update bare.stage_daily set is_in_stage = false"),
    ],
)
def test_too_little_to_learn_from_is_said(world, what, change):
    """A row with a note a window, and after it nulls with the note; never an error."""
    load.write(world.database, [draw(SMALL)])
    world.execute(change)
    world.builder.build(foretold.BEFORE)
    foretold.land_weights(world.database, 1)
    world.builder.build(foretold.AFTER)
    weights = world.rows("select * from bare.weights")
    assert len(weights) == len(inputs.WINDOWS) and weights["coefficient"].isna().all()
    assert weights["note"].str.contains("expansions to learn from by 2026-02-01: at least 50 are needed").all()
    scores = world.rows(SCORES).dropna(subset=["fitted_as_of"])
    assert scores["probability_30d"].isna().all() and scores["note"].notna().all()


def test_one_tier_only_is_fitted(world):
    load.write(world.database, [draw(SMALL)])
    world.execute("update bare.stage_daily set tier = 'only', segment = null")
    world.builder.build(foretold.BEFORE)
    foretold.land_weights(world.database, 1)
    world.builder.build(foretold.AFTER)
    assert world.rows(SCORES).dropna(subset=["fitted_as_of"])["probability_30d"].between(0, 1).all()
    tier = world.rows("select * from bare.weights where term = 'tier'")
    assert len(tier) == len(inputs.WINDOWS) and (tier["points"].abs() < 1e-9).all()


def test_a_world_without_effects_is_told_nothing(world):
    """Nothing foretells anything: accounts are not told apart, and each is expected about as often as all."""
    nothing = World(seed=5, triggers=foretold.NOTHING, accounts=600, days=430, strata=1)
    foretold.build(world.builder, nothing, 6, inputs.WINDOWS[:1])
    row = world.rows(
        "select * from intermediate.int_readiness_discrimination where period = 'all' and window_days = 30"
    ).iloc[0]
    # Hanley and McNeil, Radiology 1982;143:29-36, at an area of one half.
    error = np.sqrt((row["accounts"] + 1) / (12 * row["expanded"] * (row["accounts"] - row["expanded"])))
    assert abs(row["auc"] - 0.5) < 3 * error
    p = world.rows("select probability from intermediate.int_readiness_judged where window_days = 30")["probability"]
    assert p.quantile(0.05) > 0.6 * p.mean() and p.quantile(0.95) < 1.6 * p.mean()


def test_bins_end_on_values_that_occur():
    values = np.array([0.0] * 50 + [1.0] * 20 + [2.0] * 20 + [3.0] * 10 + [np.nan] * 5)
    assert terms.inner_edges(values).tolist() == [0, 1, 2]
    assert terms.inner_edges(np.array([7.0, 7.0])).tolist() == []
    assert terms.inner_edges(np.array([np.nan])).tolist() == []
    assert terms.inner_edges(np.arange(1.0, 11)).tolist() == [2, 4, 6, 8]


def test_standard_errors_are_statsmodels_clustered_ones():
    """Without a penalty to speak of, the sandwich is the usual one: weeks of an account are one witness."""
    rng = np.random.default_rng(1)
    accounts = np.repeat(np.arange(80), 10)
    x = (rng.random((800, 2)) < 0.4).astype(float)
    y = rng.random(800) < expit(-1 + x @ [1, -1] + np.repeat(rng.normal(0, 1, 80), 10))
    fitted = LogisticRegression(C=1e9, tol=1e-12, max_iter=10_000).fit(x, y)
    ours = model.clustered_errors(fitted, sparse.csr_matrix(x), y, accounts)
    robust = sm.Logit(y.astype(float), sm.add_constant(x)).fit(
        disp=0, tol=1e-14, cov_type="cluster", cov_kwds={"groups": accounts, "use_correction": False}
    )
    assert ours[[2, 0, 1]] == pytest.approx(robust.bse, rel=1e-5)


def test_weights_land_whole_once_and_again_as_the_next_version(tmp_path):
    file = landed.file_of(tmp_path / "weights", pd.Timestamp("2026-06-01"))
    rows = pd.DataFrame(
        [{"fitted_as_of": pd.Timestamp("2026-06-01"), "window_days": 30, "term_type": "intercept", "term": "intercept"}]
    )
    assert landed.version_of(file) == 0
    for version in (1, 2):
        landed.write(file, rows, version)
        assert landed.version_of(file) == version
    assert [found.name for found in file.parent.iterdir()] == ["20260601T000000.parquet"]


def test_what_was_fitted_stays_until_it_is_fitted_anew(world, tmp_path, monkeypatch):
    load.write(world.database, [draw(SMALL)])
    world.builder.build(foretold.BEFORE)
    shutil.copyfile(world.database, tmp_path / "warehouse.duckdb")
    monkeypatch.setattr(run, "MONTHS", 1)
    place = Place(tmp_path, str(tmp_path / "raw"))
    assert [run.fit(place, foretold.RELATIONS, print, anew) for anew in (False, False, True)] == [1, 0, 1]
    (file,) = (tmp_path / "raw" / "readiness" / "weights").iterdir()
    assert landed.version_of(file) == 2


def test_a_fit_before_any_build_says_so(tmp_path, capsys):
    assert fit.main(["--data-dir", str(tmp_path)]) == 1
    assert "build first (make build)" in capsys.readouterr().err
