"""The hull method: the number of factors after which more of them bring little fit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.check import at_least, one_of
from trustmeasure.display import Summary, Table
from trustmeasure.errors import ConvergenceError, DataError
from trustmeasure.factors.adequacy import kmo_of
from trustmeasure.factors.correlations import Correlations, correlations_of
from trustmeasure.factors.extraction import degrees_of_freedom, extract, most_factors
from trustmeasure.factors.parallel import ParallelAnalysis, parallel_analysis
from trustmeasure.frames import Array

FITS = ("cfi", "caf")
FEWEST_ITEMS = 6
FEWEST_POINTS = 3
EXTRACTIONS = {"cfi": "maximum likelihood", "caf": "minimum residuals"}
LABELS = {"number": "factors", "st": "bend"}


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Hull:
    """The hull method.

    Attributes
    ----------
    n_factors : int or None
        Factors where the hull bends most; None when it has no point between its ends.
    solutions : pandas.DataFrame
        One row a number of factors from 0: `number`, `df`, `fit`, `on_hull`, `st` (how much fit a factor
        brought, over how much the next one brings; NaN off the hull and at its ends), `note`.
    fit : {"cfi", "caf"}
        What `fit` is.
    n_items : int
        Number of items, p.
    n_obs : int or None
        People behind the correlations.
    correlation : str
        Kind of correlations.
    notes : tuple of str
        What a reader must know.
    """

    n_factors: int | None
    solutions: pd.DataFrame
    fit: str
    n_items: int
    n_obs: int | None
    correlation: str
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return one row a number of factors: number, df, fit, on_hull, st, note."""
        return self.solutions.copy()

    def summary(self) -> Summary:
        """Return the suggested number and all solutions for reading."""
        said = "None suggested." if self.n_factors is None else f"Suggested: {self.n_factors}."
        labels = LABELS | {"fit": self.fit.upper()}
        return Summary("Hull method", [said, Table("Solutions", self.solutions, self.notes, labels=labels)])

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def hull(
    data: Any,
    *,
    fit: str = "cfi",
    max_factors: int | None = None,
    correlation: str = "pearson",
    missing: str = "pairwise",
    n_obs: int | None = None,
    seed: int | None = None,
    smooth: bool = False,
    parallel: ParallelAnalysis | None = None,
) -> Hull:
    r"""Return the number of factors at which the fit, drawn against degrees of freedom, bends most.

    Parameters
    ----------
    data : frame, 2-D array, Responses, mapping, or correlation matrix
        One row a person, one column an item; or a square matrix of correlations.
    fit : {"cfi", "caf"}
        Comparative fit index of maximum likelihood solutions, or the common part accounted for by minimum
        residual ones, which asks for no distribution and also goes with polychoric correlations.
    max_factors : int, optional
        Most factors looked at; otherwise one more than parallel analysis suggests (factors, mean), at least
        3, and no more than the items allow. A solution at either end is never suggested.
    correlation : {"pearson", "polychoric", "spearman"}
        Which correlations.
    missing : {"pairwise", "listwise", "fiml"}
        What is done with missing answers.
    n_obs : int, optional
        People behind a matrix; needed when `data` is one.
    seed : int, optional
        Of the parallel analysis.
    smooth : bool
        Move an indefinite matrix to the nearest one that is not.
    parallel : ParallelAnalysis, optional
        One of the same data that was made before.

    Returns
    -------
    Hull
        `.n_factors`, `.to_frame()`.

    Raises
    ------
    ArgumentError
        If a matrix came without `n_obs`, or for an unknown option.
    DataError
        For fewer than 6 items, or correlations without an inverse.

    Notes
    -----
    Solutions from 0 factors to the most are taken by falling degrees of freedom; those that fit no better
    than one with fewer factors, and those on or below the line through their neighbours, are left out. Of
    what remains,

    .. math:: st_i = \frac{(f_i - f_{i-1}) / (df_{i-1} - df_i)}{(f_{i+1} - f_i) / (df_i - df_{i+1})}

    is largest where the hull bends most. CFI is not cut off at 1 here, as otherwise all solutions that fit
    better than expected would be the same. CAF is 1 minus the KMO of what the factors leave. Checked against:
    the steps of the paper in R with `factanal` and psych (tests/reference/factors/hull.R).

    References
    ----------
    Lorenzo-Seva, U., Timmerman, M. E., & Kiers, H. A. L. (2011). The hull method for selecting the number of
    common factors. Multivariate Behavioral Research, 46(2), 340-364.

    Examples
    --------
    >>> import trustmeasure as tm
    >>> tm.hull(tm.load_sample("trust-survey").items("cognitive_trust"), seed=1).n_factors
    3
    """
    one_of("fit", fit, FITS)
    found = correlations_of(data, correlation=correlation, missing=missing, n_obs=n_obs, smooth=smooth)
    n = found.require_n("The hull method")
    found.require_items(FEWEST_ITEMS, "The hull method")
    found.require_inverse("The hull method")
    most, why = _most(found, max_factors, seed, parallel)
    fits, notes = _fits(found.corr, n, most, fit)
    df = np.array([degrees_of_freedom(found.n_items, m) for m in range(most + 1)], dtype=float)
    on_hull, st = hull_of(fits, df)
    solutions = pd.DataFrame(
        {"number": np.arange(most + 1), "df": df, "fit": fits, "on_hull": on_hull, "st": st, "note": notes}
    )
    chosen = None if np.isnan(st).all() else int(np.nanargmax(st))
    how = f"Fit: {fit.upper()} of {EXTRACTIONS[fit]} solutions. {why}"
    none = () if chosen is not None else ("The hull has no point between its ends, so it does not bend.",)
    return Hull(chosen, solutions, fit, found.n_items, n, found.correlation, (how, *none, *found.notes))


