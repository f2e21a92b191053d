"""The rows of one query file on the published marts, as JSON: `python query.py src/data/runs.json.sql`.

MARTS names the file of the marts; without it, the demo's.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb

DEMO = Path(__file__).resolve().parents[2] / "data/demo/marts.duckdb"


def main(query: str) -> None:
    """Prints a list of objects; moments as ISO texts."""
    with duckdb.connect(os.environ.get("MARTS") or str(DEMO), read_only=True) as connection:
        cursor = connection.execute(Path(query).read_text())
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    json.dump(rows, sys.stdout, default=_plain)


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"a page cannot read a {type(value).__name__}: cast it in the query")


if __name__ == "__main__":
    main(sys.argv[1])
