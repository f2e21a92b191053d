"""Salesforce: accounts and their history, contacts, opportunities, activities and users."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from .config import DAY
from .identity import Links
from .landing import NULL_TIME, SECOND, Landing, micros, seen, unit
from .simulate import NEVER, World

OWNERS, MANAGERS, CSMS = 12, 2, 6
FAR = micros(dt.datetime(9999, 12, 31, 23, 59, 59))
EXECUTIVE = [
    "Chief Operating Officer",
    "VP of Engineering",
    "CTO",
    "Head of Operations",
    "Chief Financial Officer",
    "VP Product",
]
USUAL = ["Project Manager", "Team Lead", "Operations Analyst", "Office Manager", "Engineer", "Product Owner"]


def camel(name: str) -> str:
    """The vendor's own spelling of a snake_case column: account_id -> AccountId, x_c -> X__c."""
    if name.startswith("_fivetran"):
        return name
    if name.endswith("_c"):
        return "_".join(word.capitalize() for word in name[:-2].split("_")) + "__c"
    return "".join(word.capitalize() for word in name.split("_"))


def account_created(world: World, landing: Landing) -> np.ndarray:
    """When the CRM account was made, in microseconds: 45 days before the first subscription."""
    return landing.at(world.accounts.start_day.to_numpy() - 45, 30_000)


def headcount_history(world: World, landing: Landing) -> pd.DataFrame:
    """The walk of the run up to the cut, each step a version: account, employees, t, end, last."""
    born = account_created(world, landing)
    emp = world.logs["employees"].copy()
    emp["t"] = np.where(
        emp.day < 0, np.maximum(born[emp.account], landing.at(-150)), landing.at(emp.day, 4 * 3600 + emp.account % 3600)
    )
    late = (emp.day >= 0) & (emp.t <= born[emp.account])
    emp = emp[~late].sort_values(["account", "t"], kind="stable", ignore_index=True)
    emp = emp[emp.t <= landing.until].reset_index(drop=True)
    emp["last"] = np.r_[emp.account.to_numpy()[1:] != emp.account.to_numpy()[:-1], True]
    emp["end"] = np.where(emp["last"], FAR, np.r_[emp.t.to_numpy()[1:], 0] - 1000)
    return emp


def staff(world: World) -> pd.DataFrame:
    roles = ["Account Executive"] * OWNERS + ["Manager"] * MANAGERS + ["Customer Success Manager"] * CSMS
    n = len(roles)
    frame = pd.DataFrame({"number": range(n), "role": roles})
    frame["id"] = [f"005TF{i:013d}" for i in frame.number]
    frame["name"] = [f"{r.split()[0]} {i}" for i, r in enumerate(roles)]
    frame["email"] = [f"{r.split()[0].lower()}{i}@teamflow.example" for i, r in enumerate(roles)]
    frame["is_active"] = frame.number != 3
    frame["deleted"] = frame.number == OWNERS + MANAGERS + 1
    frame["manager"] = np.where(frame.role == "Manager", None, frame.id[OWNERS + (frame.number % MANAGERS)].to_numpy())
    return frame


