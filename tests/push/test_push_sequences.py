"""Random sequences of builds, pushes, failures and crashes end with what the same builds give without any failure."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from push.cli import main
from push.ledger import Ledger
from push_counterpart import Counterpart
from push_runs import quick_mapping
from push_world import AS_OF, World, account, alert, firing

EXAMPLES = int(os.environ.get("EXPANSION_PUSH_EXAMPLES", "8"))
FAULTS = ("ok", "500", "429", "drop", "lost", "cut", "deny")
ALWAYS = ("--max-sends", "1000", "--max-attempts", "1000", "--json")


class Killed(BaseException):
    """The process ends here."""


builds = st.fixed_dictionaries(
    {
        "new": st.integers(0, 2),
        "close": st.lists(st.integers(0, 5), max_size=2),
        "health": st.lists(st.integers(0, 5), max_size=2),
    }
)
pushes = st.fixed_dictionaries(
    {"faults": st.lists(st.sampled_from(FAULTS), max_size=6), "kill_at": st.one_of(st.none(), st.integers(1, 12))}
)
sequences = st.lists(st.tuples(builds, st.lists(pushes, max_size=2)), min_size=1, max_size=3)


def apply_build(world: World, build: dict[str, Any]) -> None:
    """Marts change as real ones do: rows are added, some close, accounts change; a firing's own facts never do."""
    world.as_of += timedelta(hours=6)
    for _ in range(build["new"]):
        number = len(world.firings) + 1
        times = {"deliver_at": world.as_of, "expires_at": world.as_of + timedelta(days=7)}
        world.firings.append(firing(number, **times))
        world.accounts.append(account(number))
        world.alerts.append(alert(number, **times))
    for index in build["close"]:
        if index < len(world.firings) and not world.firings[index]["is_closed"]:
            world.firings[index] |= {"is_closed": True, "closed_at": world.as_of}
            world.alerts[index] |= {"is_closed": True}
    for index in build["health"]:
        if index < len(world.accounts):
            world.accounts[index]["health_score"] -= 1
    world.build()


@contextlib.contextmanager
def dying_at(commit: int | None) -> Iterator[None]:
    """Ends the run at a commit: before it when the number is odd, after it when it is even."""
    passed = 0
    original = Ledger._commit

    def commit_or_die(ledger: Ledger) -> None:
        nonlocal passed
        passed += 1
        if commit is not None and passed == (commit + 1) // 2 and commit % 2:
            raise Killed
        original(ledger)
        if commit is not None and passed == commit // 2 and not commit % 2:
            raise Killed

    with mock.patch.object(Ledger, "_commit", commit_or_die):
        yield


def push(world: World, destination: str, mapping: str, kill_at: int | None = None) -> int | None:
    arguments = ["--data-dir", str(world.folder), "--to", destination, "--mapping", mapping, *ALWAYS]
    with contextlib.ExitStack() as stack:
        stack.enter_context(contextlib.suppress(Killed))
        silence = stack.enter_context(open(os.devnull, "w"))
        stack.enter_context(contextlib.redirect_stdout(silence))
        stack.enter_context(contextlib.redirect_stderr(silence))
        stack.enter_context(dying_at(kill_at))
        return main(arguments)
    return None


def outcome(world: World, destination: str, counterpart: Counterpart) -> Any:
    if destination == "file":
        return sorted(json.dumps(line, sort_keys=True) for line in world.lines())
    if destination == "slack":
        return Counter((message["text"], json.dumps(message["blocks"])) for message in counterpart.messages)
    return json.dumps([counterpart.records, sorted(map(list, counterpart.links))], sort_keys=True)


@pytest.mark.parametrize("destination", ["file", "webhook", "hubspot", "salesforce", "slack"])
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(sequence=sequences)
def test_failures_leave_no_trace(destination: str, sequence: list, counterpart: Counterpart, tmp_path: Path) -> None:
    with mock.patch.dict(os.environ, counterpart.environment()):
        os.environ.pop("RAW_LOCATION", None)
        folder = Path(tempfile.mkdtemp(dir=tmp_path))
        try:
            check(destination, sequence, counterpart, folder)
        finally:
            shutil.rmtree(folder)


def check(destination: str, sequence: list, counterpart: Counterpart, folder: Path) -> None:
    mapping = quick_mapping(
        folder, destination, **({} if destination == "file" else {"batch_size": 2, "commit_size": 2})
    )
    calm, rough = World(folder / "calm"), World(folder / "rough")
    counterpart.reset()
    for build, _ in sequence:
        apply_build(calm, build)
        assert push(calm, destination, mapping) == 0
    expected = outcome(calm, destination, counterpart)
    assert all(row["deliver_at"] > AS_OF for row in calm.firings)

    counterpart.reset()
    for build, attempts in sequence:
        apply_build(rough, build)
        for attempt in attempts:
            counterpart.faults.extend(attempt["faults"])
            code = push(rough, destination, mapping, attempt["kill_at"])
            event(f"{destination}: {'killed' if code is None else f'exit {code}'}")
            counterpart.faults.clear()
    last = push(rough, destination, mapping)
    found = outcome(rough, destination, counterpart)
    if destination == "slack":
        assert_at_most_once(rough, expected, found, last)
        return
    assert last == 0
    assert found == expected
    before = len(counterpart.requests)
    assert push(rough, destination, mapping) == 0
    assert len(counterpart.requests) == before
    attempts = rough.log("attempt_id")
    assert len(set(attempts)) == len(attempts)


def assert_at_most_once(world: World, expected: Counter, found: Counter, code: int | None) -> None:
    """Nothing twice, nothing that was not expected, and nothing missing without a word."""
    assert max(found.values(), default=1) == 1
    assert not found - expected
    unknown = {key for (key,) in world.ledger("select sync_key from deliveries where state = 'unknown'")}
    assert (code == 1) == bool(unknown)
    # A closing whose opening is unknown waits with it.
    waiting = sum(2 if f"{key}:closed" in closings(world) - unknown else 1 for key in unknown if ":closed" not in key)
    waiting += sum(key.endswith(":closed") for key in unknown)
    assert sum(expected.values()) - sum(found.values()) <= waiting


def closings(world: World) -> set[str]:
    return {f"{row['alert_id']}:closed" for row in world.alerts if row["is_closed"]}
