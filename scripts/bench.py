#!/usr/bin/env python3
"""Time and memory of every step at a size, beside the least that reading the events can cost.

Makes a sample world of that size, once, in a data directory of its own, and runs the steps on it one after the other,
each in a process of its own. The floor is one pass that reads the raw events and groups them by account, user, day and
event: no build can be faster, so the ratio to it says how much the models add, on any machine. The newest day and hour of
events land between the steps, as they would; a second world has twice the events. Three heavy parts are held against
the versions of a textbook, which must give the same rows.

Writes bench.txt and bench.json into the data directory. Exit codes: 0 all steps ended well; 1 a step failed; 2 wrong
options.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from operations import bench
from operations.place import PACKAGE


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--accounts", type=int, default=2000, help="accounts of the world (default 2,000)")
    add("--events", type=int, default=5_000_000, help="product events of the world (default 5,000,000)")
    add("--months", type=int, default=12, help="months of history (default 12)")
    add("--data-dir", type=Path, help="where the world lies (default data/bench-<accounts>-<events>-<months>)")
    add("--only", nargs="+", choices=[step.name for step in bench.STEPS], help="run only these steps")
    options = parser.parse_args(arguments)
    name = f"bench-{options.accounts}-{options.events}-{options.months}"
    data_dir = (options.data_dir or PACKAGE / "data" / name).resolve()
    bench.make_world(data_dir, options.accounts, options.events, options.months)
    if not options.only or "twice the events" in options.only:
        bench.make_world(data_dir / bench.TWICE, options.accounts, 2 * options.events, options.months)
    outcome = bench.run(data_dir, options.only)
    outcome["size"] = {"accounts": options.accounts, "events": options.events, "months": options.months}
    bench.write(data_dir, outcome)
    print(bench.as_text(outcome))
    return 1 if any(step["exit_code"] for step in outcome["steps"]) else 0


if __name__ == "__main__":
    sys.exit(main())