def sales_log(world: World) -> pd.DataFrame:
    """Opportunities as they unfold: account, type, created, closed (moments in days), won."""
    opt, logs, acc = world.options, world.logs, world.accounts
    rows = []
    ex = logs["expansions"]
    share = np.array([0.04, 0.12, 0.45, 0.65])
    tier = acc.tier.to_numpy()
    sold = unit(opt.seed, 151, ex.account, ex.day, ex.type) < share[tier[ex.account]]
    sold &= ex.type.isin([0, 1, 2]) & ~ex.by_play.astype(bool)
    for a, day, sec, kind in ex.loc[sold, ["account", "day", "second", "type"]].itertuples(index=False):
        lead = 1 + int(unit(opt.seed, 152, a, day) * 8)
        rows.append(
            (
                a,
                "Upsell" if kind == 1 else "Existing Business" if kind == 0 else "Cross-Sell",
                (day - lead) * DAY + 36_000,
                day * DAY + sec,
                True,
            )
        )
    for a, day, sec in logs["declines"][["account", "day", "second"]].itertuples(index=False):
        if unit(opt.seed, 153, a, day) < 0.6:
            rows.append((a, "Existing Business", (day - 12) * DAY + 40_000, day * DAY + sec, False))
    life = logs["lifecycle"]
    for a, day, sec, kind in life[["account", "day", "second", "kind"]].itertuples(index=False):
        if kind == 0:
            rows.append((a, "New Business", (day - 30) * DAY + 36_000, day * DAY + sec, True))
    rows = [(*row, False) for row in rows]
    if "soft_deleted_rows" in opt.dirt:  # entered by mistake and deleted at once: never closed
        for a in acc.account[unit(opt.seed, 154, acc.account) < 0.06]:
            rows.append(
                (a, "Existing Business", int(unit(opt.seed, 155, a) * opt.days) * DAY + 37_000, 4000 * DAY, False, True)
            )
    frame = pd.DataFrame(rows, columns=["account", "type", "created", "closed", "won", "deleted"])
    return frame.sort_values(["created", "account", "type"], kind="stable", ignore_index=True)


def land_crm(world: World, landing: Landing, links: Links) -> None:
    opt, seed, until = world.options, world.options.seed, landing.until
    rename = camel if "camel_case_crm" in opt.dirt else None
    acc, link = world.accounts, links.accounts
    n = len(acc)
    people = staff(world)
    number = acc.account.to_numpy()
    owner = people.id.to_numpy()[(unit(seed, 161, number) * OWNERS).astype(int)]
    with_csm = (acc.tier.to_numpy() >= 2) | (acc.employees.to_numpy() >= 100)
    csm = np.where(
        with_csm, people.id.to_numpy()[OWNERS + MANAGERS + (unit(seed, 162, number) * CSMS).astype(int)], None
    )
    born = account_created(world, landing)
    made = micros(opt.start) - 1500 * DAY * SECOND
    landing.land(
        "salesforce",
        "user",
        {
            "id": ("text", people.id),
            "name": ("text", people.name),
            "email": ("text", people.email),
            "is_active": ("boolean", people.is_active),
            "manager_id": ("text", people.manager),
            "title": ("text", people.role),
            "created_date": ("timestamp", np.full(len(people), made)),
            "_fivetran_deleted": ("boolean", people.deleted),
            "_fivetran_synced": ("timestamp", np.full(len(people), made)),
        },
        rename=rename,
    )

    emp = headcount_history(world, landing)
    last = emp["last"].to_numpy()
    end = emp.end.to_numpy()
    current = emp[last].set_index("account").employees.reindex(number).to_numpy()
    newest = emp[last].set_index("account").t.reindex(number).to_numpy()
    opted = np.where(acc.opted_out, landing.at(60 + (unit(seed, 163, number) * 300).astype(int)), NULL_TIME)
    onboarded = np.where(
        acc.onboarding_day < NEVER, landing.at(np.where(acc.onboarding_day < NEVER, acc.onboarding_day, 0)), NULL_TIME
    )
    product, billing, support = (link[c].to_numpy() for c in ("product", "billing", "support"))
    fiscal = np.where(
        unit(seed, 164, number) < 0.6,
        np.where(unit(seed, 165, number) < 0.6, 12, 1 + (unit(seed, 166, number) * 12).astype(int)),
        0,
    )

    def text(values):
        return ("text", np.asarray(values, dtype=object))

    columns = {
        "id": text(acc.account_id),
        "name": text(link.name),
        "website": text(np.where(unit(seed, 167, number) < 0.5, "https://www." + link.domain, link.domain)),
        "type": text(np.full(n, "Customer")),
        "industry": text(
            np.array(["Software", "Retail", "Finance", "Health", "Media"])[(unit(seed, 168, number) * 5).astype(int)]
        ),
        "number_of_employees": ("integer", current),
        "annual_revenue": ("double", acc.employees * 150_000.0),
        "owner_id": text(owner),
        "parent_id": text(np.full(n, None)),
        "account_source": text(np.full(n, "Web")),
        "last_activity_date": ("timestamp", np.full(n, NULL_TIME)),
        "master_record_id": text(np.full(n, None)),
        "is_deleted": ("boolean", np.zeros(n, bool)),
        "billing_country": text(acc.country),
        "billing_country_code": text(acc.country),
        "created_date": ("timestamp", born),
        "onboarding_completed_date_c": ("timestamp", seen(onboarded, until)),
        "expansion_opt_out_date_c": ("timestamp", seen(opted, until)),
        "time_zone_c": text(np.where(unit(seed, 169, number) < 0.96, acc.time_zone, None)),
        "customer_success_manager_id_c": text(csm),
        "stripe_customer_id_c": text(np.where(billing == 1, link.customer_id, None)),
        "product_group_id_c": text(np.where(product == 1, links.groups.group_id, None)),
        "zendesk_organization_id_c": text(np.where(support == 1, link.organization_id.astype(str), None)),
        "fiscal_year_end_month_c": ("integer", np.where(fiscal > 0, fiscal.astype(object), None)),
        "_fivetran_active": ("boolean", np.ones(n, bool)),
        "_fivetran_synced": ("timestamp", np.where(np.isnan(newest.astype(float)), born, newest).astype(np.int64)),
    }
    landing.land("salesforce", "account", columns, keep=born <= until, rename=rename)
    extra = links.extra
    if len(extra):
        size = len(extra)
        blank = {
            name: (
                kind,
                np.full(
                    size, NULL_TIME if kind == "timestamp" else None, dtype=None if kind == "timestamp" else object
                ),
            )
            for name, (kind, _) in columns.items()
        }
        early = np.full(size, landing.start - 400 * DAY * SECOND)
        blank |= {
            "id": text(extra.account_id),
            "name": text(extra.name),
            "website": text(extra.website),
            "type": text(np.full(size, "Prospect")),
            "owner_id": text(np.full(size, people.id[0])),
            "is_deleted": ("boolean", extra.is_deleted.astype(bool)),
            "master_record_id": text(extra.master_record_id),
            "created_date": ("timestamp", early),
            "_fivetran_active": ("boolean", np.ones(size, bool)),
            "_fivetran_synced": ("timestamp", early),
        }
        landing.land("salesforce", "account", blank, part=1, rename=rename)
    history_rename = rename
    landing.land(
        "salesforce_history",
        "account",
        {
            "id": text(acc.account_id.to_numpy()[emp.account]),
            "name": text(link.name.to_numpy()[emp.account]),
            "number_of_employees": ("integer", emp.employees),
            "is_deleted": ("boolean", np.zeros(len(emp), bool)),
            "_fivetran_start": ("timestamp", emp.t),
            "_fivetran_end": ("timestamp", end),
            "_fivetran_active": ("boolean", last),
            "_fivetran_synced": ("timestamp", emp.t),
        },
        rename=history_rename,
    )

    land_contacts(world, landing, links, rename)
    land_opportunities(world, landing, links, rename, owner)
    land_activities(world, landing, links, rename, owner, csm)


