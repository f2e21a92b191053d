"""The planted truth: effects, onsets with what came of them, expansions, and the rates that were realised."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .config import DAY, EFFECTS, TYPES
from .landing import Landing
from .simulate import NAMES, World


def outcome(world: World) -> pd.DataFrame:
    """Each onset with its first claimed expansion inside the window."""
    onsets, expansions = world.logs["onsets"], world.logs["expansions"]
    frame = onsets.reset_index(drop=True).copy()
    frame["moment"] = frame.day * DAY + frame.second
    frame["trigger_id"] = np.array(NAMES, dtype=object)[frame.trigger]
    frame["window_days"] = np.array([EFFECTS[n].window for n in NAMES])[frame.trigger]
    frame["expanded_at"] = -1
    for number, name in enumerate(NAMES):
        kinds = [TYPES.index(t) for t, _ in EFFECTS[name].types]
        took = expansions[expansions.type.isin(kinds)]
        took = pd.DataFrame({"account": took.account, "at": took.day * DAY + took.second}).sort_values("at")
        mine = frame[frame.trigger == number].sort_values("moment")
        if not len(mine) or not len(took):
            continue
        joined = pd.merge_asof(
            mine[["account", "moment"]].reset_index(),
            took,
            left_on="moment",
            right_on="at",
            by="account",
            direction="forward",
            allow_exact_matches=False,
        )
        good = (joined["at"] <= joined.moment + EFFECTS[name].window * DAY).to_numpy()
        frame.loc[joined["index"].to_numpy()[good], "expanded_at"] = joined["at"].to_numpy()[good].astype(np.int64)
    return frame


def realised(world: World, frame: pd.DataFrame) -> pd.DataFrame:
    """Rate per trigger before and after plays began, over complete index onsets."""
    rows, opt = [], world.options
    for name in NAMES:
        effect = EFFECTS[name]
        for period, low, high in (
            ("before", 0, opt.active_day),
            ("after", opt.active_day, opt.days),
            ("all", 0, opt.days),
        ):
            part = frame[(frame.trigger_id == name) & frame.is_index & (frame.day >= low) & (frame.day < high)]
            done = part[part.moment + effect.window * DAY <= opt.days * DAY]
            hits = int((done.expanded_at >= 0).sum())
            rows.append(
                (
                    name,
                    period,
                    effect.rate,
                    effect.window,
                    len(part),
                    len(done),
                    hits,
                    hits / len(done) if len(done) else None,
                )
            )
    return pd.DataFrame(
        rows,
        columns=[
            "trigger_id",
            "period",
            "planted_rate",
            "window_days",
            "n_index",
            "n_complete",
            "n_expanded",
            "realised_rate",
        ],
    )


def land_truth(world: World, landing: Landing) -> pd.DataFrame:
    ids = world.accounts.account_id.to_numpy()
    frame = outcome(world)
    rates = realised(world, frame)
    effects = pd.DataFrame(
        [
            (
                n,
                e.rate,
                e.planted,
                e.window,
                "|".join(t for t, _ in e.types),
                e.group,
                e.play_lift,
                e.holdout_pct,
                e.is_real,
            )
            for n, e in EFFECTS.items()
        ],
        columns=[
            "trigger_id",
            "planted_rate",
            "drawn_at_onset",
            "window_days",
            "expansion_types",
            "message_group",
            "play_lift",
            "holdout_pct",
            "is_real",
        ],
    )
    landing.write("planted_truth", "planted_effects", effects)
    landing.write("planted_truth", "realised_rates", rates)
    onsets = pd.DataFrame(
        {
            "account_id": ids[frame.account],
            "trigger_id": frame.trigger_id,
            "moment": landing.start + frame.moment * 1_000_000,
            "in_stage": frame.in_stage.astype(bool),
            "in_scope": frame.in_scope.astype(bool),
            "is_index": frame.is_index.astype(bool),
            "is_held_out": frame.held.astype(bool),
            "was_meant_to_expand": frame.expands.astype(bool),
            "is_by_play": frame.by_play.astype(bool),
            "expanded": frame.expanded_at >= 0,
            "expanded_micros": landing.start + frame.expanded_at * 1_000_000,
        }
    )
    landing.write(
        "planted_truth",
        "onsets",
        onsets,
        """account_id, trigger_id, make_timestamp(moment) as triggered_at, in_stage, in_scope, is_index, is_held_out,
        was_meant_to_expand, is_by_play, expanded, case when expanded then make_timestamp(expanded_micros) end as expanded_at""",
    )
    ex = world.logs["expansions"]
    table = pd.DataFrame(
        {
            "account_id": ids[ex.account],
            "moment": landing.at(ex.day, ex.second),
            "expansion_type": np.array(TYPES, dtype=object)[ex.type],
            "cause": np.where(ex.cause >= 0, np.array(NAMES, dtype=object)[np.maximum(ex.cause, 0)], "base"),
            "is_by_play": ex.by_play.astype(bool),
        }
    )
    landing.write(
        "planted_truth",
        "expansions",
        table,
        "account_id, make_timestamp(moment) as expanded_at, expansion_type, cause, is_by_play",
    )
    landing.write(
        "planted_truth",
        "accounts",
        world.accounts[["account_id", "profile", "tier", "seats", "employees", "susceptible"]],
    )
    return rates
