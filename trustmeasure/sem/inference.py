"""Information, covariance of estimates, defined parameters by the delta method, identification by rank."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.linalg.lapack import dpotrf, dpotri, dtrtri

from trustmeasure.sem.discrepancy.ml import curvature
from trustmeasure.sem.expressions import STEP, evaluate
from trustmeasure.sem.matrices import Ram, implied
from trustmeasure.sem.moment_slopes import moment_slopes
from trustmeasure.sem.parameters import ParameterTable

Array = npt.NDArray[np.float64]

PLAINLY = 1e-6
"""Least eigenvalue of a Gram matrix that leaves no doubt, whatever the weights of the moments."""
RANK_TOLERANCE = 1e-9
"""Least eigenvalue, of the Gram matrix of the unit-length columns of the Jacobian, of an identified model."""


LEAST_INFORMATION = 1e-13
"""Least eigenvalue, of an information matrix with unit diagonal, of one that is inverted."""

HELD = 1e-9
"""Part of a parameter's direction that restrictions must leave, for it not to count as fixed by them."""


@dataclass(frozen=True, slots=True)
class Rank:
    """Rank of the map from parameters to moments.

    Attributes
    ----------
    deficiency : int
        How many directions of the parameters move no moment.
    parameters : tuple of int
        Free parameters (from 0) that take part in such directions.
    """

    deficiency: int
    parameters: tuple[int, ...]


def local_rank(rams: Sequence[Ram], theta: Array, restrictions: Array | None = None) -> Rank:
    """Return the rank of the Jacobian of the implied moments of all groups at `theta` (q,).

    With restrictions (r, q), only directions that they allow count.
    """
    if _plainly_regular(rams, theta, restrictions):
        return Rank(0, ())
    unit, basis = unit_columns(rams, theta, restrictions)
    gram = unit.T @ unit
    if _regular(gram, RANK_TOLERANCE):
        return Rank(0, ())
    values, vectors = np.linalg.eigh(gram)
    null = values < RANK_TOLERANCE
    share = np.abs(basis @ vectors[:, null]).max(axis=1) if null.any() else np.zeros(theta.size)
    return Rank(int(null.sum()), tuple(int(i) for i in np.flatnonzero(share > 1e-3)))


def _plainly_regular(rams: Sequence[Ram], theta: Array, restrictions: Array | None) -> bool:
    """Return whether the derivatives are far from dependent, told by look-ups without the derivatives.

    These are the second derivatives that weights of the inverse variances give, `D'W D` with a diagonal W.
    Ordinal data have no such look-ups.
    """
    if any(ram.ordinal for ram in rams):
        return False
    total = np.zeros((theta.size, theta.size))
    for ram in rams:
        now = implied(ram, theta[None])
        variance = np.maximum(np.abs(np.einsum("bii->bi", now.sigma)), 1e-300)
        total += curvature(ram, now, np.eye(ram.p) / variance[:, :, None])[0]
    scale = np.sqrt(np.diag(total))
    if not (scale > 0).all():
        return False
    gram = total / np.outer(scale, scale)
    if restrictions is not None:
        basis = null_basis(restrictions / scale)
        gram = basis.T @ gram @ basis
    return _regular(gram, PLAINLY)


def unit_columns(rams: Sequence[Ram], theta: Array, restrictions: Array | None = None) -> tuple[Array, Array]:
    """Return derivatives of the moments (s, k) by k directions (q, k), free of units.

    Moments are divided by standard deviations, and parameters scaled so that each column has length 1. With
    restrictions (r, q) the directions are a basis of those that they allow, without them the parameters.
    """
    columns = np.vstack([moment_slopes(ram, theta) / _units(ram, theta)[:, None] for ram in rams])
    length = np.linalg.norm(columns, axis=0)
    scale = np.where(length > 0, length, 1.0)
    if restrictions is None:
        return columns / scale, np.eye(theta.size)
    basis = null_basis(restrictions / scale)
    return columns / scale @ basis, basis


