"""Krippendorff's alpha: agreement of any number of raters, with gaps, at any level of measurement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.check import at_least, in_range, one_of
from trustmeasure.display import Summary, Table
from trustmeasure.errors import ArgumentError
from trustmeasure.frames import Array, to_pandas
from trustmeasure.reliability_analysis.ratings import ONE, codes_of, counted
from trustmeasure.sem.intervals import limits

LABELS = {"ci_lower": "lower", "ci_upper": "upper", "p_value": "p", "n_obs": "n"}
LEVELS = ("nominal", "ordinal", "interval", "ratio")


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class KrippendorffAlpha:
    """Krippendorff's alpha of ratings at one level of measurement.

    Attributes
    ----------
    alpha, se, ci_lower, ci_upper : float
        The coefficient, its standard error and percentile limits (bootstrap of people); NaN where it does not
        exist.
    ci : float
        Level of the interval.
    level : {"nominal", "ordinal", "interval", "ratio"}
        What the ratings are taken as.
    observed, expected : float
        Observed disagreement and that of chance.
    coincidences : pandas.DataFrame
        Coincidence matrix of the categories.
    n_obs, n_rows : int
        People with at least two ratings, rows given.
    n_ratings : int
        Ratings of these people.
    n_bootstrap : int
        Draws of the bootstrap.
    notes : tuple of str
        What a reader must know of these numbers.
    """

    alpha: float
    se: float
    ci_lower: float
    ci_upper: float
    ci: float
    level: str
    observed: float
    expected: float
    coincidences: pd.DataFrame
    n_obs: int
    n_rows: int
    n_ratings: int
    n_bootstrap: int
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return alpha and what belongs to it as one row."""
        first = ("level", "n_obs", "n_ratings", "alpha", "se", "ci_lower", "ci_upper")
        return pd.DataFrame([{name: getattr(self, name) for name in (*first, "observed", "expected")}])

    def summary(self) -> Summary:
        """Return alpha and the coincidence matrix with notes, to be shown as text or HTML."""
        said = (
            f"{100 * self.ci:g} % percentile interval, {self.n_bootstrap} bootstrap draws of people. "
            f"{self.n_obs} of {self.n_rows} rows have at least two ratings."
        )
        return Summary(
            "Krippendorff's alpha",
            [
                Table("Coefficient", self.to_frame(), (said, *self.notes), labels=LABELS),
                Table("Coincidences", self.coincidences, decimals=2),
            ],
        )

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def krippendorff_alpha(
    ratings: Any,
    ci: float = 0.95,
    *,
    level: str = "nominal",
    categories: Sequence[Any] | None = None,
    n_bootstrap: int = 1000,
    seed: int | None = None,
) -> KrippendorffAlpha:
    """Return Krippendorff's alpha of any number of raters, with gaps, at any level of measurement.

    alpha = 1 - observed / expected disagreement. Every pair of ratings of a person counts 1 / (its ratings -
    1) times its difference; chance pairs all ratings with each other.

    Parameters
    ----------
    ratings : frame or 2-D array
        One row a person or thing, one column a rater; numbers or text, gaps as missing. People with fewer
        than two ratings do not count.
    ci : float
        Level of the interval, between 0 and 1.
    level : {"nominal", "ordinal", "interval", "ratio"}
        What the ratings are taken as; interval and ratio need numbers, ordinal an order.
    categories : sequence, optional
        All categories in their order.
    n_bootstrap : int
        Draws of the bootstrap of people.
    seed : int, optional
        Its seed.

    Returns
    -------
    KrippendorffAlpha
        `.alpha .se .ci_lower .ci_upper .coincidences`, `.summary()`.

    Raises
    ------
    ArgumentError
        If an argument is not allowed, or the level does not fit the ratings.
    DataError
        If nobody has two ratings, or a rating is none of the categories.

    References
    ----------
    Hayes, A. F., & Krippendorff, K. (2007). Answering the call for a standard reliability measure for coding
    data. Communication Methods and Measures, 1(1), 77-89.

    Notes
    -----
    The interval is the percentile interval of a bootstrap of people, not the one of Hayes and Krippendorff,
    which draws pairs. Checked against: the worked example that Krippendorff gives for his coefficient.

    Examples
    --------
    >>> import numpy as np
    >>> given = np.array([[1, 1, 1], [2, 2, 3], [3, 3, 3], [2, 2, 2], [1, 2, 1.0]])
    >>> round(krippendorff_alpha(given, level="ordinal", seed=1).alpha, 3)
    0.792
    """
    in_range("ci", ci, 0.0, 1.0)
    one_of("level", level, LEVELS)
    at_least("n_bootstrap", n_bootstrap, 2)
    found = counted(ratings, categories)
    points = _points(found.known, level, ratings, categories)
    whole = _disagreement(found.counts[None], points, level)
    alpha = float(whole[2][0])
    drawn = _drawn(found.counts, points, level, n_bootstrap, seed)
    low, high = limits(drawn[:, None], np.array([alpha]), ci, "percentile")[:, 0]
    finite = drawn[np.isfinite(drawn)]
    if len(found.counts) < 2:
        low = high = np.nan
    names = [str(name) for name in found.known]
    index = pd.Index(names, name="category")
    together = pd.DataFrame(_coincidences(found.counts), index=index, columns=names)
    return KrippendorffAlpha(
        alpha=alpha,
        se=float(finite.std(ddof=1)) if finite.size > 1 and np.isfinite([alpha, low]).all() else np.nan,
        ci_lower=float(low),
        ci_upper=float(high),
        ci=ci,
        level=level,
        observed=float(whole[0][0]),
        expected=float(whole[1][0]),
        coincidences=together,
        n_obs=len(found.counts),
        n_rows=found.given,
        n_ratings=int(found.counts.sum()),
        n_bootstrap=n_bootstrap,
        notes=_notes(alpha, len(found.counts), int(np.isnan(drawn).sum())),
    )


