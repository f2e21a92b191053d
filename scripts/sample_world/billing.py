"""Stripe: customers, catalogue, subscriptions, invoices and their lines, as they stood at one instant."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd

from .config import API_CALLS, CURRENCIES, DAY, INSIGHTS, PRODUCTS, price_table
from .identity import Links
from .landing import NULL_TIME, SECOND, Landing, codes, micros, unit
from .simulate import World

HOUR = 3600 * SECOND
BIG = 10**17
SEAT_ITEM, ADDON_ITEM, API_ITEM = 0, 1, 2


def states(world: World, landing: Landing) -> pd.DataFrame:
    """The billing log in order, with its moment and the state before each change."""
    log = world.logs["billing"].copy()
    log["t"] = landing.at(log.day, log.second)
    log["seq"] = np.arange(len(log))
    log = log.sort_values(["account", "t", "seq"], kind="stable", ignore_index=True)
    return log.drop(columns="seq")


def segments(world: World, log: pd.DataFrame) -> pd.DataFrame:
    """Subscriptions: account, start, end (BIG while running), running number."""
    _acc, rows = log.account.to_numpy(), []
    opens = log[log.cause.isin([-1, -3]) & ((log.cause == -3) | (log.groupby("account").cumcount() == 0))]
    closes = log[log.cause == -2]
    end_of = closes.groupby("account").t.apply(list).to_dict()
    swap = swapped(world, log)
    for account, t in zip(opens.account.to_numpy(), opens.t.to_numpy(), strict=False):
        ends = [e for e in end_of.get(account, []) if e > t]
        end = min(ends) if ends else BIG
        begin = t
        for at, again in swap.get(account, []):
            if begin < min(at, again) and max(at, again) < end:
                rows.append((account, begin, at))
                begin = again
        rows.append((account, begin, end))
    out = pd.DataFrame(rows, columns=["account", "start", "end"]).sort_values(["account", "start"], ignore_index=True)
    out["segment"] = np.arange(len(out))
    out["number"] = out.groupby("account").cumcount()
    return out


def swapped(world: World, log: pd.DataFrame) -> dict[int, list[tuple[int, int]]]:
    """Tier upgrades done by ending one subscription and starting another: account -> (end, start)."""
    if "swapped_items" not in world.options.dirt:
        return {}
    before = log.groupby("account").tier.shift(1)
    rows = log[
        (log.tier > before) & (unit(world.options.seed, 91, log.account) < 0.15) & (log.addon == 0) & (log.blocks == 0)
    ]
    gap = (unit(world.options.seed, 92, rows.account, rows.t) * 31 * 3600).astype(np.int64) - 5 * 3600
    out: dict[int, list[tuple[int, int]]] = {}
    for account, t, wait in zip(rows.account, rows.t, gap, strict=False):
        # The new one starts at the change itself; the old one ends up to a day earlier, or a few hours later.
        out.setdefault(int(account), []).append((int(t) - int(wait) * SECOND, int(t)))
    return out


def months_after(start: np.ndarray, months: np.ndarray) -> np.ndarray:
    """The same moment of a later month, on the 28th at the latest."""
    date = (start // SECOND).astype("datetime64[s]")
    day = date.astype("datetime64[D]")
    month = day.astype("datetime64[M]")
    inside = (day - month.astype("datetime64[D]")).astype(np.int64)
    second = (date - day.astype("datetime64[s]")).astype(np.int64)
    later = (month + months.astype("timedelta64[M]")).astype("datetime64[D]") + np.minimum(
        inside, np.where(months > 0, 27, 31)
    )
    return later.astype("datetime64[s]").astype(np.int64) * SECOND + second * SECOND + start % SECOND


def find_state(log: pd.DataFrame, account: np.ndarray, t: np.ndarray, strictly: bool = False) -> np.ndarray:
    """Row of the newest change of the account at or before t (before it where `strictly`)."""
    base, span = int(log.t.min()) - SECOND, 2**31
    key = log.account.to_numpy() * span + (log.t.to_numpy() - base) // SECOND
    want = account * span + (t - base) // SECOND
    return np.maximum(np.searchsorted(key, want, side="left" if strictly else "right") - 1, 0)


def land_billing(world: World, landing: Landing, links: Links) -> None:
    opt, seed, _until = world.options, world.options.seed, landing.until
    log = states(world, landing)
    seg = segments(world, log)
    horizon = landing.end
    accounts = world.accounts
    yearly = accounts.yearly.to_numpy()
    currency = accounts.currency.to_numpy()
    prices = price_table()

    # Billing cycles: one row per segment and period.
    stop = np.minimum(seg.end.to_numpy(), horizon)
    step = np.where(yearly[seg.account], 12, 1)
    count = ((stop - seg.start.to_numpy()) // (28 * DAY * SECOND) // step + 2).astype(int)
    row = np.repeat(np.arange(len(seg)), np.maximum(count, 1))
    k = np.arange(len(row)) - np.repeat(np.cumsum(np.maximum(count, 1)) - np.maximum(count, 1), np.maximum(count, 1))
    begin = months_after(seg.start.to_numpy()[row], k * step[row])
    finish = months_after(seg.start.to_numpy()[row], (k + 1) * step[row])
    ok = begin < stop[row]
    cycles = pd.DataFrame({"segment": row[ok], "cycle": k[ok], "start": begin[ok], "end": finish[ok]})
    cycles["account"] = seg.account.to_numpy()[cycles.segment]
    at = find_state(log, cycles.account.to_numpy(), cycles.start.to_numpy())
    cycles["state"] = at
    find_state(log, seg.account.to_numpy(), seg.start.to_numpy())

    lines: list[pd.DataFrame] = []

    def add(
        account, segment, item, product, version, quantity, amount, start, end, kind, proration, created, reason, tag
    ) -> None:
        """`created` is the invoice's; lines of one account, segment, instant and reason share an invoice."""
        size = len(account)
        if size:
            lines.append(
                pd.DataFrame(
                    {
                        key: np.broadcast_to(np.asarray(value), size)
                        for key, value in dict(
                            account=account,
                            segment=segment,
                            item=item,
                            product=product,
                            version=version,
                            quantity=quantity,
                            amount=amount,
                            start=start,
                            end=end,
                            type=kind,
                            proration=proration,
                            created=created,
                            reason=reason,
                            tag=tag,
                        ).items()
                    }
                )
            )

    s = log.iloc[cycles.state]
    tier, version, seats = s.tier.to_numpy(), s.version.to_numpy(), s.seats.to_numpy()
    cur, yr = currency[cycles.account], yearly[cycles.account].astype(int)
    unit_price = prices[tier, cur, yr, version]
    reason = np.where(cycles.cycle == 0, "subscription_create", "subscription_cycle")
    add(
        cycles.account,
        cycles.segment,
        SEAT_ITEM,
        tier,
        version,
        seats,
        seats * unit_price,
        cycles.start,
        cycles.end,
        "subscription",
        False,
        cycles.start,
        reason,
        0,
    )
    has = s.addon.to_numpy() == 1
    flat = prices[INSIGHTS, cur, yr, 0]
    c = cycles[has]
    add(
        c.account,
        c.segment,
        ADDON_ITEM,
        INSIGHTS,
        0,
        1,
        flat[has],
        c.start,
        c.end,
        "subscription",
        False,
        c.start,
        reason[has],
        0,
    )
    # API calls: the period that ended, at the blocks of its end, on the invoice of the next period's start.
    prior = cycles.cycle.to_numpy() > 0
    c = cycles[prior]
    blocks = log.blocks.to_numpy()[find_state(log, c.account.to_numpy(), c.start.to_numpy(), True)]
    have = blocks > 0
    c, blocks = c[have], blocks[have]
    past = months_after(seg.start.to_numpy()[c.segment], c.cycle.to_numpy() - 1)
    add(
        c.account,
        c.segment,
        API_ITEM,
        API_CALLS,
        0,
        blocks,
        blocks * prices[API_CALLS, currency[c.account], 0, 0],
        past,
        c.start,
        "subscription",
        False,
        c.start,
        "subscription_cycle",
        0,
    )

    # Changes between cycles: proration pairs at the instant of the change.
    log["before"] = np.where(log.account == log.account.shift(1), np.arange(len(log)) - 1, -1)
    change = log[(log.before >= 0) & ~log.cause.isin([-2, -3])].copy()
    old = log.iloc[change.before]
    seg_key = seg.sort_values(["account", "start"])
    # Exact search: accounts are few enough to place each change by merge.
    placed = (
        pd.merge_asof(
            change[["account", "t"]].reset_index().sort_values("t"),
            seg_key[["account", "start", "end", "segment"]].sort_values("start"),
            left_on="t",
            right_on="start",
            by="account",
        )
        .set_index("index")
        .sort_index()
    )
    change["segment"], change["seg_end"], change["seg_start"] = placed.segment, placed.end, placed.start
    inside = (change.t < change.seg_end) & (change.t > change.seg_start)
    change, old = change[inside], old[inside.to_numpy()]
    cyc = (
        pd.merge_asof(
            change[["segment", "t"]].reset_index().sort_values("t"),
            cycles[["segment", "cycle", "start", "end"]].sort_values("start"),
            left_on="t",
            right_on="start",
            by="segment",
        )
        .set_index("index")
        .sort_index()
    )
    change["cycle_start"], change["cycle_end"] = cyc.start, cyc.end
    mid = (change.t > change.cycle_start).to_numpy()
    change, old = change[mid], old[mid]
    acc = change.account.to_numpy()
    cur, yr = currency[acc], yearly[acc].astype(int)
    share = (change.cycle_end - change.t).to_numpy() / (change.cycle_end - change.cycle_start).to_numpy()
    billed = np.where(yr == 1, change.t, np.minimum(change.cycle_end, change.seg_end))
    reason = np.where(
        yr == 1,
        "subscription_update",
        np.where(change.cycle_end <= change.seg_end, "subscription_cycle", "subscription_update"),
    )
    if "prorations" in opt.dirt:
        seat_change = (
            (change.seats.to_numpy() != old.seats.to_numpy())
            | (change.tier.to_numpy() != old.tier.to_numpy())
            | (change.version.to_numpy() != old.version.to_numpy())
        )
        m = seat_change
        c, o = change[m], old[m]
        was = o.seats.to_numpy() * prices[o.tier, cur[m], yr[m], o.version]
        now = c.seats.to_numpy() * prices[c.tier, cur[m], yr[m], c.version]
        add(
            c.account,
            c.segment,
            SEAT_ITEM,
            o.tier.to_numpy(),
            o.version.to_numpy(),
            o.seats.to_numpy(),
            -np.round(was * share[m]).astype(np.int64),
            c.t,
            c.cycle_end,
            "invoiceitem",
            True,
            billed[m],
            reason[m],
            1,
        )
        add(
            c.account,
            c.segment,
            SEAT_ITEM,
            c.tier,
            c.version,
            c.seats,
            np.maximum(np.round(now * share[m]).astype(np.int64), 1),
            c.t,
            c.cycle_end,
            "invoiceitem",
            True,
            billed[m],
            reason[m],
            2,
        )
        m = (change.addon.to_numpy() == 1) & (old.addon.to_numpy() == 0)
        c = change[m]
        add(
            c.account,
            c.segment,
            ADDON_ITEM,
            INSIGHTS,
            0,
            1,
            np.maximum(np.round(prices[INSIGHTS, cur[m], yr[m], 0] * share[m]).astype(np.int64), 1),
            c.t,
            c.cycle_end,
            "invoiceitem",
            True,
            billed[m],
            reason[m],
            3,
        )
        m = (change.addon.to_numpy() == 0) & (old.addon.to_numpy() == 1)
        c = change[m]
        add(
            c.account,
            c.segment,
            ADDON_ITEM,
            INSIGHTS,
            0,
            1,
            -np.round(prices[INSIGHTS, cur[m], yr[m], 0] * share[m]).astype(np.int64),
            c.t,
            c.cycle_end,
            "invoiceitem",
            True,
            billed[m],
            reason[m],
            4,
        )
    all_lines = pd.concat(lines, ignore_index=True)
    all_lines = all_lines[all_lines.created <= horizon].reset_index(drop=True)
    all_lines["currency"] = currency[all_lines.account]
    all_lines["yearly"] = np.where(all_lines["product"] == API_CALLS, 0, yearly[all_lines.account].astype(int))
    all_lines["livemode"] = True

    invoices = (
        all_lines.groupby(["segment", "created"], sort=True)
        .agg(
            account=("account", "first"),
            total=("amount", "sum"),
            reason=("reason", "max"),
            start=("start", "min"),
            end=("end", "max"),
        )
        .reset_index()
    )
    invoices["id"] = codes("in_", seed, 101, invoices.segment, invoices.created)
    key = invoices.set_index(["segment", "created"]).id
    all_lines["invoice_id"] = key.reindex(pd.MultiIndex.from_arrays([all_lines.segment, all_lines.created])).to_numpy()
    all_lines["id"] = codes(
        "il_", seed, 102, all_lines.segment, all_lines.item, all_lines.start, all_lines.created, all_lines.tag
    )
    pays_by_transfer = (unit(seed, 103, np.arange(opt.accounts)) < 0.3) & (accounts.tier.to_numpy() >= 2)
    transfer = pays_by_transfer[invoices.account]
    draw = unit(seed, 104, invoices.segment, invoices.created)
    invoices["finalized"] = invoices.created + HOUR
    invoices["due"] = np.where(transfer, invoices.finalized + 30 * DAY * SECOND, NULL_TIME)
    wait = np.where(
        transfer,
        np.where(
            draw < 0.03,
            (31 + draw * 300).astype(np.int64) * DAY * SECOND,
            (3 + draw * 25).astype(np.int64) * DAY * SECOND,
        ),
        np.where(draw < 0.008, (2 + draw * 900).astype(np.int64) * DAY * SECOND, 60 * SECOND),
    )
    invoices["paid"] = invoices.finalized + wait
    invoices["void"] = np.int64(BIG)
    invoices["never_final"] = False
    invoices["livemode"] = True
    invoices["deleted"] = False

    if "draft_and_void_invoices" in opt.dirt:
        base = all_lines[
            (all_lines.item == SEAT_ITEM)
            & (all_lines.type == "subscription")
            & (unit(seed, 105, all_lines.segment, all_lines.created) < 0.012)
        ]
        wrong = base.copy()
        wrong["quantity"] = wrong.quantity * 2 + 1
        wrong["amount"] = wrong.amount * 2 + 100
        wrong["created"] = wrong.created + 2 * HOUR
        wrong["id"] = codes("il_", seed, 106, wrong.segment, wrong.created, 0)
        wrong["invoice_id"] = codes("in_", seed, 107, wrong.segment, wrong.created)
        wrong["start"] = wrong.start + 2 * HOUR
        wrong = wrong[wrong.created <= horizon]
        extra = pd.DataFrame(
            {
                "segment": wrong.segment,
                "created": wrong.created,
                "account": wrong.account,
                "total": wrong.amount,
                "reason": "manual",
                "start": wrong.start,
                "end": wrong.end,
                "id": wrong.invoice_id,
                "finalized": wrong.created + HOUR,
                "due": NULL_TIME,
                "paid": BIG,
                "void": BIG,
                "never_final": False,
                "livemode": True,
                "deleted": False,
            }
        )
        pick = unit(seed, 108, wrong.segment, wrong.created)
        extra["never_final"] = pick < 0.4
        extra["void"] = np.where(pick >= 0.4, wrong.created + 20 * HOUR, BIG)
        all_lines = pd.concat([all_lines, wrong], ignore_index=True)
        invoices = pd.concat([invoices, extra], ignore_index=True)
    real = all_lines[~all_lines.invoice_id.isin(invoices.id[invoices.reason == "manual"])]
    if "temporary_lines" in opt.dirt:
        base = real[
            (real.item == SEAT_ITEM)
            & (real.type == "subscription")
            & (unit(seed, 109, real.segment, real.created) < 0.02)
        ].copy()
        base["quantity"] = base.quantity + 3
        base["amount"] = base.amount + 300
        base["id"] = codes("sub_1tmp", seed, 110, base.segment, base.created)
        all_lines = pd.concat([all_lines, base], ignore_index=True)
    if "proration_credits" in opt.dirt:
        base = real[
            (real.item == SEAT_ITEM)
            & (real.type == "subscription")
            & (unit(seed, 111, real.segment, real.created) < 0.01)
        ].copy()
        base["amount"] = -500
        base["quantity"] = 1
        base["item"] = -1
        base["type"] = "invoiceitem"
        base["id"] = codes("il_", seed, 112, base.segment, base.created)
        all_lines = pd.concat([all_lines, base], ignore_index=True)

    customer = links.accounts.customer_id.to_numpy()
    write_catalogue(world, landing, prices)
    write_customers(world, landing, links, log)
    write_subscriptions(world, landing, seg, log, cycles, customer, prices)
    write_invoices(world, landing, invoices, all_lines, customer)
    land_strangers(world, landing, links)


