"""Score tests of equality constraints: what the chi-square would lose if a shared parameter were parted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.linalg import block_diag

from trustmeasure.errors import ArgumentError
from trustmeasure.sem.chisq import p_value
from trustmeasure.sem.parameters import Parameter, ParameterTable
from trustmeasure.sem.result import SemResult
from trustmeasure.sem.score_directions import LEAST_SHARE, GroupDirections, inverse_curvature, left_over

Array = npt.NDArray[np.float64]

COLUMNS = ("test", "label", "constraint", "chisq", "df", "p_value", "epc")


def score_tests(result: SemResult) -> pd.DataFrame:
    r"""Test each equality of parameters with a shared label, within and across groups, and all together.

    Parameters
    ----------
    result : SemResult
        A fit by maximum likelihood with labels shared by several parameters, or with `group_equal`.

    Returns
    -------
    DataFrame
        test label constraint chisq df p_value epc. Each "univariate" row releases one constraint and keeps
        the others: `chisq` is the expected fall of the chi-square, `epc` the expected difference, second
        parameter minus first. The last row ("total") releases all; its df counts those that the data can
        tell apart.

    Raises
    ------
    ArgumentError
        Without shared parameters, for another estimator, or for a fit without standard errors.

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
    pairs = _pairs(result.model)
    if not pairs:
        raise ArgumentError(
            "The model has no equality constraint to release: no label is shared by two parameters, and "
            "group_equal holds none equal across groups."
        )
    inverse = inverse_curvature(result)
    rows = [[_at_solution(p, result) for p in pairs if p.group == g.number] for g in result.groups]
    at = [GroupDirections.of(result, group, own) for group, own in zip(result.groups, rows, strict=True)]
    score, own, cross = (
        np.concatenate([getattr(x, name)() for x in at]) for name in ("score", "own", "cross")
    )
    rest = left_over(own, cross, inverse)
    frame = pd.DataFrame({"test": "univariate", "chisq": 0.5 * result.n_obs * score**2 / rest, "df": 1})
    order = [p for group in result.groups for p in pairs if p.group == group.number]
    frame["label"] = [p.label for p in order]
    frame["constraint"] = [f"{_name(pairs[p])} == {_name(p)}" for p in order]
    frame["epc"] = -score / rest
    remaining = block_diag(*(x.among() for x in at)) - cross @ inverse @ cross.T
    total = _total(score, remaining, own, result.n_obs)
    frame = pd.concat([frame, pd.DataFrame([total])], ignore_index=True)
    frame["p_value"] = [p_value(x, df) for x, df in zip(frame["chisq"], frame["df"], strict=True)]
    return frame[list(COLUMNS)]


def _pairs(table: ParameterTable) -> Mapping[Parameter, Parameter]:
    """Return each later row of a shared parameter with the first row that it is equal to."""
    first: dict[int, Parameter] = {}
    for row in table.parameters:
        if row.free:
            first.setdefault(row.free, row)
    return {p: first[p.free] for p in table.parameters if p.free and first[p.free] is not p}


def _at_solution(row: Parameter, result: SemResult) -> Parameter:
    return replace(row, value=float(result.theta[row.free - 1]))


def _name(row: Parameter) -> str:
    return row.name if row.group == 1 else f"{row.name}.g{row.group}"


def _total(score: Array, remaining: Array, own: Array, n_obs: int) -> dict[str, object]:
    """Return the row of all constraints together: `(N / 2) g' K^- g` with the rank of K as its df."""
    scale = np.sqrt(own)
    values, vectors = np.linalg.eigh(remaining / np.outer(scale, scale))
    kept = values > LEAST_SHARE
    along = vectors[:, kept].T @ (score / scale)
    chisq = 0.5 * n_obs * float(np.sum(along**2 / values[kept]))
    return {
        "test": "total",
        "chisq": chisq,
        "df": int(kept.sum()),
        "label": "",
        "constraint": "",
        "epc": np.nan,
    }
