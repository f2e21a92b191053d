"""Writes frames as the vendors' Parquet folders, cut at one instant."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from .config import DAY, END, EPOCH, Options

SECOND = 1_000_000


def micros(moment: dt.datetime | dt.date) -> int:
    """Microseconds since 1970 of a naive UTC moment."""
    if not isinstance(moment, dt.datetime):
        moment = dt.datetime(moment.year, moment.month, moment.day)
    delta = moment - dt.datetime(EPOCH.year, EPOCH.month, EPOCH.day)
    return (delta.days * DAY + delta.seconds) * SECOND + delta.microseconds


def mix(*parts) -> np.ndarray:
    """A 64-bit hash of integer columns (splitmix): ids that look like ids and never depend on order."""
    state = np.uint64(0x9E3779B97F4A7C15)
    with np.errstate(over="ignore"):
        for part in parts:
            x = np.asarray(part).astype(np.int64).astype(np.uint64) + state
            x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
            x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
            state = x ^ (x >> np.uint64(31))
    return np.asarray(state)


def unit(*parts) -> np.ndarray:
    """A share in [0, 1) from the same hash: draws that no other draw can shift."""
    return (mix(*parts) >> np.uint64(11)).astype(np.float64) / 2.0**53


def codes(prefix: str, *parts) -> np.ndarray:
    """Text ids: the prefix and 16 hex digits of the hash."""
    return np.array([f"{prefix}{value:016x}" for value in np.atleast_1d(mix(*parts)).tolist()], dtype=object)


class Landing:
    """The folder below `raw/`, the instant it stands at, and a DuckDB to write with."""

    def __init__(self, out: Path, options: Options) -> None:
        self.options = options
        self.raw = Path(out) / "raw"
        self.truth = Path(out) / "planted_truth"
        self.start = micros(options.start)
        self.end = micros(END)
        self.until = min(micros(options.until), self.end) if options.until else self.end
        self.connection = duckdb.connect(config={"threads": 2, "preserve_insertion_order": True})
        self.connection.execute("set TimeZone = 'UTC'")
        self.rows: dict[str, int] = {}

    def clear(self, *vendors: str) -> None:
        for vendor in vendors:
            shutil.rmtree(self.raw / vendor, ignore_errors=True)

    def at(self, day, second=0) -> np.ndarray:
        """Microseconds of a day number of the world and a second of that day."""
        return self.start + (np.asarray(day, dtype=np.int64) * DAY + np.asarray(second, dtype=np.int64)) * SECOND

    def write(self, vendor: str, table: str, frame: pd.DataFrame, select: str = "*", part: int = 0) -> None:
        """Copies `select ... from frame` to raw/vendor/table; columns of microseconds named `*_us` are for `ts()`."""
        folder = self.truth if vendor == "planted_truth" else self.raw / vendor / table
        folder.mkdir(parents=True, exist_ok=True)
        name = f"{table}.parquet" if vendor == "planted_truth" else f"part-{part:03d}.parquet"
        self.connection.register("frame", frame)
        self.connection.execute(
            f"copy (select {select} from frame) to '{folder / name}' (format parquet, compression zstd, compression_level 1)"
        )
        self.connection.unregister("frame")
        self.rows[f"{vendor}/{table}"] = self.rows.get(f"{vendor}/{table}", 0) + len(frame)

    def land(
        self, vendor: str, table: str, columns: dict[str, tuple[str, object]], keep=None, part: int = 0, rename=None
    ) -> None:
        """Lands named columns of declared types: text, bigint, integer, double, boolean, timestamp (microseconds; minus one: null)."""
        length = max(np.size(v) for _, v in columns.values()) if columns else 0
        data, select = {}, []
        for name, (kind, values) in columns.items():
            if np.ndim(values) == 0:
                values = np.full(length, values, dtype=object if isinstance(values, str) or values is None else None)
            data[name] = np.asarray(values)
            title = rename(name) if rename else name
            if kind == "timestamp":
                data[name] = data[name].astype(np.int64)
                select.append(f'case when "{name}" > -9e17 then make_timestamp("{name}") end as "{title}"')
            elif kind == "text":
                select.append(f'"{name}"::varchar as "{title}"')
            else:
                select.append(f'"{name}"::{kind} as "{title}"')
        frame = pd.DataFrame(data)
        if keep is not None:
            frame = frame[np.asarray(keep)]
        self.write(vendor, table, frame, ", ".join(select), part)


NULL_TIME = -(10**18)


def seen(times, until: int) -> np.ndarray:
    """The times up to `until`, later ones as null: what a row told at that instant."""
    times = np.asarray(times, dtype=np.int64)
    return np.where(times <= until, times, NULL_TIME)