def price_id(product, currency, yearly, version) -> np.ndarray:
    names = np.array([p[0].replace("prod_", "price_") for p in PRODUCTS], dtype=object)
    text = (
        names[np.asarray(product)]
        + np.where(np.asarray(yearly) == 1, "_yearly_", "_monthly_").astype(object)
        + np.array(CURRENCIES, dtype=object)[np.asarray(currency)]
    )
    return (
        text
        + np.where(np.asarray(version) > 0, "_v", "").astype(object)
        + np.where(np.asarray(version) > 0, np.asarray(version).astype(str), "").astype(object)
    )


def subscription_id(seed, segment) -> np.ndarray:
    return codes("sub_", seed, 121, segment)


def item_id(seed, segment, item) -> np.ndarray:
    return codes("si_", seed, 122, segment, item)


def write_catalogue(world: World, landing: Landing, prices: np.ndarray) -> None:
    opt = world.options
    made = micros(opt.start) - 1500 * DAY * SECOND
    index = [
        i
        for i in np.ndindex(prices.shape)
        if not (i[0] == API_CALLS and (i[2] == 1 or i[3] > 0))
        and not (i[0] == INSIGHTS and i[3] > 0)
        and not (i[2] == 0 and i[3] > 0)
    ]
    product, currency, yearly, version = map(np.array, zip(*index, strict=False))
    amount = prices[product, currency, yearly, version]
    metered = product == API_CALLS
    ids = price_id(product, currency, yearly, version)
    if "legacy_plans" in opt.dirt:
        landing.land(
            "stripe",
            "plan",
            {
                "id": ("text", ids),
                "product_id": ("text", np.array([p[0] for p in PRODUCTS], dtype=object)[product]),
                "amount": ("bigint", amount),
                "interval": ("text", np.where(yearly == 1, "year", "month")),
                "interval_count": ("bigint", np.ones(len(ids), int)),
                "usage_type": ("text", np.where(metered, "metered", "licensed")),
                "currency": ("text", np.array(CURRENCIES)[currency]),
                "nickname": ("text", ids),
                "active": ("boolean", version == 0),
                "livemode": ("boolean", np.ones(len(ids), bool)),
                "is_deleted": ("boolean", np.zeros(len(ids), bool)),
                "billing_scheme": ("text", np.full(len(ids), "per_unit")),
                "created": ("timestamp", np.full(len(ids), made)),
                "_fivetran_synced": ("timestamp", np.full(len(ids), made)),
            },
        )
    else:
        landing.land(
            "stripe",
            "price",
            {
                "id": ("text", ids),
                "product_id": ("text", np.array([p[0] for p in PRODUCTS], dtype=object)[product]),
                "active": ("boolean", version == 0),
                "currency": ("text", np.array(CURRENCIES)[currency]),
                "unit_amount": ("bigint", amount),
                "unit_amount_decimal": ("text", amount.astype(str)),
                "billing_scheme": ("text", np.full(len(ids), "per_unit")),
                "recurring_interval": ("text", np.where(yearly == 1, "year", "month")),
                "recurring_interval_count": ("bigint", np.ones(len(ids), int)),
                "recurring_usage_type": ("text", np.where(metered, "metered", "licensed")),
                "type": ("text", np.full(len(ids), "recurring")),
                "tiers_mode": ("text", np.full(len(ids), None, dtype=object)),
                "nickname": ("text", ids),
                "livemode": ("boolean", np.ones(len(ids), bool)),
                "is_deleted": ("boolean", np.zeros(len(ids), bool)),
                "metadata": ("text", np.full(len(ids), "{}")),
                "created": ("timestamp", np.full(len(ids), made)),
                "_fivetran_synced": ("timestamp", np.full(len(ids), made)),
            },
        )
    size = len(PRODUCTS)
    landing.land(
        "stripe",
        "product",
        {
            "id": ("text", np.array([p[0] for p in PRODUCTS], dtype=object)),
            "name": ("text", np.array([p[1] for p in PRODUCTS], dtype=object)),
            "active": ("boolean", np.ones(size, bool)),
            "type": ("text", np.full(size, "service")),
            "unit_label": ("text", np.array([p[2] for p in PRODUCTS], dtype=object)),
            "is_deleted": ("boolean", np.zeros(size, bool)),
            "livemode": ("boolean", np.ones(size, bool)),
            "created": ("timestamp", np.full(size, made)),
            "_fivetran_synced": ("timestamp", np.full(size, made)),
        },
    )


