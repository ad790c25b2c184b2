"""Composite reliability of the factors of a fitted model, as the tables of convergent validity show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.errors import ArgumentError
from trustmeasure.reliability_analysis import ordinal_reliability
from trustmeasure.sem.matrices import fill, implied
from trustmeasure.sem.ram import Ram
from trustmeasure.sem.uncertainty import Uncertainty
from trustmeasure.validity.measured import Factor, Measured, Numbers

Array = npt.NDArray[np.float64]

COLUMNS = ("group", "construct", "composite_reliability", "cr_ci_lower", "cr_ci_upper")


def reliability_frame(found: Measured, by: Uncertainty) -> pd.DataFrame:
    """Return composite reliability of each factor with limits: omega of the sum of its items.

    Ordinal items have categorical omega. NaN for a factor with a single indicator, with indicators that are
    factors, or with ordinal and continuous items.
    """
    model = found.result.model
    judged = [f for f in found.factors if len(f.indicators) > 1 and set(f.indicators) <= set(model.observed)]
    plain = [f for f in judged if not set(f.indicators) & set(model.ordered)]
    ordinal = [f for f in judged if set(f.indicators) <= set(model.ordered)]
    parts = [_plain(found, plain, by), _ordinal(found, ordinal, by)]
    return pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)


def _plain(found: Measured, factors: Sequence[Factor], by: Uncertainty) -> pd.DataFrame:
    if not factors:
        return pd.DataFrame(columns=list(COLUMNS))
    function = _Composite(tuple(factors))
    rams = [group.ram for group in found.result.groups]
    value = np.real(function(rams, found.result.theta[None]))[0]
    spread = by.of_function(function, value)
    rows = [(label, found.name(f.name)) for label in found.result.group_labels for f in factors]
    frame = pd.DataFrame(rows, columns=list(COLUMNS[:2]))
    good = value >= 0
    numbers = [np.where(good, x, np.nan) for x in (value, spread.lower, spread.upper)]
    return frame.assign(**dict(zip(COLUMNS[2:], numbers, strict=True)))


@dataclass(frozen=True, slots=True)
class _Composite:
    """The share of each factor in the variance of the sum of its items, as a function of the parameters."""

    factors: tuple[Factor, ...]

    def __call__(self, rams: Sequence[Ram], theta: Numbers) -> Numbers:
        return np.concatenate([self._of(ram, theta) for ram in rams], axis=1)

    def _of(self, ram: Ram, theta: Numbers) -> Numbers:
        at = {name: i for i, name in enumerate(ram.variables)}
        a, phi = fill(ram, theta)[0], implied(ram, theta).phi
        found = []
        for factor in self.factors:
            own, items = at[factor.name], [at[name] for name in factor.indicators]
            true = a[:, items, own].sum(axis=1) ** 2 * phi[:, own, own]
            with np.errstate(invalid="ignore", divide="ignore"):
                found.append(true / phi[:, items][:, :, items].sum(axis=(1, 2)))
        return np.stack(found, axis=1)


def _ordinal(found: Measured, factors: Sequence[Factor], by: Uncertainty) -> pd.DataFrame:
    none = pd.DataFrame(columns=list(COLUMNS))
    if not factors:
        return none
    try:
        frame = ordinal_reliability(
            found.result,
            [f.name for f in factors],
            ci=by.ci,
            bootstrap=by.bootstrap,
            interval=by.interval,
        ).frame
    except ArgumentError:  # covariates: the sum of the answers has no variance of its own
        return none
    frame = frame.assign(construct=[found.name(name) for name in frame["factor"]])
    named = {"omega": "composite_reliability", "ci_lower": "cr_ci_lower", "ci_upper": "cr_ci_upper"}
    return frame.rename(columns=named)[list(COLUMNS)]
