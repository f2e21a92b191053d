#!/usr/bin/env python3
"""Write dbt's documentation of models, columns, tests and lineage as one page that needs no server: docs.html in the data directory.

dbt's own `docs generate --static` puts its JSON into the page as it is: a text that holds the end of a script - a unit test's, a
description's - ends the page's script there, and the page shows raw JSON. Here such a text is written in JSON's other way.

Exit codes: 0 written; 1 dbt failed, with a sentence on stderr; 75 another command holds the warehouse for longer than --wait.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from operations import dbt_run, turn
from operations.files import replaced
from operations.place import Place, Stop, add_options

PARTS = {'"MANIFEST.JSON INLINE DATA"': "manifest.json", '"CATALOG.JSON INLINE DATA"': "catalog.json"}


def page(template: str, folder: Path) -> str:
    """dbt's page with its JSON files of a folder inside. Stops where the page has no place for one of them."""
    for place, name in PARTS.items():
        if place not in template:
            raise Stop(f"dbt's page has no place for {name}: expected {place} in it.")
        template = template.replace(place, (folder / name).read_text().replace("</", "<\\/").replace("<!--", "<\\!--"))
    return template


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_options(parser)
    parser.add_argument("--wait", type=float, default=turn.DEFAULT_WAIT, metavar="SECONDS", help="for the warehouse")
    options = parser.parse_args(arguments)
    try:
        place = Place.of(options)
        with place.entered(), turn.held(place.warehouse, "writing the documentation", options.wait):
            dbt_run.invoke(place, ["docs", "generate"])
            folder = place.manifest_file.parent
            target = place.data_dir / "docs.html"
            with replaced(target) as aside:
                aside.write_text(page((folder / "index.html").read_text(), folder))
    except Stop as stop:
        print(*stop.sentences, sep="\n", file=sys.stderr)
        return turn.BUSY if isinstance(stop, turn.Busy) else 1
    print(place.data_here / "docs.html")
    return 0


if __name__ == "__main__":
    sys.exit(main())
