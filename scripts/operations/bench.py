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
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from . import textbook
from .place import PACKAGE

SLOWEST_SHOWN = 10
LOOKS_EVERY = 0.1
LARGE = "large_validation.json"
TWICE = "twice"
# Of the newest events, which land after the full build, by the hours around a midnight in which they were received: one
# day for the daily run, one hour for the urgent one. What is newer never lands.
HELD_BACK = {"day": (-23.5, 0.5), "hour": (0.5, 1.5), "rest": (1.5, None)}
VALIDATION = ["path:models/intermediate/validation", "path:models/marts/validation"]
BUILD = "from operations import dbt_run; from operations.place import Place; place = Place.find({data_dir!r})"
FLOOR = """
import duckdb
connection = duckdb.connect(config={{"threads": 2, "temp_directory": "{spill}"}})
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
    # What lands before it, one of HELD_BACK.
    lands: str | None = None
    # Below the data directory, the world that it runs on, where it is another one.
    world: str | None = None


def _python(code: str) -> list[str]:
    return [sys.executable, "-c", f"import sys; sys.path.insert(0, 'scripts')\n{code}"]


def _floor(data_dir: Path) -> list[str]:
    return _python(FLOOR.format(raw=data_dir / "raw", spill=data_dir / "floor.tmp"))


def _script(name: str, data_dir: Path, *options: str) -> list[str]:
    return [sys.executable, f"scripts/{name}", "--data-dir", str(data_dir), *options]


def _build(data_dir: Path) -> list[str]:
    return _script("build.py", data_dir)


def _validation(data_dir: Path) -> list[str]:
    call = f"    dbt_run.build(place, select={VALIDATION})"
    return _python("\n".join([BUILD.format(data_dir=str(data_dir)), "with place.entered():", call]))


def _large_validation(data_dir: Path) -> list[str]:
    return [sys.executable, "scripts/simulate.py", "speed", "--json", str(data_dir / LARGE)]


def _textbook(data_dir: Path) -> list[str]:
    return _python(f"from pathlib import Path; from operations import textbook; textbook.run(Path({str(data_dir)!r}))")


def _urgent(data_dir: Path) -> list[str]:
    return ["make", "--no-print-directory", "urgent", f"DATA_DIR={data_dir}"]


STEPS = (
    Step("floor", _floor),
    # As `make build` does it: landing, models with their tests, gate, published marts.
    Step("full build", _build, shows_models=True),
    # The same command on the warehouse as it stands, once a day's events have landed.
    Step("one more day", _build, shows_models=True, lands="day"),
    # Before the urgent runs, which leave the candidates of events alone.
    Step("textbook", _textbook),
    Step("validation", _validation),
    Step("quality gate", lambda data_dir: _script("quality_gate.py", data_dir)),
    Step("publish", lambda data_dir: _script("publish_marts.py", data_dir)),
    Step(
        "push to file",
        lambda data_dir: _script("push_triggers.py", data_dir, "--to", "file", "--max-sends", "1000000000"),
    ),
    # The first one parses the project with the urgent variables; every later one finds that done.
    Step("first urgent", _urgent),
    Step("urgent", _urgent, shows_models=True, lands="hour"),
    Step("twice the events", _build, world=TWICE),
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
    aside.joinpath("raw").mkdir(parents=True, exist_ok=True)
    data_dir.mkdir(parents=True, exist_ok=True)
    for entry in aside.iterdir():
        shutil.rmtree(data_dir / entry.name, ignore_errors=True)
        entry.rename(data_dir / entry.name)
    aside.rmdir()


def hold_back(data_dir: Path) -> None:
    """Takes the newest events out of the landing, into held/<part>, whence `land` brings them back."""
    for part in HELD_BACK:
        for file in (data_dir / "raw").glob(f"segment/*/held-{part}.parquet"):
            file.unlink()
    if (data_dir / "held").is_dir():
        return
    aside = data_dir / ".held"
    shutil.rmtree(aside, ignore_errors=True)
    connection = duckdb.connect()
    newest = f"select max(received_at) from read_parquet('{data_dir}/raw/segment/tracks/*.parquet')"
    (midnight,) = connection.execute(f"select date_trunc('day', ({newest}) - interval 2 hour)").fetchone()
    for file in sorted((data_dir / "raw" / "segment").glob("*/*.parquet")):
        # The clock hangs on these; of the others nothing counts that is later than it.
        if file.parent.name not in ("tracks", "pages", "screens"):
            continue
        for part, (begins, ends) in {None: (None, HELD_BACK["day"][0]), **HELD_BACK}.items():
            bounds = ["true"] if begins is None else [f"received_at > {_hours_after(midnight, begins)}"]
            bounds += [] if ends is None else [f"received_at <= {_hours_after(midnight, ends)}"]
            target = file.with_suffix(".kept") if part is None else aside / part / file.parent.name / file.name
            target.parent.mkdir(parents=True, exist_ok=True)
            query = f"select * from read_parquet('{file}') where {' and '.join(bounds)}"
            connection.execute(f"copy ({query}) to '{target}' (format parquet)")
        file.with_suffix(".kept").rename(file)
    aside.rename(data_dir / "held")


def _hours_after(midnight: date, hours: float) -> str:
    return f"timestamp '{midnight}' + to_minutes({round(hours * 60)})"


def land(data_dir: Path, part: str) -> None:
    """Brings back a part of what was held back, a file a table."""
    for folder in (data_dir / "held" / part).iterdir():
        target = data_dir / "raw" / "segment" / folder.name / f"held-{part}.parquet"
        duckdb.execute(f"copy (select * from read_parquet('{folder}/*.parquet')) to '{target}' (format parquet)")


def run(data_dir: Path, only: list[str] | None = None) -> dict[str, Any]:
    """Runs the steps on an empty data directory, or only some of them on what lies there."""
    if not only:
        hold_back(data_dir)
        for folder in (data_dir, data_dir / TWICE):
            empty(folder)
    steps, slowest = [], {}
    for step in STEPS:
        if only and step.name not in only:
            continue
        if step.lands and not only:
            land(data_dir, step.lands)
        steps.append(measure(step, data_dir / step.world if step.world else data_dir))
        if step.shows_models:
            slowest[step.name] = slowest_nodes(data_dir, "urgent" if step.name == "urgent" else "")
    floor = next((step["cpu_seconds"] for step in steps if step["step"] == "floor"), None)
    for step in steps:
        step["ratio_to_floor"] = round(step["cpu_seconds"] / floor, 2) if floor else None
    machine = {
        "cpus": os.cpu_count(),
        "processor": processor(),
        "python": platform.python_version(),
        "duckdb": duckdb.__version__,
    }
    parts = data_dir / textbook.FIGURES
    return {
        "machine": machine,
        "on": str(date.today()),
        "raw_mb": round(bytes_below([data_dir / "raw"]) / 1e6),
        "steps": steps,
        "slowest": slowest,
        "textbook": json.loads(parts.read_text()) if parts.exists() else [],
    }


def empty(data_dir: Path) -> None:
    """Everything that a run leaves, but the world."""
    for leftover in (
        "warehouse.duckdb",
        "warehouse.duckdb.wal",
        "marts.duckdb",
        "push_ledger.duckdb",
        "quality_gate.json",
    ):
        (data_dir / leftover).unlink(missing_ok=True)
    (data_dir / textbook.FIGURES).unlink(missing_ok=True)
    for folder in ("outbox", "raw/push"):
        shutil.rmtree(data_dir / folder, ignore_errors=True)


def measure(step: Step, data_dir: Path) -> dict[str, Any]:
    """Wall clock, processor time, peak memory, spill and bytes written of one step and the processes that it starts, and
    the size of the warehouse around it."""
    environment = os.environ | {
        "DATA_DIR": str(data_dir),
        "RAW_LOCATION": str(data_dir / "raw"),
        "DBT_TARGET_PATH": str(data_dir / "target"),
        "DBT_LOG_PATH": str(data_dir / "logs"),
        "GX_ANALYTICS_ENABLED": "false",
    }
    print(f"{step.name} ...", file=sys.stderr, flush=True)
    before, spill = warehouse_bytes(data_dir), 0
    with (data_dir / "bench.log").open("a") as log:
        command = step.command(data_dir)
        began = time.monotonic()
        process = subprocess.Popen(command, cwd=PACKAGE, env=environment, stdout=log, stderr=log)
        # Not the sum over all children: each step has a peak of its own.
        while (ended := os.wait4(process.pid, os.WNOHANG))[0] == 0:
            spill = max(spill, bytes_below(data_dir.glob("*.tmp")))
            time.sleep(LOOKS_EVERY)
        _, status, usage = ended
        process.returncode = os.waitstatus_to_exitcode(status)
    measured = {
        "step": step.name,
        "seconds": round(time.monotonic() - began, 2),
        "cpu_seconds": round(usage.ru_utime + usage.ru_stime, 2),
        "peak_mb": round(peak_bytes(usage) / 1024**2),
        "spill_mb": round(spill / 1e6),
        # Of 512 bytes, on Linux; macOS does not count them.
        "written_mb": round(usage.ru_oublock * 512 / 1e6),
        "warehouse_mb": [round(before / 1e6), round(warehouse_bytes(data_dir) / 1e6)],
        "exit_code": process.returncode,
    }
    if step.figures and process.returncode == 0:
        (own,) = json.loads((data_dir / step.figures).read_text())["speed"]
        measured["seconds"] = round(own["seconds"], 2)
        measured["cpu_seconds"] = round(own["processor_seconds"], 2)
        measured["peak_mb"] = round(own["gigabytes"] * 1e9 / 1024**2)
    return measured


def warehouse_bytes(data_dir: Path) -> int:
    """Of the warehouse and what it has not written into itself yet."""
    return bytes_below(data_dir.glob("warehouse.duckdb*"))


def bytes_below(places: Iterator[Path] | list[Path]) -> int:
    """Of files, and of all files in folders; what vanishes meanwhile counts nothing."""
    total = 0
    for place in places:
        for file in place.rglob("*") if place.is_dir() else [place]:
            try:
                total += file.stat().st_size if file.is_file() else 0
            except FileNotFoundError:
                continue
    return total


def processor() -> str:
    """What the machine calls its processor."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    return next(
        (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.processor()
    )


