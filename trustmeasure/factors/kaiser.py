"""Rules on eigenvalues alone: Kaiser's, the empirical Kaiser criterion, and two readings of the scree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.display import Summary, Table
from trustmeasure.factors.correlations import correlations_of
from trustmeasure.factors.parallel import leading
from trustmeasure.frames import Array


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class EmpiricalKaiser:
    """The empirical Kaiser criterion.

    Attributes
    ----------
    n_factors : int
        Eigenvalues in a row, from the first, above their references.
    eigenvalues, references : array, shape (p,)
        Eigenvalues of the correlation matrix, and what each is held against.
    n_items, n_obs : int
        Items and people.
    correlation : str
        Kind of correlations.
    notes : tuple of str
        What a reader must know.
    """

    n_factors: int
    eigenvalues: Array
    references: Array
    n_items: int
    n_obs: int
    correlation: str
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return one row an eigenvalue: number, eigenvalue, reference, above."""
        return pd.DataFrame(
            {
                "number": np.arange(1, self.n_items + 1),
                "eigenvalue": self.eigenvalues,
                "reference": self.references,
                "above": self.eigenvalues > self.references,
            }
        )

    def summary(self) -> Summary:
        """Return the suggested number and the eigenvalues for reading."""
        shown = self.to_frame().head(max(self.n_factors + 3, 6))
        table = Table("Eigenvalues", shown, self.notes, labels={"number": "no."})
        return Summary("Empirical Kaiser criterion", [f"Suggested: {self.n_factors}.", table])

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def empirical_kaiser(
    data: Any,
    *,
    correlation: str = "pearson",
    missing: str = "pairwise",
    n_obs: int | None = None,
    smooth: bool = False,
) -> EmpiricalKaiser:
    r"""Return the empirical Kaiser criterion: eigenvalues above what chance and the earlier ones leave.

    Parameters
    ----------
    data : frame, 2-D array, Responses, mapping, or correlation matrix
        One row a person, one column an item; or a square matrix of correlations.
    correlation : {"pearson", "polychoric", "spearman"}
        Which correlations; the criterion was derived for Pearson's.
    missing : {"pairwise", "listwise", "fiml"}
        What is done with missing answers.
    n_obs : int, optional
        People behind a matrix; needed when `data` is one.
    smooth : bool
        Move an indefinite matrix to the nearest one that is not.

    Returns
    -------
    EmpiricalKaiser
        `.n_factors`, `.references`, `.to_frame()`.

    Raises
    ------
    ArgumentError
        If a matrix came without `n_obs`.
    DataError
        For fewer than 3 items, or data that do not allow correlations.

    Notes
    -----
    The reference of eigenvalue j is

    .. math:: \max\left(\frac{p - \sum_{i<j} \lambda_i}{p - j + 1} (1 + \sqrt{p / n})^2, 1\right),

    which for the first is the largest eigenvalue that unrelated items have in large samples. It is made for
    scales whose factors correlate and have few items each. Checked against: the formula in R
    (tests/reference/factors/eigenvalues.R).

    References
    ----------
    Braeken, J., & van Assen, M. A. L. M. (2017). An empirical Kaiser criterion. Psychological Methods, 22(3),
    450-466.

    Examples
    --------
    >>> import trustmeasure as tm
    >>> tm.empirical_kaiser(tm.load_sample("trust-survey").items("cognitive_trust")).n_factors
    3
    """
    found = correlations_of(data, correlation=correlation, missing=missing, n_obs=n_obs, smooth=smooth)
    n = found.require_n("The empirical Kaiser criterion")
    found.require_items(3, "The empirical Kaiser criterion")
    references = kaiser_references(found.eigenvalues, n)
    return EmpiricalKaiser(
        n_factors=leading(found.eigenvalues, references),
        eigenvalues=found.eigenvalues,
        references=references,
        n_items=found.n_items,
        n_obs=n,
        correlation=found.correlation,
        notes=found.notes,
    )


def kaiser_references(eigenvalues: Array, n: int) -> Array:
    """Return what each eigenvalue (p,), from the largest, of a sample of n people is held against, (p,).

    Examples
    --------
    >>> kaiser_references(np.array([2.0, 0.7, 0.3]), 300).round(3).tolist()
    [1.21, 1.0, 1.0]
    """
    p = len(eigenvalues)
    before = np.concatenate([[0.0], np.cumsum(eigenvalues)[:-1]])
    left = (p - before) / (p - np.arange(p))
    return np.asarray(np.maximum(left * (1.0 + np.sqrt(p / n)) ** 2, 1.0))


def above_one(eigenvalues: Array) -> int:
    """Return how many eigenvalues are above 1 (the Kaiser-Guttman rule, which finds too many factors)."""
    return int((eigenvalues > 1.0).sum())


def acceleration_factor(eigenvalues: Array) -> int:
    """Return how many eigenvalues come before the sharpest bend of the scree.

    Raiche, G., Walls, T. A., Magis, D., Riopel, M., & Blais, J.-G. (2013). Non-graphical solutions for
    Cattell's scree test. Methodology, 9(1), 23-29. The bend is the largest second difference.

    Examples
    --------
    >>> acceleration_factor(np.array([3.1, 1.9, 0.4, 0.3, 0.2]))
    2
    """
    bend = np.diff(eigenvalues, 2)
    return int(np.argmax(bend)) + 1 if bend.size else 0


def optimal_coordinates(eigenvalues: Array) -> int:
    """Return how many eigenvalues in a row are above 1 and above the line through the ones after them.

    The line goes through the next eigenvalue and the last one (Raiche et al. 2013; see
    `acceleration_factor`).

    Examples
    --------
    >>> optimal_coordinates(np.array([3.1, 1.9, 0.4, 0.3, 0.2]))
    2
    """
    p = len(eigenvalues)
    at = np.arange(p - 2)
    slope = (eigenvalues[-1] - eigenvalues[at + 1]) / (p - 2 - at)
    line = eigenvalues[at + 1] - slope
    return leading(eigenvalues[at], np.maximum(line, 1.0))
