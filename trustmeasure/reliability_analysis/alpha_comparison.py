"""Whether several alphas are equal: of different people, or of the same people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from trustmeasure.check import in_range
from trustmeasure.display import Summary, Table
from trustmeasure.errors import ArgumentError, DataError
from trustmeasure.frames import Array
from trustmeasure.reliability_analysis.coefficients import ALPHA
from trustmeasure.reliability_analysis.formulas import alpha_of_covariance, feldt_interval
from trustmeasure.reliability_analysis.item_draws import influence
from trustmeasure.reliability_analysis.items import ItemMoments, item_moments, require_total_variance
from trustmeasure.responses.item_frame import item_frame
from trustmeasure.sem.chisq import normal_quantile

LABELS = {"ci_lower": "lower", "ci_upper": "upper", "n_items": "items", "n_obs": "n", "p_value": "p"}
SOURCES = {
    "feldt": "Feldt (1969), for two alphas of different people",
    "feldt_woodruff_salih": "Feldt, Woodruff & Salih (1987), for any number",
    "adf": "Wald test, asymptotically distribution-free",
}


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class AlphaComparison:
    """Tests of the equality of alphas.

    Attributes
    ----------
    frame : pandas.DataFrame
        One row a set of items: name, n_items, n_obs, alpha, ci_lower, ci_upper (Feldt).
    tests : pandas.DataFrame
        One row a test: test (feldt, feldt_woodruff_salih, adf), statistic, distribution, df1, df2, p_value.
    differences : pandas.DataFrame
        One row a pair: first, second, difference, se, ci_lower, ci_upper (distribution-free).
    paired : bool
        Whether the same people answered all sets.
    ci : float
        Level of the intervals.
    """

    frame: pd.DataFrame
    tests: pd.DataFrame
    differences: pd.DataFrame
    paired: bool
    ci: float

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the tests."""
        return self.tests.copy()

    def summary(self) -> Summary:
        """Return alphas, tests and differences, to be shown as text or HTML."""
        who = "The same people answered all sets." if self.paired else "Different people answered each set."
        what = "; ".join(
            f"{name}: {text}" for name, text in SOURCES.items() if name in set(self.tests["test"])
        )
        level = f"{100 * self.ci:g} % intervals: Feldt's for alphas, distribution-free for differences."
        return Summary(
            "Equality of alphas",
            [
                Table("Alphas", self.frame, (who, level), labels=LABELS),
                Table("Tests that all are equal", self.tests, (f"{what}.",), labels=LABELS),
                Table("Differences", self.differences, labels=LABELS),
            ],
        )

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def compare_alphas(
    sets: Mapping[str, Any], ci: float = 0.95, *, paired: bool = False, missing: str = "pairwise"
) -> AlphaComparison:
    """Test whether two or more alphas are equal.

    Parameters
    ----------
    sets : mapping
        Name -> frame of items. Of different people (languages, sectors, ...), or with `paired` of the same
        people in the same rows (two scales, two waves).
    ci : float
        Level of the intervals, between 0 and 1.
    paired : bool
        Whether the rows of all sets are the same people; rows with a missing answer in any set are left out
        then.
    missing : {"pairwise", "listwise"}
        As in `cronbach_alpha`, when not paired.

    Returns
    -------
    AlphaComparison
        `.tests`, `.frame`, `.differences`, `.summary()`.

    Raises
    ------
    ArgumentError
        If there are fewer than two sets, or paired sets of different lengths.
    DataError
        As `cronbach_alpha`; or if fewer than 4 rows are complete in all paired sets.

    References
    ----------
    Feldt, L. S. (1969). A test of the hypothesis that Cronbach's alpha or Kuder-Richardson coefficient twenty
    is the same for two tests. Psychometrika, 34(3), 363-373.

    Feldt, L. S., Woodruff, D. J., & Salih, F. A. (1987). Statistical inference for coefficient alpha. Applied
    Psychological Measurement, 11(1), 93-103.

    Notes
    -----
    The tests of Feldt and others ask for normal answers and essentially parallel items, and paired ones for
    sets without common items; the distribution-free one for some hundred people. Checked against: the worked
    examples of Feldt, Woodruff and Salih, as the R package cocron gives them.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(1)
    >>> def answers(noise):
    ...     return rng.normal(size=(200, 1)) + noise * rng.normal(size=(200, 4))
    >>> found = compare_alphas({"first": answers(0.8), "second": answers(1.4)})
    >>> bool(found.tests["p_value"].max() < 0.01)
    True
    """
    in_range("ci", ci, 0.0, 1.0)
    if not isinstance(sets, Mapping) or len(sets) < 2:
        raise ArgumentError("compare_alphas needs a mapping of at least two names to frames of items.")
    names = [str(name) for name in sets]
    moments = _paired(sets) if paired else [item_moments(items, missing) for items in sets.values()]
    for found in moments:
        require_total_variance(found)
    alphas = np.array([alpha_of_covariance(m.cov) for m in moments])
    cov = _covariance_of_alphas(moments, paired=paired)
    return AlphaComparison(
        frame=_alphas(names, moments, alphas, ci),
        tests=_tests(moments, alphas, cov, paired=paired),
        differences=_differences(names, alphas, cov, ci),
        paired=paired,
        ci=ci,
    )


