"""Fleiss' kappa: agreement of any number of raters beyond chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from trustmeasure.check import in_range
from trustmeasure.display import Summary, Table
from trustmeasure.errors import ArgumentError
from trustmeasure.frames import Array
from trustmeasure.reliability_analysis.ratings import ONE, Counts, counted, counts_from
from trustmeasure.sem.chisq import normal_quantile

LABELS = {"ci_lower": "lower", "ci_upper": "upper", "p_value": "p", "n_obs": "n"}
UNEVEN = (
    "People have different numbers of ratings: kappa is Gwet's generalisation, and the test of no agreement, "
    "which asks for equal numbers, is not given."
)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class FleissKappa:
    """Agreement of several raters beyond chance.

    Attributes
    ----------
    kappa, se, ci_lower, ci_upper : float
        The coefficient, its standard error (people as a sample) and limits; NaN where it does not exist.
    ci : float
        Level of the intervals.
    z, p_value : float
        Test of no agreement beyond chance.
    agreement, expected : float
        Observed share of agreeing pairs of ratings, and that of chance.
    categories : pandas.DataFrame
        One row a category: category, share, kappa (of this category against all others), se, ci_lower,
        ci_upper.
    n_obs, n_rows : int
        People with at least two ratings, rows given.
    n_ratings : float
        Mean number of ratings of a person.
    notes : tuple of str
        What a reader must know of these numbers.
    """

    kappa: float
    se: float
    ci_lower: float
    ci_upper: float
    ci: float
    z: float
    p_value: float
    agreement: float
    expected: float
    categories: pd.DataFrame
    n_obs: int
    n_rows: int
    n_ratings: float
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return kappa and what belongs to it as one row."""
        first = ("n_obs", "n_ratings", "kappa", "se", "ci_lower", "ci_upper", "z", "p_value")
        return pd.DataFrame([{name: getattr(self, name) for name in (*first, "agreement", "expected")}])

    def summary(self) -> Summary:
        """Return kappa and categories with notes, to be shown as text or HTML."""
        said = f"{100 * self.ci:g} % intervals, people as a sample. {self.n_obs} of {self.n_rows} rows used."
        return Summary(
            "Fleiss' kappa",
            [
                Table("Coefficient", self.to_frame(), (said, *self.notes), labels=LABELS),
                Table("Categories", self.categories, labels=LABELS),
            ],
        )

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def fleiss_kappa(
    ratings: Any, ci: float = 0.95, *, categories: Sequence[Any] | None = None, counts: bool = False
) -> FleissKappa:
    """Return Fleiss' kappa of several raters, with intervals, over all and for each category.

    kappa = (agreement - expected) / (1 - expected), where `agreement` is the share of agreeing pairs of
    ratings of a person, averaged over people, and `expected` the sum of the squared shares of the categories.
    The raters need not be the same for each person, and people may have different numbers of ratings.

    Parameters
    ----------
    ratings : frame or 2-D array
        One row a person or thing, one column a rater, each cell a category (number or text) or missing; with
        `counts` one column a category, each cell how many raters gave it.
    ci : float
        Level of the intervals, between 0 and 1.
    categories : sequence, optional
        All categories; by default those that occur.
    counts : bool
        Whether `ratings` holds counts.

    Returns
    -------
    FleissKappa
        `.kappa .se .ci_lower .ci_upper .categories`, `.summary()`.

    Raises
    ------
    ArgumentError
        If an argument is not allowed.
    DataError
        If nobody has two ratings, or a rating is none of the categories.

    References
    ----------
    Fleiss, J. L. (1971). Measuring nominal scale agreement among many raters. Psychological Bulletin, 76(5),
    378-382.

    Fleiss, J. L., Nee, J. C. M., & Landis, J. R. (1979). Large sample variance of kappa in the case of
    different sets of raters. Psychological Bulletin, 86(5), 974-977.

    Gwet, K. L. (2008). Computing inter-rater reliability and its variance in the presence of high agreement.
    British Journal of Mathematical and Statistical Psychology, 61(1), 29-48.

    Notes
    -----
    The standard error takes people as a random sample and is found by linearisation; the test uses the error
    of Fleiss, Nee and Landis (1979), which holds when there is no agreement. Checked against: statsmodels
    (`fleiss_kappa`), and the jackknife.

    Examples
    --------
    >>> import pandas as pd
    >>> given = pd.DataFrame({"r1": list("aabbc"), "r2": list("aabcc"), "r3": list("abbbc")})
    >>> round(fleiss_kappa(given).kappa, 3)
    0.595
    """
    in_range("ci", ci, 0.0, 1.0)
    if counts and categories is not None:
        raise ArgumentError("With counts=True the columns are the categories; leave categories= out.")
    found = counts_from(ratings) if counts else counted(ratings, categories)
    whole, parts = _kappa(found.counts, ci), _by_category(found, ci)
    each = found.counts.sum(axis=1)
    even = bool((each == each[0]).all())
    z = _z_by_chance(found.counts, whole["kappa"]) if even else np.nan
    existing = np.isfinite(whole["kappa"])
    return FleissKappa(
        **whole,
        ci=ci,
        z=z,
        p_value=float(2.0 * stats.norm.sf(abs(z))),
        categories=parts,
        n_obs=len(found.counts),
        n_rows=found.given,
        n_ratings=float(each.mean()),
        notes=tuple(note for note, said in ((ONE, not existing), (UNEVEN, not even)) if said),
    )


