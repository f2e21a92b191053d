"""From a row of a sync mart to the payload of a destination, as a YAML file per destination says.

A field is `name: column`, or `name: {column: .., as: ..}`, or `name: {value: constant}`. Beside the mart's columns two
are made here: `state` (open or closed) and `event` (fired or closed), so that a status which merely echoes a delivery
never changes a payload.
"""

from __future__ import annotations

import hashlib
import html
import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from .errors import Refused
from .warehouse import MARTS, Mart

FOLDER = Path(__file__).parent / "mappings"
MADE_COLUMNS = {"state": "VARCHAR", "event": "VARCHAR"}
# A build's moment changes with every build and would change every hash.
UNSTABLE_COLUMNS = {"as_of"}


def _iso(value: Any) -> Any:
    if isinstance(value, datetime):
        moment = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
        return moment.isoformat(timespec="microseconds" if moment.microsecond else "seconds") + "Z"
    return value.isoformat() if isinstance(value, date) else value


def plain(value: Any) -> Any:
    """A value that JSON has; moments as ISO 8601 in UTC."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return _iso(value)


def _text(value: Any) -> Any:
    simple = plain(value)
    if isinstance(simple, bool):
        return "true" if simple else "false"
    is_text = simple is None or isinstance(simple, str)
    return simple if is_text else json.dumps(simple, sort_keys=True, ensure_ascii=False)


def _json(value: Any) -> Any:
    """The parsed JSON of a text column; text that is no JSON stays text."""
    if not isinstance(value, str):
        return plain(value)
    try:
        return json.loads(value)
    except ValueError:
        return value


def _date(value: Any) -> Any:
    return value.date().isoformat() if isinstance(value, datetime) else plain(value)


def _milliseconds(value: Any) -> Any:
    if not isinstance(value, datetime):
        return plain(value)
    moment = value if value.tzinfo else value.replace(tzinfo=UTC)
    return int(moment.timestamp() * 1000)


def _html(value: Any) -> Any:
    text = _text(value)
    return None if text is None else html.escape(text)


def _options(value: Any) -> Any:
    """A list of this project (a|b) as CRMs spell theirs (a;b)."""
    return value.replace("|", ";") if isinstance(value, str) else plain(value)


FORMS = {
    "plain": plain,
    "text": _text,
    "json": _json,
    "date": _date,
    "milliseconds": _milliseconds,
    "html": _html,
    "options": _options,
}


@dataclass(frozen=True)
class Field:
    """One property at the destination and where its value comes from."""

    name: str
    column: str | None
    form: str = "plain"
    constant: Any = None
    max_length: int | None = None

    def value(self, row: dict[str, Any]) -> Any:
        value = self.constant if self.column is None else FORMS[self.form](row[self.column])
        if self.max_length is not None and isinstance(value, str) and len(value) > self.max_length:
            value = value[: self.max_length - 1] + "…"
        return value


@dataclass(frozen=True)
class ObjectMapping:
    """How one object (account, firing, alert) looks at the destination."""

    object: str
    fields: tuple[Field, ...]
    options: dict[str, Any]
    where: dict[str, list[Any]]

    def accepts(self, row: dict[str, Any]) -> bool:
        return all(row.get(column) in values for column, values in self.where.items())

    @property
    def needs(self) -> list[str]:
        """Columns without which a row reaches nobody there."""
        named = self.options.get("needs") or []
        return named if isinstance(named, list) else [named]

    def is_complete(self, row: dict[str, Any]) -> bool:
        return all(row.get(column) not in (None, "") for column in self.needs)

    def payload(self, row: dict[str, Any]) -> dict[str, Any]:
        """The mapped fields of a row; a dot in a field's name makes a nested object."""
        result: dict[str, Any] = {}
        for target in self.fields:
            *parents, leaf = target.name.split(".")
            place = result
            for parent in parents:
                place = place.setdefault(parent, {})
            place[leaf] = target.value(row)
        return result

    def check(self, mart: Mart) -> None:
        """Refuses a mapping that names a column the mart does not have."""
        known = set(mart.types) | MADE_COLUMNS.keys()
        wanted = {target.column for target in self.fields if target.column} | {*self.where, *self.needs}
        missing = sorted(wanted - known)
        if missing:
            raise Refused(f"The mapping of {self.object} names the column {missing[0]}, which {mart.name} lacks.")
        unstable = sorted(wanted & UNSTABLE_COLUMNS)
        if unstable:
            raise Refused(f"The mapping of {self.object} names {unstable[0]}, which changes with every build.")


@dataclass(frozen=True)
class Mapping:
    """A destination's mapping file: its settings and the objects it is sent, in order."""

    destination: str
    settings: dict[str, Any]
    objects: dict[str, ObjectMapping] = field(default_factory=dict)

    @classmethod
    def load(cls, destination: str, path: str | None = None) -> Mapping:
        """Reads the given file, or the one that ships; refuses what it does not understand."""
        shipped = FOLDER / f"{path}.yml"
        file = shipped if path and shipped.exists() else Path(path) if path else FOLDER / f"{destination}.yml"
        try:
            content = yaml.safe_load(file.read_text())
        except OSError:
            raise Refused(f"The mapping file {file.name} cannot be read.") from None
        except yaml.YAMLError:
            raise Refused(f"The mapping file {file.name} is not valid YAML.") from None
        if not isinstance(content, dict) or set(content) - {"settings", "objects"}:
            raise Refused(f"The mapping file {file.name} must hold `settings` and `objects` and nothing else.")
        objects = {
            name: _object(file.name, name, entry or {}) for name, entry in (content.get("objects") or {}).items()
        }
        return cls(destination, dict(content.get("settings") or {}), objects)


def _object(file: str, name: str, entry: dict[str, Any]) -> ObjectMapping:
    if name not in MARTS:
        raise Refused(f"{file}: there is no object {name}; known are {', '.join(MARTS)}.")
    options = {key: value for key, value in entry.items() if key not in {"fields", "where"}}
    fields = tuple(_field(file, name, target, source) for target, source in (entry.get("fields") or {}).items())
    if not fields:
        raise Refused(f"{file}: the object {name} maps no fields.")
    where = {
        column: values if isinstance(values, list) else [values]
        for column, values in (entry.get("where") or {}).items()
    }
    return ObjectMapping(name, fields, options, where)


def _field(file: str, name: str, target: str, source: Any) -> Field:
    if isinstance(source, str):
        return Field(target, source)
    if not isinstance(source, dict) or set(source) - {"column", "as", "value", "max_length"}:
        raise Refused(
            f"{file}: the field {name}.{target} is neither a column nor {{column, as, max_length}} nor {{value}}."
        )
    if ("column" in source) == ("value" in source):
        raise Refused(f"{file}: the field {name}.{target} needs either a column or a value.")
    form = source.get("as", "plain")
    if form not in FORMS:
        raise Refused(f"{file}: the field {name}.{target} has the unknown form {form}; known are {', '.join(FORMS)}.")
    return Field(target, source.get("column"), form, source.get("value"), source.get("max_length"))


def json_text(body: Any) -> str:
    """JSON on one line that ends no element of a page that holds it: `<`, `>` and `&` are spelled as JSON may spell them."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return text


def payload_hash(payload: Any) -> str:
    """SHA-256 of the payload in one canonical spelling."""
    canonical = json.dumps(payload, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
