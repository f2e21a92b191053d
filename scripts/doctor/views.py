"""The landing in one shape, whichever CRM it comes from, as temporary tables that every concern reads.

Simpler than the models on purpose: good enough to see that two sides never meet, not to say which record is whose.
"""

from __future__ import annotations

import re

from .landing import Landing

NO_ID = "('', 'null', 'undefined', 'none', 'n/a', '-')"
DOMAIN = (
    "nullif(regexp_replace(regexp_replace(lower(trim({0})), '^[a-z][a-z0-9+.-]*://', ''),"
    r" '^(.*@)?(www\.)?([^/:?#]*).*$', '\3'), '')"
)
NAME = "nullif(trim(regexp_replace(regexp_replace(lower(strip_accents({0})), '[^a-z0-9]+', ' ', 'g'), '{1}', '')), '')"
PATH = (
    "coalesce(path, nullif(regexp_replace(regexp_replace(url, '^[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*', ''),"
    " '[?#].*$', ''), ''))"
)
LIVE = "coalesce(livemode, true)"
KEPT = "not coalesce(is_deleted, false) and not coalesce(_fivetran_deleted, false)"

ACCOUNTS = {
    "salesforce": (
        "select 'salesforce' as vendor, id as account_id, name, website, number_of_employees as employees, owner_id,"
        " customer_success_manager_id_c as success_manager_id, onboarding_completed_date_c as onboarded_at,"
        " time_zone_c as time_zone, upper(billing_country_code) as country_code, stripe_customer_id_c as billing_id,"
        " product_group_id_c as product_id, zendesk_organization_id_c as support_id,"
        " fiscal_year_end_month_c as fiscal_year_end_month, created_date as created_at from salesforce__account"
        f" where {KEPT} and master_record_id is null and coalesce(_fivetran_active, true)"
    ),
    "hubspot": (
        "select 'hubspot' as vendor, id as account_id, property_name as name, property_domain as website,"
        " property_numberofemployees as employees, property_hubspot_owner_id as owner_id,"
        " property_customer_success_manager_id_c as success_manager_id,"
        " property_onboarding_completed_date_c as onboarded_at, property_time_zone_c as time_zone,"
        " upper(property_billing_country_code) as country_code, property_stripe_customer_id_c as billing_id,"
        " property_product_group_id_c as product_id, property_zendesk_organization_id_c as support_id,"
        " property_fiscal_year_end_month_c as fiscal_year_end_month, property_createdate as created_at"
        f" from hubspot__company where {KEPT}"
    ),
}
DEALS = {
    "salesforce": (
        "select id as deal_id, type as deal_type, stage_name as stage, true as is_stage_known, created_date as created_at"
        f" from salesforce__opportunity where {KEPT} and coalesce(_fivetran_active, true)"
    ),
    "hubspot": (
        "select deal_id, property_dealtype as deal_type, deal_pipeline_stage_id as stage,"
        " deal_pipeline_stage_id in (select stage_id from hubspot__deal_pipeline_stage) as is_stage_known,"
        f" property_createdate as created_at from hubspot__deal where {KEPT}"
    ),
}
CALLS = {
    "salesforce": "select call_disposition as disposition from salesforce__task where call_disposition is not null",
    "hubspot": (
        "select property_hs_call_disposition as disposition from hubspot__engagement_call"
        " where property_hs_call_disposition is not null and not coalesce(_fivetran_deleted, false)"
    ),
}
TITLES = {
    "salesforce": "select title, created_date as created_at from salesforce__contact",
    "hubspot": "select property_jobtitle as title, property_createdate as created_at from hubspot__contact",
}
STAFF = {
    "salesforce": "select id as user_id from salesforce__user where coalesce(is_active, true)",
    "hubspot": "select cast(owner_id as varchar) as user_id from hubspot__owner",
}
# The tables in which employees change over time.
EMPLOYEE_HISTORY = {
    "salesforce": "select 1 from salesforce_history__account where number_of_employees is not null",
    "hubspot": "select 1 from hubspot__company_property_history where name = 'numberofemployees'",
}


