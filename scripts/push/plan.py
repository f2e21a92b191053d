"""Decides which rows a run sends: what is due, was not delivered yet, and may still be tried."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from .destinations.base import Destination
from .errors import Refused
from .ledger import Entry, Ledger, now
from .mapping import ObjectMapping, payload_hash
from .rows import CLOSED, OPENED, Row
from .warehouse import Mart

CLOSING_SUFFIX = ":closed"
NEVER_LEAVE = {"scheduled", "held_out", "shadow", "cancelled"}


@dataclass
class Plan:
    """The rows to send in order, and how many rows stay behind for which reason."""

    rows: list[Row] = field(default_factory=list)
    skipped: Counter = field(default_factory=Counter)


@dataclass
class Planner:
    """Plans one destination's run from marts and ledger. Due and expired are judged at `as_of`."""

    destination: Destination
    ledger: Ledger
    max_attempts: int
    resend_unknown: bool = False
    ignore_wait: bool = False

    def plan(self, marts: dict[str, Mart]) -> Plan:
        plan = Plan()
        for name, mapping in self.destination.mapping.objects.items():
            if name in marts:
                mapping.check(marts[name])
                self._plan_object(plan, mapping, marts[name])
        entries = self.ledger.entries(self.destination.name)
        for row in self.destination.whole_rows(marts):
            entry = entries.get((self.destination.name, row.object, row.key))
            reason = self.reason_to_wait(entry, row.hash)
            if reason:
                plan.skipped[reason] += 1
            else:
                plan.rows.append(replace(row, remote_id=_same_remote_id(entry, row.hash)))
        return plan

    def _plan_object(self, plan: Plan, mapping: ObjectMapping, mart: Mart) -> None:
        entries = {
            key: entry for (_, _, key), entry in self.ledger.entries(self.destination.name, mapping.object).items()
        }
        closings: list[Row] = []
        for source in mart.rows:
            if not mapping.accepts(source) or not may_leave(source):
                plan.skipped["not due"] += 1
                continue
            key = str(source[mart.key])
            entry = entries.get(key)
            if self.destination.keeps_state:
                event = CLOSED if source.get("is_closed") else OPENED
                self._consider(plan.rows, plan, mapping, source, key, event, entry)
                continue
            before = len(plan.rows)
            self._consider(plan.rows, plan, mapping, source, key, OPENED, entry)
            is_opening = len(plan.rows) > before
            was_opened = entry is not None and entry.state == "delivered" and not entry.is_baseline
            if source.get("is_closed") and (is_opening or was_opened):
                closing = f"{key}{CLOSING_SUFFIX}"
                self._consider(
                    closings,
                    plan,
                    mapping,
                    source,
                    closing,
                    CLOSED,
                    entries.get(closing),
                    opening=entry,
                    opening_key=key,
                )
        plan.rows.extend(closings)

    def _consider(
        self,
        target: list[Row],
        plan: Plan,
        mapping: ObjectMapping,
        source: dict[str, Any],
        key: str,
        event: str,
        entry: Entry | None,
        opening: Entry | None = None,
        opening_key: str | None = None,
    ) -> None:
        """Adds the row to the target, or counts why it stays behind."""
        if not self.destination.keeps_state and entry and entry.state == "delivered":
            plan.skipped["unchanged"] += 1
            return
        if opening_key is None and not (entry and entry.delivered_hash) and is_expired(source):
            plan.skipped["expired"] += 1
            return
        state = "closed" if event == CLOSED else "open"
        # What opens a key says nothing of its closing, whenever it is sent.
        shown = source if event == CLOSED else {**source, "closed_at": None}
        payload = self.destination.payload(mapping, {**shown, "event": event, "state": state})
        digest = payload_hash(payload)
        reason = self.reason_to_wait(entry, digest)
        if reason:
            plan.skipped[reason] += 1
            return
        target.append(
            Row(
                object=mapping.object,
                key=key,
                firing_id=source.get("firing_id") or source.get("newest_firing_id"),
                account_id=source.get("account_id"),
                event=event,
                payload=payload,
                hash=digest,
                source=source,
                opening_key=opening_key,
                remote_id=_same_remote_id(entry, digest),
                thread_id=opening.remote_id if opening else None,
            )
        )

    def plan_derived(self, rows: list[Row]) -> list[Row]:
        """Of rows that follow from deliveries, those that are not in place yet."""
        entries = self.ledger.entries(self.destination.name)
        return [
            row
            for row in rows
            if not self.reason_to_wait(entries.get((self.destination.name, row.object, row.key)), row.hash)
        ]

    def reason_to_wait(self, entry: Entry | None, digest: str) -> str | None:
        if entry is None:
            return None
        is_same = entry.payload_hash == digest
        if entry.state == "delivered" and entry.delivered_hash == digest:
            return "unchanged"
        if entry.state == "dropped":
            return "dropped"
        if entry.state == "unknown" and not self.resend_unknown:
            return "unknown"
        if is_same and is_dead(entry, self.max_attempts):
            return "dead letters"
        if entry.state == "retry" and entry.next_attempt_at and entry.next_attempt_at > now() and not self.ignore_wait:
            return "waiting"
        return None


def _same_remote_id(entry: Entry | None, digest: str) -> str | None:
    return entry.remote_id if entry and entry.payload_hash == digest else None


def is_dead(entry: Entry, max_attempts: int) -> bool:
    """True for what only the operator can set going again."""
    return entry.state == "rejected" or (entry.state == "retry" and entry.attempts >= max_attempts)


def may_leave(source: dict[str, Any]) -> bool:
    """The mart holds due rows only; this is the second lock on the door."""
    due: datetime | None = source.get("deliver_at")
    is_due = "deliver_at" not in source or (due is not None and due <= source["as_of"])
    is_kept_back = source.get("status") in NEVER_LEAVE or source.get("is_holdout") or source.get("is_shadow")
    return bool(is_due and not is_kept_back)


def is_expired(source: dict[str, Any]) -> bool:
    expires: datetime | None = source.get("expires_at")
    return expires is not None and expires <= source["as_of"]


def guard(plan: Plan, destination: Destination, ledger: Ledger, max_sends: int | None, default: int) -> None:
    """Refuses more rows than the operator allowed, and a first run that nobody confirmed."""
    count = len(plan.rows)
    if not count:
        return
    if max_sends is None and destination.name != "file" and ledger.is_new(destination.name):
        raise Refused(
            f"This is the first run to {destination.name}, with {count} rows: confirm with --max-sends {count},"
            " or record them as known with --baseline."
        )
    limit = default if max_sends is None else max_sends
    if count > limit:
        raise Refused(f"{count} rows are due, more than --max-sends {limit}: nothing was sent.")
