"""The landing as the contracts see it: every table of a contract as a view, with what is lacking as typed nulls."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import duckdb
from operations.place import Place, Stop
from operations.warehouse import connect

from .settings import Settings

KINDS = ("parquet", "csv")
# Whose event tables a project may name itself.
EVENT_VENDOR = "segment"
TYPES = ("varchar", "timestamp", "date", "bigint", "double", "boolean")


@dataclass
class Column:
    name: str
    wanted: str
    type: str
    is_required: bool
    is_not_null: bool
    crm_field: str | None
    # Its landed name stands in raw_columns or event_tables.
    is_renamed: bool = False
    # The landed columns that are read for it; empty where there is none.
    found: list[str] = field(default_factory=list)
    landed_type: str = ""


@dataclass
class Table:
    vendor: str
    name: str
    domain: str | None
    is_required: bool
    is_not_empty: bool
    place: str
    columns: list[Column]
    files: dict[str, int]
    source_sql: str | None = None
    landed_columns: list[str] = field(default_factory=list)
    # Why it cannot be read, as a sentence.
    fault: str | None = None

    @property
    def is_landed(self) -> bool:
        return self.source_sql is not None

    @property
    def title(self) -> str:
        return f"{self.vendor}.{self.name}"

    @property
    def view(self) -> str:
        return f'"{self.vendor}__{self.name}"'

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


class Landing:
    """Tables by vendor and name, and a connection on which every one of them is a view."""

    def __init__(self, place: Place, settings: Settings, connection: duckdb.DuckDBPyConnection):
        self.place, self.settings, self.connection = place, settings, connection
        self.folders = self._folders()
        self.tables: dict[tuple[str, str], Table] = {}
        for source in settings.sources:
            if source["name"] != "quarantine":
                for raw in source["tables"]:
                    self._read(source["name"], raw)

    def _read(self, vendor: str, raw: dict[str, Any]) -> None:
        """A contract's table, or those that event_tables names in its place, and the view of the contract's name."""
        entries = (
            (self.settings.variables.get("event_tables") or {}).get(raw["name"]) if vendor == EVENT_VENDOR else None
        )
        if not entries:
            self._add(self._table(vendor, raw, raw["name"], {}))
            return
        parts = [self._table(vendor, raw, entry["table"], entry.get("columns") or {}) for entry in entries]
        for table in parts:
            table.is_required = True
            if table.name != raw["name"]:
                self._add(table)
            else:
                self.tables[vendor, table.name] = table
        selects = " union all ".join(self._select(table) for table in parts)
        self.connection.execute(f'create temp view "{vendor}__{raw["name"]}" as {selects}')

    def _add(self, table: Table) -> None:
        self.tables[table.vendor, table.name] = table
        self.connection.execute(f"create temp view {table.view} as {self._select(table)}")

    @classmethod
    @contextmanager
    def opened(cls, place: Place, settings: Settings) -> Iterator[Landing]:
        """Relations of the warehouse are read in it; a landing alone needs none."""
        relations = settings.variables.get("raw_relations") or {}
        try:
            connection = connect(place) if relations and place.warehouse.exists() else duckdb.connect()
        except duckdb.Error as error:
            raise Stop(f"{place.warehouse} cannot be opened: {str(error).splitlines()[0]}") from error
        with connection:
            connection.execute("set TimeZone = 'UTC'")
            yield cls(place, settings, connection)

    def ask(self, query: str, values: list[Any] | None = None) -> list[tuple]:
        return self.connection.execute(query, values or []).fetchall()

    def table(self, vendor: str, name: str) -> Table:
        return self.tables[vendor, name]

    def rows(self, *names: tuple[str, str]) -> int:
        """Landed rows of tables taken together."""
        return sum(self.ask(f"select count(*) from {self.tables[name].view}")[0][0] for name in names)

    def _folders(self) -> dict[str, dict[str, dict[str, int]]]:
        """{vendor: {table: {kind: files}}} of what has landed, whether or not a contract names it."""
        found: dict[str, dict[str, dict[str, int]]] = {}
        for (file,) in self.ask("select file from glob(?)", [f"{self.place.raw_location}/*/*/*"]):
            *_, vendor, table, name = file.replace("\\", "/").split("/")
            kind = name.rsplit(".", 1)[-1].lower()
            if kind in KINDS:
                counts = found.setdefault(vendor, {}).setdefault(table, dict.fromkeys(KINDS, 0))
                counts[kind] += 1
        return found

    def _table(self, vendor: str, raw: dict[str, Any], name: str, renamed: dict[str, str]) -> Table:
        meta, folder = _meta(raw), f"{self.place.raw_location}/{vendor}/{name}"
        files = self.folders.get(vendor, {}).get(name, dict.fromkeys(KINDS, 0))
        table = Table(
            vendor, name, meta.get("domain"), bool(meta.get("required")), bool(meta.get("not_empty")), folder,
            [self._column(column) for column in raw.get("columns", [])], files,
        )  # fmt: skip
        relation = ((self.settings.variables.get("raw_relations") or {}).get(vendor) or {}).get(name)
        path = folder.replace("'", "''")
        if relation:
            table.place, table.source_sql = f"relation {relation}", str(relation)
        elif files["parquet"] and files["csv"]:
            table.fault = f"{folder} holds CSV beside Parquet: expected files of one kind."
        elif files["parquet"]:
            table.place = f"{folder}/*.parquet"
            table.source_sql = f"read_parquet('{path}/*.parquet', union_by_name = true)"
        elif files["csv"]:
            table.place = f"{folder}/*.csv"
            table.source_sql = f"read_csv('{path}/*.csv', header = true, all_varchar = true, union_by_name = true)"
        if table.source_sql:
            self._resolve(table, renamed)
        return table

    def _column(self, raw: dict[str, Any]) -> Column:
        meta, wanted = _meta(raw), raw["name"]
        if meta.get("crm_field"):
            configured = (self.settings.variables.get("crm_fields") or {}).get(meta["crm_field"])
            wanted = f"{meta.get('prefix', '')}{configured}" if configured else wanted
        kind = str(raw.get("data_type", "varchar")).lower()
        return Column(
            raw["name"], wanted, kind if kind in TYPES else "varchar", bool(meta.get("required")),
            bool(meta.get("not_null")), meta.get("crm_field"),
        )  # fmt: skip

    def _resolve(self, table: Table, renamed: dict[str, str]) -> None:
        try:
            landed = self.ask(f"describe select * from {table.source_sql}")
        except duckdb.Error as error:
            table.fault = f"{table.place} cannot be read: {str(error).splitlines()[0]}"
            table.source_sql = None
            return
        table.landed_columns = [row[0] for row in landed]
        own = ((self.settings.variables.get("raw_columns") or {}).get(table.vendor) or {}).get(table.name) or {}
        names = renamed | own
        for column in table.columns:
            column.is_renamed = column.name in names
            column.wanted = str(names.get(column.name, column.wanted))
            same = [row for row in landed if row[0].lower() == column.wanted.lower()]
            respelled = [row for row in landed if row not in same and _plain(row[0]) == _plain(column.wanted)]
            column.found = [row[0] for row in respelled + same]
            column.landed_type = (respelled + same)[0][1] if column.found else ""

    def _select(self, table: Table) -> str:
        columns = ", ".join(f"{_value(column)} as {_quoted(column.name)}" for column in table.columns)
        return f"select {columns} {f'from {table.source_sql}' if table.source_sql else 'where false'}"


def _value(column: Column) -> str:
    return f"try_cast({raw_value(column)} as {column.type})" if column.found else f"cast(null as {column.type})"


def raw_value(column: Column) -> str:
    """What has landed for a column, before it is cast."""
    if len(column.found) == 1:
        return _quoted(column.found[0])
    return f"coalesce({', '.join(f'cast({_quoted(name)} as varchar)' for name in column.found)})"


def _meta(raw: dict[str, Any]) -> dict[str, Any]:
    return (raw.get("meta") or {}) | ((raw.get("config") or {}).get("meta") or {})


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _plain(name: str) -> str:
    return re.sub("_", "", name.lower())
