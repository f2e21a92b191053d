"""One world: its companies, how other vendors' records find them, and the order of writing."""

import json
import random
import re
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from . import catalogue
from .billing_rows import add_billing, add_catalogue, add_stray_customers
from .crm_rows import add_crm
from .dirt import chosen_dirt
from .landing import FLAG, FLOAT, METADATA, TEXTUAL, Tables
from .product_rows import add_product
from .span import moment_between, span_of
from .support_rows import add_support

UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
WAYS = ["record_names", "account_names", "domain", "name"]


@dataclass
class Company:
    """A live account and the ids under which the vendors know it."""

    account_id: str
    word: str
    domain: str
    row: dict
    former_ids: list[str] = field(default_factory=list)
    group_id: str = ""
    group_traits: dict = field(default_factory=dict)
    organization_id: int = 0
    customer_ids: list[str] = field(default_factory=list)
    has_two_lengths: bool = False

    def any_id(self, rng: random.Random) -> str:
        """Its own id or one of an account that was merged into it, in one of its lengths."""
        account_id = rng.choice([self.account_id, *self.former_ids])
        return account_id[:15] if self.has_two_lengths and rng.random() < 0.5 else account_id


class World:
    """Shared state of the writers: the draw, the dirt, the span, the tables and the companies."""

    def __init__(self, seed: int, dirt):
        self.rng = random.Random(f"world {seed}")
        self.dirt = chosen_dirt(dirt, self.rng)
        self.span = span_of(seed)
        self.tables = Tables()
        self.companies: list[Company] = []
        self.numbers = 0
        #: Form and unit amount of each price, by its id.
        self.prices: dict[str, tuple] = {}
        self.decimal_amounts = self.rng.random() < 0.35
        #: Whether there are companies of every kind: without seats, on a free plan, with users whom no group names.
        self.is_mixed = dirt in ("all", "everything")

    def has(self, name: str, odds: float = 1) -> bool:
        return name in self.dirt and (odds >= 1 or self.rng.random() < odds)

    def mixes(self, odds: float) -> bool:
        return self.is_mixed and self.rng.random() < odds

    def has_legacy_plans(self) -> bool:
        return "legacy_plans" in self.dirt

    def next(self, prefix: str) -> str:
        self.numbers += 1
        return f"{prefix}{self.numbers:05d}"

    def moment(self, first=None, last=None):
        return moment_between(self.rng, first or self.span.start_at, last or self.span.end_at)

    def add(self, vendor: str, table: str, **values) -> dict:
        return self.tables.add(vendor, table, **values)

    def spell_name(self, word: str) -> str:
        """The company's name as some other system writes it."""
        rng = self.rng
        accented = word.replace("o", rng.choice(["o", "ö", "ó"])).replace("e", rng.choice(["e", "é"]))
        separator = rng.choice([" ", "  ", ", ", " - "])
        name = accented + separator + rng.choice(["Labs", "labs", "LABS"])
        for _ in range(rng.choice([0, 1, 1, 2])):
            name += rng.choice([" ", ", "]) + rng.choice(catalogue.SUFFIXES)
        return name

    def spell_uuid(self, value: str | None) -> str | None:
        if value is None or "uuid_case" not in self.dirt or not UUID.fullmatch(value):
            return value
        return self.rng.choice([value, value.upper(), value.lower()])

    def spell_id(self, value: str) -> str:
        """The id as a spreadsheet or a form left it."""
        if not self.has("decimal_ids"):
            return value
        return self.rng.choice(
            [f"{value}.0", f" {value}", f"{value} ", f"{value}.0 "] if value.isdigit() else [f" {value} "]
        )

    def spell_email(self, user: str, host: str) -> str:
        if not self.has("two_addresses", 0.6):
            return f"{user}@{host}"
        again = [f"Ann Bo <{user}@{host}>", f"{user}@{host}; other@elsewhere.example", f"{user}@{host}, x@{host}"]
        if self.rng.random() < 0.15:
            again = [f"{user}@{host}, x@{self.rng.choice(self.companies).domain}"]
        return self.rng.choice(again)

    def spell_website(self, domain: str) -> str:
        if self.has("two_addresses", 0.2):
            return f"{self.rng.choice(['', 'https://www.'])}{domain}{self.rng.choice([', ', '; ', ' '])}spare-{domain}"
        before = self.rng.choice(["", "https://", "http://", "https://www.", "www.", "HTTPS://WWW."])
        return before + domain + self.rng.choice(["", "/", ":8443", "/en/home", ":80/a?b=c"])


