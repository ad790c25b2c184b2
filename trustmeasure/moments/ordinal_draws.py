"""The statistics of many samples drawn from the same rows: what a bootstrap of an ordinal model needs."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from trustmeasure.errors import DataError
from trustmeasure.moments.answers import Answers
from trustmeasure.moments.layout import Layout
from trustmeasure.moments.margins import Rows
from trustmeasure.moments.ordinal import moments_of_answers
from trustmeasure.moments.resampled_tables import AnswerTables

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

CELLS = 2**21
"""Cells of tables held at a time."""


@dataclass(frozen=True, slots=True)
class DrawMoments:
    """Statistics of b samples.

    Attributes
    ----------
    layout : Layout
        Which statistics there are.
    statistics : array, shape (b, m)
        The statistics of each sample; NaN where a sample has none, because a category is empty in it or two
        variables have no row in common.
    variances : array, shape (b, m), or None
        Diagonals of their asymptotic covariance matrices times the size of the sample.
    gamma : array, shape (b, m, m), or None
        These matrices, where they were asked for.
    """

    layout: Layout
    statistics: Array
    variances: Array | None
    gamma: Array | None = None

    @property
    def usable(self) -> Flags:
        """Which samples have statistics, shape (b,)."""
        return np.asarray(np.isfinite(self.statistics).all(axis=1))


def draw_moments(
    given: Answers, counts: Array, start: Array | None = None, *, gamma: str = "diagonal"
) -> DrawMoments:
    """Return the statistics of samples drawn from rows, with replacement or in any other way.

    Parameters
    ----------
    given : Answers
        n rows, checked; without sampling weights.
    counts : array, shape (b, n)
        How often each row is in each sample.
    start : array, shape (m,), or None
        Statistics of all rows, which those of the samples are near.
    gamma : {"diagonal", "full", "none"}
        Whether asymptotic variances are computed, or covariance matrices.

    Returns
    -------
    DrawMoments
        Ordinal variables without covariates are done all samples at a time, from their tables; others, and
        whole covariance matrices, one sample after the other.

    Examples
    --------
    >>> from trustmeasure.moments.answers import answers_of
    >>> rng = np.random.default_rng(1)
    >>> values = np.digitize(rng.multivariate_normal([0, 0], [[1, 0.6], [0.6, 1]], size=500), [-0.5, 0.5])
    >>> given = answers_of(values, ["a", "b"], ["a", "b"])
    >>> counts = rng.multinomial(500, np.full(500, 1 / 500), size=200)
    >>> found = draw_moments(given, counts)
    >>> round(float(found.statistics[:, -1].std()), 2), round(float(np.sqrt(found.variances[0, -1] / 500)), 2)
    (0.04, 0.04)
    """
    at = moments_of_answers(given, "none").statistics if start is None else start
    return DrawSource.of(given, at).moments(counts, gamma=gamma)


@dataclass(frozen=True, slots=True)
class DrawSource:
    """Rows to draw from.

    Attributes
    ----------
    given : Answers
        The rows.
    tables : AnswerTables or None
        Ordinal variables without covariates as tables; None for others.
    """

    given: Answers
    tables: AnswerTables | None

    @classmethod
    def of(cls, given: Answers, statistics: Array) -> DrawSource:
        """Prepare rows whose statistics are known."""
        if not given.layout.ordinal.all() or given.layout.covariates:
            return cls(given, None)
        return cls(given, AnswerTables.of(given, statistics[given.layout.correlations]))

    def moments(self, counts: Array, *, gamma: str = "diagonal") -> DrawMoments:
        """Return the statistics of samples; see `draw_moments`."""
        times = np.asarray(counts, dtype=float)
        if self.tables is None or gamma == "full":
            return _one_by_one(self.given, times, gamma)
        step = max(CELLS // self.tables.near.influence.size, 1)
        parts = [self.tables.statistics(times[i : i + step]) for i in range(0, len(times), step)]
        statistics, variances = (np.concatenate([p[k] for p in parts]) for k in range(2))
        return DrawMoments(self.given.layout, statistics, variances if gamma == "diagonal" else None)


def _one_by_one(given: Answers, counts: Array, gamma: str) -> DrawMoments:
    shape = (len(counts), given.layout.size)
    statistics, variances = np.full(shape, np.nan), np.full(shape, np.nan)
    matrices = np.full((*shape, shape[1]), np.nan) if gamma == "full" else None
    for i, times in enumerate(counts):
        rows = repeated(given.rows, times)
        if _empty(rows):
            continue
        try:
            found = moments_of_answers(replace(given, rows=rows), gamma)
        except (DataError, np.linalg.LinAlgError):
            # A sample in which covariates tell categories apart, or are all the same.
            continue
        statistics[i] = found.statistics
        if found.variances is not None:
            variances[i] = found.variances
        if matrices is not None and found.gamma is not None:
            matrices[i] = found.gamma
    return DrawMoments(given.layout, statistics, None if gamma == "none" else variances, matrices)


def repeated(rows: Rows, counts: Array) -> Rows:
    """Return each row as often as `counts` (n,) says."""
    at = np.repeat(np.arange(len(rows)), np.asarray(counts, dtype=np.intp))
    codes = replace(rows.codes, values=rows.codes.values[at])
    return Rows(codes, rows.numbers[at], rows.x[at])


def _empty(rows: Rows) -> bool:
    """Return whether a category has no answer."""
    columns = zip(rows.codes.values.T, rows.codes.sizes, strict=True)
    return any(np.unique(column[column < rows.codes.width]).size < size for column, size in columns)
