"""Criteria of simple structure: what a rotation makes small, with derivatives.

Each takes a batch of loading matrices, shape (b, p, m), and returns the values, shape (b,), with the
derivatives by the loadings, shape (b, p, m). They are rational functions, roots and logarithms, so that
complex loadings give derivatives by complex steps.

Sources: Kaiser 1958 (Psychometrika 23, 187-200) for varimax; Jennrich and Sampson 1966 (Psychometrika 31,
313-323) for direct oblimin; Crawford and Ferguson 1970 (Psychometrika 35, 321-332); Yates 1987 (Multivariate
exploratory data analysis) and Browne 2001 (Multivariate Behavioral Research 36, 111-150) for geomin and
partly specified targets; Jennrich and Bentler 2011 (Psychometrika 76, 537-549) for bifactor rotation.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from trustmeasure.frames import Array

Numbers = npt.NDArray[Any]
Criterion = Callable[[Numbers], tuple[Numbers, Numbers]]


def others(squared: Numbers) -> Numbers:
    """Return, for each cell, the sum of the other cells of its row."""
    return np.asarray(squared.sum(axis=-1, keepdims=True) - squared)


def total(cells: Numbers) -> Numbers:
    """Return the sum of each matrix of a batch."""
    return np.asarray(cells.sum(axis=(-2, -1)))


def varimax(loadings: Numbers) -> tuple[Numbers, Numbers]:
    """Minus a quarter of the variances of the squared loadings in each column, times p."""
    squared = loadings**2
    centred = squared - squared.mean(axis=-2, keepdims=True)
    return -total(centred**2) / 4.0, -loadings * centred


def quartimax(loadings: Numbers) -> tuple[Numbers, Numbers]:
    """Minus a quarter of the fourth powers of the loadings."""
    return -total(loadings**4) / 4.0, -(loadings**3)


def oblimin(gamma: float) -> Criterion:
    """Return direct oblimin; gamma = 0 is quartimin, gamma = 1/2 biquartimin."""

    def criterion(loadings: Numbers) -> tuple[Numbers, Numbers]:
        squared = loadings**2
        crossed = others(squared)
        if gamma:
            crossed = crossed - gamma * crossed.mean(axis=-2, keepdims=True)
        return total(squared * crossed) / 4.0, loadings * crossed

    return criterion


def crawford_ferguson(kappa: float) -> Criterion:
    """Return the Crawford-Ferguson family: (1 - kappa) row complexity + kappa column complexity."""

    def criterion(loadings: Numbers) -> tuple[Numbers, Numbers]:
        squared = loadings**2
        columns = squared.sum(axis=-2, keepdims=True) - squared
        mixed = (1.0 - kappa) * others(squared) + kappa * columns
        return total(squared * mixed) / 4.0, loadings * mixed

    return criterion


def geomin(epsilon: float) -> Criterion:
    """Return geomin: the sum over rows of the geometric mean of squared loadings, each plus epsilon."""

    def criterion(loadings: Numbers) -> tuple[Numbers, Numbers]:
        raised = loadings**2 + epsilon
        means = np.exp(np.log(raised).mean(axis=-1, keepdims=True))
        return means.sum(axis=(-2, -1)), 2.0 / loadings.shape[-1] * loadings / raised * means

    return criterion


def target(wanted: Array) -> Criterion:
    """Return the squared distances from a target, shape (p, m), in the cells that are not NaN."""
    given = np.isfinite(wanted)
    aim = np.where(given, wanted, 0.0)

    def criterion(loadings: Numbers) -> tuple[Numbers, Numbers]:
        gap = np.where(given, loadings - aim, 0.0)
        return total(gap**2), 2.0 * gap

    return criterion


def bifactor(loadings: Numbers) -> tuple[Numbers, Numbers]:
    """Quartimin of all columns but the first, which is the general factor."""
    slopes = np.zeros_like(loadings)
    squared = loadings[..., 1:] ** 2
    crossed = others(squared)
    slopes[..., 1:] = 4.0 * loadings[..., 1:] * crossed
    return total(squared * crossed), slopes


def bigeomin(epsilon: float) -> Criterion:
    """Return geomin of all columns but the first, which is the general factor."""
    inner = geomin(epsilon)

    def criterion(loadings: Numbers) -> tuple[Numbers, Numbers]:
        slopes = np.zeros_like(loadings)
        value, slopes[..., 1:] = inner(loadings[..., 1:])
        return value, slopes

    return criterion
