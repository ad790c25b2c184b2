"""Where the estimation starts: slopes from the first principal component, intercepts from the margins."""

from __future__ import annotations

import numpy as np
from scipy.special import logit

from trustmeasure.frames import Array
from trustmeasure.item_response.layout import Index, Layout

SCALE = 1.702
"""Brings the normal ogive close to the logistic one."""
LARGEST = 0.85
"""Largest loading to start from."""


def starting_values(codes: Index, layout: Layout, weights: Array) -> tuple[Array, Array]:
    """Return slopes (k,) and intercepts (B,).

    Parameters
    ----------
    codes : array of int (n, k)
        Categories from 0; -1 where there is no answer.
    layout : Layout
        The items; each of their categories was used.
    weights : array (n,)
        Weights of the rows.
    """
    loadings = _first_component(codes, weights)
    slopes = SCALE * loadings / np.sqrt(1.0 - loadings**2)
    shares = np.concatenate([_shares(codes[:, i], m, weights) for i, m in enumerate(layout.counts)])
    widened = np.sqrt(1.0 + (slopes / SCALE) ** 2)
    return slopes, logit(shares) * widened[layout.item_of_boundary]


def _shares(column: Index, categories: int, weights: Array) -> Array:
    """Return the share of answers at or above each boundary."""
    seen = column >= 0
    counts = np.bincount(column[seen], weights[seen], minlength=categories)
    return np.asarray(np.cumsum(counts[::-1])[::-1][1:] / counts.sum())


def _first_component(codes: Index, weights: Array) -> Array:
    seen = codes >= 0
    w = weights[:, None] * seen
    mean = (w * codes).sum(axis=0) / w.sum(axis=0)
    centred = np.where(seen, codes - mean, 0.0)
    spread = np.sqrt((w * centred**2).sum(axis=0) / w.sum(axis=0))
    z = centred / spread * np.sqrt(weights)[:, None]
    pairs = np.sqrt(weights)[:, None] * seen
    both = pairs.T @ pairs
    corr = z.T @ z / np.where(both > 0, both, 1.0)
    values, vectors = np.linalg.eigh(corr)
    loadings = vectors[:, -1] * np.sqrt(max(values[-1], 0.0))
    direction = -1.0 if loadings.sum() < 0 else 1.0
    # The component overstates loadings of few items.
    return np.asarray(np.clip(0.9 * direction * loadings, -LARGEST, LARGEST))
