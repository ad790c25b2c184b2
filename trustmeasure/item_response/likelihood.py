"""The marginal likelihood of the graded response model: value, gradient, exact second derivatives.

The integral over the trait is a sum over nodes q with weights w_q (Bock & Aitkin 1981). Given the posterior
weights of the nodes for each pattern of answers, the gradient is the expected complete-data gradient, and the
second derivatives are those of Louis (1982): expected complete-data second derivatives, plus the posterior
covariance of the complete-data scores.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from trustmeasure.frames import Array
from trustmeasure.item_response.cumulative import (
    Cells,
    boundary_terms,
    cells_at,
    density,
    slope_terms,
)
from trustmeasure.item_response.layout import Index, Layout

NEGLIGIBLE = 1e-19
"""Posterior weight of a node that no sum of doubles can notice."""
ROWS_AT_ONCE = 16384


@dataclass(frozen=True, slots=True)
class Sample:
    """Different patterns of answers with their weights.

    Attributes
    ----------
    layout : Layout
        The items.
    cells : array of int (n, k)
        The cell that each pattern answered, -1 where there is no answer.
    weights : array (n,)
        Sum of the weights of the people with this pattern.
    squares : array (n,)
        Sum of their squared weights.
    indicator : sparse matrix (n, C)
        1 where the pattern has that cell.
    """

    layout: Layout
    cells: Index
    weights: Array
    squares: Array
    indicator: Any


@dataclass(frozen=True, slots=True)
class Nodes:
    """Values of the trait (Q,) and the logarithms of their weights (Q,), which sum to 1."""

    theta: Array
    log_weights: Array


@dataclass(frozen=True, slots=True)
class Posterior:
    """Log-likelihood of the sample, of each pattern (n,), and weights of the nodes given it (n, Q)."""

    loglik: float
    each: Array
    weights: Array


def sample_of(codes: Index, layout: Layout, weights: Array) -> Sample:
    """Collect equal rows of codes (n, k; -1 for no answer)."""
    patterns, where = np.unique(codes, axis=0, return_inverse=True)
    at = where.reshape(-1)
    cells = np.where(patterns >= 0, patterns + layout.first_cell, -1)
    rows, items = np.nonzero(cells >= 0)
    ones = np.ones(rows.size)
    indicator = sparse.csr_matrix(
        (ones, (rows, cells[rows, items])), shape=(len(patterns), layout.n_parameters)
    )
    sums, squares = (np.bincount(at, w, minlength=len(patterns)).astype(float) for w in (weights, weights**2))
    return Sample(layout, cells, sums, squares, indicator)


def normal_nodes(points: int, width: float) -> Nodes:
    """Return evenly spaced values from -width to width, weighted by the standard normal density."""
    theta = np.linspace(-width, width, points)
    log_density = -0.5 * theta**2
    return Nodes(theta, log_density - np.log(np.exp(log_density).sum()))


def split(parameters: Array, layout: Layout) -> tuple[Array, Array]:
    """Return slopes (k,) and intercepts (B,) out of the parameters (p,)."""
    return parameters[layout.slope_at], parameters[layout.intercept_at]


def joined(slopes: Array, intercepts: Array, layout: Layout) -> Array:
    """Return the parameters (p,) out of slopes (k,) and intercepts (B,)."""
    parameters = np.empty(layout.n_parameters)
    parameters[layout.slope_at], parameters[layout.intercept_at] = slopes, intercepts
    return parameters


def cells_of(parameters: Array, layout: Layout, nodes: Nodes) -> Cells:
    """Return the cells at the nodes."""
    return cells_at(*split(parameters, layout), layout, nodes.theta)


def posterior(cells: Cells, sample: Sample, nodes: Nodes) -> Posterior:
    """Return the log-likelihood, and the posterior weights of the nodes for each pattern."""
    joint = np.asarray(sample.indicator @ cells.log_probability) + nodes.log_weights
    top = joint.max(axis=1, keepdims=True)
    weights = np.exp(joint - top)
    total = weights.sum(axis=1, keepdims=True)
    each = (top + np.log(total)).reshape(-1)
    weights /= total
    return Posterior(float(sample.weights @ each), each, weights)


def expected_counts(found: Posterior, sample: Sample) -> Array:
    """Return how many people are expected in each cell at each node, (C, Q)."""
    return np.asarray(sample.indicator.T @ (found.weights * sample.weights[:, None]))


def complete_gradient(cells: Cells, counts: Array, layout: Layout, nodes: Nodes) -> Array:
    """Return the gradient (p,) of the expected complete-data log-likelihood."""
    gradient = np.zeros(layout.n_parameters)
    along = (counts * slope_terms(cells, layout)) @ nodes.theta
    gradient[layout.slope_at] = np.add.reduceat(along, layout.first_cell)
    up, low = boundary_terms(cells, layout)
    ends = np.bincount(layout.upper, (counts * up).sum(axis=1), minlength=layout.n_boundaries + 2)
    ends += np.bincount(layout.lower, (counts * low).sum(axis=1), minlength=layout.n_boundaries + 2)
    gradient[layout.intercept_at] = ends[: layout.n_boundaries]
    return gradient


def complete_information(cells: Cells, counts: Array, layout: Layout, nodes: Nodes) -> Array:
    """Return minus the second derivatives (p, p) of the expected complete-data log-likelihood.

    Blocks of items, positive definite: the logarithm of each probability is concave in eta and boundaries.
    """
    size, b = layout.n_parameters, layout.n_boundaries
    spread = density(cells)
    f_up, f_low = counts * spread[layout.upper], counts * spread[layout.lower]
    apart = counts.sum(axis=1) * cells.push * (1.0 + cells.push)
    information = np.zeros((size + 2, size + 2))
    a = layout.slope_at[layout.item_of_cell]
    place = np.concatenate([layout.intercept_at, [size, size + 1]])
    up, low = place[layout.upper], place[layout.lower]
    theta, squared = nodes.theta, nodes.theta**2
    np.add.at(information, (a, a), (f_up + f_low) @ squared)
    for end, f in ((up, f_up), (low, f_low)):
        np.add.at(information, (a, end), f @ theta)
        np.add.at(information, (end, a), f @ theta)
        np.add.at(information, (end, end), f.sum(axis=1) + apart)
    inner = (layout.upper < b) & (layout.lower < b)
    information[up[inner], low[inner]] -= apart[inner]
    information[low[inner], up[inner]] -= apart[inner]
    return information[:size, :size]


def scores(cells: Cells, found: Posterior, sample: Sample, nodes: Nodes) -> Array:
    """Return the gradient of each pattern's log-likelihood, (n, p)."""
    layout = sample.layout
    up, low = boundary_terms(cells, layout)
    parts = (slope_terms(cells, layout) * nodes.theta, up, low)
    rows, items = np.nonzero(sample.cells >= 0)
    cell = sample.cells[rows, items]
    out = np.zeros((len(sample.cells), layout.n_parameters + 2))
    for part, at in zip(parts, _columns(layout), strict=True):
        expected = found.weights @ part.T
        out[rows, at[cell]] += expected[rows, cell]
    return out[:, : layout.n_parameters]


