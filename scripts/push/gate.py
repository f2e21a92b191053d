"""The quality gate: nothing leaves a build that was not checked, or that failed its checks.

Everything that knows the gate's file and the table of engine runs stands here.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from .errors import Refused

ENGINE_RUNS = "intermediate.int_engine_runs"


def check(gate_file: Path, warehouse: duckdb.DuckDBPyConnection) -> None:
    """Refuses unless the gate passed for the very build that lies in the warehouse."""
    if not gate_file.exists():
        raise Refused(f"{gate_file.name} is missing: run the quality gate after the build.")
    try:
        gate = json.loads(gate_file.read_text())
        passed, checked = gate["passed"], _moment(gate["as_of"])
    except (ValueError, KeyError, TypeError) as error:
        raise Refused(f"{gate_file.name} cannot be read: {error}.") from None
    if passed is not True:
        raise Refused("The quality gate failed: see its report, repair the data and build again.")
    built = _newest_build(warehouse)
    if built != checked:
        raise Refused(f"The quality gate checked the build as of {checked}, the warehouse holds {built}: run it again.")


def _newest_build(warehouse: duckdb.DuckDBPyConnection) -> datetime | None:
    try:
        row = warehouse.execute(f"select max(as_of) from {ENGINE_RUNS}").fetchone()
    except duckdb.Error:
        raise Refused(f"The warehouse has no {ENGINE_RUNS}: build it first.") from None
    return _moment(row[0]) if row and row[0] else None


def _moment(value: object) -> datetime:
    """A timestamp or its ISO text as naive UTC."""
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