def write_customers(world: World, landing: Landing, links: Links, log: pd.DataFrame) -> None:
    opt, seed = world.options, world.options.seed
    link = links.accounts
    first = log.groupby("account").t.min().reindex(link.account).fillna(BIG).to_numpy().astype(np.int64)
    created = first - DAY * SECOND
    way = link.billing.to_numpy()
    free = (unit(seed, 131, link.account) < 0.5) & (way != 2) & ("free_email_domains" in opt.dirt)
    email = np.where(
        free, "billing." + link.plain.str.lower().str.replace(" ", "") + "@gmail.com", "billing@" + link.domain
    )
    # By name: neither an id nor a company domain leads there.
    email = np.where(
        (way == 3) & ~free, "accounts@" + link.plain.str.lower().str.replace(" ", "-") + "-billing.example", email
    )
    metadata = np.array(
        [
            json.dumps({named_account(world): a, "source": "app"}) if w == 0 else json.dumps({"source": "app"})
            for a, w in zip(link.known_id, way, strict=False)
        ],
        dtype=object,
    )
    landing.land(
        "stripe",
        "customer",
        {
            "id": ("text", link.customer_id),
            "created": ("timestamp", created),
            "email": ("text", email),
            "name": ("text", np.where(way == 3, link.plain, link.name)),
            "description": ("text", np.full(len(link), None, dtype=object)),
            "currency": ("text", np.array(CURRENCIES)[world.accounts.currency]),
            "balance": ("bigint", np.zeros(len(link), int)),
            "delinquent": ("boolean", np.zeros(len(link), bool)),
            "is_deleted": ("boolean", np.zeros(len(link), bool)),
            "livemode": ("boolean", np.ones(len(link), bool)),
            "metadata": ("text", metadata),
            "_fivetran_synced": ("timestamp", created),
        },
        keep=created <= landing.until,
    )