def hull_of(fits: Array, df: Array) -> tuple[np.ndarray[Any, np.dtype[np.bool_]], Array]:
    """Return which solutions are on the hull (k,), and how much it bends at each (k,), NaN where it cannot.

    Parameters
    ----------
    fits : array, shape (k,)
        Fit, the higher the better, from the fewest factors on; NaN for a solution that does not exist.
    df : array, shape (k,)
        Degrees of freedom, falling.

    Examples
    --------
    >>> on, st = hull_of(np.array([0.0, 0.6, 0.95, 0.97]), np.array([36.0, 27.0, 19.0, 12.0]))
    >>> on.tolist(), st.round(2).tolist()
    ([True, True, True, True], [nan, 1.52, 15.31, nan])
    """
    kept = [int(i) for i in np.flatnonzero(np.isfinite(fits))]
    best = np.maximum.accumulate(np.where(np.isfinite(fits), fits, -np.inf))
    kept = [i for i in kept if i == 0 or fits[i] > best[i - 1]]
    while True:
        below = [k for i, k, j in zip(kept, kept[1:], kept[2:], strict=False) if _below(i, k, j, fits, df)]
        if not below:
            break
        kept.remove(below[0])
    st = np.full(len(fits), np.nan)
    for i, k, j in zip(kept, kept[1:], kept[2:], strict=False):
        st[k] = _slope(i, k, fits, df) / _slope(k, j, fits, df)
    return np.isin(np.arange(len(fits)), kept), st


def _slope(i: int, k: int, fits: Array, df: Array) -> float:
    return float((fits[k] - fits[i]) / (df[i] - df[k]))


def _below(i: int, k: int, j: int, fits: Array, df: Array) -> bool:
    return _slope(i, k, fits, df) <= _slope(i, j, fits, df)


def _most(
    found: Correlations, max_factors: int | None, seed: int | None, parallel: ParallelAnalysis | None
) -> tuple[int, str]:
    """Return the most factors looked at, and where that comes from."""
    possible = most_factors(found.n_items)
    if max_factors is not None:
        return min(at_least("max_factors", max_factors, FEWEST_POINTS - 1), possible), ""
    made = parallel or parallel_analysis(found, draws=200, seed=seed, random=_matrix_only(found))
    suggested = made.suggested("factors", "mean")
    why = f"Parallel analysis (factors, mean) suggests {suggested}"
    return min(max(suggested + 1, FEWEST_POINTS), possible), f"{why}; one more was looked at."


def _matrix_only(found: Correlations) -> str | None:
    return None if found.values is not None else "normal"


def _fits(corr: Array, n: int, most: int, fit: str) -> tuple[Array, list[str]]:
    """Return the fit of 0, 1, ... factors (most + 1,), NaN for one without a solution, and why."""
    none = -float(np.linalg.slogdet(corr)[1])
    fits, notes = np.full(most + 1, np.nan), [""] * (most + 1)
    fits[0] = 0.0 if fit == "cfi" else _common_part(corr)
    for m in range(1, most + 1):
        try:
            if fit == "cfi":
                fits[m] = _cfi(corr, n, m, none)
            else:
                loadings = extract(corr, m, "minres").loadings
                fits[m] = _common_part(corr - loadings @ loadings.T)
        except (ConvergenceError, DataError, np.linalg.LinAlgError):
            notes[m] = "no solution was found"
    return fits, notes


def _cfi(corr: Array, n: int, m: int, none: float) -> float:
    p = len(corr)
    far = (n - 1) * none - degrees_of_freedom(p, 0)
    if far <= 0.0:
        return np.nan
    own = (n - 1) * extract(corr, m, "ml").objective - degrees_of_freedom(p, m)
    return float(1.0 - own / far)


def _common_part(left: Array) -> float:
    """Return 1 - KMO of what factors leave (p, p), with ones in its diagonal."""
    whole = left.copy()
    np.fill_diagonal(whole, 1.0)
    return 1.0 - kmo_of(whole)[0]
