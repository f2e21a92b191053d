#!/usr/bin/env python3
"""Let held firings go: those of a trigger that fired far more than usual on one day.

Lands a row in raw/operations/approvals; the next build, or of an event trigger the next urgent run, puts them among what is
due. Without --trigger it lists what waits.

Exit codes: 0 said, or listed; 1 nothing such is held, with a sentence on stderr; 2 wrong options; 75 another command holds
the warehouse for longer than --wait.
"""

from __future__ import annotations

import argparse
import sys
from datetime import date

from operations import turn, volumes
from operations.place import Place, Stop, add_options
from operations.warehouse import is_missing


def main(arguments: list[str] | None = None, project: object = None, manifest: object = None) -> int:
    """Command line; `project` and `manifest` are a test's parsed copy."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0], epilog=__doc__.split("\n\n", 2)[2])
    add_options(parser)
    parser.add_argument("--trigger", help="the trigger whose firings go; without one, what waits is listed")
    parser.add_argument("--day", type=date.fromisoformat, metavar="DATE", help="the day on which it fired")
    parser.add_argument("--reason", help="why they may go, for the record")
    parser.add_argument("--wait", type=float, default=60.0, metavar="SECONDS", help="for the warehouse (default 60)")
    options = parser.parse_args(arguments)
    if bool(options.trigger) != bool(options.day):
        parser.error("--trigger and --day go together")
    try:
        place = Place.of(options, project, manifest)
        with place.entered(), turn.held(place.warehouse, "an approval", options.wait, is_reading=True):
            if is_missing(place):
                raise Stop(f"{place.warehouse} is missing: build it first (make build).")
            if not options.trigger:
                told = [held.sentence for held in volumes.held(place)]
                print(*(told or ["Nothing is held."]), sep="\n")
                return 0
            count = volumes.approve(place, options.trigger, options.day, options.reason)
    except Stop as stop:
        print(*stop.sentences, sep="\n", file=sys.stderr)
        return turn.BUSY if isinstance(stop, turn.Busy) else 1
    print(
        f"{count:,} firings of {options.trigger} of {options.day} may go: the next build sends what is not too late by then."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