def write_world(path: Path | str, seed: int, dirt="all") -> None:
    """Write the raw vendor tables of one random world to `{path}/raw/{vendor}/{table}/x.parquet`.

    `dirt` is `all`, one name of `DIRT`, several, or nothing for a clean world.
    """
    world = World(seed, dirt)
    choose_forms(world)
    found_companies(world)
    add_catalogue(world)
    add_people(world)
    for company in world.companies:
        add_billing(world, company)
    add_stray_customers(world)
    add_product(world)
    add_support(world)
    add_crm(world)
    adopt(world)
    for company in world.companies:
        world.add("salesforce", "account", **company.row)
    world.tables.write(Path(path) / "raw")


def choose_forms(world: World) -> None:
    """Which of the forms a landing may take this one has."""
    tables = world.tables
    tables.has_vendors_spelling = world.has("camel_case")
    tables.absent.add(("stripe", "subscription" if world.has("subscription_history") else "subscription_history"))
    if world.has_legacy_plans():
        tables.absent.add(("stripe", "price"))
    elif not world.has("plans_beside_prices"):
        tables.absent.add(("stripe", "plan"))
    if world.has("no_crm_history"):
        tables.absent |= {("salesforce_history", "account"), ("salesforce_history", "opportunity")}
    if world.rng.random() < 0.3:
        tables.absent.add(("segment", "screens"))
    if world.has("decimal_ids"):
        tables.extra_columns["zendesk", "ticket"] = {"organization_id": FLOAT, "requester_id": FLOAT}
    if world.has("structs"):
        tables.extra_columns["stripe", "customer"] = {"metadata": METADATA}
    if world.has("text_landings"):
        tables.as_text |= set(world.rng.sample(TEXTUAL, 4))
    if world.has("soft_deletes"):
        for table in ("account", "contact", "opportunity", "task"):
            tables.extra_columns["salesforce", table] = {"_fivetran_deleted": FLAG, "_fivetran_active": FLAG}


def found_companies(world: World) -> None:
    rng, span = world.rng, world.span
    words = rng.sample(catalogue.COMPANIES, len(catalogue.COMPANIES))
    for number in range(rng.randint(8, 13)):
        word = words.pop()
        domain = f"{word.lower()}.example"
        if world.has("rare_scripts", 0.5) and number < len(catalogue.RARE):
            word = catalogue.RARE[number]
        found(world, account_id(world, "001A", number), word, domain)
    if world.has("ambiguous_organizations"):
        for number in (900, 901):
            found(world, account_id(world, "001T", number), "Twin", "twin.example")
    if world.has("free_email_domains"):
        rng.choice(world.companies).row["website"] = world.spell_website(rng.choice(catalogue.FREE_DOMAINS))
    if world.is_mixed:
        host = rng.choice(catalogue.SHARED_HOSTS)
        rng.choice(world.companies).row["website"] = f"https://{host}/our-company"
    if world.has("merged_accounts"):
        for survivor in rng.sample(world.companies[:8], 3):
            master = survivor.account_id
            number = world.companies.index(survivor)
            for link in range(rng.choice([1, 1, 2, 3])):
                former = account_id(world, "001M", 10 * number + link)
                gone(world, former, survivor, master)
                survivor.former_ids.append(former)
                master = former
    if world.has("deleted_accounts"):
        word = words.pop()
        gone(world, "001D000", Company("", word, f"{word.lower()}.example", {}), None)
        deleted_children(world, "001D000", word)
    for company in world.companies:
        connect(world, company, words[-1])
    if world.has("placeholders"):
        add_placeholders(world)
    if world.has("shared_hosts"):
        rng.choice(world.companies).row["website"] = f"https://www.{catalogue.SHARED_HOSTS[0]}/a-company"
    if world.has("orphaned_organizations"):
        orphan = {"name": "Nobody Knows", "external_id": "001X404", "domain_names": "nobody.example"}
        world.add("zendesk", "organization", id=9_999, created_at=span.start_at, **orphan)


