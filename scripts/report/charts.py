"""The plots of the council report. Each takes the marts and gives a chart, or None where there is nothing to draw."""

from __future__ import annotations

import altair as alt
import pandas as pd

from .marts import Marts

VERDICTS = ["promote", "keep", "tune", "retire", "insufficient_data"]
COLOURS = ["#1a7f37", "#57606a", "#9a6700", "#cf222e", "#c8d1da"]
BLUE, ORANGE = "#0969da", "#bc4c00"


def _verdict(**options: object) -> alt.Color:
    return alt.Color("verdict:N", scale=alt.Scale(domain=VERDICTS, range=COLOURS), title="Verdict", **options)


def _names(field: str = "trigger_name:N", **options: object) -> alt.Y:
    return alt.Y(field, title=None, axis=alt.Axis(labelLimit=150, grid=False), **options)


def _finish(chart: alt.Chart | alt.LayerChart, height: int) -> alt.Chart | alt.LayerChart:
    return chart.properties(width="container", height=height)


def forest(marts: Marts) -> alt.LayerChart | None:
    """Lift with its interval, and the untouched and within ratios beside it."""
    rows = marts.scorecard[marts.scorecard["period"] == "all"]
    sides = [("all", "risk_ratio", "risk_ratio_low", "risk_ratio_high")]
    sides += [(basis, f"{basis}_ratio", f"{basis}_low", f"{basis}_high") for basis in ("untouched", "within", "alone")]
    frames = [
        rows[["trigger_name", "rank", "verdict", ratio, low, high]]
        .set_axis(["trigger_name", "rank", "verdict", "ratio", "low", "high"], axis=1)
        .assign(basis=basis)
        for basis, ratio, low, high in sides
    ]
    data = pd.concat(frames).dropna(subset=["ratio", "low", "high"])
    if data.empty:
        return None
    order = rows.sort_values("rank")["trigger_name"].tolist()
    data = data.assign(
        low=data["low"].clip(lower=0.1), high=data["high"].clip(upper=20), ratio=data["ratio"].clip(0.1, 20)
    )
    base = alt.Chart(data).encode(
        y=_names(sort=order),
        yOffset=alt.YOffset("basis:N", sort=["all", "untouched", "within", "alone"]),
        color=alt.Color(
            "basis:N",
            title="Ratio",
            sort=["all", "untouched", "within", "alone"],
            scale=alt.Scale(domain=["all", "untouched", "within", "alone"], range=["#24292f", BLUE, ORANGE, "#8250df"]),
        ),
        tooltip=[
            alt.Tooltip("trigger_name:N", title="Trigger"),
            alt.Tooltip("basis:N", title="Basis"),
            alt.Tooltip("ratio:Q", format=".2f", title="Ratio"),
            alt.Tooltip("low:Q", format=".2f", title="Lower"),
            alt.Tooltip("high:Q", format=".2f", title="Upper"),
            alt.Tooltip("verdict:N", title="Verdict"),
        ],
    )
    ratio = alt.X(
        "low:Q", scale=alt.Scale(type="log"), title="Ratio to look-alikes (log scale)", axis=alt.Axis(format="~g")
    )
    rules = base.mark_rule(strokeWidth=1.5).encode(x=ratio, x2="high:Q")
    points = base.mark_point(filled=True, size=36, opacity=1).encode(x="ratio:Q")
    one = alt.Chart(pd.DataFrame({"x": [1.0]})).mark_rule(strokeDash=[4, 3], color="#57606a").encode(x="x:Q")
    return _finish(alt.layer(one, rules, points), 40 * data["trigger_name"].nunique())


