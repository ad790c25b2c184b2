"""Whether items have enough in common to look for factors: KMO and Bartlett's test of sphericity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.criteria import Description, describe
from trustmeasure.display import Summary, Table
from trustmeasure.errors import DataError
from trustmeasure.factors.correlations import Correlations, correlations_of
from trustmeasure.frames import Array

NO_MATRIX = "the items are uncorrelated, so that there is nothing to compare"


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class SamplingAdequacy:
    """The Kaiser-Meyer-Olkin measure of sampling adequacy.

    Attributes
    ----------
    overall : float
        Over all items, from 0 to 1; NaN when no two items correlate.
    items : pandas.DataFrame
        One row an item: `item`, `kmo`, `note`.
    n_items : int
        Number of items, p.
    n_obs : int or None
        People behind the correlations.
    correlation : str
        Kind of correlations.
    notes : tuple of str
        What a reader must know.
    """

    overall: float
    items: pd.DataFrame
    n_items: int
    n_obs: int | None
    correlation: str
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return one row an item: item, kmo, note."""
        return self.items.copy()

    def describe(self) -> Description:
        """Return what the cited cut-offs say of the overall value, without a verdict."""
        return describe("kmo", self.overall)

    def summary(self) -> Summary:
        """Return the overall value, the items and the cut-offs for reading."""
        overall = pd.DataFrame(
            {"kmo": [self.overall], "n_items": [self.n_items], "correlation": [self.correlation]}
        )
        shown = Table(
            "Overall", overall, self.notes, labels={"n_items": "items", "correlation": "correlations"}
        )
        return Summary(
            "Kaiser-Meyer-Olkin measure of sampling adequacy",
            [shown, Table("Items", self.items), *self.describe().sentences],
        )

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Sphericity:
    """Bartlett's test that no two items correlate.

    Attributes
    ----------
    chisq, df, p_value : float
        The statistic, its degrees of freedom, and the probability of a larger one when nothing correlates.
    determinant, log_determinant : float
        Of the correlation matrix: 1 when nothing correlates, towards 0 the more the items overlap.
    n_items : int
        Number of items, p.
    n_obs : int
        People behind the correlations.
    correlation : str
        Kind of correlations.
    notes : tuple of str
        What a reader must know.
    """

    chisq: float
    df: float
    p_value: float
    determinant: float
    log_determinant: float
    n_items: int
    n_obs: int
    correlation: str
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return one row: chisq, df, p_value, determinant, n_items, n_obs."""
        names = ("chisq", "df", "p_value", "determinant", "log_determinant", "n_items", "n_obs")
        return pd.DataFrame([{name: getattr(self, name) for name in names}])

    def summary(self) -> Summary:
        """Return the test for reading."""
        labels = {"n_items": "items", "n_obs": "n", "p_value": "p", "log_determinant": "log determinant"}
        table = Table("Test", self.to_frame().drop(columns="determinant"), self.notes, labels=labels)
        small = f"Determinant of the correlation matrix: {self.determinant:.4g}."
        return Summary("Bartlett's test of sphericity", [table, small])

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def kmo(
    data: Any,
    *,
    correlation: str = "pearson",
    missing: str = "pairwise",
    n_obs: int | None = None,
    smooth: bool = False,
) -> SamplingAdequacy:
    r"""Return the Kaiser-Meyer-Olkin measure of sampling adequacy, overall and for each item.

    It compares the correlations with what is left of them when all other items are held constant: items that
    share factors correlate, and little is left.

    Parameters
    ----------
    data : frame, 2-D array, Responses, mapping, or correlation matrix
        One row a person, one column an item; or a square matrix of correlations.
    correlation : {"pearson", "polychoric", "spearman"}
        Which correlations.
    missing : {"pairwise", "listwise", "fiml"}
        What is done with missing answers.
    n_obs : int, optional
        People behind a matrix.
    smooth : bool
        Move a matrix that has no inverse to the nearest one that has; a note says how far.

    Returns
    -------
    SamplingAdequacy
        `.overall`, `.items`, `.describe()`.

    Raises
    ------
    DataError
        If the correlation matrix has no inverse (two items that say the same, more items than people), or the
        data do not allow correlations.

    Notes
    -----
    With correlations :math:`r_{ij}` and partial correlations :math:`q_{ij}` given all other items,

    .. math:: KMO = \frac{\sum_{i \ne j} r_{ij}^2}{\sum_{i \ne j} r_{ij}^2 + \sum_{i \ne j} q_{ij}^2},

    and for an item the sums are those of its row. With two items it is .5, whatever they are.
    Checked against: psych 2.2.9, `KMO` (tests/reference/factors/adequacy.R).

    References
    ----------
    Kaiser, H. F., & Rice, J. (1974). Little jiffy, mark IV. Educational and Psychological Measurement, 34(1),
    111-117.

    Examples
    --------
    >>> import trustmeasure as tm
    >>> responses = tm.load_sample("trust-survey")
    >>> round(tm.kmo(responses.items("cognitive_trust")).overall, 2)
    0.93
    """
    found = correlations_of(data, correlation=correlation, missing=missing, n_obs=n_obs, smooth=smooth)
    found.require_inverse("KMO")
    overall, each = kmo_of(found.corr)
    notes = (*found.notes, *_two_items(found), *_few_people(found))
    items = pd.DataFrame(
        {"item": found.names, "kmo": each, "note": [NO_MATRIX if np.isnan(v) else "" for v in each]}
    )
    return SamplingAdequacy(overall, items, found.n_items, found.n_obs, found.correlation, notes)


def kmo_of(corr: Array) -> tuple[float, Array]:
    """Return the measure over all items and for each (p,), of a correlation matrix with an inverse (p, p).

    Examples
    --------
    >>> overall, each = kmo_of(np.array([[1.0, 0.6, 0.5], [0.6, 1.0, 0.4], [0.5, 0.4, 1.0]]))
    >>> round(overall, 3), each.round(3).tolist()
    (0.658, [0.616, 0.654, 0.737])
    """
    partial = partial_correlations(corr)
    r, q = (np.square(x) - np.diag(np.diag(x) ** 2) for x in (corr, partial))
    shared, left = r.sum(axis=0), q.sum(axis=0)
    with np.errstate(invalid="ignore"):
        return float(np.divide(shared.sum(), shared.sum() + left.sum())), shared / (shared + left)


def partial_correlations(corr: Array) -> Array:
    """Return the correlations of every two items given all others, shape (p, p), ones in the diagonal."""
    inverse = np.linalg.inv(corr)
    scale = np.sqrt(np.diag(inverse))
    found = -inverse / np.outer(scale, scale)
    np.fill_diagonal(found, 1.0)
    return np.asarray(found)


def bartlett_sphericity(
    data: Any,
    *,
    correlation: str = "pearson",
    missing: str = "pairwise",
    n_obs: int | None = None,
    smooth: bool = False,
) -> Sphericity:
    r"""Return Bartlett's test that the items are uncorrelated.

    With the samples of surveys it is almost always significant; it can only tell that there is nothing to
    look for, not that there is something.

    Parameters
    ----------
    data, correlation, missing, smooth
        As for `kmo`.
    n_obs : int, optional
        People behind a matrix; needed when `data` is one.

    Returns
    -------
    Sphericity
        `.chisq .df .p_value .determinant`.

    Raises
    ------
    ArgumentError
        If a matrix came without `n_obs`.
    DataError
        If the determinant is zero, or there are too few people for the statistic.

    Notes
    -----
    :math:`\chi^2 = -(n - 1 - (2p + 5) / 6) \log |R|` with :math:`p (p - 1) / 2` degrees of freedom. It
    assumes normal items and complete rows; with other correlations than Pearson's, or answers missing, its
    probability is a rough one, and a note says so. Checked against: psych 2.2.9, `cortest.bartlett`
    (tests/reference/factors/adequacy.R).

    References
    ----------
    Bartlett, M. S. (1951). The effect of standardization on a chi-square approximation in factor analysis.
    Biometrika, 38(3/4), 337-344.

    Examples
    --------
    >>> import numpy as np
    >>> found = bartlett_sphericity(np.array([[1.0, 0.5], [0.5, 1.0]]), n_obs=101)
    >>> round(found.chisq, 3), found.df
    (28.337, 1.0)
    """
    found = correlations_of(data, correlation=correlation, missing=missing, n_obs=n_obs, smooth=smooth)
    n = found.require_n("Bartlett's test")
    found.require_inverse("Bartlett's test")
    p = found.n_items
    factor = n - 1 - (2 * p + 5) / 6
    if factor <= 0.0:
        raise DataError(f"Bartlett's test of {p} items needs more people; there are {n}.")
    log_determinant = float(np.linalg.slogdet(found.corr)[1])
    chisq, df = max(-factor * log_determinant, 0.0), p * (p - 1) / 2.0
    return Sphericity(
        chisq=chisq,
        df=df,
        p_value=_upper_tail(chisq, df),
        determinant=float(np.exp(log_determinant)),
        log_determinant=log_determinant,
        n_items=p,
        n_obs=n,
        correlation=found.correlation,
        notes=(*found.notes, *_rough(found)),
    )


def _upper_tail(chisq: float, df: float) -> float:
    from scipy.special import chdtrc

    return float(chdtrc(df, chisq))


def _two_items(found: Correlations) -> tuple[str, ...]:
    return ("With two items KMO is .5, whatever they are.",) if found.n_items == 2 else ()


def _few_people(found: Correlations) -> tuple[str, ...]:
    n = found.n_obs
    if n is None or n >= 3 * found.n_items:
        return ()
    return (f"{n} people for {found.n_items} items: partial correlations are little known.",)


def _rough(found: Correlations) -> tuple[str, ...]:
    reasons = []
    if found.correlation != "pearson":
        reasons.append(f"the correlations are {found.correlation} ones")
    if found.n_complete < (found.n_obs or 0) and found.missing in ("pairwise", "fiml"):
        reasons.append("answers are missing")
    return (f"The probability is a rough one, because {' and '.join(reasons)}.",) if reasons else ()
