"""The statistics of many samples drawn from the same rows: what a bootstrap of an ordinal model needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from trustmeasure.errors import DataError
from trustmeasure.moments.answers import Answers
from trustmeasure.moments.layout import Layout
from trustmeasure.moments.margins import Rows, threshold_places, thresholds_from
from trustmeasure.moments.ordinal import moments_of_answers
from trustmeasure.moments.polychoric import polychoric_batch
from trustmeasure.moments.table_influence import (
    polychoric_influence,
    threshold_influence,
    threshold_variances,
)
from trustmeasure.moments.tables import filled, one_hot

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]

CELLS = 2**21
"""Cells of tables held at a time."""
SMALL = 1e-4
"""Last step of Newton's method: correlations of draws are exact to about its square."""


@dataclass(frozen=True, slots=True)
class DrawMoments:
    """Statistics of b samples.

    Attributes
    ----------
    layout : Layout
        Which statistics there are.
    statistics : array, shape (b, m)
        The statistics of each sample; NaN where a sample has none, because a category is empty in it.
    variances : array, shape (b, m), or None
        Diagonals of their asymptotic covariance matrices times the size of the sample.
    """

    layout: Layout
    statistics: Array
    variances: Array | None

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
    gamma : {"diagonal", "none"}
        Whether asymptotic variances are computed.

    Returns
    -------
    DrawMoments
        Ordinal variables without covariates are done all samples at a time, from their tables; others one
        sample after the other.

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
    times = np.asarray(counts, dtype=float)
    if not given.layout.ordinal.all() or given.layout.covariates:
        return _one_by_one(given, times, gamma)
    statistics = np.full((len(times), given.layout.size), np.nan)
    variances = np.full_like(statistics, np.nan) if gamma == "diagonal" else None
    tables = DrawTables.of(given, None if start is None else start[given.layout.correlations])
    for at in tables.parts(len(times)):
        found = tables.moments(times[at], diagonal=variances is not None)
        statistics[at] = found[0]
        if variances is not None:
            variances[at] = found[1]
    return DrawMoments(given.layout, statistics, variances)


def _one_by_one(given: Answers, counts: Array, gamma: str) -> DrawMoments:
    statistics = np.full((len(counts), given.layout.size), np.nan)
    variances = np.full_like(statistics, np.nan) if gamma == "diagonal" else None
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
        if variances is not None and found.variances is not None:
            variances[i] = found.variances
    return DrawMoments(given.layout, statistics, variances)


def repeated(rows: Rows, counts: Array) -> Rows:
    """Return each row as often as `counts` (n,) says."""
    at = np.repeat(np.arange(len(rows)), np.asarray(counts, dtype=np.intp))
    codes = replace(rows.codes, values=rows.codes.values[at])
    return Rows(codes, rows.numbers[at], rows.x[at])


def _empty(rows: Rows) -> bool:
    """Return whether a category has no answer."""
    columns = zip(rows.codes.values.T, rows.codes.sizes, strict=True)
    return any(np.unique(column[column < rows.codes.width]).size < size for column, size in columns)


@dataclass(frozen=True, slots=True)
class DrawTables:
    """Tables of p ordinal variables, by sample.

    Attributes
    ----------
    layout : Layout
        The variables.
    indicators : array, shape (n, p (c + 1))
        Which category each answer is; the last one is a missing answer.
    sizes : array of int, shape (p,)
        Categories of each variable.
    width : int
        c, the most categories that a variable has.
    start : array, shape (P,), or None
        Where correlations start.
    """

    layout: Layout
    indicators: Array
    sizes: Index
    width: int
    start: Array | None

    @classmethod
    def of(cls, given: Answers, start: Array | None) -> DrawTables:
        """Take rows of ordinal answers."""
        codes = given.rows.codes
        indicators = one_hot(codes.values, codes.width, missing=True)
        return cls(given.layout, indicators, codes.sizes, codes.width, start)

    def parts(self, n_samples: int) -> Iterator[slice]:
        """Yield so many samples at a time as fit into memory."""
        step = max(CELLS // self.indicators.shape[1] ** 2, 1)
        for start in range(0, n_samples, step):
            yield slice(start, min(start + step, n_samples))

    def moments(self, counts: Array, *, diagonal: bool) -> tuple[Array, Array]:
        """Return statistics and variances of samples (b, n), each of shape (b, m)."""
        tables = self._tables(counts)
        margins = self._margins(tables)
        there = margins > 0.0
        usable = np.flatnonzero((there.sum(axis=2) == self.sizes).all(axis=1))
        statistics = np.full((len(counts), self.layout.size), np.nan)
        variances = np.full_like(statistics, np.nan)
        first, second = self.layout.pairs
        pairs, margins = tables[usable][:, first, second], margins[usable]
        ends = thresholds_from(margins)
        rho = self._correlations(pairs[..., :-1, :-1], ends)
        variable, threshold = threshold_places(self.layout)
        statistics[usable] = np.concatenate([ends[:, variable, threshold], rho], axis=1)
        if diagonal and usable.size:
            size = counts[usable].sum(axis=1)[:, None]
            variances[usable] = size * self._variances(pairs, margins, ends, rho)
        return statistics, variances

    def _tables(self, counts: Array) -> Array:
        """Return counts of each two variables in each sample, shape (b, p, p, c + 1, c + 1)."""
        p, c = self.sizes.size, self.width + 1
        found = np.empty((len(counts), p * c, p * c))
        for table, times in zip(found, counts, strict=True):
            drawn = np.flatnonzero(times)
            part = self.indicators[drawn]
            np.matmul((part * times[drawn, None]).T, part, out=table)
        return found.reshape(-1, p, c, p, c).transpose(0, 1, 3, 2, 4)

    def _margins(self, tables: Array) -> Array:
        """Return how often each category was chosen, shape (b, p, c)."""
        variable = np.arange(self.sizes.size)
        own = tables[:, variable, variable]
        return np.asarray(np.einsum("bpaa->bpa", own)[:, :, :-1])

    def _correlations(self, pairs: Array, ends: Array) -> Array:
        first, second = self.layout.pairs
        binary = (self.sizes[first] == 2) & (self.sizes[second] == 2)
        used = filled(pairs, np.broadcast_to(binary, pairs.shape[:2]))
        return polychoric_batch(used, ends[:, first], ends[:, second], self.start, SMALL)

    def _variances(self, pairs: Array, margins: Array, ends: Array, rho: Array) -> Array:
        """Return asymptotic variances of thresholds and correlations, shape (b, m)."""
        first, second = self.layout.pairs
        own = threshold_influence(margins, ends)
        flat = [part.reshape(-1, *part.shape[2:]) for part in (own[:, first], own[:, second])]
        cuts = [part.reshape(-1, self.width - 1) for part in (ends[:, first], ends[:, second])]
        tables = pairs.reshape(-1, *pairs.shape[2:])
        changes = polychoric_influence(
            tables[:, :-1, :-1], (flat[0], flat[1]), (cuts[0], cuts[1]), rho.reshape(-1)
        )
        of_pairs = np.einsum("qab,qab->q", tables, changes**2).reshape(rho.shape)
        variable, threshold = threshold_places(self.layout)
        levels = threshold_variances(margins, own)[:, variable, threshold]
        return np.concatenate([levels, of_pairs], axis=1)
