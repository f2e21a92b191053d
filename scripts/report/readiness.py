"""What the council report says first: whom to call, whether that has come true, and what to expect."""

from __future__ import annotations

from html import escape

import altair as alt
import pandas as pd

from .charts import BLUE, ORANGE, _finish
from .marts import Marts
from .tables import _money, _percent, _table

SHOWN = 20
WINDOW_DAYS = 30
GREY = "#57606a"


def calibration(marts: Marts) -> alt.LayerChart | None:
    """Foretold against come by decile, all months together; on the diagonal is right."""
    rows = marts.calibration
    data = rows[(rows["period"] == "all") & (rows["window_days"] == WINDOW_DAYS)]
    if data.empty:
        return None
    data = data[["decile", "accounts", "expanded", "predicted", "observed", "observed_low", "observed_high"]]
    end = float(max(data["observed_high"].max(), data["predicted"].max()))
    share = alt.Axis(format="%", tickCount=6)
    base = alt.Chart(data).encode(
        x=alt.X("predicted:Q", title="Foretold", axis=share, scale=alt.Scale(domain=[0, end])),
        tooltip=[
            alt.Tooltip("decile:O", title="Decile"),
            alt.Tooltip("accounts:Q", title="Accounts"),
            alt.Tooltip("expanded:Q", title="Expanded"),
            alt.Tooltip("predicted:Q", format=".1%", title="Foretold"),
            alt.Tooltip("observed:Q", format=".1%", title="Came"),
        ],
    )
    came = alt.Y("observed_low:Q", title="Came", axis=share, scale=alt.Scale(domain=[0, end]))
    diagonal = (
        alt.Chart(pd.DataFrame({"x": [0.0, end], "y": [0.0, end]}))
        .mark_line(strokeDash=[4, 3], color=GREY, strokeWidth=1)
        .encode(x="x:Q", y="y:Q")
    )
    rules = base.mark_rule(color=BLUE).encode(y=came, y2="observed_high:Q")
    points = base.mark_point(filled=True, size=60, color=BLUE, opacity=1).encode(y="observed:Q")
    return _finish(alt.layer(diagonal, rules, points), 320)


def forecast(marts: Marts) -> alt.LayerChart | None:
    """What each month promised at its start, with its interval, beside what came."""
    data = whole(marts).dropna(subset=["expected_arr"])
    if data.empty:
        return None
    amounts = ["expected_arr", "expected_arr_low", "expected_arr_high", "actual_arr"]
    data = data.assign(month=pd.to_datetime(data["month"]).dt.strftime("%Y-%m"))[["month", *amounts]]
    data = data.astype(dict.fromkeys(amounts, float))
    base = alt.Chart(data).encode(
        x=alt.X("month:O", title=None, axis=alt.Axis(labelAngle=-60)),
        tooltip=[
            alt.Tooltip("month:O", title="Month"),
            alt.Tooltip("expected_arr:Q", format=",.0f", title="Expected"),
            alt.Tooltip("expected_arr_low:Q", format=",.0f", title="At least"),
            alt.Tooltip("expected_arr_high:Q", format=",.0f", title="At most"),
            alt.Tooltip("actual_arr:Q", format=",.0f", title="Came"),
        ],
    )
    title = f"Expansion ARR ({marts.currency})"
    expected = base.mark_point(shape="diamond", filled=True, size=70, color=BLUE, opacity=1).encode(y="expected_arr:Q")
    intervals = base.mark_rule(color=BLUE, strokeWidth=2).encode(
        y=alt.Y("expected_arr_low:Q", title=title, axis=alt.Axis(format="~s", tickCount=6)), y2="expected_arr_high:Q"
    )
    came = base.mark_point(size=70, color=ORANGE, strokeWidth=2, opacity=1).encode(y="actual_arr:Q")
    return _finish(alt.layer(intervals, expected, came), 300)


def whole(marts: Marts) -> pd.DataFrame:
    """The forecast of all accounts together, oldest month first."""
    rows = marts.forecast
    return rows[(rows["segment"] == "all") & (rows["tier"] == "all")].sort_values("month")