def incidence(marts: Marts) -> alt.LayerChart | None:
    """Share of index events that have expanded, by days since; the best five are named."""
    whole = marts.scorecard[marts.scorecard["period"] == "all"][["trigger_id", "verdict", "rank"]]
    data = marts.curves.merge(whole, on="trigger_id")
    if data.empty:
        return None
    data = data[["trigger_name", "days_since_trigger", "cumulative_incidence", "at_risk", "verdict", "rank"]]
    hover = alt.selection_point(fields=["trigger_name"], on="pointerover", empty=False)
    lines = (
        alt.Chart(data)
        .mark_line(interpolate="step-after")
        .encode(
            x=alt.X("days_since_trigger:Q", title="Days since the trigger"),
            y=alt.Y("cumulative_incidence:Q", title="Expanded", axis=alt.Axis(format="%")),
            detail="trigger_name:N",
            color=_verdict(),
            strokeWidth=alt.when(hover).then(alt.value(4)).otherwise(alt.value(1.5)),
            tooltip=[
                alt.Tooltip("trigger_name:N", title="Trigger"),
                alt.Tooltip("days_since_trigger:Q", title="Day"),
                alt.Tooltip("cumulative_incidence:Q", format=".1%", title="Expanded"),
                alt.Tooltip("at_risk:Q", title="Still followed"),
            ],
        )
        .add_params(hover)
    )
    best = data[data["rank"] <= 5].sort_values("days_since_trigger").groupby("trigger_name").tail(1)
    labels = (
        alt.Chart(best)
        .mark_text(align="right", dx=-2, dy=-6, fontSize=10)
        .encode(x="days_since_trigger:Q", y="cumulative_incidence:Q", text="trigger_name:N", color=_verdict())
    )
    return _finish(alt.layer(lines, labels), 340)


def precision_recall(marts: Marts) -> alt.LayerChart | None:
    """Precision against recall, and where the sweep's recommendation would take a trigger (test part)."""
    rows = marts.scorecard[marts.scorecard["period"] == "all"].dropna(subset=["precision", "recall"])
    if rows.empty:
        return None
    points = rows[["trigger_name", "precision", "recall", "n_index", "verdict"]]
    base = (
        alt.Chart(points)
        .mark_point(filled=True, opacity=0.85)
        .encode(
            x=alt.X("recall:Q", title="Recall: claimed expansions announced", axis=alt.Axis(format="%")),
            y=alt.Y("precision:Q", title="Precision: index events that expand", axis=alt.Axis(format="%")),
            size=alt.Size("n_index:Q", title="Index events", scale=alt.Scale(range=[20, 300]), legend=None),
            color=_verdict(),
            tooltip=[
                alt.Tooltip("trigger_name:N", title="Trigger"),
                alt.Tooltip("precision:Q", format=".1%", title="Precision"),
                alt.Tooltip("recall:Q", format=".1%", title="Recall"),
                alt.Tooltip("n_index:Q", title="Index events"),
            ],
        )
    )
    layers: list[alt.Chart] = [base]
    moves = recommendations(marts)
    if not moves.empty:
        arrows = alt.Chart(moves).encode(
            x="recall:Q",
            y="precision:Q",
            tooltip=[
                alt.Tooltip("trigger_name:N", title="Trigger"),
                alt.Tooltip("change:N", title="Recommended"),
                alt.Tooltip("new_f0_5:Q", format=".3f", title="F0.5 there"),
                alt.Tooltip("f0_5:Q", format=".3f", title="F0.5 now"),
            ],
        )
        layers.append(
            arrows.mark_rule(color="#9a6700", strokeWidth=1.5).encode(x2="new_recall:Q", y2="new_precision:Q")
        )
        layers.append(
            arrows.mark_point(shape="triangle-up", filled=True, size=60, color="#9a6700").encode(
                x="new_recall:Q", y="new_precision:Q"
            )
        )
    return _finish(alt.layer(*layers), 340)


def recommendations(marts: Marts) -> pd.DataFrame:
    """Conditions whose recommended threshold is another one, with the test part's figures of both."""
    test = marts.sweep[marts.sweep["part"] == "test"]
    keys = ["trigger_id", "trigger_name", "signal", "comparator"]
    measures = ["threshold", "precision", "recall", "f0_5", "volume"]
    now = test[test["is_current"]][keys + measures]
    then = test[test["is_recommended"] & ~test["is_current"]][keys + measures]
    moves = now.merge(then.rename(columns={name: f"new_{name}" for name in measures}), on=keys)
    moves = moves.dropna(subset=["precision", "recall", "new_precision", "new_recall"])
    change = [
        f"{row.signal} {row.comparator} {row.new_threshold:g} (now {row.threshold:g})"
        for row in moves.itertuples(index=False)
    ]
    return moves.assign(change=change)


