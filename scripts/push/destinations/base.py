"""The interface that every destination has."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any, ClassVar

from ..errors import Refused
from ..mapping import Mapping, ObjectMapping
from ..rows import Result, Row
from ..settings import Settings
from ..warehouse import Mart

# Seconds after which a parked row is tried again, whatever the destination asked for.
MAX_WAIT = 3600.0


class Destination(ABC):
    """A place that rows are sent to.

    A subclass says what it promises (`keeps_state`, `is_idempotent`), how many rows go in one request
    (`largest_batch`) and how many are marked `sending` in one commit (`commit_size`), checks itself before anything is
    sent (`preflight`) and sends one batch (`send`). It knows nothing of ledger, retries and splitting.
    """

    name: ClassVar[str]
    keeps_state: ClassVar[bool] = False
    """True when a row can be updated there: every changed payload is sent. Else each key is sent once."""
    is_idempotent: ClassVar[bool] = True
    """True when sending the same row again does no harm: what was `sending` when a run died is sent again."""
    is_one_batch: ClassVar[bool] = False
    """True when everything a run sends goes at once, all objects together."""
    reads_by_itself: ClassVar[bool] = False
    """True when a tool reads the marts: a row is one of its syncs, and what it says of the marts' rows are parts."""
    largest_batch: ClassVar[int] = 1
    """The most rows that one request may carry; `batch_size` in the mapping's settings can lower it."""
    commit_size: int = 1
    known_settings: ClassVar[frozenset[str]] = frozenset()

    COMMON_SETTINGS: ClassVar[frozenset[str]] = frozenset(
        {
            "timeout",
            "deadline",
            "tries",
            "wait_initial",
            "wait_max",
            "longest_wait",
            "limit_window",
            "max_wait",
            "batch_size",
            "commit_size",
        }  # fmt: skip
    )

    def __init__(self, mapping: Mapping, settings: Settings) -> None:
        unknown = sorted(set(mapping.settings) - self.COMMON_SETTINGS - self.known_settings)
        if unknown:
            raise Refused(f"The mapping of {self.name} has the unknown setting {unknown[0]}.")
        self.mapping = mapping
        self.settings = settings
        self.run_id = ""
        self.options: dict[str, Any] = mapping.settings
        self.batch_size = min(int(self.options.get("batch_size", self.largest_batch)), self.largest_batch)
        self.commit_size = max(int(self.options.get("commit_size", self.commit_size)), self.batch_size)
        self.max_wait = float(self.options.get("max_wait", MAX_WAIT))
        if self.batch_size < 1:
            raise Refused(f"The mapping of {self.name} has a batch_size below 1.")

    def payload(self, mapping: ObjectMapping, row: dict[str, Any]) -> dict[str, Any]:
        """What is hashed and sent for a row of a mart."""
        return mapping.payload(row)

    @property
    def reads(self) -> list[str]:
        """The objects whose marts it needs."""
        return list(self.mapping.objects)

    def whole_rows(self, marts: dict[str, Mart]) -> list[Row]:
        """Rows that stand for the marts as a whole, for tools that read them by themselves."""
        return []

    def arrived(self, keys_by_run: dict[str, set[str]]) -> set[str]:
        """The keys, of those a killed run was sending, that can be seen to have arrived. Changes nothing."""
        return set()

    def repair(self, run_ids: list[str], marts: dict[str, Mart]) -> None:
        """Completes what killed runs left half done."""
        return None

    def derived_rows(self, remote_ids: dict[tuple[str, str], str], marts: dict[str, Mart]) -> list[Row]:
        """Rows that follow from what was delivered, such as links between records; sent after the others."""
        return []

    def preflight(self, rows: list[Row], marts: dict[str, Mart]) -> None:
        """Refuses when the destination cannot take these rows: no access, a property that is missing."""
        return None

    @abstractmethod
    def send(self, rows: list[Row]) -> list[Result]:
        """Sends one batch of rows of one object and returns a result for each row that the answer names.

        Raises Transient, BatchRefused or Stop for the batch as a whole.
        """

    @property
    def requests(self) -> int:
        """How many requests left so far, preflight included."""
        return 0

    @property
    def files(self) -> list[Path]:
        """The files that this run left."""
        return []

    def close(self) -> None:
        """Lets connections go."""
        return None
