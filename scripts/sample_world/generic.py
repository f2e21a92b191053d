"""Domains without a named vendor, in the neutral layout `generic/`: marketing, success and intent.

marketing_email_events: id, email, contact_id, event_type (sent, open, click, unsubscribe), occurred_at, campaign
success_health_scores:  account_id, score (0 to 100), scored_at
success_plays:          id, account_id, play, started_at, ended_at, outcome
intent_scores:          domain, week_starting (a Monday), score (0 to 100)
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from .config import DAY
from .crm import contact_table
from .identity import Links
from .landing import NULL_TIME, SECOND, Landing, codes, unit
from .simulate import World


def land_generic(world: World, landing: Landing, links: Links, domains: frozenset[str]) -> None:
    # HubSpot sends the newsletter itself.
    if "marketing" in domains and world.options.crm != "hubspot":
        land_marketing(world, landing, links)
    if "success" in domains:
        land_success(world, landing, links)
    if "intent" in domains:
        land_intent(world, landing, links)


def newsletter_events(world: World, landing: Landing, links: Links) -> pd.DataFrame:
    """A newsletter every Tuesday; who reads it depends on the hidden profile alone, so clicks look like a cause.

    One row an event up to the cut: event (its id), id (of the contact), email, kind, t (microseconds), day.
    """
    opt, seed = world.options, world.options.seed
    contacts = contact_table(world, landing, links)
    contacts = contacts[~contacts.deleted & (unit(seed, 211, contacts.account, contacts.k) < 0.6)]
    first = (1 - (np.datetime64(opt.start).astype(int) + 3)) % 7
    sends = np.arange(first, opt.days, 7)
    row = np.repeat(np.arange(len(contacts)), len(sends))
    day = np.tile(sends, len(contacts))
    sent = landing.at(day, 9 * 3600)
    contact = contacts.iloc[row]
    keep = contact.created.to_numpy() < sent
    row, day, sent, contact = row[keep], day[keep], sent[keep], contact[keep]
    profile = world.accounts.profile.to_numpy()[contact.account]
    mood = unit(seed, 212, contact.account, day // 42)
    draw = unit(seed, 213, contact.account, contact.k, day)
    reads = 1 / (1 + np.exp(-(-1.4 + 0.8 * profile)))
    clicks = np.where(mood < 0.12, 0.5, 0.05) * reads
    kinds = [
        ("sent", np.ones(len(row), bool), 0),
        ("open", draw < reads, 3_000),
        ("click", draw < clicks, 3_060),
        ("unsubscribe", draw > 0.9995, 3_200),
    ]
    parts = [
        pd.DataFrame(
            {
                "account": contact.account[m].to_numpy(),
                "k": contact.k[m].to_numpy(),
                "id": contact.id[m].to_numpy(),
                "email": contact.email[m].to_numpy(),
                "kind": kind,
                "n": n,
                "t": sent[m] + (delay + (draw[m] * 30_000 if delay else 0 * draw[m])).astype(np.int64) * SECOND,
                "day": day[m],
            }
        )
        for n, (kind, m, delay) in enumerate(kinds)
    ]
    frame = pd.concat(parts, ignore_index=True).sort_values(
        ["t", "account", "k", "n"], kind="stable", ignore_index=True
    )
    frame["event"] = codes("mke_", seed, 214, frame.account, frame.k, frame.day, frame.n)
    return frame[frame.t <= landing.until]


def land_marketing(world: World, landing: Landing, links: Links) -> None:
    frame = newsletter_events(world, landing, links)
    landing.land(
        "generic",
        "marketing_email_events",
        {
            "id": ("text", frame.event),
            "email": ("text", frame.email),
            "contact_id": ("text", frame.id),
            "event_type": ("text", frame.kind),
            "occurred_at": ("timestamp", frame.t),
            "campaign": ("text", [f"newsletter_{day:04d}" for day in frame.day]),
        },
    )


def land_success(world: World, landing: Landing, links: Links) -> None:
    """A weekly score for the accounts that a customer-success manager looks after, and the plays they ran."""
    _opt, seed = world.options, world.options.seed
    daily = world.logs["daily"]
    cared = (world.accounts.tier.to_numpy() >= 2) & (unit(seed, 221, world.accounts.account) < 0.5)
    daily = daily[cared[daily.account] & (daily.seats > 0)]
    share = daily.a28.to_numpy() / daily.seats.to_numpy()
    score = np.clip(np.round(35 + 65 * share + 8 * (unit(seed, 222, daily.account, daily.day) - 0.5)), 0, 100)
    ids = world.accounts.account_id.to_numpy()
    t = landing.at(daily.day + 1, 2 * 3600)
    landing.land(
        "generic",
        "success_health_scores",
        {"account_id": ("text", ids[daily.account]), "score": ("double", score), "scored_at": ("timestamp", t)},
        keep=t <= landing.until,
    )
    plays = daily[unit(seed, 223, daily.account, daily.day) < 0.004]
    begin = landing.at(plays.day, 9 * 3600)
    end = begin + 21 * DAY * SECOND
    landing.land(
        "generic",
        "success_plays",
        {
            "id": ("text", codes("csp_", seed, 224, plays.account, plays.day)),
            "account_id": ("text", ids[plays.account]),
            "play": ("text", np.full(len(plays), "adoption_workshop")),
            "started_at": ("timestamp", begin),
            "ended_at": ("timestamp", np.where(end <= landing.until, end, NULL_TIME)),
            "outcome": (
                "text",
                np.where(
                    end <= landing.until, np.where(unit(seed, 225, plays.account) < 0.6, "adopted", "no_change"), None
                ),
            ),
        },
        keep=begin <= landing.until,
    )


def land_intent(world: World, landing: Landing, links: Links) -> None:
    """A weekly score by domain: mostly noise, higher in the weeks before an expansion of some accounts."""
    opt, seed = world.options, world.options.seed
    first = (0 - (np.datetime64(opt.start).astype(int) + 3)) % 7
    weeks = np.arange(first, opt.days, 7)
    known = np.flatnonzero(unit(seed, 231, world.accounts.account) < 0.5)
    account, week = np.repeat(known, len(weeks)), np.tile(weeks, len(known))
    score = 15 + 40 * unit(seed, 232, account, week) + 20 * (unit(seed, 233, account, week // 28) < 0.1)
    soon = world.logs["expansions"]
    surge = {(int(a), int(d)) for a, d in zip(soon.account, soon.day, strict=False) if unit(seed, 234, a, d) < 0.4}
    near = np.zeros(len(account), bool)
    place = {(int(a), int(w)): i for i, (a, w) in enumerate(zip(account, week, strict=False))}
    for a, d in sorted(surge):
        for back in (1, 2):
            monday = d - (d - first) % 7 - 7 * back
            if (a, monday) in place:
                near[place[a, monday]] = True
    score = np.clip(np.round(score + 35 * near, 1), 0, 100)
    # A week's score is delivered on the Monday after it.
    landing.land(
        "generic",
        "intent_scores",
        {
            "domain": ("text", links.accounts.domain.to_numpy()[account]),
            "week_starting": ("date", (np.datetime64(opt.start) + week).astype(str).astype(object)),
            "score": ("double", score),
        },
        keep=landing.at(week + 7) <= landing.until,
    )
