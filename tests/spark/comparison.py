"""The rows of a mart on two engines, both ways, with their types; doubles to nine digits."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

# What Spark calls a type of DuckDB. A sum of integers is wider than Spark has integers.
TYPES = {
    "VARCHAR": {"string"},
    "INTEGER": {"int"},
    "BIGINT": {"bigint"},
    "HUGEINT": {"bigint", "decimal(38,0)"},
    "DOUBLE": {"double"},
    "BOOLEAN": {"boolean"},
    "DATE": {"date"},
    "TIMESTAMP": {"timestamp"},
}
SHOWN = 3


@dataclass
class Compared:
    """One mart: how many rows on each engine, and sentences about what differs."""

    mart: str
    rows: int
    rows_spark: int
    differences: list[str] = field(default_factory=list)


def compare(warehouse: Path, marts: list[tuple[str, str, str]], session: Any) -> list[Compared]:
    """Every mart of a DuckDB warehouse beside the one of a Spark session."""
    found = []
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        for name, place, place_spark in marts:
            frame = session.table(place_spark)
            types = connection.execute(f"describe {place}").fetchall()
            connection.register("of_spark", frame.toArrow())
            found.append(_compared(connection, name, place, types, dict(frame.dtypes)))
            connection.unregister("of_spark")
    return found


def _compared(connection: Any, name: str, place: str, types: list, types_spark: dict[str, str]) -> Compared:
    count = "select count(*) from "
    result = Compared(
        name,
        connection.execute(count + place).fetchall()[0][0],
        connection.execute(count + "of_spark").fetchall()[0][0],
    )
    columns = {row[0]: row[1] for row in types}
    for column in columns.keys() ^ types_spark.keys():
        result.differences.append(f"column {column} is on one engine only")
    for column in columns.keys() & types_spark.keys():
        if types_spark[column] not in _expected(columns[column]):
            result.differences.append(f"column {column} is {columns[column]}, on Spark {types_spark[column]}")
    if not result.differences:
        result.differences = _row_differences(connection, columns, place, "of_spark")
    return result


def compare_published(of_duckdb: Path, of_spark: Path) -> list[Compared]:
    """Every table of two published files."""
    found = []
    with duckdb.connect() as connection:
        connection.execute(
            f"attach '{of_duckdb}' as of_duckdb (read_only); attach '{of_spark}' as of_spark (read_only)"
        )
        named = [
            {row[0] for row in connection.execute(f"show tables from {place}").fetchall()}
            for place in ("of_duckdb", "of_spark")
        ]
        for name in sorted(named[0] | named[1]):
            places = [f"{place}.main.{_quoted(name)}" for place in ("of_duckdb", "of_spark")]
            if name not in named[0] & named[1]:
                found.append(Compared(name, 0, 0, ["is published of one engine only"]))
                continue
            types, types_spark = ([row[:2] for row in connection.execute(f"describe {p}").fetchall()] for p in places)
            rows = [connection.execute(f"select count(*) from {place}").fetchall()[0][0] for place in places]
            # A sum of integers is wider than Spark has integers.
            if [(column, kind.replace("HUGEINT", "BIGINT")) for column, kind in types] != types_spark:
                differences = [f"has the columns {types}, of Spark {types_spark}"]
            else:
                differences = _row_differences(connection, dict(types), *places)
            found.append(Compared(name, *rows, differences))
    return found


def _row_differences(connection: Any, columns: dict[str, str], place: str, place_spark: str) -> list[str]:
    differences = []
    selected = ", ".join(f"{_value(column, kind)} as {_quoted(column)}" for column, kind in columns.items())
    for here, there, where in ((place, place_spark, "DuckDB"), (place_spark, place, "Spark")):
        query = f"select {selected} from {here} as here except all select {selected} from {there} as there"
        n = connection.execute(f"select count(*) from ({query})").fetchall()[0][0]
        if n:
            differences.append(f"{n} rows on {where} only, in columns {_columns(connection, columns, here, there)}")
            differences += [f"  {row}" for row in connection.execute(query + f" limit {SHOWN}").fetchall()]
    return differences


def _columns(connection: Any, columns: dict[str, str], here: str, there: str) -> str:
    differing = []
    for column, kind in columns.items():
        value = _value(column, kind)
        query = f"select {value} from {here} as here except all select {value} from {there} as there"
        if connection.execute(f"select count(*) from ({query})").fetchall()[0][0]:
            differing.append(column)
    return ", ".join(differing) or "that agree one by one"


def _expected(kind: str) -> set[str]:
    decimal = re.fullmatch(r"DECIMAL\((\d+),(\d+)\)", kind)
    return {f"decimal({decimal[1]},{decimal[2]})"} if decimal else TYPES.get(kind, {kind.lower()})


def _value(column: str, kind: str) -> str:
    quoted = _quoted(column)
    if kind == "DOUBLE":
        # Adding zero makes one of two zeros.
        return f"case when {quoted} is not null then printf('%.9g', {quoted} + 0.0) end"
    return f"cast({quoted} as {'decimal(38, 0)' if kind == 'HUGEINT' else kind})"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
