#!/usr/bin/env python3
"""Print what the last build of a data directory fired, what it held back and why, and where the results lie."""

from __future__ import annotations

import argparse
import json
import sys

import duckdb
from operations.place import Place, Stop, add_options
from report.currency import symbol
from rich import box
from rich.console import Console
from rich.table import Table

FIRED = """
    select
        triggers.category,
        firings.trigger_id as trigger,
        count(*) filter (where not firings.is_shadow) as active,
        count(*) filter (where firings.is_shadow) as shadow,
        count(*) filter (where status.status = 'held_out') as held_out,
        count(*) filter (where status.status = 'cancelled') as cancelled,
        count(*) filter (where status.status in ('due', 'scheduled')) as waiting,
        count(status.delivered_at) as delivered,
        count(status.accepted_at) as accepted,
        count(status.declined_at) as declined,
        count(status.opportunity_at) as deals,
        count(status.won_at) as won
    from fct_fired_triggers as firings
    inner join dim_triggers as triggers on firings.trigger_id = triggers.trigger_id
    inner join fct_firing_status as status on firings.firing_id = status.firing_id
    group by triggers.category, firings.trigger_id
    order by triggers.category, active desc, shadow desc
"""

SUPPRESSED = """
    select reason_type, reason, count(*) as episodes, sum(candidates)::bigint as candidates
    from fct_suppressed_triggers
    where not is_shadow
    group by reason_type, reason
    order by candidates desc
"""

# The newest firing of a person's play, with what its owner needs.
EXAMPLE = """
    select firings.*, accounts.account_name, triggers.trigger_name
    from fct_fired_triggers as firings
    inner join dim_accounts as accounts on firings.account_id = accounts.account_id
    inner join dim_triggers as triggers on firings.trigger_id = triggers.trigger_id
    where not firings.is_shadow and not firings.is_holdout and firings.owner_email in (accounts.account_executive_email, accounts.success_manager_email)
        and triggers.kind = 'daily'
    order by firings.triggered_at desc, firings.firing_id
    limit 1
"""

FILES = (
    ("marts.duckdb", "published marts, for BI and notebooks"),
    ("outbox", "what was pushed: JSON lines and Parquet"),
    ("push_ledger.duckdb", "what has been sent, so that nothing is sent twice"),
    ("data_docs/index.html", "the quality gate's report"),
    ("council_report.html", "the monthly council's report"),
    ("warehouse.duckdb", "the whole warehouse"),
    ("planted_truth", "what the sample world planted; no model reads it"),
)


def main(arguments: list[str] | None = None) -> int:
    """Command line; exit 1 where no marts are published."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_options(parser)
    try:
        data_dir = Place.of(parser.parse_args(arguments)).data_here
    except Stop as stop:
        print(stop, file=sys.stderr)
        return 1
    marts = data_dir / "marts.duckdb"
    if not marts.exists():
        print(f"{marts} is missing: build and publish first (make demo or make build).", file=sys.stderr)
        return 1
    # A pipe has no width of its own.
    console = Console(width=max(Console().width, 136))
    with duckdb.connect(str(marts), read_only=True) as connection:
        console.print(_table(connection, "What fired, and what came of it", FIRED))
        console.print(_table(connection, "What did not fire, and why (active triggers)", SUPPRESSED))
        _print_example(console, connection)
    console.print("\nWhere the results lie")
    for name, meaning in FILES:
        if (data_dir / name).exists():
            console.print(f"  {data_dir / name}  -  {meaning}", highlight=False, soft_wrap=True)
    return 0


def _table(connection: duckdb.DuckDBPyConnection, title: str, query: str) -> Table:
    cursor = connection.execute(query)
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for column in cursor.description:
        table.add_column(column[0], justify="right" if "INT" in str(column[1]) else "left", no_wrap=True)
    for row in cursor.fetchall():
        table.add_row(
            *("" if value is None else f"{value:,}" if isinstance(value, int) else str(value) for value in row)
        )
    return table


def _print_example(console: Console, connection: duckdb.DuckDBPyConnection) -> None:
    cursor = connection.execute(EXAMPLE)
    row = cursor.fetchone()
    if row is None:
        return
    firing = dict(zip((column[0] for column in cursor.description), row, strict=True))
    evidence = json.loads(firing["evidence"])
    context = evidence["context"]
    console.print(f"\nOne of them: {firing['trigger_name']} - {firing['account_name']}", highlight=False, markup=False)
    for condition in evidence["conditions"]:
        high = f" and {condition['threshold_high']:g}" if condition["threshold_high"] is not None else ""
        value = "unknown" if condition["value"] is None else f"{condition['value']:g}"
        console.print(
            f"  {condition['signal']} is {value} ({condition['comparator']} {condition['threshold']:g}{high})",
            highlight=False,
        )
    surroundings = ", ".join(_worded(name, value) for name, value in context.items() if value is not None)
    console.print(f"  {surroundings}", highlight=False, markup=False, soft_wrap=True)
    console.print(
        f"  {evidence['recommended_action']}: {firing['owner_role']} {firing['owner_email']}, from {firing['deliver_at']} UTC,"
        f" due by {firing['sla_due_at']} UTC",
        highlight=False,
        markup=False,
    )


def _worded(name: str, value: object) -> str:
    """A value of the context under the name of its signal."""
    if name == "contract_value":
        return f"{symbol()}{value:,.0f} a year"
    return f"{name.replace('_', ' ')} {f'{value:,.6g}' if isinstance(value, int | float) else value}"


if __name__ == "__main__":
    sys.exit(main())
