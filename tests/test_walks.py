"""The folds over candidates and messages against the rules written out, on random worlds with ties and edges."""

from __future__ import annotations

import random
from collections import Counter
from datetime import datetime, timedelta

import pandas as pd
import pytest
from support.estimators import evaluate, folds

START = datetime(2026, 3, 1)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


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
