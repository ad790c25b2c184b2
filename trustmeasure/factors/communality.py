"""Eigenvalues of correlation matrices, whole or with communalities in the diagonal, many at a time."""

from __future__ import annotations

import numpy as np

from trustmeasure.frames import Array

COMMUNALITIES = ("smc", "minres")
MOST = 0.995
"""No communality is taken to be above this: an item is never without any error."""
EDGE = MOST**0.5
FIRST_SWEEPS = 25
MOST_STEPS = 1000
CLOSE = 1e-10
"""Change of a loading in a step below which the one-factor solution is found."""


def eigenvalues_of(corr: Array) -> Array:
    """Return the eigenvalues (b, p) of matrices (b, p, p), from the largest to the smallest."""
    return np.asarray(np.linalg.eigvalsh(corr)[..., ::-1])


def reduced(corr: Array, communalities: str, tolerance: float = CLOSE) -> Array:
    """Return matrices (b, p, p) with communalities in their diagonals.

    Parameters
    ----------
    corr : array, shape (b, p, p)
        Correlation matrices.
    communalities : {"smc", "minres"}
        Squared multiple correlations of each item with all others, or what one common factor explains.
    tolerance : float
        Change of a loading in a step below which the factor is found.
    """
    at = np.arange(corr.shape[-1])
    found = corr.copy()
    found[:, at, at] = smc(corr) if communalities == "smc" else one_factor_loadings(corr, tolerance) ** 2
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


def one_factor_loadings(corr: Array, tolerance: float = CLOSE) -> Array:
    """Return loadings (b, p) of one factor that leaves the smallest sum of squared residual correlations.

    The first steps give each loading in turn its best value, given the others (minres; Harman & Jones 1966,
    Psychometrika 31(3), 351-368, work in this way), the later ones are Newton's, or again the first kind
    where Newton's would leave the bounds or increase what is left.

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
    found = np.clip(vectors[:, :, -1] * np.sqrt(values[:, -1:] * 0.5), -EDGE, EDGE)
    active = np.arange(len(corr))
    for step in range(MOST_STEPS):
        now = found[active]
        after = _sweep(off[active], now) if step < FIRST_SWEEPS else _step(off[active], now)
        found[active] = after
        active = active[np.abs(after - now).max(axis=1) > tolerance]
        if not active.size:
            break
    return np.asarray(found * np.sign(found.sum(axis=1, keepdims=True) + 1e-300))


def _sweep(off: Array, loadings: Array) -> Array:
    """Return loadings (b, p) after each in turn got its best value."""
    after = loadings.copy()
    total = np.square(after).sum(axis=1)
    for j in range(after.shape[1]):
        rest = total - after[:, j] ** 2
        best = np.einsum("bk,bk->b", off[:, j], after) / np.maximum(rest, 1e-300)
        after[:, j] = np.clip(best, -EDGE, EDGE)
        total = rest + after[:, j] ** 2
    return after


def _step(off: Array, loadings: Array) -> Array:
    """Return loadings (b, p) after a step of Newton's method, or a sweep where that does not help."""
    outer = loadings[:, :, None] * loadings[:, None, :]
    slope, at = _slope(off, loadings), np.arange(loadings.shape[1])
    bend = 2.0 * outer - off
    squares = np.square(loadings)
    bend[:, at, at] = squares.sum(axis=1, keepdims=True) - squares
    bend[:, at, at] += 1e-12
    after = loadings - np.linalg.solve(bend, slope[:, :, None])[:, :, 0]
    inside = np.abs(after).max(axis=1) < EDGE
    worse = np.abs(_slope(off, after)).max(axis=1) > np.abs(slope).max(axis=1)
    helpless = np.flatnonzero(~inside | worse)
    if helpless.size:
        after[helpless] = _sweep(off[helpless], loadings[helpless])
    return np.asarray(after)


def _slope(off: Array, loadings: Array) -> Array:
    """Return the derivatives (b, p) of a quarter of the squared residual correlations of all pairs."""
    squares = np.square(loadings)
    return np.asarray(
        loadings * (squares.sum(axis=1, keepdims=True) - squares)
        - np.einsum("bjk,bk->bj", off, loadings, optimize=True)
    )
