"""The warehouse as the scripts read it: a DuckDB file, or Spark by a session, behind one small interface.

Marts, and whatever else is small, are brought into a connection of DuckDB, in which a script asks what it likes. What is
large is counted in the engine first, by a query that every engine understands.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import duckdb

from .place import Place, Stop
from .relations import Relation


class Unreadable(Exception):
    """The engine could not do what it was asked; the text is its own first line."""


class Warehouse(Protocol):
    """What a script may ask of a warehouse."""

    connection: duckdb.DuckDBPyConnection
    """Where what was brought stands, under the name that it has in the warehouse."""
    built: set[tuple[str, str]]
    """Schema and name of every table and view."""

    def named(self, relation: Relation) -> str:
        """A relation as it stands in a query of the engine."""

    def ask(self, query: str) -> list[tuple]:
        """The rows of a query of the engine."""

    def keep(self, name: str, query: str) -> None:
        """The rows of a query of the engine as a temporary table of the connection."""

    def copy(self, relation: Relation, table: str) -> None:
        """A whole table or view as a new table of the connection."""

    def bring(self, *relations: Relation) -> None:
        """Whole tables and views into the connection."""

    def newest(self, relation: Relation, column: str) -> dict[str, Any] | None:
        """The row with the greatest value; of several the one that was appended last."""


class File:
    """A DuckDB file: all of it stands in the connection."""

    def __init__(self, connection: duckdb.DuckDBPyConnection):
        self.connection = connection

    @property
    def built(self) -> set[tuple[str, str]]:
        return set(
            self.ask(
                "select table_schema, table_name from information_schema.tables where table_catalog = current_database()"
            )
        )

    def named(self, relation: Relation) -> str:
        return str(relation)

    def ask(self, query: str) -> list[tuple]:
        with _readable():
            return self.connection.execute(query).fetchall()

    def keep(self, name: str, query: str) -> None:
        with _readable():
            self.connection.execute(f'create temp table "{name}" as {query}')

    def copy(self, relation: Relation, table: str) -> None:
        with _readable():
            self.connection.execute(f"create table {table} as select * from {relation}")

    def bring(self, *relations: Relation) -> None:
        pass

    def newest(self, relation: Relation, column: str) -> dict[str, Any] | None:
        with _readable():
            return _first(
                self.connection.execute(f"select * from {relation} order by {column} desc, rowid desc limit 1")
            )


class Session:
    """Spark: what is brought is copied, as Arrow, into a database in memory."""

    def __init__(self, session: Any):
        self.session = session
        self.connection = duckdb.connect()
        self.connection.execute("set TimeZone = 'UTC'")
        self.brought: set[Relation] = set()

    @property
    def built(self) -> set[tuple[str, str]]:
        with _readable():
            schemas = [row[0] for row in self.session.sql("show databases").collect()]
            tables = [self.session.sql(f"show tables in `{schema}`").collect() for schema in schemas]
        return {(table["namespace"], table["tableName"]) for found in tables for table in found}

    def named(self, relation: Relation) -> str:
        return f"`{relation.schema}`.`{relation.identifier}`"

    def ask(self, query: str) -> list[tuple]:
        with self._landed(query) as landed, _readable():
            return self.connection.execute(landed).fetchall()

    def keep(self, name: str, query: str) -> None:
        with self._landed(query) as landed, _readable():
            self.connection.execute(f'create temp table "{name}" as {landed}').fetchall()

    def copy(self, relation: Relation, table: str) -> None:
        with self._landed(f"select * from {self.named(relation)}") as landed, _readable():
            self.connection.execute(f"create table {table} as {landed}").fetchall()

    def bring(self, *relations: Relation) -> None:
        for relation in set(relations) - self.brought:
            self.connection.execute(f'create schema if not exists "{relation.schema}"')
            self.copy(relation, str(relation))
            self.brought.add(relation)

    def newest(self, relation: Relation, column: str) -> dict[str, Any] | None:
        # Rows have no order there, but every append writes a file.
        appended = "_metadata.file_modification_time"
        query = f"select * from {self.named(relation)} order by {column} desc, {appended} desc limit 1"
        with self._landed(query) as landed, _readable():
            return _first(self.connection.execute(landed))

    @contextmanager
    def _landed(self, query: str) -> Iterator[str]:
        """A query on the rows, to be fetched whole; its moments have no zone, as in a DuckDB warehouse."""
        with _readable():
            rows = self.session.sql(query).toArrow()
            self.connection.register("landed", rows)
        moments = [field.name for field in rows.schema if str(field.type).startswith("timestamp")]
        replaced = ", ".join(f'cast("{name}" as timestamp) as "{name}"' for name in moments)
        try:
            yield f"select *{f' replace ({replaced})' if moments else ''} from landed"
        finally:
            self.connection.unregister("landed")


def is_missing(place: Place, file: Path | None = None) -> bool:
    """True where a DuckDB file that should be there is not; what Spark has it says when it is asked."""
    return not is_spark(place) and not (file or place.warehouse).exists()


def is_spark(place: Place) -> bool:
    """True where the target's engine is Spark."""
    return place.output.get("type") in ("spark", "databricks")


@contextmanager
def opened(place: Place, file: Path | None = None) -> Iterator[Warehouse]:
    """The warehouse of the place's target, to be read; of a DuckDB file that is named, the file alone."""
    warehouse: Warehouse
    if is_spark(place):
        warehouse = Session(spark_session(place))
    else:
        with _readable():
            warehouse = File(duckdb.connect(str(file), read_only=True) if file else connect(place))
    try:
        yield warehouse
    finally:
        warehouse.connection.close()


def spark_session(place: Place) -> Any:
    """The session that dbt opened in this process, else one of the profile's; with SPARK_REMOTE, that of a server."""
    if place.output.get("method") != "session":
        raise Stop(
            f"The target {place.target} reaches Spark by {place.output.get('method') or place.output['type']}: to read its"
            " marts, a target with method session is expected (with SPARK_REMOTE for a Connect server)."
        )
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise Stop("pyspark is not installed: expected what requirements-spark.lock lists.") from None
    builder = SparkSession.builder.enableHiveSupport()
    for name, value in (place.output.get("server_side_parameters") or {}).items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def connect(place: Place) -> duckdb.DuckDBPyConnection:
    """The DuckDB file, read-only, with the databases that the profile attaches: source views may read from them."""
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


def _first(cursor: duckdb.DuckDBPyConnection) -> dict[str, Any] | None:
    columns = [column[0] for column in cursor.description]
    # All of them, so that the connection is free again.
    rows = cursor.fetchall()
    return dict(zip(columns, rows[0], strict=True)) if rows else None


@contextmanager
def _readable() -> Iterator[None]:
    """What an engine says where it fails, as one line."""
    try:
        yield
    except Exception as error:
        if not isinstance(error, duckdb.Error) and type(error).__module__.split(".")[0] not in ("pyspark", "py4j"):
            raise
        raise Unreadable((str(error).splitlines() or [type(error).__name__])[0]) from error
