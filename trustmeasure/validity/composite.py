"""Composite reliability of the factors of a fitted model, as the tables of convergent validity show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.errors import ArgumentError
from trustmeasure.reliability_analysis import ordinal_reliability
from trustmeasure.reliability_analysis.structure import Structure
from trustmeasure.sem.ram import Ram
from trustmeasure.sem.uncertainty import Uncertainty
from trustmeasure.validity.measured import Factor, Measured, Numbers

COLUMNS = ("group", "construct", "composite_reliability", "cr_ci_lower", "cr_ci_upper")
ORDINAL = {"omega": "composite_reliability", "ci_lower": "cr_ci_lower", "ci_upper": "cr_ci_upper"}


def reliability_frame(found: Measured, by: Uncertainty) -> pd.DataFrame:
    """Return composite reliability of each factor with limits: omega of the sum of its items.

    Ordinal items have categorical omega. There is no row for a factor with a single indicator, with
    indicators that are factors, or with ordinal and continuous items.
    """
    names = [f.name for f in found.factors if _judged(f, found)]
    if not names:
        return pd.DataFrame(columns=list(COLUMNS))
    frame = _ordinal(found, names, by) if found.result.model.ordered else _continuous(found, names, by)
    shown = frame.assign(construct=[found.name(name) for name in frame["factor"]])[list(COLUMNS)]
    numbers = list(COLUMNS[2:])
    shown[numbers] = shown[numbers].where(shown["composite_reliability"] >= 0)
    return shown


def _judged(factor: Factor, found: Measured) -> bool:
    model = found.result.model
    kinds = {item in model.ordered for item in factor.indicators}
    return len(factor.indicators) > 1 and set(factor.indicators) <= set(model.observed) and len(kinds) == 1


def _continuous(found: Measured, names: Sequence[str], by: Uncertainty) -> pd.DataFrame:
    """Return what `composite_reliability` gives, with the limits of all factors from one evaluation."""
    function = _Composite(tuple(Structure.of(group) for group in found.result.groups), tuple(names))
    rams = [group.ram for group in found.result.groups]
    value = np.real(function(rams, found.result.theta[None]))[0]
    spread = by.of_function(function, value)
    rows = [(label, name) for label in found.result.group_labels for name in names]
    numbers = dict(zip(COLUMNS[2:], (value, spread.lower, spread.upper), strict=True))
    return pd.DataFrame(rows, columns=["group", "factor"]).assign(**numbers)


@dataclass(frozen=True, slots=True)
class _Composite:
    """Composite reliability of each factor in each group, as a function of the parameters."""

    structures: tuple[Structure, ...]
    names: tuple[str, ...]

    def __call__(self, rams: Sequence[Ram], theta: Numbers) -> Numbers:
        found = [self._of(own, ram, theta) for own, ram in zip(self.structures, rams, strict=True)]
        return np.concatenate(found, axis=1)

    def _of(self, structure: Structure, ram: Ram, theta: Numbers) -> Numbers:
        state, found = structure.at(ram, theta), []
        for name in self.names:
            factor = structure.position(name)
            items = structure.items(factor)
            with np.errstate(invalid="ignore", divide="ignore"):
                total = state.covariance(items).sum(axis=(1, 2))
                found.append(state.loading(items, factor).sum(axis=1) ** 2 / total)
        return np.stack(found, axis=1)


def _ordinal(found: Measured, names: Sequence[str], by: Uncertainty) -> pd.DataFrame:
    how: dict[str, Any] = {"ci": by.ci, "bootstrap": by.bootstrap, "interval": by.interval}
    try:
        return ordinal_reliability(found.result, names, **how).frame.rename(columns=ORDINAL)
    except ArgumentError:  # covariates: the sum of the answers has no variance of its own
        return pd.DataFrame(columns=["factor", *COLUMNS])
