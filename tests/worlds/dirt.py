"""The dirty facts by name."""

#: What each switch does to a world.
DIRT = {
    "repeated_events": "events land again under their id, received later, some with another timestamp",
    "late_events": "events are received at the lateness limit, a microsecond after it, or long after it",
    "clock_skew": "timestamps lie later than the receipt",
    "events_without_group": "events name no group; group calls tie, change and come late",
    "users_in_two_groups": "users work in two accounts",
    "anonymous_events": "page views, limit hits and value events without a user",
    "staff": "our own people use customers' groups",
    "test_mode": "billing rows of the test mode beside the live ones",
    "prorations": "changes in the middle of a period, as invoiceitem lines, some invoiced at the next cycle",
    "proration_credits": "credits that remove nothing: beside a positive line, or no proration at all",
    "item_removal": "items are removed, which only a credit documents",
    "intervals": "plans by the year, week, day and by several months, beside monthly ones",
    "deleted_accounts": "accounts deleted without a survivor, with customers, contacts and groups",
    "merged_accounts": "accounts merged into others, some in chains, whose children keep the old id",
    "orphaned_organizations": "records that belong to no account",
    "ambiguous_organizations": "records that fit two accounts",
    "free_email_domains": "e-mails and websites of free providers",
    "temporary_lines": "invoice lines that are about to be replaced",
    "currencies": "several currencies with changing rates",
    "zero_decimal": "a currency without minor units",
    "metered": "items billed by use after the period",
    "swapped_items": "a subscription ends and another one continues it, days before or after",
    "soft_deletes": "deleted rows of both generations of the flag",
    "null_priorities": "tickets without a priority, at first or for ever",
    "reopened_tickets": "tickets that are solved and reopened",
    "deleted_tickets": "tickets with the status deleted, some restored",
    "tickets_without_organization": "tickets that only their requester places",
    "camel_case": "the CRM's own spelling of columns",
    "subscription_history": "subscriptions land with their history",
    "legacy_plans": "plans in the place of prices",
    "plans_beside_prices": "prices and plans under one id, where the price speaks first",
    "tiered_prices": "prices without a unit amount",
    "churn_and_return": "customers that leave and come back",
    "draft_and_void_invoices": "invoices that do not count, with lines that would",
    "unpaid_subscriptions": "subscriptions that are past due or unpaid",
    "trials": "trials at zero",
    "uninvoiced_changes": "changes that only the item's own row shows",
    "unknown_time_zones": "time zones that no database knows, or none",
    "no_crm_history": "no history of accounts and opportunities",
    "graduated_prices": "prices in graduated tiers, some with a free tier and a fee: a line each",
    "volume_prices": "prices by volume with a flat fee: a line of no quantity",
    "package_prices": "prices for every five, rounded up",
    "two_currencies": "prices in one currency, billed in another one that they have too",
    "tax_inclusive_prices": "prices with tax in them",
    "incomplete_subscriptions": "subscriptions that were never paid, or only after a while",
    "backdated_subscriptions": "subscriptions whose lines begin before they were created",
    "draft_renewals": "renewals whose invoice is still a draft",
    "changed_currency": "customers who go on in another currency",
    "late_histories": "histories that begin after their record, some when it is closed already",
    "early_ends": "versions that end a millisecond before the next one starts",
    "overlapping_versions": "versions that are still open when the next one starts",
    "expected_close_dates": "closed deals without a history whose closing date lies ahead, or before their creation",
    "placeholders": "n/a, null, undefined, none, - and Unknown where an id, a domain or a name belongs",
    "short_ids": "Salesforce ids of 18 characters, named by their first 15",
    "decimal_ids": "ids with a decimal .0 or blanks around them",
    "uuid_case": "UUIDs in both letter cases",
    "two_addresses": "fields with two addresses or sites, and with display names",
    "rare_scripts": "names in Han, Greek, Cyrillic and Arabic letters",
    "shared_hosts": "pages on hosts that many share",
    "blank_users": "events with an empty user or group",
    "repeats_after_dedup": "events that land again a month later, at and after the limit",
    "merged_tickets": "tickets that were merged into others, by tag or by list",
    "letter_case": "types, dispositions, statuses, priorities and tags in any letter case",
    "text_landings": "tables that land as text, with offsets and null words",
    "structs": "metadata that land as a structure",
}

#: Of these a world with all dirt takes each with even odds, for they exclude their opposite.
ALTERNATIVES = {"camel_case", "subscription_history", "legacy_plans", "no_crm_history", "text_landings"}


def chosen_dirt(dirt, rng) -> set[str]:
    if dirt == "all":
        return {name for name in DIRT if name not in ALTERNATIVES or rng.random() < odds(name)}
    names = {dirt} if isinstance(dirt, str) else set(dirt or ())
    unknown = names - DIRT.keys()
    if unknown:
        raise ValueError(f"no such dirt: {', '.join(sorted(unknown))}")
    return names


def odds(name: str) -> float:
    return 0.2 if name == "no_crm_history" else 0.5
