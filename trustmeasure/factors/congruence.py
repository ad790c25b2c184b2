"""How alike factors are: Tucker's congruence, and which factor of one solution is which of another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import linear_sum_assignment

from trustmeasure.check import suggestion
from trustmeasure.display import Summary, Table
from trustmeasure.errors import ArgumentError, DataError
from trustmeasure.frames import Array, numeric_columns, to_pandas

MEANING = (
    "Congruence is the cosine of the angle between two columns of loadings: 1 when they are proportional. "
    "It is no correlation, since loadings are not centred."
)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Congruence:
    """Tucker's congruence of the factors of two solutions.

    Attributes
    ----------
    coefficients : pandas.DataFrame of shape (k, m)
        Congruence of each factor of the first solution (rows) with each of the second (columns).
    matches : pandas.DataFrame
        One row a pair that belongs together: `first`, `second`, `congruence` (as the loadings stand),
        `turned` (whether the second runs the other way).
    n_items : int
        Items that both solutions have.
    notes : tuple of str
        What a reader must know: items left out, a factor without loadings.
    """

    coefficients: pd.DataFrame
    matches: pd.DataFrame
    n_items: int
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return the pairs that belong together, one row each."""
        return self.matches.copy()

    def summary(self) -> Summary:
        """Return coefficients and pairs, to be shown as text or HTML."""
        shown = self.coefficients.rename_axis("factor")
        parts: list[Table | str] = [
            Table("Tucker's congruence", shown, (f"{self.n_items} items.", *self.notes)),
            Table("Factors that belong together", self.matches),
            MEANING,
        ]
        return Summary("Congruence of factors", parts)

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def congruences(first: Array, second: Array) -> Array:
    """Return Tucker's congruence of each column of (p, k) with each of (p, m), shape (k, m).

    The sum of products over the root of the product of the sums of squares (Tucker 1951); NaN for a column of
    zeros.
    """
    size = np.sqrt(np.outer((first**2).sum(axis=0), (second**2).sum(axis=0)))
    bare = size == 0.0
    return np.where(bare, np.nan, first.T @ second / np.where(bare, 1.0, size))


def matched(coefficients: Array) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Return rows and columns that belong together: the assignment with the largest sum of |congruence|."""
    rows, columns = linear_sum_assignment(-np.nan_to_num(np.abs(coefficients)))
    return np.asarray(rows), np.asarray(columns)


def factor_congruence(first: Any, second: Any) -> Congruence:
    """Return Tucker's congruence of the factors of two solutions, and which belongs to which.

    For loadings l and k on two factors, phi = sum l k / sqrt(sum l^2 sum k^2). Pairs are those with the
    largest sum of absolute congruences over all ways to pair the factors; a negative one means that a factor
    is turned.

    Parameters
    ----------
    first, second : EfaResult, frame or 2-D array of shape (p, k) and (p, m)
        Loadings. Frames are matched by the names of their rows, whatever their order; arrays by position.

    Returns
    -------
    Congruence
        `.coefficients .matches`, `.to_frame()`, `.summary()`.

    Raises
    ------
    DataError
        If the two have no items in common, or a loading is missing.
    ArgumentError
        If arrays have different numbers of rows.

    References
    ----------
    Tucker, L. R. (1951). A method for synthesis of factor analysis studies (Personnel Research Section Report
    No. 984). Washington, DC: Department of the Army.

    Lorenzo-Seva, U., & ten Berge, J. M. F. (2006). Tucker's congruence coefficient as a meaningful index of
    factor similarity. Methodology, 2(2), 57-64.

    Notes
    -----
    Checked against: psych 2.2.9, `factor.congruence` (tests/reference/factors/rotation.R).

    Examples
    --------
    >>> import numpy as np
    >>> loadings = np.array([[0.8, 0.0], [0.7, 0.1], [0.0, 0.9], [0.1, 0.6]])
    >>> found = factor_congruence(loadings, -loadings[:, ::-1])
    >>> found.matches[["first", "second", "turned"]].values.tolist()
    [['F1', 'F2', True], ['F2', 'F1', True]]
    """
    one, other = loadings_frame(first, "first"), loadings_frame(second, "second")
    one, other, notes = _common(one, other)
    values = congruences(one.to_numpy(dtype=float), other.to_numpy(dtype=float))
    rows, columns = matched(values)
    pairs = pd.DataFrame(
        {
            "first": [str(one.columns[i]) for i in rows],
            "second": [str(other.columns[j]) for j in columns],
            "congruence": values[rows, columns],
            "turned": values[rows, columns] < 0,
        }
    )
    table = pd.DataFrame(values, index=one.columns, columns=other.columns)
    if np.isnan(values).any():
        notes = (*notes, "A factor without any loading has no congruence.")
    return Congruence(table, pairs, len(one), notes)


def loadings_frame(given: Any, name: str) -> pd.DataFrame:
    """Return loadings as a frame of factors in columns, whatever they came in."""
    held = getattr(given, "loadings", given)
    if isinstance(held, np.ndarray) and held.ndim == 2:
        held = pd.DataFrame(held, columns=[f"F{j + 1}" for j in range(held.shape[1])])
    frame = to_pandas(held, name=name)
    if "item" in frame.columns:
        frame = frame.set_index("item")
    frame.columns = pd.Index([str(c) for c in frame.columns])
    numbers = numeric_columns(frame, list(frame.columns))
    if numbers.isna().to_numpy().any():
        raise DataError(f"{name}: a loading is missing. Give loadings of items that were analysed.")
    return numbers


def _common(one: pd.DataFrame, other: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, tuple[str, ...]]:
    """Return the rows that both have, in the order of the first."""
    if isinstance(one.index, pd.RangeIndex) or isinstance(other.index, pd.RangeIndex):
        if len(one) != len(other):
            raise ArgumentError(
                f"first has {len(one)} items and second {len(other)}. Give frames with the items' names as "
                "index, so that those in common are found."
            )
        return one, other, ()
    shared = [name for name in one.index if name in other.index]
    if not shared:
        allowed = suggestion(str(one.index[0]), [str(name) for name in other.index])
        raise DataError(f"first and second have no item in common, such as '{one.index[0]}'. {allowed}")
    alone = len(one) + len(other) - 2 * len(shared)
    notes = (f"{alone} items that only one solution has are left out.",) if alone else ()
    return one.loc[shared], other.loc[shared], notes
