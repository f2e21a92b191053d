"""Where one build happens: the project's folder, its data directory and its landing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]


class Stop(Exception):
    """A build stops here, for the reasons given as sentences."""

    def __init__(self, *sentences: str):
        super().__init__(*sentences)
        self.sentences = sentences


@dataclass
class Place:
    """Paths as messages show them: relative to the project where they lie inside it."""

    data_dir: Path
    raw_location: str
    project: Path = PROJECT
    # A parsed project that dbt need not parse again; tests keep one.
    manifest: Any = field(default=None, repr=False)

    @classmethod
    def find(cls, data_dir: str | Path | None = None, project: Path = PROJECT, manifest: Any = None) -> Place:
        """From the option, else DATA_DIR, else `data`; the landing from RAW_LOCATION, else `raw` below it."""
        given = Path(data_dir) if data_dir else Path(os.environ.get("DATA_DIR") or project / "data")
        folder = _shown(given, project)
        raw = os.environ.get("RAW_LOCATION")
        if not raw:
            raw = str(folder / "raw")
        elif "://" not in raw:
            raw = str(_shown(Path(raw), project))
        return cls(folder, raw, project, manifest)

    @property
    def warehouse(self) -> Path:
        return self.data_dir / "warehouse.duckdb"

    @property
    def gate_file(self) -> Path:
        return self.data_dir / "quality_gate.json"

    @property
    def data_docs(self) -> Path:
        return self.data_dir / "data_docs"

    @contextmanager
    def entered(self) -> Iterator[None]:
        """The project as working directory, and the environment that its profile and its scripts read."""
        values = {
            "DATA_DIR": str(self.data_dir),
            "RAW_LOCATION": self.raw_location,
            "GX_ANALYTICS_ENABLED": "false",
            "DO_NOT_TRACK": "1",
        }
        environment, folder = {name: os.environ.get(name) for name in values}, Path.cwd()
        os.environ.update(values)
        os.chdir(self.project)
        try:
            self.data_dir.mkdir(parents=True, exist_ok=True)
            yield
        finally:
            os.chdir(folder)
            for name, value in environment.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value


def _shown(path: Path, project: Path) -> Path:
    absolute = path.resolve()
    return absolute.relative_to(project) if absolute.is_relative_to(project) else absolute
