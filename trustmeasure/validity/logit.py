"""Logistic regressions: one with its errors (statsmodels), and many of resampled rows at once."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

STEPS = 50
SEPARATED = "The predictors part the outcomes perfectly, so that there is no finite solution."
LARGEST = 30.0
"""Linear predictors beyond this are those of a solution that runs off to infinity."""
SMALL = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Logistic:
    """A fitted logistic regression.

    Attributes
    ----------
    slopes, errors : arrays, shape (k + 1,)
        Coefficients, the intercept first, with standard errors.
    log_likelihood, null : float
        Log-likelihoods of the model and of the intercept alone.
    probabilities : array, shape (n,)
        Fitted probabilities.
    """

    slopes: Array
    errors: Array
    log_likelihood: float
    null: float
    probabilities: Array

    @property
    def mcfadden(self) -> float:
        """McFadden's pseudo R-squared."""
        return 1.0 - self.log_likelihood / self.null

    def tjur(self, outcome: Array) -> float:
        """Return Tjur's coefficient of discrimination."""
        return float(self.probabilities[outcome == 1].mean() - self.probabilities[outcome == 0].mean())


def logistic(x: Array, outcome: Array) -> Logistic | None:
    """Return the regression of an outcome (0 or 1) on x (n, k); None where there is no finite solution."""
    import statsmodels.api as sm

    design = np.column_stack([np.ones(len(x)), x])
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            found = sm.Logit(outcome, design).fit(disp=0, method="newton", maxiter=STEPS, tol=1e-12)
        except Exception as problem:
            if type(problem).__name__ in {"PerfectSeparationError", "LinAlgError"}:
                return None
            raise
    runaway = np.abs(design @ np.asarray(found.params)).max() > LARGEST
    if runaway or not np.isfinite(found.bse).all():
        return None
    return Logistic(
        np.asarray(found.params),
        np.asarray(found.bse),
        float(found.llf),
        float(found.llnull),
        np.asarray(found.predict(design)),
    )


def resampled_mcfadden(x: Array, outcome: Array, counts: Array) -> Array:
    """Return McFadden's R-squared of samples, given how often each row is in them, shape (b,).

    NaN for a sample without a finite solution.

    Parameters
    ----------
    x : array, shape (n, k)
        Predictors.
    outcome : array, shape (n,)
        0 or 1.
    counts : array, shape (b, n)
        How often each row was drawn.
    """
    design = np.column_stack([np.ones(len(x)), x])
    size, share = counts.sum(axis=1), counts @ outcome / counts.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        null = size * (share * np.log(share) + (1 - share) * np.log1p(-share))
        fitted = _likelihoods(design, outcome, counts)
        found = 1.0 - fitted / null
    return np.asarray(np.where((share > 0) & (share < 1), found, np.nan))


def _likelihoods(design: Array, outcome: Array, counts: Array) -> Array:
    """Return maximal log-likelihoods by Newton's method, shape (b,)."""
    n, k = design.shape
    products = (design[:, :, None] * design[:, None, :]).reshape(n, k * k)
    slopes = np.zeros((len(counts), k))
    done = np.zeros(len(counts), dtype=bool)
    ridge = SMALL * np.eye(k)
    for _ in range(STEPS):
        chance = _chance(slopes @ design.T)
        gradient = (counts * (outcome - chance)) @ design
        bend = ((counts * chance * (1 - chance)) @ products).reshape(-1, k, k) + ridge
        step = np.linalg.solve(bend, gradient[..., None])[..., 0]
        slopes = slopes + np.clip(step, -5.0, 5.0)
        done = np.abs(step).max(axis=1) < SMALL
        if done.all():
            break
    linear = slopes @ design.T
    done &= np.abs(linear).max(axis=1) < LARGEST
    value = (counts * (outcome * linear - np.logaddexp(0.0, linear))).sum(axis=1)
    return np.asarray(np.where(done, value, np.nan))


def _chance(linear: Array) -> Array:
    from scipy.special import expit

    return np.asarray(expit(linear))
