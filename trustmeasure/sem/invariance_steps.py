"""Models of ordinal invariance: what is equal in all groups at each step, and what that sets free.

Wu & Estabrook (2016, Psychometrika 81(4), 1014-1045). The first group has latent means 0 and variances 1,
and for ordered variables intercepts 0 and scales 1 (response scales with the delta parameterisation, residual
variances with theta). The others have the same until something equal replaces it:

- one threshold of a variable gives the place of its response, so its intercept becomes free; two give the
  unit too, so its scale becomes free;
- equal loadings give the unit of a latent variable, so its variance becomes free;
- equal intercepts give the place of a latent variable, so its mean becomes free, and the unit of a response
  that has one equal threshold only.

A latent variable that the model text gives a unit of its own (a fixed loading) keeps that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from trustmeasure.check import one_of, suggestion
from trustmeasure.errors import ArgumentError
from trustmeasure.sem.parameters import DELTA, Parameter, ParameterTable, numbered

KINDS = (
    *("thresholds", "loadings", "intercepts", "residuals", "residual_covariances"),
    *("latent_loadings", "lv_variances", "lv_covariances", "means"),
)
"""What can be equal in all groups, in the order in which it can be tested."""
_NEEDS: Mapping[str, tuple[str, ...]] = {
    "loadings": ("thresholds",),
    "intercepts": ("thresholds", "loadings"),
    "residuals": ("thresholds", "loadings", "intercepts"),
    "lv_variances": ("loadings",),
    "lv_covariances": ("loadings",),
    "latent_loadings": ("loadings",),
    "means": ("intercepts",),
}


@dataclass(frozen=True)
class Rules:
    """The rules of the module, for one model.

    Attributes
    ----------
    base : ParameterTable
        The model in all groups, with `std_lv`, before anything is equal.
    kinds : frozenset of str
        What is equal, of `KINDS`.
    partial : frozenset of str
        Relations that are not, such as "f=~x2".
    """

    base: ParameterTable
    kinds: frozenset[str]
    partial: frozenset[str]

    @cached_property
    def first(self) -> list[Parameter]:
        """The rows of the first group."""
        return [row for row in self.base.parameters if row.group == 1]

    def equal(self, kind: str, name: str) -> bool:
        """Return whether a relation is equal in all groups as one of a kind."""
        return kind in self.kinds and name not in self.partial

    def table(self) -> ParameterTable:
        """Return the model with these equalities and what they set free."""
        rows = numbered([self._row(row) for row in self.base.parameters])
        return replace(self.base, parameters=tuple(rows))

    @cached_property
    def units(self) -> frozenset[str]:
        """Latent variables that have a unit of their own: a loading that the user fixed."""
        return frozenset(r.lhs for r in self.first if r.op == "=~" and not r.free and r.value != 0)

    @cached_property
    def equalities(self) -> frozenset[str]:
        """The relations that are equal in all groups."""
        kinds = {row.name: kind_of(row, self.base) for row in self.first}
        return frozenset(name for name, kind in kinds.items() if kind and self.equal(kind, name))

    def equal_thresholds(self, name: str) -> int:
        """Return how many thresholds of a variable are equal in all groups."""
        rows = [r for r in self.first if r.op == "|" and r.lhs == name]
        return sum(self.equal("thresholds", r.name) for r in rows)

    def _equal_intercept(self, name: str) -> bool:
        ordinal = name in self.base.ordered
        known = not ordinal or self.equal_thresholds(name) > 0
        return known and self.equal("intercepts", f"{name}~1")

    def _measures(self, latent: str) -> list[Parameter]:
        """Return the loadings of a latent variable that are equal in all groups, or fixed by the user."""
        rows = [r for r in self.first if r.op == "=~" and r.lhs == latent]
        return [r for r in rows if not r.free or self.equal(self._kind(r), r.name)]

    def _kind(self, row: Parameter) -> str:
        return "latent_loadings" if row.rhs in self.base.latent else "loadings"

    def scale_is_free(self, name: str) -> bool:
        """Return whether the scale of an ordered variable is free in all groups but the first."""
        if self._equal_scale(name):
            return False
        count = self.equal_thresholds(name)
        return count > 1 or (count == 1 and self._equal_intercept(name))

    def intercept_is_free(self, name: str) -> bool:
        """Return whether the intercept of an ordered variable is free in all groups but the first."""
        return self.equal_thresholds(name) > 0 and not self._equal_intercept(name)

    def variance_is_free(self, latent: str) -> bool:
        """Return whether the variance of a latent variable is free in all groups but the first."""
        if latent in self.units:
            return True
        equal = self.equal("lv_variances", f"{latent}~~{latent}")
        return not equal and any(r.free for r in self._measures(latent))

    def mean_is_free(self, latent: str) -> bool:
        """Return whether the mean of a latent variable is free in all groups but the first."""
        if self.equal("means", f"{latent}~1"):
            return False
        return any(
            self._equal_intercept(r.rhs) for r in self._measures(latent) if r.rhs in self.base.observed
        )

    def conventional(self) -> tuple[str, ...]:
        """Return variables with an equal loading whose scales are held at 1 by convention, not as equal."""
        loadings = [r for latent in self.base.latent for r in self._measures(latent) if r.free]
        measured = {r.rhs for r in loadings}
        return tuple(
            name
            for name in self.base.ordered
            if name in measured and not self.scale_is_free(name) and not self._equal_scale(name)
        )

    def _equal_scale(self, name: str) -> bool:
        return self.equal("residuals", f"{name}~~{name}")

    def _row(self, row: Parameter) -> Parameter:
        own = row.op == "~~" and row.lhs == row.rhs
        scale = "~*~" if self.base.parameterization == DELTA else "~~"
        if row.lhs in self.base.ordered:
            if row.op == scale and row.lhs == row.rhs:
                return _set(row, self.scale_is_free(row.lhs), 1.0)
            if row.op == "~1":
                return _set(row, self.intercept_is_free(row.lhs), 0.0)
        if row.lhs in self.base.latent:
            if row.op == "~1":
                return _set(row, self.mean_is_free(row.lhs), 0.0)
            if own and row.lhs not in self.units:
                return _set(row, self.variance_is_free(row.lhs), 1.0)
            if own:
                row = row._replace(free=1, value=np.nan)
        return self._shared(row)

    def _shared(self, row: Parameter) -> Parameter:
        """Return a free row with the label of all groups when it is equal in them."""
        kind = kind_of(row, self.base)
        if not row.free or row.label or kind is None or not self.equal(kind, row.name):
            return row
        return row.numbered(row.free, f"{row.name}.all")


def kind_of(row: Parameter, base: ParameterTable) -> str | None:
    """Return which of `KINDS` a row of the table is, None for what no step makes equal."""
    latent, own = row.lhs in base.latent, row.lhs == row.rhs
    if row.op == "=~":
        return "latent_loadings" if row.rhs in base.latent else "loadings"
    if row.op == "|":
        return "thresholds"
    if row.op == "~1":
        return "means" if latent else "intercepts"
    if row.op != "~~":
        return None
    if own:
        return "lv_variances" if latent else "residuals"
    return "lv_covariances" if latent else "residual_covariances"


def _set(row: Parameter, free: bool, value: float) -> Parameter:
    """Return a row that is free in all groups but the first, or fixed in all."""
    if free and row.group > 1:
        return row._replace(free=1, value=np.nan)
    return row._replace(free=0, value=value)


def kinds_of_steps(steps: Sequence[str | Sequence[str]], base: ParameterTable) -> dict[str, tuple[str, ...]]:
    """Return what is equal at each step, by the name of the step.

    Raises
    ------
    ArgumentError
        For an unknown kind, one that comes before what it rests on, and residual variances with delta.
    """
    found: dict[str, tuple[str, ...]] = {}
    equal: tuple[str, ...] = ()
    for step in steps:
        added = (step,) if isinstance(step, str) else tuple(step)
        for kind in added:
            one_of("steps", kind, ["configural", *KINDS])
        new = tuple(kind for kind in added if kind != "configural")
        again = [kind for kind in new if kind in equal]
        if again or (new != added and (len(added) > 1 or found)):
            wrong = again[0] if again else "configural"
            raise ArgumentError(
                f"steps: '{wrong}' stands a second time, or 'configural' is not the first step."
            )
        equal = (*equal, *new)
        _check_order(equal, new, base)
        found["+".join(added)] = equal
    return found


def _check_order(equal: Sequence[str], new: Sequence[str], base: ParameterTable) -> None:
    if "residuals" in new and base.ordered and base.parameterization == DELTA:
        raise ArgumentError(
            "steps: residual variances of ordered variables are no parameters with parameterization='delta'. "
            "Use parameterization='theta', or leave 'residuals' out."
        )
    for kind in new:
        if kind == "thresholds" and not base.ordered:
            raise ArgumentError("steps: the model has no ordered variable, so it has no thresholds.")
        known = [need for need in _NEEDS.get(kind, ()) if base.ordered or need != "thresholds"]
        missing = [need for need in known if need not in equal]
        if missing:
            raise ArgumentError(
                f"steps: '{kind}' cannot be compared between groups before '{missing[0]}' are equal. Put "
                f"'{missing[0]}' before it, or both in one step: ('{missing[0]}', '{kind}')."
            )


def partial_names(partial: Iterable[str], base: ParameterTable) -> frozenset[str]:
    """Return the relations that are left free, as the table names them.

    Raises
    ------
    ArgumentError
        For one that the model does not have, or that no step makes equal.
    """
    known = {row.name: row for row in base.parameters if kind_of(row, base) is not None}
    turned = {f"{r.rhs}~~{r.lhs}": r.name for r in known.values() if r.op == "~~"}
    found = set()
    for relation in partial:
        name = "".join(relation.split())
        name = turned.get(name, name)
        if name not in known:
            raise ArgumentError(
                f"partial: the model has no relation '{name}' that a step makes equal. "
                f"{suggestion(name, list(known))}"
            )
        found.add(name)
    return frozenset(found)


def restricts(own: Rules, larger: Rules) -> bool:
    """Return whether a model holds equal all that a larger one does, in the same units."""
    return larger.equalities <= own.equalities and not frees_scales(larger, own)


def frees_scales(larger: Rules, restricted: Rules) -> tuple[str, ...]:
    """Return variables whose equal loadings are held in another unit by the restricted model.

    The scale of a variable with one equal threshold is a convention until its intercept is equal too: equal
    loadings before hold it at 1, and the later model does not. Such a model is not nested in the earlier one.
    """
    return tuple(name for name in larger.conventional() if restricted.scale_is_free(name))
