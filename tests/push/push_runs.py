"""How tests run the program: mappings without the waits that real vendors need, and what a run said."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import push_paths  # noqa: F401
import yaml
from push.mapping import FOLDER

DESTINATIONS = ("file", "webhook", "hubspot", "salesforce", "slack", "hightouch", "census")
QUICK = {"wait_initial": 0, "wait_max": 0.01, "timeout": 5, "deadline": 5, "tries": 3}
QUICK_BY_DESTINATION = {
    "slack": {"seconds_per_message": 0},
    "hightouch": {"poll_interval": 0, "poll_timeout": 1},
    "census": {"poll_interval": 0, "poll_timeout": 1},
}


@cache
def shipped(destination: str) -> str:
    """The mapping that ships as JSON, which is read faster than YAML and is YAML as well."""
    return json.dumps(yaml.safe_load((FOLDER / f"{destination}.yml").read_text()))


def quick_mapping(folder: Path, destination: str, **settings: Any) -> str:
    """The mapping that ships, with other settings."""
    content = json.loads(shipped(destination))
    extra = QUICK_BY_DESTINATION.get(destination, {})
    waits = {} if destination == "file" else QUICK
    content["settings"] = {**(content.get("settings") or {}), **waits, **extra, **settings}
    path = folder / f"{destination}.yml"
    path.write_text(json.dumps(content))
    return str(path)


@dataclass
class Run:
    """What one run of the program said."""

    code: int
    out: str
    err: str

    @property
    def summary(self) -> dict[str, Any]:
        return json.loads(self.out)
