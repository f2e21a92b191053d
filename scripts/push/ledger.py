"""The ledger: what was sent, and what became of it.

One embedded database file; its lock makes one pusher at a time. It keeps hashes and error codes, never payloads.
Every change of state goes through `_transaction`, and `sending` is committed before the request leaves.
It belongs to one installation, whose id stands in it.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from .errors import Refused
from .folders import check_writable, unwritable

VERSION = 2
LOCKED = "Could not set lock"
UNWRITABLE = ("Permission denied", "Read-only file system")
CONFIG = {"storage_compatibility_version": "v1.4.0", "threads": 1}

SCHEMA = """
create table ledger_version (version integer not null);
create table deliveries (
    destination varchar not null,
    object varchar not null,
    sync_key varchar not null,
    firing_id varchar,
    account_id varchar,
    state varchar not null check (
        state in ('pending', 'sending', 'delivered', 'handed_over', 'retry', 'rejected', 'unknown', 'dropped')
    ),
    payload_hash varchar not null,
    delivered_hash varchar,
    is_baseline boolean not null,
    attempts integer not null,
    next_attempt_at timestamp,
    status_code integer,
    error_class varchar,
    remote_id varchar,
    remote_place varchar,
    run_id varchar not null,
    updated_at timestamp not null,
    delivered_at timestamp,
    primary key (destination, object, sync_key)
);
create table attempts (
    attempt_id varchar not null,
    destination varchar not null,
    object varchar not null,
    sync_key varchar not null,
    firing_id varchar,
    account_id varchar,
    attempted_at timestamp not null,
    outcome varchar not null check (outcome in ('delivered', 'handed_over', 'retry', 'rejected', 'unknown')),
    status_code integer,
    error_class varchar,
    payload_hash varchar not null,
    run_id varchar not null,
    as_of timestamp,
    addressee varchar,
    recipient varchar
);
create table installation (installation_id varchar not null, made_at timestamp not null);
create table marts_seen (mart varchar primary key, row_count bigint not null);
create table erasures_applied (request_id varchar primary key, applied_at timestamp not null);
"""

TABLES = ("deliveries", "attempts", "installation", "marts_seen", "erasures_applied")
# What a ledger of version 1 holds; the others came later.
FIRST_TABLES = ("deliveries", "attempts", "marts_seen", "erasures_applied")
ENTRY_COLUMNS = (
    "destination", "object", "sync_key", "firing_id", "account_id", "state", "payload_hash", "delivered_hash",
    "is_baseline", "attempts", "next_attempt_at", "status_code", "error_class", "remote_id", "remote_place", "run_id",
    "updated_at", "delivered_at",
)  # fmt: skip
ENTRY_TYPES = {
    "is_baseline": "boolean", "attempts": "integer", "next_attempt_at": "timestamp", "status_code": "integer",
    "updated_at": "timestamp", "delivered_at": "timestamp",
}  # fmt: skip
ATTEMPT_COLUMNS = (
    "attempt_id", "destination", "object", "sync_key", "firing_id", "account_id", "attempted_at", "outcome",
    "status_code", "error_class", "payload_hash", "run_id", "as_of", "addressee", "recipient",
)  # fmt: skip
ATTEMPT_TYPES = {"attempted_at": "timestamp", "status_code": "integer", "as_of": "timestamp"}


@dataclass
class Entry:
    """One row of `deliveries`."""

    destination: str
    object: str
    sync_key: str
    firing_id: str | None
    account_id: str | None
    state: str
    payload_hash: str
    delivered_hash: str | None = None
    is_baseline: bool = False
    attempts: int = 0
    next_attempt_at: datetime | None = None
    status_code: int | None = None
    error_class: str | None = None
    remote_id: str | None = None
    remote_place: str | None = None
    run_id: str = ""
    updated_at: datetime | None = None
    delivered_at: datetime | None = None


@dataclass(frozen=True)
class Attempt:
    """One request for one row, as it lands in the push log.

    `addressee` is actor, bystander or nobody: whether who acts on the firing was reached; `recipient` is a hash.
    """

    attempt_id: str
    destination: str
    object: str
    sync_key: str
    firing_id: str | None
    account_id: str | None
    attempted_at: datetime
    outcome: str
    status_code: int | None
    error_class: str | None
    payload_hash: str
    run_id: str
    as_of: datetime | None
    addressee: str | None = None
    recipient: str | None = None


def now() -> datetime:
    """The wall clock as naive UTC; the ledger's own times use it, nothing about customers does."""
    return datetime.now(UTC).replace(tzinfo=None)


