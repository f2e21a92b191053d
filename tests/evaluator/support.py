"""Tickets and what their status and priority were at any instant."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime

from .clock import Clock
from .identity import Identity
from .loading import DELETION, Landing, Seeds, is_live, label, text, timestamp

SETTLED = ("solved", "closed", "deleted")
PRESSING = ("urgent", "high")


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
    organization_of = {
        row["id"]: row["organization_id"]
        for row in landing.rows("zendesk", "user", {"id": text, "organization_id": text})
    }
    limit_tags = set(seeds.values("limit_tags", "tag"))
    about_limits = {
        row["ticket_id"]
        for row in landing.rows("zendesk", "ticket_tag", {"ticket_id": text, "tag": label})
        if row["tag"] in limit_tags
    }
    history = defaultdict(lambda: defaultdict(list))
    for row in landing.rows(
        "zendesk",
        "ticket_field_history",
        {"ticket_id": text, "field_name": text, "value": text, "updated": timestamp},
    ):
        if row["updated"] is not None:
            history[row["ticket_id"]][row["field_name"]].append((row["updated"], row["value"]))

    by_account = defaultdict(list)
    created = []
    for row in landing.rows(
        "zendesk",
        "ticket",
        {
            "id": text,
            "organization_id": text,
            "requester_id": text,
            "status": label,
            "priority": label,
            "created_at": timestamp,
            **DELETION,
        },
        required=("id", "created_at"),
    ):
        if not is_live(row):
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
                    row["id"] in about_limits,
                )
            )
    starts_on = min(created).date() if created else None
    return Support(dict(by_account), set(identity.organizations.values()), starts_on)
