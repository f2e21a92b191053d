"""Weights as a source: one Parquet file a month's end below raw/readiness/weights."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd
from operations.files import replaced

COLUMNS = {
    "fitted_as_of": "timestamp",
    "version": "integer",
    "window_days": "integer",
    "term_type": "varchar",
    "term": "varchar",
    "level": "varchar",
    "low": "double",
    "high": "double",
    "coefficient": "double",
    "points": "double",
    "standard_error": "double",
    "account_weeks": "bigint",
    "expanded_account_weeks": "bigint",
    "penalty": "double",
    "note": "varchar",
}


def file_of(folder: Path, fitted_as_of: pd.Timestamp) -> Path:
    """Where the weights of a moment lie."""
    return folder / f"{fitted_as_of:%Y%m%dT%H%M%S}.parquet"


def version_of(file: Path) -> int:
    """How often a moment has been fitted; 0 where it was not."""
    if not file.exists():
        return 0
    with duckdb.connect() as connection:
        return connection.execute(f"select coalesce(max(version), 0) from read_parquet('{file}')").fetchone()[0]


def write(file: Path, weights: pd.DataFrame, version: int) -> None:
    """Writes the file whole or not at all."""
    rows = weights.assign(version=version).reindex(columns=list(COLUMNS))
    select = ", ".join(f"cast({name} as {kind}) as {name}" for name, kind in COLUMNS.items())
    with replaced(file) as aside, duckdb.connect() as connection:
        connection.register("weights", rows)
        connection.execute(f"copy (select {select} from weights) to '{aside}' (format parquet)")
