"""The scorecard of the demo beside what was planted in its world: rates, promotions, vanity."""

from __future__ import annotations

import math
from statistics import NormalDist

import duckdb
import pytest
from support.demo import built_demo

# Drawn in the world without any effect on expansion.
VANITY = {"contract_anniversary", "newsletter_clicks", "weekend_activity"}
# All rates lie in their intervals at once with this probability.
JOINT = 0.99
NORMAL = NormalDist()


@pytest.fixture(scope="module")
def world():
    demo = built_demo()
    with duckdb.connect() as con:
        con.execute(f"attach '{demo / 'warehouse.duckdb'}' as built (read_only)")
        for name in ("realised_rates", "planted_effects"):
            con.execute(f"create view {name} as select * from '{demo / 'planted_truth' / name}.parquet'")
        con.execute("create view scorecard as select * from built.marts.trigger_scorecard")
        yield con


def rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[dict]:
    return con.execute(sql).df().to_dict("records")


def wilson(hits: int, n: int, level: float) -> tuple[float, float]:
    """Wilson's interval of hits / n (J. Am. Stat. Assoc. 1927;22:209-212)."""
    z = NORMAL.inv_cdf((1 + level) / 2)
    rate, width = hits / n, z * z / n
    middle = (rate + width / 2) / (1 + width)
    half = z / (1 + width) * math.sqrt(rate * (1 - rate) / n + width / (4 * n))
    return middle - half, middle + half


def test_wilson_is_the_scorecards_own_at_its_level(world):
    for row in rows(world, "select * from scorecard where period = 'all' and n_index > 0"):
        hits = round(row["precision"] * row["n_index"])
        assert wilson(hits, row["n_index"], 0.95) == pytest.approx((row["precision_low"], row["precision_high"]))


@pytest.mark.parametrize("rate", ["realised_rate", "planted_rate"])
def test_rates_lie_in_the_intervals_jointly(world, rate):
    """The rate that came true, and the one that was aimed at: where plays do not act, the same within chance."""
    seen = rows(
        world,
        f"""select scorecard.*, truth.{rate} as rate, truth.n_complete
            from scorecard inner join realised_rates as truth using (trigger_id)
            inner join planted_effects as effects using (trigger_id)
            where scorecard.period = 'all' and truth.period = 'all' and effects.is_real""",
    )
    assert len(seen) == 14
    level = JOINT ** (1 / len(seen))
    outside = {}
    for row in seen:
        low, high = wilson(round(row["precision"] * row["n_index"]), row["n_index"], level)
        if not low <= row["rate"] <= high:
            outside[row["trigger_id"]] = (row["rate"], low, high)
    assert outside == {}


def test_index_events_are_the_planted_onsets(world):
    seen = rows(
        world,
        """select trigger_id, scorecard.n_index, truth.n_complete from scorecard
           inner join realised_rates as truth using (trigger_id) where scorecard.period = 'all' and truth.period = 'all'""",
    )
    # Landing is dirty: late events and rounding move an onset by a day or lose it.
    far = {
        row["trigger_id"]: (row["n_index"], row["n_complete"])
        for row in seen
        if abs(row["n_index"] - row["n_complete"]) > max(3, 0.1 * row["n_complete"])
    }
    assert far == {}


def test_planted_triggers_with_power_are_promoted(world):
    """Power from the plan, not the outcome: the planted rate over the look-alikes', beside what the data could tell from the limit."""
    seen = rows(
        world,
        """select trigger_id, verdict, n_matched,
               effects.planted_rate / (precision / risk_ratio) as planted_ratio,
               1.2 * detectable_ratio as needed_ratio
           from scorecard inner join planted_effects as effects using (trigger_id)
           where scorecard.period = 'all' and effects.is_real and scorecard.risk_ratio is not null""",
    )
    powerful = {row["trigger_id"]: row["verdict"] for row in seen if has_power(row)}
    assert len(powerful) >= 4
    assert set(powerful.values()) == {"promote"}, powerful


def has_power(row: dict) -> bool:
    return row["n_matched"] >= 30 and row["planted_ratio"] >= row["needed_ratio"]


def test_no_vanity_trigger_is_promoted(world):
    seen = rows(world, "select trigger_id, period, verdict from scorecard")
    judged = [row for row in seen if row["trigger_id"] in VANITY and row["verdict"] != "insufficient_data"]
    assert {row["trigger_id"] for row in judged if row["period"] == "all"} == VANITY
    assert len(judged) > 30
    assert [row for row in judged if row["verdict"] == "promote"] == []