def contact_table(world: World, landing: Landing, links: Links) -> pd.DataFrame:
    """All contacts ever: account, k, created (microseconds), boss, id, first name, e-mail, title, owning CRM account."""
    opt, seed, link = world.options, world.options.seed, links.accounts
    number = link.account.to_numpy()
    born = account_created(world, landing)
    row = np.repeat(number, 3)
    k = np.tile(np.arange(3), len(number))
    created = born[row] + (k * 9 * DAY * SECOND)
    boss = (k == 2) & (unit(seed, 171, row) < 0.35)
    joined = world.logs["executives"]
    row = np.r_[row, joined.account.to_numpy()]
    created = np.r_[created, landing.at(joined.day, 11 * 3600)]
    boss = np.r_[boss, np.ones(len(joined), bool)]
    k = np.r_[k, 10 + np.arange(len(joined))]
    if "soft_deleted_rows" in opt.dirt:
        junk = number[unit(seed, 175, number) < 0.05]
        row, k, boss = np.r_[row, junk], np.r_[k, np.full(len(junk), 100_000)], np.r_[boss, np.ones(len(junk), bool)]
        created = np.r_[created, landing.at((unit(seed, 176, junk) * opt.days).astype(int), 12 * 3600)]
    frame = pd.DataFrame({"account": row, "k": k, "created": created, "boss": boss}).sort_values(
        ["created", "account", "k"], kind="stable", ignore_index=True
    )
    draw = unit(seed, 172, frame.account, frame.k)
    frame["title"] = np.where(
        frame.boss,
        np.array(EXECUTIVE, dtype=object)[(draw * len(EXECUTIVE)).astype(int)],
        np.array(USUAL, dtype=object)[(draw * len(USUAL)).astype(int)],
    )
    frame["first_name"] = np.array(["Alex", "Sam", "Robin", "Kim", "Chris", "Dana", "Jo", "Lee"], dtype=object)[
        (unit(seed, 173, frame.account, frame.k) * 8).astype(int)
    ]
    domain = link.domain.to_numpy()[frame.account]
    frame["email"] = [f"{f.lower()}.{k}@{d}" for f, k, d in zip(frame.first_name, frame.k, domain, strict=False)]
    frame["id"] = [f"003TF{a:07d}{k:06d}" for a, k in zip(frame.account, frame.k, strict=False)]
    frame["owner_account"] = np.where(
        frame.k == 1, link.known_id.to_numpy()[frame.account], link.account_id.to_numpy()[frame.account]
    )
    # Deleted as soon as they were made, so that a deletion is as old as its row.
    frame["deleted"] = frame.k >= 100_000
    return frame


