"""Segment's tables: sessions with gaps on the limit, bursts of blocked invitations, pages, use and receipts."""

from datetime import datetime, timedelta

from . import catalogue
from .span import MICROSECOND, time_of_day

DAY = timedelta(days=1)
LATENESS = timedelta(days=4)
GAPS = [
    timedelta(minutes=5),
    timedelta(minutes=29, seconds=59, microseconds=999_999),
    timedelta(minutes=30),
    timedelta(minutes=30, microseconds=1),
    timedelta(hours=2),
]
BURST = [
    timedelta(0),
    timedelta(minutes=10),
    timedelta(minutes=25),
    timedelta(minutes=25, microseconds=1),
    timedelta(minutes=50),
    timedelta(minutes=60),
]
PATHS = ["/home", "/pricing", "/pricing/plans", "/pricing/integrations", "/settings/integrations/slack", "/settings"]


def add_product(world) -> None:
    rng = world.rng
    for company in world.companies:
        if rng.random() < 0.06:
            continue
        users = [f"u_{company.account_id}_{number}" for number in range(rng.randint(2, 11))]
        if world.has("users_in_two_groups"):
            users.append(f"u_shared_{rng.randrange(3)}")
        add_group_calls(world, company, users)
        add_use(world, company, users)
        if rng.random() < 0.25:
            add_power_use(world, company, users[0])
        for _ in range(rng.choice([0, 1, 2, 4])):
            add_burst(world, company, users)
    if world.is_mixed:
        add_users_without_groups(world)
    if world.has("staff"):
        add_staff(world)
    if world.has("shared_hosts"):
        add_pages_of_others(world)
    if world.has("orphaned_organizations"):
        for _ in range(10):
            event(world, "workspace-nobody", "u_nobody", world.moment(), "project_completed")
    end = world.span.end_at
    company = world.companies[0]
    land(world, "tracks", company.group_id, f"u_{company.account_id}_0", end, event="task_created", received_at=end)


# ---------------------------------------------------------------- one event


def event(world, group_id, user, at: datetime, name: str, **properties) -> None:
    """A track; events with a table of their own stand there under the same id as well."""
    if user and world.has("anonymous_events", 0.05) and name not in ("feature_used", "api_usage"):
        user = None
    if world.has("events_without_group", 0.3) and user:
        group_id = None
    land(world, "tracks", group_id, user, at, event=name, **properties)


def page(world, group_id, user, at: datetime, path: str) -> None:
    if world.has("anonymous_events", 0.2):
        user = None
    if world.has("events_without_group", 0.3):
        group_id = None
    land(world, "pages", group_id, user, at, path=path, url=f"https://app.teamflow.example{path}")


def land(world, table, group_id, user, at, received_at=None, **properties) -> None:
    """Land the event's copies, those at least that arrived before the landing ended."""
    end_at = world.span.end_at
    event_id = world.next("evt_")
    copies = [arrival(world, at, received_at)]
    if world.has("repeated_events", 0.06) and received_at is None:
        again = copies[0][1] + world.rng.choice([MICROSECOND, timedelta(hours=1), 2 * DAY, 6 * DAY])
        moved = world.rng.choice([timedelta(0), timedelta(0), -DAY, timedelta(hours=3), timedelta(minutes=2)])
        copies.append((copies[0][0] + moved, again))
        if world.rng.random() < 0.5:
            copies.reverse()
    if world.has("repeats_after_dedup", 0.03) and received_at is None:
        later = 30 * DAY + world.rng.choice([timedelta(), MICROSECOND, 3 * DAY])
        copies.append((copies[0][0] + later, copies[0][1] + later))
    user, group_id = blanked(world, user, group_id)
    for timestamp, received in copies:
        if received > end_at:
            continue
        base = {
            "id": event_id,
            "anonymous_id": f"anon_{event_id}",
            "user_id": user,
            "timestamp": timestamp,
            "original_timestamp": timestamp,
            "sent_at": timestamp,
            "received_at": received,
            "context_group_id": world.spell_uuid(group_id),
        }
        name = properties.get("event")
        if table != "tracks":
            world.add("segment", table, **base, **properties)
            continue
        text = {"event_text": name.replace("_", " ").title()}
        world.add("segment", "tracks", **base, **text, event=name)
        if name in ("feature_used", "api_usage"):
            world.add("segment", name, **base, **text, **properties)


def blanked(world, user, group_id) -> tuple:
    """An empty text, or the word of a client that had no value, where there is no user or no group."""
    if "blank_users" not in world.dirt:
        return user, group_id
    words = ["", " ", "null", "undefined"] if "placeholders" in world.dirt else ["", " "]
    user, group_id = (value or world.rng.choice([None, *words]) for value in (user, group_id))
    return user, group_id


