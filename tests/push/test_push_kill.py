"""A real process dies by SIGKILL at every change of the ledger; the next run ends as if nothing had happened."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from push_counterpart import Counterpart
from push_paths import HERE
from push_runs import quick_mapping
from push_world import World, account, alert, firing

KILLED = -signal.SIGKILL
SETTINGS = {
    "hubspot": {"batch_size": 3, "commit_size": 3},
    "salesforce": {"batch_size": 3, "commit_size": 3},
    "webhook": {"commit_size": 1},
}
# Commits and renames of one push: fewer would mean that a state is no longer recorded. 130 kills in all.
FEWEST_POINTS = {"file": 18, "webhook": 26, "hubspot": 24, "salesforce": 18, "hightouch": 18, "slack": 26}


class Driver:
    """The process that forks a pusher for each order."""

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self.environment = environment
        self.output = folder / "output.txt"
        command = [sys.executable, str(HERE / "push_kill_driver.py")]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def push(self, world: World, destination: str, mapping: str, *arguments: str, kill_at: int = 0) -> int:
        options = ["--data-dir", str(world.folder), "--to", destination, "--mapping", mapping, "--json", *arguments]
        order = {
            "arguments": [*options, "--max-sends", "100"],
            "environment": self.environment,
            "output": str(self.output),
            "kill_at": kill_at,
        }
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())["code"]

    @property
    def points(self) -> int:
        return int(self.output.with_suffix(".points").read_text())

    @property
    def summary(self) -> dict[str, Any]:
        return json.loads(self.output.read_text())

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait(10)


@pytest.fixture
def driver(counterpart: Counterpart, tmp_path: Path) -> Iterator[Driver]:
    started = Driver(counterpart.environment(), tmp_path)
    yield started
    started.close()


def make_world(folder: Path) -> World:
    """Three firings with accounts and alerts; the last one is closed already."""
    world = World(folder)
    for number in (1, 2, 3):
        closed = {"is_closed": number == 3}
        world.firings.append(firing(number, **closed, closed_at=world.as_of if number == 3 else None))
        world.accounts.append(account(number))
        world.alerts.append(alert(number, **closed))
    world.build()
    return world


def end_state(destination: str, world: World, counterpart: Counterpart) -> Any:
    """What counts at the end: rows by key at the destination."""
    if destination == "file":
        return sorted((line["sync_key"], json.dumps(line, sort_keys=True)) for line in world.lines())
    if destination in {"hightouch", "census"}:
        return sorted(set(counterpart.runs))
    return json.loads(json.dumps([counterpart.records, sorted(map(list, counterpart.links))], sort_keys=True))


@pytest.mark.parametrize("destination", ["file", "webhook", "hubspot", "salesforce", "hightouch"])
def test_killed_at_every_point_the_next_run_ends_the_same(
    destination: str, driver: Driver, counterpart: Counterpart, sample: Callable, tmp_path: Path
) -> None:
    mapping = quick_mapping(tmp_path, destination, **SETTINGS.get(destination, {}))
    template = make_world(tmp_path / "template")
    calm = World(tmp_path / "calm")
    shutil.copytree(template.folder, calm.folder)
    assert driver.push(calm, destination, mapping) == 0
    points, expected = driver.points, end_state(destination, calm, counterpart)
    assert points >= FEWEST_POINTS[destination]
    kills = sample(range(1, points + 1), 3, "kills of a push")
    for point in kills:
        counterpart.reset()
        world = World(tmp_path / "data")
        shutil.rmtree(world.folder, ignore_errors=True)
        shutil.copytree(template.folder, world.folder)
        assert driver.push(world, destination, mapping, kill_at=point) == KILLED, point
        assert driver.push(world, destination, mapping) == 0, (point, driver.output.read_text())
        assert end_state(destination, world, counterpart) == expected, point
        assert_settled(world, destination, point)
        if destination == "file":
            assert world.parquet_keys() == [key for key, _ in expected], point
        before = len(counterpart.requests)
        assert max(counterpart.arrivals.values(), default=1) <= 2, point
        if point % 5 == 0 or point == kills[-1]:
            assert driver.push(world, destination, mapping) == 0
            assert len(counterpart.requests) == before, "an unchanged run sends nothing"


def assert_settled(world: World, destination: str, point: int) -> None:
    """Everything is delivered in the ledger, and every delivery landed in the push log, each attempt once."""
    states = world.ledger("select state, count(*) from deliveries group by 1")
    arrived = "handed_over" if destination == "hightouch" else "delivered"
    assert [state for state, _ in states] == [arrived], (point, states)
    assert world.ledger("select count(*) from attempts") == [(0,)]
    log = world.log("attempt_id, sync_key, outcome, object")
    assert len({row[0] for row in log}) == len(log), point
    delivered = {(row[3], row[1]) for row in log if row[2] == arrived}
    assert delivered == set(world.ledger("select object, sync_key from deliveries")), point


def test_slack_never_repeats_by_itself(
    driver: Driver, counterpart: Counterpart, sample: Callable, tmp_path: Path
) -> None:
    mapping = quick_mapping(tmp_path, "slack")
    template = make_world(tmp_path / "template")
    calm = World(tmp_path / "calm")
    shutil.copytree(template.folder, calm.folder)
    assert driver.push(calm, "slack", mapping) == 0
    points = driver.points
    assert points >= FEWEST_POINTS["slack"]
    assert sorted(message["text"] for message in counterpart.messages) == [
        "Account 1: seats nearly full",
        "Account 2: seats nearly full",
        "Account 3: seats nearly full",
        "Closed: Account 3: seats nearly full",
    ]
    for point in sample(range(1, points + 1), 3, "kills of a push"):
        counterpart.reset()
        world = World(tmp_path / "data")
        shutil.rmtree(world.folder, ignore_errors=True)
        shutil.copytree(template.folder, world.folder)
        assert driver.push(world, "slack", mapping, kill_at=point) == KILLED
        code = driver.push(world, "slack", mapping)
        posted = Counter(message["text"] for message in counterpart.messages)
        assert max(posted.values(), default=0) <= 1, point
        unknown = [key for (key,) in world.ledger("select sync_key from deliveries where state = 'unknown'")]
        assert code == (1 if unknown else 0), point
        assert driver.summary["skipped"].get("unknown", 0) == len(unknown), point
        assert len(unknown) <= 1
        # A closing waits for an opening that nobody can vouch for.
        expected = 3 if unknown == ["alert003"] else 4
        assert len(set(posted) | set(unknown)) >= expected - len(unknown), point
        if unknown:
            assert driver.push(world, "slack", mapping, "--resend-unknown") == 0
        assert len({message["text"] for message in counterpart.messages}) == 4, point
