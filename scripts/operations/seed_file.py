"""A seed's CSV as text: one row is changed or added, and every other byte stays as a person wrote it."""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from .place import Stop

MARK = "\ufeff"


@dataclass(frozen=True)
class SeedFile:
    """The text of a file and the name that messages and diffs give it."""

    path: Path
    name: str
    text: str

    @classmethod
    def read(cls, path: Path, name: str) -> SeedFile:
        """Stops where the file is absent, no text or without a header."""
        try:
            text = path.read_bytes().decode("utf-8")
        except FileNotFoundError as error:
            raise Stop(f"{name} is missing: expected the seed with its header.") from error
        except (OSError, UnicodeDecodeError) as error:
            raise Stop(f"{name} cannot be read as CSV: {error}.") from error
        seed = cls(path, name, text)
        if not seed.columns:
            raise Stop(f"{name} is empty: expected the seed with its header.")
        return seed

    @property
    def columns(self) -> list[str]:
        records = list(_records(self.text.removeprefix(MARK)))
        return _cells(records[0]) if records else []

    def rows(self) -> list[dict[str, str]]:
        """Every row; a cell that is absent is empty."""
        return [row for _, row in self._placed()]

    def changed(self, is_meant: Callable[[dict[str, str]], bool], values: dict[str, str]) -> SeedFile:
        """With the values in the one row that is meant; Stops where there is not one, or where a column is absent."""
        self._expect(values)
        meant = [(record, row) for record, row in self._placed() if is_meant(row)]
        if len(meant) != 1:
            raise Stop(f"{self.name} has {len(meant)} rows of it: expected one.")
        (number, row) = meant[0]
        records = list(_records(self.text))
        records[number] = _line([(row | values)[column] for column in self.columns], _ending(records[number]))
        return SeedFile(self.path, self.name, "".join(records))

    def added(self, values: dict[str, str]) -> SeedFile:
        """With one more row at its end."""
        self._expect(values)
        records = list(_records(self.text))
        ending = _ending(records[0]) or "\n"
        text = self.text if _ending(records[-1]) else self.text + ending
        return SeedFile(self.path, self.name, text + _line([values.get(column, "") for column in self.columns], ending))

    def diff(self, changed: SeedFile) -> str:
        """A unified diff that `git apply` takes; empty where nothing changed."""
        lines = difflib.unified_diff(
            _lines(self.text),
            _lines(changed.text),
            f"a/{self.name}",
            f"b/{self.name}",
            n=1,
        )
        return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)

    def _expect(self, values: dict[str, str]) -> None:
        if absent := [column for column in values if column not in self.columns]:
            raise Stop(f"{self.name} has no column {', '.join(absent)}: expected it in the header.")

    def _placed(self) -> Iterator[tuple[int, dict[str, str]]]:
        columns = self.columns
        for number, record in enumerate(_records(self.text)):
            cells = _cells(record)
            if number and cells:
                yield number, dict(zip(columns, cells + [""] * (len(columns) - len(cells)), strict=False))


def _lines(text: str) -> list[str]:
    """At line feeds alone: a cell may hold what else Unicode calls a line's end."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _records(text: str) -> Iterator[str]:
    """The records with their line ends; a quoted cell may hold some."""
    record = ""
    for line in _lines(text):
        record += line
        if record.count('"') % 2 == 0:
            yield record
            record = ""
    if record:
        yield record


def _cells(record: str) -> list[str]:
    return next(csv.reader(io.StringIO(record, newline="")), [])


def _line(cells: list[str], ending: str) -> str:
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator=ending).writerow(cells)
    return written.getvalue()


def _ending(record: str) -> str:
    return record[len(record.rstrip("\r\n")) :]
