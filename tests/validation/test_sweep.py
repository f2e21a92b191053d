"""The sweep at the thresholds in force gives the trigger's own episodes and index events, and elsewhere what islands give."""

from __future__ import annotations

import duckdb
import pytest
from simulation import library


@pytest.fixture(scope="module")
def swept(simulated):
    simulated.database.unlink(missing_ok=True)
    with duckdb.connect(str(simulated.database)) as con:
        library.write(con, accounts=250, days=420, seed=5)
    simulated.builder.build("+threshold_sweep")
    return simulated


def test_thresholds_in_force_give_the_triggers_own_episodes(swept):
    differing = swept.rows("""
        with swept as (
            select distinct trigger_key, account_key, started_on
            from intermediate.int_sweep_episodes
            inner join intermediate.int_sweep_thresholds using (condition_key, threshold_rank)
            where is_current
        ),
        own as (
            select trigger_key, account_key, state_on as started_on
            from intermediate.int_validation_episodes
            inner join intermediate.int_validation_triggers using (trigger_key)
            where not is_event
        )
        (select * from swept except select * from own) union all (select * from own except select * from swept)
    """)
    assert differing.empty
    assert swept.rows("select count(*) as n from intermediate.int_sweep_episodes")["n"][0] > 1000


def test_thresholds_in_force_give_the_triggers_own_index_events(swept):
    differing = swept.rows("""
        with own as (
            select
                trigger_key,
                case when window_ends_at <= split_at then 'train'
                    when triggered_at >= split_at and is_complete then 'test' end as part,
                count(*) as volume, sum(case when has_outcome then 1 else 0 end) as n_expanded
            from intermediate.int_index_events
            inner join intermediate.int_sweep_splits using (trigger_key)
            where is_primary
            group by all
        ),
        swept as (
            select trigger_key, condition_key, part, volume, n_expanded
            from intermediate.int_sweep_scores where is_current and volume > 0
        )
        select * from swept left join own using (trigger_key, part)
        where swept.volume is distinct from own.volume or swept.n_expanded is distinct from own.n_expanded
    """)
    assert differing.empty


@pytest.mark.parametrize(
    ("trigger", "signal", "days", "threshold"),
    [("seat_utilisation_high", "seat_utilisation", 7, 0.75), ("feature_breadth", "features_adopted_28d", 7, 5)],
)
def test_other_thresholds_give_what_islands_give(swept, trigger, signal, days, threshold):
    comparator = ">=" if signal == "features_adopted_28d" else ">"
    islands = swept.rows(f"""
        select account_id, min(signal_on) + {days - 1} as started_on
        from (
            select account_id, signal_on,
                signal_on - cast(row_number() over (partition by account_id order by signal_on) as integer) as island
            from bare.signals_daily where {signal} {comparator} {threshold}
        )
        group by account_id, island having count(*) >= {days}
        order by all
    """)
    seen = swept.rows(f"""
        select account_id, started_on from intermediate.int_sweep_episodes
        inner join intermediate.int_validation_accounts using (account_key)
        inner join intermediate.int_sweep_thresholds using (condition_key, threshold_rank)
        inner join intermediate.int_validation_triggers using (trigger_key)
        where trigger_id like '%-{trigger}' and threshold = {threshold}
        order by all
    """)
    assert len(islands) > 20
    assert islands.equals(seen)


def test_nine_thresholds_two_parts_one_in_force_at_most_one_recommended(swept):
    rows = swept.rows("select * from intermediate.threshold_sweep")
    for _, group in rows.groupby(["trigger_id", "signal", "part"]):
        assert len(group) == 9 and group["is_current"].sum() == 1 and group["is_recommended"].sum() <= 1
    recommended = rows[rows["is_recommended"] & (rows["part"] == "train")]
    assert (recommended["precision_low"] > recommended["control_rate"]).all()
