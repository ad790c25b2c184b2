"""Means and covariances of rows that are read block by block, and the rows for who needs them again.

Blocks are merged by the update of Chan, Golub & LeVeque (1983, The American Statistician 37(3), 242-247):
each block is centred at its own means, so no digits are lost however far the means lie from zero.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from trustmeasure.columns import Reader

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Scatter:
    """Sums over rows that means and covariances are made of.

    Attributes
    ----------
    weight : float
        Rows, or the sum of their weights.
    mean : array, shape (p,)
        Means.
    products : array, shape (p, p)
        Sums of products of deviations from the means.
    """

    weight: float
    mean: Array
    products: Array

    @classmethod
    def of(cls, values: Array, weights: Array | None = None) -> Scatter:
        """Return the sums of rows (n, p), at least one, with weights (n,)."""
        if weights is None:
            mean = values.mean(axis=0)
            away = values - mean
            return cls(float(len(values)), mean, away.T @ away)
        total = float(weights.sum())
        mean = weights @ values / total
        away = values - mean
        return cls(total, mean, (away * weights[:, None]).T @ away)

    def merged(self, other: Scatter) -> Scatter:
        """Return the sums of both sets of rows."""
        weight, gap = self.weight + other.weight, other.mean - self.mean
        share = other.weight / weight
        products = self.products + other.products + self.weight * share * np.outer(gap, gap)
        return Scatter(weight, self.mean + share * gap, products)


@dataclass(frozen=True, slots=True)
class Totals:
    """What one pass over the rows finds.

    Attributes
    ----------
    n_rows : int
        Rows looked at.
    complete : array of bool, shape (n_rows,), or None
        Which rows have every value; None when all have.
    scatter : Scatter or None
        Sums over the complete rows; None when there is none.
    low, high : arrays, shape (p,)
        Least and largest value of complete rows.
    empty : array of bool, shape (p,)
        Columns without any value.
    """

    n_rows: int
    complete: Flags | None
    scatter: Scatter | None
    low: Array
    high: Array
    empty: Flags


def totals(reader: Reader, at: Index | None = None, weights: Array | None = None) -> Totals:
    """Read rows once.

    Parameters
    ----------
    reader : Reader
        The columns.
    at : array of int, shape (n,), or None
        Numbers of the rows; None for all of the frame.
    weights : array, shape (n,), or None
        Their weights, above zero.
    """
    p, n = len(reader.names), reader.n_rows if at is None else at.size
    complete: Flags | None = None
    found: Scatter | None = None
    low, high, empty = np.full(p, np.inf), np.full(p, -np.inf), np.ones(p, dtype=bool)
    start = 0
    for rows in reader.blocks(at):
        values, kept = reader.read(rows)
        span = slice(start, start + len(values))
        weight = None if weights is None else weights[span]
        if kept is None:
            empty[:] = False
        elif empty.any():
            empty &= np.isnan(values).all(axis=0)
        if kept is not None:
            complete = np.ones(n, dtype=bool) if complete is None else complete
            complete[span] = kept
            values, weight = values[kept], None if weight is None else weight[kept]
        if len(values):
            low, high = np.minimum(low, values.min(axis=0)), np.maximum(high, values.max(axis=0))
            block = Scatter.of(values, weight)
            found = block if found is None else found.merged(block)
        start = span.stop
    return Totals(n, complete, found, low, high, empty)


@dataclass(frozen=True, slots=True)
class RowBlocks:
    """Complete rows of one group, read again block by block.

    Attributes
    ----------
    reader : Reader
        The columns of the model, in its order.
    at : array of int, shape (n,), or None
        Numbers of the complete rows; None when they are all rows of the frame.
    weights : array, shape (n,), or None
        Sampling weights.
    clusters : array of int, shape (n,), or None
        Number of each row's cluster, from 0 and without gaps. The rows are in the order of the clusters.
    """

    reader: Reader
    at: Index | None = None
    weights: Array | None = None
    clusters: Index | None = None

    def __len__(self) -> int:
        return self.reader.n_rows if self.at is None else self.at.size

    @property
    def correction(self) -> float:
        """What sums of squares over clusters are multiplied by: `C / (C - 1)`; 1 without clusters."""
        if self.clusters is None:
            return 1.0
        n_clusters = float(self.clusters[-1]) + 1.0
        return n_clusters / (n_clusters - 1.0)

    def read(self, width: int = 0) -> Iterator[tuple[Array, slice]]:
        """Yield the values of a block, shape (b, p), and where its rows stand among the n.

        `width` is how many numbers are made of each row, which makes the blocks smaller.
        """
        start = 0
        for rows in self.reader.blocks(self.at, width):
            values, _ = self.reader.read(rows)
            yield values, slice(start, start + len(values))
            start += len(values)

    def values(self) -> Array:
        """Return all rows at once, shape (n, p)."""
        found = np.empty((len(self), len(self.reader.names)))
        for values, span in self.read():
            found[span] = values
        return found

    def weighted(self, weights: Array) -> RowBlocks:
        """Return the same rows with other weights (n,)."""
        return replace(self, weights=weights)
