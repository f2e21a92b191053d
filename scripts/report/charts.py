"""The plots of the council report. Each takes the marts and gives a chart, or None where there is nothing to draw."""

from __future__ import annotations

import textwrap

import altair as alt
import pandas as pd

from .marts import Marts

VERDICTS = ["promote", "keep", "tune", "retire", "insufficient_data"]
COLOURS = ["#1a7f37", "#57606a", "#9a6700", "#cf222e", "#c8d1da"]
BLUE, ORANGE, AMBER = "#0969da", "#bc4c00", "#9a6700"
# Curves that are told apart by colour; more of them nobody can.
NAMED_CURVES = 6
CURVE_COLOURS = ["#1a7f37", BLUE, ORANGE, "#8250df", "#bf3989", "#1b7c83"]
# The forest plot ends here; an interval that goes on is cut there.
FOREST_ENDS = (0.1, 50.0)
MONTHS_SHOWN = 18
# Text that was wrapped, as lines.
LINES = r"split(datum.label, '\n')"
# A recommended threshold with fewer events in the test part is not drawn.
MIN_TEST_EVENTS = 10


def _verdict() -> alt.Color:
    legend = alt.Legend(labelExpr="replace(datum.label, '_', ' ')")
    return alt.Color(
        "verdict:N", scale=alt.Scale(domain=VERDICTS, range=COLOURS), title="Verdict", sort=VERDICTS, legend=legend
    )


def _names(field: str = "trigger_name:N", **options: object) -> alt.Y:
    return alt.Y(field, title=None, axis=alt.Axis(labelExpr=LINES, grid=False), **options)


def _wrapped(names: pd.Series) -> pd.Series:
    """Names on lines that fit beside a chart on a phone."""
    return names.map(lambda name: "\n".join(textwrap.wrap(str(name), 20)) or str(name))


def _finish(chart: alt.Chart | alt.LayerChart, height: int) -> alt.Chart | alt.LayerChart:
    return chart.properties(width="container", height=height)


def forest(marts: Marts) -> alt.LayerChart | None:
    """Lift with its interval, and the untouched and within ratios beside it."""
    rows = marts.scorecard[marts.scorecard["period"] == "all"]
    rows = rows.assign(trigger_name=_wrapped(rows["trigger_name"]))
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
    order = rows.sort_values("rank", kind="stable")["trigger_name"].tolist()
    for side in ("low", "high", "ratio"):
        data[f"drawn_{side}"] = data[side].clip(*FOREST_ENDS)
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
        "drawn_low:Q",
        scale=alt.Scale(type="log", domain=FOREST_ENDS, nice=False),
        title="Ratio to look-alikes, log scale",
        axis=alt.Axis(format="~g", values=[0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50]),
    )
    rules = base.mark_rule(strokeWidth=1.5).encode(x=ratio, x2="drawn_high:Q")
    points = base.mark_point(filled=True, size=36, opacity=1).encode(x="drawn_ratio:Q")
    one = alt.Chart(pd.DataFrame({"x": [1.0]})).mark_rule(strokeDash=[4, 3], color="#57606a").encode(x="x:Q")
    return _finish(alt.layer(one, rules, points), 40 * data["trigger_name"].nunique())


def incidence(marts: Marts) -> alt.LayerChart | None:
    """Share of index events that have had the outcome, by days since; the best are told apart, the others are grey."""
    whole = marts.scorecard[marts.scorecard["period"] == "all"][["trigger_id", "verdict", "rank"]]
    data = marts.curves.merge(whole, on="trigger_id")
    if data.empty:
        return None
    data = data[["trigger_name", "days_since_trigger", "cumulative_incidence", "at_risk", "verdict", "rank"]]
    data = data.assign(trigger_name=_wrapped(data["trigger_name"]))
    judged = data[data["verdict"] != "insufficient_data"].drop_duplicates("trigger_name")
    best = judged.nsmallest(NAMED_CURVES, "rank")["trigger_name"].tolist()
    base = alt.Chart().encode(
        x=alt.X("days_since_trigger:Q", title="Days since the trigger", axis=alt.Axis(tickMinStep=10)),
        y=alt.Y("cumulative_incidence:Q", title="Had the outcome", axis=alt.Axis(format="%", tickCount=6)),
        detail="trigger_name:N",
        tooltip=[
            alt.Tooltip("trigger_name:N", title="Trigger"),
            alt.Tooltip("days_since_trigger:Q", title="Day"),
            alt.Tooltip("cumulative_incidence:Q", format=".1%", title="Had the outcome"),
            alt.Tooltip("at_risk:Q", title="Still followed"),
        ],
    )
    others = base.mark_line(interpolate="step-after", strokeWidth=1, color="#c8d1da").properties(
        data=data[~data["trigger_name"].isin(best)]
    )
    named = (
        base.mark_line(interpolate="step-after", strokeWidth=2)
        .encode(
            color=alt.Color(
                "trigger_name:N",
                title="The first by rank; grey: all others",
                legend=alt.Legend(titleLimit=340, labelExpr=LINES),
                sort=best,
                scale=alt.Scale(domain=best, range=CURVE_COLOURS[: len(best)]),
            )
        )
        .properties(data=data[data["trigger_name"].isin(best)])
    )
    return _finish(alt.layer(others, named), 340)


