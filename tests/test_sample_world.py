"""The sample world: the same bytes of content for the same options, honest cuts, and dirt that does what its name says."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import duckdb
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))

from sample_world.build import generate  # noqa: E402
from sample_world.config import DIRT, Options, parse_dirt, parse_domains  # noqa: E402
from sample_world.feedback import land_feedback  # noqa: E402

UNTIL = dt.datetime(2026, 4, 17, 11, 30)
SMALL = {"seed": 3, "accounts": 90, "months": 8, "events": 30_000}
# May lie after the cut: plans and ends of periods, not facts.
FUTURE = {
    "period_end",
    "current_period_end",
    "due_date",
    "_fivetran_end",
    "close_date",
    "activity_date",
    "activity_date_time",
    "start_date_time",
    "end_date_time",
}
# Prefix tables: the column that says when the vendor wrote the row.
WRITTEN = {
    "segment/tracks": "received_at",
    "segment/pages": "received_at",
    "segment/feature_used": "received_at",
    "segment/api_usage": "received_at",
    "segment/groups": "received_at",
    "segment/identifies": "received_at",
    "salesforce/contact": "created_date",
    "stripe/invoice_line_item": "_fivetran_synced",
    "zendesk/ticket_field_history": "updated",
}
CONTRACT = {
    "segment/tracks": {
        "id": "VARCHAR",
        "user_id": "VARCHAR",
        "anonymous_id": "VARCHAR",
        "event": "VARCHAR",
        "timestamp": "TIMESTAMP",
        "received_at": "TIMESTAMP",
        "context_group_id": "VARCHAR",
    },
    "segment/pages": {"id": "VARCHAR", "path": "VARCHAR", "url": "VARCHAR", "timestamp": "TIMESTAMP"},
    "segment/feature_used": {"feature": "VARCHAR", "team_id": "VARCHAR"},
    "segment/api_usage": {"quantity": "BIGINT"},
    "segment/groups": {
        "group_id": "VARCHAR",
        "user_id": "VARCHAR",
        "name": "VARCHAR",
        "website": "VARCHAR",
        "storage_used_gb": "DOUBLE",
    },
    "salesforce/account": {
        "id": "VARCHAR",
        "website": "VARCHAR",
        "number_of_employees": "INTEGER",
        "onboarding_completed_date_c": "TIMESTAMP",
        "is_deleted": "BOOLEAN",
        "master_record_id": "VARCHAR",
    },
    "salesforce/opportunity": {"id": "VARCHAR", "amount": "DOUBLE", "close_date": "TIMESTAMP", "is_won": "BOOLEAN"},
    "salesforce_history/account": {
        "number_of_employees": "INTEGER",
        "_fivetran_start": "TIMESTAMP",
        "_fivetran_end": "TIMESTAMP",
    },
    "stripe/invoice_line_item": {
        "amount": "BIGINT",
        "quantity": "BIGINT",
        "proration": "BOOLEAN",
        "period_start": "TIMESTAMP",
        "subscription_item_id": "VARCHAR",
    },
    "stripe/invoice": {"status": "VARCHAR", "status_transitions_paid_at": "TIMESTAMP", "livemode": "BOOLEAN"},
    "stripe/subscription_item": {"plan_id": "VARCHAR", "quantity": "BIGINT", "_fivetran_synced": "TIMESTAMP"},
    "zendesk/ticket": {"id": "BIGINT", "organization_id": "BIGINT", "status": "VARCHAR", "priority": "VARCHAR"},
}
# What each dirty fact leaves in the landing, as a count; {t} is filled with a reader of the table.
TRACE = {
    "repeated_events": ("segment/tracks", "count(*) - count(distinct id)"),
    "late_events": ("segment/tracks", 'count(*) filter (where received_at > "timestamp" + interval 3 day)'),
    "clock_skew": ("segment/tracks", 'count(*) filter (where "timestamp" > received_at)'),
    "events_without_group": (
        "segment/tracks",
        "count(*) filter (where context_group_id is null and user_id like 'user%')",
    ),
    "test_mode_rows": ("stripe/invoice", "count(*) filter (where not livemode)"),
    "prorations": ("stripe/invoice_line_item", "count(*) filter (where proration and amount > 0)"),
    "yearly_plans": ("stripe/invoice_line_item", "count(*) filter (where price_id like '%yearly%')"),
    "deleted_and_merged_accounts": ("salesforce/account", "count(*) filter (where is_deleted)"),
    "odd_organisations": ("zendesk/organization", "count(*) filter (where name like 'Orphan%')"),
    "free_email_domains": ("stripe/customer", "count(*) filter (where email like '%@gmail.com')"),
    "users_in_two_groups": ("segment/groups", "(count(distinct user_id || group_id) - count(distinct user_id))"),
    "temporary_lines": ("stripe/invoice_line_item", "count(*) filter (where id like 'sub%')"),
    "proration_credits": ("stripe/invoice_line_item", "count(*) filter (where amount < 0 and not proration)"),
    "several_currencies": ("stripe/invoice", "count(*) filter (where currency in ('eur', 'gbp'))"),
    "zero_decimal_currency": ("stripe/invoice", "count(*) filter (where currency = 'jpy')"),
    "metered_items": ("stripe/invoice_line_item", "count(*) filter (where price_id like 'price_api_calls%')"),
    "soft_deleted_rows": ("salesforce/contact", "count(*) filter (where is_deleted)"),
    "null_priorities": ("zendesk/ticket", "count(*) filter (where priority is null)"),
    "reopened_and_deleted_tickets": ("zendesk/ticket_field_history", "count(*) filter (where value = 'deleted')"),
    "tickets_without_organisation": ("zendesk/ticket", "count(*) filter (where organization_id is null)"),
    "draft_and_void_invoices": ("stripe/invoice", "count(*) filter (where status = 'void')"),
    "staff_users": ("segment/tracks", "count(*) filter (where user_id like 'staff%')"),
    "unnamed_events": ("segment/tracks", "count(*) filter (where event = 'sidebar_toggled')"),
}
BY_ACCOUNT = {"swapped_items", "returning_accounts"}
SPELLING = {"camel_case_crm", "subscription_history", "legacy_plans"}


CONNECTION = duckdb.connect()


def query(sql: str) -> duckdb.DuckDBPyConnection:
    return CONNECTION.execute(sql)


def reader(folder: Path, table: str) -> str:
    return f"read_parquet('{folder}/raw/{table}/*.parquet', union_by_name = true)"


def content(folder: Path) -> dict[str, tuple]:
    """Row count and an order-free hash of every table below a world's folder."""
    found = {}
    for path in sorted(p for p in folder.glob("raw/*/*") if p.is_dir()):
        table = f"{path.parent.name}/{path.name}"
        found[table] = query(f"select count(*), sum(hash(t)::hugeint) from {reader(folder, table)} as t").fetchone()
    return found