def adopt(world: World) -> None:
    """Parents: live, merged and deleted ones, unknown ones, chains and rings. Of a stream of its own, so that it shifts no other draw."""
    rng = random.Random(f"families {world.span.first_on}")
    for company in world.companies:
        if rng.random() < 0.6:
            other = rng.choice(world.companies)
            company.row["parent_id"] = rng.choice([other.account_id, *other.former_ids, other.account_id, "001X404"])


def account_id(world: World, prefix: str, number: int) -> str:
    """Seven characters are enough for a world; Salesforce's 15 with their three of check where it is asked for."""
    if "short_ids" not in world.dirt:
        return f"{prefix}{number:03d}"
    return f"{prefix}0000000{'x' if number % 2 else 'X'}{number:03d}AA{'ABCDE'[number % 5]}"


def found(world: World, account_id: str, word: str, domain: str) -> Company:
    rng, span = world.rng, world.span
    zones = list(catalogue.TIME_ZONES)
    if world.has("unknown_time_zones"):
        zones += [None, "Mars/Olympus_Mons", None]
    row = {
        "id": account_id,
        "name": f"{word} Labs" + rng.choice(["", ", Inc.", " GmbH", " G.m.b.H."]),
        "website": world.spell_website(domain),
        "type": "Customer",
        "number_of_employees": rng.choice([None, 12, 99, 100, 250, 999, 1000, 4000]),
        "created_date": span.start_at - timedelta(days=rng.randrange(30, 400)),
        "is_deleted": rng.choice([False, None]),
        "billing_country_code": rng.choice(["US", "DE", "GB", "JP", "BR", None]),
        "onboarding_completed_date_c": None
        if rng.random() < 0.06
        else span.start_at + timedelta(days=rng.randrange(-60, 70)),
        "expansion_opt_out_date_c": span.start_at + timedelta(days=rng.randrange(60, 200))
        if rng.random() < 0.15
        else None,
        "time_zone_c": rng.choice(zones),
        "fiscal_year_end_month_c": rng.choice([None, *range(1, 13)]),
        "_fivetran_synced": span.end_at,
    }
    company = Company(account_id, word, domain, row, has_two_lengths="short_ids" in world.dirt)
    world.companies.append(company)
    return company


def gone(world: World, account_id: str, survivor: Company, master: str | None) -> None:
    """A deleted account: merged into `master`, or without a survivor."""
    flag = {"is_deleted": True}
    if world.has("soft_deletes") and world.rng.random() < 0.5:
        flag = {"is_deleted": None, "_fivetran_deleted": True}
    row = {"id": account_id, "name": f"{survivor.word} Labs", "master_record_id": master, **flag}
    world.add("salesforce", "account", website=world.spell_website(survivor.domain), **row)


def deleted_children(world: World, account_id: str, word: str) -> None:
    """Records that name an account that is gone, though a namesake would match by name."""
    start = world.span.start_at
    metadata = json.dumps({"salesforce_account_id": account_id})
    world.add(
        "stripe", "customer", id="cus_deleted", name=f"{word} Labs", metadata=metadata, livemode=True, created=start
    )
    world.add("zendesk", "organization", id=9_998, name=f"{word} Labs", external_id=account_id, created_at=start)


