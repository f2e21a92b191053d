"""The steps of the benchmark, each measured in a process of its own."""

from __future__ import annotations

import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from .place import PACKAGE

SLOWEST_SHOWN = 10
LARGE = "large_validation.json"
VALIDATION = ["path:models/intermediate/validation", "path:models/marts/validation"]
BUILD = "from operations import dbt_run; from operations.place import Place; place = Place.find({data_dir!r})"
FLOOR = """
import duckdb
connection = duckdb.connect(config={{"threads": 2}})
connection.execute("set enable_progress_bar = false")
connection.execute('''
    create table floor as
    select context_group_id, user_id, cast(timestamp as date) as event_on, event, count(*) as events
    from (
        select context_group_id, user_id, timestamp, event from read_parquet('{raw}/segment/tracks/*.parquet')
        union all
        select context_group_id, user_id, timestamp, path as event from read_parquet('{raw}/segment/pages/*.parquet')
    )
    group by all
''')
print(connection.execute("select sum(events), count(*) from floor").fetchone())
"""


@dataclass(frozen=True)
class Step:
    """One row of the table: what it is called, and the command that runs it."""

    name: str
    command: Callable[[Path], list[str]]
    shows_models: bool = False
    # The file in the data directory where the command leaves its figures, where those of its process would say too much.
    figures: str | None = None


def _python(code: str) -> list[str]:
    return [sys.executable, "-c", f"import sys; sys.path.insert(0, 'scripts')\n{code}"]


def _build(data_dir: Path, days_back: int) -> list[str]:
    return _dbt(data_dir, f"dbt_run.build(place, {{'as_of': {as_of(data_dir, days_back)!r}}})")


def _dbt(data_dir: Path, call: str) -> list[str]:
    lines = [BUILD.format(data_dir=str(data_dir)), "with place.entered():", f"    {call}"]
    return _python("\n".join(lines))


def _script(name: str, data_dir: Path, *options: str) -> list[str]:
    return [sys.executable, f"scripts/{name}", "--data-dir", str(data_dir), *options]


def _validation(data_dir: Path) -> list[str]:
    variables = f"{{'as_of': {as_of(data_dir, 0)!r}}}"
    return _dbt(data_dir, f"dbt_run.build(place, {variables}, select={VALIDATION})")


def _large_validation(data_dir: Path) -> list[str]:
    return [sys.executable, "scripts/simulate.py", "speed", "--json", str(data_dir / LARGE)]


def _urgent(data_dir: Path) -> list[str]:
    return ["make", "--no-print-directory", "urgent", f"DATA_DIR={data_dir}"]


STEPS = (
    Step("floor", lambda data_dir: _python(FLOOR.format(raw=data_dir / "raw"))),
    Step("full build", lambda data_dir: _build(data_dir, 1), shows_models=True),
    # One day more than the full build had: what a daily build brings.
    Step("increment", lambda data_dir: _build(data_dir, 0), shows_models=True),
    Step("validation", _validation),
    Step("quality gate", lambda data_dir: _script("quality_gate.py", data_dir)),
    Step("publish", lambda data_dir: _script("publish_marts.py", data_dir)),
    Step(
        "push to file",
        lambda data_dir: _script("push_triggers.py", data_dir, "--to", "file", "--max-sends", "1000000000"),
    ),
    # The first one parses the project with the urgent variables; every later one finds that done.
    Step("first urgent", _urgent),
    Step("urgent", _urgent),
    # 25 triggers on a bare world of 20,000 accounts and 540 days, whatever the size of the others; drawing it is not timed.
    Step("large validation", _large_validation, figures=LARGE),
)


def make_world(data_dir: Path, accounts: int, events: int, months: int) -> None:
    """The landing of that size; kept from one run to the next, since the same options give the same rows."""
    if (data_dir / "raw").is_dir():
        return
    aside = data_dir.with_name(f".{data_dir.name}")
    shutil.rmtree(aside, ignore_errors=True)
    options = ["--accounts", str(accounts), "--events", str(events), "--months", str(months)]
    command = [sys.executable, str(PACKAGE / "scripts" / "generate_world.py"), "--out", str(aside), *options]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    shutil.rmtree(data_dir, ignore_errors=True)
    aside.rename(data_dir)


def as_of(data_dir: Path, days_back: int) -> str:
    """The landing's newest receipt of a tracked event, less some days."""
    query = f"select max(received_at) - interval {days_back} day from read_parquet('{data_dir}/raw/segment/tracks/*.parquet')"
    return str(duckdb.execute(query).fetchone()[0])


