"""The closing summary says what a build found, and whatever stands in the way of most accounts first."""

from __future__ import annotations

import duckdb
import pytest
from operations import summary
from operations.place import Place
from support.built_world import ask, built, copied, project, write


def lines(data_dir) -> list[str]:
    place = Place.find(data_dir, project().folder, project().manifest)
    with place.entered():
        return summary.summary(place)


def row(told: list[str], trigger: str) -> list[str]:
    (line,) = [line for line in told if line.split()[:1] == [trigger]]
    return line.split()


@pytest.fixture(autouse=True)
def _no_landing_elsewhere(monkeypatch):
    monkeypatch.delenv("RAW_LOCATION", raising=False)
    monkeypatch.delenv("DATA_DIR", raising=False)


def test_the_facts_of_a_build():
    warehouse = built() / "warehouse.duckdb"
    told = lines(built())
    text = "\n".join(told)
    assert len(told) <= 40
    assert told[0].startswith("As of ")
    ((events,),) = ask(
        warehouse,
        "select count(*) from staging.stg_product__events as events"
        " left join staging.stg_product__users as users on events.user_key = users.user_key and users.is_staff"
        " where users.user_key is null",
    )
    ((found,),) = ask(warehouse, "select count(*) from intermediate.int_product_events")
    assert f"{found:,} of {events:,} product events found an account" in text
    ((inside,),) = ask(
        warehouse,
        "select count(*) from intermediate.int_account_stage_daily as stage where is_in_stage"
        " and signal_on = (select max(signal_on) from intermediate.int_account_stage_daily)",
    )
    assert f"accounts  {inside:,} of " in text
    ((trigger, fired),) = ask(
        warehouse,
        "select trigger_id, count(*) from marts.fct_fired_triggers where not is_shadow group by 1 order by 2 desc, 1 limit 1",
    )
    ((accounts,),) = ask(
        warehouse, f"select count(distinct account_id) from marts.fct_trigger_episodes where trigger_id = '{trigger}'"
    )
    ((candidates, shadow),) = ask(
        warehouse,
        f"select (select count(*) from intermediate.int_candidates where trigger_id = '{trigger}'),"
        f" (select count(*) from marts.fct_fired_triggers where trigger_id = '{trigger}' and is_shadow)",
    )
    assert row(told, trigger)[1:6] == ["active", f"{accounts:,}", f"{candidates:,}", f"{fired:,}", f"{shadow:,}"]


def test_no_customer_is_named():
    names = ask(built() / "warehouse.duckdb", "select account_name from marts.dim_accounts")
    text = "\n".join(lines(built()))
    assert not [name for (name,) in names if name in text]


def test_what_stopped_most_comes_first_in_its_row():
    warehouse = built() / "warehouse.duckdb"
    trigger, reason, stopped = ask(
        warehouse,
        "select trigger_id, reason, cast(sum(candidates) as bigint) from marts.fct_suppressed_triggers group by 1, 2 order by 3 desc, 1 limit 1",
    )[0]
    assert " ".join(row(lines(built()), trigger)[6:8]).rstrip(",") == f"{reason} {stopped:,}"


def test_no_firing_at_all_stands_first(tmp_path):
    data_dir = copied(tmp_path, with_warehouse=True)
    write(data_dir / "warehouse.duckdb", "delete from intermediate.int_firings")
    first = lines(data_dir)[0]
    assert first.startswith("! Nothing fired: the conditions of ")
    assert "make doctor" in "\n".join(lines(data_dir)[:3])


def test_firing_in_shadow_alone_says_how_to_end_it(tmp_path):
    data_dir = copied(tmp_path, with_warehouse=True)
    write(data_dir / "warehouse.duckdb", "update intermediate.int_firings set is_shadow = true")
    assert lines(data_dir)[0].startswith("! No trigger fired but in shadow (")


def test_most_accounts_out_for_one_reason_stands_first(tmp_path):
    data_dir = copied(tmp_path, with_warehouse=True)
    write(
        data_dir / "warehouse.duckdb",
        "update intermediate.int_account_stage_daily set is_in_stage = false, stage_reason = 'not_onboarded'"
        " where coalesce(stage_reason, '') <> 'churned'",
    )
    told = lines(data_dir)
    assert told[0].startswith("! ")
    assert "are out of the expansion stage for one reason, not_onboarded" in " ".join(told[:3]).replace("  ", " ")
    assert "crm_fields: onboarding_completed_date" in " ".join(line.strip() for line in told[:4])


def test_a_signal_that_nobody_has_is_named_with_its_trigger(tmp_path):
    data_dir = copied(tmp_path, with_warehouse=True)
    write(data_dir / "warehouse.duckdb", "delete from marts.fct_suppressed_triggers where trigger_id = 'intent_surge'")
    told = lines(data_dir)
    assert " ".join(row(told, "intent_surge")).endswith("intent_surge_score known by no account")
    assert "for none: " in " ".join(told)


def test_a_part_that_was_not_built_leaves_its_lines_out(tmp_path):
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        connection.execute("create schema staging; create table staging.stg_product__events (id int)")
    assert lines(tmp_path) == []
    assert lines(tmp_path / "nothing") == []