def arrival(world, at: datetime, received_at: datetime | None) -> tuple[datetime, datetime]:
    """The timestamp and the receipt of an event that happened at a moment."""
    rng = world.rng
    if received_at is not None:
        return at, received_at
    if world.has("late_events", 0.05):
        limit = datetime(at.year, at.month, at.day) + LATENESS
        return at, rng.choice([limit, limit + MICROSECOND, limit - MICROSECOND, at + 2 * DAY, at + 20 * DAY])
    if world.has("clock_skew", 0.04):
        return at + rng.choice([timedelta(seconds=1), timedelta(hours=5), 40 * DAY]), at
    return at, at + rng.choice([timedelta(0), timedelta(seconds=2), timedelta(minutes=3)])


# ---------------------------------------------------------------- use


def add_use(world, company, users: list[str]) -> None:
    """Sessions over the days, more of them in some stretches than in others."""
    rng, span = world.rng, world.span
    first_day = rng.choice([0, 0, 0, 20, 60])
    pace = rng.choice([0.3, 0.6, 1.0])
    level = 1.0
    joined = {user: rng.choice([0, 0, first_day, rng.randrange(span.days)]) for user in users}
    for offset in range(first_day, span.days + 1):
        if rng.random() < 0.02:
            level = rng.choice([0.2, 0.6, 1.0, 1.6])
        present = [user for user in users if joined[user] <= offset]
        if not present or rng.random() > pace * level:
            continue
        user = rng.choice(present)
        at = span.start_at + offset * DAY + time_of_day(rng)
        for _ in range(rng.choice([1, 1, 2, 3])):
            if at > span.end_at:
                break
            act(world, company, user, at)
            at += rng.choice(GAPS)


def act(world, company, user: str, at: datetime) -> None:
    """One thing that a user does."""
    rng = world.rng
    group_id = company.group_id
    draw = rng.random()
    if draw < 0.25:
        properties = {
            "feature": rng.choice(list(catalogue.FEATURES)),
            "team_id": rng.choice([None, f"team_{company.account_id}_a", f"team_{company.account_id}_b", "team_c"]),
        }
        event(world, group_id, user, at, "feature_used", **properties)
    elif draw < 0.36:
        event(world, group_id, user, at, "api_usage", quantity=rng.choice([10, 25, 50, 30]))
    elif draw < 0.42:
        event(world, group_id, user, at, rng.choice(["project_completed", "Goal Reached"]))
    elif draw < 0.46:
        event(world, group_id, user, at, "upgrade_clicked")
    elif draw < 0.75:
        page(world, group_id, user, at, rng.choice(PATHS))
    elif draw < 0.8 and ("segment", "screens") not in world.tables.absent:
        land(world, "screens", group_id, user, at, name="Home")
    else:
        event(world, group_id, user, at, rng.choice(["task_created", "comment_added"]))


def add_power_use(world, company, user: str) -> None:
    """About 20 hours within a week, in gaps of exactly half an hour: 40 of them are not more than 20 hours."""
    rng, span = world.rng, world.span
    at = span.start_at + timedelta(days=rng.randrange(70, span.days - 8), hours=rng.choice([0, 0, 9]))
    for _ in range(1 + rng.choice([40, 41, 41, 44])):
        land(world, "tracks", company.group_id, user, at, event="task_created", received_at=at)
        at += timedelta(minutes=30)


def add_burst(world, company, users: list[str]) -> None:
    """Blocked invitations at the edges of a burst, often over midnight or exactly on it."""
    rng, span = world.rng, world.span
    on = span.start_at + timedelta(days=rng.randrange(50, span.days + 1))
    start = on + rng.choice([timedelta(0), timedelta(hours=10), timedelta(hours=23, minutes=50), -MICROSECOND])
    for offset in sorted(rng.choices(BURST, k=rng.randint(1, 6))):
        if start + offset <= span.end_at:
            event(world, company.group_id, rng.choice(users), start + offset, "invite_blocked")


def add_group_calls(world, company, users: list[str]) -> None:
    """Who belongs to which group since when, and the group's traits."""
    rng, span = world.rng, world.span
    stored = rng.choice([4, 9, 40])
    for user in users:
        at = span.start_at - timedelta(days=rng.randrange(1, 30)) + time_of_day(rng)
        call(world, company, user, at)
        for _ in range(rng.choice([0, 0, 1, 2])):
            stored += rng.choice([0, 1, 5, -2, 0.5])
            call(world, company, user, world.moment(), storage_used_gb=max(stored, 0))
        if world.has("events_without_group", 0.15):
            other = rng.choice(world.companies)
            at = world.moment()
            call(world, other, user, at)
            land(world, "tracks", None, user, at, event=rng.choice(["invite_blocked", "project_completed"]))
            if rng.random() < 0.5:
                call(world, company, user, at)
    if rng.random() < 0.5:
        call(world, company, None, world.moment(), storage_used_gb=stored)


