"""Runs TeamFlow's accounts day by day and logs everything that a vendor would have recorded.

All accounts move at once (one numpy step a day). The conditions that matter are evaluated on the
run itself, as the project defines its signals, so an onset counts wherever it came from: planned,
or by accident. A planned build-up keeps its account to itself until its window is over, so that
the planted rates stay readable.
"""

from __future__ import annotations

import dataclasses
import hashlib

import numpy as np
import pandas as pd

from .config import (
    COUNTRIES,
    CURRENCIES,
    CURRENCY_SHARE,
    DAY,
    EFFECTS,
    FORETOLD,
    INCLUDED_USAGE,
    TEAMFLOW,
    TIER_SHARE,
    TYPES,
    Options,
    daily_rates,
    price_table,
)
from .landing import unit

NEVER = 10**6
NO_END = 10**6
# Share of the included use in a spell that nearly uses it up.
QUOTA_LEVEL = 1.12
NAMES = list(EFFECTS)
INDEX = {name: i for i, name in enumerate(NAMES)}


@dataclasses.dataclass
class World:
    """One finished run: the accounts and the logs, each a frame with `account` (number) and `day`."""

    options: Options
    accounts: pd.DataFrame
    logs: dict[str, pd.DataFrame]


def account_ids(count: int, crm: str) -> list[str]:
    """CRM account ids: 18 characters in Salesforce, numbers in HubSpot."""
    return [str(90_000_000_000 + i) if crm == "hubspot" else f"001TF{i:013d}" for i in range(count)]


def holdout_share(account_id: str, group: str) -> int:
    """The documented hash: 0..9999; below holdout_pct x 100 the firing is held out."""
    return int(hashlib.md5(f"{account_id}|{group}".encode()).hexdigest()[:8], 16) % 10_000


class Log:
    """Appends vectors a day at a time and concatenates once."""

    def __init__(self, *columns: str) -> None:
        self.columns = columns
        self.parts: list[list[np.ndarray]] = []

    def add(self, accounts: np.ndarray, *values) -> None:
        if len(accounts):
            self.parts.append(
                [np.asarray(accounts)] + [np.broadcast_to(np.asarray(v), len(accounts)).copy() for v in values]
            )

    def frame(self) -> pd.DataFrame:
        if not self.parts:
            return pd.DataFrame({c: np.zeros(0, np.int64) for c in self.columns})
        return pd.DataFrame({c: np.concatenate([p[i] for p in self.parts]) for i, c in enumerate(self.columns)})


def days_until_full(used: np.ndarray, limit: np.ndarray, past: np.ndarray, d: int) -> np.ndarray:
    """Whole days until `used` meets `limit` at the pace of the last 28 days, as the signals define it; NEVER where that is no rise.

    past: [28, account], the day's own value in row d % 28.
    """
    changes = [past[(d - i) % 28] - past[(d - i - 14) % 28] for i in range(14)]
    pace = np.median(changes, axis=0)
    room = np.maximum(limit - used, 0)
    rises = (pace > 5e-7 * limit) & (limit > 0)
    days = np.ceil(np.round(14 * room / np.where(rises, pace, 1), 6))
    return np.where((room == 0) & (limit > 0), 0, np.where(rises, days, NEVER))


