"""Salesforce's sObject collections: upserts by an external id, answered by position."""

from __future__ import annotations

from typing import Any

from ..errors import Refused, clean_error_class
from ..http import BearerToken, Client, check_url
from ..mapping import Mapping, ObjectMapping
from ..oauth import token_fetcher
from ..rows import Result, Row
from ..settings import Settings
from ..warehouse import Mart
from .base import Destination

TRANSIENT_CODES = {
    "UNABLE_TO_LOCK_ROW", "SERVER_UNAVAILABLE", "REQUEST_RUNNING_TOO_LONG", "QUERY_TIMEOUT", "UNKNOWN_EXCEPTION",
    "CONCURRENT_REQUESTS_LIMIT_EXCEEDED",
}  # fmt: skip


# What no other value of the row could have mended.
FAULT_CODES = {
    "INVALID_FIELD", "INVALID_FIELD_FOR_INSERT_UPDATE", "INVALID_TYPE", "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
    "REQUIRED_FIELD_MISSING", "INSUFFICIENT_ACCESS", "API_DISABLED_FOR_ORG",
}  # fmt: skip


class SalesforceDestination(Destination):
    """At least once as requests, once as state."""

    name = "salesforce"
    keeps_state = True
    largest_batch = 200
    commit_size = 1000
    known_settings = frozenset({"api_version"})

    def __init__(self, mapping: Mapping, settings: Settings) -> None:
        super().__init__(mapping, settings)
        for name, entry in mapping.objects.items():
            if not entry.options.get("target") or not entry.options.get("key_field"):
                raise Refused(f"The mapping of salesforce needs target and key_field for the object {name}.")
        instance = settings.value("SALESFORCE_INSTANCE_URL")
        if not instance:
            raise Refused("The environment variable SALESFORCE_INSTANCE_URL is not set.")
        self._path = f"/services/data/{self.options.get('api_version', 'v62.0')}"
        self._client = Client(
            check_url(instance, "SALESFORCE_INSTANCE_URL"),
            settings,
            self.options,
            _authentication(settings, instance, self.options),
            explain=_explain,
            is_daily_limit=_is_daily_limit,
            find_fault=lambda body: _code(body) if _code(body) in FAULT_CODES else None,
        )

    def preflight(self, rows: list[Row], marts: dict[str, Mart]) -> None:
        for name in dict.fromkeys(row.object for row in rows):
            self._check_fields(self.mapping.objects[name], [row for row in rows if row.object == name])

    def _check_fields(self, mapping: ObjectMapping, rows: list[Row]) -> None:
        target, key_field = mapping.options["target"], mapping.options["key_field"]
        described = self._client.get(f"{self._path}/sobjects/{target}/describe").json()
        fields = {entry["name"]: entry for entry in described.get("fields", [])}
        relations = {entry.get("relationshipName") for entry in fields.values()}
        for field in mapping.fields:
            parent, _, child = field.name.partition(".")
            if parent not in (relations if child else fields):
                raise Refused(f"Salesforce's object {target} has no field {parent}: create it (docs/push.md).")
        if key_field not in {field.name for field in mapping.fields}:
            raise Refused(f"The mapping of salesforce does not fill the key_field {key_field} of {mapping.object}.")
        if fields[key_field].get("externalId") is False:
            raise Refused(f"Salesforce's field {target}.{key_field} must be an external id.")
        filled = [field.name for field in mapping.fields if "." not in field.name]
        for name in filled:
            if name != key_field and fields[name].get("updateable") is False:
                raise Refused(f"Salesforce's field {target}.{name} may not be written by this user.")
        # Where no record is ever created, nothing need be filled that only a new one must have.
        if mapping.options.get("creates", mapping.object != "account"):
            required = sorted(name for name, entry in fields.items() if _is_required(entry) and name not in filled)
            related = {field.name.split(".")[0] for field in mapping.fields if "." in field.name}
            missing = [name for name in required if fields[name].get("relationshipName") not in related]
            if missing:
                raise Refused(
                    f"Salesforce requires {target}.{missing[0]}, which the mapping of salesforce does not fill."
                )
        for name in filled:
            _check_options(target, fields[name], rows)

    def send(self, rows: list[Row]) -> list[Result]:
        options = self.mapping.objects[rows[0].object].options
        records = [{"attributes": {"type": options["target"]}, **row.payload} for row in rows]
        path = f"{self._path}/composite/sobjects/{options['target']}/{options['key_field']}"
        answer = self._client.request("PATCH", path, {"allOrNone": False, "records": records})
        body = answer.json()
        if not isinstance(body, list) or len(body) != len(rows):
            # Positions mean nothing in a list of another length.
            return []
        return [_result(row, item, answer.status_code) for row, item in zip(rows, body, strict=True)]

    @property
    def requests(self) -> int:
        return self._client.requests

    def close(self) -> None:
        self._client.close()


def _is_required(entry: dict[str, Any]) -> bool:
    return (
        entry.get("createable") is True
        and entry.get("nillable") is False
        and entry.get("defaultedOnCreate") is False
        and entry.get("type") != "boolean"
    )


def _check_options(target: str, entry: dict[str, Any], rows: list[Row]) -> None:
    """Refuses a value that a restricted picklist does not have."""
    if entry.get("restrictedPicklist") is not True:
        return
    known = {option.get("value") for option in entry.get("picklistValues") or [] if option.get("active", True)}
    sent = {part for row in rows for part in str(row.payload.get(entry["name"]) or "").split(";") if part}
    missing = sorted(sent - known)
    if missing:
        raise Refused(f"Salesforce's picklist {target}.{entry['name']} has no value {missing[0]}: add it.")


def _result(row: Row, item: Any, status_code: int) -> Result:
    if isinstance(item, dict) and item.get("success") is True:
        return Result(row.key, "delivered", status_code, remote_id=item.get("id"))
    errors = item.get("errors") if isinstance(item, dict) else None
    code = errors[0].get("statusCode") if errors and isinstance(errors[0], dict) else None
    outcome = "retry" if code in TRANSIENT_CODES else "rejected"
    is_fault = code in FAULT_CODES
    return Result(row.key, outcome, status_code, clean_error_class(code, "row_error"), is_fault=is_fault)


def _code(body: Any) -> str | None:
    return body[0].get("errorCode") if isinstance(body, list) and body and isinstance(body[0], dict) else None


def _explain(body: Any) -> str | None:
    return clean_error_class(_code(body), "refused") if _code(body) else None


def _is_daily_limit(status: int, body: Any) -> bool:
    return status in {403, 429} and _code(body) == "REQUEST_LIMIT_EXCEEDED"


def _authentication(settings: Settings, instance: str, options: dict[str, Any]) -> BearerToken:
    """An access token, or OAuth: a refresh token where there is one, else client credentials."""
    token, client_id = settings.secret("SALESFORCE_ACCESS_TOKEN"), settings.secret("SALESFORCE_CLIENT_ID")
    if client_id is None:
        return BearerToken(token or settings.require_secret("SALESFORCE_ACCESS_TOKEN"))
    refresh_token = settings.secret("SALESFORCE_REFRESH_TOKEN")
    grant = (
        {"grant_type": "refresh_token", "refresh_token": refresh_token}
        if refresh_token
        else {"grant_type": "client_credentials"}
    )
    secret = settings.require_secret("SALESFORCE_CLIENT_SECRET")
    login = settings.value("SALESFORCE_LOGIN_URL", instance).rstrip("/")
    form = {**grant, "client_id": client_id, "client_secret": secret}
    return BearerToken(token, token_fetcher(f"{login}/services/oauth2/token", form, settings, options))
