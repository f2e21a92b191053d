"""The folds over candidates and messages against the rules written out, on random worlds with ties and edges."""

from __future__ import annotations

import random
from collections import Counter
from datetime import datetime, timedelta

import pandas as pd
import pytest
from support.estimators import evaluate, folds
from support.rendering import ROOT, TIME, model_sql

START = datetime(2026, 3, 1)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ENGINE = (*TIME, ROOT / "macros/portable/folds.sql", ROOT / "macros/engine/engine.sql")


def moments(rng: random.Random) -> datetime:
    """Some on midnight, so that the edges of whole days are met."""
    return START + rng.randrange(60) * DAY + rng.choice([0, 0, 0, 6, 12, 23]) * HOUR


@pytest.mark.parametrize("seed", range(6))
def test_a_cancelled_firing_holds_the_clock_until_it_falls_due(seed):
    rng = random.Random(f"cooldown {seed}")
    cancelled = rng.choice([0, 0.3, 0.9])
    drawn = {}
    for _ in range(400):
        moment = moments(rng)
        row = {
            "trigger_id": rng.choice("pqrs"),
            "account_id": rng.choice("abcde"),
            "moment": moment,
            "cooldown_group": rng.choice("gh"),
            "cooldown_days": rng.choice([0, 1, 7, 30]),
            "priority": rng.choice([1, 2]),
            "released_at": moment + rng.choice([0, 9, 24, 48, 200]) * HOUR if rng.random() < cancelled else None,
        }
        drawn[row["trigger_id"], row["account_id"], moment] = row

    fired: list[dict] = []
    for row in sorted(drawn.values(), key=lambda row: (row["moment"], row["priority"], row["trigger_id"])):
        free_of = row["moment"] - row["cooldown_days"] * DAY
        if not any(
            (other["account_id"], other["cooldown_group"]) == (row["account_id"], row["cooldown_group"])
            and free_of < other["moment"] <= row["moment"]
            and (other["released_at"] is None or other["released_at"] > row["moment"])
            for other in fired
        ):
            fired.append(row)

    frame = pd.DataFrame(drawn.values()).astype({"released_at": "datetime64[us]", "moment": "datetime64[us]"})
    walked = evaluate(folds().walk_cooldown("t"), t=frame)
    assert 10 < len(fired) < len(drawn)
    assert Counter(map(tuple, walked[["trigger_id", "account_id", "moment"]].itertuples(index=False))) == Counter(
        (row["trigger_id"], row["account_id"], pd.Timestamp(row["moment"])) for row in fired
    )


@pytest.mark.parametrize("seed", range(6))
def test_messages_to_an_account_keep_their_distance(seed):
    rng = random.Random(f"contacts {seed}")
    min_days, most = rng.choice([(2, 4), (1, 2), (7, 3)])
    drawn = [
        {
            "firing_id": f"f{number:03}",
            "account_id": rng.choice("abcd"),
            "deliver_at": moments(rng),
            "is_limited": rng.random() < 0.7,
        }
        for number in range(120)
    ]

    drawn.sort(key=lambda row: (row["deliver_at"], row["firing_id"]))
    for place, row in enumerate(drawn):
        row["place"] = place

    admitted: list[dict] = []
    for row in drawn:
        apart = [
            row["deliver_at"] - other["deliver_at"] for other in admitted if other["account_id"] == row["account_id"]
        ]
        near = sum(gap < min_days * DAY for gap in apart)
        if not row["is_limited"] or (near == 0 and sum(gap < 30 * DAY for gap in apart) < most):
            admitted.append(row)

    walked = evaluate(folds().walk_contact_limits("t", min_days, most), t=pd.DataFrame(drawn))
    assert 10 < len(admitted) < len(drawn)
    assert sorted(walked["firing_id"]) == sorted(row["firing_id"] for row in admitted)


