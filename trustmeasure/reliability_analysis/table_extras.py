"""What the table of scales shows beyond alpha and omega, when it is asked for."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.check import one_of
from trustmeasure.errors import ConvergenceError, IdentificationError, TrustMeasureError, TrustMeasureWarning
from trustmeasure.frames import Array
from trustmeasure.reliability_analysis.coefficients import LAMBDA2, LAMBDA6, STANDARDIZED, Coefficient
from trustmeasure.reliability_analysis.estimates import How, estimated
from trustmeasure.reliability_analysis.formulas import CLOSED_FORMS
from trustmeasure.reliability_analysis.halves import coefficients_of_split
from trustmeasure.reliability_analysis.items import ItemMoments
from trustmeasure.reliability_analysis.lower_bound import GLB
from trustmeasure.reliability_analysis.one_factor import OneFactor
from trustmeasure.reliability_analysis.score_error import SEM
from trustmeasure.reliability_analysis.second_order import higher_order_reliability
from trustmeasure.reliability_analysis.structure import Numbers, maximal
from trustmeasure.responses import Responses
from trustmeasure.sem import fit_sem
from trustmeasure.sem.chisq import normal_quantile
from trustmeasure.sem.expressions import gradient

OF_COVARIANCES = ("alpha_standardized", "lambda2", "lambda6", "glb", "split_half", "sem")
OF_ONE_FACTOR = ("composite_reliability", "maximal_reliability")
OF_HIGHER_ORDER = ("omega_l1", "omega_l2")
EXTRAS = (*OF_COVARIANCES, *OF_ONE_FACTOR, *OF_HIGHER_ORDER)
"""Everything that can be asked for, in the order of the columns."""
ENDS = ("", "_ci_lower", "_ci_upper")


def extras_of(also: str | Collection[str]) -> tuple[str, ...]:
    """Return what is asked for, in order; ArgumentError naming the nearest otherwise."""
    asked = {also} if isinstance(also, str) else set(also)
    for name in sorted(asked):
        one_of("also", name, (*EXTRAS, "all"))
    return EXTRAS if "all" in asked else tuple(name for name in EXTRAS if name in asked)


def columns_of(extras: Sequence[str]) -> tuple[str, ...]:
    """Return the columns that some extras fill."""
    return tuple(f"{name}{end}" for name in extras for end in ENDS)


def _coefficient(name: str, k: int) -> Coefficient:
    """Return a coefficient of the covariances; the error is that of the mean of k items."""
    if name == "split_half":
        return coefficients_of_split(np.arange(k) % 2 == 0)[1]
    if name == "sem":
        return Coefficient("sem", lambda covs: SEM.value(covs) / k, lambda cov: SEM.slope(cov) / k)
    return {"alpha_standardized": STANDARDIZED, "lambda2": LAMBDA2, "lambda6": LAMBDA6, "glb": GLB}[name]


def of_covariances(moments: ItemMoments, extras: Sequence[str], how: How) -> dict[str, float]:
    """Return the coefficients of the covariances, with limits."""
    asked = [name for name in OF_COVARIANCES if name in extras]
    if not asked:
        return {}
    free = replace(how, interval="adf") if how.interval in CLOSED_FORMS else how
    made = [_coefficient(name, len(moments.names)) for name in asked]
    found = estimated(moments.values, moments.cov, made, free)
    return _filled(asked, found.estimate, found.lower, found.upper)


def of_one_factor(model: OneFactor, extras: Sequence[str], ci: float) -> dict[str, float]:
    """Return composite and maximal reliability of the one-factor model, with limits."""
    asked = [name for name in OF_ONE_FACTOR if name in extras]
    if not asked:
        return {}
    k = len(model.loadings)

    def values(theta: Numbers) -> Numbers:
        loading, error = theta[:, :k], theta[:, k:]
        variance = loading**2 + error
        sums = (loading / np.sqrt(variance)).sum(axis=1) ** 2
        composite = sums / (sums + (error / variance).sum(axis=1))
        cov = loading[:, :, None] * loading[:, None, :] + error[:, :, None] * np.eye(k)
        found = {"composite_reliability": composite, "maximal_reliability": maximal(loading, cov)}
        return np.stack([found[name] for name in asked], axis=1)

    theta = np.concatenate([model.loadings, model.residuals])
    with np.errstate(all="ignore"):
        estimate, slopes = values(theta[None])[0], gradient(values, theta)
        se = np.sqrt(np.maximum(np.einsum("rq,qs,rs->r", slopes, model.vcov, slopes), 0.0))
    margin = normal_quantile(0.5 + ci / 2) * se
    return _filled(asked, estimate, estimate - margin, estimate + margin)


def _filled(names: Sequence[str], estimate: Array, lower: Array, upper: Array) -> dict[str, float]:
    rows = zip(names, estimate, lower, upper, strict=True)
    return {f"{name}{end}": float(v) for name, *values in rows for end, v in zip(ENDS, values, strict=True)}


def of_higher_order(
    responses: Any, construct: str, extras: Sequence[str], ci: float
) -> tuple[dict[str, float], str]:
    """Return omega_l1 and omega_l2 of a higher-order construct, and why they are not there."""
    asked = [name for name in OF_HIGHER_ORDER if name in extras]
    if not asked or not isinstance(responses, Responses):
        return {}, ""
    instrument = responses.instrument_of(construct)
    parts = [[i.id for i in instrument.items_of(d.id)] for d in instrument.dimensions_of(construct)]
    present = [[item for item in part if item in responses.data] for part in parts]
    present = [part for part in present if len(part) > 1]
    if len(present) < 3:
        return {}, "No second-order omega: it needs at least 3 dimensions with 2 items each."
    try:
        row = _second_order(responses.data, present, ci)
    except (TrustMeasureError, np.linalg.LinAlgError) as problem:
        return {}, f"No second-order omega: {_reason(problem)}"
    return {f"{name}{end}": float(row[f"{name}{end}"]) for name in asked for end in ENDS}, ""


def _reason(problem: Exception) -> str:
    if isinstance(problem, IdentificationError | ConvergenceError):
        return "the second-order model has no solution for these data."
    return str(problem)


def _second_order(data: pd.DataFrame, parts: Sequence[Sequence[str]], ci: float) -> pd.Series:
    """Fit one factor over the dimensions to complete rows, in names of its own."""
    own = {item: f"item_{i + 1}" for i, item in enumerate(item for part in parts for item in part)}
    lines = [f"part_{j + 1} =~ {' + '.join(own[i] for i in part)}" for j, part in enumerate(parts)]
    whole = " + ".join(f"part_{j + 1}" for j in range(len(parts)))
    frame = data[list(own)].rename(columns=own)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TrustMeasureWarning)
        result = fit_sem("\n".join([*lines, f"whole =~ {whole}"]), frame, std_lv=True)
    return higher_order_reliability(result, "whole", ci=ci).frame.iloc[0]
