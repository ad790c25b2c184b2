"""Weight matrices of the statistics of ordinal data."""

from __future__ import annotations

import numpy as np

from trustmeasure.errors import DataError
from trustmeasure.moments.ordinal import OrdinalMoments
from trustmeasure.sem.discrepancy.weights import Diagonal, Full, Weight

LEAST_VARIANCE = 1e-12
"""Asymptotic variance of a statistic below which rounding is all that it is."""


def ordinal_weight(kind: str, found: OrdinalMoments) -> Weight:
    """Return the weight matrix of WLS (inverse of gamma), DWLS (of its diagonal) or ULS (identity).

    Raises
    ------
    DataError
        If gamma cannot be inverted, or a statistic does not vary.
    """
    if kind == "ULS":
        return Diagonal(np.ones(found.layout.size))
    if kind == "DWLS":
        return _inverse_variances(found)
    inverse = _inverse(found)
    if inverse is None:
        raise DataError(
            f"WLS needs the inverse of the covariance matrix of {found.layout.size} thresholds and "
            f"correlations, which {found.n_obs} rows do not determine. Collect more rows, or use "
            "estimator='WLSMV', which needs no inverse."
        )
    return inverse


def _inverse_variances(found: OrdinalMoments) -> Weight:
    if found.variances is None:
        raise ValueError("DWLS needs the variances of the statistics.")
    if found.variances.min() < LEAST_VARIANCE:
        name = statistic_name(found, int(np.argmin(found.variances)))
        raise DataError(
            f"{name} does not vary over the answers given, so that DWLS has no weight for it: those who "
            "answered all chose alike. Leave a variable out, merge categories, or use estimator='ULSMV'."
        )
    return Diagonal(1.0 / found.variances)


def statistic_name(found: OrdinalMoments, i: int) -> str:
    """Return what the i-th statistic is, in words."""
    key = found.layout.keys[i]
    if isinstance(key, frozenset):
        names = sorted(key)
        pair = f"The correlation of {' and '.join(names)}"
        return pair if len(names) > 1 else f"The variance of {names[0]}"
    variable, place = key
    if isinstance(place, str):
        return f"The slope of {variable} on {place}"
    ordinal = found.layout.ordinal[found.layout.names.index(variable)]
    return f"Threshold t{place + 1} of {variable}" if ordinal else f"The mean of {variable}"


def _inverse(found: OrdinalMoments) -> Weight | None:
    if found.gamma is None:
        raise ValueError("WLS needs the covariance matrix of the statistics.")
    sd = np.sqrt(np.diag(found.gamma))
    if not (sd > 0).all():
        return None
    unit = found.gamma / np.outer(sd, sd)
    if found.n_obs <= len(sd) or np.linalg.eigvalsh(unit)[0] < 1e-10:
        return None
    return Full(np.linalg.inv(unit) / np.outer(sd, sd))
