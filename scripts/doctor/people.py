"""Roles and the people behind them: a role that no account has a person for, and that no queue stands in for."""

from __future__ import annotations

from collections.abc import Iterator

from .finding import Finding, Rows, Severity, counted, listed, percent
from .landing import Landing

CONCERN = "people"
HEADER = ("role", "person_field", "fallback_role", "queue_email", "channel", "comment")
STANDARD = {"owner": "owner_id", "success_manager": "success_manager_id"}


def check(landing: Landing) -> list[Finding]:
    roles, seed = _roles(landing), landing.settings.seed("roles")
    used = _used(landing)
    found = []
    for role in sorted(used.keys() - roles.keys()):
        found.append(
            Finding(
                Severity.STOPS,
                CONCERN,
                f"The role {role} {used[role]}, and {seed.file} does not know it.",
                Rows(seed.file, seed.columns or HEADER, (_row(seed.columns or HEADER, role),)),
                rank=5,
            )  # fmt: skip
        )
    for role, (field, queue) in roles.items():
        found += _role(landing, role, field, queue, seed.file, role in used)
    return found + list(_gone(landing))


def _roles(landing: Landing) -> dict[str, tuple[str, str]]:
    """Person field and queue of each role."""
    return {
        row["role"]: (row.get("person_field", ""), row.get("queue_email", ""))
        for row in landing.settings.seed("roles").rows
    }


def _used(landing: Landing) -> dict[str, str]:
    """What each role does, by its name; who owns triggers is named as their owner."""
    told = [
        role for cell in landing.settings.seed("notification_rules").values("recipients") for role in cell.split("|")
    ]
    routed = landing.settings.seed("routing_rules").values("owner_role")
    does = {role.strip(): "is told of firings in notification_rules.csv" for role in told}
    return does | {role.strip(): "owns triggers in routing_rules.csv" for role in routed}


def _row(header: tuple[str, ...], role: str) -> tuple[str, ...]:
    values = {"role": role, "queue_email": "queue@example.com", "comment": "a person or a team"}
    return tuple(values.get(column, "") for column in header)


def _role(landing: Landing, role: str, field: str, queue: str, seed: str, is_used: bool) -> Iterator[Finding]:
    if not field or not is_used:
        return
    base = field.split(".")[0]
    column = STANDARD.get(base)
    ((accounts,),) = landing.ask("select count(*) from accounts")
    if not accounts:
        return
    if column:
        ((filled, live),) = landing.ask(
            f"select count({column}), count(*) filter (where {column} in (select user_id from staff)) from accounts"
        )
        where = {
            "owner_id": "the owner of the account",
            "success_manager_id": "crm_fields: customer_success_manager_id",
        }[column]
    else:
        filled, live, where = _own_field(landing, base)
    if filled is None:
        yield Finding(
            Severity.SILENCES,
            CONCERN,
            f"The role {role} is {base} in {seed}, and the accounts have no such column ({where}).",
            rank=4,
        )
    elif live == 0:
        why = (
            f"{where} is empty for all {accounts:,} accounts"
            if not filled
            else f"{where} never names somebody of the CRM's users"
        )
        stands_in = (
            "its queue gets everything"
            if queue
            else "and it has no queue: a firing may have no owner, which stops the build"
        )
        yield Finding(
            Severity.KNOW if queue else Severity.SILENCES,
            CONCERN,
            f"The role {role} has no person: {why}; {stands_in}.",
            rank=4,
        )
    elif live < accounts / 2:
        yield Finding(
            Severity.KNOW,
            CONCERN,
            f"The role {role} has a person for {percent(live, accounts)} of {counted(accounts, 'account')} ({where}).",
            rank=2,
        )


def _own_field(landing: Landing, name: str) -> tuple[int | None, int, str]:
    """A person field of a company's own: how often filled, and with somebody who is there."""
    column = (landing.settings.variables.get("person_fields") or {}).get(name)
    if not column:
        return None, 0, f"person_fields has no {name}"
    for vendor, table_name, prefix in (("salesforce", "account", ""), ("hubspot", "company", "property_")):
        table = landing.table(vendor, table_name)
        there = next((landed for landed in table.landed_columns if landed.lower() == f"{prefix}{column}".lower()), None)
        if there and table.source_sql:
            ((filled, live),) = landing.ask(
                f'select count("{there}"), count(*) filter (where cast("{there}" as varchar) in (select user_id from staff))'
                f" from {table.source_sql}"
            )
            return filled, live, f"{table.title}.{there}"
    return None, 0, column


def _gone(landing: Landing) -> Iterator[Finding]:
    """Accounts whose owner is not, or no longer, among the CRM's users."""
    ((owned, gone),) = landing.ask(
        "select count(owner_id), count(*) filter (where owner_id not in (select user_id from staff where user_id is not null)) from accounts"
    )
    if owned and owned / 10 < gone < owned:
        yield Finding(
            Severity.KNOW,
            CONCERN,
            f"{percent(gone, owned)} of the accounts' owners are no active users of the CRM: their firings go to the next role or to the queue.",
            rank=2,
        )
    queues = [
        row["role"]
        for row in landing.settings.seed("roles").rows
        if (row.get("queue_email") or "").endswith(".example")
    ]
    crm = {vendor for vendor in landing.settings.vendors.get("crm", []) if vendor in landing.folders}
    if queues and crm and not _is_sample(landing):
        yield Finding(
            Severity.KNOW,
            CONCERN,
            f"The queue addresses of {listed(sorted(set(queues)))} are the sample company's: set them to your own in roles.csv.",
            rank=3,
        )


def _is_sample(landing: Landing) -> bool:
    """The sample world's own staff are at the sample company's domain."""
    ((users,),) = landing.ask(
        "select count(*) from (select email from salesforce__user union all select email from hubspot__owner) where email like '%.example'"
    )
    return users > 0
