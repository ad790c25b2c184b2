"""How well m factors reproduce a correlation matrix."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from trustmeasure.factors.extraction import Extraction, degrees_of_freedom
from trustmeasure.frames import Array
from trustmeasure.sem import indices

NAN = float("nan")
RESIDUAL = ("srmr", "rmsr", "fit_off")
TESTED = (
    "objective",
    "chisq",
    "df",
    "pvalue",
    "cfi",
    "tli",
    "rmsea",
    "rmsea_ci_lower",
    "rmsea_ci_upper",
    "bic",
    "null_chisq",
    "null_df",
)


def reproduced(found: Extraction) -> Array:
    """Return the correlations that factors and uniquenesses reproduce, shape (p, p)."""
    return np.asarray(found.loadings @ found.loadings.T + np.diag(found.uniquenesses))


def residuals(corr: Array, found: Extraction) -> Array:
    """Return correlations minus reproduced ones off the diagonal, shape (p, p)."""
    rest = corr - found.loadings @ found.loadings.T
    np.fill_diagonal(rest, 0.0)
    return np.asarray(rest)


def discrepancy(corr: Array, found: Extraction) -> float:
    """Return tr(R inv(S)) - log|R inv(S)| - p of the reproduced S; NaN when R or S has no inverse."""
    model = reproduced(found)
    if min(np.linalg.eigvalsh(corr)[0], np.linalg.eigvalsh(model)[0]) <= 1e-12:
        return NAN
    ratio = np.linalg.solve(model, corr)
    return float(np.trace(ratio) - np.linalg.slogdet(ratio)[1] - len(corr))


def residual_indices(corr: Array, found: Extraction) -> dict[str, float]:
    """Return srmr (all cells), rmsr (off the diagonal) and the share of squared correlations explained."""
    p, rest = len(corr), residuals(corr, found)
    squares = float((rest**2).sum()) / 2.0
    whole = float((corr**2).sum() - p) / 2.0
    return {
        "srmr": float(np.sqrt(squares / (p * (p + 1) / 2.0))),
        "rmsr": float(np.sqrt(squares / (p * (p - 1) / 2.0))),
        "fit_off": 1.0 - squares / whole if whole > 0 else NAN,
    }


def likelihood_indices(corr: Array, found: Extraction, n: int) -> dict[str, float]:
    """Return the likelihood ratio test with Bartlett's correction and the indices that rest on it.

    chi-square is F (n - 1 - (2p + 5) / 6 - 2m / 3) (Bartlett 1951) with F the ML discrepancy, that of
    unrelated items -log|R| (n - 1 - (2p + 5) / 6). TLI takes the first multiplier for both (Tucker and Lewis
    1973).
    """
    p, m = found.loadings.shape
    objective, df, null_df = discrepancy(corr, found), degrees_of_freedom(p, m), p * (p - 1) // 2
    own = n - 1.0 - (2.0 * p + 5.0) / 6.0 - 2.0 * m / 3.0
    if not np.isfinite(objective) or own <= 0:
        return {**dict.fromkeys(TESTED, NAN), "df": float(df), "null_df": float(null_df)}
    unrelated = -float(np.linalg.slogdet(corr)[1])
    chisq, null = max(objective, 0.0) * own, unrelated * (own + 2.0 * m / 3.0)
    limits = indices.rmsea_interval(chisq, df, n)
    return {
        "objective": objective,
        "chisq": chisq,
        "df": float(df),
        "pvalue": float(stats.chi2.sf(chisq, df)) if df > 0 else NAN,
        "cfi": indices.cfi(chisq, df, null, null_df),
        "tli": indices.tli(chisq, df, unrelated * own, null_df),
        "rmsea": indices.rmsea(chisq, df, n),
        "rmsea_ci_lower": limits[0],
        "rmsea_ci_upper": limits[1],
        "bic": chisq - df * float(np.log(n)),
        "null_chisq": null,
        "null_df": float(null_df),
    }


def fit_of(corr: Array, found: Extraction, n: int | None, *, tested: bool) -> pd.Series[float]:
    """Return all indices; NaN for those that rest on a test when there is none."""
    p, m = found.loadings.shape
    bare = {**dict.fromkeys(TESTED, NAN), "df": float(degrees_of_freedom(p, m))}
    test = likelihood_indices(corr, found, n) if tested and n is not None else bare
    return pd.Series({**test, **residual_indices(corr, found)}, dtype=float)


def complexities(loadings: Array) -> Array:
    """Return Hofmann's (1978) index of each row: (sum l^2)^2 / sum l^4, the number of factors it takes."""
    fourth = (loadings**4).sum(axis=1)
    bare = fourth == 0.0
    squared = (loadings**2).sum(axis=1) ** 2
    return np.where(bare, np.nan, squared / np.where(bare, 1.0, fourth))


def explained(loadings: Array, phi: Array) -> Array:
    """Return the variance that each factor explains, shape (m,); together the sum of communalities."""
    return np.asarray(np.diag(phi @ loadings.T @ loadings))


def determinacies(corr: Array, structure: Array) -> Array:
    """Return the multiple correlation of each factor with the items, shape (m,).

    The root of the diagonal of S' inv(R) S, S the correlations of items with factors; by the pseudo-inverse
    where R has none.
    """
    inverse = np.linalg.pinv(corr, rcond=1e-10, hermitian=True)
    return np.sqrt(np.clip(np.diag(structure.T @ inverse @ structure), 0.0, 1.0))
