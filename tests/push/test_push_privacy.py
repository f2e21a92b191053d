"""Secrets, people who want to be forgotten, and text that customers control."""

from __future__ import annotations

import html
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from push.destinations.slack import escape_within
from push.mapping import FORMS
from push_counterpart import Counterpart
from push_paths import HERE
from push_runs import DESTINATIONS, Run, quick_mapping
from push_world import HOSTILE, World, alert, firing

MARKER = "secret-marker"
PROGRAM = HERE.parents[1] / "scripts" / "push_triggers.py"


def everything(folder: Path) -> str:
    """All text that a run left: files as they are, and databases and Parquet files unpacked."""
    texts = []
    for path in folder.rglob("*"):
        if not path.is_file() or path.name in {"warehouse.duckdb", "quality_gate.json"}:
            continue
        texts.append(path.read_bytes().decode("latin-1"))
        if path.suffix == ".parquet":
            texts.append(str(duckdb.sql(f"select * from '{path}'").fetchall()))
        if path.suffix == ".duckdb":
            with duckdb.connect(str(path), read_only=True) as connection:
                tables = [row[0] for row in connection.execute("select table_name from duckdb_tables()").fetchall()]
                texts.extend(str(connection.execute(f"select * from {table}").fetchall()) for table in tables)
    return "\n".join(texts)


