"""Rotation by gradient projection, from many starts at once.

Jennrich (2001, Psychometrika 66, 289-306) for orthogonal rotation, Jennrich (2002, Psychometrika 67, 7-19)
for oblique rotation: a step against the gradient, projected back onto the matrices that are allowed. The size
of the step is that of Barzilai and Borwein (1988, IMA Journal of Numerical Analysis 8, 141-148), which needs
a fraction of the steps that halving and doubling does. Searches that are slow, because the criterion is
nearly flat where it is lowest, get Newton steps.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trustmeasure.factors.rotation_newton import MOST_STEPS, Evaluation, Place, newton, noise
from trustmeasure.factors.simplicity import Criterion, Numbers
from trustmeasure.frames import Array
from trustmeasure.threads import one_thread

HALVINGS = 25
"""Most times that a step is shortened."""
MEMORY = 0.85
"""How much of earlier values the one that a step must undercut remembers (Zhang and Hager 2004)."""
ENOUGH = 1e-6
"""Size of the projected gradient below which a search that can go no lower has ended at a minimum."""
SHORTEST, LONGEST = 1e-6, 1e6
"""Bounds of a step's size."""
SLOW = 200
"""Steps after which a search is slow."""


@dataclass(frozen=True, slots=True, eq=False)
class Rotations:
    """Where b searches ended.

    Attributes
    ----------
    transforms : array, shape (b, m, m)
        T of each: loadings are A T for orthogonal and A inv(T)' for oblique rotation, with T'T the
        correlations of the factors.
    values : array, shape (b,)
        The criterion.
    slopes : array, shape (b,)
        Size of the projected gradient.
    iterations : array of int, shape (b,)
        Steps taken.
    converged : array of bool, shape (b,)
        Whether the slope fell below the tolerance.
    """

    transforms: Array
    values: Array
    slopes: Array
    iterations: npt.NDArray[np.int_]
    converged: npt.NDArray[np.bool_]


def transposed(matrices: Numbers) -> Numbers:
    """Return each matrix of a batch transposed."""
    return np.swapaxes(matrices, -1, -2)


def oblique_loadings(a: Array, t: Array) -> Array:
    """Return A inv(T)' for a batch of T."""
    return np.asarray(a @ transposed(np.linalg.inv(t)))


def _orthogonal(a: Array, criterion: Criterion) -> Evaluation:
    def evaluate(t: Numbers) -> tuple[Numbers, Numbers]:
        value, by_loadings = criterion(a @ t)
        slopes = a.T @ by_loadings
        inner = transposed(t) @ slopes
        return value, np.asarray(slopes - t @ (inner + transposed(inner)) / 2.0)

    return evaluate


def _oblique(a: Array, criterion: Criterion) -> Evaluation:
    def evaluate(t: Numbers) -> tuple[Numbers, Numbers]:
        inverse = np.linalg.inv(t)
        loadings = a @ transposed(inverse)
        value, by_loadings = criterion(loadings)
        slopes = -transposed(transposed(loadings) @ by_loadings @ inverse)
        return value, np.asarray(slopes - t * (t * slopes).sum(axis=-2, keepdims=True))

    return evaluate


def nearest_orthogonal(x: Array) -> Array:
    """Return the orthogonal matrix next to each of a batch."""
    u, _, v = np.linalg.svd(x)
    return np.asarray(u @ v)


def unit_columns(x: Array) -> Array:
    """Return a batch with columns of length 1."""
    return np.asarray(x / np.sqrt((x**2).sum(axis=-2, keepdims=True)))


@one_thread
def gradient_projection(
    a: Array,
    criterion: Criterion,
    starts: Array,
    *,
    oblique: bool,
    tolerance: float = 1e-8,
    max_iter: int = 5_000,
) -> Rotations:
    """Rotate loadings A from every start at once, until each search has ended.

    Parameters
    ----------
    a : array, shape (p, m)
        Unrotated loadings.
    criterion : callable
        One of `simplicity`.
    starts : array, shape (b, m, m)
        First T of each search: orthogonal matrices.
    oblique : bool
        Whether factors may correlate.
    tolerance : float
        Size of the projected gradient at which a search ends.
    max_iter : int
        Most steps of a search.
    """
    evaluate = (_oblique if oblique else _orthogonal)(a, criterion)
    project = unit_columns if oblique else nearest_orthogonal
    search = _Search.at(evaluate, starts.copy())
    for taken in range(max_iter):
        search.going = search.going[search.slopes[search.going] > tolerance]
        if taken == SLOW:
            search.hasten(evaluate, project, oblique=oblique, tolerance=tolerance, most=max_iter - taken)
        if not search.going.size:
            break
        search.step(evaluate, project)
    return Rotations(
        search.t, search.values, search.slopes, search.iterations, search.slopes <= max(tolerance, ENOUGH)
    )


