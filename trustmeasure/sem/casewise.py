"""What each row says of the parameters: scores of the likelihood.

No matrix of fourth moments is ever formed. The score of row i for a parameter that moves Sigma by
`w (l r' + r l')` is `w [(l'V z_i)(r'V z_i) - l'V r] + z_i'V dmu`, a look-up in the columns of `V z_i`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from trustmeasure.sem.discrepancy.ml import invert, mean_slopes
from trustmeasure.sem.matrices import Ram, implied
from trustmeasure.sem.split import Sample

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
    moves = ram.weight * (y[:, ram.left] * y[:, ram.right] - gram[ram.left, ram.right])
    spread = np.zeros((ram.moving.size, ram.q))
    spread[np.arange(ram.moving.size), ram.moving] = 1.0
    found = moves @ spread
    if now.mu is not None:
        found = found + pulled @ mean_slopes(ram, now)[0]
    return np.asarray(found)


def first_order_information(rams: Sequence[Ram], sample: Sample, theta: Array) -> Array:
    """Return the mean outer product of the scores of all rows, shape (q, q).

    Parameters
    ----------
    rams : sequence of Ram, length G
        The model in each group.
    sample : Sample
        Rows of each group.
    theta : array, shape (q,)
        Estimates.
    """
    total = sum(len(rows) for rows in sample.rows)
    found = np.zeros((theta.size, theta.size))
    for ram, rows in zip(rams, sample.rows, strict=True):
        mu = implied(ram, theta[None]).mu
        own = scores(ram, theta, rows - (rows.mean(axis=0) if mu is None else mu[0]))
        found += own.T @ own / total
    return found