def draw_accounts(opt: Options) -> pd.DataFrame:
    """Attributes fixed at birth. `profile` is the hidden cause of usage and expansion alike."""
    rng, n = opt.rng(1), opt.accounts
    tier = rng.choice(4, n, p=TIER_SHARE)
    profile = rng.normal(0, 1, n)
    employees = np.exp(rng.normal(np.log([38, 130, 420, 2200])[tier], [0.7, 0.8, 0.8, 0.6][0])).astype(int)
    employees = np.clip(employees, 5, 60_000)
    low, high = np.array([5, 8, 26, 60])[tier], np.array([14, 34, 64, 130])[tier]
    seats = (low + (high - low) * rng.random(n) ** 1.2).astype(int)
    seats = np.minimum(seats, np.maximum(employees, 4))
    share = np.array(CURRENCY_SHARE)
    currency = rng.choice(4, n, p=share)
    if "several_currencies" not in opt.dirt:
        currency = np.where((currency == 1) | (currency == 2), 0, currency)
    if "zero_decimal_currency" not in opt.dirt:
        currency = np.where(currency == 3, 0, currency)
    yearly = rng.random(n) < np.array([0.15, 0.3, 0.45, 0.7])[tier]
    if "yearly_plans" not in opt.dirt:
        yearly[:] = False
    born_late = rng.random(n) < 0.22
    early = -rng.integers(20, 1000, n)
    late = rng.integers(3, max(opt.days - 45, 4), n)
    start_day = np.where(born_late, late, early)
    # Subscriptions start on a weekday, on the first to the 28th of a month.
    base = np.datetime64(opt.start)
    for _ in range(4):
        date = base + start_day
        weekday = (date.astype("datetime64[D]").astype(int) + 3) % 7
        dom = (date.astype("datetime64[D]") - date.astype("datetime64[M]")).astype(int) + 1
        start_day = start_day + np.where((weekday >= 5) | (dom > 28), -1, 0)
    onboarding = start_day + rng.integers(8, 40, n)
    onboarded = rng.random(n) > 0.05
    metered = (tier >= 1) & (rng.random(n) < 0.3) & ~yearly
    if "metered_items" not in opt.dirt:
        metered[:] = False
    place = rng.random(n)
    country, zone = [], []
    for i in range(n):
        options = COUNTRIES[CURRENCIES[currency[i]]]
        pick = options[int(place[i] * len(options))]
        country.append(pick[0])
        zone.append(pick[1])
    return pd.DataFrame(
        {
            "account": np.arange(n),
            "account_id": account_ids(n, opt.crm),
            "tier": tier,
            "profile": profile,
            "employees": employees,
            "seats": seats,
            "currency": currency,
            "yearly": yearly,
            "start_day": start_day,
            "anchor_second": rng.integers(8 * 3600, 18 * 3600, n),
            "onboarding_day": np.where(onboarded, onboarding, NEVER),
            "metered": metered,
            "country": country,
            "time_zone": zone,
            "addon": rng.random(n) < 0.08,
            "opted_out": rng.random(n) < 0.015,
            "susceptible": rng.random(n) < 0.80,
        }
    )


def api_level(seed: int, account: np.ndarray) -> np.ndarray:
    """Share of the included use that an account takes in quiet times."""
    return 0.45 + 0.15 * unit(seed, 41, account)


