"""Runs as data: each command notes its steps while it runs, one small Parquet file a run, among what has landed.

A file is replaced whole after every change, so that a reader and a killed run leave nothing half written. Whoever takes the
warehouse next finds a step that never ended, and notes that its run was killed. Finished runs of a month are put
into one file; a run that stands in both for a moment is the same rows twice, which the mart counts once.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb

from .files import clear_aside, replaced
from .place import PACKAGE, Place, Stop
from .warehouse import connect, is_spark, literal

COLUMNS = {
    "run_id": "varchar",
    "step": "varchar",
    "position": "bigint",
    "command": "varchar",
    "started_at": "timestamp",
    "ended_at": "timestamp",
    "result": "varchar",
    "nodes": "bigint",
    "row_count": "bigint",
    "warnings": "bigint",
    "message": "varchar",
    "as_of": "timestamp",
    "code_version": "varchar",
    "seeds_version": "varchar",
    "engine_version": "varchar",
}
RUNNING, DONE, STOPPED, FAILED, KILLED = "running", "done", "stopped", "failed", "killed"
# What dbt builds or tests; hooks and exposures are results too.
KINDS = ("model", "seed", "snapshot", "test")
# Of a message; the terminal and dbt's log have all of it.
LONGEST_MESSAGE = 2000


@dataclass
class Step:
    """One step of a run; who runs it fills in what came of it."""

    name: str
    started_at: datetime
    ended_at: datetime | None = None
    result: str = RUNNING
    nodes: int | None = None
    rows: int | None = None
    warnings: list[str] = field(default_factory=list)
    message: str | None = None


@dataclass
class Run:
    """The notes of one run. Without a folder - the landing is remote - nothing is noted."""

    command: str
    folder: Path | None
    versions: tuple[str, str, str]
    run_id: str = ""
    as_of: datetime | None = None
    steps: list[Step] = field(default_factory=list)

    @contextmanager
    def step(self, name: str) -> Iterator[Step]:
        """Notes that a step begins, and how it ended."""
        step = Step(name, now())
        self.steps.append(step)
        self.write()
        try:
            yield step
        except Stop as stop:
            step.result, step.message = STOPPED, " ".join(stop.sentences)
            raise
        except BaseException as error:
            step.result, step.message = FAILED, f"{type(error).__name__}: {error}"
            raise
        else:
            step.result = DONE
        finally:
            step.ended_at = now()
            self.write()

    def add(self, steps: Iterable[Step]) -> None:
        """Steps within the last one, known when it has ended."""
        self.steps += steps
        self.write()

    def write(self) -> None:
        """Puts the file of the run in the place of its last state."""
        if self.folder is None:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        _write(self.folder / f"{self.run_id}.parquet", [self._row(n, step) for n, step in enumerate(self.steps, 1)])

    def _row(self, position: int, step: Step) -> list[Any]:
        message = step.message or " ".join(step.warnings) or None
        return [
            self.run_id,
            step.name,
            position,
            self.command,
            step.started_at,
            step.ended_at,
            step.result,
            step.nodes,
            step.rows,
            len(step.warnings),
            message and message[:LONGEST_MESSAGE],
            self.as_of,
            *self.versions,
        ]


def begun(place: Place, command: str) -> Run:
    """A run of a command that has the warehouse to itself: whatever is still running in the notes was killed."""
    folder = runs_folder(place)
    if folder is not None and folder.is_dir():
        tidy(folder)
    moment = now()
    name = f"{moment:%Y-%m-%dT%H-%M-%S}-{moment.microsecond:06d}-{secrets.token_hex(3)}"
    return Run(command, folder, versions(place), name)


def runs_folder(place: Place) -> Path | None:
    """Where runs are noted: in the landing, where that is a folder."""
    return None if "://" in place.raw_location else Path(place.raw_location) / "operations" / "build_runs"


def tidy(folder: Path) -> None:
    """Notes which runs were killed, and puts the runs of past months into a file each."""
    clear_aside(folder)
    singles = sorted(folder.glob("????-??-??T*.parquet"))
    if not singles:
        return
    names = ", ".join(literal(file) for file in singles)
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        killed = connection.execute(
            f"select distinct run_id from read_parquet([{names}]) where result = '{RUNNING}'"
        ).fetchall()
        for (run_id,) in killed:
            file = folder / f"{run_id}.parquet"
            rows = connection.execute(
                f"select * replace (case when result = '{RUNNING}' then '{KILLED}' else result end as result)"
                f" from read_parquet({literal(file)}) order by position"
            ).fetchall()
            _write(file, rows)
        this_month = f"{now():%Y-%m}"
        for month in sorted({file.name[:7] for file in singles} - {this_month}):
            whole = folder / f"{month}.parquet"
            parts = [file for file in singles if file.name.startswith(month)] + ([whole] if whole.exists() else [])
            listed = ", ".join(literal(file) for file in parts)
            rows = connection.execute(
                f"select distinct * from read_parquet([{listed}]) order by run_id, position"
            ).fetchall()
            _write(whole, rows)
            for file in parts:
                if file != whole:
                    file.unlink()


def rooms(results: Iterable[Any], rows: dict[str, int]) -> list[Step]:
    """What dbt did, a step a room of models, and one each for seeds and tests, in the order in which they began."""
    found: dict[str, Step] = {}
    for result in results:
        if result.node.resource_type not in KINDS:
            continue
        moments = [moment for timing in result.timing for moment in (timing.started_at, timing.completed_at) if moment]
        if not moments:
            continue
        first, last = (_naive(moment) for moment in (min(moments), max(moments)))
        step = found.setdefault(_room(result.node), Step(_room(result.node), first, last, DONE, 0))
        step.started_at, step.ended_at = min(step.started_at, first), max(step.ended_at or last, last)
        step.nodes = (step.nodes or 0) + 1
        if result.node.unique_id in rows:
            step.rows = (step.rows or 0) + rows[result.node.unique_id]
        if str(result.status) == "warn":
            step.warnings.append(f"{result.node.name}: {result.message}.")
    return sorted(found.values(), key=lambda step: (step.started_at, step.name))


def counted(results: Iterable[Any]) -> int:
    """How many of dbt's results are something that it built or tested."""
    return sum(result.node.resource_type in KINDS for result in results)


