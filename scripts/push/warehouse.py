"""Reads the sync marts, checks their keys, and closes the warehouse before anything is sent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
from operations import turn
from operations.place import Stop
from operations.relations import Relations
from operations.warehouse import Unreadable, Warehouse, is_missing, opened

from . import gate
from .errors import Refused
from .settings import Settings

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


def read(settings: Settings, objects: list[str], max_build_age: float, wait: float = 0) -> dict[str, Mart]:
    """The sync marts of the given objects. Refuses on a failed or old gate, a missing mart, null or repeated keys.

    While they are read nobody may begin to write the warehouse: the reader would stop the build.
    """
    warehouse_file = settings.warehouse
    if is_missing(settings.place, warehouse_file):
        raise Refused(f"{warehouse_file.name} is missing in {warehouse_file.parent}: build first.")
    relations = settings.relations
    with _turn(warehouse_file, wait), _opened(settings) as warehouse:
        gate.check(settings.quality_gate, warehouse, relations)
        gate.check_age(settings.quality_gate, max_build_age)
        return {name: _read_mart(warehouse, name, relations) for name in objects}


def read_unchecked(settings: Settings) -> dict[str, Mart] | None:
    """All sync marts that can be read, whatever the gate says; null where the warehouse cannot be read now."""
    if is_missing(settings.place, settings.warehouse):
        return {}
    found = {}
    try:
        relations = settings.relations
        with _turn(settings.warehouse, 0), _opened(settings) as warehouse:
            for name in MARTS:
                with suppress(Refused):
                    found[name] = _read_mart(warehouse, name, relations)
    except (Refused, Stop):
        return None
    return found


@contextmanager
def _turn(warehouse_file: Path, wait: float) -> Iterator[None]:
    """Refuses, in the words of a push, when somebody else has the warehouse for longer than the wait."""
    try:
        with turn.held(warehouse_file, "a push", wait, is_reading=True):
            yield
    except turn.Busy as busy:
        if wait:
            raise
        raise Refused(
            f"{warehouse_file.name} is being written, push when that has ended: {busy.sentences[0]}"
        ) from None


@contextmanager
def _opened(settings: Settings) -> Iterator[Warehouse]:
    with ExitStack() as stack:
        try:
            warehouse = stack.enter_context(opened(settings.place, settings.warehouse))
        except Unreadable:
            raise Refused(f"{settings.warehouse.name} cannot be opened.") from None
        yield warehouse


def _read_mart(warehouse: Warehouse, name: str, relations: Relations) -> Mart:
    mart, key, order = MARTS[name]
    relation = relations.ref(mart)
    connection = warehouse.connection
    try:
        warehouse.bring(relation)
        described = connection.execute(f"describe {relation}").fetchall()
    except (duckdb.Error, Unreadable):
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