def call(world, company, user: str | None, at: datetime, storage_used_gb=None) -> None:
    rng = world.rng
    received = at + rng.choice([timedelta(0), timedelta(seconds=5)])
    timestamp = at
    if world.has("late_events", 0.1):
        limit = datetime(at.year, at.month, at.day) + LATENESS
        received = rng.choice([limit, limit + MICROSECOND, at + 9 * DAY])
    elif world.has("clock_skew", 0.1):
        timestamp = at + timedelta(hours=7)
    elif user and rng.random() < 0.05:
        timestamp = None
    if received > world.span.end_at:
        return
    call_id = world.next("grp_")
    for again in range(2 if world.has("repeated_events", 0.1) else 1):
        if received + again * DAY <= world.span.end_at:
            world.add(
                "segment",
                "groups",
                id=call_id,
                group_id=world.spell_uuid(company.group_id),
                user_id=user,
                timestamp=timestamp,
                received_at=received + again * DAY,
                storage_used_gb=storage_used_gb,
                **company.group_traits,
            )


def add_pages_of_others(world) -> None:
    """Groups whose pages stand on a host that a company's page stands on too."""
    for host in catalogue.SHARED_HOSTS:
        at = world.moment()
        traits = {"website": f"https://{host}/somebody-else", "name": None}
        calls = {"timestamp": at, "received_at": at, **traits}
        world.add("segment", "groups", id=world.next("grp_"), group_id=f"page-{host}", user_id=None, **calls)
        land(world, "tracks", f"page-{host}", f"u_{host}", at, event="project_completed", received_at=at)


def add_users_without_groups(world) -> None:
    """Users whom only their e-mail places: at a company's own domain, or at one that names no single account."""
    rng, span = world.rng, world.span
    early, late = span.start_at + 2 * DAY, span.start_at + 110 * DAY
    hosts = [company.domain for company in rng.sample(world.companies, 4)]
    hosts += [f"mail.{hosts[0]}", hosts[1].upper(), "twin.example", "nobody.example"]
    hosts += [rng.choice(catalogue.FREE_DOMAINS), *catalogue.SHARED_HOSTS, rng.choice(catalogue.OWN_DOMAINS)]
    for number, host in enumerate(hosts):
        user = f"w_{number}"
        if rng.random() < 0.25:
            identify(world, user, early, f"{user}@{rng.choice(hosts)}")
        identify(world, user, late, f"{user}@{host}")
        if rng.random() < 0.3:
            call(world, rng.choice(world.companies), user, world.moment())
        add_use_without_group(world, user)
    # Of these nothing is known.
    add_use_without_group(world, "w_unknown")


def add_use_without_group(world, user: str) -> None:
    rng, span = world.rng, world.span
    for _ in range(rng.randint(4, 14)):
        at = world.moment(span.start_at + 20 * DAY, span.end_at)
        for _ in range(rng.choice([1, 1, 2])):
            name = rng.choice(
                ["invite_blocked", "upgrade_clicked", "task_created", "project_completed", "feature_used"]
            )
            properties = {"feature": "gantt", "team_id": f"team_{user}"} if name == "feature_used" else {}
            land(world, "tracks", None, user, at, event=name, **properties)
            at += rng.choice(GAPS)


def identify(world, user: str, at: datetime, email: str | None) -> None:
    calls = {"id": world.next("idf_"), "timestamp": at, "received_at": at}
    world.add("segment", "identifies", user_id=user, email=email, **calls)


def add_staff(world) -> None:
    """Our people, known by their newest e-mail: one came to us, one left us."""
    rng, span = world.rng, world.span
    early, late = span.start_at + 5 * DAY, span.start_at + 90 * DAY
    identities = {
        "u_staff_1": [(early, "ann@teamflow.example")],
        "u_staff_2": [(early, "bob@customer.example"), (late, "bob@TeamFlow-Labs.example")],
        "u_staff_3": [(late, None), (early, "cid@teamflow.example")],
        "u_not_staff": [(early, "dee@teamflow.example"), (late, "dee@sub.teamflow.example")],
    }
    for user, known in identities.items():
        for at, email in known:
            identify(world, user, at, email)
        for _ in range(25):
            company = rng.choice(world.companies)
            at = world.moment()
            name = rng.choice(["invite_blocked", "task_created", "project_completed", "feature_used", "api_usage"])
            properties = {"feature": "sso", "team_id": "team_staff"} if name == "feature_used" else {}
            properties |= {"quantity": 500} if name == "api_usage" else {}
            land(world, "tracks", company.group_id, user, at, event=name, **properties)
