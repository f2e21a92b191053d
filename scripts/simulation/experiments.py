"""The experiments that prove the validation: coverage of the lift's interval, promotion of vanity triggers, power."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
from operations.bench import peak_bytes

from . import load
from .build import STAND_INS, Builder
from .world import Planted, World, draw

# Truth comes from worlds that no interval is judged on.
TRUTH_SEED = 50_000

COVERAGE = (
    Planted("hazard_1"),
    Planted("hazard_2", hazard_ratio=2),
    Planted("hazard_3", hazard_ratio=3),
    Planted("hazard_4", hazard_ratio=4),
    Planted("event_hazard_3", hazard_ratio=3, is_event=True),
)
VANITY = (
    Planted("real_hazard_2", hazard_ratio=2),
    Planted("real_hazard_3", hazard_ratio=3),
    Planted("real_hazard_4", hazard_ratio=4),
    Planted("vanity_independent"),
    Planted("vanity_overlapping", rate=1 / 3000, follows="real_hazard_3", follow_share=0.7),
    Planted("vanity_operated", is_operated=True, play_ratio=1.7, operated_from=180),
    Planted("vanity_operated_at_once", is_operated=True, play_ratio=1.7),
    Planted("vanity_profile", rate=1 / 800, profile_ratio=4.0),
)
NULL = tuple(Planted(f"nothing_{i}", is_operated=i == 0, is_event=i == 1) for i in range(8))


# Verdicts of the library's daily triggers, none of which has an effect, and what their sweeps gain.
TUNED = """
    select
        scorecard.trigger_id,
        any_value(scorecard.verdict) as verdict,
        coalesce(bool_or(recommended.volume >= 50), false) as has_test_events,
        coalesce(bool_or(recommended.volume >= 50 and recommended.f0_5 >= 1.1 * current.f0_5), false) as gains
    from intermediate.trigger_scorecard as scorecard
    inner join intermediate.threshold_sweep as current
        on scorecard.trigger_id = current.trigger_id and current.is_current and current.part = 'test'
    left join intermediate.threshold_sweep as recommended
        on current.trigger_id = recommended.trigger_id and current.signal = recommended.signal
        and current.comparator = recommended.comparator and recommended.part = 'test'
        and recommended.is_recommended and not recommended.is_current
    where scorecard.period = 'all'
    group by scorecard.trigger_id
"""


@dataclass(frozen=True)
class Scale:
    """How many worlds, how large, how many share a build; keep is a folder to leave each batch's rows in, and to go on from."""

    worlds: int
    accounts: int
    days: int = 540
    batch: int = 20
    keep: Path | None = None


def coverage(scale: Scale, report: Callable[[str], None]) -> pd.DataFrame:
    """Share of worlds whose 95 % interval holds the truth, for both variances; one row a trigger.

    The truth is R / S pooled over as many separate worlds: the ratio that the estimator aims at, not the planted hazard.
    """

    def world(seed: int) -> World:
        return World(seed=seed, triggers=COVERAGE, accounts=scale.accounts, days=scale.days)

    columns = (
        "trigger_id, n_matched, r, s, risk_ratio, risk_ratio_low, risk_ratio_high, risk_ratio_se,"
        " risk_ratio_se_greenland_robins as gr"
    )
    sql = f"select {columns} from intermediate.int_cohort_lift_cells where is_primary_window and basis = 'all' and cohort = 'all'"
    separate = range(TRUTH_SEED + 1, TRUTH_SEED + scale.worlds + 1)
    truth = _collect("int_cohort_lift_cells", world, separate, scale, sql, report)
    seen = _collect("int_cohort_lift_cells", world, range(1, scale.worlds + 1), scale, sql, report)
    pooled = truth.groupby("trigger")[["r", "s"]].sum()
    rows = []
    for trigger, group in seen.groupby("trigger"):
        true_ratio = pooled.loc[trigger, "r"] / pooled.loc[trigger, "s"]
        log_error = (np.log(group["risk_ratio"]) - np.log(true_ratio)).abs()
        rows.append(
            {
                "trigger": trigger,
                "worlds": len(group),
                "index_events": round(group["n_matched"].mean()),
                "truth": true_ratio,
                "mean_ratio": group["risk_ratio"].mean(),
                "covered": ((group["risk_ratio_low"] <= true_ratio) & (true_ratio <= group["risk_ratio_high"])).mean(),
                "covered_greenland_robins": (log_error <= 1.959964 * group["gr"]).mean(),
                "without_interval": group["risk_ratio_low"].isna().mean(),
            }
        )
    return pd.DataFrame(rows)