def land_contacts(world, landing, links, rename) -> None:
    frame = contact_table(world, landing, links)
    frame = frame[frame.created <= landing.until]
    n, none = len(frame), np.full(len(frame), None, dtype=object)
    landing.land(
        "salesforce",
        "contact",
        {
            "id": ("text", frame.id),
            "account_id": ("text", frame.owner_account),
            "email": ("text", frame.email),
            "first_name": ("text", frame.first_name),
            "last_name": ("text", [f"Contact{k}" for k in frame.k]),
            "name": ("text", [f"{f} Contact{k}" for f, k in zip(frame.first_name, frame.k, strict=False)]),
            "title": ("text", frame.title),
            "department": ("text", np.full(n, "Operations")),
            "owner_id": ("text", none),
            "lead_source": ("text", np.full(n, "Web")),
            "is_deleted": ("boolean", frame.deleted),
            "master_record_id": ("text", none),
            "created_date": ("timestamp", frame.created),
            "_fivetran_active": ("boolean", np.ones(n, bool)),
            "_fivetran_synced": ("timestamp", frame.created),
        },
        rename=rename,
    )


def deal_history(world: World, landing: Landing) -> pd.DataFrame:
    """Every version of every deal up to the cut: id, account, type, stage, amount, t0, t1, start, end, closed, won, deleted, last."""
    opt, until = world.options, landing.until
    opp = sales_log(world)
    opp["t0"] = landing.start + opp.created * SECOND
    opp["t1"] = landing.start + opp.closed * SECOND
    opp["number"] = np.arange(len(opp))
    opp["amount"] = np.round(800 + unit(opt.seed, 181, opp.account, opp.created) * 20_000, 0)
    opp = opp[opp.t0 <= until]
    mid = opp.t0 + (opp.t1 - opp.t0) // 2
    final = np.where(opp.won, "Closed Won", "Closed Lost")
    parts = []
    for stage, start, stop, closed in (
        ("Qualification", opp.t0, mid, False),
        ("Proposal", mid, opp.t1, False),
        (final, opp.t1, pd.Series(FAR, opp.index), True),
    ):
        parts.append(
            pd.DataFrame(
                {
                    "number": opp.number,
                    "account": opp.account,
                    "type": opp.type,
                    "stage": stage,
                    "amount": opp.amount,
                    "deleted": opp.deleted,
                    "t0": opp.t0,
                    "t1": opp.t1,
                    "start": start,
                    "end": stop,
                    "closed": closed,
                    "won": opp.won & closed,
                }
            )
        )
    hist = pd.concat(parts, ignore_index=True)
    hist = hist[hist.start <= until].sort_values(["number", "start"], kind="stable", ignore_index=True)
    hist["last"] = np.r_[hist.number.to_numpy()[1:] != hist.number.to_numpy()[:-1], True]
    hist["end"] = np.where(hist["last"], FAR, hist.end - 1000)
    hist["id"] = [f"006TF{i:013d}" for i in hist.number]
    return hist


