"""What the exploratory methods start from: items or a correlation matrix become one checked record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
import pandas as pd

from trustmeasure.check import at_least, one_of
from trustmeasure.errors import ArgumentError, DataError
from trustmeasure.factors.answers import (
    FEWEST_ROWS,
    items_of as items_of,
    pair_counts,
    refuse_apart,
    refuse_constant,
    refuse_empty,
    refuse_few,
    row_notes,
)
from trustmeasure.frames import Array
from trustmeasure.moments import nearest_correlation, saturated_moments
from trustmeasure.moments.answers import MOST_CATEGORIES, answers_of
from trustmeasure.moments.ordinal import two_stages

Kind = Literal["pearson", "polychoric", "spearman"]
Missing = Literal["pairwise", "listwise", "fiml"]

KINDS = ("pearson", "polychoric", "spearman")
MISSING = ("pairwise", "listwise", "fiml")
LEAST = 1e-10
"""A least eigenvalue below this is zero but for rounding."""
ROUNDED = 1e-6
"""How far a given matrix may be from symmetric, and its diagonal from 1."""


@dataclass(frozen=True, slots=True, eq=False)
class Correlations:
    """Correlations of p items, checked, with what they rest on.

    Attributes
    ----------
    names : tuple of str, length p
        The items.
    corr : array, shape (p, p)
        Correlations: symmetric, ones in the diagonal, no missing value.
    n_obs : int or None
        People behind them: those with at least one answer, or with all of them (`missing="listwise"`); None
        for a matrix given without a number.
    correlation : {"pearson", "polychoric", "spearman"}
        Which correlations they are; a matrix that was given counts as "pearson" unless said otherwise.
    missing : {"pairwise", "listwise", "fiml", "given"}
        What was done with missing answers; "given" when no rows were given but a matrix.
    values : array, shape (n_obs, p), or None
        The answers used, NaN where missing; None for a matrix.
    n_rows, n_complete, least_pair : int
        Rows given, rows used without a missing answer, people behind the correlation with the fewest; 0 for
        a matrix.
    eigenvalues : array, shape (p,)
        From the largest to the smallest.
    notes : tuple of str
        What a reader must know.
    """

    names: tuple[str, ...]
    corr: Array
    n_obs: int | None
    correlation: Kind
    missing: str
    values: Array | None = field(default=None, repr=False)
    n_rows: int = 0
    n_complete: int = 0
    least_pair: int = 0
    notes: tuple[str, ...] = ()
    eigenvalues: Array = field(default_factory=lambda: np.zeros(0))

    @property
    def n_items(self) -> int:
        """Number of items, p."""
        return len(self.names)

    @property
    def positive_definite(self) -> bool:
        """Whether every eigenvalue is above zero, so that the matrix has an inverse."""
        return bool(self.eigenvalues[-1] > LEAST)

    def to_frame(self) -> pd.DataFrame:
        """Return the correlations with the names of the items."""
        return pd.DataFrame(self.corr, index=list(self.names), columns=list(self.names))

    def require_n(self, what: str) -> int:
        """Return the number of people; ArgumentError when a matrix came without it."""
        if self.n_obs is None:
            raise ArgumentError(
                f"{what} needs the number of people behind the correlation matrix: give n_obs=."
            )
        return self.n_obs

    def require_inverse(self, what: str) -> None:
        """Raise DataError, saying what to do, when the matrix has no inverse."""
        if self.positive_definite:
            return
        raise DataError(
            f"{what} needs a correlation matrix with an inverse; the least eigenvalue of this one is "
            f"{self.eigenvalues[-1]:.3g}. {self._remedy()}"
        )

    def require_items(self, least: int, what: str) -> None:
        """Raise DataError when there are fewer than `least` items."""
        if self.n_items < least:
            raise DataError(f"{what} needs at least {least} items; there are {self.n_items}.")

    def _remedy(self) -> str:
        n = self.n_obs
        if n is not None and n <= self.n_items:
            return f"There are {n} people for {self.n_items} items: collect more answers or use fewer items."
        twins = _twins(self.corr, self.names)
        if twins:
            return f"{twins} say the same (correlation 1 or -1): leave one of them out."
        smooth = "smooth=True moves it to the nearest one that has an inverse and says how far"
        if self.correlation == "polychoric" or self.missing == "pairwise":
            return f"Estimating pair by pair can do that: use fewer items, or {smooth}."
        return f"An item is a sum of others: leave one of them out, or {smooth}."


def _twins(corr: Array, names: Sequence[str]) -> str:
    row, col = np.tril_indices(len(names), -1)
    at = np.flatnonzero(np.abs(corr[row, col]) > 1.0 - 1e-9)
    return f"'{names[col[at[0]]]}' and '{names[row[at[0]]]}'" if at.size else ""


def correlations_of(
    data: Any,
    *,
    correlation: str = "pearson",
    missing: str = "pairwise",
    n_obs: int | None = None,
    smooth: bool = False,
) -> Correlations:
    """Return the correlations of items, or take a matrix of them, checked.

    Parameters
    ----------
    data : frame, 2-D array, Responses, mapping, or square correlation matrix
        One row a person, one column an item; the items of all instruments for `Responses`; a mapping from
        names of scales to frames of items is put side by side. A square, symmetric frame or array with ones
        in the diagonal is a correlation matrix; with `n_obs` it may be a covariance matrix.
    correlation : {"pearson", "polychoric", "spearman"}
        Which correlations.
    missing : {"pairwise", "listwise", "fiml"}
        What is done with missing answers; "fiml" for Pearson correlations only.
    n_obs : int, optional
        People behind a matrix.
    smooth : bool
        Move a matrix that has no inverse to the nearest one that has; a note says how far.

    Raises
    ------
    ArgumentError
        For an unknown option, or `n_obs` with data that are rows.
    DataError
        For fewer than two items, text, an infinite value, an item without answers or without variance, two
        items that fewer than three people answered both, or a matrix that is none.

    Examples
    --------
    >>> import numpy as np
    >>> found = correlations_of(np.array([[1.0, 0.5], [0.5, 1.0]]), n_obs=100)
    >>> found.missing, found.n_obs, found.eigenvalues.tolist()
    ('given', 100, [1.5, 0.5])
    """
    one_of("correlation", correlation, KINDS)
    one_of("missing", missing, MISSING)
    if missing == "fiml" and correlation != "pearson":
        raise ArgumentError(
            f"missing='fiml' is for Pearson correlations. Use missing='pairwise' with {correlation}."
        )
    if isinstance(data, Correlations):
        return data
    frame = items_of(data)
    if n_obs is not None or _looks_like_correlations(frame):
        found = _given(frame, n_obs, correlation)
    else:
        found = _from_rows(frame, correlation, missing)
    return _smoothed(found) if smooth else found


def _looks_like_correlations(frame: pd.DataFrame) -> bool:
    values = frame.to_numpy()
    if values.shape[0] != values.shape[1] or values.shape[0] < 2 or not np.isfinite(values).all():
        return False
    unit = np.abs(np.diag(values) - 1.0).max() < ROUNDED
    return bool(unit and np.abs(values - values.T).max() < ROUNDED and np.abs(values).max() < 1.0 + ROUNDED)


def _given(frame: pd.DataFrame, n_obs: int | None, correlation: str) -> Correlations:
    if n_obs is not None:
        at_least("n_obs", n_obs, FEWEST_ROWS)
    values = _square(frame)
    sd = np.sqrt(np.diag(values))
    corr = values / np.outer(sd, sd)
    if np.abs(corr).max() > 1.0 + ROUNDED:
        row, col = divmod(int(np.abs(corr).argmax()), len(corr))
        raise DataError(
            f"The correlation of '{frame.columns[row]}' and '{frame.columns[col]}' is {corr[row, col]:.4g}; "
            "none can be beyond 1."
        )
    what = "A correlation matrix was given" + ("" if n_obs is None else f", of {n_obs} people") + "."
    return _record(frame, corr, n_obs=n_obs, correlation=correlation, missing="given", notes=(what,))


def _square(frame: pd.DataFrame) -> Array:
    values = frame.to_numpy(dtype=float)
    if values.shape[0] != values.shape[1] or len(values) < 2:
        raise ArgumentError(
            f"n_obs goes with a correlation matrix, but the data have the shape {values.shape}. Leave n_obs "
            "out: the rows are counted."
        )
    if not np.isfinite(values).all():
        row, col = np.argwhere(~np.isfinite(values))[0]
        raise DataError(f"The matrix has no number in row {row + 1}, column '{frame.columns[col]}'.")
    away = np.abs(values - values.T)
    if away.max() > ROUNDED * np.abs(values).max():
        row, col = divmod(int(away.argmax()), len(values))
        raise DataError(
            f"The matrix is not symmetric: see '{frame.columns[row]}' and '{frame.columns[col]}'."
        )
    if np.diag(values).min() <= 0.0:
        raise DataError(f"'{frame.columns[int(np.diag(values).argmin())]}' has no variance in the matrix.")
    return np.asarray((values + values.T) / 2.0)


def _from_rows(frame: pd.DataFrame, correlation: str, missing: str) -> Correlations:
    if frame.shape[1] < 2:
        raise DataError(f"At least 2 items are needed; there are {frame.shape[1]}.")
    refuse_empty(frame)
    used = frame.dropna(how="any" if missing == "listwise" else "all")
    refuse_few(used, frame, missing)
    pairs = pair_counts(used)
    refuse_apart(pairs, list(used.columns))
    refuse_constant(used)
    corr = _CORRELATIONS[correlation](used, missing)
    bad = ~np.isfinite(corr)
    if bad.any():
        row, col = np.argwhere(bad)[0]
        raise DataError(
            f"'{used.columns[row]}' and '{used.columns[col]}' have no correlation: among the "
            f"{int(pairs[row, col])} people who answered both, one of them does not vary. Leave one out."
        )
    n_complete = int(used.notna().all(axis=1).sum())
    return _record(
        used,
        corr,
        n_obs=len(used),
        correlation=correlation,
        missing=missing,
        values=used.to_numpy(dtype=float),
        n_rows=len(frame),
        n_complete=n_complete,
        least_pair=int(pairs.min()),
        notes=row_notes(len(frame), len(used), n_complete, int(pairs.min()), missing),
    )


def _record(frame: pd.DataFrame, corr: Array, *, notes: tuple[str, ...], **rest: Any) -> Correlations:
    whole = np.clip((corr + corr.T) / 2.0, -1.0, 1.0)
    np.fill_diagonal(whole, 1.0)
    roots = _roots(whole)
    if roots[-1] < -LEAST:
        notes += (f"The correlation matrix is indefinite: its least eigenvalue is {roots[-1]:.4g}.",)
    names = tuple(str(c) for c in frame.columns)
    return Correlations(names=names, corr=whole, eigenvalues=roots, notes=notes, **rest)


def _roots(corr: Array) -> Array:
    return np.asarray(np.linalg.eigvalsh(corr)[::-1], dtype=float)


def _smoothed(found: Correlations) -> Correlations:
    if found.positive_definite:
        return found
    near = nearest_correlation(found.to_frame())
    corr = near.correlations.to_numpy(dtype=float).copy()
    note = (
        f"Smoothed to the nearest correlation matrix with an inverse: the least eigenvalue was "
        f"{near.least_eigenvalue_before:.4g}; no correlation moved by more than {near.largest_change:.4g}."
    )
    return replace(
        found,
        corr=corr,
        eigenvalues=_roots(corr),
        notes=(*found.notes, note),
    )


def _pearson(used: pd.DataFrame, missing: str) -> Array:
    if used.notna().to_numpy().all():
        with np.errstate(all="ignore"):
            return np.asarray(np.corrcoef(used.to_numpy(dtype=float), rowvar=False))
    if missing == "fiml":
        return saturated_moments(used).corr.to_numpy(dtype=float)
    return used.corr(min_periods=2).to_numpy(dtype=float).copy()


def _spearman(used: pd.DataFrame, missing: str) -> Array:
    if used.notna().to_numpy().all():
        return _pearson(used.rank(), missing)
    return used.corr(method="spearman", min_periods=2).to_numpy(dtype=float).copy()


def _polychoric(used: pd.DataFrame, missing: str) -> Array:
    names = list(used.columns)
    many = used.nunique()
    if (many > MOST_CATEGORIES).any():
        name = names[int(many.to_numpy().argmax())]
        raise DataError(
            f"'{name}' has {int(many.max())} different values, too many for a polychoric correlation. Use "
            f"correlation='pearson', or cut it into at most {MOST_CATEGORIES} categories."
        )
    given = answers_of(used.to_numpy(dtype=float), names, names, missing=missing)
    row, col = np.tril_indices(len(names), -1)
    corr = np.eye(len(names))
    corr[row, col] = corr[col, row] = two_stages(given).rho
    return corr


_CORRELATIONS = {"pearson": _pearson, "spearman": _spearman, "polychoric": _polychoric}
