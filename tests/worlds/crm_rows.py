"""Salesforce's tables: contacts, deals, tasks and the history of headcounts and deals."""

import random
from datetime import datetime, timedelta

from . import catalogue

DAY = timedelta(days=1)
MILLISECOND = timedelta(milliseconds=1)
FOR_EVER = datetime(9999, 12, 31, 23, 59, 59)
HISTORY = ["id", "account_id", "type", "amount", "created_date", "close_date"]
TITLES = [
    "CEO",
    "Interim ceo",
    "VP, Sales",
    "Head of Operations",
    "Engineer",
    "Executive Assistant",
    "CEOs' aide",
    None,
]


def add_crm(world) -> None:
    rng, span = world.rng, world.span
    for company in world.companies:
        for _ in range(rng.choice([0, 1, 2, 4])):
            add_contact(world, company.any_id(rng), world.moment())
        for _ in range(rng.choice([0, 0, 1, 2])):
            add_deal(world, company)
        for _ in range(rng.choice([0, 0, 1, 2])):
            add_task(world, company)
        if rng.random() < 0.8:
            add_headcounts(world, company)
    first = world.companies[0]
    add_contact(world, first.account_id, span.start_at - 20 * DAY, live=True)
    add_headcounts(world, first, since=span.start_at - 40 * DAY)
    if world.has("deleted_accounts"):
        add_contact(world, "001D000", world.moment())


def deletion(world) -> dict:
    """The flags of a row: live, or deleted in one of the generations."""
    rng = world.rng
    if not world.has("soft_deletes"):
        return {"is_deleted": False}
    if rng.random() < 0.85:
        return {"is_deleted": rng.choice([False, None]), "_fivetran_active": rng.choice([True, None])}
    return rng.choice([{"is_deleted": True}, {"_fivetran_deleted": True}, {"_fivetran_active": False}])


def add_contact(world, account_id: str, created: datetime, live: bool = False) -> None:
    flags = {"is_deleted": False} if live else deletion(world)
    number = world.next("003")
    world.add(
        "salesforce",
        "contact",
        id=number,
        account_id=account_id,
        title=world.rng.choice(TITLES),
        name=f"Contact {number}",
        created_date=created,
        **mailing(number, created),
        **flags,
    )


def mailing(number: str, created: datetime) -> dict:
    """The address and what speaks against it; of a stream of its own, so that it shifts no other draw."""
    rng = random.Random(f"mail {number}")
    address = {"email": f"{number}@customer.example"}
    drawn = rng.random()
    if drawn < 0.15:
        return address | {"has_opted_out_of_email": True}
    if drawn < 0.25:
        return address | {"email_bounced_date": created + timedelta(days=3)}
    if drawn < 0.3:
        return address | {"is_email_bounced": True}
    if drawn < 0.4:
        return {"email": rng.choice([None, " ", "unknown"])}
    return address | {"has_opted_out_of_email": rng.choice([False, None])}


