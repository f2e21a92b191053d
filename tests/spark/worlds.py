"""The worlds that both engines build: a random one at three moments, one of each CRM, and what comes between builds."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import duckdb
import generate_world
from operations.place import Place
from operations.relations import Relations
from sample_world.feedback import land_feedback
from worlds import write_seeds, write_world
from worlds.span import span_of

from spark.engines import ENGINES, Engines

RANDOM_SEED = 4
FEEDBACK_SEED = 7
HUBSPOT = {"crm": ["hubspot"], "marketing": ["hubspot"]}
#: What a later build knows of an earlier one is all that the first one makes.
FIRST = "random world, 40 days before its end"
REMEMBERED = ["--select", "+int_firings", "+int_engine_runs", "+fct_fired_triggers", "resource_type:seed"]
SEEDS_STAY = ["--exclude-resource-type", "seed"]
REMEMBERED_MARTS = {"fct_fired_triggers"}
#: Where the scripts run on both engines as well: a landing that the gate lets pass.
PUSHED = "Salesforce, 120 accounts, 12 months"
OTHERS = {
    "product": ["segment"],
    "billing": ["stripe"],
    "support": ["zendesk"],
    "success": ["generic"],
    "intent": ["generic"],
}


def random_world(engines: Engines, data_dir: Path) -> Iterator[str]:
    """Rules and rows drawn at random, with all dirt; what an earlier build recorded, a later one may cancel."""
    write_world(data_dir, RANDOM_SEED)
    write_seeds(data_dir, RANDOM_SEED)
    engines.project.use_seeds(data_dir / "seeds")
    span = span_of(RANDOM_SEED)
    variables = {"max_quarantined_share": 1}
    for days in (40, 12, 0):
        moment = span.end_at - timedelta(days=days)
        as_of = {"as_of": f"{moment:%Y-%m-%d %H:%M:%S}"} if days else {}
        engines.build(data_dir, variables | as_of, ENGINES, *(REMEMBERED if days == 40 else SEEDS_STAY))
        yield f"random world, {days} days before its end" if days else "random world, at its end"


def hubspot_world(engines: Engines, data_dir: Path) -> Iterator[str]:
    """HubSpot, all optional domains, all dirt; Zendesk's tables as CSV."""
    generate(data_dir, "--crm", "hubspot", "--domains", "all", "--dirt", "all", "--accounts", "30", "--months", "8")
    as_csv(data_dir / "raw/zendesk")
    engines.project.use_seeds(None)
    engines.build(data_dir, {"sources": OTHERS | HUBSPOT, "max_quarantined_share": 1})
    yield "HubSpot, 30 accounts, CSV"


def salesforce_world(engines: Engines, data_dir: Path) -> Iterator[str]:
    """Salesforce at length, with what came back on its firings; then newer events on the urgent path."""
    size = ("--domains", "all", "--accounts", "120", "--months", "12")
    later = data_dir / "later"
    generate(later, *size)
    generate(data_dir, *size, "--until", "2026-06-26T15:00:00")
    engines.project.use_seeds(None)
    engines.build(data_dir, None, ["duckdb"], "--selector", "up_to_firings")
    place = Place.find(data_dir, engines.project.folder, engines.manifests["duckdb"])
    land_feedback(data_dir, data_dir / "warehouse.duckdb", FEEDBACK_SEED, Relations.of(place))
    # Both engines decide afresh, beside what came back on the firings of an earlier warehouse.
    (data_dir / "warehouse.duckdb").unlink()
    engines.build(data_dir)
    yield PUSHED
    shutil.rmtree(data_dir / "raw/segment")
    shutil.copytree(later / "raw/segment", data_dir / "raw/segment")
    urgent = ("--select", "tag:urgent", "--indirect-selection", "cautious")
    engines.build(data_dir, {"urgent": True}, engines.manifests, *urgent)
    yield "the same, urgent path"


def generate(folder: Path, *options: str) -> None:
    assert generate_world.main(["--out", str(folder), *options]) == 0


def as_csv(vendor: Path) -> None:
    """Rewrite the tables of a vendor as CSV, which knows no types."""
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        for table in vendor.iterdir():
            files = list(table.glob("*.parquet"))
            connection.execute(
                f"copy (select * from read_parquet('{table}/*.parquet', union_by_name = true)) to '{table}/part.csv' (header)"
            )
            for file in files:
                file.unlink()
