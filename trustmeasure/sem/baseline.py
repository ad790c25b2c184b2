"""The independence model: variances and means free, covariances zero, exogenous variables covary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
import numpy.typing as npt

from trustmeasure.moments import SampleMoments
from trustmeasure.sem.auxiliary import baseline_relations, fit_baseline
from trustmeasure.sem.discrepancy.least_squares import LeastSquares
from trustmeasure.sem.discrepancy.weights import Weight
from trustmeasure.sem.matrices import build
from trustmeasure.sem.parameters import Parameter, ParameterTable

Array = npt.NDArray[np.float64]
ONE = np.zeros(1, dtype=np.intp)


def baseline_table(model: ParameterTable) -> ParameterTable:
    """Return the independence model of the variables of `model`, in as many groups."""
    rows: list[Parameter] = []
    for group in range(1, model.n_groups + 1):
        for lhs, op, rhs in _relations(model):
            fixed = lhs in model.exogenous
            free = 0 if fixed else 1 + sum(r.free > 0 for r in rows)
            rows.append(Parameter(lhs, op, rhs, free=free, exogenous=fixed, group=group))
    return ParameterTable(
        parameters=tuple(rows),
        observed=model.observed,
        latent=(),
        covariates=model.covariates,
        exogenous=model.exogenous,
        definitions=(),
        meanstructure=model.meanstructure,
        n_groups=model.n_groups,
        auxiliary=model.auxiliary,
    )


def _relations(model: ParameterTable) -> list[tuple[str, str, str]]:
    if model.auxiliary:
        return baseline_relations(model)
    means = [(name, "~1", "") for name in model.observed] if model.meanstructure else []
    pairs = [(name, name) for name in model.observed] + list(combinations(model.covariates, 2))
    return [(a, "~~", b) for a, b in pairs] + means


def baseline_fit(
    table: ParameterTable, samples: Sequence[SampleMoments], weights: Sequence[Weight]
) -> tuple[Array, tuple[float, ...]]:
    """Return the least-squares estimates of the independence model, and the discrepancy in each group.

    Parameters
    ----------
    table : ParameterTable
        The independence model.
    samples : sequence of SampleMoments, length G
        The groups.
    weights : sequence of Weight, length G
        Weight of their moments.
    """
    theta, values = baseline_estimates(table, samples), []
    for g, (sample, weight) in enumerate(zip(samples, weights, strict=True), start=1):
        ram = build(table, sample.cov, sample.mean, g)
        own = np.unique(np.concatenate([ram.moving, ram.m.free]))
        part = LeastSquares.of(ram, sample.cov, sample.mean, weight)
        # The moments are linear in the parameters of this model, so one Newton step arrives.
        point = part.point(theta[None], ONE)
        curvature = point.curvature[0][np.ix_(own, own)]
        theta[own] -= np.linalg.solve(curvature, point.gradient[0][own])
        values.append(float(part.value(theta[None], ONE)[0]))
    return theta, tuple(values)


def baseline_estimates(table: ParameterTable, samples: Sequence[SampleMoments]) -> Array:
    """Return the ML estimates of the independence model, which are the sample's own moments.

    Those of incomplete rows are the means and variances of the answers given, variable by variable.
    """
    if table.auxiliary:
        found = [fit_baseline(table, s, g)[0] for g, s in enumerate(samples, start=1)]
        return np.asarray(sum(found, start=np.zeros(table.n_free)))
    samples = [_own(table, s) for s in samples]
    theta = np.zeros(table.n_free)
    at = {name: i for i, name in enumerate(table.observed)}
    for row in table.parameters:
        sample = samples[row.group - 1]
        if not row.free:
            continue
        if row.op == "~~":
            theta[row.free - 1] = sample.cov[at[row.lhs], at[row.rhs]]
        elif sample.mean is not None:
            theta[row.free - 1] = sample.mean[at[row.lhs]]
    return theta


def _own(table: ParameterTable, sample: SampleMoments) -> SampleMoments:
    """Return the sample's moments as the independence model estimates them."""
    if sample.incomplete is None:
        return sample
    x = [table.observed.index(name) for name in table.covariates]
    mean, cov = sample.incomplete.independent_moments(x)
    return replace(sample, mean=mean, cov=cov)
