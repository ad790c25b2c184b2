r"""Are several variables normal together? Skewness and kurtosis, one by one and of all at once.

Mardia (1970, Biometrika 57(3), 519-530), with z the deviations from the mean and S their covariances:

    b1 = sum_ij (z_i' S^-1 z_j)^3 / n^2,    n b1 / 6 ~ chi-square with p (p + 1) (p + 2) / 6 df
    b2 = sum_i (z_i' S^-1 z_i)^2 / n,       (b2 - p (p + 2)) / sqrt(8 p (p + 2) / n) ~ normal

With `y = S^-1/2 z`, b1 is the sum of squares of the third moments of y: no matrix of n by n is needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtr
from scipy.stats import chi2

from trustmeasure.display import Summary, Table
from trustmeasure.errors import ArgumentError, DataError
from trustmeasure.frames import to_pandas
from trustmeasure.moments.continuous import complete_rows, from_rows

Array = npt.NDArray[np.float64]

CELLS = 2**21
"""Products held at a time, which bounds the memory."""


@dataclass(frozen=True, slots=True)
class Mardia:
    """Multivariate and univariate skewness and kurtosis.

    Attributes
    ----------
    tests : DataFrame, indexed by test
        coefficient statistic df p_value of "skewness", "skewness, small sample" (both chi-square) and
        "kurtosis" (z; no df). Under normality the coefficients are 0 and p (p + 2).
    variables : DataFrame, indexed by variable
        mean sd skewness skewness_se skewness_z skewness_p kurtosis kurtosis_se kurtosis_z kurtosis_p; both
        are 0 under normality.
    n_obs, n_dropped : int
        Complete rows used, and rows left out because a value was missing.
    """

    tests: pd.DataFrame
    variables: pd.DataFrame
    n_obs: int
    n_dropped: int

    @property
    def skewness(self) -> float:
        """Mardia's coefficient b1."""
        return float(self.tests["coefficient"].to_numpy()[0])

    @property
    def kurtosis(self) -> float:
        """Mardia's coefficient b2."""
        return float(self.tests["coefficient"].to_numpy()[2])

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the multivariate tests."""
        return self.tests.copy()

    def summary(self) -> Summary:
        """Return both tables for reading."""
        p = len(self.variables)
        rows = f"{self.n_obs:,} complete rows"
        rows += f"; {self.n_dropped:,} left out because a value was missing." if self.n_dropped else "."
        expected = f"In normal data skewness is about 0 and kurtosis about {p * (p + 2)}."
        return Summary(
            "Multivariate normality (Mardia)",
            [
                Table("All variables together", self.tests, notes=[expected, rows]),
                Table("One by one", self.variables),
            ],
        )

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def mardia(data: Any, columns: Sequence[str] | None = None, *, ddof: int = 1) -> Mardia:
    r"""Test whether several variables are normal together.

    Parameters
    ----------
    data : frame or Responses
        One row a respondent. Rows with a missing value are left out and counted.
    columns : sequence of str, optional
        The p variables; all columns otherwise.
    ddof : {0, 1}
        Divisor `n - ddof` of the covariances: 1 as in psych and semTools, 0 as Mardia (1970) wrote it. The
        coefficients with 0 are those with 1 times `(n / (n - 1))` to the power 3 (skewness) or 2 (kurtosis).

    Returns
    -------
    Mardia
        Tests of multivariate skewness (also corrected for small samples, Mardia 1974, Sankhya B 36(2),
        115-128) and kurtosis, and a table of each variable's skewness and kurtosis.

    Raises
    ------
    DataError
        For a missing, constant or non-numeric column, linearly dependent columns, or too few rows.
    ArgumentError
        For another `ddof`.

    Notes
    -----
    Robust standard errors (`estimator="MLR"`) do not need normal data; kurtosis far above p (p + 2) says
    that plain standard errors and chi-squares cannot be trusted. In large samples the tests find departures
    that do not matter. Univariate skewness and kurtosis are the unbiased-moment versions G1 and G2 with the
    standard errors `sqrt(6 / n)` and `sqrt(24 / n)`. Checked against: psych 2.2.9 and semTools 0.5-6,
    `tests/reference/normality`.

    Examples
    --------
    >>> from semopy.examples import holzinger39
    >>> found = mardia(holzinger39.get_data(), ["x1", "x2", "x3"])
    >>> round(found.kurtosis, 2), round(float(found.tests.loc["kurtosis", "p_value"]), 3)
    (15.14, 0.822)
    """
    if ddof not in {0, 1}:
        raise ArgumentError(f"ddof={ddof!r} must be 0 (divisor n) or 1 (divisor n - 1).")
    names = _names(data, columns)
    values, dropped = complete_rows(data, names)
    moments = from_rows(values, names, dropped)
    n, p = values.shape
    cov = moments.cov * n / (n - ddof)
    root = np.linalg.inv(np.linalg.cholesky(cov)).T
    b1, b2 = _coefficients((values - values.mean(axis=0)) @ root)
    return Mardia(_tests(b1, b2, n, p), _univariate(values, names), n, dropped)


def _names(data: Any, columns: Sequence[str] | None) -> list[str]:
    if isinstance(columns, str):
        raise ArgumentError(f"columns={columns!r} is one text; give a list of column names.")
    names = list(columns) if columns is not None else [str(c) for c in to_pandas(data).columns]
    doubled = sorted({n for n in names if names.count(n) > 1})
    if doubled:
        raise ArgumentError(f"columns names {', '.join(doubled)} more than once.")
    if not names:
        raise DataError("There is no column to test.")
    return names


def _coefficients(y: Array) -> tuple[Array, Array]:
    """Return b1 and b2 of rows (n, p) whose covariances are the identity, block by block."""
    n, p = y.shape
    low, high = np.tril_indices(p)
    third, fourth = np.zeros((low.size, p)), 0.0
    for at in range(0, n, max(1, CELLS // low.size)):
        part = y[at : at + max(1, CELLS // low.size)]
        third += (part[:, low] * part[:, high]).T @ part
        fourth += float(np.sum(np.einsum("np,np->n", part, part) ** 2))
    twice = np.where(low == high, 1.0, 2.0)
    return np.sum(twice[:, None] * (third / n) ** 2), np.asarray(fourth / n)


def _tests(b1: Array, b2: Array, n: int, p: int) -> pd.DataFrame:
    df = p * (p + 1) * (p + 2) / 6
    factor = (p + 1) * (n + 1) * (n + 3) / (n * ((n + 1) * (p + 1) - 6))
    z = (b2 - p * (p + 2)) / np.sqrt(8 * p * (p + 2) / n)
    rows = {
        "skewness": (b1, n * b1 / 6, df, chi2.sf(n * b1 / 6, df)),
        "skewness, small sample": (b1, factor * n * b1 / 6, df, chi2.sf(factor * n * b1 / 6, df)),
        "kurtosis": (b2, z, np.nan, 2 * ndtr(-abs(z))),
    }
    columns = ["coefficient", "statistic", "df", "p_value"]
    found = pd.DataFrame.from_dict(rows, orient="index", columns=columns, dtype="float64")
    return found.rename_axis("test")


def _univariate(values: Array, names: Sequence[str]) -> pd.DataFrame:
    n = len(values)
    mean = values.mean(axis=0)
    centred = values - mean
    second, third, fourth = (np.mean(centred**k, axis=0) for k in (2, 3, 4))
    g1, g2 = third / second**1.5, fourth / second**2 - 3.0
    with np.errstate(divide="ignore", invalid="ignore"):
        skewness = g1 * np.sqrt(n * (n - 1)) / (n - 2) if n > 2 else np.full(len(names), np.nan)
        kurtosis = (
            (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * g2 + 6) if n > 3 else np.full(len(names), np.nan)
        )
    columns: dict[str, Any] = {"mean": mean, "sd": values.std(axis=0, ddof=1)}
    for name, value, se in (
        ("skewness", skewness, np.sqrt(6 / n)),
        ("kurtosis", kurtosis, np.sqrt(24 / n)),
    ):
        z = value / se
        columns |= {name: value, f"{name}_se": se, f"{name}_z": z, f"{name}_p": 2 * ndtr(-np.abs(z))}
    return pd.DataFrame(columns, index=pd.Index(names, name="variable"))
