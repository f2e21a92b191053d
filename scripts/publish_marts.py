#!/usr/bin/env python3
"""Publish the marts: copy them out of the warehouse into a file of their own, replaced atomically.

While a build writes the warehouse nobody else can open it, and an open reader would stop the next build. Readers get
`marts.duckdb`; who has it open keeps the old one until it opens it again.

Exit codes: 0 published, 1 the warehouse is missing or unreadable, 75 another command holds it for longer than --wait; what
was published before stays as it was.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

import duckdb
from operations import runs, turn
from operations.place import Place, Stop, add_options
from operations.relations import Relations
from operations.warehouse import Unreadable, is_missing, literal, opened

# Readable by clients from 1.4 on.
STORAGE_VERSION = "v1.4.0"


class PublishError(Exception):
    """Nothing was published; the sentence says why."""


def publish(place: Place) -> dict[str, int]:
    """Replace `marts.duckdb` in the data directory by a copy of the warehouse's marts, of tables and views alike.

    Returns the rows of every published mart. Raises PublishError where the warehouse is missing, is being written or
    holds no marts; `marts.duckdb` is then untouched.
    """
    if is_missing(place):
        raise PublishError(f"{place.warehouse} is missing: build it first (make build).")
    handle, name = tempfile.mkstemp(prefix=".marts-", suffix=".duckdb", dir=place.data_dir)
    os.close(handle)
    os.unlink(name)
    target = Path(name)
    try:
        rows = _copy(place, target)
        os.replace(target, place.data_dir / "marts.duckdb")
    except (duckdb.Error, Unreadable) as error:
        raise PublishError(f"{place.warehouse} cannot be read: {str(error).splitlines()[0]}") from error
    finally:
        target.unlink(missing_ok=True)
        Path(f"{target}.wal").unlink(missing_ok=True)
    return rows


def _copy(place: Place, target: Path) -> dict[str, int]:
    with opened(place) as warehouse:
        connection, built = warehouse.connection, warehouse.built
        connection.execute(f"attach {literal(target)} as published (storage_version {literal(STORAGE_VERSION)})")
        marts = {
            name: relation
            for name, relation in sorted(Relations.of(place).published().items())
            # A build of some models leaves out others.
            if (relation.schema, relation.identifier) in built
        }
        if not marts:
            raise PublishError(f"{place.warehouse} holds no marts: build it first (make build).")
        rows = {}
        for name, relation in marts.items():
            warehouse.copy(relation, f'published.main."{name}"')
            ((rows[name],),) = connection.execute(f'select count(*) from published.main."{name}"').fetchall()
        return rows


def main(arguments: list[str] | None = None) -> int:
    """Command line: publish the marts of one data directory."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_options(parser)
    parser.add_argument("--wait", type=float, default=turn.DEFAULT_WAIT, metavar="SECONDS", help="for the warehouse")
    options = parser.parse_args(arguments)
    try:
        place = Place.of(options)
        with (
            place.entered(),
            turn.held(place.warehouse, "publishing", options.wait, is_reading=True),
            runs.begun(place, "publish").step("publish") as step,
        ):
            rows = publish(place)
            step.rows = sum(rows.values())
    except (PublishError, Stop) as stop:
        print(stop, file=sys.stderr)
        return turn.BUSY if isinstance(stop, turn.Busy) else 1
    print(f"{place.data_dir / 'marts.duckdb'}: {len(rows)} marts, {sum(rows.values()):,} rows")
    return 0


if __name__ == "__main__":
    sys.exit(main())
