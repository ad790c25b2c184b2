"""Statistics of ordinal data as frames with names."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.moments.layout import Layout
from trustmeasure.sem.ordinal.measures import OrdinalNumbers, covariances
from trustmeasure.sem.residuals import Residuals, residual_arrays

Array = npt.NDArray[np.float64]


def levels_and_slopes(
    layout: Layout, statistics: Array
) -> tuple[pd.Series | None, pd.Series, pd.DataFrame | None]:
    """Return means of continuous variables, thresholds, and slopes; None where there are none."""
    levels, is_mean = statistics[layout.levels], layout.level_is_mean
    names = np.array(layout.names, dtype=object)[layout.level_variable]
    number = np.arange(names.size) - np.searchsorted(layout.level_variable, layout.level_variable) + 1
    cuts = [f"{name}|t{k}" for name, k in zip(names[~is_mean], number[~is_mean], strict=True)]
    threshold = pd.Series(levels[~is_mean], index=cuts, name="threshold")
    mean = pd.Series(levels[is_mean], index=list(names[is_mean]), name="mean") if is_mean.any() else None
    if not layout.covariates:
        return mean, threshold, None
    slopes = statistics[layout.slopes].reshape(len(layout.covariates), layout.p).T
    return mean, threshold, pd.DataFrame(slopes, index=list(layout.names), columns=list(layout.covariates))


def ordinal_residuals(numbers: OrdinalNumbers) -> Residuals:
    """Return what the sample's statistics exceed the implied ones by."""
    layout = numbers.layout
    names = list(layout.names)
    arrays = residual_arrays(covariances(layout, numbers.sample), covariances(layout, numbers.implied))
    raw, corr, by_sample = (pd.DataFrame(x, index=names, columns=names) for x in arrays)
    return Residuals(raw, corr, by_sample, *levels_and_slopes(layout, numbers.sample - numbers.implied))
