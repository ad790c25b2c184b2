"""Maximum of the marginal likelihood: EM steps first, then Newton steps with exact second derivatives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.linalg import LinAlgError, cho_factor, cho_solve

from trustmeasure.errors import ConvergenceError
from trustmeasure.frames import Array
from trustmeasure.item_response.cumulative import Cells, in_order
from trustmeasure.item_response.likelihood import (
    Nodes,
    Posterior,
    Sample,
    cells_of,
    complete_gradient,
    complete_information,
    expected_counts,
    observed_information,
    posterior,
    scores,
    split,
)

EM_STEPS = 60
EM_ENOUGH = 1e-3
"""Gain of an EM step in log-likelihood, per parameter, below which Newton steps take over."""
STEEPEST = 40.0
"""Slope that no answers of people determine: nodes lie further apart than the curve is wide."""
NEAR, DONE = 1e-7, 1e-20
"""Squared Newton step in standard errors: full steps from here on, and nothing left to gain."""
MOST_CLOSE = 4
"""Full steps at most: rounding may keep the last ones from getting any smaller."""


@dataclass(frozen=True, slots=True)
class State:
    """Parameters (p,) with what the likelihood says of them."""

    parameters: Array
    cells: Cells
    found: Posterior


@dataclass(frozen=True, slots=True)
class Estimate:
    """The maximum.

    Attributes
    ----------
    parameters : array (p,)
        Slopes and intercepts, item by item.
    loglik : float
        Marginal log-likelihood.
    information : array (f, f)
        Minus its second derivatives, along the f free parameters.
    meat : array (f, f)
        Sum of the squared weighted gradients of the people.
    gradient_max : float
        Largest element of the gradient.
    em_steps, newton_steps : int
        Steps taken.
    posterior : Posterior
        Of the patterns, at the maximum.
    """

    parameters: Array
    loglik: float
    information: Array
    meat: Array
    gradient_max: float
    em_steps: int
    newton_steps: int
    posterior: Posterior


def maximise(
    start: Array, sample: Sample, nodes: Nodes, free: Array, steps: int, named: Callable[[int], str]
) -> Estimate:
    """Return the maximum of the marginal likelihood.

    Parameters
    ----------
    start : array (p,)
        Where to start; it lies in the span of `free`.
    sample : Sample
        The answers.
    nodes : Nodes
        Where the integral over the trait is evaluated.
    free : array (p, f)
        Parameters are this matrix times the free parameters.
    steps : int
        Largest number of steps.
    named : function of int
        Name of an item, for messages.

    Raises
    ------
    ConvergenceError
        If a slope grows without bound, or the steps do not suffice.
    """
    state = _state(start, sample, nodes)
    state, taken = _by_em(state, sample, nodes, free, named, min(steps, EM_STEPS))
    return _by_newton(state, sample, nodes, free, named, (taken, steps))


def _state(parameters: Array, sample: Sample, nodes: Nodes) -> State:
    cells = cells_of(parameters, sample.layout, nodes)
    return State(parameters, cells, posterior(cells, sample, nodes))


def _by_em(
    state: State, sample: Sample, nodes: Nodes, free: Array, named: Callable[[int], str], most: int
) -> tuple[State, int]:
    """One Newton step on the complete-data likelihood for each expectation (Lange 1995)."""
    for taken in range(1, most + 1):
        counts = expected_counts(state.found, sample)
        gradient = complete_gradient(state.cells, counts, sample.layout, nodes) @ free
        information = free.T @ complete_information(state.cells, counts, sample.layout, nodes) @ free
        after = _ascent(state, free @ _solved(information, gradient), sample, nodes)
        gain = after.found.loglik - state.found.loglik
        state = after
        _refuse_steep(state, sample, named)
        if gain < EM_ENOUGH * free.shape[1]:
            return state, taken
    return state, most


def _by_newton(
    state: State,
    sample: Sample,
    nodes: Nodes,
    free: Array,
    named: Callable[[int], str],
    counted: tuple[int, int],
) -> Estimate:
    em, most = counted
    close = 0
    for taken in range(max(most - em, 0) + 1):
        each = scores(state.cells, state.found, sample, nodes) @ free
        gradient = sample.weights @ each
        information = free.T @ observed_information(state.cells, state.found, sample, nodes) @ free
        step = _solved(information, gradient, each.T @ (each * sample.weights[:, None]))
        decrement = float(step @ gradient)
        close += decrement < NEAR
        if decrement < DONE or close > MOST_CLOSE:
            meat = each.T @ (each * sample.squares[:, None])
            highest = float(np.abs(gradient).max())
            found = state.found
            return Estimate(state.parameters, found.loglik, information, meat, highest, em, taken, found)
        if close:
            state = _state(state.parameters + free @ step, sample, nodes)
        else:
            state = _ascent(state, free @ step, sample, nodes)
        _refuse_steep(state, sample, named)
    raise ConvergenceError(
        f"The graded response model did not converge in {most} steps. Give a larger max_steps, or look at "
        "items with rarely used categories, and at items that hardly go with the others.",
        partial=state.parameters,
    )


def _solved(information: Array, gradient: Array, instead: Array | None = None) -> Array:
    """Return the Newton step; where the surface is not concave, one along the gradients' own spread."""
    try:
        return np.asarray(cho_solve(cho_factor(information), gradient))
    except LinAlgError:
        base = information if instead is None else instead
        ridge = 1e-6 * np.trace(base) / len(base) * np.eye(len(base))
        return np.asarray(np.linalg.lstsq(base + ridge, gradient, rcond=None)[0])


def _ascent(state: State, step: Array, sample: Sample, nodes: Nodes) -> State:
    """Return the state after as much of a step as keeps categories in order and raises the likelihood."""
    share = 1.0
    for _ in range(30):
        tried = state.parameters + share * step
        if in_order(split(tried, sample.layout)[1], sample.layout):
            after = _state(tried, sample, nodes)
            if after.found.loglik > state.found.loglik:
                return after
        share *= 0.5
    return state


def _refuse_steep(state: State, sample: Sample, named: Callable[[int], str]) -> None:
    slopes = np.abs(split(state.parameters, sample.layout)[0])
    steep = np.flatnonzero(slopes > STEEPEST)
    if steep.size:
        names = ", ".join(f"'{named(int(i))}'" for i in steep)
        raise ConvergenceError(
            f"The slope of {names} grows without bound (now {slopes[steep[0]]:.0f}): the other answers "
            "determine the answers to it nearly without error, as with copies of an item or very few people. "
            "Leave one of the copies out, or collect more answers.",
            partial=state.parameters,
        )
