"""Opens the warehouse as the profile does, to read it."""

from __future__ import annotations

import duckdb

from .place import Place


def connect(place: Place) -> duckdb.DuckDBPyConnection:
    """The warehouse, read-only, with the databases that the profile attaches: source views may read from them."""
    connection = duckdb.connect(str(place.warehouse), read_only=True)
    connection.execute("set TimeZone = 'UTC'")
    for attached in place.output.get("attach") or []:
        connection.execute(f"attach '{attached['path']}' as {attached['alias']} (read_only)")
    return connection
