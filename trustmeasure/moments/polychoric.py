r"""Polychoric correlations of many tables at once, given their thresholds (two-step estimation).

Olsson (1979, Psychometrika 44(4), 443-460, section 4): with the thresholds fixed at their univariate
estimates, the correlation maximises :math:`\sum_{ab} n_{ab} \log \pi_{ab}(\rho)`, where
:math:`\pi_{ab}` is the probability that the bivariate normal distribution gives to a cell. The derivatives
of the cells are differences of the density at their corners, so a Newton step needs one distribution
function at each corner and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from trustmeasure.moments.bivariate_normal import FAR, bivariate_density, grid_cdf
from trustmeasure.moments.one_root import EDGE, SMALL, most_likely

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]

LEAST = 1e-12
"""Cells are never taken to be less likely than this."""
FLAT = 0.9
"""Correlations beyond this are compared with those at the edge."""
SAME = 1e-9
"""Log-likelihoods that differ by less are the same."""
HALVINGS = 40
KNOWN = 1e-4
"""Information on a correlation below this is that of a flat likelihood: a standard error of 100."""
PAIRS = 2048
"""Tables worked on at a time: they stay in the processor's cache."""


@dataclass(frozen=True, slots=True)
class Cells:
    """Cell probabilities and their derivatives with respect to the correlation.

    Attributes
    ----------
    p, d, dd : arrays, shape (n, a, b)
        Probabilities, their first and their second derivatives.
    """

    p: Array
    d: Array
    dd: Array


def cells(row: Array, col: Array, rho: Array) -> Cells:
    """Return the cells that thresholds and correlations make.

    Parameters
    ----------
    row, col : arrays, shapes (n, a - 1) and (n, b - 1)
        Thresholds; infinite from the last one on for a variable with fewer categories.
    rho : array, shape (n,)
        Correlations.
    """
    n, a, b = len(rho), row.shape[1], col.shape[1]
    h = np.repeat(row, b, axis=1)
    k = np.tile(col, (1, a))
    r = rho[:, None]
    density = bivariate_density(h, k, r)
    h, k = np.clip(h, -FAR, FAR), np.clip(k, -FAR, FAR)
    rest = 1.0 - r**2
    steeper = density * (r / rest + ((1.0 + r**2) * (h * k) - r * (h**2 + k**2)) / rest**2)
    below = np.zeros((n, a + 2, b + 2))
    below[:, 1:-1, 1:-1] = grid_cdf(h, k, rho).reshape(n, a, b)
    below[:, -1, 1:-1], below[:, 1:-1, -1], below[:, -1, -1] = ndtr(col), ndtr(row), 1.0
    return Cells(_boxes(below), _inner_boxes(density, n, a, b), _inner_boxes(steeper, n, a, b))


def _boxes(corners: Array) -> Array:
    lines = corners[:, 1:] - corners[:, :-1]
    return np.asarray(lines[:, :, 1:] - lines[:, :, :-1])


def _inner_boxes(inner: Array, n: int, a: int, b: int) -> Array:
    corners = np.zeros((n, a + 2, b + 2))
    corners[:, 1:-1, 1:-1] = inner.reshape(n, a, b)
    return _boxes(corners)


def polychoric_batch(
    tables: Array, row: Array, col: Array, start: Array | None = None, small: float = SMALL
) -> Array:
    """Return the correlations of tables, given thresholds.

    Parameters
    ----------
    tables : array, shape (..., a, b)
        Counts, or sums of weights.
    row, col : arrays, shapes (..., a - 1) and (..., b - 1)
        Thresholds of the variable in the rows and of that in the columns; infinite from the last one on for a
        variable with fewer categories.
    start : array, shape (...), or None
        Where to start.
    small : float
        A step of Newton's method below this is the last one; what remains is about its square.

    Returns
    -------
    array, shape (...)
        Correlations, between -0.999 and 0.999.
    """
    shape = tables.shape[:-2]
    counts = tables.reshape(-1, *tables.shape[-2:])
    rows, cols = row.reshape(len(counts), -1), col.reshape(len(counts), -1)
    first = first_guess(counts, rows, cols) if start is None else np.broadcast_to(start, shape).reshape(-1)

    def derivatives(at: Index, rho: Array) -> tuple[Array, Array, Array]:
        found = np.empty((3, at.size))
        for begin in range(0, at.size, PAIRS):
            part = slice(begin, begin + PAIRS)
            now = at[part]
            found[:, part] = _slope(counts[now], cells(rows[now], cols[now], rho[part]))
        return found[0], found[1], found[2]

    return _at_edge(counts, rows, cols, most_likely(derivatives, first, small=small)).reshape(shape)


