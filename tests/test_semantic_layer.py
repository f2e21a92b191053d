"""Metrics answer offline what the marts say themselves, each on two grains."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from support.built_world import ask
from support.demo import built_demo
from support.project import ROOT, Project

BIN = ROOT / ".venv-metrics/bin"
TRIGGERS = "select trigger_id, {} from trigger_scorecard where period = 'all'"
MONTHS = "select month, {} from expansion_kpis_monthly"
#: What came of a month's firings until today; the KPIs of a month stay as they were known at its end.
MONTHS_OF_FIRINGS = (
    "select date_trunc('month', triggered_at), {} from fct_firing_status where status <> 'shadow' group by 1"
)
# metrics, what they are grouped by, and what the marts say of the same.
CASES = {
    "firings by month": ("firings,held_out_firings", "metric_time__month", MONTHS.format("fired, held_out")),
    "deliveries by month": (
        "deliveries,acceptances",
        "metric_time__month",
        MONTHS_OF_FIRINGS.format("count(delivered_at), count(accepted_at)"),
    ),
    "firings by trigger": (
        "firings,shadow_firings,held_out_firings,deliveries,acceptances",
        "trigger",
        TRIGGERS.format("firings - shadow_firings, shadow_firings, held_out, delivered, accepted"),
    ),
    "acceptance by month": (
        "acceptance",
        "metric_time__month",
        MONTHS_OF_FIRINGS.format("count(accepted_at) / nullif(count(delivered_at), 0)"),
    ),
    "acceptance by trigger": ("acceptance", "trigger", TRIGGERS.format("accepted / nullif(delivered, 0)")),
    "sla by month": (
        "sla_met",
        "metric_time__month",
        MONTHS_OF_FIRINGS.format("avg(cast(is_sla_met as integer))"),
    ),
    "sla by trigger": (
        "sla_met",
        "trigger",
        "select trigger_id, avg(cast(is_sla_met as integer)) from fct_firing_status where status <> 'shadow' group by 1",
    ),
    "expansions by month": (
        "expansion_acv,expansion_events",
        "metric_time__month",
        MONTHS.format("expansion_acv, expansions"),
    ),
    "expansions by type": (
        "expansion_acv,expansion_events",
        "expansion__expansion_type",
        "select expansion_type, sum(mrr_delta) * 12, count(*) from fct_expansions group by all",
    ),
    "retention by month": (
        "nrr,grr",
        "metric_time__month",
        "select month, nrr, grr from revenue_retention_monthly where segment = 'all'",
    ),
    "retention by month and segment": (
        "nrr,grr",
        "metric_time__month,retention_month__segment",
        "select month, segment, nrr, grr from revenue_retention_monthly where segment <> 'all'",
    ),
    "precision by trigger": ("precision", "trigger", TRIGGERS.format('"precision"')),
    "precision by month and trigger": (
        "precision_of_month",
        "metric_time__month,trigger",
        "select period_start, trigger_id, \"precision\" from trigger_scorecard where period <> 'all'",
    ),
    "lift by trigger": ("lift", "trigger", TRIGGERS.format("risk_ratio")),
    "readiness by month": (
        "readiness,expected_arr",
        "metric_time__month",
        """
        select date_trunc('month', known_on), avg(probability_30d), sum(expected_arr_30d)
        from account_readiness_monthly group by 1
        """,
    ),
    "what came of readiness by month": (
        "observed_readiness",
        "metric_time__month",
        """
        select date_trunc('month', known_on), avg(cast(has_expanded_30d as integer)) from account_readiness_monthly
        where probability_30d is not null group by 1
        """,
    ),
    "readiness by segment": (
        "readiness,expected_arr",
        "account_month__segment",
        "select segment, avg(probability_30d), sum(expected_arr_30d) from account_readiness_monthly group by 1",
    ),
    "what came of readiness by decile": (
        "readiness,observed_readiness",
        "account_month__decile",
        """
        select decile, avg(probability_30d), (
            select sum(expanded) / sum(accounts) from readiness_calibration as calibration
            where calibration.period = 'all' and window_days = 30 and calibration.decile = monthly.decile
        )
        from account_readiness_monthly as monthly where decile is not null group by decile
        """,
    ),
    "lift by category": (
        "lift",
        "trigger__category",
        """
        select category, exp(sum(ln(risk_ratio) / risk_ratio_se ** 2) / sum(1 / risk_ratio_se ** 2))
        from cohort_lift inner join dim_triggers using (trigger_id)
        where is_primary_window and cohort_type = 'all' and basis = 'all' and risk_ratio > 0 group by 1
        """,
    ),
}


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> Path:
    """A copy of the project and of the demo's warehouse that metrics are asked of."""
    if not (BIN / "mf").exists():
        if os.environ.get("EXPANSION_REQUIRE_METRICS") == "1":
            pytest.fail(f"{BIN}/mf is missing: make metrics-env")
        pytest.skip("make metrics-env installs MetricFlow")
    folder = tmp_path_factory.mktemp("metrics")
    copy = Project(folder)
    (copy.folder / "scripts").symlink_to(ROOT / "scripts")
    data_dir = folder / "data"
    data_dir.mkdir()
    shutil.copyfile(built_demo() / "warehouse.duckdb", data_dir / "warehouse.duckdb")
    shutil.copyfile(built_demo() / "marts.duckdb", data_dir / "marts.duckdb")
    command(folder, "dbt", "--quiet", "parse")
    return folder


