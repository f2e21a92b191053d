"""A trigger on existing signals is two rows of seeds: those that CONTRIBUTING shows, on a world of which nothing else changes."""

from __future__ import annotations

import csv
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from support.project import FROZEN, ROOT, rows

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))

from sample_world.build import generate  # noqa: E402
from sample_world.config import Options  # noqa: E402

WORLD = {"seed": 3, "accounts": 60, "months": 6, "events": 12_000}
SELECT = ["+fct_fired_triggers", "+fct_trigger_episodes", "+fct_suppressed_triggers", "+dim_triggers"]
SEEDS = ("trigger_library", "trigger_conditions")


def shown() -> dict[str, str]:
    """The row of each seed that CONTRIBUTING shows, in the order in which it names the seeds."""
    section = (ROOT / "CONTRIBUTING.md").read_text().split("## Add a trigger on existing signals")[1].split("\n## ")[0]
    lines = section.split("```text\n")[1].split("```")[0].splitlines()
    return dict(zip(SEEDS, lines, strict=True))


@dataclass
class Builds:
    before: Path
    after: Path


@pytest.fixture(scope="module")
def builds(project, tmp_path_factory) -> Builds:
    folder = tmp_path_factory.mktemp("trigger")
    generate(folder / "before", Options(**WORLD))
    before = project.build(folder / "before", select=SELECT)
    (folder / "after").mkdir()
    (folder / "after" / "raw").symlink_to(folder / "before" / "raw")
    seeds = folder / "seeds"
    seeds.mkdir()
    for seed, row in shown().items():
        (seeds / f"{seed}.csv").write_text((FROZEN / f"{seed}.csv").read_text().rstrip("\n") + f"\n{row}\n")
    project.use_seeds(seeds)
    after = project.build(folder / "after", select=SELECT)
    return Builds(before, after)


@pytest.fixture(scope="module")
def trigger() -> dict[str, str]:
    """The shown trigger, by the columns of the library and of the conditions."""
    found = {}
    for seed, row in shown().items():
        header = (FROZEN / f"{seed}.csv").read_text().splitlines()[0]
        ((names), (values)) = csv.reader([header, row])
        found |= dict(zip(names, values, strict=True))
    return found


def test_it_fires_where_its_condition_says(builds, trigger):
    """Against the signal itself: each firing on the first day of a run that has lasted long enough."""
    days = int(trigger["for_days"])
    query = f"""
        with held as (
            select account_id, signal_on from intermediate.int_account_signals_daily
            where {trigger["signal"]} {trigger["comparator"]} {trigger["threshold"]}
        ),
        runs as (
            select account_id, signal_on - cast(row_number() over (partition by account_id order by signal_on) as integer) as run, signal_on
            from held
        )
        select account_id, cast(min(signal_on) + {days} as timestamp) as triggered_at
        from runs group by account_id, run having count(*) >= {days}
        order by 1, 2
    """
    expected = {(row["account_id"], row["triggered_at"]) for row in rows(builds.after, query)}
    of_it = f"where trigger_id = '{trigger['trigger_id']}'"
    episodes = rows(builds.after, f"select account_id, triggered_at from marts.fct_trigger_episodes {of_it}")
    fired = rows(builds.after, f"select * from marts.fct_fired_triggers {of_it}")
    assert {(row["account_id"], row["triggered_at"]) for row in episodes} == expected
    assert fired
    assert {(row["account_id"], row["triggered_at"]) for row in fired} <= expected
    assert all(row["is_shadow"] and row["play_id"] == trigger["play_id"] for row in fired)


def test_it_appears_in_words(builds, trigger):
    (row,) = rows(builds.after, f"select * from marts.dim_triggers where trigger_id = '{trigger['trigger_id']}'")
    assert (row["trigger_name"], row["definition"]) == (trigger["trigger_name"], trigger["description"])
    assert row["conditions"] == f"{trigger['signal']} {trigger['comparator']} {trigger['threshold']}"
    assert (row["status"], row["for_days"], row["data_sources"]) == ("shadow", 7, trigger["signal"])


@pytest.mark.parametrize(
    "table",
    [
        "(select * exclude (recorded_as_of) from marts.fct_fired_triggers)",
        "marts.fct_trigger_episodes",
        "marts.fct_suppressed_triggers",
        "marts.dim_triggers",
    ],
)
def test_nothing_else_changes(builds, trigger, table):
    query = f"select * from {table} as rows where trigger_id <> '{trigger['trigger_id']}' order by all"
    before = rows(builds.before, query)
    assert before
    assert rows(builds.after, query) == before