def _units(ram: Ram, theta: Array) -> Array:
    """Return the natural size of each moment, so that the rank does not depend on the variables' units."""
    if ram.ordinal is not None:
        return np.ones(ram.ordinal.layout.size)
    now = implied(ram, theta[None])
    sd = np.sqrt(np.maximum(np.abs(np.diag(now.sigma[0])), 1e-300))
    row, col = np.tril_indices(ram.p)
    products = sd[row] * sd[col]
    return products if now.mu is None else np.concatenate([products, sd])


def generic_rank(
    rams: Sequence[Ram],
    theta: Array,
    restrict: Callable[[Array], Array | None] = lambda _: None,
    *,
    seed: int = 0,
    tries: int = 3,
) -> Rank:
    """Return the best rank near `theta`, so that special values such as zeros do not hide it.

    `restrict` gives the Jacobian of equality constraints at a point, or None.
    """
    rng = np.random.default_rng(seed)
    best = local_rank(rams, theta, restrict(theta))
    for _ in range(tries):
        if best.deficiency == 0:
            break
        spread = 0.3 * (np.abs(theta) + 0.3)
        other = theta + spread * rng.uniform(-1, 1, theta.size)
        found = local_rank(rams, other, restrict(other))
        best = found if found.deficiency < best.deficiency else best
    return best


def inverse_information(matrix: Array, restrictions: Array | None = None) -> Array | None:
    r"""Return the inverse of an information matrix, or of its part that restrictions leave free.

    Parameters
    ----------
    matrix : array, shape (q, q)
        Symmetric information (or second derivatives of a discrepancy).
    restrictions : array, shape (r, q), or None
        Jacobian of the active equality constraints at the solution; rows may depend on one another.

    Returns
    -------
    array, shape (q, q), or None
        The symmetric inverse; with restrictions J, ``K (K'AK)^-1 K'`` with the columns of K a basis of the
        null space of J, which is the upper left block of the inverse of ``[A J'; J 0]`` (Aitchison & Silvey
        1958, Annals of Mathematical Statistics 29(3), 813-828). None when it is singular.
    """
    if matrix.size == 0:
        return matrix
    diagonal = np.abs(matrix.diagonal())
    scale = np.sqrt(np.where(diagonal > 0, diagonal, 1.0))
    products = scale[:, None] * scale
    unit = matrix / products
    basis = None if restrictions is None else null_basis(restrictions / scale)
    inner = unit if basis is None else basis.T @ unit @ basis
    middle = _inverse(inner, LEAST_INFORMATION) if np.isfinite(inner).all() else None
    if middle is None:
        return None
    if basis is not None:
        basis = np.where(np.linalg.norm(basis, axis=1, keepdims=True) > HELD, basis, 0.0)
        middle = _symmetric(basis @ middle @ basis.T)
    return np.asarray(middle / products)


def _inverse(matrix: Array, least: float) -> Array | None:
    """Return the inverse of a matrix with unit diagonal; None when an eigenvalue is below `least`."""
    if matrix.size == 0:
        return matrix
    root, failed = dpotrf(matrix)
    upper = None if failed else dpotri(root)[0]
    bounded = upper is not None and bool(upper.trace() * least < 1.0)
    if not bounded and np.linalg.eigvalsh(matrix)[0] < least:
        return None
    if upper is None:
        return _symmetric(np.asarray(np.linalg.inv(matrix), dtype=np.float64))
    inverse = np.asarray(upper + upper.T)
    inverse.flat[:: len(inverse) + 1] *= 0.5
    return inverse


def _symmetric(matrix: Array) -> Array:
    """Return a matrix without the rounding that keeps it from being symmetric."""
    return np.asarray(0.5 * (matrix + matrix.T))


