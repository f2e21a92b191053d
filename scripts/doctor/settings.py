"""The configuration: variables, seeds and the contracts of the sources; a host project's own win over the package's."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from operations.place import PACKAGE, Stop

NAME = "expansion_triggers"


@dataclass
class Seed:
    """A seed's file and rows; every value is text, and what is empty is ''."""

    name: str
    file: str
    columns: tuple[str, ...]
    rows: list[dict[str, str]]

    def values(self, column: str) -> list[str]:
        return [row[column] for row in self.rows if row.get(column)]


@dataclass
class Settings:
    project: Path
    variables: dict[str, Any]

    @classmethod
    def read(cls, project: Path, over: dict[str, Any] | None = None) -> Settings:
        variables = _variables(PACKAGE)
        if project != PACKAGE:
            variables |= _variables(project)
        return cls(project, variables | (over or {}))

    @property
    def vendors(self) -> dict[str, list[str]]:
        """The vendors of each domain, the first one taking precedence."""
        sources = self.variables.get("sources") or {}
        return {
            domain: [vendors] if isinstance(vendors, str) else list(vendors or [])
            for domain, vendors in sources.items()
        }

    @property
    def package_vendors(self) -> dict[str, list[str]]:
        return _variables(PACKAGE).get("sources") or {}

    @cached_property
    def sources(self) -> list[dict[str, Any]]:
        """The source contracts as their YAML has them."""
        return [
            source
            for file in sorted((PACKAGE / "models").rglob("*sources.yml"))
            for source in yaml.safe_load(file.read_text()).get("sources", [])
        ]

    def seed(self, name: str) -> Seed:
        """A seed by its name, or an empty one where no project ships it."""
        file = self._files.get(name)
        if file is None:
            return Seed(name, f"seeds/company/{name}.csv", (), [])
        try:
            with file.open(newline="", encoding="utf-8-sig") as stream:
                reader = csv.DictReader(stream)
                rows = [{key: (value or "").strip() for key, value in row.items() if key} for row in reader]
                return Seed(name, self._shown(file), tuple(reader.fieldnames or ()), rows)
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise Stop(f"{self._shown(file)} cannot be read as CSV: {error}.") from error

    @cached_property
    def _files(self) -> dict[str, Path]:
        folders = [PACKAGE / "seeds"]
        if self.project != PACKAGE:
            folders.append(self.project / "seeds")
        return {
            file.stem: file
            for folder in folders
            for file in sorted(folder.rglob("*.csv"))
            if "presets" not in file.parts
        }

    def _shown(self, file: Path) -> str:
        for root in (self.project, PACKAGE):
            if file.is_relative_to(root):
                return str(file.relative_to(root))
        return str(file)


def _variables(project: Path) -> dict[str, Any]:
    """Variables of a project: those for everybody, and over them those for the package."""
    file = project / "dbt_project.yml"
    try:
        found = (yaml.safe_load(file.read_text()) or {}).get("vars") or {}
    except yaml.YAMLError as error:
        raise Stop(f"{file} is no YAML: {str(error).splitlines()[0]}.") from error
    own = found.get(NAME)
    return {name: value for name, value in found.items() if name != NAME} | (own if isinstance(own, dict) else {})
