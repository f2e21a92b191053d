"""Fixtures: a small warehouse, the program in this process, and a counterpart that keeps state."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "scripts")]

from counterpart import Counterpart  # noqa: E402
from fixtures import World  # noqa: E402

from push.cli import main  # noqa: E402
from push.mapping import FOLDER  # noqa: E402

DESTINATIONS = ("file", "webhook", "hubspot", "salesforce", "slack", "hightouch", "census")
QUICK = {"wait_initial": 0, "wait_max": 0.01, "timeout": 2, "deadline": 2, "tries": 3}
QUICK_BY_DESTINATION = {
    "slack": {"seconds_per_message": 0},
    "hightouch": {"poll_interval": 0, "poll_timeout": 1},
    "census": {"poll_interval": 0, "poll_timeout": 1},
}


def quick_mapping(folder: Path, destination: str, **settings: Any) -> str:
    """The mapping that ships, without the waits that real vendors need."""
    content = yaml.safe_load((FOLDER / f"{destination}.yml").read_text())
    extra = QUICK_BY_DESTINATION.get(destination, {})
    waits = {} if destination == "file" else QUICK
    content["settings"] = {**(content.get("settings") or {}), **waits, **extra, **settings}
    path = folder / f"{destination}.yml"
    path.write_text(yaml.safe_dump(content))
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


@pytest.fixture(scope="session")
def shared_counterpart() -> Iterator[Counterpart]:
    started = Counterpart()
    yield started
    started.close()


@pytest.fixture
def counterpart(shared_counterpart: Counterpart) -> Counterpart:
    shared_counterpart.reset()
    return shared_counterpart


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World.of(tmp_path / "data", 5)


@pytest.fixture
def run(
    world: World, counterpart: Counterpart, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> Callable[..., Run]:
    """Runs the program in this process against the counterpart, without waits."""
    monkeypatch.delenv("RAW_LOCATION", raising=False)
    for name, value in counterpart.environment().items():
        monkeypatch.setenv(name, value)

    def call(destination: str = "file", *arguments: str, world: World = world, **settings: Any) -> Run:
        mapping = quick_mapping(tmp_path, destination, **settings)
        options = ["--data-dir", str(world.folder), "--to", destination, "--mapping", mapping, "--json", *arguments]
        code = main(options)
        captured = capsys.readouterr()
        return Run(code, captured.out, captured.err)

    return call
