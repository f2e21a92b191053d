#!/usr/bin/env python3
"""Check what has landed and what is about to leave, and write the verdict that publishing and pushing obey.

Writes `quality_gate.json` and `data_docs/` into the data directory. `build.py` runs it after every build; by itself it
judges the warehouse as it stands.

Exit codes: 0 passed; 1 failed or could not be run, with a sentence for each reason on stderr; 2 wrong options.
"""

from __future__ import annotations

import argparse
import sys

from operations import gate
from operations.place import Place, Stop, add_options


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_options(parser)
    options = parser.parse_args(arguments)
    try:
        place = Place.of(options)
        with place.entered():
            report = gate.run(place)
    except Stop as stop:
        print(*stop.sentences, sep="\n", file=sys.stderr)
        return 1
    for warning in report.warnings:
        print(f"warning: {warning}")
    if not report.passed:
        print(*report.failures, sep="\n", file=sys.stderr)
        return 1
    print(f"{report.expectations} expectations hold as of {report.as_of}; {place.data_docs / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
