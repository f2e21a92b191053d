"""The source contracts beside what the connectors' public packages declare: what is not landed everywhere is not required."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
import yaml
from support.landing import at, land
from support.project import ROOT, rows

DECLARED = Path(__file__).parent / "connector_columns.csv"
NOON = at("2026-05-05T12:00")


def contracts() -> dict[tuple[str, str], list[dict]]:
    """The columns of every source of a named vendor."""
    found = {}
    for file in sorted((ROOT / "models/staging").rglob("*sources.yml")):
        for source in yaml.safe_load(file.read_text())["sources"]:
            for table in source["tables"]:
                found[source["name"], table["name"]] = table["columns"]
    return found


def declared() -> dict[tuple[str, str], tuple[set[str], set[str]]]:
    """The columns of each table that every connector lands, and those of one generation or another."""
    with DECLARED.open(encoding="utf-8") as file:
        return {
            (row["vendor"], row["table"]): (set(row["columns"].split()), set(row["columns_of_one_generation"].split()))
            for row in csv.DictReader(file)
        }


def test_every_table_of_a_connector_is_compared():
    ours = {
        key for key in contracts() if key[0] in ("hubspot", "salesforce", "salesforce_history", "stripe", "zendesk")
    }
    assert ours == set(declared())


@pytest.mark.parametrize("key", sorted(declared()), ids=".".join)
def test_only_what_every_connector_lands_is_required(key):
    always, _ = declared()[key]
    required = {
        column["name"] for column in contracts()[key] if column.get("config", {}).get("meta", {}).get("required")
    }
    assert required <= always


@pytest.mark.parametrize("key", sorted(declared()), ids=".".join)
def test_the_columns_of_every_generation_are_read(key):
    always, some = declared()[key]
    assert always | some <= {column["name"] for column in contracts()[key]}


LINE = {
    "id": "il_1", "invoice_id": "in_1", "subscription_id": "sub_1", "subscription_item_id": "si_1", "type": "subscription", "proration": False,
    "amount": 100, "quantity": 1, "currency": "usd", "period_start": NOON, "period_end": NOON,
}  # fmt: skip
SUBSCRIPTION = {"id": "sub_1", "customer_id": "cus_1", "status": "active", "created": NOON, "ended_at": None}
ITEM = {"id": "si_1", "subscription_id": "sub_1", "plan_id": "p_1", "quantity": 1, "_fivetran_synced": NOON}
PRICE = {"id": "p_1", "currency": "usd", "unit_amount": 100, "recurring_interval": "month"}
ONE_GENERATION = {
    "stripe/customer": [{"id": "cus_1", "created": NOON}],
    "stripe/subscription_item": [ITEM],
    "zendesk/ticket": [{"id": 1, "created_at": NOON, "status": "open"}],
}
OLD = {
    "stripe/subscription": [SUBSCRIPTION],
    "stripe/plan": [{"id": "p_1", "product": "prod", "currency": "usd", "amount": 100, "interval": "month"}],
    "stripe/invoice": [{"id": "in_1", "customer_id": "cus_1", "status": "paid", "date": NOON, "finalized_at": NOON}],
    "stripe/invoice_line_item": [LINE | {"plan_id": "p_1"}],
    "zendesk/ticket_tag": [{"ticket_id": 1, "tags": "Seat_Limit"}],
    "zendesk/organization": [{"id": 1, "name": "GTX", "domain_names": '["gtx.example"]'}],
}
NEW = {
    "stripe/subscription_history": [SUBSCRIPTION | {"_fivetran_active": True}],
    "stripe/price": [PRICE | {"product_id": "prod"}],
    "stripe/invoice": [
        {
            "id": "in_1",
            "customer_id": "cus_1",
            "status": "paid",
            "created": NOON,
            "status_transitions_finalized_at": NOON,
        }
    ],
    "stripe/invoice_line_item": [LINE | {"price_id": "p_1"}],
    "zendesk/ticket_tag": [{"ticket_id": 1, "tag": "Seat_Limit"}],
    "zendesk/organization": [{"id": 1, "name": "GTX", "_fivetran_deleted": False}],
    "zendesk/domain_name": [{"organization_id": 1, "domain_name": "gtx.example"}],
}


@pytest.mark.parametrize("generation", [OLD, NEW], ids=["old", "new"])
def test_both_generations_load(project, tmp_path, generation):
    land(tmp_path / "raw", ONE_GENERATION | generation)
    variables = {"sources": {"billing": ["stripe"], "support": ["zendesk"]}}
    built = project.build(tmp_path, variables, ["+path:models/staging/billing", "+path:models/staging/support"])

    def values(columns: str, table: str) -> list[tuple]:
        return [tuple(row.values()) for row in rows(built, f"select {columns} from staging.{table}")]

    assert values("subscription_id, status", "stg_billing__subscriptions") == [("sub_1", "active")]
    assert values("product_id, unit_amount", "stg_billing__prices") == [("prod", 1.0)]
    assert values("created_at, opened_at", "stg_billing__invoices") == [(NOON, NOON)]
    assert values("price_id, amount", "stg_billing__invoice_lines") == [("p_1", 1.0)]
    assert values("is_about_limits", "stg_support__tickets") == [(True,)]
    assert values("domain_name", "stg_support__organization_domains") == [("gtx.example",)]
