"""The nearest correlation matrix to one that is not positive definite (Higham 2002).

Alternating projections on the matrices without negative eigenvalues and on those with ones in the diagonal,
with Dykstra's correction of the first, which makes the limit the nearest point of both sets and not only a
common one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.check import in_range
from trustmeasure.display import Summary, Table
from trustmeasure.errors import ConvergenceError, DataError
from trustmeasure.frames import to_pandas

Array = npt.NDArray[np.float64]

TOLERANCE = 1e-13
"""Change of a correlation from step to step, below which the projections have met."""
MOST_STEPS = 100_000
FLOOR = 1e-8
"""Least eigenvalue of the smoothed matrix, above zero so that it can be inverted."""
ROUNDING = 1e-8
"""Difference of two entries that should be the same."""


@dataclass(frozen=True, slots=True)
class SmoothedCorrelation:
    """A correlation matrix that was moved to be positive definite, and how far.

    Attributes
    ----------
    correlations : DataFrame, shape (p, p)
        The nearest matrix.
    changes : DataFrame
        One row a pair, the largest change first: first, second, before, after, change.
    distance : float
        Root of the summed squares of all changes (Frobenius norm, both triangles).
    least_eigenvalue_before, least_eigenvalue : float
        Least eigenvalue before and after.
    steps : int
        Steps of the alternating projections; 0 when nothing had to be changed.
    """

    correlations: pd.DataFrame
    changes: pd.DataFrame
    distance: float
    least_eigenvalue_before: float
    least_eigenvalue: float
    steps: int

    @property
    def changed(self) -> bool:
        """Whether anything was changed."""
        return self.steps > 0

    @property
    def largest_change(self) -> float:
        """Largest absolute change of a correlation."""
        return float(self.changes["change"].abs().max())

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the matrix."""
        return self.correlations.copy()

    def summary(self) -> Summary:
        """Return what was changed for reading."""
        said = (
            f"Smoothed: the least eigenvalue was {self.least_eigenvalue_before:.4g} and is "
            f"{self.least_eigenvalue:.4g}. Largest change of a correlation {self.largest_change:.4g}, "
            f"distance {self.distance:.4g}."
            if self.changed
            else f"Not changed: the least eigenvalue is {self.least_eigenvalue:.4g}."
        )
        matrix = self.correlations.rename_axis("variable")
        return Summary(
            "Nearest correlation matrix",
            [said, Table("Largest changes", self.changes.head(10)), Table("Matrix", matrix)],
        )

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def nearest_correlation(corr: Any, *, floor: float = FLOOR) -> SmoothedCorrelation:
    """Return the nearest positive definite correlation matrix.

    Nothing in the package smooths a matrix by itself: what is analysed afterwards is no longer what the data
    say, and the size of the change belongs in the report.

    Parameters
    ----------
    corr : frame or array, shape (p, p)
        Correlations, such as polychoric ones estimated pair by pair.
    floor : float
        Least eigenvalue of the result, from 0 (singular) to below 1.

    Returns
    -------
    SmoothedCorrelation
        The matrix with every change. One whose eigenvalues are all at least `floor` is returned as it is.

    Raises
    ------
    DataError
        If the matrix is not square, not symmetric, holds a missing value, or has no ones in its diagonal.
    ArgumentError
        For a floor outside its range.
    ConvergenceError
        If the projections do not meet within 100,000 steps.

    Notes
    -----
    Nearest by the sum of squared differences: Higham (2002, IMA Journal of Numerical Analysis 22(3),
    329-343). With a floor `d`, the matrix `(R - d I) / (1 - d)` is projected and turned back. Checked
    against: `nearPD` of Matrix 1.5-3, `tests/reference/ordinal_diagnosis`.

    Examples
    --------
    >>> import numpy as np
    >>> corr = np.array([[1.0, 0.9, -0.9], [0.9, 1.0, 0.9], [-0.9, 0.9, 1.0]])
    >>> found = nearest_correlation(corr, floor=0.0)
    >>> round(found.largest_change, 6)
    0.4
    """
    in_range("floor", floor, -1e-300, 1.0)
    frame = _square(corr)
    before = frame.to_numpy(dtype=float)
    least = float(np.linalg.eigvalsh(before)[0])
    after, steps = (before.copy(), 0) if least >= floor else _project(before, floor)
    row, col = np.tril_indices(len(before), -1)
    change = after[row, col] - before[row, col]
    names = frame.columns.to_numpy()
    columns = {
        "first": names[col],
        "second": names[row],
        "before": before[row, col],
        "after": after[row, col],
    }
    changes = pd.DataFrame({**columns, "change": change})
    order = np.argsort(-np.abs(change), kind="stable")
    return SmoothedCorrelation(
        correlations=pd.DataFrame(after, index=frame.columns, columns=frame.columns),
        changes=changes.iloc[order].reset_index(drop=True),
        distance=float(np.linalg.norm(after - before)),
        least_eigenvalue_before=least,
        least_eigenvalue=float(np.linalg.eigvalsh(after)[0]),
        steps=steps,
    )


def _square(corr: Any) -> pd.DataFrame:
    frame = to_pandas(corr, name="corr").astype(float)
    values = frame.to_numpy()
    if values.shape[0] != values.shape[1] or values.shape[0] < 2:
        raise DataError(f"corr must be square with at least two variables, but has the shape {values.shape}.")
    if not np.isfinite(values).all():
        row, col = np.argwhere(~np.isfinite(values))[0]
        raise DataError(f"corr holds no number in row {row + 1}, column '{frame.columns[col]}'.")
    if np.abs(values - values.T).max() > ROUNDING:
        row, col = divmod(int(np.abs(values - values.T).argmax()), len(values))
        raise DataError(f"corr is not symmetric: see '{frame.columns[row]}' and '{frame.columns[col]}'.")
    if np.abs(np.diag(values) - 1.0).max() > ROUNDING:
        bad = frame.columns[int(np.abs(np.diag(values) - 1.0).argmax())]
        raise DataError(
            f"corr must have ones in its diagonal, but not for '{bad}'. Divide covariances first."
        )
    whole = (values + values.T) / 2.0
    np.fill_diagonal(whole, 1.0)
    return pd.DataFrame(whole, index=frame.columns, columns=frame.columns)


def _project(corr: Array, floor: float) -> tuple[Array, int]:
    """Return the nearest correlation matrix with eigenvalues of at least `floor`, and the steps taken."""
    now = (corr - floor * np.eye(len(corr))) / (1.0 - floor)
    correction = np.zeros_like(now)
    for step in range(1, MOST_STEPS + 1):
        shifted = now - correction
        inside = _without_negative(shifted)
        correction = inside - shifted
        new = inside.copy()
        np.fill_diagonal(new, 1.0)
        moved, gap = np.abs(new - now).max(), np.abs(np.diag(inside) - 1.0).max()
        now = new
        if max(moved, gap) < TOLERANCE:
            return _unit(inside) * (1.0 - floor) + floor * np.eye(len(corr)), step
    raise ConvergenceError(f"The nearest correlation matrix was not found within {MOST_STEPS:,} steps.")


def _without_negative(matrix: Array) -> Array:
    values, vectors = np.linalg.eigh(matrix)
    kept = values > 0
    return np.asarray((vectors[:, kept] * values[kept]) @ vectors[:, kept].T)


def _unit(matrix: Array) -> Array:
    """Return the matrix with exact ones in its diagonal, without losing its eigenvalues' signs."""
    sd = np.sqrt(np.diag(matrix))
    found = matrix / np.outer(sd, sd)
    np.fill_diagonal(found, 1.0)
    return np.asarray(found)