def precision_recall(marts: Marts) -> alt.LayerChart | None:
    """Precision against recall, and where the sweep's recommendation would take a trigger (test part)."""
    rows = marts.scorecard[marts.scorecard["period"] == "all"].dropna(subset=["precision", "recall"])
    if rows.empty:
        return None
    points = rows[["trigger_name", "rank", "precision", "recall", "n_index", "verdict"]]
    placed = alt.Chart(points).encode(
        x=alt.X("recall:Q", title="Recall: claimed outcomes announced", axis=alt.Axis(format="%", tickCount=8)),
        y=alt.Y("precision:Q", title="Precision: index events with it", axis=alt.Axis(format="%", tickCount=8)),
    )
    base = placed.mark_point(filled=True, opacity=0.85).encode(
        size=alt.Size("n_index:Q", title="Index events", scale=alt.Scale(range=[30, 300]), legend=None),
        color=_verdict(),
        tooltip=[
            alt.Tooltip("trigger_name:N", title="Trigger"),
            alt.Tooltip("rank:Q", title="Rank"),
            alt.Tooltip("precision:Q", format=".1%", title="Precision"),
            alt.Tooltip("recall:Q", format=".1%", title="Recall"),
            alt.Tooltip("n_index:Q", title="Index events"),
        ],
    )
    numbers = placed.mark_text(dx=11, dy=-7, fontSize=10, color="#57606a").encode(text="rank:Q")
    layers: list[alt.Chart] = [base, numbers]
    moves = recommendations(marts).merge(rows[["trigger_id", "rank"]], on="trigger_id")
    if not moves.empty:
        arrows = alt.Chart(moves).encode(
            x="recall:Q",
            y="precision:Q",
            tooltip=[
                alt.Tooltip("trigger_name:N", title="Trigger"),
                alt.Tooltip("change:N", title="Recommended"),
                alt.Tooltip("new_f0_5:Q", format=".3f", title="F0.5 there"),
                alt.Tooltip("f0_5:Q", format=".3f", title="F0.5 now"),
                alt.Tooltip("new_volume:Q", title="Test events there"),
            ],
        )
        there = {"x": "new_recall:Q", "y": "new_precision:Q"}
        layers += [
            arrows.mark_rule(color=AMBER, strokeWidth=1.2, strokeDash=[3, 2]).encode(
                x2="new_recall:Q", y2="new_precision:Q"
            ),
            arrows.mark_point(size=40, color=AMBER, fill="white", opacity=1),
            arrows.mark_point(shape="diamond", filled=True, size=70, color=AMBER, opacity=1).encode(**there),
            arrows.mark_text(dx=11, dy=7, fontSize=10, color=AMBER).encode(**there, text="rank:Q"),
        ]
    return _finish(alt.layer(*layers), 340)


def recommendations(marts: Marts) -> pd.DataFrame:
    """Conditions whose recommended threshold is another one, with the test part's figures of both; few events show nothing."""
    test = marts.sweep[marts.sweep["part"] == "test"]
    keys = ["trigger_id", "trigger_name", "signal", "comparator"]
    measures = ["threshold", "precision", "recall", "f0_5", "volume"]
    now = test[test["is_current"]][keys + measures]
    then = test[test["is_recommended"] & ~test["is_current"]][keys + measures]
    moves = now.merge(then.rename(columns={name: f"new_{name}" for name in measures}), on=keys)
    moves = moves.dropna(subset=["precision", "recall", "new_precision", "new_recall"])
    moves = moves[(moves["volume"] >= MIN_TEST_EVENTS) & (moves["new_volume"] >= MIN_TEST_EVENTS)]
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
    data = (
        marts.kpis.tail(MONTHS_SHOWN)
        .melt("month", steps, "step", "firings")
        .assign(month=lambda rows: pd.to_datetime(rows["month"]).dt.strftime("%Y-%m"))
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
    data = data.tail(MONTHS_SHOWN).melt("month", ["NRR", "GRR"], "measure", "share")
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
    data = marts.scorecard[marts.scorecard["period"].isin(marts.months[-MONTHS_SHOWN:])]
    if data.empty:
        return None
    data = data.assign(trigger_name=_wrapped(data["trigger_name"]))
    whole = marts.scorecard[marts.scorecard["period"] == "all"].sort_values("rank", kind="stable")
    order = _wrapped(whole["trigger_name"]).tolist()
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
    return _finish(chart, 32 * len(order))


def holdout(marts: Marts) -> alt.LayerChart | None:
    """Incremental lift: what acting on the firings changed, by message group; invalid rows are hollow."""
    data = marts.holdout.dropna(subset=["rate_difference", "rate_difference_low", "rate_difference_high"])
    if data.empty:
        return None
    group = data["message_group"].map(lambda name: str(name).replace("_", " "))
    arms = [f"{row.n_delivered:,} / {row.n_held_out:,}" for row in data.itertuples(index=False)]
    data = data.assign(message_group=group, arms=_wrapped(group) + "\n" + arms)
    base = alt.Chart(data).encode(
        y=_names("arms:N"),
        tooltip=[
            alt.Tooltip("message_group:N", title="Message group"),
            alt.Tooltip("delivered_rate:Q", format=".1%", title="Delivered"),
            alt.Tooltip("held_out_rate:Q", format=".1%", title="Held out"),
            alt.Tooltip("rate_difference:Q", format="+.1%", title="Difference"),
            alt.Tooltip("is_valid:N", title="Valid"),
        ],
    )
    axis = alt.X("rate_difference_low:Q", title="Delivered less held out", axis=alt.Axis(format="+.0%", tickCount=6))
    rules = base.mark_rule(color=BLUE).encode(x=axis, x2="rate_difference_high:Q")
    points = base.mark_point(color=BLUE, size=60).encode(
        x="rate_difference:Q", fill=alt.when("datum.is_valid").then(alt.value(BLUE)).otherwise(alt.value("white"))
    )
    zero = alt.Chart(pd.DataFrame({"x": [0.0]})).mark_rule(strokeDash=[4, 3], color="#57606a").encode(x="x:Q")
    return _finish(alt.layer(zero, rules, points), 42 * len(data))
