"""Directed paths of a model: which variable leads to which, along which ways, and whether in circles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trustmeasure.sem.parameters import ParameterTable

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Arrows:
    """The arrows of one group.

    Attributes
    ----------
    variables : tuple of str, length v
        Observed variables first, then latent ones.
    direct : array of bool, shape (v, v)
        `direct[i, j]`: an arrow leads from variable j to variable i (as in the matrix A).
    reach : array of bool, shape (v, v)
        Likewise for ways of any length.
    """

    variables: tuple[str, ...]
    direct: Flags
    reach: Flags

    @classmethod
    def of(cls, table: ParameterTable, group: int, variables: Sequence[str], *, loadings: bool) -> Arrows:
        """Read the regressions, and `loadings` if asked for; those fixed at zero are no arrows."""
        at = {name: i for i, name in enumerate(variables)}
        direct = np.zeros((len(at), len(at)), dtype=bool)
        for row in table.only(group).parameters:
            if not row.free and row.value == 0:
                continue
            if row.op in {"~", "<~"}:
                direct[at[row.lhs], at[row.rhs]] = True
            elif row.op == "=~" and loadings:
                direct[at[row.rhs], at[row.lhs]] = True
        reach = direct.copy()
        for k in range(len(at)):
            reach |= np.outer(reach[:, k], reach[k])
        return cls(tuple(variables), direct, reach)

    @property
    def longer(self) -> Flags:
        """Return which variables are connected by a way of two or more arrows."""
        return np.asarray((self.direct.astype(int) @ self.reach.astype(int)) > 0)

    def circle(self) -> tuple[int, ...]:
        """Return the variables of one circle, first and last the same, or nothing."""
        for start in np.flatnonzero(np.diag(self.reach)):
            return next(self.ways(int(start), int(start)))
        return ()

    def ways(self, source: int, target: int) -> Iterator[tuple[int, ...]]:
        """Yield the ways from source to target that visit no variable twice, the shortest arrows first."""
        yield from self._onward((source,), target)

    def _onward(self, so_far: tuple[int, ...], target: int) -> Iterator[tuple[int, ...]]:
        for i in map(int, np.flatnonzero(self.direct[:, so_far[-1]])):
            if i == target:
                yield (*so_far, i)
            elif i not in so_far and self.reach[target, i]:
                yield from self._onward((*so_far, i), target)
