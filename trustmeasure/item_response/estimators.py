"""Estimators of a person's trait, given the curves of the items: arrays in, arrays out."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.special import expit

from trustmeasure.frames import Array
from trustmeasure.item_response.curves import by_item, curves_at, information_of_cells
from trustmeasure.item_response.layout import Index, Layout

FARTHEST = 15.0
"""Where a score is looked for, from minus to plus."""
HALVINGS, MOST_STEPS, CLOSE = 5, 100, 1e-12


def pattern_derivative(slopes: Array, intercepts: Array, cells: Index, layout: Layout, theta: Array) -> Array:
    """Return the derivative of each person's log-likelihood at the person's own theta, (n,).

    `cells` (n, k) are the cells answered, -1 where there is no answer.
    """
    ends = np.concatenate([intercepts, [np.inf, -np.inf]])
    seen = cells >= 0
    at = np.where(seen, cells, 0)
    along = theta[:, None] * slopes
    up, low = ends[layout.upper[at]] + along, ends[layout.lower[at]] + along
    terms = 1.0 - expit(up) - expit(low)
    return np.asarray((np.where(seen, terms, 0.0) * slopes).sum(axis=1))


def person_sums(of_items: Array, cells: Index) -> Array:
    """Return sums over the items each person answered; of_items (k, n) at each person's theta; (n,)."""
    return np.asarray(np.where(cells >= 0, of_items.T, 0.0).sum(axis=1))


def information_of(slopes: Array, intercepts: Array, cells: Index, layout: Layout, theta: Array) -> Array:
    """Return the expected information of the items each person answered, at the person's theta, (n,)."""
    curves = curves_at(slopes, intercepts, layout, theta)
    return person_sums(by_item(information_of_cells(curves), layout), cells)


def bias_term(slopes: Array, intercepts: Array, cells: Index, layout: Layout, theta: Array) -> Array:
    """Return J / (2 I) of the items each person answered, J the sum of P' P'' / P, (n,).

    The first-order bias of a maximum likelihood score is -J / (2 I^2) (Warm 1989 for two categories, Samejima
    1993 for more).
    """
    curves = curves_at(slopes, intercepts, layout, theta)
    information = person_sums(by_item(information_of_cells(curves), layout), cells)
    skew = person_sums(by_item(curves.ratio * curves.second, layout), cells)
    return np.asarray(skew / (2.0 * np.where(information > 0.0, information, np.inf)))


def roots(function: Callable[[Array], Array], n: int) -> Array:
    """Return for each of n falling functions where it is zero; infinite where it never is.

    Parameters
    ----------
    function : function
        Takes (n,) values and returns (n,): the i-th function at the i-th value.
    n : int
        How many functions.

    Notes
    -----
    Bisection first, then secants within the bracket, each end halved when it stays twice (Illinois).
    """
    low, high = np.full(n, -FARTHEST), np.full(n, FARTHEST)
    at_low, at_high = function(low), function(high)
    found = np.where(at_low <= 0.0, -np.inf, np.where(at_high >= 0.0, np.inf, np.nan))
    side = np.zeros(n)
    for step in range(MOST_STEPS):
        open_ = np.isnan(found)
        if not open_.any():
            break
        tried = _between(low, high, at_low, at_high, halve=step < HALVINGS)
        value = function(tried)
        found = np.where(open_ & ((np.abs(value) < CLOSE) | (high - low < CLOSE)), tried, found)
        up = value > 0.0
        at_high = np.where(up, np.where(side > 0, 0.5 * at_high, at_high), value)
        at_low = np.where(up, value, np.where(side < 0, 0.5 * at_low, at_low))
        low, high, side = np.where(up, tried, low), np.where(up, high, tried), np.where(up, 1.0, -1.0)
    return np.where(np.isnan(found), 0.5 * (low + high), found)


def _between(low: Array, high: Array, at_low: Array, at_high: Array, *, halve: bool) -> Array:
    middle = 0.5 * (low + high)
    if halve:
        return middle
    fall = at_low - at_high
    secant = low + (high - low) * at_low / np.where(fall > 0.0, fall, 1.0)
    return np.where((secant > low) & (secant < high), secant, middle)
