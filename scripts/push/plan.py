"""Decides which rows a run sends: what is due, was not delivered yet, and may still be tried."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from .destinations.base import Destination
from .errors import Refused
from .ledger import Entry, Ledger, now
from .mapping import ObjectMapping, payload_hash
from .rows import CLOSED, CLOSING_SUFFIX, OPENED, Row, addressed, firing_of
from .warehouse import Mart

NEVER_LEAVE = {"scheduled", "held_out", "shadow", "cancelled"}


@dataclass
class Plan:
    """The rows to send in order, and how many rows stay behind for which reason."""

    rows: list[Row] = field(default_factory=list)
    skipped: Counter = field(default_factory=Counter)


@dataclass
class Planner:
    """Plans one destination's run from marts and ledger.

    Due and expired are judged at the marts' `as_of`, or at a later `moment` where one is given.
    """

    destination: Destination
    ledger: Ledger
    max_attempts: int
    resend_unknown: bool = False
    ignore_wait: bool = False
    moment: datetime | None = None

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
            if not mapping.accepts(source) or not may_leave(source, self.moment):
                plan.skipped["not due"] += 1
                continue
            if not mapping.is_complete(source):
                plan.skipped["no recipient"] += 1
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
        if self.destination.keeps_state and event == CLOSED and entry and entry.is_baseline:
            # Closing it would create what was never sent.
            plan.skipped["never sent"] += 1
            return
        if opening_key is None and not (entry and entry.delivered_hash) and is_expired(source, self.moment):
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
        addressee, recipient = addressed(self.ledger, mapping.object, source)
        target.append(
            Row(
                object=mapping.object,
                key=key,
                firing_id=firing_of(mapping.object, source),
                account_id=source.get("account_id"),
                event=event,
                payload=payload,
                hash=digest,
                source=source,
                opening_key=opening_key,
                remote_id=_same_remote_id(entry, digest),
                thread_id=opening.remote_id if opening else None,
                thread_place=opening.remote_place if opening else None,
                addressee=addressee,
                recipient=recipient,
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
        if entry.state in {"delivered", "handed_over"} and entry.delivered_hash == digest:
            return "unchanged"
        if entry.state == "dropped":
            return "dropped"
        if entry.state == "unknown" and not self.resend_unknown:
            return "unknown"
        if is_same and is_dead(entry, self.max_attempts):
            return "dead letters"
        return "waiting" if not self.ignore_wait and waits_until(entry, self.destination.max_wait) else None


def _same_remote_id(entry: Entry | None, digest: str) -> str | None:
    return entry.remote_id if entry and entry.payload_hash == digest else None


def is_dead(entry: Entry, max_attempts: int) -> bool:
    """True for what only the operator can set going again."""
    return entry.state == "rejected" or (entry.state == "retry" and entry.attempts >= max_attempts)


def waits_until(entry: Entry, max_wait: float) -> datetime | None:
    """When a parked row may be tried again; null for one that is not parked, or whose time has come."""
    if entry.state != "retry" or entry.next_attempt_at is None:
        return None
    until = entry.next_attempt_at
    if entry.updated_at is not None:
        until = min(until, entry.updated_at + timedelta(seconds=max_wait))
    return until if until > now() else None


def may_leave(source: dict[str, Any], moment: datetime | None = None) -> bool:
    """The mart holds what is due by its build; this is the second lock on the door.

    What the build had to call scheduled leaves when it has fallen due since.
    """
    due: datetime | None = source.get("deliver_at")
    judged_at = max(source["as_of"], moment) if moment else source["as_of"]
    is_due = "deliver_at" not in source or (due is not None and due <= judged_at)
    status = source.get("status")
    has_fallen_due = status == "scheduled" and due is not None and source["as_of"] < due
    is_kept_back = status in NEVER_LEAVE and not has_fallen_due
    return bool(is_due and not is_kept_back and not source.get("is_holdout") and not source.get("is_shadow"))


def is_expired(source: dict[str, Any], moment: datetime | None = None) -> bool:
    expires: datetime | None = source.get("expires_at")
    return expires is not None and expires <= (max(source["as_of"], moment) if moment else source["as_of"])


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
