r"""Each variable alone: thresholds or means, slopes on covariates, variances, and their scores.

An ordinal variable with covariates is an ordered probit regression, a continuous one a linear regression,
both by maximum likelihood; without covariates the thresholds are normal quantiles of cumulated proportions
(Olsson 1979, Psychometrika 44(4), 443-460, eq. 3; Muthen 1984, Psychometrika 49(1), 115-132, first stage).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from trustmeasure.moments.bivariate_normal import FAR
from trustmeasure.moments.layout import Layout
from trustmeasure.moments.regressions import interval, linear_regression, probit_regression
from trustmeasure.moments.tables import Codes

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]

LEAST = 1e-300
CELLS = 2**17
"""Numbers made of rows at a time."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Answers of n rows, ordinal ones as numbers of categories.

    Attributes
    ----------
    codes : Codes
        The ordinal variables, in the order of the layout.
    numbers : array, shape (n, p_c)
        The continuous variables; NaN where missing.
    x : array, shape (n, k)
        The covariates; no value is missing.
    weights : array, shape (n,), or None
        What each row counts for.
    """

    codes: Codes
    numbers: Array
    x: Array
    weights: Array | None = None

    def __len__(self) -> int:
        return len(self.codes.values)

    def blocks(self, width: int) -> Iterator[Rows]:
        """Yield the rows in blocks; of each row `width` numbers are made."""
        step = max(CELLS // max(width, 1), 256)
        for start in range(0, len(self), step):
            yield self.part(slice(start, start + step))

    @property
    def counts(self) -> Array:
        """What each row counts for, shape (n,)."""
        return np.ones(len(self)) if self.weights is None else self.weights

    def part(self, at: slice) -> Rows:
        """Return some of the rows."""
        codes = Codes(self.codes.values[at], self.codes.sizes, self.codes.width)
        weights = None if self.weights is None else self.weights[at]
        return Rows(codes, self.numbers[at], self.x[at], weights)


@dataclass(frozen=True)
class Margins:
    """What each variable is like alone.

    Attributes
    ----------
    layout : Layout
        The variables: p of them, p_o ordinal and p_c continuous, and k covariates.
    thresholds : array, shape (p_o, width - 1)
        Thresholds of each ordinal variable; infinite from the last one on where it has fewer categories.
    means, variances : arrays, shape (p_c,)
        Means (intercepts, with covariates) and (residual) variances of the continuous variables.
    slopes : array, shape (k, p)
        Slopes on the covariates.
    """

    layout: Layout
    thresholds: Array
    means: Array
    variances: Array
    slopes: Array

    @cached_property
    def edges(self) -> Array:
        """Thresholds with an end below and above, shape (p_o, width + 1)."""
        return np.pad(self.thresholds, ((0, 0), (1, 1)), constant_values=((0, 0), (-np.inf, np.inf)))

    @cached_property
    def statistics(self) -> Array:
        """Levels, slopes and variances in the order of the layout."""
        return np.concatenate([self.levels, self.slopes.ravel(), self.variances])

    @property
    def levels(self) -> Array:
        """Thresholds and means in the order of the layout."""
        found = np.empty(self.layout.levels.stop)
        found[~self.layout.level_is_mean] = self.thresholds[threshold_places(self.layout)]
        found[self.layout.level_is_mean] = self.means
        return found

    def bounds(self, rows: Rows) -> tuple[Array, Array]:
        """Return between which values the answers lie, given the covariates; all values for a missing one.

        Both have shape (n, p_o).
        """
        values, width = rows.codes.values, rows.codes.width
        missing = values == width
        at = np.minimum(values, width - 1)
        variable = np.arange(values.shape[1])
        given = rows.x @ self.slopes[:, self.layout.ordinal]
        lower = np.where(missing, -np.inf, self.edges[variable, at] - given)
        upper = np.where(missing, np.inf, self.edges[variable, at + 1] - given)
        return np.clip(lower, -FAR, FAR), np.clip(upper, -FAR, FAR)

    def residuals(self, rows: Rows) -> Array:
        """Return standardised residuals of the continuous variables, shape (n, p_c); NaN where missing."""
        given = rows.x @ self.slopes[:, ~self.layout.ordinal]
        return np.asarray((rows.numbers - self.means - given) / np.sqrt(self.variances))

    def scores(self, rows: Rows) -> Array:
        """Return derivatives of each row's log-likelihoods, shape (n, levels + slopes + variances)."""
        lower, upper = self.bounds(rows)
        least, most = box_slopes(lower, upper)
        z = np.nan_to_num(self.residuals(rows))
        seen = np.isfinite(rows.numbers)
        mean = z / np.sqrt(self.variances)
        variance = np.where(seen, (z**2 - 1.0) / (2.0 * self.variances), 0.0)
        return self.spread(rows, most, least, mean, variance)

    def spread(self, rows: Rows, most: Array, least: Array, mean: Array, variance: Array) -> Array:
        """Return derivatives by row with respect to all statistics of the margins.

        Parameters
        ----------
        rows : Rows
            n rows.
        most, least : arrays, shape (n, p_o)
            Derivatives with respect to the upper and the lower bound.
        mean, variance : arrays, shape (n, p_c)
            Derivatives with respect to mean and variance.
        """
        layout, n = self.layout, len(rows)
        found = np.zeros((n, layout.variances.stop))
        found[:, layout.levels] = self._levels(rows, most, least, mean)
        for line, x in enumerate(rows.x.T):
            at = layout.slopes.start + line * layout.p
            found[:, at + np.flatnonzero(layout.ordinal)] = -(most + least) * x[:, None]
            found[:, at + layout.continuous] = mean * x[:, None]
        found[:, layout.variances] = variance
        return found

    def _levels(self, rows: Rows, most: Array, least: Array, mean: Array) -> Array:
        n, p, width = len(rows), rows.codes.values.shape[1], rows.codes.width
        # One place more on either side: the ends of the scale are no thresholds.
        places = np.zeros((n, p, width + 2))
        at = rows.codes.values[:, :, None]
        np.put_along_axis(places, at + 1, most[:, :, None], axis=2)
        before = np.take_along_axis(places, at, axis=2)
        np.put_along_axis(places, at, before + least[:, :, None], axis=2)
        found = np.empty((n, self.layout.levels.stop))
        variable, threshold = threshold_places(self.layout)
        found[:, ~self.layout.level_is_mean] = places[:, variable, threshold + 1]
        found[:, self.layout.level_is_mean] = mean
        return found


