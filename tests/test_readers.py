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
    for number, (name, (python, kind)) in enumerate(READERS.items()):
        with (tmp_path / f"{number}.out").open("w") as out, (tmp_path / f"{number}.err").open("w") as err:
            command = [python, READER, kind, data_dir / "marts.duckdb", stop]
            clients[name] = (subprocess.Popen(command, stdout=out, stderr=err), Path(out.name), Path(err.name))
    read = dict.fromkeys(clients, 0)
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
            for name, (client, out, err) in clients.items():
                assert client.poll() in (None, 0), f"{name}: {err.read_text()}"
                read[name] = len(out.read_text().splitlines())
    finally:
        stop.touch()
    for name, (client, out, err) in clients.items():
        assert client.wait(timeout=300) == 0, f"{name}: {err.read_text()}"
        for line in out.read_text().splitlines():
            firings, statuses = json.loads(line)
            assert firings == statuses and firings in states, f"{name} read {firings} firings and {statuses} statuses"
    print(read, f"{len(states) - 1} publications")
