"""Rotation by gradient projection, from many starts at once.

Jennrich (2001, Psychometrika 66, 289-306) for orthogonal rotation, Jennrich (2002, Psychometrika 67, 7-19)
for oblique rotation: a step against the gradient, projected back onto the matrices that are allowed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trustmeasure.factors.simplicity import Criterion, Numbers
from trustmeasure.frames import Array
from trustmeasure.threads import one_thread

HALVINGS = 25
"""Most times that a step is halved."""


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


@dataclass(frozen=True, slots=True)
class _Kind:
    """What differs between orthogonal and oblique rotation, each for a batch of T."""

    loadings: Callable[[Array, Array], Array]
    slopes: Callable[[Array, Array, Array, Array], Array]
    tangent: Callable[[Array, Array], Array]
    project: Callable[[Array], Array]


def transposed(matrices: Numbers) -> Numbers:
    """Return each matrix of a batch transposed."""
    return np.swapaxes(matrices, -1, -2)


def oblique_loadings(a: Array, t: Array) -> Array:
    """Return A inv(T)' for a batch of T."""
    return np.asarray(a @ transposed(np.linalg.inv(t)))


def _orthogonal_slopes(a: Array, t: Array, loadings: Array, by_loadings: Array) -> Array:
    return np.asarray(a.T @ by_loadings)


def _oblique_slopes(a: Array, t: Array, loadings: Array, by_loadings: Array) -> Array:
    return np.asarray(-transposed(transposed(loadings) @ by_loadings @ np.linalg.inv(t)))


def _orthogonal_tangent(t: Array, slopes: Array) -> Array:
    inner = transposed(t) @ slopes
    return np.asarray(slopes - t @ (inner + transposed(inner)) / 2.0)


def _oblique_tangent(t: Array, slopes: Array) -> Array:
    return np.asarray(slopes - t * (t * slopes).sum(axis=-2, keepdims=True))


def nearest_orthogonal(x: Array) -> Array:
    """Return the orthogonal matrix next to each of a batch."""
    u, _, v = np.linalg.svd(x)
    return np.asarray(u @ v)


def unit_columns(x: Array) -> Array:
    """Return a batch with columns of length 1."""
    return np.asarray(x / np.sqrt((x**2).sum(axis=-2, keepdims=True)))


ORTHOGONAL = _Kind(np.matmul, _orthogonal_slopes, _orthogonal_tangent, nearest_orthogonal)
OBLIQUE = _Kind(oblique_loadings, _oblique_slopes, _oblique_tangent, unit_columns)


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
    kind, b = OBLIQUE if oblique else ORTHOGONAL, len(starts)
    t, size = starts.copy(), np.ones(b)
    values, slopes, iterations = np.full(b, np.inf), np.full(b, np.inf), np.zeros(b, dtype=int)
    going = np.arange(b)
    for _ in range(max_iter):
        value, tangent = _at(kind, a, criterion, t[going])
        slope = np.sqrt((tangent**2).sum(axis=(1, 2)))
        values[going], slopes[going] = value, slope
        left = slope > tolerance
        going, tangent = going[left], tangent[left]
        if not going.size:
            break
        size[going] *= 2.0
        t[going], size[going], moved = _descend(
            kind, a, criterion, t[going], values[going], tangent, size[going]
        )
        iterations[going] += 1
        going = going[moved]
    return Rotations(t, values, slopes, iterations, slopes <= max(tolerance, 1e-6))


def _at(kind: _Kind, a: Array, criterion: Criterion, t: Array) -> tuple[Array, Array]:
    loadings = kind.loadings(a, t)
    value, by_loadings = criterion(loadings)
    return value, kind.tangent(t, kind.slopes(a, t, loadings, by_loadings))


def _descend(
    kind: _Kind, a: Array, criterion: Criterion, t: Array, value: Array, tangent: Array, size: Array
) -> tuple[Array, Array, npt.NDArray[np.bool_]]:
    """Return the next T of each search, the step taken, and whether there was one."""
    new, size, waiting = t.copy(), size.copy(), np.arange(len(t))
    promised = 0.5 * (tangent**2).sum(axis=(1, 2))
    noise = 1e-15 * np.maximum(np.abs(value), 1.0)
    for _ in range(HALVINGS):
        tried = kind.project(t[waiting] - size[waiting, None, None] * tangent[waiting])
        found, _ = criterion(kind.loadings(a, tried))
        enough = found <= value[waiting] - promised[waiting] * size[waiting] + noise[waiting]
        new[waiting[enough]] = tried[enough]
        waiting = waiting[~enough]
        if not waiting.size:
            break
        size[waiting] *= 0.5
    moved = np.ones(len(t), dtype=bool)
    moved[waiting] = False
    return new, size, moved


def random_starts(m: int, count: int, rng: np.random.Generator) -> Array:
    """Return the unit matrix and `count - 1` random orthogonal matrices, shape (count, m, m)."""
    drawn = rng.standard_normal((max(count - 1, 0), m, m))
    q, r = np.linalg.qr(drawn)
    signs = np.sign(np.diagonal(r, axis1=1, axis2=2))
    return np.concatenate([np.eye(m)[None], q * signs[:, None, :]])
