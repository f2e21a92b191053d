"""Write drawn worlds as the tables upstream of validation, many worlds into one database."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd

from .signals import SIGNALS
from .world import FIRST_DAY, Drawn

TABLES = {
    "stage_daily": """
        account_id varchar, signal_on date, tenure_days integer, tier varchar, segment varchar,
        contract_value decimal(18, 2), is_in_stage boolean, stage_reason varchar""",
    "episodes": """
        trigger_id varchar, account_id varchar, started_on date, triggered_at timestamp, ended_on date, is_open boolean""",
    "expansions": """
        expansion_id varchar, account_id varchar, expanded_on date, expanded_at timestamp, expansion_type varchar,
        mrr_before decimal(18, 2), mrr_after decimal(18, 2), mrr_delta decimal(18, 2)""",
    "movements": """
        account_id varchar, currency varchar, movement_on date, moved_at timestamp, movement_type varchar,
        mrr_delta_native double, mrr_delta double, mrr_before double, mrr_after double""",
    "firings": """
        firing_id varchar, trigger_id varchar, account_id varchar, triggered_at timestamp, message_group varchar,
        is_shadow boolean, is_holdout boolean, play_id varchar""",
    "firing_status": """
        firing_id varchar, status varchar, is_sla_met boolean, delivered_at timestamp, accepted_at timestamp,
        meeting_at timestamp, opportunity_at timestamp, won_at timestamp, lost_at timestamp""",
    "opportunities": """
        opportunity_id varchar, account_id varchar, is_expansion boolean, amount double, firing_id varchar, is_closed boolean,
        is_won boolean, created_at timestamp, closes_at timestamp""",
    "opportunity_amounts": "opportunity_id varchar, amount double, valid_from timestamp, valid_until timestamp",
    "triggers": """
        trigger_id varchar, trigger_name varchar, category varchar, signal_class varchar, kind varchar, for_days integer,
        burst_minutes integer, tiers varchar, segments varchar, min_contract_value double, requires_stage boolean,
        message_group varchar, cooldown_days integer, priority integer, expansion_types varchar, window_days integer,
        holdout_pct double, benchmark_low double, benchmark_high double, play_id varchar, status varchar,
        active_from timestamp""",
    "conditions": "trigger_id varchar, signal varchar, comparator varchar, threshold double, threshold_high double",
    "weights": """
        fitted_as_of timestamp, version integer, window_days integer, term_type varchar, term varchar, level varchar,
        low double, high double, coefficient double, points double, standard_error double, account_weeks bigint,
        expanded_account_weeks bigint, penalty double, note varchar""",
    "plays": "play_id varchar, play_name varchar, cost_per_touch double",
    "clock": "as_of timestamp, last_closed_on date, last_final_on date",
    "signals_daily": "account_id varchar, signal_on date, " + ", ".join(f"{signal} double" for signal in SIGNALS),
}


def create(con: duckdb.DuckDBPyConnection) -> None:
    """Create the empty tables, replacing what is there."""
    con.execute("create schema if not exists bare")
    for table, columns in TABLES.items():
        con.execute(f"create or replace table bare.{table} ({columns})")
    # Where the contract of the landed weights expects them.
    con.execute("create schema if not exists raw_readiness")
    con.execute("create or replace view raw_readiness.weights as select * from bare.weights")


def set_clock(con: duckdb.DuckDBPyConnection, days: int, seconds: int) -> None:
    """The clock stands seconds after the close of the last of so many days."""
    con.execute(
        "insert into bare.clock select cast(first as timestamp) + to_seconds(?), cast(first as date) - 1, cast(first as date) - 4"
        " from (select cast(? as date) + cast(? as integer) as first)",
        [seconds, str(FIRST_DAY), days],
    )


def append(con: duckdb.DuckDBPyConnection, drawn: Drawn) -> None:
    """Add one world's rows. Its number stands in every id and tier, so that worlds never meet."""
    world = f"w{drawn.world.seed:05d}"
    first = str(FIRST_DAY)
    planted = pd.DataFrame([{"trigger": i, **vars(trigger)} for i, trigger in enumerate(drawn.planted)])
    frames = {
        "d_accounts": drawn.accounts,
        "d_days": drawn.days,
        "d_episodes": drawn.episodes,
        "d_expansions": drawn.expansions,
        "d_losses": drawn.losses,
        "d_firings": drawn.firings,
    }
    if len(planted):
        frames["d_planted"] = planted.astype({"follows": "string", "window_days": "Int64"})
    for name, frame in frames.items():
        con.register(name, frame)
    account = f"printf('{world}-a%06d', cast(account as bigint))"
    moment = f"cast(date '{first}' + cast(day as integer) as timestamp) + to_seconds(second)"
    con.execute(f"""
        insert into bare.stage_daily
        select {account}, date '{first}' + cast(day as integer), day - paid_from,
            '{world}-' || case when stratum % 2 = 0 then 'starter' else 'business' end,
            case when stratum // 2 = 0 then 'SMB' else 'mid-market' end, contract_cents / 100.0,
            is_in_stage = 1, case when is_in_stage = 1 then null when day - paid_from < 60 then 'tenure' else 'health' end
        from d_days inner join d_accounts using (account)
    """)
    con.execute(f"""
        insert into bare.expansions
        select md5({account} || '|' || cast(day as integer)), {account}, date '{first}' + cast(day as integer), {moment}, 'seat_growth',
            mrr_before, mrr_before + delta, delta
        from d_expansions
    """)
    con.execute(f"""
        insert into bare.movements
        select {account}, 'usd', date '{first}' + cast(day as integer), {moment}, movement_type, delta, delta, mrr_before,
            mrr_before + delta
        from (
            select *, 'seat_growth' as movement_type from d_expansions
            union all by name
            select *, 'contraction' as movement_type from d_losses
            union all by name
            select account, paid_from as day, 0 as second, 0 as mrr_before, first_mrr as delta, 'new' as movement_type
            from d_accounts
            union all by name
            select account, churned_on as day, 0 as second, last_mrr as mrr_before, -last_mrr as delta,
                'churn' as movement_type
            from d_accounts where churned_on > 0
        )
    """)
    if not len(planted):
        return
    con.execute(f"""
        insert into bare.triggers
        select '{world}-' || name, name, case when is_risk then 'risk' else 'adoption' end, 'usage',
            case when is_event then 'event' else 'daily' end, 1, 25, '{world}-starter|{world}-business', null, null, not is_risk,
            '{world}-' || name, 30, trigger + 1, 'seat_growth', window_days, holdout_pct, null, null, 'play',
            case when is_active then 'active' else 'shadow' end, timestamp '2025-01-01 00:00:00'
        from d_planted
    """)
    con.execute(f"""
        insert into bare.episodes
        select '{world}-' || name, {account}, date '{first}' + cast(day as integer), {moment},
            case when last_day < {drawn.world.days - 1} then date '{first}' + cast(last_day as integer) end,
            last_day >= {drawn.world.days - 1}
        from d_episodes inner join d_planted using (trigger)
    """)
    con.execute(f"""
        insert into bare.firings
        select md5('{world}-' || name || {account} || day), '{world}-' || name, {account}, {moment}, '{world}-' || name,
            is_shadow = 1, is_holdout = 1, 'play'
        from d_firings inner join d_planted using (trigger)
    """)
    con.execute(f"""
        insert into bare.firing_status
        select md5('{world}-' || name || {account} || day), 
            case when is_shadow = 1 then 'shadow' when is_holdout = 1 then 'held_out' else 'delivered' end,
            null, case when is_holdout = 0 and is_shadow = 0 then {moment} + interval '1' hour end, null, null, null, null, null
        from d_firings inner join d_planted using (trigger)
    """)


def write(path: Path, worlds: list[Drawn]) -> None:
    """A fresh database with these worlds, all of one length."""
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as con:
        con.execute("set threads = 2")
        create(con)
        con.execute("insert into bare.plays values ('play', 'Play', 25)")
        for drawn in worlds:
            append(con, drawn)
        set_clock(con, worlds[0].world.days, worlds[0].world.last_moment_seconds)
