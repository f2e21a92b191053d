"""Fits what has not been fitted yet: the month ends of the last year, each on what was known then."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import duckdb
import pandas as pd
from operations.place import Place, Stop
from operations.relations import Relations
from sklearn.utils.parallel import Parallel, delayed
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
    files = {moment: landed.file_of(folder, moment) for moment in inputs.month_ends[-MONTHS:]}
    versions = {moment: landed.version_of(file) for moment, file in files.items()}
    due = [moment for moment, version in versions.items() if anew or not version]
    # Each month end by itself, on as many processors as there are.
    fits = Parallel(n_jobs=max(1, min(len(due), os.cpu_count() or 1)))(
        delayed(_weights)(inputs, moment) for moment in due
    )
    for moment, rows in zip(due, fits, strict=True):
        landed.write(files[moment], rows, versions[moment] + 1)
    tell(f"weights of {len(due)} month ends fitted, in {folder}")
    return len(due)


def _weights(inputs: inputs_of.Inputs, moment: pd.Timestamp) -> pd.DataFrame:
    # One thread: sums in one order, the same weights from the same rows.
    with threadpool_limits(1):
        return model.weights(inputs, moment)
