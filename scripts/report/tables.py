"""The tables of the council report as HTML. Every text from the marts is escaped."""

from __future__ import annotations

from functools import partial
from html import escape

import pandas as pd
from operations.decisions import proposals

from .marts import Marts

DECISIONS_SHOWN = 12


def summary(marts: Marts) -> str:
    """How many triggers have which verdict, in one sentence."""
    verdicts = marts.scorecard[marts.scorecard["period"] == "all"]["verdict"].value_counts()
    counted = [
        f"{verdicts[name]} {name.replace('_', ' ')}"
        for name in ("promote", "keep", "tune", "retire", "insufficient_data")
        if name in verdicts
    ]
    return f"{len(marts.triggers)} triggers" + (f": {', '.join(counted)}" if counted else "")


def scorecard(marts: Marts) -> str:
    """One row a trigger, whole history, in order of rank."""
    rows = marts.scorecard[marts.scorecard["period"] == "all"].sort_values("rank", kind="stable")
    heads = [
        ("rank", "#"),
        ("name", "Trigger"),
        ("verdict", "Verdict"),
        ("why", "Why"),
        ("figure", "Lift"),
        ("figure", "Precision (benchmark)"),
        ("figure", "Recall"),
        ("figure", "Index events"),
        ("figure", "Accounts reached"),
        ("figure", "Median days of those"),
        ("figure", "Delivered"),
        ("figure", "Attributed ARR"),
        ("figure", "ROI"),
    ]
    body = [
        [
            _whole(row.rank),
            _name(row),
            _badge(row.verdict),
            escape(row.reason),
            _interval(row.risk_ratio, row.risk_ratio_low, row.risk_ratio_high),
            _percent(row.precision) + _band(row),
            _percent(row.recall),
            _whole(row.n_index),
            _percent(row.coverage),
            _whole(row.median_days_among_expanders),
            _whole(row.delivered),
            "&ndash;" if row.is_risk else _money(row.attributed_arr, marts.currency),
            "&ndash;" if row.is_risk else _number(row.roi, 1),
        ]
        for row in rows.itertuples(index=False)
    ]
    return _table(heads, body, "scorecard")


def headline(marts: Marts) -> str:
    """The newest month's figures beside those of the month before; empty where there are not two months."""
    if len(marts.kpis) < 2:
        return ""
    before, now = marts.kpis.iloc[-2], marts.kpis.iloc[-1]
    shown = (
        ("Fired", "fired", _whole),
        ("Delivered", "delivered", _whole),
        ("Accepted", "accepted", _whole),
        ("Meetings", "meetings", _whole),
        ("Opportunities", "opportunities", _whole),
        ("Won", "won", _whole),
        ("Expansions", "expansions", _whole),
        ("Attributed ARR", "attributed_arr", partial(_money, currency=marts.currency)),
        ("NRR", "nrr", _percent),
        ("GRR", "grr", _percent),
    )
    tiles = "".join(
        f'<div><span class="dim">{name}</span><strong>{worded(now[column])}</strong>'
        f'<span class="dim">before: {worded(before[column])}</span></div>'
        for name, column, worded in shown
    )
    return f'<div class="tiles">{tiles}</div>'


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
    is_moved = (both["rank"] - both["rank_before"]).abs() >= 3
    moved = both[(both["verdict"] != both["verdict_before"]) | is_moved]
    if moved.empty:
        return f"<p>No verdict changed between {escape(before)} and {escape(newest)}, and no rank by three or more.</p>"
    body = [
        [
            _name(row),
            _moved(_badge(row.verdict_before), _badge(row.verdict)),
            escape(row.reason),
            _moved(_number(row.risk_ratio_before, 2), _number(row.risk_ratio, 2)),
            _moved(_whole(row.rank_before), _whole(row.rank)),
        ]
        for row in moved.sort_values("rank", kind="stable").itertuples(index=False)
    ]
    heads = [
        ("name", "Trigger"),
        ("verdict", f"{escape(before)} to {escape(newest)}"),
        ("why", "Why"),
        ("figure", "Lift"),
        ("figure", "Rank"),
    ]
    return _table(heads, body, "changes")


def proposed(marts: Marts) -> str | None:
    """What the council may decide, in the scorecard's order, with the command that does it; None where nothing is asked for."""
    asked = dict(proposals(marts.scorecard))
    rows = marts.scorecard[(marts.scorecard["period"] == "all") & marts.scorecard["trigger_id"].isin(asked)]
    body = [
        [
            _name(row),
            _badge(row.verdict),
            escape(row.reason),
            f"<code>make decide TRIGGER={escape(row.trigger_id)} DECISION={asked[row.trigger_id]}</code>",
        ]
        for row in rows.sort_values("rank", kind="stable").itertuples(index=False)
    ]
    heads = [("name", "Trigger"), ("verdict", "Verdict"), ("why", "Why"), ("why", "Command")]
    return _table(heads, body, "proposals") if body else None


def decided(marts: Marts) -> str | None:
    """What came of the last decisions, newest first; None where there is none."""
    rows = marts.decisions.head(DECISIONS_SHOWN)
    body = [
        [
            _name(row),
            f"{row.decided_on:%Y-%m-%d}",
            escape(row.decision),
            "" if pd.isna(row.reason) else escape(row.reason),
            _percent(row.predicted_precision),
            _observed(row),
            _whole(row.delivered),
        ]
        for row in rows.itertuples(index=False)
    ]
    heads = [
        ("name", "Trigger"),
        ("verdict", "Decided on"),
        ("verdict", "Decision"),
        ("why", "Why"),
        ("figure", "Precision before"),
        ("figure", "Precision since"),
        ("figure", "Delivered since"),
    ]
    return _table(heads, body, "decisions") if body else None


def _observed(row: object) -> str:
    if pd.isna(row.observed_precision):
        return f'<span class="dim">{escape(row.note or "")}</span>'
    low, high = row.observed_precision_low, row.observed_precision_high
    return (
        f'{_percent(row.observed_precision)} <span class="dim">({low:.0%}&ndash;{high:.0%}) of {row.n_index:,}</span>'
    )


def _table(heads: list[tuple[str, str]], body: list[list[str]], name: str) -> str:
    """Rows that a narrow page shows as cards: each cell carries its kind and its heading."""
    head = "".join(f'<th class="{kind}">{text}</th>' for kind, text in heads)
    rows = "".join(
        "<tr>"
        + "".join(
            f'<td class="{kind}" data-label="{text}">{cell}</td>' for (kind, text), cell in zip(heads, row, strict=True)
        )
        + "</tr>"
        for row in body
    )
    return f'<div class="scroll"><table id="{name}"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'


def _moved(before: str, now: str) -> str:
    return now if before == now else f"{before} &rarr; {now}"


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
    return f"{value:.1f}" if pd.isna(low) else f'{value:.1f} <span class="dim">({low:.1f}&ndash;{high:.1f})</span>'


def _band(row: object) -> str:
    if pd.isna(row.benchmark_low):
        return ""
    return f' <span class="dim">({row.benchmark_low:.0%}&ndash;{row.benchmark_high:.0%})</span>'


def _percent(value: float) -> str:
    return "&ndash;" if pd.isna(value) else f"{value:.1%}"


def _whole(value: float) -> str:
    return "&ndash;" if pd.isna(value) else f"{value:,.0f}"


def _number(value: float, digits: int) -> str:
    return "&ndash;" if pd.isna(value) else f"{value:,.{digits}f}"


def _money(value: float, currency: str) -> str:
    return "&ndash;" if pd.isna(value) else f"{escape(currency)}{float(value):,.0f}"