def peak_bytes(usage: resource.struct_rusage) -> int:
    """Peak memory of a process: macOS counts it in bytes, others in KiB."""
    return usage.ru_maxrss if sys.platform == "darwin" else usage.ru_maxrss * 1024


def slowest_nodes(data_dir: Path, target: str = "") -> list[dict[str, Any]]:
    """The nodes of the last dbt command that took longest."""
    # The urgent path has a target of its own, in the project.
    file = PACKAGE / "target" / target / "run_results.json" if target else data_dir / "target" / "run_results.json"
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
        f"{size['accounts']:,} accounts, {size['events']:,} events, {size['months']} months, {outcome['raw_mb']:,} MB landed",
        f"{outcome['on']}, {machine['cpus']} processors ({machine['processor']}), Python {machine['python']},"
        f" DuckDB {machine['duckdb']}",
        "",
        f"{'step':16} {'wall s':>8} {'cpu s':>8} {'x floor':>8} {'peak MB':>8} {'spill MB':>9} {'written MB':>11}"
        f" {'warehouse MB':>15}",
    ]
    for step in outcome["steps"]:
        ratio = "" if step["ratio_to_floor"] is None else f"{step['ratio_to_floor']:.2f}"
        failed = f"  failed with {step['exit_code']}: see bench.log" if step["exit_code"] else ""
        before, after = step["warehouse_mb"]
        lines.append(
            f"{step['step']:16} {step['seconds']:8.1f} {step['cpu_seconds']:8.1f} {ratio:>8} {step['peak_mb']:8,}"
            f" {step['spill_mb']:9,} {step['written_mb']:11,} {f'{before:,} > {after:,}':>15}{failed}"
        )
    lines += ["", *ratios(outcome["steps"])]
    if outcome["textbook"]:
        lines += ["", f"the same rows, of {textbook.ACCOUNTS} accounts, by CPU:"]
        lines += [
            f"  {part['part']:46} {part['textbook']:8.2f} s by {part['by']}, {part['ours']:.2f} s here: x {part['ratio']:.1f}"
            for part in outcome["textbook"]
        ]
    for name, nodes in outcome["slowest"].items():
        lines += ["", f"slowest of {name}:"]
        lines += [f"  {node['seconds']:8.1f} s  {node['node'].split('.', 2)[-1]}" for node in nodes]
    return "\n".join(lines)


def ratios(steps: list[dict[str, Any]]) -> list[str]:
    """Steps beside the full build, by CPU."""
    spent = {step["step"]: step["cpu_seconds"] for step in steps if not step["exit_code"]}
    return [
        f"{name}: {spent[name] / spent['full build']:.2f} x the full build's CPU"
        for name in ("one more day", "twice the events", "urgent")
        if name in spent and "full build" in spent
    ]
