"""The council report in a real browser: every chart drawn, nothing on the console, no sideways scrolling on a phone."""

from __future__ import annotations

import json
import re
import shutil
import subprocess

import council_report
import duckdb
import pytest
from report.marts import NEEDED
from report.page import SECTIONS
from simulation import foretold, library

# Of the library's world.
TRIGGERS = 25
HARNESS = """<!doctype html><body><iframe id="f" src="{page}" style="width:{width}px;height:900px;border:0"></iframe><script>
const MARKS = 'g.mark-symbol path, g.mark-line path, g.mark-rect path, g.mark-rule line';
const wait = setInterval(() => {{
  const page = document.getElementById('f').contentDocument;
  const state = page && page.body && page.body.dataset.drawn;
  if (!state) return;
  clearInterval(wait);
  const charts = [...page.querySelectorAll('.chart')];
  document.body.innerHTML = '<pre>' + JSON.stringify({{
    state: state, drawn: charts.filter(c => c.dataset.drawn === 'yes' && c.querySelector(MARKS)).map(c => c.id),
    scrolled: [...page.querySelectorAll('.scroll')].filter(t => t.scrollWidth > t.clientWidth).map(t => t.firstChild.id),
    cut: [...page.querySelectorAll('.chart text')].map(t => t.textContent).filter(t => t.endsWith('\u2026')),
    outside: [...page.querySelectorAll('.chart svg')].filter(s => [...s.querySelectorAll('text')].some(t => {{
      const box = t.getBoundingClientRect(); return box.width && (box.left < -1 || box.right > {width} + 1);
    }})).map(s => s.closest('.chart').id),
    tables: [...page.querySelectorAll('table')].map(t => t.id),
    reasons: [...page.querySelectorAll('#scorecard td.why')].filter(c => c.innerText.trim() && c.offsetHeight).length,
    charts: charts.map(c => c.id), wide: page.documentElement.scrollWidth, given: {width},
    widest: Math.max(0, ...[...page.querySelectorAll('.chart svg')].map(s => s.getBoundingClientRect().width)),
  }}) + '</pre>';
}}, 50);
</script>"""


@pytest.fixture(scope="module")
def page(simulated, tmp_path_factory):
    simulated.database.unlink(missing_ok=True)
    with duckdb.connect(str(simulated.database)) as con:
        library.write(con, accounts=250, days=420, seed=5)
        con.execute(
            "update bare.firings set message_group = '<img src=x onerror=alert(1)>' where message_group like '%upgrade%'"
        )
    simulated.builder.build()
    foretold.land_weights(simulated.database, months=7)
    simulated.builder.build("stg_readiness__fits+")
    out = tmp_path_factory.mktemp("report") / "council_report.html"
    assert council_report.main(["--marts", str(simulated.database), "--schema", "intermediate", "--out", str(out)]) == 0
    return out


@pytest.mark.parametrize("width", [1280, 390])
def test_every_chart_is_drawn(page, width):
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if browser is None:
        pytest.skip("no chromium on this machine: the report was not looked at (apt-get install chromium)")
    harness = page.with_name(f"harness_{width}.html")
    harness.write_text(HARNESS.format(page=page.name, width=width))
    run = subprocess.run(
        [
            browser,
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--allow-file-access-from-files",
            "--enable-logging=stderr",
            "--virtual-time-budget=30000",
            f"--user-data-dir={page.parent / f'profile_{width}'}",
            "--dump-dom",
            harness.as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=180,
    )
    found = re.search(r"<pre>(.*)</pre>", run.stdout)
    assert found, run.stdout[-2000:] + run.stderr[-2000:]
    seen = json.loads(found[1])
    assert seen["state"] == "all"
    assert seen["drawn"] == seen["charts"] == ["forecast", "calibration", *(name for name, *_ in SECTIONS)]
    assert max(seen["wide"], seen["widest"]) <= seen["given"], "the page scrolls sideways"
    assert seen["tables"][:2] == ["first-accounts", "scorecard"] and seen["reasons"] == TRIGGERS
    assert (seen["scrolled"], seen["cut"], seen["outside"]) == ([], [], [])
    assert "CONSOLE" not in run.stderr, [line for line in run.stderr.splitlines() if "CONSOLE" in line]


def test_the_page_needs_nothing_else(page):
    text = page.read_text()
    outside = re.sub(r"<script.*?</script>", "", text, flags=re.S)
    assert not re.search(r"(?:src|href)=\"(?!data:)", outside) and "@import" not in outside and "url(" not in outside
    assert "<img src=x" not in text


def test_texts_are_escaped(page, tmp_path, simulated):
    marts = tmp_path / "marts.duckdb"
    with duckdb.connect(str(marts)) as con:
        con.execute(f"attach '{simulated.database}' as simulation (read_only)")
        for mart in NEEDED:
            con.execute(f"create table {mart} as select * from simulation.intermediate.{mart}")
        con.execute("update trigger_scorecard set reason = '</script><b>bold</b>' where rank = 1")
    assert council_report.main(["--marts", str(marts), "--out", str(tmp_path / "page.html")]) == 0
    text = (tmp_path / "page.html").read_text()
    assert "<b>bold</b>" not in text and "&lt;b&gt;bold&lt;/b&gt;" in text


def test_missing_marts_are_named(tmp_path, capsys):
    assert council_report.main(["--data-dir", str(tmp_path)]) == 3
    assert "does not exist" in capsys.readouterr().err
    with duckdb.connect(str(tmp_path / "marts.duckdb")) as con:
        con.execute("create table trigger_scorecard (trigger_id varchar)")
    assert council_report.main(["--data-dir", str(tmp_path)]) == 3
    assert "cohort_lift" in capsys.readouterr().err


def test_empty_marts_give_a_page(page, tmp_path, simulated):
    with duckdb.connect(str(tmp_path / "marts.duckdb")) as con:
        con.execute(f"attach '{simulated.database}' as simulation (read_only)")
        for mart in NEEDED:
            con.execute(f"create table {mart} as select * from simulation.intermediate.{mart} limit 0")
    assert council_report.main(["--data-dir", str(tmp_path)]) == 0
    assert "Nothing to show yet" in (tmp_path / "council_report.html").read_text()
