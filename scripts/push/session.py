"""One push from start to end: lock, read, plan, check, send, land."""

from __future__ import annotations

import secrets
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from . import erasure, outbox, push_log
from .destinations import destination_class
from .destinations.base import Destination
from .errors import Refused
from .folders import check_writable
from .ledger import Ledger, now
from .mapping import Mapping
from .plan import Plan, Planner, guard
from .rows import Row
from .runner import Runner
from .settings import Settings
from .warehouse import MARTS, Mart, read, read_unchecked

DEFAULT_MAX_SENDS = 1000
DEFAULT_MAX_ATTEMPTS = 8
# Hours: a daily build, and two for a late one.
DEFAULT_MAX_BUILD_AGE = 26.0
ALL_DELIVERED, SOME_LEFT = 0, 1
UNDELIVERED = ("retry", "rejected", "unknown", "not sent")
UNDELIVERED_BEFORE = ("unknown", "dead letters", "waiting")


@dataclass(frozen=True)
class Options:
    """What the operator asked for."""

    destination: str = "file"
    only: tuple[str, ...] = ()
    mapping: str | None = None
    max_sends: int | None = None
    max_attempts: int = DEFAULT_MAX_ATTEMPTS
    is_dry_run: bool = False
    is_baseline: bool = False
    resend_unknown: bool = False
    is_now: bool = False
    max_build_age: float = DEFAULT_MAX_BUILD_AGE
    is_adopting: bool = False
    wait: float = 0.0


@dataclass
class Summary:
    """What a run did, for people and, as JSON, for machines."""

    destination: str
    run_id: str
    as_of: datetime | None
    is_dry_run: bool
    planned: int = 0
    counts: Counter = field(default_factory=Counter)
    skipped: Counter = field(default_factory=Counter)
    requests: int = 0
    seconds: float = 0.0
    stopped: str | None = None
    files: list[str] = field(default_factory=list)
    would_send: list[dict[str, Any]] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        if self.is_dry_run:
            return ALL_DELIVERED
        left = any(self.counts[name] for name in UNDELIVERED) or any(self.skipped[name] for name in UNDELIVERED_BEFORE)
        return SOME_LEFT if left or self.stopped else ALL_DELIVERED

    def as_dict(self) -> dict[str, Any]:
        return {
            "destination": self.destination,
            "run_id": self.run_id,
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "dry_run": self.is_dry_run,
            "planned": self.planned,
            **{name: self.counts[name] for name in ("delivered", "handed_over", *UNDELIVERED, "baseline")},
            "skipped": dict(sorted(self.skipped.items())),
            "requests": self.requests,
            "seconds": round(self.seconds, 3),
            "stopped": self.stopped,
            "files": self.files,
            **({"would_send": self.would_send} if self.is_dry_run else {}),
            "exit_code": self.exit_code,
        }


def push(settings: Settings, options: Options, progress: Callable[[int], Any] | None = None) -> Summary:
    """Sends what is due to one destination. Raises Refused, before anything is sent, when that may not be."""
    started = time.monotonic()
    kind = destination_class(options.destination)
    requests = erasure.load(settings.erasure_requests)
    if requests and not options.is_dry_run:
        # Whoever asked to be forgotten waits for no secret, no gate and no mart.
        _forget(settings, requests)
    destination = kind(Mapping.load(options.destination, options.mapping), settings)
    objects = _objects(destination, options.only)
    if not options.is_dry_run:
        for folder in (settings.data_dir, settings.outbox, settings.push_log):
            check_writable(folder)
    ledger = Ledger.copy(settings.ledger) if options.is_dry_run else Ledger.open(settings.ledger)
    try:
        outbox.check(ledger, settings.outbox, options.is_adopting and not options.is_dry_run)
        marts = read(settings, objects, options.max_build_age, options.wait)
        _check_not_emptied(ledger, marts)
        if not options.is_dry_run:
            push_log.land(ledger, settings.push_log)
        erasure.hide(requests, marts)
        return _push(settings, options, ledger, destination, marts, started, progress)
    finally:
        destination.close()
        ledger.close()


