r"""Regressions of each variable on covariates: ordered probit and linear, by maximum likelihood.

The ordered probit model of McKelvey & Zavoina (1975, Journal of Mathematical Sociology 4(1), 103-120): with
:math:`x` the covariates, category c has the probability
:math:`\Phi(\tau_{c + 1} - x \beta) - \Phi(\tau_c - x \beta)`. Its log-likelihood is concave (Pratt 1981,
Journal of the American Statistical Association 76(373), 103-106), so Newton's method with shorter steps where
one is too long finds its only maximum.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from trustmeasure.errors import DataError
from trustmeasure.moments.bivariate_normal import FAR

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Index = npt.NDArray[np.intp]

MOST_STEPS = 100
HALVINGS = 30
SMALL = 1e-10
"""A step below this, in standard errors, is the last one."""
VAGUE = 1e4
"""Variances that grow to this multiple of those at the start belong to a likelihood without highest point."""


def linear_regression(y: Array, x: Array, weights: Array | None = None) -> tuple[float, Array, float]:
    """Return intercept, slopes (k,) and residual variance (divisor n) of y (n,) on x (n, k)."""
    root = np.ones(len(y)) if weights is None else np.sqrt(weights)
    design = np.column_stack([np.ones(len(y)), x]) * root[:, None]
    found = np.linalg.lstsq(design, y * root, rcond=None)[0]
    rest = y * root - design @ found
    return float(found[0]), np.asarray(found[1:]), float(rest @ rest / (root @ root))


def probit_regression(
    codes: Index, x: Array, thresholds: Array, name: str, weights: Array | None = None
) -> tuple[Array, Array]:
    """Return thresholds and slopes of an ordered probit regression.

    Parameters
    ----------
    codes : array of int, shape (n,)
        Categories from 0.
    x : array, shape (n, k)
        Covariates.
    thresholds : array, shape (t,)
        Where to start: those without covariates.
    name : str
        The variable, for messages.
    weights : array, shape (n,), or None
        What each row counts for.

    Returns
    -------
    thresholds : array, shape (t,)
    slopes : array, shape (k,)

    Raises
    ------
    DataError
        When the covariates tell categories apart without error, so that the likelihood has no maximum.
    """
    model = OrderedProbit.of(codes, x, thresholds.size, weights)
    now = np.concatenate([thresholds, np.zeros(x.shape[1])])
    value = model.loglikelihood(now)
    first: Array | None = None
    for _ in range(MOST_STEPS):
        slope, bend = model.derivatives(now)
        variances = _variances(bend)
        first = variances if first is None else first
        if (variances > VAGUE * first).any():
            break
        step = np.asarray(np.linalg.solve(bend, slope), dtype=float)
        now, value = model.climb(now, step, value)
        if float(slope @ step) < SMALL**2:
            return now[: thresholds.size], now[thresholds.size :]
    raise DataError(
        f"The covariates tell the categories of {name} apart without error, so that its probit regression "
        "has no solution. Leave out the covariate that does, or merge rare categories."
    )


def _variances(bend: Array) -> Array:
    """Return the variances that second derivatives promise; huge when these are singular."""
    values, vectors = np.linalg.eigh(bend)
    return np.asarray(vectors**2 @ (1.0 / np.maximum(values, 1e-12 * values[-1])))


@dataclass(frozen=True, slots=True)
class OrderedProbit:
    """The log-likelihood of an ordered probit regression as a function of thresholds and slopes.

    Attributes
    ----------
    upper, lower : array, shape (n, t + k)
        What thresholds and slopes are multiplied by in the bounds of each row.
    first, last : array of bool, shape (n,)
        Rows without a lower, and without an upper bound.
    weights : array, shape (n,)
        What each row counts for.
    """

    upper: Array
    lower: Array
    first: Flags
    last: Flags
    weights: Array

    @classmethod
    def of(cls, codes: Index, x: Array, size: int, weights: Array | None) -> OrderedProbit:
        """Take categories (n,), covariates (n, k) and the number of thresholds."""
        ends = np.vstack([np.zeros(size), np.eye(size), np.zeros(size)])
        upper, lower = np.hstack([ends[codes + 1], -x]), np.hstack([ends[codes], -x])
        weight = np.ones(len(codes)) if weights is None else weights
        return cls(upper, lower, codes == 0, codes == size, weight)

    def _bounds(self, at: Array) -> tuple[Array, Array]:
        return np.where(self.first, -FAR, self.lower @ at), np.where(self.last, FAR, self.upper @ at)

    def loglikelihood(self, at: Array) -> float:
        """Return the log-likelihood; minus infinity where thresholds are not in order."""
        lower, upper = self._bounds(at)
        share = interval(lower, upper)
        return float(self.weights @ np.log(share)) if (share > 0.0).all() else -np.inf

    def derivatives(self, at: Array) -> tuple[Array, Array]:
        """Return the gradient and the negative matrix of second derivatives."""
        lower, upper = self._bounds(at)
        share = np.maximum(interval(lower, upper), 1e-300)
        low, high = (np.exp(-0.5 * e**2) / (np.sqrt(2.0 * np.pi) * share) for e in (lower, upper))
        slope = self.upper.T @ (self.weights * high) - self.lower.T @ (self.weights * low)
        across = self.upper.T @ (self.lower * (self.weights * low * high)[:, None])
        bend = self.upper.T @ (self.upper * (self.weights * high * (high + upper))[:, None])
        bend += self.lower.T @ (self.lower * (self.weights * low * (low - lower))[:, None])
        return slope, bend - across - across.T

    def climb(self, now: Array, step: Array, value: float) -> tuple[Array, float]:
        """Return where a step leads, and the log-likelihood there: half the step as long as that is lower."""
        least = value - 1e-9 * abs(value)
        for _ in range(HALVINGS):
            there = now + step
            found = self.loglikelihood(there)
            if found >= least:
                return there, found
            step = 0.5 * step
        return now, value


def interval(lower: Array, upper: Array) -> Array:
    """Return the probability between bounds, computed in the tail where nothing cancels."""
    turned = lower > 0.0
    a, b = np.where(turned, -upper, lower), np.where(turned, -lower, upper)
    return np.asarray(ndtr(b) - ndtr(a))
