"""Weight matrices of the statistics of ordinal data."""

from __future__ import annotations

import numpy as np

from trustmeasure.errors import DataError
from trustmeasure.moments.ordinal import OrdinalMoments
from trustmeasure.sem.discrepancy.weights import Diagonal, Full, Weight


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
    if found.variances.min() <= 0:
        raise DataError("A threshold or correlation does not vary, so DWLS has no weight. Use ULSMV.")
    return Diagonal(1.0 / found.variances)


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
