"""The gate lets a sound build through, and names expectation, table and rows of an unsound one."""

from __future__ import annotations

import json
import shutil
from datetime import date, timedelta
from pathlib import Path

import duckdb
import generate_world
import pandas as pd
import pytest
import quality_gate
from operations import dbt_run, gate
from operations.place import Place
from operations.relations import Relations
from operations.warehouse import File
from push import gate as push_gate
from push.errors import Refused
from simulation.gate_alarms import Builds, alarms, failing, suites, upper_bound
from simulation.healthy_landing import Company, healthy_company
from support.built_world import ask, build_models, built, checksum, copied, landed, project, rewrite, run, write


@pytest.fixture(autouse=True)
def _no_landing_elsewhere(monkeypatch):
    monkeypatch.delenv("RAW_LOCATION", raising=False)
    monkeypatch.delenv("DATA_DIR", raising=False)


def relations() -> Relations:
    return Relations.of(Place.find("unused", project().folder, project().manifest))


def verdict(data_dir: Path) -> dict:
    return json.loads((data_dir / "quality_gate.json").read_text())


def test_a_sound_build_passes_and_names_itself():
    data_dir = built()
    found = verdict(data_dir)
    ((as_of, build_id),) = ask(
        data_dir / "warehouse.duckdb",
        "select strftime(as_of, '%Y-%m-%dT%H:%M:%S.%fZ'), build_id from intermediate.int_engine_runs",
    )
    assert (found["passed"], found["as_of"], found["build_id"]) == (True, as_of, build_id)
    assert found["failures"] == [] and found["expectations"] > 50
    with duckdb.connect(str(data_dir / "warehouse.duckdb"), read_only=True) as warehouse:
        push_gate.check(data_dir / "quality_gate.json", File(warehouse), relations())


def test_data_docs_read_offline_and_hold_no_person():
    docs = built() / "data_docs"
    pages = list(docs.rglob("*.html"))
    suites = [file.stem for file in Path("quality/suites").glob("*.json")]
    assert (docs / "index.html") in pages
    assert {page.stem for page in (docs / "expectations").glob("*.html")} == set(suites) and suites
    for file in [*pages, *docs.rglob("*.css")]:
        text = file.read_text()
        assert "http://" not in text and "https://" not in text and 'src="//' not in text, file
        assert "@" not in text.replace("@media", "").replace("@font-face", "").replace("@import", ""), file
        if file.suffix == ".html":
            sheet = text.rsplit('<link rel="stylesheet" href="', 1)[1].split('"')[0]
            assert (file.parent / sheet).resolve() == (docs / "static/styles/offline.css").resolve()


def test_what_must_not_leave_is_named_and_nothing_is_published(tmp_path, capsys):
    data_dir = copied(tmp_path, with_warehouse=True)
    warehouse = data_dir / "warehouse.duckdb"
    # Only of what is about to leave an owner is asked.
    rows = "select firing_id from sync.sync_crm_firings where owner_role <> 'automation' order by deliver_at <= as_of desc, firing_id limit 7"
    (ownerless,), (early,), (sla,), (gone,), (no_json,), (valueless,), (twice,) = ask(warehouse, rows)
    change = "update sync.sync_crm_firings set {} where firing_id = '{}'"
    value = "regexp_replace(evidence, '\"value\":[^,}]+', '\"value\":null')"
    write(
        warehouse,
        change.format("owner_email = null, status = 'due'", ownerless),
        change.format("deliver_at = triggered_at - interval 1 second", early),
        change.format("sla_due_at = triggered_at - interval 1 day", sla),
        change.format("expires_at = deliver_at", gone),
        change.format("evidence = 'because'", no_json),
        change.format(f"evidence = {value}", valueless),
        f"insert into sync.sync_crm_firings select * from sync.sync_crm_firings where firing_id = '{twice}'",
    )

    assert run(data_dir, "--select", "stg_crm__contacts") == 1

    told = capsys.readouterr().err.strip().splitlines()
    expected = {
        "expect_column_values_to_be_unique(firing_id)": twice,
        "expect_column_values_to_be_in_set(has_owner where not is_automatic)": ownerless,
        "expect_column_pair_values_a_to_be_greater_than_b(deliver_at, triggered_at)": early,
        "expect_column_pair_values_a_to_be_greater_than_b(sla_due_at, triggered_at)": sla,
        "expect_column_pair_values_a_to_be_greater_than_b(expires_at, deliver_at)": gone,
        "expect_column_values_to_be_json_parseable(evidence)": no_json,
        "expect_column_values_to_be_between(evidence_without_value)": valueless,
    }
    for expectation, firing_id in expected.items():
        line = next((line for line in told if expectation in line), None)
        assert line, (expectation, told)
        assert line.startswith("quality gate: sync.sync_crm_firings: ") and f"firing_id {firing_id}" in line
    # Nothing else is wrong with the firings; the alerts, a view on them, repeat with the repeated one.
    assert len([line for line in told if line.startswith("quality gate: sync.sync_crm_firings: ")]) == len(expected)
    assert verdict(data_dir)["passed"] is False and verdict(data_dir)["failures"] == told
    assert checksum(data_dir / "marts.duckdb") == checksum(built() / "marts.duckdb")
    with duckdb.connect(str(warehouse), read_only=True) as connection, pytest.raises(Refused, match="gate failed"):
        push_gate.check(data_dir / "quality_gate.json", File(connection), relations())


