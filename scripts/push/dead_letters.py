"""Dead letters, which only the operator sets going again or gives up, and parked rows, which wait for their time."""

from __future__ import annotations

from dataclasses import replace

from .errors import Refused
from .ledger import Entry, Ledger, now
from .plan import is_dead, waits_until


def find(ledger: Ledger, destination: str | None, max_attempts: int) -> list[Entry]:
    """Rejected rows, rows at the attempt cap, and rows whose outcome is unknown."""
    entries = ledger.entries(destination).values()
    return [entry for entry in entries if is_dead(entry, max_attempts) or entry.state == "unknown"]


def parked(ledger: Ledger, destination: str | None, max_attempts: int, max_wait: float) -> list[Entry]:
    """Rows that a limit keeps back until a time, with that time as their next attempt."""
    entries = [entry for entry in ledger.entries(destination).values() if not is_dead(entry, max_attempts)]
    waiting = [(entry, waits_until(entry, max_wait)) for entry in entries]
    return [replace(entry, next_attempt_at=until) for entry, until in waiting if until]


def release(ledger: Ledger, entries: list[Entry]) -> int:
    """Lets the next run send parked rows whatever their time."""
    ledger.write([replace(entry, next_attempt_at=None) for entry in entries])
    return len(entries)


def retry(ledger: Ledger, entries: list[Entry]) -> int:
    """Lets the next run send the rows again. Unknown ones stay: they need --resend-unknown."""
    chosen = [entry for entry in entries if entry.state != "unknown"]
    ledger.write(
        [replace(entry, state="pending", attempts=0, next_attempt_at=None, updated_at=now()) for entry in chosen]
    )
    return len(chosen)


def drop(ledger: Ledger, entries: list[Entry]) -> int:
    """Gives the rows up: they are never sent again."""
    ledger.write([replace(entry, state="dropped", next_attempt_at=None, updated_at=now()) for entry in entries])
    return len(entries)


def select(entries: list[Entry], keys: list[str], is_all: bool, kind: str = "dead letter") -> list[Entry]:
    """The entries of the given sync keys or firing ids, or all of them."""
    if is_all == bool(keys):
        raise Refused(f"Name the {kind}s with --key, or take all of them with --all.")
    if is_all:
        return entries
    wanted = set(keys)
    chosen = [entry for entry in entries if {entry.sync_key, entry.firing_id} & wanted]
    missing = wanted - {entry.sync_key for entry in chosen} - {entry.firing_id for entry in chosen}
    if missing:
        raise Refused(f"There is no {kind} {sorted(missing)[0]}.")
    return chosen
