"""Several groups: the discrepancy is the sum over groups, weighted by their share of the rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trustmeasure.sem.discrepancy.base import Discrepancy, Point, has_slope
from trustmeasure.sem.discrepancy.ml import MaximumLikelihood

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Groups:
    """The discrepancies of G groups that share one parameter vector.

    Attributes
    ----------
    parts : tuple of Discrepancy, length G
        Each a function of all q parameters.
    shares : tuple of float, length G
        n_g / N.
    """

    parts: tuple[Discrepancy, ...]
    shares: tuple[float, ...]

    @classmethod
    def of(cls, parts: Sequence[Discrepancy], n_obs: Sequence[float]) -> Groups:
        """Weight `parts` by their numbers of rows, or sums of weights."""
        total = sum(n_obs)
        return cls(tuple(parts), tuple(n / total for n in n_obs))

    def value(self, theta: Array, rows: Index) -> Array:
        """Return the discrepancies, shape (b,)."""
        return self._sum(lambda part: part.value(theta, rows))

    def point(self, theta: Array, rows: Index) -> Point:
        """Return discrepancies with derivatives."""
        points = [part.point(theta, rows) for part in self.parts]
        if len(points) == 1:
            return points[0]
        weighted = list(zip(self.shares, points, strict=True))
        return Point(
            sum((w * p.value for w, p in weighted), start=np.zeros(1)),
            sum((w * p.gradient for w, p in weighted), start=np.zeros(1)),
            sum((w * p.curvature for w, p in weighted), start=np.zeros(1)),
        )

    def expected(self, theta: Array) -> Array:
        """Return the expected second derivatives alone, shape (b, q, q)."""
        return self._sum(lambda part: _expected(part, theta))

    def slope(self, theta: Array, rows: Index) -> tuple[Array, Array]:
        """Return discrepancies, infinite where they do not exist, and first derivatives."""
        found = [_slope(part, theta, rows) for part in self.parts]
        if len(found) == 1:
            return found[0]
        weighted = list(zip(self.shares, found, strict=True))
        return (
            sum((w * value for w, (value, _) in weighted), start=np.zeros(1)),
            sum((w * slope for w, (_, slope) in weighted), start=np.zeros(1)),
        )

    def hessian(self, theta: Array, rows: Index) -> Array:
        """Return exact second derivatives, shape (b, q, q)."""
        return self._sum(lambda part: part.hessian(theta, rows))

    def _sum(self, values: Callable[[Discrepancy], Array]) -> Array:
        if len(self.parts) == 1:
            return values(self.parts[0])
        weighted = (w * values(part) for w, part in zip(self.shares, self.parts, strict=True))
        return sum(weighted, start=np.zeros(1))


def _expected(part: Discrepancy, theta: Array) -> Array:
    if isinstance(part, MaximumLikelihood):
        return part.expected(theta)
    return part.point(theta, np.arange(len(theta))).curvature


def _slope(part: Discrepancy, theta: Array, rows: Index) -> tuple[Array, Array]:
    if has_slope(part):
        return part.slope(theta, rows)
    value = part.value(theta, rows)
    if not np.isfinite(value).all():
        return value, np.full(theta.shape, np.nan)
    return value, part.point(theta, rows).gradient