def _kappa(counts: Array, ci: float) -> dict[str, float]:
    each = counts.sum(axis=1)
    shares = counts / each[:, None]
    pairs = (counts * (counts - 1.0)).sum(axis=1) / (each * (each - 1.0))
    p = shares.mean(axis=0)
    agreement, expected = float(pairs.mean()), float(p @ p)
    names = ("kappa", "se", "ci_lower", "ci_upper")
    if 1.0 - expected < 1e-12:
        return {**dict.fromkeys(names, np.nan), "agreement": agreement, "expected": expected}
    kappa = (agreement - expected) / (1.0 - expected)
    # what each person adds: by the agreement, and by the shares that chance rests on
    by_chance = 2.0 * (1.0 - kappa) * (shares @ p - expected)
    own, n = (pairs - expected - by_chance) / (1.0 - expected), len(counts)
    se = float(np.sqrt(((own - kappa) ** 2).sum() / (n * (n - 1.0)))) if n > 1 else np.nan
    margin = normal_quantile(0.5 + ci / 2.0) * se
    found = dict(zip(names, (kappa, se, kappa - margin, kappa + margin), strict=True))
    return {**found, "agreement": agreement, "expected": expected}


def _by_category(found: Counts, ci: float) -> pd.DataFrame:
    each = found.counts.sum(axis=1)
    rows = []
    for i, name in enumerate(found.known):
        binary = np.stack([found.counts[:, i], each - found.counts[:, i]], axis=1)
        one = _kappa(binary, ci)
        share = float((found.counts[:, i] / each).mean())
        numbers = {k: one[k] for k in ("kappa", "se", "ci_lower", "ci_upper")}
        rows.append({"category": str(name), "share": share, **numbers})
    return pd.DataFrame(rows)


def _z_by_chance(counts: Array, kappa: float) -> float:
    """Return kappa over its standard error without agreement (Fleiss, Nee and Landis 1979)."""
    n, m = len(counts), counts[0].sum()
    p = counts.sum(axis=0) / counts.sum()
    q = 1.0 - p
    spread = float((p * q).sum())
    if spread == 0.0:
        return float("nan")
    variance = 2.0 * (spread**2 - (p * q * (q - p)).sum()) / (n * m * (m - 1) * spread**2)
    return float(kappa / np.sqrt(variance)) if variance > 0 else float("nan")
