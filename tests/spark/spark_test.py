#!/usr/bin/env python3
"""The same rows on DuckDB and on Spark: builds worlds on both, compares every public and sync mart, prints a table; gates,
publishes and pushes one of them on both.

Then the portable macros' own tests and the unit tests of the models that lean on them, on Spark; and one fault put into a
Spark form, which those tests have to find. Needs the environment of `make spark-test` and Java 17.

Exit codes: 0 all the same; 1 something differs or fails; 2 Java is missing.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "tests")]

PORTABLE = "path:tests/data/portable"
#: Models with unit tests that lean on macros with a form for Spark. Two are left to the rows of the worlds: dbt writes a
#: backslash of int_firing_evidence's fixture into Spark's literals as it is, and the seed of int_normalised_names as a union
#: of thousands of selects, which Spark's analyser does not end with.
UNIT_TESTED = [
    "int_event_bursts",
    "int_new_firings",
    "int_billing_item_continuations",
    "int_billing_chained_states",
    "int_role_steps",
    "stg_crm__account_survivors",
    "int_firing_words",
    "int_firing_times",
    "int_account_time_zones",
    "int_readiness_discrimination",
    "int_sweep_joint_passes",
    "int_sweep_episodes",
]
#: A firing that stops the next one a moment longer than its cooldown.
FAULT = ("spark__walk_cooldown", "x.moment > candidate.free_of", "x.moment >= candidate.free_of")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--only", choices=["random", "hubspot", "salesforce"], help="one of the worlds; with the random one the tests"
    )
    only = parser.parse_args().only
    if not has_java():
        print("make spark-test needs Java 17: expected a `java` of version 17 on the path.", file=sys.stderr)
        return 2
    began = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="spark_"))
    try:
        faults = run(folder, only)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(
        f"{'different' if faults else 'same'}: {faults} faults in {time.monotonic() - began:.0f} s, {cpu_seconds():.0f} s of CPU"
    )
    return 1 if faults else 0


def run(folder: Path, only: str | None) -> int:
    """All of it, or one world; returns how many marts or tests are at fault."""
    from spark import engines, worlds

    both = engines.Engines(folder / "project")
    faults = 0
    for name in ("random", "hubspot", "salesforce"):
        if only in (None, name):
            data_dir = folder / name
            faults += built_and_compared(both, data_dir, getattr(worlds, f"{name}_world"))
            if name == "random":
                faults += run_tests_of(both, data_dir) + not_caught(both, data_dir)
            both.forget(data_dir)
    return faults


def built_and_compared(both, data_dir: Path, world) -> int:
    """Prints the table of one world's marts and rows; returns how many marts differ."""
    from spark.comparison import compare
    from spark.engines import spark
    from spark.scripts import differences
    from spark.worlds import FIRST, PUSHED, REMEMBERED_MARTS

    faults, began, used = 0, time.monotonic(), cpu_seconds() if both.manifests else 0.0
    for built in world(both, data_dir):
        marts = [mart for mart in both.marts() if built != FIRST or mart[0] in REMEMBERED_MARTS]
        found = compare(data_dir / "warehouse.duckdb", marts, spark())
        differing = [mart for mart in found if mart.differences]
        faults += len(differing)
        cpu, used = cpu_seconds() - used, cpu_seconds()
        print(f"\n{built} ({time.monotonic() - began:.0f} s, {cpu:.0f} s of CPU)")
        for mart in found:
            print(
                f"  {mart.mart:32}{mart.rows:>9,}{mart.rows_spark:>9,}  {'different' if mart.differences else 'same'}"
            )
            for sentence in mart.differences:
                print(f"      {sentence[:1000]}")
        rows = sum(mart.rows for mart in found)
        print(f"  {len(found)} marts, {rows:,} rows, {len(differing)} marts differ", flush=True)
        if built == PUSHED:
            told = differences(both, data_dir)
            faults += len(told)
            print(*(f"      {sentence[:1000]}" for sentence in told), sep="\n", flush=True)
        began, used = time.monotonic(), cpu_seconds()
    return faults


def run_tests_of(both, data_dir: Path) -> int:
    """The tests of the portable macros and of the models that lean on them, on Spark; returns how many fail."""
    began = time.monotonic()
    selected = ["--select", PORTABLE, *(f"test_type:unit,{name}" for name in UNIT_TESTED)]
    outcome = both.outcome("spark", ["test", *selected], data_dir)
    results = [] if outcome.exception else [node for node in outcome.result if node.status in ("pass", "fail", "error")]
    failed = [node for node in results if node.status != "pass"]
    for node in failed:
        print(f"  {node.node.name}: {node.message}")
    print(f"\n{len(results)} tests on Spark, {len(failed)} fail ({time.monotonic() - began:.0f} s)", flush=True)
    return len(failed) if results else 1


def not_caught(both, data_dir: Path) -> int:
    """Puts a fault into one Spark form: the portable test of the folds has to fail there. Returns 1 where it does not."""
    with both.fault(*FAULT):
        outcome = both.outcome("spark", ["test", "--select", "folds_are_the_same_on_every_engine"], data_dir)
    statuses = [] if outcome.exception else [str(n.status) for n in outcome.result if n.node.resource_type == "test"]
    caught = statuses == ["fail"]
    print(
        f"\na cooldown that ends a moment late on Spark is {'caught' if caught else f'not caught: {statuses}'}",
        flush=True,
    )
    return 0 if caught else 1


def cpu_seconds() -> float:
    """What this process and Spark's have used."""
    from spark.engines import spark

    used = resource.getrusage(resource.RUSAGE_SELF)
    jvm = spark()._jvm.java.lang.ProcessHandle.current().info().totalCpuDuration().get().toMillis()
    return used.ru_utime + used.ru_stime + jvm / 1000


def has_java() -> bool:
    """Spark 4 runs on Java 17 and later."""
    try:
        told = subprocess.run(["java", "-version"], capture_output=True, text=True).stderr
    except FileNotFoundError:
        return False
    version = told.split('"')[1].split(".")[0] if '"' in told else ""
    return version.isdigit() and int(version) >= 17


if __name__ == "__main__":
    sys.exit(main())
