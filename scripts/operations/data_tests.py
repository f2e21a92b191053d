"""A failed data test as a sentence: what is expected, and a value that breaks it where the value is nobody's name.

A singular test that selects a column `sentence` speaks for itself.
"""

from __future__ import annotations

from typing import Any

import duckdb

from .place import Place


def sentence(place: Place, result: Any) -> str:
    """The sentence of one failed data test; a test of a seed speaks of the file that somebody edited."""
    node = result.node
    metadata = getattr(node, "test_metadata", None)
    kwargs = metadata.kwargs if metadata else {}
    column, attached = kwargs.get("column_name"), getattr(node, "attached_node", None) or ""
    is_seed = attached.startswith("seed.")
    row = first_row(place, node.compiled_code)
    if "sentence" in row:
        return row["sentence"]
    if not column or not (is_seed or column.endswith("id")):
        return f"The data test {node.name} failed on {result.failures} rows ({node.original_file_path})."
    table = attached.split(".")[-1]
    where = f"{_seed_file(place, table)}, column {column}" if is_seed else f"{table}, column {column}"
    # The first column is the value that the generic test is about.
    value = f"'{next(iter(row.values()))}'" if row else "a value"
    if metadata.name == "accepted_values":
        return f"{where}: {value} is unknown: expected one of {', '.join(map(str, kwargs['values']))}."
    if metadata.name == "relationships":
        return f"{where}: {value} is not in {_target(kwargs['to'])}, column {kwargs['field']}."
    if metadata.name == "unique":
        return f"{where}: {value} stands there more than once: expected it once."
    if metadata.name == "not_null":
        return f"{where} is empty in {result.failures} rows: expected a value."
    return f"{where}: {value} fails the data test {node.name}."


def first_row(place: Place, sql: str | None) -> dict[str, Any]:
    """The first row of the test's query; empty where it cannot be asked again."""
    if not sql:
        return {}
    try:
        with duckdb.connect(str(place.warehouse), read_only=True) as connection:
            cursor = connection.execute(f"select * from ({sql}) limit 1")
            values = cursor.fetchone() or ()
            return dict(zip([column[0] for column in cursor.description], values, strict=False))
    except duckdb.Error:
        return {}


def _seed_file(place: Place, seed: str) -> str:
    """The file of a seed below the project's folder; a package's own where the project has none of that name."""
    for folder in ("seeds", "dbt_packages"):
        for file in sorted((place.project / folder).rglob(f"{seed}.csv")):
            return str(file.relative_to(place.project))
    return f"{seed}.csv"


def _target(reference: str) -> str:
    """ref('plays') as the name of what it refers to."""
    return reference.split("'")[1] if "'" in reference else reference