def promotion(scale: Scale, report: Callable[[str], None], planted: tuple[Planted, ...] = VANITY) -> pd.DataFrame:
    """How often each trigger is promoted: share of worlds, on the whole history and in any month; share of monthly rows."""

    def world(seed: int) -> World:
        profiled = any(trigger.profile_ratio != 1 for trigger in planted)
        return World(
            seed=seed,
            triggers=planted,
            accounts=scale.accounts,
            days=scale.days,
            profile_hazard_ratio=3.0 if profiled else 1.0,
        )

    sql = "select trigger_id, period, verdict, risk_ratio, untouched_ratio, within_ratio, alone_ratio from intermediate.trigger_scorecard"
    seen = _collect("trigger_scorecard", world, range(1, scale.worlds + 1), scale, sql, report)
    rows = []
    for trigger, group in seen.groupby("trigger", sort=False):
        whole, months = group[group["period"] == "all"], group[group["period"] != "all"]
        judged = months[months["verdict"] != "insufficient_data"]
        by_world = months.groupby("world")["verdict"].agg(lambda verdicts: (verdicts == "promote").any())
        rows.append(
            {
                "trigger": trigger,
                "worlds": whole["world"].nunique(),
                "promoted": (whole["verdict"] == "promote").mean(),
                "promoted_in_some_month": by_world.mean(),
                "promoted_months": (judged["verdict"] == "promote").mean() if len(judged) else float("nan"),
                "retired": (whole["verdict"] == "retire").mean(),
                "ratio": whole["risk_ratio"].median(),
                "untouched": whole["untouched_ratio"].median(),
                "within": whole["within_ratio"].median(),
                "alone": whole["alone_ratio"].median(),
            }
        )
    order = {trigger.name: place for place, trigger in enumerate(planted)}
    return pd.DataFrame(rows).sort_values("trigger", key=lambda names: names.map(order)).reset_index(drop=True)


def tuning(worlds: int, accounts: int, report: Callable[[str], None], days: int = 540) -> pd.DataFrame:
    """How often a worthless trigger is told to move its threshold: conditions on smooth random signals, one build a world.

    Beside it the share that a gain of F0.5 on enough test events alone would have told so.
    """
    from . import library

    frames = []
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "simulation.duckdb"
        builder = Builder(database, Path(folder) / "target")
        for seed in range(1, worlds + 1):
            database.unlink(missing_ok=True)
            with duckdb.connect(str(database)) as con:
                con.execute("set threads = 2")
                library.write(con, accounts, days, seed)
            builder.build("+trigger_scorecard +threshold_sweep")
            with duckdb.connect(str(database), read_only=True) as con:
                frames.append(con.execute(TUNED).df())
            report(f"world {seed}")
    seen = pd.concat(frames, ignore_index=True)
    return pd.DataFrame(
        [
            {
                "trigger": "worthless",
                "worlds": worlds,
                "verdicts": len(seen),
                "with_enough_test_events": int(seen["has_test_events"].sum()),
                "tuned_by_gain_alone": seen["gains"].mean(),
                "tuned": (seen["verdict"] == "tune").mean(),
            }
        ]
    )


def _collect(
    sink: str, world: Callable[[int], World], seeds: range, scale: Scale, sql: str, report: Callable[[str], None]
) -> pd.DataFrame:
    """The rows of a query on every batch of worlds, built up to the model named sink."""
    frames = []
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "simulation.duckdb"
        builder = Builder(database, Path(folder) / "target")
        for batch in _batches(seeds, scale.batch):
            kept = (
                scale.keep / f"{sink}_{len(world(batch[0]).triggers)}_{scale.accounts}_{batch[0]}_{batch[-1]}.parquet"
                if scale.keep
                else None
            )
            if kept and kept.exists():
                frames.append(pd.read_parquet(kept))
                continue
            load.write(database, [draw(world(seed)) for seed in batch])
            builder.build(f"+{sink}")
            with duckdb.connect(str(database), read_only=True) as con:
                frames.append(con.execute(sql).df())
            if kept:
                frames[-1].to_parquet(kept)
            report(f"worlds {batch[0]}-{batch[-1]}")
    rows = pd.concat(frames, ignore_index=True)
    rows[["world", "trigger"]] = rows["trigger_id"].str.split("-", n=1, expand=True)
    return rows


def _batches(seeds: range, size: int) -> Iterator[range]:
    for first in range(0, len(seeds), size):
        yield seeds[first : first + size]


def speed(accounts: int, days: int = 540) -> pd.DataFrame:
    """Seconds, processor seconds and peak memory of all validation models over a world of 25 triggers."""
    import resource

    from . import library

    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "simulation.duckdb"
        with duckdb.connect(str(database)) as con:
            con.execute("set threads = 2")
            library.write(con, accounts, days)
            triggers, episodes = con.execute(
                "select count(distinct trigger_id), count(*) from bare.episodes"
            ).fetchone()
        builder = Builder(database, Path(folder) / "target")
        builder.build(STAND_INS)
        before = resource.getrusage(resource.RUSAGE_SELF)
        seconds = builder.build(exclude=STAND_INS)
        after = resource.getrusage(resource.RUSAGE_SELF)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return pd.DataFrame(
        [
            {
                "triggers": triggers,
                "accounts": accounts,
                "days": days,
                "episodes": episodes,
                "seconds": seconds,
                "processor_seconds": used,
                "gigabytes": peak_bytes(after) / 1e9,
            }
        ]
    )