def write_subscriptions(world, landing, seg, log, cycles, customer, prices) -> None:
    opt, seed, until = world.options, world.options.seed, landing.until
    seg = seg[seg.start <= until]
    account = seg.account.to_numpy()
    ended = seg.end.to_numpy() <= until
    current = (
        cycles[cycles.start <= until]
        .groupby("segment")
        .agg(start=("start", "max"), end=("end", "max"))
        .reindex(seg.segment)
    )
    synced = np.maximum(current.start.to_numpy(), np.where(ended, seg.end.to_numpy(), 0)).astype(np.int64)
    columns = {
        "id": ("text", subscription_id(seed, seg.segment)),
        "customer_id": ("text", customer[account]),
        "status": ("text", np.where(ended, "canceled", "active")),
        "created": ("timestamp", seg.start),
        "start_date": ("timestamp", seg.start),
        "current_period_start": ("timestamp", current.start.to_numpy().astype(np.int64)),
        "current_period_end": ("timestamp", current.end.to_numpy().astype(np.int64)),
        "cancel_at_period_end": ("boolean", np.zeros(len(seg), bool)),
        "canceled_at": ("timestamp", np.where(ended, seg.end, NULL_TIME)),
        "ended_at": ("timestamp", np.where(ended, seg.end, NULL_TIME)),
        "trial_start": ("timestamp", np.full(len(seg), NULL_TIME)),
        "trial_end": ("timestamp", np.full(len(seg), NULL_TIME)),
        "billing_cycle_anchor": ("timestamp", seg.start),
        "quantity": ("bigint", np.full(len(seg), None, dtype=object)),
        "livemode": ("boolean", np.ones(len(seg), bool)),
        "metadata": ("text", np.full(len(seg), "{}")),
        "_fivetran_synced": ("timestamp", synced),
    }
    if "subscription_history" in opt.dirt:
        full = np.ones(len(seg), bool)
        versions = {
            k: (t, np.concatenate([np.asarray(v, dtype=object) if t in ("text", "bigint") else np.asarray(v)] * 2))
            for k, (t, v) in columns.items()
        }
        half = len(seg)
        for name, value in (("status", "active"), ("canceled_at", NULL_TIME), ("ended_at", NULL_TIME)):
            versions[name][1][:half] = value
        versions["_fivetran_synced"][1][:half] = seg.start
        versions["_fivetran_active"] = ("boolean", np.r_[~full, full])
        versions["_fivetran_start"] = ("timestamp", np.r_[seg.start, versions["_fivetran_synced"][1][half:]])
        versions["_fivetran_end"] = (
            "timestamp",
            np.r_[versions["_fivetran_synced"][1][half:] - 1000, np.full(half, micros_far())],
        )
        landing.land("stripe", "subscription_history", versions)
    else:
        landing.land("stripe", "subscription", columns)

    # Items: one row each, as of now, synced when quantity or price last changed.
    rows = []
    by_account = {a: g for a, g in log.groupby("account")}
    for account_, start, end, segment, p_start, p_end in zip(
        account, seg.start, seg.end, seg.segment, current.start, current.end, strict=False
    ):
        g = by_account[account_]
        t = g.t.to_numpy()
        # The state in force: changes of this subscription up to now, its own end left out.
        live = (t <= min(until, end)) & (g.cause.to_numpy() != -2)
        t, g = t[live], g[live]
        if end < BIG and not (t < end).any():
            continue
        if end < BIG:
            g, t = g[t < end], t[t < end]
        base = max(int(np.searchsorted(t, start, side="right")) - 1, 0)
        seats, tier, version, addon, blocks = (
            g[c].to_numpy()[base:] for c in ("seats", "tier", "version", "addon", "blocks")
        )
        times = np.maximum(t[base:], start)
        changed = [0] + [
            i
            for i in range(1, len(times))
            if (seats[i], tier[i], version[i]) != (seats[i - 1], tier[i - 1], version[i - 1])
        ]
        rows.append(
            (account_, segment, SEAT_ITEM, tier[-1], version[-1], seats[-1], start, times[changed[-1]], p_start, p_end)
        )
        if addon[-1]:
            on = len(addon) - 1
            while on > 0 and addon[on - 1]:
                on -= 1
            rows.append((account_, segment, ADDON_ITEM, INSIGHTS, 0, 1, times[on], times[on], p_start, p_end))
        if blocks[-1] > 0:
            rows.append((account_, segment, API_ITEM, API_CALLS, 0, -1, start, start, p_start, p_end))
    items = pd.DataFrame(
        rows,
        columns=[
            "account",
            "segment",
            "item",
            "product",
            "version",
            "quantity",
            "created",
            "synced",
            "p_start",
            "p_end",
        ],
    )
    yearly = np.where(items["product"] == API_CALLS, 0, world.accounts.yearly.to_numpy()[items.account].astype(int))
    quantity = items.quantity.astype(object).where(items.quantity >= 0, None)
    landing.land(
        "stripe",
        "subscription_item",
        {
            "id": ("text", item_id(seed, items.segment, items["item"])),
            "subscription_id": ("text", subscription_id(seed, items.segment)),
            "plan_id": (
                "text",
                price_id(items["product"], world.accounts.currency.to_numpy()[items.account], yearly, items.version),
            ),
            "quantity": ("bigint", quantity.to_numpy()),
            "created": ("timestamp", items.created),
            "current_period_start": ("timestamp", items.p_start.astype(np.int64)),
            "current_period_end": ("timestamp", items.p_end.astype(np.int64)),
            "metadata": ("text", np.full(len(items), "{}")),
            "_fivetran_synced": ("timestamp", items.synced),
        },
    )


