"""Eigenvalues of correlation matrices, whole or with communalities in the diagonal, many at a time."""

from __future__ import annotations

import numpy as np

from trustmeasure.frames import Array

COMMUNALITIES = ("smc", "minres")
MOST = 0.995
"""No communality is taken to be above this: an item is never without any error."""
SWEEPS = 1000
CLOSE = 1e-10
"""Change of a loading in a sweep below which the one-factor solution is found."""


def eigenvalues_of(corr: Array) -> Array:
    """Return the eigenvalues (b, p) of matrices (b, p, p), from the largest to the smallest."""
    return np.asarray(np.linalg.eigvalsh(corr)[..., ::-1])


def reduced(corr: Array, communalities: str) -> Array:
    """Return matrices (b, p, p) with communalities in their diagonals.

    Parameters
    ----------
    corr : array, shape (b, p, p)
        Correlation matrices.
    communalities : {"smc", "minres"}
        Squared multiple correlations of each item with all others, or what one common factor explains.
    """
    at = np.arange(corr.shape[-1])
    found = corr.copy()
    found[:, at, at] = smc(corr) if communalities == "smc" else one_factor_loadings(corr) ** 2
    return found


def smc(corr: Array) -> Array:
    """Return squared multiple correlations (b, p) of each item with all others.

    A matrix without an inverse has none; its generalised inverse stands in, so that items which others
    explain in full get 1.

    Examples
    --------
    >>> smc(np.array([[[1.0, 0.6], [0.6, 1.0]]])).round(2).tolist()
    [[0.36, 0.36]]
    """
    try:
        inverse = np.linalg.inv(corr)
    except np.linalg.LinAlgError:
        inverse = np.linalg.pinv(corr, hermitian=True)
    diagonal = np.einsum("bii->bi", inverse)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = 1.0 - 1.0 / diagonal
    return np.clip(np.where(np.isfinite(found) & (diagonal >= 1.0), found, 1.0), 0.0, 1.0)


def one_factor_loadings(corr: Array) -> Array:
    """Return loadings (b, p) of one factor that leaves the smallest sum of squared residual correlations.

    Each loading in turn gets its best value, given the others, until none moves (minres; Harman & Jones
    1966, Psychometrika 31(3), 351-368, work in the same way).

    Examples
    --------
    >>> loadings = np.array([0.8, 0.7, 0.6, 0.5])
    >>> corr = np.outer(loadings, loadings) + np.diag(1 - loadings**2)
    >>> one_factor_loadings(corr[None]).round(6).tolist()
    [[0.8, 0.7, 0.6, 0.5]]
    """
    off = corr.copy()
    at = np.arange(corr.shape[-1])
    off[:, at, at] = 0.0
    values, vectors = np.linalg.eigh(corr)
    start = vectors[:, :, -1] * np.sqrt(values[:, -1:] * 0.5)
    found = np.clip(start, -np.sqrt(MOST), np.sqrt(MOST))
    active = np.arange(len(corr))
    for _ in range(SWEEPS):
        after = _sweep(off[active], found[active])
        moved = np.abs(after - found[active]).max(axis=1)
        found[active] = after
        active = active[moved > CLOSE]
        if not active.size:
            break
    return np.asarray(found * np.sign(found.sum(axis=1, keepdims=True) + 1e-300))


def _sweep(off: Array, loadings: Array) -> Array:
    after = loadings.copy()
    edge = np.sqrt(MOST)
    total = np.square(after).sum(axis=1)
    for j in range(after.shape[1]):
        rest = total - after[:, j] ** 2
        best = np.einsum("bk,bk->b", off[:, j], after) / np.maximum(rest, 1e-300)
        after[:, j] = np.clip(best, -edge, edge)
        total = rest + after[:, j] ** 2
    return after
