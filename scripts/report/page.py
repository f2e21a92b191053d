"""Put tables and charts into one page with the drawing library inside it."""

from __future__ import annotations

import json
from html import escape

import altair as alt

from . import charts, tables
from .marts import Marts

SECTIONS = (
    (
        "lift",
        "Which triggers precede expansion",
        charts.forest,
        "Ratio of the rate after an index event to that of look-alikes of the same tier, segment and tenure on the same day. "
        "<em>untouched</em> leaves out index events that a play has touched, <em>within</em> sets each account against its own other "
        "days, <em>alone</em> leaves out those that another active trigger preceded. This is prediction, not effect.",
    ),
    (
        "holdout",
        "What acting on them caused",
        charts.holdout,
        "Accounts delivered to against accounts held out, by intention to treat. Hollow points: the arms do not have the "
        "configured sizes, and the row is invalid.",
    ),
    (
        "incidence",
        "How soon",
        charts.incidence,
        "Share of index events that have expanded, churn counted as a competing event (Aalen-Johansen).",
    ),
    (
        "precision",
        "Precision against recall",
        charts.precision_recall,
        "Up and to the right is better. A line leads from the threshold in force to the recommended one, both on time that had no say in the choice.",
    ),
    (
        "ageing",
        "How triggers age",
        charts.ageing,
        "The verdict of each month, on its trailing 365 days as known at its end.",
    ),
    (
        "funnel",
        "The funnel by month",
        charts.funnel,
        "Firings of the month and how far they came; meetings and wins by the month in which they happened.",
    ),
    (
        "retention",
        "Net and gross revenue retention",
        charts.retention,
        "Customers of the month's start, at its exchange rates.",
    ),
)

STYLE = """
:root { color: #1f2328; background: #fff; font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
body { margin: 0 auto; padding: 1rem; max-width: 1180px; }
h1 { font-size: 1.6rem; margin: .5rem 0; } h2 { font-size: 1.15rem; margin: 2rem 0 .3rem; }
p { margin: .3rem 0 .8rem; color: #57606a; max-width: 75ch; }
.scroll { overflow-x: auto; -webkit-overflow-scrolling: touch; }
table { border-collapse: collapse; font-size: .85rem; width: 100%; }
th, td { text-align: left; padding: .35rem .55rem; border-bottom: 1px solid #d8dee4; vertical-align: top; white-space: nowrap; }
th { color: #57606a; font-weight: 600; position: sticky; top: 0; background: #fff; }
.why { display: inline-block; min-width: 16rem; white-space: normal; color: #57606a; } .dim { color: #6e7781; }
.badge { padding: .05rem .45rem; border-radius: 1rem; color: #fff; background: #57606a; font-size: .78rem; }
.badge.promote { background: #1a7f37; } .badge.tune { background: #9a6700; } .badge.retire { background: #cf222e; }
.badge.insufficient_data { background: #c8d1da; color: #1f2328; }
.risk { font-size: .7rem; color: #cf222e; border: 1px solid #cf222e; border-radius: .3rem; padding: 0 .25rem; }
.chart { width: 100%; min-height: 2rem; }
"""

DRAW = """
const specs = JSON.parse(document.getElementById('specs').textContent);
const options = {actions: false, renderer: 'svg'};
window.drawn = Promise.all(Object.keys(specs).map(
  name => vegaEmbed('#' + name, specs[name], options).then(() => document.getElementById(name).dataset.drawn = 'yes')
)).then(() => { document.body.dataset.drawn = 'all'; }).catch(error => {
  document.body.dataset.drawn = 'failed'; console.error(error);
});
"""


def render(marts: Marts) -> str:
    """The whole page; the same marts give the same page."""
    alt.data_transformers.disable_max_rows()
    specs, parts = {}, []
    for name, title, chart_of, words in SECTIONS:
        chart = chart_of(marts)
        parts.append(f"<section><h2>{title}</h2><p>{words}</p>")
        if chart is None:
            parts.append("<p><strong>Nothing to show yet.</strong></p></section>")
        else:
            specs[name] = _configured(chart).to_dict()
            parts.append(f'<div class="chart" id="{name}"></div></section>')
    newest = marts.months[-1] if marts.months else "no month yet"
    changed = tables.changes(marts) or "<p><strong>Nothing to compare with yet.</strong></p>"
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<link rel="icon" href="data:,">',
            "<title>Expansion triggers: council report</title>",
            f"<style>{STYLE}</style></head><body>",
            "<h1>Expansion triggers: council report</h1>",
            f"<p>{len(marts.triggers)} triggers, newest month {escape(newest)}. A verdict is advice; the council decides.</p>",
            "<h2>Scorecard</h2><p>The whole history, in order of the lift's lower limit.</p>",
            tables.scorecard(marts),
            "<h2>What changed since last month</h2>",
            changed,
            *parts,
            f'<script type="application/json" id="specs">{_safe_json(specs)}</script>',
            f"<script>{_library()}</script>",
            f"<script>{DRAW}</script>",
            "</body></html>",
            "",
        ]
    )


def _configured(chart: alt.Chart | alt.LayerChart) -> alt.Chart | alt.LayerChart:
    return (
        chart.configure_view(stroke=None)
        .configure_axis(labelColor="#57606a", titleColor="#57606a", titleFontWeight="normal", gridColor="#eaeef2")
        .configure_legend(orient="top", titleColor="#57606a", labelLimit=120, columns=3)
    )


def _safe_json(value: object) -> str:
    """JSON that cannot close the script it stands in."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _library() -> str:
    """Vega, Vega-Lite and vega-embed as one script, as they are packed in vl-convert."""
    import vl_convert

    bundle = vl_convert.javascript_bundle(vl_version=alt.SCHEMA_VERSION.removeprefix("v").rsplit(".", 1)[0])
    return bundle.replace("</script", "<\\/script")