class Ledger:
    """Reads and writes the ledger file; refuses one that is locked, unreadable or of another version."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    @classmethod
    def open(cls, path: Path) -> Ledger:
        """The ledger at the path, made when it does not exist."""
        check_writable(path.parent)
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = _connect(path, read_only=False)
        ledger = cls(connection)
        try:
            ledger._prepare(path)
        except BaseException:
            connection.close()
            raise
        return ledger

    @classmethod
    def copy(cls, path: Path) -> Ledger:
        """A copy in memory for a run that must write nothing."""
        if not path.exists():
            ledger = cls(duckdb.connect(":memory:"))
            ledger._prepare(path)
            return ledger
        _connect(path, read_only=True).close()
        connection = duckdb.connect(":memory:")
        try:
            connection.execute(f"attach {_quoted(path)} as source_ledger (read_only)")
            connection.execute("copy from database source_ledger to memory")
            connection.execute("detach source_ledger")
        except duckdb.Error:
            raise Refused(f"{path.name} cannot be read as a ledger; it was left as it is.") from None
        ledger = cls(connection)
        ledger._prepare(path)
        return ledger

    def close(self) -> None:
        self._connection.close()

    def _prepare(self, path: Path) -> None:
        """Makes the tables in a new file; reads all of an old one, so that a damaged one is found before sending."""
        try:
            self._make_or_check(path)
            for table in TABLES:
                self._connection.execute(f"select * from {table}").fetchall()
        except duckdb.Error:
            raise Refused(f"{path.name} cannot be read as a ledger; it was left as it is.") from None

    def _make_or_check(self, path: Path) -> None:
        tables = {row[0] for row in self._connection.execute("select table_name from duckdb_tables()").fetchall()}
        if not tables:
            with self._transaction():
                self._make()
            return
        if "ledger_version" not in tables:
            raise Refused(f"{path.name} is not a push ledger.")
        versions = self._connection.execute("select version from ledger_version").fetchall()
        if versions == [(1,)]:
            self._upgrade()
        elif versions != [(VERSION,)]:
            found = versions[0][0] if versions else "none"
            raise Refused(f"{path.name} has version {found}, this program writes version {VERSION}.")

    def _make(self) -> None:
        self._connection.execute(SCHEMA)
        self._connection.execute("insert into ledger_version values (?)", [VERSION])
        self._connection.execute("insert into installation values (?, ?)", [secrets.token_hex(8), now()])

    def _upgrade(self) -> None:
        """From version 1: the same rows in the tables of today, all or nothing."""
        with self._transaction():
            for table in FIRST_TABLES:
                self._connection.execute(f"create temp table old_{table} as select * from {table}")
                self._connection.execute(f"drop table {table}")
            self._connection.execute("drop table ledger_version")
            self._make()
            for table in FIRST_TABLES:
                self._connection.execute(f"insert into {table} by name select * from old_{table}")
                self._connection.execute(f"drop table old_{table}")

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("begin")
        try:
            yield
        except BaseException:
            self._connection.execute("rollback")
            raise
        self._commit()

    def _commit(self) -> None:
        self._connection.execute("commit")

    # Reading

    def entries(
        self, destination: str | None = None, object_name: str | None = None
    ) -> dict[tuple[str, str, str], Entry]:
        """Entries by (destination, object, sync key)."""
        rows = self._connection.execute(
            f"select {', '.join(ENTRY_COLUMNS)} from deliveries"
            " where (? is null or destination = ?) and (? is null or object = ?)"
            " order by destination, object, sync_key",
            [destination, destination, object_name, object_name],
        ).fetchall()
        found = (Entry(**dict(zip(ENTRY_COLUMNS, row, strict=True))) for row in rows)
        return {(entry.destination, entry.object, entry.sync_key): entry for entry in found}

    def is_new(self, destination: str) -> bool:
        """True when nothing was ever recorded for the destination."""
        row = self._connection.execute(
            "select count(*) from deliveries where destination = ?", [destination]
        ).fetchone()
        return row[0] == 0

    def rows_seen(self, mart: str) -> int:
        row = self._connection.execute("select row_count from marts_seen where mart = ?", [mart]).fetchone()
        return row[0] if row else 0

    @property
    def installation(self) -> str:
        """The id of the installation that the ledger belongs to."""
        return self._connection.execute("select installation_id from installation").fetchone()[0]

    def runs(self, destination: str) -> set[str]:
        """The runs that a row of the destination was last touched by."""
        found = self._connection.execute("select distinct run_id from deliveries where destination = ?", [destination])
        return {row[0] for row in found.fetchall()}

    def pseudonym(self, value: object) -> str | None:
        """A recipient as the push log may know it: no e-mail, and another one in every installation."""
        text = str(value or "").strip().lower()
        return hashlib.sha256(f"{self.installation}|{text}".encode()).hexdigest()[:16] if text else None

    def erasures_applied(self) -> set[str]:
        return {row[0] for row in self._connection.execute("select request_id from erasures_applied").fetchall()}

    def unlanded_runs(self) -> list[str]:
        return [
            row[0] for row in self._connection.execute("select distinct run_id from attempts order by 1").fetchall()
        ]

    # Writing

    def write(self, entries: list[Entry], attempts: list[Attempt] = ()) -> None:
        """Puts entries and attempts in one transaction."""
        if not entries and not attempts:
            return
        with self._transaction():
            self._bulk("insert or replace into deliveries", ENTRY_COLUMNS, ENTRY_TYPES, entries)
            self._bulk("insert into attempts", ATTEMPT_COLUMNS, ATTEMPT_TYPES, attempts)

    def _bulk(self, into: str, columns: tuple[str, ...], types: dict[str, str], items: Any) -> None:
        if not items:
            return
        selected = ", ".join(f"unnest(?::{types.get(column, 'varchar')}[])" for column in columns)
        values = [[getattr(item, column) for item in items] for column in columns]
        self._connection.execute(f"{into} ({', '.join(columns)}) select {selected}", values)

    def note_rows_seen(self, counts: dict[str, int]) -> None:
        changed = {mart: count for mart, count in counts.items() if self.rows_seen(mart) != count}
        if not changed:
            return
        with self._transaction():
            for mart, count in changed.items():
                self._connection.execute("insert or replace into marts_seen values (?, ?)", [mart, count])

    def note_erasure(self, request_ids: list[str]) -> None:
        with self._transaction():
            for request_id in request_ids:
                self._connection.execute("insert or replace into erasures_applied values (?, ?)", [request_id, now()])

    def export_attempts(self, run_id: str, path: Path) -> None:
        """Writes one run's attempts as Parquet to the path."""
        self._connection.execute(
            f"copy (select {', '.join(ATTEMPT_COLUMNS)} from attempts where run_id = {_quoted(run_id)}"
            f" order by attempted_at, attempt_id) to {_quoted(path)} (format parquet)"
        )

    def forget_attempts(self, run_id: str) -> None:
        """Attempts that have landed need not be kept here."""
        with self._transaction():
            self._connection.execute("delete from attempts where run_id = ?", [run_id])


def _quoted(text: object) -> str:
    """A SQL text literal; statements about files take no parameters."""
    return "'" + str(text).replace("'", "''") + "'"


def _connect(path: Path, read_only: bool) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(str(path), read_only=read_only, config=CONFIG)
    except duckdb.Error as error:
        if LOCKED in str(error):
            raise Refused(f"Another pusher holds {path.name}: one runs at a time.") from None
        if any(reason in str(error) for reason in UNWRITABLE):
            raise Refused(unwritable(path.parent)) from None
        raise Refused(f"{path.name} cannot be read as a ledger; it was left as it is.") from None
