"""A bare world the size of a real one: the library's conditions on smooth random signals, for timing and for the sweep."""

from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd

from .load import append, create, set_clock
from .signals import SIGNALS
from .world import FIRST_DAY, Planted, World, draw

# trigger_id, for_days, conditions (signal, comparator, threshold, threshold_high)
LIBRARY = [
    ("enterprise_ready", 1, [("seat_utilisation", ">", 0.80, None), ("contract_value", ">", 25000, None)]),
    ("seat_utilisation_high", 7, [("seat_utilisation", ">", 0.85, None)]),
    ("integration_interest", 1, [("integration_page_views_30d", ">", 3, None)]),
    ("power_users_emerging", 14, [("power_users", ">=", 3, None)]),
    ("company_growing", 1, [("headcount_growth_90d", ">", 0.20, None)]),
    ("quota_nearly_used", 1, [("quota_utilisation_30d", ">=", 0.90, None)]),
    ("multi_team_rollout", 1, [("max_teams_per_feature_14d", ">=", 3, None)]),
    ("pricing_page_interest", 1, [("pricing_page_views_14d", ">=", 2, None)]),
    ("active_users_surging", 1, [("active_users_growth_28d", ">", 0.25, None), ("active_users_28d", ">=", 10, None)]),
    ("executive_joined", 1, [("executive_contacts_added_60d", ">=", 1, None)]),
    ("renewal_window_healthy", 1, [("days_to_renewal", "between", 60, 90), ("health_score", ">=", 80, None)]),
    ("budget_season", 1, [("days_to_fiscal_year_end", "between", 45, 75)]),
    ("storage_nearly_full", 3, [("storage_utilisation", ">=", 0.90, None)]),
    ("feature_breadth", 7, [("features_adopted_28d", ">=", 8, None)]),
    ("value_milestone_reached", 1, [("value_milestones_30d", ">=", 1, None)]),
    ("team_added", 1, [("teams_added_30d", ">=", 1, None), ("active_users_28d", ">=", 10, None)]),
    ("intent_surge", 1, [("intent_surge_score", ">=", 70, None)]),
    ("limit_questions_in_support", 1, [("limit_tickets_30d", ">=", 2, None)]),
    ("contract_anniversary", 1, [("days_since_anniversary", "=", 0, None)]),
    ("newsletter_clicks", 1, [("marketing_emails_clicked_30d", ">=", 3, None)]),
    ("weekend_activity", 1, [("weekend_active_users_28d", ">=", 3, None)]),
    ("usage_declining", 1, [("active_users_growth_28d", "<", -0.30, None)]),
    ("urgent_ticket_open", 3, [("open_urgent_tickets", ">=", 1, None)]),
]
RISK = {"usage_declining", "urgent_ticket_open"}
EVENTS = (
    Planted("invite_blocked", rate=1 / 200, is_event=True, hazard_ratio=3, window_days=30, is_operated=True),
    Planted("upgrade_clicked", rate=1 / 200, is_event=True, hazard_ratio=2, window_days=30, is_operated=True),
)
CALENDAR = {"days_to_renewal": 365, "days_to_fiscal_year_end": 365, "days_since_anniversary": 365}


def write(con: duckdb.DuckDBPyConnection, accounts: int, days: int, seed: int = 1) -> None:
    """One world of 25 triggers; daily episodes come from the signals by the conditions."""
    create(con)
    con.execute("insert into bare.plays values ('play', 'Play', 25)")
    drawn = draw(World(seed=seed, triggers=EVENTS, accounts=accounts, days=days, share_expanding=0.1))
    append(con, drawn)
    set_clock(con, days, drawn.world.last_moment_seconds)
    prefix = f"w{seed:05d}"
    for priority, (name, for_days, conditions) in enumerate(LIBRARY, start=3):
        risk = name in RISK
        con.execute(
            "insert into bare.triggers values (?, ?, ?, 'usage', 'daily', ?, 25, null, null, null, ?, ?, 30, ?, ?, 60, 10, 0.2,"
            " 0.4, 'play', 'active', timestamp '2025-01-01')",
            [
                f"{prefix}-{name}",
                name,
                "risk" if risk else "adoption",
                for_days,
                not risk,
                name,
                priority,
                "seat_growth",
            ],
        )
        con.executemany(
            "insert into bare.conditions values (?, ?, ?, ?, ?)",
            [[f"{prefix}-{name}", *condition] for condition in conditions],
        )
    _write_signals(con, prefix, accounts, days, seed)
    _write_episodes(con, prefix)


