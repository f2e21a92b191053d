"""Fixtures: a small warehouse, the program in this process, and a counterpart that keeps state."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import push_paths  # noqa: F401
import pytest
from push.cli import main
from push_counterpart import Counterpart
from push_runs import Run, quick_mapping
from push_world import World


@pytest.fixture(scope="session")
def shared_counterpart() -> Iterator[Counterpart]:
    started = Counterpart()
    yield started
    started.close()


@pytest.fixture
def counterpart(shared_counterpart: Counterpart) -> Counterpart:
    shared_counterpart.reset()
    return shared_counterpart


@pytest.fixture(scope="session")
def five_rows(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World.of(tmp_path_factory.mktemp("five") / "data", 5)


@pytest.fixture
def world(five_rows: World, tmp_path: Path) -> World:
    return five_rows.copy(tmp_path / "data")


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