def threshold_places(layout: Layout) -> tuple[Index, Index]:
    """Return the ordinal variable and the number of each threshold, in the order of the layout."""
    counts = np.array([t for t in layout.n_thresholds if t], dtype=np.intp)
    variable = np.repeat(np.arange(counts.size), counts)
    start = np.repeat(np.cumsum(counts) - counts, counts)
    return variable, np.arange(variable.size) - start


def box_slopes(lower: Array, upper: Array) -> tuple[Array, Array]:
    """Return derivatives of the log of the probability between bounds, by the lower and by the upper."""
    share = np.maximum(interval(lower, upper), LEAST)
    root = np.sqrt(2.0 * np.pi)
    return -np.exp(-0.5 * lower**2) / (root * share), np.exp(-0.5 * upper**2) / (root * share)


def margins_of(layout: Layout, rows: Rows) -> Margins:
    """Return what each variable is like alone, from all its answers.

    Raises
    ------
    DataError
        For a variable whose categories the covariates tell apart without error.
    """
    thresholds = thresholds_of(rows.codes, rows.weights)
    slopes = np.zeros((rows.x.shape[1], layout.p))
    if layout.covariates:
        _probits(layout, rows, thresholds, slopes)
    means, variances = np.empty(layout.continuous.size), np.empty(layout.continuous.size)
    for j, (variable, y) in enumerate(zip(layout.continuous, rows.numbers.T, strict=True)):
        seen = np.isfinite(y)
        weights = None if rows.weights is None else rows.weights[seen]
        found = linear_regression(y[seen], rows.x[seen], weights)
        means[j], slopes[:, variable], variances[j] = found
    return Margins(layout, thresholds, means, variances, slopes)


def _probits(layout: Layout, rows: Rows, thresholds: Array, slopes: Array) -> None:
    for j, variable in enumerate(np.flatnonzero(layout.ordinal)):
        codes = rows.codes.values[:, j]
        seen = codes < rows.codes.width
        weights = None if rows.weights is None else rows.weights[seen]
        own = slice(0, layout.n_thresholds[variable])
        thresholds[j, own], slopes[:, variable] = probit_regression(
            codes[seen], rows.x[seen], thresholds[j, own], layout.names[variable], weights
        )


def thresholds_of(codes: Codes, weights: Array | None = None) -> Array:
    """Return the thresholds of each variable from all its answers, shape (p, width - 1)."""
    return thresholds_from(category_counts(codes, weights))


def category_counts(codes: Codes, weights: Array | None = None) -> Array:
    """Return how often each category was chosen, shape (p, width)."""
    found = np.zeros((codes.values.shape[1], codes.width))
    for counts, column in zip(found, codes.values.T, strict=True):
        counts += np.bincount(column, weights=weights, minlength=codes.width + 1)[: codes.width]
    return found


def thresholds_from(counts: Array) -> Array:
    """Return normal quantiles of cumulated proportions, shape (..., width - 1), of counts (..., width)."""
    below = np.cumsum(counts, axis=-1)
    return np.asarray(ndtri(below[..., :-1] / below[..., -1:]))
