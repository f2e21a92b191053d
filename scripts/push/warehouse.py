"""Reads the sync marts, checks their keys, and closes the warehouse before anything is sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
from operations.relations import Relations

from . import gate
from .errors import Refused
from .ledger import LOCKED

# object: (mart, key column, order of sending)
MARTS = {
    "account": ("sync_crm_accounts", "account_id", "account_id"),
    "firing": ("sync_crm_firings", "firing_id", "deliver_at, firing_id"),
    "alert": ("sync_alerts", "alert_id", "deliver_at, alert_id"),
}
REQUIRED = {
    "account": {"account_id", "as_of"},
    "firing": {"firing_id", "account_id", "deliver_at", "expires_at", "is_closed", "as_of"},
    "alert": {"alert_id", "firing_id", "account_id", "channel", "deliver_at", "expires_at", "is_closed", "as_of"},
}


@dataclass
class Mart:
    """The rows of one sync mart, in the order of sending, with the column types as DuckDB names them."""

    object: str
    name: str
    key: str
    types: dict[str, str]
    rows: list[dict[str, Any]]

    @property
    def as_of(self) -> datetime | None:
        return self.rows[0]["as_of"] if self.rows else None


def read(warehouse_file: Path, gate_file: Path, objects: list[str], relations: Relations) -> dict[str, Mart]:
    """The sync marts of the given objects. Refuses on a failed gate, a missing mart, null or repeated keys."""
    if not warehouse_file.exists():
        raise Refused(f"{warehouse_file.name} is missing in {warehouse_file.parent}: build first.")
    try:
        connection = duckdb.connect(str(warehouse_file), read_only=True)
    except duckdb.IOException as error:
        if LOCKED in str(error):
            raise Refused(f"{warehouse_file.name} is being written by a build: push when it has ended.") from None
        raise Refused(f"{warehouse_file.name} cannot be opened.") from None
    except duckdb.Error:
        raise Refused(f"{warehouse_file.name} cannot be opened.") from None
    try:
        gate.check(gate_file, connection, relations)
        return {name: _read_mart(connection, name, relations) for name in objects}
    finally:
        connection.close()


def _read_mart(connection: duckdb.DuckDBPyConnection, name: str, relations: Relations) -> Mart:
    mart, key, order = MARTS[name]
    relation = relations.ref(mart)
    try:
        described = connection.execute(f"describe {relation}").fetchall()
    except duckdb.Error:
        raise Refused(f"The sync mart {mart} is missing in the warehouse.") from None
    types = {row[0]: row[1] for row in described}
    missing = sorted(REQUIRED[name] - types.keys())
    if missing:
        raise Refused(f"The sync mart {mart} lacks the column {missing[0]}.")
    nulls, keys, rows, moments = connection.execute(
        f"select count(*) filter ({key} is null), count(distinct {key}), count(*), count(distinct as_of)"
        f" from {relation}"
    ).fetchone()
    if nulls:
        raise Refused(f"The sync mart {mart} has {nulls} rows without {key}.")
    if keys != rows:
        raise Refused(f"The sync mart {mart} repeats {key}: {rows} rows for {keys} keys.")
    if moments > 1:
        raise Refused(f"The sync mart {mart} holds more than one as_of.")
    cursor = connection.execute(f"select * from {relation} order by {order}")
    columns = [column[0] for column in cursor.description]
    return Mart(name, mart, key, types, [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()])
