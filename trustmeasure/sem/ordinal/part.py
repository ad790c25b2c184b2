"""Where the parameters of ordinal variables stand: thresholds and scales."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from trustmeasure.moments.layout import Layout
from trustmeasure.sem.parameters import DELTA, Parameter, ParameterTable

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Entries:
    """Free parameters of a vector.

    Attributes
    ----------
    at : array, shape (k,)
        Positions in the vector.
    free : array, shape (k,)
        The free parameter (from 0) that each takes.
    """

    at: Index
    free: Index


@dataclass(frozen=True)
class OrdinalPart:
    """What a model in RAM form has besides, where variables are ordinal.

    Attributes
    ----------
    layout : Layout
        The statistics that the model explains.
    y, x : arrays, shapes (p,) and (k,)
        Positions of the explained variables and of the covariates among all variables.
    delta : bool
        Whether scales are parameters and residual variances follow from them ("delta"), or the other way
        round ("theta").
    tau0 : array, shape (n_levels,)
        Fixed thresholds; 0 where free, and for continuous variables, which have none.
    tau : Entries
        Free thresholds.
    scale0 : array, shape (p,)
        Fixed scales `1 / sd(y*)`; 1 for continuous variables.
    scale : Entries
        Free scales.
    arrows : array of bool, shape (p,)
        Which explained variables arrows leave.
    """

    layout: Layout
    y: Index
    x: Index
    delta: bool
    tau0: Array
    tau: Entries
    scale0: Array
    scale: Entries
    arrows: npt.NDArray[np.bool_]

    @cached_property
    def ordinal(self) -> Index:
        """Positions of the ordinal variables among all variables."""
        return self.y[self.layout.ordinal]

    @cached_property
    def ordinal_y(self) -> Index:
        """Positions of the ordinal variables among those that are explained."""
        return np.flatnonzero(self.layout.ordinal)

    @cached_property
    def causing(self) -> Index:
        """Which explained variables are ordinal responses that arrows leave."""
        return np.flatnonzero(self.arrows & self.layout.ordinal)

    def thresholds(self, theta: Array) -> Array:
        """Return the thresholds for parameters of shape (b, q), shape (b, n_levels)."""
        return _filled(self.tau0, self.tau, theta)

    def scales(self, theta: Array) -> Array:
        """Return the scales that are parameters, shape (b, p)."""
        return _filled(self.scale0, self.scale, theta)


def _filled(fixed: Array, entries: Entries, theta: Array) -> Array:
    found = np.empty((theta.shape[0], fixed.size), dtype=theta.dtype)
    found[:] = fixed
    found[:, entries.at] = theta[:, entries.free]
    return found


def ordinal_part(table: ParameterTable, variables: Sequence[str], group: int) -> OrdinalPart | None:
    """Return thresholds and scales of a group (from 1); None when no variable is ordinal.

    Parameters
    ----------
    table : ParameterTable
        The model.
    variables : sequence of str
        All variables, in the order of the matrices.
    group : int
        Number of the group.
    """
    if not table.ordered:
        return None
    rows = [p for p in table.parameters if p.group == group and p.op in {"|", "~*~"}]
    layout = table.layout
    at = {name: i for i, name in enumerate(variables)}
    y = np.array([at[name] for name in layout.names], dtype=np.intp)
    x = np.array([at[name] for name in layout.covariates], dtype=np.intp)
    first = {name: int(np.searchsorted(layout.level_variable, i)) for i, name in enumerate(layout.names)}
    number = {name: i for i, name in enumerate(layout.names)}
    levels = [(first[r.lhs] + int(r.rhs[1:]) - 1, r) for r in rows if r.op == "|"]
    scales = [(number[r.lhs], r) for r in rows if r.op == "~*~"]
    tau0, tau = _vector(np.zeros(layout.level_variable.size), levels)
    scale0, scale = _vector(np.ones(layout.p), scales)
    causes = {p.lhs if p.op == "=~" else p.rhs for p in table.parameters if p.op in {"=~", "~", "<~"}}
    arrows = np.array([name in causes for name in layout.names])
    return OrdinalPart(layout, y, x, table.parameterization == DELTA, tau0, tau, scale0, scale, arrows)


def _vector(fixed: Array, found: Sequence[tuple[int, Parameter]]) -> tuple[Array, Entries]:
    for i, row in found:
        fixed[i] = 0.0 if row.free else row.value
    free = [(i, row.free - 1) for i, row in found if row.free]
    pairs = np.array(free, dtype=np.intp).reshape(-1, 2)
    return fixed, Entries(pairs[:, 0], pairs[:, 1])
