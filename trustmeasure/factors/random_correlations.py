"""Correlations of items that have nothing in common, many samples at a time.

Three kinds of samples: normal variables, the answers of each item shuffled among the people, and the answers
of each item drawn with replacement. Answers stay missing where they are missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from trustmeasure.errors import ArgumentError
from trustmeasure.factors.correlations import Correlations
from trustmeasure.frames import Array
from trustmeasure.moments.polychoric import polychoric_batch
from trustmeasure.moments.tables import filled

Index = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]
Draw = Callable[[np.random.Generator, int], Array]

NORMAL, PERMUTED, RESAMPLED = RANDOM = ("normal", "permuted", "resampled")
CELLS = 2**21
"""Numbers held at a time."""


def random_correlations(
    found: Correlations, random: str, draws: int, rng: np.random.Generator
) -> Iterator[Array]:
    """Yield batches (b, p, p) of correlation matrices of random samples like the given one, `draws` in all.

    Parameters
    ----------
    found : Correlations
        The items: n people, p items, kind of correlations, and where answers are missing.
    random : {"normal", "permuted", "resampled"}
        How samples are made; see the module.
    draws : int
        How many.
    rng : Generator
        Source of randomness.
    """
    draw, width = _sampler(found, random)
    step = max(CELLS // max(width, 1), 1)
    for start in range(0, draws, step):
        yield draw(rng, min(step, draws - start))


def _sampler(found: Correlations, random: str) -> tuple[Draw, int]:
    """Return what draws b matrices, and how many numbers one takes."""
    n, p = found.require_n("Comparison with random data"), found.n_items
    if found.values is None and random != NORMAL:
        raise ArgumentError(f"random='{random}' needs the answers, not only their correlations.")
    if found.correlation == "polychoric":
        if found.values is None:
            raise ArgumentError("Random polychoric correlations need the answers; give rows, not a matrix.")
        tables = RandomTables.of(found.values, shuffled=random == PERMUTED)
        return tables.draw, n * p * tables.width
    whole = found.values is None or not np.isnan(found.values).any()
    if random == NORMAL and whole and n > p and found.correlation == "pearson":
        return lambda rng, b: wishart_correlations(rng, b, n, p), p * p
    values = np.zeros((n, p)) if found.values is None else found.values
    rows = RandomRows.of(values, random, ranked=found.correlation == "spearman")
    return rows.draw, 3 * n * p


def wishart_correlations(rng: np.random.Generator, b: int, n: int, p: int) -> Array:
    """Return correlations (b, p, p) of n > p rows of independent normal variables, without the rows.

    Their cross-products are those of a triangle: independent normal numbers below its diagonal, and in it the
    roots of chi-squares with n - 1, n - 2, ..., n - p degrees of freedom (Bartlett's decomposition).
    """
    triangle = np.zeros((b, p, p))
    row, col = np.tril_indices(p, -1)
    triangle[:, row, col] = rng.standard_normal((b, row.size))
    at = np.arange(p)
    triangle[:, at, at] = np.sqrt(rng.chisquare(n - 1 - at, (b, p)))
    triangle /= np.sqrt(np.square(triangle).sum(axis=2, keepdims=True))
    return np.asarray(triangle @ triangle.transpose(0, 2, 1))


@dataclass(frozen=True, slots=True)
class RandomRows:
    """Samples of answers whose Pearson or rank correlations are taken.

    Attributes
    ----------
    values : array, shape (p, n)
        The answers (their ranks, for rank correlations), 0 where missing.
    there : array of bool, shape (p, n)
        Where there is an answer.
    random : str
        How a sample is made.
    ranked : bool
        Whether ranks are correlated.
    """

    values: Array
    there: Flags
    random: str
    ranked: bool

    @classmethod
    def of(cls, values: Array, random: str, *, ranked: bool) -> RandomRows:
        """Take answers (n, p), NaN where missing."""
        there = ~np.isnan(values.T)
        used = np.where(there, values.T, 0.0)
        return cls(np.ascontiguousarray(used), there, random, ranked)

    def draw(self, rng: np.random.Generator, b: int) -> Array:
        """Return correlations (b, p, p) of b samples; 0 with a variable that does not vary in its sample."""
        x = self._samples(rng, b)
        if self.ranked:
            x = _ranks(x, self.there)
        return _correlations(x, self.there)

    def _samples(self, rng: np.random.Generator, b: int) -> Array:
        p, n = self.values.shape
        if self.random == NORMAL:
            return rng.standard_normal((b, p, n)) * self.there
        drawn = np.zeros((b, p, n))
        for j, (values, there) in enumerate(zip(self.values, self.there, strict=True)):
            own = values[there]
            if self.random == PERMUTED:
                drawn[:, j, there] = rng.permuted(np.broadcast_to(own, (b, own.size)), axis=1)
            else:
                drawn[:, j, there] = own[rng.integers(own.size, size=(b, own.size))]
        return drawn


def _ranks(x: Array, there: Flags) -> Array:
    from scipy.stats import rankdata

    # Missing answers come last, and their ranks are put to 0 again.
    ranks = rankdata(np.where(there, x, np.inf), axis=2)
    return np.asarray(np.where(there, ranks, 0.0))


def _correlations(x: Array, there: Flags) -> Array:
    """Return correlations (b, p, p) of samples (b, p, n) whose missing answers are 0, pair by pair."""
    seen = there.astype(float)
    counts = seen @ seen.T
    x = (x - x.sum(axis=2, keepdims=True) / seen.sum(axis=1)[:, None]) * seen
    cross = x @ x.transpose(0, 2, 1)
    if there.all():
        variance = np.einsum("bii->bi", cross)
        spread = variance[:, :, None] * variance[:, None, :]
    else:
        sums, squares = x @ seen.T, np.square(x) @ seen.T
        cross = cross - sums * sums.transpose(0, 2, 1) / counts
        variances = squares - sums**2 / counts
        spread = variances * variances.transpose(0, 2, 1)
    return _unit(np.where(spread > 0.0, cross / np.sqrt(np.where(spread > 0.0, spread, 1.0)), 0.0))


def _unit(corr: Array) -> Array:
    at = np.arange(corr.shape[-1])
    corr[:, at, at] = 1.0
    return np.asarray(np.clip(corr, -1.0, 1.0))


@dataclass(frozen=True, slots=True)
class RandomTables:
    """Samples of ordinal answers whose polychoric correlations are taken.

    Attributes
    ----------
    codes : array of int, shape (p, n)
        Number of the category from 0; the number of categories, `width`, where missing.
    sizes : array of int, shape (p,)
        Categories of each item.
    width : int
        The most categories that an item has.
    shuffled : bool
        Whether answers are shuffled, or drawn with replacement.
    """

    codes: Index
    sizes: Index
    width: int
    shuffled: bool

    @classmethod
    def of(cls, values: Array, *, shuffled: bool) -> RandomTables:
        """Take answers (n, p), NaN where missing."""
        known = [np.unique(column[~np.isnan(column)]) for column in values.T]
        sizes = np.array([own.size for own in known], dtype=np.intp)
        width = int(sizes.max())
        codes = np.full(values.T.shape, width, dtype=np.intp)
        for line, own, column in zip(codes, known, values.T, strict=True):
            there = ~np.isnan(column)
            line[there] = np.searchsorted(own, column[there])
        return cls(codes, sizes, width, shuffled)

    def draw(self, rng: np.random.Generator, b: int) -> Array:
        """Return polychoric correlations (b, p, p) of b samples."""
        p, c = len(self.sizes), self.width
        row, col = np.tril_indices(p, -1)
        tables, ends = np.empty((b, row.size, c, c)), np.empty((b, p, c - 1))
        for i in range(b):
            hot = self._sample(rng)
            whole = (hot.T @ hot).reshape(p, c, p, c).transpose(0, 2, 1, 3)
            tables[i] = whole[row, col]
            ends[i] = thresholds_of(hot.reshape(-1, p, c).sum(axis=0, dtype=float), self.sizes)
        binary = (self.sizes[row] == 2) & (self.sizes[col] == 2)
        tables = filled(tables, np.broadcast_to(binary, tables.shape[:2]))
        corr = np.empty((b, p, p))
        corr[:, row, col] = corr[:, col, row] = polychoric_batch(tables, ends[:, row], ends[:, col])
        return _unit(corr)

    def _sample(self, rng: np.random.Generator) -> npt.NDArray[np.float32]:
        """Return indicators (n, p * width) of the categories in one sample."""
        p, n = self.codes.shape
        hot = np.zeros((n, p, self.width + 1), dtype=np.float32)
        lines = np.arange(n)
        for j, codes in enumerate(self.codes):
            there = codes < self.width
            own = codes[there]
            drawn = codes.copy()
            size = own.size
            drawn[there] = rng.permutation(own) if self.shuffled else own[rng.integers(size, size=size)]
            hot[lines, j, drawn] = 1.0
        return np.ascontiguousarray(hot[:, :, : self.width]).reshape(n, p * self.width)


def thresholds_of(counts: Array, sizes: Index) -> Array:
    """Return thresholds (p, c - 1) of categories chosen so often (p, c); infinite beyond the last one.

    Examples
    --------
    >>> thresholds_of(np.array([[50.0, 50.0, 0.0], [25.0, 50.0, 25.0]]), np.array([2, 3])).round(2).tolist()
    [[0.0, inf], [-0.67, 0.67]]
    """
    share = counts.cumsum(axis=1)[:, :-1] / counts.sum(axis=1, keepdims=True)
    inside = np.arange(counts.shape[1] - 1) < sizes[:, None] - 1
    return np.where(inside, ndtri(np.clip(share, 0.0, 1.0)), np.inf)
