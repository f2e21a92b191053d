"""CRM accounts and the cascade that matches billing, support and product records to them."""

import json
import re
import unicodedata
from dataclasses import dataclass, field

from .loading import DELETION, Landing, Seeds, boolean, day, is_live, label, text, timestamp, whole

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

    @property
    def live(self) -> dict[str, dict]:
        return {key: row for key, row in self.by_id.items() if is_live(row)}

    def survivor(self, account_id: str | None) -> str | None:
        """The live account that a (perhaps merged) account has become, null when it is gone or unknown."""
        passed = set()
        while account_id in self.by_id and account_id not in passed:
            row = self.by_id[account_id]
            if is_live(row):
                return account_id
            passed.add(account_id)
            account_id = row["master_record_id"]
        return None


def load_accounts(landing: Landing, crm_fields: dict | None = None) -> Accounts:
    fields = CRM_FIELDS | (crm_fields or {})
    types = {
        "onboarding_completed_date": day,
        "expansion_opt_out_date": day,
        "fiscal_year_end_month": whole,
    }
    rows = landing.rows(
        "salesforce",
        "account",
        {
            "id": text,
            "name": label,
            "website": label,
            "number_of_employees": whole,
            "owner_id": label,
            "master_record_id": label,
            **DELETION,
            **{column: types.get(name, label) for name, column in fields.items()},
        },
        required=("id",),
    )
    for row in rows:
        row |= {name: row[column] for name, column in fields.items()}
    return Accounts({row["id"]: row for row in rows if row["_fivetran_active"] is not False})


def domain_of(address: str | None) -> str | None:
    """The host of a web address: without scheme, `www.`, port and path."""
    host = (address or "").strip().lower()
    host = host.split("://", 1)[-1]
    host = re.split(r"[/?#]", host, maxsplit=1)[0]
    host = host.split(":", 1)[0]
    return host.removeprefix("www.") or None


def email_domain(email: str | None) -> str | None:
    return domain_of(email.rsplit("@", 1)[1]) if email and "@" in email else None


def plain_words(name: str | None) -> str:
    """Lower case a-z and 0-9, everything else one space, accents dropped."""
    decomposed = unicodedata.normalize("NFKD", name or "")
    bare = "".join(c for c in decomposed if not unicodedata.category(c).startswith("M")).lower()
    return re.sub(r"[^a-z0-9]+", " ", bare).strip()


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
            domain = domain_of(row["website"])
            if domain and domain not in self.free_domains:
                self.by_domain.setdefault(domain, set()).add(account_id)
            name = company_name(row["name"], self.suffixes)
            if name:
                self.by_name.setdefault(name, set()).add(account_id)

    def match(self, foreign_ids: set, domains: set, name: str | None) -> dict:
        """The first rule that hits wins; two accounts under one rule end the cascade without a match."""
        known = {key for key in foreign_ids if key in self.accounts.by_id}
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


def load_identity(landing: Landing, seeds: Seeds, groups: list[dict], group_ids: set, crm_fields=None):
    """Match everything. `groups` are the de-duplicated group calls, newest last."""
    accounts = load_accounts(landing, crm_fields)
    matcher = Matcher(
        accounts,
        sorted((plain_words(suffix) for suffix in seeds.values("legal_suffixes", "suffix")), key=len, reverse=True),
        nobodys_domains(seeds),
    )

    def naming(column: str, record_id: str) -> set:
        return {key for key, row in accounts.by_id.items() if row[column] == record_id}

    matches = []

    def settle(source: str, record_id: str, **evidence) -> None:
        matches.append({"source": source, "record_id": record_id, **matcher.match(**evidence)})

    for customer in live_customers(landing):
        settle(
            "billing",
            customer["id"],
            foreign_ids={named_account(customer["metadata"])} | naming("stripe_customer_id", customer["id"]),
            domains={email_domain(customer["email"])},
            name=customer["name"],
        )

    domain_rows = landing.rows("zendesk", "domain_name", {"organization_id": text, "domain_name": label})
    organizations = landing.rows(
        "zendesk",
        "organization",
        {"id": text, "name": label, "external_id": label, "domain_names": label},
        required=("id",),
    )
    for organization in organizations:
        listed = [row["domain_name"] for row in domain_rows if row["organization_id"] == organization["id"]]
        if not listed:
            listed = re.split(r"[,\s]+", organization["domain_names"] or "")
        settle(
            "support",
            organization["id"],
            foreign_ids={organization["external_id"]} | naming("zendesk_organization_id", organization["id"]),
            domains={domain_of(domain) for domain in listed},
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
            domains={domain_of(websites[-1])} if websites else set(),
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
            "id": text,
            "email": label,
            "name": label,
            "metadata": text,
            "livemode": boolean,
            "created": timestamp,
            **DELETION,
        },
        required=("id",),
    )
    return [row for row in rows if row["livemode"] is not False and is_live(row)]


def named_account(metadata: str | None) -> str | None:
    try:
        parsed = json.loads(metadata) if metadata else {}
    except ValueError:
        return None
    value = parsed.get("salesforce_account_id") if isinstance(parsed, dict) else None
    return label(value)
