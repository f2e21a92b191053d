"""Readers of every kind, in processes of their own, read whole marts while others are published under them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support.built_world import copied, write
from support.project import ROOT
from test_publish import publish

READER = ROOT / "tests/readers/read.py"
OLD = ROOT / ".venv-readers/bin/python"
# The client of the readers' environment is the oldest that the marts are for; the project's own is the newest.
READERS = {
    "the oldest client": (OLD, "duckdb"),
    "the newest client": (Path(sys.executable), "duckdb"),
    "SQLAlchemy": (OLD, "sqlalchemy"),
    "Arrow": (OLD, "arrow"),
    "a notebook": (OLD, "notebook"),
}
LEAST_READINGS = 2


def test_readers_see_whole_marts_while_builds_publish(tmp_path):
    if not OLD.exists():
        if os.environ.get("EXPANSION_REQUIRE_READERS") == "1":
            pytest.fail(f"{OLD} is missing: make readers-env")
        pytest.skip("make readers-env installs the clients")
    data_dir, stop = copied(tmp_path, with_warehouse=True), tmp_path / "stop"
    whole = publish(data_dir)["fct_fired_triggers"]
    states = {whole}
    clients = {}
    for name, (python, kind) in READERS.items():
        command = [python, READER, kind, data_dir / "marts.duckdb", stop]
        clients[name] = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    read = dict.fromkeys(clients, 0)
    lines = {name: [] for name in clients}
    for client in clients.values():
        os.set_blocking(client.stdout.fileno(), False)
    deadline = time.monotonic() + 300
    try:
        while min(read.values()) < LEAST_READINGS or len(states) < 4:
            assert time.monotonic() < deadline, read
            left = whole - 10 * len(states)
            # A build that leaves fewer firings: in both marts, or in neither.
            tables = ("int_firings", "int_firing_status")
            keep = f"select firing_id from intermediate.int_firings order by firing_id limit {left}"
            write(
                data_dir / "warehouse.duckdb",
                f"create or replace temp table kept as {keep}",
                *(f"delete from intermediate.{table} where firing_id not in (from kept)" for table in tables),
            )
            assert publish(data_dir)["fct_fired_triggers"] == left
            states.add(left)
            for name, client in clients.items():
                assert client.poll() in (None, 0), f"{name}: {client.stderr.read()}"
                lines[name] += (client.stdout.read() or "").splitlines()
                read[name] = len(lines[name])
    finally:
        stop.touch()
    for name, client in clients.items():
        os.set_blocking(client.stdout.fileno(), True)
        out, err = client.communicate(timeout=120)
        assert client.returncode == 0, f"{name}: {err}"
        for line in [*lines[name], *out.splitlines()]:
            firings, statuses = json.loads(line)
            assert firings == statuses and firings in states, f"{name} read {firings} firings and {statuses} statuses"
    print({name: len(found) for name, found in lines.items()}, f"{len(states) - 1} publications")
