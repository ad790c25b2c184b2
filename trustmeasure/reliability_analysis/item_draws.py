"""Bootstrap draws of the covariance matrix of items, and what each person adds to a coefficient of it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from trustmeasure.columns import Flags
from trustmeasure.frames import Array

CELLS = 2**22
"""Numbers held at a time."""


def centred(values: Array) -> Array:
    """Return the answers without the means of the items, NaN where there is no answer."""
    return np.asarray(values - np.nanmean(values, axis=0))


def influence(values: Array, slope: Array) -> Array:
    """Return what each person adds to a coefficient of the covariance matrix, shape (n,).

    The values of the empirical influence function. Their variance over n is that of the coefficient, whatever
    the distribution of the answers: for alpha of complete rows the asymptotically distribution-free error of
    Maydeu-Olivares, Coffman and Hartmann (2007). Where answers are missing, each covariance rests on the
    people who answered both items, and a person counts in it n / n_jl times or not at all.

    Parameters
    ----------
    values : array, shape (n, k)
        Answers, NaN where there is none.
    slope : array, shape (k, k)
        The coefficient's slope by the covariances.
    """
    there = ~np.isnan(values)
    x, m = np.where(there, centred(values), 0.0), there.astype(float)
    pairs = m.T @ m
    mean = (x.T @ m) / pairs  # mean[j, l]: of item j among the people who answered j and l
    cov = (x.T @ x) / pairs - mean * mean.T
    weight = slope * len(values) / (pairs - 1.0)
    parts = (
        (x @ weight) * x - 2.0 * ((x @ (weight * mean.T)) * m) + (m @ (weight * (mean * mean.T - cov))) * m
    )
    return np.asarray(parts.sum(axis=1))


def standard_error(influences: Array) -> float:
    """Return the standard error of a coefficient from what each person adds to it."""
    n = len(influences)
    return float(np.sqrt((influences**2).sum() / (n * (n - 1.0)))) if n > 1 else float("nan")


def acceleration(influences: Array) -> float:
    """Return the acceleration of BCa limits from the values of the influence function (Efron 1987)."""
    squares = (influences**2).sum()
    return 0.0 if squares == 0.0 else float((influences**3).sum() / (6.0 * squares**1.5))


def drawn_covariances(values: Array, n_bootstrap: int, seed: int | None) -> Iterator[Array]:
    """Yield the covariance matrices of bootstrap samples of the rows, in stacks of shape (b, k, k).

    NaN where fewer than two people of a draw answered both items.
    """
    rng = np.random.default_rng(seed)
    n, k = values.shape
    size = max(CELLS // max(n, k * k), 1)
    for start in range(0, n_bootstrap, size):
        yield weighted_covariances(values, _counts(rng, min(size, n_bootstrap - start), n))


def weighted_covariances(values: Array, counts: Array) -> Array:
    """Return the covariance matrices of samples with each row as often as `counts` (b, n) says: (b, k, k)."""
    x, there = centred(values), ~np.isnan(values)
    return _complete(x, counts) if there.all() else _incomplete(x, there, counts)


def _counts(rng: np.random.Generator, b: int, n: int) -> Array:
    """Return how often each row is in each of b draws, shape (b, n)."""
    rows = rng.integers(0, n, size=(b, n)) + np.arange(b)[:, None] * n
    return np.bincount(rows.ravel(), minlength=b * n).reshape(b, n).astype(float)


def _sums(counts: Array, left: Array, right: Array) -> Array:
    """Return the sums over rows of ``count * left_j * right_l``, shape (b, k, k)."""
    n, k = left.shape
    found = np.zeros((len(counts), k * k))
    step = max(CELLS // (k * k), 1)
    for at in range(0, n, step):
        rows = slice(at, at + step)
        products = left[rows, :, None] * right[rows, None, :]
        found += counts[:, rows] @ products.reshape(-1, k * k)
    return found.reshape(-1, k, k)


def _complete(x: Array, counts: Array) -> Array:
    n = len(x)
    total = counts @ x
    return np.asarray((_sums(counts, x, x) - total[:, :, None] * total[:, None, :] / n) / (n - 1))


def _incomplete(x: Array, there: Flags, counts: Array) -> Array:
    filled, m = np.where(there, x, 0.0), there.astype(float)
    pairs, total = _sums(counts, m, m), _sums(counts, filled, m)
    products = _sums(counts, filled, filled)
    enough = pairs > 1.0
    safe = np.where(enough, pairs, 2.0)
    cov = (products - total * np.swapaxes(total, 1, 2) / safe) / (safe - 1.0)
    return np.where(enough, cov, np.nan)
