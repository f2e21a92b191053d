"""Erasure requests: removes a person from what may be sent, from the outbox files, and from the dead letters.

A request names an e-mail, a contact id or a user id. The ledger and the push log hold nothing about a person.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
from operations.files import replaced

from .errors import Refused
from .ledger import Ledger, now
from .mapping import json_text
from .warehouse import Mart

KINDS = {"email", "contact_id", "user_id"}
ERASED = "[erased]"
# What says which row it is, of no person.
KEYS = ("sync_key", "firing_id", "account_id")
# Texts written to or about a person, emptied as a whole in a row that is about that person.
FREE_TEXT = {
    "title", "body", "message_subject", "message_body", "in_app_body", "first_name", "recipient_first_name", "links",
}  # fmt: skip
WAITING = {"pending", "sending", "retry", "rejected", "unknown"}


# In which columns an id of a kind stands: a contact 51 is neither the user 51 nor the number 51.
COLUMNS = {"contact_id": re.compile("contact|vid"), "user_id": re.compile("user")}


@dataclass(frozen=True)
class Request:
    """One person to be forgotten, by one identifier."""

    id: str
    kind: str
    value: str

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(rf"(?<![\w.@+-]){re.escape(self.value)}(?![\w@-])", re.IGNORECASE)

    @property
    def is_number(self) -> bool:
        return self.value.isdigit()

    def names(self, column: str, value: Any) -> bool:
        """Whether a column's value is this person."""
        if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
            return False
        is_its_kind = self.kind == "email" or bool(COLUMNS[self.kind].search(column.lower()))
        if not is_its_kind and (self.is_number or any(other.search(column.lower()) for other in COLUMNS.values())):
            return False
        return _plain(str(value)).lower() == self.value.lower()

    def without(self, text: str) -> str:
        """The text without a mention; a number in a text is anybody's."""
        return text if self.is_number else self.pattern.sub(ERASED, text)


def _plain(text: str) -> str:
    """An id that some tool took for a number (51.0) as it is."""
    return re.sub(r"^(\d+)\.0+$", r"\1", text.strip())


def load(folder: Path) -> list[Request]:
    """The landed requests: Parquet, or CSV where the folder holds only CSV."""
    for suffix, reader in (("parquet", "read_parquet"), ("csv", "read_csv")):
        files = sorted(str(file) for file in folder.glob(f"*.{suffix}"))
        if not files:
            continue
        options = ", all_varchar = true" if suffix == "csv" else ""
        try:
            with duckdb.connect(":memory:") as connection:
                rows = connection.execute(
                    f"select id::varchar, kind::varchar, value::varchar from {reader}(?, union_by_name = true{options})"
                    " order by 1",
                    [files],
                ).fetchall()
        except duckdb.Error:
            raise Refused(f"The erasure requests in {folder.name} need the columns id, kind and value.") from None
        return [_request(*row) for row in rows]
    return []


def _request(request_id: str | None, kind: str | None, value: str | None) -> Request:
    if not request_id or kind not in KINDS or not (value or "").strip():
        raise Refused(f"The erasure request {request_id} needs a kind ({', '.join(sorted(KINDS))}) and a value.")
    return Request(request_id, kind, _plain(value))


def hide(requests: list[Request], marts: dict[str, Mart]) -> None:
    """Removes the people from the rows in memory, in case the marts still hold them."""
    for mart in marts.values() if requests else ():
        mart.rows = [forget(row, requests, keep={mart.key, "firing_id", "account_id"}) for row in mart.rows]


def apply(requests: list[Request], ledger: Ledger, outbox: Path, marts: dict[str, Mart] | None) -> None:
    """Rewrites outbox files and drops dead letters, once per request.

    Without marts nobody knows yet whose the dead letters are: then the request is taken up again by the next run.
    """
    applied = ledger.erasures_applied()
    new = [request for request in requests if request.id not in applied]
    if not new:
        return
    for path in sorted(outbox.glob("*.jsonl")):
        _rewrite_lines(path, new)
        _rewrite_parquet(path.with_suffix(".parquet"), new)
    if marts is None:
        return
    _drop_letters(new, ledger, marts)
    ledger.note_erasure([request.id for request in new])


def forget(row: dict[str, Any], requests: list[Request], keep: Iterable[str] = ()) -> dict[str, Any]:
    """The row without the people: a column that names one becomes null, a mention becomes [erased].

    Of a row that is written to one of them everything that tells who that is goes with the id.
    """
    named = {
        key for key, value in row.items() if key not in keep and any(request.names(key, value) for request in requests)
    }
    is_recipient = any(key.startswith("recipient_") for key in named)
    result = {}
    for key, value in row.items():
        if key in keep:
            result[key] = value
        elif key in named or (named and key in FREE_TEXT) or (is_recipient and key.startswith("recipient_")):
            result[key] = value if key == "recipient_role" else None
        else:
            result[key] = _replace(key, value, requests)
    return result


def is_about(row: dict[str, Any], requests: list[Request]) -> bool:
    return forget(row, requests) != row


def _replace(column: str, value: Any, requests: list[Request]) -> Any:
    """A value below a column or key, its mentions erased; JSON in a text keeps its form and its keys."""
    if isinstance(value, dict):
        return {key: _replace(key, inner, requests) for key, inner in value.items()}
    if isinstance(value, list):
        return [_replace(column, inner, requests) for inner in value]
    if any(request.names(column, value) for request in requests):
        return ERASED if isinstance(value, str) else None
    if not isinstance(value, str):
        return value
    if value.startswith(("{", "[")):
        try:
            parsed = json.loads(value)
        except ValueError:
            pass
        else:
            replaced_value = _replace(column, parsed, requests)
            return value if replaced_value == parsed else json.dumps(replaced_value, ensure_ascii=False)
    for request in requests:
        value = request.without(value)
    return value


def _rewrite_lines(path: Path, requests: list[Request]) -> None:
    text = path.read_text(encoding="utf-8")
    rows = [json.loads(line) for line in text.split("\n") if line]
    if not any(is_about(_without_keys(row), requests) for row in rows):
        return
    with replaced(path) as aside, aside.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json_text(forget(row, requests, keep=KEYS)) + "\n")


def _without_keys(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key not in KEYS}


def _rewrite_parquet(path: Path, requests: list[Request]) -> None:
    """Writes the Parquet file again from its forgotten JSON-lines twin, with its own column types."""
    if not path.exists():
        return
    from .destinations.file import lines_to_parquet

    with duckdb.connect(":memory:") as connection:
        described = connection.execute("describe select * from read_parquet(?)", [str(path)]).fetchall()
    lines_to_parquet(path.with_suffix(".jsonl"), {row[0]: row[1] for row in described})


def _drop_letters(requests: list[Request], ledger: Ledger, marts: dict[str, Mart]) -> None:
    keys = {
        (mart.object, str(row[mart.key])) for mart in marts.values() for row in mart.rows if is_about(row, requests)
    }
    letters = [
        replace(entry, state="dropped", error_class="erased", updated_at=now())
        for entry in ledger.entries().values()
        if entry.state in WAITING and (entry.object, entry.sync_key.removesuffix(":closed")) in keys
    ]
    ledger.write(letters)
