#!/usr/bin/env python3
"""Every mutation of the small landing, judged: a table by kind and outcome.

`--write` puts it into docs/quality.md. What was judged stands in `--results`, a line a mutation; what stands there is not judged
again. Exit code 1: something is silently wrong.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "tests")]

import generate_world  # noqa: E402
import pandas as pd  # noqa: E402
from simulate import as_markdown, write_tables  # noqa: E402
from support.project import Project  # noqa: E402

from fuzz.mutations import KINDS, mutations  # noqa: E402
from fuzz.world import OUTCOMES, WRONG, Fuzz  # noqa: E402

#: The small world that is spoiled.
WORLD = ["--accounts", "25", "--months", "6"]


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=0, help="which mutations are drawn (0)")
    parser.add_argument("--kind", help="one kind alone")
    parser.add_argument("--part", default="1/1", metavar="K/N", help="the k-th of n parts (1/1)")
    parser.add_argument("--results", type=Path, help="where what was judged is kept")
    parser.add_argument("--write", action="store_true", help="put the table into docs/quality.md")
    options = parser.parse_args()
    part, parts = (int(number) for number in options.part.split("/"))
    folder = Path(tempfile.mkdtemp(prefix="fuzz-")).resolve()
    try:
        assert generate_world.main(["--out", str(folder / "landed"), *WORLD]) == 0
        fuzz = Fuzz(Project(folder / "project"), folder / "landed/raw", folder / "fuzz")
        found = known(options.results)
        chosen = [one for one in mutations(fuzz.tables, options.seed) if options.kind in (None, one.kind)]
        for mutation in chosen[part - 1 :: parts]:
            if mutation.name not in found:
                began = time.process_time()
                judged = fuzz.judge(mutation)
                seconds = time.process_time() - began
                found[mutation.name] = [mutation.kind, judged.outcome, judged.told.replace(str(folder), "")]
                print(f"{seconds:5.1f} s  {judged.outcome:15} {mutation.name}: {found[mutation.name][2]}", flush=True)
                if options.results:
                    with options.results.open("a") as file:
                        file.write(json.dumps([mutation.name, *found[mutation.name]]) + "\n")
    finally:
        shutil.rmtree(folder)
    names = {mutation.name for mutation in chosen}
    table = counted([result for name, result in found.items() if name in names])
    print(f"\n{as_markdown(table)}")
    if options.write:
        write_tables(ROOT / "docs/quality.md", {"fuzz": table})
    return 1 if any(outcome == WRONG for _, outcome, _ in found.values()) else 0


def known(file: Path | None) -> dict[str, list[str]]:
    """What was judged before."""
    if file is None or not file.exists():
        return {}
    return {name: rest for name, *rest in map(json.loads, file.read_text().splitlines())}


def counted(results: list[list[str]]) -> pd.DataFrame:
    """A row a kind, a column an outcome."""
    rows = [
        {"kind": kind, "mutations": sum(one[0] == kind for one in results)}
        | {outcome: sum(one[:2] == [kind, outcome] for one in results) for outcome in OUTCOMES}
        for kind in KINDS
    ]
    table = pd.DataFrame(rows)
    total = {"kind": "all"} | {name: int(table[name].sum()) for name in table.columns[1:]}
    return pd.concat([table, pd.DataFrame([total])], ignore_index=True)


if __name__ == "__main__":
    sys.exit(main())
