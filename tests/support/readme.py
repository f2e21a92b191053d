#!/usr/bin/env python3
"""What a page says of the demo, between `<!-- from the demo: NAME WORDS -->` and `<!-- end -->`.

NAME is one of BLOCKS, which renders the text from a built demo; WORDS are its arguments. As a program it puts today's
text between the markers: `python tests/support/readme.py data/demo README.md`.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import duckdb

MARKED = re.compile(r"(<!-- from the demo: (?P<name>\S+)(?P<words>[^>]*?) -->)(?P<text>.*?)(<!-- end -->)", re.DOTALL)


def trigger_scorecard(demo: duckdb.DuckDBPyConnection, *triggers: str) -> str:
    """The whole history's row of each trigger, as a table."""
    columns = ["trigger_id", "n_index", "precision", "recall", "risk_ratio", "within_ratio", "verdict", "reason"]
    lines = [f"| {' | '.join(columns)} |", "|" + "---|" * len(columns)]
    for trigger in triggers:
        row = scorecard_row(demo, trigger)
        cells = [f"`{trigger}`", str(row["n_index"]), percent_between(row, "precision"), percent(row["recall"])]
        cells += [ratio_between(row, "risk"), ratio_between(row, "within"), row["verdict"]]
        reason = row["reason"].removesuffix(f": {row['verdict']}")
        lines.append(f"| {' | '.join([*cells, reason])} |")
    return "\n" + "\n".join(lines) + "\n"


def figure(demo: duckdb.DuckDBPyConnection, trigger: str, column: str) -> str:
    """One figure of the scorecard within a sentence: a share as a percentage, a count, or a ratio."""
    value = scorecard_row(demo, trigger)[column]
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:.1f}" if column.endswith("ratio") else percent(value)


def alert(demo: duckdb.DuckDBPyConnection, trigger: str, role: str) -> str:
    """The newest alert that a role got of a trigger, as it reads."""
    row = first(
        demo,
        "select alerts.* from sync.sync_alerts as alerts inner join marts.fct_fired_triggers as firings using (firing_id)"
        " where firings.trigger_id = ? and alerts.recipient_role = ? and alerts.channel = 'crm_alert'"
        " order by firings.triggered_at desc, firing_id, alerts.alert_id",
        trigger,
        role,
    )
    last = f"To {role} {row.get('alert_email', row.get('recipient_email'))}, to be acted on by {row['sla_due_at']} UTC"
    return "\n```text\n" + "\n\n".join([row["title"], row["body"], last]) + "\n```\n"


def evidence(demo: duckdb.DuckDBPyConnection, trigger: str) -> str:
    """The evidence of the newest firing of a trigger."""
    row = first(
        demo,
        "select evidence from marts.fct_fired_triggers where trigger_id = ? order by triggered_at desc, firing_id",
        trigger,
    )
    return "\n```json\n" + json.dumps(json.loads(row["evidence"]), indent=2) + "\n```\n"


BLOCKS = {block.__name__: block for block in (trigger_scorecard, figure, alert, evidence)}


def marked(page: str) -> list[tuple[str, str]]:
    """(marker, text) of every marked place."""
    return [(f"{found['name']}{found['words']}", found["text"]) for found in MARKED.finditer(page)]


def rendered(demo: duckdb.DuckDBPyConnection, marker: str) -> str:
    name, *words = marker.split()
    if name not in BLOCKS:
        raise ValueError(f"the marker {marker!r} names none of {', '.join(BLOCKS)}")
    return BLOCKS[name](demo, *words)


def opened(data_dir: Path) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(data_dir / "warehouse.duckdb"), read_only=True)


# ---------------------------------------------------------------- figures


def scorecard_row(demo: duckdb.DuckDBPyConnection, trigger: str) -> dict:
    return first(demo, "select * from marts.trigger_scorecard where period = 'all' and trigger_id = ?", trigger)


def first(demo: duckdb.DuckDBPyConnection, query: str, *values: str) -> dict:
    cursor = demo.execute(query, list(values))
    row = cursor.fetchone()
    if row is None:
        raise ValueError(f"the demo has no row for {', '.join(values)}")
    return dict(zip((column[0] for column in cursor.description), row, strict=True))


def percent(value: float | None) -> str:
    return "-" if value is None else f"{100 * value:.0f} %"


def percent_between(row: dict, name: str) -> str:
    if row[name] is None:
        return "-"
    return f"{percent(row[name])} ({100 * row[f'{name}_low']:.0f}-{100 * row[f'{name}_high']:.0f})"


def ratio_between(row: dict, name: str) -> str:
    if row[f"{name}_ratio"] is None:
        return "-"
    low, high = (row.get(f"{name}_ratio_{end}", row.get(f"{name}_{end}")) for end in ("low", "high"))
    return f"{row[f'{name}_ratio']:.1f} ({low:.1f}-{high:.1f})"


def main(data_dir: str, page: str) -> None:
    file = Path(page)
    with opened(Path(data_dir)) as demo:

        def today(found: re.Match) -> str:
            return found[1] + rendered(demo, f"{found['name']}{found['words']}") + found[5]

        file.write_text(MARKED.sub(today, file.read_text()))


if __name__ == "__main__":
    main(*sys.argv[1:])