def _notes(alpha: float, n: int, lost: int) -> tuple[str, ...]:
    if np.isnan(alpha):
        return (ONE,)
    if n < 2:
        return ("One row only: there is no interval.",)
    return (f"{lost} draws had ratings of one category only and were left out.",) if lost else ()


def _points(known: Sequence[Any], level: str, ratings: Any, categories: Sequence[Any] | None) -> Array:
    """Return the numbers of the categories, for the levels that need them."""
    if level == "nominal":
        return np.arange(len(known), dtype=float)
    if level == "ordinal":
        text = any(isinstance(value, str) for value in known)
        ordered = codes_of(to_pandas(ratings, name="ratings"), categories)[2] if text else True
        if not ordered:
            raise ArgumentError('level="ordinal" needs the order of the categories; say categories=[...].')
        return np.arange(len(known), dtype=float)
    if any(isinstance(value, str) for value in known):
        raise ArgumentError(
            f'level="{level}" needs numbers, and there is text. Say level="nominal" or level="ordinal".'
        )
    points = np.array(known, dtype=float)
    if level == "ratio" and (points < 0).any():
        raise ArgumentError('level="ratio" needs ratings of 0 or more. Say level="interval".')
    return points


def _coincidences(counts: Array) -> Array:
    weight = 1.0 / (counts.sum(axis=1) - 1.0)
    both = (counts * weight[:, None]).T @ counts
    return np.asarray(both - np.diag((counts * weight[:, None]).sum(axis=0)))


def _distances(totals: Array, points: Array, level: str) -> Array:
    """Return squared differences between categories for totals (b, q): (b, q, q)."""
    b, q = totals.shape
    if level == "ordinal":
        upto = totals.cumsum(axis=1) - totals / 2.0
        return np.asarray((upto[:, :, None] - upto[:, None, :]) ** 2)
    apart = points[:, None] - points[None, :]
    if level == "nominal":
        found = (apart != 0.0).astype(float)
    elif level == "interval":
        found = apart**2
    else:
        size = points[:, None] + points[None, :]
        found = np.where(size > 0, apart / np.where(size > 0, size, 1.0), 0.0) ** 2
    return np.broadcast_to(found, (b, q, q))


def _disagreement(counts: Array, points: Array, level: str) -> tuple[Array, Array, Array]:
    """Return observed and expected disagreement and alpha of one set of counts (1, n, q)."""
    totals = counts.sum(axis=1)
    return _ratio(_coincidences(counts[0])[None], totals, points, level)


def _ratio(together: Array, totals: Array, points: Array, level: str) -> tuple[Array, Array, Array]:
    apart, n = _distances(totals, points, level), totals.sum(axis=1)
    observed = (together * apart).sum(axis=(1, 2)) / n
    chance = np.einsum("bi,bij,bj->b", totals, apart, totals) / (n * (n - 1.0))
    alpha = np.where(chance > 0, 1.0 - observed / np.where(chance > 0, chance, 1.0), np.nan)
    return observed, chance, alpha


def _drawn(counts: Array, points: Array, level: str, n_bootstrap: int, seed: int | None) -> Array:
    """Return alpha in bootstrap samples of people, shape (n_bootstrap,)."""
    n, q = counts.shape
    rng = np.random.default_rng(seed)
    weight = 1.0 / (counts.sum(axis=1) - 1.0)
    own = counts[:, :, None] * (counts[:, None, :] - np.eye(q)) * weight[:, None, None]
    found, step = np.empty(n_bootstrap), max(2**22 // max(n, q * q), 1)
    for at in range(0, n_bootstrap, step):
        rows = rng.integers(0, n, size=(min(step, n_bootstrap - at), n))
        times = np.stack([np.bincount(row, minlength=n) for row in rows]).astype(float)
        together = (times @ own.reshape(n, -1)).reshape(-1, q, q)
        found[at : at + len(rows)] = _ratio(together, times @ counts, points, level)[2]
    return found
