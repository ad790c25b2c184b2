"""What a graded response model says along the trait: probabilities, expected answers, information."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from trustmeasure.frames import Array
from trustmeasure.item_response.cumulative import Cells, cells_at, density, slope_terms
from trustmeasure.item_response.layout import Layout


@dataclass(frozen=True, slots=True)
class Curves:
    """Curves of C cells at Q values of the trait.

    Attributes
    ----------
    probability, first, second : array (C, Q)
        Probabilities of the cells, and their first two derivatives along the trait.
    ratio : array (C, Q)
        first / probability, which exists where the probability vanishes.
    log_probability : array (C, Q)
        Logarithms of the probabilities.
    """

    probability: Array
    first: Array
    second: Array
    ratio: Array
    log_probability: Array


def curves_at(slopes: Array, intercepts: Array, layout: Layout, theta: Array) -> Curves:
    """Return the curves at some values of the trait; arguments as for `cells_at`."""
    cells = cells_at(slopes, intercepts, layout, theta)
    a = slopes[layout.item_of_cell][:, None]
    f = density(cells)
    g = f * (1.0 - 2.0 * cells.passed)
    return Curves(
        probability=np.exp(cells.log_probability),
        first=a * (f[layout.upper] - f[layout.lower]),
        second=a**2 * (g[layout.upper] - g[layout.lower]),
        ratio=a * slope_terms(cells, layout),
        log_probability=cells.log_probability,
    )


def information_of_cells(curves: Curves) -> Array:
    """Return what each cell adds to its item's expected information, P'^2 / P; (C, Q)."""
    return np.asarray(curves.first * curves.ratio)


def information_at(slopes: Array, intercepts: Array, layout: Layout, theta: Array) -> Array:
    """Return the expected information of each item (Samejima 1969); (k, Q)."""
    terms = information_of_cells(curves_at(slopes, intercepts, layout, theta))
    return by_item(terms, layout)


def by_item(of_cells: Array, layout: Layout) -> Array:
    """Return sums over the cells of each item; (C, Q) -> (k, Q)."""
    return np.asarray(np.add.reduceat(of_cells, layout.first_cell, axis=0))


def expected_of(values: Array, cells: Cells, layout: Layout) -> Array:
    """Return the expected answer to each item; `values` (C,) are what the cells count; (k, Q)."""
    return by_item(values[:, None] * np.exp(cells.log_probability), layout)
