"""Whose record is it: ids that never meet across systems, and product users who lead to no account."""

from __future__ import annotations

from collections.abc import Iterator

from . import tables
from .finding import Finding, Severity, counted, percent, shown
from .landing import Landing

CONCERN = "identity"
NOUNS = {"billing": "billing customer", "support": "support organisation", "product": "product group"}
KEYS = {"billing": "billing_id", "support": "support_id", "product": "product_id"}
FIELDS = {"billing": "stripe_customer_id", "support": "zendesk_organization_id", "product": "product_group_id"}
WITHOUT_USER_STOPS = 0.6


def check(landing: Landing) -> list[Finding]:
    ((accounts,),) = landing.ask("select count(*) from accounts")
    if not accounts:
        if not tables.is_crm_landed(landing):
            return []  # Said with the tables.
        named = ", ".join(landing.settings.vendors.get("crm", []))
        return [
            Finding(
                Severity.SILENCES,
                CONCERN,
                f"The CRM ({named}) has no account, and nothing is known without one.",
                rank=11,
            )
        ]
    return [
        *(finding for domain in NOUNS for finding in (*_ids(landing, domain), *_matched(landing, domain))),
        *_users(landing), *_twice(landing),
    ]  # fmt: skip


def _ids(landing: Landing, domain: str) -> Iterator[Finding]:
    """Foreign ids that are filled and lead nowhere, on either side."""
    noun = NOUNS[domain]
    ((records,),) = landing.ask("select count(*) from records where domain_name = ?", [domain])
    if not records:
        return
    ((filled, met),) = landing.ask(
        f"""
        select count(*), count(*) filter (where exists (select 1 from matches
            where matches.domain_name = ? and matches.is_by_id and matches.account_id = account_keys.account_id))
        from account_keys where {KEYS[domain]} is not null
        """,
        [domain],
    )
    ((named, found),) = landing.ask(
        "select count(*), count(*) filter (where exists (select 1 from matches where matches.domain_name = records.domain_name"
        " and matches.record_id = records.record_id and matches.is_by_id)) from records"
        " where domain_name = ? and named_account_id is not null",
        [domain],
    )
    if filled and not met and not found:
        ((ours,),) = landing.ask(f"select min({KEYS[domain]}) from account_keys")
        ((theirs,),) = landing.ask("select min(record_id) from records where domain_name = ?", [domain])
        yield Finding(
            Severity.SILENCES, CONCERN,
            f"The ids in crm_fields: {FIELDS[domain]} never match: {counted(filled, 'account')} {'has' if filled == 1 else 'have'} one such as {shown(ours)}, the {noun}s are called such as"
            f" {shown(theirs)}.", rank=8,
        )  # fmt: skip
    elif domain != "product" and named and not found:
        ((theirs,),) = landing.ask("select min(named_account_id) from records where domain_name = ?", [domain])
        ((ours,),) = landing.ask("select min(account_id) from accounts")
        yield Finding(
            Severity.SILENCES if not met else Severity.KNOW, CONCERN,
            f"The account ids that {counted(named, noun)} name{'s' if named == 1 else ''} never match: such as {shown(theirs)}, the CRM's are such as {shown(ours)}.", rank=8,
        )  # fmt: skip


def _matched(landing: Landing, domain: str) -> Iterator[Finding]:
    ((records, matched, ambiguous),) = landing.ask(
        """
        select count(*), count(*) filter (where accounts = 1), count(*) filter (where accounts > 1) from records
        left join (select distinct domain_name, record_id, accounts from matches) as found
            on records.domain_name = found.domain_name and records.record_id = found.record_id
        where records.domain_name = ?
        """,
        [domain],
    )
    if records and matched < 0.9 * records:
        silences = matched < records / 2 and domain != "support"
        yield Finding(
            Severity.SILENCES if silences else Severity.KNOW, CONCERN,
            f"{matched:,} of {counted(records, NOUNS[domain])} lead to an account ({percent(matched, records)}), by an id, a domain or a name. The surest way: the id in"
            f" the CRM (crm_fields: {FIELDS[domain]}), or the account's id on the other side.", rank=7 if silences else 4,
        )  # fmt: skip
    if ambiguous > records / 20:
        yield Finding(
            Severity.KNOW,
            CONCERN,
            f"{ambiguous:,} of {counted(records, NOUNS[domain])} could be of several accounts, and stay without one.",
            rank=3,
        )