def test_a_landing_out_of_shape_is_named(tmp_path, capsys):
    data_dir = copied(tmp_path, with_warehouse=True)
    (ticket,) = landed(data_dir, "zendesk/ticket", "select min(id) from landed")[0]
    lines = "select *, row_number() over (order by id, invoice_id) as n from landed"
    rewrite(
        data_dir,
        "stripe/invoice_line_item",
        "select * exclude (n) replace (if(n = 1, -5, quantity) as quantity, if(n = 2, 'dollar', currency) as currency)"
        f" from ({lines})",
    )
    rewrite(data_dir, "stripe/invoice", "select * from landed where created < '2026-05-01'")
    rewrite(
        data_dir,
        "zendesk/ticket",
        f"select * replace (if(id = {ticket}, 'lost', status) as status) from landed",
    )
    # A day on which almost nothing arrived, where some hundred rows are usual.
    rewrite(data_dir, "segment/tracks", "select * from landed where received_at::date <> '2026-06-29'")

    # The source views of a copied warehouse still read the files that they were made on.
    build_models(data_dir, "stg_crm__contacts")
    assert run_gate(data_dir) == 1

    told = capsys.readouterr()
    for where, table, expectation, row in (
        (told.err, "stripe.invoice_line_item", "expect_column_values_to_be_between(quantity)", "id "),
        (told.err, "stripe.invoice_line_item", "expect_column_values_to_match_regex(currency)", "id "),
        (
            told.err,
            "the raw landing, by table",
            "expect_column_values_to_be_between(gaps_behind where landed_days >= 60)",
            "table_name stripe.invoice",
        ),
        # A word that nobody knows and a quiet day are told, and stop nothing.
        (told.out, "zendesk.ticket", "expect_column_values_to_be_in_set(status)", f"id {ticket}"),
        (
            told.out,
            "the raw landing, by table and day",
            "expect_column_values_to_be_between(share_of_usual)",
            "table_name segment.tracks, landed_on 2026-06-29",
        ),
    ):
        line = next((line for line in where.splitlines() if f"{table}: {expectation}" in line), "")
        assert row in line, (expectation, told)


def test_unknown_words_and_a_rare_tables_silence_warn_and_let_the_build_through(tmp_path, capsys):
    data_dir = copied(tmp_path, with_warehouse=True)
    words = (
        "select * replace ('escalated' as status, 'blocker' as priority) from landed where created_at < '2026-05-10'"
    )
    rewrite(data_dir, "zendesk/ticket", words)
    build_models(data_dir, "stg_crm__contacts")
    assert run_gate(data_dir) == 0
    found = verdict(data_dir)
    assert found["passed"] is True and found["failures"] == []
    for column in ("status", "priority"):
        assert any(f"zendesk.ticket: expect_column_values_to_be_in_set({column})" in line for line in found["warnings"])
    assert "warning: quality gate: zendesk.ticket" in capsys.readouterr().out


BROKEN_ON = date(2024, 10, 9)


