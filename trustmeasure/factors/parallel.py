"""Parallel analysis: eigenvalues held against those of random data of the same size (Horn 1965)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from trustmeasure.check import at_least, in_range, one_of
from trustmeasure.display import Summary, Table
from trustmeasure.errors import ArgumentError
from trustmeasure.factors.communality import CLOSE, COMMUNALITIES, eigenvalues_of, reduced
from trustmeasure.factors.correlations import Correlations, correlations_of
from trustmeasure.factors.random_correlations import RANDOM, random_correlations
from trustmeasure.frames import Array
from trustmeasure.threads import one_thread

Model = Literal["components", "factors"]
MODELS: tuple[Model, ...] = ("components", "factors")
CRITERIA = ("mean", "quantile")
ROUGH = 1e-6
"""How near the loadings of random data are found: far below what another draw would change."""
SAID = {
    "normal": "normal variables",
    "permuted": "the answers of each item, shuffled",
    "resampled": "the answers of each item, drawn with replacement",
}
DIAGONAL = {
    "smc": "squared multiple correlations",
    "minres": "communalities of one factor (minres)",
}


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ParallelAnalysis:
    """Eigenvalues of a correlation matrix beside those of random data.

    Attributes
    ----------
    eigenvalues : dict of array, shape (p,)
        By model: "components" (of the correlation matrix) and "factors" (with communalities in its diagonal).
    random : dict of array, shape (draws, p)
        Those of the random samples, by model.
    level : float
        Share of random eigenvalues below the stricter criterion.
    n_items, n_obs : int
        Items and people.
    correlation, missing : str
        Kind of correlations, and what was done with missing answers.
    random_data : str
        How random samples were made.
    communalities : str
        What stands in the diagonal of the "factors".
    seed : int or None
        As given.
    notes : tuple of str
        What a reader must know.
    """

    eigenvalues: Mapping[str, Array]
    random: Mapping[str, Array]
    level: float
    n_items: int
    n_obs: int
    correlation: str
    missing: str
    random_data: str
    communalities: str
    seed: int | None
    notes: tuple[str, ...] = ()

    @property
    def draws(self) -> int:
        """Number of random samples."""
        return len(self.random["components"])

    @property
    def n_components(self) -> int:
        """Components above the stricter criterion."""
        return self.suggested("components")

    @property
    def n_factors(self) -> int:
        """Factors above the stricter criterion."""
        return self.suggested("factors")

    def threshold(self, model: Model, criterion: str = "quantile") -> Array:
        """Return what each eigenvalue is held against, shape (p,).

        Parameters
        ----------
        model : {"components", "factors"}
            Which eigenvalues.
        criterion : {"quantile", "mean"}
            Quantile (at `level`) or mean of the random ones.
        """
        one_of("model", model, MODELS)
        one_of("criterion", criterion, CRITERIA)
        random = self.random[model]
        return np.asarray(random.mean(0) if criterion == "mean" else np.quantile(random, self.level, axis=0))

    def suggested(self, model: Model, criterion: str = "quantile") -> int:
        """Return how many eigenvalues in a row, from the first, are above what they are held against."""
        return leading(self.eigenvalues[model], self.threshold(model, criterion))

    def to_frame(self) -> pd.DataFrame:
        """Return one row a model and eigenvalue.

        Columns: model, number (from 1), eigenvalue, random_mean, random_quantile, above_mean, above_quantile.
        """
        return pd.concat([self._frame(model) for model in MODELS], ignore_index=True)

    def _frame(self, model: Model) -> pd.DataFrame:
        own = self.eigenvalues[model]
        mean, quantile = (self.threshold(model, criterion) for criterion in CRITERIA)
        return pd.DataFrame(
            {
                "model": model,
                "number": np.arange(1, self.n_items + 1),
                "eigenvalue": own,
                "random_mean": mean,
                "random_quantile": quantile,
                "above_mean": own > mean,
                "above_quantile": own > quantile,
            }
        )

    def suggestions(self) -> pd.DataFrame:
        """Return one row a model and criterion: model, criterion, n_factors."""
        rows = [(m, c, self.suggested(m, c)) for m in MODELS for c in CRITERIA]
        return pd.DataFrame(rows, columns=["model", "criterion", "n_factors"])

    def summary(self) -> Summary:
        """Return the suggested numbers and the eigenvalues for reading."""
        shown = self.suggestions().replace({"criterion": {"quantile": f"{100 * self.level:g} % quantile"}})
        labels = {"n_factors": "suggested", "random_mean": "random mean"}
        labels |= {"random_quantile": f"random {100 * self.level:g} %", "number": "no."}
        tables = [
            Table(f"Eigenvalues: {m}", self._shown(m), labels=labels, notes=self._diagonal(m)) for m in MODELS
        ]
        return Summary("Parallel analysis", [Table("Suggested", shown, self.notes, labels=labels), *tables])

    def _shown(self, model: Model) -> pd.DataFrame:
        frame = self._frame(model).drop(columns=["model", "above_mean", "above_quantile"])
        return frame.head(max(self.suggested(model, "mean") + 3, 6))

    def _diagonal(self, model: Model) -> tuple[str, ...]:
        if model == "components":
            return ()
        return (f"Of the correlations with {DIAGONAL[self.communalities]} in the diagonal.",)

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def leading(values: Array, thresholds: Array) -> int:
    """Return how many values in a row, from the first, are above their thresholds and above zero.

    Examples
    --------
    >>> leading(np.array([3.0, 1.5, 0.9, 0.8]), np.array([1.4, 1.2, 1.0, 0.7]))
    2
    """
    below = np.flatnonzero(~((values > thresholds) & (values > 0.0)))
    return int(below[0]) if below.size else len(values)


@one_thread
def parallel_analysis(
    data: Any,
    *,
    correlation: str = "pearson",
    missing: str = "pairwise",
    n_obs: int | None = None,
    random: str | None = None,
    draws: int = 500,
    level: float = 0.95,
    communalities: str = "smc",
    seed: int | None = None,
    smooth: bool = False,
) -> ParallelAnalysis:
    """Hold the eigenvalues of items against those of random data of the same size.

    Parameters
    ----------
    data : frame, 2-D array, Responses, mapping, or correlation matrix
        One row a person, one column an item; or a square matrix of correlations.
    correlation : {"pearson", "polychoric", "spearman"}
        Which correlations, of the items and of the random data alike.
    missing : {"pairwise", "listwise", "fiml"}
        What is done with missing answers. Random data have their gaps in the same places; with "fiml" their
        correlations are taken pairwise.
    n_obs : int, optional
        People behind a matrix; needed when `data` is one.
    random : {"normal", "permuted", "resampled"}, optional
        Random data: normal variables, the answers of each item shuffled, or drawn with replacement. Without
        it "normal", and "permuted" for polychoric correlations, for which "normal" is the same as
        "resampled" (independent normal variables, cut into the observed categories).
    draws : int
        Random samples.
    level : float
        The stricter criterion is this quantile of the random eigenvalues; the other is their mean.
    communalities : {"smc", "minres"}
        What stands in the diagonal for the factor version: squared multiple correlations, or what one factor
        explains, as in psych.
    seed : int, optional
        The same seed gives the same result.
    smooth : bool
        Move an indefinite matrix of the items to the nearest one that is not.

    Returns
    -------
    ParallelAnalysis
        `.n_components .n_factors .suggestions() .to_frame()`; `tm.plots.scree(result)` shows it.

    Raises
    ------
    ArgumentError
        For an unknown option, a matrix without `n_obs`, or random data that need the answers.
    DataError
        If the data do not allow correlations.

    Notes
    -----
    The two versions err in different directions. Where factors correlate highly, the first component takes
    most of what they share, and the component version finds too few; the factor version with squared
    multiple correlations (Humphreys & Montanelli 1975) finds small factors too, and in large samples ones
    that mean nothing. Where they differ, look at the solutions between.
    Random normal data without gaps are drawn as cross-products (Bartlett's decomposition), which has the same
    distribution and takes no rows. Checked against: psych 2.2.9, `fa.parallel`: eigenvalues of the items, and
    random ones in distribution (tests/reference/factors/parallel.R).

    References
    ----------
    Horn, J. L. (1965). A rationale and test for the number of factors in factor analysis. Psychometrika,
    30(2), 179-185.

    Humphreys, L. G., & Montanelli, R. G. (1975). An investigation of the parallel analysis criterion for
    determining the number of common factors. Multivariate Behavioral Research, 10(2), 193-205.

    Examples
    --------
    >>> import trustmeasure as tm
    >>> items = tm.load_sample("trust-survey").items("cognitive_trust")
    >>> found = tm.parallel_analysis(items, draws=100, seed=1)
    >>> found.n_components, found.n_factors
    (1, 3)
    """
    at_least("draws", draws, 20)
    in_range("level", level, 0.0, 1.0)
    one_of("communalities", communalities, COMMUNALITIES)
    one_of("random", random or "normal", RANDOM)
    found = correlations_of(data, correlation=correlation, missing=missing, n_obs=n_obs, smooth=smooth)
    found.require_items(3, "Parallel analysis")
    n = found.require_n("Parallel analysis")
    how = random or _usual(found)
    batches = random_correlations(found, how, draws, generator(seed))
    parts = [eigenvalues_by_model(batch, communalities, ROUGH) for batch in batches]
    own = eigenvalues_by_model(found.corr[None], communalities)
    return ParallelAnalysis(
        eigenvalues={model: own[model][0] for model in MODELS},
        random={model: np.concatenate([part[model] for part in parts]) for model in MODELS},
        level=level,
        n_items=found.n_items,
        n_obs=n,
        correlation=found.correlation,
        missing=found.missing,
        random_data=how,
        communalities=communalities,
        seed=seed,
        notes=(_said(found, how, draws), *found.notes, *_gaps(found)),
    )


def eigenvalues_by_model(corr: Array, communalities: str, tolerance: float = CLOSE) -> dict[str, Array]:
    """Return eigenvalues (b, p) of matrices (b, p, p), by model."""
    return {
        "components": eigenvalues_of(corr),
        "factors": eigenvalues_of(reduced(corr, communalities, tolerance)),
    }


def _usual(found: Correlations) -> str:
    return "permuted" if found.correlation == "polychoric" else "normal"


def generator(seed: int | None) -> np.random.Generator:
    """Return a source of randomness; ArgumentError when the seed is none."""
    if seed is not None and (isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0):
        raise ArgumentError(f"seed={seed!r} must be a whole number of at least 0, or None.")
    return np.random.default_rng(seed)


def _said(found: Correlations, how: str, draws: int) -> str:
    return (
        f"{draws:,} random samples of {found.n_obs:,} people: {SAID[how]}; {found.correlation} correlations."
    )


def _gaps(found: Correlations) -> tuple[str, ...]:
    if found.missing != "fiml" or found.n_complete == found.n_obs:
        return ()
    return ("Correlations of the random data are taken pairwise, with gaps in the same places.",)
