r"""Latent variables given answers: the mode by Newton steps, the mean by adaptive Gauss-Hermite quadrature.

The logarithm of the posterior density is concave, since normal probabilities of intervals and boxes are
log-concave in their predictors (Prekopa 1973, Acta Scientiarum Mathematicarum 34, 335-343). So Newton steps
that are halved when they go too far find the only mode, for all rows at once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from trustmeasure.sem.ordinal.answers import Task
from trustmeasure.sem.ordinal.cells import LEAST, box, interval, log_box, log_interval
from trustmeasure.sem.ordinal.quadrature import rule

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]

MOST_STEPS = 60
SMALL_STEP = 1e-11
"""Steps shorter than this, in units of the prior or of the errors, end the search."""
ROWS = 256
"""Rows integrated at a time: they stay in the processor's cache."""


@dataclass(frozen=True, slots=True)
class Mode:
    """Where the density of v is highest.

    Attributes
    ----------
    at : array, shape (n, d)
        The mode.
    curve : array, shape (n, d, d)
        Minus the second derivatives of the logarithm of the density there.
    log_density : array, shape (n,)
        That logarithm, but for a constant.
    found : array of bool, shape (n,)
        Whether the steps came to an end.
    """

    at: Array
    curve: Array
    log_density: Array
    found: npt.NDArray[np.bool_]


def log_density(task: Task, v: Array) -> Array:
    """Return the logarithm of the density at v (n, d), but for a constant, shape (n,)."""
    move = v @ task.predictor.T
    low, high = task.low - move, task.high - move
    alone = task.alone
    total = log_interval(low[:, alone], high[:, alone]).sum(axis=1)
    if task.pairs.size:
        total += log_box(low[:, task.pairs], high[:, task.pairs], task.rho).sum(axis=1)
    return np.asarray(total + (task.pull * v).sum(axis=1) - 0.5 * ((v @ task.hold) * v).sum(axis=1))


def slopes(task: Task, v: Array) -> tuple[Array, Array]:
    """Return first derivatives (n, d) and minus second ones (n, d, d) of the logarithm of the density."""
    move = v @ task.predictor.T
    low, high = task.low - move, task.high - move
    alone = task.alone
    cell, lam = interval(low[:, alone], high[:, alone]), task.predictor[alone]
    gradient = cell.slope @ lam + task.pull - v @ task.hold
    curve = np.einsum("nj,jd,je->nde", cell.curve, lam, lam, optimize=True) + task.hold
    if task.pairs.size:
        both, lam2 = box(low[:, task.pairs], high[:, task.pairs], task.rho), task.predictor[task.pairs]
        gradient = gradient + np.einsum("nms,msd->nd", both.slope, lam2)
        curve = curve + np.einsum("nmst,msd,mte->nde", both.curve, lam2, lam2, optimize=True)
    return gradient, curve


def rows_of(task: Task, rows: Index) -> Task:
    """Return the task of some rows."""
    named = ("low", "high", "pull", "centre")
    return replace(task, **{name: getattr(task, name)[rows] for name in named})


def mode_of(task: Task) -> Mode:
    """Return the mode of each row."""
    n, d = task.pull.shape
    at, value = np.zeros((n, d)), np.zeros(n)
    value[:] = log_density(task, at)
    found = np.zeros(n, dtype=bool)
    for _ in range(MOST_STEPS):
        rows = np.flatnonzero(~found)
        if not rows.size:
            break
        part = rows_of(task, rows)
        gradient, curve = slopes(part, at[rows])
        step = _solved(curve, gradient)
        moved, higher = _climbed(part, at[rows], step, value[rows])
        found[rows] = np.abs(step).max(axis=1, initial=0.0) < SMALL_STEP
        at[rows], value[rows] = moved, higher
    return Mode(at, slopes(task, at)[1], value, found)


def _solved(curve: Array, gradient: Array) -> Array:
    """Return Newton steps; a direction that answers say nothing of is held by a trifle."""
    d = gradient.shape[1]
    held = curve + 1e-12 * np.eye(d)
    return np.asarray(np.linalg.solve(held, gradient[..., None])[..., 0])


