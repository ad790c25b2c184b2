"""Which estimations the report has words for, and which fit measures papers report of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

import pandas as pd

from trustmeasure.errors import ArgumentError

if TYPE_CHECKING:
    from trustmeasure.sem import SemResult

DESCRIBED: Mapping[str, tuple[str, ...]] = {
    "ML": ("listwise", "fiml"),
    "MLR": ("listwise", "fiml"),
    "WLSMV": ("listwise", "pairwise"),
}
"""Estimator -> treatments of missing answers that the report has words for."""
ESTIMATORS = tuple(DESCRIBED)
MISSING = ("listwise", "fiml", "pairwise")

Kind = Literal["plain", "robust", "scaled"]
INDICES = ("cfi", "tli", "rmsea", "rmsea_ci_lower", "rmsea_ci_upper", "rmsea_pvalue")


def kind_of(result: SemResult) -> Kind:
    """Return which variant of the fit measures is reported.

    robust: the scaled chi-square, and indices that estimate those of normal data (MLR). scaled: all from the
    scaled chi-square, as it is usual for ordinal data (WLSMV).
    """
    if result.model.ordered:
        return "scaled"
    return "robust" if result.estimator == "MLR" else "plain"


def reported_fit(result: SemResult) -> pd.Series:
    """Return chisq, df, pvalue, cfi, tli, rmsea with limits and p, srmr, aic and bic as they are reported.

    Parameters
    ----------
    result : SemResult
        A fit that the report describes.

    Returns
    -------
    pandas.Series
        The measures under their plain names; NaN for what the estimator does not have.
    """
    measures, kind = result.fit_measures, kind_of(result)
    test = "" if kind == "plain" else "_scaled"
    names = {name: f"{name}{test}" for name in ("chisq", "df", "pvalue")}
    names |= {name: name if kind == "plain" else f"{name}_{kind}" for name in INDICES}
    names |= {name: name for name in ("srmr", "aic", "bic")}
    values = {name: float(measures.get(own, float("nan"))) for name, own in names.items()}
    return pd.Series(values, dtype="float64")


def refuse_undescribed(result: SemResult) -> None:
    """Raise ArgumentError for a fit whose method the report has no words for."""
    ordinal = result.estimator == "WLSMV"
    known = result.missing in DESCRIBED.get(result.estimator, ()) and bool(result.model.ordered) == ordinal
    if known and len(result.groups) == 1:
        return
    groups = f" in {len(result.groups)} groups" if len(result.groups) > 1 else ""
    with_what = "ordinal variables, " if result.model.ordered else ""
    raise ArgumentError(
        "The report describes models without groups fitted by estimator='ML' or 'MLR' (missing='listwise' or "
        "'fiml'), and of ordinal variables by 'WLSMV' (missing='listwise' or 'pairwise'); this one is by "
        f"'{result.estimator}' with {with_what}missing='{result.missing}'{groups}. Show its summary()."
    )