@pytest.mark.parametrize("destination", DESTINATIONS[1:])
def test_secrets_appear_nowhere(
    destination: str, counterpart: Counterpart, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither when all is well nor when the destination repeats the credentials in its errors."""
    for name, value in counterpart.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("WEBHOOK_URL", f"{counterpart.url}/hook?token={MARKER}-url")
    mapping = quick_mapping(tmp_path, destination)
    command = [sys.executable, str(PROGRAM), "--data-dir", str(world.folder), "--to", destination, "--mapping", mapping]
    said = []
    for fault in ("echo", "deny", "ok"):
        counterpart.faults.extend([fault])
        done = subprocess.run([*command, "--max-sends", "100"], capture_output=True, text=True, timeout=60, check=False)
        said.append(done.stdout + done.stderr)
    assert done.returncode in {0, 1}
    secrets = [value for name, value in os.environ.items() if MARKER in value or name == "WEBHOOK_SECRET"]
    assert len(secrets) >= 6
    left = everything(world.folder) + "\n".join(said)
    for secret in [*secrets, MARKER]:
        assert secret not in left
    assert counterpart.requests, "the marker was really used"


def test_an_unexpected_error_shows_no_secret(
    run: Callable[..., Run], monkeypatch: pytest.MonkeyPatch, world: World
) -> None:
    def fail(*arguments: object, **options: object) -> None:
        raise RuntimeError(f"https://hooks.example/{MARKER}-webhook and more")

    monkeypatch.setenv("SLACK_WEBHOOK_URL", f"https://hooks.example/{MARKER}-webhook")
    monkeypatch.setattr("push.http.Client.request", fail)
    result = run("slack", "--max-sends", "100")
    assert (result.code, MARKER in result.err) == (1, False)
    assert result.err == "Unexpected RuntimeError: *** and more\n"


# Erasure


def ask_to_erase(world: World, *requests: tuple[str, str, str], suffix: str = "csv") -> None:
    folder = world.folder / "raw" / "push" / "erasure_requests"
    folder.mkdir(parents=True, exist_ok=True)
    values = ", ".join(f"('{number}', '{kind}', '{value}', timestamp '2026-06-01')" for number, kind, value in requests)
    query = f"select * from (values {values}) as request (id, kind, value, requested_at)"
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"copy ({query}) to '{folder / f'requests.{suffix}'}'")


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_a_person_leaves_the_outbox(suffix: str, run: Callable[..., Run], world: World) -> None:
    world.firings[0]["evidence"] = json.dumps({"who": "asked by CONTACT001, not by contact0011"})
    world.firings[1]["owner_email"] = "Owner1@teamflow.example"
    world.build()
    run()
    assert "contact001" in everything(world.folder / "outbox")
    ask_to_erase(world, ("1", "contact_id", "contact001"), ("2", "email", "owner1@teamflow.example"), suffix=suffix)
    assert run().code == 0
    left = everything(world.folder / "outbox").lower()
    assert "owner1@" not in left
    assert "'contact001'" not in left and '"contact001"' not in left
    first, second = world.lines()[:2]
    assert (first["recipient_contact_id"], first["owner_email"], first["firing_id"]) == (None, None, "firing001")
    assert {first[name] for name in ("recipient_first_name", "message_body", "in_app_body")} == {None}
    assert "ada1" not in left and "ada3" in left
    assert first["evidence"] == {"who": "asked by [erased], not by contact0011"}
    assert (second["owner_email"], second["recipient_contact_id"]) == (None, "contact002")
    assert len(world.parquet_keys()) == 5
    before = [path.read_bytes() for path in sorted((world.folder / "outbox").iterdir())]
    run()
    assert before == [path.read_bytes() for path in sorted((world.folder / "outbox").iterdir())]
    assert world.ledger("select count(*) from erasures_applied") == [(2,)]


def test_a_person_is_not_sent_while_the_marts_still_hold_them(
    run: Callable[..., Run], world: World, counterpart: Counterpart
) -> None:
    ask_to_erase(world, ("1", "email", "owner2@teamflow.example"), ("2", "contact_id", "contact003"))
    run("webhook", "--max-sends", "100")
    run("slack", "--max-sends", "100")
    sent = json.dumps([counterpart.records, counterpart.messages])
    assert "owner2@" not in sent and "contact003" not in sent and "contact002" in sent


def test_a_person_leaves_the_dead_letters(run: Callable[..., Run], world: World, counterpart: Counterpart) -> None:
    counterpart.poison = {"Account 2", "Account 3"}
    assert run("slack", "--max-sends", "100").summary["rejected"] == 2
    counterpart.poison = set()
    ask_to_erase(world, ("1", "email", "owner2@teamflow.example"))
    run("slack")
    letters = json.loads(run("slack", "list").out)
    assert [letter["sync_key"] for letter in letters] == ["alert003"]
    assert world.ledger("select error_class from deliveries where state = 'dropped'") == [("erased",)]


def test_the_ledger_and_the_log_hold_no_person(run: Callable[..., Run], world: World, counterpart: Counterpart) -> None:
    counterpart.poison = {"Account 2"}
    run("slack", "--max-sends", "100")
    run("hubspot", "--max-sends", "100")
    (world.folder / "warehouse.duckdb").rename(world.folder.parent / "warehouse.duckdb")
    left = everything(world.folder)
    for personal in ("teamflow.example", "customer.example", "contact00", "seats are in use", "Account 1", "Ada"):
        assert personal not in left


@pytest.mark.parametrize(("kind", "value"), [("phone", "1"), ("email", " ")])
def test_an_erasure_request_that_nobody_understands(
    kind: str, value: str, run: Callable[..., Run], world: World
) -> None:
    ask_to_erase(world, ("1", kind, value))
    result = run()
    assert (result.code, world.lines()) == (2, [])
    assert "The erasure request 1 needs" in result.err


# Text that customers control


@pytest.fixture
def hostile(world: World) -> World:
    world.firings = [firing(1, account_name=HOSTILE, trigger_name=HOSTILE)]
    title, body = f"{HOSTILE}: seats nearly full", f"Hello {HOSTILE} & <https://evil.example|friends> @here"
    world.alerts = [alert(1, account_name=HOSTILE, title=title, body=body)]
    world.build()
    return world


def test_a_hostile_name_is_text_in_the_file(run: Callable[..., Run], hostile: World) -> None:
    run()
    assert hostile.lines()[0]["account_name"] == HOSTILE
    files = sorted(str(path) for path in (hostile.folder / "outbox").glob("*.parquet"))
    assert hostile.select("select account_name from read_parquet(?)", [files]) == [HOSTILE]


@pytest.mark.parametrize(
    ("destination", "table", "name"),
    [
        ("webhook", "webhook", "data"),
        ("hubspot", "expansion_triggers", "expansion_account_name"),
        ("salesforce", "Expansion_Trigger__c", "Trigger_Name__c"),
    ],
)
def test_a_hostile_name_is_text_in_json(
    destination: str, table: str, name: str, run: Callable[..., Run], hostile: World, counterpart: Counterpart
) -> None:
    assert run(destination, "--max-sends", "100").code == 0
    value = counterpart.records[table]["firing001"][name]
    assert (value["account_name"] if destination == "webhook" else value) == HOSTILE


def test_a_hostile_name_is_text_in_slack(run: Callable[..., Run], hostile: World, counterpart: Counterpart) -> None:
    run("slack", "--max-sends", "100")
    (message,) = counterpart.messages
    assert (message["parse"], message["link_names"], message["unfurl_links"]) == ("none", False, False)
    texts = [message["text"], *(block["text"]["text"] for block in message["blocks"] if "text" in block)]
    for text in texts:
        assert "<" not in text and ">" not in text
        # The mark in the name is a letter that looks like it.
        assert html.unescape(text).strip("*").startswith((HOSTILE.replace("*", "∗"), "Hello"))
    assert all(block["text"]["verbatim"] for block in message["blocks"] if "text" in block)
    (actions,) = [block for block in message["blocks"] if block["type"] == "actions"]
    assert [button["url"] for button in actions["elements"]] == ["https://crm.teamflow.example/accounts/account001"]


def test_only_https_links_become_buttons(run: Callable[..., Run], world: World, counterpart: Counterpart) -> None:
    links = {
        "cta_url": "javascript:alert(1)",
        "view_url": "http://plain.example",
        "book_call_url": "https://ok.example",
    }
    world.alerts = [alert(1, links=json.dumps(links)), alert(2, links="no json"), alert(3, links=None)]
    world.build()
    run("slack", "--max-sends", "100")
    urls = [
        [button["url"] for block in message["blocks"] if block["type"] == "actions" for button in block["elements"]]
        for message in counterpart.messages
    ]
    assert urls == [["https://ok.example"], [], []]


def test_long_texts_keep_slack_s_limits(run: Callable[..., Run], world: World, counterpart: Counterpart) -> None:
    world.alerts = [alert(1, title="<&>" * 2000, body="&" * 9000, recipient_role="r" * 5000)]
    world.build()
    assert run("slack", "--max-sends", "100").code == 0
    for block in counterpart.messages[0]["blocks"]:
        for part in [block.get("text"), *block.get("elements", [])]:
            text = part["text"] if part else ""
            text = text["text"] if isinstance(text, dict) else text
            assert len(text) <= 3000


@pytest.mark.parametrize("limit", range(1, 30))
def test_shortening_cuts_no_entity(limit: int) -> None:
    short = escape_within("a&b<c>d&e", limit)
    assert len(short) <= max(limit, 1)
    assert html.unescape(short).rstrip("…") in "a&b<c>d&e"


def test_html_is_escaped_where_a_property_shows_html() -> None:
    assert FORMS["html"](HOSTILE) == "&lt;!channel&gt; &lt;/script&gt; {{ 7*7 }} &#x27;; drop table"
