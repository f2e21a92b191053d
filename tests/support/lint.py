#!/usr/bin/env python3
"""Lints the SQL: what only one engine understands, in every file; then its style, with --all in every file, else in the
changed ones and a sample, and says how many it left out."""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
from pathlib import Path

import portable

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("models", "tests/data")
SAMPLE = 24


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", action="store_true", help="every file")
    parser.add_argument("--sample-seed", type=int, default=0, help="which of the unchanged files are drawn")
    options = parser.parse_args()
    if engine_only := portable.faults(ROOT):
        print(*engine_only, sep="\n")
        return 1
    files = sorted(str(file.relative_to(ROOT)) for folder in FOLDERS for file in (ROOT / folder).rglob("*.sql"))
    chosen = files if options.all else some_of(files, options.sample_seed)
    if len(chosen) < len(files):
        left_out = len(files) - len(chosen)
        print(
            f"sqlfluff: {len(chosen)} files (changed ones, a sample); make lint or ALL=1: {left_out} more", flush=True
        )
    command = [
        str(Path(sys.executable).parent / "sqlfluff"),
        "lint",
        "--disable-progress-bar",
        "--nocolor",
        "--processes",
        "0",
    ]
    return subprocess.run([*command, *chosen], cwd=ROOT).returncode


def some_of(files: list[str], seed: int) -> list[str]:
    """What differs from the last commit's parent, and some of the rest."""
    changed = set(files) & changed_files()
    rest = [file for file in files if file not in changed]
    return sorted(changed | set(random.Random(seed).sample(rest, min(SAMPLE, len(rest)))))


def changed_files() -> set[str]:
    """Changed or new since the commit before the last one; none where git cannot say."""
    found: set[str] = set()
    for command in (["diff", "--name-only", "--relative", "HEAD~1"], ["ls-files", "--others", "--exclude-standard"]):
        asked = subprocess.run(["git", *command], cwd=ROOT, capture_output=True, text=True)
        found |= set(asked.stdout.splitlines()) if asked.returncode == 0 else set()
    return found


if __name__ == "__main__":
    sys.exit(main())
