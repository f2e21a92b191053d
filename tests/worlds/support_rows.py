"""Zendesk's tables: users, tickets and the history of their fields."""

from datetime import timedelta

from .crm_rows import in_any_case
from .span import MICROSECOND

DAY = timedelta(days=1)


def add_support(world) -> None:
    rng = world.rng
    numbers = iter(range(1, 10_000))
    for company in world.companies:
        requester = 7_000 + company.organization_id
        world.add("zendesk", "user", id=requester, role="end-user", organization_id=company.organization_id)
        for _ in range(rng.choice([0, 1, 2, 3, 5])):
            add_ticket(world, next(numbers), company.organization_id, requester)
    if world.has("orphaned_organizations"):
        add_ticket(world, next(numbers), 9_999, None)
        world.add("zendesk", "user", id=8_888, role="end-user", organization_id=None)
        add_ticket(world, next(numbers), None, 8_888)
    first = world.companies[0]
    add_ticket(world, next(numbers), first.organization_id, None, created=world.span.start_at - 10 * DAY)


def add_ticket(world, number: int, organization_id, requester, created=None) -> None:
    rng, end_at = world.rng, world.span.end_at
    created = created or world.moment()
    if world.has("tickets_without_organization", 0.3) and requester:
        organization_id = None
    priority = rng.choice(["low", "normal", "high", "urgent", "urgent"])
    changes = [("status", "new", created)]
    if world.has("null_priorities", 0.3):
        priority = rng.choice([None, "urgent"])
        if priority:
            changes.append(("priority", priority, created + rng.choice([timedelta(hours=1), 2 * DAY])))
    else:
        changes.append(("priority", priority, created))
        if rng.random() < 0.2:
            priority = rng.choice(["low", None, "urgent"])
            changes.append(("priority", priority, created + rng.choice([timedelta(), DAY, 6 * DAY])))
    moment = created
    statuses = [rng.choice(["open", "pending", "hold"])]
    if rng.random() < 0.75:
        statuses.append(rng.choice(["solved", "solved", "closed"]))
        if world.has("reopened_tickets", 0.4):
            statuses += ["open", "solved"][: rng.randint(1, 2)]
    if world.has("deleted_tickets", 0.2):
        statuses += ["deleted", "open"][: rng.randint(1, 2)]
    for status in statuses:
        moment += rng.choice([timedelta(hours=2), DAY, 3 * DAY, timedelta(days=12)])
        if rng.random() < 0.3:
            moment = moment.replace(hour=0, minute=0, second=0, microsecond=0) + rng.choice([DAY, DAY - MICROSECOND])
        changes.append(("status", status, moment))
        if rng.random() < 0.1:
            changes.append(("status", rng.choice(["open", "solved", "pending"]), moment))
    changes = [change for change in changes if change[2] <= end_at]
    current = {"status": None, "priority": None}
    for name, value, _ in sorted(changes, key=lambda change: (change[2], change[1] or "")):
        current[name] = in_any_case(world, value)
    rng.shuffle(changes)
    for name, value, updated in changes:
        world.add(
            "zendesk",
            "ticket_field_history",
            ticket_id=number,
            field_name=name,
            value=in_any_case(world, value),
            updated=updated,
        )
    world.add(
        "zendesk",
        "ticket",
        id=number,
        organization_id=organization_id,
        requester_id=requester,
        merged_ticket_ids="[]" if "merged_tickets" in world.dirt else None,
        type=rng.choice([None, "problem", "question"]),
        created_at=created,
        updated_at=str(moment),
        _fivetran_deleted=world.has("soft_deletes", 0.1),
        **current,
    )
    if rng.random() < 0.5:
        for tag in rng.sample(["seat_limit", "quota", "billing", "mobile"], 2):
            world.add("zendesk", "ticket_tag", ticket_id=number, tag=in_any_case(world, tag))
    if world.has("merged_tickets", 0.25):
        others = [row for row in world.tables.rows["zendesk", "ticket"] if row["id"] != number]
        if others and rng.random() < 0.5:
            rng.choice(others)["merged_ticket_ids"] = f"[{number}]"
        else:
            world.add("zendesk", "ticket_tag", ticket_id=number, tag="closed_by_merge")
