"""The default destination: one JSON-lines file and one Parquet file a run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
from operations.files import clear_aside, replaced

from ..errors import Refused
from ..mapping import MADE_COLUMNS, Mapping, ObjectMapping, json_text
from ..rows import Result, Row
from ..settings import Settings
from ..warehouse import Mart
from .base import Destination

FIXED_COLUMNS = {"sync_key": "VARCHAR", "object": "VARCHAR"}


class FileDestination(Destination):
    """Exactly once: the rename of the JSON-lines file is the moment of delivery, and a killed run is judged by it."""

    name = "file"
    is_one_batch = True
    largest_batch = 10**9

    def __init__(self, mapping: Mapping, settings: Settings) -> None:
        super().__init__(mapping, settings)
        self._folder: Path = settings.outbox
        self._marts: dict[str, Mart] = {}

    def arrived(self, keys_by_run: dict[str, set[str]]) -> set[str]:
        found: set[str] = set()
        for run_id, keys in keys_by_run.items():
            lines = self._lines_file(run_id)
            if lines.exists():
                text = lines.read_text(encoding="utf-8")
                found |= keys & {json.loads(line)["sync_key"] for line in text.split("\n") if line}
        return found

    def repair(self, run_ids: list[str], marts: dict[str, Mart]) -> None:
        self._marts = marts
        clear_aside(self._folder)
        for run_id in run_ids:
            if self._lines_file(run_id).exists():
                self._write_parquet(run_id)

    def preflight(self, rows: list[Row], marts: dict[str, Mart]) -> None:
        self._marts = marts
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Refused(f"The outbox {self._folder} cannot be made: {error.strerror}.") from None

    def send(self, rows: list[Row]) -> list[Result]:
        with replaced(self._lines_file(self.run_id)) as aside, aside.open("w", encoding="utf-8") as file:
            for row in rows:
                line = {"sync_key": row.key, "object": row.object, **row.payload}
                file.write(json_text(line) + "\n")
        self._write_parquet(self.run_id)
        return [Result(row.key, "delivered") for row in rows]

    @property
    def files(self) -> list[Path]:
        lines = self._lines_file(self.run_id)
        return [lines, lines.with_suffix(".parquet")] if lines.exists() else []

    def _lines_file(self, run_id: str) -> Path:
        return self._folder / f"{run_id}.jsonl"

    def _write_parquet(self, run_id: str) -> None:
        """The Parquet twin of a JSON-lines file, with the types of the marts."""
        lines_to_parquet(self._lines_file(run_id), self._columns())

    def _columns(self) -> dict[str, str]:
        columns = dict(FIXED_COLUMNS)
        for name, mapping in self.mapping.objects.items():
            types = self._marts[name].types if name in self._marts else {}
            columns |= _typed(mapping, types)
        return columns


def _typed(mapping: ObjectMapping, types: dict[str, str]) -> dict[str, str]:
    by_form = {"text": "VARCHAR", "json": "JSON", "date": "DATE", "milliseconds": "BIGINT", "html": "VARCHAR"}
    columns = {}
    for target in mapping.fields:
        known = {**types, **MADE_COLUMNS}.get(target.column or "", "VARCHAR")
        columns[target.name.split(".")[0]] = "JSON" if "." in target.name else by_form.get(target.form, known)
    return columns


def lines_to_parquet(lines: Path, columns: dict[str, Any]) -> None:
    """Writes `x.parquet` beside `x.jsonl`, both appearing whole."""
    spelled = ", ".join(f"{_quoted(name)}: {_quoted(kind)}" for name, kind in columns.items())
    with replaced(lines.with_suffix(".parquet")) as aside, duckdb.connect(":memory:") as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(
            f"copy (select * from read_json({_quoted(lines)}, format = 'newline_delimited', columns = {{{spelled}}}))"
            f" to {_quoted(aside)} (format parquet)"
        )


def _quoted(text: object) -> str:
    return "'" + str(text).replace("'", "''") + "'"
