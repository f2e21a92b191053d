"""Rows a second to each destination, mocked on the loopback, and the requests that an unchanged second run sends.

`make push-rates`. Slack is timed without its pause of a second a message and channel, which no program can shorten;
the sync tools are told to run and asked until they have, which is one run whatever the number of rows.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
import tempfile
import time
from pathlib import Path

import push_paths  # noqa: F401
from push.cli import main as push
from push_counterpart import Counterpart
from push_runs import DESTINATIONS, quick_mapping
from push_world import World

ROWS = {"slack": 200}
MOST_ROWS = 1000


def main() -> int:
    """Prints a line a destination; exit 1 where a first run did not deliver or a second run sent something."""
    broken = 0
    print(f"{'destination':12} {'rows':>6} {'seconds':>8} {'rows/s':>8} {'requests':>9} {'second run':>11}")
    for destination in DESTINATIONS:
        with tempfile.TemporaryDirectory() as folder:
            counterpart = Counterpart()
            os.environ.update(counterpart.environment())
            world = World.of(Path(folder) / "data", ROWS.get(destination, MOST_ROWS))
            rows, seconds, requests = run(destination, world, counterpart)
            again, _, repeated = run(destination, world, counterpart)
            counterpart.close()
        broken += rows == 0 or again + repeated > 0
        print(
            f"{destination:12} {rows:6,} {seconds:8.2f} {rows / seconds:8,.0f} {requests:9,} {repeated:11,}", flush=True
        )
    return 1 if broken else 0


def run(destination: str, world: World, counterpart: Counterpart) -> tuple[int, float, int]:
    """Rows delivered, seconds taken and write requests of one run."""
    before = len(counterpart.requests)
    mapping = quick_mapping(world.folder.parent, destination)
    options = ["--data-dir", str(world.folder), "--to", destination, "--mapping", mapping, "--json"]
    said = io.StringIO()
    began = time.perf_counter()
    with contextlib.redirect_stdout(said):
        push([*options, "--max-sends", "1000000"])
    seconds = time.perf_counter() - began
    return json.loads(said.getvalue())["delivered"], seconds, len(counterpart.requests) - before


if __name__ == "__main__":
    sys.exit(main())
