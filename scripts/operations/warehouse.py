"""Opens the warehouse as the profile does, to read it."""

from __future__ import annotations

import duckdb

from .place import Place


def connect(place: Place) -> duckdb.DuckDBPyConnection:
    """The warehouse, read-only, with the databases that the profile attaches: source views may read from them."""
    connection = duckdb.connect()
    try:
        connection.execute("set TimeZone = 'UTC'")
        # Under the name that dbt gives it, which stands in the views.
        name = place.warehouse.stem
        connection.execute(f'attach {literal(place.warehouse)} as "{name}" (read_only)')
        connection.execute(f'use "{name}"')
        for attached in place.output.get("attach") or []:
            connection.execute(f"attach {literal(attached['path'])} as {attached['alias']} (read_only)")
    except duckdb.Error:
        connection.close()
        raise
    return connection


def literal(value: object) -> str:
    """A value as SQL text."""
    return "'" + str(value).replace("'", "''") + "'"
