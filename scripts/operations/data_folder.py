"""A plugin of dbt-duckdb that makes the folder of the warehouse: dbt opens the file before any hook can run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dbt.adapters.duckdb.plugins import BasePlugin


class Plugin(BasePlugin):
    """Has no configuration: the profile's path says where the warehouse lies."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        path = self.creds.path if self.creds else ":memory:"
        # In memory, or with MotherDuck, there is no folder.
        if ":" not in path:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
