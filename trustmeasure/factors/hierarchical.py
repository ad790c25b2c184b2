"""A general and group factors out of correlated factors: the Schmid-Leiman transformation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.display import Summary, Table
from trustmeasure.errors import ArgumentError
from trustmeasure.factors.correlations import Correlations, correlations_of
from trustmeasure.factors.extraction import Method, extract
from trustmeasure.factors.rotation import plan_of, rotated
from trustmeasure.frames import Array

MEANING = (
    "omega_h is the share of the variance of the items' sum that the general factor explains, omega_total "
    "that which all factors explain; ecv is the general factor's share of the common variance."
)
TWO = (
    "With 2 group factors their loadings on the general factor are not determined; they are set equal, to "
    "the root of the factors' correlation."
)
OPPOSED = (
    "The group factors correlate negatively, so that one general factor does not underlie both; turn the "
    "items that are worded in reverse."
)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class SchmidLeiman:
    """A general factor and group factors, all uncorrelated.

    Attributes
    ----------
    loadings : pandas.DataFrame of shape (p, m + 3)
        One row an item: `g`, the m group factors `F1` ..., `communality`, `uniqueness`.
    general : pandas.Series, length m
        Loadings of the group factors on the general one.
    phi : pandas.DataFrame of shape (m, m)
        Correlations of the factors before the transformation.
    pattern : pandas.DataFrame of shape (p, m)
        Their loadings before it.
    omega_h, omega_total, ecv : float
        Omega hierarchical, omega total, explained common variance.
    omega_limit : float
        omega_h / omega_total: omega hierarchical of infinitely many such items.
    groups : pandas.DataFrame
        One row a group factor, over the items that load highest on it: `factor`, `n_items`, `omega_total`,
        `omega_general` and `omega_group` (shares of their sum's variance).
    correlations : Correlations
        What was analysed.
    notes : tuple of str
        What a reader must know.
    """

    loadings: pd.DataFrame
    general: pd.Series[float]
    phi: pd.DataFrame
    pattern: pd.DataFrame
    omega_h: float
    omega_total: float
    ecv: float
    omega_limit: float
    groups: pd.DataFrame
    correlations: Correlations
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return the loadings, one row an item."""
        return self.loadings.copy()

    def summary(self) -> Summary:
        """Return coefficients and loadings, to be shown as text or HTML."""
        names = ("omega_h", "omega_total", "omega_limit", "ecv")
        coefficients = pd.DataFrame([{name: getattr(self, name) for name in names}])
        parts: list[Table | str] = [
            Table("Coefficients", coefficients, self.notes),
            Table("Loadings", self.loadings.rename_axis("item")),
            Table("Group factors, over the items that load highest on each", self.groups),
            MEANING,
        ]
        return Summary("Schmid-Leiman transformation", parts)

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def schmid_leiman(
    data: Any,
    n_factors: int = 3,
    *,
    extraction: Method = "minres",
    rotation: str = "oblimin",
    correlation: str = "pearson",
    missing: str = "pairwise",
    n_obs: int | None = None,
    **rotation_options: Any,
) -> SchmidLeiman:
    """Return general and group factors of a set of items by the Schmid-Leiman transformation.

    Factors are extracted and rotated obliquely; one factor is extracted from their correlations, with
    loadings c_k. An item with loadings l_k then loads g = sum l_k c_k on the general factor and l_k sqrt(1 -
    c_k^2) on the group factors. With R the correlations of the items and u their uniquenesses,

        omega_h = (sum g)^2 / sum R,  omega_total = 1 - sum u / sum R,
        ecv = sum g^2 / (sum g^2 + sum of squared group loadings).

    Items must run the same way: none is turned here.

    Parameters
    ----------
    data : frame, 2-D array, Responses, mapping, or square correlation matrix
        As for `efa`.
    n_factors : int
        Group factors, at least 2; with 2 their general loadings are set equal.
    extraction : {"minres", "ml", "pa"}
        How factors are extracted, on both levels.
    rotation : str
        An oblique rotation, see `rotate`.
    correlation : {"pearson", "polychoric", "spearman"}
        Which correlations.
    missing : {"pairwise", "listwise", "fiml"}
        What is done with missing answers.
    n_obs : int, optional
        People behind a matrix.
    **rotation_options
        Options of `rotate`, such as `starts` and `seed`.

    Returns
    -------
    SchmidLeiman
        `.loadings .omega_h .omega_total .ecv .groups`, `.summary()`.

    Raises
    ------
    ArgumentError
        For an orthogonal rotation, or fewer than 2 factors.
    DataError, ConvergenceError
        As `efa`.

    References
    ----------
    Schmid, J., & Leiman, J. M. (1957). The development of hierarchical factor solutions. Psychometrika,
    22(1), 53-61.

    Zinbarg, R. E., Revelle, W., Yovel, I., & Li, W. (2005). Cronbach's alpha, Revelle's beta, and McDonald's
    omega_h: Their relations with each other and two alternative conceptualizations of reliability.
    Psychometrika, 70(1), 123-133.

    Notes
    -----
    Checked against: psych 2.2.9, `schmid` and `omega` (tests/reference/factors/rotation.R).

    Examples
    --------
    >>> import numpy as np
    >>> corr = np.full((9, 9), 0.3) + np.kron(np.eye(3), np.full((3, 3), 0.2))
    >>> np.fill_diagonal(corr, 1.0)
    >>> found = schmid_leiman(corr)
    >>> found.loadings.iloc[0].round(3).tolist()[0], round(found.omega_h, 3)
    (0.548, 0.711)
    """
    plan = plan_of(rotation, rotation_options)
    if not plan.oblique:
        raise ArgumentError(
            f"rotation='{rotation}' keeps factors uncorrelated, so that nothing is left for a general one. "
            "Use an oblique rotation such as 'oblimin'."
        )
    if n_factors == 1:
        raise ArgumentError(
            "n_factors=1 leaves no group factors. Use omega_total for one factor, or ask for at least 2."
        )
    found = correlations_of(data, correlation=correlation, missing=missing, n_obs=n_obs)
    first = extract(found.corr, n_factors, extraction)
    turned = rotated(first.loadings, plan)
    general, notes = general_loadings(turned.phi, extraction)
    heywood = [name for name, at in zip(found.names, first.heywood, strict=True) if at]
    if heywood:
        notes = (*notes, f"Heywood case (no unique variance left): {', '.join(heywood)}.")
    return _record(found, turned.loadings, turned.phi, general, (*found.notes, *notes))


def general_loadings(phi: Array, extraction: Method = "minres") -> tuple[Array, tuple[str, ...]]:
    """Return the loadings of m factors with correlations phi on one factor, and what to know of them."""
    if len(phi) == 2:
        r = float(phi[0, 1])
        size = np.sqrt(abs(r))
        return np.array([size, np.sign(r) * size]), (TWO, OPPOSED) if r < 0 else (TWO,)
    second = extract(phi, 1, extraction)
    notes = []
    if second.heywood.any():
        names = ", ".join(f"F{k + 1}" for k in np.flatnonzero(second.heywood))
        notes.append(f"The general factor explains all of {names}: a Heywood case on the second level.")
    if (second.loadings < 0).any():
        notes.append(OPPOSED)
    return second.loadings[:, 0], tuple(notes)


def transformed(pattern: Array, general: Array) -> tuple[Array, Array]:
    """Return general loadings (p,) and group loadings (p, m) of a pattern (p, m)."""
    left = np.sqrt(np.maximum(1.0 - general**2, 0.0))
    return np.asarray(pattern @ general), np.asarray(pattern * left)


def _record(
    found: Correlations, pattern: Array, phi: Array, general: Array, notes: tuple[str, ...]
) -> SchmidLeiman:
    g, groups = transformed(pattern, general)
    shared = np.einsum("pk,kl,pl->p", pattern, phi, pattern)
    names = [f"F{k + 1}" for k in range(len(phi))]
    table = pd.DataFrame(groups, index=list(found.names), columns=names)
    table.insert(0, "g", g)
    table["communality"], table["uniqueness"] = shared, 1.0 - shared
    whole = float(found.corr.sum())
    omega_h, omega_total = float(g.sum() ** 2 / whole), float(1.0 - (1.0 - shared).sum() / whole)
    common = float((g**2).sum() + (groups**2).sum())
    return SchmidLeiman(
        loadings=table,
        general=pd.Series(general, index=names, name="g"),
        phi=pd.DataFrame(phi, index=names, columns=names),
        pattern=pd.DataFrame(pattern, index=list(found.names), columns=names),
        omega_h=omega_h,
        omega_total=omega_total,
        ecv=float((g**2).sum() / common) if common > 0 else float("nan"),
        omega_limit=omega_h / omega_total if omega_total > 0 else float("nan"),
        groups=_groups(found.corr, g, groups, 1.0 - shared, names),
        correlations=found,
        notes=notes,
    )


def _groups(corr: Array, g: Array, groups: Array, unique: Array, names: list[str]) -> pd.DataFrame:
    """Return the coefficients of the sums of the items that load highest on each group factor."""
    own = np.abs(groups).argmax(axis=1)
    rows = []
    for k, name in enumerate(names):
        at = own == k
        whole = float(corr[np.ix_(at, at)].sum()) if at.any() else float("nan")
        rows.append(
            {
                "factor": name,
                "n_items": int(at.sum()),
                "omega_total": 1.0 - float(unique[at].sum()) / whole,
                "omega_general": float(g[at].sum()) ** 2 / whole,
                "omega_group": float(groups[at, k].sum()) ** 2 / whole,
            }
        )
    return pd.DataFrame(rows)
