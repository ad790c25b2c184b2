"""Modification indices: what the chi-square would lose if a fixed or absent parameter were free."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.check import one_of
from trustmeasure.errors import ArgumentError
from trustmeasure.sem.candidates import candidates
from trustmeasure.sem.parameters import Parameter
from trustmeasure.sem.result import GroupResult, SemResult
from trustmeasure.sem.score_directions import GroupDirections, inverse_curvature, left_over
from trustmeasure.sem.standardize import factors, scales

Array = npt.NDArray[np.float64]

OPERATORS = ("=~", "~", "~~", "~1")
COLUMNS = ("lhs", "op", "rhs", "group", "mi", "epc", "sepc_lv", "sepc_all")


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
        A fit by maximum likelihood.
    sort : bool
        Largest index first; otherwise fixed parameters first, then absent ones, group by group.
    minimum : float
        Least index that is listed.
    op : str or sequence of str, optional
        Only these operators: "=~", "~", "~~", "~1".

    Returns
    -------
    DataFrame
        lhs op rhs group mi epc sepc_lv sepc_all: the relation, the expected fall of the chi-square (one
        degree of freedom), the expected change of the parameter, and that change standardised by the latent
        and by all variables. What the free parameters already cover is not listed.

    Raises
    ------
    ArgumentError
        For an unknown operator, a negative minimum, another estimator, or a fit without standard errors.

    Notes
    -----
    ``MI = (N / 2) g^2 / K`` and ``EPC = -g / K`` with g the derivative of the discrepancy by the parameter
    and K its expected second derivative less what the free parameters take up (Soerbom 1989, Psychometrika
    54(3), 371-384). Nothing is fitted again. An index tells where the data disagree with the model, not why:
    free only what theory would have allowed. Checked against: `modindices` of lavaan 0.6-14,
    `tests/reference/sem_inspect`.

    Examples
    --------
    >>> import pandas as pd
    >>> from trustmeasure.sem import fit_sem
    >>> names = ["a", "b", "c", "d"]
    >>> corr = [[1, 0.6, 0.5, 0.3], [0.6, 1, 0.5, 0.4], [0.5, 0.5, 1, 0.6], [0.3, 0.4, 0.6, 1]]
    >>> corr = pd.DataFrame(corr, names, names)
    >>> fit = fit_sem("f =~ a + b + c + d", sample_cov=corr, sample_sd=[1.1, 0.9, 1.2, 1.0], n_obs=200)
    >>> modification_indices(fit).iloc[0][["lhs", "op", "rhs"]].tolist()
    ['c', '~~', 'd']
    """
    wanted = _operators(op)
    if not minimum >= 0:
        raise ArgumentError(f"minimum={minimum!r} must be 0 or larger.")
    inverse = inverse_curvature(result)
    parts = [_of_group(result, group, inverse, wanted) for group in result.groups]
    frame = pd.concat(parts, ignore_index=True)
    frame = frame[frame["mi"].notna() & (frame["mi"] >= minimum)]
    if sort:
        frame = frame.sort_values("mi", ascending=False, kind="stable")
    return frame.reset_index(drop=True)


def _operators(op: str | Sequence[str] | None) -> tuple[str, ...]:
    if op is None:
        return OPERATORS
    return tuple(one_of("op", x, OPERATORS) for x in ([op] if isinstance(op, str) else op))


def _of_group(result: SemResult, group: GroupResult, inverse: Array, wanted: Sequence[str]) -> pd.DataFrame:
    rows = [row for row in candidates(result.model, group.number) if row.op in wanted]
    at = GroupDirections.of(result, group, rows)
    score, rest = at.score(), left_over(at.own(), at.cross(), inverse)
    change = -score / rest
    lv, every = (
        factors(rows, group.ram.variables, scales(group.ram, group.theta[None], latent_only=flag))[0]
        for flag in (True, False)
    )
    values = (result.n_obs / 2.0 * score**2 / rest, change, change * lv, change * every)
    columns = dict(zip(COLUMNS[4:], values, strict=True))
    return pd.DataFrame(_names(rows) | {name: pd.Series(x) for name, x in columns.items()})


def _names(rows: Sequence[Parameter]) -> dict[str, pd.Series]:
    texts = {name: pd.Series([getattr(p, name) for p in rows], dtype=str) for name in COLUMNS[:3]}
    return texts | {"group": pd.Series([p.group for p in rows], dtype=int)}
