#!/usr/bin/env python3
"""What sqlglot makes of the models for engines that nobody has run them on: a table for docs/engines.md.

Reads the SQL that DuckDB's last build compiled. That a dialect can say it is a hint and no proof: nothing is run.

Exit codes: 0 done; 1 nothing is compiled.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

import sqlglot
from sqlglot.errors import ErrorLevel, ParseError, UnsupportedError

ROOT = Path(__file__).resolve().parents[2]
DIALECTS = ["snowflake", "bigquery", "databricks"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--target-path", type=Path, default=ROOT / "target", help="dbt's target folder (default target)"
    )
    compiled = parser.parse_args().target_path / "compiled/expansion_triggers/models"
    files = [
        file for file in sorted(compiled.rglob("*.sql")) if file.is_file() and not file.parent.name.endswith(".yml")
    ]
    if not files:
        print(f"{compiled} holds no models: expected a build or `dbt compile` before.", file=sys.stderr)
        return 1
    print("| engine | models | without complaint | what the others lack |\n|---|---|---|---|")
    for dialect in DIALECTS:
        faults = {file.stem: fault for file in files if (fault := fault_of(file.read_text(), dialect))}
        told = "; ".join(f"{reason} ({n})" for reason, n in Counter(faults.values()).most_common())
        print(f"| {dialect} | {len(files)} | {len(files) - len(faults)} | {told or 'nothing'} |")
    return 0


def fault_of(sql: str, dialect: str) -> str | None:
    """The first complaint about one query."""
    try:
        sqlglot.transpile(sql, read="duckdb", write=dialect, unsupported_level=ErrorLevel.RAISE)
    except UnsupportedError as error:
        return str(error).splitlines()[0]
    except ParseError as error:
        return f"not parsed: {str(error).splitlines()[0]}"
    return None


if __name__ == "__main__":
    sys.exit(main())
