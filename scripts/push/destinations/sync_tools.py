"""Reverse-ETL tools that read the sync marts themselves: a sync run is triggered when the marts changed, and polled."""

from __future__ import annotations

import time
from abc import abstractmethod
from typing import Any, ClassVar

from ..errors import BatchRefused, Refused, Stop, Transient, clean_error_class
from ..http import BearerToken, Client, check_url
from ..mapping import UNSTABLE_COLUMNS, Mapping, payload_hash, plain
from ..plan import is_expired, may_leave
from ..rows import Part, Result, Row
from ..settings import Settings
from ..warehouse import MARTS, Mart
from .base import Destination

SYNC = "sync"
STILL_RUNNING = "still_running"
# Records of a run are read a hundred at a time, which is the most that Census gives.
PAGE, MOST_PAGES = 100, 1000
SUCCEEDED = {"succeeded", "success"}


class SyncToolDestination(Destination):
    """At least once; accepted is not synced: a row is delivered when the tool names it among those that succeeded.

    Where a tool does not say what became of the rows they are handed over, which is not delivered.
    A row stands for one configured sync. Its hash is that of the marts' content. A run that outlives this one's
    patience is remembered by its id and asked for again instead of triggered again.
    """

    keeps_state = True
    reads_by_itself = True
    known_settings = frozenset({"base_url", "syncs", "reads", "poll_interval", "poll_timeout"})
    default_url: ClassVar[str]

    def __init__(self, mapping: Mapping, settings: Settings) -> None:
        super().__init__(mapping, settings)
        self._marts: dict[str, Mart] = {}
        prefix = self.name.upper()
        listed = settings.value(f"{prefix}_SYNC_IDS")
        self._syncs = [part.strip() for part in listed.split(",")] if listed else self.options.get("syncs") or []
        if not self._syncs:
            raise Refused(f"The environment variable {prefix}_SYNC_IDS names no sync.")
        unknown = sorted(set(self.reads) - MARTS.keys())
        if unknown:
            raise Refused(f"The mapping of {self.name} reads the unknown object {unknown[0]}.")
        url = settings.value(f"{prefix}_BASE_URL", self.options.get("base_url", self.default_url))
        token = settings.require_secret(f"{prefix}_API_KEY")
        self._client = Client(check_url(url, f"{prefix}_BASE_URL"), settings, self.options, BearerToken(token))

    @property
    def reads(self) -> list[str]:
        return list(self.options.get("reads") or MARTS)

    def whole_rows(self, marts: dict[str, Mart]) -> list[Row]:
        self._marts = marts
        if not any(mart.rows for mart in marts.values()):
            return []
        content = {
            mart.name: [
                {key: plain(value) for key, value in row.items() if key not in UNSTABLE_COLUMNS} for row in mart.rows
            ]
            for mart in marts.values()
        }
        digest = payload_hash(content)
        return [Row(SYNC, str(sync), None, None, "run", {"sync": str(sync)}, digest, source={}) for sync in self._syncs]

    def preflight(self, rows: list[Row], marts: dict[str, Mart]) -> None:
        for row in rows:
            self._client.get(f"/syncs/{row.key}")

    def send(self, rows: list[Row]) -> list[Result]:
        (row,) = rows
        run = row.remote_id or self.trigger(row.key)
        ends = time.monotonic() + float(self.options.get("poll_timeout", 600))
        while True:
            result = self._poll(row.key, run)
            if result is not None:
                return [result]
            if time.monotonic() >= ends:
                return [Result(row.key, "retry", None, STILL_RUNNING, remote_id=run)]
            time.sleep(float(self.options.get("poll_interval", 5)))

    def _poll(self, sync: str, run: str) -> Result | None:
        """The outcome, or null while the run goes on or does not answer."""
        try:
            outcome, error_class = self.state(sync, run)
        except Transient:
            return None
        if outcome is None:
            return None
        parts = self.row_results(run) if outcome in {"delivered", "rejected"} else []
        if parts is None:
            parts = [Part(name, key, "handed_over") for name, key in self._due()] if outcome == "delivered" else []
            outcome = "handed_over" if outcome == "delivered" else outcome
        if any(part.outcome == "rejected" for part in parts):
            outcome, error_class = "rejected", "rows_failed"
        # The id of a run that has ended is forgotten: another try is another run.
        return Result(sync, outcome, 200, error_class, remote_id="", parts=tuple(parts))

    def row_results(self, run: str) -> list[Part] | None:
        """What became of each row of a run; null where the tool does not say."""
        return None

    def _due(self) -> list[tuple[str, str]]:
        """The firings and alerts that the tool can have read."""
        return [
            (mart.object, str(row[mart.key]))
            for mart in self._marts.values()
            if mart.object != "account"
            for row in mart.rows
            if may_leave(row) and not is_expired(row)
        ]

    @abstractmethod
    def trigger(self, sync: str) -> str:
        """Starts a run and returns its id."""

    @abstractmethod
    def state(self, sync: str, run: str) -> tuple[str | None, str | None]:
        """Outcome and error class of a run; the outcome is null while it goes on."""

    @property
    def requests(self) -> int:
        return self._client.requests

    def close(self) -> None:
        self._client.close()


