"""Tables that stand in a warehouse already give what the same tables give as Parquet."""

from __future__ import annotations

import pytest
from operations.landing import source_tables
from operations.place import Place, Stop
from support.built_world import ask, build_models, built, copied, project, write
from support.project import VALIDATION

SCHEMA = "landing"


@pytest.fixture(autouse=True)
def _no_landing_elsewhere(monkeypatch):
    monkeypatch.delenv("RAW_LOCATION", raising=False)
    monkeypatch.delenv("DATA_DIR", raising=False)


@pytest.fixture(scope="module")
def relations():
    """{vendor: {table: relation}} of every landed table of the world."""
    folders = sorted(folder for folder in (built() / "raw").glob("*/*") if folder.is_dir())
    found: dict[str, dict[str, str]] = {}
    for folder in folders:
        found.setdefault(folder.parent.name, {})[folder.name] = f"{SCHEMA}.{folder.parent.name}_{folder.name}"
    return found


@pytest.mark.sampled(0)
def test_tables_of_a_schema_give_the_same_marts_as_parquet(tmp_path, relations):
    warehouse = tmp_path / "warehouse.duckdb"
    write(
        warehouse,
        f"create schema {SCHEMA}",
        *(
            f"create table {relation} as from read_parquet('{built()}/raw/{vendor}/{table}/*.parquet')"
            for vendor, tables in relations.items()
            for table, relation in tables.items()
        ),
    )

    # Sums of fractions depend on the order in which threads hand them over; everything before validation is exact.
    build_models(tmp_path, "package:expansion_triggers", variables={"raw_relations": relations}, exclude=VALIDATION)

    assert not (tmp_path / "raw").exists()
    marts = ask(
        warehouse,
        "select schema_name || '.' || table_name from duckdb_tables()"
        # The marts that are views show these; of a run the table names the invocation.
        " where schema_name in ('intermediate', 'marts', 'sync') and table_name <> 'int_engine_runs' order by 1",
    )
    assert len(marts) > 10
    for (mart,) in marts:
        difference = ask(
            warehouse,
            f"attach '{built()}/warehouse.duckdb' as parquet (read_only);"
            f" (from {mart} except all from parquet.{mart}) union all (from parquet.{mart} except all from {mart})",
        )
        assert difference == [], mart
    assert ask(warehouse, "select count(*) > 0 from marts.fct_fired_triggers") == [(True,)]


def test_a_relation_that_does_not_exist_is_named(tmp_path):
    copied(tmp_path)
    with pytest.raises(Stop) as stop:
        build_models(tmp_path, "int_clock", variables={"raw_relations": {"stripe": {"invoice": "landing.invoices"}}})
    (sentence,) = stop.value.sentences
    assert "invoices" in sentence and "does not exist" in sentence


def test_a_relation_without_a_required_column_is_named(tmp_path):
    copied(tmp_path)
    invoices = "create table landing.invoices as select 'in_1' as id"
    write(tmp_path / "warehouse.duckdb", "create schema landing", invoices)
    with pytest.raises(Stop) as stop:
        build_models(tmp_path, "int_clock", variables={"raw_relations": {"stripe": {"invoice": "landing.invoices"}}})
    assert stop.value.sentences == (
        "relation landing.invoices has no column customer_id: expected a column of type string.",
    )


def test_relations_are_not_looked_for_among_the_files():
    file = project().folder / "dbt_project.yml"
    text = file.read_text()
    served = "raw_relations: {stripe: {invoice: landing.invoices}}"
    file.unlink()
    try:
        file.write_text(text.replace("raw_relations: {}", served))
        assert ("stripe", "invoice") not in source_tables(Place.find("unused", project().folder))
        assert ("stripe", "customer") in source_tables(Place.find("unused", project().folder))
    finally:
        file.write_text(text)
