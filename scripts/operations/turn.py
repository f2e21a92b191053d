"""One writer at a time: the project's commands take turns at a warehouse, and who must wait is told for whom.

A lock file beside the warehouse says who has it since when. The system lets the lock go with the process, however that
ends. What others hold open - a notebook, dbt run by hand - is found by DuckDB's own lock.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from .place import Stop

# EX_TEMPFAIL: whoever schedules the command may simply try again.
BUSY = 75
LOCKED = "Could not set lock"
DEFAULT_WAIT = 600.0
LOOKS_EVERY = 0.2
_mine: dict[Path, int] = {}


class Busy(Stop):
    """Somebody else has the warehouse."""


@contextmanager
def held(warehouse: Path, who: str, wait: float = DEFAULT_WAIT, is_reading: bool = False) -> Iterator[None]:
    """Has the warehouse to itself; raises Busy, with one sentence, when that takes longer than `wait` seconds.

    Within one process a turn may be taken again: a build that publishes is one turn.
    """
    warehouse = warehouse.absolute()
    if warehouse in _mine:
        yield
        return
    warehouse.parent.mkdir(parents=True, exist_ok=True)
    file = warehouse.with_name(f"{warehouse.name}.lock")
    ends = time.monotonic() + wait
    descriptor = _locked(file, ends)
    try:
        _wait_for_database(warehouse, ends, is_reading)
        os.ftruncate(descriptor, 0)
        since = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"
        os.pwrite(descriptor, json.dumps({"who": who, "pid": os.getpid(), "since": since}).encode(), 0)
        _mine[warehouse] = descriptor
        yield
    finally:
        _mine.pop(warehouse, None)
        file.unlink(missing_ok=True)
        os.close(descriptor)


def _locked(file: Path, ends: float) -> int:
    while True:
        try:
            descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise Stop(f"{file} cannot be written ({error.strerror}): by it commands take turns.") from None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Who had it took the file away when it ended: then the lock is on a file that nobody finds any more.
            if _is_same(descriptor, file):
                return descriptor
            os.close(descriptor)
            continue
        except BlockingIOError:
            os.close(descriptor)
            if time.monotonic() >= ends:
                raise Busy(_held_by(file)) from None
        time.sleep(LOOKS_EVERY)


def _is_same(descriptor: int, file: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), file.stat())
    except FileNotFoundError:
        return False


def _held_by(file: Path) -> str:
    warehouse = file.name.removesuffix(".lock")
    try:
        holder: dict[str, Any] = json.loads(file.read_text())
        return f"{holder['who']} (process {holder['pid']}) holds {warehouse} since {holder['since']}."
    except (OSError, ValueError, KeyError, TypeError):
        return f"Another command of this project holds {warehouse}."


def _wait_for_database(warehouse: Path, ends: float, is_reading: bool) -> None:
    """Until nobody outside of the project's commands has the file open in the way."""
    while warehouse.exists():
        try:
            duckdb.connect(str(warehouse), read_only=is_reading).close()
            return
        except duckdb.Error as error:
            # Anything else is told by whoever opens it in earnest.
            if LOCKED not in str(error):
                return
            if time.monotonic() >= ends:
                raise Busy(locked_by(warehouse, str(error))) from None
        time.sleep(LOOKS_EVERY)


def locked_by(warehouse: Path, message: str) -> str:
    """DuckDB's lock error as a sentence: which process has the file since when, and that it is none of ours."""
    found = re.search(r"\(PID (\d+)\)", message)
    if not found:
        return f"A process outside of this project's commands holds {warehouse.name}."
    process = Path("/proc") / found[1]
    try:
        name = (process / "comm").read_text().strip()
        since = datetime.fromtimestamp(process.stat().st_ctime, UTC)
        return f"{name} (process {found[1]}) holds {warehouse.name} since {since:%Y-%m-%d %H:%M:%S} UTC."
    except OSError:
        return f"Process {found[1]} holds {warehouse.name}."
