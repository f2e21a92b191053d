"""The tables of the council report as HTML. Every text from the marts is escaped."""

from __future__ import annotations

from html import escape

import pandas as pd

from .marts import Marts


def scorecard(marts: Marts) -> str:
    """One row a trigger, whole history, in order of rank."""
    rows = marts.scorecard[marts.scorecard["period"] == "all"].sort_values("rank")
    heads = [
        "",
        "Trigger",
        "Verdict",
        "Lift",
        "q",
        "Why",
        "Index events",
        "Precision",
        "Benchmark",
        "Recall",
        "Coverage",
        "Median days",
        "Delivered",
        "Attributed ARR",
        "ROI",
    ]
    body = [
        [
            str(row.rank),
            _name(row),
            _badge(row.verdict),
            _interval(row.risk_ratio, row.risk_ratio_low, row.risk_ratio_high),
            _q(row.q_value),
            f'<span class="why">{escape(row.reason)}</span>',
            _whole(row.n_index),
            _percent(row.precision),
            _band(row),
            _percent(row.recall),
            _percent(row.coverage),
            _whole(row.median_days),
            _whole(row.delivered),
            _money(row.attributed_arr),
            _number(row.roi, 1),
        ]
        for row in rows.itertuples(index=False)
    ]
    return _table(heads, body, "scorecard")


def changes(marts: Marts) -> str | None:
    """What is different in the newest month from the one before; None where there are not two months."""
    if len(marts.months) < 2:
        return None
    before, newest = marts.months[-2:]
    columns = ["trigger_id", "trigger_name", "is_risk", "rank", "verdict", "risk_ratio", "n_matched", "reason"]
    then = marts.scorecard[marts.scorecard["period"] == before][columns]
    now = marts.scorecard[marts.scorecard["period"] == newest][columns]
    both = now.merge(
        then[["trigger_id", "rank", "verdict", "risk_ratio"]], on="trigger_id", suffixes=("", "_before"), how="left"
    )
    moved = both[(both["verdict"] != both["verdict_before"]) | ((both["rank"] - both["rank_before"]).abs() >= 3)]
    if moved.empty:
        return f"<p>No verdict changed between {escape(before)} and {escape(newest)}, and no rank by three or more.</p>"
    body = [
        [
            _name(row),
            f"{_badge(row.verdict_before)} &rarr; {_badge(row.verdict)}",
            f"{_number(row.risk_ratio_before, 2)} &rarr; {_number(row.risk_ratio, 2)}",
            f"{_whole(row.rank_before)} &rarr; {_whole(row.rank)}",
            f'<span class="why">{escape(row.reason)}</span>',
        ]
        for row in moved.sort_values("rank").itertuples(index=False)
    ]
    heads = ["Trigger", f"{escape(before)} to {escape(newest)}", "Lift", "Rank", "Why"]
    return _table(heads, body, "changes")


def _table(heads: list[str], body: list[list[str]], name: str) -> str:
    head = "".join(f"<th>{cell}</th>" for cell in heads)
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in body)
    return f'<div class="scroll"><table id="{name}"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'


def _name(row: object) -> str:
    name = escape(str(row.trigger_name))
    return f'{name} <span class="risk">risk</span>' if row.is_risk is True or row.is_risk == 1 else name


def _badge(verdict: object) -> str:
    if pd.isna(verdict):
        return "&ndash;"
    return f'<span class="badge {escape(str(verdict))}">{escape(str(verdict).replace("_", " "))}</span>'


def _interval(value: float, low: float, high: float) -> str:
    if pd.isna(value):
        return "&ndash;"
    return f"{value:.2f}" if pd.isna(low) else f'{value:.2f} <span class="dim">({low:.2f}&ndash;{high:.2f})</span>'


def _q(value: float) -> str:
    return "&ndash;" if pd.isna(value) else "&lt; 0.001" if value < 0.001 else f"{value:.3f}"


def _band(row: object) -> str:
    if pd.isna(row.benchmark_low):
        return "&ndash;"
    return f"{row.benchmark_low:.0%}&ndash;{row.benchmark_high:.0%}"


def _percent(value: float) -> str:
    return "&ndash;" if pd.isna(value) else f"{value:.1%}"


def _whole(value: float) -> str:
    return "&ndash;" if pd.isna(value) else f"{value:,.0f}"


def _number(value: float, digits: int) -> str:
    return "&ndash;" if pd.isna(value) else f"{value:,.{digits}f}"


def _money(value: float) -> str:
    return "&ndash;" if pd.isna(value) else f"${float(value):,.0f}"
