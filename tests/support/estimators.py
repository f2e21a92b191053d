"""Estimator and portable macros rendered outside dbt, and DuckDB to evaluate them with."""

from __future__ import annotations

import types
from pathlib import Path

import duckdb
import jinja2
import pandas as pd

MACROS = Path(__file__).resolve().parents[2] / "macros"
FOLDER = MACROS / "estimators"


def macros() -> object:
    """All estimator macros as functions that give SQL."""
    text = "".join(path.read_text() for path in sorted(FOLDER.glob("*.sql")))
    return jinja2.Environment(extensions=["jinja2.ext.do"]).from_string(text).module


def folds() -> object:
    """The folds of the portable macros, as DuckDB has them, as functions that give SQL."""
    text = "".join((MACROS / "portable" / name).read_text() for name in ("folds.sql", "time.sql"))
    environment = jinja2.Environment(extensions=["jinja2.ext.do"])
    environment.globals["adapter"] = types.SimpleNamespace(
        dispatch=lambda name, package: getattr(template.module, f"default__{name}")
    )
    environment.globals["return"] = lambda value: value
    template = environment.from_string(text)
    return template.module


def evaluate(sql: str, **tables: pd.DataFrame) -> pd.DataFrame:
    """The result of a query over frames given by name."""
    with duckdb.connect() as con:
        for name, frame in tables.items():
            con.register(name, frame)
        return con.execute(sql).df()