def table_rows(place: Place, results: Iterable[Any]) -> dict[str, int]:
    """Rows of the tables that dbt built, by the id of their node, where the engine keeps their numbers: DuckDB does."""
    if is_spark(place):
        return {}
    with connect(place) as connection:
        sizes = {
            (schema, table): rows
            for schema, table, rows in connection.execute(
                "select schema_name, table_name, estimated_size from duckdb_tables() where database_name = current_database()"
            ).fetchall()
        }
    nodes = [result.node for result in results if result.node.resource_type in ("model", "seed")]
    return {node.unique_id: sizes[node.schema, node.alias] for node in nodes if (node.schema, node.alias) in sizes}


def versions(place: Place) -> tuple[str, str, str]:
    """Of the code, the seeds and the engine. Hashes are of what lies there, so that an edit by hand is another version."""
    import yaml

    number = yaml.safe_load((PACKAGE / "dbt_project.yml").read_text())["version"]
    homes = list(dict.fromkeys([PACKAGE.resolve(), place.project.resolve()]))
    code = [file for home in homes for folder in ("models", "macros") for file in _files(home / folder)]
    settings = [home / "dbt_project.yml" for home in homes]
    seeds = [file for home in homes for file in _files(home / "seeds") if file.suffix == ".csv"]
    name = "pyspark" if is_spark(place) else "duckdb"
    engine = f"dbt-core {version('dbt-core')}, {name} {version(name)}"
    return f"{number}+{_hash([*code, *settings])}", _hash(seeds), engine


def now() -> datetime:
    """The machine's clock, UTC without a zone, as the warehouse has its moments."""
    return datetime.now(UTC).replace(tzinfo=None)


def _room(node: Any) -> str:
    if node.resource_type == "model":
        return Path(node.original_file_path).parent.as_posix()
    return f"{node.resource_type}s"


def _naive(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.suffix in (".sql", ".yml", ".csv", ".md"))


def _hash(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def _write(file: Path, rows: list[Any]) -> None:
    with replaced(file) as aside, duckdb.connect() as connection:
        columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
        connection.execute(f"create table runs ({columns})")
        if rows:
            connection.executemany(f"insert into runs values ({', '.join('?' * len(COLUMNS))})", rows)
        connection.execute(f"copy (select * from runs) to {literal(aside)} (format parquet)")
