"""Between builds: the urgent run reads what came since the last one, and finds what a build of everything would find."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import duckdb
import pytest
from operations import dbt_run
from operations.place import Place
from support.built_world import ask, built, copied, project
from urgent import SELECT

MOMENTS = "select trigger_id, account_id, event_at, user_id, event_key, received_at from intermediate.{}"
FIRINGS = "select firing_id, trigger_id, account_id, fired_at from intermediate.int_firings where fired_at > '{}'"
#: A blocked invitation in each of many workspaces an hour or two after the build, some of them in two copies; events that
#: landed before and count no more, and events that landed so long ago that they count again.
NEWS = """
    with blocked as (
        select *, row_number() over (order by context_group_id) as n
        from (
            select * replace ('invite_blocked' as event) from landed
            where context_group_id is not null
            qualify row_number() over (partition by context_group_id order by received_at desc, id) = 1
        )
    ),
    known as (
        select * from landed
        where event = 'invite_blocked' and received_at > timestamp '{built}' - interval 29 day
    ),
    forgotten as (
        select * from landed
        where event = 'invite_blocked' and received_at < timestamp '{built}' - interval 31 day
    )
    select * exclude (n, copy) replace (
        'fresh_' || n as id,
        timestamp '{built}' + interval 1 hour + n * interval 4 minute as timestamp,
        timestamp '{built}' + interval 1 hour + n * interval 4 minute + copy * interval 10 second as received_at
    )
    from blocked cross join range(1, 3) as copies(copy) where copy = 1 or n % 4 = 0
    union all
    select * replace (timestamp '{built}' + interval 2 hour as received_at) from known
    union all
    select * replace (timestamp '{built}' + interval 2 hour as timestamp, timestamp '{built}' + interval 2 hour as received_at)
    from forgotten
"""


@pytest.fixture(scope="module")
def landings(tmp_path_factory) -> tuple[datetime, Path, Path]:
    """When it was built, and two copies of the built world in which the same events have landed since."""
    folder = tmp_path_factory.mktemp("urgent")
    urgent = copied(folder / "urgent", with_warehouse=True)
    [(moment,)] = ask(urgent / "warehouse.duckdb", "select as_of from intermediate.int_clock")
    tracks = urgent / "raw/segment/tracks"
    with duckdb.connect() as connection:
        connection.execute(
            f"create view landed as select * from read_parquet('{tracks}/*.parquet', union_by_name = true)"
        )
        connection.execute(f"copy ({NEWS.format(built=moment)}) to '{tracks}/part-since.parquet' (format parquet)")
    shutil.copytree(urgent, folder / "whole")
    # Parsed anew: the urgent path reads one relation more.
    place = Place.find(urgent, project().folder)
    with place.entered():
        dbt_run.invoke(place, [*SELECT, "--vars", "{urgent: true}", "--target-path", "target/urgent"])
    project().build(folder / "whole", select=["+int_firings"])
    return moment, urgent / "warehouse.duckdb", folder / "whole/warehouse.duckdb"


def test_an_urgent_run_finds_the_moments_that_a_build_finds(landings):
    _, urgent, whole = landings
    before = ask(urgent, MOMENTS.format("int_event_moments"))
    fresh = ask(urgent, MOMENTS.format("int_fresh_event_moments"))
    assert sorted(before) == sorted(ask(built() / "warehouse.duckdb", MOMENTS.format("int_event_moments")))
    # Each once: the copies and what is known do not count, the forgotten do.
    assert len(fresh) > 20
    assert sorted(map(str, before + fresh)) == sorted(map(str, ask(whole, MOMENTS.format("int_event_moments"))))


def test_an_urgent_run_fires_what_a_build_fires(landings):
    moment, urgent, whole = landings
    fired = ask(urgent, FIRINGS.format(moment))
    assert fired
    assert sorted(fired) == sorted(ask(whole, FIRINGS.format(moment)))


def test_an_urgent_run_leaves_alone_what_is_as_large_as_the_history(landings):
    _, urgent, _ = landings
    for table in (
        "staging.stg_product__event_copies",
        "intermediate.int_product_events",
        "intermediate.int_event_moments",
    ):
        count = f"select count(*) from {table}"
        assert ask(urgent, count) == ask(built() / "warehouse.duckdb", count)
