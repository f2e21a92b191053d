"""Which of the project's models are in the warehouse: a build of a part leaves the others out."""

from __future__ import annotations

import duckdb

from .relations import Relation, Relations


def built(connection: duckdb.DuckDBPyConnection, relations: Relations, name: str) -> Relation | None:
    """The relation of a model or seed in the database that the connection uses; None where it was never built."""
    relation = relations.models.get(name)
    found = (
        relation
        and connection.execute(
            "select 1 from information_schema.tables where table_catalog = current_database()"
            " and table_schema = ? and table_name = ?",
            [relation.schema, relation.identifier],
        ).fetchall()
    )
    return relation if found else None
