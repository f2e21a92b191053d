"""Draw a bare world: accounts, episodes, expansions and firings without any vendor table behind them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

FIRST_DAY = np.datetime64("2025-01-01")


@dataclass(frozen=True)
class Planted:
    """One trigger of a world, and what is true of it.

    hazard_ratio multiplies the account's daily hazard of the outcome for effect_days after an episode starts;
    play_ratio does so after a delivered firing (a play that works); follows and follow_share let episodes come
    after another trigger's; profile_ratio lets the hidden profile have that many times the episodes. Before operated_from
    an operated trigger runs in shadow.
    """

    name: str
    rate: float = 1 / 400
    hazard_ratio: float = 1.0
    effect_days: int = 60
    play_ratio: float = 1.0
    follows: str | None = None
    follow_share: float = 0.0
    profile_ratio: float = 1.0
    is_active: bool = True
    is_operated: bool = False
    operated_from: int = 0
    is_event: bool = False
    is_risk: bool = False
    window_days: int | None = 60
    mean_days_open: float = 4.0
    holdout_pct: float = 10.0


@dataclass(frozen=True)
class World:
    """What a world is drawn from. hazard: share of accounts that expand in 60 days without any trigger."""

    seed: int
    triggers: tuple[Planted, ...]
    accounts: int = 1000
    days: int = 540
    share_expanding: float = 0.10
    profile_hazard_ratio: float = 1.0
    churn_hazard: float = 1 / 4000
    strata: int = 4
    last_moment_seconds: int = 6 * 3600


@dataclass
class Drawn:
    """The tables of one world; accounts and triggers are numbered, days count from FIRST_DAY."""

    world: World
    accounts: pd.DataFrame
    days: pd.DataFrame
    episodes: pd.DataFrame
    expansions: pd.DataFrame
    losses: pd.DataFrame
    firings: pd.DataFrame
    planted: tuple[Planted, ...] = field(default_factory=tuple)


def draw(world: World) -> Drawn:
    """Draw one world. The same seed gives the same tables."""
    rng = np.random.default_rng(world.seed)
    n, planted = world.accounts, world.triggers
    number = {trigger.name: i for i, trigger in enumerate(planted)}
    stratum = rng.integers(0, world.strata, n)
    # Bigger strata expand more and fire more: what stratification has to remove.
    lean = 1 + 0.5 * stratum / max(world.strata - 1, 1)
    profile = rng.random(n) < 0.5
    base = -np.log(1 - world.share_expanding) / 60
    hazard = base * lean / lean.mean() * np.where(profile, world.profile_hazard_ratio, 1.0)
    paid_from = rng.integers(-700, world.days - 120, n) if world.days > 120 else np.full(n, -100)
    held_out = rng.random(n)
    mrr = rng.uniform(200, 4000, n).round(2)
    first_mrr = mrr.copy()

    churned_on = np.where(
        rng.random(n) < 0.5, rng.geometric(world.churn_hazard, n) if world.churn_hazard else 10**6, 10**6
    )
    churned_on = np.maximum(churned_on, paid_from + 1)
    t = len(planted)
    open_until = np.full((t, n), -(10**6))
    last_start = np.full((t, n), -(10**6))
    effect_until = np.full((t, n), -1)
    play_until = np.full((t, n), -1)
    last_firing = np.full((t, n), -(10**6))
    pending = np.full((t, n), -1)
    in_bad_health_until = np.full(n, -1)
    episodes, expansions, losses, firings, days = [], [], [], [], []
    every = np.arange(n)
    for day in range(world.days):
        paid = (paid_from <= day) & (churned_on > day)
        in_bad_health_until = np.where(rng.random(n) < 0.001, day + 30, in_bad_health_until)
        in_stage = paid & (day - paid_from >= 60) & (in_bad_health_until < day)
        # Outcomes of the day come from what stood open at its beginning.
        gain, loss = hazard.copy(), np.full(n, base / 4)
        for i, trigger in enumerate(planted):
            if trigger.hazard_ratio != 1:
                target = loss if trigger.is_risk else gain
                target *= np.where(effect_until[i] >= day, trigger.hazard_ratio, 1.0)
            if trigger.play_ratio != 1:
                gain *= np.where(play_until[i] >= day, trigger.play_ratio, 1.0)
        grown = every[paid & (rng.random(n) < gain)]
        delta = (mrr[grown] * rng.uniform(0.05, 0.4, len(grown))).round(2)
        second = rng.integers(0, 86400, len(grown))
        expansions.append(np.column_stack([grown, np.full(len(grown), day), second, mrr[grown], delta]))
        mrr[grown] += delta
        shrunk = every[paid & (rng.random(n) < loss)]
        cut = -(mrr[shrunk] * 0.1).round(2)
        losses.append(
            np.column_stack([shrunk, np.full(len(shrunk), day), rng.integers(0, 86400, len(shrunk)), mrr[shrunk], cut])
        )
        mrr[shrunk] += cut
        days.append(
            np.column_stack([every[paid], np.full(paid.sum(), day), in_stage[paid], (mrr[paid] * 1200).round()])
        )
        for i, trigger in enumerate(planted):
            rate = trigger.rate * lean / lean.mean() * np.where(profile, trigger.profile_ratio, 1.0)
            starts = rng.random(n) < rate
            if trigger.follows is not None:
                starts |= pending[i] == day
            starts &= paid & (open_until[i] < day - 1)
            who = every[starts]
            length = (
                np.zeros(len(who), int) if trigger.is_event else rng.geometric(1 / trigger.mean_days_open, len(who)) - 1
            )
            second = rng.integers(0, 86400, len(who)) if trigger.is_event else np.full(len(who), 86400)
            open_until[i, who], last_start[i, who] = day + length, day
            effect_until[i, who] = day + trigger.effect_days
            episodes.append(np.column_stack([np.full(len(who), i), who, np.full(len(who), day), day + length, second]))
            for j, follower in enumerate(planted):
                if follower.follows is not None and number[follower.follows] == i:
                    follow = who[rng.random(len(who)) < follower.follow_share]
                    pending[j, follow] = day + rng.integers(1, 21, len(follow))
            if trigger.is_operated:
                fires = who[in_stage[who] & (last_firing[i, who] <= day - 30)]
                last_firing[i, fires] = day
                is_held_out = held_out[fires] < trigger.holdout_pct / 100
                is_shadow = np.full(len(fires), day < trigger.operated_from)
                play_until[i, fires[~is_held_out & ~is_shadow]] = day + 60
                firings.append(
                    np.column_stack(
                        [
                            np.full(len(fires), i),
                            fires,
                            np.full(len(fires), day),
                            is_held_out,
                            is_shadow,
                            second[np.isin(who, fires)],
                        ]
                    )
                )
    accounts = pd.DataFrame(
        {
            "account": every,
            "stratum": stratum,
            "paid_from": paid_from,
            "churned_on": np.where(churned_on < world.days, churned_on, -1),
            "profile": profile,
            "first_mrr": first_mrr,
            "last_mrr": mrr,
        }
    )
    return Drawn(
        world=world,
        accounts=accounts,
        days=_frame(days, ["account", "day", "is_in_stage", "contract_cents"], int),
        episodes=_frame(episodes, ["trigger", "account", "day", "last_day", "second"], int),
        expansions=_frame(expansions, ["account", "day", "second", "mrr_before", "delta"], float),
        losses=_frame(losses, ["account", "day", "second", "mrr_before", "delta"], float),
        firings=_frame(firings, ["trigger", "account", "day", "is_holdout", "is_shadow", "second"], int),
        planted=planted,
    )


def _frame(parts: list[np.ndarray], columns: list[str], kind: type) -> pd.DataFrame:
    rows = np.concatenate(parts) if parts else np.empty((0, len(columns)))
    return pd.DataFrame(rows.astype(kind), columns=columns)
