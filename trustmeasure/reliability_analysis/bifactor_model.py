"""A bifactor model read off a fit: which factor is the general one, and what follows for each factor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.check import suggestion
from trustmeasure.errors import ArgumentError
from trustmeasure.frames import Array
from trustmeasure.reliability_analysis.bifactor_formulas import NUMBERS, SCALARS, indices, item_shares, puc
from trustmeasure.reliability_analysis.structure import Numbers, Structure, root
from trustmeasure.sem import SemResult
from trustmeasure.sem.group_result import GroupResult
from trustmeasure.sem.ram import Ram
from trustmeasure.sem.uncertainty import Uncertainty


@dataclass(frozen=True)
class BifactorModel:
    """A bifactor model in one group.

    Attributes
    ----------
    number : int
        Position of the group.
    label : str
        Its value.
    structure : Structure
        Which factors measure which variables.
    names : tuple of str, length m
        Factors, the general one first.
    items : array, shape (k,)
        Positions of the items.
    """

    number: int
    label: str
    structure: Structure
    names: tuple[str, ...]
    items: Any

    @classmethod
    def of(cls, number: int, group: GroupResult, result: SemResult, general: str | None) -> BifactorModel:
        """Read the model off a fit; ArgumentError when it is no bifactor model."""
        structure, latent = Structure.of(group), list(result.model.latent)
        members = {name: structure.measured(structure.position(name)) for name in latent}
        first = _general(members, structure, general)
        rest = tuple(name for name in latent if name != first and members[name].size)
        _require_bifactor(members, structure, rest)
        made = cls(number, group.label, structure, (first, *rest), members[first])
        _require_uncorrelated(made, result)
        return made

    def loadings(self, rams: Sequence[Ram], theta: Numbers, *, standardized: bool) -> tuple[Numbers, Numbers]:
        """Return loadings (b, k, m) and covariances (b, k, k) of the items."""
        state = self.structure.at(rams[self.number], theta)
        at = [self.structure.position(name) for name in self.names]
        direct = [
            np.where(self.structure.loads[self.items, f], state.direct[:, self.items, f] * sd, 0.0)
            for f, sd in ((f, root(state.cov[:, f, f])[:, None]) for f in at)
        ]
        lam, cov = np.stack(direct, axis=2), state.covariance(self.items)
        if not standardized:
            return lam, cov
        sd = state.sd(self.items)
        return lam / sd[:, :, None], cov / (sd[:, :, None] * sd[:, None, :])

    def values(self, rams: Sequence[Ram], theta: Numbers, *, standardized: bool) -> Numbers:
        """Return all indices in one row, shape (b, r)."""
        std = self.loadings(rams, theta, standardized=True)
        return indices(*std, *(std if standardized else self.loadings(rams, theta, standardized=False)))

    def found(
        self, by: Uncertainty, *, standardized: bool
    ) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
        """Return the tables of factors, of the whole model and of items."""

        def values(rams: Sequence[Ram], theta: Numbers) -> Numbers:
            return self.values(rams, theta, standardized=standardized)

        rams, theta = [group.ram for group in by.result.groups], by.result.theta[None]
        with np.errstate(all="ignore"):
            estimate = values(rams, theta)[0]
            spread = by.of_function(values, estimate)
        lam = self.loadings(rams, theta, standardized=True)[0][0]
        item_names = [self.structure.variables[i] for i in self.items]
        uncertain = np.stack([estimate, spread.se, spread.lower, spread.upper])
        uncertain[:, np.isnan(estimate)] = np.nan
        return tables_of(self.label, self.names, item_names, lam, uncertain)


def _general(members: dict[str, Any], structure: Structure, general: str | None) -> str:
    if general is not None:
        if general not in members:
            raise ArgumentError(
                f"'{general}' is not a factor of the model. {suggestion(general, list(members))}"
            )
        return general
    every = set(np.concatenate(list(members.values())).tolist()) if members else set()
    whole = [name for name, items in members.items() if items.size and set(items.tolist()) == every]
    if len(whole) != 1 or len(members) < 2:
        raise ArgumentError(
            "This is no bifactor model: one factor must measure all items, and others some of them each. For "
            "factors "
            "that measure factors use higher_order_reliability, otherwise composite_reliability."
        )
    return whole[0]


def _require_bifactor(members: dict[str, Any], structure: Structure, rest: Sequence[str]) -> None:
    seen: dict[int, str] = {}
    for name in rest:
        for item in members[name].tolist():
            if item >= structure.p:
                raise ArgumentError(f"'{name}' measures a factor; this is no bifactor model.")
            if item in seen:
                item_name = structure.variables[item]
                raise ArgumentError(
                    f"'{item_name}' has two specific factors ('{seen[item]}', '{name}'); in a bifactor model "
                    f"it has "
                    "one at most."
                )
            seen[item] = name


def _require_uncorrelated(model: BifactorModel, result: SemResult) -> None:
    state = model.structure.at(result.groups[model.number].ram, result.theta[None])
    at = np.array([model.structure.position(name) for name in model.names])
    corr = state.covariance(at, standardized=True)[0]
    row, col = np.nonzero(np.triu(np.abs(corr) > 1e-8, 1))
    if row.size:
        pair = f"'{model.names[row[0]]}' and '{model.names[col[0]]}'"
        raise ArgumentError(
            f"{pair} are correlated; the factors of a bifactor model are not. Fix their covariances to 0 in "
            f"the "
            f"model, such as {model.names[row[0]]} ~~ 0*{model.names[col[0]]}."
        )


def tables_of(
    label: str, names: Sequence[str], items: Sequence[str], lam: Array, values: Array
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return the tables of factors, of the whole model and of items; `values` (4, r) holds limits too."""
    ends = ("", "_se", "_ci_lower", "_ci_upper")
    by_factor = values[:, len(SCALARS) :].reshape(4, len(names), len(NUMBERS))
    rows = [
        {
            "group": label,
            "factor": name,
            "n_items": int((lam[:, j] != 0).sum()),
            **{f"{n}{end}": by_factor[e, j, i] for i, n in enumerate(NUMBERS) for e, end in enumerate(ends)},
        }
        for j, name in enumerate(names)
    ]
    whole = {f"{n}{end}": values[e, i] for i, n in enumerate(SCALARS) for e, end in enumerate(ends)}
    own = np.abs(lam[:, 1:])
    at = own.argmax(axis=1)
    has = own.max(axis=1) != 0
    table = pd.DataFrame(
        {
            "group": label,
            "item": list(items),
            "general": lam[:, 0],
            "specific": np.where(has, lam[np.arange(len(lam)), at + 1], np.nan),
            "factor": [names[i + 1] if flag else "" for i, flag in zip(at, has, strict=True)],
            "iecv": item_shares(lam),
        }
    )
    return pd.DataFrame(rows), pd.DataFrame([{"group": label, **whole, "puc": puc(lam)}]), table