def first_accounts(marts: Marts) -> str:
    """The accounts to call first, or why there are none."""
    rows = marts.readiness[marts.readiness["readiness_rank"].notna()].nsmallest(SHOWN, "readiness_rank")
    if rows.empty:
        notes = marts.readiness["note"].dropna()
        why = notes.iloc[0] if len(notes) else "no account is in the expansion stage"
        return f"<p><strong>Nobody to name: {escape(str(why))}.</strong></p>"
    heads = [
        ("rank", "#"),
        ("name", "Account"),
        ("why", "Why"),
        ("figure", "Probability, 30 days"),
        ("figure", "Expected ARR, 30 days"),
        ("figure", "Probability, 90 days"),
        ("figure", "Expected ARR, 90 days"),
        ("tier", "Tier"),
    ]
    body = [
        [
            f"{row.readiness_rank:.0f}",
            escape(str(row.account_name)),
            "; ".join(escape(str(driver)) for driver in (row.driver_1, row.driver_2, row.driver_3) if pd.notna(driver)),
            _percent(row.probability_30d),
            _money(row.expected_arr_30d, marts.currency),
            _percent(row.probability_90d),
            _money(row.expected_arr_90d, marts.currency),
            escape(str(row.tier)),
        ]
        for row in rows.itertuples(index=False)
    ]
    return _table(heads, body, "first-accounts")


def sentence(marts: Marts) -> str:
    """How well the last months were foretold, in one sentence; empty where nothing was."""
    judged = whole(marts).dropna(subset=["expected_arr", "actual_arr"]).tail(6)
    if judged.empty:
        return ""
    expected, actual = float(judged["expected_arr"].sum()), float(judged["actual_arr"].sum())
    inside = int(judged["actual_arr"].between(judged["expected_arr_low"], judged["expected_arr_high"]).sum())
    return (
        f" Of the last {len(judged)} months {inside} came within their interval; together {_money(expected, marts.currency)} "
        f"were expected and {_money(actual, marts.currency)} came."
    )


def discrimination(marts: Marts) -> str:
    """What the calibration rests on, in one sentence; empty where nothing has been judged."""
    rows = marts.calibration
    rows = rows[(rows["period"] == "all") & (rows["window_days"] == WINDOW_DAYS)]
    if rows.empty:
        return ""
    row = rows.iloc[0]
    said = [
        f" {int(rows['accounts'].sum()):,} accounts at month ends, {int(rows['expanded'].sum()):,} of which expanded"
    ]
    if pd.notna(row["calibration_slope"]):
        said.append(f"slope {row['calibration_slope']:.2f} (1 is right)")
    if pd.notna(row["auc"]):
        said.append(f"area under the curve {row['auc']:.2f}")
    if pd.notna(row["first_decile_lift"]):
        said.append(f"the first decile expanded {row['first_decile_lift']:.1f} times as often as all")
    return "; ".join(said) + "."


def part(marts: Marts) -> tuple[str, dict[str, alt.Chart | alt.LayerChart]]:
    """The HTML of the part, with a place for each of its charts, and the charts by name."""
    drawn = {"forecast": forecast(marts), "calibration": calibration(marts)}
    words = {
        "forecast": (
            "What to expect",
            "Expansion revenue a year that each month promised at its start (blue, 95 % interval), each account once, and what "
            f"these accounts gained (orange).{sentence(marts)}",
        ),
        "calibration": (
            "Is it true",
            "Accounts in ten parts by the probability foretold at each month's end, with weights learnt before it, against the "
            f"share that expanded within 30 days (95 % intervals). On the broken line it was right.{discrimination(marts)}",
        ),
    }
    html = [
        "<h2>Whom to call first</h2><p>The accounts in stage most likely to expand within 30 days, with what moves their probability "
        "most: 20 points double the odds. A play's own effect is in these figures.</p>",
        first_accounts(marts),
    ]
    for name, (title, said) in words.items():
        place = f'<div class="chart" id="{name}"></div>'
        html.append(f"<section><h2>{title}</h2><p>{said}</p>")
        html.append(
            (place if drawn[name] is not None else "<p><strong>Nothing to show yet.</strong></p>") + "</section>"
        )
    return "".join(html), {name: chart for name, chart in drawn.items() if chart is not None}