def funnel(marts: Marts) -> alt.Chart | None:
    """The steps of each month's firings."""
    steps = ["fired", "delivered", "accepted", "meetings", "opportunities", "won"]
    if marts.kpis.empty or marts.kpis[steps].to_numpy().sum() == 0:
        return None
    data = marts.kpis.melt("month", steps, "step", "firings").assign(
        month=lambda rows: pd.to_datetime(rows["month"]).dt.strftime("%Y-%m")
    )
    chart = (
        alt.Chart(data)
        .mark_bar()
        .encode(
            x=alt.X("month:O", title=None, axis=alt.Axis(labelAngle=-60)),
            xOffset=alt.XOffset("step:N", sort=steps),
            y=alt.Y("firings:Q", title="Firings"),
            color=alt.Color(
                "step:N",
                sort=steps,
                title="Step",
                scale=alt.Scale(domain=steps, range=["#afb8c1", "#80ccff", "#218bff", "#0550ae", "#8250df", "#1a7f37"]),
            ),
            tooltip=["month:O", "step:N", "firings:Q"],
        )
    )
    return _finish(chart, 280)


def retention(marts: Marts) -> alt.LayerChart | None:
    """NRR and GRR by month, all segments."""
    data = marts.retention[marts.retention["segment"] == "all"].dropna(subset=["nrr", "grr"])
    if data.empty:
        return None
    data = data.astype({"nrr": float, "grr": float}).rename(columns={"nrr": "NRR", "grr": "GRR"})
    data = data.melt("month", ["NRR", "GRR"], "measure", "share")
    data = data.assign(month=pd.to_datetime(data["month"]).dt.strftime("%Y-%m"))
    lines = (
        alt.Chart(data)
        .mark_line(point=True)
        .encode(
            x=alt.X("month:O", title=None, axis=alt.Axis(labelAngle=-60)),
            y=alt.Y(
                "share:Q", title="Of the month's starting MRR", scale=alt.Scale(zero=False), axis=alt.Axis(format=".1%")
            ),
            color=alt.Color("measure:N", title=None, scale=alt.Scale(domain=["NRR", "GRR"], range=[BLUE, ORANGE])),
            tooltip=["month:O", "measure:N", alt.Tooltip("share:Q", format=".2%")],
        )
    )
    one = alt.Chart(pd.DataFrame({"y": [1.0]})).mark_rule(strokeDash=[4, 3], color="#57606a").encode(y="y:Q")
    return _finish(alt.layer(one, lines), 260)


def ageing(marts: Marts) -> alt.Chart | None:
    """The verdict of every month."""
    data = marts.scorecard[marts.scorecard["period"] != "all"]
    if data.empty:
        return None
    order = marts.scorecard[marts.scorecard["period"] == "all"].sort_values("rank")["trigger_name"].tolist()
    chart = (
        alt.Chart(data[["trigger_name", "period", "verdict", "reason"]])
        .mark_rect(stroke="white", strokeWidth=1)
        .encode(
            x=alt.X("period:O", title=None, axis=alt.Axis(labelAngle=-60)),
            y=_names(sort=order),
            color=_verdict(),
            tooltip=[
                alt.Tooltip("trigger_name:N", title="Trigger"),
                alt.Tooltip("period:O", title="Month"),
                alt.Tooltip("reason:N", title="Reason"),
            ],
        )
    )
    return _finish(chart, 20 * len(order))


def holdout(marts: Marts) -> alt.LayerChart | None:
    """Incremental lift: what acting on the firings changed, by message group; invalid rows are hollow."""
    data = marts.holdout.dropna(subset=["rate_difference", "rate_difference_low", "rate_difference_high"])
    if data.empty:
        return None
    base = alt.Chart(data).encode(
        y=_names("message_group:N"),
        tooltip=[
            alt.Tooltip("message_group:N", title="Message group"),
            alt.Tooltip("delivered_rate:Q", format=".1%", title="Delivered"),
            alt.Tooltip("held_out_rate:Q", format=".1%", title="Held out"),
            alt.Tooltip("rate_difference:Q", format="+.1%", title="Difference"),
            alt.Tooltip("is_valid:N", title="Valid"),
        ],
    )
    axis = alt.X("rate_difference_low:Q", title="Delivered less held out", axis=alt.Axis(format="+.0%"))
    rules = base.mark_rule(color=BLUE).encode(x=axis, x2="rate_difference_high:Q")
    points = base.mark_point(color=BLUE, size=60).encode(
        x="rate_difference:Q", fill=alt.when("datum.is_valid").then(alt.value(BLUE)).otherwise(alt.value("white"))
    )
    zero = alt.Chart(pd.DataFrame({"x": [0.0]})).mark_rule(strokeDash=[4, 3], color="#57606a").encode(x="x:Q")
    return _finish(alt.layer(zero, rules, points), 30 * len(data))