class HightouchDestination(SyncToolDestination):
    """Hightouch's REST API, version 1."""

    name = "hightouch"
    default_url = "https://api.hightouch.com/api/v1"
    OUTCOMES: ClassVar[dict[str, tuple[str, str | None]]] = {
        "success": ("delivered", None),
        "warning": ("rejected", "rows_failed"),
        "failed": ("retry", "sync_failed"),
        "cancelled": ("retry", "sync_cancelled"),
        "interrupted": ("retry", "sync_interrupted"),
    }

    def trigger(self, sync: str) -> str:
        return _run_id(self._client.post(f"/syncs/{sync}/trigger", {"fullResync": False}).json(), "id")

    def state(self, sync: str, run: str) -> tuple[str | None, str | None]:
        runs = self._client.get(f"/syncs/{sync}/runs?runId={run}").json().get("data") or []
        found = [entry for entry in runs if str(entry.get("id")) == run]
        return self.OUTCOMES.get(str(found[0].get("status")).lower(), (None, None)) if found else (None, None)


class CensusDestination(SyncToolDestination):
    """Census' REST API, version 1."""

    name = "census"
    default_url = "https://app.getcensus.com/api/v1"

    def trigger(self, sync: str) -> str:
        body = self._client.post(f"/syncs/{sync}/trigger", {}).json()
        return _run_id(body.get("data") if isinstance(body, dict) else None, "sync_run_id")

    def state(self, sync: str, run: str) -> tuple[str | None, str | None]:
        data: dict[str, Any] = self._client.get(f"/sync_runs/{run}").json().get("data") or {}
        status = data.get("status")
        if status == "completed":
            failed = (data.get("records_failed") or 0) + (data.get("records_invalid") or 0)
            return ("rejected", "rows_failed") if failed else ("delivered", None)
        # Skipped: an earlier run of the sync was still at work, perhaps on older rows.
        return {"failed": ("retry", "sync_failed"), "skipped": ("retry", "sync_skipped")}.get(status, (None, None))

    def row_results(self, run: str) -> list[Part] | None:
        """From the run's records, whose identifiers are the sync's key: a firing's, an account's or an alert's id."""
        objects = {str(row[mart.key]): mart.object for mart in self._marts.values() for row in mart.rows}
        parts: list[Part] = []
        for page in range(1, MOST_PAGES + 1):
            try:
                answer = self._client.get(f"/sync_runs/{run}/records?page={page}&per_page={PAGE}").json()
            except (BatchRefused, Stop, Transient):
                return None
            records = answer.get("data") if isinstance(answer, dict) else None
            if not isinstance(records, list):
                return None
            for record in records:
                key, status = str(record.get("identifier")), str(record.get("status")).lower()
                if key in objects and record.get("operation") != "delete":
                    outcome = "delivered" if status in SUCCEEDED else "rejected"
                    error_class = None if outcome == "delivered" else clean_error_class(status, "row_error")
                    parts.append(Part(objects[key], key, outcome, error_class))
            if len(records) < PAGE:
                break
        return parts


def _run_id(body: Any, name: str) -> str:
    run = body.get(name) if isinstance(body, dict) else None
    if not run:
        raise Transient("unreadable_answer")
    return str(run)
