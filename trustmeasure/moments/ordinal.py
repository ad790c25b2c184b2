"""What a model needs to know of ordinal and continuous variables together."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from trustmeasure.check import one_of
from trustmeasure.moments.answers import Answers, answers_of
from trustmeasure.moments.covariates import Units
from trustmeasure.moments.layout import Layout
from trustmeasure.moments.margins import Margins, Rows, margins_of
from trustmeasure.moments.pair_kinds import pair_kinds
from trustmeasure.moments.pairs import PairKind
from trustmeasure.moments.sandwich import Rescaling, sandwich
from trustmeasure.moments.table_influence import TableInfluence

Array = npt.NDArray[np.float64]

GAMMA = ("full", "diagonal", "none")
NEAR_ONE = 0.99
"""Correlations of this size are told of."""


@dataclass(frozen=True, slots=True)
class OrdinalMoments:
    """Thresholds, slopes, variances and correlations of one sample (Muthen 1984).

    Attributes
    ----------
    layout : Layout
        Which statistics there are, of p variables and k covariates.
    categories : tuple of tuple of float, length p
        The codes of each ordinal variable in their order; empty for a continuous one.
    statistics : array, shape (m,)
        The statistics in the order of the layout.
    gamma : array, shape (m, m), or None
        Asymptotic covariance matrix of the statistics times the size of the sample; None where only its
        diagonal was asked for, or nothing.
    variances : array, shape (m,), or None
        The diagonal of `gamma`.
    n_obs : int
        Rows used.
    n_dropped : int
        Rows left out because a value was missing.
    weight : float
        What the sample counts for: rows, or the sum of the weights.
    covariate_cov, covariate_mean : arrays, shapes (k, k) and (k,), or None
        Moments of the covariates; divisor n - 1, with weights their sum (both as lavaan's).
    notes : tuple of str
        What a reader should know of the data.
    missing : {"listwise", "pairwise"}
        Whether only complete rows were used.
    """

    layout: Layout
    categories: tuple[tuple[float, ...], ...]
    statistics: Array
    gamma: Array | None
    variances: Array | None
    n_obs: int
    n_dropped: int = 0
    weight: float = float("nan")
    covariate_cov: Array | None = None
    covariate_mean: Array | None = None
    notes: tuple[str, ...] = ()
    missing: str = "listwise"

    def weighing(self, weight: float) -> OrdinalMoments:
        """Return the same moments of a sample that counts for `weight`, such as its share of all groups."""
        factor = weight / self.weight
        gamma = None if self.gamma is None else self.gamma * factor
        variances = None if self.variances is None else self.variances * factor
        return replace(self, gamma=gamma, variances=variances, weight=float(weight))


def ordinal_moments(
    values: Array,
    names: Sequence[str],
    ordered: Collection[str],
    covariates: Sequence[str] = (),
    *,
    missing: str = "listwise",
    weights: Array | None = None,
    gamma: str = "full",
    categories: Mapping[str, tuple[float, ...]] | None = None,
) -> OrdinalMoments:
    """Return thresholds, slopes, variances and correlations of rows, and how they vary.

    Parameters
    ----------
    values : array, shape (n, p + k)
        One row a respondent, NaN where an answer is missing.
    names : sequence of str, length p + k
        The columns.
    ordered : collection of str
        Which of them are ordinal.
    covariates : sequence of str, length k
        Which of them explain all others. Everything is then given them; they are continuous or 0 and 1.
    missing : {"listwise", "pairwise"}
        Whether only rows without any missing value are used, or for each threshold, mean and variance all
        answers to the variable and for each correlation the rows with both. Rows with a missing covariate are
        left out either way.
    weights : array, shape (n,), or None
        Sampling weights. They are used as they are: `weight` is their sum, and `gamma` is the covariance
        matrix times it.
    gamma : {"full", "diagonal", "none"}
        How much of the asymptotic covariance matrix is computed.
    categories : mapping of name to tuple of float, or None
        Codes that ordinal variables have; otherwise those found, at most 11.

    Returns
    -------
    OrdinalMoments
        The statistics of `Layout`.

    Raises
    ------
    ArgumentError
        For an option or name that is not known, or a covariate in `ordered`.
    DataError
        For a variable with one category or value, an empty category of `categories`, a code that is none of
        them, too many codes, no rows, two variables that no row answers both, covariates that follow from
        each other or tell the categories of a variable apart without error; the message names the variables.

    Notes
    -----
    Two-step estimation, first of each variable alone, then of each pair given these (Muthen 1984,
    Psychometrika 49(1), 115-132; polychoric: Olsson 1979, Psychometrika 44(4), 443-460; polyserial: Olsson,
    Drasgow & Dorans 1982, Psychometrika 47(3), 337-347). A 2 x 2 table with one empty cell gets half a row in
    that cell and the one opposite, and half a row less in the two others, which keeps the margins; other
    tables are left as they are.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> latent = rng.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], size=2000)
    >>> answers = np.digitize(latent, [-1.0, 0.0, 1.0]) + 1.0
    >>> found = ordinal_moments(answers, ["x1", "x2"], ["x1", "x2"])
    >>> found.statistics[found.layout.correlations].round(2).tolist()
    [0.48]
    """
    one_of("gamma", gamma, GAMMA)
    given = answers_of(
        values, names, ordered, covariates, missing=missing, weights=weights, categories=categories
    )
    return moments_of_answers(given, gamma)


def moments_of_answers(given: Answers, gamma: str = "full") -> OrdinalMoments:
    """Return the moments of rows that are checked; see `ordinal_moments`."""
    stages = two_stages(given)
    rescaling = Rescaling.of(given.layout, stages.statistics)
    weight = stages.weight
    full, variances = stages.covariance(gamma)
    notes = correlation_notes(given.layout, stages.rho, variances)
    if full is not None:
        full = weight * rescaling.covariance(full)
        variances = np.diag(full).copy()
    elif variances is not None:
        variances = weight * variances
    cov, mean = _covariates(given.rows, weight)
    return OrdinalMoments(
        given.layout,
        given.categories,
        rescaling.statistics(stages.statistics),
        full if gamma == "full" else None,
        variances,
        len(given.rows),
        given.n_dropped,
        weight,
        cov,
        mean,
        (*given.notes, *notes),
        given.missing,
    )


@dataclass(frozen=True)
class Stages:
    """What both stages of the estimation found.

    Attributes
    ----------
    units : Units
        Those of the covariates; in all below they have mean 0 and standard deviation 1.
    rows : Rows
        The answers.
    margins : Margins
        Each variable alone.
    kinds : list of PairKind
        The pairs, by kind.
    rho : array, shape (P,)
        Correlations of all pairs.
    """

    units: Units
    rows: Rows
    margins: Margins
    kinds: list[PairKind]
    rho: Array

    @property
    def weight(self) -> float:
        """What the rows count for."""
        return float(len(self.rows)) if self.rows.weights is None else float(self.rows.weights.sum())

    @property
    def statistics(self) -> Array:
        """The statistics, correlations of continuous variables not yet covariances, shape (m,)."""
        return self.units.statistics(np.concatenate([self.margins.statistics, self.rho]))

    def covariance(self, gamma: str) -> tuple[Array | None, Array | None]:
        """Return the asymptotic covariance matrix of `statistics`, and its diagonal.

        With `gamma` "diagonal" the matrix is None where its diagonal is found without it; with "none" both
        are.
        """
        if gamma == "none":
            return None, None
        layout = self.margins.layout
        if not layout.ordinal.all() or layout.covariates:
            found = sandwich(self.margins, self.rows, self.kinds, self.rho).covariance()
            full = self.units.covariance(found)
            return full, np.diag(full).copy()
        influence = TableInfluence.of(self.margins, self.rows, self.rho)
        if gamma == "diagonal":
            return None, influence.variances(self.rows)
        full = influence.covariance(self.rows)
        return full, np.diag(full).copy()


def two_stages(given: Answers) -> Stages:
    """Return what each variable is like alone, and the correlations of all pairs."""
    units, rows = Units.of(given.layout, given.rows)
    margins = margins_of(given.layout, rows)
    kinds = pair_kinds(margins, rows)
    rho = np.empty(given.layout.pairs[0].size)
    for kind in kinds:
        rho[kind.at] = kind.correlations(margins, rows)
    return Stages(units, rows, margins, kinds, rho)


def _covariates(rows: Rows, weight: float) -> tuple[Array, Array] | tuple[None, None]:
    """Return covariances and means of the covariates, with lavaan's divisors."""
    if not rows.x.shape[1]:
        return None, None
    own = np.ones(len(rows)) if rows.weights is None else rows.weights
    mean = own @ rows.x / weight
    away = rows.x - mean
    divisor = weight - 1.0 if rows.weights is None else weight
    return np.asarray((away * own[:, None]).T @ away / divisor), mean


