"""Many samples, one model: maximum likelihood for each, from a common start that is near all solutions.

Resampled data have solutions near the full sample's. So all draws share one inverse information matrix, that
of the full-sample solution, as the first guess of the inverse Hessian, and each draw corrects it by what its
own gradients tell (`quasi_newton`). A step costs one gradient and no factorisation of the information.
Draws leave the batch as they converge; those that do not come down this way, and all draws under constraints
that are not linear equalities, are fitted by `constrained.minimise_within`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trustmeasure.sem.constrained import minimise_within
from trustmeasure.sem.constraints import Limits
from trustmeasure.sem.discrepancy import MaximumLikelihood, Point
from trustmeasure.sem.discrepancy.ml import invert
from trustmeasure.sem.discrepancy.slope import Slope
from trustmeasure.sem.draw_causes import SINGULAR, UNFINISHED, Codes, impossible, positive
from trustmeasure.sem.inference import inverse_information
from trustmeasure.sem.matrices import Ram, implied
from trustmeasure.sem.parameters import ParameterTable
from trustmeasure.sem.quasi_newton import descend_together

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]

TOLERANCE = 1e-16
"""Newton decrement at which a draw has converged. With n rows an estimate is then within sqrt(n / 2) 1e-8
standard errors of the minimum, and the last step, which is still taken, brings it nearer."""
BATCH, CELLS = 25, 100_000
"""Draws fitted at a time: at least the first, and as many as have the second number of covariances together.
Few enough for their matrices to stay in the processor's cache, many enough to hide what each call costs."""


@dataclass(frozen=True, slots=True)
class Draws:
    """Moments of b samples in G groups.

    Attributes
    ----------
    n_obs : array, shape (b, G)
        Rows.
    cov : tuple of arrays of shape (b, p, p), length G
        Covariances with divisor n.
    mean : tuple of arrays of shape (b, p), length G
        Means.
    """

    n_obs: Array
    cov: tuple[Array, ...]
    mean: tuple[Array, ...]

    @property
    def shares(self) -> Array:
        """Share of the rows in each group, shape (b, G)."""
        return np.asarray(self.n_obs / self.n_obs.sum(axis=1, keepdims=True))

    def __len__(self) -> int:
        return len(self.n_obs)

    def some(self, rows: Index) -> Draws:
        """Return some of the samples."""
        return Draws(self.n_obs[rows], tuple(c[rows] for c in self.cov), tuple(m[rows] for m in self.mean))


@dataclass(frozen=True, slots=True)
class Fitted:
    """Solutions of b samples.

    Attributes
    ----------
    theta : array, shape (b, q)
        Estimates; NaN where there are none.
    chisq : array, shape (b,)
        n times the discrepancy.
    cause : array of int8, shape (b,)
        What is the matter, a key of `CAUSES`.
    """

    theta: Array
    chisq: Array
    cause: Codes


@dataclass(frozen=True, slots=True)
class DrawProblem:
    """The ML discrepancy of draws, whose groups may have other shares of the rows in each draw."""

    parts: tuple[MaximumLikelihood, ...]
    shares: Array

    @classmethod
    def of(cls, rams: Sequence[Ram], draws: Draws) -> DrawProblem:
        """Prepare the discrepancy."""
        groups = zip(rams, draws.cov, draws.mean, strict=True)
        return cls(tuple(MaximumLikelihood.of(ram, cov, mean) for ram, cov, mean in groups), draws.shares)

    def value(self, theta: Array, rows: Index) -> Array:
        """Return the discrepancies, shape (b,)."""
        found = [part.value(theta, rows) for part in self.parts]
        return np.asarray(np.einsum("gb,bg->b", np.stack(found), self.shares[rows]))

    def point(self, theta: Array, rows: Index) -> Point:
        """Return discrepancies with derivatives."""
        points, shares = [part.point(theta, rows) for part in self.parts], self.shares[rows]
        return Point(
            np.einsum("gb,bg->b", np.stack([p.value for p in points]), shares),
            np.einsum("gbq,bg->bq", np.stack([p.gradient for p in points]), shares),
            np.einsum("gbqr,bg->bqr", np.stack([p.curvature for p in points]), shares),
        )

    def hessian(self, theta: Array, rows: Index) -> Array:
        """Return exact second derivatives, shape (b, q, q)."""
        found = [part.hessian(theta, rows) for part in self.parts]
        return np.asarray(np.einsum("gbqr,bg->bqr", np.stack(found), self.shares[rows]))


