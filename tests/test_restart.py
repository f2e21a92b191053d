"""Recorded firings can be forgotten as long as nobody was told; the next build then decides afresh."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import duckdb
import pytest
import restart as command
from operations import restart
from push.ledger import Entry, Ledger, now
from support.built_world import ask, build_models, changed_seed, copied, project
from support.project import VALIDATION

FIRINGS = "select trigger_id, account_id, triggered_at, is_shadow from marts.fct_fired_triggers order by all"
ENGINE = ["trigger_library", "int_triggers+"]


@pytest.fixture(autouse=True)
def _no_landing_elsewhere(monkeypatch):
    monkeypatch.delenv("RAW_LOCATION", raising=False)
    monkeypatch.delenv("DATA_DIR", raising=False)


def run(data_dir: Path, *options: str) -> int:
    return command.main(["--data-dir", str(data_dir), *options], project().folder, project().manifest)


@pytest.fixture
def untold(tmp_path, capsys) -> Path:
    """A built world of which nothing was pushed."""
    data_dir = copied(tmp_path, with_warehouse=True)
    (data_dir / "quality_gate.json").write_text("{}")
    capsys.readouterr()
    return data_dir


def test_it_says_what_it_would_drop_and_drops_nothing(untold, capsys):
    firings = ask(untold / "warehouse.duckdb", FIRINGS)
    assert run(untold) == 0
    told = capsys.readouterr().out
    assert told.startswith(f"{len(firings):,} recorded firings of ")
    first, last = min(row[2] for row in firings), max(row[2] for row in firings)
    assert f"from {first:%Y-%m-%d} to {last:%Y-%m-%d}" in told
    assert "Nothing was changed." in told
    assert ask(untold / "warehouse.duckdb", FIRINGS) == firings
    assert (untold / "quality_gate.json").exists()


def test_a_build_afterwards_fires_afresh(untold, capsys):
    """A trigger that was retired keeps its recorded firings through a build, and has none after a restart."""
    warehouse = untold / "warehouse.duckdb"
    before = ask(warehouse, FIRINGS)
    retired = next(row[0] for row in before if not row[3])

    def retire(text: str) -> str:
        return re.sub(rf"^({retired},.*?),active,", r"\1,retired,", text, flags=re.MULTILINE)

    with changed_seed("trigger_library", retire):
        build_models(untold, *ENGINE, exclude=[*VALIDATION, "resource_type:test"])
        assert ask(warehouse, FIRINGS) == before

        assert run(untold, "--yes") == 0
        assert "Dropped." in capsys.readouterr().out
        assert ask(warehouse, "select count(*) from marts.fct_fired_triggers") == [(0,)]
        assert ask(warehouse, "select count(*) from intermediate.int_engine_runs") == [(0,)]
        assert not (untold / "quality_gate.json").exists()

        build_models(untold, *ENGINE, exclude=[*VALIDATION, "resource_type:test"])
    after = ask(warehouse, FIRINGS)
    assert retired not in {row[0] for row in after}
    assert {row[0] for row in after} >= {row[0] for row in before} - {retired}
    assert [row for row in after if row[2] < max(row[2] for row in before)], "all of history is decided again"


def ledger_of(data_dir: Path, **values) -> None:
    ledger = Ledger.open(data_dir / "push_ledger.duckdb")
    entry = {"state": "pending", "payload_hash": "x", "updated_at": now()} | values
    ledger.write([Entry("crm", "firing", "k", "f", "a", **entry)])
    ledger.close()


@pytest.mark.parametrize("state", ["sending", "delivered", "retry", "rejected", "unknown", "dropped"])
def test_it_refuses_once_the_ledger_knows_of_a_try(untold, capsys, state):
    firings = ask(untold / "warehouse.duckdb", FIRINGS)
    ledger_of(untold, state=state, attempts=1)
    assert run(untold, "--yes") == 1
    told = capsys.readouterr().err
    assert "push_ledger.duckdb knows 1 rows sent to crm: recorded firings stay" in told
    assert len(told.splitlines()) == 1
    assert ask(untold / "warehouse.duckdb", FIRINGS) == firings


def test_a_row_that_only_waits_was_never_sent(untold):
    ledger_of(untold)
    assert run(untold) == 0


def test_a_row_set_going_again_was_tried_before(untold, capsys):
    ledger_of(untold, error_class="timeout")
    assert run(untold, "--yes") == 1
    assert "sent to crm" in capsys.readouterr().err


def test_a_ledger_that_cannot_be_read_is_unknown(untold, capsys):
    (untold / "push_ledger.duckdb").write_text("nonsense")
    assert run(untold, "--yes") == 1
    assert "what was delivered is unknown" in capsys.readouterr().err


def test_it_refuses_once_the_outbox_holds_something(untold, capsys):
    (untold / "outbox").mkdir()
    assert run(untold) == 0
    (untold / "outbox" / "firing.jsonl").write_text("{}\n")
    capsys.readouterr()
    assert run(untold, "--yes") == 1
    assert "outbox holds 1 files of pushed rows" in capsys.readouterr().err


def test_it_refuses_once_a_push_has_landed(untold, capsys):
    log = untold / "raw/push/push_log"
    shutil.rmtree(log, ignore_errors=True)
    log.mkdir(parents=True)
    duckdb.execute(
        "copy (select 'a' as attempt_id, 'crm' as destination, 'delivered' as outcome, timestamp '2026-06-01' as attempted_at)"
        f" to '{log}/part.parquet'"
    )
    assert run(untold, "--yes") == 1
    assert "push_log/*.parquet knows 1 attempts to send" in capsys.readouterr().err


def test_it_refuses_once_the_crm_answers_a_firing(untold, capsys):
    with duckdb.connect(str(untold / "warehouse.duckdb")) as connection:
        connection.execute(
            "update intermediate.int_firing_status set status = 'meeting' where firing_id = (select min(firing_id) from intermediate.int_firing_status)"
        )
    assert run(untold, "--yes") == 1
    assert "1 firings were delivered or answered in the CRM" in capsys.readouterr().err


def test_without_a_warehouse_there_is_nothing_to_forget(tmp_path, capsys):
    assert run(tmp_path) == 1
    assert "nothing was recorded" in capsys.readouterr().err


def test_the_tables_are_the_projects():
    assert (project().folder / "models").is_dir()
    names = {file.stem for file in (project().folder / "models").resolve().rglob("*.sql")}
    assert {restart.RECORDED_FIRINGS, restart.ENGINE_RUNS, restart.STATUSES} <= names
