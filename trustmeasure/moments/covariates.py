"""Covariates in units of their standard deviations, and what is found with them in their own units."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from trustmeasure.moments.layout import Layout
from trustmeasure.moments.margins import Rows

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Units:
    """Where covariates lie and how far they spread: a year of birth is as good a covariate as a share.

    Attributes
    ----------
    layout : Layout
        The statistics, m of them.
    mean, sd : arrays, shape (k,)
        Means and standard deviations of the covariates.
    """

    layout: Layout
    mean: Array
    sd: Array

    @classmethod
    def of(cls, layout: Layout, rows: Rows) -> tuple[Units, Rows]:
        """Return the units, and the rows with covariates of mean 0 and standard deviation 1."""
        if not rows.x.shape[1]:
            return cls(layout, np.zeros(0), np.ones(0)), rows
        mean, sd = rows.x.mean(axis=0), rows.x.std(axis=0)
        return cls(layout, mean, sd), replace(rows, x=(rows.x - mean) / sd)

    def statistics(self, given: Array) -> Array:
        """Return statistics (m,) for covariates in their own units."""
        return self._lines(given)

    def covariance(self, given: Array) -> Array:
        """Return their asymptotic covariance matrix (m, m)."""
        return self._lines(self._lines(given).T) if self.mean.size else given

    def _lines(self, given: Array) -> Array:
        layout, found = self.layout, given.copy()
        shape = (self.mean.size, layout.p, *given.shape[1:])
        slopes = np.einsum("k,k...->k...", 1.0 / self.sd, given[layout.slopes].reshape(shape))
        found[layout.slopes] = slopes.reshape(given[layout.slopes].shape)
        # A threshold is passed at the mean of the covariates; at zero it lies elsewhere.
        shift = np.einsum("k,k...->...", self.mean, slopes)[layout.level_variable]
        sign = np.where(layout.level_is_mean, -1.0, 1.0)
        found[layout.levels] += np.einsum("i,i...->i...", sign, shift)
        return found
