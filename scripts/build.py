#!/usr/bin/env python3
"""Build the warehouse from what has landed, check it, and publish its marts.

Looks at the landed files, runs dbt, runs the quality gate, and only then replaces the published marts.

Exit codes: 0 built, checked and published; 1 stopped, with a sentence for each reason on stderr and the published
marts as they were; 2 wrong options; 75 another command holds the warehouse for longer than --wait.
"""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from typing import Any

from operations import turn
from operations.pipeline import Options, build
from operations.place import Place, Stop, add_options


def main(arguments: list[str] | None = None, project: Any = None, manifest: Any = None) -> int:
    """Command line; `project` and `manifest` let a test build a copy of the project without parsing it again."""
    parser = argparse.ArgumentParser(
        description=__doc__.splitlines()[0], epilog=__doc__.split("\n\n", 2)[2], formatter_class=_Formatter
    )
    add_options(parser)
    add = parser.add_argument
    add("--as-of", type=_moment, metavar="T", help="build as of this UTC moment (default: the newest product event)")
    add("--full-refresh", action="store_true", help="build incremental models anew; recorded firings stay")
    add("--select", nargs="+", default=[], metavar="NODE", help="build only these, in dbt's selector syntax")
    add("--exclude", nargs="+", default=[], metavar="NODE", help="leave these out, in dbt's selector syntax")
    add("--wait", type=float, default=turn.DEFAULT_WAIT, metavar="SECONDS", help="wait so long for the warehouse")
    add("--quiet", action="store_true", help="say nothing unless it goes wrong")
    options = parser.parse_args(arguments)
    tell = (lambda line: None) if options.quiet else (lambda line: print(line, flush=True))
    try:
        place = Place.of(options, project, manifest)
        chosen = Options(options.as_of, options.full_refresh, options.select, options.exclude, wait=options.wait)
        build(place, chosen, tell)
    except turn.Busy as busy:
        print(*busy.sentences, file=sys.stderr)
        return turn.BUSY
    except Stop as stop:
        print(*stop.sentences, sep="\n", file=sys.stderr)
        return 1
    return 0


def _moment(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no moment: expected 2026-03-01 or 2026-03-01T12:00:00Z"
        ) from None
    naive = moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
    return naive.isoformat(sep=" ")


class _Formatter(argparse.ArgumentDefaultsHelpFormatter, argparse.RawDescriptionHelpFormatter):
    def _get_help_string(self, action: argparse.Action) -> str | None:
        return action.help


if __name__ == "__main__":
    sys.exit(main())
