"""Starting values of a model with ordinal variables: those of responses y*, and the sample's thresholds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from trustmeasure.moments import SampleMoments
from trustmeasure.moments.ordinal import OrdinalMoments
from trustmeasure.sem.ordinal.measures import covariances
from trustmeasure.sem.ordinal.part import OrdinalPart
from trustmeasure.sem.parameters import ParameterTable
from trustmeasure.sem.ram import Ram

Array = npt.NDArray[np.float64]
Values = Callable[[ParameterTable, Ram, Array, Array | None], Array]

LEAST_UNIQUE = 0.15
"""Share of a response's variance that starting values leave to its residual."""


def ordinal_values(table: ParameterTable, ram: Ram, sample: SampleMoments, values: Values) -> Array:
    """Return starting values from one group, NaN for parameters that it does not have.

    Parameters
    ----------
    table : ParameterTable
        The group's rows.
    ram : Ram
        Its matrices.
    sample : SampleMoments
        Correlations of responses y*.
    values : callable
        Starting values of a continuous model from its rows, matrices, covariances and means.
    """
    part, found = ram.ordinal, sample.ordinal
    if part is None or found is None:
        raise ValueError("There are no ordinal variables.")
    sd = _response_sd(part, found)
    whole = np.ones(len(table.observed))
    whole[part.y] = sd
    rows = replace(table, parameters=tuple(p for p in table.parameters if p.op not in {"|", "~*~"}))
    mean = None if sample.mean is None else sample.mean * whole
    theta = values(rows, ram, sample.cov * np.outer(whole, whole), mean)
    levels = found.statistics[part.layout.levels] * sd[part.layout.level_variable]
    theta[part.tau.free] = levels[part.tau.at]
    theta[part.scale.free] = 1.0
    return theta


def _response_sd(part: OrdinalPart, found: OrdinalMoments) -> Array:
    """Return the standard deviations of responses y*: 1, or with "theta" those that leave residuals of 1.

    What a response shares with the others is bounded from below by its squared multiple correlation.
    """
    sd = np.ones(part.layout.p)
    if part.delta:
        return sd
    cov = covariances(found.layout, found.statistics)
    scale = np.sqrt(np.diag(cov))
    inverse = np.linalg.pinv(cov / np.outer(scale, scale), hermitian=True)
    unique = np.clip(1.0 / np.maximum(np.diag(inverse), 1.0), LEAST_UNIQUE, 1.0)
    j = part.ordinal_y
    sd[j] = 1.0 / np.sqrt(unique[j])
    return sd
