"""The quality gate: nothing leaves a build that was not checked, or that failed its checks.

Everything that knows the gate's file and the table of engine runs stands here.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from operations.relations import Relations
from operations.warehouse import Unreadable, Warehouse

from .errors import Refused

ENGINE_RUNS = "int_engine_runs"


def check(gate_file: Path, warehouse: Warehouse, relations: Relations) -> None:
    """Refuses unless the gate passed for the very build that lies in the warehouse."""
    if not gate_file.exists():
        raise Refused(f"{gate_file.name} is missing: run the quality gate after the build.")
    try:
        gate = json.loads(gate_file.read_text())
        passed, checked = gate["passed"], (_moment(gate["as_of"]), gate.get("build_id"))
    except (ValueError, KeyError, TypeError) as error:
        raise Refused(f"{gate_file.name} cannot be read: {error}.") from None
    if passed is not True:
        raise Refused("The quality gate failed: see its report, repair the data and build again.")
    as_of, build_id = _newest_build(warehouse, relations)
    if as_of != checked[0]:
        raise Refused(
            f"The quality gate checked the build as of {checked[0]}, the warehouse holds {as_of}: run it again."
        )
    if build_id and build_id != checked[1]:
        raise Refused(f"The quality gate checked another build as of {as_of}: run it again.")


def check_age(gate_file: Path, max_hours: float) -> None:
    """Refuses a build that was checked too long ago by the wall clock: what was true then may not be so any more."""
    checked_at = json.loads(gate_file.read_text()).get("checked_at")
    # Verdicts from before they said it are dated by their file.
    moment = _moment(checked_at) if checked_at else datetime.fromtimestamp(gate_file.stat().st_mtime, UTC)
    age = datetime.now(UTC).replace(tzinfo=None) - moment.replace(tzinfo=None)
    if age > timedelta(hours=max_hours):
        hours = int(age.total_seconds() // 3600)
        raise Refused(
            f"The build was checked {hours} hours ago, more than --max-build-age {max_hours:g}: build again, or allow it"
            f" with --max-build-age {hours + 1}."
        )


def _newest_build(warehouse: Warehouse, relations: Relations) -> tuple[datetime | None, str | None]:
    """Moment and id of the newest build."""
    try:
        newest = warehouse.newest(relations.ref(ENGINE_RUNS), "as_of") or {}
    except Unreadable:
        raise Refused(f"The warehouse has no {ENGINE_RUNS}: build it first.") from None
    return (_moment(newest["as_of"]) if newest.get("as_of") else None), newest.get("build_id")


def _moment(value: object) -> datetime:
    """A timestamp or its ISO text as naive UTC."""
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
