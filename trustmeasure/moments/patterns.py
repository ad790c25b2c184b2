"""Incomplete rows by pattern of answers, laid out so that few operations serve all patterns.

With `P = Sigma^-1` of all variables and m the variables that a pattern lacks, the inverse for the variables
it has, zero elsewhere, is

    V = P - P[:,m] (P[m,m])^-1 P[m,:],   log|Sigma_seen| = log|Sigma| + log|P[m,m]|,

so a pattern that lacks few variables costs one small inverse, and sums over patterns are sums of those small
inverses between two products with P. A pattern that has few variables is inverted itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]

CELLS = 2**21
"""Elements of one matrix for each pattern that are held at a time, which bounds the memory."""


@dataclass(frozen=True, slots=True)
class Block:
    """Patterns of one part that have as many variables to invert.

    Attributes
    ----------
    which : array, shape (k,)
        The patterns, counted from the first one of the part.
    columns : array, shape (k, s)
        For each the s variables that it lacks, or that it has.
    points : array, shape (r,)
        The points of these patterns, counted from the first one of the part.
    member : array, shape (r,)
        Position in `which` of each point's pattern.
    cells : array, shape (k s s,)
        Where the elements of the inverses stand in a matrix of all variables.
    """

    which: Index
    columns: Index
    points: Index
    member: Index
    cells: Index

    def of(self, matrix: Array) -> Array:
        """Return the block of `matrix` (p, p) for each pattern, shape (k, s, s)."""
        return np.asarray(matrix[self.columns[:, :, None], self.columns[:, None, :]])

    def total(self, each: Array, p: int) -> Array:
        """Return the sum of matrices (k, s, s), each at its variables, shape (p, p)."""
        return np.asarray(np.bincount(self.cells, each.ravel(), p * p).reshape(p, p), dtype=float)


@dataclass(frozen=True, slots=True)
class Part:
    """Patterns that are worked on together.

    Attributes
    ----------
    patterns, points : slice
        Where they stand.
    few, many : tuple of Block
        Patterns that lack few variables, by those they lack; and those that lack many, by those they have.
    """

    patterns: slice
    points: slice
    few: tuple[Block, ...]
    many: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Patterns:
    """Sufficient statistics of incomplete rows, pattern by pattern.

    A row is a point. A pattern with more rows than their second moments have rank is condensed: one point
    is `sqrt(n)` times its mean, and the others, of level 0, have the products of its deviations. With
    `d = point - level * mu` at the variables answered, the sum of `d d'` over the points of a pattern is
    `n [S + (xbar - mu)(xbar - mu)']` either way, and that of `level * d` is `n (xbar - mu)`.

    Attributes
    ----------
    seen : array of bool, shape (k, p)
        Which variables are answered in each pattern.
    n : array, shape (k,)
        Rows of each pattern (sum of their weights).
    points : array, shape (r, p)
        The points, in the order of their patterns; 0 where nothing was answered.
    level : array, shape (r,)
        What the means are multiplied by.
    at : array, shape (r,)
        The pattern of each point.
    parts : tuple of Part
        The patterns in portions.
    """

    seen: Flags
    n: Array
    points: Array
    level: Array
    at: Index
    parts: tuple[Part, ...]

    @classmethod
    def of(cls, seen: Flags, n: Array, points: Array, level: Array, at: Index) -> Patterns:
        """Lay out points that are sorted by pattern."""
        return cls(seen, n, points, level, at, _parts(seen, at))

    @property
    def n_obs(self) -> int:
        """Rows in all patterns."""
        return round(float(self.n.sum()))

    @property
    def coverage(self) -> Array:
        """Share of the rows that answer both of two variables, shape (p, p)."""
        answered = self.seen.astype(float)
        return np.asarray((answered * self.n[:, None]).T @ answered / self.n.sum())

    def first_moments(self) -> tuple[Array, Array]:
        """Return means and variances (divisor n) of the answers given, each of shape (p,)."""
        total = self.n @ self.seen
        mean = self.level @ self.points / total
        away = (self.points - self.level[:, None] * mean) * self.seen[self.at]
        return mean, (away**2).sum(axis=0) / total

    def only(self, variables: Index) -> Patterns:
        """Return the patterns of some variables, without the rows that answer none of them."""
        seen = self.seen[:, variables]
        kept: Flags = np.asarray(seen.any(axis=1))
        rows = kept[self.at]
        number = np.cumsum(kept) - 1
        points = self.points[:, variables]
        return Patterns.of(seen[kept], self.n[kept], points[rows], self.level[rows], number[self.at[rows]])


def patterns_of(values: Array, weights: Array | None = None) -> Patterns:
    """Return the patterns of rows (n, p) with NaN where no answer was given; empty rows are not counted.

    Parameters
    ----------
    values : array, shape (n, p)
        The rows.
    weights : array, shape (n,), optional
        How many rows each stands for; 1 without.
    """
    found, _ = single_rows(values, weights)
    return Patterns.of(found.seen, found.n, *_condensed(found.points, found.level, found.at, found.seen))


def single_rows(values: Array, weights: Array | None = None) -> tuple[Patterns, Index]:
    """Return the patterns of rows (n, p) with one point a row, and the row of each point.

    Parameters
    ----------
    values, weights : arrays, shape (n, p) and (n,)
        As for `patterns_of`.
    """
    seen = np.isfinite(values)
    kept = np.flatnonzero(seen.any(axis=1))
    kinds, which = distinct(seen[kept])
    order = np.argsort(which, kind="stable")
    kept, at = kept[order], which[order]
    weight = np.ones(at.size) if weights is None else np.asarray(weights, dtype=float)[kept]
    level = np.sqrt(weight)
    points = np.where(seen[kept], values[kept], 0.0) * level[:, None]
    n = np.bincount(at, weight, len(kinds)).astype(float)
    return Patterns.of(kinds, n, points, level, at), kept


def distinct(seen: Flags) -> tuple[Flags, Index]:
    """Return the distinct rows of flags (n, p), by how many are missing, and which of them each row is."""
    n, p = seen.shape
    words = -(-p // 64)
    packed = np.zeros((n, 8 * words), dtype=np.uint8)
    packed[:, : -(-p // 8)] = np.packbits(seen, axis=1)
    key = packed.view(np.uint64)[:, 0] if words == 1 else packed.view(f"V{8 * words}")[:, 0]
    _, first, which = np.unique(key, return_index=True, return_inverse=True)
    kinds = seen[first]
    order = np.argsort((~kinds).sum(axis=1), kind="stable")
    place = np.empty(order.size, dtype=np.intp)
    place[order] = np.arange(order.size)
    return kinds[order], place[which.ravel()]


def _condensed(points: Array, level: Array, at: Index, seen: Flags) -> tuple[Array, Array, Index]:
    """Replace the points of patterns with more than p + 1 of them by points of the same moments."""
    counts = np.bincount(at, minlength=len(seen))
    large = np.flatnonzero(counts > points.shape[1] + 1)
    if large.size == 0:
        return points, level, at
    starts = np.concatenate([[0], np.cumsum(counts)])
    kept = np.flatnonzero(counts[at] <= points.shape[1] + 1)
    found = [(points[kept], level[kept], at[kept])]
    for k in large:
        rows = slice(starts[k], starts[k + 1])
        fewer, heights = _same_moments(points[rows], level[rows], seen[k])
        found.append((fewer, heights, np.full(heights.size, k)))
    points, level, at = (np.concatenate(x) for x in zip(*found, strict=True))
    order = np.argsort(at, kind="stable")
    return points[order], level[order], at[order]


def _same_moments(points: Array, level: Array, seen: Flags) -> tuple[Array, Array]:
    """Return one point for the mean and one for each dimension of the deviations of one pattern."""
    n, columns = float(level @ level), np.flatnonzero(seen)
    mean = level @ points[:, columns] / n
    away = points[:, columns] - level[:, None] * mean
    values, vectors = np.linalg.eigh(away.T @ away)
    found = np.zeros((columns.size + 1, points.shape[1]))
    found[0, columns] = np.sqrt(n) * mean
    found[1:, columns] = (vectors * np.sqrt(np.maximum(values, 0.0))).T
    heights = np.zeros(columns.size + 1)
    heights[0] = np.sqrt(n)
    return found, heights


def _parts(seen: Flags, at: Index) -> tuple[Part, ...]:
    """Return portions of patterns whose points, with one matrix each, fit into `CELLS`."""
    k, p = seen.shape
    most = max(64, CELLS // max(p, 1) ** 2)
    starts = np.searchsorted(at, np.arange(k + 1))
    parts, first = [], 0
    while first < k:
        last = max(int(np.searchsorted(starts, starts[first] + most, side="right")) - 1, first + 1)
        parts.append(_part(seen, at, slice(first, last), slice(int(starts[first]), int(starts[last]))))
        first = last
    return tuple(parts)


def _part(seen: Flags, at: Index, patterns: slice, points: slice) -> Part:
    own, which = seen[patterns], at[points] - patterns.start
    lacking = (~own).sum(axis=1)
    many = 2 * lacking > seen.shape[1]
    return Part(
        patterns,
        points,
        blocks(~own, which, np.flatnonzero(~many & (lacking > 0))),
        blocks(own, which, np.flatnonzero(many)),
    )


def blocks(flags: Flags, at: Index, chosen: Index) -> tuple[Block, ...]:
    """Return the chosen patterns in blocks of as many variables flagged (k, p); `at` (r,) are points."""
    size, p = flags[chosen].sum(axis=1), flags.shape[1]
    found = []
    for s in np.unique(size):
        which = chosen[size == s]
        columns = np.nonzero(flags[which])[1].reshape(which.size, s)
        position = np.full(len(flags), -1)
        position[which] = np.arange(which.size)
        points = np.flatnonzero(position[at] >= 0)
        cells = (columns[:, :, None] * p + columns[:, None, :]).ravel()
        found.append(Block(which, columns, points, position[at[points]], cells))
    return tuple(found)
