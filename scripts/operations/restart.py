"""Forgets recorded firings and the engine's runs, unless a delivery, or the trace of one, is found anywhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from .built import built
from .place import Place, Stop
from .relations import Relations
from .warehouse import connect

RECORDED_FIRINGS = "int_firings"
ENGINE_RUNS = "int_engine_runs"
STATUSES = "int_firing_status"
# What a firing can only have become after somebody was told of it.
AFTER_DELIVERY = ("delivered", "accepted", "declined", "meeting", "opportunity", "won", "lost")


def restart(place: Place, is_sure: bool) -> list[str]:
    """What is dropped, in lines; it is dropped when `is_sure`. Stops with one sentence where anything was delivered."""
    if not place.warehouse.exists():
        raise Stop(f"{place.warehouse} is missing: nothing was recorded, so the next build decides afresh anyway.")
    for trace in (in_ledger, in_outbox, in_push_log, in_statuses):
        if told := trace(place):
            raise Stop(f"{told}: recorded firings stay once one of them may have reached somebody.")
    lines = _asked(place, _lines)
    if not is_sure:
        return [*lines, "Nothing was changed. Say `make restart YES=1` (restart.py --yes) to drop them."]
    relations = Relations.of(place)
    with _writing(place) as connection:
        connection.execute("begin")
        for name in (RECORDED_FIRINGS, ENGINE_RUNS):
            if table := built(connection, relations, name):
                connection.execute(f"delete from {table}")
        connection.execute("commit")
    # What was built on the dropped firings must not be pushed any more.
    place.gate_file.unlink(missing_ok=True)
    return [*lines, "Dropped. The next build (make build) decides afresh; until then nothing can be pushed."]


def in_ledger(place: Place) -> str | None:
    """A row that was tried, whatever became of it; one that only waits was never sent."""
    file = place.data_dir / "push_ledger.duckdb"
    if not file.exists():
        return None
    try:
        with duckdb.connect(str(file), read_only=True) as ledger:
            ((sent, destinations),) = ledger.execute(
                "select count(*), string_agg(distinct destination, ', ' order by destination) from deliveries"
                " where state <> 'pending' or attempts > 0"
                " or coalesce(cast(status_code as varchar), error_class, delivered_hash) is not null"
            ).fetchall()
            ((tried,),) = ledger.execute("select count(*) from attempts").fetchall()
    except duckdb.Error:
        return f"{file} cannot be read, so what was delivered is unknown"
    if sent:
        return f"{file} knows {sent:,} rows sent to {destinations}"
    return f"{file} knows {tried:,} attempts to send" if tried else None


def in_outbox(place: Place) -> str | None:
    folder = place.data_dir / "outbox"
    files = [file for file in folder.rglob("*") if file.is_file() and file.stat().st_size] if folder.is_dir() else []
    return f"{folder} holds {len(files):,} files of pushed rows" if files else None


def in_push_log(place: Place) -> str | None:
    """The log that pushing lands, in files or in a relation of the warehouse."""
    from doctor.landing import Landing
    from doctor.settings import Settings

    with Landing.opened(place, Settings.read(place.project)) as landing:
        table = landing.table("push", "push_log")
        if not table.is_landed:
            return None
        ((attempts,),) = landing.ask(f"select count(*) from {table.view}")
    return f"{table.place} knows {attempts:,} attempts to send" if attempts else None


def in_statuses(place: Place) -> str | None:
    """The CRM may remember a firing that ledger and log no longer do."""

    def answered(connection: duckdb.DuckDBPyConnection, relations: Relations) -> int:
        statuses = built(connection, relations, STATUSES)
        if not statuses:
            return 0
        listed = ", ".join(f"'{status}'" for status in AFTER_DELIVERY)
        ((count,),) = connection.execute(f"select count(*) from {statuses} where status in ({listed})").fetchall()
        return count

    count = _asked(place, answered)
    return f"{count:,} firings were delivered or answered in the CRM ({STATUSES})" if count else None


def _lines(connection: duckdb.DuckDBPyConnection, relations: Relations) -> list[str]:
    recorded = built(connection, relations, RECORDED_FIRINGS)
    rows = (
        recorded
        and connection.execute(
            "select trigger_id, count(*), sum(case when is_shadow then 1 else 0 end), min(fired_at), max(fired_at)"
            f" from {recorded} group by trigger_id order by count(*) desc, trigger_id"
        ).fetchall()
    )
    if not rows:
        return ["No firing is recorded."]
    count, shadow = sum(row[1] for row in rows), sum(row[2] for row in rows)
    names = max(len(row[0]) for row in rows)
    first, last = min(row[3] for row in rows), max(row[4] for row in rows)
    return [
        f"{count:,} recorded firings of {len(rows)} triggers, from {first:%Y-%m-%d} to {last:%Y-%m-%d},"
        f" {shadow:,} of them in shadow; none was delivered.",
        *(
            f"  {name:{names}}  {number:6,}  {since:%Y-%m-%d} to {until:%Y-%m-%d}"
            for name, number, _, since, until in rows
        ),
    ]


def _asked(place: Place, question: Callable[[duckdb.DuckDBPyConnection, Relations], Any]) -> Any:
    relations = Relations.of(place)
    try:
        with connect(place) as connection:
            return question(connection, relations)
    except duckdb.Error as error:
        raise Stop(_unreadable(place.warehouse, error)) from error


def _writing(place: Place) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(str(place.warehouse))
    except duckdb.Error as error:
        raise Stop(_unreadable(place.warehouse, error)) from error


def _unreadable(warehouse: Path, error: duckdb.Error) -> str:
    return f"{warehouse} cannot be opened: {str(error).splitlines()[0]}"
