"""The trace `tr(B1 A1^-1)` of the saturated model, without a matrix of fourth moments.

With ``d`` the deviations of `z z' - g g'` (and of `z - g` when means are modelled) from their mean, g the
part of z that the exogenous variables explain, and ``V`` the normal-theory weight of `Sigma^-1`, the trace is
the mean of `d'V d`. With distances a, b, c under `Sigma^-1` of z with itself, z with g and g with itself, and
``D = S - S_g``:

    d'V d = (a^2 - 2 b^2 + c^2) / 2 - z'V D V z + g'V D V g + tr(V D V D) / 2 [+ (z - g)'V (z - g)]

Weights enter squared. With clusters, the vectors d themselves are added up within each cluster.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trustmeasure.moments import SampleMoments
from trustmeasure.moments.blocks import RowBlocks
from trustmeasure.sem.casewise import summed

Array = npt.NDArray[np.float64]


def mean_of(moments: SampleMoments) -> Array:
    """Return the sample means, which moments of rows always have."""
    return np.zeros(len(moments.names)) if moments.mean is None else moments.mean


def explained(cov: Array, x: Sequence[int]) -> Array:
    """Return the slopes (k, p) of all variables on the exogenous ones: what these explain is not sampled."""
    if not len(x):
        return np.zeros((0, cov.shape[0]))
    return np.asarray(np.linalg.solve(cov[np.ix_(x, x)], cov[list(x)]))


@dataclass(frozen=True, slots=True)
class Deviations:
    """The deviations d of each row, turned so that their metric is the identity.

    Attributes
    ----------
    only : list of int
        The variables.
    mean : array, shape (p,)
        Their sample means.
    root : array, shape (p, p)
        `L` with `L L' = Sigma^-1`.
    slope : array, shape (k, p)
        `z[x] slope` is what the exogenous variables explain.
    x : list of int
        Those among the variables.
    middle : array, shape (p, p)
        `L' D L`.
    means : bool
        Whether means are modelled.
    """

    only: list[int]
    mean: Array
    root: Array
    slope: Array
    x: list[int]
    middle: Array
    means: bool

    @classmethod
    def of(
        cls,
        moments: SampleMoments,
        sigma: Array,
        x: Sequence[int] = (),
        *,
        means: bool,
        only: Sequence[int] | None = None,
    ) -> Deviations:
        """Prepare the deviations under `sigma` (p, p), of the variables `only` when it is given."""
        own = list(range(len(moments.names)) if only is None else only)
        cov = moments.cov[np.ix_(own, own)]
        root = np.linalg.inv(np.linalg.cholesky(sigma[np.ix_(own, own)])).T
        slope = explained(cov, x)
        rest = cov - cov[:, list(x)] @ slope
        return cls(own, mean_of(moments)[own], root, slope, list(x), root.T @ rest @ root, means)

    @property
    def width(self) -> int:
        """How many numbers `vectors` makes of a row."""
        return len(self.only) * (len(self.only) + 3) // 2

    def _turned(self, values: Array) -> tuple[Array, Array | None]:
        z = values[:, self.only] - self.mean
        return z @ self.root, z[:, self.x] @ (self.slope @ self.root) if self.x else None

    def distances(self, values: Array) -> Array:
        """Return `d'V d` of each row, shape (n,)."""
        z, given = self._turned(values)
        a = _dot(z, z)
        twice = a**2 - 2.0 * _dot(z @ self.middle, z) + np.sum(self.middle**2)
        if given is None:
            return np.asarray(0.5 * twice + (a if self.means else 0.0))
        b, c = _dot(z, given), _dot(given, given)
        twice += -2.0 * b**2 + c**2 + 2.0 * _dot(given @ self.middle, given)
        return np.asarray(0.5 * twice + (a - 2.0 * b + c if self.means else 0.0))

    def vectors(self, values: Array) -> Array:
        """Return the turned d of each row, whose squares sum to `d'V d`, shape (n, k)."""
        z, given = self._turned(values)
        low, high = np.tril_indices(len(self.only))
        products = z[:, low] * z[:, high] - self.middle[low, high]
        if given is not None:
            products -= given[:, low] * given[:, high]
            z = z - given
        products[:, low == high] *= np.sqrt(0.5)
        return np.hstack([products, z]) if self.means else products


def _dot(a: Array, b: Array) -> Array:
    return np.asarray(np.einsum("np,np->n", a, b))


def trace(rows: RowBlocks, moments: SampleMoments, deviations: Deviations) -> float:
    """Return the mean of `d'V d` over the rows of a group, or over its clusters."""
    if rows.clusters is not None:
        total = sum(float(np.sum(d**2)) for d in summed(rows, deviations.vectors, deviations.width))
        return rows.correction * total / moments.size
    total = 0.0
    for values, span in rows.read(3 * len(deviations.only)):
        found = deviations.distances(values)
        total += float(found.sum() if rows.weights is None else rows.weights[span] ** 2 @ found)
    return total / moments.size
