"""Exploratory factor analysis: items or correlations in, rotated factors with fit out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.errors import DataError
from trustmeasure.factors.correlations import Correlations, correlations_of, items_of
from trustmeasure.factors.extraction import Extraction, Method as ExtractionMethod, extract
from trustmeasure.factors.fit import fit_of
from trustmeasure.factors.result import EfaResult
from trustmeasure.factors.rotation import Method as RotationMethod, Rotation, rotate
from trustmeasure.factors.weights import ScoreMethod, score_weights

NO_N = "Without the number of people behind the matrix (n_obs) there is no test of fit."
NO_TEST = (
    "No test of fit: it holds for Pearson correlations. For ordinal answers fit the factors with esem(..., "
    "ordered=True), or judge the residuals (srmr)."
)
ABOUT = {
    "minres": "Minimum residuals does not minimise what the test looks at: chi-square is a little too large.",
    "pa": "Principal axes do not minimise what the test looks at: chi-square is a little too large.",
}
INCOMPLETE = (
    "The test counts everybody with an answer although answers are missing; it is too strict or too mild."
)
SINGULAR = "No test of fit: the correlation matrix, or the reproduced one, has no inverse."
FEW = "No test of fit: too few people for its correction."
ENDS = (
    "The rotation has {k} local minima: the best was reached from {best} of {all} starts, see local_minima()."
)
RARE = "It was reached but once: try more starts."


def efa(
    data: Any,
    n_factors: int,
    *,
    extraction: ExtractionMethod = "minres",
    rotation: RotationMethod = "oblimin",
    correlation: str = "pearson",
    missing: str = "pairwise",
    n_obs: int | None = None,
    smooth: bool = False,
    starts: int = 50,
    seed: int | None = 0,
    **rotation_options: Any,
) -> EfaResult:
    """Return an exploratory factor analysis.

    Parameters
    ----------
    data : frame, 2-D array, Responses, mapping, or square correlation matrix
        One row a person, one column an item; the items of all instruments for `Responses`; a mapping from
        names to frames of items is put side by side. A square matrix with ones in the diagonal is taken as
        correlations.
    n_factors : int
        How many factors; see `parallel_analysis` for how many.
    extraction : {"minres", "ml", "pa"}
        Minimum residuals (unweighted least squares), maximum likelihood, or principal axes, see `extract`.
    rotation : str
        "oblimin", "geomin", "varimax", "promax", "target", ...: see `rotate`.
    correlation : {"pearson", "polychoric", "spearman"}
        Which correlations; polychoric for answers in few categories.
    missing : {"pairwise", "listwise", "fiml"}
        What is done with missing answers.
    n_obs : int, optional
        People behind a correlation matrix, for tests of fit.
    smooth : bool
        Move a matrix without an inverse to the nearest one that has.
    starts, seed : int
        Starts of the rotation, and seed of the random ones; the same seed gives the same answer.
    **rotation_options
        Further options of `rotate`: orthogonal, gamma, kappa, epsilon, power, target, normalize.

    Returns
    -------
    EfaResult
        `.loadings .structure .phi .communalities .uniquenesses .variance .fit .complexity .residuals`,
        `.local_minima()`, `.to_frame()`, `.summary()`.

    Raises
    ------
    ArgumentError
        For an unknown method or option, or more factors than the items can carry.
    DataError
        If there are no correlations: an item without answers or variance, text, too few people.
    ConvergenceError
        If extraction or rotation finds no solution.

    Notes
    -----
    Checked against: psych 2.2.9 `fa`, R 4.2.2 `factanal` and GPArotation 2022.10-2 (tests/reference/factors).

    Examples
    --------
    >>> import trustmeasure as tm
    >>> items = tm.load_sample("trust-survey").items("cognitive_trust")
    >>> found = tm.efa(items, 3, extraction="ml")
    >>> found.loadings.shape, bool(found.fit["srmr"] < 0.05)
    ((12, 3), True)
    """
    found = correlations_of(data, correlation=correlation, missing=missing, n_obs=n_obs, smooth=smooth)
    return efa_of(found, n_factors, extraction, rotation, starts=starts, seed=seed, **rotation_options)


def efa_of(
    found: Correlations,
    n_factors: int,
    extraction: ExtractionMethod = "minres",
    rotation: RotationMethod = "oblimin",
    **rotation_options: Any,
) -> EfaResult:
    """Return the same of correlations that are there already."""
    factors = extract(found.corr, n_factors, extraction)
    names = [f"F{j + 1}" for j in range(n_factors)]
    start = pd.DataFrame(factors.loadings, index=list(found.names), columns=names)
    turned = rotate(start, rotation, **rotation_options)
    fit = fit_of(found.corr, factors, found.n_obs, tested=found.correlation == "pearson")
    notes = (*found.notes, *_test_notes(found, factors, fit), *_heywood_notes(found, factors))
    return EfaResult(n_factors, found, factors, turned, fit, (*notes, *_minima_notes(turned)))


def _test_notes(found: Correlations, factors: Extraction, fit: pd.Series[float]) -> tuple[str, ...]:
    if found.correlation != "pearson":
        return (NO_TEST,)
    if found.n_obs is None:
        return (NO_N,)
    if np.isnan(fit["chisq"]):
        return (SINGULAR if np.isnan(fit["objective"]) and found.n_obs > found.n_items else FEW,)
    about = ABOUT.get(factors.method)
    incomplete = found.missing in {"pairwise", "fiml"} and found.n_complete < found.n_obs
    return (*((about,) if about else ()), *((INCOMPLETE,) if incomplete else ()))


def _heywood_notes(found: Correlations, factors: Extraction) -> tuple[str, ...]:
    marked = [name for name, at in zip(found.names, factors.heywood, strict=True) if at]
    if not marked:
        return ()
    return (
        f"Heywood case: the factors explain all of {', '.join(marked)}. Too many factors, too few people, "
        "or a factor with fewer than three items are the usual reasons.",
    )


def _minima_notes(turned: Rotation) -> tuple[str, ...]:
    if turned.minima is None or len(turned.minima.values) < 2:
        return ()
    best = int(turned.minima.times[0])
    said = ENDS.format(k=len(turned.minima.values), best=best, all=turned.minima.n_starts)
    return (said, RARE) if best == 1 else (said,)


def efa_scores(result: EfaResult, data: Any = None, *, method: ScoreMethod = "regression") -> pd.DataFrame:
    """Return factor scores of people from an exploratory factor analysis.

    Items are standardised with the means and standard deviations of the people analysed and weighted; how
    well scores can know their factor is `result.variance["determinacy"]`.

    Parameters
    ----------
    result : EfaResult
        An analysis of rows; one of a matrix knows no means.
    data : frame, 2-D array, Responses or mapping, optional
        People to score, with the items of the analysis; those that were analysed otherwise.
    method : {"regression", "bartlett", "ten_berge"}
        Thurstone's regression, Bartlett's unbiased, or ten Berge's scores, which correlate as the factors do.

    Returns
    -------
    pandas.DataFrame
        One row a person, one column a factor; NaN for people who left an item out.

    Raises
    ------
    DataError
        If the analysis had no rows, or an item is not in `data`.

    References
    ----------
    ten Berge, J. M. F., Krijnen, W. P., Wansbeek, T., & Shapiro, A. (1999). Some new results on
    correlation-preserving factor scores prediction methods. Linear Algebra and its Applications, 289(1-3),
    311-318.

    Notes
    -----
    Held against what defines each method: regression scores have the structure as their covariances with the
    items, Bartlett's weights reproduce the pattern, ten Berge's scores correlate as the factors do.

    Examples
    --------
    >>> import trustmeasure as tm
    >>> found = tm.efa(tm.load_sample("trust-survey").items("cognitive_trust"), 3)
    >>> scores = tm.efa_scores(found, method="ten_berge")
    >>> bool(abs(scores.corr() - found.phi).max().max() < 0.02)
    True
    """
    held = result.correlations
    if held.values is None:
        raise DataError(
            "The analysis rests on a correlation matrix, which knows neither people nor means. Analyse the "
            "rows."
        )
    weights = score_weights(
        held.corr,
        result.loadings.to_numpy(dtype=float),
        result.phi.to_numpy(dtype=float),
        result.extraction.uniquenesses,
        method,
    )
    names = list(held.names)
    rows = pd.DataFrame(held.values, columns=names) if data is None else items_of(data)
    absent = [name for name in names if name not in rows.columns]
    if absent:
        raise DataError(f"data lack items of the analysis: {', '.join(absent)}.")
    mean, sd = np.nanmean(held.values, axis=0), np.nanstd(held.values, axis=0, ddof=1)
    z = (rows[names].to_numpy(dtype=float) - mean) / sd
    return pd.DataFrame(z @ weights, columns=list(result.loadings.columns))