def run(opt: Options) -> World:
    accounts = draw_accounts(opt)
    n, days = opt.accounts, opt.days
    rng = opt.rng(2)
    rates, prices = daily_rates(opt.start, days), price_table()
    base_date = np.datetime64(opt.start)

    tier = accounts.tier.to_numpy().copy()
    z = accounts.profile.to_numpy()
    currency = accounts.currency.to_numpy()
    yearly = accounts.yearly.to_numpy().astype(int)
    born = accounts.start_day.to_numpy().copy()
    start = born.copy()
    onboarded_on = accounts.onboarding_day.to_numpy()
    metered = accounts.metered.to_numpy()
    addon = accounts.addon.to_numpy().copy()
    seats = np.zeros(n, np.int64)
    seats0 = accounts.seats.to_numpy()
    version = np.zeros(n, np.int64)
    blocks = np.where(metered, np.maximum(1, INCLUDED_USAGE_BLOCKS[tier]), 0)
    employees = accounts.employees.to_numpy().copy()
    susceptible = accounts.susceptible.to_numpy()

    hold_share = np.array([[holdout_share(a, EFFECTS[t].group) for a in accounts.account_id] for t in NAMES])
    held = hold_share < (np.array([EFFECTS[t].holdout_pct for t in NAMES]) * 100)[:, None]

    base_util = np.clip(0.60 + 0.05 * z + rng.normal(0, 0.04, n), 0.40, 0.74)
    height = np.zeros(n, np.int64)  # users active at the close of the day
    target = np.zeros(n, np.int64)
    ramp_end = np.zeros(n, np.int64)
    hold_until = np.full(n, NEVER)
    left28 = np.zeros((28, n), np.int64)  # users whose last day was d - i
    left_sum = np.zeros(n, np.int64)
    a28_past = np.zeros((28, n), np.int64)
    calls = np.zeros((30, n))  # API calls of the last 30 days, and their sum on each of the last 28
    calls_past = np.zeros((28, n))
    level = api_level(opt.seed, np.arange(n))
    busy = np.full(n, -1)
    plan = np.full(n, -1)
    cycle_start, cycle_second = start.copy(), accounts.anchor_second.to_numpy().copy()
    paid = np.zeros(n, bool)
    churn_on = np.full(n, NEVER)
    return_on = np.full(n, NEVER)
    unhealthy_until = np.full(n, -1)
    declined_until = np.full(n, -1)
    changed_on = np.full(n, -5)
    k = len(NAMES) - len(FORETOLD)
    pend = np.full((k, n), NEVER)
    pend_second = np.full((k, n), -1)
    pend_play = np.zeros((k, n), bool)
    open_before = np.zeros((len(NAMES), n), bool)
    last_open = np.full((len(NAMES), n), -NEVER)
    util_streak = np.zeros(n, np.int64)
    power_streak = np.zeros(n, np.int64)
    view_plan = np.zeros((2, n, 21), np.int64)  # integration and pricing views of the coming days
    views = np.zeros((2, 30, n), np.int64)
    invite_plan = np.full(n, NEVER)
    click_plan = np.full(n, NEVER)
    power_from = np.full(n, NEVER)
    power_to = np.full(n, -1)
    power_users = np.zeros(n, np.int64)
    multi_from, multi_to = np.full(n, NEVER), np.full(n, -1)
    weekend_from, weekend_to = np.full(n, NEVER), np.full(n, -1)
    quota_from, quota_to = np.full(n, NEVER), np.full(n, -1)
    exec_plan = np.full(n, NEVER)
    headcount_plan = np.full(n, NEVER)
    headcount_factor = np.zeros(n)
    emp_past = np.tile(employees, (91, 1))
    exec_last = np.full(n, -NEVER)

    log = {
        "height": Log("account", "day", "delta"),
        "billing": Log("account", "day", "second", "seats", "tier", "version", "addon", "blocks", "cause"),
        "expansions": Log("account", "day", "second", "type", "cause", "by_play"),
        "onsets": Log(
            "account", "day", "second", "trigger", "in_stage", "in_scope", "is_index", "expands", "by_play", "held"
        ),
        "views": Log("account", "day", "count", "page"),
        "bursts": Log("account", "day", "second", "count", "kind"),
        "power": Log("account", "start", "end", "users"),
        "weekend": Log("account", "start", "end"),
        "multi_team": Log("account", "start", "end"),
        "quota": Log("account", "start", "end"),
        "employees": Log("account", "day", "employees"),
        "executives": Log("account", "day"),
        "lifecycle": Log("account", "day", "second", "kind"),
        "declines": Log("account", "day", "second"),
        "urgent": Log("account", "day", "length"),
        "daily": Log("account", "day", "a28", "seats", "tier", "in_stage"),
    }
    everyone = np.arange(n)
    # Headcount before the run: a slow walk, so that no account starts on a step.
    log["employees"].add(everyone, -150, employees)

    def next_cycle(who: np.ndarray, day: int, second: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Day and second at which the monthly period that holds this moment ends: metered use is billed then."""
        first = (base_date + cycle_start[who]).astype("datetime64[D]")
        inside = np.minimum((first - first.astype("datetime64[M]").astype("datetime64[D]")).astype(int), 27)
        month = (base_date + day).astype("datetime64[M]")
        here = month.astype("datetime64[D]") + inside
        here_day = (here - base_date).astype(int)
        passed = (here_day < day) | ((here_day == day) & (cycle_second[who] <= second))
        there = ((month + 1).astype("datetime64[D]") + inside - base_date).astype(int)
        return np.where(passed, there, here_day), cycle_second[who]

    def start_users(who: np.ndarray, day: int) -> None:
        want = np.maximum(2, np.floor(base_util[who] * seats[who]).astype(int))
        height[who] = want
        target[who] = want
        log["height"].add(who, day, want)

    def state(who: np.ndarray, day: int, second, cause: int) -> None:
        changed_on[who] = day
        log["billing"].add(
            who, day, second, seats[who], tier[who], version[who], addon[who].astype(int), blocks[who], cause
        )

    def apply(who: np.ndarray, kind: np.ndarray, day: int, second: np.ndarray, cause: int, by_play) -> None:
        """Expand `who` by the type numbers in `kind`; what cannot grow that way grows in seats."""
        kind = kind.copy()
        kind[(kind == 1) & (tier[who] >= 3)] = 0
        kind[(kind == 2) & addon[who]] = 0
        kind[(kind == 3) & ~metered[who]] = 1
        kind[(kind == 1) & (tier[who] >= 3)] = 0
        a28 = height[who] + left_sum[who]
        grow = np.maximum(2, np.ceil(seats[who] * rng.uniform(0.18, 0.38, len(who))).astype(int))
        roomy = np.ceil(a28 / 0.66).astype(int) - seats[who]
        crowded = a28 > 0.8 * seats[who]
        add = np.where(
            kind == 0,
            np.maximum(grow, np.where(crowded, roomy, 0)),
            np.where((kind == 1) & crowded, np.maximum(roomy, 1), 0),
        )
        seats[who] += add
        upgraded = kind == 1
        tier[who[upgraded]] += 1
        version[who[upgraded]] = 0
        addon[who[kind == 2]] = True
        blocks[who[kind == 3]] = np.ceil(
            blocks[who[kind == 3]] * rng.uniform(1.25, 1.6, int((kind == 3).sum()))
        ).astype(int)
        state(who, day, second, cause)
        paid_day, paid_second = next_cycle(who, day, second)
        later = kind == 3
        log["expansions"].add(
            who, np.where(later, paid_day, day), np.where(later, paid_second, second), kind, cause, by_play
        )
        also = upgraded & (add > 0)
        log["expansions"].add(who[also], day, second[also], 0, cause, np.broadcast_to(by_play, len(who))[also])
        # Room again: the build-up, if one was on, ends where it stands.
        target[who] = height[who]
        hold_until[who] = NEVER

    initial = everyone[start <= 0]
    paid[initial] = True
    seats[initial] = seats0[initial]
    start_users(initial, 0)
    for who in initial:
        log["billing"].add(
            np.array([who]),
            start[who],
            accounts.anchor_second[who],
            seats[who],
            tier[who],
            0,
            int(addon[who]),
            blocks[who],
            -1,
        )
    log["lifecycle"].add(initial, start[initial], accounts.anchor_second.to_numpy()[initial], 0)

    weights = {
        t: (np.array([TYPES.index(x) for x, _ in EFFECTS[t].types]), np.cumsum([w for _, w in EFFECTS[t].types]))
        for t in NAMES
    }
    monthly = np.array([EFFECTS[t].monthly for t in NAMES])
    windows = np.array([EFFECTS[t].window for t in NAMES])
    planted = np.array([EFFECTS[t].planted for t in NAMES])
    lifts = np.array([EFFECTS[t].play_lift for t in NAMES])
    in_tier = np.array([[t in EFFECTS[name].tiers for t in range(4)] for name in NAMES])
    year_end = opt.active_day
    tier_base = np.array([0.0045, 0.006, 0.006, 0.005])

    for d in range(days):
        date = base_date + d
        weekday = int((date.astype("datetime64[D]").astype(int) + 3) % 7)
        u = rng.random((k + 12, n))
        second = rng.integers(9 * 3600, 17 * 3600, n)

        # Births, returns and churn.
        new = (start == d) & ~paid
        if new.any():
            who = everyone[new]
            paid[who], seats[who] = True, seats0[who]
            anchor = accounts.anchor_second.to_numpy()[who]
            first = np.maximum(2, (0.25 * seats[who]).astype(int))
            height[who] = first
            log["height"].add(who, d, first)
            target[who] = np.maximum(2, np.floor(base_util[who] * seats[who]).astype(int))
            ramp_end[who] = d + 30
            changed_on[who] = d
            log["billing"].add(
                who, d, anchor, seats[who], tier[who], version[who], addon[who].astype(int), blocks[who], -1
            )
            log["lifecycle"].add(who, d, anchor, 0)
        back = return_on == d
        if back.any():
            who = everyone[back]
            paid[who] = True
            seats[who] = np.maximum(4, (seats0[who] * 0.8).astype(int))
            return_on[who] = NEVER
            first = np.maximum(2, (0.3 * seats[who]).astype(int))
            height[who] = first
            log["height"].add(who, d, first)
            target[who] = np.maximum(2, np.floor(base_util[who] * seats[who]).astype(int))
            ramp_end[who] = d + 30
            changed_on[who] = d
            log["billing"].add(
                who, d, second[who], seats[who], tier[who], version[who], addon[who].astype(int), blocks[who], -3
            )
            log["lifecycle"].add(who, d, second[who], 2)
            cycle_start[who], cycle_second[who] = d, second[who]
        gone = (churn_on == d) & paid
        lost = np.zeros(n, np.int64)
        if gone.any():
            who = everyone[gone]
            paid[who] = False
            lost[who] = height[who]
            log["height"].add(who[height[who] > 0], d, -height[who][height[who] > 0])
            height[who], target[who], seats[who] = 0, 0, 0
            addon[who] = False
            pend[:, who] = NEVER
            power_to[who] = np.minimum(power_to[who], d - 1)
            changed_on[who] = d
            log["billing"].add(who, d, second[who], 0, tier[who], version[who], 0, 0, -2)
            log["lifecycle"].add(who, d, second[who], 1)
            if "returning_accounts" in opt.dirt:
                again = who[(u[k, who] < 0.3) & (d + 130 < days)]
                return_on[again] = d + 60 + (u[k + 1, again] * 60).astype(int)
            busy[who] = d + 150

        # Planned expansions fall due; one change of billing an account and day.
        due = (pend <= d) & paid & (changed_on < d)
        for t in np.flatnonzero(due.any(axis=1)):
            who = everyone[due[t] & (changed_on < d)]
            if not len(who):
                continue
            kinds, cum = weights[NAMES[t]]
            kind = kinds[np.minimum(np.searchsorted(cum, rng.random(len(who))), len(kinds) - 1)]
            sec = np.where((pend_second[t, who] >= 0) & (pend[t, who] == d), pend_second[t, who], second[who])
            apply(who, kind, d, sec, t, pend_play[t, who])
            pend[t, who] = NEVER
            pend_second[t, who] = -1

        # Base hazard: by tier, size, tenure and the hidden profile.
        tenure = d - start
        hazard = tier_base[tier] * np.where(employees >= 1000, 1.2, np.where(employees >= 100, 1.0, 0.85))
        hazard *= np.where(tenure < 180, 1.15, np.where(tenure < 365, 1.0, 0.9)) * np.exp(0.45 * z) / 30
        lucky = paid & (changed_on < d) & (u[k + 2] < hazard) & (tenure > 20)
        if lucky.any():
            who = everyone[lucky]
            kind = np.searchsorted([0.6, 0.85], u[k + 3, who]).astype(int)
            apply(who, kind, d, second[who], -1, False)
        # Contraction where there is room, churn, and price rises at the yearly renewal.
        a28 = height + left_sum
        room = paid & (changed_on < d) & (u[k + 4] < 0.003 / 30 * np.exp(-0.3 * z)) & (tenure > 60)
        cut = np.minimum(np.maximum(1, (seats * 0.15).astype(int)), seats - np.ceil(a28 / 0.76).astype(int))
        room &= cut > 0
        if room.any():
            who = everyone[room]
            seats[who] -= cut[who]
            state(who, d, second[who], -4)
        drops = paid & (changed_on < d) & addon & (rng.random(n) < 0.012 / 30) & (tenure > 60)
        if drops.any() and "proration_credits" in opt.dirt:
            who = everyone[drops]
            addon[who] = False
            state(who, d, second[who], -6)
        leaving = paid & (churn_on == NEVER) & (u[k + 5] < 0.006 / 30 * np.exp(-0.35 * z)) & (tenure > 75)
        if leaving.any():
            who = everyone[leaving]
            churn_on[who] = d + 40 + (u[k + 6, who] * 30).astype(int)
            fades = who[u[k + 7, who] < 0.6]
            target[fades] = np.maximum(1, (height[fades] * 0.45).astype(int))
            ramp_end[fades] = d + 20
            hold_until[fades] = NEVER
            cross = who[u[k + 8, who] < 0.5]
            log["urgent"].add(cross, d + 5, 12)
            unhealthy_until[who] = NEVER
            busy[who] = NEVER
        scare = paid & (busy < d) & (u[k + 9] < 0.002 / 30)
        if scare.any():  # usage falls and comes back: not every decline is a goodbye
            who = everyone[scare]
            target[who] = np.maximum(1, (height[who] * 0.5).astype(int))
            ramp_end[who], hold_until[who] = d + 15, d + 50
            unhealthy_until[who] = d + 100
            busy[who] = d + 130
        if d > 0:
            cycle_day = (tenure > 300) & (yearly == 1) & paid & (version < 3) & (changed_on < d)
            if cycle_day.any():
                birthday = (base_date + cycle_start).astype("datetime64[D]")
                month_day = birthday - birthday.astype("datetime64[Y]").astype("datetime64[D]")
                same = (date - date.astype("datetime64[Y]").astype("datetime64[D]")).astype(int) == month_day.astype(
                    int
                )
                risen = cycle_day & same & (u[k + 10] < np.where(z > 0, 0.55, 0.3))
                if risen.any():
                    who = everyone[risen]
                    version[who] += 1
                    anchor = cycle_second[who]
                    state(who, d, anchor, -5)
                    log["expansions"].add(who, d, anchor, 4, -1, False)

        # Users come and go on weekdays.
        if weekday < 5:
            left = np.maximum(1, ramp_end - d)
            step = np.floor((target - height) / left + rng.random(n)).astype(int)
            step[~paid] = 0
            # Those who left within 28 days still count as users: a build-up stops at its goal with them.
            up, down = np.minimum(np.maximum(step, 0), np.maximum(target - height - left_sum, 0)), np.maximum(-step, 0)
            down = np.minimum(down, np.maximum(height - 1, 0))
            turn = (
                paid
                & (u[k + 11] < height / 240.0)
                & (down == 0)
                & (height > 3)
                & ((height + left_sum + 1) < 0.78 * seats)
            )
            log["height"].add(everyone[down > 0], d, -down[down > 0])
            log["height"].add(everyone[turn], d, -1)
            up = up + turn
            down = down + turn
            height += up - down
            log["height"].add(everyone[up > 0], d, up[up > 0])
            lost += down
            over = (hold_until <= d) & paid
            if over.any():
                calm = np.maximum(2, np.floor(np.minimum(base_util, 0.70) * seats).astype(int))
                target[over] = np.where(unhealthy_until[over] < NEVER, calm[over], target[over])
                ramp_end[over] = d + 25
                hold_until[over] = NEVER
        left_sum += lost - left28[d % 28]
        left28[d % 28] = lost
        a28 = height + left_sum
        growth_base = a28_past[d % 28].copy()
        a28_past[d % 28] = a28

        # Employees: a slow walk, and planned steps.
        walk = rng.random(n) < 1 / 40
        if weekday < 5 and walk.any():
            factor = 1 + rng.uniform(-0.01, 0.018, n)
            employees = np.where(walk, np.maximum(5, np.round(employees * factor)), employees).astype(np.int64)
        step_now = headcount_plan == d
        employees = np.where(step_now, np.ceil(employees * (1 + headcount_factor)), employees).astype(np.int64)
        headcount_plan[step_now] = NEVER
        moved = employees != emp_past[(d - 1) % 91] if d else np.zeros(n, bool)
        log["employees"].add(everyone[moved], d, employees[moved])
        emp_then = emp_past[(d - 90) % 91].copy()
        emp_past[d % 91] = employees

        # Page views: noise and plans.
        rate = np.where(paid, 0.008, 0.0)[None, :] * np.array([1.0, 0.25])[:, None]
        noise = (rng.random((2, n)) < rate).astype(int)
        today = noise + view_plan[:, :, 0]
        today[:, ~paid] = 0
        view_plan[:, :, :-1] = view_plan[:, :, 1:]
        view_plan[:, :, -1] = 0
        views[:, d % 30] = today
        for page in (0, 1):
            log["views"].add(everyone[today[page] > 0], d, today[page][today[page] > 0], page)
        v30 = views[0].sum(axis=0)
        v14 = views[1][[(d - i) % 30 for i in range(14)]].sum(axis=0)

        # Conditions at the close of the day, as the project defines them.
        with np.errstate(divide="ignore", invalid="ignore"):
            util = np.where(seats > 0, np.round(a28 / seats, 6), 0)
            growth = np.where(growth_base >= 5, a28 / growth_base - 1, 0.0)
            head = np.where(emp_then > 0, employees / emp_then - 1, 0.0)
        if d < 27:
            util[:] = 0
        if d < 56:
            growth[:] = 0
        unit = prices[tier, currency, yearly, version]
        amount = seats * unit * np.where(yearly == 1, 1.0, 12.0)
        extra = (
            addon * prices[4, currency, yearly, 0] * np.where(yearly == 1, 1.0, 12.0)
            + blocks * prices[5, currency, 0, 0] * 12.0
        )
        arr = (amount + extra) * rates[currency, d] / np.where(currency == 3, 1.0, 100.0)
        util_streak = np.where((util > 0.85) & paid, util_streak + 1, 0)
        in_power = (power_from <= d) & (d <= power_to) & (power_users >= 3) & paid
        power_streak = np.where(in_power, power_streak + 1, 0)
        weekend_on = (weekend_from <= d) & (d <= weekend_to + 20) & paid & (height >= 4)
        holds = np.zeros((len(NAMES), n), bool)
        holds[INDEX["invite_blocked"]] = (invite_plan == d) & paid
        holds[INDEX["enterprise_ready"]] = (util > 0.80) & (arr > 25_000) & paid
        holds[INDEX["seat_utilisation_high"]] = util_streak >= 7
        holds[INDEX["integration_interest"]] = (v30 > 3) & paid & (d >= 29)
        holds[INDEX["power_users_emerging"]] = power_streak >= 14
        holds[INDEX["company_growing"]] = (head > 0.20) & paid
        holds[INDEX["upgrade_clicked"]] = (click_plan == d) & paid
        holds[INDEX["quota_nearly_used"]] = (quota_from + 18 <= d) & (d <= quota_to) & paid
        holds[INDEX["multi_team_rollout"]] = (multi_from + 3 <= d) & (d <= multi_to + 13) & paid
        holds[INDEX["pricing_page_interest"]] = (v14 >= 2) & paid
        holds[INDEX["active_users_surging"]] = (growth > 0.25) & (a28 >= 10) & paid
        holds[INDEX["executive_joined"]] = (exec_last <= d) & (d <= exec_last + 59) & paid
        holds[INDEX["weekend_activity"]] = weekend_on
        included = np.array(INCLUDED_USAGE)[tier]
        calls[d % 30] = (
            included
            / 30
            # It is seen for ten days after its end.
            * np.where(d <= quota_to - 10, QUOTA_LEVEL, level)
            * (paid & (blocks > 0) & (cycle_start == start))
        )
        calls_past[d % 28] = calls.sum(axis=0)
        used_for = d - np.maximum(start, 0)
        left_seats = days_until_full(a28, seats, a28_past, d)
        left_calls = days_until_full(calls_past[d % 28], included, calls_past, d)
        holds[INDEX["seats_running_out"]] = (left_seats >= 1) & (left_seats <= 30) & paid & (used_for >= 54)
        holds[INDEX["quota_running_out"]] = (left_calls >= 1) & (left_calls <= 30) & paid & (used_for >= 56)
        onset = holds & ~open_before
        exec_now = exec_plan == d + 1
        if exec_now.any():
            who = everyone[exec_now]
            log["executives"].add(who, d + 1)
            exec_last[who] = d + 1
            exec_plan[who] = NEVER

        stage = paid & (onboarded_on <= d) & (d - born >= 60) & (unhealthy_until < d) & (declined_until < d)
        if d % 7 == 0:
            log["daily"].add(everyone, d, a28, seats, tier, stage.astype(int))
        for t in np.flatnonzero(onset.any(axis=1)):
            who = everyone[onset[t]]
            name = NAMES[t]
            is_event = name in ("invite_blocked", "upgrade_clicked")
            scope = in_tier[t][tier[who]]
            fresh = last_open[t, who] < d - windows[t]
            index = stage[who] & scope & fresh
            if name in FORETOLD:
                none = np.zeros(len(who), bool)
                log["onsets"].add(who, d, DAY, t, stage[who], scope, index, none, none, held[t, who])
                continue
            draw, play = rng.random((2, len(who)))
            chance = np.clip(planted[t] + 0.04 * z[who] * (name != "weekend_activity"), 0, 1)
            if t >= len(TEAMFLOW):  # what another build-up brings along has no effect of its own
                chance[(busy[who] >= d) & (plan[who] != t)] = 0
            natural = index & (draw < chance)
            played = index & ~natural & (d >= year_end) & ~held[t, who] & (play < lifts[t])
            moment = second[who] if is_event else np.full(len(who), DAY)
            log["onsets"].add(who, d, moment, t, stage[who], scope, index, natural | played, played, held[t, who])
            hit = natural | played
            delay = 1 + np.floor((windows[t] - 2) * rng.random(len(who)) ** 1.8).astype(int)
            if name == "quota_nearly_used":
                delay[:] = 1
            if is_event:
                soon = rng.random(len(who)) < 0.45
                delay = np.where(soon, 0, np.minimum(delay, windows[t] - 1))
            target_day = d + delay
            pend[t, who[hit]] = np.where(pend[t, who[hit]] < NEVER, pend[t, who[hit]], target_day[hit])
            pend_play[t, who[hit]] = played[hit]
            if is_event:
                pend_second[t, who[hit]] = np.where(
                    delay[hit] == 0,
                    np.minimum(moment[hit] + 240 + (rng.random(hit.sum()) * 14_000).astype(int), DAY - 600),
                    -1,
                )
                kind = 0 if name == "invite_blocked" else 1
                log["bursts"].add(who, d, moment, 1 + (rng.random(len(who)) * 3).astype(int), kind)
                now = who[hit & (delay == 0) & (changed_on[who] < d)]
                if len(now):
                    kinds, cum = weights[name]
                    what = kinds[np.minimum(np.searchsorted(cum, rng.random(len(now))), len(kinds) - 1)]
                    apply(now, what, d, pend_second[t, now], t, pend_play[t, now])
                    pend[t, now] = NEVER
                    pend_second[t, now] = -1
        last_open = np.where(holds, d, last_open)
        open_before = holds
        open_before[INDEX["invite_blocked"]] = False
        open_before[INDEX["upgrade_clicked"]] = False

        # A seller gives up, a customer says no: out of the stage for ninety days.
        no = stage & (busy < d) & (rng.random(n) < 0.002 / 30)
        if no.any():
            log["declines"].add(everyone[no], d, second[no])
            declined_until[no] = d + 90
            busy[no] = d + 95
        cross = paid & (rng.random(n) < 0.006 / 30)
        if cross.any():
            who = everyone[cross]
            log["urgent"].add(who, d, 1 + (rng.random(len(who)) * 7).astype(int))

        # New plans, for accounts that nothing else is happening to.
        if d < 8:
            continue
        ready = paid & (busy < d) & (d - born >= 55) & (onboarded_on < d) & (churn_on == NEVER) & susceptible
        season = (
            np.where(windows >= 90, 3.5, np.where(windows >= 60, 2.0, 1.8))
            if year_end - 20 <= d < year_end + 92
            else np.ones(k)
        )
        lean = np.exp(0.15 * z)
        quiet = a28 / np.maximum(seats, 1)
        for t in rng.permutation(k):
            name = NAMES[t]
            can = ready & in_tier[t][tier] & (u[t] < monthly[t] / 30 * season[t] * lean)
            if name == "enterprise_ready":
                can &= (arr > 25_400) & (quiet < 0.79) & (np.floor(0.845 * seats) / np.maximum(seats, 1) > 0.805)
            elif name == "seat_utilisation_high":
                can &= (quiet < 0.84) & ~((tier == 2) & (arr > 23_000))
            elif name == "power_users_emerging":
                can = (
                    ready
                    & in_tier[t][tier]
                    & (u[t] < 7 * monthly[t] / 30 * season[t] * lean)
                    & (height >= 4)
                    & (weekday == 0)
                )
            elif name == "quota_nearly_used":
                can &= metered
            elif name == "multi_team_rollout":
                can &= height >= 17
            elif name == "active_users_surging":
                can &= (a28 >= 9) & (a28 * 1.4 < 0.78 * seats)
            elif name == "weekend_activity":
                can &= height >= 4
            if not can.any():
                continue
            who = everyone[can]
            ready[who] = False
            r1, r2, r3 = rng.random((3, len(who)))
            weak = r3 < 0.12  # look-alikes that stop short of the condition
            lead = np.zeros(len(who), int)
            if name == "invite_blocked":
                invite_plan[who] = d + 1
            elif name == "upgrade_clicked":
                click_plan[who] = d + 1
            elif name == "enterprise_ready":
                goal = np.floor((0.81 + 0.04 * r1) * seats[who]).astype(int)
                goal = np.where(goal / seats[who] <= 0.80, np.floor(0.849 * seats[who]).astype(int), goal)
                goal = np.where(weak, np.floor(0.79 * seats[who]).astype(int), goal)
                lead = np.clip((190 * np.maximum(goal / np.maximum(height[who], 1) - 1, 0.05)).astype(int), 12, 75)
                target[who], ramp_end[who], hold_until[who] = goal, d + lead, d + lead + 20 + (r2 * 25).astype(int)
            elif name == "seat_utilisation_high":
                goal = np.floor((0.87 + 0.11 * r1) * seats[who]).astype(int)
                goal = np.maximum(goal, np.floor(0.85 * seats[who]).astype(int) + 1)
                goal = np.where(weak, np.floor(0.80 * seats[who]).astype(int), goal)
                lead = np.clip((190 * np.maximum(goal / np.maximum(height[who], 1) - 1, 0.05)).astype(int), 12, 75)
                target[who], ramp_end[who], hold_until[who] = goal, d + lead, d + lead + 25 + (r2 * 25).astype(int)
            elif name in ("integration_interest", "pricing_page_interest"):
                page = 0 if name == "integration_interest" else 1
                many = np.where(weak, 2 - page, (4 + r1 * 3).astype(int) if page == 0 else (2 + r1 * 2).astype(int))
                span = 4 + (r2 * 8).astype(int)
                for i in range(int(many.max())):
                    at = who[many > i]
                    view_plan[page, at, 1 + (rng.random(len(at)) * span[many > i]).astype(int)] += 1
            elif name == "power_users_emerging":
                weeks = np.where(weak, 1 + (r1 * 1.99).astype(int), 4 + (r1 * 5).astype(int))
                size = np.where(weak & (r2 < 0.5), 2, 3 + (r2 < 0.3).astype(int))
                size = np.minimum(size, height[who])
                # Hours pass 20 with the fifth working day, Friday, and fall short from the Monday after the last.
                power_from[who], power_to[who] = d + 7 + 4, d + 7 * weeks + 7 + 6 - 0
                power_users[who] = size
                log["power"].add(who, d + 7, d + 7 * weeks + 11, size)
                lead = np.full(len(who), 25)
                with_weekend = who[rng.random(len(who)) < 0.5]
                weekend_from[with_weekend] = d + 12
                weekend_to[with_weekend] = d + 40
                log["weekend"].add(with_weekend, d + 7, d + 40)
            elif name == "company_growing":
                headcount_plan[who] = d + 3 + (r1 * 10).astype(int)
                headcount_factor[who] = np.where(weak, 0.08 + 0.06 * r2, 0.25 + 0.2 * r2)
            elif name == "quota_nearly_used":
                quota_from[who], quota_to[who] = d, d + 50
                log["quota"].add(who, d, d + 40)
                lead = np.full(len(who), 20)
            elif name == "multi_team_rollout":
                multi_from[who], multi_to[who] = d + 2, d + 22
                log["multi_team"].add(who, d + 2, d + 22)
            elif name == "active_users_surging":
                goal = np.ceil(a28[who] * (1.32 + 0.05 * r1)).astype(int)
                lead = np.full(len(who), 14)
                target[who], ramp_end[who], hold_until[who] = goal, d + 14, d + 40
            elif name == "executive_joined":
                exec_plan[who] = d + 3 + (r1 * 5).astype(int)
            elif name == "weekend_activity":
                weekend_from[who], weekend_to[who] = d + 5, d + 30
                log["weekend"].add(who, d + 2, d + 30)
            settle = 45 if name in ("seat_utilisation_high", "enterprise_ready", "active_users_surging") else 12
            busy[who] = d + lead + windows[t] + settle
            plan[who] = t

    frames = {name: part.frame() for name, part in log.items()}
    return World(opt, accounts, frames)


INCLUDED_USAGE_BLOCKS = np.array(INCLUDED_USAGE) // 2000
