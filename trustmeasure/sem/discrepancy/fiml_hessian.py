r"""Exact second derivatives of the FIML discrepancy, with the sums over patterns inside matrix products.

With ``V_k`` the inverse of the block of pattern k, zero elsewhere, ``M_k = V_k C_k V_k``,
``Z_k = 2 M_k - V_k`` and ``h_k = V_k (xbar_k - mu_k)``, A and B the derivatives of Sigma by two parameters,
a and b those of mu:

    d2F = sum_k n_k/N [tr(V_k A Z_k B) + 2 h_k'A V_k b + 2 h_k'B V_k a + 2 a'V_k b]
          - tr(R d2Sigma) - 2 h' d2mu

where R and h are the sums of `n_k/N (M_k - V_k)` and `n_k/N h_k`. A is `l r' + r l'`, its vectors columns of
U, so ``sum_k n_k V_k A Z_k`` is a product of the columns of all ``V_k U`` with those of all ``n_k Z_k U``:
two products of size p x k x p a parameter, and no matrix of size q x q a pattern.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trustmeasure.moments.missing import inverses, pulled, usable_parts
from trustmeasure.moments.patterns import Part, Patterns
from trustmeasure.sem.discrepancy.hessian import (
    bend_of_means,
    cells,
    from_second_derivatives,
    slopes_of_means,
)
from trustmeasure.sem.matrices import Implied, Ram

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Second:
    """What a part of the patterns, or all of them, bring to the second derivatives; not divided by N.

    Attributes
    ----------
    covariances : array, shape (k, p, p)
        `sum n V A Z` for each free cell of A and S.
    crossed : array, shape (k, p)
        `sum n V A h` likewise.
    precision : array, shape (p, p)
        `sum n V`.
    squares : array, shape (p, p)
        `sum n M`.
    pull : array, shape (p,)
        `sum n h`.
    """

    covariances: Array
    crossed: Array
    precision: Array
    squares: Array
    pull: Array


def fiml_hessian(ram: Ram, now: Implied, patterns: Patterns) -> Array:
    """Return the second derivatives of F.

    Parameters
    ----------
    ram : Ram
        The model.
    now : Implied
        Its moments, a batch of size 1.
    patterns : Patterns
        The rows.

    Returns
    -------
    array, shape (q, q)
        Symmetric; NaN where a pattern's covariances are not positive definite.
    """
    assert now.mu is not None  # noqa: S101  # FIML models always have means
    found = None
    for part in usable_parts(patterns, now.sigma[0]):
        own = _part(ram, now, patterns, part)
        if own is None:
            return np.full((ram.q, ram.q), np.nan)
        found = own if found is None else _sum(found, own)
    assert found is not None  # noqa: S101  # there is at least one pattern
    total = _assembled(ram, now, found) / float(patterns.n.sum())
    spread = np.zeros((total.shape[0], ram.q))
    spread[np.arange(total.shape[0]), np.concatenate([ram.moving, ram.m.free])] = 1.0
    return np.asarray(spread.T @ total @ spread)


def _sum(a: Second, b: Second) -> Second:
    return Second(
        a.covariances + b.covariances,
        a.crossed + b.crossed,
        a.precision + b.precision,
        a.squares + b.squares,
        a.pull + b.pull,
    )


def each_inverse(
    patterns: Patterns, part: Part, mean: Array, cov: Array
) -> tuple[Array, Array, Array] | None:
    """Return V (k, p, p) of a part's patterns, h (r, p) of its points, and the pattern of each point."""
    sd = np.sqrt(np.maximum(np.diag(cov), 0.0))
    found = inverses(part, cov, sd)
    if found is None:
        return None
    _, h = pulled(patterns, part, mean, sd, found)
    p, k = sd.size, part.patterns.stop - part.patterns.start
    v = np.repeat(found.whole[None], k, axis=0)
    for block, each in zip(part.few, found.few, strict=True):
        sides = found.whole[block.columns]
        v[block.which] -= np.swapaxes(sides, 1, 2) @ (each @ sides)
    for block, each in zip(part.many, found.many, strict=True):
        own = np.zeros((block.which.size, p, p))
        own[np.arange(block.which.size)[:, None, None], block.columns[:, :, None], block.columns[:, None]] = (
            each
        )
        v[block.which] = own
    seen = patterns.seen[part.patterns]
    v *= seen[:, :, None] & seen[:, None, :]
    return v / np.outer(sd, sd), h / sd, patterns.at[part.points] - part.patterns.start


def _part(ram: Ram, now: Implied, patterns: Patterns, part: Part) -> Second | None:
    assert now.mu is not None  # noqa: S101  # FIML models always have means
    found = each_inverse(patterns, part, now.mu[0], now.sigma[0])
    if found is None:
        return None
    v, h, at = found
    n, level, u, p = patterns.n[part.patterns], patterns.level[part.points], now.u[0], ram.p
    starts = np.searchsorted(at, np.arange(len(n)))
    hu = h @ u
    # Columns of V U and of sum M U by pattern; the column number comes first, so that one is contiguous.
    vu = np.moveaxis((v.reshape(-1, p) @ u).reshape(len(n), p, -1), 2, 0).copy()
    mu = np.add.reduceat(hu.T[:, :, None] * h, starts, axis=1)
    zu = 2.0 * mu - n[:, None] * vu
    pull = np.add.reduceat(level[:, None] * hu, starts, axis=0)
    covariances = np.empty((ram.left.size, p, p))
    crossed = np.empty((ram.left.size, p))
    for cell, (left, right) in enumerate(zip(ram.left, ram.right, strict=True)):
        covariances[cell] = vu[left].T @ zu[right]
        covariances[cell] += vu[right].T @ zu[left]
        crossed[cell] = pull[:, left] @ vu[right] + pull[:, right] @ vu[left]
    return Second(covariances, crossed, np.einsum("k,kij->ij", n, v), h.T @ h, level @ h)


def _assembled(ram: Ram, now: Implied, found: Second) -> Array:
    """Return the second derivatives for all pairs of cells, times N."""
    size, first = cells(ram)[3], ram.left.size
    u, weight = now.u[0], ram.weight
    turned = found.covariances + np.swapaxes(found.covariances, 1, 2)
    through = turned @ u[:, ram.right]
    pairs = np.einsum("api,pi->ai", through, u[:, ram.left]) * np.outer(weight, weight)
    slope = slopes_of_means(ram, now)[0]
    crossed = 2.0 * weight[:, None] * (found.crossed @ slope)
    total = 2.0 * slope.T @ found.precision @ slope
    total[:first, :first] += 0.5 * (pairs + pairs.T)
    total[:first] += crossed
    total[:, :first] += crossed.T
    total -= from_second_derivatives(ram, now, (found.squares - found.precision)[None])[0]
    return np.asarray(total - 2.0 * bend_of_means(ram, now, found.pull[None])[0]).reshape(size, size)
