"""Builds some of the models on seeds that stand already, with the warehouse held open, which saves a third of the time."""

from __future__ import annotations

from pathlib import Path

import duckdb
from operations.gate import profile

from support.project import ROOT, Project, failures

#: What profiles.yml opens a warehouse with: one file cannot be open in two ways.
OPTIONS = profile(ROOT)["config_options"]


def load_seeds(project: Project, data_dir: Path) -> None:
    data_dir.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(data_dir / "warehouse.duckdb"), config=OPTIONS):
        result = project.invoke(["seed"], data_dir)
    assert result.success, failures(result)


def build_part(project: Project, data_dir: Path, selected: list[str], variables: dict | None = None) -> Path:
    """The models selected, without tests and seeds; returns the warehouse file. Fails the test when a node fails."""
    warehouse = data_dir / "warehouse.duckdb"
    left_out = [f"--exclude-resource-type={kind}" for kind in ("test", "unit_test", "seed")]
    with duckdb.connect(str(warehouse), config=OPTIONS):
        result = project.invoke(
            ["build", *left_out, "--select", *selected], data_dir, {"max_quarantined_share": 1} | (variables or {})
        )
    assert result.success, failures(result)
    return warehouse
