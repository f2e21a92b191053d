"""Bad input: exit code 2, one sentence, nothing sent, the ledger as it was."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest
import yaml
from push.cli import main
from push_counterpart import Counterpart
from push_paths import HERE
from push_runs import Run, quick_mapping
from push_world import AS_OF, World

PROGRAM = HERE.parents[1] / "scripts" / "push_triggers.py"


@pytest.fixture
def refused(run: Callable[..., Run], world: World, counterpart: Counterpart) -> Callable[..., str]:
    """Runs, asserts a refusal that changed nothing, and returns its sentence."""

    def call(destination: str = "file", *arguments: str, **settings: object) -> str:
        def state() -> dict[str, bytes]:
            files = [path for path in world.folder.rglob("*") if path.is_file()]
            return {str(path): path.read_bytes() for path in files if path.name != "warehouse.duckdb"}

        before = state()
        result = run(destination, *arguments, **settings)
        assert result.code == 2, result
        assert len(result.err.splitlines()) == 1 and result.err.endswith(".\n"), result.err
        assert "Traceback" not in result.err
        assert (result.out, counterpart.requests) == ("", [])
        after = state()
        if before:
            ledger = {name for name in after if "push_ledger" in name}
            assert {name: after[name] for name in after if name not in ledger - before.keys()} == before
        return result.err

    return call


def rewrite(world: World, statement: str) -> None:
    with duckdb.connect(str(world.folder / "warehouse.duckdb")) as connection:
        connection.execute(statement)


BROKEN_MARTS = {
    "no mart": ("drop table sync.sync_crm_firings", "sync_crm_firings is missing"),
    "a null key": (
        "update sync.sync_crm_firings set firing_id = null where firing_id = 'firing001'",
        "without firing_id",
    ),
    "a repeated key": ("insert into sync.sync_crm_firings select * from sync.sync_crm_firings limit 1", "repeats"),
    "no column": ("alter table sync.sync_crm_firings drop column expires_at", "lacks the column expires_at"),
    "no mapped column": ("alter table sync.sync_crm_firings drop column play_id", "play_id"),
    "two moments": (
        "update sync.sync_crm_firings set as_of = as_of + interval 1 day where firing_id = 'firing001'",
        "as_of",
    ),
    "no engine runs": ("drop table intermediate.int_engine_runs", "int_engine_runs"),
    "emptied": ("delete from sync.sync_crm_firings", "held 5 rows before"),
}


@pytest.mark.parametrize("case", BROKEN_MARTS)
def test_marts(case: str, refused: Callable[..., str], run: Callable[..., Run], world: World) -> None:
    statement, sentence = BROKEN_MARTS[case]
    assert run().code == 0
    rewrite(world, statement)
    assert sentence in refused()


def test_an_empty_mart_that_was_always_empty_is_no_error(run: Callable[..., Run], world: World) -> None:
    world.firings = []
    world.build()
    assert run().code == 0


def test_no_warehouse(refused: Callable[..., str], world: World) -> None:
    (world.folder / "warehouse.duckdb").unlink()
    assert "build first" in refused()


def test_a_warehouse_that_is_being_written(world: World, refused: Callable[..., str]) -> None:
    path = str(world.folder / "warehouse.duckdb")
    code = f"import duckdb, sys; c = duckdb.connect({path!r}); print(1, flush=True); sys.stdin.read()"
    writer = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        writer.stdout.readline()
        assert "being written" in refused()
    finally:
        writer.communicate(b"")


def test_the_gate(refused: Callable[..., str], run: Callable[..., Run], world: World) -> None:
    world.write_gate(passed=False)
    assert "failed" in refused()
    world.write_gate(as_of=AS_OF - timedelta(days=1))
    assert "run it again" in refused()
    world.builds -= 1
    world.write_gate()
    assert "another build" in refused()
    world.builds += 1
    (world.folder / "quality_gate.json").write_text("{")
    assert "cannot be read" in refused()
    (world.folder / "quality_gate.json").unlink()
    assert "missing" in refused()
    world.write_gate()
    assert run().code == 0


def test_the_gate_may_spell_its_moment_with_a_zone(run: Callable[..., Run], world: World) -> None:
    gate = {"passed": True, "as_of": "2026-06-01T14:00:00+02:00", "build_id": world.build_id}
    (world.folder / "quality_gate.json").write_text(json.dumps(gate))
    assert run().code == 0


def test_the_ledger(refused: Callable[..., str], run: Callable[..., Run], world: World) -> None:
    ledger = world.folder / "push_ledger.duckdb"
    assert run().code == 0
    good = ledger.read_bytes()
    with duckdb.connect(str(ledger)) as connection:
        connection.execute("update ledger_version set version = 99")
    assert "version 99" in refused()
    ledger.write_bytes(b"this is no database" * 1000)
    assert "cannot be read" in refused()
    ledger.write_bytes(good[: len(good) // 2])
    assert "cannot be read" in refused()
    damaged = bytearray(good)
    damaged[12288:16384] = b"\xff" * 4096
    ledger.write_bytes(damaged)
    assert "cannot be read" in refused()
    ledger.unlink()
    with duckdb.connect(str(ledger)) as connection:
        connection.execute("create table something (x int)")
    assert "not a push ledger" in refused()
    ledger.write_bytes(good)
    assert run().summary["skipped"] == {"unchanged": 5}


@pytest.mark.parametrize("arguments", [["--dry-run"], ["list"]])
def test_a_damaged_ledger_is_not_read_either(arguments: list[str], world: World, run: Callable[..., Run]) -> None:
    (world.folder / "push_ledger.duckdb").write_bytes(b"this is no database" * 1000)
    assert run("file", *arguments).code == 2


ADDRESSES = {
    "webhook": "WEBHOOK_URL",
    "hubspot": "HUBSPOT_BASE_URL",
    "salesforce": "SALESFORCE_INSTANCE_URL",
    "slack": "SLACK_API_URL",
    "hightouch": "HIGHTOUCH_BASE_URL",
    "census": "CENSUS_BASE_URL",
}
SECRETS = {
    "webhook": "WEBHOOK_SECRET",
    "hubspot": "HUBSPOT_ACCESS_TOKEN",
    "salesforce": "SALESFORCE_ACCESS_TOKEN",
    "slack": "SLACK_BOT_TOKEN",
    "hightouch": "HIGHTOUCH_API_KEY",
    "census": "CENSUS_API_KEY",
}


@pytest.mark.parametrize(
    "url", ["http://crm.example", "ftp://crm.example", "crm.example", "https://user:pass@crm.example"]
)
@pytest.mark.parametrize("destination", ADDRESSES)
def test_addresses(destination: str, url: str, refused: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ADDRESSES[destination], url)
    sentence = refused(destination, "--max-sends", "100")
    assert sentence.startswith(ADDRESSES[destination])
    assert "pass@" not in sentence


@pytest.mark.parametrize("destination", SECRETS)
def test_secrets(destination: str, refused: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SECRETS[destination])
    assert (
        refused(destination, "--max-sends", "100") == f"The environment variable {SECRETS[destination]} is not set.\n"
    )


def test_a_webhook_secret_of_another_kind(refused: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBHOOK_SECRET", "whsec_§")
    assert "Standard Webhooks" in refused("webhook", "--max-sends", "100")


MAPPINGS = {
    "unknown column": ({"objects": {"firing": {"fields": {"a": "no_such_column"}}}}, "no_such_column"),
    "as_of": ({"objects": {"firing": {"fields": {"a": "as_of"}}}}, "as_of"),
    "unknown object": ({"objects": {"lead": {"fields": {"a": "firing_id"}}}}, "lead"),
    "no fields": ({"objects": {"firing": {}}}, "no fields"),
    "unknown form": ({"objects": {"firing": {"fields": {"a": {"column": "firing_id", "as": "xml"}}}}}, "xml"),
    "column and value": ({"objects": {"firing": {"fields": {"a": {"column": "x", "value": 1}}}}}, "either"),
    "unknown option": ({"objects": {"firing": {"fields": {"a": {"col": "x"}}}}}, "firing.a"),
    "unknown setting": ({"settings": {"colour": 1}, "objects": {"firing": {"fields": {"a": "firing_id"}}}}, "colour"),
    "unknown part": ({"object": {}}, "nothing else"),
    "no mapping": ([], "nothing else"),
}


@pytest.mark.parametrize("case", MAPPINGS)
def test_mappings(case: str, refused: Callable[..., str], tmp_path: Path) -> None:
    content, sentence = MAPPINGS[case]
    (tmp_path / "mine.yml").write_text(yaml.safe_dump(content))
    assert sentence in refused("file", "--mapping", str(tmp_path / "mine.yml"))


def test_a_mapping_that_is_not_there_or_no_yaml(refused: Callable[..., str], tmp_path: Path) -> None:
    assert "cannot be read" in refused("file", "--mapping", str(tmp_path / "none.yml"))
    (tmp_path / "bad.yml").write_text("a: [")
    assert "not valid YAML" in refused("file", "--mapping", str(tmp_path / "bad.yml"))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--to", "fax"], "There is no destination fax"),
        (["send"], "There is no command send"),
        (["--max-sends", "0"], "--max-sends must be at least 1"),
        (["--max-sends", "many"], "invalid int value"),
        (["--colour"], "Unrecognized arguments: --colour"),
        (["--only", "lead"], "is not sent the object lead"),
        (["drop"], "--key"),
        (["drop", "--key", "nothing"], "There is no dead letter nothing"),
    ],
)
def test_options(arguments: list[str], sentence: str, world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data-dir", str(world.folder), *arguments]) == 2
    message = capsys.readouterr().err
    assert sentence in message and len(message.splitlines()) == 1


def test_two_pushers_at_once(
    world: World, counterpart: Counterpart, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sends, the other one exits 2 and sends nothing."""
    for name, value in counterpart.environment().items():
        monkeypatch.setenv(name, value)
    mapping = quick_mapping(tmp_path, "webhook", timeout=30, deadline=30)
    command = [sys.executable, str(PROGRAM), "--data-dir", str(world.folder), "--to", "webhook", "--mapping", mapping]
    counterpart.hold.clear()
    first = subprocess.Popen([*command, "--max-sends", "10"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert counterpart.holding.wait(30), "the first pusher never sent anything"
        second = subprocess.run(
            [*command, "--max-sends", "10"], capture_output=True, text=True, timeout=60, check=False
        )
    finally:
        counterpart.hold.set()
    out, err = first.communicate(timeout=60)
    assert (second.returncode, second.stdout) == (2, "")
    assert second.stderr == "Another pusher holds push_ledger.duckdb: one runs at a time.\n"
    assert (first.returncode, err) == (0, ""), "and no progress bar in a pipe"
    assert "5 delivered" in out
    assert counterpart.arrivals == {f"firing00{number}": 1 for number in range(1, 6)}


def test_every_destination_s_own_mapping_fits_the_marts(run: Callable[..., Run], world: World) -> None:
    shutil.rmtree(world.folder)
    world.build()
    for destination in ("file", "webhook", "hubspot", "salesforce", "slack"):
        assert run(destination, "--dry-run").code == 0
