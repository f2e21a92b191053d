#!/usr/bin/env python3
"""Parse the dbt project strictly: unknown or misplaced YAML keys are errors.

dbt checks keys only for adapters it has schemas for, and passes over the rest in silence. Adding the adapter's name to
that list makes it look; keys that belong to the adapter are allowed here by name. The list is a private name of dbt,
which is why dbt is pinned.
"""

from __future__ import annotations

import io
import os
import sys
from contextlib import redirect_stdout
from pathlib import Path

import dbt.jsonschemas.jsonschemas as schemas
from dbt.cli.main import dbtRunner

# Configuration that belongs to the adapter and not to dbt's own schema.
ADAPTER_KEYS: tuple[str, ...] = ()


def main() -> int:
    """Exit 0 when every key of the project is known, 1 with dbt's complaints otherwise."""
    project = Path(__file__).resolve().parent.parent
    os.chdir(project)
    os.environ.setdefault("DATA_DIR", "data")
    if not isinstance(schemas._JSONSCHEMA_SUPPORTED_ADAPTERS, set):
        print("dbt keeps its list of adapters in another form now: expected a set.", file=sys.stderr)
        return 1
    schemas._JSONSCHEMA_SUPPORTED_ADAPTERS.add("duckdb")
    output = io.StringIO()
    with redirect_stdout(output):
        result = dbtRunner().invoke(
            ["parse", "--no-partial-parse", "--show-all-deprecations", "--warn-error", "--no-use-colors"]
        )
    if result.success:
        return 0
    print(output.getvalue() or result.exception, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
