"""Small bare worlds built once for the tests of the validation."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb
import pandas as pd
from simulation import load
from simulation.build import Builder
from simulation.world import Drawn, World, draw

from support.project import FROZEN


class Simulated:
    """Builds worlds into one database, again and again; the models are parsed once."""

    def __init__(self, folder: Path) -> None:
        self.database = folder / "simulation.duckdb"
        self.builder = Builder(self.database, folder / "target")
        self.builder.verdict_limits = FROZEN / "verdict_limits.csv"

    def build(self, *worlds: World, select: str | None = None) -> None:
        """Draw, load and build worlds."""
        self.build_drawn([draw(world) for world in worlds], select)

    def build_drawn(self, worlds: Iterable[Drawn], select: str | None = None) -> None:
        """Load and build what was drawn."""
        load.write(self.database, list(worlds))
        self.builder.build(select)

    def execute(self, sql: str) -> None:
        """Change the drawn tables in place."""
        with duckdb.connect(str(self.database)) as con:
            con.execute(sql)

    def rows(self, sql: str) -> pd.DataFrame:
        """The result of a query."""
        with duckdb.connect(str(self.database), read_only=True) as con:
            return con.execute(sql).df()
