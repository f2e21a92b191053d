"""One project built on two engines in one process: DuckDB in a file, Spark in a session of its own."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dbt.cli.main import dbtRunner
from operations.dbt_run import close_warehouse
from operations.place import Place
from support.project import Project, failures

ENGINES = {"duckdb": "prod", "spark": "spark"}
NO_TESTS = ["--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"]


class Engines:
    """A copy of the project, parsed once for each engine, and what each of them builds of one landing after another."""

    def __init__(self, folder: Path):
        self.project = Project(folder)
        self.manifests: dict[str, Any] = {}
        # Of the urgent path, which reads other relations.
        self.urgent: dict[str, Any] = {}

    def build(self, data_dir: Path, variables: dict | None = None, only: Iterable[str] = ENGINES, *select: str) -> None:
        """Seeds and models on each engine; raises what went wrong."""
        for engine in only:
            self.invoke(engine, ["build", *NO_TESTS, *select], data_dir, variables)

    def invoke(self, engine: str, command: list[str], data_dir: Path, variables: dict | None = None) -> Any:
        """One dbt command of one engine; raises what went wrong, returns the result."""
        outcome = self.outcome(engine, command, data_dir, variables)
        if not outcome.success:
            raise RuntimeError(f"{engine}: dbt {' '.join(command)}\n{failures(outcome)}")
        return outcome.result

    def outcome(self, engine: str, command: list[str], data_dir: Path, variables: dict | None = None) -> Any:
        """The same, with its failures in the result."""
        places = ["--project-dir", str(self.project.folder), "--profiles-dir", str(self.project.folder)]
        places += ["--target", ENGINES[engine], "--target-path", str(self.project.folder / "target" / engine)]
        quiet = ["--log-level", "none", "--no-print", "--no-partial-parse"]
        with _at(data_dir, self.project.folder):
            options = ["--vars", json.dumps(variables, default=str)] if variables else []
            manifests = self.urgent if variables and variables.get("urgent") else self.manifests
            if engine not in manifests:
                parsed = dbtRunner().invoke([*quiet, "parse", *options, *places])
                if not parsed.success:
                    raise parsed.exception
                manifests[engine] = parsed.result
            try:
                return dbtRunner(manifest=manifests[engine]).invoke([*quiet, *command, *options, *places])
            finally:
                if engine == "duckdb":
                    close_warehouse()

    def place(self, engine: str, data_dir: Path) -> Place:
        """Where the scripts find what an engine built of a landing, and where they leave what they make of it."""
        folder = data_dir if engine == "duckdb" else data_dir / "left_by_spark"
        return Place(
            folder, str(data_dir / "raw"), self.project.folder, self.manifests[engine], target_option=ENGINES[engine]
        )

    @contextmanager
    def fault(self, macro: str, before: str, after: str):
        """Something else in the text of one of Spark's macros, as it was parsed."""
        broken = self.manifests["spark"].macros[f"macro.expansion_triggers.{macro}"]
        text = broken.macro_sql
        assert text.count(before) == 1, f"{macro}: expected one '{before}'"
        broken.macro_sql = text.replace(before, after)
        try:
            yield
        finally:
            broken.macro_sql = text

    def marts(self) -> list[tuple[str, str, str]]:
        """Every public mart and every sync mart: its name, and where it stands in DuckDB and in Spark."""
        found = {engine: {} for engine in ENGINES}
        for engine, manifest in self.manifests.items():
            for node in manifest.nodes.values():
                if node.resource_type == "model" and node.fqn[1] == "marts":
                    found[engine][node.alias if node.version else node.name] = f"{node.schema}.{node.alias}"
        return [(name, place, found["spark"][name]) for name, place in sorted(found["duckdb"].items())]

    def forget(self, data_dir: Path) -> None:
        """Leave nothing of a world in Spark, whose session and catalogue go on to the next one."""
        session = spark()
        for (name,) in session.sql("show databases").collect():
            if name != "default":
                session.sql(f"drop database `{name}` cascade")
        session.catalog.clearCache()
        shutil.rmtree(data_dir / "warehouse.duckdb", ignore_errors=True)


def spark() -> Any:
    """The session that dbt opened."""
    from pyspark.sql import SparkSession

    return SparkSession.builder.getOrCreate()


@contextmanager
def _at(data_dir: Path, folder: Path):
    kept = {name: os.environ.get(name) for name in ("DATA_DIR", "RAW_LOCATION")}
    before = Path.cwd()
    os.environ.update(DATA_DIR=str(data_dir), RAW_LOCATION=str(data_dir / "raw"))
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
        for name, value in kept.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