def _users(landing: Landing) -> Iterator[Finding]:
    """Events whose group, or whose user's group or e-mail domain, leads to an account."""
    rows = landing.ask(
        """
        with product_groups as (select distinct record_id from matches where domain_name = 'product' and accounts = 1),
        members as (
            select distinct user_id from segment__groups where group_id in (select record_id from product_groups)
        ),
        domains as (
            select domain, count(*) as accounts from account_keys where domain is not null group by domain
        )
        select case
            when users.domain in (select domain from staff_domains) then 'staff'
            when event_users.group_id in (select record_id from product_groups) then 'found'
            when event_users.group_id is not null then 'group'
            when event_users.user_id is null then 'anonymous'
            when event_users.user_id in (select user_id from members) then 'found'
            when users.domain in (select domain from domains where accounts = 1) then 'found'
            when users.domain in (select domain from domains) then 'shared'
            when users.domain in (select domain from free_domains) then 'free mail'
            when users.domain is null then 'nothing known' else 'domain' end as outcome,
            sum(events), count(distinct event_users.user_id)
        from event_users left join product_users as users on event_users.user_id = users.user_id
        group by 1
        """
    )
    events = sum(row[1] for row in rows)
    found = {outcome: (count, users) for outcome, count, users in rows}
    if not events:
        return
    anonymous = found.get("anonymous", (0, 0))[0]
    ((nobody,),) = landing.ask("select coalesce(sum(events), 0) from event_users where user_id is null")
    if nobody > WITHOUT_USER_STOPS * events:
        yield Finding(
            Severity.STOPS,
            CONCERN,
            f"{percent(nobody, events)} of the product events have no user: above {percent(WITHOUT_USER_STOPS, 1)} the quality gate stops.",
            rank=6,
        )
    lost = {word: pair for word, pair in found.items() if word not in ("found", "staff", "anonymous")}
    count = sum(pair[0] for pair in lost.values()) + anonymous
    if count > events / 20:
        words = {
            "group": "name a group that leads to no account",
            "free mail": "have an address at a free mail provider",
            "nothing known": "have neither a group nor an address",
            "shared": "have an address of a domain that several accounts have",
            "domain": "have an address of a domain that no account has",
        }
        users = sum(pair[1] for pair in lost.values())
        parts = [f"{pair[1]:,} {words[word]}" for word, pair in sorted(lost.items(), key=lambda item: -item[1][0])]
        yield Finding(
            Severity.SILENCES if count > events / 2 else Severity.KNOW, CONCERN,
            f"{counted(users, 'product user')} without an account, with {percent(count, events)} of the events"
            + (f": {'; '.join(parts)}" if parts else "")
            + (f"; {anonymous:,} events have neither user nor group" if anonymous else "")
            + ". Land group calls (segment.groups) or e-mails (segment.identifies), and websites in the CRM.", rank=7,
        )  # fmt: skip


def _twice(landing: Landing) -> Iterator[Finding]:
    ((shared,),) = landing.ask(
        "select coalesce(sum(accounts), 0) from (select count(*) as accounts from account_keys where domain is not null group by domain having count(*) > 1)"
    )
    ((accounts,),) = landing.ask("select count(*) from accounts")
    if shared > accounts / 20:
        yield Finding(
            Severity.KNOW,
            CONCERN,
            f"{shared:,} of {counted(accounts, 'account')} share their website with another one, so that it leads to neither.",
            rank=3,
        )
