"""Score tests of equality constraints: what the chi-square would lose if one were released."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.linalg import block_diag

from trustmeasure.errors import ArgumentError
from trustmeasure.sem.chisq import p_value
from trustmeasure.sem.constraints import Limits
from trustmeasure.sem.group_result import GroupResult
from trustmeasure.sem.inference import inverse_information, null_basis
from trustmeasure.sem.parameters import Parameter, ParameterTable, Positions
from trustmeasure.sem.result import SemResult
from trustmeasure.sem.score_directions import GroupDirections, inverse_curvature, left_over
from trustmeasure.sem.standardize import Places
from trustmeasure.sem.statistic_directions import LEAST_SHARE, StatisticDirections, rows_as_candidates
from trustmeasure.sem.syntax import Constraint

Array = npt.NDArray[np.float64]

COLUMNS = ("test", "label", "constraint", "chisq", "df", "p_value", "epc")


def score_tests(result: SemResult) -> pd.DataFrame:
    r"""Test each `==` line, each equality of parameters with a shared label, and all together.

    Parameters
    ----------
    result : SemResult
        A fit with `==` lines, with labels shared by several parameters, or with
        `group_equal`.

    Returns
    -------
    DataFrame
        test label constraint chisq df p_value epc. Each "univariate" row releases one constraint and keeps
        the others: `chisq` is the expected fall of the chi-square, `epc` the expected difference, second
        parameter (or right side) minus first. It is NaN where the data do not tell the sides apart without
        the constraint. The last row ("total") releases all; its df counts those that the data can
        tell apart.

    Raises
    ------
    ArgumentError
        Without shared parameters, for incomplete rows (FIML), or for a fit without standard errors.

    Notes
    -----
    The constraint "first == k-th" of a label is released by giving the k-th parameter a value of its own,
    so its statistic is the modification index of that value (Bentler & Chou 1992, Sociological Methods &
    Research 21(2), 259-282). Nothing is fitted again. Checked against: `lavTestScore` of lavaan 0.6-14,
    `tests/reference/sem_inspect`.

    Examples
    --------
    >>> import pandas as pd
    >>> from trustmeasure.sem import fit_sem
    >>> cov = pd.DataFrame([[2.0, 1.0, 0.8], [1.0, 2.0, 0.9], [0.8, 0.9, 2.0]], columns=["a", "b", "c"])
    >>> fit = fit_sem("f =~ a + l*b + l*c", sample_cov=cov, n_obs=200)
    >>> score_tests(fit)["constraint"].tolist()[0]
    'f=~b == f=~c'
    """
    pairs, limits = _pairs(result.model), Limits.of(result.model)
    if not (pairs or limits.equal):
        raise ArgumentError(
            "The model has no equality constraint to release: no label is shared by two parameters, "
            "group_equal holds none equal across groups, and no line has '=='."
        )
    inverse = inverse_curvature(result)
    rows = [[p for p in pairs if p.group == g.number] for g in result.groups]
    at = [_directions(result, group, own) for group, own in zip(result.groups, rows, strict=True)]
    local, order = _Local.of(at, inverse), [p for own in rows for p in own]
    written = [_released(result, limits, local, i) for i in range(len(limits.equal))]
    frame = pd.DataFrame([*written, *_parted(result, local, pairs, order)])
    frame = pd.concat([frame, pd.DataFrame([_total(result, local, limits)])], ignore_index=True)
    frame["p_value"] = [p_value(x, df) for x, df in zip(frame["chisq"], frame["df"], strict=True)]
    return frame[list(COLUMNS)]


def _directions(
    result: SemResult, group: GroupResult, rows: Sequence[Parameter]
) -> GroupDirections | StatisticDirections:
    """Return what a further parameter at each row would do."""
    if result.options.least_squares:
        return StatisticDirections.of(result, group, rows_as_candidates(rows, group.ram))
    return GroupDirections.of(result, group, Places.of(Positions.of(rows, group.ram.variables)))


@dataclass(frozen=True, slots=True)
class _Local:
    """The discrepancy at the solution, by its q free parameters and by k new ones that part shared ones.

    Attributes
    ----------
    inverse : array, shape (q, q)
        Of the expected second derivatives by the free parameters, constraints respected.
    free, new : arrays, shapes (q,), (k,)
        First derivatives.
    inner, cross, outer : arrays, shapes (q, q), (k, q), (k, k)
        Expected second derivatives by free ones, by new and free ones, by new ones.
    """

    inverse: Array
    free: Array
    new: Array
    inner: Array
    cross: Array
    outer: Array

    @classmethod
    def of(cls, at: Sequence[GroupDirections | StatisticDirections], inverse: Array) -> _Local:
        return cls(
            inverse=inverse,
            free=np.sum([x.free_score() for x in at], axis=0),
            new=np.concatenate([x.score() for x in at]),
            inner=np.sum([x.free_information() for x in at], axis=0),
            cross=np.concatenate([x.cross() for x in at]),
            outer=block_diag(*(x.among() for x in at)),
        )


def _parted(
    result: SemResult, local: _Local, pairs: Mapping[Parameter, Parameter], order: Sequence[Parameter]
) -> list[dict[str, object]]:
    """Return the rows of parameters with a shared label: the second one gets a value of its own."""
    rest = left_over(np.diag(local.outer), local.cross, local.inverse)
    return [
        _row("univariate", p.label, f"{_name(pairs[p])} == {_name(p)}", 0.5 * result.n_obs * g**2 / k, -g / k)
        for p, g, k in zip(order, local.new, rest, strict=True)
    ]


def _released(result: SemResult, limits: Limits, local: _Local, number: int) -> dict[str, object]:
    """Return the row of one `==` line: what moves when it is left out and the others are kept."""
    line = limits.equal[number]
    own = limits.slopes([line], result.theta)[0]
    others = _restrictions(result, [c for i, c in enumerate(limits.equal) if i != number])
    wider = inverse_information(local.inner, others)
    chisq = change = float("nan")
    if wider is not None and own @ wider @ own > LEAST_SHARE * (np.abs(own) @ np.abs(wider) @ np.abs(own)):
        chisq = 0.5 * result.n_obs * float(local.free @ wider @ local.free)
        change = float(own @ wider @ local.free)
    return _row("univariate", "", line.text, chisq, change)


def _restrictions(result: SemResult, kept: Sequence[Constraint]) -> Array:
    """Return the derivatives of the equalities `kept` and of active inequalities, shape (r, q)."""
    limits = Limits.of(result.model)
    active = limits.active(result.theta)[: len(limits.unequal)]
    tight = [c for c, flag in zip(limits.unequal, active, strict=True) if flag]
    return limits.slopes([*kept, *tight], result.theta)


def _row(test: str, label: str, constraint: str, chisq: float, epc: float, df: int = 1) -> dict[str, object]:
    names = ("test", "label", "constraint", "chisq", "epc", "df")
    return dict(zip(names, (test, label, constraint, chisq, epc, df), strict=True))


def _pairs(table: ParameterTable) -> Mapping[Parameter, Parameter]:
    """Return each later row of a shared parameter with the first row that it is equal to."""
    first: dict[int, Parameter] = {}
    for row in table.parameters:
        if row.free:
            first.setdefault(row.free, row)
    return {p: first[p.free] for p in table.parameters if p.free and first[p.free] is not p}


def _name(row: Parameter) -> str:
    return row.name if row.group == 1 else f"{row.name}.g{row.group}"


def _total(result: SemResult, local: _Local, limits: Limits) -> dict[str, object]:
    """Return the row of all constraints together: `(N / 2) g' K^- g` with the rank of K as its df.

    The directions are those that the `==` lines close, and the new parameters.
    """
    closed = _closed(result, limits, np.sqrt(np.diag(local.inner)))
    score = np.concatenate([closed.T @ local.free, local.new])
    cross = np.vstack([closed.T @ local.inner, local.cross])
    mixed = local.cross @ closed
    among = np.block([[closed.T @ local.inner @ closed, mixed.T], [mixed, local.outer]])
    scale = np.sqrt(np.diag(among))
    remaining = among - cross @ local.inverse @ cross.T
    values, vectors = np.linalg.eigh(remaining / np.outer(scale, scale))
    kept = values > LEAST_SHARE
    along = vectors[:, kept].T @ (score / scale)
    chisq = 0.5 * result.n_obs * float(np.sum(along**2 / values[kept]))
    return _row("total", "", "", chisq, float("nan"), int(kept.sum()))


def _closed(result: SemResult, limits: Limits, scale: Array) -> Array:
    """Return a basis of the directions that the `==` lines close, shape (q, r)."""
    size = np.where(scale > 0, scale, 1.0)
    open_without = null_basis(_restrictions(result, []) / size)
    rows = _restrictions(result, limits.equal) / size @ open_without
    open_with = null_basis(rows)
    return np.asarray(open_without @ null_basis(open_with.T) / size[:, None])