def _climbed(task: Task, at: Array, step: Array, value: Array) -> tuple[Array, Array]:
    """Return points along the steps, halved until the density does not fall, and the density there."""
    length = np.ones(len(at))
    moved = at + step
    reached = log_density(task, moved)
    for _ in range(40):
        worse = np.flatnonzero(~(reached >= value - 1e-13 * np.maximum(1.0, np.abs(value))))
        if not worse.size:
            break
        length[worse] /= 2.0
        moved[worse] = at[worse] + length[worse, None] * step[worse]
        reached[worse] = log_density(rows_of(task, worse), moved[worse])
    return moved, reached


def mean_of(task: Task, mode: Mode) -> tuple[Array, Array]:
    """Return the posterior mean (n, d) and covariances (n, d, d) of v.

    Gauss-Hermite quadrature around the mode, in units of the curvature there (Liu & Pierce 1994, Biometrika
    81(3), 624-629).
    """
    n, d = mode.at.shape
    mean, spread = np.zeros((n, d)), np.zeros((n, d, d))
    if d == 0:
        return mean, spread
    points = rule(d)
    for start in range(0, n, ROWS):
        rows = np.arange(start, min(start + ROWS, n))
        mean[rows], spread[rows] = _moments(rows_of(task, rows), mode.at[rows], mode.curve[rows], *points)
    return mode.at + mean, spread


def _moments(task: Task, at: Array, curve: Array, nodes: Array, weights: Array) -> tuple[Array, Array]:
    """Return mean and covariances of v less the mode."""
    root = np.swapaxes(np.linalg.inv(np.linalg.cholesky(curve)), 1, 2)
    ratio = Ratio.of(task, at, root)
    n, d = at.shape
    total, first, second = np.zeros(n), np.zeros((n, d)), np.zeros((n, d, d))
    for node, weight in zip(nodes, weights, strict=True):
        share = weight * np.exp(0.5 * node @ node) * ratio.density(node)
        total += share
        first += share[:, None] * node
        second += share[:, None, None] * np.outer(node, node)
    mean = first / total[:, None]
    spread = second / total[:, None, None] - mean[:, :, None] * mean[:, None, :]
    return (root @ mean[..., None])[..., 0], root @ spread @ np.swapaxes(root, 1, 2)


@dataclass(frozen=True, slots=True)
class Ratio:
    """The density at points around the mode, as a multiple of that at the mode.

    Attributes
    ----------
    low, high : arrays, shape (n, j)
        Bounds of the answers at the mode, turned into the lower tail, where differences of the distribution
        function are exact.
    move : array, shape (n, j, d)
        How the turned predictors move with a node.
    scale : array, shape (n,)
        One over the product of the probabilities at the mode.
    task : Task
        The rows.
    at : array, shape (n, d)
        Their modes.
    root : array, shape (n, d, d)
        What a node is multiplied by.
    """

    low: Array
    high: Array
    move: Array
    scale: Array
    task: Task
    at: Array
    root: Array

    @classmethod
    def of(cls, task: Task, at: Array, root: Array) -> Ratio:
        """Prepare the rows."""
        alone = task.alone
        shift = at @ task.predictor[alone].T
        low, high = task.low[:, alone] - shift, task.high[:, alone] - shift
        turned = low > 0
        low, high = np.where(turned, -high, low), np.where(turned, -low, high)
        move = np.where(turned, -1.0, 1.0)[..., None] * (task.predictor[alone] @ root)
        return cls(low, high, move, 1.0 / np.maximum(ndtr(high) - ndtr(low), LEAST), task, at, root)

    def density(self, node: Array) -> Array:
        """Return the density at a node (d,) in units of the curvature, shape (n,)."""
        move = self.move @ node
        found = ((ndtr(self.high - move) - ndtr(self.low - move)) * self.scale).prod(axis=1)
        away = self.root @ node
        logs = ((self.task.pull - (self.at + 0.5 * away) @ self.task.hold) * away).sum(axis=1)
        if self.task.pairs.size:
            logs = logs + self._pairs(self.at + away) - self._pairs(self.at)
        return np.asarray(found * np.exp(logs))

    def _pairs(self, v: Array) -> Array:
        """Return the logarithm of the probability of the answers whose errors correlate."""
        pairs = self.task.pairs
        shift = (v @ self.task.predictor.T)[:, pairs]
        low, high = self.task.low[:, pairs] - shift, self.task.high[:, pairs] - shift
        return np.asarray(log_box(low, high, self.task.rho).sum(axis=1))
