"""Data or published covariances, parted into groups -> the moments that the engine fits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.columns import Columns, Reader
from trustmeasure.errors import ArgumentError, DataError
from trustmeasure.moments import Design, SampleMoments, from_covariance, from_totals
from trustmeasure.moments.blocks import RowBlocks, totals
from trustmeasure.moments.incomplete import from_incomplete_rows, incomplete_rows
from trustmeasure.moments.published import correlation_note, require_names
from trustmeasure.sem.design import clusters_of, normalised, weights_of
from trustmeasure.sem.parameters import ParameterTable

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]
T = TypeVar("T", bound=np.generic)


@dataclass(frozen=True, slots=True)
class Sample:
    """What the engine knows of the data, group by group.

    Attributes
    ----------
    labels : tuple of str, length G
        Names of the groups; one empty text without groups.
    moments : tuple of SampleMoments, length G
        Moments in the order of the model's observed variables.
    blocks : tuple of RowBlocks, length G
        Complete rows in the same order, to be read in blocks; empty when only covariances are known.
    """

    labels: tuple[str, ...]
    moments: tuple[SampleMoments, ...]
    blocks: tuple[RowBlocks, ...] = ()

    @property
    def rows(self) -> tuple[Array, ...]:
        """Complete rows as arrays of shape (n_g, p), made when asked for; none when there are no rows."""
        return tuple(b.values() for b in self.blocks)


@dataclass(frozen=True, slots=True)
class Published:
    """A covariance matrix with what belongs to it."""

    cov: Any
    mean: Any
    n_obs: int | None
    sd: Any = None

    def sample(self, table: ParameterTable, missing: str) -> tuple[None, SampleMoments]:
        """Return no rows, and the moments of the model's variables."""
        if missing != "listwise":
            raise ArgumentError(f"missing='{missing}' needs the rows; sample_cov has no missing values.")
        require_names(found := from_covariance(self.cov, self.n_obs, self.mean, sd=self.sd), table.observed)
        if table.meanstructure and found.mean is None:
            raise ArgumentError("The model has means, so sample_mean is needed beside sample_cov.")
        used = found.ordered(table.observed)
        return None, replace(used, notes=correlation_note(used))


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one group, where they are.

    Attributes
    ----------
    columns : Columns
        The frame.
    at : array of int, shape (n,), or None
        Numbers of the group's rows; None for all.
    weights : array, shape (n,), or None
        Their weights, above zero.
    clusters : array of int, shape (n,), or None
        Their clusters.
    n_zero : int
        Rows that are not among them because their weight is zero.
    """

    columns: Columns
    at: Index | None = None
    weights: Array | None = None
    clusters: Index | None = None
    n_zero: int = 0

    def frame(self, names: Sequence[str]) -> pd.DataFrame:
        """Return some columns of the rows, copied."""
        return self.columns.part(list(names), self.at)

    def sample(self, table: ParameterTable, missing: str) -> tuple[RowBlocks | None, SampleMoments]:
        """Return the complete rows of the model's variables (none with FIML), and their moments."""
        if missing == "fiml":
            rows = incomplete_rows(self.columns.reader(table.observed), self.at, table.exogenous)
            return None, from_incomplete_rows(*rows, table.observed)
        reader = self.columns.reader(table.observed)
        found = totals(reader, self.at, self.weights)
        moments = from_totals(found, table.observed)
        blocks = self._complete(reader, found.complete)
        design = self._design(blocks)
        return blocks, moments if design is None else replace(moments, design=design)

    def _complete(self, reader: Reader, complete: Flags | None) -> RowBlocks:
        """Return the complete rows, cluster by cluster."""
        at = self.at
        if complete is not None:
            at = np.flatnonzero(complete) if at is None else at[complete]
        weights, clusters = _taken(self.weights, complete), _taken(self.clusters, complete)
        if clusters is None:
            return RowBlocks(reader, at, weights)
        order = np.argsort(clusters, kind="stable")
        numbers = np.unique(clusters, return_inverse=True)[1].ravel()[order]
        return RowBlocks(reader, order if at is None else at[order], _taken(weights, order), numbers)

    def _design(self, rows: RowBlocks) -> Design | None:
        if rows.weights is None and rows.clusters is None:
            return None
        w = np.ones(len(rows)) if rows.weights is None else rows.weights
        n_clusters = None if rows.clusters is None else int(rows.clusters[-1]) + 1
        if n_clusters == 1:
            raise DataError("All complete rows are in one cluster. Cluster-robust errors need several.")
        return Design(float(w.sum()), float(w @ w), rows.weights is not None, n_clusters, self.n_zero)