def run(data_dir: Path, only: list[str] | None = None) -> dict[str, Any]:
    """Runs the steps on an empty data directory, or only some of them on what lies there."""
    if not only:
        for leftover in (
            "warehouse.duckdb",
            "warehouse.duckdb.wal",
            "marts.duckdb",
            "push_ledger.duckdb",
            "quality_gate.json",
        ):
            (data_dir / leftover).unlink(missing_ok=True)
        for folder in ("outbox", "raw/push"):
            shutil.rmtree(data_dir / folder, ignore_errors=True)
    steps, slowest = [], {}
    for step in STEPS:
        if only and step.name not in only:
            continue
        steps.append(measure(step, data_dir))
        if step.shows_models:
            slowest[step.name] = slowest_nodes(data_dir)
    floor = next((step["seconds"] for step in steps if step["step"] == "floor"), None)
    for step in steps:
        step["ratio_to_floor"] = round(step["seconds"] / floor, 2) if floor else None
    machine = {"cpus": os.cpu_count(), "python": platform.python_version(), "duckdb": duckdb.__version__}
    return {"machine": machine, "steps": steps, "slowest": slowest}


def measure(step: Step, data_dir: Path) -> dict[str, Any]:
    """Wall clock, processor time and peak memory of one step and the processes that it starts."""
    environment = os.environ | {
        "DATA_DIR": str(data_dir),
        "RAW_LOCATION": str(data_dir / "raw"),
        "DBT_TARGET_PATH": str(data_dir / "target"),
        "DBT_LOG_PATH": str(data_dir / "logs"),
        "GX_ANALYTICS_ENABLED": "false",
    }
    print(f"{step.name} ...", file=sys.stderr, flush=True)
    with (data_dir / "bench.log").open("a") as log:
        command = step.command(data_dir)
        began = time.monotonic()
        process = subprocess.Popen(command, cwd=PACKAGE, env=environment, stdout=log, stderr=log)
        # Not the sum over all children: each step has a peak of its own.
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    measured = {
        "step": step.name,
        "seconds": round(time.monotonic() - began, 2),
        "cpu_seconds": round(usage.ru_utime + usage.ru_stime, 2),
        "peak_mb": round(peak_bytes(usage) / 1024**2),
        "exit_code": process.returncode,
    }
    if step.figures and process.returncode == 0:
        (own,) = json.loads((data_dir / step.figures).read_text())["speed"]
        measured["seconds"] = round(own["seconds"], 2)
        measured["cpu_seconds"] = round(own["processor_seconds"], 2)
        measured["peak_mb"] = round(own["gigabytes"] * 1e9 / 1024**2)
    return measured


def peak_bytes(usage: resource.struct_rusage) -> int:
    """Peak memory of a process: macOS counts it in bytes, others in KiB."""
    return usage.ru_maxrss if sys.platform == "darwin" else usage.ru_maxrss * 1024


def slowest_nodes(data_dir: Path) -> list[dict[str, Any]]:
    """The nodes of the last dbt command that took longest."""
    file = data_dir / "target" / "run_results.json"
    if not file.exists():
        return []
    results = json.loads(file.read_text())["results"]
    ranked = sorted(results, key=lambda result: result["execution_time"], reverse=True)[:SLOWEST_SHOWN]
    return [{"node": node["unique_id"], "seconds": round(node["execution_time"], 2)} for node in ranked]


def write(data_dir: Path, outcome: dict[str, Any]) -> None:
    """The outcome beside the world it was measured on, for people and for machines."""
    (data_dir / "bench.json").write_text(json.dumps(outcome, indent=2) + "\n")
    (data_dir / "bench.txt").write_text(as_text(outcome) + "\n")


def as_text(outcome: dict[str, Any]) -> str:
    """The table that people read."""
    size, machine = outcome["size"], outcome["machine"]
    lines = [
        f"{size['accounts']:,} accounts, {size['events']:,} events, {size['months']} months;"
        f" {machine['cpus']} processors, Python {machine['python']}, DuckDB {machine['duckdb']}",
        "",
        f"{'step':16} {'wall s':>9} {'cpu s':>9} {'peak MB':>9} {'x floor':>9}",
    ]
    for step in outcome["steps"]:
        ratio = "" if step["ratio_to_floor"] is None else f"{step['ratio_to_floor']:.2f}"
        failed = f"  failed with {step['exit_code']}: see bench.log" if step["exit_code"] else ""
        lines.append(
            f"{step['step']:16} {step['seconds']:9.1f} {step['cpu_seconds']:9.1f} {step['peak_mb']:9,} {ratio:>9}{failed}"
        )
    for name, nodes in outcome["slowest"].items():
        lines += ["", f"slowest of the {name}:"]
        lines += [f"  {node['seconds']:8.1f} s  {node['node'].split('.', 2)[-1]}" for node in nodes]
    return "\n".join(lines)
