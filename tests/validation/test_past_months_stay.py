"""What a month's row says is what its end knew: a fact that comes after it changes no row of it."""

from __future__ import annotations

import pandas as pd
from simulation.world import Planted, World

WORLD = World(
    seed=11,
    triggers=(
        Planted("real", rate=1 / 60, hazard_ratio=3, is_operated=True, play_ratio=1.5, holdout_pct=20),
        Planted("vanity", rate=1 / 60),
        Planted(
            "event", rate=1 / 60, hazard_ratio=2, is_event=True, is_operated=True, operated_from=120, window_days=30
        ),
        Planted("loss", rate=1 / 90, hazard_ratio=3, is_risk=True, window_days=30),
    ),
    accounts=160,
    days=330,
)
CUT = "timestamp '2025-10-01 00:00:00'"
LAST_MONTH = "2025-09"

# What an owner does with a delivery, by its number: accepted, an opportunity, won or lost, and an amount raised later.
REACTIONS = (
    """update bare.firing_status set
        accepted_at = delivered_at + to_hours(cast(hash(firing_id) % 900 as integer)),
        meeting_at = delivered_at + to_hours(100 + cast(hash(firing_id) % 500 as integer)),
        opportunity_at = case when hash(firing_id) % 2 = 0 then delivered_at + to_hours(cast(hash(firing_id) % 1000 as integer)) end,
        won_at = case when hash(firing_id) % 6 = 0 then delivered_at + to_hours(1500) end,
        lost_at = case when hash(firing_id) % 6 = 2 then delivered_at + to_hours(1200) end
    where delivered_at is not null""",
    """insert into bare.opportunities
    select 'opp_' || firing_id, account_id, true, 300, firing_id, true, won_at is not null, opportunity_at, coalesce(won_at, lost_at)
    from bare.firing_status inner join bare.firings using (firing_id) where opportunity_at is not null""",
    """insert into bare.opportunity_amounts
    select opportunity_id, 100, timestamp '1900-01-01', created_at + interval 40 day from bare.opportunities
    union all
    select opportunity_id, 300, created_at + interval 40 day, null from bare.opportunities""",
)
# The world as it was known at the cut.
STEPS = ("delivered_at", "accepted_at", "meeting_at", "opportunity_at", "won_at", "lost_at")
FORGET = (
    f"update bare.clock set as_of = {CUT}, last_closed_on = cast({CUT} as date) - 1, last_final_on = cast({CUT} as date) - 4",
    f"delete from bare.stage_daily where signal_on >= cast({CUT} as date)",
    f"delete from bare.episodes where triggered_at > {CUT}",
    f"update bare.episodes set ended_on = null, is_open = true where ended_on >= cast({CUT} as date)",
    f"delete from bare.expansions where expanded_at > {CUT}",
    f"delete from bare.movements where moved_at > {CUT}",
    f"delete from bare.firings where triggered_at > {CUT}",
    *(f"update bare.firing_status set {step} = null where {step} > {CUT}" for step in STEPS),
    f"delete from bare.opportunities where created_at > {CUT}",
    f"update bare.opportunities set is_closed = false, is_won = false, closes_at = null where closes_at > {CUT}",
    f"update bare.opportunities set amount = 100 where created_at + interval 40 day > {CUT}",
    f"delete from bare.opportunity_amounts where valid_from > {CUT}",
    f"update bare.opportunity_amounts set valid_until = null where valid_until > {CUT}",
)
ROWS = {
    "trigger_scorecard": f"select * from intermediate.trigger_scorecard where period <= '{LAST_MONTH}' order by trigger_id, period",
    # How near a forecast came is known at the end of the month that it speaks of.
    "expansion_kpis_monthly": "select * from intermediate.expansion_kpis_monthly"
    f" where month <= date '{LAST_MONTH}-01' order by month",
}


def test_what_comes_later_changes_no_month(simulated):
    simulated.build(WORLD, select="int_clock")
    for statement in REACTIONS:
        simulated.execute(statement)
    simulated.builder.build()
    later = {mart: simulated.rows(sql) for mart, sql in ROWS.items()}
    for statement in FORGET:
        simulated.execute(statement)
    simulated.builder.build()
    then = {mart: simulated.rows(sql) for mart, sql in ROWS.items()}
    assert (then["trigger_scorecard"]["pipeline"] > 0).sum() > 5
    assert (then["trigger_scorecard"]["verdict"] != "insufficient_data").any()
    assert then["expansion_kpis_monthly"]["accepted"].sum() > 20
    for mart in ROWS:
        # Identity is master data: its one figure stands beside the newest month.
        rows, known = (frame.drop(columns="match_rate", errors="ignore") for frame in (later[mart], then[mart]))
        assert len(known) >= 9
        pd.testing.assert_frame_equal(rows, known, rtol=1e-9, check_dtype=False, obj=mart)