@pytest.mark.parametrize("seed", range(6))
def test_a_later_build_counts_what_reached_either_of_two_merged_accounts(seed):
    """Of a merged account's firings what reached somebody is its survivor's, and the rest is nobody's."""
    rng = random.Random(f"merges {seed}")
    last_build, late = START + 40 * DAY, 3 * DAY
    survivor = {"a": "a", "b": "b", "c": "c", "old_a": "a", "older_a": "a", "old_b": "b", "gone": None}
    groups = {"p": ("g", "daily"), "q": ("g", "daily"), "r": ("h", "daily"), "clicks": ("h", "event")}

    def drawn(accounts, first: datetime, most: int) -> list[dict]:
        rows = {}
        for _ in range(most):
            trigger = rng.choice(list(groups))
            group, kind = groups[trigger]
            moment = first + rng.randrange(12) * DAY
            if kind == "event":
                moment += rng.choice([0, 5, 25, 26, 600]) * timedelta(minutes=1)
            row = {"trigger_id": trigger, "account_id": rng.choice(accounts), "moment": moment, "kind": kind}
            row |= {"cooldown_group": group, "cooldown_days": rng.choice([0, 1, 7]), "priority": 1}
            rows[row["trigger_id"], row["account_id"], moment] = row | {"burst_minutes": 25}
        return list(rows.values())

    recorded = drawn(list(survivor), last_build - 10 * DAY, 40)
    candidates = drawn(["a", "b", "c"], last_build - 6 * DAY, 120)
    for number, row in enumerate([*recorded, *candidates]):
        row["firing_id"] = f"f{number:03}"
        row["released_at"] = row["moment"] + rng.choice([0, 24, 48]) * HOUR if rng.random() < 0.3 else None
    delivered = {row["firing_id"] for row in recorded if row["released_at"] is None and rng.random() < 0.6}

    known = [
        row | {"account_id": survivor[row["account_id"]] or row["account_id"]}
        for row in recorded
        if survivor[row["account_id"]] in (None, row["account_id"]) or row["firing_id"] in delivered
    ]
    expected: list[dict] = []
    for row in sorted(candidates, key=lambda row: (row["moment"], row["trigger_id"])):
        if row["moment"] <= last_build - late - DAY or any(repeats(row, other) for other in known):
            continue
        if any(silences(other, row) for other in [*known, *expected]) or any(silences(row, other) for other in known):
            continue
        expected.append(row)

    sql = model_sql(
        "int_new_firings",
        ENGINE,
        of={
            "config": lambda **_: "",
            "recorded_firings": lambda: "select * from recorded_rows",
            "last_engine_run": lambda: f"select timestamp '{last_build}' as as_of",
        },
        late_arrival_days=late.days,
    )
    frame = pd.DataFrame(candidates).drop(columns="released_at").astype({"moment": "datetime64[us]"})
    for column in (
        "episode_triggered_at",
        "judged_on",
        "recipient_user_id",
        "received_at",
        "is_shadow",
        "message_group",
    ):
        frame[column] = None
    released = [
        {"firing_id": row["firing_id"], "released_at": row["released_at"]}
        for row in [*recorded, *candidates]
        if row["released_at"]
    ]
    found = evaluate(
        sql,
        int_free_candidates=frame,
        recorded_rows=pd.DataFrame(recorded).rename(columns={"moment": "fired_at"}),
        int_candidate_cancellations=pd.DataFrame(released).astype({"released_at": "datetime64[us]"}),
        stg_crm__account_survivors=pd.DataFrame(survivor.items(), columns=["account_id", "survivor_account_id"]),
        stg_push__deliveries=pd.DataFrame({"firing_id": sorted(delivered)}),
    )
    assert sorted(found["firing_id"]) == sorted(row["firing_id"] for row in expected)
    assert 5 < len(expected) < len(candidates) - 10


def silences(earlier: dict, later: dict) -> bool:
    """Whether a firing lies inside the cooldown of another one of its account and group, and still holds the clock."""
    return (
        (earlier["account_id"], earlier["cooldown_group"]) == (later["account_id"], later["cooldown_group"])
        and later["moment"] - later["cooldown_days"] * DAY < earlier["moment"] <= later["moment"]
        and (earlier["released_at"] is None or earlier["released_at"] > later["moment"])
    )


def repeats(candidate: dict, firing: dict) -> bool:
    """Whether a candidate is a recorded firing once more, or an event of its burst."""
    if (candidate["account_id"], candidate["trigger_id"]) != (firing["account_id"], firing["trigger_id"]):
        return False
    apart = abs(candidate["moment"] - firing["moment"])
    return apart <= (timedelta(minutes=25) if candidate["kind"] == "event" else timedelta())