def _paired(sets: Mapping[str, Any]) -> list[ItemMoments]:
    frames = [item_frame(items) for items in sets.values()]
    sizes = [len(frame) for frame in frames]
    if len(set(sizes)) > 1:
        shown = ", ".join(map(str, sizes))
        raise ArgumentError(
            f"paired=True needs the same people in the same rows; the sets have {shown} rows."
        )
    complete = np.all([frame.notna().all(axis=1) for frame in frames], axis=0)
    if complete.sum() < 4:
        raise DataError(f"Only {int(complete.sum())} rows are complete in all sets; at least 4 are needed.")
    return [item_moments(frame[complete], "listwise") for frame in frames]


def _covariance_of_alphas(moments: Sequence[ItemMoments], *, paired: bool) -> Array:
    """Return the distribution-free covariance matrix of the alphas."""
    parts = [influence(m.values, ALPHA.slope(m.cov)) for m in moments]
    if not paired:
        return np.diag([float((p**2).sum() / (len(p) * (len(p) - 1.0))) for p in parts])
    both = np.stack(parts)
    n = both.shape[1]
    return np.asarray(both @ both.T / (n * (n - 1.0)))


def _alphas(names: Sequence[str], moments: Sequence[ItemMoments], alphas: Array, ci: float) -> pd.DataFrame:
    rows = []
    for name, m, alpha in zip(names, moments, alphas, strict=True):
        low, high = feldt_interval(float(alpha), m.n_obs, len(m.names), ci)
        rows.append((name, len(m.names), m.n_obs, float(alpha), low, high))
    return pd.DataFrame(rows, columns=["name", "n_items", "n_obs", "alpha", "ci_lower", "ci_upper"])


def _tests(moments: Sequence[ItemMoments], alphas: Array, cov: Array, *, paired: bool) -> pd.DataFrame:
    n = np.array([m.n_obs for m in moments], dtype=float)
    k = np.array([len(m.names) for m in moments], dtype=float)
    rows = []
    with np.errstate(divide="ignore", invalid="ignore"):
        if paired:
            totals = np.stack([m.values.sum(axis=1) for m in moments])
            r = np.corrcoef(totals)
            rows.append(("feldt_woodruff_salih", *many_paired(alphas, float(n[0]), k, r)))
        else:
            if len(alphas) == 2:
                rows.append(("feldt", *feldt_independent(alphas, n, k)))
            rows.append(("feldt_woodruff_salih", *many_independent(alphas, n, k)))
        rows.append(("adf", *_wald(alphas, cov)))
    return pd.DataFrame(rows, columns=["test", "statistic", "distribution", "df1", "df2", "p_value"])


Test = tuple[float, str, float, float, float]
"""Statistic, distribution, degrees of freedom, p."""