@pytest.fixture(scope="module")
def worlds(tmp_path_factory):
    made: dict[str, Path] = {}

    def world(name: str, **options) -> Path:
        if name not in made:
            made[name] = tmp_path_factory.mktemp(name)
            generate(made[name], Options(**(SMALL | options)))
        return made[name]

    return world


@pytest.fixture(scope="module")
def full(worlds) -> Path:
    return worlds("full", domains=parse_domains("all"))


def test_same_options_same_content(worlds, full):
    assert content(worlds("again", domains=parse_domains("all"))) == content(full)


def test_another_seed_is_another_world(worlds, full):
    assert content(worlds("clean", dirt=frozenset()))["segment/tracks"] != content(full)["segment/tracks"]


def test_newest_arrival_is_the_end_of_the_world(full):
    newest = query(f"select max(received_at) from {reader(full, 'segment/tracks')}").fetchone()[0]
    assert newest == dt.datetime(2026, 7, 1)


@pytest.mark.parametrize("table", sorted(CONTRACT))
def test_columns_and_types(full, table):
    found = {row[0]: row[1] for row in query(f"describe select * from {reader(full, table)}").fetchall()}
    assert {name: found.get(name) for name in CONTRACT[table]} == CONTRACT[table]


@pytest.mark.parametrize(
    "table",
    [
        "salesforce/account",
        "salesforce/contact",
        "salesforce/opportunity",
        "salesforce/task",
        "stripe/customer",
        "stripe/invoice",
        "stripe/subscription",
        "stripe/subscription_item",
        "stripe/invoice_line_item",
        "zendesk/ticket",
        "zendesk/organization",
        "segment/feature_used",
    ],
)
def test_keys_are_unique(full, table):
    distinct = (
        "count(distinct id)" if table != "segment/feature_used" else "count(*) - count(*) filter (where id is null)"
    )
    assert query(f"select count(*) - {distinct} from {reader(full, table)}").fetchone()[0] == 0


