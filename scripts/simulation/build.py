"""Build the validation models over a database of bare worlds, in process."""

from __future__ import annotations

import os
import time
from pathlib import Path

from .signals import ROOT

PROJECT = ROOT / "tests/simulation"


def build(database: Path, target: Path, select: str | None = None, quiet: bool = True) -> float:
    """Run the models (all, or a dbt selection) and return the seconds taken; a failed build raises RuntimeError."""
    from dbt.cli.main import dbtRunner

    os.environ["SIMULATION_DATABASE"] = str(database)
    os.environ["VERDICT_LIMITS"] = str(ROOT / "seeds/verdict_limits.csv")
    arguments = [
        "run", "--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT), "--target-path", str(target),
        "--log-path", str(target / "logs"),
    ]
    arguments += ["--select", select] if select else []
    arguments += ["--quiet"] if quiet else []
    started = time.perf_counter()
    result = dbtRunner().invoke(arguments)
    seconds = time.perf_counter() - started
    if not result.success:
        failed = [f"{run.node.name}: {run.message}" for run in (result.result or []) if run.status not in ("success", "pass")]
        raise RuntimeError("; ".join(failed) or str(result.exception))
    return seconds
