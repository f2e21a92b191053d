"""Contacts, opportunities, tasks, headcount and the people who own accounts."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from . import hubspot
from .clock import Clock, close_of, in_force, in_order_of_start, midnight
from .identity import Identity, key_of, plain_words
from .loading import DELETION, Landing, Seeds, boolean, ident, is_live, label, proper, timestamp, whole, word


@dataclass
class Opportunity:
    """A deal, open from its creation; `changes` are its versions, `closed_at` when it was closed before them."""

    created_at: datetime
    closed_at: datetime | None
    is_won: bool
    changes: list[dict]

    def is_open(self, before: datetime) -> bool:
        if self.created_at >= before:
            return False
        if self.changes and self.changes[0]["_fivetran_start"] < before:
            rows = [row for row in self.changes if in_force(row["_fivetran_start"], row["_fivetran_end"], before)]
            return bool(rows) and not rows[-1]["is_closed"]
        return self.closed_at is None or self.closed_at >= before

    def lost_at(self) -> datetime | None:
        """When it was first closed and not won."""
        lost = [row["_fivetran_start"] for row in self.changes if row["is_closed"] and not row["is_won"]]
        if self.closed_at and not self.is_won:
            lost.append(self.closed_at)
        return min(lost, default=None)

    def won_at(self) -> datetime | None:
        """When it was first closed and won."""
        won = [row["_fivetran_start"] for row in self.changes if row["is_closed"] and row["is_won"]]
        if self.closed_at and self.is_won:
            won.append(self.closed_at)
        return min(won, default=None)


def read_opportunity(row: dict, versions: list[dict], clock: Clock) -> Opportunity:
    """What is known of a deal: its history, and what was before it or stands in its place."""
    created_at = row["created_date"]
    if versions:
        versions = in_order_of_start(versions)
        first, closed_at = versions[0], None
        if first["is_closed"]:
            # Closed before anybody kept a history of it.
            written, start = first["close_date"] or row["close_date"], first["_fivetran_start"]
            closed_at = written if written and written <= start else start
    else:
        first, closed_at = row, None
        if row["is_closed"]:
            dated = row["close_date"] if clock.seen(row["close_date"]) else row["last_modified_date"]
            closed_at = row["last_stage_change_date"] or dated
    closed_at = closed_at and max(closed_at, created_at)
    return Opportunity(
        created_at,
        closed_at if clock.seen(closed_at) else None,
        bool(first["is_won"]),
        [version for version in versions if clock.seen(version["_fivetran_start"])],
    )


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
    # vars: account_family
    account_family: str

    def __post_init__(self):
        members = defaultdict(list)
        for account_id in self.identity.accounts.live:
            members[self.family(account_id)].append(account_id)
        self.members = dict(members)

    def family(self, account_id: str) -> str:
        """What shares exclusions and limits with an account."""
        return self.identity.accounts.head(account_id) if self.account_family == "ultimate_parent" else account_id

    def relatives(self, account_id: str) -> list[str]:
        return self.members[self.family(account_id)]

    def has_declined(self, account_id: str, first: date, last: date) -> bool:
        """Whether somebody of the family said no on one of these days."""
        return any(
            first <= moment.date() <= last
            for relative in self.relatives(account_id)
            for moment in self.declines.get(relative, [])
        )

    def account(self, account_id: str) -> dict:
        return self.identity.accounts.by_id[account_id]

    def employees(self, account_id: str, on: date) -> int | None:
        """Employees at the close of a day: by the account's history, before it as its first version says."""
        versions = self.headcounts.get(account_id)
        if not versions:
            return self.account(account_id)["number_of_employees"]
        if versions[0]["_fivetran_start"] >= close_of(on):
            created_at = self.account(account_id)["created_date"]
            return versions[0]["number_of_employees"] if created_at is None or created_at < close_of(on) else None
        rows = [row for row in versions if in_force(row["_fivetran_start"], row["_fivetran_end"], close_of(on))]
        return rows[-1]["number_of_employees"] if rows else None

    def segment(self, account_id: str, on: date) -> str | None:
        employees = self.employees(account_id, on)
        for row in self.segments:
            above = row["min_employees"] is None or (employees is not None and employees >= row["min_employees"])
            below = row["max_employees"] is None or (employees is not None and employees <= row["max_employees"])
            if employees is not None and above and below:
                return row["segment"]
        return None

    def has_open_expansion(self, account_id: str, before: datetime) -> bool:
        relatives = self.relatives(account_id)
        return any(deal.is_open(before) for relative in relatives for deal in self.opportunities.get(relative, []))

    def has_opted_out(self, account_id: str, before: datetime) -> bool:
        dates = [self.account(relative)["expansion_opt_out_date"] for relative in self.relatives(account_id)]
        return any(opted_out_on is not None and midnight(opted_out_on) < before for opted_out_on in dates)

    def newest_contact(self, account_id: str, before: datetime) -> str | None:
        """The newest contact with an executive title, else the newest one, of those that can be written to."""
        known = [
            (row["is_executive"], row["created_date"], row["id"])
            for row in self.contacts.get(account_id, [])
            if row["created_date"] < before and row["is_reachable"]
        ]
        return max(known)[2] if known else None

    def is_anybody_there(self, account_id: str) -> bool:
        return any(row["is_reachable"] for row in self.contacts.get(account_id, []))


