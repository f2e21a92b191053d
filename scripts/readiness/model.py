"""The fit: L2-penalised logistic regressions on the terms, the intercept set anew on the latest complete windows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.model_selection import GroupKFold

from . import terms as terms_of
from .inputs import WINDOWS, Inputs
from .terms import Term

# So many points double the odds.
POINTS = 20 / np.log(2)
# Fewer expansions teach nothing that holds.
LEAST_EXPANSIONS = 50
# What is older says little of today's accounts.
LEARNT_DAYS = 730
# The share that expands drifts: the intercept follows it.
LATEST_DAYS = 180
PENALTIES = (0.001, 0.003, 0.01, 0.03, 0.1)
FOLDS = 3
# Neighbouring weeks are nearly the same: the penalty is chosen on every fourth.
THINNED = 4
ITERATIONS = 2000


@dataclass(frozen=True)
class Fit:
    """One window's weights; arrays are as long as terms."""

    terms: list[Term]
    coefficients: np.ndarray
    errors: np.ndarray
    counts: np.ndarray
    successes: np.ndarray
    intercept: float
    intercept_error: float
    account_weeks: int
    expanded_account_weeks: int
    penalty: float


def weights(inputs: Inputs, fitted_as_of: pd.Timestamp, windows: tuple[int, ...] = WINDOWS) -> pd.DataFrame:
    """The rows to land: one a window and term, the intercept one of them; one with a note where nothing can be learnt."""
    frames = []
    # All windows have the terms of the shortest, which is known of the most account-weeks.
    learnt, outcomes = _learnt(inputs, fitted_as_of, windows[0])
    terms, matrix = terms_of.of(inputs, learnt)
    for days in windows:
        learnt, outcomes = _learnt(inputs, fitted_as_of, days)
        expansions = _expansions(inputs, learnt, fitted_as_of)
        if expansions < LEAST_EXPANSIONS or outcomes[learnt].all():
            frames.append(_nothing_learnt(expansions, fitted_as_of, days))
            continue
        penalty = chosen_penalty(inputs, matrix, learnt, outcomes)
        latest = learnt & (inputs.states["known_at"] >= fitted_as_of - pd.Timedelta(days=LATEST_DAYS)).to_numpy()
        fitted = fit(terms, matrix, learnt, latest, outcomes, inputs.states["account_id"].to_numpy(), penalty)
        frames.append(_rows(fitted, days))
    return pd.concat(frames, ignore_index=True).assign(fitted_as_of=fitted_as_of)


def _learnt(inputs: Inputs, fitted_as_of: pd.Timestamp, days: int) -> tuple[np.ndarray, np.ndarray]:
    """Which account-weeks have a window that had ended, and which of all expanded in it; what came later is not looked at."""
    moments = inputs.states["known_at"]
    learnt = (moments + pd.Timedelta(days=days) <= fitted_as_of) & (
        moments > fitted_as_of - pd.Timedelta(days=LEARNT_DAYS)
    )
    outcomes = inputs.states[f"has_expanded_{days}d"].astype("boolean").fillna(False).to_numpy(dtype=bool)
    return learnt.to_numpy(), outcomes


def _expansions(inputs: Inputs, learnt: np.ndarray, fitted_as_of: pd.Timestamp) -> int:
    """Expansions that some account-week learnt from may have had in its window, each once."""
    first = inputs.states[learnt].groupby("account_id")["known_at"].min()
    since = inputs.expansions["account_id"].map(first)
    moments = inputs.expansions["expanded_at"]
    return int(((moments > since) & (moments <= fitted_as_of)).sum())


def _nothing_learnt(expansions: int, fitted_as_of: pd.Timestamp, days: int) -> pd.DataFrame:
    note = f"{expansions} expansions to learn from by {fitted_as_of:%Y-%m-%d}: at least {LEAST_EXPANSIONS} are needed"
    return pd.DataFrame([{"window_days": days, "term_type": "intercept", "term": "intercept", "note": note}])


def chosen_penalty(inputs: Inputs, matrix: sparse.csr_matrix, learnt: np.ndarray, outcomes: np.ndarray) -> float:
    """The penalty with the least log loss on accounts that it was not fitted on; the weeks of an account stay together."""
    weeks = inputs.states["known_on"].rank(method="dense").to_numpy(dtype=int)
    thinned = learnt & (weeks % THINNED == weeks[learnt].max() % THINNED)
    x, y, accounts = matrix[thinned], outcomes[thinned], inputs.states["account_id"][thinned]
    losses = np.zeros(len(PENALTIES))
    for train, test in GroupKFold(FOLDS).split(x, y, accounts) if accounts.nunique() >= FOLDS else ():
        if y[train].all() or not y[train].any():
            continue
        # As many weights as the whole has, so that the penalty weighs as it will.
        scale = np.full(len(train), float(THINNED))
        # From the strongest penalty to the weakest, each from where the last one ended.
        model = LogisticRegression(max_iter=ITERATIONS, warm_start=True)
        for place, penalty in enumerate(PENALTIES):
            model.set_params(C=penalty).fit(x[train], y[train], scale)
            losses[place] += log_loss(
                y[test], model.predict_proba(x[test])[:, 1], normalize=False, labels=[False, True]
            )
    return PENALTIES[int(np.argmin(losses))]


