"""Means and covariances of continuous variables, with the checks that keep a fit from failing later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.linalg.lapack import dpotrf, dtrtri

from trustmeasure.columns import Columns
from trustmeasure.errors import DataError
from trustmeasure.moments.blocks import RowBlocks, Totals, totals
from trustmeasure.moments.missing import Incomplete
from trustmeasure.moments.ordinal import OrdinalMoments

Array = npt.NDArray[np.float64]

# The smallest eigenvalue of a correlation matrix that counts as positive.
LEAST_EIGENVALUE = 1e-10


@dataclass(frozen=True, slots=True)
class Design:
    """How the rows of a group were sampled.

    Attributes
    ----------
    weight, squares : float
        Sums of the weights and of their squares. The weights are rescaled so that those of all groups sum to
        the number of rows; without weights both are the number of rows.
    weighted : bool
        Whether there are weights.
    n_clusters : int or None
        Clusters that the rows come from.
    n_zero : int
        Rows left out because their weight is zero.
    """

    weight: float
    squares: float
    weighted: bool = False
    n_clusters: int | None = None
    n_zero: int = 0


@dataclass(frozen=True, slots=True)
class SampleMoments:
    """First and second moments of complete rows.

    Attributes
    ----------
    names : tuple of str
        The p variables.
    cov : array, shape (p, p)
        Covariances with divisor n (the maximum-likelihood ones).
    mean : array, shape (p,), or None
        Means; None when only covariances are known.
    n_obs : int
        Rows used.
    n_dropped : int
        Rows left out because a value was missing.
    source : str
        "data" or "covariance".
    incomplete : Incomplete or None
        The rows by pattern of answers, when the moments are those of the EM algorithm.
    design : Design or None
        Weights and clusters of the rows.
    notes : tuple of str
        What a reader should know of the data.
    ordinal : OrdinalMoments or None
        Thresholds and correlations, when variables are ordinal; `cov` and `mean` are those of responses y*
        then, whose variances given the covariates are 1.
    """

    names: tuple[str, ...]
    cov: Array
    mean: Array | None
    n_obs: int
    n_dropped: int = 0
    source: str = "data"
    incomplete: Incomplete | None = None
    design: Design | None = None
    notes: tuple[str, ...] = ()
    ordinal: OrdinalMoments | None = None

    @property
    def size(self) -> float:
        """What the group counts for: its rows, or the sum of its weights."""
        return float(self.n_obs) if self.design is None else self.design.weight

    def ordered(self, names: Sequence[str]) -> SampleMoments:
        """Return the moments of `names`, in that order."""
        at = [self.names.index(n) for n in names]
        mean = None if self.mean is None else self.mean[at]
        return replace(self, names=tuple(names), cov=self.cov[np.ix_(at, at)], mean=mean, incomplete=None)


def from_frame(data: Any, names: Sequence[str]) -> SampleMoments:
    """Return the moments of the rows of `data` that are complete on `names`.

    Parameters
    ----------
    data : frame
        One row a respondent; see `trustmeasure.frames.to_pandas`.
    names : sequence of str, length p
        The variables of the model.

    Returns
    -------
    SampleMoments
        With `n_dropped` rows left out for missing values (listwise).

    Raises
    ------
    DataError
        For a variable that is not a column, text, an empty or constant column, too few rows, or linear
        dependence; the message names the columns.
    """
    return from_totals(totals(Columns.of(data).reader(names)), names)


def complete_rows(data: Any, names: Sequence[str]) -> tuple[Array, int]:
    """Return the rows of `data` that are complete on `names`, shape (n, p), and how many others there are.

    Raises
    ------
    DataError
        For a variable that is not a column, text, or an empty column.
    """
    reader = Columns.of(data).reader(names)
    found = totals(reader)
    _refuse_empty(found, names)
    kept = None if found.complete is None else np.flatnonzero(found.complete)
    rows = RowBlocks(reader, kept)
    return rows.values(), found.n_rows - len(rows)


def from_rows(values: Array, names: Sequence[str], dropped: int = 0) -> SampleMoments:
    """Return the moments of complete rows of shape (n, p).

    Raises
    ------
    DataError
        For too few rows, a constant column, or linear dependence; the message names the columns.
    """
    found = totals(Columns.of(pd.DataFrame(values, columns=list(names), copy=False)).reader(names))
    return replace(from_totals(found, names), n_dropped=dropped)


def from_totals(found: Totals, names: Sequence[str]) -> SampleMoments:
    """Return the moments of complete rows, given what one pass over the data found.

    Parameters
    ----------
    found : Totals
        See `trustmeasure.moments.blocks.totals`.
    names : sequence of str, length p
        The variables.

    Raises
    ------
    DataError
        As for `from_frame`.
    """
    _refuse_empty(found, names)
    n_obs = found.n_rows if found.complete is None else int(found.complete.sum())
    dropped = found.n_rows - n_obs
    if n_obs <= len(names) or found.scatter is None:
        raise DataError(_too_few(n_obs, dropped, len(names)))
    _refuse_constant(found, names)
    sums = found.scatter
    moments = SampleMoments(tuple(names), sums.products / sums.weight, sums.mean, n_obs, dropped)
    refuse_singular(moments)
    return moments


def _too_few(n_obs: int, dropped: int, p: int) -> str:
    cause = f" ({dropped} rows have a missing value in at least one of them)" if dropped else ""
    return (
        f"{n_obs} complete rows{cause} are too few for {p} variables: their covariance matrix needs more "
        "rows than variables. Use fewer variables or collect more answers."
    )


def _refuse_empty(found: Totals, names: Sequence[str]) -> None:
    if found.n_rows == 0:
        raise DataError("The data have no rows.")
    empty = [str(n) for n, without in zip(names, found.empty, strict=True) if without]
    if empty:
        raise DataError(f"No value at all in {', '.join(empty)}. Leave the variable out of the model.")


def _refuse_constant(found: Totals, names: Sequence[str]) -> None:
    constant = [n for n, low, high in zip(names, found.low, found.high, strict=True) if low == high]
    if constant:
        raise DataError(
            f"The same value in all complete rows of {', '.join(constant)}: a variable without variance "
            "explains nothing. Leave it out of the model."
        )


def refuse_singular(moments: SampleMoments) -> None:
    """Raise DataError naming the variables when the covariance matrix is not positive definite."""
    variances = moments.cov.diagonal()
    if (variances <= 0).any():
        bad = [n for n, v in zip(moments.names, variances, strict=True) if v <= 0]
        raise DataError(f"The variance of {', '.join(bad)} is not positive.")
    sd = np.sqrt(variances)
    corr = moments.cov / (sd[:, None] * sd)
    if _clearly_positive(corr):
        return
    values, vectors = np.linalg.eigh(corr)
    if values[0] > LEAST_EIGENVALUE:
        return
    share = np.abs(vectors[:, 0])
    involved = [n for n, s in zip(moments.names, share, strict=True) if s > 0.1 * share.max()]
    what = "linearly dependent" if values[0] > -LEAST_EIGENVALUE else "inconsistent (no data can have them)"
    raise DataError(
        f"The sample covariance matrix is not positive definite: {', '.join(involved)} are {what}. "
        "Leave one of them out, or check for duplicated or computed columns."
    )


def _clearly_positive(corr: Array) -> bool:
    """Return whether the factor of a correlation matrix shows that no eigenvalue is small: most are fine."""
    root, failed = dpotrf(corr, lower=1)
    if failed:
        return False
    half, _ = dtrtri(root, lower=1)
    # 1 / lambda_min is at most the trace of the inverse.
    return bool(np.vdot(half, half) * LEAST_EIGENVALUE < 1.0)
