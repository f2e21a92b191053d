#!/usr/bin/env python3
"""The whole way on a sample world: draw it, build it, let its owners react, build what follows from that, push, report.

One process, since importing dbt and parsing the project take longer than most of what it does; others draw the world meanwhile,
and fit. The first build ends with the firings; what their owners did about them lands, and the weights of readiness are fitted; the second, at the same moment,
builds what follows from that and all the rest, and only then is checked and published.

Exit codes: 0 done; 1 a build, the gate or the push stopped, with a sentence on stderr.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from concurrent.futures import Executor, ProcessPoolExecutor
from pathlib import Path

import council_report
import demo_report
from operations import dbt_run, pipeline, turn
from operations.place import PACKAGE, Place, Stop
from operations.relations import Relations
from push import cli as push
from readiness import run as readiness
from sample_world.build import generate
from sample_world.config import Options as World
from sample_world.config import parse_domains
from sample_world.feedback import land_feedback

DOMAINS = "marketing,intent"
SEED = 7


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data-dir", type=Path, default=Path(os.environ.get("DATA_DIR", "data/demo")))
    data_dir = parser.parse_args().data_dir
    place = Place.find(data_dir, PACKAGE)
    began = time.monotonic()
    try:
        with ProcessPoolExecutor() as beside:
            drawn = beside.submit(draw, data_dir)
            with place.entered():
                place.manifest = dbt_run.invoke(place, ["parse", "--no-write-json"])
            print(f"{drawn.result():,} raw rows drawn, project parsed in {time.monotonic() - began:.1f} s", flush=True)
            build(place, beside)
    except Stop as stop:
        print(*stop.sentences, sep="\n", file=sys.stderr)
        return 1
    options = ["--project-dir", str(PACKAGE), "--data-dir", str(data_dir)]
    # A first push of a long history is larger than any later one may be.
    code = push.main([*options, "--to", "file", "--max-sends", "100000"])
    return code or council_report.main(options) or demo_report.main(options)


def draw(data_dir: Path) -> int:
    """Lands the sample world; returns its rows."""
    return sum(generate(data_dir, World(seed=SEED, domains=parse_domains(DOMAINS))).rows.values())


def build(place: Place, beside: Executor | None = None) -> None:
    """Both builds around the reactions, of a place whose project is parsed; stops with sentences."""
    with place.entered(), turn.held(place.warehouse, "the demo"):
        began = time.monotonic()
        dbt_run.build(place, selector="up_to_firings")
        print(f"built up to the firings in {time.monotonic() - began:.1f} s", flush=True)
        reactions = sum(land_feedback(place.data_dir, place.warehouse, SEED, Relations.of(place)).values())
        print(f"{reactions:,} rows of pushes and reactions landed", flush=True)
        began = time.monotonic()
        readiness.fit(place, Relations.of(place), lambda line: print(line, flush=True), beside=beside)
        print(f"fitted in {time.monotonic() - began:.1f} s", flush=True)
    pipeline.build(place, pipeline.Options(selector="after_feedback"), lambda line: print(line, flush=True))


if __name__ == "__main__":
    sys.exit(main())
