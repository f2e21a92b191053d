"""A build of a spoiled landing, as cheap as it can be while every step is the project's own.

The first look, the source views, the gate and the comparison with the landing before are the commands' own; of the models and
data tests the SQL that dbt compiled once is run, and of these only what reads something that differs from the sound build: where
a table has the same rows, nothing is built on it again. Of what must not depend on an order of rows all is built.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import duckdb
from operations import changes, dbt_run, gate, landing
from operations.place import Place, Stop
from support.project import Project

from .mutations import NOTHING, ROWS, TEXT, Mutation, Table

STOPPED, QUARANTINED, WARNED, HARMLESS, WRONG = "stopped", "quarantined", "warned", "harmless", "silently wrong"
OUTCOMES = [STOPPED, QUARANTINED, WARNED, HARMLESS, WRONG]
# Validation reads what is compared here, and has worlds of its own.
LEFT_OUT = [f"path:models/{layer}/validation" for layer in ("intermediate", "marts")]
# What is about the landing itself, or about runs, differs by right, and need not be built.
ABOUT_LANDING = ("quality", "operations", "validation")
# Kinds that leave the same rows in another order, or more than once.
REORDERED = ("rows repeated", "order, files")
# Words that a mutated name may reach.
TEXTS = (
    "account_name",
    "evidence",
    "title",
    "body",
    "recommended_action",
    "message_subject",
    "message_body",
    "in_app_body",
)


@dataclass
class Built:
    """What a build said, and what it left."""

    stopped: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    quarantined: set[tuple] = field(default_factory=set)
    marts: dict[str, list[str]] = field(default_factory=dict)


@dataclass
class Judged:
    """The outcome of a mutation, and the sentence or the difference that shows it."""

    mutation: Mutation
    outcome: str
    told: str


class Fuzz:
    """Builds copies of one landing, each spoiled in one way."""

    def __init__(self, project: Project, landed: Path, folder: Path):
        self.project, self.landed, self.folder = project, landed, folder
        self.data_dir = folder / "data"
        self.data_dir.mkdir(parents=True)
        shutil.copytree(landed, self.data_dir / "raw", copy_function=os.link)
        self._compile()
        self.tables = self._tables()
        self.without_rows: dict[str, Built] = {}
        self.sound = self._build(None)
        assert not self.sound.stopped, self.sound.stopped
        seen = {name.replace(".", "/"): measured["rows"] for name, measured in self._profile().items()}
        # Else nothing could be missed.
        lost = [name for name, rows in seen.items() if rows < self.tables[name].rows - len(self.sound.quarantined)]
        assert not [name for name in lost if "received_at" not in self.tables[name].columns], lost
        shutil.copyfile(self.data_dir / "warehouse.duckdb", folder / "built.duckdb")

    def judge(self, mutation: Mutation) -> Judged:
        """Builds the spoiled landing and says what came of it."""
        built = self.built(mutation.table, mutation.spoil, mutation.kind in REORDERED)
        if built.stopped:
            return Judged(mutation, STOPPED, built.stopped[0])
        added = built.quarantined - self.sound.quarantined
        warned = [warning for warning in built.warnings if warning not in self.sound.warnings]
        differing = _differing(self.sound, built, mutation.right == TEXT)
        if differing and mutation.right == TEXT:
            # Another name leads elsewhere; how it is spelt must not matter.
            differing = _differing(self.built(mutation.table, mutation.leave_out), built, True)
        if not differing:
            return Judged(mutation, HARMLESS, "the marts are the same")
        shown = f"{', '.join(differing)} differ"
        if mutation.right in (NOTHING, TEXT):
            return Judged(mutation, WRONG, shown)
        if added and mutation.right == ROWS:
            left = self._without(mutation)
            beside = _differing(left, built, False)
            if beside and not warned:
                return Judged(mutation, WRONG, f"{', '.join(beside)} differ from those without the rows")
        if added:
            return Judged(mutation, QUARANTINED, _words(sorted(added, key=str)[0]))
        if warned:
            return Judged(mutation, WARNED, warned[0])
        return Judged(mutation, WRONG, shown)

    def built(self, table: str, spoil, is_whole: bool = False) -> Built:
        """What a build makes of the landing with one table spoiled; the landing is whole again afterwards."""
        raw = self.data_dir / "raw"
        shutil.rmtree(raw)
        shutil.copytree(self.landed, raw, copy_function=os.link)
        spoil(raw)
        return self._build(table, is_whole)

    def _without(self, mutation: Mutation) -> Built:
        if mutation.table not in self.without_rows:
            self.without_rows[mutation.table] = self.built(mutation.table, mutation.leave_out)
        return self.without_rows[mutation.table]

    # ------------------------------------------------------------ the steps

    def _build(self, table: str | None, is_whole: bool = False) -> Built:
        built = Built()
        warehouse = self.data_dir / "warehouse.duckdb"
        if table:
            shutil.copyfile(self.folder / "built.duckdb", warehouse)
        place = Place.find(self.data_dir, self.project.folder, self.project.manifest)
        try:
            with place.entered():
                landing.check(place)
                self._source_views(place)
                built.warnings += self._models_and_tests(warehouse, table, is_whole)
                self._gate(place, built)
        except Stop as stop:
            built.stopped = list(stop.sentences)
        except duckdb.Error as error:
            built.stopped = [dbt_run.sentence(str(error))]
        if not built.stopped:
            self._read(warehouse, built)
        return built

    def _source_views(self, place: Place) -> None:
        """The hook of every build; where it stops, a build tells why."""
        command = ["--no-write-json", "--no-print", "--log-level", "none", "run-operation", "views_of_sources"]
        if not self.project.invoke(command, self.data_dir).success:
            dbt_run.build(place, select=["int_vendors_in_use"])

    def _models_and_tests(self, warehouse: Path, table: str | None, is_whole: bool) -> list[str]:
        warned = []
        with duckdb.connect(str(warehouse)) as connection:
            connection.execute("set threads = 1; set TimeZone = 'UTC'")
            changed = self._changed_sources(connection, table, is_whole)
            for key in self.order:
                node = self.models[key]
                if table and changed.isdisjoint(node.depends_on.nodes):
                    continue
                self._create(connection, node)
                if not table:
                    self.sums[key] = _sum(connection, node.relation_name)
                if (
                    is_whole
                    or node.config.materialized == "view"
                    or self.sums[key] != _sum(connection, node.relation_name)
                ):
                    changed.add(key)
            for node in self.tests:
                if table and changed.isdisjoint(node.depends_on.nodes):
                    continue
                query = f"select {node.config.fail_calc} from ({node.compiled_code}) as failures"
                ((count,),) = connection.execute(query).fetchall()
                if count and node.config.severity.lower() == "error":
                    raise Stop(f"The data test {node.name} failed on {count} rows ({node.original_file_path}).")
                if count:
                    warned.append(f"{node.name}: {count} rows.")
        return warned

    def _changed_sources(self, connection: duckdb.DuckDBPyConnection, table: str | None, is_whole: bool) -> set[str]:
        """Of the spoiled table and the quarantine those whose view shows other rows than in the sound build."""
        changed = set()
        for key, source in self.project.manifest.sources.items():
            name = f"{source.source_name}/{source.name}"
            if table and name not in (table, "quarantine/records"):
                continue
            found = _sum(connection, f'"{source.schema}"."{source.identifier}"')
            if not table:
                self.sums[key] = found
            elif is_whole or found != self.sums[key]:
                changed.add(key)
        return changed

    def _create(self, connection: duckdb.DuckDBPyConnection, node) -> None:
        kind = "view" if node.config.materialized == "view" else "table"
        if node.schema not in self.schemas:
            connection.execute(f'create schema if not exists "{node.schema}"')
            self.schemas.add(node.schema)
        connection.execute(f"create or replace {kind} {node.relation_name} as {node.compiled_code}")

    def _gate(self, place: Place, built: Built) -> None:
        suites = gate.read_suites()
        report, frames = gate.read_frames(place, suites)
        if not self.frames:
            self.frames = frames
        # On the same rows an expectation says the same.
        judged = [
            suite
            for suite in suites
            if frames is self.frames or not frames[suite["name"]].equals(self.frames[suite["name"]])
        ]
        for suite, result in gate.validate(judged, frames, place.data_docs) if judged else ():
            if not result.success:
                told = built.warnings if gate.is_warning(result) else built.stopped
                told.append(gate.sentence(suite, result))
        now = changes.profile(place, datetime.strptime(report.as_of, gate.ISO))
        built.warnings += changes.since(place, now)
        if not changes.kept(place):
            changes.keep(place, now)

    def _profile(self) -> changes.Profile:
        return changes.kept(Place.find(self.data_dir, self.project.folder, self.project.manifest))

    def _read(self, warehouse: Path, built: Built) -> None:
        with duckdb.connect(str(warehouse), read_only=True) as connection:
            connection.execute("set threads = 1; set TimeZone = 'UTC'")
            for node in self.marts:
                if node.name == "quarantined_records":
                    built.quarantined = set(connection.execute(f"select * from {node.relation_name}").fetchall())
                else:
                    built.marts[node.name] = _rows(connection, node.relation_name)

    # ------------------------------------------------------------ what is built

    def _compile(self) -> None:
        assert self.project.invoke(["seed"], self.data_dir).success
        compiled = self.project.invoke(["compile", "--exclude", *LEFT_OUT, "test_type:unit"], self.data_dir)
        assert compiled.success, compiled.exception
        nodes = {result.node.unique_id: result.node for result in compiled.result.results}
        every = {key: node for key, node in nodes.items() if node.resource_type == "model"}
        self.marts = [
            node
            for node in every.values()
            if node.name == "quarantined_records" or (node.fqn[1] == "marts" and node.fqn[2] not in ABOUT_LANDING)
        ]
        needed: set[str] = set()
        waiting = [node.unique_id for node in self.marts] + [
            key for key, node in every.items() if node.name in ("int_engine_runs", "int_vendors_in_use")
        ]
        while waiting:
            key = waiting.pop()
            if key in every and key not in needed:
                needed.add(key)
                waiting += every[key].depends_on.nodes
        self.models = {key: every[key] for key in needed}
        self.order: list[str] = []
        self._ordered(self.models)
        self.tests = [
            node
            for node in nodes.values()
            if node.resource_type == "test"
            and all(key in self.models or not key.startswith("model.") for key in node.depends_on.nodes)
        ]
        self.schemas: set[str] = set()
        self.sums: dict[str, int] = {}
        self.frames: dict = {}

    def _ordered(self, keys) -> None:
        for key in keys:
            if key in self.models and key not in self.order:
                self._ordered(self.models[key].depends_on.nodes)
                if key not in self.order:
                    self.order.append(key)

    def _tables(self) -> dict[str, Table]:
        found = {}
        for source in sorted(self.project.manifest.sources.values(), key=lambda one: one.unique_id):
            name = f"{source.source_name}/{source.name}"
            if source.source_name in changes.OWN or not (self.landed / name).is_dir():
                continue
            landed = duckdb.sql(f"from read_parquet('{self.landed}/{name}/*.parquet', union_by_name = true)")
            columns = {}
            for column in source.columns.values():
                meta = (column.config.meta if column.config else {}) or {}
                if column.name in landed.columns:
                    kind = str(column.data_type)
                    columns[column.name] = (kind, bool(meta.get("required")), bool(meta.get("not_null")))
            ((rows,),) = landed.aggregate("count(*)").fetchall()
            required = bool((source.config.meta or {}).get("required"))
            found[name] = Table(name, columns, required, rows)
        return found


def _sum(connection: duckdb.DuckDBPyConnection, relation: str) -> tuple:
    """What two tables with the same rows have in common."""
    query = f"select count(*), sum(cast(hash(rows) as hugeint)) from {relation} as rows"
    return connection.execute(query).fetchall()[0]


def _rows(connection: duckdb.DuckDBPyConnection, relation: str) -> list[str]:
    """A mart's rows as they are compared: in no order, floating numbers to nine digits."""
    cursor = connection.execute(f"select * from {relation}")
    names = [column[0] for column in cursor.description]
    rows = (
        {
            name: f"{value:.9g}" if isinstance(value, float) else str(value)
            for name, value in zip(names, row, strict=True)
            if name not in ("build_id",)
        }
        for row in cursor.fetchall()
    )
    return sorted(json.dumps(row) for row in rows)


def _differing(before: Built, after: Built, but_texts: bool) -> list[str]:
    found = []
    for mart, rows in before.marts.items():
        other = after.marts[mart]
        if rows != other and (not but_texts or _bare(rows) != _bare(other)):
            found.append(mart)
    return sorted(found)


def _bare(rows: list[str]) -> list[str]:
    """Rows without what may hold a name."""
    bare = [{name: value for name, value in json.loads(row).items() if name not in TEXTS} for row in rows]
    return sorted(json.dumps(row) for row in bare)


def _words(row: tuple) -> str:
    source, table, record, column, reason = row[:5]
    return f"{source}.{table}, row {record}, column {column}: {reason}"
