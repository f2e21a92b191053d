"""Write the council report: one HTML page from the published marts that needs no network.

Exit code 0: written; 2: wrong usage; 3: the marts are absent or incomplete.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from operations.files import replaced
from operations.place import Place, Stop, add_options
from report.marts import MartsError, read
from report.page import render


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_options(parser)
    parser.add_argument("--marts", type=Path, help="another file with the marts (DATA_DIR/marts.duckdb)")
    parser.add_argument("--schema", default="main", help="schema of the marts in that file (main)")
    parser.add_argument("--out", type=Path, help="where to write (DATA_DIR/council_report.html)")
    options = parser.parse_args(arguments)
    try:
        data_dir = Place.of(options).data_here
        marts = read(options.marts or data_dir / "marts.duckdb", options.schema)
    except (MartsError, Stop) as error:
        print(error, file=sys.stderr)
        return 3
    out = options.out or data_dir / "council_report.html"
    with replaced(out) as aside:
        aside.write_text(render(marts), encoding="utf-8")
    print(f"wrote {out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
