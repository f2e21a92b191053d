#!/usr/bin/env python3
"""Between full builds: builds event triggers only, and pushes what is due by now to one destination.

Exit codes: those of push_triggers.py; 1 when the build stopped; 75 when another command holds the warehouse for longer
than --wait: the next run takes it up.
"""

from __future__ import annotations

import argparse
import sys

from operations import dbt_run, runs, turn
from operations.place import Place, Stop, add_options
from push import cli as push

WAIT = 120.0
SELECT = ["build", "--select", "tag:urgent", "--indirect-selection", "cautious", "--exclude-resource-type", "unit_test"]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0], epilog=__doc__.split("\n\n", 2)[1])
    add_options(parser)
    parser.add_argument("--to", default="file", metavar="DESTINATION", help="where to push (default file)")
    parser.add_argument(
        "--wait", type=float, default=WAIT, metavar="SECONDS", help=f"for the warehouse (default {WAIT:g})"
    )
    options = parser.parse_args(arguments)
    try:
        place = Place.of(options)
        with place.entered(), turn.held(place.warehouse, "an urgent run", options.wait):
            run = runs.begun(place, "urgent")
            # Other variables would make dbt parse everything anew, here and in the next build: hence a target of its own.
            with run.step("dbt") as step:
                built = dbt_run.invoke(place, [*SELECT, "--vars", "{urgent: true}", "--target-path", "target/urgent"])
                step.nodes = runs.counted(built.results)
    except Stop as stop:
        print(*stop.sentences, sep="\n", file=sys.stderr)
        return turn.BUSY if isinstance(stop, turn.Busy) else 1
    given = [("--project-dir", options.project_dir), ("--target", options.target), ("--data-dir", options.data_dir)]
    only = "alert" if options.to == "slack" else "firing"
    passed = [part for name, value in given if value for part in (name, value)]
    return push.main([*passed, "--to", options.to, "--only", only, "--now", "--wait", str(options.wait)])


if __name__ == "__main__":
    sys.exit(main())
