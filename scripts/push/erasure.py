"""Erasure requests: removes a person from what may be sent, from the outbox files, and from the dead letters.

A request names an e-mail, a contact id or a user id. The ledger and the push log hold nothing about a person.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb

from .errors import Refused
from .files import replaced
from .ledger import Ledger, now
from .warehouse import Mart

KINDS = {"email", "contact_id", "user_id"}
ERASED = "[erased]"
# Texts written to or about a person, emptied as a whole in a row that is about that person.
FREE_TEXT = {
    "title", "body", "message_subject", "message_body", "in_app_body", "first_name", "recipient_first_name", "links",
}  # fmt: skip
WAITING = {"pending", "sending", "retry", "rejected", "unknown"}


@dataclass(frozen=True)
class Request:
    """One person to be forgotten, by one identifier."""

    id: str
    value: str

    @property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(rf"(?<![\w.@+-]){re.escape(self.value)}(?![\w@-])", re.IGNORECASE)


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
    return Request(request_id, value.strip())


def hide(requests: list[Request], marts: dict[str, Mart]) -> None:
    """Removes the people from the rows in memory, in case the marts still hold them."""
    for mart in marts.values() if requests else ():
        mart.rows = [forget(row, requests, keep={mart.key, "firing_id", "account_id"}) for row in mart.rows]


def apply(requests: list[Request], ledger: Ledger, outbox: Path, marts: dict[str, Mart]) -> None:
    """Rewrites outbox files and drops dead letters, once per request."""
    applied = ledger.erasures_applied()
    new = [request for request in requests if request.id not in applied]
    if not new:
        return
    for path in sorted(outbox.glob("*.jsonl")):
        _rewrite_lines(path, new)
        _rewrite_parquet(path.with_suffix(".parquet"), new)
    _drop_letters(new, ledger, marts)
    ledger.note_erasure([request.id for request in new])


def forget(row: dict[str, Any], requests: list[Request], keep: Iterable[str] = ()) -> dict[str, Any]:
    """The row without the people: a column that names one becomes null, a mention becomes [erased]."""
    if not is_about(row, requests):
        return row
    names_person = any(_is_value(value, requests) for key, value in row.items() if key not in keep)
    result = {}
    for key, value in row.items():
        if key in keep:
            result[key] = value
        elif _is_value(value, requests) or (names_person and key in FREE_TEXT):
            result[key] = None
        else:
            result[key] = _replace(value, requests)
    return result


def is_about(row: dict[str, Any], requests: list[Request]) -> bool:
    text = json.dumps(row, default=str, ensure_ascii=False)
    return any(request.value.lower() in text.lower() for request in requests)


def _is_value(value: Any, requests: list[Request]) -> bool:
    return isinstance(value, str) and any(value.strip().lower() == request.value.lower() for request in requests)


def _replace(value: Any, requests: list[Request]) -> Any:
    if isinstance(value, str):
        for request in requests:
            value = request.pattern.sub(ERASED, value)
        return value
    if isinstance(value, dict):
        return {key: _replace(inner, requests) for key, inner in value.items()}
    return [_replace(inner, requests) for inner in value] if isinstance(value, list) else value


def _rewrite_lines(path: Path, requests: list[Request]) -> None:
    text = path.read_text(encoding="utf-8")
    if not any(request.value.lower() in text.lower() for request in requests):
        return
    rows = [json.loads(line) for line in text.split("\n") if line]
    with replaced(path) as aside, aside.open("w", encoding="utf-8") as file:
        for row in rows:
            forgotten = forget(row, requests, keep={"sync_key", "firing_id", "account_id"})
            file.write(json.dumps(forgotten, ensure_ascii=False) + "\n")


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
