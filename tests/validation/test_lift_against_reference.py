"""cohort_lift equals the same figures computed by brute force in Python."""

from __future__ import annotations

import math

import pytest
from simulation.world import Planted, World

from validation.reference import World as Reference

TRIGGERS = (
    Planted("daily", hazard_ratio=3, rate=1 / 100, window_days=60),
    Planted("event", hazard_ratio=2, rate=1 / 100, is_event=True, window_days=30),
    Planted("loss", hazard_ratio=3, rate=1 / 150, is_risk=True, window_days=90),
)
TABLES = ("clock", "stage_daily", "triggers", "episodes", "expansions", "movements")


@pytest.fixture(scope="module")
def world(simulated):
    simulated.build(World(seed=7, triggers=TRIGGERS, accounts=150, days=260), select="+cohort_lift")
    return Reference({table: simulated.rows(f"select * from bare.{table}") for table in TABLES})


def same(seen: float, expected: float | None) -> bool:
    return math.isnan(seen) if expected is None else seen == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("trigger", ["daily", "event", "loss"])
@pytest.mark.parametrize("window", [30, 60, 90])
def test_lift(simulated, world, trigger, window):
    row = simulated.rows(
        f"select * from intermediate.cohort_lift where trigger_id = 'w00007-{trigger}' and window_days = {window}"
        " and cohort = 'all' and basis = 'all'"
    ).iloc[0]
    expected = world.lift(f"w00007-{trigger}", window)
    assert expected["n_matched"] > 20, "the world is too small to say anything"
    for name, value in expected.items():
        assert same(row[name], value), (name, row[name], value)


@pytest.mark.parametrize("trigger", ["daily", "event"])
def test_within(simulated, world, trigger):
    row = simulated.rows(
        f"select risk_ratio from intermediate.cohort_lift where trigger_id = 'w00007-{trigger}' and window_days = 60"
        " and cohort = 'all' and basis = 'within'"
    ).iloc[0]
    assert same(row["risk_ratio"], world.within(f"w00007-{trigger}", 60))
