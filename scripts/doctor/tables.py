"""Tables and columns: which are found, which are lacking, and what else has landed under a similar name."""

from __future__ import annotations

from collections.abc import Iterator

from operations import landing as files

from .finding import Finding, Severity, counted, listed, nearest
from .landing import Column, Landing, Table, raw_value

CONCERN = "tables"
# Tables of which one is enough.
EITHER = {
    ("stripe", "price"): ("stripe", "plan"),
    ("stripe", "subscription"): ("stripe", "subscription_history"),
    ("segment", "users"): ("segment", "identifies"),
}
# What many connectors rightly do not land, and what no signal needs.
SELDOM = {
    "contact_merge_audit", "merged_deal", "screens", "engagement_task", "push_log", "erasure_requests",
    "success_health_scores", "plan", "subscription_history", "users", "email_event_click",
}  # fmt: skip
BOOKKEEPING = ("_fivetran", "is_deleted", "livemode", "master_record_id", "property_hs_merged", "is_child")
# Nobody has opted out yet, or nobody needs an id because domains match: null says nothing.
NULL_IS_FINE = {"expansion_opt_out_date", "stripe_customer_id", "product_group_id", "zendesk_organization_id"}
CRM_FIELD_SILENCES = "onboarding_completed_date"
# Columns that a connector lands either here or elsewhere.
ELSEWHERE = {
    "finalized_at", "current_period_end", "created", "status_transitions_marked_uncollectible_at", "url", "domain_names",
    "unit_amount_decimal", "is_child", "closed_won", "date_entered", "created_at", "timestamp", "property_hs_createdate",
}  # fmt: skip
SIMILAR = 0.75
# Letters that say a word in any of its forms: onboard, custome, expansi.
STEM = 7
CRMS = ("salesforce", "hubspot")


def check(landing: Landing) -> list[Finding]:
    return [
        *_vendors(landing), *_broken_files(landing),
        *(finding for table in landing.tables.values() for finding in _table(landing, table)),
        *_optional_tables(landing), *_crm_fields(landing),
    ]  # fmt: skip


def nothing_landed(landing: Landing) -> list[Finding]:
    """The one finding of a landing without a table that is read, with the folders that are there."""
    there = f" Its folders {listed(sorted(landing.folders))} are no vendors that are read." if landing.folders else ""
    return [
        *_broken_files(landing),
        Finding(
            Severity.STOPS, CONCERN,
            f"Nothing has landed in {landing.place.raw_location}: expected one folder a table, such as"
            f" {landing.place.raw_location}/segment/tracks/*.parquet.{there}",
        ),
    ]  # fmt: skip


def _in_use(landing: Landing, table: Table) -> bool:
    domains = landing.settings.vendors
    served = domains.get(table.domain, []) if table.domain else [name for names in domains.values() for name in names]
    return table.vendor in served


