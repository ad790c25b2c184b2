"""What each row says of the parameters: scores of the likelihood, summed by clusters where there are any.

No matrix of fourth moments is ever formed. The score of row i for a parameter that moves Sigma by
`w (l r' + r l')` is `w [(l'V z_i)(r'V z_i) - l'V r] + z_i'V dmu`, a look-up in the columns of `V z_i`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trustmeasure.moments.blocks import RowBlocks
from trustmeasure.sem.discrepancy.ml import invert
from trustmeasure.sem.matrices import Ram, implied, mean_slopes

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Scorer:
    """What the scores of all rows of a group share, computed once.

    Attributes
    ----------
    ram : Ram
        The model of the group.
    turn : array, shape (p, k)
        `V u`, whose columns are looked up.
    gram : array, shape (m,)
        `l'V r` of each move.
    slopes : array, shape (p, q), or None
        `V dmu`, when means are modelled.
    mu : array, shape (p,), or None
        Implied means.
    """

    ram: Ram
    turn: Array
    gram: Array
    slopes: Array | None
    mu: Array | None

    @classmethod
    def of(cls, ram: Ram, theta: Array) -> Scorer:
        """Prepare the scores at free parameters `theta` (q,)."""
        now = implied(ram, theta[None])
        v, u = invert(now.sigma)[1][0], now.u[0]
        turn = v @ u
        gram = np.einsum("pm,pm->m", u[:, ram.left], turn[:, ram.right])
        if now.mu is None:
            return cls(ram, turn, gram, None, None)
        return cls(ram, turn, gram, v @ mean_slopes(ram, now)[0], now.mu[0])

    def rows(self, z: Array) -> Array:
        """Return the scores (n, q) of centred rows (n, p)."""
        y = z @ self.turn
        moves = np.take(y, self.ram.left, axis=1)
        moves *= np.take(y, self.ram.right, axis=1)
        moves -= self.gram
        moves *= self.ram.weight
        found = self._gathered(moves)
        return found if self.slopes is None else found + z @ self.slopes

    def second_moments(self, cov: Array) -> Array:
        """Return what the mean of `z z'` (p, p) brings to the mean of the scores, shape (q,)."""
        gram = self.turn.T @ cov @ self.turn
        moves = self.ram.weight * gram[self.ram.left, self.ram.right]
        return np.asarray(self._gathered(moves[None])[0])

    def _gathered(self, moves: Array) -> Array:
        """Return (n, q) out of (n, m): what belongs to one parameter is added up."""
        moving, q = self.ram.moving, self.ram.q
        if moving.size == q and np.array_equal(moving, np.arange(q)):
            return moves
        spread = np.zeros((moving.size, q))
        spread[np.arange(moving.size), moving] = 1.0
        return np.asarray(moves @ spread)


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
    return Scorer.of(ram, theta).rows(z)


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
