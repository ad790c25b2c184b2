"""What a fitted model with continuous indicators says of their sums, for many parameter vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from trustmeasure.check import suggestion
from trustmeasure.errors import ArgumentError
from trustmeasure.sem import SemResult
from trustmeasure.sem.group_result import GroupResult
from trustmeasure.sem.matrices import fill, total_effects
from trustmeasure.sem.ram import Ram

Index = npt.NDArray[np.intp]
Numbers = npt.NDArray[Any]
"""Real, or complex where a derivative is taken."""
OUTSIDE = "A coefficient of {} lies outside 0 to 1: a variance that the model estimates is below zero."


@dataclass(frozen=True)
class Structure:
    """Which factors measure which variables in one group.

    Attributes
    ----------
    variables : tuple of str, length v
        Observed variables first, then latent ones.
    p : int
        Number of observed variables.
    loads : array of bool, shape (v, v)
        Which cells of A are loadings.
    """

    variables: tuple[str, ...]
    p: int
    loads: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, group: GroupResult) -> Structure:
        """Read the structure off a group of a fit."""
        at = {name: i for i, name in enumerate(group.ram.variables)}
        loads = np.zeros((group.ram.v,) * 2, dtype=bool)
        for row in group.model.parameters:
            if row.op == "=~":
                loads[at[row.rhs], at[row.lhs]] = True
        return cls(group.ram.variables, group.ram.p, loads)

    def position(self, name: str) -> int:
        """Return the position of a variable."""
        return self.variables.index(name)

    def measured(self, factor: int) -> Index:
        """Return the positions of what a factor measures directly."""
        return np.flatnonzero(self.loads[:, factor])

    def items(self, factor: int) -> Index:
        """Return the positions of the observed variables that a factor reaches through loadings."""
        reach = total_effects(self.loads.astype(float)[None])[0]
        return np.flatnonzero(reach[: self.p, factor])

    def is_higher(self, factor: int) -> bool:
        """Whether a factor measures other factors."""
        return bool((self.measured(factor) >= self.p).any())

    def at(self, ram: Ram, theta: Numbers) -> State:
        """Return loadings and covariances for parameters of shape (b, q), real or complex."""
        a, s, _ = fill(ram, theta)
        total = total_effects(a)
        cov = total @ s @ np.swapaxes(total, 1, 2)
        direct = np.where(self.loads, a, 0.0)
        return State(direct, total_effects(direct), cov)


@dataclass(frozen=True, slots=True)
class State:
    """Loadings and covariances, for a batch of size b.

    Attributes
    ----------
    direct, reach : arrays, shape (b, v, v)
        Loadings, and what they amount to through factors of lower order.
    cov : array, shape (b, v, v)
        Covariances of all variables, latent ones included.
    """

    direct: Numbers
    reach: Numbers
    cov: Numbers

    def loading(self, items: Index, factor: int, *, standardized: bool = False) -> Numbers:
        """Return loadings on a factor with variance 1, shape (b, k); NaN where its variance is negative."""
        found = self.reach[:, items, factor] * root(self.cov[:, factor, factor])[:, None]
        return np.asarray(found / self.sd(items) if standardized else found)

    def sd(self, items: Index) -> Numbers:
        """Return the standard deviations of some variables, shape (b, k)."""
        return root(self.cov[:, items, items])

    def covariance(self, items: Index, *, standardized: bool = False) -> Numbers:
        """Return the covariances (or correlations) of some variables, shape (b, k, k)."""
        found = self.cov[:, items[:, None], items]
        sd = self.sd(items)
        return np.asarray(found / (sd[:, :, None] * sd[:, None, :]) if standardized else found)


def root(variance: Numbers) -> Numbers:
    """Return square roots, NaN of what is below zero."""
    return np.asarray(np.sqrt(np.where(np.real(variance) >= 0.0, variance, np.nan)))


def share(part: Numbers, whole: Numbers) -> Numbers:
    """Return part / whole, NaN where the whole is not above zero."""
    return np.asarray(part / np.where(np.real(whole) > 0.0, whole, np.nan))


def maximal(loading: Numbers, cov: Numbers) -> Numbers:
    """Return the reliability of the best weighted sum of items, shape (b,).

    With loadings l (factor variance 1) and error covariances E, a / (1 + a) for ``a = l' E^-1 l``, which is
    coefficient H when errors are uncorrelated. NaN where E is not positive definite, or a loading is NaN.
    """
    errors = cov - loading[:, :, None] * loading[:, None, :]
    known = np.isfinite(errors).all(axis=(1, 2))[:, None, None]
    least = np.linalg.eigvalsh(np.where(known, np.real(errors), -np.eye(loading.shape[1])))[:, 0]
    good = least > 1e-12 * np.real(np.trace(cov, axis1=1, axis2=2))
    safe = np.where(good[:, None, None], errors, np.eye(loading.shape[1]))
    a = (loading * np.linalg.solve(safe, loading[:, :, None])[:, :, 0]).sum(axis=1)
    return np.where(good, a / (1.0 + a), np.nan)


def require_continuous(result: Any, other: str) -> None:
    """Raise ArgumentError unless `result` is a fit with continuous indicators only."""
    if not isinstance(result, SemResult):
        raise ArgumentError(
            f"A fitted model is needed (fit_sem(model, data)), not a {type(result).__name__}. For sets of "
            f"items "
            "without a model use tm.reliability or omega_total."
        )
    if result.model.ordered:
        raise ArgumentError(f"The fit has ordinal variables. Use {other}.")


def chosen_factors(structure: Structure, known: Sequence[str], factors: Sequence[str] | None) -> list[str]:
    """Return the factors to judge: those asked for, or all with at least two items.

    Raises
    ------
    ArgumentError
        For an unknown factor, one with fewer than two items, or when none is left.
    """
    asked = [factors] if isinstance(factors, str) else list(known if factors is None else factors)
    for name in asked:
        if name not in known:
            raise ArgumentError(f"'{name}' is not a factor of the model. {suggestion(name, list(known))}")
    few = [name for name in asked if structure.items(structure.position(name)).size < 2]
    if factors is not None and few:
        raise ArgumentError(f"'{few[0]}' has fewer than two indicators, so there is no sum to judge.")
    kept = [name for name in asked if name not in few]
    if not kept:
        raise ArgumentError("The model has no factor with at least two indicators (=~).")
    return kept