def add_headcounts(world, company, since: datetime | None = None) -> None:
    """Employees over time, with steps of exactly a fifth and a quarter and over the segments' borders."""
    rng, span = world.rng, world.span
    start = since or span.start_at - timedelta(days=rng.randrange(0, 39)) + timedelta(hours=rng.choice([0, 7]))
    known = [row for row in world.tables.rows["salesforce_history", "account"] if row["id"] == company.account_id]
    if known and since is None:
        return
    if since is None and world.has("late_histories", 0.5):
        start += timedelta(days=rng.randrange(50, 110))
    if known:
        for row in known:
            world.tables.rows["salesforce_history", "account"].remove(row)
    employees = rng.choice([50, 80, 99, 100, 800, 999, 1000, None])
    while True:
        until = start + timedelta(days=rng.randrange(20, 120))
        if rng.random() < 0.4:
            until = until.replace(hour=0, minute=0, second=0, microsecond=0)
        is_last = until >= span.end_at
        at_midnight = until == until.replace(hour=0, minute=0, second=0, microsecond=0)
        end = FOR_EVER if is_last else until if at_midnight else until - MILLISECOND
        end = connectors_end(world, end, None if is_last else until)
        world.add(
            "salesforce_history",
            "account",
            id=company.account_id,
            number_of_employees=employees,
            _fivetran_active=is_last,
            _fivetran_start=start,
            _fivetran_end=end,
        )
        if is_last:
            company.row["number_of_employees"] = employees
            return
        start = until
        if employees is None:
            employees = 90
        else:
            employees = rng.choice([employees * 6 // 5, employees * 5 // 4, employees * 9 // 10, employees + 1, None])


def connectors_end(world, end: datetime, following: datetime | None) -> datetime | None:
    """The end of a version as a connector writes it, where it is not told apart from the next one's start."""
    if following is None:
        return end
    if world.has("overlapping_versions", 0.3):
        return world.rng.choice([FOR_EVER, None, following + 3 * DAY])
    if world.has("early_ends", 0.8):
        return following - MILLISECOND
    return end


def in_any_case(world, word: str | None) -> str | None:
    """The word in one letter case or another."""
    if word is None or not world.has("letter_case", 0.5):
        return word
    return world.rng.choice([word.upper(), word.lower(), word.title(), f" {word.swapcase()} "])


def add_deal(world, company) -> None:
    """An opportunity, with its history where the landing has one."""
    rng, span = world.rng, world.span
    created = world.moment(span.start_at, span.end_at)
    if rng.random() < 0.3:
        created = created.replace(hour=0, minute=0, second=0, microsecond=0)
    closed_at = created + rng.choice([5, 20, 45]) * DAY
    closed_at = closed_at.replace(hour=0, minute=0, second=0, microsecond=0) + rng.choice(
        [timedelta(), timedelta(hours=14)]
    )
    is_closed = closed_at <= span.end_at and closed_at > created and rng.random() < 0.8
    is_won = is_closed and rng.random() < 0.4
    deal = {
        "id": world.next("006"),
        "account_id": company.any_id(rng),
        "type": in_any_case(world, rng.choice([*catalogue.OPPORTUNITY_TYPES, "Expansion", None])),
        "amount": 1000.0,
        "created_date": created,
        "is_closed": is_closed,
        "is_won": is_won,
        "close_date": closed_at.replace(hour=0, minute=0) if is_closed else closed_at + 30 * DAY,
    }
    has_history = True
    if world.has("expected_close_dates", 0.5):
        has_history = False
        deal |= rng.choice(
            [
                {"close_date": span.end_at + 60 * DAY, "last_stage_change_date": closed_at},
                {"close_date": span.end_at + 60 * DAY, "last_modified_date": closed_at + timedelta(hours=5)},
                {"close_date": created.replace(hour=0, minute=0, second=0, microsecond=0)},
                {"close_date": closed_at - DAY, "last_stage_change_date": closed_at},
            ]
            if is_closed
            else [{"close_date": closed_at + 60 * DAY, "last_stage_change_date": created}]
        )
    world.add("salesforce", "opportunity", **deal, **deletion(world))
    if not has_history:
        return
    states = [(created, False, False)]
    if is_closed:
        states.append((closed_at, True, is_won))
        reopened_at = closed_at + 9 * DAY
        again_at = reopened_at + rng.choice([timedelta(minutes=1), 20 * DAY])
        if rng.random() < 0.4 and again_at < span.end_at:
            states.append((reopened_at, False, False))
            states.append((again_at, True, is_won))
    if world.has("late_histories", 0.5):
        begins_at = created + rng.choice([timedelta(hours=3), 4 * DAY, 30 * DAY])
        if begins_at < span.end_at:
            _, *state = [row for row in states if row[0] <= begins_at][-1]
            states = [(begins_at, *state), *(row for row in states if row[0] > begins_at)]
            if state[0]:
                deal["close_date"] = rng.choice([deal["close_date"], span.end_at + 40 * DAY])
    starts = [start for start, _, _ in states]
    for (start, closed, won), following in zip(states, [*starts[1:], None], strict=True):
        end = connectors_end(world, following or FOR_EVER, following)
        history = {name: deal[name] for name in HISTORY} | {"is_closed": closed, "is_won": won}
        world.add(
            "salesforce_history",
            "opportunity",
            **history,
            _fivetran_active=following is None,
            _fivetran_start=start,
            _fivetran_end=end,
        )


def add_task(world, company) -> None:
    rng, span = world.rng, world.span
    created = world.moment()
    completed = rng.choice([None, created + timedelta(hours=30), created + 8 * DAY])
    if completed and completed > span.end_at:
        completed = None
    world.add(
        "salesforce",
        "task",
        id=world.next("00T"),
        account_id=company.any_id(rng),
        subject="Call",
        is_closed=completed is not None,
        created_date=created,
        completed_date_time=completed,
        call_disposition=in_any_case(world, rng.choice([None, "Connected", *catalogue.DISPOSITIONS])),
        **deletion(world),
    )
