"""Builds the project's models on any landing and any seeds, in process, with a manifest that is parsed once."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from pathlib import Path

import duckdb
from dbt.cli.main import dbtRunner, dbtRunnerResult
from operations.dbt_run import in_process

ROOT = Path(__file__).resolve().parents[2]
# TeamFlow's configuration as the tests know it: who edits seeds/company breaks none of them.
FROZEN = ROOT / "tests/configuration/company"
# Validation has worlds of its own (tests/simulation): building it elsewhere would only take time.
VALIDATION = ["path:models/marts/validation+", "path:models/intermediate/validation+"]


class Project:
    """A copy of the project in a folder of its own, on the frozen configuration, with seeds that a test may replace.

    Models and macros are links to the project's; `data` below the folder holds one data directory a build.
    """

    def __init__(self, folder: Path):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("dbt_project.yml", "profiles.yml", "selectors.yml", "models", "macros", "tests/data", "analyses"):
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to(ROOT / name)
        shutil.copytree(ROOT / "seeds", folder / "seeds")
        self.use_seeds(None)
        self.manifest = None

    def use_seeds(self, seeds: Path | None) -> None:
        """Put the CSV files of a folder in the place of the project's own; None restores the frozen ones.

        A file of a seed that the project does not have is left out.
        """
        for file in (ROOT / "seeds").rglob("*.csv"):
            frozen = FROZEN / file.name
            is_frozen = file.parent.name == "company" and frozen.exists()
            shutil.copyfile(frozen if is_frozen else file, self.folder / file.relative_to(ROOT))
        for file in seeds.glob("*.csv") if seeds else ():
            if own := self._seeds(file.stem):
                shutil.copyfile(file, own[0])

    def seed(self, name: str) -> Path:
        """The file of a seed, in whichever folder it stands."""
        (file,) = self._seeds(name)
        return file

    def _seeds(self, name: str) -> list[Path]:
        return list((self.folder / "seeds").rglob(f"{name}.csv"))

    def invoke(self, command: list[str], data_dir: Path, variables: dict | None = None) -> dbtRunnerResult:
        """Run one dbt command with its warehouse and landing in data_dir."""
        data_dir.mkdir(parents=True, exist_ok=True)
        place = _environment(DATA_DIR=str(data_dir), RAW_LOCATION=str(data_dir / "raw"))
        with place, _inside(self.folder), in_process():
            if self.manifest is None:
                parsed = dbtRunner().invoke(["--quiet", "parse", *self._places()])
                assert parsed.success, parsed.exception
                self.manifest = parsed.result
            arguments = ["--quiet", *command, *self._places()]
            if variables:
                arguments += ["--vars", _yaml(variables)]
            return dbtRunner(manifest=self.manifest).invoke(arguments)

    def build(self, data_dir: Path, variables: dict | None = None, select: list[str] | None = None) -> Path:
        """Seeds and models without tests; returns the warehouse file. Fails the test when a node fails."""
        command = ["build", "--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"]
        command += ["--exclude", *VALIDATION]
        if select:
            command += ["--select", *select]
        result = self.invoke(command, data_dir, variables)
        assert result.success, failures(result)
        return data_dir / "warehouse.duckdb"

    def _places(self) -> list[str]:
        return ["--project-dir", str(self.folder), "--profiles-dir", str(self.folder)]


def failures(result: dbtRunnerResult) -> str:
    """What went wrong, in dbt's words."""
    if result.exception:
        return str(result.exception)
    return "\n".join(f"{node.node.name}: {node.message}" for node in result.result if node.status in ("error", "fail"))


def rows(warehouse: Path, sql: str) -> list[dict]:
    """The rows of a query on a warehouse file, as dictionaries."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        cursor = connection.execute(sql)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]


@contextmanager
def _environment(**values: str):
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextmanager
def _inside(folder: Path):
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def _yaml(variables: dict) -> str:
    import json

    return json.dumps(variables, default=str)