def is_executive(title: str | None, titles: list[str]) -> bool:
    words = f" {plain_words(title)} "
    return any(f" {plain_words(executive)} " in words for executive in titles)


def load_crm(
    landing: Landing,
    seeds: Seeds,
    identity: Identity,
    clock: Clock,
    crm: str = "salesforce",
    account_family: str = "account",
) -> Crm:
    survivor = identity.accounts.survivor
    titles = seeds.values("executive_titles", "title")
    tables = hubspot_tables(landing, survivor) if crm == "hubspot" else salesforce_tables(landing)

    contacts = defaultdict(list)
    contact_rows = [row for row in tables["contact"] if is_live(row) and not row["master_record_id"]]
    for row in contact_rows:
        account_id = survivor(row["account_id"])
        if account_id and clock.seen(row["created_date"]):
            is_known = "@" in (row["email"] or "")
            is_refused = row["has_opted_out_of_email"] or row["is_email_bounced"] or row["email_bounced_date"]
            contacts[account_id].append(
                row
                | {
                    "is_executive": is_executive(row["title"], titles),
                    "is_reachable": is_known and not is_refused,
                }
            )

    expansion_types = {
        row["type"]
        for row in seeds.rows("opportunity_types", {"type": word, "is_expansion": boolean})
        if row["is_expansion"]
    }
    versions_of = defaultdict(list)
    for row in tables["opportunity_history"]:
        versions_of[key_of(row["id"])].append(row)
    opportunities = defaultdict(list)
    declines = defaultdict(list)
    answers = defaultdict(list)
    for row in tables["opportunity"]:
        account_id = survivor(row["account_id"])
        if not is_live(row) or not account_id or row["type"] not in expansion_types:
            continue
        if not clock.seen(row["created_date"]):
            continue
        deal = read_opportunity(row, versions_of[key_of(row["id"])], clock)
        opportunities[account_id].append(deal)
        if deal.lost_at():
            declines[account_id].append(deal.lost_at())
            answers[account_id].append(("lost", deal.lost_at()))
        if deal.won_at():
            answers[account_id].append(("won", deal.won_at()))

    dispositions = {disposition.lower() for disposition in seeds.values("decline_dispositions", "call_disposition")}
    for row in tables["task"]:
        account_id = survivor(row["account_id"])
        declined_at = row["completed_date_time"] or row["created_date"]
        if is_live(row) and account_id and row["call_disposition"] in dispositions and clock.seen(declined_at):
            declines[account_id].append(declined_at)
            answers[account_id].append(("declined", declined_at))

    headcounts = defaultdict(list)
    history_starts = []
    for row in tables["account_history"]:
        if (account_id := survivor(row["id"])) and key_of(account_id) == key_of(row["id"]):
            headcounts[account_id].append(row)
        history_starts.append(row["_fivetran_start"])

    people = {key_of(row["id"]): row for row in tables["user"] if row["is_active"] is not False}
    return Crm(
        identity=identity,
        clock=clock,
        contacts=dict(contacts),
        contacts_start_on=min((row["created_date"].date() for row in contact_rows), default=None),
        opportunities=dict(opportunities),
        declines=dict(declines),
        answers=dict(answers),
        headcounts={account_id: in_order_of_start(rows) for account_id, rows in headcounts.items()},
        history_starts_on=min(history_starts).date() if history_starts else None,
        segments=seeds.rows("segments", {"segment": label, "min_employees": whole, "max_employees": whole}),
        people=people,
        account_family=account_family,
    )


def salesforce_tables(landing: Landing) -> dict[str, list[dict]]:
    """Salesforce's rows by what they are."""
    interval = {"_fivetran_start": timestamp, "_fivetran_end": timestamp}
    state = {"is_closed": boolean, "is_won": boolean, "close_date": timestamp}
    deal = {"last_stage_change_date": timestamp, "last_modified_date": timestamp, "type": word}
    shared = {"id": ident, "account_id": ident, "created_date": timestamp}
    contact = {
        "title": proper,
        "master_record_id": ident,
        "email": proper,
        "has_opted_out_of_email": boolean,
        "is_email_bounced": boolean,
        "email_bounced_date": timestamp,
    }
    task = {"call_disposition": word, "completed_date_time": timestamp}
    dated, versioned = ("id", "created_date"), ("id", "_fivetran_start")
    users = landing.rows(
        "salesforce", "user", {"id": ident, "email": proper, "is_active": boolean, **DELETION}, ("id",)
    )
    return {
        "contact": landing.rows("salesforce", "contact", shared | contact | DELETION, dated),
        "opportunity": landing.rows("salesforce", "opportunity", shared | state | deal | DELETION, dated),
        "opportunity_history": landing.rows(
            "salesforce_history", "opportunity", {"id": ident} | state | interval, versioned
        ),
        "task": landing.rows("salesforce", "task", shared | task | DELETION, dated),
        "account_history": landing.rows(
            "salesforce_history", "account", {"id": ident, "number_of_employees": whole} | interval, versioned
        ),
        "user": [row for row in users if is_live(row)],
    }


def hubspot_tables(landing: Landing, survivor) -> dict[str, list[dict]]:
    return {
        "contact": hubspot.contacts(landing),
        "opportunity": hubspot.deals(landing, survivor),
        "opportunity_history": hubspot.deal_history(landing),
        "task": hubspot.calls(landing),
        "account_history": [],
        "user": hubspot.people(landing),
    }
