"""HubSpot's dated CRM API: batch upserts by a unique property, then a second call that links firings to companies."""

from __future__ import annotations

from typing import Any

from ..errors import BatchRefused, Refused, Stop, clean_error_class
from ..http import BearerToken, Client, check_url
from ..mapping import FORMS, Mapping, ObjectMapping, payload_hash
from ..rows import Result, Row
from ..settings import Settings
from ..warehouse import Mart
from .base import Destination

ASSOCIATION = "association"
# Codes in HubSpot's messages for what no other value of the row could have mended.
FAULT_CODES = ("PROPERTY_DOESNT_EXIST", "INVALID_OPTION", "READ_ONLY_VALUE", "REQUIRED_FIELD", "MISSING_SCOPES")
TRANSIENT_CATEGORIES = {"RATE_LIMITS", "RATE_LIMIT", "INTERNAL_ERROR", "TIMEOUT", "SERVICE_UNAVAILABLE", "LOCKED"}


class HubSpotDestination(Destination):
    """At least once as requests, once as state."""

    name = "hubspot"
    keeps_state = True
    largest_batch = 100
    commit_size = 500
    known_settings = frozenset({"base_url", "api_version", "links"})

    def __init__(self, mapping: Mapping, settings: Settings) -> None:
        super().__init__(mapping, settings)
        for name, entry in mapping.objects.items():
            if not entry.options.get("target") or not entry.options.get("key_field"):
                raise Refused(f"The mapping of hubspot needs target and key_field for the object {name}.")
        self._version = str(self.options.get("api_version", "2026-03"))
        base_url = settings.value("HUBSPOT_BASE_URL", self.options.get("base_url", "https://api.hubapi.com"))
        self._client = Client(
            check_url(base_url, "HUBSPOT_BASE_URL"),
            settings,
            self.options,
            _authentication(settings, base_url, self.options),
            explain=_explain,
            is_daily_limit=_is_daily_limit,
            find_fault=_fault,
        )

    def payload(self, mapping: ObjectMapping, row: dict[str, Any]) -> dict[str, Any]:
        """Properties are texts; an empty one clears the property."""
        texts = {name: FORMS["text"](value) for name, value in mapping.payload(row).items()}
        return {name: "" if value is None else value for name, value in texts.items()}

    def preflight(self, rows: list[Row], marts: dict[str, Mart]) -> None:
        for name in dict.fromkeys(row.object for row in rows):
            if name != ASSOCIATION:
                self._check_properties(self.mapping.objects[name], [row for row in rows if row.object == name])

    def _check_properties(self, mapping: ObjectMapping, rows: list[Row]) -> None:
        target, key_field = self._target(mapping.object), mapping.options["key_field"]
        answer = self._client.get(f"/crm/properties/{self._version}/{target}").json()
        known = {entry["name"]: entry for entry in answer.get("results", [])}
        missing = [field.name for field in mapping.fields if field.name not in known]
        if missing:
            raise Refused(f"HubSpot's object {target} has no property {missing[0]}: create it (docs/push.md).")
        if key_field not in {field.name for field in mapping.fields}:
            raise Refused(f"The mapping of hubspot does not fill the key_field {key_field} of {mapping.object}.")
        if known[key_field].get("hasUniqueValue") is False:
            raise Refused(f"HubSpot's property {target}.{key_field} must have unique values.")
        for field in mapping.fields:
            _check_property(target, known[field.name], rows)
        filled = {field.name for field in mapping.fields}
        missing = [name for name in self._required(target) if name not in filled]
        if missing:
            raise Refused(f"HubSpot requires {target}.{missing[0]}, which the mapping of hubspot does not fill.")

    def _required(self, target: str) -> list[str]:
        """Properties that a new record must have, where the object has a schema that this token may read."""
        try:
            schema = self._client.get(f"/crm-object-schemas/{self._version}/schemas/{target}").json()
        except (BatchRefused, Stop):
            return []
        required = schema.get("requiredProperties") if isinstance(schema, dict) else None
        return [str(name) for name in required or []]

    def send(self, rows: list[Row]) -> list[Result]:
        return self._associate(rows) if rows[0].object == ASSOCIATION else self._upsert(rows)

    def _upsert(self, rows: list[Row]) -> list[Result]:
        key_field = self.mapping.objects[rows[0].object].options["key_field"]
        inputs = [
            {
                "id": row.payload[key_field],
                "idProperty": key_field,
                "objectWriteTraceId": row.key,
                "properties": row.payload,
            }
            for row in rows
        ]
        path = f"/crm/objects/{self._version}/{self._target(rows[0].object)}/batch/upsert"
        answer = self._client.post(path, {"inputs": inputs})
        body = answer.json()
        by_value = {row.payload[key_field]: row.key for row in rows} | {row.key: row.key for row in rows}
        results = []
        for item in body.get("results") or []:
            named = (item.get("properties") or {}).get(key_field) or item.get("objectWriteTraceId")
            if named in by_value:
                results.append(Result(by_value[named], "delivered", answer.status_code, remote_id=item.get("id")))
        return results + _failures(body, by_value, answer.status_code)

    def derived_rows(self, remote_ids: dict[tuple[str, str], str], marts: dict[str, Mart]) -> list[Row]:
        """A link from each firing to its company, both known by HubSpot's own ids."""
        if not self.options.get("links", True) or "firing" not in marts:
            return []
        rows = []
        for source in marts["firing"].rows:
            firing = remote_ids.get(("firing", source["firing_id"]))
            company = remote_ids.get(("account", source["account_id"]))
            if firing and company:
                payload = {"from": firing, "to": company}
                key, account = source["firing_id"], source["account_id"]
                rows.append(Row(ASSOCIATION, key, key, account, "linked", payload, payload_hash(payload), source))
        return rows

    def _associate(self, rows: list[Row]) -> list[Result]:
        path = f"/crm/associations/{self._version}/{self._target('firing')}/{self._target('account')}"
        inputs = [{"from": {"id": row.payload["from"]}, "to": {"id": row.payload["to"]}} for row in rows]
        answer = self._client.post(f"{path}/batch/associate/default", {"inputs": inputs})
        body = answer.json()
        by_pair = {(row.payload["from"], row.payload["to"]): row.key for row in rows}
        results = []
        for item in body.get("results") or []:
            pair = (_id(item.get("from")), _id(item.get("to")))
            if pair in by_pair:
                results.append(Result(by_pair[pair], "delivered", answer.status_code))
        by_value = {row.payload["from"]: row.key for row in rows}
        done = {result.key for result in results}
        failures = _failures(body, by_value, answer.status_code)
        return results + [failure for failure in failures if failure.key not in done]

    def _target(self, name: str) -> str:
        return self.settings.value(f"HUBSPOT_{name.upper()}_OBJECT", self.mapping.objects[name].options["target"])

    @property
    def requests(self) -> int:
        return self._client.requests

    def close(self) -> None:
        self._client.close()