def land_opportunities(world, landing, links, rename, owner) -> None:
    hist = deal_history(world, landing)
    last = hist["last"].to_numpy()
    now = hist[last].reset_index(drop=True)
    gone, gone_before = now.deleted.astype(bool), hist.deleted.astype(bool)
    # A merged duplicate still owns its first deal.
    account_id, known_id = links.accounts.account_id.to_numpy(), links.accounts.known_id.to_numpy()

    def columns(f, deleted):
        n = len(f)
        return {
            "id": ("text", f.id),
            "account_id": ("text", np.where(f.type == "New Business", known_id[f.account], account_id[f.account])),
            "name": ("text", f.type + " deal"),
            "type": ("text", f.type),
            "stage_name": ("text", f.stage),
            "amount": ("double", f.amount),
            "probability": ("double", np.where(f.closed, np.where(f.won, 100.0, 0.0), 40.0)),
            "created_date": ("timestamp", f.t0),
            "close_date": (
                "timestamp",
                np.where(
                    f.closed,
                    f.t1 - f.t1 % (DAY * SECOND),
                    (f.t0 + 30 * DAY * SECOND) // (DAY * SECOND) * (DAY * SECOND),
                ),
            ),
            "is_closed": ("boolean", f.closed.astype(bool)),
            "is_won": ("boolean", f.won.astype(bool)),
            "owner_id": ("text", owner[f.account]),
            "is_deleted": ("boolean", deleted),
            "expansion_firing_id_c": ("text", np.full(n, None, dtype=object)),
        }

    landing.land(
        "salesforce",
        "opportunity",
        {
            **columns(now, gone.to_numpy()),
            "_fivetran_active": ("boolean", np.ones(len(now), bool)),
            "_fivetran_synced": ("timestamp", now.start),
        },
        rename=rename,
    )
    landing.land(
        "salesforce_history",
        "opportunity",
        {
            **columns(hist, gone_before.to_numpy()),
            "_fivetran_start": ("timestamp", hist.start),
            "_fivetran_end": ("timestamp", hist.end),
            "_fivetran_active": ("boolean", last),
            "_fivetran_synced": ("timestamp", hist.start),
        },
        rename=rename,
    )


def call_table(world: World, landing: Landing) -> pd.DataFrame:
    """Calls up to the cut: number, account, t (due and done), created, disposition, gone."""
    opt, seed, until = world.options, world.options.seed, landing.until
    number = world.accounts.account.to_numpy()
    start = np.maximum(world.accounts.start_day.to_numpy(), -120)
    # A check-in call now and then, and the declines that came by telephone.
    row = np.repeat(number, 4)
    k = np.tile(np.arange(4), len(number))
    day = start[row] + ((k + unit(seed, 191, row, k)) / 4 * (opt.days - start[row])).astype(int)
    frame = pd.DataFrame(
        {
            "account": row,
            "t": landing.at(day, 10 * 3600 + (unit(seed, 192, row, k) * 20_000).astype(int)),
            "disposition": np.where(unit(seed, 193, row, k) < 0.5, "Connected", "Left Voicemail"),
        }
    )
    no = world.logs["declines"]
    no = no[unit(seed, 153, no.account, no.day) >= 0.6] if len(no) else no
    said = pd.DataFrame(
        {
            "account": no.account,
            "t": landing.at(no.day, no.second),
            "disposition": np.where(unit(seed, 194, no.account) < 0.5, "Declined", "No Budget"),
        }
    )
    frame = pd.concat([frame, said], ignore_index=True)
    frame["created"] = frame.t - 2 * DAY * SECOND
    frame = frame.sort_values(["created", "account"], kind="stable", ignore_index=True)
    frame["number"] = np.arange(len(frame))
    frame["gone"] = (
        (unit(seed, 195, frame.account, frame.t) < 0.01)
        & ("soft_deleted_rows" in opt.dirt)
        & (frame.disposition == "Connected")
    )
    return frame[frame.created <= until]


