r"""Polychoric correlations given covariates: every row has bounds of its own.

With :math:`l_1 < y_1^* \le u_1` and :math:`l_2 < y_2^* \le u_2`, bounds less what the covariates explain, a
row has the probability that the bivariate normal distribution gives to that box (Muthen 1984, Psychometrika
49(1), 115-132, second stage).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from trustmeasure.moments.bivariate_normal import bivariate_density, grid_cdf

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]
Bounds = tuple[Array, Array]

LEAST = 1e-12
"""Boxes are never taken to be less likely than this."""


@dataclass(frozen=True, slots=True)
class BoxScores:
    """Derivatives of the log-likelihood of rows, each of shape (q, n) for q pairs.

    Attributes
    ----------
    rho, bend : array
        With respect to the correlation, and how much that falls with it.
    share : array
        The probabilities.
    """

    rho: Array
    bend: Array
    share: Array


def box_scores(first: Bounds, second: Bounds, rho: Array) -> BoxScores:
    """Return derivatives with respect to the correlation.

    Parameters
    ----------
    first, second : pairs of arrays, shape (q, n)
        Lower and upper bounds of the two variables.
    rho : array, shape (q,)
        Correlations.
    """
    share, slope, bent = np.zeros(first[0].shape), np.zeros(first[0].shape), np.zeros(first[0].shape)
    r = rho[:, None]
    rest = 1.0 - r**2
    for h, sign in zip(first, (-1.0, 1.0), strict=True):
        for k, turn in zip(second, (-1.0, 1.0), strict=True):
            density = sign * turn * bivariate_density(h, k, r)
            share += sign * turn * grid_cdf(h, k, rho)
            slope += density
            bent += density * (r / rest + ((1.0 + r**2) * (h * k) - r * (h**2 + k**2)) / rest**2)
    share = np.maximum(share, LEAST)
    return BoxScores(slope / share, (slope / share) ** 2 - bent / share, share)


def bound_slopes(own: Bounds, other: Bounds, rho: Array, share: Array) -> Bounds:
    """Return derivatives of the log-likelihood with respect to the lower and upper bound of one variable."""
    root = np.sqrt(1.0 - rho[:, None] ** 2)
    found = []
    for end in own:
        low, high = ((e - rho[:, None] * end) / root for e in other)
        density = np.exp(-0.5 * end**2) / np.sqrt(2.0 * np.pi)
        found.append(density * (ndtr(high) - ndtr(low)) / share)
    return -found[0], found[1]