def _check_property(target: str, entry: dict[str, Any], rows: list[Row]) -> None:
    """Refuses a property that takes no value from outside, and an option that it does not have."""
    name, rules = entry["name"], entry.get("modificationMetadata") or {}
    if rules.get("readOnlyValue") is True or entry.get("calculated") is True or entry.get("archived") is True:
        raise Refused(f"HubSpot's property {target}.{name} is read-only.")
    if entry.get("type") != "enumeration" or entry.get("externalOptions") is True:
        return
    known = {str(option.get("value")) for option in entry.get("options") or []}
    sent = {part for row in rows for part in str(row.payload.get(name) or "").split(";") if part}
    missing = sorted(sent - known)
    if missing:
        raise Refused(f"HubSpot's property {target}.{name} has no option {missing[0]}: add it.")


def _fault(body: Any) -> str | None:
    """What is wrong with the destination, of what a message says; the message itself is not kept."""
    text = str(body.get("message") or "") if isinstance(body, dict) else ""
    return next((code for code in FAULT_CODES if code in text), None)


def _failures(body: dict[str, Any], by_value: dict[str, str], status_code: int) -> list[Result]:
    """The rows that the answer's errors name, wherever in their context it names them."""
    results = []
    for error in body.get("errors") or []:
        category = str(error.get("category") or "")
        is_transient = category in TRANSIENT_CATEGORIES or str(error.get("status", "")).startswith("5")
        outcome = "retry" if is_transient else "rejected"
        fault = _fault(error)
        error_class = fault or clean_error_class(category, "row_error")
        for named in _texts(error.get("context")):
            if named in by_value:
                is_fault = fault is not None
                results.append(Result(by_value[named], outcome, status_code, error_class, is_fault=is_fault))
    return results


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for inner in value.values() for text in _texts(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in _texts(inner)]
    return [str(value)] if value is not None else []


def _id(reference: Any) -> str | None:
    return str(reference["id"]) if isinstance(reference, dict) and "id" in reference else None


def _explain(body: Any) -> str | None:
    if not isinstance(body, dict) or not body.get("category"):
        return None
    return clean_error_class(body["category"], "refused")


def _is_daily_limit(status: int, body: Any) -> bool:
    return status == 429 and isinstance(body, dict) and "DAILY" in str(body.get("policyName", "")).upper()


def _authentication(settings: Settings, base_url: str, options: dict[str, Any]) -> BearerToken:
    """A private app's token, or OAuth with a refresh token."""
    token, refresh_token = settings.secret("HUBSPOT_ACCESS_TOKEN"), settings.secret("HUBSPOT_REFRESH_TOKEN")
    if refresh_token is None:
        return BearerToken(token or settings.require_secret("HUBSPOT_ACCESS_TOKEN"))
    form = {
        "grant_type": "refresh_token",
        "refresh_token": refresh_token,
        "client_id": settings.require_secret("HUBSPOT_CLIENT_ID"),
        "client_secret": settings.require_secret("HUBSPOT_CLIENT_SECRET"),
    }
    from ..oauth import token_fetcher

    return BearerToken(token, token_fetcher(f"{base_url.rstrip('/')}/oauth/v1/token", form, settings, options))
