"""Tickets and what their status and priority were at any instant."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime

from .clock import Clock
from .identity import Identity
from .loading import DELETION, Landing, Seeds, ident, is_live, text, timestamp, word

SETTLED = ("solved", "closed", "deleted")
PRESSING = ("urgent", "high")
#: The tag of a ticket that was merged into another one.
MERGED = "closed_by_merge"


@dataclass
class Ticket:
    id: str
    account_id: str | None
    created_at: datetime
    current: dict
    history: dict[str, list[tuple[datetime, str]]] = field(default_factory=dict)
    is_about_limits: bool = False

    def value(self, name: str, before: datetime, clock: Clock) -> str | None:
        """A field as the changes before an instant left it; without any history, as it is today."""
        if name not in self.history:
            return self.current[name]
        changes = [
            (updated, value or "") for updated, value in self.history[name] if updated < before and clock.seen(updated)
        ]
        return max(changes)[1] if changes else None

    def is_pressing(self, before: datetime, clock: Clock) -> bool:
        return (
            self.created_at < before
            and clock.seen(self.created_at)
            and self.value("priority", before, clock) in PRESSING
            and self.value("status", before, clock) not in SETTLED
        )


@dataclass
class Support:
    by_account: dict[str, list[Ticket]]
    matched_accounts: set[str]
    starts_on: date | None

    def tickets(self, account_id: str) -> list[Ticket]:
        return self.by_account.get(account_id, [])


def load_support(landing: Landing, seeds: Seeds, identity: Identity, clock: Clock) -> Support:
    users = landing.rows("zendesk", "user", {"id": ident, "organization_id": ident}, required=("id",))
    organization_of = {row["id"]: row["organization_id"] for row in users}
    limit_tags = {tag.lower() for tag in seeds.values("limit_tags", "tag")}
    tags = defaultdict(set)
    for row in landing.rows("zendesk", "ticket_tag", {"ticket_id": ident, "tag": word}):
        tags[row["ticket_id"]].add(row["tag"])
    history = defaultdict(lambda: defaultdict(list))
    for row in landing.rows(
        "zendesk",
        "ticket_field_history",
        {"ticket_id": ident, "field_name": word, "value": word, "updated": timestamp},
    ):
        if row["updated"] is not None:
            history[row["ticket_id"]][row["field_name"]].append((row["updated"], row["value"]))

    rows = landing.rows(
        "zendesk",
        "ticket",
        {
            "id": ident,
            "organization_id": ident,
            "requester_id": ident,
            "status": word,
            "priority": word,
            "created_at": timestamp,
            "merged_ticket_ids": text,
            **DELETION,
        },
        required=("id", "created_at"),
    )
    merged = {part for row in rows for part in re.findall(r"\d+", row["merged_ticket_ids"] or "")}
    by_account = defaultdict(list)
    created = []
    for row in rows:
        is_gone = row["status"] == "deleted" or MERGED in tags[row["id"]] or row["id"] in merged
        if not is_live(row) or is_gone:
            continue
        created.append(row["created_at"])
        organization_id = row["organization_id"] or organization_of.get(row["requester_id"])
        account_id = identity.organizations.get(organization_id)
        if account_id:
            by_account[account_id].append(
                Ticket(
                    row["id"],
                    account_id,
                    row["created_at"],
                    {"status": row["status"], "priority": row["priority"]},
                    dict(history[row["id"]]),
                    bool(limit_tags & tags[row["id"]]),
                )
            )
    starts_on = min(created).date() if created else None
    return Support(dict(by_account), set(identity.organizations.values()), starts_on)
