"""Put tables and charts into one page with the drawing library inside it."""

from __future__ import annotations

import json
from html import escape

import altair as alt

from . import charts, readiness, tables
from .marts import Marts

SECTIONS = (
    (
        "lift",
        "Which triggers precede expansion",
        charts.forest,
        "Ratio of the rate after an index event to that of look-alikes of the same tier, segment and tenure on the same day. "
        "<em>untouched</em> leaves out index events that a play has touched, <em>within</em> sets each account against its own other "
        "days, <em>alone</em> leaves out those that another active trigger preceded. The dashed line is no difference; intervals "
        "are drawn from 0.1 to 50. Triggers of risk are held to contraction and churn. This is prediction, not effect.",
    ),
    (
        "holdout",
        "What acting on them caused",
        charts.holdout,
        "Accounts delivered to less accounts held out, with the number of each, by intention to treat. An interval that holds "
        "zero proves nothing yet. Hollow points: the arms do not have the configured sizes, and the row is invalid.",
    ),
    (
        "incidence",
        "How soon",
        charts.incidence,
        "Share of index events whose account has expanded (for triggers of risk: contracted or churned) by that day, churn "
        "counted as a competing event (Aalen-Johansen).",
    ),
    (
        "precision",
        "Precision against recall",
        charts.precision_recall,
        "Up and to the right is better. Dots are triggers over the whole history, numbered by their rank, larger with more index "
        "events. A broken line leads from the threshold in force (circle) to the one that the sweep recommends (diamond), both "
        "on time that had no say in the choice, with ten events or more.",
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
body { margin: 0 auto; padding: 1rem; max-width: 1240px; }
h1 { font-size: 1.6rem; margin: .5rem 0; } h2 { font-size: 1.15rem; margin: 2rem 0 .3rem; }
p { margin: .3rem 0 .8rem; color: #57606a; max-width: 85ch; }
.scroll { overflow-x: auto; -webkit-overflow-scrolling: touch; }
table { border-collapse: collapse; font-size: .82rem; line-height: 1.35; width: 100%; }
th, td { text-align: left; padding: .4rem .45rem; border-bottom: 1px solid #d8dee4; vertical-align: top; }
th { color: #57606a; font-weight: 600; vertical-align: bottom; }
.figure, .rank { text-align: right; font-variant-numeric: tabular-nums; } .figure .dim { display: block; white-space: nowrap; }
.name { font-weight: 600; min-width: 9rem; } .verdict { white-space: nowrap; } .why { min-width: 15rem; color: #57606a; }
.dim { color: #6e7781; font-size: .78rem; } code { overflow-wrap: anywhere; }
.badge { padding: .05rem .45rem; border-radius: 1rem; color: #fff; background: #57606a; font-size: .78rem; white-space: nowrap; }
.badge.promote { background: #1a7f37; } .badge.tune { background: #9a6700; } .badge.retire { background: #cf222e; }
.badge.insufficient_data { background: #c8d1da; color: #1f2328; }
.risk { font-size: .7rem; font-weight: 400; color: #cf222e; border: 1px solid #cf222e; border-radius: .3rem; padding: 0 .25rem; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(6.6rem, 1fr)); gap: .5rem; margin: .5rem 0 1rem; }
.tiles div { border: 1px solid #d8dee4; border-radius: .4rem; padding: .35rem .6rem; display: flex; flex-direction: column; }
.tiles strong { font-size: 1.15rem; }
.chart { width: 100%; min-height: 2rem; }
@media (max-width: 760px) {
  thead { display: none; } table, tbody { display: block; }
  tr { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: .35rem .5rem; padding: .7rem 0; border-bottom: 1px solid #d8dee4; }
  td { border: 0; padding: 0; min-width: 0 !important; overflow-wrap: anywhere; } td.rank { display: none; }
  tbody { counter-reset: row; } tr { counter-increment: row; } #scorecard td.name::before { content: counter(row) ". "; }
  .badge { font-size: .74rem; }
  td.name { grid-column: span 2; font-size: .95rem; } td.verdict { text-align: right; } td.why { grid-column: 1 / -1; }
  #changes td.name, #changes td.verdict, #decisions td.name { grid-column: 1 / -1; text-align: left; }
  #decisions td.verdict { text-align: left; }
  #first-accounts tr { grid-template-columns: repeat(2, minmax(0, 1fr)); } #first-accounts td.name { grid-column: 1 / -1; } #first-accounts td.name::before { content: counter(row) ". "; } td.tier { display: none; }
  td.figure { text-align: left; } td.figure::before { content: attr(data-label); display: block; color: #6e7781; font-size: .72rem; }
}
"""

DRAW = """
const specs = JSON.parse(document.getElementById('specs').textContent);
const isNarrow = window.innerWidth < 760;
const config = {legend: {columns: isNarrow ? 2 : 6}, axisY: {labelLimit: isNarrow ? 130 : 220}};
const options = {actions: false, renderer: 'svg', config: config};
window.drawn = Promise.all(Object.keys(specs).map(
  name => vegaEmbed('#' + name, specs[name], options).then(() => document.getElementById(name).dataset.drawn = 'yes')
)).then(() => { document.body.dataset.drawn = 'all'; }).catch(error => {
  document.body.dataset.drawn = 'failed'; console.error(error);
});
"""


def render(marts: Marts) -> str:
    """The whole page; the same marts give the same page."""
    alt.data_transformers.disable_max_rows()
    first, drawn = readiness.part(marts)
    specs, parts = {name: _configured(chart).to_dict() for name, chart in drawn.items()}, []
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
            f"<p>{escape(tables.summary(marts))}. Newest month: {escape(newest)}. A verdict is advice; the council decides.</p>",
            first,
            "<h2>Scorecard</h2><p>The whole history, in order of the lift's lower limit. The lift is that of all index events; the "
            "reason names the one that decides.</p>",
            tables.scorecard(marts),
            "<h2>What changed since last month</h2>",
            tables.headline(marts),
            changed,
            *_decisions(marts),
            *parts,
            f'<script type="application/json" id="specs">{_safe_json(specs)}</script>',
            f"<script>{_library()}</script>",
            f"<script>{DRAW}</script>",
            "</body></html>",
            "",
        ]
    )


def _decisions(marts: Marts) -> list[str]:
    """What the council may decide, and what came of what it decided."""
    return [
        "<h2>What the council may decide</h2>",
        "<p>Where the verdict on the whole history asks for a change. The command shows the change of the seeds; with "
        "<code>APPLY=1</code> it writes it and records the decision. What the evidence does not carry wants a <code>REASON</code>.</p>",
        tables.proposed(marts) or "<p><strong>No change is asked for.</strong></p>",
        "<h2>What came of the last decisions</h2>",
        "<p>Precision as the newest month before the decision knew it, beside that of the index events since whose windows have ended.</p>",
        tables.decided(marts) or "<p><strong>Nothing was decided yet.</strong></p>",
    ]


def _configured(chart: alt.Chart | alt.LayerChart) -> alt.Chart | alt.LayerChart:
    return (
        chart.configure_view(stroke=None)
        .configure_axis(labelColor="#57606a", titleColor="#57606a", titleFontWeight="normal", gridColor="#eaeef2")
        .configure_legend(orient="top", titleColor="#57606a", labelLimit=200)
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
