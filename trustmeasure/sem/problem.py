"""Model, sample and estimator -> the discrepancy that is made smallest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from trustmeasure.errors import DataError
from trustmeasure.moments import SampleMoments
from trustmeasure.moments.fourth import given_moments, inverse_of_free, moment_covariance
from trustmeasure.sem.discrepancy import (
    Discrepancy,
    FullInformation,
    Groups,
    LeastSquares,
    MaximumLikelihood,
    OrdinalLeastSquares,
)
from trustmeasure.sem.discrepancy.weights import Diagonal, Full, Normal, Weight
from trustmeasure.sem.matrices import Ram
from trustmeasure.sem.options import Options
from trustmeasure.sem.ordinal.weights import ordinal_weight
from trustmeasure.sem.parameters import ParameterTable
from trustmeasure.sem.split import Sample

Array = npt.NDArray[np.float64]


def scaled_moments(sample: Sample, options: Options) -> Sample:
    """Return the sample with covariances divided by n - 1 where the estimator asks for it."""
    if not options.unbiased or any(m.ordinal for m in sample.moments):
        return sample
    return replace(
        sample, moments=tuple(replace(m, cov=m.cov * m.n_obs / (m.n_obs - 1)) for m in sample.moments)
    )


def sizes(samples: Sequence[SampleMoments], options: Options) -> tuple[float, ...]:
    """Return what each group's discrepancy is multiplied by to be a chi-square: n, or n - 1."""
    return tuple(m.size - options.unbiased for m in samples)


def weights_of(table: ParameterTable, sample: Sample, options: Options) -> tuple[Weight | None, ...]:
    """Return the weight matrix of each group's moments; None for maximum likelihood.

    Raises
    ------
    DataError
        If the weight matrix of WLS cannot be inverted, or that of DWLS has a zero.
    """
    if not options.least_squares:
        return (None,) * len(sample.moments)
    x = [table.observed.index(name) for name in table.exogenous]
    found = []
    ordinal = any(m.ordinal for m in sample.moments)
    every = sample.rows if options.needs_rows and not ordinal else (None,) * len(sample.moments)
    for label, moments, rows in zip(sample.labels, sample.moments, every, strict=True):
        try:
            found.append(_weight(options.discrepancy, moments, rows, x, means=table.meanstructure))
        except DataError as error:
            raise DataError(f"Group '{label}': {error}" if label else str(error)) from error
    return tuple(found)


def _weight(
    kind: str, moments: SampleMoments, rows: Array | None, x: Sequence[int], *, means: bool
) -> Weight:
    if moments.ordinal is not None:
        return ordinal_weight(kind, moments.ordinal)
    p = len(moments.names)
    size = p * (p + 1) // 2 + (p if means else 0)
    if kind == "GLS":
        return Normal(np.asarray(np.linalg.inv(moments.cov)))
    if kind == "ULS" or rows is None:
        return Diagonal(np.ones(size))
    gamma = moment_covariance(rows, x, means=means)
    given = given_moments(p, x, means=means)
    return _inverse_variances(gamma, given) if kind == "DWLS" else _inverse(gamma, given, len(rows))


def _inverse_variances(gamma: Array, given: npt.NDArray[np.intp]) -> Weight:
    variance = np.diag(gamma).copy()
    variance[given] = np.inf
    if variance.min() <= 0:
        raise DataError("A covariance does not vary over rows, so DWLS has no weight for it. Use MLM or ULS.")
    return Diagonal(1.0 / variance)


def _inverse(gamma: Array, given: npt.NDArray[np.intp], n_obs: int) -> Weight:
    inverse = inverse_of_free(gamma, given)
    if inverse is None:
        raise DataError(
            f"WLS needs the inverse of the covariance matrix of {len(gamma) - given.size} moments, which "
            f"{n_obs} rows do not determine. Collect more rows (many more than moments), or use "
            "estimator='MLM' or 'DWLS'."
        )
    return Full(inverse)


def discrepancy_of(
    rams: Sequence[Ram], samples: Sequence[SampleMoments], weights: Sequence[Weight | None], options: Options
) -> Groups:
    """Return the discrepancy of all groups, which count by rows, or for least squares by rows less 1."""
    parts = [_part(*group) for group in zip(rams, samples, weights, strict=True)]
    counted = sizes(samples, options) if options.least_squares else [m.size for m in samples]
    return Groups.of(parts, counted)


def _part(ram: Ram, sample: SampleMoments, weight: Weight | None) -> Discrepancy:
    if weight is not None and sample.ordinal is not None:
        return OrdinalLeastSquares(ram, sample.ordinal.statistics, weight)
    if weight is not None:
        return LeastSquares.of(ram, sample.cov, sample.mean, weight)
    if sample.incomplete is not None:
        return FullInformation.of(ram, sample.incomplete.patterns, sample.incomplete.logl)
    return MaximumLikelihood.of(ram, sample.cov[None], None if sample.mean is None else sample.mean[None])
