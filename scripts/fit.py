#!/usr/bin/env python3
"""Fit the weights of readiness, monthly with the council, on a warehouse that has been built.

Lands raw/readiness/weights: each month's end of the last year that has none yet, on what was known then. The next build
applies them. What was fitted stays, so that past months stay as they were foretold; --anew fits them again.

Exit codes: 0 fitted; 1 stopped, with a sentence on stderr; 75 another command holds the warehouse.
"""

from __future__ import annotations

import argparse
import sys

from operations import turn
from operations.place import Place, Stop, add_options
from operations.relations import Relations


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_options(parser)
    parser.add_argument("--anew", action="store_true", help="also the months that have weights, as their next version")
    parser.add_argument("--wait", type=float, default=turn.DEFAULT_WAIT, help="wait so many seconds for the warehouse")
    options = parser.parse_args(arguments)
    try:
        # Importing scikit-learn takes a second that a wrong option need not cost.
        from readiness import run

        place = Place.of(options)
        with place.entered(), turn.held(place.warehouse, "make fit", wait=options.wait):
            run.fit(place, Relations.of(place), lambda line: print(line, flush=True), options.anew)
    except turn.Busy as busy:
        print(*busy.sentences, file=sys.stderr)
        return turn.BUSY
    except Stop as stop:
        print(*stop.sentences, sep="\n", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
