"""What each incomplete row says of the parameters: scores and log-likelihood."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from trustmeasure.moments.missing import inverses, pulled, usable_parts
from trustmeasure.moments.patterns import single_rows
from trustmeasure.sem.fiml_saturated import part_scores
from trustmeasure.sem.matrices import Ram, implied, jacobian

Array = npt.NDArray[np.float64]


def incomplete_scores(ram: Ram, theta: Array, values: Array) -> Array:
    """Return the derivatives of each row's log-likelihood by the free parameters.

    Parameters
    ----------
    ram : Ram
        The model of the group, with a mean structure.
    theta : array, shape (q,)
        Free parameters.
    values : array, shape (n, p)
        Rows in the order of the observed variables, NaN for a missing value.

    Returns
    -------
    array, shape (n, q)
        In the order of `values`; zero for a row without any answer.
    """
    now = implied(ram, theta[None])
    assert now.mu is not None  # noqa: S101  # FIML models always have means
    slope, (rows, order) = jacobian(ram, theta), single_rows(values)
    found = np.zeros((len(values), ram.q))
    for part in usable_parts(rows, now.sigma[0]):
        found[order[part.points]] = part_scores(rows, part, now.mu[0], now.sigma[0]) @ slope
    return found


def incomplete_likelihoods(values: Array, mean: Array, cov: Array) -> Array:
    """Return the normal log-likelihood of each row at the given moments, shape (n,).

    Parameters
    ----------
    values : array, shape (n, p)
        Rows, NaN for a missing value.
    mean : array, shape (p,)
    cov : array, shape (p, p)
        The moments.

    Returns
    -------
    array, shape (n,)
        Zero for a row without any answer, NaN where the covariances of its answers are not positive definite.
    """
    rows, order = single_rows(values)
    sd, found = np.sqrt(np.diag(cov)), np.zeros(len(values))
    for part in usable_parts(rows, cov):
        own = inverses(part, cov, sd)
        if own is None:
            found[order[part.points]] = np.nan
            continue
        d, h = pulled(rows, part, mean, sd, own)
        at, seen = rows.at[part.points] - part.patterns.start, rows.seen[part.patterns]
        size = own.logdet + seen @ (2.0 * np.log(sd) + np.log(2 * np.pi))
        found[order[part.points]] = -0.5 * (size[at] + (d * h).sum(axis=1))
    return found
