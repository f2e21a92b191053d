"""Event tables, columns and people that a company calls otherwise, by vars; what they name wrongly is told."""

from __future__ import annotations

import os

import pytest
from dbt.cli.main import dbtRunner
from support.landing import at, land
from support.project import rows

CALL = {
    "user_id": "u1",
    "context_group_id": "g1",
    "timestamp": at("2026-03-01T10:00"),
    "received_at": at("2026-03-01T10:01"),
}
TABLES = {
    "segment/tracks": [{"id": "m1", "event": "signed_in", **CALL}],
    "segment/report_opened": [{"id": "m2", "report_name": "churn", **CALL}],
    "segment/board_opened": [{"id": "m3", "feature": "boards", **CALL}],
    "segment/minutes_billed": [{"id": "m4", "minutes": "12.5", **CALL}, {"id": "m5", "minutes": "many", **CALL}],
    "stripe/customer": [{"customer": "cus_1"}],
    "hubspot/company": [{"id": 20, "property_engineer": "owner_9"}],
}
SOURCES = {"product": ["segment"]}
EVENTS = {
    "feature_used": [{"table": "report_opened", "columns": {"feature": "report_name"}}, {"table": "board_opened"}],
    "api_usage": [{"table": "minutes_billed", "columns": {"quantity": "minutes"}}],
}
SELECT = ["placeholder_values", "stg_product__feature_uses", "stg_product__metered_uses"]


@pytest.fixture(scope="module")
def landed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("named")
    land(folder / "raw", TABLES)
    return folder


def test_event_tables_columns_and_people_are_found_under_their_names(project, landed):
    variables = {
        "sources": SOURCES,
        "max_quarantined_share": 1,
        "event_tables": EVENTS,
        "raw_columns": {"stripe": {"customer": {"id": "customer"}}},
        "person_fields": {"engineer": "engineer", "adviser": "adviser"},
    }
    warehouse = project.build(landed, variables, SELECT)
    features = rows(warehouse, "select feature from staging.stg_product__feature_uses order by 1")
    assert [row["feature"] for row in features] == ["boards", "churn"]
    assert rows(warehouse, "select quantity from staging.stg_product__metered_uses") == [{"quantity": 12.5}]
    assert rows(warehouse, "select table_name, record_id, column_name from raw_quarantine.records") == [
        {"table_name": "minutes_billed", "record_id": "m5", "column_name": "quantity"}
    ]
    assert rows(warehouse, "select id from raw_stripe.customer") == [{"id": "cus_1"}]
    # A field that the CRM does not have is null.
    assert rows(warehouse, "select person_engineer, person_adviser from raw_hubspot.company") == [
        {"person_engineer": "owner_9", "person_adviser": None}
    ]


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        (
            {"event_tables": {"feature_use": [{"table": "report_opened"}]}},
            "vars: event_tables: table feature_use is unknown: expected one of api_usage, feature_used.",
        ),
        (
            {"event_tables": {"feature_used": ["report_opened"]}},
            "vars: event_tables: feature_used: 'report_opened' names no table: expected {table: <landed table>,",
        ),
        (
            {"event_tables": {"feature_used": [{"table": "report_opened", "columns": {"features": "report_name"}}]}},
            "vars: event_tables: feature_used: report_opened: columns: column features is unknown: expected one of id,",
        ),
        (
            {"event_tables": {"feature_used": [{"table": "report_opened", "columns": {"feature": "report"}}]}},
            "vars: event_tables: feature_used: report_opened: columns: feature: ",
        ),
        (
            {"event_tables": {"feature_used": [{"table": "report_closed"}]}},
            "vars: event_tables: feature_used: report_closed has not landed: expected files in ",
        ),
        ({"raw_columns": {"strype": {}}}, "vars: raw_columns: vendor strype is unknown: expected one of "),
        (
            {"raw_columns": {"stripe": {"customers": {}}}},
            "vars: raw_columns: stripe: table customers is unknown: expected one of ",
        ),
        (
            {"raw_columns": {"stripe": {"customer": {"key": "customer"}}}},
            "vars: raw_columns: stripe: customer: column key is unknown: expected one of id,",
        ),
        (
            {"raw_columns": {"stripe": {"customer": {"id": "client"}}}},
            "has no column client: expected one of customer.",
        ),
        (
            {"raw_relations": {"stripe": {"invoices": "billing.invoices"}}},
            "vars: raw_relations: stripe: table invoices is unknown: expected one of ",
        ),
    ],
)
def test_what_a_var_names_wrongly_is_told(project, landed, variables, sentence):
    result = project.invoke(["run", "--select", "int_days"], landed, {"sources": SOURCES} | variables)
    assert not result.success
    told = str(result.exception) + " ".join(node.message or "" for node in getattr(result.result, "results", []))
    assert sentence in told


def test_a_data_directory_that_does_not_exist_yet_gets_a_sentence(project, tmp_path, monkeypatch):
    """Plain dbt, which no script prepares the folder for."""
    project.invoke(["parse"], tmp_path / "other")
    folder = tmp_path / "not" / "yet"
    monkeypatch.setenv("DATA_DIR", str(folder))
    monkeypatch.setenv("RAW_LOCATION", str(folder / "raw"))
    monkeypatch.chdir(project.folder)
    assert os.environ["DATA_DIR"] == str(folder) and not folder.exists()
    places = ["--project-dir", str(project.folder), "--profiles-dir", str(project.folder)]
    result = dbtRunner(manifest=project.manifest).invoke(
        ["--log-level", "none", "run", "--select", "int_clock", *places]
    )
    assert not result.success
    told = str(result.exception) + " ".join(node.message or "" for node in getattr(result.result, "results", []))
    assert "/*.parquet is missing: the source " in told
