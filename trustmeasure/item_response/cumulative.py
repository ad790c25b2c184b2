"""Probabilities of ordered categories from cumulative logits, and their derivatives.

With P*_x = 1 / (1 + exp(-(eta + d_x))) for "category x or higher", the probability of category x is
P*_x - P*_(x+1) (Samejima 1969). Written as a product,

    P_x = P*_x * (1 - P*_(x+1)) * (1 - exp(-(d_x - d_(x+1)))),

it keeps all its digits however far out eta is, and the derivatives of log P_x become short: with respect to
eta 1 - P*_x - P*_(x+1), and further terms that depend on the distance of the two boundaries only.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, log_expit

from trustmeasure.frames import Array
from trustmeasure.item_response.layout import Layout


@dataclass(frozen=True, slots=True)
class Cells:
    """What is needed of all cells at Q values of theta.

    Attributes
    ----------
    passed : array (B + 2, Q)
        P* of each boundary; then a row of ones and a row of zeros for the open ends.
    log_probability : array (C, Q)
        log P of each cell.
    push : array (C,)
        1 / (exp(distance of the cell's boundaries) - 1): what keeps them apart; 0 for the outer cells.
    """

    passed: Array
    log_probability: Array
    push: Array


def distances(intercepts: Array, layout: Layout) -> Array:
    """Return how far the two boundaries of each cell are apart, length C; infinite for outer cells."""
    ends = np.concatenate([intercepts, [np.inf, -np.inf]])
    return np.asarray(ends[layout.upper] - ends[layout.lower])


def in_order(intercepts: Array, layout: Layout) -> bool:
    """Return whether every cell has a positive probability."""
    return bool(np.isfinite(intercepts).all() and (distances(intercepts, layout) > 0.0).all())


def cells_at(slopes: Array, intercepts: Array, layout: Layout, theta: Array) -> Cells:
    """Return probabilities at some values of the trait.

    Parameters
    ----------
    slopes, intercepts : array (k,), array (B,)
        Parameters; intercepts fall within an item.
    layout : Layout
        Which belongs to which.
    theta : array (Q,)
        Values of the trait.
    """
    z = np.multiply.outer(slopes[layout.item_of_boundary], theta) + intercepts[:, None]
    one, zero = np.ones((1, theta.size)), np.zeros((1, theta.size))
    passed = np.vstack([expit(z), one, zero])
    log_passed = np.vstack([log_expit(z), zero, zero])
    log_not = np.vstack([log_expit(-z), zero, zero])
    gap = np.exp(-distances(intercepts, layout))
    inside = np.log1p(-gap)
    log_probability = log_passed[layout.upper] + log_not[layout.lower] + inside[:, None]
    return Cells(passed, log_probability, gap / (1.0 - gap))


def slope_terms(cells: Cells, layout: Layout) -> Array:
    """Return the derivative of log P with respect to eta, 1 - P*_upper - P*_lower; (C, Q)."""
    return np.asarray(1.0 - cells.passed[layout.upper] - cells.passed[layout.lower])


def boundary_terms(cells: Cells, layout: Layout) -> tuple[Array, Array]:
    """Return the derivatives of log P with respect to the cell's upper and lower boundary, each (C, Q).

    A cell without that boundary has zeros.
    """
    push = cells.push[:, None]
    has_upper = (layout.upper < layout.n_boundaries)[:, None]
    has_lower = (layout.lower < layout.n_boundaries)[:, None]
    up = np.where(has_upper, 1.0 - cells.passed[layout.upper] + push, 0.0)
    low = np.where(has_lower, -cells.passed[layout.lower] - push, 0.0)
    return up, low


def density(cells: Cells) -> Array:
    """Return P* (1 - P*) of each boundary; zero for the open ends; (B + 2, Q)."""
    return np.asarray(cells.passed * (1.0 - cells.passed))