def _regular(matrix: Array, least: float) -> bool:
    """Return whether no eigenvalue of a symmetric matrix with unit diagonal is below `least`.

    The inverse of a Cholesky factor bounds them from below, and mostly settles it.
    """
    if matrix.size == 0 or _bounded(_inverse_root(matrix), least):
        return True
    return bool(np.linalg.eigvalsh(matrix)[0] >= least)


def _inverse_root(matrix: Array) -> Array | None:
    """Return the inverse of the Cholesky factor; None when the matrix is not positive definite."""
    root, failed = dpotrf(matrix, lower=1)
    return None if failed else np.asarray(dtrtri(root, lower=1)[0])


def _bounded(half: Array | None, least: float) -> bool:
    """Return whether `half` shows that no eigenvalue is below `least`: 1 / lambda_min <= tr(inverse)."""
    return half is not None and bool(np.vdot(half, half) * least < 1.0)


def null_basis(restrictions: Array, tolerance: float = 1e-9) -> Array:
    """Return an orthonormal basis of the vectors that `restrictions` (r, q) take to zero, shape (q, k).

    Rows count by their direction, not by their length; `tolerance` is the least singular value of the rows of
    unit length that counts.
    """
    length = np.linalg.norm(restrictions, axis=1)
    rows = restrictions[length > 0] / length[length > 0][:, None]
    _, values, vectors = np.linalg.svd(rows, full_matrices=True)
    return np.asarray(vectors[int((values > tolerance).sum()) :].T)


def covariance_of(curvature: Array, n_obs: float, restrictions: Array | None = None) -> Array | None:
    """Return the covariance matrix of the estimates from expected information, or None when it is singular.

    Parameters
    ----------
    curvature : array, shape (q, q)
        Expected second derivatives of the discrepancy; the information is `n / 2` times it.
    n_obs : float
        Sample size.
    restrictions : array, shape (r, q), or None
        Jacobian of the active equality constraints.
    """
    inverse = inverse_information(curvature, restrictions)
    return None if inverse is None else np.asarray(2.0 / n_obs * inverse)


def defined_values(table: ParameterTable, by_label: dict[str, Any]) -> list[Any]:
    """Return the value of each `:=` line, given values (any shape) of the labelled parameters."""
    known = dict(by_label)
    for definition in table.definitions:
        known[definition.name] = evaluate(definition.expression, known)
    return [known[d.name] for d in table.definitions]


def labelled(table: ParameterTable, theta: Any) -> dict[str, Any]:
    """Return label -> value (last axis of `theta` picked), fixed labelled parameters included."""
    return {
        p.label: theta[..., p.free - 1] if p.free else p.value + 0 * theta[..., :1].sum(axis=-1)
        for _, p in table.marked
    }


def definitions_with_jacobian(table: ParameterTable, theta: Array) -> tuple[Array, Array]:
    """Return the defined parameters, shape (r,), and their derivatives, shape (r, q).

    By the complex step (see `expressions.gradient`) in the labelled parameters, the only ones they have: each
    has a value for each one that moves, and a last one where none does, with which the values come.
    """
    slopes = np.zeros((len(table.definitions), theta.size))
    if not table.definitions:
        return np.zeros(0), slopes
    at = sorted({p.free - 1 for _, p in table.marked if p.free})
    size = len(at) + 1
    moved = np.repeat(theta[at, None].astype(complex), size, axis=1)
    moved.reshape(-1)[:: size + 1] += 1j * STEP
    lines = dict(zip(at, moved, strict=True))
    known = {p.label: lines[p.free - 1] if p.free else np.full(size, p.value) for _, p in table.marked}
    found = np.empty((len(slopes), size), dtype=complex)
    with np.errstate(all="ignore"):
        for line, value in zip(found, defined_values(table, known), strict=True):
            line[:] = value
    slopes[:, at] = found[:, :-1].imag / STEP
    return found[:, -1].real.copy(), slopes


def names_of(table: ParameterTable, numbers: Sequence[int]) -> tuple[str, ...]:
    """Return the names of free parameters (from 0)."""
    return tuple(table.free_names[i] for i in numbers)
