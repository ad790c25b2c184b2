"""Cohen's kappa of two raters, unweighted and weighted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from trustmeasure.check import in_range, one_of
from trustmeasure.display import Summary, Table
from trustmeasure.errors import ArgumentError, DataError
from trustmeasure.frames import Array
from trustmeasure.reliability_analysis.ratings import codes_of, two_columns
from trustmeasure.sem.chisq import normal_quantile

WEIGHTS = ("none", "linear", "quadratic")
LABELS = {"ci_lower": "lower", "ci_upper": "upper", "p_value": "p", "n_obs": "n", "kappa_max": "largest"}
NO_CHANCE = "Both raters use one and the same category throughout, so agreement cannot be told from chance."
UNUSED = "Ratings are of one category only; name all with categories=[...] if more were allowed."


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class CohenKappa:
    """Agreement of two raters beyond chance.

    Attributes
    ----------
    kappa, se, ci_lower, ci_upper : float
        The coefficient, its standard error and limits; NaN where it does not exist.
    ci : float
        Level of the interval.
    z, p_value : float
        Test of no agreement beyond chance, with the standard error that holds then.
    agreement, expected : float
        Observed agreement and that of chance, weighted when kappa is.
    kappa_max : float
        The largest kappa that the raters' use of the categories allows.
    prevalence_adjusted : float
        Kappa if all categories were used equally often: (k * agreement - 1) / (k - 1) for k categories; NaN
        for weighted kappa.
    table : pandas.DataFrame
        Counts, the first rater's categories in rows.
    weights : pandas.DataFrame
        Credit for each pair of categories, 0 to 1.
    n_obs, n_rows : int
        Pairs used, rows given.
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
    kappa_max: float
    prevalence_adjusted: float
    table: pd.DataFrame
    weights: pd.DataFrame
    n_obs: int
    n_rows: int
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return kappa and what belongs to it as one row."""
        first = ("n_obs", "kappa", "se", "ci_lower", "ci_upper", "z", "p_value", "agreement", "expected")
        names = (*first, "kappa_max", "prevalence_adjusted")
        return pd.DataFrame([{name: getattr(self, name) for name in names}])

    def summary(self) -> Summary:
        """Return kappa, counts and weights with notes, to be shown as text or HTML."""
        said = (
            f"{100 * self.ci:g} % interval from the standard error of Fleiss, Cohen and Everitt (1969). "
            f"{self.n_obs} of {self.n_rows} rows have both ratings."
        )
        parts: list[Table | str] = [
            Table("Coefficient", self.to_frame(), (said, *self.notes), labels=LABELS),
            Table("Counts (first rater in rows)", self.table),
        ]
        if not np.array_equal(self.weights.to_numpy(), np.eye(len(self.weights))):
            parts.append(Table("Weights", self.weights))
        return Summary("Cohen's kappa", parts)

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def cohen_kappa(
    first: Any,
    second: Any | None = None,
    ci: float = 0.95,
    *,
    weights: str | Any = "none",
    categories: Sequence[Any] | None = None,
) -> CohenKappa:
    """Return Cohen's kappa of two raters, with standard error and interval.

    kappa = (agreement - expected) / (1 - expected), where chance is what raters would agree on who use the
    categories as often as these two did, without looking. Weighted kappa gives credit for near misses.

    Parameters
    ----------
    first, second : array, Series, list or frame
        The categories that the two raters gave, one row a person or thing, numbers or text; or a frame with
        both columns as `first` alone. Rows with a missing rating are left out.
    ci : float
        Level of the interval, between 0 and 1.
    weights : {"none", "linear", "quadratic"} or square array
        Credit for a pair of categories i and j of k: 1 for the same and 0 otherwise;
        ``1 - |i - j| / (k - 1)``; ``1 - (i - j)^2 / (k - 1)^2``; or credits of your own, in the order of the
        categories, 1 on the diagonal.
    categories : sequence, optional
        All categories in their order; by default those that occur, sorted (numbers), or those of an ordered
        categorical column. Weights need it for text.

    Returns
    -------
    CohenKappa
        `.kappa .se .ci_lower .ci_upper .agreement .expected .table`, `.summary()`.

    Raises
    ------
    ArgumentError
        If an argument is not allowed, ratings are not two columns of one length, or weights lack an order.
    DataError
        If no row has both ratings, or a rating is none of the categories.

    References
    ----------
    Cohen, J. (1960). A coefficient of agreement for nominal scales. Educational and Psychological
    Measurement, 20(1), 37-46.

    Cohen, J. (1968). Weighted kappa: Nominal scale agreement with provision for scaled disagreement or
    partial credit. Psychological Bulletin, 70(4), 213-220.

    Fleiss, J. L., Cohen, J., & Everitt, B. S. (1969). Large sample standard errors of kappa and weighted
    kappa. Psychological Bulletin, 72(5), 323-327.

    Notes
    -----
    The interval kappa -+ z * se is not cut off at 1. Checked against: psych 2.2.9, `cohen.kappa`
    (tests/reference/reliability_agreement/agreement.R), and statsmodels.

    Examples
    --------
    >>> one = ["yes", "yes", "no", "no", "yes", "no", "no", "yes", "no", "no"]
    >>> two = ["yes", "no", "no", "no", "yes", "no", "yes", "yes", "no", "no"]
    >>> round(cohen_kappa(one, two).kappa, 3)
    0.583
    """
    in_range("ci", ci, 0.0, 1.0)
    frame = two_columns(first, second)
    codes, known, ordered = codes_of(frame, categories)
    used = codes[~np.isnan(codes).any(axis=1)].astype(int)
    if not len(used):
        raise DataError(f"None of the {len(frame)} rows has both ratings.")
    credit = _credit(weights, known, ordered=ordered)
    counts = np.zeros((len(known),) * 2)
    np.add.at(counts, (used[:, 0], used[:, 1]), 1.0)
    return _record(counts, credit, known, ci, len(frame))


def _credit(weights: Any, known: Sequence[Any], *, ordered: bool) -> Array:
    k = len(known)
    if isinstance(weights, str):
        one_of("weights", weights, WEIGHTS)
        if weights == "none" or k < 2:
            return np.eye(k)
        if not ordered:
            raise ArgumentError(
                f'weights="{weights}" needs the order of the categories; say categories=[...] with '
                f"{', '.join(map(str, known))} from lowest to highest."
            )
        apart = np.abs(np.subtract.outer(np.arange(k), np.arange(k))) / (k - 1)
        return np.asarray(1.0 - (apart if weights == "linear" else apart**2))
    return _own_credit(weights, known)


def _own_credit(weights: Any, known: Sequence[Any]) -> Array:
    try:
        credit = np.asarray(weights, dtype=float)
    except (TypeError, ValueError) as error:
        raise ArgumentError("weights must be 'none', 'linear', 'quadratic' or a square array.") from error
    k = len(known)
    if credit.shape != (k, k):
        shown = ", ".join(map(str, known))
        raise ArgumentError(f"weights has shape {credit.shape}; {k} x {k} are needed, for {shown}.")
    if not (np.isfinite(credit).all() and (credit >= 0).all() and (credit <= 1).all()):
        raise ArgumentError("weights must be credits from 0 to 1.")
    if not (np.diag(credit) == 1.0).all() or not np.array_equal(credit, credit.T):
        raise ArgumentError("weights must be symmetric with 1 on the diagonal: full credit for agreement.")
    return credit


@dataclass(frozen=True, slots=True)
class _Shares:
    """Shares of pairs of categories with what follows: observed and chance agreement, mean credits."""

    p: Array
    rows: Array
    columns: Array
    credit: Array
    observed: float
    expected: float
    mean_credit: Array
    n: float

    @classmethod
    def of(cls, counts: Array, credit: Array) -> _Shares:
        n = counts.sum()
        p = counts / n
        rows, columns = p.sum(axis=1), p.sum(axis=0)
        mean = (credit @ columns)[:, None] + (rows @ credit)[None, :]
        expected = float(rows @ credit @ columns)
        return cls(p, rows, columns, credit, float((credit * p).sum()), expected, mean, float(n))

    def se(self) -> float:
        """Return the standard error of kappa (Fleiss, Cohen and Everitt 1969)."""
        po, pe = self.observed, self.expected
        parts = self.p * (self.credit * (1 - pe) - self.mean_credit * (1 - po)) ** 2
        variance = parts.sum() - (po * pe - 2 * pe + po) ** 2
        return float(np.sqrt(max(variance, 0.0) / self.n) / (1 - pe) ** 2)

    def se_by_chance(self) -> float:
        """Return its standard error when raters agree by chance only."""
        pe = self.expected
        parts = np.outer(self.rows, self.columns) * (self.credit - self.mean_credit) ** 2
        return float(np.sqrt(max(parts.sum() - pe**2, 0.0) / self.n) / (1 - pe))

    def largest(self) -> float:
        """Return the largest observed agreement that these margins allow."""
        if np.array_equal(self.credit, np.eye(len(self.credit))):
            return float(np.minimum(self.rows, self.columns).sum())
        return _best_transport(self.rows, self.columns, self.credit)


def _best_transport(rows: Array, columns: Array, credit: Array) -> float:
    """Return the largest mean credit over all tables with these margins (a transport problem)."""
    from scipy.optimize import linprog

    k = len(rows)
    margins = np.vstack([np.kron(np.eye(k), np.ones(k)), np.kron(np.ones(k), np.eye(k))])
    totals = np.concatenate([rows, columns])
    found = linprog(-credit.ravel(), A_eq=margins[:-1], b_eq=totals[:-1], bounds=(0, None))
    return float(-found.fun) if found.success else float("nan")


def _record(counts: Array, credit: Array, known: Sequence[Any], ci: float, given: int) -> CohenKappa:
    s, k = _Shares.of(counts, credit), len(known)
    possible = 1.0 - s.expected > 1e-12 and s.n > 1
    numbers = _numbers(s, ci) if possible else dict.fromkeys(_NUMBERS, np.nan)
    plain = np.array_equal(credit, np.eye(k)) and k > 1
    names = [str(name) for name in known]
    labelled = pd.Index(names, name="category")
    return CohenKappa(
        **numbers,
        ci=ci,
        agreement=s.observed,
        expected=s.expected,
        prevalence_adjusted=(k * s.observed - 1) / (k - 1) if plain else np.nan,
        table=pd.DataFrame(counts.astype(int), index=labelled, columns=names),
        weights=pd.DataFrame(credit, index=labelled, columns=names),
        n_obs=int(s.n),
        n_rows=given,
        notes=() if possible else _reasons(s, k),
    )


def _reasons(s: _Shares, k: int) -> tuple[str, ...]:
    """Return why there is no kappa."""
    if s.n < 2:
        return ("One row only has both ratings: there is no kappa.",)
    return (NO_CHANCE, UNUSED) if k == 1 else (NO_CHANCE,)


_NUMBERS = ("kappa", "se", "ci_lower", "ci_upper", "z", "p_value", "kappa_max")


def _numbers(s: _Shares, ci: float) -> dict[str, float]:
    kappa, se, chance = (s.observed - s.expected) / (1 - s.expected), s.se(), s.se_by_chance()
    margin = normal_quantile(0.5 + ci / 2.0) * se
    z = kappa / chance if chance > 0 else np.nan
    p = float(2.0 * stats.norm.sf(abs(z)))
    largest = (s.largest() - s.expected) / (1 - s.expected)
    return dict(zip(_NUMBERS, (kappa, se, kappa - margin, kappa + margin, z, p, largest), strict=True))
