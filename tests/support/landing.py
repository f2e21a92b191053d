"""Lands literal rows as the vendors' Parquet folders."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq


def land(raw: Path, tables: dict[str, list[dict]]) -> Path:
    """Write each `vendor/table` below raw, one file each; a column is as wide as its widest row, absent values are null."""
    for name, rows in tables.items():
        folder = raw / name
        folder.mkdir(parents=True, exist_ok=True)
        columns = list(dict.fromkeys(column for row in rows for column in row))
        table = pa.table({column: pa.array([row.get(column) for row in rows]) for column in columns})
        pq.write_table(table, folder / "part-000.parquet")
    return raw


def at(text: str) -> datetime:
    """A UTC moment, `2026-03-01` or `2026-03-01T12:00`."""
    return datetime.fromisoformat(text)
