"""A first look at the landed files, before anything is built on them: is each of them what its name says?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import yaml

from .place import PACKAGE, Place, Stop
from .warehouse import literal

PARQUET_MAGIC = b"PAR1"
# Magic bytes at both ends, and between them the length of the footer.
SMALLEST_PARQUET = 12
# Whose event tables a project may name itself (vars: event_tables).
EVENT_VENDOR = "segment"


def check(place: Place) -> None:
    """Stops with a sentence for each file that is not what it is named. A remote landing is left to the engine."""
    if "://" in place.raw_location:
        return
    faults = [fault for file in landed_files(place) if (fault := fault_of(file))]
    if faults:
        raise Stop(*faults)


def landed_files(place: Place) -> Iterator[Path]:
    """The Parquet and CSV files of the tables that the project reads, in order."""
    for vendor, table in sorted(source_tables(place)):
        folder = Path(place.raw_location) / vendor / table
        if folder.is_dir():
            yield from sorted(file for file in folder.iterdir() if file.suffix in (".parquet", ".csv"))


def source_tables(place: Place) -> set[tuple[str, str]]:
    """(vendor, table) of every source contract as it lands, less those that a relation of the warehouse serves."""
    served, events = place.variable("raw_relations") or {}, place.variable("event_tables") or {}
    contracts = {
        (source["name"], table["name"])
        for file in (PACKAGE / "models").rglob("*_sources.yml")
        for source in yaml.safe_load(file.read_text()).get("sources", [])
        for table in source["tables"]
    }
    landed = {
        (vendor, entry["table"])
        for vendor, table in contracts
        for entry in (events.get(table) if vendor == EVENT_VENDOR else None) or [{"table": table}]
    }
    return {(vendor, table) for vendor, table in landed if table not in (served.get(vendor) or {})}


def fault_of(file: Path) -> str | None:
    """What is wrong with a file at first sight, as one sentence; None when nothing is."""
    size = file.stat().st_size
    with file.open("rb") as stream:
        head = stream.read(len(PARQUET_MAGIC))
        stream.seek(max(0, size - len(PARQUET_MAGIC)))
        tail = stream.read()
    if file.suffix == ".csv":
        if head == PARQUET_MAGIC:
            return f"{file} is a Parquet file: expected CSV text, or the name ending in .parquet."
        return None if size else f"{file} is empty: expected CSV with a header line."
    if size == 0:
        return f"{file} is empty: expected a Parquet file."
    if head != PARQUET_MAGIC:
        return (
            f"{file} is not a Parquet file: expected it to begin with the bytes PAR1 (CSV belongs in files named .csv)."
        )
    if size < SMALLEST_PARQUET or tail != PARQUET_MAGIC:
        return f"{file} is a truncated Parquet file ({size:,} bytes): expected it to end with the bytes PAR1."
    return None if _has_footer(file) else f"{file} is damaged: expected the footer of a Parquet file at its end."


def _has_footer(file: Path) -> bool:
    try:
        duckdb.execute(f"select 1 from parquet_file_metadata({literal(file)})").fetchall()
    except (duckdb.Error, UnicodeDecodeError):
        return False
    return True
