r"""Statistics of many samples of ordinal answers, drawn from the same rows, from their two-way tables alone.

Tables are linear in how often each row was drawn, so those of all samples come from one product with a
sparse matrix. Each correlation starts at its value in all rows plus the first-order effect of the draw (the
influence of each cell), so that two steps of Newton's method suffice. Variances follow from the same tables
(see `table_influence`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from trustmeasure.moments.answers import Answers
from trustmeasure.moments.margins import margins_of, thresholds_from
from trustmeasure.moments.polychoric import FLAT, LEAST, Cells, cells, polychoric_batch
from trustmeasure.moments.table_influence import (
    TableInfluence,
    polychoric_influence,
    threshold_influence,
    threshold_variances,
)
from trustmeasure.moments.tables import Codes, filled, one_hot

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]

MOST_KEPT = 4_000_000
"""Rows times pairs up to which what tables are made of is kept."""
AT_ONCE = 1500
"""Tables worked on at a time, which stay in the processor's cache."""
NEAR = 1e-5
"""A step of a correlation after which what is left, its square, does not count."""
FAR = 0.3
"""A first step beyond this is not trusted."""
FEW_STEPS = 6
LEAST_VARIANCE = 1e-9
"""A statistic that varies less, times the number of rows, does not vary: its answers are all alike."""
CLOSE = FLAT
"""Correlations beyond this are sought with care: the likelihood may have no highest point before 1."""


@dataclass(frozen=True, slots=True)
class AnswerTables:
    """Rows of answers to p ordinal variables with up to c categories, ready to be resampled.

    Attributes
    ----------
    codes : Codes
        The answers of n rows.
    blocks : tuple of Block
        The rows, prepared; empty where they are so many that each block is prepared when it is needed.
    near : NearTables
        What the tables of draws are near.
    """

    codes: Codes
    blocks: tuple[Block, ...]
    near: NearTables

    @classmethod
    def of(cls, given: Answers, correlations: Array) -> AnswerTables:
        """Prepare answers to ordinal variables, without covariates, whose correlations are known."""
        codes = given.rows.codes
        few = codes.values.shape[0] * len(correlations) <= MOST_KEPT
        blocks = tuple(_blocks(codes, len(correlations))) if few else ()
        with np.errstate(divide="ignore", invalid="ignore"):
            found = TableInfluence.of(margins_of(given.layout, given.rows), given.rows, correlations)
        return cls(codes, blocks, NearTables(codes.sizes, codes.width, correlations, found.correlations))

    def statistics(self, counts: Array) -> tuple[Array, Array]:
        """Return the statistics of samples, given how often each row was drawn, shape (b, n).

        See `NearTables.statistics`.
        """
        return self.near.statistics(*self.counted(counts), counts.sum(axis=1))

    def counted(self, counts: Array) -> tuple[Array, Array]:
        """Return how often each category was chosen, (b, p, c), and tables, (b, pairs, c + 1, c + 1)."""
        b, p, c = len(counts), self.codes.sizes.size, self.codes.width
        shape = self.near.influence.shape
        chosen, tables = np.zeros((b, p * c)), np.zeros((self.near.influence.size, b))
        for block in self.blocks or _blocks(self.codes, shape[0]):
            drawn = counts[:, block.rows]
            chosen += drawn @ block.answers
            tables += block.incidence @ drawn.T
        return chosen.reshape(b, p, c), np.ascontiguousarray(tables.T).reshape(b, *shape)


def counted_samples(codes: Index, width: int) -> tuple[Array, Array]:
    """Return counts of categories, (b, p, c), and tables, (b, pairs, c + 1, c + 1), of complete samples.

    Parameters
    ----------
    codes : array of int, shape (b, n, p)
        Numbers of categories, from 0, of b samples.
    width : int
        c.
    """
    b, _, p = codes.shape
    row, col = np.tril_indices(p, -1)
    chosen = np.stack([np.bincount(own.ravel(), minlength=p * width) for own in codes + width * np.arange(p)])
    cell = np.arange(row.size) * width**2
    tables = np.zeros((b, row.size, width + 1, width + 1))
    for i, own in enumerate(codes):
        found = np.bincount((own[:, row] * width + own[:, col] + cell).ravel(), minlength=row.size * width**2)
        tables[i, :, :-1, :-1] = found.reshape(-1, width, width)
    return chosen.reshape(b, p, width).astype(float), tables