def feldt_independent(alphas: Array, n: Array, k: Array) -> Test:
    """Return Feldt's (1969) test of two alphas of different people, two-sided.

    (1 - population alpha) / (1 - alpha) is F distributed with n - 1 and (n - 1)(k - 1) degrees of freedom, so
    that the ratio of both (1 - alpha) is that of two F variables. Its probabilities are integrated; F with n
    - 1 and n - 1 degrees of freedom, the usual stand-in, is good for many items only and rejects too often
    for few.
    """
    ratio, df1, df2 = (1.0 - alphas[1]) / (1.0 - alphas[0]), n[0] - 1.0, n[1] - 1.0
    if not np.isfinite(ratio):
        return float("nan"), "ratio of F", df1, df2, float("nan")
    node, weight = np.polynomial.legendre.leggauss(400)
    second = stats.f.ppf((node + 1.0) / 2.0, df2, df2 * (k[1] - 1.0))
    above = stats.f.sf(ratio * second, df1, df1 * (k[0] - 1.0))
    upper = float(weight @ above / 2.0)
    return float(ratio), "ratio of F", float(df1), float(df2), float(min(2.0 * min(upper, 1.0 - upper), 1.0))


def _scaled(alphas: Array, effective: Array) -> tuple[Array, Array]:
    """Return (1 - alpha)^(-1/3) and their variances, for effective numbers of people."""
    u = np.where(alphas < 1.0, np.where(alphas < 1.0, 1.0 - alphas, 1.0) ** (-1.0 / 3.0), np.nan)
    return u, 2.0 * u**2 / (9.0 * (effective - 1.0))


def many_independent(alphas: Array, n: Array, k: Array) -> Test:
    """Return the chi-square test of Feldt, Woodruff and Salih (1987) for alphas of different people."""
    u, variance = _scaled(alphas, n * (k - 1.0) / (k + 1.0))
    return _chi_square(float(((u - u.mean()) ** 2).sum() / variance.mean()), len(alphas) - 1)


def many_paired(alphas: Array, n: float, k: Array, r: Array) -> Test:
    """Return the chi-square test of Feldt, Woodruff and Salih (1987) for alphas of the same people."""
    length = len(k) / (1.0 / k).sum()
    effective = n * (length - 1.0) / (length + 1.0)
    u, variance = _scaled(alphas, np.full(len(k), effective))
    row, col = np.triu_indices(len(k), 1)
    shared = 2.0 * r[row, col] ** 2 * u[row] * u[col] / (9.0 * (effective - 1.0))
    left = variance.mean() - shared.mean()
    value = float(((u - u.mean()) ** 2).sum() / left) if left > 0 else float("nan")
    return _chi_square(value, len(alphas) - 1)


def _wald(alphas: Array, cov: Array) -> Test:
    contrasts = np.hstack([np.ones((len(alphas) - 1, 1)), -np.eye(len(alphas) - 1)])
    middle = contrasts @ cov @ contrasts.T
    if not np.isfinite(middle).all() or np.linalg.matrix_rank(middle) < len(middle):
        return _chi_square(float("nan"), len(alphas) - 1)
    apart = contrasts @ alphas
    return _chi_square(float(apart @ np.linalg.solve(middle, apart)), len(alphas) - 1)


def _chi_square(value: float, df: int) -> Test:
    value = value if np.isfinite(value) and value >= 0.0 else float("nan")
    return value, "chi-square", float(df), float("nan"), float(stats.chi2.sf(value, df))


def _differences(names: Sequence[str], alphas: Array, cov: Array, ci: float) -> pd.DataFrame:
    z, rows = normal_quantile(0.5 + ci / 2.0), []
    for i in range(len(names)):
        for j in range(i + 1, len(names)):
            apart = float(alphas[i] - alphas[j])
            se = float(np.sqrt(max(cov[i, i] + cov[j, j] - 2.0 * cov[i, j], 0.0)))
            rows.append((names[i], names[j], apart, se, apart - z * se, apart + z * se))
    return pd.DataFrame(rows, columns=["first", "second", "difference", "se", "ci_lower", "ci_upper"])
