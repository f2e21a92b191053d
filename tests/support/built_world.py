"""A small world, generated, built and published once for all tests that spoil a copy of it."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import build as build_command
import duckdb
import generate_world
from dbt.cli.main import dbtRunner
from operations import dbt_run
from operations.place import Place

from support.project import Project
from support.shared import once

FOLDERS = []


def project(crm: str = "salesforce") -> Project:
    """A copy of the project, on one CRM, whose seeds a test may change, parsed once."""
    return _project(crm)


@cache
def _project(crm: str) -> Project:
    copy = Project(_folder() / "project")
    settings = copy.folder / "dbt_project.yml"
    text = settings.read_text().replace("crm: [salesforce]", f"crm: [{crm}]")
    settings.unlink()
    settings.write_text(text)
    for name in ("quality", "scripts"):
        (copy.folder / name).symlink_to(Path(__file__).resolve().parents[2] / name)
    places = ["--project-dir", str(copy.folder), "--profiles-dir", str(copy.folder)]
    parsed = dbtRunner().invoke(["--log-level", "none", "parse", *places])
    assert parsed.success, parsed.exception
    copy.manifest = parsed.result
    return copy


def built() -> Path:
    """The data directory of the world as it was published: landing, warehouse and marts. Never written to."""

    def make(data_dir: Path) -> None:
        assert generate_world.main(["--out", str(data_dir), "--accounts", "25", "--months", "6"]) == 0
        assert run(data_dir) == 0

    return once("built", make)


def run(data_dir: Path, *options: str, crm: str = "salesforce") -> int:
    """`build.py` in this process, on the parsed copy of the project; returns its exit code."""
    copy = project(crm)
    return build_command.main(["--data-dir", str(data_dir), "--quiet", *options], copy.folder, copy.manifest)


def build_models(data_dir: Path, *select: str, variables: dict | None = None, exclude: list[str] | None = None) -> None:
    """dbt's part of a build alone: neither gate nor publishing. Fails the test when dbt fails."""
    place = Place.find(data_dir, project().folder, project().manifest)
    with place.entered():
        dbt_run.build(place, variables, select=list(select), exclude=exclude)


def copied(data_dir: Path, with_warehouse: bool = False) -> Path:
    """The built world's landing and published marts in a directory of the test's own, and its warehouse on request."""
    source = built()
    shutil.copytree(source / "raw", data_dir / "raw")
    shutil.copyfile(source / "marts.duckdb", data_dir / "marts.duckdb")
    if with_warehouse:
        shutil.copyfile(source / "warehouse.duckdb", data_dir / "warehouse.duckdb")
    return data_dir


def rewrite(
    data_dir: Path, table: str, select: str, writer: str = "format parquet", name: str = "part.parquet"
) -> Path:
    """Puts a query on a landed table (named `landed`) in its place, as one file; returns the file."""
    folder = data_dir / "raw" / table
    file = folder / name
    with duckdb.connect() as connection:
        connection.execute(
            f"create table landed as select * from read_parquet('{folder}/*.parquet', union_by_name = true)"
        )
        shutil.rmtree(folder)
        folder.mkdir()
        connection.execute(f"copy ({select}) to '{file}' ({writer})")
    return file


def landed(data_dir: Path, table: str, query: str) -> list[tuple]:
    """The rows of a query on a landed table (named `landed`)."""
    with duckdb.connect() as connection:
        connection.execute(f"create view landed as select * from read_parquet('{data_dir}/raw/{table}/*.parquet')")
        return connection.execute(query).fetchall()


def ask(file: Path, query: str) -> list[tuple]:
    """The rows of a query on a DuckDB file."""
    with duckdb.connect(str(file), read_only=True) as connection:
        return connection.execute(query).fetchall()


def write(file: Path, *statements: str) -> None:
    """Statements on a DuckDB file."""
    with duckdb.connect(str(file)) as connection:
        for statement in statements:
            connection.execute(statement)


@contextmanager
def changed_seed(name: str, change: Callable[[str], str]) -> Iterator[None]:
    """The copied project with one of its seeds changed; afterwards it is what the next test expects."""
    file = project().seed(name)
    before = file.read_text()
    after = change(before)
    assert after != before, f"{name}.csv was not changed"
    file.write_text(after)
    try:
        yield
    finally:
        file.write_text(before)


def checksum(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _folder() -> Path:
    FOLDERS.append(tempfile.TemporaryDirectory(prefix="built-world-"))
    return Path(FOLDERS[-1].name).resolve()