@dataclass(frozen=True, slots=True)
class Fitter:
    """What all draws of one model share.

    Attributes
    ----------
    rams : tuple of Ram, length G
        The model; nothing in it may be fixed at a sample's moments.
    slopes : tuple of Slope, length G
        Its gradient.
    start : array, shape (q,)
        Solution of the full sample.
    inverse : array, shape (q, q)
        Inverse of the expected second derivatives there. Under linear equalities it leads nowhere else than
        along them, so that no step breaks them.
    table : ParameterTable
        The model with its constraints.
    """

    rams: tuple[Ram, ...]
    slopes: tuple[Slope, ...]
    start: Array
    inverse: Array
    table: ParameterTable

    @classmethod
    def of(cls, rams: Sequence[Ram], start: Array, sample: Draws, table: ParameterTable) -> Fitter:
        """Prepare for draws near `sample` (b = 1), whose solution is `start` under the limits of `table`.

        Raises
        ------
        LinAlgError
            If the information matrix is singular.
        """
        curvature = DrawProblem.of(rams, sample).point(start[None], np.zeros(1, dtype=np.intp)).curvature[0]
        inverse = inverse_information(curvature, Limits.of(table).tight(start))
        if inverse is None:
            raise np.linalg.LinAlgError("singular information matrix")
        return cls(tuple(rams), tuple(Slope.of(ram) for ram in rams), start, inverse, table)

    def gradient(self, theta: Array, draws: Draws) -> Array:
        """Return the gradients, shape (b, q)."""
        shares, total = draws.shares, np.zeros(theta.shape)
        for g, (slope, cov, mean) in enumerate(zip(self.slopes, draws.cov, draws.mean, strict=True)):
            total += shares[:, g, None] * slope.gradient(theta, cov, mean)
        return total

    def fit(self, draws: Draws) -> Fitted:
        """Fit the model to every draw; nothing is raised for draws without a solution."""
        every = np.arange(len(draws.n_obs))
        at_a_time = max(BATCH, CELLS // sum(ram.p**2 for ram in self.rams))
        starts = range(0, every.size, at_a_time)
        parts = [self._fit(draws.some(every[i : i + at_a_time])) for i in starts]
        return Fitted(
            np.concatenate([part.theta for part in parts]),
            np.concatenate([part.chisq for part in parts]),
            np.concatenate([part.cause for part in parts]),
        )

    def _fit(self, draws: Draws) -> Fitted:
        b, q = draws.n_obs.shape[0], self.start.size
        theta, chisq = np.full((b, q), np.nan), np.full(b, np.nan)
        cause = np.full(b, SINGULAR, dtype=np.int8)
        checked = [positive(cov) for cov in draws.cov]
        rows = np.flatnonzero(np.all([good for good, _ in checked], axis=0))
        cause[rows] = UNFINISHED
        good = draws if rows.size == b else draws.some(rows)
        logdet = np.stack([found[rows] for _, found in checked], axis=1)
        found, done = self._none(rows.size)
        if Limits.of(self.table).only_linear:
            found, done = descend_together(self.gradient, self.start, self.inverse, good, TOLERANCE)
        value = np.full(rows.size, np.inf)
        value[done] = self._value(found[done], good.some(np.flatnonzero(done)), logdet[done])
        done &= value <= self._at_start(good, logdet) + 1e-9
        if not done.all():
            _finish(self, good, np.flatnonzero(~done), found, value, done)
        theta[rows[done]] = found[done]
        chisq[rows[done]] = value[done] * good.n_obs[done].sum(axis=1)
        cause[rows[done]] = impossible(self.slopes, found[done])
        return Fitted(theta, chisq, cause)

    def _value(self, theta: Array, draws: Draws, logdet: Array) -> Array:
        """Return the discrepancies, shape (b,), given the log determinants (b, G) of the covariances."""
        groups = zip(self.slopes, draws.cov, draws.mean, strict=True)
        found = np.stack([slope.value(theta, cov, mean) for slope, cov, mean in groups], axis=1)
        sizes = np.array([ram.p for ram in self.rams])
        return np.asarray(((found - logdet - sizes) * draws.shares).sum(axis=1))

    def _at_start(self, draws: Draws, logdets: Array) -> Array:
        """Return the discrepancies at the common start, shape (b,); only one matrix is inverted for all."""
        found = np.zeros(len(draws.n_obs))
        for g, (ram, cov, mean) in enumerate(zip(self.rams, draws.cov, draws.mean, strict=True)):
            now = implied(ram, self.start[None])
            _, v, logdet = invert(now.sigma)
            value = logdet + cov.reshape(len(cov), -1) @ v[0].ravel() - logdets[:, g] - ram.p
            if now.mu is not None:
                gap = mean - now.mu
                value += np.einsum("bi,bi->b", gap @ v[0], gap)
            found += draws.shares[:, g] * value
        return found

    def _none(self, b: int) -> tuple[Array, npt.NDArray[np.bool_]]:
        """Return the common start for all, none of them a solution."""
        return np.repeat(self.start[None], b, axis=0), np.zeros(b, dtype=bool)


def _finish(
    fitter: Fitter, draws: Draws, rows: Index, theta: Array, value: Array, done: npt.NDArray[np.bool_]
) -> None:
    """Fit the draws in `rows` with step control, and write what is found into the three arrays."""
    problem = DrawProblem.of(fitter.rams, draws.some(rows))
    start = np.repeat(fitter.start[None], rows.size, axis=0)
    best = minimise_within(fitter.table, problem, start, tolerance=TOLERANCE, max_iterations=200)
    theta[rows], value[rows], done[rows] = best.theta, best.value, best.converged
