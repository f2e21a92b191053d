#!/usr/bin/env python3
"""Publish the marts: copy them out of the warehouse into a file of their own, replaced atomically.

While a build writes the warehouse nobody else can open it, and an open reader would stop the next build. Readers get
`marts.duckdb`; who has it open keeps the old one until it opens it again.

Exit codes: 0 published, 1 the warehouse is missing or in use; what was published before stays as it was.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

import duckdb

SCHEMA = "marts"
# Readable by clients from 1.4 on.
STORAGE_VERSION = "v1.4.0"


class PublishError(Exception):
    """Nothing was published; the sentence says why."""


def publish(data_dir: Path) -> dict[str, int]:
    """Replace `marts.duckdb` in data_dir by a copy of the warehouse's marts.

    Returns the rows of every published table. Raises PublishError where the warehouse is missing, is being written
    or holds no marts; `marts.duckdb` is then untouched.
    """
    warehouse = data_dir / "warehouse.duckdb"
    if not warehouse.exists():
        raise PublishError(f"{warehouse} is missing: build it first (make build).")
    handle, name = tempfile.mkstemp(prefix=".marts-", suffix=".duckdb", dir=data_dir)
    os.close(handle)
    os.unlink(name)
    target = Path(name)
    try:
        rows = _copy(warehouse, target)
        os.replace(target, data_dir / "marts.duckdb")
    except duckdb.Error as error:
        raise PublishError(f"{warehouse} cannot be read: {str(error).splitlines()[0]}") from error
    finally:
        target.unlink(missing_ok=True)
        Path(f"{target}.wal").unlink(missing_ok=True)
    return rows


def _copy(warehouse: Path, target: Path) -> dict[str, int]:
    with duckdb.connect() as connection:
        connection.execute(f"attach {_literal(warehouse)} as warehouse (read_only)")
        connection.execute(f"attach {_literal(target)} as published (storage_version {_literal(STORAGE_VERSION)})")
        tables = connection.execute(
            "select table_name from information_schema.tables where table_catalog = 'warehouse' and table_schema = ?"
            " order by 1",
            [SCHEMA],
        ).fetchall()
        if not tables:
            raise PublishError(f"{warehouse} holds no marts: build it first (make build).")
        rows = {}
        for (table,) in tables:
            # A mart that is a view names its tables by the catalog `warehouse`, as which it is attached here.
            connection.execute(f'create table published.main."{table}" as select * from warehouse.{SCHEMA}."{table}"')
            rows[table] = connection.execute(f'select count(*) from published.main."{table}"').fetchone()[0]
        return rows


def _literal(value: object) -> str:
    return "'" + str(value).replace("'", "''") + "'"


def main() -> int:
    """Command line: publish the marts of one data directory."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data-dir", type=Path, default=Path(os.environ.get("DATA_DIR", "data")))
    options = parser.parse_args()
    try:
        rows = publish(options.data_dir)
    except PublishError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{options.data_dir / 'marts.duckdb'}: {len(rows)} marts, {sum(rows.values()):,} rows")
    return 0


if __name__ == "__main__":
    sys.exit(main())
