#!/usr/bin/env python3
"""How often the quality gate stops a healthy company: its landing suites on drawn landings, without dbt.

Companies are seeded 1..n and none is replaced. Exit code 0: less than one stop in a thousand builds at every size;
1: more; 2: wrong usage.
"""

from __future__ import annotations

import argparse
import sys
import time

import pandas as pd
from simulate import as_markdown, write_tables
from simulation.gate_alarms import ROOT, alarms, upper_bound
from simulation.healthy_landing import healthy_company

SIZES = (10, 25, 50, 100, 200)
MOST = 1 / 1000


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--companies", type=int, default=40, help="companies of each size (40)")
    parser.add_argument("--step", type=int, default=5, help="every how many days a build is judged (5)")
    parser.add_argument("--write", action="store_true", help="put the table into docs/quality.md")
    options = parser.parse_args(arguments)
    rows, is_quiet = [], True
    for accounts in SIZES:
        started = time.perf_counter()
        found = alarms([healthy_company(accounts, seed) for seed in range(1, options.companies + 1)], options.step)
        builds, stopped = found["builds"], found["stopped"]
        is_quiet = is_quiet and stopped < MOST * builds
        rows.append(
            {
                "accounts": accounts,
                "companies": options.companies,
                "builds": builds,
                "false stops": stopped,
                "in a thousand, at most (95 %)": 1000 * upper_bound(stopped, builds),
                "builds that warn": found["warned"] / builds,
            }
        )
        reasons = "; ".join(f"{what} {count}" for what, count in found["reasons"].items())
        print(
            f"{accounts} accounts: {stopped} stops in {builds} builds ({time.perf_counter() - started:.0f} s) {reasons}"
        )
    table = pd.DataFrame(rows)
    print(f"\n{as_markdown(table)}")
    if options.write:
        write_tables(ROOT / "docs/quality.md", {"alarms": table})
    if not is_quiet:
        print("bound broken: a false stop in a thousand builds or more", file=sys.stderr)
    return 0 if is_quiet else 1


if __name__ == "__main__":
    sys.exit(main())