def connect(world: World, company: Company, other_word: str) -> None:
    """Let customer, organisation and group find the company, each in one of the cascade's ways."""
    rng, row = world.rng, company.row
    is_twin = company.word == "Twin"
    misleading = world.spell_name(rng.choice(world.companies).word)

    def evidence(way: str) -> dict:
        names = {"named": company.any_id(rng) if way == "record_names" else None}
        names["domain"] = company.domain if way == "domain" else None
        names["name"] = {
            "name": world.spell_name(company.word),
            "record_names": misleading,
            "domain": misleading,
        }.get(way, f"{other_word} Unheard Of")
        return names

    way = rng.choice(WAYS if not is_twin else WAYS[:2])
    found_by = evidence(way)
    customer_id = f"cus_{company.account_id}"
    if way == "account_names":
        row["stripe_customer_id_c"] = customer_id
    host = found_by["domain"] or "elsewhere.example"
    if way == "name" and world.has("free_email_domains"):
        host = rng.choice(catalogue.FREE_DOMAINS)
    named = {"salesforce_account_id": found_by["named"], "plan": "x"} if found_by["named"] else {"plan": "x"}
    world.add(
        "stripe",
        "customer",
        id=customer_id,
        email=world.spell_email("Billing", host.upper() if rng.random() < 0.2 else host),
        name=found_by["name"],
        metadata=json.dumps(named) if found_by["named"] or rng.random() < 0.5 else None,
        livemode=rng.choice([True, True, None]),
        is_deleted=rng.choice([False, None]),
        created=world.span.start_at,
    )
    company.customer_ids.append(customer_id)

    way = rng.choice(WAYS)
    found_by = evidence(way)
    company.organization_id = 100 + len(world.tables.rows["zendesk", "organization"])
    if way == "account_names":
        row["zendesk_organization_id_c"] = world.spell_id(str(company.organization_id))
    listed = rng.random() < 0.5
    world.add(
        "zendesk",
        "organization",
        id=company.organization_id,
        name=found_by["name"],
        external_id=found_by["named"],
        created_at=world.span.start_at,
        domain_names=None if listed or not found_by["domain"] else f"unrelated.example, {found_by['domain']}",
    )
    if listed and found_by["domain"]:
        for index, domain in enumerate(["unrelated.example", found_by["domain"]]):
            world.add(
                "zendesk",
                "domain_name",
                organization_id=company.organization_id,
                index=index,
                domain_name=domain,
            )

    way = rng.choice(WAYS)
    found_by = evidence(way)
    company.group_id = found_by["named"] or f"workspace-{company.account_id}"
    if way == "account_names":
        if world.has("uuid_case"):
            company.group_id = str(uuid.UUID(int=rng.getrandbits(128), version=4))
        row["product_group_id_c"] = world.spell_uuid(company.group_id)
    company.group_traits = {
        "name": found_by["name"],
        "website": world.spell_website(found_by["domain"]) if found_by["domain"] else None,
    }


def add_placeholders(world: World) -> None:
    """Words for nothing on both sides, which must not find one another."""
    rng, start = world.rng, world.span.start_at
    words = [spelled for word in catalogue.PLACEHOLDERS for spelled in (word, word.upper(), word.title())]
    for number, word in enumerate(["Unknown", "N/A", "-"]):
        row = {"name": word, "website": rng.choice(words), "is_deleted": False, "created_date": start}
        for column in ("stripe_customer_id_c", "product_group_id_c", "zendesk_organization_id_c"):
            row[column] = rng.choice(words)
        world.add("salesforce", "account", id=f"001P{number:03d}", **row)
        customer = {"name": rng.choice(words), "email": rng.choice(words), "livemode": True, "created": start}
        metadata = json.dumps({"salesforce_account_id": rng.choice(words)})
        world.add("stripe", "customer", id=f"cus_p{number}", metadata=metadata, **customer)
        organization = {"name": word.lower(), "external_id": rng.choice(words), "domain_names": rng.choice(words)}
        world.add("zendesk", "organization", id=9_000 + number, created_at=start, **organization)
    for company in world.companies:
        for column in ("stripe_customer_id_c", "zendesk_organization_id_c", "product_group_id_c"):
            if not company.row.get(column) and rng.random() < 0.3:
                company.row[column] = rng.choice(words)


def add_people(world: World) -> None:
    """The owners in the CRM, of whom some have left."""
    rng = world.rng
    for number in range(8):
        world.add(
            "salesforce",
            "user",
            id=f"005{number:03d}",
            email=f"person{number}@teamflow.example",
            name=f"Person {number}",
            is_active=rng.choice([True, True, None, False]),
            _fivetran_deleted=rng.choice([False, None, False, True]),
        )
    for company in world.companies:
        company.row["owner_id"] = rng.choice([None, *(f"005{number:03d}" for number in range(9))])
        company.row["customer_success_manager_id_c"] = rng.choice([None, *(f"005{number:03d}" for number in range(9))])