@dataclass(frozen=True, slots=True)
class Split:
    """What the moments of each group are made of.

    Attributes
    ----------
    labels : tuple of str, length G
        Names of the groups; one empty text without groups.
    parts : tuple of Rows or Published, length G
        Their data.
    """

    labels: tuple[str, ...]
    parts: tuple[Rows | Published, ...]

    @classmethod
    def of(
        cls,
        data: Any,
        cov: Any,
        mean: Any,
        n_obs: Any,
        group: str | None,
        *,
        sd: Any = None,
        weights: str | None = None,
        cluster: str | None = None,
    ) -> Split:
        """Part data by the column `group`, or take covariances group by group.

        Raises
        ------
        ArgumentError
            If data and covariances are both given, or neither.
        DataError
            If `group`, `weights` or `cluster` is no column, has a missing value, or `group` only one value.
        """
        if (data is None) == (cov is None):
            raise ArgumentError("Give either data, or sample_cov with n_obs.")
        if data is None:
            if weights is not None or cluster is not None:
                raise ArgumentError("weights and cluster name columns of data; sample_cov has no rows.")
            return _published(cov, mean, n_obs, sd, group)
        if n_obs is not None or mean is not None or sd is not None:
            raise ArgumentError("n_obs, sample_mean and sample_sd go with sample_cov; data bring their own.")
        columns = Columns.of(data)
        marks = (
            None if weights is None else weights_of(columns, weights),
            None if cluster is None else clusters_of(columns, cluster),
        )
        if group is None:
            return cls(("",), (_part(columns, None, *marks),))
        labels, rows = _by_column(columns, group)
        return cls(labels, tuple(_part(columns, at, *marks) for at in rows))

    def sample(self, table: ParameterTable, missing: str = "listwise") -> Sample:
        """Return rows and moments of each group; an error in a group names it."""
        found = []
        for label, part in zip(self.labels, self.parts, strict=True):
            try:
                found.append(part.sample(table, missing))
            except DataError as error:
                raise DataError(f"Group '{label}': {error}" if label else str(error)) from error
        moments = normalised([m for _, m in found])
        return Sample(self.labels, moments, _rescaled([b for b, _ in found if b is not None], moments))


def noted(sample: Sample, notes: Sequence[str]) -> Sample:
    """Return the sample with something more to tell a reader."""
    moments = tuple(replace(m, notes=(*m.notes, *notes)) for m in sample.moments)
    return replace(sample, moments=moments) if notes else sample


def _rescaled(blocks: Sequence[RowBlocks], moments: Sequence[SampleMoments]) -> tuple[RowBlocks, ...]:
    """Return the rows with the rescaled weights that the moments count by."""
    return tuple(
        b if b.weights is None else b.weighted(b.weights * (m.size / float(b.weights.sum())))
        for b, m in zip(blocks, moments if blocks else (), strict=True)
    )


def _part(columns: Columns, at: Index | None, weights: Array | None, clusters: Index | None) -> Rows:
    """Return the rows of a group that have a weight."""
    n_zero = 0
    if weights is not None:
        own = weights if at is None else weights[at]
        n_zero = int((own == 0).sum())
        if n_zero:
            at = np.flatnonzero(own > 0) if at is None else at[own > 0]
    return Rows(columns, at, _taken(weights, at), _taken(clusters, at), n_zero)


def _taken(values: npt.NDArray[T] | None, at: Index | Flags | None) -> npt.NDArray[T] | None:
    """Return the values of some rows: of all when `at` is None, none when there are no values."""
    return values if values is None or at is None else values[at]


def _by_column(columns: Columns, group: str) -> tuple[tuple[str, ...], list[Index]]:
    """Return the values of the grouping variable as they first appear, and the rows of each."""
    codes, values = pd.factorize(columns.column(group, what="grouping variable"))
    missing = int((codes < 0).sum())
    if missing:
        raise DataError(
            f"The grouping variable '{group}' is missing in {missing} rows. Leave them out first."
        )
    if len(values) < 2:
        raise DataError(f"The grouping variable '{group}' has only one value. Groups need at least two.")
    order = np.argsort(codes, kind="stable")
    ends = np.cumsum(np.bincount(codes))[:-1]
    return tuple(str(v) for v in pd.Index(values).tolist()), np.split(order, ends)


def _published(cov: Any, mean: Any, n_obs: Any, sd: Any, group: str | None) -> Split:
    if group is not None:
        raise ArgumentError(
            "group names a column of data; with sample_cov give mappings from label to matrix."
        )
    if not (isinstance(cov, Mapping) and isinstance(n_obs, Mapping)):
        return Split(("",), (Published(cov, mean, n_obs, sd),))
    means, sds = (x if x is not None else dict.fromkeys(cov) for x in (mean, sd))
    for what, given in (("sample_mean", means), ("n_obs", n_obs), ("sample_sd", sds)):
        if not isinstance(given, Mapping) or set(given) != set(cov):
            raise ArgumentError(
                f"{what} must have the same groups as sample_cov: {', '.join(map(str, cov))}."
            )
    return Split(tuple(map(str, cov)), tuple(Published(cov[g], means[g], n_obs[g], sds[g]) for g in cov))
