"""The scripts on both engines: the gate's verdict, the published marts, the summary and what is pushed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import publish_marts
from operations import gate, summary
from operations.place import Place
from push.session import Options, push
from push.settings import Settings

from spark.comparison import compare_published
from spark.engines import ENGINES, Engines

#: Of one build each.
OWN = {"build_id", "checked_at"}
ALWAYS = 10.0**6


def differences(engines: Engines, data_dir: Path) -> list[str]:
    """What the scripts make of the same build on each engine, where it is not the same; prints what they made."""
    left = {engine: left_by(engines.place(engine, data_dir)) for engine in ENGINES}
    told = [
        f"the {what} of DuckDB is {here}, of Spark {left['spark'][what]}"
        for what, here in left["duckdb"].items()
        if here != left["spark"][what]
    ]
    files = [engines.place(engine, data_dir).data_dir / "marts.duckdb" for engine in ENGINES]
    published = compare_published(*files)
    told += [f"published {mart.mart}: {sentence}" for mart in published for sentence in mart.differences]
    verdict, lines = left["duckdb"]["verdict"], left["duckdb"]["outbox"]
    print(
        f"  gate {'passed' if verdict['passed'] else 'failed'} on {verdict['expectations']} expectations,"
        f" {sum(mart.rows for mart in published):,} rows of {len(published)} marts published,"
        f" {len(lines)} rows pushed, {len(left['duckdb']['summary'])} lines of summary: {len(told)} differences"
    )
    return told


def left_by(place: Place) -> dict[str, Any]:
    """Gate, publishing, summary and a push to the outbox, as one after the other they are run."""
    with place.entered():
        gate.run(place)
        publish_marts.publish(place)
        told = summary.summary(place)
        # The push's log lands beside, so that the next build reads of neither push.
        settings = Settings(place.data_dir, str(place.data_dir / "landed_by_push"), {}, place=place)
        push(settings, Options(max_build_age=ALWAYS))
    verdict = json.loads(place.gate_file.read_text())
    return {
        "verdict": {name: value for name, value in verdict.items() if name not in OWN},
        "summary": told,
        "outbox": sorted(line for file in settings.outbox.glob("*.jsonl") for line in file.read_text().splitlines()),
    }
