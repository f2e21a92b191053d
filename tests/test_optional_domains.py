"""Marketing, success and intent: their signals are known where they land, and null, and said to be so, where they do not."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from support.project import rows

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))

from sample_world.build import generate  # noqa: E402
from sample_world.config import Options, parse_domains  # noqa: E402

SMALL = {"seed": 9, "accounts": 40, "months": 6, "events": 6_000}
SIGNALS = ["intent_surge_score", "marketing_emails_clicked_30d"]
SELECT = ["+signal_coverage", "+stg_success__health_scores"]


@pytest.fixture(scope="module")
def builds(project, tmp_path_factory) -> dict[str, Path]:
    """One world, with the optional domains beside it and without."""
    folder = tmp_path_factory.mktemp("domains")
    generate(folder / "with", Options(**SMALL, domains=parse_domains("all")))
    bare = folder / "without" / "raw"
    bare.mkdir(parents=True)
    for vendor in (folder / "with" / "raw").iterdir():
        if vendor.name != "generic":
            (bare / vendor.name).symlink_to(vendor)
    return {name: project.build(folder / name, select=SELECT) for name in ("with", "without")}


def known(warehouse: Path, signal: str) -> tuple[int, int]:
    found = rows(
        warehouse, f"select count(*) as days, count({signal}) as known from intermediate.int_account_signals_daily"
    )
    return found[0]["days"], found[0]["known"]


@pytest.mark.parametrize("signal", SIGNALS)
def test_a_signal_is_known_where_its_domain_lands(builds, signal):
    assert known(builds["with"], signal)[1] > 0
    days, none = known(builds["without"], signal)
    assert days > 0 and none == 0


@pytest.mark.parametrize("name, is_known", [("with", True), ("without", False)])
def test_signal_coverage_says_so(builds, name, is_known):
    query = f"select signal, coverage_today, accounts_today from marts.signal_coverage where signal in {tuple(SIGNALS)} order by signal"
    found = rows(builds[name], query)
    assert [row["signal"] for row in found] == SIGNALS
    assert all(row["accounts_today"] > 0 and (row["coverage_today"] > 0) == is_known for row in found)


def test_a_score_of_the_success_tool_takes_the_place_of_the_weighted_one(builds):
    scores = (
        "select signals.health_score, scores.score from intermediate.int_account_signals_daily as signals"
        " inner join (select account_id, cast(scored_at as date) as scored_on, score from staging.stg_success__health_scores) as scores"
        " on signals.account_id = scores.account_id and scores.scored_on = signals.signal_on"
    )
    found = rows(builds["with"], scores)
    assert len(found) > 10
    assert all(float(row["health_score"]) == row["score"] for row in found)
    assert rows(builds["without"], "select * from staging.stg_success__health_scores") == []


def test_health_stays_known_without_the_tool(builds):
    assert known(builds["without"], "health_score")[1] > 0
