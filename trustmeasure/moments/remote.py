"""Moments of data that stay where they are: computed by the database or the lazy frame itself."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import narwhals as nw
import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.errors import DataError
from trustmeasure.frames import require_columns

Array = npt.NDArray[np.float64]

FLAG, COMPLETE, TOTAL = "rows_flagged", "rows_complete", "rows_total"


@dataclass(frozen=True, slots=True)
class SourceMoments:
    """Moments of complete rows, as `trustmeasure.fit_sem` takes them.

    Each attribute is a mapping from the group's label when there are groups.

    Attributes
    ----------
    cov : DataFrame, shape (p, p)
        Covariances with divisor n - 1.
    mean : Series, shape (p,)
        Means.
    n_obs : int
        Complete rows.
    n_dropped : int
        Rows left out because a value is missing.
    """

    cov: Any
    mean: Any
    n_obs: Any
    n_dropped: Any


def moments_of(source: Any, columns: Sequence[str], *, group: str | None = None) -> SourceMoments:
    """Return covariances, means and numbers of rows of any table, in two passes over it.

    Parameters
    ----------
    source : table
        Anything that Narwhals understands: lazy or eager frames of polars, tables of DuckDB, Dask, PySpark
        and others. The sums are made where the rows are; only they come back.
    columns : sequence of str, length p
        The variables.
    group : str, optional
        Column whose values part the rows into groups, in the order of the values.

    Returns
    -------
    SourceMoments
        For ``fit_sem(model, sample_cov=m.cov, sample_mean=m.mean, n_obs=m.n_obs)``.

    Raises
    ------
    DataError
        For a column that is not there or not numeric, missing groups, or too few complete rows.

    Notes
    -----
    The first pass counts and takes means, the second sums products of deviations from the means of all
    groups, so that no digits are lost to large means.

    Examples
    --------
    >>> import polars as pl
    >>> table = pl.LazyFrame({"a": [1, 2, 3, 4], "b": [2.0, 1.0, 4.0, None]})
    >>> found = moments_of(table, ["a", "b"])
    >>> found.n_obs, found.n_dropped
    (3, 1)
    """
    names = [str(c) for c in columns]
    frame, keys = _prepared(source, names, group)
    counts = _collected(frame, keys, _first_pass(names))
    _refuse_few(counts, keys, len(names))
    n, means = counts[COMPLETE].to_numpy(dtype=float), counts[names].to_numpy(dtype=float)
    _refuse_infinite(names, means)
    centre = n @ means / n.sum()
    sums = _collected(frame.with_columns(*_products(names, centre)), keys, _second_pass(names))
    found = [_moments(names, counts.iloc[i], sums.iloc[i], centre) for i in range(len(counts))]
    if not keys:
        return found[0]
    labels = [str(v) for v in counts[keys[0]]]
    fields = ("cov", "mean", "n_obs", "n_dropped")
    parts = [{k: getattr(m, f) for k, m in zip(labels, found, strict=True)} for f in fields]
    return SourceMoments(*parts)


def _prepared(source: Any, names: list[str], group: str | None) -> tuple[nw.LazyFrame[Any], list[str]]:
    """Return the numbers of complete rows (others emptied) with a flag, and the grouping column."""
    native = nw.from_native(source, pass_through=True)
    if not isinstance(native, nw.DataFrame | nw.LazyFrame):
        raise DataError(f"source is of type {type(source).__name__}; give a table that Narwhals understands.")
    frame, keys = native.lazy(), [] if group is None else [group]
    schema = frame.collect_schema()
    known = pd.DataFrame(columns=schema.names())
    require_columns(known, names)
    require_columns(known, keys, what="grouping variable")
    for name in names:
        if not (schema[name].is_numeric() or schema[name] == nw.Boolean):
            raise DataError(f"Column '{name}' has type {schema[name]}; numbers are needed.")
    frame = frame.select(*keys, *[nw.col(c).cast(nw.Float64).alias(c) for c in names])
    there = reduce(operator.and_, (~nw.col(c).is_null() & ~_not_a_number(nw.col(c)) for c in names))
    kept = [nw.when(nw.col(FLAG)).then(nw.col(c)).alias(c) for c in names]
    flag = nw.col(FLAG).cast(nw.Int64).alias(COMPLETE)
    return frame.with_columns(there.alias(FLAG)).with_columns(*kept, flag), keys


def _not_a_number(column: nw.Expr) -> nw.Expr:
    """Return where a column is NaN: unlike itself for NumPy, above infinity for polars and databases."""
    return (column != column) | (column > float("inf"))


def _first_pass(names: list[str]) -> list[nw.Expr]:
    return [
        nw.len().alias(TOTAL),
        nw.col(COMPLETE).sum().alias(COMPLETE),
        *[nw.col(c).mean().alias(c) for c in names],
    ]


def _pairs(p: int) -> list[tuple[int, int, str]]:
    """Return row, column and name of each product of two variables."""
    return [(i, j, f"product_{i}_{j}") for i in range(p) for j in range(i + 1)]


def _products(names: list[str], centre: Array) -> list[nw.Expr]:
    away = [nw.col(c) - float(m) for c, m in zip(names, centre, strict=True)]
    products = [(away[i] * away[j]).alias(name) for i, j, name in _pairs(len(names))]
    return [*products, *(a.alias(c) for a, c in zip(away, names, strict=True))]


def _second_pass(names: list[str]) -> list[nw.Expr]:
    every = [name for *_, name in _pairs(len(names))] + names
    return [nw.col(name).sum().alias(name) for name in every]


def _collected(frame: nw.LazyFrame[Any], keys: list[str], sums: list[nw.Expr]) -> pd.DataFrame:
    """Return the sums, one row a group in the order of the groups."""
    lazy = frame.group_by(*keys).agg(*sums) if keys else frame.select(*sums)
    found = lazy.collect().to_pandas()
    return found.sort_values(keys, ignore_index=True) if keys else found


def _refuse_few(counts: pd.DataFrame, keys: list[str], p: int) -> None:
    for i, n in enumerate(counts[COMPLETE]):
        if keys and pd.isna(counts[keys[0]].iloc[i]):
            raise DataError(
                f"The grouping variable '{keys[0]}' is missing in {counts[TOTAL].iloc[i]} rows. Leave them "
                "out first."
            )
        if n <= p:
            where = f"Group '{counts[keys[0]].iloc[i]}': " if keys else ""
            raise DataError(
                f"{where}{n} complete rows ({counts[TOTAL].iloc[i] - n} others have a missing value) are too "
                f"few for {p} variables: their covariance matrix needs more rows than variables."
            )


def _refuse_infinite(names: list[str], means: Array) -> None:
    bad = [name for name, column in zip(names, means.T, strict=True) if not np.isfinite(column).all()]
    if bad:
        raise DataError(f"Column '{bad[0]}' holds an infinite value. Set it to missing.")


def _moments(names: list[str], counts: pd.Series, sums: pd.Series, centre: Array) -> SourceMoments:
    """Return the moments of one group out of sums of deviations from `centre` and of their products."""
    n, p = int(counts[COMPLETE]), len(names)
    gap = sums[names].to_numpy(dtype=float) / n
    cov = np.empty((p, p))
    for i, j, name in _pairs(p):
        cov[i, j] = cov[j, i] = (float(sums[name]) - n * gap[i] * gap[j]) / (n - 1)
    mean = pd.Series(centre + gap, index=names, name="mean")
    return SourceMoments(pd.DataFrame(cov, names, names), mean, n, int(counts[TOTAL]) - n)
