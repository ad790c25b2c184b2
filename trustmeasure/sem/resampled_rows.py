"""Rows of data -> moments of resampled data, which are linear in how often each row or cluster was drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.errors import ArgumentError, DataError
from trustmeasure.frames import numeric_columns, require_columns, to_pandas
from trustmeasure.moments import SampleMoments
from trustmeasure.sem.draws import Draws
from trustmeasure.sem.group_result import GroupResult
from trustmeasure.sem.parameters import ParameterTable
from trustmeasure.sem.result import SemResult

Array = npt.NDArray[np.float64]
Counts = npt.NDArray[np.uint16]

BLOCK = 4096
"""Rows whose products are held at a time, which bounds the memory."""
MOST_KEPT = 8_000_000
"""Products of fewer rows than give this many are made once and kept."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The complete rows of one group.

    Attributes
    ----------
    values : array, shape (n, p)
        Data minus `centre`.
    centre : array, shape (p,)
        Means, taken off for the sake of digits.
    cluster : array of int, shape (n,), or None
        Number of each row's cluster, from 0.
    products : array, shape (n, p (p + 1) / 2), or None
        Products of any two values of a row, lower triangle by rows.
    """

    values: Array
    centre: Array
    cluster: npt.NDArray[np.intp] | None
    products: Array | None = None

    @property
    def n_units(self) -> int:
        """How many rows, or clusters, are drawn from."""
        return len(self.values) if self.cluster is None else int(self.cluster.max()) + 1

    def draw(self, rng: np.random.Generator, b: int) -> Counts:
        """Return how often each unit is drawn in b draws with replacement, shape (b, units)."""
        return draw_units(rng, self.n_units, b)

    def all_but(self, units: npt.NDArray[np.intp]) -> Counts:
        """Return the counts that leave out one unit each, shape (b, units)."""
        return all_but(self.n_units, units)

    def moments(self, counts: Counts) -> tuple[Array, Array, Array]:
        """Return rows, means and covariances (divisor n) for counts of shape (b, units)."""
        p, b = self.values.shape[1], counts.shape[0]
        low, high = np.tril_indices(p)
        size, first, second = np.zeros(b), np.zeros((b, p)), np.zeros((b, low.size))
        for at in range(0, len(self.values), BLOCK):
            x = self.values[at : at + BLOCK]
            chosen = slice(at, at + BLOCK) if self.cluster is None else self.cluster[at : at + BLOCK]
            weight = counts[:, chosen].astype(float)
            size += weight.sum(axis=1)
            first += weight @ x
            second += weight @ (_products(x) if self.products is None else self.products[at : at + BLOCK])
        mean = first / size[:, None]
        cov = np.empty((b, p, p))
        cov[:, low, high] = cov[:, high, low] = second / size[:, None]
        return size, mean + self.centre, cov - mean[:, :, None] * mean[:, None, :]

    def kept(self) -> Rows:
        """Return the rows with their products, when those are few enough to be kept."""
        few = self.values.size * (self.values.shape[1] + 1) // 2 <= MOST_KEPT
        return replace(self, products=_products(self.values) if few else None)

    def moved(self, cov: Array, mean: Array | None) -> Rows:
        """Return rows changed to have exactly these moments (Bollen & Stine 1992)."""
        own = self.values.T @ self.values / len(self.values)
        turn = _root(own, -0.5) @ _root(cov, 0.5)
        return Rows(self.values @ turn, self.centre if mean is None else mean, self.cluster)


def draw_units(rng: np.random.Generator, n: int, b: int) -> Counts:
    """Return how often each of n units is drawn in b draws with replacement, shape (b, n)."""
    counts = np.empty((b, n), dtype=np.uint16)
    at_a_time = max(1, BLOCK * 16 // n)
    for at in range(0, b, at_a_time):
        size = min(at_a_time, b - at)
        units = rng.integers(0, n, (size, n)) + n * np.arange(size)[:, None]
        counts[at : at + size] = np.bincount(units.ravel(), minlength=size * n).reshape(size, n)
    return counts


def all_but(n: int, units: npt.NDArray[np.intp]) -> Counts:
    """Return counts of n units that leave out one of `units` each, shape (b, n)."""
    counts = np.ones((units.size, n), dtype=np.uint16)
    counts[np.arange(units.size), units] = 0
    return counts


def _products(x: Array) -> Array:
    low, high = np.tril_indices(x.shape[1])
    return np.asarray(x[:, low] * x[:, high])


def _root(matrix: Array, power: float) -> Array:
    values, vectors = np.linalg.eigh(matrix)
    return np.asarray((vectors * values**power) @ vectors.T)


def rows_of(result: SemResult, data: Any, group: str | None, cluster: str | None) -> tuple[Rows, ...]:
    """Return the rows that a result rests on, group by group.

    Raises
    ------
    ArgumentError
        If the data do not give the moments of the result, or `group` is not said.
    DataError
        For missing columns, or missing values in `group` or `cluster`.
    """
    frame = to_pandas(data).reset_index(drop=True)
    parts = _parts(result, frame, group)
    return tuple(_rows(g, part, cluster) for g, part in zip(result.groups, parts, strict=True))


def _parts(result: SemResult, frame: pd.DataFrame, group: str | None) -> list[pd.DataFrame]:
    if len(result.groups) == 1:
        return [frame]
    if group is None:
        raise ArgumentError('The model has groups: say group="..." as in fit_sem.')
    require_columns(frame, [group], what="grouping variable")
    label = frame[group].map(str)
    return [frame[label == g.label] for g in result.groups]


def _rows(group: GroupResult, frame: pd.DataFrame, cluster: str | None) -> Rows:
    names = list(group.moments.names)
    complete = numeric_columns(frame, names).dropna()
    values = complete.to_numpy(dtype=float)
    centre = values.mean(axis=0) if len(values) else np.zeros(len(names))
    rows = Rows(values - centre, centre, _clusters(frame.loc[complete.index], cluster))
    _require_same(group, rows)
    return rows


def _clusters(frame: pd.DataFrame, cluster: str | None) -> npt.NDArray[np.intp] | None:
    if cluster is None:
        return None
    require_columns(frame, [cluster], what="cluster variable")
    codes, _ = pd.factorize(frame[cluster])
    if (codes < 0).any():
        raise DataError(f"The cluster variable '{cluster}' is missing in {(codes < 0).sum()} rows.")
    if codes.max() < 1:
        raise DataError(f"The cluster variable '{cluster}' has only one value.")
    return np.asarray(codes, dtype=np.intp)


def _require_same(group: GroupResult, rows: Rows) -> None:
    sample, n = group.moments, len(rows.values)
    where = f" in group '{group.label}'" if group.label else ""
    if n != sample.n_obs:
        raise ArgumentError(
            f"The data have {n} complete rows{where}, but the result rests on {sample.n_obs}. Give the data "
            "that the model was fitted to."
        )
    sd = np.sqrt(np.diag(sample.cov))
    gap = np.abs(rows.values.T @ rows.values / n - sample.cov) / np.outer(sd, sd)
    shift = 0.0 if sample.mean is None else np.max(np.abs(rows.centre - sample.mean) / sd)
    if max(gap.max(), shift) > 1e-8:
        name = sample.names[int(np.argmax(gap.max(axis=1)))]
        raise ArgumentError(
            f"The data do not give the moments that the result rests on{where}: {name} differs most. Give "
            "the data that the model was fitted to."
        )


def exogenous_moments(table: ParameterTable, samples: Sequence[SampleMoments]) -> Array:
    """Return the moments of exogenous variables in each group, in the order of `open_table`."""
    found = []
    for row in table.parameters:
        if row.exogenous:
            sample = samples[row.group - 1]
            at = sample.names.index(row.lhs)
            if row.op == "~1":
                found.append(0.0 if sample.mean is None else sample.mean[at])
            else:
                found.append(sample.cov[at, sample.names.index(row.rhs)])
    return np.array(found, dtype=float)


def moments_of(rows: tuple[Rows, ...], counts: tuple[Counts, ...]) -> Draws:
    """Return the moments of draws, given the counts in each group."""
    found = [r.moments(c) for r, c in zip(rows, counts, strict=True)]
    return Draws(
        np.stack([f[0] for f in found], axis=1), tuple(f[2] for f in found), tuple(f[1] for f in found)
    )
