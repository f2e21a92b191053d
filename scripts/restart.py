#!/usr/bin/env python3
"""Forget the recorded firings, so that the next build decides afresh - as long as nobody was told of any of them.

The first configuration is rarely the last. Recorded firings are facts that no later build changes, which is right once a
person has acted on one, and in the way before. Without --yes it only says what it would drop.

Exit codes: 0 done, or told what would be dropped; 1 refused, with a sentence on stderr, nothing changed; 2 wrong options.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from operations import restart
from operations.place import PROJECT, Place, Stop


def main(arguments: list[str] | None = None, project: Path = PROJECT) -> int:
    """Command line; `project` lets a test use a copy of the project."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data-dir", help="folder of landing, warehouse and marts (default $DATA_DIR, else data)")
    parser.add_argument("--project-dir", type=Path, help="the project whose configuration is read (default: this one)")
    parser.add_argument("--yes", action="store_true", help="drop them")
    options = parser.parse_args(arguments)
    if options.project_dir and not (options.project_dir / "dbt_project.yml").is_file():
        parser.error(f"{options.project_dir} holds no dbt_project.yml")
    place = Place.find(options.data_dir, (options.project_dir or project).resolve())
    try:
        with place.entered():
            print(*restart.restart(place, options.yes), sep="\n")
    except Stop as stop:
        print(*stop.sentences, sep="\n", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