def told_of(days: pd.DataFrame, on: date) -> set[tuple[str, str]]:
    """(severity, suite and column) of what the landing suites say of one company's build of a day."""
    return {(severity, what) for _, severity, what in Builds([Company(1, days)]).told(on)}


def stops(told: set[tuple[str, str]]) -> set[str]:
    return {what for severity, what in told if severity == "critical"}


@pytest.mark.parametrize("accounts", [10, 200])
def test_a_rare_table_may_fall_silent_for_long(accounts):
    days = healthy_company(accounts, 1).days
    is_rare = days["table_name"].isin(["zendesk.ticket", "salesforce.opportunity", "salesforce_history.account"])
    silent = days[~is_rare | (days["landed_on"] < date(2024, 6, 1))]
    told = told_of(silent, BROKEN_ON)
    assert stops(told) == set()
    assert ("warning", "landing_tables: gaps_behind") in told


@pytest.mark.parametrize(
    ("accounts", "table", "days_after", "suite"),
    [
        # Many accounts: the day after; few: after four of the longest pauses they made before.
        (200, "segment.tracks", 1, "landing_volumes: share_of_least"),
        (10, "segment.tracks", 60, "landing_tables: gaps_behind"),
        (200, "zendesk.ticket_field_history", 60, "landing_tables: gaps_behind"),
    ],
)
def test_a_table_that_much_depends_on_does_not_fall_silent_unseen(accounts, table, days_after, suite):
    # A company whose weekends are no pauses.
    days = next(
        company.days
        for company in (healthy_company(accounts, seed) for seed in range(1, 40))
        if least_of_a_day(company.days, table) >= (150 if accounts == 200 and table == "segment.tracks" else 0)
    )
    assert stops(told_of(days, BROKEN_ON)) == set()
    silent = days[(days["table_name"] != table) | (days["landed_on"] < BROKEN_ON - timedelta(days=days_after))]
    assert suite in stops(told_of(silent, BROKEN_ON))


def least_of_a_day(days: pd.DataFrame, table: str) -> int:
    since = BROKEN_ON - timedelta(days=62)
    own = days[(days["table_name"] == table) & (days["landed_on"] >= since) & (days["landed_on"] < BROKEN_ON)]
    return int(own["landed_rows"].min()) if len(own) == 62 else 0


def test_a_landing_that_comes_tenfold_or_without_a_table_stops():
    days = healthy_company(100, 1).days
    often = days.assign(
        landed_rows=days["landed_rows"].where(
            days["landed_on"] != BROKEN_ON - timedelta(days=1), days["landed_rows"] * 40
        )
    )
    assert "landing_volumes: share_of_most" in stops(told_of(often, BROKEN_ON))
    assert "landing_tables: table_name" in stops(told_of(days[days["table_name"] != "stripe.invoice"], BROKEN_ON))


def test_the_simulation_judges_as_the_gate_does(tmp_path):
    """Its short cut of the expectations and the library's own say the same of a frame."""
    frame = pd.DataFrame(
        {
            "table_name": ["segment.tracks", "zendesk.ticket", "stripe.invoice"],
            "company": [0, 0, 0],
            "landed_rows": [5, 1, 1],
            "gaps_behind": [3.5, 9.0, 4.5],
            "days_behind": [3.0, 40.0, 1.0],
            "landed_days": [100, 4, 60],
        }
    )
    (suite,) = suites(("landing_tables",))
    for judged in (frame, frame.iloc[:2], frame.assign(gaps_behind=[1.0, None, 4.0], days_behind=0.5)):
        results = gate.validate([suite], {suite["name"]: judged.drop(columns="company")}, tmp_path / "docs")
        theirs = [result.success for _, result in results]
        assert theirs == [not failing(expectation, judged, {0}) for expectation in suite["expectations"]]


def test_the_table_of_false_stops_is_below_one_in_a_thousand():
    page = (Path(__file__).parents[1] / "docs/quality.md").read_text()
    table = page.split("<!-- alarms: begin -->")[1].split("<!-- alarms: end -->")[0].strip().splitlines()[2:]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table]
    assert [int(row[0]) for row in rows] == [10, 25, 50, 100, 200]
    for _, _, builds, stopped, at_most, _ in rows:
        assert int(stopped) < int(builds) / 1000
        assert float(at_most) == pytest.approx(1000 * upper_bound(int(stopped), int(builds)), abs=0.001)


