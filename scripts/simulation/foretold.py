"""Readiness on bare worlds: is what it foretells what comes, pooled over worlds of which each is fitted for itself?"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
from operations.relations import Relation, Relations
from readiness import inputs, landed, model
from threadpoolctl import threadpool_limits

from . import load
from .build import Builder
from .world import Planted, World, draw

PLANTED = (
    Planted("hazard_2", hazard_ratio=2),
    Planted("hazard_4", hazard_ratio=4),
    Planted("event_hazard_3", hazard_ratio=3, is_event=True),
    Planted("nothing"),
)
NOTHING = tuple(Planted(f"nothing_{place}", is_event=place == 1) for place in range(4))
# What a fit reads, and what its weights end in.
BEFORE = "+int_readiness_outcomes +int_readiness_trigger_ages"
AFTER = "+int_readiness_forecast +int_readiness_discrimination"
RELATIONS = Relations({name: Relation("intermediate", name) for name in inputs.NEEDED}, {})


def land_weights(database: Path, months: int, windows: tuple[int, ...] = inputs.WINDOWS) -> None:
    """Fits the last month ends of a world that is built, and puts their weights in the place of any others."""
    with duckdb.connect(str(database)) as con:
        con.execute("set TimeZone = 'UTC'")
        known = inputs.read(con, RELATIONS)
        with threadpool_limits(1):
            fitted = [model.weights(known, moment, windows) for moment in known.month_ends[-months:]]
        rows = pd.concat(fitted).assign(version=1)
        con.register("rows", rows.reindex(columns=list(landed.COLUMNS)))
        columns = ", ".join(f"cast({name} as {kind})" for name, kind in landed.COLUMNS.items())
        con.execute("delete from bare.weights")
        con.execute(f"insert into bare.weights select {columns} from rows")


def build(builder: Builder, world: World, months: int, windows: tuple[int, ...] = inputs.WINDOWS) -> None:
    """Draws one world, builds what is learnt from, fits its last month ends and builds what follows from them."""
    load.write(builder.database, [draw(world)])
    builder.build(BEFORE)
    land_weights(builder.database, months, windows)
    builder.build(AFTER)


def readiness(worlds: int, accounts: int, months: int, report: Callable[[str], None]) -> pd.DataFrame:
    """One row with planted effects and one without any: expected by what came, calibration and discrimination, all worlds pooled."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        builder = Builder(Path(folder) / "simulation.duckdb", Path(folder) / "target")
        for name, planted in (("effects", PLANTED), ("nothing", NOTHING)):
            forecasts, judged, aucs = [], [], []
            for seed in range(1, worlds + 1):
                # The month and its calibration ask for the shortest window alone.
                build(builder, World(seed=seed, triggers=planted, accounts=accounts), months, inputs.WINDOWS[:1])
                with duckdb.connect(str(builder.database), read_only=True) as con:
                    forecasts.append(con.execute(FORECASTS).df())
                    judged.append(con.execute(JUDGED).df())
                    aucs += con.execute(AUC).df()["auc"].tolist()
                report(f"{name}: world {seed}")
            rows.append({"worlds": name} | _pooled(pd.concat(forecasts), pd.concat(judged), aucs))
    return pd.DataFrame(rows)


FORECASTS = """
    select * from intermediate.int_readiness_forecast
    where segment = 'all' and tier = 'all' and expected_arr is not null and actual_arr is not null
"""
JUDGED = "select probability, outcome from intermediate.int_readiness_judged where window_days = 30"
AUC = "select auc from intermediate.int_readiness_discrimination where window_days = 30 and period = 'all'"


def _pooled(forecasts: pd.DataFrame, judged: pd.DataFrame, aucs: list[float]) -> dict[str, float]:
    p, y = judged["probability"].to_numpy(), judged["outcome"].to_numpy()
    intercept, slope = logistic_line(np.log(p / (1 - p)), y)
    inside = forecasts["actual_arr"].between(forecasts["expected_arr_low"], forecasts["expected_arr_high"])
    return {
        "months": len(forecasts),
        "expected_by_expanded": p.sum() / y.sum(),
        "expected_by_actual_arr": forecasts["expected_arr"].sum() / forecasts["actual_arr"].sum(),
        "inside_interval": inside.mean(),
        "slope": slope,
        "intercept": intercept,
        "auc": float(np.mean(aucs)),
    }


def logistic_line(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Intercept and slope of the logistic regression of y on x, without a penalty."""
    line = np.array([0.0, 1.0])
    design = np.column_stack([np.ones(len(x)), x])
    for _ in range(25):
        p = 1 / (1 + np.exp(-design @ line))
        line = line + np.linalg.solve(design.T @ (design * (p * (1 - p))[:, None]), design.T @ (y - p))
    return float(line[0]), float(line[1])
