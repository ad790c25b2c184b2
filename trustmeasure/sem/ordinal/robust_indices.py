r"""What robust CFI, TLI and RMSEA of ordinal data are made of (Savalei 2021, Multivariate Behavioral Research
56(3), 390-407).

The polychoric correlations take the place of those of continuous variables in the normal-theory discrepancy,
at the least-squares estimates. Its average over samples that the model fits is the trace of
``H'V H Gamma`` with V the normal-theory weight of correlations, ``H = I - D A^-1 D'W``, ``A = D'W D``; for
the independence model it is that of ``Gamma``. Checked against: lavaan 0.6-14, `tests/reference/sem_ordinal`.
"""  # noqa: D205 - the sources make the first sentence long

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trustmeasure.sem.fiml_corrected import Corrected
from trustmeasure.sem.ordinal.measures import OrdinalNumbers, covariances
from trustmeasure.sem.ordinal.misfit import Products, inverse_and_meat

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RobustGroup:
    """One group of a fit to ordinal data.

    Attributes
    ----------
    numbers : OrdinalNumbers
        Statistics of the sample and implied ones.
    products : Products
        Products of derivatives, weights and gamma.
    gamma : array, shape (m, m)
        Their covariance matrix times the size of the sample.
    n_obs : float
        Rows.
    """

    numbers: OrdinalNumbers
    products: Products
    gamma: Array
    n_obs: float


def robust_parts(
    groups: Sequence[RobustGroup], n_free: int, restrictions: Array | None = None
) -> Corrected | None:
    """Return the discrepancies and their averages; None where they are not defined.

    They are about correlations, so they are for ordinal variables only, without covariates, with a threshold
    of its own for each in the sample, and with positive definite correlations.

    Parameters
    ----------
    groups : sequence of RobustGroup, length G
        The groups.
    n_free : int
        Number of free parameters.
    restrictions : array, shape (r, q), or None
        Jacobian of equality constraints.
    """
    layouts = [g.numbers.layout for g in groups]
    if any(x.covariates or not x.ordinal.all() for x in layouts) or not _levels_free(groups):
        return None
    samples = [covariances(g.numbers.layout, g.numbers.sample) for g in groups]
    models = [covariances(g.numbers.layout, g.numbers.implied) for g in groups]
    roots = [_log_determinant(x) for x in (*samples, *models)]
    if any(root is None for root in roots):
        return None
    bias = _bias(groups, models, n_free, restrictions)
    if bias is None:
        return None
    pairs = list(zip(groups, samples, models, strict=True))
    return Corrected(
        chisq=sum(g.n_obs * _discrepancy(s, sigma) for g, s, sigma in pairs),
        baseline=sum(-g.n_obs * float(np.linalg.slogdet(s)[1]) for g, s, _ in pairs),
        bias=bias,
        baseline_bias=sum(float(np.trace(g.gamma[_at(g), _at(g)])) for g in groups),
    )


def _levels_free(groups: Sequence[RobustGroup]) -> bool:
    """Return whether every threshold of every group is fitted by a parameter of its own."""
    moves = [g.products.moves for g in groups]
    every = all(m.tau.size == g.numbers.layout.levels.stop for g, m in zip(groups, moves, strict=True))
    free = np.concatenate([g.products.own[m.tau_free] for g, m in zip(groups, moves, strict=True)])
    return every and np.unique(free).size == free.size


def _at(group: RobustGroup) -> slice:
    return group.numbers.layout.correlations


def _log_determinant(matrix: Array) -> float | None:
    """Return the log determinant of a correlation matrix; None when it is not positive definite."""
    if np.linalg.eigvalsh(matrix)[0] <= 0:
        return None
    return float(np.linalg.slogdet(matrix)[1])


def _discrepancy(s: Array, sigma: Array) -> float:
    """Return the normal-theory discrepancy of two correlation matrices."""
    gap = float(np.linalg.slogdet(sigma)[1] - np.linalg.slogdet(s)[1])
    return gap + float(np.trace(np.linalg.solve(sigma, s))) - len(s)


def _bias(
    groups: Sequence[RobustGroup], models: Sequence[Array], n_free: int, restrictions: Array | None
) -> float | None:
    """Return the average of the model's discrepancy, times the size of the sample."""
    total = sum(g.n_obs for g in groups)
    shares = [g.n_obs / total for g in groups]
    found = inverse_and_meat([g.products for g in groups], shares, n_free, restrictions)
    if found is None:
        return None
    inverse, meat = found
    spread = inverse @ meat @ inverse
    parts = zip(groups, shares, models, strict=True)
    return sum(_bias_of(g, s, np.asarray(np.linalg.inv(sigma)), inverse, spread) for g, s, sigma in parts)


def _bias_of(group: RobustGroup, share: float, v: Array, inverse: Array, spread: Array) -> float:
    """Return what a group brings to it; v is the inverse of its implied correlations.

    Thresholds move no correlation, so only the other parameters count.
    """
    at, products = _at(group), group.products
    moves = products.moves
    by = products.own[moves.free]
    slopes = moves.dense[at]
    pulled = weighted_columns(v, slopes)
    across = np.vdot(inverse[np.ix_(products.own, by)], products.p[:, at] @ pulled)
    within = np.vdot(spread[np.ix_(by, by)], slopes.T @ pulled)
    own = np.vdot(normal_weight(v), group.gamma[at, at])
    return float(own - 2.0 * share * across + share * within)


def weighted_columns(v: Array, columns: Array) -> Array:
    """Return the normal-theory weight at the inverse `v` times columns of correlations, shape (c, k)."""
    row, col = np.tril_indices(len(v), -1)
    square = np.zeros((columns.shape[1], *v.shape))
    square[:, row, col] = square[:, col, row] = columns.T
    return np.asarray((v @ square @ v)[:, row, col].T)


def normal_weight(inverse: Array) -> Array:
    """Return the normal-theory weight of the correlations below the diagonal, by rows, shape (c, c)."""
    row, col = np.tril_indices(len(inverse), -1)
    rows, cols = inverse.take(row, axis=0), inverse.take(col, axis=0)
    straight, across = rows.take(row, axis=1), rows.take(col, axis=1)
    straight *= cols.take(col, axis=1)
    across *= cols.take(row, axis=1)
    straight += across
    return np.asarray(straight)
