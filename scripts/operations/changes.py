"""What has changed about the landed tables since the build that was published last, told as warnings.

A contract says what a column must be, and a limit what a value may be. Neither sees that a connector stopped to fill a column
that may be empty, that amounts came in another unit, or that half of a table is gone: against yesterday's landing all of that is
plain. The profile holds shares, sizes and hashes, never a value; of product calls it is about four weeks, so that it costs much
the same at any size.
"""

from __future__ import annotations

import hashlib
import json
import math
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from .files import replaced
from .place import Place
from .relations import Relations
from .warehouse import Warehouse, is_spark, opened

# What the project lands itself, and what a fit lands, has its own checks.
OWN = ("quarantine", "operations", "push", "readiness")
WINDOW = timedelta(days=28)
#: Of fewer rows their number says nothing, and of fewer values what they look like.
FEW, FEW_CALLS, FEW_VALUES = 10, 30, 10
#: Columns of at most so many different values are compared value by value.
WORDS = 20
LOST, LOST_BY, GROWN, GROWN_BY = 0.9, 3, 2.0, 100
LOST_CALLS, GROWN_CALLS = 0.4, 3.0
KNOWN, NEGATIVE = 0.15, 0.15
#: A column that a few rows fill, and then none.
EMPTIED = 3
WORDS_MOVED = 0.25
TIMES_LARGER = 3.0
#: How far the middle of moments moves by no day, and that of a few moments.
YEARS, YEARS_OF_FEW = 0.5, 20
LENGTH, DIFFERENT = 0.2, 0.3
#: Of calls, how many more happened after they arrived.
AHEAD = 0.3

Profile = dict[str, dict[str, Any]]


def profile(place: Place, as_of: datetime) -> Profile:
    """What every landed table of a vendor in use looks like, by its name."""
    relations = Relations.of(place)
    used = {vendor for vendors in (place.variable("sources") or {}).values() for vendor in vendors or []}
    found: Profile = {}
    earlier = kept(place)
    with opened(place) as warehouse:
        for (vendor, table), columns in sorted(relations.columns.items()):
            if vendor in OWN or vendor.removesuffix("_history") not in used:
                continue
            relation = warehouse.named(relations.source(vendor, table))
            is_calls = "received_at" in columns
            since = f" where received_at > cast('{as_of - WINDOW}' as timestamp)" if is_calls else ""
            measured = _measured(place, warehouse, f"{relation}{since}", columns)
            name = f"{vendor}.{table}"
            if is_calls:
                # What had arrived by the build before is still there, however many calls a month has.
                until = datetime.fromisoformat(earlier.get(name, {}).get("until", str(as_of)))
                counted, again = _received(warehouse, relation, as_of, until)
                measured |= {"until": str(as_of), "counted": counted, "again": again}
            if measured["rows"]:
                found[name] = measured | {"is_calls": is_calls}
    return found


def since(place: Place, now: Profile) -> list[str]:
    """A sentence for each change that no day brings by itself; nothing before the first build that was published."""
    before = kept(place)
    told = []
    for table in sorted(before.keys() | now.keys()):
        told += table_changes(table, before.get(table), now.get(table)) if before else []
    return told


def kept(place: Place) -> Profile:
    """The profile of the build that was published last."""
    try:
        return json.loads(_file(place).read_text())
    except (FileNotFoundError, ValueError):
        return {}


def _file(place: Place) -> Path:
    return place.data_dir / "landing_profile.json"


def keep(place: Place, now: Profile) -> None:
    """Remembers the profile of a build that is published."""
    with replaced(_file(place)) as aside:
        aside.write_text(json.dumps(now, indent=1, sort_keys=True) + "\n")


def table_changes(table: str, before: dict[str, Any] | None, now: dict[str, Any] | None) -> list[str]:
    """What has changed about one table."""
    if before is None:
        return []
    if now is None:
        return [f"{table} has no rows: the build before found {before['rows']:,}."]
    rows, earlier, is_calls = now["rows"], before["rows"], now["is_calls"]
    few = FEW_CALLS if is_calls else FEW
    least, most = (LOST_CALLS, GROWN_CALLS) if is_calls else (LOST, GROWN)
    told = []
    has_lost = rows < least * earlier and earlier - rows >= LOST_BY
    has_grown = rows > most * earlier and rows - earlier >= GROWN_BY
    if earlier >= few and (has_lost or has_grown):
        when = " of four weeks" if is_calls else ""
        told.append(f"{table} has {rows:,} rows{when}: the build before found {earlier:,}.")
    again, counted = now.get("again", 0), before.get("counted", 0)
    if not told and counted >= few and again < LOST * counted and counted - again >= LOST_BY:
        told.append(f"{table} has {again:,} rows of four weeks in which the build before found {counted:,}.")
    if min(rows, earlier) < FEW_VALUES:
        return told
    for column, measures in now["columns"].items():
        change = column_change(before["columns"].get(column, {}), measures)
        if change:
            told.append(f"{table}, column {column}: {change} in the build before.")
    return told


