"""Data from a model: normal or not, continuous or ordinal, with missing values, in groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.check import one_of, suggestion
from trustmeasure.errors import ArgumentError
from trustmeasure.sem.copula import Marginal, gaussian_copula
from trustmeasure.sem.holes import with_holes
from trustmeasure.sem.nonnormal import vale_maurelli
from trustmeasure.sem.parameters import DELTA, ParameterTable
from trustmeasure.sem.population import Population, populations
from trustmeasure.sem.result import SemResult

Array = npt.NDArray[np.float64]
Each = float | Mapping[str, float]
Cuts = Sequence[float] | Mapping[str, Sequence[float]]

DISTRIBUTIONS = ("normal", "vale_maurelli", "copula")


def simulate(
    model: str | ParameterTable | SemResult,
    n: int | Sequence[int] | Mapping[str, int],
    *,
    seed: int,
    values: Mapping[str, float] | None = None,
    distribution: str = "normal",
    skew: Each | None = None,
    kurtosis: Each | None = None,
    marginals: Mapping[str, Marginal] | None = None,
    missing: Each | None = None,
    missing_by: str | Mapping[str, str] | None = None,
    missing_slope: float = 1.0,
    cuts: Cuts | None = None,
    parameterization: str = DELTA,
    group: str = "group",
) -> pd.DataFrame:
    """Draw a sample from the population that a model describes.

    Parameters
    ----------
    model : str, ParameterTable or SemResult
        Model text whose numbers (`f =~ 0.8*x1`) and `start()` values are the population's; or a fitted
        model, whose estimates are. What has no number is 1 for loadings and variances and 0 otherwise.
        Variables with thresholds (`x1 | -1*t1 + 0.5*t2`) are ordinal: the model is one of the responses y*
        behind them, and answers are 1, 2, ..., or the codes of the data that a fitted model rests on.
    n : int, sequence or mapping
        Rows; in several groups a number for each, in order or by label. One number with a fitted model in
        groups means as many rows in each.
    seed : int
        The same seed gives the same data.
    values : mapping of str to float, optional
        Population values by label or relation ("b", "f =~ x2", in group 2 "f =~ x2.g2"); they go before
        those in the model.
    distribution : {"normal", "vale_maurelli", "copula"}
        Multivariate normal; with the `skew` and `kurtosis` asked for; or with the distributions in
        `marginals`, joined by a Gaussian copula. Means and covariances are the model's in each case.
    skew, kurtosis : float or mapping of str to float, optional
        Population skew and excess kurtosis (normal: 0) of all observed variables, or by name.
    marginals : mapping of str to distribution, optional
        Shapes by name for "copula", such as ``scipy.stats.gamma(2)``; location and scale do not count. What
        is not named is normal.
    missing : float or mapping of str to float, optional
        Share of missing values, for all observed variables or by name.
    missing_by : str or mapping of str to str, optional
        Variable without missing values that missingness depends on, for all variables or by name (missing at
        random). Without it values are missing completely at random.
    missing_slope : float
        Rise of the log odds of being missing with one standard deviation of that variable.
    cuts : sequence or mapping of str to sequence, optional
        Rising cut points that turn a variable into codes 1, 2, ..., in standard deviations from its mean;
        for all observed variables or by name. Not for variables that have thresholds in the model.
    parameterization : {"delta", "theta"}
        What the numbers of a text with thresholds mean, as in `fit_sem`: variances of responses y* are 1
        ("delta"), or those of their residuals are ("theta").
    group : str
        Name of the column that holds the group, when there are several.

    Returns
    -------
    DataFrame
        One row a respondent, one column an observed variable.

    Raises
    ------
    ArgumentError
        For names that are not in the model, values that imply no covariance matrix, or a skew and kurtosis
        that the method cannot reach.

    Notes
    -----
    Non-normal data are made by Vale & Maurelli (1983, Psychometrika 48(3), 465-471) or by a Gaussian copula
    whose normal correlations are those that give the model's (Cario & Nelson 1997).

    Examples
    --------
    >>> data = simulate("trust =~ 0.8*a + 0.7*b + 0.9*c", 200, seed=1)
    >>> data.shape
    (200, 3)
    >>> answers = simulate("trust =~ 0.8*a + 0.7*b; a | -1*t1 + 0*t2 + 1*t3; b | 0*t1", 200, seed=1)
    >>> sorted(answers["a"].unique().tolist()), sorted(answers["b"].unique().tolist())
    ([1.0, 2.0, 3.0, 4.0], [1.0, 2.0])
    """
    refuse_shapes(distribution, skew, kurtosis, marginals)
    sizes = _sizes(model, n)
    rng = np.random.default_rng(seed)
    parts = []
    for population in populations(model, list(sizes), values, parameterization):
        unit = standard_rows(
            rng, sizes[population.label], population, distribution, skew, kurtosis, marginals
        )
        frame = coded(unit, population, cuts)
        parts.append(frame.assign(**{group: population.label}) if len(sizes) > 1 else frame)
    whole = pd.concat(parts, ignore_index=True)
    if missing is None:
        if missing_by is not None:
            raise ArgumentError("missing_by goes with missing=..., the share of missing values.")
        return whole
    shares = each_of("missing", missing, population.names)
    return with_holes(rng, whole, population.names, shares, missing_by, missing_slope)


def refuse_shapes(
    distribution: str, skew: Each | None, kurtosis: Each | None, marginals: Mapping[str, Marginal] | None
) -> None:
    """Raise ArgumentError for a shape that the distribution does not look at."""
    one_of("distribution", distribution, DISTRIBUTIONS)
    if distribution != "vale_maurelli" and (skew is not None or kurtosis is not None):
        raise ArgumentError('skew and kurtosis go with distribution="vale_maurelli".')
    if (distribution == "copula") != (marginals is not None):
        raise ArgumentError('marginals and distribution="copula" go together.')


def _sizes(
    model: str | ParameterTable | SemResult, n: int | Sequence[int] | Mapping[str, int]
) -> dict[str, int]:
    labels = model.group_labels if isinstance(model, SemResult) else ("",)
    if isinstance(model, ParameterTable) and model.n_groups > 1:
        labels = tuple(str(g + 1) for g in range(model.n_groups))
    if isinstance(n, Mapping):
        if isinstance(model, SemResult) and set(map(str, n)) != set(labels):
            raise ArgumentError(f"n must name the groups of the fit: {', '.join(labels)}.")
        order = labels if isinstance(model, SemResult) else [str(label) for label in n]
        by_label = {str(label): size for label, size in n.items()}
        sizes = {label: by_label[label] for label in order}
    elif isinstance(n, Sequence):
        named = labels if len(labels) == len(n) else [str(g + 1) for g in range(len(n))]
        sizes = dict(zip(named, n, strict=True))
    else:
        sizes = dict.fromkeys(labels, n)
    if any(int(size) != size or size < 1 for size in sizes.values()):
        raise ArgumentError(f"n={n!r}: the number of rows must be a whole number above 0.")
    return {label: int(size) for label, size in sizes.items()}


def _correlations(cov: Array) -> Array:
    sd = np.sqrt(np.diag(cov))
    return np.asarray(cov / np.outer(sd, sd))


def standard_rows(
    rng: np.random.Generator,
    n: int,
    population: Population,
    distribution: str,
    skew: Each | None = None,
    kurtosis: Each | None = None,
    marginals: Mapping[str, Marginal] | None = None,
) -> Array:
    """Return rows of the population with each variable standardised, shape (n, p)."""
    corr, names = _correlations(population.cov), population.names
    if distribution == "normal":
        return np.asarray(rng.standard_normal((n, corr.shape[0])) @ np.linalg.cholesky(corr).T)
    if distribution == "copula":
        _known("marginals", marginals or {}, names)
        return gaussian_copula(rng, n, corr, marginals or {}, names)
    return vale_maurelli(
        rng, n, corr, each_of("skew", skew, names), each_of("kurtosis", kurtosis, names), names
    )


def each_of(what: str, given: Each | None, names: Sequence[str]) -> list[float]:
    """Return one number a variable; 0 where a mapping says nothing."""
    if isinstance(given, Mapping):
        _known(what, given, names)
        return [float(given.get(name, 0.0)) for name in names]
    return [0.0 if given is None else float(given)] * len(names)


def _known(what: str, given: Mapping[str, object], names: Sequence[str]) -> None:
    for name in given:
        if name not in names:
            raise ArgumentError(f"{what}: '{name}' is not observed. {suggestion(name, list(names))}")


def coded(unit: Array, population: Population, cuts: Cuts | None = None) -> pd.DataFrame:
    """Return standardised values in the variables' units, or as codes where there are cut points."""
    names = population.names
    values = population.mean + unit * np.sqrt(np.diag(population.cov))
    frame = pd.DataFrame(values, columns=list(names))
    known = with_cuts(population, cuts)
    for name, points in known.cuts.items():
        number = np.searchsorted(np.asarray(points), unit[:, names.index(name)])
        frame[name] = np.asarray(known.codes[name])[number]
    return frame


def with_cuts(population: Population, cuts: Cuts | None) -> Population:
    """Return a population whose variables are cut at points in standard deviations from their means.

    Raises
    ------
    ArgumentError
        For a name that is not observed or has thresholds already, and points that do not rise.
    """
    if cuts is None:
        return population
    by_name = cuts if isinstance(cuts, Mapping) else dict.fromkeys(population.names, cuts)
    _known("cuts", by_name, population.names)
    for name, points in by_name.items():
        if name in population.cuts:
            raise ArgumentError(
                f"cuts: '{name}' has thresholds in the model already. Leave one of the two out."
            )
        if len(points) == 0 or np.any(np.diff(points) <= 0):
            raise ArgumentError(f"cuts: the cut points of '{name}' must rise: {list(points)}.")
    more = {name: tuple(float(x) for x in points) for name, points in by_name.items()}
    codes = {name: tuple(float(c) for c in range(1, len(points) + 2)) for name, points in more.items()}
    return replace(population, cuts={**population.cuts, **more}, codes={**population.codes, **codes})