def test_healthy_companies_are_not_stopped():
    found = alarms([healthy_company(25, seed) for seed in range(1, 9)], step=60)
    assert found["builds"] == 8 * 12 and found["stopped"] == 0


@pytest.fixture(scope="module")
def hubspot_alone(tmp_path_factory) -> Path:
    """A landing of HubSpot and of a Salesforce that nobody serves any more, built, checked and published."""
    data_dir = tmp_path_factory.mktemp("hubspot")
    assert generate_world.main(["--out", str(data_dir), "--accounts", "25", "--months", "6", "--crm", "hubspot"]) == 0
    shutil.copytree(built() / "raw" / "salesforce", data_dir / "raw" / "salesforce")
    rewrite(data_dir, "salesforce/task", "select * from landed where created_date < '2026-03-01'")
    left_out = ["path:models/marts/validation+", "path:models/intermediate/validation+"]
    assert run(data_dir, "--exclude", *left_out, crm="hubspot") == 0
    return data_dir


@pytest.mark.sampled(0)
def test_a_landing_of_hubspot_alone_is_judged_by_its_own_tables(hubspot_alone):
    assert verdict(hubspot_alone)["passed"] is True
    watched = ask(
        hubspot_alone / "warehouse.duckdb",
        "select distinct source_name || '.' || table_name from marts.data_completeness where source_name in ('salesforce', 'hubspot') order by 1",
    )
    assert watched == [(f"hubspot.{table}",) for table in ("company", "contact", "deal", "engagement_call")]


@pytest.mark.sampled(0)
def test_a_landing_of_hubspot_alone_can_fail(hubspot_alone, tmp_path, capsys):
    data_dir = tmp_path / "copy"
    shutil.copytree(hubspot_alone, data_dir)
    rewrite(data_dir, "hubspot/engagement_call", "select * from landed where property_hs_createdate < '2026-03-01'")
    rewrite(data_dir, "hubspot/deal", "select * replace (-1 as property_amount) from landed")
    rewrite(data_dir, "hubspot/company", "select * from landed where false")
    place = Place.find(data_dir, project("hubspot").folder, project("hubspot").manifest)
    with place.entered():
        dbt_run.build(place, select=["int_vendors_in_use"])
    assert quality_gate.main(["--data-dir", str(data_dir)]) == 1
    printed = capsys.readouterr()
    told = printed.out + printed.err
    assert (
        "CRM accounts: expect_table_row_count_to_be_between() failed (expected: the CRM in use holds accounts)" in told
    )
    assert "CRM opportunities: expect_column_values_to_be_between(amount) failed" in told
    assert "vendor hubspot, id " in told
    assert (
        "expect_column_values_to_be_between(gaps_behind) failed" in told
        and "table_name hubspot.engagement_call" in told
    )
    assert "salesforce" not in told


def test_a_warehouse_built_in_part_is_not_judged(tmp_path, capsys):
    data_dir = copied(tmp_path, with_warehouse=True)
    write(data_dir / "warehouse.duckdb", "update intermediate.int_clock set as_of = as_of - interval 1 day")
    assert run_gate(data_dir) == 1
    assert "was built in part as of 2026-06-30" in capsys.readouterr().err
    assert not (data_dir / "quality_gate.json").exists()


def test_without_a_warehouse_it_says_what_to_do(tmp_path, capsys):
    assert run_gate(tmp_path) == 1
    assert capsys.readouterr().err.strip() == f"{tmp_path}/warehouse.duckdb is missing: build it first (make build)."


def test_two_runs_write_the_same_verdict(tmp_path):
    data_dir = copied(tmp_path, with_warehouse=True)
    assert run_gate(data_dir) == 0
    first, second = (json.loads((folder / "quality_gate.json").read_text()) for folder in (built(), data_dir))
    # All but the hour at which it was looked.
    assert second | {"checked_at": first["checked_at"]} == first


def run_gate(data_dir: Path) -> int:
    return quality_gate.main(["--data-dir", str(data_dir)])