def make(landing: Landing) -> None:
    """Temporary tables: accounts, deals, calls, titles, staff, employee_history, products, records, events."""
    settings = landing.settings
    crm = [vendor for vendor in settings.vendors.get("crm", []) if vendor in ACCOUNTS]
    for name, parts in {
        "accounts": ACCOUNTS, "deals": DEALS, "calls": CALLS, "titles": TITLES, "staff": STAFF,
        "employee_history": EMPLOYEE_HISTORY,
    }.items():  # fmt: skip
        # Without a CRM the shape stays, and no row.
        selects = [parts[vendor] for vendor in crm] or [f"select * from ({parts['salesforce']}) where false"]
        _table(landing, name, " union all by name ".join(selects))
    _table(landing, "products", _products())
    _words(landing, "free_domains", "domain", ("free_email_domains", "shared_hosts"))
    _words(landing, "staff_domains", "domain", ("internal_domains",))
    suffixes = [re.escape(suffix) for suffix in settings.seed("legal_suffixes").values("suffix")]
    pattern = f"( ({'|'.join(suffixes)}))+$".replace("'", "''") if suffixes else "$^"
    _identity(landing, pattern)
    _events(landing)


def _products() -> str:
    """Products that something is billed for, with the share of lines; a product without a name goes by its id."""
    return f"""
        with prices as (
            select id, product_id, currency, recurring_interval as unit, coalesce(recurring_interval_count, 1) as units,
                recurring_usage_type as usage_type from stripe__price where {LIVE}
            union all
            select id, product_id, currency, "interval" as unit, coalesce(interval_count, 1) as units, usage_type
            from stripe__plan where {LIVE} and id not in (select id from stripe__price)
        ),
        lines as (
            select coalesce(price_id, plan_id) as price_id, count(*) as lines, max(quantity) as most_units
            from stripe__invoice_line_item where {LIVE} group by 1
        ),
        items as (
            select plan_id as price_id, count(*) as items, max(quantity) as most_units
            from stripe__subscription_item group by 1
        )
        select prices.product_id, any_value(names.name) as name, sum(coalesce(lines.lines, 0)) as lines,
            sum(coalesce(items.items, 0)) as items,
            bool_or(coalesce(prices.usage_type, 'licensed') = 'metered') as is_metered,
            bool_or(prices.unit = 'year' or (prices.unit = 'month' and prices.units >= 12)) as is_yearly,
            bool_or(coalesce(prices.usage_type, 'licensed') <> 'metered'
                and greatest(coalesce(lines.most_units, 0), coalesce(items.most_units, 0)) > 1) as has_units
        from prices
        left join lines on prices.id = lines.price_id
        left join items on prices.id = items.price_id
        left join stripe__product as names on prices.product_id = names.id
        where prices.unit is not null
        group by prices.product_id
    """


