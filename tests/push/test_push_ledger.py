"""What a run sends, and what it does not send again."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta

import pytest
from push_counterpart import Counterpart
from push_paths import HERE
from push_runs import DESTINATIONS, Run
from push_world import AS_OF, World, account, firing

REMOTE = [name for name in DESTINATIONS if name != "file"]
STATEFUL = {"hubspot": "expansion_triggers", "salesforce": "Expansion_Trigger__c"}
STATE_FIELD = {"hubspot": "expansion_state", "salesforce": "State__c"}


@pytest.mark.parametrize("destination", DESTINATIONS)
def test_an_unchanged_second_run_sends_nothing(
    destination: str, run: Callable[..., Run], counterpart: Counterpart
) -> None:
    first = run(destination, "--max-sends", "100")
    assert first.code == 0, first
    before = len(counterpart.requests)
    second = run(destination)
    assert (second.code, second.summary["planned"], second.summary["requests"]) == (0, 0, 0)
    assert len(counterpart.requests) == before


@pytest.mark.parametrize("destination", DESTINATIONS)
def test_a_build_that_changes_nothing_sends_nothing(destination: str, run: Callable[..., Run], world: World) -> None:
    run(destination, "--max-sends", "100")
    world.as_of += timedelta(hours=1)
    world.build()
    result = run(destination)
    assert (result.code, result.summary["planned"], result.summary["requests"]) == (0, 0, 0)


@pytest.mark.parametrize("destination", STATEFUL)
def test_an_update_in_doubt_is_not_forgotten_when_the_value_returns(
    destination: str, run: Callable[..., Run], world: World, counterpart: Counterpart
) -> None:
    """The lost update took effect there; the old value has to be sent again."""
    run(destination, "--max-sends", "100")
    world.accounts[0]["tier"] = "enterprise"
    world.build()
    counterpart.faults.extend(["lost"] * 3)
    assert run(destination).code == 1
    world.accounts[0]["tier"] = "professional"
    world.build()
    assert run(destination).code == 0
    records = counterpart.records[{"hubspot": "companies", "salesforce": "Account"}[destination]]["account001"]
    assert "professional" in records.values()


def test_progress_is_shown_on_a_terminal(world: World) -> None:
    """And only there: the test of two pushers finds an empty stderr in a pipe."""
    leader, follower = pty.openpty()
    program = HERE.parents[1] / "scripts" / "push_triggers.py"
    command = [sys.executable, str(program), "--data-dir", str(world.folder), "--json"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=follower, timeout=60, check=False)
    os.close(follower)
    shown = os.read(leader, 100_000).decode()
    os.close(leader)
    assert json.loads(done.stdout)["delivered"] == 5, "stdout holds the summary alone"
    assert "file" in shown and "100%" in shown


def test_one_file_of_each_kind_a_run(run: Callable[..., Run], world: World) -> None:
    world.firings[0] |= {"is_closed": True, "closed_at": AS_OF}
    world.build()
    result = run()
    assert sorted(path.suffix for path in (world.folder / "outbox").iterdir()) == [".jsonl", ".parquet"]
    keys = ["firing001", "firing002", "firing003", "firing004", "firing005", "firing001:closed"]
    assert [line["sync_key"] for line in world.lines()] == keys
    assert world.parquet_keys() == sorted(keys)
    opening, closing = world.lines()[0], world.lines()[-1]
    assert (opening["event"], opening["state"], opening["closed_at"]) == ("fired", "open", None)
    assert (closing["event"], closing["state"], closing["closed_at"]) == ("closed", "closed", "2026-06-01T12:00:00Z")
    assert opening["evidence"] == {"seat_utilisation": {"value": 0.95, "threshold": 0.9}}
    assert result.summary["files"] == [str(path) for path in sorted((world.folder / "outbox").iterdir())]
    assert run().summary["files"] == []


@pytest.mark.parametrize("destination", STATEFUL)
def test_a_cleared_condition_becomes_an_update(
    destination: str, run: Callable[..., Run], world: World, counterpart: Counterpart
) -> None:
    run(destination, "--max-sends", "100")
    world.firings[1] |= {"is_closed": True, "closed_at": AS_OF}
    world.as_of += timedelta(days=30)
    world.build()
    result = run(destination)
    assert (result.code, result.summary["planned"]) == (0, 1), "expired, and still updated since it was sent before"
    records = counterpart.records[STATEFUL[destination]]
    assert [record[STATE_FIELD[destination]] for _, record in sorted(records.items())] == [
        "open", "closed", "open", "open", "open",
    ]  # fmt: skip


@pytest.mark.parametrize("destination", ["webhook", "slack"])
def test_a_cleared_condition_is_announced_once(
    destination: str, run: Callable[..., Run], world: World, counterpart: Counterpart
) -> None:
    run(destination, "--max-sends", "100")
    for row in (world.firings[1], world.alerts[1]):
        row["is_closed"] = True
    world.as_of += timedelta(hours=1)
    world.build()
    assert run(destination).summary["delivered"] == 1
    assert run(destination).summary["planned"] == 0
    if destination == "webhook":
        assert counterpart.arrivals["firing002:closed"] == 1
        assert counterpart.records["webhook"]["firing002:closed"]["type"] == "expansion.firing.closed"
    else:
        closing = counterpart.messages[-1]
        assert (closing["text"], closing["thread_ts"]) == ("Closed: Account 2: seats nearly full", "2.000")


@pytest.mark.parametrize(("destination", "fault"), [("webhook", "drop"), ("slack", "lost"), ("slack", "deny")])
def test_no_closing_without_its_opening(
    destination: str, fault: str, run: Callable[..., Run], world: World, counterpart: Counterpart
) -> None:
    """Nobody is told of the end of what they never heard of."""
    for row in (world.firings[0], world.alerts[0]):
        row["is_closed"] = True
    world.build()
    counterpart.faults.extend([fault] * 3)
    assert run(destination, "--max-sends", "100").code == 1
    assert "firing001:closed" not in counterpart.arrivals
    assert not [message for message in counterpart.messages if message["text"].startswith("Closed")]


@pytest.mark.parametrize("destination", STATEFUL)
def test_only_what_changed_is_sent(
    destination: str, run: Callable[..., Run], world: World, counterpart: Counterpart
) -> None:
    run(destination, "--max-sends", "100")
    world.accounts[3]["health_score"] = 40.0
    world.firings[0]["status"] = "delivered"
    world.as_of += timedelta(hours=1)
    world.build()
    result = run(destination)
    assert result.summary["planned"] == 1, "a status that echoes the delivery changes nothing"
    assert counterpart.arrivals["account004"] == 2
    world.accounts[3]["health_score"] = 81.5
    world.build()
    assert run(destination).summary["planned"] == 1, "back to the first value is a change as well"


def test_hubspot_links_each_firing_to_its_company_once(
    run: Callable[..., Run], world: World, counterpart: Counterpart
) -> None:
    world.accounts.pop()
    world.build()
    assert run("hubspot", "--max-sends", "100").code == 0
    assert len(counterpart.links) == 4, "a firing whose account is not there yet has no link"
    world.accounts.append(account(5))
    world.build()
    assert run("hubspot").code == 0
    assert counterpart.links[("expansion_triggers-firing005", "companies-account005")] == 1
    assert set(counterpart.links.values()) == {1}


NEVER = {
    "not yet due": {"deliver_at": AS_OF + timedelta(seconds=1)},
    "expired": {"expires_at": AS_OF},
    "held out": {"status": "held_out"},
    "shadow": {"status": "shadow"},
    "cancelled": {"status": "cancelled"},
    "scheduled": {"status": "scheduled"},
}


@pytest.mark.parametrize("destination", DESTINATIONS[:5])
@pytest.mark.parametrize("reason", NEVER)
def test_what_never_leaves(
    destination: str, reason: str, run: Callable[..., Run], world: World, counterpart: Counterpart
) -> None:
    world.firings[2] |= NEVER[reason]
    world.alerts[2] |= NEVER[reason]
    world.build()
    assert run(destination, "--max-sends", "100").code == 0
    sent = {line["sync_key"] for line in world.lines()} | set(counterpart.arrivals)
    texts = {message["text"] for message in counterpart.messages}
    assert not sent & {"firing003"}
    assert "Account 3: seats nearly full" not in texts
    assert len(sent | texts) >= 4


def test_the_last_moment_before_it_expires(run: Callable[..., Run], world: World) -> None:
    world.firings[2]["expires_at"] = AS_OF + timedelta(microseconds=1)
    world.firings[3]["deliver_at"] = AS_OF
    world.build()
    assert run().summary["delivered"] == 5


def test_slack_takes_its_own_channel_only(run: Callable[..., Run], world: World, counterpart: Counterpart) -> None:
    world.alerts[0]["channel"] = "email"
    world.alerts[1]["channel"] = "crm_alert"
    world.build()
    run("slack", "--max-sends", "100")
    assert len(counterpart.messages) == 3


def test_slack_reads_the_role_s_channel(run: Callable[..., Run], world: World, counterpart: Counterpart) -> None:
    world.alerts[0]["recipient_role"] = "csm"
    world.build()
    run("slack", "--max-sends", "100", channels={"csm": "C2"})
    assert [message["channel"] for message in counterpart.messages] == ["C2", "C1", "C1", "C1", "C1"]


def test_slack_sends_one_message_a_second_a_channel(
    run: Callable[..., Run], world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []
    monkeypatch.setattr("push.destinations.slack.time.sleep", pauses.append)
    world.alerts[0]["recipient_role"] = "csm"
    world.build()
    run("slack", "--max-sends", "100", channels={"csm": "C2"}, seconds_per_message=1)
    assert len(pauses) == 3, "four messages to one channel, one to another"
    assert all(0.5 < pause <= 1 for pause in pauses)


# The operator's word


@pytest.mark.parametrize("destination", REMOTE)
def test_a_first_run_needs_the_operator_s_word(
    destination: str, run: Callable[..., Run], counterpart: Counterpart
) -> None:
    result = run(destination)
    assert (result.code, counterpart.requests) == (2, [])
    assert "first run" in result.err
    assert run(destination, "--max-sends", "100").code == 0


def test_a_first_run_to_file_needs_none(run: Callable[..., Run]) -> None:
    assert run().code == 0


def test_more_rows_than_allowed_send_nothing(run: Callable[..., Run], world: World) -> None:
    result = run("file", "--max-sends", "4")
    assert (result.code, world.lines()) == (2, [])
    world.firings = [firing(number) for number in range(1001)]
    world.build()
    assert run().code == 2
    assert run("file", "--max-sends", "1001").summary["delivered"] == 1001


@pytest.mark.parametrize("destination", DESTINATIONS)
def test_baseline_records_and_sends_nothing(
    destination: str, run: Callable[..., Run], world: World, counterpart: Counterpart
) -> None:
    result = run(destination, "--baseline")
    assert (result.code, counterpart.requests, world.lines(), world.log()) == (0, [], [], [])
    assert result.summary["baseline"] >= 2
    world.firings.append(firing(9))
    world.alerts[0]["is_closed"] = world.firings[0]["is_closed"] = True
    world.build()
    again = run(destination)
    # What was never sent needs no closing, which at a CRM would create it.
    expected = {"file": 1, "webhook": 1, "slack": 0, "hubspot": 1, "salesforce": 1}
    arrived = again.summary["delivered"] + again.summary["handed_over"]
    assert (again.code, arrived) == (0, expected.get(destination, 2))


@pytest.mark.parametrize("destination", DESTINATIONS)
def test_a_dry_run_writes_nothing(
    destination: str, run: Callable[..., Run], world: World, counterpart: Counterpart
) -> None:
    result = run(destination, "--dry-run")
    assert result.code == 0
    assert len(result.summary["would_send"]) == {"hubspot": 10, "salesforce": 10}.get(destination, 5) or 2
    assert not (world.folder / "push_ledger.duckdb").exists()
    assert not (world.folder / "outbox").exists() or not list((world.folder / "outbox").iterdir())
    assert not counterpart.arrivals and not counterpart.messages and not counterpart.runs
    assert run(destination, "--max-sends", "100").code == 0
    ledger = (world.folder / "push_ledger.duckdb").read_bytes()
    assert run(destination, "--dry-run").summary["would_send"] == []
    assert (world.folder / "push_ledger.duckdb").read_bytes() == ledger


def test_only_one_object(run: Callable[..., Run], counterpart: Counterpart) -> None:
    assert run("hubspot", "--max-sends", "100", "--only", "firing").summary["planned"] == 5
    assert not any(key.startswith("account") for key in counterpart.arrivals)
    assert run("hubspot").summary["planned"] == 10, "the accounts, and the links that follow"


# Dead letters


def letters(run: Callable[..., Run], *arguments: str) -> list[dict]:
    return json.loads(run("hubspot", "list", *arguments).out)


def test_dead_letters(run: Callable[..., Run], world: World, counterpart: Counterpart) -> None:
    counterpart.poison = {"firing002", "firing004"}
    assert run("hubspot", "--max-sends", "100").code == 1
    found = letters(run)
    assert [(letter["sync_key"], letter["state"], letter["error_class"]) for letter in found] == [
        ("firing002", "rejected", "VALIDATION_ERROR"),
        ("firing004", "rejected", "VALIDATION_ERROR"),
    ]
    counterpart.poison = set()
    assert run("hubspot").summary["planned"] == 0, "a refusal is final until somebody acts"
    assert run("hubspot", "retry", "--key", "firing002").code == 0
    assert run("hubspot", "drop", "--key", "firing004").code == 0
    assert run("hubspot").summary["delivered"] == 2, "the firing and its link"
    assert (letters(run), counterpart.arrivals["firing004"]) == ([], 0)
    assert run("hubspot", "retry", "--key", "firing004").code == 2
    assert run("hubspot", "retry").code == 2


def test_a_changed_payload_is_tried_again(run: Callable[..., Run], world: World, counterpart: Counterpart) -> None:
    counterpart.poison = {"firing002"}
    run("salesforce", "--max-sends", "100")
    counterpart.poison = set()
    world.firings[1]["owner_email"] = "other@teamflow.example"
    world.build()
    assert run("salesforce").summary["delivered"] == 1


def test_the_attempt_cap(run: Callable[..., Run], counterpart: Counterpart, world: World) -> None:
    world.firings = world.firings[:1]
    world.build()
    for attempt in range(1, 4):
        counterpart.faults.extend(["500"] * 3)
        result = run("webhook", "--max-sends", "100", "--max-attempts", "3")
        assert (result.code, result.summary["retry"]) == (1, 1)
        assert world.ledger("select attempts from deliveries") == [(attempt,)]
    result = run("webhook", "--max-attempts", "3")
    assert (result.code, result.summary["requests"], result.summary["skipped"]) == (1, 0, {"dead letters": 1})
    assert run("webhook", "retry", "--all", "--max-attempts", "3").code == 0
    assert run("webhook", "--max-attempts", "3").summary["delivered"] == 1


def test_unknown_alerts_wait_for_the_operator(run: Callable[..., Run], counterpart: Counterpart) -> None:
    counterpart.faults.extend(["ok", "lost"])
    assert run("slack", "--max-sends", "100").summary["unknown"] == 1
    assert run("slack").code == 1
    assert len(counterpart.messages) == 5
    assert run("slack", "retry", "--all").code == 0
    assert run("slack").summary["planned"] == 0
    assert run("slack", "--resend-unknown").code == 0
    assert len(counterpart.messages) == 6


def test_a_dropped_unknown_alert_is_settled(run: Callable[..., Run], counterpart: Counterpart) -> None:
    counterpart.faults.extend(["lost"])
    run("slack", "--max-sends", "100")
    assert run("slack", "drop", "--all").code == 0
    assert (run("slack", "--resend-unknown").code, len(counterpart.messages)) == (0, 5)


def test_the_push_log_lands_every_attempt(run: Callable[..., Run], counterpart: Counterpart, world: World) -> None:
    world.firings = world.firings[:2]
    world.build()
    counterpart.faults.extend(["500", "ok", "ok"])
    run("webhook", "--max-sends", "100")
    columns = "destination, object, sync_key, firing_id, account_id, outcome, status_code, error_class, as_of"
    assert world.log(columns) == [
        ("webhook", "firing", "firing001", "firing001", "account001", "retry", 500, "http_500", AS_OF),
        ("webhook", "firing", "firing001", "firing001", "account001", "delivered", 200, None, AS_OF),
        ("webhook", "firing", "firing002", "firing002", "account002", "delivered", 200, None, AS_OF),
    ]
    files = list((world.folder / "raw" / "push" / "push_log").iterdir())
    assert len(files) == 1
    run("webhook")
    assert list((world.folder / "raw" / "push" / "push_log").iterdir()) == files, "no attempt, no file"
