"""Fit the graded response model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.linalg import LinAlgError, cho_factor, cho_solve

from trustmeasure.check import at_least, in_range, one_of
from trustmeasure.errors import ArgumentError, DataError
from trustmeasure.frames import Array, numeric_columns, to_pandas
from trustmeasure.item_response.answers import Answers, answers_of, chosen_items, scales_offered
from trustmeasure.item_response.estimate import Estimate, maximise
from trustmeasure.item_response.layout import Layout
from trustmeasure.item_response.likelihood import joined, normal_nodes, sample_of, split
from trustmeasure.item_response.model import GradedResponse
from trustmeasure.item_response.start import starting_values
from trustmeasure.threads import one_thread

ERRORS = ("observed", "robust")
RARE = 5
"""A category with fewer answers is named in a note, since its boundaries rest on little."""


def graded_response(
    data: Any,
    items: str | Sequence[str] | None = None,
    *,
    equal_slopes: bool = False,
    weights: str | npt.ArrayLike | None = None,
    se: str = "observed",
    points: int = 61,
    width: float = 6.0,
    max_steps: int = 500,
) -> GradedResponse:
    """Fit the graded response model to ordered answers, by marginal maximum likelihood.

    The probability of category x or a higher one is 1 / (1 + exp(-a (theta - b_x))), with one slope a for
    each item, and one difficulty b_x for each category but the lowest (Samejima 1969). Items with two
    categories follow the two-parameter logistic model. The trait theta is normal with mean 0 and variance 1.
    EM steps (Bock & Aitkin 1981) lead near the maximum, Newton steps with the exact second derivatives to it.
    Missing answers are taken as missing at random: each person counts with the answers given.

    Parameters
    ----------
    data : frame, 2-D array, mapping from name to column or Responses
        One row a person, one column an item; numbers, at most 11 categories an item. Items that are worded
        the other way round should come turned (as `Responses.items` gives them); else their slope is
        negative.
    items : str or sequence of str, optional
        Of Responses, a construct, or ids of items; of a frame, names of columns. All when None: take items of
        one construct, for the model has one trait.
    equal_slopes : bool
        Whether all items share one slope.
    weights : str or array, optional
        How many people a row stands for, as a column or one number a row.
    se : {"observed", "robust"}
        Standard errors from the observed information, or the sandwich of it with the spread of the people's
        gradients, which also serves sampling weights.
    points, width : int, float
        The integral over the trait is a sum over so many evenly spaced points from -width to width.
    max_steps : int
        Largest number of steps.

    Returns
    -------
    GradedResponse
        `.items` (a, b, standard errors), `.loglik .aic .bic`, `.information() .test_information()
        .expected_scores() .probabilities()`, `.marginal_reliability`, `.summary()`.

    Raises
    ------
    DataError
        If there are fewer than 3 items (2 with equal slopes), or an item has no answers, one category only,
        or more than 11.
    ConvergenceError
        If a slope grows without bound, as with copies of an item, or the steps do not suffice.

    References
    ----------
    Samejima, F. (1969). Estimation of latent ability using a response pattern of graded scores. Psychometrika
    Monograph Supplement No. 17.

    Bock, R. D., & Aitkin, M. (1981). Marginal maximum likelihood estimation of item parameters: Application
    of an EM algorithm. Psychometrika, 46(4), 443-459.

    Louis, T. A. (1982). Finding the observed information matrix when using the EM algorithm. Journal of the
    Royal Statistical Society B, 44(2), 226-233.

    Notes
    -----
    Checked against: OpenMx 2.21.1 (`mxExpectationBA81`) and rpf 1.0.11
    (tests/reference/item_response/graded.R).

    Examples
    --------
    >>> import trustmeasure as tm
    >>> responses = tm.load_sample("trust-survey")
    >>> found = tm.graded_response(responses, "competence")
    >>> found.items[["item", "a", "b1"]].round(2).head(2).to_numpy().tolist()
    [['cog_com_1', 2.21, -2.88], ['cog_com_2', 2.29, -2.41]]
    """
    one_of("se", se, ERRORS)
    at_least("points", points, 5)
    in_range("width", width, 1.0, 20.0)
    at_least("max_steps", max_steps, 1)
    frame = chosen_items(data, items)
    names = [str(name) for name in frame.columns]
    answers = answers_of(frame, least=2 if equal_slopes else 3, scales=scales_offered(data, names))
    weight = _weights(data, weights, len(frame))
    return fit_answers(answers, weight, equal_slopes, se, (points, width), max_steps)


@one_thread
def fit_answers(
    answers: Answers,
    weights: Array,
    equal_slopes: bool = False,
    se: str = "observed",
    quadrature: tuple[int, float] = (61, 6.0),
    max_steps: int = 500,
) -> GradedResponse:
    """Return the model of answers that were checked; arguments as for `graded_response`."""
    layout = answers.layout
    used = (answers.answered > 0) & (weights > 0.0)
    codes = answers.codes[used]
    _require_variance(codes, answers)
    sample, nodes = sample_of(codes, layout, weights[used]), normal_nodes(*quadrature)
    slopes, intercepts = starting_values(codes, layout, weights[used])
    free = free_parameters(layout, equal_slopes)
    if equal_slopes:
        slopes = np.full_like(slopes, np.abs(slopes).mean())
    start = joined(slopes, intercepts, layout)
    found = maximise(start, sample, nodes, free, max_steps, lambda i: answers.names[i])
    vcov, note = _vcov(found, free, se)
    slopes, intercepts = split(found.parameters, layout)
    slopes, vcov = _turned(slopes, vcov, layout)
    return GradedResponse(
        slopes=slopes,
        intercepts=intercepts,
        vcov=vcov,
        loglik=found.loglik,
        n_parameters=free.shape[1],
        n_obs=int(used.sum()),
        n_rows=len(used),
        answers=answers,
        weights=weights,
        equal_slopes=equal_slopes,
        se=se,
        points=quadrature[0],
        width=quadrature[1],
        em_steps=found.em_steps,
        newton_steps=found.newton_steps,
        gradient_max=found.gradient_max,
        notes=(
            *note,
            *_against(slopes, answers),
            *_few_people(int(used.sum()), free.shape[1]),
            *answers.notes,
            *_rare(codes, answers),
        ),
    )


def _weights(data: Any, weights: Any, n: int) -> Array:
    if weights is None:
        return np.ones(n)
    if isinstance(weights, str):
        values = numeric_columns(to_pandas(data), [weights])[weights].to_numpy(dtype=float)
    else:
        values = np.asarray(weights, dtype=float)
    if values.shape != (n,):
        raise ArgumentError(f"weights has shape {values.shape} for {n} rows. Give one weight a row.")
    bad = ~np.isfinite(values) | (values < 0.0)
    if bad.any():
        row = int(np.argmax(bad))
        raise DataError(f"The weight of row {row + 1} is {values[row]}. Give weights of zero or more.")
    return values


def _require_variance(codes: Any, answers: Answers) -> None:
    for i, name in enumerate(answers.names):
        used = np.unique(codes[codes[:, i] >= 0, i])
        if used.size < len(answers.categories[i]):
            raise DataError(
                f"Rows with a weight above 0 do not show every category of '{name}'. Leave the rows without "
                "weight out of the data."
            )


def free_parameters(layout: Layout, equal_slopes: bool) -> Array:
    """Return the matrix that turns free parameters into parameters."""
    if not equal_slopes:
        return np.eye(layout.n_parameters)
    free = np.zeros((layout.n_parameters, layout.n_boundaries + 1))
    free[layout.slope_at, 0] = 1.0
    free[layout.intercept_at, np.arange(1, layout.n_boundaries + 1)] = 1.0
    return free


def _vcov(found: Estimate, free: Array, se: str) -> tuple[Array, tuple[str, ...]]:
    try:
        inverse = np.asarray(cho_solve(cho_factor(found.information), np.eye(len(found.information))))
    except LinAlgError:
        size = free.shape[0]
        return np.full((size, size), np.nan), (
            "Standard errors do not exist: the likelihood is flat in some direction at the solution. There "
            "are too few answers for so many parameters.",
        )
    if se == "robust":
        inverse = inverse @ found.meat @ inverse
    return np.asarray(free @ inverse @ free.T), ()


def _turned(slopes: Array, vcov: Array, layout: Layout) -> tuple[Array, Array]:
    """Return slopes mostly positive: the direction of the trait is a convention."""
    if slopes.sum() >= 0.0:
        return slopes, vcov
    signs = np.ones(layout.n_parameters)
    signs[layout.slope_at] = -1.0
    return -slopes, vcov * np.outer(signs, signs)


def _against(slopes: Array, answers: Answers) -> tuple[str, ...]:
    names = [name for name, a in zip(answers.names, slopes, strict=True) if a < 0.0]
    if not names:
        return ()
    return (
        f"Negative slope: {', '.join(names)}. If wording is the reason, turn these items (code = minimum + "
        "maximum - code); nothing was turned here.",
    )


def _few_people(people: int, parameters: int) -> tuple[str, ...]:
    if people >= parameters:
        return ()
    return (f"{people} people for {parameters} parameters: do not rely on these numbers.",)


def _rare(codes: Any, answers: Answers) -> tuple[str, ...]:
    few = []
    for i, used in enumerate(answers.categories):
        counts = np.bincount(codes[codes[:, i] >= 0, i], minlength=len(used))
        few += [f"{answers.names[i]} = {used[x]:g} ({counts[x]})" for x in np.flatnonzero(counts < RARE)]
    if not few:
        return ()
    shown = ", ".join(few[:8]) + (f", ... ({len(few)} in all)" if len(few) > 8 else "")
    return (f"Categories with fewer than {RARE} answers, whose difficulties rest on little: {shown}.",)
