"""Parameters that a model fixes or leaves out and that could be freed: as in lavaan's `modindices`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trustmeasure.sem.parameters import DELTA, Parameter, ParameterTable

Index = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]

OPERATORS = ("=~", "~", "~~", "~1", "|", "~*~")
"""Operators of relations that could be freed."""
LOADING, REGRESSION, COVARIANCE, INTERCEPT, THRESHOLD, SCALE = range(6)
KINDS = {op: kind for kind, op in enumerate(OPERATORS)}


@dataclass(frozen=True, slots=True)
class Candidates:
    """Relations of one group.

    Attributes
    ----------
    kind : array, shape (k,)
        Their operators, as positions in `OPERATORS`.
    lhs, rhs : arrays, shape (k,)
        Both sides, as positions among observed and then latent variables; `rhs` is 0 for an intercept, and
        the number of the threshold, from 1, for a threshold.
    """

    kind: Index
    lhs: Index
    rhs: Index

    @classmethod
    def joined(cls, parts: Sequence[Candidates]) -> Candidates:
        """Return relations one after another."""
        kind, lhs, rhs = ([getattr(p, name) for p in parts] for name in ("kind", "lhs", "rhs"))
        return cls(np.concatenate(kind), np.concatenate(lhs), np.concatenate(rhs))

    def where(self, rows: Index | Flags) -> Candidates:
        """Return some of them."""
        return Candidates(self.kind[rows], self.lhs[rows], self.rhs[rows])


def candidates(table: ParameterTable, ops: Collection[str]) -> Candidates:
    """Return relations of one group that could be freed, fixed ones before absent ones.

    Absent ones are loadings of all indicators, residual covariances of indicators, covariances of latent
    variables, regressions among all variables that take part in a regression, and intercepts where means are
    modelled. A model is conditional on the exogenous variables whose moments are fixed (`fixed_x`): no
    relation explains them. Of ordinal variables, what follows from the other parameters is left out: residual
    variances, or response scales where residual variances are parameters ("theta").

    Parameters
    ----------
    table : ParameterTable
        The rows of the group.
    ops : collection of str
        Operators that are looked at, of `OPERATORS`.
    """
    rows = [p for p in table.parameters if p.op in KINDS]
    at = {name: i for i, name in enumerate((*table.observed, *table.latent))}
    every = _known(rows, at)
    follows = "~~" if table.parameterization == DELTA else "~*~"
    fixed = [p for p in rows if p.op in ops and not p.free and not p.exogenous]
    fixed = [p for p in fixed if not (p.op == follows and p.lhs == p.rhs and p.lhs in table.ordered)]
    every = every.where(every.kind <= INTERCEPT)
    absent = _relations(table, every, at)
    absent[every.kind, every.lhs, every.rhs] = False
    both = every.where(every.kind == COVARIANCE)
    absent[COVARIANCE, both.rhs, both.lhs] = False
    absent[:, _flags(table.exogenous, at)] = False
    absent[[op not in ops for op in OPERATORS]] = False
    return Candidates.joined([_known(fixed, at), Candidates(*np.nonzero(absent))])


def _known(rows: Sequence[Parameter], at: Mapping[str, int]) -> Candidates:
    """Return the relations of rows."""
    return Candidates(
        np.array([KINDS[p.op] for p in rows], dtype=np.intp),
        np.array([at[p.lhs] for p in rows], dtype=np.intp),
        np.array([int(p.rhs[1:]) if p.op == "|" else at.get(p.rhs, 0) for p in rows], dtype=np.intp),
    )


def _relations(table: ParameterTable, known: Candidates, at: Mapping[str, int]) -> Flags:
    """Return which relations are looked at, by kind and both sides; present ones may be among them.

    The sides of a covariance are in the order of the alphabet.
    """
    load, path = known.kind == LOADING, known.kind == REGRESSION
    latent, covariate = _flags(table.latent, at), _flags(table.covariates, at)
    indicator, regressed = np.zeros_like(latent), np.zeros_like(latent)
    indicator[known.rhs[load]] = True
    regressed[known.lhs[path]] = regressed[known.rhs[path]] = True
    inner = ~(latent | covariate)
    found = np.zeros((len(OPERATORS), latent.size, latent.size), dtype=bool)
    found[LOADING] = np.outer(latent, inner & ~regressed)
    found[REGRESSION] = np.outer(regressed, regressed) & ~np.outer(indicator & ~latent, latent)
    found[REGRESSION].flat[:: latent.size + 1] = False
    for names in (inner & indicator, covariate, latent):
        found[COVARIANCE] |= np.outer(names, names)
    rank = np.argsort(sorted(range(latent.size), key=list(at).__getitem__))
    found[COVARIANCE] &= rank[:, None] <= rank
    found[INTERCEPT, :, 0] = table.meanstructure
    return found


def _flags(names: Sequence[str], at: Mapping[str, int]) -> Flags:
    """Return which variables are among `names`."""
    found = np.zeros(len(at), dtype=bool)
    found[[at[name] for name in names]] = True
    return found
