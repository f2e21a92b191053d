"""Reading the landing and the seeds, by column name and with types, rows as plain dicts."""

import csv
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import duckdb

from .arithmetic import exact

UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def text(value):
    return None if value is None else str(value)


def label(value):
    """Text in which blank means unknown."""
    value = None if value is None else str(value).strip()
    return value or None


def ident(value):
    """An id: without blanks around it and a decimal `.0`; of a UUID the letter case is nothing."""
    value = label(value)
    if value is None:
        return None
    if re.fullmatch(r"\d+\.0+", value):
        value = value.split(".")[0]
    return value.lower() if UUID.fullmatch(value) else value


def proper(value):
    """A name or an address, in which a placeholder means none."""
    return label(value)


def word(value):
    """A word of a fixed vocabulary - a status, a type, a tag -, whose letter case says nothing."""
    value = label(value)
    return value and value.lower()


def structure(value):
    """A value that may be JSON text or already a structure."""
    return value


def number(value):
    try:
        return exact(value.strip() if isinstance(value, str) else value)
    except ValueError:
        return None


def whole(value):
    value = number(value)
    return None if value is None else int(value)


def boolean(value):
    if value is None or value == "":
        return None
    return value if isinstance(value, bool) else str(value).strip().lower() in ("true", "t", "1", "yes", "y")


def timestamp(value):
    """A naive UTC moment. Text carries its offset; what cannot be read is none."""
    if isinstance(value, datetime):
        return value if value.tzinfo is None else value.astimezone(UTC).replace(tzinfo=None)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    spelled = re.sub(r"\s*(UTC|GMT|Z)$", "+00:00", str(value or "").strip())
    try:
        parsed = datetime.fromisoformat(re.sub(r"\s+([+-]\d)", r"\1", spelled))
    except ValueError:
        return None
    return parsed if parsed.tzinfo is None else parsed.astimezone(UTC).replace(tzinfo=None)


def day(value):
    moment = timestamp(value)
    return None if moment is None else moment.date()


def items(value):
    """The entries of a list cell, separated by `|`."""
    return [entry.strip() for entry in (value or "").split("|") if entry.strip()]


@cache
def canonical(column: str) -> str:
    """AccountId, account_id and time_zone__c, time_zone_c meet under one name."""
    return column.lower().replace("_", "")


class Landing:
    """The raw vendor tables below one folder."""

    def __init__(self, raw_dir: Path, placeholders: set[str] = frozenset()):
        self.raw_dir = Path(raw_dir)
        self.placeholders = placeholders
        self.connection = duckdb.connect()
        self.connection.execute("set TimeZone = 'UTC'")

    def rows(self, vendor: str, table: str, columns: dict[str, Callable], required: tuple = ()) -> list[dict]:
        """All rows of a table with the columns asked for; absent columns are null, absent tables empty.

        Rows that lack a value in a `required` column are bad rows and left out. Where a table has a column
        in both spellings the vendor's own one comes first.
        """
        folder = self.raw_dir / vendor / table
        if any(folder.glob("*.parquet")):
            source = f"read_parquet('{folder}/*.parquet', union_by_name = true)"
        elif any(folder.glob("*.csv")):
            source = (
                f"read_csv('{folder}/*.csv', all_varchar = true, union_by_name = true, nullstr = ['', 'NULL', '\\N'])"
            )
        else:
            return []
        described = self.connection.execute(f"describe select * from {source}").fetchall()
        spellings: dict[str, list[str]] = {}
        for name, kind, *_ in described:
            quoted = '"' + name.replace('"', '""') + '"'
            if kind == "TIMESTAMP WITH TIME ZONE":
                quoted = f"timezone('UTC', {quoted})"
            vendors_own = name != name.lower() or "__" in name
            spellings.setdefault(canonical(name), []).insert(0 if vendors_own else 9, quoted)
        selected = [
            "coalesce(" + ", ".join(spellings[canonical(column)]) + ", null)"
            if canonical(column) in spellings
            else "null"
            for column in columns
        ]
        fetched = self.connection.execute(f"select {', '.join(selected)} from {source}").fetchall()
        found = []
        for values in fetched:
            row = {
                column: None if value is None else self.read(read, value)
                for (column, read), value in zip(columns.items(), values, strict=True)
            }
            if all(row[column] is not None for column in required):
                found.append(row)
        return found

    def read(self, read: Callable, value):
        value = read(value)
        is_placeholder = read in (ident, proper) and value is not None and value.lower() in self.placeholders
        return None if is_placeholder else value


class Seeds:
    """The seeds below one folder."""

    def __init__(self, seeds_dir: Path):
        self.seeds_dir = Path(seeds_dir)

    def rows(self, seed: str, columns: dict[str, Callable]) -> list[dict]:
        path = self.seeds_dir / f"{seed}.csv"
        if not path.exists():
            return []
        with path.open(newline="", encoding="utf-8") as file:
            return [
                {
                    column: read(row[column]) if row.get(column) not in (None, "") else empty(read)
                    for column, read in columns.items()
                }
                for row in csv.DictReader(file)
            ]

    def placeholders(self) -> set[str]:
        """What stands for nothing, in lower case: the first column of its seed."""
        path = self.seeds_dir / "placeholder_values.csv"
        if not path.exists():
            return set()
        with path.open(newline="", encoding="utf-8") as file:
            return {row[0].strip().lower() for row in list(csv.reader(file))[1:] if row}

    def values(self, seed: str, column: str) -> list[str]:
        return [row[column] for row in self.rows(seed, {column: label}) if row[column]]


def empty(read):
    return [] if read is items else None


def is_live(row: dict) -> bool:
    """Not soft-deleted in either generation, and the current row where the table keeps history."""
    return not row.get("is_deleted") and not row.get("_fivetran_deleted") and row.get("_fivetran_active") is not False


DELETION = {"is_deleted": boolean, "_fivetran_deleted": boolean, "_fivetran_active": boolean}