def micros_far() -> int:
    import datetime as dt

    return micros(dt.datetime(9999, 12, 31, 23, 59, 59))


def write_invoices(world, landing, invoices, lines, customer) -> None:
    opt, seed, until = world.options, world.options.seed, landing.until
    inv = invoices[invoices.created <= until].sort_values(["created", "id"], ignore_index=True)
    final = (inv.finalized <= until) & ~inv.never_final.astype(bool)
    void = (inv.void <= until) & final
    paid = (inv.paid <= until) & final & ~void
    status = np.where(void, "void", np.where(paid, "paid", np.where(final, "open", "draft")))
    total = inv.total.to_numpy().astype(np.int64)
    currency = np.array(CURRENCIES)[world.accounts.currency.to_numpy()[inv.account]]
    newest = np.where(void, inv.void, np.where(paid, inv.paid, np.where(final, inv.finalized, inv.created))).astype(
        np.int64
    )
    landing.land(
        "stripe",
        "invoice",
        {
            "id": ("text", inv.id),
            "customer_id": ("text", customer[inv.account]),
            "subscription_id": ("text", subscription_id(seed, inv.segment)),
            "status": ("text", status),
            "billing_reason": ("text", inv.reason),
            "created": ("timestamp", inv.created),
            "period_start": ("timestamp", inv.start),
            "period_end": ("timestamp", inv.end),
            "amount_due": ("bigint", np.maximum(total, 0)),
            "amount_paid": ("bigint", np.where(paid, np.maximum(total, 0), 0)),
            "amount_remaining": ("bigint", np.where(paid, 0, np.maximum(total, 0))),
            "subtotal": ("bigint", total),
            "total": ("bigint", total),
            "tax": ("bigint", np.zeros(len(inv), int)),
            "currency": ("text", currency),
            "paid": ("boolean", paid),
            "attempt_count": ("bigint", np.ones(len(inv), int)),
            "due_date": ("timestamp", inv.due),
            "status_transitions_paid_at": ("timestamp", np.where(paid, inv.paid, NULL_TIME)),
            "status_transitions_finalized_at": ("timestamp", np.where(final, inv.finalized, NULL_TIME)),
            "status_transitions_voided_at": ("timestamp", np.where(void, inv.void, NULL_TIME)),
            "status_transitions_marked_uncollectible_at": ("timestamp", np.full(len(inv), NULL_TIME)),
            "number": ("text", codes("TF-", seed, 141, inv.segment, inv.created)),
            "livemode": ("boolean", inv.livemode.astype(bool)),
            "is_deleted": ("boolean", inv.deleted.astype(bool)),
            "_fivetran_synced": ("timestamp", newest),
        },
    )
    ln = lines[lines.created <= until].sort_values(["created", "id"], ignore_index=True)
    price = price_id(ln["product"].astype(int), ln.currency.astype(int), ln.yearly.astype(int), ln.version.astype(int))
    has_item = ln["item"] >= 0
    legacy = "legacy_plans" in opt.dirt
    landing.land(
        "stripe",
        "invoice_line_item",
        {
            "id": ("text", ln.id),
            "invoice_id": ("text", ln.invoice_id),
            "subscription_id": ("text", subscription_id(seed, ln.segment)),
            "subscription_item_id": ("text", np.where(has_item, item_id(seed, ln.segment, ln["item"]), None)),
            "plan_id": ("text", np.where(has_item, price, None)),
            "price_id": ("text", np.where(has_item & (not legacy), price, None)),
            "type": ("text", ln.type),
            "proration": ("boolean", ln.proration.astype(bool)),
            "amount": ("bigint", ln.amount.astype(np.int64)),
            "quantity": ("bigint", ln.quantity.astype(np.int64)),
            "unit_amount_excluding_tax": ("text", np.full(len(ln), None, dtype=object)),
            "currency": ("text", np.array(CURRENCIES)[ln.currency.astype(int)]),
            "period_start": ("timestamp", ln.start),
            "period_end": ("timestamp", ln.end),
            "discountable": ("boolean", ~ln.proration.astype(bool)),
            "livemode": ("boolean", ln.livemode.astype(bool)),
            "_fivetran_synced": ("timestamp", ln.created),
        },
    )


