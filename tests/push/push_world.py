"""A small warehouse made to the contract of the sync marts, and the gate that belongs to it."""

from __future__ import annotations

import json
import shutil
from copy import deepcopy
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

AS_OF = datetime(2026, 6, 1, 12)
HOSTILE = "<!channel> </script> {{ 7*7 }} '; drop table"

FIRINGS = {
    "firing_id": "varchar", "account_id": "varchar", "account_name": "varchar", "trigger_id": "varchar",
    "trigger_name": "varchar", "triggered_at": "timestamp", "deliver_at": "timestamp", "sla_due_at": "timestamp",
    "expires_at": "timestamp", "motion": "varchar", "owner_role": "varchar", "owner_email": "varchar",
    "channels": "varchar", "play_id": "varchar", "recommended_action": "varchar", "evidence": "varchar",
    "recipient_user_id": "varchar", "recipient_contact_id": "varchar", "recipient_email": "varchar",
    "recipient_first_name": "varchar", "message_subject": "varchar", "message_body": "varchar",
    "in_app_body": "varchar", "cta_url": "varchar", "view_url": "varchar", "book_call_url": "varchar",
    "status": "varchar", "is_closed": "boolean", "closed_at": "timestamp", "as_of": "timestamp",
}  # fmt: skip
ACCOUNTS = {
    "account_id": "varchar", "account_name": "varchar", "segment": "varchar", "tier": "varchar",
    "contract_value": "decimal(18,2)", "health_score": "double", "health_band": "varchar", "is_in_stage": "boolean",
    "open_firings": "integer", "newest_firing_id": "varchar", "newest_trigger_id": "varchar",
    "newest_triggered_at": "timestamp", "probability_30d": "double", "expected_arr_30d": "decimal(18,2)",
    "readiness_rank": "integer", "driver_1": "varchar", "driver_2": "varchar", "driver_3": "varchar", "as_of": "timestamp",
}  # fmt: skip
ALERTS = {
    "alert_id": "varchar", "firing_id": "varchar", "account_id": "varchar", "account_name": "varchar",
    "recipient_role": "varchar", "alert_email": "varchar", "channel": "varchar", "sla_due_at": "timestamp",
    "expires_at": "timestamp", "deliver_at": "timestamp", "title": "varchar", "body": "varchar",
    "evidence": "varchar", "links": "varchar", "is_to_actor": "boolean", "status": "varchar", "is_closed": "boolean", "as_of": "timestamp",
}  # fmt: skip


def firing(number: int, **changes: Any) -> dict[str, Any]:
    """A due firing, two hours old at AS_OF."""
    moment = AS_OF - timedelta(hours=2)
    return {
        "firing_id": f"firing{number:03d}", "account_id": f"account{number:03d}", "account_name": f"Account {number}",
        "trigger_id": "seat_utilization", "trigger_name": "Seats nearly full", "triggered_at": moment,
        "deliver_at": moment, "sla_due_at": moment + timedelta(days=1), "expires_at": moment + timedelta(days=7),
        "motion": "sales_led", "owner_role": "ae", "owner_email": f"owner{number}@teamflow.example",
        "channels": "email|slack", "play_id": "add_seats", "recommended_action": "Offer seats",
        "evidence": json.dumps({"seat_utilisation": {"value": 0.95, "threshold": 0.9}}),
        "recipient_user_id": None, "recipient_contact_id": f"contact{number:03d}",
        "recipient_email": f"person{number}@customer.example", "recipient_first_name": f"Ada{number}",
        "message_subject": "Room for your team", "message_body": f"Hi Ada{number}, your seats are nearly full.",
        "in_app_body": f"Ada{number}, add seats", "cta_url": f"https://app.teamflow.example/upgrade?ref={number}",
        "view_url": None, "book_call_url": None, "status": "due",
        "is_closed": False, "closed_at": None, **changes,
    }  # fmt: skip


def account(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "account_id": f"account{number:03d}", "account_name": f"Account {number}", "segment": "mid_market",
        "tier": "professional", "contract_value": "12000.00", "health_score": 81.5, "health_band": "green",
        "is_in_stage": True, "open_firings": 1, "newest_firing_id": f"firing{number:03d}",
        "newest_trigger_id": "seat_utilization", "newest_triggered_at": AS_OF - timedelta(hours=2),
        "probability_30d": 0.184, "expected_arr_30d": "1530.00", "readiness_rank": number,
        "driver_1": "Seats nearly full 3 days ago: +37", "driver_2": "expanded 5 weeks ago: -6", "driver_3": None, **changes,
    }  # fmt: skip