def test_cut_landing_is_a_prefix(worlds, full):
    cut = worlds("cut", until=UNTIL, domains=parse_domains("all"))
    for table, written in WRITTEN.items():
        whole, part = reader(full, table), reader(cut, table)
        assert query(f"select count(*) from {part}").fetchone()[0] > 0, table
        for left, right in ((whole, part), (part, whole)):
            difference = query(f"""select count(*) from (select * from {left} where {written} <= timestamp '{UNTIL}'
                except all select * from {right} where {written} <= timestamp '{UNTIL}')""").fetchone()[0]
            assert difference == 0, table


def test_cut_landing_knows_nothing_later(worlds):
    cut = worlds("cut", until=UNTIL, domains=parse_domains("all"))
    for table in content(cut):
        # A clock that runs ahead shows times from after the cut, which is what the fact is about.
        skewed = {"timestamp", "original_timestamp"} if table.startswith("segment/") else set()
        for name, kind, *_ in query(f"describe select * from {reader(cut, table)}").fetchall():
            if kind == "TIMESTAMP" and name not in FUTURE | skewed:
                assert (query(f'select max("{name}") from {reader(cut, table)}').fetchone()[0] or UNTIL) <= UNTIL, (
                    table,
                    name,
                )


def test_cut_landing_rolls_states_back(worlds, full):
    cut = worlds("cut", until=UNTIL, domains=parse_domains("all"))
    for table, column in (
        ("stripe/invoice", "status"),
        ("stripe/subscription_item", "quantity"),
        ("zendesk/ticket", "status"),
        ("salesforce/account", "number_of_employees"),
    ):
        changed = query(
            f"select count(*) from {reader(full, table)} a join {reader(cut, table)} b using (id) where a.{column} is distinct from b.{column}"
        ).fetchone()[0]
        assert changed > 0, table


def test_every_dirty_fact_is_covered():
    assert set(TRACE) | BY_ACCOUNT | SPELLING == set(DIRT)


@pytest.mark.parametrize("name", sorted(TRACE))
def test_dirty_fact_leaves_its_trace_and_no_other_world_has_it(worlds, full, name):
    table, measure = TRACE[name]
    clean = worlds("clean", dirt=frozenset())
    assert query(f"select {measure} from {reader(full, table)}").fetchone()[0] > 0
    assert query(f"select {measure} from {reader(clean, table)}").fetchone()[0] == 0


@pytest.mark.parametrize("name", sorted(BY_ACCOUNT))
def test_subscriptions_follow_each_other(worlds, full, name):
    """Swaps follow within two days, returns after two months."""
    days = (0, 59) if name == "swapped_items" else (59, 400)
    count = f"""select count(*) from (select created - lag(ended_at) over (partition by customer_id order by created) as pause from {{t}})
        where abs(epoch(pause)) / 86400 between {days[0]} and {days[1]}"""
    assert (
        query(
            count.format(t=reader(worlds("more", accounts=250, months=18, events=1_000), "stripe/subscription"))
        ).fetchone()[0]
        > 0
    )
    assert query(count.format(t=reader(worlds("clean", dirt=frozenset()), "stripe/subscription"))).fetchone()[0] == 0


def test_one_fact_alone(worlds):
    alone = worlds("alone", dirt=parse_dirt("repeated_events"))
    clean = content(worlds("clean", dirt=frozenset()))
    differing = {table for table, value in content(alone).items() if clean.get(table) != value}
    assert differing == {"segment/tracks", "segment/pages", "segment/feature_used"}


