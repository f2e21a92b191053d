"""Where one build happens: the project, its profile and target, its data directory and its landing.

The project is this checkout or one that has installed it as a package; what is the product's own (models, suites, frames)
always lies in this checkout.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).resolve().parents[2]


class Stop(Exception):
    """A build stops here, for the reasons given as sentences."""

    def __init__(self, *sentences: str):
        super().__init__(*sentences)
        self.sentences = sentences


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options that every script has: which project, which of its targets, and where its data lies."""
    parser.add_argument(
        "--project-dir",
        help="folder of the dbt project (default the current one if it is a project, else the product's)",
    )
    parser.add_argument("--target", help="output of the profile (default $DBT_TARGET, else the profile's own)")
    parser.add_argument("--data-dir", help="folder of landing, warehouse and marts (default $DATA_DIR, else data)")


@dataclass
class Place:
    """Paths as messages show them: relative to the project where they lie inside it."""

    data_dir: Path
    raw_location: str
    project: Path = PACKAGE
    # A parsed project that dbt need not parse again; tests keep one.
    manifest: Any = field(default=None, repr=False)
    target_option: str | None = None

    @classmethod
    def of(cls, options: argparse.Namespace, project: str | Path | None = None, manifest: Any = None) -> Place:
        """From the options of `add_options`."""
        return cls.find(options.data_dir, options.project_dir or project, manifest, options.target)

    @classmethod
    def find(
        cls,
        data_dir: str | Path | None = None,
        project: str | Path | None = None,
        manifest: Any = None,
        target: str | None = None,
    ) -> Place:
        """The data from the option, else DATA_DIR, else `data`; the landing from RAW_LOCATION, else `raw` below it."""
        project = project_folder(project)
        given = Path(data_dir) if data_dir else Path(os.environ.get("DATA_DIR") or project / "data")
        folder = _shown(given, project)
        raw = os.environ.get("RAW_LOCATION")
        if not raw:
            raw = str(folder / "raw")
        elif "://" not in raw:
            raw = str(_shown(Path(raw), project))
        return cls(folder, raw, project, manifest, target or os.environ.get("DBT_TARGET") or None)

    @property
    def data_here(self) -> Path:
        """The data directory as it is reached from the current folder."""
        folder = self.project / self.data_dir
        return folder.relative_to(Path.cwd()) if folder.is_relative_to(Path.cwd()) else folder

    @property
    def warehouse(self) -> Path:
        return self.data_dir / "warehouse.duckdb"

    @property
    def gate_file(self) -> Path:
        return self.data_dir / "quality_gate.json"

    @property
    def data_docs(self) -> Path:
        return self.data_dir / "data_docs"

    @property
    def manifest_file(self) -> Path:
        """Where dbt leaves what it parsed."""
        return self.project / os.environ.get("DBT_TARGET_PATH", "target") / "manifest.json"

    @property
    def profiles(self) -> Path:
        """The folder with profiles.yml: the project's, else DBT_PROFILES_DIR, else ~/.dbt, in which dbt looks too."""
        if (self.project / "profiles.yml").exists():
            return self.project
        return Path(os.environ.get("DBT_PROFILES_DIR") or Path.home() / ".dbt")

    @property
    def target(self) -> str:
        """The name of the profile's output that is built."""
        return self.target_option or self._profile.get("target") or "default"

    @cached_property
    def output(self) -> dict[str, Any]:
        """The profile's output of the target, with its environment variables filled in."""
        outputs = self._profile.get("outputs") or {}
        if self.target not in outputs:
            expected = " or ".join(outputs) or "one below outputs"
            raise Stop(f"{self.profiles / 'profiles.yml'} has no target {self.target}: expected {expected}.")
        return outputs[self.target]

    @cached_property
    def settings(self) -> dict[str, Any]:
        """The project's dbt_project.yml."""
        import yaml

        return yaml.safe_load((self.project / "dbt_project.yml").read_text()) or {}

    def variable(self, name: str) -> Any:
        """A var of the project as dbt_project.yml sets it for the package, or for all; None where it does not."""
        variables = self.settings.get("vars") or {}
        own = variables.get("expansion_triggers")
        return own[name] if isinstance(own, dict) and name in own else variables.get(name)

    @cached_property
    def _profile(self) -> dict[str, Any]:
        import jinja2
        import yaml

        name, file = self.settings.get("profile"), self.profiles / "profiles.yml"
        if not file.exists():
            raise Stop(f"{file} is missing: expected the profile {name}, which dbt_project.yml names.")
        environment = jinja2.Environment()
        for kind in ("as_bool", "as_native", "as_number", "as_text"):
            environment.filters[kind] = lambda value: value
        # The data directory is the option's, not only the environment's.
        known = os.environ | {"DATA_DIR": str(self.data_dir), "RAW_LOCATION": self.raw_location}
        text = environment.from_string(file.read_text()).render(env_var=lambda key, default="": known.get(key, default))
        profiles = yaml.safe_load(text) or {}
        if name not in profiles:
            raise Stop(f"{file} has no profile {name}: dbt_project.yml names it.")
        return profiles[name]

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


def project_folder(given: str | Path | None = None) -> Path:
    """The given folder, else the current one where it holds a dbt project, else this checkout."""
    if given:
        folder = Path(given).resolve()
        if not (folder / "dbt_project.yml").exists():
            raise Stop(f"{given} is no dbt project: expected a folder with dbt_project.yml.")
        return folder
    here = Path.cwd()
    return here if (here / "dbt_project.yml").exists() else PACKAGE


def _shown(path: Path, project: Path) -> Path:
    absolute = path.resolve()
    return absolute.relative_to(project) if absolute.is_relative_to(project) else absolute
