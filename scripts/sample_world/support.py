"""Zendesk: organisations, users, tickets and their field history."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .config import DAY
from .identity import Links
from .landing import SECOND, Landing, micros, unit
from .simulate import World

HOUR = 3600 * SECOND


def land_odd_organisations(landing: Landing, links: Links, opt) -> None:
    """Organisations that match no account, GTXPro beside GTX Pro, and one that is known by a free mail domain only."""
    rows, domains = [], []
    if "odd_organisations" in opt.dirt:
        rows += [(359_000_000 + i, f"Orphan Organisation {i}", None) for i in range(8)]
        domains += [(359_000_000 + i, f"orphan{i}.example") for i in range(8)]
        rows += [(359_100_001, "GTXPro", None), (359_100_002, "GTX Pro GmbH", None)]
    if "free_email_domains" in opt.dirt:
        rows.append((359_200_001, "Friends of the house", None))
        domains.append((359_200_001, "gmail.com"))
    if not rows:
        return
    ids, names, external = (np.array(c, dtype=object) for c in zip(*rows, strict=False))
    n, none = len(rows), np.full(len(rows), None, dtype=object)
    when = np.full(n, landing.start - 100 * DAY * SECOND)
    landing.land(
        "zendesk",
        "organization",
        {
            "id": ("bigint", ids),
            "name": ("text", names),
            "external_id": ("text", external),
            "created_at": ("timestamp", when),
            "updated_at": ("timestamp", when),
            "details": ("text", none),
            "notes": ("text", none),
            "shared_tickets": ("boolean", np.zeros(n, bool)),
            "url": ("text", none),
            "_fivetran_synced": ("timestamp", when),
        },
        part=1,
    )
    if domains:
        ids, names = (np.array(c, dtype=object) for c in zip(*domains, strict=False))
        landing.land(
            "zendesk",
            "domain_name",
            {
                "organization_id": ("bigint", ids),
                "index": ("bigint", np.zeros(len(ids), int)),
                "domain_name": ("text", names),
                "_fivetran_synced": ("timestamp", np.full(len(ids), landing.start - 100 * DAY * SECOND)),
            },
            part=1,
        )


def land_support(world: World, landing: Landing, links: Links) -> None:
    opt, seed, until = world.options, world.options.seed, landing.until
    link, acc = links.accounts, world.accounts
    number = acc.account.to_numpy()
    way = link.support.to_numpy()
    created = landing.at(acc.start_day.to_numpy() - 2)
    org = link.organization_id.to_numpy()
    keep = created <= until
    land_odd_organisations(landing, links, opt)
    odd = np.where(way == 3, link.plain, link.name)
    landing.land(
        "zendesk",
        "organization",
        {
            "id": ("bigint", org),
            "name": ("text", odd),
            "external_id": ("text", np.where(way == 0, link.known_id, None)),
            "created_at": ("timestamp", created),
            "updated_at": ("timestamp", created),
            "details": ("text", np.full(len(org), None, dtype=object)),
            "notes": ("text", np.full(len(org), None, dtype=object)),
            "shared_tickets": ("boolean", np.zeros(len(org), bool)),
            "url": ("text", np.full(len(org), None, dtype=object)),
            "_fivetran_synced": ("timestamp", created),
        },
        keep=keep,
    )
    has = (way == 2) & keep
    landing.land(
        "zendesk",
        "domain_name",
        {
            "organization_id": ("bigint", org[has]),
            "index": ("bigint", np.zeros(int(has.sum()), int)),
            "domain_name": ("text", link.domain.to_numpy()[has]),
            "_fivetran_synced": ("timestamp", created[has]),
        },
    )

    # Requesters: two end users an organisation, and a handful of agents.
    row = np.repeat(number, 2)
    k = np.tile(np.arange(2), len(number))
    when = created[row] + HOUR
    keep = when <= until
    agents = np.arange(6)
    ids = np.r_[380_000_000 + row * 10 + k, 390_000_000 + agents]
    landing.land(
        "zendesk",
        "user",
        {
            "id": ("bigint", ids),
            "email": (
                "text",
                np.r_[
                    [f"help{b}@{d}" for b, d in zip(k, link.domain.to_numpy()[row], strict=False)],
                    [f"agent{i}@teamflow.example" for i in agents],
                ],
            ),
            "name": ("text", np.r_[[f"Requester {b}" for b in k], [f"Agent {i}" for i in agents]]),
            "role": ("text", np.r_[np.full(len(row), "end-user"), np.full(6, "agent")]),
            "organization_id": ("bigint", np.r_[org[row].astype(object), np.full(6, None, dtype=object)]),
            "external_id": ("text", np.full(len(ids), None, dtype=object)),
            "active": ("boolean", np.ones(len(ids), bool)),
            "suspended": ("boolean", np.zeros(len(ids), bool)),
            "created_at": ("timestamp", np.r_[when, np.full(6, micros(opt.start) - 900 * DAY * SECOND)]),
            "_fivetran_deleted": ("boolean", np.zeros(len(ids), bool)),
            "_fivetran_synced": ("timestamp", np.r_[when, np.full(6, micros(opt.start) - 900 * DAY * SECOND)]),
        },
        keep=np.r_[keep, np.ones(6, bool)],
    )

    # Tickets: a steady trickle by size, and the urgent ones of the run.
    begin = np.maximum(acc.start_day.to_numpy(), -95)
    life = world.logs["lifecycle"]
    ended = life[life.kind == 1].groupby("account").day.max().reindex(number).fillna(opt.days).to_numpy().astype(int)
    span = np.maximum(ended - begin, 1)
    rate = 0.0045 + 0.0001 * np.minimum(acc.seats.to_numpy(), 100)
    rng = opt.rng(5)
    many = rng.poisson(rate * span)
    row = np.repeat(number, many)
    day = begin[row] + (rng.random(len(row)) * span[row]).astype(int)
    urgent = world.logs["urgent"]
    frame = pd.DataFrame(
        {
            "account": np.r_[row, urgent.account.to_numpy()],
            "day": np.r_[day, urgent.day.to_numpy()],
            "priority": np.r_[
                np.where(rng.random(len(row)) < 0.5, "normal", "low"),
                np.where(rng.random(len(urgent)) < 0.5, "urgent", "high"),
            ],
            "length": np.r_[
                (rng.exponential(2.2, len(row)) * DAY + 3600).astype(np.int64), urgent.length.to_numpy() * DAY + 7200
            ],
        }
    )
    if "soft_deleted_rows" in opt.dirt:  # urgent ones, deleted outright, that were never solved
        junk = number[unit(seed, 201, number) < 0.05]
        frame = pd.concat(
            [
                frame.assign(flagged=False),
                pd.DataFrame(
                    {
                        "account": junk,
                        "day": (unit(seed, 202, junk) * opt.days).astype(int),
                        "priority": "urgent",
                        "length": 4000 * DAY,
                        "flagged": True,
                    }
                ),
            ],
            ignore_index=True,
        )
    else:
        frame["flagged"] = False
    frame["t"] = landing.at(frame.day, rng.integers(8 * 3600, 18 * 3600, len(frame)))
    frame = frame.sort_values(["t", "account"], kind="stable", ignore_index=True)
    size = len(frame)
    frame["id"] = 10_000 + np.arange(size)
    serious = frame.priority.isin(["urgent", "high"])
    draw = rng.random((6, size))
    if "null_priorities" in opt.dirt:
        frame.loc[~serious & (draw[0] < 0.85), "priority"] = None
    frame["solved"] = frame.t + frame.length * SECOND
    frame["closed"] = frame.solved + 4 * DAY * SECOND
    frame["reopened"] = (draw[1] < 0.06) & ("reopened_and_deleted_tickets" in opt.dirt)
    frame["deleted"] = (draw[2] < 0.03) & ("reopened_and_deleted_tickets" in opt.dirt) & ~serious
    frame["restored"] = frame.deleted & (draw[3] < 0.3)
    frame["without"] = (draw[4] < 0.08) & ("tickets_without_organisation" in opt.dirt)
    frame.loc[frame.deleted, "length"] = np.maximum(frame.length[frame.deleted], 8 * 3600)
    frame["solved"] = frame.t + frame.length * SECOND
    frame["closed"] = frame.solved + 4 * DAY * SECOND
    frame["tag"] = np.where(
        draw[5] > 0.9,
        "seat_limit",
        np.where(draw[5] > 0.85, "upgrade_question", np.where(draw[5] > 0.5, "how_to", "bug")),
    )
    frame["user"] = 380_000_000 + frame.account * 10 + frame.id % 2

    # Field history: creation, assignment, solved, perhaps reopened and solved again, closed or deleted.
    agent = 390_000_000 + frame.id % 6
    changes = []

    def change(mask, field, value, t) -> None:
        part = frame[mask]
        changes.append(
            pd.DataFrame(
                {
                    "ticket_id": part.id,
                    "field_name": field,
                    "value": np.broadcast_to(np.asarray(value, dtype=object), size)[mask.to_numpy()],
                    "t": np.asarray(t)[mask.to_numpy()],
                    "user_id": agent[mask],
                }
            )
        )

    every = pd.Series(True, frame.index)
    change(every, "status", "new", frame.t)
    change(frame.priority.notna(), "priority", frame.priority.to_numpy(dtype=object), frame.t)
    change(every, "status", "open", frame.t + HOUR // 2)
    normal = ~frame.deleted | frame.restored
    change(normal, "status", "solved", frame.solved)
    change(frame.deleted, "status", "deleted", frame.t + HOUR)
    change(frame.restored, "status", "open", frame.t + 3 * HOUR + 0 * frame.solved)
    again = frame.reopened & normal
    change(again, "status", "open", frame.solved + DAY * SECOND)
    change(again, "status", "solved", frame.solved + 2 * DAY * SECOND)
    change(normal, "status", "closed", frame.closed)
    history = pd.concat(changes, ignore_index=True).sort_values(["t", "ticket_id"], kind="stable", ignore_index=True)
    # A ticket solved before its restoration would be nonsense: the later of the two stands.
    history = history[history.t <= until]
    frame = frame[frame.t <= until]
    state = (
        history[history.field_name == "status"]
        .groupby("ticket_id")
        .agg(status=("value", "last"), t=("t", "max"))
        .reindex(frame.id)
    )
    n = len(frame)
    landing.land(
        "zendesk",
        "ticket",
        {
            "id": ("bigint", frame.id),
            "organization_id": ("bigint", np.where(frame.without, None, org[frame.account].astype(object))),
            "requester_id": ("bigint", frame.user),
            "submitter_id": ("bigint", frame.user),
            "assignee_id": ("bigint", 390_000_000 + frame.id % 6),
            "status": ("text", state.status),
            "priority": ("text", frame.priority),
            "type": ("text", np.where(frame.id % 3 == 0, "question", None)),
            "subject": ("text", np.full(n, "A question")),
            "created_at": ("timestamp", frame.t),
            "updated_at": ("timestamp", state.t.to_numpy()),
            "via_channel": ("text", np.full(n, "web")),
            "is_public": ("boolean", np.ones(n, bool)),
            "_fivetran_deleted": ("boolean", frame.flagged),
            "_fivetran_synced": ("timestamp", state.t.to_numpy()),
        },
    )
    landing.land(
        "zendesk",
        "ticket_field_history",
        {
            "ticket_id": ("bigint", history.ticket_id),
            "field_name": ("text", history.field_name),
            "value": ("text", history.value),
            "updated": ("timestamp", history.t),
            "user_id": ("bigint", history.user_id),
            "_fivetran_synced": ("timestamp", history.t),
        },
    )
    landing.land(
        "zendesk",
        "ticket_tag",
        {"ticket_id": ("bigint", frame.id), "tag": ("text", frame.tag), "_fivetran_synced": ("timestamp", frame.t)},
    )
