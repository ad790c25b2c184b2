"""Scores of respondents on latent variables whose indicators are ordinal, or ordinal and continuous."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trustmeasure.errors import ArgumentError, DataError
from trustmeasure.sem.group_result import GroupResult
from trustmeasure.sem.ordinal.answers import Measured, Task, task_of
from trustmeasure.sem.ordinal.posterior import Mode, mean_of, mode_of
from trustmeasure.sem.ordinal.quadrature import MOST
from trustmeasure.threads import one_thread

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]

EBM, EAP, ML = "EBM", "EAP", "ML"
METHODS = (EBM, EAP, ML)
NO_ANSWER = -1e300
"""Stands for a missing answer where rows are compared."""
BEYOND = 1e6
"""Error variances above this multiple of a latent variance mean that the likelihood has no maximum."""


@dataclass(frozen=True, slots=True)
class Scored:
    """Scores and standard errors of rows, each of shape (n, k); NaN where there is none."""

    scores: Array
    errors: Array


@one_thread
def scores_of(group: GroupResult, values: Array, method: str, *, every_answer: bool) -> Scored:
    """Score the rows of a group.

    Parameters
    ----------
    group : GroupResult
        A group of a fit with ordinal variables.
    values : array, shape (n, p)
        Answers in the order of the model's observed variables, codes as in the fit; NaN where there is none.
    method : {"EBM", "EAP", "ML"}
        Mode or mean of the posterior distribution, or maximum likelihood.
    every_answer : bool
        Score incomplete rows from what they answered.
    """
    measured = Measured.of(group)
    if method == ML:
        _refuse_unmeasured(group, measured)
    model = group.model
    y, x = (_places(model.observed, names) for names in (measured.names, model.exogenous))
    k = len(model.latent)
    scores, errors = np.full((len(values), k), np.nan), np.full((len(values), k), np.nan)
    rows = _scorable(values[:, y], values[:, x], every_answer=every_answer)
    if not rows.size:
        return Scored(scores, errors)
    coded = np.column_stack([_coded(group, measured, values[np.ix_(rows, y)]), values[np.ix_(rows, x)]])
    different, which = np.unique(np.nan_to_num(coded, nan=NO_ANSWER), axis=0, return_inverse=True)
    different[different == NO_ANSWER] = np.nan
    found = _by_pattern(measured, different[:, : y.size], different[:, y.size :], method)
    scores[rows], errors[rows] = found.scores[which.ravel()], found.errors[which.ravel()]
    return Scored(scores, errors)


def _places(among: Sequence[str], names: Sequence[str]) -> Index:
    return np.array([among.index(name) for name in names], dtype=np.intp)


def _scorable(y: Array, x: Array, *, every_answer: bool) -> Index:
    """Return the rows that can be scored: all covariates and any answer, or every one."""
    there = ~np.isnan(y)
    enough = there.any(axis=1) if every_answer else there.all(axis=1)
    return np.flatnonzero(enough & ~np.isnan(x).any(axis=1))


def _coded(group: GroupResult, measured: Measured, values: Array) -> Array:
    """Return the values with the answers to ordinal variables as numbers of categories, from 0."""
    if group.moments.ordinal is None:
        raise TypeError("The group has no ordinal variables.")
    found = values.copy()
    for j in np.flatnonzero(measured.ordinal):
        codes = np.array(group.moments.ordinal.categories[j])
        answered = ~np.isnan(values[:, j])
        at = np.minimum(np.searchsorted(codes, values[answered, j]), codes.size - 1)
        unknown = codes[at] != values[answered, j]
        if unknown.any():
            where = f" in group '{group.label}'" if group.label else ""
            raise DataError(
                f"'{measured.names[j]}' has the answer {values[answered, j][unknown][0]:g}, which it did not "
                f"have in the fit{where}: {_listed(codes)}. Recode it or set it to missing."
            )
        found[answered, j] = at
    return found


def _listed(codes: Array) -> str:
    return ", ".join(f"{code:g}" for code in codes)


def _by_pattern(measured: Measured, values: Array, x: Array, method: str) -> Scored:
    """Score rows that differ, those with the same continuous variables answered together."""
    shape = (len(values), measured.eta.size)
    scores, errors = np.full(shape, np.nan), np.full(shape, np.nan)
    answered = ~np.isnan(values[:, ~measured.ordinal])
    patterns, which = np.unique(answered, axis=0, return_inverse=True)
    for i in range(len(patterns)):
        rows = np.flatnonzero(which.ravel() == i)
        task = task_of(measured, values[rows], x[rows], prior=method != ML)
        eta, variance = _placed(measured, task, x[rows], method)
        scores[rows], errors[rows] = eta, np.sqrt(variance)
    return Scored(scores, errors)


def _placed(measured: Measured, task: Task, x: Array, method: str) -> tuple[Array, Array]:
    """Return the scores of rows and their error variances, each of shape (n, k)."""
    if method == EAP:
        _refuse_many(task)
    mode = mode_of(task)
    v, spread = mean_of(task, mode) if method == EAP else (mode.at, _inverse(mode))
    turn, rest = measured.root @ task.turn, measured.root @ task.rest
    eta = measured.eta + x @ measured.eta_on_x.T + task.centre @ measured.root.T + v @ turn.T
    variance = np.einsum("kd,nde,ke->nk", turn, spread, turn, optimize=True) + (rest**2).sum(axis=1)
    if method != ML:
        return eta, variance
    given = variance < BEYOND * measured.variances
    return np.where(given, eta, np.nan), np.where(given, variance, np.nan)


def _inverse(mode: Mode) -> Array:
    """Return the inverse of the curvature, bounded where answers say nothing of a direction."""
    values, vectors = np.linalg.eigh(mode.curve)
    return np.asarray((vectors / np.maximum(values, 1e-14)[:, None]) @ np.swapaxes(vectors, 1, 2))


def _refuse_many(task: Task) -> None:
    d = task.predictor.shape[1]
    if d > MOST:
        raise ArgumentError(
            f"method='EAP' integrates over the latent variables of ordinal indicators: {d} dimensions here, "
            f"at most {MOST}. Use method='EBM', which needs no integral, or fit fewer factors at once."
        )


def _refuse_unmeasured(group: GroupResult, measured: Measured) -> None:
    """Refuse maximum likelihood where a latent variable has no observed indicator of its own."""
    names = {row.lhs for row in group.model.parameters if row.op == "=~" and row.rhs in measured.names}
    bare = [name for name in group.model.latent if name not in names]
    if bare or measured.root.shape[1] < measured.eta.size:
        raise ArgumentError(
            f"ML scores hold latent variables fixed, which needs indicators of each"
            f"{': ' + ', '.join(bare) + ' has none' if bare else ''}. Use method='EBM'."
        )
