"""The dashboard's queries run on published marts, and its pages name columns that they have."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys

import pytest
from support.built_world import ask, built
from support.npm import installed, unavailable
from support.project import ROOT

DASHBOARD = ROOT / "examples/dashboard"
QUERIES = {file.name.removesuffix(".json.sql"): file for file in sorted((DASHBOARD / "src/data").glob("*.json.sql"))}
PAGES = sorted((DASHBOARD / "src").glob("*.md"))
ATTACHED = re.compile(r'FileAttachment\("data/(\w+)\.json"\)')
TABLE = re.compile(r"table\([^{]*\{(.*?)\n\}", re.DOTALL)
CHANNEL = re.compile(r'\b(?:x|y|x1|x2|y1|y2|fill|stroke): "(\w+)"')


@pytest.fixture(scope="module")
def columns() -> dict[str, set[str]]:
    """The columns of each query."""
    marts = built() / "marts.duckdb"
    return {name: {row[0] for row in ask(marts, f"describe {file.read_text()}")} for name, file in QUERIES.items()}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_shows_what_the_marts_have(page, columns):
    text = page.read_text()
    attached = set(ATTACHED.findall(text))
    known = set().union(*(columns[name] for name in attached))
    shown = {name for keys in TABLE.findall(text) for name in re.findall(r"^\s+(\w+):", keys, re.MULTILINE)}
    drawn = {name for name in CHANNEL.findall(text) if name not in ("sum", "y", "x")}
    assert len(shown) >= 8 and drawn
    assert shown | drawn <= known


def test_every_query_is_asked_by_a_page():
    assert [page.stem for page in PAGES] == ["index", "readiness", "runs"]
    assert set(QUERIES) == set(ATTACHED.findall("".join(page.read_text() for page in PAGES)))


def test_the_rows_of_a_query_are_json():
    command = [sys.executable, "query.py", QUERIES["runs"].relative_to(DASHBOARD)]
    environment = {"MARTS": str(built() / "marts.duckdb")}
    ran = subprocess.run(command, cwd=DASHBOARD, env=environment, capture_output=True, text=True, check=True)
    (run,) = json.loads(ran.stdout)
    assert run["command"] == "build" and run["started_at"].startswith("20")


def test_the_site_is_built_and_asks_no_other_host(tmp_path, monkeypatch):
    """Every page with its rows; what a browser fetches lies beside it."""
    # Where its packages cannot be fetched nothing is missing but the site.
    monkeypatch.delenv("EXPANSION_REQUIRE_WIREMOCK", raising=False)
    if shutil.which("npm") is None:
        unavailable("the dashboard", "there is no Node (npm)")
    installed("the dashboard", DASHBOARD, "node_modules/@observablehq/framework/dist/bin/observable.js")
    site = tmp_path / "dashboard"
    shutil.copytree(DASHBOARD, site, ignore=shutil.ignore_patterns("node_modules", "dist", ".observablehq"))
    (site / "node_modules").symlink_to(DASHBOARD / "node_modules")
    environment = os.environ | {"MARTS": str(built() / "marts.duckdb"), "PYTHON": sys.executable}
    done = subprocess.run(
        ["npm", "run", "--silent", "build"],
        cwd=site,
        env=environment | {"OBSERVABLE_TELEMETRY_DISABLE": "true"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for page in PAGES:
        text = (site / f"dist/{page.stem}.html").read_text()
        fetched = re.findall(r"(?:src|href|from|import)[=( ]*[\"'](https?://[^\"']+)", text)
        assert "<main" in text and fetched == []
    rows = [json.loads(file.read_text()) for file in (site / "dist/_file/data").glob("*.json")]
    assert len(rows) == len(QUERIES) and any(rows)


def test_the_lock_has_every_package_with_its_hash_and_no_host():
    lock = json.loads((DASHBOARD / "package-lock.json").read_text())
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert "://" not in " ".join(str(package.get("resolved", "")) for package in packages.values())
    # What lies in another package comes with that one's hash.
    assert [name for name, package in packages.items() if not ({"integrity", "inBundle"} & package.keys())] == []
    assert lock["packages"][""]["dependencies"] == json.loads((DASHBOARD / "package.json").read_text())["dependencies"]
