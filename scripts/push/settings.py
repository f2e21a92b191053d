"""Where things lie and which secrets exist. Secrets come from the environment only."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from operations.place import Place
from operations.relations import Relations

from .errors import Refused

MINIMUM_SECRET_LENGTH = 4


@dataclass
class Settings:
    """One run's surroundings: folders, environment, and every secret value read so far."""

    data_dir: Path
    raw_location: str
    environment: dict[str, str]
    secrets: set[str] = field(default_factory=set)
    place: Place = field(default_factory=Place.find)

    @classmethod
    def from_environment(
        cls, data_dir: str | None, project_dir: str | None = None, target: str | None = None
    ) -> Settings:
        """Folders from the option, else DATA_DIR, else the project's `data`; RAW_LOCATION defaults to `raw` below it."""
        place = Place.find(data_dir, project_dir, target=target)
        folder = place.data_here
        raw = os.environ.get("RAW_LOCATION") or str(folder / "raw")
        return cls(data_dir=folder, raw_location=raw, environment=dict(os.environ), place=place)

    @cached_property
    def relations(self) -> Relations:
        """Where the project's target keeps its marts."""
        return Relations.of(self.place)

    @property
    def warehouse(self) -> Path:
        return self.data_dir / "warehouse.duckdb"

    @property
    def ledger(self) -> Path:
        return self.data_dir / "push_ledger.duckdb"

    @property
    def outbox(self) -> Path:
        return self.data_dir / "outbox"

    @property
    def quality_gate(self) -> Path:
        return self.data_dir / "quality_gate.json"

    @property
    def push_log(self) -> Path:
        return self._local_raw() / "push" / "push_log"

    @property
    def erasure_requests(self) -> Path:
        return self._local_raw() / "push" / "erasure_requests"

    def _local_raw(self) -> Path:
        if "://" in self.raw_location:
            raise Refused(f"RAW_LOCATION {self.raw_location} is not a local folder, so the push log cannot be landed.")
        return Path(self.raw_location)

    def value(self, name: str, default: str | None = None) -> str | None:
        """A plain setting from the environment."""
        return self.environment.get(name, "").strip() or default

    def secret(self, name: str) -> str | None:
        """A secret from the environment; remembered so that no output can repeat it."""
        value = self.environment.get(name, "").strip()
        if value:
            self.hide(value)
        return value or None

    def require_secret(self, name: str) -> str:
        """Like `secret`; refuses the run when the variable is not set."""
        value = self.secret(name)
        if value is None:
            raise Refused(f"The environment variable {name} is not set.")
        return value

    def hide(self, value: str) -> None:
        if len(value) >= MINIMUM_SECRET_LENGTH:
            self.secrets.add(value)

    def redact(self, text: str) -> str:
        """The text with every known secret replaced."""
        for secret in sorted(self.secrets, key=len, reverse=True):
            text = text.replace(secret, "***")
        return text