def observed_information(cells: Cells, found: Posterior, sample: Sample, nodes: Nodes) -> Array:
    """Return minus the second derivatives (p, p) of the marginal log-likelihood."""
    counts = expected_counts(found, sample)
    information = complete_information(cells, counts, sample.layout, nodes)
    means = scores(cells, found, sample, nodes)
    information += means.T @ (means * sample.weights[:, None])
    for rows in _score_rows(cells, found, sample, nodes):
        information -= rows.T @ rows
    return information


def _columns(layout: Layout) -> tuple[Index, Index, Index]:
    """Return the parameters that each cell's three derivatives belong to; two columns beyond p take rest."""
    size = layout.n_parameters
    place = np.concatenate([layout.intercept_at, [size, size + 1]]).astype(np.intp)
    return layout.slope_at[layout.item_of_cell], place[layout.upper], place[layout.lower]


def _score_rows(cells: Cells, found: Posterior, sample: Sample, nodes: Nodes) -> Iterator[Array]:
    """Yield the complete-data scores of patterns at nodes, times the root of their weight, in blocks."""
    layout, size = sample.layout, sample.layout.n_parameters
    up, low = boundary_terms(cells, layout)
    parts = (slope_terms(cells, layout) * nodes.theta, up, low)
    columns = _columns(layout)
    rows, at = np.nonzero(found.weights > NEGLIGIBLE)
    for start in range(0, rows.size, ROWS_AT_ONCE):
        row, node = rows[start : start + ROWS_AT_ONCE], at[start : start + ROWS_AT_ONCE]
        root = np.sqrt(found.weights[row, node] * sample.weights[row])
        block = np.zeros((row.size, size + 2))
        line, item = np.nonzero(sample.cells[row] >= 0)
        cell = sample.cells[row[line], item]
        for part, column in zip(parts, columns, strict=True):
            block[line, column[cell]] += part[cell, node[line]] * root[line]
        yield block[:, :size]
