"""Data or published covariances, parted into groups -> the moments that the engine fits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.errors import ArgumentError, DataError
from trustmeasure.frames import require_columns, to_pandas
from trustmeasure.moments import SampleMoments, complete_rows, from_covariance, from_incomplete, from_rows
from trustmeasure.moments.published import require_names
from trustmeasure.sem.parameters import ParameterTable

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sample:
    """What the engine knows of the data, group by group.

    Attributes
    ----------
    labels : tuple of str, length G
        Names of the groups; one empty text without groups.
    moments : tuple of SampleMoments, length G
        Moments in the order of the model's observed variables.
    rows : tuple of arrays of shape (n_g, p)
        Complete rows in the same order; empty when only covariances are known.
    """

    labels: tuple[str, ...]
    moments: tuple[SampleMoments, ...]
    rows: tuple[Array, ...] = ()


@dataclass(frozen=True, slots=True)
class Published:
    """A covariance matrix with what belongs to it."""

    cov: Any
    mean: Any
    n_obs: int | None

    def sample(self, table: ParameterTable, missing: str) -> tuple[None, SampleMoments]:
        """Return no rows, and the moments of the model's variables."""
        if missing != "listwise":
            raise ArgumentError(f"missing='{missing}' needs the rows; sample_cov has no missing values.")
        require_names(found := from_covariance(self.cov, self.n_obs, self.mean), table.observed)
        if table.meanstructure and found.mean is None:
            raise ArgumentError("The model has means, so sample_mean is needed beside sample_cov.")
        return None, found.ordered(table.observed)


@dataclass(frozen=True, slots=True)
class Rows:
    """A frame of rows."""

    frame: pd.DataFrame

    def sample(self, table: ParameterTable, missing: str) -> tuple[Array | None, SampleMoments]:
        """Return the complete rows of the model's variables (none with FIML), and their moments."""
        if missing == "fiml":
            return None, from_incomplete(self.frame, table.observed, table.exogenous)
        rows, dropped = complete_rows(self.frame, table.observed)
        return rows, from_rows(rows, table.observed, dropped)


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
    def of(cls, data: Any, cov: Any, mean: Any, n_obs: Any, group: str | None) -> Split:
        """Part data by the column `group`, or take covariances group by group.

        Raises
        ------
        ArgumentError
            If data and covariances are both given, or neither.
        DataError
            If `group` is no column, has a missing value, or only one value.
        """
        if (data is None) == (cov is None):
            raise ArgumentError("Give either data, or sample_cov with n_obs.")
        if data is None:
            return _published(cov, mean, n_obs, group)
        if n_obs is not None or mean is not None:
            raise ArgumentError("n_obs and sample_mean go with sample_cov; data bring their own.")
        frame = to_pandas(data)
        return cls(("",), (Rows(frame),)) if group is None else _by_column(frame, group)

    def sample(self, table: ParameterTable, missing: str = "listwise") -> Sample:
        """Return rows and moments of each group; an error in a group names it."""
        found = []
        for label, part in zip(self.labels, self.parts, strict=True):
            try:
                found.append(part.sample(table, missing))
            except DataError as error:
                raise DataError(f"Group '{label}': {error}" if label else str(error)) from error
        return Sample(
            self.labels, tuple(m for _, m in found), tuple(rows for rows, _ in found if rows is not None)
        )


def _by_column(frame: pd.DataFrame, group: str) -> Split:
    require_columns(frame, [group], what="grouping variable")
    column = frame[group]
    missing = int(column.isna().sum())
    if missing:
        raise DataError(
            f"The grouping variable '{group}' is missing in {missing} rows. Leave them out first."
        )
    values = list(dict.fromkeys(column.tolist()))
    if len(values) < 2:
        raise DataError(f"The grouping variable '{group}' has only one value. Groups need at least two.")
    return Split(tuple(str(v) for v in values), tuple(Rows(frame[column == v]) for v in values))


def _published(cov: Any, mean: Any, n_obs: Any, group: str | None) -> Split:
    if group is not None:
        raise ArgumentError(
            "group names a column of data; with sample_cov give mappings from label to matrix."
        )
    if not (isinstance(cov, Mapping) and isinstance(n_obs, Mapping)):
        return Split(("",), (Published(cov, mean, n_obs),))
    means = mean if mean is not None else dict.fromkeys(cov)
    for what, given in (("sample_mean", means), ("n_obs", n_obs)):
        if not isinstance(given, Mapping) or set(given) != set(cov):
            raise ArgumentError(
                f"{what} must have the same groups as sample_cov: {', '.join(map(str, cov))}."
            )
    return Split(tuple(map(str, cov)), tuple(Published(cov[g], means[g], n_obs[g]) for g in cov))