def test_other_spellings(worlds):
    other = worlds("other", dirt=parse_dirt("camel_case_crm,subscription_history,legacy_plans"))
    tables = content(other)
    assert "stripe/subscription" not in tables and "stripe/price" not in tables
    assert tables["stripe/subscription_history"][0] and tables["stripe/plan"][0]
    names = [row[0] for row in query(f"describe select * from {reader(other, 'salesforce/account')}").fetchall()]
    assert {"Id", "OwnerId", "NumberOfEmployees", "Onboarding_Completed_Date__c", "_fivetran_synced"} <= set(names)


def test_unknown_dirt_is_named():
    with pytest.raises(ValueError, match="unknown dirt: moss"):
        parse_dirt("repeated_events,moss")


def test_truth_says_what_was_planted(full):
    folder = full / "planted_truth"
    rates = query(
        f"select trigger_id, n_index, n_complete, n_expanded from read_parquet('{folder}/realised_rates.parquet') where period = 'all'"
    ).fetchall()
    assert len(rates) >= 6 and all(n >= c >= e for _, n, c, e in rates)
    assert query(f"select count(*) from read_parquet('{folder}/expansions.parquet')").fetchone()[0] > 0


def test_the_other_crm(worlds):
    """HubSpot holds the same accounts, deals and headcount; its deals reach companies by a bridge alone."""
    other = worlds("hubspot", crm="hubspot", events=1_000)
    tables = content(other)
    assert not [table for table in tables if table.startswith("salesforce")]
    assert {
        "company",
        "contact",
        "deal",
        "deal_company",
        "deal_stage",
        "engagement_call",
        "engagement_meeting",
        "owner",
    } <= {t.split("/")[1] for t in tables}
    names = [row[0] for row in query(f"describe select * from {reader(other, 'hubspot/deal')}").fetchall()]
    assert "company_id" not in names
    orphans, twice = (
        query(f"""select count(*) filter (where n is null), count(*) filter (where n > 1) from {reader(other, "hubspot/deal")}
        left join (select deal_id, count(*) as n from {reader(other, "hubspot/deal_company")} group by 1) using (deal_id)""").fetchone()
    )
    assert orphans > 0 and twice > 0


def test_feedback_follows_delivery(worlds, tmp_path):
    """Only delivered firings come back, never before they were sent; one reaction names no firing."""
    world = worlds("feedback", events=1_000)
    warehouse = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(warehouse)) as con:
        con.execute(
            "create schema marts; create schema intermediate; create table intermediate.int_clock as select timestamp '2026-07-01' as as_of"
        )
        con.execute(f"""create table intermediate.int_firings as select md5(account_id || i) as firing_id, account_id, timestamp '2026-01-05' + to_days(i::int * 3) as fired_at,
            fired_at + interval 34 hour as deliver_at, deliver_at + interval 8 hour as sla_due_at, deliver_at + interval 7 day as expires_at, 'CSM' as owner_role, i = 7 as is_shadow, i = 8 as is_holdout
            from (select id as account_id from {reader(world, "salesforce/account")} order by id limit 40), range(20) as t(i)""")
        con.execute(
            "create table intermediate.int_firing_status as select firing_id, 'expired' as status from intermediate.int_firings"
        )
    rows = land_feedback(world, warehouse, 3)
    assert (
        rows["push/push_log"] == 40 * 18
        and rows["salesforce/task"] > 100
        and rows["salesforce_history/opportunity"] > 5
    )
    early = query(f"""select count(*) from {reader(world, "salesforce/task")} as task join {reader(world, "push/push_log")} as log on log.firing_id = task.expansion_firing_id_c
        where task.completed_date_time <= log.attempted_at""").fetchone()[0]
    stray = query(
        f"select count(*) from {reader(world, 'salesforce/task')} where expansion_firing_id_c = 'no-such-firing'"
    ).fetchone()[0]
    assert early == 0 and stray == 1
    assert land_feedback(world, warehouse, 3) == rows
