"""Lands every attempt as a raw source of its own, one Parquet file a run."""

from __future__ import annotations

from pathlib import Path

from operations.files import clear_aside, replaced

from .ledger import Ledger


def land(ledger: Ledger, folder: Path) -> list[Path]:
    """Writes the attempts that have not landed yet, those of a killed run included, and forgets them.

    The file is named by the run, so that a run killed between the rename and the forgetting writes the same file again.
    """
    landed = []
    for run_id in ledger.unlanded_runs():
        path = folder / f"{run_id}.parquet"
        clear_aside(folder)
        with replaced(path) as aside:
            ledger.export_attempts(run_id, aside)
        ledger.forget_attempts(run_id)
        landed.append(path)
    return landed
