"""Segment: users, sessions and events, written in chunks of accounts."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .config import ADVANCED, BASIC, DAY, INCLUDED_STORAGE, INCLUDED_USAGE
from .identity import Links
from .landing import SECOND, Landing, mix, unit
from .simulate import NO_END, QUOTA_LEVEL, World, api_level

# kind -> (table, name, display name or path)
KINDS = [
    ("tracks", "task_completed", "Task Completed"),
    ("tracks", "task_created", "Task Created"),
    ("tracks", "comment_added", "Comment Added"),
    ("tracks", "file_uploaded", "File Uploaded"),
    ("tracks", "project_created", "Project Created"),
    ("tracks", "signed_in", "Signed In"),
    ("tracks", "milestone_reached", "Milestone Reached"),
    ("tracks", "feature_used", "Feature Used"),
    ("tracks", "api_usage", "API Usage"),
    ("tracks", "invite_blocked", "Invite Blocked"),
    ("tracks", "upgrade_clicked", "Upgrade Clicked"),
    ("tracks", "sidebar_toggled", "Sidebar Toggled"),
    ("pages", "/home", "Home"),
    ("pages", "/projects/board", "Project board"),
    ("pages", "/reports/overview", "Reports"),
    ("pages", "/settings/profile", "Profile"),
    ("pages", "/settings/integrations", "Integrations"),
    ("pages", "/settings/integrations/slack", "Slack integration"),
    ("pages", "/pricing", "Pricing"),
    ("pages", "/pricing/compare", "Compare plans"),
    ("pages", "/help/articles", "Help"),
]
KIND = {name: i for i, (_, name, _) in enumerate(KINDS)}
BASE_KINDS = [
    "task_completed",
    "task_created",
    "comment_added",
    "file_uploaded",
    "project_created",
    "signed_in",
    "milestone_reached",
    "feature_used",
    "sidebar_toggled",
    "/home",
    "/projects/board",
    "/reports/overview",
    "/settings/profile",
    "/help/articles",
]
BASE_SHARE = np.array([0.16, 0.10, 0.10, 0.04, 0.02, 0.06, 0.0015, 0.30, 0.01, 0.08, 0.08, 0.025, 0.015, 0.0085])
FEATURES = ADVANCED + BASIC
# At most two teams share a feature, so that three teams on one is a roll-out.
TEAM_FEATURES = [[f for f in range(len(FEATURES)) if f % 3 == g] for g in range(3)]
POWER_EVENTS = 13


def build_users(world: World) -> pd.DataFrame:
    """One row per user: account, slot, user number within the account, first and last day (NO_END while there)."""
    log = world.logs["height"]
    order = np.argsort(log.account.to_numpy(), kind="stable")
    account = log.account.to_numpy()[order]
    day = log.day.to_numpy()[order]
    delta = log.delta.to_numpy()[order]
    total = np.cumsum(delta)
    first = np.r_[True, account[1:] != account[:-1]]
    offset = (total - delta)[first]
    before = total - delta - np.repeat(offset, np.diff(np.r_[np.flatnonzero(first), len(account)]))
    size = np.abs(delta)
    row = np.repeat(np.arange(len(delta)), size)
    step = np.arange(len(row)) - np.repeat(np.cumsum(size) - size, size)
    slot = np.where(delta[row] > 0, before[row] + step, before[row] - 1 - step)
    order = np.lexsort((row, slot, account[row]))
    acc, slt, rows = account[row][order], slot[order], row[order]
    sign = np.sign(delta[rows])
    joins = np.flatnonzero(sign > 0)
    after = np.minimum(joins + 1, len(acc) - 1)
    ended = (joins + 1 < len(acc)) & (acc[after] == acc[joins]) & (slt[after] == slt[joins]) & (sign[after] < 0)
    users = pd.DataFrame(
        {
            "account": acc[joins],
            "slot": slt[joins],
            "first": day[rows[joins]],
            "last": np.where(ended, day[rows[after]], NO_END),
        }
    ).sort_values(["account", "first", "slot"], kind="stable", ignore_index=True)
    users["number"] = users.groupby("account").cumcount()
    return users


class Roster:
    """Finds who sat in an account's slot on a day."""

    def __init__(self, users: pd.DataFrame) -> None:
        self.users = users
        key = (users.account.to_numpy() * 4096 + users.slot.to_numpy()) * 4096 + users["first"].to_numpy()
        self.order = np.argsort(key, kind="stable")
        self.key = key[self.order]
        self.last = users["last"].to_numpy()
        self.account, self.slot = users.account.to_numpy(), users.slot.to_numpy()

    def at(self, account, slot, day) -> np.ndarray:
        """Row of the user, or -1 where the slot is empty."""
        key = (np.asarray(account) * 4096 + slot) * 4096 + day
        at = np.searchsorted(self.key, key, side="right") - 1
        row = self.order[np.maximum(at, 0)]
        good = (at >= 0) & (self.account[row] == account) & (self.slot[row] == slot) & (self.last[row] >= day)
        return np.where(good, row, -1)


