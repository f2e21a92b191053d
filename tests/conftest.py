"""Fixtures that several test files share."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from support.project import FROZEN, ROOT, Project
from support.shared import FOLDER

pytest_plugins = ["support.sampling"]
#: Files of long tests begin first: one that begins last leaves the other worker idle.
LONG = (
    "test_dirty_facts.py",
    "test_models_against_evaluator.py",
    "test_replay.py",
    "test_runs.py",
    "test_life_after_a_firing.py",
    "test_configuration.py",
    "test_example_company.py",
    "test_push_kill.py",
)


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.shared_worlds = tempfile.TemporaryDirectory(prefix="shared-worlds-")
        os.environ[FOLDER] = str(Path(config.shared_worlds.name).resolve())


def pytest_unconfigure(config: pytest.Config) -> None:
    if hasattr(config, "shared_worlds"):
        config.shared_worlds.cleanup()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: LONG.index(item.path.name) if item.path.name in LONG else len(LONG))


def pytest_terminal_summary(terminalreporter) -> None:
    """TeamFlow may change, or give way to another company: the tests go on with what they know, and say so."""
    differing = sorted(
        file.name
        for file in (ROOT / "seeds/company").glob("*.csv")
        if not (FROZEN / file.name).exists() or (FROZEN / file.name).read_bytes() != file.read_bytes()
    )
    if differing:
        terminalreporter.write_line(
            f"tested on {FROZEN.relative_to(ROOT)}, which seeds/company is no longer: {', '.join(differing)}"
        )


@pytest.fixture(scope="session")
def checkout(tmp_path_factory) -> Project:
    """A copy of the project; its manifest is parsed once a session."""
    return Project(tmp_path_factory.mktemp("project") / "checkout")


@pytest.fixture(scope="module")
def project(checkout) -> Project:
    """The copy, on the frozen configuration whatever another file's tests put there; they may replace its seeds."""
    checkout.use_seeds(None)
    return checkout
