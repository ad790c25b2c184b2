"""Whether two fits can be compared: the same data, and one model nested in the other."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from trustmeasure.errors import ArgumentError, ConvergenceError
from trustmeasure.moments import SampleMoments
from trustmeasure.sem.fit import fit_sample
from trustmeasure.sem.result import GroupResult, SemResult
from trustmeasure.sem.split import Sample

REPRODUCED = 1e-8
"""Discrepancy below which a model reproduces the moments that it is fitted to."""


def refuse_incomparable(named: Mapping[str, SemResult]) -> None:
    """Raise ArgumentError unless all fits are by maximum likelihood and of the same data."""
    first, reference = next(iter(named.items()))
    for name, result in named.items():
        if result.estimator != "ML":
            raise ArgumentError(
                f"'{name}' was estimated by {result.estimator}. A difference of plain chi-squares is a test "
                "for the estimator ML only, and scaled difference tests are not there yet."
            )
        if result.missing != "listwise":
            raise ArgumentError(
                f"'{name}' was fitted with missing='fiml'. Whether models are nested is found from complete "
                "rows, so comparisons of incomplete ones are not there yet."
            )
        difference = _difference(reference, result)
        if difference:
            raise ArgumentError(f"'{first}' and '{name}' cannot be compared: {difference}")


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
    if a.model.meanstructure != b.model.meanstructure:
        return "only one of them models means. Fit both with meanstructure=True."
    if set(a.model.exogenous) != set(b.model.exogenous):
        return "other variables are exogenous, so their likelihoods differ. Fit both with fixed_x=False."
    for group in a.groups:
        other = b.in_group(group.label)
        if not _same_moments(group.moments, other.moments.ordered(group.model.observed)):
            where = f" in group '{group.label}'" if group.label else ""
            return (
                f"their data differ{where} ({group.n_obs} and {other.n_obs} rows). Fit both to the same rows."
            )
    return ""


def _same_moments(a: SampleMoments, b: SampleMoments) -> bool:
    scale = np.sqrt(np.outer(np.diag(a.cov), np.diag(a.cov)))
    same = a.n_obs == b.n_obs and np.allclose(a.cov / scale, b.cov / scale, rtol=1e-8, atol=1e-10)
    if a.mean is None or b.mean is None:
        return bool(same)
    sd = np.sqrt(np.diag(a.cov))
    return bool(same and np.allclose(a.mean / sd, b.mean / sd, rtol=1e-8, atol=1e-10))


def is_nested(restricted: SemResult, larger: SemResult) -> bool:
    """Return whether `larger` reproduces whatever `restricted` implies (Bentler & Satorra 2010).

    The larger model is fitted to the moments that the restricted one implies at its solution; a model that
    contains the restricted one fits them perfectly.
    """
    groups = [restricted.in_group(label) for label in larger.group_labels]
    moments = tuple(_implied(g).ordered(larger.model.observed) for g in groups)
    try:
        fit = fit_sample(larger.model, Sample(larger.group_labels, moments))
    except ConvergenceError as error:
        partial = error.partial
        return isinstance(partial, SemResult) and partial.discrepancy < REPRODUCED
    return fit.discrepancy < REPRODUCED


def _implied(group: GroupResult) -> SampleMoments:
    implied = group.implied
    mean = group.moments.mean if implied.mean is None else implied.mean.to_numpy(dtype=float)
    return SampleMoments(group.model.observed, implied.cov.to_numpy(dtype=float), mean, group.n_obs)
