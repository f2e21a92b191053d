"""Three heavy parts of the models beside the versions that a textbook has, on the accounts that those can manage.

Both run in one process on the same tables, taken from a built warehouse, and must give the same rows: else the comparison
says nothing, and fails.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb

ACCOUNTS = 100
FIGURES = "textbook.json"
COMPILED = "target/compiled/expansion_triggers/models/intermediate"
RELATION = re.compile(r'"warehouse"\."(\w+)"\."(\w+)"')
# Every day looks back by itself: what is active in 28 days is joined to each of them.
SELF_JOIN = """
    select days.account_id, days.signal_on, case when days.signal_on - 27 >= days.horizon_on then
        count(distinct seen.user_key) end as active_users_28d
    from warehouse.intermediate.int_product_account_days as days
    left join warehouse.intermediate.int_product_user_days as seen
        on days.account_id = seen.account_id and seen.event_on between days.signal_on - 27 and days.signal_on
    group by days.account_id, days.signal_on, days.horizon_on
"""
# Every day asks where its run began: at the newest day up to it that has none before it.
CORRELATED_SUBQUERY = """
    with days as (
        select * from warehouse.intermediate.int_trigger_days
        semi join (from warehouse.intermediate.int_triggers where kind = 'daily') using (trigger_id)
    ),
    runs as (
        select trigger_id, account_id, signal_on, (
            select max(first_days.signal_on) from days as first_days
            where first_days.trigger_id = days.trigger_id and first_days.account_id = days.account_id
            and first_days.signal_on <= days.signal_on and not exists (
                select 1 from days as days_before
                where days_before.trigger_id = first_days.trigger_id and days_before.account_id = first_days.account_id
                and days_before.signal_on = first_days.signal_on - 1
            )
        ) as first_on
        from days
    )
    select trigger_id, account_id, runs.first_on + for_days::integer - 1 as started_on
    from runs inner join warehouse.intermediate.int_triggers using (trigger_id)
    group by all having max(signal_on) >= started_on
"""


@dataclass(frozen=True)
class Part:
    """What is compared: a model's columns, and a function that makes a table `theirs` with the same ones."""

    name: str
    by: str
    model: str
    columns: str
    textbook: Callable[[duckdb.DuckDBPyConnection], None]


def row_loop(connection: duckdb.DuckDBPyConnection) -> None:
    """Candidate by candidate, each held against what has fired before it."""
    candidates = connection.execute("""
        select candidates.account_id, candidates.cooldown_group, candidates.moment, candidates.cooldown_days,
            cancellations.released_at, candidates.firing_id
        from warehouse.intermediate.int_free_candidates as candidates
        left join warehouse.intermediate.int_candidate_cancellations as cancellations using (firing_id)
        order by candidates.account_id, candidates.cooldown_group, candidates.moment, candidates.priority,
            candidates.trigger_id
    """).fetchall()
    connection.execute(
        "create temp table fired (account_id varchar, cooldown_group varchar, moment timestamp, released_at timestamp)"
    )
    connection.execute("create table theirs (firing_id varchar)")
    for account_id, group, moment, days, released_at, firing_id in candidates:
        (conflicts,) = connection.execute(
            "select count(*) from fired where account_id = ? and cooldown_group = ? and moment > ?"
            " and (released_at is null or released_at > ?)",
            [account_id, group, moment - timedelta(days=days), moment],
        ).fetchone()
        if not conflicts:
            connection.execute("insert into fired values (?, ?, ?, ?)", [account_id, group, moment, released_at])
            connection.execute("insert into theirs values (?)", [firing_id])
    connection.execute("drop table fired")


def _query(sql: str) -> Callable[[duckdb.DuckDBPyConnection], None]:
    return lambda connection: connection.execute(f"create table theirs as {sql}") and None


PARTS = (
    Part(
        "moving distinct users",
        "self-join",
        "signals/int_signals_active_users",
        "account_id, signal_on, active_users_28d",
        _query(SELF_JOIN),
    ),
    Part(
        "consecutive days",
        "correlated subquery",
        "engine/int_daily_episodes",
        "trigger_id, account_id, started_on",
        _query(CORRELATED_SUBQUERY),
    ),
    Part("cooldown", "row loop", "engine/int_firings_by_todays_rules", "firing_id", row_loop),
)


def run(data_dir: Path) -> list[dict[str, Any]]:
    """Runs the parts on a built warehouse and writes their CPU seconds to FIGURES; raises where rows differ."""
    outcomes = []
    for part in PARTS:
        compiled = (data_dir / COMPILED / f"{part.model}.sql").read_text()
        with duckdb.connect(config={"threads": 2}) as connection:
            connection.execute("set enable_progress_bar = false")
            copy_tables(connection, data_dir, compiled)
            ours = _seconds(connection.execute, f"create table ours as {compiled}")
            theirs = _seconds(part.textbook, connection)
            rows = [connection.execute(f"select count(*) from {table}").fetchone()[0] for table in ("ours", "theirs")]
            (differing,) = connection.execute(f"""
                select count(*) from (
                    (select {part.columns} from ours except all select {part.columns} from theirs)
                    union all (select {part.columns} from theirs except all select {part.columns} from ours)
                )
            """).fetchone()
        if differing:
            raise ValueError(f"{part.model}: {differing} of {rows} rows differ from the {part.by}")
        outcomes.append(
            {
                "part": part.name,
                "by": part.by,
                "rows": rows[0],
                "ours": round(ours, 3),
                "textbook": round(theirs, 3),
                "ratio": round(theirs / max(ours, 0.001), 1),
            }
        )
    (data_dir / FIGURES).write_text(json.dumps(outcomes, indent=2) + "\n")
    return outcomes


def copy_tables(connection: duckdb.DuckDBPyConnection, data_dir: Path, compiled: str) -> None:
    """What a model reads, of some accounts, in a warehouse in memory."""
    connection.execute(f"attach '{data_dir}/warehouse.duckdb' as built (read_only); attach ':memory:' as warehouse")
    connection.execute(f"""
        create table chosen as
        select account_id from built.intermediate.int_accounts_today order by md5(account_id) limit {ACCOUNTS}
    """)
    read = set(RELATION.findall(compiled))
    for schema, table in sorted(read):
        connection.execute(f"create schema if not exists warehouse.{schema}")
        columns = [row[0] for row in connection.execute(f"describe built.{schema}.{table}").fetchall()]
        kept = "semi join chosen using (account_id)" if "account_id" in columns else ""
        connection.execute(f"create table warehouse.{schema}.{table} as select * from built.{schema}.{table} {kept}")


def _seconds(work: Callable[..., object], *given: object) -> float:
    began = time.process_time()
    work(*given)
    return time.process_time() - began
