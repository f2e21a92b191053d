"""The unit of sending."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .ledger import Ledger

OPENED, CLOSED = "fired", "closed"
CLOSING_SUFFIX = ":closed"
ACTOR, BYSTANDER, NOBODY = "actor", "bystander", "nobody"


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
    thread_place: str | None = None
    """Where the opening stands: a closing follows it there, whatever the mapping says by now."""
    addressee: str | None = None
    """actor, bystander or nobody: who is reached when the row arrives."""
    recipient: str | None = None
    """A hash of who is reached."""


@dataclass(frozen=True)
class Part:
    """What a tool that reads the marts by itself said about one of their rows."""

    object: str
    key: str
    outcome: str
    error_class: str | None = None


@dataclass(frozen=True)
class Result:
    """What a destination said about one row; `outcome` is delivered, handed_over, retry, rejected or unknown.

    `parts` are results by (object, key) of rows that the destination read by itself.
    """

    key: str
    outcome: str
    status_code: int | None = None
    error_class: str | None = None
    remote_id: str | None = None
    retry_at: datetime | None = None
    remote_place: str | None = None
    parts: tuple[Part, ...] = ()
    is_fault: bool = False
    """The destination is at fault, not the row: it stops, and the row keeps its attempts."""


def firing_of(object_name: str, source: dict[str, Any]) -> str | None:
    """The firing that a row speaks of; a row of an account speaks of none, whatever its newest one is."""
    return source.get("firing_id") if object_name != "account" else None


def addressed(ledger: Ledger, object_name: str, source: dict[str, Any]) -> tuple[str | None, str | None]:
    """Who is reached when a row arrives, and a hash of them.

    A firing's record reaches its owner, or the customer's recipient where nobody owns it; an alert reaches whom it names,
    who may only be told of what another one does.
    """
    if object_name == "alert":
        known = {True: ACTOR, False: BYSTANDER}.get(source.get("is_to_actor"))
        whom = source.get("alert_email")
        return (known if whom else NOBODY), ledger.pseudonym(whom)
    if object_name != "firing":
        return NOBODY, None
    names = ("owner_email", "recipient_contact_id", "recipient_user_id", "recipient_email")
    whom = next((source[name] for name in names if source.get(name)), None)
    return (ACTOR if whom else NOBODY), ledger.pseudonym(whom)
