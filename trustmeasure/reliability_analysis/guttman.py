"""Guttman's six lower bounds to reliability, and the greatest lower bound."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.frames import Array
from trustmeasure.reliability_analysis.bounds import GreatestLowerBound, GuttmanLambdas
from trustmeasure.reliability_analysis.coefficients import (
    LAMBDA1,
    LAMBDA2,
    LAMBDA3,
    LAMBDA5,
    LAMBDA6,
    NEARLY_SINGULAR,
    correlations,
)
from trustmeasure.reliability_analysis.estimates import How, estimated
from trustmeasure.reliability_analysis.formulas import correlation_of
from trustmeasure.reliability_analysis.items import (
    ItemMoments,
    item_moments,
    require_total_variance,
    rows_used,
)
from trustmeasure.reliability_analysis.lower_bound import GLB, largest_errors
from trustmeasure.reliability_analysis.splits import EXHAUSTIVE, LAMBDA4, best_splits

LAMBDAS = (LAMBDA1, LAMBDA2, LAMBDA3, LAMBDA4, LAMBDA5, LAMBDA6)
CHANCE = (
    "The sample value of the greatest lower bound is too high, much so for few people and many items, since "
    "it is a maximum over all ways to part error from truth (ten Berge & Socan 2004); lambda 4 likewise."
)
SEARCHED = (
    "lambda 4: the best split that a search found; with more than 16 items not every split is looked at."
)
DEPENDENT = (
    "Items depend on each other linearly, so lambda 6 and the greatest lower bound have no standard error."
)
INDEFINITE = (
    "The pairwise covariances are not those of any complete data (an eigenvalue is negative), so there is no "
    "lambda 6 and no greatest lower bound. Say missing='listwise'."
)


def guttman_lambdas(
    items: Any,
    ci: float = 0.95,
    *,
    missing: str = "pairwise",
    standardized: bool = False,
    interval: str = "adf",
    n_bootstrap: int = 1000,
    seed: int | None = None,
) -> GuttmanLambdas:
    """Return Guttman's six lower bounds to reliability, with intervals.

    With C the covariances of k items, T their sum, and errors of different items uncorrelated, reliability of
    the sum is at least each of

    - lambda1 = 1 - tr C / T
    - lambda2 = lambda1 + sqrt(k / (k - 1) * sum of squared covariances) / T, never below lambda3
    - lambda3 = k / (k - 1) * lambda1, Cronbach's alpha
    - lambda4 = 4 cov(A, B) / T for the split into parts A and B, of any size, that makes it largest
    - lambda5 = lambda1 + 2 sqrt(largest sum of squared covariances of one item) / T
    - lambda6 = 1 - sum of the variances that regressions on the other items leave / T

    Parameters
    ----------
    items : frame, 2-D array or mapping from name to column
        One row a person, one column an item, at least 2 of each; numbers, missing answers as NaN or null.
    ci : float
        Level of the intervals, between 0 and 1.
    missing : {"pairwise", "listwise"}
        As in `cronbach_alpha`.
    standardized : bool
        Judge the sum of items brought to one variance (correlations instead of covariances).
    interval : str
        "adf" (asymptotically distribution-free), or a bootstrap of the rows: "percentile", "bc", "bca",
        "normal".
    n_bootstrap : int
        Draws of a bootstrap.
    seed : int, optional
        Seed of a bootstrap.

    Returns
    -------
    GuttmanLambdas
        `.frame` with a row a bound, `.split`, `.summary()`.

    Raises
    ------
    ArgumentError
        If an argument is not allowed.
    DataError
        As `cronbach_alpha`.

    References
    ----------
    Guttman, L. (1945). A basis for analyzing test-retest reliability. Psychometrika, 10(4), 255-282.

    Notes
    -----
    Up to 16 items all splits are looked at for lambda4, beyond that a search; the note says so. Checked
    against: psych 2.2.9, `guttman` and `splitHalf` (tests/reference/reliability/guttman.R).

    Examples
    --------
    >>> import numpy as np
    >>> answers = np.array([[1, 2, 1], [3, 3, 4], [2, 2, 3], [4, 5, 4], [5, 4, 5.0]])
    >>> found = guttman_lambdas(answers).frame.set_index("coefficient")["estimate"]
    >>> bool(found["lambda2"] >= found["lambda3"] >= found["lambda1"])
    True
    """
    how = How.checked(interval, ci, n_bootstrap, seed)
    moments = item_moments(items, missing)
    require_total_variance(moments)
    chosen = [c.standardized() if standardized else c for c in LAMBDAS]
    found = estimated(moments.values, moments.cov, chosen, how)
    corr = correlation_of(moments.cov)
    signs = best_splits((corr if standardized else moments.cov)[None])[0]
    searched = (SEARCHED,) if len(moments.names) > EXHAUSTIVE else ()
    return GuttmanLambdas(
        frame=found.to_frame(),
        split=tuple(n for n, sign in zip(moments.names, signs, strict=True) if sign > 0),
        ci=ci,
        interval=interval,
        standardized=standardized,
        n_items=len(moments.names),
        n_obs=moments.n_obs,
        n_rows=moments.n_rows,
        notes=(how.words, rows_used(moments, missing), *found.notes, *searched, *_trouble(corr)),
    )


def greatest_lower_bound(
    items: Any,
    ci: float = 0.95,
    *,
    missing: str = "pairwise",
    standardized: bool = False,
    interval: str = "adf",
    n_bootstrap: int = 1000,
    seed: int | None = None,
) -> GreatestLowerBound:
    """Return the greatest lower bound to the reliability of the sum of some items.

    Of all ways to part the covariance matrix C into one of true scores, which is positive semidefinite, and a
    diagonal one of errors, it takes the one with most error: ``glb = 1 - max(sum of error variances) / T``.
    No coefficient that asks for uncorrelated errors alone can promise more. The programme is solved to a
    certified gap (`.gap`).

    Parameters
    ----------
    items : frame, 2-D array or mapping from name to column
        One row a person, one column an item, at least 2 of each; numbers, missing answers as NaN or null.
    ci : float
        Level of the interval, between 0 and 1.
    missing : {"pairwise", "listwise"}
        As in `cronbach_alpha`.
    standardized : bool
        Judge the sum of items brought to one variance.
    interval : str
        "adf" (asymptotically distribution-free), or a bootstrap of the rows: "percentile", "bc", "bca",
        "normal".
    n_bootstrap : int
        Draws of a bootstrap.
    seed : int, optional
        Seed of a bootstrap.

    Returns
    -------
    GreatestLowerBound
        `.glb .se .ci_lower .ci_upper .gap .items`, `.summary()`.

    Raises
    ------
    ArgumentError
        If an argument is not allowed.
    DataError
        As `cronbach_alpha`.

    References
    ----------
    Woodhouse, B., & Jackson, P. H. (1977). Lower bounds for the reliability of the total score on a test
    composed of non-homogeneous items: II. A search procedure to locate the greatest lower bound.
    Psychometrika, 42(4), 579-591.

    ten Berge, J. M. F., & Socan, G. (2004). The greatest lower bound to the reliability of a test and the
    hypothesis of unidimensionality. Psychometrika, 69(4), 613-625.

    Shapiro, A., & ten Berge, J. M. F. (2000). The asymptotic bias of minimum trace factor analysis, with
    applications to the greatest lower bound to reliability. Psychometrika, 65(3), 413-425.

    Notes
    -----
    The sample value is too high, much so for few people and many items (ten Berge & Socan 2004); no interval
    here corrects for it. Checked against: psych 2.2.9, `glb.algebraic` with Rcsdp 0.1.57.4
    (tests/reference/reliability/guttman.R).

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(1)
    >>> answers = rng.normal(size=(300, 1)) + rng.normal(size=(300, 5))
    >>> found = greatest_lower_bound(answers)
    >>> bool(found.glb > 0.83), bool(found.gap < 1e-8)
    (True, True)
    """
    how = How.checked(interval, ci, n_bootstrap, seed)
    moments = item_moments(items, missing)
    require_total_variance(moments)
    chosen = GLB.standardized() if standardized else GLB
    found = estimated(moments.values, moments.cov, [chosen], how)
    table, gap = _error_variances(moments, standardized=standardized)
    trouble = _trouble(correlation_of(moments.cov))
    return GreatestLowerBound(
        glb=float(found.estimate[0]),
        se=float(found.se[0]),
        ci_lower=float(found.lower[0]),
        ci_upper=float(found.upper[0]),
        gap=gap,
        items=table,
        ci=ci,
        interval=interval,
        standardized=standardized,
        n_items=len(moments.names),
        n_obs=moments.n_obs,
        n_rows=moments.n_rows,
        notes=(how.words, rows_used(moments, missing), *found.notes, *trouble, CHANCE),
    )


def _error_variances(moments: ItemMoments, *, standardized: bool) -> tuple[pd.DataFrame, float]:
    """Return the errors of the items at the bound, and the gap in units of the bound."""
    corr = correlations(moments.cov[None])
    cov: Array = corr[0] if standardized else moments.cov
    own = np.diag(cov)
    found = largest_errors(corr, own[None])
    frame = {"item": list(moments.names), "error_variance": found.errors[0] * own}
    gap = float(found.gap[0] * own.sum() / cov.sum())
    return pd.DataFrame({**frame, "communality": 1.0 - found.errors[0]}), gap


def _trouble(corr: Array) -> tuple[str, ...]:
    least = float(np.linalg.eigvalsh(corr)[0])
    if least >= NEARLY_SINGULAR:
        return ()
    return (DEPENDENT,) if least > -1e-8 else (INDEFINITE,)
