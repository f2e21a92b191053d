"""What a build holds back: firings of a trigger that fired far more than usual, until somebody approves them."""

from __future__ import annotations

import getpass
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from .files import replaced
from .place import Place, Stop
from .relations import Relations
from .warehouse import literal, opened


@dataclass(frozen=True)
class Held:
    """Firings of one trigger and day that wait."""

    trigger_id: str
    fired_on: date
    held: int
    fired: int
    usual: float

    @property
    def sentence(self) -> str:
        times = f"{self.fired / self.usual:.0f} times" if self.usual else "more than"
        return (
            f"{self.trigger_id} fired {self.fired:,} times on {self.fired_on}, {times} its usual {self.usual:.2g} a day:"
            f" {self.held:,} firings are held until make approve TRIGGER={self.trigger_id} DAY={self.fired_on}."
        )


def held(place: Place) -> list[Held]:
    """What the newest build holds, largest first; nothing where the warehouse was built in part."""
    relations = Relations.of(place)
    volumes, waiting, firings, clock = (
        relations.ref(name) for name in ("int_trigger_volumes", "int_held_firings", "int_firings", "int_clock")
    )
    with opened(place) as warehouse:
        if not {(volumes.schema, volumes.identifier), (waiting.schema, waiting.identifier)} <= warehouse.built:
            return []
        named = warehouse.named
        # What is too late to leave waits for nothing.
        found = warehouse.ask(
            "select waiting.trigger_id, waiting.fired_on, count(*) as held, max(volumes.firings) as firings,"
            f" max(volumes.usual_firings) as usual_firings from {named(waiting)} as waiting inner join {named(volumes)} as volumes"
            " on waiting.trigger_id = volumes.trigger_id and waiting.fired_on = volumes.fired_on"
            f" inner join {named(firings)} as firings on waiting.firing_id = firings.firing_id"
            f" cross join {named(clock)} as clock where firings.expires_at > clock.as_of"
            " group by waiting.trigger_id, waiting.fired_on"
        )
    return sorted((Held(*row) for row in found), key=lambda one: (-one.held, one.trigger_id, one.fired_on))


def approve(place: Place, trigger_id: str, fired_on: date, reason: str | None) -> int:
    """Lands the word that lets a trigger's firings of a day go; returns how many wait for it. Stops where none do."""
    if "://" in place.raw_location:
        raise Stop(
            f"RAW_LOCATION {place.raw_location} is no local folder: land a row trigger_id, fired_on, approved_at in"
            " operations/approvals there."
        )
    waiting = held(place)
    found = next((one for one in waiting if (one.trigger_id, one.fired_on) == (trigger_id, fired_on)), None)
    if found is None:
        known = ", ".join(f"{one.trigger_id} of {one.fired_on}" for one in waiting) or "nothing"
        raise Stop(f"No firings of {trigger_id} of {fired_on} are held: {known} waits for a word.")
    folder = Path(place.raw_location) / "operations" / "approvals"
    moment = datetime.now(UTC).replace(tzinfo=None)
    file = folder / f"{moment:%Y-%m-%dT%H-%M-%S}-{secrets.token_hex(3)}.parquet"
    with replaced(file) as aside, duckdb.connect() as connection:
        connection.execute(
            "create table word (trigger_id varchar, fired_on date, approved_at timestamp, approved_by varchar, reason varchar)"
        )
        connection.execute("insert into word values (?, ?, ?, ?, ?)", [trigger_id, fired_on, moment, _who(), reason])
        connection.execute(f"copy (select * from word) to {literal(aside)} (format parquet)")
    return found.held


def _who() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
