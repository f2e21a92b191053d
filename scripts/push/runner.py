"""Sends planned rows and keeps the ledger in step: `sending` is committed before each request, the outcome after it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby

import stamina
import stamina.instrumentation

from .destinations.base import Destination
from .errors import BatchRefused, Refused, Stop, Transient
from .ledger import Attempt, Entry, Ledger, now
from .rows import Result, Row
from .warehouse import Mart

# stamina's own logging would print to stderr.
stamina.instrumentation.set_on_retry_hooks([])

# So many batches in a row without an answer, and the destination is taken to be down.
FAILURES_IN_A_ROW = 3
RATE_LIMITED = 429


class Runner:
    """One run's sending to one destination."""

    def __init__(
        self,
        destination: Destination,
        ledger: Ledger,
        run_id: str,
        as_of: datetime | None,
        advance: Callable[[int], None] = lambda count: None,
    ) -> None:
        self.destination = destination
        self.ledger = ledger
        self.run_id = run_id
        self.as_of = as_of
        self.advance = advance
        self.counts: Counter = Counter()
        self.stopped: Stop | None = None
        self._entries = ledger.entries(destination.name)
        self._attempts: list[Attempt] = []
        self._attempt_number = 0
        self._failures = 0
        destination.run_id = run_id

    def preflight(self, rows: list[Row], marts: dict[str, Mart]) -> None:
        """Lets the destination check itself; refuses the run when it cannot be asked."""
        try:
            for attempt in self._tries(Transient):
                with attempt:
                    self.destination.preflight(rows, marts)
        except (Transient, Stop, BatchRefused) as failure:
            raise Refused(f"The check of {self.destination.name} failed: {failure.error_class}.") from None

    def queue(self, rows: list[Row]) -> None:
        """Records the planned rows as pending."""
        self.ledger.write([self._set(row, state="pending", next_attempt_at=None, run_id=self.run_id) for row in rows])

    def baseline(self, rows: list[Row]) -> None:
        """Records the planned rows as known without sending them."""
        known = [
            self._set(row, state="delivered", delivered_hash=row.hash, is_baseline=True, run_id=self.run_id)
            for row in rows
        ]
        self.ledger.write(known)
        self.counts["baseline"] += len(known)

    def send(self, rows: list[Row]) -> None:
        """Sends the rows batch by batch until all are settled or the destination stops."""
        for group in self._groups(rows):
            for chunk in _chunks(group, self.destination.commit_size):
                self._send_chunk(self._ready(chunk))

    def remote_ids(self) -> dict[tuple[str, str], str]:
        """What the destination calls the rows it holds, by object and key."""
        return {
            (entry.object, entry.sync_key): entry.remote_id
            for entry in self._entries.values()
            if entry.remote_id and entry.delivered_hash
        }

    def _groups(self, rows: list[Row]) -> Iterator[list[Row]]:
        if self.destination.is_one_batch:
            yield rows
            return
        for _, group in groupby(rows, key=lambda row: (row.object, row.opening_key is not None)):
            yield list(group)

    def _ready(self, rows: list[Row]) -> list[Row]:
        """Without the closings whose opening did not arrive."""
        together = {row.key for row in rows}
        ready = [
            row
            for row in rows
            if row.opening_key is None or row.opening_key in together or self._is_delivered(row.object, row.opening_key)
        ]
        self.counts["not sent"] += len(rows) - len(ready)
        return ready

    def _is_delivered(self, object_name: str, key: str) -> bool:
        entry = self._entries.get((self.destination.name, object_name, key))
        return entry is not None and entry.state == "delivered"

    def _send_chunk(self, rows: list[Row]) -> None:
        if not rows:
            return
        if self.stopped:
            self.counts["not sent"] += len(rows)
            return
        self.ledger.write([self._set(row, state="sending", run_id=self.run_id) for row in rows])
        results: dict[str, Result] = {}
        for batch in _chunks(rows, self.destination.batch_size):
            if self.stopped:
                break
            results |= self._deliver(batch)
        self._settle(rows, results)
        self.advance(len(rows))

    def _deliver(self, rows: list[Row]) -> dict[str, Result]:
        """A result for each row that was sent; splits what was refused or left unnamed as a whole."""
        if self.stopped:
            return {}
        try:
            results = self._request(rows)
        except BatchRefused as refusal:
            if len(rows) == 1:
                return {rows[0].key: Result(rows[0].key, "rejected", refusal.status_code, refusal.error_class)}
            self._log(rows, "retry", refusal.status_code, refusal.error_class)
            return self._halves(rows)
        except Transient as failure:
            return self._give_up(rows, failure)
        except Stop as stop:
            self.stopped = stop
            self._log(rows, "retry", stop.status_code, stop.error_class)
            return {}
        self._failures = 0
        keys = {row.key for row in rows}
        named = {result.key: result for result in results if result.key in keys}
        unnamed = [row for row in rows if row.key not in named]
        if unnamed and len(rows) == 1:
            outcome = "retry" if self.destination.is_idempotent else "unknown"
            return {rows[0].key: Result(rows[0].key, outcome, None, "not_named")}
        if unnamed:
            self._log(unnamed, "retry", None, "not_named")
            named |= self._halves(unnamed)
        return named

    def _halves(self, rows: list[Row]) -> dict[str, Result]:
        middle = (len(rows) + 1) // 2
        return self._deliver(rows[:middle]) | (self._deliver(rows[middle:]) if rows[middle:] else {})

    def _request(self, rows: list[Row]) -> list[Result]:
        """One batch, tried again with jittered backoff while that can help."""
        for attempt in self._tries(self._backoff):
            with attempt:
                try:
                    return self.destination.send(rows)
                except Transient as failure:
                    if attempt.num < self._most_tries and self._backoff(failure):
                        self._log(rows, "retry", failure.status_code, failure.error_class)
                    raise
        raise AssertionError("unreachable")

    @property
    def _most_tries(self) -> int:
        return int(self.destination.options.get("tries", 4))

    def _tries(self, on: type[Exception] | Callable[[Exception], bool | float]) -> Iterable[stamina.Attempt]:
        options = self.destination.options
        return stamina.retry_context(
            on=on,
            attempts=self._most_tries,
            timeout=None,
            wait_initial=float(options.get("wait_initial", 0.5)),
            wait_jitter=float(options.get("wait_initial", 0.5)),
            wait_max=float(options.get("wait_max", 20)),
        )

    def _backoff(self, failure: Exception) -> bool | float:
        """Whether to try again now: true, or the seconds that the destination asked for."""
        if not isinstance(failure, Transient):
            return False
        if failure.may_have_arrived and not self.destination.is_idempotent:
            return False
        if failure.retry_after is None:
            return True
        is_short = failure.retry_after <= float(self.destination.options.get("longest_wait", 60))
        return max(failure.retry_after, 0.01) if is_short else False

    def _give_up(self, rows: list[Row], failure: Transient) -> dict[str, Result]:
        """What a batch comes to that never got an answer in this run."""
        if failure.status_code == RATE_LIMITED:
            self.stopped = Stop(failure.error_class, failure.status_code, failure.retry_after)
            self._log(rows, "retry", failure.status_code, failure.error_class)
            return {}
        self._failures += 1
        if self._failures >= FAILURES_IN_A_ROW:
            self.stopped = Stop("unavailable", failure.status_code)
        is_lost = failure.may_have_arrived and not self.destination.is_idempotent
        outcome = "unknown" if is_lost else "retry"
        retry_at = now() + timedelta(seconds=failure.retry_after) if failure.retry_after else None
        return {
            row.key: Result(row.key, outcome, failure.status_code, failure.error_class, retry_at=retry_at)
            for row in rows
        }

    def _settle(self, rows: list[Row], results: dict[str, Result]) -> None:
        """Commits the outcomes with their attempts; a row without one was not sent and keeps its attempts."""
        entries = []
        for row in rows:
            result = results.get(row.key)
            if result is None:
                entries.append(self._unsent(row))
                self.counts["not sent"] += 1
                continue
            self._log([row], result.outcome, result.status_code, result.error_class)
            entries.append(self._set(row, **self._outcome(row, result)))
            self.counts[result.outcome] += 1
        self.ledger.write(entries, self._attempts)
        self._attempts = []

    def _unsent(self, row: Row) -> Entry:
        wait = self.stopped.retry_after if self.stopped else None
        next_attempt_at = now() + timedelta(seconds=wait) if wait else None
        error_class = self.stopped.error_class if self.stopped else None
        return self._set(row, state="retry", next_attempt_at=next_attempt_at, error_class=error_class)

    def _outcome(self, row: Row, result: Result) -> dict:
        found = {"state": result.outcome, "status_code": result.status_code, "error_class": result.error_class}
        if result.remote_id is not None:
            found["remote_id"] = result.remote_id or None
        if result.outcome == "delivered":
            return found | {
                "delivered_hash": row.hash, "delivered_at": now(), "attempts": 0, "is_baseline": False,
                "next_attempt_at": None, "error_class": None,
            }  # fmt: skip
        attempts = self._entries[(self.destination.name, row.object, row.key)].attempts
        return found | {"attempts": attempts + 1, "next_attempt_at": result.retry_at}

    def _set(self, row: Row, **changes) -> Entry:
        """The row's entry with the changes; a changed payload starts its attempts anew."""
        address = (self.destination.name, row.object, row.key)
        entry = self._entries.get(address) or Entry(*address, row.firing_id, row.account_id, "pending", row.hash)
        if entry.payload_hash != row.hash:
            entry = replace(entry, payload_hash=row.hash, attempts=0)
        entry = replace(entry, firing_id=row.firing_id, account_id=row.account_id, updated_at=now(), **changes)
        self._entries[address] = entry
        return entry

    def _log(self, rows: list[Row], outcome: str, status_code: int | None, error_class: str | None) -> None:
        for row in rows:
            self._attempts.append(
                self._attempt(
                    row.object, row.key, row.firing_id, row.account_id, row.hash, outcome, status_code, error_class
                )
            )

    def _attempt(self, object_name, key, firing_id, account_id, digest, outcome, status_code, error_class) -> Attempt:
        self._attempt_number += 1
        return Attempt(
            f"{self.run_id}-{self._attempt_number:06d}", self.destination.name, object_name, key, firing_id, account_id,
            now(), outcome, status_code, error_class, digest, self.run_id, self.as_of,
        )  # fmt: skip

    def recover(self) -> None:
        """Settles what a killed run was sending: seen to have arrived, to be sent again, or unknown."""
        stuck = [entry for entry in self._entries.values() if entry.state == "sending"]
        if not stuck:
            return
        keys_by_run: dict[str, set[str]] = {}
        for entry in stuck:
            keys_by_run.setdefault(entry.run_id, set()).add(entry.sync_key)
        arrived = self.destination.arrived(keys_by_run)
        settled, attempts = [], []
        for entry in stuck:
            if entry.sync_key in arrived:
                outcome, changes = (
                    "delivered",
                    {"delivered_hash": entry.payload_hash, "delivered_at": now(), "attempts": 0, "is_baseline": False},
                )
            elif self.destination.is_idempotent:
                outcome, changes = "retry", {"next_attempt_at": None}
            else:
                outcome, changes = "unknown", {}
            error_class = None if outcome == "delivered" else "interrupted"
            found = replace(entry, state=outcome, error_class=error_class, updated_at=now(), **changes)
            self._entries[(found.destination, found.object, found.sync_key)] = found
            settled.append(found)
            attempts.append(
                self._attempt(
                    found.object,
                    found.sync_key,
                    found.firing_id,
                    found.account_id,
                    found.payload_hash,
                    outcome,
                    None,
                    error_class,
                )
            )
        self.ledger.write(settled, attempts)


def _chunks(rows: list[Row], size: int) -> Iterator[list[Row]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