def _identity(landing: Landing, pattern: str) -> None:
    """Records of billing, support and product, each with the accounts that the first rule that hits finds."""
    domain, name = DOMAIN.format, lambda column: NAME.format(column, pattern)
    _table(
        landing, "account_keys",
        f"select account_id, vendor, {domain('website')} as domain, {name('name')} as plain_name, billing_id, product_id,"
        " support_id from accounts",
    )  # fmt: skip
    landing.connection.execute(
        "update account_keys set domain = null where domain in (select domain from free_domains) or domain not like '%.%'"
    )
    _table(
        landing, "records",
        f"""
        select 'billing' as domain_name, id as record_id, {domain("email")} as domain, {name("name")} as plain_name,
            coalesce(json_extract_string(try_cast(metadata as json), '$.salesforce_account_id'),
                json_extract_string(try_cast(metadata as json), '$.hubspot_company_id')) as named_account_id
        from stripe__customer where {LIVE} and not coalesce(is_deleted, false)
        union all
        select 'support', cast(id as varchar), coalesce(
                (select {domain("min(domain_name)")} from zendesk__domain_name where organization_id = organizations.id),
                {domain("domain_names")}), {name("name")}, external_id
        from zendesk__organization as organizations where not coalesce(_fivetran_deleted, false)
        union all
        select 'product', group_id, {domain("arg_max(website, received_at)")}, {name("arg_max(name, received_at)")}, group_id
        from (
            select group_id, website, name, received_at from segment__groups
            union all select context_group_id, null, null, received_at from segment__tracks
            union all select context_group_id, null, null, received_at from segment__pages
        ) where group_id is not null group by group_id
        """,
    )  # fmt: skip
    landing.connection.execute(
        f"update records set named_account_id = null where lower(trim(named_account_id)) in {NO_ID}"
    )
    landing.connection.execute("update records set domain = null where domain in (select domain from free_domains)")
    key = "case {0} when 'billing' then {1}.billing_id when 'support' then {1}.support_id else {1}.product_id end"
    _table(
        landing, "matches",
        f"""
        with hits as (
            select records.domain_name, record_id, account_id, 1 as rank
            from records inner join account_keys
                on {_same_id("records.named_account_id", "account_keys.account_id")}
            union
            select records.domain_name, record_id, account_id, 1
            from records inner join account_keys
                on {_same_id("records.record_id", key.format("records.domain_name", "account_keys"))}
            union
            select records.domain_name, record_id, account_id, 2
            from records inner join account_keys on records.domain = account_keys.domain
            union
            select records.domain_name, record_id, account_id, 3
            from records inner join account_keys on records.plain_name = account_keys.plain_name
        )
        select domain_name, record_id, account_id, rank = 1 as is_by_id, count(*) over (partition by domain_name, record_id) as accounts
        from (select *, min(rank) over (partition by domain_name, record_id) as first from hits) where rank = first
        """,
    )  # fmt: skip


def _events(landing: Landing) -> None:
    """Product events by name, and where their account could come from: only counts, since there may be millions."""
    _table(
        landing, "events",
        f"""
        select 'tracks' as source_table, event as event_name, user_id, context_group_id as group_id, timestamp as event_at,
            received_at from segment__tracks
        union all
        select 'pages', {PATH}, user_id, context_group_id, timestamp, received_at from segment__pages
        union all
        select 'screens', name, user_id, context_group_id, timestamp, received_at from segment__screens
        """,
        kind="view",
    )  # fmt: skip
    _table(
        landing, "event_names",
        "select source_table, event_name, count(*) as events from events where event_name is not null group by all",
    )  # fmt: skip
    _table(
        landing, "event_days",
        "select cast(received_at as date) as day, count(*) as events from events where received_at is not null group by 1",
    )  # fmt: skip
    domain = DOMAIN.format("email")
    _table(
        landing, "product_users",
        f"""
        select user_id, max({domain}) as domain, bool_or(is_member) as is_member from (
            select user_id, email, false as is_member from segment__identifies
            union all select id, email, false from segment__users
            union all select user_id, null, true from segment__groups
        ) where user_id is not null group by user_id
        """,
    )  # fmt: skip
    _table(
        landing, "event_users",
        "select user_id, group_id, count(*) as events from events group by all",
    )  # fmt: skip


def _same_id(left: str, right: str) -> str:
    """Equal without blanks and a decimal .0; of Salesforce's two forms of an id the longer one begins with the other."""
    ours, theirs = (f"regexp_replace(trim({side}), '\\.0$', '')" for side in (left, right))
    return (
        f"({ours} = {theirs} or (least(length({left}), length({right})) = 15 and greatest(length({left}), length({right})) = 18"
        f" and {left} like '00%' and substr({left}, 1, 15) = substr({right}, 1, 15)))"
    )


def _words(landing: Landing, name: str, column: str, seeds: tuple[str, ...]) -> None:
    landing.connection.execute(f"create or replace temp table {name} (domain varchar)")
    columns = {"shared_hosts": "host"}
    values = [
        [value.lower()] for seed in seeds for value in landing.settings.seed(seed).values(columns.get(seed, column))
    ]
    if values:
        landing.connection.executemany(f"insert into {name} values (?)", values)


def _table(landing: Landing, name: str, query: str, kind: str = "table") -> None:
    landing.connection.execute(f"create or replace temp {kind} {name} as {query}")
