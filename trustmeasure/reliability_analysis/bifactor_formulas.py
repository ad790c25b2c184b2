"""Indices of a bifactor model as formulas: loadings and covariances in, numbers out, for many at once."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from trustmeasure.frames import Array

Numbers = npt.NDArray[Any]
"""Real, or complex where a derivative is taken."""

SCALARS = ("omega_limit",)
"""Indices of the whole model."""
NUMBERS = ("omega", "omega_h", "relative", "ecv", "ecv_within", "h", "determinacy")
"""Indices of each factor."""


def indices(std: Numbers, corr: Numbers, lam: Numbers, cov: Numbers) -> Numbers:
    """Return `SCALARS`, then `NUMBERS` factor by factor, shape (b, r).

    Parameters
    ----------
    std, lam : array, shape (b, k, m)
        Standardised loadings, and those of the items whose sum omega is about; the general factor first.
    corr, cov : array, shape (b, k, k)
        Correlations of the items, and the covariances that belong to `lam`.
    """
    member = (np.real(std) != 0).any(axis=0)
    squares = std**2
    common = squares.sum(axis=(1, 2))
    determined = _determinacy(std, corr)
    columns = [_limit(lam)]
    for j in range(std.shape[2]):
        own = np.flatnonzero(member[:, j])
        sums = lam[:, own].sum(axis=1) ** 2
        total = cov[:, own[:, None], own].sum(axis=(1, 2))
        omega, alone = sums.sum(axis=1) / total, sums[:, j] / total
        share = squares[:, own, j].sum(axis=1)
        within = share / squares[:, own].sum(axis=(1, 2))
        columns += [
            omega,
            alone,
            alone / omega,
            share / common,
            within,
            _h(squares[:, own, j]),
            determined[:, j],
        ]
    return np.stack(columns, axis=1)


def _limit(lam: Numbers) -> Numbers:
    """Return omega hierarchical of endlessly many such items, whose errors cancel."""
    sums = lam.sum(axis=1) ** 2
    return np.asarray(sums[:, 0] / sums.sum(axis=1))


def _h(squares: Numbers) -> Numbers:
    """Return coefficient H of squared standardised loadings (b, k); NaN where one is 1 or more."""
    good = (np.real(squares) < 1.0).all(axis=1)
    information = (squares / np.where(np.real(squares) < 1.0, 1.0 - squares, 1.0)).sum(axis=1)
    return np.where(good, information / (1.0 + information), np.nan)


def _determinacy(std: Numbers, corr: Numbers) -> Numbers:
    """Return the correlations of factors with their regression scores, shape (b, m)."""
    explained = (std * np.linalg.solve(corr, std)).sum(axis=1)
    return np.asarray(np.sqrt(explained))


def item_shares(lam: Array) -> Array:
    """Return the share of each item's common variance that is general; NaN where it has none."""
    whole = (lam**2).sum(axis=1)
    return np.where(whole > 0, lam[:, 0] ** 2 / np.where(whole > 0, whole, 1.0), np.nan)


def puc(lam: Array) -> float:
    """Return the share of correlations between items that only the general factor makes."""
    k = len(lam)
    sizes = (lam[:, 1:] != 0).sum(axis=0)
    within = (sizes * (sizes - 1) / 2).sum()
    return float(1.0 - within / (k * (k - 1) / 2))