def _vendors(landing: Landing) -> Iterator[Finding]:
    """A vendor that landed and serves nothing, and a domain that nobody serves."""
    used = {vendor for vendors in landing.settings.vendors.values() for vendor in vendors}
    known = {vendor for vendor, _ in landing.tables}
    for domain, vendors in landing.settings.package_vendors.items():
        if domain in ("product", "crm", "billing") and not landing.settings.vendors.get(domain):
            yield Finding(
                Severity.SILENCES, CONCERN, f"No vendor serves the domain {domain}: sources names none.",
                settings=f"vars:\n  sources:\n    {domain}: {vendors}", rank=9,
            )  # fmt: skip
    for vendor in sorted(used & known):
        required = [table.name for table in landing.tables.values() if table.vendor == vendor and table.is_required]
        if (
            required
            and not _any_landed(landing, vendor)
            and landing.folders
            and not (vendor in CRMS and is_other_crm_landed(landing))
        ):
            yield Finding(
                Severity.STOPS, CONCERN,
                f"Nothing of {vendor} has landed in {landing.place.raw_location}/{vendor}, and nothing can be built without its {listed(required)}."
                " Land it, name its relations in raw_relations, or take it out of sources.", rank=14,
            )  # fmt: skip
    for vendor in sorted(landing.folders):
        tables = sorted(landing.folders[vendor])
        if vendor in CRMS and vendor not in used:
            named = ", ".join(landing.settings.vendors.get("crm", [])) or "nobody"
            yield Finding(
                Severity.KNOW if is_crm_landed(landing) else Severity.STOPS,
                CONCERN, f"{vendor} has landed ({counted(len(tables), 'table')}), but sources says that the CRM is {named}.",
                settings=_sources(landing, vendor), rank=10,
            )  # fmt: skip
        elif vendor not in known:
            overlap = {
                name: len({table for owner, table in landing.tables if owner == name} & set(tables))
                for name in sorted(known)
            }
            best = max(overlap, key=lambda name: overlap[name])
            near = best if overlap[best] and best not in landing.folders else nearest(vendor, known)
            hint = f": rename the folder to {near}, or name its tables in raw_relations" if near else ""
            yield Finding(
                Severity.KNOW, CONCERN,
                f"The folder {landing.place.raw_location}/{vendor} ({listed(tables)}) is no vendor that is read{hint}.", rank=8,
            )  # fmt: skip


def _any_landed(landing: Landing, vendor: str) -> bool:
    return any(table.vendor == vendor and (table.is_landed or table.fault) for table in landing.tables.values())


def is_crm_landed(landing: Landing) -> bool:
    """Whether anything of a CRM that `sources` names is there."""
    return any(_any_landed(landing, vendor) for vendor in landing.settings.vendors.get("crm", []))


def is_other_crm_landed(landing: Landing) -> bool:
    return any(_any_landed(landing, vendor) for vendor in CRMS if vendor not in landing.settings.vendors.get("crm", []))


def _sources(landing: Landing, crm: str) -> str:
    """All of `sources`, since a project's variable replaces the package's whole."""
    domains = landing.settings.package_vendors | landing.settings.vendors | {"crm": [crm]}
    return "\n".join(
        ["vars:", "  sources:", *(f"    {domain}: [{', '.join(vendors)}]" for domain, vendors in domains.items())]
    )


def _broken_files(landing: Landing) -> Iterator[Finding]:
    if "://" in landing.place.raw_location:
        return
    for file in files.landed_files(landing.place):
        if fault := files.fault_of(file):
            yield Finding(Severity.STOPS, CONCERN, fault, rank=20)


def _table(landing: Landing, table: Table) -> Iterator[Finding]:
    if table.fault:
        yield Finding(Severity.STOPS, CONCERN, table.fault, rank=15)
    elif not table.is_landed:
        if table.is_required and _in_use(landing, table) and _any_landed(landing, table.vendor):
            yield Finding(
                Severity.STOPS, CONCERN,
                f"The table {table.title} has not landed, and nothing can be built without it: expected {table.place}/*.parquet"
                f" or *.csv, or a relation in raw_relations.{_near_table(landing, table)}",
                rank=14,
            )  # fmt: skip
    else:
        yield from _columns(landing, table)
        yield from _rows(landing, table)


def _near_table(landing: Landing, table: Table) -> str:
    known = {name for vendor, name in landing.tables if vendor == table.vendor}
    folders = set(landing.folders.get(table.vendor, {})) - known
    near = nearest(table.name, folders)
    return f" The nearest folder there is: {near}." if near else ""


def _near_column(table: Table, column: Column, cutoff: float = SIMILAR) -> str | None:
    """Among the landed columns that nothing else reads."""
    read = {name for other in table.columns for name in other.found}
    return nearest(column.wanted, set(table.landed_columns) - read, cutoff)


