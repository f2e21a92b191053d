"""Fits what has not been fitted yet: the month ends of the last year, each on what was known then."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
from operations.place import Place, Stop
from operations.relations import Relations
from threadpoolctl import threadpool_limits

from . import inputs as inputs_of
from . import landed, model

MONTHS = 12


def fit(place: Place, relations: Relations, tell: Callable[[str], None], anew: bool = False) -> int:
    """Lands the weights of each missing month's end, or of all of them, and gives how many; Stop where nothing is built."""
    if "://" in place.raw_location:
        raise Stop(f"{place.raw_location} is no folder of this machine: expected one, in which weights can land.")
    if not place.warehouse.exists():
        raise Stop(f"{place.warehouse} is missing: build first (make build).")
    with duckdb.connect(str(place.warehouse), read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        inputs = inputs_of.read(connection, relations)
    folder = Path(place.raw_location) / "readiness" / "weights"
    fitted = 0
    for moment in inputs.month_ends[-MONTHS:]:
        file = landed.file_of(folder, moment)
        version = landed.version_of(file)
        if version and not anew:
            continue
        # One thread: sums in one order, the same weights from the same rows.
        with threadpool_limits(1):
            rows = model.weights(inputs, moment)
        landed.write(file, rows, version + 1)
        fitted += 1
    tell(f"weights of {fitted} month ends fitted, in {folder}")
    return fitted
