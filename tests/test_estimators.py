"""The estimators against published answers and against independent implementations."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from lifelines import AalenJohansenFitter, KaplanMeierFitter
from scipy import stats
from statsmodels.duration.survfunc import CumIncidenceRight
from statsmodels.stats.contingency_tables import StratifiedTable
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint
from support.estimators import evaluate, macros

M = macros()
PRECISE = {"rel": 1e-9, "abs": 1e-9}


def wilson(x: object, n: object) -> tuple[float, float]:
    row = evaluate(f"select {M.wilson_low(x, n)} as low, {M.wilson_high(x, n)} as high").iloc[0]
    return row.low, row.high


@pytest.mark.parametrize(
    ("x", "n", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (18, 20, 0.698966, 0.972134),
        (30, 30, 0.886487, 1.0),
    ],
)
def test_wilson_published(x, n, low, high):
    digits = 6 if n in (20, 30) and x > 0 else 4
    assert wilson(x, n) == (pytest.approx(low, abs=0.6 * 10**-digits), pytest.approx(high, abs=0.6 * 10**-digits))


def test_wilson_random():
    rng = np.random.default_rng(1)
    n = rng.integers(1, 5000, 300)
    frame = pd.DataFrame({"x": rng.integers(0, n + 1), "n": n})
    seen = evaluate(f"select x, n, {M.wilson_low('x', 'n')} as low, {M.wilson_high('x', 'n')} as high from t", t=frame)
    low, high = proportion_confint(seen["x"], seen["n"], method="wilson")
    np.testing.assert_allclose(seen["low"], np.clip(low, 0, 1), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(seen["high"], np.clip(high, 0, 1), rtol=1e-9)


def test_nothing_counted_gives_nulls():
    nothing = [
        M.wilson_low(0, 0),
        M.wilson_high(0, 0),
        M.share(0, 0),
        M.newcombe_low(0, 0, 1, 2),
        M.newcombe_high(1, 2, 0, 0),
        M.mantel_haenszel_ratio("0.0", "1.0"),
        M.mantel_haenszel_ratio("1.0", "0.0"),
        M.greenland_robins_error("1.0", "0.0", "1.0"),
        M.clustered_error(1, "1.0", "1.0", "1.0", "1.0", "1.0"),
        M.log_bound("2.0", "0.0", "-"),
        M.log_bound("null", "1.0", "-"),
        M.normal_two_sided_p("null"),
        M.f_score(0, 0, 1, 2, 1.0),
        M.f_score(1, 2, 0, 0, 1.0),
    ]
    seen = evaluate("select " + ", ".join(f"{sql} as c{i}" for i, sql in enumerate(nothing)))
    assert seen.isna().all(axis=None)


@pytest.mark.parametrize(
    ("x1", "n1", "x2", "n2", "low", "high"),
    [
        (56, 70, 48, 80, 0.0524, 0.3339),
        (9, 10, 3, 10, 0.1705, 0.8090),
        (5, 56, 0, 29, -0.0381, 0.1926),
        (0, 10, 0, 10, -0.2775, 0.2775),
    ],
)
def test_newcombe_published(x1, n1, x2, n2, low, high):
    sql = f"select {M.newcombe_low(x1, n1, x2, n2)} as low, {M.newcombe_high(x1, n1, x2, n2)} as high"
    row = evaluate(sql).iloc[0]
    assert (row.low, row.high) == (pytest.approx(low, abs=6e-5), pytest.approx(high, abs=6e-5))


def test_newcombe_random():
    rng = np.random.default_rng(2)
    n1, n2 = rng.integers(1, 800, 60), rng.integers(1, 800, 60)
    frame = pd.DataFrame({"x1": rng.integers(0, n1 + 1), "n1": n1, "x2": rng.integers(0, n2 + 1), "n2": n2})
    bounds = f"{M.newcombe_low('x1', 'n1', 'x2', 'n2')} as low, {M.newcombe_high('x1', 'n1', 'x2', 'n2')} as high"
    for row in evaluate(f"select *, {bounds} from t", t=frame).itertuples():
        low, high = confint_proportions_2indep(row.x1, row.n1, row.x2, row.n2, method="newcomb", compare="diff")
        assert (row.low, row.high) == (pytest.approx(low, **PRECISE), pytest.approx(high, **PRECISE))


def ratio(strata: list[tuple[int, int, int, int]]) -> pd.Series:
    """Ratio, Greenland-Robins error and interval of strata (a, n1, c, n0)."""
    sums = (
        f"sum({M.mantel_haenszel_exposed('a', 'n1', 'n0')}) as r, sum({M.mantel_haenszel_controls('c', 'n1', 'n0')}) as s,"
        f" sum({M.greenland_robins_term('a', 'n1', 'c', 'n0')}) as term,"
        f" sum({M.mantel_haenszel_weight('n1', 'n0')}) as weight"
    )
    sql = (
        f"select *, {M.log_bound('rr', 'se', '-')} as low, {M.log_bound('rr', 'se', '+')} as high from (select *,"
        f" {M.mantel_haenszel_ratio('r', 's')} as rr, {M.greenland_robins_error('term', 'r', 's')} as se from"
        f" (select {sums} from t where n1 > 0 and n0 > 0))"
    )
    return evaluate(sql, t=pd.DataFrame(strata, columns=["a", "n1", "c", "n0"])).iloc[0]


def test_mantel_haenszel_published():
    seen = ratio([(12, 40, 30, 200), (8, 25, 22, 150), (20, 50, 45, 300), (3, 15, 6, 90)])
    assert (seen.rr, seen.se) == (pytest.approx(2.370370, abs=1e-6), pytest.approx(0.1536418, abs=1e-7))
    assert (seen.low, seen.high) == (pytest.approx(1.754026, abs=1e-6), pytest.approx(3.203291, abs=1e-6))


def test_mantel_haenszel_berkeley():
    departments = [
        (512, 313, 89, 19),
        (353, 207, 17, 8),
        (120, 205, 202, 391),
        (138, 279, 131, 244),
        (53, 138, 94, 299),
        (22, 351, 24, 317),
    ]
    strata = [(a, a + b, c, c + d) for a, b, c, d in departments]
    seen = ratio(strata)
    assert seen.rr == pytest.approx(0.944905, abs=1e-6)
    assert (seen.low, seen.high) == (pytest.approx(0.866452, abs=1e-6), pytest.approx(1.030461, abs=1e-6))
    crude = ratio([tuple(np.sum(strata, axis=0))])
    assert crude.rr == pytest.approx(1.466642, abs=1e-6)
    pd.testing.assert_series_equal(ratio([*strata, (0, 0, 5, 40), (3, 9, 0, 0)]), seen)


def test_mantel_haenszel_random():
    rng = np.random.default_rng(3)
    for _ in range(20):
        n1, n0 = rng.integers(5, 60, 6), rng.integers(5, 60, 6)
        a, c = rng.integers(1, n1 + 1), rng.integers(1, n0 + 1)
        pooled = StratifiedTable([np.array([[a[i], n1[i] - a[i]], [c[i], n0[i] - c[i]]]) for i in range(6)])
        seen = ratio(list(zip(a, n1, c, n0, strict=True)))
        assert seen.rr == pytest.approx(pooled.riskratio_pooled, **PRECISE)


def test_clustered_error_is_the_linearised_one():
    rng = np.random.default_rng(4)
    a, b = rng.random(200), rng.random(200)
    sums = "count(*) as g, sum(a * a) as aa, sum(a * b) as ab, sum(b * b) as bb, sum(a) as r, sum(b) as s"
    seen = evaluate(
        f"select {M.clustered_error('g', 'aa', 'ab', 'bb', 'r', 's')} as se from (select {sums} from t)",
        t=pd.DataFrame({"a": a, "b": b}),
    )
    residual = a - a.sum() / b.sum() * b
    assert seen["se"][0] == pytest.approx(np.sqrt(200 * residual.var(ddof=1)) / a.sum(), **PRECISE)


@pytest.mark.parametrize(
    ("exposed", "controls", "clustered", "independent", "speaks"),
    [
        (10, 10, 0.2, 0.3, 0.2),
        (9, 400, 0.2, 0.3, 0.3),
        (400, 9, 0.2, 0.3, 0.3),
        (9, 9, 0.4, 0.3, 0.4),
        (1, 2, 0.2, 0.3, 0.3),
        (1, 1, 0.2, 0.3, None),
        (0, 2, 0.2, "null", None),
        (5, 5, "null", 0.3, None),
    ],
)
def test_of_few_outcomes_the_larger_error_speaks(exposed, controls, clustered, independent, speaks):
    seen = evaluate(f"select cast({M.speaking_error(clustered, independent, exposed, controls)} as double) as error")[
        "error"
    ][0]
    assert np.isnan(seen) if speaks is None else seen == pytest.approx(speaks, **PRECISE)


def test_exact_binomial():
    rng = np.random.default_rng(10)
    cases = [
        (0, 4, 0.1),
        (1, 4, 0.5),
        (5, 10, 0.5),
        (10, 10, 0.5),
        (0, 1, 0.001),
        (1999, 20_000, 0.1),
        (1871, 20_000, 0.1),
    ]
    for n in rng.integers(1, 600, 60):
        share = rng.integers(1, 100) / 100
        cases.append((int(rng.binomial(n, min(1.0, share * rng.uniform(0.7, 1.3)))), int(n), share))
    trials = pd.concat(
        pd.DataFrame({"case": i, "share": share, "held": np.arange(n) < x}) for i, (x, n, share) in enumerate(cases)
    ).rename(columns={"case": "key_"})
    sql = M.exact_binomial_p("t", "key_", "share", "held")
    seen = evaluate(f"select * from ({sql}) order by key_", t=trials)
    expected = [stats.binomtest(x, n, share).pvalue for x, n, share in cases]
    assert seen["x"].tolist() == [x for x, _, _ in cases]
    np.testing.assert_allclose(seen["p_value"], expected, rtol=1e-9, atol=0)


def test_exact_binomial_without_chance():
    trials = pd.DataFrame(
        {
            "g": [1, 1, 2, 2, 3, 4],
            "share": [1.0, 1.0, 1.0, 1.0, 0.0, 0.0],
            "held": [True, True, True, False, False, True],
        }
    )
    seen = evaluate(f"select * from ({M.exact_binomial_p('t', 'g', 'share', 'held')}) order by g", t=trials)
    assert seen["p_value"].tolist() == [1, 0, 1, 0]


def test_student_t_from_nine_degrees_on():
    df = np.concatenate([np.linspace(9, 60, 500), np.geomspace(60, 1e9, 500), [8.999999]])
    seen = evaluate(f"select df, {M.student_t_975('df')} as t from d", d=pd.DataFrame({"df": df}))
    np.testing.assert_allclose(seen["t"][:-1], stats.t.ppf(0.975, df[:-1]), rtol=1e-12)
    assert np.isnan(seen["t"].iloc[-1])


def test_welch_interval():
    rng = np.random.default_rng(11)
    for n1, n2, spread in [(10, 10, 1.0), (10, 4000, 30.0), (60, 25, 0.2), (500, 500, 3.0), (11, 10, 1e6)]:
        one, two = rng.gamma(0.3, 100, n1), rng.gamma(0.3, 100 * spread, n2)
        width = M.welch_half_width("v1", "n1", "v2", "n2")
        row = evaluate(
            f"select m1 - m2 as d, {width} as w from (select avg(x) filter (g = 1) as m1, avg(x) filter (g = 2) as m2,"
            " var_samp(x) filter (g = 1) as v1, var_samp(x) filter (g = 2) as v2, count(*) filter (g = 1) as n1,"
            " count(*) filter (g = 2) as n2 from t)",
            t=pd.DataFrame({"x": np.concatenate([one, two]), "g": [1] * n1 + [2] * n2}),
        ).iloc[0]
        interval = stats.ttest_ind(one, two, equal_var=False).confidence_interval(0.95)
        assert (row.d - row.w, row.d + row.w) == (
            pytest.approx(interval.low, rel=1e-9),
            pytest.approx(interval.high, rel=1e-9),
        )


def test_normal_tail():
    z = np.concatenate([np.linspace(0, 37, 4000), [4.999999999, 5.0, 5.000000001]])
    seen = evaluate(f"select z, {M.normal_two_sided_p('z')} as p from t order by z", t=pd.DataFrame({"z": z}))
    np.testing.assert_allclose(seen["p"], 2 * stats.norm.sf(seen["z"]), rtol=1e-10)


def adjusted(p: list[float] | np.ndarray) -> pd.DataFrame:
    frame = pd.DataFrame({"p": p, "family": 1})
    return evaluate(f"select * from ({M.benjamini_hochberg('t', 'p', 'family')}) order by p", t=frame)


def test_benjamini_hochberg_published():
    p = [
        0.0001,
        0.0004,
        0.0019,
        0.0095,
        0.0201,
        0.0278,
        0.0298,
        0.0344,
        0.0459,
        0.3240,
        0.4262,
        0.5719,
        0.6528,
        0.7590,
        1.0,
    ]
    q = [
        0.0015,
        0.003,
        0.0095,
        0.035625,
        0.0603,
        0.063857,
        0.063857,
        0.0645,
        0.0765,
        0.486,
        0.581182,
        0.714875,
        0.753231,
        0.813214,
        1,
    ]
    seen = adjusted(p)
    np.testing.assert_allclose(seen["q_value"], q, atol=6e-7)
    assert (seen["q_value"] < 0.05).sum() == 4


def test_benjamini_hochberg_random_with_ties_and_families():
    rng = np.random.default_rng(5)
    p = rng.random(40).round(2) ** 2
    np.testing.assert_allclose(adjusted(p)["q_value"], np.sort(multipletests(p, method="fdr_bh")[1]), rtol=1e-9)
    two = pd.DataFrame({"p": [*p, *p, None], "family": [1] * 40 + [2] * 41})
    seen = evaluate(f"select * from ({M.benjamini_hochberg('t', 'p', 'family')}) order by family, p", t=two)
    assert len(seen) == 80
    np.testing.assert_allclose(seen["q_value"][:40], seen["q_value"][40:])


def curves(time: np.ndarray, kind: np.ndarray) -> pd.DataFrame:
    """Curves from times and kinds: 0 censored, 1 expanded, 2 churned."""
    times = np.arange(0, time.max() + 1)
    table = pd.DataFrame(
        {
            "day": times,
            "at_risk": [(time >= day).sum() for day in times],
            "expanded": [((time == day) & (kind == 1)).sum() for day in times],
            "churned": [((time == day) & (kind == 2)).sum() for day in times],
            "curve": 1,
        }
    )
    return evaluate(f"select * from ({M.survival_curves('t', 'curve', 'day')}) order by day", t=table).set_index("day")


def test_kaplan_meier_published():
    time = np.array([6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35])
    kind = np.array([1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0])
    seen = curves(time, kind)["survival"]
    published = {6: 0.857143, 7: 0.806723, 10: 0.752941, 13: 0.690196, 16: 0.627451, 22: 0.537815, 23: 0.448179}
    for day, share in published.items():
        assert seen[day] == pytest.approx(share, abs=6e-7)
    assert (seen <= 0.5).idxmax() == 23
    placebo = np.array([1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23])
    seen = curves(placebo, np.ones(21))["survival"]
    assert (seen[8], seen[23]) == (pytest.approx(0.3810, abs=6e-5), 0)
    assert (seen <= 0.5).idxmax() == 8


def test_kaplan_meier_random():
    rng = np.random.default_rng(6)
    for _ in range(5):
        time, kind = rng.integers(1, 60, 120), rng.integers(0, 2, 120)
        fitted = KaplanMeierFitter().fit(time, kind == 1)
        seen = curves(time, kind).loc[fitted.survival_function_.index[1:]]
        np.testing.assert_allclose(seen["survival"], fitted.survival_function_["KM_estimate"].iloc[1:], rtol=1e-9)
        known = seen["survival_low"].notna().to_numpy()
        for column, name in (("survival_low", "KM_estimate_lower_0.95"), ("survival_high", "KM_estimate_upper_0.95")):
            np.testing.assert_allclose(
                seen[column][known], fitted.confidence_interval_[name].iloc[1:][known], rtol=1e-9
            )


def test_aalen_johansen_random_with_ties():
    rng = np.random.default_rng(7)
    for _ in range(5):
        time, kind = rng.integers(1, 40, 150), rng.integers(0, 3, 150)
        fitted = CumIncidenceRight(time, kind)
        seen = curves(time, kind).loc[np.asarray(fitted.times, int)]
        np.testing.assert_allclose(seen["cumulative_incidence"], fitted.cinc[0], rtol=1e-9, atol=1e-12)


def test_aalen_johansen_random_without_ties():
    rng = np.random.default_rng(8)
    time, kind = rng.permutation(np.arange(1, 101)), rng.integers(0, 3, 100)
    fitted = AalenJohansenFitter(calculate_variance=False).fit(time, kind, event_of_interest=1).cumulative_density_
    seen = curves(time, kind).loc[fitted.index[1:].astype(int)]
    np.testing.assert_allclose(seen["cumulative_incidence"], fitted["CIF_1"].iloc[1:], rtol=1e-9, atol=1e-12)


def test_f_score():
    seen = evaluate(
        f"select {M.f_score(3, 4, 3, 10, 1.0)} as f1, {M.f_score(3, 4, 3, 10, 0.5)} as f0_5, {M.f_score(0, 4, 0, 10, 1.0)} as zero"
    ).iloc[0]
    assert seen.f1 == pytest.approx(2 * 0.75 * 0.3 / 1.05)
    assert seen.f0_5 == pytest.approx(1.25 * 0.75 * 0.3 / (0.25 * 0.75 + 0.3))
    assert seen.zero == 0
