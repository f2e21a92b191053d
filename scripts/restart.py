#!/usr/bin/env python3
"""Forget the recorded firings, so that the next build decides afresh - as long as nobody was told of any of them.

The first configuration is rarely the last. Recorded firings are facts that no later build changes, which is right once a
person has acted on one, and in the way before. Without --yes it only says what it would drop.

Exit codes: 0 done, or told what would be dropped; 1 refused, with a sentence on stderr, nothing changed; 2 wrong options.
"""

from __future__ import annotations

import argparse
import sys
from typing import Any

from operations import restart
from operations.place import Place, Stop, add_options


def main(arguments: list[str] | None = None, project: Any = None, manifest: Any = None) -> int:
    """Command line; `project` and `manifest` let a test use a copy of the project."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_options(parser)
    parser.add_argument("--yes", action="store_true", help="drop them")
    options = parser.parse_args(arguments)
    try:
        place = Place.of(options, project, manifest)
        with place.entered():
            print(*restart.restart(place, options.yes), sep="\n")
    except Stop as stop:
        print(*stop.sentences, sep="\n", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
