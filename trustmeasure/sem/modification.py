"""Modification indices: what the chi-square would lose if a fixed or absent parameter were free."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.check import one_of
from trustmeasure.errors import ArgumentError
from trustmeasure.sem.candidates import INTERCEPT, OPERATORS, SCALE, THRESHOLD, Candidates, candidates
from trustmeasure.sem.group_result import GroupResult
from trustmeasure.sem.result import SemResult
from trustmeasure.sem.score_directions import GroupDirections, inverse_curvature
from trustmeasure.sem.standardize import Places, implied_scales
from trustmeasure.sem.statistic_directions import StatisticDirections
from trustmeasure.threads import one_thread

Array = npt.NDArray[np.float64]

COLUMNS = ("lhs", "op", "rhs", "group", "mi", "epc", "sepc_lv", "sepc_all")


@one_thread
def modification_indices(
    result: SemResult,
    *,
    sort: bool = True,
    minimum: float = 0.0,
    op: str | Sequence[str] | None = None,
) -> pd.DataFrame:
    r"""Return the modification index and expected change of every parameter that could be freed.

    Parameters
    ----------
    result : SemResult
        A fit by maximum likelihood or least squares.
    sort : bool
        Largest index first; otherwise fixed parameters first, then absent ones, group by group.
    minimum : float
        Least index that is listed.
    op : str or sequence of str, optional
        Only these operators: "=~", "~", "~~", "~1"; of ordinal variables also "|" and "~*~".

    Returns
    -------
    DataFrame
        lhs op rhs group mi epc sepc_lv sepc_all: the relation, the expected fall of the chi-square (one
        degree of freedom), the expected change of the parameter, and that change standardised by the latent
        and by all variables (NaN for the scale of an ordinal response, which is itself a standard deviation).
        What the free parameters already cover is not listed.

    Raises
    ------
    ArgumentError
        For an unknown operator, a negative minimum, incomplete rows (FIML), or a fit without standard errors.

    Notes
    -----
    ``MI = (N / 2) g^2 / K`` and ``EPC = -g / K`` with g the derivative of the discrepancy by the parameter
    and K its expected second derivative less what the free parameters take up (Soerbom 1989, Psychometrika
    54(3), 371-384). Nothing is fitted again. An index tells where the data disagree with the model, not why:
    free only what theory would have allowed. The chi-square is the unscaled one, also where the fit has a
    scaled test. Checked against: `modindices` of lavaan 0.6-14, `tests/reference/sem_inspect`,
    `tests/reference/sem_ordinal`.

    Examples
    --------
    >>> import pandas as pd
    >>> from trustmeasure.sem import fit_sem
    >>> names = ["a", "b", "c", "d"]
    >>> corr = [[1, 0.6, 0.5, 0.3], [0.6, 1, 0.5, 0.4], [0.5, 0.5, 1, 0.6], [0.3, 0.4, 0.6, 1]]
    >>> corr = pd.DataFrame(corr, names, names)
    >>> fit = fit_sem("f =~ a + b + c + d", sample_cov=corr, sample_sd=[1.1, 0.9, 1.2, 1.0], n_obs=200)
    >>> sorted(modification_indices(fit).rhs[:2])
    ['b', 'd']
    """
    wanted = _operators(op)
    if not minimum >= 0:
        raise ArgumentError(f"minimum={minimum!r} must be 0 or larger.")
    inverse = inverse_curvature(result)
    parts = [_of_group(result, group, inverse, wanted) for group in result.groups]
    number = np.repeat([g.number for g in result.groups], [len(own.kind) for own, _ in parts])
    values = np.concatenate([found for _, found in parts], axis=1)
    with np.errstate(invalid="ignore"):
        kept = np.flatnonzero(values[0] >= minimum)
    if sort:
        kept = kept[np.argsort(-values[0, kept], kind="stable")]
    relations = Candidates.joined([own for own, _ in parts]).where(kept)
    return _frame(relations, result.groups[0].ram.variables, number[kept], values[:, kept])


def _frame(
    relations: Candidates, variables: Sequence[str], number: npt.NDArray[np.intp], values: Array
) -> pd.DataFrame:
    """Return the frame of relations with the numbers of their groups (k,) and their values (4, k)."""
    cut = relations.kind == THRESHOLD
    cuts = [f"t{n}" for n in range(1, int(relations.rhs[cut].max(initial=0)) + 1)]
    texts = pd.Series([*OPERATORS, *variables, "", *cuts], dtype=str).array
    first, size = len(OPERATORS), number.size
    blank = first + len(variables)
    right = np.where(relations.kind == INTERCEPT, blank, relations.rhs + np.where(cut, blank, first))
    sides = texts.take(np.concatenate([relations.lhs + first, relations.kind, right]))
    columns = [sides[:size], sides[size : 2 * size], sides[2 * size :], number.astype(np.int64), *values]
    return pd.DataFrame(dict(zip(COLUMNS, columns, strict=True)), pd.RangeIndex(size), copy=False)


def _operators(op: str | Sequence[str] | None) -> tuple[str, ...]:
    if op is None:
        return OPERATORS
    return tuple(one_of("op", x, OPERATORS) for x in ([op] if isinstance(op, str) else op))


def _of_group(
    result: SemResult, group: GroupResult, inverse: Array, wanted: Sequence[str]
) -> tuple[Candidates, Array]:
    """Return the relations of a group that could be freed, and mi, epc, sepc_lv and sepc_all (4, k)."""
    relations = candidates(group.model, wanted)
    right = np.where(relations.kind == THRESHOLD, 0, relations.rhs)
    places = Places.of_kinds(relations.kind, relations.lhs, right, OPERATORS)
    squares = result.options.least_squares
    at = (
        StatisticDirections.of(result, group, relations)
        if squares
        else GroupDirections.of(result, group, places)
    )
    score, rest = at.score(), at.left_over(inverse)
    change = -score / rest
    standardised = change * places.factors(implied_scales(group.ram, group.at_solution))
    standardised[:, relations.kind == SCALE] = np.nan
    return relations, np.vstack([result.n_obs / 2.0 * score**2 / rest, change, standardised])
