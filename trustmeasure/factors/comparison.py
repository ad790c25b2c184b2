"""Comparison data: eigenvalues held against those of samples from populations with 1, 2, ... factors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.check import at_least, in_range
from trustmeasure.display import Summary, Table
from trustmeasure.errors import ArgumentError, DataError
from trustmeasure.factors.communality import MOST, eigenvalues_of, smc
from trustmeasure.factors.correlations import Correlations, correlations_of
from trustmeasure.factors.extraction import most_factors
from trustmeasure.factors.parallel import generator
from trustmeasure.factors.random_correlations import CELLS
from trustmeasure.frames import Array
from trustmeasure.threads import one_thread

TRIALS = 5
"""Attempts without a better population before it is taken as it is."""
AXES, AXES_CLOSE = 50, 1e-3
LABELS = {"number": "factors", "rmsr": "RMSR of eigenvalues", "p_value": "p", "population_rmsr": "RMSR of r"}


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ComparisonData:
    """The comparison data method.

    Attributes
    ----------
    n_factors : int
        Factors after which one more does not bring the eigenvalues nearer to those of the items.
    steps : pandas.DataFrame
        One row a number of factors from 1: `number`, `rmsr` (mean over the samples of the root mean squared
        difference of eigenvalues), `p_value` (one-sided Mann-Whitney test that it is smaller than with one
        factor fewer; NaN for the first), `population_rmsr` (of the population's correlations), `note`.
    draws, population : int
        Samples of each population, and people in it.
    alpha : float
        Level of the test.
    n_items, n_obs : int
        Items and people.
    correlation : str
        Kind of correlations.
    notes : tuple of str
        What a reader must know.
    """

    n_factors: int
    steps: pd.DataFrame
    draws: int
    population: int
    alpha: float
    n_items: int
    n_obs: int
    correlation: str
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return one row a number of factors: number, rmsr, p_value, population_rmsr, note."""
        return self.steps.copy()

    def summary(self) -> Summary:
        """Return the suggested number and the steps for reading."""
        table = Table("Steps", self.steps, self.notes, labels=LABELS)
        return Summary("Comparison data", [f"Suggested: {self.n_factors}.", table])

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


@one_thread
def comparison_data(
    data: Any,
    *,
    correlation: str = "pearson",
    missing: str = "pairwise",
    max_factors: int = 8,
    draws: int = 500,
    population: int = 10_000,
    alpha: float = 0.30,
    seed: int | None = None,
) -> ComparisonData:
    """Return the number of factors by comparison data, which keep the distributions of the items.

    For 1, 2, ... factors a population is made whose items have the answers of the sample and, as nearly as so
    many factors allow, its correlations. The eigenvalues of samples from it are held against those of the
    items; as soon as one factor more does not bring them nearer, the search ends.

    Parameters
    ----------
    data : frame, 2-D array, Responses, or mapping
        One row a person, one column an item; no correlation matrix.
    correlation : {"pearson", "spearman"}
        Which correlations.
    missing : {"pairwise", "listwise"}
        What is done with missing answers; samples from the populations are complete.
    max_factors : int
        Most factors looked at.
    draws, population : int
        Samples from each population, and people in it.
    alpha : float
        Level at which one factor more must bring the eigenvalues nearer.
    seed : int, optional
        The same seed gives the same result.

    Returns
    -------
    ComparisonData
        `.n_factors`, at least 1, and `.to_frame()`.

    Raises
    ------
    ArgumentError
        For an unknown option, or a correlation matrix.
    DataError
        For fewer than 3 items, or data that do not allow correlations.

    Notes
    -----
    Populations are made by the iterative algorithm of Ruscio and Kaczetow (2008): correlations of normal
    variables are changed until the answers that take their places correlate as the items do. There is no
    reference value: the method is random throughout, and is checked by simulation.

    References
    ----------
    Ruscio, J., & Kaczetow, W. (2008). Simulating multivariate nonnormal data using an iterative algorithm.
    Multivariate Behavioral Research, 43(3), 355-381.

    Ruscio, J., & Roche, B. (2012). Determining the number of factors to retain in an exploratory factor
    analysis using comparison data of known factorial structure. Psychological Assessment, 24(2), 282-292.

    Examples
    --------
    >>> import trustmeasure as tm
    >>> items = tm.load_sample("trust-survey").items("cognitive_trust")
    >>> tm.comparison_data(items, draws=200, population=5000, seed=1).n_factors
    3
    """
    at_least("max_factors", max_factors, 1)
    at_least("draws", draws, 20)
    at_least("population", population, 1000)
    in_range("alpha", alpha, 0.0, 1.0)
    if correlation == "polychoric" or missing == "fiml":
        raise ArgumentError(
            "comparison_data takes correlation='pearson' or 'spearman', missing='pairwise' or 'listwise'."
        )
    found = correlations_of(data, correlation=correlation, missing=missing)
    if found.values is None:
        raise ArgumentError("comparison_data needs the answers, not only their correlations.")
    found.require_items(3, "The comparison data method")
    rng = generator(seed)
    steps = list(_steps(found, found.values, (max_factors, draws, population), alpha, rng))
    table = pd.DataFrame(steps, columns=["number", "rmsr", "p_value", "population_rmsr", "note"])
    better = int((table["p_value"].fillna(0.0) < alpha).cummin().sum())
    how = f"{draws} samples from populations of {population:,}; a factor more must help at p < {alpha:g}."
    return ComparisonData(
        better,
        table,
        draws,
        population,
        alpha,
        found.n_items,
        len(found.values),
        found.correlation,
        (how, *found.notes),
    )


def _steps(
    found: Correlations, values: Array, sizes: tuple[int, int, int], alpha: float, rng: np.random.Generator
) -> Iterator[tuple[int, float, float, float, str]]:
    """Yield one row a number of factors, until one more does not help."""
    max_factors, draws, size = sizes
    most = min(max_factors, max(most_factors(found.n_items), 1))
    margins = _margins(values, size, rng)
    before: Array | None = None
    for m in range(1, most + 1):
        people, rmsr = population_of(found.corr, margins, m, rng, ranked=found.correlation == "spearman")
        now = _distances(people, found.eigenvalues, draws, len(values), rng)
        p = np.nan if before is None else _less(now, before)
        last = m == most and not p >= alpha
        yield m, float(now.mean()), p, rmsr, "the most that was looked at" if last else ""
        if p >= alpha:
            return
        before = now


def _less(now: Array, before: Array) -> float:
    from scipy.stats import mannwhitneyu

    return float(mannwhitneyu(now, before, alternative="less").pvalue)


def _margins(values: Array, size: int, rng: np.random.Generator) -> Array:
    """Return as many answers to each item as the population has people, drawn and sorted, shape (size, p)."""
    drawn = [rng.choice(column[~np.isnan(column)], size) for column in values.T]
    return np.sort(np.stack(drawn, axis=1), axis=0)


def population_of(
    corr: Array, margins: Array, m: int, rng: np.random.Generator, *, ranked: bool = False
) -> tuple[Array, float]:
    """Return people (size, p) with given answers and m factors, and how far their correlations are off.

    Parameters
    ----------
    corr : array, shape (p, p)
        Correlations wanted.
    margins : array, shape (size, p)
        The answers to each item, sorted.
    m : int
        Factors.
    rng : Generator
        Source of randomness.
    ranked : bool
        Whether correlations are of ranks.
    """
    size, p = margins.shape
    shared, unique = rng.standard_normal((size, m)), rng.standard_normal((size, p))
    wanted, best, trials = corr, None, 0
    error, left, target = np.inf, np.zeros_like(corr), corr
    while trials < TRIALS:
        people = _placed(shared, unique, _loadings(wanted, m), margins)
        residual = corr - _correlations(people, ranked)
        now = float(np.sqrt(np.square(residual[np.tril_indices(p, -1)]).mean()))
        if now < error:
            best, error, left, target, trials = people, now, residual, wanted, 0
            wanted = wanted + residual
        else:
            trials += 1
            wanted = target + 0.5**trials * left
    if best is None:
        raise DataError("No population with these answers has correlations: leave constant items out.")
    return best, error


def _placed(shared: Array, unique: Array, loadings: Array, margins: Array) -> Array:
    """Return answers in the order of normal variables with these loadings."""
    rest = np.sqrt(np.maximum(1.0 - np.square(loadings).sum(axis=1), 0.0))
    order = np.argsort(shared @ loadings.T + unique * rest, axis=0)
    people = np.empty_like(margins)
    np.put_along_axis(people, order, margins, axis=0)
    return people


def _loadings(corr: Array, m: int) -> Array:
    """Return loadings (p, m) of principal axes, no communality above what an item can have."""
    reduced = np.clip(corr, -1.0, 1.0)
    shared = np.minimum(smc(reduced[None])[0], MOST)
    for _ in range(AXES):
        np.fill_diagonal(reduced, shared)
        values, vectors = np.linalg.eigh(reduced)
        loadings = vectors[:, -m:] * np.sqrt(np.maximum(values[-m:], 0.0))
        found = np.square(loadings).sum(axis=1)
        loadings = loadings * np.sqrt(np.minimum(1.0, MOST / np.maximum(found, 1e-12)))[:, None]
        found = np.minimum(found, MOST)
        moved, shared = float(np.abs(found - shared).max()), found
        if moved < AXES_CLOSE:
            break
    return np.asarray(loadings)


def _correlations(people: Array, ranked: bool) -> Array:
    values = people
    if ranked:
        from scipy.stats import rankdata

        values = rankdata(people, axis=0)
    return np.asarray(_pearson(values[None])[0])


def _pearson(values: Array) -> Array:
    """Return correlations (b, p, p) of samples (b, n, p); 0 with an item that does not vary in its sample."""
    away = values - values.mean(axis=1, keepdims=True)
    cross = away.transpose(0, 2, 1) @ away
    spread = np.sqrt(np.einsum("bii->bi", cross))
    scale = np.where(spread > 0.0, spread, np.inf)
    found = cross / (scale[:, :, None] * scale[:, None, :])
    at = np.arange(found.shape[1])
    found[:, at, at] = 1.0
    return np.asarray(found)


def _distances(people: Array, eigenvalues: Array, draws: int, n: int, rng: np.random.Generator) -> Array:
    """Return how far the eigenvalues of each sample are from those of the items, shape (draws,)."""
    step = max(CELLS // (n * people.shape[1]), 1)
    parts = []
    for start in range(0, draws, step):
        drawn = people[rng.integers(len(people), size=(min(step, draws - start), n))]
        parts.append(eigenvalues_of(_pearson(drawn)))
    return np.asarray(np.sqrt(np.square(np.concatenate(parts) - eigenvalues).mean(axis=1)))
