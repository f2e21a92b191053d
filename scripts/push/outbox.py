"""Whose outbox it is: a ledger that was lost, or copied from elsewhere, is noticed by what lies there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from .errors import Refused
from .ledger import Entry, Ledger, now
from .mapping import payload_hash


def check(ledger: Ledger, folder: Path, is_adopting: bool) -> None:
    """Refuses an outbox with runs that the ledger does not know until it is adopted. A run's name says whose it is."""
    known = ledger.runs("file")
    strangers = [path for path in sorted(folder.glob("*.jsonl")) if path.stem not in known]
    if is_adopting:
        _adopt(ledger, strangers)
    elif strangers:
        is_older = any(f"-{ledger.installation[:6]}" in path.stem for path in strangers)
        told = "an older copy was put in its place" if is_older else "it was lost, or came from another installation"
        raise Refused(
            f"{folder} holds {len(strangers)} files of runs that push_ledger.duckdb does not know, so {told}: put the right"
            " one there, or say --adopt to count what lies in the outbox as delivered."
        )


def _adopt(ledger: Ledger, files: list[Path]) -> None:
    """What lies in the outbox was delivered: the rename of the file was the delivery."""
    known = ledger.entries("file")
    ledger.write([entry for path in files for entry in _entries(path) if _address(entry) not in known])


def _entries(path: Path) -> Iterator[Entry]:
    for line in path.read_text(encoding="utf-8").split("\n"):
        if not line:
            continue
        row = json.loads(line)
        key, name = row.pop("sync_key"), row.pop("object")
        digest = payload_hash(row)
        yield Entry(
            "file", name, key, row.get("firing_id"), row.get("account_id"), "delivered", digest, digest,
            run_id=path.stem, updated_at=now(), delivered_at=now(),
        )  # fmt: skip


def _address(entry: Entry) -> tuple[str, str, str]:
    return (entry.destination, entry.object, entry.sync_key)
