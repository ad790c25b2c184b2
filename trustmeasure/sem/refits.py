"""Bootstrap draws that are fitted one at a time: rows with missing values, and estimators without a batch.

Rows are drawn as they are, so that whatever the estimator makes of rows (patterns of missing values, weight
matrices) is made anew for each draw. Every draw starts at the full sample's solution.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from trustmeasure.errors import ArgumentError, DataError
from trustmeasure.sem.constrained import minimise_within
from trustmeasure.sem.discrepancy.slope import Slope
from trustmeasure.sem.draw_causes import SINGULAR, UNFINISHED, USABLE, impossible
from trustmeasure.sem.draws import Fitted
from trustmeasure.sem.matrices import Ram, build
from trustmeasure.sem.parameters import ParameterTable
from trustmeasure.sem.population import open_table
from trustmeasure.sem.problem import discrepancy_of, scaled_moments, sizes, weights_of
from trustmeasure.sem.resampled_rows import exogenous_moments
from trustmeasure.sem.result import SemResult
from trustmeasure.sem.split import Rows, Sample, Split

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]

ONE = np.zeros(1, dtype=np.intp)
SIZE = 10
"""Draws from one random stream; fewer than of quick draws, so that an interruption loses little."""


@dataclass(frozen=True, slots=True)
class Units:
    """What one group's draws are made of.

    Attributes
    ----------
    rows : Rows
        The rows that the fit rests on.
    members : tuple of arrays of int
        Numbers of the rows in each unit: a row, or a cluster.
    """

    rows: Rows
    members: tuple[Index, ...]

    def some(self, chosen: Index) -> Rows:
        """Return the rows of some units, which may come several times."""
        return replace(self.rows, at=np.concatenate([self.members[i] for i in chosen]))


@dataclass(frozen=True, slots=True)
class Refits:
    """Everything a chunk of such draws needs.

    Attributes
    ----------
    result : SemResult
        The fit.
    table : ParameterTable
        The model with the moments of exogenous variables free, which are those of the draw.
    rams : tuple of Ram, length G
        Its matrices.
    seed : int
        Root of the random streams.
    units : tuple of Units, length G
        What is drawn from.
    """

    result: SemResult
    table: ParameterTable
    rams: tuple[Ram, ...]
    seed: int
    units: tuple[Units, ...]

    @property
    def size(self) -> int:
        """Draws of a chunk."""
        return SIZE

    def chunk(self, number: int, b: int) -> Fitted:
        """Draw and fit a chunk."""
        root = np.random.SeedSequence(self.seed, spawn_key=(number,))
        rngs = [np.random.default_rng(stream) for stream in root.spawn(len(self.units))]
        found = []
        for _ in range(b):
            sizes = [len(u.members) for u in self.units]
            chosen = [g.integers(0, n, n) for g, n in zip(rngs, sizes, strict=True)]
            found.append(self._fit([u.some(c) for u, c in zip(self.units, chosen, strict=True)]))
        theta = np.array([f[0] for f in found])
        cause = np.array([f[2] for f in found], dtype=np.int8)
        solved = np.flatnonzero(np.isfinite(theta).all(axis=1))
        cause[solved] = impossible([Slope.of(ram) for ram in self.rams], theta[solved])
        return Fitted(theta, np.array([f[1] for f in found]), cause)

    def jackknife(self) -> Iterator[Array]:
        """Yield for each group the parameters without one unit each, shape (units, k)."""
        whole = [u.some(np.arange(len(u.members))) for u in self.units]
        for g, own in enumerate(self.units):
            every, parts = np.arange(len(own.members)), []
            for unit in every:
                rows = list(whole)
                rows[g] = own.some(np.delete(every, unit))
                parts.append(self._fit(rows)[0])
            yield np.array(parts)

    def _fit(self, rows: list[Rows]) -> tuple[Array, float, int]:
        """Return parameters, chi-square, and what is the matter."""
        nothing = np.full(self.result.theta.size + _n_exogenous(self.result), np.nan)
        table, options = self.result.model, self.result.options
        try:
            sample = Split(self.result.group_labels, tuple(rows)).sample(table, self.result.missing)
            sample = scaled_moments(sample, options)
            weights = weights_of(table, sample, options)
        except DataError:
            return nothing, float("nan"), SINGULAR
        rams = [build(table, m.cov, m.mean, g) for g, m in enumerate(sample.moments, start=1)]
        discrepancy = discrepancy_of(rams, sample.moments, weights, options)
        best = minimise_within(table, discrepancy, self.result.theta[None])
        if not best.converged[0]:
            return nothing, float("nan"), UNFINISHED
        theta = np.concatenate([best.theta[0], exogenous_moments(table, sample.moments)])
        values = [part.value(best.theta, ONE)[0] for part in discrepancy.parts]
        return theta, float(np.dot(sizes(sample.moments, options), values)), USABLE


def _n_exogenous(result: SemResult) -> int:
    return sum(row.exogenous for row in result.model.parameters)


def refits_of(result: SemResult, data: Any, seed: int, group: str | None, cluster: str | None) -> Refits:
    """Return the plan of a bootstrap whose draws are fitted one at a time.

    Raises
    ------
    ArgumentError
        If the data are not those of the fit, or `group` is not said.
    """
    if len(result.groups) > 1 and group is None:
        raise ArgumentError('The model has groups: say group="..." as in fit_sem.')
    split = Split.of(data, None, None, None, group if len(result.groups) > 1 else None, cluster=cluster)
    sample = scaled_moments(split.sample(result.model, result.missing), result.options)
    _require_same(result, sample)
    table = open_table(result.model)
    rams = tuple(build(table, m.cov, m.mean, g) for g, m in enumerate(sample.moments, start=1))
    return Refits(result, table, rams, seed, tuple(_units(part, result) for part in split.parts))


def _units(part: Any, result: SemResult) -> Units:
    """Return the rows of a group that have what the model needs, row by row or cluster by cluster."""
    names, needed = list(result.model.observed), list(result.model.exogenous)
    seen = part.frame(names).notna()
    kept = (seen.any(axis=1) & seen[needed].all(axis=1)) if result.missing == "fiml" else seen.all(axis=1)
    at = np.arange(len(seen)) if part.at is None else part.at
    own = at[kept.to_numpy()]
    if part.clusters is None:
        members = tuple(own[:, None])
    else:
        codes = part.clusters[kept.to_numpy()]
        members = tuple(own[codes == code] for code in np.unique(codes))
    return Units(Rows(part.columns), members)


def _require_same(result: SemResult, sample: Sample) -> None:
    for group, found in zip(result.groups, sample.moments, strict=True):
        sd = np.sqrt(np.diag(group.moments.cov))
        same = found.n_obs == group.n_obs and found.cov.shape == group.moments.cov.shape
        if not same or np.abs((found.cov - group.moments.cov) / np.outer(sd, sd)).max() > 1e-6:
            where = f" in group '{group.label}'" if group.label else ""
            raise ArgumentError(
                f"The data do not give the moments that the result rests on{where}. Give the data that the "
                "model was fitted to."
            )
