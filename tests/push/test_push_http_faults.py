"""Every fault that the vendors' interfaces are known for, played by WireMock, against every HTTP destination."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from push_counterpart import HUBSPOT_PROPERTIES, SALESFORCE_FIELDS
from push_runs import QUICK, Run
from push_wiremock import WireMock
from push_world import World, firing

pytestmark = pytest.mark.sampled(12)
JSON = {"Content-Type": "application/json"}
HUBSPOT_WRITE = {"method": "POST", "urlPathPattern": "/crm/objects/[^/]+/expansion_triggers/batch/upsert"}
SALESFORCE_WRITE = {"method": "PATCH", "urlPathPattern": "/services/data/[^/]+/composite/sobjects/.*"}
WRITES: dict[str, dict[str, Any]] = {
    "webhook": {"method": "POST", "urlPath": "/hook"},
    "hubspot": HUBSPOT_WRITE,
    "salesforce": SALESFORCE_WRITE,
    "slack": {"method": "POST", "urlPath": "/api/chat.postMessage"},
    "hightouch": {"method": "POST", "urlPathPattern": "/hightouch/syncs/.*/trigger"},
    "census": {"method": "POST", "urlPathPattern": "/census/syncs/.*/trigger"},
}
HUBSPOT_SUCCESS = (
    '{"status": "COMPLETE", "results": [{{#each (jsonPath request.body "$.inputs") as |input|}}'
    '{"id": "9{{input.id}}", "properties": {"expansion_firing_id": "{{input.id}}"}}'
    "{{#unless @last}},{{/unless}}{{/each}}]}"
)
SALESFORCE_SUCCESS = (
    '[{{#each (jsonPath request.body "$.records") as |record|}}{"id": "a0{{@index}}", "success": true, "errors": []}'
    "{{#unless @last}},{{/unless}}{{/each}}]"
)
SUCCESSES = {
    "webhook": "",
    "hubspot": HUBSPOT_SUCCESS,
    "salesforce": SALESFORCE_SUCCESS,
    "slack": '{"ok": true, "ts": "1.0"}',
    "hightouch": '{"id": "77"}',
    "census": '{"status": "success", "data": {"sync_run_id": 77}}',
}
BATCHED = ("hubspot", "salesforce")
ROW_WISE = ("webhook", "hubspot", "salesforce", "slack")
ALL = tuple(WRITES)
ROWS = 3
COUNTS = {"hightouch": 2, "census": 2}
ONLY = {name: ("--only", "firing") for name in BATCHED}


@pytest.fixture(scope="module")
def server() -> Iterator[WireMock]:
    started = WireMock()
    yield started
    started.close()


@pytest.fixture
def wiremock(server: WireMock, monkeypatch: pytest.MonkeyPatch, run: Callable[..., Run]) -> WireMock:
    """WireMock with every destination working; comes after `run`, whose addresses it replaces."""
    server.reset()
    addresses = {
        "WEBHOOK_URL": "/hook",
        "HUBSPOT_BASE_URL": "",
        "SALESFORCE_INSTANCE_URL": "",
        "SLACK_API_URL": "/api",
        "HIGHTOUCH_BASE_URL": "/hightouch",
        "CENSUS_BASE_URL": "/census",
    }
    for name, path in addresses.items():
        monkeypatch.setenv(name, server.url + path)
    for destination, success in SUCCESSES.items():
        server.stub(WRITES[destination], ok(success))
    names = [{"name": f"expansion_{name}", "hasUniqueValue": True} for name in HUBSPOT_PROPERTIES["expansion_triggers"]]
    server.stub({"urlPathPattern": "/crm/properties/.*"}, {"status": 200, "jsonBody": {"results": names}})
    fields = [
        {"name": name, "externalId": True, "relationshipName": "Account__r"}
        for name in SALESFORCE_FIELDS["Expansion_Trigger__c"]
    ]
    server.stub({"urlPathPattern": ".*/describe"}, {"status": 200, "jsonBody": {"fields": fields}})
    server.stub({"urlPath": "/api/auth.test"}, ok('{"ok": true}'))
    server.stub({"method": "GET", "urlPathPattern": "/(hightouch|census)/syncs/[^/]+"}, ok("{}"))
    server.stub({"urlPathPattern": "/hightouch/syncs/.*/runs"}, ok('{"data": [{"id": "77", "status": "success"}]}'))
    server.stub({"urlPathPattern": "/census/sync_runs/.*"}, ok('{"data": {"id": 77, "status": "completed"}}'))
    return server


@pytest.fixture(scope="module")
def three_rows(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World.of(tmp_path_factory.mktemp("three") / "data", ROWS)


@pytest.fixture
def world(three_rows: World, tmp_path: Path) -> World:
    return three_rows.copy(tmp_path / "data")


@pytest.fixture
def push(run: Callable[..., Run], wiremock: WireMock) -> Callable[..., Run]:
    def call(destination: str, *arguments: str, **settings: Any) -> Run:
        return run(destination, "--max-sends", "1000", *ONLY.get(destination, ()), *arguments, **settings)

    return call


def ok(body: str) -> dict[str, Any]:
    return {"status": 200, "body": body, "headers": JSON}


def status(code: int, body: Any = None, **headers: str) -> dict[str, Any]:
    return {"status": code, "jsonBody": {} if body is None else body, "headers": {**JSON, **headers}}


def culprit(destination: str, number: int = 2) -> dict[str, Any]:
    """The writes that carry the given row."""
    if destination in COUNTS:
        path = WRITES[destination]["urlPathPattern"].replace(".*", "[12]2")
        return {**WRITES[destination], "urlPathPattern": path}
    text = f"Account {number}:" if destination == "slack" else f"firing{number:03d}"
    return {**WRITES[destination], "bodyPatterns": [{"contains": text}]}


def count(destination: str) -> int:
    return COUNTS.get(destination, ROWS)


def arrived(run: Run) -> int:
    return run.summary["delivered"] + run.summary["handed_over"]


def states(world: World) -> dict[str, str]:
    return dict(world.ledger("select sync_key, state from deliveries order by 1"))


def attempts(world: World) -> set[int]:
    return {row[0] for row in world.ledger("select attempts from deliveries")}


@pytest.mark.parametrize("destination", ALL)
def test_all_is_well(destination: str, push: Callable[..., Run], wiremock: WireMock) -> None:
    result = push(destination)
    assert (result.code, arrived(result)) == (0, count(destination)), result
    sent = wiremock.count(**WRITES[destination])
    assert sent == (1 if destination in BATCHED else count(destination))
    again = push(destination)
    assert (again.code, again.summary["requests"]) == (0, 0)


TRANSIENT = {
    "408": status(408),
    "500": status(500),
    "503 with Retry-After": status(503, None, **{"Retry-After": "0"}),
    "reset": {"fault": "CONNECTION_RESET_BY_PEER"},
    "empty answer": {"fault": "EMPTY_RESPONSE"},
    "slow answer": {**status(200), "fixedDelayMilliseconds": 1200},
}


@pytest.mark.parametrize("fault", TRANSIENT)
@pytest.mark.parametrize("destination", ALL)
def test_a_lost_answer(
    destination: str, fault: str, push: Callable[..., Run], wiremock: WireMock, world: World
) -> None:
    """Sent again at once where that does no harm; unknown, and not repeated, where it does."""
    wiremock.fail_first(WRITES[destination], TRANSIENT[fault])
    result = push(destination, timeout=0.6)
    if destination == "slack":
        assert (result.code, result.summary["delivered"], result.summary["unknown"]) == (1, ROWS - 1, 1), result
        assert wiremock.count(**WRITES[destination]) == ROWS
        again = push(destination)
        assert (again.code, again.summary["skipped"]["unknown"]) == (1, 1)
        assert wiremock.count(**WRITES[destination]) == ROWS
        return
    assert (result.code, arrived(result)) == (0, count(destination)), result
    name = "sync" if destination in COUNTS else "alert" if destination == "slack" else "firing"
    outcomes = [outcome for kind, outcome in world.log("object, outcome") if kind == name]
    assert len([outcome for outcome in outcomes if outcome in {"delivered", "handed_over"}]) == count(destination)
    assert "retry" in outcomes


UNREADABLE = {
    "truncated JSON": {"status": 200, "body": '{"results": [{"id":', "headers": JSON},
    "broken chunks": {"fault": "MALFORMED_RESPONSE_CHUNK"},
    "slow body": {
        **status(200, {"padding": "x" * 200}),
        "chunkedDribbleDelay": {"numberOfChunks": 20, "totalDuration": 3000},
    },
}


@pytest.mark.parametrize("fault", UNREADABLE)
@pytest.mark.parametrize("destination", ALL)
def test_an_answer_cut_short(destination: str, fault: str, push: Callable[..., Run], wiremock: WireMock) -> None:
    """The status alone says it all to a webhook; others do not know what happened to the rows."""
    wiremock.fail_first(WRITES[destination], UNREADABLE[fault])
    result = push(destination, timeout=1, deadline=0.5)
    if destination == "slack":
        assert (result.code, result.summary["unknown"]) == (1, 1), result
        return
    assert (result.code, arrived(result)) == (0, count(destination)), result
    expected = 1 if destination in BATCHED else count(destination)
    # A webhook whose status line arrived is not sent again.
    repeats = 0 if destination == "webhook" and fault != "broken chunks" else 1
    assert wiremock.count(**WRITES[destination]) in {expected, expected + repeats}


@pytest.mark.parametrize("code", [400, 409, 413, 422])
@pytest.mark.parametrize("destination", ALL)
def test_a_refused_record_blocks_no_other(
    destination: str, code: int, push: Callable[..., Run], wiremock: WireMock, world: World
) -> None:
    wiremock.stub(culprit(destination), status(code), priority=1)
    result = push(destination)
    assert (result.code, result.summary["rejected"]) == (1, 1), result
    assert arrived(result) == count(destination) - 1
    sent = wiremock.count(**WRITES[destination])
    again = push(destination)
    assert (again.code, again.summary["requests"], again.summary["skipped"]["dead letters"]) == (1, 0, 1)
    assert wiremock.count(**WRITES[destination]) == sent
    assert sorted(states(world).values()).count("rejected") == 1


@pytest.mark.parametrize("destination", BATCHED)
def test_one_culprit_in_a_hundred(destination: str, push: Callable[..., Run], wiremock: WireMock, world: World) -> None:
    world.firings = [firing(number) for number in range(1, 101)]
    world.build()
    wiremock.stub(culprit(destination, 42), status(400, {"category": "VALIDATION_ERROR"}), priority=1)
    result = push(destination, batch_size=100)
    assert (result.summary["delivered"], result.summary["rejected"]) == (99, 1)
    assert states(world)["firing042"] == "rejected"
    assert wiremock.count(**WRITES[destination]) <= 16


def hubspot_partial(*named: str) -> dict[str, Any]:
    results = [{"id": key, "properties": {"expansion_firing_id": key}} for key in named]
    error = {"status": "error", "category": "VALIDATION_ERROR", "message": "x", "context": {"ids": ["firing002"]}}
    return {"status": "COMPLETE", "results": results, "numErrors": 1, "errors": [error]}


SALESFORCE_ROW = {"success": True, "errors": [], "id": "1"}
SALESFORCE_ERROR = {"success": False, "errors": [{"statusCode": "STRING_TOO_LONG", "message": "x", "fields": []}]}
PARTIAL = {
    ("hubspot", 207): hubspot_partial("firing001", "firing003"),
    ("hubspot", 200): hubspot_partial("firing003", "firing001"),
    ("salesforce", 200): [SALESFORCE_ROW, SALESFORCE_ERROR, SALESFORCE_ROW],
    ("salesforce", 207): [SALESFORCE_ROW, SALESFORCE_ERROR, SALESFORCE_ROW],
}


@pytest.mark.parametrize(("destination", "code"), PARTIAL)
def test_errors_row_by_row(
    destination: str, code: int, push: Callable[..., Run], wiremock: WireMock, world: World
) -> None:
    wiremock.fail_first(WRITES[destination], status(code, PARTIAL[(destination, code)]))
    result = push(destination)
    assert (result.code, result.summary["delivered"], result.summary["rejected"]) == (1, 2, 1)
    assert states(world) == {"firing001": "delivered", "firing002": "rejected", "firing003": "delivered"}
    assert wiremock.count(**WRITES[destination]) == 1


@pytest.mark.parametrize("destination", BATCHED)
def test_a_row_that_the_answer_does_not_name_is_not_delivered(
    destination: str, push: Callable[..., Run], wiremock: WireMock, world: World
) -> None:
    """It is sent again, alone in the end, and stays undelivered while nothing names it."""
    short = {
        "hubspot": {"results": [{"id": "1", "properties": {"expansion_firing_id": "firing001"}}]},
        "salesforce": [],
    }
    wiremock.stub(culprit(destination), status(200, short[destination]), priority=1)
    result = push(destination)
    assert (result.code, result.summary["delivered"], result.summary["retry"]) == (1, 2, 1)
    assert states(world)["firing002"] == "retry"


@pytest.mark.parametrize("destination", BATCHED)
def test_a_transient_row_error_is_tried_in_the_next_run(
    destination: str, push: Callable[..., Run], wiremock: WireMock, world: World
) -> None:
    locked = {"success": False, "errors": [{"statusCode": "UNABLE_TO_LOCK_ROW"}]}
    answers = {
        "hubspot": hubspot_partial("firing001", "firing003"),
        "salesforce": [SALESFORCE_ROW, locked, SALESFORCE_ROW],
    }
    if destination == "hubspot":
        answers["hubspot"]["errors"][0]["category"] = "RATE_LIMITS"
    wiremock.fail_first(WRITES[destination], status(200, answers[destination]))
    assert push(destination).summary["retry"] == 1
    assert push(destination).summary["delivered"] == 1
    assert set(states(world).values()) == {"delivered"}


@pytest.mark.parametrize("code", [401, 403])
@pytest.mark.parametrize("destination", ALL)
def test_no_access_stops_the_destination(
    destination: str, code: int, push: Callable[..., Run], wiremock: WireMock, world: World
) -> None:
    """Without a way to refresh, one request is enough; no record is blamed."""
    wiremock.stub(WRITES[destination], status(code), priority=1)
    result = push(destination)
    assert (result.code, result.summary["delivered"]) == (1, 0)
    assert result.summary["stopped"] in {"unauthorized", "forbidden"}
    assert result.summary["not sent"] == count(destination)
    assert wiremock.count(**WRITES[destination]) == 1
    assert attempts(world) == {0}


OAUTH = {
    "hubspot": {"HUBSPOT_REFRESH_TOKEN": "refresh", "HUBSPOT_CLIENT_ID": "id", "HUBSPOT_CLIENT_SECRET": "secret"},
    "salesforce": {"SALESFORCE_CLIENT_ID": "id", "SALESFORCE_CLIENT_SECRET": "secret"},
}


@pytest.mark.parametrize("code", [401, 403])
@pytest.mark.parametrize("destination", BATCHED)
def test_access_is_refreshed_once(
    destination: str, code: int, push: Callable[..., Run], wiremock: WireMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in OAUTH[destination].items():
        monkeypatch.setenv(name, value)
    wiremock.stub({"method": "POST", "urlPathPattern": ".*/token"}, status(200, {"access_token": "fresh-token"}))
    old = {"headers": {"Authorization": {"doesNotMatch": "Bearer fresh-token"}}}
    wiremock.stub({**WRITES[destination], **old}, status(code), priority=1)
    result = push(destination)
    assert (result.code, result.summary["delivered"]) == (0, ROWS), result
    assert wiremock.count(urlPathPattern=".*/token") == 1
    assert wiremock.count(**WRITES[destination]) == 2


@pytest.mark.parametrize("destination", BATCHED)
def test_a_refresh_that_does_not_help_stops(
    destination: str, push: Callable[..., Run], wiremock: WireMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in OAUTH[destination].items():
        monkeypatch.setenv(name, value)
    wiremock.stub({"method": "POST", "urlPathPattern": ".*/token"}, status(200, {"access_token": "fresh-token"}))
    wiremock.stub(WRITES[destination], status(401), priority=1)
    result = push(destination)
    assert (result.code, result.summary["stopped"]) == (1, "unauthorized")
    assert wiremock.count(**WRITES[destination]) == 2


@pytest.mark.parametrize("destination", ALL)
def test_a_rate_limit_waits_as_long_as_it_says(destination: str, push: Callable[..., Run], wiremock: WireMock) -> None:
    wiremock.fail_first(WRITES[destination], status(429, None, **{"Retry-After": "1"}))
    started = time.monotonic()
    result = push(destination)
    assert (result.code, arrived(result)) == (0, count(destination)), result
    assert time.monotonic() - started >= 1


@pytest.mark.parametrize("destination", ALL)
def test_a_rate_limit_that_says_nothing(destination: str, push: Callable[..., Run], wiremock: WireMock) -> None:
    wiremock.fail_first(WRITES[destination], status(429))
    result = push(destination)
    assert (result.code, arrived(result)) == (0, count(destination)), result


@pytest.mark.parametrize("destination", ALL)
def test_a_long_rate_limit_ends_the_run(
    destination: str, push: Callable[..., Run], wiremock: WireMock, world: World
) -> None:
    wiremock.stub(WRITES[destination], status(429, None, **{"Retry-After": "3600"}), priority=1)
    result = push(destination)
    assert (result.code, result.summary["stopped"]) == (1, "rate_limited")
    assert attempts(world) == {0}
    again = push(destination)
    waiting = again.summary["skipped"].get("waiting", 0)
    assert (again.code, waiting >= 1) == (1, True)


DAILY = {
    "hubspot": status(429, {"errorType": "RATE_LIMIT", "policyName": "DAILY"}),
    "salesforce": {**status(403), "jsonBody": [{"errorCode": "REQUEST_LIMIT_EXCEEDED", "message": "TotalRequests"}]},
}


@pytest.mark.parametrize("destination", BATCHED)
def test_a_daily_limit_burns_no_attempt(
    destination: str, push: Callable[..., Run], wiremock: WireMock, world: World
) -> None:
    wiremock.fail_first(WRITES[destination], DAILY[destination])
    result = push(destination, batch_size=1)
    assert (result.code, result.summary["stopped"], result.summary["not sent"]) == (1, "daily_limit", ROWS)
    assert wiremock.count(**WRITES[destination]) == 1
    assert attempts(world) == {0}
    assert push(destination).summary["delivered"] == ROWS


@pytest.mark.parametrize("destination", ALL)
def test_a_redirect_to_another_host_is_refused(
    destination: str, push: Callable[..., Run], wiremock: WireMock, world: World
) -> None:
    elsewhere = f"http://localhost:{wiremock.port}/elsewhere"
    wiremock.stub(WRITES[destination], status(307, None, Location=elsewhere), priority=1)
    result = push(destination)
    assert (result.code, result.summary["stopped"], result.summary["delivered"]) == (1, "redirect_refused", 0)
    assert wiremock.count(urlPath="/elsewhere") == 0
    assert attempts(world) == {0}


def test_a_redirect_within_the_host_is_followed(push: Callable[..., Run], wiremock: WireMock) -> None:
    wiremock.stub(WRITES["hubspot"], status(307, None, Location="/moved"), priority=1)
    wiremock.stub({"method": "POST", "urlPath": "/moved"}, ok(HUBSPOT_SUCCESS))
    assert push("hubspot").summary["delivered"] == ROWS


@pytest.mark.parametrize("destination", ALL)
def test_a_destination_that_is_down_is_left_alone(
    destination: str, push: Callable[..., Run], wiremock: WireMock, world: World
) -> None:
    """After three batches without an answer the rest waits for the next run."""
    world.firings = [firing(number) for number in range(1, 21)]
    world.alerts = [*world.alerts, *({**world.alerts[0], "alert_id": f"more{number}"} for number in range(17))]
    world.build()
    wiremock.stub(WRITES[destination], status(500), priority=1)
    result = push(destination, batch_size=1)
    assert result.code == 1
    assert wiremock.count(**WRITES[destination]) <= 3 * QUICK["tries"]
    if destination == "slack":
        assert result.summary["unknown"] == 3, "an outage does not turn every alert into a question"


@pytest.mark.parametrize("body", ["channel_not_found", "msg_too_long", "is_archived"])
def test_slack_says_no_with_200(body: str, push: Callable[..., Run], wiremock: WireMock, world: World) -> None:
    wiremock.stub(culprit("slack"), status(200, {"ok": False, "error": body}), priority=1)
    result = push("slack")
    assert (result.code, result.summary["delivered"], result.summary["rejected"]) == (1, 2, 1)
    assert world.ledger("select error_class from deliveries where state = 'rejected'") == [(body,)]


@pytest.mark.parametrize("body", ["invalid_auth", "token_revoked", "missing_scope"])
def test_slack_refuses_the_token_with_200(body: str, push: Callable[..., Run], wiremock: WireMock) -> None:
    wiremock.stub(WRITES["slack"], status(200, {"ok": False, "error": body}), priority=1)
    result = push("slack")
    assert (result.code, result.summary["stopped"], result.summary["not sent"]) == (1, body, ROWS)


@pytest.mark.parametrize("body", ["internal_error", "fatal_error"])
def test_slack_is_not_sure(body: str, push: Callable[..., Run], wiremock: WireMock) -> None:
    wiremock.fail_first(WRITES["slack"], status(200, {"ok": False, "error": body}))
    result = push("slack")
    assert (result.summary["delivered"], result.summary["unknown"]) == (2, 1)


def test_slack_limits_the_rate_with_200(push: Callable[..., Run], wiremock: WireMock) -> None:
    wiremock.fail_first(WRITES["slack"], status(200, {"ok": False, "error": "ratelimited"}))
    assert push("slack").summary["delivered"] == ROWS


def test_slack_incoming_webhook(push: Callable[..., Run], wiremock: WireMock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_WEBHOOK_URL", f"{wiremock.url}/services/T0/B0/secret")
    hook = {"method": "POST", "urlPath": "/services/T0/B0/secret"}
    wiremock.stub(hook, {"status": 200, "body": "ok"})
    assert push("slack").summary["delivered"] == ROWS
    assert all("channel" not in body for body in wiremock.bodies(**hook))


def test_slack_incoming_webhook_that_is_gone(
    push: Callable[..., Run], wiremock: WireMock, monkeypatch: pytest.MonkeyPatch, world: World
) -> None:
    monkeypatch.setenv("SLACK_WEBHOOK_URL", f"{wiremock.url}/services/T0/B0/secret")
    wiremock.stub({"urlPath": "/services/T0/B0/secret"}, {"status": 404, "body": "no_service"})
    result = push("slack")
    assert (result.summary["stopped"], attempts(world)) == ("webhook_gone", {0})


@pytest.mark.parametrize(
    ("destination", "path", "body", "outcome"),
    [
        ("hightouch", "/hightouch/syncs/.*/runs", {"data": [{"id": "77", "status": "failed"}]}, "retry"),
        ("hightouch", "/hightouch/syncs/.*/runs", {"data": [{"id": "77", "status": "warning"}]}, "rejected"),
        ("census", "/census/sync_runs/.*", {"data": {"status": "failed"}}, "retry"),
        ("census", "/census/sync_runs/.*", {"data": {"status": "skipped"}}, "retry"),
        ("census", "/census/sync_runs/.*", {"data": {"status": "completed", "records_failed": 3}}, "rejected"),
    ],
)
def test_accepted_is_not_synced(
    destination: str, path: str, body: Any, outcome: str, push: Callable[..., Run], wiremock: WireMock
) -> None:
    wiremock.stub({"urlPathPattern": path}, status(200, body), priority=1)
    result = push(destination)
    assert (result.code, result.summary["delivered"], result.summary[outcome]) == (1, 0, 2)


@pytest.mark.parametrize(
    ("destination", "path", "running"),
    [
        ("hightouch", "/hightouch/syncs/.*/runs", {"data": [{"id": "77", "status": "processing"}]}),
        ("census", "/census/sync_runs/.*", {"data": {"status": "working"}}),
    ],
)
def test_a_run_that_goes_on_is_not_triggered_again(
    destination: str, path: str, running: Any, push: Callable[..., Run], wiremock: WireMock
) -> None:
    wiremock.stub({"urlPathPattern": path}, status(200, running), priority=1)
    assert push(destination, poll_timeout=0.1).summary["retry"] == 2
    assert wiremock.count(**WRITES[destination]) == 2
    wiremock.stub({"urlPathPattern": path}, status(500), priority=1)
    assert push(destination, poll_timeout=0.1).summary["retry"] == 2
    done = (
        {"data": [{"id": "77", "status": "success"}]}
        if destination == "hightouch"
        else {"data": {"status": "completed"}}
    )
    wiremock.stub({"urlPathPattern": path}, status(200, done), priority=1)
    assert arrived(push(destination)) == 2
    assert wiremock.count(**WRITES[destination]) == 2


@pytest.mark.parametrize("destination", ["hubspot", "salesforce"])
def test_a_property_that_is_missing_there_sends_nothing(
    destination: str, push: Callable[..., Run], wiremock: WireMock
) -> None:
    wiremock.stub({"urlPathPattern": "/crm/properties/.*"}, status(200, {"results": []}), priority=1)
    wiremock.stub({"urlPathPattern": ".*/describe"}, status(200, {"fields": []}), priority=1)
    result = push(destination)
    assert result.code == 2
    assert re.fullmatch(r"\w+'s object \w+ has no (property|field) \w+: create it \(docs/push.md\)\.\n", result.err)
    assert wiremock.count(**WRITES[destination]) == 0


@pytest.mark.parametrize("code", [401, 403, 404, 500])
@pytest.mark.parametrize("destination", ["hubspot", "salesforce", "slack", "hightouch", "census"])
def test_a_check_that_fails_sends_nothing(
    destination: str, code: int, push: Callable[..., Run], wiremock: WireMock
) -> None:
    for pattern in ("/crm/properties/.*", ".*/describe", "/api/auth.test", "/(hightouch|census)/syncs/[^/]+"):
        wiremock.stub({"urlPathPattern": pattern}, status(code), priority=1)
    result = push(destination)
    assert (result.code, len(result.err.splitlines())) == (2, 1)
    assert wiremock.count(**WRITES[destination]) == 0


def test_the_webhook_is_signed_under_a_stable_id(push: Callable[..., Run], wiremock: WireMock, world: World) -> None:
    from push_counterpart import WEBHOOK_SECRET
    from standardwebhooks.webhooks import Webhook

    wiremock.fail_first(WRITES["webhook"], status(500))
    world.firings[0] |= {"is_closed": True, "closed_at": world.as_of}
    world.build()
    assert push("webhook").code == 0
    requests = wiremock._admin.post("/requests/find", json=WRITES["webhook"]).json()["requests"]
    ids = [request["headers"]["webhook-id"] for request in reversed(requests)]
    assert sorted(ids) == ["firing001", "firing001", "firing001:closed", "firing002", "firing003"]
    for request in requests:
        Webhook(WEBHOOK_SECRET).verify(request["body"], request["headers"])
    assert len({request["body"] for request in requests if request["headers"]["webhook-id"] == "firing001"}) == 1


@pytest.mark.parametrize("code", [404, 410])
@pytest.mark.parametrize("destination", ALL)
def test_an_address_that_is_gone_stops_the_destination(
    destination: str, code: int, push: Callable[..., Run], wiremock: WireMock, world: World
) -> None:
    wiremock.stub(WRITES[destination], status(code), priority=1)
    result = push(destination)
    assert (result.code, result.summary["rejected"], result.summary["not sent"]) == (1, 0, count(destination))
    assert wiremock.count(**WRITES[destination]) == 1
    assert attempts(world) == {0}
    assert set(states(world).values()) == {"pending"}


def test_a_ten_second_limit_is_waited_out_inside_the_run(push: Callable[..., Run], wiremock: WireMock) -> None:
    """No Retry-After, and more refusals than a run has tries."""
    wiremock.fail_first(WRITES["hubspot"], *[status(429, {"policyName": "TEN_SECONDLY_ROLLING"})] * 7)
    result = push("hubspot", limit_window=0.1)
    assert (result.code, result.summary["delivered"]) == (0, ROWS), result


HUBSPOT_FAULTS = {
    "is read-only": {"modificationMetadata": {"readOnlyValue": True}},
    "has no option sales_led": {"type": "enumeration", "options": [{"value": "self_serve"}]},
}
SALESFORCE_FAULTS = {
    "may not be written": {"updateable": False},
    "has no value sales_led": {"restrictedPicklist": True, "picklistValues": [{"value": "self_serve", "active": True}]},
}


@pytest.mark.parametrize("sentence", [*HUBSPOT_FAULTS, *SALESFORCE_FAULTS, "HubSpot requires", "Salesforce requires"])
def test_the_check_finds_what_the_description_says(
    sentence: str, push: Callable[..., Run], wiremock: WireMock, world: World
) -> None:
    destination = "hubspot" if sentence in HUBSPOT_FAULTS or sentence.startswith("HubSpot") else "salesforce"
    names = [f"expansion_{name}" for name in HUBSPOT_PROPERTIES["expansion_triggers"]]
    properties = [{"name": name, "hasUniqueValue": True} for name in names]
    fields: list[dict[str, Any]] = [
        {"name": name, "externalId": True, "relationshipName": "Account__r"}
        for name in SALESFORCE_FIELDS["Expansion_Trigger__c"]
    ]
    for entry in properties + fields:
        if entry["name"] in {"expansion_motion", "Motion__c"}:
            entry |= HUBSPOT_FAULTS.get(sentence, {}) | SALESFORCE_FAULTS.get(sentence, {})
    if sentence == "Salesforce requires":
        fields.append({"name": "Region__c", "createable": True, "nillable": False, "defaultedOnCreate": False})
    if sentence == "HubSpot requires":
        schema = {"urlPathPattern": "/crm-object-schemas/2026-03/schemas/expansion_triggers"}
        wiremock.stub(schema, status(200, {"requiredProperties": ["region"]}), priority=1)
    wiremock.stub({"urlPathPattern": "/crm/properties/.*"}, status(200, {"results": properties}), priority=1)
    wiremock.stub({"urlPathPattern": ".*/describe"}, status(200, {"fields": fields}), priority=1)
    result = push(destination)
    assert (result.code, len(result.err.splitlines())) == (2, 1)
    assert sentence in result.err
    assert wiremock.count(**WRITES[destination]) == 0
    assert world.ledger("select count(*) from deliveries where attempts > 0") == [(0,)]
