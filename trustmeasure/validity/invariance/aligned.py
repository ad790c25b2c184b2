"""One factor aligned: parameters in a common unit, their errors, and which are approximately invariant."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from trustmeasure.validity.invariance.simplicity import FLAT, Minima, Simplicity, minimise

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Aligned:
    """An aligned factor, in the unit of the reference group, whose standard deviation is 1.

    Attributes
    ----------
    mean, sd : arrays, shape (G,)
        Of the factor in each group.
    loading, intercept : arrays, shape (G, p)
        Aligned.
    cov : array, shape (2 G + 2 G p,) twice
        Covariance matrix of mean, sd, loading and intercept, in this order; NaN where there is none.
    minima : Minima
        What the starts found.
    by_loading, by_intercept : arrays, shape (p,)
        What each item brings to the simplicity function.
    flat : bool
        Whether the simplicity function is flat in a direction, so that there are no standard errors.
    """

    mean: Array
    sd: Array
    loading: Array
    intercept: Array
    cov: Array
    minima: Minima
    by_loading: Array
    by_intercept: Array
    flat: bool

    def block(self, what: int, item: int) -> Array:
        """Return the covariance matrix (G, G) of an item's loadings (what = 0) or intercepts (1)."""
        n_groups, p = self.loading.shape
        at = 2 * n_groups + what * n_groups * p + np.arange(n_groups) * p + item
        return np.asarray(self.cov[np.ix_(at, at)])

    def errors(self) -> tuple[Array, Array, Array, Array]:
        """Return standard errors of mean, sd, loading and intercept."""
        n_groups, p = self.loading.shape
        se = np.sqrt(np.where(np.diag(self.cov) >= 0, np.diag(self.cov), np.nan))
        first, second = se[:n_groups], se[n_groups : 2 * n_groups]
        loading, intercept = np.split(se[2 * n_groups :], 2)
        return first, second, loading.reshape(n_groups, p), intercept.reshape(n_groups, p)


def align(
    problem: Simplicity, reference: int, cov: Array | None, starts: int, rng: np.random.Generator
) -> Aligned:
    """Align one factor.

    Parameters
    ----------
    problem : Simplicity
        Its configural parameters.
    reference : int
        The group whose standard deviation is the unit.
    cov : array, shape (2 G p, 2 G p), or None
        Covariance matrix of loadings, then intercepts, group by group.
    starts : int
        Points that the search starts from.
    rng : Generator
        For the random ones.
    """
    best = minimise(problem, starts, rng)
    b = np.concatenate([problem.loading.ravel(), problem.intercept.ravel()])
    mean, sd, loading, intercept = _in_unit(problem, reference, best.x, b)
    total = mean.size + sd.size + b.size
    moves = _moves(problem, best.x)
    spread = np.full((total, total), np.nan)
    if cov is not None and moves is not None:
        slope = _total_slope(problem, reference, best.x, b, moves)
        spread = slope @ cov @ slope.T
    by_loading, by_intercept = problem.by_item(best.x)
    shape = problem.loading.shape
    return Aligned(
        mean=mean.real,
        sd=sd.real,
        loading=loading.real.reshape(shape),
        intercept=intercept.real.reshape(shape),
        cov=spread,
        minima=best,
        by_loading=by_loading,
        by_intercept=by_intercept,
        flat=moves is None,
    )


def _in_unit(
    problem: Simplicity, reference: int, x: npt.NDArray[np.generic], b: npt.NDArray[np.generic]
) -> tuple[Array, Array, Array, Array]:
    """Return mean, sd, loading and intercept in the unit of the reference group; complex where asked so."""
    n_groups, p = problem.loading.shape
    own = np.asarray(x[: n_groups - 1])
    sd = np.exp(np.append(own, -own.sum()))
    mean = np.zeros(n_groups, dtype=sd.dtype)
    mean[problem.free_means] = x[n_groups - 1 :]
    loading0, intercept0 = np.asarray(b[: n_groups * p]), np.asarray(b[n_groups * p :])
    loading = loading0.reshape(n_groups, p) / sd[:, None]
    intercept = intercept0.reshape(n_groups, p) - mean[:, None] * loading
    unit = sd[reference]
    return mean / unit, sd / unit, (loading * unit).ravel(), intercept.ravel()


