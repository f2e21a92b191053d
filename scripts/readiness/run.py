"""Fits what has not been fitted yet: the month ends of the last year, each on what was known then."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import nullcontext
from multiprocessing import get_context
from pathlib import Path

import duckdb
import pandas as pd
from operations.place import Place, Stop
from operations.relations import Relations
from threadpoolctl import threadpool_limits

from . import inputs as inputs_of
from . import landed, model

MONTHS = 12


def fit(
    place: Place,
    relations: Relations,
    tell: Callable[[str], None],
    anew: bool = False,
    beside: Executor | None = None,
) -> int:
    """Lands the weights of each missing month's end, or of all of them, and gives how many; Stop where nothing is built.

    Each month end is fitted by itself: `beside` this process, or by as many others as there are processors.
    """
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
    fits: list[pd.DataFrame] = []
    if due:
        # A fork would take along what other threads hold at this moment.
        with nullcontext(beside) if beside else ProcessPoolExecutor(mp_context=get_context("spawn")) as others:
            fits = list(others.map(_weights, [inputs] * len(due), due))
    for moment, rows in zip(due, fits, strict=True):
        landed.write(files[moment], rows, versions[moment] + 1)
    tell(f"weights of {len(due)} month ends fitted, in {folder}")
    return len(due)


def _weights(inputs: inputs_of.Inputs, moment: pd.Timestamp) -> pd.DataFrame:
    # One thread: sums in one order, the same weights from the same rows.
    with threadpool_limits(1):
        return model.weights(inputs, moment)
