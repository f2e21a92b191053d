"""Contacts, opportunities, tasks, headcount and the people who own accounts."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from .clock import Clock, close_of, in_force, midnight
from .identity import Identity, plain_words
from .loading import DELETION, Landing, Seeds, boolean, is_live, label, text, timestamp, whole


@dataclass
class Opportunity:
    created_at: datetime
    closed_at: datetime | None
    is_won: bool
    history: list[dict]

    def is_open(self, before: datetime) -> bool:
        if self.created_at >= before:
            return False
        if self.history:
            rows = [row for row in self.history if in_force(row["_fivetran_start"], row["_fivetran_end"], before)]
            return bool(rows) and not max(rows, key=lambda row: row["_fivetran_start"])["is_closed"]
        return self.closed_at is None or self.closed_at >= before

    def lost_at(self) -> datetime | None:
        """When it was first seen closed and not won."""
        if self.history:
            lost = [row["_fivetran_start"] for row in self.history if row["is_closed"] and not row["is_won"]]
            return min(lost, default=None)
        return None if self.is_won else self.closed_at

    def won_at(self) -> datetime | None:
        """When it was first seen closed and won."""
        if self.history:
            won = [row["_fivetran_start"] for row in self.history if row["is_closed"] and row["is_won"]]
            return min(won, default=None)
        return self.closed_at if self.is_won else None


@dataclass
class Crm:
    identity: Identity
    clock: Clock
    contacts: dict[str, list[dict]]
    contacts_start_on: date | None
    opportunities: dict[str, list[Opportunity]]
    declines: dict[str, list[datetime]]
    answers: dict[str, list[tuple[str, datetime]]]
    headcounts: dict[str, list[dict]]
    history_starts_on: date | None
    segments: list[dict]
    people: dict[str, dict]

    def account(self, account_id: str) -> dict:
        return self.identity.accounts.by_id[account_id]

    def employees(self, account_id: str, on: date) -> int | None:
        """Employees at the close of a day, by the account's history."""
        rows = [
            row
            for row in self.headcounts.get(account_id, [])
            if in_force(row["_fivetran_start"], row["_fivetran_end"], close_of(on))
        ]
        return max(rows, key=lambda row: row["_fivetran_start"])["number_of_employees"] if rows else None

    def segment(self, account_id: str, on: date) -> str | None:
        if account_id in self.headcounts:
            employees = self.employees(account_id, on)
        else:
            employees = self.account(account_id)["number_of_employees"]
        for row in self.segments:
            above = row["min_employees"] is None or (employees is not None and employees >= row["min_employees"])
            below = row["max_employees"] is None or (employees is not None and employees <= row["max_employees"])
            if employees is not None and above and below:
                return row["segment"]
        return None

    def has_open_expansion(self, account_id: str, before: datetime) -> bool:
        return any(deal.is_open(before) for deal in self.opportunities.get(account_id, []))

    def has_opted_out(self, account_id: str, before: datetime) -> bool:
        opted_out_on = self.account(account_id)["expansion_opt_out_date"]
        return opted_out_on is not None and midnight(opted_out_on) < before

    def newest_contact(self, account_id: str, before: datetime) -> str | None:
        """The newest contact with an executive title, else the newest one."""
        known = [
            (row["is_executive"], row["created_date"], row["id"])
            for row in self.contacts.get(account_id, [])
            if row["created_date"] < before
        ]
        return max(known)[2] if known else None


def is_executive(title: str | None, titles: list[str]) -> bool:
    words = f" {plain_words(title)} "
    return any(f" {plain_words(executive)} " in words for executive in titles)