def _at_edge(counts: Array, row: Array, col: Array, rho: Array) -> Array:
    """Return correlations with the edge for those beyond which the likelihood does not fall.

    Where it is flat, rounding alone says where its highest point is.
    """
    near = np.flatnonzero(np.abs(rho) > FLAT)
    if near.size:
        tables, edge = (counts[near], row[near], col[near]), np.sign(rho[near]) * EDGE
        least = _loglikelihood(*tables, rho[near]) - 1e-9 * tables[0].sum(axis=(1, 2))
        rho[near] = np.where(_loglikelihood(*tables, edge) >= least, edge, rho[near])
    return rho


def informative(counts: Array, row: Array, col: Array, rho: Array) -> Array:
    """Return where to look at the information on correlations, shape (n,).

    That is where they are, unless they are at the edge of a flat likelihood, which says nothing of how little
    is known: there it is the correlation nearest to 0 that is as likely.
    """
    at = np.flatnonzero(np.abs(rho) >= EDGE)
    if at.size:
        at = at[_slope(counts[at], cells(row[at], col[at], rho[at]))[2] < KNOWN]
    if not at.size:
        return rho
    tables, sign = (counts[at], row[at], col[at]), np.sign(rho[at])
    least = _loglikelihood(*tables, rho[at]) - SAME
    low, high = np.zeros(at.size), np.full(at.size, EDGE)
    for _ in range(HALVINGS):
        half = 0.5 * (low + high)
        as_likely = _loglikelihood(*tables, sign * half) >= least
        low, high = np.where(as_likely, low, half), np.where(as_likely, half, high)
    found = rho.copy()
    found[at] = sign * high
    return found


def _loglikelihood(counts: Array, row: Array, col: Array, rho: Array) -> Array:
    p = np.maximum(cells(row, col, rho).p, 1e-300)
    return np.asarray(np.einsum("nab,nab->n", counts, np.log(p)))


def _slope(counts: Array, found: Cells) -> tuple[Array, Array, Array]:
    """Return the derivative of the log-likelihood, how much that falls, and the information."""
    p = np.maximum(found.p, LEAST)
    share = counts / p
    slope = np.einsum("nab,nab->n", share, found.d)
    information = np.einsum("nab,nab->n", share / p, found.d**2)
    return slope, information - np.einsum("nab,nab->n", share, found.dd), information


def first_guess(counts: Array, row: Array, col: Array) -> Array:
    """Return a correlation near the solution, from the means of the normal distribution in each category."""
    x, y = category_means(row), category_means(col)
    n = counts.sum(axis=(1, 2))
    across = np.einsum("nab,na,nb->n", counts, x, y)
    spread = np.einsum("nab,na->n", counts, x**2) * np.einsum("nab,nb->n", counts, y**2)
    return np.asarray(n * across / np.maximum(spread, 1e-300))


def category_means(thresholds: Array) -> Array:
    """Return the mean of a standard normal variable in each category, shape (n, a)."""
    ends = np.clip(thresholds, -FAR, FAR)
    edge = np.pad(ends, ((0, 0), (1, 1)), constant_values=((0, 0), (-FAR, FAR)))
    density = np.exp(-0.5 * edge**2) / np.sqrt(2.0 * np.pi)
    share = np.maximum(np.diff(ndtr(edge), axis=1), 1e-300)
    return np.asarray(-np.diff(density, axis=1) / share)


def threshold_slopes(own: Array, other: Array, rho: Array) -> Array:
    """Return how the lower cell at each threshold grows with it.

    Parameters
    ----------
    own, other : arrays, shapes (n, a - 1) and (n, b - 1)
        Thresholds of the variable in question and of the other one.
    rho : array, shape (n,)
        Correlations.

    Returns
    -------
    array, shape (n, a - 1, b)
        Derivative of the probability of category t of the one and b of the other with respect to threshold t;
        the next category loses as much.
    """
    ends = np.clip(other, -FAR, FAR)[:, None, :]
    h = np.clip(own, -FAR, FAR)[:, :, None]
    r = rho[:, None, None]
    below = ndtr((ends - r * h) / np.sqrt(1.0 - r**2))
    parts = np.diff(np.pad(below, ((0, 0), (0, 0), (1, 1)), constant_values=((0, 0), (0, 0), (0, 1))), axis=2)
    return np.asarray(parts * np.exp(-0.5 * h**2) / np.sqrt(2.0 * np.pi))
