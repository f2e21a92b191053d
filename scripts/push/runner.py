"""Sends planned rows and keeps the ledger in step: `sending` is committed before each request, the outcome after it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

import stamina
import stamina.instrumentation

from .destinations.base import Destination
from .errors import BatchRefused, Refused, Stop, Transient
from .ledger import Attempt, Entry, Ledger, now
from .rows import CLOSING_SUFFIX, Part, Result, Row, addressed, firing_of
from .warehouse import Mart

# stamina's own logging would print to stderr.
stamina.instrumentation.set_on_retry_hooks([])

# So many batches in a row without an answer, and the destination is taken to be down.
FAILURES_IN_A_ROW = 3
# So many rows, each sent alone, refused for one reason with none accepted, and the reason is not theirs.
REFUSALS_IN_A_ROW = 3
ARRIVED = ("delivered", "handed_over")
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
        self._accepted: set[str] = set()
        self._refused: list[tuple[Row, Entry, tuple]] = []
        self._marts: dict[str, Mart] = {}
        self._by_key: dict[str, dict[str, dict[str, Any]]] = {}
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
        ready = []
        for row in rows:
            opening = self._entries.get((self.destination.name, row.object, row.opening_key or ""))
            if opening is not None and opening.state == "delivered":
                # The closing goes where its opening stands.
                row = replace(row, thread_id=opening.remote_id, thread_place=opening.remote_place)
            elif row.opening_key is not None and row.opening_key not in together:
                self.counts["not sent"] += 1
                continue
            ready.append(row)
        return ready

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
            found = self._deliver(batch)
            results |= found
            self._look_for_a_common_fault(batch, found, results)
        self._settle(rows, results)
        self.advance(len(rows))

    def _look_for_a_common_fault(self, batch: list[Row], found: dict[str, Result], results: dict[str, Result]) -> None:
        """Rows that are all refused for one reason are not at fault: the destination stops and they keep their attempts."""
        if self.stopped or self.destination.reads_by_itself:
            return
        refusals = {(result.status_code, result.error_class) for result in found.values()}
        is_refused = bool(found) and all(result.outcome == "rejected" for result in found.values())
        if not is_refused or len(refusals) > 1:
            self._refused = []
            self._accepted |= {batch[0].object for result in found.values() if result.outcome in ARRIVED}
            return
        (reason,) = refusals
        if len(batch) > 1:
            self._refused = []
        else:
            (row,) = batch
            if self._refused and (self._refused[-1][0].object, self._refused[-1][2]) != (row.object, reason):
                self._refused = []
            self._refused.append((row, self._entry(row), reason))
            if row.object in self._accepted or len(self._refused) < REFUSALS_IN_A_ROW:
                return
        self.stopped = Stop(reason[1] or "refused", reason[0])
        withdrawn = [(row, entry) for row, entry, _ in self._refused] + [(row, None) for row in batch]
        settled = [entry for row, entry in withdrawn if entry is not None and row.key not in results]
        for key in {row.key for row, _ in withdrawn} & results.keys():
            del results[key]
        self._log(batch, "retry", *reason)
        for entry in settled:
            self._entries[(entry.destination, entry.object, entry.sync_key)] = entry
            self.counts["rejected"] -= 1
            self.counts["not sent"] += 1
        self.ledger.write([replace(entry, state="pending", error_class=reason[1]) for entry in settled])
        self._refused = []

    def _entry(self, row: Row) -> Entry:
        return self._entries[(self.destination.name, row.object, row.key)]

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
        faults = [result for result in named.values() if result.is_fault]
        if faults:
            self.stopped = Stop(faults[0].error_class or "refused", faults[0].status_code)
            held = {result.key for result in faults}
            self._log([row for row in rows if row.key in held], "retry", faults[0].status_code, faults[0].error_class)
            return {key: result for key, result in named.items() if key not in held}
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
        """One batch; a limit of seconds that does not say how long it lasts is waited out, up to `longest_wait`."""
        window = float(self.destination.options.get("limit_window", 10))
        ends = time.monotonic() + float(self.destination.options.get("longest_wait", 60))
        while True:
            try:
                return self._try(rows)
            except Transient as failure:
                says_nothing = failure.status_code == RATE_LIMITED and failure.retry_after is None
                if not says_nothing or time.monotonic() + window > ends:
                    raise
                self._log(rows, "retry", failure.status_code, failure.error_class)
            time.sleep(window)

    def _try(self, rows: list[Row]) -> list[Result]:
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
        retry_at = self._later(failure.retry_after)
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
            entries.extend(self._part(part) for part in result.parts if self._is_news(part))
            self.counts[result.outcome] += 1
        self.ledger.write(entries, self._attempts)
        self._attempts = []

    def _unsent(self, row: Row) -> Entry:
        next_attempt_at = self._later(self.stopped.retry_after if self.stopped else None)
        error_class = self.stopped.error_class if self.stopped else None
        state = "retry" if next_attempt_at else "pending"
        return self._set(row, state=state, next_attempt_at=next_attempt_at, error_class=error_class)

    def _later(self, seconds: float | None) -> datetime | None:
        """When a row may be tried again; nobody is waited for longer than `max_wait`."""
        return now() + timedelta(seconds=min(seconds, self.destination.max_wait)) if seconds else None

    def _outcome(self, row: Row, result: Result) -> dict:
        found = {"state": result.outcome, "status_code": result.status_code, "error_class": result.error_class}
        if result.remote_id is not None:
            found["remote_id"] = result.remote_id or None
        if result.remote_place is not None:
            found["remote_place"] = result.remote_place
        if result.outcome in ARRIVED:
            return found | {
                "delivered_hash": row.hash, "delivered_at": now() if result.outcome == "delivered" else None,
                "attempts": 0, "is_baseline": False, "next_attempt_at": None, "error_class": None,
            }  # fmt: skip
        attempts = self._entries[(self.destination.name, row.object, row.key)].attempts
        return found | {"attempts": attempts + 1, "next_attempt_at": result.retry_at}

    def _is_news(self, part: Part) -> bool:
        """False for a row that no mart holds, and for what the ledger knows already."""
        entry = self._entries.get((self.destination.name, part.object, part.key))
        if self._source(part.object, part.key) is None:
            return False
        return entry is None or (
            entry.state != part.outcome and not (entry.delivered_at and part.outcome != "rejected")
        )

    def _part(self, part: Part) -> Entry:
        """The entry of a row that the destination read by itself; logs what became of it."""
        source = self._source(part.object, part.key) or {}
        addressee, recipient = addressed(self.ledger, part.object, source)
        firing_id = firing_of(part.object, source)
        row = Row(part.object, part.key, firing_id, source.get("account_id"), "read", {}, "", source,
                  addressee=addressee, recipient=recipient)  # fmt: skip
        self._log([row], part.outcome, None, part.error_class)
        arrived = {"delivered_at": now()} if part.outcome == "delivered" else {}
        return self._set(row, state=part.outcome, error_class=part.error_class, run_id=self.run_id, **arrived)

    def _source(self, object_name: str, key: str) -> dict[str, Any] | None:
        mart = self._marts.get(object_name)
        if mart is None:
            return None
        if object_name not in self._by_key:
            self._by_key[object_name] = {str(row[mart.key]): row for row in mart.rows}
        return self._by_key[object_name].get(key)

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
                    row.object,
                    row.key,
                    row.firing_id,
                    row.account_id,
                    row.hash,
                    outcome,
                    status_code,
                    error_class,
                    row.addressee,
                    row.recipient,
                )  # fmt: skip
            )

    def _attempt(
        self, object_name, key, firing_id, account_id, digest, outcome, status_code, error_class, addressee, recipient
    ) -> Attempt:
        self._attempt_number += 1
        return Attempt(
            f"{self.run_id}-{self._attempt_number:06d}", self.destination.name, object_name, key, firing_id, account_id,
            now(), outcome, status_code, error_class, digest, self.run_id, self.as_of, addressee, recipient,
        )  # fmt: skip

    def recover(self, marts: dict[str, Mart]) -> None:
        """Settles what a killed run was sending: seen to have arrived, to be sent again, or unknown."""
        self._marts = marts
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
                    *self._addressed(found),
                )
            )
        self.ledger.write(settled, attempts)

    def _addressed(self, entry: Entry) -> tuple[str | None, str | None]:
        """Whom the row of a killed run was for, as far as the marts still say it."""
        source = self._source(entry.object, entry.sync_key.removesuffix(CLOSING_SUFFIX))
        return addressed(self.ledger, entry.object, source) if source else (None, None)


def _chunks(rows: list[Row], size: int) -> Iterator[list[Row]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