def column_change(before: dict[str, Any], now: dict[str, Any]) -> str | None:
    """The most telling change of one column; None where it is what it was."""
    if not before:
        return None
    is_emptied = before["values"] >= EMPTIED and not now["values"]
    if is_emptied or abs(now["known"] - before["known"]) > KNOWN:
        return f"filled in {now['known']:.0%} of the rows, {before['known']:.0%}"
    is_few = min(now["values"], before["values"]) < FEW_VALUES
    if "year" in now and abs(now["year"] - before.get("year", now["year"])) > (YEARS_OF_FEW if is_few else YEARS):
        return f"moments lie around {now['year']:.1f}, around {before['year']:.1f}"
    if is_few:
        return None
    if "ahead" in now and abs(now["ahead"] - before.get("ahead", now["ahead"])) > AHEAD:
        return f"{now['ahead']:.0%} of the calls happened after they arrived, {before['ahead']:.0%}"
    if "words" in now and "words" in before:
        names = now["words"].keys() | before["words"].keys()
        moved = sum(abs(now["words"].get(name, 0) - before["words"].get(name, 0)) for name in names) / 2
        if moved > WORDS_MOVED:
            return f"{moved:.0%} of the rows hold another value than"
    if "magnitude" in now and abs(now["magnitude"] - before["magnitude"]) > math.log(TIMES_LARGER):
        times = math.exp(abs(now["magnitude"] - before["magnitude"]))
        larger = "larger" if now["magnitude"] > before["magnitude"] else "smaller"
        return f"values are {times:,.0f} times {larger} than"
    if "negative" in now and abs(now["negative"] - before["negative"]) > NEGATIVE:
        return f"{now['negative']:.0%} of the values are negative, {before['negative']:.0%}"
    if "length" in now:
        if abs(now["length"] - before["length"]) > LENGTH * max(before["length"], 1):
            return f"texts of {now['length']:.0f} characters, of {before['length']:.0f}"
        if abs(now["different"] - before["different"]) > DIFFERENT:
            return f"{now['different']:.0%} of the values are different ones, {before['different']:.0%}"
    return None


def _measured(place: Place, warehouse: Warehouse, rows: str, columns: dict[str, str]) -> dict[str, Any]:
    quote = "`" if is_spark(place) else '"'
    selects, names = ["count(*)"], []
    for column, kind in columns.items():
        for name, sql in _measures(f"{quote}{column}{quote}", kind):
            names.append((column, name))
            selects.append(sql)
    if {"timestamp", "received_at"} <= columns.keys():
        happened, arrived = f"{quote}timestamp{quote}", f"{quote}received_at{quote}"
        names.append(("timestamp", "ahead"))
        selects.append(f"avg(case when {happened} > {arrived} then 1.0e0 else 0.0e0 end)")
    (values,) = warehouse.ask(f"select {', '.join(selects)} from {rows}")
    count, found = int(values[0]), {column: {} for column in columns}
    for (column, name), value in zip(names, values[1:], strict=True):
        if value is not None:
            found[column][name] = round(float(value), 4)
    for column, measures in found.items():
        measures["known"] = measures["values"] / count if count else 0
        different = measures.get("different")
        if different is None:
            continue
        measures["different"] = min(different / measures["values"], 1) if measures["values"] else 0
        if 0 < different <= WORDS:
            measures["words"] = _words(warehouse, f"{quote}{column}{quote}", rows, measures["values"])
    return {"rows": count, "columns": found}


def _received(warehouse: Warehouse, relation: str, *moments: datetime) -> list[int]:
    """Calls that arrived in the four weeks until each of the moments, read once."""
    counts = ", ".join(
        f"count(case when received_at > cast('{moment - WINDOW}' as timestamp)"
        f" and received_at <= cast('{moment}' as timestamp) then 1 end)"
        for moment in moments
    )
    first = min(moments) - WINDOW
    (found,) = warehouse.ask(f"select {counts} from {relation} where received_at > cast('{first}' as timestamp)")
    return [int(count) for count in found]


def _measures(column: str, kind: str) -> list[tuple[str, str]]:
    """Measures of a column of a type: names and queries that every engine understands."""
    known = [("values", f"count({column})")]
    match kind:
        case "bigint" | "double":
            return [
                *known,
                ("magnitude", f"avg(ln(1 + abs(cast({column} as double))))"),
                ("negative", f"avg(case when {column} < 0 then 1.0e0 when {column} >= 0 then 0.0e0 end)"),
            ]
        case "timestamp" | "date":
            return [*known, ("year", f"avg(cast(year({column}) + month({column}) / 12.0 as double))")]
        case "boolean":
            return [*known, ("different", f"approx_count_distinct(cast({column} as string))")]
        case _:
            return [
                *known,
                ("length", f"avg(cast(length({column}) as double))"),
                ("different", f"approx_count_distinct({column})"),
            ]


def _words(warehouse: Warehouse, column: str, rows: str, values: float) -> dict[str, float]:
    where = "and" if " where " in rows else "where"
    counts = warehouse.ask(
        f"select cast({column} as string), count(*) from {rows} {where} {column} is not null group by 1"
    )
    return {hashlib.sha256(str(word).encode()).hexdigest()[:12]: round(count / values, 4) for word, count in counts}
