"""The unit of sending."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

OPENED, CLOSED = "fired", "closed"


@dataclass(frozen=True)
class Row:
    """One row for one destination: its ledger key, its payload, and the hash of that payload."""

    object: str
    key: str
    firing_id: str | None
    account_id: str | None
    event: str
    payload: dict[str, Any]
    hash: str
    source: dict[str, Any]
    opening_key: str | None = None
    """The key that must be delivered before this one makes sense (a closing after its opening)."""
    remote_id: str | None = None
    """What the destination calls the row, when an earlier run learned it."""
    thread_id: str | None = None
    """What the destination calls the opening of this closing."""


@dataclass(frozen=True)
class Result:
    """What a destination said about one row; `outcome` is delivered, retry, rejected or unknown."""

    key: str
    outcome: str
    status_code: int | None = None
    error_class: str | None = None
    remote_id: str | None = None
    retry_at: datetime | None = None