def command(folder: Path, *arguments: str) -> None:
    environment = os.environ | {"DATA_DIR": "data", "DBT_PROFILES_DIR": str(folder), "DO_NOT_TRACK": "1"}
    environment.pop("RAW_LOCATION", None)
    ran = subprocess.run(
        [BIN / arguments[0], *arguments[1:]], cwd=folder, env=environment, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


def answered(folder: Path, metrics: str, by: str) -> dict[tuple, list]:
    """`mf query` in a process of its own: {group: figures}."""
    file = folder / "answer.csv"
    command(folder, "mf", "query", "--metrics", metrics, "--group-by", by, "--csv", str(file))
    with file.open() as lines:
        rows = list(csv.reader(lines))[1:]
    keys = len(by.split(","))
    return keyed([(*row[:keys], *(float(value) if value else None for value in row[keys:])) for row in rows], keys)


def keyed(rows: list[tuple], keys: int) -> dict[tuple, list]:
    """Rows by their group, a moment as its day; groups without a figure, or with naught alone, say nothing."""
    found = {
        tuple(str(value).split(" ")[0] for value in row[:keys]): [
            None if value is None else float(value) for value in row[keys:]
        ]
        for row in rows
    }
    return {key: values for key, values in found.items() if any(values)}


@pytest.mark.parametrize("case", CASES)
def test_a_metric_is_what_the_marts_say(world, case):
    metrics, by, query = CASES[case]
    expected = keyed(ask(world / "data/marts.duckdb", query), len(by.split(",")))
    found = answered(world, metrics, by)
    if by.startswith("metric_time__month"):
        # The marts tell of a month when it is over.
        newest = max(key[0] for key in expected)
        found = {key: values for key, values in found.items() if key[0] <= newest}
    assert found.keys() == expected.keys() and expected
    for key, values in expected.items():
        # Retention is rounded to six places in its mart.
        assert found[key] == pytest.approx(values, abs=2e-6, rel=1e-9), key


def test_every_metric_that_is_no_part_of_another_is_tested():
    metrics = yaml.safe_load((ROOT / "models/semantic/_metrics.yml").read_text())["metrics"]
    parts = set()
    for metric in metrics:
        given = metric["type_params"]
        parts |= {given.get("numerator"), given.get("denominator")} | {
            part["name"] for part in given.get("metrics", [])
        }
    asked = {name for metrics, _, _ in CASES.values() for name in metrics.split(",")}
    assert {metric["name"] for metric in metrics} - parts <= asked
    grains = {name: {by for metrics, by, _ in CASES.values() if name in metrics.split(",")} for name in asked}
    assert [
        name for name, found in grains.items() if len(found) < 2 and not name.startswith(("shadow", "precision"))
    ] == []
