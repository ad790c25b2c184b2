"""Many samples, one model: maximum likelihood for each, from a common start that is near all solutions.

Resampled data have solutions near the full sample's. So all draws share one inverse information matrix, that
of the full-sample solution, as the first guess of the inverse Hessian, and each draw corrects it by what its
own gradients tell (limited-memory BFGS, Liu & Nocedal 1989, Mathematical Programming 45(1-3), 503-528). A
step costs one gradient and no factorisation of the information. Draws leave the batch as they converge; those
that do not come down this way are fitted by `optimize.minimise`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trustmeasure.sem.discrepancy import MaximumLikelihood, Point
from trustmeasure.sem.discrepancy.ml import invert
from trustmeasure.sem.discrepancy.slope import Slope
from trustmeasure.sem.matrices import Ram, implied
from trustmeasure.sem.optimize import minimise

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]
Codes = npt.NDArray[np.int8]

TOLERANCE = 1e-14
"""Newton decrement at which a draw has converged. With n rows an estimate is then within sqrt(n / 2) 1e-7
standard errors of the minimum, and the last step, which is still taken, brings it nearer."""
MOST_STEPS = 60
LEAST_PIVOT = 1e-7
"""Of the Cholesky factor of a correlation matrix that counts as positive definite: below it is rounding."""
BATCH, CELLS = 25, 24_000
"""Draws fitted at a time: at least the first, and as many as have the second number of covariances together.
Few enough for their matrices to stay in the processor's cache, many enough to hide what each call costs."""
USABLE, SINGULAR, UNFINISHED = 0, 1, 2
NEGATIVE, BEYOND, INDEFINITE = 3, 4, 5
CAUSES = {
    USABLE: "usable",
    SINGULAR: "covariance matrix of the draw not positive definite",
    UNFINISHED: "no convergence",
    NEGATIVE: "negative variance",
    BEYOND: "correlation of latent variables beyond 1",
    INDEFINITE: "covariance matrix of the latent variables not positive definite",
}
"""What can be the matter with a draw, by code. Up to `UNFINISHED` there are no estimates."""


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
        Inverse of the expected second derivatives there.
    """

    rams: tuple[Ram, ...]
    slopes: tuple[Slope, ...]
    start: Array
    inverse: Array

    @classmethod
    def of(cls, rams: Sequence[Ram], start: Array, sample: Draws) -> Fitter:
        """Prepare for draws near `sample` (b = 1), whose solution is `start`.

        Raises
        ------
        LinAlgError
            If the information matrix is singular.
        """
        curvature = DrawProblem.of(rams, sample).point(start[None], np.zeros(1, dtype=np.intp)).curvature[0]
        scale = np.sqrt(np.diag(curvature))
        inverse = np.linalg.inv(curvature / np.outer(scale, scale)) / np.outer(scale, scale)
        return cls(tuple(rams), tuple(Slope.of(ram) for ram in rams), start, 0.5 * (inverse + inverse.T))

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
        rows = np.flatnonzero(np.all([positive(cov) for cov in draws.cov], axis=0))
        cause[rows] = UNFINISHED
        good = draws if rows.size == b else draws.some(rows)
        found, done = self._quick(good)
        value = np.full(rows.size, np.inf)
        problem = DrawProblem.of(self.rams, good)
        value[done] = problem.value(found[done], np.flatnonzero(done))
        done &= value <= self._at_start(problem) + 1e-9
        if not done.all():
            _finish(self, problem, np.flatnonzero(~done), found, value, done)
        theta[rows[done]], cause[rows[done]] = found[done], USABLE
        chisq[rows[done]] = value[done] * good.n_obs[done].sum(axis=1)
        cause[rows[done]] = impossible(self.rams, found[done])
        return Fitted(theta, chisq, cause)

    def _at_start(self, problem: DrawProblem) -> Array:
        """Return the discrepancies at the common start, shape (b,); only one matrix is inverted for all."""
        found = np.zeros(len(problem.shares))
        for g, part in enumerate(problem.parts):
            now = implied(part.ram, self.start[None])
            _, v, logdet = invert(now.sigma)
            value = logdet + np.einsum("bij,ij->b", part.cov, v[0]) - part.logdet - part.ram.p
            if part.mean is not None and now.mu is not None:
                gap = part.mean - now.mu
                value += np.einsum("bi,ij,bj->b", gap, v[0], gap)
            found += problem.shares[:, g] * value
        return found

    def _quick(self, draws: Draws) -> tuple[Array, npt.NDArray[np.bool_]]:
        """Return parameters, and which of them are solutions."""
        b = draws.n_obs.shape[0]
        theta = np.repeat(self.start[None], b, axis=0)
        done = np.zeros(b, dtype=bool)
        active, now, memory = np.arange(b), draws, Memory.empty(self.inverse)
        try:
            slope = self.gradient(theta, now)
            for _ in range(MOST_STEPS):
                move = -memory.times(slope)
                theta[active] += move
                small = -np.einsum("bq,bq->b", move, slope)
                done[active[np.abs(small) < TOLERANCE]] = True
                stay = np.flatnonzero((np.abs(small) >= TOLERANCE) & (np.abs(small) < 1e6))
                if stay.size == 0:
                    break
                if stay.size < active.size:
                    active, now, memory = active[stay], now.some(stay), memory.some(stay)
                    move, slope = move[stay], slope[stay]
                new = self.gradient(theta[active], now)
                memory, slope = memory.extended(move, new - slope), new
        except np.linalg.LinAlgError:  # an exactly singular matrix in one draw: all go the careful way
            done[:] = False
        return theta, done


@dataclass(frozen=True, slots=True)
class Memory:
    """Limited-memory BFGS: steps, changes of the gradient, and the inverse Hessian that all started from."""

    inverse: Array
    steps: tuple[Array, ...]
    changes: tuple[Array, ...]
    curvatures: tuple[Array, ...]

    MOST = 16

    @classmethod
    def empty(cls, inverse: Array) -> Memory:
        """Begin with an inverse Hessian of shape (q, q)."""
        return cls(inverse, (), (), ())

    def times(self, gradient: Array) -> Array:
        """Return the inverse Hessian times gradients of shape (b, q), by the two-loop recursion."""
        left, kept = gradient.copy(), []
        past = list(zip(self.steps, self.changes, self.curvatures, strict=True))
        for step, change, curvature in reversed(past):
            share = curvature * np.einsum("bq,bq->b", step, left)
            left -= share[:, None] * change
            kept.append(share)
        found = left @ self.inverse
        for (step, change, curvature), share in zip(past, reversed(kept), strict=True):
            back = curvature * np.einsum("bq,bq->b", change, found)
            found += (share - back)[:, None] * step
        return np.asarray(found)

    def extended(self, step: Array, change: Array) -> Memory:
        """Remember a step and the change of the gradient; without positive curvature it has no say."""
        product = np.einsum("bq,bq->b", step, change)
        curvature = np.where(product > 0, 1.0 / np.where(product > 0, product, 1.0), 0.0)
        past = slice(-(self.MOST - 1), None)
        return Memory(
            self.inverse,
            (*self.steps[past], step),
            (*self.changes[past], change),
            (*self.curvatures[past], curvature),
        )

    def some(self, rows: Index) -> Memory:
        """Keep some members of the batch."""
        return Memory(
            self.inverse,
            tuple(x[rows] for x in self.steps),
            tuple(x[rows] for x in self.changes),
            tuple(x[rows] for x in self.curvatures),
        )


def positive(cov: Array) -> npt.NDArray[np.bool_]:
    """Return which matrices of shape (b, p, p) are positive definite."""
    variance = np.einsum("bii->bi", cov)
    if (variance > 0).all():
        sd = np.sqrt(variance)
        try:
            root = np.linalg.cholesky(cov / (sd[:, :, None] * sd[:, None, :]))
        except np.linalg.LinAlgError:
            return invert(cov)[0]
        return np.asarray(np.einsum("bii->bi", root).min(axis=1) > LEAST_PIVOT)
    return invert(cov)[0]


def _finish(
    fitter: Fitter,
    problem: DrawProblem,
    rows: Index,
    theta: Array,
    value: Array,
    done: npt.NDArray[np.bool_],
) -> None:
    """Fit the draws in `rows` with step control, and write what is found into the three arrays."""
    parts = tuple(
        MaximumLikelihood(p.ram, p.cov[rows], None if p.mean is None else p.mean[rows], p.logdet[rows])
        for p in problem.parts
    )
    start = np.repeat(fitter.start[None], rows.size, axis=0)
    best = minimise(DrawProblem(parts, problem.shares[rows]), start, tolerance=TOLERANCE, max_iterations=200)
    theta[rows], value[rows], done[rows] = best.theta, best.value, best.converged


def impossible(rams: Sequence[Ram], theta: Array) -> Codes:
    """Return for parameters of shape (b, q) which values in them cannot be, keys of `CAUSES`."""
    found = np.zeros(theta.shape[0], dtype=np.int8)
    for ram in rams:
        own = _impossible(ram, theta)
        found = np.where(found == USABLE, own, found).astype(np.int8)
    return found


def _impossible(ram: Ram, theta: Array) -> Codes:
    own = ram.s.row == ram.s.col
    negative = (theta[:, ram.s.free[own]] < 0).any(axis=1)
    cov = implied(ram, theta).phi[:, ram.p :, ram.p :]
    variance = np.einsum("bii->bi", cov)
    negative |= (variance < 0).any(axis=1)
    sd = np.sqrt(np.where(variance > 0, variance, np.nan))
    corr = np.nan_to_num(cov / (sd[:, :, None] * sd[:, None, :]), nan=0.0)
    at = np.arange(corr.shape[1])
    corr[:, at, at] = 1.0
    beyond = (np.abs(corr) > 1 + 1e-8).any(axis=(1, 2))
    indefinite = np.zeros(theta.shape[0], dtype=bool)
    if corr.shape[1] > 1 and theta.shape[0]:
        indefinite = np.linalg.eigvalsh(corr)[:, 0] < -1e-8
    return np.select([negative, beyond, indefinite], [NEGATIVE, BEYOND, INDEFINITE], USABLE).astype(np.int8)
