"""Samples of ordinal answers drawn from a fitted model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trustmeasure.errors import ArgumentError
from trustmeasure.moments.resampled_tables import NearTables, counted_samples
from trustmeasure.sem.group_result import GroupResult
from trustmeasure.sem.ordinal.measures import covariances
from trustmeasure.sem.ordinal.statistics import statistics
from trustmeasure.sem.result import SemResult

Array = npt.NDArray[np.float64]

NUMBERS = 2**22
"""Responses drawn at a time."""


@dataclass(frozen=True, slots=True)
class ModelSource:
    """What a model says of the answers of one group.

    Attributes
    ----------
    n_obs : int
        Rows of a sample.
    thresholds : tuple of arrays
        Of each response, which has variance 1.
    root : array, shape (p, p)
        Lower Cholesky factor of their correlations.
    near : NearTables
        The correlations, which those of samples are near.
    """

    n_obs: int
    thresholds: tuple[Array, ...]
    root: Array
    near: NearTables

    @classmethod
    def of(cls, group: GroupResult) -> ModelSource:
        """Take a group of a fit whose variables are all ordinal.

        Raises
        ------
        ArgumentError
            If the correlations that the model implies are not positive definite.
        """
        found = group.moments.ordinal
        if found is None:
            raise TypeError("The group has no ordinal variables.")
        layout, implied = found.layout, statistics(group.ram, group.theta[None])[0]
        corr = covariances(layout, implied)
        if np.linalg.eigvalsh(corr)[0] <= 0:
            raise ArgumentError(
                "The correlations that the model implies are not positive definite, so no sample can be "
                'drawn from it. Use kind="nonparametric".'
            )
        sizes = np.array(layout.n_thresholds) + 1
        cuts = np.split(implied[layout.levels], np.cumsum(layout.n_thresholds)[:-1])
        width, rho = int(sizes.max()), implied[layout.correlations]
        near = NearTables(sizes, width, rho, np.zeros((rho.size, width + 1, width + 1)))
        return cls(group.n_obs, tuple(cuts), np.asarray(np.linalg.cholesky(corr)), near)

    def statistics(self, rng: np.random.Generator, b: int) -> tuple[Array, Array]:
        """Return the statistics of b samples, and their variances times the number of rows, (b, m)."""
        step = max(NUMBERS // (self.n_obs * len(self.thresholds)), 1)
        parts = [self._some(rng, min(step, b - at)) for at in range(0, b, step)]
        return np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts])

    def _some(self, rng: np.random.Generator, b: int) -> tuple[Array, Array]:
        responses = rng.standard_normal((b, self.n_obs, len(self.thresholds))) @ self.root.T
        codes = np.empty(responses.shape, dtype=np.intp)
        for j, cuts in enumerate(self.thresholds):
            codes[..., j] = np.searchsorted(cuts, responses[..., j])
        margins, tables = counted_samples(codes, self.near.width)
        return self.near.statistics(margins, tables, np.full(b, float(self.n_obs)))


def model_sources(result: SemResult) -> tuple[ModelSource, ...]:
    """Return what a fit says of the answers of each group.

    Raises
    ------
    ArgumentError
        For a fit that parametric draws are not there for, by name.
    """
    layout = result.model.layout
    reason = ""
    if not layout.ordinal.all():
        reason = "continuous variables beside ordinal ones"
    elif layout.covariates:
        reason = "exogenous covariates"
    elif result.missing == "pairwise":
        reason = "missing='pairwise'"
    elif result.options.discrepancy == "WLS":
        reason = "estimator='WLS'"
    if reason:
        raise ArgumentError(f'kind="parametric" does not go with {reason}. Use kind="nonparametric".')
    return tuple(ModelSource.of(group) for group in result.groups)
