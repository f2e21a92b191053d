"""A warehouse that an earlier version built: what it recorded is taken over, and nothing is fired twice."""

from __future__ import annotations

import pytest
from support.built_world import ask, build_models, copied, write

FIRINGS = "select * from {} order by firing_id"
OF_VERSION_1_0 = "select * exclude (holdout_pct) from marts.fct_fired_triggers order by firing_id"


def of_version_1_0(data_dir):
    """The built world as version 1.0 left it: the mart itself is the table of the recorded firings."""
    copied(data_dir, with_warehouse=True)
    write(
        data_dir / "warehouse.duckdb",
        # It did not know yet how many were held out.
        "create table recorded as select * exclude (holdout_pct) from marts.fct_fired_triggers",
        "drop view marts.fct_fired_triggers",
        "create table marts.fct_fired_triggers as from recorded",
        "drop table recorded",
        "drop table intermediate.int_firings",
    )
    return data_dir / "warehouse.duckdb"


@pytest.fixture
def warehouse(tmp_path):
    return of_version_1_0(tmp_path)


def test_recorded_firings_move_from_the_mart_to_the_record(tmp_path, warehouse):
    before = ask(warehouse, FIRINGS.format("marts.fct_fired_triggers"))
    assert before
    build_models(tmp_path, "int_new_firings", "int_firings", "fct_fired_triggers", exclude=["test_type:data"])
    assert ask(warehouse, "select count(*) from intermediate.int_new_firings") == [(0,)]
    assert ask(warehouse, OF_VERSION_1_0) == before
    assert ask(
        warehouse,
        "select table_type from information_schema.tables where table_schema = 'marts' and table_name = 'fct_fired_triggers'",
    ) == [("VIEW",)]
    # And the next build adds to the record instead of taking anything over again.
    build_models(tmp_path, "int_new_firings", "int_firings", "fct_fired_triggers", exclude=["test_type:data"])
    assert ask(warehouse, OF_VERSION_1_0) == before


def test_a_firing_that_todays_rules_would_not_give_is_taken_over_as_well(tmp_path, warehouse):
    """The first build of the record keeps what was recorded and adds what the past has not settled."""
    (newest,) = ask(warehouse, "select max(triggered_at) from marts.fct_fired_triggers")[0]
    write(
        warehouse,
        # One that no rule gives, and one recorded in the days that are looked at again taken away.
        "update marts.fct_fired_triggers set trigger_id = 'retired_since' where firing_id ="
        " (select min(firing_id) from marts.fct_fired_triggers)",
        f"delete from marts.fct_fired_triggers where triggered_at = '{newest}'",
    )
    before = ask(warehouse, "select firing_id, trigger_id from marts.fct_fired_triggers")
    build_models(tmp_path, "int_new_firings", "int_firings", exclude=["test_type:data"])
    after = ask(warehouse, "select firing_id, trigger_id from intermediate.int_firings")
    assert len(after) == len(set(after))
    assert set(before) < set(after)
    assert ask(warehouse, f"select count(*) > 0 from intermediate.int_firings where fired_at = '{newest}'") == [(True,)]


def test_a_record_without_the_share_held_out_gets_it_from_now_on(tmp_path):
    copied(tmp_path, with_warehouse=True)
    warehouse = tmp_path / "warehouse.duckdb"
    (newest,) = ask(warehouse, "select max(fired_at) from intermediate.int_firings")[0]
    before = ask(
        warehouse, FIRINGS.format("intermediate.int_firings").replace("*", "* exclude (holdout_pct, recorded_as_of)")
    )
    write(
        warehouse,
        f"delete from intermediate.int_firings where fired_at = '{newest}'",
        "alter table intermediate.int_firings drop column holdout_pct",
    )
    build_models(tmp_path, "int_new_firings", "int_firings", "fct_fired_triggers", exclude=["test_type:data"])
    after = ask(
        warehouse, FIRINGS.format("intermediate.int_firings").replace("*", "* exclude (holdout_pct, recorded_as_of)")
    )
    assert after == before
    recorded = ask(
        warehouse,
        f"select fired_at = '{newest}', holdout_pct is not null, count(*) from marts.fct_fired_triggers join"
        " (select firing_id, fired_at from intermediate.int_firings) using (firing_id) group by all order by all",
    )
    assert [row[:2] for row in recorded] == [(False, False), (True, True)]
