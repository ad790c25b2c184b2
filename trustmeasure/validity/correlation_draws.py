"""Correlations of items in all rows, in resampled rows and without each row, many samples at a time.

Sums of products are linear in how often each row was drawn, so that those of many samples come from one
matrix product.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from trustmeasure.moments.answers import Answers, answers_of
from trustmeasure.moments.ordinal import moments_of_answers
from trustmeasure.moments.ordinal_draws import DrawSource
from trustmeasure.sem.resampled_rows import all_but, draw_units

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]

CHUNK = 100
"""Draws that come from one random stream; part of what a seed means."""
CELLS = 4_000_000
"""Products held at a time, which bounds the memory."""
NO_VARIANCE = 1e-12
"""Part of the mean square below which a variance is rounding."""


class Correlated(Protocol):
    """Rows whose correlations can be taken again and again.

    Each method returns correlations of shape (b, p (p - 1) / 2), lower triangle by rows; NaN where there are
    none.
    """

    @property
    def n_rows(self) -> int:
        """How many rows there are to draw from."""

    def whole(self) -> Array:
        """Return the correlations in all rows, b = 1."""

    def counted(self, counts: Array) -> Array:
        """Return those of samples, given how often each row is in them, shape (b, n)."""

    def left_out(self) -> Iterator[Array]:
        """Yield those without one row each, block by block."""


@dataclass(frozen=True, slots=True)
class PearsonRows:
    """Rows of numbers, of which some may be missing.

    Attributes
    ----------
    values : array, shape (n, p)
        The numbers in standard units, 0 where they are missing.
    seen : array, shape (n, p), or None
        1 where there is one; None when nothing is missing.
    """

    values: Array
    seen: Array | None

    @classmethod
    def of(cls, values: Array) -> PearsonRows:
        """Take numbers with NaN for what is missing; the units do not matter."""
        seen = np.isfinite(values)
        n = np.maximum(seen.sum(axis=0), 1)
        centre = np.where(seen, values, 0.0).sum(axis=0) / n
        gaps = np.where(seen, values - centre, 0.0)
        spread = np.sqrt((gaps**2).sum(axis=0) / n)
        flat = spread <= NO_VARIANCE * np.abs(centre)
        units = np.where(flat, 0.0, gaps) / np.where(flat | (spread == 0), 1.0, spread)
        return cls(units, None if seen.all() else seen.astype(float))

    @property
    def n_rows(self) -> int:
        """How many rows there are."""
        return len(self.values)

    def whole(self) -> Array:
        """Return the correlations in all rows."""
        return self._correlations(self._total())

    def counted(self, counts: Array) -> Array:
        """Return the correlations of samples."""
        return self._correlations(self._sums(counts))

    def left_out(self) -> Iterator[Array]:
        """Yield the correlations without one row each."""
        total = self._total()
        for rows in self._blocks():
            yield self._correlations(total - self._products(rows))

    def _blocks(self) -> Iterator[slice]:
        p = self.values.shape[1]
        step = max(CELLS // (p * (p + 1) * (1 if self.seen is None else 3)), 1)
        return (slice(at, at + step) for at in range(0, max(self.n_rows, 1), step))

    def _total(self) -> Array:
        return np.asarray(sum(self._products(rows).sum(axis=0, keepdims=True) for rows in self._blocks()))

    def _sums(self, counts: Array) -> Array:
        return np.asarray(sum(counts[:, rows] @ self._products(rows) for rows in self._blocks()))

    def _products(self, rows: slice) -> Array:
        """Return what each row adds to the sums: products, and the parts of means and variances."""
        x = self.values[rows]
        row, col = np.tril_indices(x.shape[1], -1)
        if self.seen is None:
            return np.concatenate([x[:, row] * x[:, col], x, x**2, np.ones((len(x), 1))], axis=1)
        m, square = self.seen[rows], x**2
        parts = [(x, x), (m, m), (x, m), (m, x), (square, m), (m, square)]
        return np.concatenate([a[:, row] * b[:, col] for a, b in parts], axis=1)

    def _correlations(self, sums: Array) -> Array:
        p = self.values.shape[1]
        row, col = np.tril_indices(p, -1)
        if self.seen is None:
            cross, one, two, n = np.split(sums, [row.size, row.size + p, row.size + 2 * p], axis=1)
            n = np.maximum(n, 1.0)
            mean, square = one / n, two / n
            return _correlation(cross / n, mean[:, row], mean[:, col], square[:, row], square[:, col])
        cross, n, x, y, xx, yy = np.split(sums, 6, axis=1)
        n = np.maximum(n, 1.0)
        return _correlation(cross / n, x / n, y / n, xx / n, yy / n)


def _correlation(cross: Array, x: Array, y: Array, xx: Array, yy: Array) -> Array:
    """Return correlations from means and mean products; NaN without variance."""
    variances = (xx - x**2), (yy - y**2)
    least = NO_VARIANCE * np.maximum(xx, 1.0), NO_VARIANCE * np.maximum(yy, 1.0)
    product = np.where(
        (variances[0] > least[0]) & (variances[1] > least[1]), variances[0] * variances[1], np.nan
    )
    return np.asarray(np.clip((cross - x * y) / np.sqrt(product), -1.0, 1.0))


@dataclass(frozen=True, slots=True)
class PolychoricRows:
    """Rows of ordinal answers.

    Attributes
    ----------
    given : Answers
        The rows, checked.
    correlations : array, shape (p (p - 1) / 2,)
        Polychoric correlations in all rows.
    source : DrawSource
        The rows, prepared to be drawn from.
    """

    given: Answers
    correlations: Array
    source: DrawSource

    @classmethod
    def of(cls, values: Array, names: list[str], missing: str) -> PolychoricRows:
        """Take codes with NaN for what is missing; DataError where they are no answers."""
        given = answers_of(values, names, names, missing=missing)
        statistics = moments_of_answers(given, "none").statistics
        at = given.layout.correlations
        return cls(given, np.asarray(statistics[at]), DrawSource.of(given, statistics))

    @property
    def n_rows(self) -> int:
        """How many rows there are."""
        return len(self.given.rows)

    def whole(self) -> Array:
        """Return the correlations in all rows."""
        return self.correlations[None]

    def counted(self, counts: Array) -> Array:
        """Return the correlations of samples; NaN for one in which a category has no answer."""
        found = self.source.moments(counts, gamma="none")
        return np.asarray(found.statistics[:, self.given.layout.correlations])

    def left_out(self) -> Iterator[Array]:
        """Yield the correlations without one row each."""
        for at in range(0, self.n_rows, CHUNK):
            units = np.arange(at, min(at + CHUNK, self.n_rows))
            yield self.counted(all_but(self.n_rows, units).astype(float))


def drawn(rows: Correlated, seed: int, chunk: int, b: int) -> Array:
    """Return the correlations of the first b draws of a chunk, the same ones whoever asks."""
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(chunk,)))
    return rows.counted(draw_units(rng, rows.n_rows, b).astype(float))
