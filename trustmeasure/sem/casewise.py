"""What each row says of the parameters: scores of the likelihood, summed by clusters where there are any.

No matrix of fourth moments is ever formed. The score of row i for a parameter that moves Sigma by
`w (l r' + r l')` is `w [(l'V z_i)(r'V z_i) - l'V r] + z_i'V dmu`, a look-up in the columns of `V z_i`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from trustmeasure.moments.blocks import RowBlocks
from trustmeasure.sem.discrepancy.ml import invert
from trustmeasure.sem.matrices import Ram, implied, mean_slopes

Array = npt.NDArray[np.float64]


def scores(ram: Ram, theta: Array, z: Array) -> Array:
    """Return the derivatives of each row's log-likelihood by the free parameters.

    Parameters
    ----------
    ram : Ram
        The model of the group.
    theta : array, shape (q,)
        Free parameters.
    z : array, shape (n, p)
        Rows minus their centre (the implied or the sample means), in the order of the observed variables.

    Returns
    -------
    array, shape (n, q)
        One row of scores for each row of `z`.
    """
    now = implied(ram, theta[None])
    v, u = invert(now.sigma)[1][0], now.u[0]
    pulled = z @ v
    y, gram = pulled @ u, u.T @ v @ u
    found = _gathered(ram, ram.weight * (y[:, ram.left] * y[:, ram.right] - gram[ram.left, ram.right]))
    if now.mu is not None:
        found = found + pulled @ mean_slopes(ram, now)[0]
    return np.asarray(found)


def covariance_scores(ram: Ram, theta: Array, cov: Array) -> Array:
    """Return what the mean of `z z'` (p, p) brings to the mean of `scores`, shape (q,)."""
    now = implied(ram, theta[None])
    pulled = invert(now.sigma)[1][0] @ now.u[0]
    gram = pulled.T @ cov @ pulled
    return np.asarray(_gathered(ram, (ram.weight * gram[ram.left, ram.right])[None])[0])


def _gathered(ram: Ram, moves: Array) -> Array:
    """Return (n, q) out of (n, m): what belongs to one parameter is added up."""
    found = np.zeros((len(moves), ram.q))
    if np.unique(ram.moving).size == ram.moving.size:
        found[:, ram.moving] = moves
        return found
    spread = np.zeros((ram.moving.size, ram.q))
    spread[np.arange(ram.moving.size), ram.moving] = 1.0
    return np.asarray(moves @ spread)


def summed(rows: RowBlocks, function: Callable[[Array], Array], width: int = 0) -> Iterator[Array]:
    """Yield what `function` makes of the rows, times their weights, added up within clusters.

    Parameters
    ----------
    rows : RowBlocks
        The rows, cluster by cluster when they have clusters.
    function : callable
        From values (b, p) to (b, k).
    width : int
        k, or more when `function` needs more room.

    Yields
    ------
    array, shape (c, k)
        One line a row, or a cluster; a block at a time.
    """
    carry: Array | None = None
    last = -1
    for values, span in rows.read(width):
        found = function(values)
        found = found if rows.weights is None else found * rows.weights[span, None]
        if rows.clusters is None:
            yield found
            continue
        numbers = rows.clusters[span]
        starts = np.flatnonzero(np.diff(numbers, prepend=numbers[0] - 1))
        found = np.add.reduceat(found, starts, axis=0)
        if carry is not None and numbers[0] == last:
            found[0] += carry
        elif carry is not None:
            yield carry[None]
        yield found[:-1]
        carry, last = found[-1], int(numbers[-1])
    if carry is not None:
        yield carry[None]