def correlation_notes(layout: Layout, rho: Array, variances: Array | None) -> tuple[str, ...]:
    """Say which correlations are almost 1 or -1, and which the answers do not determine.

    Parameters
    ----------
    layout : Layout
        The variables.
    rho : array, shape (P,)
        Correlations.
    variances : array, shape (m,), or None
        Asymptotic variances of all statistics, if they are known.
    """
    known = np.zeros(rho.size) if variances is None else variances[layout.correlations]
    vague = np.sqrt(known) > 1.0
    notes = []
    near = _pairs_shown(layout, rho, (np.abs(rho) >= NEAR_ONE) & ~vague)
    if near:
        notes.append(
            f"Correlations near 1 or -1: {near}. Such variables measure the same, or their table has too few "
            "rows off its diagonal; no model can tell them apart."
        )
    unknown = _pairs_shown(layout, rho, vague)
    if unknown:
        notes.append(
            f"Correlations that the answers do not determine: {unknown}. Their likelihood is flat, because "
            "tables are empty where it would fall; merge rare categories."
        )
    return tuple(notes)


def _pairs_shown(layout: Layout, rho: Array, which: npt.NDArray[np.bool_]) -> str:
    row, col = layout.pairs
    at = np.flatnonzero(which)
    shown = [f"{layout.names[row[k]]} and {layout.names[col[k]]} ({rho[k]:.3f})" for k in at[:5]]
    return ", ".join(shown) + (f" and {at.size - 5} more pairs" if at.size > 5 else "")
