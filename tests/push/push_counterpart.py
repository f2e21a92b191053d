"""A destination on the loopback that keeps state as the vendors do, and fails when told to.

One server plays all vendors: /hook, HubSpot, Salesforce, Slack, Hightouch and Census by their own paths. It is written
from the vendors' public documentation and imports nothing from the program.
"""

from __future__ import annotations

import json
import threading
from collections import Counter, defaultdict, deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks.webhooks import Webhook

WEBHOOK_SECRET = "whsec_c2VjcmV0LW1hcmtlci1zZWNyZXQtbWFya2Vy"
HUBSPOT_PROPERTIES = {
    "companies": (
        "account_id", "tier", "segment", "contract_value", "health_score", "health_band", "in_stage", "open_firings",
        "newest_trigger", "newest_triggered_at", "probability", "expected_arr", "readiness_rank",
        "driver_1", "driver_2", "driver_3",
    ),
    "expansion_triggers": (
        "firing_id", "account_id", "account_name", "trigger", "trigger_name", "triggered_at", "sla_due_at",
        "expires_at", "motion", "owner_role", "owner_email", "channels", "play", "recommended_action", "evidence",
        "state", "closed_at",
    ),
}  # fmt: skip
HUBSPOT_TIME = "2026-06-29T10:00:00.000Z"
HUBSPOT_BATCH = {"status": "COMPLETE", "startedAt": HUBSPOT_TIME, "completedAt": HUBSPOT_TIME}
CORRELATION_ID = "aeb5f871-7f07-4993-9211-075dc63e7cbf"
SALESFORCE_FIELDS = {
    "Account": (
        "Expansion_Account_Id__c", "Expansion_Tier__c", "Expansion_Segment__c", "Expansion_Contract_Value__c",
        "Expansion_Health_Score__c", "Expansion_Health_Band__c", "Expansion_In_Stage__c", "Expansion_Open_Firings__c",
        "Expansion_Newest_Trigger__c", "Expansion_Newest_Triggered_At__c", "Expansion_Probability__c",
        "Expansion_Expected_ARR__c", "Expansion_Readiness_Rank__c",
        "Expansion_Driver_1__c", "Expansion_Driver_2__c", "Expansion_Driver_3__c",
    ),
    "Expansion_Trigger__c": (
        "Firing_Id__c", "Account__c", "Trigger__c", "Trigger_Name__c", "Triggered_At__c", "SLA_Due_At__c",
        "Expires_At__c", "Motion__c", "Owner_Role__c", "Owner_Email__c", "Channels__c", "Play__c",
        "Recommended_Action__c", "Evidence__c", "State__c", "Closed_At__c",
    ),
}  # fmt: skip


