"""The command line: options at the edge, exit codes at the end.

Exit codes: 0 all delivered; 1 some rows rejected, unknown or still to be tried; 2 refused, nothing was sent; 75 another
command holds the warehouse.
"""

from __future__ import annotations

import argparse
import json
import logging
import math
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Any

from operations.place import Stop, add_options
from operations.turn import BUSY, Busy

from . import dead_letters
from .destinations import CLASSES, destination_class
from .destinations.base import MAX_WAIT
from .errors import Refused
from .ledger import Entry, Ledger
from .session import (
    DEFAULT_MAX_ATTEMPTS,
    DEFAULT_MAX_BUILD_AGE,
    DEFAULT_MAX_SENDS,
    SOME_LEFT,
    Options,
    Summary,
    push,
)
from .settings import Settings

REFUSED = 2
COMMANDS = ("push", "list", "retry", "drop", "release")


class Parser(argparse.ArgumentParser):
    """Bad options are refusals like any other: one sentence, exit code 2."""

    def error(self, message: str) -> None:
        raise Refused(f"{message[:1].upper()}{message[1:]}.")


def parser() -> argparse.ArgumentParser:
    result = Parser(
        prog="push_triggers.py",
        description="Send due firings from the sync marts to one destination, each once.",
        epilog="Exit codes: 0 all delivered, 1 some rows rejected, unknown or waiting, 2 refused and nothing sent,"
        " 75 another command holds the warehouse.",
    )
    add = result.add_argument
    add(
        "command",
        nargs="?",
        default="push",
        help=f"{', '.join(COMMANDS)} (default push); the others are for dead letters and parked rows",
    )
    add("--to", metavar="DESTINATION", help=f"one of {', '.join(CLASSES)} (default file)")
    add_options(result)
    add("--only", action="append", default=[], metavar="OBJECT", help="send only this object: account, firing or alert")
    add("--mapping", metavar="FILE", help="a mapping file, or the name of one that ships, such as webhook_email")
    add("--dry-run", action="store_true", help="show what would go; send no write, write no ledger")
    add("--max-sends", type=int, metavar="N", help=f"send at most N rows, or nothing (default {DEFAULT_MAX_SENDS})")
    add(
        "--max-attempts",
        type=int,
        default=DEFAULT_MAX_ATTEMPTS,
        metavar="N",
        help="after N runs a row is a dead letter",
    )
    add("--baseline", action="store_true", help="record what is due as known without sending it")
    add("--resend-unknown", action="store_true", help="send again what may or may not have arrived")
    add("--now", action="store_true", help="send what has fallen due since the build, by the wall clock")
    add(
        "--max-build-age",
        type=float,
        default=DEFAULT_MAX_BUILD_AGE,
        metavar="HOURS",
        help=f"send nothing from an older build (default {DEFAULT_MAX_BUILD_AGE})",
    )
    add("--adopt", action="store_true", help="take the outbox for this ledger's: what lies in it counts as delivered")
    add("--wait", type=float, default=0, metavar="SECONDS", help="wait so long for who holds the warehouse (default 0)")
    add("--key", action="append", default=[], help="list, retry, drop, release: a sync key or a firing id")
    add("--all", action="store_true", help="retry, drop: every dead letter; release: every parked row")
    add("--json", action="store_true", help="print the summary as JSON")
    return result


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command and returns its exit code."""
    for noisy in ("httpx", "httpcore", "stamina", "slack_sdk"):
        logging.getLogger(noisy).setLevel(logging.CRITICAL)
    settings = Settings.from_environment(None)
    try:
        options = parser().parse_args(arguments)
        settings = Settings.from_environment(options.data_dir, options.project_dir, options.target)
        if options.command not in COMMANDS:
            raise Refused(f"There is no command {options.command}; known are {', '.join(COMMANDS)}.")
        return _push(settings, options) if options.command == "push" else _letters(settings, options)
    except Refused as refusal:
        print(settings.redact(str(refusal)), file=sys.stderr)
        return REFUSED
    except Busy as busy:
        print(*busy.sentences, file=sys.stderr)
        return BUSY
    except Stop as stop:
        print(settings.redact(" ".join(stop.sentences)), file=sys.stderr)
        return REFUSED
    except BrokenPipeError:  # Whoever read the output has left; what was sent is in the ledger.
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115
        return SOME_LEFT
    except KeyboardInterrupt:
        print("Interrupted: the next run takes up what this one left.", file=sys.stderr)
        return SOME_LEFT
    except Exception as error:  # A traceback could show what must not be shown.
        print(settings.redact(f"Unexpected {type(error).__name__}: {error}"), file=sys.stderr)
        return SOME_LEFT


def _push(settings: Settings, arguments: argparse.Namespace) -> int:
    for name in ("max_sends", "max_attempts"):
        value = getattr(arguments, name)
        if value is not None and value < 1:
            raise Refused(f"--{name.replace('_', '-')} must be at least 1.")
    if not 0 < arguments.max_build_age < math.inf:
        raise Refused("--max-build-age must be a number of hours above 0.")
    if not 0 <= arguments.wait < math.inf:
        raise Refused("--wait must be a number of seconds.")
    options = Options(
        destination=arguments.to or "file",
        only=tuple(arguments.only),
        mapping=arguments.mapping,
        max_sends=arguments.max_sends,
        max_attempts=arguments.max_attempts,
        is_dry_run=arguments.dry_run,
        is_baseline=arguments.baseline,
        resend_unknown=arguments.resend_unknown,
        is_now=arguments.now,
        max_build_age=arguments.max_build_age,
        is_adopting=arguments.adopt,
        wait=arguments.wait,
    )
    with ExitStack() as stack:
        summary = push(settings, options, _progress(stack, options.destination))
    print(settings.redact(json.dumps(summary.as_dict(), default=str) if arguments.json else _text(summary)))
    return summary.exit_code


def _progress(stack: ExitStack, label: str) -> Callable[[int], Callable[[int], None]] | None:
    """A progress bar on a terminal, nothing in a pipe."""
    if not sys.stderr.isatty():
        return None

    def start(total: int) -> Callable[[int], None]:
        from rich.console import Console
        from rich.progress import Progress

        bar = stack.enter_context(Progress(console=Console(stderr=True), transient=True))
        task = bar.add_task(label, total=total)
        return lambda count: bar.advance(task, count)

    return start


def _text(summary: Summary) -> str:
    lines = [f"{summary.destination}: {summary.planned} rows to send as of {summary.as_of or 'no data'}"]
    if summary.is_dry_run:
        lines[0] += " (dry run: nothing was sent)"
        lines += [f"  {row['event']:7} {row['object']:8} {row['sync_key']}" for row in summary.would_send]
    else:
        counted = [f"{count} {name}" for name, count in summary.counts.items() if count]
        lines += [f"  {', '.join(counted)} in {summary.seconds:.1f} s, {summary.requests} requests"] if counted else []
    lines += [f"  left out: {count} {reason}" for reason, count in sorted(summary.skipped.items())]
    lines += [f"  stopped: {summary.stopped}"] if summary.stopped else []
    lines += [f"  {path}" for path in summary.files]
    return "\n".join(lines)


def _letters(settings: Settings, arguments: argparse.Namespace) -> int:
    if arguments.to:
        destination_class(arguments.to)
    ledger = Ledger.copy(settings.ledger) if arguments.command == "list" else Ledger.open(settings.ledger)
    try:
        letters = dead_letters.find(ledger, arguments.to, arguments.max_attempts)
        parked = dead_letters.parked(ledger, arguments.to, arguments.max_attempts, MAX_WAIT)
        if arguments.command == "list":
            listed = letters + parked
            chosen = dead_letters.select(listed, arguments.key, False) if arguments.key else listed
            print(
                settings.redact(
                    json.dumps([_shown(entry) for entry in chosen], default=str) if arguments.json else _table(chosen)
                )
            )
            return 0
        if arguments.command == "release":
            chosen = dead_letters.select(parked, arguments.key, arguments.all, "parked row")
            count = dead_letters.release(ledger, chosen)
            print(json.dumps({"release": count}) if arguments.json else f"{count} will be tried again now")
            return 0
        chosen = dead_letters.select(letters, arguments.key, arguments.all)
        act = dead_letters.retry if arguments.command == "retry" else dead_letters.drop
        count = act(ledger, chosen)
        done = "will be tried again" if arguments.command == "retry" else "dropped"
        print(json.dumps({arguments.command: count}) if arguments.json else f"{count} {done}")
        return 0
    finally:
        ledger.close()


def _shown(entry: Entry) -> dict[str, Any]:
    names = (
        "destination",
        "object",
        "sync_key",
        "firing_id",
        "account_id",
        "state",
        "attempts",
        "status_code",
        "error_class",
        "next_attempt_at",
        "updated_at",
    )
    return {name: getattr(entry, name) for name in names}


def _until(entry: Entry) -> str:
    is_parked = entry.state == "retry" and entry.next_attempt_at
    return f" until {entry.next_attempt_at:%Y-%m-%d %H:%M:%S} UTC" if is_parked else ""


def _table(entries: list[Entry]) -> str:
    if not entries:
        return "No dead letters and no parked rows."
    return "\n".join(
        f"{entry.destination:10} {entry.object:8} {entry.sync_key:40} {entry.state:9} {entry.attempts:2} attempts"
        f"  {entry.status_code or '-':>4} {entry.error_class or ''}{_until(entry)}"
        for entry in entries
    )
