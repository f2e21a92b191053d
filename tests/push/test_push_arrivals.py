"""Delivered means arrived; a destination's fault is not a row's; people go by kind and id; ledgers and builds have owners and ages."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import duckdb
import pytest
from push_counterpart import Counterpart
from push_runs import Run
from push_world import AS_OF, World

# Delivered means arrived


def test_an_account_row_is_no_delivery_of_its_newest_firing(
    run: Callable[..., Run], world: World, counterpart: Counterpart
) -> None:
    """HubSpot takes the account and refuses its firing."""
    counterpart.poison = {"firing001"}
    run("hubspot", "--max-sends", "100")
    log = world.log("object, firing_id, outcome")
    assert ("firing", "firing001", "rejected") in log
    assert not [row for row in log if row[0] == "account" and row[1] is not None]
    assert not [row for row in log if row[1] == "firing001" and row[2] == "delivered"]


def test_the_log_tells_who_was_reached_and_names_nobody(run: Callable[..., Run], world: World) -> None:
    world.alerts[1]["is_to_actor"] = False
    world.alerts[2]["alert_email"] = None
    world.firings[3] |= dict.fromkeys(("owner_email", "recipient_contact_id", "recipient_email"))
    world.build()
    run("slack", "--max-sends", "100")
    run("file")
    log = world.log("object, firing_id, addressee, recipient")
    reached = {(name, firing): addressee for name, firing, addressee, _ in log}
    assert reached["alert", "firing001"] == "actor"
    assert reached["alert", "firing002"] == "bystander"
    assert reached["alert", "firing003"] == "nobody"
    assert reached["firing", "firing004"] == "nobody"
    assert reached["firing", "firing005"] == "actor"
    hashes = {(name, firing): recipient for name, firing, _, recipient in log}
    assert hashes["alert", "firing001"] == hashes["firing", "firing001"], "one person, one hash"
    assert "@" not in str(log)


def test_census_lands_its_rows_and_hightouch_hands_over(
    run: Callable[..., Run], world: World, counterpart: Counterpart
) -> None:
    counterpart.sync_records = [
        {"identifier": "firing001", "status": "succeeded", "operation": "upsert"},
        {"identifier": "firing002", "status": "rejected", "operation": "upsert"},
        {"identifier": "nobody knows", "status": "succeeded", "operation": "upsert"},
    ]
    result = run("census", "--max-sends", "100")
    assert (result.code, result.summary["rejected"]) == (1, 2)
    rows = [row for row in world.log("object, firing_id, outcome, addressee") if row[0] == "firing"]
    assert rows == [("firing", "firing001", "delivered", "actor"), ("firing", "firing002", "rejected", "actor")]
    result = run("hightouch", "--max-sends", "100")
    assert (result.code, result.summary["handed_over"], result.summary["delivered"]) == (0, 2, 0)
    rows = [row for row in world.log("destination, object, outcome") if row[:2] == ("hightouch", "firing")]
    assert rows == [("hightouch", "firing", "handed_over")] * 5


def test_a_tool_that_does_not_tell_rows_hands_over(
    run: Callable[..., Run], world: World, counterpart: Counterpart
) -> None:
    counterpart.sync_records = None
    assert run("census", "--max-sends", "100").summary["handed_over"] == 2
    assert {row[0] for row in world.log("outcome")} == {"handed_over"}


def test_a_ledger_of_version_1_goes_on(run: Callable[..., Run], world: World) -> None:
    assert run().code == 0
    ledger = world.folder / "push_ledger.duckdb"
    with duckdb.connect(str(ledger)) as connection:
        kept = connection.execute("select * exclude (remote_place) from deliveries").df()  # noqa: F841
        for statement in (
            "create or replace table deliveries as select * from kept",
            "drop table installation",
            "alter table attempts drop column addressee",
            "alter table attempts drop column recipient",
            "update ledger_version set version = 1",
        ):
            connection.execute(statement)
    again = run()
    assert (again.code, again.summary["skipped"]) == (0, {"unchanged": 5})
    assert world.ledger("select version from ledger_version") == [(2,)]


# People by kind and id


def ask(world: World, kind: str, value: str) -> None:
    folder = world.folder / "raw" / "push" / "erasure_requests"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "requests.csv").write_text(f"id,kind,value\n1,{kind},{value}\n")


def test_the_contact_51_is_not_the_number_51(run: Callable[..., Run], world: World) -> None:
    for row in world.firings:
        row |= {"message_body": "51 of your 60 seats", "evidence": json.dumps({"seats": 51, "contact_id": 52})}
    world.firings[0] |= {"recipient_contact_id": "51", "evidence": json.dumps({"seats": 51, "contact_id": 51})}
    world.firings[1]["recipient_user_id"] = "51"
    world.build()
    run()
    ask(world, "contact_id", "51.0")
    world.write_gate(passed=False)
    assert run().code == 2, "the gate failed, and still"
    first, second, third = world.lines()[:3]
    assert {first[name] for name in ("recipient_contact_id", "recipient_email", "message_body")} == {None}
    assert first["evidence"] == {"seats": 51, "contact_id": None}
    assert (second["recipient_user_id"], second["message_body"]) == ("51", "51 of your 60 seats")
    assert third["evidence"] == {"seats": 51, "contact_id": 52}


def test_erasure_waits_for_no_secret(run: Callable[..., Run], world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    run()
    ask(world, "email", "person1@customer.example")
    monkeypatch.delenv("HUBSPOT_ACCESS_TOKEN")
    assert run("hubspot").code == 2
    assert "person1@" not in json.dumps(world.lines())


# A destination's fault


def test_all_refused_for_one_reason_is_one_fault(
    run: Callable[..., Run], world: World, counterpart: Counterpart
) -> None:
    counterpart.poison = {f"firing00{number}" for number in range(1, 6)}
    for destination in ("salesforce", "webhook"):
        result = run(destination, "--max-sends", "100", "--only", "firing")
        assert (result.code, result.summary["rejected"], result.summary["not sent"]) == (1, 0, 5), destination
    states = world.ledger("select distinct state, attempts from deliveries")
    assert states == [("pending", 0)]
    counterpart.poison = set()
    assert run("webhook").summary["delivered"] == 5


def test_an_alert_channel_that_takes_nothing_is_one_fault(
    run: Callable[..., Run], world: World, counterpart: Counterpart
) -> None:
    counterpart.poison = {"Account"}
    result = run("slack", "--max-sends", "100")
    assert (result.summary["stopped"], result.summary["rejected"], result.summary["not sent"]) == (
        "invalid_blocks",
        0,
        5,
    )
    assert world.ledger("select distinct state, attempts from deliveries") == [("pending", 0)]


def test_parked_rows_are_listed_with_their_time_and_released(
    run: Callable[..., Run], world: World, counterpart: Counterpart
) -> None:
    assert run("webhook", "--max-sends", "100").code == 0
    with duckdb.connect(str(world.folder / "push_ledger.duckdb")) as connection:
        connection.execute(
            "update deliveries set state = 'retry', delivered_hash = null, next_attempt_at = '2099-01-01'"
        )
    assert run("webhook").summary["skipped"] == {"waiting": 5}
    listed = json.loads(run("webhook", "list").out)
    until = {datetime.fromisoformat(letter["next_attempt_at"]) for letter in listed}
    assert len(listed) == 5 and max(until) <= datetime.now() + timedelta(hours=1), "no wait is longer than max_wait"
    assert run("webhook", "release", "--key", "firing001").code == 0
    assert run("webhook").summary["delivered"] == 1
    assert run("webhook", "release", "--all").code == 0
    assert run("webhook").summary["delivered"] == 4
    assert run("webhook", "release", "--key", "firing001").code == 2


# Closings, ledgers, ages


def test_a_closing_follows_its_opening_to_its_channel(
    run: Callable[..., Run], world: World, counterpart: Counterpart
) -> None:
    run("slack", "--max-sends", "100", channels={"ae": "C7"})
    world.alerts[1]["is_closed"] = True
    world.build()
    run("slack", channels={"ae": "C8"})
    assert (counterpart.messages[-1]["channel"], counterpart.messages[-1]["thread_ts"]) == ("C7", "2.000")


def test_a_lost_ledger_asks(run: Callable[..., Run], world: World) -> None:
    run()
    (world.folder / "push_ledger.duckdb").unlink()
    result = run()
    assert (result.code, len(world.lines())) == (2, 5)
    assert "does not know" in result.err and "--adopt" in result.err
    again = run("file", "--adopt")
    assert again.code == 0, again
    assert (again.summary["skipped"], len(world.lines())) == ({"unchanged": 5}, 5)
    assert run().code == 0


def test_an_old_build_asks(run: Callable[..., Run], world: World) -> None:
    gate = world.folder / "quality_gate.json"
    checked = datetime.now(UTC) - timedelta(hours=27)
    gate.write_text(json.dumps(json.loads(gate.read_text()) | {"checked_at": checked.isoformat()}))
    result = run()
    assert (result.code, world.lines()) == (2, [])
    assert result.err.startswith("The build was checked 27 hours ago")
    assert run("file", "--max-build-age", "28").code == 0
    world.build()
    os.utime(gate, (time.time() - 30 * 3600,) * 2)
    assert run().code == 2, "a verdict that does not say when is dated by its file"


def test_what_has_fallen_due_since_leaves_with_now(run: Callable[..., Run], world: World) -> None:
    later = AS_OF + timedelta(hours=20)
    world.firings[0] |= {"status": "scheduled", "deliver_at": later}
    world.firings[1] |= {"status": "scheduled", "deliver_at": AS_OF + timedelta(hours=27)}
    world.firings[2] |= {"expires_at": later}
    world.build()
    assert run("file", "--dry-run").summary["planned"] == 3
    sent = {row["sync_key"] for row in run("file", "--dry-run", "--now").summary["would_send"]}
    assert sent == {"firing001", "firing004", "firing005"}, (
        "no further than a build may be old; expired is told by it too"
    )


def test_slack_s_own_marks_in_names_mark_nothing(
    run: Callable[..., Run], world: World, counterpart: Counterpart
) -> None:
    world.alerts = [world.alerts[0] | {"title": "*Bold* _Co_ `x` ~y~ @here @Channel <!channel>", "body": "@everyone *"}]
    world.build()
    run("slack", "--max-sends", "100")
    (message,) = counterpart.messages
    texts = [message["text"], *(block["text"]["text"] for block in message["blocks"] if "text" in block)]
    for text in texts:
        assert not set("_`~<") & set(text) and "*" not in text.strip("*")
        assert not any(word in text.lower() for word in ("@here", "@channel", "@everyone"))


def test_json_ends_no_script_element(run: Callable[..., Run], world: World) -> None:
    world.firings[0]["account_name"] = "</script><b>"
    world.build()
    run()
    (file,) = (world.folder / "outbox").glob("*.jsonl")
    assert "</script>" not in file.read_text()
    assert world.lines()[0]["account_name"] == "</script><b>"


def test_a_read_only_folder_has_its_own_sentence(
    run: Callable[..., Run], world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("push.folders.os.access", lambda *arguments: False)
    result = run()
    assert result.code == 2
    assert result.err.startswith("The folder") and "cannot be written" in result.err


def test_an_email_tool_gets_recipient_subject_and_body(
    run: Callable[..., Run], world: World, counterpart: Counterpart, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    from push.cli import main

    world.firings[0]["recipient_email"] = None
    world.build()
    capsys.readouterr()
    options = ["--data-dir", str(world.folder), "--to", "webhook", "--mapping", "webhook_email", "--max-sends", "9"]
    assert main([*options, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["skipped"] == {"no recipient": 1}
    body = counterpart.records["webhook"]["firing002"]["data"]
    assert (body["to"], body["subject"]) == ("person2@customer.example", "Room for your team")