def _moves(problem: Simplicity, x: Array) -> Array | None:
    """Return how the parameters move with loadings and intercepts, shape (k, 2 G p); None where F is flat."""
    hessian = problem.hessian(x)
    values = np.linalg.eigvalsh(hessian)
    if not values[0] > FLAT * values[-1]:
        return None
    return np.asarray(-np.linalg.solve(hessian, problem.mixed(x)))


def _total_slope(problem: Simplicity, reference: int, x: Array, b: Array, moves: Array) -> Array:
    """Return the derivatives of all aligned quantities by loadings and intercepts, by the complex step."""
    h, columns = 1e-30, []
    for i in range(b.size):
        step = np.zeros(b.size, dtype=complex)
        step[i] = 1j * h
        parts = _in_unit(problem, reference, x + 1j * h * moves[:, i], b + step)
        columns.append(np.concatenate(parts).imag / h)
    return np.stack(columns, axis=1)


@dataclass(frozen=True, slots=True)
class ItemTest:
    """Which groups share a parameter of an item.

    Attributes
    ----------
    invariant : array of bool, shape (G,)
        The groups of the invariant set.
    average : float
        Average in it, weighted by rows.
    p_value : array, shape (G,)
        Of each group's difference from the average of the set.
    """

    invariant: Flags
    average: float
    p_value: Array


def invariant_set(
    values: Array, cov: Array, n_obs: Array, *, p_pair: float = 0.01, p_group: float = 0.001
) -> ItemTest:
    """Find the groups that share a parameter (Asparouhov & Muthen 2014).

    Groups whose values do not differ at `p_pair` are connected, and the largest connected set starts. Then
    every group is compared with the average of the set: those that differ at `p_group` leave it, others join,
    until it stays as it is.

    Parameters
    ----------
    values : array, shape (G,)
        The aligned parameter.
    cov : array, shape (G, G)
        Its covariance matrix.
    n_obs : array, shape (G,)
        Rows.
    p_pair, p_group : float
        Levels.
    """
    if not np.isfinite(cov).all():
        nothing = np.full(values.size, np.nan)
        return ItemTest(np.zeros(values.size, dtype=bool), float(np.average(values, weights=n_obs)), nothing)
    variance = np.diag(cov)
    gap = values[:, None] - values
    pair_p = _two_sided(gap, variance[:, None] + variance - 2 * cov)
    now = _largest_set(pair_p > p_pair, n_obs)
    seen: set[bytes] = set()
    while True:
        average, p = _against(values, cov, n_obs, now)
        new = p > p_group
        if not new.any() or (new == now).all() or new.tobytes() in seen:
            return ItemTest(now, average, p)
        seen.add(new.tobytes())
        now = new


def _against(values: Array, cov: Array, n_obs: Array, now: Flags) -> tuple[float, Array]:
    weight = np.where(now, n_obs, 0.0)
    weight = weight / weight.sum()
    average = float(weight @ values)
    away = np.eye(values.size) - weight
    return average, _two_sided(values - average, np.einsum("ij,jk,ik->i", away, cov, away))


def _two_sided(gap: Array, variance: Array) -> Array:
    """Return p-values of differences with variances; 1 for what does not vary and does not differ."""
    sd = np.sqrt(np.maximum(variance, 0.0))
    with np.errstate(invalid="ignore", divide="ignore"):
        z = np.where(sd > 1e-12, np.abs(gap) / sd, np.where(np.abs(gap) < 1e-12, 0.0, np.inf))
    return np.asarray(2.0 * ndtr(-z))


def _largest_set(connected: Flags, n_obs: Array) -> Flags:
    """Return the largest set of connected groups, also through others; of equals that with most rows."""
    left, best = set(range(len(connected))), np.zeros(len(connected), dtype=bool)
    while left:
        found, edge = set(), {min(left)}
        while edge:
            found |= edge
            edge = {j for i in edge for j in np.flatnonzero(connected[i]).tolist()} - found
        left -= found
        own = np.isin(np.arange(len(connected)), list(found))
        if (own.sum(), n_obs[own].sum()) > (best.sum(), n_obs[best].sum()):
            best = own
    return best


def explained(configural: Array, predicted: Array) -> float:
    """Return the share of the variance of configural parameters between groups that mean and unit explain."""
    whole = float(np.var(configural))
    return 1.0 - float(np.var(configural - predicted)) / whole if whole > 1e-20 else float("nan")
