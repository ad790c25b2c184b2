"""Many samples of ordinal answers, one model: least squares for each, from the full sample's solution.

As for continuous data (`draws`): all samples share one inverse of the second derivatives, and each corrects
it by what its own gradients tell. The weights of DWLS are those of each sample.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trustmeasure.sem.constrained import minimise_within
from trustmeasure.sem.constraints import Limits
from trustmeasure.sem.discrepancy.base import Point
from trustmeasure.sem.discrepancy.ordinal import OrdinalLeastSquares
from trustmeasure.sem.discrepancy.weights import Diagonal, Full, Weight
from trustmeasure.sem.draw_causes import EMPTY, UNFINISHED, USABLE, Codes
from trustmeasure.sem.draws import TOLERANCE, Fitted
from trustmeasure.sem.inference import inverse_information
from trustmeasure.sem.ordinal.gradient import discrepancies, discrepancy_slopes
from trustmeasure.sem.parameters import ParameterTable
from trustmeasure.sem.quasi_newton import descend_together
from trustmeasure.sem.ram import Ram

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]

ONE = np.zeros(1, dtype=np.intp)
AT_ONCE = 50
"""Samples fitted at a time."""


@dataclass(frozen=True, slots=True)
class OrdinalDraws:
    """Statistics of b samples in G groups.

    Attributes
    ----------
    sizes : array, shape (b, G)
        What each group's discrepancy is multiplied by to be a chi-square.
    statistics : tuple of arrays of shape (b, m), length G
        Thresholds, slopes and correlations; NaN for samples that have none.
    weights : tuple of arrays of shape (b, m) or (b, m, m), length G
        Their weights, or weight matrices; NaN where they do not exist.
    """

    sizes: Array
    statistics: tuple[Array, ...]
    weights: tuple[Array, ...]

    def __len__(self) -> int:
        return len(self.sizes)

    @property
    def shares(self) -> Array:
        """Share of each group, shape (b, G)."""
        return np.asarray(self.sizes / self.sizes.sum(axis=1, keepdims=True))

    def some(self, rows: Index) -> OrdinalDraws:
        """Return some of the samples."""
        statistics, weights = (tuple(x[rows] for x in y) for y in (self.statistics, self.weights))
        return OrdinalDraws(self.sizes[rows], statistics, weights)

    @property
    def whole(self) -> Flags:
        """Which samples have statistics, shape (b,)."""
        return np.asarray(np.all([np.isfinite(s).all(axis=1) for s in self.statistics], axis=0))

    @property
    def weighed(self) -> Flags:
        """Which samples have weights, shape (b,)."""
        sums = [w.reshape(len(w), -1).sum(axis=1) for w in self.weights]
        return np.asarray(np.all([np.isfinite(s) for s in sums], axis=0))


@dataclass(frozen=True, slots=True)
class OrdinalProblem:
    """The least-squares discrepancy of samples, with all its derivatives, one sample after the other."""

    rams: tuple[Ram, ...]
    draws: OrdinalDraws

    def value(self, theta: Array, rows: Index) -> Array:
        """Return the discrepancies, shape (b,)."""
        parts = [self._parts(row) for row in rows]
        return np.array([_sum(t, own, "value") for t, own in zip(theta, parts, strict=True)])

    def point(self, theta: Array, rows: Index) -> Point:
        """Return discrepancies with derivatives."""
        value, gradient, curvature = np.empty(len(theta)), np.empty(theta.shape), []
        for i, (t, row) in enumerate(zip(theta, rows, strict=True)):
            points = [(part.point(t[None], ONE), share) for part, share in self._parts(row)]
            value[i] = sum(p.value[0] * share for p, share in points)
            gradient[i] = sum(p.gradient[0] * share for p, share in points)
            curvature.append(sum(p.curvature[0] * share for p, share in points))
        return Point(value, gradient, np.array(curvature).reshape(*theta.shape, theta.shape[1]))

    def hessian(self, theta: Array, rows: Index) -> Array:
        """Return exact second derivatives, shape (b, q, q)."""
        parts = [self._parts(row) for row in rows]
        return np.array([_sum(t, own, "hessian") for t, own in zip(theta, parts, strict=True)])

    def _parts(self, row: int) -> list[tuple[OrdinalLeastSquares, float]]:
        """Return the discrepancy of each group of a sample, and its share."""
        groups = zip(self.rams, self.draws.statistics, self.draws.weights, strict=True)
        parts = [OrdinalLeastSquares(ram, s[row], _weight(w[row])) for ram, s, w in groups]
        return list(zip(parts, self.draws.shares[row].tolist(), strict=True))


def _weight(values: Array) -> Weight:
    return Diagonal(values) if values.ndim == 1 else Full(values)


def _sum(theta: Array, parts: list[tuple[OrdinalLeastSquares, float]], what: str) -> Array:
    return np.asarray(sum(getattr(part, what)(theta[None], ONE)[0] * share for part, share in parts))


@dataclass(frozen=True, slots=True)
class OrdinalFitter:
    """What all samples of one model share.

    Attributes
    ----------
    rams : tuple of Ram, length G
        The model.
    quick : bool
        Whether samples may be fitted together by gradients alone, which nonlinear constraints do not allow.
    start : array, shape (q,)
        Solution of the full sample.
    inverse : array, shape (q, q)
        Inverse of the expected second derivatives there; see `draws.Fitter`.
    table : ParameterTable
        The model with its constraints.
    """

    rams: tuple[Ram, ...]
    quick: bool
    start: Array
    inverse: Array
    table: ParameterTable

    @classmethod
    def of(
        cls, rams: Sequence[Ram], start: Array, sample: OrdinalDraws, table: ParameterTable
    ) -> OrdinalFitter:
        """Prepare for samples near `sample` (b = 1), whose solution is `start` under the limits of `table`.

        Raises
        ------
        LinAlgError
            If the information matrix is singular.
        """
        curvature = OrdinalProblem(tuple(rams), sample).point(start[None], ONE).curvature[0]
        inverse = inverse_information(curvature, Limits.of(table).tight(start))
        if inverse is None:
            raise np.linalg.LinAlgError("singular information matrix")
        return cls(tuple(rams), Limits.of(table).only_linear, start, inverse, table)

    def gradient(self, theta: Array, draws: OrdinalDraws) -> Array:
        """Return the gradients, shape (b, q)."""
        shares, total = draws.shares, np.zeros(theta.shape)
        for g, (ram, s, w) in enumerate(zip(self.rams, draws.statistics, draws.weights, strict=True)):
            total += shares[:, g, None] * discrepancy_slopes(ram, theta, s, w)
        return total

    def value(self, theta: Array, draws: OrdinalDraws) -> Array:
        """Return the discrepancies, shape (b,)."""
        groups = zip(self.rams, draws.statistics, draws.weights, strict=True)
        found = np.stack([discrepancies(ram, theta, s, w) for ram, s, w in groups], axis=1)
        return np.asarray((found * draws.shares).sum(axis=1))

    def fit(self, draws: OrdinalDraws) -> Fitted:
        """Fit the model to every sample; nothing is raised for samples without a solution."""
        every = np.arange(len(draws))
        parts = [self._fit(draws.some(every[i : i + AT_ONCE])) for i in range(0, every.size, AT_ONCE)]
        return Fitted(
            np.concatenate([part.theta for part in parts]),
            np.concatenate([part.chisq for part in parts]),
            np.concatenate([part.cause for part in parts]),
        )

    def _fit(self, draws: OrdinalDraws) -> Fitted:
        theta, chisq = np.full((len(draws), self.start.size), np.nan), np.full(len(draws), np.nan)
        cause: Codes = np.where(draws.whole, UNFINISHED, EMPTY).astype(np.int8)
        rows = np.flatnonzero(draws.whole & draws.weighed)
        if not rows.size:
            return Fitted(theta, chisq, cause)
        good = draws.some(rows)
        found, value, done = self._quick(good)
        if not done.all():
            self._finish(good, np.flatnonzero(~done), found, value, done)
        theta[rows[done]] = found[done]
        chisq[rows[done]] = value[done] * good.sizes[done].sum(axis=1)
        cause[rows[done]] = USABLE
        return Fitted(theta, chisq, cause)

    def _quick(self, draws: OrdinalDraws) -> tuple[Array, Array, Flags]:
        """Return parameters, discrepancies, and which of them are solutions."""
        b = len(draws)
        start = np.repeat(self.start[None], b, axis=0)
        if not self.quick:
            return start, np.full(b, np.inf), np.zeros(b, dtype=bool)
        found, done = descend_together(self.gradient, self.start, self.inverse, draws, TOLERANCE)
        done &= np.isfinite(found).all(axis=1)
        value, at = np.full(b, np.inf), np.flatnonzero(done)
        if at.size:
            value[at] = self.value(found[at], draws.some(at))
        return found, value, done & (value <= self.value(start, draws) + 1e-9)

    def _finish(self, draws: OrdinalDraws, rows: Index, theta: Array, value: Array, done: Flags) -> None:
        """Fit some samples with step control, and write what is found into the three arrays."""
        problem = OrdinalProblem(self.rams, draws.some(rows))
        start = np.repeat(self.start[None], rows.size, axis=0)
        best = minimise_within(self.table, problem, start, tolerance=TOLERANCE, max_iterations=200)
        theta[rows], value[rows], done[rows] = best.theta, best.value, best.converged