def alert(number: int, **changes: Any) -> dict[str, Any]:
    source = firing(number)
    kept = (
        "firing_id",
        "account_id",
        "account_name",
        "sla_due_at",
        "expires_at",
        "deliver_at",
        "evidence",
        "status",
        "is_closed",
    )
    return {
        "alert_id": f"alert{number:03d}", **{name: source[name] for name in kept}, "recipient_role": "ae",
        "alert_email": f"owner{number}@teamflow.example", "channel": "slack",
        "title": f"Account {number}: seats nearly full", "body": "95 % of seats are in use.",
        "links": json.dumps({"view_url": f"https://crm.teamflow.example/accounts/account{number:03d}"}),
        "is_to_actor": True, **changes,
    }  # fmt: skip


class World:
    """A DATA_DIR whose marts a test writes; every write is a new build that passed its gate."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.as_of = AS_OF
        self.builds = 0
        self.firings: list[dict[str, Any]] = []
        self.accounts: list[dict[str, Any]] = []
        self.alerts: list[dict[str, Any]] = []

    @classmethod
    def of(cls, folder: Path, count: int) -> World:
        world = cls(folder)
        numbers = range(1, count + 1)
        world.firings = [firing(number) for number in numbers]
        world.accounts = [account(number) for number in numbers]
        world.alerts = [alert(number) for number in numbers]
        world.build()
        return world

    @property
    def build_id(self) -> str:
        return f"build {self.builds}"

    def copy(self, folder: Path) -> World:
        """The same world in another folder; cheaper than building it."""
        shutil.copytree(self.folder, folder)
        world = World(folder)
        world.as_of, world.builds = self.as_of, self.builds
        world.firings, world.accounts, world.alerts = deepcopy((self.firings, self.accounts, self.alerts))
        return world

    def build(self, passed: bool = True) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        with duckdb.connect(str(self.folder / "warehouse.duckdb")) as connection:
            connection.execute("create schema if not exists sync; create schema if not exists intermediate")
            connection.execute(
                "create table if not exists intermediate.int_engine_runs (as_of timestamp, build_id varchar)"
            )
            self.builds += 1
            connection.execute("insert into intermediate.int_engine_runs values (?, ?)", [self.as_of, self.build_id])
            self._fill(connection, "sync_crm_firings", FIRINGS, self.firings)
            self._fill(connection, "sync_crm_accounts", ACCOUNTS, self.accounts)
            self._fill(connection, "sync_alerts", ALERTS, self.alerts)
        self.write_gate(passed)

    def write_gate(self, passed: bool = True, as_of: datetime | None = None) -> None:
        moment = f"{(as_of or self.as_of).isoformat(timespec='microseconds')}Z"
        gate = {"passed": passed, "as_of": moment, "build_id": self.build_id, "failures": []}
        (self.folder / "quality_gate.json").write_text(json.dumps(gate))

    def _fill(self, connection, name: str, columns: dict[str, str], rows: list[dict[str, Any]]) -> None:
        spelled = ", ".join(f"{column} {kind}" for column, kind in columns.items())
        connection.execute(f"create or replace table sync.{name} ({spelled})")
        if rows:
            selected = ", ".join(f"unnest(?::{kind}[])" for kind in columns.values())
            values = [[{**row, "as_of": self.as_of}[column] for row in rows] for column in columns]
            connection.execute(f"insert into sync.{name} select {selected}", values)

    # What the run left behind

    def lines(self) -> list[dict[str, Any]]:
        files = sorted((self.folder / "outbox").glob("*.jsonl"))
        return [json.loads(line) for file in files for line in file.read_text().splitlines()]

    def parquet_keys(self) -> list[str]:
        files = sorted(str(file) for file in (self.folder / "outbox").glob("*.parquet"))
        return self.select("select sync_key from read_parquet(?) order by 1", [files]) if files else []

    def log(self, columns: str = "sync_key, outcome") -> list[tuple]:
        files = sorted(str(file) for file in (self.folder / "raw" / "push" / "push_log").glob("*.parquet"))
        if not files:
            return []
        with duckdb.connect(":memory:") as connection:
            query = f"select {columns} from read_parquet(?) order by attempted_at, attempt_id"
            return connection.execute(query, [files]).fetchall()

    def ledger(self, query: str) -> list[tuple]:
        with duckdb.connect(str(self.folder / "push_ledger.duckdb"), read_only=True) as connection:
            return connection.execute(query).fetchall()

    @staticmethod
    def select(query: str, parameters: list[Any]) -> list[Any]:
        with duckdb.connect(":memory:") as connection:
            return [row[0] for row in connection.execute(query, parameters).fetchall()]