class Counterpart:
    """Start it, point the environment at it, read what arrived."""

    def __init__(self) -> None:
        self.reset()
        counterpart = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            # Head and body in one packet; else each answer waits for a delayed acknowledgement.
            wbufsize = -1
            disable_nagle_algorithm = True

            def handle_any(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                counterpart.handle(self, self.rfile.read(length))

            do_GET = do_POST = do_PATCH = handle_any

            def log_message(self, *args: Any) -> None:
                return None

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._lock = threading.Lock()
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def reset(self) -> None:
        self.records: dict[str, dict[str, Any]] = defaultdict(dict)
        """By object: what the destination holds, by key."""
        self.arrivals: Counter = Counter()
        """How often each key took effect, first time or repeated."""
        self.links: Counter = Counter()
        self.messages: list[dict[str, Any]] = []
        self.runs: list[str] = []
        self.sync_records: list[dict[str, Any]] | None = []
        """What Census says of the rows of a run; None where it does not say."""
        self.requests: list[tuple[str, str]] = []
        self.faults: deque[str] = deque()
        """The next writes: ok, 500, 429, drop (before it takes effect), lost (after), cut, deny, echo."""
        self.poison: set[str] = set()
        """Keys that are refused by themselves."""
        self.hold = threading.Event()
        """While it is not set, no write is answered; `holding` is set when one waits."""
        self.hold.set()
        self.holding = threading.Event()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def environment(self) -> dict[str, str]:
        return {
            "WEBHOOK_URL": f"{self.url}/hook",
            "WEBHOOK_SECRET": WEBHOOK_SECRET,
            "HUBSPOT_BASE_URL": self.url,
            "HUBSPOT_ACCESS_TOKEN": "secret-marker-hubspot",
            "SALESFORCE_INSTANCE_URL": self.url,
            "SALESFORCE_ACCESS_TOKEN": "secret-marker-salesforce",
            "SLACK_API_URL": f"{self.url}/api",
            "SLACK_BOT_TOKEN": "secret-marker-slack",
            "SLACK_CHANNEL": "C1",
            "HIGHTOUCH_BASE_URL": f"{self.url}/hightouch",
            "HIGHTOUCH_API_KEY": "secret-marker-hightouch",
            "HIGHTOUCH_SYNC_IDS": "11,12",
            "CENSUS_BASE_URL": f"{self.url}/census",
            "CENSUS_API_KEY": "secret-marker-census",
            "CENSUS_SYNC_IDS": "21,22",
        }

    def handle(self, http: BaseHTTPRequestHandler, content: bytes) -> None:
        if not self.hold.is_set():
            self.holding.set()
            self.hold.wait(60)
        with self._lock:
            self.requests.append((http.command, http.path))
            is_write = http.command != "GET" and not http.path.endswith("/auth.test")
            fault = self.faults.popleft() if is_write and self.faults else "ok"
            if fault == "drop":
                http.close_connection = True
                return
            refusals = {"500": 500, "429": 429, "deny": 401}
            if fault in refusals:
                status, body = refusals[fault], b"{}"
            elif fault == "echo":
                status, body = 400, self._echo(http)
            else:
                status, answer = self.answer(http, content)
                body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            if fault == "lost":
                http.close_connection = True
                return
        http.send_response(status)
        http.send_header("Content-Type", "application/json")
        http.send_header("Content-Length", str(len(body)))
        if status == 429:
            http.send_header("Retry-After", "0")
        http.end_headers()
        if fault == "cut":
            http.wfile.write(body[: len(body) // 2])
            http.close_connection = True
            return
        http.wfile.write(body)

    @staticmethod
    def _echo(http: BaseHTTPRequestHandler) -> bytes:
        """An error that repeats the credentials wherever a vendor puts codes and messages."""
        token = f"{http.headers.get('Authorization')} {http.path}"
        error = {"category": token, "errorCode": token, "error": token, "message": token}
        return json.dumps([error] if "/services/" in http.path else error).encode()

    def answer(self, http: BaseHTTPRequestHandler, content: bytes) -> tuple[int, Any]:
        path = http.path.split("?")[0]
        if path == "/oauth/v1/token":
            token = {"access_token": "secret-marker-hubspot", "refresh_token": "secret-marker-refresh"}
            return 200, token | {"token_use": "access_token", "token_type": "bearer", "expires_in": 1800}
        body = json.loads(content) if content and http.command != "GET" else {}
        if path.startswith("/hook"):
            return self._webhook(http, content)
        if path.startswith("/crm/properties/"):
            return 200, self._hubspot_properties(path.split("/")[-1])
        if path.startswith("/crm-object-schemas/"):
            return 404, {"category": "OBJECT_NOT_FOUND", "correlationId": CORRELATION_ID, "message": "no such schema"}
        if path.startswith("/crm/objects/"):
            return self._hubspot_upsert(path.split("/")[4], body)
        if path.startswith("/crm/associations/"):
            return self._hubspot_associate(body)
        if path.endswith("/describe"):
            return 200, self._salesforce_describe(path.split("/")[-2])
        if "/composite/sobjects/" in path:
            return self._salesforce_upsert(*path.split("/")[-2:], body)
        if path == "/api/auth.test":
            return 200, {"ok": True}
        if path == "/api/chat.postMessage":
            return self._slack(body)
        if path.startswith(("/hightouch/", "/census/")):
            return self._sync_tool(http, path)
        return 404, {}

    def _webhook(self, http: BaseHTTPRequestHandler, content: bytes) -> tuple[int, Any]:
        body = Webhook(WEBHOOK_SECRET).verify(content, dict(http.headers))
        key = http.headers["webhook-id"]
        if key in self.poison:
            return 422, {}
        self.arrivals[key] += 1
        self.records["webhook"].setdefault(key, body)
        return 200, {}

    def _hubspot_properties(self, target: str) -> dict[str, Any]:
        names = [f"expansion_{name}" for name in HUBSPOT_PROPERTIES[target]]
        kind = {"type": "string", "fieldType": "text", "options": [], "groupName": "expansion", "description": ""}
        return {
            "results": [{"name": name, "label": name, "hasUniqueValue": name.endswith("_id"), **kind} for name in names]
        }

    def _hubspot_upsert(self, target: str, body: dict[str, Any]) -> tuple[int, Any]:
        results, errors = [], []
        for item in body["inputs"]:
            key = item["id"]
            if key in self.poison:
                context = {"objectWriteTraceId": [item["objectWriteTraceId"]]}
                error = {
                    "status": "error",
                    "category": "VALIDATION_ERROR",
                    "message": "refused",
                    "errors": [],
                    "links": {},
                }
                errors.append({**error, "context": context})
                continue
            self.arrivals[key] += 1
            self.records[target][key] = item["properties"]
            properties = {item["idProperty"]: key}
            times = {"createdAt": HUBSPOT_TIME, "updatedAt": HUBSPOT_TIME, "archived": False}
            is_new = self.arrivals[key] == 1
            results.append({"id": f"{target}-{key}", "properties": properties, "new": is_new, **times})
        answer = {**HUBSPOT_BATCH, "results": results}
        return (207, {**answer, "numErrors": len(errors), "errors": errors}) if errors else (200, answer)

    def _hubspot_associate(self, body: dict[str, Any]) -> tuple[int, Any]:
        pairs = [(item["from"]["id"], item["to"]["id"]) for item in body["inputs"]]
        self.links.update(pairs)
        kind = {"associationSpec": {"associationCategory": "USER_DEFINED", "associationTypeId": 1}}
        return 200, {
            **HUBSPOT_BATCH,
            "results": [{"from": {"id": one}, "to": {"id": two}, **kind} for one, two in pairs],
        }

    def _salesforce_describe(self, target: str) -> dict[str, Any]:
        return {
            "fields": [
                {
                    "name": name,
                    "externalId": name in {"Firing_Id__c", "Expansion_Account_Id__c"},
                    "relationshipName": "Account__r" if name == "Account__c" else None,
                }
                for name in SALESFORCE_FIELDS[target]
            ]
        }

    def _salesforce_upsert(self, target: str, key_field: str, body: dict[str, Any]) -> tuple[int, Any]:
        answer = []
        for record in body["records"]:
            key = record[key_field]
            if key in self.poison:
                error = {"statusCode": "STRING_TOO_LONG", "message": "too long", "fields": []}
                answer.append({"success": False, "errors": [error]})
                continue
            self.arrivals[key] += 1
            self.records[target][key] = {name: value for name, value in record.items() if name != "attributes"}
            answer.append({"id": f"{target}-{key}", "success": True, "errors": [], "created": self.arrivals[key] == 1})
        return 200, answer

    def _slack(self, body: dict[str, Any]) -> tuple[int, Any]:
        if any(poison in body["text"] for poison in self.poison):
            return 200, {"ok": False, "error": "invalid_blocks"}
        self.messages.append(body)
        return 200, {"ok": True, "channel": body["channel"], "ts": f"{len(self.messages)}.000"}

    def _sync_tool(self, http: BaseHTTPRequestHandler, path: str) -> tuple[int, Any]:
        parts = path.strip("/").split("/")
        if parts[-1] == "trigger":
            self.runs.append(parts[-2])
            run = len(self.runs)
            return 200, {"id": str(run)} if parts[0] == "hightouch" else {"data": {"sync_run_id": run}}
        if parts[-1] == "runs":
            run = http.path.split("runId=")[1]
            return 200, {"data": [{"id": run, "status": "success"}]}
        if parts[-1] == "records":
            return (404, {}) if self.sync_records is None else (200, {"status": "success", "data": self.sync_records})
        if "sync_runs" in parts:
            return 200, {"data": {"id": int(parts[-1]), "status": "completed", "records_failed": 0}}
        return 200, {"id": parts[-1]}
