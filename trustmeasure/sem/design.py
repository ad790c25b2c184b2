"""How rows were sampled: weights and clusters, what they need, and what a reader must be told of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.columns import Columns
from trustmeasure.errors import ArgumentError, DataError
from trustmeasure.frames import numbers_of
from trustmeasure.moments import Design, SampleMoments

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]

FEW_CLUSTERS = 50
"""Cameron & Miller (2015, Journal of Human Resources 50(2), 317-372): few may mean fewer than 20 to 50."""


def weights_of(columns: Columns, name: str) -> Array:
    """Return the sampling weights in the column `name`, shape (n,).

    Raises
    ------
    DataError
        If there is no such column, or a weight is missing, negative, infinite or no number, or all are zero.
    """
    column = columns.column(name, what="weights column")
    weights = np.asarray(numbers_of(column, name), dtype=float)
    bad = ~np.isfinite(weights)
    if bad.any():
        raise DataError(
            f"The weights '{name}' are missing or infinite in {bad.sum()} rows, first in row "
            f"{np.flatnonzero(bad)[0] + 1}. Every row needs a weight; 0 leaves a row out."
        )
    if (weights < 0).any():
        row = int(np.flatnonzero(weights < 0)[0])
        raise DataError(
            f"The weights '{name}' are negative in {(weights < 0).sum()} rows, first {weights[row]:g} in row "
            f"{row + 1}. Sampling weights say how many people a row stands for, so they cannot be negative."
        )
    if not (weights > 0).any():
        raise DataError(f"The weights '{name}' are zero in all rows, so no row is left.")
    return weights


def clusters_of(columns: Columns, name: str) -> Index:
    """Return the numbers of the clusters in the column `name`, shape (n,).

    Raises
    ------
    DataError
        If there is no such column, or a value is missing.
    """
    codes, _ = pd.factorize(columns.column(name, what="cluster variable"))
    missing = codes < 0
    if missing.any():
        raise DataError(
            f"The cluster variable '{name}' is missing in {missing.sum()} rows, first in row "
            f"{np.flatnonzero(missing)[0] + 1}. Say which cluster they belong to, or leave them out first."
        )
    return np.asarray(codes, dtype=np.intp)


def robust_estimator(
    estimator: str, weights: str | None, cluster: str | None, *, missing: str, engine: str
) -> str:
    """Return the estimator that weighted or clustered rows need; raise for what is not supported, by name.

    Parameters
    ----------
    estimator : str
        What was asked for.
    weights, cluster : str or None
        Their columns.
    missing, engine : str
        As for `fit_sem`.

    Returns
    -------
    str
        "MLR" for "ML": errors and tests that assume independent rows of one weight would be wrong.
    """
    if weights is None and cluster is None:
        return estimator
    what = " and ".join(n for n, v in (("weights", weights), ("cluster", cluster)) if v is not None)
    if engine != "trustmeasure":
        raise ArgumentError(f"engine='{engine}' does not support {what}. Use engine='trustmeasure'.")
    if missing != "listwise":
        raise ArgumentError(
            f"This version does not support {what} with missing='{missing}'. Use missing='listwise'."
        )
    if estimator == "MLM" and weights is None:
        return estimator
    if estimator not in ("ML", "MLR"):
        raise ArgumentError(
            f"This version does not support {what} with estimator='{estimator}'. Use estimator='MLR'."
        )
    return "MLR"


def design_note(estimator: str, weights: str | None, cluster: str | None) -> tuple[str, ...]:
    """Return what to tell a reader who asked for ML with weights or clusters."""
    if estimator != "ML" or (weights is None and cluster is None):
        return ()
    what = " and ".join(n for n, v in (("weights", weights), ("clusters", cluster)) if v is not None)
    return (
        f"With {what}, standard errors and tests of plain ML are wrong, so they are those of estimator='MLR' "
        "(the estimates are the same). Say estimator='MLR' to ask for it by name.",
    )


def refuse_resampling(designs: Sequence[Design | None], kind: str, cluster: str | None) -> None:
    """Raise ArgumentError when draws of single rows would not repeat how the rows were sampled.

    Parameters
    ----------
    designs : sequence of Design or None
        Of each group of the result.
    kind, cluster : str, str or None
        As for `trustmeasure.bootstrap`.
    """
    known = [d for d in designs if d is not None]
    if any(d.weighted for d in known):
        raise ArgumentError(
            "The result has sampling weights, and draws of rows do not repeat how weighted rows were "
            "sampled: this version does not bootstrap it. Its standard errors are robust already."
        )
    if any(d.n_clusters for d in known) and (cluster is None or kind != "nonparametric"):
        raise ArgumentError(
            'The result has clusters, so whole clusters must be drawn: say cluster="..." with '
            'kind="nonparametric".'
        )


def normalised(samples: Sequence[SampleMoments]) -> tuple[SampleMoments, ...]:
    """Return moments whose weights sum to the number of rows over all groups (as lavaan's "total")."""
    designs = [m.design for m in samples if m.design is not None]
    if not any(d.weighted for d in designs):
        return tuple(samples)
    factor = sum(m.n_obs for m in samples) / sum(d.weight for d in designs)
    return tuple(replace(m, design=_scaled(m.design, factor)) for m in samples)


def _scaled(design: Design | None, factor: float) -> Design | None:
    if design is None:
        return None
    return replace(design, weight=design.weight * factor, squares=design.squares * factor**2)


def effective_size(designs: Sequence[Design]) -> float:
    """Return the effective sample size `(sum w)^2 / sum w^2` (Kish 1965, Survey Sampling)."""
    return sum(d.weight for d in designs) ** 2 / sum(d.squares for d in designs)


def cluster_notes(n_clusters: int, n_obs: int, npar: int) -> list[str]:
    """Return what a reader must know when clusters are few, or no clusters at all."""
    if n_clusters == n_obs:
        return ["Every cluster has only one row, so the clusters change nothing but a small correction."]
    if n_clusters >= FEW_CLUSTERS:
        return []
    found = [
        f"Only {n_clusters} clusters: cluster-robust standard errors are too small on average when clusters "
        "are few; below 20 to 50 is few (Cameron & Miller 2015, Journal of Human Resources 50(2), 317-372)."
    ]
    if n_clusters <= npar:
        found.append(
            f"There are not more clusters ({n_clusters}) than free parameters ({npar}), so the covariance "
            "matrix of the estimates is singular: no joint test of as many parameters as clusters."
        )
    return found
