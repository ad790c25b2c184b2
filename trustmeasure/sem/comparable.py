"""Whether fits can be compared: estimated alike, from the same data, and one model nested in the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from trustmeasure.errors import ArgumentError, ConvergenceError
from trustmeasure.moments import SampleMoments
from trustmeasure.moments.patterns import Patterns
from trustmeasure.sem.fit import fit_sample
from trustmeasure.sem.group_result import GroupResult
from trustmeasure.sem.options import Options
from trustmeasure.sem.ordinal.sample import moments_of_responses
from trustmeasure.sem.ordinal.statistics import statistics
from trustmeasure.sem.parameters import ParameterTable
from trustmeasure.sem.result import SemResult
from trustmeasure.sem.split import Sample

Array = npt.NDArray[np.float64]

REPRODUCED = 1e-8
"""Discrepancy below which a model reproduces the moments that it is fitted to."""


def refuse_incomparable(named: Mapping[str, SemResult]) -> None:
    """Raise ArgumentError unless all fits are of the same data, and estimated in the same way."""
    first, reference = next(iter(named.items()))
    for name, result in named.items():
        difference = _other_way(reference, result) or _difference(reference, result)
        if difference:
            raise ArgumentError(f"'{first}' and '{name}' cannot be compared: {difference}")


def _other_way(a: SemResult, b: SemResult) -> str:
    """Return how the estimation of two fits differs, or an empty text."""
    ways = (
        ("estimator", a.estimator, b.estimator),
        ("missing", a.missing, b.missing),
        ("test", a.options.test, b.options.test),
        ("likelihood", a.options.likelihood, b.options.likelihood),
    )
    for what, own, other in ways:
        if own != other:
            return f"they were fitted with {what}='{own}' and {what}='{other}'. Fit both in the same way."
    return ""


def _difference(a: SemResult, b: SemResult) -> str:
    """Return how the data or the frame of two fits differ, or an empty text."""
    if sorted(a.model.observed) != sorted(b.model.observed):
        odd = sorted(set(a.model.observed) ^ set(b.model.observed))
        return (
            f"their observed variables differ ({', '.join(odd)}). Keep every variable in both models; a "
            "variance alone, such as 'x ~~ x', is enough."
        )
    if sorted(a.group_labels) != sorted(b.group_labels):
        return "their groups differ. Fit both with the same `group`."
    if not _same_design(a, b):
        return "their weights or clusters differ. Fit both with the same `weights` and `cluster`."
    if a.model.meanstructure != b.model.meanstructure:
        return "only one of them models means. Fit both with meanstructure=True."
    if set(a.model.ordered) != set(b.model.ordered):
        odd = sorted(set(a.model.ordered) ^ set(b.model.ordered))
        return f"only one of them takes {', '.join(odd)} as ordered. Fit both with the same `ordered`."
    if set(a.model.exogenous) != set(b.model.exogenous):
        return "other variables are exogenous, so their likelihoods differ. Fit both with fixed_x=False."
    for group in a.groups:
        other = b.in_group(group.label)
        if not _same_data(group.moments, other.moments):
            where = f" in group '{group.label}'" if group.label else ""
            return (
                f"their data differ{where} ({group.n_obs} and {other.n_obs} rows). Fit both to the same rows."
            )
    return ""


def _same_design(a: SemResult, b: SemResult) -> bool:
    """Return whether the weights of two fits, and their clusters, are as many and as large."""
    for group in a.groups:
        own, other = group.moments.design, b.in_group(group.label).moments.design
        if own is None or other is None:
            if own is not other:
                return False
        elif own.n_clusters != other.n_clusters or not np.isclose(own.squares, other.squares, rtol=1e-8):
            return False
    return True


def _same_data(a: SampleMoments, b: SampleMoments) -> bool:
    if a.incomplete is not None and b.incomplete is not None:
        at = [b.names.index(name) for name in a.names]
        every = list(range(len(at)))
        return _same_patterns(_totals(a.incomplete.patterns, every), _totals(b.incomplete.patterns, at))
    if a.ordinal is not None and b.ordinal is not None:
        statistics_b = b.ordinal.statistics[b.ordinal.layout.places_of(a.ordinal.layout)]
        return a.n_obs == b.n_obs and _close(a.ordinal.statistics, statistics_b, np.ones(statistics_b.size))
    other = b.ordered(a.names)
    same = a.n_obs == b.n_obs and _close(a.cov, other.cov, np.sqrt(np.outer(np.diag(a.cov), np.diag(a.cov))))
    if a.mean is None or other.mean is None:
        return same
    return same and _close(a.mean, other.mean, np.sqrt(np.diag(a.cov)))


@dataclass(frozen=True, slots=True)
class _Totals:
    """Patterns in an order that does not depend on that of the variables: rows, sums and sums of squares."""

    seen: npt.NDArray[np.bool_]
    n: Array
    sums: Array
    squares: Array


def _totals(patterns: Patterns, variables: list[int]) -> _Totals:
    seen, points = patterns.seen[:, variables], patterns.points[:, variables]
    sums, squares = np.zeros(seen.shape), np.zeros(seen.shape)
    np.add.at(sums, patterns.at, patterns.level[:, None] * points)
    np.add.at(squares, patterns.at, points**2)
    order = np.lexsort(seen.T)
    return _Totals(seen[order], patterns.n[order], sums[order], squares[order])


def _same_patterns(a: _Totals, b: _Totals) -> bool:
    if not (np.array_equal(a.seen, b.seen) and np.allclose(a.n, b.n, rtol=1e-8)):
        return False
    square = np.sqrt(a.squares.max(axis=0) + 1e-300)
    return _close(a.sums, b.sums, square * np.sqrt(a.n.max())) and _close(a.squares, b.squares, square**2)


def _close(a: Array, b: Array, scale: Array) -> bool:
    return bool(np.allclose(a / scale, b / scale, rtol=1e-8, atol=1e-10))


def is_nested(restricted: SemResult, larger: SemResult) -> bool:
    """Return whether `larger` reproduces whatever `restricted` implies (Bentler & Satorra 2010)."""
    return reproducing(restricted, larger) is not None


def reproducing(restricted: SemResult, larger: SemResult) -> Array | None:
    """Return the parameters with which `larger` implies what `restricted` implies, or None.

    The larger model is fitted to the moments that the restricted one implies at its solution; a model that
    contains the restricted one fits them perfectly.

    Parameters
    ----------
    restricted, larger : SemResult
        Fits of the same data.

    Returns
    -------
    array, shape (q,), or None
        Free parameters of the larger model; None when it does not reproduce the moments, so that the
        restricted model is not nested in it.
    """
    groups = [restricted.in_group(label) for label in larger.group_labels]
    ordinal = bool(larger.model.ordered)
    moments = tuple(
        _implied_statistics(g, larger.model) if ordinal else _implied(g, larger.model) for g in groups
    )
    options = Options.of("ULS", se="none") if ordinal else None
    try:
        fit: object = fit_sample(larger.model, Sample(larger.group_labels, moments), options)
    except ConvergenceError as error:
        fit = error.partial
    return fit.theta if isinstance(fit, SemResult) and fit.discrepancy < REPRODUCED else None


def _implied(group: GroupResult, table: ParameterTable) -> SampleMoments:
    """Return the moments that a model implies for a group, variables in the order of another model."""
    implied = group.implied
    mean = group.moments.mean if implied.mean is None else implied.mean.to_numpy(dtype=float)
    moments = SampleMoments(group.model.observed, implied.cov.to_numpy(dtype=float), mean, group.n_obs)
    return moments.ordered(table.observed)


def _implied_statistics(group: GroupResult, table: ParameterTable) -> SampleMoments:
    """Return the same for the thresholds and correlations of ordinal data."""
    own = group.moments.ordinal
    assert own is not None  # noqa: S101  # models with ordered variables are fitted to them
    implied = statistics(group.ram, group.theta[None])[0]
    layout = table.layout
    x = [own.layout.covariates.index(name) for name in layout.covariates]
    return moments_of_responses(
        replace(
            own,
            layout=layout,
            statistics=implied[own.layout.places_of(layout)],
            categories=(),
            gamma=None,
            variances=None,
            covariate_cov=None if own.covariate_cov is None else own.covariate_cov[np.ix_(x, x)],
            covariate_mean=None if own.covariate_mean is None else own.covariate_mean[x],
        ),
        table,
    )
