"""Terms of additive points: the bins of a signal, the levels of what else is known, and the matrix of who has which."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from .inputs import STRATA, Inputs

QUANTILES = (0.2, 0.4, 0.6, 0.8)
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Term:
    """One of them: of a signal the bin low < value <= high, None being no end, or its unknown values."""

    term_type: str
    term: str
    level: str
    low: float | None = None
    high: float | None = None

    @property
    def is_added(self) -> bool:
        """Whether it adds to an account as it stands; the levels of all others exclude each other and are compared."""
        return self.term_type == "trigger"


def inner_edges(values: np.ndarray) -> np.ndarray:
    """Upper ends of all quantile bins but the last: values that occur, each once. NaN is left out."""
    known = values[~np.isnan(values)]
    if not len(known):
        return known
    edges = np.unique(np.quantile(known, QUANTILES, method="inverted_cdf"))
    return edges[edges < known.max()]


def of(inputs: Inputs, learnt: np.ndarray) -> tuple[list[Term], sparse.csr_matrix]:
    """The terms that occur among the account-weeks learnt from, and the matrix [all account-weeks, terms] of 0 and 1.

    learnt marks the rows of inputs.states; bins and levels come from them alone.
    """
    terms: list[Term] = []
    columns: list[np.ndarray] = []

    def add(term: Term, rows: np.ndarray) -> None:
        if learnt[rows].any():
            terms.append(term)
            columns.append(rows)

    for signal in inputs.signals:
        values = inputs.states[signal].to_numpy(dtype=float, na_value=np.nan)
        edges = inner_edges(values[learnt])
        # low < value <= high: the first edge that is not below the value.
        bins = np.where(np.isnan(values), -1, np.searchsorted(edges, values, side="left"))
        ends = [None, *edges.tolist(), None]
        for place in range(len(edges) + 1):
            add(Term("signal", signal, f"bin_{place + 1}", ends[place], ends[place + 1]), np.flatnonzero(bins == place))
        add(Term("signal", signal, UNKNOWN), np.flatnonzero(bins == -1))
    for name in (*STRATA, "last_expansion"):
        levels = inputs.states[name].astype(str).to_numpy(dtype=object)
        for level in sorted(set(levels[learnt])):
            add(
                Term("history" if name == "last_expansion" else "stratum", name, level), np.flatnonzero(levels == level)
            )
    for (trigger, recency), group in inputs.triggers.groupby(["trigger_id", "recency"], sort=True):
        add(Term("trigger", trigger, recency), group["row"].to_numpy())
    return terms, _matrix(columns, len(inputs.states))


def _matrix(columns: list[np.ndarray], n_rows: int) -> sparse.csr_matrix:
    ends = np.cumsum([0, *map(len, columns)])
    rows = np.concatenate(columns) if columns else np.empty(0, dtype=int)
    return sparse.csc_matrix((np.ones(len(rows)), rows, ends), shape=(n_rows, len(columns))).tocsr()


def centres(terms: list[Term], coefficients: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """What each term is compared with: the mean coefficient of its kin, by how many account-weeks each has; 0 if added."""
    frame = pd.DataFrame({"kin": [(term.term_type, term.term) for term in terms], "n": counts, "c": coefficients})
    weighted = frame.assign(nc=frame["n"] * frame["c"]).groupby("kin")[["nc", "n"]].transform("sum")
    means = (weighted["nc"] / weighted["n"].where(weighted["n"] > 0)).fillna(0).to_numpy()
    return np.where([term.is_added for term in terms], 0.0, means)