def spans(start: np.ndarray, length: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Row numbers repeated `length` times, and the running number inside each."""
    row = np.repeat(np.arange(len(length)), length)
    return row, np.arange(len(row)) - np.repeat(np.cumsum(length) - length, length)


def weekdays_of(world: World, day: np.ndarray) -> np.ndarray:
    first = (np.datetime64(world.options.start).astype(int) + 3) % 7
    return (day + first) % 7


def land_product(world: World, landing: Landing, links: Links) -> pd.DataFrame:
    """Writes segment/* and gives back the users (with their first event's time) for the other vendors."""
    opt, days = world.options, world.options.days
    users = build_users(world)
    roster = Roster(users)
    rng = opt.rng(3)
    seed = opt.seed

    first, last = users["first"].to_numpy(), np.minimum(users["last"].to_numpy(), days - 1)
    active = np.maximum(last - first + 1, 1)
    special = special_events(world, roster, rng)
    usage = api_events(world, rng)
    wanted = opt.events if opt.events else int(active.sum() * 0.133)
    base = max(wanted - len(special["day"]) - len(usage["day"]), int(active.sum() / 16))
    period = float(np.clip(active.sum() * 1.35 / base, 2.0, 15.0))
    per_day = max(base * period / active.sum(), 1.0)

    # Initial users are met over the first days, later ones on the day they join.
    opening = (first == 0) & (users.account.to_numpy() >= 0)
    spread = (unit(seed, 31, users.account, users.number) * min(period, 12)).astype(int)
    first_day = np.where(opening, np.minimum(first + spread, last), first)
    week = weekdays_of(world, first_day)
    first_day = np.where(opening & (week >= 5), np.minimum(first_day + 7 - week, last), first_day)

    # Chunks of accounts with a bounded number of events.
    load = np.bincount(users.account, weights=active / period * per_day, minlength=opt.accounts)
    for name in (special, usage):
        load += np.bincount(name["account"], minlength=opt.accounts)
    chunk_of = (np.cumsum(load) / 2_000_000).astype(int)
    first_seen = np.full(len(users), np.iinfo(np.int64).max)
    for chunk in range(int(chunk_of.max()) + 1):
        mine = np.flatnonzero(chunk_of == chunk)
        if not len(mine):
            continue
        low, high = mine[0], mine[-1] + 1
        pick = np.flatnonzero((users.account.to_numpy() >= low) & (users.account.to_numpy() < high))
        chunk_rng = opt.rng(3, 1 + chunk)
        events = base_events(world, users, pick, first_day, last, period, per_day, chunk_rng)
        parts = [events]
        for extra in (special, usage):
            inside = (extra["account"] >= low) & (extra["account"] < high)
            parts.append({key: value[inside] for key, value in extra.items()})
        events = {key: np.concatenate([p[key] for p in parts]) for key in events}
        known = events["user"] >= 0
        times = landing.at(events["day"]) + events["micro"]
        np.minimum.at(first_seen, events["user"][known], times[known])
        write_events(world, landing, links, users, events, times, chunk, chunk_rng)
    users["first_seen"] = first_seen
    users = users[users.first_seen < np.iinfo(np.int64).max].reset_index(drop=True)
    land_people(world, landing, links, users)
    return users


def base_events(world, users, pick, first_day, last, period, per_day, rng) -> dict[str, np.ndarray]:
    """Everyday use: a working day every `period` days, never more than 27 days apart."""
    begin, end = first_day[pick], last[pick]
    count = ((end - begin) / period).astype(int) + 1
    row, number = spans(begin, count)
    jitter = rng.random(len(row)) * min(period * 0.5, 9.0)
    day = begin[row] + np.where(number > 0, number * period + jitter, 0).astype(int)
    stays = users["last"].to_numpy()[pick] >= NO_END
    closing = np.flatnonzero(~stays & (end > begin))
    row, day = np.r_[row, closing], np.r_[day, end[closing]]
    week = weekdays_of(world, day)
    day = np.where((week >= 5) & (number_or_one(number, len(closing)) > 0), day + 7 - week, day)
    limit = end[row]
    over = day > limit
    day = np.where(over, limit, day)
    week = weekdays_of(world, day)
    day = np.where(over & (week >= 5) & (day - 2 > begin[row]), day - (week - 4), day)
    # One working day a user and day.
    key = row.astype(np.int64) * 8192 + day
    key = np.unique(key)
    row, day = key // 8192, key % 8192
    many = np.minimum(1 + rng.poisson(max(per_day - 1, 0.02), len(row)), 60)
    at, inner = spans(row, many)
    gap = np.where(inner == 0, 0, rng.integers(30, 520, len(at)))
    total = np.cumsum(gap)
    opening = np.repeat(np.cumsum(many) - many, many)
    offset = total - total[opening]
    start = rng.integers(7 * 3600, 14 * 3600, len(row))[at]
    micro = (start + offset) * SECOND + rng.integers(0, 1000, len(at)) * 1000
    share = BASE_SHARE.copy()
    if "unnamed_events" not in world.options.dirt:
        share[[BASE_KINDS.index("sidebar_toggled"), BASE_KINDS.index("/help/articles")]] = 0
    numbers = np.array([KIND[name] for name in BASE_KINDS])
    kind = numbers[np.minimum(np.searchsorted(np.cumsum(share / share.sum()), rng.random(len(at))), len(numbers) - 1)]
    user = pick[row[at]]
    slot = users.slot.to_numpy()[user]
    team = (slot // 8) % 6
    pool = (team // 2) % 3
    sizes = np.array([len(f) for f in TEAM_FEATURES])[pool]
    table = np.zeros((3, 8), int)
    for g, features in enumerate(TEAM_FEATURES):
        table[g, : len(features)] = features
    feature = np.where(kind == KIND["feature_used"], table[pool, (rng.random(len(at)) * sizes).astype(int)], -1)
    return {
        "account": users.account.to_numpy()[user],
        "user": user,
        "day": day[at],
        "micro": micro,
        "kind": kind,
        "feature": feature,
        "team": np.where(feature >= 0, team, -1),
        "quantity": np.zeros(len(at), np.int64),
    }


def number_or_one(number: np.ndarray, more: int) -> np.ndarray:
    return np.r_[number, np.zeros(more, int)]


def special_events(world: World, roster: Roster, rng) -> dict[str, np.ndarray]:
    """Planted actions: views, blocked invitations, upgrade clicks, power sessions, weekends, roll-outs."""
    logs, days = world.logs, world.options.days
    out = {key: [] for key in ("account", "slot", "day", "second", "kind", "feature", "team", "quantity")}

    def add(account, slot, day, second, kind, feature=-1, team=-1) -> None:
        size = len(account)
        for key, value in zip(out, (account, slot, day, second, kind, feature, team, 0), strict=False):
            out[key].append(np.broadcast_to(np.asarray(value), size).astype(np.int64))

    views = logs["views"]
    row, _ = spans(views.day.to_numpy(), views["count"].to_numpy())
    page = views.page.to_numpy()[row]
    deep = rng.random(len(row)) < 0.4
    kind = np.where(
        page == 0,
        np.where(deep, KIND["/settings/integrations/slack"], KIND["/settings/integrations"]),
        np.where(deep, KIND["/pricing/compare"], KIND["/pricing"]),
    )
    add(
        views.account.to_numpy()[row],
        rng.integers(0, 2, len(row)),
        views.day.to_numpy()[row],
        rng.integers(8 * 3600, 18 * 3600, len(row)),
        kind,
    )

    bursts = logs["bursts"]
    row, number = spans(bursts.day.to_numpy(), bursts["count"].to_numpy())
    kind = np.where(bursts.kind.to_numpy()[row] == 0, KIND["invite_blocked"], KIND["upgrade_clicked"])
    add(
        bursts.account.to_numpy()[row],
        0,
        bursts.day.to_numpy()[row],
        bursts.second.to_numpy()[row] + number * rng.integers(60, 420, len(row)),
        kind,
    )

    power = logs["power"]
    length = power.end.to_numpy() - power.start.to_numpy() + 1
    row, number = spans(power.start.to_numpy(), length)
    day = power.start.to_numpy()[row] + number
    keep = (weekdays_of(world, day) < 5) & (day < days)
    row, day = row[keep], day[keep]
    who, slot = spans(day, power.users.to_numpy()[row])
    again, inner = spans(who, np.full(len(who), POWER_EVENTS))
    gap = np.where(inner == 0, 0, rng.integers(21 * 60, int(24.4 * 60), len(again)))
    total = np.cumsum(gap)
    opening = np.repeat(np.arange(len(who)) * POWER_EVENTS, POWER_EVENTS)
    second = rng.integers(7 * 3600, 12 * 3600, len(who))[again] + total - total[opening]
    usual = np.array(
        [KIND[n] for n in ("task_completed", "task_created", "comment_added", "/projects/board", "/reports/overview")]
    )
    add(
        power.account.to_numpy()[row[who[again]]],
        slot[again],
        day[who[again]],
        second,
        usual[rng.integers(0, len(usual), len(again))],
    )

    weekend = logs["weekend"]
    length = weekend.end.to_numpy() - weekend.start.to_numpy() + 1
    row, number = spans(weekend.start.to_numpy(), length)
    day = weekend.start.to_numpy()[row] + number
    keep = (weekdays_of(world, day) == 5) & (day < days)
    row, day = row[keep], day[keep]
    who, slot = spans(day, np.full(len(day), 4))
    add(
        weekend.account.to_numpy()[row[who]],
        slot,
        day[who] + (slot % 2),
        rng.integers(9 * 3600, 20 * 3600, len(who)),
        KIND["task_completed"],
    )

    multi = logs["multi_team"]
    for team in range(3):
        for offset in (1 + team, 8 + team, 20):
            add(
                multi.account.to_numpy(),
                team * 8,
                multi.start.to_numpy() + offset,
                rng.integers(8 * 3600, 16 * 3600, len(multi)),
                KIND["feature_used"],
                ADVANCED.index("portfolios"),
                team,
            )

    data = {key: np.concatenate(values) for key, values in out.items()}
    user = roster.at(data["account"], data["slot"], data["day"])
    good = (user >= 0) & (data["day"] < days) & (data["second"] < DAY)
    data = {key: value[good] for key, value in data.items()}
    second = data.pop("second")
    data.pop("slot")
    data["user"] = user[good]
    data["micro"] = second * SECOND + rng.integers(0, 1000, len(second)) * 1000
    return data


def api_events(world: World, rng) -> dict[str, np.ndarray]:
    """One server-side count a day for accounts with API calls, without a user."""
    days = world.options.days
    billing = world.logs["billing"]
    have = billing[billing.blocks > 0].groupby("account").agg(first=("day", "min")).reset_index()
    life = world.logs["lifecycle"]
    ended = life[life.kind == 1].groupby("account").day.min()
    first = np.maximum(have["first"].to_numpy(), 0)
    last = np.minimum(have.account.map(ended).fillna(days).to_numpy().astype(int) - 1, days - 1)
    row, number = spans(first, np.maximum(last - first + 1, 0))
    account, day = have.account.to_numpy()[row], first[row] + number
    ordered = billing.sort_values(["account", "day"], kind="stable")
    key = ordered.account.to_numpy() * 8192 + ordered.day.to_numpy() + 2048
    at = np.searchsorted(key, account * 8192 + day + 2048, side="right") - 1
    tier = ordered.tier.to_numpy()[np.maximum(at, 0)]
    level = api_level(world.options.seed, account)
    quota = world.logs["quota"]
    for who, start, end in zip(quota.account, quota.start, quota.end, strict=False):
        level = np.where((account == who) & (day >= start) & (day <= end), QUOTA_LEVEL, level)
    quantity = np.round(np.array(INCLUDED_USAGE)[tier] / 30 * level * rng.uniform(0.97, 1.03, len(account))).astype(
        np.int64
    )
    size = len(account)
    return {
        "account": account,
        "user": np.full(size, -1),
        "day": day,
        "micro": rng.integers(20 * 3600, 23 * 3600, size) * SECOND,
        "kind": np.full(size, KIND["api_usage"]),
        "feature": np.full(size, -1),
        "team": np.full(size, -1),
        "quantity": quantity,
    }


def write_events(world, landing, links, users, events, times, chunk, rng) -> None:
    """Adds arrival and dirt, and writes tracks, pages, feature_used and api_usage of one chunk."""
    dirt, size = world.options.dirt, len(times)
    # Sorted by time, as a server receives them.
    order = np.argsort(times, kind="stable")
    events = {key: value[order] for key, value in events.items()}
    times = times[order]
    ids = mix(world.options.seed, 51, chunk, np.arange(size)).astype(np.int64)
    lag = (200_000 + rng.random(size) ** 3 * 4_000_000).astype(np.int64)
    draw = rng.random(size)
    plain = ~np.isin(events["kind"], [KIND["invite_blocked"], KIND["upgrade_clicked"]])
    if "late_events" in dirt:
        few = (draw < 0.005) & plain
        lag[few] = (1 * DAY * SECOND + rng.random(few.sum()) * 2 * DAY * SECOND).astype(np.int64)
        much = (draw >= 0.005) & (draw < 0.007) & plain
        lag[much] = (5 * DAY * SECOND + rng.random(much.sum()) * 5 * DAY * SECOND).astype(np.int64)
    received = times + lag
    stamp = times.copy()
    skewed = (draw >= 0.010) & (draw < 0.015) & plain
    if "clock_skew" in dirt:
        stamp[skewed] = received[skewed] + (60 + rng.integers(0, 7200, int(skewed.sum()))) * SECOND
    has_group = np.ones(size, bool)
    if "events_without_group" in dirt:
        has_group = ~((draw >= 0.02) & (draw < 0.05) & (events["user"] >= 0))
    copies = np.arange(size)
    if "repeated_events" in dirt:
        again = np.flatnonzero((draw >= 0.06) & (draw < 0.07))
        copies = np.r_[copies, again]
        received_all = np.r_[
            received, received[again] + (60 + rng.random(len(again)) ** 2 * 2 * DAY).astype(np.int64) * SECOND
        ]
    else:
        received_all = received
    keep = received_all <= landing.until
    copies, received_all = copies[keep], received_all[keep]
    number = users.number.to_numpy()
    user = events["user"][copies]
    frame = pd.DataFrame(
        {
            "id": ids[copies],
            "account": events["account"][copies],
            "has_user": user >= 0,
            "number": number[np.maximum(user, 0)],
            "kind": events["kind"][copies],
            "stamp": stamp[copies],
            "received": received_all,
            "has_group": has_group[copies],
            "feature": events["feature"][copies],
            "team": events["team"][copies],
            "quantity": events["quantity"][copies],
        }
    )
    write_event_frame(landing, links, frame, chunk)


def write_event_frame(landing: Landing, links: Links, frame: pd.DataFrame, part: int) -> None:
    names = pd.DataFrame(
        {
            "kind": range(len(KINDS)),
            "tbl": [k[0] for k in KINDS],
            "name": [k[1] for k in KINDS],
            "title": [k[2] for k in KINDS],
        }
    )
    con = landing.connection
    con.register("names", names)
    con.register("links", links.groups)
    common = """'msg_' || printf('%016x', id) as id,
        case when has_user then 'anon_' || account || '_' || number end as anonymous_id,
        case when has_user then 'user_' || account || '_' || number end as user_id"""
    times = """make_timestamp(stamp) as "timestamp", make_timestamp(stamp + 1500 * (id & 7)) as original_timestamp,
        make_timestamp(received - 150000) as sent_at, make_timestamp(received) as received_at,
        case when has_group then group_id end as context_group_id"""
    library = """case when has_user then 'analytics.js' else 'analytics-python' end as context_library_name"""
    joined = "frame join links using (account) join names using (kind)"
    landing.connection.register("frame", frame)
    queries = {
        "tracks": f"select {common}, name as event, title as event_text, {times}, {library} from {joined} where tbl = 'tracks' order by frame.received, frame.id",
        "pages": f"""select {common}, {times}, {library}, 'https://app.teamflow.example' || name as url, name as path, title, null::varchar as search,
            null::varchar as referrer, title as name from {joined} where tbl = 'pages' order by frame.received, frame.id""",
        "feature_used": f"""select {common}, name as event, title as event_text, {times}, {library},
            {FEATURES!r}[feature + 1] as feature, 'team_' || account || '_' || team as team_id from {joined} where name = 'feature_used' order by frame.received, frame.id""",
        "api_usage": f"select {common}, name as event, title as event_text, {times}, {library}, quantity from {joined} where name = 'api_usage' order by frame.received, frame.id",
    }
    for table, query in queries.items():
        folder = landing.raw / "segment" / table
        folder.mkdir(parents=True, exist_ok=True)
        done = con.execute(
            f"copy ({query}) to '{folder}/part-{part:03d}.parquet' (format parquet, compression zstd, compression_level 1)"
        ).fetchone()
        landing.rows[f"segment/{table}"] = landing.rows.get(f"segment/{table}", 0) + done[0]
    con.unregister("frame")


def land_people(world: World, landing: Landing, links: Links, users: pd.DataFrame) -> None:
    """groups (membership and traits) and identifies; the sentinel event at the very end; staff and consultants."""
    opt, seed = world.options, world.options.seed
    con = landing.connection
    account, number = users.account.to_numpy(), users.number.to_numpy()
    seen_at = users.first_seen.to_numpy()
    member = pd.DataFrame({"account": account, "number": number, "stamp": seen_at - 5 * SECOND, "kind": 0})
    # Account traits once a month by whoever sits in the first seat.
    roster = Roster(users)
    month = np.arange(3, opt.days, 30)
    acc = np.repeat(np.arange(opt.accounts), len(month))
    day = np.tile(month, opt.accounts) + (acc % 9)
    row = roster.at(acc, 0, day)
    stamp = landing.at(day, 6 * 3600)
    good = (row >= 0) & (day < opt.days)
    good &= seen_at[np.maximum(row, 0)] < stamp
    acc, row, stamp, day = acc[good], row[good], stamp[good], day[good]
    tier = world.accounts.tier.to_numpy()[acc]
    filling = 0.25 + 0.45 * unit(seed, 61, acc)
    full = unit(seed, 62, acc, day // 120) < 0.05
    used = np.round(np.array(INCLUDED_STORAGE)[tier] * np.where(full, 0.93, filling), 1)
    traits = pd.DataFrame({"account": acc, "number": number[row], "stamp": stamp, "kind": 1, "used": used})
    frame = pd.concat([member, traits], ignore_index=True)
    frame["id"] = mix(seed, 63, frame.account, frame.number, frame.stamp, frame.kind).astype(np.int64)
    frame["received"] = frame.stamp + 400_000
    frame = frame[frame.received <= landing.until]
    con.register("links", links.groups)
    con.register("frame", frame)
    folder = landing.raw / "segment" / "groups"
    folder.mkdir(parents=True, exist_ok=True)
    con.execute(f"""copy (select 'grp_' || printf('%016x', id) as id, group_id, 'user_' || account || '_' || number as user_id,
        'anon_' || account || '_' || number as anonymous_id, make_timestamp(stamp) as "timestamp", make_timestamp(received - 100000) as sent_at,
        make_timestamp(received) as received_at, trait_name as name, trait_website as website, used as storage_used_gb
        from frame join links using (account) order by frame.received, frame.id) to '{folder}/part-000.parquet' (format parquet)""")
    landing.rows["segment/groups"] = len(frame)
    people = pd.DataFrame({"account": account, "number": number, "stamp": seen_at - 10 * SECOND})
    people["id"] = mix(seed, 64, people.account, people.number).astype(np.int64)
    people["free"] = (unit(seed, 65, people.account, people.number) < 0.04) & ("free_email_domains" in opt.dirt)
    people["received"] = people.stamp + 300_000
    people = people[people.received <= landing.until]
    con.register("frame", people)
    folder = landing.raw / "segment" / "identifies"
    folder.mkdir(parents=True, exist_ok=True)
    con.execute(f"""copy (select 'idn_' || printf('%016x', id) as id, 'user_' || account || '_' || number as user_id,
        'anon_' || account || '_' || number as anonymous_id, make_timestamp(stamp) as "timestamp", make_timestamp(received - 100000) as sent_at,
        make_timestamp(received) as received_at, 'user' || number || '@' || case when free then 'gmail.com' else domain end as email,
        'User ' || number as name from frame join links using (account) order by frame.received, frame.id) to '{folder}/part-000.parquet' (format parquet)""")
    landing.rows["segment/identifies"] = len(people)
    con.unregister("frame")
    land_visitors(world, landing, users, roster, links)


def land_visitors(world: World, landing: Landing, users: pd.DataFrame, roster: Roster, links: Links) -> None:
    """Consultants in two groups, TeamFlow's own staff, and the last event of the world."""
    opt, seed = world.options, world.options.seed
    tracks, groups, people = [], [], []
    group = links.groups.set_index("account").group_id
    size = opt.accounts
    if "users_in_two_groups" in opt.dirt:
        big = world.accounts[(world.accounts.start_day < 0)].sort_values("seats", ascending=False).account.to_numpy()
        pairs = [(int(big[2 * i]), int(big[2 * i + 1])) for i in range(min(8, len(big) // 4))]
        for i, pair in enumerate(pairs):
            user = f"consultant_{i}"
            people.append((f"idn_{user}", user, landing.at(20, 7 * 3600), f"{user}@freelancers.example"))
            for j, day in enumerate(range(20, opt.days - 1, 5)):
                if (np.datetime64(opt.start).astype(int) + 3 + day) % 7 >= 5:
                    continue
                where = pair[(j // 4) % 2]
                groups.append((f"grp_{user}_{day}", group[where], user, landing.at(day, 8 * 3600)))
                tracks.append((f"msg_{user}_{day}", user, "task_completed", landing.at(day, 9 * 3600), None))
    if "staff_users" in opt.dirt:
        for i in range(5):
            user = f"staff_{i}"
            people.append((f"idn_{user}", user, landing.at(5, 7 * 3600), f"support{i}@teamflow.example"))
            for day in range(6 + i, opt.days - 1, 3):
                where = int(mix(seed, 71, i, day) % np.uint64(size))
                tracks.append(
                    (f"msg_{user}_{day}", user, "signed_in", landing.at(day, 10 * 3600 + 60 * i), group[where])
                )
                if day % 4 == 0:
                    tracks.append(
                        (
                            f"msg_{user}_{day}_b",
                            user,
                            "invite_blocked",
                            landing.at(day, 10 * 3600 + 60 * i + 30),
                            group[where],
                        )
                    )
    # The newest received_at is the end of the world itself.
    last = users[users["last"] >= NO_END]
    if len(last):
        someone = last.iloc[0]
        tracks.append(
            (
                "msg_last",
                f"user_{someone.account}_{someone.number}",
                "task_completed",
                np.int64(landing.end - 1_400_000),
                group[int(someone.account)],
            )
        )
    con = landing.connection

    def put(table: str, rows: list, columns: list[str], select: str) -> None:
        frame = pd.DataFrame(rows, columns=columns)
        if not len(frame):
            return
        frame["stamp"] = frame.stamp.astype(np.int64)
        frame["received"] = np.where(frame.id == "msg_last", landing.end, frame.stamp + 500_000)
        frame = frame[frame.received <= landing.until]
        con.register("frame", frame)
        folder = landing.raw / "segment" / table
        folder.mkdir(parents=True, exist_ok=True)
        times = 'make_timestamp(stamp) as "timestamp", make_timestamp(received - 100000) as sent_at, make_timestamp(received) as received_at'
        con.execute(
            f"copy (select {select.replace('TIMES', times)} from frame order by received, id) to '{folder}/part-visitors.parquet' (format parquet)"
        )
        con.unregister("frame")
        landing.rows[f"segment/{table}"] = landing.rows.get(f"segment/{table}", 0) + len(frame)

    put(
        "tracks",
        tracks,
        ["id", "user_id", "event", "stamp", "grp"],
        """id, 'anon_' || user_id as anonymous_id, user_id, event, event as event_text, make_timestamp(stamp) as original_timestamp, TIMES,
        grp::varchar as context_group_id, 'analytics.js' as context_library_name""",
    )
    put(
        "groups",
        groups,
        ["id", "grp", "user_id", "stamp"],
        "id, grp as group_id, user_id, 'anon_' || user_id as anonymous_id, TIMES, null::varchar as name, null::varchar as website, null::double as storage_used_gb",
    )
    put(
        "identifies",
        people,
        ["id", "user_id", "stamp", "email"],
        "id, user_id, 'anon_' || user_id as anonymous_id, TIMES, email, 'Visitor' as name",
    )
