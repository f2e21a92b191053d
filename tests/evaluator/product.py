"""Product events: which count, whose they are, and what was used on each day."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from .clock import Clock
from .identity import Identity, email_domains
from .loading import Landing, Seeds, boolean, ident, label, number, proper, text, timestamp

COLUMNS = {
    "id": ident,
    "user_id": ident,
    "context_group_id": ident,
    "timestamp": timestamp,
    "received_at": timestamp,
}
REQUIRED = ("id", "timestamp", "received_at")


def counted_copies(rows: list[dict], dedup: timedelta) -> list[dict]:
    """Each event once: of its copies the one received first, and again any that comes long after the one that counted."""
    counted: dict[str, dict] = {}
    kept = []
    for row in sorted(rows, key=lambda row: (row["received_at"], row["timestamp"] or row["received_at"])):
        row["event_at"] = min(row["timestamp"] or row["received_at"], row["received_at"])
        if row["id"] in counted and row["received_at"] - counted[row["id"]]["received_at"] <= dedup:
            continue
        counted[row["id"]] = row
        kept.append(row)
    return kept


@dataclass
class RawProduct:
    """The landing of the product vendor, de-duplicated, before any judgement."""

    events: list[dict]
    groups: list[dict]
    group_ids: set[str]
    newest_receipt: datetime | None
    staff: set[str]
    domains: dict[str, set[str]]
    dedup: timedelta


def load_raw_product(landing: Landing, seeds: Seeds, dedup: timedelta = timedelta(days=30)) -> RawProduct:
    rows = []
    for table, extra in (
        ("tracks", {"event": text}),
        ("pages", {"path": text, "url": text, "name": text}),
        ("screens", {"name": text}),
    ):
        for row in landing.rows("segment", table, COLUMNS | extra, required=REQUIRED):
            rows.append(row | {"source_table": table})
    groups = counted_copies(
        landing.rows(
            "segment",
            "groups",
            {
                "id": ident,
                "group_id": ident,
                "user_id": ident,
                "timestamp": timestamp,
                "received_at": timestamp,
                "name": proper,
                "website": proper,
                "storage_used_gb": number,
            },
            required=("id", "group_id", "received_at"),
        ),
        dedup,
    )
    groups.sort(key=lambda row: (row["event_at"], row["id"]))
    newest = max((row["received_at"] for row in rows), default=None)
    named = {row["context_group_id"] for row in rows if row["context_group_id"]}
    domains = {user_id: email_domains(email) for user_id, email in user_emails(landing).items()}
    own_domains = {domain.lower() for domain in seeds.values("internal_domains", "domain")}
    return RawProduct(
        events=counted_copies(rows, dedup),
        groups=groups,
        group_ids=named | {row["group_id"] for row in groups},
        newest_receipt=newest,
        staff={user_id for user_id, named in domains.items() if named & own_domains},
        domains=domains,
        dedup=dedup,
    )


def user_emails(landing: Landing) -> dict[str, str]:
    """The newest known e-mail of each user; what the table of users says stands above the calls."""
    emails: dict[str, str] = {}
    identifies = landing.rows(
        "segment",
        "identifies",
        {"id": text, "user_id": ident, "email": proper, "timestamp": timestamp, "received_at": timestamp},
    )
    placed = []
    for row in identifies:
        known = [moment for moment in (row["timestamp"], row["received_at"]) if moment]
        if row["user_id"] and row["email"] and known:
            placed.append((min(known), row["id"] or "", row["user_id"], row["email"]))
    for _, _, user_id, email in sorted(placed):
        emails[user_id] = email
    for row in landing.rows("segment", "users", {"id": ident, "email": proper}):
        if row["id"] and row["email"]:
            emails[row["id"]] = row["email"]
    return emails


def tracking_plan(seeds: Seeds):
    """A function from an event to its row of the plan: the equal name, or the longest path prefix."""
    rows = seeds.rows(
        "tracking_plan",
        {"source_table": label, "match_type": label, "pattern": label, "action": label, "is_value_event": boolean},
    )

    def plan_of(event: dict) -> dict:
        best = None
        for row in rows:
            if row["source_table"] != event["source_table"]:
                continue
            if row["match_type"] == "event":
                hit = row["pattern"] == (event["event"] if "event" in event else event["name"])
            else:
                hit = (event.get("path") or "").startswith(row["pattern"])
            if hit and (best is None or len(row["pattern"]) > len(best["pattern"])):
                best = row
        return best or {"action": None, "is_value_event": False}

    return plan_of


@dataclass
class ProductFacts:
    """What counts of an account, sorted by event time."""

    events: list[dict] = field(default_factory=list)
    features: list[dict] = field(default_factory=list)
    usage: list[dict] = field(default_factory=list)
    storage: list[tuple[datetime, str, object]] = field(default_factory=list)

    @property
    def first_event_on(self) -> date | None:
        return self.events[0]["event_at"].date() if self.events else None


@dataclass
class Product:
    by_account: dict[str, ProductFacts]
    starts_on: date | None


def load_product(landing: Landing, seeds: Seeds, raw: RawProduct, identity: Identity, clock: Clock) -> Product:
    def counts(row: dict) -> bool:
        return clock.arrived_in_time(row["event_at"], row["received_at"]) and row["user_id"] not in raw.staff

    calls_of = defaultdict(list)
    for call in raw.groups:
        if call["user_id"] and counts(call):
            calls_of[call["user_id"]].append(call)

    def account_of(row: dict) -> str | None:
        """The group on the event, else of its user's newest call by then - matched or not -, else the user's domain."""
        group_id = row["context_group_id"]
        if group_id is None and row["user_id"]:
            for call in calls_of[row["user_id"]]:
                if call["event_at"] <= row["event_at"]:
                    group_id = call["group_id"]
            if group_id is None:
                named = {identity.domains.get(domain) for domain in raw.domains.get(row["user_id"], ())} - {None}
                return next(iter(named)) if len(named) == 1 else None
        return identity.groups.get(group_id)

    by_account: dict[str, ProductFacts] = defaultdict(ProductFacts)
    plan_of = tracking_plan(seeds)
    for event in raw.events:
        if counts(event) and (account_id := account_of(event)):
            plan = plan_of(event)
            by_account[account_id].events.append(
                event | {"action": plan["action"], "is_value_event": bool(plan["is_value_event"])}
            )
    for table, extra, kind in (
        ("feature_used", {"feature": label, "team_id": label}, "features"),
        ("api_usage", {"quantity": number}, "usage"),
    ):
        for row in counted_copies(landing.rows("segment", table, COLUMNS | extra, required=REQUIRED), raw.dedup):
            if counts(row) and (account_id := account_of(row)):
                getattr(by_account[account_id], kind).append(row)
    for call in raw.groups:
        account_id = identity.groups.get(call["group_id"])
        if account_id and counts(call) and call["storage_used_gb"] is not None:
            by_account[account_id].storage.append((call["event_at"], call["id"], call["storage_used_gb"]))

    for facts in by_account.values():
        for rows in (facts.events, facts.features, facts.usage):
            rows.sort(key=lambda row: (row["event_at"], row["id"]))
    first_days = [facts.first_event_on for facts in by_account.values() if facts.events]
    return Product(dict(by_account), min(first_days, default=None))