def named_account(world: World) -> str:
    """The key under which a customer's metadata names the account."""
    return "hubspot_company_id" if world.options.crm == "hubspot" else "salesforce_account_id"


def land_strangers(world: World, landing: Landing, links: Links) -> None:
    """Customers that no number may hold: test mode, deleted, of deleted accounts, and known to nobody; one monthly plan each."""
    opt, seed, until, link = world.options, world.options.seed, landing.until, links.accounts
    account_key = named_account(world)
    rows = []  # kind, name, email, metadata, livemode, is_deleted
    some = link[(unit(seed, 151, link.account) < 0.03)]
    if "test_mode_rows" in opt.dirt:
        rows += [
            ("test", f"{r.name} (test)", f"qa@{r.domain}", {account_key: r.account_id}, False, False)
            for r in some.itertuples()
        ]
    if "soft_deleted_rows" in opt.dirt:
        rows += [
            ("dropped", r.name, f"old@{r.domain}", {account_key: r.account_id}, True, True)
            for r in some.itertuples()
            if r.account % 2
        ]
    for r in links.extra[links.extra.is_deleted & links.extra.master_record_id.isna()].itertuples():
        rows.append(("gone", r.name, f"billing@{r.website}", {account_key: r.account_id}, True, False))
    if "free_email_domains" in opt.dirt:
        rows += [("stranger", f"Solo Founder {i}", f"founder{i}@gmail.com", {}, True, False) for i in range(3)]
    if not rows:
        return
    n = len(rows)
    kind, name, email, metadata, live, deleted = (np.array(c, dtype=object) for c in zip(*rows, strict=False))
    number = np.arange(n)
    begin = landing.start - (200 + number * 3) * DAY * SECOND + 36_000 * SECOND
    customer = codes("cus_x", seed, 152, number)
    live, deleted = live.astype(bool), deleted.astype(bool)
    none = np.full(n, None, dtype=object)
    landing.land(
        "stripe",
        "customer",
        {
            "id": ("text", customer),
            "created": ("timestamp", begin - 3600 * SECOND),
            "email": ("text", email),
            "name": ("text", name),
            "description": ("text", none),
            "currency": ("text", np.full(n, "usd")),
            "balance": ("bigint", np.zeros(n, int)),
            "delinquent": ("boolean", np.zeros(n, bool)),
            "is_deleted": ("boolean", deleted),
            "livemode": ("boolean", live),
            "metadata": ("text", [json.dumps(m) for m in metadata]),
            "_fivetran_synced": ("timestamp", begin),
        },
        part=1,
    )
    subscription = codes("sub_x", seed, 153, number)
    item = codes("si_x", seed, 154, number)
    months = int((landing.end - int(begin.min())) // (28 * DAY * SECOND)) + 1
    row = np.repeat(number, months)
    k = np.tile(np.arange(months), n)
    start, end = months_after(begin[row], k), months_after(begin[row], k + 1)
    due = start <= until
    row, k, start, end = row[due], k[due], start[due], end[due]
    newest = pd.DataFrame({"row": row, "start": start, "end": end}).groupby("row").max()
    table = "subscription_history" if "subscription_history" in opt.dirt else "subscription"
    times = {
        name: ("timestamp", np.full(n, NULL_TIME)) for name in ("canceled_at", "ended_at", "trial_start", "trial_end")
    }
    columns = {
        "id": ("text", subscription),
        "customer_id": ("text", customer),
        "status": ("text", np.full(n, "active")),
        "created": ("timestamp", begin),
        "start_date": ("timestamp", begin),
        "current_period_start": ("timestamp", newest.start.to_numpy()),
        "current_period_end": ("timestamp", newest.end.to_numpy()),
        "cancel_at_period_end": ("boolean", np.zeros(n, bool)),
        **times,
        "billing_cycle_anchor": ("timestamp", begin),
        "quantity": ("bigint", none),
        "livemode": ("boolean", live),
        "metadata": ("text", np.full(n, "{}")),
        "_fivetran_synced": ("timestamp", begin),
    }
    if table == "subscription_history":
        columns |= {
            "_fivetran_active": ("boolean", np.ones(n, bool)),
            "_fivetran_start": ("timestamp", begin),
            "_fivetran_end": ("timestamp", np.full(n, micros_far())),
        }
    landing.land("stripe", table, columns, part=1)
    price = np.where(
        live, price_id(np.full(n, 2), np.zeros(n, int), np.zeros(n, int), np.zeros(n, int)), "price_test_business"
    )
    landing.land(
        "stripe",
        "subscription_item",
        {
            "id": ("text", item),
            "subscription_id": ("text", subscription),
            "plan_id": ("text", price),
            "quantity": ("bigint", np.full(n, 50)),
            "created": ("timestamp", begin),
            "current_period_start": ("timestamp", newest.start.to_numpy()),
            "current_period_end": ("timestamp", newest.end.to_numpy()),
            "metadata": ("text", np.full(n, "{}")),
            "_fivetran_synced": ("timestamp", begin),
        },
        part=1,
    )
    if not live.all():
        legacy = "legacy_plans" in opt.dirt
        one = lambda v: np.array([v], dtype=object)  # noqa: E731
        made = ("timestamp", np.array([landing.start]))
        common = {
            "livemode": ("boolean", one(False)),
            "is_deleted": ("boolean", one(False)),
            "active": ("boolean", one(True)),
            "currency": ("text", one("usd")),
            "product_id": ("text", one("prod_business")),
            "id": ("text", one("price_test_business")),
            "created": made,
            "_fivetran_synced": made,
            "billing_scheme": ("text", one("per_unit")),
            "nickname": ("text", one("test")),
        }
        if legacy:
            landing.land(
                "stripe",
                "plan",
                common
                | {
                    "amount": ("bigint", one(6500)),
                    "interval": ("text", one("month")),
                    "interval_count": ("bigint", one(1)),
                    "usage_type": ("text", one("licensed")),
                },
                part=1,
            )
        else:
            landing.land(
                "stripe",
                "price",
                common
                | {
                    "unit_amount": ("bigint", one(6500)),
                    "unit_amount_decimal": ("text", one("6500")),
                    "recurring_interval": ("text", one("month")),
                    "recurring_interval_count": ("bigint", one(1)),
                    "recurring_usage_type": ("text", one("licensed")),
                    "type": ("text", one("recurring")),
                    "tiers_mode": ("text", one(None)),
                    "metadata": ("text", one("{}")),
                },
                part=1,
            )
    invoice = codes("in_x", seed, 155, row, k)
    size = len(row)
    amount = np.full(size, 50 * 6500)
    paid = start + 2 * HOUR
    done = paid <= until
    landing.land(
        "stripe",
        "invoice",
        {
            "id": ("text", invoice),
            "customer_id": ("text", customer[row]),
            "subscription_id": ("text", subscription[row]),
            "status": ("text", np.where(done, "paid", "draft")),
            "billing_reason": ("text", np.where(k == 0, "subscription_create", "subscription_cycle")),
            "created": ("timestamp", start),
            "period_start": ("timestamp", start),
            "period_end": ("timestamp", end),
            "amount_due": ("bigint", amount),
            "amount_paid": ("bigint", np.where(done, amount, 0)),
            "amount_remaining": ("bigint", np.where(done, 0, amount)),
            "subtotal": ("bigint", amount),
            "total": ("bigint", amount),
            "tax": ("bigint", np.zeros(size, int)),
            "currency": ("text", np.full(size, "usd")),
            "paid": ("boolean", done),
            "attempt_count": ("bigint", np.ones(size, int)),
            "due_date": ("timestamp", np.full(size, NULL_TIME)),
            "status_transitions_paid_at": ("timestamp", np.where(done, paid, NULL_TIME)),
            "status_transitions_finalized_at": ("timestamp", np.where(done, paid, NULL_TIME)),
            "status_transitions_voided_at": ("timestamp", np.full(size, NULL_TIME)),
            "status_transitions_marked_uncollectible_at": ("timestamp", np.full(size, NULL_TIME)),
            "number": ("text", codes("TFX-", seed, 156, row, k)),
            "livemode": ("boolean", live[row]),
            "is_deleted": ("boolean", np.zeros(size, bool)),
            "_fivetran_synced": ("timestamp", np.where(done, paid, start)),
        },
        part=1,
    )
    landing.land(
        "stripe",
        "invoice_line_item",
        {
            "id": ("text", codes("il_x", seed, 157, row, k)),
            "invoice_id": ("text", invoice),
            "subscription_id": ("text", subscription[row]),
            "subscription_item_id": ("text", item[row]),
            "plan_id": ("text", price[row]),
            "price_id": ("text", np.where("legacy_plans" in opt.dirt, None, price[row])),
            "type": ("text", np.full(size, "subscription")),
            "proration": ("boolean", np.zeros(size, bool)),
            "amount": ("bigint", amount),
            "quantity": ("bigint", np.full(size, 50)),
            "unit_amount_excluding_tax": ("text", np.full(size, None, dtype=object)),
            "currency": ("text", np.full(size, "usd")),
            "period_start": ("timestamp", start),
            "period_end": ("timestamp", end),
            "discountable": ("boolean", np.ones(size, bool)),
            "livemode": ("boolean", live[row]),
            "_fivetran_synced": ("timestamp", start),
        },
        part=1,
    )
