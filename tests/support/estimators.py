"""The estimator macros rendered outside dbt, and DuckDB to evaluate them with."""

from __future__ import annotations

from pathlib import Path

import duckdb
import jinja2
import pandas as pd

FOLDER = Path(__file__).resolve().parents[2] / "macros/estimators"


def macros() -> object:
    """All estimator macros as functions that give SQL."""
    text = "".join(path.read_text() for path in sorted(FOLDER.glob("*.sql")))
    return jinja2.Environment(extensions=["jinja2.ext.do"]).from_string(text).module


def evaluate(sql: str, **tables: pd.DataFrame) -> pd.DataFrame:
    """The result of a query over frames given by name."""
    with duckdb.connect() as con:
        for name, frame in tables.items():
            con.register(name, frame)
        return con.execute(sql).df()
