"""Velicer's minimum average partial test: how many components to take out until nothing common is left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.display import Summary, Table
from trustmeasure.factors.correlations import correlations_of
from trustmeasure.frames import Array

SMALLEST = 1e-10
"""A residual variance below this is none: the item is explained in full."""
STOPPED = "components from here on explain an item in full; its partial correlations do not exist"


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class PartialTest:
    """The minimum average partial test.

    Attributes
    ----------
    n_factors : int
        Components at which the mean squared partial correlation is smallest (Velicer 1976).
    n_factors_fourth : int
        The same with fourth powers (Velicer, Eaton & Fava 2000).
    averages : pandas.DataFrame
        One row a number of components from 0: `number`, `squared`, `fourth` (means of the powers of the
        partial correlations), `note`.
    n_items : int
        Number of items, p.
    n_obs : int or None
        People behind the correlations; the test does not use them.
    correlation : str
        Kind of correlations.
    notes : tuple of str
        What a reader must know.
    """

    n_factors: int
    n_factors_fourth: int
    averages: pd.DataFrame
    n_items: int
    n_obs: int | None
    correlation: str
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return one row a number of components: number, squared, fourth, note."""
        return self.averages.copy()

    def summary(self) -> Summary:
        """Return the suggested numbers and the averages for reading."""
        suggested = pd.DataFrame(
            {
                "powers": ["squared (1976)", "fourth (2000)"],
                "suggested": [self.n_factors, self.n_factors_fourth],
            }
        )
        most = max(self.n_factors, self.n_factors_fourth) + 4
        averages = Table(
            "Mean powers of partial correlations",
            self.averages.head(max(most, 6)),
            labels={"number": "components"},
            decimals=5,
        )
        return Summary("Minimum average partial test", [Table("Suggested", suggested, self.notes), averages])

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def map_test(
    data: Any,
    *,
    correlation: str = "pearson",
    missing: str = "pairwise",
    n_obs: int | None = None,
    smooth: bool = False,
) -> PartialTest:
    """Return Velicer's minimum average partial (MAP) test, as of 1976 and as revised in 2000.

    Components are taken out of the correlations one after the other. As long as they carry what items have in
    common, the partial correlations that are left become smaller; what carries single items makes them larger
    again.

    Parameters
    ----------
    data : frame, 2-D array, Responses, mapping, or correlation matrix
        One row a person, one column an item; or a square matrix of correlations.
    correlation : {"pearson", "polychoric", "spearman"}
        Which correlations.
    missing : {"pairwise", "listwise", "fiml"}
        What is done with missing answers.
    n_obs : int, optional
        People behind a matrix.
    smooth : bool
        Move an indefinite matrix to the nearest one that is not.

    Returns
    -------
    PartialTest
        `.n_factors` (1976), `.n_factors_fourth` (2000), `.to_frame()`.

    Raises
    ------
    DataError
        For fewer than 3 items, or data that do not allow correlations.

    Notes
    -----
    With the loadings A of the first m components, C = R - A A' is brought to correlations, and their powers
    are averaged over all pairs; m = 0 is the average of the correlations themselves. It tends to find too few
    factors where they have few items or low loadings. Checked against: psych 2.2.9, `VSS` (squared), and the
    formulas in R (both; tests/reference/factors/eigenvalues.R).

    References
    ----------
    Velicer, W. F. (1976). Determining the number of components from the matrix of partial correlations.
    Psychometrika, 41(3), 321-327.

    Velicer, W. F., Eaton, C. A., & Fava, J. L. (2000). Construct explication through factor or component
    analysis. In R. D. Goffin & E. Helmes (Eds.), Problems and solutions in human assessment (pp. 41-71).
    Kluwer.

    Examples
    --------
    >>> import trustmeasure as tm
    >>> found = tm.map_test(tm.load_sample("trust-survey").items("cognitive_trust"))
    >>> found.n_factors, found.n_factors_fourth
    (1, 1)
    """
    found = correlations_of(data, correlation=correlation, missing=missing, n_obs=n_obs, smooth=smooth)
    found.require_items(3, "The MAP test")
    squared, fourth = average_partials(found.corr)
    stop = np.where(np.isnan(squared), STOPPED, "")
    averages = pd.DataFrame(
        {"number": np.arange(squared.size), "squared": squared, "fourth": fourth, "note": stop}
    )
    return PartialTest(
        n_factors=int(np.nanargmin(squared)),
        n_factors_fourth=int(np.nanargmin(fourth)),
        averages=averages,
        n_items=found.n_items,
        n_obs=found.n_obs,
        correlation=found.correlation,
        notes=found.notes,
    )


def average_partials(corr: Array) -> tuple[Array, Array]:
    """Return mean squares and mean fourth powers of partial correlations, each of shape (p - 1,).

    The first is without any component, the last with p - 2 of them taken out; NaN from where an item is
    explained in full.
    """
    values, vectors = np.linalg.eigh(corr)
    loadings = (vectors * np.sqrt(np.maximum(values, 0.0)))[:, ::-1]
    p = len(corr)
    taken = np.cumsum(np.einsum("im,jm->mij", loadings, loadings), axis=0)[: p - 2]
    left = np.concatenate([corr[None], corr - taken])
    variance = np.einsum("mii->mi", left)
    stopped = np.logical_or.accumulate(variance.min(axis=1) < SMALLEST)
    scale = np.sqrt(np.where(stopped[:, None], 1.0, variance))
    partial = left / (scale[:, :, None] * scale[:, None, :])
    row, col = np.tril_indices(p, -1)
    squares = np.square(partial[:, row, col])
    found = np.stack([squares.mean(axis=1), np.square(squares).mean(axis=1)])
    return np.where(stopped, np.nan, found[0]), np.where(stopped, np.nan, found[1])
