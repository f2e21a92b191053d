"""Builds some of the models on seeds that stand already."""

from __future__ import annotations

from pathlib import Path

from support.project import Project, failures


def load_seeds(project: Project, data_dir: Path) -> None:
    result = project.invoke(["seed"], data_dir)
    assert result.success, failures(result)


def build_part(project: Project, data_dir: Path, selected: list[str], variables: dict | None = None) -> Path:
    """The models selected, without tests and seeds; returns the warehouse file. Fails the test when a node fails."""
    left_out = [f"--exclude-resource-type={kind}" for kind in ("test", "unit_test", "seed")]
    result = project.invoke(
        ["build", *left_out, "--select", *selected], data_dir, {"max_quarantined_share": 1} | (variables or {})
    )
    assert result.success, failures(result)
    return data_dir / "warehouse.duckdb"