def fit(
    terms: list[Term],
    matrix: sparse.csr_matrix,
    learnt: np.ndarray,
    latest: np.ndarray,
    outcomes: np.ndarray,
    accounts: np.ndarray,
    penalty: float,
) -> Fit:
    """One window's regression; its intercept then makes the expected number of the latest windows the observed one.

    matrix is [account-weeks, terms]; learnt, latest (part of it), outcomes and accounts are as long as its rows.
    """
    x, y = matrix[learnt], outcomes[learnt]
    model = LogisticRegression(C=penalty, tol=1e-6, max_iter=ITERATIONS).fit(x, y)
    coefficients = model.coef_[0]
    errors = clustered_errors(model, x, y, accounts[learnt])
    return Fit(
        terms=terms,
        coefficients=coefficients,
        errors=errors[:-1],
        counts=np.asarray(x.sum(axis=0)).ravel(),
        successes=np.asarray(x[y].sum(axis=0)).ravel(),
        intercept=set_anew(matrix[latest] @ coefficients, outcomes[latest], float(model.intercept_[0])),
        intercept_error=float(errors[-1]),
        account_weeks=len(y),
        expanded_account_weeks=int(y.sum()),
        penalty=penalty,
    )


def set_anew(scores: np.ndarray, outcomes: np.ndarray, intercept: float) -> float:
    """The intercept with which the probabilities add up to the outcomes; as it was where all or none came."""
    observed = outcomes.sum()
    if not 0 < observed < len(outcomes):
        return intercept
    for _ in range(100):
        p = 1 / (1 + np.exp(-(scores + intercept)))
        step = np.clip((observed - p.sum()) / (p * (1 - p)).sum(), -2, 2)
        intercept += step
        if abs(step) < 1e-13:
            break
    return float(intercept)


def clustered_errors(
    model: LogisticRegression, x: sparse.csr_matrix, y: np.ndarray, accounts: np.ndarray
) -> np.ndarray:
    """Standard errors [terms and intercept] of the penalised fit: the weeks of one account are one witness (sandwich)."""
    p = model.predict_proba(x)[:, 1]
    terms = sparse.hstack([x, np.ones((len(y), 1))]).tocsr()
    hessian = (terms.T @ terms.multiply((p * (1 - p))[:, None])).toarray()
    hessian[np.diag_indices(len(hessian) - 1)] += 1 / model.C
    _, clusters = np.unique(accounts, return_inverse=True)
    by_account = sparse.csr_matrix((y - p, (clusters, np.arange(len(y)))), shape=(clusters.max() + 1, len(y)))
    scores = (by_account @ terms).toarray()
    bread = np.linalg.inv(hessian)
    return np.sqrt(np.maximum(np.diag(bread @ (scores.T @ scores) @ bread), 0))


def _rows(fitted: Fit, days: int) -> pd.DataFrame:
    centres = terms_of.centres(fitted.terms, fitted.coefficients, fitted.counts)
    kin = {(term.term_type, term.term): centre for term, centre in zip(fitted.terms, centres, strict=True)}
    rows = [
        {
            "term_type": term.term_type,
            "term": term.term,
            "level": term.level,
            "low": term.low,
            "high": term.high,
            "coefficient": coefficient,
            "points": (coefficient - centre) * POINTS,
            "standard_error": error,
            "account_weeks": count,
            "expanded_account_weeks": expanded,
        }
        for term, coefficient, centre, error, count, expanded in zip(
            fitted.terms,
            fitted.coefficients,
            centres,
            fitted.errors,
            fitted.counts,
            fitted.successes,
            strict=True,
        )
    ]
    intercept = {
        "term_type": "intercept",
        "term": "intercept",
        "coefficient": fitted.intercept,
        # What an account has that is the average in everything, and that no trigger started on.
        "points": (fitted.intercept + sum(kin.values())) * POINTS,
        "standard_error": fitted.intercept_error,
        "account_weeks": fitted.account_weeks,
        "expanded_account_weeks": fitted.expanded_account_weeks,
    }
    return pd.DataFrame([intercept, *rows]).assign(window_days=days, penalty=fitted.penalty)
