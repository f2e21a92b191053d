"""Build the validation models over a database of bare worlds, in process."""

from __future__ import annotations

import os
import time
from pathlib import Path

from operations.dbt_run import in_process

from .signals import ROOT

PROJECT = ROOT / "tests/simulation"
# What validation reads of the rest of the project, as views of the bare world.
STAND_INS = " ".join(sorted(path.stem for path in (PROJECT / "models").glob("*.sql") if not path.is_symlink()))


class Builder:
    """Builds one database again and again; the project is parsed once."""

    verdict_limits = ROOT / "seeds/company/verdict_limits.csv"

    def __init__(self, database: Path, target: Path) -> None:
        from dbt.cli.main import dbtRunner

        self.database = database
        self._enter()
        self.options = [
            "--project-dir",
            str(PROJECT),
            "--profiles-dir",
            str(PROJECT),
            "--target-path",
            str(target),
            "--log-path",
            str(target / "logs"),
            "--quiet",
        ]
        parsed = dbtRunner().invoke(["parse", *self.options])
        if not parsed.success:
            raise RuntimeError(str(parsed.exception))
        self.runner = dbtRunner(manifest=parsed.result)

    def build(self, select: str | None = None, exclude: str | None = None) -> float:
        """Run the models (all, or a dbt selection) and return the seconds taken; a failed build raises RuntimeError."""
        started = time.perf_counter()
        self._enter()
        chosen = [*(["--select", select] if select else []), *(["--exclude", exclude] if exclude else [])]
        with in_process():
            result = self.runner.invoke(["run", *self.options, *chosen])
        if not result.success:
            failed = [f"{run.node.name}: {run.message}" for run in (result.result or []) if run.status != "success"]
            raise RuntimeError("; ".join(failed) or str(result.exception))
        return time.perf_counter() - started

    def _enter(self) -> None:
        """The profile names the database by environment; another builder of this process may have left its own."""
        os.environ["SIMULATION_DATABASE"] = str(self.database)
        os.environ["VERDICT_LIMITS"] = str(self.verdict_limits)
