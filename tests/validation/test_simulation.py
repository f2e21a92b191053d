"""The simulations in short: the same code as `make simulate`, on a few worlds."""

from __future__ import annotations

import pytest
import simulate
from simulation import experiments
from simulation.experiments import Scale
from simulation.world import draw


def quiet(_: str) -> None:
    """Progress is nobody's business here."""


@pytest.mark.sampled(0)
def test_interval_covers_the_truth():
    seen = experiments.coverage(Scale(worlds=12, accounts=300, days=360, batch=12), quiet).set_index("trigger")
    assert seen["covered"].mean() > 0.8
    assert (seen["truth"].loc[["hazard_2", "hazard_3", "hazard_4"]] > [1.2, 1.5, 1.7]).all()
    assert abs(seen.loc["hazard_1", "truth"] - 1) < 0.1


def test_real_triggers_are_promoted_and_vanity_ones_are_not():
    seen = experiments.promotion(Scale(worlds=3, accounts=800, batch=3), quiet).set_index("trigger")
    assert seen.loc["real_hazard_4", "promoted"] == 1
    vanity = seen[seen.index.str.startswith("vanity")]
    assert len(vanity) == 5 and vanity["promoted"].sum() == 0
    # The play's effect shows in the ratio and not in the untouched one.
    operated = seen.loc["vanity_operated_at_once"]
    assert operated["ratio"] > operated["untouched"] + 0.1
    # The hidden profile is seen by matching and not within accounts.
    profile = seen.loc["vanity_profile"]
    assert profile["ratio"] > profile["within"] + 0.1


def test_a_world_without_effects_promotes_nothing():
    seen = experiments.promotion(Scale(worlds=2, accounts=500, days=400, batch=2), quiet, experiments.NULL)
    assert seen["promoted"].sum() == 0


def test_no_worthless_trigger_is_tuned():
    (seen,) = experiments.tuning(1, 500, quiet, days=420).to_dict("records")
    assert (seen["verdicts"], seen["tuned"]) == (22, 0)


def test_a_seed_draws_one_world():
    world = experiments.World(seed=3, triggers=experiments.VANITY, accounts=50, days=150)
    first, second = draw(world), draw(world)
    assert first.episodes.equals(second.episodes) and first.expansions.equals(second.expansions)
    assert not first.episodes.equals(draw(experiments.World(4, experiments.VANITY, 50, 150)).episodes)


def test_broken_bounds_are_named():
    rows = experiments.pd.DataFrame(
        [
            {"trigger": "vanity_a", "promoted": 0.0, "promoted_months": 0.051, "promoted_in_some_month": 0.2},
            {
                "trigger": "vanity_operated_at_once",
                "promoted": 0.0,
                "promoted_months": 0.01,
                "promoted_in_some_month": 0.051,
            },
            {"trigger": "real", "promoted": 1.0, "promoted_months": 1.0, "promoted_in_some_month": 1.0},
        ]
    )
    assert len(simulate.broken_bounds("vanity", rows)) == 2
    for tuned, broken in ((0.01, 0), (0.011, 1)):
        row = experiments.pd.DataFrame([{"trigger": "worthless", "tuned": tuned}])
        assert len(simulate.broken_bounds("tuning", row)) == broken
    assert len(simulate.broken_bounds("coverage", experiments.pd.DataFrame([{"trigger": "t", "covered": 0.91}]))) == 1