def _columns(landing: Landing, table: Table) -> Iterator[Finding]:
    lacking = [column for column in table.columns if not column.found]
    for column in [column for column in lacking if column.is_required or column.is_renamed]:
        near = _near_column(table, column, 0.5)
        hint = (
            f" The nearest name there is: {near}." if near else f" There is: {listed(sorted(table.landed_columns), 8)}."
        )
        said = f", which raw_columns or event_tables names for {column.name}" if column.is_renamed else ""
        yield Finding(
            Severity.STOPS, CONCERN, f"{table.title} has no column {column.wanted} ({column.type}){said}.{hint}",
            settings=_raw_column(table, column, near), rank=13,
        )  # fmt: skip
    if not (_in_use(landing, table) or table.vendor.endswith("_history") or table.vendor == "push"):
        return
    told, silent = [], []
    for column in lacking:
        if (
            column.is_required
            or column.is_renamed
            or column.crm_field
            or column.wanted in ELSEWHERE
            or column.wanted.startswith(BOOKKEEPING)
        ):
            continue
        near = _near_column(table, column)
        (told if near else silent).append((column, near))
    for column, near in told:
        yield Finding(
            Severity.KNOW, CONCERN,
            f"{table.title} has no column {column.wanted} and is read as null there; is it {near}?",
            settings=_raw_column(table, column, near), rank=3,
        )  # fmt: skip
    if silent:
        names = [column.wanted for column, _ in silent]
        yield Finding(
            Severity.KNOW,
            CONCERN,
            f"{table.title} has no {listed(names, 8)}: read as null, and what they feed is unknown.",
            rank=1,
        )


def _raw_column(table: Table, column: Column, near: str | None) -> str | None:
    if not near:
        return None
    return f"vars:\n  raw_columns:\n    {table.vendor}: {{{table.name}: {{{column.name}: {near}}}}}"


def _rows(landing: Landing, table: Table) -> Iterator[Finding]:
    """An empty table, a column in which nothing has the expected type, and a share of bad rows above the limit."""
    landed = [column for column in table.columns if column.found]
    typed = [column for column in landed if column.type != "varchar"]
    values = [raw_value(column) for column in typed]
    casts = [f"try_cast({value} as {column.type})" for column, value in zip(typed, values, strict=True)]
    faults = [f"({value} is not null and {cast} is null)" for value, cast in zip(values, casts, strict=True)]
    faults += [f"({raw_value(column)} is null)" for column in landed if column.is_not_null]
    counts = [text for value, cast in zip(values, casts, strict=True) for text in (f"count({value})", f"count({cast})")]
    bad = f"count(*) filter (where {' or '.join(faults)})" if faults else "0"
    ((rows, bad_rows, *found),) = landing.ask(f"select {', '.join(['count(*)', bad, *counts])} from {table.source_sql}")
    if rows == 0 and table.is_not_empty:
        yield Finding(Severity.STOPS, CONCERN, f"{table.title} is empty: expected at least one row.", rank=13)
    wrong = [column for n, column in enumerate(typed) if found[2 * n] and not found[2 * n + 1]]
    for column in wrong:
        yield Finding(
            Severity.STOPS, CONCERN,
            f"No value of {table.title}.{column.found[0]} is a {column.type}; it landed as {column.landed_type.lower()}.", rank=12,
        )  # fmt: skip
    limit = float(landing.settings.variables.get("max_quarantined_share", 0.01))
    if bad_rows and not wrong:
        reasons = [
            column.wanted
            for column, condition in zip(
                [*typed, *(column for column in landed if column.is_not_null)], faults, strict=True
            )
            if landing.ask(f"select count(*) from {table.source_sql} where {condition}")[0][0]
        ]
        stops = bad_rows > rows * limit
        yield Finding(
            Severity.STOPS if stops else Severity.KNOW, CONCERN,
            f"{bad_rows:,} of {rows:,} rows of {table.title} are bad (null keys or values of the wrong type in {listed(reasons)})"
            + (f": at most {100 * limit:g} % may be (max_quarantined_share)." if stops else "; they are left out."),
            rank=11 if stops else 1,
        )  # fmt: skip


