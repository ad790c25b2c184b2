"""What a model needs to know of ordinal and continuous variables together."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trustmeasure.moments.layout import Layout
from trustmeasure.moments.margins import Rows, margins_of
from trustmeasure.moments.pairs import pair_kinds
from trustmeasure.moments.sandwich import sandwich, to_covariances
from trustmeasure.moments.tables import codes_of

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class OrdinalMoments:
    """Thresholds, slopes, variances and correlations of one sample (Muthen 1984).

    Attributes
    ----------
    layout : Layout
        Which statistics there are, of p variables and k covariates.
    categories : tuple of tuple of float, length p
        The codes of each ordinal variable in their order; empty for a continuous one.
    statistics : array, shape (m,)
        The statistics in the order of the layout.
    gamma : array, shape (m, m), or None
        Asymptotic covariance matrix of the statistics times the size of the sample; None where only its
        diagonal was asked for, or nothing.
    variances : array, shape (m,), or None
        The diagonal of `gamma`.
    n_obs : int
        Rows used.
    n_dropped : int
        Rows left out because a value was missing.
    weight : float
        What the sample counts for: rows, or the sum of the weights.
    covariate_cov, covariate_mean : arrays, shapes (k, k) and (k,), or None
        Moments of the covariates, divisor n.
    notes : tuple of str
        What a reader should know of the data.
    """

    layout: Layout
    categories: tuple[tuple[float, ...], ...]
    statistics: Array
    gamma: Array | None
    variances: Array | None
    n_obs: int
    n_dropped: int = 0
    weight: float = float("nan")
    covariate_cov: Array | None = None
    covariate_mean: Array | None = None
    notes: tuple[str, ...] = ()


def ordinal_moments(
    values: Array,
    names: Sequence[str],
    ordered: Collection[str],
    covariates: Sequence[str] = (),
    *,
    missing: str = "listwise",
    weights: Array | None = None,
    gamma: str = "full",
    categories: Mapping[str, tuple[float, ...]] | None = None,
) -> OrdinalMoments:
    """Return thresholds, slopes, variances and correlations of rows, and how they vary."""
    at_x = [list(names).index(c) for c in covariates]
    at_y = [i for i in range(len(names)) if i not in at_x]
    values = np.asarray(values, dtype=float)
    kept = (
        np.isfinite(values).all(axis=1) if missing == "listwise" else np.isfinite(values[:, at_x]).all(axis=1)
    )
    if missing == "pairwise":
        kept &= np.isfinite(values[:, at_y]).any(axis=1)
    n_dropped = int((~kept).sum())
    values = values[kept]
    y = values[:, at_y]
    y_names = tuple(names[i] for i in at_y)
    is_ordinal = np.array([name in set(ordered) for name in y_names])
    known = categories or {}
    codes = tuple(
        tuple(known.get(name, tuple(np.unique(col[np.isfinite(col)]).tolist()))) if o else ()
        for name, col, o in zip(y_names, y.T, is_ordinal, strict=True)
    )
    layout = Layout(y_names, tuple(max(len(c) - 1, 0) for c in codes), tuple(covariates))
    rows = Rows(
        codes_of(y[:, is_ordinal], tuple(c for c, o in zip(codes, is_ordinal, strict=True) if o)),
        y[:, ~is_ordinal],
        values[:, at_x],
        None if weights is None else weights[kept] * (kept.sum() / weights[kept].sum()),
    )
    margins = margins_of(layout, rows)
    kinds = pair_kinds(margins, rows)
    rho = np.empty(layout.pairs[0].size)
    for kind in kinds:
        rho[kind.at] = kind.correlations(margins, rows)
    raw = np.concatenate([margins.statistics, rho])
    statistics, jacobian = to_covariances(layout, raw)
    found = None
    if gamma != "none":
        found = len(rows) * (jacobian @ sandwich(margins, rows, kinds, rho).covariance() @ jacobian.T)
    variances = None if found is None else np.diag(found).copy()
    return OrdinalMoments(
        layout,
        codes,
        statistics,
        found if gamma == "full" else None,
        variances,
        len(rows),
        n_dropped,
        float(len(rows)),
    )