def load_crm(landing: Landing, seeds: Seeds, identity: Identity, clock: Clock) -> Crm:
    survivor = identity.accounts.survivor
    titles = seeds.values("executive_titles", "title")

    contacts = defaultdict(list)
    contact_rows = [
        row
        for row in landing.rows(
            "salesforce",
            "contact",
            {"id": text, "account_id": label, "title": label, "created_date": timestamp, **DELETION},
            required=("id", "created_date"),
        )
        if is_live(row)
    ]
    for row in contact_rows:
        account_id = survivor(row["account_id"])
        if account_id and clock.seen(row["created_date"]):
            contacts[account_id].append(row | {"is_executive": is_executive(row["title"], titles)})

    expansion_types = {
        row["type"]
        for row in seeds.rows("opportunity_types", {"type": label, "is_expansion": boolean})
        if row["is_expansion"]
    }
    deal_history = defaultdict(list)
    for row in landing.rows(
        "salesforce_history",
        "opportunity",
        {
            "id": text,
            "is_closed": boolean,
            "is_won": boolean,
            "_fivetran_start": timestamp,
            "_fivetran_end": timestamp,
        },
        required=("id", "_fivetran_start"),
    ):
        deal_history[row["id"]].append(row)
    opportunities = defaultdict(list)
    declines = defaultdict(list)
    answers = defaultdict(list)
    for row in landing.rows(
        "salesforce",
        "opportunity",
        {
            "id": text,
            "account_id": label,
            "type": label,
            "created_date": timestamp,
            "close_date": timestamp,
            "is_closed": boolean,
            "is_won": boolean,
            **DELETION,
        },
        required=("id", "created_date"),
    ):
        account_id = survivor(row["account_id"])
        if not is_live(row) or not account_id or row["type"] not in expansion_types:
            continue
        deal = Opportunity(
            row["created_date"],
            row["close_date"] if row["is_closed"] and clock.seen(row["close_date"]) else None,
            bool(row["is_won"]),
            [item for item in deal_history[row["id"]] if clock.seen(item["_fivetran_start"])]
            if deal_history[row["id"]]
            else [],
        )
        if deal_history[row["id"]] and not deal.history:
            continue
        opportunities[account_id].append(deal)
        if deal.lost_at():
            declines[account_id].append(deal.lost_at())
            answers[account_id].append(("lost", deal.lost_at()))
        if deal.won_at():
            answers[account_id].append(("won", deal.won_at()))

    dispositions = set(seeds.values("decline_dispositions", "call_disposition"))
    for row in landing.rows(
        "salesforce",
        "task",
        {
            "id": text,
            "account_id": label,
            "call_disposition": label,
            "completed_date_time": timestamp,
            "created_date": timestamp,
            **DELETION,
        },
        required=("id", "created_date"),
    ):
        account_id = survivor(row["account_id"])
        declined_at = row["completed_date_time"] or row["created_date"]
        if is_live(row) and account_id and row["call_disposition"] in dispositions and clock.seen(declined_at):
            declines[account_id].append(declined_at)
            answers[account_id].append(("declined", declined_at))

    headcounts = defaultdict(list)
    history_starts = []
    for row in landing.rows(
        "salesforce_history",
        "account",
        {
            "id": text,
            "number_of_employees": whole,
            "_fivetran_start": timestamp,
            "_fivetran_end": timestamp,
        },
        required=("id", "_fivetran_start"),
    ):
        headcounts[row["id"]].append(row)
        history_starts.append(row["_fivetran_start"])

    people = {
        row["id"]: row
        for row in landing.rows(
            "salesforce",
            "user",
            {"id": text, "email": label, "is_active": boolean, **DELETION},
            required=("id",),
        )
        if is_live(row) and row["is_active"] is not False
    }
    return Crm(
        identity=identity,
        clock=clock,
        contacts=dict(contacts),
        contacts_start_on=min((row["created_date"].date() for row in contact_rows), default=None),
        opportunities=dict(opportunities),
        declines=dict(declines),
        answers=dict(answers),
        headcounts=dict(headcounts),
        history_starts_on=min(history_starts).date() if history_starts else None,
        segments=seeds.rows("segments", {"segment": label, "min_employees": whole, "max_employees": whole}),
        people=people,
    )
