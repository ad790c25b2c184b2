"""Residuals of ordinal statistics in the metrics of a residual table, and in its order."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from trustmeasure.moments.layout import Layout
from trustmeasure.sem.residual_errors import MomentErrors

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]

Relation = tuple[str, str, str]


def statistic_kind(errors: MomentErrors, layout: Layout, kind: str) -> MomentErrors:
    """Return statistics and their covariances in the metric of a kind of residual: raw, bentler or bollen.

    Ordinal responses have unit variance already; what is continuous is divided by its standard deviation.
    """
    if kind == "raw":
        return errors
    sd = _deviations(layout, errors.observed)
    unit = _units(layout, sd)
    slope = np.diag(1.0 / unit)
    fitted = errors.fitted / unit
    if kind == "bollen":
        own = _units(layout, _deviations(layout, errors.fitted))
        at = np.arange(layout.variances.start, layout.size)
        fitted[at] = errors.fitted[at] / own[at]
        slope = slope @ _correlation_slope(layout, errors.observed)
    return replace(
        errors,
        observed=errors.observed / unit,
        fitted=fitted,
        sample=slope @ errors.sample @ slope.T,
        own=slope @ errors.own @ slope.T,
        residual=slope @ errors.residual @ slope.T,
    )


def _deviations(layout: Layout, statistics: Array) -> Array:
    """Return standard deviations given the covariates, shape (p,); 1 for ordinal variables."""
    found = np.ones(layout.p)
    found[layout.continuous] = np.sqrt(statistics[layout.variances])
    return found


def _units(layout: Layout, sd: Array) -> Array:
    """Return what each statistic is divided by, shape (m,)."""
    row, col = layout.pairs
    slopes = np.tile(sd, len(layout.covariates))
    return np.concatenate([sd[layout.level_variable], slopes, sd[layout.continuous] ** 2, sd[row] * sd[col]])


def _correlation_slope(layout: Layout, statistics: Array) -> Array:
    """Return the derivatives of correlations by covariances and variances, others left as they are.

    They are in the units of the covariances, so that division by these makes correlations of them.
    """
    found = np.eye(layout.size)
    variance = np.arange(layout.variances.start, layout.variances.stop)
    found[variance, variance] = 0.0
    pair = np.arange(layout.correlations.start, layout.correlations.stop)
    for own, place in zip(layout.continuous, variance, strict=True):
        for side in layout.pairs:
            at = pair[side == own]
            found[at, place] -= 0.5 * statistics[at] / statistics[place]
    return found


def table_order(errors: MomentErrors, layout: Layout) -> tuple[MomentErrors, list[Relation]]:
    """Return statistics as a table lists them: the triangle by rows, thresholds and means, slopes.

    Variances of ordinal responses, which are 1, stand in the triangle and do not vary.
    """
    at, relations = _triangle(layout)
    levels = np.arange(layout.levels.stop)
    slopes = np.arange(layout.slopes.start, layout.slopes.stop)
    order = np.concatenate([at, levels, slopes])
    names = [layout.names[i] for i in layout.level_variable]
    first = np.searchsorted(layout.level_variable, layout.level_variable)
    relations += [
        (name, "~1", "") if mean else (name, "|", f"t{k + 1}")
        for name, mean, k in zip(names, layout.level_is_mean, levels - first, strict=True)
    ]
    relations += [(y, "~", x) for x in layout.covariates for y in layout.names]
    grown = {
        name: _padded(getattr(errors, name))[np.ix_(order, order)] for name in ("sample", "own", "residual")
    }
    both = {name: np.append(getattr(errors, name), 1.0)[order] for name in ("observed", "fitted")}
    return replace(errors, **both, **grown), relations


def _triangle(layout: Layout) -> tuple[Index, list[Relation]]:
    """Return where the elements of the lower triangle stand, -1 for a variance that is 1, and their names."""
    p, names = layout.p, layout.names
    place = np.full((p, p), -1, dtype=np.intp)
    row, col = layout.pairs
    place[row, col] = np.arange(layout.correlations.start, layout.correlations.stop)
    continuous = layout.continuous
    place[continuous, continuous] = np.arange(layout.variances.start, layout.variances.stop)
    i, j = np.tril_indices(p)
    return place[i, j], [(names[a], "~~", names[b]) for a, b in zip(i, j, strict=True)]


def _padded(matrix: Array) -> Array:
    """Return the matrix with a row and a column of zeros behind."""
    return np.pad(matrix, (0, 1))


def parts_of(layout: Layout) -> dict[str, slice]:
    """Return the parts of a table that have a size of their own."""
    pairs = layout.p * (layout.p + 1) // 2
    levels = pairs + layout.level_variable.size
    found = {"cov": slice(0, pairs), "threshold": slice(pairs, levels)}
    if layout.covariates:
        found["slope"] = slice(levels, None)
    return found | {"total": slice(0, None)}