def meeting_table(world: World, landing: Landing) -> pd.DataFrame:
    """Meetings up to the cut: number, account, t, created."""
    opt, seed, until = world.options, world.options.seed, landing.until
    number = world.accounts.account.to_numpy()
    start = np.maximum(world.accounts.start_day.to_numpy(), -120)
    row = np.repeat(number, 2)
    k = np.tile(np.arange(2), len(number))
    day = start[row] + ((k + unit(seed, 196, row, k)) / 2 * (opt.days - start[row])).astype(int)
    t = landing.at(day, 13 * 3600)
    meet = pd.DataFrame({"account": row, "t": t, "created": t - 3 * DAY * SECOND, "k": k}).sort_values(
        ["created", "account"], kind="stable", ignore_index=True
    )
    meet["number"] = np.arange(len(meet))
    return meet[meet.created <= until]


def land_activities(world, landing, links, rename, owner, csm) -> None:
    until, account_id = landing.until, world.accounts.account_id.to_numpy()
    frame = call_table(world, landing)
    frame["id"] = [f"00TTF{i:013d}" for i in frame.number]
    done = (frame.t <= until).to_numpy()
    n = len(frame)
    gone = frame.gone
    landing.land(
        "salesforce",
        "task",
        {
            "id": ("text", frame.id),
            "account_id": ("text", account_id[frame.account]),
            "what_id": ("text", account_id[frame.account]),
            "who_id": ("text", np.full(n, None, dtype=object)),
            "owner_id": ("text", owner[frame.account]),
            "subject": ("text", np.full(n, "Call")),
            "type": ("text", np.full(n, "Call")),
            "task_subtype": ("text", np.full(n, "Call")),
            "status": ("text", np.where(done, "Completed", "Not Started")),
            "is_closed": ("boolean", done),
            "activity_date": ("timestamp", frame.t - frame.t % (DAY * SECOND)),
            "completed_date_time": ("timestamp", np.where(done, frame.t, NULL_TIME)),
            "created_date": ("timestamp", frame.created),
            "call_disposition": ("text", np.where(done, frame.disposition, None)),
            "call_duration_in_seconds": ("integer", np.where(done, 300, 0)),
            "priority": ("text", np.full(n, "Normal")),
            "is_deleted": ("boolean", gone.to_numpy()),
            "expansion_firing_id_c": ("text", np.full(n, None, dtype=object)),
            "_fivetran_active": ("boolean", np.ones(n, bool)),
            "_fivetran_synced": ("timestamp", np.where(done, frame.t, frame.created)),
        },
        rename=rename,
    )
    meet = meeting_table(world, landing)
    meet["id"] = [f"00UTF{i:013d}" for i in meet.number]
    n = len(meet)
    landing.land(
        "salesforce",
        "event",
        {
            "id": ("text", meet.id),
            "account_id": ("text", account_id[meet.account]),
            "what_id": ("text", account_id[meet.account]),
            "who_id": ("text", np.full(n, None, dtype=object)),
            "owner_id": ("text", owner[meet.account]),
            "subject": ("text", np.full(n, "Business review")),
            "type": ("text", np.full(n, "Meeting")),
            "start_date_time": ("timestamp", meet.t),
            "end_date_time": ("timestamp", meet.t + 1800 * SECOND),
            "activity_date_time": ("timestamp", meet.t),
            "is_child": ("boolean", np.zeros(n, bool)),
            "is_group_event": ("boolean", np.zeros(n, bool)),
            "created_date": ("timestamp", meet.created),
            "is_deleted": ("boolean", np.zeros(n, bool)),
            "expansion_firing_id_c": ("text", np.full(n, None, dtype=object)),
            "_fivetran_active": ("boolean", np.ones(n, bool)),
            "_fivetran_synced": ("timestamp", meet.created),
        },
        rename=rename,
    )
