"""Every dirty fact by name: the models handle it, and with its handling taken out they go wrong.

The world of a test has one dirty fact (and those without which it cannot be planted). On it the models agree with
the evaluator, table by table up to the one in which the fact would show; then the handling is taken out of a copy of
the manifest, what depends on it is built again, and that table has to differ.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from evaluator import evaluate
from support.comparison import TABLES, differences
from support.mutation import Edit, mutated, relations_above, without_hooks
from support.parts import build_part, load_seeds
from worlds import DIRT, write_seeds, write_world

#: The seeds are drawn once, for all worlds.
SEEDS = 3

#: The model in which a table of the evaluator is found.
MODELS = {
    "matches": "int_identity_matches",
    "account_daily": "int_account_billing_daily",
    "signals": "int_account_signals_daily",
    "stage": "int_account_stage_daily",
    "movements": "int_mrr_movements",
    "expansions": "int_expansions",
    "episodes": "int_trigger_episodes",
    "firings": "int_firing_hold_backs",
    "suppressions": "fct_suppressed_triggers",
}


@dataclass(frozen=True)
class Removal:
    """How a handling is taken out, what becomes of the dirty fact then, and the table and column where it shows."""

    edits: tuple[Edit, ...]
    breaks: str
    table: str
    column: str = ""
    world: int = 3
    beside: tuple[str, ...] = ()


def removal(name: str, text: str, replacement: str, breaks: str, table: str, column: str = "", **options) -> Removal:
    return Removal((Edit(name, text, replacement),), breaks, table, column, **options)


REMOVALS = {
    "repeated_events": removal(
        "stg_product__events",
        "where repeats.event_key is null",
        "where true",
        "every copy of an event counts once more",
        "signals",
    ),
    "late_events": removal(
        "is_on_time",
        "{{ received_at }} <=",
        "true or {{ received_at }} <=",
        "an event counts however late it was received",
        "signals",
    ),
    "clock_skew": removal(
        "event_copies",
        "least(sent_at, received_at) as event_at",
        "sent_at as event_at",
        "an event lies after its own receipt",
        "signals",
    ),
    "events_without_group": removal(
        "placed_events",
        "or user_accounts.account_id is not null",
        "",
        "an event that names no group belongs to no account",
        "signals",
    ),
    "users_in_two_groups": Removal(
        (
            Edit(
                "int_signals_arrivals",
                "select account_id, user_key, min(event_on)",
                "select min(account_id) as account_id, user_key, min(event_on)",
            ),
            Edit("int_signals_arrivals", "group by account_id, user_key", "group by user_key"),
        ),
        "a user of two accounts arrives in one of them only",
        "signals",
        "users_added_30d",
    ),
    "anonymous_events": removal(
        "placed_events",
        "and staff.user_key is null",
        "and staff.user_key is null and events.user_key is not null",
        "page views and value events without a user are dropped",
        "signals",
        "page_views",
    ),
    "staff": removal(
        "placed_events",
        "and staff.user_key is null",
        "",
        "our own people count as the customer's users",
        "signals",
        "active_users_28d",
    ),
    "test_mode": Removal(
        (
            Edit("base_stripe__invoice", "coalesce(livemode, true)", "true"),
            Edit("base_stripe__invoice_line_item", "coalesce(livemode, true)", "true"),
        ),
        "test invoices of a live customer are revenue",
        "account_daily",
        "seats_licensed",
    ),
    "prorations": removal(
        "int_billing_item_lines",
        "and (invoice_lines.is_subscription_line or invoice_lines.is_proration)",
        "and invoice_lines.is_subscription_line",
        "a change in the middle of a period waits for the next full line",
        "account_daily",
        "seats_licensed",
    ),
    "proration_credits": Removal(
        (
            Edit(
                "int_billing_item_lines",
                "and (invoice_lines.is_subscription_line or invoice_lines.is_proration)",
                "",
            ),
            Edit(
                "int_billing_item_states",
                "item_lines.is_proration and item_lines.amount < 0",
                "item_lines.amount < 0",
            ),
        ),
        "a credit that is no proration removes the item",
        "account_daily",
        beside=("prorations",),
    ),
    "item_removal": removal(
        "int_billing_item_states",
        "first_removals.removed_at,",
        "",
        "an item that only a credit removes goes on until its period lapses",
        "account_daily",
        beside=("prorations",),
    ),
    "intervals": removal(
        "int_billing_priced_changes",
        "change_amounts.unit_amount * prices.intervals_a_year / 12.0e0 as listed_price",
        "change_amounts.unit_amount as listed_price",
        "a year's price counts as a month's",
        "account_daily",
        "contract_value",
    ),
    "deleted_accounts": removal(
        "stg_crm__account_survivors",
        "and accounts.is_deleted = false",
        "",
        "records find an account that is gone",
        "matches",
        "account_id",
    ),
    "merged_accounts": removal(
        "stg_crm__account_survivors",
        "master_account_id as next_id",
        "case when false then master_account_id end as next_id",
        "records that name a merged account do not find its survivor",
        "matches",
        "account_id",
    ),
    "orphaned_organizations": removal(
        "int_identity_matches",
        "left join decided on",
        "inner join decided on",
        "records of no account vanish without a reason",
        "matches",
        "is missing",
    ),
    "ambiguous_organizations": removal(
        "int_identity_matches",
        "case when accounts = 1 then account_id end as only_account_id",
        "account_id as only_account_id",
        "a record that fits two accounts is given to one of them",
        "matches",
        "account_id",
    ),
    "free_email_domains": removal(
        "nobodys_domains",
        "from {{ ref('free_email_domains') }}",
        "from {{ ref('free_email_domains') }} where false",
        "everyone at a free mail provider is one company",
        "matches",
        world=5,
    ),
    "temporary_lines": removal(
        "base_stripe__invoice_line_item",
        "and id not like 'sub%'",
        "",
        "a line that is about to be replaced sets the quantity",
        "account_daily",
        "seats_licensed",
    ),
    "currencies": removal(
        "int_account_billing_periods",
        "* exchange_rates.rate as mrr",
        "as mrr",
        "a euro is a dollar",
        "account_daily",
        "contract_value",
    ),
    "zero_decimal": removal(
        "minor_units",
        "'jpy', ",
        "",
        "a yen is divided by a hundred",
        "account_daily",
        "contract_value",
        world=1,
    ),
    "metered": removal(
        "int_billing_priced_changes",
        "case when prices.is_metered then changes.period_end else changes.changed_at end as in_force_from",
        "changes.changed_at as in_force_from",
        "use counts before its period has closed",
        "account_daily",
        "contract_value",
    ),
    "swapped_items": removal(
        "int_billing_item_continuations",
        "from dealt",
        "from dealt where false",
        "the new subscription's item is bought anew, the old one's is lost",
        "movements",
    ),
    "soft_deletes": Removal(
        (
            Edit("stg_billing__customers", "and not coalesce(is_deleted, false)", ""),
            Edit("base_zendesk__tickets", "coalesce(tickets._fivetran_deleted, false) = false", "true"),
            Edit("base_salesforce__contacts", "coalesce(is_deleted, false) = false", "true"),
            Edit("base_salesforce__contacts", "coalesce(_fivetran_deleted, false) = false", "true"),
        ),
        "deleted customers, tickets and contacts count",
        "signals",
    ),
    "null_priorities": removal(
        "int_urgent_ticket_spells",
        "case when recorded_fields.has_priority_history = 1 then null else tickets.priority end as value",
        "tickets.priority as value",
        "a ticket is urgent before somebody said so",
        "signals",
        "open_urgent_tickets",
        world=9,
    ),
    "reopened_tickets": removal(
        "int_urgent_ticket_spells",
        "coalesce(spells.status, 'new') not in",
        "coalesce(tickets.status, 'new') not in",
        "a ticket is what it is today, whatever it was meanwhile",
        "signals",
        "open_urgent_tickets",
    ),
    "deleted_tickets": removal(
        "int_urgent_ticket_spells",
        "('solved', 'closed', 'deleted')",
        "('solved', 'closed')",
        "a deleted ticket stays open",
        "signals",
        "open_urgent_tickets",
    ),
    "tickets_without_organization": removal(
        "base_zendesk__tickets",
        "coalesce(tickets.organization_id, users.organization_id)",
        "tickets.organization_id",
        "a ticket that only its requester places belongs to nobody",
        "signals",
        "tickets_60d",
    ),
    "camel_case": removal(
        "column_contract",
        "{% elif found.name | lower | replace('_', '') == wanted | lower | replace('_', '') %}",
        "{% elif found.name | lower | replace('_', '') == wanted | lower | replace('_', '') and found.name[-3:] != '__c' %}",
        "the CRM's own spelling of a custom column is not read",
        "matches",
        "account_id",
    ),
    "subscription_history": removal(
        "base_stripe__subscription",
        "order by _fivetran_synced desc nulls last",
        "order by _fivetran_synced nulls last",
        "the oldest version of a subscription speaks",
        "account_daily",
    ),
    "legacy_plans": removal(
        "base_stripe__price",
        "from plans",
        "from plans where false",
        "lines of a plan have no price",
        "account_daily",
        "is missing",
    ),
    "plans_beside_prices": removal(
        "stg_billing__prices",
        "order by catalogue_table desc",
        "order by catalogue_table",
        "the plan overrules the price of its id",
        "account_daily",
        "contract_value",
        # What was billed speaks before any list; what no invoice shows yet is priced by the list.
        beside=("uninvoiced_changes",),
    ),
    "tiered_prices": removal(
        "int_billing_change_amounts",
        "coalesce(agreeing.amount, round({{ share('shares.amount', 'shares.share') }}, 8), spoken.amount)",
        "null",
        "a price without a unit amount costs nothing",
        "account_daily",
    ),
    "churn_and_return": removal(
        "int_mrr_movements",
        "closes.mrr_before <= 0 and closes.has_paid_before",
        "false",
        "a customer that returns is a new one",
        "movements",
        "reactivation",
    ),
    "draft_and_void_invoices": removal(
        "stg_billing__invoices",
        "coalesce(status, '') not in ('draft', 'void') as is_billed",
        "true as is_billed",
        "lines of drafts and voided invoices set the quantity",
        "account_daily",
        "seats_licensed",
    ),
    "unpaid_subscriptions": removal(
        "int_billing_item_changes",
        "in ('active', 'past_due', 'unpaid')",
        "in ('active')",
        "an unpaid subscription's new item waits for its first line",
        "account_daily",
        world=30,
        beside=("prorations", "item_removal"),
    ),
    "trials": Removal(
        (
            Edit("int_billing_line_changes", "line_facts.amount > 0", "line_facts.amount >= 0"),
            Edit("int_billing_change_amounts", "> 1.000001e0 * minor_unit", "> amount * 1e9 + 1e9"),
        ),
        "a trial at zero is paid at the list price",
        "account_daily",
        "is too many",
    ),
    "uninvoiced_changes": removal(
        "int_billing_item_changes",
        "from own_changes",
        "from own_changes where false",
        "a change waits for its invoice",
        "account_daily",
        "seats_licensed",
    ),
    "unknown_time_zones": removal(
        "int_account_time_zones",
        "known_time_zones.time_zone is not null as is_time_zone_known",
        "accounts.time_zone is not null as is_time_zone_known",
        "a zone that nobody knows is taken for known",
        "firings",
        "is_time_zone_known",
        world=11,
    ),
    "no_crm_history": removal(
        "int_account_employees",
        "where recorded_accounts.account_id is null",
        "where false",
        "an account without a history has no employees",
        "signals",
        "segment",
    ),
    "graduated_prices": removal(
        "int_billing_line_facts",
        "cast(sum({{ native_mrr('amount') }}) as double) as amount",
        "cast(max({{ native_mrr('amount') }}) as double) as amount",
        "of the tiers of a price only the dearest counts",
        "account_daily",
        "contract_value",
    ),
    "volume_prices": removal(
        "int_billing_line_facts",
        "where not is_free_tier or has_credit = 0 or free_place <= paid_tiers",
        "where (not is_free_tier or has_credit = 0 or free_place <= paid_tiers) and quantity <> 0",
        "a flat fee, a line of no quantity, is left out",
        "account_daily",
        "contract_value",
    ),
    "package_prices": removal(
        "stg_billing__prices",
        "not (is_tiered or is_package or includes_tax)",
        "not (is_tiered or includes_tax)",
        "the price of five is taken for the price of one",
        "account_daily",
        "contract_value",
        beside=("prorations",),
    ),
    "two_currencies": removal(
        "int_billing_change_amounts",
        "and prices.currency = changes.currency",
        "",
        "the listed amount of another currency speaks",
        "account_daily",
        "contract_value",
        beside=("currencies", "prorations"),
    ),
    "tax_inclusive_prices": removal(
        "base_stripe__invoice_line_item",
        "case when includes_tax or amount_excluding_tax is not null then minor_net_amount else minor_amount end",
        "minor_amount",
        "tax is revenue",
        "account_daily",
        "contract_value",
    ),
    "incomplete_subscriptions": removal(
        "stg_billing__subscriptions",
        "in ('incomplete', 'incomplete_expired') as is_never_paid",
        "in ('never') as is_never_paid",
        "what was never paid is revenue",
        "account_daily",
    ),
    "backdated_subscriptions": removal(
        "stg_billing__subscriptions",
        "greatest(coalesce(active_at, created_at), coalesce(created_at, active_at)) as known_from",
        "active_at as known_from",
        "a subscription is known before there was one",
        "account_daily",
    ),
    "draft_renewals": removal(
        "int_billing_item_states",
        "greatest(followed.lapses_at, coalesce(drafted.goes_on_until, followed.lapses_at))",
        "followed.lapses_at",
        "a renewal whose invoice is a draft has lapsed",
        "account_daily",
        "is missing",
    ),
    "changed_currency": removal(
        "int_billing_item_movements",
        "is_carried_on and currency <> currency_before as is_other_currency",
        "false as is_other_currency",
        "amounts of two currencies are set off one to one",
        "movements",
        beside=("currencies", "swapped_items"),
    ),
    "late_histories": removal(
        "stg_crm__account_versions",
        "where spans.version_number = 1 and",
        "where false and",
        "before its history begins an account has no employees",
        "signals",
        "segment",
    ),
    "early_ends": removal(
        "half_open_spans",
        "<= 1000",
        "<= 0",
        "between two versions lies a millisecond of which nothing is known",
        "signals",
        "segment",
    ),
    "overlapping_versions": removal(
        "half_open_spans",
        "then coalesce(next_from, valid_until)",
        "then valid_until",
        "a deal is open by a version that was never ended",
        "suppressions",
    ),
    "expected_close_dates": Removal(
        (
            Edit("stg_crm__opportunity_versions", "opportunities.stage_changed_at,", ""),
            Edit(
                "stg_crm__opportunity_versions",
                "case when opportunities.closes_at <= clock.as_of then opportunities.closes_at end",
                "opportunities.closes_at",
            ),
        ),
        "a closed deal is open until the day on which it was expected to close",
        "suppressions",
    ),
    "placeholders": removal(
        "known_text",
        "lower(coalesce(placeholder, 'null'))",
        "'no word at all'",
        "two records without a name are one company",
        "matches",
    ),
    "short_ids": removal(
        "short_id",
        "when length({{ id }}) = 18",
        "when false",
        "15 of an account's 18 characters name nobody",
        "matches",
        "account_id",
    ),
    "decimal_ids": removal(
        "known_id",
        "when {{ id }} like '%.0%' and {{ signs }} = '.'",
        "when false",
        "an id that landed as a decimal names nobody",
        "matches",
    ),
    "uuid_case": removal(
        "known_id",
        "then lower({{ id }})",
        "then {{ id }}",
        "a group in capitals is another group",
        "matches",
    ),
    "two_addresses": removal(
        "addresses_in",
        '[,;|<>"()]|[^!-~¡-￮]',
        "[;,] .*$",
        "of a field with two addresses the second names nobody, and a name beside an address hides it",
        "matches",
        world=5,
    ),
    "rare_scripts": removal(
        "default__letters_and_digits",
        "[^\\p{L}\\p{N}]+",
        "[^a-z0-9]+",
        "companies with names in the same script are one",
        "matches",
    ),
    "shared_hosts": removal(
        "nobodys_domains",
        "from {{ ref('shared_hosts') }}",
        "from {{ ref('shared_hosts') }} where false",
        "two companies with pages on one host are one",
        "matches",
    ),
    "blank_users": Removal(
        (
            Edit("base_segment__events", "{{ known_id('user_id') }} as user_id", "user_id"),
            Edit(
                "base_segment__events", "{{ known_id('context_group_id') }} as group_id", "context_group_id as group_id"
            ),
        ),
        "an event of the empty group is nobody's, and the empty user is one",
        "signals",
        beside=("anonymous_events", "events_without_group"),
    ),
    "repeats_after_dedup": removal(
        "stg_product__event_repeats",
        "{{ var('dedup_days') * 24 * 60 }}",
        "10000000",
        "an event that comes again after months is not counted",
        "signals",
    ),
    "merged_tickets": removal(
        "base_zendesk__tickets",
        "and merged_tickets.ticket_id is null",
        "",
        "a ticket that was merged into another one counts beside it",
        "signals",
        "tickets_60d",
    ),
    "letter_case": removal(
        "stg_support__tickets",
        "lower({{ trimmed('coalesce(tags.tag, tags.tags)') }})",
        "coalesce(tags.tag, tags.tags)",
        "a tag in other letters is another tag",
        "signals",
        "limit_tickets_30d",
    ),
    "text_landings": removal(
        "default__moment_with_offset",
        "timezone('UTC', try_cast(",
        "timezone('Asia/Tokyo', try_cast(",
        "moments with an offset are another zone's",
        "signals",
    ),
    "structs": removal(
        "landed_value",
        "'cast(to_json(' ~ raw ~ ') as '",
        "'cast((' ~ raw ~ ') as '",
        "what lands as a structure is no JSON",
        "matches",
    ),
}


@pytest.fixture(scope="module")
def seeded(project, tmp_path_factory) -> Path:
    """A data directory in whose warehouse the seeds stand."""
    folder = tmp_path_factory.mktemp("seeded")
    write_seeds(folder, SEEDS)
    project.use_seeds(folder / "seeds")
    load_seeds(project, folder)
    return folder


@pytest.mark.sampled(3)
@pytest.mark.parametrize("dirt", DIRT)
def test_models_handle_the_dirty_fact(dirt, project, seeded, tmp_path):
    removed = REMOVALS[dirt]
    write_world(tmp_path, removed.world, {dirt, *removed.beside})
    warehouse = shutil.copy(seeded / "warehouse.duckdb", tmp_path / "warehouse.duckdb")
    model = MODELS[removed.table]
    build_part(project, tmp_path, [f"+{model}"])
    expected = evaluate(tmp_path / "raw", seeded / "seeds")
    assert differences(warehouse, expected, compared_tables(project, model)) == []

    again = tmp_path / "without"
    again.mkdir()
    forget_firings(shutil.copy(warehouse, again / "warehouse.duckdb"))
    with mutated(project.manifest, removed.edits) as changed:
        if changed:
            with without_hooks(project.manifest):
                build_part(project, again, [f"{name}+,+{model}" for name in changed])
        else:
            (again / "raw").symlink_to(tmp_path / "raw")
            build_part(project, again, [f"+{model}"])
    found = differences(again / "warehouse.duckdb", expected, [removed.table], most=10_000)
    assert [sentence for sentence in found if removed.column in sentence], f"not shown: {removed.breaks}"


def test_every_dirty_fact_has_a_removal():
    assert list(REMOVALS) == list(DIRT)


def compared_tables(project, model: str) -> list[str]:
    """The evaluator's tables that are built on the way to a model."""
    built = {".".join(relation) for relation in relations_above(project.manifest, model)}
    return [
        name
        for name, (_, _, query) in TABLES.items()
        if built.issuperset(re.findall(r"(?:from|join) (\w+\.\w+)", query))
    ]


def forget_firings(warehouse: Path) -> None:
    """Recorded firings stay as they are: without them the next build walks all of history."""
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("drop table if exists intermediate.int_firings")
        connection.execute("drop table if exists intermediate.int_engine_runs")
