"""CRM accounts and the cascade that matches billing, support and product records to them."""

import json
import re
import unicodedata
from dataclasses import dataclass, field

from . import hubspot
from .loading import (
    DELETION,
    Landing,
    Seeds,
    boolean,
    day,
    ident,
    is_live,
    label,
    proper,
    structure,
    timestamp,
    whole,
)

CRM_FIELDS = {
    "onboarding_completed_date": "onboarding_completed_date_c",
    "expansion_opt_out_date": "expansion_opt_out_date_c",
    "time_zone": "time_zone_c",
    "country_code": "billing_country_code",
    "customer_success_manager_id": "customer_success_manager_id_c",
    "stripe_customer_id": "stripe_customer_id_c",
    "product_group_id": "product_group_id_c",
    "zendesk_organization_id": "zendesk_organization_id_c",
    "fiscal_year_end_month": "fiscal_year_end_month_c",
}


@dataclass
class Accounts:
    """All CRM accounts: the live ones count, the others lead to them or nowhere."""

    by_id: dict[str, dict]

    def __post_init__(self):
        self.by_key = {key_of(account_id): row for account_id, row in self.by_id.items()}

    @property
    def live(self) -> dict[str, dict]:
        return {key: row for key, row in self.by_id.items() if is_live(row)}

    def knows(self, account_id: str | None) -> bool:
        return key_of(account_id) in self.by_key

    def survivor(self, account_id: str | None) -> str | None:
        """The live account that a (perhaps merged) account has become, null when it is gone or unknown."""
        key, passed = key_of(account_id), set()
        while key in self.by_key and key not in passed:
            row = self.by_key[key]
            if is_live(row):
                return row["id"]
            passed.add(key)
            key = key_of(row["master_record_id"])
        return None

    def head(self, account_id: str) -> str:
        """The last of the live parents above a live account; itself where they go round in a ring."""
        above, passed = account_id, {account_id}
        while (parent := self.survivor(self.by_id[above]["parent_id"])) not in (None, above):
            if parent in passed:
                return account_id
            passed.add(parent)
            above = parent
        return above


def key_of(record_id: str | None) -> str | None:
    """What two spellings of one CRM id have in common: of Salesforce's 18 characters the first 15."""
    is_long = record_id is not None and re.fullmatch(r"[0-9A-Za-z]{15}[0-9A-Z]{3}", record_id)
    return record_id[:15] if is_long and not record_id.isdigit() else record_id


def load_accounts(landing: Landing, crm_fields: dict | None = None, crm: str = "salesforce") -> Accounts:
    fields = CRM_FIELDS | (crm_fields or {})
    types = {
        "onboarding_completed_date": day,
        "expansion_opt_out_date": day,
        "fiscal_year_end_month": whole,
        "stripe_customer_id": ident,
        "product_group_id": ident,
        "zendesk_organization_id": ident,
        "customer_success_manager_id": ident,
    }
    custom = {column: types.get(name, label) for name, column in fields.items()}
    rows = hubspot.companies(landing, custom) if crm == "hubspot" else salesforce_accounts(landing, custom)
    for row in rows:
        row |= {name: row[column] for name, column in fields.items()}
        row |= {name: key_of(row[name]) for name in ("owner_id", "customer_success_manager_id")}
    return Accounts({row["id"]: row for row in rows if row["_fivetran_active"] is not False})


def salesforce_accounts(landing: Landing, custom: dict) -> list[dict]:
    return landing.rows(
        "salesforce",
        "account",
        {
            "id": ident,
            "name": proper,
            "website": proper,
            "number_of_employees": whole,
            "created_date": timestamp,
            "owner_id": ident,
            "master_record_id": ident,
            "parent_id": ident,
            **DELETION,
            **custom,
        },
        required=("id",),
    )


def domain_of(address: str | None) -> str | None:
    """The host of a web address: without scheme, user, `www.`, port and path; null without a dot."""
    host = (address or "").strip().lower().strip("[]()<>\"'")
    host = host.split("://", 1)[-1]
    host = re.split(r"[/?#]", host, maxsplit=1)[0]
    host = host.rsplit("@", 1)[-1].split(":", 1)[0]
    host = host.removeprefix("www.").strip(".")
    return host if "." in host else None


def domains_of(addresses: str | None) -> set[str]:
    """The hosts that a field names: it may hold several addresses."""
    return {domain_of(part) for part in re.split(r"[\s,;|]+", addresses or "")} - {None}


def email_domains(emails: str | None) -> set[str]:
    """The domains of the e-mails that a field names, with or without display names."""
    found = set()
    for entry in re.split(r"[,;|]+", emails or ""):
        bracketed = re.findall(r"<([^<>]*)>", entry)
        found |= {domain_of(part.rsplit("@", 1)[1]) for part in bracketed or entry.split() if "@" in part}
    return found - {None}


def plain_words(name: str | None) -> str:
    """Lower case letters and digits of every script, everything else one space, accents dropped."""
    decomposed = unicodedata.normalize("NFKD", name or "")
    # Letter by letter: what a letter becomes does not depend on its neighbours.
    bare = "".join(c.lower() for c in decomposed if not unicodedata.category(c).startswith("M"))
    kept = (c if unicodedata.category(c)[0] == "L" or unicodedata.category(c) == "Nd" else " " for c in bare)
    return " ".join("".join(kept).split())


def company_name(name: str | None, suffixes: list[str]) -> str:
    """The normalised name without its legal suffixes, the longest first each time, never emptied by them."""
    words = plain_words(name)
    while suffix := next((suffix for suffix in suffixes if suffix and words.endswith(" " + suffix)), None):
        words = words[: -len(suffix) - 1].strip()
    return words