@dataclass(slots=True)
class _Search:
    """The searches on their way: T, values, gradients, step sizes, and what the next step must undercut."""

    t: Array
    values: Array
    tangents: Array
    sizes: Array
    bars: Array
    weights: Array
    iterations: npt.NDArray[np.int_]
    going: npt.NDArray[np.intp]

    @classmethod
    def at(cls, evaluate: Evaluation, t: Array) -> _Search:
        """Return searches at their starts."""
        values, tangents = evaluate(t)
        b = len(t)
        sizes = np.clip(0.1 / np.maximum(_sizes(tangents), 1e-12), SHORTEST, 1.0)
        whole = np.arange(b)
        return cls(t, values, tangents, sizes, values.copy(), np.ones(b), np.zeros(b, dtype=int), whole)

    @property
    def slopes(self) -> Array:
        """Sizes of the projected gradients, shape (b,)."""
        return _sizes(self.tangents)

    def step(self, evaluate: Evaluation, project: Callable[[Array], Array]) -> None:
        """Move every search that is going once; a step is shortened until the value is low enough."""
        at, size = self.going, self.sizes[self.going]
        old, tangent = self.t[at], self.tangents[at]
        new, values, tangents = old.copy(), self.values[at], tangent.copy()
        steep = (tangent**2).sum(axis=(1, 2))
        slack = noise(values)
        waiting = np.arange(len(at))
        for _ in range(HALVINGS):
            tried = project(old[waiting] - size[waiting, None, None] * tangent[waiting])
            value, slope = evaluate(tried)
            bar = self.bars[at][waiting] - 1e-4 * size[waiting] * steep[waiting] + slack[waiting]
            enough = value <= bar
            done = waiting[enough]
            new[done], values[done], tangents[done] = tried[enough], value[enough], slope[enough]
            waiting = waiting[~enough]
            if not waiting.size:
                break
            size[waiting] *= 0.25
        self._take(at, new, values, tangents, waiting)

    def hasten(
        self,
        evaluate: Evaluation,
        project: Callable[[Array], Array],
        *,
        oblique: bool,
        tolerance: float,
        most: int,
    ) -> None:
        """Take Newton steps in every search that is going; those that end at a minimum go no further."""
        for i in self.going:
            start = Place(self.t[i], float(self.values[i]), self.tangents[i])
            steps = min(most, MOST_STEPS)
            end = newton(evaluate, project, start, oblique=oblique, tolerance=tolerance, most=steps)
            self.t[i], self.values[i], self.tangents[i] = end.t, end.value, end.tangent
            self.bars[i], self.weights[i] = end.value, 1.0
            self.iterations[i] += end.steps
        self.going = self.going[self.slopes[self.going] > max(tolerance, ENOUGH)]

    def _take(
        self,
        at: npt.NDArray[np.intp],
        new: Array,
        values: Array,
        tangents: Array,
        stuck: npt.NDArray[np.intp],
    ) -> None:
        """Keep what the step brought; searches that found no lower point go no further."""
        move, bend = new - self.t[at], tangents - self.tangents[at]
        curved = np.abs((move * bend).sum(axis=(1, 2)))
        length = (move**2).sum(axis=(1, 2))
        self.sizes[at] = np.clip(length / np.maximum(curved, 1e-300), SHORTEST, LONGEST)
        weights = MEMORY * self.weights[at] + 1.0
        self.bars[at] = (MEMORY * self.weights[at] * self.bars[at] + values) / weights
        self.t[at], self.values[at], self.tangents[at], self.weights[at] = new, values, tangents, weights
        self.iterations[at] += 1
        self.going = np.delete(at, stuck)


def _sizes(matrices: Array) -> Array:
    return np.asarray(np.sqrt((matrices**2).sum(axis=(1, 2))))


def random_starts(m: int, count: int, rng: np.random.Generator) -> Array:
    """Return the unit matrix and `count - 1` random orthogonal matrices, shape (count, m, m)."""
    drawn = rng.standard_normal((max(count - 1, 0), m, m))
    q, r = np.linalg.qr(drawn)
    signs = np.sign(np.diagonal(r, axis1=1, axis2=2))
    return np.concatenate([np.eye(m)[None], q * signs[:, None, :]])
