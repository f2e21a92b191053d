"""Another company's project, as new_company writes it, builds through the package door, on two targets side by side."""

from __future__ import annotations

import shutil
from pathlib import Path

import build
import council_report
import new_company
import publish_marts
import pytest
from dbt.cli.main import dbtRunner
from operations import dbt_run
from operations.place import PACKAGE, Place
from operations.relations import Relations
from push import cli as push
from sample_world.build import generate
from sample_world.config import Options
from support.built_world import ask, write

NEEDED = [
    "+sync_crm_firings",
    "+sync_alerts",
    "+sync_crm_accounts",
    "+dim_triggers",
    "+dim_accounts",
    "+fct_fired_triggers",
]
FIRED = "select count(*), count(distinct trigger_id) from {}.fct_fired_triggers"


@pytest.fixture(autouse=True)
def _nothing_elsewhere(monkeypatch):
    for name in ("RAW_LOCATION", "DATA_DIR", "DBT_TARGET", "DBT_PROFILES_DIR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def host(tmp_path_factory) -> Path:
    """A written project with a small HubSpot landing, built up to what is sent; only its own folder was edited."""
    folder = tmp_path_factory.mktemp("hosts") / "meterly"
    assert new_company.main(["--name", "meterly", "--to", str(folder), "--crm", "hubspot"]) == 0
    for seed in ("plans", "tiers"):
        shutil.copyfile(PACKAGE / f"seeds/company/{seed}.csv", folder / f"seeds/{seed}.csv")
    generate(folder / "data", Options(seed=7, accounts=25, months=6, events=12_000, crm="hubspot"))
    deps = ["--log-level", "none", "deps", "--project-dir", str(folder), "--profiles-dir", str(folder)]
    assert dbtRunner().invoke(deps).success
    place = Place.find(folder / "data", folder)
    with place.entered():
        dbt_run.build(place, select=NEEDED, exclude=["test_type:data"])
    return folder


def test_it_has_the_rows_of_its_own_seeds_with_the_types_of_the_package(host):
    warehouse = host / "data/warehouse.duckdb"
    triggers = {row[0] for row in ask(warehouse, "select trigger_id from marts.dim_triggers")}
    assert triggers == {"active_users_surging", "pricing_page_interest", "renewal_window_healthy", "usage_declining"}
    types = dict(
        ask(warehouse, "select column_name, data_type from information_schema.columns where table_name = 'plays'")
    )
    assert types["cost_per_touch"].startswith("DECIMAL") and types["comment"] == "VARCHAR"
    assert "teamflow" not in "".join(file.read_text().lower() for file in host.glob("*.yml"))
    assert not any("teamflow" in file.read_text().lower() for file in (host / "seeds").glob("*.csv"))


def test_it_fires_publishes_pushes_and_reports(host, capsys):
    assert ask(host / "data/warehouse.duckdb", FIRED.format("marts"))[0][0] > 0
    options = ["--project-dir", str(host), "--data-dir", str(host / "data")]
    assert publish_marts.main(options) == 0
    assert ask(host / "data/marts.duckdb", "select count(*) > 0 from dim_accounts") == [(True,)]
    # A build in part has no gate: a push says so, of this project and not of the product's checkout.
    assert push.main([*options, "--to", "file"]) == push.REFUSED
    assert capsys.readouterr().err.strip() == "quality_gate.json is missing: run the quality gate after the build."
    assert council_report.main(options) == 3
    assert "meterly" in capsys.readouterr().err


@pytest.mark.sampled(0)
def test_two_targets_build_side_by_side_in_one_warehouse(host):
    """Earlier than the other target's newest firing: whoever looked at its firings would stop."""
    warehouse = host / "data/warehouse.duckdb"
    before = ask(warehouse, FIRED.format("marts"))
    dev = Place.find(host / "data", host, target="dev")
    with dev.entered():
        dbt_run.build(dev, {"as_of": "2026-05-01"}, select=NEEDED, exclude=["test_type:data"])
    assert ask(warehouse, FIRED.format("marts")) == before
    (last,) = ask(warehouse, "select max(as_of) = timestamp '2026-05-01' from dev_intermediate.int_clock")
    assert last == (True,)
    schemas = {row[0] for row in ask(warehouse, "select distinct table_schema from information_schema.tables")}
    assert {"marts", "sync", "raw_hubspot", "raw_quarantine"} <= schemas
    assert {"dev_marts", "dev_sync", "dev_raw_hubspot", "dev_raw_quarantine"} <= schemas
    # The manifest on disk is dev's: the other target does not take it for its own.
    assert str(Relations.of(dev).ref("sync_crm_firings")) == '"dev_sync"."sync_crm_firings"'
    prod = Relations.of(Place.find(host / "data", host))
    assert str(prod.ref("sync_crm_firings")) == '"sync"."sync_crm_firings"'
    assert str(prod.source("hubspot", "company")) == '"raw_hubspot"."company"'


def test_marts_that_are_views_are_published_too(host, tmp_path):
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    shutil.copyfile(host / "data/warehouse.duckdb", data_dir / "warehouse.duckdb")
    write(
        data_dir / "warehouse.duckdb",
        "alter table marts.dim_triggers rename to triggers",
        "create view marts.dim_triggers as select * from warehouse.marts.triggers",
    )
    published = publish_marts.publish(Place.find(data_dir, host, target="prod"))
    assert published["dim_triggers"] == 4 and "triggers" not in published


@pytest.mark.parametrize("name", ["Meterly", "meter-ly", "1meterly", "", "expansion_triggers"])
def test_a_bad_name_is_refused_in_one_sentence(tmp_path, capsys, name):
    assert new_company.main(["--name", name, "--to", str(tmp_path / "new")]) == 1
    told = capsys.readouterr().err.strip().splitlines()
    assert len(told) == 1 and "expected lower-case letters" in told[0]
    assert not (tmp_path / "new").exists()


def test_a_folder_that_holds_something_is_refused(tmp_path, capsys):
    (tmp_path / "notes.txt").write_text("mine")
    assert new_company.main(["--name", "meterly", "--to", str(tmp_path)]) == 1
    assert capsys.readouterr().err.strip() == f"{tmp_path} is not empty: expected a new or an empty folder."
    assert [file.name for file in tmp_path.iterdir()] == ["notes.txt"]


def test_a_folder_without_a_project_is_refused(tmp_path, capsys):
    assert build.main(["--project-dir", str(tmp_path)]) == 1
    assert capsys.readouterr().err.strip() == f"{tmp_path} is no dbt project: expected a folder with dbt_project.yml."


def test_an_unknown_target_is_told(capsys, tmp_path):
    assert publish_marts.main(["--target", "staging", "--data-dir", str(tmp_path)]) == 1
    assert (
        "has no target staging: expected prod or dev." in capsys.readouterr().err
        or not (tmp_path / "warehouse.duckdb").exists()
    )