@dataclass
class Matcher:
    accounts: Accounts
    suffixes: list[str]
    free_domains: set[str]
    by_domain: dict[str, set] = field(default_factory=dict)
    by_name: dict[str, set] = field(default_factory=dict)

    def __post_init__(self):
        for account_id, row in self.accounts.live.items():
            for domain in domains_of(row["website"]) - self.free_domains:
                self.by_domain.setdefault(domain, set()).add(account_id)
            name = company_name(row["name"], self.suffixes)
            if name:
                self.by_name.setdefault(name, set()).add(account_id)

    def match(self, foreign_ids: set, domains: set, name: str | None) -> dict:
        """The first rule that hits wins; two accounts under one rule end the cascade without a match."""
        known = {key for key in foreign_ids if self.accounts.knows(key)}
        survivors = {self.accounts.survivor(key) for key in known} - {None}
        by_domain = set()
        for domain in domains - {None} - self.free_domains:
            by_domain |= self.by_domain.get(domain, set())
        by_name = self.by_name.get(company_name(name, self.suffixes) or None, set())
        for rule, hits in (("foreign_id", survivors), ("domain", by_domain), ("name", by_name)):
            if len(hits) == 1:
                return {"account_id": next(iter(hits)), "rule": rule, "reason": None}
            if len(hits) > 1:
                return {"account_id": None, "rule": rule, "reason": "ambiguous"}
            if rule == "foreign_id" and known:
                return {"account_id": None, "rule": rule, "reason": "deleted_account"}
        return {"account_id": None, "rule": None, "reason": "no_match"}


@dataclass
class Identity:
    """Which account each billing customer, support organisation, product group and e-mail domain belongs to."""

    accounts: Accounts
    customers: dict[str, str]
    organizations: dict[str, str]
    groups: dict[str, str]
    # The one account that a domain names: of the users without a group.
    domains: dict[str, str]
    matches: list[dict]


def load_identity(
    landing: Landing, seeds: Seeds, groups: list[dict], group_ids: set, crm_fields=None, crm="salesforce"
):
    """Match everything. `groups` are the de-duplicated group calls, newest last."""
    accounts = load_accounts(landing, crm_fields, crm)
    matcher = Matcher(
        accounts,
        sorted((plain_words(suffix) for suffix in seeds.values("legal_suffixes", "suffix")), key=len, reverse=True),
        nobodys_domains(seeds),
    )

    def naming(column: str, record_id: str) -> set:
        return {key for key, row in accounts.by_id.items() if row[column] and row[column] == record_id}

    matches = []

    def settle(source: str, record_id: str, **evidence) -> None:
        matches.append({"source": source, "record_id": record_id, **matcher.match(**evidence)})

    for customer in live_customers(landing):
        settle(
            "billing",
            customer["id"],
            foreign_ids={named_account(landing, customer["metadata"], crm)}
            | naming("stripe_customer_id", customer["id"]),
            domains=email_domains(customer["email"]),
            name=customer["name"],
        )

    domain_rows = landing.rows("zendesk", "domain_name", {"organization_id": ident, "domain_name": proper})
    organizations = landing.rows(
        "zendesk",
        "organization",
        {"id": ident, "name": proper, "external_id": ident, "domain_names": proper},
        required=("id",),
    )
    for organization in organizations:
        listed = [row["domain_name"] for row in domain_rows if row["organization_id"] == organization["id"]]
        if not listed:
            listed = [organization["domain_names"]]
        settle(
            "support",
            organization["id"],
            foreign_ids={organization["external_id"]} | naming("zendesk_organization_id", organization["id"]),
            domains=set().union(*(domains_of(domain) for domain in listed)),
            name=organization["name"],
        )

    for group_id in sorted(group_ids):
        calls = [call for call in groups if call["group_id"] == group_id]
        websites = [call["website"] for call in calls if call["website"]]
        names = [call["name"] for call in calls if call["name"]]
        settle(
            "product",
            group_id,
            foreign_ids={group_id} | naming("product_group_id", group_id),
            domains=domains_of(websites[-1]) if websites else set(),
            name=names[-1] if names else None,
        )

    def matched(source: str) -> dict[str, str]:
        return {row["record_id"]: row["account_id"] for row in matches if row["source"] == source and row["account_id"]}

    named = {domain: next(iter(hits)) for domain, hits in matcher.by_domain.items() if len(hits) == 1}
    return Identity(accounts, matched("billing"), matched("support"), matched("product"), named, matches)


def nobodys_domains(seeds: Seeds) -> set[str]:
    """Hosts that many share: free mail, social networks, site builders."""
    hosts = seeds.values("free_email_domains", "domain") + seeds.values("shared_hosts", "host")
    return {host.lower() for host in hosts}


def live_customers(landing: Landing) -> list[dict]:
    """Billing customers that are neither deleted nor of the test mode."""
    rows = landing.rows(
        "stripe",
        "customer",
        {
            "id": ident,
            "email": proper,
            "name": proper,
            "metadata": structure,
            "livemode": boolean,
            "created": timestamp,
            **DELETION,
        },
        required=("id",),
    )
    return [row for row in rows if row["livemode"] is not False and is_live(row)]


def named_account(landing: Landing, metadata, crm: str) -> str | None:
    """The account id in the metadata, which are JSON text or land as a structure."""
    if isinstance(metadata, str):
        try:
            metadata = json.loads(metadata)
        except ValueError:
            return None
    value = metadata.get(f"{crm}_account_id") if isinstance(metadata, dict) else None
    return landing.read(ident, value)