def _optional_tables(landing: Landing) -> Iterator[Finding]:
    lacking: dict[str, list[str]] = {}
    for table in landing.tables.values():
        if table.is_landed or table.fault or (table.is_required and _in_use(landing, table)):
            continue
        other = EITHER.get((table.vendor, table.name))
        if other and not landing.table(*other).is_landed and _in_use(landing, table) and table.vendor == "stripe":
            yield Finding(
                Severity.SILENCES, CONCERN,
                f"Neither {table.title} nor {other[0]}.{other[1]} has landed: without one of them no account has revenue, and"
                f" every trigger needs it.{_near_table(landing, table)}", rank=12,
            )  # fmt: skip
        elif table.name not in SELDOM and not other and _in_use(landing, table):
            near = _near_table(landing, table)
            if near:
                yield Finding(Severity.KNOW, CONCERN, f"The optional table {table.title} has not landed.{near}", rank=5)
            else:
                lacking.setdefault(table.vendor, []).append(table.name)
    for vendor, names in lacking.items():
        if vendor in landing.folders:
            yield Finding(
                Severity.KNOW,
                CONCERN,
                f"{vendor} lands no {listed(sorted(names), 10)}: optional, and what they feed is unknown.",
                rank=1,
            )
        elif vendor == "zendesk":
            yield Finding(
                Severity.KNOW, CONCERN, "No support desk has landed: signals of tickets stay unknown, and no open ticket ever holds"
                " a trigger back.", rank=4,
            )  # fmt: skip


def _crm_fields(landing: Landing) -> Iterator[Finding]:
    """Columns that every CRM names differently: found under another name, or not at all."""
    for table in landing.tables.values():
        if not (table.is_landed and _in_use(landing, table) and table.name in ("account", "company")):
            continue
        prefix, lacking = "property_" if table.vendor == "hubspot" else "", []
        for column in table.columns:
            if _is_unused(landing, column.crm_field):
                continue
            if not column.crm_field or column.crm_field == CRM_FIELD_SILENCES:
                # The date of onboarding is judged with the stage.
                continue
            ((filled,),) = landing.ask(f'select count("{column.name}") from {table.view}')
            if filled or (column.found and column.crm_field in NULL_IS_FINE):
                continue
            near = nearest_field(table, column)
            if not near:
                lacking.append(column)
                continue
            what = "is null everywhere" if column.found else "is not there"
            yield Finding(
                Severity.KNOW, CONCERN,
                f"{table.title}.{column.wanted}, which is read as {column.crm_field}, {what}. Is it {near}?",
                settings=f"vars:\n  crm_fields:\n    {column.crm_field}: {near.removeprefix(prefix)}", rank=4,
            )  # fmt: skip
        if lacking:
            yield Finding(
                Severity.KNOW, CONCERN,
                f"{table.title} has no value for {listed((column.crm_field for column in lacking), 8)} (crm_fields): nothing is known of {'it' if len(lacking) == 1 else 'them'}.",
                rank=2,
            )  # fmt: skip


def _is_unused(landing: Landing, crm_field: str | None) -> bool:
    """A field that this company asks nothing of: ids of what it does not have, persons that no role names."""
    if crm_field == "zendesk_organization_id":
        return not landing.settings.vendors.get("support")
    if crm_field == "product_group_id":
        return not landing.table("segment", "groups").is_landed
    if crm_field == "customer_success_manager_id":
        fields = landing.settings.seed("roles").values("person_field")
        return "success_manager" not in {field.split(".")[0] for field in fields}
    return False


def nearest_field(table: Table, column: Column) -> str | None:
    """Of a CRM's own column: by its configured name, by what it means, or by the stem of its first word."""
    read = {name for other in table.columns for name in other.found}
    prefix = "property_" if table.vendor == "hubspot" else ""
    bare = {name.removeprefix(prefix): name for name in sorted(set(table.landed_columns) - read)}
    meaning = column.crm_field or column.name
    near = nearest(column.wanted.removeprefix(prefix), bare, 0.7) or nearest(meaning, bare, 0.7)
    stem = meaning.split("_")[0][:STEM]
    if not near and len(stem) == STEM:
        near = next((name for name in bare if stem in name.lower()), None)
    return bare[near] if near else None
