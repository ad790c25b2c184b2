"""Unrotated factors out of a correlation matrix: minimum residuals, maximum likelihood, principal axes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from trustmeasure.check import at_least, one_of
from trustmeasure.errors import ArgumentError, ConvergenceError, DataError
from trustmeasure.factors.newton import Derivatives, minimise
from trustmeasure.frames import Array
from trustmeasure.threads import one_thread

Method = Literal["minres", "ml", "pa"]
METHODS = ("minres", "ml", "pa")
LEAST = 0.005
"""Least uniqueness that minres and ML may reach."""
SINGULAR = 1e-10
"""Smallest eigenvalue, relative to the largest, of a matrix that is treated as one of full rank."""


@dataclass(frozen=True, slots=True, eq=False)
class Extraction:
    """Unrotated factors of p variables.

    Attributes
    ----------
    method : str
        "minres", "ml" or "pa".
    loadings : array, shape (p, m)
        Orthogonal factors, the largest eigenvalue first; each column sums to a positive number.
    uniquenesses : array, shape (p,)
        What the factors leave of each variance.
    objective : float
        Value that was minimised: half the sum of squared residuals, or the ML discrepancy.
    iterations : int
        Steps taken.
    converged : bool
        Whether the search ended at a minimum.
    heywood : array of bool, shape (p,)
        Variables whose uniqueness stands at its bound (minres, ML) or is not positive (principal axes).
    """

    method: str
    loadings: Array
    uniquenesses: Array
    objective: float
    iterations: int
    converged: bool
    heywood: npt.NDArray[np.bool_]

    @property
    def communalities(self) -> Array:
        """What the factors explain of each variance, shape (p,)."""
        return np.asarray((self.loadings**2).sum(axis=1))


@one_thread
def extract(
    corr: Array,
    n_factors: int,
    method: Method = "minres",
    *,
    lower: float = LEAST,
    tolerance: float = 1e-10,
    max_iter: int = 10_000,
) -> Extraction:
    """Return unrotated factors of a correlation matrix R with loadings L and uniquenesses P.

    Minimum residuals minimises the squared residuals of R - LL' - P, which is unweighted least squares
    (Harman and Jones 1966). Maximum likelihood minimises log|S| + tr(R inv(S)) - log|R| - p with S = LL' + P
    (Joereskog 1967). Both are solved for the uniquenesses alone by Newton steps with exact second
    derivatives, between `lower` and 1. Principal axes repeats an eigen-decomposition with the communalities
    on the diagonal, beginning with squared multiple correlations, until their sum changes by less than
    `tolerance`; when nothing stands at a bound it ends at the solution of minimum residuals.

    Parameters
    ----------
    corr : array, shape (p, p)
        Correlations without gaps.
    n_factors : int
        Number of factors m, at least 1 and below p.
    method : {"minres", "ml", "pa"}
        Kind of extraction.
    lower : float
        Least uniqueness for "minres" and "ml".
    tolerance, max_iter : float, int
        When "pa" ends.

    Returns
    -------
    Extraction
        Loadings, uniquenesses and what happened on the way.

    Raises
    ------
    ArgumentError
        For an unknown method, or more factors than the variables can carry.
    DataError
        If `corr` has gaps, or if ML is asked of a matrix that is not positive definite.
    ConvergenceError
        If there is no solution, which holds what was reached.

    Notes
    -----
    Checked against: R 4.2.2 `factanal` and psych 2.2.9 `fa` (tests/reference/factors/extraction.R).

    Examples
    --------
    >>> import numpy as np
    >>> loadings = np.array([0.9, 0.8, 0.7, 0.6])
    >>> corr = np.outer(loadings, loadings)
    >>> np.fill_diagonal(corr, 1.0)
    >>> extract(corr, 1).loadings.ravel().round(6)
    array([0.9, 0.8, 0.7, 0.6])
    """
    one_of("extraction", method, METHODS)
    s = checked(corr, n_factors)
    found = _principal_axis(s, n_factors, tolerance, max_iter) if method == "pa" else None
    return found or _bounded(s, n_factors, method, lower)


def checked(corr: Array, n_factors: int) -> Array:
    """Return the matrix, or raise what stands in the way of `n_factors` factors of it."""
    s = np.asarray(corr, dtype=float)
    p = s.shape[0]
    at_least("n_factors", n_factors, 1)
    if not np.isfinite(s).all():
        raise DataError("The correlation matrix has gaps. Leave out items without answers or variance.")
    if n_factors >= p or degrees_of_freedom(p, n_factors) < 0:
        raise ArgumentError(
            f"n_factors={n_factors} needs more parameters than {p} variables have correlations; "
            f"at most {most_factors(p)} can be found. Ask for fewer factors, or add items."
        )
    return s


def degrees_of_freedom(p: int, m: int) -> int:
    """Return ((p - m)^2 - p - m) / 2: correlations minus free parameters."""
    return ((p - m) ** 2 - p - m) // 2


def most_factors(p: int) -> int:
    """Return the largest number of factors of p variables with as many correlations as free parameters."""
    return max((m for m in range(1, p) if degrees_of_freedom(p, m) >= 0), default=0)


def squared_multiple_correlations(s: Array) -> Array:
    """Return 1 - 1 / diag(inv(S)), shape (p,); by the pseudo-inverse when S is singular."""
    inverse = np.linalg.pinv(s, rcond=SINGULAR, hermitian=True)
    return np.clip(1.0 - 1.0 / np.maximum(np.diag(inverse), 1.0), 0.0, 1.0)


def _start(s: Array, m: int, lower: float) -> Array:
    """Return first uniquenesses (Joereskog 1963): a share of the residual variances of regressions."""
    share = 1.0 - m / (2.0 * len(s))
    return np.clip(share * (1.0 - squared_multiple_correlations(s)), max(lower, 0.02), 1.0)


def _bounded(s: Array, m: int, method: str, lower: float) -> Extraction:
    p = len(s)
    start, bounds = _start(s, m, lower), (np.full(p, lower), np.ones(p))
    if method == "ml":
        _require_definite(s)
        low, high = (np.log(bound) for bound in bounds)
        found = minimise(lambda x: _likelihood(s, m, x), np.log(start), low, high)
        psi = np.exp(found.x)
        loadings = _likelihood_loadings(s, m, psi)
    else:
        found = minimise(lambda x: _least_squares(s, m, x), start, *bounds)
        psi = found.x
        loadings = _axes(s - np.diag(psi), m)
    result = Extraction(
        method, _turned(loadings), psi, found.value, found.iterations, found.converged, found.at_lower
    )
    return _require_converged(result)


def _require_definite(s: Array) -> None:
    values = np.linalg.eigvalsh(s)
    if values[0] <= SINGULAR * values[-1]:
        raise DataError(
            "The correlation matrix is not positive definite (smallest eigenvalue "
            f"{values[0]:.2g}), so maximum likelihood has no solution. Use extraction='minres', leave out "
            "items that others determine, or smooth the matrix with nearest_correlation."
        )


def _require_converged(result: Extraction) -> Extraction:
    if not result.converged:
        raise ConvergenceError(
            f"Extraction '{result.method}' did not converge in {result.iterations} steps. Ask for fewer "
            "factors or use extraction='minres'.",
            result,
        )
    return result


def _least_squares(s: Array, m: int, psi: Array) -> Derivatives:
    """Return half the squared residuals with the best loadings for given uniquenesses.

    With eigenvalues t_k and vectors w_k of S - P the value is half the sum of t_k^2 over the k that no factor
    takes; dt_k/dp_i = -w_ik^2, and the derivatives of the vectors give the second derivatives.
    """
    values, vectors = np.linalg.eigh(s - np.diag(psi))
    taken = np.zeros(len(s), dtype=bool)
    taken[len(s) - m :] = values[len(s) - m :] > 0
    t, w, left = values[~taken], vectors[:, ~taken], vectors[:, ~taken] @ vectors[:, ~taken].T
    weights = -2.0 * t[:, None] / _gaps(values[taken], t)
    hessian = left**2 + _crossed(w, vectors[:, taken], weights)
    return Derivatives(0.5 * float(t @ t), -(w**2) @ t, hessian)


def _likelihood(s: Array, m: int, x: Array) -> Derivatives:
    """Return the ML discrepancy with the best loadings for uniquenesses exp(x).

    With eigenvalues t_k and vectors w_k of inv(P)^1/2 S inv(P)^1/2 the value is the sum of t_k - log t_k - 1
    over the k that no factor takes (Joereskog 1967, 1977); dt_k/dx_i = -t_k w_ik^2.
    """
    d = np.exp(-0.5 * x)
    values, vectors = np.linalg.eigh(s * d[:, None] * d[None, :])
    taken = np.zeros(len(s), dtype=bool)
    taken[len(s) - m :] = values[len(s) - m :] > 1.0
    t, w, top = np.maximum(values[~taken], 1e-300), vectors[:, ~taken], values[taken]
    weights = (1.0 - t)[:, None] * (t[:, None] + top[None, :]) / _gaps(top, t)
    hessian = (w @ w.T) * ((w * t) @ w.T) + _crossed(w, vectors[:, taken], weights)
    return Derivatives(float((t - np.log(t) - 1.0).sum()), (w**2) @ (1.0 - t), hessian)


def _gaps(taken: Array, left: Array) -> Array:
    """Return taken_n - left_k, shape (k, n), not quite 0 where both are the same."""
    return np.maximum(taken[None, :] - left[:, None], 1e-9)


def _crossed(left: Array, taken: Array, weights: Array) -> Array:
    """Return the sum over k, n of weights_kn (left_k left_k') * (taken_n taken_n'), shape (p, p)."""
    total = np.zeros((len(left), len(left)))
    for n in range(taken.shape[1]):
        total += ((left * weights[:, n]) @ left.T) * np.outer(taken[:, n], taken[:, n])
    return total


def _likelihood_loadings(s: Array, m: int, psi: Array) -> Array:
    d = np.sqrt(psi)
    values, vectors = np.linalg.eigh(s / d[:, None] / d[None, :])
    size = np.sqrt(np.maximum(values[-m:] - 1.0, 0.0))
    return np.asarray(d[:, None] * (vectors[:, -m:] * size)[:, ::-1])


def _axes(reduced: Array, m: int) -> Array:
    """Return the m largest eigenvectors, each as long as the root of its eigenvalue (0 when negative)."""
    values, vectors = np.linalg.eigh(reduced)
    return np.asarray((vectors[:, -m:] * np.sqrt(np.maximum(values[-m:], 0.0)))[:, ::-1])


def _turned(loadings: Array) -> Array:
    return np.asarray(loadings * np.where(loadings.sum(axis=0) < 0, -1.0, 1.0))


def _principal_axis(s: Array, m: int, tolerance: float, max_iter: int) -> Extraction:
    reduced = s.copy()
    shared, loadings, done, change = squared_multiple_correlations(s), np.zeros((len(s), m)), 0, np.inf
    while done < max_iter and change > tolerance:
        np.fill_diagonal(reduced, shared)
        loadings = _axes(reduced, m)
        before, shared = shared.sum(), (loadings**2).sum(axis=1)
        change, done = abs(before - shared.sum()), done + 1
    rest = s - loadings @ loadings.T
    np.fill_diagonal(rest, 0.0)
    psi, value = 1.0 - shared, 0.5 * float((rest**2).sum())
    result = Extraction("pa", _turned(loadings), psi, value, done, bool(change <= tolerance), psi <= 0.0)
    return _require_converged(result)
