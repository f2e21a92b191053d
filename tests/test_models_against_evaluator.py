"""The models and an evaluator that shares no code with them give the same answers on random small worlds.

The worlds lie on the thresholds' edges and have every kind of dirt. The evaluator reads the raw tables and seeds as
the models do and imports nothing of the project.
"""

from __future__ import annotations

import pytest
from evaluator import evaluate
from support.comparison import differences
from worlds import write_seeds, write_world

WORLDS = range(1, 16)
# Of their families several accounts have firings and facts.
FAMILIES = (8, 2)


def built(project, folder, seed, **variables):
    """The warehouse of a world, on the seeds drawn for it."""
    write_world(folder, seed)
    write_seeds(folder, seed)
    project.use_seeds(folder / "seeds")
    return project.build(folder, variables={"max_quarantined_share": 1} | variables)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("seed", WORLDS)
def test_models_give_what_the_evaluator_gives(seed, project, tmp_path):
    warehouse = built(project, tmp_path, seed)
    assert differences(warehouse, evaluate(tmp_path / "raw", tmp_path / "seeds")) == []


@pytest.mark.sampled(0)
@pytest.mark.parametrize("seed", FAMILIES)
def test_accounts_below_one_parent_share_exclusions_and_limits(seed, project, tmp_path):
    family = {"account_family": "ultimate_parent"}
    warehouse = built(project, tmp_path, seed, **family)
    expected = evaluate(tmp_path / "raw", tmp_path / "seeds", variables=family)
    assert differences(warehouse, expected) == []
    # Each for itself it is another world.
    assert evaluate(tmp_path / "raw", tmp_path / "seeds").suppressions != expected.suppressions