@dataclass(frozen=True, slots=True)
class NearTables:
    """Tables of p ordinal variables that those of samples are near.

    Attributes
    ----------
    sizes : array of int, shape (p,)
        Categories of each variable.
    width : int
        c, the most of them.
    correlations : array, shape (pairs,)
        Polychoric correlations, in the order of the layout.
    influence : array, shape (pairs, c + 1, c + 1)
        What one more row in each cell changes each of them by; zeros where that is not known.
    """

    sizes: Index
    width: int
    correlations: Array
    influence: Array

    def statistics(self, margins: Array, tables: Array, n_obs: Array) -> tuple[Array, Array]:
        """Return the statistics of samples, and their asymptotic variances times the number of rows, (b, m).

        NaN for a sample in which a category of a variable has no answer, or two variables have no rows with
        both that their correlation could vary with.

        Parameters
        ----------
        margins : array, shape (b, p, c)
            How often each category was chosen.
        tables : array, shape (b, pairs, c + 1, c + 1)
            Tables of two variables; missing answers have a line and a column of their own.
        n_obs : array, shape (b,)
            Rows.
        """
        with np.errstate(invalid="ignore", divide="ignore"):
            thresholds = thresholds_from(margins)
        good = np.flatnonzero(self._whole(margins, tables))
        m = int((self.sizes - 1).sum()) + len(self.correlations)
        statistics, variances = np.full((len(tables), m), np.nan), np.full((len(tables), m), np.nan)
        effects = threshold_influence(margins[good], thresholds[good])
        rho, spread = self._pairs(tables[good], effects, thresholds[good])
        real = np.arange(self.width - 1) < (self.sizes - 1)[:, None]
        levels = threshold_variances(margins[good], effects)[:, real]
        n = n_obs[good, None]
        statistics[good] = np.concatenate([thresholds[good][:, real], rho], axis=1)
        variances[good] = n * np.concatenate([levels, spread], axis=1)
        lost = ~(np.isfinite(variances) & (variances > LEAST_VARIANCE)).all(axis=1)
        statistics[lost] = variances[lost] = np.nan
        return statistics, variances

    def _whole(self, margins: Array, tables: Array) -> Flags:
        real = np.arange(self.width) < self.sizes[:, None]
        chosen = ((margins > 0) | ~real).all(axis=(1, 2))
        together = (tables[:, :, :-1, :-1].sum(axis=(2, 3)) > 0).all(axis=1)
        return np.asarray(chosen & together)

    def _pairs(self, tables: Array, effects: Array, thresholds: Array) -> tuple[Array, Array]:
        """Return correlations and their variances, shape (b, pairs)."""
        row, col = np.tril_indices(self.sizes.size, -1)
        b, pairs = tables.shape[:2]
        flat = tables.reshape(-1, *tables.shape[2:])
        start = (self.correlations + np.einsum("bpij,pij->bp", tables, self.influence)).ravel()
        binary = (self.sizes[row] == 2) & (self.sizes[col] == 2)
        rho, spread = np.empty(start.size), np.empty(start.size)
        member, pair = np.divmod(np.arange(start.size), pairs)
        for begin in range(0, start.size, AT_ONCE):
            at = slice(begin, begin + AT_ONCE)
            sides = [(member[at], side[pair[at]]) for side in (row, col)]
            ends, moved = ((x[sides[0]], x[sides[1]]) for x in (thresholds, effects))
            inner = flat[at, :-1, :-1]
            rho[at], found = solved(filled(inner, binary[pair[at]]), ends, start[at])
            with np.errstate(divide="ignore", invalid="ignore"):
                change = polychoric_influence(inner, moved, ends, rho[at], (found.p, found.d))
            spread[at] = np.einsum("tij,tij->t", flat[at], change**2)
        return rho.reshape(b, pairs), spread.reshape(b, pairs)


