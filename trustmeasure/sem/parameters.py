"""The parameter table: one row a parameter. The table is the model."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import inf
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.moments.layout import Layout
from trustmeasure.sem.syntax import Constraint, Definition

Index = npt.NDArray[np.intp]

DELTA, THETA = "delta", "theta"
PARAMETERIZATIONS = (DELTA, THETA)
"""Whether scales (delta) or residual variances (theta) of ordered variables are parameters."""


class Parameter(NamedTuple):
    """One row of the table.

    Attributes
    ----------
    lhs, op, rhs : str
        The relation; `rhs` is empty for an intercept (`~1`).
    free : int
        0 for a fixed parameter, otherwise the number (from 1) of the free value it takes; rows with the
        same label share one.
    label : str
        The user's label, or empty.
    value : float
        The fixed value; NaN for a free parameter and for one fixed at the sample's moment.
    start : float
        The user's starting value; NaN when none was given.
    exogenous : bool
        Fixed at the sample's moment because it belongs to an exogenous observed variable (`fixed_x`).
    user : bool
        Written in the model text, not added by a default.
    group : int
        Number of the group, from 1.
    lower, upper : float
        The user's bounds; infinite when none were given.
    """

    lhs: str
    op: str
    rhs: str
    free: int = 0
    label: str = ""
    value: float = float("nan")
    start: float = float("nan")
    exogenous: bool = False
    user: bool = False
    group: int = 1
    lower: float = -np.inf
    upper: float = np.inf

    @property
    def name(self) -> str:
        """Return the relation as written in a model text, such as `f=~x1`."""
        return f"{self.lhs}{self.op}{self.rhs}"

    def numbered(self, free: int, label: str | None = None) -> Parameter:
        """Return the row with another number of its free parameter, and another label if given."""
        # Faster than `_replace`, which looks names up.
        return Parameter._make((*self[:3], free, self.label if label is None else label, *self[5:]))

    def fixed_at(self, value: float) -> Parameter:
        """Return the row as that of a fixed parameter."""
        return Parameter._make((*self[:3], 0, self.label, value, *self[6:]))


def numbered(rows: Iterable[Parameter]) -> list[Parameter]:
    """Return rows with their free parameters numbered from 1 in order; those of one label share a number."""
    by_label: dict[str, int] = {}
    found: list[Parameter] = []
    make, count = Parameter._make, 0
    for row in rows:
        if not row.free:
            found.append(row)
            continue
        index = by_label.get(row.label) if row.label else None
        if index is None:
            count += 1
            index = count
        if row.label:
            by_label[row.label] = index
        found.append(row if row.free == index else make((*row[:3], index, *row[4:])))
    return found


def _turned(rows: Sequence[Parameter]) -> tuple[tuple[Any, ...], ...]:
    """Return the values of each field."""
    return tuple(zip(*rows, strict=True)) or ((),) * len(Parameter._fields)


OPS = {op: number for number, op in enumerate(("=~", "~", "<~", "~~", "~1", "|", "~*~"))}
"""Operators by number; see `Positions`."""


@dataclass(frozen=True, slots=True)
class Positions:
    """The rows of a group as arrays of shape (k,).

    Attributes
    ----------
    op : array of int
        Number of the operator in `OPS`.
    lhs, rhs : arrays of int
        Positions of both sides among the variables, observed ones first; 0 for what is no variable.
    free : array of int
        Numbers of free parameters from 1, 0 for fixed ones.
    """

    op: Index
    lhs: Index
    rhs: Index
    free: Index

    @classmethod
    def of(cls, rows: Sequence[Parameter], variables: Sequence[str]) -> Positions:
        """Look up the rows of one group."""
        return cls.of_columns(_turned(rows), variables)

    @classmethod
    def of_columns(cls, columns: Sequence[tuple[Any, ...]], variables: Sequence[str]) -> Positions:
        """Look up the rows of one group, given as `ParameterTable.columns`."""
        at = {name: i for i, name in enumerate(variables)}
        lhs, op, rhs, free, *_ = columns
        found = [OPS[x] for x in op], [at[x] for x in lhs], [at.get(x, 0) for x in rhs], free
        return cls(*(np.array(numbers, dtype=np.intp) for numbers in found))


@dataclass(frozen=True)
class ParameterTable:
    """A model: its parameters, its variables and its defined parameters.

    Attributes
    ----------
    parameters : tuple of Parameter
        User's rows first, in the order written, then what the defaults add.
    observed, latent : tuple of str
        Variable names in the order of their first appearance.
    covariates : tuple of str
        Exogenous observed variables, which the baseline model lets covary.
    exogenous : tuple of str
        Those of them whose moments are fixed at the sample's (all, or none without `fixed_x`).
    definitions : tuple of Definition
        The `:=` lines.
    meanstructure : bool
        Whether means are modelled.
    n_groups : int
        Number of groups; each has its own rows.
    notes : tuple of str
        What a reader should know about how the text was understood.
    constraints : tuple of Constraint
        The `==`, `<` and `>` lines.
    auxiliary : tuple of str
        Observed variables that are in no hypothesis, which stand last (see `trustmeasure.sem.auxiliary`).
    ordered : tuple of str
        Ordered variables, by their place in `observed`; exogenous ones whose moments are fixed are none.
    n_thresholds : tuple of int
        The number of thresholds of each of them, categories less one.
    parameterization : {"delta", "theta"}
        Whether the response scales of ordered variables are parameters, or their residual variances.
    """

    parameters: tuple[Parameter, ...]
    observed: tuple[str, ...]
    latent: tuple[str, ...]
    covariates: tuple[str, ...]
    exogenous: tuple[str, ...]
    definitions: tuple[Definition, ...]
    meanstructure: bool
    n_groups: int = 1
    notes: tuple[str, ...] = ()
    text: str = field(default="", repr=False)
    constraints: tuple[Constraint, ...] = ()
    auxiliary: tuple[str, ...] = ()
    ordered: tuple[str, ...] = ()
    n_thresholds: tuple[int, ...] = ()
    parameterization: str = DELTA

    @property
    def layout(self) -> Layout:
        """Return which statistics of a sample the model explains when it has ordered variables."""
        counts = dict(zip(self.ordered, self.n_thresholds, strict=True))
        names = tuple(name for name in self.observed if name not in self.exogenous)
        return Layout(names, tuple(counts.get(name, 0) for name in names), self.exogenous)

    @cached_property
    def n_free(self) -> int:
        """Number of distinct free parameters, those that constraints tie to others included."""
        return max(self.columns[3], default=0)

    @property
    def npar(self) -> int:
        """Return the number of free parameters less the number of independent equality constraints."""
        if not self.constraints:
            return self.n_free
        from trustmeasure.sem.constraints import equality_rank

        return self.n_free - equality_rank(self)

    @property
    def free_names(self) -> tuple[str, ...]:
        """Return a name for each free parameter: its label, or its relation (`.g2` behind it in group 2)."""
        names = [""] * self.n_free
        for p in reversed(self.parameters):
            if p.free:
                names[p.free - 1] = p.label or (p.name if p.group == 1 else f"{p.name}.g{p.group}")
        return tuple(names)

    def only(self, group: int) -> ParameterTable:
        """Return the table of one group, counted from 1; its free parameters keep their numbers."""
        return self if self.n_groups == 1 else self._of_groups[group - 1]

    @cached_property
    def _of_groups(self) -> tuple[ParameterTable, ...]:
        rows: list[list[Parameter]] = [[] for _ in range(self.n_groups)]
        for row in self.parameters:
            rows[row.group - 1].append(row)
        return tuple(replace(self, parameters=tuple(own)) for own in rows)

    @cached_property
    def positions(self) -> Positions:
        """Where the rows of a table of one group stand."""
        return Positions.of_columns(self.columns, (*self.observed, *self.latent))

    @cached_property
    def limited(self) -> tuple[Parameter, ...]:
        """Rows with a bound."""
        *_, lower, upper = self.columns
        if max(lower, default=-inf) == -inf and min(upper, default=inf) == inf:
            return ()
        return tuple(p for p in self.parameters if p.lower > -inf or p.upper < inf)

    @cached_property
    def columns(self) -> tuple[tuple[Any, ...], ...]:
        """The rows turned: a tuple of values for each field of `Parameter`."""
        return _turned(self.parameters)

    @cached_property
    def marked(self) -> tuple[tuple[int, Parameter], ...]:
        """Rows with a label, each behind its number from 0."""
        return tuple((i, self.parameters[i]) for i, label in enumerate(self.columns[4]) if label)

    def to_frame(self) -> pd.DataFrame:
        """Return the table: lhs op rhs group label free value start exogenous user, and bounds if any."""
        rows = [
            (p.lhs, p.op, p.rhs, p.group, p.label, p.free, p.value, p.start, p.exogenous, p.user)
            for p in self.parameters
        ]
        rows += [(d.name, ":=", d.text, 0, d.name, 0, np.nan, np.nan, False, True) for d in self.definitions]
        rows += [(c.lhs, c.kind, c.rhs, 0, "", 0, np.nan, np.nan, False, True) for c in self.constraints]
        names = ["lhs", "op", "rhs", "group", "label", "free", "value", "start", "exogenous", "user"]
        frame = pd.DataFrame(rows, columns=names)
        for side in ("lower", "upper"):
            given = np.array([getattr(p, side) for p in self.parameters], dtype=float)
            if np.isfinite(given).any():
                frame[side] = np.append(given, np.full(len(rows) - given.size, np.nan))
        return frame

    def _repr_html_(self) -> str:
        return str(self.to_frame().to_html(index=False))