def _write_signals(con: duckdb.DuckDBPyConnection, prefix: str, accounts: int, days: int, seed: int) -> None:
    rng = np.random.default_rng(seed + 10**6)
    thresholds = {signal: (comparator, low) for _, _, rules in LIBRARY for signal, comparator, low, _ in rules}
    used = [signal for signal in SIGNALS if signal in thresholds and signal != "contract_value"]
    block = 2000
    for first in range(0, accounts, block):
        n = min(block, accounts - first)
        frame: dict[str, np.ndarray] = {
            "account": np.repeat(np.arange(first, first + n), days),
            "day": np.tile(np.arange(days), n),
        }
        for signal in used:
            if signal in CALENDAR:
                offset = rng.integers(0, 365, (n, 1))
                values = (offset + (1 if signal == "days_since_anniversary" else -1) * np.arange(days)) % 365
            else:
                values = _smooth(rng, n, days, *thresholds[signal])
            frame[signal] = values.astype(np.float32).ravel()
        con.register("d_signals", pd.DataFrame(frame))
        columns = ", ".join(
            "cast(stage.contract_value as double)" if s == "contract_value" else s if s in used else "null"
            for s in SIGNALS
        )
        con.execute(f"""
            insert into bare.signals_daily
            select stage.account_id, stage.signal_on, {columns}
            from d_signals
            inner join bare.stage_daily as stage
                on stage.account_id = printf('{prefix}-a%06d', cast(d_signals.account as bigint))
                and stage.signal_on = date '{FIRST_DAY}' + cast(d_signals.day as integer)
        """)


def _smooth(rng: np.random.Generator, n: int, days: int, comparator: str, threshold: float) -> np.ndarray:
    """Values that drift slowly, are beyond the threshold on about one day in twenty, and whole where the threshold is."""
    noise = rng.standard_normal((n, days + 27), np.float32) * 0.55
    moved = np.cumsum(noise, axis=1)
    smooth = (moved[:, 27:] - np.pad(moved, ((0, 0), (1, 0)))[:, :days]) / 5.3
    z = 0.8 * rng.standard_normal((n, 1), np.float32) + smooth
    if float(threshold).is_integer() and threshold < 50:
        return np.floor(np.maximum(0.0, threshold * (1 + 1.2 * (z - 1.8))))
    spread = abs(threshold) * 0.5
    return (threshold + (1 if comparator != "<" else -1) * spread * (z - 1.8)).round(3)


def _write_episodes(con: duckdb.DuckDBPyConnection, prefix: str) -> None:
    last = con.execute("select last_closed_on from bare.clock").fetchone()[0]
    for name, for_days, conditions in LIBRARY:
        tests = [
            f"{signal} between {low} and {high}" if comparator == "between" else f"{signal} {comparator} {low}"
            for signal, comparator, low, high in conditions
        ]
        con.execute(f"""
            insert into bare.episodes
            select '{prefix}-{name}', account_id, min(signal_on) + {for_days - 1},
                cast(min(signal_on) + {for_days} as timestamp),
                case when max(signal_on) < date '{last}' then max(signal_on) end, max(signal_on) = date '{last}'
            from (
                select account_id, signal_on,
                    signal_on - cast(row_number() over (partition by account_id order by signal_on) as integer) as island
                from bare.signals_daily where {" and ".join(tests)}
            )
            group by account_id, island
            having count(*) >= {for_days}
        """)