@dataclass(frozen=True, slots=True)
class Block:
    """Some rows.

    Attributes
    ----------
    rows : slice
        Where they are.
    answers : array, shape (n, p c)
        Which category of each variable each row chose.
    incidence : csr_array, shape (pairs (c + 1)^2, n)
        Which cell of each table each row is in; missing answers have a line and a column of their own.
    """

    rows: slice
    answers: Array
    incidence: csr_array


def _blocks(codes: Codes, pairs: int) -> Iterator[Block]:
    n = len(codes.values)
    step = max(MOST_KEPT // max(pairs, 1), 1)
    for start in range(0, n, step):
        rows = slice(start, min(start + step, n))
        values = codes.values[rows]
        yield Block(rows, one_hot(values, codes.width), _incidence(values, codes.width + 1))


def _incidence(values: Index, k: int) -> csr_array:
    n, p = values.shape
    row, col = np.tril_indices(p, -1)
    cell = np.arange(row.size) * k * k + values[:, row] * k + values[:, col]
    ends = np.arange(0, cell.size + 1, row.size)
    by_row = csr_array((np.ones(cell.size), cell.ravel(), ends), shape=(n, row.size * k * k))
    return csr_array(by_row.T.tocsr())


@dataclass(frozen=True, slots=True)
class Slice:
    """Cell probabilities of t tables and their derivatives by the correlation, both of shape (t, c, c)."""

    p: Array
    d: Array

    def put(self, at: Index, found: Cells, step: Array) -> None:
        """Write cells that were computed a small step of the correlation away."""
        move = step[:, None, None]
        self.p[at] = found.p + move * (found.d + 0.5 * move * found.dd)
        self.d[at] = found.d + move * found.dd


def solved(counts: Array, thresholds: tuple[Array, Array], start: Array) -> tuple[Array, Slice]:
    """Return correlations (t,) and the cells there, from starts that are near.

    Parameters
    ----------
    counts : array, shape (t, c, c)
        Tables.
    thresholds : pair of arrays, shape (t, c - 1)
        Of the variables in their rows and columns.
    start : array, shape (t,)
        Correlations to begin with.
    """
    row, col = thresholds
    rho = np.clip(start, -CLOSE, CLOSE)
    found = Slice(np.empty(counts.shape), np.empty(counts.shape))
    at, lost = np.arange(rho.size), np.zeros(rho.size, dtype=bool)
    for _ in range(FEW_STEPS):
        fresh = cells(row[at], col[at], rho[at])
        step = _step(counts[at], fresh)
        found.put(at, fresh, step)
        rho[at] += step
        lost[at] = ~(np.abs(step) < FAR) | (np.abs(rho[at]) > CLOSE)
        at = at[(np.abs(step) > NEAR) & ~lost[at]]
        if not at.size:
            break
    lost[at] = True
    at = np.flatnonzero(lost)
    if at.size:
        rho[at] = polychoric_batch(counts[at], row[at], col[at])
        found.put(at, cells(row[at], col[at], rho[at]), np.zeros(at.size))
    return rho, found


def _step(counts: Array, found: Cells) -> Array:
    """Return Newton's step for the correlations, or Fisher's where the likelihood is not concave."""
    p = np.maximum(found.p, LEAST)
    share = counts / p
    slope = np.einsum("tij,tij->t", share, found.d)
    fisher = np.einsum("tij,tij->t", share / p, found.d**2)
    bend = fisher - np.einsum("tij,tij->t", share, found.dd)
    return np.asarray(slope / np.where(bend > 0.1 * fisher, bend, np.maximum(fisher, 1e-300)))