def _forget(settings: Settings, requests: list[erasure.Request]) -> None:
    ledger = Ledger.open(settings.ledger)
    try:
        marts = read_unchecked(settings)
        erasure.apply(requests, ledger, settings.outbox, marts)
    finally:
        ledger.close()


def _push(
    settings: Settings,
    options: Options,
    ledger: Ledger,
    destination: Destination,
    marts: dict[str, Mart],
    started: float,
    progress: Callable[[int], Any] | None,
) -> Summary:
    as_of = max((mart.as_of for mart in marts.values() if mart.as_of), default=None)
    run_id = f"{now():%Y%m%dT%H%M%S%f}-{ledger.installation[:6]}{secrets.token_hex(3)}"
    summary = Summary(destination.name, run_id, as_of, options.is_dry_run)
    runner = Runner(destination, ledger, run_id, as_of)
    stuck_runs = sorted(
        {entry.run_id for entry in ledger.entries(destination.name).values() if entry.state == "sending"}
    )
    if not options.is_dry_run:
        destination.repair(stuck_runs, marts)
    runner.recover(marts)
    moment = _moment(as_of, options)
    planner = Planner(destination, ledger, options.max_attempts, options.resend_unknown, moment=moment)
    plan = planner.plan(marts)
    summary.planned, summary.skipped = len(plan.rows), plan.skipped
    if options.is_baseline:
        if not options.is_dry_run:
            runner.baseline(plan.rows)
    else:
        if not options.is_dry_run:
            guard(plan, destination, ledger, options.max_sends, DEFAULT_MAX_SENDS)
        _send(options, runner, planner, plan, marts, summary, progress)
    if not options.is_dry_run:
        ledger.note_rows_seen({mart.name: len(mart.rows) for mart in marts.values()})
        push_log.land(ledger, settings.push_log)
        summary.files = [str(path) for path in destination.files]
    summary.counts = runner.counts
    summary.stopped = runner.stopped.error_class if runner.stopped else None
    summary.requests = destination.requests
    summary.seconds = time.monotonic() - started
    return summary


def _send(
    options: Options,
    runner: Runner,
    planner: Planner,
    plan: Plan,
    marts: dict[str, Mart],
    summary: Summary,
    progress: Callable[[int], Any] | None,
) -> None:
    """Sends the planned rows, then what follows from them; a dry run only shows them."""
    derived = planner.plan_derived(_derived(runner, marts, options))
    if plan.rows or derived:
        runner.preflight([*plan.rows, *derived], marts)
    if options.is_dry_run:
        summary.would_send = [_shown(row) for row in [*plan.rows, *derived]]
        return
    if progress and plan.rows:
        runner.advance = progress(len(plan.rows))
    runner.queue(plan.rows)
    runner.send(plan.rows)
    derived = planner.plan_derived(_derived(runner, marts, options))
    runner.advance = lambda count: None
    runner.queue(derived)
    runner.send(derived)
    summary.planned += len(derived)


def _moment(as_of: datetime | None, options: Options) -> datetime | None:
    """When due is judged: at `as_of`, or with --now by the wall clock as far as the build may be old."""
    if as_of is None or not options.is_now:
        return None
    return max(as_of, min(now(), as_of + timedelta(hours=options.max_build_age)))


def _derived(runner: Runner, marts: dict[str, Mart], options: Options) -> list[Row]:
    return [] if options.only else runner.destination.derived_rows(runner.remote_ids(), marts)


def _shown(row: Row) -> dict[str, Any]:
    return {"object": row.object, "sync_key": row.key, "event": row.event, "payload": row.payload}


def _objects(destination: Destination, only: tuple[str, ...]) -> list[str]:
    known = destination.mapping.objects
    unknown = sorted(set(only) - set(known))
    if unknown:
        raise Refused(f"{destination.name} is not sent the object {unknown[0]}; its objects: {', '.join(known)}.")
    return [name for name in MARTS if name in (only or destination.reads)]


def _check_not_emptied(ledger: Ledger, marts: dict[str, Mart]) -> None:
    for mart in marts.values():
        if not mart.rows and ledger.rows_seen(mart.name):
            raise Refused(f"The sync mart {mart.name} is empty and held {ledger.rows_seen(mart.name)} rows before.")
